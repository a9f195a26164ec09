//! Every misbehaviour of this dialect: what the shop sees, and what the book says.

use serde_json::{Value, json};

use super::{Bench, IMPATIENCE, NUMBER, PATIENCE, access_token, purchase_query, really, told, trx_id};

const CODE: &str = "XLHARIAN1_PULSA";
const BOUGHT: (u32, u32, i64, i64) = (1, 1, 500, 5_000);

/// Signs in the magic number with these digits and tries to buy; number, and what came back.
async fn buy(bench: &Bench, digits: &str) -> (String, Result<(u16, String), reqwest::Error>) {
    let number = format!("628780000{digits}");
    let token = bench.sign_in(&number).await;
    let answer = bench.try_session(IMPATIENCE, &purchase_query(&number, &token, CODE, "BALANCE")).await;
    (number, answer)
}

#[tokio::test]
async fn answers_that_are_lost_leave_one_order() {
    let bench = Bench::start().await;
    for digits in ["1240", "1246"] {
        let (number, answer) = buy(&bench, digits).await;
        let error = answer.unwrap_err();
        assert_eq!(error.is_timeout(), digits == "1240", "{digits}: {error:?}");
        assert!(!error.is_connect(), "{digits}");
        assert_eq!(really(&bench.only_order(&number, CODE)), BOUGHT, "{digits}");
    }
    for (digits, status, text) in [("1241", 500, "Internal Server Error"), ("1247", 502, "<html>")] {
        let (number, answer) = buy(&bench, digits).await;
        let (seen, body) = answer.unwrap();
        assert!(seen == status && body.contains(text), "{digits}: {seen} {body}");
        assert_eq!(really(&bench.only_order(&number, CODE)), BOUGHT, "{digits}");
    }
    let answers = bench.get("/admin/counters").await["orders"]["answers"].clone();
    for fault in ["hang", "close", "http500", "html502"] {
        assert_eq!(answers[fault], 1, "{fault}");
    }
}

#[tokio::test]
async fn crippled_answers_leave_one_order() {
    let bench = Bench::start().await;
    let (number, answer) = buy(&bench, "1242").await;
    assert!(serde_json::from_str::<Value>(&answer.unwrap().1).unwrap_err().is_eof());
    assert_eq!(really(&bench.only_order(&number, CODE)), BOUGHT);

    let (number, answer) = buy(&bench, "1248").await;
    let envelope: Value = serde_json::from_str(&answer.unwrap().1).unwrap();
    assert_eq!((told(&envelope), envelope["data"].get("trx_id")), ((200, true), None));
    assert_eq!(really(&bench.only_order(&number, CODE)), BOUGHT);

    let (number, answer) = buy(&bench, "1249").await;
    let envelope: Value = serde_json::from_str(&answer.unwrap().1).unwrap();
    let fee = &envelope["data"]["package_processing_fee"];
    assert_eq!((&envelope["statusCode"], fee), (&json!("200"), &json!("500")));
    assert_eq!(really(&bench.only_order(&number, CODE)), BOUGHT);

    // Byte by byte: too slow for the impatient, whole for the patient.
    let (number, answer) = buy(&bench, "1250").await;
    assert!(answer.unwrap_err().is_timeout());
    assert_eq!(really(&bench.only_order(&number, CODE)), BOUGHT);
}

#[tokio::test]
async fn a_failure_in_words_may_be_a_success_in_truth() {
    let bench = Bench::start().await;
    for (digits, code, is_bought) in [("1251", 400, true), ("1254", 422, true), ("1255", 422, false)] {
        let (number, answer) = buy(&bench, digits).await;
        let (status, body) = answer.unwrap();
        let envelope: Value = serde_json::from_str(&body).unwrap();
        assert_eq!((status, told(&envelope)), (200, (code, false)), "{digits}");
        assert_eq!(body.contains("ipaas"), code == 422, "{body}");
        let token =
            bench.get(&format!("/admin/phone?msisdn={number}")).await["sessions"][0]["access_token"].clone();
        let on_it = bench.quota(token.as_str().unwrap()).await;
        assert_eq!(on_it.len(), usize::from(is_bought), "the quota tells the two apart");
        assert_eq!(bench.simulator.orders_of(&number, CODE).len(), usize::from(is_bought), "{digits}");
    }
}

