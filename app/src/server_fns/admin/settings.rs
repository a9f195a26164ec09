//! Settings of the shop, and its bank accounts.

use domain::{Email, Fields, MarginRule, Phone, Refusal, Rupiah};
use leptos::prelude::*;
use leptos_axum::redirect;
use serde::{Deserialize, Serialize};
use store::{Rules, Saving, ShopSettings};

use super::{confirmed_admin, filled, positive, short, whole};
use crate::context::use_store;
use crate::error::AppError;
use crate::server_fns::{AllTaken, all, optional};

const TITLE_MOST_CHARS: usize = 40;
const LINE_MOST_CHARS: usize = 120;
const BANNER_MOST_CHARS: usize = 200;
const BANK_MOST_CHARS: usize = 60;
/// At most a day.
const LOOK_AGAIN_MINUTES: std::ops::RangeInclusive<i64> = 0..=1_440;
const OPEN_TOPUPS: std::ops::RangeInclusive<i64> = 1..=20;
const REPEAT_MINUTES: std::ops::RangeInclusive<i64> = 0..=1_440;
const PERCENT: std::ops::RangeInclusive<i64> = 0..=200;
const PAGE: &str = "/admin/settings?done=saved";

/// The settings as they are typed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SettingsForm {
    title: String,
    tagline: String,
    contact_name: String,
    whatsapp: String,
    contact_email: String,
    topup_min: String,
    topup_max: String,
    open_topups_most: String,
    approve_alone_most: String,
    approve_again_after_min: String,
    repeat_window_min: String,
    member_percent: String,
    member_least: String,
    reseller_percent: String,
    reseller_least: String,
    price_step: String,
    sales_open: Option<String>,
    signup_open: Option<String>,
    banner: String,
    /// Which settings the form was filled with.
    revision: String,
}

/// Saves all settings.
#[server(prefix = "/api", endpoint = "save_settings")]
pub async fn save_settings(#[server(flatten)] form: SettingsForm) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let settings = form.parse()?;
    let store = use_store()?;
    store.run(store::SaveSettings { admin: admin.id, settings }).await?;
    // The next page must show them, not wait for the news to come round.
    store.reload_settings().await?;
    redirect(PAGE);
    Ok(())
}

/// Adds or changes a bank account; `id` is empty for a new one.
#[server(prefix = "/api", endpoint = "save_bank_account")]
pub async fn save_bank_account(
    id: String,
    key: String,
    bank: String,
    number: String,
    holder: String,
    active: Option<String>,
) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let id = if id.is_empty() { None } else { Some(id.parse().map_err(|_| AppError::Transport)?) };
    let id = Saving::of(id, key);
    let mut fields = Fields::new();
    let typed = (
        fields.take("bank", filled(&bank, BANK_MOST_CHARS)),
        fields.take("number", filled(&number, BANK_MOST_CHARS)),
        fields.take("holder", filled(&holder, BANK_MOST_CHARS)),
    );
    let (bank, number, holder) = all(fields, typed)?;
    let active = active.is_some();
    use_store()?.run(store::SaveBankAccount { admin: admin.id, id, bank, number, holder, active }).await?;
    redirect(PAGE);
    Ok(())
}

/// Offers a bank account to people who top up, or no longer.
#[server(prefix = "/api", endpoint = "set_bank_account_active")]
pub async fn set_bank_account_active(id: i64, active: bool) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let store = use_store()?;
    let account = store.bank_accounts(false).await?.into_iter().find(|account| account.id == id);
    let account = account.ok_or(Refusal::NotFound)?;
    store
        .run(store::SaveBankAccount {
            admin: admin.id,
            id: Saving::Known(id),
            bank: account.bank,
            number: account.number,
            holder: account.holder,
            active,
        })
        .await?;
    redirect(PAGE);
    Ok(())
}

impl SettingsForm {
    fn parse(self) -> Result<ShopSettings, AppError> {
        let mut fields = Fields::new();
        let texts = (
            fields.take("title", filled(&self.title, TITLE_MOST_CHARS)),
            fields.take("tagline", short(&self.tagline, LINE_MOST_CHARS)),
            fields.take("contact_name", short(&self.contact_name, LINE_MOST_CHARS)),
            fields.take("whatsapp", optional::<Phone>(&self.whatsapp)),
            fields.take("contact_email", optional::<Email>(&self.contact_email)),
            fields.take("banner", short(&self.banner, BANNER_MOST_CHARS)),
        );
        let numbers = (
            fields.take("topup_min", positive(&self.topup_min)),
            fields.take("topup_max", positive(&self.topup_max)),
            fields.take("open_topups_most", whole(&self.open_topups_most, OPEN_TOPUPS)),
            fields.take("approve_alone_most", self.approve_alone_most.parse::<Rupiah>()),
            fields.take("approve_again_after_min", whole(&self.approve_again_after_min, LOOK_AGAIN_MINUTES)),
            fields.take("repeat_window_min", whole(&self.repeat_window_min, REPEAT_MINUTES)),
        );
        let margins = (
            fields.take("member_percent", whole(&self.member_percent, PERCENT)),
            fields.take("member_least", self.member_least.parse::<Rupiah>()),
            fields.take("reseller_percent", whole(&self.reseller_percent, PERCENT)),
            fields.take("reseller_least", self.reseller_least.parse::<Rupiah>()),
            fields.take("price_step", positive(&self.price_step)),
        );
        let (texts, numbers, margins) = all(fields, (texts.taken(), numbers.taken(), margins.taken()))?;
        let (member_percent, member_least, reseller_percent, reseller_least, step) = margins;
        let (title, tagline, contact_name, whatsapp, email, banner) = texts;
        let (
            topup_min,
            topup_max,
            open_topups_most,
            approve_alone_most,
            approve_again_after_min,
            repeat_window_min,
        ) = numbers;
        Ok(ShopSettings {
            title,
            tagline,
            contact_name,
            whatsapp: whatsapp.map(|phone| phone.msisdn().international().to_owned()).unwrap_or_default(),
            contact_email: email.map(|email| email.as_str().to_owned()).unwrap_or_default(),
            topup_min,
            topup_max,
            open_topups_most,
            approve_alone_most,
            approve_again_after_min,
            repeat_window_min,
            margins: Rules {
                member: MarginRule { percent: member_percent, at_least: member_least, step },
                reseller: MarginRule { percent: reseller_percent, at_least: reseller_least, step },
            },
            sales_open: self.sales_open.is_some(),
            signup_open: self.signup_open.is_some(),
            banner,
            revision: self.revision.parse().map_err(|_| Refusal::StateChanged)?,
        })
    }
}
