//! Lines of a bank account's statement and the top-ups that they may pay.

use domain::{
    DAY_MS, Expected, MatchFit, Proposal, PublicId, Rupiah, StatementLine, TopupState, UtcMillis,
    propose_matches,
};
use leptos::prelude::*;
use store::{LineFilter, LineState, Page, StatementLineView, Store, Topup, TopupFilter};

use super::super::topup_approve::line_words;
use super::Source;
use crate::components::{
    Button, Card, Empty, Hidden, Look, Money, Notice, Pill, PostForm, ServerFn, Tone, icons,
};
use crate::error::AppError;
use crate::format::address;
use crate::i18n::T;
use crate::page::Member;
use crate::server_fns::admin::statements::{ApprovePairs, IgnoreLine, PAIRS_MOST};

/// Open lines that are looked at.
const LINES_MOST: i64 = 1_000;
/// Lines without a top-up that are shown at once; the rest comes when these are seen to.
const SHOWN_MOST: usize = 50;
/// Top-ups of one state that are looked at.
const TOPUP_PAGES: usize = 10;
const TOPUPS_A_PAGE: i64 = 100;
/// As long as a unique amount is kept back after its top-up has ended: within that time it means this one.
const ENDED_DAYS: i64 = 7;

/// A line with a top-up of its amount.
struct Pair {
    line: StatementLineView,
    topup: Topup,
    fit: MatchFit,
}

/// The account's open lines, paired where something fits.
pub(super) async fn show(cx: &Member, source: &Source, bank: i64) -> Result<AnyView, AppError> {
    let t = cx.t;
    let filter = LineFilter {
        source: source.id.clone(),
        state: Some(LineState::Open),
        limit: LINES_MOST,
        ..LineFilter::default()
    };
    let lines = cx.store.statement_lines(filter).await?;
    let topups = waiting(&cx.store, bank, cx.now).await?;
    let (pairs, rest) = paired(lines, &topups);
    if pairs.is_empty() && rest.is_empty() {
        return Ok(
            view! { <Card><Empty icon=icons::INBOX text=t.statement_nothing_open()/></Card> }.into_any()
        );
    }
    let (certain, unsure): (Vec<Pair>, Vec<Pair>) =
        pairs.into_iter().partition(|pair| pair.fit == MatchFit::Certain);
    let certain = (!certain.is_empty()).then(|| certain_pairs(source, certain, cx.user.username.as_str(), t));
    let unsure = (!unsure.is_empty()).then(|| unsure_pairs(unsure, t));
    let rest = (!rest.is_empty()).then(|| unpaired(source, rest, t));
    Ok(view! { {certain}{unsure}{rest} }.into_any())
}

/// Top-ups by hand of this account whose money may still come: the open ones, and those that ended lately.
async fn waiting(store: &Store, bank: i64, now: UtcMillis) -> Result<Vec<Topup>, AppError> {
    let open = TopupFilter { open_only: true, ..TopupFilter::default() };
    let ended = [TopupState::Expired, TopupState::Cancelled, TopupState::Rejected]
        .map(|state| TopupFilter { state: Some(state), ..TopupFilter::default() });
    let since = now.plus_ms(-ENDED_DAYS * DAY_MS);
    let mut found = Vec::new();
    for filter in std::iter::once(open).chain(ended) {
        let (mut after, open_only) = (None, filter.open_only);
        for _ in 0..TOPUP_PAGES {
            let asked = TopupFilter { by_hand_only: true, after, limit: TOPUPS_A_PAGE, ..filter.clone() };
            let Page { items, next } = store.topups(asked).await?;
            let all_old = items.iter().all(|topup| topup.expires_at < since);
            let fits = |topup: &Topup| {
                topup.bank.as_ref().is_some_and(|of| of.id == bank)
                    && (open_only || topup.expires_at >= since)
            };
            found.extend(items.into_iter().filter(fits));
            after = next;
            if after.is_none() || (all_old && !open_only) {
                break;
            }
        }
    }
    Ok(found)
}

