//! What survives a restart.

use serde_json::json;

use super::{Bench, NUMBER, really, told, trx_id};

#[tokio::test]
async fn book_numbers_and_sessions_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.jsonl");
    let bench = Bench::with(|config| config.book_path = Some(path.clone())).await;
    let token = bench.sign_in(NUMBER).await;
    bench.admin("/admin/pulsa", json!({ "msisdn": NUMBER, "set": 60_000 })).await;
    let by_pulsa = trx_id(&bench.buy(NUMBER, &token, "XLCOMBO10_PULSA", "BALANCE").await);
    let by_wallet = trx_id(&bench.buy(NUMBER, &token, "XLHARIAN1_EWALLET", "DANA").await);
    let other = "6281912345678";
    let auth_id = bench.otp(other).await;
    let otp = bench.simulator.otp_of(other).unwrap();
    drop(bench);

    let bench = Bench::with(|config| config.book_path = Some(path.clone())).await;
    assert_eq!(bench.simulator.pulsa_rupiah(NUMBER), 2_000);
    let query = format!("login?api_key=apikey&phone={other}&method=OTP&auth_id={auth_id}&otp={otp}");
    assert_eq!(told(&bench.session(&query).await), (200, true));
    bench.admin("/admin/pay", json!({ "trx_id": by_wallet })).await;
    bench.pass_ms(3_000);
    assert_eq!(bench.check(&by_pulsa).await["status"], 1);
    assert_eq!(bench.check(&by_wallet).await["status"], 1);
    assert_eq!(bench.quota(&token).await.len(), 4);
    assert_eq!(really(&bench.only_order(NUMBER, "XLCOMBO10_PULSA")), (1, 1, 1_500, 58_000));
    assert_eq!(really(&bench.only_order(NUMBER, "XLHARIAN1_EWALLET")), (1, 1, 500, 5_000));
    bench.admin("/admin/reset", json!({})).await;
    drop(bench);

    let bench = Bench::with(|config| config.book_path = Some(path)).await;
    assert_eq!(bench.get("/book").await["totals"]["references"], 0);
    assert_eq!(bench.simulator.pulsa_rupiah(NUMBER), 100_000);
    let quota = format!("quotadetails?api_key=apikey&access_token={token}");
    assert_eq!(told(&bench.session(&quota).await), (419, false));
}

#[tokio::test]
async fn both_dialects_share_one_book_and_one_deposit() {
    let bench = Bench::start().await;
    let token = bench.sign_in("6287800001230").await;
    bench.order("xld1", "087800001230", "h2h").await;
    bench.buy("6287800001230", &token, "XLHARIAN1_PULSA", "BALANCE").await;
    assert_eq!(bench.simulator.deposit_rupiah(), 50_000_000 - 4_150 - 500);
    let book = bench.get("/book?number=6287800001230").await;
    assert_eq!(book["orders"].as_array().unwrap().len(), 2);
    let totals = json!({
        "references": 2, "charged_rupiah": 4_650, "charges": 2, "deliveries": 2, "charged_twice": 0,
    });
    assert_eq!(book["totals"], totals);
}
