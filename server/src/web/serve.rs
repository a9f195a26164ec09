//! Connections: what axum's own `serve` leaves open, with limits. Each has so long for a request's head, there are so
//! many at most, and they may end what they are at when the server stops.

use std::convert::Infallible;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request};
use http::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1::Builder;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use hyper_util::service::TowerToHyperService;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio_util::sync::CancellationToken;
use tower::{Service, ServiceExt};

/// How long the head of a request may take to arrive, an idle connection's next one included. Longer than nginx keeps
/// an idle connection to a server (60 s), so that it is never this side that hangs up first.
pub const HEAD_WITHIN: Duration = Duration::from_secs(75);
/// Open connections. More wait in the system's queue.
const MOST_CONNECTIONS: usize = 8_192;
/// Pause after the system could not give another connection, such as when it is out of file descriptors.
const ACCEPT_AGAIN_AFTER: Duration = Duration::from_millis(200);
/// How long answers under way may take after the server was told to stop. All of the stop has 20 s.
const GRACE: Duration = Duration::from_secs(15);

/// Answers until `shutdown`, then lets answers under way end. `head_within` is [`HEAD_WITHIN`], but for tests.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    head_within: Duration,
    shutdown: &CancellationToken,
) {
    let mut builder = Builder::new();
    builder.timer(TokioTimer::new()).header_read_timeout(head_within);
    let room = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let graceful = GracefulShutdown::new();
    while let Some((stream, peer, permit)) = shutdown.run_until_cancelled(next(&listener, &room)).await {
        let service = TowerToHyperService::new(told_who_asks(router.clone(), peer));
        let connection = graceful.watch(builder.serve_connection(TokioIo::new(stream), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                // Somebody hung up, or spoke something else than HTTP.
                tracing::debug!(%error, "connection");
            }
            drop(permit);
        });
    }
    // Nobody new is let in while the others finish.
    drop(listener);
    if tokio::time::timeout(GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("some answers were cut off");
    }
}

/// The next connection, when there is room for it.
async fn next(
    listener: &TcpListener,
    room: &Arc<Semaphore>,
) -> (TcpStream, SocketAddr, OwnedSemaphorePermit) {
    loop {
        let Ok(permit) = Arc::clone(room).acquire_owned().await else {
            // The semaphore is never closed.
            std::future::pending::<()>().await;
            continue;
        };
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Without it, small answers wait for the other side's acknowledgement.
                if let Err(error) = stream.set_nodelay(true) {
                    tracing::debug!(%error, "TCP_NODELAY");
                }
                return (stream, peer, permit);
            }
            Err(error) => {
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(ACCEPT_AGAIN_AFTER).await;
            }
        }
    }
}

/// The router, with the peer's address in each request.
fn told_who_asks(
    router: Router,
    peer: SocketAddr,
) -> impl Service<Request<Incoming>, Response = Response<axum::body::Body>, Error = Infallible, Future: Send>
+ Clone
+ Send
+ 'static {
    router.map_request(move |mut request: Request<Incoming>| {
        request.extensions_mut().insert(ConnectInfo(peer));
        request.map(axum::body::Body::new)
    })
}
