use std::collections::BTreeMap;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Weak};
use std::time::Duration;

use axum::Router;
use axum::serve::ListenerExt;
use tokio::net::TcpListener;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

use crate::book::BookOrder;
use crate::payments::PaymentBook;
use crate::state::Inner;
use crate::{
    MessageFault, MessageWay, PaymentAct, PaymentOrder, PaymentProvider, PaymentRule, PaymentTotals,
    SimulatedMessage, SimulatorConfig, admin, digiflazz, messages, pages, payments, session,
};

/// At least this often the settler looks at the clock: a test may have set it.
const CLOCK_CHECK: Duration = Duration::from_millis(500);

/// A gateway in this process. Clones are the same gateway.
#[derive(Clone)]
pub struct Simulator {
    inner: Arc<Inner>,
}

/// A simulator on a port of its own; it stops when this is dropped.
pub struct RunningSimulator {
    address: SocketAddr,
    task: JoinHandle<()>,
}

/// A mail server on a port of its own; it stops when this is dropped.
pub struct RunningMail {
    address: SocketAddr,
    task: JoinHandle<()>,
}

impl Simulator {
    /// A gateway with the book of last time, if the configuration names a file.
    ///
    /// # Errors
    /// The book's file cannot be read or written.
    pub fn new(config: SimulatorConfig) -> io::Result<Self> {
        Ok(Self { inner: Arc::new(Inner::new(config)?) })
    }

    /// All its paths, to be served on a loopback address (the admin calls have no password).
    pub fn router(&self) -> Router {
        let dialects = digiflazz::router().merge(session::router());
        dialects
            .merge(messages::router())
            .merge(admin::router())
            .merge(pages::router())
            .merge(payments::router())
            .with_state(Arc::clone(&self.inner))
    }

    /// Serves it on a listener until the returned value is dropped.
    ///
    /// # Errors
    /// The listener has no address.
    pub fn spawn(&self, listener: TcpListener) -> io::Result<RunningSimulator> {
        let address = listener.local_addr()?;
        self.inner.start();
        let router = self.router();
        let listener = listener.tap_io(|connection| {
            // Only slower without it.
            let _ = connection.set_nodelay(true);
        });
        let task = tokio::spawn(async move {
            if let Err(error) = axum::serve(listener, router).await {
                tracing::error!(%error, "the simulator stopped serving");
            }
        });
        Ok(RunningSimulator { address, task })
    }

    /// Takes mail on a listener until the returned value is dropped.
    ///
    /// # Errors
    /// The listener has no address.
    pub fn spawn_mail(&self, listener: TcpListener) -> io::Result<RunningMail> {
        let address = listener.local_addr()?;
        let task = tokio::spawn(messages::serve_mail(Arc::clone(&self.inner), listener));
        Ok(RunningMail { address, task })
    }

    /// The messages to people that were taken, oldest first.
    pub fn messages(&self) -> Vec<SimulatedMessage> {
        self.inner.messages.taken()
    }

    /// Makes the next messages by one way fail.
    pub fn fail_messages(&self, way: MessageWay, fault: MessageFault, times: u32) {
        self.inner.messages.fail(way, fault, times);
    }

    /// How often faults have struck messages, in all.
    pub fn messages_struck(&self) -> u64 {
        self.inner.messages.struck().values().sum()
    }

    /// What the book says about a reference.
    pub fn order(&self, ref_id: &str) -> Option<BookOrder> {
        self.inner.desk(|desk| desk.state.book.get(ref_id).cloned())
    }

    /// Every order of a number for a package, oldest first: where the shop has no reference, "exactly one" is asserted
    /// by this. The number may be written in any way.
    pub fn orders_of(&self, msisdn: &str, package_code: &str) -> Vec<BookOrder> {
        let number = session::local_form(msisdn);
        self.inner.desk(|desk| {
            let orders = desk.state.book.of_number(&number);
            orders.filter(|order| order.sku == package_code).cloned().collect()
        })
    }

    /// The charge with this name, the shop's or the gateway's; of several the newest.
    pub fn payment(&self, order_id: &str) -> Option<PaymentOrder> {
        self.inner.desk(|desk| desk.state.payments.book.find(None, order_id).cloned())
    }

    /// Every charge with this name of the shop's, oldest first: "exactly one" is asserted by this.
    pub fn payments_of(&self, order_id: &str) -> Vec<PaymentOrder> {
        self.inner.desk(|desk| desk.state.payments.book.of(order_id).cloned().collect())
    }

    /// Every charge, oldest first.
    pub fn payments(&self) -> Vec<PaymentOrder> {
        self.inner.desk(|desk| desk.state.payments.book.iter().cloned().collect())
    }

    /// The sums of all charges.
    pub fn payment_totals(&self) -> PaymentTotals {
        self.inner.desk(|desk| PaymentBook::totals(desk.state.payments.book.iter()))
    }

