//! Notifications as the simulator sends them.

use domain::TopupMethod;
use simulator::{PaymentFault, PaymentProvider};

use super::super::{NOWHERE, answers};
use super::{Shop, made, named};
use crate::{HeaderMap, Midtrans, MidtransConfig, PayGateway, PayWebhookError, Tripay, TripayConfig};

#[tokio::test]
async fn notifications_as_the_simulator_sends_them() {
    let parse = |gateway: &dyn PayGateway, request: &str| {
        let (head, body) = request.split_once("\r\n\r\n").unwrap();
        let mut headers = HeaderMap::new();
        for (name, value) in head.lines().filter_map(|line| line.split_once(": ")) {
            headers.insert(name.parse::<reqwest::header::HeaderName>().unwrap(), value.parse().unwrap());
        }
        gateway.parse_webhook(&headers, body.as_bytes()).map(|hint| hint.order_id)
    };
    let said = b"HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: 16\r\nconnection: close\r\n\r\n{\"success\":true}";
    for (at, provider) in [PaymentProvider::Midtrans, PaymentProvider::Tripay].into_iter().enumerate() {
        for (fault, id, expected) in [
            (None, "told", Ok("told".to_owned())),
            (Some(PaymentFault::WrongBit), "forged", Err(PayWebhookError::BadSignature)),
        ] {
            let shop = Shop::open().await;
            made(shop.both()[at].charge(&named(id, TopupMethod::Qris)).await);
            let (url, seen) = answers(vec![said.to_vec()]);
            shop.simulator.set_payment_notification_url(provider, Some(url));
            if let Some(fault) = fault {
                shop.next(fault, "notification");
            }
            shop.simulator.pay(id).unwrap();
            shop.simulator.deliver_payment_notifications().await;
            let requests = seen.join().unwrap();
            assert_eq!(parse(shop.both()[at], &requests[0]), expected, "{requests:?}");
            // With another key nothing of it is believed.
            let stranger: [Box<dyn PayGateway>; 2] = [
                Box::new(Midtrans::new(MidtransConfig::new(NOWHERE, "Mid-server-live")).unwrap()),
                Box::new(Tripay::new(TripayConfig::new(NOWHERE, "T0001", "DEV-api-key", "other")).unwrap()),
            ];
            assert_eq!(parse(stranger[at].as_ref(), &requests[0]), Err(PayWebhookError::BadSignature));
        }
    }
}
