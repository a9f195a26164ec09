use domain::{FieldCode, Fields, Qris, QrisKind, Role};
use serde::{Deserialize, Serialize};

use crate::Store;
use crate::accounts::require_role;
use crate::db::{Operation, Row, Tx, sql};
use crate::error::Error;
use crate::ledger::audit;
use crate::model::UserId;

/// The shop's own QRIS code. Made dynamic it brings no word of its payment: a human looks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaticCode {
    /// The code.
    pub code: Qris,
    /// The bank account in which its money arrives.
    pub bank_account: i64,
}

/// As it is kept.
#[derive(Serialize, Deserialize)]
struct Kept {
    code: String,
    bank_account: i64,
}

/// Sets the shop's own QRIS code.
#[derive(Clone, Debug)]
pub struct SaveStaticCode {
    /// Who.
    pub admin: UserId,
    /// Its text.
    pub code: String,
    /// The bank account in which its money arrives.
    pub bank_account: i64,
}

impl Operation for SaveStaticCode {
    type Output = ();

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<(), Error> {
        require_role(tx, self.admin, Role::Admin).await?;
        let mut fields = Fields::new();
        let code = fields.take("code", self.code.parse::<Qris>().map_err(FieldCode::from));
        if code.as_ref().is_some_and(|code| code.kind() != QrisKind::Static) {
            fields.note("code", FieldCode::NotStatic);
        }
        let bank = sql("SELECT id FROM bank_account WHERE id = $1")
            .bind(self.bank_account)
            .optional(&mut tx.conn)
            .await?;
        if bank.is_none() {
            fields.note("bank_account", FieldCode::NotAChoice);
        }
        fields.done()?;
        let kept = Kept { code: self.code.trim().to_owned(), bank_account: self.bank_account };
        let value = serde_json::to_string(&kept).map_err(Error::corrupt)?;
        sql("INSERT INTO setting (name, value, updated_by, updated_at) VALUES ('static_code', $1, $2, $3) \
             ON CONFLICT (name) DO UPDATE SET value = $1, updated_by = $2, updated_at = $3")
        .bind(&value)
        .bind(self.admin)
        .bind(tx.now)
        .execute(&mut tx.conn)
        .await?;
        audit(tx, Some(self.admin), "save_static_code", "setting:static_code", &value).await
    }
}

const TEXT: &str = "SELECT value FROM setting WHERE name = 'static_code'";

/// The code as of this transaction.
pub(crate) async fn static_code_in(tx: &mut Tx<'_>) -> Result<Option<StaticCode>, Error> {
    sql(TEXT).optional(&mut tx.conn).await?.as_ref().map(code_of).transpose()
}

impl Store {
    /// The shop's own QRIS code, if it has one.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn static_code(&self) -> Result<Option<StaticCode>, Error> {
        self.db().optional(sql(TEXT)).await?.as_ref().map(code_of).transpose()
    }
}

fn code_of(row: &Row) -> Result<StaticCode, Error> {
    let kept: Kept = serde_json::from_str(&row.text("value")?).map_err(Error::corrupt)?;
    let code = kept.code.parse().map_err(|error: domain::QrisError| Error::corrupt(error))?;
    Ok(StaticCode { code, bank_account: kept.bank_account })
}
