use domain::{DAY_MS, FieldCode, Fields, PublicId, Refusal, ResellerRequestState, Role, UtcMillis};

use super::admin::{require_role, set_role, take_turn};
use crate::Store;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::ledger::{audit, checked_reason};
use crate::model::UserId;

/// A member asks to buy at the reseller's prices.
#[derive(Clone, Debug)]
pub struct AskReseller {
    /// Who.
    pub user: UserId,
    /// What their shop is called.
    pub shop_name: String,
    /// Where they sell.
    pub sells_at: String,
    /// What else they want to say; may be empty.
    pub note: String,
}

/// After a refusal, how long until the same member may ask again.
const AGAIN_AFTER_MS: i64 = 7 * DAY_MS;
const NAME_MOST_CHARS: usize = 60;
const PLACE_MOST_CHARS: usize = 120;
const NOTE_MOST_CHARS: usize = 300;

impl Operation for AskReseller {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let mut fields = Fields::new();
        let shop_name = fields.take("shop_name", filled(&self.shop_name, NAME_MOST_CHARS));
        let sells_at = fields.take("sells_at", filled(&self.sells_at, PLACE_MOST_CHARS));
        let note = fields.take("note", short(&self.note, NOTE_MOST_CHARS));
        let (Some(shop_name), Some(sells_at), Some(note)) = (shop_name, sells_at, note) else {
            return Err(fields.refuse().into());
        };
        require_role(tx, self.user, Role::Member).await?;
        if let Some(refused_at) = self.last_refusal(tx).await? {
            let at = refused_at.plus_ms(AGAIN_AFTER_MS);
            if tx.now < at {
                return Err(Refusal::AskAgainAt { at }.into());
            }
        }
        let fresh = sql(
            "INSERT INTO reseller_request (public_id, user_id, shop_name, sells_at, note, state, asked_at) \
                         VALUES ($1, $2, $3, $4, $5, 'waiting', $6) ON CONFLICT DO NOTHING RETURNING id",
        )
        .bind(&tx.new_id())
        .bind(self.user)
        .bind(shop_name)
        .bind(sells_at)
        .bind(note)
        .bind(tx.now)
        .optional(&mut tx.conn)
        .await?;
        if fresh.is_none() {
            return Err(Refusal::StateChanged.into());
        }
        audit(tx, Some(self.user), "ask_reseller", &format!("user:{}", self.user.0), shop_name).await
    }
}

impl AskReseller {
    async fn last_refusal(&self, tx: &mut Tx<'_>) -> Result<Option<UtcMillis>, Error> {
        let row =
            sql("SELECT state, decided_at FROM reseller_request WHERE user_id = $1 ORDER BY id DESC LIMIT 1")
                .bind(self.user)
                .optional(&mut tx.conn)
                .await?;
        let Some(row) = row else { return Ok(None) };
        let refused = row.word::<ResellerRequestState>("state")? == ResellerRequestState::Refused;
        Ok(row.opt_int("decided_at")?.filter(|_| refused).map(UtcMillis))
    }
}

fn filled(typed: &str, most: usize) -> Result<&str, FieldCode> {
    let text = short(typed, most)?;
    if text.is_empty() { Err(FieldCode::Required) } else { Ok(text) }
}

fn short(typed: &str, most: usize) -> Result<&str, FieldCode> {
    let text = typed.trim();
    if text.chars().count() > most { Err(FieldCode::TooLong { max: most }) } else { Ok(text) }
}

/// An admin makes the member a reseller. This ends their sessions, as every change of a role does.
#[derive(Clone, Debug)]
pub struct ApproveReseller {
    /// Who decides.
    pub admin: UserId,
    /// Which request.
    pub request: PublicId,
}

impl Operation for ApproveReseller {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let (user, public_id) = waiting(tx, &self.request, self.admin).await?;
        let row = sql("SELECT role FROM users WHERE id = $1").bind(user).one(&mut tx.conn).await?;
        if row.word::<Role>("role")? != Role::Member {
            return Err(Refusal::StateChanged.into());
        }
        // Closes the request, too.
        set_role(tx, self.admin, &public_id, Role::Reseller).await?;
        audit(tx, Some(self.admin), "approve_reseller", &format!("user:{}", user.0), "").await
    }
}

/// An admin says no; the member reads why.
#[derive(Clone, Debug)]
pub struct RefuseReseller {
    /// Who decides.
    pub admin: UserId,
    /// Which request.
    pub request: PublicId,
    /// Why.
    pub reason: String,
}

