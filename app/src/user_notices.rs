//! What a user's notices say, on their page and in messages alike.

use domain::{Msisdn, UserNoticeKind};
use store::{UserNotice, UserNoticeAbout};

use crate::components::icons;
use crate::device::{device, masked_ip};
use crate::i18n::T;

/// What happened, in a few words.
#[must_use]
pub fn title(notice: &UserNotice, t: T) -> &'static str {
    match notice.kind {
        UserNoticeKind::Delivered => t.user_notice_delivered(),
        UserNoticeKind::Failed => t.user_notice_failed(),
        UserNoticeKind::Credited => t.user_notice_credited(),
        UserNoticeKind::NewDevice => t.user_notice_device(),
    }
}

/// What happened, with its facts. Phone numbers are written by `number`: hidden in their middle where others may look.
#[must_use]
pub fn text(notice: &UserNotice, number: impl Fn(&Msisdn) -> String, t: T) -> String {
    let amount = notice.amount.unwrap_or_default();
    match (&notice.about, notice.kind) {
        (UserNoticeAbout::Purchase { package, msisdn, .. }, UserNoticeKind::Failed) => {
            t.user_notice_failed_text(package, number(msisdn), amount)
        }
        (UserNoticeAbout::Purchase { package, msisdn, .. }, _) => {
            t.user_notice_delivered_text(package, number(msisdn), amount)
        }
        (UserNoticeAbout::Topup(_) | UserNoticeAbout::Payment, _) => t.user_notice_credited_text(amount),
        (UserNoticeAbout::SignIn { user_agent, ip }, _) => {
            t.user_notice_device_text(device(user_agent, t), masked_ip(ip))
        }
        (UserNoticeAbout::OldSignIn, _) => t.user_notice_old_device_text().to_owned(),
    }
}

/// The page of what it is about.
#[must_use]
pub fn page(notice: &UserNotice) -> String {
    match &notice.about {
        UserNoticeAbout::Purchase { id, .. } => format!("/transactions/{}", id.as_str()),
        UserNoticeAbout::Topup(id) => format!("/topup/{}", id.as_str()),
        UserNoticeAbout::Payment => "/statement".to_owned(),
        UserNoticeAbout::SignIn { .. } | UserNoticeAbout::OldSignIn => "/profile/sign-ins".to_owned(),
    }
}

/// Its sign.
#[must_use]
pub const fn icon(kind: UserNoticeKind) -> icondata_core::Icon {
    match kind {
        UserNoticeKind::Delivered => icons::CHECK,
        UserNoticeKind::Failed => icons::RETURNED,
        UserNoticeKind::Credited => icons::WALLET,
        UserNoticeKind::NewDevice => icons::SHIELD,
    }
}
