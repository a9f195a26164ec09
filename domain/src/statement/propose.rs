//! Which open top-up a credit pays for.

use std::collections::BTreeMap;

use super::StatementLine;
use crate::{DAY_MS, Rupiah, UtcMillis};

/// A top-up whose money has not come yet.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Expected<Id> {
    /// Whatever the caller knows it by.
    pub id: Id,
    /// The exact amount that was asked for, code included.
    pub payable: Rupiah,
    /// When it was asked for.
    pub asked_at: UtcMillis,
    /// Until when it was to be paid.
    pub expires_at: UtcMillis,
}

/// A line that may pay for a top-up.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Proposal<Id> {
    /// The line's place among those given; the first is 0.
    pub line: usize,
    /// The top-up.
    pub id: Id,
    /// How well they fit.
    pub fit: MatchFit,
}

/// How well a line fits a top-up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum MatchFit {
    /// Neither has anything else that fits. The statement says the day and no more, so it may have been paid in the hours
    /// before it was asked for: a human still confirms.
    Certain,
    /// Neither has anything else that fits, but it was booked on a day after the top-up had ended.
    Late,
    /// The line fits several top-ups, or the top-up several lines.
    Several,
}

/// Top-ups shown for one line. As open ones have payable amounts of their own, there are never many.
const CANDIDATES_MOST: usize = 10;

/// Pairs lines with the open top-ups of exactly their amount that were asked for before the end of the line's day, in the
/// order of the lines. A line and a top-up each stand in at most one proposal that is not [`MatchFit::Several`]; of those,
/// a line has ten at most.
///
/// The lines must be those that nothing was credited for yet: a reference that is known is none of them.
#[must_use]
pub fn propose_matches<Id: Clone>(lines: &[StatementLine], open: &[Expected<Id>]) -> Vec<Proposal<Id>> {
    let mut open_of: BTreeMap<Rupiah, Vec<&Expected<Id>>> = BTreeMap::new();
    for expected in open {
        open_of.entry(expected.payable).or_default().push(expected);
    }
    let mut lines_of: BTreeMap<Rupiah, Vec<(usize, &StatementLine)>> = BTreeMap::new();
    for (at, line) in lines.iter().enumerate() {
        lines_of.entry(line.amount).or_default().push((at, line));
    }
    let mut proposals: Vec<Proposal<Id>> = lines_of
        .iter()
        .filter_map(|(amount, lines)| Some(of_one_amount(lines, open_of.remove(amount)?)))
        .flatten()
        .collect();
    proposals.sort_by_key(|proposal| proposal.line);
    proposals
}

fn of_one_amount<Id: Clone>(
    lines: &[(usize, &StatementLine)],
    mut open: Vec<&Expected<Id>>,
) -> Vec<Proposal<Id>> {
    open.sort_by_key(|expected| expected.asked_at);
    let mut days: Vec<UtcMillis> = lines.iter().map(|(_, line)| end(line)).collect();
    days.sort_unstable();
    let of_line = |(at, line): &(usize, &StatementLine)| {
        let asked_before = open.partition_point(|expected| expected.asked_at < end(line));
        let candidates = open.iter().take(asked_before);
        let fit = |expected: &Expected<Id>| {
            let lines_that_fit = days.len() - days.partition_point(|end| *end <= expected.asked_at);
            match (asked_before, lines_that_fit) {
                (1, 1) if line.day <= expected.expires_at => MatchFit::Certain,
                (1, 1) => MatchFit::Late,
                _ => MatchFit::Several,
            }
        };
        let proposal =
            |expected: &&Expected<Id>| Proposal { line: *at, id: expected.id.clone(), fit: fit(expected) };
        candidates.take(CANDIDATES_MOST).map(proposal).collect::<Vec<_>>()
    };
    lines.iter().flat_map(of_line).collect()
}

