use std::fmt;

use domain::{AlarmKind, Msisdn, NoticeChannel, NoticeKind, NoticeTrouble, PublicId, Rupiah, UtcMillis};

use super::channel::place;
use super::record::{Failure, failed};
use super::{BATCH_MOST, ChannelSettings, LEASE_MS, NEWS_FOR_MS};
use crate::crypto::open;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;

/// Takes what is to be sent. A channel has one message under way at a time, so what happens first is told first; each claim
/// raises the channel's token, and what is recorded later names it.
#[derive(Clone, Debug)]
pub struct ClaimNotices;

/// One message to send.
#[derive(Debug)]
pub struct NoticeJob {
    /// The claim's fencing token.
    pub token: i64,
    /// By which channel.
    pub access: NoticeAccess,
    /// What it says.
    pub task: NoticeTask,
}

/// How a channel is reached, secret included.
#[derive(Clone, PartialEq, Eq)]
pub struct NoticeAccess {
    /// What is no secret.
    pub settings: ChannelSettings,
    /// The token or password; empty for none.
    pub secret: String,
}

/// Without the secret.
impl fmt::Debug for NoticeAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("NoticeAccess").field("settings", &self.settings).finish_non_exhaustive()
    }
}

/// What a message says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeTask {
    /// That messages arrive.
    Test,
    /// What has happened, oldest first. As many as fit into one message are sent.
    News(Vec<WaitingNotice>),
}

/// Something that is to be told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WaitingNotice {
    /// Its row; names how far a message got.
    pub id: i64,
    /// What it is.
    pub kind: NoticeKind,
    /// What it is about.
    pub subject: NoticeSubject,
    /// When it happened.
    pub at: UtcMillis,
}

/// What a notice is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum NoticeSubject {
    /// A purchase.
    Purchase {
        /// Its id.
        id: PublicId,
        /// Who bought.
        buyer: String,
        /// What.
        package: String,
        /// For which number.
        msisdn: Msisdn,
        /// The price.
        price: Rupiah,
        /// Where it is delivered.
        gateway: String,
        /// The step's note: a reason's word, or an admin's own words.
        note: String,
    },
    /// A top-up.
    Topup {
        /// Its id.
        id: PublicId,
        /// Whose.
        buyer: String,
        /// What should come, or what came.
        amount: Rupiah,
    },
    /// An alarm.
    Alarm {
        /// What it is.
        kind: AlarmKind,
        /// What it is about.
        object: String,
        /// Facts.
        detail: String,
    },
    /// The shop.
    Shop,
}

impl Operation for ClaimNotices {
    type Output = Vec<NoticeJob>;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<Vec<NoticeJob>, Error> {
        let channels =
            sql("UPDATE notice_channel SET lease_token = lease_token + 1, lease_until = $2 WHERE lease_until <= $1 \
                 AND (test_due = 1 OR (active = 1 AND due_at <= $1 AND EXISTS (SELECT 1 FROM notice n \
                 WHERE n.channel = notice_channel.name AND n.state = 'waiting' AND n.created_at > $3))) \
                 RETURNING name, settings, secret, lease_token, test_due")
            .bind(tx.now)
            .bind(tx.now.plus_ms(LEASE_MS))
            .bind(tx.now.plus_ms(-NEWS_FOR_MS))
            .all(&mut tx.conn)
            .await?;
        let mut jobs = Vec::new();
        for row in channels {
            let (channel, token): (NoticeChannel, i64) = (row.word("name")?, row.int("lease_token")?);
            let test = row.bool("test_due")?;
            match access(tx, channel, &row) {
                Ok(access) => {
                    let task = if test {
                        NoticeTask::Test
                    } else {
                        NoticeTask::News(batch(tx, channel, token).await?)
                    };
                    jobs.push(NoticeJob { token, access, task });
                }
                // Such as after a key was lost: the other channel goes on.
                Err(error) => {
                    tracing::error!(%error, channel = channel.as_str(), "a channel cannot be used");
                    let failure = Failure { trouble: NoticeTrouble::BadSettings, code: None, wait_ms: 0 };
                    failed(tx, channel, test, &failure).await?;
                }
            }
        }
        Ok(jobs)
    }
}

