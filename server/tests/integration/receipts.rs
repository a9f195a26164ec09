//! Receipts, statements as files, and saved numbers through the real router.

use std::sync::Arc;

use domain::{Ask, Msisdn, PublicId, Role, Rupiah, Verdict};
use futures_util::future::join_all;
use http::StatusCode;
use store::{
    AdjustBalance, ClaimSends, Evidence, NewOrder, PlacePurchase, RecordVerdict, SaveLogo, SetPackageActive,
    ShareReceipt, Source, User, WrittenOrder,
};

use crate::shop::{Answer, Setup, Shop, Visitor, on_each_database};

const NUMBER: &str = "087812341230";

fn order(order: &NewOrder) -> Option<WrittenOrder> {
    Some(WrittenOrder { request: order.client_ref.clone(), account: "toko".into() })
}

async fn give(shop: &Shop, bos: &User, user: &User, rupiah: i64, reason: &str) {
    let change = AdjustBalance {
        admin: bos.id,
        user: user.id,
        amount: Rupiah::new(rupiah),
        reason: reason.into(),
        key: shop.store.random_token(),
    };
    shop.store.run(change).await.unwrap();
}

/// A package that is delivered at once, for whatever the user pays for it.
async fn delivered(shop: &Shop, package: &PublicId, user: &User) -> PublicId {
    let agreed_price = Rupiah::new(if user.role == Role::Reseller { 55_000 } else { 60_000 });
    let msisdn: Msisdn = NUMBER.parse().unwrap();
    let buy = PlacePurchase {
        user: user.id,
        package: package.clone(),
        msisdn,
        agreed_price,
        pay: None,
        key: shop.store.random_token(),
        buy_again: true,
    };
    let id = shop.store.run(buy).await.unwrap();
    let claim = ClaimSends { limit: 1, write_order: Arc::new(order) };
    let job = shop.store.run(claim).await.unwrap().remove(0);
    let record = RecordVerdict {
        purchase: job.purchase.clone(),
        attempt: job.attempt,
        source: Source::Worker { ask: Ask::FirstSend, token: job.token },
        verdict: Verdict::Delivered { serial_number: Some("SN-777".into()), charged: None },
        evidence: Evidence { body: "{}".into(), ..Evidence::default() },
        ask_every_ms: 60_000,
    };
    shop.store.run(record).await.unwrap();
    id
}

/// A shop with an admin, who has put one package on sale, and somebody with money.
async fn opened(shop: &Shop, role: Role) -> (User, User, PublicId) {
    let bos = shop.user(Role::Admin, "bos").await;
    let user = shop.user(role, "siti").await;
    let package = shop.package(&bos).await;
    give(shop, &bos, &user, 500_000, "for the test").await;
    (bos, user, package)
}

/// The public link on the buyer's page, as a path.
fn link(page: &Answer) -> String {
    let (_, rest) = page.body.split_once("value=\"http://127.0.0.1:3000/r/").expect("a link on the page");
    format!("/r/{}", rest.split('"').next().unwrap())
}

async fn post(visitor: &mut Visitor<'_>, page: &str, function: &str, fields: &[(&str, &str)]) -> Answer {
    let action = visitor.action(page, function).await;
    visitor.post_form(&action, page, fields).await
}

