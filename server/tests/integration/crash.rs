//! The process is killed at each named crash point, on each database, and started again. Whatever the moment: nothing is
//! lost, nothing is bought twice, and the books agree.

use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use domain::{PublicId, PurchaseState, Role, Rupiah, TopupMethod, TopupState};
use store::testing::TestDatabase;
use store::{DatabaseUrl, RequestTopup, SaveBankAccount, Saving, Viewer, crash};

use crate::engine::{Gateway, PRICE, Stall, reached};
use crate::notices;
use crate::shop::{PASSWORD, Setup, Shop};

const PATIENCE: Duration = Duration::from_secs(40);
const LOOK_EVERY: Duration = Duration::from_millis(20);
/// Past every lease of the process that was killed.
pub const LATER_MS: &str = "180000";

/// A server of its own process.
pub struct Server {
    child: Child,
    pub address: String,
}

impl Server {
    pub fn start(database: &TestDatabase, gateway: &Gateway, crash_at: Option<&str>) -> Self {
        let variable = crash_at.map_or(("CLOCK_AHEAD_MS", LATER_MS), |point| ("CRASH_AT", point));
        Self::start_with(database, gateway, "server.log", &[variable])
    }

    /// With these variables; what it says goes to a file of this name in the test's folder.
    pub fn start_with(
        database: &TestDatabase,
        gateway: &Gateway,
        log: &str,
        variables: &[(&str, &str)],
    ) -> Self {
        let port = std::net::TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap().port();
        let address = format!("127.0.0.1:{port}");
        let key_file = database.folder.join("test.key");
        write_key(&key_file);
        let mut command = Command::new(env!("CARGO_BIN_EXE_xl-package-manager"));
        command
            .env_clear()
            .current_dir(&database.folder)
            .args(["serve", "--listen", &address, "--data-dir"])
            .arg(database.folder.join("data"))
            .arg("--database-url")
            .arg(match &database.url {
                DatabaseUrl::Sqlite(path) => format!("sqlite://{}", path.display()),
                DatabaseUrl::Postgres(url) => url.clone(),
            })
            .env("ENCRYPTION_KEY_FILE", &key_file)
            .env("XL_GATEWAY_URL", gateway.running.digiflazz_url())
            .env("XL_GATEWAY_USERNAME", "toko")
            .env("XL_GATEWAY_KEY", "kunci")
            .env("XL_GATEWAY_ASK_EVERY", "1")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(std::fs::File::create(database.folder.join(log)).unwrap())
            .envs(variables.iter().copied());
        Self { child: command.spawn().unwrap(), address }
    }

    /// Power cut, or the kernel's own doing: nothing is finished.
    pub fn kill(&mut self) {
        self.child.kill().unwrap();
        self.child.wait().unwrap();
    }

    /// As the service manager asks it to stop.
    pub fn terminate(&self) {
        let told = Command::new("kill").args(["-TERM", &self.child.id().to_string()]).status().unwrap();
        assert!(told.success());
    }

