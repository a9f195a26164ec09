use std::time::Duration;

use domain::PublicId;
use store::{Error, Evidence, RecordVerdict, Source, crash};
use xl::Answer;

use super::Engine;

/// What a gateway said, and about what.
pub(super) struct Heard {
    pub(super) purchase: PublicId,
    pub(super) attempt: i64,
    pub(super) source: Source,
    pub(super) answer: Answer,
}

/// Tries to write a verdict down while the database is in trouble. Past these the lease runs out and the purchase is
/// asked about again: nothing is lost but time.
const TRIES: u32 = 5;
const PAUSE: Duration = Duration::from_millis(500);

/// An adapter's evidence as it is kept.
pub(super) fn to_keep(evidence: xl::Evidence) -> Evidence {
    Evidence {
        http_status: evidence.http_status.map(i64::from),
        code: evidence.code,
        provider_id: evidence.provider_id,
        body: evidence.body,
        note: evidence.note,
        action: evidence.action,
        charged: evidence.charged,
        refunded: evidence.refunded,
    }
}

/// Writes down what was heard. `ask_every`: the shortest time between two questions about one order.
pub(super) async fn record(engine: &Engine, ask_every: Duration, heard: Heard) {
    let Answer { verdict, evidence } = heard.answer;
    tracing::info!(?verdict, code = evidence.code.as_deref(), note = %evidence.note, "the gateway answered");
    let verdict = RecordVerdict {
        purchase: heard.purchase,
        attempt: heard.attempt,
        source: heard.source,
        verdict,
        evidence: to_keep(evidence),
        ask_every_ms: i64::try_from(ask_every.as_millis()).unwrap_or(i64::MAX),
    };
    for attempt in 1..=TRIES {
        match engine.store.run(verdict.clone()).await {
            Ok(state) => {
                crash::point("settled");
                tracing::info!(state = state.as_str(), "recorded");
                return;
            }
            Err(error @ Error::Refused(_)) => {
                tracing::error!(%error, "a verdict was refused");
                return;
            }
            Err(error) => tracing::error!(%error, attempt, "a verdict could not be recorded"),
        }
        tokio::time::sleep(PAUSE * attempt).await;
    }
}
