//! Files that admins send: a picture of the shop's QRIS code, its logo, and statements. Native forms: each ends in a redirect or a
//! page.

use app::format::address;
use axum::Extension;
use axum::body::Body;
use axum::extract::multipart::{Field, MultipartError};
use axum::extract::{FromRequest, Multipart, Request, State};
use axum::response::{IntoResponse, Response};
use domain::{FieldCode, Qris, QrisKind, Refusal, Role, StatementText};
use http::StatusCode;
use http::request::Parts;
use store::{Error, KeepPackageSheet, KeepStatement, Operation, SaveLogo, User};
use tokio::sync::OwnedSemaphorePermit;

use super::back::Back;
use super::qr_picture::{self, QrPictureError};
use super::shares::Share;
use super::uploads::{declared_bytes, drain};
use super::{Web, answers, forms, identity, picture, uploads};

/// `POST` here with a picture of the shop's QRIS code.
pub const QRIS_PICTURE: &str = "/admin/payments/qris/picture";
/// `POST` here with a picture that becomes the shop's logo.
pub const LOGO: &str = "/admin/settings/logo";
/// `POST` here with a statement.
pub const STATEMENT: &str = "/admin/statements/upload";
/// `POST` here with a table of packages.
pub const PACKAGES: &str = "/admin/packages/import/upload";
/// All of them.
pub const ALL: [&str; 4] = [QRIS_PICTURE, LOGO, STATEMENT, PACKAGES];
/// A statement, and the little that stands around it.
pub const STATEMENT_BODY_MOST_BYTES: usize = STATEMENT_MOST_BYTES + 64 * 1024;
const STATEMENT_MOST_BYTES: usize = StatementText::MOST_BYTES;
/// The page of the code.
const QRIS_PAGE: &str = "/admin/payments/qris";
/// The page of the settings.
const SETTINGS_PAGE: &str = "/admin/settings";
/// The page of statements, and the one on which columns are named.
const STATEMENTS_PAGE: &str = "/admin/statements";
const READ_PAGE: &str = "/admin/statements/read";
/// The page on which a table of packages is sent, and looked at.
const IMPORT_PAGE: &str = "/admin/packages/import";
/// Fields of a form: a file, and a few words around it.
const FIELDS_MOST: usize = 8;
/// When somebody who has as many under way should try again.
const RETRY_AFTER_S: i64 = 10;

/// What was sent, by the fields' names.
struct Sent(Vec<(String, Vec<u8>)>);

/// Room for one body, for as long as this is kept.
struct Room {
    _share: Share,
    _slot: OwnedSemaphorePermit,
}

/// Why a body could not be taken.
enum Trouble {
    TooLarge,
    Unreadable,
    Refused(Refusal),
    Fault(String),
}

/// `POST /admin/payments/qris/picture`: reads the code in a picture. What it says goes back to the page as if it had been
/// typed there; the picture is not kept.
pub async fn qris_picture(
    State(web): State<Web>,
    Extension(session): Extension<app::Session>,
    request: Request,
) -> Response {
    let back = Back::to_page(QRIS_PAGE);
    let (parts, sent) = received(&web, &session, request, uploads::PICTURE_MOST_BYTES).await;
    let read = match sent {
        Ok((sent, room)) => code_in(&web, sent, room).await,
        Err(trouble) => Err(trouble),
    };
    let text = match read {
        Ok(text) => text,
        // The form's own name, so that the page's other forms do not take it for theirs.
        Err(trouble) => return told(&web, &parts, trouble, named("qris_picture"), &back).await,
    };
    let refused = match text.parse::<Qris>() {
        Ok(code) if code.kind() == QrisKind::Static => {
            return forms::see_other(&address(QRIS_PAGE, &[("code", &text)]));
        }
        Ok(_) => FieldCode::NotStatic,
        Err(error) => error.into(),
    };
    let mut values = named("check_static_code");
    values.push(("code".to_owned(), text));
    forms::sent_back(&web, &parts, values, Refusal::field("code", refused), &back).await
}

/// `POST /admin/statements/upload`: keeps a statement's text until it is known what its columns hold.
pub async fn statement(
    State(web): State<Web>,
    Extension(session): Extension<app::Session>,
    request: Request,
) -> Response {
    let back = Some(Back::to_form(request.headers())).filter(|back| back.is(STATEMENTS_PAGE));
    let back = back.unwrap_or_else(|| Back::to_page(STATEMENTS_PAGE));
    let (parts, sent) = received(&web, &session, request, STATEMENT_MOST_BYTES).await;
    let kept = match sent {
        Ok((sent, _room)) => keep(&web, &parts, &sent).await,
        Err(trouble) => Err(trouble),
    };
    match kept {
        Ok((source, id)) => forms::see_other(&address(READ_PAGE, &[("source", &source), ("kept", &id)])),
        Err(trouble) => told(&web, &parts, trouble, named("statement_file"), &back).await,
    }
}

