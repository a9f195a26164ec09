use crate::model::UserId;

/// What an entry is about. With the reference it is unique: one cause, one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryKind {
    /// A purchase was accepted. Reference: the purchase's id.
    Hold,
    /// It was delivered. Reference: the purchase's id.
    Capture,
    /// It was not. Reference: the purchase's id.
    Release,
    /// What the gateway charged for an attempt. Reference: the attempt's client_ref.
    Cost,
    /// What the gateway gave back of it. Reference: the attempt's client_ref.
    CostRefund,
    /// A payment's money, for the balance. Reference: the payment's.
    Credit,
    /// What the payment gateway keeps of a payment. Reference: the payment's.
    PayCost,
    /// A payment that a human has to see to. Reference: the payment's.
    Suspense,
    /// A payment in suspense that was given back by hand. Reference: the payment's.
    Returned,
    /// A payment that was taken back, in all or in part. Reference: the payment's, and all that was taken back by then.
    Reversal,
    /// Money for the payer left the balance. Reference: the refund's id.
    Refund,
    /// It was paid back. Reference: the refund's id.
    RefundDone,
    /// It was not, and is in the balance again. Reference: the refund's id.
    RefundBack,
    /// A payment gateway paid out to a bank account. Reference: admin and key.
    Payout,
    /// An admin's correction. Reference: user and key.
    Adjust,
    /// A human found a released purchase delivered and charges it after all. Reference: the purchase's id.
    Recharge,
    /// The deposit at a gateway was filled up from a bank account. Reference: admin and key.
    Funding,
}

impl EntryKind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Capture => "capture",
            Self::Release => "release",
            Self::Cost => "cost",
            Self::CostRefund => "cost_refund",
            Self::Credit => "credit",
            Self::PayCost => "pay_cost",
            Self::Suspense => "suspense",
            Self::Returned => "returned",
            Self::Reversal => "reversal",
            Self::Refund => "refund",
            Self::RefundDone => "refund_done",
            Self::RefundBack => "refund_back",
            Self::Payout => "payout",
            Self::Adjust => "adjust",
            Self::Recharge => "recharge",
            Self::Funding => "funding",
        }
    }
}

/// An account of the books. Positive amounts are owed to users, or income; assets and expenses run negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Account {
    Available(UserId),
    Held(UserId),
    /// What a user owes because money that was credited was taken back; zero or below.
    Receivable(UserId),
    Sales,
    Adjustment,
    /// A bank account of the shop.
    Bank(i64),
    /// The shop's deposit at a gateway.
    Deposit(String),
    /// What a gateway has charged.
    Cost(String),
    /// What a payment gateway has collected and not yet paid out.
    Gateway(String),
    /// What a payment gateway keeps.
    Fee(String),
    /// What payers paid on top.
    PayerFees,
    /// Money that came and is nobody's yet.
    Suspense,
    /// Money on its way back to payers.
    RefundClearing,
}

impl Account {
    pub(super) fn name(&self) -> String {
        match self {
            Self::Available(_) => "available".into(),
            Self::Held(_) => "held".into(),
            Self::Receivable(_) => "receivable".into(),
            Self::Sales => "sales".into(),
            Self::Adjustment => "adjustment".into(),
            Self::Bank(id) => format!("bank:{id}"),
            Self::Deposit(gateway) => format!("deposit:{gateway}"),
            Self::Cost(gateway) => format!("cost:{gateway}"),
            Self::Gateway(gateway) => format!("gateway:{gateway}"),
            Self::Fee(gateway) => format!("fee:{gateway}"),
            Self::PayerFees => "payer_fees".into(),
            Self::Suspense => "suspense".into(),
            Self::RefundClearing => "refund_clearing".into(),
        }
    }

    pub(super) const fn user(&self) -> Option<UserId> {
        match self {
            Self::Available(user) | Self::Held(user) | Self::Receivable(user) => Some(*user),
            _ => None,
        }
    }
}
