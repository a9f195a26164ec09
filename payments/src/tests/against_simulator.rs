//! Both adapters against the simulator over real HTTP, and its book of what was really paid.

mod notifications;

use std::sync::Arc;
use std::time::Duration;

use domain::{
    CancelVerdict, ChargeFacts, ChargeRefusal, ChargeVerdict, PayTo, ProviderState, RefundVerdict, Rupiah,
    StatusVerdict, TopupMethod, UtcMillis,
};
use simulator::{PaymentAct, PaymentFault, PaymentRule, RunningSimulator, Simulator, SimulatorConfig};

use super::{NOW, charge_ref, midtrans_config, order, refund_of, tripay_config};
use crate::{
    ChargeOrder, ChargeRef, Midtrans, MidtransConfig, PayAnswer, PayError, PayGateway, Tripay, TripayConfig,
};

/// A simulator, both adapters for it, and the same for answers that will not come.
struct Shop {
    simulator: Simulator,
    /// Kept, as it ends with it.
    _server: RunningSimulator,
    midtrans: Midtrans,
    tripay: Tripay,
    impatient: [Box<dyn PayGateway>; 2],
}

impl Shop {
    async fn open() -> Self {
        Self::open_with(|_| {}).await
    }

    async fn open_with(change: impl FnOnce(&mut SimulatorConfig)) -> Self {
        // A clock that stands still: nothing expires unless told to.
        let mut simulated = SimulatorConfig::new("username", "apikey", "hook-secret", 1, Arc::new(|| NOW.0));
        simulated.midtrans_server_key = "SB-Mid-server-abc123".to_owned();
        simulated.midtrans_merchant_id = "G490526303".to_owned();
        simulated.tripay_merchant_code = "T0001".to_owned();
        simulated.tripay_api_key = "DEV-api-key".to_owned();
        simulated.tripay_private_key = "private-key".to_owned();
        change(&mut simulated);
        let simulator = Simulator::new(simulated).unwrap();
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = simulator.spawn(listener).unwrap();
        let (midtrans, tripay) =
            (midtrans_config(&server.midtrans_url()), tripay_config(&server.tripay_url()));
        // Long enough for the request to arrive.
        let total_timeout = Duration::from_secs(1);
        let impatient: [Box<dyn PayGateway>; 2] = [
            Box::new(Midtrans::new(MidtransConfig { total_timeout, ..midtrans.clone() }).unwrap()),
            Box::new(Tripay::new(TripayConfig { total_timeout, ..tripay.clone() }).unwrap()),
        ];
        let (midtrans, tripay) = (Midtrans::new(midtrans).unwrap(), Tripay::new(tripay).unwrap());
        Self { simulator, _server: server, midtrans, tripay, impatient }
    }

    fn both(&self) -> [&dyn PayGateway; 2] {
        [&self.midtrans, &self.tripay]
    }

    /// This fault, whatever the amount, the next time its call is made.
    fn next(&self, fault: PaymentFault, call: &str) {
        self.simulator.add_payment_rule(PaymentRule {
            fault,
            provider: None,
            call: Some(call.to_owned()),
            order_id: None,
            method: None,
            amount: None,
            percent: None,
            times: Some(1),
        });
    }

    fn struck(&self, fault: &str) -> u64 {
        self.simulator.payment_faults_struck().get(fault).copied().unwrap_or_default()
    }

    /// How many orders there are under an id.
    fn orders(&self, order_id: &str) -> usize {
        self.simulator.payments_of(order_id).len()
    }
}

fn named(order_id: &str, method: TopupMethod) -> ChargeOrder {
    ChargeOrder { order_id: order_id.to_owned(), ..order(method) }
}

fn asked(order_id: &str, method: TopupMethod) -> ChargeRef {
    ChargeRef { order_id: order_id.to_owned(), ..charge_ref(method) }
}

