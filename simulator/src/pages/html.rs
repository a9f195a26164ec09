//! The frame of every page, and how values are written on it.

const WIB_AHEAD_MS: i64 = 7 * 60 * 60 * 1_000;
const DAY_S: i64 = 24 * 60 * 60;

const STYLE: &str = "body{font:16px/1.5 system-ui,sans-serif;margin:1rem auto;max-width:60rem;padding:0 1rem}\
    table{border-collapse:collapse;width:100%}th,td{text-align:left;padding:.3rem .6rem;border-bottom:1px solid #ccc}\
    form{display:inline}button,input{font:inherit;padding:.2rem .6rem}code{overflow-wrap:anywhere}\
    .wide{overflow-x:auto}li{margin:.6rem 0}dt{font-weight:600}dd{margin:0 0 .5rem}.acts form{display:block;margin:.6rem 0}\
    input[type=number]{max-width:8rem}";

/// A whole page. `title` is a plain text, `body` is HTML.
pub(super) fn page(title: &str, body: &str) -> String {
    page_in("en", title, body)
}

/// A whole page in this language, but for the way to the others.
pub(crate) fn page_in(language: &str, title: &str, body: &str) -> String {
    let title = escaped(title);
    format!(
        "<!doctype html>\n<html lang=\"{language}\"><head><meta charset=\"utf-8\">\
         <meta name=\"viewport\" content=\"width=device-width, initial-scale=1\"><title>{title}</title>\
         <style>{STYLE}</style></head><body><nav lang=\"en\"><a href=\"/phone\">Phones</a> · <a href=\"/orders\">Orders</a> · \
         <a href=\"/messages\">Messages</a> · <a href=\"/pay\">Payments</a></nav>\
         <main><h1>{title}</h1>{body}</main></body></html>\n"
    )
}

/// A table that can be scrolled sideways. Head and cells are HTML.
pub(crate) fn table(head: &[&str], rows: impl Iterator<Item = Vec<String>>) -> String {
    let head: String = head.iter().map(|cell| format!("<th scope=\"col\">{cell}</th>")).collect();
    let rows: String = rows
        .map(|cells| {
            let cells: String = cells.iter().map(|cell| format!("<td>{cell}</td>")).collect();
            format!("<tr>{cells}</tr>")
        })
        .collect();
    if rows.is_empty() {
        return "<p>None.</p>".to_owned();
    }
    format!(
        "<div class=\"wide\" tabindex=\"0\"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table></div>"
    )
}

/// A text, safe between tags and in quoted attributes.
pub(crate) fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

/// As in `Rp 58.000`.
pub(crate) fn rupiah(amount: i64) -> String {
    let digits = amount.unsigned_abs().to_string();
    let mut grouped = String::new();
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            grouped.push('.');
        }
        grouped.push(digit);
    }
    let sign = if amount < 0 { "−" } else { "" };
    format!("{sign}Rp {grouped}")
}

/// As in `2026-03-01 07:00:00`, WIB.
pub(crate) fn wib(at_ms: i64) -> String {
    let seconds = (at_ms + WIB_AHEAD_MS).div_euclid(1_000);
    let (year, month, day) = civil(seconds.div_euclid(DAY_S));
    let time = seconds.rem_euclid(DAY_S);
    format!("{year:04}-{month:02}-{day:02} {:02}:{:02}:{:02}", time / 3_600, time / 60 % 60, time % 60)
}

/// Year, month and day of a number of days since 1970 (Howard Hinnant's `civil_from_days`).
const fn civil(days: i64) -> (i64, i64, i64) {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era = (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let month = (5 * day_of_year + 2) / 153;
    let day = day_of_year - (153 * month + 2) / 5 + 1;
    let month = if month < 10 { month + 3 } else { month - 9 };
    let year = year_of_era + era * 400 + if month <= 2 { 1 } else { 0 };
    (year, month, day)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_amounts() {
        assert_eq!(wib(1_772_323_200_000), "2026-03-01 07:00:00");
        assert_eq!(wib(1_709_229_599_000), "2024-03-01 00:59:59");
        assert_eq!(wib(1_709_225_999_000), "2024-02-29 23:59:59");
        assert_eq!(rupiah(0), "Rp 0");
        assert_eq!(rupiah(-1_234_567), "−Rp 1.234.567");
        assert_eq!(rupiah(999), "Rp 999");
    }
}
