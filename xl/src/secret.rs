//! What must never be seen in a log, an error or a stored request.

use std::fmt;

/// The key to a number's session, as the gateway gives it: `session_id:token`. Its `Debug` shows nothing of it, and it
/// cannot be serialised by accident: whoever stores it encrypts what [`AccessToken::expose`] gives.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken(String);

/// A one-time password as it was typed.
#[derive(Clone, PartialEq, Eq)]
pub struct Otp(String);

/// The longest token that is taken; real ones have some 50 letters.
const TOKEN_LIMIT_BYTES: usize = 4 * 1024;
/// The contract: six digits.
const OTP_DIGITS: usize = 6;

impl AccessToken {
    /// The token in this text; `None` when it is not `session_id:token`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let (session_id, token) = text.split_once(':')?;
        let is_plain = text.len() <= TOKEN_LIMIT_BYTES && text.chars().all(|c| c.is_ascii_graphic());
        (is_plain && !session_id.is_empty() && !token.is_empty()).then(|| Self(text.to_owned()))
    }

    /// The whole text, for the wire and for encryption.
    #[must_use]
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// The part before the colon, which names the session and opens nothing.
    #[must_use]
    pub fn session_id(&self) -> &str {
        self.0.split_once(':').map_or("", |(session_id, _)| session_id)
    }

    /// The part after the colon, the secret itself.
    pub(crate) fn secret(&self) -> &str {
        self.0.split_once(':').map_or("", |(_, secret)| secret)
    }
}

impl Otp {
    /// The six digits in what was typed, spaces and dashes left out; `None` when it is anything else.
    #[must_use]
    pub fn parse(typed: &str) -> Option<Self> {
        let digits: String = typed.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let is_otp = digits.len() == OTP_DIGITS && digits.bytes().all(|byte| byte.is_ascii_digit());
        is_otp.then_some(Self(digits))
    }

    pub(crate) fn expose(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("AccessToken([redacted])")
    }
}

impl fmt::Debug for Otp {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Otp([redacted])")
    }
}
