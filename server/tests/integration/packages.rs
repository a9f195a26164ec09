//! The admin's packages through the real router: the list, many at once, tables, the history, and what buyers notice.

use axum::body::Body;
use domain::{Prices, PublicId, Role, Rupiah};
use http::{Method, StatusCode};
use store::{AdjustBalance, PriceSource, PurchaseFilter, SetUserRole, User};

use crate::shop::{Answer, HTML, ORIGIN, PASSWORD, Setup, Shop, Visitor, on_each_database};

const BOUNDARY: &str = "----xlpm";
const LIST: &str = "/admin/packages";
const IMPORT: &str = "/admin/packages/import";
const UPLOAD: &str = "/admin/packages/import/upload";

async fn upload(visitor: &mut Visitor<'_>, field: &str, text: &[u8]) -> Answer {
    let mut body =
        format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n").into_bytes();
    body.extend_from_slice(text);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let referer = format!("{ORIGIN}{IMPORT}");
    let headers =
        [("accept", HTML), ("content-type", kind.as_str()), ("origin", ORIGIN), ("referer", &referer)];
    visitor.send(Method::POST, UPLOAD, &headers, Body::from(body)).await
}

/// What stands in the page's form that goes to a server function, by the fields' names.
fn form(page: &Answer, function: &str) -> Vec<(String, String)> {
    let start = format!("action=\"/api/{function}\"");
    let (_, rest) = page.body.split_once(&start).unwrap_or_else(|| panic!("no {function}: {}", page.body));
    let form = rest.split("</form>").next().unwrap();
    let inputs = form.split("<input ").skip(1).map(|input| input.split('>').next().unwrap());
    let attribute = |input: &str, name: &str| {
        let (_, rest) = input.split_once(&format!("{name}=\""))?;
        Some(rest.split('"').next().unwrap().replace("&amp;", "&"))
    };
    inputs
        .filter(|input| !input.contains("checkbox") || input.contains("checked"))
        .filter_map(|input| Some((attribute(input, "name")?, attribute(input, "value")?)))
        .collect()
}

async fn send(visitor: &mut Visitor<'_>, page: &str, function: &str) -> Answer {
    let shown = visitor.get(page).await;
    let fields = form(&shown, function);
    submit(visitor, page, function, &fields).await
}

async fn submit(
    visitor: &mut Visitor<'_>,
    page: &str,
    function: &str,
    fields: &[(String, String)],
) -> Answer {
    let fields: Vec<(&str, &str)> =
        fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    visitor.post_form(&format!("/api/{function}"), page, &fields).await
}

async fn prices(shop: &Shop, id: &PublicId) -> (i64, i64) {
    let Prices { member, reseller } = shop.store.package(id).await.unwrap().unwrap().prices;
    (member.get(), reseller.get())
}

async fn give(shop: &Shop, admin: &User, user: &User, rupiah: i64) {
    let key = shop.store.random_token();
    let amount = Rupiah::new(rupiah);
    let reason = "for the test".into();
    shop.store.run(AdjustBalance { admin: admin.id, user: user.id, amount, reason, key }).await.unwrap();
}

const UP_BY_TEN: &str =
    "/admin/packages/bulk?q=combo&action=prices&target=both&step=percent_up&value=10&round=500";

