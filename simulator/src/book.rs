use std::collections::{BTreeSet, HashMap};

use serde::{Deserialize, Serialize};

use crate::session::SessionOrder;
use crate::{Duplicates, Ending};

/// One reference in the book: what was really done, whatever the shop was told. An order of the session dialect has no
/// reference of the shop's; there it is the gateway's own `trx_id`, and `price` is the shop's fee.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookOrder {
    /// The shop's reference.
    pub ref_id: String,
    /// The package.
    pub sku: String,
    /// The number, as it was sent.
    pub customer_no: String,
    /// The price of one, in rupiah; 0 as long as no order was made.
    pub price: i64,
    /// How it stands.
    pub state: OrderState,
    /// The serial number of a success.
    pub sn: String,
    /// How often the reference arrived with a good signature.
    pub times_received: u32,
    /// How often the deposit was charged.
    pub times_charged: u32,
    /// How often the charge went back.
    pub times_returned: u32,
    /// How often the package really reached the number.
    pub times_delivered: u32,
    /// What the shop has really paid in the end, in rupiah.
    pub charged_rupiah: i64,
    /// When the order was made; when the reference first arrived, as long as none was.
    pub created_ms: i64,
    /// How a pending order will end.
    pub ending: Option<Ending>,
    /// When it ends by itself.
    pub settle_at_ms: Option<i64>,
    /// After how many further repeats it ends.
    pub settle_after_queries: Option<u32>,
    /// Where changes of this order are told.
    pub cb_url: Option<String>,
    /// What the session dialect adds: what the number's owner pays, and how.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub session: Option<SessionOrder>,
}

/// How a reference stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum OrderState {
    /// The reference arrived, but no order was made of it.
    NotFormed,
    /// Charged and in work.
    Pending,
    /// Told as delivered.
    Success,
    /// Failed, charge returned.
    Failed,
    /// Told as delivered, then the charge returned.
    Refunded,
}

impl OrderState {
    /// The code and the status that belong to it.
    pub(crate) const fn words(self) -> (&'static str, &'static str) {
        match self {
            Self::NotFormed => ("50", "Gagal"),
            Self::Pending => ("03", "Pending"),
            Self::Success => ("00", "Sukses"),
            Self::Failed => ("02", "Gagal"),
            Self::Refunded => ("74", "Gagal"),
        }
    }
}

impl BookOrder {
    /// A reference that has just arrived.
    pub(crate) fn arrived(ref_id: &str, sku: &str, customer_no: &str, now_ms: i64) -> Self {
        Self {
            ref_id: ref_id.to_owned(),
            sku: sku.to_owned(),
            customer_no: customer_no.to_owned(),
            price: 0,
            state: OrderState::NotFormed,
            sn: String::new(),
            times_received: 0,
            times_charged: 0,
            times_returned: 0,
            times_delivered: 0,
            charged_rupiah: 0,
            created_ms: now_ms,
            ending: None,
            settle_at_ms: None,
            settle_after_queries: None,
            cb_url: None,
            session: None,
        }
    }

    /// Takes its price from the deposit.
    pub(crate) const fn charge(&mut self, deposit: &mut i64) {
        *deposit -= self.price;
        self.charged_rupiah += self.price;
        self.times_charged += 1;
    }

    /// Reports it as delivered; `really` tells whether it was.
    pub(crate) fn succeed(&mut self, serial: u64, really: bool) {
        self.state = OrderState::Success;
        self.sn = format!("{:018}", serial % 1_000_000_000_000_000_000);
        if really {
            self.times_delivered += 1;
        }
    }

    /// Puts the charge back, the owner's payment too, and closes it as failed or refunded.
    pub(crate) fn give_back(&mut self, deposit: &mut i64, state: OrderState) {
        *deposit += self.price;
        self.charged_rupiah -= self.price;
        self.times_returned += 1;
        self.state = state;
        if let Some(session) = &mut self.session {
            session.pay_back();
        }
    }

