//! Top-ups through a payment gateway: every row of the paper's table.

use domain::{
    CancelVerdict, ChargeRefusal, ChargeVerdict, DAY_MS, HOUR_MS, MINUTE_MS, PayCaseKind, ProviderState,
    Refusal, Rupiah, SECOND_MS, StatusVerdict, TopupMethod, TopupState,
};
use store::{
    CancelTopup, CaseFilter, ChargeTodo, CheckTopup, Heard, HintCharge, PayCase, SweepTopups, TopupFilter,
};

use crate::shop::{Shop, on_both, refusal};
use crate::till::{
    GATEWAY, QRIS_COST_OF_50, VA_FEE, ask, available, claim, claim_one, facts, hinted, open_till, record,
    state, status, told, topup, waiting,
};

pub async fn cases(shop: &Shop) -> Vec<PayCase> {
    shop.store.pay_cases(CaseFilter { limit: 50, ..CaseFilter::default() }).await.unwrap().items
}

pub async fn case_kinds(shop: &Shop) -> Vec<PayCaseKind> {
    cases(shop).await.iter().map(|case| case.kind).collect()
}

#[tokio::test]
async fn a_payment_is_credited_once_on_the_answer_to_a_question() {
    on_both(|shop| async {
        open_till(&shop).await;
        let asked = ask(&shop, "k", TopupMethod::Qris, 50_000).await;
        assert_eq!((asked.state, asked.payable.get(), asked.fee.get()), (TopupState::Creating, 50_000, 0));
        assert_eq!(
            ask(&shop, "k", TopupMethod::Qris, 50_000).await.id,
            asked.id,
            "the same key, the same one"
        );
        let job = claim_one(&shop).await;
        assert_eq!(job.todo, ChargeTodo::Charge);
        record(&shop, &job, Heard::Charge(ChargeVerdict::Made(facts(&job, ProviderState::Pending)))).await;
        let shown = topup(&shop, &asked.id).await;
        assert_eq!(shown.state, TopupState::Pending);
        assert!(shown.pay_to.is_some());

        // The gateway calls, again and again; what counts is what it says when it is asked.
        for _ in 0..3 {
            told(&shop, &asked, ProviderState::Paid).await;
            assert_eq!(available(&shop).await, 50_000);
        }
        let paid = topup(&shop, &asked.id).await;
        assert_eq!(
            (paid.state, paid.late, paid.credited),
            (TopupState::Credited, false, Some(Rupiah::new(50_000)))
        );
        // Old news undo nothing, but a human hears of what cannot be.
        told(&shop, &asked, ProviderState::Pending).await;
        told(&shop, &asked, ProviderState::Expired).await;
        assert_eq!((available(&shop).await, state(&shop, &asked.id).await), (50_000, TopupState::Credited));
        assert_eq!(case_kinds(&shop).await, [PayCaseKind::Contradiction]);
        let day = domain::start_of_wib_day(shop.store.now());
        let report = shop.store.pay_day(GATEWAY, day).await.unwrap();
        assert_eq!((report.ours.get(), report.cost.get()), (50_000, QRIS_COST_OF_50));
        shop
    })
    .await;
}

#[tokio::test]
async fn the_payers_fee_is_not_credited() {
    on_both(|shop| async {
        open_till(&shop).await;
        let asked = waiting(&shop, "k", TopupMethod::VaBca, 50_000).await;
        assert_eq!((asked.payable.get(), asked.fee.get()), (50_000 + VA_FEE, VA_FEE));
        told(&shop, &asked, ProviderState::Paid).await;
        assert_eq!(available(&shop).await, 50_000);
        assert_eq!(topup(&shop, &asked.id).await.credited, Some(Rupiah::new(50_000)));
        shop
    })
    .await;
}

