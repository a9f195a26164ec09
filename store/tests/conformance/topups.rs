use std::collections::HashSet;

use domain::{
    DAY_MS, FieldCode, PayCaseAction, PayCaseKind, PublicId, Refusal, Rupiah, TopupMethod, TopupState,
};
use store::{
    ApproveTopup, CancelTopup, Found, RejectTopup, RequestTopup, ResolveCase, SaveBankAccount, SaveSettings,
    Saving, SettingsGroup, ShopSettings, SubmitProof, SweepTopups, Topup, TopupFilter, Viewer,
};

use crate::charges::cases;
use crate::shop::{Shop, on_both, refusal};

pub async fn request(shop: &Shop, key: &str, rupiah: i64) -> Topup {
    let id = shop.store.run(asked(shop, key, rupiah)).await.unwrap();
    shop.store.topup(&id, Viewer::Owner(shop.member)).await.unwrap()
}

fn asked(shop: &Shop, key: &str, rupiah: i64) -> RequestTopup {
    RequestTopup {
        user: shop.member,
        method: TopupMethod::Transfer,
        bank_account: Some(1),
        base: Rupiah::new(rupiah),
        key: key.into(),
    }
}

pub async fn with_account(shop: Shop) -> Shop {
    let account = SaveBankAccount {
        admin: shop.admin,
        id: Saving::fresh(&shop.store),
        bank: "Bank Contoh".into(),
        number: "123-456-7890".into(),
        holder: "Toko Contoh".into(),
        active: true,
    };
    shop.store.run(account).await.unwrap();
    shop
}

fn approve(shop: &Shop, topup: &Topup, reference: &str) -> ApproveTopup {
    let found = Found::Typed { reference: reference.into(), received: topup.payable };
    ApproveTopup { admin: shop.admin, topup: topup.id.clone(), found }
}

async fn state(shop: &Shop, id: &PublicId) -> TopupState {
    shop.store.topup(id, Viewer::Admin).await.unwrap().state
}

#[tokio::test]
async fn an_approved_transfer_is_credited_in_full_and_once() {
    on_both(|shop| async {
        let shop = with_account(shop).await;
        let topup = request(&shop, "k", 50_000).await;
        let code = topup.payable.get() - 50_000;
        assert!((1..=999).contains(&code), "{code}");
        assert_eq!(request(&shop, "k", 50_000).await.id, topup.id, "the same key, the same top-up");
        shop.store
            .run(SubmitProof { user: shop.member, topup: topup.id.clone(), picture: None })
            .await
            .unwrap();
        assert_eq!(shop.store.waiting_topups().await.unwrap(), 1);
        assert_eq!(shop.wallet(shop.member).await.available, Rupiah::ZERO, "a claim is no money");
        shop.store.run(approve(&shop, &topup, " ref  001 ")).await.unwrap();
        assert_eq!(shop.wallet(shop.member).await.available, topup.payable, "the code is credited too");
        assert_eq!(refusal(shop.store.run(approve(&shop, &topup, "REF 002")).await), Refusal::StateChanged);

        let second = request(&shop, "k2", 60_000).await;
        assert_eq!(refusal(shop.store.run(approve(&shop, &second, "Ref 001")).await), Refusal::PaymentUsed);
        assert_eq!(state(&shop, &second.id).await, TopupState::Pending, "a refusal changes nothing");
        let line = shop.store.statement(shop.member, None, 5).await.unwrap().items.remove(0);
        assert_eq!((line.kind.as_str(), line.reference.as_str()), ("credit", topup.id.as_str()));
        shop
    })
    .await;
}

#[tokio::test]
async fn limits_and_roles_hold() {
    on_both(|shop| async {
        let nobody_to_pay = shop.store.run(asked(&shop, "k", 50_000)).await;
        assert_eq!(refusal(nobody_to_pay), Refusal::NoBankAccount);
        let shop = with_account(shop).await;
        let min = ShopSettings::default().topup_min;
        let too_little = shop.store.run(asked(&shop, "k", 5_000)).await;
        assert_eq!(refusal(too_little), Refusal::field("amount", FieldCode::BelowMin { min }));
        for n in 0..3 {
            request(&shop, &format!("k{n}"), 50_000).await;
        }
        let fourth = shop.store.run(asked(&shop, "k4", 50_000)).await;
        assert_eq!(refusal(fourth), Refusal::TooManyOpenTopups { most: 3 });

        let own = RequestTopup { user: shop.admin, ..asked(&shop, "own", 50_000) };
        let own = shop.store.run(own).await.unwrap();
        let own = shop.store.topup(&own, Viewer::Admin).await.unwrap();
        assert_eq!(refusal(shop.store.run(approve(&shop, &own, "REF 9")).await), Refusal::OwnCase);
        let by_member = ApproveTopup { admin: shop.member, ..approve(&shop, &own, "REF 9") };
        assert_eq!(refusal(shop.store.run(by_member).await), Refusal::NotAllowed);
        let nothing = ApproveTopup {
            found: Found::Typed { reference: String::new(), received: Rupiah::ZERO },
            ..approve(&shop, &own, "")
        };
        assert!(
            matches!(refusal(shop.store.run(nothing).await), Refusal::Invalid { fields } if fields.len() == 2)
        );
        shop
    })
    .await;
}