#[tokio::test]
async fn requests_that_go_under_leave_nothing() {
    let bench = Bench::start().await;
    let (number, answer) = buy(&bench, "1243").await;
    assert!(answer.unwrap_err().is_timeout());
    assert!(bench.simulator.orders_of(&number, CODE).is_empty());
    let (number, answer) = buy(&bench, "1252").await;
    assert_eq!(answer.unwrap().0, 429);
    assert!(bench.simulator.orders_of(&number, CODE).is_empty());
    assert_eq!(bench.simulator.deposit_rupiah(), 50_000_000);
}

#[tokio::test]
async fn the_refusing_numbers() {
    let bench = Bench::start().await;
    for (digits, code) in [
        ("1244", 436),
        ("1245", 434),
        ("1253", 503),
        ("1257", 402),
        ("1258", 417),
        ("1265", 424),
        ("1266", 432),
        ("1267", 431),
        ("1268", 407),
        ("1269", 435),
    ] {
        let (number, answer) = buy(&bench, digits).await;
        let envelope: Value = serde_json::from_str(&answer.unwrap().1).unwrap();
        assert_eq!(told(&envelope), (code, false), "{digits}");
        assert_eq!(envelope["data"], Value::Null);
        assert!(bench.simulator.orders_of(&number, CODE).is_empty(), "{digits}");
        assert_eq!(bench.get("/admin/counters").await["orders"]["codes"][code.to_string()], 1);
    }
}

#[tokio::test]
async fn a_success_can_be_taken_back() {
    let bench = Bench::start().await;
    let (number, answer) = buy(&bench, "1256").await;
    let trx_id = trx_id(&serde_json::from_str(&answer.unwrap().1).unwrap());
    assert_eq!(bench.check(&trx_id).await["status"], 1);
    assert_eq!(really(&bench.only_order(&number, CODE)), (1, 0, 500, 5_000), "told, not delivered");
    bench.pass_ms(3_000);
    let seen = bench.check(&trx_id).await;
    assert_eq!(
        (&seen["status"], &seen["is_refunded"], &seen["refund_amount"]),
        (&json!(0), &json!(true), &json!(500))
    );
    assert_eq!(seen["rc"], "74");
    assert_eq!(really(&bench.only_order(&number, CODE)), (0, 0, 0, 0));
}

#[tokio::test]
async fn a_token_expires_between_the_steps() {
    let bench = Bench::start().await;
    let number = "6287800001260";
    let token = bench.sign_in(number).await;
    assert_eq!(bench.quota(&token).await, [], "still good before");
    assert_eq!(told(&bench.buy(number, &token, CODE, "BALANCE").await), (401, false));
    let quota = format!("quotadetails?api_key=apikey&access_token={token}");
    assert_eq!(told(&bench.session(&quota).await), (401, false));
    let token = access_token(&bench.prolong(number, &token).await);
    assert_eq!(told(&bench.buy(number, &token, CODE, "BALANCE").await), (200, true));
    bench.only_order(number, CODE);
}

#[tokio::test]
async fn sessions_end_at_bad_moments() {
    let bench = Bench::start().await;
    let token = bench.sign_in("6287800001261").await;
    assert_eq!(told(&bench.buy("6287800001261", &token, CODE, "BALANCE").await), (419, false));
    assert_eq!(told(&bench.prolong("6287800001261", &token).await), (419, false));

    let token = bench.sign_in("6287800001262").await;
    assert_eq!(told(&bench.prolong("6287800001262", &token).await), (419, false));
    assert_eq!(told(&bench.buy("6287800001262", &token, CODE, "BALANCE").await), (419, false));

    assert_eq!(
        told(&bench.session("reqotp?api_key=apikey&phone=6287800001264&method=OTP").await),
        (423, false)
    );
    assert_eq!(bench.simulator.otp_of("6287800001264"), None);
}