#[tokio::test]
async fn a_lost_answer_never_makes_a_second_order_by_itself() {
    on_both(|shop| async {
        open_till(&shop).await;
        let asked = ask(&shop, "k", TopupMethod::Qris, 50_000).await;
        let job = claim_one(&shop).await;
        record(&shop, &job, Heard::Charge(ChargeVerdict::Unknown)).await;
        assert!(claim(&shop).await.is_empty(), "not at once again");
        shop.database.clock.advance_ms(10 * SECOND_MS);
        let again = claim_one(&shop).await;
        assert!(matches!(again.todo, ChargeTodo::Recover { .. }));
        assert_eq!(again.order_id, job.order_id);
        // Only the gateway's own word that there is none lets it be charged anew, under the same id.
        record(&shop, &again, Heard::Status(StatusVerdict::NoSuchOrder)).await;
        shop.database.clock.advance_ms(20 * SECOND_MS);
        let anew = claim_one(&shop).await;
        assert_eq!((anew.todo, &anew.order_id), (ChargeTodo::Charge, &job.order_id));
        record(&shop, &anew, Heard::Charge(ChargeVerdict::NotNow)).await;
        shop.database.clock.advance_ms(20 * SECOND_MS);
        let later = claim_one(&shop).await;
        assert_eq!(later.todo, ChargeTodo::Charge);
        record(&shop, &later, Heard::Charge(ChargeVerdict::Made(facts(&later, ProviderState::Pending))))
            .await;
        assert_eq!(state(&shop, &asked.id).await, TopupState::Pending);
        shop
    })
    .await;
}

#[tokio::test]
async fn an_adopted_order_that_nobody_can_pay_is_followed_by_another_and_both_are_watched() {
    on_both(|shop| async {
        open_till(&shop).await;
        let asked = ask(&shop, "k", TopupMethod::Qris, 50_000).await;
        let first = claim_one(&shop).await;
        let bare = domain::ChargeFacts { pay_to: None, ..facts(&first, ProviderState::Pending) };
        record(&shop, &first, Heard::Status(StatusVerdict::Found(bare))).await;
        assert_eq!(state(&shop, &asked.id).await, TopupState::Creating);
        let mut jobs = claim(&shop).await;
        jobs.sort_by_key(|job| job.charge);
        let [called_off, second] = jobs.as_slice() else { panic!("{jobs:?}") };
        assert_eq!((called_off.todo, second.todo), (ChargeTodo::Cancel, ChargeTodo::Charge));
        assert_ne!(called_off.order_id, second.order_id);
        record(&shop, called_off, Heard::Cancel(CancelVerdict::Cancelled)).await;
        record(&shop, second, Heard::Charge(ChargeVerdict::Made(facts(second, ProviderState::Pending))))
            .await;
        assert_eq!(state(&shop, &asked.id).await, TopupState::Pending);
        // Money by the first counts for the top-up; money by the second is one too many.
        told(&shop, &asked, ProviderState::Paid).await;
        assert_eq!(available(&shop).await, 50_000);
        let job = hinted(&shop, &asked, 2).await;
        record(&shop, &job, status(&job, ProviderState::Paid)).await;
        assert_eq!((available(&shop).await, case_kinds(&shop).await), (50_000, vec![PayCaseKind::Second]));
        assert_eq!(shop.store.set_aside(&asked.id).await.unwrap(), asked.payable);
        shop
    })
    .await;
}

#[tokio::test]
async fn a_refusal_fails_the_top_up_and_says_why() {
    on_both(|shop| async {
        open_till(&shop).await;
        let asked = ask(&shop, "k", TopupMethod::Qris, 50_000).await;
        let job = claim_one(&shop).await;
        record(&shop, &job, Heard::Charge(ChargeVerdict::Refused(ChargeRefusal::Method))).await;
        assert_eq!(state(&shop, &asked.id).await, TopupState::Failed);
        let charges = shop.store.charges_of(&asked.id).await.unwrap();
        assert_eq!(charges[0].refusal.as_deref(), Some("method"));
        shop.database.clock.advance_ms(HOUR_MS);
        assert!(claim(&shop).await.is_empty(), "there is nothing to ask about");
        shop
    })
    .await;
}

