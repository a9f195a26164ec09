use domain::{PublicId, Refusal, Role, UserState, UtcMillis};

use super::identity::{Meaning, SignInName};
use crate::Store;
use crate::db::{Row, sql};
use crate::error::Error;
use crate::model::{Page, User, UserId, UserRow, Wallet};
use crate::purchases::search_digits;
use crate::shop::{containing, page_of};

/// Which users to list.
#[derive(Clone, Debug, Default)]
pub struct UserFilter {
    /// Part of the username, name, e-mail address or phone number; empty for all.
    pub q: String,
    /// Only with this role.
    pub role: Option<Role>,
    /// Only in this state.
    pub state: Option<UserState>,
    /// Only some who want looking at.
    pub only: Option<UserNeed>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Users on a page, 1 to 100.
    pub limit: i64,
}

/// Why an admin looks for users.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UserNeed {
    /// Their balance is frozen.
    Frozen,
    /// They have asked to become a reseller, and wait.
    Reseller,
}

/// What [`user_of`] reads.
macro_rules! user_columns {
    () => {
        "u.id, u.public_id, u.username, u.email, u.phone, u.name, u.role, u.state, u.lang, u.zone, u.theme, u.auth_epoch, \
         u.created_at, u.waiting_since"
    };
}
pub(super) use user_columns;

macro_rules! columns {
    () => {
        concat!(
            "SELECT ",
            user_columns!(),
            ", u.password_hash, w.available, w.held, w.receivable, w.frozen, \
         (SELECT COUNT(*) FROM purchase p WHERE p.user_id = u.id AND p.state IN \
         ('accepted', 'submitting', 'pending', 'awaiting_payment', 'unknown', 'review')) AS open_purchases \
         FROM users u JOIN wallet w ON w.user_id = u.id "
        )
    };
}

macro_rules! list {
    ($only:literal) => {
        concat!(
            columns!(),
            "WHERE ",
            $only,
            "($1 = '' OR u.username LIKE $1 ESCAPE '\\' OR u.email LIKE $1 ESCAPE '\\' \
             OR LOWER(COALESCE(u.name, '')) LIKE $1 ESCAPE '\\' OR ($2 <> '' AND '0' || SUBSTR(u.phone, 3) LIKE '%' || $2 || '%')) \
             AND (CAST($3 AS TEXT) IS NULL OR u.role = $3) AND (CAST($4 AS TEXT) IS NULL OR u.state = $4) \
             AND (CAST($5 AS TEXT) IS NULL OR u.id < (SELECT id FROM users WHERE public_id = $5)) \
             ORDER BY u.id DESC LIMIT $6"
        )
    };
}

/// Newcomers after `$1` and `$2`, the moment and number of the last one before.
pub(super) const WAITING: &str = concat!(
    columns!(),
    "WHERE u.waiting_since IS NOT NULL AND (u.waiting_since, u.id) > ($1, $2) ORDER BY u.waiting_since, u.id LIMIT $3"
);

