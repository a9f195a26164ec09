use leptos::prelude::*;
use store::Receipt;

use super::paper::{paper, whatsapp};
use super::public_link;
use crate::components::{Button, Card, Field, Hidden, Icon, Input, Look, PostForm, ServerFn, icons};
use crate::context::SiteInfo;
use crate::error::AppError;
use crate::i18n::T;
use crate::islands::CopyButton;
use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};
use crate::pages::saved::parts::{Remember, save_number};
use crate::pages::shop::parts::{again_address, viewer};
use crate::server_fns::receipts::{RevokeReceipt, SaveSelling, ShareReceipt};

/// The receipt of a purchase, and what its buyer can do with it.
#[component]
pub fn ReceiptPage() -> impl IntoView {
    member_page(Tab::History, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let id = cx.id("id")?;
    let receipt = cx.store.receipt(&id, viewer(&cx.user)).await?;
    let own = receipt.purchase.buyer == cx.user.username.as_str();
    let tools = if own {
        let name = cx.store.saved_name(cx.user.id, &receipt.purchase.msisdn).await?;
        let back = super::page_of(&id);
        let number = receipt.purchase.msisdn.clone();
        let again = again_address(&receipt.purchase);
        view! {
            {share(&receipt, &cx.site, t)}
            {receipt.by_reseller.then(|| selling(&receipt, t))}
            <Card title=t.receipt_print()>
                <p class="muted small">{t.receipt_print_lead()}</p>
            </Card>
            {save_number(Remember { number, name, back }, t)}
            <a class="btn btn-primary" href=again>{t.buy_again()}</a>
        }
        .into_any()
    } else {
        ().into_any()
    };
    let body = view! {
        <div class="columns">
            {paper(&receipt, &cx.site.settings)}
            <div class="stack no-print">{tools}</div>
        </div>
    };
    Ok(Screen::new(t.receipt_title(), body).back(format!("/transactions/{}", id.as_str())))
}

fn share(receipt: &Receipt, site: &SiteInfo, t: T) -> AnyView {
    let id = receipt.purchase.id.as_str().to_owned();
    let to_whatsapp = whatsapp(receipt, site);
    let to_whatsapp = view! {
        <a class="btn btn-ghost wide" href=to_whatsapp rel="noopener"><Icon icon=icons::WHATSAPP/>{t.share_whatsapp()}</a>
    };
    let Some(token) = receipt.token.as_ref() else {
        return view! {
            <Card title=t.receipt_share() class="stack">
                <p class="muted small">{t.receipt_share_lead()}</p>
                <PostForm action=ShareReceipt::PATH>
                    <Hidden name="purchase" value=id/>
                    <Button class="wide">{t.receipt_make_link()}</Button>
                </PostForm>
                {to_whatsapp}
            </Card>
        }
        .into_any();
    };
    let link = public_link(&site.public_url, token);
    view! {
        <Card title=t.receipt_share() class="stack">
            <div class="field">
                <label for="receipt-link">{t.receipt_link()}</label>
                <input class="form-control" id="receipt-link" type="url" value=link.clone() readonly/>
            </div>
            <div class="spread">
                <a class="btn btn-plain" href=link.clone()>{t.receipt_open_link()}</a>
                <CopyButton text=link label=t.receipt_copy_link().to_owned() done=t.copied().to_owned()/>
            </div>
            {to_whatsapp}
            <PostForm action=RevokeReceipt::PATH>
                <Hidden name="purchase" value=id/>
                <Button look=Look::Danger class="wide">{t.receipt_revoke()}</Button>
                <p class="muted small">{t.receipt_revoke_lead()}</p>
            </PostForm>
        </Card>
    }
    .into_any()
}

/// A reseller's own name and price.
fn selling(receipt: &Receipt, t: T) -> AnyView {
    let id = receipt.purchase.id.as_str().to_owned();
    let name = receipt.own_name.clone().unwrap_or_default();
    let price = receipt.price.map(|price| price.get().to_string()).unwrap_or_default();
    view! {
        <Card title=t.receipt_selling() class="stack">
            <p class="muted small">{t.receipt_selling_lead()}</p>
            <PostForm action=SaveSelling::PATH>
                <Hidden name="purchase" value=id/>
                <Field name="shop_name" label=t.receipt_shop_name() hint=t.receipt_shop_name_hint() value=name optional=true/>
                <Field name="price" label=t.receipt_own_price() hint=t.receipt_own_price_hint() value=price
                    input=Input::Digits optional=true/>
                <Button look=Look::Ghost class="wide">{t.save()}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}
