use domain::Role;
use leptos::prelude::*;
use store::User;

use super::frame::{Entry, framed};
use crate::components::icons;
use crate::context::{SiteInfo, use_t};
use crate::page::Screen;

/// Where in the member's menu a page belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tab {
    /// Dashboard.
    Home,
    /// Packages, and buying one.
    Packages,
    /// Top-ups.
    TopUp,
    /// Purchases.
    History,
    /// Numbers that are signed in.
    Numbers,
    /// Movements of the balance.
    Statement,
    /// Profile.
    Account,
    /// Behind the bell, not in the menu.
    Notices,
}

/// Before the statement.
const NUMBERS_AT: usize = 4;

/// A page of a signed-in user.
#[must_use]
pub fn member(user: &User, tab: Tab, unread: Option<i64>, screen: Screen) -> AnyView {
    let t = use_t();
    let entry = |to, label, icon, of: Tab| Entry {
        to,
        label,
        icon,
        on: tab == of,
        waiting: 0,
        wide_only: matches!(of, Tab::Statement | Tab::Numbers),
    };
    let mut menu = vec![
        entry("/dashboard", t.home(), icons::HOME, Tab::Home),
        entry("/packages", t.packages(), icons::PACKAGE, Tab::Packages),
        entry("/topup", t.top_up(), icons::PLUS, Tab::TopUp),
        entry("/transactions", t.history(), icons::HISTORY, Tab::History),
        entry("/statement", t.statement(), icons::STATEMENT, Tab::Statement),
        entry("/profile", t.account(), icons::USER, Tab::Account),
    ];
    if use_context::<SiteInfo>().is_some_and(|site| !site.session_gateways.is_empty()) {
        menu.insert(NUMBERS_AT, entry("/numbers", t.numbers(), icons::SIM, Tab::Numbers));
    }
    if user.role == Role::Admin {
        menu.push(Entry {
            to: "/admin",
            label: t.manage_shop(),
            icon: icons::OVERVIEW,
            on: false,
            waiting: 0,
            wide_only: true,
        });
    }
    framed("tabs", t.main_menu(), menu, unread, screen)
}
