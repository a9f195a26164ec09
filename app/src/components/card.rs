use leptos::prelude::*;

use super::Icon;

/// A raised surface with a heading.
#[component]
pub fn Card(
    /// The heading, if it has one.
    #[prop(optional, into)]
    title: Option<String>,
    /// Right of the heading: words and where they lead.
    #[prop(optional, into)]
    link: Option<(String, String)>,
    /// More classes.
    #[prop(optional)]
    class: &'static str,
    /// The content.
    children: Children,
) -> AnyView {
    let head = title.map(|title| {
        view! {
            <div class="card-head">
                <h2>{title}</h2>
                {link.map(|(words, to)| view! { <a href=to>{words}</a> })}
            </div>
        }
    });
    view! { <section class=format!("card {class}")>{head}{children()}</section> }.into_any()
}

/// Facts, one below the other: what is confirmed before money moves.
#[component]
pub fn Facts(
    /// [`Fact`]s.
    children: Children,
) -> AnyView {
    view! { <dl class="facts">{children()}</dl> }.into_any()
}

/// One fact.
#[component]
pub fn Fact(
    /// What it is.
    #[prop(into)]
    label: String,
    /// The value.
    children: Children,
) -> AnyView {
    view! { <div><dt>{label}</dt><dd class="num">{children()}</dd></div> }.into_any()
}

/// Nothing is here yet, and what to do about it.
#[component]
pub fn Empty(
    /// A picture.
    icon: icondata_core::Icon,
    /// What is not here.
    #[prop(into)]
    text: String,
    /// What to do: words and where they lead.
    #[prop(optional, into)]
    action: Option<(String, String)>,
) -> AnyView {
    view! {
        <div class="empty">
            <Icon icon/>
            <p>{text}</p>
            {action.map(|(words, to)| view! { <a class="btn btn-primary" href=to>{words}</a> })}
        </div>
    }
    .into_any()
}

/// A figure that matters.
#[component]
pub fn Kpi(
    /// What it counts.
    #[prop(into)]
    label: String,
    /// The figure.
    #[prop(into)]
    value: String,
    /// A line below it.
    #[prop(optional, into)]
    note: Option<String>,
) -> AnyView {
    view! {
        <div class="card kpi">
            <div class="muted">{label}</div>
            <div class="figure num">{value}</div>
            {note.map(|note| view! { <small class="muted num">{note}</small> })}
        </div>
    }
    .into_any()
}

/// How far a step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StepState {
    /// Behind us.
    Done,
    /// Here we are.
    Now,
    /// Still to come.
    Next,
    /// It ended badly here.
    Bad,
}

/// A story of steps.
#[component]
pub fn Steps(
    /// [`Step`]s.
    children: Children,
) -> AnyView {
    view! { <ol class="steps">{children()}</ol> }.into_any()
}

/// One step.
#[component]
pub fn Step(
    /// How far it is.
    state: StepState,
    /// What happens.
    #[prop(into)]
    title: String,
    /// When, and what more there is to say.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    let class = match state {
        StepState::Done => "done",
        StepState::Now => "now",
        StepState::Next => "next",
        StepState::Bad => "failed",
    };
    view! {
        <li class=class aria-current=(state == StepState::Now).then_some("step")>
            <strong>{title}</strong>
            {children.map(|children| view! { <div class="muted small num">{children()}</div> })}
        </li>
    }
    .into_any()
}
