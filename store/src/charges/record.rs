use domain::{
    CancelVerdict, ChargeState, ChargeVerdict, HOUR_MS, Rupiah, StatusVerdict, TopupMethod, UtcMillis,
};

use super::believe::{cancelled, charged, status};
use super::when::{NEVER, after_answer, after_silence, is_watched};
use crate::crash;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::pay_settings::{note_answer, note_silence};
use crate::topups::lock_row;

/// Records what a gateway said about a charge and does what that proves. A worker that has lost its lease only leaves its
/// evidence.
#[derive(Clone, Debug)]
pub struct RecordCharge {
    /// The charge's row.
    pub charge: i64,
    /// The claim's fencing token.
    pub token: i64,
    /// The claim's hints: when there are more by now, it is asked about again at once.
    pub hints: i64,
    /// What was asked, and what the answer proves.
    pub heard: Heard,
    /// The words.
    pub evidence: ChargeEvidence,
}

/// What was asked, and what the answer proves.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Heard {
    /// To collect.
    Charge(ChargeVerdict),
    /// How it stands.
    Status(StatusVerdict),
    /// To call it off.
    Cancel(CancelVerdict),
}

/// What was heard, word for word but for secrets.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ChargeEvidence {
    /// HTTP status of the answer.
    pub http_status: Option<i64>,
    /// The gateway's code.
    pub code: Option<String>,
    /// The text, secrets taken out.
    pub body: String,
    /// What we made of it.
    pub note: String,
}

/// A charge whose row is locked.
pub(super) struct Charge {
    pub(super) row_id: i64,
    pub(super) topup: Option<i64>,
    pub(super) n: i64,
    pub(super) gateway: String,
    pub(super) account: String,
    pub(super) order_id: String,
    pub(super) method: TopupMethod,
    pub(super) gross: Rupiah,
    pub(super) fee: Rupiah,
    pub(super) expected_cost: Rupiah,
    pub(super) state: ChargeState,
    pub(super) has_pay_to: bool,
    pub(super) expires_at: UtcMillis,
    pub(super) created_at: UtcMillis,
    pub(super) paid_at: Option<UtcMillis>,
    pub(super) unanswered: i64,
}

/// How a charge goes on.
pub(super) struct Next {
    pub(super) state: ChargeState,
    pub(super) due_at: UtcMillis,
    /// Whether the gateway was there.
    pub(super) answered: bool,
    /// Questions in a row that brought nothing.
    pub(super) unanswered: i64,
    pub(super) cancel_wanted: Option<bool>,
}

impl Operation for RecordCharge {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        self.keep_words(tx).await?;
        // The top-up is locked before its charge, as everywhere.
        let row =
            sql("SELECT topup_id FROM charge WHERE id = $1").bind(self.charge).one(&mut tx.conn).await?;
        let topup = match row.opt_int("topup_id")? {
            Some(id) => Some(lock_row(tx, id).await?),
            None => None,
        };
        let Some(charge) = self.lock(tx).await? else {
            return self.ask_again(tx).await;
        };
        let next = match &self.heard {
            Heard::Charge(verdict) => charged(tx, &charge, topup.as_ref(), verdict).await?,
            Heard::Status(verdict) => status(tx, &charge, topup.as_ref(), verdict).await?,
            Heard::Cancel(verdict) => cancelled(tx, &charge, *verdict),
        };
        crash::point("charge-recorded");
        self.go_on(tx, &charge, &next).await?;
        if next.answered {
            note_answer(tx, &charge.gateway).await
        } else {
            note_silence(tx, &charge.gateway).await
        }
    }
}

impl RecordCharge {
    async fn keep_words(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let kind = match self.heard {
            Heard::Charge(_) => "charge",
            Heard::Status(_) => "status",
            Heard::Cancel(_) => "cancel",
        };
        // The same answer to the same question, over and over while nobody pays, is no news.
        sql("INSERT INTO charge_message (charge_id, at, kind, http_status, code, body, note) \
             SELECT $1, $2, $3, $4, $5, $6, $7 WHERE NOT EXISTS (SELECT 1 FROM charge_message m WHERE m.id = \
             (SELECT MAX(l.id) FROM charge_message l WHERE l.charge_id = $1) AND m.kind = $3 AND m.body = $6 AND m.note = $7)")
        .bind(self.charge)
        .bind(tx.now)
        .bind(kind)
        .bind(self.evidence.http_status)
        .bind(self.evidence.code.as_deref())
        .bind(self.evidence.body.as_str())
        .bind(self.evidence.note.as_str())
        .execute(&mut tx.conn)
        .await
        .map(|_| ())
    }

