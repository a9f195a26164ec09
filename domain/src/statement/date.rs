//! Days as banks write them.

use super::StatementDateFormat;
use crate::{DAY_MS, HOUR_MS, UtcMillis, start_of_wib_day};

/// Jakarta is so far ahead of UTC.
const WIB_AHEAD_MS: i64 = 7 * HOUR_MS;
/// No statement of this century needs others, and four digits that are no year are seen.
const YEARS: std::ops::RangeInclusive<i64> = 2000..=2099;
/// A 29 February comes again after at most so many years.
const LEAP_GAP_YEARS: i64 = 8;
/// The beginnings of the months' names in Indonesian and English; some have several.
const MONTHS: [&[&str]; 12] = [
    &["jan", "januari", "january"],
    &["feb", "februari", "pebruari", "february"],
    &["mar", "maret", "march"],
    &["apr", "april"],
    &["mei", "may"],
    &["jun", "juni", "june"],
    &["jul", "juli", "july"],
    &["agu", "agt", "ags", "agst", "aug", "agustus", "august"],
    &["sep", "sept", "september"],
    &["okt", "oct", "oktober", "october"],
    &["nov", "nop", "november", "nopember"],
    &["des", "dec", "desember", "december"],
];

/// A day in the calendar; without a year where none is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Day {
    year: Option<i64>,
    month: i64,
    day: i64,
}

impl Day {
    /// What a cell says. `None` when it is not a day that exists.
    pub(super) fn read(cell: &str, format: StatementDateFormat) -> Option<Self> {
        use StatementDateFormat as Format;
        let (sign, is_year_first) = match format {
            Format::DaySlashYear | Format::DaySlashShortYear | Format::DaySlashMonth => ('/', false),
            Format::DayDashYear => ('-', false),
            Format::YearFirst => ('-', true),
            Format::DayNameYear => return Self::read_with_name(cell),
        };
        let end = cell.find(|c: char| !c.is_ascii_digit() && c != sign).unwrap_or(cell.len());
        let (date, time) = cell.split_at_checked(end)?;
        let parts: Vec<&str> = date.split(sign).collect();
        let day = match (parts.as_slice(), format) {
            ([day, month], Format::DaySlashMonth) => {
                Self { year: None, month: one_or_two(month)?, day: one_or_two(day)? }
            }
            ([day, month, year], Format::DaySlashShortYear) if year.len() == 2 => Self {
                year: Some(2000 + one_or_two(year)?),
                month: one_or_two(month)?,
                day: one_or_two(day)?,
            },
            ([year, month, day], Format::YearFirst) if is_year_first => Self::with_year(year, month, day)?,
            ([day, month, year], Format::DaySlashYear | Format::DayDashYear) => {
                Self::with_year(year, month, day)?
            }
            _ => return None,
        };
        Some(day).filter(|day| day.exists() && is_time(time))
    }

    /// When it began in Jakarta. A day without a year is the latest one that is not after `latest`.
    pub(super) fn begin(self, latest: UtcMillis) -> Option<UtcMillis> {
        let Some(year) = self.year else {
            let last = start_of_wib_day(latest);
            let year = year_of(last);
            let days = (year - LEAP_GAP_YEARS..=year).rev();
            return days.filter_map(|year| self.in_year(year)).find(|day| *day <= last);
        };
        self.in_year(year)
    }

    fn read_with_name(cell: &str) -> Option<Self> {
        let mut parts = cell.splitn(3, [' ', '-']);
        let (day, name, rest) = (parts.next()?, parts.next()?, parts.next()?);
        let name = name.trim_end_matches('.').to_lowercase();
        let month = MONTHS.iter().zip(1..).find(|(names, _)| names.contains(&name.as_str()))?.1;
        let (year, time) = rest.split_at_checked(4)?;
        let read = Self { year: Some(four(year)?), month, day: one_or_two(day)? };
        Some(read).filter(|day| day.exists() && is_time(time))
    }

    fn with_year(year: &str, month: &str, day: &str) -> Option<Self> {
        Some(Self { year: Some(four(year)?), month: one_or_two(month)?, day: one_or_two(day)? })
    }

    /// A day without a year may be the 29 February.
    fn exists(self) -> bool {
        let year = self.year.unwrap_or(*YEARS.start());
        YEARS.contains(&year) && self.in_year(year).is_some()
    }

    fn in_year(self, year: i64) -> Option<UtcMillis> {
        let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        let longest = match self.month {
            2 if is_leap => 29,
            2 => 28,
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        };
        let is_there = (1..=12).contains(&self.month) && (1..=longest).contains(&self.day);
        let days = days_since_1970(year, self.month, self.day);
        is_there.then(|| UtcMillis(days * DAY_MS - WIB_AHEAD_MS))
    }
}

/// `2026-01-05`, for a day that began in Jakarta at this moment.
pub(super) fn written(begin: UtcMillis) -> String {
    let year = year_of(begin);
    let day_of_year = days_of(begin) - days_since_1970(year, 1, 1);
    let month = (1..=12).rev().find(|month| days_since_1970(year, *month, 1) <= days_of(begin)).unwrap_or(1);
    let day = day_of_year - (days_since_1970(year, month, 1) - days_since_1970(year, 1, 1)) + 1;
    format!("{year:04}-{month:02}-{day:02}")
}

