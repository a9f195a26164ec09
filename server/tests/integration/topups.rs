//! Topping up, as its buyer sees it: the form, the summary, the page that says how to pay, the receipt.

use domain::{
    ChargeFacts, ChargeVerdict, FeeRule, PayDialect, PayTo, ProviderState, PublicId, Role, Rupiah,
    StatusVerdict, TopupMethod,
};
use http::StatusCode;
use store::{
    ChargeEvidence, ClaimCharges, Heard, NoteProbe, PayGatewayDraft, PayMethodDraft, RecordCharge,
    SaveBankAccount, SavePayGateway, SavePayMethod, SaveStaticCode, Saving, TestPayMethod, User, Viewer,
};

use crate::shop::{HTML, ORIGIN, Setup, Shop, Visitor, on_each_database};

const GATEWAY: &str = "midtrans";
/// A made-up static code with a checksum that is right.
const STATIC_CODE: &str = "00020101021126440014ID.CO.QRIS.WWW0215ID10200300400500303UMI5204481253033605802ID5911TOKO MELATI6007JAKARTA6304";

#[tokio::test]
async fn what_is_wrong_leads_back_to_the_form() {
    on_each_database(Setup::default(), async |shop| {
        shop.user(Role::Member, "siti").await;
        let mut visitor = signed_in(&shop).await;
        let none_open = visitor.get("/topup").await;
        assert!(none_open.body.contains("No way of paying is open"), "{}", none_open.body);
        with_bank(&shop).await;
        for (query, wrong) in [
            ("preset=other&amount=seribu&method=transfer%3A1", "Write whole rupiah"),
            ("amount=500&method=transfer%3A1", "At least Rp"),
            ("preset=50000&amount=&method=transfer%3A9", "This way of paying is closed"),
            ("", "Please fill this in"),
        ] {
            let answer = visitor.get(&format!("/topup/confirm?{query}&next=%2Fbuy%2F7QK2")).await;
            assert_eq!(answer.status, StatusCode::FOUND, "{query}");
            assert!(answer.location().contains("next=%2Fbuy%2F7QK2&again=1"), "{}", answer.location());
            let back = answer.location().to_owned();
            let form = visitor.get(&back).await;
            assert_eq!(form.status, StatusCode::UNPROCESSABLE_ENTITY, "{back}");
            assert!(plain(&form.body).contains(wrong), "{wrong} in {}", form.body);
        }
        let kept = visitor.get("/topup?amount=seribu&method=transfer%3A1&again=1").await;
        assert!(kept.body.contains("value=\"seribu\""), "{}", kept.body);
        let elsewhere = visitor.get("/topup?amount=50000&next=%2F%2Fevil.example").await;
        assert_eq!(elsewhere.status, StatusCode::OK, "only filled in");
        assert!(!elsewhere.body.contains("evil.example"), "{}", elsewhere.body);
    })
    .await;
}

