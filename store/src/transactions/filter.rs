use domain::{DAY_MS, Msisdn, PublicId, PurchaseState, Rupiah, TopupState, UtcMillis};

use crate::model::UserId;
use crate::purchases::search_digits;

/// What a transaction is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TransactionKind {
    /// A purchase.
    Purchase,
    /// A top-up.
    Topup,
    /// An admin's correction of a balance.
    Correction,
}

impl TransactionKind {
    /// Every kind.
    pub const ALL: &[Self] = &[Self::Purchase, Self::Topup, Self::Correction];

    /// Its word in addresses and files.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Purchase => "purchase",
            Self::Topup => "topup",
            Self::Correction => "correction",
        }
    }
}

/// Which transactions to list.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TransactionFilter {
    /// Only of this kind.
    pub kind: Option<TransactionKind>,
    /// A [`PurchaseState`]'s or a [`TopupState`]'s word, or both; empty for any.
    pub state: String,
    /// At or after.
    pub from: Option<UtcMillis>,
    /// Before.
    pub until: Option<UtcMillis>,
    /// Only of this user.
    pub user: Option<UserId>,
    /// Only for this number.
    pub msisdn: Option<Msisdn>,
    /// Digits that the number has; empty for any.
    pub digits: String,
    /// Only the one with this id.
    pub id: Option<PublicId>,
    /// Only of this package.
    pub package: Option<PublicId>,
    /// Only by this gateway, for packages or for payments; empty for any.
    pub gateway: String,
    /// Only of this amount, whatever its sign.
    pub amount: Option<Rupiah>,
    /// The `next` of the page before.
    pub after: Option<String>,
    /// Transactions on a page, 1 to 500.
    pub limit: i64,
}

/// Without a first day, what no index can find is looked for in so many days.
pub const SEARCH_DAYS: i64 = 7;
/// And in no more than so many at once.
pub const SEARCH_DAYS_MOST: i64 = 31;

impl TransactionFilter {
    /// Looks for a number, a part of one, or a transaction's id; false when it is none of these.
    #[must_use]
    pub fn look_for(&mut self, q: &str) -> bool {
        let q = q.trim();
        if q.is_empty() {
            return true;
        }
        if let Ok(msisdn) = q.parse() {
            self.msisdn = Some(msisdn);
            return true;
        }
        self.digits = search_digits(q);
        if !self.digits.is_empty() {
            return true;
        }
        self.id = q.parse().ok();
        self.id.is_some()
    }

    /// Whether it asks for something that no index finds: rows are then gone through one by one, so the days are limited.
    #[must_use]
    pub fn goes_through_rows(&self) -> bool {
        let asks = !self.digits.is_empty()
            || self.package.is_some()
            || !self.gateway.is_empty()
            || self.amount.is_some();
        asks && self.id.is_none() && self.msisdn.is_none()
    }

    /// The first moment that is looked at.
    pub(super) fn first_moment(&self, now: UtcMillis) -> Option<UtcMillis> {
        if !self.goes_through_rows() {
            return self.from;
        }
        let until = self.until.unwrap_or(now);
        let days_before = |days: i64| until.plus_ms(-days * DAY_MS);
        Some(self.from.map_or(days_before(SEARCH_DAYS), |from| from.max(days_before(SEARCH_DAYS_MOST))))
    }

    /// Whether any of a kind can match.
    pub(super) fn has(&self, kind: TransactionKind) -> bool {
        let of_number = !self.digits.is_empty() || self.msisdn.is_some() || self.package.is_some();
        let is_listed = match kind {
            TransactionKind::Purchase => self.state.is_empty() || self.purchase_state().is_some(),
            TransactionKind::Topup => !of_number && (self.state.is_empty() || self.topup_state().is_some()),
            TransactionKind::Correction => {
                !of_number && self.state.is_empty() && self.gateway.is_empty() && self.id.is_none()
            }
        };
        is_listed && self.kind.is_none_or(|wanted| wanted == kind)
    }

    pub(super) fn purchase_state(&self) -> Option<PurchaseState> {
        self.state.parse().ok()
    }

    pub(super) fn topup_state(&self) -> Option<TopupState> {
        self.state.parse().ok()
    }
}

impl std::str::FromStr for TransactionKind {
    type Err = ();

    fn from_str(word: &str) -> Result<Self, ()> {
        Self::ALL.iter().copied().find(|kind| kind.as_str() == word).ok_or(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_no_index_finds_is_looked_for_in_a_limited_time() {
        let now = UtcMillis(1_000 * DAY_MS);
        let gateway = |from: Option<i64>| TransactionFilter {
            gateway: "digiflazz".into(),
            from: from.map(|days| UtcMillis(days * DAY_MS)),
            ..TransactionFilter::default()
        };
        assert_eq!(TransactionFilter::default().first_moment(now), None);
        assert_eq!(gateway(None).first_moment(now), Some(UtcMillis(993 * DAY_MS)));
        assert_eq!(gateway(Some(990)).first_moment(now), Some(UtcMillis(990 * DAY_MS)));
        assert_eq!(gateway(Some(1)).first_moment(now), Some(UtcMillis(969 * DAY_MS)));
    }

    #[test]
    fn kinds_that_cannot_match_are_not_asked_for() {
        let of = |filter: TransactionFilter| {
            TransactionKind::ALL.iter().map(|kind| filter.has(*kind)).collect::<Vec<_>>()
        };
        let state = |word: &str| TransactionFilter { state: word.into(), ..TransactionFilter::default() };
        assert_eq!(of(TransactionFilter::default()), [true, true, true]);
        assert_eq!(of(state("review")), [true, true, false]);
        assert_eq!(of(state("credited")), [false, true, false]);
        assert_eq!(of(TransactionFilter { digits: "1234".into(), ..state("") }), [true, false, false]);
    }
}
