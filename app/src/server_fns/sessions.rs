//! Signing in and out, signing up.

use domain::{
    Email, FieldCode, Fields, HOUR_MS, MINUTE_MS, Phone, Refusal, Role, SignInOutcome, UserState, Username,
    UtcMillis, check_new_password,
};
use leptos::prelude::*;
use leptos_axum::redirect;
use store::{RegisterUser, SignInName, SignUp, SignedUp, UseSetupLink, User, UserId};

use super::all;
use super::browser::note_sign_in;
use crate::auth::{AuthSession, Credentials, SignedIn};
use crate::context::{
    Session, SiteInfo, current_user, household, local_path, provided, signed_in, use_lang, use_store,
};
use crate::error::AppError;

/// Enough for a counter whose staff share one address, too few to guess a password of ten characters.
const SIGN_INS_BY_ADDRESS: i64 = 100;
const SIGN_INS_BY_ACCOUNT: i64 = 20;
const SIGN_IN_WINDOW_MS: i64 = 15 * MINUTE_MS;
/// Sign-up tells whether a name is taken, so it must not be asked about many.
const SIGN_UPS_BY_ADDRESS: i64 = 20;
/// Guesses at the password of somebody who is signed in.
const PASSWORD_TRIES: i64 = 10;
/// Where the session keeps when the password was last given.
const CONFIRMED_AT: &str = "confirmed_at";
/// How long that counts for changes of money and sign-in details.
const CONFIRMED_FOR_MS: i64 = 30 * MINUTE_MS;
const DASHBOARD: &str = "/dashboard";

/// Signs in with username, e-mail address or phone number.
#[server(prefix = "/api", endpoint = "sign_in")]
pub async fn sign_in(identity: String, password: String, next: Option<String>) -> Result<(), AppError> {
    let mut fields = Fields::new();
    require(&mut fields, "identity", identity.trim());
    require(&mut fields, "password", &password);
    fields.done()?;
    note_address("sign_in", SIGN_INS_BY_ADDRESS, SIGN_IN_WINDOW_MS).await?;
    let found = use_store()?.user_for_sign_in(&identity).await?;
    let known = found.as_ref().map(|(user, _)| user.id);
    let tries_key = SignInName::read(&identity).tries_key(known);
    if let Err(refused) = note_try(tries_key, SIGN_INS_BY_ACCOUNT, SIGN_IN_WINDOW_MS).await {
        note_sign_in(known, SignInOutcome::TooManyTries).await?;
        return Err(refused);
    }
    let suspended = found.as_ref().is_some_and(|(user, _)| user.state != UserState::Active);
    if let Some((_, hash)) = found.as_ref().filter(|(user, _)| user.waiting_since.is_some()) {
        // Only who knows the password is told that the account waits.
        let right = store::password::verify(password, Some(hash.clone())).await?;
        note_sign_in(known, if right { SignInOutcome::Suspended } else { SignInOutcome::WrongPassword })
            .await?;
        return Err(if right { Refusal::AwaitingApproval } else { Refusal::WrongCredentials }.into());
    }
    let mut auth = auth_session().await?;
    let checked = auth.authenticate(Credentials { found, password }).await;
    let Some(user) = checked.map_err(|error| AppError::fault(&error))? else {
        let outcome = if suspended { SignInOutcome::Suspended } else { SignInOutcome::WrongPassword };
        note_sign_in(known, outcome).await?;
        return Err(Refusal::WrongCredentials.into());
    };
    enter(&mut auth, &user).await?;
    note_sign_in(known, SignInOutcome::Entered).await?;
    redirect(next.as_deref().and_then(local_path).unwrap_or(DASHBOARD));
    Ok(())
}

