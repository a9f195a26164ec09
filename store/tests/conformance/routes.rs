//! Several gateways for one package: which one gets the order, and when the next one's turn comes.

use domain::{
    AlarmKind, FailReason, FieldCode, MINUTE_MS, PurchaseState, Refusal, Rupiah, ShopTrouble, Verdict,
};
use store::{Fallback, KeepOffers, NoteDeposit, Offer, OwnerTerms, SaveFallbacks, Source, Viewer};

use crate::shop::{PRICE, Shop, delivered, on_both, refusal};

fn fallback(gateway: &str, sku: &str, cost: i64) -> Fallback {
    Fallback { gateway: gateway.into(), sku: sku.into(), cost: Rupiah::new(cost) }
}

async fn save(shop: &Shop, fallbacks: &[Fallback]) -> Result<(), store::Error> {
    // Only gateways that the shop has.
    for gateway in ["digiflazz", "second", "third"] {
        let heard = Ok(Rupiah::new(1_000_000));
        shop.store.run(NoteDeposit { gateway: gateway.into(), heard }).await.unwrap();
    }
    let (admin, id) = (shop.admin, shop.package.clone());
    shop.store.run(SaveFallbacks { admin, id, fallbacks: fallbacks.to_vec() }).await
}

/// Two further gateways, and money.
async fn with_two(shop: &Shop) {
    save(shop, &[fallback("second", "s10", 23_000), fallback("third", "t10", 23_500)]).await.unwrap();
    shop.give(shop.member, 10 * PRICE).await;
}

#[tokio::test]
async fn a_refusal_that_proves_no_order_hands_on_and_a_doubt_never_does() {
    on_both(|shop| async {
        with_two(&shop).await;
        let no_order = |reason| Verdict::NoOrder { reason };
        let id = shop.buy().await;
        let first = shop.claim_one().await;
        assert_eq!(first.gateway, "digiflazz");
        assert_eq!(shop.answer(&first, no_order(FailReason::OutOfStock)).await, PurchaseState::Accepted);
        let second = shop.claim_one().await;
        assert_eq!((second.gateway.as_str(), second.purchase == id), ("second", true));
        assert!(second.request.contains("s10"), "the code of its own: {}", second.request);
        let busy = Verdict::TryLater { reason: FailReason::ProviderBusy };
        assert_eq!(shop.answer(&second, busy).await, PurchaseState::Accepted);
        let third = shop.claim_one().await;
        assert_eq!(third.gateway, "third");
        let charged = Verdict::Delivered { serial_number: None, charged: Some(Rupiah::new(23_500)) };
        assert_eq!(shop.answer(&third, charged).await, PurchaseState::Succeeded);

        for doubt in
            [Verdict::Unknown, Verdict::Pending, Verdict::Failed { reason: FailReason::ProviderFailed }]
        {
            let id = shop.buy().await;
            let job = shop.claim_one().await;
            let state = shop.answer(&job, doubt.clone()).await;
            assert_ne!(state, PurchaseState::Accepted, "{doubt:?}");
            assert!(shop.claim().await.is_empty(), "{doubt:?}");
            if !state.is_settled() {
                // In answer to a question, the same words prove nothing either.
                shop.database.clock.advance_ms(5 * MINUTE_MS);
                let question = shop.ask_one().await;
                assert_eq!(question.gateway, "digiflazz");
                let kept = shop.reply(&question, Verdict::NoOrder { reason: FailReason::OutOfStock }).await;
                assert_eq!(kept, state, "{doubt:?}");
                assert!(shop.claim().await.is_empty());
                let question = {
                    shop.database.clock.advance_ms(5 * MINUTE_MS);
                    shop.ask_one().await
                };
                shop.reply(&question, delivered()).await;
                assert_eq!(shop.state(&id).await, PurchaseState::Succeeded);
            }
        }
        shop
    })
    .await;
}

