//! A shop for each test: the real router on a database of its own, and visitors with cookies.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::Path;

use axum::Router;
use axum::body::Body;
use axum::extract::ConnectInfo;
use domain::{Category, Lang, Prices, PublicId, Role, Rupiah};
use http::header::{ACCEPT, CONTENT_TYPE, COOKIE, LOCATION, REFERER, SET_COOKIE};
use http::{HeaderMap, Method, Request, StatusCode};
use http_body_util::BodyExt;
use server::Site;
use server::monitor::Monitor;
use server::web::{SiteFiles, Throttle};
use store::testing::TestDatabase;
use store::{PackageDraft, RegisterUser, SavePackage, Saving, SealEntries, Store, User};
use tokio_util::sync::CancellationToken;
use tower::ServiceExt;

pub const PASSWORD: &str = "kuda laut biru";
pub const HTML: &str = "text/html,application/xhtml+xml";
pub const ORIGIN: &str = "http://127.0.0.1:3000";

/// The router on a database of its own.
pub struct Shop {
    pub router: Router,
    pub store: Store,
    pub database: TestDatabase,
    pub monitor: Monitor,
    pub shutdown: CancellationToken,
}

/// What differs from an ordinary shop.
#[derive(Default)]
pub struct Setup<'a> {
    pub public_url: Option<&'a str>,
    pub trusted_proxies: &'a str,
    pub posts_per_minute: Option<u32>,
    pub site_folder: Option<&'a Path>,
}

/// A browser: it keeps cookies.
pub struct Visitor<'s> {
    shop: &'s Shop,
    cookies: BTreeMap<String, String>,
    pub peer: SocketAddr,
    pub extra: Vec<(&'static str, String)>,
}

/// What came back.
#[derive(Debug)]
pub struct Answer {
    pub status: StatusCode,
    pub headers: HeaderMap,
    pub body: String,
}

/// Runs a test on SQLite, and on PostgreSQL when there is one.
pub async fn on_each_database(setup: Setup<'_>, test: impl AsyncFn(Shop)) {
    for database in store::testing::databases().await {
        test(Shop::open(database, &setup).await).await;
    }
}

impl Shop {
    pub async fn open(database: TestDatabase, setup: &Setup<'_>) -> Self {
        let store = database.open().await;
        let shutdown = CancellationToken::new();
        let monitor = Monitor::new(store.now());
        let site = Site {
            store: store.clone(),
            public_url: setup.public_url.unwrap_or(ORIGIN).parse().unwrap(),
            trusted_proxies: setup.trusted_proxies.parse().unwrap(),
            throttle: setup.posts_per_minute.map(Throttle::new),
            demo: None,
            files: setup.site_folder.map_or_else(SiteFiles::beside_program, SiteFiles::in_folder),
            hooks: None,
            gateways: server::gateways::Registry::of(Vec::new(), Vec::new()),
            monitor: monitor.clone(),
            shutdown: shutdown.clone(),
        };
        Self { router: server::router(site), store, database, monitor, shutdown }
    }

    pub fn visitor(&self) -> Visitor<'_> {
        Visitor {
            shop: self,
            cookies: BTreeMap::new(),
            peer: ([127, 0, 0, 1], 40_000).into(),
            extra: Vec::new(),
        }
    }

    /// The check finds nothing. What is left is sealed first: a test's clock may make minutes of the moment since a worker
    /// last did so, and the check would call that late.
    pub async fn books_are_in_order(&self) {
        while self.store.run(SealEntries).await.unwrap() > 0 {}
        assert_eq!(self.store.check().await.unwrap().breaches, []);
    }

    pub async fn user(&self, role: Role, name: &str) -> User {
        let number = name.bytes().fold(0_u32, |sum, byte| (sum * 31 + u32::from(byte)) % 1_000_000);
        let register = RegisterUser {
            username: name.parse().unwrap(),
            email: format!("{name}@contoh.id").parse().unwrap(),
            phone: format!("081200{number:06}").parse().unwrap(),
            password_hash: store::password::hash(PASSWORD.into()).await.unwrap(),
            role,
            lang: Lang::En,
        };
        let id = self.store.run(register).await.unwrap();
        self.store.user(id).await.unwrap().unwrap()
    }

    pub async fn package(&self, admin: &User) -> PublicId {
        let draft = PackageDraft {
            name: "Xtra Combo 10 GB".into(),
            description: "10 GB".into(),
            quota: "10 GB".into(),
            validity_days: 28,
            category: Category::Monthly,
            brand: "XL".into(),
            prices: Prices { member: Rupiah::new(60_000), reseller: Rupiah::new(55_000) },
            cost: Rupiah::new(50_000),
            gateway: "digiflazz".into(),
            sku: "xld10".into(),
            active: true,
            sort: 0,
            family: String::new(),
            benefits: String::new(),
        };
        self.store.run(SavePackage { admin: admin.id, id: Saving::fresh(&self.store), draft }).await.unwrap()
    }
}

