//! The session dialect: a number signs in by OTP, and its owner pays for the package.
//!
//! Every call is a `GET` with its parameters in the query, on `/session/v1/{call}` and on `/session/{call}/v1`, as
//! gateways of this kind give each service a place of its own. A failure is HTTP 200 with `status: false`.

mod catalogue;
mod login;
mod magic;
mod packages;
mod payment;
mod phone;
mod purchase;
mod transaction;
mod words;

use std::sync::Arc;

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::{HeaderMap, Uri, header};
use axum::response::Response;
use axum::routing::get;
use serde::Deserialize;
use serde_json::Value;

pub use self::catalogue::{Benefit, CutOff, SessionPackage, default_session_catalogue};
pub use self::payment::{PaymentMethod, SessionOrder};
pub(crate) use self::payment::{crc16, field};
pub(crate) use self::phone::{Phone, Phones};
pub(crate) use self::purchase::Late;
use self::words::{Refusal, done, recode, refused};
use crate::faults::{Reply, numbers_to_strings};
use crate::rules::Subject;
use crate::state::{Counters, Desk, Inner};
use crate::{AnswerFate, Behaviour, OrderFate, faults};

pub(crate) fn router() -> Router<Arc<Inner>> {
    Router::new().route("/session/v1/{call}", get(answer)).route("/session/{call}/v1", get(answer))
}

/// A number in 08 form, however it is written.
pub(crate) fn local_form(msisdn: &str) -> String {
    let digits: String = msisdn.chars().filter(char::is_ascii_digit).collect();
    match digits.strip_prefix("62") {
        Some(rest) => format!("0{rest}"),
        None => digits,
    }
}

/// A number in 628 form, as this dialect writes it.
pub(crate) fn international_form(number: &str) -> String {
    match number.strip_prefix('0') {
        Some(rest) => format!("62{rest}"),
        None => number.to_owned(),
    }
}

/// The calls of the contract.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Call {
    ReqOtp,
    Login,
    AccessTokenList,
    PackageList,
    CheckPackageStock,
    PackagePurchase,
    CheckTransaction,
    QuotaDetails,
    PanelAccountBalance,
}

/// Every parameter that any call knows; one that is not given is empty.
#[derive(Deserialize, Default)]
#[serde(default)]
struct Asked {
    api_key: String,
    phone: String,
    method: String,
    auth_id: String,
    otp: String,
    msisdn: String,
    package_id: String,
    package_code: String,
    access_token: String,
    payment_method: String,
    price_or_fee: String,
    ewallet_number: String,
    trx_id: String,
    /// The address of this server, as the caller named it.
    #[serde(skip)]
    host: String,
}

/// What a call that was done tells.
struct Told {
    message: &'static str,
    data: Value,
}

type Outcome = Result<Told, Refusal>;

async fn answer(
    State(inner): State<Arc<Inner>>,
    Path(call): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    asked: Result<Query<Asked>, axum::extract::rejection::QueryRejection>,
) -> Response {
    inner.start();
    let (mut body, fate) = match (Call::parse(&call), asked) {
        (None, _) => (refused(&Refusal::of(404)), AnswerFate::Honest),
        (_, Err(_)) => (refused(&Refusal::of(400)), AnswerFate::Honest),
        (Some(call), Ok(Query(mut asked))) => {
            let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
            asked.host = host.unwrap_or("127.0.0.1").to_owned();
            let ((body, fate), synced) = inner.desk(|desk| (take(desk, call, &asked), desk.take_synced()));
            if let Some(synced) = synced
                && synced.await.is_err()
            {
                // The book is not on disk: say nothing, as a gateway that has died.
                (body, AnswerFate::Close)
            } else {
                (body, fate)
            }
        }
    };
    if inner.config.session_numbers_as_strings {
        numbers_to_strings(&mut body);
    }
    faults::answer(fate, Reply { body, here: uri.to_string(), recode }).await
}

