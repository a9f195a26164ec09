use domain::{Msisdn, PaymentMethod, Rupiah, UtcMillis};
use futures_util::future::BoxFuture;
use serde::{Deserialize, Serialize};

use crate::gateway::{Gateway, GatewayError};
use crate::secret::{AccessToken, Otp};

/// What only a dialect with sessions of the number's owner can do. `now` is the caller's clock: where the gateway tells
/// times, it tells them as seconds from its answer.
///
/// Nothing here is ever repeated by the adapter. A lost answer to [`SessionGateway::refresh_session`] may have cost the
/// old token: then the owner signs in again.
pub trait SessionGateway: Gateway {
    /// Has a one-time password sent to the number.
    fn request_otp<'a>(
        &'a self,
        msisdn: &'a Msisdn,
        now: UtcMillis,
    ) -> BoxFuture<'a, Result<Challenge, OtpError>>;

    /// Answers a challenge with the password that the owner has received.
    fn verify_otp<'a>(
        &'a self,
        challenge: &'a Challenge,
        otp: &'a Otp,
        now: UtcMillis,
    ) -> BoxFuture<'a, Result<SessionTokens, OtpError>>;

    /// Renews a session. The old token is worth nothing afterwards, so the new one is to be stored before it is used, and
    /// only one renewal of a number may be under way.
    fn refresh_session<'a>(
        &'a self,
        msisdn: &'a Msisdn,
        session: &'a AccessToken,
        now: UtcMillis,
    ) -> BoxFuture<'a, Result<SessionTokens, SessionError>>;

    /// The sessions that the gateway keeps for the shop: of one number, or of all.
    fn sessions<'a>(
        &'a self,
        msisdn: Option<&'a Msisdn>,
    ) -> BoxFuture<'a, Result<Vec<ListedSession>, GatewayError>>;

    /// Where a session of ours stands at the gateway.
    fn session_status<'a>(
        &'a self,
        msisdn: &'a Msisdn,
        session: &'a AccessToken,
    ) -> BoxFuture<'a, Result<SessionStatus, GatewayError>>;

    /// All that the gateway sells, with what only sessions need to know.
    fn list_offers(&self) -> BoxFuture<'_, Result<Vec<Offer>, GatewayError>>;

    /// How many are left of a package ([`Offer::needs_stock_check`]).
    fn stock<'a>(&'a self, code: &'a str) -> BoxFuture<'a, Result<Stock, GatewayError>>;

    /// What the number has now.
    fn quota<'a>(
        &'a self,
        session: &'a AccessToken,
    ) -> BoxFuture<'a, Result<Vec<QuotaPackage>, SessionError>>;
}

/// A one-time password is on its way. To be kept in the database: the owner may answer after a restart.
#[derive(Clone, PartialEq, Eq)]
pub struct Challenge {
    /// The gateway's id of it. With the password it opens the session, so it is kept like a token.
    pub id: String,
    /// The number that it was sent to.
    pub msisdn: Msisdn,
    /// The password is worth nothing after this.
    pub expires_at: UtcMillis,
    /// A new one may be asked for from here on.
    pub resend_at: UtcMillis,
    /// How many tries are left, by the contract; the caller counts them down.
    pub attempts_left: u32,
}

/// The keys to a session.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionTokens {
    /// What calls are made with. In this dialect it also renews the session.
    pub access: AccessToken,
    /// When it is to be renewed. The gateway tells no time: this is the contract's.
    pub expires_at: UtcMillis,
    /// Past this it cannot be renewed any more, by the contract.
    pub renewable_until: UtcMillis,
}

/// A session as the gateway lists it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ListedSession {
    /// The number it is of.
    pub msisdn: Msisdn,
    /// Its present token.
    pub token: AccessToken,
}

/// Where a session stands at the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SessionStatus {
    /// Ours is the present token. It may have to be renewed all the same.
    Current,
    /// The session goes on with another token than ours: the answer to a renewal was lost.
    Rotated(AccessToken),
    /// The gateway knows no such session.
    Gone,
}