#[tokio::test]
async fn late_money_is_credited_and_flagged() {
    on_both(|shop| async {
        open_till(&shop).await;
        let expired = waiting(&shop, "a", TopupMethod::Qris, 50_000).await;
        let cancelled = waiting(&shop, "b", TopupMethod::VaBca, 60_000).await;
        shop.store.run(CancelTopup { user: shop.member, topup: cancelled.id.clone() }).await.unwrap();
        assert_eq!(state(&shop, &cancelled.id).await, TopupState::Cancelled);
        let job = claim_one(&shop).await;
        assert_eq!(job.todo, ChargeTodo::Cancel);
        record(&shop, &job, Heard::Cancel(CancelVerdict::TooLate)).await;
        shop.database.clock.advance_ms(HOUR_MS);
        shop.store.run(SweepTopups).await.unwrap();
        assert_eq!(state(&shop, &expired.id).await, TopupState::Expired);
        for job in claim(&shop).await {
            record(&shop, &job, status(&job, ProviderState::Expired)).await;
        }
        // A day later it is still looked at, without anybody's call.
        shop.database.clock.advance_ms(DAY_MS);
        let jobs = claim(&shop).await;
        assert_eq!(jobs.len(), 2);
        for job in jobs {
            record(&shop, &job, status(&job, ProviderState::Paid)).await;
        }
        assert_eq!(available(&shop).await, 110_000);
        for id in [&expired.id, &cancelled.id] {
            let topup = topup(&shop, id).await;
            assert_eq!((topup.state, topup.late), (TopupState::Credited, true));
        }
        assert_eq!(case_kinds(&shop).await, [PayCaseKind::Late, PayCaseKind::Late]);
        shop
    })
    .await;
}

#[tokio::test]
async fn another_amount_currency_or_merchant_credits_nothing() {
    on_both(|shop| async {
        open_till(&shop).await;
        let asked = waiting(&shop, "k", TopupMethod::Qris, 50_000).await;
        let paid = |job: &store::ChargeJob| facts(job, ProviderState::Paid);
        let job = hinted(&shop, &asked, 1).await;
        let foreign = domain::ChargeFacts { in_rupiah: false, ..paid(&job) };
        record(&shop, &job, Heard::Status(StatusVerdict::Found(foreign))).await;
        let job = hinted(&shop, &asked, 1).await;
        let foreign = domain::ChargeFacts { own_merchant: false, ..paid(&job) };
        record(&shop, &job, Heard::Status(StatusVerdict::Found(foreign))).await;
        let job = hinted(&shop, &asked, 1).await;
        let nameless = domain::ChargeFacts { transaction_id: None, ..paid(&job) };
        record(&shop, &job, Heard::Status(StatusVerdict::Found(nameless))).await;
        assert_eq!((available(&shop).await, state(&shop, &asked.id).await), (0, TopupState::Pending));
        assert_eq!(case_kinds(&shop).await, [PayCaseKind::Foreign]);
        let job = hinted(&shop, &asked, 1).await;
        let less = domain::ChargeFacts { gross: Rupiah::new(49_999), ..paid(&job) };
        record(&shop, &job, Heard::Status(StatusVerdict::Found(less))).await;
        assert_eq!((available(&shop).await, state(&shop, &asked.id).await), (0, TopupState::Review));
        assert_eq!(case_kinds(&shop).await, [PayCaseKind::WrongAmount, PayCaseKind::Foreign]);
        shop
    })
    .await;
}

#[tokio::test]
async fn a_silent_gateway_raises_an_alarm_and_loses_nothing() {
    on_both(|shop| async {
        open_till(&shop).await;
        let asked = waiting(&shop, "k", TopupMethod::Qris, 50_000).await;
        let mut asked_times = 0;
        for _ in 0..60 {
            shop.database.clock.advance_ms(10 * SECOND_MS);
            for job in claim(&shop).await {
                record(&shop, &job, Heard::Status(StatusVerdict::Unknown)).await;
                asked_times += 1;
            }
        }
        assert!((5..20).contains(&asked_times), "with growing pauses: {asked_times}");
        let alarms = shop.store.alarms().await.unwrap();
        assert_eq!(alarms.iter().filter(|alarm| alarm.kind == domain::AlarmKind::PayGatewayDown).count(), 1);
        told(&shop, &asked, ProviderState::Paid).await;
        assert_eq!((available(&shop).await, shop.store.alarms().await.unwrap().len()), (50_000, 0));
        shop
    })
    .await;
}

