//! How every page is made: load what it shows, then lay it out, or say why not with the right HTTP status.
//!
//! A page is a function of what the request brings ([`Screen`] from a [`PageContext`]). Loading runs to its end before
//! the first byte is sent (`SsrMode::Async`), so it may redirect and set the status.

use std::collections::HashMap;
use std::future::Future;

use domain::{Lang, PublicId, Refusal, Role, UtcMillis, Zone};
use http::StatusCode;
use leptos::prelude::*;
use leptos::tachys::reactive_graph::OwnedView;
use leptos_axum::ResponseOptions;
use leptos_router::hooks::use_query_map;
use leptos_router::params::ParamsMap;
use store::{Store, User};

use crate::context::{self, SiteInfo};
use crate::error::AppError;
use crate::format;
use crate::i18n::T;
use crate::layouts::{self, Section, Tab, Waiting};

/// What a page's loader is given.
#[derive(Clone)]
pub struct PageContext<U> {
    /// The database.
    pub store: Store,
    /// The shop.
    pub site: SiteInfo,
    /// Who looks.
    pub user: U,
    /// The texts.
    pub t: T,
    /// The moment of this request.
    pub now: UtcMillis,
    params: HashMap<String, String>,
    query: HashMap<String, String>,
}

/// A page that anyone may see.
pub type Visitor = PageContext<Option<User>>;
/// A page of the signed-in user.
pub type Member = PageContext<User>;

/// A page that has been loaded.
pub struct Screen {
    /// Heading, and title of the tab.
    pub title: String,
    /// Where the arrow beside the heading leads.
    pub back: Option<String>,
    /// A line above the heading, such as a greeting.
    pub eyebrow: Option<String>,
    /// What stands right of the heading.
    pub actions: Option<AnyView>,
    /// The content.
    pub body: AnyView,
}

impl Screen {
    /// A page with a heading and its content.
    pub fn new(title: impl Into<String>, body: impl IntoAny) -> Self {
        Self { title: title.into(), back: None, eyebrow: None, actions: None, body: body.into_any() }
    }

    /// With an arrow back.
    #[must_use]
    pub fn back(mut self, to: impl Into<String>) -> Self {
        self.back = Some(to.into());
        self
    }

    /// With a small line above the heading.
    #[must_use]
    pub fn eyebrow(mut self, line: impl Into<String>) -> Self {
        self.eyebrow = Some(line.into());
        self
    }

    /// With something beside the heading.
    #[must_use]
    pub fn actions(mut self, actions: impl IntoAny) -> Self {
        self.actions = Some(actions.into_any());
        self
    }
}

impl<U> PageContext<U> {
    /// A part of the path, such as `id`.
    #[must_use]
    pub fn param(&self, name: &str) -> &str {
        self.params.get(name).map_or("", String::as_str)
    }

    /// A part of the path that is an id.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when it is none.
    pub fn id(&self, name: &str) -> Result<PublicId, AppError> {
        self.param(name).parse().map_err(|_| Refusal::NotFound.into())
    }

    /// A value from the address, trimmed; empty when it is not there.
    #[must_use]
    pub fn query(&self, name: &str) -> &str {
        self.query.get(name).map_or("", |value| value.trim())
    }

    /// A value from the address as one of a closed set; `None` when it is not there or no such thing.
    #[must_use]
    pub fn query_as<V: std::str::FromStr>(&self, name: &str) -> Option<V> {
        self.query(name).parse().ok()
    }

    /// The language.
    #[must_use]
    pub const fn lang(&self) -> Lang {
        self.t.0
    }

    fn load(user: U) -> Result<Self, AppError> {
        let store = context::use_store()?;
        Ok(Self {
            now: store.now(),
            store,
            site: context::provided()?,
            user,
            t: context::use_t(),
            params: params(),
            query: use_query_map().with_untracked(|map| pairs(map.clone())),
        })
    }
}

impl Member {
    /// The user's zone.
    #[must_use]
    pub const fn zone(&self) -> Zone {
        self.user.zone
    }
}

/// A page that anyone may see.
pub fn public_page<F, Fut>(load: F) -> AnyView
where
    F: FnOnce(Visitor) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Screen, AppError>> + Send,
{
    let user = context::signed_in();
    let found = Visitor::load(user);
    laid_out(async move {
        let loaded = match found {
            Ok(found) => load(found).await,
            Err(error) => Err(error),
        };
        layouts::public(unread().await, shown(loaded))
    })
}

