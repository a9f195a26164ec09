use domain::{OtpStep, OtpTrouble, PublicId, Quota, UtcMillis, XlAccountState};

use super::{place, renew_at};
use crate::crypto::{open, seal};
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::news::News;

/// The keys to a session, to be sealed.
#[derive(Clone)]
pub struct XlTokens {
    /// What calls are made with.
    pub access: String,
    /// When it has to be renewed.
    pub expires_at: UtcMillis,
    /// Past this it cannot be any more.
    pub renewable_until: UtcMillis,
}

/// Without the token.
impl std::fmt::Debug for XlTokens {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("XlTokens").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// A one-time password is on its way.
#[derive(Clone)]
pub struct SentOtp {
    /// What the gateway needs beside the password; sealed.
    pub challenge: String,
    /// Until when it counts.
    pub expires_at: UtcMillis,
    /// From when on a new one may be asked for.
    pub resend_at: UtcMillis,
    /// How many tries there are.
    pub attempts: i64,
}

/// Without the challenge.
impl std::fmt::Debug for SentOtp {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SentOtp").field("expires_at", &self.expires_at).finish_non_exhaustive()
    }
}

/// What the gateway said about a one-time password.
#[derive(Clone, Debug)]
pub enum OtpOutcome {
    /// It was sent.
    Sent(SentOtp),
    /// The number is signed in.
    SignedIn(XlTokens),
    /// It brought nothing.
    Trouble {
        /// Why.
        trouble: OtpTrouble,
        /// Until when nothing new may be asked for, where the gateway says.
        wait_until: Option<UtcMillis>,
    },
}

/// Writes down what came of an [`super::OtpJob`]. A worker that has lost its lease writes nothing.
#[derive(Clone, Debug)]
pub struct RecordOtp {
    /// Which request.
    pub id: PublicId,
    /// The claim's token.
    pub token: i64,
    /// What came of it.
    pub outcome: OtpOutcome,
}

impl Operation for RecordOtp {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let held = sql("UPDATE xl_otp SET lease_until = 0, code = NULL WHERE public_id = $1 AND lease_token = $2 \
                        AND step IN ('requested', 'verifying') RETURNING user_id, gateway, msisdn, step, attempts_left")
            .bind(&self.id)
            .bind(self.token)
            .optional(&mut tx.conn)
            .await?;
        let Some(row) = held else { return Ok(()) };
        match &self.outcome {
            OtpOutcome::Sent(sent) => self.sent(tx, sent).await?,
            OtpOutcome::SignedIn(tokens) => {
                let (user, gateway, msisdn) =
                    (row.int("user_id")?, row.text("gateway")?, row.text("msisdn")?);
                self.keep_session(tx, user, &gateway, &msisdn, tokens).await?;
                self.step(tx, OtpStep::Done, None, None).await?;
            }
            OtpOutcome::Trouble { trouble, wait_until } => {
                let again = row.word::<OtpStep>("step")? == OtpStep::Verifying
                    && *trouble == OtpTrouble::Wrong
                    && row.int("attempts_left")? > 1;
                let step = if again { OtpStep::Sent } else { OtpStep::Failed };
                self.step(tx, step, Some(*trouble), *wait_until).await?;
            }
        }
        tx.news.push(News::XlAccount(self.id.clone()));
        Ok(())
    }
}

impl RecordOtp {
    async fn sent(&self, tx: &mut Tx<'_>, sent: &SentOtp) -> Result<(), Error> {
        let place = place("xl_otp", self.id.as_str(), "challenge");
        let challenge = seal(tx.key, tx.ambient, &place, &sent.challenge)?;
        sql("UPDATE xl_otp SET step = $1, challenge = $2, expires_at = $3, wait_until = $4, attempts_left = $5, \
             trouble = NULL WHERE public_id = $6")
            .bind(OtpStep::Sent.as_str())
            .bind(challenge)
            .bind(sent.expires_at)
            .bind(sent.resend_at)
            .bind(sent.attempts)
            .bind(&self.id)
            .execute(&mut tx.conn)
            .await
            .map(|_| ())
    }

