//! Every row, typed a second time, so that a slip of the hand in the table is seen.

use domain::{CancelVerdict, RefundVerdict};

use crate::midtrans::outcome::{Charge, Row, Status, TABLE};

/// Code, and what it proves of a charge, a status question, a cancellation and a refund.
const EXPECTED: &[(&str, &str, &str, &str, &str)] = &[
    ("200", "made", "found", "cancelled", "done"),
    ("201", "made", "found", "unknown", "unknown"),
    ("202", "made", "found", "unknown", "unknown"),
    ("400", "refused: request", "unknown", "unknown", "unknown"),
    ("401", "refused: login", "unknown", "unknown", "unknown"),
    ("402", "refused: method", "unknown", "unknown", "refused"),
    ("404", "unknown", "no such order", "no such order", "unknown"),
    ("406", "exists", "unknown", "unknown", "unknown"),
    ("407", "unknown", "found", "too late", "unknown"),
    ("412", "unknown", "unknown", "too late", "unknown"),
    ("429", "not now", "unknown", "unknown", "unknown"),
];

fn charge(charge: Charge) -> String {
    match charge {
        Charge::Made => "made".to_owned(),
        Charge::Exists => "exists".to_owned(),
        Charge::Refused(refusal) => format!("refused: {}", refusal.as_str()),
        Charge::NotNow => "not now".to_owned(),
        Charge::Unknown => "unknown".to_owned(),
    }
}

const fn status(status: Status) -> &'static str {
    match status {
        Status::Found => "found",
        Status::NoSuchOrder => "no such order",
        Status::Unknown => "unknown",
    }
}

const fn cancel(verdict: CancelVerdict) -> &'static str {
    match verdict {
        CancelVerdict::Cancelled => "cancelled",
        CancelVerdict::TooLate => "too late",
        CancelVerdict::NoSuchOrder => "no such order",
        CancelVerdict::Unknown => "unknown",
    }
}

const fn refund(verdict: RefundVerdict) -> &'static str {
    match verdict {
        RefundVerdict::Done => "done",
        RefundVerdict::Refused => "refused",
        RefundVerdict::Unknown => "unknown",
    }
}

#[test]
fn every_row_in_all_columns() {
    let table: Vec<_> = TABLE
        .iter()
        .map(|row| (row.code, charge(row.charge), status(row.status), cancel(row.cancel), refund(row.refund)))
        .collect();
    let expected: Vec<_> = EXPECTED.iter().map(|&(code, a, b, c, d)| (code, a.to_owned(), b, c, d)).collect();
    assert_eq!(table, expected);
    assert!(TABLE.iter().all(|row| !row.meaning.is_empty()));
}

#[test]
fn other_codes_are_not_in_the_table() {
    for code in ["", "20", "2000", "203", "300", "403", "411", "500", "503", " 200", "ok"] {
        assert!(Row::of(code).is_none(), "{code:?}");
    }
}
