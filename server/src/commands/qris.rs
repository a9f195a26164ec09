//! `qris`: what a code says, and a code for one payment.

use std::process::ExitCode;

use domain::{Qris, QrisKind, QrisWarning, Rupiah};
use serde::Serialize;

use super::{Failure, complain, say};

/// What a code says, as it is told to programs.
#[derive(Serialize)]
struct Told<'q> {
    kind: QrisKind,
    merchant: &'q str,
    city: &'q str,
    amount_rupiah: Option<i64>,
    warnings: Vec<QrisWarning>,
}

/// Says in JSON what a code says. Ends with 1 and the reason when it is none.
///
/// # Errors
/// None that a code could cause.
pub fn inspect(payload: &str) -> Result<ExitCode, Failure> {
    let code: Qris = match payload.parse() {
        Ok(code) => code,
        Err(error) => return Ok(refused(&error)),
    };
    let told = Told {
        kind: code.kind(),
        merchant: code.merchant(),
        city: code.city(),
        amount_rupiah: code.amount().map(Rupiah::get),
        warnings: code.warnings(),
    };
    say(&serde_json::to_string_pretty(&told).map_err(|error| Failure::Other(error.to_string()))?);
    Ok(ExitCode::SUCCESS)
}

/// Prints the code for one payment of so many rupiah. Ends with 1 and the reason when there can be none.
#[must_use]
pub fn set_amount(payload: &str, rupiah: i64) -> ExitCode {
    let made =
        payload.parse::<Qris>().and_then(|code| code.with_amount(Rupiah::new(rupiah), Qris::USUAL_MOST));
    match made {
        Ok(code) => {
            say(&code.to_string());
            ExitCode::SUCCESS
        }
        Err(error) => refused(&error),
    }
}

fn refused(error: &domain::QrisError) -> ExitCode {
    complain(&error.to_string());
    ExitCode::FAILURE
}
