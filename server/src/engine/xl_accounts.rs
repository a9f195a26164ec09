//! Numbers that their owners sign in: one-time passwords, sessions kept alive, what a number has left.

use domain::{OtpTrouble, Quota, QuotaBenefit};
use store::{
    ClaimXlJobs, News, OtpJob, OtpOutcome, RecordOtp, RecordSession, SentOtp, SessionJob, SessionOutcome,
    XlJob, XlTokens,
};
use xl::{
    AccessToken, Challenge, Otp, OtpError, QuotaPackage, SessionError, SessionGateway, SessionStatus,
    SessionTokens,
};

use super::{Engine, count, free};

/// Sends what is to be asked of session gateways.
pub(super) async fn run(engine: Engine) {
    let mut news = engine.store.news();
    let pulse = engine.pulses.of("numbers");
    while engine.wait_for(&mut news, |item| *item == News::Work).await {
        while let Some(slots) = free(&engine, &engine.account_slots, &pulse).await {
            // Of both kinds there may be as many as asked for.
            let limit = (count(&slots) / 2).max(1);
            match engine.store.run(ClaimXlJobs { limit }).await {
                Ok(jobs) if jobs.is_empty() => break,
                Ok(jobs) => {
                    let mut slots = slots.into_iter();
                    for job in jobs {
                        let (engine, slot) = (engine.clone(), slots.next());
                        engine.tasks.clone().spawn(async move {
                            work(&engine, job).await;
                            drop(slot);
                        });
                    }
                }
                Err(error) => {
                    tracing::error!(%error, "work for numbers could not be claimed");
                    break;
                }
            }
        }
    }
}

async fn work(engine: &Engine, job: XlJob) {
    let recorded = match job {
        XlJob::Otp(job) => {
            let outcome = otp(engine, &job).await;
            engine.store.run(RecordOtp { id: job.id, token: job.token, outcome }).await
        }
        XlJob::Session(job) => {
            let outcome = session(engine, &job).await;
            engine.store.run(RecordSession { id: job.id, token: job.token, outcome }).await
        }
    };
    if let Err(error) = recorded {
        // The lease runs out, and the job is claimed again.
        tracing::error!(%error, "what a session gateway said could not be recorded");
    }
}

#[tracing::instrument(skip_all, fields(otp = %job.id, gateway = %job.gateway))]
async fn otp(engine: &Engine, job: &OtpJob) -> OtpOutcome {
    let Some(gateway) = engine.gateways.session(&job.gateway) else {
        return OtpOutcome::Trouble { trouble: OtpTrouble::Gateway, wait_until: None };
    };
    let now = engine.store.now();
    let outcome = match &job.answer {
        None => gateway.request_otp(&job.msisdn, now).await.map(|challenge| {
            OtpOutcome::Sent(SentOtp {
                challenge: challenge.id,
                expires_at: challenge.expires_at,
                resend_at: challenge.resend_at,
                attempts: i64::from(challenge.attempts_left),
            })
        }),
        Some((challenge, code)) => {
            let Some(code) = Otp::parse(code) else {
                return OtpOutcome::Trouble { trouble: OtpTrouble::Wrong, wait_until: None };
            };
            let challenge = Challenge {
                id: challenge.clone(),
                msisdn: job.msisdn.clone(),
                expires_at: now,
                resend_at: now,
                attempts_left: 1,
            };
            gateway.verify_otp(&challenge, &code, now).await.map(|tokens| OtpOutcome::SignedIn(kept(&tokens)))
        }
    };
    outcome.unwrap_or_else(|error| trouble(&error))
}

fn trouble(error: &OtpError) -> OtpOutcome {
    tracing::info!(%error, "a one-time password brought nothing");
    let (trouble, wait_until) = match error {
        OtpError::Wrong => (OtpTrouble::Wrong, None),
        OtpError::Expired => (OtpTrouble::Expired, None),
        OtpError::Locked { until } => (OtpTrouble::Locked, Some(*until)),
        OtpError::TooEarly { until } => (OtpTrouble::TooEarly, Some(*until)),
        OtpError::TooManyRequests { until } => (OtpTrouble::TooMany, Some(*until)),
        OtpError::BadNumber => (OtpTrouble::BadNumber, None),
        OtpError::Gateway(_) => (OtpTrouble::Gateway, None),
    };
    OtpOutcome::Trouble { trouble, wait_until }
}

fn kept(tokens: &SessionTokens) -> XlTokens {
    XlTokens {
        access: tokens.access.expose().to_owned(),
        expires_at: tokens.expires_at,
        renewable_until: tokens.renewable_until,
    }
}

/// One exchange a turn: renewing comes first, and the new token is kept before it is used.
#[tracing::instrument(skip_all, fields(number = %job.id, gateway = %job.gateway))]
async fn session(engine: &Engine, job: &SessionJob) -> SessionOutcome {
    let Some(gateway) = engine.gateways.session(&job.gateway) else {
        return SessionOutcome::Problem("the gateway is not configured".to_owned());
    };
    let Some(access) = AccessToken::parse(&job.access) else {
        return SessionOutcome::Ended;
    };
    if job.renew {
        return renew(engine, gateway.as_ref(), job, &access).await;
    }
    match gateway.quota(&access).await {
        Ok(packages) => SessionOutcome::Quota(packages.into_iter().map(quota).collect()),
        Err(SessionError::Expired | SessionError::Rotated) => SessionOutcome::Expired,
        Err(SessionError::Revoked) => SessionOutcome::Ended,
        Err(SessionError::Gateway(error)) => SessionOutcome::Problem(error.to_string()),
    }
}

async fn renew(
    engine: &Engine,
    gateway: &dyn SessionGateway,
    job: &SessionJob,
    access: &AccessToken,
) -> SessionOutcome {
    let now = engine.store.now();
    match gateway.refresh_session(&job.msisdn, access, now).await {
        Ok(tokens) => SessionOutcome::Renewed { from: job.access.clone(), to: kept(&tokens) },
        Err(SessionError::Revoked) => SessionOutcome::Ended,
        // The answer to an earlier renewal was lost, or this one's: the gateway knows the present token.
        Err(error @ (SessionError::Expired | SessionError::Rotated | SessionError::Gateway(_))) => {
            match gateway.session_status(&job.msisdn, access).await {
                Ok(SessionStatus::Rotated(present)) => {
                    // Whether it is still good shows at its next use; it is renewed at once to be sure.
                    let to = XlTokens {
                        access: present.expose().to_owned(),
                        expires_at: now,
                        renewable_until: now.plus_ms(LEAST_RENEWABLE_MS),
                    };
                    SessionOutcome::Renewed { from: job.access.clone(), to }
                }
                Ok(SessionStatus::Gone) => SessionOutcome::Ended,
                Ok(SessionStatus::Current) => SessionOutcome::Problem(error.to_string()),
                Err(_) => SessionOutcome::Problem(error.to_string()),
            }
        }
    }
}

/// Of a session that was found again, until its renewal tells better.
const LEAST_RENEWABLE_MS: i64 = domain::DAY_MS;

fn quota(package: QuotaPackage) -> Quota {
    let benefit = |benefit: xl::QuotaBenefit| QuotaBenefit {
        name: benefit.name,
        quota: benefit.quota,
        remaining: benefit.remaining,
    };
    Quota {
        name: package.name,
        code: package.code,
        expires_at: package.expires_at,
        benefits: package.benefits.into_iter().map(benefit).collect(),
    }
}
