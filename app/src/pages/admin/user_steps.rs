//! The second steps of what an admin can do to a user: the facts, and one button. Which step it is stands in the
//! address, so that it works without JavaScript and "back" means back.

use domain::{Role, Rupiah, UserState};
use leptos::prelude::*;
use store::{PackageFilter, UserRow};

use super::parts::Change;
use crate::components::{
    Button, Card, Fact, Facts, Hidden, Look, Money, Notice, PostForm, ServerFn, TextArea, Tone,
};
use crate::error::AppError;
use crate::i18n::T;
use crate::page::{Member, Screen};
use crate::server_fns::admin::users::{AdjustBalance, SetUserRole, SetUserState, UnfreezeWallet, signed};

/// `?confirm=` of a suspension.
pub(super) const SUSPEND: &str = "suspend";
/// `?confirm=` of its end.
pub(super) const REACTIVATE: &str = "reactivate";

/// `?confirm=` of letting a frozen account buy again.
pub(super) const UNFREEZE: &str = "unfreeze";

/// Packages whose prices show what a role means.
const EXAMPLES: usize = 5;

/// The step that the address asks for, if it makes sense for this user.
pub(super) async fn asked_for(cx: &Member, row: &UserRow) -> Result<Option<Screen>, AppError> {
    let t = cx.t;
    let role = cx.query_as::<Role>("role").filter(|role| *role != row.user.role);
    let step = match (role, cx.query("confirm"), row.user.state) {
        (Some(role), ..) => Some(role_step(cx, row, role).await?),
        (None, SUSPEND, UserState::Active) | (None, REACTIVATE, UserState::Suspended) => {
            Some(state_step(row, t))
        }
        (None, UNFREEZE, _) if row.wallet.frozen && row.user.id != cx.user.id => Some(unfreeze_step(row, t)),
        _ => adjust_step(cx, row).await?,
    };
    Ok(step.map(|step| step.back(page(row))))
}

async fn role_step(cx: &Member, row: &UserRow, role: Role) -> Result<Screen, AppError> {
    let t = cx.t;
    let (id, name) = (row.user.public_id.as_str().to_owned(), row.user.username.as_str().to_owned());
    let title = t.admin_role_confirm(&name);
    let now = row.user.role;
    let admin =
        (role == Role::Admin).then(|| view! { <Notice tone=Tone::Wait>{t.admin_role_admin_note()}</Notice> });
    let (effect, cancel) = (price_effect(cx, now, role).await?, cancel(row, t));
    let body = view! {
        <PostForm action=SetUserRole::PATH>
            <Facts>
                <Fact label=t.admin_buyer()>{name}</Fact>
                <Fact label=t.admin_role()>{t.role(now)}" → "{t.role(role)}</Fact>
            </Facts>
            {admin}
            {effect}
            <p class="muted small">{t.admin_role_note()}</p>
            <Hidden name="user" value=id/>
            <Hidden name="role" value=role.as_str()/>
            <Button class="wide">{t.admin_role_yes(t.role(role))}</Button>
            {cancel}
        </PostForm>
    };
    Ok(Screen::new(title, narrow(body)))
}

/// What a change of role means for the buyer, by the packages on sale.
pub(super) async fn price_effect(cx: &Member, from: Role, to: Role) -> Result<AnyView, AppError> {
    let t = cx.t;
    if (from == Role::Reseller) == (to == Role::Reseller) {
        return Ok(view! { <p class="muted small">{t.user_price_same()}</p> }.into_any());
    }
    let on_sale = PackageFilter { only_active: true, ..PackageFilter::default() };
    let packages = cx.store.packages(on_sale).await?;
    if packages.is_empty() {
        return Ok(().into_any());
    }
    let rows = packages.into_iter().take(EXAMPLES).map(|package| {
        let (now, then) = (package.prices.for_role(from), package.prices.for_role(to));
        view! {
            <tr>
                <td data-label=t.admin_package()>{package.name}</td>
                <td data-label=t.user_price_now() class="end"><Money amount=now/></td>
                <td data-label=t.user_price_then() class="end strong"><Money amount=then/></td>
            </tr>
        }
    });
    let rows = rows.collect_view();
    let table = view! {
        <p class="strong">{t.user_price_effect()}</p>
        <table class="table" aria-label=t.user_price_effect()>
            <thead>
                <tr>
                    <th scope="col">{t.admin_package()}</th>
                    <th scope="col" class="end">{t.user_price_now()}</th>
                    <th scope="col" class="end">{t.user_price_then()}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    };
    Ok(table.into_any())
}