/// A page that anyone may see, with nothing around it.
pub fn bare_page<F, Fut>(load: F) -> AnyView
where
    F: FnOnce(Visitor) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Screen, AppError>> + Send,
{
    let found = Visitor::load(context::current_user().ok());
    laid_out(async move {
        let loaded = match found {
            Ok(found) => load(found).await,
            Err(error) => Err(error),
        };
        match loaded {
            Ok(screen) => layouts::bare(screen),
            refused @ Err(_) => layouts::public(unread().await, shown(refused)),
        }
    })
}

/// A page for whoever is signed in; others are sent to sign in and come back. An admin may look at it as somebody else: this
/// is the one place where that user is taken for the present one, and the page is given a store that only reads.
pub fn member_page<F, Fut>(tab: Tab, load: F) -> AnyView
where
    F: FnOnce(Member) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Screen, AppError>> + Send,
{
    let found = context::reading_user().and_then(Member::load);
    laid_out(async move {
        match found {
            Ok(found) => {
                let user = found.user.clone();
                let loaded = load(found).await;
                layouts::member(&user, tab, unread().await, shown(loaded))
            }
            Err(error) => layouts::public(unread().await, shown(Err(error))),
        }
    })
}

/// A page for admins.
pub fn admin_page<F, Fut>(section: Section, load: F) -> AnyView
where
    F: FnOnce(Member) -> Fut + Send + 'static,
    Fut: Future<Output = Result<Screen, AppError>> + Send,
{
    let found = context::require_admin().and_then(Member::load);
    laid_out(async move {
        match found {
            Ok(found) => {
                // A badge must not take the page down with it.
                let waiting = Waiting {
                    topups: found.store.waiting_topups().await.unwrap_or_default(),
                    cases: found.store.open_pay_cases().await.unwrap_or_default(),
                    users: found.store.waiting_corrections().await.unwrap_or_default()
                        + found.store.waiting_reseller_requests().await.unwrap_or_default()
                        + found.store.waiting_users_count().await.unwrap_or_default(),
                };
                let loaded = load(found).await;
                layouts::admin(section, waiting, unread().await, shown(loaded))
            }
            Err(error) => layouts::public(unread().await, shown(Err(error))),
        }
    })
}

/// A page that is there once it is loaded. It keeps the request's context for its rendering, which may come when another
/// thread has taken over: tags for the head are given to that context, and were lost without it.
fn laid_out(page: impl Future<Output = AnyView> + Send + 'static) -> AnyView {
    Suspend::new(async move { OwnedView::new(page.await) }).into_any()
}

/// How many notices are unread of whoever's pages are shown; nothing for who has not signed in. As with all badges, a fault
/// must not take the page down.
async fn unread() -> Option<i64> {
    let user = use_context::<context::Session>()?.reader()?.id;
    Some(context::use_store().ok()?.unread_notices(user).await.unwrap_or_default())
}

/// Sends the browser to another page instead of showing this one. For pages; server functions use
/// [`leptos_axum::redirect`].
pub fn go_to(path: &str) {
    if let (Some(response), Ok(location)) =
        (use_context::<ResponseOptions>(), http::HeaderValue::from_str(path))
    {
        response.insert_header(http::header::LOCATION, location);
        response.set_status(StatusCode::FOUND);
    }
}

/// The page, or what is shown in its stead.
fn shown(loaded: Result<Screen, AppError>) -> Screen {
    loaded.unwrap_or_else(|error| {
        if let (Some(response), Ok(status)) =
            (use_context::<ResponseOptions>(), StatusCode::from_u16(error.status()))
        {
            response.set_status(status);
        }
        if error == AppError::Refused(Refusal::SignInNeeded) {
            go_to(&format::address("/login", &[("next", &context::path_and_query())]));
        }
        layouts::problem(&error)
    })
}

/// The parts of the path. `use_params_map` panics where no route matched, which is where the 404 page is.
fn params() -> HashMap<String, String> {
    use_context::<ArcMemo<ParamsMap>>()
        .map_or_else(HashMap::new, |map| map.with_untracked(|map| pairs(map.clone())))
}

fn pairs(map: ParamsMap) -> HashMap<String, String> {
    map.into_iter().map(|(key, value)| (key.into_owned(), value)).collect()
}

/// Whether a role's pages include the admin's.
#[must_use]
pub const fn is_admin(role: Role) -> bool {
    matches!(role, Role::Admin)
}
