//! What several admin pages share.

use domain::{Lang, Refusal, Rupiah};
use http::request::Parts;
use leptos::prelude::*;
use store::{FormDraft, Purchase, Store, User, Wallet};

use crate::components::{Choice, Filter, Filters, Hidden, Money, Notice, PurchasePill, Tone, When};
use crate::context::use_t;
use crate::error::AppError;
use crate::format;

/// Rows on one page of a list.
pub(super) const ROWS: i64 = 30;

/// An amount as it stands in a field. Always with dots: the commas that English counts with are not read back.
pub(super) fn typed(amount: Rupiah) -> String {
    format::count(amount.get(), Lang::Id)
}

/// A buyer by username, with their money.
pub(super) async fn buyer(store: &Store, username: &str) -> Result<(User, Wallet), AppError> {
    let (user, _) = store.user_for_sign_in(username).await?.ok_or(Refusal::NotFound)?;
    let wallet = store.wallet(user.id).await?;
    Ok((user, wallet))
}

/// "Any" and then every value of a closed set, for a filter.
pub(super) fn any_of<V: Copy>(
    any: &str,
    all: &[V],
    word: impl Fn(V) -> &'static str,
    label: impl Fn(V) -> &'static str,
) -> Vec<Choice> {
    let values = all.iter().map(|value| Choice::new(word(*value), label(*value)));
    std::iter::once(Choice::new("", any)).chain(values).collect()
}

/// A line to search with; asks by GET, so that what was asked for stands in the address.
#[component]
pub(super) fn Search(
    /// The list's address.
    action: &'static str,
    /// What can be searched for.
    label: &'static str,
    /// What was searched for.
    #[prop(into)]
    value: String,
    /// A filter that stays in force.
    #[prop(optional)]
    keep: Option<(&'static str, String)>,
    /// More filters.
    #[prop(optional)]
    children: Option<Children>,
) -> AnyView {
    let keep = keep.map(|(name, value)| view! { <Hidden name value/> });
    view! {
        <form method="get" action=action class="search" role="search">
            {keep}
            <div class="field grow">
                <label for="f-q">{label}</label>
                <input class="form-control" id="f-q" name="q" type="search" value=value autocomplete="off"
                    spellcheck="false" autocapitalize="none"/>
            </div>
            {children.map(|children| children())}
            <button type="submit" class="btn btn-ghost">{use_t().search()}</button>
        </form>
    }
    .into_any()
}

/// Why a form was refused that is not on the page any more: somebody else has decided in the meantime.
#[component]
pub(super) fn Overtaken() -> AnyView {
    let draft = use_context::<Parts>().and_then(|parts| parts.extensions.get::<FormDraft>().cloned());
    // A line that has paid another top-up is not offered any more, and its form is gone with it.
    let by_line = |draft: &FormDraft| draft.values.iter().any(|(_, value)| value == "approve_topup_line");
    draft
        .filter(|draft| match draft.refusal {
            Refusal::StateChanged | Refusal::OwnCase => true,
            Refusal::PaymentUsed => by_line(draft),
            _ => false,
        })
        .map(|draft| view! { <Notice tone=Tone::Bad>{use_t().refusal(&draft.refusal)}</Notice> })
        .into_any()
}

/// The pages of top-ups lead to one another: on a phone the menu has only the first of them.
#[component]
pub(super) fn MoneyLinks(
    /// The address of the page itself.
    on: &'static str,
) -> AnyView {
    let t = use_t();
    let choices = [
        ("/admin/topups", t.top_up()),
        ("/admin/cases", t.cases()),
        ("/admin/statements", t.statements()),
        ("/admin/payments", t.payments()),
    ];
    let choices = choices.into_iter().map(|(to, label)| Filter {
        label: label.to_owned(),
        to: to.to_owned(),
        on: to == on,
    });
    view! { <div class="phone-only"><Filters label=t.top_up() choices=choices.collect()/></div> }.into_any()
}

/// What a credit adds to what can be spent: debts to the shop are paid first.
pub(super) fn spendable(wallet: &Wallet, credited: Rupiah) -> Rupiah {
    let owed = wallet.receivable.checked_neg().filter(|owed| owed.is_positive()).unwrap_or_default();
    credited.checked_sub(owed.min(credited)).unwrap_or(credited)
}

/// A balance before and after.
#[component]
pub(super) fn Change(
    /// Before.
    before: Rupiah,
    /// What is added to it.
    by: Rupiah,
) -> AnyView {
    let after = before.checked_add(by).unwrap_or(before);
    view! {
        <Money amount=before/>
        <span aria-hidden="true">" → "</span>
        <span class="visually-hidden">" "{use_t().admin_becomes()}" "</span>
        <Money amount=after/>
    }
    .into_any()
}

/// Purchases, each with its buyer.
#[component]
pub(super) fn PurchaseTable(
    /// The purchases.
    purchases: Vec<Purchase>,
) -> AnyView {
    let t = use_t();
    let row = |purchase: Purchase| {
        let to = format!("/admin/transactions/{}", purchase.id.as_str());
        view! {
            <tr>
                <td data-label=t.admin_purchase_number()><a class="num" href=to>{purchase.id.to_string()}</a></td>
                <td data-label=t.admin_when()><div><When at=purchase.created_at plain=true/></div></td>
                <td data-label=t.admin_buyer()>{purchase.buyer}</td>
                <td data-label=t.admin_package()>{purchase.package_name}</td>
                <td data-label=t.admin_msisdn() class="num">{purchase.msisdn.masked()}</td>
                <td data-label=t.admin_price() class="end"><Money amount=purchase.price/></td>
                <td data-label=t.admin_state()><PurchasePill state=purchase.state/></td>
            </tr>
        }
    };
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{t.admin_purchase_number()}</th>
                    <th scope="col">{t.admin_when()}</th>
                    <th scope="col">{t.admin_buyer()}</th>
                    <th scope="col">{t.admin_package()}</th>
                    <th scope="col">{t.admin_msisdn()}</th>
                    <th scope="col" class="end">{t.admin_price()}</th>
                    <th scope="col">{t.admin_state()}</th>
                </tr>
            </thead>
            <tbody>{purchases.into_iter().map(row).collect_view()}</tbody>
        </table>
    }
    .into_any()
}
