use domain::{FeeRule, FieldCode, Fields, MINUTE_MS, Refusal, Role, Rupiah, TopupMethod};

use super::read::{TestState, method_in, test_state_in};
use super::static_code_in;
use crate::accounts::require_role;
use crate::charges::{NewCharge, insert_charge};
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::UserId;
use crate::news::News;

/// A way of topping up as an admin writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PayMethodDraft {
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
}

/// Adds or changes a way of topping up. It is switched on only when its gateway has been tried with the present keys, and
/// gave a way to pay.
#[derive(Clone, Debug)]
pub struct SavePayMethod {
    /// Who.
    pub admin: UserId,
    /// The revision that the admin saw; `None` when there was none.
    pub seen: Option<i64>,
    /// How it should be.
    pub draft: PayMethodDraft,
}

/// Virtual accounts can be open for a week, not longer.
const EXPIRY_MINUTES: std::ops::RangeInclusive<i64> = 15..=10_080;
const SORT: std::ops::RangeInclusive<i64> = 0..=999;

impl Operation for SavePayMethod {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let draft = &self.draft;
        draft.check()?;
        if let Some(gateway) = &draft.gateway {
            let known = sql("SELECT name FROM pay_gateway WHERE name = $1")
                .bind(gateway)
                .optional(&mut tx.conn)
                .await?;
            if known.is_none() {
                return Err(Refusal::field("gateway", FieldCode::NotAChoice).into());
            }
        }
        self.write(tx).await?;
        if draft.active {
            may_be_open(tx, draft).await?;
        }
        tx.news.push(News::Gateways);
        let detail = format!("{draft:?}");
        audit(
            tx,
            Some(self.admin),
            "save_pay_method",
            &format!("pay_method:{}", draft.method.as_str()),
            &detail,
        )
        .await
    }
}

impl SavePayMethod {
    async fn write(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        let draft = &self.draft;
        let text = if self.seen.is_none() {
            "INSERT INTO pay_method (method, gateway, active, sort, min, max, expiry_minutes, payer_flat, payer_basis_points, \
             cost_flat, cost_basis_points, revision, updated_by, updated_at) \
             VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, 1 + $12, $13, $14) ON CONFLICT DO NOTHING"
        } else {
            "UPDATE pay_method SET test_order = CASE WHEN gateway = $2 THEN test_order END, gateway = $2, active = $3, sort = $4, \
             min = $5, max = $6, expiry_minutes = $7, payer_flat = $8, payer_basis_points = $9, cost_flat = $10, \
             cost_basis_points = $11, revision = revision + 1, updated_by = $13, updated_at = $14 \
             WHERE method = $1 AND revision = $12"
        };
        let saved = sql(text)
            .bind(draft.method.as_str())
            .bind(draft.gateway.as_deref())
            .bind(draft.active)
            .bind(draft.sort)
            .bind(draft.min)
            .bind(draft.max)
            .bind(draft.expiry_minutes)
            .bind(draft.payer_fee.flat)
            .bind(draft.payer_fee.basis_points)
            .bind(draft.cost.flat)
            .bind(draft.cost.basis_points)
            .bind(self.seen.unwrap_or_default())
            .bind(self.admin)
            .bind(tx.now)
            .execute(&mut tx.conn)
            .await?;
        if saved == 1 { Ok(()) } else { Err(Refusal::StateChanged.into()) }
    }
}

