use domain::{MailKind, NoticeChannel, PurchaseState, Rupiah, UserNoticeKind};

use crate::db::{Row, Tx, sql};
use crate::error::Error;
use crate::model::UserId;
use crate::outbox::{MailFacts, NewMail, post};

/// Something that a user is told.
pub(crate) struct NewUserNotice {
    /// Whom.
    pub(crate) user: UserId,
    pub(crate) kind: UserNoticeKind,
    /// The row that it is about. With the kind it makes the notice one.
    pub(crate) object: i64,
    /// How much money it is about.
    pub(crate) amount: Option<Rupiah>,
    /// What a message says of it, where the rows may be gone by then.
    pub(crate) facts: MailFacts,
}

/// Writes it down; a repeat adds nothing. It stands in transactions that move money, so nothing here can be refused: what is
/// there already is passed over, and nothing that somebody typed is parsed. Whoever chose nothing costs one statement.
pub(crate) async fn note(tx: &mut Tx<'_>, notice: NewUserNotice) -> Result<(), Error> {
    let kind = notice.kind.as_str();
    let row = sql("INSERT INTO user_notice (public_id, user_id, kind, object, amount, created_at) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING id, \
                   (SELECT COUNT(*) FROM user_notice_choice c WHERE c.user_id = $2 AND c.kind = $3 AND c.wanted = 1) AS chosen")
    .bind(&tx.new_id())
    .bind(notice.user)
    .bind(kind)
    .bind(notice.object)
    .bind(notice.amount)
    .bind(tx.now)
    .optional(&mut tx.conn)
    .await?;
    let Some(row) = row else { return Ok(()) };
    let usual = [NoticeChannel::Email, NoticeChannel::Telegram];
    if row.int("chosen")? == 0 && !usual.iter().any(|channel| notice.kind.is_usual_by(*channel)) {
        return Ok(());
    }
    send(tx, &notice, row.int("id")?).await
}

/// A purchase has come to an end; other steps are no news to its buyer.
pub(crate) async fn note_of_purchase(
    tx: &mut Tx<'_>,
    purchase: i64,
    user: UserId,
    price: Rupiah,
    to: PurchaseState,
) -> Result<(), Error> {
    let kind = match to {
        PurchaseState::Succeeded => UserNoticeKind::Delivered,
        PurchaseState::Failed => UserNoticeKind::Failed,
        _ => return Ok(()),
    };
    let facts = MailFacts::default();
    note(tx, NewUserNotice { user, kind, object: purchase, amount: Some(price), facts }).await
}

/// Hands it on by every channel that the shop has and its user wants, as it is at this moment.
async fn send(tx: &mut Tx<'_>, notice: &NewUserNotice, id: i64) -> Result<(), Error> {
    let rows = sql("SELECT c.name, u.email, u.email_verified_at, t.chat, w.wanted FROM notice_channel c \
                    JOIN users u ON u.id = $1 LEFT JOIN user_telegram t ON t.user_id = u.id \
                    LEFT JOIN user_notice_choice w ON w.user_id = u.id AND w.kind = $2 AND w.channel = c.name \
                    WHERE c.active = 1 AND c.name IN ('email', 'telegram')")
    .bind(notice.user)
    .bind(notice.kind.as_str())
    .all(&mut tx.conn)
    .await?;
    for row in rows {
        let channel: NoticeChannel = row.word("name")?;
        let wanted =
            row.opt_int("wanted")?.map_or_else(|| notice.kind.is_usual_by(channel), |wanted| wanted == 1);
        let Some(address) = address(&row, channel)?.filter(|_| wanted) else { continue };
        // A new device is told in words of its own, and before the news of sales.
        let (kind, about) = match notice.kind {
            UserNoticeKind::NewDevice => (MailKind::NewDevice, None),
            _ => (MailKind::Notice, Some(id)),
        };
        let facts = notice.facts.clone();
        let mail = NewMail { user: Some(notice.user), kind, address: &address, facts, link: None };
        post(tx, channel, mail, about).await?;
    }
    Ok(())
}

/// Where the user is reached: only what was shown to be theirs.
fn address(row: &Row, channel: NoticeChannel) -> Result<Option<String>, Error> {
    match channel {
        NoticeChannel::Email if row.opt_int("email_verified_at")?.is_some() => row.text("email").map(Some),
        NoticeChannel::Email => Ok(None),
        NoticeChannel::Telegram => row.opt_text("chat"),
    }
}
