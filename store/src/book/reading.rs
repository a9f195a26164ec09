use domain::{AlarmKind, DepositDayState, Rupiah, UtcMillis};

use super::compare::{Compared, Known, Unbooked, compare};
use super::mark::closed_day;
use super::{BOOK_DAYS, LedgerMark, OpenOrders};
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::gateways::{close_alarm, open_alarm};

/// Keeps the first reading of a deposit after midnight and compares it with the one before.
///
/// An operation of its own, after the deposit was noted: what it needs was read before and after the gateway was asked,
/// and a reading that gets lost in between is asked for again a minute later, as the day is still open. No lease: of two
/// processes that bring a reading for one day, the first one's is kept.
#[derive(Clone, Debug)]
pub struct KeepReading {
    /// Our books right before the gateway was asked.
    pub mark: LedgerMark,
    /// What was under way then and since.
    pub open: OpenOrders,
    /// What the gateway told.
    pub deposit: Rupiah,
}

impl Operation for KeepReading {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let mark = &self.mark;
        lock(tx, &mark.gateway).await?;
        let day = closed_day(mark.asked_at);
        let fresh =
            sql("INSERT INTO deposit_day (gateway, day, account, asked_at, deposit, costs_total, refunds_total, open_back, \
                 open_charge, fundings, costs, refunds, difference, explained_low, explained_high, unexplained, \
                 unbooked_low, unbooked_high, state) \
                 SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9, 0, 0, 0, 0, 0, 0, 0, 0, 0, $10 \
                 WHERE NOT EXISTS (SELECT 1 FROM deposit_day WHERE gateway = $1 AND day >= $2)")
            .bind(&mark.gateway)
            .bind(day)
            .bind(&mark.account)
            .bind(mark.asked_at)
            .bind(self.deposit)
            .bind(mark.costs_total)
            .bind(mark.refunds_total)
            .bind(self.open.back)
            .bind(self.open.charge)
            .bind(DepositDayState::Base.as_str())
            .execute(&mut tx.conn)
            .await?;
        if fresh == 1 { compare_since(tx, &mark.gateway, day).await } else { Ok(()) }
    }
}

/// Makes readings and fundings of one gateway wait for each other.
pub(super) async fn lock(tx: &mut Tx<'_>, gateway: &str) -> Result<(), Error> {
    crate::gateways::ensure_state(tx, gateway).await?;
    sql("UPDATE gateway_state SET gateway = gateway WHERE gateway = $1")
        .bind(gateway)
        .execute(&mut tx.conn)
        .await
        .map(|_| ())
}

/// Compares anew every row that this day is in or that comes after, as each goes on from the one before.
pub(super) async fn compare_since(tx: &mut Tx<'_>, gateway: &str, day: UtcMillis) -> Result<(), Error> {
    let rows = sql("SELECT day, account, deposit, costs_total, refunds_total, open_back, open_charge, unbooked_low, \
                    unbooked_high, settled_amount, (SELECT CAST(COALESCE(SUM(f.amount), 0) AS BIGINT) FROM funding f \
                    WHERE f.gateway = d.gateway AND f.day <= d.day AND f.day > COALESCE((SELECT MAX(b.day) \
                    FROM deposit_day b WHERE b.gateway = d.gateway AND b.day < d.day), d.day)) AS paid_in \
                    FROM deposit_day d WHERE d.gateway = $1 AND d.day >= COALESCE((SELECT MAX(b.day) FROM deposit_day b \
                    WHERE b.gateway = $1 AND b.day < $2), $2) ORDER BY d.day LIMIT $3")
        .bind(gateway)
        .bind(day)
        // The row before, and the open day's.
        .bind(BOOK_DAYS + 2)
        .all(&mut tx.conn)
        .await?;
    let mut before: Option<(String, Known, Unbooked)> = None;
    for row in &rows {
        let (now, account) = (known(row)?, row.text("account")?);
        let unbooked = if row.time("day")? < day {
            Unbooked { low: row.rupiah("unbooked_low")?, high: row.rupiah("unbooked_high")? }
        } else {
            let same = before.as_ref().filter(|(of, ..)| *of == account);
            let fundings = row.rupiah("paid_in")?;
            let compared = compare(same.map(|(_, known, unbooked)| (*known, *unbooked)), now, fundings)?;
            keep(tx, gateway, row, fundings, &compared).await?;
            compared.unbooked
        };
        before = Some((account, now, unbooked));
    }
    sync_alarm(tx, gateway).await
}

fn known(row: &Row) -> Result<Known, Error> {
    Ok(Known {
        deposit: row.rupiah("deposit")?,
        costs_total: row.rupiah("costs_total")?,
        refunds_total: row.rupiah("refunds_total")?,
        open_back: row.rupiah("open_back")?,
        open_charge: row.rupiah("open_charge")?,
    })
}

async fn keep(
    tx: &mut Tx<'_>,
    gateway: &str,
    row: &Row,
    fundings: Rupiah,
    compared: &Compared,
) -> Result<(), Error> {
    // What a human has explained is explained only as long as it is the same amount.
    let is_settled = row.opt_int("settled_amount")? == Some(compared.unexplained.get());
    let state = match compared.state {
        DepositDayState::Differs if is_settled => DepositDayState::Settled,
        state => state,
    };
    sql("UPDATE deposit_day SET started = $1, fundings = $2, costs = $3, refunds = $4, difference = $5, \
         explained_low = $6, explained_high = $7, unexplained = $8, unbooked_low = $9, unbooked_high = $10, state = $11 \
         WHERE gateway = $12 AND day = $13")
    .bind(compared.started)
    .bind(fundings)
    .bind(compared.costs)
    .bind(compared.refunds)
    .bind(compared.difference)
    .bind(compared.explained.0)
    .bind(compared.explained.1)
    .bind(compared.unexplained)
    .bind(compared.unbooked.low)
    .bind(compared.unbooked.high)
    .bind(state.as_str())
    .bind(gateway)
    .bind(row.time("day")?)
    .execute(&mut tx.conn)
    .await
    .map(|_| ())
}

/// The alarm is about the latest day that differs, with the amount, and is closed when there is none. Another amount is
/// news, and is told.
pub(super) async fn sync_alarm(tx: &mut Tx<'_>, gateway: &str) -> Result<(), Error> {
    let kind = AlarmKind::CostsDiffer;
    let differs = sql(
        "SELECT unexplained FROM deposit_day WHERE gateway = $1 AND state = $2 ORDER BY day DESC LIMIT 1",
    )
    .bind(gateway)
    .bind(DepositDayState::Differs.as_str())
    .optional(&mut tx.conn)
    .await?;
    let Some(row) = differs else { return close_alarm(tx, kind, gateway).await };
    let amount = row.rupiah("unexplained")?;
    let detail = if amount.is_positive() { format!("+{amount}") } else { amount.to_string() };
    let same =
        sql("SELECT id FROM alarm WHERE kind = $1 AND object = $2 AND detail = $3 AND closed_at IS NULL")
            .bind(kind.as_str())
            .bind(gateway)
            .bind(&detail)
            .optional(&mut tx.conn)
            .await?;
    if same.is_none() {
        close_alarm(tx, kind, gateway).await?;
        open_alarm(tx, kind, gateway, &detail).await?;
    }
    Ok(())
}