#[tokio::test]
async fn a_transfer_is_summed_up_made_once_and_called_off() {
    on_each_database(Setup::default(), async |shop| {
        shop.user(Role::Member, "siti").await;
        with_bank(&shop).await;
        let mut visitor = signed_in(&shop).await;
        let page = "/topup/confirm?preset=50000&amount=&method=transfer%3A1&next=%2Fbuy%2F7QK2";
        let summary = visitor.get(page).await;
        assert_eq!(summary.status, StatusCode::OK, "{summary:?}");
        let text = plain(&summary.body);
        for part in ["Rp 50.001 to Rp 50.999", "No fee", "An admin checks", "24 hours after it is made"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        let fields = [
            ("method", "transfer"),
            ("bank_account", "1"),
            ("amount", "50000"),
            ("key", "k1"),
            ("next", "/buy/7QK2"),
        ];
        let action = visitor.action(page, "request_topup").await;
        let made = visitor.post_form(&action, page, &fields).await;
        assert!(made.location().ends_with("?next=%2Fbuy%2F7QK2"), "{made:?}");
        let again = visitor.post_form(&action, page, &fields).await;
        assert_eq!(again.location(), made.location(), "the same key, the same top-up");

        let pay = visitor.get(made.location()).await;
        for part in ["123-456-7890", "Copy the amount", "I have paid", "action=\"/api/cancel_topup\""] {
            assert!(pay.body.contains(part), "{part} in {}", pay.body);
        }
        let path = made.location().split('?').next().unwrap().to_owned();
        assert_eq!(visitor.get(&format!("{path}/qr.png")).await.status, StatusCode::NOT_FOUND);
        let id = path.trim_start_matches("/topup/");
        let checked = visitor.post_form("/api/check_topup", &path, &[("topup", id)]).await;
        assert!(checked.location().contains("form="), "no gateway can be asked: {checked:?}");
        visitor.post_form("/api/cancel_topup", &path, &[("topup", id)]).await;
        let over = visitor.get(&path).await;
        assert!(plain(&over.body).contains("money that arrives is still credited"), "{}", over.body);
        assert!(over.body.contains("/topup?amount=50000"), "{}", over.body);
        let history = visitor.get("/topup/history?state=cancelled").await;
        assert!(history.body.contains(&path), "{}", history.body);
        assert!(!visitor.get("/topup/history?state=credited").await.body.contains(&path));
    })
    .await;
}

#[tokio::test]
async fn a_gateways_code_is_prepared_shown_asked_about_and_credited() {
    on_each_database(Setup::default(), async |shop| {
        let buyer = shop.user(Role::Member, "siti").await;
        shop.user(Role::Member, "wati").await;
        with_gateway(&shop, TopupMethod::Qris, FeeRule::default()).await;
        let mut visitor = signed_in(&shop).await;
        let path = requested(&mut visitor, "qris").await;
        let creating = visitor.get(&path).await;
        assert!(creating.body.contains("Your payment is being prepared"), "{}", creating.body);

        let qr = format!("{STATIC_CODE}{:04X}", crc(STATIC_CODE));
        answer(&shop, ProviderState::Pending, Some(PayTo::Qr(qr))).await;
        let pay = visitor.get(&path).await;
        for part in ["class=\"qr\"", "TOKO MELATI", "qr.png", "action=\"/api/check_topup\""] {
            assert!(pay.body.contains(part), "{part} in {}", pay.body);
        }
        assert!(!pay.body.contains("multipart/form-data"), "a gateway needs no proof");
        let proof = format!("{path}/proof");
        let refused = visitor
            .send(
                http::Method::POST,
                &proof,
                &[("accept", HTML), ("content-type", "multipart/form-data; boundary=x"), ("origin", ORIGIN)],
                axum::body::Body::from("no form"),
            )
            .await;
        assert!(refused.location().contains("form="), "{refused:?}");

        let picture = visitor.get(&format!("{path}/qr.png")).await;
        assert_eq!((picture.status, picture.header("content-type")), (StatusCode::OK, "image/png"));
        assert_eq!(picture.header("cache-control"), "private, no-store");
        assert!(picture.header("content-disposition").starts_with("attachment; filename=\"qris-"));
        let mut other = shop.visitor();
        other.sign_in("wati").await;
        assert_eq!(other.get(&format!("{path}/qr.png")).await.status, StatusCode::NOT_FOUND);

        let id = path.trim_start_matches("/topup/").to_owned();
        let check = [("topup", id.as_str())];
        let asked = visitor.post_form("/api/check_topup", &path, &check).await;
        assert_eq!(asked.location(), format!("{path}?asked=1"));
        assert!(visitor.get(asked.location()).await.body.contains("We are asking"));
        let early = visitor.post_form("/api/check_topup", &path, &check).await;
        assert_eq!(early.location(), format!("{path}?wait=10"));
        assert!(plain(&visitor.get(early.location()).await.body).contains("again in 10 seconds"));

        answer(&shop, ProviderState::Paid, None).await;
        let receipt = visitor.get(&format!("{path}?asked=1")).await;
        let text = plain(&receipt.body);
        for part in ["+Rp 50.000", "tx-", "No fee", "siti"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!text.contains("We are asking"), "that moment is over");
        assert_eq!(visitor.get(&format!("{path}/qr.png")).await.status, StatusCode::NOT_FOUND, "over");
        assert_eq!(shop.store.wallet(buyer.id).await.unwrap().available, Rupiah::new(50_000));
    })
    .await;
}

#[tokio::test]
async fn a_virtual_account_says_its_number_and_its_fee() {
    on_each_database(Setup::default(), async |shop| {
        shop.user(Role::Member, "siti").await;
        let fee = FeeRule { flat: Rupiah::new(4_000), basis_points: 0 };
        with_gateway(&shop, TopupMethod::VaBca, fee).await;
        let mut visitor = signed_in(&shop).await;
        let form = plain(&visitor.get("/topup").await.body);
        assert!(form.contains("BCA virtual account") && form.contains("Fee Rp 4.000"), "{form}");
        let summary = plain(&visitor.get("/topup/confirm?amount=50000&method=va_bca").await.body);
        assert!(summary.contains("Rp 54.000") && summary.contains("Credited"), "{summary}");
        let path = requested(&mut visitor, "va_bca").await;
        answer(&shop, ProviderState::Pending, Some(PayTo::Account("8808123456789012".into()))).await;
        let pay = visitor.get(&path).await;
        let text = plain(&pay.body);
        for part in ["Rp 54.000", "8808 1234 5678 9012", "The fee of Rp 4.000 is in it", "At a BCA ATM"] {
            assert!(text.contains(part), "{part} in {text}");
        }
        assert!(!pay.body.contains("class=\"qr\""));
        answer(&shop, ProviderState::Expired, None).await;
        let over = visitor.get(&path).await;
        assert!(over.body.contains("Paid all the same?"), "{}", over.body);
    })
    .await;
}

#[tokio::test]
async fn the_shops_own_code_says_that_a_human_confirms_it() {
    on_each_database(Setup::default(), async |shop| {
        let buyer = shop.user(Role::Member, "siti").await;
        let admin = with_bank(&shop).await;
        let code = format!("{STATIC_CODE}{:04X}", crc(STATIC_CODE));
        shop.store.run(SaveStaticCode { admin: admin.id, code, bank_account: 1 }).await.unwrap();
        let draft = PayMethodDraft { gateway: None, active: true, ..method(TopupMethod::StaticQris) };
        shop.store.run(SavePayMethod { admin: admin.id, seen: None, draft }).await.unwrap();
        let mut visitor = signed_in(&shop).await;
        let path = requested(&mut visitor, "static_qris").await;
        let pay = visitor.get(&path).await;
        for part in ["class=\"qr\"", "an admin confirms", "multipart/form-data", "TOKO MELATI"] {
            assert!(pay.body.contains(part), "{part} in {}", pay.body);
        }
        let id: PublicId = path.trim_start_matches("/topup/").parse().unwrap();
        let topup = shop.store.topup(&id, Viewer::Owner(buyer.id)).await.unwrap();
        assert!(topup.payable > topup.base, "told by its amount");
        assert!(plain(&pay.body).contains(&plain(&topup.payable.to_string())[3..7]), "{}", pay.body);
        assert_eq!(visitor.get(&format!("{path}/qr.png")).await.status, StatusCode::OK);
    })
    .await;
}

async fn signed_in(shop: &Shop) -> Visitor<'_> {
    let mut visitor = shop.visitor();
    visitor.sign_in("siti").await;
    visitor
}

