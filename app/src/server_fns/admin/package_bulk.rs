//! Many packages at once: by a formula, or from a table.

use domain::{
    BulkChange, FieldCode, Fields, PackageTerms, PriceFormula, PriceStep, PriceTarget, Prices, Refusal,
    RoundUp, Rupiah, Sheet, StatementText,
};
use leptos::prelude::*;
use leptos_axum::redirect;
use serde::{Deserialize, Serialize};
use store::{PACKAGE_SHEET, SeenPackage};

use super::{confirmed_admin, hidden_id, percent};
use crate::context::{Session, local_path, provided, use_store};
use crate::error::AppError;
use crate::format::address;

/// The list of packages.
pub(crate) const LIST: &str = "/admin/packages";
/// The field of the chosen packages.
pub(crate) const CHOSEN: &str = "packages[]";
/// Other prices.
pub(crate) const PRICES: &str = "prices";
/// On sale.
pub(crate) const ACTIVATE: &str = "activate";
/// Off sale.
pub(crate) const DEACTIVATE: &str = "deactivate";

/// A change of many packages as it is typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BulkForm {
    /// [`PRICES`], [`ACTIVATE`] or [`DEACTIVATE`].
    pub(crate) action: String,
    pub(crate) target: String,
    pub(crate) step: String,
    /// Rupiah or percent.
    pub(crate) value: String,
    pub(crate) round: String,
}

/// Changes the chosen packages as the preview showed.
#[server(prefix = "/api", endpoint = "change_packages")]
pub async fn change_packages(
    #[server(flatten)] form: BulkForm,
    packages: Option<Vec<String>>,
    back: String,
    key: String,
) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let change = form.parse()?;
    let seen = packages.unwrap_or_default().iter().map(|sent| seen_of(sent)).collect::<Result<_, _>>()?;
    let changed = use_store()?.run(store::ChangePackages { admin: admin.id, key, change, seen }).await?;
    // Back to the packages that were looked for.
    let list = local_path(&back).filter(|path| path.split('?').next() == Some(LIST)).unwrap_or(LIST);
    redirect(&address(list, &[("changed", &changed.to_string())]));
    Ok(())
}

/// Takes a table of packages in, as the preview showed.
#[server(prefix = "/api", endpoint = "import_packages")]
pub async fn import_packages(kept: String, fingerprint: String, key: String) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let store = use_store()?;
    let session = provided::<Session>()?.key;
    let text = store.kept_package_sheet(&kept, &session).await?.ok_or(Refusal::FormExpired)?;
    let unreadable = || Refusal::field("file", FieldCode::BadSheet);
    let text = StatementText::from_bytes(text.as_bytes()).map_err(|_| unreadable())?;
    let sheet = Sheet::read(&text, &PACKAGE_SHEET).map_err(|_| unreadable())?;
    let imported = store.run(store::ImportPackages { admin: admin.id, key, sheet, fingerprint }).await?;
    let (added, changed) = (imported.added.to_string(), imported.changed.to_string());
    redirect(&address(LIST, &[("added", &added), ("changed", &changed)]));
    Ok(())
}

impl BulkForm {
    /// What is to be done.
    pub(crate) fn parse(&self) -> Result<BulkChange, Refusal> {
        match self.action.as_str() {
            PRICES => self.prices(),
            ACTIVATE => Ok(BulkChange::Activate),
            DEACTIVATE => Ok(BulkChange::Deactivate),
            _ => Err(Refusal::field("action", FieldCode::Required)),
        }
    }

    fn prices(&self) -> Result<BulkChange, Refusal> {
        let mut fields = Fields::new();
        let target = fields.take("target", self.target.parse::<PriceTarget>());
        let step = fields.take("step", self.step.parse::<PriceStep>());
        let round = fields.take("round", self.round.parse::<RoundUp>());
        let is_percent = step.is_some_and(PriceStep::is_percent);
        let value = fields.take("value", if is_percent { percent(&self.value) } else { rupiah(&self.value) });
        let whole = (|| {
            Some(BulkChange::Prices {
                target: target?,
                formula: PriceFormula { step: step?, value: value?, round: round? },
            })
        })();
        whole.ok_or_else(|| fields.refuse())
    }
}

