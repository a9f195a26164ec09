//! Receipts: what stands on them, and who may see them.

use domain::{FieldCode, PublicId, Refusal, Role, Rupiah, Verdict};
use store::{
    ForgetSaved, PlacePurchase, RevokeReceipt, SaveSelling, SetUserRole, ShareReceipt, UserId, Viewer,
};

use crate::shop::{PRICE, RESELLER_PRICE, Shop, delivered, on_both, refusal};

async fn bought_by(shop: &Shop, user: UserId, price: i64, verdict: Verdict) -> PublicId {
    shop.give(user, price).await;
    let agreed_price = Rupiah::new(price);
    let buy = PlacePurchase { user, agreed_price, ..shop.purchase(&shop.store.random_token()) };
    let id = shop.store.run(buy).await.unwrap();
    let job = shop.claim_one().await;
    shop.answer(&job, verdict).await;
    id
}

fn share(user: UserId, purchase: &PublicId) -> ShareReceipt {
    ShareReceipt { user, purchase: purchase.clone() }
}

fn selling(shop: &Shop, purchase: &PublicId, name: &str, price: Option<i64>) -> SaveSelling {
    SaveSelling {
        user: shop.reseller,
        purchase: purchase.clone(),
        shop_name: name.parse().ok(),
        price: price.map(Rupiah::new),
    }
}

#[tokio::test]
async fn a_link_is_made_by_the_buyer_and_taken_back() {
    on_both(|shop| async {
        let id = bought_by(&shop, shop.member, PRICE, delivered()).await;
        assert_eq!(refusal(shop.store.run(share(shop.reseller, &id)).await), Refusal::NotFound);
        let token = shop.store.run(share(shop.member, &id)).await.unwrap();
        assert!(token.len() == 32 && token.bytes().all(|byte| byte.is_ascii_hexdigit()), "128 bits: {token}");
        assert_eq!(shop.store.run(share(shop.member, &id)).await.unwrap(), token, "the same link");
        let seen = shop.store.shared_receipt(&token).await.unwrap();
        assert_eq!(
            (seen.purchase.id.clone(), seen.price, seen.seller),
            (id.clone(), Some(Rupiah::new(PRICE)), None)
        );
        assert_eq!(seen.purchase.serial_number.as_deref(), Some("SN-1"));

        let revoke = |user| RevokeReceipt { user, purchase: id.clone() };
        assert_eq!(refusal(shop.store.run(revoke(shop.reseller)).await), Refusal::NotFound);
        for _ in 0..2 {
            shop.store.run(revoke(shop.member)).await.unwrap();
        }
        assert_eq!(refusal(shop.store.shared_receipt(&token).await), Refusal::NotFound);
        assert_eq!(refusal(shop.store.shared_receipt("").await), Refusal::NotFound);
        let again = shop.store.run(share(shop.member, &id)).await.unwrap();
        assert_ne!(again, token, "an old link never comes back");
        shop
    })
    .await;
}

#[tokio::test]
async fn only_what_was_delivered_has_a_receipt_and_only_its_buyer_and_admins_see_it() {
    on_both(|shop| async {
        let failed = Verdict::Failed { reason: domain::FailReason::ProviderFailed };
        let id = bought_by(&shop, shop.member, PRICE, failed).await;
        assert_eq!(refusal(shop.store.run(share(shop.member, &id)).await), Refusal::StateChanged);
        assert_eq!(refusal(shop.store.receipt(&id, Viewer::Admin).await), Refusal::NotFound);
        let id = bought_by(&shop, shop.member, PRICE, delivered()).await;
        shop.store.receipt(&id, Viewer::Owner(shop.member)).await.unwrap();
        shop.store.receipt(&id, Viewer::Admin).await.unwrap();
        assert_eq!(refusal(shop.store.receipt(&id, Viewer::Owner(shop.reseller)).await), Refusal::NotFound);
        shop
    })
    .await;
}

