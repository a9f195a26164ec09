use domain::{Msisdn, Operator, Prefixes};
use leptos::prelude::*;

use super::{FormState, use_form};
use crate::context::{use_prefixes, use_t};
use crate::islands::check::Kind;
use crate::islands::{PasswordToggle, PhoneField};

/// What is typed into a field: decides the keyboard of a phone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Input {
    /// Any text.
    #[default]
    Text,
    /// An e-mail address.
    Email,
    /// A phone number.
    Tel,
    /// An amount or another whole number.
    Digits,
    /// Something to search for.
    Search,
}

/// One of several values.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What people read.
    pub label: String,
}

impl Choice {
    /// A choice.
    pub fn new(value: impl Into<String>, label: impl Into<String>) -> Self {
        Self { value: value.into(), label: label.into() }
    }
}

impl Input {
    const fn kind(self) -> &'static str {
        match self {
            Self::Text | Self::Digits => "text",
            Self::Email => "email",
            Self::Tel => "tel",
            Self::Search => "search",
        }
    }

    const fn mode(self) -> Option<&'static str> {
        match self {
            Self::Text => None,
            Self::Email => Some("email"),
            Self::Tel => Some("tel"),
            Self::Digits => Some("numeric"),
            Self::Search => Some("search"),
        }
    }
}

/// What every kind of field has around it: label, hint, and the error that belongs to it.
struct Frame {
    id: String,
    error: Option<String>,
    hint: String,
}

impl Frame {
    fn new(form: &FormState, name: &str, hint: String) -> Self {
        let error = form.error(name).map(|code| use_t().field_code(code));
        Self { id: form.id(name), error, hint }
    }

    /// Ids of what describes the field.
    fn described_by(&self) -> String {
        let hint = if self.hint.is_empty() { String::new() } else { format!("{}-hint ", self.id) };
        format!("{hint}{}-error", self.id)
    }

    fn invalid(&self) -> Option<&'static str> {
        self.error.is_some().then_some("true")
    }

    fn around(self, label: String, optional: bool, control: impl IntoView + 'static) -> impl IntoView {
        let Self { id, error, hint } = self;
        view! {
            <div class="field">
                <label for=id.clone()>
                    {label}
                    {optional.then(|| view! { <small class="muted">" · " {use_t().optional()}</small> })}
                </label>
                {control}
                {(!hint.is_empty()).then(|| view! { <p class="hint" id=format!("{id}-hint")>{hint}</p> })}
                // Always there, so that a screen reader hears a text that an island puts into it.
                <p class="error" id=format!("{id}-error") aria-live="polite">{error}</p>
            </div>
        }
    }
}

/// A line to type into. It keeps what was typed when the form comes back.
#[component]
pub fn Field(
    /// The name in the form.
    name: &'static str,
    /// What to type.
    #[prop(into)]
    label: String,
    /// More about it.
    #[prop(optional, into)]
    hint: String,
    /// What it holds at first.
    #[prop(optional, into)]
    value: String,
    /// What is typed.
    #[prop(optional)]
    input: Input,
    /// What the browser may fill in.
    #[prop(default = "off")]
    autocomplete: &'static str,
    /// Checked when it is left; name it in the form's `checks` too.
    #[prop(optional, into)]
    check: Option<Kind>,
    /// An example.
    #[prop(optional, into)]
    placeholder: Option<String>,
    /// May stay empty.
    #[prop(optional)]
    optional: bool,
) -> AnyView {
    let form = use_form();
    let frame = Frame::new(&form, name, hint);
    let value = form.value(name).unwrap_or(value);
    let control = view! {
        <input class="form-control" id=frame.id.clone() name=name type=input.kind() inputmode=input.mode() value=value
            autocomplete=autocomplete placeholder=placeholder required=!optional data-check=check.map(Kind::word)
            autocapitalize="none" spellcheck="false" aria-describedby=frame.described_by() aria-invalid=frame.invalid()/>
    };
    frame.around(label, optional, control).into_any()
}

/// A phone number: grouped while it is typed, with its operator beside it.
#[component]
pub fn PhoneInput(
    /// The name in the form.
    name: &'static str,
    /// What to type.
    #[prop(into)]
    label: String,
    /// More about it.
    #[prop(optional, into)]
    hint: String,
    /// What it holds at first.
    #[prop(optional, into)]
    value: String,
    /// [`Kind::Served`] for a number that gets a package, [`Kind::Phone`] for any.
    #[prop(default = Kind::Served)]
    check: Kind,
    /// `tel` for the user's own number.
    #[prop(default = "off")]
    autocomplete: &'static str,
) -> AnyView {
    let form = use_form();
    let frame = Frame::new(&form, name, hint);
    let value = form.value(name).unwrap_or(value);
    // Whose number it is only matters where a package goes to it.
    let any = check == Kind::Phone;
    let typed = value.clone();
    let (id, described_by, invalid) = (frame.id.clone(), frame.described_by(), frame.invalid());
    let control = view! {
        <PhoneField>
            <input class="form-control num" id=id.clone() name=name type="tel" inputmode="tel" value=value
                autocomplete=autocomplete placeholder="08xx-xxxx-xxxx" required data-check=check.word()
                data-prefixes=data_prefixes() aria-describedby=described_by aria-invalid=invalid/>
            <OperatorBadge typed field=id any/>
        </PhoneField>
    };
    frame.around(label, false, control).into_any()
}

