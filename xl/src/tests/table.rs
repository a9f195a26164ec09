//! Every row, typed a second time, so that a slip of the hand in the table is seen.

use domain::Ask;

use crate::digiflazz::outcome_table::{Proof, Row, TABLE};

/// Code, status, the proof of a first send, the proof of a query.
const EXPECTED: &[(&str, &str, &str, &str)] = &[
    ("00", "Sukses", "delivered", "delivered"),
    ("01", "Gagal", "unknown", "unknown"),
    ("02", "Gagal", "failed provider_failed", "failed provider_failed"),
    ("03", "Pending", "pending", "pending"),
    ("40", "Gagal", "no order: shop_request", "unknown"),
    ("41", "Gagal", "no order: shop_key", "unknown"),
    ("43", "Gagal", "no order: package_unavailable", "unknown"),
    ("44", "Gagal", "no order: shop_deposit", "unknown"),
    ("45", "Gagal", "no order: shop_address", "unknown"),
    ("49", "Gagal", "unknown", "unknown"),
    ("50", "Gagal", "unknown", "unknown"),
    ("51", "Gagal", "no order: shop_blocked", "unknown"),
    ("52", "Gagal", "no order: wrong_operator", "unknown"),
    ("53", "Gagal", "no order: package_unavailable", "unknown"),
    ("54", "Gagal", "no order: bad_number", "unknown"),
    ("55", "Gagal", "no order: package_unavailable", "unknown"),
    ("57", "Gagal", "no order: bad_number", "unknown"),
    ("58", "Gagal", "no order: cut_off", "unknown"),
    ("59", "Gagal", "no order: outside_area", "unknown"),
    ("60", "Gagal", "no order: package_unavailable", "unknown"),
    ("61", "Gagal", "no order: shop_deposit", "unknown"),
    ("66", "Gagal", "no order: cut_off", "unknown"),
    ("68", "Gagal", "no order: out_of_stock", "unknown"),
    ("69", "Gagal", "no order: price_rose", "unknown"),
    ("70", "Gagal", "unknown", "unknown"),
    ("71", "Gagal", "no order: package_unavailable", "unknown"),
    ("72", "Gagal", "no order: active_package", "unknown"),
    ("74", "Gagal", "failed provider_failed", "failed provider_failed"),
    ("85", "Gagal", "later: provider_busy", "unknown"),
    ("99", "Pending", "pending", "pending"),
];

fn words(proof: Proof) -> String {
    match proof {
        Proof::Delivered => "delivered".to_owned(),
        Proof::Pending => "pending".to_owned(),
        Proof::Failed(reason) => format!("failed {}", reason.as_str()),
        Proof::NoOrder(reason) => format!("no order: {}", reason.as_str()),
        Proof::TryLater(reason) => format!("later: {}", reason.as_str()),
        Proof::Unknown => "unknown".to_owned(),
    }
}

#[test]
fn every_row_in_both_columns() {
    let table: Vec<_> = TABLE
        .iter()
        .map(|row| {
            (row.rc, row.status.word(), words(row.proof(Ask::FirstSend)), words(row.proof(Ask::Query)))
        })
        .collect();
    let expected: Vec<_> = EXPECTED
        .iter()
        .map(|&(rc, status, first_send, query)| (rc, status, first_send.to_owned(), query.to_owned()))
        .collect();
    assert_eq!(table, expected);
    assert!(TABLE.iter().all(|row| !row.meaning.is_empty()));
}

#[test]
fn a_query_is_settled_by_three_codes_only() {
    let settling: Vec<_> = TABLE
        .iter()
        .filter(|row| matches!(row.proof(Ask::Query), Proof::Delivered | Proof::Failed(_)))
        .map(|row| row.rc)
        .collect();
    assert_eq!(settling, ["00", "02", "74"]);
    let claims_no_order = |row: &Row| matches!(row.proof(Ask::Query), Proof::NoOrder(_) | Proof::TryLater(_));
    assert!(!TABLE.iter().any(claims_no_order));
}

#[test]
fn other_codes_are_not_in_the_table() {
    for rc in ["", "0", "000", "04", "42", "83", "98", "200", " 00", "ok"] {
        assert!(Row::of(rc).is_none(), "{rc:?}");
    }
}
