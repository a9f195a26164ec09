use domain::Role;

use super::settings::{ShopSettings, lock, settings_in, write};
use crate::Store;
use crate::accounts::require_role;
use crate::crypto::hash_bytes;
use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::UserId;

const OBJECT: &str = "setting:shop";

/// Puts a picture in the place of the shop's logo.
#[derive(Clone)]
pub struct SaveLogo {
    /// Who.
    pub admin: UserId,
    /// A PNG of our own making.
    pub picture: Vec<u8>,
}

impl Operation for SaveLogo {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        lock(tx).await?;
        let before = settings_in(tx).await?;
        let hash = hash_bytes(&self.picture);
        if before.logo == hash {
            return Ok(());
        }
        sql("INSERT INTO shop_logo (hash, picture, created_at) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING")
            .bind(&hash)
            .bind(self.picture.clone())
            .bind(tx.now)
            .execute(&mut tx.conn)
            .await?;
        replace(tx, self.admin, before, hash).await
    }
}

/// Takes the shop's logo away.
#[derive(Clone, Debug)]
pub struct RemoveLogo {
    /// Who.
    pub admin: UserId,
}

impl Operation for RemoveLogo {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        lock(tx).await?;
        let before = settings_in(tx).await?;
        if before.logo.is_empty() {
            return Ok(());
        }
        replace(tx, self.admin, before, String::new()).await
    }
}

/// Names the new picture in the settings, and forgets the others.
async fn replace(tx: &mut Tx<'_>, admin: UserId, before: ShopSettings, hash: String) -> Result<(), Error> {
    sql("DELETE FROM shop_logo WHERE hash <> $1").bind(&hash).execute(&mut tx.conn).await?;
    let detail = format!("logo: {:?} -> {hash:?}", before.logo);
    let action = if hash.is_empty() { "remove_logo" } else { "save_logo" };
    write(tx, &ShopSettings { logo: hash, ..before }, Some(admin)).await?;
    audit(tx, Some(admin), action, OBJECT, &detail).await
}

impl Store {
    /// The logo with this hash: a PNG.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn logo(&self, hash: &str) -> Result<Option<Vec<u8>>, Error> {
        let row = self.db().optional(sql("SELECT picture FROM shop_logo WHERE hash = $1").bind(hash)).await?;
        row.map(|row| row.bytes("picture")).transpose()
    }
}
