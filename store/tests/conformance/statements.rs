//! Bank statements, approvals by their lines, the two admins' rule.

use domain::{
    Lang, MINUTE_MS, PayCaseAction, PayCaseKind, Refusal, Role, Rupiah, TopupState, start_of_wib_day,
};
use store::{
    Approval, ApproveTopup, Found, IgnoreLine, LineFilter, LineState, NewLine, RegisterUser, ResolveCase,
    StatementLineView, TakeInStatement, TakenIn, Topup, TopupFilter, UserId, source_of_bank,
};

use crate::charges::cases;
use crate::shop::{Shop, on_both, refusal};
use crate::till::{available, state, topup};
use crate::topups::{request, with_account};

fn line(shop: &Shop, amount: i64, reference: &str) -> NewLine {
    NewLine {
        day: start_of_wib_day(shop.store.now()),
        amount: Rupiah::new(amount),
        reference: reference.into(),
        description: "TRSF E-BANKING CR".into(),
    }
}

async fn take_in(shop: &Shop, lines: Vec<NewLine>) -> TakenIn {
    let take = TakeInStatement { admin: shop.admin, source: source_of_bank(1), lines, profile: "{}".into() };
    shop.store.run(take).await.unwrap()
}

async fn lines(shop: &Shop) -> Vec<StatementLineView> {
    let filter = LineFilter { source: source_of_bank(1), limit: 100, ..LineFilter::default() };
    shop.store.statement_lines(filter).await.unwrap()
}

fn by_line(admin: UserId, topup: &Topup, line: &StatementLineView) -> ApproveTopup {
    ApproveTopup { admin, topup: topup.id.clone(), found: Found::Line(line.id) }
}

fn typed(admin: UserId, topup: &Topup, reference: &str) -> ApproveTopup {
    let found = Found::Typed { reference: reference.into(), received: topup.payable };
    ApproveTopup { admin, topup: topup.id.clone(), found }
}

