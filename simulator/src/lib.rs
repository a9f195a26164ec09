//! A faithful XL gateway, and payment gateways, to develop and test against. It knows no adapter and not the shop's own types: it is written
//! from the contract paper alone, so that one misreading cannot hide on both sides.
//!
//! It keeps one book of what was *really* charged and delivered (`GET /book`), whatever its answers said, and it can
//! misbehave in every way the contract lists: by the number's last digits (`Behaviour::by_number` for both dialects,
//! `session::magic` for the second), by SKU, by the last digits of an amount to be paid (`payments::behaviour`), or by an
//! admin call.
//!
//! | path | what |
//! |---|---|
//! | `POST /digiflazz/v1/{cek-saldo,price-list,transaction}` | the H2H dialect |
//! | `GET /session/v1/{call}`, `GET /session/{call}/v1` | the session dialect: `reqotp`, `login`, `accesstokenlist`, `packagelist`, `checkpackagestock`, `packagepurchase`, `checktransaction`, `quotadetails`, `panelaccountbalance` |
//! | `POST /midtrans/v2/charge`, `GET /midtrans/v2/{id}/status`, `POST /midtrans/v2/{id}/{cancel,expire,refund}` | Midtrans Core API |
//! | `POST /tripay/api/transaction/create`, `GET /tripay/api/transaction/detail`, `GET /tripay/api/merchant/{transactions,payment-channel}` | Tripay |
//! | `GET /payments/book?provider=&after=&limit=`, `GET /payments/book/{order_id}` | the truth about payments |
//! | `POST /admin/payments/{behaviour,pay,act,notifications,deliver}`, `DELETE /admin/payments/behaviour`, `GET /admin/payments/{notifications,counters}` | the strings to pull on payments |
//! | `POST /telegram/bot{token}/sendMessage`, and SMTP on a port of its own | messages to people |
//! | `GET /book?number=&sku=&after=&limit=`, `GET /book/{ref_id}` | the truth |
//! | `POST /admin/{behaviour,duplicates,settle,deposit,prices,clock,reset}`, `GET /admin/counters` | the strings to pull |
//! | `GET /admin/phone?msisdn=`, `POST /admin/{pulsa,pay,expire,revoke}` | the same for numbers: read the OTP, set pulsa, pay, make tokens expire, end sessions |
//! | `POST /admin/messages`, `GET /admin/messages` | make messages fail, and read those that did not; `GET /messages` for people |
//! | `GET /phone?msisdn=`, `GET /wallet/{trx_id}`, `GET /orders` | the same for people |
//!
//! The admin calls and the pages have no password: serve this on a loopback address only.

mod admin;
mod behaviour;
mod book;
mod catalogue;
mod chance;
mod config;
mod digiflazz;
mod faults;
mod journal;
mod messages;
mod orders;
mod pages;
mod payments;
mod rules;
mod server;
mod session;
mod state;
mod webhooks;

#[cfg(test)]
mod tests;

pub use behaviour::{AnswerFate, Behaviour, Ending, OrderFate, Receipt, Rule, Settling};
pub use book::{BookOrder, OrderState};
pub use catalogue::{Brand, PackageCategory, SimulatedPackage, default_catalogue};
pub use config::{Clock, Duplicates, SimulatorConfig};
pub use messages::{MessageFault, MessageWay, SimulatedMessage};
pub use payments::{
    ChargeState, MoneyBack, MoneyBackKind, PaymentAct, PaymentCode, PaymentCodeBank, PaymentFault,
    PaymentOrder, PaymentProvider, PaymentRule, PaymentTotals, SettledPayment,
};
pub use server::{RunningMail, RunningSimulator, Simulator};
pub use session::{Benefit, CutOff, PaymentMethod, SessionOrder, SessionPackage, default_session_catalogue};
