use http::request::Parts;
use leptos::prelude::*;
use store::{FormDraft, ShopSettings};

use crate::components::{Button, Card, Look, Notice, PostForm, ServerFn, Tone, logo_address};
use crate::i18n::T;
use crate::islands::FormGuard;
use crate::server_fns::admin::shop_settings::RemoveLogo;

/// The name of the file in the form.
const PICTURE: &str = "picture";
/// Where it goes; also how the form names itself when it comes back.
const ACTION: &str = "/admin/settings/logo";
const FORM: &str = "logo";

pub(super) fn card(settings: &ShopSettings, t: T) -> AnyView {
    let now = if settings.logo.is_empty() {
        view! { <p class="muted">{t.logo_none()}</p> }.into_any()
    } else {
        view! {
            <img class="logo-now" src=logo_address(&settings.logo) alt=t.logo_now() width="96" height="96"/>
            <PostForm action=RemoveLogo::PATH><Button look=Look::Plain>{t.logo_remove()}</Button></PostForm>
        }
        .into_any()
    };
    let draft = use_context::<Parts>().and_then(|parts| parts.extensions.get::<FormDraft>().cloned());
    let draft =
        draft.filter(|draft| draft.values.iter().any(|(name, value)| name == "_form" && value == FORM));
    let (error, notice) = match draft.map(|draft| draft.refusal) {
        Some(domain::Refusal::Invalid { fields }) => {
            (fields.into_iter().next().map(|field| t.field_code(&field.error)), None)
        }
        Some(refusal) => (None, Some(view! { <Notice tone=Tone::Info>{t.refusal(&refusal)}</Notice> })),
        None => (None, None),
    };
    let invalid = error.is_some().then_some("true");
    view! {
        <Card title=t.logo_title() class="stack">
            {now}
            <FormGuard texts=Vec::new()>
                <form method="post" action=ACTION enctype="multipart/form-data" class="stack">
                    {notice}
                    <div class="field">
                        <label for="logo-picture">{t.logo_file()}</label>
                        <input class="form-control" id="logo-picture" name=PICTURE type="file" required
                            accept="image/jpeg,image/png,image/webp" aria-describedby="logo-hint logo-error"
                            aria-invalid=invalid/>
                        <p class="hint" id="logo-hint">{t.logo_hint()}</p>
                        <p class="error" id="logo-error" aria-live="polite">{error}</p>
                    </div>
                    <button type="submit" class=format!("{} wide", Look::Ghost.class())>{t.logo_save()}</button>
                </form>
            </FormGuard>
        </Card>
    }
    .into_any()
}
