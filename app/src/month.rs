//! Months as the books have them: whole days in WIB.

use domain::{DAY_MS, Lang, UtcMillis, Zone};

use crate::{format, wib_day};

/// A month.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Month {
    first_day: UtcMillis,
}

/// From the first day of any month, so many days lead into the next one.
const LONGEST_DAYS: i64 = 31;

impl Month {
    /// The month `2026-11`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let first_day = wib_day::parse(&format!("{text}-01"))?;
        Some(Self { first_day })
    }

    /// The month of a moment.
    #[must_use]
    pub fn of(at: UtcMillis) -> Self {
        let day = wib_day::written(at);
        let month = day.get(..7).and_then(Self::parse);
        month.unwrap_or(Self { first_day: at })
    }

    /// When it begins.
    #[must_use]
    pub const fn from(self) -> UtcMillis {
        self.first_day
    }

    /// When it is over.
    #[must_use]
    pub fn until(self) -> UtcMillis {
        self.after().first_day
    }

    /// The month before.
    #[must_use]
    pub fn before(self) -> Self {
        Self::of(self.first_day.plus_ms(-DAY_MS))
    }

    /// The month after.
    #[must_use]
    pub fn after(self) -> Self {
        Self::of(self.first_day.plus_ms(LONGEST_DAYS * DAY_MS))
    }

    /// As [`Month::parse`] reads it.
    #[must_use]
    pub fn written(self) -> String {
        wib_day::written(self.first_day).get(..7).unwrap_or_default().to_owned()
    }

    /// `Nov 2026`.
    #[must_use]
    pub fn shown(self, lang: Lang) -> String {
        let date = format::date(self.first_day, Zone::Wib, lang);
        date.split_once(' ').map_or(date.clone(), |(_, month)| month.to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn months_follow_each_other() {
        let month = Month::parse("2026-12").unwrap();
        assert_eq!(month.after().written(), "2027-01");
        assert_eq!(month.before().written(), "2026-11");
        assert_eq!(month.until(), wib_day::parse("2027-01-01").unwrap());
        assert_eq!(Month::parse("2028-02").unwrap().until(), wib_day::parse("2028-03-01").unwrap());
        assert_eq!(Month::of(month.until().plus_ms(-1)), month);
        assert_eq!(month.shown(Lang::Id), "Des 2026");
        for text in ["", "2026", "2026-13", "2026-1", "2026-01-01", "x-01"] {
            assert_eq!(Month::parse(text), None, "{text}");
        }
    }
}
