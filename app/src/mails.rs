//! Mails and Telegram messages to users, in their language: short, plain text.

use domain::{MailKind, Msisdn};
use store::{MailJob, UserNotice};

use crate::device::{device, masked_ip};
use crate::format;
use crate::i18n::T;
use crate::pages::user_notices::CHOICES;
use crate::user_notices;

/// What every mail needs besides what it tells.
#[derive(Clone, Debug)]
pub struct MailWords {
    /// The shop's name.
    pub shop: String,
    /// What links begin with, without a slash at the end.
    pub public_url: String,
}

/// A mail's words.
#[derive(Clone, PartialEq, Eq)]
pub struct MailMessage {
    /// One line.
    pub subject: String,
    /// The text.
    pub text: String,
}

impl MailWords {
    /// The words of a mail.
    #[must_use]
    pub fn message(&self, mail: &MailJob) -> MailMessage {
        let t = T(mail.lang);
        let shop = &self.shop;
        let at = format::date_time(mail.at, mail.zone, mail.lang);
        let (subject, body) = match mail.kind {
            MailKind::VerifyEmail => {
                (t.mail_verify_subject(shop), t.mail_verify(self.link("verify", &mail.secret)))
            }
            MailKind::EmailChanging => (t.mail_changing_subject(shop), t.mail_changing().to_owned()),
            MailKind::ResetPassword => {
                (t.mail_reset_subject(shop), t.mail_reset(self.link("reset", &mail.secret)))
            }
            MailKind::PasswordChanged => (t.mail_password_subject(shop), t.mail_password(at)),
            MailKind::NewDevice => {
                let facts = &mail.facts;
                let body = t.mail_device(at, device(&facts.user_agent, t), masked_ip(&facts.ip));
                (t.mail_device_subject(shop), body)
            }
            MailKind::AccountClosed => (t.mail_closed_subject(shop), t.mail_closed().to_owned()),
            MailKind::Notice => {
                mail.notice.as_ref().map(|notice| self.notice(notice, at, t)).unwrap_or_default()
            }
            // Nobody knows yet whose chat it is, so it names nobody.
            MailKind::TelegramCode => {
                let text = t.telegram_code_message(shop, &mail.secret);
                return MailMessage { subject: String::new(), text };
            }
        };
        let username = if mail.facts.username.is_empty() { &mail.username } else { &mail.facts.username };
        let text =
            format!("{}\n\n{body}\n\n{}\n{}\n", t.mail_hello(username), t.mail_bye(shop), self.public_url);
        MailMessage { subject, text }
    }

    fn notice(&self, notice: &UserNotice, at: String, t: T) -> (String, String) {
        let title = user_notices::title(notice, t);
        let text = user_notices::text(notice, Msisdn::masked, t);
        let (url, page) = (&self.public_url, user_notices::page(notice));
        let body = format!("{text}\n\n{at}\n{url}{page}\n\n{}: {url}{CHOICES}", t.choices_title());
        (format!("{title} · {}", self.shop), body)
    }

    fn link(&self, page: &str, token: &str) -> String {
        format!("{}/{page}/{token}", self.public_url)
    }
}
