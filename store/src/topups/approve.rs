use domain::{FieldCode, Fields, PublicId, Refusal, Role, Rupiah, TopupState, UtcMillis};

use super::second_look::{Approval, agreed};
use super::{Came, Current, Taken, lock, move_on, take};
use crate::accounts::require_role;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::UserId;
use crate::news::News;
use crate::statements::{pick_line, release_lines, source_of_bank, tidy, typed_line};

/// An admin has found the money on the bank statement: credits what came. Above the limit of the settings a second admin
/// has to find the same.
#[derive(Clone, Debug)]
pub struct ApproveTopup {
    /// Who decides.
    pub admin: UserId,
    /// Which.
    pub topup: PublicId,
    /// Where it was found.
    pub found: Found,
}

/// Where an admin has found a payment.
#[derive(Clone, Debug)]
pub enum Found {
    /// A line of a statement that was read in.
    Line(i64),
    /// On a statement that was not.
    Typed {
        /// The line's reference, unique for the account: one transfer cannot pay two top-ups.
        reference: String,
        /// What really came.
        received: Rupiah,
    },
}

const REFERENCE_CHARS: std::ops::RangeInclusive<usize> = 3..=120;
const REASON_MOST_CHARS: usize = 200;

impl Operation for ApproveTopup {
    type Output = Approval;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<Approval, Error> {
        if let Found::Typed { reference, received } = &self.found {
            check(reference, *received)?;
        }
        let current = lock(tx, &self.topup).await?;
        decide_allowed(tx, self.admin, &current).await?;
        let by_hand = current.bank_account.filter(|_| current.method.is_by_hand());
        let Some(account) = by_hand.filter(|_| is_waiting(current.state)) else {
            return Err(Refusal::StateChanged.into());
        };
        let (reference, received) = self.payment(tx, &current, account).await?;
        if !self.agreed(tx, &current, &reference, received).await? {
            return Ok(Approval::SecondLook);
        }
        let account_text = account.to_string();
        let came = Came {
            provider: "bank",
            account: &account_text,
            reference: &reference,
            amount: received,
            // An admin has looked: what came is credited, whatever was asked for.
            expected: None,
            cost: Rupiah::ZERO,
            charge: None,
            actor: Some(self.admin),
        };
        if take(tx, Some(&current), &came).await? != Taken::Credited {
            return Err(Refusal::PaymentUsed.into());
        }
        // A line that the first of two admins had picked, and not this one, is free again.
        release_lines(tx, current.row_id, Some(&reference)).await?;
        let detail = format!("{} {reference}, asked {}", received.get(), current.payable.get());
        let object = format!("topup:{}", self.topup.as_str());
        audit(tx, Some(self.admin), "approve_topup", &object, &detail).await?;
        Ok(Approval::Credited)
    }
}

impl ApproveTopup {
    /// The payment's reference, in the one form in which it is compared, and what came.
    async fn payment(
        &self,
        tx: &mut Tx<'_>,
        current: &Current,
        account: i64,
    ) -> Result<(String, Rupiah), Error> {
        let source = source_of_bank(account);
        match &self.found {
            Found::Line(line) => pick_line(tx, &source, *line, current.row_id).await,
            Found::Typed { reference, received } => {
                let reference = tidy(reference);
                typed_line(tx, &source, &reference, *received, current.row_id).await?;
                Ok((reference, *received))
            }
        }
    }

    /// Whether enough admins have agreed; what the first one found is written down otherwise.
    async fn agreed(
        &self,
        tx: &mut Tx<'_>,
        current: &Current,
        reference: &str,
        received: Rupiah,
    ) -> Result<bool, Error> {
        let first =
            sql("SELECT first_by, first_at, first_reference, first_received FROM topup WHERE id = $1")
                .bind(current.row_id)
                .one(&mut tx.conn)
                .await?;
        let same = first.opt_text("first_reference")?.as_deref() == Some(reference)
            && first.opt_int("first_received")? == Some(received.get());
        let by = first.opt_int("first_by")?.filter(|_| same).map(UserId);
        let first = by.zip(first.opt_int("first_at")?.map(UtcMillis));
        if agreed(tx, self.admin, received, first).await? {
            return Ok(true);
        }
        self.first_look(tx, current, reference, received).await.map(|()| false)
    }

    async fn first_look(
        &self,
        tx: &mut Tx<'_>,
        current: &Current,
        reference: &str,
        received: Rupiah,
    ) -> Result<(), Error> {
        sql("UPDATE topup SET first_by = $1, first_at = $2, first_reference = $3, first_received = $4 WHERE id = $5")
            .bind(self.admin)
            .bind(tx.now)
            .bind(reference)
            .bind(received)
            .bind(current.row_id)
            .execute(&mut tx.conn)
            .await?;
        tx.news.push(News::Topup(current.id.clone()));
        let detail = format!("{} {reference}, asked {}", received.get(), current.payable.get());
        audit(tx, Some(self.admin), "approve_topup_first", &format!("topup:{}", current.id.as_str()), &detail)
            .await
    }
}

/// Whether its money can still come.
const fn is_waiting(state: TopupState) -> bool {
    state.may_become(TopupState::Credited) && !matches!(state, TopupState::RefundPending | TopupState::Review)
}

fn check(reference: &str, received: Rupiah) -> Result<(), Refusal> {
    let mut fields = Fields::new();
    let chars = tidy(reference).chars().count();
    if chars == 0 {
        fields.note("reference", FieldCode::Required);
    } else if chars < *REFERENCE_CHARS.start() {
        fields.note("reference", FieldCode::TooShort { min: *REFERENCE_CHARS.start() });
    } else if chars > *REFERENCE_CHARS.end() {
        fields.note("reference", FieldCode::TooLong { max: *REFERENCE_CHARS.end() });
    }
    if !received.is_positive() {
        fields.note("received", FieldCode::BadAmount);
    }
    fields.done()
}

/// An admin has not found the money.
#[derive(Clone, Debug)]
pub struct RejectTopup {
    /// Who decides.
    pub admin: UserId,
    /// Which.
    pub topup: PublicId,
    /// Why; the buyer reads it.
    pub reason: String,
}

impl Operation for RejectTopup {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let reason = self.reason.trim();
        if reason.is_empty() {
            return Err(Refusal::field("reason", FieldCode::Required).into());
        }
        if reason.chars().count() > REASON_MOST_CHARS {
            return Err(Refusal::field("reason", FieldCode::TooLong { max: REASON_MOST_CHARS }).into());
        }
        let current = lock(tx, &self.topup).await?;
        decide_allowed(tx, self.admin, &current).await?;
        // A gateway's word is asked for; money in review is given back by its case.
        let allowed = current.method.is_by_hand() && current.state != TopupState::Review;
        if !allowed || !move_on(tx, &current, TopupState::Rejected).await? {
            return Err(Refusal::StateChanged.into());
        }
        release_lines(tx, current.row_id, None).await?;
        sql("UPDATE topup SET decided_by = $1, decided_at = $2, reject_reason = $3 WHERE id = $4")
            .bind(self.admin)
            .bind(tx.now)
            .bind(reason)
            .bind(current.row_id)
            .execute(&mut tx.conn)
            .await?;
        audit(tx, Some(self.admin), "reject_topup", &format!("topup:{}", self.topup.as_str()), reason).await
    }
}

async fn decide_allowed(tx: &mut Tx<'_>, admin: UserId, current: &Current) -> Result<(), Error> {
    require_role(tx, admin, Role::Admin).await?;
    if current.user == admin { Err(Refusal::OwnCase.into()) } else { Ok(()) }
}
