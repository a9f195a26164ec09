//! How payment gateways misbehave: by an admin call, or by the last three digits of a charge's amount.
//!
//! Each fault of a new charge strikes the first request with that order id only (but for 909 and 910), so that what
//! the shop does next meets an honest gateway.
//!
//! | digits | what happens to the charge |
//! |---|---|
//! | 901 902 903 904 905 | made, and the answer hangs, is reset, is a 500, an HTML 502, or half of the JSON |
//! | 906 907 | not made, and the answer hangs, or is 429 |
//! | 908 | made, and denied at once (202) |
//! | 909 910 | not made: the method is not active, said as 402 or as 400; every time |
//! | 911 | made, and the answer has nothing to pay with |
//! | 912 | not made, and the answer is 406 |
//! | 913 914 915 | made, and the answer has texts for numbers (and numbers for texts), speaks of another order, or takes 2 s |
//!
//! | digits | what happens when its status is asked for |
//! |---|---|
//! | 916 917 | three times after every change: 503, or 404 |
//! | 918 919 920 921 | another amount, merchant, currency, or a word that nobody knows; always |
//!
//! | digits | what happens to its notifications |
//! |---|---|
//! | 922 | none is sent |
//! | 923 | each is sent 50 times at once |
//! | 924 | the first is delivered before the charge's answer |
//! | 925 | none is sent until it is paid; then it is told as settled, pending and expired, in this order |
//! | 926 | the first says that it is paid, under a valid signature; it is not |
//! | 927 | one bit of the signature is wrong |
//! | 928 | each comes after one about an order that nobody made |
//! | 929 | each is 15 minutes late by the simulator's clock |
//! | 930 | each tells of Rp 1.000 more, under a valid signature |

use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{PaymentCall, Payments};
use crate::chance::Chance;
use crate::state::{Counters, Desk};
use crate::{AnswerFate, PaymentProvider};

/// How often status fails after a change, with the digits 916 and 917.
const STATUS_FAILS: u32 = 3;
/// A rule's `call` that means every call of the shop's.
const ANY_CALL: &str = "any";

/// What goes wrong.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum PaymentFault {
    /// Done, but the answer never comes (for two minutes at most).
    Hang,
    /// Done, but the connection is closed instead of an answer.
    Close,
    /// Done, but the answer is HTTP 500.
    Http500,
    /// Done, but the answer is a proxy's page with HTTP 502.
    Html502,
    /// Done, but the answer is half of its JSON.
    TruncatedJson,
    /// Done, but the answer comes late.
    Slow {
        /// How late.
        ms: u64,
    },
    /// Done; texts where numbers belong, and numbers where texts do.
    SwappedTypes,
    /// Done, but the answer speaks of another order.
    OtherOrder,
    /// Done, but the answer tells of another amount.
    WrongAmount,
    /// Done, but the answer names another merchant.
    OtherMerchant,
    /// Done, but the answer is in another currency.
    OtherCurrency,
    /// Done, but the answer has a state that nobody knows.
    UnknownWord,
    /// Not done, and no answer either.
    HangUndone,
    /// Not done: HTTP 503.
    Down,
    /// Not done: HTTP 429.
    TooMany,
    /// Not done: it is said that there is no such charge.
    Missing,
    /// A charge that is made and denied at once.
    Denied,
    /// A charge that is made, but the answer has nothing to pay with.
    NoPaymentData,
    /// A charge that is not made: the method is not active.
    NotActive {
        /// `402` or `400`.
        code: u16,
    },
    /// A charge that is not made, because its order id was used; it was not.
    FalseDuplicate,
    /// No notification.
    Never,
    /// Many of the same at once.
    Duplicates {
        /// How many.
        count: u32,
    },
    /// The first notification is delivered before the charge's answer.
    BeforeAnswer {
        /// Whether the customer has paid by then, too.
        #[serde(default)]
        paid: bool,
    },
    /// Nothing until it is paid; then settled, pending, expired.
    Reordered,
    /// A valid signature over an altered state.
    AlteredStatus {
        /// The gateway's word; none means "paid", in the first notification only.
        #[serde(default)]
        status: Option<String>,
    },
    /// A signature with one wrong bit.
    WrongBit,
    /// One more notification, about an order that nobody made.
    UnknownOrder,
    /// Later than it should.
    Late {
        /// By the simulator's clock.
        ms: i64,
    },
    /// A valid signature over another amount.
    OtherAmount {
        /// How much more it tells, in rupiah.
        more: i64,
    },
}