#[tokio::test]
async fn a_call_that_comes_while_the_gateway_is_asked_is_not_lost() {
    on_both(|shop| async {
        open_till(&shop).await;
        let asked = waiting(&shop, "k", TopupMethod::Qris, 50_000).await;
        let job = hinted(&shop, &asked, 1).await;
        let order_id = job.order_id.clone();
        assert!(shop.store.run(HintCharge { gateway: GATEWAY.into(), order_id }).await.unwrap());
        assert!(claim(&shop).await.is_empty(), "one question at a time");
        record(&shop, &job, status(&job, ProviderState::Pending)).await;
        let job = claim_one(&shop).await;
        // The lease of that one runs out, and another worker is quicker.
        shop.database.clock.advance_ms(2 * MINUTE_MS);
        let other = claim_one(&shop).await;
        record(&shop, &other, status(&other, ProviderState::Paid)).await;
        record(&shop, &job, status(&job, ProviderState::Paid)).await;
        record(&shop, &job, status(&job, ProviderState::Expired)).await;
        assert_eq!((available(&shop).await, state(&shop, &asked.id).await), (50_000, TopupState::Credited));
        let alarm = shop.store.run(HintCharge { gateway: GATEWAY.into(), order_id: "nobody's".into() }).await;
        assert!(!alarm.unwrap());
        assert_eq!(shop.store.alarms().await.unwrap()[0].object, format!("{GATEWAY} nobody's"));
        shop
    })
    .await;
}

#[tokio::test]
async fn a_buyer_may_ask_every_ten_seconds_and_only_about_their_own() {
    on_both(|shop| async {
        open_till(&shop).await;
        let asked = waiting(&shop, "k", TopupMethod::Qris, 50_000).await;
        let check = |user| CheckTopup { user, topup: asked.id.clone() };
        shop.store.run(check(shop.member)).await.unwrap();
        assert_eq!(claim(&shop).await.len(), 1);
        assert!(matches!(
            refusal(shop.store.run(check(shop.member)).await),
            Refusal::TooManyTries { retry_after_s: 10 }
        ));
        assert_eq!(refusal(shop.store.run(check(shop.reseller)).await), Refusal::NotFound);
        shop.database.clock.advance_ms(10 * SECOND_MS);
        shop.store.run(check(shop.member)).await.unwrap();
        shop
    })
    .await;
}

#[tokio::test]
async fn one_that_was_never_sent_is_not_sent_after_it_was_called_off() {
    on_both(|shop| async {
        open_till(&shop).await;
        let asked = ask(&shop, "k", TopupMethod::Qris, 50_000).await;
        shop.store.run(CancelTopup { user: shop.member, topup: asked.id.clone() }).await.unwrap();
        assert!(claim(&shop).await.is_empty());
        let late = ask(&shop, "k2", TopupMethod::Qris, 50_000).await;
        shop.database.clock.advance_ms(HOUR_MS);
        assert!(claim(&shop).await.is_empty());
        shop.store.run(SweepTopups).await.unwrap();
        assert_eq!(state(&shop, &late.id).await, TopupState::Expired);
        let open = TopupFilter { open_only: true, limit: 10, ..TopupFilter::default() };
        assert!(shop.store.topups(open).await.unwrap().items.is_empty());
        shop
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn fifty_answers_at_once_credit_once() {
    on_both(|shop| async {
        open_till(&shop).await;
        let asked = waiting(&shop, "k", TopupMethod::Qris, 50_000).await;
        let mut jobs = Vec::new();
        for _ in 0..50 {
            jobs.push(hinted(&shop, &asked, 1).await);
            shop.database.clock.advance_ms(2 * MINUTE_MS);
        }
        let mut tasks = tokio::task::JoinSet::new();
        for job in jobs {
            let store = shop.store.clone();
            let heard = status(&job, ProviderState::Paid);
            let evidence = store::ChargeEvidence::default();
            let record = store::RecordCharge {
                charge: job.charge,
                token: job.token,
                hints: job.hints,
                heard,
                evidence,
            };
            tasks.spawn(async move { store.run(record).await });
        }
        for outcome in tasks.join_all().await {
            outcome.unwrap();
        }
        assert_eq!(available(&shop).await, 50_000);
        shop
    })
    .await;
}
