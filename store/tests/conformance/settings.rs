use domain::{
    FieldCode, HOUR_MS, OpeningDay, OpeningWeek, Operator, Prefixes, Refusal, Role, Rupiah, UserState,
    start_of_wib_day,
};
use store::{
    AuditFilter, DecideSignUp, PlacePurchase, RegisterUser, RemoveLogo, SaveLogo, SaveSettings, SetUserState,
    SettingsGroup, ShopSettings, SignUp, SignedUp, StopSales, Store,
};

use crate::shop::{PRICE, Shop, on_both, refusal};

/// What the newest row of the log says.
async fn newest(store: &Store) -> (String, String) {
    let filter = AuditFilter { limit: 1, ..AuditFilter::default() };
    let row = store.audit_log(&filter).await.unwrap().items.remove(0);
    (row.action, row.detail)
}

async fn change(shop: &Shop, group: SettingsGroup, change: impl FnOnce(&mut ShopSettings)) {
    shop.store.reload_settings().await.unwrap();
    let save = SaveSettings::changed(shop.admin, group, &shop.store.settings(), change);
    shop.store.run(save).await.unwrap();
    shop.store.reload_settings().await.unwrap();
}

#[tokio::test]
async fn two_admins_who_change_different_groups_keep_both() {
    on_both(|shop| async {
        let other = shop.database.open().await;
        let usual = ShopSettings::default();
        let save =
            |group, change: fn(&mut ShopSettings)| SaveSettings::changed(shop.admin, group, &usual, change);
        // Both forms were opened before either was sent.
        let name = save(SettingsGroup::Shop, |shop| shop.title = "Konter Melati".into());
        let rules = save(SettingsGroup::TopUps, |shop| shop.open_topups_most = 7);
        shop.store.run(name.clone()).await.unwrap();
        other.run(rules).await.unwrap();
        for store in [&shop.store, &other] {
            store.reload_settings().await.unwrap();
            let now = store.settings();
            assert_eq!((now.title.as_str(), now.open_topups_most, now.revision), ("Konter Melati", 7, 2));
        }
        let (action, detail) = newest(&other).await;
        assert_eq!((action.as_str(), detail.as_str()), ("save_settings", "open_topups_most: 3 -> 7"));

        let stale = save(SettingsGroup::Shop, |shop| shop.tagline = "Murah".into());
        assert_eq!(refusal(other.run(stale).await), Refusal::StateChanged, "the same group was saved since");
        let same = SaveSettings { seen: shop.store.settings().seen(SettingsGroup::Shop), ..name };
        shop.store.run(same).await.unwrap();
        assert_eq!(
            newest(&shop.store).await.1,
            "open_topups_most: 3 -> 7",
            "nothing changed, nothing is noted"
        );

        let by_member = save(SettingsGroup::Prices, |shop| shop.margins.member.percent = 1);
        let by_member = SaveSettings { admin: shop.member, ..by_member };
        assert_eq!(refusal(shop.store.run(by_member).await), Refusal::NotAllowed);
        shop
    })
    .await;
}

#[tokio::test]
async fn sales_that_were_stopped_are_not_opened_by_an_old_form() {
    on_both(|shop| async {
        let usual = ShopSettings::default();
        let old = SaveSettings::changed(shop.admin, SettingsGroup::Selling, &usual, |shop| {
            shop.banner = "Halo".into();
        });
        shop.store.run(StopSales).await.unwrap();
        assert_eq!(refusal(shop.store.run(old).await), Refusal::StateChanged);
        change(&shop, SettingsGroup::Shop, |shop| shop.title = "Toko".into()).await;
        assert!(!shop.store.settings().sales_open, "another group leaves them stopped");
        let upside_down =
            SaveSettings::changed(shop.admin, SettingsGroup::TopUps, &shop.store.settings(), |shop| {
                (shop.topup_min, shop.topup_max) = (Rupiah::new(2), Rupiah::new(1))
            });
        assert!(matches!(refusal(shop.store.run(upside_down).await), Refusal::Invalid { .. }));
        shop
    })
    .await;
}

#[tokio::test]
async fn nothing_is_sold_outside_the_opening_hours() {
    on_both(|shop| async {
        shop.give(shop.member, PRICE * 3).await;
        let now = shop.store.now();
        // To nine o'clock of the next day in Jakarta.
        let nine = start_of_wib_day(now).plus_ms(33 * HOUR_MS);
        shop.database.clock.advance_ms(nine.since_ms(now));
        let hours = |day: &str| OpeningWeek::new([OpeningDay::parse(day).unwrap(); 7]).unwrap();
        change(&shop, SettingsGroup::Hours, |shop| shop.hours = hours("08:00-21:00")).await;
        shop.buy().await;
        change(&shop, SettingsGroup::Hours, |shop| shop.hours = hours("10:00-21:00")).await;
        let opens_at = nine.plus_ms(HOUR_MS);
        let refused = refusal(shop.store.run(shop.purchase("early")).await);
        assert_eq!(refused, Refusal::OutsideHours { opens_at });
        let (day, log) = ("10:00-21:00", newest(&shop.store).await.1);
        assert!(log.ends_with(&format!("-> \"{}\"", [day; 7].join(","))), "{log}");
        shop.database.clock.advance_ms(HOUR_MS);
        shop.store.run(shop.purchase("early")).await.unwrap();
        change(&shop, SettingsGroup::Hours, |shop| shop.hours = OpeningWeek::default()).await;
        shop.buy().await;
        shop
    })
    .await;
}

