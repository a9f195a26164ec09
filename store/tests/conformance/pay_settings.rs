//! Payment gateways, ways of paying, the shop's own QRIS code.

use domain::{ChargeRefusal, ChargeVerdict, FeeRule, FieldCode, Refusal, Rupiah, TopupMethod};
use store::{Heard, RequestTopup, SaveStaticCode, TestPayMethod, TestState};

use crate::shop::{Shop, on_both, refusal};
use crate::till::{
    claim_one, method_draft, open_till, probe, record, save_gateway, save_method, try_method, waiting,
};
use crate::topups::with_account;

/// A made-up merchant's code.
const CODE: &str = "00020101021126420016ID.CO.CONTOH.WWW01189360000000000000005204581253033605802ID5911TOKO MELATI6007BANDUNG63046D44";

async fn test_of(shop: &Shop, method: TopupMethod) -> TestState {
    let methods = shop.store.pay_methods().await.unwrap();
    methods.into_iter().find(|known| known.method == method).unwrap().test
}

#[tokio::test]
async fn a_way_of_paying_is_switched_on_only_after_it_was_tried_with_the_present_keys() {
    on_both(|shop| async {
        let qris = TopupMethod::Qris;
        save_gateway(&shop, None, "key-1").await;
        let early = save_method(&shop, None, method_draft(qris, true)).await;
        assert_eq!(refusal(early), Refusal::NotTried);
        assert!(shop.store.pay_methods().await.unwrap().iter().all(|method| method.method != qris));
        save_method(&shop, None, method_draft(qris, false)).await.unwrap();
        let no_keys = shop.store.run(TestPayMethod { admin: shop.admin, method: qris }).await;
        assert_eq!(refusal(no_keys), Refusal::NotTried);
        probe(&shop, Err("the key is wrong".into())).await;
        let wrong_keys = shop.store.run(TestPayMethod { admin: shop.admin, method: qris }).await;
        assert_eq!(refusal(wrong_keys), Refusal::NotTried);
        probe(&shop, Ok(())).await;
        shop.store.run(TestPayMethod { admin: shop.admin, method: qris }).await.unwrap();
        assert_eq!(test_of(&shop, qris).await, TestState::UnderWay);
        let job = claim_one(&shop).await;
        record(&shop, &job, Heard::Charge(ChargeVerdict::Refused(ChargeRefusal::Method))).await;
        assert_eq!(test_of(&shop, qris).await, TestState::Failed(Some(ChargeRefusal::Method)));
        let failed = save_method(&shop, Some(1), method_draft(qris, true)).await;
        assert_eq!(refusal(failed), Refusal::NotTried);
        try_method(&shop, qris).await;
        assert_eq!(test_of(&shop, qris).await, TestState::Works);
        save_method(&shop, Some(1), method_draft(qris, true)).await.unwrap();
        let offered: Vec<_> =
            shop.store.open_methods().await.unwrap().iter().map(|open| open.method).collect();
        assert!(offered.contains(&qris));

        // Another key, and all is to be tried anew. What waits for its payer goes on.
        waiting(&shop, "k", qris, 50_000).await;
        save_gateway(&shop, Some(1), "key-2").await;
        assert_eq!(test_of(&shop, qris).await, TestState::Never);
        let closed = RequestTopup {
            user: shop.member,
            method: qris,
            bank_account: None,
            base: Rupiah::new(50_000),
            key: "k2".into(),
        };
        assert_eq!(refusal(shop.store.run(closed).await), Refusal::MethodClosed);
        shop
    })
    .await;
}

#[tokio::test]
async fn limits_and_fees_have_to_make_sense() {
    on_both(|shop| async {
        open_till(&shop).await;
        let qris = method_draft(TopupMethod::Qris, true);
        let flat = |rupiah| FeeRule { flat: Rupiah::new(rupiah), basis_points: 0 };
        for (draft, field) in [
            (store::PayMethodDraft { payer_fee: flat(1), ..qris.clone() }, "payer_flat"),
            (store::PayMethodDraft { min: Rupiah::ZERO, ..qris.clone() }, "min"),
            (store::PayMethodDraft { max: Rupiah::new(9_999), ..qris.clone() }, "max"),
            (store::PayMethodDraft { cost: flat(10_000), ..qris.clone() }, "cost_flat"),
            (store::PayMethodDraft { expiry_minutes: 14, ..qris.clone() }, "expiry_minutes"),
            (store::PayMethodDraft { gateway: None, ..qris.clone() }, "gateway"),
        ] {
            let Refusal::Invalid { fields } = refusal(save_method(&shop, Some(2), draft).await) else {
                panic!("{field} was taken")
            };
            assert_eq!(fields.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), [field]);
        }
        let stale = save_method(&shop, Some(1), qris.clone()).await;
        assert_eq!(refusal(stale), Refusal::StateChanged);
        let small = RequestTopup {
            user: shop.member,
            method: TopupMethod::Qris,
            bank_account: None,
            base: Rupiah::new(9_999),
            key: "k".into(),
        };
        let min = Rupiah::new(10_000);
        let refused = refusal(shop.store.run(small).await);
        assert_eq!(refused, Refusal::field("amount", FieldCode::BelowMin { min }));
        shop
    })
    .await;
}

#[tokio::test]
async fn the_shops_own_code_is_made_dynamic_for_an_amount_of_its_own() {
    on_both(|shop| async {
        let shop = with_account(shop).await;
        let own = TopupMethod::StaticQris;
        let without = save_method(&shop, None, method_draft(own, true)).await;
        assert_eq!(refusal(without), Refusal::NoStaticCode);
        let save = |code: &str| SaveStaticCode { admin: shop.admin, code: code.into(), bank_account: 1 };
        let changed = refusal(shop.store.run(save(&CODE.replace("MELATI", "MELATY"))).await);
        assert_eq!(changed, Refusal::field("code", FieldCode::BadQris { tag: Some(63) }));
        let code: domain::Qris = CODE.parse().unwrap();
        let dynamic = code.with_amount(Rupiah::new(5_000), Rupiah::new(5_000)).unwrap().to_string();
        let refused = refusal(shop.store.run(save(&dynamic)).await);
        assert_eq!(refused, Refusal::field("code", FieldCode::NotStatic));
        shop.store.run(save(CODE)).await.unwrap();
        save_method(&shop, None, method_draft(own, true)).await.unwrap();
        let topup = crate::till::ask(&shop, "k", own, 50_000).await;
        let Some(domain::PayTo::Qr(text)) = topup.pay_to else { panic!("no code to pay") };
        let shown: domain::Qris = text.parse().unwrap();
        assert_eq!((shown.amount(), shown.merchant()), (Some(topup.payable), "TOKO MELATI"));
        assert_ne!(topup.payable.get(), 50_000, "told from others by its last digits");
        shop
    })
    .await;
}
