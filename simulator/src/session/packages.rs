//! What is for sale.

use serde_json::{Value, json};

use super::catalogue::{CutOff, SessionPackage};
use super::words::Refusal;
use super::{Asked, Outcome, Told};
use crate::OrderState;
use crate::state::{Desk, SessionOnSale};

/// What a package without a stock of its own answers.
const ENOUGH: u32 = 1_000;
/// WIB is seven hours ahead of UTC.
const WIB_AHEAD_MS: i64 = 7 * 60 * 60 * 1_000;
const MINUTE_MS: i64 = 60_000;
const DAY_MS: i64 = 24 * 60 * MINUTE_MS;

/// `packagelist`: what is active.
pub(super) fn list(desk: &Desk<'_>) -> Told {
    let active = desk.state.session_packages.iter().filter(|on_sale| on_sale.active);
    let packages: Vec<Value> = active.map(|on_sale| listing(desk, on_sale)).collect();
    Told { message: "Berhasil mendapatkan daftar paket!", data: json!(packages) }
}

/// `checkpackagestock`.
pub(super) fn stock(desk: &Desk<'_>, asked: &Asked) -> Outcome {
    let on_sale = find(desk, &asked.package_id).ok_or_else(|| Refusal::of(404))?;
    let stock = on_sale.stock.unwrap_or(ENOUGH);
    Ok(Told {
        message: "Berhasil cek stok.",
        data: json!({ "real_stock": stock, "is_out_of_stock": stock == 0 }),
    })
}

/// `panelaccountbalance`.
pub(super) fn balance(desk: &Desk<'_>) -> Told {
    Told { message: "Berhasil cek saldo panel.", data: json!({ "balance": desk.state.deposit_rupiah }) }
}

/// A package that is for sale.
pub(super) fn find<'a>(desk: &'a Desk<'_>, code: &str) -> Option<&'a SessionOnSale> {
    desk.state.session_packages.iter().find(|on_sale| on_sale.active && on_sale.package.code == code)
}

/// How many of a package were ordered today (WIB) and not failed.
pub(super) fn sold_today(desk: &Desk<'_>, package: &SessionPackage) -> usize {
    let day = wib_day(desk.now_ms);
    let is_counted = |state| !matches!(state, OrderState::Failed | OrderState::NotFormed);
    let orders = desk.state.book.iter().filter(|order| order.sku == package.code && is_counted(order.state));
    orders.filter(|order| wib_day(order.created_ms) == day).count()
}

/// Minutes after midnight, WIB.
pub(super) const fn wib_minute(now_ms: i64) -> i64 {
    (now_ms + WIB_AHEAD_MS).rem_euclid(DAY_MS) / MINUTE_MS
}

const fn wib_day(now_ms: i64) -> i64 {
    (now_ms + WIB_AHEAD_MS).div_euclid(DAY_MS)
}

fn listing(desk: &Desk<'_>, on_sale: &SessionOnSale) -> Value {
    let package = &on_sale.package;
    let sold_today = package.daily_limit.map_or(0, |_| sold_today(desk, package));
    let cut_off = package.cut_off.unwrap_or(CutOff { start_minute: 0, end_minute: 0 });
    let methods: Vec<Value> =
        package.payment_methods.iter().map(|method| json!({ "payment_method": method.as_str() })).collect();
    json!({
        "package_code": package.code,
        "package_name": package.name,
        "package_description": package.description,
        // The gateway's own price, which it takes from the panel. What XL takes from the owner stands in the text.
        "package_harga_int": package.fee_rupiah,
        "no_need_login": !package.needs_login,
        "can_multi_trx": package.can_multi_trx,
        "have_daily_limit": package.daily_limit.is_some(),
        "daily_limit_details": {
            "max_daily_transaction_limit": package.daily_limit.unwrap_or_default(),
            "current_daily_transaction_count": sold_today,
        },
        "have_cut_off_time": package.cut_off.is_some(),
        "cut_off_time": {
            "prohibited_hour_starttime": hour_and_minute(cut_off.start_minute),
            "prohibited_hour_endtime": hour_and_minute(cut_off.end_minute),
        },
        "need_check_stock": package.stock.is_some(),
        "available_payment_methods": methods,
    })
}

fn hour_and_minute(minute: u16) -> String {
    format!("{:02}:{:02}", minute / 60, minute % 60)
}
