use serde::{Deserialize, Serialize};

use crate::{FailReason, NoticeKind, Operator, PublicId, QrisError, Rupiah, RupiahParseError, UtcMillis};

/// An expected "no", with what a person needs to know to go on. A closed set: nothing in it is free text, so nobody can
/// put words into the shop's mouth, and each language has its own words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum Refusal {
    /// Fields that have to be corrected.
    Invalid {
        /// One entry a field.
        fields: Vec<FieldError>,
    },
    /// Nobody is signed in.
    SignInNeeded,
    /// Signed in too long ago for this: the password is asked for once more.
    ConfirmNeeded,
    /// Name or password is wrong, the account is suspended, or there is none: never said which.
    WrongCredentials,
    /// Signed in, but not allowed to.
    NotAllowed,
    /// No such thing, or not theirs to see.
    NotFound,
    /// Too many tries.
    TooManyTries {
        /// Seconds to wait.
        retry_after_s: i64,
    },
    /// The same key came with another request, or the first one is still under way.
    IdempotencyConflict,
    /// The balance does not suffice.
    BalanceTooLow {
        /// What is missing.
        shortfall: Rupiah,
    },
    /// The account is frozen because money that had been credited was taken back.
    AccountFrozen,
    /// The buyer agreed to another price than the one in force now.
    PriceChanged {
        /// The price that the buyer saw.
        #[serde(default)]
        was: Rupiah,
        /// The price now.
        now: Rupiah,
    },
    /// The same package went to the same number a moment ago.
    BoughtJustNow {
        /// The first purchase.
        first: PublicId,
    },
    /// The package cannot be bought at the moment.
    PackageClosed,
    /// It cannot be delivered at the moment: its gateway says so, or the shop's deposit there does not suffice.
    GatewayPaused,
    /// The gateway would refuse it now, as far as it has told: none left, outside the hours of sale, enough for today.
    NotNow {
        /// Why.
        reason: FailReason,
    },
    /// A package that is bought in a session of the number, which this user has not signed in.
    NumberNotSignedIn,
    /// In a session only one purchase for a number can be open, so that its outcome can be told.
    NumberBusy {
        /// The open one, where it is this buyer's own.
        first: Option<PublicId>,
    },
    /// Sales are stopped: maintenance, or the books do not agree.
    SalesStopped,
    /// The shop was put back from a backup: sales open when an admin has reconciled it.
    Restored,
    /// The shop sells at other hours.
    OutsideHours {
        /// When it opens.
        opens_at: UtcMillis,
    },
    /// The shop is being worked on; only admins are let in.
    Maintenance,
    /// The account was made, and an admin has to let it in.
    AwaitingApproval,
    /// The user has as many open top-ups as are allowed.
    TooManyOpenTopups {
        /// The limit.
        most: i64,
    },
    /// The user has saved as many numbers as are allowed.
    TooManySavedNumbers {
        /// The limit.
        most: i64,
    },
    /// All unique amounts around this one are taken.
    NoUniqueAmountLeft,
    /// No bank account has been set up to pay to.
    NoBankAccount,
    /// This way of topping up is closed at the moment.
    MethodClosed,
    /// A way of topping up is switched on only after it was tried with the present key.
    NotTried,
    /// The shop's own QRIS code has not been entered.
    NoStaticCode,
    /// This statement line has already paid another top-up.
    PaymentUsed,
    /// The stored statement has a line with this amount: it is picked, so that it cannot pay another top-up.
    PickStatementLine,
    /// A second admin has to agree to so much.
    SecondAdminNeeded,
    /// The shop has one admin only, who has to look again after a while.
    LookAgainAt {
        /// When.
        at: UtcMillis,
    },
    /// Asked for and refused a short while ago: it may be asked for again later.
    AskAgainAt {
        /// When.
        at: UtcMillis,
    },
    /// An admin who looks at the shop as another user sees it, and can change nothing meanwhile.
    ViewOnly,
    /// Nobody decides about their own money.
    OwnCase,
    /// It has changed since the page was shown; look again.
    StateChanged,
    /// The gateway is being asked about it just now, and asking may itself buy: nobody decides before the answer.
    BeingAsked,
    /// There must always be one admin who can sign in.
    LastAdmin,
    /// The link has been used or is too old.
    LinkExpired,
    /// The form was open for too long, or came from another site.
    FormExpired,
}

