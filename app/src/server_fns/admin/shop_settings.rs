//! Settings of the shop, group by group.

use domain::{
    Accent, Email, FieldCode, Fields, MarginRule, OpeningDay, OpeningWeek, Phone, Prefixes, Refusal, Rupiah,
    WEEK_DAYS,
};
use leptos::prelude::*;
use leptos_axum::redirect;
use serde::{Deserialize, Serialize};
use store::{Rules, SettingsGroup, ShopSettings, UserId};

use super::{confirmed_admin, filled, hidden_id, positive, short, whole};
use crate::context::use_store;
use crate::error::AppError;
use crate::server_fns::{all, optional};

const TITLE_MOST_CHARS: usize = 40;
const LINE_MOST_CHARS: usize = 120;
const BANNER_MOST_CHARS: usize = 200;
const NOTE_MOST_CHARS: usize = 400;
/// At most a day.
const LOOK_AGAIN_MINUTES: std::ops::RangeInclusive<i64> = 0..=1_440;
const OPEN_TOPUPS: std::ops::RangeInclusive<i64> = 1..=20;
const REPEAT_MINUTES: std::ops::RangeInclusive<i64> = 0..=1_440;
const PERCENT: std::ops::RangeInclusive<i64> = 0..=200;
const PAGE: &str = "/admin/settings?done=saved";
/// Words of the choice who may sign up.
pub(crate) const OPEN: &str = "open";
/// See [`OPEN`].
pub(crate) const APPROVAL: &str = "approval";
/// See [`OPEN`].
pub(crate) const CLOSED: &str = "closed";

/// Saves the shop's name, contact and colour.
#[server(prefix = "/api", endpoint = "save_shop")]
pub async fn save_shop(
    seen: String,
    title: String,
    tagline: String,
    contact_name: String,
    whatsapp: String,
    contact_email: String,
    accent: String,
) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let mut fields = Fields::new();
    let typed = (
        fields.take("title", filled(&title, TITLE_MOST_CHARS)),
        fields.take("tagline", short(&tagline, LINE_MOST_CHARS)),
        fields.take("contact_name", short(&contact_name, LINE_MOST_CHARS)),
        fields.take("whatsapp", optional::<Phone>(&whatsapp)),
        fields.take("contact_email", optional::<Email>(&contact_email)),
        fields.take("accent", optional::<Accent>(&accent)),
    );
    let (title, tagline, contact_name, whatsapp, email, accent) = all(fields, typed)?;
    save(admin.id, SettingsGroup::Shop, seen, |settings| ShopSettings {
        title,
        tagline,
        contact_name,
        whatsapp: whatsapp.map(|phone| phone.msisdn().international().to_owned()).unwrap_or_default(),
        contact_email: email.map(|email| email.as_str().to_owned()).unwrap_or_default(),
        accent: accent.map(Accent::hex).unwrap_or_default(),
        ..settings
    })
    .await
}

/// When and how things are sold, as it is typed.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct SellingForm {
    seen: String,
    banner: String,
    sales_open: Option<String>,
    repeat_window_min: String,
    maintenance: Option<String>,
    maintenance_note: String,
}

/// Saves how things are sold.
#[server(prefix = "/api", endpoint = "save_sale_rules")]
pub async fn save_sale_rules(#[server(flatten)] form: SellingForm) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let mut fields = Fields::new();
    let typed = (
        fields.take("banner", short(&form.banner, BANNER_MOST_CHARS)),
        fields.take("repeat_window_min", whole(&form.repeat_window_min, REPEAT_MINUTES)),
        fields.take("maintenance_note", short(&form.maintenance_note, NOTE_MOST_CHARS)),
    );
    let (banner, repeat_window_min, maintenance_note) = all(fields, typed)?;
    save(admin.id, SettingsGroup::Selling, form.seen, |settings| ShopSettings {
        banner,
        sales_open: form.sales_open.is_some(),
        repeat_window_min,
        maintenance: form.maintenance.is_some(),
        maintenance_note,
        ..settings
    })
    .await
}

/// Names of the days' fields in the form of the opening hours, Monday first.
pub(crate) const DAY_FIELDS: [&str; WEEK_DAYS] =
    ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"];

/// What the form of the opening hours sends, see [`OpeningDay::parse`].
#[derive(Clone, Debug, Serialize, Deserialize)]
pub struct HoursForm {
    seen: String,
    monday: String,
    tuesday: String,
    wednesday: String,
    thursday: String,
    friday: String,
    saturday: String,
    sunday: String,
}

