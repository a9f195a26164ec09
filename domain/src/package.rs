use serde::{Deserialize, Serialize};

use crate::account::words;
use crate::{Role, Rupiah};

/// How long a package runs, as buyers think of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Category {
    /// A few days.
    Daily,
    /// About a week.
    Weekly,
    /// About a month.
    Monthly,
    /// Shared among several numbers ("Akrab").
    Family,
    /// Anything else: games, roaming, calls.
    Other,
}

words!(Category { Daily = "daily", Weekly = "weekly", Monthly = "monthly", Family = "family", Other = "other" });

/// What a package costs its buyers.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prices {
    /// For members, and admins who buy.
    pub member: Rupiah,
    /// For resellers.
    pub reseller: Rupiah,
}

impl Prices {
    /// The price that a buyer of this role pays.
    #[must_use]
    pub const fn for_role(&self, role: Role) -> Rupiah {
        match role {
            Role::Reseller => self.reseller,
            Role::Member | Role::Admin => self.member,
        }
    }
}
