use domain::{NoticeKind, PurchaseState};

use crate::db::{Tx, sql};
use crate::error::Error;
use crate::model::UserId;
use crate::news::News;

/// Something of which the operator may want to know.
pub(crate) struct Told<'t> {
    pub(crate) kind: NoticeKind,
    /// The row that it is about.
    pub(crate) object: i64,
    /// What that row does not say.
    pub(crate) detail: &'t str,
    /// A channel that is not to be told: of its own failing.
    pub(crate) but: &'t str,
}

/// Writes it down for every channel that wants to know. One statement; a repeat adds nothing, but that a purchase which a
/// human had decided needs one again: each time is news of its own.
pub(crate) async fn tell(tx: &mut Tx<'_>, told: Told<'_>) -> Result<(), Error> {
    let added = sql("INSERT INTO notice (channel, kind, object, detail, state, batch, created_at) \
                     SELECT r.channel, r.kind, $2, $3, 'waiting', 0, $4 FROM notice_rule r \
                     JOIN notice_channel c ON c.name = r.channel \
                     WHERE r.kind = $1 AND c.active = 1 AND c.name <> $5 \
                     ON CONFLICT (channel, kind, object) DO UPDATE SET state = 'waiting', batch = 0, detail = excluded.detail, \
                     created_at = excluded.created_at, settled_at = NULL \
                     WHERE notice.kind = 'purchase_review' AND notice.state <> 'waiting'")
    .bind(told.kind.as_str())
    .bind(told.object)
    .bind(told.detail)
    .bind(tx.now)
    .bind(told.but)
    .execute(&mut tx.conn)
    .await?;
    if added > 0 {
        tx.news.push(News::Notices);
    }
    Ok(())
}

/// A purchase has come to an end, or to a human; other steps are nobody's news. What an admin takes on needs no call.
pub(crate) async fn tell_of_purchase(
    tx: &mut Tx<'_>,
    row_id: i64,
    to: PurchaseState,
    note: &str,
    actor: Option<UserId>,
) -> Result<(), Error> {
    let kind = match to {
        PurchaseState::Succeeded => NoticeKind::PurchaseDelivered,
        PurchaseState::Failed => NoticeKind::PurchaseFailed,
        PurchaseState::Review if actor.is_none() => NoticeKind::PurchaseReview,
        _ => return Ok(()),
    };
    tell(tx, Told { kind, object: row_id, detail: note, but: "" }).await
}
