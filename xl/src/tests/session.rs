//! The session dialect against literal fixtures from the contract paper, and against the simulator over real HTTP.

mod answers;
mod fixtures;
mod guarded;
mod journey;
mod lists;
mod misbehaviour;
mod sign_in;
mod table;

use domain::{Msisdn, Payment, PaymentMethod, Rupiah, UtcMillis};

use crate::{AccessToken, Order, Session, SessionConfig, StoredRequest};

/// The stored text of an order that DANA pays for, typed out.
const STORED: &str = r#"{"package_code":"XLXC10_EW","phone":"6287800001230","payment_method":"dana","price_or_fee":3500,"needs_session":true}"#;
/// A moment that no test has chosen for its digits.
const NOW: UtcMillis = UtcMillis(1_772_323_200_000);

fn config(base_url: &str) -> SessionConfig {
    let timeouts = super::config(base_url);
    SessionConfig {
        connect_timeout: timeouts.connect_timeout,
        total_timeout: timeouts.total_timeout,
        ..SessionConfig::new(base_url, "main", "se-cr-et-key")
    }
}

fn gateway(base_url: &str) -> Session {
    Session::new(config(base_url)).unwrap()
}

/// For answers that will not come: it waits long enough for the request to arrive.
fn impatient_config(base_url: &str) -> SessionConfig {
    SessionConfig { total_timeout: std::time::Duration::from_secs(1), ..config(base_url) }
}

fn impatient_gateway(base_url: &str) -> Session {
    Session::new(impatient_config(base_url)).unwrap()
}

fn any_gateway() -> Session {
    gateway("http://127.0.0.1:9")
}

fn number() -> Msisdn {
    "087800001230".parse().unwrap()
}

fn token() -> AccessToken {
    AccessToken::parse("1097690:ec321a89-6593").unwrap()
}

fn stored() -> StoredRequest {
    StoredRequest::from_stored(STORED)
}

fn order() -> Order {
    Order {
        client_ref: "test1".to_owned(),
        sku: "XLXC10_EW".to_owned(),
        msisdn: number(),
        max_price: Rupiah::new(3_500),
    }
}

fn paid_by(method: PaymentMethod) -> Payment {
    Payment { method, wallet: None, needs_session: true }
}
