use domain::{Email, FieldCode, Fields, Lang, Phone, Role, Theme, UserState, Username, Zone};

use crate::db::{Operation, Tx, sql};
use crate::error::Error;
use crate::model::UserId;

/// Signs a user up, with an empty wallet.
#[derive(Clone)]
pub struct RegisterUser {
    /// Name to sign in with.
    pub username: Username,
    /// E-mail address.
    pub email: Email,
    /// Own phone number.
    pub phone: Phone,
    /// From [`crate::password::hash`].
    pub password_hash: String,
    /// Role.
    pub role: Role,
    /// Language.
    pub lang: Lang,
}

impl Operation for RegisterUser {
    type Output = UserId;

    async fn apply(&self, tx: &mut Tx<'_>) -> Result<UserId, Error> {
        refuse_taken(tx, None, Some(&self.username), &self.email, &self.phone).await?;
        let fresh = sql("INSERT INTO users (public_id, username, email, phone, password_hash, role, state, lang, zone, theme, \
                         auth_epoch, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12) \
                         ON CONFLICT DO NOTHING RETURNING id")
            .bind(&tx.new_id())
            .bind(self.username.as_str())
            .bind(self.email.as_str())
            .bind(self.phone.msisdn())
            .bind(&self.password_hash)
            .bind(self.role.as_str())
            .bind(UserState::Active.as_str())
            .bind(self.lang.as_str())
            .bind(Zone::default().as_str())
            .bind(Theme::default().as_str())
            .bind(tx.ambient.token())
            .bind(tx.now)
            .optional(&mut tx.conn)
            .await?;
        let Some(row) = fresh else {
            // Somebody else took it since we looked; look again to say what.
            refuse_taken(tx, None, Some(&self.username), &self.email, &self.phone).await?;
            return Err(Error::corrupt("a user can neither be added nor found"));
        };
        let id = row.user_id("id")?;
        sql("INSERT INTO wallet (user_id, available, held, receivable, frozen) VALUES ($1, 0, 0, 0, 0)")
            .bind(id)
            .execute(&mut tx.conn)
            .await?;
        Ok(id)
    }
}

/// Says which of the three another user has.
pub(super) async fn refuse_taken(
    tx: &mut Tx<'_>,
    except: Option<UserId>,
    username: Option<&Username>,
    email: &Email,
    phone: &Phone,
) -> Result<(), Error> {
    let rows =
        sql("SELECT username, email, phone FROM users WHERE (username = $1 OR email = $2 OR phone = $3) \
                    AND (CAST($4 AS BIGINT) IS NULL OR id <> $4) LIMIT 3")
        .bind(username.map(Username::as_str))
        .bind(email.as_str())
        .bind(phone.msisdn())
        .bind(except)
        .all(&mut tx.conn)
        .await?;
    let mut fields = Fields::new();
    for row in rows {
        if username.is_some_and(|username| row.text("username").is_ok_and(|taken| taken == username.as_str()))
        {
            fields.note("username", FieldCode::Taken);
        }
        if row.text("email")? == email.as_str() {
            fields.note("email", FieldCode::Taken);
        }
        if row.text("phone")? == phone.msisdn().international() {
            fields.note("phone", FieldCode::Taken);
        }
    }
    fields.done().map_err(Error::from)
}
