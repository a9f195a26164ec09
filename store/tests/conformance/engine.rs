use domain::{DAY_MS, FailReason, HoldState, MINUTE_MS, PurchaseState, Refusal, Verdict};
use store::{DecidePurchase, SeedSize, Source, Viewer};

use crate::shop::{PRICE, Shop, delivered, on_both, refusal};

async fn bought(shop: &Shop) -> store::SendJob {
    shop.give(shop.member, 100_000).await;
    shop.buy().await;
    shop.claim_one().await
}

#[tokio::test]
async fn delivered_captures_the_hold_and_books_the_cost() {
    on_both(|shop| async {
        let job = bought(&shop).await;
        assert_eq!(shop.state(&job.purchase).await, PurchaseState::Submitting);
        assert!(shop.claim().await.is_empty(), "nobody else gets it");
        assert_eq!(shop.answer(&job, delivered()).await, PurchaseState::Succeeded);
        let wallet = shop.wallet(shop.member).await;
        assert_eq!((wallet.available.get(), wallet.held.get()), (100_000 - PRICE, 0));
        let detail = shop.store.purchase(&job.purchase, Viewer::Admin).await.unwrap();
        assert_eq!(detail.purchase.cost.map(domain::Rupiah::get), Some(22_000));
        assert_eq!(detail.purchase.serial_number.as_deref(), Some("SN-1"));
        assert_eq!(detail.messages.len(), 1);
        assert_eq!(
            shop.answer(&job, delivered()).await,
            PurchaseState::Succeeded,
            "a repeat changes nothing"
        );
        shop
    })
    .await;
}

#[tokio::test]
async fn refused_releases_the_hold() {
    on_both(|shop| async {
        for verdict in [
            Verdict::NoOrder { reason: FailReason::OutOfStock },
            Verdict::Failed { reason: FailReason::ProviderFailed },
        ] {
            let job = bought(&shop).await;
            let before = shop.wallet(shop.member).await;
            assert_eq!(shop.answer(&job, verdict).await, PurchaseState::Failed);
            let after = shop.wallet(shop.member).await;
            assert_eq!(after.available.get(), before.available.get() + PRICE);
            assert_eq!(after.held.get(), 0);
        }
        shop
    })
    .await;
}

#[tokio::test]
async fn what_never_left_is_sent_again_under_a_new_reference() {
    on_both(|shop| async {
        let first = bought(&shop).await;
        let later = Verdict::TryLater { reason: FailReason::NotReached };
        assert_eq!(shop.answer(&first, later.clone()).await, PurchaseState::Accepted);
        assert!(shop.claim().await.is_empty(), "not at once");
        shop.database.clock.advance_ms(MINUTE_MS);
        let second = shop.claim_one().await;
        assert_ne!(first.request, second.request);
        assert_eq!(shop.answer(&second, delivered()).await, PurchaseState::Succeeded);

        // Without end it would strand: after the last try the money goes back.
        shop.buy().await;
        let mut tries = 0;
        while let Some(job) = shop.claim().await.pop() {
            tries += 1;
            shop.answer(&job, later.clone()).await;
            shop.database.clock.advance_ms(3 * MINUTE_MS);
        }
        assert!((3..=5).contains(&tries), "{tries}");
        assert_eq!(shop.wallet(shop.member).await.held.get(), 0);
        shop
    })
    .await;
}

#[tokio::test]
async fn unknown_is_asked_about_and_refusals_of_a_question_prove_nothing() {
    on_both(|shop| async {
        let job = bought(&shop).await;
        assert_eq!(shop.answer(&job, Verdict::Unknown).await, PurchaseState::Unknown);
        shop.database.clock.advance_ms(MINUTE_MS);
        for verdict in [
            Verdict::NoOrder { reason: FailReason::BadNumber },
            Verdict::TryLater { reason: FailReason::NotReached },
            Verdict::Unknown,
        ] {
            let question = shop.ask_one().await;
            assert_eq!(question.request, job.request, "the same bytes");
            assert_eq!(shop.reply(&question, verdict).await, PurchaseState::Unknown);
            assert_eq!(shop.wallet(shop.member).await.held.get(), PRICE);
            shop.database.clock.advance_ms(2 * MINUTE_MS);
        }
        let question = shop.ask_one().await;
        assert_eq!(shop.reply(&question, Verdict::Pending).await, PurchaseState::Pending);
        shop.database.clock.advance_ms(2 * MINUTE_MS);
        let question = shop.ask_one().await;
        assert_eq!(
            shop.reply(&question, Verdict::Failed { reason: FailReason::ProviderFailed }).await,
            PurchaseState::Failed
        );
        assert_eq!(shop.wallet(shop.member).await.held.get(), 0);
        shop
    })
    .await;
}

