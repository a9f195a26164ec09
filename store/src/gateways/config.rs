use std::fmt;

use domain::{Dialect, FieldCode, Fields, Refusal, Role, Rupiah, UtcMillis};

use crate::Store;
use crate::accounts::require_role;
use crate::crypto::{open, seal};
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::UserId;
use crate::news::News;

/// A gateway as admins see it. Its secrets are never read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewaySetting {
    /// As packages name it.
    pub name: String,
    /// How it speaks.
    pub dialect: Dialect,
    /// Where it is: `https://api.digiflazz.com/v1`.
    pub base_url: String,
    /// The shop's name there.
    pub username: String,
    /// Whether its webhooks can be checked.
    pub has_webhook_secret: bool,
    /// Whether it is used.
    pub active: bool,
    /// Below this deposit there is an alarm.
    pub low_deposit: Rupiah,
    /// Who saves must have seen this one.
    pub revision: i64,
    /// When it was saved.
    pub updated_at: UtcMillis,
}

/// What a server needs to use a gateway.
#[derive(Clone, PartialEq, Eq)]
pub struct GatewayAccess {
    /// What is no secret.
    pub setting: GatewaySetting,
    /// The shop's key there.
    pub api_key: String,
    /// What signs its webhooks.
    pub webhook_secret: Option<String>,
}

/// Without the secrets.
impl fmt::Debug for GatewayAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GatewayAccess").field("setting", &self.setting).finish_non_exhaustive()
    }
}

/// A gateway as an admin writes it.
#[derive(Clone)]
pub struct GatewayDraft {
    /// As packages name it: small letters, digits and dashes.
    pub name: String,
    /// How it speaks.
    pub dialect: Dialect,
    /// Where it is.
    pub base_url: String,
    /// The shop's name there.
    pub username: String,
    /// The shop's key there; empty to keep the one that is there.
    pub api_key: String,
    /// What signs its webhooks; empty to keep the one that is there.
    pub webhook_secret: String,
    /// Whether it is used.
    pub active: bool,
    /// Below this deposit there is an alarm.
    pub low_deposit: Rupiah,
}

/// Without the secrets.
impl fmt::Debug for GatewayDraft {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("GatewayDraft").field("name", &self.name).finish_non_exhaustive()
    }
}

/// Adds or changes a gateway. It is never deleted, as old purchases name it; an inactive one sends nothing.
#[derive(Clone, Debug)]
pub struct SaveGateway {
    /// Who.
    pub admin: UserId,
    /// The revision that the admin saw; `None` to add one.
    pub seen: Option<i64>,
    /// How it should be.
    pub draft: GatewayDraft,
}

const NAME_MOST_CHARS: usize = 32;
const TEXT_MOST_CHARS: usize = 200;
/// Few shops have more than two.
const LIST_MOST: i64 = 20;

impl Operation for SaveGateway {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let moved = self.is_moved(tx).await?;
        self.draft.check(moved)?;
        let draft = &self.draft;
        let api_key = sealed(tx, &draft.name, "api_key", &draft.api_key)?;
        let webhook_secret = sealed(tx, &draft.name, "webhook_secret", &draft.webhook_secret)?;
        let text = if self.seen.is_none() {
            "INSERT INTO gateway (name, dialect, base_url, username, api_key, webhook_secret, active, low_deposit, \
             revision, updated_by, updated_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 1 + $9, $10, $11) \
             ON CONFLICT DO NOTHING"
        } else {
            "UPDATE gateway SET dialect = $2, base_url = $3, username = $4, api_key = COALESCE($5, api_key), \
             webhook_secret = COALESCE($6, webhook_secret), active = $7, low_deposit = $8, revision = revision + 1, \
             updated_by = $10, updated_at = $11 WHERE name = $1 AND revision = $9"
        };
        let saved = sql(text)
            .bind(&draft.name)
            .bind(draft.dialect.as_str())
            .bind(draft.base_url.trim())
            .bind(draft.username.trim())
            .bind(api_key)
            .bind(webhook_secret)
            .bind(draft.active)
            .bind(draft.low_deposit)
            .bind(self.seen.unwrap_or_default())
            .bind(self.admin)
            .bind(tx.now)
            .execute(&mut tx.conn)
            .await?;
        match (saved, self.seen) {
            (1, _) => {}
            (_, None) => return Err(Refusal::field("name", FieldCode::Taken).into()),
            (_, Some(_)) => return Err(Refusal::StateChanged.into()),
        }
        if moved {
            forget_sessions(tx, &draft.name).await?;
        }
        // The deposit is asked for at once, so that the admin sees whether the key is right.
        super::watch::ensure_state(tx, &draft.name).await?;
        super::watch::look_at_deposit(tx, &draft.name).await?;
        let detail = format!(
            "{} {} username={} active={} new_key={} new_webhook_secret={}",
            draft.dialect.as_str(),
            draft.base_url,
            draft.username,
            draft.active,
            !draft.api_key.is_empty(),
            !draft.webhook_secret.is_empty()
        );
        tx.news.push(News::Gateways);
        audit(tx, Some(self.admin), "save_gateway", &format!("gateway:{}", draft.name), &detail).await
    }
}

