//! The words in which the operator is told what has happened, by Telegram or by mail.

use domain::{AlarmKind, FailReason, Msisdn, NoticeKind, Placeholder, PublicId, Rupiah, Template};
use store::{NoticeRules, NoticeSubject, WaitingNotice};

use crate::i18n::T;
use crate::server_fns::admin::book::book_page;
use crate::server_fns::admin::cases::case_page;
use crate::server_fns::admin::payments::PAGE as PAYMENTS_PAGE;

/// What every message needs to know.
#[derive(Clone, Debug)]
pub struct NoticeWords {
    /// The language, and the operator's own templates.
    pub rules: NoticeRules,
    /// The shop's name.
    pub shop: String,
    /// Where people reach the shop, without a slash at the end.
    pub public_url: String,
}

/// A message to the operator.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeMessage {
    /// One line.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The last notice that is in it.
    pub last: i64,
}

/// Between two notices in one message.
const GAP: &str = "\n\n";

impl NoticeWords {
    /// A message that holds the first of these notices, and as many of the others as fit. `most_units` limits the text,
    /// in UTF-16 units. `None` for no notices.
    #[must_use]
    pub fn message(&self, news: &[WaitingNotice], most_units: usize) -> Option<NoticeMessage> {
        let (first, rest) = news.split_first()?;
        let mut text = cut(self.text(first.kind, &first.subject), most_units);
        let (mut last, mut count) = (first.id, 1);
        for notice in rest {
            let next = self.text(notice.kind, &notice.subject);
            if units(&text) + units(GAP) + units(&next) > most_units {
                break;
            }
            text = text + GAP + &next;
            (last, count) = (notice.id, count + 1);
        }
        let t = self.t();
        let subject = match count {
            1 => format!("{}: {}", self.shop, t.notice_kind(first.kind)),
            _ => t.notice_subject_many(&self.shop, count),
        };
        Some(NoticeMessage { subject, text, last })
    }

    /// A message that says nothing but that it has arrived.
    #[must_use]
    pub fn test(&self) -> NoticeMessage {
        let text = self.t().notice_test_text(&self.shop);
        NoticeMessage { subject: self.shop.clone(), text, last: 0 }
    }

    /// What is said about one thing.
    #[must_use]
    pub fn text(&self, kind: NoticeKind, subject: &NoticeSubject) -> String {
        // The operator's own was checked when it was saved; if it cannot be read now, the usual one is better than none.
        let own = self.rules.texts.get(&kind).and_then(|text| Template::parse(kind, text).ok());
        let template = own.or_else(|| Template::parse(kind, self.t().usual_notice(kind)).ok());
        template.map(|template| self.render(&template, subject)).unwrap_or_default()
    }

    /// A template with its values.
    #[must_use]
    pub fn render(&self, template: &Template, subject: &NoticeSubject) -> String {
        template.render(|placeholder| self.value(placeholder, subject))
    }

    /// What a kind of message says of something made up.
    #[must_use]
    pub fn sample(&self, kind: NoticeKind, template: Option<&Template>) -> String {
        let subject = sample(kind);
        template.map_or_else(|| self.text(kind, &subject), |template| self.render(template, &subject))
    }

    const fn t(&self) -> T {
        T(self.rules.lang)
    }

    fn value(&self, placeholder: Placeholder, subject: &NoticeSubject) -> String {
        match placeholder {
            Placeholder::Shop => return self.shop.clone(),
            Placeholder::Link => return format!("{}{}", self.public_url, page(subject)),
            _ => {}
        }
        match subject {
            NoticeSubject::Purchase { id, buyer, package, msisdn, price, gateway, note } => match placeholder
            {
                Placeholder::Buyer => buyer.clone(),
                Placeholder::Package => package.clone(),
                // Messages lie on servers of others and light up on locked phones.
                Placeholder::Number => msisdn.masked(),
                Placeholder::Amount => price.to_string(),
                Placeholder::Code => id.to_string(),
                Placeholder::Reason => self.reason(note),
                Placeholder::Gateway => gateway.clone(),
                _ => String::new(),
            },
            NoticeSubject::Topup { id, buyer, amount } => match placeholder {
                Placeholder::Buyer => buyer.clone(),
                Placeholder::Amount => amount.to_string(),
                Placeholder::Code => id.to_string(),
                _ => String::new(),
            },
            NoticeSubject::Alarm { kind, object, detail } => match placeholder {
                Placeholder::Gateway => object.clone(),
                Placeholder::Amount => detail.clone(),
                Placeholder::Reason => self.t().alarm(*kind, object, detail),
                _ => String::new(),
            },
            NoticeSubject::Shop => String::new(),
        }
    }

    /// The words of a step's note; what an admin wrote stays as it is.
    fn reason(&self, note: &str) -> String {
        let t = self.t();
        let failed = FailReason::from_word(note).map(|reason| match reason {
            // What buyers are not told is just what the operator has to know.
            FailReason::Shop(trouble) => t.shop_trouble(trouble),
            reason => t.fail_reason(reason),
        });
        failed.or_else(|| t.admin_note(note)).unwrap_or(note).to_owned()
    }
}

/// Where something is seen to.
fn page(subject: &NoticeSubject) -> String {
    match subject {
        NoticeSubject::Purchase { id, .. } => format!("/admin/transactions/{}", id.as_str()),
        NoticeSubject::Topup { id, .. } => format!("/admin/topups/{}", id.as_str()),
        NoticeSubject::Alarm { kind, object, .. } => alarm_page(*kind, object),
        NoticeSubject::Shop => "/admin".to_owned(),
    }
}

