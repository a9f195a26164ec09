use std::collections::HashMap;
use std::fmt;
use std::path::PathBuf;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{Behaviour, SessionPackage, SimulatedPackage, default_catalogue, default_session_catalogue};

/// Tells the time in milliseconds since 1970, UTC. Handed in, so that a test can set it.
pub type Clock = Arc<dyn Fn() -> i64 + Send + Sync>;

/// What the gateway does when it sees a `ref_id` again.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Duplicates {
    /// Answers with the state of the first order, as the contract promises.
    #[default]
    Replay,
    /// Answers rc 49, "ref used", and changes nothing.
    Rc49,
    /// Charges and delivers once more: the gateway nobody wants, kept to prove that the shop notices.
    ChargesTwice,
}

/// Everything a simulator is made of. Start from [`SimulatorConfig::new`] and change fields.
#[derive(Clone)]
pub struct SimulatorConfig {
    /// The shop's name at the gateway.
    pub username: String,
    /// The shop's key: part of every signature, and `api_key` of the session dialect.
    pub api_key: String,
    /// The key of the webhooks' signatures.
    pub webhook_secret: String,
    /// Where changes of state are told; an order's own `cb_url` goes before it.
    pub webhook_url: Option<String>,
    /// Serial numbers and chances follow from it: the same seed, the same run.
    pub seed: u64,
    /// Tells the time.
    pub clock: Clock,
    /// What is sold.
    pub catalogue: Vec<SimulatedPackage>,
    /// What the session dialect sells.
    pub session_catalogue: Vec<SessionPackage>,
    /// The pulsa on a number that was never heard of before, in rupiah.
    pub pulsa_rupiah: i64,
    /// How long a payment by e-wallet or QRIS may be made.
    pub payment_lives_ms: i64,
    /// Whether the session dialect writes every number as a text.
    pub session_numbers_as_strings: bool,
    /// The shop's deposit at the start, in rupiah.
    pub deposit_rupiah: i64,
    /// How long an ordinary order is Pending before it succeeds; 0 means success in the first answer.
    pub processing_ms: i64,
    /// The token of the one Telegram bot.
    pub bot_token: String,
    /// The chats that it may write to.
    pub chats: Vec<String>,
    /// Who may hand in mail.
    pub mail_username: String,
    /// With which password.
    pub mail_password: String,
    /// What a repeated `ref_id` gets.
    pub duplicates: Duplicates,
    /// The whole price list is given once in this time (rc 83 in between); 0 means as often as asked.
    pub price_list_every_ms: i64,
    /// Behaviour of chosen SKUs. Besides, every SKU `rcNN` answers code NN.
    pub sku_behaviours: HashMap<String, Behaviour>,
    /// Part of every signature of the fake Midtrans, and its password.
    pub midtrans_server_key: String,
    /// The shop's name at the fake Midtrans, in every answer.
    pub midtrans_merchant_id: String,
    /// Where the fake Midtrans tells what happened to a payment.
    pub midtrans_notification_url: Option<String>,
    /// Whether the HTTP status of the fake Midtrans is the body's `status_code`. Its client libraries look at both,
    /// because it answers 200 to most refusals.
    pub midtrans_http_follows_body: bool,
    /// The shop's code at the fake Tripay, part of the signature of each new transaction.
    pub tripay_merchant_code: String,
    /// The bearer of the fake Tripay.
    pub tripay_api_key: String,
    /// The key of the fake Tripay's signatures.
    pub tripay_private_key: String,
    /// Where the fake Tripay calls back; a transaction's own `callback_url` goes before it.
    pub tripay_callback_url: Option<String>,
    /// Whether the payment gateways are the real ones: keys of their sandboxes (`SB-…`, `DEV-…`) are then refused.
    pub payments_in_production: bool,
    /// Where the book is kept, so that it survives the process; in memory only when `None`.
    pub book_path: Option<PathBuf>,
}

impl SimulatorConfig {
    /// A gateway as the demo wants it: the built-in catalogue, a deposit of Rp 50.000.000, ordinary orders delivered
    /// after three seconds, the book in memory.
    pub fn new(username: &str, api_key: &str, webhook_secret: &str, seed: u64, clock: Clock) -> Self {
        Self {
            username: username.to_owned(),
            api_key: api_key.to_owned(),
            webhook_secret: webhook_secret.to_owned(),
            webhook_url: None,
            seed,
            clock,
            catalogue: default_catalogue(),
            session_catalogue: default_session_catalogue(),
            pulsa_rupiah: 100_000,
            payment_lives_ms: 600_000,
            session_numbers_as_strings: false,
            deposit_rupiah: 50_000_000,
            processing_ms: 3_000,
            bot_token: "110201543:simulated-bot".to_owned(),
            chats: vec!["-1001".to_owned(), "20002".to_owned()],
            mail_username: "toko".to_owned(),
            mail_password: "simulated-mail".to_owned(),
            duplicates: Duplicates::Replay,
            price_list_every_ms: 300_000,
            sku_behaviours: HashMap::new(),
            midtrans_server_key: "SB-Mid-server-simulated".to_owned(),
            midtrans_merchant_id: "G000000000".to_owned(),
            midtrans_notification_url: None,
            midtrans_http_follows_body: false,
            tripay_merchant_code: "T00000".to_owned(),
            tripay_api_key: "DEV-simulated".to_owned(),
            tripay_private_key: "simulated-private-key".to_owned(),
            tripay_callback_url: None,
            payments_in_production: false,
            book_path: None,
        }
    }
}

/// Without the keys.
impl fmt::Debug for SimulatorConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SimulatorConfig")
            .field("username", &self.username)
            .field("seed", &self.seed)
            .field("packages", &self.catalogue.len())
            .field("processing_ms", &self.processing_ms)
            .field("duplicates", &self.duplicates)
            .field("book_path", &self.book_path)
            .finish_non_exhaustive()
    }
}
