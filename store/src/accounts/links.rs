use domain::UtcMillis;

use crate::crypto::hash_token;
use crate::db::{Tx, sql};
use crate::error::Error;
use crate::model::UserId;

/// What a one-time link lets whoever has it do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum LinkPurpose {
    /// Show that an address is theirs.
    VerifyEmail,
    /// Set a new password; sent by mail.
    Reset,
    /// The same; made by an admin. Apart from the other, so that nobody who types a name can end it.
    ResetByAdmin,
}

/// A link to make.
pub(super) struct NewLink<'l> {
    pub(super) purpose: LinkPurpose,
    /// Whose. Nobody's never works, but takes as long to write.
    pub(super) user: Option<UserId>,
    pub(super) until: UtcMillis,
    /// The address that it proves, or was sent to.
    pub(super) detail: &'l str,
}

impl LinkPurpose {
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::VerifyEmail => "verify_email",
            Self::Reset => "reset",
            Self::ResetByAdmin => "reset_by_admin",
        }
    }
}

/// Makes a link; the user's older ones for this purpose stop working. The token, of which only the hash is kept.
pub(super) async fn make_link(tx: &mut Tx<'_>, link: NewLink<'_>) -> Result<String, Error> {
    sql("DELETE FROM one_time_link WHERE user_id = $1 AND purpose = $2")
        .bind(link.user)
        .bind(link.purpose.as_str())
        .execute(&mut tx.conn)
        .await?;
    let token = tx.ambient.token();
    sql("INSERT INTO one_time_link (token_hash, purpose, user_id, expires_at, detail) VALUES ($1, $2, $3, $4, $5)")
        .bind(hash_token(&token))
        .bind(link.purpose.as_str())
        .bind(link.user)
        .bind(link.until)
        .bind(link.detail)
        .execute(&mut tx.conn)
        .await?;
    Ok(token)
}

/// Uses a link up: whose it is, and its detail. However many come with it at the same moment, one of them gets it.
pub(super) async fn use_link(
    tx: &mut Tx<'_>,
    token: &str,
    purposes: [LinkPurpose; 2],
) -> Result<Option<(UserId, String)>, Error> {
    let [one, other] = purposes;
    let row =
        sql("DELETE FROM one_time_link WHERE token_hash = $1 AND purpose IN ($2, $3) AND expires_at > $4 \
                   AND user_id IS NOT NULL RETURNING user_id, detail")
        .bind(hash_token(token))
        .bind(one.as_str())
        .bind(other.as_str())
        .bind(tx.now)
        .optional(&mut tx.conn)
        .await?;
    row.map(|row| Ok((row.user_id("user_id")?, row.text("detail")?))).transpose()
}

/// Ends all of a user's links that set a password: whoever had one has it no more.
pub(super) async fn end_reset_links(tx: &mut Tx<'_>, user: UserId) -> Result<(), Error> {
    sql("DELETE FROM one_time_link WHERE user_id = $1 AND purpose IN ($2, $3)")
        .bind(user)
        .bind(LinkPurpose::Reset.as_str())
        .bind(LinkPurpose::ResetByAdmin.as_str())
        .execute(&mut tx.conn)
        .await?;
    Ok(())
}
