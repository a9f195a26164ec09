//! Notifications: what the shop is told, when, and how often it is tried.
//!
//! They wait in memory. A restart forgets those that were not delivered yet, as a gateway may: the shop has to ask.

mod delivery;

use std::collections::BTreeSet;

use serde::Serialize;
use serde_json::Value;

pub(crate) use self::delivery::{deliver, tell_in_time};
use super::behaviour::Subject;
use super::midtrans::Altered;
use super::{PaymentCall, midtrans, tripay};
use crate::state::{Counters, Desk};
use crate::{ChargeState, PaymentFault, PaymentOrder, PaymentProvider, SimulatorConfig};

/// Notifications that may wait; more are dropped and counted.
const WAITING: usize = 20_000;
/// The most that are sent of the same at once.
const COPIES_MOST: u32 = 200;
const MINUTE_MS: i64 = 60 * 1_000;
/// The pauses before Midtrans tries again.
const MIDTRANS_PAUSES_MS: [i64; 5] =
    [2 * MINUTE_MS, 10 * MINUTE_MS, 30 * MINUTE_MS, 90 * MINUTE_MS, 210 * MINUTE_MS];
/// The pauses before Tripay tries again.
const TRIPAY_PAUSES_MS: [i64; 3] = [2 * MINUTE_MS; 3];

/// The notifications that wait, and where they go.
pub(crate) struct Tellings {
    waiting: Vec<Telling>,
    /// Orders whose notifications are on their way: one order's are sent one after the other.
    busy: BTreeSet<String>,
    next_id: u64,
    midtrans_url: Option<String>,
    tripay_url: Option<String>,
}

/// One notification.
#[derive(Clone, Debug, Serialize)]
pub(crate) struct Telling {
    id: u64,
    provider: PaymentProvider,
    /// The charge it is about, whatever the text says.
    order_id: String,
    url: String,
    due_ms: i64,
    /// How often it was tried.
    tries: u32,
    /// How many of the same go out at once.
    copies: u32,
    body: String,
    /// Tripay's, in a header of its own.
    signature: Option<String>,
}

impl Tellings {
    pub(crate) fn new(config: &SimulatorConfig) -> Self {
        Self {
            waiting: Vec::new(),
            busy: BTreeSet::new(),
            next_id: 0,
            midtrans_url: config.midtrans_notification_url.clone(),
            tripay_url: config.tripay_callback_url.clone(),
        }
    }

    /// Where notifications of this gateway go from now on.
    pub(crate) fn set_url(&mut self, provider: PaymentProvider, url: Option<String>) {
        match provider {
            PaymentProvider::Midtrans => self.midtrans_url = url,
            PaymentProvider::Tripay => self.tripay_url = url,
        }
    }

    /// Those that wait, in the order in which they were written.
    pub(crate) fn waiting(&self) -> &[Telling] {
        &self.waiting
    }

    fn url(&self, order: &PaymentOrder) -> Option<String> {
        let own = order.details.get("callback_url").and_then(Value::as_str).map(str::to_owned);
        own.or_else(|| match order.provider {
            PaymentProvider::Midtrans => self.midtrans_url.clone(),
            PaymentProvider::Tripay => self.tripay_url.clone(),
        })
    }

    /// Takes those that are due, of orders that are not busy, and marks their orders as busy. `first_id` names the first
    /// that is left alone; with `at_once` all the others count as due.
    fn take(&mut self, now_ms: i64, at_once: Option<(u64, Option<&str>)>) -> Vec<Telling> {
        let busy = &self.busy;
        let is_due = |telling: &Telling| match at_once {
            None => telling.due_ms <= now_ms,
            Some((first_id, order_id)) => {
                telling.id < first_id && order_id.is_none_or(|order_id| order_id == telling.order_id)
            }
        };
        let (taken, left) = std::mem::take(&mut self.waiting)
            .into_iter()
            .partition(|telling| is_due(telling) && !busy.contains(&telling.order_id));
        self.waiting = left;
        let taken: Vec<Telling> = taken;
        self.busy.extend(taken.iter().map(|telling| telling.order_id.clone()));
        taken
    }
}