#[tokio::test]
async fn one_line_pays_one_top_up() {
    on_both(|shop| async {
        let shop = with_account(shop).await;
        let (first, second) = (request(&shop, "a", 50_000).await, request(&shop, "b", 60_000).await);
        let taken =
            take_in(&shop, vec![line(&shop, first.payable.get(), "REF 1"), line(&shop, 7, "REF 2")]).await;
        assert_eq!(taken, TakenIn { added: 2, known: 0 });
        let again =
            take_in(&shop, vec![line(&shop, first.payable.get(), "REF 1"), line(&shop, 8, "REF 3")]).await;
        assert_eq!(again, TakenIn { added: 1, known: 1 });
        let r1 = lines(&shop).await.into_iter().find(|line| line.reference == "REF 1").unwrap();
        // A line with this amount is there: it has to be picked, so that it cannot pay once more.
        let blind = shop.store.run(typed(shop.admin, &first, "OTHER NAME")).await;
        assert_eq!(refusal(blind), Refusal::PickStatementLine);
        assert_eq!(shop.store.run(by_line(shop.admin, &first, &r1)).await.unwrap(), Approval::Credited);
        assert_eq!(refusal(shop.store.run(by_line(shop.admin, &second, &r1)).await), Refusal::PaymentUsed);
        // By its typed reference neither: that line has another amount.
        let again = refusal(shop.store.run(typed(shop.admin, &second, "ref  1")).await);
        assert_eq!(again, Refusal::PickStatementLine);
        assert_eq!(available(&shop).await, first.payable.get());
        let used = lines(&shop).await.into_iter().find(|line| line.reference == "REF 1").unwrap();
        assert_eq!((used.state, used.topup), (LineState::Used, Some(first.id.clone())));
        // One that was approved before its statement came is used when it comes.
        shop.store.run(typed(shop.admin, &second, "REF 9")).await.unwrap();
        take_in(&shop, vec![line(&shop, second.payable.get(), "REF 9")]).await;
        let r9 = lines(&shop).await.into_iter().find(|line| line.reference == "REF 9").unwrap();
        assert_eq!(r9.state, LineState::Used);
        shop
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn two_admins_with_one_line_for_two_top_ups_credit_one() {
    on_both(|shop| async {
        let shop = with_account(shop).await;
        let (first, second) = (request(&shop, "a", 50_000).await, request(&shop, "b", 60_000).await);
        let other = other_admin(&shop).await;
        take_in(&shop, vec![line(&shop, first.payable.get(), "REF 1")]).await;
        let line = lines(&shop).await.remove(0);
        let (one, two) = (by_line(shop.admin, &first, &line), by_line(other, &second, &line));
        let (one, two) = tokio::join!(shop.store.run(one), shop.store.run(two));
        assert_eq!([one.is_ok(), two.is_ok()].iter().filter(|ok| **ok).count(), 1);
        assert_eq!(available(&shop).await, first.payable.get());
        shop
    })
    .await;
}

async fn other_admin(shop: &Shop) -> UserId {
    let register = RegisterUser {
        username: "bos2".parse().unwrap(),
        email: "bos2@contoh.id".parse().unwrap(),
        phone: "081111110009".parse().unwrap(),
        password_hash: "$".into(),
        role: Role::Admin,
        lang: Lang::Id,
    };
    shop.store.run(register).await.unwrap()
}

#[tokio::test]
async fn above_the_limit_two_admins_have_to_find_the_same() {
    on_both(|shop| async {
        let shop = with_account(shop).await;
        let large = request(&shop, "a", 3_000_000).await;
        let mine = || typed(shop.admin, &large, "REF 1");
        assert_eq!(shop.store.run(mine()).await.unwrap(), Approval::SecondLook);
        assert_eq!((available(&shop).await, state(&shop, &large.id).await), (0, TopupState::Pending));
        assert_eq!(topup(&shop, &large.id).await.first_look.unwrap().reference, "REF 1");
        let other_one = request(&shop, "b", 50_000).await;
        for (found_once, expected) in [(Some(true), vec![&large]), (Some(false), vec![&other_one])] {
            let filter = TopupFilter { found_once, limit: 10, ..TopupFilter::default() };
            let listed = shop.store.topups(filter).await.unwrap().items;
            assert_eq!(
                listed.iter().map(|topup| &topup.id).collect::<Vec<_>>(),
                expected.iter().map(|topup| &topup.id).collect::<Vec<_>>()
            );
        }
        assert!(matches!(refusal(shop.store.run(mine()).await), Refusal::LookAgainAt { .. }));
        let other = other_admin(&shop).await;
        assert_eq!(refusal(shop.store.run(mine()).await), Refusal::SecondAdminNeeded);
        // The other one has found something else: then that is the first look.
        assert_eq!(shop.store.run(typed(other, &large, "REF 2")).await.unwrap(), Approval::SecondLook);
        assert_eq!(shop.store.run(typed(shop.admin, &large, "REF 2")).await.unwrap(), Approval::Credited);
        assert_eq!(available(&shop).await, large.payable.get());
        shop
    })
    .await;
}

#[tokio::test]
async fn a_shops_only_admin_looks_again_after_a_while() {
    on_both(|shop| async {
        let shop = with_account(shop).await;
        let large = request(&shop, "a", 3_000_000).await;
        take_in(&shop, vec![line(&shop, large.payable.get(), "REF 1")]).await;
        let line = lines(&shop).await.remove(0);
        let approve = || by_line(shop.admin, &large, &line);
        assert_eq!(shop.store.run(approve()).await.unwrap(), Approval::SecondLook);
        shop.database.clock.advance_ms(29 * MINUTE_MS);
        assert!(matches!(refusal(shop.store.run(approve()).await), Refusal::LookAgainAt { .. }));
        shop.database.clock.advance_ms(MINUTE_MS);
        assert_eq!(shop.store.run(approve()).await.unwrap(), Approval::Credited);
        shop
    })
    .await;
}

#[tokio::test]
async fn a_line_that_nobody_waits_for_is_a_case_or_the_shops_own_business() {
    on_both(|shop| async {
        let shop = with_account(shop).await;
        take_in(&shop, vec![line(&shop, 70_000, "REF 1"), line(&shop, 900_000, "REF 2")]).await;
        for found in lines(&shop).await {
            let is_a_customers = found.reference == "REF 1";
            let ignore = IgnoreLine { admin: shop.admin, line: found.id, is_a_customers };
            shop.store.run(ignore.clone()).await.unwrap();
            assert_eq!(refusal(shop.store.run(ignore).await), Refusal::StateChanged);
        }
        let case = cases(&shop).await.remove(0);
        assert_eq!((case.kind, case.topup), (PayCaseKind::Unmatched, None));
        let credit = |user: Option<&str>| ResolveCase {
            admin: shop.admin,
            case: case.id.clone(),
            action: PayCaseAction::Credit,
            user: user.map(|name| name.parse().unwrap()),
            from_bank: None,
            note: "called us".into(),
        };
        let nobody = refusal(shop.store.run(credit(Some("niemand"))).await);
        assert_eq!(nobody, Refusal::field("user", domain::FieldCode::NoSuchUser));
        assert_eq!(refusal(shop.store.run(credit(Some("admin"))).await), Refusal::OwnCase);
        shop.store.run(credit(Some("member"))).await.unwrap();
        assert_eq!(available(&shop).await, 70_000);
        shop
    })
    .await;
}
