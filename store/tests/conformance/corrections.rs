use domain::{CorrectionState, DAY_MS, Lang, MINUTE_MS, PublicId, Refusal, Role, Rupiah};
use store::{
    ApproveCorrection, Corrected, Correction, CorrectionFilter, RegisterUser, RejectCorrection,
    RequestCorrection, SaveSettings, SettingsGroup, UserId, WithdrawCorrection,
};

use crate::shop::{Shop, on_both, refusal};

const MANY: i64 = 64;
/// One rupiah more than one admin may do alone.
const LARGE: i64 = 2_000_001;

async fn second_admin(shop: &Shop) -> UserId {
    shop.store
        .run(RegisterUser {
            username: "second".parse().unwrap(),
            email: "second@contoh.id".parse().unwrap(),
            phone: "081111110009".parse().unwrap(),
            password_hash: "hash".into(),
            role: Role::Admin,
            lang: Lang::Id,
        })
        .await
        .unwrap()
}

fn request(shop: &Shop, amount: i64, key: &str) -> RequestCorrection {
    RequestCorrection {
        admin: shop.admin,
        user: shop.member,
        amount: Rupiah::new(amount),
        reason: "counted again".into(),
        key: key.into(),
    }
}

async fn ask(shop: &Shop, amount: i64, key: &str) -> Corrected {
    shop.store.run(request(shop, amount, key)).await.unwrap()
}

async fn one(shop: &Shop, id: &PublicId) -> Correction {
    shop.store.correction(id).await.unwrap()
}

async fn balance(shop: &Shop) -> i64 {
    shop.wallet(shop.member).await.available.get()
}

fn approve(admin: UserId, id: &PublicId) -> ApproveCorrection {
    ApproveCorrection { admin, correction: id.clone() }
}

#[tokio::test]
async fn a_small_one_is_done_at_once_and_once_for_a_key() {
    on_both(|shop| async {
        let first = ask(&shop, 50_000, "k").await;
        assert_eq!(first.state, CorrectionState::Done);
        assert_eq!(ask(&shop, 50_000, "k").await, first, "the same answer to a repeat");
        assert_eq!(balance(&shop).await, 50_000);
        let other = refusal(shop.store.run(request(&shop, 60_000, "k")).await);
        assert_eq!(other, Refusal::IdempotencyConflict);

        let kept = one(&shop, &first.id).await;
        assert_eq!(kept.balance_before().get(), 0);
        assert_eq!(kept.balance_after, Some(Rupiah::new(50_000)));
        assert_eq!((kept.decided_by, kept.asked_by.1.as_str()), (None, "admin"));
        let line = shop.store.statement(shop.member, None, 5).await.unwrap().items.remove(0);
        assert_eq!((line.reference.as_str(), line.memo.as_str()), (first.id.as_str(), "counted again"));

        let own = RequestCorrection { user: shop.admin, ..request(&shop, 1_000, "own") };
        assert_eq!(refusal(shop.store.run(own).await), Refusal::OwnCase);
        let by_member =
            RequestCorrection { admin: shop.member, user: shop.reseller, ..request(&shop, 1_000, "m") };
        assert_eq!(refusal(shop.store.run(by_member).await), Refusal::NotAllowed);
        let nobody = RequestCorrection { user: UserId(999_999), ..request(&shop, 1_000, "n") };
        assert_eq!(refusal(shop.store.run(nobody).await), Refusal::NotFound);
        for wrong in [
            RequestCorrection { reason: " ".into(), ..request(&shop, 1_000, "s") },
            RequestCorrection { reason: "x".repeat(201), ..request(&shop, 1_000, "l") },
            request(&shop, 0, "z"),
            request(&shop, i64::MIN, "min"),
        ] {
            assert!(matches!(refusal(shop.store.run(wrong).await), Refusal::Invalid { .. }));
        }
        let too_much = refusal(shop.store.run(request(&shop, -60_000, "t")).await);
        assert_eq!(too_much, Refusal::BalanceTooLow { shortfall: Rupiah::new(10_000) });
        shop
    })
    .await;
}

