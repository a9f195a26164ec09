use domain::{
    AlarmKind, Ask, AttemptState, FailReason, PaymentAction, PublicId, PurchaseState, Rupiah, Verdict,
};

use super::cost::{book_cost, book_refund};
use super::state::{Current, deliver, fail, lock, refused, renew_session, set_state, try_again, wait};
use crate::crash;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::gateways::open_alarm;
use crate::xl_accounts::want_quota;

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
    /// What the number's owner has to do for it to go on.
    pub action: Option<PaymentAction>,
    /// What the shop's deposit was charged, when that is told before the outcome.
    pub charged: Option<Rupiah>,
    /// What the shop's deposit was given back.
    pub refunded: Option<Rupiah>,
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

/// What is known about the attempt that the news are about.
struct About {
    /// It is the purchase's latest, and not closed.
    open: bool,
    /// It is known to have been delivered.
    delivered: bool,
    /// A question that may itself buy can be under way.
    being_asked: bool,
    /// Another attempt of this purchase turned out to have been delivered.
    other_delivered: bool,
}

impl Operation for RecordVerdict {
    type Output = PurchaseState;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<PurchaseState, Error> {
        let current = lock(tx, &self.purchase).await?;
        let about = self.about(tx, &current).await?;
        self.keep_evidence(tx).await?;
        let current = self.keep_action(tx, current).await?;
        self.book(tx, &current).await?;
        self.end_question(tx, &current).await?;
        let state = if about.open && self.is_heard(&current, &about) {
            self.move_on(tx, &current, &about).await?
        } else {
            self.too_late(tx, &current, &about).await?
        };
        crash::point("verdict-before-commit");
        Ok(state)
    }
}

impl RecordVerdict {
    async fn about(&self, tx: &mut Tx<'_>, current: &Current) -> Result<About, Error> {
        let row = sql("SELECT a.n, a.state, a.query_until, (SELECT COUNT(*) FROM attempt o WHERE o.purchase_id = a.purchase_id \
                       AND o.id <> a.id AND o.state = 'succeeded') AS others FROM attempt a WHERE a.id = $1 AND a.purchase_id = $2")
            .bind(self.attempt)
            .bind(current.row_id)
            .one(&mut tx.conn)
            .await?;
        let state: AttemptState = row.word("state")?;
        let open = matches!(state, AttemptState::Submitting | AttemptState::Pending | AttemptState::Unknown);
        Ok(About {
            open: open && row.int("n")? == current.attempts,
            delivered: state == AttemptState::Succeeded,
            being_asked: row.time("query_until")? > tx.now,
            other_delivered: row.int("others")? > 0,
        })
    }

    /// Whether the purchase still waits for this very news.
    fn is_heard(&self, current: &Current, about: &About) -> bool {
        match self.source {
            Source::Worker { ask: Ask::FirstSend, token } => {
                current.state == PurchaseState::Submitting && current.lease_token == token
            }
            Source::Worker { ask: Ask::Query, token } => {
                current.state.is_asked_about() && current.lease_token == token
            }
            // A webhook settles or does nothing: it must not open the fence around an exchange under way, whose own answer
            // says more. A success is a success; a failure waits until nobody can be sending the order any more.
            Source::Webhook => match self.verdict {
                Verdict::Delivered { .. } => {
                    current.state.is_asked_about() || current.state == PurchaseState::Submitting
                }
                Verdict::Failed { .. } => current.state.is_asked_about() && !about.being_asked,
                _ => false,
            },
        }
    }

    async fn move_on(
        &self,
        tx: &mut Tx<'_>,
        current: &Current,
        about: &About,
    ) -> Result<PurchaseState, Error> {
        let first_send = matches!(self.source, Source::Worker { ask: Ask::FirstSend, .. });
        let closes = match &self.verdict {
            Verdict::Delivered { .. } => Some(AttemptState::Succeeded),
            Verdict::Failed { .. } => Some(AttemptState::Failed),
            // In answer to a question, refusals prove nothing: the order may have been made before.
            Verdict::NoOrder { .. } | Verdict::TryLater { .. } if first_send => Some(AttemptState::NoOrder),
            Verdict::Pending => Some(AttemptState::Pending),
            _ if current.state == PurchaseState::Submitting => Some(AttemptState::Unknown),
            _ => None,
        };
        if let Some(state) = closes {
            self.close_attempt(tx, state).await?;
        }
        if about.other_delivered && !matches!(self.verdict, Verdict::Delivered { .. }) {
            // Whatever became of this attempt, the package has arrived by an earlier one.
            set_state(tx, current, PurchaseState::Review, current.hold, LATE_SUCCESS, None).await?;
            return Ok(PurchaseState::Review);
        }
        match &self.verdict {
            Verdict::Delivered { serial_number, .. } => {
                if about.other_delivered {
                    let code = self.evidence.code.as_deref().unwrap_or_default();
                    open_alarm(tx, AlarmKind::DeliveredTwice, current.id.as_str(), code).await?;
                }
                let note = if about.other_delivered { LATE_SUCCESS } else { "" };
                deliver(tx, current, serial_number.as_deref(), note, None).await
            }
            Verdict::Failed { reason } => fail(tx, current, why(tx, current, *reason), None).await,
            Verdict::NoOrder { reason } if first_send => refused(tx, current, *reason).await,
            Verdict::TryLater { reason: FailReason::SessionEnded } if first_send => {
                renew_session(tx, current).await
            }
            Verdict::TryLater { reason } if first_send => try_again(tx, current, *reason).await,
            // Whether the owner has paid, the gateway does not tell before it has delivered.
            Verdict::Pending if current.action.is_some() => {
                wait(tx, current, PurchaseState::AwaitingPayment, self.ask_every_ms).await
            }
            Verdict::Pending => wait(tx, current, PurchaseState::Pending, self.ask_every_ms).await,
            Verdict::NoOrder { .. } | Verdict::TryLater { .. } | Verdict::Unknown => {
                let state = if current.state == PurchaseState::Submitting {
                    PurchaseState::Unknown
                } else {
                    current.state
                };
                if let Some(account) = current.xl_account.filter(|_| state == PurchaseState::Unknown) {
                    want_quota(tx, account).await?;
                }
                wait(tx, current, state, self.ask_every_ms).await
            }
        }
    }

