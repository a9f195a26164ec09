//! What the operator is told: by which channel, about what, and in which words.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::FieldCode;
use crate::account::words;

/// A way to reach the operator.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum NoticeChannel {
    /// A bot writes into a chat.
    Telegram,
    /// Mail by SMTP.
    Email,
}

/// What the operator can be told about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NoticeKind {
    /// A purchase was delivered.
    PurchaseDelivered,
    /// A purchase failed; the money went back.
    PurchaseFailed,
    /// A purchase that only a human can decide.
    PurchaseReview,
    /// A buyer says that they have paid a top-up.
    TopupWaiting,
    /// A top-up was credited.
    TopupCredited,
    /// A gateway's deposit is low.
    DepositLow,
    /// Any other alarm.
    Alarm,
    /// Sales were stopped because the books do not agree.
    SalesStopped,
}

/// Why a message did not go out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NoticeTrouble {
    /// No connection, or it broke.
    NotReached,
    /// No connection that is safe from being read.
    NotSecure,
    /// No answer in time. The message may have arrived.
    NoAnswer,
    /// Asked to come back later.
    Busy,
    /// Token, user or password is not accepted.
    BadLogin,
    /// No such chat or mailbox, or it takes no messages from us.
    BadAddress,
    /// This very message is not accepted.
    Refused,
    /// The answer is not one of such a service.
    Unreadable,
    /// The settings cannot be used.
    BadSettings,
}

words!(NoticeChannel { Telegram = "telegram", Email = "email" });
words!(NoticeKind {
    PurchaseDelivered = "purchase_delivered",
    PurchaseFailed = "purchase_failed",
    PurchaseReview = "purchase_review",
    TopupWaiting = "topup_waiting",
    TopupCredited = "topup_credited",
    DepositLow = "deposit_low",
    Alarm = "alarm",
    SalesStopped = "sales_stopped",
});
words!(NoticeTrouble {
    NotReached = "not_reached",
    NotSecure = "not_secure",
    NoAnswer = "no_answer",
    Busy = "busy",
    BadLogin = "bad_login",
    BadAddress = "bad_address",
    Refused = "refused",
    Unreadable = "unreadable",
    BadSettings = "bad_settings",
});

impl NoticeTrouble {
    /// Whether time alone cannot mend it: somebody has to change the settings.
    #[must_use]
    pub const fn needs_a_human(self) -> bool {
        matches!(self, Self::BadLogin | Self::BadAddress | Self::BadSettings | Self::NotSecure)
    }
}

/// What stands for a value in a template, written `{amount}`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Placeholder {
    /// The shop's name.
    Shop,
    /// Who bought or paid.
    Buyer,
    /// The package.
    Package,
    /// The number that the package is for, its middle hidden.
    Number,
    /// Rupiah.
    Amount,
    /// The purchase's or top-up's id.
    Code,
    /// Why, or what is wrong.
    Reason,
    /// The gateway.
    Gateway,
    /// Where to see to it.
    Link,
}

words!(Placeholder {
    Shop = "shop",
    Buyer = "buyer",
    Package = "package",
    Number = "number",
    Amount = "amount",
    Code = "code",
    Reason = "reason",
    Gateway = "gateway",
    Link = "link",
});

impl NoticeKind {
    /// What a message of this kind has values for.
    #[must_use]
    pub const fn placeholders(self) -> &'static [Placeholder] {
        use Placeholder::{Amount, Buyer, Code, Gateway, Link, Number, Package, Reason, Shop};
        match self {
            Self::PurchaseDelivered => &[Shop, Buyer, Package, Number, Amount, Code, Gateway, Link],
            Self::PurchaseFailed | Self::PurchaseReview => {
                &[Shop, Buyer, Package, Number, Amount, Code, Reason, Gateway, Link]
            }
            Self::TopupWaiting | Self::TopupCredited => &[Shop, Buyer, Amount, Code, Link],
            Self::DepositLow => &[Shop, Gateway, Amount, Link],
            Self::Alarm => &[Shop, Reason, Link],
            Self::SalesStopped => &[Shop, Link],
        }
    }
}

/// `{name}`, as it is written in a template.
impl fmt::Display for Placeholder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{{{}}}", self.as_str())
    }
}

/// A message with gaps. Only placeholders that its kind has values for are in it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Template(Vec<Part>);

#[derive(Clone, Debug, PartialEq, Eq)]
enum Part {
    Text(String),
    Gap(Placeholder),
}

impl Template {
    /// The longest template, in characters.
    pub const MOST_CHARS: usize = 500;
    /// The longest value that is put into one, in characters. Names and reasons are shorter.
    pub const VALUE_MOST_CHARS: usize = 200;

