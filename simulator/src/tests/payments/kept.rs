//! What survives a restart.

use serde_json::json;

use super::super::Bench;
use crate::ChargeState;

#[tokio::test]
async fn charges_and_payments_survive_a_restart() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("book.jsonl");
    let bench = Bench::with(|config| config.book_path = Some(path.clone())).await;
    bench.charge("paid", 50_000).await;
    bench.charge("open", 50_000).await;
    bench.tripay("other", "QRIS2", 60_000).await;
    bench.order("xld1", "087800001230", "order").await;
    bench.admin("/admin/payments/pay", json!({ "order_id": "paid", "times": 2 })).await;
    let before = bench.simulator.payments();
    drop(bench);

    // Twice, as the second start reads what the first has written anew.
    for _ in 0..2 {
        let bench = Bench::with(|config| config.book_path = Some(path.clone())).await;
        assert_eq!(bench.simulator.payments(), before);
        assert!(bench.simulator.order("order").is_some());
        assert_eq!(bench.charge("open", 50_000).await["status_code"], "406");
        assert_eq!(bench.asked("paid").await["transaction_id"], before[0].payments[1].reference);
    }
    let bench = Bench::with(|config| config.book_path = Some(path.clone())).await;
    let fresh = bench.charge("fresh", 50_000).await["transaction_id"].clone();
    assert!(before.iter().all(|order| fresh != order.reference), "chance does not begin anew");
    bench.pass_ms(15 * 60_000);
    assert_eq!(bench.state("open"), ChargeState::Expire);
    bench.admin("/admin/reset", json!({})).await;
    assert_eq!(bench.simulator.payments(), []);
    drop(bench);
    let bench = Bench::with(|config| config.book_path = Some(path)).await;
    assert_eq!(bench.simulator.payments(), []);
}
