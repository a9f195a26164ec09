//! What the server hands to every page and server function through Leptos' context, and the few questions that pages
//! ask about it.

use std::net::{IpAddr, Ipv6Addr};
use std::sync::Arc;

use domain::{Lang, Prefixes, Refusal, Role, Theme, UtcMillis, Zone};
use http::request::Parts;
use leptos::prelude::*;
use store::{ShopSettings, Store, User};

use crate::error::AppError;
use crate::i18n::T;

/// Whose numbers are whose in this shop.
#[must_use]
pub fn use_prefixes() -> Prefixes {
    use_context::<SiteInfo>().map(|site| site.settings.prefixes.clone()).unwrap_or_default()
}

/// Who asks, and from where. One per request. Who is signed in and whose pages are read can be two people: an admin may
/// look at the shop as a user sees it. That user is only ever a [`Session::reader`]; whoever changes something asks for
/// the [`Session::actor`], who is the admin or nobody.
#[derive(Clone, Debug)]
pub struct Session {
    signed_in: Option<User>,
    viewing: Option<Viewing>,
    /// What the drafts of refused forms are bound to; empty while this browser has none.
    pub key: String,
    /// The client's address as far as trusted proxies tell it.
    pub client_ip: IpAddr,
    /// As in the log.
    pub request_id: String,
}

/// Whom an admin looks at the shop as.
#[derive(Clone, Debug)]
pub struct Viewing {
    /// From [`store::BeginViewing`].
    pub id: String,
    /// The user.
    pub user: User,
    /// When it ends by itself.
    pub until: UtcMillis,
}

impl Session {
    /// Of this user, in the state that the request brings. A view counts for an admin only.
    #[must_use]
    pub fn new(signed_in: Option<User>, viewing: Option<Viewing>, key: String) -> Self {
        let is_admin = signed_in.as_ref().is_some_and(|user| user.role == Role::Admin);
        let viewing = viewing.filter(|_| is_admin);
        let client_ip = IpAddr::V4(std::net::Ipv4Addr::UNSPECIFIED);
        Self { signed_in, viewing, key, client_ip, request_id: String::new() }
    }

    /// Whoever has signed in, also while looking as somebody else: for the door, the admins' pages, and what concerns this
    /// browser itself.
    #[must_use]
    pub const fn signed_in(&self) -> Option<&User> {
        self.signed_in.as_ref()
    }

    /// The view that is open.
    #[must_use]
    pub const fn viewing(&self) -> Option<&Viewing> {
        self.viewing.as_ref()
    }

    /// Whose pages are shown. For reading only.
    #[must_use]
    pub fn reader(&self) -> Option<&User> {
        self.viewing.as_ref().map(|viewing| &viewing.user).or(self.signed_in.as_ref())
    }

    /// Who changes something of their own: nobody while looking as somebody else.
    ///
    /// # Errors
    /// [`Refusal::SignInNeeded`], [`Refusal::ViewOnly`].
    pub fn actor(&self) -> Result<&User, Refusal> {
        if self.viewing.is_some() {
            return Err(Refusal::ViewOnly);
        }
        self.signed_in.as_ref().ok_or(Refusal::SignInNeeded)
    }
}

/// What is true for the whole shop.
#[derive(Clone, Debug)]
pub struct SiteInfo {
    /// Where people reach the shop, without a slash at the end: `https://shop.example`.
    pub public_url: String,
    /// The one-tap sign-ins of a demo; `None` in earnest.
    pub demo: Option<DemoSignIns>,
    /// Title, contact, limits.
    pub settings: Arc<ShopSettings>,
    /// Gateways that numbers can be signed in at.
    pub session_gateways: Vec<String>,
}

/// What only a demo has: users who can be entered without a password, and phones for everyone to see.
#[derive(Clone, Debug, Default)]
pub struct DemoSignIns {
    /// Role and username, in the order of the buttons.
    pub users: Vec<(Role, String)>,
    /// The page of the simulated phones, where one-time passwords arrive.
    pub phone: String,
    /// The page of what the simulated Telegram and mail server were given.
    pub messages: String,
    /// The page where the payers of the simulated payment gateway pay.
    pub payments: String,
}

impl SiteInfo {
    /// Cookies go over HTTPS only, where there is HTTPS.
    #[must_use]
    pub fn is_https(&self) -> bool {
        self.public_url.starts_with("https://")
    }
}

/// A value that the server provides to every request. Only a mistake in the wiring can make it fail.
///
/// # Errors
/// [`AppError::Fault`].
pub fn provided<V: Clone + Send + Sync + 'static>() -> Result<V, AppError> {
    use_context::<V>()
        .ok_or_else(|| AppError::fault(&format!("not provided: {}", std::any::type_name::<V>())))
}

/// The database.
///
/// # Errors
/// [`AppError::Fault`].
pub fn use_store() -> Result<Store, AppError> {
    provided()
}

