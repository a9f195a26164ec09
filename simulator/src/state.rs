use std::collections::BTreeMap;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};

use serde::Serialize;
use tokio::sync::Notify;

use crate::book::Book;
use crate::chance::Chance;
use crate::journal::{Journal, Kept, Synced};
use crate::messages::Messages;
use crate::payments::Payments;
use crate::session::{Phone, Phones};
use crate::webhooks::{Event, Webhooks};
use crate::{BookOrder, Duplicates, PaymentOrder, Rule, SessionPackage, SimulatedPackage, SimulatorConfig};

/// What all requests share.
pub(crate) struct Inner {
    pub(crate) config: SimulatorConfig,
    pub(crate) webhooks: Webhooks,
    pub(crate) messages: Messages,
    /// Rings when an order got a time to end at.
    pub(crate) changed: Arc<Notify>,
    /// Rings when a payment's notification was written.
    pub(crate) told: Arc<Notify>,
    http: Option<reqwest::Client>,
    journal: Journal,
    state: Mutex<State>,
}

/// What changes. One lock guards it all: an order is one step, as in a gateway's database.
pub(crate) struct State {
    pub(crate) book: Book,
    pub(crate) deposit_rupiah: i64,
    pub(crate) packages: Vec<OnSale>,
    pub(crate) session_packages: Vec<SessionOnSale>,
    pub(crate) phones: Phones,
    pub(crate) payments: Payments,
    pub(crate) rules: Vec<Rule>,
    pub(crate) duplicates: Duplicates,
    pub(crate) chance: Chance,
    pub(crate) counters: Counters,
    pub(crate) price_list_given_ms: Option<i64>,
    pub(crate) clock_ahead_ms: i64,
}

/// A package with what the admin calls change of it.
#[derive(Clone)]
pub(crate) struct OnSale {
    pub(crate) package: SimulatedPackage,
    pub(crate) active: bool,
    /// How many are left; `None` means any number.
    pub(crate) stock: Option<u32>,
}

/// A package of the session dialect with what the admin calls change of it.
#[derive(Clone)]
pub(crate) struct SessionOnSale {
    pub(crate) package: SessionPackage,
    pub(crate) active: bool,
    /// How many are left; `None` means any number.
    pub(crate) stock: Option<u32>,
}

/// How often each thing really happened, so that a fault injector that never strikes is seen.
#[derive(Clone, Debug, Default, Serialize)]
pub(crate) struct Counters {
    /// Orders that arrived with a good signature or key, repeats included.
    pub(crate) received: u64,
    /// Of these, repeats.
    pub(crate) repeats: u64,
    /// Orders that were made.
    pub(crate) formed: u64,
    /// Faults of answers, by name.
    pub(crate) answers: BTreeMap<String, u64>,
    /// Fates of orders, by name.
    pub(crate) fates: BTreeMap<String, u64>,
    /// Calls of the session dialect with a good key, by name.
    pub(crate) calls: BTreeMap<String, u64>,
    /// Codes, by code, as they were true (a lying answer is counted under `answers`).
    pub(crate) codes: BTreeMap<String, u64>,
}

impl Inner {
    pub(crate) fn new(config: SimulatorConfig) -> io::Result<Self> {
        let (journal, kept) = match &config.book_path {
            Some(path) => Journal::open(path)?,
            None => (Journal::none(), Kept::default()),
        };
        let mut state = State::new(&config);
        state.book = kept.book;
        state.phones = kept.phones;
        state.payments.book = kept.payments;
        state.deposit_rupiah = kept.deposit_rupiah.unwrap_or(config.deposit_rupiah);
        // A restart must not draw the same serial numbers, codes and tokens again.
        let drawn = state.book.totals().references + state.phones.drawn() + state.payments.book.drawn();
        state.chance = Chance::new(config.seed.wrapping_add(drawn));
        Ok(Self {
            webhooks: Webhooks::new(&config.webhook_secret),
            messages: Messages::default(),
            changed: Arc::new(Notify::new()),
            told: Arc::new(Notify::new()),
            http: reqwest::Client::builder()
                .no_proxy()
                .redirect(reqwest::redirect::Policy::none())
                .build()
                .inspect_err(|error| tracing::error!(%error, "the simulator cannot send notifications"))
                .ok(),
            journal,
            state: Mutex::new(state),
            config,
        })
    }

