use leptos::prelude::*;
use store::StatementLine;

use crate::components::{Empty, Money, Pager, When, icons};
use crate::error::AppError;
use crate::i18n::T;
use crate::layouts::Tab;
use crate::page::{Member, Screen, member_page};

const ON_A_PAGE: i64 = 30;

/// Movements of the balance.
#[component]
pub fn StatementPage() -> impl IntoView {
    member_page(Tab::Statement, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let after = cx.query("after").to_owned();
    let inside = !after.is_empty();
    let page = cx.store.statement(cx.user.id, inside.then_some(after), ON_A_PAGE).await?;
    let wallet = cx.store.wallet(cx.user.id).await?;
    let held = wallet.held.is_positive().then(|| {
        let held = t.held_amount(wallet.held);
        view! { <span class="muted small num">{held}</span> }
    });
    let body = view! {
        <section class="card spread">
            <span class="muted">{t.balance_now()}</span>
            <span class="end"><strong class="figure"><Money amount=wallet.available/></strong>" "{held}</span>
        </section>
        {list(page.items, inside, t)}
        <Pager base="/statement" next=page.next inside/>
    };
    Ok(Screen::new(t.statement(), body))
}

fn list(lines: Vec<StatementLine>, inside: bool, t: T) -> AnyView {
    if lines.is_empty() {
        return if inside {
            view! { <Empty icon=icons::STATEMENT text=t.nothing_found()/> }.into_any()
        } else {
            let action = (t.top_up().to_owned(), "/topup".to_owned());
            view! { <Empty icon=icons::STATEMENT text=t.no_movements() action/> }.into_any()
        };
    }
    let rows = lines.into_iter().map(|line| row(line, t)).collect_view();
    view! { <section class="card"><ul class="rows" aria-label=t.movements()>{rows}</ul></section> }.into_any()
}

fn row(line: StatementLine, t: T) -> AnyView {
    let title = t.movement(&line.kind);
    let title = match cause(&line) {
        Some(to) => view! { <a class="stretched" href=to aria-label=format!("{title} {}", line.reference)>{title}</a> }.into_any(),
        None => title.into_any(),
    };
    let memo = (line.kind == "adjust" && !line.memo.is_empty()).then_some(line.memo);
    view! {
        <li class="movement">
            <span class="grow">
                <strong>{title}</strong>
                <small class="muted"><When at=line.at/></small>
                {memo.map(|memo| view! { <small>{memo}</small> })}
            </span>
            <span class="side">
                <strong><Money amount=line.amount signed=true/></strong>
                <small class="muted num">{t.balance_was(line.balance_after)}</small>
            </span>
        </li>
    }
    .into_any()
}

/// The page of what moved the balance. An adjustment has none.
fn cause(line: &StatementLine) -> Option<String> {
    match line.kind.as_str() {
        "hold" | "release" | "recharge" => Some(format!("/transactions/{}", line.reference)),
        _ => line.topup.as_ref().map(|topup| format!("/topup/{}", topup.as_str())),
    }
}