    /// The purchase does not wait for this news. Only a success still changes anything.
    async fn too_late(
        &self,
        tx: &mut Tx<'_>,
        current: &Current,
        about: &About,
    ) -> Result<PurchaseState, Error> {
        let Verdict::Delivered { serial_number, .. } = &self.verdict else {
            let was_delivered = current.state == PurchaseState::Succeeded && about.delivered;
            if was_delivered
                && (matches!(self.verdict, Verdict::Failed { .. }) || self.evidence.refunded.is_some())
            {
                let code = self.evidence.code.as_deref().unwrap_or_default();
                open_alarm(tx, AlarmKind::TakenBack, current.id.as_str(), code).await?;
            }
            return Ok(current.state);
        };
        if about.other_delivered {
            let code = self.evidence.code.as_deref().unwrap_or_default();
            open_alarm(tx, AlarmKind::DeliveredTwice, current.id.as_str(), code).await?;
        }
        self.close_attempt(tx, AttemptState::Succeeded).await?;
        if about.open && current.state.is_asked_about() {
            // The worker has lost its lease, but a success is a success, whoever heard it.
            return deliver(tx, current, serial_number.as_deref(), "", None).await;
        }
        // While a newer attempt is being sent, its own answer comes first; `move_on` then sees this success.
        if current.state != PurchaseState::Submitting && current.state.may_become(PurchaseState::Review) {
            // The money went back, or the attempt had been taken for refused.
            set_state(tx, current, PurchaseState::Review, current.hold, LATE_SUCCESS, None).await?;
            return Ok(PurchaseState::Review);
        }
        Ok(current.state)
    }

    /// The answer to a worker's own question ends it: nobody is sending any more.
    async fn end_question(&self, tx: &mut Tx<'_>, current: &Current) -> Result<(), Error> {
        if matches!(self.source, Source::Worker { token, .. } if token == current.lease_token) {
            sql("UPDATE attempt SET query_until = 0 WHERE id = $1")
                .bind(self.attempt)
                .execute(&mut tx.conn)
                .await?;
        }
        Ok(())
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

    async fn keep_action(&self, tx: &mut Tx<'_>, current: Current) -> Result<Current, Error> {
        let Some(action) = &self.evidence.action else { return Ok(current) };
        sql("UPDATE purchase SET action = $1 WHERE id = $2")
            .bind(serde_json::to_string(action).map_err(Error::corrupt)?)
            .bind(current.row_id)
            .execute(&mut tx.conn)
            .await?;
        Ok(Current { action: Some(action.clone()), ..current })
    }

    /// What the gateway really charged and gave back, even when the purchase has failed here.
    async fn book(&self, tx: &mut Tx<'_>, current: &Current) -> Result<(), Error> {
        let charged = match &self.verdict {
            Verdict::Delivered { charged: Some(cost), .. } => Some(*cost),
            _ => self.evidence.charged,
        };
        if let Some(cost) = charged {
            book_cost(tx, current, self.attempt, cost).await?;
        }
        if let Some(refund) = self.evidence.refunded {
            book_refund(tx, current, self.attempt, refund).await?;
        }
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

/// A payment that nobody made in time is told by the gateway as any failure.
fn why(tx: &Tx<'_>, current: &Current, reason: FailReason) -> FailReason {
    let deadline = current.action.as_ref().and_then(|action| action.expires_at);
    let is_over = current.state == PurchaseState::AwaitingPayment && deadline.is_some_and(|at| at <= tx.now);
    if is_over && reason == FailReason::ProviderFailed { FailReason::NotPaid } else { reason }
}

/// The note of a step that was taken because a success was heard about an attempt that had been given up.
const LATE_SUCCESS: &str = "late_success";
