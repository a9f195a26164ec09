use std::cmp::Reverse;

use domain::{Msisdn, PublicId, PurchaseState, Rupiah, TopupMethod, TopupState, UtcMillis};

use super::cursor::Cursor;
use super::filter::{TransactionFilter, TransactionKind};
use crate::Store;
use crate::db::{Query, Row, sql};
use crate::error::Error;
use crate::model::Page;

/// One line of the list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Transaction {
    /// When it was asked for, or done.
    pub at: UtcMillis,
    /// Whose, by username.
    pub user: String,
    /// The user, for addresses.
    pub user_id: PublicId,
    /// How much: the price, what is to be paid, or what was added, below zero for what was taken.
    pub amount: Rupiah,
    /// What it is.
    pub what: What,
}

/// What only one kind of transaction has.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum What {
    /// A purchase.
    Purchase {
        /// For addresses.
        id: PublicId,
        /// The package's name when it was bought.
        package: String,
        /// To whom.
        msisdn: Msisdn,
        /// By which gateway.
        gateway: String,
        /// Where it stands.
        state: PurchaseState,
        /// What the gateway really charged.
        cost: Option<Rupiah>,
    },
    /// A top-up.
    Topup {
        /// For addresses.
        id: PublicId,
        /// How it is paid.
        method: TopupMethod,
        /// The payment gateway that collects it.
        gateway: Option<String>,
        /// Where it stands.
        state: TopupState,
    },
    /// An admin's correction.
    Correction {
        /// Why.
        reason: String,
        /// By whom; nothing for what the program made itself.
        by: Option<String>,
    },
}

impl What {
    /// Its kind.
    #[must_use]
    pub const fn kind(&self) -> TransactionKind {
        match self {
            Self::Purchase { .. } => TransactionKind::Purchase,
            Self::Topup { .. } => TransactionKind::Topup,
            Self::Correction { .. } => TransactionKind::Correction,
        }
    }
}

const LIMIT_MOST: i64 = 500;

