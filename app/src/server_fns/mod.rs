//! What forms post to. Each function says who may call it, parses into the domain's types, runs one operation and sends
//! the browser on; what happens to a refusal is the server's business (`web/forms.rs`).

pub mod access;
pub mod account;
pub mod admin;
mod browser;
pub mod numbers;
pub mod preferences;
pub mod receipts;
pub mod reseller;
pub mod saved_numbers;
pub mod sessions;
pub mod shop;
pub mod topup;
pub mod user_notices;
pub mod viewing;

use domain::{FieldCode, Fields};

use crate::error::AppError;

/// All the values, or the list of all mistakes: `let (a, b) = all(fields, (a, b))?` for values taken with
/// [`Fields::take`].
pub(crate) trait AllTaken {
    /// The values without their `Option`.
    type Values;
    /// The values, if every one is there.
    fn taken(self) -> Option<Self::Values>;
}

macro_rules! all_taken {
    ($($value:ident),+) => {
        impl<$($value),+> AllTaken for ($(Option<$value>,)+) {
            type Values = ($($value,)+);
            #[expect(non_snake_case, reason = "values are named after their types")]
            fn taken(self) -> Option<Self::Values> {
                let ($($value,)+) = self;
                Some(($($value?,)+))
            }
        }
    };
}
all_taken!(A);
all_taken!(A, B);
all_taken!(A, B, C);
all_taken!(A, B, C, D);
all_taken!(A, B, C, D, E);
all_taken!(A, B, C, D, E, F);

/// See [`AllTaken`].
pub(crate) fn all<V: AllTaken>(fields: Fields, values: V) -> Result<V::Values, AppError> {
    let taken = values.taken();
    match taken {
        Some(values) => {
            fields.done()?;
            Ok(values)
        }
        None => Err(fields.refuse().into()),
    }
}

/// A form's text that may stay empty.
pub(crate) fn optional<V: std::str::FromStr<Err = FieldCode>>(typed: &str) -> Result<Option<V>, FieldCode> {
    if typed.trim().is_empty() { Ok(None) } else { typed.parse().map(Some) }
}