fn made(answer: PayAnswer<ChargeVerdict>) -> ChargeFacts {
    let ChargeVerdict::Made(facts) = answer.verdict else { panic!("{answer:?}") };
    facts
}

fn found(answer: PayAnswer<StatusVerdict>) -> ChargeFacts {
    let StatusVerdict::Found(facts) = answer.verdict else { panic!("{answer:?}") };
    facts
}

#[tokio::test]
async fn every_way_of_paying_from_the_charge_to_the_money() {
    let shop = Shop::open().await;
    for (at, gateway) in shop.both().into_iter().enumerate() {
        for method in TopupMethod::ALL.iter().copied().filter(|method| gateway.offers(*method)) {
            let id = format!("{at}-{}", method.as_str());
            let charged = made(gateway.charge(&named(&id, method)).await);
            let book = shop.simulator.payment(&id).unwrap();
            let account = |number: Option<String>| number.map(PayTo::Account);
            let pay_to = match (book.code.qr_string, book.code.biller_code, book.code.bill_key) {
                (Some(qr), _, _) => Some(PayTo::Qr(qr)),
                (None, Some(biller), Some(key)) => Some(PayTo::Bill { biller, key }),
                _ => account(book.code.va_number),
            };
            assert!(charged.pay_to.is_some() && charged.pay_to == pay_to, "{id}: {charged:?}");
            assert_eq!(charged.transaction_id.as_ref(), Some(&book.reference), "{id}");
            assert_eq!((charged.order_id.as_str(), charged.gross), (id.as_str(), Rupiah::new(50_000)));
            assert_eq!(charged.state, ProviderState::Pending, "{id}");
            assert_eq!(charged.expires_at, Some(UtcMillis(book.expires_ms)), "{id}");

            let known = ChargeRef { transaction_id: charged.transaction_id, ..asked(&id, method) };
            assert_eq!(found(gateway.status(&known).await).state, ProviderState::Pending, "{id}");
            shop.simulator.pay(&id).unwrap();
            for charge in [known, asked(&id, method)] {
                let paid = found(gateway.status(&charge).await);
                assert_eq!((paid.state, paid.gross), (ProviderState::Paid, Rupiah::new(50_000)), "{id}");
                assert!(paid.in_rupiah && paid.own_merchant, "{id}");
            }
        }
    }
    let totals = shop.simulator.payment_totals();
    assert_eq!((totals.orders, totals.settled_rupiah, totals.paid_twice), (11, 11 * 50_000, 0));
}

#[tokio::test]
async fn keys_that_are_accepted_and_those_of_the_sandbox_in_production() {
    let shop = Shop::open().await;
    for gateway in shop.both() {
        assert_eq!(gateway.probe().await, Ok(()));
        assert_eq!(gateway.status(&charge_ref(TopupMethod::Qris)).await.verdict, StatusVerdict::NoSuchOrder);
    }
    for follows in [false, true] {
        let shop = Shop::open_with(|config| {
            config.payments_in_production = true;
            config.midtrans_http_follows_body = follows;
        })
        .await;
        for gateway in shop.both() {
            assert_eq!(gateway.probe().await, Err(PayError::Login));
            let answer = gateway.charge(&order(TopupMethod::Qris)).await;
            assert_eq!(answer.verdict, ChargeVerdict::Refused(ChargeRefusal::Login));
            let answer = gateway.status(&charge_ref(TopupMethod::Qris)).await;
            assert_eq!(answer.verdict, StatusVerdict::Unknown);
        }
        assert_eq!(shop.orders("topup-1"), 0);
    }
}

