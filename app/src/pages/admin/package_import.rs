//! Packages from a table: what it would do, row by row, before anything is done.

use domain::{Refusal, Sheet, StatementText};
use leptos::prelude::*;
use store::{CellChange, PACKAGE_SHEET, PackageDraft, PlannedChange, PlannedRow, RowMistake, SheetPlan};

use crate::components::{
    Button, Card, Hidden, IdempotencyKey, Look, Money, Notice, Pill, PostForm, ServerFn, Tone,
};
use crate::context::{Session, provided};
use crate::error::AppError;
use crate::format::count;
use crate::i18n::T;
use crate::islands::FormGuard;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};
use crate::pages::shop::parts::{answer_unprocessable, page_refusal};
use crate::server_fns::admin::package_bulk::{ImportPackages, LIST};

const PAGE: &str = "/admin/packages/import";
/// Where the file is sent: a plain route of the server.
const UPLOAD: &str = "/admin/packages/import/upload";
/// The field's name, as that route knows it.
const FILE: &str = "file";
/// Rows of one kind that are shown; the rest is counted.
const SHOWN_MOST: usize = 200;

/// Takes a table of packages in.
#[component]
pub fn AdminPackageImportPage() -> impl IntoView {
    admin_page(Section::Packages, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let kept = cx.query("kept").to_owned();
    if kept.is_empty() {
        let body = view! { <div class="middle stack">{upload(t)}{columns(t)}</div> };
        return Ok(Screen::new(t.packages_import(), body).back(LIST));
    }
    let text = cx.store.kept_package_sheet(&kept, &provided::<Session>()?.key).await?;
    let text = text.and_then(|text| StatementText::from_bytes(text.as_bytes()).ok());
    let result = match text.map(|text| Sheet::read(&text, &PACKAGE_SHEET)) {
        None => view! { <Notice tone=Tone::Wait>{t.import_gone()}</Notice> }.into_any(),
        Some(Err(error)) => {
            answer_unprocessable();
            view! { <Notice tone=Tone::Bad>{t.sheet_error(&error)}</Notice> }.into_any()
        }
        Some(Ok(sheet)) => {
            let plan = cx.store.plan_import(&sheet).await?;
            planned(plan, kept, t)?
        }
    };
    let body = view! {
        {result}
        <a class="btn btn-ghost" href=PAGE>{t.import_other_file()}</a>
    };
    Ok(Screen::new(t.import_preview(), body).back(PAGE))
}

fn upload(t: T) -> impl IntoView {
    let error = page_refusal().and_then(|refusal| match refusal {
        Refusal::Invalid { fields } => {
            fields.into_iter().find(|error| error.field == FILE).map(|error| t.field_code(&error.error))
        }
        _ => None,
    });
    let invalid = error.is_some().then_some("true");
    let most_rows = count(i64::try_from(PACKAGE_SHEET.most_rows).unwrap_or(i64::MAX), t.0);
    view! {
        <Card title=t.import_file_title()>
            <p class="muted small">{t.import_lead()}</p>
            <FormGuard texts=Vec::new()>
                <form method="post" action=UPLOAD enctype="multipart/form-data" class="stack">
                    <div class="field">
                        <label for="file">{t.statement_file()}</label>
                        <input class="form-control" id="file" name=FILE type="file" accept=".csv,.txt,text/csv,text/plain"
                            aria-describedby="file-hint file-error" aria-invalid=invalid/>
                        <p class="hint" id="file-hint">{t.import_limits(most_rows)}</p>
                        <p class="error" id="file-error" aria-live="polite">{error}</p>
                    </div>
                    <div class="field">
                        <label for="text">{t.statement_paste()}</label>
                        <textarea class="form-control" id="text" name="text" rows="4" spellcheck="false"></textarea>
                    </div>
                    <button type="submit" class=format!("{} wide", Look::Primary.class())>{t.import_look()}</button>
                </form>
            </FormGuard>
        </Card>
    }
}

/// What the columns are. The best way to learn them is a table of the shop's own.
fn columns(t: T) -> impl IntoView {
    let rows = PACKAGE_SHEET.columns.iter().map(move |column| {
        view! { <li class="stack"><code>{*column}</code><span class="muted small">{t.sheet_column(column)}</span></li> }
    });
    view! {
        <Card title=t.import_columns()>
            <p class="muted small">
                {t.import_columns_lead()}" "<a href="/admin/packages/export.csv" rel="external" download="">{t.packages_export()}</a>
            </p>
            <ul class="rows">{rows.collect_view()}</ul>
        </Card>
    }
}

fn planned(plan: SheetPlan, kept: String, t: T) -> Result<AnyView, AppError> {
    let [new, changed, unchanged, wrong] = plan.counts();
    let fingerprint = plan.fingerprint()?;
    let rows = Rows::of(plan);
    let total = new + changed;
    let apply = match (wrong, total) {
        (0, 0) => view! { <Notice tone=Tone::Info>{t.import_nothing()}</Notice> }.into_any(),
        (0, _) => view! {
            <PostForm action=ImportPackages::PATH>
                <Hidden name="kept" value=kept/>
                <Hidden name="fingerprint" value=fingerprint/>
                <IdempotencyKey/>
                <p class="muted small">{t.import_apply_lead()}</p>
                <Button class="wide">{t.import_apply(total)}</Button>
            </PostForm>
        }
        .into_any(),
        _ => {
            answer_unprocessable();
            view! { <Notice tone=Tone::Bad>{t.import_wrong(wrong)}</Notice> }.into_any()
        }
    };
    let mistakes = (!rows.wrong.is_empty()).then(|| wrong_rows(rows.wrong, t));
    let changes = (!rows.changed.is_empty()).then(|| changed_rows(rows.changed, t));
    let additions = (!rows.new.is_empty()).then(|| new_rows(rows.new, t));
    Ok(view! {
        <Card class="stack">
            <p><strong>{t.import_counts(new, changed, unchanged, wrong)}</strong></p>
            {apply}
        </Card>
        {mistakes}
        {changes}
        {additions}
    }
    .into_any())
}

/// The rows by what becomes of them, each with its line and name.
#[derive(Default)]
struct Rows {
    wrong: Vec<(u32, String, Vec<RowMistake>)>,
    changed: Vec<(u32, String, PackageDraft, Vec<CellChange>)>,
    new: Vec<(u32, PackageDraft)>,
}

impl Rows {
    fn of(plan: SheetPlan) -> Self {
        let mut rows = Self::default();
        for PlannedRow { line_number, name, change } in plan.rows {
            match change {
                PlannedChange::Wrong(mistakes) => rows.wrong.push((line_number, name, mistakes)),
                PlannedChange::Changed(changed) => {
                    rows.changed.push((line_number, name, changed.draft, changed.cells));
                }
                PlannedChange::New(draft) => rows.new.push((line_number, *draft)),
                PlannedChange::Unchanged => {}
            }
        }
        rows
    }
}

fn wrong_rows(rows: Vec<(u32, String, Vec<RowMistake>)>, t: T) -> AnyView {
    let more = more(rows.len(), t);
    let rows = rows.into_iter().take(SHOWN_MOST).map(move |(line, name, mistakes)| {
        let mistakes = mistakes.into_iter().map(move |mistake| {
            let column = mistake.column.map(|column| view! { <code>{column}</code>": " });
            view! { <li class="error">{column}{t.row_mistake(&mistake)}</li> }
        });
        view! {
            <li class="stack"><strong>{t.statement_line(line)}" "{name}</strong><ul>{mistakes.collect_view()}</ul></li>
        }
    });
    view! { <Card title=t.import_wrong_title()><ul class="rows">{rows.collect_view()}</ul>{more}</Card> }
        .into_any()
}

fn changed_rows(rows: Vec<(u32, String, PackageDraft, Vec<CellChange>)>, t: T) -> AnyView {
    let more = more(rows.len(), t);
    let rows = rows.into_iter().take(SHOWN_MOST).map(move |(line, name, draft, cells)| {
        let cells = cells.into_iter().map(move |cell| {
            view! {
                <li class="break">
                    <code>{cell.column}</code>": "<s class="muted">{named(cell.before, t)}</s>
                    <span aria-hidden="true">" → "</span>
                    <span class="visually-hidden">" "{t.admin_becomes()}" "</span>
                    <strong>{named(cell.after, t)}</strong>
                </li>
            }
        });
        view! {
            <li class="stack">
                <strong>{t.statement_line(line)}" "{name}</strong>
                <ul class="small">{cells.collect_view()}</ul>
                {above(&draft, t)}
            </li>
        }
    });
    view! { <Card title=t.import_changed_title()><ul class="rows">{rows.collect_view()}</ul>{more}</Card> }
        .into_any()
}

fn new_rows(rows: Vec<(u32, PackageDraft)>, t: T) -> AnyView {
    let more = more(rows.len(), t);
    let rows = rows.into_iter().take(SHOWN_MOST).map(move |(line, draft)| {
        let above = above(&draft, t);
        let state = if draft.active { t.active() } else { t.inactive() };
        view! {
            <li class="stack">
                <strong>{t.statement_line(line)}" "{draft.name}</strong>
                <small class="muted num">
                    {draft.brand}" · "{draft.quota}" · "{draft.sku}" · "<Money amount=draft.prices.member/>" / "
                    <Money amount=draft.prices.reseller/>" · "{state}
                </small>
                {above}
            </li>
        }
    });
    view! { <Card title=t.import_new_title()><ul class="rows">{rows.collect_view()}</ul>{more}</Card> }
        .into_any()
}

fn above(draft: &PackageDraft, t: T) -> Option<impl IntoView + use<>> {
    (draft.prices.reseller > draft.prices.member)
        .then(|| view! { <div><Pill tone=Tone::Wait text=t.bulk_reseller_above()/></div> })
}

/// Nothing has a name, too.
fn named(cell: String, t: T) -> String {
    if cell.is_empty() { t.import_empty_cell().to_owned() } else { cell }
}

fn more(count: usize, t: T) -> Option<impl IntoView + use<>> {
    let more = count.checked_sub(SHOWN_MOST).filter(|more| *more > 0)?;
    Some(view! { <p class="muted">{t.lines_more(more)}</p> })
}
