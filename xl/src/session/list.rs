//! The calls that are neither about an order nor about signing in: packages, stock, deposit, sessions, quota.

use domain::{Msisdn, Rupiah};
use serde_json::Value;

use super::envelope::{field, flag, moment, text, whole};
use super::wire::method_of;
use crate::answer::{count, kept, rupiah};
use crate::gateway::{GatewayError, ListedPackage};
use crate::secret::AccessToken;
use crate::session_gateway::{
    CutOff, DailyLimit, ListedSession, Offer, QuotaBenefit, QuotaPackage, SessionStatus, Stock,
};

/// Entries that are read of one list.
const LIST_LIMIT: usize = 20_000;
/// Packages that are read of one number, and benefits of one package.
const QUOTA_LIMIT: usize = 500;
/// The longest name that is kept of a quota.
const NAME_LIMIT_BYTES: usize = 300;

pub(super) fn deposit(data: &Value) -> Result<Rupiah, GatewayError> {
    rupiah(field(data, "balance")).ok_or(GatewayError::Unreadable("no balance"))
}

pub(super) fn stock(data: &Value) -> Result<Stock, GatewayError> {
    let left = count(field(data, "real_stock"));
    // What is not told is not assumed to be there.
    match (field(data, "is_out_of_stock"), left) {
        (Value::Null, Some(left)) => Ok(Stock { left: Some(left), is_out: left == 0 }),
        (Value::Null, None) => Err(GatewayError::Unreadable("no stock")),
        (is_out, left) => {
            let is_out = flag(is_out).ok_or(GatewayError::Unreadable("no stock"))?;
            Ok(Stock { left, is_out })
        }
    }
}

/// The offers that can be read; an entry that cannot is left out, so that one slip does not close the shop.
pub(super) fn offers(data: &Value) -> Result<Vec<Offer>, GatewayError> {
    read_list(data, LIST_LIMIT, offer)
}

/// The offers in the form that every dialect has. Nothing in this list says that a package cannot be bought now.
pub(super) fn packages(offers: Vec<Offer>) -> Vec<ListedPackage> {
    offers.into_iter().map(package).collect()
}

/// The sessions that can be read.
pub(super) fn sessions(data: &Value) -> Result<Vec<ListedSession>, GatewayError> {
    if data.is_null() {
        // An empty list, as some servers write it.
        return Ok(Vec::new());
    }
    read_list(data, LIST_LIMIT, session)
}

/// Where our session stands, by the sessions of its number.
pub(super) fn session_status(
    sessions: &[ListedSession],
    msisdn: &Msisdn,
    ours: &AccessToken,
) -> SessionStatus {
    let present = sessions
        .iter()
        .find(|session| session.msisdn == *msisdn && session.token.session_id() == ours.session_id());
    match present {
        Some(session) if session.token == *ours => SessionStatus::Current,
        Some(session) => SessionStatus::Rotated(session.token.clone()),
        None => SessionStatus::Gone,
    }
}

/// What a number has. Here nothing is left out: a reading that misses a package would prove a wrong thing.
pub(super) fn quota(data: &Value) -> Result<Vec<QuotaPackage>, GatewayError> {
    let entries = field(data, "quotas").as_array().ok_or(GatewayError::Unreadable("no quotas"))?;
    if entries.len() > QUOTA_LIMIT {
        return Err(GatewayError::Unreadable("too long"));
    }
    entries.iter().map(quota_package).collect::<Option<_>>().ok_or(GatewayError::Unreadable("a quota"))
}

fn read_list<T>(
    data: &Value,
    limit: usize,
    entry: impl Fn(&Value) -> Option<T>,
) -> Result<Vec<T>, GatewayError> {
    let entries = data.as_array().ok_or(GatewayError::Unreadable("no list"))?;
    if entries.len() > limit {
        return Err(GatewayError::Unreadable("too long"));
    }
    let read: Vec<T> = entries.iter().filter_map(entry).collect();
    let left_out = entries.len() - read.len();
    if left_out > 0 {
        tracing::warn!(left_out, "entries of the gateway's list cannot be read");
    }
    Ok(read)
}

