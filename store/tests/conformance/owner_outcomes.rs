//! How purchases that the number's owner pays for end: lost answers, payments that do not come, and what is heard later.

use domain::{
    FailReason, HOUR_MS, MINUTE_MS, PaymentMethod, PaymentWay, PurchaseState, Refusal, Rupiah, Verdict,
};
use store::{Evidence, PlacePurchase, SessionOutcome, TakeSecondLooks, Viewer};

use crate::numbers::{claim, record, session_job, tokens};
use crate::owner::{FEE, LISTED, NUMBER, on_each, quota};
use crate::shop::{PRICE, number};

#[tokio::test]
async fn a_lost_answer_is_settled_by_what_the_number_shows() {
    on_each(|stall| async {
        stall.listed(|_| {}).await;
        let (id, job) = stall.sending(PaymentMethod::Pulsa).await;
        assert_eq!(stall.answer(&job, Verdict::Unknown, Evidence::default()).await, PurchaseState::Unknown);
        let got = quota(LISTED, stall.shop.store.now().plus_ms(28 * 24 * HOUR_MS));
        // Looked at while the order may still be on its way: even an increase is not counted yet.
        stall.read(std::slice::from_ref(&got)).await;
        stall.wait_ms(31_000);
        let question = stall.shop.ask_one().await;
        assert!(question.provider_id.is_none() && question.in_session);
        assert_eq!(stall.compare(&question).await, PurchaseState::Unknown);
        stall.wait_ms(MINUTE_MS);
        stall.read(std::slice::from_ref(&got)).await;
        let question = stall.shop.ask_one().await;
        assert_eq!(stall.compare(&question).await, PurchaseState::Succeeded);
        assert_eq!(stall.compare(&question).await, PurchaseState::Succeeded, "a repeat changes nothing");
        let detail = stall.shop.store.purchase(&id, Viewer::Admin).await.unwrap();
        let shown = detail.messages.iter().find(|message| message.kind == "quota").unwrap();
        assert!(shown.body.contains(LISTED), "{}", shown.body);
        stall
    })
    .await;
}

#[tokio::test]
async fn what_the_number_does_not_show_is_a_humans_to_decide() {
    on_each(|stall| async {
        stall.listed(|_| {}).await;
        let (id, job) = stall.sending(PaymentMethod::Pulsa).await;
        stall.answer(&job, Verdict::Unknown, Evidence::default()).await;
        let other = quota("Something else", stall.shop.store.now().plus_ms(24 * HOUR_MS));
        for look in 1..=20 {
            assert_eq!(stall.shop.state(&id).await, PurchaseState::Unknown, "look {look}");
            stall.wait_ms(2 * MINUTE_MS);
            let job = session_job(&stall.shop).await;
            if job.renew {
                let to = tokens(&stall.shop, "s:2");
                record(&stall.shop, &job, SessionOutcome::Renewed { from: job.access.clone(), to }).await;
                stall.read(std::slice::from_ref(&other)).await;
            } else {
                record(&stall.shop, &job, SessionOutcome::Quota(vec![other.clone()])).await;
            }
            let question = stall.shop.ask_one().await;
            stall.compare(&question).await;
        }
        assert_eq!(stall.shop.state(&id).await, PurchaseState::Review);
        let wallet = stall.shop.wallet(stall.shop.member).await;
        assert_eq!(wallet.held.get(), PRICE, "absence of evidence releases nothing");
        let busy = stall.refused(stall.purchase(PaymentMethod::Pulsa)).await;
        assert_eq!(busy, Refusal::NumberBusy { first: Some(id) });
        stall
    })
    .await;
}

