//! Statements of the shop's bank accounts, and payment gateways' exported lists.

use domain::{
    AmountColumns, Column, FieldCode, Fields, NumberStyle, Refusal, StatementDateFormat, StatementGuess,
    StatementProfile, StatementText,
};
use leptos::prelude::*;
use leptos_axum::redirect;
use serde::{Deserialize, Serialize};
use store::{Approval, Found, NewLine, source_of_gateway};

use super::{confirmed_admin, hidden_id, whole};
use crate::context::{Session, provided, require_admin, use_store};
use crate::error::AppError;
use crate::format::address;

/// The page of statements.
pub(crate) const PAGE: &str = "/admin/statements";
/// The page on which the columns of a file are named.
pub(crate) const READ_PAGE: &str = "/admin/statements/read";
/// Pairs that are approved in one go.
pub(crate) const PAIRS_MOST: usize = 100;
/// Lines above a header are few.
const SKIPPED_LINES: std::ops::RangeInclusive<i64> = 0..=1_000;

/// What the columns of a file hold, as it is chosen: places in the row.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct MappingForm {
    pub(crate) skip_lines: String,
    pub(crate) date: String,
    pub(crate) date_format: String,
    pub(crate) description: String,
    /// `signed`, `marked` or `split`.
    pub(crate) amount_kind: String,
    pub(crate) amount: String,
    pub(crate) marker: String,
    pub(crate) credit: String,
    pub(crate) debit: String,
    pub(crate) numbers: String,
    /// Empty where the bank gives none.
    pub(crate) reference: String,
    pub(crate) balance: String,
}

/// Takes in what has arrived, as the columns were named.
#[server(prefix = "/api", endpoint = "take_in_statement")]
pub async fn take_in_statement(
    source: String,
    kept: String,
    #[server(flatten)] mapping: MappingForm,
) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let store = use_store()?;
    let session = provided::<Session>()?.key;
    let text = store.kept_statement(&kept, &session).await?.ok_or(Refusal::FormExpired)?;
    let unreadable = |_| Refusal::field("file", FieldCode::BadStatement);
    let text = StatementText::from_bytes(text.as_bytes()).map_err(unreadable)?;
    let profile = mapping.profile(&text.guess(), &source)?;
    let statement = text.read(&profile, store.now()).map_err(unreadable)?;
    let lines = statement.lines.into_iter().map(|line| NewLine {
        day: line.day,
        amount: line.amount,
        reference: line.reference,
        description: line.description,
    });
    let profile = serde_json::to_string(&profile).map_err(|error| AppError::fault(&error))?;
    let lines = lines.collect();
    let page = statements_page(&source);
    let taken = store.run(store::TakeInStatement { admin: admin.id, source, lines, profile }).await?;
    let (added, known) = (taken.added.to_string(), taken.known.to_string());
    redirect(&address(&page, &[("added", &added), ("known", &known)]));
    Ok(())
}

/// Approves pairs of line and top-up, each by itself: one that cannot be approved holds up no other.
#[server(prefix = "/api", endpoint = "approve_pairs")]
pub async fn approve_pairs(source: String, pairs: Option<Vec<String>>) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let pairs = pairs.unwrap_or_default();
    if pairs.is_empty() {
        return Err(Refusal::field("pairs", FieldCode::Required).into());
    }
    if pairs.len() > PAIRS_MOST {
        return Err(Refusal::field("pairs", FieldCode::TooLong { max: PAIRS_MOST }).into());
    }
    let store = use_store()?;
    let (mut credited, mut second, mut refused) = (0, 0, 0);
    for pair in pairs {
        let (line, topup) = pair.split_once(':').ok_or(AppError::Transport)?;
        let found = Found::Line(line.parse().map_err(|_| AppError::Transport)?);
        let topup = hidden_id(topup)?;
        match store.run(store::ApproveTopup { admin: admin.id, topup, found }).await {
            Ok(Approval::Credited) => credited += 1,
            Ok(Approval::SecondLook) => second += 1,
            // Somebody was quicker, or it is one's own: the page shows what is left.
            Err(store::Error::Refused(_)) => refused += 1,
            Err(error) => return Err(error.into()),
        }
    }
    let counts: [(&str, &str); 3] = [
        ("credited", &credited.to_string()),
        ("second", &second.to_string()),
        ("refused", &refused.to_string()),
    ];
    redirect(&address(&statements_page(&source), &counts));
    Ok(())
}

