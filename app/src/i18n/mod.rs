//! Every text of the interface, both languages side by side on one line, Indonesian first.
//!
//! A text is a method of [`T`]: `t.sign_in()`, `t.held("Rp 500")`. Each area has a file of its own; a text that both
//! languages do not have, or that two areas define, does not compile.

mod access;
mod account;
mod admin;
mod audit;
mod backups;
mod book;
mod common;
mod errors;
mod gateways;
mod legal;
mod mails;
mod movements;
mod notices;
mod numbers;
mod owner;
mod packages;
mod pay_cases;
mod pay_guides;
mod payments;
mod receipts;
mod reports;
mod saved_numbers;
mod shop;
mod shop_settings;
mod statements;
mod states;
mod topup;
mod users;

use domain::Lang;

pub use audit::{ACTIONS, KINDS, Words};
pub use common::{CHECKING, SECOND_LOOK};
pub use pay_guides::Guide;
pub use users::{CORRECTION_ASKED, RESELLER_ASKED, USER_CREATED, VIEW_ENDED};

/// The texts in one language.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct T(pub Lang);

/// Defines texts: `name => "Indonesia", "English";` or, with parameters, `held(amount) => "Saldo {amount} ditahan",
/// "{amount} held";`. Parameters may be anything that can be displayed.
macro_rules! texts {
    ($($name:ident $(($($arg:ident),+))? => $id:literal, $en:literal;)+) => {
        impl $crate::i18n::T {
            $($crate::i18n::texts!(@one $name $(($($arg),+))? => $id, $en);)+
        }
    };
    (@one $name:ident => $id:literal, $en:literal) => {
        #[doc = $id]
        #[must_use]
        pub const fn $name(self) -> &'static str {
            match self.0 {
                ::domain::Lang::Id => $id,
                ::domain::Lang::En => $en,
            }
        }
    };
    (@one $name:ident ($($arg:ident),+) => $id:literal, $en:literal) => {
        #[doc = $id]
        #[must_use]
        pub fn $name(self, $($arg: impl ::std::fmt::Display),+) -> String {
            match self.0 {
                ::domain::Lang::Id => format!($id),
                ::domain::Lang::En => format!($en),
            }
        }
    };
}
pub(crate) use texts;

impl T {
    /// The language's code for the `lang` attribute.
    #[must_use]
    pub const fn code(self) -> &'static str {
        self.0.as_str()
    }
}
