//! How moments, numbers and addresses are written.

use domain::{DAY_MS, HOUR_MS, Lang, MINUTE_MS, UtcMillis, Zone};
use time::OffsetDateTime;
use time_tz::{OffsetDateTimeExt, timezones};

use crate::i18n::T;

const MONTHS_ID: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "Mei", "Jun", "Jul", "Agu", "Sep", "Okt", "Nov", "Des"];
const MONTHS_EN: [&str; 12] =
    ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// The moment in a zone.
fn local(at: UtcMillis, zone: Zone) -> OffsetDateTime {
    let utc =
        OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1_000)).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    timezones::get_by_name(zone.tz_name()).map_or(utc, |tz| utc.to_timezone(tz))
}

/// `13.42 WIB`; English writes `13:42 WIB`.
#[must_use]
pub fn time_of_day(at: UtcMillis, zone: Zone, lang: Lang) -> String {
    let at = local(at, zone);
    let sep = separator(lang);
    format!("{:02}{sep}{:02} {}", at.hour(), at.minute(), zone.label())
}

/// `13.42.07 WIB`, for the steps of a purchase.
#[must_use]
pub fn time_with_seconds(at: UtcMillis, zone: Zone, lang: Lang) -> String {
    let at = local(at, zone);
    let sep = separator(lang);
    format!("{:02}{sep}{:02}{sep}{:02} {}", at.hour(), at.minute(), at.second(), zone.label())
}

/// `13:42:07`, for files.
#[must_use]
pub fn clock(at: UtcMillis, zone: Zone) -> String {
    let at = local(at, zone);
    format!("{:02}:{:02}:{:02}", at.hour(), at.minute(), at.second())
}

/// `5 Mei 2026`.
#[must_use]
pub fn date(at: UtcMillis, zone: Zone, lang: Lang) -> String {
    let at = local(at, zone);
    let months = match lang {
        Lang::Id => MONTHS_ID,
        Lang::En => MONTHS_EN,
    };
    let month = months.get(usize::from(u8::from(at.month())) - 1).copied().unwrap_or_default();
    format!("{} {month} {}", at.day(), at.year())
}

/// `5 Mei 2026, 13.42 WIB`.
#[must_use]
pub fn date_time(at: UtcMillis, zone: Zone, lang: Lang) -> String {
    format!("{}, {}", date(at, zone, lang), time_of_day(at, zone, lang))
}

/// For `<time datetime>`: `2026-05-05T06:42:07Z`.
#[must_use]
pub fn iso(at: UtcMillis) -> String {
    let at =
        OffsetDateTime::from_unix_timestamp(at.0.div_euclid(1_000)).unwrap_or(OffsetDateTime::UNIX_EPOCH);
    format!(
        "{:04}-{:02}-{:02}T{:02}:{:02}:{:02}Z",
        at.year(),
        u8::from(at.month()),
        at.day(),
        at.hour(),
        at.minute(),
        at.second()
    )
}

/// `3 menit lalu`, `in 2 h`; `None` when it is more than a week away and the date says more.
#[must_use]
pub fn relative(at: UtcMillis, now: UtcMillis, t: T) -> Option<String> {
    let ago_ms = now.since_ms(at);
    let away_ms = ago_ms.saturating_abs();
    let past = ago_ms >= 0;
    let (minutes, hours, days) = (away_ms / MINUTE_MS, away_ms / HOUR_MS, away_ms / DAY_MS);
    Some(match (days, hours, minutes) {
        (0, 0, 0) => t.just_now().to_owned(),
        (0, 0, _) if past => t.minutes_ago(minutes),
        (0, 0, _) => t.in_minutes(minutes),
        (0, ..) if past => t.hours_ago(hours),
        (0, ..) => t.in_hours(hours),
        (1, ..) if past => t.yesterday().to_owned(),
        (1..=7, ..) if past => t.days_ago(days),
        (1..=7, ..) => t.in_days(days),
        _ => return None,
    })
}

/// The first millisecond of the day in the reader's zone.
#[must_use]
pub fn start_of_day(now: UtcMillis, zone: Zone) -> UtcMillis {
    let at = local(now, zone);
    let into_day_s = i64::from(at.hour()) * 3_600 + i64::from(at.minute()) * 60 + i64::from(at.second());
    UtcMillis((now.0.div_euclid(1_000) - into_day_s) * 1_000)
}

/// The greeting that fits the hour.
#[must_use]
pub fn greeting(now: UtcMillis, zone: Zone, t: T) -> &'static str {
    match local(now, zone).hour() {
        4..=10 => t.greeting_morning(),
        11..=14 => t.greeting_day(),
        15..=17 => t.greeting_afternoon(),
        _ => t.greeting_evening(),
    }
}

/// `1,5 GB`, `300 MB`; a number that is too small for bytes as it is. Units of 1,024, as operators count.
#[must_use]
pub fn quantity(amount: u64, lang: Lang) -> String {
    const MB: u64 = 1 << 20;
    const GB: u64 = 1 << 30;
    let (unit, name) = match amount {
        GB.. => (GB, "GB"),
        MB.. => (MB, "MB"),
        _ => return count(i64::try_from(amount).unwrap_or(i64::MAX), lang),
    };
    let tenths = amount.saturating_mul(10) / unit;
    let comma = match lang {
        Lang::Id => ',',
        Lang::En => '.',
    };
    match tenths % 10 {
        0 => format!("{} {name}", tenths / 10),
        tenth => format!("{}{comma}{tenth} {name}", tenths / 10),
    }
}