#[tokio::test]
async fn what_is_wrong_with_the_number_is_wrong_everywhere() {
    on_both(|shop| async {
        with_two(&shop).await;
        let id = shop.buy().await;
        let job = shop.claim_one().await;
        shop.answer(&job, Verdict::NoOrder { reason: FailReason::BadNumber }).await;
        assert_eq!(shop.state(&id).await, PurchaseState::Failed);
        // Where all have refused, the last one's reason stands.
        let id = shop.buy().await;
        for reason in [FailReason::Shop(ShopTrouble::Deposit), FailReason::CutOff, FailReason::OutOfStock] {
            let job = shop.claim_one().await;
            shop.answer(&job, Verdict::NoOrder { reason }).await;
        }
        let purchase = shop.store.purchase(&id, Viewer::Admin).await.unwrap().purchase;
        assert_eq!(
            (purchase.state, purchase.fail_reason),
            (PurchaseState::Failed, Some(FailReason::OutOfStock))
        );
        assert_eq!(shop.wallet(shop.member).await.available.get(), 10 * PRICE);
        shop
    })
    .await;
}

#[tokio::test]
async fn a_late_success_of_the_first_gateway_calls_a_human() {
    on_both(|shop| async {
        with_two(&shop).await;
        let id = shop.buy().await;
        let first = shop.claim_one().await;
        shop.answer(&first, Verdict::NoOrder { reason: FailReason::OutOfStock }).await;
        let second = shop.claim_one().await;
        let attempt = shop.store.attempt_by_ref("digiflazz", &format!("{}-1", id.as_str())).await.unwrap();
        assert_eq!(attempt.unwrap().sku, "xld10", "the attempt's own code");
        shop.record(&id, first.attempt, Source::Webhook, delivered()).await;
        assert_eq!(shop.state(&id).await, PurchaseState::Submitting, "the second one's answer comes first");
        assert_eq!(
            shop.store.check().await.unwrap().breaches,
            [],
            "meanwhile the books hold what they promise"
        );
        let state = shop.answer(&second, Verdict::NoOrder { reason: FailReason::OutOfStock }).await;
        assert_eq!(state, PurchaseState::Review);
        shop
    })
    .await;
}

fn offer(sku: &str, cost: i64, active: bool) -> Offer {
    Offer {
        sku: sku.into(),
        name: "Xtra 10 GB 30 Hari".into(),
        category: "Data".into(),
        brand: "XL".into(),
        kind: "Umum".into(),
        cost: Rupiah::new(cost),
        description: String::new(),
        active,
        stock: None,
        cut_off: None,
        owner: OwnerTerms::default(),
    }
}

#[tokio::test]
async fn who_cannot_deliver_now_is_passed_over() {
    on_both(|shop| async {
        with_two(&shop).await;
        let heard =
            |gateway: &str, offer: Offer| KeepOffers { gateway: gateway.into(), heard: Ok(vec![offer]) };
        shop.store.run(heard("digiflazz", offer("xld10", 22_000, false))).await.unwrap();
        shop.buy().await;
        let job = shop.claim_one().await;
        assert_eq!(job.gateway, "second");
        shop.answer(&job, delivered()).await;
        // Its cost follows its list; now it would be a loss.
        shop.store.run(heard("second", offer("s10", PRICE + 1, true))).await.unwrap();
        assert_eq!(shop.store.fallbacks(&shop.package).await.unwrap()[0].cost.get(), PRICE + 1);
        shop.buy().await;
        let job = shop.claim_one().await;
        assert_eq!(job.gateway, "third");
        shop.answer(&job, delivered()).await;
        let broke = NoteDeposit { gateway: "third".into(), heard: Ok(Rupiah::new(10)) };
        shop.store.run(broke).await.unwrap();
        assert_eq!(refusal(shop.store.run(shop.purchase("k")).await), Refusal::GatewayPaused);
        shop
    })
    .await;
}

