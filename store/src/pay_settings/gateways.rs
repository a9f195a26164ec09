use std::fmt;

use domain::{FieldCode, Fields, PayDialect, Refusal, Role, UtcMillis};

use crate::Store;
use crate::accounts::require_role;
use crate::crypto::{open, seal};
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::UserId;
use crate::news::News;

/// A payment gateway as admins see it. Its keys are never read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayGatewaySetting {
    /// As ways of paying name it.
    pub name: String,
    /// How it speaks.
    pub dialect: PayDialect,
    /// Where it is: `https://api.sandbox.midtrans.com`.
    pub base_url: String,
    /// The merchant's id or code; may be empty where the dialect needs none.
    pub merchant: String,
    /// Whether it is used for new top-ups. Those under way are asked about all the same.
    pub active: bool,
    /// Who saves must have seen this one.
    pub revision: i64,
    /// Goes up when address, merchant or keys change: what was tried before counts no more.
    pub access_revision: i64,
    /// When it was saved.
    pub updated_at: UtcMillis,
    /// Somebody waits to hear whether address and keys are right.
    pub probe_due: bool,
    /// When that was tried last with the present ones.
    pub probed_at: Option<UtcMillis>,
    /// Why it failed.
    pub probe_trouble: Option<String>,
    /// When it last answered.
    pub heard_at: Option<UtcMillis>,
    /// Since when it does not.
    pub silent_since: Option<UtcMillis>,
}

impl PayGatewaySetting {
    /// Whether address and keys have been tried and are right.
    #[must_use]
    pub const fn works(&self) -> bool {
        self.probed_at.is_some() && self.probe_trouble.is_none()
    }
}

/// What a server needs to use a payment gateway.
#[derive(Clone, PartialEq, Eq)]
pub struct PayGatewayAccess {
    /// What is no secret.
    pub setting: PayGatewaySetting,
    /// Midtrans' server key, Tripay's API key.
    pub api_key: String,
    /// Tripay's private key.
    pub private_key: Option<String>,
}

/// A payment gateway as an admin writes it.
#[derive(Clone)]
pub struct PayGatewayDraft {
    /// Small letters, digits and dashes.
    pub name: String,
    /// How it speaks.
    pub dialect: PayDialect,
    /// Where it is.
    pub base_url: String,
    /// The merchant's id or code.
    pub merchant: String,
    /// The key; empty to keep the one that is there.
    pub api_key: String,
    /// The second key, where the dialect has one; empty to keep the one that is there.
    pub private_key: String,
    /// Whether it is used for new top-ups.
    pub active: bool,
}

/// Without the keys.
impl fmt::Debug for PayGatewayAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PayGatewayAccess").field("setting", &self.setting).finish_non_exhaustive()
    }
}

/// Without the keys.
impl fmt::Debug for PayGatewayDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PayGatewayDraft").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Adds or changes a payment gateway. It is never deleted, as payments name it. With another address, merchant or key its
/// ways of paying are switched off until they have been tried anew.
#[derive(Clone, Debug)]
pub struct SavePayGateway {
    /// Who.
    pub admin: UserId,
    /// The revision that the admin saw; `None` to add one.
    pub seen: Option<i64>,
    /// How it should be.
    pub draft: PayGatewayDraft,
}

const NAME_MOST_CHARS: usize = 32;
const TEXT_MOST_CHARS: usize = 200;
/// Few shops have more than two.
const LIST_MOST: i64 = 20;
/// In the ledger this name is that of transfers.
const RESERVED_NAME: &str = "bank";

impl Operation for SavePayGateway {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let moved = self.is_moved(tx).await?;
        let draft = &self.draft;
        draft.check(moved)?;
        let api_key = sealed(tx, &draft.name, "api_key", &draft.api_key)?;
        let private_key = sealed(tx, &draft.name, "private_key", &draft.private_key)?;
        let new_access = moved || api_key.is_some() || private_key.is_some();
        let text = if self.seen.is_none() {
            "INSERT INTO pay_gateway (name, dialect, base_url, merchant, api_key, private_key, active, revision, access_revision, \
             updated_by, updated_at, probe_due) VALUES ($1, $2, $3, $4, $5, $6, $7, 1 + $8, $9, $10, $11, 1) ON CONFLICT DO NOTHING"
        } else {
            "UPDATE pay_gateway SET dialect = $2, base_url = $3, merchant = $4, api_key = COALESCE($5, api_key), \
             private_key = COALESCE($6, private_key), active = $7, revision = revision + 1, access_revision = access_revision + $9, \
             updated_by = $10, updated_at = $11, probe_due = 1 WHERE name = $1 AND revision = $8"
        };
        let saved = sql(text)
            .bind(&draft.name)
            .bind(draft.dialect.as_str())
            .bind(draft.base_url.trim())
            .bind(draft.merchant.trim())
            .bind(api_key)
            .bind(private_key)
            .bind(draft.active)
            .bind(self.seen.unwrap_or_default())
            .bind(i64::from(new_access))
            .bind(self.admin)
            .bind(tx.now)
            .execute(&mut tx.conn)
            .await?;
        match (saved, self.seen) {
            (1, _) => {}
            (_, None) => return Err(Refusal::field("name", FieldCode::Taken).into()),
            (_, Some(_)) => return Err(Refusal::StateChanged.into()),
        }
        if new_access {
            sql(
                "UPDATE pay_method SET active = 0, revision = revision + 1 WHERE gateway = $1 AND active = 1",
            )
            .bind(&draft.name)
            .execute(&mut tx.conn)
            .await?;
        }
        let detail = format!(
            "{} {} merchant={} active={} new_key={} new_private_key={}",
            draft.dialect.as_str(),
            draft.base_url,
            draft.merchant,
            draft.active,
            !draft.api_key.is_empty(),
            !draft.private_key.is_empty()
        );
        tx.news.push(News::Gateways);
        audit(tx, Some(self.admin), "save_pay_gateway", &format!("pay_gateway:{}", draft.name), &detail).await
    }
}

