use serde::{Deserialize, Serialize};

use crate::cut_off::minute_of_day;
use crate::{DAY_MS, FieldCode, MINUTE_MS, UtcMillis, start_of_wib_day};

/// When the shop sells on one day of the week (WIB).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OpeningDay {
    /// From midnight to midnight.
    AllDay,
    /// Not at all.
    Closed,
    /// From one minute of the day to before another. Where the second is not after the first, it is the next day's.
    Hours {
        /// The first minute of sale, 0 to 1439.
        from: u16,
        /// The first minute after it, 0 to 1439.
        until: u16,
    },
}

/// Words for a day without sale, in both languages; the first is also how it is kept.
const CLOSED: [&str; 3] = ["closed", "tutup", "-"];
/// Words for a day without a break, likewise. Nothing typed means it, too.
const ALL_DAY: [&str; 3] = ["24", "24 jam", "24 hours"];
/// People write the end of a day so, too.
const END_OF_DAY: &str = "24:00";

impl OpeningDay {
    /// Reads what a person writes: `08:00-21:00`, `8.00 - 21.00`, `tutup`, or nothing for all day.
    ///
    /// # Errors
    /// [`FieldCode::BadHours`]. The same times twice would leave it open whether that means always or never.
    pub fn parse(typed: &str) -> Result<Self, FieldCode> {
        let typed = typed.trim().to_lowercase();
        if typed.is_empty() || ALL_DAY.contains(&typed.as_str()) {
            return Ok(Self::AllDay);
        }
        if CLOSED.contains(&typed.as_str()) {
            return Ok(Self::Closed);
        }
        // Phones type a longer dash by themselves.
        let times = typed.replace('.', ":").replace('–', "-");
        let (from, until) = times.split_once('-').ok_or(FieldCode::BadHours)?;
        let from = minute_of_day(from).ok_or(FieldCode::BadHours)?;
        let ends_with_day = until.trim() == END_OF_DAY;
        let until = if ends_with_day { Some(0) } else { minute_of_day(until) }.ok_or(FieldCode::BadHours)?;
        match (from == until, ends_with_day) {
            (false, _) => Ok(Self::Hours { from, until }),
            (true, true) => Ok(Self::AllDay),
            (true, false) => Err(FieldCode::BadHours),
        }
    }

    /// `08:00-21:00`; a word for the two others.
    #[must_use]
    pub fn written(self) -> String {
        let time = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
        match self {
            Self::AllDay => ALL_DAY[0].to_owned(),
            Self::Closed => CLOSED[0].to_owned(),
            Self::Hours { from, until } => format!("{}-{}", time(from), time(until)),
        }
    }

    /// Whether this minute of the day itself is one of sale.
    const fn has(self, minute: u16) -> bool {
        match self {
            Self::AllDay => true,
            Self::Closed => false,
            Self::Hours { from, until } if from < until => from <= minute && minute < until,
            Self::Hours { from, .. } => from <= minute,
        }
    }

    /// Whether the sale goes on past midnight until after this minute of the day that follows.
    const fn reaches(self, minute: u16) -> bool {
        match self {
            Self::Hours { from, until } => until < from && minute < until,
            Self::AllDay | Self::Closed => false,
        }
    }

    /// The first minute of sale.
    const fn first(self) -> Option<u16> {
        match self {
            Self::AllDay => Some(0),
            Self::Closed => None,
            Self::Hours { from, .. } => Some(from),
        }
    }
}

/// The days of a week.
pub const WEEK_DAYS: usize = 7;

/// When the shop sells, Monday first. Written as the days' words, parted by commas.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OpeningWeek([OpeningDay; WEEK_DAYS]);

impl Default for OpeningWeek {
    fn default() -> Self {
        Self([OpeningDay::AllDay; WEEK_DAYS])
    }
}

impl OpeningWeek {
    /// Of these days.
    ///
    /// # Errors
    /// [`FieldCode::NeverOpen`]: who wants that stops sales.
    pub fn new(days: [OpeningDay; WEEK_DAYS]) -> Result<Self, FieldCode> {
        if days == [OpeningDay::Closed; WEEK_DAYS] { Err(FieldCode::NeverOpen) } else { Ok(Self(days)) }
    }

    /// The days.
    #[must_use]
    pub const fn days(&self) -> &[OpeningDay; WEEK_DAYS] {
        &self.0
    }

    /// Whether the shop sells at this moment.
    #[must_use]
    pub fn is_open(&self, at: UtcMillis) -> bool {
        let start = start_of_wib_day(at);
        let minute = u16::try_from(at.since_ms(start) / MINUTE_MS).unwrap_or_default();
        self.day(start).has(minute) || self.day(start.plus_ms(-DAY_MS)).reaches(minute)
    }

    /// When it opens next, while it is closed at this moment.
    #[must_use]
    pub fn closed_until(&self, at: UtcMillis) -> Option<UtcMillis> {
        if self.is_open(at) {
            return None;
        }
        let today = start_of_wib_day(at);
        // The same day of the next week is the last that can come.
        (0..=7)
            .filter_map(|ahead| {
                let start = today.plus_ms(ahead * DAY_MS);
                self.day(start).first().map(|minute| start.plus_ms(i64::from(minute) * MINUTE_MS))
            })
            .find(|opens| *opens > at)
    }

