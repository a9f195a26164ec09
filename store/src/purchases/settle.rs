use domain::{
    Ask, AttemptState, FailReason, HoldState, MINUTE_MS, PublicId, PurchaseState, Rupiah, SECOND_MS,
    UtcMillis, Verdict,
};

use super::{ATTEMPTS_MOST, Step, step};
use crate::crash;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::ledger::{Account, EntryKind, NewEntry, post};
use crate::model::UserId;
use crate::news::News;

/// Where a piece of news about an attempt comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// The answer to something a worker sent under a lease; `token` is that of the claim.
    Worker {
        /// How it asked.
        ask: Ask,
        /// The claim's fencing token.
        token: i64,
    },
    /// The gateway called us.
    Webhook,
}

/// What was heard, word for word but for secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// HTTP status of the answer.
    pub http_status: Option<i64>,
    /// The provider's code.
    pub code: Option<String>,
    /// The provider's own id of the order.
    pub provider_id: Option<String>,
    /// The text, secrets taken out.
    pub body: String,
    /// What we made of it.
    pub note: String,
}

/// Records what was heard about an attempt and moves the purchase on by what that proves. A worker that has lost its
/// lease only leaves its evidence; a success heard too late calls a human.
#[derive(Clone, Debug)]
pub struct RecordVerdict {
    /// The purchase.
    pub purchase: PublicId,
    /// The attempt's row.
    pub attempt: i64,
    /// From where.
    pub source: Source,
    /// What it proves.
    pub verdict: Verdict,
    /// The words.
    pub evidence: Evidence,
    /// The shortest time between two questions about one order that the gateway allows, in milliseconds.
    pub ask_every_ms: i64,
}

/// The purchase as it stands when the news come in.
pub(super) struct Current {
    pub(super) row_id: i64,
    pub(super) id: PublicId,
    pub(super) user: UserId,
    pub(super) state: PurchaseState,
    pub(super) hold: HoldState,
    pub(super) price: Rupiah,
    pub(super) gateway: String,
    attempts: i64,
    asked: i64,
    send_until: UtcMillis,
    lease_token: i64,
}

impl Operation for RecordVerdict {
    type Output = PurchaseState;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<PurchaseState, Error> {
        let current = lock(tx, &self.purchase).await?;
        let attempt_is_open = self.attempt_is_open(tx, &current).await?;
        self.keep_evidence(tx).await?;
        self.book_cost(tx, &current).await?;
        let state = if attempt_is_open && self.is_heard(&current) {
            self.move_on(tx, &current).await?
        } else {
            self.too_late(tx, &current, attempt_is_open).await?
        };
        crash::point("verdict-before-commit");
        Ok(state)
    }
}

/// Reads a purchase with its row locked until the transaction ends: a conditional update that changes nothing locks on
/// both databases.
pub(super) async fn lock(tx: &mut Tx<'_>, id: &PublicId) -> Result<Current, Error> {
    let row = sql("UPDATE purchase SET state = state WHERE public_id = $1 RETURNING id, user_id, state, hold, price, gateway, \
                   attempts, asked, send_until, lease_token")
        .bind(id)
        .optional(&mut tx.conn)
        .await?;
    let Some(row) = row else {
        return Err(domain::Refusal::NotFound.into());
    };
    current_from(&row, id)
}

fn current_from(row: &Row, id: &PublicId) -> Result<Current, Error> {
    Ok(Current {
        row_id: row.int("id")?,
        id: id.clone(),
        user: row.user_id("user_id")?,
        state: row.word("state")?,
        hold: row.word("hold")?,
        price: row.rupiah("price")?,
        gateway: row.text("gateway")?,
        attempts: row.int("attempts")?,
        asked: row.int("asked")?,
        send_until: row.time("send_until")?,
        lease_token: row.int("lease_token")?,
    })
}

