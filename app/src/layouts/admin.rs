use leptos::prelude::*;

use super::frame::{Entry, framed};
use crate::components::icons;
use crate::context::use_t;
use crate::page::Screen;

/// Where in the admin's menu a page belongs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Section {
    /// First page.
    Overview,
    /// Top-ups to decide about.
    Topups,
    /// All purchases.
    Transactions,
    /// Users.
    Users,
    /// Packages.
    Packages,
    /// Gateways.
    Gateways,
    /// What the operator is told.
    Notices,
    /// Settings.
    Settings,
}

/// A page of the admins.
#[must_use]
pub fn admin(section: Section, waiting_topups: i64, screen: Screen) -> AnyView {
    let t = use_t();
    let entry = |to, label, icon, of: Section| Entry {
        to,
        label,
        icon,
        on: section == of,
        waiting: if of == Section::Topups { waiting_topups } else { 0 },
        wide_only: false,
    };
    let mut menu = vec![
        entry("/admin", t.overview(), icons::OVERVIEW, Section::Overview),
        entry("/admin/topups", t.top_up(), icons::TRANSFER, Section::Topups),
        entry("/admin/transactions", t.transactions(), icons::RECEIPT, Section::Transactions),
        entry("/admin/users", t.users(), icons::USERS, Section::Users),
        entry("/admin/packages", t.packages(), icons::PACKAGE, Section::Packages),
        entry("/admin/gateways", t.gateways(), icons::SIM, Section::Gateways),
        entry("/admin/notifications", t.notices(), icons::BELL, Section::Notices),
        entry("/admin/settings", t.settings(), icons::SETTINGS, Section::Settings),
    ];
    menu.push(Entry {
        to: "/dashboard",
        label: t.to_shop(),
        icon: icons::HOME,
        on: false,
        waiting: 0,
        wide_only: false,
    });
    framed("desk", t.admin_menu(), menu, screen)
}
