//! Packages, stock and quota, as the contract paper writes them.

use domain::{PaymentMethod, Rupiah, ShopTrouble, UtcMillis};

use super::{gateway, token};
use crate::tests::{http, one_answer};
use crate::{
    CutOff, DailyLimit, Gateway, GatewayError, QuotaBenefit, QuotaPackage, SessionError, SessionGateway,
    Stock,
};

const PACKAGES: &str = r#"{"statusCode":200,"status":true,"message":"","data":[
    {"package_code":"XLXC10_P","package_name":"[Pulsa] Xtra Combo 10 GB","package_description":"Kuota 10 GB",
     "package_harga_int":3500,"no_need_login":false,"can_multi_trx":true,"have_daily_limit":true,
     "daily_limit_details":{"max_daily_transaction_limit":2000,"current_daily_transaction_count":"12"},
     "have_cut_off_time":true,"cut_off_time":{"prohibited_hour_starttime":"23:00","prohibited_hour_endtime":"02:30"},
     "need_check_stock":true,"available_payment_methods":[{"order":1,"payment_method":"BALANCE"}]},
    {"package_code":"XLXC10_EW","package_name":"[E-Wallet] Xtra Combo 10 GB","package_description":null,
     "package_harga_int":"500","no_need_login":0,"can_multi_trx":0,"have_daily_limit":true,"have_cut_off_time":1,
     "cut_off_time":"malam","need_check_stock":"0","available_payment_methods":
     [{"payment_method":"DANA"},{"payment_method":"QRIS"},{"payment_method":"BARTER"},{"payment_method":"ovo"}]},
    {"package_code":"TEST","package_name":"Without a session","package_harga_int":0,"no_need_login":true,
     "can_multi_trx":false,"have_daily_limit":false,"have_cut_off_time":false,"need_check_stock":false},
    {"package_code":"ODD","package_name":"Without a price"},
    {"package_code":"ODD2","package_name":"Perhaps","package_harga_int":1,"no_need_login":"perhaps"}]}"#;

#[tokio::test]
async fn reads_the_packages_with_a_code_for_each_way_of_paying() {
    let (url, seen) = one_answer(http("200 OK", PACKAGES));
    let offers = gateway(&url).list_offers().await.unwrap();
    assert!(seen.join().unwrap().starts_with("GET /v1/packagelist?api_key=se-cr-et-key HTTP/1.1\r\n"));
    let [pulsa, wallets, test] = offers.as_slice() else { panic!("{offers:?}") };
    assert_eq!((pulsa.code.as_str(), pulsa.price), ("XLXC10_P", Rupiah::new(3_500)));
    assert_eq!((pulsa.methods.as_slice(), pulsa.needs_session), (&[PaymentMethod::Pulsa][..], true));
    assert_eq!((pulsa.is_repeatable, pulsa.needs_stock_check), (true, true));
    assert_eq!(pulsa.daily_limit, DailyLimit::Of { limit: 2_000, sold: 12 });
    assert_eq!(pulsa.cut_off, CutOff::Between { from_minute: 23 * 60, to_minute: 150 });
    let methods = [PaymentMethod::Dana, PaymentMethod::Qris, PaymentMethod::Ovo];
    assert_eq!((wallets.price, wallets.methods.as_slice()), (Rupiah::new(500), &methods[..]));
    assert_eq!((&wallets.daily_limit, &wallets.cut_off), (&DailyLimit::Untold, &CutOff::Unreadable));
    assert_eq!((test.needs_session, test.methods.len(), test.price), (false, 0, Rupiah::ZERO));
    assert_eq!((&test.daily_limit, &test.cut_off), (&DailyLimit::None, &CutOff::None));

    let (url, _seen) = one_answer(http("200 OK", PACKAGES));
    let packages = gateway(&url).list_packages().await.unwrap();
    assert_eq!(packages.len(), 3);
    assert_eq!((packages[0].sku.as_str(), packages[0].price), ("XLXC10_P", Rupiah::new(3_500)));
    assert_eq!(packages[0].cut_off, Some(("23:00".to_owned(), "02:30".to_owned())));
}