/// Asks for Rp 50.000 by this way; the path of its page.
async fn requested(visitor: &mut Visitor<'_>, way: &str) -> String {
    let page = format!("/topup/confirm?amount=50000&method={way}");
    let action = visitor.action(&page, "request_topup").await;
    let fields = [("method", way), ("amount", "50000"), ("key", "k1")];
    let made = visitor.post_form(&action, &page, &fields).await;
    assert!(made.location().starts_with("/topup/") && !made.location().contains("form="), "{made:?}");
    made.location().to_owned()
}

async fn with_bank(shop: &Shop) -> User {
    let admin = shop.user(Role::Admin, "bos").await;
    let account = SaveBankAccount {
        admin: admin.id,
        id: Saving::fresh(&shop.store),
        bank: "BCA".into(),
        number: "123-456-7890".into(),
        holder: "Toko".into(),
        active: true,
    };
    shop.store.run(account).await.unwrap();
    admin
}

fn method(method: TopupMethod) -> PayMethodDraft {
    PayMethodDraft {
        method,
        gateway: Some(GATEWAY.into()),
        active: false,
        sort: 1,
        min: Rupiah::new(10_000),
        max: Rupiah::new(10_000_000),
        expiry_minutes: 60,
        payer_fee: FeeRule::default(),
        cost: FeeRule::default(),
    }
}