/// Days from 1 January 1970, by the usual count with March as a year's first month, so that the odd day comes last.
const fn days_since_1970(year: i64, month: i64, day: i64) -> i64 {
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    era * 146_097 + year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year - 719_468
}

const fn days_of(begin: UtcMillis) -> i64 {
    begin.plus_ms(WIB_AHEAD_MS).0.div_euclid(DAY_MS)
}

fn year_of(begin: UtcMillis) -> i64 {
    // Never too late by more than one: years have 365 days or more.
    let first = 1970 + days_of(begin).div_euclid(365);
    let years = (first.saturating_sub(400)..=first).rev();
    years.into_iter().find(|year| days_since_1970(*year, 1, 1) <= days_of(begin)).unwrap_or(1970)
}

fn four(text: &str) -> Option<i64> {
    if text.len() == 4 { number(text) } else { None }
}

fn one_or_two(text: &str) -> Option<i64> {
    if matches!(text.len(), 1 | 2) { number(text) } else { None }
}

fn number(digits: &str) -> Option<i64> {
    if digits.bytes().all(|byte| byte.is_ascii_digit()) { digits.parse().ok() } else { None }
}

/// Nothing, or hours and minutes, perhaps with seconds. Another zone than Jakarta's would make it another day.
fn is_time(text: &str) -> bool {
    let text = text.trim();
    let text = text.strip_prefix([',', 'T']).unwrap_or(text).trim_start();
    let text = text.strip_suffix("WIB").unwrap_or(text).trim_end();
    if text.is_empty() {
        return true;
    }
    let parts: Vec<&str> = text.split([':', '.']).collect();
    let is_below = |part: &&str, most: i64| one_or_two(part).is_some_and(|number| number < most);
    match parts.as_slice() {
        [hours, rest @ ..] if matches!(rest.len(), 1 | 2) => {
            is_below(hours, 24) && rest.iter().all(|part| is_below(part, 60))
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::StatementDateFormat as Format;
    use super::*;

    /// 2026-01-05 00:00 WIB.
    const FIFTH: UtcMillis = UtcMillis(1_767_546_000_000);

    fn begin(cell: &str, format: Format) -> Option<UtcMillis> {
        Day::read(cell, format)?.begin(FIFTH)
    }

    #[test]
    fn every_format_reads_its_own() {
        for (cell, format) in [
            ("05/01/2026", Format::DaySlashYear),
            ("5/1/2026 13:42:10", Format::DaySlashYear),
            ("05-01-2026 13.42 WIB", Format::DayDashYear),
            ("2026-01-05T23:59:59", Format::YearFirst),
            ("05/01/26, 00:00", Format::DaySlashShortYear),
            ("05 Jan 2026", Format::DayNameYear),
            ("5-JANUARI-2026 1:02", Format::DayNameYear),
            ("05/01", Format::DaySlashMonth),
            ("05/01 13:42", Format::DaySlashMonth),
        ] {
            assert_eq!(begin(cell, format), Some(FIFTH), "{cell}");
        }
        for (at, names) in (1..).zip(MONTHS) {
            for name in names {
                let number = begin(&format!("03/{at:02}/2025"), Format::DaySlashYear);
                assert_eq!(begin(&format!("03 {name} 2025"), Format::DayNameYear), number, "{name}");
            }
        }
    }

    #[test]
    fn what_is_no_day_is_not_read() {
        for (cell, format) in [
            ("", Format::DaySlashYear),
            ("PEND", Format::DaySlashYear),
            ("31/02/2026", Format::DaySlashYear),
            ("29/02/2026", Format::DaySlashYear),
            ("00/01/2026", Format::DaySlashYear),
            ("05/13/2026", Format::DaySlashYear),
            ("05/01/26", Format::DaySlashYear),
            ("05/01/0026", Format::DaySlashYear),
            ("05-01-2026", Format::DaySlashYear),
            ("2026/01/05", Format::DaySlashYear),
            ("05/01/2026 x", Format::DaySlashYear),
            ("05/01/2026 24:00", Format::DaySlashYear),
            ("2026-01-05T17:00:00Z", Format::YearFirst),
            ("05/01/2026", Format::DaySlashShortYear),
            ("05/01/2026", Format::DaySlashMonth),
            ("30/02", Format::DaySlashMonth),
            ("05 Foo 2026", Format::DayNameYear),
            ("05 Jan 20é6", Format::DayNameYear),
            ("005/01/2026", Format::DaySlashYear),
            ("+5/01/2026", Format::DaySlashYear),
        ] {
            assert_eq!(begin(cell, format), None, "{cell}");
        }
    }

    #[test]
    fn without_a_year_it_is_the_latest_one() {
        let year_first = |cell| begin(cell, Format::YearFirst);
        assert_eq!(begin("06/01", Format::DaySlashMonth), year_first("2025-01-06"));
        assert_eq!(begin("31/12", Format::DaySlashMonth), year_first("2025-12-31"));
        assert_eq!(begin("29/02", Format::DaySlashMonth), year_first("2024-02-29"));
    }

    proptest! {
        #[test]
        fn days_are_written_as_they_were_read(days in 10_957_i64..47_482) {
            let begin = UtcMillis(days * DAY_MS - WIB_AHEAD_MS);
            let day = Day::read(&written(begin), Format::YearFirst).and_then(|day| day.begin(FIFTH));
            prop_assert_eq!(day, Some(begin));
        }
    }
}
