//! The second steps of what an admin can do to a user: the facts, and one button. Which step it is stands in the
//! address, so that it works without JavaScript and "back" means back.

use domain::{Role, Rupiah, UserState};
use leptos::prelude::*;
use store::UserRow;

use super::parts::Change;
use crate::components::{Button, Card, Fact, Facts, Hidden, Look, Money, Notice, PostForm, ServerFn, Tone};
use crate::i18n::T;
use crate::page::{Member, Screen};
use crate::server_fns::admin::users::{AdjustBalance, SetUserRole, SetUserState, UnfreezeWallet, signed};

/// `?confirm=` of a suspension.
pub(super) const SUSPEND: &str = "suspend";
/// `?confirm=` of its end.
pub(super) const REACTIVATE: &str = "reactivate";

/// `?confirm=` of letting a frozen account buy again.
pub(super) const UNFREEZE: &str = "unfreeze";

/// The step that the address asks for, if it makes sense for this user.
pub(super) fn asked_for(cx: &Member, row: &UserRow) -> Option<Screen> {
    let t = cx.t;
    let role = cx.query_as::<Role>("role").filter(|role| *role != row.user.role);
    let step = match (role, cx.query("confirm"), row.user.state) {
        (Some(role), ..) => role_step(row, role, t),
        (None, SUSPEND, UserState::Active) | (None, REACTIVATE, UserState::Suspended) => state_step(row, t),
        (None, UNFREEZE, _) if row.wallet.frozen && row.user.id != cx.user.id => unfreeze_step(row, t),
        _ => adjust_step(cx, row)?,
    };
    Some(step.back(page(row)))
}

fn role_step(row: &UserRow, role: Role, t: T) -> Screen {
    let (id, name) = (row.user.public_id.as_str().to_owned(), row.user.username.as_str().to_owned());
    let title = t.admin_role_confirm(&name);
    let now = row.user.role;
    let price =
        move |role| if role == Role::Reseller { t.admin_price_reseller() } else { t.admin_price_member() };
    let admin =
        (role == Role::Admin).then(|| view! { <Notice tone=Tone::Wait>{t.admin_role_admin_note()}</Notice> });
    let cancel = cancel(row, t);
    let body = view! {
        <PostForm action=SetUserRole::PATH>
            <Facts>
                <Fact label=t.admin_buyer()>{name}</Fact>
                <Fact label=t.admin_role()>{t.role(now)}" → "{t.role(role)}</Fact>
                <Fact label=t.admin_role_price()>{price(now)}" → "{price(role)}</Fact>
            </Facts>
            {admin}
            <p class="muted small">{t.admin_role_note()}</p>
            <Hidden name="user" value=id/>
            <Hidden name="role" value=role.as_str()/>
            <Button class="wide">{t.admin_role_yes(t.role(role))}</Button>
            {cancel}
        </PostForm>
    };
    Screen::new(title, narrow(body))
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

fn adjust_step(cx: &Member, row: &UserRow) -> Option<Screen> {
    let t = cx.t;
    let (direction, reason) = (cx.query("direction").to_owned(), cx.query("reason").to_owned());
    let amount = cx.query_as::<Rupiah>("amount").filter(|amount| amount.is_positive())?;
    let change = signed(&direction, amount).ok()?;
    let key = cx.query("key").to_owned();
    if reason.is_empty() || key.is_empty() {
        return None;
    }
    let (id, name) = (row.user.public_id.as_str().to_owned(), row.user.username.as_str().to_owned());
    let title = t.admin_adjust_confirm(&name);
    let (look, words) = if change.is_positive() {
        (Look::Primary, t.admin_adjust_add_yes(amount))
    } else {
        (Look::Danger, t.admin_adjust_take_yes(amount))
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
    Some(Screen::new(title, narrow(body)))
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
