//! Signing in: one-time passwords, and tokens that are renewed.

use domain::{Msisdn, SECOND_MS, UtcMillis};
use serde_json::Value;

use super::envelope::{self, Envelope, TOO_OFTEN, field, refusal, text, whole};
use crate::gateway::GatewayError;
use crate::http::Reply;
use crate::secret::AccessToken;
use crate::session_gateway::{Challenge, OtpError, SessionError, SessionTokens};

/// The contract: a one-time password lives so long.
const OTP_LIVES_MS: i64 = 300 * SECOND_MS;
/// The contract: it may be tried so often.
const OTP_TRIES: u32 = 5;
/// The contract: a new one may be asked for after so long.
const RESEND_MS: i64 = 60 * SECOND_MS;
/// The contract: a number is locked for so long.
const LOCK_MS: i64 = 900 * SECOND_MS;
/// The longest wait that is believed.
const WAIT_LIMIT_S: u64 = 24 * 60 * 60;
/// The longest challenge that is taken; real ones have 36 letters.
const CHALLENGE_LIMIT_BYTES: usize = 200;
/// The contract: an access token lives about so long.
const ACCESS_LIVES_MS: i64 = 300 * SECOND_MS;
/// The contract: a session can be renewed for about so long.
const SESSION_LIVES_MS: i64 = 90 * domain::DAY_MS;

/// The challenge in an answer to `reqotp`.
pub(super) fn challenge(reply: &Reply, msisdn: &Msisdn, now: UtcMillis) -> Result<Challenge, OtpError> {
    let data = done(reply).map_err(|refused| otp_error(refused, now))?;
    let id = text(field(&data, "auth_id"))
        .filter(|id| id.len() <= CHALLENGE_LIMIT_BYTES)
        .ok_or(GatewayError::Unreadable("no auth_id"))?;
    Ok(Challenge {
        id,
        msisdn: msisdn.clone(),
        expires_at: now.plus_ms(OTP_LIVES_MS),
        resend_at: now.plus_ms(wait_ms(&data).unwrap_or(RESEND_MS)),
        attempts_left: OTP_TRIES,
    })
}

/// The tokens in an answer to `login` with a one-time password.
pub(super) fn signed_in(reply: &Reply, now: UtcMillis) -> Result<SessionTokens, OtpError> {
    let data = done(reply).map_err(|refused| otp_error(refused, now))?;
    Ok(tokens(&data, now)?)
}

/// The tokens in an answer to `login` with a token.
pub(super) fn renewed(reply: &Reply, now: UtcMillis) -> Result<SessionTokens, SessionError> {
    let data = in_session(reply)?;
    Ok(tokens(&data, now)?)
}

/// The data of an answer to a call in a session.
pub(super) fn in_session(reply: &Reply) -> Result<Value, SessionError> {
    done(reply).map_err(|refused| match refused {
        Refused::Gateway(error) => SessionError::Gateway(error),
        Refused::Code { code, .. } => match code.as_str() {
            "401" => SessionError::Expired,
            "409" => SessionError::Rotated,
            "419" => SessionError::Revoked,
            _ => SessionError::Gateway(refusal(code)),
        },
    })
}

/// Why a call brought nothing.
enum Refused {
    /// The gateway said no, and perhaps how long to wait.
    Code { code: String, wait_ms: Option<i64> },
    /// There is no answer of the gateway.
    Gateway(GatewayError),
}

fn done(reply: &Reply) -> Result<Value, Refused> {
    match envelope::read(reply) {
        Ok(Envelope { is_ok: true, data, .. }) => Ok(data),
        Ok(Envelope { code, data, .. }) => Err(Refused::Code { code, wait_ms: wait_ms(&data) }),
        Err(_) => match envelope::data(reply) {
            // Asked too often, with no envelope around it.
            Err(GatewayError::TooOften { code }) => Err(Refused::Code { code, wait_ms: None }),
            Err(error) => Err(Refused::Gateway(error)),
            Ok(_) => Err(Refused::Gateway(GatewayError::Unreadable("no envelope"))),
        },
    }
}

/// What the codes mean to somebody who signs in.
fn otp_error(refused: Refused, now: UtcMillis) -> OtpError {
    let (code, wait_ms) = match refused {
        Refused::Code { code, wait_ms } => (code, wait_ms),
        Refused::Gateway(error) => return OtpError::Gateway(error),
    };
    let after = |usual_ms: i64| now.plus_ms(wait_ms.unwrap_or(usual_ms));
    match code.as_str() {
        "412" => OtpError::Wrong,
        // A challenge that the gateway has forgotten is over as well.
        "404" | "410" => OtpError::Expired,
        "406" | "407" => OtpError::BadNumber,
        "423" => OtpError::Locked { until: after(LOCK_MS) },
        "425" => OtpError::TooEarly { until: after(RESEND_MS) },
        TOO_OFTEN => OtpError::TooManyRequests { until: after(RESEND_MS) },
        _ => OtpError::Gateway(refusal(code)),
    }
}

/// How long to wait, where an answer says it.
fn wait_ms(data: &Value) -> Option<i64> {
    let seconds = whole(field(data, "can_resend_in"))?.min(WAIT_LIMIT_S);
    i64::try_from(seconds).ok().map(|seconds| seconds * SECOND_MS)
}

fn tokens(data: &Value, now: UtcMillis) -> Result<SessionTokens, GatewayError> {
    let access = text(field(data, "access_token")).and_then(|token| AccessToken::parse(&token));
    Ok(SessionTokens {
        access: access.ok_or(GatewayError::Unreadable("no access_token"))?,
        expires_at: now.plus_ms(ACCESS_LIVES_MS),
        renewable_until: now.plus_ms(SESSION_LIVES_MS),
    })
}
