//! The bell: notices that are read, and where else they go.

use domain::{FieldCode, HOUR_MS, NoticeChannel, Refusal, UserNoticeKind};
use leptos::prelude::*;
use leptos_axum::redirect;

use super::sessions::note_try;
use crate::context::{current_user, use_store};
use crate::error::AppError;
use crate::pages::user_notices::{CHOICES, LIST};
use crate::user_notices::page;

/// Codes sent for one user, and to one chat, in an hour: nobody can have a stranger flooded.
const CODES_SENT: i64 = 5;
/// Codes typed in an hour.
const CODES_TYPED: i64 = 10;
const CODE_DIGITS: usize = 6;

/// Opens a notice: it is read, and the browser goes on to what it is about.
#[server(prefix = "/api", endpoint = "open_notice")]
pub async fn open_notice(notice: String) -> Result<(), AppError> {
    let user = current_user()?;
    let notice = notice.parse().map_err(|_| Refusal::NotFound)?;
    let notice = use_store()?.run(store::ReadUserNotice { user: user.id, notice }).await?;
    redirect(&page(&notice));
    Ok(())
}

/// Marks all as read that had come when the page was shown.
#[server(prefix = "/api", endpoint = "read_notices")]
pub async fn read_notices(up_to: String) -> Result<(), AppError> {
    let user = current_user()?;
    let up_to = up_to.parse().map_err(|_| Refusal::NotFound)?;
    let (store, read) = (use_store()?, store::ReadUserNotices { user: user.id, up_to });
    while store.run(read.clone()).await? {}
    redirect(LIST);
    Ok(())
}

/// Keeps what the user wants to be told of by one channel.
#[server(prefix = "/api", endpoint = "save_notice_choices")]
pub async fn save_notice_choices(
    channel: String,
    delivered: Option<String>,
    failed: Option<String>,
    credited: Option<String>,
    new_device: Option<String>,
) -> Result<(), AppError> {
    let user = current_user()?;
    let channel: NoticeChannel = channel.parse().map_err(|_| AppError::Transport)?;
    let wanted = UserNoticeKind::ALL.iter().copied().filter(|kind| match kind {
        UserNoticeKind::Delivered => delivered.is_some(),
        UserNoticeKind::Failed => failed.is_some(),
        UserNoticeKind::Credited => credited.is_some(),
        UserNoticeKind::NewDevice => new_device.is_some(),
    });
    let wanted = wanted.collect();
    use_store()?.run(store::SaveUserNoticeChoices { user: user.id, channel, wanted }).await?;
    redirect(&format!("{CHOICES}?done=saved"));
    Ok(())
}

/// Has the shop's bot send a code to the chat that the user names.
#[server(prefix = "/api", endpoint = "ask_telegram_code")]
pub async fn ask_telegram_code(chat: String) -> Result<(), AppError> {
    let user = current_user()?;
    let store = use_store()?;
    if store.telegram_link(user.id).await?.is_none() {
        return Err(Refusal::NotFound.into());
    }
    let ask = store::AskTelegramCode::new(user.id, &chat)?;
    note_try(format!("telegram_code:{}", user.id.0), CODES_SENT, HOUR_MS).await?;
    note_try(format!("telegram_chat:{}", ask.chat()), CODES_SENT, HOUR_MS).await?;
    store.run(ask).await?;
    redirect(&format!("{CHOICES}#telegram"));
    Ok(())
}

/// Takes the code that the bot has sent. The name of its field keeps it out of drafts.
#[server(prefix = "/api", endpoint = "prove_telegram")]
pub async fn prove_telegram(otp_secret: String) -> Result<(), AppError> {
    let user = current_user()?;
    let code: String = otp_secret.chars().filter(|c| !c.is_whitespace()).collect();
    if code.len() != CODE_DIGITS || !code.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(Refusal::field("otp_secret", FieldCode::WrongCode).into());
    }
    note_try(format!("telegram_prove:{}", user.id.0), CODES_TYPED, HOUR_MS).await?;
    use_store()?.run(store::ProveTelegram { user: user.id, code }).await?;
    redirect(&format!("{CHOICES}?done=saved#telegram"));
    Ok(())
}

/// Ends the messages by Telegram.
#[server(prefix = "/api", endpoint = "drop_telegram")]
pub async fn drop_telegram() -> Result<(), AppError> {
    let user = current_user()?;
    use_store()?.run(store::DropTelegram { user: user.id }).await?;
    redirect(&format!("{CHOICES}?done=saved"));
    Ok(())
}
