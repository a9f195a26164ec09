//! `serve --demo`: the whole product without a real gateway and without real money. Users, packages, a balance to spend,
//! and a simulated gateway in this process. Everything is kept over restarts, the simulator's book too.

use std::net::{IpAddr, Ipv4Addr, Ipv6Addr, SocketAddr};
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use app::DemoSignIns;
use domain::{DAY_MS, Lang, Msisdn, Role, Rupiah, start_of_wib_day};
use simulator::{RunningMail, RunningSimulator, Simulator, SimulatorConfig};
use store::{
    AdjustBalance, ChangePassword, DueGateways, EnterDemo, PackageFilter, PlacePurchase, RecordFunding,
    RegisterUser, SaveBankAccount, SaveSettings, Saving, SettingsGroup, Store, User, UserId,
};
use tokio::net::TcpListener;
use xl::SessionConfig;

use crate::commands::{Failure, say};
use crate::config::{GatewayConfig, Secret};
use crate::demo_notices;
use crate::demo_packages::{self, SESSIONS};
use crate::demo_payments;
use crate::demo_users::{self, DemoUser, DemoUsers};
use crate::gateways::{self, SessionGateways};

/// A demo that is under way. The simulator stops when it is dropped.
pub struct Demo {
    /// For the sign-in page.
    pub sign_ins: DemoSignIns,
    /// The simulated gateway, as the shop sees it.
    pub gateway: GatewayConfig,
    /// The same one's other dialect.
    pub sessions: SessionGateways,
    /// Whose ways of paying are to be tried once the workers run.
    trying: Option<UserId>,
    _simulators: [RunningSimulator; 2],
    _mail: RunningMail,
}

/// Never a secret: the simulator listens on this machine only. Fixed, because orders are kept as they were signed.
const GATEWAY_USERNAME: &str = "demo";
const GATEWAY_KEY: &str = "demo-key";
const GATEWAY_WEBHOOK_SECRET: &str = "demo-webhook-secret";
const BOOK_FILE: &str = "demo-gateway.book";
const SESSIONS_BOOK_FILE: &str = "demo-sessions.book";
/// Nobody who tries the demo should wait a minute for the status.
const QUERY_EVERY: Duration = Duration::from_secs(3);
/// Where the simulator listened last time.
const PORT_FILE: &str = "demo-gateway.port";
const SEED: u64 = 20_260_101;

/// What each of the simulated gateways holds for the shop at first.
const DEPOSIT: Rupiah = Rupiah::new(50_000_000);
const MEMBER_BALANCE: Rupiah = Rupiah::new(250_000);
const RESELLER_BALANCE: Rupiah = Rupiah::new(2_500_000);
/// Bank, number, holder. Nobody has these numbers.
const BANKS: &[(&str, &str, &str)] = &[
    ("BCA", "000-123-4567", "Toko Melati (contoh)"),
    ("Mandiri", "000-00-7654321-0", "Toko Melati (contoh)"),
];
/// Who bought what for which number before anybody looked.
const PAST_PURCHASES: &[(&str, &str, &str)] = &[
    ("member", "xld1", "087812345678"),
    ("member", "axb1", "083112345678"),
    ("reseller", "xld2", "081712345678"),
    ("reseller", "xld10", "087711223344"),
    ("reseller", "axb2", "083811223344"),
];

/// Sees to it that a demo and a real shop never meet in one database: everyone can sign in as a demo's admin.
///
/// # Errors
/// When the database is the other kind's.
pub async fn enter(store: &Store, demo: bool) -> Result<(), Failure> {
    if store.run(EnterDemo { demo }).await? {
        return Ok(());
    }
    let why = if demo {
        "the demo needs a database of its own, and this one has users who are no demo's"
    } else {
        "this database was made by serve --demo, whose passwords are no secret: it must not become a real shop"
    };
    Err(Failure::Other(format!("{why} (use another DATA_DIR or DATABASE_URL)")))
}

