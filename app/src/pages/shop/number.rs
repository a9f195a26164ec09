//! The number that a package goes to: it travels in the address, so that every step can be reloaded and shared between
//! the pages without JavaScript.

use domain::{FieldCode, Msisdn, Operator};
use leptos::prelude::*;
use store::SavedNumber;

use crate::components::{Icon, OperatorBadge, data_prefixes, icons};
use crate::context::{path_and_query, use_prefixes, use_t};
use crate::islands::check::Kind;
use crate::islands::{FormGuard, PhoneField};
use crate::page::Member;
use crate::pages::saved::parts::{SUGGESTIONS, suggestions};

/// The address's parameter.
pub(super) const NAME: &str = "msisdn";

/// What the address says about the number.
#[derive(Clone, Debug, Default)]
pub(super) struct Wanted {
    /// As it is shown in the field.
    pub typed: String,
    /// The number, if it can get packages.
    pub number: Option<Msisdn>,
    /// Why it cannot.
    pub error: Option<FieldCode>,
}

impl Wanted {
    /// Nothing typed is no mistake: the number is a filter.
    pub(super) fn of(cx: &Member) -> Self {
        let typed = cx.query(NAME);
        if typed.is_empty() {
            return Self::default();
        }
        match cx.site.settings.prefixes.parse_served(typed) {
            Ok(number) => Self { typed: number.display(), number: Some(number), error: None },
            Err(error) => Self { typed: typed.to_owned(), number: None, error: Some(error) },
        }
    }

    /// Here a number is needed, and one of the package's brand.
    pub(super) fn for_brand(cx: &Member, brand: &str) -> Self {
        let wanted = Self::of(cx);
        if wanted.typed.is_empty() && path_and_query().contains("msisdn=") {
            return Self { error: Some(FieldCode::Required), ..wanted };
        }
        match wanted.operator() {
            Some(operator) if operator.name() != brand => {
                Self { number: None, error: Some(FieldCode::OtherBrand { operator }), ..wanted }
            }
            _ => wanted,
        }
    }

    pub(super) fn operator(&self) -> Option<Operator> {
        self.number.as_ref().and_then(|number| use_prefixes().operator(number))
    }

    /// The number as it stands in addresses; empty when there is none.
    pub(super) fn local(&self) -> String {
        self.number.as_ref().map(Msisdn::local).unwrap_or_default()
    }
}

/// Asks for the number; sends it to a page by its address.
#[component]
pub(super) fn NumberForm(
    /// The page.
    #[prop(into)]
    action: String,
    /// What is known already.
    wanted: Wanted,
    /// What the field asks for.
    label: &'static str,
    /// What the page's address holds beside the number.
    #[prop(optional)]
    keep: Vec<(&'static str, String)>,
    /// The button is a small one beside the field.
    #[prop(optional)]
    compact: bool,
    /// Numbers that the browser proposes while one is typed.
    #[prop(optional)]
    saved: Vec<SavedNumber>,
) -> AnyView {
    let t = use_t();
    let keep = keep
        .into_iter()
        .filter(|(_, value)| !value.is_empty())
        .map(|(name, value)| view! { <input type="hidden" name=name value=value/> })
        .collect_view();
    let list = (!saved.is_empty()).then_some(SUGGESTIONS);
    let suggestions = suggestions(&saved);
    let Wanted { typed, number, error } = wanted;
    let invalid = error.is_some().then_some("true");
    let error = error.map(|code| t.field_code(&code));
    let button = if compact {
        view! { <button type="submit" class="btn btn-primary"><Icon icon=icons::NEXT/><span class="visually-hidden">{t.go_on()}</span></button> }
            .into_any()
    } else {
        view! { <button type="submit" class="btn btn-primary">{t.go_on()}</button> }.into_any()
    };
    // The guard stands inside the form: it checks the field, but a form that only leads to a page may be sent again.
    view! {
        <form method="get" action=action class="number-form" novalidate>
            {keep}
            <FormGuard texts=t.check_texts(Kind::Served)>
                <div class="field">
                    <label for="number">{label}</label>
                    <div class=if compact { "with-button beside" } else { "with-button" }>
                        <PhoneField>
                            <input class="form-control num" id="number" name=NAME type="tel" inputmode="tel" value=typed.clone()
                                autocomplete="off" placeholder="08xx-xxxx-xxxx" data-check=Kind::Served.word()
                                data-prefixes=data_prefixes() list=list
                                aria-describedby="number-hint number-error" aria-invalid=invalid/>
                            <OperatorBadge typed=typed.clone() field="number"/>
                        </PhoneField>
                        {button}
                    </div>
                    <p class=if number.is_some() { "hint visually-hidden" } else { "hint" } id="number-hint">{t.destination_hint()}</p>
                    <p class="error" id="number-error" aria-live="polite">{error}</p>
                </div>
            </FormGuard>
            {suggestions}
        </form>
    }
    .into_any()
}
