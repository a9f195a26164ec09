use domain::{HoldState, Msisdn, PublicId, PurchaseState, Refusal, Rupiah};

use super::choose::{Choice, PayBy, choose};
use super::{SEND_FOR_OWNER_WITHIN_MS, SEND_WITHIN_MS, Step, step};
use crate::crash;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
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
    /// How the owner of the number pays, for a package that the shop's deposit does not pay for.
    pub pay: Option<PayBy>,
    /// Idempotency key, minted with the form.
    pub key: String,
    /// The buyer was told that they bought the same a moment ago, and wants it again.
    pub buy_again: bool,
}

impl Operation for PlacePurchase {
    type Output = PublicId;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<PublicId, Error> {
        let id = tx.new_id();
        let mut request = vec![
            self.package.as_str().to_owned(),
            self.msisdn.international().to_owned(),
            self.agreed_price.get().to_string(),
        ];
        request.extend(self.pay.as_ref().map(PayBy::words));
        if let Some(first) = once(tx, self.user, "purchase", &self.key, &request, id.as_str()).await? {
            return first.parse().map_err(|_| Error::corrupt("an idempotency row without a purchase"));
        }
        let shop = settings_in(tx).await?;
        if !shop.sales_open {
            return Err(Refusal::SalesStopped.into());
        }
        if let Some(opens_at) = shop.hours.closed_until(tx.now) {
            return Err(Refusal::OutsideHours { opens_at }.into());
        }
        let choice = choose(tx, self, &shop.prefixes).await?;
        if choice.price != self.agreed_price {
            return Err(Refusal::PriceChanged { was: self.agreed_price, now: choice.price }.into());
        }
        let balance_after = self.hold(tx, &id, choice.price).await?;
        // Only now, with the wallet's row locked: two tabs cannot both find nothing.
        if !self.buy_again {
            self.refuse_repeat(tx, choice.package_row, shop.repeat_window_min).await?;
        }
        let row_id = self.insert(tx, &id, &choice, balance_after).await?;
        if choice.owner.as_ref().is_some_and(|owner| owner.account.is_some()) {
            self.occupy_number(tx, row_id).await?;
        }
        step(tx, row_id, &id, Step { from: None, to: PurchaseState::Accepted, note: "", actor: None })
            .await?;
        tx.news.push(News::Work);
        crash::point("placed");
        Ok(id)
    }
}

impl PlacePurchase {
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
        choice: &Choice,
        balance_after: Rupiah,
    ) -> Result<i64, Error> {
        let owner = choice.owner.as_ref();
        // In a session the money is held only for as long as somebody looks at the page.
        let send_within_ms = if owner.is_some() { SEND_FOR_OWNER_WITHIN_MS } else { SEND_WITHIN_MS };
        let row = sql("INSERT INTO purchase (public_id, user_id, package_id, package_name, quota, validity_days, gateway, \
                       sku, max_price, msisdn, price, balance_after, state, hold, attempts, asked, due_at, send_until, \
                       lease_token, lease_until, created_at, state_at, route, method, wallet, owner_price, xl_account) \
                       VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 0, 0, $15, $16, 0, 0, $15, $15, \
                       $17, $18, $19, $20, $21) RETURNING id")
            .bind(id)
            .bind(self.user)
            .bind(choice.package_row)
            .bind(&choice.name)
            .bind(&choice.quota)
            .bind(choice.validity_days)
            .bind(&choice.gateway)
            .bind(&choice.sku)
            // The most the gateway may charge: what the buyer pays us. Frozen now, whatever the catalogue says later.
            .bind(choice.price)
            .bind(&self.msisdn)
            .bind(choice.price)
            .bind(balance_after)
            .bind(PurchaseState::Accepted.as_str())
            .bind(HoldState::Open.as_str())
            .bind(tx.now)
            .bind(tx.now.plus_ms(send_within_ms))
            .bind(choice.route)
            .bind(owner.map(|owner| owner.method.as_str()))
            .bind(owner.and_then(|owner| owner.wallet.as_ref()).map(Msisdn::international))
            .bind(owner.map(|owner| owner.price))
            .bind(owner.and_then(|owner| owner.account))
            .one(&mut tx.conn)
            .await?;
        row.int("id")
    }

    /// Only the number's own quota can tell what became of a lost order, so there is one at a time.
    async fn occupy_number(&self, tx: &mut Tx<'_>, row_id: i64) -> Result<(), Error> {
        // A row that outlived its purchase, settled by a version before this table, is taken over.
        let free = sql("INSERT INTO number_in_use (msisdn, purchase_id) VALUES ($1, $2) \
                        ON CONFLICT (msisdn) DO UPDATE SET purchase_id = excluded.purchase_id WHERE EXISTS \
                        (SELECT 1 FROM purchase p WHERE p.id = number_in_use.purchase_id \
                        AND p.state IN ('succeeded', 'failed', 'refunded')) RETURNING msisdn")
        .bind(&self.msisdn)
        .bind(row_id)
        .optional(&mut tx.conn)
        .await?;
        if free.is_some() {
            return Ok(());
        }
        let first = sql("SELECT p.public_id FROM number_in_use n JOIN purchase p ON p.id = n.purchase_id \
                         WHERE n.msisdn = $1 AND p.user_id = $2")
        .bind(&self.msisdn)
        .bind(self.user)
        .optional(&mut tx.conn)
        .await?;
        let first = first.map(|row| row.word("public_id")).transpose()?;
        Err(Refusal::NumberBusy { first }.into())
    }
}