#[tokio::test]
async fn what_another_purchase_may_have_brought_proves_nothing() {
    on_each(|stall| async {
        stall.listed(|_| {}).await;
        let shop = &stall.shop;
        let (_, job) = stall.sending(PaymentMethod::Pulsa).await;
        stall.answer(&job, Verdict::Unknown, Evidence::default()).await;
        // The reseller buys the like for the same number, from the shop's deposit.
        shop.give(shop.reseller, 10 * PRICE).await;
        let (user, agreed_price) = (shop.reseller, Rupiah::new(crate::shop::RESELLER_PRICE));
        let crossing =
            PlacePurchase { user, agreed_price, msisdn: number(NUMBER), ..shop.purchase("crossing") };
        shop.store.run(crossing).await.unwrap();
        let got = quota(LISTED, shop.store.now().plus_ms(28 * 24 * HOUR_MS));
        stall.read(std::slice::from_ref(&got)).await;
        stall.wait_ms(2 * MINUTE_MS);
        let question = shop.ask_one().await;
        assert_eq!(stall.compare(&question).await, PurchaseState::Unknown);
        stall.read(std::slice::from_ref(&got)).await;
        stall.wait_ms(31_000);
        let question = shop.ask_one().await;
        assert_eq!(
            stall.compare(&question).await,
            PurchaseState::Unknown,
            "fresh, exact, and not ours for sure"
        );
        stall
    })
    .await;
}

#[tokio::test]
async fn a_look_from_before_the_purchase_is_no_base_to_compare_with() {
    on_each(|stall| async {
        stall.read(&[]).await;
        let want = store::WantQuota { user: stall.shop.member, id: stall.account.clone() };
        stall.wait_ms(1_000);
        stall.shop.store.run(want).await.unwrap();
        let early = session_job(&stall.shop).await;
        stall.wait_ms(1_000);
        let id = stall.buy(PaymentMethod::Pulsa).await;
        stall.wait_ms(1_000);
        record(&stall.shop, &early, SessionOutcome::Quota(Vec::new())).await;
        assert!(stall.shop.claim().await.is_empty(), "asked before it was bought");
        stall.read(&[]).await;
        assert_eq!(stall.shop.claim_one().await.purchase, id);
        stall
    })
    .await;
}

#[tokio::test]
async fn a_session_that_is_about_to_end_is_renewed_first() {
    on_each(|stall| async {
        stall.read(&[]).await;
        // Nobody has used it for long, so nobody renewed it; it ends in seconds.
        stall.wait_ms(4 * MINUTE_MS + 50_000);
        stall.buy(PaymentMethod::Pulsa).await;
        let job = session_job(&stall.shop).await;
        assert!(job.renew);
        let to = tokens(&stall.shop, "s:2");
        record(&stall.shop, &job, SessionOutcome::Renewed { from: "s:1".into(), to }).await;
        stall.read(&[]).await;
        assert_eq!(stall.shop.claim_one().await.session.as_deref(), Some("s:2"));
        // While the order is on its way, nobody renews the session away from under it.
        let want = store::WantQuota { user: stall.shop.member, id: stall.account.clone() };
        stall.shop.store.run(want).await.unwrap();
        assert!(claim(&stall.shop).await.is_empty());
        stall
    })
    .await;
}

#[tokio::test]
async fn a_code_whose_fee_is_above_the_price_is_not_sold() {
    on_each(|stall| async {
        stall
            .listed(|offer| {
                if offer.sku == "XL10_WALLET" {
                    (offer.cost, offer.owner.methods) = (Rupiah::new(PRICE + 1), vec![PaymentMethod::Qris]);
                }
            })
            .await;
        assert_eq!(stall.refused(stall.purchase(PaymentMethod::Qris)).await, Refusal::GatewayPaused);
        stall.buy(PaymentMethod::Pulsa).await;
        stall
    })
    .await;
}

#[tokio::test]
async fn what_was_not_paid_in_time_goes_back_with_the_fee() {
    on_each(|stall| async {
        let (id, job) = stall.sending(PaymentMethod::Qris).await;
        let evidence = stall.taken(Some(PaymentWay::Qr("00020101".into())));
        stall.answer(&job, Verdict::Pending, evidence).await;
        stall.wait_ms(11 * MINUTE_MS);
        let question = stall.shop.ask_one().await;
        let failed = Verdict::Failed { reason: FailReason::ProviderFailed };
        let refunded = Evidence { refunded: Some(Rupiah::new(FEE)), ..Evidence::default() };
        assert_eq!(stall.reply(&question, failed.clone(), refunded.clone()).await, PurchaseState::Failed);
        let purchase = stall.shop.store.purchase(&id, Viewer::Admin).await.unwrap().purchase;
        assert_eq!(purchase.fail_reason, Some(FailReason::NotPaid));
        assert_eq!(purchase.cost.map(Rupiah::get), Some(0), "charged and given back");
        // The same once more books nothing twice.
        stall.reply(&question, failed, refunded).await;
        assert_eq!(stall.shop.wallet(stall.shop.member).await.available.get(), 10 * PRICE);
        stall
    })
    .await;
}

