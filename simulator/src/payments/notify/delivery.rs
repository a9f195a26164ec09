//! Brings notifications to the shop.

use std::collections::BTreeMap;
use std::sync::{Arc, Weak};
use std::time::Duration;

use futures_util::future::join_all;
use serde_json::Value;

use super::Telling;
use crate::PaymentProvider;
use crate::state::{Counters, Inner};

/// How long the shop may take to answer one.
const ANSWER_TIMEOUT: Duration = Duration::from_secs(15);
/// At least this often the clock is looked at: a test may have set it.
const CLOCK_CHECK: Duration = Duration::from_millis(500);
/// How long one looks away while other notifications of the same order are on their way.
const BUSY_CHECK: Duration = Duration::from_millis(5);

/// Delivers what is due, order by order at the same time. Lives as long as the simulator.
pub(crate) async fn tell_in_time(inner: Weak<Inner>) {
    loop {
        let Some(strong) = inner.upgrade() else { return };
        let due = strong.desk(|desk| desk.state.payments.tellings.take(desk.now_ms, None));
        for (order_id, tellings) in by_order(due) {
            tokio::spawn(deliver_in_turn(Arc::clone(&strong), order_id, tellings));
        }
        let told = Arc::clone(&strong.told);
        drop(strong);
        let _ = tokio::time::timeout(CLOCK_CHECK, told.notified()).await;
    }
}

/// Delivers now all that is written, whenever it would be due, and waits for the answers: of one order, or of all. What
/// fails waits for its next try. Gives how many went out.
pub(crate) async fn deliver(inner: &Arc<Inner>, order_id: Option<&str>) -> usize {
    let first_id = inner.desk(|desk| desk.state.payments.tellings.next_id + 1);
    let mut delivered = 0;
    loop {
        let (taken, is_busy) = inner.desk(|desk| {
            let tellings = &mut desk.state.payments.tellings;
            // Asked before anything is taken, as taking makes busy.
            let is_busy = tellings.busy.iter().any(|busy| order_id.is_none_or(|order_id| order_id == busy));
            (tellings.take(desk.now_ms, Some((first_id, order_id))), is_busy)
        });
        if taken.is_empty() && !is_busy {
            return delivered;
        }
        delivered += taken.len();
        if taken.is_empty() {
            tokio::time::sleep(BUSY_CHECK).await;
        }
        // Tasks of their own: whoever waits here may hang up, and what was taken must still be delivered.
        let turns = by_order(taken).into_iter();
        let turns = turns
            .map(|(order_id, tellings)| tokio::spawn(deliver_in_turn(Arc::clone(inner), order_id, tellings)));
        join_all(turns.collect::<Vec<_>>()).await;
    }
}

fn by_order(tellings: Vec<Telling>) -> BTreeMap<String, Vec<Telling>> {
    let mut orders = BTreeMap::<String, Vec<Telling>>::new();
    for telling in tellings {
        orders.entry(telling.order_id.clone()).or_default().push(telling);
    }
    orders
}

/// Those of one order, in their turn.
async fn deliver_in_turn(inner: Arc<Inner>, order_id: String, tellings: Vec<Telling>) {
    for mut telling in tellings {
        let sent = (0..telling.copies).map(|_| send(&inner, &telling));
        let words = join_all(sent).await;
        telling.tries += 1;
        inner.desk(|desk| {
            let payments = &mut desk.state.payments;
            for word in &words {
                Counters::count(&mut payments.counters.notifications, word);
            }
            // A duplicate that the shop took makes the rest superfluous.
            if !words.contains(&"taken") {
                match telling.again_ms(desk.now_ms) {
                    Some(due_ms) => {
                        payments.tellings.next_id += 1;
                        let id = payments.tellings.next_id;
                        payments.tellings.waiting.push(Telling { id, due_ms, copies: 1, ..telling });
                    }
                    None => Counters::count(&mut payments.counters.notifications, "given_up"),
                }
            }
        });
    }
    inner.desk(|desk| desk.state.payments.tellings.busy.remove(&order_id));
    // What was written meanwhile waits for this.
    inner.told.notify_one();
}

/// What the shop made of it, in a word.
async fn send(inner: &Inner, telling: &Telling) -> &'static str {
    let Some(client) = inner.http() else { return "no_client" };
    let mut request = client
        .post(&telling.url)
        .timeout(ANSWER_TIMEOUT)
        .header("content-type", "application/json")
        .body(telling.body.clone());
    if let Some(signature) = &telling.signature {
        request =
            request.header("x-callback-event", "payment_status").header("x-callback-signature", signature);
    }
    let answer = match request.send().await {
        Ok(answer) => answer,
        Err(_) => return "unanswered",
    };
    match answer.status().as_u16() {
        200..=299 if telling.provider == PaymentProvider::Midtrans => "taken",
        // Tripay wants to read that it was taken.
        200..=299 => match answer.json::<Value>().await {
            Ok(body) if body.get("success") == Some(&Value::Bool(true)) => "taken",
            _ => "not_acknowledged",
        },
        503 => "unavailable",
        500..=599 => "failed",
        _ => "refused",
    }
}