impl PayMethodDraft {
    fn check(&self) -> Result<(), Refusal> {
        let mut fields = Fields::new();
        if self.method.is_by_hand() != self.gateway.is_none() {
            fields.note(
                "gateway",
                if self.method.is_by_hand() { FieldCode::NotAChoice } else { FieldCode::Required },
            );
        }
        if !self.min.is_positive() || self.min > Rupiah::LARGEST_TYPED {
            fields.note("min", FieldCode::BadAmount);
        }
        if self.max < self.min {
            fields.note("max", FieldCode::BelowMin { min: self.min });
        } else if self.max > Rupiah::LARGEST_TYPED {
            fields.note("max", FieldCode::AboveMax { max: Rupiah::LARGEST_TYPED });
        }
        if !EXPIRY_MINUTES.contains(&self.expiry_minutes) {
            fields.note("expiry_minutes", FieldCode::BadNumber);
        }
        if !SORT.contains(&self.sort) {
            fields.note("sort", FieldCode::BadNumber);
        }
        let payer_fee = self.payer_fee.of(self.max);
        // Passing a fee on to whoever pays by QRIS is forbidden (PBI 23/6/PBI/2021, article 52), and a transfer is told by
        // its amount.
        let free = self.method.is_qris() || self.method.is_by_hand();
        if payer_fee.is_none_or(|fee| free && fee != Rupiah::ZERO) {
            fields.note("payer_flat", FieldCode::BadAmount);
        }
        // A gateway that keeps more than what is paid is a mistake.
        let too_much = |cost: Rupiah| self.min.is_positive() && cost >= self.min;
        if self.cost.of(self.min).is_none_or(too_much) || self.cost.of(self.max).is_none() {
            fields.note("cost_flat", FieldCode::BadAmount);
        }
        fields.done()
    }
}

/// Whether buyers may be offered it.
async fn may_be_open(tx: &mut Tx<'_>, draft: &PayMethodDraft) -> Result<(), Error> {
    let allowed = match draft.method {
        TopupMethod::StaticQris => static_code_in(tx).await?.map(|_| ()).ok_or(Refusal::NoStaticCode),
        TopupMethod::Transfer => {
            let bank =
                sql("SELECT id FROM bank_account WHERE active = 1 LIMIT 1").optional(&mut tx.conn).await?;
            bank.map(|_| ()).ok_or(Refusal::NoBankAccount)
        }
        method => match test_state_in(tx, method).await? {
            TestState::Works => Ok(()),
            _ => Err(Refusal::NotTried),
        },
    };
    allowed.map_err(Error::from)
}

/// Tries a way of paying: the gateway is asked to collect the least amount, and the order is called off at once.
#[derive(Clone, Debug)]
pub struct TestPayMethod {
    /// Who.
    pub admin: UserId,
    /// Which.
    pub method: TopupMethod,
}

/// Long enough for every gateway's least.
const TEST_EXPIRES_AFTER_MS: i64 = 30 * MINUTE_MS;

impl Operation for TestPayMethod {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let method = method_in(tx, self.method).await?.ok_or(Refusal::NotFound)?;
        let gateway = method.gateway.ok_or(Refusal::NotFound)?;
        let keys =
            sql("SELECT access_revision, probed_revision, probe_trouble FROM pay_gateway WHERE name = $1")
                .bind(&gateway)
                .one(&mut tx.conn)
                .await?;
        let access_revision = keys.int("access_revision")?;
        let works = keys.opt_int("probed_revision")? == Some(access_revision)
            && keys.opt_text("probe_trouble")?.is_none();
        if !works {
            return Err(Refusal::NotTried.into());
        }
        let order_id = format!("try-{}", tx.new_id().as_str());
        sql("UPDATE pay_method SET test_order = $1, test_revision = $2 WHERE method = $3")
            .bind(&order_id)
            .bind(access_revision)
            .bind(self.method.as_str())
            .execute(&mut tx.conn)
            .await?;
        let charge = NewCharge {
            topup: None,
            order_id,
            n: 1,
            gateway: &gateway,
            method: self.method,
            gross: method.min,
            fee: Rupiah::ZERO,
            expected_cost: Rupiah::ZERO,
            expires_at: tx.now.plus_ms(TEST_EXPIRES_AFTER_MS),
        };
        insert_charge(tx, charge).await?;
        let object = format!("pay_method:{}", self.method.as_str());
        audit(tx, Some(self.admin), "test_pay_method", &object, &gateway).await
    }
}
