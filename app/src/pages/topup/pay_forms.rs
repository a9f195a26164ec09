//! The forms of the pay page. They post natively like every form, but their refusals are shown once for the page, not
//! by each form: the one for the picture goes past the server functions and its draft does not name a form.

use domain::{Refusal, TopupState};
use leptos::prelude::*;
use store::Topup;

use super::list::shown_state;
use super::pay::Shown;
use crate::components::{Card, Hidden, Icon, Look, Sendable, ServerFn, icons};
use crate::i18n::T;
use crate::islands::FormGuard;
use crate::server_fns::topup::{CancelTopup, CheckTopup, SubmitProof};

/// The field's name, as the server's upload route knows it.
const PICTURE: &str = "proof";

/// Where a human looks for the money: "I have paid", and a picture of the proof.
pub(super) fn paid_forms(shown: &Shown) -> AnyView {
    // Where an admin has found the money, nobody needs to say that it was sent.
    let waiting = shown_state(&shown.topup) == TopupState::Pending;
    view! {
        {waiting.then(|| sent(shown, SubmitProof::PATH, shown.t.pay_done(), Look::Primary))}
        {(!shown.topup.has_proof).then(|| picture(shown))}
    }
    .into_any()
}

/// Where a gateway collects: it is asked.
pub(super) fn check(shown: &Shown) -> AnyView {
    sent(shown, CheckTopup::PATH, shown.t.pay_check(), Look::Primary)
}

/// The same after the end, below what there is to do then.
pub(super) fn check_late(shown: &Shown) -> AnyView {
    sent(shown, CheckTopup::PATH, shown.t.pay_check_late(), Look::Ghost)
}

/// A form of one large button.
fn sent(shown: &Shown, action: &'static str, words: &'static str, look: Look) -> AnyView {
    let ids = ids(shown);
    view! {
        <FormGuard texts=Vec::new()>
            <form method="post" action=action>
                {ids}
                <Sendable>
                    <button type="submit" class=format!("{} wide", look.class())><Icon icon=icons::CHECK/>{words}</button>
                </Sendable>
            </form>
        </FormGuard>
    }
    .into_any()
}

/// Which top-up, and where it leads.
fn ids(shown: &Shown) -> AnyView {
    let (id, next) = (shown.topup.id.as_str().to_owned(), shown.next.clone().unwrap_or_default());
    view! { <Hidden name="topup" value=id/><Hidden name="next" value=next/> }.into_any()
}

fn picture(shown: &Shown) -> AnyView {
    let t = shown.t;
    let error = match &shown.refusal {
        Some(Refusal::Invalid { fields }) => {
            fields.iter().find(|error| error.field == PICTURE).map(|error| t.field_code(&error.error))
        }
        _ => None,
    };
    let invalid = error.is_some().then_some("true");
    let action = format!("/topup/{}/proof", shown.topup.id.as_str());
    view! {
        <Card title=t.pay_proof_title()>
            <FormGuard texts=Vec::new()>
                <form method="post" action=action enctype="multipart/form-data" class="stack">
                    <Sendable>
                        <div class="field">
                            <label for="proof">{t.pay_proof_label()}</label>
                            <input class="form-control" id="proof" name=PICTURE type="file" accept="image/jpeg,image/png"
                                aria-describedby="proof-hint proof-error" aria-invalid=invalid/>
                            <p class="hint" id="proof-hint">{t.pay_proof_hint()}</p>
                            <p class="error" id="proof-error" aria-live="polite">{error}</p>
                        </div>
                        <button type="submit" class=format!("{} wide", Look::Ghost.class())>{t.pay_proof_send()}</button>
                    </Sendable>
                </form>
            </FormGuard>
        </Card>
    }
    .into_any()
}

/// Calling it off, after a look at what that means. Nothing where it cannot be, or where an admin has found the money.
pub(super) fn cancel(shown: &Shown) -> AnyView {
    let t = shown.t;
    let state = shown_state(&shown.topup);
    let may = state.may_become(TopupState::Cancelled).then(|| ids(shown));
    may.map(|ids| {
        view! {
            <details class="card cancel">
                <summary>{t.pay_cancel()}</summary>
                <p class="muted">{t.pay_cancel_lead()}</p>
                <FormGuard texts=Vec::new()>
                    <form method="post" action=CancelTopup::PATH>
                        {ids}
                        <Sendable>
                            <button type="submit" class=format!("{} wide", Look::Danger.class())>{t.pay_cancel_yes()}</button>
                        </Sendable>
                    </form>
                </FormGuard>
            </details>
        }
    })
    .into_any()
}

/// The picture that was handed in.
pub(super) fn proof_seen(topup: &Topup, t: T) -> AnyView {
    let to = format!("/topup/{}/proof", topup.id.as_str());
    topup
        .has_proof
        .then(|| view! { <p class="small">{t.pay_proof_there()} " " <a href=to rel="external">{t.pay_proof_see()}</a></p> })
        .into_any()
}
