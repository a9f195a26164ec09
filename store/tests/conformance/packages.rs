//! Many packages: lists of them, their order, changes by a formula, and what became of their prices.

use domain::{
    BulkChange, FieldCode, MarginRule, PackageTerms, PriceFormula, PriceStep, PriceTarget, Prices, PublicId,
    Refusal, Role, RoundUp, Rupiah,
};
use store::{
    ApplyOffers, BULK_MOST, ChangePackages, KeepOffers, MovePackage, Offer, OwnerTerms, PackageDraft,
    PackageSearch, PackageSort, PriceSource, Pricing, Rules, SavePackage, Saving, SeenPackage,
    SetPackageActive, SetUserRole, Viewer,
};

use crate::shop::{PRICE, RESELLER_PRICE, Shop, draft, on_both, refusal};

pub async fn save(shop: &Shop, draft: PackageDraft) -> PublicId {
    shop.store.run(SavePackage { admin: shop.admin, id: Saving::fresh(&shop.store), draft }).await.unwrap()
}

pub async fn seen(shop: &Shop, id: &PublicId) -> SeenPackage {
    let package = shop.store.package(id).await.unwrap().unwrap();
    let terms = PackageTerms { prices: package.prices, cost: package.cost, active: package.active };
    SeenPackage { id: id.clone(), terms }
}

fn more(rupiah: i64) -> BulkChange {
    let formula = PriceFormula { step: PriceStep::Add, value: rupiah, round: RoundUp::Hundred };
    BulkChange::Prices { target: PriceTarget::Both, formula }
}

fn change(shop: &Shop, change: BulkChange, seen: Vec<SeenPackage>) -> ChangePackages {
    ChangePackages { admin: shop.admin, key: shop.store.random_token(), change, seen }
}

fn offer(cost: i64) -> Offer {
    Offer {
        sku: "xld10".into(),
        name: "Xtra Combo 10 GB".into(),
        category: "Data".into(),
        brand: "XL".into(),
        kind: "Umum".into(),
        cost: Rupiah::new(cost),
        description: String::new(),
        active: true,
        stock: None,
        cut_off: None,
        owner: OwnerTerms::default(),
    }
}

async fn hear(shop: &Shop, offer: Offer) {
    shop.store.run(KeepOffers { gateway: "digiflazz".into(), heard: Ok(vec![offer]) }).await.unwrap();
}

const fn pricing(member: i64, reseller: i64, cost: i64) -> Pricing {
    let prices = Prices { member: Rupiah::new(member), reseller: Rupiah::new(reseller) };
    Pricing { prices, cost: Rupiah::new(cost) }
}

