use domain::{DAY_MS, Refusal, Rupiah, TopupState, UtcMillis};
use leptos::prelude::*;
use store::{Topup, Wallet};

use super::pay_now::{preparing, to_pay};
use super::pay_over::{credited, over};
use super::ways::FORM_PAGE;
use crate::components::{Live, Notice, Tone};
use crate::context::local_path;
use crate::error::AppError;
use crate::i18n::T;
use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};
use crate::pages::shop::parts::{RefusalNotice, help, page_refusal, viewer};
use crate::server_fns::topup::{ASKED, WAIT};

/// The longest wait that the page repeats: the number stands in the address, where anybody can write anything.
const WAIT_MOST_S: i64 = 60;
/// A gateway is asked about money that comes after the end for so long.
const WATCHED_MS: i64 = 2 * DAY_MS;
/// How soon a page without JavaScript loads itself anew, in seconds: while something is about to happen, while a human
/// looks, and while somebody may be reading how to pay.
const SOON_S: u32 = 4;
const LATER_S: u32 = 10;
const SELDOM_S: u32 = 30;

/// How to pay a top-up, and where it stands; in the end its receipt.
#[component]
pub fn PayPage() -> impl IntoView {
    member_page(Tab::TopUp, load)
}

/// A top-up on its page.
pub(super) struct Shown {
    pub(super) topup: Topup,
    /// Whether it is the reader's own; else an admin looks at it.
    pub(super) own: bool,
    pub(super) next: Option<String>,
    pub(super) refusal: Option<Refusal>,
    /// Whether the gateway was asked a moment ago.
    pub(super) asking: bool,
    pub(super) now: UtcMillis,
    pub(super) shop: String,
    pub(super) wallet: Option<Wallet>,
    /// What came besides what was credited, and waits for a human.
    pub(super) set_aside: Rupiah,
    /// Where a demo's simulated payer pays.
    pub(super) payer: Option<String>,
    pub(super) t: T,
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let id = cx.id("id")?;
    let topup = cx.store.topup(&id, viewer(&cx.user)).await?;
    let own = topup.buyer == cx.user.username.as_str();
    let wallet = if own { Some(cx.store.wallet(cx.user.id).await?) } else { None };
    let set_aside = cx.store.set_aside(&id).await?;
    let shown = Shown {
        set_aside,
        own,
        next: local_path(cx.query("next")).map(str::to_owned),
        refusal: page_refusal(),
        asking: !cx.query(ASKED).is_empty(),
        now: cx.now,
        shop: cx.site.settings.title.clone(),
        wallet,
        payer: cx.site.demo.as_ref().map(|demo| demo.payments.clone()).filter(|_| topup.gateway.is_some()),
        t,
        topup,
    };
    let title = if shown.topup.state.is_open() { t.pay_title() } else { t.topup_title() };
    let help = help(&cx.site.settings, &shown.topup.id.to_string(), t);
    // What an address says of a moment that is over is not repeated on the receipt.
    let asked = shown.can_be_asked().then(|| asked(&cx, shown.asking));
    let refusal = shown.refusal.clone();
    let body = match shown.topup.state {
        TopupState::Creating => preparing(&shown, help),
        TopupState::Pending | TopupState::ProofSubmitted => to_pay(&shown, help),
        TopupState::Credited => credited(&shown, help),
        TopupState::Rejected
        | TopupState::Expired
        | TopupState::Cancelled
        | TopupState::Failed
        | TopupState::Review
        | TopupState::RefundPending
        | TopupState::Refunded
        | TopupState::Reversed => over(&shown, help),
    };
    let body = view! { <RefusalNotice refusal/>{asked}{body} };
    Ok(Screen::new(title, body).back(FORM_PAGE))
}

/// What came of "I have paid": the gateway is being asked, or was a moment ago.
fn asked(cx: &Member, asking: bool) -> AnyView {
    let wait_s: Option<i64> = cx.query_as(WAIT);
    let words = match wait_s {
        Some(wait_s) => Some(cx.t.pay_asked_just_now(cx.t.seconds(wait_s.clamp(1, WAIT_MOST_S)))),
        None => asking.then(|| cx.t.pay_asking().to_owned()),
    };
    words.map(|words| view! { <div role="status"><Notice tone=Tone::Info>{words}</Notice></div> }).into_any()
}

impl Shown {
    /// Whether the gateway can tell more than the page does: while it waits, and for a while after the end.
    pub(super) fn can_be_asked(&self) -> bool {
        let topup = &self.topup;
        let open = match topup.state {
            TopupState::Pending => true,
            TopupState::Expired | TopupState::Cancelled | TopupState::Failed => {
                self.now.since_ms(topup.expires_at) < WATCHED_MS
            }
            _ => false,
        };
        self.own && open && topup.gateway.is_some()
    }

    /// Keeps the page in step, where something may still happen by itself.
    pub(super) fn live(&self) -> AnyView {
        let topup = &self.topup;
        let refresh_s = match topup.state {
            TopupState::Creating => SOON_S,
            _ if self.asking && self.can_be_asked() => SOON_S,
            // A picture that was just chosen must not be lost to a reload.
            TopupState::Pending if topup.gateway.is_none() => 0,
            TopupState::Pending => SELDOM_S,
            TopupState::ProofSubmitted | TopupState::Review | TopupState::RefundPending => LATER_S,
            _ => 0,
        };
        let url = format!("/events/topups/{}", topup.id.as_str());
        view! { <Live url state=topup.state.as_str() refresh_s/> }.into_any()
    }
}
