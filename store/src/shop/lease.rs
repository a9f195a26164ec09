use crate::Store;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;

/// Takes (or keeps) the right to do a job that only one process should do at a time. Whether it was had.
pub struct TakeLease {
    /// The job.
    pub name: &'static str,
    /// The process that wants it ([`crate::Store::process`]).
    pub holder: String,
    /// For how long, in milliseconds. A process that dies keeps others waiting so long.
    pub for_ms: i64,
}

impl Operation for TakeLease {
    type Output = bool;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<bool, Error> {
        let taken =
            sql("INSERT INTO lease (name, holder, until) VALUES ($1, $2, $3) ON CONFLICT (name) DO UPDATE \
                         SET holder = $2, until = $3 WHERE lease.holder = $2 OR lease.until <= $4")
            .bind(self.name)
            .bind(&self.holder)
            .bind(tx.now.plus_ms(self.for_ms))
            .bind(tx.now)
            .execute(&mut tx.conn)
            .await?;
        Ok(taken == 1)
    }
}

/// Gives back what a process has taken, so that others (or its own successor) need not wait until it has run out.
pub struct GiveLeasesBack {
    /// The process that stops.
    pub holder: String,
}

impl Operation for GiveLeasesBack {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        sql("DELETE FROM lease WHERE holder = $1").bind(&self.holder).execute(&mut tx.conn).await.map(|_| ())
    }
}

impl Store {
    /// Whether a server works on this database: its sealer holds a lease while it runs, and for some seconds after.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn is_served(&self) -> Result<bool, Error> {
        let query = sql("SELECT name FROM lease WHERE name = 'seal' AND until > $1").bind(self.now());
        Ok(self.db().optional(query).await?.is_some())
    }
}
