//! What survives a restart, and what is told by webhook.

use std::sync::Arc;

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::post;
use bytes::Bytes;
use serde_json::{Value, json};
use tokio::net::TcpListener;
use tokio::sync::mpsc;

use super::Bench;
use crate::OrderState;
use crate::webhooks::signature;

#[tokio::test]
async fn the_book_survives_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.jsonl");
    let bench = Bench::with(|config| config.book_path = Some(path.clone())).await;
    bench.order("xld1", "087800001230", "done").await;
    bench.order("xld1", "087800001233", "open").await;
    bench.order("xld1", "087800001235", "never").await;
    let deposit = bench.simulator.deposit_rupiah();
    let before = bench.simulator.order("done");
    drop(bench);

    // A line that was being written when the process died.
    let mut text = std::fs::read_to_string(&path).unwrap();
    text.push_str(r#"{"order":{"order":{"ref_id":"torn","#);
    std::fs::write(&path, text).unwrap();

    let bench = Bench::with(|config| config.book_path = Some(path.clone())).await;
    assert_eq!(bench.simulator.order("done"), before);
    assert_eq!(bench.simulator.order("torn"), None);
    assert_eq!(bench.simulator.deposit_rupiah(), deposit);
    assert_eq!(bench.order("xld1", "087800001230", "done").await["rc"], "00");
    bench.pass_ms(3_000);
    assert_eq!(bench.order("xld1", "087800001233", "open").await["rc"], "00");
    assert_eq!(bench.really("open"), Some((1, 1, 4_150)));
    bench.admin("/admin/reset", json!({})).await;
    assert_eq!(bench.simulator.order("done"), None);
    drop(bench);

    let bench = Bench::with(|config| config.book_path = Some(path)).await;
    assert_eq!(bench.simulator.order("open"), None);
    assert_eq!(bench.simulator.deposit_rupiah(), 50_000_000);
}

#[tokio::test]
async fn an_unwritable_book_is_an_error_at_start() {
    let config = crate::SimulatorConfig {
        book_path: Some("/nonexistent/book.jsonl".into()),
        ..crate::SimulatorConfig::new("u", "k", "s", 1, Arc::new(|| 0))
    };
    assert!(crate::Simulator::new(config).is_err());
}

#[tokio::test]
async fn pending_orders_end_without_being_asked() {
    let bench = Bench::start().await;
    let (url, mut told) = listener().await;
    bench.admin("/admin/duplicates", json!({ "mode": "replay" })).await;
    let mut request: Value = json!({
        "username": "username", "buyer_sku_code": "xld1", "customer_no": "087800001233", "ref_id": "order-1",
        "sign": "1d12d21f7440510b9bd514560078a9aa",
    });
    request["cb_url"] = url.into();
    bench.post("/digiflazz/v1/transaction", &request.to_string()).await.unwrap();
    let (headers, body) = told.recv().await.unwrap();
    check(&headers, &body, "create", "03");

    bench.pass_ms(3_000);
    let (headers, body) = told.recv().await.unwrap();
    check(&headers, &body, "update", "00");
    assert_eq!(bench.simulator.order("order-1").unwrap().state, OrderState::Success);
}

fn check(headers: &HeaderMap, body: &Bytes, event: &str, rc: &str) {
    assert_eq!(headers["x-digiflazz-event"], event);
    assert!(!headers["x-digiflazz-delivery"].is_empty());
    assert_eq!(headers["x-hub-signature"], signature("secret", body));
    let told: Value = serde_json::from_slice(body).unwrap();
    assert_eq!((&told["data"]["ref_id"], &told["data"]["rc"]), (&json!("order-1"), &json!(rc)));
}

/// A shop that passes on every webhook it gets.
async fn listener() -> (String, mpsc::UnboundedReceiver<(HeaderMap, Bytes)>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    let router = Router::new().route(
        "/hook",
        post(move |headers: HeaderMap, body: Bytes| async move {
            let _ = sender.send((headers, body));
        }),
    );
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}/hook", listener.local_addr().unwrap());
    tokio::spawn(async move { axum::serve(listener, router).await });
    (url, receiver)
}
