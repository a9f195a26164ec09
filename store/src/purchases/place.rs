use domain::{
    FieldCode, HoldState, Msisdn, Operator, Prices, PublicId, PurchaseState, Refusal, Role, Rupiah, UserState,
};

use super::{SEND_WITHIN_MS, Step, step};
use crate::crash;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::gateways::{DEPOSIT_COUNTS_MS, OFFER_COUNTS_MS};
use crate::ledger::{Account, EntryKind, NewEntry, post};
use crate::model::UserId;
use crate::news::News;
use crate::shop::{once, settings_in};

/// Accepts a purchase: checks it, holds the money, and leaves the rest to the workers.
#[derive(Clone, Debug)]
pub struct PlacePurchase {
    /// Who buys.
    pub user: UserId,
    /// What.
    pub package: PublicId,
    /// For which number.
    pub msisdn: Msisdn,
    /// The price that the buyer saw and agreed to. Only compared: what is charged comes from the catalogue.
    pub agreed_price: Rupiah,
    /// Idempotency key, minted with the form.
    pub key: String,
    /// The buyer was told that they bought the same a moment ago, and wants it again.
    pub buy_again: bool,
}

/// What the catalogue says about the purchase, for this buyer.
struct Offer {
    package_row: i64,
    name: String,
    quota: String,
    validity_days: i64,
    gateway: String,
    sku: String,
    price: Rupiah,
}

impl Operation for PlacePurchase {
    type Output = PublicId;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<PublicId, Error> {
        let id = tx.new_id();
        let request = [
            self.package.as_str().to_owned(),
            self.msisdn.international().to_owned(),
            self.agreed_price.get().to_string(),
        ];
        if let Some(first) = once(tx, self.user, "purchase", &self.key, &request, id.as_str()).await? {
            return first.parse().map_err(|_| Error::corrupt("an idempotency row without a purchase"));
        }
        let shop = settings_in(tx).await?;
        if !shop.sales_open {
            return Err(Refusal::SalesStopped.into());
        }
        let offer = self.offer(tx).await?;
        if offer.price != self.agreed_price {
            return Err(Refusal::PriceChanged { now: offer.price }.into());
        }
        let balance_after = self.hold(tx, &id, offer.price).await?;
        // Only now, with the wallet's row locked: two tabs cannot both find nothing.
        if !self.buy_again {
            self.refuse_repeat(tx, offer.package_row, shop.repeat_window_min).await?;
        }
        let row_id = self.insert(tx, &id, &offer, balance_after).await?;
        step(tx, row_id, &id, Step { from: None, to: PurchaseState::Accepted, note: "", actor: None })
            .await?;
        tx.news.push(News::Work);
        crash::point("placed");
        Ok(id)
    }
}

impl PlacePurchase {
    async fn offer(&self, tx: &mut Tx<'_>) -> Result<Offer, Error> {
        let row =
            sql("SELECT p.id, p.name, p.quota, p.validity_days, p.brand, p.gateway, p.sku, p.price_member, \
                       p.price_reseller, p.active, u.role, u.state, w.frozen, \
                       (SELECT COUNT(*) FROM offer o WHERE o.gateway = p.gateway AND o.sku = p.sku AND o.active = 0 \
                       AND o.seen_at > $3) AS disturbed, \
                       (SELECT COUNT(*) FROM gateway_state g WHERE g.gateway = p.gateway AND g.deposit < p.cost \
                       AND g.deposit_at > $4) AS broke, \
                       (SELECT COUNT(*) FROM gateway g WHERE g.name = p.gateway AND g.active = 0) AS off FROM package p \
                       JOIN users u ON u.id = $1 JOIN wallet w ON w.user_id = u.id WHERE p.public_id = $2")
            .bind(self.user)
            .bind(&self.package)
            .bind(tx.now.plus_ms(-OFFER_COUNTS_MS))
            .bind(tx.now.plus_ms(-DEPOSIT_COUNTS_MS))
            .optional(&mut tx.conn)
            .await?;
        let Some(row) = row else {
            return Err(Refusal::NotFound.into());
        };
        if row.word::<UserState>("state")? != UserState::Active {
            return Err(Refusal::NotAllowed.into());
        }
        if row.bool("frozen")? {
            return Err(Refusal::AccountFrozen.into());
        }
        if !row.bool("active")? {
            return Err(Refusal::PackageClosed.into());
        }
        self.check_number(&row.text("brand")?)?;
        // It would not be delivered now: better to say so than to hold the money and give it back.
        if row.bool("disturbed")? || row.bool("broke")? || row.bool("off")? {
            return Err(Refusal::GatewayPaused.into());
        }
        offer_from(&row)
    }

