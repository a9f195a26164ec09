//! People: signing up, profiles, sessions, roles.

mod admin;
mod identity;
mod profile;
mod read;
mod register;
mod sessions;
mod setup;
mod waiting;

pub(crate) use admin::require_role;
pub use admin::{SetUserRole, SetUserState};
pub use identity::SignInName;
pub use profile::{ChangePassword, SetLang, SetTheme, SignOutEverywhere, UpdateProfile};
pub use read::UserFilter;
pub use register::RegisterUser;
pub use sessions::{DeleteSession, EndSession, SaveSession, StoredSession, TouchSession, UpdateSession};
pub use setup::{MakeSetupLink, UseSetupLink};
pub use waiting::{DecideSignUp, SignUp, SignedUp};
