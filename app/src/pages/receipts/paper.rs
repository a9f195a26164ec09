//! The receipt itself, as it is shown, shared and printed. In the language and the zone of its seller, whoever reads it.

use leptos::prelude::*;
use store::{Receipt, ShopSettings};

use super::public_link;
use crate::components::{Fact, Facts, Money, ShopLogo};
use crate::context::SiteInfo;
use crate::format::{self, address};
use crate::i18n::T;

/// Who sold it.
pub(super) fn seller(receipt: &Receipt, shop: &ShopSettings) -> String {
    receipt.seller.clone().unwrap_or_else(|| shop.title.clone())
}

/// The receipt: nothing on it that its customer must not see.
pub(super) fn paper(receipt: &Receipt, shop: &ShopSettings) -> AnyView {
    let t = T(receipt.lang);
    let purchase = &receipt.purchase;
    let number = purchase.id.to_string();
    let (at, seller) = (purchase.created_at, seller(receipt, shop));
    let (masked, state) = (purchase.msisdn.masked(), t.purchase_state(purchase.state));
    let time = format::date_time(at, receipt.zone, receipt.lang);
    // Most names have it in them, and the paper is narrow.
    let package = if purchase.package_name.contains(&purchase.quota) {
        purchase.package_name.clone()
    } else {
        format!("{} · {}", purchase.package_name, purchase.quota)
    };
    let validity = t.validity(purchase.validity_days);
    let serial = purchase.serial_number.clone().map(|serial| {
        view! { <Fact label=t.serial_number()><span class="break">{serial}</span></Fact> }
    });
    let price_label = if purchase.owner.is_some() { t.from_balance() } else { t.price() };
    let price = receipt.price.map(|amount| {
        view! { <Fact label=price_label><Money amount/></Fact> }
    });
    let apart = purchase.owner.as_ref().map(|owner| {
        let (method, amount) = (t.payment_method(owner.method), owner.price);
        view! { <Fact label=t.from_owner()><Money amount/>" · "{method}</Fact> }
    });
    // A reseller's own receipt is nobody else's advertisement.
    let logo = (receipt.seller.is_none() && !shop.logo.is_empty()).then(|| view! { <ShopLogo/> });
    view! {
        <article class="card paper" lang=t.code()>
            <header class="center">
                {logo}
                <h2>{seller}</h2>
                <p class="muted small">{t.receipt_heading()}</p>
            </header>
            <Facts>
                <Fact label=t.transaction_no()><span class="nowrap">{number}</span></Fact>
                <Fact label=t.bought_at()><time datetime=format::iso(at)>{time}</time></Fact>
                <Fact label=t.package_word()>{package}</Fact>
                <Fact label=t.validity_word()>{validity}</Fact>
                <Fact label=t.number_word()>{masked}</Fact>
                {serial}
                {price}
                {apart}
                <Fact label=t.receipt_status()>{state}</Fact>
            </Facts>
            <p class="center small">{t.receipt_thanks()}</p>
        </article>
    }
    .into_any()
}

/// What the receipt says in one sentence: for previews of its link.
pub(super) fn sentence(receipt: &Receipt) -> String {
    let (t, purchase) = (T(receipt.lang), &receipt.purchase);
    let time = format::date_time(purchase.state_at, receipt.zone, receipt.lang);
    t.share_text(&purchase.quota, &purchase.package_name, purchase.msisdn.masked(), time)
}

/// A link that opens WhatsApp with the receipt as a message. The number is masked: who sends it on knows whose it is.
pub(in crate::pages) fn whatsapp(receipt: &Receipt, site: &SiteInfo) -> String {
    let t = T(receipt.lang);
    let serial = receipt.purchase.serial_number.as_ref().map(|serial| t.share_serial(serial));
    let price = receipt.price.filter(|_| receipt.by_reseller).map(|price| t.receipt_share_text(price));
    let link = receipt.token.as_ref().map(|token| t.receipt_share_link(public_link(&site.public_url, token)));
    let lines = [Some(sentence(receipt)), serial, price, link, Some(seller(receipt, &site.settings))];
    let text = lines.into_iter().flatten().collect::<Vec<_>>().join("\n");
    address("https://wa.me/", &[("text", &text)])
}
