//! Of any code that a shop could have, and of whatever else comes in.

use super::*;

/// Fields in the order in which they are written, of a shop that does not exist.
fn any_fields() -> impl Strategy<Value = Vec<Field>> {
    let name = "[A-Z][A-Za-z0-9 .&'-]{0,20}|[é京最]{1,25}";
    let merchant = (26_u8..=51, "[0-9]{15}");
    let national = prop::option::of("ID[0-9]{13}");
    let extra = prop::option::of("[A-Z0-9]{1,20}");
    let fee = prop::option::of("[1-9][0-9]{0,4}");
    let kind = prop::option::of("11|12");
    (kind, merchant, national, name, fee, extra, any::<bool>()).prop_map(
        |(kind, (merchant, number), national, name, fee, extra, is_city_first)| {
            let mut fields = vec![Field::new(0, "01")];
            fields.extend(kind.map(|kind| Field::new(1, kind)));
            fields.push(Field::new(merchant, format!("0016ID.CO.CONTOH.WWW0115{number}")));
            if merchant != 51 {
                fields.extend(national.map(|id| Field::new(51, format!("0014ID.CO.QRIS.WWW0215{id}"))));
            }
            fields.extend([Field::new(52, "4814"), Field::new(53, "360")]);
            if let Some(fee) = fee {
                fields.extend([Field::new(55, "02"), Field::new(56, fee)]);
            }
            // Any order is read.
            let city = Field::new(60, "JAKARTA");
            fields.extend(is_city_first.then(|| city.clone()));
            fields.extend([Field::new(58, "ID"), Field::new(59, name)]);
            fields.extend((!is_city_first).then_some(city));
            fields.extend(extra.map(|text| Field::new(62, format!("07{:02}{text}", text.len()))));
            fields
        },
    )
}

fn written(fields: &[Field]) -> String {
    tlv::write_checked(fields).unwrap()
}

fn code() -> impl Strategy<Value = String> {
    any_fields().prop_map(|fields| written(&fields))
}

/// A checksum of 16 bits sees every change within 16 bits that stand together, wherever they are: so this is for all
/// characters, and not only for most.
#[test]
fn every_single_changed_character_is_refused() {
    let text = static_code().to_string();
    for at in 0..text.len() {
        for new in b' '..=b'~' {
            let mut changed = text.clone().into_bytes();
            changed[at] = new;
            let changed = String::from_utf8(changed).unwrap();
            // The checksum's letters may be small.
            if !changed.eq_ignore_ascii_case(&text) {
                assert!(changed.parse::<Qris>().is_err(), "{changed}");
            }
        }
    }
}

#[test]
fn every_error_names_its_tag() {
    let tagged: [fn(u8) -> QrisError; 4] = [
        |tag| QrisError::Length { tag },
        |tag| QrisError::Twice { tag },
        |tag| QrisError::Missing { tag },
        |tag| QrisError::Value { tag },
    ];
    for error in tagged {
        for tag in 0..=99 {
            assert_eq!(error(tag).tag(), Some(tag));
            assert!(error(tag).to_string().contains(&format!("tag {tag:02}")), "{}", error(tag));
        }
    }
    assert_eq!((QrisError::Checksum.tag(), QrisError::Amount.tag()), (Some(63), Some(54)));
    for error in [QrisError::Checksum, QrisError::Amount] {
        assert!(error.to_string().contains(&format!("tag {}", error.tag().unwrap())), "{error}");
    }
    assert_eq!((QrisError::NotACode.tag(), QrisError::TooLong.tag()), (None, None));
}

