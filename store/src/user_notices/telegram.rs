//! A user's own Telegram. The bot is never listened to: whoever wants its messages names their chat, is sent a code there,
//! and types it into the shop. So nobody can have somebody else's chat written to for more than a code.

use domain::{FieldCode, MINUTE_MS, MailKind, NoticeChannel, Refusal, UtcMillis};

use crate::Store;
use crate::crypto::hash_token;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::model::UserId;
use crate::notices::ChannelSettings;
use crate::outbox::{MailFacts, NewMail, post};

/// How long a code can be typed.
const CODE_FOR_MS: i64 = 10 * MINUTE_MS;
/// Codes have six digits.
const CODES: u64 = 1_000_000;
const CHAT_DIGITS_MOST: usize = 20;

/// How a user's Telegram stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TelegramLink {
    /// The shop's bot, without its `@`.
    pub bot: String,
    /// The chat that was shown to be theirs.
    pub chat: Option<String>,
    /// A chat that was sent a code.
    pub asked: Option<AskedChat>,
}

/// A chat that was sent a code.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedChat {
    /// Its number.
    pub chat: String,
    /// Until when the code can be typed.
    pub until: UtcMillis,
    /// The bot could not write there.
    pub undelivered: bool,
}

impl Store {
    /// How a user's Telegram stands; `None` where the shop has no bot for its users.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn telegram_link(&self, user: UserId) -> Result<Option<TelegramLink>, Error> {
        let query = sql("SELECT settings FROM notice_channel WHERE name = 'telegram' AND active = 1");
        let Some(row) = self.db().optional(query).await? else { return Ok(None) };
        let settings = serde_json::from_str(&row.text("settings")?).map_err(Error::corrupt)?;
        let bot = match settings {
            ChannelSettings::Telegram(settings) if !settings.bot.is_empty() => settings.bot,
            _ => return Ok(None),
        };
        let query = sql("SELECT t.chat, t.asked_chat, t.code_until, (SELECT o.state FROM outbox o WHERE o.user_id = t.user_id \
                         AND o.kind = 'telegram_code' ORDER BY o.id DESC LIMIT 1) AS sent \
                         FROM user_telegram t WHERE t.user_id = $1")
            .bind(user);
        let Some(row) = self.db().optional(query).await? else {
            return Ok(Some(TelegramLink { bot, chat: None, asked: None }));
        };
        let until = row.opt_int("code_until")?.map(UtcMillis).filter(|until| *until > self.now());
        let undelivered = row.opt_text("sent")?.as_deref() == Some("failed");
        let asked = row.opt_text("asked_chat")?.zip(until);
        let asked = asked.map(|(chat, until)| AskedChat { chat, until, undelivered });
        Ok(Some(TelegramLink { bot, chat: row.opt_text("chat")?, asked }))
    }
}

/// A user names their chat with the bot; the bot is to send a code there. A code from before stops working.
#[derive(Clone)]
pub struct AskTelegramCode {
    user: UserId,
    chat: String,
}

impl AskTelegramCode {
    /// For a chat as it was typed: digits. A group's or channel's is nobody's own.
    ///
    /// # Errors
    /// When it is none.
    pub fn new(user: UserId, typed: &str) -> Result<Self, Refusal> {
        let chat: String = typed.chars().filter(|c| !c.is_whitespace()).collect();
        let is_number = (1..=CHAT_DIGITS_MOST).contains(&chat.len())
            && chat.bytes().all(|byte| byte.is_ascii_digit())
            && !chat.starts_with('0');
        if is_number { Ok(Self { user, chat }) } else { Err(Refusal::field("chat", FieldCode::BadNumber)) }
    }

    /// The chat's number.
    #[must_use]
    pub fn chat(&self) -> &str {
        &self.chat
    }
}

impl Operation for AskTelegramCode {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let chat = self.chat.as_str();
        let code = format!("{:06}", tx.ambient.bits() % CODES);
        let until = tx.now.plus_ms(CODE_FOR_MS);
        let link = Some((code.as_str(), until));
        let facts = MailFacts::default();
        let kind = MailKind::TelegramCode;
        let mail = NewMail { user: Some(self.user), kind, address: chat, facts, link };
        if !post(tx, NoticeChannel::Telegram, mail, None).await? {
            return Err(Refusal::StateChanged.into());
        }
        sql(
            "INSERT INTO user_telegram (user_id, asked_chat, code_hash, code_until) VALUES ($1, $2, $3, $4) \
             ON CONFLICT (user_id) DO UPDATE SET asked_chat = $2, code_hash = $3, code_until = $4",
        )
        .bind(self.user)
        .bind(chat)
        .bind(code_hash(self.user, &code))
        .bind(until)
        .execute(&mut tx.conn)
        .await?;
        Ok(())
    }
}

/// A user types the code: the chat that it was sent to is theirs. A code works once.
#[derive(Clone)]
pub struct ProveTelegram {
    /// Who.
    pub user: UserId,
    /// What they typed: digits.
    pub code: String,
}

impl Operation for ProveTelegram {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let proven = sql("UPDATE user_telegram SET chat = asked_chat, asked_chat = NULL, code_hash = NULL, code_until = NULL \
                          WHERE user_id = $1 AND code_hash = $2 AND code_until > $3")
        .bind(self.user)
        .bind(code_hash(self.user, &self.code))
        .bind(tx.now)
        .execute(&mut tx.conn)
        .await?;
        if proven == 1 { Ok(()) } else { Err(Refusal::field("otp_secret", FieldCode::WrongCode).into()) }
    }
}

/// A user wants no messages by Telegram any more; what they had chosen stays for another chat.
#[derive(Clone, Copy, Debug)]
pub struct DropTelegram {
    /// Who.
    pub user: UserId,
}

impl Operation for DropTelegram {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        for text in [
            "DELETE FROM user_telegram WHERE user_id = $1",
            "DELETE FROM outbox WHERE user_id = $1 AND channel = 'telegram' AND state = 'waiting'",
        ] {
            sql(text).bind(self.user).execute(&mut tx.conn).await?;
        }
        Ok(())
    }
}

fn code_hash(user: UserId, code: &str) -> String {
    hash_token(&format!("telegram:{}:{code}", user.0))
}
