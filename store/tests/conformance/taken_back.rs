//! Money that comes back, cases that a human sees to, refunds.

use domain::{
    DAY_MS, FieldCode, HOUR_MS, PayCaseAction, PayCaseKind, ProviderState, RefundVerdict, Refusal, Rupiah,
    StatusVerdict, TopupMethod, TopupState,
};
use store::{
    ClaimRefunds, EndRefundByHand, Heard, RecordPayout, RecordRefund, RefundState, RefundTopup, ResolveCase,
    SaveBankAccount, Saving, Topup, UnfreezeWallet,
};

use crate::charges::{case_kinds, cases};
use crate::shop::{PRICE, Shop, on_both, refusal};
use crate::till::{
    GATEWAY, VA_FEE, available, claim, claim_one, facts, hinted, open_till, record, state, status, told,
    waiting,
};

async fn paid(shop: &Shop, key: &str, method: TopupMethod, rupiah: i64) -> Topup {
    let topup = waiting(shop, key, method, rupiah).await;
    told(shop, &topup, ProviderState::Paid).await;
    topup
}

async fn with_bank(shop: &Shop) {
    let account = SaveBankAccount {
        admin: shop.admin,
        id: Saving::fresh(&shop.store),
        bank: "Bank Contoh".into(),
        number: "123-456-7890".into(),
        holder: "Toko Contoh".into(),
        active: true,
    };
    shop.store.run(account).await.unwrap();
}

#[tokio::test]
async fn what_is_taken_back_leaves_the_balance_once() {
    on_both(|shop| async {
        open_till(&shop).await;
        let first = paid(&shop, "a", TopupMethod::VaBca, 50_000).await;
        let other = paid(&shop, "b", TopupMethod::Qris, 70_000).await;
        for _ in 0..3 {
            told(&shop, &first, ProviderState::ChargedBack).await;
        }
        assert_eq!((available(&shop).await, state(&shop, &first.id).await), (70_000, TopupState::Reversed));
        assert!(!shop.wallet(shop.member).await.frozen);
        // Some of it, then more of it: each part once.
        for returned in [20_000, 20_000, 30_000] {
            let job = hinted(&shop, &other, 1).await;
            let back = domain::ChargeFacts {
                returned: Some(Rupiah::new(returned)),
                ..facts(&job, ProviderState::PartlyRefunded)
            };
            record(&shop, &job, Heard::Status(StatusVerdict::Found(back))).await;
        }
        assert_eq!((available(&shop).await, state(&shop, &other.id).await), (40_000, TopupState::Credited));
        assert_eq!(case_kinds(&shop).await, [PayCaseKind::Disputed; 3]);
        shop
    })
    .await;
}

/// An answer that tells nothing of a payment is no look at it, or the last look could be the one that was lost.
#[tokio::test]
async fn a_gateway_that_lost_sight_of_a_payment_is_asked_again_until_it_knows() {
    on_both(|shop| async {
        open_till(&shop).await;
        let topup = paid(&shop, "a", TopupMethod::VaBca, 50_000).await;
        for (after_ms, tells_nothing) in [
            (HOUR_MS, StatusVerdict::NoSuchOrder),
            (DAY_MS, StatusVerdict::NoSuchOrder),
            (3 * DAY_MS, StatusVerdict::NoSuchOrder),
        ] {
            shop.database.clock.advance_ms(after_ms);
            let job = claim_one(&shop).await;
            record(&shop, &job, Heard::Status(tells_nothing)).await;
            assert_eq!(claim(&shop).await, [], "not at once");
        }
        for tells_nothing in [ProviderState::Pending, ProviderState::Unclear] {
            shop.database.clock.advance_ms(HOUR_MS);
            let job = claim_one(&shop).await;
            record(&shop, &job, status(&job, tells_nothing)).await;
        }
        assert_eq!((available(&shop).await, state(&shop, &topup.id).await), (50_000, TopupState::Credited));
        shop.database.clock.advance_ms(HOUR_MS);
        let job = claim_one(&shop).await;
        record(&shop, &job, status(&job, ProviderState::ChargedBack)).await;
        assert_eq!((available(&shop).await, state(&shop, &topup.id).await), (0, TopupState::Reversed));
        shop
    })
    .await;
}

