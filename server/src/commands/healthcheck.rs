//! `healthcheck`: asks a running server's `/healthz`, or `/readyz`.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::process::ExitCode;
use std::time::Duration;

use super::{Failure, complain, say};
use crate::config::{ConfigError, DEFAULT_LISTEN, Problem};

/// Containers give up after 5 seconds; a server that takes longer than this is not well.
const TIMEOUT: Duration = Duration::from_secs(4);

/// Ends with success when the server answers 200.
///
/// # Errors
/// When the address is none, or no request can be made at all.
pub async fn run(listen: &str, ready: bool) -> Result<ExitCode, Failure> {
    let address: SocketAddr = listen.trim().parse().map_err(|_| ConfigError {
        problems: vec![Problem {
            variable: "LISTEN_ADDR",
            what: format!("`{listen}` is not an address with a port"),
            example: DEFAULT_LISTEN,
        }],
    })?;
    // A proxy from the environment would answer for somebody else.
    let client = reqwest::Client::builder().no_proxy().timeout(TIMEOUT).build();
    let client = client.map_err(|error| Failure::Other(error.to_string()))?;
    let path = if ready { "readyz" } else { "healthz" };
    match client.get(format!("http://{}/{path}", reachable(address))).send().await {
        Ok(answer) if answer.status().is_success() => {
            say("ok");
            Ok(ExitCode::SUCCESS)
        }
        Ok(answer) => {
            complain(&format!("the server answers {}", answer.status()));
            Ok(ExitCode::FAILURE)
        }
        Err(error) => {
            complain(&format!("the server does not answer: {error}"));
            Ok(ExitCode::FAILURE)
        }
    }
}

/// "Everywhere" is an address to listen on, not one to ask.
fn reachable(address: SocketAddr) -> SocketAddr {
    let ip = match address.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => IpAddr::V4(Ipv4Addr::LOCALHOST),
        IpAddr::V6(ip) if ip.is_unspecified() => IpAddr::V6(Ipv6Addr::LOCALHOST),
        ip => ip,
    };
    SocketAddr::new(ip, address.port())
}
