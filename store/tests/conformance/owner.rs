//! Purchases in a session of the number, which the number's owner pays for.

use domain::{
    FailReason, FieldCode, HOUR_MS, MINUTE_MS, PaymentAction, PaymentMethod, PaymentWay, PublicId,
    PurchaseState, Quota, Refusal, Rupiah, UtcMillis, Verdict, XlAccountState,
};
use store::{
    CompareQuota, Evidence, KeepOffers, NoteStock, Offer, OwnerTerms, PackageMethod, PayBy, PlacePurchase,
    QueryJob, RecordVerdict, SaveMethods, SavePackage, Saving, SendJob, SessionOutcome, SignOutXl, Source,
    Viewer,
};

use crate::numbers::{claim, record, session_job, signed_in, tokens};
use crate::shop::{PRICE, Shop, draft, number, on_both, refusal};

pub const NUMBER: &str = "087812345678";
const OWNER_PRICE: i64 = 58_000;
pub const FEE: i64 = 1_500;
/// What the gateway's list calls it, and the number's quota too.
pub const LISTED: &str = "[Metode Pulsa] Xtra Combo 10 GB";

/// A shop with a package of a session gateway, its buyer's number signed in, and money.
pub struct Stall {
    pub shop: Shop,
    pub package: PublicId,
    pub account: PublicId,
}

impl Stall {
    pub async fn open(shop: Shop) -> Self {
        let mut draft = draft("Xtra Combo 10 GB");
        (draft.gateway, draft.sku, draft.cost) = ("kmsp".into(), "XL10_PULSA".into(), Rupiah::new(FEE));
        let save = SavePackage { admin: shop.admin, id: Saving::fresh(&shop.store), draft };
        let package = shop.store.run(save).await.unwrap();
        let method = |method: PaymentMethod, sku: &str| PackageMethod {
            method,
            sku: sku.into(),
            owner_price: Some(Rupiah::new(OWNER_PRICE)),
        };
        let methods = vec![
            method(PaymentMethod::Pulsa, "XL10_PULSA"),
            method(PaymentMethod::Ovo, "XL10_WALLET"),
            method(PaymentMethod::Qris, "XL10_WALLET"),
        ];
        let save = SaveMethods { admin: shop.admin, id: package.clone(), methods };
        shop.store.run(save).await.unwrap();
        shop.give(shop.member, 10 * PRICE).await;
        let account = signed_in(&shop).await;
        Self { shop, package, account }
    }

    pub fn purchase(&self, method: PaymentMethod) -> PlacePurchase {
        let pay = PayBy { method, agreed_owner_price: Rupiah::new(OWNER_PRICE), wallet: None };
        PlacePurchase {
            package: self.package.clone(),
            msisdn: number(NUMBER),
            pay: Some(pay),
            ..self.shop.purchase(&self.shop.store.random_token())
        }
    }

    pub async fn buy(&self, method: PaymentMethod) -> PublicId {
        self.shop.store.run(self.purchase(method)).await.unwrap()
    }

    pub async fn refused(&self, place: PlacePurchase) -> Refusal {
        refusal(self.shop.store.run(place).await)
    }

    /// The number is asked what it has.
    pub async fn read(&self, quota: &[Quota]) {
        let job = session_job(&self.shop).await;
        assert!(job.quota && !job.renew);
        record(&self.shop, &job, SessionOutcome::Quota(quota.to_vec())).await;
    }

    /// Bought, with nothing on the number, and about to be sent.
    pub async fn sending(&self, method: PaymentMethod) -> (PublicId, SendJob) {
        let id = self.buy(method).await;
        self.read(&[]).await;
        (id, self.shop.claim_one().await)
    }

    pub async fn answer(&self, job: &SendJob, verdict: Verdict, evidence: Evidence) -> PurchaseState {
        let source = Source::Worker { ask: domain::Ask::FirstSend, token: job.token };
        self.record(&job.purchase, job.attempt, source, verdict, evidence).await
    }

    pub async fn reply(&self, job: &QueryJob, verdict: Verdict, evidence: Evidence) -> PurchaseState {
        let source = Source::Worker { ask: domain::Ask::Query, token: job.token };
        self.record(&job.purchase, job.attempt, source, verdict, evidence).await
    }

    pub async fn record(
        &self,
        purchase: &PublicId,
        attempt: i64,
        source: Source,
        verdict: Verdict,
        evidence: Evidence,
    ) -> PurchaseState {
        let purchase = purchase.clone();
        let record = RecordVerdict { purchase, attempt, source, verdict, evidence, ask_every_ms: 30_000 };
        self.shop.store.run(record).await.unwrap()
    }

    pub fn taken(&self, action: Option<PaymentWay>) -> Evidence {
        let expires_at = Some(self.shop.store.now().plus_ms(10 * MINUTE_MS));
        Evidence {
            provider_id: Some("trx-1".into()),
            action: action.map(|way| PaymentAction { way, expires_at }),
            charged: Some(Rupiah::new(FEE)),
            ..Evidence::default()
        }
    }

