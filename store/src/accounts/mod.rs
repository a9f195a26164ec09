//! People: signing up, profiles, sessions, roles.

mod admin;
mod create;
mod identity;
mod profile;
mod read;
mod register;
mod reseller;
mod sessions;
mod setup;
mod viewing;

pub(crate) use admin::require_role;
pub use admin::{SetUserRole, SetUserState, StateChange};
pub use create::CreateUser;
pub use identity::SignInName;
pub use profile::{ChangePassword, SetLang, SetTheme, SignOutEverywhere, UpdateProfile};
pub use read::{UserFilter, UserNeed};
pub use register::RegisterUser;
pub use reseller::{ApproveReseller, AskReseller, RefuseReseller, ResellerRequest};
pub use sessions::{DeleteSession, EndSession, SaveSession, StoredSession, TouchSession, UpdateSession};
pub use setup::{MakeSetupLink, UseSetupLink};
pub(crate) use viewing::sweep_viewings;
pub use viewing::{BeginViewing, EndViewing};