#[tokio::test]
async fn a_reseller_s_receipt_never_has_the_shop_s_price() {
    on_both(|shop| async {
        let id = bought_by(&shop, shop.reseller, RESELLER_PRICE, delivered()).await;
        let mine = Viewer::Owner(shop.reseller);
        assert_eq!(shop.store.receipt(&id, mine).await.unwrap().price, None, "none was set");
        let token = shop.store.run(share(shop.reseller, &id)).await.unwrap();
        assert_eq!(shop.store.shared_receipt(&token).await.unwrap().price, None);

        let free = shop.store.run(selling(&shop, &id, "", Some(0))).await;
        assert_eq!(refusal(free), Refusal::field("price", FieldCode::BelowMin { min: Rupiah::new(1) }));
        let foreign = SaveSelling { user: shop.member, ..selling(&shop, &id, "", Some(30_000)) };
        assert_eq!(refusal(shop.store.run(foreign).await), Refusal::NotFound);
        shop.store.run(selling(&shop, &id, "Konter Melati", Some(30_000))).await.unwrap();
        let seen = shop.store.shared_receipt(&token).await.unwrap();
        assert_eq!((seen.price, seen.seller.as_deref()), (Some(Rupiah::new(30_000)), Some("Konter Melati")));

        // The next one of the same package proposes the same price, and sharing fixes it.
        let next = bought_by(&shop, shop.reseller, RESELLER_PRICE, delivered()).await;
        assert_eq!(shop.store.receipt(&next, mine).await.unwrap().price, Some(Rupiah::new(30_000)));
        let other = shop.store.run(share(shop.reseller, &next)).await.unwrap();
        shop.store.run(selling(&shop, &id, "Konter Melati", Some(31_000))).await.unwrap();
        assert_eq!(shop.store.shared_receipt(&other).await.unwrap().price, Some(Rupiah::new(30_000)));
        assert_eq!(shop.store.receipt(&next, mine).await.unwrap().price, Some(Rupiah::new(30_000)));

        shop.store.run(selling(&shop, &next, "", None)).await.unwrap();
        let bare = shop.store.shared_receipt(&other).await.unwrap();
        assert_eq!((bare.price, bare.seller), (None, None));
        shop
    })
    .await;
}

#[tokio::test]
async fn a_role_that_changes_shows_no_customer_another_price() {
    on_both(|shop| async {
        let id = bought_by(&shop, shop.reseller, RESELLER_PRICE, delivered()).await;
        let token = shop.store.run(share(shop.reseller, &id)).await.unwrap();
        let user = shop.store.user(shop.reseller).await.unwrap().unwrap().public_id;
        shop.store.run(SetUserRole { admin: shop.admin, user, role: Role::Member }).await.unwrap();
        assert_eq!(shop.store.shared_receipt(&token).await.unwrap().price, None);
        let refused = shop.store.run(selling(&shop, &id, "", Some(1))).await;
        assert_eq!(refusal(refused), Refusal::NotAllowed);
        shop
    })
    .await;
}

#[tokio::test]
async fn what_a_closed_account_kept_is_forgotten() {
    on_both(|shop| async {
        let id = bought_by(&shop, shop.reseller, RESELLER_PRICE, delivered()).await;
        shop.store.run(selling(&shop, &id, "Konter Melati", Some(30_000))).await.unwrap();
        let token = shop.store.run(share(shop.reseller, &id)).await.unwrap();
        let kept = bought_by(&shop, shop.member, PRICE, delivered()).await;
        let other = shop.store.run(share(shop.member, &kept)).await.unwrap();
        shop.store.run(ForgetSaved { user: shop.reseller }).await.unwrap();
        assert_eq!(refusal(shop.store.shared_receipt(&token).await), Refusal::NotFound);
        let left = shop.store.receipt(&id, Viewer::Admin).await.unwrap();
        assert_eq!((left.price, left.own_name), (None, None));
        shop.store.shared_receipt(&other).await.expect("another user's link");
        shop
    })
    .await;
}
