//! Who may call which server function: one table. Each is called by a visitor of every kind with the same fields; one
//! that is in no row, or a row whose function is gone, fails the test.

use std::collections::BTreeSet;

use app::AppError;
use axum::body::Body;
use domain::{MINUTE_MS, PublicId, Refusal, Role, Rupiah, TopupMethod};
use http::{Method, StatusCode};
use leptos::server_fn::axum::server_fn_paths;
use store::{AdjustBalance, PlacePurchase, RequestTopup, SaveBankAccount, Saving};

use crate::access_table::Who::{Admin, Anyone, ConfirmedAdmin, Member, SignedIn};
use crate::access_table::{OF_AN_OWNER, TABLE};
use crate::shop::{Setup, Shop, Visitor, on_each_database};

/// After this the password is asked for again.
const LATER_MS: i64 = 31 * MINUTE_MS;

/// Fields of all forms that may be any text.
const TEXTS: &str = "accent monday tuesday wednesday thursday friday saturday sunday xl axis maintenance_note amount approve_again_after_min approve_alone_most balance bank bank_account banner benefits brand case chat code \
    contact_email contact_name cost cost_1 cost_2 cost_3 credit current_password date debit description email expiry_minutes family fee \
    from gateway gateway_1 gateway_2 gateway_3 holder host identity kept key line low_deposit marker max member_least member_percent \
    merchant min msisdn name new_password next note number numbers open_topups_most otp_secret password phone port price_dana \
    price_gopay price_member price_ovo price_pulsa price_qris price_reseller price_shopeepay price_step private_secret quota reason \
    received reference refund repeat_window_min reseller_least reseller_percent revision secret security seen seen_at shown \
    skip_lines sku sku_1 sku_2 sku_3 sku_dana sku_gopay sku_ovo sku_pulsa sku_qris sku_shopeepay sort source tagline text title to token \
    topup_max topup_min username validity_days webhook webhook_secret whatsapp agreed_price api_secret base_url zone correction back fingerprint target step value round \
    beside request shop_name price sells_at restoration notice up_to";

/// Fields of all forms that have to be one of a few words.
const WORDS: &[(&str, &str)] = &[
    ("action", "acknowledge"),
    ("active", "true"),
    ("amount_kind", "signed"),
    ("before", "true"),
    ("category", "monthly"),
    ("channel", "telegram"),
    ("date_format", "dmy"),
    ("day", "1767546000000"),
    ("delivered", "yes"),
    ("dialect", "midtrans"),
    ("direction", "add"),
    ("is_a_customers", "true"),
    ("kind", "alarm"),
    ("lang", "en"),
    ("let_in", "true"),
    ("method", "qris"),
    ("role", "member"),
    ("sign_up", "open"),
    ("state", "active"),
    ("theme", "dark"),
    ("what", "deposit"),
];

/// Rina's things.
struct Things {
    rina: PublicId,
    purchase: PublicId,
    topup: PublicId,
    session: String,
}

impl Things {
    async fn made(shop: &Shop) -> Self {
        let admin = shop.user(Role::Admin, "bos").await;
        let rina = shop.user(Role::Member, "rina").await;
        let package = shop.package(&admin).await;
        let gift = AdjustBalance {
            admin: admin.id,
            user: rina.id,
            amount: Rupiah::new(100_000),
            reason: "for a purchase".into(),
            key: "gift".into(),
        };
        shop.store.run(gift).await.unwrap();
        let place = PlacePurchase {
            user: rina.id,
            package,
            msisdn: "087812345678".parse().unwrap(),
            agreed_price: Rupiah::new(60_000),
            pay: None,
            key: "purchase".into(),
            buy_again: false,
        };
        let account = SaveBankAccount {
            admin: admin.id,
            id: Saving::fresh(&shop.store),
            bank: "Bank Contoh".into(),
            number: "123-456-7890".into(),
            holder: "Toko Contoh".into(),
            active: true,
        };
        shop.store.run(account).await.unwrap();
        let topup = RequestTopup {
            user: rina.id,
            method: TopupMethod::Transfer,
            bank_account: Some(shop.store.bank_accounts(true).await.unwrap().remove(0).id),
            base: Rupiah::new(50_000),
            key: "topup".into(),
        };
        let (purchase, topup) = (shop.store.run(place).await.unwrap(), shop.store.run(topup).await.unwrap());
        shop.visitor().sign_in("rina").await;
        let session = shop.store.sessions_of(rina.id).await.unwrap().remove(0).id_hash;
        Self { rina: rina.public_id, purchase, topup, session }
    }

    /// One set of fields for all. A row number is nobody's: what is allowed does no harm.
    fn fields(&self, function: &str) -> Vec<(&str, &str)> {
        let id = match function {
            "close_alarm" | "set_bank_account_active" => "999999",
            _ => "7QK2M9DAX3TP",
        };
        let mut fields = vec![
            ("purchase", self.purchase.as_str()),
            ("topup", self.topup.as_str()),
            ("user", self.rina.as_str()),
            ("id_hash", self.session.as_str()),
            ("id", id),
            ("package", "7QK2M9DAX3TP"),
        ];
        fields.extend_from_slice(WORDS);
        fields.extend(TEXTS.split_whitespace().map(|name| (name, "1")));
        fields
    }

    /// What the answer says; `None` when nobody minds.
    async fn refusal(&self, visitor: &mut Visitor<'_>, function: &str) -> Option<AppError> {
        let answer = visitor.post_for_json(&format!("/api/{function}"), &self.fields(function)).await;
        assert!(answer.status != StatusCode::NOT_FOUND || !answer.body.is_empty(), "there is no {function}");
        serde_json::from_str(&answer.body).ok()
    }
}