#[tokio::test]
async fn what_each_misbehaviour_of_a_charge_proves() {
    let unknown = ChargeVerdict::Unknown;
    let refused = ChargeVerdict::Refused;
    for follows in [false, true] {
        let shop = Shop::open_with(|config| config.midtrans_http_follows_body = follows).await;
        for (fault, of_midtrans, of_tripay, orders) in [
            (PaymentFault::Hang, unknown.clone(), unknown.clone(), 1),
            (PaymentFault::HangUndone, unknown.clone(), unknown.clone(), 0),
            (PaymentFault::Close, unknown.clone(), unknown.clone(), 1),
            (PaymentFault::Http500, unknown.clone(), unknown.clone(), 1),
            (PaymentFault::Html502, unknown.clone(), unknown.clone(), 1),
            (PaymentFault::TruncatedJson, unknown.clone(), unknown.clone(), 1),
            (PaymentFault::OtherOrder, unknown.clone(), unknown.clone(), 1),
            (PaymentFault::Down, unknown.clone(), unknown.clone(), 0),
            (
                PaymentFault::NotActive { code: 402 },
                refused(ChargeRefusal::Method),
                refused(ChargeRefusal::Request),
                0,
            ),
            (
                PaymentFault::NotActive { code: 400 },
                refused(ChargeRefusal::Request),
                refused(ChargeRefusal::Request),
                0,
            ),
            (PaymentFault::FalseDuplicate, ChargeVerdict::Exists, refused(ChargeRefusal::Request), 0),
        ] {
            let hangs = matches!(fault, PaymentFault::Hang | PaymentFault::HangUndone);
            for (at, expected) in [of_midtrans, of_tripay].into_iter().enumerate() {
                let id =
                    format!("{at}-{orders}-{}", shop.simulator.payment_faults_struck().values().sum::<u64>());
                shop.next(fault.clone(), "charge");
                let gateway = if hangs { shop.impatient[at].as_ref() } else { shop.both()[at] };
                let answer = gateway.charge(&named(&id, TopupMethod::Qris)).await;
                assert_eq!(answer.verdict, expected, "{fault:?} {answer:?}");
                assert_eq!(shop.orders(&id), orders, "{fault:?} {at}");
                // Whatever it said, the status tells the truth.
                let status = shop.both()[at].status(&asked(&id, TopupMethod::Qris)).await;
                match orders {
                    0 => assert_eq!(status.verdict, StatusVerdict::NoSuchOrder, "{fault:?} {at}"),
                    _ => assert_eq!(found(status).state, ProviderState::Pending, "{fault:?} {at}"),
                }
            }
        }
        // Each of them really struck, at both gateways.
        assert_eq!(shop.simulator.payment_faults_struck().values().sum::<u64>(), 22);
    }
}

#[tokio::test]
async fn too_many_requests_and_answers_without_what_the_payer_needs() {
    let shop = Shop::open().await;
    for (at, gateway) in shop.both().into_iter().enumerate() {
        let id = |word: &str| format!("{at}-{word}");
        // The simulator's 429 is a server's page, not the gateway's own answer.
        shop.next(PaymentFault::TooMany, "charge");
        let answer = gateway.charge(&named(&id("many"), TopupMethod::Qris)).await;
        assert_eq!((answer.verdict, answer.evidence.http_status), (ChargeVerdict::Unknown, Some(429)));
        shop.next(PaymentFault::NoPaymentData, "charge");
        let bare = made(gateway.charge(&named(&id("bare"), TopupMethod::Qris)).await);
        assert_eq!((bare.pay_to, bare.state), (None, ProviderState::Pending));
        shop.next(PaymentFault::Denied, "charge");
        let denied = made(gateway.charge(&named(&id("denied"), TopupMethod::Qris)).await);
        assert_eq!(denied.state, ProviderState::Denied);
    }
    assert_eq!((shop.struck("too_many"), shop.struck("no_payment_data"), shop.struck("denied")), (2, 2, 2));
}