    /// Reads a template. `{` begins a placeholder, always; line breaks are kept, other control characters are not.
    ///
    /// # Errors
    /// The code to show beside the field.
    pub fn parse(kind: NoticeKind, typed: &str) -> Result<Self, FieldCode> {
        let typed = typed.replace("\r\n", "\n");
        let typed = typed.trim();
        if typed.is_empty() {
            return Err(FieldCode::Required);
        }
        if typed.chars().count() > Self::MOST_CHARS {
            return Err(FieldCode::TooLong { max: Self::MOST_CHARS });
        }
        let unknown = || FieldCode::UnknownPlaceholder { kind };
        let mut parts = Vec::new();
        let mut rest = typed;
        while let Some((text, after)) = rest.split_once('{') {
            parts.push(Part::Text(plain(text, true)));
            let (name, after) = after.split_once('}').ok_or_else(unknown)?;
            let placeholder = name.parse().map_err(|_| unknown())?;
            if !kind.placeholders().contains(&placeholder) {
                return Err(unknown());
            }
            parts.push(Part::Gap(placeholder));
            rest = after;
        }
        parts.push(Part::Text(plain(rest, true)));
        Ok(Self(parts))
    }

    /// The message. Values go in as plain text of one line each, whatever they hold.
    pub fn render(&self, value: impl Fn(Placeholder) -> String) -> String {
        self.0
            .iter()
            .map(|part| match part {
                Part::Text(text) => text.clone(),
                Part::Gap(placeholder) => {
                    plain(&value(*placeholder), false).chars().take(Self::VALUE_MOST_CHARS).collect()
                }
            })
            .collect()
    }
}

/// Without control characters: they could begin a new header, or hide what stands before them.
fn plain(text: &str, breaks: bool) -> String {
    let kept = |c: char| if c.is_control() && !(breaks && c == '\n') { ' ' } else { c };
    // Marks that turn the direction of reading would let a name rewrite the line it stands in.
    text.chars().filter(|c| !is_bidi(*c)).map(kept).collect()
}

const fn is_bidi(c: char) -> bool {
    matches!(c, '\u{200e}' | '\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{2028}' | '\u{2029}')
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn rendered(kind: NoticeKind, text: &str, value: &str) -> String {
        Template::parse(kind, text).unwrap().render(|_| value.to_owned())
    }

    #[test]
    fn values_take_the_place_of_their_names() {
        let template = Template::parse(NoticeKind::TopupCredited, "{shop}: {amount}\r\n}ok{code}").unwrap();
        let text = template.render(|placeholder| format!("<{}>", placeholder.as_str()));
        assert_eq!(text, "<shop>: <amount>\n}ok<code>");
    }

    #[test]
    fn what_its_kind_has_no_value_for_is_refused() {
        let unknown = |kind: NoticeKind| FieldCode::UnknownPlaceholder { kind };
        for typed in ["{nomor}", "{package}", "{", "{shop", "{}", "{ shop }", "{{shop}}"] {
            let kind = NoticeKind::SalesStopped;
            assert_eq!(Template::parse(kind, typed), Err(unknown(kind)), "{typed}");
        }
        assert_eq!(Template::parse(NoticeKind::Alarm, " \n"), Err(FieldCode::Required));
        let long = "x".repeat(Template::MOST_CHARS + 1);
        assert_eq!(
            Template::parse(NoticeKind::Alarm, &long),
            Err(FieldCode::TooLong { max: Template::MOST_CHARS })
        );
        for kind in NoticeKind::ALL {
            let all: String = kind.placeholders().iter().map(ToString::to_string).collect();
            assert!(Template::parse(*kind, &all).is_ok(), "{kind:?}");
        }
    }

    #[test]
    fn a_value_is_no_template_and_no_line_of_its_own() {
        let value = "{shop}\r\nBcc: all@example.id\u{202e}";
        assert_eq!(rendered(NoticeKind::Alarm, "a\n{reason}", value), "a\n{shop}  Bcc: all@example.id");
        let long = "x".repeat(Template::VALUE_MOST_CHARS + 1);
        assert_eq!(rendered(NoticeKind::Alarm, "{reason}", &long).len(), Template::VALUE_MOST_CHARS);
    }

    proptest! {
        #[test]
        fn whatever_is_typed_and_put_in_stays_harmless(typed in "(\\PC|[{}\r\n\t\u{0}]|\\{reason\\}){0,80}", value in any::<String>()) {
            if let Ok(template) = Template::parse(NoticeKind::Alarm, &typed) {
                let text = template.render(|_| value.clone());
                prop_assert!(text.chars().all(|c| c == '\n' || !c.is_control()));
                // Only the template's own line breaks are there.
                prop_assert!(text.lines().count() <= typed.trim().lines().count().max(1));
            }
        }
    }
}
