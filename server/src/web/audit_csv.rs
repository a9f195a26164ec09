//! The audit log as a file for a spreadsheet.

use app::audit::AuditAsked;
use app::{AppError, format};
use axum::Extension;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use domain::{Refusal, Role};
use http::HeaderMap;
use store::{AuditFilter, AuditRow, Store};

use super::csv_file::{self, Cell, Dialect, Rows};
use super::{Web, answers, identity};

/// Rows of one file.
const ROWS_MOST: usize = 10_000;
/// Rows read at a time.
const PAGE_ROWS: i64 = 500;
/// Pages read for one file: a search that finds little in a long log ends here.
const PAGES_MOST: usize = 40;

/// `GET /admin/audit.csv`, with the filters of the page: the newest rows that match.
pub async fn show(
    State(web): State<Web>,
    Extension(session): Extension<app::Session>,
    Query(asked): Query<AuditAsked>,
    headers: HeaderMap,
) -> Response {
    match session.signed_in() {
        None => return answers::refused(&headers, &Refusal::SignInNeeded),
        Some(user) if user.role != Role::Admin => return answers::refused(&headers, &Refusal::NotFound),
        Some(_) => {}
    }
    let rows = match asked.filter(&web.store).await {
        Ok(Some(filter)) => found(&web.store, filter).await,
        Ok(None) => Ok(Vec::new()),
        Err(AppError::Refused(refusal)) => return answers::refused(&headers, &refusal),
        Err(error) => return identity::fault(&error),
    };
    let rows = match rows {
        Ok(rows) => rows,
        Err(error) => return identity::fault(&error),
    };
    match written(&rows) {
        Ok(bytes) => (csv_file::headers("audit.csv"), bytes).into_response(),
        Err(error) => identity::fault(&error),
    }
}

async fn found(store: &Store, filter: AuditFilter) -> Result<Vec<AuditRow>, store::Error> {
    let mut filter = AuditFilter { limit: PAGE_ROWS, ..filter };
    let mut rows = Vec::new();
    for _ in 0..PAGES_MOST {
        let page = store.audit_log(&filter).await?;
        rows.extend(page.items);
        filter.after = page.next;
        if filter.after.is_none() || rows.len() >= ROWS_MOST {
            break;
        }
    }
    rows.truncate(ROWS_MOST);
    Ok(rows)
}

/// As RFC 4180 has it.
fn written(rows: &[AuditRow]) -> Result<Vec<u8>, csv::Error> {
    let mut file = Rows::first(Dialect::Plain);
    file.add(["time", "actor", "action", "object", "detail", "sealed"].map(Cell::Text))?;
    for row in rows {
        let time = format::iso(row.at);
        let actor = row.actor.as_ref().map_or("", |actor| actor.username.as_str());
        // Numbers of rows stay inside.
        let person = row.person.as_ref().map(|person| format!("user:{}", person.username));
        let object = person.as_deref().unwrap_or(&row.object);
        let sealed = if row.sealed { "yes" } else { "no" };
        let cells = [time.as_str(), actor, &row.action, object, &row.detail, sealed];
        file.add(cells.map(Cell::Text))?;
    }
    file.into_bytes()
}
