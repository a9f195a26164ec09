use domain::{PayCaseAction, PayCaseKind};
use leptos::prelude::*;
use store::{BankAccount, ChargeView, PayCase, User, Wallet};

use super::super::parts::{Change, Overtaken, buyer, spendable};
use crate::components::{
    Button, Card, Choice, Fact, Facts, Field, Hidden, Look, Money, Notice, PostForm, Select, ServerFn,
    TextArea, Tone, When,
};
use crate::error::AppError;
use crate::i18n::T;
use crate::layouts::Section;
use crate::page::{Member, Screen, admin_page};
use crate::server_fns::admin::cases::{ChooseCaseUser, ResolveCase, case_page};

/// One case.
#[component]
pub fn AdminCasePage() -> impl IntoView {
    admin_page(Section::Cases, load)
}

/// Whose balance a credit goes to.
struct Payee {
    user: User,
    wallet: Wallet,
    /// Somebody said so; no top-up does.
    named: bool,
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let case = cx.store.pay_case(&cx.id("id")?).await?;
    let charges = match &case.topup {
        Some(topup) => cx.store.charges_of(topup).await?,
        None => Vec::new(),
    };
    let named = cx.query("user").to_owned();
    let payee = match (&case.buyer, named.is_empty()) {
        (Some(name), _) => Some((name.clone(), false)),
        (None, false) => Some((named, true)),
        (None, true) => None,
    };
    let payee = match payee {
        Some((name, named)) => {
            let (user, wallet) = buyer(&cx.store, &name).await?;
            Some(Payee { user, wallet, named })
        }
        None => None,
    };
    let banks = cx.store.bank_accounts(false).await?;
    let own = payee.as_ref().is_some_and(|payee| payee.user.id == cx.user.id);
    let actions = if case.closed_at.is_some() {
        Vec::new()
    } else {
        let allowed = case.kind.actions().iter();
        allowed.map(|action| act(&case, *action, payee.as_ref(), own, &banks, t)).collect()
    };
    let title = t.pay_case(case.kind);
    let evidence = (!charges.is_empty()).then(|| evidence(charges, t));
    let body = view! {
        <Overtaken/>
        <div class="columns">
            <div class="stack">
                <Notice tone=if case.kind.is_urgent() { Tone::Bad } else { Tone::Info }>{t.case_meaning(case.kind)}</Notice>
                {facts(&case, t)}
                {evidence}
            </div>
            <div class="stack">{actions}</div>
        </div>
    };
    Ok(Screen::new(title, body).back("/admin/cases"))
}

fn facts(case: &PayCase, t: T) -> impl IntoView + use<> {
    let topup = case.topup.clone().map(|id| {
        let to = format!("/admin/topups/{}", id.as_str());
        view! { <Fact label=t.admin_topup_number()><a href=to>{id.to_string()}</a></Fact> }
    });
    let buyer = case.buyer.clone().map(|name| view! { <Fact label=t.admin_buyer()>{name}</Fact> });
    let payable = case.payable.map(|amount| view! { <Fact label=t.admin_to_pay()><Money amount/></Fact> });
    let amount = case.amount.map(|amount| view! { <Fact label=t.case_came()><Money amount/></Fact> });
    let label = match case.kind {
        PayCaseKind::Late | PayCaseKind::Under | PayCaseKind::Over => t.case_came(),
        PayCaseKind::Disputed => t.case_taken_back(),
        _ => t.case_fact(),
    };
    let detail = t.case_detail(&case.detail);
    let says_more = case.amount.is_none() || case.kind == PayCaseKind::Disputed;
    let detail = (says_more && !detail.is_empty()).then(|| view! { <Fact label>{detail}</Fact> });
    let provider = case.provider.clone().map(|provider| {
        let name = if provider == "bank" { t.case_from_bank().to_owned() } else { provider };
        view! { <Fact label=t.case_from()>{name}</Fact> }
    });
    let reference = case
        .reference
        .clone()
        .map(|text| view! { <Fact label=t.admin_reference()><span class="break">{text}</span></Fact> });
    let closed = case.closed_at.map(|at| {
        let by = case.closed_by.clone().unwrap_or_default();
        let outcome = case.outcome.map(|outcome| t.case_outcome(outcome));
        view! {
            <Fact label=t.admin_decided()><When at/>" · "{t.admin_by(by)}</Fact>
            <Fact label=t.case_what_was_done()>{outcome}</Fact>
        }
    });
    let note = case.note.clone().map(|note| view! { <Fact label=t.admin_reason()>{note}</Fact> });
    let opened_at = case.opened_at;
    view! {
        <Card title=t.admin_facts()>
            <Facts>
                <Fact label=t.case_opened()><When at=opened_at/></Fact>
                {topup}{buyer}{payable}{amount}{detail}{provider}{reference}{closed}{note}
            </Facts>
        </Card>
    }
}

