//! Days in the reader's zone: from midnight to midnight where they live.

use domain::{HOUR_MS, UtcMillis, Zone};

use crate::wib_day;

/// How far a zone is ahead of WIB. None of the three has summer time.
const fn ahead_of_wib_ms(zone: Zone) -> i64 {
    match zone {
        Zone::Wib => 0,
        Zone::Wita => HOUR_MS,
        Zone::Wit => 2 * HOUR_MS,
    }
}

/// When the day `2026-01-05` began there.
#[must_use]
pub fn parse(text: &str, zone: Zone) -> Option<UtcMillis> {
    // Clocks that are ahead reach midnight earlier.
    wib_day::parse(text).map(|at| at.plus_ms(-ahead_of_wib_ms(zone)))
}

/// The day of a moment there, as [`parse`] reads it.
#[must_use]
pub fn written(at: UtcMillis, zone: Zone) -> String {
    wib_day::written(at.plus_ms(ahead_of_wib_ms(zone)))
}

/// When the month of a moment began there.
#[must_use]
pub fn start_of_month(at: UtcMillis, zone: Zone) -> Option<UtcMillis> {
    let today = written(at, zone);
    let (year_and_month, _) = today.rsplit_once('-')?;
    parse(&format!("{year_and_month}-01"), zone)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_day_begins_earlier_in_the_east() {
        let wib = parse("2026-01-05", Zone::Wib).unwrap();
        assert_eq!(wib, UtcMillis(1_767_546_000_000));
        for (zone, hours) in [(Zone::Wib, 0), (Zone::Wita, 1), (Zone::Wit, 2)] {
            let day = parse("2026-01-05", zone).unwrap();
            assert_eq!(wib.since_ms(day), hours * HOUR_MS);
            assert_eq!(written(day, zone), "2026-01-05");
            assert_eq!(written(day.plus_ms(-1), zone), "2026-01-04");
            assert_eq!(crate::format::start_of_day(day.plus_ms(5 * HOUR_MS), zone), day);
            assert_eq!(start_of_month(day, zone), parse("2026-01-01", zone));
        }
    }
}
