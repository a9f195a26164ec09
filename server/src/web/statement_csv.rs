//! A user's own statement as a file for a spreadsheet.

use std::collections::HashMap;
use std::io;

use app::statement::{Asked, BadDays};
use app::{days, format, i18n::T};
use axum::Extension;
use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use domain::{FieldCode, Refusal, Rupiah, Zone};
use futures_util::stream;
use http::HeaderMap;
use store::{Cause, Direction, Error, StatementLine, StatementSpan, Store, User};

use super::csv_file::{self, Cell, Dialect, Rows};
use super::{Web, answers, identity};

/// Movements in one piece. Each is a short read of its own, so that a long file holds up nobody.
const IN_A_PIECE: i64 = 500;

/// `GET /statement/export.csv` with what the page's address asks for. Sent piece by piece, from the newest movement back; what is
/// posted meanwhile is not in it.
pub async fn show(
    State(web): State<Web>,
    Extension(session): Extension<app::Session>,
    Query(query): Query<HashMap<String, String>>,
    headers: HeaderMap,
) -> Response {
    let Some(user) = session.reader().cloned() else {
        return answers::refused(&headers, &Refusal::SignInNeeded);
    };
    let asked = Asked::of(|name| query.get(name).map_or("", String::as_str));
    let now = web.store.now();
    let bounds = match asked.bounds(now, user.zone) {
        Ok(bounds) => bounds,
        Err(bad) => {
            let field = if bad == BadDays::From { "from" } else { "to" };
            return answers::refused(&headers, &Refusal::field(field, FieldCode::NotAChoice));
        }
    };
    let span = match web.store.statement_span(user.id, bounds.0, bounds.1).await {
        Ok(span) => span,
        Err(error) => return identity::fault(&error),
    };
    let name = Asked::file_name(bounds, now, user.zone, T(user.lang));
    let file = File { store: web.store.clone(), user, span, direction: asked.direction, next: Next::Head };
    (csv_file::headers(&name), Body::from_stream(stream::try_unfold(file, File::piece))).into_response()
}

/// A file that is being sent.
struct File {
    store: Store,
    user: User,
    span: StatementSpan,
    direction: Option<Direction>,
    next: Next,
}

/// What comes next.
enum Next {
    /// The names of the columns, and the newest movements.
    Head,
    /// The movements after this one.
    After(String),
    Nothing,
}

impl File {
    /// An error ends the answer before its end, so that nobody takes half a file for a whole one.
    async fn piece(self) -> io::Result<Option<(Bytes, Self)>> {
        self.made().await.map_err(|error| {
            tracing::error!(cause = %error, "a statement's file was cut off");
            io::Error::other("cut off")
        })
    }

    async fn made(mut self) -> Result<Option<(Bytes, Self)>, Box<dyn std::error::Error + Send + Sync>> {
        let dialect = Dialect::Sheet(self.user.lang);
        let (mut rows, after) = match self.next {
            Next::Head => {
                let mut rows = Rows::first(dialect);
                head(&mut rows, &self.user)?;
                (rows, None)
            }
            Next::After(cursor) => (Rows::more(dialect), Some(cursor)),
            Next::Nothing => return Ok(None),
        };
        let page = self.store.movements(self.span, self.direction, after, IN_A_PIECE).await;
        let page = page.map_err(|error: Error| error.to_string())?;
        for line in &page.items {
            row(&mut rows, line, &self.user)?;
        }
        self.next = page.next.map_or(Next::Nothing, Next::After);
        Ok(Some((rows.into_bytes()?.into(), self)))
    }
}

fn head(rows: &mut Rows, user: &User) -> Result<(), csv::Error> {
    let t = T(user.lang);
    let time = t.csv_time(user.zone.label());
    rows.add([
        Cell::Text(&time),
        Cell::Text(t.csv_movement()),
        Cell::Text(t.csv_number()),
        Cell::Text(t.csv_in()),
        Cell::Text(t.csv_out()),
        Cell::Text(t.csv_balance()),
        Cell::Text(t.csv_debt()),
        Cell::Text(t.csv_note()),
    ])
}

/// In and out have a column each, as banks write it: both can be added up as they are.
fn row(rows: &mut Rows, line: &StatementLine, user: &User) -> Result<(), csv::Error> {
    let amount = line.amount.get();
    let (came_in, went_out) = match amount {
        1.. => (Cell::Number(amount), Cell::Nothing),
        0 => (Cell::Nothing, Cell::Nothing),
        _ => (Cell::Nothing, Cell::Number(amount.saturating_neg())),
    };
    let number = line.cause.as_ref().map(|cause| match cause {
        Cause::Purchase(id) | Cause::Topup(id) | Cause::Correction(id) => id.to_string(),
    });
    // An admin's words about a refund are for admins.
    let note = if line.kind == "adjust" { line.memo.as_str() } else { "" };
    let debt = if line.debt == Rupiah::ZERO { Cell::Nothing } else { Cell::Number(line.debt.get()) };
    rows.add([
        Cell::Text(&moment(line, user.zone)),
        Cell::Text(T(user.lang).movement(&line.kind)),
        Cell::Text(number.as_deref().unwrap_or_default()),
        came_in,
        went_out,
        Cell::Number(line.balance_after.get()),
        debt,
        Cell::Text(note),
    ])
}

/// `2026-05-05 13:42:07`, which every spreadsheet takes for a moment.
fn moment(line: &StatementLine, zone: Zone) -> String {
    format!("{} {}", days::written(line.at, zone), format::clock(line.at, zone))
}
