use std::collections::BTreeMap;

use domain::{NoticeChannel, UserNoticeKind};

use crate::Store;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::model::UserId;

/// What a user wants to be told of by which channel.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UserNoticeChoices(BTreeMap<(UserNoticeKind, NoticeChannel), bool>);

impl UserNoticeChoices {
    /// Whether they want this kind by this channel.
    #[must_use]
    pub fn wants(&self, kind: UserNoticeKind, channel: NoticeChannel) -> bool {
        self.0.get(&(kind, channel)).copied().unwrap_or_else(|| kind.is_usual_by(channel))
    }
}

impl Store {
    /// What a user wants to be told of by which channel.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn user_notice_choices(&self, user: UserId) -> Result<UserNoticeChoices, Error> {
        let query = sql("SELECT kind, channel, wanted FROM user_notice_choice WHERE user_id = $1").bind(user);
        let rows = self.db().all(query).await?;
        let choice = |row: &crate::db::Row| {
            // What another version knows besides is left alone.
            let key = row.word("kind").ok().zip(row.word("channel").ok());
            Ok::<_, Error>(key.zip(Some(row.bool("wanted")?)))
        };
        let choices = rows.iter().map(choice).collect::<Result<Vec<_>, Error>>()?;
        Ok(UserNoticeChoices(choices.into_iter().flatten().collect()))
    }
}

/// A user says what they want to be told of by one channel.
#[derive(Clone, Debug)]
pub struct SaveUserNoticeChoices {
    /// Who.
    pub user: UserId,
    /// By which.
    pub channel: NoticeChannel,
    /// All of it: what is not here is not wanted.
    pub wanted: Vec<UserNoticeKind>,
}

impl Operation for SaveUserNoticeChoices {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        for kind in UserNoticeKind::ALL {
            sql("INSERT INTO user_notice_choice (user_id, kind, channel, wanted) VALUES ($1, $2, $3, $4) \
                 ON CONFLICT (user_id, kind, channel) DO UPDATE SET wanted = $4")
            .bind(self.user)
            .bind(kind.as_str())
            .bind(self.channel.as_str())
            .bind(self.wanted.contains(kind))
            .execute(&mut tx.conn)
            .await?;
        }
        Ok(())
    }
}
