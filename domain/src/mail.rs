use serde::{Deserialize, Serialize};

use crate::account::words;

/// What a message to a user tells, or asks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailKind {
    /// Asks whether the address is theirs; has a link.
    VerifyEmail,
    /// To the old address: another one is to take its place.
    EmailChanging,
    /// The way back in for who has forgotten the password; has a link.
    ResetPassword,
    /// The password is another one now.
    PasswordChanged,
    /// Somebody signed in with a browser that was not seen before.
    NewDevice,
    /// The account is closed.
    AccountClosed,
    /// One of the user's notices; which, says the notice.
    Notice,
    /// Asks whether a Telegram chat is theirs; has a code.
    TelegramCode,
}

words!(MailKind {
    VerifyEmail = "verify_email",
    EmailChanging = "email_changing",
    ResetPassword = "reset_password",
    PasswordChanged = "password_changed",
    NewDevice = "new_device",
    AccountClosed = "account_closed",
    Notice = "notice",
    TelegramCode = "telegram_code",
});

/// What came of an attempt to sign in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInOutcome {
    /// They are in.
    Entered,
    /// The password was another one.
    WrongPassword,
    /// The account is suspended; whether the password was right was not told.
    Suspended,
    /// There had been too many attempts; the password was not even looked at.
    TooManyTries,
}

words!(SignInOutcome {
    Entered = "entered",
    WrongPassword = "wrong_password",
    Suspended = "suspended",
    TooManyTries = "too_many_tries",
});
