//! Approving a top-up whose money a human finds: by a line of a statement that was taken in, or by what is typed.

use domain::{DAY_MS, Rupiah, Zone};
use leptos::prelude::*;
use store::{LineFilter, LineState, StatementLineView, Topup, User, Wallet, source_of_bank};

use super::parts::{Change, spendable, typed};
use crate::components::{
    Button, Card, Fact, Facts, Field, Hidden, Input, Look, Money, Notice, PostForm, ServerFn, Tone, When,
};
use crate::error::AppError;
use crate::format::{self, address};
use crate::i18n::T;
use crate::page::Member;
use crate::server_fns::admin::statements::statements_page;
use crate::server_fns::admin::topups::{ApproveTopup, ApproveTopupLine};

/// Lines of about this amount that are shown.
const LINES_MOST: usize = 12;
/// A slip of the payer's finger, or the code left out.
const NEARLY_RUPIAH: u64 = 1_000;
/// The lines that are looked through.
const READ_MOST: i64 = 1_000;

/// What may be the top-up's money.
pub(super) struct Found {
    /// Lines of about its amount, the nearest first.
    lines: Vec<StatementLineView>,
    /// The one that was picked.
    picked: Option<StatementLineView>,
    /// What was typed, for a second look at an amount that is not the one asked for.
    typed: (String, Option<Rupiah>),
}

impl Found {
    pub(super) async fn load(cx: &Member, topup: &Topup) -> Result<Self, AppError> {
        let received = cx.query_as::<Rupiah>("received").filter(|amount| amount.is_positive());
        let typed = (cx.query("reference").to_owned(), received);
        let Some(bank) = &topup.bank else {
            return Ok(Self { lines: Vec::new(), picked: None, typed });
        };
        let filter = LineFilter {
            source: source_of_bank(bank.id),
            // Statements say the day and no more, so the line may seem older than the top-up.
            from: Some(topup.created_at.plus_ms(-DAY_MS)),
            limit: READ_MOST,
            ..LineFilter::default()
        };
        let away = |line: &StatementLineView| line.amount.get().abs_diff(topup.payable.get());
        let is_free = |line: &StatementLineView| {
            // While a second look is waited for, the line is this top-up's already.
            line.state == LineState::Open
                || (line.state == LineState::Used && line.topup.as_ref() == Some(&topup.id))
        };
        let mut lines = cx.store.statement_lines(filter).await?;
        lines.retain(|line| is_free(line) && away(line) <= NEARLY_RUPIAH);
        lines.sort_by_key(away);
        lines.truncate(LINES_MOST);
        let wanted = cx.query_as::<i64>("line");
        let picked = lines.iter().find(|line| Some(line.id) == wanted).cloned();
        Ok(Self { lines, picked, typed })
    }
}

/// What the first of two admins has found.
pub(super) fn first_look(topup: &Topup, viewer: &User, t: T) -> Option<AnyView> {
    let first = topup.first_look.clone()?;
    let words = if first.by == viewer.username.as_str() {
        t.admin_first_look_mine()
    } else {
        t.admin_first_look_other()
    };
    let facts = t.admin_first_look(first.by, first.received, first.reference);
    let at = first.at;
    Some(
        view! { <Notice tone=Tone::Wait><strong>{facts}</strong>" "<When at/><br/>{words}</Notice> }
            .into_any(),
    )
}

