//! An admin who looks at the shop as a user sees it, and can change nothing by it.

use axum::body::Body;
use domain::{MINUTE_MS, PublicId, Role, Rupiah, TopupMethod};
use http::{Method, StatusCode};
use leptos::server_fn::axum::server_fn_paths;
use store::{
    AdjustBalance, PlacePurchase, PurchaseFilter, RequestTopup, SaveBankAccount, Saving, TopupFilter, User,
};

use crate::shop::{HTML, ORIGIN, PASSWORD, Setup, Shop, Visitor, on_each_database};

/// A reseller with money, an open purchase and an open top-up; and an admin who has begun to look as them.
struct Scene<'s> {
    shop: &'s Shop,
    user: User,
    package: PublicId,
    purchase: PublicId,
    topup: PublicId,
    admin: Visitor<'s>,
}

async fn scene(shop: &Shop) -> Scene<'_> {
    let (bos, user) = (shop.user(Role::Admin, "bos").await, shop.user(Role::Reseller, "siti").await);
    let package = shop.package(&bos).await;
    let bank = SaveBankAccount {
        admin: bos.id,
        id: Saving::fresh(&shop.store),
        bank: "Bank Contoh".into(),
        number: "1234567890".into(),
        holder: "Toko Contoh".into(),
        active: true,
    };
    shop.store.run(bank).await.unwrap();
    let (amount, reason, key) = (Rupiah::new(200_000), "modal".to_owned(), "k".to_owned());
    shop.store.run(AdjustBalance { admin: bos.id, user: user.id, amount, reason, key }).await.unwrap();
    let place = PlacePurchase {
        user: user.id,
        package: package.clone(),
        msisdn: "087812345678".parse().unwrap(),
        agreed_price: Rupiah::new(55_000),
        pay: None,
        key: "k".into(),
        buy_again: false,
    };
    let purchase = shop.store.run(place).await.unwrap();
    let topup = RequestTopup {
        user: user.id,
        method: TopupMethod::Transfer,
        bank_account: Some(1),
        base: Rupiah::new(50_000),
        key: "k".into(),
    };
    let topup = shop.store.run(topup).await.unwrap();
    let mut admin = shop.visitor();
    admin.sign_in("bos").await;
    let page = format!("/admin/users/{}", user.public_id.as_str());
    let action = admin.action(&page, "view_as").await;
    let answer = admin.post_form(&action, &page, &[("user", user.public_id.as_str())]).await;
    assert_eq!(answer.location(), "/dashboard");
    Scene { shop, user, package, purchase, topup, admin }
}

impl Scene<'_> {
    /// All that a request in the user's name could have changed.
    async fn fingerprint(&self) -> String {
        let (store, user) = (&self.shop.store, self.user.id);
        let purchases = PurchaseFilter { buyer: Some(user), limit: 50, ..PurchaseFilter::default() };
        let topups = TopupFilter { buyer: Some(user), limit: 50, ..TopupFilter::default() };
        let found = store.user(user).await.unwrap().unwrap();
        format!(
            "{} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?} {:?}",
            serde_json::to_string(&found).unwrap(),
            store.password_hash(user).await.unwrap(),
            store.wallet(user).await.unwrap(),
            store.purchases(purchases).await.unwrap().items,
            store.topups(topups).await.unwrap().items,
            store.sessions_of(user).await.unwrap(),
            store.statement(user, None, 50).await.unwrap().items,
            store.reseller_request(user).await.unwrap(),
            store.xl_accounts(user).await.unwrap(),
            store.recent_numbers(user, 50).await.unwrap(),
            store.state_change(user).await.unwrap(),
        )
    }
}