/// Signs in as one of a demo's users. Outside a demo there is no such thing.
#[server(prefix = "/api", endpoint = "demo_sign_in")]
pub async fn demo_sign_in(role: String, next: Option<String>) -> Result<(), AppError> {
    let demo = provided::<SiteInfo>()?.demo.ok_or(Refusal::NotFound)?;
    let role: Role = role.parse().map_err(|_| AppError::Transport)?;
    let (_, username) = demo.users.iter().find(|(of, _)| *of == role).ok_or(Refusal::NotFound)?;
    let (user, _) = use_store()?.user_for_sign_in(username).await?.ok_or(Refusal::NotFound)?;
    if user.state != UserState::Active {
        return Err(Refusal::WrongCredentials.into());
    }
    let known = Some(user.id);
    enter(&mut auth_session().await?, &SignedIn(user)).await?;
    note_sign_in(known, SignInOutcome::Entered).await?;
    let home = if role == Role::Admin { "/admin" } else { DASHBOARD };
    redirect(next.as_deref().and_then(local_path).unwrap_or(home));
    Ok(())
}

/// Signs up, and in.
#[server(prefix = "/api", endpoint = "register")]
pub async fn register(
    username: String,
    email: String,
    phone: String,
    password: String,
) -> Result<(), AppError> {
    if !provided::<SiteInfo>()?.settings.signup_open {
        // Said before a password is hashed; the operation decides.
        return Err(Refusal::NotAllowed.into());
    }
    let NewUser { username, email, phone, password_hash } =
        NewUser::parse(&username, &email, &phone, password).await?;
    let (role, lang) = (Role::Member, use_lang());
    let newcomer = RegisterUser { username, email, phone, password_hash, role, lang };
    let store = use_store()?;
    match store.run(SignUp(newcomer)).await? {
        SignedUp::In(user) => {
            enter(&mut auth_session().await?, &load(user).await?).await?;
            note_sign_in(Some(user), SignInOutcome::Entered).await?;
            store.run(store::SendVerification { user }).await?;
            redirect(DASHBOARD);
        }
        SignedUp::Waiting(_) => redirect("/login?done=waiting"),
    }
    Ok(())
}

/// Makes the first admin, for whoever has the link that the server printed.
#[server(prefix = "/api", endpoint = "set_up")]
pub async fn set_up(
    token: String,
    username: String,
    email: String,
    phone: String,
    password: String,
) -> Result<(), AppError> {
    let NewUser { username, email, phone, password_hash } =
        NewUser::parse(&username, &email, &phone, password).await?;
    let lang = use_lang();
    let user = use_store()?.run(UseSetupLink { token, username, email, phone, password_hash, lang }).await?;
    enter(&mut auth_session().await?, &load(user).await?).await?;
    note_sign_in(Some(user), SignInOutcome::Entered).await?;
    redirect("/admin/settings");
    Ok(())
}

/// Takes the password once more, for what signing in long ago does not suffice for.
#[server(prefix = "/api", endpoint = "confirm")]
pub async fn confirm(password: String, next: Option<String>) -> Result<(), AppError> {
    // Whoever has signed in: an admin who looks as somebody else gives their own password.
    let user = signed_in().ok_or(Refusal::SignInNeeded)?;
    if !is_password(&user, password).await? {
        return Err(Refusal::field("password", FieldCode::WrongPassword).into());
    }
    let auth = auth_session().await?;
    auth.session.cycle_id().await.map_err(|error| AppError::fault(&error))?;
    note_confirmed(&auth).await?;
    redirect(next.as_deref().and_then(local_path).unwrap_or(DASHBOARD));
    Ok(())
}

/// Signs out here.
#[server(prefix = "/api", endpoint = "sign_out")]
pub async fn sign_out() -> Result<(), AppError> {
    auth_session().await?.logout().await.map_err(|error| AppError::fault(&error))?;
    redirect("/login?done=signed_out");
    Ok(())
}

/// Signs out on every device.
#[server(prefix = "/api", endpoint = "sign_out_everywhere")]
pub async fn sign_out_everywhere() -> Result<(), AppError> {
    let user = current_user()?;
    use_store()?.run(store::SignOutEverywhere { user: user.id }).await?;
    auth_session().await?.logout().await.map_err(|error| AppError::fault(&error))?;
    redirect("/login?done=everywhere");
    Ok(())
}

/// What someone typed to sign up, checked.
struct NewUser {
    username: Username,
    email: Email,
    phone: Phone,
    password_hash: String,
}

