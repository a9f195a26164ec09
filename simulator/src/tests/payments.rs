//! The payment gateways over real HTTP, against requests and answers typed from the contract paper.

mod faults;
mod kept;
mod midtrans;
mod notifications;
mod pages;
mod tripay;

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::{Bench, IMPATIENCE, PATIENCE, START_MS};
use crate::{ChargeState, PaymentOrder};

/// `SB-Mid-server-simulated:` in base64.
const BASIC: &str = "Basic U0ItTWlkLXNlcnZlci1zaW11bGF0ZWQ6";

impl Bench {
    /// Calls the fake Midtrans with the right key.
    async fn midtrans(&self, path: &str, body: Option<&Value>) -> Value {
        let (status, body) = self.try_midtrans(PATIENCE, BASIC, path, body, None).await.unwrap();
        assert_eq!(status, 200, "{path}: {body}");
        serde_json::from_str(&body).unwrap()
    }

    async fn try_midtrans(
        &self,
        timeout: Duration,
        authorization: &str,
        path: &str,
        body: Option<&Value>,
        key: Option<&str>,
    ) -> Result<(u16, String), reqwest::Error> {
        let url = format!("{}/v2/{path}", self.server.midtrans_url());
        let request = match body {
            Some(body) => self.client.post(url).body(body.to_string()),
            None if path.ends_with("/status") => self.client.get(url),
            None => self.client.post(url),
        };
        let request = request.header("authorization", authorization).timeout(timeout);
        let request = request.header("content-type", "application/json");
        let request = match key {
            Some(key) => request.header("idempotency-key", key),
            None => request,
        };
        let answer = request.send().await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    }

    async fn charge(&self, order_id: &str, amount: i64) -> Value {
        self.midtrans("charge", Some(&qris(order_id, amount))).await
    }

    /// A charge whose answer may not come.
    async fn try_charge(&self, order_id: &str, amount: i64) -> Result<(u16, String), reqwest::Error> {
        let hangs = matches!(amount % 1_000, 901 | 906);
        let timeout = if hangs { IMPATIENCE } else { PATIENCE };
        self.try_midtrans(timeout, BASIC, "charge", Some(&qris(order_id, amount)), None).await
    }

    async fn asked(&self, order_id: &str) -> Value {
        self.midtrans(&format!("{order_id}/status"), None).await
    }

    /// Asks until so many notifications wait.
    async fn until_waiting(&self, wanted: usize) {
        let waits = async || {
            while self.get("/admin/payments/notifications").await["waiting"].as_array().unwrap().len()
                != wanted
            {
                tokio::task::yield_now().await;
            }
        };
        tokio::time::timeout(PATIENCE, waits()).await.unwrap();
    }

    fn charged(&self, order_id: &str) -> PaymentOrder {
        self.simulator.payment(order_id).unwrap()
    }

    fn state(&self, order_id: &str) -> ChargeState {
        self.charged(order_id).state
    }

    async fn struck(&self, name: &str) -> u64 {
        self.get("/admin/payments/counters").await["faults"][name].as_u64().unwrap_or_default()
    }
}

fn qris(order_id: &str, amount: i64) -> Value {
    json!({
        "payment_type": "qris",
        "transaction_details": { "order_id": order_id, "gross_amount": amount },
        "qris": { "acquirer": "gopay" },
    })
}

/// A shop that passes on every notification it gets.
struct Shop {
    url: String,
    told: mpsc::UnboundedReceiver<(HeaderMap, Bytes)>,
    /// What it answers first; then 200 and `{"success":true}`.
    answers: Arc<Mutex<VecDeque<(StatusCode, &'static str)>>>,
}

impl Shop {
    async fn open() -> Self {
        let (sender, told) = mpsc::unbounded_channel();
        let answers = Arc::new(Mutex::new(VecDeque::new()));
        let given = Arc::clone(&answers);
        let router = Router::new().route(
            "/hook",
            post(move |headers: HeaderMap, body: Bytes| async move {
                let _ = sender.send((headers, body));
                given.lock().unwrap().pop_front().unwrap_or((StatusCode::OK, r#"{"success":true}"#))
            }),
        );
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { url, told, answers }
    }

    fn answers(&self, status: StatusCode, body: &'static str) {
        self.answers.lock().unwrap().push_back((status, body));
    }

    async fn next(&mut self) -> (HeaderMap, Value) {
        let (headers, body) = tokio::time::timeout(PATIENCE, self.told.recv()).await.unwrap().unwrap();
        (headers, serde_json::from_slice(&body).unwrap())
    }

    /// What has come until now, and nothing is on its way any more.
    async fn all(&mut self, bench: &Bench) -> Vec<Value> {
        bench.admin("/admin/payments/deliver", json!({})).await;
        std::iter::from_fn(|| self.told.try_recv().ok())
            .map(|(_, body)| serde_json::from_slice(&body).unwrap())
            .collect()
    }
}

/// A simulator that tells a shop.
async fn with_shop() -> (Bench, Shop) {
    let shop = Shop::open().await;
    let url = shop.url.clone();
    let bench = Bench::with(move |config| {
        config.midtrans_notification_url = Some(url.clone());
        config.tripay_callback_url = Some(url);
    })
    .await;
    (bench, shop)
}

fn told<'a>(notifications: &'a [Value], field: &str) -> Vec<&'a str> {
    notifications.iter().map(|told| told[field].as_str().unwrap()).collect()
}
