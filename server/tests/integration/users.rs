//! What admins do about users: search, roles, suspension, corrections with a second admin, requests of members.

use domain::{CorrectionState, PublicId, Role, Rupiah, UserState};
use http::StatusCode;
use store::{AskReseller, CorrectionFilter, UserId};

use crate::shop::{PASSWORD, Setup, Shop, Visitor, on_each_database};

async fn signed_in<'s>(shop: &'s Shop, name: &str) -> Visitor<'s> {
    let mut visitor = shop.visitor();
    visitor.sign_in(name).await;
    visitor
}

async fn balance(shop: &Shop, user: UserId) -> Rupiah {
    shop.store.wallet(user).await.unwrap().available
}

async fn newest_correction(shop: &Shop) -> (PublicId, CorrectionState) {
    let filter = CorrectionFilter { limit: 1, ..CorrectionFilter::default() };
    let one = shop.store.corrections(filter).await.unwrap().items.remove(0);
    (one.id, one.state)
}

#[tokio::test]
async fn a_large_correction_takes_two_admins() {
    on_each_database(Setup::default(), async |shop| {
        let siti = shop.user(Role::Member, "siti").await;
        shop.user(Role::Admin, "bos").await;
        shop.user(Role::Admin, "kawan").await;
        let (mut first, mut second) = (signed_in(&shop, "bos").await, signed_in(&shop, "kawan").await);
        let page = format!("/admin/users/{}", siti.public_id.as_str());
        let id = siti.public_id.as_str();
        let typed = [("user", id), ("direction", "add"), ("amount", "2.500.000"), ("reason", "ganti rugi")];
        let action = first.action(&page, "prepare_adjustment").await;
        let step = first.post_form(&action, &page, &typed).await;
        let step = step.location().to_owned();
        let asked = first.get(&step).await;
        assert!(asked.body.contains("waits for a second admin"), "{}", asked.body);
        let key = form_urlencoded::parse(step.split_once('?').unwrap().1.as_bytes())
            .find(|(name, _)| name == "key")
            .unwrap()
            .1
            .into_owned();
        let typed = [
            ("user", id),
            ("direction", "add"),
            ("amount", "2500000"),
            ("reason", "ganti rugi"),
            ("key", key.as_str()),
        ];
        let answer = first.post_form("/api/adjust_balance", &step, &typed).await;
        let (correction, state) = newest_correction(&shop).await;
        let waiting = format!("/admin/corrections/{}", correction.as_str());
        assert_eq!(answer.location(), format!("{waiting}?done=correction_asked"));
        assert_eq!((state, balance(&shop, siti.id).await), (CorrectionState::Waiting, Rupiah::ZERO));
        let again = first.post_form("/api/adjust_balance", &step, &typed).await;
        assert_eq!(again.location(), answer.location(), "sent twice, asked once");

        for list in ["/admin", "/admin/users"] {
            let body = second.get(list).await.body;
            assert!(body.contains("correction"), "{list}: {body}");
        }
        assert!(second.get("/admin/users").await.body.contains(&waiting));
        let own = first.get(&waiting).await;
        assert!(!own.body.contains("/api/reject_correction"), "whoever asked takes it back instead");
        let fields = [("_form", "approve_correction"), ("correction", correction.as_str())];
        let alone = first.post_form("/api/approve_correction", &waiting, &fields).await;
        let refused = first.get(alone.location()).await;
        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(refused.body.contains("consent of a second admin"), "{}", refused.body);

        let action = second.action(&waiting, "approve_correction").await;
        let answer = second.post_form(&action, &waiting, &fields).await;
        assert_eq!(answer.location(), format!("{waiting}?done=decided"));
        assert_eq!(balance(&shop, siti.id).await, Rupiah::new(2_500_000));
        let seen = second.get(&page).await.body;
        assert!(seen.contains(&waiting), "the statement leads to its cause: {seen}");
        let twice = second.post_form(&action, &waiting, &fields).await;
        let twice = second.get(twice.location()).await;
        assert!(twice.body.contains("changed in the meantime"), "{}", twice.body);
        assert_eq!(balance(&shop, siti.id).await, Rupiah::new(2_500_000));
    })
    .await;
}

