//! What an answer about a charge proves, and what follows from it.

use domain::{
    CancelVerdict, ChargeFacts, ChargeRefusal, ChargeState, ChargeVerdict, PayCaseKind, PayTo, ProviderState,
    Rupiah, StatusVerdict, TopupState,
};

use super::record::{Charge, Next};
use super::when::{NEVER, after_silence};
use super::{CHARGES_MOST, NewCharge, insert_charge};
use crate::db::{Tx, sql};
use crate::error::Error;
use crate::topups::{Back, Came, Current, NewCase, Taken, finish_refund, move_on, open_case, reverse, take};

pub(super) async fn charged(
    tx: &mut Tx<'_>,
    charge: &Charge,
    topup: Option<&Current>,
    verdict: &ChargeVerdict,
) -> Result<Next, Error> {
    match verdict {
        // Paid already, or anything else: how it stands is for the status to say.
        ChargeVerdict::Made(facts) if facts.state == ProviderState::Pending => {
            waits(tx, charge, topup, facts).await
        }
        ChargeVerdict::Made(_) | ChargeVerdict::Exists => Ok(charge.next(tx, charge.state)),
        ChargeVerdict::Refused(refusal) => {
            // It answers, but to nobody with this key: as good as silent.
            let answered = *refusal != ChargeRefusal::Login;
            sql("UPDATE charge SET refusal = $1 WHERE id = $2")
                .bind(refusal.as_str())
                .bind(charge.row_id)
                .execute(&mut tx.conn)
                .await?;
            Ok(Next { answered, ..failed(tx, charge, topup).await? })
        }
        ChargeVerdict::NotNow => {
            // There is no order, so the next one is a first one.
            sql("UPDATE charge SET charged_at = NULL WHERE id = $1")
                .bind(charge.row_id)
                .execute(&mut tx.conn)
                .await?;
            Ok(charge.silent(tx))
        }
        ChargeVerdict::Unknown => Ok(charge.silent(tx)),
    }
}

/// The gateway has no order, and will have none.
async fn failed(tx: &mut Tx<'_>, charge: &Charge, topup: Option<&Current>) -> Result<Next, Error> {
    if let Some(topup) = topup.filter(|topup| topup.state.is_open()) {
        move_on(tx, topup, TopupState::Failed).await?;
    }
    Ok(Next { due_at: NEVER, ..charge.next(tx, ChargeState::Failed) })
}

/// The gateway waits for the payer.
async fn waits(
    tx: &mut Tx<'_>,
    charge: &Charge,
    topup: Option<&Current>,
    facts: &ChargeFacts,
) -> Result<Next, Error> {
    keep_facts(tx, charge, facts).await?;
    if matches!(charge.state, ChargeState::Paid) {
        // An old word: nothing undoes what was taken.
        return Ok(charge.looked_in_vain(tx));
    }
    let first = charge.state == ChargeState::Creating;
    let can_be_paid = charge.has_pay_to || facts.pay_to.is_some();
    let waiting = charge.next(tx, ChargeState::Pending);
    let called_off = Next { cancel_wanted: Some(true), ..charge.now(tx, ChargeState::Pending) };
    match topup {
        // It was only to be seen whether it works.
        None => Ok(if first { called_off } else { waiting }),
        Some(topup) if can_be_paid => {
            if topup.state == TopupState::Creating {
                move_on(tx, topup, TopupState::Pending).await?;
            }
            Ok(waiting)
        }
        // An order was adopted of which nobody can tell how to pay it. It is called off and watched, and the next one made.
        Some(topup) if first => {
            if topup.state == TopupState::Creating {
                another(tx, charge, topup).await?;
            }
            Ok(called_off)
        }
        Some(_) => Ok(waiting),
    }
}

async fn another(tx: &mut Tx<'_>, charge: &Charge, topup: &Current) -> Result<(), Error> {
    if charge.n >= CHARGES_MOST {
        return move_on(tx, topup, TopupState::Failed).await.map(|_| ());
    }
    let n = charge.n + 1;
    let fresh = NewCharge {
        topup: charge.topup,
        order_id: format!("{}-{n}", topup.id.as_str()),
        n,
        gateway: &charge.gateway,
        method: charge.method,
        gross: charge.gross,
        fee: charge.fee,
        expected_cost: charge.expected_cost,
        expires_at: charge.expires_at,
    };
    insert_charge(tx, fresh).await
}

