use std::collections::BTreeSet;

use domain::{DAY_MS, HOUR_MS, UtcMillis};
use time::OffsetDateTime;

/// Of how many days, weeks and months the newest backup is kept. Those without a backup do not count, so that a server that
/// made none for a while does not throw the old ones away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Keep {
    /// Days (WIB).
    pub days: u32,
    /// Weeks, from Monday.
    pub weeks: u32,
    /// Months.
    pub months: u32,
}

/// WIB has never had summer time.
const WIB_AHEAD_MS: i64 = 7 * HOUR_MS;
/// The first day of 1970 was a Thursday.
const DAYS_FROM_MONDAY: i64 = 3;

/// Which of these backups are kept. The newest one always is.
#[must_use]
pub fn kept(made: &[UtcMillis], keep: Keep) -> BTreeSet<UtcMillis> {
    let mut newest_first: Vec<UtcMillis> = made.to_vec();
    newest_first.sort_unstable_by(|one, other| other.cmp(one));
    let mut kept: BTreeSet<UtcMillis> = newest_first.first().copied().into_iter().collect();
    let rules: [(u32, fn(i64) -> i64); 3] =
        [(keep.days, |day| day), (keep.weeks, week), (keep.months, month)];
    for (most, period) in rules {
        let mut seen = BTreeSet::new();
        for at in &newest_first {
            let own = period(at.plus_ms(WIB_AHEAD_MS).0.div_euclid(DAY_MS));
            if seen.len() as u64 >= u64::from(most) && !seen.contains(&own) {
                break;
            }
            if seen.insert(own) {
                kept.insert(*at);
            }
        }
    }
    kept
}

const fn week(day: i64) -> i64 {
    (day + DAYS_FROM_MONDAY).div_euclid(7)
}

/// Months since the year 0.
fn month(day: i64) -> i64 {
    let date = OffsetDateTime::from_unix_timestamp(day.saturating_mul(DAY_MS / 1_000));
    let date = date.unwrap_or(OffsetDateTime::UNIX_EPOCH);
    i64::from(date.year()) * 12 + i64::from(u8::from(date.month()))
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two o'clock in Jakarta, when the timer runs.
    fn on(year: i32, month: u8, day: u8) -> UtcMillis {
        let date = time::Date::from_calendar_date(year, month.try_into().unwrap(), day).unwrap();
        UtcMillis(date.midnight().assume_utc().unix_timestamp() * 1_000 + 2 * HOUR_MS - WIB_AHEAD_MS)
    }

    fn daily(from: UtcMillis, days: i64) -> Vec<UtcMillis> {
        (0..days).map(|day| from.plus_ms(day * DAY_MS)).collect()
    }

    const USUAL: Keep = Keep { days: 7, weeks: 5, months: 12 };

    #[test]
    fn a_year_of_days() {
        // To Saturday, 31 October 2026.
        let made = daily(on(2025, 10, 1), 396);
        let expected: BTreeSet<UtcMillis> = [
            // Days.
            on(2026, 10, 31),
            on(2026, 10, 30),
            on(2026, 10, 29),
            on(2026, 10, 28),
            on(2026, 10, 27),
            on(2026, 10, 26),
            on(2026, 10, 25),
            // Sundays: the 25th is there already.
            on(2026, 10, 18),
            on(2026, 10, 11),
            on(2026, 10, 4),
            // Ends of months, February's too.
            on(2026, 9, 30),
            on(2026, 8, 31),
            on(2026, 7, 31),
            on(2026, 6, 30),
            on(2026, 5, 31),
            on(2026, 4, 30),
            on(2026, 3, 31),
            on(2026, 2, 28),
            on(2026, 1, 31),
            on(2025, 12, 31),
            on(2025, 11, 30),
        ]
        .into();
        assert_eq!(kept(&made, USUAL), expected);
    }

    #[test]
    fn the_newest_of_a_day_and_the_day_is_jakartas() {
        // 16:59 and 17:00 UTC are the last minute of one day in Jakarta and the first of the next.
        let midnight = UtcMillis(on(2026, 3, 10).0 - 2 * HOUR_MS);
        let made = [midnight.plus_ms(-DAY_MS + 1), midnight.plus_ms(-60_000), midnight, midnight.plus_ms(5)];
        let keep = Keep { days: 2, weeks: 0, months: 0 };
        assert_eq!(kept(&made, keep), [midnight.plus_ms(-60_000), midnight.plus_ms(5)].into());
    }

    #[test]
    fn after_a_pause_nothing_old_is_thrown_away_at_once() {
        let made: Vec<UtcMillis> = daily(on(2026, 1, 1), 7).into_iter().chain([on(2026, 9, 1)]).collect();
        let kept = kept(&made, USUAL);
        assert_eq!(kept.len(), 7, "{kept:?}");
        assert!(
            !kept.contains(&on(2026, 1, 1)),
            "eight days had one, and none of the longer rules names the oldest"
        );
    }

    proptest::proptest! {
        #[test]
        fn never_more_than_the_rules_allow_and_always_the_newest(
            hours in proptest::collection::vec(0_i64..24 * 900, 0..200),
            days in 1_u32..10, weeks in 0_u32..8, months in 0_u32..14,
        ) {
            let start = on(2024, 1, 1);
            let made: Vec<UtcMillis> = hours.iter().map(|hour| start.plus_ms(hour * HOUR_MS)).collect();
            let keep = Keep { days, weeks, months };
            let once = kept(&made, keep);
            proptest::prop_assert!(once.len() <= (days + weeks + months) as usize);
            proptest::prop_assert!(once.iter().all(|at| made.contains(at)));
            proptest::prop_assert_eq!(once.last(), made.iter().max());
            // What is kept is kept again.
            let again = kept(&once.iter().copied().collect::<Vec<_>>(), keep);
            proptest::prop_assert_eq!(&again, &once);
            // A new backup throws away nothing that a shorter list would not have lost too.
            let next = start.plus_ms(24 * 900 * HOUR_MS);
            let with_next: Vec<UtcMillis> = made.iter().copied().chain([next]).collect();
            let after = kept(&with_next, keep);
            proptest::prop_assert!(after.iter().all(|at| *at == next || once.contains(at)));
        }
    }
}