/// The language of this answer.
#[must_use]
pub fn use_lang() -> Lang {
    use_context().unwrap_or_default()
}

/// The texts in the language of this answer.
#[must_use]
pub fn use_t() -> T {
    T(use_lang())
}

/// The zone that times are shown in.
#[must_use]
pub fn use_zone() -> Zone {
    signed_in().map(|user| user.zone).unwrap_or_default()
}

/// The colours of this browser: its cookie, else what the user chose for their account.
#[must_use]
pub fn use_theme() -> Theme {
    cookie("theme")
        .and_then(|word| word.parse().ok())
        .or_else(|| signed_in().map(|user| user.theme))
        .unwrap_or_default()
}

/// Whoever has signed in, if anyone. Times, language and colours are theirs, also while they look as somebody else.
#[must_use]
pub fn signed_in() -> Option<User> {
    use_context::<Session>()?.signed_in().cloned()
}

/// The signed-in user, to act for them. Every server function of members begins with it: layers around `/api` do not
/// protect a server function that a page calls in process.
///
/// # Errors
/// [`Refusal::SignInNeeded`], and [`Refusal::ViewOnly`] for an admin who looks at the shop as somebody else.
pub fn current_user() -> Result<User, AppError> {
    Ok(provided::<Session>()?.actor()?.clone())
}

/// The user whose pages are shown; for pages of members, which only read. From here on, what is rendered has a store that
/// runs no operation while an admin looks as somebody else: even a page that tried to could change nothing.
///
/// # Errors
/// [`Refusal::SignInNeeded`].
pub(crate) fn reading_user() -> Result<User, AppError> {
    let session = provided::<Session>()?;
    if session.viewing().is_some() {
        provide_context(use_store()?.reading());
        provide_context(ReadOnlyPage);
    }
    Ok(session.reader().ok_or(Refusal::SignInNeeded)?.clone())
}

/// In the context of a page that an admin sees as somebody else: its forms are shown, but cannot be sent.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ReadOnlyPage;

/// The signed-in admin. Every server function of admins begins with it. They stay themselves while they look as somebody
/// else.
///
/// # Errors
/// [`Refusal::SignInNeeded`], or [`Refusal::NotAllowed`] for anyone else.
pub fn require_admin() -> Result<User, AppError> {
    let user = signed_in().ok_or(Refusal::SignInNeeded)?;
    if user.role == Role::Admin { Ok(user) } else { Err(Refusal::NotAllowed.into()) }
}

/// The id of this request in the log.
#[must_use]
pub fn request_id() -> String {
    use_context::<Session>().map(|session| session.request_id).unwrap_or_default()
}

/// Path and query of the page that is asked for.
#[must_use]
pub fn path_and_query() -> String {
    use_context::<Parts>().map_or_else(
        || "/".to_owned(),
        |parts| parts.uri.path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string),
    )
}

/// A cookie's value.
#[must_use]
pub fn cookie(name: &str) -> Option<String> {
    let parts = use_context::<Parts>()?;
    let header = parts.headers.get(http::header::COOKIE)?.to_str().ok()?;
    header
        .split(';')
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}

/// `path` when it leads to a page of this site. Anything else could send people elsewhere after they signed in.
#[must_use]
pub fn local_path(path: &str) -> Option<&str> {
    let second = path.chars().nth(1);
    let local = path.starts_with('/')
        && !matches!(second, Some('/' | '\\'))
        && !path.starts_with("/api/")
        && path.bytes().all(|byte| byte.is_ascii_graphic());
    local.then_some(path)
}

/// What is counted as one address: a household has 2^64 of IPv6, and one share.
#[must_use]
pub fn household(ip: IpAddr) -> IpAddr {
    match ip {
        IpAddr::V4(_) => ip,
        IpAddr::V6(ip) => IpAddr::V6(Ipv6Addr::from_bits(ip.to_bits() >> 64 << 64)),
    }
}

#[cfg(test)]
mod tests {
    use super::{household, local_path};

    #[test]
    fn one_network_at_home_is_one_household() {
        let of = |ip: &str| household(ip.parse().unwrap()).to_string();
        assert_eq!(of("2001:db8:1:2::1"), of("2001:db8:1:2:ffff::9"));
        assert_ne!(of("2001:db8:1:2::1"), of("2001:db8:1:3::1"));
        assert_eq!(of("203.0.113.1"), "203.0.113.1");
    }

    #[test]
    fn only_pages_of_this_site_are_returned_to() {
        assert_eq!(local_path("/topup?amount=1"), Some("/topup?amount=1"));
        for path in
            ["//evil.example", "/\\evil.example", "https://evil.example", "", "/a\nb", "/api/sign_out"]
        {
            assert_eq!(local_path(path), None, "{path}");
        }
    }
}
