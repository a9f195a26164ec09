//! What is decided before any page: headers, origin, throttle, sizes, addresses that lead nowhere.

use axum::body::Body;
use http::{Method, StatusCode};

use crate::shop::{HTML, ORIGIN, Setup, on_each_database};

#[tokio::test]
async fn a_page_tells_browsers_what_not_to_do() {
    on_each_database(Setup::default(), async |shop| {
        let page = shop.visitor().get("/login").await;
        assert_eq!(page.status, StatusCode::OK);
        let policy = page.header("content-security-policy");
        let nonce = policy.split("'nonce-").nth(1).and_then(|rest| rest.split('\'').next()).expect("a nonce");
        assert!(nonce.len() >= 16);
        for part in [
            "default-src 'none'",
            "'strict-dynamic'",
            "'wasm-unsafe-eval'",
            "connect-src 'self'",
            "frame-ancestors 'none'",
            "base-uri 'none'",
        ] {
            assert!(policy.contains(part), "{part} is missing in {policy}");
        }
        assert!(!policy.contains("unsafe-inline"), "{policy}");
        assert!(page.body.contains(&format!("nonce=\"{nonce}\"")), "the page's scripts carry the same nonce");
        assert_eq!(page.header("x-content-type-options"), "nosniff");
        assert_eq!(page.header("cross-origin-opener-policy"), "same-origin");
        assert_eq!(page.header("referrer-policy"), "same-origin");
        assert!(page.header("permissions-policy").contains("camera=()"));
        assert_eq!(page.header("cache-control"), "no-store");
        assert!(page.header("x-request-id").len() >= 8);
        assert_eq!(page.header("strict-transport-security"), "", "not over plain http");
        assert!(!page.body.contains(" style=\""), "no inline style");

        let again = shop.visitor().get("/login").await;
        assert_ne!(again.header("content-security-policy"), policy, "each answer has its own nonce");
    })
    .await;
}

#[tokio::test]
async fn over_https_browsers_are_told_to_stay_there() {
    let setup = Setup { public_url: Some("https://toko.example"), ..Setup::default() };
    on_each_database(setup, async |shop| {
        let page = shop.visitor().get("/").await;
        assert!(page.header("strict-transport-security").starts_with("max-age=31536000"));
    })
    .await;
}

#[tokio::test]
async fn it_says_that_it_is_well() {
    on_each_database(Setup::default(), async |shop| {
        let answer = shop.visitor().send(Method::GET, "/healthz", &[], Body::empty()).await;
        assert_eq!((answer.status, answer.body.as_str()), (StatusCode::OK, "ok\n"));
        assert_eq!(answer.header("set-cookie"), "");
    })
    .await;
}

#[tokio::test]
async fn addresses_that_lead_nowhere() {
    on_each_database(Setup::default(), async |shop| {
        let mut visitor = shop.visitor();
        for path in ["/nothing", "/login/", "/pkg/none.js", "/.env", "/events/purchases"] {
            let answer = visitor.get(path).await;
            assert_eq!(answer.status, StatusCode::NOT_FOUND, "{path}");
            assert!(answer.header("content-type").starts_with("text/html"), "{path}");
        }
        let answer =
            visitor.send(Method::POST, "/api/no_such_function", &[("accept", HTML)], Body::empty()).await;
        assert_eq!(answer.status, StatusCode::NOT_FOUND);
        let answer = visitor.send(Method::POST, "/login", &[("accept", HTML)], Body::empty()).await;
        assert_eq!(answer.status, StatusCode::METHOD_NOT_ALLOWED);
    })
    .await;
}

#[tokio::test]
async fn bodies_over_the_limit() {
    on_each_database(Setup::default(), async |shop| {
        let mut visitor = shop.visitor();
        let action = visitor.action("/login", "sign_in").await;
        let body = Body::from(format!("identity={}", "a".repeat(70_000)));
        let answer = visitor
            .send(
                Method::POST,
                &action,
                &[("accept", HTML), ("content-type", "application/x-www-form-urlencoded")],
                body,
            )
            .await;
        assert_eq!(answer.status, StatusCode::PAYLOAD_TOO_LARGE);
        assert!(answer.header("content-type").starts_with("text/html"));
    })
    .await;
}

