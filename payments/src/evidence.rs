//! What an answer rests on, without the shop's secrets.

use wire::{Lost, Reply, kept};

use crate::gateway::{PayAnswer, PayError, PayEvidence};

/// How much of an answer's body is kept.
pub(crate) const EVIDENCE_LIMIT_BYTES: usize = 4 * 1024;
/// The longest code that is kept.
const CODE_LIMIT_BYTES: usize = 16;
/// What stands where a secret stood.
const REDACTED: &str = "[redacted]";

/// An answer that came, judged.
pub(crate) fn answered<V>(
    (verdict, note): (V, &'static str),
    reply: &Reply,
    code: Option<&str>,
    secrets: &[&str],
) -> PayAnswer<V> {
    // Secrets go before the cut, so that a cut leaves no beginning of one behind.
    let body = redact(&String::from_utf8_lossy(&reply.body), secrets);
    PayAnswer {
        verdict,
        evidence: PayEvidence {
            http_status: Some(reply.status),
            code: code.map(|code| kept(code, CODE_LIMIT_BYTES)),
            body: kept(&body, EVIDENCE_LIMIT_BYTES),
            note: note.to_owned(),
        },
    }
}

/// No whole answer came.
pub(crate) fn lost<V>(verdict: V, lost: Lost) -> PayAnswer<V> {
    let http_status = lost.http_status();
    PayAnswer {
        verdict,
        evidence: PayEvidence { http_status, note: lost.note().to_owned(), ..PayEvidence::default() },
    }
}

/// Nothing was sent, by our own decision.
pub(crate) fn not_sent<V>(verdict: V, note: &str) -> PayAnswer<V> {
    PayAnswer { verdict, evidence: PayEvidence { note: note.to_owned(), ..PayEvidence::default() } }
}

/// Why a question about no order got no whole answer.
pub(crate) const fn error_of(lost: Lost) -> PayError {
    match lost {
        Lost::NotConnected | Lost::Timeout { .. } | Lost::Broken { .. } => PayError::NotReached,
        Lost::TooLong { .. } => PayError::Unreadable,
    }
}

fn redact(text: &str, secrets: &[&str]) -> String {
    secrets
        .iter()
        .filter(|secret| !secret.is_empty())
        .fold(text.to_owned(), |text, secret| text.replace(secret, REDACTED))
}
