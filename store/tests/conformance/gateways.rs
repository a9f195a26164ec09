//! Gateways: their secrets, their deposit, what they sell, what they call about; and the alarms.

use domain::{
    AlarmKind, DAY_MS, Dialect, FailReason, HOUR_MS, MINUTE_MS, MarginRule, Prices, Refusal, Rupiah, Verdict,
    WebhookOutcome,
};
use store::{
    ApplyOffers, CloseAlarm, DueGateways, GatewayDraft, KeepOffers, KeepWebhook, LookAtGateway, NoteDeposit,
    Offer, OfferChange, OwnerTerms, PackageFilter, Rules, SaveGateway, ServerKey, Source, Sweep,
    TakeStockTurn, WhatToLookAt,
};

use crate::shop::{PRICE, Shop, on_both, refusal};

const GATEWAY: &str = "digiflazz";

fn draft() -> GatewayDraft {
    GatewayDraft {
        name: GATEWAY.into(),
        dialect: Dialect::Digiflazz,
        base_url: "https://gateway.example/v1".into(),
        username: "toko".into(),
        api_key: "kunci-rahasia".into(),
        webhook_secret: "rahasia-webhook".into(),
        active: true,
        low_deposit: Rupiah::new(100_000),
    }
}

fn offer(sku: &str, name: &str, cost: i64) -> Offer {
    Offer {
        sku: sku.into(),
        name: name.into(),
        category: "Data".into(),
        brand: "xl".into(),
        kind: "Umum".into(),
        cost: Rupiah::new(cost),
        description: String::new(),
        active: true,
        stock: None,
        cut_off: None,
        owner: OwnerTerms::default(),
    }
}

fn rules() -> Rules {
    let rule = |percent| MarginRule { percent, at_least: Rupiah::new(1_000), step: Rupiah::new(500) };
    Rules { member: rule(5), reseller: rule(2) }
}

async fn heard(shop: &Shop, offers: &[Offer]) {
    let keep = KeepOffers { gateway: GATEWAY.into(), heard: Ok(offers.to_vec()) };
    shop.store.run(keep).await.unwrap();
}

async fn alarms(shop: &Shop) -> Vec<AlarmKind> {
    shop.store.alarms().await.unwrap().into_iter().map(|alarm| alarm.kind).collect()
}

async fn deposit(shop: &Shop, heard: Result<i64, &str>) {
    let heard = heard.map(Rupiah::new).map_err(str::to_owned);
    shop.store.run(NoteDeposit { gateway: GATEWAY.into(), heard }).await.unwrap();
}

#[tokio::test]
async fn secrets_are_kept_and_never_read_back() {
    on_both(|shop| async {
        let save = SaveGateway { admin: shop.admin, seen: None, draft: draft() };
        assert_eq!(
            refusal(shop.store.run(SaveGateway { admin: shop.member, ..save.clone() }).await),
            Refusal::NotAllowed
        );
        shop.store.run(save.clone()).await.unwrap();
        assert!(matches!(refusal(shop.store.run(save).await), Refusal::Invalid { .. }), "the name is taken");
        let setting = shop.store.gateways().await.unwrap().remove(0);
        assert!(setting.has_webhook_secret && setting.revision == 1);

        let kept = GatewayDraft { api_key: String::new(), webhook_secret: String::new(), ..draft() };
        for moved in [
            GatewayDraft { base_url: "https://other.example/v1".into(), ..kept.clone() },
            GatewayDraft { dialect: Dialect::Session, ..kept.clone() },
            GatewayDraft { username: "lain".into(), ..kept.clone() },
        ] {
            let change = SaveGateway { admin: shop.admin, seen: Some(1), draft: moved };
            let refused = refusal(shop.store.run(change).await);
            assert!(matches!(refused, Refusal::Invalid { .. }), "a kept key is not sent to another account");
        }
        let moved = GatewayDraft { base_url: "https://gateway.example/v2".into(), ..kept };
        let change = SaveGateway { admin: shop.admin, seen: Some(1), draft: moved };
        shop.store.run(change.clone()).await.unwrap();
        let access = shop.store.gateway_access().await.unwrap().remove(0);
        assert_eq!(access.setting.base_url, "https://gateway.example/v2");
        assert_eq!(
            (access.api_key.as_str(), access.webhook_secret.as_deref()),
            ("kunci-rahasia", Some("rahasia-webhook"))
        );
        assert!(!format!("{access:?}").contains("rahasia"));
        assert_eq!(refusal(shop.store.run(change).await), Refusal::StateChanged, "an old form");

        let off = GatewayDraft { active: false, ..draft() };
        shop.store.run(SaveGateway { admin: shop.admin, seen: Some(2), draft: off }).await.unwrap();
        assert!(!shop.store.gateway_access().await.unwrap()[0].setting.active);
        shop.give(shop.member, PRICE).await;
        assert_eq!(refusal(shop.store.run(shop.purchase("k1")).await), Refusal::GatewayPaused);
        shop
    })
    .await;
}