/// The page of what an alarm is about.
#[must_use]
pub fn alarm_page(kind: AlarmKind, object: &str) -> String {
    match kind {
        AlarmKind::DepositLow | AlarmKind::GatewayDown | AlarmKind::OffersStale => {
            "/admin/gateways".to_owned()
        }
        AlarmKind::CostAbovePrice | AlarmKind::OfferGone => format!("/admin/packages/{object}"),
        AlarmKind::TakenBack | AlarmKind::DeliveredTwice => format!("/admin/transactions/{object}"),
        AlarmKind::NoticesFail => "/admin/notifications".to_owned(),
        AlarmKind::PaymentCase => case_page(object),
        AlarmKind::PayGatewayDown | AlarmKind::PayOrderUnknown | AlarmKind::PayOrdersForgotten => {
            PAYMENTS_PAGE.to_owned()
        }
        AlarmKind::CostsDiffer => book_page(object),
        AlarmKind::BackupFailed
        | AlarmKind::BackupOld
        | AlarmKind::RestoreTestFailed
        | AlarmKind::RestoreTestOld
        | AlarmKind::Restored => "/admin/backups".to_owned(),
    }
}

/// Something made up, to show what a message looks like.
fn sample(kind: NoticeKind) -> NoticeSubject {
    let id = PublicId::from_random(0x5a5a_1234_9876_f0f0);
    let (buyer, amount) = ("siti".to_owned(), Rupiah::new(58_500));
    let purchase = |note: &str| match "087812345678".parse::<Msisdn>() {
        Ok(msisdn) => NoticeSubject::Purchase {
            id: id.clone(),
            buyer: buyer.clone(),
            package: "Xtra Combo 10 GB".to_owned(),
            msisdn,
            price: amount,
            gateway: "digiflazz".to_owned(),
            note: note.to_owned(),
        },
        Err(_) => NoticeSubject::Shop,
    };
    match kind {
        NoticeKind::PurchaseDelivered => purchase(""),
        NoticeKind::PurchaseFailed => purchase(FailReason::OutOfStock.as_str()),
        NoticeKind::PurchaseReview => purchase("late_success"),
        NoticeKind::TopupWaiting | NoticeKind::TopupCredited => {
            NoticeSubject::Topup { id: id.clone(), buyer: buyer.clone(), amount }
        }
        NoticeKind::DepositLow => NoticeSubject::Alarm {
            kind: AlarmKind::DepositLow,
            object: "digiflazz".to_owned(),
            detail: amount.to_string(),
        },
        NoticeKind::Alarm => NoticeSubject::Alarm {
            kind: AlarmKind::GatewayDown,
            object: "digiflazz".to_owned(),
            detail: String::new(),
        },
        NoticeKind::SalesStopped => NoticeSubject::Shop,
    }
}

fn units(text: &str) -> usize {
    text.encode_utf16().count()
}

fn cut(text: String, most_units: usize) -> String {
    if units(&text) <= most_units {
        return text;
    }
    let mut left = most_units.saturating_sub(1);
    let fits = |c: &char| {
        let fits = c.len_utf16() <= left;
        left = left.saturating_sub(c.len_utf16());
        fits
    };
    let mut text: String = text.chars().take_while(fits).collect();
    text.push('…');
    text
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use domain::{Lang, UtcMillis};

    use super::*;

    fn words(lang: Lang) -> NoticeWords {
        NoticeWords {
            rules: NoticeRules { on: Vec::new(), texts: BTreeMap::new(), lang },
            shop: "Toko Melati".into(),
            public_url: "https://toko.example".into(),
        }
    }

    #[test]
    fn every_kind_has_usual_words_and_a_value_for_each_placeholder() {
        for lang in Lang::ALL {
            let words = words(*lang);
            for kind in NoticeKind::ALL {
                let text = words.sample(*kind, None);
                assert!(!text.is_empty() && !text.contains('{'), "{kind:?}: {text}");
                for placeholder in kind.placeholders() {
                    // What was delivered has no reason; all else that a kind offers is there.
                    let value = words.value(*placeholder, &sample(*kind));
                    assert!(!value.is_empty(), "{kind:?} {placeholder}");
                }
            }
        }
    }

    #[test]
    fn reads_like_this() {
        assert_eq!(
            words(Lang::Id).sample(NoticeKind::PurchaseFailed, None),
            format!(
                "❌ Xtra Combo 10 GB untuk 0878-****-5678 gagal, saldo kembali. Stok paket habis.\n\
                 siti · Rp\u{a0}58.500 · {0}\nhttps://toko.example/admin/transactions/{1}",
                PublicId::from_random(0x5a5a_1234_9876_f0f0),
                PublicId::from_random(0x5a5a_1234_9876_f0f0).as_str()
            )
        );
    }

    #[test]
    fn a_message_holds_as_many_as_fit_in_their_order() {
        let words = words(Lang::Id);
        let notice = |id| WaitingNotice {
            id,
            kind: NoticeKind::SalesStopped,
            subject: NoticeSubject::Shop,
            at: UtcMillis(0),
        };
        let one = words.text(NoticeKind::SalesStopped, &NoticeSubject::Shop);
        let length = units(&one);
        let news = [notice(3), notice(5), notice(8)];
        let message = words.message(&news, 2 * length + 2).unwrap();
        assert_eq!((message.last, message.text), (5, format!("{one}\n\n{one}")));
        assert_eq!(message.subject, "Toko Melati: 2 pemberitahuan");
        let message = words.message(&news, 2 * length + 1).unwrap();
        assert_eq!((message.last, message.subject.as_str()), (3, "Toko Melati: Penjualan dihentikan"));
        assert_eq!(words.message(&[], 100), None);
        // The sign at its beginning takes two units.
        let cut = words.message(&news, 6).unwrap().text;
        assert_eq!(cut, "🛑 To…");
        assert_eq!(units(&cut), 6);
    }
}