pub(super) fn approve(found: &Found, topup: &Topup, wallet: &Wallet, t: T) -> AnyView {
    let lead = if topup.state.is_open() { t.admin_approve_lead() } else { t.admin_approve_late() };
    let by_line = match &found.picked {
        Some(line) => Some(confirm_line(line, topup, wallet, t)),
        None => lines(&found.lines, topup, t),
    };
    let no_lines = found.lines.is_empty().then(|| {
        let to = topup.bank.as_ref().map(|bank| statements_page(&source_of_bank(bank.id)));
        view! { <p class="muted small">{t.admin_no_line()}" "<a href=to>{t.statements()}</a></p> }
    });
    let (reference, received) = found.typed.clone();
    let received = received.unwrap_or(topup.payable);
    // Where a line fits, it is the one to approve by.
    let look = if by_line.is_some() { Look::Ghost } else { Look::Primary };
    let title = if by_line.is_some() { t.admin_approve_typed() } else { t.admin_approve_title() };
    // Made inside the form, where the fields find what was typed before.
    let (topup, wallet) = (topup.clone(), *wallet);
    view! {
        {by_line}
        <Card title>
            <PostForm action=ApproveTopup::PATH>
                <p class="muted small">{lead}</p>
                {no_lines}
                {approval(&topup, &wallet, received, reference, t)}
                <Button look class="wide">{t.admin_approve()}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

/// The lines to pick from. Asks by GET for the page that shows what approving would do.
fn lines(lines: &[StatementLineView], topup: &Topup, t: T) -> Option<AnyView> {
    let payable = topup.payable;
    let first = lines.first().filter(|line| line.amount == payable).map(|line| line.id);
    let rows = lines.iter().cloned().map(|line| {
        let (id, checked) = (line.id.to_string(), Some(line.id) == first);
        let differs = (line.amount != payable)
            .then(|| line.amount.checked_sub(payable))
            .flatten()
            .map(|difference| view! { <small class="text-bad">{t.admin_line_differs(difference)}</small> });
        view! {
            <label class="choice">
                <input type="radio" name="line" value=id checked=checked required/>
                <span class="grow">{line_words(line, t)}{differs}</span>
            </label>
        }
    });
    let rows = rows.collect_view();
    let action = format!("/admin/topups/{}", topup.id.as_str());
    (!lines.is_empty()).then(|| {
        view! {
            <Card title=t.admin_lines_title()>
                <form method="get" action=action class="stack">
                    <fieldset>
                        <legend class="muted small">{t.admin_lines_lead()}</legend>
                        {rows}
                    </fieldset>
                    <button type="submit" class=format!("{} wide", Look::Primary.class())>{t.admin_line_pick()}</button>
                </form>
            </Card>
        }
        .into_any()
    })
}

/// A line as it stands on the statement.
pub(super) fn line_words(line: StatementLineView, t: T) -> impl IntoView {
    view! {
        <strong><Money amount=line.amount/></strong>" · "<span class="num">{format::date(line.day, Zone::Wib, t.0)}</span>
        <small class="muted break">{line.description}</small>
        <small class="muted break num">{line.reference}</small>
    }
}

fn confirm_line(line: &StatementLineView, topup: &Topup, wallet: &Wallet, t: T) -> AnyView {
    let (amount, id) = (line.amount, topup.id.as_str().to_owned());
    let words = t.admin_line_other(topup.payable);
    let other = (amount != topup.payable).then(|| view! { <Notice tone=Tone::Wait>{words}</Notice> });
    let (name, before, by) = (topup.buyer.clone(), wallet.available, spendable(wallet, amount));
    let back = address(&format!("/admin/topups/{}", topup.id.as_str()), &[]);
    let (shown, line_id) = (line.clone(), line.id.to_string());
    view! {
        <Card title=t.admin_line_confirm()>
            <PostForm action=ApproveTopupLine::PATH>
                {other}
                <div class="said">{line_words(shown, t)}</div>
                <Hidden name="topup" value=id/>
                <Hidden name="line" value=line_id/>
                <Facts>
                    <Fact label=t.admin_buyer()>{name}</Fact>
                    <Fact label=t.admin_change()><Money amount signed=true/></Fact>
                    <Fact label=t.admin_balance_then()><Change before by/></Fact>
                </Facts>
                <Button class="wide">{t.admin_approve()}</Button>
                <a class="btn btn-plain wide" href=back>{t.cancel()}</a>
            </PostForm>
        </Card>
    }
    .into_any()
}

/// What is asked, and what it does to the balance if `received` is credited.
fn approval(topup: &Topup, wallet: &Wallet, received: Rupiah, reference: String, t: T) -> AnyView {
    let other = (received != topup.payable).then(|| {
        let words = t.admin_approve_other(topup.payable);
        view! { <Notice tone=Tone::Wait>{words}</Notice> }
    });
    let (id, name, before) = (topup.id.as_str().to_owned(), topup.buyer.clone(), wallet.available);
    let by = spendable(wallet, received);
    view! {
        {other}
        <Hidden name="topup" value=id/>
        <Hidden name="shown" value=received.get().to_string()/>
        <Field name="reference" label=t.admin_reference() hint=t.admin_reference_hint() value=reference/>
        <Field name="received" label=t.admin_received() input=Input::Digits value=typed(received)/>
        <Facts>
            <Fact label=t.admin_buyer()>{name}</Fact>
            <Fact label=t.admin_change()><Money amount=received signed=true/></Fact>
            <Fact label=t.admin_balance_then()><Change before by/></Fact>
        </Facts>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::{Lang, TopupMethod, TopupState, UtcMillis};
    use store::BankAccount;

    use super::*;

    #[test]
    fn an_approval_says_what_it_does_to_the_balance() {
        let bank = BankAccount {
            id: 1,
            bank: "BCA".into(),
            number: "000-123-4567".into(),
            holder: "Toko".into(),
            active: true,
        };
        let topup = Topup {
            id: "7QK2M9DAX3TP".parse().unwrap(),
            buyer: "rina".into(),
            method: TopupMethod::Transfer,
            gateway: None,
            bank: Some(bank),
            pay_to: None,
            base: Rupiah::new(50_000),
            fee: Rupiah::ZERO,
            payable: Rupiah::new(50_123),
            state: TopupState::ProofSubmitted,
            created_at: UtcMillis(0),
            expires_at: UtcMillis(0),
            decided_at: None,
            reject_reason: None,
            reference: None,
            credited: None,
            has_proof: false,
            late: false,
            first_look: None,
        };
        let html = |received: i64, owed: i64| {
            let wallet = Wallet {
                available: Rupiah::new(1_000),
                held: Rupiah::ZERO,
                receivable: Rupiah::new(-owed),
                frozen: false,
                open_purchases: 0,
            };
            let owner = Owner::new();
            let shown = owner.with(|| {
                approval(&topup, &wallet, Rupiah::new(received), String::new(), T(Lang::Id)).to_html()
            });
            shown.replace('\u{a0}', " ")
        };
        let as_asked = html(50_123, 0);
        for part in ["rina", "+Rp 50.123", "Rp 1.000", "Rp 51.123", "name=\"shown\" value=\"50123\""] {
            assert!(as_asked.contains(part), "{part} in {as_asked}");
        }
        assert!(!as_asked.contains("sekali lagi"));
        let other = html(50_000, 0);
        assert!(other.contains("Rp 51.000") && other.contains("sekali lagi"), "{other}");
        // What is owed to the shop is paid first.
        assert!(html(50_123, 20_000).contains("Rp 31.123"));
        assert!(html(50_123, 90_000).contains("Rp 1.000"));
    }
}