    /// The day of the week that begins at this moment.
    fn day(&self, start: UtcMillis) -> OpeningDay {
        // Noon of a day in Jakarta is on the same day in UTC; 1970 began on a Thursday, the fourth day.
        let days = start.plus_ms(DAY_MS / 2).0.div_euclid(DAY_MS) + 3;
        let place = usize::try_from(days.rem_euclid(7)).unwrap_or_default();
        self.0.get(place).copied().unwrap_or(OpeningDay::AllDay)
    }
}

impl TryFrom<String> for OpeningWeek {
    type Error = FieldCode;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let days = text.split(',').map(OpeningDay::parse).collect::<Result<Vec<_>, _>>()?;
        Self::new(days.try_into().map_err(|_| FieldCode::BadHours)?)
    }
}

impl From<OpeningWeek> for String {
    fn from(week: OpeningWeek) -> Self {
        week.0.map(OpeningDay::written).join(",")
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::HOUR_MS;
    use proptest::prelude::*;

    /// Monday, 2026-01-05 00:00 WIB.
    const MONDAY: UtcMillis = UtcMillis(1_767_546_000_000);

    fn at(day: i64, hours: i64, minutes: i64) -> UtcMillis {
        MONDAY.plus_ms(day * DAY_MS + hours * HOUR_MS + minutes * MINUTE_MS)
    }

    fn week(days: [&str; 7]) -> OpeningWeek {
        OpeningWeek::new(days.map(|day| OpeningDay::parse(day).unwrap())).unwrap()
    }

    #[test]
    fn open_by_day() {
        let shop = week(["08:00-21:00", "", "", "", "", "9.00 – 12.00", "tutup"]);
        let times =
            [(0, 7, 59), (0, 8, 0), (0, 20, 59), (0, 21, 0), (1, 0, 0), (5, 12, 0), (6, 10, 0), (7, 8, 0)];
        let open = times.map(|(day, hour, minute)| shop.is_open(at(day, hour, minute)));
        assert_eq!(open, [false, true, true, false, true, false, false, true]);
        assert_eq!(shop.closed_until(at(0, 7, 59)), Some(at(0, 8, 0)));
        assert_eq!(shop.closed_until(at(0, 21, 0)), Some(at(1, 0, 0)));
        assert_eq!(shop.closed_until(at(5, 12, 0)), Some(at(7, 8, 0)), "over the closed Sunday");
        assert_eq!(shop.closed_until(at(0, 8, 0)), None);
        assert_eq!(String::from(shop), "08:00-21:00,24,24,24,24,09:00-12:00,closed");
    }

    #[test]
    fn open_over_midnight() {
        let shop = week(["18:00-2:00", "tutup", "closed", "-", "tutup", "tutup", "tutup"]);
        let times = [(0, 1, 59), (0, 17, 59), (0, 18, 0), (1, 1, 59), (1, 2, 0), (1, 18, 0)];
        let open = times.map(|(day, hour, minute)| shop.is_open(at(day, hour, minute)));
        assert_eq!(open, [false, false, true, true, false, false]);
        assert_eq!(shop.closed_until(at(1, 2, 0)), Some(at(7, 18, 0)));
        assert_eq!(OpeningDay::parse("06:00-24:00").unwrap().written(), "06:00-00:00");
    }

    #[test]
    fn what_are_no_hours() {
        for wrong in ["8", "08:00", "08:00-", "8-21", "08:00-25:00", "08:00-08.00", "buka"] {
            assert_eq!(OpeningDay::parse(wrong), Err(FieldCode::BadHours), "{wrong}");
        }
        assert_eq!(OpeningDay::parse("00:00-24:00"), Ok(OpeningDay::AllDay));
        assert_eq!(OpeningDay::parse("24 jam"), Ok(OpeningDay::AllDay));
        assert_eq!(OpeningWeek::new([OpeningDay::Closed; 7]), Err(FieldCode::NeverOpen));
        assert_eq!(OpeningWeek::try_from("24,24".to_owned()), Err(FieldCode::BadHours));
    }

    fn any_day() -> impl Strategy<Value = OpeningDay> {
        prop_oneof![
            Just(OpeningDay::AllDay),
            Just(OpeningDay::Closed),
            (0..1440_u16, 0..1440_u16).prop_filter_map("the same", |(from, until)| {
                (from != until).then_some(OpeningDay::Hours { from, until })
            }),
        ]
    }

    proptest! {
        #[test]
        fn it_is_open_when_it_says_it_will_be(
            days in proptest::array::uniform7(any_day()),
            minutes in 0..20_160_i64,
        ) {
            prop_assume!(OpeningWeek::new(days).is_ok());
            let shop = OpeningWeek::new(days).unwrap();
            let now = at(0, 0, minutes);
            prop_assert_eq!(OpeningWeek::try_from(String::from(shop)), Ok(shop));
            match shop.closed_until(now) {
                None => prop_assert!(shop.is_open(now)),
                Some(opens) => {
                    prop_assert!(!shop.is_open(now) && shop.is_open(opens));
                    prop_assert!(!shop.is_open(opens.plus_ms(-MINUTE_MS)), "not a minute earlier");
                }
            }
        }
    }
}