impl SaveGateway {
    /// Whether it is another account than before: then it needs its own key, or whoever sits at an admin's desk could have
    /// the stored one sent elsewhere.
    async fn is_moved(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        let row = sql("SELECT dialect, base_url, username FROM gateway WHERE name = $1")
            .bind(&self.draft.name)
            .optional(&mut tx.conn)
            .await?;
        let Some(row) = row else { return Ok(true) };
        Ok(row.text("dialect")? != self.draft.dialect.as_str()
            || host(&row.text("base_url")?) != host(self.draft.base_url.trim())
            || row.text("username")? != self.draft.username.trim())
    }
}

/// `https://api.gateway.example` of `https://api.gateway.example/v1`.
fn host(url: &str) -> &str {
    let after = url.find("://").map_or(0, |at| at + 3);
    let end = url.get(after..).and_then(|rest| rest.find('/')).map_or(url.len(), |at| after + at);
    url.get(..end).unwrap_or(url)
}

/// Sessions of numbers belong to the account that they were opened at; nobody else may see their tokens.
async fn forget_sessions(tx: &mut Tx<'_>, gateway: &str) -> Result<(), Error> {
    for text in [
        "UPDATE xl_account SET state = 'needs_sign_in', quota_due_at = 0, lease_token = lease_token + 1 WHERE gateway = $1",
        "UPDATE xl_otp SET step = 'failed', challenge = NULL, code = NULL, lease_token = lease_token + 1 \
         WHERE gateway = $1 AND step IN ('requested', 'sent', 'verifying')",
    ] {
        sql(text).bind(gateway).execute(&mut tx.conn).await?;
    }
    Ok(())
}

impl GatewayDraft {
    fn check(&self, needs_key: bool) -> Result<(), Refusal> {
        let mut fields = Fields::new();
        let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
        if self.name.is_empty() {
            fields.note("name", FieldCode::Required);
        } else if self.name.chars().count() > NAME_MOST_CHARS {
            fields.note("name", FieldCode::TooLong { max: NAME_MOST_CHARS });
        } else if !self.name.chars().all(plain) {
            fields.note("name", FieldCode::NotAChoice);
        }
        for (name, text, needed) in [
            ("base_url", &self.base_url, true),
            ("username", &self.username, true),
            ("api_secret", &self.api_key, needs_key),
            ("webhook_secret", &self.webhook_secret, false),
        ] {
            if needed && text.trim().is_empty() {
                fields.note(name, FieldCode::Required);
            } else if text.chars().count() > TEXT_MOST_CHARS {
                fields.note(name, FieldCode::TooLong { max: TEXT_MOST_CHARS });
            }
        }
        if self.low_deposit < Rupiah::ZERO {
            fields.note("low_deposit", FieldCode::BadAmount);
        }
        fields.done()
    }
}

/// A secret as it is kept; `None` for none.
fn sealed(tx: &Tx<'_>, gateway: &str, column: &str, text: &str) -> Result<Option<Vec<u8>>, Error> {
    if text.is_empty() {
        return Ok(None);
    }
    seal(tx.key, tx.ambient, &place(gateway, column), text).map(Some)
}

fn place(gateway: &str, column: &str) -> String {
    format!("gateway:{gateway}:{column}")
}

macro_rules! columns {
    () => {
        "SELECT name, dialect, base_url, username, api_key, webhook_secret, active, low_deposit, revision, updated_at \
         FROM gateway "
    };
}

impl Store {
    /// The gateways that admins have set up.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn gateways(&self) -> Result<Vec<GatewaySetting>, Error> {
        let query = sql(concat!(columns!(), "ORDER BY name LIMIT $1")).bind(LIST_MOST);
        self.db().all(query).await?.iter().map(setting).collect()
    }

    /// The gateways with their secrets: for the adapters only. Those that are switched off are among them, as the orders that
    /// they have are still asked about. One whose secrets do not open is left out.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn gateway_access(&self) -> Result<Vec<GatewayAccess>, Error> {
        let query = sql(concat!(columns!(), "ORDER BY name LIMIT $1")).bind(LIST_MOST);
        let rows = self.db().all(query).await?;
        let access = |row: &Row| -> Result<GatewayAccess, Error> {
            let setting = setting(row)?;
            let unsealed = |column: &str, sealed: Vec<u8>| {
                open(self.server_key(), &place(&setting.name, column), &sealed)
            };
            let api_key = unsealed("api_key", row.bytes("api_key")?)?;
            let webhook_secret = row.opt_bytes("webhook_secret")?;
            let webhook_secret =
                webhook_secret.map(|sealed| unsealed("webhook_secret", sealed)).transpose()?;
            Ok(GatewayAccess { setting, api_key, webhook_secret })
        };
        let access =
            |row| access(row).inspect_err(|error| tracing::error!(%error, "a gateway cannot be used")).ok();
        Ok(rows.iter().filter_map(access).collect())
    }
}

fn setting(row: &Row) -> Result<GatewaySetting, Error> {
    Ok(GatewaySetting {
        name: row.text("name")?,
        dialect: row.word("dialect")?,
        base_url: row.text("base_url")?,
        username: row.text("username")?,
        has_webhook_secret: row.opt_bytes("webhook_secret")?.is_some(),
        active: row.bool("active")?,
        low_deposit: row.rupiah("low_deposit")?,
        revision: row.int("revision")?,
        updated_at: row.time("updated_at")?,
    })
}
