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
use http::header::{CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_TYPE};
use store::{Figures, Page, Report, Store, Transaction, TransactionFilter, What};

use super::day_csv::harmless;
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
    attachment("transaksi.csv", Body::from_stream(parts))
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
        Ok(bytes) => attachment(&format!("laporan-{}.csv", month.written()), bytes.into()),
        Err(error) => identity::fault(&error),
    }
}

fn only_admins(session: &app::Session) -> Result<(), Refusal> {
    match &session.user {
        None => Err(Refusal::SignInNeeded),
        Some(user) if user.role == Role::Admin => Ok(()),
        Some(_) => Err(Refusal::NotFound),
    }
}

fn attachment(name: &str, body: Body) -> Response {
    let name = format!("attachment; filename=\"{name}\"");
    let headers = [
        (CONTENT_TYPE, "text/csv; charset=utf-8"),
        (CONTENT_DISPOSITION, name.as_str()),
        (CACHE_CONTROL, "private, no-store"),
    ];
    (headers, body).into_response()
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

/// As RFC 4180 has it. Words are made harmless; amounts are our own digits, and a minus before them is no formula.
fn transactions_written(items: &[Transaction], head: bool, cut: bool) -> Result<Vec<u8>, csv::Error> {
    let mut file =
        csv::WriterBuilder::new().flexible(true).terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    if head {
        file.write_record(TRANSACTION_COLUMNS)?;
    }
    for item in items {
        let (words, cost) = words_of(item);
        let [kind, id, what, number, gateway, state, by] = words;
        let words = [kind, id, time_wib(item.at), item.user.clone(), what, number, gateway, state];
        let words = words.iter().map(|cell| harmless(cell).into_owned());
        let amounts =
            [item.amount.get().to_string(), cost.map(|cost| cost.get().to_string()).unwrap_or_default()];
        let by = std::iter::once(harmless(&by).into_owned());
        file.write_record(words.chain(amounts).chain(by))?;
    }
    if cut {
        file.write_record([format!("# {FILE_ROWS_MOST} rows at most: narrow the dates for the rest")])?;
    }
    file.into_inner().map_err(|error| error.into_error().into())
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
    let mut file = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    file.write_record(REPORT_COLUMNS)?;
    for line in &report.lines {
        file.write_record(line_of(wib_day::written(line.day), &line.figures, line.closing))?;
    }
    file.write_record(line_of("total".to_owned(), &report.total, report.closing))?;
    file.into_inner().map_err(|error| error.into_error().into())
}

fn line_of(day: String, figures: &Figures, closing: Rupiah) -> [String; 14] {
    let rupiah = |amount: Rupiah| amount.get().to_string();
    [
        day,
        figures.delivered.to_string(),
        figures.failed.to_string(),
        rupiah(figures.sales),
        rupiah(figures.cost),
        rupiah(figures.fees),
        rupiah(figures.payer_fees),
        rupiah(figures.profit()),
        figures.topup_count.to_string(),
        rupiah(figures.topups),
        rupiah(figures.corrections),
        rupiah(figures.returned),
        rupiah(closing),
        figures.placed.to_string(),
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
        assert_eq!(rows[2], "# 20000 rows at most: narrow the dates for the rest");
    }
}
