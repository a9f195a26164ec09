//! `/readyz`: whether a proxy should send requests here. Everybody may ask, so it tells what is wrong by a word, never why,
//! and asks the database once a second at most.

use std::time::Duration;

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use http::StatusCode;
use serde::Serialize;
use store::{Error, Store};
use tokio::sync::Mutex;
use tokio::time::Instant;

use crate::web::Web;

const LOOK_EVERY: Duration = Duration::from_secs(1);
/// Proxies wait some seconds for the answer.
const DATABASE_WITHIN: Duration = Duration::from_secs(2);

/// What was found last.
#[derive(Default)]
pub(super) struct Cached(Mutex<Option<(Instant, Found)>>);

/// What was found in the database.
#[derive(Clone, Copy)]
struct Found {
    database: Part,
    migrations: Part,
    /// Whether a gateway could not be asked the last time.
    gateway: Part,
}

/// How a part is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
enum Part {
    Ok,
    Trouble,
    /// There is none, or nobody can tell.
    None,
}

/// The answer.
#[derive(Serialize)]
struct Report {
    status: &'static str,
    database: Part,
    migrations: Part,
    workers: Part,
    /// Only told: pages, top-ups and everything else go on without one.
    gateway: Part,
}

/// `GET /readyz`.
pub async fn show(State(web): State<Web>) -> Response {
    let leaving = web.monitor.leaving.is_cancelled();
    let found = web.monitor.ready.look(&web.store).await;
    let workers = if web.monitor.pulses.all_go_round() { Part::Ok } else { Part::Trouble };
    let gateway = if web.gateways.all().is_empty() { Part::None } else { found.gateway };
    let ready = [found.database, found.migrations, workers].iter().all(|part| *part == Part::Ok);
    let (code, status) = match (leaving, ready) {
        (true, _) => (StatusCode::SERVICE_UNAVAILABLE, "stopping"),
        (false, true) => (StatusCode::OK, "ready"),
        (false, false) => (StatusCode::SERVICE_UNAVAILABLE, "not ready"),
    };
    let Found { database, migrations, .. } = found;
    (code, Json(Report { status, database, migrations, workers, gateway })).into_response()
}

impl Cached {
    async fn look(&self, store: &Store) -> Found {
        let mut last = self.0.lock().await;
        if let Some((at, found)) = *last
            && at.elapsed() < LOOK_EVERY
        {
            return found;
        }
        let found = look(store).await;
        *last = Some((Instant::now(), found));
        found
    }
}

async fn look(store: &Store) -> Found {
    match tokio::time::timeout(DATABASE_WITHIN, ask(store)).await {
        Ok(Ok(found)) => found,
        Ok(Err(error)) => {
            tracing::warn!(%error, "not ready: the database does not answer as it should");
            Found::NOTHING
        }
        Err(_) => {
            tracing::warn!("not ready: the database does not answer in time");
            Found::NOTHING
        }
    }
}

async fn ask(store: &Store) -> Result<Found, Error> {
    let migrations = if store.schema_is_current().await? { Part::Ok } else { Part::Trouble };
    let troubled = store.gateway_states().await?.iter().any(|state| !state.deposit_problem.is_empty());
    let gateway = if troubled { Part::Trouble } else { Part::Ok };
    Ok(Found { database: Part::Ok, migrations, gateway })
}

impl Found {
    const NOTHING: Self = Self { database: Part::Trouble, migrations: Part::None, gateway: Part::None };
}