/// `POST /admin/packages/import/upload`: keeps a table of packages until it is decided about.
pub async fn packages(
    State(web): State<Web>,
    Extension(session): Extension<app::Session>,
    request: Request,
) -> Response {
    let back = Back::to_page(IMPORT_PAGE);
    let (parts, sent) = received(&web, &session, request, STATEMENT_MOST_BYTES).await;
    let kept = match sent {
        Ok((sent, _room)) => keep_packages(&web, &parts, &sent).await,
        Err(Trouble::TooLarge) => Err(refused("file", FieldCode::BadSheet)),
        Err(trouble) => Err(trouble),
    };
    match kept {
        Ok(id) => forms::see_other(&address(IMPORT_PAGE, &[("kept", &id)])),
        Err(trouble) => told(&web, &parts, trouble, named("package_file"), &back).await,
    }
}

/// Under which id the table's text is kept.
async fn keep_packages(web: &Web, parts: &Parts, sent: &Sent) -> Result<String, Trouble> {
    let text = sent_text(sent)?;
    let text = StatementText::from_bytes(text).map_err(|_| refused("file", FieldCode::BadSheet))?;
    let owner = identity::draft_key(web, &parts.extensions).await;
    let owner = owner.map_err(|error| Trouble::Fault(error.to_string()))?;
    run(web, KeepPackageSheet { owner, text: text.as_str().to_owned() }).await
}

/// The file, or what was pasted where no file was chosen.
fn sent_text(sent: &Sent) -> Result<&[u8], Trouble> {
    let bytes = [sent.get("file"), sent.get("text")].into_iter().find(|bytes| !bytes.trim_ascii().is_empty());
    bytes.ok_or_else(|| refused("file", FieldCode::Required))
}

async fn run<O: Operation>(web: &Web, operation: O) -> Result<O::Output, Trouble> {
    web.store.run(operation).await.map_err(|error| match error {
        Error::Refused(refusal) => Trouble::Refused(refusal),
        error => Trouble::Fault(error.to_string()),
    })
}

/// `POST /admin/settings/logo`: draws the picture anew and puts it in the place of the logo.
pub async fn logo(
    State(web): State<Web>,
    Extension(session): Extension<app::Session>,
    request: Request,
) -> Response {
    let back = Back::to_page(SETTINGS_PAGE);
    let (parts, sent) = received(&web, &session, request, uploads::PICTURE_MOST_BYTES).await;
    let saved = match (sent, session.signed_in()) {
        (Ok((sent, room)), Some(user)) => save_logo(&web, &parts, user, sent, room).await,
        (Ok(_), None) => Err(Trouble::Refused(Refusal::SignInNeeded)),
        (Err(trouble), _) => Err(trouble),
    };
    match saved {
        Ok(()) => forms::see_other(&address(SETTINGS_PAGE, &[("done", "saved")])),
        Err(trouble) => told(&web, &parts, trouble, named("logo"), &back).await,
    }
}

async fn save_logo(web: &Web, parts: &Parts, user: &User, mut sent: Sent, room: Room) -> Result<(), Trouble> {
    let confirmed = match parts.extensions.get::<app::auth::AuthSession>() {
        Some(auth) => app::is_confirmed(auth, web.store.now()).await,
        None => Ok(false),
    };
    if !confirmed.map_err(|error| Trouble::Fault(error.to_string()))? {
        return Err(Trouble::Refused(Refusal::ConfirmNeeded));
    }
    let picture = sent.take("picture").filter(|bytes| !bytes.is_empty());
    let picture = picture.ok_or_else(|| refused("picture", FieldCode::Required))?;
    let slot = web.pictures.clone().acquire_owned().await;
    let slot = slot.map_err(|error| Trouble::Fault(error.to_string()))?;
    let work = move || {
        // Held by the work and not by the request: a browser may hang up, and the work goes on.
        let _held = (room, slot);
        picture::logo(&picture)
    };
    // A decoder that panics has met a picture that it cannot read.
    let Ok(Ok(picture)) = tokio::task::spawn_blocking(work).await else {
        return Err(refused("picture", FieldCode::BadPicture));
    };
    let saved = web.store.run(SaveLogo { admin: user.id, picture }).await;
    match saved {
        Ok(()) => {}
        Err(Error::Refused(refusal)) => return Err(Trouble::Refused(refusal)),
        Err(error) => return Err(Trouble::Fault(error.to_string())),
    }
    // The next page must show it, not wait for the news to come round.
    web.store.reload_settings().await.map_err(|error| Trouble::Fault(error.to_string()))
}

/// What the one code in the picture says.
async fn code_in(web: &Web, mut sent: Sent, room: Room) -> Result<String, Trouble> {
    let picture = sent.take("picture").filter(|bytes| !bytes.is_empty());
    let picture = picture.ok_or_else(|| refused("picture", FieldCode::Required))?;
    let slot = web.pictures.clone().acquire_owned().await;
    let slot = slot.map_err(|error| Trouble::Fault(error.to_string()))?;
    qr_picture::read(picture, (room, slot)).await.map_err(|error| {
        let code = match error {
            QrPictureError::NotAPicture => FieldCode::BadPicture,
            QrPictureError::NoCode | QrPictureError::SeveralCodes => FieldCode::BadQris { tag: None },
        };
        refused("picture", code)
    })
}

