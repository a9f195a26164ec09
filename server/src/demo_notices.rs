//! The demo's notifications: a simulated Telegram and a simulated mail server in this process.

use domain::{Lang, NoticeChannel, NoticeKind};
use simulator::{RunningMail, RunningSimulator};
use store::{
    ChannelSettings, EmailSettings, MailSecurity, SaveNoticeChannel, SaveNoticeRules, Store,
    TelegramSettings, User,
};

use crate::commands::Failure;

/// As the simulator has them. No secrets: it listens on this machine only.
const BOT_TOKEN: &str = "110201543:simulated-bot";
const CHAT: &str = "-1001";
const BOT: &str = "toko_melati_bot";
const MAIL_USERNAME: &str = "toko";
const MAIL_PASSWORD: &str = "simulated-mail";

/// Sets both channels up, once, and follows the simulator's ports, which are others at each start. What somebody has set up
/// elsewhere is left alone.
///
/// # Errors
/// Faults of the database.
pub(crate) async fn ensure(
    store: &Store,
    admin: &User,
    simulator: &RunningSimulator,
    mail: &RunningMail,
) -> Result<(), Failure> {
    let telegram =
        TelegramSettings { base_url: simulator.telegram_url(), chat: CHAT.to_owned(), bot: BOT.to_owned() };
    let email = EmailSettings {
        host: mail.address().ip().to_string(),
        port: mail.address().port(),
        security: MailSecurity::None,
        username: MAIL_USERNAME.to_owned(),
        from: "toko@contoh.id".to_owned(),
        to: "bos@contoh.id".to_owned(),
    };
    let known = store.notice_channels().await?;
    for (settings, secret) in
        [(ChannelSettings::Telegram(telegram), BOT_TOKEN), (ChannelSettings::Email(email), MAIL_PASSWORD)]
    {
        let before = known.iter().find(|state| state.settings.channel() == settings.channel());
        if before.is_some_and(|state| !is_simulated(&state.settings)) {
            continue;
        }
        let (seen, active) = before.map_or((0, true), |state| (state.revision, state.active));
        let secret = secret.to_owned();
        store.run(SaveNoticeChannel { admin: admin.id, seen, settings, secret, active }).await?;
    }
    if known.is_empty() {
        let telegram = NoticeKind::ALL.iter().map(|kind| (*kind, NoticeChannel::Telegram));
        let mail = NoticeKind::ALL.iter().filter(|kind| **kind != NoticeKind::PurchaseDelivered);
        let on = telegram.chain(mail.map(|kind| (*kind, NoticeChannel::Email))).collect();
        store.run(SaveNoticeRules { admin: admin.id, on, lang: Lang::default() }).await?;
    }
    Ok(())
}

/// Whether a channel leads to a simulator of this machine, as the demo set it up.
fn is_simulated(settings: &ChannelSettings) -> bool {
    match settings {
        ChannelSettings::Telegram(settings) => settings.base_url.starts_with("http://127.0.0.1:"),
        ChannelSettings::Email(settings) => settings.host == "127.0.0.1",
    }
}
