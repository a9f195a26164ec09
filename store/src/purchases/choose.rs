//! What a purchase would be, by the catalogue and by what the gateways have told of late: the price of this buyer, the
//! gateway that delivers it, and for a package that the number's owner pays for, the way of paying.

use domain::{
    CutOff, FailReason, FieldCode, Msisdn, PaymentMethod, Prefixes, Prices, Refusal, Role, Rupiah, UserState,
    UtcMillis, start_of_wib_day,
};

use super::place::PlacePurchase;
use crate::db::{Row, Tx, sql};
use crate::error::Error;
use crate::gateways::{DEPOSIT_COUNTS_MS, OFFER_COUNTS_MS, STOCK_COUNTS_MS};
use crate::xl_accounts::want_quota;

/// How the buyer wants the owner of the number to pay.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayBy {
    /// The way.
    pub method: PaymentMethod,
    /// What the owner pays, as the buyer saw it. Only compared: it comes from the catalogue.
    pub agreed_owner_price: Rupiah,
    /// The wallet's number, for ways that need it.
    pub wallet: Option<Msisdn>,
}

impl PayBy {
    /// For comparing requests.
    pub(super) fn words(&self) -> String {
        let wallet = self.wallet.as_ref().map_or("", Msisdn::international);
        format!("{} {} {wallet}", self.method.as_str(), self.agreed_owner_price.get())
    }
}

/// What is bought, and how it will be delivered.
pub(super) struct Choice {
    pub(super) package_row: i64,
    pub(super) name: String,
    pub(super) quota: String,
    pub(super) validity_days: i64,
    pub(super) price: Rupiah,
    pub(super) gateway: String,
    pub(super) sku: String,
    /// Place among the package's gateways; 0 is its own.
    pub(super) route: i64,
    /// What the number's owner pays, where it is not the shop's deposit that pays.
    pub(super) owner: Option<OwnerPays>,
}

pub(super) struct OwnerPays {
    pub(super) method: PaymentMethod,
    pub(super) price: Rupiah,
    pub(super) wallet: Option<Msisdn>,
    /// The signed-in number's row; nothing where the gateway sells without a session.
    pub(super) account: Option<i64>,
}

/// The ways to get a package, each with what its gateway told of late. `$1` the package's row, `$2` and `$3` since when
/// offers and deposits count.
macro_rules! routes {
    ($columns:literal, $from:literal) => {
        concat!(
            "SELECT r.gateway, r.sku, r.cost, ",
            $columns,
            ", o.active, o.stock, o.stock_at, o.cut_off_from, o.cut_off_until, o.left_today, o.seen_at, \
             o.needs_session, s.deposit, g.active AS gateway_active FROM (",
            $from,
            ") AS r LEFT JOIN offer o ON o.gateway = r.gateway AND o.sku = r.sku AND o.seen_at > $2 \
             LEFT JOIN gateway_state s ON s.gateway = r.gateway AND s.deposit_at > $3 \
             LEFT JOIN gateway g ON g.name = r.gateway "
        )
    };
}

const BY_DEPOSIT: &str = concat!(
    routes!(
        "r.position",
        "SELECT 0 AS position, gateway, sku, cost FROM package WHERE id = $1 \
         UNION ALL SELECT position, gateway, sku, cost FROM package_fallback WHERE package_id = $1"
    ),
    "ORDER BY r.position"
);
const BY_OWNER: &str = routes!(
    "r.owner_price",
    "SELECT p.gateway, m.sku, m.owner_price, COALESCE((SELECT l.cost FROM offer l WHERE l.gateway = p.gateway \
     AND l.sku = m.sku), p.cost) AS cost FROM package_method m JOIN package p ON p.id = m.package_id \
     WHERE m.package_id = $1 AND m.method = $4 AND m.owner_price IS NOT NULL"
);

