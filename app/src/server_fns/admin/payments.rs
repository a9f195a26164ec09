//! How money for top-ups is collected: payment gateways, ways of paying, the shop's own QRIS code.

use domain::{FeeRule, FieldCode, Fields, PayDialect, Qris, QrisKind, Refusal, Rupiah, TopupMethod};
use leptos::prelude::*;
use leptos_axum::redirect;
use serde::{Deserialize, Serialize};
use store::{PayGatewayDraft, PayMethodDraft};

use super::gateways::gateway_address;
use super::{confirmed_admin, filled, percent, positive, short, whole};
use crate::context::{SiteInfo, provided, require_admin, use_store};
use crate::error::AppError;
use crate::format::address;
use crate::server_fns::{AllTaken, all};

const NAME_MOST_CHARS: usize = 32;
const TEXT_MOST_CHARS: usize = 200;
const QRIS_MOST_CHARS: usize = 512;
/// The store has narrower limits; these keep nonsense out of its arithmetic.
const MINUTES: std::ops::RangeInclusive<i64> = 1..=100_000;
const SORT: std::ops::RangeInclusive<i64> = 0..=999;
/// The page of payment gateways and ways of paying.
pub(crate) const PAGE: &str = "/admin/payments";
/// The page of the shop's own QRIS code.
pub(crate) const QRIS_PAGE: &str = "/admin/payments/qris";

/// A payment gateway as it is typed.
#[derive(Clone, Serialize, Deserialize)]
pub struct PayGatewayForm {
    /// Empty for a new one.
    seen: String,
    name: String,
    dialect: String,
    base_url: String,
    merchant: String,
    /// Named so that it is never kept in a draft.
    api_secret: String,
    private_secret: String,
    active: Option<String>,
}

/// Without the secrets.
impl std::fmt::Debug for PayGatewayForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PayGatewayForm").field("name", &self.name).finish_non_exhaustive()
    }
}

/// A way of paying as it is typed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct PayMethodForm {
    /// Empty when it was not set up.
    seen: String,
    method: String,
    /// Empty where a human looks for the money.
    gateway: Option<String>,
    min: String,
    max: String,
    expiry_minutes: String,
    /// Not sent where the payer must not be charged.
    payer_flat: Option<String>,
    payer_percent: Option<String>,
    cost_flat: Option<String>,
    cost_percent: Option<String>,
    sort: String,
    active: Option<String>,
}

/// Adds or changes a payment gateway.
#[server(prefix = "/api", endpoint = "save_pay_gateway")]
pub async fn save_pay_gateway(#[server(flatten)] form: PayGatewayForm) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let seen = seen(&form.seen)?;
    let draft = form.parse(provided::<SiteInfo>()?.demo.is_some())?;
    use_store()?.run(store::SavePayGateway { admin: admin.id, seen, draft }).await?;
    redirect(&address(PAGE, &[("done", "saved")]));
    Ok(())
}

/// Tries address and keys of a payment gateway.
#[server(prefix = "/api", endpoint = "probe_pay_gateway")]
pub async fn probe_pay_gateway(gateway: String) -> Result<(), AppError> {
    let admin = require_admin()?;
    use_store()?.run(store::ProbePayGateway { admin: admin.id, gateway }).await?;
    redirect(PAGE);
    Ok(())
}

/// Adds or changes a way of paying.
#[server(prefix = "/api", endpoint = "save_pay_method")]
pub async fn save_pay_method(#[server(flatten)] form: PayMethodForm) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let seen = seen(&form.seen)?;
    let draft = form.parse()?;
    use_store()?.run(store::SavePayMethod { admin: admin.id, seen, draft }).await?;
    redirect(&address(PAGE, &[("done", "saved")]));
    Ok(())
}

/// Tries a way of paying: the gateway is asked to collect the least amount, and the order is called off at once.
#[server(prefix = "/api", endpoint = "test_pay_method")]
pub async fn test_pay_method(method: String) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let method: TopupMethod = method.parse().map_err(|_| AppError::Transport)?;
    use_store()?.run(store::TestPayMethod { admin: admin.id, method }).await?;
    redirect(&format!("{PAGE}#ways"));
    Ok(())
}

/// Looks at the text of a QRIS code before it is saved: a mistake stands beside the field, else the page shows what it is.
#[server(prefix = "/api", endpoint = "check_static_code")]
pub async fn check_static_code(code: String) -> Result<(), AppError> {
    require_admin()?;
    let mut fields = Fields::new();
    let typed = (fields.take("code", static_code(&code)),);
    let (code,) = all(fields, typed)?;
    redirect(&address(QRIS_PAGE, &[("code", &code)]));
    Ok(())
}