impl SavePayGateway {
    /// Whether it is another account than before: then it needs its own keys, or whoever sits at an admin's desk could have
    /// the stored ones sent elsewhere.
    async fn is_moved(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        let row = sql("SELECT dialect, base_url, merchant FROM pay_gateway WHERE name = $1")
            .bind(&self.draft.name)
            .optional(&mut tx.conn)
            .await?;
        let Some(row) = row else { return Ok(true) };
        Ok(row.text("dialect")? != self.draft.dialect.as_str()
            || row.text("base_url")? != self.draft.base_url.trim()
            || row.text("merchant")? != self.draft.merchant.trim())
    }
}

impl PayGatewayDraft {
    fn check(&self, needs_keys: bool) -> Result<(), Refusal> {
        let mut fields = Fields::new();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() {
            fields.note("name", FieldCode::Required);
        } else if self.name.chars().count() > NAME_MOST_CHARS {
            fields.note("name", FieldCode::TooLong { max: NAME_MOST_CHARS });
        } else if !self.name.chars().all(plain) || self.name == RESERVED_NAME {
            fields.note("name", FieldCode::NotAChoice);
        }
        let tripay = self.dialect == PayDialect::Tripay;
        for (name, text, needed) in [
            ("base_url", &self.base_url, true),
            // It names the account: without it, another key would be another account, and its orders forgotten.
            ("merchant", &self.merchant, true),
            ("api_secret", &self.api_key, needs_keys),
            ("private_secret", &self.private_key, needs_keys && tripay),
        ] {
            if needed && text.trim().is_empty() {
                fields.note(name, FieldCode::Required);
            } else if text.chars().count() > TEXT_MOST_CHARS {
                fields.note(name, FieldCode::TooLong { max: TEXT_MOST_CHARS });
            }
        }
        fields.done()
    }
}

/// A key as it is kept; `None` for none.
fn sealed(tx: &Tx<'_>, gateway: &str, column: &str, text: &str) -> Result<Option<Vec<u8>>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    seal(tx.key, tx.ambient, &place(gateway, column), text).map(Some)
}

fn place(gateway: &str, column: &str) -> String {
    format!("pay_gateway:{gateway}:{column}")
}

macro_rules! columns {
    () => {
        "SELECT name, dialect, base_url, merchant, api_key, private_key, active, revision, access_revision, updated_at, probe_due, \
         probed_revision, probed_at, probe_trouble, heard_at, silent_since FROM pay_gateway "
    };
}

impl Store {
    /// The payment gateways that admins have set up.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn pay_gateways(&self) -> Result<Vec<PayGatewaySetting>, Error> {
        let query = sql(concat!(columns!(), "ORDER BY name LIMIT $1")).bind(LIST_MOST);
        self.db().all(query).await?.iter().map(setting).collect()
    }

    /// The payment gateways with their keys: for the adapters only. One whose keys do not open is left out.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn pay_gateway_access(&self) -> Result<Vec<PayGatewayAccess>, Error> {
        let query = sql(concat!(columns!(), "ORDER BY name LIMIT $1")).bind(LIST_MOST);
        let rows = self.db().all(query).await?;
        let access = |row: &Row| -> Result<PayGatewayAccess, Error> {
            let setting = setting(row)?;
            let opened = |column: &str, sealed: Vec<u8>| {
                open(self.server_key(), &place(&setting.name, column), &sealed)
            };
            let api_key = opened("api_key", row.bytes("api_key")?)?;
            let private_key = row.opt_bytes("private_key")?;
            let private_key = private_key.map(|sealed| opened("private_key", sealed)).transpose()?;
            Ok(PayGatewayAccess { setting, api_key, private_key })
        };
        let access = |row| {
            access(row).inspect_err(|error| tracing::error!(%error, "a payment gateway cannot be used")).ok()
        };
        Ok(rows.iter().filter_map(access).collect())
    }
}

fn setting(row: &Row) -> Result<PayGatewaySetting, Error> {
    let access_revision = row.int("access_revision")?;
    let tried = row.opt_int("probed_revision")? == Some(access_revision);
    Ok(PayGatewaySetting {
        name: row.text("name")?,
        dialect: row.word("dialect")?,
        base_url: row.text("base_url")?,
        merchant: row.text("merchant")?,
        active: row.bool("active")?,
        revision: row.int("revision")?,
        access_revision,
        updated_at: row.time("updated_at")?,
        probe_due: row.bool("probe_due")?,
        probed_at: row.opt_int("probed_at")?.filter(|_| tried).map(UtcMillis),
        probe_trouble: row.opt_text("probe_trouble")?.filter(|_| tried),
        heard_at: row.opt_int("heard_at")?.map(UtcMillis),
        silent_since: row.opt_int("silent_since")?.map(UtcMillis),
    })
}
