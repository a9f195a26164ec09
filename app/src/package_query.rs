//! What an admin looks for among the packages, as it stands in the address: the list, changes of many at once and the
//! table for a spreadsheet are about the same ones.

use domain::{FieldCode, Refusal, Rupiah};
use store::{PackageSearch, PackageSort};

use crate::format::address;

/// On sale.
pub(crate) const ACTIVE: &str = "active";
/// Off sale.
pub(crate) const INACTIVE: &str = "inactive";
/// The only brands there are.
pub(crate) const BRANDS: [&str; 2] = ["XL", "AXIS"];
/// What stands for a ticked box.
const ON: &str = "on";

/// What is looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PackageQuery {
    /// For the store; without a page.
    pub search: PackageSearch,
    /// What cannot be looked for: it is left out of the search.
    pub mistake: Option<Refusal>,
    typed: Vec<(&'static str, String)>,
}

/// The names in the address.
const NAMES: [&str; 9] =
    ["q", "category", "brand", "gateway", "family", "state", "margin", "disturbed", "sort"];

impl PackageQuery {
    /// Reads the address by the names in it.
    pub fn of(value: impl Fn(&str) -> String) -> Self {
        let typed: Vec<(&'static str, String)> = NAMES
            .iter()
            .map(|name| (*name, value(name).trim().to_owned()))
            .filter(|(_, value)| !value.is_empty())
            .collect();
        let get = |name: &str| {
            let found = typed.iter().find(|(held, _)| *held == name);
            found.map(|(_, value)| value.clone())
        };
        let margin = get("margin").map(|margin| margin.parse::<Rupiah>());
        let mistake = match margin {
            Some(Err(error)) => Some(Refusal::field("margin", FieldCode::from(error))),
            _ => None,
        };
        let search = PackageSearch {
            q: get("q").unwrap_or_default(),
            category: get("category").and_then(|word| word.parse().ok()),
            brand: get("brand").filter(|brand| BRANDS.contains(&brand.as_str())),
            gateway: get("gateway"),
            family: get("family"),
            active: match get("state").as_deref() {
                Some(ACTIVE) => Some(true),
                Some(INACTIVE) => Some(false),
                _ => None,
            },
            margin_below: margin.and_then(Result::ok),
            disturbed: get("disturbed").as_deref() == Some(ON),
            sort: get("sort").and_then(|word| word.parse().ok()).unwrap_or_default(),
            ..PackageSearch::default()
        };
        Self { search, mistake, typed }
    }

    /// What was typed under a name.
    #[must_use]
    pub fn typed(&self, name: &str) -> String {
        self.typed.iter().find(|(held, _)| *held == name).map(|(_, value)| value.clone()).unwrap_or_default()
    }

    /// Everything that was typed, by its names.
    #[must_use]
    pub fn pairs(&self) -> Vec<(&'static str, String)> {
        self.typed.clone()
    }

    /// The same on another page.
    #[must_use]
    pub fn address(&self, path: &str) -> String {
        let pairs: Vec<(&str, &str)> =
            self.typed.iter().map(|(name, value)| (*name, value.as_str())).collect();
        address(path, &pairs)
    }

    /// Whether only some packages are looked for.
    #[must_use]
    pub fn is_narrow(&self) -> bool {
        let all = PackageSearch { sort: self.search.sort, ..PackageSearch::default() };
        self.search != all
    }

    /// Whether the packages stand as buyers see them.
    #[must_use]
    pub fn is_in_shop_order(&self) -> bool {
        self.search.sort == PackageSort::Shop
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn query(pairs: &[(&str, &str)]) -> PackageQuery {
        PackageQuery::of(|name| {
            let found = pairs.iter().find(|(held, _)| *held == name);
            found.map(|(_, value)| (*value).to_owned()).unwrap_or_default()
        })
    }

    #[test]
    fn an_address_is_read_and_written() {
        let asked =
            query(&[("q", " xl & 1 "), ("margin", "2.000"), ("state", "inactive"), ("disturbed", "on")]);
        assert_eq!(asked.search.margin_below, Some(Rupiah::new(2_000)));
        assert_eq!((asked.search.active, asked.search.disturbed, &asked.mistake), (Some(false), true, &None));
        assert!(asked.is_narrow() && asked.is_in_shop_order());
        assert_eq!(asked.address("/p"), "/p?q=xl%20%26%201&state=inactive&margin=2.000&disturbed=on");
        assert!(!query(&[("sort", "name"), ("brand", "Telkom")]).is_narrow());
    }

    #[test]
    fn what_cannot_be_looked_for_is_told() {
        let asked = query(&[("margin", "banyak")]);
        assert_eq!(asked.mistake, Some(Refusal::field("margin", FieldCode::BadAmount)));
        assert_eq!((asked.search.margin_below, asked.typed("margin").as_str()), (None, "banyak"));
    }
}
