use super::CURSOR;
use super::sum::Sums;
use crate::crash;
use crate::db::{Operation, Tx, Value, insert_rows, sql};
use crate::error::Error;

/// Adds what blocks of sealed entries sum up to, and moves the cursor behind them. Whether it was still at `from`: else
/// another server has added them, and nothing is changed.
#[derive(Clone, Debug)]
pub struct AddToRollups {
    pub(super) from: i64,
    pub(super) to: i64,
    pub(super) sums: Sums,
}

impl Operation for AddToRollups {
    type Output = bool;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        let moved = sql("UPDATE meta SET value = $1 WHERE name = $2 AND value = $3")
            .bind(self.to.to_string())
            .bind(CURSOR)
            .bind(self.from.to_string())
            .execute(&mut tx.conn)
            .await?;
        if moved == 0 {
            return Ok(false);
        }
        self.add_days(tx).await?;
        crash::point("roll-up-half-added");
        self.add_parts(tx).await?;
        Ok(true)
    }
}

impl AddToRollups {
    async fn add_days(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let rows: Vec<[Value; 16]> =
            self.sums.days.iter().map(|(day, figures)| with_keys([*day], figures.values())).collect();
        insert_rows(
            &mut tx.conn,
            "INSERT INTO rollup_day AS r (day, placed, delivered, failed, sales, cost, fees, payer_fees, topups, topup_count, \
             corrections, returned, balances, debts, deliver_ms, timed)",
            &rows,
            " ON CONFLICT (day) DO UPDATE SET placed = r.placed + excluded.placed, \
             delivered = r.delivered + excluded.delivered, failed = r.failed + excluded.failed, \
             sales = r.sales + excluded.sales, cost = r.cost + excluded.cost, fees = r.fees + excluded.fees, \
             payer_fees = r.payer_fees + excluded.payer_fees, topups = r.topups + excluded.topups, \
             topup_count = r.topup_count + excluded.topup_count, corrections = r.corrections + excluded.corrections, \
             returned = r.returned + excluded.returned, balances = r.balances + excluded.balances, \
             debts = r.debts + excluded.debts, deliver_ms = r.deliver_ms + excluded.deliver_ms, \
             timed = r.timed + excluded.timed",
        )
        .await
        .map(|_| ())
    }

    async fn add_parts(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let packages = self.sums.packages.iter();
        let packages: Vec<[Value; 6]> =
            packages.map(|((day, package), sold)| with_keys([*day, *package], sold.values())).collect();
        insert_rows(
            &mut tx.conn,
            "INSERT INTO rollup_package AS r (day, package_id, delivered, failed, sales, cost)",
            &packages,
            " ON CONFLICT (day, package_id) DO UPDATE SET delivered = r.delivered + excluded.delivered, \
             failed = r.failed + excluded.failed, sales = r.sales + excluded.sales, cost = r.cost + excluded.cost",
        )
        .await?;
        let gateways = self.sums.gateways.iter();
        let gateways: Vec<[Value; 6]> = gateways
            .map(|((day, gateway), sold)| {
                let keys = [Value::from(*day), Value::from(gateway)];
                with_keys(keys, sold.values())
            })
            .collect();
        insert_rows(
            &mut tx.conn,
            "INSERT INTO rollup_gateway AS r (day, gateway, delivered, failed, sales, cost)",
            &gateways,
            " ON CONFLICT (day, gateway) DO UPDATE SET delivered = r.delivered + excluded.delivered, \
             failed = r.failed + excluded.failed, sales = r.sales + excluded.sales, cost = r.cost + excluded.cost",
        )
        .await?;
        let speeds = self.sums.speeds.iter();
        let speeds: Vec<[Value; 3]> =
            speeds.map(|((day, up_to), purchases)| with_keys([*day, *up_to], [*purchases])).collect();
        insert_rows(
            &mut tx.conn,
            "INSERT INTO rollup_speed AS r (day, up_to_ms, purchases)",
            &speeds,
            " ON CONFLICT (day, up_to_ms) DO UPDATE SET purchases = r.purchases + excluded.purchases",
        )
        .await
        .map(|_| ())
    }
}

/// A row: its keys, then its sums. `ROW` is the number of both.
fn with_keys<const KEYS: usize, const SUMS: usize, const ROW: usize>(
    keys: [impl Into<Value>; KEYS],
    sums: [i64; SUMS],
) -> [Value; ROW] {
    let mut cells = keys.into_iter().map(Into::into).chain(sums.into_iter().map(Value::from));
    // A type cannot say that ROW is KEYS + SUMS; a row too short would be refused by its column's NOT NULL.
    std::array::from_fn(|_| cells.next().unwrap_or(Value::Int(None)))
}