/// Lines with the top-ups that fit, and lines that nothing fits.
fn paired(lines: Vec<StatementLineView>, topups: &[Topup]) -> (Vec<Pair>, Vec<StatementLineView>) {
    let expected: Vec<Expected<PublicId>> = topups
        .iter()
        .map(|topup| Expected {
            id: topup.id.clone(),
            payable: topup.payable,
            asked_at: topup.created_at,
            expires_at: topup.expires_at,
        })
        .collect();
    let read: Vec<StatementLine> = lines
        .iter()
        .map(|line| StatementLine {
            line_number: 0,
            day: line.day,
            amount: line.amount,
            description: line.description.clone(),
            reference: line.reference.clone(),
        })
        .collect();
    let proposals = propose_matches(&read, &expected);
    let pair = |Proposal { line, id, fit }: Proposal<PublicId>| {
        let topup = topups.iter().find(|topup| topup.id == id)?.clone();
        // What has ended is credited late, and leaves a case: nobody does that unseen.
        let fit = if fit == MatchFit::Certain && !topup.state.is_open() { MatchFit::Late } else { fit };
        Some(Pair { line: lines.get(line)?.clone(), topup, fit })
    };
    let pairs: Vec<Pair> = proposals.into_iter().filter_map(pair).collect();
    let has_pair = |line: &StatementLineView| pairs.iter().any(|pair| pair.line.id == line.id);
    let rest = lines.iter().filter(|line| !has_pair(line)).cloned().collect();
    (pairs, rest)
}

/// Pairs of which nothing else fits either side: approved together, or one by one. Nobody approves their own.
fn certain_pairs(source: &Source, mut pairs: Vec<Pair>, me: &str, t: T) -> AnyView {
    pairs.truncate(PAIRS_MOST);
    let value = |pair: &Pair| format!("{}:{}", pair.line.id, pair.topup.id.as_str());
    let others = || pairs.iter().filter(|pair| pair.topup.buyer != me);
    let total = others().try_fold(Rupiah::ZERO, |sum, pair| sum.checked_add(pair.line.amount));
    let words = t.pairs_approve(others().count(), total.unwrap_or_default());
    let all: Vec<String> = others().map(value).collect();
    let id = source.id.clone();
    let together = (all.len() > 1).then(|| {
        let all = all.into_iter().map(|pair| view! { <Hidden name="pairs[]" value=pair/> }).collect_view();
        view! {
            <PostForm action=ApprovePairs::PATH key="-all">
                <Hidden name="source" value=id/>
                {all}
                <Button class="wide">{words}</Button>
            </PostForm>
        }
    });
    let rows = pairs.iter().map(|pair| {
        let (source, pair_id) = (source.id.clone(), value(pair));
        let id = pair.topup.id.to_string();
        let approve = if pair.topup.buyer == me {
            view! { <span class="muted small">{t.admin_own_case()}</span> }.into_any()
        } else {
            view! {
                <PostForm action=ApprovePairs::PATH key=format!("-{pair_id}") class="contents">
                    <Hidden name="source" value=source/>
                    <Hidden name="pairs[]" value=pair_id/>
                    <Button look=Look::Ghost>{t.admin_approve_title()}<span class="visually-hidden">" "{id}</span></Button>
                </PostForm>
            }
            .into_any()
        };
        view! {
            <li class="account">
                <div class="grow">{line_words(pair.line.clone(), t)}</div>
                <div class="end">{topup_words(pair.topup.clone())}</div>
                {approve}
            </li>
        }
    });
    let rows = rows.collect_view();
    view! {
        <Card title=t.pairs_certain() class="stack">
            <p class="muted small">{t.pairs_certain_lead()}</p>
            <ul class="rows">{rows}</ul>
            {together}
        </Card>
    }
    .into_any()
}

/// Pairs that need a closer look: each is approved on its top-up's page, with all the facts.
fn unsure_pairs(pairs: Vec<Pair>, t: T) -> AnyView {
    let row = move |pair: Pair| {
        let (tone, word) = match pair.fit {
            MatchFit::Late => (Tone::Wait, t.pairs_late()),
            MatchFit::Several | MatchFit::Certain => (Tone::Info, t.pairs_several()),
        };
        let line_id = pair.line.id.to_string();
        let to = address(&format!("/admin/topups/{}", pair.topup.id.as_str()), &[("line", &line_id)]);
        view! {
            <li class="account">
                <div class="grow">{line_words(pair.line, t)}</div>
                <div class="end">{topup_words(pair.topup)}<Pill tone text=word/></div>
                <a class="btn btn-ghost" href=to>{t.admin_check()}</a>
            </li>
        }
    };
    view! {
        <Card title=t.pairs_unsure()>
            <p class="muted small">{t.pairs_unsure_lead()}</p>
            <ul class="rows">{pairs.into_iter().map(row).collect_view()}</ul>
        </Card>
    }
    .into_any()
}