/// Starts the simulator and sees to it that the demo's users, packages and settings are there. `shop` is where this
/// server listens: the simulator calls its webhooks there.
///
/// # Errors
/// When a file, a port or the database cannot be used.
pub async fn start(store: &Store, data_dir: &Path, shop: SocketAddr) -> Result<Demo, Failure> {
    // Two gateways, so two deposits: with one for both, neither would agree with the shop's books.
    let config = simulator_config(store, data_dir, BOOK_FILE, shop);
    let first = open_simulator(config.clone())?;
    let second = open_simulator(simulator_config(store, data_dir, SESSIONS_BOOK_FILE, shop))?;
    let mail = first.spawn_mail(port().await?).map_err(Failure::io("the simulated mail server"))?;
    let simulator = first.spawn(kept_port(data_dir).await?).map_err(Failure::io("the simulated gateway"))?;
    let sessions = second.spawn(port().await?).map_err(Failure::io("the simulated session gateway"))?;
    let users = demo_users::load_or_make(store, data_dir)?;
    let admin = ensure_user(store, Role::Admin, &users.admin, users.are_new).await?;
    let member = ensure_user(store, Role::Member, &users.member, users.are_new).await?;
    let reseller = ensure_user(store, Role::Reseller, &users.reseller, users.are_new).await?;
    demo_packages::ensure(store, &admin).await?;
    ensure_shop(store, &admin).await?;
    for gateway in [gateways::DIGIFLAZZ, SESSIONS] {
        fund(store, &admin, gateway).await?;
    }
    let tries = demo_payments::ensure(store, &admin, &simulator, &config).await?;
    demo_notices::ensure(store, &admin, &simulator, &mail).await?;
    welcome(store, &admin, &member, MEMBER_BALANCE).await?;
    welcome(store, &admin, &reseller, RESELLER_BALANCE).await?;
    print(&users, data_dir);
    let sign_ins = DemoSignIns {
        users: vec![
            (Role::Member, users.member.username),
            (Role::Reseller, users.reseller.username),
            (Role::Admin, users.admin.username),
        ],
        phone: format!("{}/phone", sessions.url()),
        messages: format!("{}/messages", simulator.url()),
        payments: format!("{}/pay", simulator.url()),
    };
    let gateway = GatewayConfig {
        url: simulator.digiflazz_url(),
        username: GATEWAY_USERNAME.to_owned(),
        key: Secret::new(GATEWAY_KEY.to_owned()),
        webhook_secret: Some(Secret::new(GATEWAY_WEBHOOK_SECRET.to_owned())),
        query_interval_s: Some(QUERY_EVERY.as_secs()),
    };
    let mut config = SessionConfig::new(sessions.session_url(), GATEWAY_USERNAME, GATEWAY_KEY);
    config.name = SESSIONS.to_owned();
    config.query_interval = QUERY_EVERY;
    let adapter = gateways::session_gateway(config)
        .map_err(|error| Failure::Other(format!("the simulated session gateway: {error}")))?;
    let simulators = [simulator, sessions];
    let trying = tries.then_some(admin.id);
    Ok(Demo { sign_ins, gateway, sessions: vec![adapter], trying, _simulators: simulators, _mail: mail })
}

/// A little history, so that the first look is not at empty pages. Once: the keys stay the same.
///
/// # Errors
/// Faults of the database.
async fn place_past_purchases(store: &Store) -> Result<(), Failure> {
    let packages = store.packages(PackageFilter { only_active: true, ..PackageFilter::default() }).await?;
    for (i, (buyer, sku, number)) in PAST_PURCHASES.iter().enumerate() {
        let Some((buyer, _)) = store.user_for_sign_in(buyer).await? else {
            continue;
        };
        let Some(package) = packages.iter().find(|package| package.sku == *sku) else {
            continue;
        };
        let Ok(msisdn) = number.parse::<Msisdn>() else {
            continue;
        };
        let place = PlacePurchase {
            user: buyer.id,
            package: package.id.clone(),
            msisdn,
            agreed_price: package.prices.for_role(buyer.role),
            pay: None,
            key: format!("demo-past-{i}"),
            buy_again: true,
        };
        ignore_refusal(store.run(place).await)?;
    }
    Ok(())
}

impl Demo {
    /// What has to wait for the workers.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn finish(&self, store: &Store) -> Result<(), Failure> {
        if let Some(admin) = self.trying {
            demo_payments::open_tried(store, admin).await?;
        }
        place_past_purchases(store).await
    }
}

/// The port of last time, where it is free: then the settings still name the right address.
async fn kept_port(data_dir: &Path) -> Result<TcpListener, Failure> {
    let path = data_dir.join(PORT_FILE);
    let kept = std::fs::read_to_string(&path).ok().and_then(|text| text.trim().parse::<u16>().ok());
    if let Some(kept) = kept
        && let Ok(listener) = TcpListener::bind((Ipv4Addr::LOCALHOST, kept)).await
    {
        return Ok(listener);
    }
    let listener = port().await?;
    let address = listener.local_addr().map_err(Failure::io("a port for the simulator"))?;
    std::fs::write(&path, address.port().to_string()).map_err(Failure::io("the simulator's port"))?;
    Ok(listener)
}

async fn port() -> Result<TcpListener, Failure> {
    TcpListener::bind("127.0.0.1:0").await.map_err(Failure::io("a port for the simulator"))
}

fn simulator_config(store: &Store, data_dir: &Path, book: &str, shop: SocketAddr) -> SimulatorConfig {
    let clock = {
        let store = store.clone();
        Arc::new(move || store.now().0)
    };
    let hooks = format!("http://{}/hooks", reachable(shop));
    SimulatorConfig {
        book_path: Some(data_dir.join(book)),
        webhook_url: Some(format!("{hooks}/{}", gateways::DIGIFLAZZ)),
        midtrans_notification_url: Some(format!("{hooks}/pay/{}", demo_payments::NAME)),
        deposit_rupiah: DEPOSIT.get(),
        ..SimulatorConfig::new(GATEWAY_USERNAME, GATEWAY_KEY, GATEWAY_WEBHOOK_SECRET, SEED, clock)
    }
}

