//! Numbers that their owners sign in: who may do what, in which order, and what is kept.

use domain::{
    DAY_MS, MINUTE_MS, OtpStep, OtpTrouble, PublicId, Quota, QuotaBenefit, Refusal, SECOND_MS, XlAccountState,
};
use store::{
    AnswerOtp, ClaimXlJobs, OtpOutcome, RecordOtp, RecordSession, RequestOtp, SentOtp, SessionJob,
    SessionOutcome, SignOutXl, WantQuota, XlJob, XlTokens,
};

use crate::shop::{Shop, number, on_both, refusal};

const NUMBER: &str = "087812345678";

fn request(shop: &Shop) -> RequestOtp {
    RequestOtp { user: shop.member, gateway: "kmsp".into(), msisdn: number(NUMBER) }
}

pub async fn claim(shop: &Shop) -> Vec<XlJob> {
    shop.store.run(ClaimXlJobs { limit: 10 }).await.unwrap()
}

async fn otp_job(shop: &Shop) -> store::OtpJob {
    match claim(shop).await.as_slice() {
        [XlJob::Otp(job)] => job.clone(),
        other => panic!("{other:?}"),
    }
}

pub async fn session_job(shop: &Shop) -> SessionJob {
    match claim(shop).await.as_slice() {
        [XlJob::Session(job)] => job.clone(),
        other => panic!("{other:?}"),
    }
}

async fn record_otp(shop: &Shop, job: &store::OtpJob, outcome: OtpOutcome) {
    shop.store.run(RecordOtp { id: job.id.clone(), token: job.token, outcome }).await.unwrap();
}

pub async fn record(shop: &Shop, job: &SessionJob, outcome: SessionOutcome) {
    shop.store.run(RecordSession { id: job.id.clone(), token: job.token, outcome }).await.unwrap();
}

fn sent(shop: &Shop) -> OtpOutcome {
    let now = shop.store.now();
    OtpOutcome::Sent(SentOtp {
        challenge: "auth-1".into(),
        expires_at: now.plus_ms(5 * MINUTE_MS),
        resend_at: now.plus_ms(MINUTE_MS),
        attempts: 2,
    })
}

pub fn tokens(shop: &Shop, access: &str) -> XlTokens {
    let now = shop.store.now();
    XlTokens {
        access: access.into(),
        expires_at: now.plus_ms(5 * MINUTE_MS),
        renewable_until: now.plus_ms(90 * DAY_MS),
    }
}

fn trouble(trouble: OtpTrouble) -> OtpOutcome {
    OtpOutcome::Trouble { trouble, wait_until: None }
}

async fn answer(shop: &Shop, id: &PublicId) -> Result<(), store::Error> {
    shop.store.run(AnswerOtp { user: shop.member, id: id.clone(), code: "123456".into() }).await
}

/// Signs the number in; its id.
pub async fn signed_in(shop: &Shop) -> PublicId {
    let id = shop.store.run(request(shop)).await.unwrap();
    let job = otp_job(shop).await;
    record_otp(shop, &job, sent(shop)).await;
    answer(shop, &id).await.unwrap();
    let job = otp_job(shop).await;
    assert_eq!(job.answer, Some(("auth-1".to_owned(), "123456".to_owned())));
    record_otp(shop, &job, OtpOutcome::SignedIn(tokens(shop, "s:1"))).await;
    shop.store.xl_accounts(shop.member).await.unwrap().remove(0).id
}

#[tokio::test]
async fn from_the_code_to_the_quota() {
    on_both(|shop| async {
        let id = signed_in(&shop).await;
        let job = session_job(&shop).await;
        assert!(job.quota && !job.renew && job.access == "s:1");
        assert!(claim(&shop).await.is_empty(), "one exchange about a number at a time");
        let benefit = QuotaBenefit { name: "Data".into(), quota: Some(10), remaining: Some(4) };
        let quota =
            vec![Quota { name: "Xtra".into(), code: "x".into(), expires_at: None, benefits: vec![benefit] }];
        record(&shop, &job, SessionOutcome::Quota(quota.clone())).await;
        let account = shop.store.xl_account(shop.member, &id).await.unwrap();
        assert_eq!(account.quota.map(|(quota, _)| quota), Some(quota));
        assert!(!account.quota_due);

        let other = shop.store.xl_account(shop.reseller, &id).await;
        assert_eq!(refusal(other), Refusal::NotFound, "a number is its owner's alone");
        let others = WantQuota { user: shop.reseller, id: id.clone() };
        assert_eq!(refusal(shop.store.run(others).await), Refusal::StateChanged);
        let others = SignOutXl { user: shop.reseller, id: id.clone() };
        assert_eq!(refusal(shop.store.run(others).await), Refusal::NotFound);
        shop.store.run(SignOutXl { user: shop.member, id }).await.unwrap();
        assert!(shop.store.xl_accounts(shop.member).await.unwrap().is_empty());
        shop
    })
    .await;
}

