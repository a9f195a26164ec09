//! What the columns of a file hold, and what would be read from it.

use domain::{
    Delimiter, NumberStyle, Refusal, RowProblem, Statement, StatementDateFormat, StatementGuess,
    StatementProfile, StatementText, Zone,
};
use leptos::context::Provider;
use leptos::prelude::*;

use super::sources;
use crate::components::{
    Button, Card, Choice, Field, FormState, Hidden, Input, Look, Money, Notice, PostForm, Select, ServerFn,
    Tone,
};
use crate::context::{Session, provided};
use crate::error::AppError;
use crate::format;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};
use crate::server_fns::admin::statements::{
    MappingForm, READ_PAGE, TakeInStatement, name_at, statements_page,
};

/// The file's first rows, what is read, and problems that are shown.
const ROWS_SHOWN: usize = 5;
const LINES_SHOWN: usize = 10;
const PROBLEMS_SHOWN: usize = 50;
/// A column without a name is known by what stands in it.
const SAMPLE_CHARS: usize = 18;

/// Names the columns of an uploaded statement.
#[component]
pub fn AdminStatementPage() -> impl IntoView {
    admin_page(Section::Statements, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let source = cx.query("source").to_owned();
    let known = sources(cx.store.bank_accounts(false).await?, cx.store.pay_gateways().await?);
    let of = known.into_iter().find(|of| of.id == source).ok_or(Refusal::NotFound)?;
    let back = statements_page(&source);
    let kept = cx.query("kept").to_owned();
    let text = cx.store.kept_statement(&kept, &provided::<Session>()?.key).await?;
    let text = text.and_then(|text| StatementText::from_bytes(text.as_bytes()).ok());
    let Some(text) = text else {
        let body = view! {
            <Notice tone=Tone::Wait>{t.statement_gone()}</Notice>
            <a class="btn btn-primary" href=format!("{back}#upload")>{t.statement_upload()}</a>
        };
        return Ok(Screen::new(t.statement_mapping(), body).back(back));
    };
    let guess = text.guess();
    let asked = !cx.query("amount_kind").is_empty();
    let mapping = if asked {
        asked_for(&cx)
    } else {
        let saved = cx.store.statement_profile(&source).await?;
        let saved = saved.and_then(|saved| serde_json::from_str::<StatementProfile>(&saved).ok());
        MappingForm::usual(&guess, saved.as_ref())
    };
    let profile = mapping.profile(&guess, &source);
    let preview = match &profile {
        Ok(profile) => match text.read(profile, cx.now) {
            Ok(statement) => preview(statement, &source, &kept, &mapping, t),
            Err(error) => {
                view! { <Card title=t.statement_preview()><Notice tone=Tone::Bad>{t.statement_error(error)}</Notice></Card> }
                    .into_any()
            }
        },
        Err(_) => view! { <Notice tone=Tone::Info>{t.statement_choose_columns()}</Notice> }.into_any(),
    };
    let refused = profile.err().filter(|_| asked);
    let body = view! {
        <p class="muted">{t.statement_mapping_lead(of.name)}</p>
        {table(&guess, t)}
        <div class="columns">
            <div class="stack">{form(&guess, mapping, source, kept, refused, t)}</div>
            <div class="stack">{preview}</div>
        </div>
    };
    Ok(Screen::new(t.statement_mapping(), body).back(back))
}

/// The columns as the address names them.
fn asked_for(cx: &Member) -> MappingForm {
    let value = |name: &str| cx.query(name).to_owned();
    MappingForm {
        skip_lines: value("skip_lines"),
        date: value("date"),
        date_format: value("date_format"),
        description: value("description"),
        amount_kind: value("amount_kind"),
        amount: value("amount"),
        marker: value("marker"),
        credit: value("credit"),
        debit: value("debit"),
        numbers: value("numbers"),
        reference: value("reference"),
        balance: value("balance"),
    }
}

fn width(guess: &StatementGuess) -> usize {
    guess.rows.iter().map(Vec::len).chain([guess.header.len()]).max().unwrap_or_default()
}

/// The first rows as they stand in the file. It may be pushed sideways inside its card, as statements are wide.
fn table(guess: &StatementGuess, t: T) -> AnyView {
    let columns = 0..width(guess);
    let heads = columns.clone().map(|at| view! { <th scope="col">{column_name(guess, at, t)}</th> });
    let heads = heads.collect_view();
    let rows = guess.rows.iter().take(ROWS_SHOWN).map(|row| {
        let cells = columns.clone().map(|at| {
            view! { <td>{row.get(at).cloned().unwrap_or_default()}</td> }
        });
        view! { <tr>{cells.collect_view()}</tr> }
    });
    let rows = rows.collect_view();
    let parted = match guess.delimiter {
        Delimiter::Comma => t.delimiter_comma(),
        Delimiter::Semicolon => t.delimiter_semicolon(),
        Delimiter::Tab => t.delimiter_tab(),
        Delimiter::Pipe => t.delimiter_pipe(),
    };
    view! {
        <Card title=t.statement_first_rows()>
            <p class="muted small">{t.statement_parted(parted)}</p>
            <div class="wide-table" tabindex="0" role="region" aria-label=t.statement_first_rows()>
                <table class="raw">
                    <thead><tr>{heads}</tr></thead>
                    <tbody>{rows}</tbody>
                </table>
            </div>
        </Card>
    }
    .into_any()
}

/// `3 · Kredit`, or by what stands in it.
fn column_name(guess: &StatementGuess, at: usize, t: T) -> String {
    let name = name_at(guess, at);
    if !name.is_empty() {
        return format!("{} · {name}", at + 1);
    }
    let sample = guess.rows.iter().filter_map(|row| row.get(at)).find(|cell| !cell.is_empty());
    let sample: String = sample.map(|cell| cell.chars().take(SAMPLE_CHARS).collect()).unwrap_or_default();
    if sample.is_empty() { t.column_n(at + 1) } else { format!("{} · “{sample}”", at + 1) }
}

/// Which column is what. Asks by GET: the choice stands in the address, the file stays where it is.
fn form(
    guess: &StatementGuess,
    mapping: MappingForm,
    source: String,
    kept: String,
    refused: Option<Refusal>,
    t: T,
) -> AnyView {
    let gateway = source.starts_with("gateway:");
    let columns = |none: Option<&str>| -> Vec<Choice> {
        let all = (0..width(guess)).map(|at| Choice::new(at.to_string(), column_name(guess, at, t)));
        none.map(|words| Choice::new("", words)).into_iter().chain(all).collect()
    };
    let (must, may) = (columns(Some(t.column_choose())), columns(Some(t.column_none())));
    let dates = StatementDateFormat::ALL.iter().map(|of| Choice::new(of.as_str(), t.statement_date(*of)));
    let numbers = NumberStyle::ALL.iter().map(|of| Choice::new(of.as_str(), t.statement_numbers(*of)));
    let (dates, numbers): (Vec<_>, Vec<_>) = (dates.collect(), numbers.collect());
    let kinds = vec![
        Choice::new("split", t.amount_split()),
        Choice::new("marked", t.amount_marked()),
        Choice::new("signed", t.amount_signed()),
    ];
    let reference_hint = if gateway { t.column_reference_gateway() } else { t.column_reference_hint() };
    let state = refused.map(|refused| FormState::of_address(Vec::new(), refused)).unwrap_or_default();
    // Made inside the form, where the fields find what is wrong with them.
    let fields = move || {
        view! {
            <Select name="date" label=t.column_date() value=mapping.date choices=must.clone()/>
            <Select name="date_format" label=t.column_date_format() value=mapping.date_format choices=dates/>
            <Select name="description" label=t.column_description() value=mapping.description choices=must/>
            <Select name="amount_kind" label=t.column_amount_kind() value=mapping.amount_kind choices=kinds/>
            <div class="pair">
                <Select name="credit" label=t.column_credit() hint=t.column_split_hint() value=mapping.credit choices=may.clone()/>
                <Select name="debit" label=t.column_debit() value=mapping.debit choices=may.clone()/>
                <Select name="amount" label=t.column_amount() hint=t.column_single_hint() value=mapping.amount choices=may.clone()/>
                <Select name="marker" label=t.column_marker() hint=t.column_marker_hint() value=mapping.marker choices=may.clone()/>
            </div>
            <Select name="numbers" label=t.column_numbers() value=mapping.numbers choices=numbers/>
            <Select name="reference" label=t.column_reference() hint=reference_hint value=mapping.reference choices=may.clone()/>
            <Select name="balance" label=t.column_balance() hint=t.column_balance_hint() value=mapping.balance choices=may/>
            <Field name="skip_lines" label=t.column_skip() hint=t.column_skip_hint() input=Input::Digits value=mapping.skip_lines/>
        }
    };
    view! {
        <Card title=t.statement_columns()>
            <Provider value=state>
                <form method="get" action=READ_PAGE class="stack">
                    <input type="hidden" name="source" value=source/>
                    <input type="hidden" name="kept" value=kept/>
                    {fields()}
                    <button type="submit" class=format!("{} wide", Look::Ghost.class())>{t.statement_look()}</button>
                </form>
            </Provider>
        </Card>
    }
    .into_any()
}

/// What would be taken in.
fn preview(statement: Statement, source: &str, kept: &str, mapping: &MappingForm, t: T) -> AnyView {
    let Statement { lines, debits, notes, problems } = statement;
    let count = lines.len();
    let counts = t.statement_counts(count, debits, notes);
    let shown = lines.into_iter().take(LINES_SHOWN).map(|line| {
        view! {
            <li class="account">
                <div class="grow">
                    <strong><Money amount=line.amount/></strong>" · "<span class="num">{format::date(line.day, Zone::Wib, t.0)}</span>
                    <small class="muted break">{line.description}</small>
                    <small class="muted break num">{line.reference}</small>
                </div>
            </li>
        }
    });
    let shown = shown.collect_view();
    let troubles = (!problems.is_empty()).then(|| troubles(problems, t));
    let (source, kept, mapping) = (source.to_owned(), kept.to_owned(), mapping.clone());
    let take_in = (count > 0).then(|| {
        view! {
            <PostForm action=TakeInStatement::PATH>
                <Hidden name="source" value=source/>
                <Hidden name="kept" value=kept/>
                <Hidden name="skip_lines" value=mapping.skip_lines/>
                <Hidden name="date" value=mapping.date/>
                <Hidden name="date_format" value=mapping.date_format/>
                <Hidden name="description" value=mapping.description/>
                <Hidden name="amount_kind" value=mapping.amount_kind/>
                <Hidden name="amount" value=mapping.amount/>
                <Hidden name="marker" value=mapping.marker/>
                <Hidden name="credit" value=mapping.credit/>
                <Hidden name="debit" value=mapping.debit/>
                <Hidden name="numbers" value=mapping.numbers/>
                <Hidden name="reference" value=mapping.reference/>
                <Hidden name="balance" value=mapping.balance/>
                <Button class="wide">{t.statement_take_in(count)}</Button>
            </PostForm>
        }
    });
    view! {
        <Card title=t.statement_preview() class="stack">
            <p>{counts}</p>
            {troubles}
            <ul class="rows">{shown}</ul>
            <p class="muted small">{t.statement_take_in_lead()}</p>
            {take_in}
        </Card>
    }
    .into_any()
}

fn troubles(problems: Vec<RowProblem>, t: T) -> impl IntoView {
    let count = problems.len();
    let more = count.checked_sub(PROBLEMS_SHOWN).filter(|more| *more > 0);
    let more = more.map(|more| view! { <li class="muted">{t.lines_more(more)}</li> });
    let rows = problems.into_iter().take(PROBLEMS_SHOWN).map(|problem| {
        view! { <li>{t.statement_line(problem.line_number)}" "{t.row_trouble(problem.trouble)}</li> }
    });
    view! {
        <Notice tone=Tone::Wait>{t.statement_problems(count)}</Notice>
        <details>
            <summary>{t.statement_problems_show()}</summary>
            <ul class="small problems">{rows.collect_view()}{more}</ul>
        </details>
    }
}
