//! Top-ups through the whole engine against the simulated payment gateway over real HTTP: what was paid by its book decides
//! who is right.

use domain::{ChargeState, PayCaseKind, PayDialect, TopupMethod, TopupState};
use http::StatusCode;
use simulator::PaymentAct;

use crate::counter::{Counter, NAME, until};
use crate::shop::{Setup, on_each_database};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_payment_is_in_the_balance_as_soon_as_the_gateway_calls() {
    on_each_database(Setup::default(), async |shop| {
        let counter = Counter::open(shop).await;
        for (method, rupiah) in
            [(TopupMethod::Qris, 50_000), (TopupMethod::VaBca, 60_000), (TopupMethod::BillMandiri, 70_000)]
        {
            let id = counter.ask(method, rupiah).await;
            counter.reached(&id, &[TopupState::Pending]).await;
            assert!(counter.topup(&id).await.pay_to.is_some(), "{method:?}");
            counter.bank.simulator.pay(counter.orders(&id)[0].order_id.as_str()).unwrap();
            counter.reached(&id, &[TopupState::Credited]).await;
        }
        assert_eq!(counter.balance().await, 180_000);
        counter.close().await;
    })
    .await;
}

/// The last three digits of an amount are the simulator's; what the shop must make of it.
const MISBEHAVIOUR: &[(i64, &str, Ends)] = &[
    (901, "made, then silence", Ends::Credited),
    (902, "made, then the connection is reset", Ends::Credited),
    (903, "made, then HTTP 500", Ends::Credited),
    (904, "made, then a proxy's page", Ends::Credited),
    (905, "made, then half an answer", Ends::Credited),
    (906, "silence, nothing made", Ends::Credited),
    (907, "too many requests, nothing made", Ends::Credited),
    (908, "made and denied", Ends::Failed),
    (909, "not active, as 402", Ends::Failed),
    (910, "not active, as 400", Ends::Failed),
    (911, "made, without anything to pay with", Ends::Credited),
    (912, "406, though nothing was made", Ends::Credited),
    (913, "texts for numbers", Ends::Credited),
    (914, "another order's answer", Ends::Credited),
    (915, "slow", Ends::Credited),
    (916, "the status is down", Ends::Credited),
    (917, "the status says that there is none", Ends::Credited),
    (918, "another amount", Ends::Aside(PayCaseKind::WrongAmount)),
    (919, "another merchant", Ends::Foreign),
    (920, "another currency", Ends::Foreign),
    (921, "a word that nobody knows", Ends::Waits),
    (922, "never a notification", Ends::Credited),
    (923, "fifty at once", Ends::Credited),
    (924, "told before it is answered", Ends::Credited),
    (925, "settled, pending, expired, in this order", Ends::Credited),
    (926, "told as paid before it is", Ends::Credited),
    (927, "a wrong bit in every signature", Ends::Credited),
    (928, "told of an unknown order, too", Ends::Credited),
    (929, "told a quarter of an hour late", Ends::Credited),
    (930, "told of another amount", Ends::Credited),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Ends {
    Credited,
    Failed,
    /// In suspense, with this case.
    Aside(PayCaseKind),
    Foreign,
    /// Nothing can be concluded.
    Waits,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_misbehaviour_ends_as_the_gateways_book_says() {
    on_each_database(Setup::default(), async |shop| {
        let counter = Counter::open(shop).await;
        let mut expected = 0;
        for (digits, what, ends) in MISBEHAVIOUR {
            let id = counter.ask(TopupMethod::Qris, 50_000 + digits).await;
            let ready = [TopupState::Pending, TopupState::Failed];
            let state = counter.reached(&id, &ready).await;
            if *ends == Ends::Failed {
                assert_eq!(state, TopupState::Failed, "{digits}: {what}");
                continue;
            }
            assert_eq!(counter.balance().await, expected, "{digits}: {what}: nobody has paid yet");
            let orders = counter.orders(&id);
            // The payer uses what the page shows: the newest.
            let order = orders.last().unwrap_or_else(|| panic!("{digits}: {what}: no order"));
            counter.bank.simulator.pay(&order.order_id).unwrap();
            match ends {
                Ends::Credited => {
                    counter.reached(&id, &[TopupState::Credited]).await;
                    expected += 50_000 + digits;
                }
                Ends::Aside(kind) => {
                    counter.reached(&id, &[TopupState::Review]).await;
                    assert!(counter.case_kinds().await.contains(kind), "{digits}: {what}");
                }
                Ends::Foreign => {
                    until(what, async || {
                        counter.tick();
                        counter.case_kinds().await.contains(&PayCaseKind::Foreign).then_some(())
                    })
                    .await;
                }
                Ends::Waits => {
                    until(what, async || {
                        let charge = counter.shop.store.charges_of(&id).await.unwrap().remove(0);
                        (charge.provider_state.as_deref() == Some("unclear")).then_some(())
                    })
                    .await;
                    assert_eq!(counter.topup(&id).await.state, TopupState::Pending, "{digits}: {what}");
                }
                Ends::Failed => {}
            }
            assert_eq!(counter.balance().await, expected, "{digits}: {what}");
            let total: i64 =
                orders.iter().map(|order| i64::from(order.gross_rupiah == 50_000 + digits)).sum();
            assert!(total <= 3, "{digits}: {what}: {total} orders");
        }
        let struck = counter.bank.simulator.payment_faults_struck();
        for name in [
            "hang",
            "hang_undone",
            "no_payment_data",
            "down",
            "missing",
            "duplicates",
            "reordered",
            "wrong_bit",
        ] {
            assert!(struck.get(name).copied().unwrap_or_default() > 0, "{name} never struck");
        }
        counter.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn late_double_and_taken_back_payments_are_booked_as_the_gateway_has_them() {
    on_each_database(Setup::default(), async |shop| {
        let counter = Counter::open(shop).await;
        let late = counter.ask(TopupMethod::Qris, 50_000).await;
        counter.reached(&late, &[TopupState::Pending]).await;
        counter.shop.database.clock.advance_ms(domain::HOUR_MS);
        counter.reached(&late, &[TopupState::Expired]).await;
        let order = counter.orders(&late)[0].order_id.clone();
        counter.bank.simulator.pay(&order).unwrap();
        counter.reached(&late, &[TopupState::Credited]).await;
        assert!(counter.topup(&late).await.late);
        // Once more, by the same code.
        counter.bank.simulator.pay(&order).unwrap();
        until("a second payment is set aside", async || {
            counter.case_kinds().await.contains(&PayCaseKind::Second).then_some(())
        })
        .await;
        assert_eq!(counter.balance().await, 50_000);

        let back = counter.ask(TopupMethod::VaBca, 60_000).await;
        counter.reached(&back, &[TopupState::Pending]).await;
        let order = counter.orders(&back)[0].order_id.clone();
        counter.bank.simulator.pay(&order).unwrap();
        counter.reached(&back, &[TopupState::Credited]).await;
        counter.bank.simulator.act_on_payment(&order, PaymentAct::Chargeback).unwrap();
        counter.reached(&back, &[TopupState::Reversed]).await;
        assert_eq!(counter.balance().await, 50_000);
        counter.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_refund_goes_back_through_the_gateway() {
    on_each_database(Setup::default(), async |shop| {
        let counter = Counter::open(shop).await;
        let id = counter.ask(TopupMethod::Qris, 50_000).await;
        counter.reached(&id, &[TopupState::Pending]).await;
        let order = counter.orders(&id)[0].order_id.clone();
        counter.bank.simulator.pay(&order).unwrap();
        counter.reached(&id, &[TopupState::Credited]).await;
        let (admin, topup) = (counter.admin, id.clone());
        let refund = store::RefundTopup { admin, topup, by_gateway: true, reason: "asked for it".into() };
        counter.shop.store.run(refund).await.unwrap();
        counter.reached(&id, &[TopupState::Refunded]).await;
        assert_eq!(counter.balance().await, 0);
        assert_eq!(counter.bank.simulator.payment(&order).unwrap().kept_rupiah(), 0);
        counter.close().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_thousand_forged_notifications_change_nothing() {
    on_each_database(Setup::default(), async |shop| {
        let counter = Counter::open(shop).await;
        let id = counter.ask(TopupMethod::Qris, 50_000).await;
        counter.reached(&id, &[TopupState::Pending]).await;
        let order = counter.orders(&id)[0].order_id.clone();
        // The gateway's own notification of the new order is a reason to ask; nothing else will be.
        let before = until("the order is asked about", async || {
            let messages = counter.shop.store.charges_of(&id).await.unwrap().remove(0).messages.len();
            (messages == 2).then_some(messages)
        })
        .await;
        let client = reqwest::Client::new();
        let url = format!("http://{}/hooks/pay/{NAME}", counter.address);
        let mut tasks = tokio::task::JoinSet::new();
        for n in 0..1_000_u32 {
            let body = serde_json::json!({
                "order_id": order, "status_code": "200", "gross_amount": "50000.00", "currency": "IDR",
                "transaction_status": "settlement", "fraud_status": "accept", "transaction_id": format!("t-{n}"),
                "signature_key": format!("{n:0128x}"),
            });
            let post = client.post(&url).json(&body);
            tasks.spawn(async move { post.send().await.unwrap().status().as_u16() });
            // As many connections at a time as a small attacker has.
            while tasks.len() >= 50 {
                let status = tasks.join_next().await.unwrap().unwrap();
                assert_eq!(status, StatusCode::UNAUTHORIZED.as_u16());
            }
        }
        for status in tasks.join_all().await {
            assert_eq!(status, StatusCode::UNAUTHORIZED.as_u16());
        }
        assert_eq!((counter.balance().await, counter.topup(&id).await.state), (0, TopupState::Pending));
        let charge = counter.shop.store.charges_of(&id).await.unwrap().remove(0);
        assert_eq!((charge.state, charge.messages.len()), (ChargeState::Pending, before), "nobody was asked");
        let kept = counter.shop.store.webhook_calls(None, 1_000).await.unwrap().items;
        let forged = kept.iter().filter(|call| call.outcome == domain::WebhookOutcome::NotBelieved).count();
        assert!((1..=60).contains(&forged), "strangers cannot fill the disk: {forged}");
        counter.close().await;
    })
    .await;
}

/// Our own trouble is no answer: the gateway is to call again, and what it says then is heard.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_notification_that_we_cannot_hear_is_asked_for_again() {
    on_each_database(Setup::default(), async |shop| {
        let counter = Counter::open(shop).await;
        let id = counter.ask(TopupMethod::Qris, 50_000).await;
        counter.reached(&id, &[TopupState::Pending]).await;
        let order = counter.orders(&id)[0].order_id.clone();
        let database = &counter.shop.database;
        database.tamper("ALTER TABLE charge RENAME TO charge_out_of_reach").await;
        counter.bank.simulator.pay(&order).unwrap();
        until("it was told to call again", async || {
            let answered = counter.bank.simulator.notifications_answered();
            answered.contains_key("unavailable").then_some(())
        })
        .await;
        database.tamper("ALTER TABLE charge_out_of_reach RENAME TO charge").await;
        counter.reached(&id, &[TopupState::Credited]).await;
        assert_eq!(counter.balance().await, 50_000);
        counter.close().await;
    })
    .await;
}

/// The same shop at another gateway: it takes no order off again, so what is called off is only watched.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn tripay_collects_as_its_book_says() {
    on_each_database(Setup::default(), async |shop| {
        let counter = Counter::open_at(shop, PayDialect::Tripay).await;
        let mut expected = 0;
        for (method, rupiah, what) in [
            (TopupMethod::Qris, 50_000, "as it should be"),
            (TopupMethod::VaBca, 60_000, "an account"),
            (TopupMethod::Qris, 50_901, "made, then silence"),
            (TopupMethod::Qris, 50_903, "made, then HTTP 500"),
            (TopupMethod::Qris, 50_905, "made, then half an answer"),
            (TopupMethod::Qris, 50_906, "silence, nothing made"),
            (TopupMethod::Qris, 50_916, "the status is down"),
            (TopupMethod::Qris, 50_922, "never a notification"),
            (TopupMethod::Qris, 50_923, "fifty at once"),
            (TopupMethod::Qris, 50_926, "told as paid before it is"),
            (TopupMethod::Qris, 50_927, "a wrong bit in every signature"),
        ] {
            let id = counter.ask(method, rupiah).await;
            counter.reached(&id, &[TopupState::Pending]).await;
            assert_eq!(counter.balance().await, expected, "{what}: nobody has paid yet");
            let order = counter.orders(&id).pop().unwrap();
            counter.bank.simulator.pay(&order.order_id).unwrap();
            counter.reached(&id, &[TopupState::Credited]).await;
            expected += rupiah;
            assert_eq!(counter.balance().await, expected, "{what}");
        }
        let totals = counter.bank.simulator.payment_totals();
        assert_eq!((totals.settled_rupiah, totals.paid_twice), (expected, 0));
        counter.close().await;
    })
    .await;
}
