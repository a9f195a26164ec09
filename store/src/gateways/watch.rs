use domain::{AlarmKind, MINUTE_MS, Refusal, Role, Rupiah, SECOND_MS, UtcMillis};

use super::{close_alarm, open_alarm};
use crate::Store;
use crate::accounts::require_role;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::model::UserId;
use crate::news::News;

/// How often the deposit is asked for.
const DEPOSIT_EVERY_MS: i64 = MINUTE_MS;
/// A gateway that has not told its deposit for so long is down.
const DOWN_AFTER_MS: i64 = 5 * MINUTE_MS;
/// A deposit that was heard longer ago says nothing about what can be bought now.
pub(crate) const DEPOSIT_COUNTS_MS: i64 = 10 * MINUTE_MS;
/// The whole list of packages at most once in five minutes: the contract of Digiflazz.
pub(super) const OFFERS_PAUSE_MS: i64 = 5 * MINUTE_MS + 10 * SECOND_MS;
/// A few shops have more than two gateways, none has more than this.
const LIST_MOST: i64 = 50;

/// What was last seen of a gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GatewayState {
    /// Which.
    pub gateway: String,
    /// The shop's deposit there.
    pub deposit: Option<Rupiah>,
    /// When it was told.
    pub deposit_at: Option<UtcMillis>,
    /// Why it could not be asked the last time; empty when it could.
    pub deposit_problem: String,
    /// It is being asked for.
    pub deposit_due: bool,
    /// When its packages were last fetched.
    pub offers_at: Option<UtcMillis>,
    /// Why they could not be fetched the last time; empty when they could.
    pub offers_problem: String,
    /// They are being fetched, or will be as soon as the gateway allows.
    pub offers_due: bool,
}

/// What an admin wants to know now instead of at the next turn.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WhatToLookAt {
    /// The deposit, which also tells whether the key is right.
    Deposit,
    /// What it sells.
    Offers,
}

/// Looks at a gateway as soon as it may be asked. A worker does so: nobody waits for a gateway in a request.
#[derive(Clone, Debug)]
pub struct LookAtGateway {
    /// Who wants to know.
    pub admin: UserId,
    /// Which.
    pub gateway: String,
    /// What.
    pub what: WhatToLookAt,
}

impl Operation for LookAtGateway {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let changed = match self.what {
            WhatToLookAt::Deposit => look_at_deposit(tx, &self.gateway).await?,
            WhatToLookAt::Offers => {
                sql("UPDATE gateway_state SET offers_due_at = \
                     CASE WHEN COALESCE(offers_at, 0) + $1 > $2 THEN COALESCE(offers_at, 0) + $1 ELSE $2 END \
                     WHERE gateway = $3 AND offers_due_at > $2")
                .bind(OFFERS_PAUSE_MS)
                .bind(tx.now)
                .bind(&self.gateway)
                .execute(&mut tx.conn)
                .await?
            }
        };
        let known = changed == 1
            || sql("SELECT gateway FROM gateway_state WHERE gateway = $1")
                .bind(&self.gateway)
                .optional(&mut tx.conn)
                .await?
                .is_some();
        if !known {
            return Err(Refusal::NotFound.into());
        }
        tx.news.push(News::Gateways);
        Ok(())
    }
}

pub(super) async fn look_at_deposit(tx: &mut Tx<'_>, gateway: &str) -> Result<u64, Error> {
    sql("UPDATE gateway_state SET deposit_due_at = $1 WHERE gateway = $2")
        .bind(tx.now)
        .bind(gateway)
        .execute(&mut tx.conn)
        .await
}

/// Sees to it that there is a row: a gateway from the environment is in no other table.
pub(crate) async fn ensure_state(tx: &mut Tx<'_>, gateway: &str) -> Result<(), Error> {
    sql(
        "INSERT INTO gateway_state (gateway, deposit_problem, deposit_due_at, offers_problem, offers_due_at) \
         VALUES ($1, '', $2, '', $2) ON CONFLICT DO NOTHING",
    )
    .bind(gateway)
    .bind(tx.now)
    .execute(&mut tx.conn)
    .await
    .map(|_| ())
}

/// A gateway has told its deposit, or could not be asked.
#[derive(Clone, Debug)]
pub struct NoteDeposit {
    /// Which.
    pub gateway: String,
    /// The deposit, or why there is no answer, in words for an admin without any secret.
    pub heard: Result<Rupiah, String>,
}

