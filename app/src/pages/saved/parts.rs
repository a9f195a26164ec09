//! What other pages show of numbers that are kept under a name.

use domain::{Label, Msisdn};
use leptos::prelude::*;
use store::SavedNumber;

use super::LIST;
use crate::components::{Button, Field, Hidden, Icon, Look, PostForm, ServerFn, came_back, icons};
use crate::context::use_t;
use crate::format::address;
use crate::i18n::T;
use crate::server_fns::saved_numbers::SaveNumber;

/// Chips that fit beside a field; all others are one tap away.
const CHIPS_MOST: usize = 6;
/// The id of what [`suggestions`] makes.
pub(in crate::pages) const SUGGESTIONS: &str = "saved-suggestions";

/// A number that can be kept, from the page of something that was bought for it.
pub(in crate::pages) struct Remember {
    /// The number.
    pub number: Msisdn,
    /// What it is called already.
    pub name: Option<Label>,
    /// The page that this stands on.
    pub back: String,
}

/// Keeps the number, or says under which name it is kept.
pub(in crate::pages) fn save_number(Remember { number, name, back }: Remember, t: T) -> AnyView {
    if let Some(name) = name {
        return view! {
            <p class="muted small"><a href=LIST>{t.saved_number_called(name.as_str())}</a></p>
        }
        .into_any();
    }
    let number = number.local();
    view! {
        <details class="card no-print" open=came_back(SaveNumber::PATH, "")>
            <summary>{t.saved_number_save()}</summary>
            <PostForm action=SaveNumber::PATH>
                <Hidden name="msisdn" value=number/>
                <Hidden name="next" value=back/>
                <Field name="name" label=t.saved_number_name()/>
                <Button look=Look::Ghost class="wide">{t.save()}</Button>
            </PostForm>
        </details>
    }
    .into_any()
}

/// Numbers as links to a page that takes one: those that were bought for of late, then those that are kept under a name.
/// Masked: at a counter, the next customer looks at the screen.
#[component]
pub(in crate::pages) fn NumberChips(
    /// The page that takes the number.
    #[prop(into)]
    action: String,
    /// Numbers that were bought for.
    recent: Vec<SavedNumber>,
    /// Numbers that are kept.
    saved: Vec<SavedNumber>,
) -> AnyView {
    let t = use_t();
    let others: Vec<SavedNumber> =
        saved.into_iter().filter(|number| recent.iter().all(|shown| shown.msisdn != number.msisdn)).collect();
    let all = (!others.is_empty()).then(|| {
        view! { <a class="chip" href=LIST><Icon icon=icons::USERS/>{t.show_all()}</a> }
    });
    let recent = chips(&action, recent, t.recent_numbers(), None);
    let others = others.into_iter().take(CHIPS_MOST).collect();
    view! {
        {recent}
        {chips(&action, others, t.saved_numbers(), all.map(IntoAny::into_any))}
    }
    .into_any()
}

fn chips(
    action: &str,
    numbers: Vec<SavedNumber>,
    label: &'static str,
    more: Option<AnyView>,
) -> Option<AnyView> {
    if numbers.is_empty() {
        return None;
    }
    let links = numbers
        .into_iter()
        .map(|number| {
            let to = address(action, &[("msisdn", &number.msisdn.local())]);
            let masked = number.msisdn.masked();
            let words = match number.name {
                Some(name) => format!("{} · {masked}", name.as_str()),
                None => masked,
            };
            view! { <a class="chip num" href=to>{words}</a> }
        })
        .collect_view();
    Some(view! { <nav class="chips" aria-label=label>{links}{more}</nav> }.into_any())
}

/// Kept numbers for the browser to propose while one is typed, by number or by name.
pub(in crate::pages) fn suggestions(saved: &[SavedNumber]) -> Option<AnyView> {
    if saved.is_empty() {
        return None;
    }
    let options = saved
        .iter()
        .map(|number| {
            let name = number.name.as_ref().map(|name| name.as_str().to_owned());
            view! { <option value=number.msisdn.display()>{name}</option> }
        })
        .collect_view();
    Some(view! { <datalist id=SUGGESTIONS>{options}</datalist> }.into_any())
}