#[tokio::test]
async fn codes_are_counted_and_waits_are_kept() {
    on_both(|shop| async {
        let id = shop.store.run(request(&shop)).await.unwrap();
        assert_eq!(refusal(answer(&shop, &id).await), Refusal::StateChanged, "nothing was sent yet");
        let job = otp_job(&shop).await;
        record_otp(&shop, &job, sent(&shop)).await;
        assert_eq!(shop.store.run(request(&shop)).await.unwrap(), id, "the code can still be typed");
        let others = AnswerOtp { user: shop.reseller, id: id.clone(), code: "123456".into() };
        assert_eq!(refusal(shop.store.run(others).await), Refusal::StateChanged);

        for (left, step) in [(1, OtpStep::Sent), (1, OtpStep::Failed)] {
            answer(&shop, &id).await.unwrap();
            let job = otp_job(&shop).await;
            record_otp(&shop, &job, trouble(OtpTrouble::Wrong)).await;
            let state = shop.store.otp_state(shop.member, &id).await.unwrap();
            assert_eq!((state.attempts_left, state.step), (left, step));
            assert_eq!(state.trouble, Some(OtpTrouble::Wrong));
        }
        assert_eq!(refusal(answer(&shop, &id).await), Refusal::StateChanged);

        shop.database.clock.advance_ms(MINUTE_MS + SECOND_MS);
        let id = shop.store.run(request(&shop)).await.unwrap();
        let job = otp_job(&shop).await;
        let until = shop.store.now().plus_ms(15 * MINUTE_MS);
        let locked = OtpOutcome::Trouble { trouble: OtpTrouble::Locked, wait_until: Some(until) };
        record_otp(&shop, &job, locked).await;
        assert_eq!(shop.store.otp_state(shop.member, &id).await.unwrap().step, OtpStep::Failed);
        let wait = refusal(shop.store.run(request(&shop)).await);
        assert!(matches!(wait, Refusal::TooManyTries { retry_after_s: 890..=901 }), "{wait:?}");
        let others = RequestOtp { user: shop.reseller, ..request(&shop) };
        let wait = refusal(shop.store.run(others).await);
        assert!(
            matches!(wait, Refusal::TooManyTries { .. }),
            "a locked number waits, whoever asks: {wait:?}"
        );
        shop
    })
    .await;
}

#[tokio::test]
async fn a_check_that_was_lost_asks_for_a_new_code() {
    on_both(|shop| async {
        let id = shop.store.run(request(&shop)).await.unwrap();
        let first = otp_job(&shop).await;
        shop.database.clock.advance_ms(2 * MINUTE_MS);
        let again = otp_job(&shop).await;
        record_otp(&shop, &first, trouble(OtpTrouble::BadNumber)).await;
        assert_eq!(
            shop.store.otp_state(shop.member, &id).await.unwrap().step,
            OtpStep::Requested,
            "too late"
        );
        record_otp(&shop, &again, sent(&shop)).await;
        answer(&shop, &id).await.unwrap();
        otp_job(&shop).await;
        shop.database.clock.advance_ms(2 * MINUTE_MS);
        assert!(claim(&shop).await.is_empty(), "a code is never checked twice");
        let state = shop.store.otp_state(shop.member, &id).await.unwrap();
        assert_eq!((state.step, state.trouble), (OtpStep::Failed, Some(OtpTrouble::Gateway)));
        shop
    })
    .await;
}

#[tokio::test]
async fn sessions_are_renewed_ahead_of_time_and_never_twice() {
    on_both(|shop| async {
        let id = signed_in(&shop).await;
        let job = session_job(&shop).await;
        record(&shop, &job, SessionOutcome::Quota(Vec::new())).await;
        assert!(claim(&shop).await.is_empty());
        shop.database.clock.advance_ms(4 * MINUTE_MS + SECOND_MS);
        let slow = session_job(&shop).await;
        assert!(slow.renew, "a minute before it ends");
        shop.database.clock.advance_ms(2 * MINUTE_MS);
        let quick = session_job(&shop).await;
        let to = |access: &str| SessionOutcome::Renewed { from: "s:1".into(), to: tokens(&shop, access) };
        record(&shop, &quick, to("s:2")).await;
        record(&shop, &slow, to("s:lost")).await;
        shop.store.run(WantQuota { user: shop.member, id: id.clone() }).await.unwrap();
        let job = session_job(&shop).await;
        assert_eq!((job.access.as_str(), job.renew), ("s:2", false), "who comes too late writes nothing");
        record(&shop, &job, SessionOutcome::Expired).await;
        let job = session_job(&shop).await;
        assert!(job.renew);
        let again = SessionOutcome::Renewed { from: "s:2".into(), to: tokens(&shop, "s:3") };
        record(&shop, &job, again).await;
        let job = session_job(&shop).await;
        assert!(!job.renew && job.quota);
        record(&shop, &job, SessionOutcome::Expired).await;
        assert!(claim(&shop).await.is_empty(), "not in a circle");
        shop.database.clock.advance_ms(5 * MINUTE_MS);
        let job = session_job(&shop).await;
        record(&shop, &job, SessionOutcome::Ended).await;
        let account = shop.store.xl_account(shop.member, &id).await.unwrap();
        assert_eq!((account.state, account.quota_due), (XlAccountState::NeedsSignIn, false));
        assert_eq!(signed_in(&shop).await, id, "signed in again, it is the same number");
        shop
    })
    .await;
}

#[tokio::test]
async fn a_number_that_nobody_looks_at_is_renewed_rarely() {
    on_both(|shop| async {
        signed_in(&shop).await;
        let job = session_job(&shop).await;
        record(&shop, &job, SessionOutcome::Quota(Vec::new())).await;
        shop.database.clock.advance_ms(30 * MINUTE_MS);
        let job = session_job(&shop).await;
        record(&shop, &job, SessionOutcome::Renewed { from: "s:1".into(), to: tokens(&shop, "s:2") }).await;
        shop.database.clock.advance_ms(30 * DAY_MS);
        assert!(claim(&shop).await.is_empty());
        shop.database.clock.advance_ms(50 * DAY_MS);
        assert!(session_job(&shop).await.renew, "before it could not be any more");
        shop
    })
    .await;
}