/// What the gateway said last; all of it stands on the top-up's page.
fn evidence(charges: Vec<ChargeView>, t: T) -> impl IntoView {
    let row = move |charge: ChargeView| {
        let word = charge.provider_state.map(|word| t.provider_state(&word));
        let last = charge.messages.into_iter().last().map(|message| {
            view! { <details><summary>{t.case_last_message()}" "<When at=message.at plain=true/></summary><pre class="evidence">{message.body}</pre></details> }
        });
        view! {
            <li class="stack">
                <div><strong>{charge.gateway}</strong>" "<span class="num break">{charge.order_id}</span></div>
                <div class="muted small"><Money amount=charge.gross/>" · "{t.charge_state(charge.state)}" · "{word}</div>
                {last}
            </li>
        }
    };
    view! { <Card title=t.case_evidence()><ul class="rows">{charges.into_iter().map(row).collect_view()}</ul></Card> }
}

fn act(
    case: &PayCase,
    action: PayCaseAction,
    payee: Option<&Payee>,
    own: bool,
    banks: &[BankAccount],
    t: T,
) -> AnyView {
    match (action, payee) {
        (PayCaseAction::Credit, None) => choose_user(case, t),
        (PayCaseAction::Credit, Some(_)) if own => {
            view! { <Card title=t.case_credit()><Notice tone=Tone::Info>{t.admin_own_case()}</Notice></Card> }
                .into_any()
        }
        (PayCaseAction::Credit, Some(payee)) => credit(case, payee, t),
        (PayCaseAction::Return, _) => give_back(case, banks, t),
        (PayCaseAction::Acknowledge, _) => acknowledge(case, t),
    }
}

/// Money that names nobody: first whose it is.
fn choose_user(case: &PayCase, t: T) -> AnyView {
    let id = case.id.as_str().to_owned();
    view! {
        <Card title=t.case_credit()>
            <PostForm action=ChooseCaseUser::PATH>
                <p class="muted small">{t.case_whose()}</p>
                <Hidden name="case" value=id/>
                <Field name="user" label=t.username() hint=t.case_user_hint()/>
                <Button look=Look::Ghost class="wide">{t.admin_adjust_next()}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

fn credit(case: &PayCase, payee: &Payee, t: T) -> AnyView {
    let amount = case.amount.unwrap_or_default();
    let (before, by) = (payee.wallet.available, spendable(&payee.wallet, amount));
    let (name, id) = (payee.user.username.as_str().to_owned(), case.id.as_str().to_owned());
    let user = payee.named.then(|| {
        let other = case_page(case.id.as_str());
        let name = name.clone();
        view! {
            <Hidden name="user" value=name/>
            <a class="small" href=other>{t.case_other_user()}</a>
        }
    });
    let words = t.case_credit_do(amount, &name);
    view! {
        <Card title=t.case_credit()>
            <PostForm action=ResolveCase::PATH key="-credit">
                {hidden(id, PayCaseAction::Credit)}
                {user}
                <Facts>
                    <Fact label=t.admin_buyer()>{name}</Fact>
                    <Fact label=t.admin_change()><Money amount signed=true/></Fact>
                    <Fact label=t.admin_balance_then()><Change before by/></Fact>
                </Facts>
                <TextArea name="note" label=t.admin_reason() hint=t.case_note_hint()/>
                <Button class="wide">{words}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

fn give_back(case: &PayCase, banks: &[BankAccount], t: T) -> AnyView {
    let (id, amount) = (case.id.as_str().to_owned(), case.amount.unwrap_or_default());
    // Nothing for the gateway, whose dashboard has a button for it.
    let gateway = case.provider.clone().filter(|provider| provider != "bank");
    let gateway = gateway.map(|name| Choice::new(String::new(), t.case_by_gateway(name)));
    let accounts =
        banks.iter().map(|bank| Choice::new(bank.id.to_string(), format!("{} {}", bank.bank, bank.number)));
    let choices: Vec<Choice> = gateway.into_iter().chain(accounts).collect();
    view! {
        <Card title=t.case_return()>
            <PostForm action=ResolveCase::PATH key="-return">
                <p class="muted small">{t.case_return_lead()}</p>
                {hidden(id, PayCaseAction::Return)}
                <Facts>
                    <Fact label=t.case_return_amount()><Money amount/></Fact>
                </Facts>
                <Select name="from_bank" label=t.case_return_from() choices/>
                <Field name="note" label=t.refund_reference() hint=t.refund_reference_hint()/>
                <Button look=Look::Danger class="wide">{t.case_return_do(amount)}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

fn acknowledge(case: &PayCase, t: T) -> AnyView {
    let id = case.id.as_str().to_owned();
    view! {
        <Card title=t.case_acknowledge()>
            <PostForm action=ResolveCase::PATH key="-acknowledge">
                <p class="muted small">{t.case_acknowledge_lead()}</p>
                {hidden(id, PayCaseAction::Acknowledge)}
                <TextArea name="note" label=t.admin_reason() hint=t.case_note_hint()/>
                <Button class="wide">{t.case_acknowledge_do()}</Button>
            </PostForm>
        </Card>
    }
    .into_any()
}

fn hidden(case: String, action: PayCaseAction) -> impl IntoView {
    view! {
        <Hidden name="case" value=case/>
        <Hidden name="action" value=action.as_str()/>
    }
}