#[tokio::test]
async fn a_large_one_waits_for_a_second_admin() {
    on_both(|shop| async {
        let second = second_admin(&shop).await;
        shop.give(shop.member, 10_000).await;
        let asked = ask(&shop, LARGE, "k").await;
        assert_eq!(asked.state, CorrectionState::Waiting);
        assert_eq!(balance(&shop).await, 10_000, "nothing moves before");
        assert_eq!(shop.store.waiting_corrections().await.unwrap(), 1);
        shop.database.clock.advance_ms(DAY_MS);
        let again = refusal(shop.store.run(approve(shop.admin, &asked.id)).await);
        assert_eq!(again, Refusal::SecondAdminNeeded, "however long ago it was");
        assert_eq!(refusal(shop.store.run(approve(shop.member, &asked.id)).await), Refusal::NotAllowed);

        // What the balance begins from is what it is then.
        shop.give(shop.member, 5_000).await;
        shop.store.run(approve(second, &asked.id)).await.unwrap();
        assert_eq!(balance(&shop).await, 15_000 + LARGE);
        let done = one(&shop, &asked.id).await;
        assert_eq!((done.state, done.decided_by.as_deref()), (CorrectionState::Done, Some("second")));
        assert_eq!((done.balance_asked.get(), done.balance_before().get()), (10_000, 15_000));
        assert_eq!(refusal(shop.store.run(approve(second, &asked.id)).await), Refusal::StateChanged);
        assert_eq!(ask(&shop, LARGE, "k").await.state, CorrectionState::Done, "a repeat tells how it stands");
        assert_eq!(shop.store.waiting_corrections().await.unwrap(), 0);
        shop
    })
    .await;
}

#[tokio::test]
async fn a_shops_only_admin_looks_again_later() {
    on_both(|shop| async {
        let asked = ask(&shop, LARGE, "k").await;
        let early = refusal(shop.store.run(approve(shop.admin, &asked.id)).await);
        assert!(matches!(early, Refusal::LookAgainAt { .. }), "{early:?}");
        shop.database.clock.advance_ms(30 * MINUTE_MS);
        shop.store.run(approve(shop.admin, &asked.id)).await.unwrap();
        assert_eq!(balance(&shop).await, LARGE);
        shop
    })
    .await;
}

