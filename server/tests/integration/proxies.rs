//! Behind a proxy: whom is believed about what. Scheme and host are `PUBLIC_URL`'s, whatever a header says; of the client
//! only its address is told by headers, and only by proxies that are trusted.

use std::net::SocketAddr;

use axum::body::Body;
use http::{Method, StatusCode};

use crate::shop::{HTML, Setup, on_each_database};

const PUBLIC: &str = "https://toko.example";
const PROXY: &str = "127.0.0.1";

/// The status of a change that this peer asks for with these headers.
macro_rules! post {
    ($visitor:ident, $peer:expr, $headers:expr) => {{
        $visitor.peer = $peer.parse::<SocketAddr>().unwrap();
        $visitor.send(Method::POST, "/api/none", $headers, Body::empty()).await.status.as_u16()
    }};
}

#[tokio::test]
async fn scheme_and_host_are_the_public_addresss() {
    let setup = Setup { public_url: Some(PUBLIC), trusted_proxies: PROXY, ..Setup::default() };
    on_each_database(setup, async |shop| {
        for peer in ["127.0.0.1:40000", "203.0.113.9:40000"] {
            for (name, value) in [
                ("x-forwarded-proto", "http"),
                ("x-forwarded-host", "evil.example"),
                ("x-forwarded-port", "8443"),
                ("x-forwarded-prefix", "/evil.example"),
                ("forwarded", "for=1.2.3.4;host=evil.example;proto=http"),
                ("host", "evil.example"),
            ] {
                let mut visitor = shop.visitor();
                visitor.peer = peer.parse().unwrap();
                let page = visitor
                    .send(Method::GET, "/login", &[("accept", HTML), (name, value)], Body::empty())
                    .await;
                assert_eq!(page.status, StatusCode::OK, "{name} from {peer}");
                assert!(!page.body.contains("evil.example"), "{name} from {peer}");
                assert!(!format!("{:?}", page.headers).contains("evil.example"), "{name} from {peer}");
                assert!(
                    page.header("strict-transport-security").starts_with("max-age"),
                    "{name} from {peer}"
                );
                let guarded = visitor.send(Method::GET, "/dashboard", &[(name, value)], Body::empty()).await;
                assert_eq!(guarded.location(), "/login?next=%2Fdashboard", "{name} from {peer}");
                // A cookie that is set says Secure, also where the last stretch is plain http.
                let cookie = guarded.header("set-cookie");
                assert!(cookie.is_empty() || cookie.contains("Secure"), "{cookie}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn no_header_stands_in_for_the_host_of_a_change() {
    let setup = Setup { public_url: Some(PUBLIC), trusted_proxies: PROXY, ..Setup::default() };
    on_each_database(setup, async |shop| {
        let mut visitor = shop.visitor();
        let ours = ("sec-fetch-site", "same-origin");
        assert_eq!(post!(visitor, "127.0.0.1:1", &[ours, ("host", "toko.example")]), 404);
        for header in [
            ("x-forwarded-host", "toko.example"),
            ("forwarded", "host=toko.example"),
            ("x-original-host", "toko.example"),
        ] {
            for peer in ["127.0.0.1:1", "203.0.113.9:1"] {
                let headers = [ours, ("host", "evil.example"), header];
                assert_eq!(post!(visitor, peer, &headers), 403, "{header:?} from {peer}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn only_x_forwarded_for_of_a_trusted_proxy_tells_the_client() {
    let setup = Setup { posts_per_minute: Some(1), trusted_proxies: PROXY, ..Setup::default() };
    on_each_database(setup, async |shop| {
        let mut visitor = shop.visitor();
        // Each of these is one share used up, and a second try of the same client.
        assert_eq!(post!(visitor, "203.0.113.1:1", &[]), 404);
        for header in [
            ("x-forwarded-for", "198.51.100.1"),
            ("forwarded", "for=198.51.100.2"),
            ("x-real-ip", "198.51.100.3"),
            ("cf-connecting-ip", "198.51.100.4"),
            ("true-client-ip", "198.51.100.5"),
        ] {
            assert_eq!(post!(visitor, "203.0.113.1:1", &[header]), 429, "a stranger's {header:?}");
        }
        assert_eq!(post!(visitor, "127.0.0.1:1", &[]), 404, "the proxy itself");
        for header in [("forwarded", "for=198.51.100.2"), ("x-real-ip", "198.51.100.3")] {
            assert_eq!(post!(visitor, "127.0.0.1:1", &[header]), 429, "{header:?} is not looked at");
        }
        assert_eq!(post!(visitor, "127.0.0.1:1", &[("x-forwarded-for", "198.51.100.6")]), 404);
        // Several headers are one list: the last one is the proxy's own.
        let lines = [("x-forwarded-for", "198.51.100.7"), ("x-forwarded-for", "198.51.100.6")];
        assert_eq!(post!(visitor, "127.0.0.1:1", &lines), 429);
        // Whatever the client wrote further left.
        assert_eq!(post!(visitor, "127.0.0.1:1", &[("x-forwarded-for", "127.0.0.1, 198.51.100.6")]), 429);
    })
    .await;
}

#[tokio::test]
async fn over_ipv6_too() {
    let trusted_proxies = "::1, 2001:db8:ffff::/48, 10.0.0.0/8";
    let setup = Setup { posts_per_minute: Some(1), trusted_proxies, ..Setup::default() };
    on_each_database(setup, async |shop| {
        let mut visitor = shop.visitor();
        let client = |address: &'static str| [("x-forwarded-for", address)];
        assert_eq!(post!(visitor, "[::1]:1", &client("2001:db8:1:2::3")), 404);
        // A household is one client; brackets and ports are written by some proxies.
        assert_eq!(post!(visitor, "[2001:db8:ffff::9]:1", &client("[2001:db8:1:2::4]:4711")), 429);
        assert_eq!(post!(visitor, "[::1]:1", &client("2001:db8:1:2::5, 2001:db8:ffff::8, 10.1.1.1")), 429);
        // A listener for both kinds shows IPv4 in IPv6.
        assert_eq!(post!(visitor, "[::ffff:10.1.1.1]:1", &client("::ffff:203.0.113.5")), 404);
        assert_eq!(post!(visitor, "10.1.1.1:1", &client("203.0.113.5")), 429);
        assert_eq!(post!(visitor, "[2001:db8:2::1]:1", &client("203.0.113.6")), 404, "a stranger");
        assert_eq!(post!(visitor, "[2001:db8:2::1]:1", &client("203.0.113.7")), 429);
    })
    .await;
}

#[tokio::test]
async fn a_request_id_is_taken_from_a_trusted_proxy_only() {
    let setup = Setup { trusted_proxies: PROXY, ..Setup::default() };
    on_each_database(setup, async |shop| {
        let mut visitor = shop.visitor();
        let mut id = async |peer: &str, given: &str| {
            visitor.peer = peer.parse().unwrap();
            let answer =
                visitor.send(Method::GET, "/healthz", &[("x-request-id", given)], Body::empty()).await;
            answer.header("x-request-id").to_owned()
        };
        assert_eq!(id("127.0.0.1:1", "0123456789-abc").await, "0123456789-abc");
        assert_ne!(id("203.0.113.9:1", "0123456789-abc").await, "0123456789-abc");
        for forged in ["short", "with space in it", "a".repeat(65).as_str(), "{\"x\":1234567}"] {
            assert_ne!(id("127.0.0.1:1", forged).await, forged);
        }
    })
    .await;
}
