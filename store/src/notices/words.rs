use domain::{Lang, NoticeChannel, NoticeKind, Refusal, Role, Template};

use crate::accounts::require_role;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::UserId;
use crate::news::News;

/// Says what each channel is told about, and in which language.
#[derive(Clone, Debug)]
pub struct SaveNoticeRules {
    /// Who.
    pub admin: UserId,
    /// All of it: what is not here is not told.
    pub on: Vec<(NoticeKind, NoticeChannel)>,
    /// Of the usual words.
    pub lang: Lang,
}

impl Operation for SaveNoticeRules {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        // Makes those who save take turns.
        sql("UPDATE meta SET value = value WHERE name = 'notice_turn'").execute(&mut tx.conn).await?;
        sql("DELETE FROM notice_rule").execute(&mut tx.conn).await?;
        for (kind, channel) in &self.on {
            // A channel that is not set up has no rules.
            sql(
                "INSERT INTO notice_rule (kind, channel) SELECT $1, name FROM notice_channel WHERE name = $2 \
                 ON CONFLICT DO NOTHING",
            )
            .bind(kind.as_str())
            .bind(channel.as_str())
            .execute(&mut tx.conn)
            .await?;
        }
        sql("INSERT INTO setting (name, value, updated_by, updated_at) VALUES ('notice_lang', $1, $2, $3) \
             ON CONFLICT (name) DO UPDATE SET value = $1, updated_by = $2, updated_at = $3")
        .bind(self.lang.as_str())
        .bind(self.admin)
        .bind(tx.now)
        .execute(&mut tx.conn)
        .await?;
        let on: Vec<_> =
            self.on.iter().map(|(kind, channel)| format!("{}:{}", channel.as_str(), kind.as_str())).collect();
        let detail = format!("{} {}", self.lang.as_str(), on.join(" "));
        audit(tx, Some(self.admin), "save_notice_rules", "setting:notices", &detail).await
    }
}

/// Sets the words of one kind of message.
#[derive(Clone, Debug)]
pub struct SaveNoticeText {
    /// Who.
    pub admin: UserId,
    /// Of which kind.
    pub kind: NoticeKind,
    /// The template; empty for the usual words.
    pub text: String,
}

impl Operation for SaveNoticeText {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let kind = self.kind.as_str();
        if self.text.trim().is_empty() {
            sql("DELETE FROM notice_text WHERE kind = $1").bind(kind).execute(&mut tx.conn).await?;
        } else {
            Template::parse(self.kind, &self.text).map_err(|code| Refusal::field("text", code))?;
            sql("INSERT INTO notice_text (kind, text) VALUES ($1, $2) ON CONFLICT (kind) DO UPDATE SET text = $2")
                .bind(kind)
                .bind(&self.text)
                .execute(&mut tx.conn)
                .await?;
        }
        audit(tx, Some(self.admin), "save_notice_text", &format!("notice_text:{kind}"), &self.text).await
    }
}

/// An admin wants to see a message arrive. A worker sends it; used or not, the channel must have been set up.
#[derive(Clone, Debug)]
pub struct TestNoticeChannel {
    /// Who.
    pub admin: UserId,
    /// Which.
    pub channel: NoticeChannel,
}

impl Operation for TestNoticeChannel {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let wanted = sql("UPDATE notice_channel SET test_due = 1 WHERE name = $1")
            .bind(self.channel.as_str())
            .execute(&mut tx.conn)
            .await?;
        if wanted == 0 {
            return Err(Refusal::NotFound.into());
        }
        tx.news.push(News::Notices);
        Ok(())
    }
}
