//! What an answer about an order proves. In doubt: nothing.

use domain::{Ask, Msisdn, PaymentAction, PaymentMethod, PaymentWay, Verdict};
use reqwest::Url;
use serde_json::Value;

use super::envelope::{self, Envelope, field, flag, moment, text};
use super::outcome_table::{Proof, Refund, Row, Said};
use super::wire::WireOrder;
use crate::answer::{EVIDENCE_LIMIT_BYTES, kept, rupiah, serial_number};
use crate::gateway::{Answer, Evidence, Exchange};
use crate::http::Reply;

/// The longest id of a transaction that is taken; real ones have 36 letters.
const ID_LIMIT_BYTES: usize = 100;
/// The longest link that is handed on.
const LINK_LIMIT_BYTES: usize = 2 * 1024;
/// The longest QR content that is handed on; EMVCo's has at most 512 letters.
const QR_LIMIT_BYTES: usize = 1024;
/// The schemes of links that may be shown to people: the web, and the apps of the wallets.
const LINK_SCHEMES: &[&str] = &["https", "dana", "gojek", "shopeeid", "ovo"];

/// An id of the provider that may be asked about.
pub(super) fn is_id(id: &str) -> bool {
    !id.is_empty() && id.len() <= ID_LIMIT_BYTES && id.chars().all(|c| c.is_ascii_graphic())
}

/// Judges a whole answer to a purchase.
pub(super) fn purchase(reply: &Reply, order: &WireOrder, redact: impl Fn(&str) -> String) -> Answer {
    let mut answer = unjudged(reply, redact);
    let envelope = match envelope::read(reply) {
        Ok(envelope) => envelope,
        Err(note) => return noted(answer, note),
    };
    if !envelope.is_ok {
        return judged(answer, Ask::FirstSend, Said::Code(&envelope.code));
    }
    let data = &envelope.data;
    if !is_about(data, order) {
        return noted(answer, "an answer about another order");
    }
    let Some(id) = text(field(data, "trx_id")).filter(|id| is_id(id)) else {
        return judged(answer, Ask::FirstSend, Said::WithoutId);
    };
    answer.evidence.provider_id = Some(id);
    answer.evidence.charged = rupiah(field(data, "package_processing_fee")).filter(|fee| fee.is_positive());
    answer.evidence.action = action(data, order.payment_method);
    judged(answer, Ask::FirstSend, Said::Taken)
}

/// Judges a whole answer to a question about a transaction.
pub(super) fn transaction(
    reply: &Reply,
    order: &WireOrder,
    id: &str,
    redact: impl Fn(&str) -> String,
) -> Answer {
    let mut answer = unjudged(reply, redact);
    answer.evidence.provider_id = Some(id.to_owned());
    let envelope = match envelope::read(reply) {
        Ok(envelope) => envelope,
        Err(note) => return noted(answer, note),
    };
    let Envelope { code, is_ok: true, data } = &envelope else {
        return judged(answer, Ask::Query, Said::Code(&envelope.code));
    };
    if text(field(data, "trx_id")).is_some_and(|told| told != id) || !is_about(data, order) {
        return noted(answer, "an answer about another order");
    }
    let status = envelope::whole(field(data, "status")).and_then(|status| u8::try_from(status).ok());
    let (Some(status), Some(is_refunded)) = (status, flag(field(data, "is_refunded"))) else {
        return noted(answer, "a field is missing or of another type");
    };
    tracing::debug!(code, status, is_refunded, "the gateway told of a transaction");
    answer.evidence.refunded =
        rupiah(field(data, "refund_amount")).filter(|amount| is_refunded && amount.is_positive());
    let serial_number = field(data, "sn_only").as_str().and_then(serial_number);
    let refund = if is_refunded { Refund::Yes } else { Refund::No };
    let mut answer = judged(answer, Ask::Query, Said::Status(status, refund));
    if let Verdict::Delivered { serial_number: told, .. } = &mut answer.verdict {
        *told = serial_number;
    }
    answer
}

/// The record of an answer, of which nothing is concluded yet.
fn unjudged(reply: &Reply, redact: impl Fn(&str) -> String) -> Answer {
    Answer {
        verdict: Verdict::Unknown,
        evidence: Evidence {
            http_status: Some(reply.status),
            code: envelope::code(&reply.body),
            body: kept(&redact(&String::from_utf8_lossy(&reply.body)), EVIDENCE_LIMIT_BYTES),
            exchange: Exchange::Answered,
            ..Evidence::default()
        },
    }
}

fn noted(mut answer: Answer, note: &str) -> Answer {
    note.clone_into(&mut answer.evidence.note);
    answer
}

/// Draws the conclusion that the table allows.
fn judged(mut answer: Answer, ask: Ask, said: Said<'_>) -> Answer {
    let Some(row) = Row::of(said) else {
        return noted(answer, "a code that the contract does not have");
    };
    let proof = row.proof(ask);
    answer.verdict = match proof {
        // What was charged was told when the order was taken.
        Proof::Delivered => Verdict::Delivered { serial_number: None, charged: None },
        Proof::Pending => Verdict::Pending,
        Proof::Failed(reason) => Verdict::Failed { reason },
        Proof::NoOrder(reason) => Verdict::NoOrder { reason },
        Proof::TryLater(reason) => Verdict::TryLater { reason },
        Proof::Unknown => Verdict::Unknown,
    };
    let note = if proof == Proof::Unknown { "an answer that proves nothing here" } else { "answered" };
    noted(answer, note)
}

/// Whether an answer speaks of our order. What it leaves out cannot contradict.
fn is_about(data: &Value, order: &WireOrder) -> bool {
    let told_code = text(field(data, "package_code"));
    // In whatever form it is written.
    let told_number = text(field(data, "msisdn")).and_then(|number| number.parse::<Msisdn>().ok());
    told_code.is_none_or(|told| told == order.package_code)
        && told_number.is_none_or(|told| told.international() == order.phone)
}

/// What the owner has to do. A link that nobody should follow is left out: the order is still asked about.
fn action(data: &Value, method: PaymentMethod) -> Option<PaymentAction> {
    if !method.is_paid_apart() {
        return None;
    }
    if flag(field(data, "is_qris")) == Some(true) {
        let qris = field(data, "qris_data");
        let content = text(field(qris, "qr_code")).filter(|content| is_qr_content(content))?;
        let expires_at = moment(field(qris, "payment_expired_at"));
        return Some(PaymentAction { way: PaymentWay::Qr(content), expires_at });
    }
    if flag(field(data, "have_deeplink")) == Some(true) {
        let link = text(field(field(data, "deeplink_data"), "deeplink_url")).filter(|link| is_link(link))?;
        return Some(PaymentAction { way: PaymentWay::Deeplink(link), expires_at: None });
    }
    let in_wallet = method.needs_wallet_number();
    in_wallet.then_some(PaymentAction { way: PaymentWay::InWallet, expires_at: None })
}

fn is_qr_content(content: &str) -> bool {
    content.len() <= QR_LIMIT_BYTES && content.bytes().all(|byte| (b' '..=b'~').contains(&byte))
}

fn is_link(link: &str) -> bool {
    let is_plain = link.len() <= LINK_LIMIT_BYTES && link.chars().all(|c| c.is_ascii_graphic());
    // Plain HTTP leads nowhere but to a simulator on the same machine.
    let is_local =
        |url: &Url| url.scheme() == "http" && matches!(url.host_str(), Some("127.0.0.1" | "localhost"));
    is_plain && Url::parse(link).is_ok_and(|url| LINK_SCHEMES.contains(&url.scheme()) || is_local(&url))
}
