//! What waits for a human: one list, whatever it is.

use domain::{AlarmKind, CorrectionState, PublicId, PurchaseState, Role};
use leptos::prelude::*;
use store::{
    Alarm, CaseFilter, Correction, CorrectionFilter, FailingPackage, PayCase, Purchase, ResellerRequest,
    Topup, TopupFilter, User,
};

use crate::components::{Button, Card, Empty, Hidden, Look, Pill, PostForm, ServerFn, Tone, When, icons};
use crate::error::AppError;
use crate::i18n::T;
use crate::layouts::Section;
use crate::notices::alarm_page;
use crate::page::{Member, Screen, admin_page};
use crate::server_fns::admin::cases::case_page;
use crate::server_fns::admin::gateways::CloseAlarm;

/// The list's address.
pub(super) const PAGE: &str = "/admin/exceptions";
/// Of each kind.
const EACH_MOST: i64 = 50;

/// Something that waits for a human.
pub(super) struct Exception {
    /// Whether it costs money or customers while it waits.
    urgent: bool,
    /// What it is, in a word or two.
    sign: String,
    /// The evidence, in a sentence.
    words: String,
    /// Since when.
    since: domain::UtcMillis,
    /// Where it is decided: words, an id if it has one, and the page.
    way: (String, String, String),
    /// An alarm that may be closed right here.
    alarm: Option<i64>,
}

/// All that waits, the most urgent first, then what has waited longest. This is the one place that says what does: whoever
/// has a new kind adds a source here. What is wrong with backups, and a restored shop, are alarms.
pub(super) async fn exceptions(cx: &Member) -> Result<Vec<Exception>, AppError> {
    let t = cx.t;
    let mut all: Vec<Exception> = Vec::new();
    all.extend(stopped_sales(cx).await?);
    all.extend(cx.store.stuck_purchases().await?.into_iter().map(|purchase| of_purchase(purchase, t)));
    all.extend(cx.store.alarms().await?.into_iter().filter_map(|alarm| of_alarm(alarm, t)));
    all.extend(cx.store.failing_packages().await?.into_iter().map(|package| of_package(package, t)));
    let open = CaseFilter { limit: EACH_MOST, ..CaseFilter::default() };
    all.extend(cx.store.pay_cases(open).await?.items.into_iter().map(|case| of_case(case, t)));
    let said_paid = TopupFilter {
        state: Some(domain::TopupState::ProofSubmitted),
        limit: EACH_MOST,
        ..TopupFilter::default()
    };
    let found_once = TopupFilter {
        state: Some(domain::TopupState::Pending),
        found_once: Some(true),
        limit: EACH_MOST,
        ..TopupFilter::default()
    };
    for filter in [said_paid, found_once] {
        all.extend(cx.store.topups(filter).await?.items.into_iter().map(|topup| of_topup(topup, t)));
    }
    let waiting = CorrectionFilter {
        state: Some(CorrectionState::Waiting),
        limit: EACH_MOST,
        ..CorrectionFilter::default()
    };
    all.extend(cx.store.corrections(waiting).await?.items.into_iter().map(|one| of_correction(one, t)));
    let asking = cx.store.oldest_reseller_requests(EACH_MOST).await?;
    all.extend(asking.into_iter().map(|(user, name, request)| of_request(&user, &name, request, t)));
    let newcomers = cx.store.waiting_users(None, EACH_MOST).await?.items;
    all.extend(newcomers.into_iter().map(|user| of_newcomer(user, t)));
    all.sort_by_key(|exception| (!exception.urgent, exception.since));
    Ok(all)
}

/// All of them.
#[component]
pub fn AdminExceptionsPage() -> impl IntoView {
    admin_page(Section::Overview, load)
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let all = exceptions(&cx).await?;
    let body = if all.is_empty() {
        view! {
            <Card>
                <Empty icon=icons::CHECK text=t.admin_todo_none()/>
                <p class="muted small">{t.exceptions_none_more()}</p>
            </Card>
        }
        .into_any()
    } else {
        view! { <Card>{rows(all, t)}</Card> }.into_any()
    };
    Ok(Screen::new(t.admin_todo(), body).back("/admin"))
}

/// A list of them.
pub(super) fn rows(exceptions: Vec<Exception>, t: T) -> AnyView {
    let row = |exception: Exception| {
        let tone = if exception.urgent { Tone::Bad } else { Tone::Wait };
        let (words, id, to) = exception.way;
        let close = exception.alarm.map(|id| {
            view! {
                <PostForm action=CloseAlarm::PATH key=id.to_string() class="contents">
                    <Hidden name="id" value=id.to_string()/>
                    <Button look=Look::Plain>{t.alarm_close()}</Button>
                </PostForm>
            }
        });
        view! {
            <li>
                <Pill tone text=exception.sign/>
                <div class="grow small">
                    {exception.words}" "
                    <span class="muted">{t.exception_since()}" "<When at=exception.since/></span>
                </div>
                <a class="btn btn-plain" href=to>{words}" "<span class="num">{id}</span></a>
                {close}
            </li>
        }
    };
    view! { <ul class="rows todo">{exceptions.into_iter().map(row).collect_view()}</ul> }.into_any()
}