    fn check_number(&self, brand: &str) -> Result<(), Refusal> {
        let wrong = match self.msisdn.operator() {
            None => FieldCode::UnknownPrefix,
            Some(operator) if !operator.is_served() => FieldCode::NotServed { operator },
            Some(operator @ (Operator::Xl | Operator::Axis)) if operator.name() != brand => {
                FieldCode::OtherBrand { operator }
            }
            Some(_) => return Ok(()),
        };
        Err(Refusal::field("msisdn", wrong))
    }

    async fn hold(&self, tx: &mut Tx<'_>, id: &PublicId, price: Rupiah) -> Result<Rupiah, Error> {
        let minus = price.checked_neg().ok_or_else(|| Error::corrupt("a price is out of range"))?;
        let postings = [(Account::Available(self.user), minus), (Account::Held(self.user), price)];
        let entry = NewEntry {
            kind: EntryKind::Hold,
            reference: id.as_str(),
            postings: &postings,
            actor: None,
            memo: "",
        };
        post(tx, entry).await?.balance(self.user)
    }

    async fn refuse_repeat(&self, tx: &mut Tx<'_>, package_row: i64, window_min: i64) -> Result<(), Error> {
        let since = tx.now.plus_ms(-window_min.saturating_mul(domain::MINUTE_MS));
        let first = sql("SELECT public_id FROM purchase WHERE user_id = $1 AND msisdn = $2 AND package_id = $3 \
                         AND created_at > $4 AND state NOT IN ('failed', 'refunded') ORDER BY created_at DESC LIMIT 1")
            .bind(self.user)
            .bind(&self.msisdn)
            .bind(package_row)
            .bind(since)
            .optional(&mut tx.conn)
            .await?;
        match first {
            Some(row) => Err(Refusal::BoughtJustNow { first: row.word("public_id")? }.into()),
            None => Ok(()),
        }
    }

    async fn insert(
        &self,
        tx: &mut Tx<'_>,
        id: &PublicId,
        offer: &Offer,
        balance_after: Rupiah,
    ) -> Result<i64, Error> {
        let row = sql("INSERT INTO purchase (public_id, user_id, package_id, package_name, quota, validity_days, gateway, \
                       sku, max_price, msisdn, price, balance_after, state, hold, attempts, asked, due_at, send_until, \
                       lease_token, lease_until, created_at, state_at) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, 0, $15, $16, 0, 0, $15, $15) \
                       RETURNING id")
            .bind(id)
            .bind(self.user)
            .bind(offer.package_row)
            .bind(&offer.name)
            .bind(&offer.quota)
            .bind(offer.validity_days)
            .bind(&offer.gateway)
            .bind(&offer.sku)
            // The most the gateway may charge: what the buyer pays us. Frozen now, whatever the catalogue says later.
            .bind(offer.price)
            .bind(&self.msisdn)
            .bind(offer.price)
            .bind(balance_after)
            .bind(PurchaseState::Accepted.as_str())
            .bind(HoldState::Open.as_str())
            .bind(tx.now)
            .bind(tx.now.plus_ms(SEND_WITHIN_MS))
            .one(&mut tx.conn)
            .await?;
        row.int("id")
    }
}

fn offer_from(row: &Row) -> Result<Offer, Error> {
    let prices = Prices { member: row.rupiah("price_member")?, reseller: row.rupiah("price_reseller")? };
    Ok(Offer {
        package_row: row.int("id")?,
        name: row.text("name")?,
        quota: row.text("quota")?,
        validity_days: row.int("validity_days")?,
        gateway: row.text("gateway")?,
        sku: row.text("sku")?,
        price: prices.for_role(row.word::<Role>("role")?),
    })
}
