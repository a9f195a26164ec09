use crate::account::words;

/// How a gateway speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Dialect {
    /// H2H aggregator: orders paid from the shop's deposit.
    Digiflazz,
    /// Sessions of the numbers' owners, signed in by a one-time password.
    Session,
}

/// What became of a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WebhookOutcome {
    /// It is part of an order's record now.
    Recorded,
    /// Its signature is missing or wrong.
    NotBelieved,
    /// Signed well, but not what the contract says.
    Unreadable,
    /// About no order of ours.
    Unknown,
    /// About another package or number than the order.
    Differs,
}

/// What a human should see to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AlarmKind {
    /// A gateway's deposit is low. Closes by itself.
    DepositLow,
    /// A gateway cannot be asked. Closes by itself.
    GatewayDown,
    /// A package was closed because it costs more than it sells for.
    CostAbovePrice,
    /// A package is missing in its gateway's list. Closes by itself when it is back.
    OfferGone,
    /// A gateway's list of packages cannot be fetched any more. Closes by itself.
    OffersStale,
    /// The gateway took back what it had delivered.
    TakenBack,
    /// The gateway delivered two attempts of one purchase.
    DeliveredTwice,
    /// The operator cannot be told anything by a channel. Closes by itself.
    NoticesFail,
    /// A gateway's deposit changed by another amount than our books say. Closes when every such day is settled.
    CostsDiffer,
    /// Money for a top-up did not come as it should. Closes with its case.
    PaymentCase,
    /// A payment gateway does not answer. Closes by itself.
    PayGatewayDown,
    /// A payment gateway told of an order that is none of ours.
    PayOrderUnknown,
    /// Orders at a payment gateway that nobody asks about, as its account was changed. Closes by itself.
    PayOrdersForgotten,
    /// A backup was not made, or not copied elsewhere. Closes with the next good one.
    BackupFailed,
    /// No backup was made for more than a day. Closes by itself.
    BackupOld,
    /// A backup could not be put back, or its books do not agree. Closes with the next good test.
    RestoreTestFailed,
    /// No backup was tested for more than a week. Closes by itself.
    RestoreTestOld,
    /// The shop was put back from a backup. Closes when an admin has reconciled it.
    Restored,
}

/// How the deposit at a gateway compares with our books after a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DepositDayState {
    /// The first reading: there is nothing to compare it with.
    Base,
    /// Our books and orders under way explain the change.
    Agrees,
    /// They do not. A human finds out why.
    Differs,
    /// A human has said why.
    Settled,
}

words!(Dialect { Digiflazz = "digiflazz", Session = "session" });
words!(WebhookOutcome {
    Recorded = "recorded",
    NotBelieved = "not_believed",
    Unreadable = "unreadable",
    Unknown = "unknown",
    Differs = "differs",
});
words!(AlarmKind {
    DepositLow = "deposit_low",
    GatewayDown = "gateway_down",
    CostAbovePrice = "cost_above_price",
    OfferGone = "offer_gone",
    OffersStale = "offers_stale",
    TakenBack = "taken_back",
    DeliveredTwice = "delivered_twice",
    NoticesFail = "notices_fail",
    CostsDiffer = "costs_differ",
    PaymentCase = "payment_case",
    PayGatewayDown = "pay_gateway_down",
    PayOrderUnknown = "pay_order_unknown",
    PayOrdersForgotten = "pay_orders_forgotten",
    BackupFailed = "backup_failed",
    BackupOld = "backup_old",
    RestoreTestFailed = "restore_test_failed",
    RestoreTestOld = "restore_test_old",
    Restored = "restored",
});
words!(DepositDayState { Base = "base", Agrees = "agrees", Differs = "differs", Settled = "settled" });
