use serde::{Deserialize, Serialize};

/// How one order is treated: what really happens to it, and what the shop is told. The two are apart, because the
/// worst gateways do the one and say the other.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Behaviour {
    /// What really happens to the order.
    pub order: OrderFate,
    /// What the shop is told.
    pub answer: AnswerFate,
}

/// What really happens to an order.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum OrderFate {
    /// Whatever an ordinary order gets: Pending, and success after the configured time.
    #[default]
    AsUsual,
    /// Charged and delivered at once.
    Success,
    /// Taken and failed at once (rc 02); the charge goes back.
    Failed,
    /// Taken and charged, decided later.
    Pending {
        /// How it ends.
        then: Ending,
        /// What it waits for.
        #[serde(default)]
        settling: Settling,
    },
    /// Reported as a success first and taken back later (rc 74). In truth it is never delivered.
    SuccessThenRefunded {
        /// What the refund waits for.
        #[serde(default)]
        settling: Settling,
    },
    /// The request goes under before an order is made of it.
    NotFormed,
    /// Refused with this code; no order is made, and one that exists is left alone.
    Refuse {
        /// The gateway's code, such as `44`, or `402` in the session dialect.
        rc: String,
    },
}

/// How a pending order ends.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ending {
    /// Delivered.
    Success,
    /// Not delivered; the charge goes back.
    Failed,
    /// Reported as delivered, then the charge goes back.
    Refunded,
    /// It stays pending for ever, unless an admin call names it.
    Never,
}

/// What a pending order waits for; whichever comes first. With neither, the configured processing time.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Settling {
    /// This many milliseconds.
    pub after_ms: Option<i64>,
    /// This many repeats of the order: the last of them already sees the end.
    pub after_queries: Option<u32>,
}

/// What the shop is told.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum AnswerFate {
    /// The truth.
    #[default]
    Honest,
    /// Nothing, and the connection stays open (for two minutes at most).
    Hang,
    /// Nothing, and the connection is closed.
    Close,
    /// HTTP 500 with a short text.
    Http500,
    /// HTTP 502 with the HTML page of a proxy.
    Html502,
    /// HTTP 429 with a short text.
    Http429,
    /// HTTP 302 to the same address: whoever follows it may buy twice.
    Redirect,
    /// The truth, cut in the middle, with a matching length.
    TruncatedJson,
    /// The truth, but the connection breaks in the middle of it.
    CutBody,
    /// The truth without `rc`.
    MissingRc,
    /// The truth without `status`.
    MissingStatus,
    /// The truth without `trx_id`: a success that cannot be asked about.
    MissingTrxId,
    /// The truth with `"25000"` where 25000 belongs.
    StringsForNumbers,
    /// The truth about somebody else's order.
    OtherRef,
    /// The truth, late.
    Slow {
        /// How late.
        ms: u64,
    },
    /// The truth, one byte at a time.
    Drip {
        /// The pause between bytes.
        ms: u64,
    },
    /// This code, whatever the truth is. In the session dialect it goes out as `statusCode`, with `status: false`.
    Code {
        /// The gateway's code.
        rc: String,
        /// The status beside it (`true` or `false` in the session dialect); `None` takes the one that belongs to the code.
        #[serde(default)]
        status: Option<String>,
    },
}

/// A behaviour set by an admin call, and the orders it strikes. A field that is not given matches everything.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Rule {
    /// What then happens.
    pub behaviour: Behaviour,
    /// Only this call (`packagepurchase`, `reqotp` …, or `any`); when not given, the calls that buy.
    pub call: Option<String>,
    /// Only this package.
    pub sku: Option<String>,
    /// Only this number, in 08 form.
    pub number: Option<String>,
    /// Only this order, by `ref_id` or `trx_id`.
    pub ref_id: Option<String>,
    /// How many requests it strikes before it is used up; `None` until a reset.
    pub times: Option<u32>,
    /// Whether it strikes the first request of an order, its repeats, or both.
    pub on: Receipt,
    /// In how many of a hundred matching requests it strikes, by the seed; `None` means always.
    pub percent: Option<u8>,
}

