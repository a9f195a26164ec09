use domain::UtcMillis;
use leptos::prelude::*;
use store::{BackupRun, BackupRunKind, Restoration};

use crate::components::{
    Button, Card, Check, Empty, Fact, Facts, Hidden, Notice, Pill, PostForm, ServerFn, Tone, When, icons,
};
use crate::error::AppError;
use crate::format;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};
use crate::server_fns::admin::backups::EndRestoration;

/// Backups and tests that the page shows.
const RUNS: i64 = 10;

/// Backups, tests of them, and what to do after a restore.
#[component]
pub fn AdminBackupsPage() -> impl IntoView {
    admin_page(Section::Settings, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let restoration = cx.store.open_restoration().await?;
    let backups = cx.store.backup_runs(BackupRunKind::Backup, RUNS).await?;
    let tests = cx.store.backup_runs(BackupRunKind::Test, RUNS).await?;
    let body = view! {
        {restoration.map(|restoration| restored(restoration, t))}
        <div class="columns">
            <div class="stack">
                <Card title=t.backups_runs() class="stack">
                    <p class="muted">{t.backups_lead()}</p>
                    {runs(backups, t.backups_none(), t)}
                </Card>
            </div>
            <div class="stack">
                <Card title=t.restore_tests() class="stack">
                    <p class="muted">{t.restore_tests_lead()}</p>
                    {runs(tests, t.restore_tests_none(), t)}
                </Card>
                {how_to_restore(t)}
            </div>
        </div>
    };
    Ok(Screen::new(t.backups(), body).back("/admin/settings"))
}

fn runs(runs: Vec<BackupRun>, none: &'static str, t: T) -> AnyView {
    if runs.is_empty() {
        return view! { <Empty icon=icons::INBOX text=none/> }.into_any();
    }
    view! { <ul class="rows">{runs.into_iter().map(|one| run(one, t)).collect_view()}</ul> }.into_any()
}

fn run(run: BackupRun, t: T) -> AnyView {
    let (tone, words) = match (run.kind, run.ok, run.problem.is_some()) {
        (_, false, _) => (Tone::Bad, t.backup_failed()),
        (_, true, true) => (Tone::Wait, t.backup_incomplete()),
        (BackupRunKind::Backup, true, false) => (Tone::Ok, t.backup_ok()),
        (BackupRunKind::Test, true, false) => (Tone::Ok, t.restore_test_ok()),
    };
    let took = t.backup_took(seconds(run.began_at, run.ended_at));
    let copy = run.copy.map(|copy| {
        let place = match (run.kind, copy.offsite) {
            (BackupRunKind::Test, _) => None,
            (BackupRunKind::Backup, Some(place)) => Some(t.backup_offsite(place)),
            (BackupRunKind::Backup, None) => Some(t.backup_here_only().to_owned()),
        };
        view! {
            <div class="small break">{copy.file}" · "<span class="num nowrap">{format::quantity(copy.bytes.unsigned_abs(), t.0)}</span></div>
            {place.map(|place| view! { <div class="muted small break">{place}</div> })}
        }
    });
    let problem = run
        .problem
        .map(|problem| view! { <div class="small break"><span class="muted">{t.backup_says()}</span>" "{problem}</div> });
    view! {
        <li>
            <div class="grow">
                <div><When at=run.began_at/>" "<span class="muted small">{took}</span></div>
                {copy}
                {problem}
            </div>
            <Pill tone text=words/>
        </li>
    }
    .into_any()
}

/// Tenths of a second would tell nobody more.
fn seconds(from: UtcMillis, until: UtcMillis) -> i64 {
    (until.since_ms(from).max(0) + domain::SECOND_MS - 1) / domain::SECOND_MS
}

fn how_to_restore(t: T) -> AnyView {
    view! {
        <Card title=t.restore_how() class="stack">
            <ol class="numbered">
                <li>{t.restore_how_1()}</li>
                <li>{t.restore_how_2()}</li>
                <li>
                    {t.restore_how_3()}" "
                    <code class="break">"xlpm restore DATA.age --keys KEYS.age --identity IDENTITY.txt"</code>
                </li>
                <li>{t.restore_how_4()}</li>
            </ol>
        </Card>
    }
    .into_any()
}

/// What an admin has to do before the shop goes on, and the promise that it was done.
fn restored(restoration: Restoration, t: T) -> AnyView {
    let Restoration { id, backup_at, restored_at, purchases, in_review, opens_sales } = restoration;
    let button = if opens_sales { t.restored_end_opens() } else { t.restored_end() };
    view! {
        <Card title=t.restored_title() class="stack">
            <Notice tone=Tone::Bad>{t.restored_lead()}</Notice>
            <Facts>
                <Fact label=t.restored_backup_at()><When at=backup_at/></Fact>
                <Fact label=t.restored_at()><When at=restored_at/></Fact>
                <Fact label=t.restored_purchases()>{purchases}</Fact>
                <Fact label=t.restored_in_review()>{in_review}</Fact>
            </Facts>
            <ol class="numbered">
                <li>{t.restored_todo_1()}" "<a href="/admin/transactions?kind=purchase&state=review">{t.restored_to_purchases()}</a></li>
                <li>{t.restored_todo_2()}</li>
                <li>
                    {t.restored_todo_3()}" "<a href="/admin/payments">{t.restored_to_payments()}</a>
                    " · "<a href="/admin/statements">{t.restored_to_statements()}</a>
                </li>
                <li>{t.restored_todo_4()}</li>
            </ol>
            <PostForm action=EndRestoration::PATH>
                <Hidden name="restoration" value=id.as_str().to_owned()/>
                <Check name="reconciled" label=t.restored_agree()/>
                <Button>{button}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}
