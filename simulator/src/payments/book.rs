//! What was really paid, whatever the shop was told.

use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};
use serde_json::Value;

/// A payment gateway that is played here.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentProvider {
    /// Midtrans Core API.
    Midtrans,
    /// Tripay's closed payments.
    Tripay,
}

/// How a charge stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChargeState {
    /// Waits for the customer.
    Pending,
    /// Paid.
    Settlement,
    /// Nobody paid in time.
    Expire,
    /// Cancelled by the shop.
    Cancel,
    /// Refused by the bank, perhaps after it had settled.
    Deny,
    /// All that was paid went back.
    Refund,
    /// Some of what was paid went back.
    PartialRefund,
    /// The customer took the money back.
    Chargeback,
}

/// One charge, with all that really happened to it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PaymentOrder {
    /// At which gateway.
    pub provider: PaymentProvider,
    /// The shop's own name for it: `order_id`, or Tripay's `merchant_ref`.
    pub order_id: String,
    /// The gateway's name for it: `transaction_id`, or Tripay's `reference`.
    pub reference: String,
    /// `qris`, `bca`, `bni`, `bri`, `permata`, `echannel`, or a channel of Tripay's such as `QRIS2`.
    pub method: String,
    /// What the customer is asked for, in rupiah.
    pub gross_rupiah: i64,
    /// How it stands.
    pub state: ChargeState,
    /// What the customer pays with.
    pub code: PaymentCode,
    /// When it was made.
    pub created_ms: i64,
    /// Until when it may be paid.
    pub expires_ms: i64,
    /// Every payment that settled. The first bears the charge's `reference`, a further one a reference of its own.
    pub payments: Vec<SettledPayment>,
    /// What went back.
    pub returns: Vec<MoneyBack>,
    /// What Tripay echoes of the request; nothing with Midtrans.
    #[serde(default)]
    pub details: Value,
    /// How often its status was asked for since it last changed.
    #[serde(default)]
    pub times_asked: u32,
}

/// What a customer pays with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentCode {
    /// The text of a QR code.
    pub qr_string: Option<String>,
    /// The number of a virtual account.
    pub va_number: Option<String>,
    /// Whose account that is.
    pub bank: Option<PaymentCodeBank>,
    /// Mandiri's two numbers: whom to pay, and for what.
    pub biller_code: Option<String>,
    /// See `biller_code`.
    pub bill_key: Option<String>,
}

/// A bank of Midtrans's virtual accounts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PaymentCodeBank {
    /// BCA.
    Bca,
    /// BNI.
    Bni,
    /// BRI.
    Bri,
    /// Permata.
    Permata,
}

/// Money that came.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SettledPayment {
    /// The gateway's name for this payment.
    pub reference: String,
    /// How much came, in rupiah.
    pub amount_rupiah: i64,
    /// When.
    pub at_ms: i64,
    /// Whether the charge was not open any more.
    pub late: bool,
}

/// Money that went back.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MoneyBack {
    /// Why.
    pub kind: MoneyBackKind,
    /// How much, in rupiah.
    pub amount_rupiah: i64,
    /// When.
    pub at_ms: i64,
    /// The `refund_key` of a refund.
    pub key: String,
}

/// Why money went back.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MoneyBackKind {
    /// The shop gave it back, by its API or on the dashboard.
    Refund,
    /// The customer took it back.
    Chargeback,
    /// The bank denied a payment that had settled.
    Denied,
}

/// Sums of the book.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PaymentTotals {
    /// Charges that were made.
    pub orders: u64,
    /// Payments that settled.
    pub payments: u64,
    /// What they came to, in rupiah.
    pub settled_rupiah: i64,
    /// Of that, what was refunded.
    pub refunded_rupiah: i64,
    /// Of that, what was charged back.
    pub charged_back_rupiah: i64,
    /// Of that, what was denied afterwards.
    pub denied_rupiah: i64,
    /// What stayed with the shop, fees left aside.
    pub kept_rupiah: i64,
    /// Charges that were paid more than once.
    pub paid_twice: u64,
}

impl PaymentProvider {
    /// As it stands in addresses.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Midtrans => "midtrans",
            Self::Tripay => "tripay",
        }
    }
}

impl PaymentCodeBank {
    /// As Midtrans writes it.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Bca => "bca",
            Self::Bni => "bni",
            Self::Bri => "bri",
            Self::Permata => "permata",
        }
    }

    pub(crate) fn parse(word: &str) -> Option<Self> {
        [Self::Bca, Self::Bni, Self::Bri, Self::Permata].into_iter().find(|bank| bank.as_str() == word)
    }
}

impl PaymentOrder {
    /// All that came, in rupiah.
    pub fn settled_rupiah(&self) -> i64 {
        self.payments.iter().map(|payment| payment.amount_rupiah).sum()
    }

    /// What stayed, in rupiah.
    pub fn kept_rupiah(&self) -> i64 {
        self.settled_rupiah() - self.returned_rupiah(None)
    }

    /// What went back for this reason, or for any.
    pub fn returned_rupiah(&self, kind: Option<MoneyBackKind>) -> i64 {
        let meant = self.returns.iter().filter(|back| kind.is_none_or(|kind| kind == back.kind));
        meant.map(|back| back.amount_rupiah).sum()
    }

