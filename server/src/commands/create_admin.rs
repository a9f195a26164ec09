//! `create-admin`: makes a user who runs the shop.

use std::io::{BufRead, IsTerminal};
use std::path::Path;
use std::process::ExitCode;

use domain::{Email, FieldCode, Fields, Lang, Phone, Refusal, Role, Username, check_new_password};
use store::RegisterUser;

use super::{Failure, open_store, say};
use crate::cli::CreateAdmin;
use crate::config::StorageConfig;

/// Checks what was typed, asks for the password and makes the user.
///
/// # Errors
/// When a field is wrong or taken, or the database cannot be used.
pub async fn run(storage: &StorageConfig, args: CreateAdmin) -> Result<ExitCode, Failure> {
    let mut fields = Fields::new();
    let username = fields.take("username", args.username.parse::<Username>());
    let email = fields.take("email", args.email.parse::<Email>());
    let phone = fields.take("phone", args.phone.parse::<Phone>());
    fields.done().map_err(|refusal| Failure::Other(in_words(&refusal)))?;
    let (Some(username), Some(email), Some(phone)) = (username, email, phone) else {
        return Err(Failure::Other("a field is missing".to_owned()));
    };
    let password = password(args.password_file.as_deref())?;
    check_new_password(&password, &args.username, &args.email)
        .map_err(|code| Failure::Other(in_words(&Refusal::field("password", code))))?;

    let store = open_store(storage).await?;
    let password_hash = store::password::hash(password).await?;
    let shown = username.as_str().to_owned();
    let register =
        RegisterUser { username, email, phone, password_hash, role: Role::Admin, lang: Lang::default() };
    match store.run(register).await {
        Ok(_) => {
            say(&format!("{shown} runs the shop now. Sign in with that name."));
            Ok(ExitCode::SUCCESS)
        }
        Err(store::Error::Refused(refusal)) => Err(Failure::Other(in_words(&refusal))),
        Err(fault) => Err(fault.into()),
    }
}

/// Never from the command line: other users of the machine can read that.
fn password(file: Option<&Path>) -> Result<String, Failure> {
    if let Some(path) = file {
        let text = std::fs::read_to_string(path).map_err(Failure::io(path.display().to_string()))?;
        return Ok(text.lines().next().unwrap_or_default().to_owned());
    }
    if std::io::stdin().is_terminal() {
        let first = rpassword::prompt_password("Password: ").map_err(Failure::io("the terminal"))?;
        let second = rpassword::prompt_password("Once more: ").map_err(Failure::io("the terminal"))?;
        if first != second {
            return Err(Failure::Other("the two passwords are not the same".to_owned()));
        }
        return Ok(first);
    }
    let mut line = String::new();
    std::io::stdin().lock().read_line(&mut line).map_err(Failure::io("standard input"))?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// The operator reads English; the interface has its own words for members.
fn in_words(refusal: &Refusal) -> String {
    let Refusal::Invalid { fields } = refusal else {
        return format!("refused: {refusal:?}");
    };
    let lines = fields.iter().map(|wrong| {
        let what = match &wrong.error {
            FieldCode::Required => "is missing".to_owned(),
            FieldCode::TooShort { min } => format!("needs at least {min} characters"),
            FieldCode::TooLong { max } => format!("may have at most {max} characters"),
            FieldCode::BadUsername => "takes a–z, 0–9, _ and ., and begins with a letter".to_owned(),
            FieldCode::BadEmail => "is not an e-mail address".to_owned(),
            FieldCode::BadPhone => "is not an Indonesian mobile number (example: 081234567890)".to_owned(),
            FieldCode::Taken => "belongs to another user already".to_owned(),
            FieldCode::EasyPassword => "is too easy to guess".to_owned(),
            other => format!("cannot be used: {other:?}"),
        };
        format!("{} {what}", wrong.field)
    });
    lines.collect::<Vec<_>>().join("\n")
}
