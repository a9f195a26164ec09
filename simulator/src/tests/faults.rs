//! Every misbehaviour: what the shop sees, what the book says, and that it was counted.

use serde_json::{Value, json};

use super::{Bench, IMPATIENCE, PATIENCE};
use crate::OrderState;

const NUMBER: &str = "087812345678";

/// Sets how the next order is answered, made and delivered as it is.
async fn next_answer(bench: &Bench, answer: Value) {
    let behaviour = json!({ "order": { "kind": "success" }, "answer": answer });
    bench.admin("/admin/behaviour", json!({ "behaviour": behaviour, "times": 1 })).await;
}

#[tokio::test]
async fn silent_answers_leave_a_delivered_order() {
    let bench = Bench::start().await;
    for kind in ["hang", "close", "cut_body"] {
        next_answer(&bench, json!({ "kind": kind })).await;
        let error = bench.try_order(IMPATIENCE, "xld1", NUMBER, kind).await.unwrap_err();
        assert_eq!(error.is_timeout(), kind == "hang", "{kind}: {error:?}");
        assert!(!error.is_connect(), "{kind}");
        assert_eq!(bench.really(kind), Some((1, 1, 4_150)), "{kind}");
        assert_eq!(bench.order("xld1", NUMBER, kind).await["rc"], "00", "{kind}, asked again");
        assert_eq!(bench.really(kind), Some((1, 1, 4_150)), "{kind}, asked again");
        assert_eq!(bench.get("/admin/counters").await["orders"]["answers"][kind], 1);
    }
}

#[tokio::test]
async fn wrong_statuses_leave_a_delivered_order() {
    let bench = Bench::start().await;
    for (kind, status, text) in [
        ("http500", 500, "Internal Server Error"),
        ("html502", 502, "<html>"),
        ("http429", 429, "Too Many Requests"),
        ("redirect", 307, ""),
    ] {
        next_answer(&bench, json!({ "kind": kind })).await;
        let (seen, body) = bench.try_order(PATIENCE, "xld1", NUMBER, kind).await.unwrap();
        assert_eq!(seen, status, "{kind}");
        assert!(body.contains(text), "{kind}: {body}");
        assert_eq!(bench.really(kind), Some((1, 1, 4_150)), "{kind}");
    }
}

#[tokio::test]
async fn crippled_answers() {
    let bench = Bench::start().await;
    next_answer(&bench, json!({ "kind": "truncated_json" })).await;
    let (status, body) = bench.try_order(PATIENCE, "xld1", NUMBER, "truncated").await.unwrap();
    assert_eq!(status, 200);
    assert!(serde_json::from_str::<Value>(&body).unwrap_err().is_eof(), "{body}");

    next_answer(&bench, json!({ "kind": "missing_rc" })).await;
    assert_eq!(bench.order("xld1", NUMBER, "a").await.get("rc"), None);
    next_answer(&bench, json!({ "kind": "missing_status" })).await;
    assert_eq!(bench.order("xld1", NUMBER, "b").await.get("status"), None);
    next_answer(&bench, json!({ "kind": "strings_for_numbers" })).await;
    assert_eq!(bench.order("xld1", NUMBER, "c").await["price"], "4150");
    next_answer(&bench, json!({ "kind": "other_ref" })).await;
    assert_eq!(bench.order("xld1", NUMBER, "d").await["ref_id"], "not-yours");
    next_answer(&bench, json!({ "kind": "slow", "ms": 1 })).await;
    assert_eq!(bench.order("xld1", NUMBER, "e").await["rc"], "00");
    next_answer(&bench, json!({ "kind": "drip", "ms": 0 })).await;
    assert_eq!(bench.order("xld1", NUMBER, "f").await["rc"], "00");
    next_answer(&bench, json!({ "kind": "code", "rc": "00", "status": "Gagal" })).await;
    let lie = bench.order("xld1", NUMBER, "g").await;
    assert_eq!((&lie["rc"], &lie["status"]), (&json!("00"), &json!("Gagal")));
    for ref_id in ["truncated", "a", "b", "c", "d", "e", "f", "g"] {
        assert_eq!(bench.really(ref_id), Some((1, 1, 4_150)), "{ref_id}");
    }
}

#[tokio::test]
async fn requests_that_go_under() {
    let bench = Bench::start().await;
    for answer in ["hang", "close", "http500", "http429"] {
        let behaviour = json!({ "order": { "kind": "not_formed" }, "answer": { "kind": answer } });
        bench
            .admin("/admin/behaviour", json!({ "behaviour": behaviour, "ref_id": answer, "on": "first" }))
            .await;
        let seen = bench.try_order(IMPATIENCE, "xld1", "087800001230", answer).await;
        assert!(seen.is_err() || seen.unwrap().0 >= 429, "{answer}");
        assert_eq!(bench.really(answer), Some((0, 0, 0)), "{answer}");
        // Asking again buys.
        bench.order("xld1", "087812345678", answer).await;
        assert_eq!(bench.really(answer), Some((1, 0, 4_150)), "{answer}");
    }
}

#[tokio::test]
async fn the_magic_numbers_of_faults() {
    let bench = Bench::start().await;
    for (number, charged) in
        [("087800001240", 1), ("087800001241", 1), ("087800001242", 1), ("087800001243", 0)]
    {
        let seen = bench.try_order(IMPATIENCE, "axb2", number, number).await;
        match number {
            "087800001241" => assert_eq!(seen.unwrap().0, 500),
            "087800001242" => assert!(serde_json::from_str::<Value>(&seen.unwrap().1).is_err()),
            _ => assert!(seen.unwrap_err().is_timeout()),
        }
        assert_eq!(bench.really(number).unwrap().0, charged, "{number}");
        // They strike once; asking again gets an honest answer.
        let rc = if charged == 1 { "00" } else { "03" };
        assert_eq!(bench.order("axb2", number, number).await["rc"], rc, "{number}");
        assert_eq!(bench.really(number).unwrap().0, 1, "{number}");
    }
}

