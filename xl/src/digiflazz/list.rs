//! The calls that are not about an order: the deposit and the price list.

use domain::{FailReason, Rupiah};
use serde::Deserialize;
use serde_json::Value;

use super::answer::code;
use super::outcome_table::{Proof, Row};
use crate::answer::{count, rupiah};
use crate::gateway::{GatewayError, ListedPackage};
use crate::http::Reply;

/// The codes that mean "too often": the price list's and the orders'.
const TOO_OFTEN: &[&str] = &["83", "85"];
/// Packages that are read of one list.
const LIST_LIMIT: usize = 20_000;

#[derive(Deserialize)]
struct WirePackage {
    product_name: String,
    #[serde(default)]
    category: String,
    #[serde(default)]
    brand: String,
    #[serde(default, rename = "type")]
    kind: String,
    price: Value,
    buyer_sku_code: String,
    buyer_product_status: bool,
    seller_product_status: bool,
    unlimited_stock: bool,
    #[serde(default)]
    stock: Value,
    #[serde(default)]
    multi: bool,
    #[serde(default)]
    start_cut_off: String,
    #[serde(default)]
    end_cut_off: String,
    #[serde(default)]
    desc: String,
}

/// The `data` of an answer, if it is no refusal.
pub(super) fn data(reply: &Reply) -> Result<Value, GatewayError> {
    // A code goes before the HTTP status: it says more.
    if let Some(code) = code(&reply.body) {
        if TOO_OFTEN.contains(&code.as_str()) {
            return Err(GatewayError::TooOften { code });
        }
        let trouble = match Row::of(&code).map(|row| row.proof(domain::Ask::FirstSend)) {
            Some(Proof::NoOrder(FailReason::Shop(trouble))) => Some(trouble),
            _ => None,
        };
        return Err(GatewayError::Refused { code, trouble });
    }
    if reply.status != 200 {
        return Err(GatewayError::Http(reply.status));
    }
    let mut body: Value =
        serde_json::from_slice(&reply.body).map_err(|_| GatewayError::Unreadable("not JSON"))?;
    Ok(body.get_mut("data").ok_or(GatewayError::Unreadable("no data"))?.take())
}

pub(super) fn deposit(data: &Value) -> Result<Rupiah, GatewayError> {
    data.get("deposit").and_then(rupiah).ok_or(GatewayError::Unreadable("no deposit"))
}

/// The packages that can be read; an entry that cannot is left out, so that one slip does not close the shop.
pub(super) fn packages(data: &Value) -> Result<Vec<ListedPackage>, GatewayError> {
    let entries = data.as_array().ok_or(GatewayError::Unreadable("no list"))?;
    if entries.len() > LIST_LIMIT {
        return Err(GatewayError::Unreadable("too long"));
    }
    let packages: Vec<ListedPackage> = entries.iter().filter_map(package).collect();
    let left_out = entries.len() - packages.len();
    if left_out > 0 {
        tracing::warn!(left_out, "entries of the gateway's price list cannot be read");
    }
    Ok(packages)
}

fn package(entry: &Value) -> Option<ListedPackage> {
    let wire = WirePackage::deserialize(entry).ok()?;
    let stock = if wire.unlimited_stock { None } else { Some(count(&wire.stock)?) };
    // The same hour twice is how the gateway writes "none".
    let has_cut_off = wire.start_cut_off != wire.end_cut_off;
    Some(ListedPackage {
        price: rupiah(&wire.price).filter(|price| price.is_positive())?,
        sku: wire.buyer_sku_code,
        name: wire.product_name,
        category: wire.category,
        brand: wire.brand,
        kind: wire.kind,
        description: wire.desc,
        is_active: wire.buyer_product_status && wire.seller_product_status,
        stock,
        is_repeatable: wire.multi,
        cut_off: has_cut_off.then_some((wire.start_cut_off, wire.end_cut_off)),
    })
}