/// A fault set by an admin call, and what it strikes. A field that is not given matches everything.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PaymentRule {
    /// What then goes wrong.
    pub fault: PaymentFault,
    /// Only at this gateway.
    #[serde(default)]
    pub provider: Option<PaymentProvider>,
    /// Only this call: `charge`, `status`, `cancel`, `expire`, `refund`, `list`, `channels`, `notification`, or `any` of
    /// the shop's. When not given, the call to which the fault belongs.
    #[serde(default)]
    pub call: Option<String>,
    /// Only this order, by the shop's name.
    #[serde(default)]
    pub order_id: Option<String>,
    /// Only this method, as the book names it.
    #[serde(default)]
    pub method: Option<String>,
    /// Only this amount, in rupiah.
    #[serde(default)]
    pub amount: Option<i64>,
    /// In how many of a hundred matching cases it strikes, by the seed; `None` means always.
    #[serde(default)]
    pub percent: Option<u8>,
    /// How often it strikes before it is used up; `None` until a reset.
    #[serde(default)]
    pub times: Option<u32>,
}

/// What is happening, to be held against the rules.
pub(crate) struct Subject<'a> {
    pub(crate) provider: PaymentProvider,
    pub(crate) call: PaymentCall,
    pub(crate) order_id: &'a str,
    pub(crate) method: &'a str,
    pub(crate) amount_rupiah: i64,
    /// How often this has happened, this time included: requests with that order id, or questions since a change. Of a
    /// notification: 1 for the first of a charge.
    pub(crate) times: u32,
}

impl Desk<'_> {
    /// What goes wrong now: the newest rule that strikes, or else what the amount asks for. It is counted.
    pub(crate) fn strike(&mut self, subject: &Subject<'_>) -> Option<PaymentFault> {
        let state = &mut *self.state;
        let by_rule = rule_strikes(&mut state.payments, &mut state.chance, subject);
        let fault = by_rule.or_else(|| PaymentFault::by_amount(subject))?;
        Counters::count(&mut state.payments.counters.faults, fault.name());
        Some(fault)
    }
}

fn rule_strikes(payments: &mut Payments, chance: &mut Chance, subject: &Subject<'_>) -> Option<PaymentFault> {
    let rule = payments.rules.iter_mut().find(|rule: &&mut PaymentRule| {
        subject.fits(rule) && rule.percent.is_none_or(|percent| chance.strikes(percent))
    })?;
    if let Some(times) = &mut rule.times {
        *times -= 1;
    }
    let fault = rule.fault.clone();
    payments.rules.retain(|rule| rule.times != Some(0));
    Some(fault)
}

impl Subject<'_> {
    fn fits(&self, rule: &PaymentRule) -> bool {
        let is_meant =
            |wanted: &Option<String>, given: &str| wanted.as_deref().is_none_or(|wanted| wanted == given);
        let is_call = match rule.call.as_deref() {
            None => self.call == rule.fault.home(),
            Some(ANY_CALL) => self.call != PaymentCall::Notification,
            Some(call) => call == self.call.as_str(),
        };
        is_call
            && rule.fault.can_strike(self)
            && rule.times != Some(0)
            && rule.provider.is_none_or(|provider| provider == self.provider)
            && is_meant(&rule.order_id, self.order_id)
            && is_meant(&rule.method, self.method)
            && rule.amount.is_none_or(|amount| amount == self.amount_rupiah)
    }
}

impl PaymentFault {
    fn by_amount(subject: &Subject<'_>) -> Option<Self> {
        let digits = subject.amount_rupiah.rem_euclid(1_000);
        let (fault, most_times) = match digits {
            901 => (Self::Hang, 1),
            902 => (Self::Close, 1),
            903 => (Self::Http500, 1),
            904 => (Self::Html502, 1),
            905 => (Self::TruncatedJson, 1),
            906 => (Self::HangUndone, 1),
            907 => (Self::TooMany, 1),
            908 => (Self::Denied, 1),
            909 => (Self::NotActive { code: 402 }, u32::MAX),
            910 => (Self::NotActive { code: 400 }, u32::MAX),
            911 => (Self::NoPaymentData, 1),
            912 => (Self::FalseDuplicate, 1),
            913 => (Self::SwappedTypes, 1),
            914 => (Self::OtherOrder, 1),
            915 => (Self::Slow { ms: 2_000 }, 1),
            916 => (Self::Down, STATUS_FAILS),
            917 => (Self::Missing, STATUS_FAILS),
            918 => (Self::WrongAmount, u32::MAX),
            919 => (Self::OtherMerchant, u32::MAX),
            920 => (Self::OtherCurrency, u32::MAX),
            921 => (Self::UnknownWord, u32::MAX),
            922 => (Self::Never, u32::MAX),
            923 => (Self::Duplicates { count: 50 }, u32::MAX),
            924 => (Self::BeforeAnswer { paid: false }, 1),
            925 => (Self::Reordered, u32::MAX),
            926 => (Self::AlteredStatus { status: None }, 1),
            927 => (Self::WrongBit, u32::MAX),
            928 => (Self::UnknownOrder, u32::MAX),
            929 => (Self::Late { ms: 15 * 60 * 1_000 }, u32::MAX),
            930 => (Self::OtherAmount { more: 1_000 }, u32::MAX),
            _ => return None,
        };
        let strikes =
            subject.call == fault.home() && subject.times <= most_times && fault.can_strike(subject);
        strikes.then_some(fault)
    }

