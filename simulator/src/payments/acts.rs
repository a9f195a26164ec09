//! What people do: customers, banks, and whoever sits at the gateway's dashboard.

use serde::Deserialize;

use crate::state::Desk;
use crate::{ChargeState, MoneyBack, MoneyBackKind, PaymentOrder, PaymentProvider, SettledPayment};

/// What happens to a charge from outside the shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(tag = "act", rename_all = "snake_case")]
pub enum PaymentAct {
    /// The customer pays: in time, late, or once more.
    Pay {
        /// Another amount than the one asked for, in rupiah.
        #[serde(default)]
        amount: Option<i64>,
    },
    /// The customer takes back all that was paid.
    Chargeback,
    /// The bank denies what had settled.
    Deny,
    /// The shop's owner gives money back on the dashboard.
    Refund {
        /// How much, in rupiah; all of it when not given.
        #[serde(default)]
        amount: Option<i64>,
    },
    /// The gateway lets it expire before its time.
    Expire,
}

impl Desk<'_> {
    /// Does it, writes it down and tells the shop. Gives the charge as it stands then.
    pub(crate) fn act(
        &mut self,
        provider: Option<PaymentProvider>,
        id: &str,
        act: PaymentAct,
    ) -> Result<PaymentOrder, &'static str> {
        let found = self.state.payments.book.find(provider, id).cloned();
        let mut order = found.ok_or("no such charge")?;
        match act {
            PaymentAct::Pay { amount } => self.pay_charge(&mut order, amount)?,
            PaymentAct::Chargeback => self.take_back(&mut order, MoneyBackKind::Chargeback, None, "")?,
            PaymentAct::Deny => self.take_back(&mut order, MoneyBackKind::Denied, None, "")?,
            PaymentAct::Refund { amount } => {
                self.take_back(&mut order, MoneyBackKind::Refund, amount, "dashboard")?;
            }
            PaymentAct::Expire if order.is_open() => order.state = ChargeState::Expire,
            PaymentAct::Expire => return Err("not open any more"),
        }
        Ok(self.changed_payment(order))
    }

    /// Everything whose time is over expires, and the shop is told.
    pub(crate) fn expire_due(&mut self) {
        while let Some(order) = self.state.payments.book.one_due(self.now_ms).cloned() {
            self.changed_payment(PaymentOrder { state: ChargeState::Expire, ..order });
        }
    }

    /// Writes a changed charge and tells the shop.
    pub(crate) fn changed_payment(&mut self, mut order: PaymentOrder) -> PaymentOrder {
        order.times_asked = 0;
        self.save_payment(order.clone());
        self.tell_payment(&order, false);
        order
    }

    /// When something next changes by itself.
    pub(crate) fn next_due_ms(&self) -> Option<i64> {
        let charges = self.state.payments.book.next_due_ms();
        self.state.book.next_due_ms().into_iter().chain(charges).min()
    }

    fn pay_charge(&mut self, order: &mut PaymentOrder, amount: Option<i64>) -> Result<(), &'static str> {
        let amount_rupiah = amount.unwrap_or(order.gross_rupiah);
        if amount_rupiah <= 0 {
            return Err("nobody pays nothing");
        }
        let reference = if order.payments.is_empty() {
            order.reference.clone()
        } else {
            self.new_reference(order.provider)
        };
        let late = !matches!(order.state, ChargeState::Pending | ChargeState::Settlement);
        order.payments.push(SettledPayment { reference, amount_rupiah, at_ms: self.now_ms, late });
        order.state = ChargeState::Settlement;
        Ok(())
    }

    /// Money goes back, at most what is there.
    pub(crate) fn take_back(
        &self,
        order: &mut PaymentOrder,
        kind: MoneyBackKind,
        amount: Option<i64>,
        key: &str,
    ) -> Result<(), &'static str> {
        let kept = order.kept_rupiah();
        let amount_rupiah = amount.unwrap_or(kept);
        if kept <= 0 {
            return Err("nothing was paid");
        }
        if amount_rupiah <= 0 || amount_rupiah > kept {
            return Err("more than there is");
        }
        order.returns.push(MoneyBack { kind, amount_rupiah, at_ms: self.now_ms, key: key.to_owned() });
        order.state = match kind {
            MoneyBackKind::Chargeback => ChargeState::Chargeback,
            MoneyBackKind::Denied => ChargeState::Deny,
            MoneyBackKind::Refund if amount_rupiah == kept => ChargeState::Refund,
            MoneyBackKind::Refund => ChargeState::PartialRefund,
        };
        Ok(())
    }

    /// A name of the gateway's for something new.
    pub(crate) fn new_reference(&mut self, provider: PaymentProvider) -> String {
        let chance = &mut self.state.chance;
        match provider {
            PaymentProvider::Midtrans => chance.uuid(),
            PaymentProvider::Tripay => {
                let code = &self.inner.config.tripay_merchant_code;
                format!("{code}{:012}{:05X}", chance.next() % 1_000_000_000_000, chance.next() % 0x10_0000)
            }
        }
    }
}
