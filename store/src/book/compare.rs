//! What two readings of a deposit prove. Pure.
//!
//! The deposit and our books tell the same story, but for charges that the books do not know yet. Of each reading we know
//! how much that can be at most: what orders under way may have been charged ([`Known::open_charge`]) or given back
//! ([`Known::open_back`]). So each reading proves a range for the unknown part, and two readings prove more than one: what
//! the later one says about the earlier must fit what was known then. The range that is left goes on to the next row.
//! Without that a charge that is never booked would be explained by its order on one day, and be forgotten on the next.

use domain::{DepositDayState, Rupiah};

use super::{minus, plus};
use crate::error::Error;

/// What was read, and what our books knew when it was asked for.
#[derive(Clone, Copy, Debug)]
pub(super) struct Known {
    pub(super) deposit: Rupiah,
    pub(super) costs_total: Rupiah,
    pub(super) refunds_total: Rupiah,
    pub(super) open_back: Rupiah,
    pub(super) open_charge: Rupiah,
}

/// A range of charges that the gateway had made at a reading, and our books did not know.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unbooked {
    pub(super) low: Rupiah,
    pub(super) high: Rupiah,
}

/// What a reading proves together with the one before.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Compared {
    pub(super) started: Option<Rupiah>,
    pub(super) costs: Rupiah,
    pub(super) refunds: Rupiah,
    pub(super) difference: Rupiah,
    pub(super) explained: (Rupiah, Rupiah),
    pub(super) unexplained: Rupiah,
    pub(super) unbooked: Unbooked,
    pub(super) state: DepositDayState,
}

/// Compares a reading with the one before it.
pub(super) fn compare(
    before: Option<(Known, Unbooked)>,
    now: Known,
    fundings: Rupiah,
) -> Result<Compared, Error> {
    let open = Unbooked { low: minus(Rupiah::ZERO, now.open_back)?, high: now.open_charge };
    let Some((before, unbooked)) = before else {
        return Ok(Compared {
            started: None,
            costs: Rupiah::ZERO,
            refunds: Rupiah::ZERO,
            difference: Rupiah::ZERO,
            explained: (Rupiah::ZERO, Rupiah::ZERO),
            unexplained: Rupiah::ZERO,
            unbooked: open,
            state: DepositDayState::Base,
        });
    };
    let costs = minus(now.costs_total, before.costs_total)?;
    let refunds = minus(now.refunds_total, before.refunds_total)?;
    let expected = plus(minus(fundings, costs)?, refunds)?;
    let difference = minus(minus(now.deposit, before.deposit)?, expected)?;
    // What was unbooked before comes back when it is booked or given back; what is unbooked now is missing.
    let explained = (minus(unbooked.low, open.high)?, minus(unbooked.high, open.low)?);
    let unexplained = if difference < explained.0 {
        minus(difference, explained.0)?
    } else if difference > explained.1 {
        minus(difference, explained.1)?
    } else {
        Rupiah::ZERO
    };
    let (state, unbooked) = if unexplained == Rupiah::ZERO {
        // Whatever was unbooked before, less what came back, is unbooked now; and no more than the orders can explain.
        let low = minus(unbooked.low, difference)?.max(open.low);
        let high = minus(unbooked.high, difference)?.min(open.high);
        (DepositDayState::Agrees, Unbooked { low, high })
    } else {
        // One surprise, one row that differs: the next compares with what is really there.
        (DepositDayState::Differs, open)
    };
    let started = Some(before.deposit);
    Ok(Compared { started, costs, refunds, difference, explained, unexplained, unbooked, state })
}

#[cfg(test)]
mod tests {
    use DepositDayState::{Agrees, Base, Differs};
    use proptest::prelude::*;

    use super::*;

    fn known(deposit: i64, costs: i64, refunds: i64, back: i64, charge: i64) -> Known {
        Known {
            deposit: Rupiah::new(deposit),
            costs_total: Rupiah::new(costs),
            refunds_total: Rupiah::new(refunds),
            open_back: Rupiah::new(back),
            open_charge: Rupiah::new(charge),
        }
    }