/// Does a call: writes the book first, then says what to answer.
fn take(desk: &mut Desk<'_>, call: Call, asked: &Asked) -> (Value, AnswerFate) {
    if asked.api_key != desk.inner.config.api_key {
        return (refused(&Refusal::of(403)), AnswerFate::Honest);
    }
    let behaviour = behaviour(desk, call, asked);
    let outcome = match behaviour.order {
        // Whatever is answered, nothing was done.
        OrderFate::NotFormed => Err(Refusal::of(503)),
        OrderFate::Refuse { rc } => Err(forced(desk, call, asked, &rc)),
        fate => match call {
            Call::ReqOtp => login::request_otp(desk, asked),
            Call::Login => login::log_in(desk, asked),
            Call::AccessTokenList => Ok(login::list_tokens(desk, asked)),
            Call::PackageList => Ok(packages::list(desk)),
            Call::CheckPackageStock => packages::stock(desk, asked),
            Call::PackagePurchase => purchase::buy(desk, asked, fate),
            Call::CheckTransaction => transaction::check(desk, asked),
            Call::QuotaDetails => transaction::quota(desk, asked),
            Call::PanelAccountBalance => Ok(packages::balance(desk)),
        },
    };
    let body = match &outcome {
        Ok(told) => done(told.message, &told.data),
        Err(refusal) => refused(refusal),
    };
    if call == Call::PackagePurchase {
        let code = outcome.err().map_or(200, |refusal| refusal.code);
        Counters::count(&mut desk.state.counters.codes, &code.to_string());
    }
    (body, behaviour.answer)
}

/// An admin's rule, the package's behaviour, or the number's.
fn behaviour(desk: &mut Desk<'_>, call: Call, asked: &Asked) -> Behaviour {
    let is_order = call == Call::PackagePurchase;
    let number = number_of(desk, asked);
    let sku = if asked.package_code.is_empty() { &asked.package_id } else { &asked.package_code };
    let subject = Subject {
        call: call.as_str(),
        is_order,
        sku,
        number: &number,
        ref_id: &asked.trx_id,
        is_first: call != Call::CheckTransaction,
    };
    Counters::count(&mut desk.state.counters.calls, call.as_str());
    desk.state.counters.received += u64::from(is_order);
    let by_rule = desk.behaviour_by_rule(&subject);
    let is_struck = by_rule.is_some();
    let behaviour = by_rule
        .or_else(|| desk.inner.config.sku_behaviours.get(sku).filter(|_| is_order).cloned())
        .or_else(|| magic::by_package_code(sku).filter(|_| is_order))
        .or_else(|| magic::by_number(call, &number, login::is_fresh(desk, asked)))
        .unwrap_or_default();
    if is_order || is_struck {
        desk.count_behaviour(&behaviour);
    }
    behaviour
}

/// A refusal that was asked for. That a token has expired, or a session ended, is then also true.
fn forced(desk: &mut Desk<'_>, call: Call, asked: &Asked, code: &str) -> Refusal {
    let refusal = Refusal::by_text(code);
    let number = number_of(desk, asked);
    if let Some(mut phone) = desk.state.phones.get(&number).cloned().filter(|_| call != Call::ReqOtp) {
        match refusal.code {
            401 => phone.expire_tokens(desk.now_ms),
            419 => phone.revoke_sessions(),
            _ => return refusal,
        }
        desk.save_phone(phone);
    }
    refusal
}

/// The number that a call is about, in 08 form; empty when it is about none.
fn number_of(desk: &Desk<'_>, asked: &Asked) -> String {
    let named = if asked.phone.is_empty() { &asked.msisdn } else { &asked.phone };
    if !named.is_empty() {
        return local_form(named);
    }
    let owner =
        phone::split_token(&asked.access_token).and_then(|(id, _)| desk.state.phones.session_owner(id));
    let ordered = || desk.state.book.get(&asked.trx_id).map(|order| order.customer_no.clone());
    owner.map(|phone| phone.number.clone()).or_else(ordered).unwrap_or_default()
}

impl Call {
    fn parse(name: &str) -> Option<Self> {
        let all = [
            Self::ReqOtp,
            Self::Login,
            Self::AccessTokenList,
            Self::PackageList,
            Self::CheckPackageStock,
            Self::PackagePurchase,
            Self::CheckTransaction,
            Self::QuotaDetails,
            Self::PanelAccountBalance,
        ];
        all.into_iter().find(|call| call.as_str() == name)
    }

    const fn as_str(self) -> &'static str {
        match self {
            Self::ReqOtp => "reqotp",
            Self::Login => "login",
            Self::AccessTokenList => "accesstokenlist",
            Self::PackageList => "packagelist",
            Self::CheckPackageStock => "checkpackagestock",
            Self::PackagePurchase => "packagepurchase",
            Self::CheckTransaction => "checktransaction",
            Self::QuotaDetails => "quotadetails",
            Self::PanelAccountBalance => "panelaccountbalance",
        }
    }
}
