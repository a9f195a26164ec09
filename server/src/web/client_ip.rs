//! Who is at the other end. A client can write anything into `X-Forwarded-For`; only what trusted proxies appended to it
//! is believed, and only when the connection itself comes from one of them.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;

use super::Web;
use crate::config::TrustedProxies;

/// The client's address, in the request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClientIp(pub IpAddr);

/// A longer chain than any real one: what lies beyond is not looked at.
const MOST_HOPS: usize = 20;
const FORWARDED_FOR: &str = "x-forwarded-for";

/// Puts [`ClientIp`] into the request's extensions.
pub async fn note(State(web): State<Web>, mut request: Request, next: Next) -> Response {
    let peer = peer(&request);
    let ip = client_ip(peer, request.headers(), &web.trusted_proxies);
    request.extensions_mut().insert(ClientIp(ip));
    next.run(request).await
}

/// The address at the other end of the connection.
#[must_use]
pub fn peer(request: &Request) -> IpAddr {
    // A router that is called without a listener has no peer.
    let info = request.extensions().get::<ConnectInfo<SocketAddr>>();
    info.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ConnectInfo(address)| address.ip().to_canonical())
}

/// The rightmost hop that is not a trusted proxy. Each proxy appends the address that it saw, so reading from the right,
/// the first foreign address is the last one that somebody trustworthy has seen with their own eyes.
#[must_use]
pub fn client_ip(peer: IpAddr, headers: &HeaderMap, trusted: &TrustedProxies) -> IpAddr {
    let mut client = peer;
    if !trusted.contains(peer) {
        return client;
    }
    let lines = headers.get_all(FORWARDED_FOR).iter().rev();
    // Byte by byte: what a client writes in front of a proxy's own words must not take these along.
    let hops = lines.flat_map(|line| line.as_bytes().rsplit(|byte| *byte == b','));
    for hop in hops.take(MOST_HOPS) {
        let Some(address) = std::str::from_utf8(hop).ok().and_then(parse_hop) else { break };
        client = address;
        if !trusted.contains(address) {
            break;
        }
    }
    client
}

/// `203.0.113.7`, `203.0.113.7:4711`, `2001:db8::1` or `[2001:db8::1]:4711`.
fn parse_hop(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let address = hop.parse::<IpAddr>().ok();
    let address = address.or_else(|| hop.parse::<SocketAddr>().ok().map(|socket| socket.ip()));
    let bracketed = || hop.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    address.or_else(bracketed).map(|address: IpAddr| address.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;
    use http::HeaderValue;

    fn seen(peer: &str, lines: &[&str], trusted: &str) -> String {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(FORWARDED_FOR, HeaderValue::from_bytes(line.as_bytes()).unwrap());
        }
        client_ip(peer.parse().unwrap(), &headers, &trusted.parse().unwrap()).to_string()
    }

    #[test]
    fn nobody_else_is_believed() {
        assert_eq!(seen("203.0.113.9", &["1.2.3.4"], ""), "203.0.113.9");
        assert_eq!(seen("203.0.113.9", &["1.2.3.4"], "127.0.0.1"), "203.0.113.9");
    }

    #[test]
    fn a_proxy_is_believed_about_its_own_client_only() {
        assert_eq!(seen("127.0.0.1", &["203.0.113.9"], "127.0.0.1"), "203.0.113.9");
        // The client wrote 1.2.3.4 itself; the proxy appended what it saw.
        assert_eq!(seen("127.0.0.1", &["1.2.3.4, 203.0.113.9"], "127.0.0.1"), "203.0.113.9");
        assert_eq!(seen("127.0.0.1", &["1.2.3.4", "203.0.113.9"], "127.0.0.1"), "203.0.113.9");
        assert_eq!(seen("127.0.0.1", &["127.0.0.1, 203.0.113.9"], "127.0.0.1"), "203.0.113.9");
        assert_eq!(seen("127.0.0.1", &["\u{e9}\u{ff}, 203.0.113.9"], "127.0.0.1"), "203.0.113.9");
    }

    #[test]
    fn a_chain_of_proxies_is_passed_through() {
        let trusted = "127.0.0.1, 10.0.0.0/8";
        assert_eq!(seen("127.0.0.1", &["1.2.3.4, 203.0.113.9, 10.0.0.5"], trusted), "203.0.113.9");
        assert_eq!(seen("127.0.0.1", &["10.0.0.7, 10.0.0.5"], trusted), "10.0.0.7");
        assert_eq!(seen("127.0.0.1", &[], trusted), "127.0.0.1");
    }

    #[test]
    fn what_is_no_address_ends_the_reading() {
        assert_eq!(seen("127.0.0.1", &["203.0.113.9, unknown"], "127.0.0.1"), "127.0.0.1");
        assert_eq!(seen("127.0.0.1", &["203.0.113.9:4711"], "127.0.0.1"), "203.0.113.9");
        assert_eq!(seen("127.0.0.1", &["[2001:db8::1]:4711"], "127.0.0.1"), "2001:db8::1");
        assert_eq!(seen("::ffff:127.0.0.1", &["::ffff:203.0.113.9"], "127.0.0.1"), "203.0.113.9");
    }
}
