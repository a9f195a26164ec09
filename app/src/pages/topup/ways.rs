//! The ways of topping up as buyers choose among them, and what a form or an address says of a choice.

use domain::{FieldCode, Fields, Refusal, Rupiah, TopupMethod};
use leptos::prelude::*;
use store::{BankAccount, OpenMethod, Store};

use crate::components::{Icon, icons, use_form};
use crate::context::{local_path, use_t};
use crate::error::AppError;
use crate::format::address;
use crate::i18n::T;
use crate::page::Member;
use crate::server_fns::topup::OTHER_AMOUNT;

/// The form's page.
pub(super) const FORM_PAGE: &str = "/topup";
/// The page that sums up what was chosen.
pub(super) const SUMMARY_PAGE: &str = "/topup/confirm";
/// In the form's address when it comes back: what stands there is judged, and not only filled in.
const AGAIN: &str = "again";

/// One choice: a way of paying, and where it needs one, the account to pay to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Way {
    pub(super) method: OpenMethod,
    pub(super) account: Option<BankAccount>,
}

/// What is wanted, as an address says it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Asked {
    /// As it was typed or tapped.
    pub(super) amount: String,
    /// A [`Way`]'s value.
    pub(super) method: String,
    /// Where it leads once it is credited; a page of ours, or empty.
    pub(super) next: String,
    /// Whether it has been looked at and sent back.
    pub(super) again: bool,
}

impl Way {
    /// All choices, in their order. A transfer is one for each of the shop's accounts.
    pub(super) async fn all(store: &Store) -> Result<Vec<Self>, AppError> {
        let mut ways = Vec::new();
        for method in store.open_methods().await? {
            if method.method == TopupMethod::Transfer {
                let accounts = store.bank_accounts(true).await?.into_iter();
                ways.extend(accounts.map(|account| Self { method: method.clone(), account: Some(account) }));
            } else {
                ways.push(Self { method, account: None });
            }
        }
        Ok(ways)
    }

    /// What the radio button sends: `qris`, `transfer:3`.
    pub(super) fn value(&self) -> String {
        let method = self.method.method.as_str();
        self.account.as_ref().map_or_else(|| method.to_owned(), |account| format!("{method}:{}", account.id))
    }

    pub(super) fn name(&self, t: T) -> String {
        self.account
            .as_ref()
            .map_or_else(|| t.topup_method(self.method.method), |account| t.topup_transfer_to(&account.bank))
    }

    const fn icon(&self) -> icondata_core::Icon {
        match self.method.method {
            TopupMethod::Qris | TopupMethod::StaticQris => icons::QR,
            TopupMethod::Transfer => icons::TRANSFER,
            TopupMethod::VaBca
            | TopupMethod::VaBni
            | TopupMethod::VaBri
            | TopupMethod::VaPermata
            | TopupMethod::BillMandiri => icons::BANK,
        }
    }
}

impl Asked {
    pub(super) fn of(cx: &Member) -> Self {
        let preset = Some(cx.query("preset")).filter(|preset| !preset.is_empty() && *preset != OTHER_AMOUNT);
        Self {
            amount: preset.unwrap_or_else(|| cx.query("amount")).to_owned(),
            method: cx.query("method").to_owned(),
            next: local_path(cx.query("next")).unwrap_or_default().to_owned(),
            again: !cx.query(AGAIN).is_empty(),
        }
    }

    /// The amount and the way, or all that is wrong with them.
    pub(super) fn check<'w>(&self, ways: &'w [Way]) -> Result<(Rupiah, &'w Way), Refusal> {
        let mut fields = Fields::new();
        let way = ways.iter().find(|way| way.value() == self.method);
        let missing = if self.method.is_empty() { FieldCode::Required } else { FieldCode::NotAChoice };
        let way = fields.take("method", way.ok_or(missing));
        // Its own limits; without a way, at least an amount.
        let amount = match way {
            Some(way) => way.method.limits.parse(&self.amount),
            None => self.amount.parse::<Rupiah>().map_err(FieldCode::from),
        };
        let amount = fields.take("amount", amount);
        match (amount, way) {
            (Some(amount), Some(way)) => Ok((amount, way)),
            _ => Err(fields.refuse()),
        }
    }

    /// The form, filled in with this.
    pub(super) fn form_page(&self) -> String {
        let asked = [("amount", self.amount.as_str()), ("method", &self.method), ("next", &self.next)];
        address(FORM_PAGE, &asked)
    }

    /// The form, which then says what is wrong.
    pub(super) fn sent_back(&self) -> String {
        let page = self.form_page();
        // Also where nothing at all was asked for: then everything is missing.
        address(&page, &[(AGAIN, "1")])
    }
}

