use serde::{Deserialize, Serialize};

use crate::cut_off::minute_of_day;
use crate::{CutOff, DAY_MS, FieldCode, MINUTE_MS, UtcMillis, start_of_wib_day};

/// The hours of every day (WIB) in which the shop sells. They may go over midnight. Written `08:00-21:00`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct OpeningHours {
    from_minute: u16,
    until_minute: u16,
}

/// People write the end of a day so, too.
const END_OF_DAY: [&str; 2] = ["24:00", "24.00"];

impl OpeningHours {
    /// Reads the first minute of sale and the first one after it, such as `08:00` and `21.00`.
    ///
    /// # Errors
    /// The field's place, 0 or 1, and what is wrong. The same times would leave it open whether that means always or never.
    pub fn parse(from: &str, until: &str) -> Result<Self, (usize, FieldCode)> {
        let from_minute = minute(from).ok_or((0, mistake(from)))?;
        let until = if END_OF_DAY.contains(&until.trim()) { "0:00" } else { until };
        let until_minute = minute(until).ok_or((1, mistake(until)))?;
        if from_minute == until_minute {
            return Err((1, FieldCode::BadTime));
        }
        Ok(Self { from_minute, until_minute })
    }

    /// Whether the shop sells at this moment.
    #[must_use]
    pub const fn is_open(self, at: UtcMillis) -> bool {
        CutOff { from_minute: self.from_minute, until_minute: self.until_minute }.is_on(at)
    }

    /// When it opens next after this moment.
    #[must_use]
    pub const fn opens_after(self, at: UtcMillis) -> UtcMillis {
        let today = start_of_wib_day(at).plus_ms(self.from_minute as i64 * MINUTE_MS);
        if today.0 > at.0 { today } else { today.plus_ms(DAY_MS) }
    }

    /// The first minute of sale, as `08:00`.
    #[must_use]
    pub fn from(self) -> String {
        written(self.from_minute)
    }

    /// The first minute after it, as `21:00`.
    #[must_use]
    pub fn until(self) -> String {
        written(self.until_minute)
    }
}

fn minute(typed: &str) -> Option<u16> {
    minute_of_day(&typed.replace('.', ":"))
}

fn mistake(typed: &str) -> FieldCode {
    if typed.trim().is_empty() { FieldCode::Required } else { FieldCode::BadTime }
}

fn written(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}

impl TryFrom<String> for OpeningHours {
    type Error = FieldCode;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let (from, until) = text.split_once('-').ok_or(FieldCode::BadTime)?;
        Self::parse(from, until).map_err(|(_, code)| code)
    }
}

impl From<OpeningHours> for String {
    fn from(hours: OpeningHours) -> Self {
        format!("{}-{}", hours.from(), hours.until())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2026-01-01 00:00 WIB.
    const MIDNIGHT: UtcMillis = UtcMillis(1_767_200_400_000);

    fn at(hours: i64, minutes: i64) -> UtcMillis {
        MIDNIGHT.plus_ms((hours * 60 + minutes) * MINUTE_MS)
    }

    #[test]
    fn open_by_day() {
        let day = OpeningHours::parse("8:00", "21.00").unwrap();
        assert_eq!(
            [(7, 59), (8, 0), (20, 59), (21, 0)].map(|(h, m)| day.is_open(at(h, m))),
            [false, true, true, false]
        );
        assert_eq!(day.opens_after(at(7, 59)), at(8, 0));
        assert_eq!(day.opens_after(at(21, 0)), at(32, 0));
        assert_eq!(String::from(day), "08:00-21:00");
        assert_eq!(OpeningHours::try_from("08:00-21:00".to_owned()), Ok(day));
    }

    #[test]
    fn open_over_midnight() {
        let night = OpeningHours::parse("18:00", "2:00").unwrap();
        assert_eq!(
            [(1, 59), (2, 0), (17, 59), (18, 0), (25, 0)].map(|(h, m)| night.is_open(at(h, m))),
            [true, false, false, true, true]
        );
        assert_eq!(night.opens_after(at(2, 0)), at(18, 0));
        assert_eq!(OpeningHours::parse("06:00", "24:00").unwrap().until(), "00:00");
    }

    #[test]
    fn what_are_no_hours() {
        assert_eq!(OpeningHours::parse("", "21:00"), Err((0, FieldCode::Required)));
        assert_eq!(OpeningHours::parse("8", "21:00"), Err((0, FieldCode::BadTime)));
        assert_eq!(OpeningHours::parse("08:00", "25:00"), Err((1, FieldCode::BadTime)));
        assert_eq!(OpeningHours::parse("08:00", "08.00"), Err((1, FieldCode::BadTime)));
    }
}