#[tokio::test]
async fn every_way_to_another_price_is_kept() {
    on_both(|shop| async {
        let (id, first) = (shop.package.clone(), pricing(PRICE, RESELLER_PRICE, 22_000));
        // The form; once without another price.
        for price in [PRICE, 26_000] {
            let prices = Prices { member: Rupiah::new(price), reseller: Rupiah::new(RESELLER_PRICE) };
            let draft = PackageDraft { prices, ..draft("Xtra Combo 10 GB") };
            let save = SavePackage { admin: shop.admin, id: Saving::Known(id.clone()), draft };
            shop.store.run(save).await.unwrap();
        }
        // Many at once.
        let bulk = change(&shop, more(950), vec![seen(&shop, &id).await]);
        assert_eq!(shop.store.run(bulk.clone()).await.unwrap(), 1);
        assert_eq!(shop.store.run(bulk).await.unwrap(), 1, "the same again changes nothing");
        // The gateway's list, and what an admin picks from it.
        hear(&shop, offer(23_000)).await;
        let rule = MarginRule { percent: 10, at_least: Rupiah::ZERO, step: Rupiah::new(500) };
        let seen_at = shop.store.gateway_states().await.unwrap().remove(0).offers_at.unwrap();
        let apply = ApplyOffers {
            admin: shop.admin,
            gateway: "digiflazz".into(),
            skus: vec!["xld10".into()],
            rules: Rules { member: rule, reseller: rule },
            seen_at,
        };
        shop.store.run(apply).await.unwrap();

        let history = shop.store.price_history(&id, None, 100).await.unwrap();
        assert_eq!(history.next, None);
        let told: Vec<_> = history
            .items
            .iter()
            .rev()
            .map(|change| (change.source.unwrap(), change.before, change.after))
            .collect();
        let by_form = pricing(26_000, RESELLER_PRICE, 22_000);
        let by_bulk = pricing(27_000, 25_000, 22_000);
        let by_gateway = Pricing { cost: Rupiah::new(23_000), ..by_bulk };
        let expected = [
            (PriceSource::Form, None, first),
            (PriceSource::Form, Some(first), by_form),
            (PriceSource::Bulk, Some(by_form), by_bulk),
            (PriceSource::Gateway, Some(by_bulk), by_gateway),
            (PriceSource::Offers, Some(by_gateway), pricing(25_500, 25_500, 23_000)),
        ];
        assert_eq!(told, expected);
        let actors: Vec<_> = history.items.iter().rev().map(|change| change.actor.as_deref()).collect();
        assert_eq!(actors, [Some("admin"), Some("admin"), Some("admin"), None, Some("admin")]);
        // In pages.
        let page = shop.store.price_history(&id, None, 3).await.unwrap();
        let rest = shop.store.price_history(&id, page.next.as_deref(), 3).await.unwrap();
        assert_eq!([page.items, rest.items].concat(), history.items);
        shop
    })
    .await;
}

#[tokio::test]
async fn many_at_once_or_none() {
    on_both(|shop| async {
        let other = save(&shop, PackageDraft { sku: "xld20".into(), ..draft("Xtra 20 GB") }).await;
        let both = vec![seen(&shop, &shop.package).await, seen(&shop, &other).await];
        let by_member = ChangePackages { admin: shop.member, ..change(&shop, more(500), both.clone()) };
        assert_eq!(refusal(shop.store.run(by_member).await), Refusal::NotAllowed);
        let none = refusal(shop.store.run(change(&shop, more(500), Vec::new())).await);
        assert_eq!(none, Refusal::field("packages", FieldCode::Required));
        let many = vec![both[0].clone(); BULK_MOST + 1];
        let many = refusal(shop.store.run(change(&shop, more(500), many)).await);
        assert_eq!(many, Refusal::field("packages", FieldCode::TooLong { max: BULK_MOST }));

        // One of them has another cost meanwhile: none is changed.
        hear(&shop, offer(22_001)).await;
        let stale = change(&shop, more(500), both.clone());
        assert_eq!(refusal(shop.store.run(stale).await), Refusal::StateChanged);
        assert_eq!(seen(&shop, &other).await, both[1], "a refused operation changes nothing");
        // What no preview offers.
        let less = PriceFormula { step: PriceStep::Set, value: 21_000, round: RoundUp::One };
        let loss = BulkChange::Prices { target: PriceTarget::Member, formula: less };
        let fresh = vec![seen(&shop, &shop.package).await, seen(&shop, &other).await];
        let at_a_loss = change(&shop, loss, fresh.clone());
        assert_eq!(refusal(shop.store.run(at_a_loss).await), Refusal::StateChanged);

        let off = change(&shop, BulkChange::Deactivate, fresh);
        assert_eq!(shop.store.run(off.clone()).await.unwrap(), 2);
        assert!(!seen(&shop, &other).await.terms.active);
        let on = change(&shop, BulkChange::Activate, vec![seen(&shop, &other).await]);
        let other_request = ChangePackages { key: off.key, ..on.clone() };
        assert_eq!(refusal(shop.store.run(other_request).await), Refusal::IdempotencyConflict);
        assert_eq!(shop.store.run(on).await.unwrap(), 1);
        assert!(seen(&shop, &other).await.terms.active);
        shop
    })
    .await;
}