fn offer(entry: &Value) -> Option<Offer> {
    let methods = field(entry, "available_payment_methods").as_array().map(Vec::as_slice).unwrap_or_default();
    let methods = methods.iter().filter_map(|method| method_of(field(method, "payment_method").as_str()?));
    Some(Offer {
        code: text(field(entry, "package_code"))?,
        name: text(field(entry, "package_name"))?,
        description: text(field(entry, "package_description")).unwrap_or_default(),
        price: rupiah(field(entry, "package_harga_int")).filter(|price| price.get() >= 0)?,
        methods: methods.collect(),
        needs_session: !flag(field(entry, "no_need_login"))?,
        is_repeatable: flag(field(entry, "can_multi_trx"))?,
        needs_stock_check: flag(field(entry, "need_check_stock"))?,
        daily_limit: daily_limit(entry)?,
        cut_off: cut_off(entry)?,
    })
}

fn daily_limit(entry: &Value) -> Option<DailyLimit> {
    if !flag(field(entry, "have_daily_limit"))? {
        return Some(DailyLimit::None);
    }
    let details = field(entry, "daily_limit_details");
    let limit = count(field(details, "max_daily_transaction_limit"));
    let sold = count(field(details, "current_daily_transaction_count"));
    Some(match (limit, sold) {
        (Some(limit), Some(sold)) => DailyLimit::Of { limit, sold },
        _ => DailyLimit::Untold,
    })
}

fn cut_off(entry: &Value) -> Option<CutOff> {
    if !flag(field(entry, "have_cut_off_time"))? {
        return Some(CutOff::None);
    }
    Some(cut_off_hours(field(entry, "cut_off_time")).unwrap_or(CutOff::Unreadable))
}

/// An object with two times, or one text: `23:00-02:00`.
fn cut_off_hours(value: &Value) -> Option<CutOff> {
    let (from, to) = match value {
        Value::String(text) => text.split_once('-')?,
        other => (
            field(other, "prohibited_hour_starttime").as_str()?,
            field(other, "prohibited_hour_endtime").as_str()?,
        ),
    };
    Some(CutOff::Between { from_minute: minute_of_day(from)?, to_minute: minute_of_day(to)? })
}

/// `23:30`, perhaps with seconds.
fn minute_of_day(text: &str) -> Option<u16> {
    let mut parts = text.trim().split(':');
    let hour: u16 = parts.next()?.parse().ok().filter(|hour| *hour < 24)?;
    let minute: u16 = parts.next()?.parse().ok().filter(|minute| *minute < 60)?;
    Some(hour * 60 + minute)
}

fn package(offer: Offer) -> ListedPackage {
    let hours = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    let cut_off = match offer.cut_off {
        CutOff::Between { from_minute, to_minute } => Some((hours(from_minute), hours(to_minute))),
        CutOff::None | CutOff::Unreadable => None,
    };
    ListedPackage {
        sku: offer.code,
        name: offer.name,
        category: String::new(),
        brand: "XL".to_owned(),
        kind: String::new(),
        price: offer.price,
        description: offer.description,
        is_active: true,
        stock: None,
        is_repeatable: offer.is_repeatable,
        cut_off,
    }
}

fn session(entry: &Value) -> Option<ListedSession> {
    let (id, token) = (text(field(entry, "session_id"))?, text(field(entry, "token"))?);
    Some(ListedSession {
        msisdn: text(field(entry, "msisdn"))?.parse().ok()?,
        token: AccessToken::parse(&format!("{id}:{token}"))?,
    })
}

fn quota_package(entry: &Value) -> Option<QuotaPackage> {
    let benefits = match field(entry, "benefits") {
        Value::Null => &[],
        benefits => benefits.as_array()?.as_slice(),
    };
    if benefits.len() > QUOTA_LIMIT {
        return None;
    }
    Some(QuotaPackage {
        name: kept(&text(field(entry, "name"))?, NAME_LIMIT_BYTES),
        expires_at: moment(field(entry, "expired_at")),
        code: text(field(entry, "encrypted_package_code"))
            .map(|code| kept(&code, NAME_LIMIT_BYTES))
            .unwrap_or_default(),
        benefits: benefits.iter().map(quota_benefit).collect::<Option<_>>()?,
    })
}

fn quota_benefit(entry: &Value) -> Option<QuotaBenefit> {
    Some(QuotaBenefit {
        name: kept(&text(field(entry, "name"))?, NAME_LIMIT_BYTES),
        quota: whole(field(entry, "quota")),
        remaining: whole(field(entry, "remaining_quota")),
    })
}