#[tokio::test]
async fn the_answer_to_a_rotation_is_lost() {
    let bench = Bench::start().await;
    let number = "6287800001263";
    let token = bench.sign_in(number).await;
    let query = format!("login?api_key=apikey&phone={number}&method=LOGIN_BY_ACCESS_TOKEN&auth_id={token}");
    assert!(bench.try_session(IMPATIENCE, &query).await.unwrap_err().is_timeout());
    assert_eq!(told(&bench.prolong(number, &token).await), (409, false), "the old one is void");
    let listed = bench.session(&format!("accesstokenlist?api_key=apikey&msisdn={number}")).await;
    let session = &listed["data"][0];
    let newer = format!("{}:{}", session["session_id"], session["token"].as_str().unwrap());
    assert_eq!(told(&bench.prolong(number, &newer).await), (200, true), "the list knows the new one");
}

#[tokio::test]
async fn rules_strike_calls_by_name() {
    let bench = Bench::start().await;
    let unnamed = json!({ "behaviour": { "order": { "kind": "refuse", "rc": "503" } } });
    bench.admin("/admin/behaviour", unnamed).await;
    let token = bench.sign_in(NUMBER).await;
    assert_eq!(told(&bench.buy(NUMBER, &token, CODE, "BALANCE").await), (503, false), "only what buys");

    let answer =
        json!({ "behaviour": { "answer": { "kind": "http500" } }, "call": "checktransaction", "times": 1 });
    bench.admin("/admin/behaviour", answer).await;
    assert_eq!(bench.session("packagelist?api_key=apikey").await["status"], true);
    let query = "checktransaction?api_key=apikey&trx_id=x";
    assert_eq!(bench.try_session(PATIENCE, query).await.unwrap().0, 500);
    assert_eq!(told(&bench.session(query).await), (404, false));

    let maintenance = json!({ "behaviour": { "order": { "kind": "refuse", "rc": "503" } }, "call": "any" });
    bench.admin("/admin/behaviour", maintenance).await;
    for query in ["packagelist", "panelaccountbalance", "accesstokenlist", "reqotp"] {
        assert_eq!(told(&bench.session(&format!("{query}?api_key=apikey")).await), (503, false), "{query}");
    }
}

#[tokio::test]
async fn rules_and_settings_by_package() {
    let answer = json!({ "order": { "kind": "success" }, "answer": { "kind": "redirect" } });
    let bench = Bench::with(|config| {
        let behaviour = serde_json::from_value(answer).unwrap();
        config.sku_behaviours.insert("XLMINGGU5_PULSA".to_owned(), behaviour);
    })
    .await;
    let token = bench.sign_in(NUMBER).await;
    let query = purchase_query(NUMBER, &token, "XLMINGGU5_PULSA", "BALANCE");
    assert_eq!(bench.try_session(PATIENCE, &query).await.unwrap().0, 307);
    assert_eq!(really(&bench.only_order(NUMBER, "XLMINGGU5_PULSA")), (1, 1, 1_000, 20_000));

    let fate = json!({ "kind": "pending", "then": "failed", "settling": { "after_queries": 2 } });
    bench.admin("/admin/behaviour", json!({ "behaviour": { "order": fate }, "sku": CODE })).await;
    let trx_id = trx_id(&bench.buy(NUMBER, &token, CODE, "BALANCE").await);
    assert_eq!(bench.check(&trx_id).await["status"], 2);
    assert_eq!(bench.check(&trx_id).await["status"], 0);
    let listed = bench.get(&format!("/book?number={NUMBER}&sku={CODE}")).await;
    let orders = listed["orders"].as_array().unwrap();
    assert_eq!((orders.len(), &orders[0]["ref_id"]), (1, &json!(trx_id)));
}

#[tokio::test]
async fn every_number_may_be_a_text() {
    let bench = Bench::with(|config| config.session_numbers_as_strings = true).await;
    let envelope = bench.session("panelaccountbalance?api_key=apikey").await;
    assert_eq!((&envelope["statusCode"], &envelope["data"]["balance"]), (&json!("200"), &json!("50000000")));
    assert_eq!(envelope["status"], true, "not the truth values");
}
