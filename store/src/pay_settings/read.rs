use domain::{ChargeRefusal, ChargeState, FeeRule, Rupiah, TopupLimits, TopupMethod};

use crate::Store;
use crate::db::{Row, Tx, sql};
use crate::error::Error;
use crate::shop::ShopSettings;

/// A way of topping up as admins see it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayMethod {
    /// Which.
    pub method: TopupMethod,
    /// The gateway that collects; nothing where a human looks for the money.
    pub gateway: Option<String>,
    /// Whether buyers see it.
    pub active: bool,
    /// Its place among the others.
    pub sort: i64,
    /// The least, before fee or code.
    pub min: Rupiah,
    /// The most, before fee or code.
    pub max: Rupiah,
    /// Minutes until it has to be paid.
    pub expiry_minutes: i64,
    /// What the payer pays on top.
    pub payer_fee: FeeRule,
    /// What the gateway keeps, where it does not say so itself.
    pub cost: FeeRule,
    /// Who saves must have seen this one.
    pub revision: i64,
    /// Whether it was tried.
    pub test: TestState,
}

/// Whether a way of paying was tried with the present keys.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TestState {
    /// No gateway is behind it.
    NotNeeded,
    /// Not with these keys.
    Never,
    /// The gateway is being asked.
    UnderWay,
    /// It gave a way to pay.
    Works,
    /// It did not.
    Failed(Option<ChargeRefusal>),
}

/// A way of topping up that buyers are offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenMethod {
    /// Which.
    pub method: TopupMethod,
    /// Least and most, before fee or code.
    pub limits: TopupLimits,
    /// What the payer pays on top.
    pub payer_fee: FeeRule,
    /// Minutes until it has to be paid.
    pub expiry_minutes: i64,
}

/// A way of topping up as of a transaction.
pub(crate) struct MethodInForce {
    pub(crate) gateway: Option<String>,
    pub(crate) min: Rupiah,
    pub(crate) max: Rupiah,
    pub(crate) expiry_minutes: i64,
    pub(crate) payer_fee: FeeRule,
    pub(crate) cost: FeeRule,
    /// Whether it may be used for a new top-up.
    pub(crate) open: bool,
}

impl MethodInForce {
    /// Its limits within the shop's.
    pub(crate) fn limits(&self, shop: &ShopSettings) -> TopupLimits {
        TopupLimits { min: self.min.max(shop.topup_min), max: self.max.min(shop.topup_max) }
    }
}

macro_rules! columns {
    () => {
        "SELECT m.method, m.gateway, m.active, m.sort, m.min, m.max, m.expiry_minutes, m.payer_flat, m.payer_basis_points, \
         m.cost_flat, m.cost_basis_points, m.revision, m.test_revision, g.active AS gateway_active, g.access_revision, \
         c.state AS test_state, c.pay_to AS test_pay_to, c.refusal AS test_refusal FROM pay_method m \
         LEFT JOIN pay_gateway g ON g.name = m.gateway LEFT JOIN charge c ON c.order_id = m.test_order "
    };
}

/// More than there are.
const LIST_MOST: i64 = 20;

