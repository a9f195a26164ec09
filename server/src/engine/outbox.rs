//! Sends mails and Telegram messages to users: takes what waits in the database, a few at a time, hands each in at the
//! operator's mail server or bot, and writes down what became of it. Each is on its own: one that hangs holds up no other, and
//! neither channel the other.

use std::future::Future;
use std::sync::Arc;

use app::mails::MailWords;
use domain::NoticeChannel;
use notify::Message;
use store::{ClaimMails, MailJob, News, RecordMail, Store};
use tokio::sync::Semaphore;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::notices::{TellerConfig, failure_of, sender};
use super::wait_for;

/// Messages handed in at a time by one channel. Mail servers do not like many connections from one place.
const SLOTS: usize = 4;

/// Starts sending; the future ends when the mails under way are sent and recorded.
pub fn start(
    store: Store,
    config: TellerConfig,
    shutdown: CancellationToken,
) -> impl Future<Output = ()> + Send {
    let tasks = TaskTracker::new();
    let postman = Postman { store, config };
    for channel in [NoticeChannel::Email, NoticeChannel::Telegram] {
        tasks.spawn(run(postman.clone(), channel, tasks.clone(), shutdown.clone()));
    }
    async move {
        shutdown.cancelled().await;
        tasks.close();
        tasks.wait().await;
    }
}

#[derive(Clone)]
struct Postman {
    store: Store,
    config: TellerConfig,
}

async fn run(postman: Postman, channel: NoticeChannel, tasks: TaskTracker, shutdown: CancellationToken) {
    let slots = Arc::new(Semaphore::new(SLOTS));
    let mut news = postman.store.news();
    while wait_for(&shutdown, &mut news, |item| *item == News::Mail).await {
        let limit = i64::try_from(slots.available_permits()).unwrap_or_default();
        if limit == 0 {
            continue;
        }
        match postman.store.run(ClaimMails { channel, limit }).await {
            Ok(jobs) => {
                for job in jobs {
                    // Nobody else takes any, so there are as many as were counted.
                    let slot = Arc::clone(&slots).acquire_owned().await;
                    let postman = postman.clone();
                    tasks.spawn(async move {
                        postman.work(job).await;
                        drop(slot);
                    });
                }
            }
            Err(error) => tracing::error!(%error, "mails to users could not be claimed"),
        }
    }
}

impl Postman {
    #[tracing::instrument(skip_all, fields(mail = job.id, kind = job.kind.as_str()))]
    async fn work(&self, job: MailJob) {
        let outcome = self.send(&job).await.map_err(|failure| {
            tracing::warn!(%failure, "a mail to a user did not go out");
            failure_of(&failure)
        });
        match self.store.run(RecordMail { id: job.id, token: job.token, outcome }).await {
            Ok(true) => {}
            Ok(false) => tracing::warn!("another worker has taken over: the mail may come twice"),
            Err(error) => tracing::error!(%error, "what became of a mail to a user could not be recorded"),
        }
    }

    async fn send(&self, job: &MailJob) -> Result<(), notify::Failure> {
        let words = MailWords {
            shop: self.store.settings().title.clone(),
            public_url: self.config.public_url.clone(),
        };
        let message = words.message(job);
        // The channel's own receiver is the operator.
        let (sender, _) = sender(&job.access, self.config.send_within)?;
        sender.send(&job.address, &Message { subject: message.subject, text: message.text }).await
    }
}
