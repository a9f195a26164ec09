//! The wallet for people.

use serde_json::json;

use super::super::Bench;
use super::{told, with_shop};
use crate::ChargeState;

#[tokio::test]
async fn every_button_does_what_it_says() {
    let (bench, mut shop) = with_shop().await;
    for order_id in ["a", "b", "c", "d", "e"] {
        bench.charge(order_id, 50_000).await;
    }
    let list = bench.page("/pay").await;
    assert!(list.contains("<html lang=\"id\">") && list.contains("Menunggu pembayaran"), "{list}");
    assert!(list.contains("href=\"/pay/midtrans/a\"") && list.contains("Rp 50.000"), "{list}");

    let page = bench.page("/pay/midtrans/a").await;
    let qr_string = bench.charged("a").code.qr_string.unwrap();
    assert!(page.contains(&format!("<code>{qr_string}</code>")), "{page}");
    let press = async |order_id: &str, fields: &str| {
        let path = format!("/pay/midtrans/{order_id}");
        let (status, location) = bench.form(&path, fields).await;
        assert!(status == 409 || location == path, "{status} {location}");
        status
    };
    assert_eq!(press("a", "act=chargeback").await, 409, "nothing was paid");
    assert_eq!(press("a", "act=pay_other&amount=viel").await, 409);
    assert_eq!(press("a", "act=pay").await, 303);
    assert_eq!(press("a", "act=expire").await, 409, "paid already");
    assert_eq!(press("a", "act=refund&amount=50001").await, 409);
    assert_eq!(press("a", "act=refund&amount=20000").await, 303);
    assert_eq!(bench.state("a"), ChargeState::PartialRefund);
    let page = bench.page("/pay/midtrans/a").await;
    assert!(page.contains("Tersisa Rp 30.000.") && page.contains("dikembalikan toko"), "{page}");
    press("a", "act=chargeback").await;
    assert_eq!(bench.state("a"), ChargeState::Chargeback);

    press("b", "act=pay_twice").await;
    assert_eq!(bench.charged("b").settled_rupiah(), 100_000);
    press("b", "act=deny").await;
    assert_eq!(bench.state("b"), ChargeState::Deny);
    press("c", "act=pay_other&amount=49000").await;
    assert_eq!(bench.charged("c").settled_rupiah(), 49_000);
    press("d", "act=expire").await;
    assert_eq!(bench.state("d"), ChargeState::Expire);
    assert!(bench.page("/pay/midtrans/d").await.contains(">Bayar terlambat</button>"));
    press("d", "act=pay").await;
    assert!(bench.charged("d").payments[0].late);

    let all = shop.all(&bench).await;
    let of_d: Vec<_> = all.into_iter().filter(|told| told["order_id"] == "d").collect();
    assert_eq!(told(&of_d, "transaction_status"), ["pending", "expire", "settlement"]);
}

#[tokio::test]
async fn accounts_and_transactions_of_the_other_gateway_have_pages_too() {
    let bench = Bench::start().await;
    let answer = bench.tripay("same", "BRIVA", 50_000).await;
    let second = bench.tripay("same", "BRIVA", 50_000).await;
    let path = format!("/pay/tripay/{}", answer["data"]["reference"].as_str().unwrap());
    assert_eq!(answer["data"]["checkout_url"], format!("{}{path}", bench.server.url()));
    assert!(bench.page(&path).await.contains(answer["data"]["pay_code"].as_str().unwrap()));
    bench.form(&path, "act=pay").await;
    assert_eq!(bench.charged(answer["data"]["reference"].as_str().unwrap()).settled_rupiah(), 50_000);
    assert_eq!(bench.charged(second["data"]["reference"].as_str().unwrap()).settled_rupiah(), 0);
    assert_eq!(
        bench.client.get(format!("{}/pay/tripay/x", bench.server.url())).send().await.unwrap().status(),
        404
    );
}

#[tokio::test]
async fn names_are_safe_to_read() {
    let bench = Bench::start().await;
    bench.tripay("<b>&\"'", "QRIS2", 50_000).await;
    let page = bench.page("/pay").await;
    assert!(page.contains("&lt;b&gt;&amp;&quot;&#39;") && !page.contains("<b>"), "{page}");
    assert_eq!(bench.get("/payments/book").await["totals"]["orders"], json!(1));
}
