use domain::{FieldCode, Refusal};
use http::request::Parts;
use leptos::context::Provider;
use leptos::prelude::*;
use store::FormDraft;

use super::FormNotice;
use crate::context::{ReadOnlyPage, use_store, use_t};
use crate::islands::FormGuard;
use crate::islands::check::Kind;

/// The hidden field that tells the forms of one page apart when one of them comes back refused.
const FORM_FIELD: &str = "_form";

/// What is known about the form around a component.
#[derive(Clone, Debug, Default)]
pub struct FormState {
    name: String,
    draft: Option<FormDraft>,
}

/// How a button looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Look {
    /// The one thing to do here.
    #[default]
    Primary,
    /// Something else.
    Ghost,
    /// It cannot be taken back.
    Danger,
    /// A link among text.
    Plain,
}

impl Look {
    /// The button's classes.
    #[must_use]
    pub const fn class(self) -> &'static str {
        match self {
            Self::Primary => "btn btn-primary",
            Self::Ghost => "btn btn-ghost",
            Self::Danger => "btn btn-danger",
            Self::Plain => "btn btn-plain",
        }
    }
}

impl FormState {
    /// A form whose values stand in the address, such as one that only asks for another page.
    #[must_use]
    pub fn of_address(values: Vec<(String, String)>, refusal: Refusal) -> Self {
        Self { name: String::new(), draft: Some(FormDraft { values, refusal }) }
    }

    /// What was typed into a field, when the form came back.
    #[must_use]
    pub fn value(&self, field: &str) -> Option<String> {
        let draft = self.draft.as_ref()?;
        draft.values.iter().find(|(name, _)| name == field).map(|(_, value)| value.clone())
    }

    /// Whether a field that may come several times had this value, when the form came back.
    #[must_use]
    pub fn holds(&self, field: &str, value: &str) -> bool {
        let draft = self.draft.as_ref();
        draft.is_some_and(|draft| draft.values.iter().any(|(name, held)| name == field && held == value))
    }

    /// What is wrong with a field.
    #[must_use]
    pub fn error(&self, field: &str) -> Option<&FieldCode> {
        match &self.draft.as_ref()?.refusal {
            Refusal::Invalid { fields } => {
                fields.iter().find(|error| error.field == field).map(|error| &error.error)
            }
            _ => None,
        }
    }

    /// Why the form was refused.
    #[must_use]
    pub fn refusal(&self) -> Option<Refusal> {
        self.draft.as_ref().map(|draft| draft.refusal.clone())
    }

    /// An id for a field, unique on the page.
    #[must_use]
    pub fn id(&self, field: &str) -> String {
        if self.name.is_empty() { format!("f-{field}") } else { format!("{}-{field}", self.name) }
    }
}

/// The form around this component, with what was typed if it was refused.
#[must_use]
pub fn use_form() -> FormState {
    use_context().unwrap_or_default()
}

/// Whether the form of this action and key has come back refused: what hides it is open then.
#[must_use]
pub fn came_back(action: &str, key: &str) -> bool {
    draft().is_some_and(|draft| {
        draft.values.iter().any(|(field, value)| field == FORM_FIELD && *value == form_name(action, key))
    })
}

fn form_name(action: &str, key: &str) -> String {
    format!("{}{key}", action.rsplit('/').next().unwrap_or_default())
}

/// A form that posts to a server function. It says why it was refused, keeps what was typed (the fields inside read
/// [`use_form`]), and is not sent twice.
#[component]
pub fn PostForm(
    /// Where it posts to: `PATH` of the server function's type (with [`super::ServerFn`] in scope).
    action: &'static str,
    /// Tells forms of the same kind on one page apart, such as by the id of what they are about.
    #[prop(optional, into)]
    key: String,
    /// What its fields are checked for when they are left.
    #[prop(optional, into)]
    checks: Vec<Kind>,
    /// Classes.
    #[prop(default = "stack")]
    class: &'static str,
    /// Fields and button.
    children: Children,
) -> AnyView {
    let name = form_name(action, &key);
    let draft = draft()
        .filter(|draft| draft.values.iter().all(|(field, value)| field != FORM_FIELD || *value == name));
    let t = use_t();
    let texts: Vec<_> = checks.into_iter().flat_map(|kind| t.check_texts(kind)).collect();
    let state = FormState { name: name.clone(), draft };
    // Browsers' own bubbles speak the browser's language and come one at a time; ours stand beside the fields.
    view! {
        <Provider value=state>
            <FormGuard texts>
                <form method="post" action=action class=class novalidate>
                    <input type="hidden" name=FORM_FIELD value=name/>
                    <FormNotice/>
                    <Sendable>{children()}</Sendable>
                </form>
            </FormGuard>
        </Provider>
    }
    .into_any()
}

/// What a form holds. Where an admin sees the page as somebody else, it is there to be read and cannot be sent; the server
/// would refuse it all the same.
#[component]
pub fn Sendable(
    /// Fields and button.
    children: Children,
) -> AnyView {
    if use_context::<ReadOnlyPage>().is_none() {
        return children().into_any();
    }
    view! { <fieldset class="read-only" disabled>{children()}</fieldset> }.into_any()
}

/// A key that makes sure that the form is carried out once, however often it is sent. After a refusal it stays the same.
#[component]
pub fn IdempotencyKey() -> AnyView {
    let key = use_form().value("key").or_else(|| use_store().ok().map(|store| store.random_token()));
    view! { <input type="hidden" name="key" value=key/> }.into_any()
}

/// The button that sends a form.
#[component]
pub fn Button(
    /// How it looks.
    #[prop(optional)]
    look: Look,
    /// The name of what it sends, if anything.
    #[prop(optional)]
    name: Option<&'static str>,
    /// What it sends under its name.
    #[prop(optional, into)]
    value: Option<String>,
    /// More classes.
    #[prop(optional)]
    class: &'static str,
    /// What it says.
    children: Children,
) -> AnyView {
    view! {
        <button type="submit" class=format!("{} {class}", look.class()) name=name value=value>{children()}</button>
    }.into_any()
}

/// The draft of the form that came back, as the server has put it into the context or the request's extensions.
pub(super) fn draft() -> Option<FormDraft> {
    use_context::<FormDraft>()
        .or_else(|| use_context::<Parts>().and_then(|parts| parts.extensions.get::<FormDraft>().cloned()))
}
