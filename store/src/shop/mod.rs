//! What belongs to the shop as a whole: packages, bank accounts, settings, and the small services that operations share.

mod bank;
mod bulk;
mod drafts;
mod groups;
mod import;
mod kept_text;
mod key;
mod lease;
mod logo;
mod once;
mod overview;
mod package_cells;
mod package_list;
mod package_order;
mod package_sheet;
mod packages;
mod page;
mod price_history;
mod saving;
mod settings;
mod throttle;
mod ways;

pub use bank::SaveBankAccount;
pub(crate) use bank::bank_account_of;
pub use bulk::{BULK_MOST, ChangePackages, SeenPackage};
pub use drafts::KeepDraft;
pub use groups::{SaveSettings, SettingsGroup};
pub use import::{ImportPackages, Imported, KeepPackageSheet};
pub(crate) use kept_text::{keep_text, kept_text};
pub(crate) use key::CheckKey;
pub use key::{EnterDemo, SealSecretsAnew};
pub use lease::{GiveLeasesBack, TakeLease};
pub use logo::{RemoveLogo, SaveLogo};
pub(crate) use once::{once, once_rows};
pub use package_cells::{PACKAGE_SHEET, package_cells};
pub use package_list::{ListedPackage, PACKAGES_AT_ONCE_MOST, PackageFacets, PackageSearch, PackageSort};
pub use package_order::MovePackage;
pub use package_sheet::{
    CellChange, ChangedPackage, PlannedChange, PlannedRow, RowMistake, RowMistakeKind, SheetPlan,
};
pub use packages::{PackageDraft, PackageFilter, SavePackage, SetPackageActive};
pub(crate) use page::{containing, page_of};
pub(crate) use price_history::{NewPricing, lock_pricing, note_pricings};
pub use price_history::{PriceChange, PriceSource, Pricing};
pub use saving::Saving;
pub use settings::{ShopSettings, StopSales};
pub(crate) use settings::{close_sales, open_sales, settings_in};
pub use throttle::{NoteTry, Sweep};
pub use ways::{FALLBACKS_MOST, Fallback, OwnerWay, PackageMethod, SaveFallbacks, SaveMethods};
