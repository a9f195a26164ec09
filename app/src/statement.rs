//! What a statement is asked for: by its page, and by the file that has the same in it.

use domain::{DAY_MS, UtcMillis, Zone};
use store::Direction;

use crate::days;
use crate::format::{self, address};
use crate::i18n::T;

/// The page.
pub const PAGE: &str = "/statement";
/// The file.
pub const FILE: &str = "/statement/export.csv";

/// A range of days.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Period {
    /// Everything.
    All,
    /// Today.
    Today,
    /// Today and the six days before.
    Week,
    /// From the first of this month.
    Month,
    /// The days that stand in the address.
    Chosen,
}

/// What stands in the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Asked {
    /// Which days.
    pub period: Period,
    /// Which movements.
    pub direction: Option<Direction>,
    /// The first day, as it was typed.
    pub from: String,
    /// The last day, as it was typed.
    pub to: String,
}

/// From when (with it) until when (without it).
pub type Bounds = (Option<UtcMillis>, Option<UtcMillis>);

/// Why the days that were typed make no range.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BadDays {
    /// The first is no day.
    From,
    /// The last is no day.
    To,
    /// The last is before the first.
    Backwards,
}

impl Period {
    /// All of them, in the order of their chips.
    pub const ALL: [Self; 5] = [Self::All, Self::Today, Self::Week, Self::Month, Self::Chosen];

    /// The word in the address.
    #[must_use]
    pub const fn word(self) -> &'static str {
        match self {
            Self::All => "",
            Self::Today => "today",
            Self::Week => "7d",
            Self::Month => "month",
            Self::Chosen => "custom",
        }
    }

    /// What people read.
    #[must_use]
    pub const fn label(self, t: T) -> &'static str {
        match self {
            Self::All => t.all(),
            Self::Today => t.period_today(),
            Self::Week => t.period_week(),
            Self::Month => t.period_month(),
            Self::Chosen => t.period_chosen(),
        }
    }
}

/// The word of a direction in the address.
#[must_use]
pub const fn direction_word(direction: Option<Direction>) -> &'static str {
    match direction {
        None => "",
        Some(Direction::In) => "in",
        Some(Direction::Out) => "out",
    }
}

impl Asked {
    /// Reads it from the values of the address. What is no such word counts as not there.
    pub fn of<'q>(query: impl Fn(&str) -> &'q str) -> Self {
        let period = query("range");
        let direction = query("way");
        Self {
            period: Period::ALL.into_iter().find(|known| known.word() == period).unwrap_or(Period::All),
            direction: [Direction::In, Direction::Out]
                .into_iter()
                .find(|known| direction_word(Some(*known)) == direction),
            from: query("from").trim().to_owned(),
            to: query("to").trim().to_owned(),
        }
    }

    /// From when until when. An empty end of the chosen days is open.
    ///
    /// # Errors
    /// When the days that were typed make no range.
    pub fn bounds(&self, now: UtcMillis, zone: Zone) -> Result<Bounds, BadDays> {
        let today = format::start_of_day(now, zone);
        match self.period {
            Period::All => Ok((None, None)),
            Period::Today => Ok((Some(today), None)),
            Period::Week => Ok((Some(today.plus_ms(-6 * DAY_MS)), None)),
            Period::Month => Ok((days::start_of_month(now, zone), None)),
            Period::Chosen => {
                let from = typed(&self.from, zone).ok_or(BadDays::From)?;
                let to = typed(&self.to, zone).ok_or(BadDays::To)?;
                if from.zip(to).is_some_and(|(from, to)| to < from) {
                    return Err(BadDays::Backwards);
                }
                // The last day is one of them.
                Ok((from, to.map(|to| to.plus_ms(DAY_MS))))
            }
        }
    }

    /// The page or the file with this, and with another period or direction.
    #[must_use]
    pub fn address(&self, path: &str, period: Period, direction: Option<Direction>) -> String {
        let (from, to) = match period {
            Period::Chosen => (self.from.as_str(), self.to.as_str()),
            _ => ("", ""),
        };
        let query =
            [("range", period.word()), ("from", from), ("to", to), ("way", direction_word(direction))];
        address(path, &query)
    }

    /// The file's name: with the days that are in it.
    #[must_use]
    pub fn file_name(bounds: Bounds, now: UtcMillis, zone: Zone, t: T) -> String {
        let (from, to) = bounds;
        let last = to.map_or(now, |to| to.plus_ms(-1).min(now));
        let first = from.map_or_else(|| t.csv_until().to_owned(), |from| days::written(from, zone));
        format!("{}-{first}_{}.csv", t.csv_file(), days::written(last, zone))
    }
}

