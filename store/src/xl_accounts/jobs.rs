use domain::{Msisdn, OtpStep, OtpTrouble, PublicId, UtcMillis};

use super::{LEASE_MS, place};
use crate::crypto::open;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::news::News;

/// Takes what is to be asked of session gateways. Each claim raises the row's token; what is recorded later names it.
#[derive(Clone, Debug)]
pub struct ClaimXlJobs {
    /// At most so many of each kind: the worker's free slots.
    pub limit: i64,
}

/// Something to ask of a session gateway, once.
#[derive(Clone, Debug)]
pub enum XlJob {
    /// About a one-time password.
    Otp(OtpJob),
    /// In a session.
    Session(SessionJob),
}

/// Asking for a one-time password, or checking one.
#[derive(Clone)]
pub struct OtpJob {
    /// Which request.
    pub id: PublicId,
    /// The claim's fencing token.
    pub token: i64,
    /// At which gateway.
    pub gateway: String,
    /// The number.
    pub msisdn: Msisdn,
    /// The challenge and the code that was typed; `None` to ask for a password.
    pub answer: Option<(String, String)>,
}

/// Renewing a session, or asking in it what the number has.
#[derive(Clone)]
pub struct SessionJob {
    /// Which number.
    pub id: PublicId,
    /// The claim's fencing token.
    pub token: i64,
    /// At which gateway.
    pub gateway: String,
    /// The number.
    pub msisdn: Msisdn,
    /// The session's present token.
    pub access: String,
    /// Whether it has to be renewed before it is used.
    pub renew: bool,
    /// Whether somebody wants to know what the number has.
    pub quota: bool,
}

/// Without what opens the session.
impl std::fmt::Debug for OtpJob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OtpJob").field("id", &self.id).finish_non_exhaustive()
    }
}

/// Without what opens the session.
impl std::fmt::Debug for SessionJob {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("SessionJob").field("id", &self.id).finish_non_exhaustive()
    }
}

impl Operation for ClaimXlJobs {
    type Output = Vec<XlJob>;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<Vec<XlJob>, Error> {
        give_up_lost(tx).await?;
        let mut jobs = Vec::new();
        // What does not open, such as after a key was lost, is its owner's to do anew; the others go on.
        for row in self.otp_rows(tx).await? {
            match otp_job(tx, &row) {
                Ok(job) => jobs.push(XlJob::Otp(job)),
                Err(error) => {
                    set_aside(tx, &row, &error, "UPDATE xl_otp SET step = 'failed' WHERE public_id = $1")
                        .await?
                }
            }
        }
        for row in self.session_rows(tx).await? {
            match session_job(tx, &row) {
                Ok(job) => jobs.push(XlJob::Session(job)),
                Err(error) => needs_sign_in(tx, &row, &error).await?,
            }
        }
        Ok(jobs)
    }
}

/// The token in this row does not open.
pub(crate) async fn needs_sign_in(tx: &mut Tx<'_>, row: &Row, error: &Error) -> Result<(), Error> {
    let text = "UPDATE xl_account SET state = 'needs_sign_in', quota_due_at = 0 WHERE public_id = $1";
    set_aside(tx, row, error, text).await
}

async fn set_aside(tx: &mut Tx<'_>, row: &Row, error: &Error, text: &'static str) -> Result<(), Error> {
    tracing::error!(%error, "a number cannot be worked on");
    let id: PublicId = row.word("public_id")?;
    sql(text).bind(&id).execute(&mut tx.conn).await?;
    tx.news.push(News::XlAccount(id));
    Ok(())
}

/// A code whose check was lost on the way may be used up: a new one has to be asked for.
async fn give_up_lost(tx: &mut Tx<'_>) -> Result<(), Error> {
    let rows =
        sql("UPDATE xl_otp SET step = $1, trouble = $2, code = NULL WHERE step = $3 AND lease_until > 0 \
                    AND lease_until <= $4 RETURNING public_id")
        .bind(OtpStep::Failed.as_str())
        .bind(OtpTrouble::Gateway.as_str())
        .bind(OtpStep::Verifying.as_str())
        .bind(tx.now)
        .all(&mut tx.conn)
        .await?;
    for row in &rows {
        tx.news.push(News::XlAccount(row.word("public_id")?));
    }
    Ok(())
}