#[tokio::test]
async fn a_lost_worker_leaves_an_unknown_and_its_late_words_count_only_for_success() {
    on_both(|shop| async {
        let job = bought(&shop).await;
        assert_eq!(shop.store.sweep_purchases().await.unwrap(), 0, "the lease still runs");
        shop.database.clock.advance_ms(2 * MINUTE_MS);
        assert_eq!(shop.store.sweep_purchases().await.unwrap(), 1);
        assert_eq!(shop.state(&job.purchase).await, PurchaseState::Unknown);
        assert!(shop.claim().await.is_empty(), "never sent again");
        let refused = Verdict::NoOrder { reason: FailReason::BadNumber };
        assert_eq!(shop.answer(&job, refused).await, PurchaseState::Unknown, "only its evidence is kept");
        assert_eq!(shop.answer(&job, delivered()).await, PurchaseState::Succeeded);
        shop
    })
    .await;
}

#[tokio::test]
async fn success_after_the_release_is_a_humans_decision() {
    on_both(|shop| async {
        for charge_again in [true, false] {
            let job = bought(&shop).await;
            shop.answer(&job, Verdict::Failed { reason: FailReason::ProviderFailed }).await;
            let before = shop.wallet(shop.member).await.available;
            assert_eq!(
                shop.record(&job.purchase, job.attempt, Source::Webhook, delivered()).await,
                PurchaseState::Review
            );
            assert_eq!(shop.wallet(shop.member).await.available, before, "no money moves by itself");
            let decide = DecidePurchase {
                admin: shop.admin,
                purchase: job.purchase.clone(),
                delivered: charge_again,
                reason: "seen on the provider's list".into(),
            };
            shop.store.run(decide.clone()).await.unwrap();
            let purchase = shop.store.purchase(&job.purchase, Viewer::Admin).await.unwrap().purchase;
            let after = shop.wallet(shop.member).await.available;
            if charge_again {
                assert_eq!((purchase.state, purchase.hold), (PurchaseState::Succeeded, HoldState::Captured));
                assert_eq!(after.get(), before.get() - PRICE);
            } else {
                assert_eq!((purchase.state, purchase.hold), (PurchaseState::Failed, HoldState::Released));
                assert_eq!(after, before);
            }
            assert_eq!(refusal(shop.store.run(decide).await), Refusal::StateChanged);
        }
        shop
    })
    .await;
}

#[tokio::test]
async fn a_webhook_may_be_quicker_than_the_answer() {
    on_both(|shop| async {
        let job = bought(&shop).await;
        assert_eq!(
            shop.record(&job.purchase, job.attempt, Source::Webhook, delivered()).await,
            PurchaseState::Succeeded
        );
        assert_eq!(shop.answer(&job, Verdict::Unknown).await, PurchaseState::Succeeded);
        assert_eq!(
            shop.answer(&job, Verdict::Failed { reason: FailReason::ProviderFailed }).await,
            PurchaseState::Succeeded
        );
        assert_eq!(shop.wallet(shop.member).await.held.get(), 0);
        shop
    })
    .await;
}

#[tokio::test]
async fn news_about_an_old_attempt_never_settle_the_new_one() {
    on_both(|shop| async {
        let first = bought(&shop).await;
        shop.answer(&first, Verdict::TryLater { reason: FailReason::ProviderBusy }).await;
        shop.database.clock.advance_ms(MINUTE_MS);
        let second = shop.claim_one().await;
        shop.answer(&second, Verdict::Unknown).await;
        let failed = Verdict::Failed { reason: FailReason::ProviderFailed };
        assert_eq!(
            shop.record(&first.purchase, first.attempt, Source::Webhook, failed).await,
            PurchaseState::Unknown
        );
        assert_eq!(shop.wallet(shop.member).await.held.get(), PRICE, "the second order may exist");
        assert_eq!(shop.answer(&second, delivered()).await, PurchaseState::Succeeded);

        // Taken for refused, but it had been made: a human looks before anything is sent again.
        let job = bought(&shop).await;
        shop.answer(&job, Verdict::TryLater { reason: FailReason::ProviderBusy }).await;
        assert_eq!(
            shop.record(&job.purchase, job.attempt, Source::Webhook, delivered()).await,
            PurchaseState::Review
        );
        shop.database.clock.advance_ms(MINUTE_MS);
        assert!(shop.claim().await.is_empty());
        shop
    })
    .await;
}

#[tokio::test]
async fn a_success_heard_while_the_next_attempt_is_being_sent_calls_a_human() {
    on_both(|shop| async {
        let busy = || Verdict::TryLater { reason: FailReason::ProviderBusy };
        for verdict in [busy(), Verdict::NoOrder { reason: FailReason::OutOfStock }, Verdict::Unknown] {
            let first = bought(&shop).await;
            shop.answer(&first, busy()).await;
            shop.database.clock.advance_ms(MINUTE_MS);
            let second = shop.claim_one().await;
            let state = shop.record(&first.purchase, first.attempt, Source::Webhook, delivered()).await;
            assert_eq!(state, PurchaseState::Submitting, "the second one's own answer comes first");
            let held = shop.wallet(shop.member).await.held;
            assert_eq!(shop.answer(&second, verdict).await, PurchaseState::Review);
            assert_eq!(shop.wallet(shop.member).await.held, held, "nothing is released, nothing sent again");
            assert!(shop.claim().await.is_empty());
            let decide = |delivered: bool| DecidePurchase {
                admin: shop.admin,
                purchase: first.purchase.clone(),
                delivered,
                reason: "seen on the provider's list".into(),
            };
            assert_eq!(
                refusal(shop.store.run(decide(false)).await),
                Refusal::StateChanged,
                "it was delivered"
            );
            shop.store.run(decide(true)).await.unwrap();
        }
        shop
    })
    .await;
}