impl NewUser {
    async fn parse(username: &str, email: &str, phone: &str, password: String) -> Result<Self, AppError> {
        let mut fields = Fields::new();
        let typed = (
            fields.take("username", username.parse()),
            fields.take("email", email.parse()),
            fields.take("phone", phone.parse()),
            fields.take("password", check_new_password(&password, username, email)),
        );
        let (username, email, phone, ()) = all(fields, typed)?;
        note_address("sign_up", SIGN_UPS_BY_ADDRESS, HOUR_MS).await?;
        let password_hash = store::password::hash(password).await?;
        Ok(Self { username, email, phone, password_hash })
    }
}

/// The request's session.
pub(super) async fn auth_session() -> Result<AuthSession, AppError> {
    leptos_axum::extract::<AuthSession>().await.map_err(|error| AppError::fault(&error))
}

/// A user as axum-login sees one, as they are in the database now.
pub(super) async fn load(user: UserId) -> Result<SignedIn, AppError> {
    let user = use_store()?.user(user).await?;
    user.map(SignedIn).ok_or_else(|| Refusal::NotFound.into())
}

/// Whether it is the user's password.
pub(super) async fn is_password(user: &User, password: String) -> Result<bool, AppError> {
    note_try(format!("password:{}", user.id.0), PASSWORD_TRIES, 15 * MINUTE_MS).await?;
    let hash = use_store()?.password_hash(user.id).await?.ok_or(Refusal::SignInNeeded)?;
    Ok(store::password::verify(password, Some(hash)).await?)
}

/// Puts the user into the session, under a new id: whoever knew the old one is left outside.
pub(super) async fn enter(auth: &mut AuthSession, user: &SignedIn) -> Result<(), AppError> {
    auth.session.cycle_id().await.map_err(|error| AppError::fault(&error))?;
    auth.login(user).await.map_err(|error| AppError::fault(&error))?;
    note_confirmed(auth).await
}

/// Notes in the session that the password was given just now.
async fn note_confirmed(auth: &AuthSession) -> Result<(), AppError> {
    let now = use_store()?.now().0;
    auth.session.insert(CONFIRMED_AT, now).await.map_err(|error| AppError::fault(&error))
}

/// Whether the password was given lately. Functions that move money by hand, or change how somebody signs in, begin with
/// it: a phone left lying about, or a stolen cookie, is not enough for them.
///
/// # Errors
/// [`Refusal::ConfirmNeeded`].
pub(crate) async fn require_confirmed() -> Result<(), AppError> {
    let (auth, now) = (auth_session().await?, use_store()?.now());
    let confirmed = is_confirmed(&auth, now).await.map_err(|error| AppError::fault(&error))?;
    if confirmed { Ok(()) } else { Err(Refusal::ConfirmNeeded.into()) }
}

/// Whether the password was given lately, for handlers of files, which are no server functions.
///
/// # Errors
/// When the session cannot be read.
pub async fn is_confirmed(
    auth: &AuthSession,
    now: UtcMillis,
) -> Result<bool, tower_sessions::session::Error> {
    let confirmed_at = auth.session.get::<i64>(CONFIRMED_AT).await?;
    Ok(confirmed_at.is_some_and(|at| now.since_ms(UtcMillis(at)) < CONFIRMED_FOR_MS))
}

/// Counts a try from the client's household. A demo is tried out by machines, which do in a minute what people do in a day.
pub(super) async fn note_address(what: &str, most: i64, window_ms: i64) -> Result<(), AppError> {
    let most = if provided::<SiteInfo>()?.demo.is_some() { most * 100 } else { most };
    let address = household(provided::<Session>()?.client_ip);
    note_try(format!("{what}:address:{address}"), most, window_ms).await
}

/// Counts a try, and refuses one too many.
pub(super) async fn note_try(key: String, most: i64, window_ms: i64) -> Result<(), AppError> {
    let counted = use_store()?.run(store::NoteTry { key, most, window_ms }).await?;
    counted.map_err(AppError::Refused)
}

pub(super) fn require(fields: &mut Fields, name: &str, value: &str) {
    if value.is_empty() {
        fields.note(name, domain::FieldCode::Required);
    }
}