/// A code of the gateway's list. One package has several: one for pulsa and another for wallets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Offer {
    /// The gateway's code.
    pub code: String,
    /// What it is called.
    pub name: String,
    /// What it contains, in the gateway's words.
    pub description: String,
    /// What the shop's deposit is charged: the fee, or the whole price where the owner pays nothing.
    pub price: Rupiah,
    /// The ways in which the owner may pay for this code; unknown ones are left out.
    pub methods: Vec<PaymentMethod>,
    /// Whether it is sold only in a session.
    pub needs_session: bool,
    /// Whether the same number may buy it several times.
    pub is_repeatable: bool,
    /// Whether the stock is to be asked before each purchase.
    pub needs_stock_check: bool,
    /// Whether only so many are sold in a day.
    pub daily_limit: DailyLimit,
    /// The hours in which it is not sold.
    pub cut_off: CutOff,
}

/// How many are sold in a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum DailyLimit {
    /// As many as wanted.
    None,
    /// There is a limit, but the gateway does not tell it.
    Untold,
    /// At most so many, of which so many are gone today.
    Of {
        /// The most of a day.
        limit: u32,
        /// Sold today.
        sold: u32,
    },
}

/// The hours in which a package is not sold.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CutOff {
    /// None.
    None,
    /// There are some, but they cannot be read.
    Unreadable,
    /// From the first minute to the second, minutes of the day in WIB. The second may be the smaller one: over midnight.
    Between {
        /// The first minute without sale, 0 to 1439.
        from_minute: u16,
        /// The first minute of sale after it, 0 to 1439.
        to_minute: u16,
    },
}

/// What is left of a package.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Stock {
    /// How many, if the gateway tells.
    pub left: Option<u32>,
    /// None can be bought.
    pub is_out: bool,
}

/// A package that a number has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaPackage {
    /// What it is called.
    pub name: String,
    /// When it ends, if that can be read.
    pub expires_at: Option<UtcMillis>,
    /// The gateway's code of it, by which it can be recognised.
    pub code: String,
    /// What it contains.
    pub benefits: Vec<QuotaBenefit>,
}

/// One thing that a package contains. Amounts are in the gateway's own unit (bytes, seconds or pieces), and `None` when
/// they are no whole number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaBenefit {
    /// What it is called.
    pub name: String,
    /// How much there was.
    pub quota: Option<u64>,
    /// How much is left.
    pub remaining: Option<u64>,
}

/// Why a one-time password brought nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OtpError {
    /// The password is another one.
    #[error("the one-time password is wrong")]
    Wrong,
    /// The password, or the challenge, is too old.
    #[error("the one-time password has expired")]
    Expired,
    /// Too many wrong ones: the number is locked.
    #[error("the number is locked after too many wrong one-time passwords")]
    Locked {
        /// When it may try again.
        until: UtcMillis,
    },
    /// The last one was asked for a moment ago.
    #[error("a new one-time password may not be asked for yet")]
    TooEarly {
        /// When it may be asked for.
        until: UtcMillis,
    },
    /// Asked for too many in a row.
    #[error("too many one-time passwords were asked for")]
    TooManyRequests {
        /// When one may be asked for again.
        until: UtcMillis,
    },
    /// The gateway does not take the number.
    #[error("the gateway does not take the number")]
    BadNumber,
    /// Something else.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
}

/// Why a call in a session brought nothing.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SessionError {
    /// The token's time is over: renew it once.
    #[error("the session has expired")]
    Expired,
    /// The session goes on with a newer token, which [`SessionGateway::session_status`] tells.
    #[error("the session was renewed, and this token is the old one")]
    Rotated,
    /// The session was ended, by its owner or by the operator: sign in again.
    #[error("the session was revoked")]
    Revoked,
    /// Something else.
    #[error(transparent)]
    Gateway(#[from] GatewayError),
}

/// Without the id.
impl std::fmt::Debug for Challenge {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Challenge")
            .field("msisdn", &self.msisdn)
            .field("expires_at", &self.expires_at)
            .field("resend_at", &self.resend_at)
            .field("attempts_left", &self.attempts_left)
            .finish_non_exhaustive()
    }
}
