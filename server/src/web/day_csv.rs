//! A payment gateway's day as a file for a spreadsheet.

use app::wib_day;
use axum::Extension;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse, Response};
use domain::{Refusal, Role, Rupiah};
use http::HeaderMap;
use serde::Deserialize;
use store::{DayLine, Error};

use super::csv_file::{self, Cell, Dialect, Rows};
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
    let Some(user) = session.signed_in() else {
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
            let name = format!("{gateway}-{}.csv", wib_day::written(day));
            (csv_file::headers(&name), bytes).into_response()
        }
        Err(error) => identity::fault(&error),
    }
}

/// For programs and spreadsheets alike, so as RFC 4180 has it. An order's id may be a stranger's words.
fn written(lines: &[DayLine]) -> Result<Vec<u8>, csv::Error> {
    let mut rows = Rows::first(Dialect::Plain);
    rows.add(["order_id", "topup", "ours_rupiah", "theirs_rupiah", "agrees"].map(Cell::Text))?;
    let amount = |amount: Option<Rupiah>| amount.map_or(Cell::Nothing, |amount| Cell::Number(amount.get()));
    for line in lines {
        let topup = line.topup.as_ref().map(ToString::to_string).unwrap_or_default();
        let agrees = if line.agrees() { "yes" } else { "no" };
        rows.add([
            Cell::Text(&line.order_id),
            Cell::Text(&topup),
            amount(line.ours),
            amount(line.theirs),
            Cell::Text(agrees),
        ])?;
    }
    rows.into_bytes()
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
                "'\t@x,,-5,50000,no",
                "",
            ]
        );
    }
}