/// When the line's day ended.
const fn end(line: &StatementLine) -> UtcMillis {
    line.day.plus_ms(DAY_MS)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::HOUR_MS;

    /// 2026-01-05 00:00 WIB.
    const DAY: UtcMillis = UtcMillis(1_767_546_000_000);

    fn line(days: i64, rupiah: i64) -> StatementLine {
        StatementLine {
            line_number: 1,
            day: DAY.plus_ms(days * DAY_MS),
            amount: Rupiah::new(rupiah),
            description: String::new(),
            reference: String::new(),
        }
    }

    /// Asked for so many hours after the day began, and open for a day.
    fn expected(id: u32, hours: i64, rupiah: i64) -> Expected<u32> {
        let asked_at = DAY.plus_ms(hours * HOUR_MS);
        Expected { id, payable: Rupiah::new(rupiah), asked_at, expires_at: asked_at.plus_ms(DAY_MS) }
    }

    fn pairs(lines: &[StatementLine], open: &[Expected<u32>]) -> Vec<(usize, u32, MatchFit)> {
        propose_matches(lines, open)
            .into_iter()
            .map(|proposal| (proposal.line, proposal.id, proposal.fit))
            .collect()
    }

    #[test]
    fn the_exact_amount_on_the_day_or_later() {
        let open = [expected(7, 20, 50_123), expected(8, 20, 50_124)];
        assert_eq!(pairs(&[line(0, 50_125), line(0, 50_123)], &open), [(1, 7, MatchFit::Certain)]);
        assert_eq!(pairs(&[line(1, 50_124)], &open), [(0, 8, MatchFit::Certain)]);
        assert_eq!(pairs(&[line(-1, 50_123)], &open), [], "booked before it was asked for");
        assert_eq!(pairs(&[line(0, 50_123)], &[expected(7, 24, 50_123)]), [], "the day was over");
        assert_eq!(pairs(&[line(2, 50_123)], &open), [(0, 7, MatchFit::Late)]);
    }

    #[test]
    fn what_is_not_alone_is_not_certain() {
        let (one, other) = (expected(7, 1, 50_123), expected(8, 2, 50_123));
        let several = MatchFit::Several;
        assert_eq!(pairs(&[line(0, 50_123)], &[other, one.clone()]), [(0, 7, several), (0, 8, several)]);
        let twice = [line(0, 50_123), line(1, 50_123)];
        assert_eq!(pairs(&twice, std::slice::from_ref(&one)), [(0, 7, several), (1, 7, several)]);
        let late = expected(9, -72, 50_123);
        assert_eq!(pairs(&[line(0, 50_123)], &[one, late]), [(0, 9, several), (0, 7, several)]);
        let many: Vec<_> = (0..50).map(|id| expected(id, 0, 50_123)).collect();
        assert_eq!(pairs(&[line(0, 50_123)], &many).len(), CANDIDATES_MOST);
    }

    proptest! {
        #[test]
        fn certain_pairs_share_nothing(
            lines in prop::collection::vec((-2_i64..4, 1_i64..6), 0..12),
            open in prop::collection::vec((-48_i64..96, 1_i64..6), 0..12),
        ) {
            let lines: Vec<_> = lines.into_iter().map(|(days, rupiah)| line(days, rupiah)).collect();
            let open: Vec<_> = (0..).zip(open).map(|(id, (hours, rupiah))| expected(id, hours, rupiah)).collect();
            let fits = |line: &StatementLine, one: &Expected<u32>| {
                line.amount == one.payable && one.asked_at.0 < line.day.0 + DAY_MS
            };
            let made = propose_matches(&lines, &open);
            let all: usize = lines.iter().map(|line| open.iter().filter(|one| fits(line, one)).count().min(10)).sum();
            prop_assert_eq!(made.len(), all);
            for proposal in made {
                let (line, one) = (&lines[proposal.line], &open[proposal.id as usize]);
                prop_assert!(fits(line, one));
                let alone = open.iter().filter(|other| fits(line, other)).count() == 1
                    && lines.iter().filter(|other| fits(other, one)).count() == 1;
                let fit = match (alone, line.day <= one.expires_at) {
                    (true, true) => MatchFit::Certain,
                    (true, false) => MatchFit::Late,
                    (false, _) => MatchFit::Several,
                };
                prop_assert_eq!(proposal.fit, fit);
            }
        }
    }
}
