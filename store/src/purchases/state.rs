//! Moving a purchase whose row is locked, and its money with it.

use domain::{
    FailReason, HoldState, MINUTE_MS, PaymentAction, PublicId, PurchaseState, Rupiah, SECOND_MS, UtcMillis,
};

use super::choose::next_route;
use super::{ATTEMPTS_MOST, Step, second_look, step};
use crate::db::{Row, Tx, sql};
use crate::error::Error;
use crate::ledger::{Account, EntryKind, NewEntry, post};
use crate::model::UserId;
use crate::news::News;
use crate::notices::tell_of_purchase;
use crate::user_notices::note_of_purchase;

/// A purchase as it stands.
pub(super) struct Current {
    pub(super) row_id: i64,
    pub(super) id: PublicId,
    pub(super) user: UserId,
    pub(super) state: PurchaseState,
    pub(super) hold: HoldState,
    pub(super) price: Rupiah,
    pub(super) package_row: i64,
    pub(super) route: i64,
    pub(super) attempts: i64,
    /// How often the gateway has been asked about it.
    pub(super) asked: i64,
    pub(super) send_until: UtcMillis,
    pub(super) lease_token: i64,
    /// The number's owner pays, not the shop's deposit.
    pub(super) owner_pays: bool,
    /// The signed-in number in whose session it is bought.
    pub(super) xl_account: Option<i64>,
    /// What the owner has to do.
    pub(super) action: Option<PaymentAction>,
}

/// Reads a purchase with its row locked until the transaction ends: a conditional update that changes nothing locks on
/// both databases.
pub(super) async fn lock(tx: &mut Tx<'_>, id: &PublicId) -> Result<Current, Error> {
    let row = sql("UPDATE purchase SET state = state WHERE public_id = $1 RETURNING id, user_id, state, hold, price, package_id, \
                   route, attempts, asked, send_until, lease_token, method, xl_account, action")
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
        package_row: row.int("package_id")?,
        route: row.int("route")?,
        attempts: row.int("attempts")?,
        asked: row.int("asked")?,
        send_until: row.time("send_until")?,
        lease_token: row.int("lease_token")?,
        owner_pays: row.opt_text("method")?.is_some(),
        xl_account: row.opt_int("xl_account")?,
        action: action_of(row)?,
    })
}

/// What the number's owner has to do, as it is kept with the purchase.
pub(super) fn action_of(row: &Row) -> Result<Option<PaymentAction>, Error> {
    row.opt_text("action")?.map(|text| serde_json::from_str(&text)).transpose().map_err(Error::corrupt)
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

/// Provably no order was made, and this gateway would say so again: another one's turn, or given up.
pub(super) async fn refused(
    tx: &mut Tx<'_>,
    current: &Current,
    reason: FailReason,
) -> Result<PurchaseState, Error> {
    if !reason.is_of_the_number() && take_next_route(tx, current).await? {
        return back_in_line(tx, current, reason, tx.now).await;
    }
    fail(tx, current, reason, None).await
}

/// The session was over when the order came; provably no order was made. The session is renewed and the order written anew,
/// once.
pub(super) async fn renew_session(tx: &mut Tx<'_>, current: &Current) -> Result<PurchaseState, Error> {
    let reason = FailReason::SessionEnded;
    let renewed = sql("SELECT n FROM purchase_step WHERE purchase_id = $1 AND note = $2 LIMIT 1")
        .bind(current.row_id)
        .bind(reason.as_str())
        .optional(&mut tx.conn)
        .await?;
    let Some(account) = current.xl_account.filter(|_| renewed.is_none()) else {
        return fail(tx, current, reason, None).await;
    };
    sql("UPDATE xl_account SET expires_at = $1, renew_at = $1 WHERE id = $2")
        .bind(tx.now)
        .bind(account)
        .execute(&mut tx.conn)
        .await?;
    back_in_line(tx, current, reason, tx.now).await
}

/// Hands the purchase to the next of its package's gateways; false when there is none. What the number's owner pays for has
/// only one: a session is a gateway's own.
async fn take_next_route(tx: &mut Tx<'_>, current: &Current) -> Result<bool, Error> {
    if current.owner_pays || current.attempts >= ATTEMPTS_MOST {
        return Ok(false);
    }
    let Some((route, gateway, sku)) =
        next_route(tx, current.package_row, current.route, current.price).await?
    else {
        return Ok(false);
    };
    // Attempts from before they had a code of their own.
    sql("UPDATE attempt SET sku = (SELECT p.sku FROM purchase p WHERE p.id = $1) WHERE purchase_id = $1 AND sku IS NULL")
        .bind(current.row_id)
        .execute(&mut tx.conn)
        .await?;
    sql("UPDATE purchase SET route = $1, gateway = $2, sku = $3 WHERE id = $4")
        .bind(route)
        .bind(gateway)
        .bind(sku)
        .bind(current.row_id)
        .execute(&mut tx.conn)
        .await?;
    Ok(true)
}

/// Provably no order was made: another gateway's turn, or this one's again later, or given up.
pub(super) async fn try_again(
    tx: &mut Tx<'_>,
    current: &Current,
    reason: FailReason,
) -> Result<PurchaseState, Error> {
    if take_next_route(tx, current).await? {
        return back_in_line(tx, current, reason, tx.now).await;
    }
    let wait_ms = (5 * SECOND_MS).saturating_mul(1_i64 << current.attempts.clamp(0, 6));
    let due_at = tx.now.plus_ms(wait_ms);
    if current.attempts >= ATTEMPTS_MOST || due_at >= current.send_until {
        return fail(tx, current, reason, None).await;
    }
    back_in_line(tx, current, reason, due_at).await
}

async fn back_in_line(
    tx: &mut Tx<'_>,
    current: &Current,
    reason: FailReason,
    due_at: UtcMillis,
) -> Result<PurchaseState, Error> {
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

/// As often as the gateway allows, then ever more rarely.
fn pause_before_asking_ms(asked: i64, ask_every_ms: i64) -> i64 {
    match asked {
        ..=20 => ask_every_ms,
        21..=40 => ask_every_ms.max(5 * MINUTE_MS),
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
    if current.owner_pays && to.is_settled() {
        sql("DELETE FROM number_in_use WHERE purchase_id = $1")
            .bind(current.row_id)
            .execute(&mut tx.conn)
            .await?;
        second_look::plan(tx, current).await?;
    }
    tell_of_purchase(tx, current.row_id, to, note, actor).await?;
    note_of_purchase(tx, current.row_id, current.user, current.price, to).await?;
    step(tx, current.row_id, &current.id, Step { from: Some(current.state), to, note, actor }).await
}

pub(super) fn negative(amount: Rupiah) -> Result<Rupiah, Error> {
    amount.checked_neg().ok_or_else(|| Error::corrupt("an amount is out of range"))
}