/// Saves when the shop sells.
#[server(prefix = "/api", endpoint = "save_hours")]
pub async fn save_hours(#[server(flatten)] form: HoursForm) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let HoursForm { seen, monday, tuesday, wednesday, thursday, friday, saturday, sunday } = form;
    let typed = [monday, tuesday, wednesday, thursday, friday, saturday, sunday];
    let mut fields = Fields::new();
    let mut days = [OpeningDay::AllDay; WEEK_DAYS];
    for ((day, typed), name) in days.iter_mut().zip(&typed).zip(DAY_FIELDS) {
        *day = fields.take(name, OpeningDay::parse(typed)).unwrap_or(*day);
    }
    let hours = fields.take(DAY_FIELDS[0], OpeningWeek::new(days));
    let (hours,) = all(fields, (hours,))?;
    save(admin.id, SettingsGroup::Hours, seen, |settings| ShopSettings { hours, ..settings }).await
}

/// Saves whose numbers are whose.
#[server(prefix = "/api", endpoint = "save_prefixes")]
pub async fn save_prefixes(seen: String, xl: String, axis: String) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let prefixes = Prefixes::parse(&xl, &axis)
        .map_err(|(place, code)| Refusal::field(if place == 0 { "xl" } else { "axis" }, code))?;
    save(admin.id, SettingsGroup::Numbers, seen, |settings| ShopSettings { prefixes, ..settings }).await
}

/// Saves who may sign up.
#[server(prefix = "/api", endpoint = "save_sign_up")]
pub async fn save_sign_up(seen: String, sign_up: String) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let (signup_open, signup_approval) = match sign_up.as_str() {
        OPEN => (true, false),
        APPROVAL => (true, true),
        CLOSED => (false, false),
        _ => return Err(Refusal::field("sign_up", FieldCode::NotAChoice).into()),
    };
    let changed = |settings| ShopSettings { signup_open, signup_approval, ..settings };
    save(admin.id, SettingsGroup::SignUp, seen, changed).await
}

/// Saves the limits of top-ups.
#[server(prefix = "/api", endpoint = "save_topup_rules")]
pub async fn save_topup_rules(
    seen: String,
    topup_min: String,
    topup_max: String,
    open_topups_most: String,
    approve_alone_most: String,
    approve_again_after_min: String,
) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let mut fields = Fields::new();
    let typed = (
        fields.take("topup_min", positive(&topup_min)),
        fields.take("topup_max", positive(&topup_max)),
        fields.take("open_topups_most", whole(&open_topups_most, OPEN_TOPUPS)),
        fields.take("approve_alone_most", approve_alone_most.parse::<Rupiah>()),
        fields.take("approve_again_after_min", whole(&approve_again_after_min, LOOK_AGAIN_MINUTES)),
    );
    let (topup_min, topup_max, open_topups_most, approve_alone_most, approve_again_after_min) =
        all(fields, typed)?;
    save(admin.id, SettingsGroup::TopUps, seen, |settings| ShopSettings {
        topup_min,
        topup_max,
        open_topups_most,
        approve_alone_most,
        approve_again_after_min,
        ..settings
    })
    .await
}

/// Saves how prices follow from a gateway's.
#[server(prefix = "/api", endpoint = "save_margins")]
pub async fn save_margins(
    seen: String,
    member_percent: String,
    member_least: String,
    reseller_percent: String,
    reseller_least: String,
    price_step: String,
) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let mut fields = Fields::new();
    let typed = (
        fields.take("member_percent", whole(&member_percent, PERCENT)),
        fields.take("member_least", member_least.parse::<Rupiah>()),
        fields.take("reseller_percent", whole(&reseller_percent, PERCENT)),
        fields.take("reseller_least", reseller_least.parse::<Rupiah>()),
        fields.take("price_step", positive(&price_step)),
    );
    let (member_percent, member_least, reseller_percent, reseller_least, step) = all(fields, typed)?;
    let margins = Rules {
        member: MarginRule { percent: member_percent, at_least: member_least, step },
        reseller: MarginRule { percent: reseller_percent, at_least: reseller_least, step },
    };
    save(admin.id, SettingsGroup::Prices, seen, |settings| ShopSettings { margins, ..settings }).await
}

/// Takes the shop's logo away.
#[server(prefix = "/api", endpoint = "remove_logo")]
pub async fn remove_logo() -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let store = use_store()?;
    store.run(store::RemoveLogo { admin: admin.id }).await?;
    store.reload_settings().await?;
    redirect(PAGE);
    Ok(())
}

/// Lets a newcomer in, or turns them away.
#[server(prefix = "/api", endpoint = "decide_sign_up")]
pub async fn decide_sign_up(user: String, let_in: bool) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let user = hidden_id(&user)?;
    use_store()?.run(store::DecideSignUp { admin: admin.id, user, let_in }).await?;
    redirect("/admin/users/waiting?done=saved");
    Ok(())
}

async fn save(
    admin: UserId,
    group: SettingsGroup,
    seen: String,
    change: impl FnOnce(ShopSettings) -> ShopSettings,
) -> Result<(), AppError> {
    let store = use_store()?;
    let settings = change((*store.settings()).clone());
    store.run(store::SaveSettings { admin, group, seen, settings }).await?;
    // The next page must show them, not wait for the news to come round.
    store.reload_settings().await?;
    redirect(PAGE);
    Ok(())
}
