use std::collections::HashMap;
use std::time::Duration;

/// Keeps the shortest time between two exchanges about the same order. Times are those of a monotonic clock, from any
/// beginning.
#[derive(Clone, Debug)]
pub struct Spacing {
    apart: Duration,
    last: HashMap<String, Duration>,
    /// When what is out of date was last thrown away.
    swept_at: Duration,
}

/// Orders that are remembered. Past this the guard would rather not send than forget.
const ORDERS_LIMIT: usize = 100_000;

impl Spacing {
    /// Exchanges about one order lie at least this far apart.
    #[must_use]
    pub fn new(apart: Duration) -> Self {
        Self { apart, last: HashMap::new(), swept_at: Duration::ZERO }
    }

    /// Whether an exchange about this order may begin.
    pub fn may_begin(&mut self, order: &str, now: Duration) -> bool {
        self.sweep(now);
        let is_too_early = self.last.get(order).is_some_and(|last| now < last.saturating_add(self.apart));
        !is_too_early && self.last.len() < ORDERS_LIMIT
    }

    /// Notes one that begins at this time, which may lie a little ahead.
    pub fn begins(&mut self, order: &str, at: Duration) {
        if !self.apart.is_zero() {
            self.last.insert(order.to_owned(), at);
        }
    }

    /// The exchange that was to begin did not: nothing was sent.
    pub fn forget(&mut self, order: &str) {
        self.last.remove(order);
    }

    /// Once in a while, as it looks at every order.
    fn sweep(&mut self, now: Duration) {
        let is_full = self.last.len() >= ORDERS_LIMIT;
        if is_full || now >= self.swept_at.saturating_add(self.apart) {
            self.swept_at = now;
            let apart = self.apart;
            self.last.retain(|_, last| now < last.saturating_add(apart));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn begin(spacing: &mut Spacing, order: &str, now: Duration) -> bool {
        let may = spacing.may_begin(order, now);
        if may {
            spacing.begins(order, now);
        }
        may
    }

    #[test]
    fn one_order_not_too_often_others_at_once() {
        let mut spacing = Spacing::new(s(30));
        assert!(begin(&mut spacing, "a", s(100)));
        assert!(begin(&mut spacing, "b", s(100)));
        assert!(!begin(&mut spacing, "a", s(129)));
        assert!(begin(&mut spacing, "a", s(130)), "a refused one does not move the time on");
        assert!(!begin(&mut spacing, "a", s(159)));
    }

    #[test]
    fn what_was_not_sent_leaves_no_trace() {
        let mut spacing = Spacing::new(s(30));
        assert!(begin(&mut spacing, "a", s(1)));
        spacing.forget("a");
        assert!(begin(&mut spacing, "a", s(2)));
    }

    #[test]
    fn old_orders_are_forgotten() {
        let mut spacing = Spacing::new(s(30));
        for i in 0..1_000_u64 {
            assert!(begin(&mut spacing, &i.to_string(), s(i)));
        }
        assert!(spacing.last.len() <= 62, "{}", spacing.last.len());
    }

    #[test]
    fn nothing_is_kept_where_no_time_has_to_lie_between() {
        let mut spacing = Spacing::new(Duration::ZERO);
        assert!(begin(&mut spacing, "a", s(1)) && begin(&mut spacing, "a", s(1)));
        assert!(spacing.last.is_empty());
    }
}
