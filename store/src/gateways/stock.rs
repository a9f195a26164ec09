//! How many are left of packages whose gateway tells that only when asked for each.

use domain::MINUTE_MS;

use crate::db::{Operation, Tx, sql};
use crate::error::Error;

/// How often a stock is asked for.
const STOCK_EVERY_MS: i64 = 5 * MINUTE_MS;
/// Codes that are asked for in one turn.
const CODES_MOST: i64 = 200;

/// Takes the turn to ask for a gateway's stocks: the codes, of packages that are on sale.
#[derive(Clone, Debug)]
pub struct TakeStockTurn {
    /// Which gateway.
    pub gateway: String,
}

impl Operation for TakeStockTurn {
    type Output = Vec<String>;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<Vec<String>, Error> {
        sql("UPDATE gateway_state SET stock_due_at = $1 WHERE gateway = $2")
            .bind(tx.now.plus_ms(STOCK_EVERY_MS))
            .bind(&self.gateway)
            .execute(&mut tx.conn)
            .await?;
        let text = "SELECT o.sku FROM offer o WHERE o.gateway = $1 AND o.asks_stock = 1 AND (EXISTS (SELECT 1 FROM package p \
                    WHERE p.gateway = o.gateway AND p.sku = o.sku AND p.active = 1) OR EXISTS (SELECT 1 FROM package_method m \
                    JOIN package p ON p.id = m.package_id WHERE p.gateway = o.gateway AND m.sku = o.sku AND p.active = 1)) \
                    ORDER BY o.sku LIMIT $2";
        let rows = sql(text).bind(&self.gateway).bind(CODES_MOST).all(&mut tx.conn).await?;
        rows.iter().map(|row| row.text("sku")).collect()
    }
}

/// A gateway has told how many are left.
#[derive(Clone, Debug)]
pub struct NoteStock {
    /// Which gateway.
    pub gateway: String,
    /// The code.
    pub sku: String,
    /// How many; `None` for some, but it did not say how many.
    pub left: Option<i64>,
}

impl Operation for NoteStock {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        sql("UPDATE offer SET stock = $1, stock_at = $2 WHERE gateway = $3 AND sku = $4")
            .bind(self.left)
            .bind(tx.now)
            .bind(&self.gateway)
            .bind(&self.sku)
            .execute(&mut tx.conn)
            .await
            .map(|_| ())
    }
}
