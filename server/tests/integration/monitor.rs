//! What monitoring is told, through the real router and the real listener of figures.

use std::collections::BTreeSet;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::Request;
use http::{Method, StatusCode};
use http_body_util::BodyExt;
use server::engine;
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

use crate::engine::{Gateway, SETTLED, Stall, reached};
use crate::notices::until;
use crate::shop::{Setup, Shop, on_each_database};

async fn figures(shop: &Shop) -> String {
    let router = server::monitor::metrics_router(shop.monitor.clone(), shop.store.clone());
    let request = Request::builder().uri("/metrics").body(Body::empty()).unwrap();
    let answer = router.oneshot(request).await.unwrap();
    assert_eq!(answer.status(), StatusCode::OK);
    assert!(answer.headers()["content-type"].to_str().unwrap().starts_with("text/plain; version=0.0.4"));
    String::from_utf8(answer.into_body().collect().await.unwrap().to_bytes().to_vec()).unwrap()
}

/// The value of one series, written as Prometheus writes it.
fn value(figures: &str, series: &str) -> Option<f64> {
    figures.lines().find_map(|line| line.strip_prefix(series)?.strip_prefix(' ')?.parse().ok())
}

#[tokio::test]
async fn a_server_is_ready_while_it_can_be_used() {
    on_each_database(Setup::default(), async |shop| {
        let ready = async || {
            let answer = shop.visitor().get("/readyz").await;
            assert_eq!(answer.header("set-cookie"), "");
            (answer.status.as_u16(), serde_json::from_str::<serde_json::Value>(&answer.body).unwrap())
        };
        let (code, told) = ready().await;
        assert_eq!(
            (code, told["status"].as_str(), told["workers"].as_str()),
            (503, Some("not ready"), Some("trouble"))
        );
        let _pulse = shop.monitor.pulses().of("send");
        let whole = serde_json::json!({
            "status": "ready", "database": "ok", "migrations": "ok", "workers": "ok", "gateway": "none",
        });
        assert_eq!(ready().await, (200, whole));

        shop.database.tamper("DELETE FROM _sqlx_migrations WHERE version = 3").await;
        let noticed = async || (ready().await.1["migrations"] == "trouble").then_some(());
        until("a migration is missing", noticed).await;
        assert_eq!(ready().await.0, 503);
        // Not a word of why: everybody may ask.
        shop.database.tamper("DROP TABLE _sqlx_migrations").await;
        until("the database does not answer as it should", async || {
            let (_, told) = ready().await;
            (told["database"] == "trouble").then(|| assert_eq!(told.to_string().matches("sqlx").count(), 0))
        })
        .await;

        shop.monitor.leaving().cancel();
        let (code, told) = ready().await;
        assert_eq!((code, told["status"].as_str()), (503, Some("stopping")));
        assert_eq!(shop.visitor().get("/healthz").await.status, StatusCode::OK, "the process is there");
    })
    .await;
}