fn state_step(row: &UserRow, t: T) -> Screen {
    let (id, name) = (row.user.public_id.as_str().to_owned(), row.user.username.as_str().to_owned());
    let (available, open) = (row.wallet.available, row.wallet.open_purchases);
    let (next, title, note, look, words) = match row.user.state {
        UserState::Active => (
            UserState::Suspended,
            t.admin_suspend_confirm(&name),
            t.admin_suspend_note(),
            Look::Danger,
            t.admin_suspend_yes(),
        ),
        UserState::Suspended => (
            UserState::Active,
            t.admin_reactivate_confirm(&name),
            t.admin_reactivate_note(),
            Look::Primary,
            t.admin_reactivate_yes(),
        ),
    };
    let cancel = cancel(row, t);
    let body = view! {
        <PostForm action=SetUserState::PATH>
            <Facts>
                <Fact label=t.admin_buyer()>{name}</Fact>
                <Fact label=t.admin_balance()><Money amount=available/></Fact>
                <Fact label=t.admin_open_purchases()>{open}</Fact>
            </Facts>
            <p class="muted small">{note}</p>
            <Hidden name="user" value=id/>
            <Hidden name="state" value=next.as_str()/>
            <TextArea name="reason" label=t.user_suspend_reason() hint=t.user_suspend_hint()
                optional=next == UserState::Active/>
            <Button look class="wide">{words}</Button>
            {cancel}
        </PostForm>
    };
    Screen::new(title, narrow(body))
}

fn unfreeze_step(row: &UserRow, t: T) -> Screen {
    let (id, name) = (row.user.public_id.as_str().to_owned(), row.user.username.as_str().to_owned());
    let title = t.admin_unfreeze_confirm(&name);
    let (available, owed) = (row.wallet.available, row.wallet.receivable);
    let cancel = cancel(row, t);
    let body = view! {
        <PostForm action=UnfreezeWallet::PATH>
            <Facts>
                <Fact label=t.admin_buyer()>{name}</Fact>
                <Fact label=t.admin_balance()><Money amount=available/></Fact>
                <Fact label=t.admin_receivable()><Money amount=owed/></Fact>
            </Facts>
            <p class="muted small">{t.admin_unfreeze_note()}</p>
            <Hidden name="user" value=id/>
            <Button class="wide">{t.admin_unfreeze_yes()}</Button>
            {cancel}
        </PostForm>
    };
    Screen::new(title, narrow(body))
}

async fn adjust_step(cx: &Member, row: &UserRow) -> Result<Option<Screen>, AppError> {
    let t = cx.t;
    let (direction, reason) = (cx.query("direction").to_owned(), cx.query("reason").to_owned());
    let amount = cx.query_as::<Rupiah>("amount").filter(|amount| amount.is_positive());
    let Some((amount, change)) = amount.and_then(|amount| Some((amount, signed(&direction, amount).ok()?)))
    else {
        return Ok(None);
    };
    let key = cx.query("key").to_owned();
    if reason.is_empty() || key.is_empty() {
        return Ok(None);
    }
    let rest = cx.store.may_correct_alone(cx.user.id).await?;
    let alone = amount <= rest;
    let second = (!alone).then(|| view! { <Notice tone=Tone::Wait>{t.correction_above(rest)}</Notice> });
    let (id, name) = (row.user.public_id.as_str().to_owned(), row.user.username.as_str().to_owned());
    let title = t.admin_adjust_confirm(&name);
    let (look, words) = match (alone, change.is_positive()) {
        (false, _) => (Look::Primary, t.correction_ask_yes(change)),
        (true, true) => (Look::Primary, t.admin_adjust_add_yes(amount)),
        (true, false) => (Look::Danger, t.admin_adjust_take_yes(amount)),
    };
    let (before, shown_reason) = (row.wallet.available, reason.clone());
    let cancel = cancel(row, t);
    let body = view! {
        <PostForm action=AdjustBalance::PATH>
            <Facts>
                <Fact label=t.admin_buyer()>{name}</Fact>
                <Fact label=t.admin_change()><Money amount=change signed=true/></Fact>
                <Fact label=t.admin_balance_then()><Change before by=change/></Fact>
                <Fact label=t.admin_reason()>{shown_reason}</Fact>
            </Facts>
            {second}
            <p class="muted small">{t.admin_adjust_reason_hint()}</p>
            <Hidden name="user" value=id/>
            <Hidden name="direction" value=direction/>
            <Hidden name="amount" value=amount.get().to_string()/>
            <Hidden name="reason" value=reason/>
            <Hidden name="key" value=key/>
            <Button look class="wide">{words}</Button>
            {cancel}
        </PostForm>
    };
    Ok(Some(Screen::new(title, narrow(body))))
}

fn narrow(form: impl IntoView + 'static) -> impl IntoAny {
    view! { <div class="narrow"><Card>{form}</Card></div> }
}

fn cancel(row: &UserRow, t: T) -> impl IntoView + use<> {
    view! { <a class="btn btn-plain wide" href=page(row)>{t.cancel()}</a> }
}

fn page(row: &UserRow) -> String {
    format!("/admin/users/{}", row.user.public_id.as_str())
}