fn rupiah(typed: &str) -> Result<i64, FieldCode> {
    typed.parse().map(Rupiah::get).map_err(FieldCode::from)
}

/// A package as it stands in the form: which, and what was shown of it.
pub(crate) fn sent_as(seen: &SeenPackage) -> String {
    let PackageTerms { prices: Prices { member, reseller }, cost, active } = seen.terms;
    let (id, active) = (seen.id.as_str(), i64::from(active));
    format!("{id}:{}:{}:{}:{active}", member.get(), reseller.get(), cost.get())
}

/// The other way round. People do not type it, so a wrong one is no mistake of theirs.
fn seen_of(sent: &str) -> Result<SeenPackage, AppError> {
    let (id, numbers) = sent.split_once(':').ok_or(AppError::Transport)?;
    let numbers: Vec<i64> =
        numbers.split(':').map(str::parse).collect::<Result<_, _>>().map_err(|_| AppError::Transport)?;
    let [member, reseller, cost, active] = numbers[..] else { return Err(AppError::Transport) };
    let prices = Prices { member: Rupiah::new(member), reseller: Rupiah::new(reseller) };
    let terms = PackageTerms { prices, cost: Rupiah::new(cost), active: active != 0 };
    Ok(SeenPackage { id: hidden_id(id)?, terms })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(step: &str, value: &str) -> BulkForm {
        let word = str::to_owned;
        BulkForm {
            action: word(PRICES),
            target: word("both"),
            step: word(step),
            value: word(value),
            round: word("500"),
        }
    }

    #[test]
    fn formulas_are_read_as_people_write_them() {
        let value = |step: &str, value: &str| match form(step, value).parse() {
            Ok(BulkChange::Prices { formula, .. }) => formula.value,
            other => panic!("{other:?}"),
        };
        assert_eq!(value("add", "1.500"), 1_500);
        assert_eq!(value("percent_up", "7,5"), 750);
        assert_eq!(value("cost_percent", "12"), 1_200);
        let activate = BulkForm { action: ACTIVATE.to_owned(), ..BulkForm::default() };
        assert_eq!(activate.parse(), Ok(BulkChange::Activate));
    }

    #[test]
    fn mistakes_are_told_by_their_fields() {
        let fields = |form: BulkForm| match form.parse() {
            Err(Refusal::Invalid { fields }) => {
                fields.into_iter().map(|error| (error.field, error.error)).collect::<Vec<_>>()
            }
            other => panic!("{other:?}"),
        };
        assert_eq!(fields(BulkForm::default()), [("action".to_owned(), FieldCode::Required)]);
        assert_eq!(fields(form("add", "7,5")), [("value".to_owned(), FieldCode::BadAmount)]);
        assert_eq!(fields(form("percent_up", "-5")), [("value".to_owned(), FieldCode::BadNumber)]);
        let nothing = BulkForm { round: "7".into(), ..form("x", "") };
        assert_eq!(fields(nothing).len(), 3);
    }

    #[test]
    fn what_was_shown_comes_back() {
        let prices = Prices { member: Rupiah::new(25_500), reseller: Rupiah::new(24_000) };
        let terms = PackageTerms { prices, cost: Rupiah::new(22_000), active: true };
        let seen = SeenPackage { id: domain::PublicId::from_random(7), terms };
        assert_eq!(seen_of(&sent_as(&seen)).unwrap(), seen);
        for sent in ["", "x:1:2:3:1", "7QK2M9DAX3TP:1:2:3", "7QK2M9DAX3TP:1:2:3:x"] {
            assert_eq!(seen_of(sent), Err(AppError::Transport), "{sent}");
        }
    }
}
