//! The session dialect over real HTTP, against requests and answers typed from the contract paper.

mod faults;
mod kept;
mod login;
mod payments;
mod purchase;

use std::time::Duration;

use serde_json::Value;

use super::{Bench, IMPATIENCE, PATIENCE};
use crate::BookOrder;

/// An ordinary number, as the shop writes it.
const NUMBER: &str = "6287812345678";

impl Bench {
    /// Sends this very query; the envelope of the answer.
    async fn session(&self, call_and_query: &str) -> Value {
        let (status, body) = self.try_session(PATIENCE, call_and_query).await.unwrap();
        assert_eq!(status, 200, "{body}");
        serde_json::from_str(&body).unwrap()
    }

    async fn try_session(
        &self,
        timeout: Duration,
        call_and_query: &str,
    ) -> Result<(u16, String), reqwest::Error> {
        let url = format!("{}/{call_and_query}", self.server.session_url());
        let answer = self.client.get(url).timeout(timeout).send().await?;
        Ok((answer.status().as_u16(), answer.text().await?))
    }

    /// Asks for an OTP and gives its `auth_id`.
    async fn otp(&self, msisdn: &str) -> String {
        let envelope = self.session(&format!("reqotp?api_key=apikey&phone={msisdn}&method=OTP")).await;
        envelope["data"]["auth_id"].as_str().unwrap_or_else(|| panic!("{envelope}")).to_owned()
    }

    /// Signs a number in and gives its access token.
    async fn sign_in(&self, msisdn: &str) -> String {
        let auth_id = self.otp(msisdn).await;
        let otp = self.simulator.otp_of(msisdn).unwrap();
        let query = format!("login?api_key=apikey&phone={msisdn}&method=OTP&auth_id={auth_id}&otp={otp}");
        access_token(&self.session(&query).await)
    }

    async fn prolong(&self, msisdn: &str, token: &str) -> Value {
        let query =
            format!("login?api_key=apikey&phone={msisdn}&method=LOGIN_BY_ACCESS_TOKEN&auth_id={token}");
        self.session(&query).await
    }

    async fn buy(&self, msisdn: &str, token: &str, code: &str, method: &str) -> Value {
        let query = purchase_query(msisdn, token, code, method);
        self.session(&query).await
    }

    async fn check(&self, trx_id: &str) -> Value {
        let mut envelope = self.session(&format!("checktransaction?api_key=apikey&trx_id={trx_id}")).await;
        assert_eq!(envelope["status"], true, "{envelope}");
        envelope["data"].take()
    }

    /// The amounts of all benefits on the number, with the names of their packages.
    async fn quota(&self, token: &str) -> Vec<(String, u64)> {
        let envelope = self.session(&format!("quotadetails?api_key=apikey&access_token={token}")).await;
        assert_eq!(envelope["status"], true, "{envelope}");
        let quotas = envelope["data"]["quotas"].as_array().unwrap();
        let benefits = quotas.iter().flat_map(|quota| quota["benefits"].as_array().unwrap());
        benefits
            .map(|benefit| {
                assert_eq!(benefit["quota"], benefit["remaining_quota"]);
                (benefit["name"].as_str().unwrap().to_owned(), benefit["quota"].as_u64().unwrap())
            })
            .collect()
    }

    /// The one order of a number for a package.
    fn only_order(&self, msisdn: &str, code: &str) -> BookOrder {
        let mut orders = self.simulator.orders_of(msisdn, code);
        assert_eq!(orders.len(), 1, "{orders:?}");
        orders.remove(0)
    }
}

fn purchase_query(msisdn: &str, token: &str, code: &str, method: &str) -> String {
    format!(
        "packagepurchase?api_key=apikey&package_code={code}&phone={msisdn}&access_token={token}\
         &payment_method={method}&price_or_fee=11500&ewallet_number=081200000000"
    )
}

fn access_token(envelope: &Value) -> String {
    envelope["data"]["access_token"].as_str().unwrap_or_else(|| panic!("{envelope}")).to_owned()
}

/// `(statusCode, status)` of an envelope that must have a message.
fn told(envelope: &Value) -> (u64, bool) {
    assert!(!envelope["message"].as_str().unwrap().is_empty(), "{envelope}");
    (envelope["statusCode"].as_u64().unwrap(), envelope["status"].as_bool().unwrap())
}

fn trx_id(envelope: &Value) -> String {
    envelope["data"]["trx_id"].as_str().unwrap_or_else(|| panic!("{envelope}")).to_owned()
}

/// `(times charged and kept, times delivered, the shop's rupiah, the owner's rupiah)`, as the book has it.
fn really(order: &BookOrder) -> (u32, u32, i64, i64) {
    let paid_rupiah = order.session.as_ref().unwrap().paid_rupiah;
    (order.times_charged - order.times_returned, order.times_delivered, order.charged_rupiah, paid_rupiah)
}
