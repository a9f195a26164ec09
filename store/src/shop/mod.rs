//! What belongs to the shop as a whole: packages, bank accounts, settings, and the small services that operations share.

mod bank;
mod drafts;
mod groups;
mod key;
mod lease;
mod logo;
mod once;
mod overview;
mod packages;
mod page;
mod saving;
mod settings;
mod throttle;
mod ways;

pub use bank::SaveBankAccount;
pub(crate) use bank::bank_account_of;
pub use drafts::KeepDraft;
pub use groups::{SaveSettings, SettingsGroup};
pub(crate) use key::CheckKey;
pub use key::{EnterDemo, SealSecretsAnew};
pub use lease::TakeLease;
pub use logo::{RemoveLogo, SaveLogo};
pub(crate) use once::{once, once_rows};
pub use packages::{PackageDraft, PackageFilter, SavePackage, SetPackageActive};
pub(crate) use page::{containing, page_of};
pub use saving::Saving;
pub(crate) use settings::settings_in;
pub use settings::{ShopSettings, StopSales};
pub use throttle::{NoteTry, Sweep};
pub use ways::{FALLBACKS_MOST, Fallback, OwnerWay, PackageMethod, SaveFallbacks, SaveMethods};
