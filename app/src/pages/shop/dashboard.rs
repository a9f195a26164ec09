use leptos::prelude::*;
use store::{Purchase, PurchaseFilter, SavedNumber, Wallet};

use super::number::{NumberForm, Wanted};
use super::parts::PurchaseRow;
use crate::components::{Card, Empty, Icon, Notice, Tone, icons};
use crate::error::AppError;
use crate::format;
use crate::i18n::T;
use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};
use crate::pages::saved::parts::NumberChips;

const LATEST: i64 = 5;
const NUMBERS: i64 = 6;

/// Balance, a number to buy for, the last purchases.
#[component]
pub fn DashboardPage() -> impl IntoView {
    member_page(Tab::Home, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let wallet = cx.store.wallet(cx.user.id).await?;
    let filter = PurchaseFilter { buyer: Some(cx.user.id), limit: LATEST, ..PurchaseFilter::default() };
    let latest = cx.store.purchases(filter).await?.items;
    let recent = cx.store.recent_numbers(cx.user.id, NUMBERS).await?;
    let saved = cx.store.saved_numbers(cx.user.id, "").await?;
    // The smallest top-up is what this shop thinks is worth the trouble; most packages cost more.
    let low = wallet.available < cx.site.settings.topup_min;
    let body = view! {
        <div class="columns">
            <div class="stack">
                {hero(&wallet, t)}
                {hint(&wallet, low && !latest.is_empty(), t)}
                {buy_for(recent, saved, t)}
            </div>
            {latest_purchases(latest, low, t)}
        </div>
    };
    let name = cx.user.name.as_ref().map_or_else(|| cx.user.username.as_str(), |name| name.as_str());
    Ok(Screen::new(name, body).eyebrow(format::greeting(cx.now, cx.zone(), t)))
}

fn hero(wallet: &Wallet, t: T) -> AnyView {
    let held = (wallet.held.is_positive() || wallet.open_purchases > 0).then(|| {
        let (amount, open) = (t.held_amount(wallet.held), t.open_orders(wallet.open_purchases));
        view! { <p class="small num">{amount} " · " <a href="/transactions">{open}</a></p> }
    });
    view! {
        <section class="hero" aria-labelledby="balance">
            <h2 class="small" id="balance">{t.balance()}</h2>
            <p class="amount">{wallet.available.to_string()}</p>
            {held}
            <div class="grid-2 tight">
                <a class="btn btn-light" href="/topup"><Icon icon=icons::PLUS/>{t.top_up()}</a>
                <a class="btn btn-glass" href="/statement">{t.statement_short()}</a>
            </div>
        </section>
    }
    .into_any()
}

fn hint(wallet: &Wallet, low: bool, t: T) -> AnyView {
    if wallet.frozen {
        return view! { <Notice tone=Tone::Bad>{t.balance_frozen()}</Notice> }.into_any();
    }
    low.then(|| {
        view! { <Notice tone=Tone::Wait>{t.nearly_empty()} " " <a href="/topup">{t.nearly_empty_way()}</a></Notice> }
    })
    .into_any()
}

fn buy_for(recent: Vec<SavedNumber>, saved: Vec<SavedNumber>, t: T) -> AnyView {
    view! {
        <Card>
            <NumberForm action="/packages" wanted=Wanted::default() label=t.buy_for() saved=saved.clone()/>
            <NumberChips action="/packages" recent saved/>
        </Card>
    }
    .into_any()
}

fn latest_purchases(latest: Vec<Purchase>, broke: bool, t: T) -> AnyView {
    if latest.is_empty() {
        let (text, action) = if broke {
            (t.no_purchases_broke(), Some((t.top_up().to_owned(), "/topup".to_owned())))
        } else {
            (t.no_purchases_yet(), None)
        };
        let empty = match action {
            Some(action) => view! { <Empty icon=icons::PACKAGE text action/> }.into_any(),
            None => view! { <Empty icon=icons::PACKAGE text/> }.into_any(),
        };
        return view! { <Card title=t.latest_purchases()>{empty}</Card> }.into_any();
    }
    let rows = latest.into_iter().map(|purchase| view! { <PurchaseRow purchase/> }).collect_view();
    view! {
        <Card title=t.latest_purchases() link=(t.all().to_owned(), "/transactions".to_owned())>
            <ul class="rows">{rows}</ul>
        </Card>
    }
    .into_any()
}