    /// The customer pays what is asked for.
    ///
    /// # Errors
    /// There is no such charge.
    pub fn pay(&self, order_id: &str) -> Result<PaymentOrder, &'static str> {
        self.act_on_payment(order_id, PaymentAct::Pay { amount: None })
    }

    /// Something happens to a charge from outside the shop. The notification goes out by itself.
    ///
    /// # Errors
    /// There is no such charge, or it cannot happen to it.
    pub fn act_on_payment(&self, order_id: &str, act: PaymentAct) -> Result<PaymentOrder, &'static str> {
        self.inner.desk(|desk| desk.act(None, order_id, act))
    }

    /// Sets how the payment gateways misbehave; a newer rule goes before an older one.
    pub fn add_payment_rule(&self, rule: PaymentRule) {
        self.inner.desk(|desk| desk.state.payments.rules.insert(0, rule));
    }

    /// Where notifications of a payment gateway go from now on.
    pub fn set_payment_notification_url(&self, provider: PaymentProvider, url: Option<String>) {
        self.inner.desk(|desk| desk.state.payments.tellings.set_url(provider, url));
    }

    /// Delivers now every notification that waits, also for a later try, and waits for the shop's answers. Gives how many
    /// went out.
    pub async fn deliver_payment_notifications(&self) -> usize {
        payments::deliver(&self.inner, None).await
    }

    /// What became of the notifications that went out: how many were `taken`, `refused`, `unavailable` and so on.
    #[must_use]
    pub fn notifications_answered(&self) -> BTreeMap<String, u64> {
        self.inner.desk(|desk| desk.state.payments.counters.notifications.clone())
    }

    /// How often each fault of the payment gateways has struck, by name.
    pub fn payment_faults_struck(&self) -> BTreeMap<String, u64> {
        self.inner.desk(|desk| desk.state.payments.counters.faults.clone())
    }

    /// The OTP that a number would have to type in now, if one is open.
    pub fn otp_of(&self, msisdn: &str) -> Option<String> {
        let number = session::local_form(msisdn);
        self.inner.desk(|desk| desk.phone(&number).otp.map(|otp| otp.code))
    }

    /// The pulsa on a number, in rupiah.
    pub fn pulsa_rupiah(&self, msisdn: &str) -> i64 {
        let number = session::local_form(msisdn);
        self.inner.desk(|desk| desk.pulsa_rupiah(&number))
    }

    /// The shop's deposit, in rupiah.
    pub fn deposit_rupiah(&self) -> i64 {
        self.inner.desk(|desk| desk.state.deposit_rupiah)
    }
}

impl RunningSimulator {
    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:port`, without a path.
    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// The base URL of the H2H dialect, as the shop configures it.
    pub fn digiflazz_url(&self) -> String {
        format!("http://{}/digiflazz/v1", self.address)
    }

    /// The base URL of the Bot API, as the shop configures it.
    pub fn telegram_url(&self) -> String {
        format!("http://{}/telegram", self.address)
    }

    /// The base URL of the fake Midtrans; `/v2/charge` follows.
    pub fn midtrans_url(&self) -> String {
        format!("http://{}/midtrans", self.address)
    }

    /// The base URL of the fake Tripay; `/transaction/create` follows.
    pub fn tripay_url(&self) -> String {
        format!("http://{}/tripay/api", self.address)
    }

    /// The base URL of the session dialect; a call's name follows, as in `…/session/v1/reqotp`.
    pub fn session_url(&self) -> String {
        format!("http://{}/session/v1", self.address)
    }
}

impl RunningMail {
    /// Where it listens.
    pub const fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for RunningMail {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Drop for RunningSimulator {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Inner {
    /// Starts settling and webhooks, once. To be called inside a runtime.
    pub(crate) fn start(self: &Arc<Self>) {
        if self.webhooks.start() {
            tokio::spawn(settle_in_time(Arc::downgrade(self), Arc::clone(&self.changed)));
            tokio::spawn(payments::tell_in_time(Arc::downgrade(self)));
        }
    }
}

/// Ends pending orders when their time has come, also when nobody asks. Lives as long as the simulator.
async fn settle_in_time(inner: Weak<Inner>, changed: Arc<Notify>) {
    loop {
        let Some(strong) = inner.upgrade() else { return };
        // Opening the desk settles what is due.
        let wait_ms = strong.desk(|desk| desk.next_due_ms().map(|due_ms| due_ms - desk.now_ms));
        drop(strong);
        let wait = wait_ms
            .map_or(CLOCK_CHECK, |ms| Duration::from_millis(ms.max(1).unsigned_abs()).min(CLOCK_CHECK));
        let _ = tokio::time::timeout(wait, changed.notified()).await;
    }
}