/// How to reach a channel, from its row.
pub(crate) fn access(tx: &Tx<'_>, channel: NoticeChannel, row: &Row) -> Result<NoticeAccess, Error> {
    let settings = serde_json::from_str(&row.text("settings")?).map_err(Error::corrupt)?;
    let secret = row.opt_bytes("secret")?;
    let secret = secret.map(|sealed| open(tx.key, &place(channel), &sealed)).transpose()?;
    Ok(NoticeAccess { settings, secret: secret.unwrap_or_default() })
}

/// The oldest that wait, marked as this claim's.
async fn batch(tx: &mut Tx<'_>, channel: NoticeChannel, token: i64) -> Result<Vec<WaitingNotice>, Error> {
    sql("UPDATE notice SET batch = $1 WHERE id IN (SELECT id FROM notice WHERE channel = $2 AND state = 'waiting' \
         AND created_at > $3 ORDER BY id LIMIT $4)")
    .bind(token)
    .bind(channel.as_str())
    .bind(tx.now.plus_ms(-NEWS_FOR_MS))
    .bind(BATCH_MOST)
    .execute(&mut tx.conn)
    .await?;
    let rows = sql("SELECT n.id, n.kind, n.detail, n.created_at, \
                    p.public_id AS purchase, p.package_name, p.msisdn, p.price, p.gateway, \
                    t.public_id AS topup, t.payable, a.kind AS alarm, a.object, a.detail AS facts, u.username \
                    FROM notice n \
                    LEFT JOIN purchase p ON p.id = n.object AND n.kind LIKE 'purchase_%' \
                    LEFT JOIN topup t ON t.id = n.object AND n.kind LIKE 'topup_%' \
                    LEFT JOIN alarm a ON a.id = n.object AND n.kind IN ('deposit_low', 'alarm') \
                    LEFT JOIN users u ON u.id = COALESCE(p.user_id, t.user_id) \
                    WHERE n.channel = $1 AND n.state = 'waiting' AND n.batch = $2 ORDER BY n.id")
    .bind(channel.as_str())
    .bind(token)
    .all(&mut tx.conn)
    .await?;
    let mut news = Vec::with_capacity(rows.len());
    for row in &rows {
        match waiting(row) {
            Ok(notice) => news.push(notice),
            // It would hold up all that comes after it.
            Err(error) => {
                tracing::error!(%error, "a notice cannot be read and is given up");
                sql("UPDATE notice SET state = 'failed', settled_at = $1 WHERE id = $2")
                    .bind(tx.now)
                    .bind(row.int("id")?)
                    .execute(&mut tx.conn)
                    .await?;
            }
        }
    }
    Ok(news)
}

fn waiting(row: &Row) -> Result<WaitingNotice, Error> {
    let kind: NoticeKind = row.word("kind")?;
    let subject = match kind {
        NoticeKind::PurchaseDelivered | NoticeKind::PurchaseFailed | NoticeKind::PurchaseReview => {
            NoticeSubject::Purchase {
                id: row.word("purchase")?,
                buyer: row.text("username")?,
                package: row.text("package_name")?,
                msisdn: row.word("msisdn")?,
                price: row.rupiah("price")?,
                gateway: row.text("gateway")?,
                note: row.text("detail")?,
            }
        }
        NoticeKind::TopupWaiting | NoticeKind::TopupCredited => NoticeSubject::Topup {
            id: row.word("topup")?,
            buyer: row.text("username")?,
            // What came may differ from what was asked for.
            amount: row.text("detail")?.parse::<i64>().map_or(row.rupiah("payable")?, Rupiah::new),
        },
        NoticeKind::DepositLow | NoticeKind::Alarm => NoticeSubject::Alarm {
            kind: row.word("alarm")?,
            object: row.text("object")?,
            detail: row.text("facts")?,
        },
        NoticeKind::SalesStopped => NoticeSubject::Shop,
    };
    Ok(WaitingNotice { id: row.int("id")?, kind, subject, at: row.time("created_at")? })
}
