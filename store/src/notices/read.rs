use std::collections::BTreeMap;

use domain::{Lang, NoticeChannel, NoticeKind, NoticeTrouble, UtcMillis};

use super::{ChannelSettings, NEWS_FOR_MS};
use crate::Store;
use crate::db::{Row, sql};
use crate::error::Error;

/// A channel as admins see it. Its secret is never read back.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeChannelState {
    /// How it is reached.
    pub settings: ChannelSettings,
    /// Whether a token or password is there.
    pub has_secret: bool,
    /// Whether it is used.
    pub active: bool,
    /// Who saves must have seen this one.
    pub revision: i64,
    /// When it last told something.
    pub sent_at: Option<UtcMillis>,
    /// Why the last message did not go out; `None` when it did.
    pub problem: Option<NoticeProblem>,
    /// When it is tried again.
    pub due_at: UtcMillis,
    /// Whether a test message is on its way.
    pub test_due: bool,
    /// What became of the last one.
    pub tested: Option<NoticeTest>,
    /// What waits to be told.
    pub waiting: i64,
    /// What could not be told, of the last 30 days.
    pub given_up: i64,
}

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeProblem {
    /// What is wrong.
    pub trouble: NoticeTrouble,
    /// The number that came with it, such as an HTTP status.
    pub code: Option<i64>,
}

/// A test message that was sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoticeTest {
    /// When.
    pub at: UtcMillis,
    /// Why it did not arrive; `None` when it did.
    pub problem: Option<NoticeProblem>,
}

/// What channels are told about, and how.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NoticeRules {
    /// Kind and channel of everything that is told.
    pub on: Vec<(NoticeKind, NoticeChannel)>,
    /// The templates that the operator wrote; of other kinds, the usual words are used.
    pub texts: BTreeMap<NoticeKind, String>,
    /// Of the usual words.
    pub lang: Lang,
}

impl Store {
    /// The channels that have been set up.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn notice_channels(&self) -> Result<Vec<NoticeChannelState>, Error> {
        let query = sql("SELECT c.settings, c.secret, c.active, c.revision, c.sent_at, c.trouble, c.trouble_code, c.due_at, \
                         c.test_due, c.tested_at, c.test_trouble, c.test_code, \
                         (SELECT COUNT(*) FROM notice n WHERE n.channel = c.name AND n.state = 'waiting' \
                         AND n.created_at > $1) AS waiting, \
                         (SELECT COUNT(*) FROM notice n WHERE n.channel = c.name AND n.state = 'failed') \
                         + (SELECT COUNT(*) FROM notice n WHERE n.channel = c.name AND n.state = 'waiting' \
                         AND n.created_at <= $1) AS given_up \
                         FROM notice_channel c ORDER BY c.name")
            .bind(self.now().plus_ms(-NEWS_FOR_MS));
        self.db().all(query).await?.iter().map(channel).collect()
    }

    /// What channels are told about, and how.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn notice_rules(&self) -> Result<NoticeRules, Error> {
        let on = self.db().all(sql("SELECT kind, channel FROM notice_rule ORDER BY kind, channel")).await?;
        let texts = self.db().all(sql("SELECT kind, text FROM notice_text")).await?;
        let lang = self.db().optional(sql("SELECT value FROM setting WHERE name = 'notice_lang'")).await?;
        Ok(NoticeRules {
            on: on
                .iter()
                .map(|row| Ok((row.word("kind")?, row.word("channel")?)))
                .collect::<Result<_, Error>>()?,
            texts: texts
                .iter()
                .map(|row| Ok((row.word("kind")?, row.text("text")?)))
                .collect::<Result<_, Error>>()?,
            lang: lang.map_or(Ok(Lang::default()), |row| row.word("value"))?,
        })
    }
}

fn channel(row: &Row) -> Result<NoticeChannelState, Error> {
    let problem = |word: &str, code: &str| -> Result<Option<NoticeProblem>, Error> {
        match row.opt_text(word)? {
            Some(_) => Ok(Some(NoticeProblem { trouble: row.word(word)?, code: row.opt_int(code)? })),
            None => Ok(None),
        }
    };
    let test = problem("test_trouble", "test_code")?;
    Ok(NoticeChannelState {
        settings: serde_json::from_str(&row.text("settings")?).map_err(Error::corrupt)?,
        has_secret: row.opt_bytes("secret")?.is_some(),
        active: row.bool("active")?,
        revision: row.int("revision")?,
        sent_at: row.opt_int("sent_at")?.map(UtcMillis),
        problem: problem("trouble", "trouble_code")?,
        due_at: row.time("due_at")?,
        test_due: row.bool("test_due")?,
        tested: row.opt_int("tested_at")?.map(|at| NoticeTest { at: UtcMillis(at), problem: test }),
        waiting: row.int("waiting")?,
        given_up: row.int("given_up")?,
    })
}