    /// The charge, when the claim still holds.
    async fn lock(&self, tx: &mut Tx<'_>) -> Result<Option<Charge>, Error> {
        let row = sql("UPDATE charge SET state = state WHERE id = $1 AND lease_token = $2 \
                       RETURNING id, topup_id, n, gateway, account, order_id, method, gross, fee, expected_cost, state, pay_to, \
                       expires_at, created_at, paid_at, unanswered")
            .bind(self.charge)
            .bind(self.token)
            .optional(&mut tx.conn)
            .await?;
        row.as_ref().map(charge_of).transpose()
    }

    /// Whoever has it now may not know what we have heard.
    async fn ask_again(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        sql("UPDATE charge SET hints = hints + 1, due_at = $1 WHERE id = $2")
            .bind(tx.now)
            .bind(self.charge)
            .execute(&mut tx.conn)
            .await
            .map(|_| ())
    }

    async fn go_on(&self, tx: &mut Tx<'_>, charge: &Charge, next: &Next) -> Result<(), Error> {
        sql("UPDATE charge SET state = $1, due_at = CASE WHEN hints <> $2 THEN $3 ELSE $4 END, unanswered = $5, \
             cancel_wanted = COALESCE($6, cancel_wanted), \
             paid_at = CASE WHEN $1 = 'paid' THEN COALESCE(paid_at, $3) ELSE paid_at END, lease_until = 0, updated_at = $3 WHERE id = $7")
            .bind(next.state.as_str())
            .bind(self.hints)
            .bind(tx.now)
            .bind(next.due_at)
            .bind(next.unanswered)
            .bind(next.cancel_wanted.map(i64::from))
            .bind(charge.row_id)
            .execute(&mut tx.conn)
            .await
            .map(|_| ())
    }
}

fn charge_of(row: &Row) -> Result<Charge, Error> {
    Ok(Charge {
        row_id: row.int("id")?,
        topup: row.opt_int("topup_id")?,
        n: row.int("n")?,
        gateway: row.text("gateway")?,
        account: row.text("account")?,
        order_id: row.text("order_id")?,
        method: row.word("method")?,
        gross: row.rupiah("gross")?,
        fee: row.rupiah("fee")?,
        expected_cost: row.rupiah("expected_cost")?,
        state: row.word("state")?,
        has_pay_to: row.opt_text("pay_to")?.is_some(),
        expires_at: row.time("expires_at")?,
        created_at: row.time("created_at")?,
        paid_at: row.opt_int("paid_at")?.map(UtcMillis),
        unanswered: row.int("unanswered")?,
    })
}

impl Charge {
    pub(super) fn next(&self, tx: &Tx<'_>, state: ChargeState) -> Next {
        let over = matches!(state, ChargeState::Expired | ChargeState::Cancelled | ChargeState::Failed);
        // One that only tried a way of paying was never shown to anybody who could pay it.
        let due_at = if over && self.topup.is_none() {
            NEVER
        } else {
            after_answer(state, tx.now, self.paid_at.unwrap_or(self.created_at), self.expires_at)
        };
        Next { state, due_at, answered: true, unanswered: 0, cancel_wanted: None }
    }

    /// It is asked about at once.
    pub(super) fn now(&self, tx: &Tx<'_>, state: ChargeState) -> Next {
        Next { state, due_at: tx.now, answered: true, unanswered: 0, cancel_wanted: None }
    }

    /// It was paid, and the gateway now answers as if it had not been. That proves nothing, and it is no look at whether the
    /// money went back either: the gateway is asked again within the hour.
    pub(super) fn looked_in_vain(&self, tx: &Tx<'_>) -> Next {
        let watched = is_watched(self.state, tx.now, self.created_at, self.expires_at);
        let due_at = if watched { tx.now.plus_ms(HOUR_MS) } else { NEVER };
        Next { due_at, ..self.next(tx, self.state) }
    }

    /// It brought nothing; it is asked about again, with growing pauses, for as long as money may come.
    pub(super) fn silent(&self, tx: &Tx<'_>) -> Next {
        let unanswered = self.unanswered + 1;
        let due_at = if is_watched(self.state, tx.now, self.created_at, self.expires_at) {
            after_silence(tx.now, unanswered)
        } else {
            NEVER
        };
        Next { state: self.state, due_at, answered: false, unanswered, cancel_wanted: None }
    }
}
