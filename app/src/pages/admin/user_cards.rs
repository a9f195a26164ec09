//! Cards of a user's page: a request to become a reseller, looking as them, corrections, the statement.

use domain::{ResellerRequestState, Role};
use leptos::prelude::*;
use store::{Cause, CorrectionFilter, Page, ResellerRequest, StatementLine, UserRow};

use super::corrections;
use super::user_steps::price_effect;
use crate::components::{
    Button, Card, Empty, Fact, Facts, Hidden, Icon, Look, Money, Pager, PostForm, ServerFn, TextArea, When,
    icons,
};
use crate::error::AppError;
use crate::format::address;
use crate::i18n::T;
use crate::page::Member;
use crate::server_fns::admin::resellers::{ApproveReseller, RefuseReseller};
use crate::server_fns::viewing::ViewAs;

/// Of each; there is a link to the rest.
const CORRECTIONS: i64 = 5;
const STATEMENT_LINES: i64 = 20;

/// A request that waits, with what a yes would mean.
pub(super) async fn reseller_request(cx: &Member, row: &UserRow) -> Result<Option<AnyView>, AppError> {
    let t = cx.t;
    let newest = cx.store.reseller_request(row.user.id).await?;
    let Some(request) = newest.filter(|request| request.state == ResellerRequestState::Waiting) else {
        return Ok(None);
    };
    let (user, id) = (row.user.public_id.as_str().to_owned(), request.id.as_str().to_owned());
    let (user_no, id_no) = (user.clone(), id.clone());
    let effect = price_effect(cx, row.user.role, Role::Reseller).await?;
    let card = view! {
        <Card title=t.reseller_request() class="stack">
            {request_facts(request, t)}
            <PostForm action=ApproveReseller::PATH>
                {effect}
                <p class="muted small">{t.reseller_approve_note()}</p>
                <Hidden name="user" value=user/>
                <Hidden name="request" value=id/>
                <Button class="wide">{t.reseller_approve()}</Button>
            </PostForm>
            <PostForm action=RefuseReseller::PATH>
                <Hidden name="user" value=user_no/>
                <Hidden name="request" value=id_no/>
                <TextArea name="reason" label=t.admin_reason() hint=t.reseller_refuse_hint()/>
                <Button look=Look::Ghost class="wide">{t.reseller_refuse()}</Button>
            </PostForm>
        </Card>
    };
    Ok(Some(card.into_any()))
}

fn request_facts(request: ResellerRequest, t: T) -> impl IntoView {
    let note = (!request.note.is_empty()).then(|| {
        view! { <Fact label=t.reseller_note()><span class="break">{request.note}</span></Fact> }
    });
    view! {
        <Facts>
            <Fact label=t.correction_asked()><When at=request.asked_at/></Fact>
            <Fact label=t.reseller_shop_name()><span class="break">{request.shop_name}</span></Fact>
            <Fact label=t.reseller_sells_at()><span class="break">{request.sells_at}</span></Fact>
            {note}
        </Facts>
    }
}

/// The way to the shop as this user sees it. Nobody looks as an admin.
pub(super) fn view_as(UserRow { user, .. }: &UserRow, t: T) -> Option<AnyView> {
    if user.role == Role::Admin {
        return None;
    }
    let id = user.public_id.as_str().to_owned();
    let card = view! {
        <Card title=t.view_as_title()>
            <PostForm action=ViewAs::PATH>
                <p class="muted">{t.view_as_lead()}</p>
                <Hidden name="user" value=id/>
                <Button look=Look::Ghost class="wide"><Icon icon=icons::SEARCH/>{t.view_as()}</Button>
            </PostForm>
        </Card>
    };
    Some(card.into_any())
}

/// The newest corrections.
pub(super) async fn corrections(cx: &Member, row: &UserRow) -> Result<AnyView, AppError> {
    let t = cx.t;
    let filter =
        CorrectionFilter { user: Some(row.user.id), limit: CORRECTIONS, ..CorrectionFilter::default() };
    let newest = cx.store.corrections(filter).await?.items;
    if newest.is_empty() {
        let none = view! { <Card title=t.user_corrections()><p class="muted">{t.user_corrections_none()}</p></Card> };
        return Ok(none.into_any());
    }
    let all = address(corrections::LIST, &[("user", row.user.public_id.as_str())]);
    let link = (t.show_all().to_owned(), all);
    Ok(view! { <Card title=t.user_corrections() link>{corrections::table(newest, t)}</Card> }.into_any())
}

/// The movements of the balance, in parts.
pub(super) async fn statement(cx: &Member, row: &UserRow) -> Result<AnyView, AppError> {
    let t = cx.t;
    let after = cx.query("after").to_owned();
    let inside = !after.is_empty();
    let Page { items, next } =
        cx.store.statement(row.user.id, inside.then_some(after), STATEMENT_LINES).await?;
    let base = format!("/admin/users/{}", row.user.public_id.as_str());
    let lines = lines(items, t);
    let cards = view! {
        <Card title=t.user_statement()>{lines}</Card>
        <Pager base next inside/>
    };
    Ok(cards.into_any())
}

fn lines(lines: Vec<StatementLine>, t: T) -> AnyView {
    if lines.is_empty() {
        return view! { <Empty icon=icons::STATEMENT text=t.admin_user_statement_none()/> }.into_any();
    }
    let row = |line: StatementLine| {
        let cause = line.cause.as_ref().map(|cause| {
            let (to, id) = page_of(cause);
            view! { " · " <a class="num nowrap" href=to>{id}</a> }
        });
        let memo = (!line.memo.is_empty()).then(|| view! { <div class="muted small">{line.memo}</div> });
        view! {
            <tr>
                <td data-label=t.admin_when()><div><When at=line.at plain=true/></div></td>
                <td data-label=t.admin_line_kind()><div>{t.admin_line(&line.kind)}{cause}{memo}</div></td>
                <td data-label=t.admin_amount() class="end"><Money amount=line.amount signed=true/></td>
                <td data-label=t.admin_balance() class="end"><Money amount=line.balance_after/></td>
            </tr>
        }
    };
    let rows = lines.into_iter().map(row).collect_view();
    view! {
        <table class="table">
            <thead>
                <tr>
                    <th scope="col">{t.admin_when()}</th>
                    <th scope="col">{t.admin_line_kind()}</th>
                    <th scope="col" class="end">{t.admin_amount()}</th>
                    <th scope="col" class="end">{t.admin_balance()}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

/// The admins' page of what moved the balance.
fn page_of(cause: &Cause) -> (String, String) {
    let (list, id) = match cause {
        Cause::Purchase(id) => ("transactions", id),
        Cause::Topup(id) => ("topups", id),
        Cause::Correction(id) => ("corrections", id),
    };
    (format!("/admin/{list}/{}", id.as_str()), id.to_string())
}
