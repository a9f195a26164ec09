use domain::UtcMillis;

/// Where a page ended: at this moment, of which so many were shown. No row's number is in it, and rows of different kinds
/// have nothing else in common by which they could be ordered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Cursor {
    pub(super) at: UtcMillis,
    /// Of those at this moment.
    pub(super) shown: usize,
}

/// So many of one moment can be passed over. Only a forged cursor has more.
const SHOWN_MOST: usize = 1_000;

impl Cursor {
    /// As [`Cursor::written`] has it.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let (at, shown) = text.split_once('-')?;
        let shown = shown.parse().ok().filter(|shown| *shown <= SHOWN_MOST)?;
        Some(Self { at: UtcMillis(at.parse().ok()?), shown })
    }

    pub(super) fn written(self) -> String {
        format!("{}-{}", self.at.0, self.shown)
    }

    /// Behind the last of these moments, which a page has shown.
    pub(super) fn behind(self, page: &[UtcMillis]) -> Self {
        let Some(at) = page.last().copied() else { return self };
        let shown = page.iter().rev().take_while(|moment| **moment == at).count();
        // A whole page of one moment goes on counting.
        let before = if at == self.at && shown == page.len() { self.shown } else { 0 };
        Self { at, shown: shown + before }
    }
}

/// Before everything.
impl Default for Cursor {
    fn default() -> Self {
        Self { at: UtcMillis(i64::MAX), shown: 0 }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_what_was_shown_of_the_last_moment() {
        let at = |ms: &[i64]| ms.iter().copied().map(UtcMillis).collect::<Vec<_>>();
        let first = Cursor::default().behind(&at(&[9, 8, 8]));
        assert_eq!(first, Cursor { at: UtcMillis(8), shown: 2 });
        let second = first.behind(&at(&[8, 8, 8]));
        assert_eq!(second, Cursor { at: UtcMillis(8), shown: 5 });
        let third = second.behind(&at(&[8, 7]));
        assert_eq!(third, Cursor { at: UtcMillis(7), shown: 1 });
        assert_eq!(Cursor::parse(&third.written()), Some(third));
        for text in ["", "7", "7-", "7-1001", "7--1", "a-1", "7-1-1"] {
            assert_eq!(Cursor::parse(text), None, "{text}");
        }
    }
}
