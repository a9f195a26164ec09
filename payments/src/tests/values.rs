//! Amounts, times and ids: read exactly, or not at all.

use domain::{PayTo, Rupiah, UtcMillis};
use serde_json::json;

use crate::hex::{hex, is_same, unhex};
use crate::read;

#[test]
fn amounts_with_a_fraction_other_than_zeros_are_unreadable() {
    for (text, rupiah) in [
        ("50000.00", 50_000),
        ("50000", 50_000),
        ("50000.0", 50_000),
        ("1.00", 1),
        ("999999999999999.00", 999_999_999_999_999),
    ] {
        assert_eq!(read::amount(text), Some(Rupiah::new(rupiah)), "{text}");
    }
    for text in [
        "",
        ".",
        "50000.",
        ".00",
        "50000.01",
        "50000.10",
        "50000.00.00",
        "50,000",
        "50.000,00",
        "-50000.00",
        "+50000",
        " 50000",
        "50000 ",
        "5e4",
        "0x5",
        "0",
        "0.00",
        "050000.00",
        "1000000000000000",
        "Rp50000",
        "٥٠٠٠٠",
    ] {
        assert_eq!(read::amount(text), None, "{text}");
    }
}

#[test]
fn json_amounts_are_whole_numbers_or_texts() {
    assert_eq!(read::json_amount(&json!(50_000)), Some(Rupiah::new(50_000)));
    assert_eq!(read::json_amount(&json!("50000.00")), Some(Rupiah::new(50_000)));
    for value in
        [json!(50_000.0), json!(50_000.5), json!(0), json!(-1), json!(null), json!([50_000]), json!(u64::MAX)]
    {
        assert_eq!(read::json_amount(&value), None, "{value}");
    }
    for value in [json!(0), json!("0"), json!("0.00")] {
        assert_eq!(read::json_fee(&value), Some(Rupiah::ZERO), "{value}");
    }
    assert_eq!(read::json_fee(&json!(5_500)), Some(Rupiah::new(5_500)));
    for value in [json!(-1), json!(0.5), json!("0.5"), json!(null)] {
        assert_eq!(read::json_fee(&value), None, "{value}");
    }
}

#[test]
fn times_without_a_zone_are_western_indonesian() {
    assert_eq!(read::wib_time("2021-07-06 17:23:49"), Some(UtcMillis(1_625_567_029_000)));
    assert_eq!(read::wib_time("1970-01-01 07:00:00"), Some(UtcMillis(0)));
    for text in [
        "",
        "2021-07-06",
        "2021-07-06T17:23:49",
        "2021-07-06 17:23",
        "2021-7-6 17:23:49",
        "2021-02-30 17:23:49",
        "2021-07-06 24:00:00",
        "2021-07-06 17:23:49 +0700",
        "2021-+7-06 17:23:49",
        "2021-07-06 17:23:49:00",
    ] {
        assert_eq!(read::wib_time(text), None, "{text}");
    }
    assert_eq!(read::unix_time(&json!(1_582_855_837)), Some(UtcMillis(1_582_855_837_000)));
    assert_eq!(read::unix_time(&json!("1582856000")), Some(UtcMillis(1_582_856_000_000)));
    for value in [json!(0), json!(-1), json!(i64::MAX), json!(1.5), json!(null), json!("")] {
        assert_eq!(read::unix_time(&value), None, "{value}");
    }
}

#[test]
fn ids_that_could_change_an_address_are_none_of_ours() {
    for text in ["topup-1", "A", "a.b_c~d", &"x".repeat(50)] {
        assert!(read::is_order_id(text), "{text}");
    }
    for text in ["", ".", "..", "-", "a/b", "a b", "a?b", "a%2F", "a\n", "é", &"x".repeat(51)] {
        assert!(!read::is_order_id(text), "{text}");
    }
    assert_eq!(read::id("T0001-ab"), Some("T0001-ab".to_owned()));
    for text in ["", "a b", "a\0", &"x".repeat(101)] {
        assert_eq!(read::id(text), None, "{text}");
    }
}

#[test]
fn what_a_payer_needs_is_shown_whole_or_not_at_all() {
    assert_eq!(read::account("0081234"), Some(PayTo::Account("0081234".to_owned())));
    for text in ["", "12 34", "12a", "-1", &"1".repeat(31)] {
        assert_eq!(read::account(text), None, "{text}");
    }
    assert_eq!(read::qr("000201"), Some(PayTo::Qr("000201".to_owned())));
    for text in ["", "0002\n01", &"0".repeat(1_025)] {
        assert_eq!(read::qr(text), None, "{text}");
    }
}

#[test]
fn hexadecimal_reads_back() {
    assert_eq!(hex(&[0, 15, 255]), "000fff");
    assert_eq!(unhex("000fFF"), Some(vec![0, 15, 255]));
    for text in ["0", "0g", "é0", " 0"] {
        assert_eq!(unhex(text), None, "{text}");
    }
    assert!(is_same(b"ab", b"ab"));
    assert!(!is_same(b"ab", b"ac") && !is_same(b"ab", b"a") && !is_same(b"", b"a"));
}