#[tokio::test]
async fn the_shop_says_whose_numbers_get_packages() {
    on_both(|shop| async {
        shop.give(shop.member, PRICE * 3).await;
        let to =
            |msisdn: &str, key: &str| PlacePurchase { msisdn: msisdn.parse().unwrap(), ..shop.purchase(key) };
        let refused = async |msisdn: &str| refusal(shop.store.run(to(msisdn, "x")).await);
        let smartfren = FieldCode::NotServed { operator: Operator::Smartfren };
        assert_eq!(refused("088112345678").await, Refusal::field("msisdn", smartfren));
        let merged = Prefixes::parse("0878 0881", "0831").unwrap();
        change(&shop, SettingsGroup::Numbers, |shop| shop.prefixes = merged).await;
        shop.store.run(to("088112345678", "a")).await.unwrap();
        assert_eq!(refused("081712345678").await, Refusal::field("msisdn", FieldCode::UnknownPrefix));
        shop
    })
    .await;
}

#[tokio::test]
async fn a_logo_is_kept_under_its_hash_and_can_be_removed() {
    on_both(|shop| async {
        let save = |picture: &[u8]| SaveLogo { admin: shop.admin, picture: picture.to_vec() };
        shop.store.run(save(b"one")).await.unwrap();
        shop.store.reload_settings().await.unwrap();
        let first = shop.store.settings().logo.clone();
        assert_eq!(shop.store.logo(&first).await.unwrap().as_deref(), Some(&b"one"[..]));
        shop.store.run(save(b"two")).await.unwrap();
        shop.store.reload_settings().await.unwrap();
        let second = shop.store.settings().logo.clone();
        assert_ne!(first, second);
        assert_eq!(shop.store.logo(&first).await.unwrap(), None, "one logo is kept");
        assert_eq!(newest(&shop.store).await, ("save_logo".into(), format!("logo: {first:?} -> {second:?}")));
        shop.store.run(RemoveLogo { admin: shop.admin }).await.unwrap();
        shop.store.reload_settings().await.unwrap();
        assert_eq!(shop.store.settings().logo, "");
        assert_eq!(shop.store.logo(&second).await.unwrap(), None);
        let by_member = RemoveLogo { admin: shop.member };
        assert_eq!(refusal(shop.store.run(by_member).await), Refusal::NotAllowed);
        shop
    })
    .await;
}

fn newcomer(name: &str, phone: &str) -> SignUp {
    SignUp(RegisterUser {
        username: name.parse().unwrap(),
        email: format!("{name}@contoh.id").parse().unwrap(),
        phone: phone.parse().unwrap(),
        password_hash: "no password".into(),
        role: Role::Member,
        lang: domain::Lang::Id,
    })
}

#[tokio::test]
async fn newcomers_wait_where_an_admin_has_to_agree() {
    on_both(|shop| async {
        let joined = shop.store.run(newcomer("andi", "081222220001")).await.unwrap();
        assert!(matches!(joined, SignedUp::In(_)), "{joined:?}");
        change(&shop, SettingsGroup::SignUp, |shop| shop.signup_approval = true).await;
        let mut waiting = Vec::new();
        for (name, phone) in [("budi", "081222220002"), ("cici", "081222220003"), ("dodi", "081222220004")] {
            let joined = shop.store.run(newcomer(name, phone)).await.unwrap();
            let SignedUp::Waiting(id) = joined else { panic!("{joined:?}") };
            waiting.push(shop.store.user(id).await.unwrap().unwrap());
            shop.database.clock.advance_ms(1_000);
        }
        assert!(
            waiting.iter().all(|user| user.state == UserState::Suspended && user.waiting_since.is_some())
        );
        let first = shop.store.waiting_users(None, 2).await.unwrap();
        let second = shop.store.waiting_users(first.next.as_deref(), 2).await.unwrap();
        let names: Vec<_> =
            first.items.iter().chain(&second.items).map(|user| user.username.as_str()).collect();
        assert_eq!((names, second.next), (vec!["budi", "cici", "dodi"], None));
        assert_eq!(shop.store.waiting_users_count().await.unwrap(), 3);

        let decide =
            |n: usize, let_in| DecideSignUp { admin: shop.admin, user: waiting[n].public_id.clone(), let_in };
        shop.store.run(decide(0, true)).await.unwrap();
        shop.store.run(decide(1, false)).await.unwrap();
        assert_eq!(refusal(shop.store.run(decide(1, true)).await), Refusal::StateChanged, "decided already");
        let by_member = DecideSignUp { admin: shop.member, ..decide(2, true) };
        assert_eq!(refusal(shop.store.run(by_member).await), Refusal::NotAllowed);
        // The usual way to let somebody in ends the waiting, too.
        let user = waiting[2].public_id.clone();
        shop.store
            .run(SetUserState { admin: shop.admin, user, state: UserState::Active, reason: String::new() })
            .await
            .unwrap();
        let mut states = Vec::new();
        for user in &waiting {
            let user = shop.store.user(user.id).await.unwrap().unwrap();
            assert_eq!(user.waiting_since, None);
            states.push(user.state);
        }
        assert_eq!(states, [UserState::Active, UserState::Suspended, UserState::Active]);

        change(&shop, SettingsGroup::SignUp, |shop| shop.signup_open = false).await;
        let closed = shop.store.run(newcomer("eka", "081222220005")).await;
        assert!(matches!(closed, Err(store::Error::Refused(Refusal::NotAllowed))));
        shop
    })
    .await;
}
