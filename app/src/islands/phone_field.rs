use domain::{Msisdn, Operator, Prefixes};
use leptos::ev::Event;
use leptos::prelude::*;
use leptos::web_sys;

use super::dom;

/// Puts a number into groups while it is being typed or pasted, and shows whose it is. Inside it stand an input and an
/// element with `data-operator`.
#[island]
pub fn PhoneField(
    /// The field.
    children: Children,
) -> impl IntoView {
    view! { <div class="phone" on:input=typed>{children()}</div> }
}

fn typed(event: Event) {
    let Some(input) = dom::target_input(&event) else {
        return;
    };
    let value = input.value();
    let local = Msisdn::local_digits(&value);
    let at_end = input.selection_end().ok().flatten().is_none_or(|at| at as usize >= value.len());
    // Anything that is no number yet stays as it is, and so does one that is being mended in the middle.
    if at_end && local.starts_with("08") {
        let shown = grouped(&local);
        if shown != value {
            input.set_value(&shown);
        }
    }
    let badge = input
        .closest(".phone")
        .ok()
        .flatten()
        .and_then(|field| field.query_selector("[data-operator]").ok().flatten());
    if let Some(badge) = badge {
        let operator = prefixes(&input).of_local_digits(&local);
        badge.set_text_content(operator.map(Operator::name));
        let served = operator.map(|operator| if operator.is_served() { "yes" } else { "no" });
        dom::set(&badge, "data-operator", Some(served.unwrap_or_default()));
    }
}

/// Whose numbers are whose; the page tells only what an admin has changed.
pub(super) fn prefixes(input: &web_sys::HtmlInputElement) -> Prefixes {
    let told = input.get_attribute("data-prefixes").and_then(|told| told.try_into().ok());
    told.unwrap_or_default()
}

/// Groups of four, as [`Msisdn::display`] makes them of a finished number.
fn grouped(local: &str) -> String {
    let mut shown = String::with_capacity(local.len() + 3);
    for (i, digit) in local.chars().enumerate() {
        if i > 0 && i % 4 == 0 && i < 12 {
            shown.push('-');
        }
        shown.push(digit);
    }
    shown
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn groups_like_a_finished_number() {
        for local in ["0878123456", "08781234567", "087812345678", "0878123456789"] {
            assert_eq!(grouped(local), local.parse::<Msisdn>().unwrap().display());
        }
        assert_eq!(grouped("0878"), "0878");
    }
}
