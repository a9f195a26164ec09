//! The list of transactions and a month's report as files for a spreadsheet.

use std::collections::HashMap;

use app::month::Month;
use app::transactions::{Asked, FILE_ROWS_MOST};
use app::{format, wib_day};
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use domain::{DAY_MS, HOUR_MS, Refusal, Role, Rupiah, UtcMillis, start_of_wib_day};
use futures_util::stream;
use http::HeaderMap;
use store::{Figures, Page, Report, Store, Transaction, TransactionFilter, What};

use super::csv_file::{self, Cell, Dialect, Rows};
use super::{Web, answers, identity};

/// Rows that are read and written at a time.
const PAGE_ROWS: i64 = 500;

/// `GET /admin/transactions.csv?…`, with the filters of the page. Streamed in parts: no file is ever whole in memory.
pub async fn transactions(
    State(web): State<Web>,
    Extension(session): Extension<app::Session>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    if let Err(refusal) = only_admins(&session) {
        return answers::refused(&headers, &refusal);
    }
    let asked = Asked::read(|name| query.get(name).map_or("", String::as_str));
    let filter = match asked.filter(&web.store).await {
        Ok(Ok(filter)) => TransactionFilter { limit: PAGE_ROWS, ..filter },
        Ok(Err(_)) => return answers::refused(&headers, &Refusal::NotFound),
        Err(error) => return identity::fault(&error),
    };
    // The first part is read now: what fails later can only end the file early.
    let first = match web.store.transactions(&filter).await {
        Ok(first) => first,
        Err(error) => return identity::fault(&error),
    };
    let file = File { store: web.store.clone(), filter, next: Some(first), head: true, left: FILE_ROWS_MOST };
    let parts = stream::try_unfold(file, |file| async move {
        let part = file.part().await;
        part.inspect_err(|error| tracing::error!(%error, "a file of transactions ended early"))
    });
    (csv_file::headers("transaksi.csv"), Body::from_stream(parts)).into_response()
}

/// `GET /admin/report.csv?month=2026-11`. A month has 31 days at most, so it is made in one piece.
pub async fn month(
    State(web): State<Web>,
    Extension(session): Extension<app::Session>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    if let Err(refusal) = only_admins(&session) {
        return answers::refused(&headers, &refusal);
    }
    let Some(month) = query.get("month").and_then(|text| Month::parse(text)) else {
        return answers::refused(&headers, &Refusal::NotFound);
    };
    let tomorrow = start_of_wib_day(web.store.now()).plus_ms(DAY_MS);
    let report = match web.store.report(month.from(), month.until().min(tomorrow)).await {
        Ok(report) => report,
        Err(error) => return identity::fault(&error),
    };
    match report_written(&report) {
        Ok(bytes) => (csv_file::headers(&format!("laporan-{}.csv", month.written())), bytes).into_response(),
        Err(error) => identity::fault(&error),
    }
}

fn only_admins(session: &app::Session) -> Result<(), Refusal> {
    match session.signed_in() {
        None => Err(Refusal::SignInNeeded),
        Some(user) if user.role == Role::Admin => Ok(()),
        Some(_) => Err(Refusal::NotFound),
    }
}

/// A file of transactions, as far as it is still to be written.
struct File {
    store: Store,
    filter: TransactionFilter,
    next: Option<Page<Transaction>>,
    head: bool,
    left: usize,
}

impl File {
    /// The next part, and what is left after it.
    async fn part(mut self) -> Result<Option<(Bytes, Self)>, std::io::Error> {
        let Some(Page { mut items, next }) = self.next.take() else { return Ok(None) };
        let whole = items.len();
        items.truncate(self.left);
        self.left -= items.len();
        let cut = items.len() < whole || (self.left == 0 && next.is_some());
        let bytes = transactions_written(&items, self.head, cut).map_err(std::io::Error::other)?;
        self.head = false;
        if let Some(next) = next.filter(|_| !cut) {
            self.filter.after = Some(next);
            self.next = Some(self.store.transactions(&self.filter).await.map_err(std::io::Error::other)?);
        }
        Ok(Some((bytes.into(), self)))
    }
}

const TRANSACTION_COLUMNS: [&str; 11] = [
    "kind",
    "id",
    "time_wib",
    "user",
    "what",
    "number",
    "gateway",
    "state",
    "amount_rupiah",
    "cost_rupiah",
    "by",
];