/// A field of a form and what is wrong with it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct FieldError {
    /// The field's name in the form.
    pub field: String,
    /// What is wrong.
    pub error: FieldCode,
}

/// What can be wrong with a field.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "code", rename_all = "snake_case")]
pub enum FieldCode {
    /// Nothing was typed.
    Required,
    /// Too few characters.
    TooShort {
        /// The fewest.
        min: usize,
    },
    /// Too many characters.
    TooLong {
        /// The most.
        max: usize,
    },
    /// Not a username (see [`crate::Username`]).
    BadUsername,
    /// Not an e-mail address.
    BadEmail,
    /// Not an address of a gateway: https, and nothing secret in it.
    BadAddress,
    /// Not the six digits of a one-time password.
    BadCode,
    /// Not an Indonesian mobile number.
    BadPhone,
    /// A prefix that no operator owns.
    UnknownPrefix,
    /// A number of an operator whose packages are not sold here.
    NotServed {
        /// Whose number it is.
        operator: Operator,
    },
    /// A package of one brand for a number of another: AXIS packages do not go to XL numbers.
    OtherBrand {
        /// Whose number it is.
        operator: Operator,
    },
    /// Not an amount of whole rupiah.
    BadAmount,
    /// Not a whole number in the range that makes sense.
    BadNumber,
    /// Too little.
    BelowMin {
        /// The least.
        min: Rupiah,
    },
    /// Too much.
    AboveMax {
        /// The most.
        max: Rupiah,
    },
    /// Another user has it.
    Taken,
    /// Too easy to guess.
    EasyPassword,
    /// Not the present password.
    WrongPassword,
    /// The two are not the same.
    NotTheSame,
    /// Not one of the choices, or a character that cannot stand there.
    NotAChoice,
    /// Not opening hours of a day.
    BadHours,
    /// A week without any opening hours.
    NeverOpen,
    /// Not a list of prefixes, or one that stands in another list too.
    BadPrefix,
    /// Not a colour of six digits.
    BadColour,
    /// A colour that some could not read.
    LowContrast {
        /// Its contrast in hundredths; 450 are needed.
        hundredths: i64,
    },
    /// Not a picture that can be read, or too large.
    BadPicture,
    /// Not a QRIS code that can be used.
    BadQris {
        /// The tag that is wrong; none when the text as a whole is.
        tag: Option<u8>,
    },
    /// A QRIS code for one payment, where the shop's own for any number is wanted.
    NotStatic,
    /// Not a statement that can be read with this mapping.
    BadStatement,
    /// Not a table of packages that can be read: too large, or not a text.
    BadSheet,
    /// Nobody is called so.
    NoSuchUser,
    /// Not the name of a server.
    BadHost,
    /// A choice that is for this very machine only.
    LocalOnly,
    /// A gap in a template that has no value.
    UnknownPlaceholder {
        /// Of which kind of message: that tells the ones that have.
        kind: NoticeKind,
    },
}

/// Gathers field errors, so that a form hears of all its mistakes at once.
#[derive(Debug, Default)]
pub struct Fields(Vec<FieldError>);

impl Fields {
    /// No mistakes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Keeps the value, or notes the mistake under the field's name.
    pub fn take<T, E: Into<FieldCode>>(&mut self, field: &str, parsed: Result<T, E>) -> Option<T> {
        match parsed {
            Ok(value) => Some(value),
            Err(error) => {
                self.note(field, error.into());
                None
            }
        }
    }

    /// Notes a mistake.
    pub fn note(&mut self, field: &str, error: FieldCode) {
        self.0.push(FieldError { field: field.to_owned(), error });
    }

