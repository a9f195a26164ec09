//! The adapters against literal fixtures from the contract paper, and against the simulator over real HTTP.

mod answers;
mod fixtures;
mod misbehaviour;
mod session;
mod table;
mod webhooks;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;
use std::time::Duration;

use domain::Rupiah;

use crate::{Digiflazz, DigiflazzConfig, Gateway, Order, StoredRequest};

/// The stored text of the order in most tests, typed out.
const STORED: &str =
    r#"{"buyer_sku_code":"xld10","customer_no":"087800001230","ref_id":"test1","max_price":48250}"#;

fn config(base_url: &str) -> DigiflazzConfig {
    DigiflazzConfig {
        webhook_secret: Some("hook-secret".to_owned()),
        // Enough for any answer on a busy machine.
        connect_timeout: Duration::from_secs(10),
        total_timeout: Duration::from_secs(20),
        ..DigiflazzConfig::new(base_url, "username", "apikey")
    }
}

fn gateway(base_url: &str) -> Digiflazz {
    Digiflazz::new(config(base_url)).unwrap()
}

/// For answers that will not come: it waits long enough for the request to arrive.
fn impatient_gateway(base_url: &str) -> Digiflazz {
    Digiflazz::new(DigiflazzConfig { total_timeout: Duration::from_secs(1), ..config(base_url) }).unwrap()
}

fn order(client_ref: &str, sku: &str, number: &str) -> Order {
    Order {
        client_ref: client_ref.to_owned(),
        sku: sku.to_owned(),
        msisdn: number.parse().unwrap(),
        max_price: Rupiah::new(100_000),
    }
}

fn stored() -> StoredRequest {
    StoredRequest::from_stored(STORED)
}

/// A server that reads one request, answers with these bytes whatever they are, closes, and gives the request back.
fn one_answer(answer: impl Into<Vec<u8>>) -> (String, JoinHandle<String>) {
    let answer = answer.into();
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/v1", listener.local_addr().unwrap());
    let seen = std::thread::spawn(move || {
        let (mut connection, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut chunk = [0; 4096];
        while !is_whole(&request) {
            let read = connection.read(&mut chunk).unwrap();
            assert_ne!(read, 0, "the request ended early");
            request.extend_from_slice(&chunk[..read]);
        }
        connection.write_all(&answer).unwrap();
        String::from_utf8(request).unwrap()
    });
    (url, seen)
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.map_or(0, |length| length.parse().unwrap())
}

/// An HTTP answer with this status line and JSON body.
fn http(status: &str, body: &str) -> String {
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
}

/// Pulls a string of the simulator.
async fn post(url: &str, body: &serde_json::Value) {
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let request = client.post(url).header("content-type", "application/json").body(body.to_string());
    let answer = request.send().await.unwrap();
    assert!(answer.status().is_success(), "{body}: {:?}", answer.text().await);
}

fn any_gateway() -> impl Gateway {
    gateway("http://127.0.0.1:9/v1")
}