impl ClaimXlJobs {
    async fn otp_rows(&self, tx: &mut Tx<'_>) -> Result<Vec<Row>, Error> {
        let text = if tx.is_postgres() {
            "WITH c AS MATERIALIZED (SELECT id FROM xl_otp WHERE step IN ('requested', 'verifying') AND lease_until <= $1 \
             ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED) \
             UPDATE xl_otp AS o SET lease_token = lease_token + 1, lease_until = $3 FROM c WHERE o.id = c.id \
             RETURNING o.public_id, o.lease_token, o.gateway, o.msisdn, o.step, o.challenge, o.code"
        } else {
            "UPDATE xl_otp SET lease_token = lease_token + 1, lease_until = $3 WHERE id IN (SELECT id FROM xl_otp \
             WHERE step IN ('requested', 'verifying') AND lease_until <= $1 ORDER BY id LIMIT $2) \
             RETURNING public_id, lease_token, gateway, msisdn, step, challenge, code"
        };
        self.leased(tx, text).await
    }

    async fn session_rows(&self, tx: &mut Tx<'_>) -> Result<Vec<Row>, Error> {
        let text = if tx.is_postgres() {
            "WITH c AS MATERIALIZED (SELECT id FROM xl_account WHERE state = 'active' AND lease_until <= $1 \
             AND (renew_at <= $1 OR quota_due_at BETWEEN 1 AND $1) ORDER BY id LIMIT $2 FOR UPDATE SKIP LOCKED) \
             UPDATE xl_account AS a SET lease_token = lease_token + 1, lease_until = $3 FROM c WHERE a.id = c.id \
             RETURNING a.public_id, a.lease_token, a.gateway, a.msisdn, a.token, a.expires_at, a.renew_at, a.quota_due_at"
        } else {
            "UPDATE xl_account SET lease_token = lease_token + 1, lease_until = $3 WHERE id IN (SELECT id FROM xl_account \
             WHERE state = 'active' AND lease_until <= $1 AND (renew_at <= $1 OR quota_due_at BETWEEN 1 AND $1) \
             ORDER BY id LIMIT $2) \
             RETURNING public_id, lease_token, gateway, msisdn, token, expires_at, renew_at, quota_due_at"
        };
        self.leased(tx, text).await
    }

    async fn leased(&self, tx: &mut Tx<'_>, text: &'static str) -> Result<Vec<Row>, Error> {
        sql(text).bind(tx.now).bind(self.limit).bind(tx.now.plus_ms(LEASE_MS)).all(&mut tx.conn).await
    }
}

fn otp_job(tx: &Tx<'_>, row: &Row) -> Result<OtpJob, Error> {
    let id: PublicId = row.word("public_id")?;
    let opened = |column: &str| {
        let sealed = row.opt_bytes(column)?;
        sealed.map(|sealed| open(tx.key, &place("xl_otp", id.as_str(), column), &sealed)).transpose()
    };
    let answer = match row.word::<OtpStep>("step")? {
        OtpStep::Verifying => opened("challenge")?.zip(opened("code")?),
        _ => None,
    };
    let (token, gateway) = (row.int("lease_token")?, row.text("gateway")?);
    Ok(OtpJob { id, token, gateway, msisdn: row.word("msisdn")?, answer })
}

/// The token in a row of `xl_account`.
pub(crate) fn session_token(tx: &Tx<'_>, row: &Row) -> Result<String, Error> {
    let id: PublicId = row.word("public_id")?;
    open(tx.key, &place("xl_account", id.as_str(), "token"), &row.bytes("token")?)
}

fn session_job(tx: &Tx<'_>, row: &Row) -> Result<SessionJob, Error> {
    let id: PublicId = row.word("public_id")?;
    let access = session_token(tx, row)?;
    let (expires_at, renew_at): (UtcMillis, UtcMillis) = (row.time("expires_at")?, row.time("renew_at")?);
    Ok(SessionJob {
        id,
        token: row.int("lease_token")?,
        gateway: row.text("gateway")?,
        msisdn: row.word("msisdn")?,
        access,
        renew: expires_at <= tx.now || renew_at <= tx.now,
        quota: row.int("quota_due_at")? > 0,
    })
}
