use leptos::prelude::*;
use store::{AuditRow, LastCheck, Person};

use super::parts::ROWS;
use crate::audit::{AuditAsked, CSV, PAGE};
use crate::components::{
    Card, Choice, Empty, Fact, Facts, Icon, Notice, Pager, Pill, Select, Tone, When, icons,
};
use crate::error::AppError;
use crate::format::address;
use crate::i18n::{ACTIONS, KINDS, T, Words};
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};

/// What admins and the shop itself have done.
#[component]
pub fn AdminAuditPage() -> impl IntoView {
    admin_page(Section::Audit, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let asked = AuditAsked {
        actor: cx.query("actor").to_owned(),
        action: cx.query("action").to_owned(),
        kind: cx.query("kind").to_owned(),
        id: cx.query("id").to_owned(),
        from: cx.query("from").to_owned(),
        to: cx.query("to").to_owned(),
    };
    let after = Some(cx.query("after")).filter(|after| !after.is_empty()).map(str::to_owned);
    let inside = after.is_some();
    let check = cx.store.last_check().await?;
    let base = address(PAGE, &asked.query());
    let (rows, next) = match asked.filter(&cx.store).await? {
        None => (view! { <Notice tone=Tone::Info>{t.audit_nobody()}</Notice> }.into_any(), None),
        Some(filter) => {
            let filter = store::AuditFilter { after, limit: ROWS, ..filter };
            let page = cx.store.audit_log(&filter).await?;
            let rows = match (page.items.is_empty(), &page.next) {
                (true, Some(_)) => view! { <Empty icon=icons::SEARCH text=t.audit_none_here()/> }.into_any(),
                (true, None) => view! { <Empty icon=icons::SHIELD text=t.audit_none()/> }.into_any(),
                (false, _) => table(page.items, t),
            };
            (rows, page.next)
        }
    };
    let csv = address(CSV, &asked.query());
    let body = view! {
        {chain(check, t)}
        {search(asked, t)}
        <Card>{rows}</Card>
        <Pager base next inside/>
        <div class="spread">
            <p class="muted small">{t.audit_csv_note()}</p>
            <a class="btn btn-ghost" href=csv rel="external" download><Icon icon=icons::DOWNLOAD/>{t.audit_csv()}</a>
        </div>
    };
    Ok(Screen::new(t.audit(), body).back("/admin/settings"))
}

fn chain(check: Option<LastCheck>, t: T) -> AnyView {
    let facts = match check {
        None => view! { <p class="muted">{t.audit_never_checked()}</p> }.into_any(),
        Some(LastCheck { at, changed, .. }) => {
            let (tone, words) = if changed == 0 {
                (Tone::Ok, t.audit_whole().to_owned())
            } else {
                (Tone::Bad, t.audit_broken(changed))
            };
            view! {
                <Facts>
                    <Fact label=t.audit_chain()><Pill tone text=words/></Fact>
                    <Fact label=t.audit_checked()><When at/></Fact>
                </Facts>
            }
            .into_any()
        }
    };
    view! { <Card class="stack"><p class="muted">{t.audit_chain_lead()}</p>{facts}</Card> }.into_any()
}

fn search(asked: AuditAsked, t: T) -> AnyView {
    let choices = |any: &str, words: Words| {
        let known = words.iter().map(|(word, text)| Choice::new(*word, text(t)));
        std::iter::once(Choice::new("", any)).chain(known).collect::<Vec<_>>()
    };
    let (mut actions, kinds) = (choices(t.audit_any_action(), ACTIONS), choices(t.audit_any_kind(), KINDS));
    if actions.iter().all(|choice| choice.value != asked.action) {
        // One that this version has no words for can still be looked for by its address.
        actions.push(Choice::new(asked.action.clone(), asked.action.clone()));
    }
    let AuditAsked { actor, action, kind, id, from, to } = asked;
    let field = |name: &'static str, label: &'static str, kind: &'static str, value: String| {
        let field_id = format!("f-{name}");
        view! {
            <div class="field">
                <label for=field_id.clone()>{label}</label>
                <input class="form-control" id=field_id name=name type=kind value=value autocomplete="off"
                    spellcheck="false" autocapitalize="none"/>
            </div>
        }
    };
    view! {
        <form method="get" action=PAGE class="search" role="search">
            {field("actor", t.audit_actor(), "text", actor)}
            <Select name="action" label=t.audit_what() choices=actions value=action/>
            <Select name="kind" label=t.audit_kind() choices=kinds value=kind/>
            {field("id", t.audit_id(), "text", id)}
            {field("from", t.audit_from(), "date", from)}
            {field("to", t.audit_to(), "date", to)}
            <button type="submit" class="btn btn-ghost">{t.search()}</button>
        </form>
    }
    .into_any()
}

