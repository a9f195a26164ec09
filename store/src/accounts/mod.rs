//! People: signing up, profiles, sessions, roles, the way back in, the end of an account.

mod admin;
mod close;
mod contact;
mod create;
mod identity;
mod links;
mod profile;
mod read;
mod register;
mod reseller;
mod reset;
mod sessions;
mod setup;
mod sign_ins;
mod viewing;
mod waiting;

pub(crate) use admin::require_role;
pub use admin::{SetUserRole, SetUserState, StateChange};
pub use close::{CloseAccount, ClosingState};
pub use contact::{Contact, DropNewEmail, EmailChange, SendVerification, VerifyEmail};
pub use create::CreateUser;
pub use identity::SignInName;
pub use profile::{ChangePassword, SetLang, SetTheme, SignOutEverywhere, UpdateProfile};
pub use read::{UserFilter, UserNeed};
pub use register::RegisterUser;
pub use reseller::{ApproveReseller, AskReseller, RefuseReseller, ResellerRequest};
pub use reset::{MakeResetLink, RequestReset, ResetLink, ResetPassword, TakeResetLink};
pub use sessions::{
    DeleteSession, EndOtherSessions, EndSession, SaveSession, StoredSession, TouchSession, UpdateSession,
};
pub use setup::{MakeSetupLink, UseSetupLink};
pub(crate) use sign_ins::sweep_sign_ins;
pub use sign_ins::{NoteSignIn, SignIn};
pub(crate) use viewing::sweep_viewings;
pub use viewing::{BeginViewing, EndViewing};
pub use waiting::{DecideSignUp, SignUp, SignedUp};