#[tokio::test]
async fn a_lost_answer_is_found_again() {
    let shop = Shop::open().await;
    // The same charge again gives the first answer, and makes nothing new.
    shop.next(PaymentFault::Close, "charge");
    assert_eq!(shop.midtrans.charge(&order(TopupMethod::Qris)).await.verdict, ChargeVerdict::Unknown);
    let again = made(shop.midtrans.charge(&order(TopupMethod::Qris)).await);
    assert!(again.pay_to.is_some());
    assert_eq!(shop.orders("topup-1"), 1);

    // Tripay has the QR code in the detail, which the list leads to.
    shop.next(PaymentFault::Close, "charge");
    let order = named("topup-2", TopupMethod::Qris);
    assert_eq!(shop.tripay.charge(&order).await.verdict, ChargeVerdict::Unknown);
    let adopted = found(shop.tripay.status(&asked("topup-2", TopupMethod::Qris)).await);
    let book = shop.simulator.payment("topup-2").unwrap();
    assert_eq!(
        (adopted.transaction_id, adopted.pay_to),
        (Some(book.reference), book.code.qr_string.map(PayTo::Qr))
    );
    // Charged once more it would be there twice, and both paid is for a human.
    made(shop.tripay.charge(&order).await);
    let orders = shop.simulator.payments_of("topup-2");
    assert_eq!(orders.len(), 2);
    for one in &orders {
        shop.simulator.pay(&one.reference).unwrap();
    }
    let answer = shop.tripay.status(&asked("topup-2", TopupMethod::Qris)).await;
    assert_eq!(answer.verdict, StatusVerdict::Unknown);
    assert_eq!(answer.evidence.note, "several paid orders under one id");
}

#[tokio::test]
async fn what_a_misbehaving_status_proves() {
    let shop = Shop::open().await;
    for (at, gateway) in shop.both().into_iter().enumerate() {
        let id = format!("{at}-status");
        let charged = made(gateway.charge(&named(&id, TopupMethod::Qris)).await);
        shop.simulator.pay(&id).unwrap();
        let charge = ChargeRef { transaction_id: charged.transaction_id, ..asked(&id, TopupMethod::Qris) };
        for fault in [
            PaymentFault::Down,
            PaymentFault::Close,
            PaymentFault::Http500,
            PaymentFault::Html502,
            PaymentFault::TruncatedJson,
            PaymentFault::OtherOrder,
        ] {
            shop.next(fault.clone(), "status");
            let answer = gateway.status(&charge).await;
            assert_eq!(answer.verdict, StatusVerdict::Unknown, "{fault:?} {at}");
        }
        shop.next(PaymentFault::WrongAmount, "status");
        assert_eq!(found(gateway.status(&charge).await).gross, Rupiah::new(51_000));
        shop.next(PaymentFault::UnknownWord, "status");
        assert_eq!(found(gateway.status(&charge).await).state, ProviderState::Unclear);
        assert_eq!(found(gateway.status(&charge).await).state, ProviderState::Paid);
    }
    let charge = asked("0-status", TopupMethod::Qris);
    shop.next(PaymentFault::OtherMerchant, "status");
    let facts = found(shop.midtrans.status(&charge).await);
    assert_eq!((facts.own_merchant, facts.in_rupiah), (false, true));
    shop.next(PaymentFault::OtherCurrency, "status");
    let facts = found(shop.midtrans.status(&charge).await);
    assert_eq!((facts.own_merchant, facts.in_rupiah), (true, false));
    assert_eq!(shop.simulator.payment_faults_struck().values().sum::<u64>(), 18);
}

