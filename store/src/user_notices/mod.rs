//! What users are told about their own accounts. A notice is written in the transaction of what it tells of ([`note`]), so
//! that nothing is lost and nothing invented; it stands behind the bell until it is read, and goes on by mail or Telegram
//! (`crate::outbox`) where its user wants that.

mod choices;
mod mark;
mod note;
mod read;
mod telegram;

pub use choices::{SaveUserNoticeChoices, UserNoticeChoices};
pub(crate) use mark::sweep_user_notices;
pub use mark::{ReadUserNotice, ReadUserNotices};
pub(crate) use note::{NewUserNotice, note, note_of_purchase};
pub(crate) use read::user_notice;
pub use read::{UNREAD_SHOWN_MOST, UserNotice, UserNoticeAbout};
pub use telegram::{AskTelegramCode, AskedChat, DropTelegram, ProveTelegram, TelegramLink};