#[tokio::test]
async fn what_happens_after_the_end_is_heard_too() {
    on_each(|stall| async {
        let shop = &stall.shop;
        let looks = async || shop.store.run(TakeSecondLooks { limit: 10 }).await.unwrap();
        // Paid late, and delivered after all, when the money had gone back.
        let (late, job) = stall.sending(PaymentMethod::Qris).await;
        stall.answer(&job, Verdict::Pending, stall.taken(Some(PaymentWay::InWallet))).await;
        stall.wait_ms(11 * MINUTE_MS);
        let question = shop.ask_one().await;
        stall
            .reply(&question, Verdict::Failed { reason: FailReason::ProviderFailed }, Evidence::default())
            .await;
        assert!(looks().await.is_empty(), "not at once");
        stall.wait_ms(HOUR_MS);
        let look = looks().await.remove(0);
        assert_eq!((look.provider_id.as_deref(), look.purchase == late), (Some("trx-1"), true));
        assert!(looks().await.is_empty(), "once at a time");
        let done = Verdict::Delivered { serial_number: None, charged: None };
        assert_eq!(stall.reply(&look, done.clone(), Evidence::default()).await, PurchaseState::Review);
        let (admin, reason) = (shop.admin, "paid late".to_owned());
        let decide = store::DecidePurchase { admin, purchase: late, delivered: true, reason };
        shop.store.run(decide).await.unwrap();

        // Delivered, and taken back by the gateway later.
        let taken_back = stall.buy(PaymentMethod::Pulsa).await;
        let renewal = session_job(shop).await;
        let to = tokens(shop, "s:2");
        record(shop, &renewal, SessionOutcome::Renewed { from: renewal.access.clone(), to }).await;
        stall.read(&[]).await;
        let job = shop.claim_one().await;
        stall.answer(&job, Verdict::Pending, stall.taken(None)).await;
        stall.wait_ms(31_000);
        let question = shop.ask_one().await;
        stall.reply(&question, done, Evidence::default()).await;
        stall.wait_ms(2 * HOUR_MS);
        let of_it = async || {
            let mut looks = looks().await;
            looks.retain(|look| look.purchase == taken_back);
            looks
        };
        assert_eq!(of_it().await.len(), 1);
        assert!(of_it().await.is_empty());
        stall.wait_ms(23 * HOUR_MS);
        let last = of_it().await.remove(0);
        let refunded = Evidence { refunded: Some(Rupiah::new(FEE)), ..Evidence::default() };
        stall.reply(&last, Verdict::Unknown, refunded).await;
        let alarms = shop.store.alarms().await.unwrap();
        assert!(alarms.iter().any(|alarm| alarm.object == taken_back.as_str()), "{alarms:?}");
        let purchase = shop.store.purchase(&taken_back, Viewer::Admin).await.unwrap().purchase;
        assert_eq!((purchase.state, purchase.cost), (PurchaseState::Succeeded, Some(Rupiah::ZERO)));
        stall.wait_ms(48 * HOUR_MS);
        assert!(of_it().await.is_empty(), "and no more");
        stall
    })
    .await;
}

#[tokio::test]
async fn nobody_waits_for_a_payment_for_ever() {
    on_each(|stall| async {
        let (id, job) = stall.sending(PaymentMethod::Qris).await;
        stall.answer(&job, Verdict::Pending, stall.taken(Some(PaymentWay::InWallet))).await;
        stall.wait_ms(25 * HOUR_MS);
        stall.shop.store.sweep_purchases().await.unwrap();
        assert_eq!(stall.shop.state(&id).await, PurchaseState::Review);
        stall
    })
    .await;
}