/// Sets a payment gateway up with one way of paying, and tries both.
async fn with_gateway(shop: &Shop, way: TopupMethod, payer_fee: FeeRule) {
    let admin = shop.user(Role::Admin, "bos").await.id;
    let draft = PayGatewayDraft {
        name: GATEWAY.into(),
        dialect: PayDialect::Midtrans,
        base_url: "https://api.sandbox.midtrans.com".into(),
        merchant: "G1".into(),
        api_key: "SB-Mid-server-x".into(),
        private_key: String::new(),
        active: true,
    };
    shop.store.run(SavePayGateway { admin, seen: None, draft }).await.unwrap();
    let access_revision = shop.store.pay_gateways().await.unwrap()[0].access_revision;
    shop.store.run(NoteProbe { gateway: GATEWAY.into(), access_revision, outcome: Ok(()) }).await.unwrap();
    let closed = PayMethodDraft { payer_fee, ..method(way) };
    shop.store.run(SavePayMethod { admin, seen: None, draft: closed.clone() }).await.unwrap();
    shop.store.run(TestPayMethod { admin, method: way }).await.unwrap();
    answer(shop, ProviderState::Pending, Some(PayTo::Account("1".into()))).await;
    let methods = shop.store.pay_methods().await.unwrap();
    let seen = methods.iter().find(|found| found.method == way).map(|found| found.revision);
    let open = PayMethodDraft { active: true, ..closed };
    shop.store.run(SavePayMethod { admin, seen, draft: open }).await.unwrap();
}

/// The gateway says how every order stands about which it is to be asked now.
async fn answer(shop: &Shop, state: ProviderState, pay_to: Option<PayTo>) {
    // Also those that are due a little later.
    shop.database.clock.advance_ms(30_000);
    let claim = ClaimCharges { gateway: GATEWAY.into(), account: "a1".into(), limit: 10 };
    for job in shop.store.run(claim).await.unwrap() {
        let facts = ChargeFacts {
            order_id: job.order_id.clone(),
            transaction_id: Some(format!("tx-{}", job.order_id)),
            gross: job.gross,
            in_rupiah: true,
            own_merchant: true,
            state,
            pay_to: pay_to.clone(),
            expires_at: None,
            fee: Some(Rupiah::ZERO),
            returned: None,
        };
        let heard = match job.todo {
            store::ChargeTodo::Charge => Heard::Charge(ChargeVerdict::Made(facts)),
            store::ChargeTodo::Cancel => Heard::Cancel(domain::CancelVerdict::Cancelled),
            _ => Heard::Status(StatusVerdict::Found(facts)),
        };
        let record = RecordCharge {
            charge: job.charge,
            token: job.token,
            hints: job.hints,
            heard,
            evidence: ChargeEvidence::default(),
        };
        shop.store.run(record).await.unwrap();
    }
}

/// A page's text, without tags and with plain spaces.
fn plain(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for c in html.chars() {
        match c {
            '<' => inside = true,
            '>' => inside = false,
            '\u{a0}' if !inside => text.push(' '),
            c if !inside => text.push(c),
            _ => {}
        }
    }
    text
}

/// CRC-16/CCITT-FALSE, bit by bit.
fn crc(text: &str) -> u16 {
    text.bytes().fold(0xffff, |crc, byte| {
        (0..8).fold(crc ^ (u16::from(byte) << 8), |crc, _| {
            if crc & 0x8000 == 0 { crc << 1 } else { (crc << 1) ^ 0x1021 }
        })
    })
}
