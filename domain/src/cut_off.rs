use crate::{DAY_MS, HOUR_MS, MINUTE_MS, UtcMillis};

/// Jakarta's time, in which operators count: seven hours ahead of UTC all year.
const WIB_AHEAD_MS: i64 = 7 * HOUR_MS;
const MINUTES_OF_DAY: u16 = 24 * 60;

/// The hours of a day (WIB) in which a gateway does not sell a package. They may go over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct CutOff {
    /// The first minute without sale, 0 to 1439.
    pub from_minute: u16,
    /// The first minute of sale after it, 0 to 1439. The same as the first one means: always on sale.
    pub until_minute: u16,
}

impl CutOff {
    /// Reads two times of day, such as `23:30` and `0:15`. `None` when one cannot be read.
    #[must_use]
    pub fn parse(from: &str, until: &str) -> Option<Self> {
        Some(Self { from_minute: minute_of_day(from)?, until_minute: minute_of_day(until)? })
    }

    /// Whether nothing is sold at this moment.
    #[must_use]
    pub const fn is_on(self, at: UtcMillis) -> bool {
        let now = at.plus_ms(WIB_AHEAD_MS).0.rem_euclid(DAY_MS) / MINUTE_MS;
        let (from, until) = (self.from_minute as i64, self.until_minute as i64);
        if from <= until { from <= now && now < until } else { from <= now || now < until }
    }
}

/// When the day began in Jakarta that this moment is part of: limits of a day start anew then.
#[must_use]
pub const fn start_of_wib_day(at: UtcMillis) -> UtcMillis {
    let ms = at.plus_ms(WIB_AHEAD_MS).0;
    UtcMillis(ms - ms.rem_euclid(DAY_MS) - WIB_AHEAD_MS)
}

pub(crate) fn minute_of_day(text: &str) -> Option<u16> {
    let (hour, minute) = text.trim().split_once(':')?;
    // Some write seconds too.
    let minute = minute.split_once(':').map_or(minute, |(minute, _)| minute);
    let (hour, minute): (u16, u16) = (hour.parse().ok()?, minute.parse().ok()?);
    let of_day = hour.checked_mul(60)?.checked_add(minute)?;
    (minute < 60 && of_day < MINUTES_OF_DAY).then_some(of_day)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-01-01 00:00 WIB.
    const MIDNIGHT: UtcMillis = UtcMillis(1_767_200_400_000);

    #[test]
    fn a_break_may_go_over_midnight() {
        let night = CutOff::parse("23:30", "0:15").unwrap();
        let at = |minutes: i64| night.is_on(MIDNIGHT.plus_ms(minutes * MINUTE_MS));
        assert_eq!([-31, -30, 0, 14, 15].map(at), [false, true, true, true, false]);
        let noon = CutOff::parse("12:00:00", "13:00").unwrap();
        let at = |minutes: i64| noon.is_on(MIDNIGHT.plus_ms(minutes * MINUTE_MS));
        assert_eq!([719, 720, 779, 780].map(at), [false, true, true, false]);
    }

    #[test]
    fn the_same_times_mean_no_break() {
        let none = CutOff::parse("0:0", "0:0").unwrap();
        assert!((0..48).all(|half_hours| !none.is_on(MIDNIGHT.plus_ms(half_hours * 30 * MINUTE_MS))));
    }

    #[test]
    fn what_is_no_time_is_not_read() {
        for (from, until) in
            [("24:00", "1:00"), ("1:60", "2:00"), ("", ""), ("abc", "1:00"), ("-1:00", "1:00")]
        {
            assert_eq!(CutOff::parse(from, until), None, "{from} {until}");
        }
    }

    #[test]
    fn days_begin_at_midnight_in_jakarta() {
        assert_eq!(start_of_wib_day(MIDNIGHT), MIDNIGHT);
        assert_eq!(start_of_wib_day(MIDNIGHT.plus_ms(DAY_MS - 1)), MIDNIGHT);
        assert_eq!(start_of_wib_day(MIDNIGHT.plus_ms(-1)), MIDNIGHT.plus_ms(-DAY_MS));
    }
}