fn open_simulator(config: SimulatorConfig) -> Result<Simulator, Failure> {
    Simulator::new(config).map_err(Failure::io("the simulated gateway's book"))
}

/// An address at which this machine reaches itself: nobody can call "all addresses".
fn reachable(listening: SocketAddr) -> SocketAddr {
    let ip = match listening.ip() {
        IpAddr::V4(ip) if ip.is_unspecified() => Ipv4Addr::LOCALHOST.into(),
        IpAddr::V6(ip) if ip.is_unspecified() => Ipv6Addr::LOCALHOST.into(),
        ip => ip,
    };
    SocketAddr::new(ip, listening.port())
}

/// The user with that role. When the file with the passwords was lost, the user gets the new one.
async fn ensure_user(
    store: &Store,
    role: Role,
    demo: &DemoUser,
    new_password: bool,
) -> Result<User, Failure> {
    let impossible =
        |what: &str| Failure::Other(format!("the demo's {} has no usable {what}", demo.username));
    let known = store.user_for_sign_in(&demo.username).await?;
    if let Some((user, _)) = &known
        && !new_password
    {
        return Ok(user.clone());
    }
    let password_hash = store::password::hash(demo.password.clone()).await?;
    if let Some((user, _)) = known {
        store.run(ChangePassword { user: user.id, password_hash }).await?;
        return Ok(user);
    }
    let register = RegisterUser {
        username: demo.username.parse().map_err(|_| impossible("name"))?,
        email: format!("{}@contoh.id", demo.username).parse().map_err(|_| impossible("e-mail address"))?,
        phone: demo_users::phone(role).parse().map_err(|_| impossible("phone number"))?,
        password_hash,
        role,
        lang: Lang::Id,
    };
    let id = store.run(register).await?;
    store.user(id).await?.ok_or_else(|| impossible("account"))
}

/// Bank accounts and contact, unless somebody has set them already.
async fn ensure_shop(store: &Store, admin: &User) -> Result<(), Failure> {
    if store.bank_accounts(false).await?.is_empty() {
        for (bank, number, holder) in BANKS {
            let account = SaveBankAccount {
                admin: admin.id,
                id: Saving::fresh(store),
                bank: (*bank).to_owned(),
                number: (*number).to_owned(),
                holder: (*holder).to_owned(),
                active: true,
            };
            store.run(account).await?;
        }
    }
    store.reload_settings().await?;
    let settings = store.settings();
    if settings.whatsapp.is_empty() && settings.contact_email.is_empty() {
        let save = SaveSettings::changed(admin.id, SettingsGroup::Shop, &settings, |settings| {
            "Toko Melati".clone_into(&mut settings.title);
            "Toko Melati".clone_into(&mut settings.contact_name);
            "6281200000000".clone_into(&mut settings.whatsapp);
            "halo@contoh.id".clone_into(&mut settings.contact_email);
        });
        store.run(save).await?;
        store.reload_settings().await?;
    }
    Ok(())
}

/// The deposit that a simulated gateway begins with, in the shop's books too. Only before anything was read or recorded:
/// later it would count twice.
async fn fund(store: &Store, admin: &User, gateway: &str) -> Result<(), Failure> {
    let book = store.deposit_book(gateway).await?;
    let bank = store.bank_accounts(false).await?.into_iter().next();
    let (Some(bank), None, true) = (bank, book.first_day, book.fundings.is_empty()) else { return Ok(()) };
    store.run(DueGateways { names: vec![gateway.to_owned()] }).await?;
    let funding = RecordFunding {
        admin: admin.id,
        gateway: gateway.to_owned(),
        bank_account: bank.id,
        amount: DEPOSIT,
        day: start_of_wib_day(store.now()).plus_ms(-DAY_MS),
        note: "Deposit awal (contoh)".to_owned(),
        key: format!("demo-deposit-{gateway}"),
    };
    ignore_refusal(store.run(funding).await)
}

/// Once: the key stays the same.
async fn welcome(store: &Store, admin: &User, user: &User, amount: Rupiah) -> Result<(), Failure> {
    let reason = "Saldo awal untuk mencoba".to_owned();
    let key = format!("demo-welcome-{}", user.id.0);
    ignore_refusal(store.run(AdjustBalance { admin: admin.id, user: user.id, amount, reason, key }).await)
}

/// The demo's users may have been changed or suspended by whoever tried it; that is no reason not to start.
fn ignore_refusal<T>(result: Result<T, store::Error>) -> Result<(), Failure> {
    match result {
        Ok(_) => Ok(()),
        Err(store::Error::Refused(refusal)) => {
            tracing::info!(?refusal, "a part of the demo's data was left as it is");
            Ok(())
        }
        Err(fault) => Err(fault.into()),
    }
}

fn print(users: &DemoUsers, data_dir: &Path) {
    say("Demo: no real money, a simulated gateway. Sign in as:");
    for user in [&users.member, &users.reseller, &users.admin] {
        say(&format!("  {:<9} {}", user.username, user.password));
    }
    say(&format!("Also in {}", data_dir.join(demo_users::FILE).display()));
}