#[tokio::test]
async fn a_correction_is_rejected_with_a_reason_or_taken_back() {
    on_each_database(Setup::default(), async |shop| {
        let siti = shop.user(Role::Member, "siti").await;
        let bos = shop.user(Role::Admin, "bos").await;
        shop.user(Role::Admin, "kawan").await;
        let ask = async |key: &str| {
            let (amount, reason) = (Rupiah::new(3_000_000), "salah hitung".to_owned());
            let request =
                store::RequestCorrection { admin: bos.id, user: siti.id, amount, reason, key: key.into() };
            shop.store.run(request).await.unwrap().id
        };
        let (mut first, mut second) = (signed_in(&shop, "bos").await, signed_in(&shop, "kawan").await);
        let id = ask("a").await;
        let page = format!("/admin/corrections/{}", id.as_str());
        let reject =
            |reason| [("_form", "reject_correction"), ("correction", id.as_str()), ("reason", reason)];
        let empty = second.post_form("/api/reject_correction", &page, &reject(" ")).await;
        let form = second.get(empty.location()).await;
        assert_eq!(form.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(form.body.contains("Please fill this in"), "{}", form.body);
        second.post_form("/api/reject_correction", &page, &reject("tanpa bukti")).await;
        assert!(first.get(&page).await.body.contains("tanpa bukti"));

        let id = ask("b").await;
        let page = format!("/admin/corrections/{}", id.as_str());
        let action = first.action(&page, "withdraw_correction").await;
        let fields = [("_form", "withdraw_correction"), ("correction", id.as_str())];
        first.post_form(&action, &page, &fields).await;
        assert_eq!(newest_correction(&shop).await.1, CorrectionState::Withdrawn);
        let of_siti = format!("/admin/corrections?user={}", siti.public_id.as_str());
        let history = first.get(&of_siti).await.body;
        assert!(history.contains("Rejected") && history.contains("Taken back"), "{history}");
        assert_eq!(balance(&shop, siti.id).await, Rupiah::ZERO);

        // Members find no such pages, and their forms do nothing.
        let mut member = signed_in(&shop, "siti").await;
        assert_eq!(member.get(&page).await.status, StatusCode::NOT_FOUND);
        let waiting = ask("c").await;
        let fields = [("correction", waiting.as_str())];
        let answer = member.post_for_json("/api/approve_correction", &fields).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN);
        assert_eq!(balance(&shop, siti.id).await, Rupiah::ZERO);
    })
    .await;
}