/// The ways of paying as large radio buttons, each with what it costs and how it comes into the balance.
#[component]
pub(super) fn WayChoices(ways: Vec<Way>, wanted: String) -> AnyView {
    let t = use_t();
    let form = use_form();
    let error = form.error("method").map(|code| match code {
        FieldCode::NotAChoice => t.method_closed().to_owned(),
        code => t.field_code(code),
    });
    let known = ways.iter().any(|way| way.value() == wanted);
    // After a mistake nothing is chosen in the buyer's stead.
    let first = ways.first().filter(|_| error.is_none()).map(Way::value);
    let chosen = if known { Some(wanted) } else { first };
    let cards = ways.into_iter().map(|way| choice(&way, chosen.as_deref(), t)).collect_view();
    let invalid = error.is_some().then_some("true");
    view! {
        <fieldset class="ways" role="radiogroup" aria-describedby="f-method-error" aria-invalid=invalid>
            <legend>{t.topup_which_way()}</legend>
            // Above the choices, which are longer than a phone's screen.
            <p class="error" id="f-method-error" aria-live="polite">{error}</p>
            {cards}
        </fieldset>
    }
    .into_any()
}

fn choice(way: &Way, chosen: Option<&str>, t: T) -> AnyView {
    let (value, name, icon) = (way.value(), way.name(t), way.icon());
    let checked = chosen == Some(value.as_str());
    let OpenMethod { method, limits, payer_fee, .. } = way.method;
    let account = way.account.clone().map(|account| {
        view! { <small class="muted num">{account.number} " · " {t.topup_in_name_of(account.holder)}</small> }
    });
    view! {
        <label class="choice">
            <input type="radio" name="method" value=value checked=checked/>
            <span class="grow">
                <strong>{name}</strong>
                {account}
                <small>{t.topup_how_credited(method)}</small>
                <small class="muted num">{t.topup_fee_rule(payer_fee)} " · " {t.topup_limits(limits.min, limits.max)}</small>
            </span>
            <Icon icon/>
        </label>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use domain::{FeeRule, FieldError, TopupLimits};

    use super::*;

    fn way(method: TopupMethod, min: i64, account: Option<i64>) -> Way {
        let limits = TopupLimits { min: Rupiah::new(min), max: Rupiah::new(1_000_000) };
        let account = account.map(|id| BankAccount {
            id,
            bank: "BCA".into(),
            number: "123".into(),
            holder: "Toko".into(),
            active: true,
        });
        let method = OpenMethod { method, limits, payer_fee: FeeRule::default(), expiry_minutes: 60 };
        Way { method, account }
    }

    fn wrong(amount: &str, method: &str) -> Vec<FieldError> {
        let ways = [way(TopupMethod::Qris, 1_000, None), way(TopupMethod::Transfer, 20_000, Some(3))];
        let asked = Asked { amount: amount.into(), method: method.into(), ..Asked::default() };
        match asked.check(&ways) {
            Ok((_, way)) => {
                assert_eq!(way.value(), method);
                Vec::new()
            }
            Err(Refusal::Invalid { fields }) => fields,
            Err(refusal) => panic!("{refusal:?}"),
        }
    }

    #[test]
    fn each_way_has_its_own_limits() {
        let error = |field: &str, error| FieldError { field: field.into(), error };
        assert_eq!(wrong("5.000", "qris"), []);
        assert_eq!(
            wrong("5.000", "transfer:3"),
            [error("amount", FieldCode::BelowMin { min: Rupiah::new(20_000) })]
        );
        assert_eq!(wrong("5.000", "transfer:4"), [error("method", FieldCode::NotAChoice)]);
        assert_eq!(
            wrong("", ""),
            [error("method", FieldCode::Required), error("amount", FieldCode::Required)]
        );
    }

    #[test]
    fn what_was_typed_goes_back_to_the_form() {
        let asked = Asked {
            amount: "lima ribu".into(),
            method: "transfer:3".into(),
            next: "/buy/7QK2?msisdn=0878".into(),
            again: false,
        };
        assert_eq!(
            asked.sent_back(),
            "/topup?amount=lima%20ribu&method=transfer%3A3&next=%2Fbuy%2F7QK2%3Fmsisdn%3D0878&again=1"
        );
    }
}