#[tokio::test]
async fn a_low_deposit_alarms_and_an_empty_one_sells_nothing() {
    on_both(|shop| async {
        shop.store.run(SaveGateway { admin: shop.admin, seen: None, draft: draft() }).await.unwrap();
        shop.give(shop.member, 3 * PRICE).await;
        deposit(&shop, Ok(99_999)).await;
        deposit(&shop, Ok(99_998)).await;
        assert_eq!(alarms(&shop).await, [AlarmKind::DepositLow], "one cause, one alarm");
        shop.buy().await;
        deposit(&shop, Ok(10)).await;
        assert_eq!(refusal(shop.store.run(shop.purchase("k1")).await), Refusal::GatewayPaused);
        assert_eq!(shop.wallet(shop.member).await.available.get(), 2 * PRICE, "nothing is held");
        deposit(&shop, Ok(1_000_000)).await;
        assert!(alarms(&shop).await.is_empty());
        shop.buy().await;

        deposit(&shop, Ok(10)).await;
        shop.database.clock.advance_ms(11 * MINUTE_MS);
        shop.buy().await;
        deposit(&shop, Err("no answer")).await;
        assert!(alarms(&shop).await.contains(&AlarmKind::GatewayDown));
        shop
    })
    .await;
}

#[tokio::test]
async fn costs_follow_the_gateway_and_losses_are_closed() {
    on_both(|shop| async {
        let package = shop.store.package(&shop.package).await.unwrap().unwrap();
        let (sku, cost) = (package.sku.clone(), package.cost.get());
        heard(&shop, &[offer(&sku, "Xtra Combo 10 GB 28 Hari", cost + 100)]).await;
        let package = shop.store.package(&shop.package).await.unwrap().unwrap();
        assert!(package.active && package.cost.get() == cost + 100);

        heard(&shop, &[Offer { active: false, ..offer(&sku, "Xtra", cost) }]).await;
        shop.give(shop.member, 2 * PRICE).await;
        assert_eq!(refusal(shop.store.run(shop.purchase("k1")).await), Refusal::GatewayPaused, "disturbed");
        shop.database.clock.advance_ms(4 * HOUR_MS);
        shop.buy().await;

        heard(&shop, &[offer(&sku, "Xtra", PRICE + 1)]).await;
        assert!(!shop.store.package(&shop.package).await.unwrap().unwrap().active);
        let alarm = shop.store.alarms().await.unwrap().remove(0);
        assert_eq!((alarm.kind, alarm.object.as_str()), (AlarmKind::CostAbovePrice, shop.package.as_str()));
        shop.store.run(CloseAlarm { admin: shop.admin, id: alarm.id }).await.unwrap();
        assert!(alarms(&shop).await.is_empty());
        assert_eq!(
            refusal(shop.store.run(CloseAlarm { admin: shop.admin, id: alarm.id }).await),
            Refusal::StateChanged
        );
        shop
    })
    .await;
}

