use domain::{Category, FieldCode, Prices, PurchaseState, Refusal, Rupiah};
use store::{
    PackageDraft, PackageFilter, PlacePurchase, PurchaseFilter, SaveBankAccount, SavePackage, Saving,
    TakeLease,
};

use crate::shop::{PRICE, draft, number, on_both, refusal};

#[tokio::test]
async fn packages_are_kept_filtered_and_checked() {
    on_both(|shop| async {
        let axis = PackageDraft { brand: "AXIS".into(), category: Category::Daily, ..draft("Bronet 2 GB") };
        let id = shop
            .store
            .run(SavePackage { admin: shop.admin, id: Saving::fresh(&shop.store), draft: axis.clone() })
            .await
            .unwrap();
        let names = |filter: PackageFilter| async {
            shop.store
                .packages(filter)
                .await
                .unwrap()
                .into_iter()
                .map(|package| package.name)
                .collect::<Vec<_>>()
        };
        let all = PackageFilter::default();
        assert_eq!(names(all.clone()).await.len(), 2);
        assert_eq!(names(PackageFilter { q: "bronet".into(), ..all.clone() }).await, ["Bronet 2 GB"]);
        assert_eq!(
            names(PackageFilter { brand: Some("XL".into()), ..all.clone() }).await,
            ["Xtra Combo 10 GB"]
        );
        assert_eq!(
            names(PackageFilter { category: Some(Category::Daily), ..all.clone() }).await,
            ["Bronet 2 GB"]
        );

        let closed = PackageDraft { active: false, name: "Bronet 3 GB".into(), ..axis.clone() };
        shop.store
            .run(SavePackage { admin: shop.admin, id: Saving::Known(id.clone()), draft: closed })
            .await
            .unwrap();
        assert_eq!(shop.store.package(&id).await.unwrap().unwrap().name, "Bronet 3 GB");
        assert_eq!(names(PackageFilter { only_active: true, ..all }).await.len(), 1);

        let prices = Prices { member: Rupiah::new(21_999), reseller: Rupiah::new(22_000) };
        let at_a_loss = PackageDraft { prices, name: " ".into(), ..axis };
        let Refusal::Invalid { fields } = refusal(
            shop.store
                .run(SavePackage {
                    admin: shop.admin,
                    id: Saving::fresh(&shop.store),
                    draft: at_a_loss.clone(),
                })
                .await,
        ) else {
            panic!("two fields are wrong");
        };
        assert_eq!(
            fields.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(),
            ["name", "price_member"]
        );
        assert_eq!(fields[1].error, FieldCode::BelowMin { min: Rupiah::new(22_000) });
        let by_member = SavePackage { admin: shop.member, id: Saving::fresh(&shop.store), draft: at_a_loss };
        assert_eq!(refusal(shop.store.run(by_member).await), Refusal::NotAllowed);
        shop
    })
    .await;
}

