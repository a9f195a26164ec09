//! Live status: a stream of server-sent events for one purchase or top-up. Each message is the word of its state.
//!
//! A stream is woken by the store's news, and looks every few seconds anyway, because news are a hint and not a promise.

use std::convert::Infallible;
use std::time::Duration;

use axum::Extension;
use axum::extract::{Path, State};
use axum::response::sse::{Event, KeepAlive, Sse};
use axum::response::{IntoResponse, Response};
use domain::{PublicId, Refusal, UserState};
use futures_util::stream;
use http::{HeaderMap, StatusCode};
use store::{Error, News, User, UserId, Viewer};
use tokio::sync::OwnedSemaphorePermit;
use tokio::sync::broadcast::Receiver;
use tokio::sync::broadcast::error::RecvError;
use tokio::time::Instant;

use super::shares::Share;
use super::{Web, answers, identity};

/// Open streams of one process. Each is a connection and a few hundred bytes.
pub const MOST_STREAMS: usize = 4_096;
/// Open streams of one user: a few tabs on a few devices.
pub const MOST_STREAMS_EACH: usize = 8;
/// When somebody with too many should ask again.
const RETRY_AFTER_S: i64 = 10;
/// How long a change can stay unseen when its news got lost.
const LOOK_EVERY: Duration = Duration::from_secs(4);
/// After this the browser connects again, and is looked at again: it may have signed out.
const LONGEST: Duration = Duration::from_secs(600);
const KEEP_ALIVE: Duration = Duration::from_secs(15);

/// What a stream is about.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Subject {
    Purchase(PublicId),
    Topup(PublicId),
    /// Signing a number in.
    Otp(PublicId),
    /// A number that is signed in.
    Number(PublicId),
    /// Whether somebody waits for an answer of a gateway.
    Gateways,
    /// Whether somebody waits for an answer of a payment gateway.
    Payments,
    /// Whether somebody waits for a test message.
    Notices,
}

/// What a stream may see: everything for an admin, but numbers only of the one whose pages are read.
#[derive(Clone, Copy)]
struct Eyes {
    viewer: Viewer,
    reader: UserId,
}

/// One open stream.
struct Watch {
    web: Web,
    subject: Subject,
    user: User,
    eyes: Eyes,
    /// The view in which an admin sees it as somebody else.
    viewing: Option<String>,
    news: Receiver<News>,
    told: Option<&'static str>,
    ends_at: Instant,
    /// Kept for as long as the stream is open.
    _slot: OwnedSemaphorePermit,
    _share: Share,
}

/// `GET /events/purchases/{id}`.
pub async fn purchase(
    State(web): State<Web>,
    Extension(session): Extension<app::Session>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    open(web, &session, &headers, id.parse().ok().map(Subject::Purchase)).await
}

/// `GET /events/topups/{id}`.
pub async fn topup(
    State(web): State<Web>,
    Extension(session): Extension<app::Session>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    open(web, &session, &headers, id.parse().ok().map(Subject::Topup)).await
}

/// `GET /events/otp/{id}`.
pub async fn otp(
    State(web): State<Web>,
    Extension(session): Extension<app::Session>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    open(web, &session, &headers, id.parse().ok().map(Subject::Otp)).await
}

/// `GET /events/numbers/{id}`.
pub async fn number(
    State(web): State<Web>,
    Extension(session): Extension<app::Session>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    open(web, &session, &headers, id.parse().ok().map(Subject::Number)).await
}

/// `GET /events/gateways`.
pub async fn gateways(
    State(web): State<Web>,
    Extension(session): Extension<app::Session>,
    headers: HeaderMap,
) -> Response {
    open(web, &session, &headers, Some(Subject::Gateways)).await
}

/// `GET /events/payments`.
pub async fn payments(
    State(web): State<Web>,
    Extension(session): Extension<app::Session>,
    headers: HeaderMap,
) -> Response {
    open(web, &session, &headers, Some(Subject::Payments)).await
}

/// `GET /events/notifications`.
pub async fn notices(
    State(web): State<Web>,
    Extension(session): Extension<app::Session>,
    headers: HeaderMap,
) -> Response {
    open(web, &session, &headers, Some(Subject::Notices)).await
}

