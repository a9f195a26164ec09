//! How values are read, in all dialects: exactly, or not at all.

use domain::{PayTo, Rupiah, UtcMillis};
use serde_json::Value;
use time::{Date, Month, PrimitiveDateTime, Time, UtcOffset};

/// The most digits of an amount; beyond them something is wrong with it.
const AMOUNT_MOST_DIGITS: usize = 15;
/// The longest id of a gateway that is taken. A longer one is refused, as half an id would name another order.
const ID_LIMIT_BYTES: usize = 100;
/// The longest order id that Midtrans takes; Tripay's papers name no limit.
const ORDER_ID_LIMIT_BYTES: usize = 50;
/// The most digits of a virtual account, a biller or a bill. Banks use some 10 to 18.
const ACCOUNT_MOST_DIGITS: usize = 30;
/// The longest content of a QR code that is taken; QRIS codes have some 200 letters.
const QR_LIMIT_BYTES: usize = 1024;

/// An amount as text: `50000.00` or `50000`. A fraction may only be zeros, there is no sign, no space, no leading zero,
/// and it is more than nothing.
pub(crate) fn amount(text: &str) -> Option<Rupiah> {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, "0"));
    let is_whole = !fraction.is_empty() && fraction.bytes().all(|byte| byte == b'0');
    let is_digits = (1..=AMOUNT_MOST_DIGITS).contains(&whole.len())
        && !whole.starts_with('0')
        && whole.bytes().all(|byte| byte.is_ascii_digit());
    (is_whole && is_digits).then(|| whole.parse().ok().map(Rupiah::new)).flatten()
}

/// An amount as JSON: a whole number, or a text that [`amount`] reads.
pub(crate) fn json_amount(value: &Value) -> Option<Rupiah> {
    match value {
        // What has a point is a float by now, and is not believed even if it looks whole.
        Value::Number(number) => number.as_i64().map(Rupiah::new).filter(|amount| amount.is_positive()),
        Value::String(text) => amount(text),
        _ => None,
    }
}

/// As [`json_amount`], and nothing, too: what a gateway keeps may be zero.
pub(crate) fn json_fee(value: &Value) -> Option<Rupiah> {
    let is_nothing = value.as_i64() == Some(0) || matches!(value.as_str(), Some("0" | "0.00"));
    if is_nothing { Some(Rupiah::ZERO) } else { json_amount(value) }
}

/// A time as Midtrans writes it, `2021-07-06 17:23:49`, always in GMT+7.
pub(crate) fn wib_time(text: &str) -> Option<UtcMillis> {
    let (date, clock) = text.split_once(' ')?;
    let [year, month, day] = numbers(date, '-', &[4, 2, 2])?;
    let [hour, minute, second] = numbers(clock, ':', &[2, 2, 2])?;
    let month = Month::try_from(u8::try_from(month).ok()?).ok()?;
    let date = Date::from_calendar_date(i32::from(year), month, u8::try_from(day).ok()?).ok()?;
    let clock =
        Time::from_hms(u8::try_from(hour).ok()?, u8::try_from(minute).ok()?, u8::try_from(second).ok()?)
            .ok()?;
    let moment = PrimitiveDateTime::new(date, clock).assume_offset(UtcOffset::from_hms(7, 0, 0).ok()?);
    moment.unix_timestamp().checked_mul(domain::SECOND_MS).map(UtcMillis)
}

/// A Unix time in seconds, as a number or as its digits.
pub(crate) fn unix_time(value: &Value) -> Option<UtcMillis> {
    let seconds = match value {
        Value::Number(number) => number.as_i64()?,
        Value::String(digits) => digits.parse().ok()?,
        _ => return None,
    };
    let milliseconds = seconds.checked_mul(domain::SECOND_MS)?;
    (seconds > 0).then_some(UtcMillis(milliseconds))
}

/// An id of the gateway's.
pub(crate) fn id(text: &str) -> Option<String> {
    let is_id =
        (1..=ID_LIMIT_BYTES).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic());
    is_id.then(|| text.to_owned())
}

/// Whether a text can be an order id of ours: it becomes part of an address and of a header.
pub(crate) fn is_order_id(text: &str) -> bool {
    let is_allowed = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_' | b'~' | b'.');
    (1..=ORDER_ID_LIMIT_BYTES).contains(&text.len())
        && text.bytes().all(is_allowed)
        // An address would lose a segment of nothing but points.
        && text.bytes().any(|byte| byte.is_ascii_alphanumeric())
}

/// The content of a QR code. Whether it is a good QRIS code is for the caller to check.
pub(crate) fn qr(text: &str) -> Option<PayTo> {
    let is_qr = (1..=QR_LIMIT_BYTES).contains(&text.len()) && !text.chars().any(char::is_control);
    is_qr.then(|| PayTo::Qr(text.to_owned()))
}

/// The number of a virtual account.
pub(crate) fn account(text: &str) -> Option<PayTo> {
    digits(text).map(PayTo::Account)
}

/// A number that a payer types, leading zeros and all.
pub(crate) fn digits(text: &str) -> Option<String> {
    let is_number =
        (1..=ACCOUNT_MOST_DIGITS).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    is_number.then(|| text.to_owned())
}

fn numbers<const N: usize>(text: &str, separator: char, lengths: &[usize; N]) -> Option<[u16; N]> {
    let mut parts = text.split(separator);
    let mut read = [0; N];
    for (number, length) in read.iter_mut().zip(lengths) {
        let part = parts.next().filter(|part| part.len() == *length)?;
        // `parse` alone would take a sign.
        *number = part.bytes().all(|byte| byte.is_ascii_digit()).then(|| part.parse().ok()).flatten()?;
    }
    parts.next().is_none().then_some(read)
}