#[tokio::test]
async fn the_shop_is_seen_as_the_user_sees_it() {
    on_each_database(Setup::default(), async |shop| {
        let mut scene = scene(&shop).await;
        let id = scene.user.public_id.as_str().to_owned();
        let (topup, purchase) = (scene.topup.as_str().to_owned(), scene.purchase.as_str().to_owned());
        for (page, part) in [
            ("/dashboard".to_owned(), "145.000"),
            ("/packages".to_owned(), "55.000"),
            (format!("/buy/{}?msisdn=087812345678", scene.package.as_str()), "55.000"),
            ("/transactions".to_owned(), purchase.as_str()),
            (format!("/transactions/{purchase}"), "Xtra Combo"),
            ("/topup/history".to_owned(), topup.as_str()),
            (format!("/topup/{topup}"), "1234567890"),
            ("/statement".to_owned(), "145.000"),
            ("/profile".to_owned(), "siti@contoh.id"),
        ] {
            let answer = scene.admin.get(&page).await;
            assert_eq!(answer.status, StatusCode::OK, "{page}");
            assert!(answer.body.contains(part), "{part} on {page}: {}", answer.body);
            assert!(answer.body.contains("You see the shop as siti"), "the banner on {page}");
            assert!(answer.body.contains("action=\"/api/end_viewing\""), "{page}");
            assert!(!answer.body.contains("href=\"/admin\""), "not the user's way: {page}");
            let sendable = answer.body.matches("<form method=\"post\"").count()
                - answer.body.matches("<fieldset disabled").count();
            assert_eq!(sendable, 3, "only language, colours and the end can be sent on {page}");
        }
        // The admins' pages stay the admin's own, and so does the password that is asked for once more.
        let own = scene.admin.get(&format!("/admin/users/{id}")).await;
        assert!(own.body.contains("You see the shop as siti") && !own.body.contains("read-only"));
        assert!(scene.admin.get("/confirm").await.body.contains("value=\"bos\""));
        let stream = format!("/events/purchases/{purchase}");
        let accept = [("accept", "text/event-stream")];
        let stream = scene.admin.open(Method::GET, &stream, &accept, Body::empty()).await;
        assert_eq!(stream.status(), StatusCode::OK);

        let answer = scene.admin.post_form("/api/end_viewing", "/dashboard", &[]).await;
        assert_eq!(answer.location(), format!("/admin/users/{id}?done=view_ended"));
        let after = scene.admin.get("/dashboard").await.body;
        assert!(!after.contains("siti") && !after.contains("145.000"), "{after}");
    })
    .await;
}

#[tokio::test]
async fn it_ends_by_itself_and_belongs_to_one_session() {
    on_each_database(Setup::default(), async |shop| {
        let mut scene = scene(&shop).await;
        let mut elsewhere = shop.visitor();
        elsewhere.sign_in("bos").await;
        assert!(!elsewhere.get("/dashboard").await.body.contains("siti"), "another browser is not looking");
        let stranger = shop.user(Role::Member, "wati").await;
        let mut member = shop.visitor();
        member.sign_in("wati").await;
        let answer = member.post_for_json("/api/view_as", &[("user", scene.user.public_id.as_str())]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        let bos = shop.store.user_for_sign_in("bos").await.unwrap().unwrap().0;
        let answer = elsewhere.post_for_json("/api/view_as", &[("user", bos.public_id.as_str())]).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "nobody is looked at as an admin");

        assert!(scene.admin.get("/profile").await.body.contains("siti@contoh.id"));
        shop.database.clock.advance_ms(31 * MINUTE_MS);
        let own = scene.admin.get("/profile").await.body;
        assert!(own.contains("bos@contoh.id") && !own.contains("siti"), "{own}");

        // Whoever else signs in in this browser does not look at anybody.
        let page = format!("/admin/users/{}", scene.user.public_id.as_str());
        scene.admin.post_form("/api/view_as", &page, &[("user", scene.user.public_id.as_str())]).await;
        let fields = [("identity", "wati"), ("password", PASSWORD), ("next", "")];
        scene.admin.post_form("/api/sign_in", "/login", &fields).await;
        let own = scene.admin.get("/profile").await.body;
        assert!(own.contains(stranger.email.as_str()) && !own.contains("siti"), "{own}");
    })
    .await;
}