/// For its owner and for admins. Others learn nothing, not even that it exists.
async fn open(web: Web, session: &app::Session, headers: &HeaderMap, subject: Option<Subject>) -> Response {
    let (Some(user), Some(reader), Some(viewer)) =
        (session.signed_in(), session.reader(), identity::viewer(session))
    else {
        return answers::refused(headers, &Refusal::SignInNeeded);
    };
    let Some(subject) = subject else {
        return answers::refused(headers, &Refusal::NotFound);
    };
    let Some(share) = web.streams_each.take(user.id) else {
        return answers::refused(headers, &Refusal::TooManyTries { retry_after_s: RETRY_AFTER_S });
    };
    let Ok(slot) = web.streams.clone().try_acquire_owned() else {
        return StatusCode::SERVICE_UNAVAILABLE.into_response();
    };
    let (user, eyes) = (user.clone(), Eyes { viewer, reader: reader.id });
    let viewing = session.viewing().map(|viewing| viewing.id.clone());
    // Before the first look, so that nothing can change unseen between the two.
    let news = web.store.news();
    match state(&web, &subject, eyes).await {
        Ok(_) => {}
        Err(Error::Refused(refusal)) => return answers::refused(headers, &refusal),
        Err(error) => return identity::fault(&error),
    }
    let ends_at = Instant::now() + LONGEST;
    let watch =
        Watch { web, subject, user, eyes, viewing, news, told: None, ends_at, _slot: slot, _share: share };
    Sse::new(stream::unfold(watch, next)).keep_alive(KeepAlive::new().interval(KEEP_ALIVE)).into_response()
}

/// The next message, or `None` when the stream ends: on shutdown, after its time, or when it may no longer be seen.
async fn next(mut watch: Watch) -> Option<(Result<Event, Infallible>, Watch)> {
    loop {
        let word = match watch.look().await {
            Ok(word) => word,
            Err(Error::Refused(_)) => return None,
            Err(error) => {
                tracing::warn!(%error, "a live status could not be read");
                return None;
            }
        };
        if watch.told != Some(word) {
            watch.told = Some(word);
            return Some((Ok(Event::default().data(word)), watch));
        }
        if !watch.wait().await {
            return None;
        }
    }
}

impl Watch {
    /// The word of the state, for as long as the user is who they were when the stream began: one who was suspended, got
    /// another role or ended their sessions connects again, and is looked at again.
    async fn look(&self) -> Result<&'static str, Error> {
        let now = self.web.store.user(self.user.id).await?;
        let same = now.is_some_and(|now| {
            now.state == UserState::Active
                && now.role == self.user.role
                && now.auth_epoch == self.user.auth_epoch
        });
        if !same {
            return Err(Refusal::SignInNeeded.into());
        }
        if let Some(id) = &self.viewing
            && self.web.store.viewing(id, self.user.id).await?.is_none()
        {
            return Err(Refusal::SignInNeeded.into());
        }
        state(&self.web, &self.subject, self.eyes).await
    }

    /// Waits until it is worth looking again; `false` when the stream should end.
    async fn wait(&mut self) -> bool {
        let look_at = Instant::now() + LOOK_EVERY;
        loop {
            tokio::select! {
                () = self.web.shutdown.cancelled() => return false,
                () = tokio::time::sleep_until(self.ends_at) => return false,
                () = tokio::time::sleep_until(look_at) => return true,
                news = self.news.recv() => match news {
                    Ok(news) if self.subject.is_meant(&news) => return true,
                    Ok(_) => {}
                    // Some were missed; the one may be among them.
                    Err(RecvError::Lagged(_)) => return true,
                    Err(RecvError::Closed) => return false,
                },
            }
        }
    }
}

impl Subject {
    fn is_meant(&self, news: &News) -> bool {
        match (self, news) {
            (Self::Purchase(id), News::Purchase(changed)) | (Self::Topup(id), News::Topup(changed)) => {
                id == changed
            }
            (Self::Otp(id) | Self::Number(id), News::XlAccount(changed)) => id == changed,
            (Self::Gateways | Self::Payments, News::Gateways) | (Self::Notices, News::Notices) => true,
            _ => false,
        }
    }
}

async fn state(web: &Web, subject: &Subject, eyes: Eyes) -> Result<&'static str, Error> {
    let Eyes { viewer, reader } = eyes;
    match subject {
        Subject::Otp(id) => Ok(web.store.otp_state(reader, id).await?.step.as_str()),
        // Also an end that needs a new sign-in.
        Subject::Number(id) => {
            Ok(if web.store.xl_account(reader, id).await?.quota_due { "due" } else { "idle" })
        }
        Subject::Purchase(id) => Ok(web.store.purchase(id, viewer).await?.purchase.state.as_str()),
        Subject::Topup(id) => Ok(web.store.topup(id, viewer).await?.state.as_str()),
        Subject::Gateways if viewer == Viewer::Admin => {
            let states = web.store.gateway_states().await?;
            let due = states.iter().any(|state| state.deposit_due || state.offers_due);
            Ok(if due { "due" } else { "idle" })
        }
        Subject::Payments if viewer == Viewer::Admin => {
            Ok(if web.store.pay_answers_due().await? { "due" } else { "idle" })
        }
        Subject::Notices if viewer == Viewer::Admin => {
            let due = web.store.notice_channels().await?.iter().any(|channel| channel.test_due);
            Ok(if due { "due" } else { "idle" })
        }
        Subject::Gateways | Subject::Payments | Subject::Notices => Err(Refusal::NotFound.into()),
    }
}
