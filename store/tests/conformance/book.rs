//! A gateway's deposit against our books: a reading a day, what explains a difference, and what a human says about it.

use domain::{
    AlarmKind, DAY_MS, DepositDayState, FailReason, MINUTE_MS, NoticeKind, Refusal, Rupiah, UtcMillis,
    Verdict, start_of_wib_day,
};
use store::{
    CloseAlarm, DepositBook, DepositDay, Evidence, KeepReading, NoteDeposit, NoticeTask, RecordFunding,
    RecordVerdict, SaveBankAccount, Saving, SettleDay, Source, Store,
};

use crate::notices::{claim, wants};
use crate::shop::{PRICE, Shop, delivered, on_both, refusal};

pub const GATEWAY: &str = "digiflazz";
const ACCOUNT: &str = "toko";
pub const FULL: i64 = 1_000_000;
/// What `delivered()` charges.
pub const COST: i64 = 22_000;

/// One poll of the deposit; `meanwhile` happens while the gateway is asked.
async fn read_with(store: &Store, account: &str, deposit: i64, meanwhile: impl AsyncFnOnce()) {
    let mark = store.mark_ledger(GATEWAY, account).await.unwrap();
    meanwhile().await;
    if let Some(mark) = mark {
        let open = store.orders_around(&mark).await.unwrap();
        store.run(KeepReading { mark, open, deposit: Rupiah::new(deposit) }).await.unwrap();
    }
}

pub async fn read(shop: &Shop, deposit: i64) {
    read_with(&shop.store, ACCOUNT, deposit, async || {}).await;
}

pub async fn next_day(shop: &Shop, deposit: i64) {
    shop.database.clock.advance_ms(DAY_MS);
    read(shop, deposit).await;
}

pub async fn book(shop: &Shop) -> DepositBook {
    shop.store.deposit_book(GATEWAY).await.unwrap()
}

pub async fn last(shop: &Shop) -> DepositDay {
    book(shop).await.days.remove(0)
}

pub async fn state(shop: &Shop) -> (DepositDayState, i64) {
    let day = last(shop).await;
    (day.state, day.unexplained.get())
}

pub async fn alarms(shop: &Shop) -> Vec<(AlarmKind, String)> {
    shop.store.alarms().await.unwrap().into_iter().map(|alarm| (alarm.kind, alarm.detail)).collect()
}

pub async fn bank(shop: &Shop) -> i64 {
    let account = SaveBankAccount {
        admin: shop.admin,
        id: Saving::fresh(&shop.store),
        bank: "BCA".into(),
        number: "000-123-4567".into(),
        holder: "Toko".into(),
        active: true,
    };
    shop.store.run(account).await.unwrap();
    shop.store.bank_accounts(false).await.unwrap().remove(0).id
}

pub fn funding(shop: &Shop, bank_account: i64, amount: i64, day: UtcMillis) -> RecordFunding {
    RecordFunding {
        admin: shop.admin,
        gateway: GATEWAY.into(),
        bank_account,
        amount: Rupiah::new(amount),
        day,
        note: "TRF-1".into(),
        key: shop.store.random_token(),
    }
}

/// A purchase that was sold at `COST`.
pub async fn sold(shop: &Shop) {
    shop.give(shop.member, PRICE).await;
    shop.buy().await;
    let job = shop.claim_one().await;
    shop.answer(&job, delivered()).await;
}

#[tokio::test]
async fn the_first_reading_is_the_base_and_a_quiet_day_agrees() {
    on_both(|shop| async {
        read(&shop, FULL).await;
        let base = last(&shop).await;
        assert_eq!((base.state, base.started), (DepositDayState::Base, None));
        assert_eq!(base.day, start_of_wib_day(shop.store.now()).plus_ms(-DAY_MS));
        read(&shop, 5).await;
        assert_eq!(
            book(&shop).await.days,
            std::slice::from_ref(&base),
            "one reading closes a day, later ones do not"
        );

        sold(&shop).await;
        sold(&shop).await;
        next_day(&shop, FULL - 2 * COST).await;
        let day = last(&shop).await;
        assert_eq!((day.state, day.day), (DepositDayState::Agrees, base.day.plus_ms(DAY_MS)));
        assert_eq!((day.started, day.costs.get()), (Some(Rupiah::new(FULL)), 2 * COST));
        assert_eq!((day.difference, day.explained), (Rupiah::ZERO, (Rupiah::ZERO, Rupiah::ZERO)));

        shop.database.clock.advance_ms(2 * DAY_MS);
        next_day(&shop, FULL - 2 * COST).await;
        assert_eq!(
            state(&shop).await,
            (DepositDayState::Agrees, 0),
            "days without a reading are in the next"
        );
        assert_eq!(book(&shop).await.days.len(), 3);
        assert!(alarms(&shop).await.is_empty());
        shop
    })
    .await;
}

