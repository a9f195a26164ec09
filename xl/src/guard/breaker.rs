use std::time::Duration;

/// A circuit breaker: after some failures in a row nothing passes for a while, then a single trial. Times are those of a
/// monotonic clock, from any beginning.
#[derive(Clone, Debug)]
pub struct Breaker {
    failures_to_open: u32,
    rest: Duration,
    state: State,
    /// Counts the times that it opened or closed, so that late news of an earlier time change nothing.
    era: u64,
}

/// The right to one exchange. What became of it is to be told with [`Breaker::succeeded`] or [`Breaker::failed`]; one
/// that is dropped untold changes nothing.
#[derive(Debug)]
#[must_use]
pub struct Ticket {
    era: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum State {
    Closed {
        failures: u32,
    },
    Open {
        until: Duration,
    },
    /// A trial is under way. If nothing is heard of it, another may begin at `until`.
    HalfOpen {
        until: Duration,
    },
}

impl Breaker {
    /// A closed one, which opens after so many failures in a row (at least one) and rests for so long.
    #[must_use]
    pub const fn new(failures_to_open: u32, rest: Duration) -> Self {
        Self { failures_to_open, rest, state: State::Closed { failures: 0 }, era: 0 }
    }

    /// Asks for an exchange; `None` means that nothing may be sent.
    pub fn admit(&mut self, now: Duration) -> Option<Ticket> {
        match self.state {
            State::Closed { .. } => {}
            State::Open { until } | State::HalfOpen { until } => {
                if now < until {
                    return None;
                }
                self.enter(State::HalfOpen { until: now.saturating_add(self.rest) });
            }
        }
        Some(Ticket { era: self.era })
    }

    /// Whether an exchange that was admitted earlier may still begin.
    #[must_use]
    pub const fn admits(&self, ticket: &Ticket) -> bool {
        ticket.era == self.era
    }

    /// The gateway was there: it answered, whatever it said.
    pub fn succeeded(&mut self, ticket: &Ticket) {
        if ticket.era != self.era {
            return;
        }
        match self.state {
            State::Closed { .. } => self.state = State::Closed { failures: 0 },
            State::Open { .. } | State::HalfOpen { .. } => self.enter(State::Closed { failures: 0 }),
        }
    }

    /// The gateway was not there: no connection, no answer, or no answer of its own.
    pub fn failed(&mut self, ticket: &Ticket, now: Duration) {
        if ticket.era != self.era {
            return;
        }
        if let State::Closed { failures } = &mut self.state {
            *failures = failures.saturating_add(1);
            if *failures < self.failures_to_open {
                return;
            }
        }
        self.enter(State::Open { until: now.saturating_add(self.rest) });
    }

    /// Nothing was sent after all. A trial that did not take place makes room for the next.
    pub fn unused(&mut self, ticket: &Ticket, now: Duration) {
        if ticket.era == self.era && matches!(self.state, State::HalfOpen { .. }) {
            self.enter(State::Open { until: now });
        }
    }

    /// Whether nothing passes, or only a trial.
    #[must_use]
    pub const fn is_open(&self) -> bool {
        !matches!(self.state, State::Closed { .. })
    }

    fn enter(&mut self, state: State) {
        self.state = state;
        self.era = self.era.wrapping_add(1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const REST: Duration = Duration::from_secs(10);

    const fn s(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    fn opened() -> Breaker {
        let mut breaker = Breaker::new(3, REST);
        for _ in 0..3 {
            let ticket = breaker.admit(s(1)).unwrap();
            breaker.failed(&ticket, s(1));
        }
        assert!(breaker.is_open());
        breaker
    }

    #[test]
    fn it_opens_after_failures_in_a_row_only() {
        let mut breaker = Breaker::new(3, REST);
        for fails in [true, true, false, true, true, false] {
            let ticket = breaker.admit(s(0)).unwrap();
            if fails {
                breaker.failed(&ticket, s(0))
            } else {
                breaker.succeeded(&ticket)
            }
            assert!(!breaker.is_open());
        }
        let mut breaker = opened();
        assert!(breaker.admit(s(1)).is_none());
        assert!(breaker.admit(s(10)).is_none());
    }

    #[test]
    fn after_a_rest_one_trial_passes() {
        let mut breaker = opened();
        let trial = breaker.admit(s(11)).unwrap();
        assert!(breaker.admit(s(11)).is_none(), "only one");
        breaker.succeeded(&trial);
        assert!(!breaker.is_open());
        let one = breaker.admit(s(11)).unwrap();
        breaker.failed(&one, s(11));
        assert!(!breaker.is_open(), "it counts from the beginning again");
    }

    #[test]
    fn a_failed_trial_means_another_rest() {
        let mut breaker = opened();
        let trial = breaker.admit(s(11)).unwrap();
        breaker.failed(&trial, s(12));
        assert!(breaker.admit(s(21)).is_none());
        assert!(breaker.admit(s(22)).is_some());
    }

    #[test]
    fn a_trial_of_which_nothing_is_heard_does_not_block_for_ever() {
        let mut breaker = opened();
        let lost = breaker.admit(s(11)).unwrap();
        assert!(breaker.admit(s(20)).is_none());
        let second = breaker.admit(s(21)).unwrap();
        // The first one's late news are of another era.
        breaker.succeeded(&lost);
        assert!(breaker.is_open());
        breaker.succeeded(&second);
        assert!(!breaker.is_open());
    }

    #[test]
    fn a_trial_that_was_not_sent_makes_room() {
        let mut breaker = opened();
        let unused = breaker.admit(s(11)).unwrap();
        breaker.unused(&unused, s(11));
        assert!(breaker.is_open());
        assert!(breaker.admit(s(11)).is_some());
    }

    #[test]
    fn late_news_from_before_it_opened_change_nothing() {
        let mut breaker = Breaker::new(1, REST);
        let (slow, other) = (breaker.admit(s(0)).unwrap(), breaker.admit(s(0)).unwrap());
        let third = breaker.admit(s(0)).unwrap();
        breaker.failed(&other, s(1));
        breaker.succeeded(&slow);
        assert!(breaker.is_open());
        breaker.failed(&third, s(9));
        assert!(breaker.admit(s(11)).is_some(), "the rest was not made longer");
    }
}