fn table(rows: Vec<AuditRow>, t: T) -> AnyView {
    let rows = rows.into_iter().map(|row| table_row(row, t)).collect_view();
    view! {
        <table class="table audit">
            <thead>
                <tr>
                    <th scope="col">{t.admin_when()}</th>
                    <th scope="col">{t.audit_who()}</th>
                    <th scope="col">{t.audit_what()}</th>
                    <th scope="col">{t.audit_object()}</th>
                    <th scope="col">{t.audit_detail()}</th>
                    <th scope="col">{t.audit_seal()}</th>
                </tr>
            </thead>
            <tbody>{rows}</tbody>
        </table>
    }
    .into_any()
}

fn table_row(row: AuditRow, t: T) -> AnyView {
    let who = match &row.actor {
        Some(Person { id, username }) => {
            let to = format!("/admin/users/{}", id.as_str());
            view! { <a href=to>{username.clone()}</a> }.into_any()
        }
        None => view! { <span class="muted">{t.audit_system()}</span> }.into_any(),
    };
    let object = match (page_of(&row), object_words(&row, t)) {
        (Some(to), words) => view! { <a href=to>{words}</a> }.into_any(),
        (None, words) => view! { <span>{words}</span> }.into_any(),
    };
    let lines = detail(&row, t).into_iter().map(|line| view! { <div>{line}</div> }).collect_view();
    let (tone, seal) =
        if row.sealed { (Tone::Ok, t.audit_sealed()) } else { (Tone::Wait, t.audit_unsealed()) };
    view! {
        <tr>
            <td data-label=t.admin_when()><div><When at=row.at plain=true/></div></td>
            <td data-label=t.audit_who()>{who}</td>
            <td data-label=t.audit_what()>{t.audit_action(&row.action)}</td>
            <td data-label=t.audit_object()>{object}</td>
            <td data-label=t.audit_detail() class="small wordy"><div>{lines}</div></td>
            <td data-label=t.audit_seal()><Pill tone text=seal/></td>
        </tr>
    }
    .into_any()
}

/// `Transaksi 7QK2M9DAX3TP`. Users are named by their names.
fn object_words(row: &AuditRow, t: T) -> String {
    if let Some(person) = &row.person {
        return person.username.clone();
    }
    match row.object.split_once(':') {
        Some(("setting", "shop")) | None => t.audit_kind_of(row.object.split(':').next().unwrap_or_default()),
        Some((kind, id)) => format!("{} {id}", t.audit_kind_of(kind)),
    }
}

/// The page of an object, where there is one.
fn page_of(row: &AuditRow) -> Option<String> {
    if let Some(person) = &row.person {
        return Some(format!("/admin/users/{}", person.id.as_str()));
    }
    let (kind, id) = row.object.split_once(':').unwrap_or((&row.object, ""));
    let list = match (kind, id) {
        ("purchase", _) => "transactions",
        ("topup", _) => "topups",
        ("package", _) => "packages",
        ("case", _) => "cases",
        ("setting", "static_code") => return Some("/admin/payments/qris".to_owned()),
        ("setting", "notices") | ("notice_channel" | "notice_text", _) => {
            return Some("/admin/notifications".to_owned());
        }
        ("setting" | "bank_account", _) => return Some("/admin/settings".to_owned()),
        ("gateway", _) => return Some("/admin/gateways".to_owned()),
        ("pay_gateway" | "pay_method", _) => return Some("/admin/payments".to_owned()),
        ("bank", _) => return Some("/admin/statements".to_owned()),
        ("webhook", _) => return Some("/admin/webhooks".to_owned()),
        _ => return None,
    };
    id.parse::<domain::PublicId>().ok().map(|id| format!("/admin/{list}/{}", id.as_str()))
}

/// Line by line; fields of the settings under the names that their forms give them.
fn detail(row: &AuditRow, t: T) -> Vec<String> {
    let of_settings = matches!(row.action.as_str(), "save_settings" | "save_logo" | "remove_logo");
    let value = |value: &str| if value == "null" { "–".to_owned() } else { value.to_owned() };
    let line = |line: &str| {
        let change = line.split_once(": ").filter(|_| of_settings);
        let change = change.and_then(|(field, values)| Some((field, values.split_once(" -> ")?)));
        change.map_or_else(
            || line.to_owned(),
            |(field, (old, new))| format!("{}: {} → {}", t.settings_field(field), value(old), value(new)),
        )
    };
    row.detail.lines().map(line).collect()
}