fn topup_words(topup: Topup) -> impl IntoView {
    let to = format!("/admin/topups/{}", topup.id.as_str());
    view! {
        <strong>{topup.buyer}</strong>
        <small class="num"><a href=to>{topup.id.to_string()}</a></small>
        <small class="muted"><Money amount=topup.payable/></small>
    }
}

fn unpaired(source: &Source, lines: Vec<StatementLineView>, t: T) -> AnyView {
    let more = lines.len().checked_sub(SHOWN_MOST).filter(|more| *more > 0);
    let more = more.map(|more| view! { <Notice tone=Tone::Info>{t.lines_more(more)}</Notice> });
    let row = |line: StatementLineView| {
        let id = line.id.to_string();
        let form = |customers: bool, look: Look, words: &'static str| {
            let (source, id) = (source.id.clone(), id.clone());
            view! {
                <PostForm action=IgnoreLine::PATH key=format!("-{id}-{customers}") class="contents">
                    <Hidden name="source" value=source/>
                    <Hidden name="line" value=id/>
                    <Hidden name="is_a_customers" value=customers.to_string()/>
                    <Button look>{words}</Button>
                </PostForm>
            }
        };
        let (mine, theirs) =
            (form(false, Look::Plain, t.line_own()), form(true, Look::Ghost, t.line_customers()));
        view! {
            <li class="account">
                <div class="grow">{line_words(line, t)}</div>
                <div class="row wrap">{theirs}{mine}</div>
            </li>
        }
    };
    let rows = lines.into_iter().take(SHOWN_MOST).map(row).collect_view();
    view! {
        <Card title=t.lines_unpaired()>
            <p class="muted small">{t.lines_unpaired_lead()}</p>
            <ul class="rows">{rows}</ul>
            {more}
        </Card>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::TopupMethod;
    use store::BankAccount;

    use super::*;

    /// 2026-01-05 00:00 WIB.
    const DAY: UtcMillis = UtcMillis(1_767_546_000_000);

    fn line(id: i64, rupiah: i64) -> StatementLineView {
        StatementLineView {
            id,
            day: DAY,
            amount: Rupiah::new(rupiah),
            reference: id.to_string(),
            description: String::new(),
            state: LineState::Open,
            topup: None,
        }
    }

    fn topup(id: u64, rupiah: i64, state: TopupState) -> Topup {
        let bank = BankAccount {
            id: 1,
            bank: "BCA".into(),
            number: "1".into(),
            holder: "Toko".into(),
            active: true,
        };
        Topup {
            id: PublicId::from_random(id),
            buyer: "rina".into(),
            method: TopupMethod::Transfer,
            gateway: None,
            bank: Some(bank),
            pay_to: None,
            base: Rupiah::new(rupiah),
            fee: Rupiah::ZERO,
            payable: Rupiah::new(rupiah),
            state,
            created_at: DAY,
            expires_at: DAY.plus_ms(DAY_MS),
            decided_at: None,
            reject_reason: None,
            reference: None,
            credited: None,
            has_proof: false,
            late: false,
            first_look: None,
        }
    }

    #[test]
    fn only_open_topups_make_certain_pairs() {
        let topups = [topup(1, 50_123, TopupState::Pending), topup(2, 60_001, TopupState::Expired)];
        let (pairs, rest) = paired(vec![line(7, 60_001), line(8, 50_123), line(9, 1)], &topups);
        let found: Vec<_> = pairs.iter().map(|pair| (pair.line.id, pair.fit)).collect();
        assert_eq!(found, [(7, MatchFit::Late), (8, MatchFit::Certain)]);
        assert_eq!(rest.iter().map(|line| line.id).collect::<Vec<_>>(), [9]);
    }
}
