//! Settings that are saved group by group, and what each of them does.

use std::io::Cursor;

use axum::body::Body;
use domain::{MINUTE_MS, Role};
use http::{Method, StatusCode};
use store::{SaveSettings, SettingsGroup, ShopSettings};

use crate::shop::{Answer, HTML, ORIGIN, PASSWORD, Setup, Shop, Visitor, on_each_database};

const PAGE: &str = "/admin/settings";
const BOUNDARY: &str = "----xlpm";

async fn change(shop: &Shop, group: SettingsGroup, change: impl FnOnce(&mut ShopSettings)) {
    let (admin, _) = shop.store.user_for_sign_in("bos").await.unwrap().unwrap();
    let save = SaveSettings::changed(admin.id, group, &shop.store.settings(), change);
    shop.store.run(save).await.unwrap();
    shop.store.reload_settings().await.unwrap();
}

async fn save_shop(admin: &mut Visitor<'_>, seen: &str, title: &str, accent: &str) -> Answer {
    let fields = [
        ("_form", "save_shop"),
        ("seen", seen),
        ("title", title),
        ("tagline", ""),
        ("contact_name", ""),
        ("whatsapp", ""),
        ("contact_email", ""),
        ("accent", accent),
    ];
    admin.post_form("/api/save_shop", PAGE, &fields).await
}

/// The page that a refused form leads to.
async fn come_back(admin: &mut Visitor<'_>, answer: &Answer) -> String {
    assert!(answer.location().contains("?form="), "{answer:?}");
    let page = admin.get(answer.location()).await;
    assert_eq!(page.status, StatusCode::UNPROCESSABLE_ENTITY);
    page.body
}

#[tokio::test]
async fn what_another_admin_saved_is_not_saved_over() {
    on_each_database(Setup::default(), async |shop| {
        shop.user(Role::Admin, "bos").await;
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let seen = shop.store.settings().seen(SettingsGroup::Shop);
        assert!(admin.get(PAGE).await.body.contains(&seen));
        // Another group may change meanwhile.
        change(&shop, SettingsGroup::TopUps, |shop| shop.open_topups_most = 7).await;
        let answer = save_shop(&mut admin, &seen, "Toko Satu", "").await;
        assert_eq!(answer.location(), "/admin/settings?done=saved");
        assert_eq!(shop.store.settings().open_topups_most, 7);
        let answer = save_shop(&mut admin, &seen, "Toko Dua", "").await;
        let page = come_back(&mut admin, &answer).await;
        assert!(
            page.contains("Another admin has just changed this part") && page.contains("Toko Dua"),
            "{page}"
        );
        assert!(page.contains(&format!("name=\"seen\" value=\"{seen}\"")), "sent again, it is refused again");
        assert_eq!(shop.store.settings().title, "Toko Satu");
    })
    .await;
}