#[test]
fn every_server_function_has_a_row() {
    let there: BTreeSet<&str> =
        server_fn_paths().map(|(path, _)| path.strip_prefix("/api/").unwrap()).collect();
    let listed: BTreeSet<&str> = TABLE.iter().map(|(name, _)| *name).collect();
    assert_eq!(there, listed);
    assert_eq!(TABLE.len(), listed.len(), "two functions of one name");
}

#[tokio::test]
async fn who_may_not_is_refused_and_nothing_changes() {
    on_each_database(Setup::default(), async |shop| {
        let things = Things::made(&shop).await;
        shop.user(Role::Member, "dewi").await;
        shop.user(Role::Reseller, "toko").await;
        let (mut member, mut reseller, mut admin) = (shop.visitor(), shop.visitor(), shop.visitor());
        member.sign_in("dewi").await;
        reseller.sign_in("toko").await;
        admin.sign_in("bos").await;
        let written = async || {
            let now = shop.store.now();
            let audits = shop.database.number("SELECT COUNT(*) FROM audit WHERE created_at <= $1", now).await;
            let entries =
                shop.database.number("SELECT COUNT(*) FROM entry WHERE created_at <= $1", now).await;
            (audits, entries)
        };
        let before = written().await;
        let mut wrong = Vec::new();
        let mut expect = |function: &str, who: &str, answer: Option<AppError>, refusal: Refusal| {
            if answer != Some(AppError::Refused(refusal)) {
                wrong.push(format!("{function} for {who}: {answer:?}"));
            }
        };
        for (function, who) in TABLE {
            if *who != Anyone {
                let answer = things.refusal(&mut shop.visitor(), function).await;
                expect(function, "somebody signed out", answer, Refusal::SignInNeeded);
            }
            if matches!(who, Admin | ConfirmedAdmin) {
                for (name, visitor) in [("a member", &mut member), ("a reseller", &mut reseller)] {
                    let answer = things.refusal(visitor, function).await;
                    expect(function, name, answer, Refusal::NotAllowed);
                }
            }
            if *who == Member {
                for (name, visitor) in [("a reseller", &mut reseller), ("an admin", &mut admin)] {
                    let answer = things.refusal(visitor, function).await;
                    expect(function, name, answer, Refusal::NotAllowed);
                }
            }
            if OF_AN_OWNER.contains(function) {
                let answer = things.refusal(&mut member, function).await;
                expect(function, "another member", answer, Refusal::NotFound);
            }
        }
        shop.database.clock.advance_ms(LATER_MS);
        for (function, _) in TABLE.iter().filter(|(_, who)| *who == ConfirmedAdmin) {
            let answer = things.refusal(&mut admin, function).await;
            expect(function, "an admin of half an hour ago", answer, Refusal::ConfirmNeeded);
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
        assert_eq!(written().await, before);
    })
    .await;
}

/// Addresses of what is Rina's, and what an admin gets there.
const HERS: &[&str] =
    &["/transactions/{purchase}", "/events/purchases/{purchase}", "/topup/{topup}", "/events/topups/{topup}"];

#[tokio::test]
async fn what_is_somebody_elses_is_not_there() {
    on_each_database(Setup::default(), async |shop| {
        let things = Things::made(&shop).await;
        shop.user(Role::Member, "dewi").await;
        shop.user(Role::Reseller, "toko").await;
        let statuses = [("rina", 200), ("bos", 200), ("dewi", 404), ("toko", 404)];
        for (name, status) in statuses {
            let mut visitor = shop.visitor();
            visitor.sign_in(name).await;
            for address in HERS {
                let path = address.replace("{purchase}", things.purchase.as_str());
                let path = path.replace("{topup}", things.topup.as_str());
                // Streams have no end to wait for.
                let answer = visitor.open(Method::GET, &path, &[], Body::empty()).await;
                assert_eq!(answer.status().as_u16(), status, "{address} for {name}");
            }
        }
    })
    .await;
}

/// The other half: or a function that refuses everybody would pass.
#[tokio::test]
async fn who_may_is_let_through() {
    on_each_database(Setup::default(), async |shop| {
        let things = Things::made(&shop).await;
        shop.user(Role::Member, "dewi").await;
        let mut wrong = Vec::new();
        for (name, mine) in [
            ("dewi", &[Anyone, SignedIn, Member][..]),
            ("bos", &[Anyone, SignedIn, Admin, ConfirmedAdmin][..]),
        ] {
            let mut visitor = shop.visitor();
            visitor.sign_in(name).await;
            for (function, _) in TABLE.iter().filter(|(_, who)| mine.contains(who)) {
                let answer = things.refusal(&mut visitor, function).await;
                let refused = matches!(
                    &answer,
                    Some(AppError::Fault { .. })
                        | Some(AppError::Refused(
                            Refusal::SignInNeeded | Refusal::NotAllowed | Refusal::ConfirmNeeded
                        ))
                );
                if refused {
                    wrong.push(format!("{function} for {name}: {answer:?}"));
                }
            }
        }
        let mut stranger = shop.visitor();
        for (function, _) in TABLE.iter().filter(|(_, who)| *who == Anyone) {
            let answer = things.refusal(&mut stranger, function).await;
            if matches!(
                answer,
                Some(AppError::Transport | AppError::Fault { .. } | AppError::Refused(Refusal::SignInNeeded))
            ) {
                wrong.push(format!("{function} for somebody signed out: {answer:?}"));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    })
    .await;
}