#[tokio::test]
async fn hours_in_which_nothing_is_sold() {
    for (hours, expected) in [
        (r#""23:00-01:15""#, CutOff::Between { from_minute: 1_380, to_minute: 75 }),
        (r#""00:00:00 - 6:30:00""#, CutOff::Between { from_minute: 0, to_minute: 390 }),
        (r#""24:00-01:00""#, CutOff::Unreadable),
        (r#""23:60-01:00""#, CutOff::Unreadable),
        (r#"{"prohibited_hour_starttime":"22:00"}"#, CutOff::Unreadable),
        ("null", CutOff::Unreadable),
    ] {
        let list = PACKAGES.replace(r#""malam""#, hours);
        let (url, _seen) = one_answer(http("200 OK", &list));
        let offers = gateway(&url).list_offers().await.unwrap();
        assert_eq!(offers[1].cut_off, expected, "{hours}");
    }
}

#[tokio::test]
async fn asks_for_stock() {
    let no_stock = Err(GatewayError::Unreadable("no stock"));
    for (data, expected) in [
        (r#"{"real_stock":7,"is_out_of_stock":false}"#, Ok(Stock { left: Some(7), is_out: false })),
        (r#"{"real_stock":"0","is_out_of_stock":"1"}"#, Ok(Stock { left: Some(0), is_out: true })),
        (r#"{"real_stock":7,"is_out_of_stock":true}"#, Ok(Stock { left: Some(7), is_out: true })),
        (r#"{"is_out_of_stock":false}"#, Ok(Stock { left: None, is_out: false })),
        (r#"{"real_stock":0}"#, Ok(Stock { left: Some(0), is_out: true })),
        ("{}", no_stock.clone()),
        (r#"{"is_out_of_stock":"perhaps"}"#, no_stock),
    ] {
        let body = format!(r#"{{"statusCode":200,"status":true,"message":"","data":{data}}}"#);
        let (url, seen) = one_answer(http("200 OK", &body));
        assert_eq!(gateway(&url).stock("XL&A").await, expected, "{data}");
        let expected = "GET /v1/checkpackagestock?api_key=se-cr-et-key&package_id=XL%26A HTTP/1.1\r\n";
        assert!(seen.join().unwrap().starts_with(expected));
    }
}

#[tokio::test]
async fn reads_the_quota() {
    const ANSWER: &str = r#"{"statusCode":200,"status":true,"message":"","data":{"quotas":[
        {"name":"Xtra Combo","expired_at":"1774915199","encrypted_package_code":"enc-1","benefits":[
            {"name":"Kuota Utama","quota":10737418240,"remaining_quota":"5368709120"},
            {"name":"Nelpon","quota":"5 menit","remaining_quota":null}]},
        {"name":"Bonus","expired_at":"31 Maret","encrypted_package_code":"","benefits":null}]}}"#;
    let (url, seen) = one_answer(http("200 OK", ANSWER));
    let quota = gateway(&url).quota(&token()).await.unwrap();
    let expected =
        "GET /v1/quotadetails?api_key=se-cr-et-key&access_token=1097690%3Aec321a89-6593 HTTP/1.1\r\n";
    assert!(seen.join().unwrap().starts_with(expected));
    let benefit = |name: &str, quota, remaining| QuotaBenefit { name: name.to_owned(), quota, remaining };
    let combo = QuotaPackage {
        name: "Xtra Combo".to_owned(),
        expires_at: Some(UtcMillis(1_774_915_199_000)),
        code: "enc-1".to_owned(),
        benefits: vec![
            benefit("Kuota Utama", Some(10_737_418_240), Some(5_368_709_120)),
            benefit("Nelpon", None, None),
        ],
    };
    let bonus = QuotaPackage {
        name: "Bonus".to_owned(),
        expires_at: None,
        code: String::new(),
        benefits: Vec::new(),
    };
    assert_eq!(quota, [combo, bonus]);
    let kept = serde_json::to_string(&quota).unwrap();
    assert_eq!(serde_json::from_str::<Vec<QuotaPackage>>(&kept).unwrap(), quota);
}

#[tokio::test]
async fn a_quota_that_cannot_be_read_whole_is_none() {
    // Leaving a package out would look like one that was never there.
    for (data, why) in [
        (r#"{"quotas":[{"benefits":[]}]}"#, "a quota"),
        (r#"{"quotas":[{"name":"A","benefits":[{"quota":1}]}]}"#, "a quota"),
        (r#"{"quotas":[{"name":"A","benefits":7}]}"#, "a quota"),
        (r#"{"quotas":null}"#, "no quotas"),
        ("null", "no quotas"),
    ] {
        let body = format!(r#"{{"statusCode":200,"status":true,"message":"","data":{data}}}"#);
        let (url, _seen) = one_answer(http("200 OK", &body));
        let unreadable = SessionError::Gateway(GatewayError::Unreadable(why));
        assert_eq!(gateway(&url).quota(&token()).await, Err(unreadable), "{data}");
    }
}

#[tokio::test]
async fn refusals_of_questions() {
    let refused = |code: &str, trouble| GatewayError::Refused { code: code.to_owned(), trouble };
    let envelope = |code: &str| format!(r#"{{"statusCode":{code},"status":false,"message":"","data":null}}"#);
    for (answer, expected) in [
        (http("200 OK", &envelope("403")), refused("403", Some(ShopTrouble::Key))),
        (http("200 OK", &envelope("436")), refused("436", Some(ShopTrouble::Deposit))),
        (http("200 OK", &envelope("418")), refused("418", None)),
        (http("200 OK", &envelope("429")), GatewayError::TooOften { code: "429".to_owned() }),
        (http("429 Too Many Requests", ""), GatewayError::TooOften { code: "429".to_owned() }),
        (http("500 Internal Server Error", &envelope("403")), GatewayError::Http(500)),
        (http("301 Moved Permanently", ""), GatewayError::Http(301)),
        (http("200 OK", "<html>"), GatewayError::Unreadable("not JSON")),
    ] {
        let (url, _seen) = one_answer(answer.clone());
        assert_eq!(gateway(&url).list_offers().await, Err(expected), "{answer}");
    }
}
