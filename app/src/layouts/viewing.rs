use leptos::prelude::*;

use crate::components::{Icon, ServerFn, icons};
use crate::context::{Session, use_lang, use_t, use_zone};
use crate::format;
use crate::server_fns::viewing::EndViewing;

/// Says on every page that an admin looks at the shop as somebody else, and ends it. It stays in sight.
#[component]
pub(super) fn ViewingBanner() -> AnyView {
    let Some(viewing) = use_context::<Session>().and_then(|session| session.viewing().cloned()) else {
        return ().into_any();
    };
    let t = use_t();
    let until = format::time_of_day(viewing.until, use_zone(), use_lang());
    let to = format!("/admin/users/{}", viewing.user.public_id.as_str());
    let name = viewing.user.username.as_str().to_owned();
    view! {
        <section class="viewing" aria-label=t.view_as_label()>
            <Icon icon=icons::SEARCH/>
            <p class="grow"><a href=to>{t.view_as_on(name)}</a>" "{t.view_as_only(until)}</p>
            <form method="post" action=EndViewing::PATH>
                <button type="submit" class="btn btn-ghost btn-sm">{t.view_as_end()}</button>
            </form>
        </section>
    }
    .into_any()
}
