use domain::{DAY_MS, NoticeKind, PublicId, Refusal, SECOND_MS, TopupState};

use super::{lock_own, move_on};
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::model::UserId;
use crate::news::News;
use crate::notices::{Told, tell};

/// The buyer says that they paid, with a picture or without. A claim: it credits nothing.
#[derive(Clone)]
pub struct SubmitProof {
    /// Whose top-up.
    pub user: UserId,
    /// Which.
    pub topup: PublicId,
    /// Media type and bytes, already re-encoded.
    pub picture: Option<(String, Vec<u8>)>,
}

impl Operation for SubmitProof {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let current = lock_own(tx, &self.topup, self.user).await?;
        // A gateway needs no claim: it is asked.
        if !current.state.is_open() || !current.method.is_by_hand() {
            return Err(Refusal::StateChanged.into());
        }
        let (kind, picture) = self.picture.clone().unzip();
        sql("UPDATE topup SET state = $1, proof_kind = COALESCE($2, proof_kind), proof = COALESCE($3, proof) WHERE id = $4")
            .bind(TopupState::ProofSubmitted.as_str())
            .bind(kind)
            .bind(picture)
            .bind(current.row_id)
            .execute(&mut tx.conn)
            .await?;
        let kind = NoticeKind::TopupWaiting;
        tell(tx, Told { kind, object: current.row_id, detail: "", but: "" }).await?;
        tx.news.push(News::Topup(self.topup.clone()));
        Ok(())
    }
}

/// The buyer calls a top-up off. Money that comes all the same is still credited.
#[derive(Clone, Debug)]
pub struct CancelTopup {
    /// Whose.
    pub user: UserId,
    /// Which.
    pub topup: PublicId,
}

impl Operation for CancelTopup {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let current = lock_own(tx, &self.topup, self.user).await?;
        if !move_on(tx, &current, TopupState::Cancelled).await? {
            return Err(Refusal::StateChanged.into());
        }
        // The gateway is told by a worker; one that was never sent is not sent any more.
        let waiting = sql("UPDATE charge SET cancel_wanted = 1, hints = hints + 1, due_at = $1 \
                           WHERE topup_id = $2 AND state IN ('creating', 'pending')")
        .bind(tx.now)
        .bind(current.row_id)
        .execute(&mut tx.conn)
        .await?;
        if waiting > 0 {
            tx.news.push(News::Work);
        }
        Ok(())
    }
}

/// The buyer wants to know whether the payment has come.
#[derive(Clone, Debug)]
pub struct CheckTopup {
    /// Whose.
    pub user: UserId,
    /// Which.
    pub topup: PublicId,
}

/// A buyer's question is passed on to the gateway at most so often.
const CHECK_EVERY_MS: i64 = 10 * SECOND_MS;
/// Longer after its end nobody pays an order any more; an admin can still have it asked about.
const ASKED_UNTIL_MS: i64 = 2 * DAY_MS;

impl Operation for CheckTopup {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let current = lock_own(tx, &self.topup, self.user).await?;
        let charge =
            sql("SELECT MAX(checked_at) AS checked_at, COUNT(*) AS charges FROM charge WHERE topup_id = $1")
                .bind(current.row_id)
                .one(&mut tx.conn)
                .await?;
        if charge.int("charges")? == 0 {
            return Err(Refusal::StateChanged.into());
        }
        let wait_ms = charge.int("checked_at")?.saturating_add(CHECK_EVERY_MS) - tx.now.0;
        if wait_ms > 0 {
            let retry_after_s = (wait_ms + SECOND_MS - 1) / SECOND_MS;
            return Err(Refusal::TooManyTries { retry_after_s }.into());
        }
        // All that can still be paid: a payer may have used the data of an earlier one.
        sql("UPDATE charge SET checked_at = $1, due_at = $1, hints = hints + 1 WHERE topup_id = $2 AND charged_at IS NOT NULL \
             AND refusal IS NULL AND expires_at > $3")
            .bind(tx.now)
            .bind(current.row_id)
            .bind(tx.now.plus_ms(-ASKED_UNTIL_MS))
            .execute(&mut tx.conn)
            .await?;
        tx.news.push(News::Work);
        Ok(())
    }
}