    /// To which call it belongs when a rule names none.
    const fn home(&self) -> PaymentCall {
        match self {
            Self::Hang
            | Self::Close
            | Self::Http500
            | Self::Html502
            | Self::TruncatedJson
            | Self::Slow { .. }
            | Self::SwappedTypes
            | Self::OtherOrder
            | Self::HangUndone
            | Self::TooMany
            | Self::Denied
            | Self::NoPaymentData
            | Self::NotActive { .. }
            | Self::FalseDuplicate => PaymentCall::Charge,
            Self::WrongAmount
            | Self::OtherMerchant
            | Self::OtherCurrency
            | Self::UnknownWord
            | Self::Down
            | Self::Missing => PaymentCall::Status,
            _ => PaymentCall::Notification,
        }
    }

    /// What means nothing to a call does not strike it, so that the counters tell the truth and no rule is used up.
    fn can_strike(&self, subject: &Subject<'_>) -> bool {
        let call = subject.call;
        let is_told = call == PaymentCall::Notification;
        let is_tripay = subject.provider == PaymentProvider::Tripay;
        match self {
            Self::Denied | Self::NoPaymentData | Self::NotActive { .. } | Self::FalseDuplicate => {
                call == PaymentCall::Charge
            }
            Self::BeforeAnswer { .. } | Self::AlteredStatus { status: None } => is_told && subject.times == 1,
            // Tripay says nothing about a new transaction, unless the fault is that it does.
            Self::AlteredStatus { .. } => is_told,
            other if other.home() == PaymentCall::Notification => {
                is_told && !(is_tripay && subject.times == 1)
            }
            // Its answers name neither a merchant nor a currency.
            Self::OtherMerchant | Self::OtherCurrency if is_tripay => false,
            Self::OtherOrder
            | Self::WrongAmount
            | Self::OtherMerchant
            | Self::OtherCurrency
            | Self::UnknownWord => !is_told && !matches!(call, PaymentCall::List | PaymentCall::Channels),
            Self::Missing => !is_told && call != PaymentCall::Channels,
            _ => !is_told,
        }
    }

    /// The name under which it is counted.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Hang => "hang",
            Self::Close => "close",
            Self::Http500 => "http500",
            Self::Html502 => "html502",
            Self::TruncatedJson => "truncated_json",
            Self::Slow { .. } => "slow",
            Self::SwappedTypes => "swapped_types",
            Self::OtherOrder => "other_order",
            Self::WrongAmount => "wrong_amount",
            Self::OtherMerchant => "other_merchant",
            Self::OtherCurrency => "other_currency",
            Self::UnknownWord => "unknown_word",
            Self::HangUndone => "hang_undone",
            Self::Down => "down",
            Self::TooMany => "too_many",
            Self::Missing => "missing",
            Self::Denied => "denied",
            Self::NoPaymentData => "no_payment_data",
            Self::NotActive { .. } => "not_active",
            Self::FalseDuplicate => "false_duplicate",
            Self::Never => "never",
            Self::Duplicates { .. } => "duplicates",
            Self::BeforeAnswer { .. } => "before_answer",
            Self::Reordered => "reordered",
            Self::AlteredStatus { .. } => "altered_status",
            Self::WrongBit => "wrong_bit",
            Self::UnknownOrder => "unknown_order",
            Self::Late { .. } => "late",
            Self::OtherAmount { .. } => "other_amount",
        }
    }

    /// Whether the call is left undone.
    pub(crate) const fn is_undone(&self) -> bool {
        matches!(
            self,
            Self::HangUndone
                | Self::Down
                | Self::TooMany
                | Self::Missing
                | Self::NotActive { .. }
                | Self::FalseDuplicate
        )
    }

    /// What becomes of the answer on its way.
    pub(super) const fn fate(&self) -> AnswerFate {
        match self {
            Self::Hang | Self::HangUndone => AnswerFate::Hang,
            Self::Close => AnswerFate::Close,
            Self::Http500 => AnswerFate::Http500,
            Self::Html502 => AnswerFate::Html502,
            Self::TruncatedJson => AnswerFate::TruncatedJson,
            Self::TooMany => AnswerFate::Http429,
            _ => AnswerFate::Honest,
        }
    }

    /// How long the answer is held back.
    pub(super) const fn pause(&self) -> Duration {
        match self {
            Self::Slow { ms } => Duration::from_millis(*ms),
            _ => Duration::ZERO,
        }
    }
}