impl Store {
    /// The ways of topping up that have been set up, in the order in which buyers see them.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn pay_methods(&self) -> Result<Vec<PayMethod>, Error> {
        let query = sql(concat!(columns!(), "ORDER BY m.sort, m.method LIMIT $1")).bind(LIST_MOST);
        self.db().all(query).await?.iter().map(method_of).collect()
    }

    /// Whether somebody waits for an answer of a payment gateway: whether its keys are right, whether a way of paying works,
    /// what its list of a day says.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn pay_answers_due(&self) -> Result<bool, Error> {
        let query = sql("SELECT (SELECT COUNT(*) FROM pay_gateway WHERE probe_due = 1) \
                         + (SELECT COUNT(*) FROM pay_list WHERE due = 1) \
                         + (SELECT COUNT(*) FROM pay_method m JOIN pay_gateway g ON g.name = m.gateway \
                         JOIN charge c ON c.order_id = m.test_order \
                         WHERE m.test_revision = g.access_revision AND c.state = 'creating') AS due");
        Ok(self.db().one(query).await?.int("due")? > 0)
    }

    /// The ways of topping up that buyers are offered now, in their order.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn open_methods(&self) -> Result<Vec<OpenMethod>, Error> {
        let shop = self.settings();
        let query = sql(concat!(
            columns!(),
            "WHERE m.active = 1 AND (m.gateway IS NULL OR g.active = 1) \
             AND NOT EXISTS (SELECT 1 FROM restoration r WHERE r.ended_at IS NULL) ORDER BY m.sort, m.method LIMIT $1"
        ))
        .bind(LIST_MOST);
        let open = |row: &Row| {
            let method = in_force(row)?;
            Ok(OpenMethod {
                method: row.word("method")?,
                limits: method.limits(&shop),
                payer_fee: method.payer_fee,
                expiry_minutes: method.expiry_minutes,
            })
        };
        let all: Vec<OpenMethod> =
            self.db().all(query).await?.iter().map(open).collect::<Result<_, Error>>()?;
        Ok(all.into_iter().filter(|method| method.limits.min <= method.limits.max).collect())
    }
}

/// A way of topping up as of this transaction, whether it may be used or not.
pub(crate) async fn method_in(tx: &mut Tx<'_>, method: TopupMethod) -> Result<Option<MethodInForce>, Error> {
    let query = sql(concat!(columns!(), "WHERE m.method = $1")).bind(method.as_str());
    query.optional(&mut tx.conn).await?.as_ref().map(in_force).transpose()
}

/// Whether it was tried, as of this transaction.
pub(super) async fn test_state_in(tx: &mut Tx<'_>, method: TopupMethod) -> Result<TestState, Error> {
    let query = sql(concat!(columns!(), "WHERE m.method = $1")).bind(method.as_str());
    test_state(&query.one(&mut tx.conn).await?)
}

fn in_force(row: &Row) -> Result<MethodInForce, Error> {
    let gateway = row.opt_text("gateway")?;
    let gateway_open = gateway.is_none() || row.opt_int("gateway_active")? == Some(1);
    Ok(MethodInForce {
        open: row.bool("active")? && gateway_open,
        gateway,
        min: row.rupiah("min")?,
        max: row.rupiah("max")?,
        expiry_minutes: row.int("expiry_minutes")?,
        payer_fee: fee(row, "payer_flat", "payer_basis_points")?,
        cost: fee(row, "cost_flat", "cost_basis_points")?,
    })
}

fn fee(row: &Row, flat: &str, basis_points: &str) -> Result<FeeRule, Error> {
    Ok(FeeRule { flat: row.rupiah(flat)?, basis_points: row.int(basis_points)? })
}

fn method_of(row: &Row) -> Result<PayMethod, Error> {
    let method = in_force(row)?;
    Ok(PayMethod {
        method: row.word("method")?,
        gateway: method.gateway,
        active: row.bool("active")?,
        sort: row.int("sort")?,
        min: method.min,
        max: method.max,
        expiry_minutes: method.expiry_minutes,
        payer_fee: method.payer_fee,
        cost: method.cost,
        revision: row.int("revision")?,
        test: test_state(row)?,
    })
}

fn test_state(row: &Row) -> Result<TestState, Error> {
    if row.opt_text("gateway")?.is_none() {
        return Ok(TestState::NotNeeded);
    }
    let state = row.opt_word::<ChargeState>("test_state")?;
    let present = row.opt_int("test_revision")? == row.opt_int("access_revision")?;
    Ok(match state.filter(|_| present) {
        None => TestState::Never,
        Some(ChargeState::Creating) => TestState::UnderWay,
        Some(_) if row.opt_text("test_pay_to")?.is_some() => TestState::Works,
        Some(_) => TestState::Failed(row.opt_word("test_refusal")?),
    })
}
