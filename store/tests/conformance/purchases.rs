use domain::{FieldCode, HoldState, Operator, PublicId, PurchaseState, Refusal, Rupiah};
use store::{
    CancelPurchase, PlacePurchase, SaveSettings, SetPackageActive, SettingsGroup, ShopSettings, Viewer,
};

use crate::shop::{PRICE, RESELLER_PRICE, number, on_both, refusal};

#[tokio::test]
async fn an_accepted_purchase_holds_its_price() {
    on_both(|shop| async {
        shop.give(shop.member, 100_000).await;
        let id = shop.buy().await;
        let wallet = shop.wallet(shop.member).await;
        assert_eq!((wallet.available.get(), wallet.held.get()), (100_000 - PRICE, PRICE));
        assert_eq!(wallet.open_purchases, 1);
        let detail = shop.store.purchase(&id, Viewer::Owner(shop.member)).await.unwrap();
        assert_eq!(detail.purchase.state, PurchaseState::Accepted);
        assert_eq!(detail.purchase.hold, HoldState::Open);
        assert_eq!(detail.purchase.balance_after.get(), 100_000 - PRICE);
        assert_eq!(detail.steps.len(), 1);
        let statement = shop.store.statement(shop.member, None, 10).await.unwrap().items;
        assert_eq!(statement[0].kind, "hold");
        assert_eq!((statement[0].amount.get(), statement[0].balance_after.get()), (-PRICE, 100_000 - PRICE));
        shop
    })
    .await;
}

#[tokio::test]
async fn a_refusal_names_the_shortfall_and_changes_nothing() {
    on_both(|shop| async {
        shop.give(shop.member, 20_000).await;
        let shortfall = Rupiah::new(PRICE - 20_000);
        assert_eq!(refusal(shop.store.run(shop.purchase("k")).await), Refusal::BalanceTooLow { shortfall });
        assert_eq!(shop.wallet(shop.member).await.available.get(), 20_000);
        shop.give(shop.member, shortfall.get()).await;
        shop.store.run(shop.purchase("k")).await.expect("a refused key may succeed later");
        shop
    })
    .await;
}

#[tokio::test]
async fn the_price_comes_from_the_catalogue_and_the_role() {
    on_both(|shop| async {
        shop.give(shop.member, 100_000).await;
        shop.give(shop.reseller, 100_000).await;
        let cheap = PlacePurchase { agreed_price: Rupiah::new(1), ..shop.purchase("k") };
        let (was, now) = (Rupiah::new(1), Rupiah::new(PRICE));
        assert_eq!(refusal(shop.store.run(cheap).await), Refusal::PriceChanged { was, now });
        let as_reseller = PlacePurchase { user: shop.reseller, ..shop.purchase("k") };
        let (was, now) = (now, Rupiah::new(RESELLER_PRICE));
        assert_eq!(refusal(shop.store.run(as_reseller.clone()).await), Refusal::PriceChanged { was, now });
        shop.store.run(PlacePurchase { agreed_price: now, ..as_reseller }).await.unwrap();
        assert_eq!(shop.wallet(shop.reseller).await.held, now);
        shop
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_bought_is_refused() {
    on_both(|shop| async {
        shop.give(shop.member, 100_000).await;
        let to = |typed: &str| PlacePurchase { msisdn: number(typed), ..shop.purchase("k") };
        let axis = FieldCode::OtherBrand { operator: Operator::Axis };
        assert_eq!(refusal(shop.store.run(to("083112345678")).await), Refusal::field("msisdn", axis));
        let tri = FieldCode::NotServed { operator: Operator::Tri };
        assert_eq!(refusal(shop.store.run(to("089612345678")).await), Refusal::field("msisdn", tri));
        let nowhere = PlacePurchase { package: PublicId::from_random(1), ..shop.purchase("k") };
        assert_eq!(refusal(shop.store.run(nowhere).await), Refusal::NotFound);
        let no_key = shop.purchase("");
        assert!(matches!(refusal(shop.store.run(no_key).await), Refusal::Invalid { .. }));

        let close = |active| SetPackageActive { admin: shop.admin, id: shop.package.clone(), active };
        shop.store.run(close(false)).await.unwrap();
        assert_eq!(refusal(shop.store.run(shop.purchase("k")).await), Refusal::PackageClosed);
        shop.store.run(close(true)).await.unwrap();
        let usual = ShopSettings::default();
        let stop =
            SaveSettings::changed(shop.admin, SettingsGroup::Selling, &usual, |shop| shop.sales_open = false);
        shop.store.run(stop).await.unwrap();
        assert_eq!(refusal(shop.store.run(shop.purchase("k")).await), Refusal::SalesStopped);
        assert_eq!(shop.wallet(shop.member).await.available.get(), 100_000);
        shop
    })
    .await;
}

#[tokio::test]
async fn the_same_key_gives_the_first_answer() {
    on_both(|shop| async {
        shop.give(shop.member, 100_000).await;
        let first = shop.store.run(shop.purchase("key")).await.unwrap();
        assert_eq!(shop.store.run(shop.purchase("key")).await.unwrap(), first);
        let other = PlacePurchase { msisdn: number("087800009999"), ..shop.purchase("key") };
        assert_eq!(refusal(shop.store.run(other).await), Refusal::IdempotencyConflict);
        assert_eq!(shop.wallet(shop.member).await.held.get(), PRICE);
        shop
    })
    .await;
}

#[tokio::test]
async fn the_same_number_and_package_asks_first() {
    on_both(|shop| async {
        shop.give(shop.member, 200_000).await;
        let first = shop.buy().await;
        let careful = |key: &str| PlacePurchase { buy_again: false, ..shop.purchase(key) };
        assert_eq!(
            refusal(shop.store.run(careful("a")).await),
            Refusal::BoughtJustNow { first: first.clone() }
        );
        let elsewhere = PlacePurchase { msisdn: number("087800005555"), ..careful("b") };
        shop.store.run(elsewhere).await.unwrap();
        shop.store.run(CancelPurchase { user: shop.member, purchase: first }).await.unwrap();
        shop.store.run(careful("c")).await.expect("the first one came to nothing");
        shop.database.clock.advance_ms(11 * 60_000);
        shop.store.run(careful("d")).await.expect("long ago");
        shop
    })
    .await;
}

#[tokio::test]
async fn only_the_owner_and_admins_see_a_purchase() {
    on_both(|shop| async {
        shop.give(shop.member, 100_000).await;
        let id = shop.buy().await;
        assert_eq!(refusal(shop.store.purchase(&id, Viewer::Owner(shop.reseller)).await), Refusal::NotFound);
        shop.store.purchase(&id, Viewer::Admin).await.unwrap();
        let theirs = CancelPurchase { user: shop.reseller, purchase: id.clone() };
        assert_eq!(refusal(shop.store.run(theirs).await), Refusal::NotFound);
        shop.store.run(CancelPurchase { user: shop.member, purchase: id.clone() }).await.unwrap();
        assert_eq!(shop.state(&id).await, PurchaseState::Failed);
        assert_eq!(shop.wallet(shop.member).await.available.get(), 100_000);
        let again = CancelPurchase { user: shop.member, purchase: id };
        assert_eq!(refusal(shop.store.run(again).await), Refusal::StateChanged);
        shop
    })
    .await;
}