    /// Waits until it has ended in good order; how long that took.
    pub async fn stopped(&mut self) -> Duration {
        let asked = tokio::time::Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                assert!(status.success(), "{status}");
                return asked.elapsed();
            }
            assert!(asked.elapsed() < PATIENCE, "it does not stop");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Waits until it has ended itself at the crash point.
    pub async fn crashed(&mut self, point: &str) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        while self.child.try_wait().unwrap().is_none() {
            assert!(tokio::time::Instant::now() < deadline, "{point} was never reached");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Waits until it answers.
    pub async fn ready(&self) {
        let deadline = tokio::time::Instant::now() + PATIENCE;
        let url = format!("http://{}/healthz", self.address);
        while !reqwest::get(&url).await.is_ok_and(|answer| answer.status().is_success()) {
            assert!(tokio::time::Instant::now() < deadline, "the server does not answer");
            tokio::time::sleep(LOOK_EVERY).await;
        }
    }

    /// Signs in and posts a form; the answer is lost when the process dies over it.
    pub async fn post(&self, user: &str, form: &str, fields: &[(&str, &str)]) {
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build().unwrap();
        let origin = format!("http://{}", self.address);
        let body = |fields: &[(&str, &str)]| {
            fields
                .iter()
                .map(|(name, value)| format!("{name}={value}").replace(' ', "+"))
                .collect::<Vec<_>>()
                .join("&")
        };
        let post = |form: &str, text: String| {
            client
                .post(format!("{origin}/api/{form}"))
                .header("origin", &origin)
                .header("content-type", "application/x-www-form-urlencoded")
                .body(text)
        };
        let signed_in = post("sign_in", body(&[("identity", user), ("password", PASSWORD), ("next", "")]))
            .send()
            .await
            .unwrap();
        assert!(signed_in.status().is_success(), "{}", signed_in.text().await.unwrap());
        let cookies = signed_in.headers().get_all("set-cookie").iter();
        let pairs = cookies.map(|cookie| cookie.to_str().unwrap().split(';').next().unwrap());
        let cookie = pairs.collect::<Vec<_>>().join("; ");
        let _ = post(form, body(fields)).header("cookie", cookie).send().await;
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The key that `store::testing` opens its databases with.
fn write_key(path: &Path) {
    use std::os::unix::fs::PermissionsExt;
    std::fs::write(path, "07".repeat(32)).unwrap();
    std::fs::set_permissions(path, std::fs::Permissions::from_mode(0o600)).unwrap();
}

/// Kills the server at `point` while it handles one purchase, starts another, and looks how the purchase ends.
async fn survives(point: &'static str) {
    for database in store::testing::databases().await {
        let kind = database.kind;
        let shop = Shop::open(database, &Setup::default()).await;
        let stall = Stall::open(&shop).await;
        let gateway = Gateway::open().await;
        notices::set_up(&shop, &gateway).await;
        let mut first = Server::start(&shop.database, &gateway, Some(point));
        first.ready().await;
        match point {
            "placed" => place_by_form(&shop, &stall, &first).await,
            // Its first answer is "pending", so it is asked about.
            "query-claimed" | "after-query" => {
                drop(shop.store.run(stall.purchase("087800001233")).await.unwrap())
            }
            _ => drop(shop.store.run(stall.purchase("087800001230")).await.unwrap()),
        }
        first.crashed(point).await;
        assert_eq!(shop.store.check().await.unwrap().breaches, [], "{kind}: {point}: right after the crash");
        assert_eq!(delivered(&shop, &stall).await, told(&shop).await, "{kind}: {point}: both or neither");

        let _second = Server::start(&shop.database, &gateway, None);
        let wallet = shop.store.wallet(stall.buyer).await.unwrap();
        let ids = purchases(&shop, &stall).await;
        if point == "placed" {
            // Killed before the commit: as if it had never been asked for.
            assert_eq!((ids.len(), wallet.held), (0, Rupiah::ZERO), "{kind}");
            continue;
        }
        assert_eq!(ids.len(), 1);
        reached(&shop.store, &ids[0], &[PurchaseState::Succeeded]).await;
        assert_eq!(gateway.charged_and_delivered(&ids[0]), (1, 1), "{kind}: {point}");
        let wallet = shop.store.wallet(stall.buyer).await.unwrap();
        assert_eq!((wallet.available.get(), wallet.held.get()), (99 * PRICE, 0), "{kind}: {point}");
        assert_eq!(shop.store.check().await.unwrap().breaches, [], "{kind}: {point}");
        let told = async || (!gateway.simulator.messages().is_empty()).then_some(());
        notices::until("the operator is told", told).await;
    }
}

async fn delivered(shop: &Shop, stall: &Stall) -> bool {
    let mut delivered = false;
    for id in purchases(shop, stall).await {
        let purchase = shop.store.purchase(&id, Viewer::Admin).await.unwrap().purchase;
        delivered |= purchase.state == PurchaseState::Succeeded;
    }
    delivered
}

/// Whether the operator was told of a delivery, or will be.
async fn told(shop: &Shop) -> bool {
    let channel = shop.store.notice_channels().await.unwrap().remove(0);
    channel.waiting == 1 || channel.sent_at.is_some()
}

async fn purchases(shop: &Shop, stall: &Stall) -> Vec<PublicId> {
    let filter =
        store::PurchaseFilter { buyer: Some(stall.buyer), limit: 10, ..store::PurchaseFilter::default() };
    shop.store.purchases(filter).await.unwrap().items.into_iter().map(|purchase| purchase.id).collect()
}

async fn place_by_form(shop: &Shop, stall: &Stall, server: &Server) {
    let package = shop.store.package(&stall.package).await.unwrap().unwrap();
    let fields = [
        ("package", package.id.as_str()),
        ("msisdn", "087800001230"),
        ("agreed_price", "60000"),
        ("key", "crash-key"),
        ("buy_again", ""),
    ];
    server.post("rina", "place_purchase", &fields).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_before_a_purchase_is_committed() {
    survives("placed").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_claiming() {
    survives("claimed").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_before_sending() {
    survives("before-send").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_after_sending() {
    survives("after-send").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_before_the_verdict_is_committed() {
    survives("verdict-before-commit").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_after_settling() {
    survives("settled").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_claiming_a_question() {
    survives("query-claimed").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_after_asking() {
    survives("after-query").await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_before_a_credit_is_committed() {
    const POINT: &str = "topup-credited-before-commit";
    for database in store::testing::databases().await {
        let shop = Shop::open(database, &Setup::default()).await;
        let admin = shop.user(Role::Admin, "bos").await;
        let buyer = shop.user(Role::Member, "rina").await.id;
        let account = SaveBankAccount {
            admin: admin.id,
            id: Saving::fresh(&shop.store),
            bank: "Bank Contoh".into(),
            number: "1234567890".into(),
            holder: "Toko Contoh".into(),
            active: true,
        };
        shop.store.run(account).await.unwrap();
        let request = RequestTopup {
            user: buyer,
            method: TopupMethod::Transfer,
            bank_account: Some(1),
            base: Rupiah::new(50_000),
            key: "k".into(),
        };
        let topup = shop.store.run(request).await.unwrap();
        let payable = shop.store.topup(&topup, Viewer::Admin).await.unwrap().payable;
        let gateway = Gateway::open().await;
        let mut first = Server::start(&shop.database, &gateway, Some(POINT));
        first.ready().await;
        let amount = payable.get().to_string();
        let fields = [
            ("topup", topup.as_str()),
            ("reference", "REF-1"),
            ("received", amount.as_str()),
            // The amount whose effect the admin has seen.
            ("shown", amount.as_str()),
        ];
        first.post("bos", "approve_topup", &fields).await;
        first.crashed(POINT).await;
        assert_eq!(shop.store.topup(&topup, Viewer::Admin).await.unwrap().state, TopupState::Pending);
        assert_eq!(shop.store.wallet(buyer).await.unwrap().available, Rupiah::ZERO);

        let second = Server::start(&shop.database, &gateway, None);
        second.ready().await;
        second.post("bos", "approve_topup", &fields).await;
        assert_eq!(shop.store.wallet(buyer).await.unwrap().available, payable);
        assert_eq!(shop.store.check().await.unwrap().breaches, []);
    }
}

/// Half of a day's sums are written when the process dies: none is there, and the next server adds them all, once.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn killed_while_summing_up_a_day() {
    const POINT: &str = "roll-up-half-added";
    for database in store::testing::databases().await {
        let shop = Shop::open(database, &Setup::default()).await;
        let stall = Stall::open(&shop).await;
        let gateway = Gateway::open().await;
        let purchase = shop.store.run(stall.purchase("087800001230")).await.unwrap();
        let mut first = Server::start(&shop.database, &gateway, Some(POINT));
        first.crashed(POINT).await;
        let ever = domain::UtcMillis(i64::MAX);
        let days = async || shop.store.figures_by_day(domain::UtcMillis(0), ever).await.unwrap();
        assert_eq!(days().await, [], "all or nothing");

        let _second = Server::start(&shop.database, &gateway, None);
        reached(&shop.store, &purchase, &[PurchaseState::Succeeded]).await;
        let summed = async || {
            let sum = days().await.iter().map(|day| day.figures.sales.get()).sum::<i64>();
            (sum > 0).then_some(())
        };
        notices::until("the sale is summed up", summed).await;
        let days = days().await;
        let sum = |of: fn(&store::Figures) -> i64| days.iter().map(|day| of(&day.figures)).sum::<i64>();
        assert_eq!(sum(|of| of.sales.get()), PRICE);
        assert_eq!((sum(|of| of.placed), sum(|of| of.delivered)), (1, 1));
        assert_eq!(sum(|of| of.corrections.get()), 100 * PRICE);
        assert_eq!(sum(|of| of.balances.get()), 99 * PRICE);
    }
}

#[test]
fn every_crash_point_has_its_test() {
    let source = concat!(include_str!("crash.rs"), include_str!("crash_topups.rs"));
    for point in crash::POINTS {
        assert!(source.contains(&format!("\"{point}\"")), "{point} is never reached");
    }
}