    async fn step(
        &self,
        tx: &mut Tx<'_>,
        step: OtpStep,
        trouble: Option<OtpTrouble>,
        wait_until: Option<UtcMillis>,
    ) -> Result<(), Error> {
        sql("UPDATE xl_otp SET step = $1, trouble = $2, wait_until = COALESCE($3, wait_until), \
             attempts_left = attempts_left - CASE WHEN $1 = 'sent' THEN 1 ELSE 0 END WHERE public_id = $4")
        .bind(step.as_str())
        .bind(trouble.map(OtpTrouble::as_str))
        .bind(wait_until)
        .bind(&self.id)
        .execute(&mut tx.conn)
        .await
        .map(|_| ())
    }

    /// A number that was signed in before keeps its id, so that addresses go on to work.
    async fn keep_session(
        &self,
        tx: &mut Tx<'_>,
        user: i64,
        gateway: &str,
        msisdn: &str,
        tokens: &XlTokens,
    ) -> Result<(), Error> {
        let fresh = tx.new_id();
        let row = sql("INSERT INTO xl_account (public_id, user_id, gateway, msisdn, state, token, expires_at, renewable_until, \
                       signed_in_at, used_at, renew_at, quota_due_at, problem, lease_token, lease_until) \
                       VALUES ($1, $2, $3, $4, 'active', $5, $6, $7, $8, $8, $9, $8, '', 0, 0) \
                       ON CONFLICT (user_id, gateway, msisdn) DO UPDATE SET state = 'active', expires_at = $6, \
                       renewable_until = $7, signed_in_at = $8, used_at = $8, renew_at = $9, quota_due_at = $8, problem = '', \
                       lease_token = xl_account.lease_token + 1, lease_until = 0 RETURNING public_id")
            .bind(&fresh)
            .bind(user)
            .bind(gateway)
            .bind(msisdn)
            .bind(Vec::new())
            .bind(tokens.expires_at)
            .bind(tokens.renewable_until)
            .bind(tx.now)
            .bind(renew_at(tx.now, tx.now, tokens.expires_at, tokens.renewable_until))
            .one(&mut tx.conn)
            .await?;
        let id: PublicId = row.word("public_id")?;
        // Sealed for its own row, whose id is known only now.
        write_token(tx, &id, &tokens.access).await?;
        tx.news.push(News::Work);
        tx.news.push(News::XlAccount(id));
        Ok(())
    }
}

async fn write_token(tx: &mut Tx<'_>, id: &PublicId, access: &str) -> Result<(), Error> {
    let sealed = seal(tx.key, tx.ambient, &place("xl_account", id.as_str(), "token"), access)?;
    sql("UPDATE xl_account SET token = $1 WHERE public_id = $2")
        .bind(sealed)
        .bind(id)
        .execute(&mut tx.conn)
        .await
        .map(|_| ())
}

/// What came of an exchange in a session.
#[derive(Clone)]
pub enum SessionOutcome {
    /// It was renewed. The next exchange uses the new token.
    Renewed {
        /// The token that it was renewed with.
        from: String,
        /// The new one.
        to: XlTokens,
    },
    /// What the number has.
    Quota(Vec<Quota>),
    /// It has ended: its owner has to sign in again.
    Ended,
    /// The token's time is over sooner than was thought: it is renewed at the next turn.
    Expired,
    /// The gateway could not be asked; tried again later. The words hold no secret.
    Problem(String),
}

/// Writes down what came of a [`super::SessionJob`]. A worker that has lost its lease writes nothing, but for a renewed
/// token: the old one is worth nothing any more, so the new one takes its place whoever brings it.
#[derive(Clone)]
pub struct RecordSession {
    /// Which number.
    pub id: PublicId,
    /// The claim's token.
    pub token: i64,
    /// What came of it.
    pub outcome: SessionOutcome,
}

/// What is noted when a session has to be renewed before its time.
const EXPIRED_EARLY: &str = "the session ended earlier than was told";
/// After a problem the gateway is left alone for so long.
const PROBLEM_PAUSE_MS: i64 = 30 * domain::SECOND_MS;

