//! Made-up things to pay with: a QR code of a merchant that does not exist, numbers of accounts that nobody has.

use crate::chance::Chance;
use crate::session::{crc16, field};

/// The most characters of a reference in tag 62.
const REFERENCE_CHARS: usize = 25;

/// A dynamic QRIS text in EMV's form: `01` is `12`, and the amount is in it.
pub(super) fn qr_string(amount_rupiah: i64, reference: &str) -> String {
    let merchant = [
        field("00", "ID.CO.SIMULATOR.WWW"),
        field("01", "936009990000000000"),
        field("02", "000000000000"),
        field("03", "UMI"),
    ];
    let national = [field("00", "ID.CO.QRIS.WWW"), field("02", "ID0000000000000"), field("03", "UMI")];
    let reference: String =
        reference.chars().filter(char::is_ascii_alphanumeric).take(REFERENCE_CHARS).collect();
    let mut text = [
        field("00", "01"),
        field("01", "12"),
        field("26", &merchant.concat()),
        field("51", &national.concat()),
        field("52", "4812"),
        field("53", "360"),
        field("54", &amount_rupiah.to_string()),
        field("58", "ID"),
        field("59", "TOKO SIMULASI"),
        field("60", "JAKARTA"),
        field("61", "00000"),
        field("62", &field("05", &reference)),
        "6304".to_owned(),
    ]
    .concat();
    text.push_str(&format!("{:04X}", crc16(text.as_bytes())));
    text
}

/// A number that begins so and has so many digits in all.
pub(super) fn number(chance: &mut Chance, prefix: &str, digits: usize) -> String {
    let drawn = format!("{:020}", chance.next());
    let wanted = digits.saturating_sub(prefix.len());
    let tail: String = drawn.chars().rev().take(wanted).collect();
    format!("{prefix}{tail}")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Tag, length, value, until the text ends.
    fn fields(mut text: &str) -> Vec<(String, String)> {
        let mut read = Vec::new();
        while !text.is_empty() {
            let length: usize = text[2..4].parse().unwrap();
            read.push((text[..2].to_owned(), text[4..4 + length].to_owned()));
            text = &text[4 + length..];
        }
        read
    }

    #[test]
    fn a_dynamic_code_of_nobody() {
        let text = qr_string(50_000, "0a1b2c3d-0000-4000-a000-000000000000");
        let read = fields(&text);
        let tags: Vec<&str> = read.iter().map(|(tag, _)| tag.as_str()).collect();
        assert_eq!(tags, ["00", "01", "26", "51", "52", "53", "54", "58", "59", "60", "61", "62", "63"]);
        assert_eq!((read[0].1.as_str(), read[1].1.as_str(), read[6].1.as_str()), ("01", "12", "50000"));
        assert_eq!(read[11].1, "05250a1b2c3d00004000a00000000");
        let (body, crc) = text.split_at(text.len() - 4);
        assert_eq!(format!("{:04X}", crc16(body.as_bytes())), crc);
    }

    /// Both samples of the contract paper, so that the sum is right about characters that are no single byte, too.
    #[test]
    fn the_papers_sums() {
        let emvco = "00020101021229300012D156000000000510A93FO3230Q31280012D15600000001030812345678520441115802CN5914BEST TRANSPORT6007BEIJING64200002ZH0104最佳运输0202北京540523.7253031565502016233030412340603***0708A60086670902ME91320016A0112233449988770708123456786304";
        assert_eq!(crc16(emvco.as_bytes()), 0xA13A);
        let gateway = "00020101021226620014COM.GO-JEK.WWW011993600914349052630340210G4905263030303UKE51440014ID.CO.QRIS.WWW0215AID0607336128660303UKE5204341453033605802ID5904Test6007BANDUNG6105402845409789000.0062475036c032f87c-f773-4619-aefa-675e1f06f9210703A016304";
        assert_eq!(crc16(gateway.as_bytes()), 0xA623);
    }

    #[test]
    fn numbers_of_accounts() {
        let number = number(&mut Chance::new(1), "99999", 11);
        assert!(number.len() == 11 && number.starts_with("99999"), "{number}");
    }
}
