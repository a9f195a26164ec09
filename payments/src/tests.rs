//! The adapters against literal texts from the contract paper and from the gateway's public papers.

mod against_simulator;
mod midtrans_answers;
mod midtrans_requests;
mod midtrans_table;
mod midtrans_webhooks;
mod misbehaviour;
mod tripay_answers;
mod tripay_lists;
mod tripay_requests;
mod tripay_webhooks;
mod values;

use std::io::{Read, Write};
use std::net::TcpListener;
use std::thread::JoinHandle;
use std::time::Duration;

use domain::{PublicId, Rupiah, TopupMethod, UtcMillis};

use crate::{ChargeOrder, ChargeRef, Midtrans, MidtransConfig, RefundOrder, Tripay, TripayConfig};

/// 2021-07-06 17:23:49 in GMT+7.
const NOW: UtcMillis = UtcMillis(1_625_567_029_000);
/// Where nobody is asked.
const NOWHERE: &str = "http://127.0.0.1:9";

fn midtrans_config(base_url: &str) -> MidtransConfig {
    MidtransConfig {
        merchant_id: Some("G490526303".to_owned()),
        // Enough for any answer on a busy machine.
        connect_timeout: Duration::from_secs(10),
        total_timeout: Duration::from_secs(20),
        ..MidtransConfig::new(base_url, "SB-Mid-server-abc123")
    }
}

fn midtrans(base_url: &str) -> Midtrans {
    Midtrans::new(midtrans_config(base_url)).unwrap()
}

fn tripay_config(base_url: &str) -> TripayConfig {
    TripayConfig {
        connect_timeout: Duration::from_secs(10),
        total_timeout: Duration::from_secs(20),
        receipt_email: Some("kasir@toko.example".to_owned()),
        ..TripayConfig::new(base_url, "T0001", "DEV-api-key", "private-key")
    }
}

fn tripay(base_url: &str) -> Tripay {
    Tripay::new(tripay_config(base_url)).unwrap()
}

fn order(method: TopupMethod) -> ChargeOrder {
    ChargeOrder {
        order_id: "topup-1".to_owned(),
        method,
        gross: Rupiah::new(50_000),
        now: NOW,
        expires_at: NOW.plus_ms(2 * domain::HOUR_MS),
        payer: "7QK2M9DAX3TP".parse::<PublicId>().unwrap(),
    }
}

fn charge_ref(method: TopupMethod) -> ChargeRef {
    ChargeRef { order_id: "topup-1".to_owned(), transaction_id: None, method }
}

fn refund_of(method: TopupMethod) -> RefundOrder {
    RefundOrder { charge: charge_ref(method), refund_key: "refund-1".to_owned(), amount: Rupiah::new(20_000) }
}

/// A server that reads one request for each of these answers, sends the answer whatever it is, closes, and gives the
/// requests back.
fn answers(answers: Vec<Vec<u8>>) -> (String, JoinHandle<Vec<String>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}/base", listener.local_addr().unwrap());
    let seen =
        std::thread::spawn(move || answers.iter().map(|answer| one_exchange(&listener, answer)).collect());
    (url, seen)
}

fn one_answer(answer: impl Into<Vec<u8>>) -> (String, JoinHandle<Vec<String>>) {
    answers(vec![answer.into()])
}

fn one_exchange(listener: &TcpListener, answer: &[u8]) -> String {
    let (mut connection, _) = listener.accept().unwrap();
    let mut request = Vec::new();
    let mut chunk = [0; 4096];
    while !is_whole(&request) {
        let read = connection.read(&mut chunk).unwrap();
        assert_ne!(read, 0, "the request ended early");
        request.extend_from_slice(&chunk[..read]);
    }
    connection.write_all(answer).unwrap();
    String::from_utf8(request).unwrap()
}

fn is_whole(request: &[u8]) -> bool {
    let text = String::from_utf8_lossy(request);
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    body.len() >= length.map_or(0, |length| length.parse().unwrap())
}

/// An HTTP answer with this status and JSON body.
fn http(status: u16, body: &str) -> Vec<u8> {
    format!(
        "HTTP/1.1 {status} Word\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

/// The one request that a server has seen, head and body.
fn request(seen: JoinHandle<Vec<String>>) -> (String, String) {
    let requests = seen.join().unwrap();
    let [request] = requests.as_slice() else { panic!("{requests:?}") };
    let (head, body) = request.split_once("\r\n\r\n").unwrap();
    (format!("{head}\r\n"), body.to_owned())
}

/// Whether a head has this line.
fn has_line(head: &str, line: &str) -> bool {
    head.split("\r\n").any(|other| other == line)
}