    pub async fn compare(&self, job: &QueryJob) -> PurchaseState {
        let (purchase, attempt, token) = (job.purchase.clone(), job.attempt, job.token);
        self.shop.store.run(CompareQuota { purchase, attempt, token }).await.unwrap()
    }

    pub fn wait_ms(&self, ms: i64) {
        self.shop.database.clock.advance_ms(ms);
    }

    pub async fn listed(&self, change: impl Fn(&mut Offer)) {
        let offer = |sku: &str| {
            let mut offer = Offer {
                sku: sku.into(),
                name: LISTED.into(),
                category: "Data".into(),
                brand: "XL".into(),
                kind: String::new(),
                cost: Rupiah::new(FEE),
                description: String::new(),
                active: true,
                stock: None,
                cut_off: None,
                owner: OwnerTerms {
                    methods: vec![PaymentMethod::Pulsa],
                    needs_session: true,
                    asks_stock: true,
                    left_today: None,
                },
            };
            change(&mut offer);
            offer
        };
        let heard = Ok(vec![offer("XL10_PULSA"), offer("XL10_WALLET")]);
        self.shop.store.run(KeepOffers { gateway: "kmsp".into(), heard }).await.unwrap();
    }
}

pub fn quota(name: &str, expires_at: UtcMillis) -> Quota {
    Quota { name: name.into(), code: format!("c-{name}"), expires_at: Some(expires_at), benefits: Vec::new() }
}

pub async fn on_each<F: Future<Output = Stall>>(test: impl Fn(Stall) -> F) {
    on_both(|shop| async { test(Stall::open(shop).await).await.shop }).await;
}