impl Visitor<'_> {
    pub async fn get(&mut self, path: &str) -> Answer {
        self.send(Method::GET, path, &[(ACCEPT.as_str(), HTML)], Body::empty()).await
    }

    /// As a browser does when somebody sends a form.
    pub async fn post_form(&mut self, action: &str, page: &str, fields: &[(&str, &str)]) -> Answer {
        let referer = format!("{ORIGIN}{page}");
        let headers = [
            (ACCEPT.as_str(), HTML),
            (CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded"),
            (REFERER.as_str(), &referer),
            ("origin", ORIGIN),
            ("sec-fetch-site", "same-origin"),
        ];
        self.send(Method::POST, action, &headers, encoded(fields)).await
    }

    /// As a program does.
    pub async fn post_for_json(&mut self, action: &str, fields: &[(&str, &str)]) -> Answer {
        let headers = [
            (ACCEPT.as_str(), "application/json"),
            (CONTENT_TYPE.as_str(), "application/x-www-form-urlencoded"),
        ];
        self.send(Method::POST, action, &headers, encoded(fields)).await
    }

    pub async fn send(&mut self, method: Method, path: &str, headers: &[(&str, &str)], body: Body) -> Answer {
        let response = self.open(method, path, headers, body).await;
        let (parts, body) = response.into_parts();
        let bytes = body.collect().await.unwrap().to_bytes();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&bytes).into_owned(),
        }
    }

    /// Without waiting for the body's end.
    pub async fn open(
        &mut self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: Body,
    ) -> http::Response<Body> {
        let mut request = Request::builder().method(method).uri(path);
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        for (name, value) in &self.extra {
            request = request.header(*name, value);
        }
        if !self.cookies.is_empty() {
            let pairs: Vec<_> = self.cookies.iter().map(|(name, value)| format!("{name}={value}")).collect();
            request = request.header(COOKIE, pairs.join("; "));
        }
        let mut request = request.body(body).unwrap();
        request.extensions_mut().insert(ConnectInfo(self.peer));
        let response = self.shop.router.clone().oneshot(request).await.unwrap();
        for line in response.headers().get_all(SET_COOKIE) {
            let pair = line.to_str().unwrap().split(';').next().unwrap();
            let (name, value) = pair.split_once('=').unwrap();
            if value.is_empty() {
                self.cookies.remove(name);
            } else {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
        response
    }

    /// Signs in through the form on the page.
    pub async fn sign_in(&mut self, name: &str) {
        let action = self.action("/login", "sign_in").await;
        let answer = self
            .post_form(&action, "/login", &[("identity", name), ("password", PASSWORD), ("next", "")])
            .await;
        assert_eq!(answer.status, StatusCode::SEE_OTHER, "{answer:?}");
        assert!(!answer.location().contains("form="), "{answer:?}");
    }

    /// Where the page's form posts to, by the server function's name.
    pub async fn action(&mut self, page: &str, function: &str) -> String {
        let answer = self.get(page).await;
        let action = format!("/api/{function}");
        assert!(
            answer.body.contains(&format!("action=\"{action}\"")),
            "no form {function} on {page}: {}",
            answer.body
        );
        action
    }

    pub fn session(&self) -> Option<&String> {
        self.cookies.get("__Host-session")
    }

    pub fn set_session(&mut self, value: &str) {
        self.cookies.insert("__Host-session".into(), value.into());
    }
}

impl Answer {
    pub fn location(&self) -> &str {
        self.header(LOCATION.as_str())
    }

    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }
}

fn encoded(fields: &[(&str, &str)]) -> Body {
    Body::from(form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish())
}