#[tokio::test]
async fn what_is_spent_already_is_owed_and_later_money_pays_it_first() {
    on_both(|shop| async {
        open_till(&shop).await;
        let topup = paid(&shop, "a", TopupMethod::Qris, 50_000).await;
        shop.buy().await;
        told(&shop, &topup, ProviderState::Denied).await;
        let wallet = shop.wallet(shop.member).await;
        assert_eq!((wallet.available.get(), wallet.held.get(), wallet.receivable.get()), (0, PRICE, -PRICE));
        assert!(wallet.frozen);
        let refused = shop.store.run(shop.purchase("k")).await;
        assert_eq!(refusal(refused), Refusal::AccountFrozen);
        paid(&shop, "b", TopupMethod::Qris, 20_000).await;
        assert_eq!(shop.wallet(shop.member).await.receivable.get(), 20_000 - PRICE);
        paid(&shop, "c", TopupMethod::Qris, 30_000).await;
        let wallet = shop.wallet(shop.member).await;
        assert_eq!((wallet.available.get(), wallet.receivable.get()), (50_000 - PRICE, 0));
        assert!(wallet.frozen, "a human lets it buy again");
        shop.store.run(UnfreezeWallet { admin: shop.admin, user: shop.member }).await.unwrap();
        assert!(!shop.wallet(shop.member).await.frozen);
        shop
    })
    .await;
}

fn resolve(shop: &Shop, case: &store::PayCase, action: PayCaseAction, note: &str) -> ResolveCase {
    ResolveCase {
        admin: shop.admin,
        case: case.id.clone(),
        action,
        user: None,
        from_bank: None,
        note: note.into(),
    }
}

#[tokio::test]
async fn a_case_offers_only_what_its_kind_allows_and_ends_once() {
    on_both(|shop| async {
        open_till(&shop).await;
        let topup = waiting(&shop, "k", TopupMethod::Qris, 50_000).await;
        let job = hinted(&shop, &topup, 1).await;
        let more = domain::ChargeFacts { gross: Rupiah::new(51_000), ..facts(&job, ProviderState::Paid) };
        record(&shop, &job, Heard::Status(StatusVerdict::Found(more))).await;
        let case = cases(&shop).await.remove(0);
        assert_eq!((case.kind, case.amount), (PayCaseKind::WrongAmount, Some(Rupiah::new(51_000))));
        let waved = shop.store.run(resolve(&shop, &case, PayCaseAction::Acknowledge, "ok")).await;
        assert_eq!(refusal(waved), Refusal::NotAllowed);
        let no_note = shop.store.run(resolve(&shop, &case, PayCaseAction::Credit, " ")).await;
        assert_eq!(refusal(no_note), Refusal::field("note", FieldCode::Required));
        let credit = resolve(&shop, &case, PayCaseAction::Credit, "seen at the gateway");
        let by_member = ResolveCase { admin: shop.member, ..credit.clone() };
        assert_eq!(refusal(shop.store.run(by_member).await), Refusal::NotAllowed);
        shop.store.run(credit.clone()).await.unwrap();
        assert_eq!(refusal(shop.store.run(credit).await), Refusal::StateChanged);
        assert_eq!((available(&shop).await, state(&shop, &topup.id).await), (51_000, TopupState::Credited));
        assert!(shop.store.alarms().await.unwrap().is_empty());
        // And when it is heard of once more, nothing opens again.
        told(&shop, &topup, ProviderState::Paid).await;
        assert_eq!((cases(&shop).await.len(), available(&shop).await), (0, 51_000));
        shop
    })
    .await;
}

#[tokio::test]
async fn a_second_payment_is_credited_or_given_back_by_a_human() {
    on_both(|shop| async {
        open_till(&shop).await;
        let topup = paid(&shop, "k", TopupMethod::VaBca, 50_000).await;
        for n in ["again", "and again"] {
            let job = hinted(&shop, &topup, 1).await;
            let second =
                domain::ChargeFacts { transaction_id: Some(n.into()), ..facts(&job, ProviderState::Paid) };
            record(&shop, &job, Heard::Status(StatusVerdict::Found(second))).await;
        }
        let two = cases(&shop).await;
        assert_eq!(two.iter().map(|case| case.kind).collect::<Vec<_>>(), [PayCaseKind::Second; 2]);
        shop.store.run(resolve(&shop, &two[0], PayCaseAction::Credit, "theirs")).await.unwrap();
        shop.store.run(resolve(&shop, &two[1], PayCaseAction::Return, "transfer 17")).await.unwrap();
        // All of the second payment is theirs: its fee was for nothing.
        assert_eq!(available(&shop).await, 50_000 + 50_000 + VA_FEE);
        assert_eq!(state(&shop, &topup.id).await, TopupState::Credited);
        shop
    })
    .await;
}

fn refund(shop: &Shop, topup: &Topup, by_gateway: bool) -> RefundTopup {
    RefundTopup { admin: shop.admin, topup: topup.id.clone(), by_gateway, reason: "asked for it".into() }
}

