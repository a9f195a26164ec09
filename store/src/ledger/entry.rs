use std::collections::BTreeMap;

use domain::{Refusal, Rupiah, UtcMillis};

use super::account::{Account, EntryKind};
use crate::crypto::digest;
use crate::db::{Tx, Value, insert_rows, sql};
use crate::error::Error;
use crate::model::UserId;

/// An entry to write.
pub(crate) struct NewEntry<'e> {
    pub(crate) kind: EntryKind,
    pub(crate) reference: &'e str,
    pub(crate) postings: &'e [(Account, Rupiah)],
    pub(crate) actor: Option<UserId>,
    pub(crate) memo: &'e str,
}

/// An entry that was written.
pub(crate) struct Posted {
    /// Each touched user's available balance after it.
    balances: BTreeMap<UserId, Rupiah>,
}

impl Posted {
    pub(crate) fn balance(&self, user: UserId) -> Result<Rupiah, Error> {
        self.balances
            .get(&user)
            .copied()
            .ok_or_else(|| Error::corrupt("an entry did not touch the user it is about"))
    }
}

/// Writes an entry and moves the cached balances with it, under guards.
///
/// # Errors
/// [`Refusal::BalanceTooLow`] when an available balance does not suffice; corruption when the postings do not sum to
/// zero, a held balance would go below it, or the same cause has been posted before.
pub(crate) async fn post(tx: &mut Tx<'_>, entry: NewEntry<'_>) -> Result<Posted, Error> {
    let now = tx.now;
    post_all(tx, &[(now, entry)]).await?.pop().ok_or_else(|| Error::corrupt("an entry was not written"))
}

/// Writes entries in their order, each with the time at which it happened.
///
/// # Errors
/// As [`post`], for all of them together: nothing is written unless everything is.
pub(crate) async fn post_all(
    tx: &mut Tx<'_>,
    entries: &[(UtcMillis, NewEntry<'_>)],
) -> Result<Vec<Posted>, Error> {
    let mut total: BTreeMap<UserId, Wallet> = BTreeMap::new();
    for (_, entry) in entries {
        assert_balanced(entry.postings)?;
        for (user, change) in changes_by_user(entry.postings)? {
            let sum = total.entry(user).or_default();
            *sum = sum.plus(change)?;
        }
    }
    let mut wallets = BTreeMap::new();
    // A BTreeMap goes through the users by ascending id: two operations never wait for each other in a circle.
    for (user, change) in total {
        let after = move_balance(tx, user, change).await?;
        wallets.insert(user, after.minus(change)?);
    }
    // Every step in between has to be possible, too.
    let posted = entries.iter().map(|(_, entry)| step(&mut wallets, entry)).collect::<Result<Vec<_>, _>>()?;
    let ids = insert_entries(tx, entries).await?;
    insert_postings(tx, entries, &ids, &posted).await?;
    Ok(posted)
}

/// The balances after one more entry.
fn step(wallets: &mut BTreeMap<UserId, Wallet>, entry: &NewEntry<'_>) -> Result<Posted, Error> {
    let mut balances = BTreeMap::new();
    for (user, change) in changes_by_user(entry.postings)? {
        let wallet = wallets.entry(user).or_default();
        *wallet = wallet.plus(change)?;
        if wallet.available < Rupiah::ZERO || wallet.held < Rupiah::ZERO || wallet.receivable > Rupiah::ZERO {
            return Err(Error::corrupt("a balance would go below zero on the way"));
        }
        balances.insert(user, wallet.available);
    }
    Ok(Posted { balances })
}

/// What a user has, or a change of it.
#[derive(Clone, Copy, Default)]
struct Wallet {
    available: Rupiah,
    held: Rupiah,
    receivable: Rupiah,
}

impl Wallet {
    fn plus(self, change: Self) -> Result<Self, Error> {
        let sum = |a: Rupiah, b: Rupiah| {
            a.checked_add(b).ok_or_else(|| Error::corrupt("an amount is out of range"))
        };
        Ok(Self {
            available: sum(self.available, change.available)?,
            held: sum(self.held, change.held)?,
            receivable: sum(self.receivable, change.receivable)?,
        })
    }

    fn minus(self, change: Self) -> Result<Self, Error> {
        let negative = |a: Rupiah| a.checked_neg().ok_or_else(|| Error::corrupt("an amount is out of range"));
        self.plus(Self {
            available: negative(change.available)?,
            held: negative(change.held)?,
            receivable: negative(change.receivable)?,
        })
    }
}

fn assert_balanced(postings: &[(Account, Rupiah)]) -> Result<(), Error> {
    let sum = postings.iter().try_fold(Rupiah::ZERO, |sum, (_, amount)| sum.checked_add(*amount));
    if postings.len() >= 2
        && sum == Some(Rupiah::ZERO)
        && postings.iter().all(|(_, amount)| *amount != Rupiah::ZERO)
    {
        Ok(())
    } else {
        Err(Error::corrupt(format_args!("an entry does not balance: {postings:?}")))
    }
}

fn changes_by_user(postings: &[(Account, Rupiah)]) -> Result<BTreeMap<UserId, Wallet>, Error> {
    let mut changes: BTreeMap<UserId, Wallet> = BTreeMap::new();
    for (account, amount) in postings {
        let (user, change) = match account {
            Account::Available(user) => (*user, Wallet { available: *amount, ..Wallet::default() }),
            Account::Held(user) => (*user, Wallet { held: *amount, ..Wallet::default() }),
            Account::Receivable(user) => (*user, Wallet { receivable: *amount, ..Wallet::default() }),
            _ => continue,
        };
        let sum = changes.entry(user).or_default();
        *sum = sum.plus(change)?;
    }
    Ok(changes)
}

/// Changes a wallet when both balances stay at or above zero; what it holds after that.
async fn move_balance(tx: &mut Tx<'_>, user: UserId, change: Wallet) -> Result<Wallet, Error> {
    let moved =
        sql("UPDATE wallet SET available = available + $1, held = held + $2, receivable = receivable + $3 \
                     WHERE user_id = $4 AND available + $1 >= 0 AND held + $2 >= 0 AND receivable + $3 <= 0 \
                     RETURNING available, held, receivable")
        .bind(change.available)
        .bind(change.held)
        .bind(change.receivable)
        .bind(user)
        .optional(&mut tx.conn)
        .await?;
    if let Some(row) = moved {
        return Ok(Wallet {
            available: row.rupiah("available")?,
            held: row.rupiah("held")?,
            receivable: row.rupiah("receivable")?,
        });
    }
    let wallet =
        sql("SELECT available, held FROM wallet WHERE user_id = $1").bind(user).one(&mut tx.conn).await?;
    let after = wallet.rupiah("available")?.checked_add(change.available);
    match after.and_then(Rupiah::checked_neg) {
        Some(shortfall) if shortfall.is_positive() => Err(Refusal::BalanceTooLow { shortfall }.into()),
        _ => Err(Error::corrupt("a held balance would go below zero, or a debt above it")),
    }
}

/// The entries' row numbers, in their order.
async fn insert_entries(tx: &mut Tx<'_>, entries: &[(UtcMillis, NewEntry<'_>)]) -> Result<Vec<i64>, Error> {
    let rows: Vec<[Value; 6]> = entries
        .iter()
        .map(|(at, entry)| {
            let hash = content_hash(
                entry.kind.as_str(),
                entry.reference,
                entry.actor.map(|user| user.0),
                entry.memo,
                at.0,
                &lines(entry),
            );
            [
                entry.kind.as_str().into(),
                entry.reference.into(),
                entry.actor.into(),
                entry.memo.into(),
                (*at).into(),
                hash.into(),
            ]
        })
        .collect();
    let inserted = insert_rows(
        &mut tx.conn,
        "INSERT INTO entry (kind, reference, actor, memo, created_at, content_hash)",
        &rows,
        " ON CONFLICT DO NOTHING RETURNING id, kind, reference",
    )
    .await?;
    let mut ids = BTreeMap::new();
    for row in &inserted {
        ids.insert((row.text("kind")?, row.text("reference")?), row.int("id")?);
    }
    let id_of = |entry: &NewEntry<'_>| {
        let (kind, reference) = (entry.kind.as_str().to_owned(), entry.reference.to_owned());
        // Taken out: a cause that is twice among the entries finds nothing the second time.
        ids.remove(&(kind, reference)).ok_or_else(|| {
            Error::corrupt(format_args!("{} of {} was posted twice", entry.kind.as_str(), entry.reference))
        })
    };
    entries.iter().map(|(_, entry)| entry).map(id_of).collect()
}

