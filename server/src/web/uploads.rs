//! The proof of a transfer: a picture that the buyer may hand in, for the admins' eyes and their own.

use axum::Extension;
use axum::body::Body;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Path, Request, State};
use axum::response::{IntoResponse, Response};
use domain::{FieldCode, PublicId, Refusal};
use futures_util::StreamExt;
use http::header::{
    CACHE_CONTROL, CONTENT_DISPOSITION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE,
};
use http::{HeaderMap, StatusCode};
use store::{Error, SubmitProof, User, Viewer};
use tokio::sync::OwnedSemaphorePermit;

use super::back::Back;
use super::shares::Share;
use super::{Web, answers, forms, identity, picture};

/// The largest picture taken. Phones make some of 5 MB.
pub const PICTURE_MOST_BYTES: usize = 8 * 1024 * 1024;
/// The picture and the little that stands around it.
pub const BODY_MOST_BYTES: usize = PICTURE_MOST_BYTES + 64 * 1024;
/// How much of a body that is too large is read and thrown away, so that the browser gets to read the answer. One that
/// is larger still finds the connection closed.
const DRAINED_MOST_BYTES: usize = 64 * 1024 * 1024;
/// The form's field.
const FIELD: &str = "proof";
/// Pictures that are drawn anew at the same time: each may take some 200 MB.
pub const MOST_DRAWN_AT_ONCE: usize = 2;
/// Bodies that are held in memory at the same time. More than are drawn, so that two slow lines do not keep everyone out.
pub const MOST_RECEIVED_AT_ONCE: usize = 16;
/// The same for one user.
pub const MOST_RECEIVED_EACH: usize = 2;
/// When somebody who has as many under way should try again.
const RETRY_AFTER_S: i64 = 10;

/// Why a body could not be taken.
enum Trouble {
    TooLarge,
    Unreadable,
    Refused(Refusal),
    Fault(String),
}

/// `POST /topup/{id}/proof`: "I have paid", with or without a picture. A native form: it always ends in a redirect or a
/// page.
pub async fn submit(
    State(web): State<Web>,
    Extension(session): Extension<app::Session>,
    Path(id): Path<String>,
    request: Request,
) -> Response {
    // An admin who looks as somebody else hands nothing in for them.
    let user = match session.actor() {
        Ok(user) => user.clone(),
        Err(refusal) => return answers::refused(request.headers(), &refusal),
    };
    let Ok(id) = id.parse::<PublicId>() else {
        return answers::refused(request.headers(), &Refusal::NotFound);
    };
    let (parts, body) = request.into_parts();
    let place = match place(&web, &user, &id).await {
        Ok(place) => place,
        Err(trouble) => {
            drain(body).await;
            return told(&web, &parts, trouble, &back(&parts.headers, &id)).await;
        }
    };
    if declared_bytes(&parts.headers).is_some_and(|bytes| bytes > BODY_MOST_BYTES) {
        drain(body).await;
        return StatusCode::PAYLOAD_TOO_LARGE.into_response();
    }
    let back = back(&parts.headers, &id);
    let request = Request::from_parts(parts.clone(), body);
    match handed_in(&web, &user, id, request, place).await {
        Ok(()) => forms::see_other(&back.plain()),
        Err(trouble) => told(&web, &parts, trouble, &back).await,
    }
}

/// The form's page, with the order that it may lead back to; never anywhere else.
fn back(headers: &HeaderMap, id: &PublicId) -> Back {
    let page = format!("/topup/{}", id.as_str());
    Some(Back::to_form(headers)).filter(|back| back.is(&page)).unwrap_or_else(|| Back::to_page(&page))
}

async fn told(web: &Web, parts: &http::request::Parts, trouble: Trouble, back: &Back) -> Response {
    match trouble {
        Trouble::TooLarge => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Trouble::Unreadable => StatusCode::BAD_REQUEST.into_response(),
        Trouble::Refused(Refusal::NotFound) => answers::refused(&parts.headers, &Refusal::NotFound),
        Trouble::Refused(refusal) => forms::sent_back(web, parts, Vec::new(), refusal, back).await,
        Trouble::Fault(error) => identity::fault(&error),
    }
}

