use domain::{FieldCode, Refusal, Rupiah};
use leptos::prelude::*;
use store::Wallet;

use super::ways::{Asked, FORM_PAGE, Way};
use crate::components::{
    Button, Card, Fact, Facts, Hidden, IdempotencyKey, Money, Notice, PostForm, ServerFn, Tone,
};
use crate::error::AppError;
use crate::i18n::T;
use crate::layouts::Tab;
use crate::page::{Member, Screen, go_to, member_page};
use crate::server_fns::topup::RequestTopup;

/// A transfer's unique code is one of 1 to this.
const CODE_MOST: Rupiah = Rupiah::new(999);

/// Sums up a top-up before it is made. What stands in the address is judged anew; what is wrong leads back to the form.
#[component]
pub fn TopupSummaryPage() -> impl IntoView {
    member_page(Tab::TopUp, load)
}

/// A top-up that only needs a yes.
struct Wanted {
    way: Way,
    base: Rupiah,
    fee: Rupiah,
    /// Base and fee, without a unique code.
    total: Rupiah,
}

async fn load(cx: Member) -> Result<Screen, AppError> {
    let t = cx.t;
    let asked = Asked::of(&cx);
    let ways = Way::all(&cx.store).await?;
    let Ok(wanted) = asked.check(&ways).and_then(|(base, way)| Wanted::of(base, way)) else {
        go_to(&asked.sent_back());
        return Ok(Screen::new(t.topup_summary(), ()).back(FORM_PAGE));
    };
    let wallet = cx.store.wallet(cx.user.id).await?;
    let back = asked.form_page();
    let body = summary(wanted, &wallet, asked.next.clone(), back.clone(), t);
    Ok(Screen::new(t.topup_summary(), body).back(back))
}

impl Wanted {
    fn of(base: Rupiah, way: &Way) -> Result<Self, Refusal> {
        let fee = way.method.payer_fee.of(base);
        let sum = fee.and_then(|fee| Some((fee, base.checked_add(fee)?)));
        let (fee, total) = sum.ok_or_else(|| Refusal::field("amount", FieldCode::BadAmount))?;
        Ok(Self { way: way.clone(), base, fee, total })
    }

    const fn is_by_hand(&self) -> bool {
        self.way.method.method.is_by_hand()
    }

    /// What will have to be paid. Where it gets a unique code, only between which amounts it will be.
    fn to_pay(&self, t: T) -> String {
        let one = Rupiah::new(1);
        let ends = self.total.checked_add(one).zip(self.total.checked_add(CODE_MOST));
        match ends.filter(|_| self.is_by_hand()) {
            Some((least, most)) => t.topup_from_to(least, most),
            None => self.total.to_string(),
        }
    }
}

fn summary(wanted: Wanted, wallet: &Wallet, next: String, back: String, t: T) -> AnyView {
    let by_hand = wanted.is_by_hand();
    let (method, bank) = (wanted.way.method.method.as_str(), wanted.way.account.as_ref());
    let bank = bank.map(|account| view! { <Hidden name="bank_account" value=account.id.to_string()/> });
    let next = (!next.is_empty()).then(|| view! { <Hidden name="next" value=next/> });
    let amount = wanted.base.get().to_string();
    let (to_pay, facts) = (wanted.to_pay(t), facts(&wanted, wallet, back, t));
    let (tone, how) =
        if by_hand { (Tone::Wait, t.topup_summary_by_hand()) } else { (Tone::Info, t.topup_summary_auto()) };
    view! {
        <div class="narrow stack">
            <PostForm action=RequestTopup::PATH>
                {facts}
                {by_hand.then(|| view! { <Notice tone=Tone::Info>{t.topup_code_later()}</Notice> })}
                <Notice tone>{how}</Notice>
                <IdempotencyKey/>
                <Hidden name="method" value=method/>
                <Hidden name="amount" value=amount/>
                {bank}
                {next}
                <div class="sticky stack tight">
                    <p class="spread"><span class="muted">{t.topup_total()}</span><strong class="figure num">{to_pay}</strong></p>
                    <Button class="wide">{t.topup_request()}</Button>
                </div>
            </PostForm>
        </div>
    }
    .into_any()
}

fn facts(wanted: &Wanted, wallet: &Wallet, back: String, t: T) -> AnyView {
    let (base, fee, by_hand) = (wanted.base, wanted.fee, wanted.is_by_hand());
    let way = wanted.way.name(t);
    let account = wanted.way.account.clone().map(|account| {
        view! { <Fact label=t.pay_number()>{account.number} <br/> {t.topup_in_name_of(account.holder)}</Fact> }
    });
    let fee = if fee == Rupiah::ZERO { t.topup_fee_none().to_owned() } else { fee.to_string() };
    let credited = if by_hand { t.topup_whole_credit().to_owned() } else { base.to_string() };
    let within = t.topup_after_made(t.lasting(wanted.way.method.expiry_minutes));
    let balance = balance(base, wallet, t);
    view! {
        <Card title=t.topup_title() link=(t.topup_change().to_owned(), back)>
            <Facts>
                <Fact label=t.topup_way()>{way}</Fact>
                {account}
                <Fact label=t.topup_base()><Money amount=base/></Fact>
                <Fact label=t.topup_payer_fee()>{fee}</Fact>
                <Fact label=t.topup_will_credit()>{credited}</Fact>
                <Fact label=t.topup_pay_within()>{within}</Fact>
                {balance}
            </Facts>
        </Card>
    }
    .into_any()
}

/// The balance before and after. What the user owes is paid first.
fn balance(base: Rupiah, wallet: &Wallet, t: T) -> AnyView {
    let before = wallet.available;
    let owed = wallet.receivable.checked_neg().unwrap_or_default().min(base);
    let after = before.checked_add(base).and_then(|sum| sum.checked_sub(owed)).unwrap_or(before);
    let debt = owed.is_positive().then(|| view! { <Fact label=t.topup_debt()><Money amount=owed/></Fact> });
    view! {
        {debt}
        <Fact label=t.balance()>
            <Money amount=before/> " " <span aria-hidden="true">"→"</span>
            <span class="visually-hidden">{t.becomes()}</span> " " <Money amount=after/>
        </Fact>
    }
    .into_any()
}
