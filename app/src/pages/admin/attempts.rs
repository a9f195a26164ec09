//! The tries to have a purchase delivered, with what finds each at its gateway.

use domain::AttemptState;
use leptos::prelude::*;
use store::AttemptFacts;

use crate::components::{Card, Money, Pill, Tone, When};
use crate::i18n::T;

/// A card of them; none when nothing was tried.
pub(super) fn attempts(attempts: Vec<AttemptFacts>, t: T) -> Option<impl IntoView> {
    let row = |attempt: AttemptFacts| {
        let (tone, word) = match attempt.state {
            AttemptState::Submitting => (Tone::Wait, t.attempt_submitting()),
            AttemptState::Pending => (Tone::Wait, t.attempt_pending()),
            AttemptState::Unknown => (Tone::Wait, t.attempt_unknown()),
            AttemptState::Succeeded => (Tone::Ok, t.attempt_succeeded()),
            AttemptState::Failed => (Tone::Bad, t.attempt_failed()),
            AttemptState::NoOrder => (Tone::Quiet, t.attempt_no_order()),
        };
        let theirs = attempt
            .provider_id
            .map(|id| view! { <br/>{t.attempt_theirs()}" "<span class="num break">{id}</span> });
        let cost = attempt.cost.map(|cost| view! { " · "{t.admin_real_cost()}" "<Money amount=cost/> });
        view! {
            <li>
                <Pill tone text=word/>
                <div class="grow small">
                    <strong>{attempt.n}". "{attempt.gateway}</strong>" · "<When at=attempt.at plain=true/>{cost}
                    <br/>{t.attempt_ours()}" "<span class="num break">{attempt.client_ref}</span>
                    {theirs}
                </div>
            </li>
        }
    };
    (!attempts.is_empty()).then(|| {
        let rows = attempts.into_iter().map(row).collect_view();
        view! { <Card title=t.attempts()><ol class="rows">{rows}</ol></Card> }
    })
}
