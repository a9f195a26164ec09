//! The end of an account: its user wants it. What names a person goes, what the books need stays.

use domain::{MailKind, Refusal, Role, Rupiah};

use super::profile::rotate_epoch;
use crate::Store;
use crate::db::{Operation, Query, Row, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::UserId;
use crate::outbox::{MailFacts, NewMail, post_mail};
use crate::saved_numbers::ForgetSaved;

/// What stands in the way of closing an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ClosingState {
    /// Money that can be spent.
    pub available: Rupiah,
    /// Money held for open purchases.
    pub held: Rupiah,
    /// Owed to the shop (zero or below).
    pub receivable: Rupiah,
    /// The shop is looking into it.
    pub frozen: bool,
    /// Purchases that are under way.
    pub open_purchases: i64,
    /// Top-ups that are under way, on their way back, or being looked into.
    pub open_topups: i64,
    /// Nobody else runs the shop.
    pub last_admin: bool,
}

impl ClosingState {
    /// Whether nothing stands in the way.
    #[must_use]
    pub fn is_clear(&self) -> bool {
        let money = [self.available, self.held, self.receivable];
        money.iter().all(|amount| *amount == Rupiah::ZERO)
            && !self.frozen
            && self.open_purchases == 0
            && self.open_topups == 0
            && !self.last_admin
    }
}

fn state_query(user: UserId) -> Query {
    sql("SELECT w.available, w.held, w.receivable, w.frozen, \
         (SELECT COUNT(*) FROM purchase p WHERE p.user_id = u.id AND p.state IN \
         ('accepted', 'submitting', 'pending', 'awaiting_payment', 'unknown', 'review')) AS open_purchases, \
         (SELECT COUNT(*) FROM topup t WHERE t.user_id = u.id AND (t.state IN \
         ('creating', 'pending', 'proof_submitted', 'review', 'refund_pending') OR EXISTS \
         (SELECT 1 FROM pay_case c WHERE c.topup_id = t.id AND c.closed_at IS NULL))) AS open_topups, \
         CASE WHEN u.role = 'admin' AND NOT EXISTS (SELECT 1 FROM users o WHERE o.role = 'admin' AND o.state = 'active' \
         AND o.id <> u.id) THEN CAST(1 AS BIGINT) ELSE 0 END AS last_admin \
         FROM users u JOIN wallet w ON w.user_id = u.id WHERE u.id = $1")
    .bind(user)
}

fn state_of(row: &Row) -> Result<ClosingState, Error> {
    Ok(ClosingState {
        available: row.rupiah("available")?,
        held: row.rupiah("held")?,
        receivable: row.rupiah("receivable")?,
        frozen: row.bool("frozen")?,
        open_purchases: row.int("open_purchases")?,
        open_topups: row.int("open_topups")?,
        last_admin: row.int("last_admin")? == 1,
    })
}

impl Store {
    /// What stands in the way of closing an account.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when there is no such user.
    pub async fn closing_state(&self, user: UserId) -> Result<ClosingState, Error> {
        let row = self.db().optional(state_query(user)).await?.ok_or(Refusal::NotFound)?;
        state_of(&row)
    }
}

/// A user closes their own account, for good. Whoever calls it has the password confirmed.
///
/// Names, addresses and numbers of the user, their signed-in and saved numbers, shared receipts, notices, sessions and sign-ins go at once. The ledger,
/// purchases with the numbers they went to, top-ups with their proofs, and the audit log stay.
#[derive(Clone, Copy, Debug)]
pub struct CloseAccount {
    /// Whose.
    pub user: UserId,
}

impl Operation for CloseAccount {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        // Two admins who leave at the same moment must not both be let go: they take turns here.
        sql("UPDATE meta SET value = value WHERE name = 'admin_turn'").execute(&mut tx.conn).await?;
        // Whatever moves this user's money at the same moment comes before, and is seen, or after.
        sql("UPDATE wallet SET frozen = frozen WHERE user_id = $1")
            .bind(self.user)
            .execute(&mut tx.conn)
            .await?;
        let row = state_query(self.user).optional(&mut tx.conn).await?.ok_or(Refusal::NotFound)?;
        let state = state_of(&row)?;
        if state.last_admin {
            return Err(Refusal::LastAdmin.into());
        }
        if !state.is_clear() {
            return Err(Refusal::StateChanged.into());
        }
        self.say_goodbye(tx).await?;
        self.forget(tx).await?;
        rotate_epoch(tx, self.user).await?;
        audit(tx, Some(self.user), "close_account", &format!("user:{}", self.user.0), "").await
    }
}

impl CloseAccount {
    async fn say_goodbye(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        // Mails that wait tell of an account that is no more.
        sql("DELETE FROM outbox WHERE user_id = $1").bind(self.user).execute(&mut tx.conn).await?;
        let row = sql("SELECT username, email FROM users WHERE id = $1 AND closed_at IS NULL")
            .bind(self.user)
            .optional(&mut tx.conn)
            .await?
            .ok_or(Refusal::StateChanged)?;
        let facts = MailFacts { username: row.text("username")?, ..MailFacts::default() };
        let address = row.text("email")?;
        let kind = MailKind::AccountClosed;
        let mail = NewMail { user: Some(self.user), kind, address: &address, facts, link: None };
        post_mail(tx, mail).await.map(|_| ())
    }

    /// The pseudonym has the shape of what it stands for, so that everything that reads a user still can. Nobody has such a
    /// number (0800 is no mobile prefix) or address (`.invalid` is reserved), and nobody can sign in: the password's hash is none.
    async fn forget(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let row = sql("SELECT public_id FROM users WHERE id = $1").bind(self.user).one(&mut tx.conn).await?;
        let name = format!("closed_{}", row.text("public_id")?.to_lowercase());
        sql("UPDATE users SET username = $1, email = $2, phone = $3, name = NULL, password_hash = '', role = $4, \
             state = 'suspended', new_email = NULL, email_verified_at = NULL, closed_at = $5 WHERE id = $6")
            .bind(&name)
            .bind(format!("{name}@closed.invalid"))
            .bind(format!("62800{:09}", self.user.0.rem_euclid(1_000_000_000)))
            // A closed account runs no shop, whatever becomes of its state.
            .bind(Role::Member.as_str())
            .bind(tx.now)
            .bind(self.user)
            .execute(&mut tx.conn)
            .await?;
        for text in [
            "DELETE FROM one_time_link WHERE user_id = $1",
            "DELETE FROM sign_in WHERE user_id = $1",
            "DELETE FROM xl_account WHERE user_id = $1",
            "DELETE FROM reseller_request WHERE user_id = $1",
            "DELETE FROM user_notice WHERE user_id = $1",
            "DELETE FROM user_notice_choice WHERE user_id = $1",
            "DELETE FROM user_telegram WHERE user_id = $1",
        ] {
            sql(text).bind(self.user).execute(&mut tx.conn).await?;
        }
        ForgetSaved { user: self.user }.apply(tx).await?;
        // Nobody corrects the balance of an account that is closed.
        sql("UPDATE correction SET state = 'withdrawn', decided_at = $1 WHERE user_id = $2 AND state = 'waiting'")
            .bind(tx.now)
            .bind(self.user)
            .execute(&mut tx.conn)
            .await?;
        // What a number has to wait for is no secret of its owner's; the rest is swept within a day.
        sql("DELETE FROM xl_otp WHERE user_id = $1 AND wait_until <= $2")
            .bind(self.user)
            .bind(tx.now)
            .execute(&mut tx.conn)
            .await?;
        Ok(())
    }
}
