//! The form of the codes: tag, length and value, one after the other. Lengths count characters, the checksum bytes.

use crc::{CRC_16_IBM_3740, Crc};

use super::QrisError;

/// CRC-16/CCITT-FALSE, as the standard's annex has it.
pub(super) const CHECKSUM: Crc<u16> = Crc::<u16>::new(&CRC_16_IBM_3740);
/// The checksum's own tag and length, which it covers too.
const CHECKSUM_HEAD: &str = "6304";
/// The longest code that the standard allows, in characters.
const CHARS_MOST: usize = 512;

/// One field of a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Field {
    pub(super) tag: u8,
    pub(super) value: String,
}

impl Field {
    pub(super) fn new(tag: u8, value: impl Into<String>) -> Self {
        Self { tag, value: value.into() }
    }
}

/// The fields of a whole code, without the checksum, which is checked.
pub(super) fn read_checked(text: &str) -> Result<Vec<Field>, QrisError> {
    if text.chars().count() > CHARS_MOST {
        return Err(QrisError::TooLong);
    }
    let mut fields = read(text)?;
    let last = fields.pop().filter(|field| field.tag == 63).ok_or(QrisError::Missing { tag: 63 })?;
    let covered = text.get(..text.len().saturating_sub(last.value.len())).unwrap_or_default();
    let found = u16::from_str_radix(&last.value, 16).ok().filter(|_| last.value.chars().count() == 4);
    if found != Some(CHECKSUM.checksum(covered.as_bytes())) {
        return Err(QrisError::Checksum);
    }
    Ok(fields)
}

/// The fields of a text. A tag that comes twice would be read differently by different apps.
pub(super) fn read(text: &str) -> Result<Vec<Field>, QrisError> {
    let mut fields: Vec<Field> = Vec::new();
    let mut chars = text.chars();
    while !chars.as_str().is_empty() {
        let tag = two_digits(&mut chars).ok_or(QrisError::NotACode)?;
        let length = two_digits(&mut chars).ok_or(QrisError::Length { tag })?;
        let value: String = chars.by_ref().take(usize::from(length)).collect();
        if value.chars().count() != usize::from(length) || length == 0 {
            return Err(QrisError::Length { tag });
        }
        if fields.iter().any(|field| field.tag == tag) {
            return Err(QrisError::Twice { tag });
        }
        fields.push(Field { tag, value });
    }
    Ok(fields)
}

/// The code of these fields, with its checksum. `None` when a value is longer than a length can say.
pub(super) fn write_checked(fields: &[Field]) -> Option<String> {
    let mut text = String::new();
    for field in fields {
        let length = field.value.chars().count();
        if length == 0 || length > 99 {
            return None;
        }
        text.push_str(&format!("{:02}{length:02}{}", field.tag, field.value));
    }
    text.push_str(CHECKSUM_HEAD);
    let checksum = CHECKSUM.checksum(text.as_bytes());
    text.push_str(&format!("{checksum:04X}"));
    (text.chars().count() <= CHARS_MOST).then_some(text)
}

fn two_digits(chars: &mut std::str::Chars<'_>) -> Option<u8> {
    let tens = chars.next()?.to_digit(10)?;
    let ones = chars.next()?.to_digit(10)?;
    u8::try_from(tens * 10 + ones).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_checksum_is_the_one_of_the_standard() {
        assert_eq!(CHECKSUM.checksum(b"123456789"), 0x29B1);
    }

    /// The sample of the standard: lengths count characters, the checksum bytes.
    #[test]
    fn the_sample_of_the_standard_is_read_and_written() {
        let sample = "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN5914BEST TRANSPORT\
                      6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME91320016A0112233\
                      449988770708123456786304A13A";
        let fields = read_checked(sample).unwrap();
        assert_eq!(fields.iter().find(|field| field.tag == 60).unwrap().value, "BEIJING");
        assert_eq!(write_checked(&fields).as_deref(), Some(sample));
    }

    #[test]
    fn what_is_no_code_is_refused_by_its_tag() {
        let length = |tag| Err(QrisError::Length { tag });
        assert_eq!(read("5903AB"), length(59));
        assert_eq!(read("59x1A"), length(59));
        assert_eq!(read("5900"), length(59));
        assert_eq!(read("hello"), Err(QrisError::NotACode));
        assert_eq!(read("5901A5901B"), Err(QrisError::Twice { tag: 59 }));
        assert_eq!(read_checked("5901A"), Err(QrisError::Missing { tag: 63 }));
        assert_eq!(read_checked("5901A63040000"), Err(QrisError::Checksum));
        assert_eq!(read_checked(&"0".repeat(513)), Err(QrisError::TooLong));
    }
}
