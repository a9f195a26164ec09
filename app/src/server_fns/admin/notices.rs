//! What the operator is told: channels, rules, words.

use domain::{Email, FieldCode, Fields, Lang, NoticeChannel, NoticeKind, Refusal, Template};
use leptos::prelude::*;
use leptos_axum::redirect;
use serde::{Deserialize, Serialize};
use store::{ChannelSettings, EmailSettings, MailSecurity, SaveNoticeChannel, TelegramSettings};

use super::gateways::service_address;
use super::{confirmed_admin, filled, short, whole};
use crate::context::{require_admin, use_store};
use crate::error::AppError;
use crate::i18n::T;
use crate::server_fns::{AllTaken, all};

const TEXT_MOST_CHARS: usize = 200;
const CHAT_MOST_CHARS: usize = 64;
const PORTS: std::ops::RangeInclusive<i64> = 1..=65_535;
const SAVED: &str = "/admin/notifications?done=saved";

/// A bot as it is typed.
#[derive(Clone, Serialize, Deserialize)]
pub struct TelegramForm {
    /// 0 for one that was not set up.
    seen: String,
    chat: String,
    #[serde(default)]
    bot: String,
    /// The token. Named so that it is never kept in a draft.
    secret: String,
    base_url: String,
    active: Option<String>,
}

/// A mail server as it is typed.
#[derive(Clone, Serialize, Deserialize)]
pub struct EmailForm {
    /// 0 for one that was not set up.
    seen: String,
    host: String,
    port: String,
    security: String,
    username: String,
    /// The password. Named so that it is never kept in a draft.
    secret: String,
    from: String,
    to: String,
    active: Option<String>,
}

/// Sets up the bot.
#[server(prefix = "/api", endpoint = "save_telegram")]
pub async fn save_telegram(#[server(flatten)] form: TelegramForm) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let mut fields = Fields::new();
    let typed = (
        fields.take("base_url", service_address(&form.base_url)),
        fields.take("chat", chat(&form.chat)),
        fields.take("bot", bot(&form.bot)),
        fields.take("secret", short(&form.secret, TEXT_MOST_CHARS)),
    );
    let (base_url, chat, bot, secret) = all(fields, typed)?;
    let settings = ChannelSettings::Telegram(TelegramSettings { base_url, chat, bot });
    let active = form.active.is_some();
    let seen = form.seen.parse().map_err(|_| Refusal::StateChanged)?;
    let save = SaveNoticeChannel { admin: admin.id, seen, settings, secret, active };
    use_store()?.run(save).await?;
    redirect(SAVED);
    Ok(())
}

/// Sets up the mail server.
#[server(prefix = "/api", endpoint = "save_email")]
pub async fn save_email(#[server(flatten)] form: EmailForm) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let mut fields = Fields::new();
    let server = (
        fields.take("host", host(&form.host)),
        fields.take("port", whole(&form.port, PORTS)),
        fields.take("security", form.security.parse::<MailSecurity>()),
    );
    if let (Some(host), _, Some(MailSecurity::None)) = &server
        && !is_this_machine(host)
    {
        fields.note("security", FieldCode::LocalOnly);
    }
    let mails = (
        fields.take("username", short(&form.username, TEXT_MOST_CHARS)),
        // Spaces may belong to a password.
        fields.take("secret", short(&form.secret, TEXT_MOST_CHARS).map(|_| form.secret.clone())),
        fields.take("from", form.from.parse::<Email>()),
        fields.take("to", form.to.parse::<Email>()),
    );
    let ((host, port, security), (username, secret, from, to)) =
        all(fields, (server.taken(), mails.taken()))?;
    let settings = ChannelSettings::Email(EmailSettings {
        host,
        port: u16::try_from(port).map_err(|_| AppError::Transport)?,
        security,
        username,
        from: from.as_str().to_owned(),
        to: to.as_str().to_owned(),
    });
    let active = form.active.is_some();
    let seen = form.seen.parse().map_err(|_| Refusal::StateChanged)?;
    let save = SaveNoticeChannel { admin: admin.id, seen, settings, secret, active };
    use_store()?.run(save).await?;
    redirect(SAVED);
    Ok(())
}

/// Has a test message sent.
#[server(prefix = "/api", endpoint = "test_notices")]
pub async fn test_notices(channel: String) -> Result<(), AppError> {
    let admin = require_admin()?;
    let channel = channel.parse().map_err(|_| AppError::Transport)?;
    use_store()?.run(store::TestNoticeChannel { admin: admin.id, channel }).await?;
    redirect("/admin/notifications");
    Ok(())
}

