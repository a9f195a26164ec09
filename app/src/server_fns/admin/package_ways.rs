//! The ways to get a package: further gateways, and how the number's owner can pay.

use domain::{FieldCode, Fields, PaymentMethod, Rupiah};
use leptos::prelude::*;
use leptos_axum::redirect;
use serde::{Deserialize, Serialize};
use store::{Fallback, PackageMethod};

use super::{confirmed_admin, hidden_id};
use crate::context::use_store;
use crate::error::AppError;

/// Names of the fields of one further gateway: its name, the code there, its cost.
pub(crate) const FALLBACK_FIELDS: [[&str; 3]; store::FALLBACKS_MOST] =
    [["gateway_1", "sku_1", "cost_1"], ["gateway_2", "sku_2", "cost_2"], ["gateway_3", "sku_3", "cost_3"]];

/// Names of the fields of one way of paying: the code, and the owner's price.
pub(crate) const fn method_fields(method: PaymentMethod) -> [&'static str; 2] {
    match method {
        PaymentMethod::Pulsa => ["sku_pulsa", "price_pulsa"],
        PaymentMethod::Dana => ["sku_dana", "price_dana"],
        PaymentMethod::Gopay => ["sku_gopay", "price_gopay"],
        PaymentMethod::Shopeepay => ["sku_shopeepay", "price_shopeepay"],
        PaymentMethod::Ovo => ["sku_ovo", "price_ovo"],
        PaymentMethod::Qris => ["sku_qris", "price_qris"],
    }
}

/// Further gateways as they are typed. A row without anything in it is none.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct FallbacksForm {
    id: String,
    gateway_1: String,
    sku_1: String,
    cost_1: String,
    gateway_2: String,
    sku_2: String,
    cost_2: String,
    gateway_3: String,
    sku_3: String,
    cost_3: String,
}

/// Ways of paying as they are typed. One without a code is not offered.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct MethodsForm {
    id: String,
    sku_pulsa: String,
    price_pulsa: String,
    sku_dana: String,
    price_dana: String,
    sku_gopay: String,
    price_gopay: String,
    sku_shopeepay: String,
    price_shopeepay: String,
    sku_ovo: String,
    price_ovo: String,
    sku_qris: String,
    price_qris: String,
}

/// Sets the further gateways of a package.
#[server(prefix = "/api", endpoint = "save_fallbacks")]
pub async fn save_fallbacks(#[server(flatten)] form: FallbacksForm) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let id = hidden_id(&form.id)?;
    let page = format!("/admin/packages/{}?done=saved", id.as_str());
    let fallbacks = form.parse()?;
    use_store()?.run(store::SaveFallbacks { admin: admin.id, id, fallbacks }).await?;
    redirect(&page);
    Ok(())
}

/// Sets how the owner of a number can pay for a package.
#[server(prefix = "/api", endpoint = "save_methods")]
pub async fn save_methods(#[server(flatten)] form: MethodsForm) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let id = hidden_id(&form.id)?;
    let page = format!("/admin/packages/{}?done=saved", id.as_str());
    let methods = form.parse()?;
    use_store()?.run(store::SaveMethods { admin: admin.id, id, methods }).await?;
    redirect(&page);
    Ok(())
}

impl FallbacksForm {
    fn parse(self) -> Result<Vec<Fallback>, AppError> {
        let rows = [
            [self.gateway_1, self.sku_1, self.cost_1],
            [self.gateway_2, self.sku_2, self.cost_2],
            [self.gateway_3, self.sku_3, self.cost_3],
        ];
        let mut fields = Fields::new();
        let mut fallbacks = Vec::new();
        let is_empty = |row: &[String; 3]| row.iter().all(|typed| typed.trim().is_empty());
        let last = rows.iter().rposition(|row| !is_empty(row)).map_or(0, |last| last + 1);
        for ([gateway, sku, cost], names) in rows.into_iter().zip(FALLBACK_FIELDS).take(last) {
            // The store tells of an empty name or code; a gap between two rows is one.
            let cost = fields.take(names[2], cost.parse::<Rupiah>());
            fallbacks.extend(cost.map(|cost| Fallback {
                gateway: gateway.trim().to_owned(),
                sku: sku.trim().to_owned(),
                cost,
            }));
        }
        fields.done()?;
        Ok(fallbacks)
    }
}

impl MethodsForm {
    fn parse(self) -> Result<Vec<PackageMethod>, AppError> {
        let rows = [
            (PaymentMethod::Pulsa, self.sku_pulsa, self.price_pulsa),
            (PaymentMethod::Dana, self.sku_dana, self.price_dana),
            (PaymentMethod::Gopay, self.sku_gopay, self.price_gopay),
            (PaymentMethod::Shopeepay, self.sku_shopeepay, self.price_shopeepay),
            (PaymentMethod::Ovo, self.sku_ovo, self.price_ovo),
            (PaymentMethod::Qris, self.sku_qris, self.price_qris),
        ];
        let mut fields = Fields::new();
        let mut methods = Vec::new();
        for (method, sku, price) in rows {
            let [sku_name, price_name] = method_fields(method);
            let sku = sku.trim().to_owned();
            let owner_price = fields.take(price_name, amount(&price)).flatten();
            if sku.is_empty() {
                if owner_price.is_some() {
                    fields.note(sku_name, FieldCode::Required);
                }
                continue;
            }
            methods.push(PackageMethod { method, sku, owner_price });
        }
        fields.done()?;
        Ok(methods)
    }
}

fn amount(typed: &str) -> Result<Option<Rupiah>, FieldCode> {
    if typed.trim().is_empty() { Ok(None) } else { typed.parse().map(Some).map_err(FieldCode::from) }
}
