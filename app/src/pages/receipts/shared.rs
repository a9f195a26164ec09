use leptos::prelude::*;
use leptos_meta::Meta;

use super::paper::{paper, seller, sentence};
use super::public_link;
use crate::error::AppError;
use crate::i18n::T;
use crate::page::{Screen, Visitor, bare_page};

/// A receipt, for whoever has its link. It tells the customer what they need and nothing about the shop's business.
#[component]
pub fn SharedReceiptPage() -> impl IntoView {
    bare_page(load)
}

async fn load(cx: Visitor) -> Result<Screen, AppError> {
    let receipt = cx.store.shared_receipt(cx.param("token")).await?;
    let t = T(receipt.lang);
    let token = receipt.token.clone().unwrap_or_default();
    let title = t.receipt_of(seller(&receipt, &cx.site.settings));
    let text = sentence(&receipt);
    let body = view! {
        <Meta name="robots" content="noindex, nofollow, noarchive"/>
        <Meta name="description" content=text.clone()/>
        <Meta property="og:type" content="website"/>
        <Meta property="og:title" content=title.clone()/>
        <Meta property="og:description" content=text/>
        <Meta property="og:url" content=public_link(&cx.site.public_url, &token)/>
        {paper(&receipt, &cx.site.settings)}
    };
    Ok(Screen::new(title, body))
}