#[tokio::test]
async fn paid_by_qris_from_the_form_to_the_ledger() {
    on_each(|stall| async {
        let id = stall.buy(PaymentMethod::Qris).await;
        assert!(stall.shop.claim().await.is_empty(), "not before the number's quota has been read");
        stall.read(&[]).await;
        let job = stall.shop.claim_one().await;
        assert_eq!((job.gateway.as_str(), job.session.as_deref()), ("kmsp", Some("s:1")));
        assert!(job.request.contains("XL10_WALLET"), "{}", job.request);
        assert!(!format!("{job:?}").contains("s:1"), "no log may show the session");
        let evidence = stall.taken(Some(PaymentWay::Qr("00020101".into())));
        assert_eq!(stall.answer(&job, Verdict::Pending, evidence).await, PurchaseState::AwaitingPayment);
        let purchase = stall.shop.store.purchase(&id, Viewer::Admin).await.unwrap().purchase;
        assert_eq!(purchase.cost.map(Rupiah::get), Some(FEE), "the fee is charged when the order is taken");
        let owner = purchase.owner.unwrap();
        assert_eq!((owner.method, owner.price.get()), (PaymentMethod::Qris, OWNER_PRICE));
        assert_eq!(owner.action.unwrap().way, PaymentWay::Qr("00020101".into()));

        stall.wait_ms(31_000);
        let question = stall.shop.ask_one().await;
        assert_eq!((question.provider_id.as_deref(), question.in_session), (Some("trx-1"), true));
        let waits = stall.reply(&question, Verdict::Pending, Evidence::default()).await;
        assert_eq!(waits, PurchaseState::AwaitingPayment);
        stall.wait_ms(31_000);
        let question = stall.shop.ask_one().await;
        let done = Verdict::Delivered { serial_number: Some("SN-9".into()), charged: None };
        assert_eq!(stall.reply(&question, done, Evidence::default()).await, PurchaseState::Succeeded);
        let wallet = stall.shop.wallet(stall.shop.member).await;
        assert_eq!(
            (wallet.available.get(), wallet.held.get()),
            (9 * PRICE, 0),
            "the owner's price is not ours"
        );
        stall.buy(PaymentMethod::Pulsa).await;
        stall
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_bought_is_said_before_the_money_is_held() {
    on_each(|stall| async {
        let (shop, pulsa) = (&stall.shop, PaymentMethod::Pulsa);
        let with = |change: &dyn Fn(&mut PlacePurchase)| {
            let mut place = stall.purchase(pulsa);
            change(&mut place);
            place
        };
        let of = |method, price| PayBy { method, agreed_owner_price: Rupiah::new(price), wallet: None };
        let field = Refusal::field;
        let none = with(&|place| place.pay = None);
        assert_eq!(stall.refused(none).await, field("pay", FieldCode::Required));
        let dana = with(&|place| place.pay = Some(of(PaymentMethod::Dana, OWNER_PRICE)));
        assert_eq!(stall.refused(dana).await, field("pay", FieldCode::NotAChoice));
        let ovo = with(&|place| place.pay = Some(of(PaymentMethod::Ovo, OWNER_PRICE)));
        assert_eq!(stall.refused(ovo).await, field("wallet", FieldCode::Required));
        let old = with(&|place| place.pay = Some(of(pulsa, OWNER_PRICE - 1)));
        let (was, now) = (Rupiah::new(OWNER_PRICE - 1), Rupiah::new(OWNER_PRICE));
        assert_eq!(stall.refused(old).await, Refusal::PriceChanged { was, now });
        let elsewhere = with(&|place| place.msisdn = number("087800001230"));
        assert_eq!(stall.refused(elsewhere).await, Refusal::NumberNotSignedIn);
        shop.give(shop.reseller, 10 * PRICE).await;
        let by_another = with(&|place| {
            (place.user, place.agreed_price) = (shop.reseller, Rupiah::new(crate::shop::RESELLER_PRICE));
        });
        assert_eq!(
            stall.refused(by_another).await,
            Refusal::NumberNotSignedIn,
            "the session is another user's"
        );
        let deposit_pays = PlacePurchase { pay: Some(of(pulsa, OWNER_PRICE)), ..shop.purchase("k") };
        assert_eq!(stall.refused(deposit_pays).await, Refusal::StateChanged);

        let not_now = |reason| Refusal::NotNow { reason };
        stall.listed(|offer| offer.owner.left_today = Some(0)).await;
        assert_eq!(stall.refused(stall.purchase(pulsa)).await, not_now(FailReason::DailyLimit));
        stall.listed(|offer| offer.cut_off = Some(("0:00".into(), "23:59".into()))).await;
        assert_eq!(stall.refused(stall.purchase(pulsa)).await, not_now(FailReason::CutOff));
        stall.listed(|_| {}).await;
        let stock = |left| NoteStock { gateway: "kmsp".into(), sku: "XL10_PULSA".into(), left };
        shop.store.run(stock(Some(0))).await.unwrap();
        assert_eq!(stall.refused(stall.purchase(pulsa)).await, not_now(FailReason::OutOfStock));
        stall.wait_ms(HOUR_MS);
        let wallet = shop.wallet(shop.member).await;
        assert_eq!((wallet.available.get(), wallet.held.get()), (10 * PRICE, 0));
        // What was told an hour ago says nothing any more.
        let first = stall.buy(pulsa).await;
        let busy = Refusal::NumberBusy { first: Some(first) };
        assert_eq!(stall.refused(stall.purchase(PaymentMethod::Qris)).await, busy);
        let sign_out = SignOutXl { user: shop.member, id: stall.account.clone() };
        assert_eq!(refusal(shop.store.run(sign_out).await), busy);
        stall
    })
    .await;
}

#[tokio::test]
async fn a_session_that_ended_is_renewed_once() {
    on_each(|stall| async {
        let ended = Verdict::TryLater { reason: FailReason::SessionEnded };
        let (id, job) = stall.sending(PaymentMethod::Pulsa).await;
        assert_eq!(stall.answer(&job, ended.clone(), Evidence::default()).await, PurchaseState::Accepted);
        assert!(stall.shop.claim().await.is_empty(), "not in the session that has ended");
        let renewal = session_job(&stall.shop).await;
        assert!(renewal.renew);
        let to = tokens(&stall.shop, "s:2");
        record(&stall.shop, &renewal, SessionOutcome::Renewed { from: "s:1".into(), to }).await;
        let again = stall.shop.claim_one().await;
        assert_eq!(again.session.as_deref(), Some("s:2"));
        assert_eq!(stall.answer(&again, ended, Evidence::default()).await, PurchaseState::Failed);
        let purchase = stall.shop.store.purchase(&id, Viewer::Admin).await.unwrap().purchase;
        assert_eq!(purchase.fail_reason, Some(FailReason::SessionEnded));

        // One that ends while the purchase waits for it is no reason to wait on.
        let id = stall.buy(PaymentMethod::Pulsa).await;
        let job = session_job(&stall.shop).await;
        record(&stall.shop, &job, SessionOutcome::Ended).await;
        assert_eq!(stall.shop.store.sweep_purchases().await.unwrap(), 1);
        let purchase = stall.shop.store.purchase(&id, Viewer::Admin).await.unwrap().purchase;
        assert_eq!(
            (purchase.state, purchase.fail_reason),
            (PurchaseState::Failed, Some(FailReason::SessionEnded))
        );
        let account = stall.shop.store.xl_account(stall.shop.member, &stall.account).await.unwrap();
        assert_eq!(account.state, XlAccountState::NeedsSignIn);
        stall
    })
    .await;
}

#[tokio::test]
async fn an_unreachable_gateway_does_not_hold_the_money_for_long() {
    on_each(|stall| async {
        let id = stall.buy(PaymentMethod::Pulsa).await;
        for _ in 0..3 {
            let job = session_job(&stall.shop).await;
            record(&stall.shop, &job, SessionOutcome::Problem("the gateway did not answer in time".into()))
                .await;
            assert!(claim(&stall.shop).await.is_empty(), "it is left alone for a while");
            stall.wait_ms(31_000);
        }
        assert_eq!(
            stall.shop.state(&id).await,
            PurchaseState::Accepted,
            "and asked again as long as somebody waits"
        );
        stall.wait_ms(2 * MINUTE_MS);
        stall.shop.store.sweep_purchases().await.unwrap();
        assert_eq!(stall.shop.state(&id).await, PurchaseState::Failed);
        stall
    })
    .await;
}