/// Says what a line is that no top-up waits for: the shop's own business, or a customer's money.
#[server(prefix = "/api", endpoint = "ignore_line")]
pub async fn ignore_line(source: String, line: i64, is_a_customers: bool) -> Result<(), AppError> {
    // Money goes into suspense.
    let admin = if is_a_customers { confirmed_admin().await? } else { require_admin()? };
    use_store()?.run(store::IgnoreLine { admin: admin.id, line, is_a_customers }).await?;
    redirect(&address(&statements_page(&source), &[("done", "decided")]));
    Ok(())
}

/// The page of a source's statement.
pub(crate) fn statements_page(source: &str) -> String {
    address(PAGE, &[("source", source)])
}

impl MappingForm {
    /// What was guessed, or what was saved the last time where the file still has those columns.
    pub(crate) fn usual(guess: &StatementGuess, saved: Option<&StatementProfile>) -> Self {
        let fits = |profile: &&StatementProfile| {
            let named = |column: &Column| name_at(guess, column.at).eq_ignore_ascii_case(column.name.trim());
            profile.delimiter == guess.delimiter
                && named(&profile.date)
                && named(&profile.description)
                && profile.reference.iter().chain(&profile.balance).all(named)
        };
        let place = |column: Option<&Column>| column.map(|column| column.at.to_string()).unwrap_or_default();
        let saved = saved.filter(fits);
        let (date, description, reference, balance, amount) = match saved {
            Some(saved) => (
                Some(&saved.date),
                Some(&saved.description),
                saved.reference.as_ref(),
                saved.balance.as_ref(),
                Some(&saved.amount),
            ),
            None => (
                guess.date.as_ref(),
                guess.description.as_ref(),
                guess.reference.as_ref(),
                guess.balance.as_ref(),
                guess.amount.as_ref(),
            ),
        };
        let date_format = saved.map(|saved| saved.date_format).or(guess.date_format);
        let numbers = saved.map(|saved| saved.numbers).or(guess.numbers);
        let mut form = Self {
            skip_lines: saved.map_or(guess.skip_lines, |saved| saved.skip_lines).to_string(),
            date: place(date),
            date_format: date_format.map_or("", StatementDateFormat::as_str).to_owned(),
            description: place(description),
            numbers: numbers.map_or("", NumberStyle::as_str).to_owned(),
            reference: place(reference),
            balance: place(balance),
            ..Self::default()
        };
        match amount {
            Some(AmountColumns::Signed { amount }) => {
                (form.amount_kind, form.amount) = ("signed".into(), place(Some(amount)));
            }
            Some(AmountColumns::Marked { amount, marker }) => {
                (form.amount_kind, form.amount, form.marker) =
                    ("marked".into(), place(Some(amount)), place(Some(marker)));
            }
            Some(AmountColumns::Split { credit, debit }) => {
                (form.amount_kind, form.credit, form.debit) =
                    ("split".into(), place(Some(credit)), place(Some(debit)));
            }
            None => {}
        }
        form
    }