#[tokio::test]
async fn calling_off_and_expiring() {
    let shop = Shop::open().await;
    let midtrans = &shop.midtrans;
    assert_eq!(midtrans.cancel(&charge_ref(TopupMethod::Qris)).await.verdict, CancelVerdict::NoSuchOrder);
    made(midtrans.charge(&order(TopupMethod::Qris)).await);
    assert_eq!(midtrans.cancel(&charge_ref(TopupMethod::Qris)).await.verdict, CancelVerdict::Cancelled);
    assert_eq!(midtrans.cancel(&charge_ref(TopupMethod::Qris)).await.verdict, CancelVerdict::TooLate);
    assert_eq!(found(midtrans.status(&charge_ref(TopupMethod::Qris)).await).state, ProviderState::Cancelled);
    for (at, gateway) in shop.both().into_iter().enumerate() {
        let id = format!("{at}-expired");
        made(gateway.charge(&named(&id, TopupMethod::VaBca)).await);
        shop.simulator.act_on_payment(&id, PaymentAct::Expire).unwrap();
        let charge = asked(&id, TopupMethod::VaBca);
        assert_eq!(found(gateway.status(&charge).await).state, ProviderState::Expired);
        assert_eq!(gateway.cancel(&charge).await.verdict, CancelVerdict::TooLate);
        // Late money is money.
        shop.simulator.pay(&id).unwrap();
        assert_eq!(found(gateway.status(&charge).await).state, ProviderState::Paid);
    }
}

#[tokio::test]
async fn money_that_goes_back() {
    let shop = Shop::open().await;
    let midtrans = &shop.midtrans;
    made(midtrans.charge(&order(TopupMethod::Qris)).await);
    let refund = refund_of(TopupMethod::Qris);
    // Before it is paid, and the same key twice: neither says that it was paid back.
    assert_eq!(midtrans.refund(&refund).await.verdict, RefundVerdict::Unknown);
    shop.simulator.pay("topup-1").unwrap();
    assert_eq!(midtrans.refund(&refund).await.verdict, RefundVerdict::Done);
    assert_eq!(midtrans.refund(&refund).await.verdict, RefundVerdict::Unknown);
    assert_eq!(shop.simulator.payment_totals().refunded_rupiah, 20_000);
    let facts = found(midtrans.status(&charge_ref(TopupMethod::Qris)).await);
    assert_eq!(facts.state, ProviderState::PartlyRefunded);
    for (id, act, of_midtrans, of_tripay) in [
        ("denied", PaymentAct::Deny, ProviderState::Denied, ProviderState::Denied),
        ("back", PaymentAct::Chargeback, ProviderState::ChargedBack, ProviderState::Refunded),
        ("refund", PaymentAct::Refund { amount: None }, ProviderState::Refunded, ProviderState::Refunded),
    ] {
        for ((at, gateway), state) in shop.both().into_iter().enumerate().zip([of_midtrans, of_tripay]) {
            let id = format!("{at}-{id}");
            made(gateway.charge(&named(&id, TopupMethod::Qris)).await);
            shop.simulator.pay(&id).unwrap();
            shop.simulator.act_on_payment(&id, act).unwrap();
            assert_eq!(found(gateway.status(&asked(&id, TopupMethod::Qris)).await).state, state, "{id}");
        }
    }
}

#[tokio::test]
async fn the_days_payments_are_those_of_the_book() {
    let shop = Shop::open().await;
    // More than a page of them.
    for number in 0..60 {
        let id = format!("many-{number}");
        made(shop.tripay.charge(&named(&id, TopupMethod::Qris)).await);
        if number % 10 != 0 {
            shop.simulator.pay(&id).unwrap();
        }
    }
    let listed = shop.tripay.paid_between(NOW, NOW.plus_ms(1)).await.unwrap().unwrap();
    let mut listed: Vec<_> = listed
        .into_iter()
        .map(|payment| (payment.transaction_id, payment.gross.get(), payment.fee))
        .collect();
    // 750 rupiah and 0.7 percent.
    let fee = Some(Rupiah::new(1_100));
    let paid = shop.simulator.payments().into_iter().flat_map(|order| order.payments);
    let mut book: Vec<_> = paid.map(|payment| (payment.reference, payment.amount_rupiah, fee)).collect();
    listed.sort();
    book.sort();
    assert_eq!(listed.len(), 54);
    assert_eq!(listed, book);
    assert_eq!(shop.tripay.paid_between(NOW.plus_ms(1), NOW.plus_ms(2)).await, Ok(Some(Vec::new())));
}
