//! Days as bank statements and payment gateways count them: from midnight to midnight in WIB.

use domain::{HOUR_MS, UtcMillis, start_of_wib_day};
use time::{Date, Month, OffsetDateTime};

/// WIB has never had summer time.
const WIB_AHEAD_MS: i64 = 7 * HOUR_MS;

/// When the day `2026-01-05` began.
#[must_use]
pub fn parse(text: &str) -> Option<UtcMillis> {
    let mut parts = text.splitn(3, '-');
    let (year, month, day) = (parts.next()?, parts.next()?, parts.next()?);
    if (year.len(), month.len(), day.len()) != (4, 2, 2) {
        return None;
    }
    let month = Month::try_from(month.parse::<u8>().ok()?).ok()?;
    let date = Date::from_calendar_date(year.parse().ok()?, month, day.parse().ok()?).ok()?;
    let seconds = date.midnight().assume_utc().unix_timestamp();
    Some(UtcMillis(seconds.checked_mul(1_000)?).plus_ms(-WIB_AHEAD_MS))
}

/// The day of a moment, as [`parse`] reads it.
#[must_use]
pub fn written(at: UtcMillis) -> String {
    let local_ms = start_of_wib_day(at).plus_ms(WIB_AHEAD_MS).0;
    let day =
        OffsetDateTime::from_unix_timestamp(local_ms.div_euclid(1_000)).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    format!("{:04}-{:02}-{:02}", day.year(), u8::from(day.month()), day.day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn days_begin_at_midnight_in_jakarta() {
        let day = parse("2026-01-05").unwrap();
        assert_eq!(day, UtcMillis(1_767_546_000_000));
        assert_eq!(start_of_wib_day(day), day);
        assert_eq!(written(day), "2026-01-05");
        assert_eq!(written(day.plus_ms(-1)), "2026-01-04");
    }

    #[test]
    fn what_is_no_day() {
        for text in ["", "2026-1-5", "2026-02-30", "05-01-2026", "2026-01-05-06", "abcd-ef-gh"] {
            assert_eq!(parse(text), None, "{text}");
        }
    }
}