/// The source's name, and under which id its text is kept.
async fn keep(web: &Web, parts: &Parts, sent: &Sent) -> Result<(String, String), Trouble> {
    let source = String::from_utf8(sent.get("source").to_vec()).map_err(|_| Trouble::Unreadable)?;
    let text =
        StatementText::from_bytes(sent_text(sent)?).map_err(|_| refused("file", FieldCode::BadStatement))?;
    let owner = identity::draft_key(web, &parts.extensions).await;
    let owner = owner.map_err(|error| Trouble::Fault(error.to_string()))?;
    let id = run(web, KeepStatement { owner, text: text.as_str().to_owned() }).await?;
    Ok((source, id))
}

/// The form's fields, for an admin and while there is room. The request's head is needed for every answer.
async fn received(
    web: &Web,
    session: &app::Session,
    request: Request,
    most_bytes: usize,
) -> (Parts, Result<(Sent, Room), Trouble>) {
    let (parts, body) = request.into_parts();
    let room = match session.signed_in() {
        Some(user) if user.role == Role::Admin => room(web, user).await,
        Some(_) => Err(Trouble::Refused(Refusal::NotFound)),
        None => Err(Trouble::Refused(Refusal::SignInNeeded)),
    };
    let too_large = declared_bytes(&parts.headers).is_some_and(|bytes| bytes > most_bytes + 64 * 1024);
    let room = room.and_then(|room| if too_large { Err(Trouble::TooLarge) } else { Ok(room) });
    let room = match room {
        Ok(room) => room,
        Err(trouble) => {
            drain(body).await;
            return (parts, Err(trouble));
        }
    };
    let sent = fields(Request::from_parts(parts.clone(), body), most_bytes).await;
    (parts, sent.map(|sent| (sent, room)))
}

async fn room(web: &Web, user: &User) -> Result<Room, Trouble> {
    let share = web.uploads_each.take(user.id);
    let share = share.ok_or(Trouble::Refused(Refusal::TooManyTries { retry_after_s: RETRY_AFTER_S }))?;
    let slot = web.uploads.clone().acquire_owned().await;
    Ok(Room { _share: share, _slot: slot.map_err(|error| Trouble::Fault(error.to_string()))? })
}

async fn fields(request: Request<Body>, most_bytes: usize) -> Result<Sent, Trouble> {
    let mut form = Multipart::from_request(request, &()).await.map_err(|_| Trouble::Unreadable)?;
    let mut sent = Vec::new();
    while let Some(field) = form.next_field().await.map_err(trouble)? {
        let Some(name) = field.name().map(str::to_owned) else { continue };
        if sent.len() == FIELDS_MOST {
            return Err(Trouble::Unreadable);
        }
        sent.push((name, read(field, most_bytes).await?));
    }
    Ok(Sent(sent))
}

async fn read(mut field: Field<'_>, most_bytes: usize) -> Result<Vec<u8>, Trouble> {
    let mut bytes = Vec::new();
    while let Some(chunk) = field.chunk().await.map_err(trouble)? {
        if bytes.len() + chunk.len() > most_bytes {
            return Err(Trouble::TooLarge);
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes)
}

fn trouble(error: MultipartError) -> Trouble {
    if error.status() == StatusCode::PAYLOAD_TOO_LARGE { Trouble::TooLarge } else { Trouble::Unreadable }
}

async fn told(
    web: &Web,
    parts: &Parts,
    trouble: Trouble,
    values: Vec<(String, String)>,
    back: &Back,
) -> Response {
    match trouble {
        Trouble::TooLarge => StatusCode::PAYLOAD_TOO_LARGE.into_response(),
        Trouble::Unreadable => StatusCode::BAD_REQUEST.into_response(),
        Trouble::Refused(Refusal::NotFound) => answers::refused(&parts.headers, &Refusal::NotFound),
        Trouble::Refused(refusal) => forms::sent_back(web, parts, values, refusal, back).await,
        Trouble::Fault(error) => identity::fault(&error),
    }
}

fn refused(field: &str, code: FieldCode) -> Trouble {
    Trouble::Refused(Refusal::field(field, code))
}

/// Names a form, as the pages' forms name themselves.
fn named(form: &str) -> Vec<(String, String)> {
    vec![("_form".to_owned(), form.to_owned())]
}

impl Sent {
    fn get(&self, name: &str) -> &[u8] {
        self.0.iter().find(|(held, _)| held == name).map_or(&[], |(_, bytes)| bytes)
    }

    fn take(&mut self, name: &str) -> Option<Vec<u8>> {
        let at = self.0.iter().position(|(held, _)| held == name)?;
        Some(self.0.swap_remove(at).1)
    }
}
