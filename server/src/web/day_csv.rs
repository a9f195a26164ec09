//! A payment gateway's day as a file for a spreadsheet.

use std::borrow::Cow;

use app::wib_day;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use domain::{Refusal, Role, Rupiah};
use http::HeaderMap;
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use serde::Deserialize;
use store::{DayLine, Error};

use super::{Web, answers, identity};

/// What the address asks for.
#[derive(Deserialize)]
pub struct Asked {
    #[serde(default)]
    day: String,
}

/// `GET /admin/payments/{name}/day.csv?day=2026-01-05`. A day has 20,000 payments at most, so it is made in one piece.
pub async fn show(
    State(web): State<Web>,
    Extension(session): Extension<app::Session>,
    Path(gateway): Path<String>,
    Query(asked): Query<Asked>,
    headers: HeaderMap,
) -> Response {
    let Some(user) = session.user else {
        return answers::refused(&headers, &Refusal::SignInNeeded);
    };
    let day = wib_day::parse(&asked.day).filter(|_| user.role == Role::Admin);
    let Some(day) = day else {
        return answers::refused(&headers, &Refusal::NotFound);
    };
    let known = web.store.pay_gateways().await;
    let report = match known {
        Ok(known) if known.iter().any(|setting| setting.name == gateway) => {
            web.store.pay_day(&gateway, day).await
        }
        Ok(_) => Err(Refusal::NotFound.into()),
        Err(error) => Err(error),
    };
    let report = match report {
        Ok(report) => report,
        Err(Error::Refused(refusal)) => return answers::refused(&headers, &refusal),
        Err(error) => return identity::fault(&error),
    };
    match written(&report.lines) {
        Ok(bytes) => {
            // The name is one that was set up: small letters, digits and dashes.
            let name = format!("attachment; filename=\"{gateway}-{}.csv\"", wib_day::written(day));
            let headers = [
                (CONTENT_TYPE, "text/csv; charset=utf-8"),
                (CONTENT_DISPOSITION, name.as_str()),
                (CACHE_CONTROL, "private, no-store"),
            ];
            (headers, bytes).into_response()
        }
        Err(error) => identity::fault(&error),
    }
}

/// As RFC 4180 has it.
fn written(lines: &[DayLine]) -> Result<Vec<u8>, csv::Error> {
    let mut file = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    file.write_record(["order_id", "topup", "ours_rupiah", "theirs_rupiah", "agrees"])?;
    for line in lines {
        let amount =
            |amount: Option<Rupiah>| amount.map(|amount| amount.get().to_string()).unwrap_or_default();
        let topup = line.topup.as_ref().map(ToString::to_string).unwrap_or_default();
        let agrees = if line.agrees() { "yes" } else { "no" };
        let (ours, theirs) = (amount(line.ours), amount(line.theirs));
        let cells = [line.order_id.as_str(), &topup, &ours, &theirs, agrees];
        file.write_record(cells.map(|cell| harmless(cell).into_owned()))?;
    }
    file.into_inner().map_err(|error| error.into_error().into())
}

/// A spreadsheet takes a cell that begins so for a formula, and an order's id may be a stranger's words.
pub(super) fn harmless(cell: &str) -> Cow<'_, str> {
    if cell.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        Cow::Owned(format!("'{cell}"))
    } else {
        Cow::Borrowed(cell)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula() {
        let line = |order_id: &str, ours: Option<i64>| DayLine {
            order_id: order_id.into(),
            topup: None,
            ours: ours.map(Rupiah::new),
            theirs: Some(Rupiah::new(50_000)),
        };
        let lines = [line("=cmd|' /C calc'!A0", None), line("a,\"b", Some(50_000)), line("\t@x", Some(-5))];
        let text = String::from_utf8(written(&lines).unwrap()).unwrap();
        let rows: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(
            rows,
            [
                "order_id,topup,ours_rupiah,theirs_rupiah,agrees",
                "'=cmd|' /C calc'!A0,,,50000,no",
                "\"a,\"\"b\",,50000,50000,yes",
                "'\t@x,,'-5,50000,no",
                "",
            ]
        );
    }
}