#[tokio::test]
async fn proposals_are_taken_over_as_they_were_seen() {
    on_both(|shop| async {
        let sku = shop.store.package(&shop.package).await.unwrap().unwrap().sku;
        let offers = [
            offer(&sku, "Xtra Combo 10 GB 28 Hari", 20_000),
            offer("new7", "Xtra 5GB 7 Hari", 10_000),
            offer("flex", "Xtra Combo Flex", 30_000),
            Offer { brand: "TELKOMSEL".into(), ..offer("tsel", "Data 5GB 30 Hari", 9_000) },
        ];
        heard(&shop, &offers).await;
        let rows = shop.store.compare_offers(GATEWAY, &rules()).await.unwrap();
        let change = |sku: &str| rows.iter().find(|row| row.sku == sku).map(|row| row.change);
        assert_eq!(change(&sku), Some(OfferChange::OtherPrice));
        assert_eq!(change("new7"), Some(OfferChange::New));
        assert_eq!(change("tsel"), None, "other operators' packages are not for this shop");

        let seen_at = shop.store.gateway_states().await.unwrap()[0].offers_at.unwrap();
        let skus = vec![sku.clone(), "new7".to_owned(), "flex".to_owned(), "none".to_owned()];
        let apply = ApplyOffers { admin: shop.admin, gateway: GATEWAY.into(), skus, rules: rules(), seen_at };
        let old = ApplyOffers { seen_at: seen_at.plus_ms(-1), ..apply.clone() };
        assert_eq!(refusal(shop.store.run(old).await), Refusal::StateChanged);
        assert_eq!(
            refusal(shop.store.run(ApplyOffers { admin: shop.member, ..apply.clone() }).await),
            Refusal::NotAllowed
        );
        assert_eq!(shop.store.run(apply.clone()).await.unwrap(), 3);
        assert_eq!(shop.store.run(apply).await.unwrap(), 0, "again changes nothing");
        let packages = shop.store.packages(PackageFilter::default()).await.unwrap();
        let by_sku = |sku: &str| packages.iter().find(|package| package.sku == sku).unwrap();
        assert_eq!(
            by_sku(&sku).prices,
            Prices { member: Rupiah::new(21_000), reseller: Rupiah::new(21_000) }
        );
        let new = by_sku("new7");
        assert_eq!((new.quota.as_str(), new.validity_days, new.active), ("5 GB", 7, true));
        assert_eq!((new.prices.member, new.cost), (Rupiah::new(11_000), Rupiah::new(10_000)));
        assert!(!by_sku("flex").active, "its name does not tell what is in it");
        shop
    })
    .await;
}

#[tokio::test]
async fn what_is_gone_is_not_sold_and_a_broken_list_closes_nothing() {
    on_both(|shop| async {
        let sku = shop.store.package(&shop.package).await.unwrap().unwrap().sku;
        let both =
            [offer(&sku, "Xtra Combo 10 GB 28 Hari", 20_000), offer("new7", "Xtra 5GB 7 Hari", 10_000)];
        heard(&shop, &both).await;
        let seen_at = shop.store.gateway_states().await.unwrap()[0].offers_at.unwrap();
        let skus = vec!["new7".to_owned()];
        let apply = ApplyOffers { admin: shop.admin, gateway: GATEWAY.into(), skus, rules: rules(), seen_at };
        shop.store.run(apply).await.unwrap();

        heard(&shop, &[]).await;
        let on_sale = PackageFilter { only_active: true, ..PackageFilter::default() };
        assert_eq!(shop.store.packages(on_sale.clone()).await.unwrap().len(), 2);
        let state = shop.store.gateway_states().await.unwrap().remove(0);
        assert!(state.offers_problem.contains("2 of 2"), "{state:?}");

        heard(&shop, &both[1..]).await;
        assert_eq!(alarms(&shop).await, [AlarmKind::OfferGone]);
        shop.give(shop.member, PRICE).await;
        assert_eq!(refusal(shop.store.run(shop.purchase("k1")).await), Refusal::GatewayPaused);
        heard(&shop, &both).await;
        assert!(alarms(&shop).await.is_empty(), "it is back");
        assert_eq!(shop.store.packages(on_sale).await.unwrap().len(), 2, "nothing was closed");

        shop.database.clock.advance_ms(4 * HOUR_MS);
        heard(&shop, &[]).await;
        assert_eq!(alarms(&shop).await, [AlarmKind::OffersStale]);
        shop
    })
    .await;
}