proptest! {
    #[test]
    fn every_code_is_read_as_it_was_written(text in code()) {
        let read: Qris = text.parse().unwrap();
        prop_assert_eq!(read.to_string(), text);
    }

    #[test]
    fn from_static_to_dynamic_and_back_to_its_facts(fields in any_fields(), rupiah in 1_i64..=10_000_000, again in 1_i64..=10_000_000) {
        let source: Qris = written(&fields).parse().unwrap();
        let made = source.with_amount(Rupiah::new(rupiah), Qris::USUAL_MOST).unwrap();
        let read: Qris = made.to_string().parse().unwrap();
        prop_assert_eq!(&read, &made);
        prop_assert_eq!((read.kind(), read.amount()), (QrisKind::Dynamic, Some(Rupiah::new(rupiah))));
        prop_assert_eq!((read.merchant(), read.city()), (source.merchant(), source.city()));
        prop_assert!(!read.warnings().contains(&QrisWarning::FeeOnTop));
        // All other fields are those of the source, in its order.
        let others = |code: &Qris| {
            let is_other = |field: &&Field| !matches!(field.tag, 1 | 54..=57);
            code.fields.iter().filter(is_other).cloned().collect::<Vec<_>>()
        };
        prop_assert_eq!(others(&read), others(&source));
        let other = read.with_amount(Rupiah::new(again), Qris::USUAL_MOST).unwrap();
        prop_assert_eq!(other, source.with_amount(Rupiah::new(again), Qris::USUAL_MOST).unwrap());
    }

    #[test]
    fn a_changed_character_of_any_code_is_refused(text in code(), at in any::<prop::sample::Index>(), new in prop::char::range(' ', '~')) {
        let mut chars: Vec<char> = text.chars().collect();
        let at = at.index(chars.len());
        // Only what is as long in bytes: the rest is left to chance by a checksum over bytes.
        prop_assume!(chars[at].is_ascii() && !chars[at].eq_ignore_ascii_case(&new));
        chars[at] = new;
        let changed: String = chars.into_iter().collect();
        prop_assert!(changed.parse::<Qris>().is_err(), "{}", changed);
    }

    #[test]
    fn two_characters_that_changed_places_are_seen(text in code(), at in any::<prop::sample::Index>()) {
        let mut chars: Vec<char> = text.chars().collect();
        let at = at.index(chars.len() - 1);
        let (one, other) = (chars[at], chars[at + 1]);
        prop_assume!(one != other && one.is_ascii() && other.is_ascii());
        chars.swap(at, at + 1);
        prop_assert!(chars.into_iter().collect::<String>().parse::<Qris>().is_err());
    }

    #[test]
    fn a_cut_code_is_refused(text in code(), most in any::<prop::sample::Index>()) {
        let most = most.index(text.chars().count());
        let cut: String = text.chars().take(most).collect();
        prop_assert!(cut.parse::<Qris>().is_err());
    }

    /// The checksum is made right again, so that the rules behind it are reached.
    #[test]
    fn a_changed_code_with_a_right_checksum_makes_it_no_stumble(
        text in code(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<char>(), 0_u8..3), 1..6),
    ) {
        let mut chars: Vec<char> = text.chars().take(text.chars().count() - 8).collect();
        for (at, new, change) in changes {
            let at = at.index(chars.len());
            match change {
                0 => chars[at] = new,
                1 => chars.insert(at, new),
                _ => chars[at] = char::from(b'0' + u8::try_from(u32::from(new) % 10).unwrap()),
            }
        }
        let covered = chars.into_iter().collect::<String>() + "6304";
        // What is blank before a code is none of it.
        let covered = covered.trim_start();
        let text = format!("{covered}{:04X}", tlv::CHECKSUM.checksum(covered.as_bytes()));
        match text.parse::<Qris>() {
            Ok(read) => {
                prop_assert_eq!(read.to_string(), text.trim());
                let made = read.with_amount(Rupiah::new(1), Qris::USUAL_MOST);
                prop_assert!(matches!(made, Ok(_) | Err(QrisError::TooLong)));
                let _ = (read.warnings(), read.merchant(), read.city(), read.kind());
            }
            Err(error) => prop_assert!(error != QrisError::Checksum),
        }
    }
}