/// `GET /topup/{id}/proof`: the picture, for the buyer and for admins.
pub async fn show(
    State(web): State<Web>,
    Extension(session): Extension<app::Session>,
    headers: HeaderMap,
    Path(id): Path<String>,
) -> Response {
    let Some(viewer) = identity::viewer(&session) else {
        return answers::refused(&headers, &Refusal::SignInNeeded);
    };
    let Ok(id) = id.parse::<PublicId>() else {
        return answers::refused(&headers, &Refusal::NotFound);
    };
    match web.store.topup_proof(&id, viewer).await {
        Ok((_, bytes)) => {
            let name = format!("inline; filename=\"bukti-{}.jpg\"", id.as_str());
            // Only pictures of our own making are kept, so the kind is known; the rest is a second lock on the door.
            let headers = [
                (CONTENT_TYPE, picture::MIME),
                (CONTENT_DISPOSITION, name.as_str()),
                (CACHE_CONTROL, "private, no-store"),
                (CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'; sandbox"),
            ];
            (headers, bytes).into_response()
        }
        Err(Error::Refused(refusal)) => answers::refused(&headers, &refusal),
        Err(error) => identity::fault(&error),
    }
}

/// What a body needs before any of it is read: a top-up that it can belong to, and room.
async fn place(web: &Web, user: &User, topup: &PublicId) -> Result<Place, Trouble> {
    let found = web.store.topup(topup, Viewer::Owner(user.id)).await.map_err(of_store)?;
    // What a gateway collects needs no proof: it is asked.
    if !found.state.is_open() || !found.method.is_by_hand() {
        return Err(Trouble::Refused(Refusal::StateChanged));
    }
    let share = web.uploads_each.take(user.id);
    let share = share.ok_or(Trouble::Refused(Refusal::TooManyTries { retry_after_s: RETRY_AFTER_S }))?;
    let slot = web.uploads.clone().acquire_owned().await;
    Ok(Place { _share: share, _slot: slot.map_err(|error| Trouble::Fault(error.to_string()))? })
}

/// Room for one body, for as long as this is kept.
struct Place {
    _share: Share,
    _slot: OwnedSemaphorePermit,
}

async fn handed_in(
    web: &Web,
    user: &User,
    topup: PublicId,
    request: Request,
    place: Place,
) -> Result<(), Trouble> {
    let picture = match sent_picture(request).await? {
        Some(bytes) => Some((picture::MIME.to_owned(), redrawn(web, bytes, place).await?)),
        None => None,
    };
    web.store.run(SubmitProof { user: user.id, topup, picture }).await.map_err(of_store)
}

fn of_store(error: Error) -> Trouble {
    match error {
        Error::Refused(refusal) => Trouble::Refused(refusal),
        Error::Fault(fault) => Trouble::Fault(fault.to_string()),
    }
}

/// The picture in the form; a browser sends an empty one when none was chosen.
async fn sent_picture(request: Request) -> Result<Option<Vec<u8>>, Trouble> {
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Trouble::Unreadable)?;
    while let Some(field) = form.next_field().await.map_err(trouble)? {
        if field.name() == Some(FIELD) {
            let bytes = read(field).await?;
            return Ok((!bytes.is_empty()).then_some(bytes));
        }
    }
    Ok(None)
}

async fn read(mut field: Field<'_>) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(trouble)? {
        if bytes.len() + chunk.len() > PICTURE_MOST_BYTES {
            return Err(Trouble::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

async fn redrawn(web: &Web, bytes: Vec<u8>, place: Place) -> Result<Vec<u8>, Trouble> {
    let slot = web.pictures.clone().acquire_owned().await;
    let slot = slot.map_err(|error| Trouble::Fault(error.to_string()))?;
    let work = move || {
        // Held by the work and not by the request: a browser may hang up, and the work goes on.
        let _held = (place, slot);
        picture::redrawn(&bytes)
    };
    let done = tokio::task::spawn_blocking(work).await;
    match done {
        Ok(Ok(jpeg)) => Ok(jpeg),
        // A decoder that panics has met a picture that it cannot read.
        Ok(Err(picture::BadPicture)) | Err(_) => {
            Err(Trouble::Refused(Refusal::field(FIELD, FieldCode::BadPicture)))
        }
    }
}

fn trouble(error: MultipartError) -> Trouble {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Trouble::TooLarge } else { Trouble::Unreadable }
}

pub(super) fn declared_bytes(headers: &HeaderMap) -> Option<usize> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Browsers show "connection reset" instead of the answer when a server stops reading what they send.
pub(super) async fn drain(body: Body) {
    let mut read_bytes = 0;
    let mut chunks = body.into_data_stream();
    while let Some(Ok(chunk)) = chunks.next().await {
        read_bytes += chunk.len();
        if read_bytes > DRAINED_MOST_BYTES {
            return;
        }
    }
}
