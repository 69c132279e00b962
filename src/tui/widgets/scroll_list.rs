//! Scroll list: items of one or more rows, one of which is selected, and the rows that are in view.
//!
//! An item that is taller than the view scrolls row by row before the next item is selected, so that moving from the
//! first item to the last shows every row. What the rows contain does not belong here.

use super::{Move, scroll_into_view};
use std::ops::Range;

/// Items below each other, each with a number of rows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ScrollList {
    /// For each item the first row after it.
    ends: Vec<usize>,
}

/// The selected item, and the first row in view.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ListPosition {
    /// The index of the selected item.
    pub index: usize,
    /// The first row in view.
    pub top: usize,
}

impl ScrollList {
    /// Makes a list of items with these numbers of rows.
    pub fn new(heights: impl Iterator<Item = usize>) -> Self {
        let mut end = 0;
        Self { ends: heights.map(|height| (end += height, end).1).collect() }
    }

    /// Returns the rows of an item. Empty if there is no such item.
    pub fn item_rows(&self, index: usize) -> Range<usize> {
        let end = |index: usize| self.ends.get(index).copied().unwrap_or(self.total_rows());
        index.checked_sub(1).map_or(0, end)..end(index)
    }

    pub fn total_rows(&self) -> usize {
        self.ends.last().copied().unwrap_or(0)
    }

    /// Returns the top row so that the selected item is in view, or part of it if it is taller than the view. It
    /// scrolls as little as possible.
    pub fn top_to_show(&self, at: ListPosition, view: usize) -> usize {
        let here = self.item_rows(at.index);
        if here.len() <= view {
            return scroll_into_view(at.top, here, view, self.total_rows());
        }
        at.top.clamp(here.start, here.end - view).min(self.total_rows().saturating_sub(view))
    }

    /// Returns the position after a movement in a view of `view` rows.
    pub fn apply_move(&self, step: Move, at: ListPosition, view: usize) -> ListPosition {
        let here = self.item_rows(at.index);
        let by = step.max_rows(view);
        let tall = view > 0 && here.len() > view;
        let to = match step {
            Move::Down | Move::PageDown | Move::HalfDown if tall && at.top + view < here.end => {
                return self.with_scroll(at, at.top + by, view);
            }
            Move::Up | Move::PageUp | Move::HalfUp if tall && at.top > here.start => {
                return self.with_scroll(at, at.top.saturating_sub(by), view);
            }
            Move::Down => at.index + 1,
            Move::Up => at.index.saturating_sub(1),
            Move::PageDown | Move::HalfDown => self.page_down_index(at, &here, view, by),
            Move::PageUp | Move::HalfUp => self.page_up_index(at, &here, view, by),
            Move::First => return self.with_scroll(ListPosition { index: 0, top: 0 }, 0, view),
            Move::Last => {
                return self.with_scroll(ListPosition { index: self.last_index(), top: 0 }, self.total_rows(), view);
            }
        };
        let index = to.min(self.last_index());
        self.with_scroll(ListPosition { index, ..at }, at.top, view)
    }

    fn last_index(&self) -> usize {
        self.ends.len().saturating_sub(1)
    }

    fn with_scroll(&self, at: ListPosition, top: usize, view: usize) -> ListPosition {
        let at = ListPosition { top, ..at };
        ListPosition { top: self.top_to_show(at, view), ..at }
    }

    /// Returns the last item that begins within a page from here and comes into view without skipping a row.
    fn page_down_index(&self, at: ListPosition, here: &Range<usize>, view: usize, page: usize) -> usize {
        let fits = |index: &usize| {
            let there = self.item_rows(*index);
            there.start <= here.start + page && there.end.min(there.start + view) <= at.top + view + page
        };
        (at.index + 1..self.ends.len()).take_while(fits).last().unwrap_or(at.index + 1)
    }

    fn page_up_index(&self, at: ListPosition, here: &Range<usize>, view: usize, page: usize) -> usize {
        let fits = |index: &usize| {
            let there = self.item_rows(*index);
            let first = there.end.saturating_sub(view).max(there.start);
            there.start + page >= here.start && first + page >= at.top
        };
        (0..at.index).rev().take_while(fits).last().unwrap_or(at.index.saturating_sub(1))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    fn stack() -> ScrollList {
        ScrollList::new([1, 2, 9, 1].into_iter())
    }

    #[rstest]
    #[case(Move::Down, (0, 0), (1, 0))]
    #[case(Move::Down, (1, 0), (2, 3))]
    #[case(Move::Down, (2, 3), (2, 4))]
    #[case(Move::Down, (2, 8), (3, 9))]
    #[case(Move::Up, (3, 9), (2, 8))]
    #[case(Move::Up, (2, 8), (2, 7))]
    #[case(Move::Up, (2, 3), (1, 1))]
    #[case(Move::PageDown, (2, 3), (2, 6))]
    #[case(Move::PageDown, (2, 6), (2, 8))]
    #[case(Move::PageDown, (0, 0), (2, 3))]
    #[case(Move::PageUp, (2, 8), (2, 5))]
    #[case(Move::PageUp, (3, 9), (2, 8))]
    #[case(Move::Last, (0, 0), (3, 9))]
    #[case(Move::First, (3, 9), (0, 0))]
    fn a_tall_row_is_scrolled_through(#[case] step: Move, #[case] from: (usize, usize), #[case] to: (usize, usize)) {
        let at = stack().apply_move(step, ListPosition { index: from.0, top: from.1 }, 4);
        assert_eq!((at.index, at.top), to);
    }

    #[test]
    fn an_empty_list_has_no_choice() {
        let at = ListPosition { index: 0, top: 0 };
        for step in [Move::Up, Move::Down, Move::PageUp, Move::PageDown, Move::First, Move::Last] {
            assert_eq!(ScrollList::new(std::iter::empty()).apply_move(step, at, 4), at);
            assert_eq!(
                stack().apply_move(step, at, 0).index,
                usize::from(step == Move::Down || step == Move::PageDown) + 3 * usize::from(step == Move::Last)
            );
        }
    }

    proptest! {
        #[test]
        fn every_row_becomes_visible(heights in proptest::collection::vec(1usize..12, 1..12), view in 1usize..8, back: bool, page: bool) {
            let stack = ScrollList::new(heights.iter().copied());
            let (from, step) = match (back, page) {
                (false, false) => (Move::First, Move::Down),
                (false, true) => (Move::First, Move::PageDown),
                (true, false) => (Move::Last, Move::Up),
                (true, true) => (Move::Last, Move::PageUp),
            };
            let mut at = stack.apply_move(from, ListPosition { index: 0, top: 0 }, view);
            let mut seen = vec![false; stack.total_rows()];
            for _ in 0..=2 * stack.total_rows() {
                seen[at.top..(at.top + view).min(stack.total_rows())].fill(true);
                let here = stack.item_rows(at.index);
                prop_assert!(here.start < at.top + view && at.top < here.end, "what is chosen is out of view");
                at = stack.apply_move(step, at, view);
            }
            prop_assert!(seen.iter().all(|seen| *seen));
            prop_assert_eq!(at.index, if back { 0 } else { heights.len() - 1 });
        }
    }
}
