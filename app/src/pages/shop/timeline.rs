//! The story of a purchase: what has happened, where it stands, and what is still to come.

use domain::{FailReason, PurchaseState};
use leptos::prelude::*;
use store::{PurchaseDetail, PurchaseStep};

use crate::components::{Step, StepState, Steps, When};
use crate::i18n::T;

/// The steps of a purchase.
pub(super) fn timeline(detail: &PurchaseDetail, t: T) -> AnyView {
    let state = detail.purchase.state;
    let last = detail.steps.len().saturating_sub(1);
    let past = detail
        .steps
        .iter()
        .enumerate()
        .map(|(i, step)| {
            let mark = mark(step.to, i == last);
            let title = t.purchase_step(step.to, i == 0);
            let more = more(step, detail, i == last, t);
            let at = step.at;
            view! { <Step state=mark title><When at precise=true/>{more.map(|more| format!(" · {more}"))}</Step> }
        })
        .collect_view();
    let to_come = to_come(state)
        .iter()
        .map(|next| view! { <Step state=StepState::Next title=t.purchase_step(*next, true)/> })
        .collect_view();
    view! { <Steps>{past}{to_come}</Steps> }.into_any()
}

const fn mark(to: PurchaseState, is_last: bool) -> StepState {
    match to {
        PurchaseState::Failed => StepState::Bad,
        _ if is_last && !to.is_settled() => StepState::Now,
        _ => StepState::Done,
    }
}

/// What is hoped for from here. How it will end is not known, so only the good way is drawn.
const fn to_come(state: PurchaseState) -> &'static [PurchaseState] {
    match state {
        PurchaseState::Accepted => {
            &[PurchaseState::Submitting, PurchaseState::Pending, PurchaseState::Succeeded]
        }
        PurchaseState::Submitting => &[PurchaseState::Pending, PurchaseState::Succeeded],
        PurchaseState::Pending | PurchaseState::AwaitingPayment | PurchaseState::Unknown => {
            &[PurchaseState::Succeeded]
        }
        PurchaseState::Review
        | PurchaseState::Succeeded
        | PurchaseState::Failed
        | PurchaseState::Refunded => &[],
    }
}

/// What there is to say beside the time. An admin's own words stay with the admins.
fn more(step: &PurchaseStep, detail: &PurchaseDetail, is_last: bool, t: T) -> Option<String> {
    if step.actor.is_some() && step.to.is_settled() {
        return Some(t.decided_by_admin().to_owned());
    }
    let reason = FailReason::from_word(&step.note).map(|reason| t.fail_reason(reason).to_owned());
    match step.to {
        PurchaseState::Accepted if step.from.is_none() => Some(t.held_of(detail.purchase.price)),
        PurchaseState::Pending if is_last && detail.purchase.owner.is_none() => {
            Some(t.usually_quick().to_owned())
        }
        PurchaseState::Accepted | PurchaseState::Failed => reason,
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_state_has_one_place_in_the_story() {
        for state in PurchaseState::ALL {
            let now = mark(*state, true);
            assert_eq!(now == StepState::Now, !state.is_settled(), "{state:?}");
            assert!(!state.is_settled() || to_come(*state).is_empty(), "{state:?}");
            assert!(!to_come(*state).contains(state));
        }
        assert_eq!(mark(PurchaseState::Failed, false), StepState::Bad);
        assert_eq!(mark(PurchaseState::Unknown, false), StepState::Done);
    }
}