/// The books did not agree: nothing is sold until somebody has looked.
async fn stopped_sales(cx: &Member) -> Result<Option<Exception>, AppError> {
    let t = cx.t;
    Ok(cx.store.stopped_by_check().await?.map(|since| Exception {
        urgent: true,
        sign: t.exception_stopped().to_owned(),
        words: t.exception_stopped_words().to_owned(),
        since,
        way: (t.exception_stopped_way().to_owned(), String::new(), "/admin/settings".to_owned()),
        alarm: None,
    }))
}

fn of_purchase(purchase: Purchase, t: T) -> Exception {
    let Purchase { id, buyer, package_name, price, .. } = purchase;
    let undecided = matches!(purchase.state, PurchaseState::Review | PurchaseState::Unknown);
    let words = if undecided { t.exception_decide() } else { t.admin_check() };
    Exception {
        urgent: purchase.state == PurchaseState::Review,
        sign: t.purchase_state(purchase.state).to_owned(),
        words: t.exception_purchase_words(buyer, package_name, price),
        since: purchase.state_at,
        way: (words.to_owned(), id.to_string(), format!("/admin/transactions/{}", id.as_str())),
        alarm: None,
    }
}

/// A case has its alarm too, and stands here by itself.
fn of_alarm(alarm: Alarm, t: T) -> Option<Exception> {
    if alarm.kind == AlarmKind::PaymentCase {
        return None;
    }
    // What is settled on a page of its own, with a reason, is not waved through here.
    let closes_here = !matches!(alarm.kind, AlarmKind::CostsDiffer | AlarmKind::Restored);
    let to = alarm_page(alarm.kind, &alarm.object);
    Some(Exception {
        urgent: true,
        sign: t.alarms().to_owned(),
        words: t.alarm(alarm.kind, &alarm.object, &alarm.detail),
        since: alarm.opened_at,
        way: (t.admin_check().to_owned(), alarm.object, to),
        alarm: closes_here.then_some(alarm.id),
    })
}

fn of_package(package: FailingPackage, t: T) -> Exception {
    let to = format!("/admin/packages/{}", package.id.as_str());
    Exception {
        urgent: true,
        sign: t.exception_package().to_owned(),
        words: t.exception_package_words(package.name, package.failed, package.of),
        since: package.last_at,
        way: (t.exception_package_way().to_owned(), String::new(), to),
        alarm: None,
    }
}

fn of_case(case: PayCase, t: T) -> Exception {
    let buyer = case.buyer.unwrap_or_else(|| "–".to_owned());
    let fact = case.amount.map_or_else(|| t.case_detail(&case.detail), |amount| amount.to_string());
    Exception {
        urgent: case.kind.is_urgent(),
        sign: t.cases().to_owned(),
        words: format!("{} · {buyer} · {fact}", t.pay_case(case.kind)),
        since: case.opened_at,
        way: (t.exception_decide().to_owned(), case.id.to_string(), case_page(case.id.as_str())),
        alarm: None,
    }
}

/// A correction of a balance that wants a second look.
fn of_correction(correction: Correction, t: T) -> Exception {
    let Correction { id, username, amount, asked_by, asked_at, .. } = correction;
    Exception {
        urgent: false,
        sign: t.transaction_correction().to_owned(),
        words: t.exception_correction_words(username, amount, asked_by.1),
        since: asked_at,
        way: (t.exception_decide().to_owned(), id.to_string(), format!("/admin/corrections/{}", id.as_str())),
        alarm: None,
    }
}

/// A member who asks to become a reseller.
fn of_request(user: &PublicId, name: &str, request: ResellerRequest, t: T) -> Exception {
    Exception {
        urgent: false,
        sign: t.role(Role::Reseller).to_owned(),
        words: t.exception_reseller_words(name, request.shop_name),
        since: request.asked_at,
        way: (t.exception_decide().to_owned(), String::new(), format!("/admin/users/{}", user.as_str())),
        alarm: None,
    }
}

/// Somebody who has signed up, where an admin lets people in.
fn of_newcomer(user: User, t: T) -> Exception {
    Exception {
        urgent: false,
        sign: t.settings_sign_up().to_owned(),
        words: t.exception_newcomer_words(user.username.as_str()),
        since: user.waiting_since.unwrap_or(user.created_at),
        way: (t.exception_decide().to_owned(), String::new(), "/admin/users/waiting".to_owned()),
        alarm: None,
    }
}

fn of_topup(topup: Topup, t: T) -> Exception {
    Exception {
        urgent: false,
        sign: t.topup_state(topup.state).to_owned(),
        words: t.exception_topup_words(topup.buyer, topup.payable),
        since: topup.created_at,
        way: (
            t.admin_check().to_owned(),
            topup.id.to_string(),
            format!("/admin/topups/{}", topup.id.as_str()),
        ),
        alarm: None,
    }
}