#[tokio::test]
async fn orders_under_way_explain_what_they_may_have_been_charged() {
    on_both(|shop| async {
        read(&shop, FULL).await;
        shop.give(shop.member, 2 * PRICE).await;
        shop.buy().await;
        shop.buy().await;
        let jobs = shop.claim().await;
        for job in &jobs {
            shop.answer(job, Verdict::Pending).await;
        }
        next_day(&shop, FULL - 2 * COST).await;
        let day = last(&shop).await;
        assert_eq!((day.state, day.difference.get()), (DepositDayState::Agrees, -2 * COST));
        assert_eq!((day.explained.0.get(), day.explained.1.get()), (-2 * PRICE, 0));

        // One is delivered. The other one fails, but its money stays away.
        let failed = Verdict::Failed { reason: FailReason::ProviderFailed };
        for (job, verdict) in jobs.iter().zip([delivered(), failed]) {
            shop.record(&job.purchase, job.attempt, Source::Webhook, verdict).await;
        }
        next_day(&shop, FULL - 2 * COST).await;
        assert_eq!(
            state(&shop).await,
            (DepositDayState::Differs, -COST),
            "an order explains its charge once"
        );
        assert_eq!(alarms(&shop).await, [(AlarmKind::CostsDiffer, Rupiah::new(-COST).to_string())]);
        shop
    })
    .await;
}

#[tokio::test]
async fn what_happens_while_the_gateway_is_asked_is_no_difference() {
    on_both(|shop| async {
        read(&shop, FULL).await;
        shop.database.clock.advance_ms(DAY_MS);
        // Claimed, charged and booked after the mark, before the gateway has read its deposit.
        read_with(&shop.store, ACCOUNT, FULL - COST, async || sold(&shop).await).await;
        let day = last(&shop).await;
        assert_eq!(
            (day.state, day.costs, day.difference.get()),
            (DepositDayState::Agrees, Rupiah::ZERO, -COST)
        );
        next_day(&shop, FULL - COST).await;
        let day = last(&shop).await;
        assert_eq!((day.state, day.costs.get(), day.difference.get()), (DepositDayState::Agrees, COST, COST));

        // The same with a refund.
        shop.give(shop.member, PRICE).await;
        shop.buy().await;
        let job = shop.claim_one().await;
        let tell = async |verdict: Verdict, charged: Option<i64>, refunded: Option<i64>| {
            let evidence = Evidence {
                charged: charged.map(Rupiah::new),
                refunded: refunded.map(Rupiah::new),
                ..Evidence::default()
            };
            let (purchase, attempt) = (job.purchase.clone(), job.attempt);
            let source = Source::Webhook;
            let record =
                RecordVerdict { purchase, attempt, source, verdict, evidence, ask_every_ms: MINUTE_MS };
            shop.store.run(record).await.unwrap();
        };
        shop.answer(&job, Verdict::Pending).await;
        tell(Verdict::Pending, Some(COST), None).await;
        shop.database.clock.advance_ms(DAY_MS);
        let failed = Verdict::Failed { reason: FailReason::ProviderFailed };
        read_with(&shop.store, ACCOUNT, FULL - COST, async || tell(failed, None, Some(COST)).await).await;
        let day = last(&shop).await;
        assert_eq!((day.state, day.costs.get(), day.refunds), (DepositDayState::Agrees, COST, Rupiah::ZERO));
        next_day(&shop, FULL - COST).await;
        let day = last(&shop).await;
        assert_eq!((day.state, day.refunds.get()), (DepositDayState::Agrees, COST));
        shop
    })
    .await;
}

