//! What is looked for in the audit log, as it stands in an address: for the page and for the file alike.

use domain::{DAY_MS, PublicId};
use serde::Deserialize;
use store::{AuditFilter, Store};

use crate::error::AppError;
use crate::wib_day;

/// Where the log is.
pub const PAGE: &str = "/admin/audit";
/// The same as a file.
pub const CSV: &str = "/admin/audit.csv";
const USER: &str = "user";
/// Kinds whose objects are named by public ids, which people may write in small letters.
const WITH_PUBLIC_ID: [&str; 5] = ["purchase", "topup", "package", "case", "refund"];

/// What the address asks for. Empty texts stand for all.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct AuditAsked {
    /// Username of who did it.
    pub actor: String,
    /// What was done.
    pub action: String,
    /// Kind of the object.
    pub kind: String,
    /// Its number or name.
    pub id: String,
    /// First day (WIB), as `2026-01-05`.
    pub from: String,
    /// Last day.
    pub to: String,
}

impl AuditAsked {
    /// The pairs of the address.
    #[must_use]
    pub fn query(&self) -> [(&'static str, &str); 6] {
        [
            ("actor", self.actor.as_str()),
            ("action", &self.action),
            ("kind", &self.kind),
            ("id", &self.id),
            ("from", &self.from),
            ("to", &self.to),
        ]
    }

    /// What the store is asked for; `None` when a user is named whom nobody knows, so that nothing can match.
    ///
    /// # Errors
    /// Faults of the database.
    pub async fn filter(&self, store: &Store) -> Result<Option<AuditFilter>, AppError> {
        let mut filter = AuditFilter {
            action: self.action.trim().to_owned(),
            kind: self.kind.trim().to_owned(),
            from: wib_day::parse(self.from.trim()),
            to: wib_day::parse(self.to.trim()).map(|day| day.plus_ms(DAY_MS)),
            ..AuditFilter::default()
        };
        let actor = self.actor.trim();
        if !actor.is_empty() {
            let Some((user, _)) = store.user_for_sign_in(actor).await? else { return Ok(None) };
            filter.actor = Some(user.id);
        }
        let id = self.id.trim();
        // As it is written in the log and in the file: `purchase:7QK2…`.
        let (kind, id) = match id.split_once(':') {
            Some((kind, id)) if filter.kind.is_empty() => (kind, id),
            _ => (filter.kind.as_str(), id),
        };
        if kind == USER && !id.is_empty() {
            let Some(user) = user_number(store, id).await? else { return Ok(None) };
            filter.object = format!("{USER}:{user}");
        } else if !id.is_empty() {
            let id = id.parse::<PublicId>().ok().filter(|_| WITH_PUBLIC_ID.contains(&kind));
            let id = id.map_or_else(|| self.id_as_typed().to_owned(), |id| id.as_str().to_owned());
            filter.object = if kind.is_empty() { id } else { format!("{kind}:{id}") };
        }
        Ok(Some(filter))
    }

    fn id_as_typed(&self) -> &str {
        let id = self.id.trim();
        if self.kind.trim().is_empty() { id.split_once(':').map_or(id, |(_, id)| id) } else { id }
    }
}

async fn user_number(store: &Store, named: &str) -> Result<Option<i64>, AppError> {
    if let Some((user, _)) = store.user_for_sign_in(named).await? {
        return Ok(Some(user.id.0));
    }
    let Ok(id) = named.parse::<PublicId>() else { return Ok(None) };
    Ok(store.user_by_public_id(&id).await?.map(|row| row.user.id.0))
}