#[tokio::test]
async fn money_leaves_the_balance_before_the_gateway_is_asked_to_pay_it_back() {
    on_both(|shop| async {
        open_till(&shop).await;
        let topup = paid(&shop, "a", TopupMethod::Qris, 50_000).await;
        shop.store.run(refund(&shop, &topup, true)).await.unwrap();
        assert_eq!((available(&shop).await, state(&shop, &topup.id).await), (0, TopupState::RefundPending));
        let twice = shop.store.run(refund(&shop, &topup, true)).await;
        assert_eq!(refusal(twice), Refusal::StateChanged);
        let jobs = shop.store.run(ClaimRefunds { limit: 5 }).await.unwrap();
        assert_eq!((jobs.len(), jobs[0].amount.get()), (1, 50_000));
        // The answer is lost; the gateway tells of it when it is asked how the order stands, more than once.
        let (id, token) = (jobs[0].id.clone(), jobs[0].token);
        let unknown = RecordRefund { id: id.clone(), token, verdict: RefundVerdict::Unknown };
        shop.store.run(unknown).await.unwrap();
        told(&shop, &topup, ProviderState::Refunded).await;
        told(&shop, &topup, ProviderState::Refunded).await;
        assert_eq!((available(&shop).await, state(&shop, &topup.id).await), (0, TopupState::Refunded));
        let late = RecordRefund { id, token, verdict: RefundVerdict::Done };
        shop.store.run(late).await.unwrap();
        assert_eq!(shop.store.refunds_of(&topup.id).await.unwrap()[0].state, RefundState::Done);
        assert!(cases(&shop).await.is_empty());
        shop
    })
    .await;
}

#[tokio::test]
async fn a_refund_that_the_gateway_refuses_is_ended_by_hand() {
    on_both(|shop| async {
        with_bank(&shop).await;
        open_till(&shop).await;
        let back = paid(&shop, "a", TopupMethod::Qris, 50_000).await;
        shop.store.run(refund(&shop, &back, true)).await.unwrap();
        let job = shop.store.run(ClaimRefunds { limit: 5 }).await.unwrap().remove(0);
        let end = |id: &domain::PublicId, transferred| EndRefundByHand {
            admin: shop.admin,
            refund: id.clone(),
            transferred,
        };
        let too_early = shop.store.run(end(&job.id, None)).await;
        assert_eq!(refusal(too_early), Refusal::StateChanged, "the gateway may be paying");
        let refused = RecordRefund { id: job.id.clone(), token: job.token, verdict: RefundVerdict::Refused };
        shop.store.run(refused).await.unwrap();
        shop.store.run(end(&job.id, None)).await.unwrap();
        assert_eq!((available(&shop).await, state(&shop, &back.id).await), (50_000, TopupState::Credited));

        shop.store.run(refund(&shop, &back, false)).await.unwrap();
        let id = shop.store.refunds_of(&back.id).await.unwrap()[0].id.clone();
        shop.store.run(end(&id, Some((1, "TRF 9".into())))).await.unwrap();
        assert_eq!((available(&shop).await, state(&shop, &back.id).await), (0, TopupState::Refunded));
        // A virtual account cannot be paid back by its gateway, and nobody gives back what is spent.
        let va = paid(&shop, "b", TopupMethod::VaBca, 50_000).await;
        let by_gateway = shop.store.run(refund(&shop, &va, true)).await;
        assert_eq!(refusal(by_gateway), Refusal::field("by_gateway", FieldCode::NotAChoice));
        shop.buy().await;
        let spent = shop.store.run(refund(&shop, &va, false)).await;
        assert_eq!(refusal(spent), Refusal::BalanceTooLow { shortfall: Rupiah::new(PRICE) });
        shop
    })
    .await;
}

#[tokio::test]
async fn payouts_are_booked_with_what_they_cost() {
    on_both(|shop| async {
        with_bank(&shop).await;
        open_till(&shop).await;
        paid(&shop, "a", TopupMethod::Qris, 50_000).await;
        let payout = |amount, fee, key: &str| RecordPayout {
            admin: shop.admin,
            gateway: GATEWAY.into(),
            bank_account: 1,
            amount: Rupiah::new(amount),
            fee: Rupiah::new(fee),
            note: "payout 1".into(),
            key: key.into(),
        };
        for _ in 0..2 {
            shop.store.run(payout(45_000, 4_650, "k")).await.unwrap();
        }
        shop.store.run(payout(-45_000, -4_650, "k2")).await.unwrap();
        let wrong = shop.store.run(payout(45_000, -1, "k3")).await;
        assert_eq!(refusal(wrong), Refusal::field("fee", FieldCode::BadAmount));
        shop
    })
    .await;
}