#[tokio::test]
async fn requests_are_counted_by_route_and_never_by_address() {
    on_each_database(Setup::default(), async |shop| {
        let mut visitor = shop.visitor();
        for path in
            ["/login", "/login?next=/rahasia", "/r/rahasia1", "/r/rahasia2", "/rahasia", "/pkg/rahasia.js"]
        {
            visitor.get(path).await;
        }
        for method in ["RAHASIA", "PURGE"] {
            visitor.send(method.parse().unwrap(), "/login", &[], Body::empty()).await;
        }
        let figures = figures(&shop).await;
        assert!(!figures.to_lowercase().contains("rahasia"), "{figures}");
        let count = |labels: &str| value(&figures, &format!("xl_http_requests_total{{{labels}}}"));
        assert_eq!(count("method=\"GET\",route=\"/login\",status=\"200\""), Some(2.0));
        assert_eq!(count("method=\"GET\",route=\"/r/{token}\",status=\"404\""), Some(2.0), "{figures}");
        assert_eq!(count("method=\"GET\",route=\"(none)\",status=\"404\""), Some(2.0));
        assert_eq!(value(&figures, "xl_http_request_duration_seconds_count{route=\"/login\"}"), Some(4.0));
        assert!(!figures.contains("PURGE"));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_shops_figures_are_those_of_its_books() {
    on_each_database(Setup::default(), async |shop| {
        let stall = Stall::open(&shop).await;
        let gateway = Gateway::open().await;
        let waiting = shop.store.run(stall.purchase("087800001230")).await.unwrap();
        let before = figures(&shop).await;
        let open =
            |figures: &str, state: &str| value(figures, &format!("xl_purchases_open{{state=\"{state}\"}}"));
        assert_eq!((open(&before, "accepted"), open(&before, "review")), (Some(1.0), Some(0.0)), "{before}");
        assert_eq!(value(&before, "xl_queue_waiting{queue=\"send\"}"), Some(1.0));
        assert_eq!(value(&before, "xl_purchases_total{outcome=\"placed\"}"), Some(0.0));
        assert_eq!(
            (value(&before, "xl_sales_open"), value(&before, "xl_database_up")),
            (Some(1.0), Some(1.0))
        );

        let shutdown = CancellationToken::new();
        let pulses = shop.monitor.pulses().clone();
        let workers = engine::start_watched(shop.store.clone(), gateway.adapters(), pulses, shutdown.clone());
        reached(&shop.store, &waiting, SETTLED).await;
        until("the sale is counted", async || {
            let now = figures(&shop).await;
            let delivered = value(&now, "xl_purchases_total{outcome=\"delivered\"}");
            (delivered == Some(1.0) && open(&now, "accepted") == Some(0.0)).then(|| {
                assert_eq!(value(&now, "xl_purchases_total{outcome=\"placed\"}"), Some(1.0));
                assert!(
                    value(&now, "xl_worker_silent_seconds{worker=\"send\"}").is_some_and(|ago| ago < 10.0)
                );
            })
        })
        .await;
        until("the books are checked", async || {
            let now = figures(&shop).await;
            (value(&now, "xl_ledger_check_timestamp_seconds") > Some(0.0)).then(|| {
                assert_eq!(value(&now, "xl_ledger_check_breaches"), Some(0.0));
            })
        })
        .await;
        shutdown.cancel();
        workers.await;
    })
    .await;
}

#[tokio::test]
async fn gateways_calls_are_counted_by_their_answer() {
    let database = store::testing::sqlite();
    let mut shop = Shop::open(database, &Setup::default()).await;
    let gateway = Gateway::open().await;
    let site = server::Site {
        store: shop.store.clone(),
        public_url: crate::shop::ORIGIN.parse().unwrap(),
        trusted_proxies: "".parse().unwrap(),
        throttle: None,
        demo: None,
        files: server::web::SiteFiles::beside_program(),
        hooks: Some(engine::hear::handler(shop.store.clone(), gateway.adapters())),
        gateways: gateway.adapters(),
        monitor: shop.monitor.clone(),
        shutdown: shop.shutdown.clone(),
    };
    shop.router = server::router(site);
    for gateway in ["digiflazz", "digiflazz", "rahasia"] {
        shop.visitor().send(Method::POST, &format!("/hooks/{gateway}"), &[], Body::from("{}")).await;
    }
    let figures = figures(&shop).await;
    let refused = value(&figures, "xl_webhooks_total{gateway=\"digiflazz\",status=\"401\"}");
    assert_eq!(refused, Some(2.0), "{figures}");
    assert!(!figures.contains("rahasia"), "whoever calls makes the name up");
}

/// Names of figures in a text.
fn names(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !(c.is_ascii_alphanumeric() || c == '_'));
    let ours = words.filter(|word| word.starts_with("xl_") || word.starts_with("process_"));
    ours.map(|word| {
        let parts = ["_bucket", "_sum", "_count"];
        parts.iter().find_map(|part| word.strip_suffix(part)).unwrap_or(word).to_owned()
    })
    .collect()
}

/// A graph or an alert of a figure that nobody tells would be silent for ever.
#[tokio::test]
async fn whatever_is_watched_is_told() {
    let shop = Arc::new(Shop::open(store::testing::sqlite(), &Setup::default()).await);
    shop.monitor.pulses().of("send").beat();
    shop.visitor().get("/login").await;
    let told = names(&figures(&shop).await);
    for file in ["prometheus-alerts.yml", "grafana-dashboard.json"] {
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy").join(file);
        let watched = names(&std::fs::read_to_string(path).unwrap());
        assert!(watched.len() >= 8, "{file}");
        // There is no call of a gateway here.
        let unknown: Vec<_> =
            watched.iter().filter(|name| !told.contains(*name) && *name != "xl_webhooks_total").collect();
        assert!(unknown.is_empty(), "{file}: {unknown:?} of {told:?}");
    }
    let dashboard = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("../deploy/grafana-dashboard.json");
    let dashboard: serde_json::Value =
        serde_json::from_str(&std::fs::read_to_string(dashboard).unwrap()).unwrap();
    assert!(dashboard["panels"].as_array().unwrap().len() >= 8);
}
