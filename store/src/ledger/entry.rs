use std::collections::BTreeMap;

use domain::{Refusal, Rupiah};

use crate::crypto::digest;
use crate::db::{Tx, sql};
use crate::error::Error;
use crate::model::UserId;

/// What an entry is about. With the reference it is unique: one cause, one entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum EntryKind {
    /// A purchase was accepted. Reference: the purchase's id.
    Hold,
    /// It was delivered. Reference: the purchase's id.
    Capture,
    /// It was not. Reference: the purchase's id.
    Release,
    /// What the gateway charged for an attempt. Reference: the attempt's client_ref.
    Cost,
    /// A top-up's money. Reference: the payment's row number.
    Credit,
    /// An admin's correction. Reference: user and key.
    Adjust,
    /// A human found a released purchase delivered and charges it after all. Reference: the purchase's id.
    Recharge,
}

impl EntryKind {
    pub(crate) const fn as_str(self) -> &'static str {
        match self {
            Self::Hold => "hold",
            Self::Capture => "capture",
            Self::Release => "release",
            Self::Cost => "cost",
            Self::Credit => "credit",
            Self::Adjust => "adjust",
            Self::Recharge => "recharge",
        }
    }
}

/// An account of the books. Positive amounts are owed to users, or income; assets and expenses run negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Account {
    Available(UserId),
    Held(UserId),
    Sales,
    Adjustment,
    /// A bank account of the shop.
    Bank(i64),
    /// The shop's deposit at a gateway.
    Deposit(String),
    /// What a gateway has charged.
    Cost(String),
}

impl Account {
    fn name(&self) -> String {
        match self {
            Self::Available(_) => "available".into(),
            Self::Held(_) => "held".into(),
            Self::Sales => "sales".into(),
            Self::Adjustment => "adjustment".into(),
            Self::Bank(id) => format!("bank:{id}"),
            Self::Deposit(gateway) => format!("deposit:{gateway}"),
            Self::Cost(gateway) => format!("cost:{gateway}"),
        }
    }

    const fn user(&self) -> Option<UserId> {
        match self {
            Self::Available(user) | Self::Held(user) => Some(*user),
            _ => None,
        }
    }
}

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
    assert_balanced(entry.postings)?;
    let mut balances = BTreeMap::new();
    // A BTreeMap goes through the users by ascending id: two entries never wait for each other in a circle.
    for (user, change) in changes_by_user(entry.postings)? {
        balances.insert(user, move_balance(tx, user, change).await?);
    }
    let id = insert_entry(tx, &entry).await?;
    for (line, (account, amount)) in (1_i64..).zip(entry.postings) {
        let balance_after = match account {
            Account::Available(user) => balances.get(user).copied(),
            _ => None,
        };
        sql("INSERT INTO posting (entry_id, line, account, user_id, amount, balance_after) VALUES ($1, $2, $3, $4, $5, $6)")
            .bind(id)
            .bind(line)
            .bind(account.name())
            .bind(account.user())
            .bind(*amount)
            .bind(balance_after)
            .execute(&mut tx.conn)
            .await?;
    }
    Ok(Posted { balances })
}

#[derive(Clone, Copy, Default)]
struct Change {
    available: Rupiah,
    held: Rupiah,
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

fn changes_by_user(postings: &[(Account, Rupiah)]) -> Result<BTreeMap<UserId, Change>, Error> {
    let overflow = || Error::corrupt("an amount is out of range");
    let mut changes: BTreeMap<UserId, Change> = BTreeMap::new();
    for (account, amount) in postings {
        match account {
            Account::Available(user) => {
                let change = changes.entry(*user).or_default();
                change.available = change.available.checked_add(*amount).ok_or_else(overflow)?;
            }
            Account::Held(user) => {
                let change = changes.entry(*user).or_default();
                change.held = change.held.checked_add(*amount).ok_or_else(overflow)?;
            }
            _ => {}
        }
    }
    Ok(changes)
}

/// Changes a wallet when both balances stay at or above zero; the available balance after it.
async fn move_balance(tx: &mut Tx<'_>, user: UserId, change: Change) -> Result<Rupiah, Error> {
    let moved = sql("UPDATE wallet SET available = available + $1, held = held + $2 \
                     WHERE user_id = $3 AND available + $1 >= 0 AND held + $2 >= 0 RETURNING available")
    .bind(change.available)
    .bind(change.held)
    .bind(user)
    .optional(&mut tx.conn)
    .await?;
    if let Some(row) = moved {
        return row.rupiah("available");
    }
    let wallet =
        sql("SELECT available, held FROM wallet WHERE user_id = $1").bind(user).one(&mut tx.conn).await?;
    let after = wallet.rupiah("available")?.checked_add(change.available);
    match after.and_then(Rupiah::checked_neg) {
        Some(shortfall) if shortfall.is_positive() => Err(Refusal::BalanceTooLow { shortfall }.into()),
        _ => Err(Error::corrupt("a held balance would go below zero")),
    }
}

async fn insert_entry(tx: &mut Tx<'_>, entry: &NewEntry<'_>) -> Result<i64, Error> {
    let lines: Vec<(String, Option<i64>, i64)> = entry
        .postings
        .iter()
        .map(|(account, amount)| (account.name(), account.user().map(|user| user.0), amount.get()))
        .collect();
    let hash = content_hash(
        entry.kind.as_str(),
        entry.reference,
        entry.actor.map(|user| user.0),
        entry.memo,
        tx.now.0,
        &lines,
    );
    let row = sql("INSERT INTO entry (kind, reference, actor, memo, created_at, content_hash) \
                   VALUES ($1, $2, $3, $4, $5, $6) ON CONFLICT DO NOTHING RETURNING id")
    .bind(entry.kind.as_str())
    .bind(entry.reference)
    .bind(entry.actor)
    .bind(entry.memo)
    .bind(tx.now)
    .bind(hash)
    .optional(&mut tx.conn)
    .await?;
    row.ok_or_else(|| {
        Error::corrupt(format_args!("{} of {} was posted twice", entry.kind.as_str(), entry.reference))
    })?
    .int("id")
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
