//! Tells the operator what has happened: takes what waits in the database, a channel at a time, sends it as one message,
//! and writes down what became of it. Nothing else waits for it: a channel that hangs holds up only itself.

use std::future::Future;
use std::time::Duration;

use app::notices::{NoticeMessage, NoticeWords};
use notify::{Failure, Mail, MailConfig, MailCredentials, Message, Sender, Telegram, TelegramConfig};
use store::{
    ChannelSettings, ClaimNotices, EmailSettings, Error, MailSecurity, News, NoticeAccess, NoticeFailure,
    NoticeJob, NoticeOutcome, NoticeTask, RecordNotices, Store,
};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::wait_for;

/// A text for people is no longer than this, whichever way it goes.
const TEXT_MOST_UNITS: usize = Telegram::TEXT_MOST_UNITS;

/// What differs between a shop and a test.
#[derive(Clone, Debug)]
pub struct TellerConfig {
    /// What links in messages begin with, without a slash at the end.
    pub public_url: String,
    /// How long one message may take.
    pub send_within: Duration,
}

impl TellerConfig {
    /// The usual time.
    #[must_use]
    pub const fn new(public_url: String) -> Self {
        Self { public_url, send_within: MailConfig::TOTAL_TIMEOUT }
    }
}

/// Starts telling; the future ends when the messages under way are sent and recorded.
pub fn start(
    store: Store,
    config: TellerConfig,
    shutdown: CancellationToken,
) -> impl Future<Output = ()> + Send {
    let tasks = TaskTracker::new();
    let teller = Teller { store, config };
    tasks.spawn(run(teller, tasks.clone(), shutdown.clone()));
    async move {
        shutdown.cancelled().await;
        tasks.close();
        tasks.wait().await;
    }
}

#[derive(Clone)]
struct Teller {
    store: Store,
    config: TellerConfig,
}

async fn run(teller: Teller, tasks: TaskTracker, shutdown: CancellationToken) {
    let mut news = teller.store.news();
    while wait_for(&shutdown, &mut news, |item| *item == News::Notices).await {
        match teller.store.run(ClaimNotices).await {
            Ok(jobs) => {
                // A channel has one job at a time, so there are never more than there are channels.
                for job in jobs {
                    let teller = teller.clone();
                    tasks.spawn(async move { teller.work(job).await });
                }
            }
            Err(error) => tracing::error!(%error, "what is to be told could not be claimed"),
        }
    }
}

impl Teller {
    #[tracing::instrument(skip_all, fields(channel = job.access.settings.channel().as_str()))]
    async fn work(&self, job: NoticeJob) {
        let (channel, token) = (job.access.settings.channel(), job.token);
        let outcome = match self.tell(job).await {
            Ok(outcome) => outcome,
            Err(error) => {
                // The lease runs out, and it is claimed again.
                tracing::error!(%error, "a message to the operator could not be written");
                return;
            }
        };
        match self.store.run(RecordNotices { channel, token, outcome }).await {
            Ok(true) => {}
            Ok(false) => {
                tracing::warn!("another worker has taken over, or the settings changed: it may come twice")
            }
            Err(error) => {
                tracing::error!(%error, "what became of a message to the operator could not be recorded")
            }
        }
    }

    async fn tell(&self, job: NoticeJob) -> Result<NoticeOutcome, Error> {
        let words = NoticeWords {
            rules: self.store.notice_rules().await?,
            shop: self.store.settings().title.clone(),
            public_url: self.config.public_url.clone(),
        };
        match job.task {
            NoticeTask::Test => Ok(NoticeOutcome::Tested(self.send(&job.access, words.test()).await)),
            NoticeTask::News(news) => {
                let Some(message) = words.message(&news, TEXT_MOST_UNITS) else {
                    // What waited could not be read; there is nothing to send.
                    return Ok(NoticeOutcome::Sent { last: 0 });
                };
                let last = message.last;
                Ok(match self.send(&job.access, message).await {
                    Ok(()) => NoticeOutcome::Sent { last },
                    Err(failure) => NoticeOutcome::Failed { last, failure },
                })
            }
        }
    }

    /// A sender of its own for each message: there is one in three seconds at most, and it always has the settings of now.
    async fn send(&self, access: &NoticeAccess, message: NoticeMessage) -> Result<(), NoticeFailure> {
        let message = Message { subject: message.subject, text: message.text };
        let sent = match sender(access, self.config.send_within) {
            Ok((sender, to)) => sender.send(to, &message).await,
            Err(failure) => Err(failure),
        };
        sent.map_err(|failure| {
            tracing::warn!(%failure, "a message to the operator did not go out");
            failure_of(&failure)
        })
    }
}

/// A failure as the store keeps it.
pub(super) fn failure_of(failure: &Failure) -> NoticeFailure {
    NoticeFailure {
        trouble: failure.trouble,
        code: failure.code.map(i64::from),
        wait_ms: failure.wait.map_or(0, |wait| i64::try_from(wait.as_millis()).unwrap_or(i64::MAX)),
    }
}

/// How to send, and to whom.
pub(super) fn sender(access: &NoticeAccess, within: Duration) -> Result<(Sender, &str), Failure> {
    match &access.settings {
        ChannelSettings::Telegram(settings) => {
            let usual = TelegramConfig::new(&settings.base_url, &access.secret);
            let total_timeout = usual.total_timeout.min(within);
            let telegram = Telegram::new(&TelegramConfig { total_timeout, ..usual })?;
            Ok((Sender::Telegram(telegram), &settings.chat))
        }
        ChannelSettings::Email(settings) => {
            Ok((Sender::Mail(Mail::new(mail_config(settings, &access.secret, within))?), &settings.to))
        }
    }
}

fn mail_config(settings: &EmailSettings, password: &str, within: Duration) -> MailConfig {
    let username = settings.username.clone();
    MailConfig {
        host: settings.host.clone(),
        port: settings.port,
        security: match settings.security {
            MailSecurity::Tls => notify::MailSecurity::Tls,
            MailSecurity::StartTls => notify::MailSecurity::StartTls,
            MailSecurity::None => notify::MailSecurity::None,
        },
        credentials: (!username.is_empty())
            .then(|| MailCredentials { username, password: password.to_owned() }),
        from: settings.from.clone(),
        total_timeout: within,
    }
}
