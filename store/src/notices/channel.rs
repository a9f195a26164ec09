use std::fmt;

use domain::{FieldCode, NoticeChannel, Refusal, Role};
use serde::{Deserialize, Serialize};

use crate::accounts::require_role;
use crate::crypto::seal;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::gateways::close_alarm;
use crate::ledger::audit;
use crate::model::UserId;
use crate::news::News;

/// How a channel is reached, but for its secret. Checked before it comes here.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ChannelSettings {
    /// A bot that writes into a chat.
    Telegram(TelegramSettings),
    /// Mail by SMTP.
    Email(EmailSettings),
}

/// Where a bot writes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TelegramSettings {
    /// Where the Bot API is: `https://api.telegram.org`.
    pub base_url: String,
    /// The chat's id, or `@name` of a channel.
    pub chat: String,
    /// The bot's own name without `@`, for users who want its messages; empty where it is the operator's alone.
    #[serde(default)]
    pub bot: String,
}

/// How mail is handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EmailSettings {
    /// The mail server.
    pub host: String,
    /// Its port.
    pub port: u16,
    /// How the connection is kept from being read.
    pub security: MailSecurity,
    /// Who signs in there; empty for nobody.
    pub username: String,
    /// Who the mails are from.
    pub from: String,
    /// Who gets them.
    pub to: String,
}

/// How a connection to a mail server is kept from being read.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum MailSecurity {
    /// TLS from the first byte.
    Tls,
    /// TLS after STARTTLS, and nothing without it.
    StartTls,
    /// None: on the same machine only.
    None,
}

impl MailSecurity {
    /// Every value, in the order in which people should see them.
    pub const ALL: &[Self] = &[Self::Tls, Self::StartTls, Self::None];

    /// The written form.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Tls => "tls",
            Self::StartTls => "start_tls",
            Self::None => "none",
        }
    }
}

impl std::str::FromStr for MailSecurity {
    type Err = FieldCode;

    fn from_str(word: &str) -> Result<Self, FieldCode> {
        Self::ALL.iter().copied().find(|security| security.as_str() == word).ok_or(FieldCode::NotAChoice)
    }
}

impl ChannelSettings {
    /// Which channel.
    #[must_use]
    pub const fn channel(&self) -> NoticeChannel {
        match self {
            Self::Telegram(_) => NoticeChannel::Telegram,
            Self::Email(_) => NoticeChannel::Email,
        }
    }

    /// Whose secret it is that is kept. When this changes, so must the secret: or whoever sits at an admin's desk could
    /// have the stored one sent elsewhere.
    fn account(&self) -> (&str, u16, &str) {
        match self {
            Self::Telegram(settings) => (&settings.base_url, 0, ""),
            Self::Email(settings) => (&settings.host, settings.port, &settings.username),
        }
    }

    /// A bot is its token; a mail server on the same machine may ask for none.
    fn needs_secret(&self) -> bool {
        match self {
            Self::Telegram(_) => true,
            Self::Email(settings) => !settings.username.is_empty(),
        }
    }
}

/// Sets up a channel, or changes it.
#[derive(Clone)]
pub struct SaveNoticeChannel {
    /// Who.
    pub admin: UserId,
    /// The revision that the admin saw; 0 for a channel that was not set up.
    pub seen: i64,
    /// How it is reached.
    pub settings: ChannelSettings,
    /// The token or password; empty to keep the one that is there.
    pub secret: String,
    /// Whether it is used.
    pub active: bool,
}

/// Without the secret.
impl fmt::Debug for SaveNoticeChannel {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SaveNoticeChannel").field("settings", &self.settings).finish_non_exhaustive()
    }
}

impl Operation for SaveNoticeChannel {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let channel = self.settings.channel();
        let keeps_secret = self.keeps_secret(tx, channel).await?;
        if !keeps_secret && self.secret.is_empty() && self.settings.needs_secret() {
            return Err(Refusal::field("secret", FieldCode::Required).into());
        }
        let secret = (!self.secret.is_empty())
            .then(|| seal(tx.key, tx.ambient, &place(channel), &self.secret))
            .transpose()?;
        // What the message before met with says nothing about the new settings: it is tried at once. A message that is
        // being sent this moment is not waited for, and may come twice.
        let saved = sql("INSERT INTO notice_channel (name, active, settings, secret, revision, updated_by, updated_at, due_at, \
                         lease_token, lease_until, tries, test_due) \
                         SELECT $1, $2, $3, $4, 1, $6, $7, 0, 0, 0, 0, 0 WHERE CAST($5 AS BIGINT) = 0 OR EXISTS \
                         (SELECT 1 FROM notice_channel WHERE name = $1) \
                         ON CONFLICT (name) DO UPDATE SET active = $2, settings = $3, \
                         secret = CASE WHEN CAST($8 AS BIGINT) = 1 THEN COALESCE($4, notice_channel.secret) ELSE $4 END, \
                         revision = notice_channel.revision + 1, updated_by = $6, updated_at = $7, due_at = 0, \
                         lease_token = notice_channel.lease_token + 1, lease_until = 0, tries = 0, failing_since = NULL, \
                         trouble = NULL, trouble_code = NULL, tested_at = NULL, test_trouble = NULL \
                         WHERE notice_channel.revision = $5")
            .bind(channel.as_str())
            .bind(self.active)
            .bind(serde_json::to_string(&self.settings).map_err(Error::corrupt)?)
            .bind(secret)
            .bind(self.seen)
            .bind(self.admin)
            .bind(tx.now)
            .bind(keeps_secret)
            .execute(&mut tx.conn)
            .await?;
        if saved != 1 {
            return Err(Refusal::StateChanged.into());
        }
        close_alarm(tx, domain::AlarmKind::NoticesFail, channel.as_str()).await?;
        tx.news.push(News::Notices);
        let (server, _, username) = self.settings.account();
        let new_secret = !self.secret.is_empty();
        let detail = format!("{server} {username} active={} new_secret={new_secret}", self.active);
        let object = format!("notice_channel:{}", channel.as_str());
        audit(tx, Some(self.admin), "save_notice_channel", &object, &detail).await
    }
}

impl SaveNoticeChannel {
    /// Whether the secret that is there is still that of this account.
    async fn keeps_secret(&self, tx: &mut Tx<'_>, channel: NoticeChannel) -> Result<bool, Error> {
        let row = sql("SELECT settings, secret FROM notice_channel WHERE name = $1")
            .bind(channel.as_str())
            .optional(&mut tx.conn)
            .await?;
        let Some(row) = row else { return Ok(false) };
        let before: ChannelSettings = serde_json::from_str(&row.text("settings")?).map_err(Error::corrupt)?;
        Ok(row.opt_bytes("secret")?.is_some() && before.account() == self.settings.account())
    }
}

/// Where the secret stands.
pub(super) fn place(channel: NoticeChannel) -> String {
    format!("notice_channel:{}:secret", channel.as_str())
}
