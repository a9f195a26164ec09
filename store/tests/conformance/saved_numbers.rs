//! Numbers that users keep under a name.

use domain::{Label, Refusal};
use store::{ForgetSaved, PlacePurchase, RemoveNumber, SAVED_NUMBERS_MOST, SaveNumber, SavedNumber, UserId};

use crate::shop::{PRICE, Shop, number, on_both, refusal};

fn save(user: UserId, typed: &str, name: &str) -> SaveNumber {
    SaveNumber { user, msisdn: number(typed), name: name.parse().unwrap() }
}

async fn names(shop: &Shop, user: UserId, q: &str) -> Vec<String> {
    let numbers = shop.store.saved_numbers(user, q).await.unwrap();
    numbers.into_iter().filter_map(|number| number.name).map(|name| name.as_str().to_owned()).collect()
}

#[tokio::test]
async fn numbers_are_kept_renamed_found_and_forgotten() {
    on_both(|shop| async {
        let (member, other) = (shop.member, shop.reseller);
        for (typed, name) in [
            ("087800001111", "Rina"),
            ("083811112222", "ayah"),
            ("087700003333", "Toko 100%"),
            ("087800001111", "Rina Dua"),
        ] {
            shop.store.run(save(member, typed, name)).await.unwrap();
        }
        shop.store.run(save(other, "087800001111", "Orang lain")).await.unwrap();
        assert_eq!(names(&shop, member, "").await, ["ayah", "Rina Dua", "Toko 100%"]);
        assert_eq!(names(&shop, member, "RINA").await, ["Rina Dua"]);
        assert_eq!(names(&shop, member, "%").await, ["Toko 100%"], "no wildcard");
        assert_eq!(names(&shop, member, "0838-1111").await, ["ayah"]);
        assert_eq!(names(&shop, member, "3333").await, ["Toko 100%"]);
        assert_eq!(names(&shop, member, "nobody").await, Vec::<String>::new());
        let name = shop.store.saved_name(member, &number("+62 878 0000 1111")).await.unwrap();
        assert_eq!(name.as_ref().map(Label::as_str), Some("Rina Dua"));

        let remove = RemoveNumber { user: member, msisdn: number("087800001111") };
        for _ in 0..2 {
            shop.store.run(remove.clone()).await.unwrap();
        }
        assert_eq!(names(&shop, member, "").await, ["ayah", "Toko 100%"]);
        assert_eq!(names(&shop, other, "").await, ["Orang lain"], "each user has their own");
        shop.store.run(ForgetSaved { user: member }).await.unwrap();
        assert_eq!(names(&shop, member, "").await, Vec::<String>::new());
        assert_eq!(names(&shop, other, "").await, ["Orang lain"]);
        shop
    })
    .await;
}

#[tokio::test]
async fn there_is_a_limit_and_what_is_kept_can_still_be_renamed() {
    on_both(|shop| async {
        for n in 0..SAVED_NUMBERS_MOST {
            shop.store.run(save(shop.member, &format!("0878{n:08}"), "Nomor")).await.unwrap();
        }
        let one_more = shop.store.run(save(shop.member, "083800000000", "Satu lagi")).await;
        assert_eq!(refusal(one_more), Refusal::TooManySavedNumbers { most: SAVED_NUMBERS_MOST });
        shop.store.run(save(shop.member, "087800000000", "Nama baru")).await.unwrap();
        shop.store.run(save(shop.reseller, "083800000000", "Pertama")).await.unwrap();
        shop
    })
    .await;
}

#[tokio::test]
async fn recent_numbers_carry_their_names() {
    on_both(|shop| async {
        shop.give(shop.member, PRICE * 4).await;
        for (n, typed) in ["087811110001", "087811110002", "087811110001", "087811110003"].iter().enumerate()
        {
            let buy = PlacePurchase { msisdn: number(typed), ..shop.purchase(&format!("k{n}")) };
            shop.store.run(buy).await.unwrap();
        }
        shop.store.run(save(shop.member, "087811110001", "Rina")).await.unwrap();
        shop.store.run(save(shop.reseller, "087811110002", "Bukan miliknya")).await.unwrap();
        let found = |typed: &str, name: Option<&str>| SavedNumber {
            msisdn: number(typed),
            name: name.map(|name| name.parse().unwrap()),
        };
        assert_eq!(
            shop.store.recent_numbers(shop.member, 5).await.unwrap(),
            [found("087811110003", None), found("087811110001", Some("Rina")), found("087811110002", None)]
        );
        assert_eq!(shop.store.recent_numbers(shop.member, 1).await.unwrap().len(), 1);
        shop
    })
    .await;
}