#[tokio::test]
async fn other_sites_cannot_change_anything() {
    on_each_database(Setup::default(), async |shop| {
        let mut visitor = shop.visitor();
        let action = visitor.action("/login", "sign_in").await;
        let form = ("content-type", "application/x-www-form-urlencoded");
        for (headers, allowed) in [
            (vec![("sec-fetch-site", "cross-site")], false),
            (vec![("sec-fetch-site", "same-site"), ("origin", ORIGIN)], false),
            (vec![("origin", "https://evil.example")], false),
            (vec![("origin", "null")], false),
            (vec![("origin", ORIGIN)], true),
            (vec![("sec-fetch-site", "same-origin")], true),
        ] {
            let headers: Vec<_> = headers.into_iter().chain([form, ("accept", "application/json")]).collect();
            let body = Body::from("identity=nobody&password=wrong&next=");
            let answer = visitor.send(Method::POST, &action, &headers, body).await;
            let refused = answer.status == StatusCode::FORBIDDEN && answer.body.contains("form_expired");
            assert_eq!(!refused, allowed, "{headers:?}: {answer:?}");
        }
        // By GET, no server function can be reached at all.
        let answer = visitor.get(&action).await;
        assert!(
            matches!(answer.status, StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED),
            "{answer:?}"
        );
    })
    .await;
}

#[tokio::test]
async fn a_forged_address_does_not_help_against_the_throttle() {
    let setup = Setup { posts_per_minute: Some(3), ..Setup::default() };
    on_each_database(setup, async |shop| {
        let mut visitor = shop.visitor();
        let mut statuses = Vec::new();
        for i in 0..5 {
            visitor.extra = vec![("x-forwarded-for", format!("203.0.113.{i}"))];
            let answer = visitor
                .send(Method::POST, "/api/none", &[("accept", "application/json")], Body::empty())
                .await;
            statuses.push(answer.status.as_u16());
        }
        assert_eq!(statuses, [404, 404, 404, 429, 429]);
        visitor.peer = ([198, 51, 100, 7], 40_000).into();
        let other =
            visitor.send(Method::POST, "/api/none", &[("accept", "application/json")], Body::empty()).await;
        assert_eq!(other.status, StatusCode::NOT_FOUND, "another address has a share of its own");
    })
    .await;
}

#[tokio::test]
async fn behind_a_trusted_proxy_each_client_has_a_share() {
    let setup = Setup { posts_per_minute: Some(1), trusted_proxies: "127.0.0.1", ..Setup::default() };
    on_each_database(setup, async |shop| {
        let mut visitor = shop.visitor();
        let mut status = async |forwarded: &str| {
            visitor.extra = vec![("x-forwarded-for", forwarded.to_owned())];
            visitor.send(Method::POST, "/api/none", &[], Body::empty()).await.status.as_u16()
        };
        assert_eq!(status("203.0.113.1").await, 404);
        assert_eq!(status("203.0.113.2").await, 404);
        assert_eq!(status("203.0.113.2").await, 429);
        // The client wrote the first one itself; the proxy appended what it saw.
        assert_eq!(status("1.2.3.4, 203.0.113.1").await, 429);
    })
    .await;
}

#[tokio::test]
async fn changes_are_asked_for_under_our_own_name() {
    on_each_database(Setup::default(), async |shop| {
        let mut visitor = shop.visitor();
        for (host, status) in [("127.0.0.1:3000", 404), ("localhost:3000", 404), ("evil.example:3000", 403)] {
            let headers = [("host", host), ("sec-fetch-site", "same-origin")];
            let answer = visitor.send(Method::POST, "/api/none", &headers, Body::empty()).await;
            assert_eq!(answer.status.as_u16(), status, "{host}");
        }
    })
    .await;
}

#[tokio::test]
async fn nobody_types_a_nul() {
    on_each_database(Setup::default(), async |shop| {
        let mut visitor = shop.visitor();
        let action = visitor.action("/login", "sign_in").await;
        let fields = [("identity", "si\0ti"), ("password", "x"), ("next", "")];
        assert_eq!(visitor.post_form(&action, "/login", &fields).await.status, StatusCode::BAD_REQUEST);
        for path in ["/login?next=%00", "/login?form=a%00", "/buy/%00"] {
            let answer = visitor.get(path).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
            assert!(answer.header("content-type").starts_with("text/html"), "{path}");
        }
    })
    .await;
}
