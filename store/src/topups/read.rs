use domain::{PayTo, PublicId, Refusal, Rupiah, TopupState, UtcMillis};

use crate::Store;
use crate::charges::pay_to_of;
use crate::db::{Row, sql};
use crate::error::Error;
use crate::model::{FirstLook, Page, Topup, UserId, Viewer};
use crate::shop::{bank_account_of, containing, page_of};

/// Which top-ups to list.
#[derive(Clone, Debug, Default)]
pub struct TopupFilter {
    /// Only of this buyer.
    pub buyer: Option<UserId>,
    /// Only in this state.
    pub state: Option<TopupState>,
    /// Only those that wait for money or a decision.
    pub open_only: bool,
    /// Only those for which a human looks for the money.
    pub by_hand_only: bool,
    /// Only those that a payment gateway collects.
    pub by_gateway_only: bool,
    /// Only those that one of two admins has found already, or only those that nobody has.
    pub found_once: Option<bool>,
    /// A username, an amount or an id; empty for all.
    pub q: String,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Top-ups on a page, 1 to 100.
    pub limit: i64,
}

macro_rules! columns {
    () => {
        "SELECT t.public_id, u.username, t.base, t.payable, t.state, t.late, t.created_at, t.expires_at, t.decided_at, \
         t.reject_reason, CAST(CASE WHEN t.proof IS NULL THEN 0 ELSE 1 END AS BIGINT) AS has_proof, b.id AS bank_id, b.bank, b.number, \
         b.holder, b.active AS bank_active, y.reference, y.amount - y.fee AS credited, t.method, t.gateway, t.fee, t.qr, \
         t.first_at, t.first_reference, t.first_received, f.username AS first_by, \
         (SELECT c.pay_to FROM charge c WHERE c.topup_id = t.id AND c.pay_to IS NOT NULL ORDER BY c.n DESC LIMIT 1) AS pay_to \
         FROM topup t JOIN users u ON u.id = t.user_id LEFT JOIN bank_account b ON b.id = t.bank_account_id \
         LEFT JOIN payment y ON y.topup_id = t.id LEFT JOIN users f ON f.id = t.first_by "
    };
}

macro_rules! filters {
    () => {
        "(CAST($2 AS TEXT) IS NULL OR t.state = $2) AND ($3 = 0 OR t.state IN ('creating', 'pending', 'proof_submitted')) \
         AND ($11 < 0 OR CASE WHEN t.first_by IS NULL THEN 0 ELSE 1 END = $11) \
         AND ($9 = 0 OR t.gateway IS NULL) AND ($10 = 0 OR t.gateway IS NOT NULL) \
         AND ($4 = '' OR u.username LIKE $4 ESCAPE '\\' OR t.public_id = $5 OR t.payable = $6 OR t.base = $6) \
         AND (CAST($7 AS TEXT) IS NULL OR t.id < (SELECT id FROM topup WHERE public_id = $7)) \
         ORDER BY t.id DESC LIMIT $8"
    };
}