async fn keep_facts(tx: &mut Tx<'_>, charge: &Charge, facts: &ChargeFacts) -> Result<(), Error> {
    let pay_to: Option<String> = facts
        .pay_to
        .as_ref()
        .map(|pay_to: &PayTo| serde_json::to_string(pay_to).map_err(Error::corrupt))
        .transpose()?;
    // A gateway may allow less time than it was asked for. More is of no use: the page has told the buyer.
    let expires_at = facts.expires_at.map_or(charge.expires_at, |at| at.min(charge.expires_at));
    if let Some(topup) = charge.topup.filter(|_| expires_at < charge.expires_at) {
        sql("UPDATE topup SET expires_at = $1 WHERE id = $2 AND expires_at > $1")
            .bind(expires_at)
            .bind(topup)
            .execute(&mut tx.conn)
            .await?;
    }
    sql("UPDATE charge SET transaction_id = COALESCE(transaction_id, $1), pay_to = COALESCE(pay_to, $2), provider_state = $3, \
         expires_at = $5 WHERE id = $4")
        .bind(facts.transaction_id.as_deref())
        .bind(pay_to)
        .bind(facts.state.as_str())
        .bind(charge.row_id)
        .bind(expires_at)
        .execute(&mut tx.conn)
        .await
        .map(|_| ())
}

pub(super) async fn status(
    tx: &mut Tx<'_>,
    charge: &Charge,
    topup: Option<&Current>,
    verdict: &StatusVerdict,
) -> Result<Next, Error> {
    let facts = match verdict {
        StatusVerdict::Unknown => return Ok(charge.silent(tx)),
        StatusVerdict::NoSuchOrder => return no_such_order(tx, charge, topup).await,
        StatusVerdict::Found(facts) => facts,
    };
    if !facts.in_rupiah || !facts.own_merchant {
        return foreign(tx, charge).await;
    }
    match facts.state {
        ProviderState::Pending => waits(tx, charge, topup, facts).await,
        ProviderState::Paid => paid(tx, charge, topup, facts).await,
        ProviderState::Expired => {
            over(tx, charge, topup, facts, ChargeState::Expired, TopupState::Expired).await
        }
        ProviderState::Cancelled => {
            over(tx, charge, topup, facts, ChargeState::Cancelled, TopupState::Cancelled).await
        }
        ProviderState::Denied if charge.state != ChargeState::Paid => {
            over(tx, charge, topup, facts, ChargeState::Failed, TopupState::Failed).await
        }
        ProviderState::Denied
        | ProviderState::Refunded
        | ProviderState::PartlyRefunded
        | ProviderState::ChargedBack
        | ProviderState::PartlyChargedBack => went_back(tx, charge, topup, facts).await,
        ProviderState::Unclear => {
            keep_facts(tx, charge, facts).await?;
            if charge.state == ChargeState::Paid {
                return Ok(charge.looked_in_vain(tx));
            }
            Ok(charge.next(tx, charge.state))
        }
    }
}

/// The gateway does not know it: one that was never answered is charged (again, under the same id); one that it has told
/// of before is asked about later.
async fn no_such_order(tx: &mut Tx<'_>, charge: &Charge, topup: Option<&Current>) -> Result<Next, Error> {
    if charge.state == ChargeState::Paid {
        return Ok(charge.looked_in_vain(tx));
    }
    if charge.state != ChargeState::Creating {
        // It has lost sight of an order that it knew, or there never was one.
        return Ok(charge.next(tx, charge.state));
    }
    let wanted = topup.is_none_or(|topup| topup.state.is_open()) && charge.expires_at > tx.now;
    if wanted {
        sql("UPDATE charge SET charged_at = NULL WHERE id = $1")
            .bind(charge.row_id)
            .execute(&mut tx.conn)
            .await?;
        // With growing pauses: a gateway that says both "there is one" and "there is none" must not be asked all the time.
        let unanswered = charge.unanswered + 1;
        let due_at = after_silence(tx.now, unanswered);
        return Ok(Next { due_at, unanswered, ..charge.next(tx, ChargeState::Creating) });
    }
    // Its order may still be on the way, so it is watched like any that is over.
    Ok(Next { cancel_wanted: Some(false), ..charge.next(tx, ChargeState::Cancelled) })
}

/// Another currency or merchant: nothing of it can be believed.
async fn foreign(tx: &mut Tx<'_>, charge: &Charge) -> Result<Next, Error> {
    call_a_human(tx, charge, PayCaseKind::Foreign, &charge.order_id).await?;
    Ok(charge.next(tx, charge.state))
}

/// Something that only a human can make sense of. `what` is the case's detail, and with the order what makes it one.
async fn call_a_human(tx: &mut Tx<'_>, charge: &Charge, kind: PayCaseKind, what: &str) -> Result<(), Error> {
    let cause = format!("{}:{what}", charge.order_id);
    let case = NewCase {
        kind,
        cause: &cause,
        topup: charge.topup,
        charge: Some(charge.row_id),
        payment: None,
        detail: what,
    };
    open_case(tx, case).await
}

