//! Signing in, for axum-login: users from the store, their `auth_epoch` as the session's hash.

use axum_login::{AuthUser, AuthnBackend};
use domain::UserState;
use leptos::prelude::use_context;
use store::{Store, User, UserId};

/// A user as axum-login sees one.
#[derive(Clone, Debug)]
pub struct SignedIn(pub User);

/// Who wants to sign in, and with what.
pub struct Credentials {
    /// From [`Store::user_for_sign_in`]; `None` for a name that nobody has.
    pub found: Option<(User, String)>,
    /// The password.
    pub password: String,
}

/// Checks credentials against the store.
#[derive(Clone)]
pub struct Backend(pub Store);

/// The session that axum-login keeps.
pub type AuthSession = axum_login::AuthSession<Backend>;

/// Where the session keeps which user an admin looks at the shop as: the id of [`store::BeginViewing`].
pub const VIEWING_KEY: &str = "viewing";

/// The hashed id of the request's session, as in [`store::SessionRow::id_hash`].
#[must_use]
pub fn this_session() -> Option<String> {
    let id = use_context::<AuthSession>()?.session.id()?;
    Some(store::hash_token(&id.to_string()))
}

impl std::fmt::Debug for Backend {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Backend")
    }
}

impl AuthUser for SignedIn {
    type Id = i64;

    fn id(&self) -> Self::Id {
        self.0.id.0
    }

    /// Rotating the epoch ends every session of the user.
    fn session_auth_hash(&self) -> &[u8] {
        self.0.auth_epoch.as_bytes()
    }
}

impl AuthnBackend for Backend {
    type User = SignedIn;
    type Credentials = Credentials;
    type Error = store::Error;

    /// Takes as long for an unknown name as for a wrong password, so that time does not tell who has an account.
    async fn authenticate(&self, typed: Credentials) -> Result<Option<SignedIn>, store::Error> {
        let (user, hash) = typed.found.unzip();
        let right = store::password::verify(typed.password, hash).await?;
        Ok(user.filter(|user| right && user.state == UserState::Active).map(SignedIn))
    }

    /// A suspended user's sessions are void at once.
    async fn get_user(&self, id: &i64) -> Result<Option<SignedIn>, store::Error> {
        let user = self.0.user(UserId(*id)).await?;
        Ok(user.filter(|user| user.state == UserState::Active).map(SignedIn))
    }
}