impl RecordVerdict {
    /// Whether the news are about the purchase's latest attempt, and that one is not closed.
    async fn attempt_is_open(&self, tx: &mut Tx<'_>, current: &Current) -> Result<bool, Error> {
        let row = sql("SELECT n, state FROM attempt WHERE id = $1 AND purchase_id = $2")
            .bind(self.attempt)
            .bind(current.row_id)
            .one(&mut tx.conn)
            .await?;
        let state: AttemptState = row.word("state")?;
        let open = matches!(state, AttemptState::Submitting | AttemptState::Pending | AttemptState::Unknown);
        Ok(open && row.int("n")? == current.attempts)
    }

    /// Whether the purchase still waits for this very news.
    fn is_heard(&self, current: &Current) -> bool {
        match self.source {
            Source::Worker { ask: Ask::FirstSend, token } => {
                current.state == PurchaseState::Submitting && current.lease_token == token
            }
            Source::Worker { ask: Ask::Query, token } => {
                current.state.is_asked_about() && current.lease_token == token
            }
            // A webhook may be quicker than the answer to the order itself.
            Source::Webhook => current.state.is_asked_about() || current.state == PurchaseState::Submitting,
        }
    }

    async fn move_on(&self, tx: &mut Tx<'_>, current: &Current) -> Result<PurchaseState, Error> {
        let first_send = matches!(self.source, Source::Worker { ask: Ask::FirstSend, .. });
        match &self.verdict {
            Verdict::Delivered { serial_number, .. } => {
                self.close_attempt(tx, AttemptState::Succeeded).await?;
                deliver(tx, current, serial_number.as_deref(), "", None).await
            }
            Verdict::Failed { reason } => {
                self.close_attempt(tx, AttemptState::Failed).await?;
                fail(tx, current, *reason, None).await
            }
            Verdict::NoOrder { reason } if first_send => {
                self.close_attempt(tx, AttemptState::NoOrder).await?;
                fail(tx, current, *reason, None).await
            }
            Verdict::TryLater { reason } if first_send => {
                self.close_attempt(tx, AttemptState::NoOrder).await?;
                try_again(tx, current, *reason).await
            }
            Verdict::Pending => {
                self.close_attempt(tx, AttemptState::Pending).await?;
                wait(tx, current, PurchaseState::Pending, self.ask_every_ms).await
            }
            // In answer to a question, refusals prove nothing: the order may have been made before.
            Verdict::NoOrder { .. } | Verdict::TryLater { .. } | Verdict::Unknown => {
                if current.state == PurchaseState::Submitting {
                    self.close_attempt(tx, AttemptState::Unknown).await?;
                    wait(tx, current, PurchaseState::Unknown, self.ask_every_ms).await
                } else {
                    wait(tx, current, current.state, self.ask_every_ms).await
                }
            }
        }
    }

    /// The purchase has moved on without this news. Only a success still changes anything.
    async fn too_late(
        &self,
        tx: &mut Tx<'_>,
        current: &Current,
        attempt_is_open: bool,
    ) -> Result<PurchaseState, Error> {
        let Verdict::Delivered { serial_number, .. } = &self.verdict else { return Ok(current.state) };
        // Two attempts that succeeded show in the check: the gateway sold twice.
        self.close_attempt(tx, AttemptState::Succeeded).await?;
        if attempt_is_open && current.state.is_asked_about() {
            // The worker has lost its lease, but a success is a success, whoever heard it.
            return deliver(tx, current, serial_number.as_deref(), "", None).await;
        }
        if current.state.may_become(PurchaseState::Review) {
            // The money went back, or the attempt had been taken for refused.
            set_state(tx, current, PurchaseState::Review, current.hold, "late_success", None).await?;
            return Ok(PurchaseState::Review);
        }
        Ok(current.state)
    }