async fn paid(
    tx: &mut Tx<'_>,
    charge: &Charge,
    topup: Option<&Current>,
    facts: &ChargeFacts,
) -> Result<Next, Error> {
    // Without an id there is nothing by which this payment could be told from another.
    let Some(transaction_id) = facts.transaction_id.as_deref().filter(|id| !id.is_empty()) else {
        return Ok(charge.silent(tx));
    };
    if !facts.gross.is_positive() {
        return Ok(charge.silent(tx));
    }
    keep_facts(tx, charge, facts).await?;
    let came = Came {
        provider: &charge.gateway,
        account: &charge.account,
        reference: transaction_id,
        amount: facts.gross,
        expected: Some(charge.gross),
        cost: facts.fee.unwrap_or(charge.expected_cost).clamp(Rupiah::ZERO, facts.gross),
        charge: Some(charge.row_id),
        actor: None,
    };
    if take(tx, topup, &came).await? == Taken::Repeat && was_taken_back(tx, charge, transaction_id).await? {
        // What was taken back is there again: only a human can tell what the buyer is owed.
        call_a_human(tx, charge, PayCaseKind::Contradiction, "paid again").await?;
    }
    Ok(Next { cancel_wanted: Some(false), ..charge.next(tx, ChargeState::Paid) })
}

/// No money came, and the gateway expects none. What was taken before stays: a human is told of the contradiction.
async fn over(
    tx: &mut Tx<'_>,
    charge: &Charge,
    topup: Option<&Current>,
    facts: &ChargeFacts,
    state: ChargeState,
    topup_state: TopupState,
) -> Result<Next, Error> {
    keep_facts(tx, charge, facts).await?;
    if charge.state == ChargeState::Paid {
        call_a_human(tx, charge, PayCaseKind::Contradiction, facts.state.as_str()).await?;
        return Ok(charge.next(tx, ChargeState::Paid));
    }
    if let Some(topup) = topup.filter(|topup| topup.state.is_open()) {
        // One that nobody could ever pay was called off by us, not by the buyer.
        let was_shown = topup.state != TopupState::Creating;
        let topup_state =
            if topup_state == TopupState::Cancelled && !was_shown { TopupState::Failed } else { topup_state };
        // Another charge of the same top-up may still be paid.
        let others = sql("SELECT COUNT(*) AS others FROM charge WHERE topup_id = $1 AND id <> $2 AND state IN ('creating', 'pending')")
            .bind(topup.row_id)
            .bind(charge.row_id)
            .one(&mut tx.conn)
            .await?;
        if others.int("others")? == 0 {
            move_on(tx, topup, topup_state).await?;
        }
    }
    Ok(Next { cancel_wanted: Some(false), ..charge.next(tx, state) })
}

/// The gateway or the payer's bank has taken money back that was taken here.
async fn went_back(
    tx: &mut Tx<'_>,
    charge: &Charge,
    topup: Option<&Current>,
    facts: &ChargeFacts,
) -> Result<Next, Error> {
    keep_facts(tx, charge, facts).await?;
    let partly = matches!(facts.state, ProviderState::PartlyRefunded | ProviderState::PartlyChargedBack);
    let total = if partly { facts.returned } else { None };
    if partly && total.is_none() {
        // How much is not said.
        call_a_human(tx, charge, PayCaseKind::Contradiction, facts.state.as_str()).await?;
        return Ok(Next { cancel_wanted: Some(false), ..charge.next(tx, charge.state) });
    }
    let back = Back { charge: charge.row_id, transaction_id: facts.transaction_id.as_deref(), total };
    let pending = topup.filter(|topup| topup.state == TopupState::RefundPending);
    let known = match pending {
        Some(topup) => finish_refund(tx, topup, &back).await?,
        None => reverse(tx, topup, &back).await?,
    };
    if !known && partly {
        // Money came and went in part before we ever asked: what is left was never taken.
        call_a_human(tx, charge, PayCaseKind::Contradiction, facts.state.as_str()).await?;
    }
    let state = if charge.state == ChargeState::Paid { ChargeState::Paid } else { ChargeState::Failed };
    Ok(Next { cancel_wanted: Some(false), ..charge.next(tx, state) })
}

async fn was_taken_back(tx: &mut Tx<'_>, charge: &Charge, transaction_id: &str) -> Result<bool, Error> {
    let row = sql("SELECT reversed FROM payment WHERE charge_id = $1 AND reference = $2 AND reversed > 0")
        .bind(charge.row_id)
        .bind(transaction_id)
        .optional(&mut tx.conn)
        .await?;
    Ok(row.is_some())
}

pub(super) fn cancelled(tx: &Tx<'_>, charge: &Charge, verdict: CancelVerdict) -> Next {
    match verdict {
        // Whatever came of it: how it stands now is asked at once.
        CancelVerdict::Cancelled | CancelVerdict::TooLate | CancelVerdict::NoSuchOrder => {
            Next { cancel_wanted: Some(false), ..charge.now(tx, charge.state) }
        }
        CancelVerdict::Unknown => charge.silent(tx),
    }
}