impl Operation for RefuseReseller {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let reason = checked_reason(&self.reason)?;
        let (user, _) = waiting(tx, &self.request, self.admin).await?;
        sql("UPDATE reseller_request SET state = 'refused', decided_by = $1, decided_at = $2, reason = $3 \
             WHERE public_id = $4")
        .bind(self.admin)
        .bind(tx.now)
        .bind(reason)
        .bind(&self.request)
        .execute(&mut tx.conn)
        .await?;
        audit(tx, Some(self.admin), "refuse_reseller", &format!("user:{}", user.0), reason).await
    }
}

/// Whose a waiting request is, its row locked until the transaction ends.
async fn waiting(tx: &mut Tx<'_>, id: &PublicId, admin: UserId) -> Result<(UserId, PublicId), Error> {
    // In this order, as a change of a role does it: neither then waits for the other.
    take_turn(tx, admin).await?;
    let row = sql("UPDATE reseller_request SET state = state WHERE public_id = $1 RETURNING user_id, state")
        .bind(id)
        .optional(&mut tx.conn)
        .await?;
    let row = row.ok_or(Refusal::NotFound)?;
    if row.word::<ResellerRequestState>("state")? != ResellerRequestState::Waiting {
        return Err(Refusal::StateChanged.into());
    }
    let user = row.user_id("user_id")?;
    let row = sql("SELECT public_id FROM users WHERE id = $1").bind(user).one(&mut tx.conn).await?;
    Ok((user, row.word("public_id")?))
}

/// A role that buys at the reseller's prices, or more, is what was asked for.
pub(super) async fn close_request(tx: &mut Tx<'_>, admin: UserId, user: UserId) -> Result<(), Error> {
    sql("UPDATE reseller_request SET state = 'approved', decided_by = $1, decided_at = $2 \
         WHERE user_id = $3 AND state = 'waiting'")
    .bind(admin)
    .bind(tx.now)
    .bind(user)
    .execute(&mut tx.conn)
    .await
    .map(|_| ())
}

/// A member's request to become a reseller.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ResellerRequest {
    /// For forms.
    pub id: PublicId,
    /// What their shop is called.
    pub shop_name: String,
    /// Where they sell.
    pub sells_at: String,
    /// What else they said; may be empty.
    pub note: String,
    /// Where it stands.
    pub state: ResellerRequestState,
    /// When it was made.
    pub asked_at: UtcMillis,
    /// When an admin decided.
    pub decided_at: Option<UtcMillis>,
    /// Why it was refused.
    pub reason: Option<String>,
}

impl ResellerRequest {
    /// From when on the member may ask again; nothing unless it was refused.
    #[must_use]
    pub fn again_at(&self) -> Option<UtcMillis> {
        let refused = self.state == ResellerRequestState::Refused;
        self.decided_at.filter(|_| refused).map(|at| at.plus_ms(AGAIN_AFTER_MS))
    }
}

impl Store {
    /// The newest request of a user.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn reseller_request(&self, user: UserId) -> Result<Option<ResellerRequest>, Error> {
        let query = sql("SELECT public_id, shop_name, sells_at, note, state, asked_at, decided_at, reason \
                         FROM reseller_request WHERE user_id = $1 ORDER BY id DESC LIMIT 1")
        .bind(user);
        self.db().optional(query).await?.as_ref().map(request_of).transpose()
    }

    /// The requests that have waited longest for an admin, each with whose it is: their id and name.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn oldest_reseller_requests(
        &self,
        limit: i64,
    ) -> Result<Vec<(PublicId, String, ResellerRequest)>, Error> {
        let query = sql("SELECT u.public_id AS asker, u.username, r.public_id, r.shop_name, r.sells_at, r.note, r.state, \
                         r.asked_at, r.decided_at, r.reason FROM reseller_request r JOIN users u ON u.id = r.user_id \
                         WHERE r.state = 'waiting' ORDER BY r.id LIMIT $1")
        .bind(limit);
        let rows = self.db().all(query).await?;
        rows.iter().map(|row| Ok((row.word("asker")?, row.text("username")?, request_of(row)?))).collect()
    }

    /// How many requests wait for an admin.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn waiting_reseller_requests(&self) -> Result<i64, Error> {
        let query = sql("SELECT COUNT(*) AS waiting FROM reseller_request WHERE state = 'waiting'");
        self.db().one(query).await?.int("waiting")
    }
}

fn request_of(row: &Row) -> Result<ResellerRequest, Error> {
    Ok(ResellerRequest {
        id: row.word("public_id")?,
        shop_name: row.text("shop_name")?,
        sells_at: row.text("sells_at")?,
        note: row.text("note")?,
        state: row.word("state")?,
        asked_at: row.time("asked_at")?,
        decided_at: row.opt_int("decided_at")?.map(UtcMillis),
        reason: row.opt_text("reason")?,
    })
}