#[tokio::test]
async fn many_packages_by_a_formula() {
    on_each_database(Setup::default(), async |shop| {
        let bos = shop.user(Role::Admin, "bos").await;
        let id = shop.package(&bos).await;
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;

        let list = admin.get("/admin/packages?q=combo&margin=10.000").await;
        assert!(list.body.contains("/admin/packages/bulk?q=combo&amp;margin=10.000"), "{}", list.body);
        assert!(list.body.contains("+Rp\u{a0}5.000 (10%)"), "the margin of resellers: {}", list.body);
        let wrong =
            admin.get("/admin/packages/bulk?action=prices&target=both&step=add&value=7%2C5&round=1").await;
        assert_eq!(wrong.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(wrong.body.contains("value=\"7,5\"") && wrong.body.contains("aria-invalid=\"true\""));
        let loss =
            admin.get("/admin/packages/bulk?action=prices&target=both&step=set&value=40000&round=1").await;
        assert!(
            loss.body.contains("Below cost") && loss.body.contains("Loss Rp\u{a0}10.000 (−20%)"),
            "{}",
            loss.body
        );
        assert!(!loss.body.contains("type=\"checkbox\""), "nothing to tick");

        let preview = admin.get(UP_BY_TEN).await;
        assert_eq!(preview.status, StatusCode::OK);
        assert!(preview.body.contains("1 packages would change, 0 stay the same"), "{}", preview.body);
        assert!(preview.body.contains("Rp\u{a0}66.000") && preview.body.contains("Rp\u{a0}60.500"));
        assert_eq!(prices(&shop, &id).await, (60_000, 55_000), "only shown");

        // What was shown is not what there is any more.
        let stale = form(&preview, "change_packages");
        let save = send_price(&shop, &bos, &id, 61_000).await;
        assert_eq!(save, (61_000, 55_000));
        let refused = submit(&mut admin, UP_BY_TEN, "change_packages", &stale).await;
        assert!(refused.location().contains("form="), "{refused:?}");
        let shown = admin.get(refused.location()).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(shown.body.contains("It has changed in the meantime"), "{}", shown.body);
        assert_eq!(prices(&shop, &id).await, (61_000, 55_000));

        let fields = form(&admin.get(UP_BY_TEN).await, "change_packages");
        let done = submit(&mut admin, UP_BY_TEN, "change_packages", &fields).await;
        assert_eq!(done.location(), "/admin/packages?q=combo&changed=1");
        assert_eq!(prices(&shop, &id).await, (67_500, 60_500));
        assert!(admin.get(done.location()).await.body.contains("1 packages changed."));
        let again = submit(&mut admin, UP_BY_TEN, "change_packages", &fields).await;
        assert_eq!(again.location(), done.location(), "sent twice, done once");
        assert_eq!(prices(&shop, &id).await, (67_500, 60_500));
        let none: Vec<_> = fields.iter().filter(|(name, _)| name != "packages[]").cloned().collect();
        let none = submit(&mut admin, UP_BY_TEN, "change_packages", &none).await;
        assert!(none.location().contains("form="), "nothing was ticked: {none:?}");

        let page = admin.get(&format!("{LIST}/{}", id.as_str())).await;
        assert!(page.body.contains("Many at once · bos") && page.body.contains("<polyline"), "{}", page.body);
        let off = "/admin/packages/bulk?action=deactivate";
        let off = send(&mut admin, off, "change_packages").await;
        assert_eq!(off.location(), "/admin/packages?changed=1");
        assert!(!shop.store.package(&id).await.unwrap().unwrap().active);
    })
    .await;
}

async fn send_price(shop: &Shop, admin: &User, id: &PublicId, member: i64) -> (i64, i64) {
    let package = shop.store.package(id).await.unwrap().unwrap();
    let prices_now = Prices { member: Rupiah::new(member), ..package.prices };
    let draft = store::PackageDraft { prices: prices_now, ..package.into() };
    let save = store::SavePackage { admin: admin.id, id: store::Saving::Known(id.clone()), draft };
    shop.store.run(save).await.unwrap();
    prices(shop, id).await
}

#[tokio::test]
async fn a_table_is_looked_at_and_then_taken_in() {
    on_each_database(Setup::default(), async |shop| {
        let bos = shop.user(Role::Admin, "bos").await;
        let id = shop.package(&bos).await;
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let empty = upload(&mut admin, "file", b" ").await;
        let shown = admin.get(empty.location()).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(shown.body.contains("Please fill this in"), "{}", shown.body);
        let large = upload(&mut admin, "file", &vec![b'x'; 2 * 1024 * 1024 + 1]).await;
        assert!(admin.get(large.location()).await.body.contains("At most 2 MB"), "{large:?}");
        let unknown = upload(&mut admin, "text", b"gateway,sku,prise\n").await;
        let unknown = admin.get(unknown.location()).await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(unknown.body.contains("There is no column “prise”"), "{}", unknown.body);

        let export = admin.get("/admin/packages/export.csv?q=combo").await;
        assert_eq!(export.header("content-type"), "text/csv; charset=utf-8");
        assert!(export.body.starts_with("gateway,sku,name,"), "{}", export.body);
        let same = upload(&mut admin, "file", export.body.as_bytes()).await;
        assert!(admin.get(same.location()).await.body.contains("This file changes nothing"));

        let wrong = export.body.replace("60000", "40.000");
        let wrong = upload(&mut admin, "file", wrong.as_bytes()).await;
        let shown = admin.get(wrong.location()).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(
            shown.body.contains("Line 2:") && shown.body.contains("At least Rp\u{a0}50.000"),
            "{}",
            shown.body
        );
        assert!(!shown.body.contains("action=\"/api/import_packages\""), "nothing to carry out");

        let right = export.body.replace("60000", "62.500");
        let right = upload(&mut admin, "file", right.as_bytes()).await;
        // Nobody else's session may see it.
        let mut other = shop.visitor();
        other.sign_in("bos").await;
        assert!(other.get(right.location()).await.body.contains("not kept any more"));
        let shown = admin.get(right.location()).await;
        assert!(shown.body.contains("0 new, 1 changed, 0 the same, 0 wrong."), "{}", shown.body);
        let stale = form(&shown, "import_packages");
        send_price(&shop, &bos, &id, 61_000).await;
        let refused = submit(&mut admin, right.location(), "import_packages", &stale).await;
        assert!(refused.location().contains("form="), "{refused:?}");
        assert_eq!(prices(&shop, &id).await, (61_000, 55_000));
        let done = send(&mut admin, right.location(), "import_packages").await;
        assert_eq!(done.location(), "/admin/packages?added=0&changed=1");
        assert_eq!(prices(&shop, &id).await, (62_500, 55_000));
        let last = shop.store.price_history(&id, None, 1).await.unwrap().items.remove(0);
        assert_eq!(last.source, Some(PriceSource::Import));
    })
    .await;
}

#[tokio::test]
async fn packages_are_copied_and_put_in_order() {
    on_each_database(Setup::default(), async |shop| {
        let bos = shop.user(Role::Admin, "bos").await;
        let first = shop.package(&bos).await;
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let copy = admin.get(&format!("/admin/packages/new?copy={}", first.as_str())).await;
        assert!(
            copy.body.contains("value=\"Xtra Combo 10 GB (copy)\"") && copy.body.contains("value=\"60.000\"")
        );
        let second = shop.package(&bos).await;
        let list = admin.get(LIST).await;
        let place =
            |page: &Answer, id: &PublicId| page.body.find(&format!("{LIST}/{}\"", id.as_str())).unwrap();
        assert!(place(&list, &first) < place(&list, &second));
        let fields = [("id", second.as_str()), ("beside", first.as_str()), ("before", "true")];
        let page = "/admin/packages?q=combo";
        let moved = admin.post_form("/api/move_package", page, &fields).await;
        assert_eq!(moved.location(), page);
        let list = admin.get(LIST).await;
        assert!(place(&list, &second) < place(&list, &first));
    })
    .await;
}

#[tokio::test]
async fn a_buyer_is_never_charged_a_price_they_did_not_see() {
    on_each_database(Setup::default(), async |shop| {
        let bos = shop.user(Role::Admin, "bos").await;
        let siti = shop.user(Role::Member, "siti").await;
        let id = shop.package(&bos).await;
        give(&shop, &bos, &siti, 63_000).await;
        let (mut admin, mut buyer) = (shop.visitor(), shop.visitor());
        admin.sign_in("bos").await;
        buyer.sign_in("siti").await;
        let page = format!("/buy/{}?msisdn=087812345678", id.as_str());
        let saw = form(&buyer.get(&page).await, "place_purchase");
        let bought = async || {
            let filter = PurchaseFilter { buyer: Some(siti.id), limit: 10, ..PurchaseFilter::default() };
            let wallet = shop.store.wallet(siti.id).await.unwrap();
            let purchases = shop.store.purchases(filter).await.unwrap().items.len();
            (purchases, wallet.available.get(), wallet.held.get())
        };

        // By a formula, and from a table.
        send(
            &mut admin,
            "/admin/packages/bulk?action=prices&target=member&step=add&value=1000&round=1",
            "change_packages",
        )
        .await;
        let refused = submit(&mut buyer, &page, "place_purchase", &saw).await;
        let shown = buyer.get(refused.location()).await;
        assert_eq!(shown.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(shown.body.contains("changed from Rp\u{a0}60.000 to Rp\u{a0}61.000"), "{}", shown.body);
        assert_eq!(bought().await, (0, 63_000, 0));
        // The page that came back agrees to the new price; meanwhile it changes once more, above the balance.
        let saw = form(&shown, "place_purchase");
        let table = upload(&mut admin, "text", b"sku;gateway;price_member\nxld10;digiflazz;64.000\n").await;
        send(&mut admin, table.location(), "import_packages").await;
        let refused = submit(&mut buyer, &page, "place_purchase", &saw).await;
        let shown = buyer.get(refused.location()).await;
        assert!(shown.body.contains("changed from Rp\u{a0}61.000 to Rp\u{a0}64.000"), "{}", shown.body);
        assert!(
            shown.body.contains("Rp\u{a0}1.000") && !shown.body.contains("action=\"/api/place_purchase\"")
        );
        assert_eq!(bought().await, (0, 63_000, 0));

        // Another role ends the session; the price of before counts no more.
        let role = SetUserRole { admin: bos.id, user: siti.public_id.clone(), role: Role::Reseller };
        shop.store.run(role).await.unwrap();
        let out = submit(&mut buyer, &page, "place_purchase", &saw).await;
        assert!(out.location().starts_with("/login"), "{out:?}");
        let fields = [("identity", "siti"), ("password", PASSWORD), ("next", "")];
        buyer.post_form("/api/sign_in", "/login", &fields).await;
        let refused = submit(&mut buyer, &page, "place_purchase", &saw).await;
        let shown = buyer.get(refused.location()).await;
        assert!(shown.body.contains("changed from Rp\u{a0}61.000 to Rp\u{a0}55.000"), "{}", shown.body);
        assert_eq!(bought().await, (0, 63_000, 0));
        let placed = submit(&mut buyer, &page, "place_purchase", &form(&shown, "place_purchase")).await;
        assert!(placed.location().starts_with("/transactions/"), "{placed:?}");
        assert_eq!(bought().await, (1, 8_000, 55_000));
    })
    .await;
}

#[tokio::test]
async fn what_a_package_costs_the_shop_is_for_admins_only() {
    on_each_database(Setup::default(), async |shop| {
        let bos = shop.user(Role::Admin, "bos").await;
        let siti = shop.user(Role::Member, "siti").await;
        shop.user(Role::Reseller, "agen").await;
        let id = shop.package(&bos).await;
        let package = shop.store.package(&id).await.unwrap().unwrap();
        let draft = store::PackageDraft { cost: Rupiah::new(51_739), ..package.into() };
        let save = store::SavePackage { admin: bos.id, id: store::Saving::Known(id.clone()), draft };
        shop.store.run(save).await.unwrap();
        give(&shop, &bos, &siti, 100_000).await;
        let buy = format!("/buy/{}?msisdn=087812345678", id.as_str());
        let mut member = shop.visitor();
        member.sign_in("siti").await;
        let placed = send(&mut member, &buy, "place_purchase").await.location().to_owned();
        let mut reseller = shop.visitor();
        reseller.sign_in("agen").await;
        let mut visitors = [("somebody", shop.visitor()), ("member", member), ("reseller", reseller)];
        for (who, visitor) in &mut visitors {
            for page in ["/", "/dashboard", "/packages", &buy, "/transactions", &placed, "/statement"] {
                let shown = visitor.get(page).await;
                for cost in ["51.739", "51739", "51,739"] {
                    assert!(!shown.body.contains(cost), "{who} on {page}: {}", shown.body);
                }
            }
            for page in ["/admin/packages/export.csv", "/admin/packages/bulk", IMPORT] {
                let shown = visitor.get(page).await;
                assert!(!shown.body.contains("51") || shown.status != StatusCode::OK, "{who} on {page}");
                assert!(matches!(shown.status, StatusCode::NOT_FOUND | StatusCode::FOUND), "{who} on {page}");
            }
        }
        let [_, (_, member), _] = &mut visitors;
        assert_eq!(upload(member, "file", b"gateway,sku\n").await.status, StatusCode::NOT_FOUND);
        for (function, fields) in [
            (
                "change_packages",
                &[
                    ("action", "activate"),
                    ("target", ""),
                    ("step", ""),
                    ("value", ""),
                    ("round", ""),
                    ("back", ""),
                    ("key", "k"),
                ][..],
            ),
            ("import_packages", &[("kept", "x"), ("fingerprint", "x"), ("key", "k")]),
            ("move_package", &[("id", id.as_str()), ("beside", id.as_str()), ("before", "true")]),
        ] {
            let answer = member.post_for_json(&format!("/api/{function}"), fields).await;
            assert_eq!(answer.status, StatusCode::FORBIDDEN, "{function}: {answer:?}");
        }
    })
    .await;
}
