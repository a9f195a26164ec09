//! Connections: how long they may dawdle, and how they end.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

const HEAD_WITHIN: Duration = Duration::from_millis(300);

async fn listener() -> (TcpListener, std::net::SocketAddr) {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    (listener, address)
}

#[tokio::test]
async fn who_never_ends_the_head_of_a_request_is_cut_off() {
    let (listener, address) = listener().await;
    let stop = CancellationToken::new();
    let token = stop.clone();
    let server =
        tokio::spawn(async move { server::web::serve(listener, Router::new(), HEAD_WITHIN, &token).await });
    let mut connection = TcpStream::connect(address).await.unwrap();
    let started = Instant::now();
    connection.write_all(b"GET / HTTP/1.1\r\nHost: toko.example\r\nX-Slow: ").await.unwrap();
    let mut heard = Vec::new();
    connection.read_to_end(&mut heard).await.unwrap();
    assert!(started.elapsed() >= HEAD_WITHIN, "{:?}", started.elapsed());
    assert!(!String::from_utf8_lossy(&heard).contains("200 OK"));
    stop.cancel();
    server.await.unwrap();
}

#[tokio::test]
async fn an_answer_under_way_ends_before_the_server_does() {
    let (listener, address) = listener().await;
    let stop = CancellationToken::new();
    let token = stop.clone();
    let (asked, was_asked) = oneshot::channel();
    let asked = Arc::new(Mutex::new(Some(asked)));
    let stopping = stop.clone();
    let slow = get(move || {
        let tell = asked.lock().unwrap().take();
        let stopping = stopping.clone();
        async move {
            tell.unwrap().send(()).unwrap();
            stopping.cancelled().await;
            "selesai"
        }
    });
    let router = Router::new().route("/slow", slow);
    let server =
        tokio::spawn(
            async move { server::web::serve(listener, router, server::web::HEAD_WITHIN, &token).await },
        );
    let mut connection = TcpStream::connect(address).await.unwrap();
    connection.write_all(b"GET /slow HTTP/1.1\r\nHost: toko.example\r\n\r\n").await.unwrap();
    was_asked.await.unwrap();
    stop.cancel();
    let mut heard = String::new();
    connection.read_to_string(&mut heard).await.unwrap();
    assert!(heard.starts_with("HTTP/1.1 200 OK") && heard.ends_with("selesai"), "{heard}");
    server.await.unwrap();
    assert!(TcpStream::connect(address).await.is_err(), "nobody new is let in");
}
