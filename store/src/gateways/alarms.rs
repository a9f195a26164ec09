use domain::{AlarmKind, NoticeKind, Refusal, Role, UtcMillis};

use crate::Store;
use crate::accounts::require_role;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::UserId;
use crate::notices::{Told, tell};

/// An alarm that is open.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Alarm {
    /// For closing it.
    pub id: i64,
    /// What it is.
    pub kind: AlarmKind,
    /// What it is about: a gateway's name, or the public id of a package or purchase.
    pub object: String,
    /// Facts, such as an amount in rupiah.
    pub detail: String,
    /// Since when.
    pub opened_at: UtcMillis,
}

/// Most alarms on one page. More than these is trouble of another kind.
const LIST_MOST: i64 = 100;

/// Opens an alarm, unless it is open already.
pub(crate) async fn open_alarm(
    tx: &mut Tx<'_>,
    kind: AlarmKind,
    object: &str,
    detail: &str,
) -> Result<(), Error> {
    let fresh = sql("INSERT INTO alarm (kind, object, detail, opened_at) VALUES ($1, $2, $3, $4) \
                     ON CONFLICT (kind, object) WHERE closed_at IS NULL DO NOTHING RETURNING id")
    .bind(kind.as_str())
    .bind(object)
    .bind(detail)
    .bind(tx.now)
    .optional(&mut tx.conn)
    .await?;
    let Some(fresh) = fresh else { return Ok(()) };
    tracing::error!(kind = kind.as_str(), object, detail, "alarm");
    let notice = if kind == AlarmKind::DepositLow { NoticeKind::DepositLow } else { NoticeKind::Alarm };
    // A channel that fails cannot say so itself.
    let but = if kind == AlarmKind::NoticesFail { object } else { "" };
    tell(tx, Told { kind: notice, object: fresh.int("id")?, detail: "", but }).await
}

/// Closes an alarm whose cause is gone.
pub(crate) async fn close_alarm(tx: &mut Tx<'_>, kind: AlarmKind, object: &str) -> Result<(), Error> {
    sql("UPDATE alarm SET closed_at = $1 WHERE kind = $2 AND object = $3 AND closed_at IS NULL")
        .bind(tx.now)
        .bind(kind.as_str())
        .bind(object)
        .execute(&mut tx.conn)
        .await
        .map(|_| ())
}

/// A human has seen to it.
#[derive(Clone, Debug)]
pub struct CloseAlarm {
    /// Who.
    pub admin: UserId,
    /// Which.
    pub id: i64,
}

impl Operation for CloseAlarm {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        // Differences of a deposit are closed with a reason, and a restoration with a promise, on their own pages.
        let closed = sql("UPDATE alarm SET closed_at = $1, closed_by = $2 \
                          WHERE id = $3 AND closed_at IS NULL AND kind NOT IN ($4, $5) RETURNING kind, object")
        .bind(tx.now)
        .bind(self.admin)
        .bind(self.id)
        .bind(AlarmKind::CostsDiffer.as_str())
        .bind(AlarmKind::Restored.as_str())
        .optional(&mut tx.conn)
        .await?;
        let Some(row) = closed else {
            return Err(Refusal::StateChanged.into());
        };
        let detail = format!("{} {}", row.text("kind")?, row.text("object")?);
        audit(tx, Some(self.admin), "close_alarm", &format!("alarm:{}", self.id), &detail).await
    }
}

impl Store {
    /// The open alarms, newest first.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn alarms(&self) -> Result<Vec<Alarm>, Error> {
        let query = sql("SELECT id, kind, object, detail, opened_at FROM alarm WHERE closed_at IS NULL \
                         ORDER BY id DESC LIMIT $1")
        .bind(LIST_MOST);
        let rows = self.db().all(query).await?;
        // A newer version, gone back from, may have opened alarms that this one has no words for.
        let is_known = |row: &&Row| row.text("kind").is_ok_and(|word| word.parse::<AlarmKind>().is_ok());
        rows.iter()
            .filter(is_known)
            .map(|row| {
                Ok(Alarm {
                    id: row.int("id")?,
                    kind: row.word("kind")?,
                    object: row.text("object")?,
                    detail: row.text("detail")?,
                    opened_at: row.time("opened_at")?,
                })
            })
            .collect()
    }
}
