//! Pages that anyone may see.

mod confirm;
mod landing;
mod legal;
mod login;
mod maintenance;
mod not_found;
mod register;
mod setup;

pub use confirm::ConfirmPage;
pub use landing::LandingPage;
pub use legal::{PrivacyPage, TermsPage};
pub use login::LoginPage;
pub use maintenance::MaintenancePage;
pub use not_found::NotFoundPage;
pub use register::RegisterPage;
pub use setup::SetupPage;