    /// How the file is to be read. What parts the cells, and what the header says, is the file's own.
    pub(crate) fn profile(&self, guess: &StatementGuess, source: &str) -> Result<StatementProfile, Refusal> {
        let mut fields = Fields::new();
        let column = |typed: &str| -> Result<Column, FieldCode> {
            if typed.is_empty() {
                return Err(FieldCode::Required);
            }
            let at: usize = typed.parse().map_err(|_| FieldCode::NotAChoice)?;
            let at = Some(at).filter(|at| *at < StatementText::MOST_CELLS).ok_or(FieldCode::NotAChoice)?;
            Ok(Column { at, name: name_at(guess, at).to_owned() })
        };
        let maybe = |typed: &str| if typed.is_empty() { Ok(None) } else { column(typed).map(Some) };
        let skip_lines = fields.take("skip_lines", whole(&self.skip_lines, SKIPPED_LINES));
        let date = fields.take("date", column(&self.date));
        let description = fields.take("description", column(&self.description));
        let reference = fields.take("reference", maybe(&self.reference));
        let balance = fields.take("balance", maybe(&self.balance));
        let date_format = fields.take("date_format", self.date_format.parse());
        let numbers = fields.take("numbers", self.numbers.parse());
        let amount = match self.amount_kind.as_str() {
            "signed" => {
                fields.take("amount", column(&self.amount)).map(|amount| AmountColumns::Signed { amount })
            }
            "marked" => fields
                .take("amount", column(&self.amount))
                .zip(fields.take("marker", column(&self.marker)))
                .map(|(amount, marker)| AmountColumns::Marked { amount, marker }),
            "split" => fields
                .take("credit", column(&self.credit))
                .zip(fields.take("debit", column(&self.debit)))
                .map(|(credit, debit)| AmountColumns::Split { credit, debit }),
            _ => {
                fields.note("amount_kind", FieldCode::Required);
                None
            }
        };
        // Only by the order's id can a gateway's payment be compared with ours.
        if source.starts_with(&source_of_gateway("")) && self.reference.is_empty() {
            fields.note("reference", FieldCode::Required);
        }
        let whole = (|| {
            Some(StatementProfile {
                delimiter: guess.delimiter,
                skip_lines: u32::try_from(skip_lines?).ok()?,
                date: date?,
                amount: amount?,
                description: description?,
                reference: reference?,
                balance: balance?,
                date_format: date_format?,
                numbers: numbers?,
            })
        })();
        match whole {
            Some(profile) => fields.done().map(|()| profile),
            None => Err(fields.refuse()),
        }
    }
}

/// What the header says at a place; nothing where there is no header.
pub(crate) fn name_at(guess: &StatementGuess, at: usize) -> &str {
    guess.header.get(at).map_or("", |name| name.trim())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "Tanggal,Keterangan,Debet,Kredit,Saldo\n05/01/2026,TRF RINA,,50123.00,1050123.00\n06/01/2026,BIAYA,2500.00,,1047623.00\n";

    fn text() -> StatementText {
        StatementText::from_bytes(FILE.as_bytes()).unwrap()
    }

    #[test]
    fn what_was_guessed_is_what_is_read() {
        let guess = text().guess();
        let form = MappingForm::usual(&guess, None);
        let profile = form.profile(&guess, "bank:1").unwrap();
        assert_eq!(Some(&profile), guess.profile().as_ref());
        let statement = text().read(&profile, domain::UtcMillis(1_768_917_600_000)).unwrap();
        assert_eq!((statement.lines.len(), statement.debits), (1, 1));
        // What was saved comes again, as long as the columns are the same.
        let mut saved = profile;
        saved.balance = None;
        assert_eq!(MappingForm::usual(&guess, Some(&saved)).balance, "");
        saved.date.name = "Tgl".into();
        assert_eq!(MappingForm::usual(&guess, Some(&saved)).balance, "4");
    }

    #[test]
    fn what_is_missing_is_told_by_its_field() {
        let guess = text().guess();
        let form = MappingForm { date: "x".into(), amount_kind: "marked".into(), ..MappingForm::default() };
        let Err(Refusal::Invalid { fields }) = form.profile(&guess, "gateway:midtrans") else {
            panic!("much is missing");
        };
        let names: Vec<_> = fields.iter().map(|error| error.field.as_str()).collect();
        for name in ["skip_lines", "date", "description", "amount", "marker", "numbers", "reference"] {
            assert!(names.contains(&name), "{name} in {names:?}");
        }
    }
}