    async fn keep_evidence(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let (kind, ask) = match self.source {
            Source::Worker { ask, .. } => ("answer", Some(ask.as_str())),
            Source::Webhook => ("webhook", None),
        };
        sql("INSERT INTO gateway_message (attempt_id, at, kind, ask, http_status, code, body, note) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(self.attempt)
        .bind(tx.now)
        .bind(kind)
        .bind(ask)
        .bind(self.evidence.http_status)
        .bind(self.evidence.code.as_deref())
        .bind(&self.evidence.body)
        .bind(&self.evidence.note)
        .execute(&mut tx.conn)
        .await?;
        if let Some(provider_id) = self.evidence.provider_id.as_deref() {
            sql("UPDATE attempt SET provider_id = $1 WHERE id = $2 AND provider_id IS NULL")
                .bind(provider_id)
                .bind(self.attempt)
                .execute(&mut tx.conn)
                .await?;
        }
        Ok(())
    }

    /// What the gateway really charged, once an attempt, even when the purchase has failed here.
    async fn book_cost(&self, tx: &mut Tx<'_>, current: &Current) -> Result<(), Error> {
        let Verdict::Delivered { charged: Some(cost), .. } = &self.verdict else {
            return Ok(());
        };
        if !cost.is_positive() {
            return Ok(());
        }
        let fresh = sql("UPDATE attempt SET cost = $1 WHERE id = $2 AND cost IS NULL RETURNING client_ref")
            .bind(*cost)
            .bind(self.attempt)
            .optional(&mut tx.conn)
            .await?;
        let (Some(row), Some(minus)) = (fresh, cost.checked_neg()) else {
            return Ok(());
        };
        let client_ref = row.text("client_ref")?;
        let postings = [
            (Account::Deposit(current.gateway.clone()), *cost),
            (Account::Cost(current.gateway.clone()), minus),
        ];
        let entry = NewEntry {
            kind: EntryKind::Cost,
            reference: &client_ref,
            postings: &postings,
            actor: None,
            memo: "",
        };
        post(tx, entry).await?;
        sql("UPDATE purchase SET cost = COALESCE(cost, 0) + $1 WHERE id = $2")
            .bind(*cost)
            .bind(current.row_id)
            .execute(&mut tx.conn)
            .await?;
        Ok(())
    }

    async fn close_attempt(&self, tx: &mut Tx<'_>, state: AttemptState) -> Result<(), Error> {
        sql("UPDATE attempt SET state = $1, updated_at = $2 WHERE id = $3")
            .bind(state.as_str())
            .bind(tx.now)
            .bind(self.attempt)
            .execute(&mut tx.conn)
            .await?;
        Ok(())
    }
}

/// Delivered: the hold becomes a sale.
pub(super) async fn deliver(
    tx: &mut Tx<'_>,
    current: &Current,
    serial_number: Option<&str>,
    note: &str,
    actor: Option<UserId>,
) -> Result<PurchaseState, Error> {
    let minus = negative(current.price)?;
    let postings = [(Account::Held(current.user), minus), (Account::Sales, current.price)];
    let entry = NewEntry {
        kind: EntryKind::Capture,
        reference: current.id.as_str(),
        postings: &postings,
        actor,
        memo: note,
    };
    post(tx, entry).await?;
    sql("UPDATE purchase SET serial_number = COALESCE($1, serial_number) WHERE id = $2")
        .bind(serial_number)
        .bind(current.row_id)
        .execute(&mut tx.conn)
        .await?;
    set_state(tx, current, PurchaseState::Succeeded, HoldState::Captured, note, actor).await?;
    Ok(PurchaseState::Succeeded)
}

/// Not delivered: the hold goes back.
pub(super) async fn fail(
    tx: &mut Tx<'_>,
    current: &Current,
    reason: FailReason,
    by: Option<(UserId, &str)>,
) -> Result<PurchaseState, Error> {
    let minus = negative(current.price)?;
    let (actor, note) = by.map_or((None, reason.as_str()), |(actor, note)| (Some(actor), note));
    let postings = [(Account::Held(current.user), minus), (Account::Available(current.user), current.price)];
    let entry = NewEntry {
        kind: EntryKind::Release,
        reference: current.id.as_str(),
        postings: &postings,
        actor,
        memo: "",
    };
    post(tx, entry).await?;
    sql("UPDATE purchase SET fail_reason = $1 WHERE id = $2")
        .bind(reason.as_str())
        .bind(current.row_id)
        .execute(&mut tx.conn)
        .await?;
    set_state(tx, current, PurchaseState::Failed, HoldState::Released, note, actor).await?;
    Ok(PurchaseState::Failed)
}

/// Provably no order was made: back in line, or given up.
async fn try_again(tx: &mut Tx<'_>, current: &Current, reason: FailReason) -> Result<PurchaseState, Error> {
    let wait_ms = (5 * SECOND_MS).saturating_mul(1_i64 << current.attempts.clamp(0, 6));
    let due_at = tx.now.plus_ms(wait_ms);
    if current.attempts >= ATTEMPTS_MOST || due_at >= current.send_until {
        return fail(tx, current, reason, None).await;
    }
    sql("UPDATE purchase SET due_at = $1, lease_until = 0 WHERE id = $2")
        .bind(due_at)
        .bind(current.row_id)
        .execute(&mut tx.conn)
        .await?;
    set_state(tx, current, PurchaseState::Accepted, HoldState::Open, reason.as_str(), None).await?;
    tx.news.push(News::Work);
    Ok(PurchaseState::Accepted)
}

/// Nothing is settled: asked about again later, with growing pauses.
pub(super) async fn wait(
    tx: &mut Tx<'_>,
    current: &Current,
    state: PurchaseState,
    ask_every_ms: i64,
) -> Result<PurchaseState, Error> {
    sql("UPDATE purchase SET due_at = $1, lease_until = 0 WHERE id = $2")
        .bind(tx.now.plus_ms(pause_before_asking_ms(current.asked, ask_every_ms)))
        .bind(current.row_id)
        .execute(&mut tx.conn)
        .await?;
    if state != current.state {
        set_state(tx, current, state, current.hold, "", None).await?;
    }
    Ok(state)
}

/// The first question may come sooner than the gateway's limit on repeats, when most orders are done; later ones ever
/// more rarely.
fn pause_before_asking_ms(asked: i64, ask_every_ms: i64) -> i64 {
    match asked {
        ..=0 => ask_every_ms.min(10 * SECOND_MS),
        1..=10 => ask_every_ms,
        11..=30 => ask_every_ms.max(5 * MINUTE_MS),
        _ => ask_every_ms.max(30 * MINUTE_MS),
    }
}

/// Moves a purchase whose row is locked. The one place that writes a state.
pub(super) async fn set_state(
    tx: &mut Tx<'_>,
    current: &Current,
    to: PurchaseState,
    hold: HoldState,
    note: &str,
    actor: Option<UserId>,
) -> Result<(), Error> {
    if !current.state.may_become(to) {
        return Err(Error::corrupt(format_args!("{:?} cannot become {to:?}", current.state)));
    }
    let changed =
        sql("UPDATE purchase SET state = $1, hold = $2, state_at = $3, lease_token = lease_token + 1 \
                       WHERE id = $4 AND state = $5")
        .bind(to.as_str())
        .bind(hold.as_str())
        .bind(tx.now)
        .bind(current.row_id)
        .bind(current.state.as_str())
        .execute(&mut tx.conn)
        .await?;
    if changed != 1 {
        return Err(Error::corrupt("a locked purchase changed under its lock"));
    }
    step(tx, current.row_id, &current.id, Step { from: Some(current.state), to, note, actor }).await
}

pub(super) fn negative(amount: Rupiah) -> Result<Rupiah, Error> {
    amount.checked_neg().ok_or_else(|| Error::corrupt("an amount is out of range"))
}
