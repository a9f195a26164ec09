use std::time::Duration;

use domain::{
    CancelVerdict, ChargeVerdict, PublicId, RefundVerdict, Rupiah, StatusVerdict, TopupMethod, UtcMillis,
};
use futures_util::future::BoxFuture;
use reqwest::header::HeaderMap;

/// One way to collect money for top-ups. Adapters never retry and follow no redirect; whether to ask again is for the
/// caller to say. Dropping a future proves nothing.
pub trait PayGateway: Send + Sync + 'static {
    /// What the settings call it.
    fn name(&self) -> &str;

    /// Which of the shop's accounts there this is: stored with each charge, so that an order is never asked about, nor
    /// paid back, at another one. Payments are unique within it.
    fn account(&self) -> &str;

    /// The times that the caller must keep.
    fn limits(&self) -> PayLimits;

    /// Whether the dialect knows this way of paying.
    fn offers(&self, method: TopupMethod) -> bool;

    /// Asks to collect an amount. What the answer proves is about this very call: after an earlier one for the same
    /// order whose answer was lost, a refusal says nothing of what that one did, and only the status tells.
    fn charge<'a>(&'a self, order: &'a ChargeOrder) -> BoxFuture<'a, PayAnswer<ChargeVerdict>>;

    /// Asks how an order stands: the only answer that money is ever credited on.
    fn status<'a>(&'a self, charge: &'a ChargeRef) -> BoxFuture<'a, PayAnswer<StatusVerdict>>;

    /// Asks to call an order off.
    fn cancel<'a>(&'a self, charge: &'a ChargeRef) -> BoxFuture<'a, PayAnswer<CancelVerdict>>;

    /// Asks to pay an order back. The same `refund_key` is never paid back twice.
    fn refund<'a>(&'a self, refund: &'a RefundOrder) -> BoxFuture<'a, PayAnswer<RefundVerdict>>;

    /// Whether address and key are right: asks something harmless.
    fn probe(&self) -> BoxFuture<'_, Result<(), PayError>>;

    /// Everything that was paid between two moments, for the daily comparison; `None` when the dialect has no such list.
    fn paid_between(
        &self,
        from: UtcMillis,
        until: UtcMillis,
    ) -> BoxFuture<'_, Result<Option<Vec<ListedPayment>>, PayError>>;

    /// Checks a notification's signature in constant time and reads which order it is about. What else it says is a
    /// hint at best, and is not given out.
    ///
    /// # Errors
    /// The signature is missing or wrong, or the body is not what the contract says.
    fn parse_webhook(&self, headers: &HeaderMap, body: &[u8]) -> Result<PayHint, PayWebhookError>;
}

/// Times of a gateway that its caller must keep.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PayLimits {
    /// Every call about an order is over this long after it began.
    pub answer_within: Duration,
    /// So long after a first charge, the same one again gives the same answer and makes nothing new. Zero: never rely on
    /// it.
    pub charge_repeats_within: Duration,
    /// The shortest time to pay that the gateway keeps reliably.
    pub least_expiry: Duration,
}

/// An amount to collect.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargeOrder {
    /// Ours, unique for ever.
    pub order_id: String,
    /// How the payer pays.
    pub method: TopupMethod,
    /// What the payer pays, all told.
    pub gross: Rupiah,
    /// Now, by the caller's clock.
    pub now: UtcMillis,
    /// Until when it can be paid.
    pub expires_at: UtcMillis,
    /// Whom it is for, where the dialect wants a name: never a person's own name, address or number.
    pub payer: PublicId,
}

/// An order that may be there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ChargeRef {
    /// Ours.
    pub order_id: String,
    /// The gateway's, when it is known.
    pub transaction_id: Option<String>,
    /// How the payer pays.
    pub method: TopupMethod,
}

/// Money to pay back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RefundOrder {
    /// What was paid.
    pub charge: ChargeRef,
    /// Ours, unique for ever.
    pub refund_key: String,
    /// How much.
    pub amount: Rupiah,
}

/// An answer and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayAnswer<V> {
    /// What it proves.
    pub verdict: V,
    /// To be kept.
    pub evidence: PayEvidence,
}

/// What an answer rests on, secrets taken out, at most 4 KiB.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PayEvidence {
    /// The HTTP status, if there was an answer.
    pub http_status: Option<u16>,
    /// The gateway's own code.
    pub code: Option<String>,
    /// The text.
    pub body: String,
    /// What we made of it.
    pub note: String,
}

/// Why a question about no order was not answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayError {
    /// No connection, or no whole answer in time.
    #[error("the payment gateway cannot be reached")]
    NotReached,
    /// Key or merchant is not accepted.
    #[error("the payment gateway does not accept the key")]
    Login,
    /// An answer that is not what the contract says.
    #[error("the payment gateway's answer cannot be read")]
    Unreadable,
}

/// A payment in the gateway's own list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedPayment {
    /// Our order id.
    pub order_id: String,
    /// The gateway's id.
    pub transaction_id: String,
    /// What the payer paid.
    pub gross: Rupiah,
    /// What the gateway keeps, where it says so.
    pub fee: Option<Rupiah>,
    /// When it was paid.
    pub paid_at: UtcMillis,
}

/// What a notification with a good signature is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayHint {
    /// The order that should be asked about.
    pub order_id: String,
    /// Tells repeats of one notification apart, where the dialect has such an id.
    pub delivery_id: Option<String>,
}

/// Why a notification was not believed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PayWebhookError {
    /// The signature is missing, malformed or wrong.
    #[error("the notification's signature is missing or wrong")]
    BadSignature,
    /// Signed well, but not what the contract says.
    #[error("the notification cannot be read: {0}")]
    Unreadable(&'static str),
}
