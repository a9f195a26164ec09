use std::sync::Arc;

use domain::{Accent, MarginRule, NoticeKind, OpeningWeek, Prefixes, Rupiah, TopupLimits};
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::gateways::Rules;
use crate::ledger::audit;
use crate::model::UserId;
use crate::news::News;
use crate::notices::{Told, tell};

/// What an admin can set. Unknown or missing fields of an older version take their default.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ShopSettings {
    /// The shop's name.
    pub title: String,
    /// One line below it.
    pub tagline: String,
    /// Who answers.
    pub contact_name: String,
    /// WhatsApp number as `628…`, or empty.
    pub whatsapp: String,
    /// E-mail address, or empty.
    pub contact_email: String,
    /// Smallest top-up.
    pub topup_min: Rupiah,
    /// Largest top-up.
    pub topup_max: Rupiah,
    /// Open top-ups of one user.
    pub open_topups_most: i64,
    /// The largest transfer that one admin may approve alone.
    pub approve_alone_most: Rupiah,
    /// Minutes after which a shop's only admin may approve a larger one, looking a second time.
    pub approve_again_after_min: i64,
    /// Minutes within which the same package for the same number asks "buy again?".
    pub repeat_window_min: i64,
    /// How prices follow from a gateway's.
    pub margins: Rules,
    /// Whether anything can be bought.
    pub sales_open: bool,
    /// Whether people can sign up.
    pub signup_open: bool,
    /// Whether an admin has to let in those who sign up.
    pub signup_approval: bool,
    /// A line shown on every page, or empty.
    pub banner: String,
    /// The hours in which the shop sells.
    pub hours: OpeningWeek,
    /// Which numbers are XL's and AXIS's.
    pub prefixes: Prefixes,
    /// Whether the shop is being worked on: only admins are let in.
    pub maintenance: bool,
    /// What everybody else is told meanwhile, or empty.
    pub maintenance_note: String,
    /// The shop's own colour as six digits, or empty for the usual one.
    pub accent: String,
    /// The hash of the shop's logo, or empty.
    pub logo: String,
    /// Goes up with each change.
    pub revision: i64,
}

impl Default for ShopSettings {
    fn default() -> Self {
        Self {
            title: "XL Package Manager".into(),
            tagline: "Paket data XL dan AXIS, langsung masuk".into(),
            contact_name: String::new(),
            whatsapp: String::new(),
            contact_email: String::new(),
            topup_min: Rupiah::new(10_000),
            topup_max: Rupiah::new(10_000_000),
            open_topups_most: 3,
            approve_alone_most: Rupiah::new(2_000_000),
            approve_again_after_min: 30,
            repeat_window_min: 10,
            margins: Rules {
                member: MarginRule { percent: 5, at_least: Rupiah::new(1_500), step: Rupiah::new(500) },
                reseller: MarginRule { percent: 2, at_least: Rupiah::new(500), step: Rupiah::new(500) },
            },
            sales_open: true,
            signup_open: true,
            signup_approval: false,
            banner: String::new(),
            hours: OpeningWeek::default(),
            prefixes: Prefixes::default(),
            maintenance: false,
            maintenance_note: String::new(),
            accent: String::new(),
            logo: String::new(),
            revision: 0,
        }
    }
}

impl ShopSettings {
    /// The limits of a top-up.
    #[must_use]
    pub const fn topup_limits(&self) -> TopupLimits {
        TopupLimits { min: self.topup_min, max: self.topup_max }
    }

    /// The shop's own colour.
    #[must_use]
    pub fn accent(&self) -> Option<Accent> {
        self.accent.parse().ok()
    }
}

/// Stops sales because the books do not agree. An admin opens them again in the settings.
pub struct StopSales;

impl Operation for StopSales {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        lock(tx).await?;
        let settings = settings_in(tx).await?;
        // Nor do they open when a restoration ends.
        sql("UPDATE restoration SET sales_were_open = 0 WHERE ended_at IS NULL")
            .execute(&mut tx.conn)
            .await?;
        if !settings.sales_open {
            // Told already; the next check finds the same.
            return Ok(());
        }
        let settings = ShopSettings { sales_open: false, ..settings };
        write(tx, &settings, None).await?;
        let told =
            Told { kind: NoticeKind::SalesStopped, object: settings.revision + 1, detail: "", but: "" };
        tell(tx, told).await?;
        audit(tx, None, "stop_sales", "setting:shop", "the books do not agree").await
    }
}

/// Closes sales, whoever had opened them; whether they had been open.
pub(crate) async fn close_sales(tx: &mut Tx<'_>) -> Result<bool, Error> {
    lock(tx).await?;
    let settings = settings_in(tx).await?;
    let were_open = settings.sales_open;
    write(tx, &ShopSettings { sales_open: false, ..settings }, None).await?;
    Ok(were_open)
}

/// Opens them again.
pub(crate) async fn open_sales(tx: &mut Tx<'_>, by: UserId) -> Result<(), Error> {
    lock(tx).await?;
    let settings = settings_in(tx).await?;
    write(tx, &ShopSettings { sales_open: true, ..settings }, Some(by)).await
}

/// Makes those who change the settings take turns.
pub(super) async fn lock(tx: &mut Tx<'_>) -> Result<(), Error> {
    sql("UPDATE meta SET value = value WHERE name = 'settings_turn'").execute(&mut tx.conn).await.map(|_| ())
}

pub(super) async fn write(tx: &mut Tx<'_>, settings: &ShopSettings, by: Option<UserId>) -> Result<(), Error> {
    let next = ShopSettings { revision: settings.revision + 1, ..settings.clone() };
    let value = serde_json::to_string(&next).map_err(Error::corrupt)?;
    sql("INSERT INTO setting (name, value, updated_by, updated_at) VALUES ('shop', $1, $2, $3) \
         ON CONFLICT (name) DO UPDATE SET value = $1, updated_by = $2, updated_at = $3")
    .bind(&value)
    .bind(by)
    .bind(tx.now)
    .execute(&mut tx.conn)
    .await?;
    tx.news.push(News::Settings);
    Ok(())
}

/// The settings as of this transaction.
pub(crate) async fn settings_in(tx: &mut Tx<'_>) -> Result<ShopSettings, Error> {
    let row = sql("SELECT value FROM setting WHERE name = 'shop'").optional(&mut tx.conn).await?;
    row.map_or_else(|| Ok(ShopSettings::default()), |row| parse(&row.text("value")?))
}

fn parse(value: &str) -> Result<ShopSettings, Error> {
    serde_json::from_str(value).map_err(Error::corrupt)
}

impl Store {
    /// The settings, as of the last [`Store::reload_settings`]. Costs nothing: pages read them all the time.
    #[must_use]
    pub fn settings(&self) -> Arc<ShopSettings> {
        // A poisoned lock still holds whole settings: they are swapped, never edited in place.
        self.0.settings.read().unwrap_or_else(std::sync::PoisonError::into_inner).clone()
    }

    /// Reads the settings anew. A background task does so on [`News::Settings`] and every few seconds.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn reload_settings(&self) -> Result<(), Error> {
        let row = self.db().optional(sql("SELECT value FROM setting WHERE name = 'shop'")).await?;
        let fresh = row.map_or_else(|| Ok(ShopSettings::default()), |row| parse(&row.text("value")?))?;
        *self.0.settings.write().unwrap_or_else(std::sync::PoisonError::into_inner) = Arc::new(fresh);
        Ok(())
    }
}