#[tokio::test]
async fn a_colour_is_checked_and_served_for_ever() {
    on_each_database(Setup::default(), async |shop| {
        shop.user(Role::Admin, "bos").await;
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let seen = shop.store.settings().seen(SettingsGroup::Shop);
        let answer = save_shop(&mut admin, &seen, "Toko", "#ffcc00").await;
        let page = come_back(&mut admin, &answer).await;
        assert!(page.contains("hard to read") && page.contains("#ffcc00"), "{page}");
        let answer = save_shop(&mut admin, &seen, "Toko", "#0b6e45").await;
        assert_eq!(answer.location(), "/admin/settings?done=saved");
        let mut visitor = shop.visitor();
        let page = visitor.get("/login").await;
        let address = page.body.split("href=\"").find_map(|part| part.strip_prefix("/theme/")).unwrap();
        let address = format!("/theme/{}", address.split('"').next().unwrap());
        let sheet = visitor.get(&address).await;
        assert_eq!((sheet.status, sheet.header("content-type")), (StatusCode::OK, "text/css; charset=utf-8"));
        assert!(sheet.header("cache-control").contains("immutable") && sheet.body.contains("#0b6e45"));
        assert!(!page.body.contains("<style") && !page.body.contains("style=\""), "no inline style");
        let other = address.replace("0b6e45", "0b6e46");
        assert_eq!(visitor.get(&other).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

fn picture() -> Vec<u8> {
    let mut png = Vec::new();
    let picture = image::DynamicImage::new_rgba8(300, 300);
    picture.write_to(&mut Cursor::new(&mut png), image::ImageFormat::Png).unwrap();
    png
}

async fn hand_in(visitor: &mut Visitor<'_>, bytes: &[u8]) -> Answer {
    let mut body = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"a.png\"\r\n\
         Content-Type: image/png\r\n\r\n"
    )
    .into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(format!("\r\n--{BOUNDARY}--\r\n").as_bytes());
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    let headers = [("accept", HTML), ("content-type", kind.as_str()), ("origin", ORIGIN)];
    visitor.send(Method::POST, "/admin/settings/logo", &headers, Body::from(body)).await
}

#[tokio::test]
async fn a_logo_is_drawn_anew_shown_and_removed() {
    on_each_database(Setup::default(), async |shop| {
        shop.user(Role::Admin, "bos").await;
        shop.user(Role::Member, "siti").await;
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let mut member = shop.visitor();
        member.sign_in("siti").await;
        assert_eq!(hand_in(&mut member, &picture()).await.status, StatusCode::NOT_FOUND);
        let answer = hand_in(&mut admin, b"<svg xmlns=\"http://www.w3.org/2000/svg\"/>").await;
        assert!(come_back(&mut admin, &answer).await.contains("The picture cannot be read"));
        assert_eq!(hand_in(&mut admin, &picture()).await.location(), "/admin/settings?done=saved");
        let logo = format!("/logo/{}.png", shop.store.settings().logo);
        for page in ["/login", "/dashboard"] {
            assert!(member.get(page).await.body.contains(&logo) || page == "/login", "{page}");
        }
        let mut visitor = shop.visitor();
        assert!(visitor.get("/login").await.body.contains(&logo));
        let shown = visitor.get(&logo).await;
        assert_eq!((shown.status, shown.header("content-type")), (StatusCode::OK, "image/png"));
        assert!(shown.header("cache-control").contains("immutable"));
        let answer = admin.post_form("/api/remove_logo", PAGE, &[("_form", "remove_logo")]).await;
        assert_eq!(answer.location(), "/admin/settings?done=saved");
        assert_eq!(visitor.get(&logo).await.status, StatusCode::NOT_FOUND);
        assert!(!visitor.get("/login").await.body.contains("/logo/"));

        shop.database.clock.advance_ms(31 * MINUTE_MS);
        let answer = hand_in(&mut admin, &picture()).await;
        assert!(answer.location().starts_with("/confirm?next="), "{answer:?}");
        assert_eq!(shop.store.settings().logo, "");
    })
    .await;
}

#[tokio::test]
async fn maintenance_lets_admins_in_and_nobody_else() {
    on_each_database(Setup::default(), async |shop| {
        let boss = shop.user(Role::Admin, "bos").await;
        shop.user(Role::Member, "siti").await;
        shop.package(&boss).await;
        let (mut admin, mut member) = (shop.visitor(), shop.visitor());
        admin.sign_in("bos").await;
        member.sign_in("siti").await;
        change(&shop, SettingsGroup::Selling, |shop| {
            shop.maintenance = true;
            shop.maintenance_note = "Kembali <pukul> 10".into();
        })
        .await;
        let mut visitor = shop.visitor();
        for path in ["/", "/dashboard", "/register", "/transactions/7QK2M9DAX3TP", "/nothing"] {
            for who in [&mut member, &mut visitor] {
                let answer = who.get(path).await;
                assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE, "{path}");
                assert_eq!(answer.header("retry-after"), "600");
                assert!(answer.body.contains("Kembali &lt;pukul&gt; 10"), "{path}: {}", answer.body);
            }
        }
        let phone = [("name", "S"), ("email", "siti@contoh.id"), ("phone", "081200000000")];
        let zone = [("zone", "wit"), ("lang", "id"), ("theme", "system")];
        let fields = [&phone[..], &zone[..]].concat();
        let native = member.post_form("/api/update_profile", "/profile", &fields).await;
        let program = member.post_for_json("/api/update_profile", &fields).await;
        assert_eq!((native.status.as_u16(), program.status.as_u16()), (503, 503));
        assert!(program.body.contains("\"maintenance\""), "{}", program.body);
        let siti = shop.store.user_for_sign_in("siti").await.unwrap().unwrap().0;
        assert_eq!(siti.zone, domain::Zone::Wib, "nothing was written");

        assert_eq!(visitor.get("/healthz").await.status, StatusCode::OK);
        let hook = visitor.send(Method::POST, "/hooks/none", &[], Body::from("{}")).await;
        assert_ne!(hook.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(visitor.get("/login").await.status, StatusCode::OK);
        visitor.sign_in("bos").await;
        for path in ["/admin", "/admin/settings", "/dashboard"] {
            let answer = visitor.get(path).await;
            assert_eq!(answer.status, StatusCode::OK, "{path}");
            assert!(answer.body.contains("Maintenance is on"), "{path}");
        }
        change(&shop, SettingsGroup::Selling, |shop| shop.maintenance = false).await;
        assert_eq!(member.get("/dashboard").await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn opening_hours_are_typed_and_told() {
    on_each_database(Setup::default(), async |shop| {
        let boss = shop.user(Role::Admin, "bos").await;
        shop.user(Role::Member, "siti").await;
        let package = shop.package(&boss).await;
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let seen = shop.store.settings().seen(SettingsGroup::Hours);
        let form = |typed: &str, sunday: &str| {
            let days = ["monday", "tuesday", "wednesday", "thursday", "friday", "saturday"];
            let mut fields =
                vec![("_form".to_owned(), "save_hours".to_owned()), ("seen".to_owned(), seen.clone())];
            fields.extend(days.map(|day| (day.to_owned(), typed.to_owned())));
            fields.push(("sunday".to_owned(), sunday.to_owned()));
            fields
        };
        for (typed, sunday) in [("8", ""), ("08:00-", ""), ("08:00-08.00", ""), ("tutup", "closed")] {
            let fields = form(typed, sunday);
            let answer = admin.post_form("/api/save_hours", PAGE, &pairs(&fields)).await;
            let body = come_back(&mut admin, &answer).await;
            assert!(body.contains("aria-invalid=\"true\""), "{typed}: {body}");
        }
        // One minute a day that is not now.
        let minute = (shop.store.now().0 / MINUTE_MS + 7 * 60 + 120).rem_euclid(24 * 60);
        let written = |minute: i64| format!("{:02}.{:02}", minute / 60 % 24, minute % 60);
        let from = written(minute);
        let typed = format!("{from} - {}", written(minute + 1));
        let answer = admin.post_form("/api/save_hours", PAGE, &pairs(&form(&typed, &typed))).await;
        assert_eq!(answer.location(), "/admin/settings?done=saved");
        let mut member = shop.visitor();
        member.sign_in("siti").await;
        let page = format!("/buy/{}?msisdn=087812345678", package.as_str());
        let body = member.get(&page).await.body;
        assert!(body.contains("The shop is closed") && body.contains(&from.replace('.', ":")), "{body}");
        let fields = [
            ("package", package.as_str()),
            ("msisdn", "087812345678"),
            ("agreed_price", "60000"),
            ("key", "k1"),
        ];
        let answer = member.post_for_json("/api/place_purchase", &fields).await;
        assert!(answer.body.contains("outside_hours"), "{answer:?}");
    })
    .await;
}

fn pairs(fields: &[(String, String)]) -> Vec<(&str, &str)> {
    fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

#[tokio::test]
async fn an_admin_says_whose_numbers_get_packages() {
    on_each_database(Setup::default(), async |shop| {
        shop.user(Role::Admin, "bos").await;
        shop.user(Role::Member, "siti").await;
        let (mut admin, mut member) = (shop.visitor(), shop.visitor());
        admin.sign_in("bos").await;
        member.sign_in("siti").await;
        let body = member.get("/packages?msisdn=088112345678").await.body;
        assert!(body.contains("aria-invalid=\"true\"") && !body.contains("data-prefixes"), "{body}");
        let seen = shop.store.settings().seen(SettingsGroup::Numbers);
        let form = |xl| [("_form", "save_prefixes"), ("seen", seen.as_str()), ("xl", xl), ("axis", "0831")];
        let answer = admin.post_form("/api/save_prefixes", PAGE, &form("0878 0831")).await;
        assert!(come_back(&mut admin, &answer).await.contains("Each may stand in one list only"));
        let answer = admin.post_form("/api/save_prefixes", PAGE, &form("0878, 0881")).await;
        assert_eq!(answer.location(), "/admin/settings?done=saved");
        let body = member.get("/packages?msisdn=088112345678").await.body;
        assert!(!body.contains("aria-invalid=\"true\""), "{body}");
        assert!(body.contains("data-prefixes=\"0878 0881/0831\""), "the browser is told");
    })
    .await;
}

#[tokio::test]
async fn newcomers_wait_and_are_told_so() {
    on_each_database(Setup::default(), async |shop| {
        shop.user(Role::Admin, "bos").await;
        let mut admin = shop.visitor();
        admin.sign_in("bos").await;
        let seen = shop.store.settings().seen(SettingsGroup::SignUp);
        let fields = [("_form", "save_sign_up"), ("seen", seen.as_str()), ("sign_up", "approval")];
        let answer = admin.post_form("/api/save_sign_up", PAGE, &fields).await;
        assert_eq!(answer.location(), "/admin/settings?done=saved");

        let mut visitor = shop.visitor();
        assert!(visitor.get("/register").await.body.contains("menunggu persetujuan admin"));
        let fields = [
            ("username", "dewi"),
            ("email", "dewi@contoh.id"),
            ("phone", "081234567890"),
            ("password", PASSWORD),
        ];
        let answer = visitor.post_form("/api/register", "/register", &fields).await;
        assert_eq!(answer.location(), "/login?done=waiting");
        assert_eq!(visitor.get("/dashboard").await.status, StatusCode::FOUND, "not in yet");
        let sign_in = async |visitor: &mut Visitor<'_>, password: &str| {
            let fields = [("identity", "dewi"), ("password", password), ("next", "")];
            visitor.post_for_json("/api/sign_in", &fields).await.body
        };
        assert!(sign_in(&mut visitor, PASSWORD).await.contains("awaiting_approval"));
        assert!(sign_in(&mut visitor, "not the password").await.contains("wrong_credentials"));

        assert!(admin.get(PAGE).await.body.contains("Newcomers waiting: 1"));
        let list = admin.get("/admin/users/waiting").await.body;
        assert!(list.contains("dewi"), "{list}");
        let (dewi, _) = shop.store.user_for_sign_in("dewi").await.unwrap().unwrap();
        let fields = [("user", dewi.public_id.as_str()), ("let_in", "true")];
        let answer = admin.post_form("/api/decide_sign_up", "/admin/users/waiting", &fields).await;
        assert_eq!(answer.location(), "/admin/users/waiting?done=saved");
        assert!(admin.get("/admin/audit").await.body.contains("Let a newcomer in"));
        visitor.sign_in("dewi").await;
        assert_eq!(visitor.get("/dashboard").await.status, StatusCode::OK);
        // Somebody else was quicker.
        let answer = admin.post_form("/api/decide_sign_up", "/admin/users/waiting", &fields).await;
        assert!(come_back(&mut admin, &answer).await.contains("It has changed in the meantime"));
    })
    .await;
}