#[tokio::test]
async fn a_receipt_is_shared_and_taken_back() {
    on_each_database(Setup::default(), async |shop| {
        let (bos, siti, package) = opened(&shop, Role::Member).await;
        let id = delivered(&shop, &package, &siti).await;
        let page = format!("/transactions/{}/receipt", id.as_str());
        shop.user(Role::Member, "wati").await;
        let mut other = shop.visitor();
        other.sign_in("wati").await;
        assert_eq!(other.get(&page).await.status, StatusCode::NOT_FOUND);
        let mut buyer = shop.visitor();
        buyer.sign_in("siti").await;

        let fields = [("purchase", id.as_str())];
        let foreign = other.post_form("/api/share_receipt", &page, &fields).await;
        assert_eq!(other.get(foreign.location()).await.status, StatusCode::NOT_FOUND);
        let unshared = buyer.get(&page).await;
        assert!(unshared.body.contains("0878-****-1230") && unshared.body.contains("SN-777"));
        assert!(!unshared.body.contains("/r/"), "no link before somebody wants one");
        let made = post(&mut buyer, &page, "share_receipt", &fields).await;
        assert_eq!((made.status, made.location()), (StatusCode::SEE_OTHER, page.as_str()));
        let link = link(&buyer.get(&page).await);
        assert_eq!(link.len(), "/r/".len() + 32, "128 bits");

        let seen = shop.visitor().get(&link).await;
        assert_eq!(seen.status, StatusCode::OK);
        for there in
            ["0878-****-1230", "SN-777", "Rp\u{a0}60.000", "Xtra Combo 10 GB", "og:description", "noindex"]
        {
            assert!(seen.body.contains(there), "{there}: {}", seen.body);
        }
        for hidden in ["087812341230", "0878-1234-1230", "500.000", "440.000", "siti", "/api/"] {
            assert!(!seen.body.contains(hidden), "{hidden}: {}", seen.body);
        }
        assert_eq!(seen.body.matches("name=\"description\"").count(), 1);
        assert_eq!(seen.header("set-cookie"), "", "who only reads gets no session");

        // The shop's logo stands on it where there is one.
        assert!(!seen.body.contains("/logo/"));
        shop.store.run(SaveLogo { admin: bos.id, picture: b"a picture".to_vec() }).await.unwrap();
        shop.store.reload_settings().await.unwrap();
        let logo = format!("/logo/{}.png", shop.store.settings().logo);
        assert!(shop.visitor().get(&link).await.body.contains(&logo));

        let gone = post(&mut buyer, &page, "revoke_receipt", &fields).await;
        assert_eq!(gone.location(), format!("{page}?done=revoked"));
        let dead = shop.visitor().get(&link).await;
        assert_eq!(dead.status, StatusCode::NOT_FOUND);
        assert!(!dead.body.contains("SN-777"));
    })
    .await;
}

#[tokio::test]
async fn many_who_look_at_once_each_see_their_own_receipt() {
    on_each_database(Setup::default(), async |shop| {
        let (_, siti, package) = opened(&shop, Role::Member).await;
        let mut links = Vec::new();
        for _ in 0..4 {
            let purchase = delivered(&shop, &package, &siti).await;
            let token = shop.store.run(ShareReceipt { user: siti.id, purchase }).await.unwrap();
            links.push(format!("/r/{token}"));
        }
        let look = async |link: &String| (link.clone(), shop.visitor().get(link).await);
        let seen = join_all((0..5).flat_map(|_| &links).map(look)).await;
        for (link, page) in seen {
            let tags = format!("property=\"og:url\" content=\"http://127.0.0.1:3000{link}\"");
            assert_eq!(page.body.matches(&tags).count(), 1, "its own address: {}", page.body);
            assert_eq!(page.body.matches("og:url").count(), 1, "and no other's");
            assert_eq!(page.body.matches("noindex").count(), 1, "{}", page.body);
        }
    })
    .await;
}