async fn insert_postings(
    tx: &mut Tx<'_>,
    entries: &[(UtcMillis, NewEntry<'_>)],
    ids: &[i64],
    posted: &[Posted],
) -> Result<(), Error> {
    let mut rows: Vec<[Value; 6]> = Vec::new();
    for (((_, entry), id), posted) in entries.iter().zip(ids).zip(posted) {
        for (line, (account, amount)) in (1_i64..).zip(entry.postings) {
            let balance_after = match account {
                Account::Available(user) => posted.balances.get(user).copied(),
                _ => None,
            };
            rows.push([
                (*id).into(),
                line.into(),
                account.name().into(),
                account.user().into(),
                (*amount).into(),
                balance_after.into(),
            ]);
        }
    }
    insert_rows(
        &mut tx.conn,
        "INSERT INTO posting (entry_id, line, account, user_id, amount, balance_after)",
        &rows,
        "",
    )
    .await?;
    Ok(())
}

/// The postings as the hash takes them: account, user, amount.
fn lines(entry: &NewEntry<'_>) -> Vec<(String, Option<i64>, i64)> {
    let line = |(account, amount): &(Account, Rupiah)| {
        (account.name(), account.user().map(|user| user.0), amount.get())
    };
    entry.postings.iter().map(line).collect()
}

/// The hash that makes an edit of an entry visible. `check` computes it again from the rows.
pub(super) fn content_hash(
    kind: &str,
    reference: &str,
    actor: Option<i64>,
    memo: &str,
    created_at: i64,
    lines: &[(String, Option<i64>, i64)],
) -> Vec<u8> {
    let mut parts = vec![
        kind.to_owned(),
        reference.to_owned(),
        actor.map(|user| user.to_string()).unwrap_or_default(),
        memo.to_owned(),
        created_at.to_string(),
    ];
    for (account, user, amount) in lines {
        parts.push(account.clone());
        parts.push(user.map(|user| user.to_string()).unwrap_or_default());
        parts.push(amount.to_string());
    }
    digest(&parts.iter().map(String::as_str).collect::<Vec<_>>())
}
