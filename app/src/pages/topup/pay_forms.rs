//! The forms of the pay page. They post natively like every form, but their refusals are shown once for the page, not
//! by each form: the one for the picture goes past the server functions and its draft does not name a form.

use domain::{Refusal, TopupState};
use leptos::prelude::*;
use store::Topup;

use crate::components::{Card, Hidden, Icon, Look, ServerFn, icons};
use crate::i18n::T;
use crate::islands::FormGuard;
use crate::server_fns::topup::{CancelTopup, SubmitProof};

/// The field's name, as the server's upload route knows it.
const PICTURE: &str = "proof";

/// "I have paid", a picture of the proof, and calling it off.
pub(super) fn paid_forms(topup: &Topup, next: Option<&str>, refusal: Option<&Refusal>, t: T) -> AnyView {
    let waiting = topup.state == TopupState::Pending;
    let id = topup.id.as_str();
    view! {
        {waiting.then(|| paid(id, next, t))}
        {(!topup.has_proof).then(|| picture(id, refusal, t))}
        {waiting.then(|| cancel(id, t))}
    }
    .into_any()
}

fn paid(id: &str, next: Option<&str>, t: T) -> AnyView {
    let (id, next) = (id.to_owned(), next.unwrap_or_default().to_owned());
    view! {
        <FormGuard texts=Vec::new()>
            <form method="post" action=SubmitProof::PATH>
                <Hidden name="topup" value=id/>
                <Hidden name="next" value=next/>
                <button type="submit" class=format!("{} wide", Look::Primary.class())><Icon icon=icons::CHECK/>{t.pay_done()}</button>
            </form>
        </FormGuard>
    }
    .into_any()
}

fn picture(id: &str, refusal: Option<&Refusal>, t: T) -> AnyView {
    let error = match refusal {
        Some(Refusal::Invalid { fields }) => {
            fields.iter().find(|error| error.field == PICTURE).map(|error| t.field_code(&error.error))
        }
        _ => None,
    };
    let invalid = error.is_some().then_some("true");
    let action = format!("/topup/{id}/proof");
    view! {
        <Card title=t.pay_proof_title()>
            <FormGuard texts=Vec::new()>
                <form method="post" action=action enctype="multipart/form-data" class="stack">
                    <div class="field">
                        <label for="proof">{t.pay_proof_label()}</label>
                        <input class="form-control" id="proof" name=PICTURE type="file" accept="image/jpeg,image/png"
                            aria-describedby="proof-hint proof-error" aria-invalid=invalid/>
                        <p class="hint" id="proof-hint">{t.pay_proof_hint()}</p>
                        <p class="error" id="proof-error" aria-live="polite">{error}</p>
                    </div>
                    <button type="submit" class=format!("{} wide", Look::Ghost.class())>{t.pay_proof_send()}</button>
                </form>
            </FormGuard>
        </Card>
    }
    .into_any()
}

fn cancel(id: &str, t: T) -> AnyView {
    let id = id.to_owned();
    view! {
        <FormGuard texts=Vec::new()>
            <form method="post" action=CancelTopup::PATH>
                <Hidden name="topup" value=id/>
                <button type="submit" class=format!("{} wide", Look::Danger.class())>{t.pay_cancel()}</button>
            </form>
        </FormGuard>
    }
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