impl Store {
    /// A page of top-ups, newest first.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn topups(&self, filter: TopupFilter) -> Result<Page<Topup>, Error> {
        let limit = filter.limit.clamp(1, 100);
        let query = match filter.buyer {
            Some(buyer) => sql(concat!(columns!(), "WHERE t.user_id = $1 AND ", filters!())).bind(buyer),
            None => sql(concat!(columns!(), "WHERE CAST($1 AS BIGINT) IS NULL AND ", filters!()))
                .bind(None::<i64>),
        };
        let q = filter.q.trim().to_lowercase();
        let id = q.parse::<PublicId>().ok();
        let amount = q.parse::<Rupiah>().ok();
        let query = query
            .bind(filter.state.map(TopupState::as_str))
            .bind(filter.open_only)
            .bind(if q.is_empty() { String::new() } else { containing(&q) })
            .bind(id.as_ref().map_or("", PublicId::as_str))
            .bind(amount.map_or(-1, Rupiah::get))
            .bind(filter.after)
            .bind(limit + 1)
            .bind(filter.by_hand_only)
            .bind(filter.by_gateway_only)
            .bind(filter.found_once.map_or(-1, i64::from));
        page_of(&self.db().all(query).await?, limit, topup_of, |topup| topup.id.as_str().to_owned())
    }

    /// A top-up.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when there is none, or it is not the viewer's.
    pub async fn topup(&self, id: &PublicId, viewer: Viewer) -> Result<Topup, Error> {
        let text =
            concat!(columns!(), "WHERE t.public_id = $1 AND (CAST($2 AS BIGINT) IS NULL OR t.user_id = $2)");
        let row = self.db().optional(sql(text).bind(id).bind(owner(viewer))).await?;
        row.as_ref().map(topup_of).transpose()?.ok_or_else(|| Refusal::NotFound.into())
    }

    /// What would be given back if this top-up were refunded now; `None` when it has not been credited, or all of it went
    /// back already.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn refundable(&self, id: &PublicId) -> Result<Option<Rupiah>, Error> {
        let query = sql(
            "SELECT y.amount - y.fee - y.reversed AS rest FROM payment y JOIN topup t ON t.id = y.topup_id \
                         WHERE t.public_id = $1 AND t.state = 'credited'",
        )
        .bind(id);
        let rest = self.db().optional(query).await?.map(|row| row.rupiah("rest")).transpose()?;
        Ok(rest.filter(|rest| rest.is_positive()))
    }

    /// What came for a top-up besides what it was credited, and waits for a human.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn set_aside(&self, id: &PublicId) -> Result<Rupiah, Error> {
        let query = sql("SELECT CAST(COALESCE(SUM(y.amount - y.reversed), 0) AS BIGINT) AS waiting FROM topup t \
                         JOIN pay_case c ON c.topup_id = t.id AND c.closed_at IS NULL \
                         JOIN payment y ON y.id = c.payment_id AND y.state = 'suspense' WHERE t.public_id = $1")
            .bind(id);
        self.db().one(query).await?.rupiah("waiting")
    }

    /// The picture that was handed in: media type and bytes.
    ///
    /// # Errors
    /// [`Refusal::NotFound`] when there is none, or it is not the viewer's.
    pub async fn topup_proof(&self, id: &PublicId, viewer: Viewer) -> Result<(String, Vec<u8>), Error> {
        let text = "SELECT proof_kind, proof FROM topup WHERE public_id = $1 AND proof IS NOT NULL \
                    AND (CAST($2 AS BIGINT) IS NULL OR user_id = $2)";
        let row = self.db().optional(sql(text).bind(id).bind(owner(viewer))).await?;
        let Some(row) = row else {
            return Err(Refusal::NotFound.into());
        };
        Ok((row.text("proof_kind")?, row.bytes("proof")?))
    }

    /// How many top-ups wait for a human: transfers that somebody says to have made, or that one of two admins has found.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn waiting_topups(&self) -> Result<i64, Error> {
        let text = "SELECT COUNT(*) AS waiting FROM topup WHERE state IN ('pending', 'proof_submitted') AND gateway IS NULL \
                    AND (state = 'proof_submitted' OR first_by IS NOT NULL)";
        self.db().one(sql(text)).await?.int("waiting")
    }
}

const fn owner(viewer: Viewer) -> Option<i64> {
    match viewer {
        Viewer::Owner(user) => Some(user.0),
        Viewer::Admin => None,
    }
}

fn topup_of(row: &Row) -> Result<Topup, Error> {
    let bank = if row.opt_int("bank_id")?.is_some() { Some(bank_account_of(row)?) } else { None };
    let pay_to = match row.opt_text("qr")? {
        Some(code) => Some(PayTo::Qr(code)),
        None => pay_to_of(row)?,
    };
    let first_look = match row.opt_text("first_by")? {
        Some(by) => Some(FirstLook {
            by,
            at: UtcMillis(row.opt_int("first_at")?.unwrap_or_default()),
            reference: row.opt_text("first_reference")?.unwrap_or_default(),
            received: Rupiah::new(row.opt_int("first_received")?.unwrap_or_default()),
        }),
        None => None,
    };
    Ok(Topup {
        id: row.word("public_id")?,
        buyer: row.text("username")?,
        method: row.word("method")?,
        gateway: row.opt_text("gateway")?,
        bank,
        pay_to,
        base: row.rupiah("base")?,
        fee: row.rupiah("fee")?,
        payable: row.rupiah("payable")?,
        state: row.word("state")?,
        created_at: row.time("created_at")?,
        expires_at: row.time("expires_at")?,
        decided_at: row.opt_int("decided_at")?.map(UtcMillis),
        reject_reason: row.opt_text("reject_reason")?,
        reference: row.opt_text("reference")?,
        credited: row.opt_int("credited")?.map(Rupiah::new),
        has_proof: row.bool("has_proof")?,
        late: row.bool("late")?,
        first_look,
    })
}