/// What is bought, or why it cannot be.
pub(super) async fn choose(
    tx: &mut Tx<'_>,
    place: &PlacePurchase,
    prefixes: &Prefixes,
) -> Result<Choice, Error> {
    let row = sql("SELECT p.id, p.name, p.quota, p.validity_days, p.brand, p.price_member, p.price_reseller, p.active, \
                   u.role, u.state, w.frozen, \
                   (SELECT COUNT(*) FROM package_method m WHERE m.package_id = p.id) AS methods, \
                   (SELECT COUNT(m.owner_price) FROM package_method m WHERE m.package_id = p.id) AS priced FROM package p \
                   JOIN users u ON u.id = $1 JOIN wallet w ON w.user_id = u.id WHERE p.public_id = $2")
        .bind(place.user)
        .bind(&place.package)
        .optional(&mut tx.conn)
        .await?
        .ok_or(Refusal::NotFound)?;
    if row.word::<UserState>("state")? != UserState::Active {
        return Err(Refusal::NotAllowed.into());
    }
    if row.bool("frozen")? {
        return Err(Refusal::AccountFrozen.into());
    }
    let unpriced = row.int("methods")? > 0 && row.int("priced")? == 0;
    if !row.bool("active")? || unpriced {
        return Err(Refusal::PackageClosed.into());
    }
    check_number(prefixes, &place.msisdn, &row.text("brand")?)?;
    let prices = Prices { member: row.rupiah("price_member")?, reseller: row.rupiah("price_reseller")? };
    let price = prices.for_role(row.word::<Role>("role")?);
    let package_row = row.int("id")?;
    let (gateway, sku, route, owner) = match (&place.pay, row.int("methods")? > 0) {
        (Some(pay), true) => by_owner(tx, place, package_row, pay, price).await?,
        (None, false) => by_deposit(tx, package_row, price).await?,
        (None, true) => return Err(Refusal::field("pay", FieldCode::Required).into()),
        // The package was changed since the buyer saw it.
        (Some(_), false) => return Err(Refusal::StateChanged.into()),
    };
    Ok(Choice {
        package_row,
        name: row.text("name")?,
        quota: row.text("quota")?,
        validity_days: row.int("validity_days")?,
        price,
        gateway,
        sku,
        route,
        owner,
    })
}

fn check_number(prefixes: &Prefixes, msisdn: &Msisdn, brand: &str) -> Result<(), Refusal> {
    let wrong = match prefixes.served(msisdn) {
        Err(code) => code,
        Ok(operator) if operator.name() != brand => FieldCode::OtherBrand { operator },
        Ok(_) => return Ok(()),
    };
    Err(Refusal::field("msisdn", wrong))
}

type Way = (String, String, i64, Option<OwnerPays>);

/// The first of the package's gateways that can deliver now.
async fn by_deposit(tx: &mut Tx<'_>, package_row: i64, price: Rupiah) -> Result<Way, Error> {
    let rows = routes(tx, package_row).await?;
    let mut first_obstacle = None;
    for row in &rows {
        match route_obstacle(row, tx.now, price)? {
            None => return Ok((row.text("gateway")?, row.text("sku")?, row.int("position")?, None)),
            Some(refusal) => first_obstacle = first_obstacle.or(Some(refusal)),
        }
    }
    Err(first_obstacle.unwrap_or(Refusal::PackageClosed).into())
}

/// The next of the package's gateways after this one that can deliver now: its place, name and code.
pub(super) async fn next_route(
    tx: &mut Tx<'_>,
    package_row: i64,
    after: i64,
    price: Rupiah,
) -> Result<Option<(i64, String, String)>, Error> {
    for row in &routes(tx, package_row).await? {
        let position = row.int("position")?;
        if position > after && route_obstacle(row, tx.now, price)?.is_none() {
            return Ok(Some((position, row.text("gateway")?, row.text("sku")?)));
        }
    }
    Ok(None)
}

async fn routes(tx: &mut Tx<'_>, package_row: i64) -> Result<Vec<Row>, Error> {
    sql(BY_DEPOSIT)
        .bind(package_row)
        .bind(tx.now.plus_ms(-OFFER_COUNTS_MS))
        .bind(tx.now.plus_ms(-DEPOSIT_COUNTS_MS))
        .all(&mut tx.conn)
        .await
}