#[tokio::test]
async fn a_webhook_does_not_open_the_fence_around_an_exchange() {
    on_both(|shop| async {
        let job = bought(&shop).await;
        let failed = || Verdict::Failed { reason: FailReason::ProviderFailed };
        for verdict in [Verdict::Unknown, Verdict::Pending, failed()] {
            let state = shop.record(&job.purchase, job.attempt, Source::Webhook, verdict).await;
            assert_eq!(state, PurchaseState::Submitting, "its own answer says more");
        }
        shop.answer(&job, Verdict::Unknown).await;
        shop.database.clock.advance_ms(MINUTE_MS);
        let question = shop.ask_one().await;
        let state = shop.record(&job.purchase, job.attempt, Source::Webhook, failed()).await;
        assert_eq!(state, PurchaseState::Unknown, "the question may just be buying");
        shop.reply(&question, Verdict::Unknown).await;
        assert_eq!(
            shop.record(&job.purchase, job.attempt, Source::Webhook, failed()).await,
            PurchaseState::Failed
        );
        shop
    })
    .await;
}

#[tokio::test]
async fn what_nobody_can_be_asked_about_or_is_too_old_goes_to_a_human() {
    on_both(|shop| async {
        let job = bought(&shop).await;
        shop.answer(&job, Verdict::Unknown).await;
        shop.database.clock.advance_ms(MINUTE_MS);
        let question = shop.ask_one().await;
        assert_eq!(question.account, "toko");
        let (purchase, attempt, token) = (question.purchase, question.attempt, question.token);
        shop.store.run(store::GiveUpAsking { purchase, attempt, token }).await.unwrap();
        assert_eq!(shop.state(&job.purchase).await, PurchaseState::Review);

        let old = bought(&shop).await;
        shop.answer(&old, Verdict::Pending).await;
        shop.database.clock.advance_ms(81 * DAY_MS);
        let questions = shop.store.run(store::ClaimQueries { limit: 10 }).await.unwrap();
        assert!(questions.is_empty(), "asking would buy");
        shop.store.sweep_purchases().await.unwrap();
        assert_eq!(shop.state(&old.purchase).await, PurchaseState::Review);
        shop
    })
    .await;
}

#[tokio::test]
async fn a_human_waits_for_a_question_that_may_buy() {
    on_both(|shop| async {
        let job = bought(&shop).await;
        shop.answer(&job, Verdict::Unknown).await;
        shop.database.clock.advance_ms(MINUTE_MS);
        let question = shop.ask_one().await;
        let decide = DecidePurchase {
            admin: shop.admin,
            purchase: job.purchase.clone(),
            delivered: false,
            reason: "not on the provider's list".into(),
        };
        assert_eq!(refusal(shop.store.run(decide.clone()).await), Refusal::BeingAsked);
        shop.database.clock.advance_ms(2 * MINUTE_MS);
        shop.store.run(decide).await.unwrap();
        assert_eq!(shop.state(&job.purchase).await, PurchaseState::Failed);
        assert_eq!(shop.reply(&question, delivered()).await, PurchaseState::Review, "heard too late");
        shop
    })
    .await;
}

#[tokio::test]
async fn nothing_is_stranded() {
    on_both(|shop| async {
        shop.give(shop.member, 100_000).await;
        let never_sent = shop.buy().await;
        shop.database.clock.advance_ms(16 * MINUTE_MS);
        assert!(shop.claim().await.is_empty(), "too old to send");
        assert_eq!(shop.store.sweep_purchases().await.unwrap(), 1);
        assert_eq!(shop.state(&never_sent).await, PurchaseState::Failed);

        shop.buy().await;
        let job = shop.claim_one().await;
        shop.answer(&job, Verdict::Unknown).await;
        shop.database.clock.advance_ms(2 * DAY_MS + MINUTE_MS);
        assert_eq!(shop.store.sweep_purchases().await.unwrap(), 1);
        assert_eq!(shop.state(&job.purchase).await, PurchaseState::Review);
        assert_eq!(shop.wallet(shop.member).await.held.get(), PRICE, "held until somebody decides");
        shop
    })
    .await;
}

#[tokio::test]
async fn seeded_data_is_whole() {
    on_both(|shop| async {
        let size = SeedSize { users: 20, packages: 10, purchases: 300 };
        shop.store.seed(size, &|_, _| {}).await.unwrap();
        let report = shop.store.check().await.unwrap();
        assert!(report.purchases >= 300 && report.users >= 20, "{report:?}");
        shop
    })
    .await;
}