#[tokio::test]
async fn history_comes_in_pages_and_filters() {
    on_both(|shop| async {
        shop.give(shop.member, PRICE * 7).await;
        shop.give(shop.reseller, PRICE * 2).await;
        for n in 0..7 {
            let msisdn = number(&format!("08781111000{n}"));
            shop.store.run(PlacePurchase { msisdn, ..shop.purchase(&format!("k{n}")) }).await.unwrap();
        }
        let mine = PurchaseFilter { buyer: Some(shop.member), limit: 3, ..PurchaseFilter::default() };
        let mut seen = Vec::new();
        let mut after = None;
        loop {
            let page = shop.store.purchases(PurchaseFilter { after, ..mine.clone() }).await.unwrap();
            seen.extend(page.items.into_iter().map(|purchase| purchase.msisdn.local()));
            after = page.next;
            if after.is_none() {
                break;
            }
        }
        let newest_first: Vec<String> = (0..7).rev().map(|n| format!("08781111000{n}")).collect();
        assert_eq!(seen, newest_first);

        let count =
            |filter: PurchaseFilter| async { shop.store.purchases(filter).await.unwrap().items.len() };
        let all = PurchaseFilter { limit: 50, ..PurchaseFilter::default() };
        assert_eq!(
            count(PurchaseFilter { q: "0003".into(), ..all.clone() }).await,
            1,
            "any part of a number"
        );
        assert_eq!(count(PurchaseFilter { q: "+62 878-1111".into(), ..all.clone() }).await, 7);
        assert_eq!(count(PurchaseFilter { q: "10003".into(), ..all.clone() }).await, 1);
        assert_eq!(count(PurchaseFilter { q: "0878-1111".into(), ..all.clone() }).await, 7);
        assert_eq!(count(PurchaseFilter { q: "rina".into(), ..all.clone() }).await, 0);
        assert_eq!(count(PurchaseFilter { state: Some(PurchaseState::Succeeded), ..all.clone() }).await, 0);
        let tomorrow = shop.store.now().plus_ms(domain::DAY_MS);
        assert_eq!(count(PurchaseFilter { from: Some(tomorrow), ..all.clone() }).await, 0);
        assert_eq!(count(PurchaseFilter { to: Some(tomorrow), ..all.clone() }).await, 7);
        assert_eq!(count(PurchaseFilter { buyer: Some(shop.reseller), ..all }).await, 0);

        let recent = shop.store.recent_numbers(shop.member, 3).await.unwrap();
        assert_eq!(recent.iter().map(|number| number.msisdn.local()).collect::<Vec<_>>(), newest_first[..3]);
        let overview = shop.store.admin_overview().await.unwrap();
        assert_eq!((overview.open_now, overview.users), (7, 3));
        shop
    })
    .await;
}

#[tokio::test]
async fn a_statement_comes_in_pages() {
    on_both(|shop| async {
        for n in 1..=5 {
            shop.give(shop.member, n * 1_000).await;
        }
        let first = shop.store.statement(shop.member, None, 3).await.unwrap();
        let second = shop.store.statement(shop.member, first.next.clone(), 3).await.unwrap();
        let balances: Vec<i64> =
            first.items.iter().chain(&second.items).map(|line| line.balance_after.get()).collect();
        assert_eq!(balances, [15_000, 10_000, 6_000, 3_000, 1_000]);
        assert_eq!(second.next, None);
        shop
    })
    .await;
}

#[tokio::test]
async fn a_lease_has_one_holder() {
    on_both(|shop| async {
        let take = |holder: &str| TakeLease { name: "seal", holder: holder.into(), for_ms: 1_000 };
        assert!(shop.store.run(take("a")).await.unwrap());
        assert!(!shop.store.run(take("b")).await.unwrap());
        assert!(shop.store.run(take("a")).await.unwrap(), "kept");
        shop.database.clock.advance_ms(1_001);
        assert!(shop.store.run(take("b")).await.unwrap(), "taken over");
        shop
    })
    .await;
}

#[tokio::test]
async fn a_form_that_is_sent_twice_makes_one() {
    on_both(|shop| async {
        let new = || Saving::New { key: "k1".into() };
        let package = SavePackage { admin: shop.admin, id: new(), draft: draft("Bronet 2 GB") };
        let first = shop.store.run(package.clone()).await.unwrap();
        assert_eq!(shop.store.run(package.clone()).await.unwrap(), first);
        let other = SavePackage { draft: draft("Bronet 3 GB"), ..package };
        assert_eq!(refusal(shop.store.run(other).await), Refusal::IdempotencyConflict);
        assert_eq!(shop.store.packages(PackageFilter::default()).await.unwrap().len(), 2);

        let account = SaveBankAccount {
            admin: shop.admin,
            id: Saving::New { key: "k1".into() },
            bank: "Bank Contoh".into(),
            number: "123-456-7890".into(),
            holder: "Toko Contoh".into(),
            active: true,
        };
        shop.store.run(account.clone()).await.unwrap();
        shop.store.run(account).await.unwrap();
        assert_eq!(shop.store.bank_accounts(false).await.unwrap().len(), 1);
        shop
    })
    .await;
}