impl Operation for NoteDeposit {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        ensure_state(tx, &self.gateway).await?;
        let (deposit, problem) = match &self.heard {
            Ok(deposit) => (Some(*deposit), ""),
            Err(problem) => (None, problem.as_str()),
        };
        let state = sql("UPDATE gateway_state SET deposit = COALESCE($1, deposit), \
                         deposit_at = CASE WHEN CAST($1 AS BIGINT) IS NULL THEN deposit_at ELSE $2 END, \
                         deposit_problem = $3, deposit_due_at = $4 WHERE gateway = $5 RETURNING deposit_at")
        .bind(deposit)
        .bind(tx.now)
        .bind(problem)
        .bind(tx.now.plus_ms(DEPOSIT_EVERY_MS))
        .bind(&self.gateway)
        .one(&mut tx.conn)
        .await?;
        tx.news.push(News::Gateways);
        let Some(deposit) = deposit else {
            let heard_at = state.opt_int("deposit_at")?.map_or(UtcMillis(0), UtcMillis);
            if tx.now.since_ms(heard_at) > DOWN_AFTER_MS {
                open_alarm(tx, AlarmKind::GatewayDown, &self.gateway, problem).await?;
            }
            return Ok(());
        };
        close_alarm(tx, AlarmKind::GatewayDown, &self.gateway).await?;
        if deposit < self.low_mark(tx).await? {
            open_alarm(tx, AlarmKind::DepositLow, &self.gateway, &deposit.to_string()).await
        } else {
            close_alarm(tx, AlarmKind::DepositLow, &self.gateway).await
        }
    }
}

/// Of a gateway that only the environment names.
const USUAL_LOW_DEPOSIT: Rupiah = Rupiah::new(200_000);

impl NoteDeposit {
    async fn low_mark(&self, tx: &mut Tx<'_>) -> Result<Rupiah, Error> {
        let row = sql("SELECT low_deposit FROM gateway WHERE name = $1")
            .bind(&self.gateway)
            .optional(&mut tx.conn)
            .await?;
        row.map_or(Ok(USUAL_LOW_DEPOSIT), |row| row.rupiah("low_deposit"))
    }
}

/// Which of these gateways should be looked at now; rows are made for those that have none.
#[derive(Clone, Debug)]
pub struct DueGateways {
    /// The gateways that this process can ask.
    pub names: Vec<String>,
}

impl Operation for DueGateways {
    type Output = Vec<(String, WhatToLookAt)>;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<Vec<(String, WhatToLookAt)>, Error> {
        for name in &self.names {
            ensure_state(tx, name).await?;
        }
        let rows = sql("SELECT gateway, deposit_due_at, offers_due_at FROM gateway_state \
                        WHERE deposit_due_at <= $1 OR offers_due_at <= $1 LIMIT $2")
        .bind(tx.now)
        .bind(LIST_MOST)
        .all(&mut tx.conn)
        .await?;
        let mut due = Vec::new();
        for row in &rows {
            let name = row.text("gateway")?;
            if self.names.contains(&name) {
                if row.time("deposit_due_at")? <= tx.now {
                    due.push((name.clone(), WhatToLookAt::Deposit));
                }
                if row.time("offers_due_at")? <= tx.now {
                    due.push((name, WhatToLookAt::Offers));
                }
            }
        }
        Ok(due)
    }
}

impl Store {
    /// What was last seen of the gateways.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn gateway_states(&self) -> Result<Vec<GatewayState>, Error> {
        let query = sql(
            "SELECT s.gateway, s.deposit, s.deposit_at, s.deposit_problem, s.deposit_due_at, s.offers_at, \
                         s.offers_problem, s.offers_due_at, g.active FROM gateway_state s \
                         LEFT JOIN gateway g ON g.name = s.gateway ORDER BY s.gateway LIMIT $1",
        )
        .bind(LIST_MOST);
        let now = self.now();
        self.db().all(query).await?.iter().map(|row| state(row, now)).collect()
    }
}

fn state(row: &Row, now: UtcMillis) -> Result<GatewayState, Error> {
    let offers_at = row.opt_int("offers_at")?.map(UtcMillis);
    // Of a fetch that was asked for, the time lies within the provider's pause; of a scheduled one, further off.
    let soon = offers_at.unwrap_or(UtcMillis(0)).plus_ms(OFFERS_PAUSE_MS).max(now);
    // One that is closed is not asked, and waits for nothing. (Of one from the environment there is no such column.)
    let asked = row.opt_int("active")? != Some(0);
    Ok(GatewayState {
        gateway: row.text("gateway")?,
        deposit: row.opt_int("deposit")?.map(Rupiah::new),
        deposit_at: row.opt_int("deposit_at")?.map(UtcMillis),
        deposit_problem: row.text("deposit_problem")?,
        deposit_due: asked && row.time("deposit_due_at")? <= now,
        offers_at,
        offers_problem: row.text("offers_problem")?,
        offers_due: asked && row.time("offers_due_at")? <= soon,
    })
}
