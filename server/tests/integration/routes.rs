//! Every address, for everyone: one table.

use axum::body::Body;
use domain::Role;
use http::{Method, StatusCode};

use crate::shop::{Answer, Setup, on_each_database};

/// Address, and the status for somebody signed out, for a member and for an admin. Who is signed out is sent to sign in;
/// who is signed in has nothing to do there.
const TABLE: &[(&str, [u16; 3])] = &[
    ("/", [200, 200, 200]),
    ("/login", [200, 302, 302]),
    ("/register", [200, 302, 302]),
    ("/forgot", [200, 200, 200]),
    ("/forgot?done=reset_sent", [200, 200, 200]),
    // A link that is used up or was never made says so.
    ("/reset/0123456789abcdef", [200, 200, 200]),
    ("/verify/0123456789abcdef", [200, 200, 200]),
    ("/terms", [200, 200, 200]),
    ("/privacy", [200, 200, 200]),
    ("/dashboard", [302, 200, 200]),
    ("/packages", [302, 200, 200]),
    ("/packages?q=combo&category=monthly&msisdn=087812345678", [302, 200, 200]),
    ("/buy/7QK2M9DAX3TP", [302, 404, 404]),
    ("/buy/not-an-id", [302, 404, 404]),
    ("/transactions", [302, 200, 200]),
    ("/transactions?state=failed&q=1234", [302, 200, 200]),
    ("/transactions/7QK2M9DAX3TP", [302, 404, 404]),
    ("/topup", [302, 200, 200]),
    ("/topup/confirm", [302, 302, 302]),
    ("/topup/history", [302, 200, 200]),
    ("/topup/7QK2M9DAX3TP", [302, 404, 404]),
    // Nothing is asked for, so it leads to the form.
    ("/topup/confirm", [302, 302, 302]),
    ("/topup/history", [302, 200, 200]),
    ("/topup/history?state=credited", [302, 200, 200]),
    ("/topup/7QK2M9DAX3TP/proof", [302, 404, 404]),
    ("/topup/7QK2M9DAX3TP/qr.png", [302, 404, 404]),
    ("/topup/not-an-id/qr.png", [302, 404, 404]),
    ("/transactions/7QK2M9DAX3TP/receipt", [302, 404, 404]),
    ("/r/0123456789abcdef0123456789abcdef", [404, 404, 404]),
    ("/r/-", [404, 404, 404]),
    ("/saved-numbers", [302, 200, 200]),
    ("/saved-numbers?q=rina", [302, 200, 200]),
    ("/statement", [302, 200, 200]),
    ("/statement?range=7d&way=in", [302, 200, 200]),
    ("/statement?range=custom&from=2026-02-30", [302, 422, 422]),
    ("/statement/export.csv", [302, 200, 200]),
    ("/statement/export.csv?range=custom&to=never", [302, 422, 422]),
    ("/profile", [302, 200, 200]),
    ("/profile/sign-ins", [302, 200, 200]),
    ("/profile/close", [302, 200, 200]),
    ("/confirm", [302, 200, 200]),
    // Without a gateway that numbers can be signed in at.
    ("/numbers", [302, 404, 404]),
    ("/numbers/otp/7QK2M9DAX3TP", [302, 404, 404]),
    ("/numbers/7QK2M9DAX3TP", [302, 404, 404]),
    ("/events/otp/7QK2M9DAX3TP", [401, 404, 404]),
    ("/events/numbers/7QK2M9DAX3TP", [401, 404, 404]),
    ("/admin", [302, 404, 200]),
    ("/admin/users", [302, 404, 200]),
    ("/admin/users/waiting", [302, 404, 200]),
    ("/admin/users/7QK2M9DAX3TP", [302, 404, 404]),
    ("/admin/users/new", [302, 404, 200]),
    ("/admin/users?need=reseller&q=0812&role=member&state=active", [302, 404, 200]),
    ("/admin/corrections", [302, 404, 200]),
    ("/admin/corrections?state=all&user=7QK2M9DAX3TP", [302, 404, 404]),
    ("/admin/corrections/7QK2M9DAX3TP", [302, 404, 404]),
    ("/admin/packages", [302, 404, 200]),
    ("/admin/packages/new", [302, 404, 200]),
    ("/admin/packages?q=x&margin=0&disturbed=on&sort=margin&after=7QK2M9DAX3TP", [302, 404, 200]),
    ("/admin/packages?margin=x", [302, 404, 422]),
    ("/admin/packages/new?copy=7QK2M9DAX3TP", [302, 404, 404]),
    ("/admin/packages/bulk", [302, 404, 200]),
    ("/admin/packages/bulk?action=prices&value=x", [302, 404, 200]),
    ("/admin/packages/import", [302, 404, 200]),
    ("/admin/packages/import?kept=x", [302, 404, 200]),
    ("/admin/packages/export.csv", [302, 404, 200]),
    ("/admin/packages/7QK2M9DAX3TP", [302, 404, 404]),
    ("/admin/exceptions", [302, 404, 200]),
    ("/admin/report", [302, 404, 200]),
    ("/admin/report?month=2026-01", [302, 404, 200]),
    ("/admin/report.csv?month=2026-01", [302, 404, 200]),
    ("/admin/report.csv?month=none", [302, 404, 404]),
    ("/admin/transactions", [302, 404, 200]),
    ("/admin/transactions?kind=topup&state=credited&from=2026-01-05&amount=x&q=%27", [302, 404, 200]),
    ("/admin/transactions.csv", [302, 404, 200]),
    ("/admin/transactions.csv?from=never", [302, 404, 404]),
    ("/admin/transactions/7QK2M9DAX3TP", [302, 404, 404]),
    ("/admin/topups", [302, 404, 200]),
    ("/admin/topups/7QK2M9DAX3TP", [302, 404, 404]),
    ("/admin/topups?kind=gateway&state=all&q=1", [302, 404, 200]),
    ("/admin/cases", [302, 404, 200]),
    ("/admin/cases/7QK2M9DAX3TP", [302, 404, 404]),
    ("/admin/statements", [302, 404, 200]),
    ("/admin/statements/read", [302, 404, 404]),
    ("/admin/payments", [302, 404, 200]),
    ("/admin/payments?edit=%2B", [302, 404, 200]),
    ("/admin/payments?method=transfer", [302, 404, 200]),
    ("/admin/payments/qris", [302, 404, 200]),
    // They only take files.
    ("/admin/payments/qris/picture", [302, 404, 405]),
    ("/admin/statements/upload", [302, 404, 405]),
    ("/admin/packages/import/upload", [302, 404, 405]),
    ("/admin/payments/none/day", [302, 404, 404]),
    ("/admin/payments/none/day.csv?day=2026-01-05", [302, 404, 404]),
    ("/admin/settings", [302, 404, 200]),
    // It only takes a file.
    ("/admin/settings/logo", [302, 404, 405]),
    ("/admin/backups", [302, 404, 200]),
    ("/admin/audit", [302, 404, 200]),
    (
        "/admin/audit?actor=bos&action=set_role&kind=user&id=siti&from=2026-01-05&to=2026-01-06",
        [302, 404, 200],
    ),
    ("/admin/audit.csv?actor=bos", [302, 404, 200]),
    // Only while the shop is being worked on.
    ("/maintenance", [404, 404, 404]),
    ("/theme/none.css", [404, 404, 404]),
    ("/logo/none.png", [404, 404, 404]),
    ("/admin/gateways", [302, 404, 200]),
    ("/admin/gateways?edit=%2B", [302, 404, 200]),
    ("/admin/gateways/none/offers", [302, 404, 404]),
    ("/admin/gateways/none/book", [302, 404, 404]),
    ("/admin/webhooks", [302, 404, 200]),
    ("/admin/notifications", [302, 404, 200]),
    ("/admin/notifications?edit=telegram", [302, 404, 200]),
    ("/admin/notifications?kind=alarm&text=%7Breason%7D", [302, 404, 200]),
    ("/admin/nothing", [302, 404, 404]),
    ("/events/purchases/7QK2M9DAX3TP", [401, 404, 404]),
    ("/events/topups/7QK2M9DAX3TP", [401, 404, 404]),
    // Streams that any admin may have.
    ("/events/gateways", [401, 404, 200]),
    ("/events/payments", [401, 404, 200]),
    ("/events/notifications", [401, 404, 200]),
    ("/healthz", [200, 200, 200]),
    // No workers run in these tests.
    ("/readyz", [503, 503, 503]),
    ("/nothing", [404, 404, 404]),
];