/// A day that may be left out; `None` for one that is none.
fn typed(text: &str, zone: Zone) -> Option<Option<UtcMillis>> {
    if text.is_empty() { Some(None) } else { days::parse(text, zone).map(Some) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::Lang;

    /// 5 May 2026, 06:42:07 UTC.
    const NOW: UtcMillis = UtcMillis(1_777_963_327_000);

    fn asked(range: &str, from: &str, to: &str) -> Asked {
        Asked::of(|name| match name {
            "range" => range,
            "from" => from,
            "to" => to,
            _ => "out",
        })
    }

    fn days_of(asked: &Asked) -> Result<(String, String), BadDays> {
        let shown = |at: Option<UtcMillis>| at.map(format::iso).unwrap_or_default();
        asked.bounds(NOW, Zone::Wita).map(|(from, to)| (shown(from), shown(to)))
    }

    #[test]
    fn ranges_are_days_of_the_reader() {
        let of = |range: &str| days_of(&asked(range, "", "")).unwrap();
        assert_eq!(of("today"), ("2026-05-04T16:00:00Z".into(), String::new()));
        assert_eq!(of("7d").0, "2026-04-28T16:00:00Z");
        assert_eq!(of("month").0, "2026-04-30T16:00:00Z");
        assert_eq!(of("nothing"), (String::new(), String::new()));
        let chosen = days_of(&asked("custom", "2026-05-01", "2026-05-01")).unwrap();
        assert_eq!(chosen, ("2026-04-30T16:00:00Z".into(), "2026-05-01T16:00:00Z".into()));
        assert_eq!(days_of(&asked("custom", "", "2026-05-01")).unwrap().0, "");
    }

    #[test]
    fn days_that_make_no_range() {
        assert_eq!(days_of(&asked("custom", "1 May", "")), Err(BadDays::From));
        assert_eq!(days_of(&asked("custom", "", "2026-02-30")), Err(BadDays::To));
        assert_eq!(days_of(&asked("custom", "2026-05-02", "2026-05-01")), Err(BadDays::Backwards));
    }

    #[test]
    fn the_address_keeps_what_is_in_force() {
        let chosen = asked("custom", "2026-05-01", "2026-05-03");
        assert_eq!(
            chosen.address(PAGE, Period::Chosen, chosen.direction),
            "/statement?range=custom&from=2026-05-01&to=2026-05-03&way=out"
        );
        assert_eq!(chosen.address(PAGE, Period::Week, None), "/statement?range=7d");
        assert_eq!(chosen.address(PAGE, Period::All, None), "/statement");
    }

    #[test]
    fn the_file_s_name_has_its_days() {
        let name = |asked: &Asked, lang| {
            Asked::file_name(asked.bounds(NOW, Zone::Wib).unwrap(), NOW, Zone::Wib, T(lang))
        };
        assert_eq!(name(&asked("7d", "", ""), Lang::Id), "mutasi-2026-04-29_2026-05-05.csv");
        let chosen = asked("custom", "2026-05-01", "2026-05-02");
        assert_eq!(name(&chosen, Lang::En), "statement-2026-05-01_2026-05-02.csv");
        assert_eq!(name(&asked("custom", "", "2027-01-01"), Lang::Id), "mutasi-sampai_2026-05-05.csv");
    }
}
