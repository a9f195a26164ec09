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
    /// Money that did not come as it should.
    Cases,
    /// Statements of the shop's bank accounts.
    Statements,
    /// How top-ups are paid.
    Payments,
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
    /// What was done.
    Audit,
}

/// What waits for a human, for the badges of the menu.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Waiting {
    /// Top-ups.
    pub topups: i64,
    /// Money that did not come as it should.
    pub cases: i64,
    /// Corrections of balances, requests to become a reseller, newcomers to be let in.
    pub users: i64,
}

/// A page of the admins.
#[must_use]
pub fn admin(section: Section, waiting: Waiting, unread: Option<i64>, screen: Screen) -> AnyView {
    let t = use_t();
    let entry = |to, label, icon, of: Section| Entry {
        to,
        label,
        icon,
        on: section == of,
        waiting: match of {
            Section::Topups => waiting.topups,
            Section::Cases => waiting.cases,
            Section::Users => waiting.users,
            _ => 0,
        },
        // On a phone the pages of top-ups lead to one another.
        wide_only: matches!(of, Section::Cases | Section::Statements | Section::Payments | Section::Audit),
    };
    let mut menu = vec![
        entry("/admin", t.overview(), icons::OVERVIEW, Section::Overview),
        entry("/admin/topups", t.top_up(), icons::TRANSFER, Section::Topups),
        entry("/admin/cases", t.cases(), icons::SHIELD, Section::Cases),
        entry("/admin/statements", t.statements(), icons::BANK, Section::Statements),
        entry("/admin/payments", t.payments(), icons::QR, Section::Payments),
        entry("/admin/transactions", t.transactions(), icons::RECEIPT, Section::Transactions),
        entry("/admin/users", t.users(), icons::USERS, Section::Users),
        entry("/admin/packages", t.packages(), icons::PACKAGE, Section::Packages),
        entry("/admin/gateways", t.gateways(), icons::SIM, Section::Gateways),
        entry("/admin/notifications", t.notices(), icons::BELL, Section::Notices),
        entry("/admin/settings", t.settings(), icons::SETTINGS, Section::Settings),
        entry("/admin/audit", t.audit(), icons::HISTORY, Section::Audit),
    ];
    menu.push(Entry {
        to: "/dashboard",
        label: t.to_shop(),
        icon: icons::HOME,
        on: false,
        waiting: 0,
        wide_only: false,
    });
    framed("desk", t.admin_menu(), menu, unread, screen)
}