#[tokio::test]
async fn a_reseller_puts_their_own_name_and_price_on_it() {
    on_each_database(Setup::default(), async |shop| {
        let (_, siti, package) = opened(&shop, Role::Reseller).await;
        let id = delivered(&shop, &package, &siti).await;
        let page = format!("/transactions/{}/receipt", id.as_str());
        let mut seller = shop.visitor();
        seller.sign_in("siti").await;
        let fields = |name, price| [("purchase", id.as_str()), ("shop_name", name), ("price", price)];
        let long = "a".repeat(41);
        let wrong = post(&mut seller, &page, "save_selling", &fields(&long, "1.5")).await;
        assert!(wrong.location().starts_with(&format!("{page}?form=")), "{wrong:?}");
        let back = seller.get(wrong.location()).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(back.body.contains(&long) && back.body.contains("value=\"1.5\""), "typed text is kept");

        let saved = post(&mut seller, &page, "save_selling", &fields("Konter <Melati>", "65.000")).await;
        assert_eq!(saved.location(), format!("{page}?done=saved"));
        let token = shop.store.run(ShareReceipt { user: siti.id, purchase: id.clone() }).await.unwrap();
        let seen = shop.visitor().get(&format!("/r/{token}")).await;
        assert!(seen.body.contains("Konter &lt;Melati&gt;") && seen.body.contains("Rp\u{a0}65.000"));
        for hidden in ["55.000", "55000", "XL Package Manager"] {
            assert!(!seen.body.contains(hidden), "{hidden}: {}", seen.body);
        }
        let own = seller.get(&page).await;
        assert!(!own.body.contains("55.000"), "nor on the page that is printed");
        // What goes to WhatsApp is the same.
        let purchase = seller.get(&format!("/transactions/{}", id.as_str())).await;
        let (_, message) = purchase.body.split_once("https://wa.me/?text=").unwrap();
        let message = message.split('"').next().unwrap();
        assert!(message.contains("65.000") && message.contains(&token), "{message}");
        assert!(!message.contains("55.000") && !message.contains("XL%20Package%20Manager"), "{message}");

        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let looked = admin.get(&page).await;
        assert_eq!(looked.status, StatusCode::OK);
        assert!(!looked.body.contains("/api/share_receipt"), "it is not theirs to share");
    })
    .await;
}

#[tokio::test]
async fn a_statement_shows_its_range_and_gives_the_same_as_a_file() {
    on_each_database(Setup::default(), async |shop| {
        let (bos, siti, package) = opened(&shop, Role::Member).await;
        shop.database.clock.advance_ms(10 * domain::DAY_MS);
        delivered(&shop, &package, &siti).await;
        give(&shop, &bos, &siti, 7_000, "=HYPERLINK(\"http://evil\")").await;
        let mut visitor = shop.visitor();
        visitor.sign_in("siti").await;
        let week = visitor.get("/statement?range=7d").await;
        for there in ["Rp\u{a0}500.000", "Rp\u{a0}7.000", "Rp\u{a0}60.000", "Rp\u{a0}447.000"] {
            assert!(week.body.contains(there), "{there}: {}", week.body);
        }
        assert!(!week.body.contains("for the test"), "ten days ago");
        let income = visitor.get("/statement?range=7d&way=in").await;
        assert!(income.body.contains("HYPERLINK") && !income.body.contains(">Purchase<"));
        let chosen = visitor.get("/statement?range=custom&from=2026-02-30&to=x").await;
        assert!(chosen.body.contains("value=\"2026-02-30\"") && chosen.body.contains("aria-invalid"));

        let file = visitor.get("/statement/export.csv?range=7d").await;
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
        assert!(
            file.header("content-disposition").starts_with("attachment; filename=\"statement-20"),
            "{file:?}"
        );
        let rows: Vec<&str> = file.body.split("\r\n").collect();
        assert_eq!(rows.len(), 4, "{}", file.body);
        assert!(
            rows[0].starts_with("\u{feff}Time (WIB),Movement,Number,In (Rp),Out (Rp),Balance (Rp)"),
            "{}",
            rows[0]
        );
        assert!(rows[1].contains(",7000,,447000,,\"'=HYPERLINK(\"\"http://evil\"\")\""), "{}", rows[1]);
        assert!(rows[2].contains(",Purchase,") && rows[2].contains(",,60000,440000,,"), "{}", rows[2]);
        let income = visitor.get("/statement/export.csv?range=7d&way=in").await;
        assert_eq!(income.body.split("\r\n").count(), 3);
    })
    .await;
}

