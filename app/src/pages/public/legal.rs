use leptos::prelude::*;

use crate::i18n::T;
use crate::page::{Screen, Visitor, public_page};

/// Terms of service.
#[component]
pub fn TermsPage() -> impl IntoView {
    public_page(async |cx: Visitor| {
        let t = cx.t;
        let text = vec![
            (t.terms_h1(), t.terms_p1(&cx.site.settings.title)),
            (t.terms_h2(), t.terms_p2().to_owned()),
            (t.terms_h3(), t.terms_p3().to_owned()),
            (t.terms_h4(), t.terms_p4().to_owned()),
            (t.terms_h5(), t.terms_p5().to_owned()),
            (t.terms_h6(), t.terms_p6().to_owned()),
        ];
        Ok(Screen::new(t.terms_title(), article(text, t)).eyebrow(t.terms_lead()))
    })
}

/// Privacy policy.
#[component]
pub fn PrivacyPage() -> impl IntoView {
    public_page(async |cx: Visitor| {
        let t = cx.t;
        let text = vec![
            (t.privacy_h1(), t.privacy_p1().to_owned()),
            (t.privacy_h2(), t.privacy_p2().to_owned()),
            (t.privacy_h3(), t.privacy_p3().to_owned()),
            (t.privacy_h4(), t.privacy_p4().to_owned()),
            (t.privacy_h5(), t.privacy_p5().to_owned()),
        ];
        Ok(Screen::new(t.privacy_title(), article(text, t)).eyebrow(t.privacy_lead()))
    })
}

fn article(text: Vec<(&'static str, String)>, t: T) -> impl IntoView {
    let parts =
        text.into_iter().map(|(heading, words)| view! { <h2>{heading}</h2><p>{words}</p> }).collect_view();
    view! { <article class="prose" lang=t.code()>{parts}</article> }
}