/// `1.234`, and `1,234` in English.
#[must_use]
pub fn count(number: i64, lang: Lang) -> String {
    let digits = number.unsigned_abs().to_string();
    let mut shown = String::from(if number < 0 { "-" } else { "" });
    for (i, digit) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            shown.push(match lang {
                Lang::Id => '.',
                Lang::En => ',',
            });
        }
        shown.push(digit);
    }
    shown
}

/// Hundredths of a percent as percents, without their sign: `0,7`, and `0.7` in English.
#[must_use]
pub fn percent(basis_points: i64, lang: Lang) -> String {
    let sep = match lang {
        Lang::Id => ',',
        Lang::En => '.',
    };
    let (whole, rest) = (basis_points / 100, basis_points % 100);
    match (rest, rest % 10) {
        (0, _) => whole.to_string(),
        (rest, 0) => format!("{whole}{sep}{}", rest / 10),
        (rest, _) => format!("{whole}{sep}{rest:02}"),
    }
}

/// `98,7%`, rounded down: one failure among thousands is not 100%. A dash when there is no whole.
#[must_use]
pub fn share(part: i64, whole: i64, lang: Lang) -> String {
    if whole <= 0 {
        return "–".to_owned();
    }
    let tenths = part.saturating_mul(1_000) / whole;
    let comma = match lang {
        Lang::Id => ',',
        Lang::En => '.',
    };
    format!("{}{comma}{}%", count(tenths / 10, lang), tenths % 10)
}

/// `path?key=value&…` with the pairs that have a value.
#[must_use]
pub fn address(path: &str, query: &[(&str, &str)]) -> String {
    let mut whole = path.to_owned();
    for (key, value) in query.iter().filter(|(_, value)| !value.is_empty()) {
        whole.push(if whole.contains('?') { '&' } else { '?' });
        whole.push_str(key);
        whole.push('=');
        push_encoded(&mut whole, value);
    }
    whole
}

fn push_encoded(whole: &mut String, value: &str) {
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'.' | b'~') {
            whole.push(char::from(byte));
        } else {
            whole.push_str(&format!("%{byte:02X}"));
        }
    }
}

const fn separator(lang: Lang) -> char {
    match lang {
        Lang::Id => '.',
        Lang::En => ':',
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 5 May 2026, 06:42:07 UTC.
    const AT: UtcMillis = UtcMillis(1_777_963_327_000);

    #[test]
    fn moments_in_every_zone() {
        assert_eq!(date_time(AT, Zone::Wib, Lang::Id), "5 Mei 2026, 13.42 WIB");
        assert_eq!(date_time(AT, Zone::Wita, Lang::En), "5 May 2026, 14:42 WITA");
        assert_eq!(time_with_seconds(AT, Zone::Wit, Lang::Id), "15.42.07 WIT");
        assert_eq!(clock(AT, Zone::Wit), "15:42:07");
        assert_eq!(iso(AT), "2026-05-05T06:42:07Z");
        assert_eq!(iso(start_of_day(AT, Zone::Wib)), "2026-05-04T17:00:00Z");
    }

    #[test]
    fn how_long_ago() {
        let t = T(Lang::Id);
        let ago = |ms: i64| relative(AT, AT.plus_ms(ms), t);
        assert_eq!(ago(5_000).as_deref(), Some("baru saja"));
        assert_eq!(ago(3 * MINUTE_MS).as_deref(), Some("3 menit lalu"));
        assert_eq!(ago(-3 * HOUR_MS).as_deref(), Some("3 jam lagi"));
        assert_eq!(ago(30 * HOUR_MS).as_deref(), Some("kemarin"));
        assert_eq!(ago(4 * DAY_MS).as_deref(), Some("4 hari lalu"));
        assert_eq!(ago(8 * DAY_MS), None);
    }

    #[test]
    fn shares_are_rounded_down() {
        assert_eq!(share(311, 315, Lang::Id), "98,7%");
        assert_eq!(share(9_999, 10_000, Lang::En), "99.9%");
        assert_eq!(share(0, 0, Lang::Id), "–");
        assert_eq!((share(4, 4, Lang::Id), share(50, 4, Lang::Id)), ("100,0%".into(), "1.250,0%".into()));
    }

    #[test]
    fn addresses_and_counts() {
        assert_eq!(address("/a", &[("q", "a b&c"), ("state", ""), ("after", "1")]), "/a?q=a%20b%26c&after=1");
        assert_eq!(count(1_234_567, Lang::Id), "1.234.567");
        assert_eq!(count(-1_234, Lang::En), "-1,234");
        assert_eq!((percent(70, Lang::Id), percent(125, Lang::En)), ("0,7".into(), "1.25".into()));
        assert_eq!((percent(200, Lang::Id), percent(5, Lang::Id)), ("2".into(), "0,05".into()));
    }
}