#[tokio::test]
async fn amounts_are_unique_until_their_quarantine_ends() {
    on_both(|shop| async {
        let shop = with_account(shop).await;
        let usual = ShopSettings::default();
        let save = SaveSettings::changed(shop.admin, SettingsGroup::TopUps, &usual, |shop| {
            shop.open_topups_most = 2_000;
        });
        shop.store.run(save).await.unwrap();
        let mut payable = HashSet::new();
        for n in 0..999 {
            payable.insert(request(&shop, &format!("k{n}"), 50_000).await.payable);
        }
        assert_eq!(payable.len(), 999);
        let one_more = || asked(&shop, "one more", 50_000);
        assert_eq!(refusal(shop.store.run(one_more()).await), Refusal::NoUniqueAmountLeft);
        shop.database.clock.advance_ms(2 * DAY_MS);
        assert_eq!(shop.store.run(SweepTopups).await.unwrap(), 999);
        assert_eq!(refusal(shop.store.run(one_more()).await), Refusal::NoUniqueAmountLeft);
        shop.database.clock.advance_ms(8 * DAY_MS);
        shop.store.run(SweepTopups).await.unwrap();
        shop.store.run(one_more()).await.unwrap();
        shop
    })
    .await;
}

#[tokio::test]
async fn late_money_is_still_credited() {
    on_both(|shop| async {
        let shop = with_account(shop).await;
        let (expired, cancelled, rejected) = (
            request(&shop, "a", 50_000).await,
            request(&shop, "b", 50_000).await,
            request(&shop, "c", 50_000).await,
        );
        shop.store.run(CancelTopup { user: shop.member, topup: cancelled.id.clone() }).await.unwrap();
        let reject = |reason: &str| RejectTopup {
            admin: shop.admin,
            topup: rejected.id.clone(),
            reason: reason.into(),
        };
        assert_eq!(refusal(shop.store.run(reject(" ")).await), Refusal::field("reason", FieldCode::Required));
        shop.store.run(reject("not on the statement")).await.unwrap();
        shop.database.clock.advance_ms(2 * DAY_MS);
        shop.store.run(SweepTopups).await.unwrap();
        assert_eq!(state(&shop, &expired.id).await, TopupState::Expired);
        for (n, topup) in [expired, cancelled, rejected].iter().enumerate() {
            shop.store.run(approve(&shop, topup, &format!("REF {n}"))).await.unwrap();
            let topup = shop.store.topup(&topup.id, Viewer::Owner(shop.member)).await.unwrap();
            assert_eq!((topup.state, topup.late), (TopupState::Credited, true));
        }
        let filter = TopupFilter { state: Some(TopupState::Credited), limit: 2, ..TopupFilter::default() };
        let first = shop.store.topups(filter.clone()).await.unwrap();
        let second = shop.store.topups(TopupFilter { after: first.next, ..filter }).await.unwrap();
        assert_eq!((first.items.len(), second.items.len()), (2, 1));
        shop
    })
    .await;
}

/// What came is credited, and a human is told that it is not what was asked for.
#[tokio::test]
async fn an_under_or_overpaid_transfer_is_credited_as_it_came() {
    on_both(|shop| async {
        let shop = with_account(shop).await;
        let mut expected = 0;
        for (key, off_by, kind) in [("under", -5_000, PayCaseKind::Under), ("over", 5_000, PayCaseKind::Over)]
        {
            let topup = request(&shop, key, 50_000).await;
            let came = topup.payable.checked_add(Rupiah::new(off_by)).unwrap();
            let found = Found::Typed { reference: format!("REF {key}"), received: came };
            let approve = ApproveTopup { admin: shop.admin, topup: topup.id.clone(), found };
            shop.store.run(approve).await.unwrap();
            expected += came.get();
            assert_eq!(state(&shop, &topup.id).await, TopupState::Credited);
            assert_eq!(shop.wallet(shop.member).await.available.get(), expected, "{key}");
            let case = cases(&shop).await.into_iter().find(|case| case.kind == kind).unwrap();
            assert_eq!(
                (&case.topup, case.kind.actions()),
                (&Some(topup.id), &[PayCaseAction::Acknowledge][..])
            );
            let resolve = |action| ResolveCase {
                admin: shop.admin,
                case: case.id.clone(),
                action,
                user: None,
                from_bank: None,
                note: "talked to the buyer".into(),
            };
            let again = shop.store.run(resolve(PayCaseAction::Credit)).await;
            assert_eq!(refusal(again), Refusal::NotAllowed, "it is in the balance already");
            shop.store.run(resolve(PayCaseAction::Acknowledge)).await.unwrap();
        }
        assert_eq!(shop.wallet(shop.member).await.available.get(), expected);
        shop
    })
    .await;
}

#[tokio::test]
async fn a_proof_is_private() {
    on_both(|shop| async {
        let shop = with_account(shop).await;
        let topup = request(&shop, "k", 50_000).await;
        let picture = Some(("image/jpeg".to_owned(), vec![1, 2, 3]));
        let theirs = SubmitProof { user: shop.reseller, topup: topup.id.clone(), picture: picture.clone() };
        assert_eq!(refusal(shop.store.run(theirs).await), Refusal::NotFound);
        shop.store.run(SubmitProof { user: shop.member, topup: topup.id.clone(), picture }).await.unwrap();
        let seen = shop.store.topup_proof(&topup.id, Viewer::Owner(shop.member)).await.unwrap();
        assert_eq!(seen, ("image/jpeg".to_owned(), vec![1, 2, 3]));
        let others = shop.store.topup_proof(&topup.id, Viewer::Owner(shop.reseller)).await;
        assert_eq!(refusal(others), Refusal::NotFound);
        shop
    })
    .await;
}