impl Store {
    /// A user by row number.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn user(&self, id: UserId) -> Result<Option<User>, Error> {
        let row = self.db().optional(sql(concat!(columns!(), "WHERE u.id = $1")).bind(id)).await?;
        row.as_ref().map(user_of).transpose()
    }

    /// A user by public id, with their money.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn user_by_public_id(&self, id: &PublicId) -> Result<Option<UserRow>, Error> {
        let row = self.db().optional(sql(concat!(columns!(), "WHERE u.public_id = $1")).bind(id)).await?;
        row.as_ref().map(user_row_of).transpose()
    }

    /// The user that a username, e-mail address or phone number belongs to, and the hash of their password. Which of the
    /// three it is, its shape tells.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn user_for_sign_in(&self, identity: &str) -> Result<Option<(User, String)>, Error> {
        let name = SignInName::read(identity);
        let query = match name.meaning() {
            Meaning::Username(name) => sql(concat!(columns!(), "WHERE u.username = $1")).bind(name.as_str()),
            Meaning::Email(email) => sql(concat!(columns!(), "WHERE u.email = $1")).bind(email.as_str()),
            Meaning::Phone(phone) => sql(concat!(columns!(), "WHERE u.phone = $1")).bind(phone),
            // Asked all the same, so that time does not tell.
            Meaning::Nothing => sql(concat!(columns!(), "WHERE u.username = $1")).bind(""),
        };
        let row = self.db().optional(query).await?;
        let Some(row) = row else { return Ok(None) };
        Ok(Some((user_of(&row)?, row.text("password_hash")?)))
    }

    /// The hash of a user's password.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn password_hash(&self, user: UserId) -> Result<Option<String>, Error> {
        let query = sql("SELECT password_hash FROM users WHERE id = $1").bind(user);
        let row = self.db().optional(query).await?;
        row.map(|row| row.text("password_hash")).transpose()
    }

    /// A user's money.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when there is no such user.
    pub async fn wallet(&self, user: UserId) -> Result<Wallet, Error> {
        let row = self.db().optional(sql(concat!(columns!(), "WHERE u.id = $1")).bind(user)).await?;
        row.as_ref().map(wallet_of).transpose()?.ok_or_else(|| Refusal::NotFound.into())
    }

    /// Whether anyone is an admin.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn any_admin(&self) -> Result<bool, Error> {
        Ok(self.db().optional(sql("SELECT id FROM users WHERE role = 'admin' LIMIT 1")).await?.is_some())
    }

    /// A page of users, the newest first.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn users(&self, filter: UserFilter) -> Result<Page<UserRow>, Error> {
        let limit = filter.limit.clamp(1, 100);
        let q = filter.q.trim().to_lowercase();
        let digits = search_digits(&filter.q);
        // Few have such a need: these texts begin at them, and do not look through everybody.
        let text = match filter.only {
            None => list!(""),
            Some(UserNeed::Frozen) => list!("u.id IN (SELECT user_id FROM wallet WHERE frozen = 1) AND "),
            Some(UserNeed::Reseller) => {
                list!("u.id IN (SELECT user_id FROM reseller_request WHERE state = 'waiting') AND ")
            }
        };
        let query = sql(text)
            .bind(if q.is_empty() { q } else { containing(&q) })
            .bind(digits)
            .bind(filter.role.map(Role::as_str))
            .bind(filter.state.map(UserState::as_str))
            .bind(filter.after)
            .bind(limit + 1);
        page_of(&self.db().all(query).await?, limit, user_row_of, |row| {
            row.user.public_id.as_str().to_owned()
        })
    }
}

pub(crate) fn user_of(row: &Row) -> Result<User, Error> {
    let corrupt = |what: &str| Error::corrupt(format_args!("a user's {what} cannot be read"));
    Ok(User {
        id: row.user_id("id")?,
        public_id: row.word("public_id")?,
        username: row.word("username")?,
        email: row.word("email")?,
        phone: row.word("phone")?,
        name: row.opt_text("name")?.map(|name| name.parse()).transpose().map_err(|_| corrupt("name"))?,
        role: row.word("role")?,
        state: row.word("state")?,
        lang: row.word("lang")?,
        zone: row.word("zone")?,
        theme: row.word("theme")?,
        auth_epoch: row.text("auth_epoch")?,
        created_at: row.time("created_at")?,
        waiting_since: row.opt_int("waiting_since")?.map(UtcMillis),
    })
}

fn wallet_of(row: &Row) -> Result<Wallet, Error> {
    Ok(Wallet {
        available: row.rupiah("available")?,
        held: row.rupiah("held")?,
        receivable: row.rupiah("receivable")?,
        frozen: row.bool("frozen")?,
        open_purchases: row.int("open_purchases")?,
    })
}

fn user_row_of(row: &Row) -> Result<UserRow, Error> {
    Ok(UserRow { user: user_of(row)?, wallet: wallet_of(row)? })
}