impl Operation for RecordSession {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let row = sql("UPDATE xl_account SET lease_token = lease_token WHERE public_id = $1 \
                       RETURNING lease_token, used_at, token, problem")
        .bind(&self.id)
        .optional(&mut tx.conn)
        .await?;
        let Some(row) = row else { return Ok(()) };
        let held = row.int("lease_token")? == self.token;
        match &self.outcome {
            SessionOutcome::Renewed { from, to } => {
                let place = place("xl_account", self.id.as_str(), "token");
                if !held && open(tx.key, &place, &row.bytes("token")?)? != *from {
                    return Ok(());
                }
                self.renewed(tx, to, row.time("used_at")?).await?;
            }
            _ if !held => return Ok(()),
            SessionOutcome::Quota(quota) => {
                let text = serde_json::to_string(quota).map_err(Error::corrupt)?;
                sql("UPDATE xl_account SET quota = $1, quota_at = $2, quota_due_at = 0, problem = '' WHERE public_id = $3")
                    .bind(text)
                    .bind(tx.now)
                    .bind(&self.id)
                    .execute(&mut tx.conn)
                    .await?;
            }
            SessionOutcome::Ended => {
                sql("UPDATE xl_account SET state = $1, quota_due_at = 0 WHERE public_id = $2")
                    .bind(XlAccountState::NeedsSignIn.as_str())
                    .bind(&self.id)
                    .execute(&mut tx.conn)
                    .await?;
            }
            // Once: a gateway that finds fault with its own new token must not be asked in a circle.
            SessionOutcome::Expired if row.text("problem")? != EXPIRED_EARLY => {
                sql(
                    "UPDATE xl_account SET expires_at = $1, renew_at = $1, problem = $2 WHERE public_id = $3",
                )
                .bind(tx.now)
                .bind(EXPIRED_EARLY)
                .bind(&self.id)
                .execute(&mut tx.conn)
                .await?;
            }
            SessionOutcome::Expired => self.trouble(tx, "the gateway does not take its own token").await?,
            SessionOutcome::Problem(words) => self.trouble(tx, words).await?,
        }
        if held {
            sql("UPDATE xl_account SET lease_until = 0 WHERE public_id = $1")
                .bind(&self.id)
                .execute(&mut tx.conn)
                .await?;
        }
        tx.news.push(News::Work);
        tx.news.push(News::XlAccount(self.id.clone()));
        Ok(())
    }
}

impl RecordSession {
    /// The gateway is left alone for a while.
    async fn trouble(&self, tx: &mut Tx<'_>, words: &str) -> Result<(), Error> {
        // A purchase that waits for the quota goes on to wait for as long as it may.
        sql("UPDATE xl_account SET problem = $1, quota_due_at = CASE WHEN EXISTS (SELECT 1 FROM purchase p \
             WHERE p.xl_account = xl_account.id AND p.state IN ('accepted', 'unknown')) THEN $2 ELSE 0 END, \
             renew_at = CASE WHEN renew_at < $2 THEN $2 ELSE renew_at END WHERE public_id = $3")
        .bind(words)
        .bind(tx.now.plus_ms(PROBLEM_PAUSE_MS))
        .bind(&self.id)
        .execute(&mut tx.conn)
        .await
        .map(|_| ())
    }

    async fn renewed(&self, tx: &mut Tx<'_>, tokens: &XlTokens, used_at: UtcMillis) -> Result<(), Error> {
        write_token(tx, &self.id, &tokens.access).await?;
        sql("UPDATE xl_account SET expires_at = $1, renewable_until = $2, renew_at = $3 WHERE public_id = $4")
            .bind(tokens.expires_at)
            .bind(tokens.renewable_until)
            .bind(renew_at(tx.now, used_at, tokens.expires_at, tokens.renewable_until))
            .bind(&self.id)
            .execute(&mut tx.conn)
            .await
            .map(|_| ())
    }
}
