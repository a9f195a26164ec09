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

/// One thing that a package contains, as the shop writes it: a line `Kuota Utama: 10 GB`, or `+ Nelpon: 30 menit` for a
/// bonus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Benefit {
    /// What it is.
    pub name: String,
    /// How much; empty where the name says it all.
    pub amount: String,
    /// It comes on top.
    pub is_bonus: bool,
}

impl Benefit {
    /// What a text says, a line each. Empty lines say nothing.
    #[must_use]
    pub fn read_all(text: &str) -> Vec<Self> {
        text.lines().map(str::trim).filter(|line| !line.is_empty()).map(Self::read).collect()
    }

    fn read(line: &str) -> Self {
        let (rest, is_bonus) = line.strip_prefix('+').map_or((line, false), |rest| (rest, true));
        let (name, amount) = rest.split_once(':').unwrap_or((rest, ""));
        Self { name: name.trim().to_owned(), amount: amount.trim().to_owned(), is_bonus }
    }
}

/// What a package costs its buyers.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn benefits_are_read_line_by_line() {
        let read = Benefit::read_all("Kuota Utama: 10 GB\n\n + Nelpon: 30 menit: malam \r\nSMS");
        let benefit = |name: &str, amount: &str, is_bonus| Benefit {
            name: name.into(),
            amount: amount.into(),
            is_bonus,
        };
        let expected = [
            benefit("Kuota Utama", "10 GB", false),
            benefit("Nelpon", "30 menit: malam", true),
            benefit("SMS", "", false),
        ];
        assert_eq!(read, expected);
    }
}
