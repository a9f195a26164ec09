//! A payment gateway's day: its own list, and what it has paid out.

use domain::{FieldCode, Fields, Refusal, Rupiah};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::payments::PAGE;
use super::users::signed;
use super::{confirmed_admin, filled, positive};
use crate::context::{require_admin, use_store};
use crate::error::AppError;
use crate::format::address;
use crate::server_fns::all;
use crate::wib_day;

const NOTE_MOST_CHARS: usize = 200;

/// Wants a payment gateway's own list of a day; a worker fetches it.
#[server(prefix = "/api", endpoint = "want_list")]
pub async fn want_list(gateway: String, day: String) -> Result<(), AppError> {
    let admin = require_admin()?;
    let page = day_page(&gateway, &day);
    let day = wib_day::parse(&day).ok_or(Refusal::NotFound)?;
    use_store()?.run(store::WantList { admin: admin.id, gateway, day }).await?;
    redirect(&page);
    Ok(())
}

/// Records that a payment gateway has paid out to a bank account, or takes a wrong record back, once for a key.
#[server(prefix = "/api", endpoint = "record_payout")]
pub async fn record_payout(
    gateway: String,
    direction: String,
    bank_account: String,
    amount: String,
    fee: String,
    note: String,
    key: String,
) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let mut fields = Fields::new();
    let amount = positive(&amount).and_then(|amount| signed(&direction, amount));
    let fee = fee.parse::<Rupiah>().map_err(FieldCode::from).and_then(|fee| signed(&direction, fee));
    let typed = (
        fields.take("bank_account", bank_account.parse::<i64>().map_err(|_| FieldCode::NotAChoice)),
        fields.take("amount", amount),
        fields.take("fee", fee),
        fields.take("note", filled(&note, NOTE_MOST_CHARS)),
    );
    let (bank_account, amount, fee, note) = all(fields, typed)?;
    let page = address(PAGE, &[("done", "saved")]);
    let record = store::RecordPayout { admin: admin.id, gateway, bank_account, amount, fee, note, key };
    use_store()?.run(record).await?;
    redirect(&page);
    Ok(())
}

/// The page of a payment gateway's day.
pub(crate) fn day_page(gateway: &str, day: &str) -> String {
    address(&format!("{PAGE}/{gateway}/day"), &[("day", day)])
}
