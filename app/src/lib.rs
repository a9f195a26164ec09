//! What people see: the pages, rendered on the server, and the islands that the browser brings to life.
//!
//! Only [`islands`] is compiled to WASM. Pages, layouts, texts, formatting and server functions exist under the `ssr`
//! feature alone, so none of their weight can reach a phone, and they may use the store directly. Every change is a
//! native form that posts to a server function; the islands only make forms quicker and kinder.

// A view's type holds the types of everything inside it.
#![recursion_limit = "256"]

pub mod islands;

#[cfg(feature = "ssr")]
pub mod audit;
#[cfg(feature = "ssr")]
pub mod auth;
#[cfg(feature = "ssr")]
pub mod components;
#[cfg(feature = "ssr")]
pub mod context;
#[cfg(feature = "ssr")]
pub mod days;
#[cfg(feature = "ssr")]
pub mod device;
#[cfg(feature = "ssr")]
pub mod error;
#[cfg(feature = "ssr")]
pub mod format;
#[cfg(feature = "ssr")]
pub mod i18n;
#[cfg(feature = "ssr")]
pub mod layouts;
#[cfg(feature = "ssr")]
pub mod mails;
#[cfg(feature = "ssr")]
pub mod month;
#[cfg(feature = "ssr")]
pub mod notices;
#[cfg(feature = "ssr")]
pub mod package_query;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
mod pages;
#[cfg(feature = "ssr")]
mod routes;
#[cfg(feature = "ssr")]
mod server_fns;
#[cfg(feature = "ssr")]
mod shell;
#[cfg(feature = "ssr")]
pub mod statement;
#[cfg(feature = "ssr")]
pub mod theme;
#[cfg(feature = "ssr")]
pub mod transactions;
#[cfg(feature = "ssr")]
pub mod wib_day;

#[cfg(feature = "ssr")]
pub use {
    context::{
        DemoSignIns, Session, SiteInfo, Viewing, current_user, require_admin, use_lang, use_store, use_t,
    },
    error::AppError,
    routes::App,
    server_fns::sessions::is_confirmed,
    shell::shell,
    store::FormDraft,
};