#[tokio::test]
async fn a_charge_that_was_never_booked_calls_a_human_who_settles_it() {
    on_both(|shop| async {
        wants(&shop, &[NoticeKind::Alarm]).await;
        read(&shop, FULL).await;
        next_day(&shop, FULL - 7_000).await;
        assert_eq!(state(&shop).await, (DepositDayState::Differs, -7_000));
        let detail = Rupiah::new(-7_000).to_string();
        assert_eq!(alarms(&shop).await, [(AlarmKind::CostsDiffer, detail)]);
        let told = claim(&shop).await;
        assert!(matches!(&told[..], [job] if matches!(&job.task, NoticeTask::News(news) if news.len() == 1)));

        let close = CloseAlarm { admin: shop.admin, id: shop.store.alarms().await.unwrap()[0].id };
        assert_eq!(refusal(shop.store.run(close).await), Refusal::StateChanged, "not without a reason");
        let settle = SettleDay {
            admin: shop.admin,
            gateway: GATEWAY.into(),
            day: last(&shop).await.day,
            seen: Rupiah::new(-7_000),
            reason: "Biaya bulanan gateway".into(),
        };
        let member = SettleDay { admin: shop.member, ..settle.clone() };
        assert_eq!(refusal(shop.store.run(member).await), Refusal::NotAllowed);
        let silent = SettleDay { reason: " ".into(), ..settle.clone() };
        assert!(matches!(refusal(shop.store.run(silent).await), Refusal::Invalid { .. }));
        let old = SettleDay { seen: Rupiah::new(-1), ..settle.clone() };
        assert_eq!(refusal(shop.store.run(old).await), Refusal::StateChanged);
        shop.store.run(settle.clone()).await.unwrap();
        assert_eq!(refusal(shop.store.run(settle).await), Refusal::StateChanged);
        let day = last(&shop).await;
        assert_eq!(day.state, DepositDayState::Settled);
        assert_eq!(day.settled, Some(("Biaya bulanan gateway".into(), "admin".into())));
        assert!(alarms(&shop).await.is_empty());
        next_day(&shop, FULL - 7_000).await;
        assert_eq!(state(&shop).await, (DepositDayState::Agrees, 0), "a surprise is told once");
        shop
    })
    .await;
}

#[tokio::test]
async fn while_the_gateway_is_silent_the_ledger_is_left_alone() {
    on_both(|shop| async {
        let heard = async |heard: Result<i64, &str>| {
            let heard = heard.map(Rupiah::new).map_err(str::to_owned);
            shop.store.run(NoteDeposit { gateway: GATEWAY.into(), heard }).await.unwrap();
        };
        heard(Err("no answer")).await;
        read(&shop, FULL).await;
        assert!(book(&shop).await.days.is_empty());
        heard(Ok(FULL)).await;
        read(&shop, FULL).await;
        assert_eq!(state(&shop).await, (DepositDayState::Base, 0));
        shop
    })
    .await;
}

#[tokio::test]
async fn an_old_difference_stays_until_it_is_settled() {
    on_both(|shop| async {
        read(&shop, FULL).await;
        next_day(&shop, FULL - 1).await;
        let differs = last(&shop).await;
        shop.database.clock.advance_ms(70 * DAY_MS);
        read(&shop, FULL - 1).await;
        let days = book(&shop).await.days;
        assert_eq!(
            days.iter().map(|day| day.state).collect::<Vec<_>>(),
            [DepositDayState::Agrees, DepositDayState::Differs]
        );
        let too_old = funding(&shop, bank(&shop).await, -1, differs.day);
        assert!(matches!(refusal(shop.store.run(too_old).await), Refusal::Invalid { .. }));
        let settle = SettleDay {
            admin: shop.admin,
            gateway: GATEWAY.into(),
            day: differs.day,
            seen: differs.unexplained,
            reason: "Pembulatan".into(),
        };
        shop.store.run(settle).await.unwrap();
        assert!(alarms(&shop).await.is_empty());
        assert_eq!(book(&shop).await.days.len(), 1);
        shop
    })
    .await;
}

#[tokio::test]
async fn another_account_has_another_deposit() {
    on_both(|shop| async {
        read(&shop, FULL).await;
        shop.database.clock.advance_ms(DAY_MS);
        read_with(&shop.store, "other", 5, async || {}).await;
        assert_eq!(state(&shop).await, (DepositDayState::Base, 0));
        shop.database.clock.advance_ms(DAY_MS);
        read_with(&shop.store, "other", 5, async || {}).await;
        assert_eq!(state(&shop).await, (DepositDayState::Agrees, 0));
        shop
    })
    .await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn of_two_processes_one_keeps_the_reading() {
    on_both(|shop| async {
        read(&shop, FULL).await;
        shop.database.clock.advance_ms(DAY_MS);
        let mut readings = Vec::new();
        for deposit in [FULL - 3, FULL - 2, FULL - 1, FULL] {
            let mark = shop.store.mark_ledger(GATEWAY, ACCOUNT).await.unwrap().unwrap();
            let open = shop.store.orders_around(&mark).await.unwrap();
            readings.push(KeepReading { mark, open, deposit: Rupiah::new(deposit) });
        }
        futures_util::future::join_all(readings.into_iter().map(|reading| shop.store.run(reading)))
            .await
            .into_iter()
            .for_each(|kept| kept.unwrap());
        let book = book(&shop).await;
        assert_eq!(book.days.len(), 2);
        let expected = i64::from(book.days[0].deposit.get() != FULL);
        assert_eq!(i64::try_from(alarms(&shop).await.len()).unwrap(), expected);
        shop
    })
    .await;
}