#[tokio::test]
async fn two_gateways_that_deliver_call_a_human_and_do_not_stop_the_shop() {
    on_both(|shop| async {
        with_two(&shop).await;
        let refused = || Verdict::NoOrder { reason: FailReason::OutOfStock };
        let alarms = async || {
            let alarms = shop.store.alarms().await.unwrap();
            alarms.into_iter().map(|alarm| (alarm.kind, alarm.object)).collect::<Vec<_>>()
        };
        // The second delivers, then the first says that it has too.
        let id = shop.buy().await;
        let first = shop.claim_one().await;
        shop.answer(&first, refused()).await;
        let second = shop.claim_one().await;
        shop.answer(&second, delivered()).await;
        assert!(alarms().await.is_empty());
        // A failure of the one that never delivered takes nothing back.
        let failed = Verdict::Failed { reason: FailReason::ProviderFailed };
        shop.record(&id, first.attempt, Source::Webhook, failed.clone()).await;
        assert!(alarms().await.is_empty());
        let state = shop.record(&id, first.attempt, Source::Webhook, delivered()).await;
        assert_eq!(state, PurchaseState::Succeeded, "bought once, and paid for once");
        let twice = (AlarmKind::DeliveredTwice, id.as_str().to_owned());
        assert_eq!(alarms().await, std::slice::from_ref(&twice));

        // The first says so while the second is asked about, and then the second does.
        let other = shop.buy().await;
        let first = shop.claim_one().await;
        shop.answer(&first, refused()).await;
        let second = shop.claim_one().await;
        shop.answer(&second, Verdict::Pending).await;
        shop.record(&other, first.attempt, Source::Webhook, delivered()).await;
        assert_eq!(shop.state(&other).await, PurchaseState::Review);
        shop.record(&other, second.attempt, Source::Webhook, delivered()).await;
        let mut expected = vec![twice, (AlarmKind::DeliveredTwice, other.as_str().to_owned())];
        let mut told = alarms().await;
        expected.sort_by(|a, b| a.1.cmp(&b.1));
        told.sort_by(|a, b| a.1.cmp(&b.1));
        assert_eq!(told, expected);
        shop
    })
    .await;
}

#[tokio::test]
async fn what_is_sold_only_in_a_session_is_not_bought_from_the_deposit() {
    on_both(|shop| async {
        with_two(&shop).await;
        let mut in_session = offer("xld10", 22_000, true);
        in_session.owner.needs_session = true;
        shop.store
            .run(KeepOffers { gateway: "digiflazz".into(), heard: Ok(vec![in_session]) })
            .await
            .unwrap();
        shop.buy().await;
        assert_eq!(shop.claim_one().await.gateway, "second");
        shop
    })
    .await;
}

#[tokio::test]
async fn mistakes_are_told_beside_the_field() {
    on_both(|shop| async {
        let wrong = [
            fallback("digiflazz", "x", 1_000),
            fallback("second", "", 1_000),
            fallback("unheard-of", "u", 1_000),
            fallback("third", "t", RESELLER_TOO_DEAR),
        ];
        let Refusal::Invalid { fields } = refusal(save(&shop, &wrong).await) else { panic!("not refused") };
        let told: Vec<_> = fields.iter().map(|field| (field.field.as_str(), &field.error)).collect();
        let max = Rupiah::new(crate::shop::RESELLER_PRICE);
        assert_eq!(
            told,
            [
                // One row more than there are fields, and the package's own gateway.
                ("gateway_1", &FieldCode::NotAChoice),
                ("gateway_1", &FieldCode::NotAChoice),
                ("sku_2", &FieldCode::Required),
                ("gateway_3", &FieldCode::NotAChoice),
                ("cost_4", &FieldCode::AboveMax { max })
            ]
        );
        let as_member = SaveFallbacks { admin: shop.member, id: shop.package.clone(), fallbacks: Vec::new() };
        assert_eq!(refusal(shop.store.run(as_member).await), Refusal::NotAllowed);
        shop
    })
    .await;
}

const RESELLER_TOO_DEAR: i64 = crate::shop::RESELLER_PRICE + 1;