#[tokio::test]
async fn nobody_pays_another_price_than_they_saw() {
    on_both(|shop| async {
        shop.give(shop.member, 10 * PRICE).await;
        let saw = shop.purchase("k");
        let bulk = change(&shop, more(500), vec![seen(&shop, &shop.package).await]);
        shop.store.run(bulk).await.unwrap();
        let before = shop.wallet(shop.member).await;
        let (was, now) = (Rupiah::new(PRICE), Rupiah::new(PRICE + 500));
        assert_eq!(refusal(shop.store.run(saw.clone()).await), Refusal::PriceChanged { was, now });
        assert_eq!(shop.wallet(shop.member).await, before);
        // Who buys for less now agreed to more before: they are asked, too.
        let role = SetUserRole {
            admin: shop.admin,
            user: shop.store.user(shop.member).await.unwrap().unwrap().public_id,
            role: Role::Reseller,
        };
        shop.store.run(role).await.unwrap();
        let (was, now) = (now, Rupiah::new(RESELLER_PRICE + 500));
        let saw = store::PlacePurchase { agreed_price: was, ..saw };
        assert_eq!(refusal(shop.store.run(saw.clone()).await), Refusal::PriceChanged { was, now });
        assert_eq!(shop.wallet(shop.member).await, before);
        let bought = shop.store.run(store::PlacePurchase { agreed_price: now, ..saw }).await.unwrap();

        // Another name, other prices, off sale: what was bought stays what it was.
        let renamed = PackageDraft { sku: "lain".into(), ..draft("Xtra Combo Baru") };
        let save = SavePackage { admin: shop.admin, id: Saving::Known(shop.package.clone()), draft: renamed };
        shop.store.run(save).await.unwrap();
        let off = SetPackageActive { admin: shop.admin, id: shop.package.clone(), active: false };
        shop.store.run(off).await.unwrap();
        let bought = shop.store.purchase(&bought, Viewer::Admin).await.unwrap().purchase;
        assert_eq!((bought.package_name.as_str(), bought.price), ("Xtra Combo 10 GB", now));
        shop
    })
    .await;
}

async fn names(shop: &Shop, search: PackageSearch) -> Vec<String> {
    let page = shop.store.package_list(search).await.unwrap();
    page.items.into_iter().map(|listed| listed.package.name).collect()
}

