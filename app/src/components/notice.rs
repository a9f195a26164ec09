use domain::Refusal;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use super::form::draft;
use super::{Icon, Tone, icons, use_form};
use crate::context::{path_and_query, use_t};
use crate::format::address;

/// A few lines on a coloured ground.
#[component]
pub fn Notice(
    /// Its colour.
    tone: Tone,
    /// What it says.
    children: Children,
) -> AnyView {
    let icon = match tone {
        Tone::Ok => icons::CHECK,
        Tone::Bad => icons::ALERT,
        Tone::Wait => icons::WAIT,
        Tone::Info | Tone::Quiet => icons::INFO,
    };
    view! {
        <div class=format!("note {}", tone.class()) role=(tone == Tone::Bad).then_some("alert")>
            <Icon icon/>
            <div>{children()}</div>
        </div>
    }
    .into_any()
}

/// Why the form around it was refused, and the way on. [`super::PostForm`] has one already.
#[component]
pub fn FormNotice() -> AnyView {
    let t = use_t();
    use_form()
        .refusal()
        .map(|refusal| {
            let way_on = match &refusal {
                // Back to this very order once the balance suffices.
                Refusal::BalanceTooLow { shortfall } => Some((
                    address(
                        "/topup",
                        &[
                            ("amount", &shortfall.get().to_string()),
                            ("next", &without_draft(&path_and_query())),
                        ],
                    ),
                    t.topup_missing(),
                )),
                Refusal::BoughtJustNow { first } => {
                    Some((format!("/transactions/{}", first.as_str()), t.see_first_purchase()))
                }
                Refusal::NumberBusy { first: Some(first) } => {
                    Some((format!("/transactions/{}", first.as_str()), t.see_open_purchase()))
                }
                Refusal::TooManyOpenTopups { .. } => Some(("/topup/history".to_owned(), t.topup_see_open())),
                Refusal::SignInNeeded => Some(("/login".to_owned(), t.sign_in())),
                _ => None,
            };
            let tone = if refusal == Refusal::ConfirmNeeded { Tone::Info } else { Tone::Bad };
            view! {
                <Notice tone>
                    {t.refusal(&refusal)}
                    {way_on.map(|(to, words)| view! { " " <a href=to>{words}</a> })}
                </Notice>
            }
        })
        .into_any()
}

/// What the form on the page before has done (`?done=saved`). Layouts show it above the content.
#[component]
pub fn DoneNotice() -> AnyView {
    let code = use_query_map().with_untracked(|query| query.get("done"));
    // Another form may have come back refused to the same address.
    let text = code.filter(|_| draft().is_none()).and_then(|code| use_t().done(&code));
    text.map(|text| view! { <div role="status"><Notice tone=Tone::Ok>{text}</Notice></div> }).into_any()
}

/// The address without the refused form's id.
fn without_draft(address: &str) -> String {
    let (path, query) = address.split_once('?').unwrap_or((address, ""));
    let kept: Vec<&str> =
        query.split('&').filter(|pair| !pair.is_empty() && !pair.starts_with("form=")).collect();
    if kept.is_empty() { path.to_owned() } else { format!("{path}?{}", kept.join("&")) }
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_way_back_has_no_draft() {
        assert_eq!(super::without_draft("/buy/A?msisdn=0878&form=X"), "/buy/A?msisdn=0878");
        assert_eq!(super::without_draft("/buy/A?form=X"), "/buy/A");
    }
}
