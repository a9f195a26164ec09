use proptest::prelude::*;

use super::*;

/// Of a shop that does not exist.
fn static_code() -> Qris {
    let fields = [
        (0, "01"),
        (1, "11"),
        (26, "0016ID.CO.CONTOH.WWW0215936000000000001"),
        (51, "0014ID.CO.QRIS.WWW0215ID10200000000010303UMI"),
        (52, "4814"),
        (53, "360"),
        (55, "02"),
        (56, "1000"),
        (58, "ID"),
        (59, "TOKO MELATI"),
        (60, "JAKARTA"),
        (61, "10110"),
    ];
    let fields: Vec<Field> = fields.into_iter().map(|(tag, value)| Field::new(tag, value)).collect();
    tlv::write_checked(&fields).unwrap().parse().unwrap()
}

#[test]
fn a_static_code_says_who_and_where() {
    let code = static_code();
    assert_eq!((code.kind(), code.merchant(), code.city()), (QrisKind::Static, "TOKO MELATI", "JAKARTA"));
    assert_eq!((code.amount(), code.warnings()), (None, vec![QrisWarning::FeeOnTop]));
    assert_eq!(code.national_number().as_deref(), Some("ID1020000000001"));
}

#[test]
fn made_dynamic_it_asks_for_the_amount_and_nothing_on_top() {
    let made = static_code().with_amount(Rupiah::new(50_123), Qris::USUAL_MOST).unwrap();
    let text = made.to_string();
    assert!(text.starts_with("000201010212"), "{text}");
    assert!(text.contains("5303360540550123"), "the amount stands behind its currency: {text}");
    let read: Qris = text.parse().unwrap();
    assert_eq!((read.kind(), read.amount()), (QrisKind::Dynamic, Some(Rupiah::new(50_123))));
    assert_eq!((read.merchant(), read.warnings()), ("TOKO MELATI", vec![]));
    let again = read.with_amount(Rupiah::new(1), Qris::USUAL_MOST).unwrap();
    assert_eq!(again.to_string().parse::<Qris>().unwrap().amount(), Some(Rupiah::new(1)));
}

#[test]
fn amounts_that_cannot_be_asked_for() {
    for amount in [0, -1, 10_000_001] {
        let made = static_code().with_amount(Rupiah::new(amount), Qris::USUAL_MOST);
        assert_eq!(made, Err(QrisError::Amount), "{amount}");
    }
}

/// As a gateway's documentation shows one: the amount after the postcode, with decimals.
#[test]
fn a_gateways_sample_is_read_patiently() {
    let sample = "00020101021226620014COM.GO-JEK.WWW011993600914349052630340210G4905263030303UKE51440014ID.CO.QRIS.WWW0215AID0607336128\
                  660303UKE5204341453033605802ID5904Test6007BANDUNG6105402845409789000.0062475036c032f87c-f773-4619-aefa-675e1f06f9210703A01\
                  6304A623";
    let code: Qris = sample.parse().unwrap();
    assert_eq!((code.kind(), code.amount()), (QrisKind::Dynamic, Some(Rupiah::new(789_000))));
    assert_eq!((code.merchant(), code.city()), ("Test", "BANDUNG"));
    assert_eq!(code.to_string(), sample, "what was read is written as it was");
}

#[test]
fn what_is_wrong_is_told_by_its_tag() {
    let change = |tag: u8, value: Option<&str>| {
        let mut fields = static_code().fields;
        fields.retain(|field| field.tag != tag);
        fields.extend(value.map(|value| Field::new(tag, value)));
        tlv::write_checked(&fields).unwrap().parse::<Qris>().map(|_| ())
    };
    for tag in [0, 52, 53, 58, 59, 60] {
        assert_eq!(change(tag, None), Err(QrisError::Missing { tag }));
    }
    for (tag, value) in [
        (0, "02"),
        (1, "13"),
        (26, "not templates"),
        (52, "48"),
        (53, "840"),
        (54, "12.50"),
        (54, "1,000"),
        (54, "0"),
        (54, "12345678901234"),
        (58, "SG"),
        (59, " "),
        (62, "0799X"),
    ] {
        assert_eq!(change(tag, Some(value)), Err(QrisError::Value { tag }), "{tag} {value}");
    }
    assert_eq!(change(54, Some("1000")), Ok(()));
    assert_eq!(change(1, None), Ok(()), "taken for static");
    let mut nobody = static_code().fields;
    nobody.retain(|field| !MERCHANTS.contains(&field.tag));
    let nobody = tlv::write_checked(&nobody).unwrap().parse::<Qris>();
    assert_eq!(nobody, Err(QrisError::Missing { tag: 26 }));
}

proptest! {
    #[test]
    fn no_text_makes_it_stumble(text in ".{0,600}") {
        let _ = text.parse::<Qris>();
    }

    #[test]
    fn digits_make_it_no_stumble_either(text in "[0-9]{0,520}") {
        let _ = text.parse::<Qris>();
    }

    #[test]
    fn one_changed_letter_is_noticed(at in any::<prop::sample::Index>(), new in b'0'..=b'z') {
        let text = static_code().to_string();
        let at = at.index(text.len());
        let mut changed = text.clone().into_bytes();
        changed[at] = new;
        let changed = String::from_utf8(changed).unwrap();
        prop_assume!(!changed.eq_ignore_ascii_case(&text));
        prop_assert!(changed.parse::<Qris>().is_err());
    }

    #[test]
    fn every_amount_comes_back(rupiah in 1_i64..=10_000_000) {
        let amount = Rupiah::new(rupiah);
        let made = static_code().with_amount(amount, Qris::USUAL_MOST).unwrap();
        let read: Qris = made.to_string().parse().unwrap();
        prop_assert_eq!(read.amount(), Some(amount));
        prop_assert_eq!(&read, &made);
    }
}

mod properties;
