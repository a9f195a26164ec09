use domain::{CorrectionState, PurchaseState, TopupState, UserState};
use leptos::prelude::*;

use super::{Icon, icons};
use crate::context::use_t;

/// How something stands: a colour, always beside a sign and a word.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tone {
    /// Good.
    Ok,
    /// Under way.
    Wait,
    /// Bad, or in need of someone.
    Bad,
    /// Worth knowing.
    Info,
    /// Over.
    #[default]
    Quiet,
}

impl Tone {
    /// The class that colours it.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Ok => "ok",
            Self::Wait => "wait",
            Self::Bad => "bad",
            Self::Info => "info",
            Self::Quiet => "quiet",
        }
    }

    const fn icon(self) -> icondata_core::Icon {
        match self {
            Self::Ok => icons::CHECK,
            Self::Wait => icons::WAIT,
            Self::Bad => icons::ALERT,
            Self::Info => icons::INFO,
            Self::Quiet => icons::BAN,
        }
    }
}

/// A word with a sign on a coloured ground.
#[component]
pub fn Pill(
    /// Its colour.
    tone: Tone,
    /// Another sign than the tone's own.
    #[prop(optional, into)]
    icon: Option<icondata_core::Icon>,
    /// The word.
    #[prop(into)]
    text: String,
) -> AnyView {
    view! { <span class=format!("pill {}", tone.class())><Icon icon=icon.unwrap_or_else(|| tone.icon())/>{text}</span> }.into_any()
}

/// Where a purchase stands.
#[component]
pub fn PurchasePill(
    /// Its state.
    state: PurchaseState,
) -> AnyView {
    let (tone, icon) = match state {
        PurchaseState::Accepted | PurchaseState::Submitting | PurchaseState::Pending => {
            (Tone::Wait, icons::WAIT)
        }
        PurchaseState::AwaitingPayment => (Tone::Wait, icons::CLOCK),
        PurchaseState::Unknown => (Tone::Info, icons::SEARCH),
        PurchaseState::Review => (Tone::Info, icons::SHIELD),
        PurchaseState::Succeeded => (Tone::Ok, icons::CHECK),
        PurchaseState::Failed => (Tone::Bad, icons::CROSS),
        PurchaseState::Refunded => (Tone::Quiet, icons::RETURNED),
    };
    view! { <Pill tone icon=icon text=use_t().purchase_state(state)/> }.into_any()
}

/// Where a top-up stands.
#[component]
pub fn TopupPill(
    /// Its state.
    state: TopupState,
) -> AnyView {
    let (tone, icon) = match state {
        TopupState::Creating => (Tone::Wait, icons::WAIT),
        TopupState::Pending => (Tone::Wait, icons::CLOCK),
        TopupState::ProofSubmitted => (Tone::Info, icons::SEARCH),
        TopupState::Credited => (Tone::Ok, icons::CHECK),
        TopupState::Rejected => (Tone::Bad, icons::CROSS),
        TopupState::Expired => (Tone::Quiet, icons::WAIT),
        TopupState::Cancelled => (Tone::Quiet, icons::BAN),
        TopupState::Failed => (Tone::Bad, icons::ALERT),
        TopupState::Review => (Tone::Info, icons::SHIELD),
        TopupState::RefundPending => (Tone::Wait, icons::RETURNED),
        TopupState::Refunded => (Tone::Quiet, icons::RETURNED),
        TopupState::Reversed => (Tone::Bad, icons::RETURNED),
    };
    view! { <Pill tone icon=icon text=use_t().topup_state(state)/> }.into_any()
}

/// Where a correction of a balance stands.
#[component]
pub fn CorrectionPill(
    /// Its state.
    state: CorrectionState,
) -> AnyView {
    let (tone, icon) = match state {
        CorrectionState::Waiting => (Tone::Wait, icons::WAIT),
        CorrectionState::Done => (Tone::Ok, icons::CHECK),
        CorrectionState::Rejected => (Tone::Bad, icons::CROSS),
        CorrectionState::Withdrawn => (Tone::Quiet, icons::BAN),
    };
    view! { <Pill tone icon=icon text=use_t().correction_state(state)/> }.into_any()
}

/// Whether a user may sign in.
#[component]
pub fn UserPill(
    /// The state.
    state: UserState,
) -> AnyView {
    let tone = match state {
        UserState::Active => Tone::Ok,
        UserState::Suspended => Tone::Bad,
    };
    view! { <Pill tone text=use_t().user_state(state)/> }.into_any()
}