    /// Whether somebody may still pay it in time.
    pub(crate) const fn is_open(&self) -> bool {
        matches!(self.state, ChargeState::Pending)
    }

    /// Where the pages have it: `merchant_ref` may be there twice.
    pub(crate) fn page(&self) -> String {
        let id = match self.provider {
            PaymentProvider::Midtrans => &self.order_id,
            PaymentProvider::Tripay => &self.reference,
        };
        format!("/pay/{}/{id}", self.provider.as_str())
    }

    /// Whether the gateway calls the charge, or one of its payments, so.
    pub(crate) fn has_reference(&self, reference: &str) -> bool {
        self.reference == reference || self.payments.iter().any(|payment| payment.reference == reference)
    }

    /// The payment that bears this reference, or else the newest one.
    pub(crate) fn payment(&self, reference: &str) -> Option<&SettledPayment> {
        let named = self.payments.iter().find(|payment| payment.reference == reference);
        // The charge's own reference is also the first payment's. Asked by the shop's name, the newest is told.
        named.or_else(|| self.payments.last())
    }
}

/// All charges, oldest first.
#[derive(Debug, Default)]
pub(crate) struct PaymentBook {
    orders: Vec<PaymentOrder>,
    /// By the gateway's names, those of further payments included.
    references: HashMap<String, usize>,
    /// By the shop's name.
    order_ids: HashMap<String, Vec<usize>>,
    /// When the open ones expire.
    due: BTreeSet<(i64, usize)>,
}

impl PaymentBook {
    /// The charge with this name, the gateway's or the shop's; of several the newest.
    pub(crate) fn find(&self, provider: Option<PaymentProvider>, id: &str) -> Option<&PaymentOrder> {
        let is_meant = |order: &&PaymentOrder| provider.is_none_or(|provider| provider == order.provider);
        let by_reference = self.references.get(id).and_then(|place| self.orders.get(*place));
        by_reference.filter(is_meant).or_else(|| self.of(id).filter(is_meant).last())
    }

    /// All charges with this name of the shop's, oldest first.
    pub(crate) fn of(&self, order_id: &str) -> impl Iterator<Item = &PaymentOrder> {
        self.order_ids.get(order_id).into_iter().flatten().filter_map(|place| self.orders.get(*place))
    }

    /// Writes a charge, new or changed.
    pub(crate) fn put(&mut self, order: PaymentOrder) {
        let place = self.references.get(&order.reference).copied().unwrap_or(self.orders.len());
        self.references.insert(order.reference.clone(), place);
        for payment in &order.payments {
            self.references.insert(payment.reference.clone(), place);
        }
        match self.orders.get_mut(place) {
            Some(slot) => {
                self.due.remove(&(slot.expires_ms, place));
                *slot = order.clone();
            }
            None => {
                self.order_ids.entry(order.order_id.clone()).or_default().push(place);
                self.orders.push(order.clone());
            }
        }
        if order.is_open() {
            self.due.insert((order.expires_ms, place));
        }
    }

    /// When the next one expires.
    pub(crate) fn next_due_ms(&self) -> Option<i64> {
        self.due.first().map(|(at_ms, _)| *at_ms)
    }

    /// One whose time is over.
    pub(crate) fn one_due(&self, now_ms: i64) -> Option<&PaymentOrder> {
        let (at_ms, place) = self.due.first()?;
        (*at_ms <= now_ms).then(|| self.orders.get(*place)).flatten()
    }

    /// All of them, oldest first.
    pub(crate) fn iter(&self) -> impl DoubleEndedIterator<Item = &PaymentOrder> {
        self.orders.iter()
    }

    /// Counts what was asked, which no shop can see and no disk needs.
    pub(crate) fn asked(&mut self, reference: &str) -> u32 {
        let place = self.references.get(reference).copied();
        let Some(order) = place.and_then(|place| self.orders.get_mut(place)) else { return 0 };
        order.times_asked += 1;
        order.times_asked
    }

    /// How much of chance it has used up, so that a restart does not draw the same again.
    pub(crate) fn drawn(&self) -> u64 {
        self.orders.iter().map(|order| 8 + order.payments.len() as u64 * 4).sum()
    }

    /// The sums of some charges.
    pub(crate) fn totals<'a>(orders: impl Iterator<Item = &'a PaymentOrder>) -> PaymentTotals {
        orders.fold(PaymentTotals::default(), |mut totals, order| {
            totals.orders += 1;
            totals.payments += order.payments.len() as u64;
            totals.settled_rupiah += order.settled_rupiah();
            totals.refunded_rupiah += order.returned_rupiah(Some(MoneyBackKind::Refund));
            totals.charged_back_rupiah += order.returned_rupiah(Some(MoneyBackKind::Chargeback));
            totals.denied_rupiah += order.returned_rupiah(Some(MoneyBackKind::Denied));
            totals.kept_rupiah += order.kept_rupiah();
            totals.paid_twice += u64::from(order.payments.len() > 1);
            totals
        })
    }
}