/// For programs and spreadsheets alike, so as RFC 4180 has it.
fn transactions_written(items: &[Transaction], head: bool, cut: bool) -> Result<Vec<u8>, csv::Error> {
    let mut rows = if head { Rows::first(Dialect::Plain) } else { Rows::more(Dialect::Plain) };
    if head {
        rows.add(TRANSACTION_COLUMNS.map(Cell::Text))?;
    }
    for item in items {
        let (words, cost) = words_of(item);
        let [kind, id, what, number, gateway, state, by] = &words;
        let time = time_wib(item.at);
        let [kind, id, time, user, what, number, gateway, state, by] =
            [kind, id, &time, &item.user, what, number, gateway, state, by].map(|word| Cell::Text(word));
        let amount = Cell::Number(item.amount.get());
        let cost = cost.map_or(Cell::Nothing, |cost| Cell::Number(cost.get()));
        rows.add([kind, id, time, user, what, number, gateway, state, amount, cost, by])?;
    }
    if cut {
        let mut note = [Cell::Nothing; TRANSACTION_COLUMNS.len()];
        let words = format!("# {FILE_ROWS_MOST} rows at most: narrow the dates for the rest");
        note[0] = Cell::Text(&words);
        rows.add(note)?;
    }
    rows.into_bytes()
}

/// Kind, id, what, number, gateway, state, by whom; and the cost.
fn words_of(item: &Transaction) -> ([String; 7], Option<Rupiah>) {
    let kind = item.what.kind().as_str().to_owned();
    let none = String::new;
    match &item.what {
        What::Purchase { id, package, msisdn, gateway, state, cost } => (
            [
                kind,
                id.to_string(),
                package.clone(),
                msisdn.local(),
                gateway.clone(),
                state.as_str().to_owned(),
                none(),
            ],
            *cost,
        ),
        What::Topup { id, method, gateway, state } => (
            [
                kind,
                id.to_string(),
                method.as_str().to_owned(),
                none(),
                gateway.clone().unwrap_or_default(),
                state.as_str().to_owned(),
                none(),
            ],
            None,
        ),
        What::Correction { reason, by } => {
            ([kind, none(), reason.clone(), none(), none(), none(), by.clone().unwrap_or_default()], None)
        }
    }
}

/// `2026-05-05T13:42:07+07:00`.
fn time_wib(at: UtcMillis) -> String {
    format::iso(at.plus_ms(7 * HOUR_MS)).replace('Z', "+07:00")
}

const REPORT_COLUMNS: [&str; 14] = [
    "day_wib",
    "delivered",
    "failed",
    "sales_rupiah",
    "cost_rupiah",
    "payment_fees_rupiah",
    "paid_by_payers_rupiah",
    "profit_rupiah",
    "topups",
    "topups_rupiah",
    "corrections_rupiah",
    "taken_back_rupiah",
    "customers_balances_rupiah",
    "placed",
];

fn report_written(report: &Report) -> Result<Vec<u8>, csv::Error> {
    let mut rows = Rows::first(Dialect::Plain);
    rows.add(REPORT_COLUMNS.map(Cell::Text))?;
    for line in &report.lines {
        rows.add(line_of(&wib_day::written(line.day), &line.figures, line.closing))?;
    }
    rows.add(line_of("total", &report.total, report.closing))?;
    rows.into_bytes()
}

fn line_of<'d>(day: &'d str, figures: &Figures, closing: Rupiah) -> [Cell<'d>; REPORT_COLUMNS.len()] {
    let rupiah = |amount: Rupiah| Cell::Number(amount.get());
    [
        Cell::Text(day),
        Cell::Number(figures.delivered),
        Cell::Number(figures.failed),
        rupiah(figures.sales),
        rupiah(figures.cost),
        rupiah(figures.fees),
        rupiah(figures.payer_fees),
        rupiah(figures.profit()),
        Cell::Number(figures.topup_count),
        rupiah(figures.topups),
        rupiah(figures.corrections),
        rupiah(figures.returned),
        rupiah(closing),
        Cell::Number(figures.placed),
    ]
}

#[cfg(test)]
mod tests {
    use domain::PublicId;

    use super::*;

    #[test]
    fn words_are_no_formulas_and_amounts_stay_amounts() {
        let correction = Transaction {
            at: UtcMillis(1_777_963_327_000),
            user: "siti".into(),
            user_id: PublicId::from_random(7),
            amount: Rupiah::new(-5_000),
            what: What::Correction { reason: "=cmd|' /C calc'!A0".into(), by: Some("bos".into()) },
        };
        let text = String::from_utf8(transactions_written(&[correction], true, true).unwrap()).unwrap();
        let rows: Vec<&str> = text.split("\r\n").collect();
        assert_eq!(rows[0], TRANSACTION_COLUMNS.join(","));
        assert_eq!(rows[1], "correction,,2026-05-05T13:42:07+07:00,siti,'=cmd|' /C calc'!A0,,,,-5000,,bos");
        assert!(rows[2].starts_with("# 20000 rows at most: narrow the dates for the rest,"), "{text}");
    }
}
