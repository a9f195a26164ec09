//! Pages that anyone may see.

mod confirm;
mod forgot;
mod landing;
mod legal;
mod login;
mod maintenance;
mod not_found;
mod register;
mod reset;
mod setup;
mod verify;

pub use confirm::ConfirmPage;
pub use forgot::ForgotPage;
pub use landing::LandingPage;
pub use legal::{PrivacyPage, TermsPage};
pub use login::LoginPage;
pub use maintenance::MaintenancePage;
pub use not_found::NotFoundPage;
pub use register::RegisterPage;
pub use reset::ResetPage;
pub use setup::SetupPage;
pub use verify::VerifyPage;
