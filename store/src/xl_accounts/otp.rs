use domain::{Msisdn, OtpStep, OtpTrouble, PublicId, Refusal, SECOND_MS, UtcMillis};

use super::place;
use crate::Store;
use crate::crypto::seal;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::model::UserId;
use crate::news::News;
use crate::shop::settings_in;

/// Most numbers of one user.
const NUMBERS_MOST: i64 = 20;

/// Asks for a one-time password for a number. A worker does the asking.
#[derive(Clone, Debug)]
pub struct RequestOtp {
    /// Whose number it will be.
    pub user: UserId,
    /// At which gateway.
    pub gateway: String,
    /// The number.
    pub msisdn: Msisdn,
}

impl Operation for RequestOtp {
    type Output = PublicId;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<PublicId, Error> {
        let served = settings_in(tx).await?.prefixes.served(&self.msisdn);
        served.map_err(|code| Refusal::field("msisdn", code))?;
        // The user's row is locked, so that two tabs cannot both find nothing under way.
        sql("UPDATE users SET id = id WHERE id = $1").bind(self.user).execute(&mut tx.conn).await?;
        self.refuse_too_many(tx).await?;
        if let Some(open) = self.wait_for_last(tx).await? {
            return Ok(open);
        }
        sql("UPDATE xl_otp SET step = 'failed', code = NULL WHERE user_id = $1 AND msisdn = $2 AND gateway = $3 \
             AND step IN ('requested', 'sent', 'verifying')")
            .bind(self.user)
            .bind(&self.msisdn)
            .bind(&self.gateway)
            .execute(&mut tx.conn)
            .await?;
        let id = tx.new_id();
        sql("INSERT INTO xl_otp (public_id, user_id, gateway, msisdn, step, wait_until, expires_at, attempts_left, \
             lease_token, lease_until, created_at) VALUES ($1, $2, $3, $4, 'requested', 0, 0, 0, 0, 0, $5)")
            .bind(&id)
            .bind(self.user)
            .bind(&self.gateway)
            .bind(&self.msisdn)
            .bind(tx.now)
            .execute(&mut tx.conn)
            .await?;
        tx.news.push(News::Work);
        Ok(id)
    }
}

impl RequestOtp {
    async fn refuse_too_many(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let row = sql("SELECT COUNT(*) AS others FROM xl_account WHERE user_id = $1 AND msisdn <> $2")
            .bind(self.user)
            .bind(&self.msisdn)
            .one(&mut tx.conn)
            .await?;
        if row.int("others")? >= NUMBERS_MOST { Err(Refusal::NotAllowed.into()) } else { Ok(()) }
    }

    /// What the gateway has said about waiting holds for a new try, too. Where a code can still be typed, that is the way
    /// on.
    async fn wait_for_last(&self, tx: &mut Tx<'_>) -> Result<Option<PublicId>, Error> {
        let row = sql("SELECT public_id, step, wait_until FROM xl_otp \
                       WHERE user_id = $1 AND msisdn = $2 AND gateway = $3 ORDER BY id DESC LIMIT 1")
        .bind(self.user)
        .bind(&self.msisdn)
        .bind(&self.gateway)
        .optional(&mut tx.conn)
        .await?;
        let locked =
            sql("SELECT MAX(wait_until) AS wait_until FROM xl_otp WHERE msisdn = $1 AND gateway = $2 \
                          AND trouble IN ('locked', 'too_many') AND wait_until > $3")
            .bind(&self.msisdn)
            .bind(&self.gateway)
            .bind(tx.now)
            .one(&mut tx.conn)
            .await?;
        if let Some(until) = locked.opt_int("wait_until")? {
            // The number waits, whoever asks for it.
            return Err(wait(UtcMillis(until).since_ms(tx.now)));
        }
        let Some(row) = row else { return Ok(None) };
        let left_ms = row.time("wait_until")?.since_ms(tx.now);
        match row.word::<OtpStep>("step")? {
            OtpStep::Requested | OtpStep::Verifying => row.word("public_id").map(Some),
            OtpStep::Sent if left_ms > 0 => row.word("public_id").map(Some),
            OtpStep::Failed if left_ms > 0 => Err(wait(left_ms)),
            OtpStep::Sent | OtpStep::Failed | OtpStep::Done => Ok(None),
        }
    }
}

fn wait(left_ms: i64) -> Error {
    Refusal::TooManyTries { retry_after_s: left_ms.div_euclid(SECOND_MS) + 1 }.into()
}

/// Hands in the one-time password that the phone has received. A worker checks it.
#[derive(Clone)]
pub struct AnswerOtp {
    /// Who.
    pub user: UserId,
    /// Which request.
    pub id: PublicId,
    /// Six digits.
    pub code: String,
}

/// Without the code.
impl std::fmt::Debug for AnswerOtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AnswerOtp").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Operation for AnswerOtp {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let sealed = seal(tx.key, tx.ambient, &place("xl_otp", self.id.as_str(), "code"), &self.code)?;
        let taken = sql("UPDATE xl_otp SET step = 'verifying', code = $1, trouble = NULL, lease_until = 0 \
                         WHERE public_id = $2 AND user_id = $3 AND step = 'sent' AND expires_at > $4 AND attempts_left > 0")
            .bind(sealed)
            .bind(&self.id)
            .bind(self.user)
            .bind(tx.now)
            .execute(&mut tx.conn)
            .await?;
        if taken != 1 {
            return Err(Refusal::StateChanged.into());
        }
        tx.news.push(News::Work);
        tx.news.push(News::XlAccount(self.id.clone()));
        Ok(())
    }
}

/// How far signing a number in is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OtpState {
    /// For addresses.
    pub id: PublicId,
    /// The number.
    pub msisdn: Msisdn,
    /// At which gateway.
    pub gateway: String,
    /// How far.
    pub step: OtpStep,
    /// What went wrong the last time.
    pub trouble: Option<OtpTrouble>,
    /// From when on a new one may be asked for.
    pub wait_until: UtcMillis,
    /// Until when the one that was sent counts.
    pub expires_at: UtcMillis,
    /// How many tries are left.
    pub attempts_left: i64,
}

impl Store {
    /// A request of this user.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when it is not theirs or not there.
    pub async fn otp_state(&self, user: UserId, id: &PublicId) -> Result<OtpState, Error> {
        let query = sql("SELECT public_id, msisdn, gateway, step, trouble, wait_until, expires_at, attempts_left FROM xl_otp \
                         WHERE public_id = $1 AND user_id = $2")
            .bind(id)
            .bind(user);
        let row = self.db().optional(query).await?.ok_or(Refusal::NotFound)?;
        state(&row)
    }
}

fn state(row: &Row) -> Result<OtpState, Error> {
    Ok(OtpState {
        id: row.word("public_id")?,
        msisdn: row.word("msisdn")?,
        gateway: row.text("gateway")?,
        step: row.word("step")?,
        trouble: row.opt_text("trouble")?.map(|_| row.word("trouble")).transpose()?,
        wait_until: row.time("wait_until")?,
        expires_at: row.time("expires_at")?,
        attempts_left: row.int("attempts_left")?,
    })
}