#[tokio::test]
async fn a_suspended_user_is_out_at_once_with_a_reason_on_record() {
    on_each_database(Setup::default(), async |shop| {
        let siti = shop.user(Role::Member, "siti").await;
        shop.user(Role::Admin, "bos").await;
        let (mut admin, mut member) = (signed_in(&shop, "bos").await, signed_in(&shop, "siti").await);
        let page = format!("/admin/users/{}", siti.public_id.as_str());
        let step = format!("{page}?confirm=suspend");
        let action = admin.action(&step, "set_user_state").await;
        let fields = |reason| {
            [
                ("_form", "set_user_state"),
                ("user", siti.public_id.as_str()),
                ("state", "suspended"),
                ("reason", reason),
            ]
        };
        let answer = admin.post_form(&action, &step, &fields("")).await;
        let form = admin.get(answer.location()).await;
        assert_eq!(form.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(form.body.contains("Please fill this in"), "{}", form.body);
        assert_eq!(member.get("/dashboard").await.status, StatusCode::OK);
        admin.post_form(&action, &step, &fields("menjual ulang data curian")).await;
        assert_eq!(member.get("/dashboard").await.status, StatusCode::FOUND, "out at once");
        let seen = admin.get(&page).await.body;
        assert!(seen.contains("menjual ulang data curian") && seen.contains("by bos"), "{seen}");
        let listed = admin.get("/admin/users?state=suspended").await.body;
        assert!(listed.contains(&page), "{listed}");

        // The last admin stays.
        let bos = shop.store.user_for_sign_in("bos").await.unwrap().unwrap().0;
        let fields = [("user", bos.public_id.as_str()), ("state", "suspended"), ("reason", "saya sendiri")];
        let answer = admin.post_for_json("/api/set_user_state", &fields).await;
        assert_eq!(answer.status, StatusCode::CONFLICT);
        assert!(answer.body.contains("last_admin"), "{}", answer.body);
        assert_eq!(shop.store.user(bos.id).await.unwrap().unwrap().state, UserState::Active);
    })
    .await;
}

#[tokio::test]
async fn a_role_says_what_it_does_to_prices() {
    on_each_database(Setup::default(), async |shop| {
        let siti = shop.user(Role::Member, "siti").await;
        let bos = shop.user(Role::Admin, "bos").await;
        shop.package(&bos).await;
        let mut admin = signed_in(&shop, "bos").await;
        let page = format!("/admin/users/{}", siti.public_id.as_str());
        let step = admin.get(&format!("{page}?role=reseller")).await.body;
        for part in ["Xtra Combo 10 GB", "60.000", "55.000"] {
            assert!(step.contains(part), "{part} in {step}");
        }
        let same = admin.get(&format!("{page}?role=admin")).await.body;
        assert!(same.contains("stay the same"), "{same}");
    })
    .await;
}

#[tokio::test]
async fn users_are_found_and_lists_keep_their_filters() {
    on_each_database(Setup::default(), async |shop| {
        shop.user(Role::Admin, "bos").await;
        let siti = shop.user(Role::Member, "siti").await;
        let mut admin = signed_in(&shop, "bos").await;
        let local = siti.phone.msisdn().display();
        let spelled = format!("%2B62{}", &local.replace('-', "")[1..]);
        for q in ["siti", "SITI%40", &local, &spelled] {
            let list = admin.get(&format!("/admin/users?q={q}&role=member&state=active")).await.body;
            assert!(list.contains(siti.public_id.as_str()), "{q}: {list}");
        }
        let none = admin.get("/admin/users?q=siti&need=reseller").await.body;
        assert!(!none.contains(siti.public_id.as_str()), "{none}");
        assert!(none.contains("name=\"need\" value=\"reseller\""), "a search keeps the need: {none}");
        for n in 0..31 {
            shop.user(Role::Member, &format!("uji{}{}", char::from(b'a' + n / 10), n % 10)).await;
        }
        let first = admin.get("/admin/users?q=uji&role=member").await.body;
        assert!(first.contains("/admin/users?q=uji&amp;role=member&amp;after="), "{first}");
    })
    .await;
}

#[tokio::test]
async fn a_member_asks_to_become_a_reseller() {
    on_each_database(Setup::default(), async |shop| {
        let siti = shop.user(Role::Member, "siti").await;
        let bos = shop.user(Role::Admin, "bos").await;
        shop.package(&bos).await;
        let (mut admin, mut member) = (signed_in(&shop, "bos").await, signed_in(&shop, "siti").await);
        let action = member.action("/profile", "ask_reseller").await;
        let fields =
            |name| [("_form", "ask_reseller"), ("shop_name", name), ("sells_at", "Pasar Baru"), ("note", "")];
        let answer = member.post_form(&action, "/profile", &fields("")).await;
        let form = member.get(answer.location()).await;
        assert_eq!(form.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(form.body.contains("Pasar Baru"), "what was typed is kept: {}", form.body);
        let answer = member.post_form(&action, "/profile", &fields("Konter Maju")).await;
        assert_eq!(answer.location(), "/profile?done=reseller_asked");
        assert!(member.get("/profile").await.body.contains("waits for an admin"));

        let page = format!("/admin/users/{}", siti.public_id.as_str());
        assert!(admin.get("/admin").await.body.contains(&page), "it stands with what waits");
        assert!(admin.get("/admin/users?need=reseller").await.body.contains(&page));
        let request = shop.store.reseller_request(siti.id).await.unwrap().unwrap().id;
        let body = admin.get(&page).await.body;
        assert!(body.contains("Konter Maju") && body.contains("55.000"), "{body}");
        let refuse = [
            ("_form", "refuse_reseller"),
            ("user", siti.public_id.as_str()),
            ("request", request.as_str()),
            ("reason", "belum cukup penjualan"),
        ];
        admin.post_form("/api/refuse_reseller", &page, &refuse).await;
        let refused = member.get("/profile").await.body;
        assert!(
            refused.contains("belum cukup penjualan") && refused.contains("ask again after"),
            "{refused}"
        );
        assert!(!refused.contains("/api/ask_reseller"), "not yet: {refused}");

        shop.database.clock.advance_ms(7 * domain::DAY_MS - domain::HOUR_MS);
        member.sign_in("siti").await;
        let early = member.post_for_json("/api/ask_reseller", &fields("Konter Maju")).await;
        assert_eq!(early.status, StatusCode::CONFLICT);
        shop.database.clock.advance_ms(2 * domain::HOUR_MS);
        let ask = AskReseller {
            user: siti.id,
            shop_name: "Konter Maju".into(),
            sells_at: "Pasar Baru".into(),
            note: String::new(),
        };
        shop.store.run(ask).await.unwrap();
        let request = shop.store.reseller_request(siti.id).await.unwrap().unwrap().id;
        admin.sign_in("bos").await;
        let action = admin.action(&page, "approve_reseller").await;
        let approve = [("user", siti.public_id.as_str()), ("request", request.as_str())];
        admin.post_form(&action, &page, &approve).await;
        assert_eq!(shop.store.user(siti.id).await.unwrap().unwrap().role, Role::Reseller);
        assert_eq!(member.get("/profile").await.status, StatusCode::FOUND, "signed out by the new role");
        member.sign_in("siti").await;
        assert!(member.get("/packages").await.body.contains("55.000"));
        assert!(!member.get("/profile").await.body.contains("ask_reseller"));
    })
    .await;
}

#[tokio::test]
async fn an_admin_makes_an_account_whose_owner_chooses_the_password() {
    on_each_database(Setup::default(), async |shop| {
        shop.user(Role::Admin, "bos").await;
        let mut admin = signed_in(&shop, "bos").await;
        let page = "/admin/users/new";
        let action = admin.action(page, "create_user").await;
        let fields = |username| {
            [
                ("_form", "create_user"),
                ("username", username),
                ("email", "baru@contoh.id"),
                ("phone", "0812 9800 0001"),
                ("role", "reseller"),
            ]
        };
        let answer = admin.post_form(&action, page, &fields("bos")).await;
        let again = admin.get(answer.location()).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.body.contains("baru@contoh.id"), "{}", again.body);
        let answer = admin.post_form(&action, page, &fields("baru")).await;
        let made = admin.get(answer.location()).await;
        assert_eq!(made.status, StatusCode::OK);
        assert!(made.body.contains("The account was made"), "{}", made.body);
        let link = made.body.split("/reset/").nth(1).unwrap().split('"').next().unwrap().to_owned();
        assert!(!admin.get(answer.location()).await.body.contains(&link), "shown once");
        let mut newcomer = shop.visitor();
        let fields = [("token", link.as_str()), ("new_password", PASSWORD)];
        newcomer.post_form("/api/reset_password", &format!("/reset/{link}"), &fields).await;
        newcomer.sign_in("baru").await;
        assert_eq!(newcomer.get("/dashboard").await.status, StatusCode::OK);
    })
    .await;
}
