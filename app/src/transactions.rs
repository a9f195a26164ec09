//! What the list of all transactions is asked for by its address; its page and its file read it alike.

use domain::{DAY_MS, Rupiah};
use store::{Store, TransactionFilter, TransactionKind};

use crate::format::address;
use crate::i18n::T;
use crate::wib_day;

/// The list's address.
pub const PAGE: &str = "/admin/transactions";
/// The same as a file.
pub const FILE: &str = "/admin/transactions.csv";
/// Most rows of a file.
pub const FILE_ROWS_MOST: usize = 20_000;

/// What the address has, as it was typed.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Asked {
    /// A username, a number or a part of one, or an id.
    pub q: String,
    /// A [`TransactionKind`]'s word.
    pub kind: String,
    /// A state's word.
    pub state: String,
    /// The first day.
    pub from: String,
    /// The last day.
    pub to: String,
    /// A package's id.
    pub package: String,
    /// A gateway's name.
    pub gateway: String,
    /// An amount.
    pub amount: String,
}

/// Why nothing is found.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unread {
    /// Nobody and nothing has this name.
    Nobody,
    /// A date.
    Date,
    /// The amount.
    Amount,
}

impl Asked {
    /// Takes it from the address.
    #[must_use]
    pub fn read<'a>(value: impl Fn(&str) -> &'a str) -> Self {
        let word = |name: &str| value(name).trim().to_owned();
        Self {
            q: word("q"),
            kind: word("kind"),
            state: word("state"),
            from: word("from"),
            to: word("to"),
            package: word("package"),
            gateway: word("gateway"),
            amount: word("amount"),
        }
    }

    /// The address of the same question on another page.
    #[must_use]
    pub fn address(&self, page: &str) -> String {
        let query = [
            ("q", self.q.as_str()),
            ("kind", &self.kind),
            ("state", &self.state),
            ("from", &self.from),
            ("to", &self.to),
            ("package", &self.package),
            ("gateway", &self.gateway),
            ("amount", &self.amount),
        ];
        address(page, &query)
    }

    /// Whether one of the filters is in force that stand folded up.
    #[must_use]
    pub fn asks_for_more(&self) -> bool {
        [&self.from, &self.to, &self.package, &self.gateway, &self.amount].iter().any(|word| !word.is_empty())
    }

    /// The kind, if it is one.
    #[must_use]
    pub fn kind(&self) -> Option<TransactionKind> {
        self.kind.parse().ok()
    }

    /// What to look for, or why nothing can be found.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn filter(&self, store: &Store) -> Result<Result<TransactionFilter, Unread>, store::Error> {
        let mut filter = match self.without_name() {
            Ok(filter) => filter,
            Err(unread) => return Ok(Err(unread)),
        };
        // A name begins with a letter, a number does not; an id may begin with either.
        if self.q.starts_with(|first: char| first.is_ascii_alphabetic())
            && let Some((user, _)) = store.user_for_sign_in(&self.q).await?
        {
            filter.user = Some(user.id);
            return Ok(Ok(filter));
        }
        Ok(if filter.look_for(&self.q) { Ok(filter) } else { Err(Unread::Nobody) })
    }

    fn without_name(&self) -> Result<TransactionFilter, Unread> {
        let day = |text: &str| match text {
            "" => Ok(None),
            text => wib_day::parse(text).map(Some).ok_or(Unread::Date),
        };
        let amount = match self.amount.as_str() {
            "" => None,
            text => Some(text.parse::<Rupiah>().map_err(|_| Unread::Amount)?),
        };
        Ok(TransactionFilter {
            kind: self.kind(),
            state: self.state.clone(),
            from: day(&self.from)?,
            until: day(&self.to)?.map(|last| last.plus_ms(DAY_MS)),
            package: self.package.parse().ok(),
            gateway: self.gateway.clone(),
            amount,
            ..TransactionFilter::default()
        })
    }
}

impl Unread {
    /// In words.
    #[must_use]
    pub fn words(self, asked: &Asked, t: T) -> String {
        match self {
            Self::Nobody => t.transactions_no_user(&asked.q),
            Self::Date => t.transactions_bad_date().to_owned(),
            Self::Amount => t.transactions_bad_amount().to_owned(),
        }
    }
}