/// Which requests of one order.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Receipt {
    /// All of them.
    #[default]
    Any,
    /// The first one.
    First,
    /// The later ones.
    Repeat,
}

impl Behaviour {
    /// What the last four digits of a number ask for, with any SKU; `None` for an ordinary number.
    pub(crate) fn by_number(number: &str) -> Option<Self> {
        let last_four = number.get(number.len().checked_sub(4)?..)?;
        let pending = |then| OrderFate::Pending { then, settling: Settling::default() };
        let refuse = |rc: &str| OrderFate::Refuse { rc: rc.to_owned() };
        let (order, answer) = match last_four {
            "1230" => (OrderFate::Success, AnswerFate::Honest),
            "1232" => (OrderFate::Failed, AnswerFate::Honest),
            "1233" => (pending(Ending::Success), AnswerFate::Honest),
            "1234" => (pending(Ending::Failed), AnswerFate::Honest),
            "1235" => (pending(Ending::Never), AnswerFate::Honest),
            "1240" => (OrderFate::Success, AnswerFate::Hang),
            "1241" => (OrderFate::Success, AnswerFate::Http500),
            "1242" => (OrderFate::Success, AnswerFate::TruncatedJson),
            "1243" => (OrderFate::NotFormed, AnswerFate::Hang),
            "1244" => (refuse("44"), AnswerFate::Honest),
            "1245" => (refuse("68"), AnswerFate::Honest),
            _ => return None,
        };
        Some(Self { order, answer })
    }

    /// What a SKU of the form `rcNN` asks for: every code of the contract on demand.
    pub(crate) fn by_code_sku(sku: &str) -> Option<Self> {
        let rc = sku.strip_prefix("rc").filter(|rc| rc.len() == 2)?;
        let order = match rc {
            "00" => OrderFate::Success,
            "02" => OrderFate::Failed,
            "03" | "99" => OrderFate::Pending { then: Ending::Success, settling: Settling::default() },
            "74" => OrderFate::SuccessThenRefunded {
                settling: Settling { after_ms: Some(0), after_queries: None },
            },
            // "Timeout" says nothing about the order. Here it was made and delivered, so that whoever takes it for a
            // failure is found out.
            "01" | "70" => OrderFate::Success,
            other => OrderFate::Refuse { rc: other.to_owned() },
        };
        let answer = match rc {
            "01" | "70" | "74" | "99" => AnswerFate::Code { rc: rc.to_owned(), status: None },
            _ => AnswerFate::Honest,
        };
        Some(Self { order, answer })
    }
}

impl AnswerFate {
    /// The name under which it is counted.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::Honest => "honest",
            Self::Hang => "hang",
            Self::Close => "close",
            Self::Http500 => "http500",
            Self::Html502 => "html502",
            Self::Http429 => "http429",
            Self::Redirect => "redirect",
            Self::TruncatedJson => "truncated_json",
            Self::CutBody => "cut_body",
            Self::MissingRc => "missing_rc",
            Self::MissingStatus => "missing_status",
            Self::MissingTrxId => "missing_trx_id",
            Self::StringsForNumbers => "strings_for_numbers",
            Self::OtherRef => "other_ref",
            Self::Slow { .. } => "slow",
            Self::Drip { .. } => "drip",
            Self::Code { .. } => "code",
        }
    }
}

impl OrderFate {
    /// The name under which it is counted.
    pub(crate) const fn name(&self) -> &'static str {
        match self {
            Self::AsUsual => "as_usual",
            Self::Success => "success",
            Self::Failed => "failed",
            Self::Pending { .. } => "pending",
            Self::SuccessThenRefunded { .. } => "success_then_refunded",
            Self::NotFormed => "not_formed",
            Self::Refuse { .. } => "refuse",
        }
    }
}
