//! The simulator over real HTTP, against requests and answers typed from the contract paper.

mod contract;
mod faults;
mod kept;
mod payments;
mod session;

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};
use std::time::Duration;

use md5::{Digest, Md5};
use serde_json::{Value, json};
use tokio::net::TcpListener;

use crate::{RunningSimulator, Simulator, SimulatorConfig};

/// 2026-03-01 00:00 UTC.
const START_MS: i64 = 1_772_323_200_000;

/// Enough for any answer on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);
/// How long a request waits that will get no answer. Long enough to arrive.
const IMPATIENCE: Duration = Duration::from_secs(1);

/// A running simulator with a clock that only moves when told to.
struct Bench {
    simulator: Simulator,
    server: RunningSimulator,
    clock: Arc<AtomicI64>,
    client: reqwest::Client,
}

impl Bench {
    async fn start() -> Self {
        Self::with(|_| {}).await
    }

    async fn with(change: impl FnOnce(&mut SimulatorConfig)) -> Self {
        let clock = Arc::new(AtomicI64::new(START_MS));
        let hand = Arc::clone(&clock);
        let now = Arc::new(move || hand.load(Ordering::SeqCst));
        let mut config = SimulatorConfig::new("username", "apikey", "secret", 7, now);
        change(&mut config);
        let simulator = Simulator::new(config).unwrap();
        let server = simulator.spawn(TcpListener::bind("127.0.0.1:0").await.unwrap()).unwrap();
        let client = reqwest::Client::builder()
            .no_proxy()
            .redirect(reqwest::redirect::Policy::none())
            .timeout(PATIENCE)
            .build()
            .unwrap();
        Self { simulator, server, clock, client }
    }

    /// Sends these very bytes; status and body of the answer.
    async fn post(&self, path: &str, body: &str) -> Result<(u16, String), reqwest::Error> {
        self.post_within(PATIENCE, path, body).await
    }

    async fn post_within(
        &self,
        timeout: Duration,
        path: &str,
        body: &str,
    ) -> Result<(u16, String), reqwest::Error> {
        let url = format!("{}{path}", self.server.url());
        let request = self.client.post(url).header("content-type", "application/json").timeout(timeout);
        let answer = request.body(body.to_owned()).send().await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    }

    /// Sends an order and gives the answer's `data`.
    async fn order(&self, sku: &str, number: &str, ref_id: &str) -> Value {
        let (status, body) = self.try_order(PATIENCE, sku, number, ref_id).await.unwrap();
        assert_eq!(status, 200, "{body}");
        let mut answer: Value = serde_json::from_str(&body).unwrap();
        answer["data"].take()
    }

    async fn try_order(
        &self,
        timeout: Duration,
        sku: &str,
        number: &str,
        ref_id: &str,
    ) -> Result<(u16, String), reqwest::Error> {
        let sign = super::digiflazz::hex(&Md5::digest(format!("usernameapikey{ref_id}")));
        let body = json!({
            "username": "username", "buyer_sku_code": sku, "customer_no": number, "ref_id": ref_id, "sign": sign,
        });
        self.post_within(timeout, "/digiflazz/v1/transaction", &body.to_string()).await
    }

    async fn admin(&self, path: &str, body: Value) -> Value {
        let (status, answer) = self.post(path, &body.to_string()).await.unwrap();
        assert_eq!(status, 200, "{answer}");
        serde_json::from_str(&answer).unwrap()
    }

    async fn get(&self, path: &str) -> Value {
        let answer = self.client.get(format!("{}{path}", self.server.url())).send().await.unwrap();
        serde_json::from_str(&answer.text().await.unwrap()).unwrap()
    }

    /// A page for people.
    async fn page(&self, path: &str) -> String {
        let answer = self.client.get(format!("{}{path}", self.server.url())).send().await.unwrap();
        assert_eq!(answer.status().as_u16(), 200, "{path}");
        assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/html"));
        answer.text().await.unwrap()
    }

    /// Sends a form and gives where it leads.
    async fn form(&self, path: &str, fields: &str) -> (u16, String) {
        let request = self.client.post(format!("{}{path}", self.server.url())).timeout(PATIENCE);
        let request = request.header("content-type", "application/x-www-form-urlencoded");
        let answer = request.body(fields.to_owned()).send().await.unwrap();
        let location = answer.headers().get("location").map(|location| location.to_str().unwrap().to_owned());
        (answer.status().as_u16(), location.unwrap_or_default())
    }

    /// `(charged, delivered, rupiah)` of a reference, as the book has it; `None` when it never arrived.
    fn really(&self, ref_id: &str) -> Option<(u32, u32, i64)> {
        let order = self.simulator.order(ref_id)?;
        Some((order.times_charged - order.times_returned, order.times_delivered, order.charged_rupiah))
    }

    fn pass_ms(&self, ms: i64) {
        self.clock.fetch_add(ms, Ordering::SeqCst);
    }
}