/// What the browser has to know to tell whose a number is; nothing while the shop uses what is built in.
pub(crate) fn data_prefixes() -> Option<String> {
    let prefixes = use_prefixes();
    (prefixes != Prefixes::default()).then(|| prefixes.into())
}

/// Whose the number in a [`PhoneField`] is.
#[component]
pub(crate) fn OperatorBadge(
    /// What is in the field.
    typed: String,
    /// The field's id.
    #[prop(into)]
    field: String,
    /// Any operator's number will do.
    #[prop(optional)]
    any: bool,
) -> AnyView {
    let operator = use_prefixes().of_local_digits(&Msisdn::local_digits(&typed));
    let served = operator.map_or("", |operator| if operator.is_served() { "yes" } else { "no" });
    let any = any.then_some("");
    view! {
        <output class="operator" data-operator=served data-any=any for=field>{operator.map(Operator::name)}</output>
    }
    .into_any()
}

/// A password: never kept, shown at a tap.
#[component]
pub fn PasswordField(
    /// The name in the form; one with `password` in it is never kept in a draft.
    name: &'static str,
    /// Which password.
    #[prop(into)]
    label: String,
    /// More about it.
    #[prop(optional, into)]
    hint: String,
    /// `current-password` or `new-password`.
    autocomplete: &'static str,
    /// Checked when it is left; name it in the form's `checks` too.
    #[prop(optional, into)]
    check: Option<Kind>,
) -> AnyView {
    let t = use_t();
    let frame = Frame::new(&use_form(), name, hint);
    let (id, described_by, invalid) = (frame.id.clone(), frame.described_by(), frame.invalid());
    let control = view! {
        <PasswordToggle>
            <input class="form-control" id=id.clone() name=name type="password" autocomplete=autocomplete required
                data-check=check.map(Kind::word) aria-describedby=described_by aria-invalid=invalid/>
            <button type="button" class="js-only" aria-pressed="false" aria-controls=id>
                <span class="when-hidden">{t.show_password()}</span>
                <span class="when-shown">{t.hide_password()}</span>
            </button>
        </PasswordToggle>
    };
    frame.around(label, false, control).into_any()
}

/// One of several choices.
#[component]
pub fn Select(
    /// The name in the form.
    name: &'static str,
    /// What to choose.
    #[prop(into)]
    label: String,
    /// More about it.
    #[prop(optional, into)]
    hint: String,
    /// The choice at first.
    #[prop(optional, into)]
    value: String,
    /// All choices.
    choices: Vec<Choice>,
) -> AnyView {
    let form = use_form();
    let frame = Frame::new(&form, name, hint);
    let value = form.value(name).unwrap_or(value);
    let options = choices
        .into_iter()
        .map(|choice| view! { <option selected=choice.value == value value=choice.value>{choice.label}</option> })
        .collect_view();
    let control = view! {
        <select class="form-select" id=frame.id.clone() name=name aria-describedby=frame.described_by()
            aria-invalid=frame.invalid()>
            {options}
        </select>
    };
    frame.around(label, false, control).into_any()
}

/// Several lines to type into.
#[component]
pub fn TextArea(
    /// The name in the form.
    name: &'static str,
    /// What to type.
    #[prop(into)]
    label: String,
    /// More about it.
    #[prop(optional, into)]
    hint: String,
    /// What it holds at first.
    #[prop(optional, into)]
    value: String,
    /// May stay empty.
    #[prop(optional)]
    optional: bool,
) -> AnyView {
    let form = use_form();
    let frame = Frame::new(&form, name, hint);
    let value = form.value(name).unwrap_or(value);
    let control = view! {
        <textarea class="form-control" id=frame.id.clone() name=name rows="3" required=!optional
            aria-describedby=frame.described_by() aria-invalid=frame.invalid()>
            {value}
        </textarea>
    };
    frame.around(label, optional, control).into_any()
}

/// A yes or no. Sends `on`, or nothing: take it as `Option<String>` in the server function.
#[component]
pub fn Check(
    /// The name in the form.
    name: &'static str,
    /// What is said yes to.
    #[prop(into)]
    label: String,
    /// Whether it is yes at first.
    #[prop(optional)]
    checked: bool,
) -> AnyView {
    let form = use_form();
    // An unticked box is not sent, so in a form that came back "not there" means no.
    let checked = if form.refusal().is_some() { form.value(name).is_some() } else { checked };
    let error = form.error(name).map(|code| use_t().field_code(code));
    let error_id = error.as_ref().map(|_| format!("{}-error", form.id(name)));
    let invalid = error.as_ref().map(|_| "true");
    view! {
        <label class="check">
            <input type="checkbox" name=name checked=checked aria-describedby=error_id.clone() aria-invalid=invalid/>
            <span>{label}</span>
        </label>
        {error.map(|error| view! { <p class="error" id=error_id>{error}</p> })}
    }
    .into_any()
}

/// A value that people do not type.
#[component]
pub fn Hidden(
    /// The name in the form.
    name: &'static str,
    /// The value.
    #[prop(into)]
    value: String,
) -> AnyView {
    view! { <input type="hidden" name=name value=value/> }.into_any()
}
