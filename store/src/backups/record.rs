use domain::{AlarmKind, UtcMillis};

use crate::Store;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::gateways::{close_alarm, open_alarm};

/// What was done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum BackupRunKind {
    /// A backup was made.
    Backup,
    /// The newest backup was put back into a scratch database and checked.
    Test,
}

/// A file with the shop's data.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupCopy {
    /// Its whole path.
    pub file: String,
    /// How large it is.
    pub bytes: i64,
    /// Where it was copied to.
    pub offsite: Option<String>,
}

/// What a command did, and how it ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct BackupRun {
    /// What.
    pub kind: BackupRunKind,
    /// Whether the file is there, or the test passed.
    pub ok: bool,
    /// When it began.
    pub began_at: UtcMillis,
    /// When it ended.
    pub ended_at: UtcMillis,
    /// The file it was about; nothing when it did not come to that.
    pub copy: Option<BackupCopy>,
    /// What went wrong, in the command's words. A backup that is there, but was not copied elsewhere, has one too.
    pub problem: Option<String>,
}

/// Longest problem that is kept, in characters.
const PROBLEM_MOST_CHARS: usize = 500;

impl BackupRunKind {
    const fn as_str(self) -> &'static str {
        match self {
            Self::Backup => "backup",
            Self::Test => "test",
        }
    }

    /// The alarm of one that did not go well, and that of having had none for too long.
    const fn alarms(self) -> (AlarmKind, AlarmKind) {
        match self {
            Self::Backup => (AlarmKind::BackupFailed, AlarmKind::BackupOld),
            Self::Test => (AlarmKind::RestoreTestFailed, AlarmKind::RestoreTestOld),
        }
    }
}

/// Notes how a backup or a test of one ended. One that went well closes the alarms about those before.
#[derive(Clone, Debug)]
pub struct RecordBackupRun(pub BackupRun);

impl Operation for RecordBackupRun {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let BackupRun { kind, ok, began_at, ended_at, copy, problem } = &self.0;
        let problem: Option<String> =
            problem.as_ref().map(|text| text.chars().take(PROBLEM_MOST_CHARS).collect());
        sql("INSERT INTO backup_run (kind, ok, began_at, ended_at, file, bytes, offsite, problem) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8)")
        .bind(kind.as_str())
        .bind(*ok)
        .bind(*began_at)
        .bind(*ended_at)
        .bind(copy.as_ref().map(|copy| copy.file.as_str()))
        .bind(copy.as_ref().map(|copy| copy.bytes))
        .bind(copy.as_ref().and_then(|copy| copy.offsite.as_deref()))
        .bind(problem.as_deref())
        .execute(&mut tx.conn)
        .await?;
        let (failed, old) = kind.alarms();
        match &problem {
            Some(problem) => open_alarm(tx, failed, "", problem).await?,
            None => close_alarm(tx, failed, "").await?,
        }
        if *ok { close_alarm(tx, old, "").await } else { Ok(()) }
    }
}

impl Store {
    /// The newest runs of a kind.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn backup_runs(&self, kind: BackupRunKind, limit: i64) -> Result<Vec<BackupRun>, Error> {
        let query = sql(
            "SELECT ok, began_at, ended_at, file, bytes, offsite, problem FROM backup_run WHERE kind = $1 \
                         ORDER BY id DESC LIMIT $2",
        )
        .bind(kind.as_str())
        .bind(limit);
        self.db().all(query).await?.iter().map(|row| run_of(kind, row)).collect()
    }
}

fn run_of(kind: BackupRunKind, row: &Row) -> Result<BackupRun, Error> {
    let copy = match row.opt_text("file")? {
        Some(file) => Some(BackupCopy {
            file,
            bytes: row.opt_int("bytes")?.unwrap_or_default(),
            offsite: row.opt_text("offsite")?,
        }),
        None => None,
    };
    Ok(BackupRun {
        kind,
        ok: row.bool("ok")?,
        began_at: row.time("began_at")?,
        ended_at: row.time("ended_at")?,
        copy,
        problem: row.opt_text("problem")?,
    })
}
