//! The deposit at a gateway against our books.

use domain::{FieldCode, Fields, Rupiah, UtcMillis};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::users::signed;
use super::{confirmed_admin, filled, positive};
use crate::context::use_store;
use crate::error::AppError;
use crate::format::address;
use crate::server_fns::all;

const NOTE_MOST_CHARS: usize = 200;

/// Records that the deposit at a gateway was filled up, or takes a wrong record back, once for a key.
#[server(prefix = "/api", endpoint = "record_funding")]
pub async fn record_funding(
    gateway: String,
    bank_account: String,
    direction: String,
    amount: String,
    day: String,
    note: String,
    key: String,
) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let mut fields = Fields::new();
    let amount = positive(&amount).and_then(|amount| signed(&direction, amount));
    let typed = (
        fields.take("bank_account", bank_account.parse::<i64>().map_err(|_| FieldCode::NotAChoice)),
        fields.take("amount", amount),
        fields.take("day", day.parse().map(UtcMillis).map_err(|_| FieldCode::NotAChoice)),
        fields.take("note", filled(&note, NOTE_MOST_CHARS)),
    );
    let (bank_account, amount, day, note) = all(fields, typed)?;
    let page = address(&book_page(&gateway), &[("done", "saved")]);
    let record = store::RecordFunding { admin: admin.id, gateway, bank_account, amount, day, note, key };
    use_store()?.run(record).await?;
    redirect(&page);
    Ok(())
}

/// Says why a day's deposit differs from our books.
#[server(prefix = "/api", endpoint = "settle_deposit_day")]
pub async fn settle_deposit_day(
    gateway: String,
    day: i64,
    seen: i64,
    reason: String,
) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let page = address(&book_page(&gateway), &[("done", "decided")]);
    let (day, seen) = (UtcMillis(day), Rupiah::new(seen));
    use_store()?.run(store::SettleDay { admin: admin.id, gateway, day, seen, reason }).await?;
    redirect(&page);
    Ok(())
}

/// The page of a gateway's deposit against our books.
pub(crate) fn book_page(gateway: &str) -> String {
    format!("/admin/gateways/{gateway}/book")
}