#[tokio::test]
async fn every_address_for_everyone() {
    on_each_database(Setup::default(), async |shop| {
        shop.user(Role::Member, "siti").await;
        shop.user(Role::Admin, "bos").await;
        let mut member = shop.visitor();
        member.sign_in("siti").await;
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let mut visitors = [shop.visitor(), member, admin];
        let mut wrong = Vec::new();
        for (path, statuses) in TABLE {
            for (i, (visitor, status)) in visitors.iter_mut().zip(statuses).enumerate() {
                // A stream has no end to wait for.
                let answer = if path.starts_with("/events/") {
                    let response = visitor.open(Method::GET, path, &[], Body::empty()).await;
                    Answer {
                        status: response.status(),
                        headers: response.headers().clone(),
                        body: String::new(),
                    }
                } else {
                    visitor.get(path).await
                };
                if answer.status.as_u16() != *status {
                    wrong.push(format!("{path}: {} instead of {status}", answer.status));
                }
                if i == 0 && answer.status == StatusCode::FOUND {
                    assert_eq!(answer.body, "", "{path}: the redirect is empty");
                    assert!(
                        answer.location().starts_with("/login?next=%2F"),
                        "{path}: {}",
                        answer.location()
                    );
                }
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    })
    .await;
}

/// A page or another address that is not in the table would be one that nobody thought about.
#[test]
fn the_table_is_whole() {
    let listed: Vec<Vec<&str>> =
        TABLE.iter().map(|(path, _)| path.split('?').next().unwrap().split('/').collect()).collect();
    let pages = leptos_axum::generate_route_list(app::App);
    let others = server::web::besides_pages();
    let paths = pages.iter().map(|page| page.path()).chain(others.iter().map(|(path, _)| *path));
    for path in paths {
        let parts: Vec<&str> = path.split('/').collect();
        let known = listed.iter().any(|listed| {
            listed.len() == parts.len()
                && listed.iter().zip(&parts).all(|(listed, part)| listed == part || part.starts_with('{'))
        });
        assert!(known || path == "/setup", "{path} is in no table");
    }
}

#[tokio::test]
async fn without_its_token_the_set_up_page_does_nothing() {
    on_each_database(Setup::default(), async |shop| {
        let answer = shop.visitor().get("/setup").await;
        assert!(!answer.body.contains("name=\"password\""), "{}", answer.body);
    })
    .await;
}