    /// Nothing more will happen by itself.
    pub(crate) const fn stop_waiting(&mut self) {
        self.ending = None;
        self.settle_at_ms = None;
        self.settle_after_queries = None;
    }
}

/// All references, oldest first, with the ones that wait for their time.
#[derive(Debug, Default)]
pub(crate) struct Book {
    orders: Vec<BookOrder>,
    places: HashMap<String, usize>,
    /// Where a number's orders are, oldest first.
    numbers: HashMap<String, BTreeSet<usize>>,
    due: BTreeSet<(i64, usize)>,
}

impl Book {
    pub(crate) fn get(&self, ref_id: &str) -> Option<&BookOrder> {
        self.orders.get(*self.places.get(ref_id)?)
    }

    /// Writes an order, new or changed.
    pub(crate) fn put(&mut self, order: BookOrder) {
        let known = self.places.get(&order.ref_id).copied();
        let is_new = known.is_none();
        let place = known.unwrap_or_else(|| {
            self.places.insert(order.ref_id.clone(), self.orders.len());
            self.orders.push(order.clone());
            self.orders.len() - 1
        });
        if let Some(slot) = self.orders.get_mut(place) {
            // A reference may come back for another number after 90 days.
            if is_new || slot.customer_no != order.customer_no {
                self.numbers.entry(order.customer_no.clone()).or_default().insert(place);
            }
            if let Some(at_ms) = slot.settle_at_ms {
                self.due.remove(&(at_ms, place));
            }
            if let Some(at_ms) = order.settle_at_ms {
                self.due.insert((at_ms, place));
            }
            *slot = order;
        }
    }

    /// When the next order ends by itself.
    pub(crate) fn next_due_ms(&self) -> Option<i64> {
        self.due.first().map(|(at_ms, _)| *at_ms)
    }

    /// An order whose time has come.
    pub(crate) fn one_due(&self, now_ms: i64) -> Option<&BookOrder> {
        let (at_ms, place) = self.due.first()?;
        (*at_ms <= now_ms).then(|| self.orders.get(*place)).flatten()
    }

    /// All orders, oldest first.
    pub(crate) fn iter(&self) -> impl Iterator<Item = &BookOrder> {
        self.orders.iter()
    }

    /// All orders of a number (08 form), oldest first.
    pub(crate) fn of_number(&self, number: &str) -> impl Iterator<Item = &BookOrder> {
        let places = self.numbers.get(number).into_iter().flatten();
        places.filter_map(|place| self.orders.get(*place)).filter(move |order| order.customer_no == number)
    }

    /// The sums of the whole book.
    pub(crate) fn totals(&self) -> BookTotals {
        let mut totals = BookTotals::default();
        for order in &self.orders {
            totals.references += 1;
            totals.charged_rupiah += order.charged_rupiah;
            totals.charges += u64::from(order.times_charged - order.times_returned);
            totals.deliveries += u64::from(order.times_delivered);
            totals.charged_twice += u64::from(order.times_charged - order.times_returned > 1);
        }
        totals
    }
}

/// The sums of the whole book.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BookTotals {
    /// References that ever arrived.
    pub references: u64,
    /// What the shop has paid in the end, in rupiah.
    pub charged_rupiah: i64,
    /// Charges that were not returned.
    pub charges: u64,
    /// Packages that reached their number.
    pub deliveries: u64,
    /// References that were charged more than once: must be 0.
    pub charged_twice: u64,
}

/// What a repeated reference means under this mode.
pub(crate) fn is_charged_again(mode: Duplicates, age_ms: i64) -> bool {
    mode == Duplicates::ChargesTwice || age_ms > REFERENCE_LIVES_MS
}

/// After 90 days a reference is forgotten, and the same again is a new order.
const REFERENCE_LIVES_MS: i64 = 90 * 24 * 60 * 60 * 1_000;
