use domain::{Msisdn, PublicId, Rupiah, UserNoticeKind, UtcMillis};

use crate::Store;
use crate::db::{Query, Row, Tx, sql};
use crate::error::Error;
use crate::model::{Page, UserId};
use crate::shop::page_of;

/// Unread notices are counted up to so many and one more: nobody needs to know how many thousands there are.
pub const UNREAD_SHOWN_MOST: i64 = 99;

/// Something that a user is told.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UserNotice {
    /// For forms.
    pub id: PublicId,
    /// What happened.
    pub kind: UserNoticeKind,
    /// How much money it is about.
    pub amount: Option<Rupiah>,
    /// What it is about.
    pub about: UserNoticeAbout,
    /// When it happened.
    pub at: UtcMillis,
    /// Whether its user has read it.
    pub read: bool,
}

/// What a notice is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UserNoticeAbout {
    /// A purchase.
    Purchase {
        /// Its id.
        id: PublicId,
        /// What was bought.
        package: String,
        /// For which number.
        msisdn: Msisdn,
    },
    /// A top-up.
    Topup(PublicId),
    /// A payment that no top-up had been made for.
    Payment,
    /// A sign-in.
    SignIn {
        /// The browser, as it called itself.
        user_agent: String,
        /// The address.
        ip: String,
    },
    /// A sign-in of which the history knows nothing any more.
    OldSignIn,
}

/// Notices with what they are about, before their condition.
const NOTICES: &str = "SELECT n.public_id, n.kind, n.amount, n.created_at, n.read_at, p.public_id AS purchase, p.package_name, \
                       p.msisdn, t.public_id AS topup, s.user_agent, s.ip FROM user_notice n \
                       LEFT JOIN purchase p ON p.id = n.object AND n.kind IN ('delivered', 'failed') \
                       LEFT JOIN payment y ON y.id = n.object AND n.kind = 'credited' \
                       LEFT JOIN topup t ON t.id = COALESCE(y.topup_id, y.about_topup) AND t.user_id = n.user_id \
                       LEFT JOIN sign_in s ON s.id = n.object AND n.kind = 'new_device' ";

fn one(user: UserId, id: &PublicId) -> Query {
    sql(NOTICES).push("WHERE n.user_id = $1 AND n.public_id = $2").bind(user).bind(id)
}

impl Store {
    /// A page of a user's notices, newest first.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn user_notices(
        &self,
        user: UserId,
        after: Option<String>,
        limit: i64,
    ) -> Result<Page<UserNotice>, Error> {
        let limit = limit.clamp(1, 100);
        let query = sql(NOTICES)
            .push(
                "WHERE n.user_id = $1 AND (CAST($2 AS TEXT) IS NULL \
                 OR n.id < (SELECT id FROM user_notice WHERE public_id = $2 AND user_id = $1)) \
                 ORDER BY n.id DESC LIMIT $3",
            )
            .bind(user)
            .bind(after)
            .bind(limit + 1);
        let rows = self.db().all(query).await?;
        page_of(&rows, limit, notice_of, |notice: &UserNotice| notice.id.as_str().to_owned())
    }

    /// How many notices the user has not read, up to [`UNREAD_SHOWN_MOST`] and one more.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn unread_notices(&self, user: UserId) -> Result<i64, Error> {
        let query = sql("SELECT COUNT(*) AS unread FROM \
                         (SELECT id FROM user_notice WHERE user_id = $1 AND read_at IS NULL LIMIT $2) AS found")
            .bind(user)
            .bind(UNREAD_SHOWN_MOST + 1);
        self.db().one(query).await?.int("unread")
    }
}

/// A user's notice; of anyone else it is not there.
pub(super) async fn own_notice(
    tx: &mut Tx<'_>,
    user: UserId,
    id: &PublicId,
) -> Result<Option<UserNotice>, Error> {
    one(user, id).optional(&mut tx.conn).await?.as_ref().map(notice_of).transpose()
}

/// A notice by its row, for the message that tells of it.
pub(crate) async fn user_notice(tx: &mut Tx<'_>, row_id: i64) -> Result<UserNotice, Error> {
    let row = sql(NOTICES).push("WHERE n.id = $1").bind(row_id).one(&mut tx.conn).await?;
    notice_of(&row)
}

fn notice_of(row: &Row) -> Result<UserNotice, Error> {
    let kind = row.word("kind")?;
    Ok(UserNotice {
        id: row.word("public_id")?,
        kind,
        amount: row.opt_int("amount")?.map(Rupiah::new),
        about: about(row, kind)?,
        at: row.time("created_at")?,
        read: row.opt_int("read_at")?.is_some(),
    })
}

fn about(row: &Row, kind: UserNoticeKind) -> Result<UserNoticeAbout, Error> {
    Ok(match kind {
        UserNoticeKind::Delivered | UserNoticeKind::Failed => UserNoticeAbout::Purchase {
            id: row.word("purchase")?,
            package: row.text("package_name")?,
            msisdn: row.word("msisdn")?,
        },
        UserNoticeKind::Credited => {
            row.opt_word("topup")?.map_or(UserNoticeAbout::Payment, UserNoticeAbout::Topup)
        }
        UserNoticeKind::NewDevice => match row.opt_text("user_agent")? {
            Some(user_agent) => UserNoticeAbout::SignIn { user_agent, ip: row.text("ip")? },
            None => UserNoticeAbout::OldSignIn,
        },
    })
}