#[tokio::test]
async fn lists_are_filtered_sorted_and_come_in_pages() {
    on_both(|shop| async {
        for (n, name) in ["Delta", "alfa", "Charlie", "Bravo"].into_iter().enumerate() {
            let step = i64::try_from(n).unwrap() * 1_000;
            let prices =
                Prices { member: Rupiah::new(30_000 - step), reseller: Rupiah::new(29_000 - 2 * step) };
            let brand = if n == 1 { "AXIS" } else { "XL" };
            let draft = PackageDraft {
                prices,
                brand: brand.into(),
                sku: format!("s{n}"),
                sort: 20,
                family: if n > 1 { "Akrab".into() } else { String::new() },
                active: n != 3,
                ..draft(name)
            };
            save(&shop, draft).await;
            shop.database.clock.advance_ms(10);
        }
        let all = PackageSearch { limit: 50, ..PackageSearch::default() };
        let by = |sort| names(&shop, PackageSearch { sort, ..all.clone() });
        let combo = "Xtra Combo 10 GB";
        assert_eq!(by(PackageSort::Shop).await, [combo, "Delta", "alfa", "Charlie", "Bravo"]);
        assert_eq!(by(PackageSort::Name).await, ["alfa", "Bravo", "Charlie", "Delta", combo]);
        assert_eq!(by(PackageSort::Price).await, [combo, "Bravo", "Charlie", "alfa", "Delta"]);
        assert_eq!(by(PackageSort::Margin).await, ["Bravo", combo, "Charlie", "alfa", "Delta"]);
        assert_eq!(by(PackageSort::Changed).await, ["Bravo", "Charlie", "alfa", "Delta", combo]);
        for sort in PackageSort::ALL {
            let (mut pages, mut after) = (Vec::new(), None);
            loop {
                let search = PackageSearch { sort, after, limit: 2, ..PackageSearch::default() };
                let page = shop.store.package_list(search).await.unwrap();
                pages.extend(page.items.into_iter().map(|listed| listed.package.name));
                after = page.next;
                if after.is_none() {
                    break;
                }
            }
            assert_eq!(pages, by(sort).await, "{sort:?}");
        }
        let found = |search: PackageSearch| names(&shop, search);
        assert_eq!(found(PackageSearch { q: "S2".into(), ..all.clone() }).await, ["Charlie"]);
        assert_eq!(found(PackageSearch { brand: Some("AXIS".into()), ..all.clone() }).await, ["alfa"]);
        assert_eq!(
            found(PackageSearch { family: Some("Akrab".into()), ..all.clone() }).await,
            ["Charlie", "Bravo"]
        );
        assert_eq!(found(PackageSearch { active: Some(false), ..all.clone() }).await, ["Bravo"]);
        let thin = PackageSearch { margin_below: Some(Rupiah::new(2_001)), ..all.clone() };
        assert_eq!(found(thin).await, [combo, "Bravo"]);
        let nowhere = PackageSearch { gateway: Some("lain".into()), ..all.clone() };
        assert!(found(nowhere).await.is_empty());
        // The whole list: one without most of what is sold would not be believed.
        let others = (0..4).map(|n| Offer { sku: format!("s{n}"), ..offer(22_000) });
        let offers = others.chain([Offer { active: false, ..offer(22_000) }]).collect();
        shop.store.run(KeepOffers { gateway: "digiflazz".into(), heard: Ok(offers) }).await.unwrap();
        let disturbed = PackageSearch { disturbed: true, ..all };
        let page = shop.store.package_list(disturbed).await.unwrap();
        assert_eq!(page.items.iter().map(|listed| listed.package.name.as_str()).collect::<Vec<_>>(), [combo]);
        assert!(page.items[0].disturbed);
        let facets = shop.store.package_facets().await.unwrap();
        assert_eq!((facets.gateways, facets.families), (vec!["digiflazz".into()], vec!["Akrab".into()]));
        shop
    })
    .await;
}

#[tokio::test]
async fn a_package_goes_before_or_behind_another() {
    on_both(|shop| async {
        let mut ids = vec![shop.package.clone()];
        // All at the same place at first.
        for name in ["B", "C", "D"] {
            ids.push(save(&shop, draft(name)).await);
        }
        let closed = save(&shop, PackageDraft { active: false, ..draft("Z") }).await;
        let all = PackageSearch { active: Some(true), limit: 50, ..PackageSearch::default() };
        let go = async |id: &PublicId, beside: &PublicId, before: bool| {
            let step = MovePackage { admin: shop.admin, id: id.clone(), beside: beside.clone(), before };
            shop.store.run(step).await.unwrap();
            names(&shop, all.clone())
                .await
                .into_iter()
                .map(|name| name.chars().next().unwrap())
                .collect::<String>()
        };
        assert_eq!(go(&ids[2], &ids[1], true).await, "XCBD");
        assert_eq!(go(&ids[0], &ids[2], false).await, "CXBD");
        assert_eq!(go(&ids[3], &ids[2], true).await, "DCXB");
        assert_eq!(go(&ids[3], &ids[1], false).await, "CXBD");
        for (id, beside, why) in [
            (&ids[0], &ids[0], Refusal::StateChanged),
            (&ids[0], &closed, Refusal::StateChanged),
            (&PublicId::from_random(7), &ids[0], Refusal::NotFound),
        ] {
            let step =
                MovePackage { admin: shop.admin, id: id.clone(), beside: beside.clone(), before: true };
            assert_eq!(refusal(shop.store.run(step).await), why);
        }
        shop
    })
    .await;
}