impl Telling {
    /// When it is tried again after it has failed; none when it was tried often enough.
    fn again_ms(&self, now_ms: i64) -> Option<i64> {
        let pauses: &[i64] = match self.provider {
            PaymentProvider::Midtrans => &MIDTRANS_PAUSES_MS,
            PaymentProvider::Tripay => &TRIPAY_PAUSES_MS,
        };
        let done = usize::try_from(self.tries).ok()?.checked_sub(1)?;
        pauses.get(done).map(|pause_ms| now_ms.saturating_add(*pause_ms))
    }
}

impl Desk<'_> {
    /// Writes what the shop is told of a charge that is new or has changed. Gives the fault that struck.
    pub(crate) fn tell_payment(&mut self, order: &PaymentOrder, is_new: bool) -> Option<PaymentFault> {
        let fault = self.strike(&Subject {
            provider: order.provider,
            call: PaymentCall::Notification,
            order_id: &order.order_id,
            method: &order.method,
            amount_rupiah: order.gross_rupiah,
            times: if is_new { 1 } else { 2 },
        });
        // Tripay says nothing about a transaction that nobody has paid, unless it is to say something wrong.
        if is_new && order.provider == PaymentProvider::Tripay && fault.is_none() {
            return None;
        }
        for (altered, copies, late_ms) in written(order, fault.as_ref()) {
            self.write_telling(order, &altered, copies, late_ms);
        }
        self.inner.told.notify_one();
        fault
    }

    fn write_telling(&mut self, order: &PaymentOrder, altered: &Altered, copies: u32, late_ms: i64) {
        let payments = &mut self.state.payments;
        let Some(url) = payments.tellings.url(order) else {
            Counters::count(&mut payments.counters.notifications, "no_url");
            return;
        };
        if payments.tellings.waiting.len() >= WAITING {
            Counters::count(&mut payments.counters.notifications, "dropped");
            return;
        }
        let config = &self.inner.config;
        let payment = order.payments.last();
        let (body, signature) = match order.provider {
            PaymentProvider::Midtrans => {
                (midtrans::notification(config, order, payment, altered).to_string(), None)
            }
            PaymentProvider::Tripay => {
                let (body, signature) = tripay::callback(config, order, payment, altered);
                (body, Some(signature))
            }
        };
        payments.tellings.next_id += 1;
        payments.tellings.waiting.push(Telling {
            id: payments.tellings.next_id,
            provider: order.provider,
            order_id: order.order_id.clone(),
            url,
            due_ms: self.now_ms.saturating_add(late_ms),
            tries: 0,
            copies,
            body,
            signature,
        });
    }
}

/// What goes out: how each differs from the truth, how many of it, and how late.
fn written(order: &PaymentOrder, fault: Option<&PaymentFault>) -> Vec<(Altered, u32, i64)> {
    let honest = Altered::default();
    let said = |state| (Altered { state: Some(state), ..Altered::default() }, 1, 0);
    match fault {
        Some(PaymentFault::Never) => Vec::new(),
        Some(PaymentFault::Duplicates { count }) => vec![(honest, (*count).min(COPIES_MOST), 0)],
        Some(PaymentFault::Reordered) => match order.state {
            ChargeState::Pending => Vec::new(),
            ChargeState::Settlement => {
                [ChargeState::Settlement, ChargeState::Pending, ChargeState::Expire].map(said).into()
            }
            _ => vec![(honest, 1, 0)],
        },
        Some(PaymentFault::AlteredStatus { status }) => {
            let paid = match order.provider {
                PaymentProvider::Midtrans => "settlement",
                PaymentProvider::Tripay => "PAID",
            };
            let status = Some(status.clone().unwrap_or_else(|| paid.to_owned()));
            vec![(Altered { status, ..honest }, 1, 0)]
        }
        Some(PaymentFault::WrongBit) => vec![(Altered { wrong_bit: true, ..honest }, 1, 0)],
        Some(PaymentFault::UnknownOrder) => {
            let order_id = Some(format!("nobodys-{}", order.order_id));
            vec![(Altered { order_id, ..Altered::default() }, 1, 0), (honest, 1, 0)]
        }
        Some(PaymentFault::Late { ms }) => vec![(honest, 1, *ms)],
        Some(PaymentFault::OtherAmount { more }) => vec![(Altered { more_rupiah: *more, ..honest }, 1, 0)],
        _ => vec![(honest, 1, 0)],
    }
}