    /// For notifications of payments.
    pub(crate) const fn http(&self) -> Option<&reqwest::Client> {
        self.http.as_ref()
    }

    /// Does one step under the lock. Nothing in `work` may wait.
    pub(crate) fn desk<T>(&self, work: impl FnOnce(&mut Desk<'_>) -> T) -> T {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let now_ms = (self.config.clock)().saturating_add(state.clock_ahead_ms);
        let mut desk = Desk { inner: self, now_ms, synced: None, state: &mut state };
        desk.settle_due();
        desk.expire_due();
        work(&mut desk)
    }
}

impl State {
    fn new(config: &SimulatorConfig) -> Self {
        let on_sale =
            |package: &SimulatedPackage| OnSale { package: package.clone(), active: true, stock: None };
        let session_on_sale = |package: &SessionPackage| SessionOnSale {
            package: package.clone(),
            active: true,
            stock: package.stock,
        };
        Self {
            book: Book::default(),
            deposit_rupiah: config.deposit_rupiah,
            packages: config.catalogue.iter().map(on_sale).collect(),
            session_packages: config.session_catalogue.iter().map(session_on_sale).collect(),
            phones: Phones::default(),
            payments: Payments::new(config),
            rules: Vec::new(),
            duplicates: config.duplicates,
            chance: Chance::new(config.seed),
            counters: Counters::default(),
            price_list_given_ms: None,
            clock_ahead_ms: 0,
        }
    }
}

impl Counters {
    pub(crate) fn count(map: &mut BTreeMap<String, u64>, name: &str) {
        *map.entry(name.to_owned()).or_default() += 1;
    }
}

/// The book open on the desk: state, time, and the last line that went to the disk.
pub(crate) struct Desk<'a> {
    pub(crate) inner: &'a Inner,
    pub(crate) state: &'a mut State,
    pub(crate) now_ms: i64,
    /// Lines reach the disk in order, so waiting for the last one is enough.
    synced: Option<Synced>,
}

impl Desk<'_> {
    /// Writes an order into the book, on disk too, and tells the shop when an `event` happened to it. The session dialect
    /// has no webhooks.
    pub(crate) fn save(&mut self, order: BookOrder, event: Option<Event>) {
        self.synced = Some(self.inner.journal.order(&order, self.state.deposit_rupiah));
        let url = order.cb_url.as_ref().or(self.inner.config.webhook_url.as_ref());
        if let (Some(event), Some(url), None) = (event, url, &order.session) {
            let data = crate::digiflazz::truth(&order, self.state.deposit_rupiah);
            let delivery_id = format!("{:016x}", self.state.chance.next());
            self.inner.webhooks.tell(url, event, delivery_id, &data);
        }
        if order.settle_at_ms.is_some() {
            self.inner.changed.notify_one();
        }
        self.state.book.put(order);
    }

    /// What has to be on disk before anything is answered.
    pub(crate) const fn take_synced(&mut self) -> Option<Synced> {
        self.synced.take()
    }

    /// Writes what is known of a number, on disk too.
    pub(crate) fn save_phone(&mut self, phone: Phone) {
        self.synced = Some(self.inner.journal.phone(&phone));
        self.state.phones.put(phone);
    }

    /// Writes a charge, on disk too.
    pub(crate) fn save_payment(&mut self, order: PaymentOrder) {
        self.synced = Some(self.inner.journal.payment(&order));
        self.state.payments.book.put(order);
        self.inner.changed.notify_one();
    }

    pub(crate) fn set_deposit(&mut self, rupiah: i64) {
        self.state.deposit_rupiah = rupiah;
        self.synced = Some(self.inner.journal.deposit(rupiah));
    }

    /// Everything as on the first day.
    pub(crate) fn reset(&mut self) {
        *self.state = State::new(&self.inner.config);
        self.synced = Some(self.inner.journal.reset(self.state.deposit_rupiah));
    }
}
