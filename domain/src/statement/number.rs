//! Amounts as banks write them.

use super::NumberStyle;

/// An amount without its sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Number {
    pub(super) rupiah: i64,
    pub(super) sen: u8,
    pub(super) is_negative: bool,
}

/// Which way the money went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Side {
    Credit,
    Debit,
}

/// It is no number in this style.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct BadNumber;

impl Number {
    /// What a cell says; `None` for an empty one. A minus may stand on either side; brackets mean one too.
    pub(super) fn read(cell: &str, style: NumberStyle) -> Result<Option<Self>, BadNumber> {
        let cell = cell.trim();
        if matches!(cell, "" | "-" | "–") {
            return Ok(None);
        }
        let (mut rest, mut signs) = (cell, Vec::new());
        if let Some(inside) = rest.strip_prefix('(').and_then(|rest| rest.strip_suffix(')')) {
            signs.push(true);
            rest = inside.trim();
        }
        rest = without_sign(rest, &mut signs);
        rest = without_sign(without_currency(rest), &mut signs);
        // `5.000,-` is a way to write that there are no sen.
        rest = rest.strip_suffix(",-").unwrap_or(rest);
        if let Some(before) = rest.strip_suffix(['-', '−']) {
            signs.push(true);
            rest = before.trim_end();
        }
        let is_negative = match signs.as_slice() {
            [] => false,
            [sign] => *sign,
            _ => return Err(BadNumber),
        };
        let (rupiah, sen) = digits(rest, style).ok_or(BadNumber)?;
        Ok(Some(Self { rupiah, sen, is_negative }))
    }

    pub(super) const fn is_zero(self) -> bool {
        self.rupiah == 0 && self.sen == 0
    }
}

impl Side {
    /// What a mark says, in the words and letters of both languages.
    pub(super) fn of_mark(mark: &str) -> Option<Self> {
        match mark.trim().trim_end_matches('.').to_uppercase().as_str() {
            "CR" | "C" | "K" | "KR" | "KREDIT" | "CREDIT" | "+" => Some(Self::Credit),
            "DB" | "D" | "DR" | "DEBET" | "DEBIT" | "-" => Some(Self::Debit),
            _ => None,
        }
    }

    /// The mark that stands before or behind a number in the same cell, and the rest of the cell.
    pub(super) fn split_off(cell: &str) -> (Option<Self>, &str) {
        let is_letter = |c: char| c.is_ascii_alphabetic();
        let before = cell.trim_end_matches(is_letter);
        let behind = cell.trim_start_matches(is_letter);
        if let Some(side) = cell.get(before.len()..).and_then(Self::of_mark) {
            return (Some(side), before.trim_end());
        }
        match cell.get(..cell.len() - behind.len()).and_then(Self::of_mark) {
            Some(side) => (Some(side), behind.trim_start()),
            None => (None, cell),
        }
    }
}

fn without_sign<'a>(text: &'a str, signs: &mut Vec<bool>) -> &'a str {
    if let Some(rest) = text.strip_prefix(['-', '−']) {
        signs.push(true);
        return rest.trim_start();
    }
    match text.strip_prefix('+') {
        Some(rest) => {
            signs.push(false);
            rest.trim_start()
        }
        None => text,
    }
}

fn without_currency(text: &str) -> &str {
    let rest = ["IDR", "Rp.", "Rp"].iter().find_map(|sign| {
        let begin = text.get(..sign.len()).filter(|begin| begin.eq_ignore_ascii_case(sign))?;
        text.get(begin.len()..)
    });
    rest.unwrap_or(text).trim_start()
}

/// Rupiah and sen. Decimals are one or two digits: three would be thousands of the other style.
fn digits(text: &str, style: NumberStyle) -> Option<(i64, u8)> {
    let (thousands, decimals): (Option<char>, &[char]) = match style {
        NumberStyle::DotThousands => (Some('.'), &[',']),
        NumberStyle::CommaThousands => (Some(','), &['.']),
        NumberStyle::Plain => (None, &['.', ',']),
    };
    let (whole, sen) = match text.split_once(decimals) {
        None => (text, 0),
        Some((whole, sen)) if is_digits(sen) && sen.len() == 1 => (whole, sen.parse::<u8>().ok()? * 10),
        Some((whole, sen)) if is_digits(sen) && sen.len() == 2 => (whole, sen.parse().ok()?),
        Some(_) => return None,
    };
    let groups: Vec<&str> = match thousands {
        Some(sign) => whole.split(sign).collect(),
        None => vec![whole],
    };
    let is_well_parted = match groups.as_slice() {
        [_] => true,
        [first, others @ ..] => (1..=3).contains(&first.len()) && others.iter().all(|group| group.len() == 3),
        [] => false,
    };
    let joined = groups.concat();
    if !is_well_parted || !is_digits(&joined) {
        return None;
    }
    Some((joined.parse().ok()?, sen))
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::NumberStyle::{CommaThousands, DotThousands, Plain};
    use super::*;

    #[test]
    fn every_style_reads_its_own() {
        for (cell, style, rupiah, sen, is_negative) in [
            ("1.234.567,89", DotThousands, 1_234_567, 89, false),
            ("1234567", DotThousands, 1_234_567, 0, false),
            ("Rp. 5.000,-", DotThousands, 5_000, 0, false),
            ("-Rp 5.000", DotThousands, 5_000, 0, true),
            ("Rp -5.000,5", DotThousands, 5_000, 50, true),
            ("1,234,567.89", CommaThousands, 1_234_567, 89, false),
            ("IDR 50,123.00", CommaThousands, 50_123, 0, false),
            ("(1,000.00)", CommaThousands, 1_000, 0, true),
            ("+7.00", CommaThousands, 7, 0, false),
            ("1234567.05", Plain, 1_234_567, 5, false),
            ("1234567,8", Plain, 1_234_567, 80, false),
            ("500-", Plain, 500, 0, true),
        ] {
            let number = Number { rupiah, sen, is_negative };
            assert_eq!(Number::read(cell, style), Ok(Some(number)), "{cell}");
        }
        for cell in ["", " ", "-"] {
            assert_eq!(Number::read(cell, Plain), Ok(None));
        }
    }

    #[test]
    fn the_other_style_is_refused_and_not_read_wrongly() {
        for (cell, style) in [
            ("1,000", DotThousands),
            ("1,000.00", DotThousands),
            ("1.00", DotThousands),
            ("1.000", CommaThousands),
            ("1.000,00", CommaThousands),
            ("1,00", CommaThousands),
            ("1.000", Plain),
            ("1.000.000", Plain),
            ("--5", Plain),
            ("-5-", Plain),
            ("(-5)", Plain),
            ("5,", Plain),
            (".5", Plain),
            ("1e3", Plain),
            ("12 34", Plain),
            ("١٢", Plain),
            ("99999999999999999999", Plain),
        ] {
            assert_eq!(Number::read(cell, style), Err(BadNumber), "{cell}");
        }
    }

    #[test]
    fn marks_before_and_behind() {
        assert_eq!(Side::split_off("1.000 CR"), (Some(Side::Credit), "1.000"));
        assert_eq!(Side::split_off("1.000DB"), (Some(Side::Debit), "1.000"));
        assert_eq!(Side::split_off("D 1.000"), (Some(Side::Debit), "1.000"));
        assert_eq!(Side::split_off("Rp 1.000"), (None, "Rp 1.000"));
        assert_eq!(Side::of_mark("Kredit"), Some(Side::Credit));
        assert_eq!(Side::of_mark("x"), None);
    }
}