/// What members' pages post to. Each has to say no, whatever else is on the form.
const OF_MEMBERS: &[&str] = &[
    "place_purchase",
    "cancel_purchase",
    "request_topup",
    "check_topup",
    "submit_proof",
    "cancel_topup",
    "want_quota",
    "answer_otp",
    "sign_out_number",
    "request_otp",
    "update_profile",
    "change_password",
    "end_session",
    "sign_out_everywhere",
    "ask_reseller",
    "share_receipt",
    "revoke_receipt",
    "save_selling",
    "save_number",
    "remove_number",
    "send_verification",
    "drop_new_email",
    "end_other_sessions",
    "close_account",
    "open_notice",
    "read_notices",
    "save_notice_choices",
    "ask_telegram_code",
    "prove_telegram",
    "drop_telegram",
];
/// These would end the view, or the session, before the others are tried.
const LAST: &[&str] = &["sign_out", "end_viewing", "view_as"];

#[tokio::test]
async fn no_server_function_acts_for_whom_is_looked_at() {
    on_each_database(Setup::default(), async |shop| {
        let mut scene = scene(&shop).await;
        let mut theirs = shop.visitor();
        theirs.sign_in("siti").await;
        let session = shop.store.sessions_of(scene.user.id).await.unwrap().remove(0).id_hash;
        let (package, purchase, topup) = (scene.package.clone(), scene.purchase.clone(), scene.topup.clone());
        // Every field that any form of a member has.
        let fields = [
            ("package", package.as_str()),
            ("msisdn", "087812345679"),
            ("agreed_price", "55000"),
            ("buy_again", "1"),
            ("purchase", purchase.as_str()),
            ("topup", topup.as_str()),
            ("id", topup.as_str()),
            ("method", "transfer"),
            ("bank_account", "1"),
            ("amount", "60000"),
            ("key", "fresh"),
            ("otp_secret", "123456"),
            ("name", "Bukan Siti"),
            ("email", "bukan@contoh.id"),
            ("phone", "081299999999"),
            ("zone", "wit"),
            ("lang", "en"),
            ("theme", "dark"),
            ("current_password", PASSWORD),
            ("new_password", "kuda laut hijau"),
            ("id_hash", session.as_str()),
            ("shop_name", "Konter"),
            ("sells_at", "Pasar"),
            ("note", "x"),
            ("state", "cancelled"),
            ("price", "70000"),
            ("notice", topup.as_str()),
            ("up_to", topup.as_str()),
            ("channel", "email"),
            ("chat", "20002"),
        ];
        let before = scene.fingerprint().await;
        let known: Vec<&str> = server_fn_paths().map(|(path, _)| path.trim_start_matches("/api/")).collect();
        assert!(OF_MEMBERS.iter().all(|name| known.contains(name)), "{known:?}");
        assert!(known.len() > 50, "all of them: {known:?}");
        for name in &known {
            if LAST.contains(name) {
                continue;
            }
            let answer = scene.admin.post_for_json(&format!("/api/{name}"), &fields).await;
            if OF_MEMBERS.contains(name) {
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{name}: {answer:?}");
                assert!(answer.body.contains("view_only"), "{name}: {answer:?}");
            }
            assert_eq!(scene.fingerprint().await, before, "{name} changed what is the user's");
        }
        // A native form is sent back, and says why.
        let page = format!("/topup/{}", topup.as_str());
        let answer = scene.admin.post_form("/api/cancel_topup", &page, &[("topup", topup.as_str())]).await;
        let back = scene.admin.get(answer.location()).await;
        assert_eq!(back.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(back.body.contains("You are only looking"), "{}", back.body);
        let answer = scene
            .admin
            .send(
                Method::POST,
                &format!("{page}/proof"),
                &[("accept", HTML), ("origin", ORIGIN)],
                Body::empty(),
            )
            .await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{answer:?}");
        assert_eq!(scene.fingerprint().await, before);
        // It was the view that kept them from it.
        let answer = theirs.post_for_json("/api/cancel_topup", &[("topup", topup.as_str())]).await;
        assert!(answer.status.is_success() || answer.status.is_redirection(), "{answer:?}");
        assert_ne!(scene.fingerprint().await, before);
    })
    .await;
}