    /// The refusal that lists all mistakes, when there are any.
    ///
    /// # Errors
    /// [`Refusal::Invalid`].
    pub fn done(self) -> Result<(), Refusal> {
        if self.0.is_empty() { Ok(()) } else { Err(self.refuse()) }
    }

    /// The refusal that lists all mistakes.
    #[must_use]
    pub fn refuse(self) -> Refusal {
        Refusal::Invalid { fields: self.0 }
    }
}

impl Refusal {
    /// A refusal about one field.
    #[must_use]
    pub fn field(field: &str, error: FieldCode) -> Self {
        Self::Invalid { fields: vec![FieldError { field: field.to_owned(), error }] }
    }

    /// The HTTP status that fits.
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::Invalid { .. } | Self::LinkExpired => 422,
            Self::SignInNeeded | Self::WrongCredentials => 401,
            Self::AwaitingApproval
            | Self::NotAllowed
            | Self::ViewOnly
            | Self::OwnCase
            | Self::FormExpired
            | Self::ConfirmNeeded => 403,
            Self::NotFound => 404,
            Self::TooManyTries { .. } => 429,
            Self::SalesStopped
            | Self::Restored
            | Self::OutsideHours { .. }
            | Self::Maintenance
            | Self::GatewayPaused => 503,
            Self::IdempotencyConflict
            | Self::BalanceTooLow { .. }
            | Self::AccountFrozen
            | Self::PriceChanged { .. }
            | Self::BoughtJustNow { .. }
            | Self::PackageClosed
            | Self::NotNow { .. }
            | Self::NumberNotSignedIn
            | Self::NumberBusy { .. }
            | Self::TooManyOpenTopups { .. }
            | Self::TooManySavedNumbers { .. }
            | Self::NoUniqueAmountLeft
            | Self::NoBankAccount
            | Self::MethodClosed
            | Self::NotTried
            | Self::NoStaticCode
            | Self::PaymentUsed
            | Self::PickStatementLine
            | Self::SecondAdminNeeded
            | Self::LookAgainAt { .. }
            | Self::AskAgainAt { .. }
            | Self::StateChanged
            | Self::BeingAsked
            | Self::LastAdmin => 409,
        }
    }
}

/// For logs and for serde's messages; people read the interface's words instead.
impl std::fmt::Display for FieldCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{self:?}")
    }
}

impl From<QrisError> for FieldCode {
    fn from(error: QrisError) -> Self {
        let tag = match error {
            QrisError::Length { tag }
            | QrisError::Twice { tag }
            | QrisError::Missing { tag }
            | QrisError::Value { tag } => Some(tag),
            QrisError::Checksum => Some(63),
            QrisError::Amount => Some(54),
            QrisError::NotACode | QrisError::TooLong => None,
        };
        Self::BadQris { tag }
    }
}

impl From<RupiahParseError> for FieldCode {
    fn from(error: RupiahParseError) -> Self {
        match error {
            RupiahParseError::Empty => Self::Required,
            RupiahParseError::NotAnAmount => Self::BadAmount,
            RupiahParseError::TooLarge => Self::AboveMax { max: Rupiah::LARGEST_TYPED },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_form_hears_of_all_its_mistakes() {
        let mut fields = Fields::new();
        assert_eq!(fields.take("amount", "12".parse::<Rupiah>()), Some(Rupiah::new(12)));
        assert_eq!(fields.take("price", "".parse::<Rupiah>()), None);
        fields.note("email", FieldCode::Taken);
        let Err(Refusal::Invalid { fields }) = fields.done() else { panic!("two mistakes were noted") };
        assert_eq!(fields.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["price", "email"]);
    }

    #[test]
    fn survives_the_wire() {
        let refusal = Refusal::field("msisdn", FieldCode::NotServed { operator: Operator::Tri });
        let json = serde_json::to_string(&refusal).unwrap();
        assert_eq!(serde_json::from_str::<Refusal>(&json).unwrap(), refusal);
    }
}
