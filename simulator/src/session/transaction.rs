//! What became of an order, and what is on a number.

use md5::{Digest, Md5};
use serde_json::{Value, json};

use super::words::{Refusal, truth};
use super::{Asked, Outcome, Told, number_of};
use crate::BookOrder;
use crate::digiflazz::hex;
use crate::state::Desk;

const DAY_MS: i64 = 24 * 60 * 60 * 1_000;

/// A package that an order really put on a number.
pub(crate) struct Delivered {
    pub(crate) name: String,
    pub(crate) expires_ms: i64,
    /// Name and amount: bytes, seconds or pieces.
    pub(crate) benefits: Vec<(String, u64)>,
    code: String,
}

/// `checktransaction`.
pub(super) fn check(desk: &mut Desk<'_>, asked: &Asked) -> Outcome {
    let order = desk.state.book.get(&asked.trx_id).filter(|order| order.session.is_some()).cloned();
    let mut order = order.ok_or_else(|| Refusal::of(404))?;
    order.times_received += 1;
    desk.save(order.clone(), None);
    desk.queried(order);
    let data = desk.state.book.get(&asked.trx_id).map(truth).unwrap_or_default();
    Ok(Told { message: "Berhasil cek transaksi.", data })
}

/// `quotadetails`: exactly what was really delivered and has not run out.
pub(super) fn quota(desk: &Desk<'_>, asked: &Asked) -> Outcome {
    let number = number_of(desk, asked);
    desk.phone(&number).check_token(desk.now_ms, &asked.access_token)?;
    let quotas: Vec<Value> = desk.packages_on(&number).iter().map(Delivered::listing).collect();
    Ok(Told { message: "Berhasil cek kuota.", data: json!({ "quotas": quotas }) })
}

impl Desk<'_> {
    /// What orders of this dialect really put on a number and has not run out; delivered twice means there twice.
    pub(crate) fn packages_on(&self, number: &str) -> Vec<Delivered> {
        let orders = self.state.book.of_number(number);
        let delivered = orders
            .flat_map(|order| (0..order.times_delivered).filter_map(move |nth| self.delivered(order, nth)));
        delivered.filter(|package| package.expires_ms > self.now_ms).collect()
    }

    fn delivered(&self, order: &BookOrder, nth: u32) -> Option<Delivered> {
        let packages = &self.state.session_packages;
        let package = &packages.iter().find(|on_sale| on_sale.package.code == order.sku)?.package;
        let benefits = package.benefits.iter().map(|benefit| (benefit.name.clone(), benefit.amount));
        Some(Delivered {
            name: package.name.clone(),
            expires_ms: order.created_ms + i64::from(package.validity_days) * DAY_MS,
            benefits: benefits.collect(),
            code: hex(&Md5::digest(format!("{}-{nth}", order.ref_id))),
        })
    }
}

impl Delivered {
    fn listing(&self) -> Value {
        let benefits: Vec<Value> = self
            .benefits
            .iter()
            .map(|(name, amount)| json!({ "name": name, "quota": amount, "remaining_quota": amount }))
            .collect();
        json!({
            "name": self.name,
            "expired_at": self.expires_ms / 1_000,
            "encrypted_package_code": self.code,
            "benefits": benefits,
        })
    }
}