#[tokio::test]
async fn many_small_ones_of_a_day_are_one_large_one() {
    on_both(|shop| async {
        let second = second_admin(&shop).await;
        assert_eq!(shop.store.may_correct_alone(shop.admin).await.unwrap().get(), 2_000_000);
        assert_eq!(ask(&shop, 1_500_000, "a").await.state, CorrectionState::Done);
        // What is taken counts like what is given, also from somebody else's balance.
        assert_eq!(ask(&shop, -400_000, "b").await.state, CorrectionState::Done);
        assert_eq!(shop.store.may_correct_alone(shop.admin).await.unwrap().get(), 100_000);
        let other = RequestCorrection { user: shop.reseller, ..request(&shop, 100_001, "c") };
        assert_eq!(shop.store.run(other).await.unwrap().state, CorrectionState::Waiting);
        // What waits or was seen by two does not count, and each admin has a limit of their own.
        let by_second = RequestCorrection { admin: second, ..request(&shop, 100_001, "c") };
        assert_eq!(shop.store.run(by_second).await.unwrap().state, CorrectionState::Done);
        assert_eq!(ask(&shop, 100_000, "d").await.state, CorrectionState::Done, "exactly the limit");
        assert_eq!(ask(&shop, 1, "e").await.state, CorrectionState::Waiting);
        shop.database.clock.advance_ms(DAY_MS + 1);
        assert_eq!(ask(&shop, 2_000_000, "f").await.state, CorrectionState::Done, "another day");

        let more = SaveSettings::changed(shop.admin, SettingsGroup::TopUps, &shop.store.settings(), |shop| {
            shop.approve_alone_most = Rupiah::new(3_000_000);
        });
        shop.store.run(more).await.unwrap();
        assert_eq!(ask(&shop, 1_000_000, "g").await.state, CorrectionState::Done, "the settings' limit");
        shop
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_days_sum_holds_for_many_at_once() {
    on_both(|shop| async {
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..MANY {
            let (store, request) = (shop.store.clone(), request(&shop, 100_000, &format!("k{n}")));
            tasks.spawn(async move { store.run(request).await.unwrap().state });
        }
        let states = tasks.join_all().await;
        assert_eq!(states.iter().filter(|state| **state == CorrectionState::Done).count(), 20);
        assert_eq!(balance(&shop).await, 2_000_000);
        shop
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn many_approvals_move_the_money_once() {
    on_both(|shop| async {
        let second = second_admin(&shop).await;
        let asked = ask(&shop, LARGE, "k").await;
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..MANY {
            let (store, id, first) = (shop.store.clone(), asked.id.clone(), shop.admin);
            tasks.spawn(async move {
                match n % 4 {
                    // One that comes first leaves nothing to approve.
                    0 if n > 0 => {
                        store
                            .run(RejectCorrection { admin: second, correction: id, reason: "no".into() })
                            .await
                    }
                    1 => store.run(approve(first, &id)).await,
                    _ => store.run(approve(second, &id)).await,
                }
            });
        }
        let results = tasks.join_all().await;
        assert_eq!(results.iter().filter(|result| result.is_ok()).count(), 1, "one decision");
        let done = one(&shop, &asked.id).await.state == CorrectionState::Done;
        assert_eq!(balance(&shop).await, if done { LARGE } else { 0 });
        shop
    })
    .await;
}

#[tokio::test]
async fn what_is_not_there_cannot_be_taken_later_either() {
    on_both(|shop| async {
        let second = second_admin(&shop).await;
        shop.give(shop.member, LARGE).await;
        let asked = ask(&shop, -LARGE, "k").await;
        shop.buy().await;
        let short = refusal(shop.store.run(approve(second, &asked.id)).await);
        assert_eq!(short, Refusal::BalanceTooLow { shortfall: Rupiah::new(crate::shop::PRICE) });
        assert_eq!(one(&shop, &asked.id).await.state, CorrectionState::Waiting, "a refusal changes nothing");
        assert_eq!(balance(&shop).await, LARGE - crate::shop::PRICE);
        shop.give(shop.member, crate::shop::PRICE).await;
        shop.store.run(approve(second, &asked.id)).await.unwrap();
        assert_eq!(balance(&shop).await, 0);
        shop
    })
    .await;
}

#[tokio::test]
async fn it_can_be_rejected_or_taken_back() {
    on_both(|shop| async {
        let second = second_admin(&shop).await;
        let (one_id, other) = (ask(&shop, LARGE, "a").await.id, ask(&shop, LARGE, "b").await.id);
        let reject = |admin, reason: &str| RejectCorrection {
            admin,
            correction: one_id.clone(),
            reason: reason.into(),
        };
        assert!(matches!(refusal(shop.store.run(reject(second, " ")).await), Refusal::Invalid { .. }));
        assert_eq!(refusal(shop.store.run(reject(shop.admin, "no")).await), Refusal::SecondAdminNeeded);
        shop.store.run(reject(second, "no receipt")).await.unwrap();
        assert_eq!(one(&shop, &one_id).await.decide_reason.as_deref(), Some("no receipt"));

        let withdraw = |admin| WithdrawCorrection { admin, correction: other.clone() };
        assert_eq!(refusal(shop.store.run(withdraw(second)).await), Refusal::NotAllowed);
        shop.store.run(withdraw(shop.admin)).await.unwrap();
        for id in [&one_id, &other] {
            assert_eq!(refusal(shop.store.run(approve(second, id)).await), Refusal::StateChanged);
        }
        assert_eq!(balance(&shop).await, 0);

        // Nobody decides about their own money.
        let about_second = RequestCorrection { user: second, ..request(&shop, LARGE, "c") };
        let about_second = shop.store.run(about_second).await.unwrap().id;
        assert_eq!(refusal(shop.store.run(approve(second, &about_second)).await), Refusal::OwnCase);

        let of = |state, user| CorrectionFilter { state, user, limit: 1, ..CorrectionFilter::default() };
        let mine = shop.store.corrections(of(None, Some(shop.member))).await.unwrap();
        assert_eq!(mine.items[0].id, other, "the newest first");
        let rest = CorrectionFilter { after: mine.next, ..of(None, Some(shop.member)) };
        let rest = shop.store.corrections(rest).await.unwrap();
        assert_eq!((&rest.items[0].id, rest.next), (&one_id, None));
        let waiting = shop.store.corrections(of(Some(CorrectionState::Waiting), None)).await.unwrap();
        assert_eq!((waiting.items.len(), &waiting.items[0].id), (1, &about_second));
        shop
    })
    .await;
}

#[tokio::test]
async fn the_check_sees_one_that_moved_nothing_or_something_else() {
    for text in [
        "UPDATE correction SET state = 'done', balance_after = 2000001 WHERE state = 'waiting'",
        "UPDATE correction SET amount = amount + 1 WHERE state = 'done'",
        "UPDATE correction SET state = 'rejected', balance_after = NULL WHERE state = 'done'",
    ] {
        for database in store::testing::databases().await {
            let shop = Shop::open(database).await;
            ask(&shop, 50_000, "a").await;
            ask(&shop, LARGE, "b").await;
            assert_eq!(shop.store.check().await.unwrap().breaches, []);
            shop.database.tamper(text).await;
            let breaches = shop.store.check().await.unwrap().breaches;
            let seen = breaches.iter().any(|breach| breach.object.starts_with("correction:"));
            assert!(seen, "{text}: {breaches:#?}");
        }
    }
}