/// Sets the shop's own QRIS code.
#[server(prefix = "/api", endpoint = "save_static_code")]
pub async fn save_static_code(code: String, bank_account: String) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let mut fields = Fields::new();
    let typed = (
        fields.take("code", static_code(&code)),
        fields.take("bank_account", bank_account.parse::<i64>().map_err(|_| FieldCode::NotAChoice)),
    );
    let (code, bank_account) = all(fields, typed)?;
    use_store()?.run(store::SaveStaticCode { admin: admin.id, code, bank_account }).await?;
    redirect(&address(QRIS_PAGE, &[("done", "saved")]));
    Ok(())
}

/// The text of a code that any number of payers can pay.
fn static_code(typed: &str) -> Result<String, FieldCode> {
    let code = filled(typed, QRIS_MOST_CHARS)?;
    match code.parse::<Qris>()?.kind() {
        QrisKind::Static => Ok(code),
        QrisKind::Dynamic => Err(FieldCode::NotStatic),
    }
}

/// The revision that a form was filled with; nothing for something new.
fn seen(sent: &str) -> Result<Option<i64>, AppError> {
    if sent.is_empty() { Ok(None) } else { Ok(Some(sent.parse().map_err(|_| Refusal::StateChanged)?)) }
}

impl PayGatewayForm {
    fn parse(self, demo: bool) -> Result<PayGatewayDraft, AppError> {
        let mut fields = Fields::new();
        let typed = (
            fields.take("name", filled(&self.name, NAME_MOST_CHARS)),
            fields.take("dialect", self.dialect.parse::<PayDialect>()),
            fields.take("base_url", gateway_address(&self.base_url, demo)),
            fields.take("merchant", short(&self.merchant, TEXT_MOST_CHARS)),
            fields.take("api_secret", short(&self.api_secret, TEXT_MOST_CHARS)),
            fields.take("private_secret", short(&self.private_secret, TEXT_MOST_CHARS)),
        );
        let (name, dialect, base_url, merchant, api_key, private_key) = all(fields, typed)?;
        let active = self.active.is_some();
        Ok(PayGatewayDraft { name, dialect, base_url, merchant, api_key, private_key, active })
    }
}

impl PayMethodForm {
    fn parse(self) -> Result<PayMethodDraft, AppError> {
        let method: TopupMethod = self.method.parse().map_err(|_| AppError::Transport)?;
        let mut fields = Fields::new();
        let limits = (
            fields.take("min", positive(&self.min)),
            fields.take("max", positive(&self.max)),
            fields.take("expiry_minutes", whole(&self.expiry_minutes, MINUTES)),
            fields.take("sort", whole(&self.sort, SORT)),
        );
        let fees = (
            fields.take("payer_flat", flat(self.payer_flat.as_deref())),
            fields.take("payer_percent", share(self.payer_percent.as_deref())),
            fields.take("cost_flat", flat(self.cost_flat.as_deref())),
            fields.take("cost_percent", share(self.cost_percent.as_deref())),
        );
        let (limits, fees) = all(fields, (limits.taken(), fees.taken()))?;
        let (min, max, expiry_minutes, sort) = limits;
        let (payer_flat, payer_share, cost_flat, cost_share) = fees;
        Ok(PayMethodDraft {
            method,
            gateway: self.gateway.filter(|name| !name.is_empty()),
            active: self.active.is_some(),
            sort,
            min,
            max,
            expiry_minutes,
            payer_fee: FeeRule { flat: payer_flat, basis_points: payer_share },
            cost: FeeRule { flat: cost_flat, basis_points: cost_share },
        })
    }
}

/// The fixed part of a fee; a field that the form does not have means none.
fn flat(typed: Option<&str>) -> Result<Rupiah, FieldCode> {
    typed.map_or(Ok(Rupiah::ZERO), |typed| typed.parse().map_err(FieldCode::from))
}

fn share(typed: Option<&str>) -> Result<i64, FieldCode> {
    typed.map_or(Ok(0), percent)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fees_that_a_form_does_not_have_are_none() {
        assert_eq!((flat(None), share(None)), (Ok(Rupiah::ZERO), Ok(0)));
        assert_eq!((flat(Some("4.000")), share(Some("0,70"))), (Ok(Rupiah::new(4_000)), Ok(70)));
        assert_eq!(flat(Some("")), Err(FieldCode::Required));
    }

    #[test]
    fn a_code_for_one_payment_is_not_the_shops_own() {
        let dynamic = "00020101021226620014COM.GO-JEK.WWW011993600914349052630340210G4905263030303UKE51440014ID.CO.QRIS.WWW0215AID0607336128660303UKE5204341453033605802ID5904Test6007BANDUNG6105402845409789000.0062475036c032f87c-f773-4619-aefa-675e1f06f9210703A016304A623";
        assert_eq!(static_code(dynamic), Err(FieldCode::NotStatic));
        assert_eq!(static_code(""), Err(FieldCode::Required));
        assert!(matches!(static_code("bukan kode"), Err(FieldCode::BadQris { .. })));
    }
}
