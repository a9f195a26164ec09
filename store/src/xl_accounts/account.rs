use domain::{Msisdn, PublicId, Quota, Refusal, UtcMillis, XlAccountState};

use crate::Store;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::model::UserId;
use crate::news::News;

/// A number that is signed in, or was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XlAccount {
    /// For addresses.
    pub id: PublicId,
    /// At which gateway.
    pub gateway: String,
    /// The number.
    pub msisdn: Msisdn,
    /// Whether it can be used.
    pub state: XlAccountState,
    /// Since when.
    pub signed_in_at: UtcMillis,
    /// Until when it can be kept without signing in again.
    pub renewable_until: UtcMillis,
    /// What it had when it was last asked, and when that was.
    pub quota: Option<(Vec<Quota>, UtcMillis)>,
    /// It is being asked now.
    pub quota_due: bool,
    /// Why it could not be asked the last time; empty when it could.
    pub problem: String,
}

/// Asks what a number has left. A worker does the asking.
#[derive(Clone, Debug)]
pub struct WantQuota {
    /// Who.
    pub user: UserId,
    /// Of which number.
    pub id: PublicId,
}

impl Operation for WantQuota {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let asked = sql("UPDATE xl_account SET quota_due_at = $1, used_at = $1 \
                         WHERE public_id = $2 AND user_id = $3 AND state = 'active'")
        .bind(tx.now)
        .bind(&self.id)
        .bind(self.user)
        .execute(&mut tx.conn)
        .await?;
        if asked != 1 {
            return Err(Refusal::StateChanged.into());
        }
        tx.news.push(News::Work);
        Ok(())
    }
}

/// Forgets a number and its session. Its owner can sign it in again at any time.
#[derive(Clone, Debug)]
pub struct SignOutXl {
    /// Who.
    pub user: UserId,
    /// Which number.
    pub id: PublicId,
}

impl Operation for SignOutXl {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let busy = sql("SELECT p.public_id FROM xl_account a JOIN purchase p ON p.xl_account = a.id WHERE a.public_id = $1 \
                        AND a.user_id = $2 AND p.state IN ('accepted', 'submitting', 'pending', 'awaiting_payment', 'unknown') \
                        LIMIT 1")
            .bind(&self.id)
            .bind(self.user)
            .optional(&mut tx.conn)
            .await?;
        if let Some(row) = busy {
            return Err(Refusal::NumberBusy { first: Some(row.word("public_id")?) }.into());
        }
        let gone = sql("DELETE FROM xl_account WHERE public_id = $1 AND user_id = $2 RETURNING msisdn")
            .bind(&self.id)
            .bind(self.user)
            .optional(&mut tx.conn)
            .await?;
        if gone.is_none() {
            return Err(Refusal::NotFound.into());
        }
        let msisdn = gone.map(|row| row.text("msisdn")).transpose()?;
        sql("DELETE FROM xl_otp WHERE user_id = $1 AND msisdn = $2 AND wait_until <= $3")
            .bind(self.user)
            .bind(msisdn)
            .bind(tx.now)
            .execute(&mut tx.conn)
            .await
            .map(|_| ())
    }
}

macro_rules! columns {
    () => {
        "SELECT public_id, gateway, msisdn, state, signed_in_at, renewable_until, quota, quota_at, quota_due_at, problem \
         FROM xl_account WHERE user_id = $1 "
    };
}

impl Store {
    /// The numbers of a user.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn xl_accounts(&self, user: UserId) -> Result<Vec<XlAccount>, Error> {
        let query = sql(concat!(columns!(), "ORDER BY id LIMIT 50")).bind(user);
        self.db().all(query).await?.iter().map(account).collect()
    }

    /// One number of a user.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when it is not theirs or not there.
    pub async fn xl_account(&self, user: UserId, id: &PublicId) -> Result<XlAccount, Error> {
        let query = sql(concat!(columns!(), "AND public_id = $2")).bind(user).bind(id);
        account(&self.db().optional(query).await?.ok_or(Refusal::NotFound)?)
    }
}

fn account(row: &Row) -> Result<XlAccount, Error> {
    let quota = row.opt_text("quota")?.map(|text| serde_json::from_str(&text)).transpose();
    let quota: Option<Vec<Quota>> = quota.map_err(Error::corrupt)?;
    Ok(XlAccount {
        id: row.word("public_id")?,
        gateway: row.text("gateway")?,
        msisdn: row.word("msisdn")?,
        state: row.word("state")?,
        signed_in_at: row.time("signed_in_at")?,
        renewable_until: row.time("renewable_until")?,
        quota: quota.zip(row.opt_int("quota_at")?.map(UtcMillis)),
        quota_due: row.int("quota_due_at")? > 0,
        problem: row.text("problem")?,
    })
}