    /// Rows one after the other; their states and what is unexplained.
    fn story(rows: &[Known]) -> Vec<(DepositDayState, i64)> {
        let mut before = None;
        let mut told = Vec::new();
        for row in rows {
            let compared = compare(before, *row, Rupiah::ZERO).unwrap();
            before = Some((*row, compared.unbooked));
            told.push((compared.state, compared.unexplained.get()));
        }
        told
    }

    #[test]
    fn an_order_under_way_explains_its_charge_once() {
        let begun = [known(100, 0, 0, 0, 0), known(80, 0, 0, 0, 25)];
        let then = |last: Known| story(&[begun[0], begun[1], last]);
        let first = [(Base, 0), (Agrees, 0)];
        assert_eq!(then(known(80, 20, 0, 0, 0)), [first[0], first[1], (Agrees, 0)], "booked");
        assert_eq!(then(known(100, 0, 0, 0, 0)), [first[0], first[1], (Agrees, 0)], "given back");
        assert_eq!(then(known(80, 0, 0, 0, 25)), [first[0], first[1], (Agrees, 0)], "still under way");
        assert_eq!(
            then(known(80, 0, 0, 0, 0)),
            [first[0], first[1], (Differs, -20)],
            "kept, and never booked"
        );
        assert_eq!(
            then(known(70, 20, 0, 0, 0)),
            [first[0], first[1], (Differs, -10)],
            "more than was booked"
        );
    }

    #[test]
    fn what_is_given_back_may_be_booked_later() {
        let rows = [known(100, 0, 0, 0, 0), known(100, 20, 0, 20, 20), known(100, 20, 20, 0, 0)];
        assert_eq!(story(&rows), [(Base, 0), (Agrees, 0), (Agrees, 0)]);
    }

    #[test]
    fn a_surprise_is_told_once() {
        let rows = [known(100, 0, 0, 0, 0), known(150, 0, 0, 0, 0), known(150, 0, 0, 0, 0)];
        assert_eq!(story(&rows), [(Base, 0), (Differs, 50), (Agrees, 0)]);
    }

    #[test]
    fn amounts_that_do_not_fit_are_an_error() {
        let before = (known(i64::MIN, 0, 0, 0, 0), Unbooked { low: Rupiah::ZERO, high: Rupiah::ZERO });
        assert!(compare(Some(before), known(i64::MAX, 0, 0, 0, 0), Rupiah::ZERO).is_err());
    }

    proptest! {
        /// Each day some charges; of each day's, a part is booked only the next day, while its order is still under way.
        #[test]
        fn no_false_alarm_and_no_theft_that_hides(
            days in prop::collection::vec((0_i64..1_000, 0_i64..1_000, 0_i64..500), 1..20),
            stolen in prop::option::of((0_usize..20, 1_i64..1_000)),
        ) {
            let (mut deposit, mut costs, mut late) = (1_000_000, 0, 0);
            let mut rows = vec![known(deposit, 0, 0, 0, 0)];
            for (i, (booked, under_way, slack)) in days.iter().enumerate() {
                costs += late + booked;
                deposit -= booked + under_way;
                late = *under_way;
                if let Some((_, amount)) = stolen.filter(|(day, _)| *day == i) {
                    deposit -= amount;
                }
                rows.push(known(deposit, costs, 0, 0, under_way + slack));
            }
            // In the end all is booked, so nothing can hide any more.
            rows.push(known(deposit, costs + late, 0, 0, 0));
            let unexplained: i64 = story(&rows).iter().map(|(_, amount)| amount).sum();
            match stolen.filter(|(day, _)| *day < days.len()) {
                None => prop_assert_eq!(unexplained, 0),
                Some(_) => prop_assert!(unexplained < 0, "{unexplained}"),
            }
        }
    }
}