/// Says what each channel is told about.
#[server(prefix = "/api", endpoint = "save_notice_rules")]
pub async fn save_notice_rules(on: Option<Vec<String>>, lang: String) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let lang: Lang = lang.parse().map_err(|_| AppError::Transport)?;
    let on = on.unwrap_or_default().iter().map(|rule| read_rule(rule)).collect::<Result<_, _>>()?;
    use_store()?.run(store::SaveNoticeRules { admin: admin.id, on, lang }).await?;
    redirect(SAVED);
    Ok(())
}

/// Sets the words of one kind of message; the usual ones, or none, are not kept, so that they follow the language.
#[server(prefix = "/api", endpoint = "save_notice_text")]
pub async fn save_notice_text(kind: String, text: String) -> Result<(), AppError> {
    let admin = confirmed_admin().await?;
    let kind: NoticeKind = kind.parse().map_err(|_| AppError::Transport)?;
    let text = text.replace("\r\n", "\n").trim().to_owned();
    if !text.is_empty() {
        Template::parse(kind, &text).map_err(|code| Refusal::field("text", code))?;
    }
    let usual = Lang::ALL.iter().any(|lang| T(*lang).usual_notice(kind) == text);
    let text = if usual { String::new() } else { text };
    use_store()?.run(store::SaveNoticeText { admin: admin.id, kind, text }).await?;
    redirect(SAVED);
    Ok(())
}

/// A rule as a box sends it: `telegram:purchase_failed`.
pub(crate) fn rule(kind: NoticeKind, channel: NoticeChannel) -> String {
    format!("{}:{}", channel.as_str(), kind.as_str())
}

fn read_rule(word: &str) -> Result<(NoticeKind, NoticeChannel), AppError> {
    let (channel, kind) = word.split_once(':').ok_or(AppError::Transport)?;
    let kind = kind.parse().map_err(|_| AppError::Transport)?;
    Ok((kind, channel.parse().map_err(|_| AppError::Transport)?))
}

/// A chat's number, or `@name`.
fn chat(typed: &str) -> Result<String, FieldCode> {
    let typed = filled(typed, CHAT_MOST_CHARS)?;
    let number = typed.strip_prefix('-').unwrap_or(&typed);
    let is_number = !number.is_empty() && number.chars().all(|c| c.is_ascii_digit());
    let name = typed.strip_prefix('@').unwrap_or_default();
    let is_name = !name.is_empty() && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_number || is_name { Ok(typed) } else { Err(FieldCode::NotAChoice) }
}

/// A bot's name, with or without its `@`; none where users are not to have its messages.
fn bot(typed: &str) -> Result<String, FieldCode> {
    let name = short(typed, CHAT_MOST_CHARS)?;
    let name = name.strip_prefix('@').unwrap_or(&name);
    let is_name = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_');
    if is_name { Ok(name.to_owned()) } else { Err(FieldCode::NotAChoice) }
}

/// The name or address of a server, and nothing else.
fn host(typed: &str) -> Result<String, FieldCode> {
    let typed = filled(typed, TEXT_MOST_CHARS)?;
    let is_name = typed.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '.' | '-'));
    if is_name || typed.parse::<std::net::IpAddr>().is_ok() { Ok(typed) } else { Err(FieldCode::BadHost) }
}

fn is_this_machine(host: &str) -> bool {
    host == "localhost" || host.parse::<std::net::IpAddr>().is_ok_and(|ip| ip.is_loopback())
}

/// Without the token.
impl std::fmt::Debug for TelegramForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("TelegramForm").field("chat", &self.chat).finish_non_exhaustive()
    }
}

/// Without the password.
impl std::fmt::Debug for EmailForm {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("EmailForm").field("host", &self.host).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn chats_and_hosts() {
        for typed in ["-1001234567890", "42", "@toko_melati", " @a1 "] {
            assert_eq!(chat(typed), Ok(typed.trim().to_owned()));
        }
        for typed in ["-", "@", "toko", "@a b", "1 2", "https://t.me/toko"] {
            assert_eq!(chat(typed), Err(FieldCode::NotAChoice), "{typed}");
        }
        for typed in ["mail.contoh.id", "localhost", "10.0.0.1", "::1"] {
            assert_eq!(host(typed), Ok(typed.to_owned()));
        }
        for typed in ["smtp://mail.contoh.id", "mail:25", "a@b", "a b"] {
            assert_eq!(host(typed), Err(FieldCode::BadHost), "{typed}");
        }
    }

    #[test]
    fn rules_read_back() {
        for kind in NoticeKind::ALL {
            for channel in NoticeChannel::ALL {
                assert_eq!(read_rule(&rule(*kind, *channel)).unwrap(), (*kind, *channel));
            }
        }
        assert!(read_rule("telegram").is_err() && read_rule("fax:alarm").is_err());
    }
}
