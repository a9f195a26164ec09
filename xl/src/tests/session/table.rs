//! Every row, typed a second time, so that a slip of the hand in the table is seen.

use domain::Ask;

use crate::session::outcome_table::{Proof, Refund, Row, Said, TABLE};

/// What was said, the proof of a first send, the proof of a query.
const EXPECTED: &[(&str, &str, &str)] = &[
    ("taken", "pending", "unknown"),
    ("without id", "unknown", "unknown"),
    ("status 1", "unknown", "delivered"),
    ("status 1 refunded", "unknown", "unknown"),
    ("status 2", "unknown", "pending"),
    ("status 2 refunded", "unknown", "unknown"),
    ("status 0", "unknown", "failed provider_failed"),
    ("status 0 refunded", "unknown", "failed provider_failed"),
    ("400", "unknown", "unknown"),
    ("401", "later: session_ended", "unknown"),
    ("402", "no order: pulsa_too_low", "unknown"),
    ("403", "no order: shop_key", "unknown"),
    ("404", "no order: package_unavailable", "unknown"),
    ("405", "no order: package_unavailable", "unknown"),
    ("406", "no order: wrong_operator", "unknown"),
    ("407", "no order: bad_number", "unknown"),
    ("409", "later: session_ended", "unknown"),
    ("417", "no order: price_rose", "unknown"),
    ("419", "later: session_ended", "unknown"),
    ("422", "unknown", "unknown"),
    ("424", "no order: active_package", "unknown"),
    ("429", "later: provider_busy", "unknown"),
    ("431", "no order: daily_limit", "unknown"),
    ("432", "no order: outside_area", "unknown"),
    ("434", "no order: out_of_stock", "unknown"),
    ("435", "no order: cut_off", "unknown"),
    ("436", "no order: shop_deposit", "unknown"),
    ("437", "no order: shop_address", "unknown"),
    ("438", "unknown", "unknown"),
    ("503", "later: provider_busy", "unknown"),
];

fn said(said: Said<'_>) -> String {
    match said {
        Said::Taken => "taken".to_owned(),
        Said::WithoutId => "without id".to_owned(),
        Said::Status(status, Refund::No) => format!("status {status}"),
        Said::Status(status, Refund::Yes) => format!("status {status} refunded"),
        Said::Code(code) => code.to_owned(),
    }
}

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
        .map(|row| (said(row.said), words(row.proof(Ask::FirstSend)), words(row.proof(Ask::Query))))
        .collect();
    let expected: Vec<_> = EXPECTED
        .iter()
        .map(|&(said, first_send, query)| (said.to_owned(), first_send.to_owned(), query.to_owned()))
        .collect();
    assert_eq!(table, expected);
    assert!(TABLE.iter().all(|row| !row.meaning.is_empty()));
}

#[test]
fn a_purchase_is_never_delivered_at_once_and_a_query_never_proves_no_order() {
    for row in TABLE {
        let first_send = row.proof(Ask::FirstSend);
        assert!(!matches!(first_send, Proof::Delivered | Proof::Failed(_)), "{:?}", row.said);
        let query = row.proof(Ask::Query);
        assert!(!matches!(query, Proof::NoOrder(_) | Proof::TryLater(_)), "{:?}", row.said);
    }
}

#[test]
fn other_things_are_not_in_the_table() {
    for code in ["", "0", "200", "201", "418", "500", "502", "504", " 402", "ok"] {
        assert!(Row::of(Said::Code(code)).is_none(), "{code:?}");
    }
    assert!(Row::of(Said::Status(3, Refund::No)).is_none());
}
