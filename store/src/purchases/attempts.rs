use domain::{AttemptState, PublicId, Rupiah, UtcMillis};

use crate::Store;
use crate::db::sql;
use crate::error::Error;

/// One try to have a purchase delivered, as a human needs it to look it up at the gateway.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttemptFacts {
    /// Its number within the purchase.
    pub n: i64,
    /// By which gateway.
    pub gateway: String,
    /// Our reference there.
    pub client_ref: String,
    /// The gateway's own number, once it told one.
    pub provider_id: Option<String>,
    /// Where it stands.
    pub state: AttemptState,
    /// What the gateway charged, less what it gave back.
    pub cost: Option<Rupiah>,
    /// When it was made.
    pub at: UtcMillis,
}

/// There are never so many.
const LIST_MOST: i64 = 50;

impl Store {
    /// The attempts of a purchase, oldest first.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn attempts_of(&self, purchase: &PublicId) -> Result<Vec<AttemptFacts>, Error> {
        let query = sql("SELECT a.n, a.gateway, a.client_ref, a.provider_id, a.state, \
                         a.cost - COALESCE(a.refunded, 0) AS cost, a.created_at FROM attempt a \
                         JOIN purchase p ON p.id = a.purchase_id WHERE p.public_id = $1 ORDER BY a.n LIMIT $2")
            .bind(purchase)
            .bind(LIST_MOST);
        let rows = self.db().all(query).await?;
        rows.iter()
            .map(|row| {
                Ok(AttemptFacts {
                    n: row.int("n")?,
                    gateway: row.text("gateway")?,
                    client_ref: row.text("client_ref")?,
                    provider_id: row.opt_text("provider_id")?,
                    state: row.word("state")?,
                    cost: row.opt_int("cost")?.map(Rupiah::new),
                    at: row.time("created_at")?,
                })
            })
            .collect()
    }
}