impl Store {
    /// A page of transactions, newest first. Each kind is read by its own index and limited by itself, so a page costs the
    /// same whatever the books hold.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn transactions(&self, filter: &TransactionFilter) -> Result<Page<Transaction>, Error> {
        let limit = usize::try_from(filter.limit.clamp(1, LIMIT_MOST)).unwrap_or(1);
        let cursor = filter.after.as_deref().and_then(Cursor::parse).unwrap_or_default();
        let rows_most = i64::try_from(limit + 1 + cursor.shown).unwrap_or(LIMIT_MOST);
        let mut all = Vec::new();
        for kind in TransactionKind::ALL.iter().copied().filter(|kind| filter.has(*kind)) {
            let query = match kind {
                TransactionKind::Purchase => self.of_purchases(filter, cursor),
                TransactionKind::Topup => self.of_topups(filter, cursor),
                TransactionKind::Correction => self.of_corrections(filter, cursor),
            };
            for row in self.db().all(query.push_bind(" LIMIT ", rows_most)).await? {
                all.push(transaction_of(kind, &row)?);
            }
        }
        // Stable: of one moment, kinds stay in their order, and rows of a kind too.
        all.sort_by_key(|transaction| Reverse(transaction.at));
        let mut items: Vec<Transaction> = all.into_iter().skip(cursor.shown).take(limit + 1).collect();
        let more = items.len() > limit;
        items.truncate(limit);
        let moments: Vec<UtcMillis> = items.iter().map(|item| item.at).collect();
        Ok(Page { items, next: more.then(|| cursor.behind(&moments).written()) })
    }

    fn of_purchases(&self, filter: &TransactionFilter, cursor: Cursor) -> Query {
        let mut query = sql(
            "SELECT p.public_id, p.created_at, u.username, u.public_id AS user_public_id, p.price AS amount, \
                             p.package_name, p.msisdn, p.gateway, p.state, p.cost \
                             FROM purchase p JOIN users u ON u.id = p.user_id",
        )
        .push_bind(" WHERE p.created_at <= ", cursor.at);
        if let Some(state) = filter.purchase_state() {
            // Few are open, so their index finds them; nearly all are settled, so time finds those.
            query = if state.is_settled() {
                query.push_bind(" AND p.state || '' = ", state.as_str())
            } else {
                query.push_bind(" AND p.state = ", state.as_str())
            };
        }
        if let Some(from) = filter.first_moment(self.now()) {
            query = query.push_bind(" AND p.created_at >= ", from);
        }
        if let Some(until) = filter.until {
            query = query.push_bind(" AND p.created_at < ", until);
        }
        if let Some(user) = filter.user {
            query = query.push_bind(" AND p.user_id = ", user);
        }
        if let Some(msisdn) = &filter.msisdn {
            query = query.push_bind(" AND p.msisdn = ", msisdn);
        }
        if !filter.digits.is_empty() {
            let part = format!("%{}%", filter.digits);
            query = query.push_bind(" AND '0' || SUBSTR(p.msisdn, 3) LIKE ", part);
        }
        if let Some(id) = &filter.id {
            query = query.push_bind(" AND p.public_id = ", id);
        }
        if let Some(package) = &filter.package {
            query = query
                .push_bind(" AND p.package_id = (SELECT k.id FROM package k WHERE k.public_id = ", package)
                .push(")");
        }
        if !filter.gateway.is_empty() {
            query = query.push_bind(" AND p.gateway = ", &filter.gateway);
        }
        if let Some(amount) = filter.amount {
            query = query.push_bind(" AND p.price = ", amount);
        }
        query.push(" ORDER BY p.created_at DESC, p.id DESC")
    }

    fn of_topups(&self, filter: &TransactionFilter, cursor: Cursor) -> Query {
        let mut query = sql("SELECT t.public_id, t.created_at, u.username, u.public_id AS user_public_id, t.payable AS amount, \
                             t.method, t.gateway, t.state FROM topup t JOIN users u ON u.id = t.user_id")
            .push_bind(" WHERE t.created_at <= ", cursor.at);
        if let Some(state) = filter.topup_state() {
            // As with purchases: what most top-ups come to is found by time.
            query = if matches!(state, TopupState::Credited | TopupState::Expired | TopupState::Cancelled) {
                query.push_bind(" AND t.state || '' = ", state.as_str())
            } else {
                query.push_bind(" AND t.state = ", state.as_str())
            };
        }
        if let Some(from) = filter.first_moment(self.now()) {
            query = query.push_bind(" AND t.created_at >= ", from);
        }
        if let Some(until) = filter.until {
            query = query.push_bind(" AND t.created_at < ", until);
        }
        if let Some(user) = filter.user {
            query = query.push_bind(" AND t.user_id = ", user);
        }
        if let Some(id) = &filter.id {
            query = query.push_bind(" AND t.public_id = ", id);
        }
        if !filter.gateway.is_empty() {
            query = query.push_bind(" AND t.gateway = ", &filter.gateway);
        }
        if let Some(amount) = filter.amount {
            query =
                query.push_bind(" AND (t.payable = ", amount).push_bind(" OR t.base = ", amount).push(")");
        }
        query.push(" ORDER BY t.created_at DESC, t.id DESC")
    }

    fn of_corrections(&self, filter: &TransactionFilter, cursor: Cursor) -> Query {
        // The word stands in the text, not among the values, so that the index of just these entries is used.
        let mut query =
            sql("SELECT e.created_at, u.username, u.public_id AS user_public_id, p.amount, e.memo, \
                             a.username AS actor FROM entry e \
                             JOIN posting p ON p.entry_id = e.id AND p.account = 'available' \
                             JOIN users u ON u.id = p.user_id LEFT JOIN users a ON a.id = e.actor")
            .push_bind(" WHERE e.kind = 'adjust' AND e.created_at <= ", cursor.at);
        if let Some(from) = filter.first_moment(self.now()) {
            query = query.push_bind(" AND e.created_at >= ", from);
        }
        if let Some(until) = filter.until {
            query = query.push_bind(" AND e.created_at < ", until);
        }
        if let Some(user) = filter.user {
            query = query.push_bind(" AND p.user_id = ", user);
        }
        if let Some(amount) = filter.amount {
            query = query.push_bind(" AND ABS(p.amount) = ", amount);
        }
        query.push(" ORDER BY e.created_at DESC, e.id DESC, p.line")
    }
}

fn transaction_of(kind: TransactionKind, row: &Row) -> Result<Transaction, Error> {
    let what = match kind {
        TransactionKind::Purchase => What::Purchase {
            id: row.word("public_id")?,
            package: row.text("package_name")?,
            msisdn: row.word("msisdn")?,
            gateway: row.text("gateway")?,
            state: row.word("state")?,
            cost: row.opt_int("cost")?.map(Rupiah::new),
        },
        TransactionKind::Topup => What::Topup {
            id: row.word("public_id")?,
            method: row.word("method")?,
            gateway: row.opt_text("gateway")?,
            state: row.word("state")?,
        },
        TransactionKind::Correction => {
            What::Correction { reason: row.text("memo")?, by: row.opt_text("actor")? }
        }
    };
    Ok(Transaction {
        at: row.time("created_at")?,
        user: row.text("username")?,
        user_id: row.word("user_public_id")?,
        amount: row.rupiah("amount")?,
        what,
    })
}
