//! Forms of the admin pages.

pub mod access;
pub mod backups;
pub mod book;
pub mod cases;
pub mod corrections;
pub mod gateways;
pub mod notices;
pub mod package_bulk;
pub mod package_ways;
pub mod packages;
pub mod pay_day;
pub mod payments;
pub mod purchases;
pub mod resellers;
pub mod settings;
pub mod shop_settings;
pub mod statements;
pub mod topups;
pub mod users;

use std::ops::RangeInclusive;

use domain::{FieldCode, PublicId, Rupiah};
use store::User;

use super::sessions::require_confirmed;
use crate::context::require_admin;
use crate::error::AppError;

/// The signed-in admin, who has given the password lately: for what moves money or says who may.
async fn confirmed_admin() -> Result<User, AppError> {
    let admin = require_admin()?;
    require_confirmed().await?;
    Ok(admin)
}

/// A text that must be there, trimmed, of at most so many characters.
fn filled(typed: &str, most: usize) -> Result<String, FieldCode> {
    let text = short(typed, most)?;
    if text.is_empty() { Err(FieldCode::Required) } else { Ok(text) }
}

/// A text that may be empty, trimmed, of at most so many characters.
fn short(typed: &str, most: usize) -> Result<String, FieldCode> {
    let text = typed.trim();
    if text.chars().count() > most { Err(FieldCode::TooLong { max: most }) } else { Ok(text.to_owned()) }
}

/// A whole number that makes sense.
fn whole(typed: &str, sensible: RangeInclusive<i64>) -> Result<i64, FieldCode> {
    let typed = typed.trim();
    if typed.is_empty() {
        return Err(FieldCode::Required);
    }
    typed.parse().ok().filter(|number| sensible.contains(number)).ok_or(FieldCode::BadNumber)
}

/// An amount above zero.
fn positive(typed: &str) -> Result<Rupiah, FieldCode> {
    let amount: Rupiah = typed.parse().map_err(FieldCode::from)?;
    if amount.is_positive() { Ok(amount) } else { Err(FieldCode::BadAmount) }
}

/// A share as people write it, `0,7` or `0.70`, in hundredths of a percent.
fn percent(typed: &str) -> Result<i64, FieldCode> {
    let typed = typed.trim();
    let (whole, rest) = typed.split_once([',', '.']).unwrap_or((typed, ""));
    if typed.is_empty() {
        return Err(FieldCode::Required);
    }
    let is_digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || whole.len() > 3 || rest.len() > 2 || !is_digits(whole) || !is_digits(rest) {
        return Err(FieldCode::BadNumber);
    }
    format!("{whole}{rest:0<2}").parse().map_err(|_| FieldCode::BadNumber)
}

/// An id from a hidden field: people do not type it, so a wrong one is no mistake of theirs.
pub(super) fn hidden_id(sent: &str) -> Result<PublicId, AppError> {
    sent.parse().map_err(|_| AppError::Transport)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_and_numbers_of_admin_forms() {
        assert_eq!(filled("  ", 5), Err(FieldCode::Required));
        assert_eq!(filled(" abc ", 3), Ok("abc".into()));
        assert_eq!(short("abcd", 3), Err(FieldCode::TooLong { max: 3 }));
        assert_eq!(whole("", 0..=9), Err(FieldCode::Required));
        assert_eq!(whole(" 7 ", 0..=9), Ok(7));
        for typed in ["10", "-1", "1.5", "satu", "99999999999999999999"] {
            assert_eq!(whole(typed, 0..=9), Err(FieldCode::BadNumber), "{typed}");
        }
        assert_eq!(
            (percent("0,7"), percent(" 0.70 "), percent("1"), percent("12,05")),
            (Ok(70), Ok(70), Ok(100), Ok(1_205))
        );
        for typed in ["0,705", "-1", "1,2,3", ",5", "1000", "x"] {
            assert_eq!(percent(typed), Err(FieldCode::BadNumber), "{typed}");
        }
        assert_eq!(positive("0"), Err(FieldCode::BadAmount));
        assert_eq!(positive("50.000"), Ok(Rupiah::new(50_000)));
    }
}
