use domain::{Rupiah, UtcMillis};
use leptos::prelude::*;

use super::{Icon, icons};
use crate::context::{path_and_query, use_lang, use_store, use_t, use_zone};
use crate::format;
use crate::islands::{Countdown, LiveStatus};

/// An amount.
#[component]
pub fn Money(
    /// How much.
    amount: Rupiah,
    /// With a plus when it is above zero, and coloured, as in a statement.
    #[prop(optional)]
    signed: bool,
) -> AnyView {
    let plus = if signed && amount.is_positive() { "+" } else { "" };
    let class = match (signed, amount.is_positive()) {
        (false, _) => "num nowrap",
        (true, true) => "num nowrap text-ok",
        (true, false) => "num nowrap",
    };
    view! { <span class=class>{format!("{plus}{amount}")}</span> }.into_any()
}

/// A moment in the reader's zone, with how long ago it was.
#[component]
pub fn When(
    /// The moment.
    at: UtcMillis,
    /// Only the time of day, with seconds: for the steps of one story.
    #[prop(optional)]
    precise: bool,
    /// Without "3 minutes ago".
    #[prop(optional)]
    plain: bool,
) -> AnyView {
    let (lang, zone) = (use_lang(), use_zone());
    let shown =
        if precise { format::time_with_seconds(at, zone, lang) } else { format::date_time(at, zone, lang) };
    let relative = (!precise && !plain)
        .then(|| use_store().ok())
        .flatten()
        .and_then(|store| format::relative(at, store.now(), use_t()));
    view! {
        <time class="num" datetime=format::iso(at)>{shown}</time>
        {relative.map(|words| view! { <span class="ago">" · " {words}</span> })}
    }
    .into_any()
}

/// What is left until a moment, counting down.
#[component]
pub fn TimeLeft(
    /// The end.
    until: UtcMillis,
) -> AnyView {
    let t = use_t();
    let left_ms = use_store().map_or(0, |store| until.since_ms(store.now()));
    view! {
        <span class="pill wait">
            <Icon icon=icons::CLOCK/>
            <Countdown left_ms running=t.time_left("{t}") over=t.time_over().to_owned()/>
        </span>
    }
    .into_any()
}

/// Keeps the page in step with what happens: by events, and without JavaScript by loading it anew every few seconds.
/// Only for something that is still under way.
#[component]
pub fn Live(
    /// The event stream.
    #[prop(into)]
    url: String,
    /// The state's word on this page.
    #[prop(into)]
    state: String,
    /// Seconds after which a page without JavaScript loads itself anew; 0 for a page with a form that is of no use any more
    /// once there is news. A page that somebody types into for longer has no line of this kind at all.
    #[prop(default = 4)]
    refresh_s: u32,
) -> AnyView {
    // With its address: without one, a page that was reached with a `#…` behind it is not loaded anew.
    let content = format!("{refresh_s};url={}", path_and_query());
    view! {
        <LiveStatus url state label=use_t().live().to_owned()/>
        {(refresh_s > 0).then(|| view! { <noscript><meta http-equiv="refresh" content=content/></noscript> })}
    }
    .into_any()
}

/// Links to the next and the first part of a list.
#[component]
pub fn Pager(
    /// The list's address with its filters, without `after`.
    #[prop(into)]
    base: String,
    /// The cursor of the next part, if there is one.
    next: Option<String>,
    /// Whether this is not the first part.
    inside: bool,
) -> AnyView {
    let t = use_t();
    let next = next.map(|cursor| format::address(&base, &[("after", &cursor)]));
    (inside || next.is_some()).then(|| {
        view! {
            <nav class="pager" aria-label=t.next_page()>
                {inside.then(|| view! { <a class="btn btn-ghost" href=base>{t.first_page()}</a> })}
                {next.map(|to| view! { <a class="btn btn-ghost" rel="next" href=to>{t.next_page()}<Icon icon=icons::NEXT/></a> })}
            </nav>
        }
    }).into_any()
}

/// A choice that lives in the address.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// What it says.
    pub label: String,
    /// Where it leads.
    pub to: String,
    /// Whether it is in force.
    pub on: bool,
}

/// Choices as a row of chips; each is a link.
#[component]
pub fn Filters(
    /// What they choose.
    #[prop(into)]
    label: String,
    /// The choices.
    choices: Vec<Filter>,
) -> AnyView {
    let links = choices
        .into_iter()
        .map(|choice| {
            view! { <a class="chip" href=choice.to aria-current=choice.on.then_some("true")>{choice.label}</a> }
        })
        .collect_view();
    view! { <nav class="chips" aria-label=label>{links}</nav> }.into_any()
}