#[tokio::test]
async fn a_long_file_is_whole() {
    on_each_database(Setup::default(), async |shop| {
        let bos = shop.user(Role::Admin, "bos").await;
        let siti = shop.user(Role::Member, "siti").await;
        // More than two pieces.
        for n in 1..=1_003_i64 {
            give(&shop, &bos, &siti, n, "for the test").await;
        }
        let mut visitor = shop.visitor();
        visitor.sign_in("siti").await;
        let file = visitor.get("/statement/export.csv").await;
        let rows: Vec<&str> = file.body.trim_end().split("\r\n").collect();
        assert_eq!(rows.len(), 1_004, "each once, and one head");
        let last: Vec<&str> = rows[1_003].split(',').collect();
        assert_eq!((last[3], last[5]), ("1", "1"), "the oldest at the end");
        assert_eq!(file.body.matches('\u{feff}').count(), 1);
    })
    .await;
}

#[tokio::test]
async fn numbers_are_saved_and_bought_for_again() {
    on_each_database(Setup::default(), async |shop| {
        let (bos, siti, package) = opened(&shop, Role::Member).await;
        let id = delivered(&shop, &package, &siti).await;
        let purchase = format!("/transactions/{}", id.as_str());
        let mut visitor = shop.visitor();
        visitor.sign_in("siti").await;

        let wrong =
            post(&mut visitor, "/saved-numbers", "save_number", &[("msisdn", "0812"), ("name", " ")]).await;
        let back = visitor.get(wrong.location()).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(back.body.matches("aria-invalid=\"true\"").count(), 2);

        let fields = [("msisdn", NUMBER), ("name", "Ibu <3"), ("next", purchase.as_str())];
        let saved = post(&mut visitor, &purchase, "save_number", &fields).await;
        assert_eq!(saved.location(), format!("{purchase}?done=saved"));
        assert!(visitor.get(&purchase).await.body.contains("Saved as Ibu &lt;3"));
        let evil = [("msisdn", NUMBER), ("name", "Ibu"), ("next", "//evil.example")];
        let safe = visitor.post_form("/api/save_number", &purchase, &evil).await;
        assert_eq!(safe.location(), "/saved-numbers?done=saved");
        for page in ["/packages", "/dashboard", &format!("/buy/{}", package.as_str())] {
            let page = visitor.get(page).await;
            assert!(page.body.contains("Ibu · 0878-****-1230"), "{}", page.body);
            assert!(page.body.contains("<option value=\"0878-1234-1230\">Ibu</option>"), "{}", page.body);
        }

        // Sold: straight to the confirmation. Not sold any more: to others for the number.
        let again = format!("/buy/{}?msisdn={NUMBER}&again=1", package.as_str());
        for page in ["/dashboard", "/transactions", &purchase] {
            let page = visitor.get(page).await;
            assert!(
                page.body.contains(&again.replace('&', "&amp;")) || page.body.contains(&again),
                "{}",
                page.body
            );
        }
        assert!(visitor.get(&again).await.body.contains("/api/place_purchase"));
        let close = SetPackageActive { admin: bos.id, id: package, active: false };
        shop.store.run(close).await.unwrap();
        let other = visitor.get(&again).await;
        assert_eq!(
            (other.status, other.location()),
            (StatusCode::FOUND, &*format!("/packages?msisdn={NUMBER}&gone=1"))
        );
        assert!(visitor.get(other.location()).await.body.contains("not sold any more"));

        let removed = post(&mut visitor, "/saved-numbers", "remove_number", &[("msisdn", NUMBER)]).await;
        assert_eq!(removed.location(), "/saved-numbers?done=forgotten");
        assert!(!visitor.get("/saved-numbers").await.body.contains("0878-1234-1230"));
    })
    .await;
}
