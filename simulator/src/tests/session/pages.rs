//! The pages for people.

use super::{Bench, NUMBER, really, trx_id};

#[tokio::test]
async fn a_phone_shows_its_otp_and_pays() {
    let bench = Bench::start().await;
    let token = bench.sign_in(NUMBER).await;
    bench.pass_ms(60_000);
    bench.otp(NUMBER).await;
    let page = bench.page("/phone?msisdn=087812345678").await;
    assert!(
        page.contains(&format!("Kode OTP XL kamu: {}.", bench.simulator.otp_of(NUMBER).unwrap())),
        "{page}"
    );
    assert!(page.contains("Pulsa: Rp 100.000") && page.contains("2026-03-01 07:01:00"), "{page}");

    let envelope = bench.buy(NUMBER, &token, "XLCOMBO10_EWALLET", "DANA").await;
    let trx_id = trx_id(&envelope);
    let phone = bench.page("/phone?msisdn=6287812345678").await;
    let wallet = bench.page(&format!("/wallet/{trx_id}")).await;
    for page in [phone, wallet] {
        assert!(page.contains("Rp 58.000") && page.contains("<button>Pay</button>"), "{page}");
        assert!(page.contains(&format!("name=\"trx_id\" value=\"{trx_id}\"")), "{page}");
    }
    let to_phone = (303, "/phone?msisdn=6287812345678".to_owned());
    assert_eq!(bench.form("/phone/pay", &format!("trx_id={trx_id}&late=refund")).await, to_phone);
    assert_eq!(bench.form("/phone/pay", &format!("trx_id={trx_id}")).await.0, 409, "only once");
    assert!(!bench.page("/phone?msisdn=6287812345678").await.contains("<button>Pay</button>"));
    bench.pass_ms(3_000);
    let page = bench.page("/phone?msisdn=6287812345678").await;
    assert!(page.contains("Kuota Utama: 10737418240"), "{page}");
    assert_eq!(really(&bench.only_order(NUMBER, "XLCOMBO10_EWALLET")), (1, 1, 1_500, 58_000));
}

#[tokio::test]
async fn late_payments_have_two_buttons() {
    let bench = Bench::start().await;
    let token = bench.sign_in(NUMBER).await;
    let trx_id = trx_id(&bench.buy(NUMBER, &token, "XLCOMBO10_EWALLET", "QRIS").await);
    bench.pass_ms(600_000);
    let page = bench.page(&format!("/phone?msisdn={NUMBER}")).await;
    assert!(page.contains("value=\"deliver\"") && page.contains("<code>000201010212"), "{page}");
    bench.form("/phone/pay", &format!("trx_id={trx_id}&late=deliver")).await;
    assert_eq!(really(&bench.only_order(NUMBER, "XLCOMBO10_EWALLET")), (1, 1, 1_500, 58_000));
}

#[tokio::test]
async fn pulsa_and_sessions_by_form() {
    let bench = Bench::start().await;
    let token = bench.sign_in(NUMBER).await;
    bench.form("/phone/pulsa", "msisdn=6287812345678&rupiah=1500").await;
    assert_eq!(bench.simulator.pulsa_rupiah(NUMBER), 1_500);
    bench.form("/phone/sessions", "msisdn=6287812345678&act=expire").await;
    let quota = format!("quotadetails?api_key=apikey&access_token={token}");
    assert_eq!(bench.session(&quota).await["statusCode"], 401);
    bench.form("/phone/sessions", "msisdn=6287812345678&act=revoke").await;
    assert_eq!(bench.session(&quota).await["statusCode"], 419);
    assert!(bench.page("/phone").await.contains("6287812345678"));
}

#[tokio::test]
async fn the_page_of_all_orders_is_safe_to_read() {
    let bench = Bench::start().await;
    bench.order("xld1", "087800001230", "<b>&\"'").await;
    let token = bench.sign_in(NUMBER).await;
    bench.buy(NUMBER, &token, "XLCOMBO10_PULSA", "BALANCE").await;
    let page = bench.page("/orders").await;
    assert!(page.contains("&lt;b&gt;&amp;&quot;&#39;") && !page.contains("<b>"), "{page}");
    assert!(page.contains("XLCOMBO10_PULSA") && page.contains("2 references"), "{page}");
    assert!(bench.page("/orders?after=1").await.contains("xld1"));
}