#[tokio::test]
async fn pending_ends_by_queries_or_by_hand() {
    let bench = Bench::start().await;
    let pending = |then: &str, settling: Value| json!({ "order": { "kind": "pending", "then": then, "settling": settling } });
    let rule = json!({ "behaviour": pending("success", json!({ "after_queries": 2 })), "ref_id": "q", "on": "first" });
    bench.admin("/admin/behaviour", rule).await;
    let mut codes = Vec::new();
    for _ in 0..3 {
        codes.push(bench.order("xld1", NUMBER, "q").await["rc"].clone());
    }
    assert_eq!(codes, ["03", "03", "00"]);

    let rule = json!({ "behaviour": pending("failed", json!({ "after_ms": 9_000_000 })), "ref_id": "h" });
    bench.admin("/admin/behaviour", rule).await;
    bench.order("xld1", NUMBER, "h").await;
    bench.order("xld1", "087800001235", "never").await;
    assert_eq!(bench.admin("/admin/settle", json!({})).await, json!({ "settled": ["h"] }));
    assert_eq!(bench.order("xld1", NUMBER, "h").await["rc"], "02");
    assert_eq!(bench.really("never"), Some((1, 0, 4_150)));
    let by_name = json!({ "ref_id": "never", "ending": "success" });
    assert_eq!(bench.admin("/admin/settle", by_name).await, json!({ "settled": ["never"] }));
    assert_eq!(bench.really("never"), Some((1, 1, 4_150)));
}

#[tokio::test]
async fn a_success_can_be_taken_back() {
    let bench = Bench::start().await;
    let fate = json!({ "kind": "success_then_refunded", "settling": { "after_queries": 1 } });
    bench.admin("/admin/behaviour", json!({ "behaviour": { "order": fate }, "times": 1 })).await;
    assert_eq!(bench.order("xld1", NUMBER, "r").await["status"], "Sukses");
    assert_eq!(bench.really("r"), Some((1, 0, 4_150)));
    let later = bench.order("xld1", NUMBER, "r").await;
    assert_eq!((&later["status"], &later["rc"]), (&json!("Gagal"), &json!("74")));
    assert_eq!(bench.really("r"), Some((0, 0, 0)));
    assert_eq!(bench.simulator.order("r").unwrap().state, OrderState::Refunded);
}

#[tokio::test]
async fn every_code_on_demand() {
    let bench = Bench::start().await;
    for rc in [
        "00", "01", "02", "03", "40", "41", "43", "44", "45", "49", "50", "51", "52", "53", "54", "55", "57",
        "58", "59", "60", "61", "66", "68", "69", "70", "71", "72", "74", "85", "99",
    ] {
        let answer = bench.order(&format!("rc{rc}"), NUMBER, rc).await;
        let status = match rc {
            "00" => "Sukses",
            "03" | "99" => "Pending",
            _ => "Gagal",
        };
        assert_eq!((&answer["rc"], &answer["status"]), (&json!(rc), &json!(status)));
        let charged = u32::from(["00", "01", "03", "70", "74", "99"].contains(&rc));
        assert_eq!(bench.simulator.order(rc).unwrap().times_charged, charged + u32::from(rc == "02"), "{rc}");
    }
}

#[tokio::test]
async fn duplicates_in_three_modes() {
    let bench = Bench::start().await;
    bench.order("xld1", "087800001230", "d").await;
    bench.admin("/admin/duplicates", json!({ "mode": "rc49" })).await;
    assert_eq!(bench.order("xld1", "087800001230", "d").await["rc"], "49");
    assert_eq!(bench.really("d"), Some((1, 1, 4_150)));
    bench.admin("/admin/duplicates", json!({ "mode": "charges_twice" })).await;
    assert_eq!(bench.order("xld1", "087800001230", "d").await["rc"], "00");
    assert_eq!(bench.really("d"), Some((2, 2, 8_300)));
    assert_eq!(bench.get("/book").await["totals"]["charged_twice"], 1);
}

#[tokio::test]
async fn the_same_reference_at_the_same_time_is_one_order() {
    let bench = Bench::start().await;
    let orders = (0..32).map(|_| bench.order("xld1", NUMBER, "same"));
    for answer in futures_util::future::join_all(orders).await {
        assert_eq!(answer["rc"], "03");
    }
    assert_eq!(bench.really("same"), Some((1, 0, 4_150)));
    assert_eq!(bench.simulator.order("same").unwrap().times_received, 32);
}

#[tokio::test]
async fn chances_follow_the_seed() {
    let mut runs = Vec::new();
    for _ in 0..2 {
        let bench = Bench::start().await;
        let rule = json!({ "behaviour": { "answer": { "kind": "http500" } }, "percent": 20 });
        bench.admin("/admin/behaviour", rule).await;
        let mut statuses = Vec::new();
        for i in 0..50 {
            statuses.push(bench.try_order(PATIENCE, "xld1", NUMBER, &i.to_string()).await.unwrap().0);
        }
        let struck = statuses.iter().filter(|status| **status == 500).count();
        assert!((1..=25).contains(&struck), "{struck}");
        assert_eq!(bench.get("/admin/counters").await["orders"]["answers"]["http500"], struck);
        runs.push(statuses);
    }
    assert_eq!(runs.first(), runs.last());
}