async fn by_owner(
    tx: &mut Tx<'_>,
    place: &PlacePurchase,
    package_row: i64,
    pay: &PayBy,
    fee: Rupiah,
) -> Result<Way, Error> {
    let row = sql(BY_OWNER)
        .bind(package_row)
        .bind(tx.now.plus_ms(-OFFER_COUNTS_MS))
        .bind(tx.now.plus_ms(-DEPOSIT_COUNTS_MS))
        .bind(pay.method.as_str())
        .optional(&mut tx.conn)
        .await?
        .ok_or_else(|| Refusal::field("pay", FieldCode::NotAChoice))?;
    let price = row.rupiah("owner_price")?;
    if price != pay.agreed_owner_price {
        return Err(Refusal::PriceChanged { was: pay.agreed_owner_price, now: price }.into());
    }
    let wallet = pay.wallet.clone().filter(|_| pay.method.needs_wallet_number());
    if pay.method.needs_wallet_number() && wallet.is_none() {
        return Err(Refusal::field("wallet", FieldCode::Required).into());
    }
    if row.rupiah("cost")? > fee {
        // Each code has a fee of its own, and this one's has risen above what the shop takes.
        return Err(Refusal::GatewayPaused.into());
    }
    if let Some(refusal) = obstacle(&row, tx.now)? {
        return Err(refusal.into());
    }
    let gateway = row.text("gateway")?;
    // What the gateway has not told of is taken for the usual.
    let needs_session = row.opt_int("needs_session")?.is_none_or(|needed| needed != 0);
    let account = if needs_session { Some(signed_in(tx, place, &gateway).await?) } else { None };
    let owner = OwnerPays { method: pay.method, price, wallet, account };
    Ok((gateway, row.text("sku")?, 0, Some(owner)))
}

/// The number's row, when this very user has signed it in. What it has now is asked for before anything is sent.
async fn signed_in(tx: &mut Tx<'_>, place: &PlacePurchase, gateway: &str) -> Result<i64, Error> {
    let text =
        "SELECT id FROM xl_account WHERE user_id = $1 AND gateway = $2 AND msisdn = $3 AND state = 'active'";
    let row = sql(text).bind(place.user).bind(gateway).bind(&place.msisdn).optional(&mut tx.conn).await?;
    let account = row.ok_or(Refusal::NumberNotSignedIn)?.int("id")?;
    want_quota(tx, account).await?;
    Ok(account)
}

/// A further gateway that takes more than the buyer pays is passed over. The package's own one is closed for that. What is
/// sold only in a session cannot be bought from the deposit.
fn route_obstacle(row: &Row, now: UtcMillis, price: Rupiah) -> Result<Option<Refusal>, Error> {
    if row.opt_int("needs_session")?.is_some_and(|needed| needed != 0) {
        return Ok(Some(Refusal::GatewayPaused));
    }
    if row.int("position")? > 0 && row.rupiah("cost")? > price {
        return Ok(Some(Refusal::GatewayPaused));
    }
    obstacle(row, now)
}

/// Why a gateway would not deliver now, as far as it has told. Better to say so than to hold the money and give it back.
fn obstacle(row: &Row, now: UtcMillis) -> Result<Option<Refusal>, Error> {
    let not_now = |reason| Ok(Some(Refusal::NotNow { reason }));
    if row.opt_int("gateway_active")? == Some(0) || row.opt_int("active")? == Some(0) {
        return Ok(Some(Refusal::GatewayPaused));
    }
    if row.opt_int("deposit")?.is_some_and(|deposit| row.int("cost").is_ok_and(|cost| deposit < cost)) {
        return Ok(Some(Refusal::GatewayPaused));
    }
    let stock_counts = row.opt_int("stock_at")?.is_some_and(|at| at > now.plus_ms(-STOCK_COUNTS_MS).0);
    if stock_counts && row.opt_int("stock")? == Some(0) {
        return not_now(FailReason::OutOfStock);
    }
    let seen_today = row.opt_int("seen_at")?.is_some_and(|at| at >= start_of_wib_day(now).0);
    if seen_today && row.opt_int("left_today")? == Some(0) {
        return not_now(FailReason::DailyLimit);
    }
    let cut_off = row.opt_text("cut_off_from")?.zip(row.opt_text("cut_off_until")?);
    if cut_off.and_then(|(from, until)| CutOff::parse(&from, &until)).is_some_and(|hours| hours.is_on(now)) {
        return not_now(FailReason::CutOff);
    }
    Ok(None)
}