#[tokio::test]
async fn gateways_are_looked_at_in_their_time() {
    on_both(|shop| async {
        let due = async || {
            let names = vec![GATEWAY.to_owned()];
            shop.store
                .run(DueGateways { names })
                .await
                .unwrap()
                .into_iter()
                .map(|(_, what)| what)
                .collect::<Vec<_>>()
        };
        let look = |what| LookAtGateway { admin: shop.admin, gateway: GATEWAY.into(), what };
        let everything = [WhatToLookAt::Deposit, WhatToLookAt::Offers, WhatToLookAt::Stock];
        assert_eq!(due().await, everything, "a new one");
        let turn = async || shop.store.run(TakeStockTurn { gateway: GATEWAY.into() }).await.unwrap();
        assert!(turn().await.is_empty(), "nothing is sold from a stock");
        deposit(&shop, Ok(1)).await;
        heard(&shop, &[]).await;
        assert!(due().await.is_empty());
        shop.store.run(look(WhatToLookAt::Deposit)).await.unwrap();
        shop.store.run(look(WhatToLookAt::Offers)).await.unwrap();
        assert_eq!(due().await, [WhatToLookAt::Deposit], "the list at most once in five minutes");
        assert!(shop.store.gateway_states().await.unwrap()[0].offers_due);
        deposit(&shop, Ok(1)).await;
        shop.database.clock.advance_ms(6 * MINUTE_MS);
        assert_eq!(due().await, everything);
        let other = LookAtGateway { gateway: "none".into(), ..look(WhatToLookAt::Deposit) };
        assert_eq!(refusal(shop.store.run(other).await), Refusal::NotFound);
        shop
    })
    .await;
}

#[tokio::test]
async fn webhooks_are_kept_for_a_year() {
    on_both(|shop| async {
        for n in 0..3 {
            let call = KeepWebhook {
                gateway: GATEWAY.into(),
                delivery_id: Some(format!("d{n}")),
                client_ref: None,
                outcome: WebhookOutcome::Unknown,
                body: "{}".into(),
            };
            shop.store.run(call).await.unwrap();
        }
        let first = shop.store.webhook_calls(None, 2).await.unwrap();
        let rest = shop.store.webhook_calls(first.next, 2).await.unwrap();
        let ids: Vec<_> =
            first.items.iter().chain(&rest.items).filter_map(|call| call.delivery_id.as_deref()).collect();
        assert_eq!(ids, ["d2", "d1", "d0"]);
        shop.database.clock.advance_ms(366 * DAY_MS);
        shop.store.run(Sweep).await.unwrap();
        assert!(shop.store.webhook_calls(None, 2).await.unwrap().items.is_empty());
        shop
    })
    .await;
}

#[tokio::test]
async fn what_the_gateway_takes_back_calls_a_human() {
    on_both(|shop| async {
        shop.give(shop.member, PRICE).await;
        shop.buy().await;
        let job = shop.claim_one().await;
        let delivered = Verdict::Delivered { serial_number: None, charged: None };
        shop.answer(&job, delivered).await;
        let failed = Verdict::Failed { reason: FailReason::ProviderFailed };
        for _ in 0..2 {
            shop.record(&job.purchase, job.attempt, Source::Webhook, failed.clone()).await;
        }
        let alarm = shop.store.alarms().await.unwrap();
        assert_eq!(alarm.len(), 1);
        assert_eq!((alarm[0].kind, alarm[0].object.as_str()), (AlarmKind::TakenBack, job.purchase.as_str()));
        shop
    })
    .await;
}

#[tokio::test]
async fn secrets_outlive_a_change_of_the_key() {
    for database in store::testing::databases().await {
        let shop = Shop::open(database).await;
        shop.store.run(SaveGateway { admin: shop.admin, seen: None, draft: draft() }).await.unwrap();
        while shop.store.run(store::SealEntries).await.unwrap() > 0 {}
        let rotated =
            shop.database.open_with(ServerKey::new([9; 32]).with_older(vec![[7; 32]])).await.unwrap();
        assert_eq!(rotated.run(store::SealSecretsAnew).await.unwrap(), 2);
        assert_eq!(rotated.gateway_access().await.unwrap()[0].api_key, "kunci-rahasia");
        while rotated.run(store::SealEntries).await.unwrap() > 0 {}
        assert!(
            rotated.check().await.unwrap().breaches.is_empty(),
            "older blocks are proven by the older key"
        );
        assert!(
            shop.store.gateway_access().await.unwrap().is_empty(),
            "the old key alone opens nothing any more"
        );
        assert!(shop.database.open_with(shop.database.key()).await.is_err(), "and is refused");
    }
}
