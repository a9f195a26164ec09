//! Statements of the shop's bank accounts: what has arrived, and which top-ups it pays.

mod pairs;
mod read;

pub use read::AdminStatementPage;

use leptos::prelude::*;
use store::{BankAccount, PayGatewaySetting, source_of_bank, source_of_gateway};

use super::parts::{MoneyLinks, Overtaken};
use crate::components::{Card, Empty, Filter, Filters, Look, Notice, Tone, icons};
use crate::error::AppError;
use crate::i18n::T;
use crate::islands::FormGuard;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};
use crate::pages::shop::parts::page_refusal;
use crate::server_fns::admin::statements::{PAGE, statements_page};

/// Where the file is sent: a plain route of the server.
const UPLOAD: &str = "/admin/statements/upload";
/// The field's name, as that route knows it.
const FILE: &str = "file";

/// What a statement is of.
#[derive(Clone, PartialEq, Eq)]
pub(super) struct Source {
    /// As the store names it.
    pub(super) id: String,
    /// As people know it.
    pub(super) name: String,
    /// The bank account, if it is one; else it is a payment gateway.
    pub(super) bank: Option<i64>,
}

/// What has arrived, account by account.
#[component]
pub fn AdminStatementsPage() -> impl IntoView {
    admin_page(Section::Statements, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let sources = sources(cx.store.bank_accounts(false).await?, cx.store.pay_gateways().await?);
    let wanted = cx.query("source");
    let source = sources.iter().find(|source| source.id == wanted).or(sources.first()).cloned();
    let Some(source) = source else {
        let body = view! {
            <MoneyLinks on=PAGE/>
            <Card><Empty icon=icons::BANK text=t.admin_banks_none()
                action=(t.funding_no_bank_link().to_owned(), "/admin/settings?bank=new".to_owned())/></Card>
        };
        return Ok(Screen::new(t.statements(), body));
    };
    let choices = sources.iter().map(|other| Filter {
        label: other.name.clone(),
        to: statements_page(&other.id),
        on: other.id == source.id,
    });
    let choices = choices.collect();
    let lines = match source.bank {
        Some(bank) => pairs::show(&cx, &source, bank).await?,
        None => {
            let to = format!("/admin/payments/{}/day", source.name);
            view! {
                <Card class="stack">
                    <p class="muted">{t.statement_gateway_lead()}</p>
                    <a class="btn btn-ghost" href=to>{t.pay_day_link()}</a>
                </Card>
            }
            .into_any()
        }
    };
    let body = view! {
        <MoneyLinks on=PAGE/>
        <Overtaken/>
        <Filters label=t.statement_of() choices/>
        {taken_in(&cx)}
        {approved(&cx)}
        {lines}
        {upload(&source, t)}
    };
    Ok(Screen::new(t.statements(), body))
}

pub(super) fn sources(banks: Vec<BankAccount>, gateways: Vec<PayGatewaySetting>) -> Vec<Source> {
    let banks = banks.into_iter().map(|bank| Source {
        id: source_of_bank(bank.id),
        name: format!("{} {}", bank.bank, bank.number),
        bank: Some(bank.id),
    });
    let gateways = gateways.into_iter().map(|gateway| Source {
        id: source_of_gateway(&gateway.name),
        name: gateway.name,
        bank: None,
    });
    banks.chain(gateways).collect()
}

/// What came of taking a file in.
fn taken_in(cx: &Member) -> Option<impl IntoView + use<>> {
    let (added, known) = (cx.query_as::<u32>("added")?, cx.query_as::<u32>("known")?);
    let words = cx.t.statement_taken_in(added, known);
    Some(view! { <div role="status"><Notice tone=Tone::Ok>{words}</Notice></div> })
}

/// What came of approving several pairs.
fn approved(cx: &Member) -> Option<impl IntoView + use<>> {
    let t = cx.t;
    let credited = cx.query_as::<u32>("credited")?;
    let second = cx.query_as::<u32>("second").unwrap_or_default();
    let refused = cx.query_as::<u32>("refused").unwrap_or_default();
    let tone = if second + refused == 0 { Tone::Ok } else { Tone::Wait };
    let second = (second > 0).then(|| format!(" {}", t.pairs_second(second)));
    let refused = (refused > 0).then(|| format!(" {}", t.pairs_refused(refused)));
    Some(
        view! { <div role="status"><Notice tone>{t.pairs_credited(credited)}{second}{refused}</Notice></div> },
    )
}

fn upload(source: &Source, t: T) -> AnyView {
    let error = page_refusal().and_then(|refusal| match refusal {
        domain::Refusal::Invalid { fields } => {
            fields.into_iter().find(|error| error.field == FILE).map(|error| t.field_code(&error.error))
        }
        _ => None,
    });
    let invalid = error.is_some().then_some("true");
    let id = source.id.clone();
    view! {
        <div id="upload">
            <Card title=t.statement_upload()>
                <p class="muted small">{t.statement_upload_lead()}</p>
                <FormGuard texts=Vec::new()>
                    <form method="post" action=UPLOAD enctype="multipart/form-data" class="stack">
                        <input type="hidden" name="source" value=id/>
                        <div class="field">
                            <label for="file">{t.statement_file()}</label>
                            <input class="form-control" id="file" name=FILE type="file" accept=".csv,.txt,text/csv,text/plain"
                                aria-describedby="file-hint file-error" aria-invalid=invalid/>
                            <p class="hint" id="file-hint">{t.statement_file_hint()}</p>
                            <p class="error" id="file-error" aria-live="polite">{error}</p>
                        </div>
                        <div class="field">
                            <label for="text">{t.statement_paste()}</label>
                            <textarea class="form-control" id="text" name="text" rows="4" spellcheck="false"></textarea>
                        </div>
                        <button type="submit" class=format!("{} wide", Look::Ghost.class())>{t.statement_next()}</button>
                    </form>
                </FormGuard>
            </Card>
        </div>
    }
    .into_any()
}
