use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use hmac::{Hmac, KeyInit, Mac};
use serde_json::{Value, json};
use sha1::Sha1;
use tokio::sync::mpsc;

use crate::digiflazz::hex;

/// Webhooks that may wait to be sent; more are dropped and counted, as a busy gateway does.
const WAITING_WEBHOOKS: usize = 1_024;
/// How long the shop may take to answer one.
const WEBHOOK_TIMEOUT: Duration = Duration::from_secs(5);

/// What happened to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Event {
    /// It was made.
    Create,
    /// It changed.
    Update,
}

/// The bounded queue of webhooks. Each is sent once; repeats and disorder come with the gateway's full misbehaviour.
pub(crate) struct Webhooks {
    secret: String,
    sender: mpsc::Sender<Telling>,
    receiver: Mutex<Option<mpsc::Receiver<Telling>>>,
    counts: Arc<Counts>,
}

#[derive(Default)]
struct Counts {
    sent: AtomicU64,
    failed: AtomicU64,
    dropped: AtomicU64,
}

struct Telling {
    url: String,
    event: Event,
    delivery_id: String,
    body: Vec<u8>,
    signature: String,
}

impl Webhooks {
    pub(crate) fn new(secret: &str) -> Self {
        let (sender, receiver) = mpsc::channel(WAITING_WEBHOOKS);
        Self {
            secret: secret.to_owned(),
            sender,
            receiver: Mutex::new(Some(receiver)),
            counts: Arc::default(),
        }
    }

    /// Puts one in the queue.
    pub(crate) fn tell(&self, url: &str, event: Event, delivery_id: String, data: &Value) {
        let body = json!({ "data": data }).to_string().into_bytes();
        let signature = signature(&self.secret, &body);
        let telling = Telling { url: url.to_owned(), event, delivery_id, body, signature };
        if self.sender.try_send(telling).is_err() {
            self.counts.dropped.fetch_add(1, Ordering::Relaxed);
        }
    }

    /// Starts sending. To be called inside a runtime; only the first call does anything, and tells so.
    pub(crate) fn start(&self) -> bool {
        let receiver = self.receiver.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(receiver) = receiver else { return false };
        tokio::spawn(send_all(receiver, Arc::clone(&self.counts)));
        true
    }

    pub(crate) fn counters(&self) -> Value {
        json!({
            "sent": self.counts.sent.load(Ordering::Relaxed),
            "failed": self.counts.failed.load(Ordering::Relaxed),
            "dropped": self.counts.dropped.load(Ordering::Relaxed),
        })
    }
}

/// `sha1=` and HMAC-SHA1 of the raw body, in hexadecimal.
pub(crate) fn signature(secret: &str, body: &[u8]) -> String {
    match Hmac::<Sha1>::new_from_slice(secret.as_bytes()) {
        Ok(mut mac) => {
            mac.update(body);
            format!("sha1={}", hex(&mac.finalize().into_bytes()))
        }
        // HMAC takes a key of any length; an empty signature would be refused.
        Err(_) => String::new(),
    }
}

async fn send_all(mut receiver: mpsc::Receiver<Telling>, counts: Arc<Counts>) {
    let client = reqwest::Client::builder().no_proxy().timeout(WEBHOOK_TIMEOUT).build();
    let Ok(client) = client else {
        tracing::error!("the simulator cannot send webhooks: no HTTP client");
        return;
    };
    while let Some(telling) = receiver.recv().await {
        let event = match telling.event {
            Event::Create => "create",
            Event::Update => "update",
        };
        let answer = client
            .post(&telling.url)
            .header("content-type", "application/json")
            .header("user-agent", "Digiflazz-Hookshot")
            .header("x-digiflazz-event", event)
            .header("x-digiflazz-delivery", &telling.delivery_id)
            .header("x-hub-signature", &telling.signature)
            .body(telling.body)
            .send()
            .await;
        let count = match answer {
            Ok(answer) if answer.status().is_success() => &counts.sent,
            _ => &counts.failed,
        };
        count.fetch_add(1, Ordering::Relaxed);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The second test case of RFC 2202 for HMAC-SHA1.
    #[test]
    fn signs_like_the_rfc() {
        assert_eq!(
            signature("Jefe", b"what do ya want for nothing?"),
            "sha1=effcdf6ae5eb2fa2d27416d5f184df9c259a7c79"
        );
    }
}
