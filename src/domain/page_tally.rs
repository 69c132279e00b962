//! The tally of a list's pages: the single rule that decides whether a list is complete.
//!
//! In doubt a list counts as incomplete, because an order that is missing from a complete list may be placed again.
//! Without a total from the server, a list ends at the first page that brings nothing new. Fetching does not belong
//! here, so that every sequence of pages can be tested without a server.

use super::{HasId, ListGap, Page};
use std::collections::HashSet;

/// The tally of the pages so far. Pages are added in order; each one begins where the earlier ones end, or before
/// that.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PageTally {
    seen: HashSet<Option<u64>>,
    received: u64,
    total: Option<u64>,
    ended: bool,
    gap: Option<ListGap>,
}

impl PageTally {
    /// Returns the number of rows that the server sent, unreadable rows included. The next page begins there.
    pub fn received(&self) -> u64 {
        self.received
    }

    /// Returns the number of rows that the server states for the whole list.
    pub fn total(&self) -> Option<u64> {
        self.total
    }

    /// Returns true if no further page is to be fetched.
    pub fn is_ended(&self) -> bool {
        self.ended
    }

    /// Returns the first reason why rows may be missing. Later reasons may be its consequences.
    pub fn gap(&self) -> Option<&ListGap> {
        self.gap.as_ref()
    }

    /// Returns true if every row arrived.
    pub fn is_whole(&self) -> bool {
        self.ended && self.gap.is_none()
    }

    /// Ends the list early, for this reason.
    pub fn break_off(&mut self, gap: ListGap) {
        self.ended = true;
        self.note_gap(gap);
    }

    /// Adds a page that begins at this offset and returns its new rows.
    pub fn add_page<T: HasId>(&mut self, offset: u64, page: Page<T>) -> Vec<T> {
        let new = self.count_page(offset, &page);
        page.rows.into_iter().zip(new).filter_map(|(row, is_new)| is_new.then_some(row)).collect()
    }

    /// Counts a page that begins at this offset. Returns for each of its rows whether it is new.
    pub fn count_page<T: HasId>(&mut self, offset: u64, page: &Page<T>) -> Vec<bool> {
        if let Some(flaw) = &page.flaw {
            self.note_gap(ListGap::Flawed(flaw.clone()));
        }
        if self.total.is_some() && page.total.is_some() && self.total != page.total {
            self.note_gap(ListGap::TotalChanged);
        }
        self.total = page.total.or(self.total);
        let (before, readable) = (self.received, page.rows.len() as u64);
        self.received = before.max(offset.saturating_add(page.received));
        if readable < page.received {
            self.note_gap(ListGap::UnreadableRow);
        }
        let new: Vec<bool> = page.rows.iter().map(|row| self.seen.insert(row.id())).collect();
        let repeated = readable - new.iter().filter(|new| **new).count() as u64;
        // Rows of an offset that was fetched before are expected to repeat.
        if repeated > before.saturating_sub(offset) {
            self.note_gap(ListGap::Repeated);
        }
        // A page without new rows is the last: a server that ignores the offset would send it forever.
        let is_due = offset >= before || self.received > before;
        let brings_nothing = is_due && repeated == readable;
        self.ended |= brings_nothing || self.total.is_some_and(|total| self.received >= total);
        if let Some(total) = self.total.filter(|total| self.ended && *total != self.received) {
            self.note_gap(ListGap::Miscounted { sent: self.received, total });
        }
        new
    }

    fn note_gap(&mut self, gap: ListGap) {
        self.gap.get_or_insert(gap);
    }
}

impl<T: HasId> Page<T> {
    /// Returns the tally of this page alone, as the first page of its list.
    pub fn tally(&self) -> PageTally {
        let mut tally = PageTally::default();
        tally.count_page(0, self);
        tally
    }
}

impl<T> Page<T> {
    /// Returns the reason why this page may not be the whole of a list that comes in one piece. Rows without an id
    /// are allowed here: a row that cannot be read is left out.
    pub fn find_gap(&self) -> Option<ListGap> {
        let miscounted = self.total.filter(|total| *total != self.received);
        let miscounted = miscounted.map(|total| ListGap::Miscounted { sent: self.received, total });
        self.flaw.clone().map(ListGap::Flawed).or(miscounted)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{OrderRow, PageFlaw};
    use proptest::prelude::*;
    use rstest::rstest;

    /// A page: the ids of its rows, 0 for a row that cannot be read, and the server's total.
    type Sent = (Vec<u64>, Option<u64>);

    fn page((ids, total): &Sent) -> Page<OrderRow> {
        let row = |&id: &u64| OrderRow { id, ..OrderRow::default() };
        let rows = ids.iter().filter(|&&id| id > 0).map(row).collect();
        Page { rows, received: ids.len() as u64, total: *total, flaw: None }
    }

    /// Parses pages written as `5 4/3; 2/3`: the ids of each page, and after the slash its total, if it has one.
    fn sent(text: &str) -> Vec<Sent> {
        let page = |page: &str| {
            let (ids, total) = page.split_once('/').map_or((page, None), |(ids, total)| (ids, Some(total)));
            (ids.split_whitespace().map(|id| id.parse().unwrap()).collect(), total.map(|total| total.parse().unwrap()))
        };
        text.split("; ").map(page).collect()
    }

    /// Reads these pages, each from where the earlier ones ended, and then empty ones. Returns the tally, the new
    /// rows and the number of pages fetched.
    fn read(sent: &[Sent]) -> (PageTally, Vec<u64>, usize) {
        let (mut tally, mut ids, mut asked) = (PageTally::default(), Vec::new(), 0);
        while !tally.is_ended() && asked < 20 {
            let page = page(sent.get(asked).unwrap_or(&(Vec::new(), None)));
            ids.extend(tally.add_page(tally.received(), page).iter().map(|row| row.id));
            asked += 1;
        }
        (tally, ids, asked)
    }

    #[rstest]
    #[case::none("/0", &[], 1)]
    #[case::none_and_no_count("", &[], 1)]
    #[case::one_page("3 2/2", &[3, 2], 1)]
    #[case::three_pages("5 4/5; 3 2/5; 1/5", &[5, 4, 3, 2, 1], 3)]
    #[case::short_pages_in_between("3/3; 2/3; 1/3", &[3, 2, 1], 3)]
    #[case::no_count("3 2; 1", &[3, 2, 1], 3)]
    #[case::a_short_page_and_no_count("3; 2; 1", &[3, 2, 1], 4)]
    #[case::counted_later("3 2; 1/3", &[3, 2, 1], 2)]
    #[case::counted_at_first("3 2/3; 1", &[3, 2, 1], 2)]
    fn a_list_without_flaws_is_complete(#[case] pages: &str, #[case] ids: &[u64], #[case] asked: usize) {
        let (tally, read, pages) = read(&sent(pages));
        assert_eq!((tally.is_whole(), tally.gap(), read.as_slice(), pages), (true, None, ids, asked));
    }

    #[rstest]
    #[case::an_unreadable_row("3 0/2", ListGap::UnreadableRow, 1, 1)]
    #[case::nothing_readable("0 0/4; 2 1/4", ListGap::UnreadableRow, 0, 1)]
    #[case::the_same_page_for_ever("3 2/6; 3 2/6; 3 2/6", ListGap::Repeated, 2, 2)]
    #[case::the_same_page_uncounted("3 2; 3 2; 3 2", ListGap::Repeated, 2, 2)]
    #[case::a_row_that_slid_down("3 2/3; 2 1/4", ListGap::TotalChanged, 3, 2)]
    #[case::a_row_twice_in_one_page("3 3/2", ListGap::Repeated, 1, 1)]
    #[case::a_row_that_is_gone("4 3/4; 1/3", ListGap::TotalChanged, 3, 2)]
    #[case::an_early_end("4 3/4; /4", ListGap::Miscounted { sent: 2, total: 4 }, 2, 2)]
    #[case::an_early_end_uncounted("4 3/4; ", ListGap::Miscounted { sent: 2, total: 4 }, 2, 2)]
    #[case::counted_but_not_sent("/7", ListGap::Miscounted { sent: 0, total: 7 }, 0, 1)]
    #[case::more_than_counted("4 3/1", ListGap::Miscounted { sent: 2, total: 1 }, 2, 1)]
    #[case::not_counted_but_sent("4 3/0", ListGap::Miscounted { sent: 2, total: 0 }, 2, 1)]
    fn a_list_with_a_flaw_is_incomplete(
        #[case] pages: &str,
        #[case] gap: ListGap,
        #[case] rows: usize,
        #[case] asked: usize,
    ) {
        let (tally, ids, pages) = read(&sent(pages));
        assert_eq!((tally.is_whole(), tally.gap(), ids.len(), pages), (false, Some(&gap), rows, asked));
    }

    #[rstest]
    #[case(PageFlaw::Status(206))]
    #[case(PageFlaw::Errors(Vec::new()))]
    #[case(PageFlaw::Total("1.0".into()))]
    fn a_flaw_of_any_page_makes_the_list_incomplete(#[case] flaw: PageFlaw) {
        let pages = sent("4 3/4; 2 1/4");
        for at in 0..pages.len() {
            let mut tally = PageTally::default();
            for (number, sent) in pages.iter().enumerate() {
                let page = Page { flaw: (number == at).then(|| flaw.clone()), ..page(sent) };
                assert_eq!(tally.add_page(tally.received(), page).len(), 2, "its rows are there");
            }
            assert_eq!(
                (tally.is_ended(), tally.is_whole(), tally.gap()),
                (true, false, Some(&ListGap::Flawed(flaw.clone())))
            );
        }
    }

    #[rstest]
    #[case::nothing_new(0, &[4, 3], false, None)]
    #[case::partly_new(1, &[3, 2], false, None)]
    #[case::all_new(2, &[2, 1], true, None)]
    #[case::too_much_again(1, &[4, 3], true, Some(ListGap::Repeated))]
    fn a_range_requested_twice_may_arrive_twice(
        #[case] offset: u64,
        #[case] ids: &[u64],
        #[case] ended: bool,
        #[case] gap: Option<ListGap>,
    ) {
        let mut tally = PageTally::default();
        tally.add_page(0, page(&(vec![4, 3], Some(4))));
        tally.add_page(offset, page(&(ids.to_vec(), Some(4))));
        assert_eq!((tally.is_ended(), tally.gap()), (ended, gap.as_ref()));
    }

    #[rstest]
    #[case("/0", true)]
    #[case("", true)]
    #[case("3 2/2", true)]
    #[case("3 2", false)]
    #[case("3 2/3", false)]
    #[case("3 0/2", false)]
    #[case("3/0", false)]
    fn a_single_page_is_complete_or_not(#[case] pages: &str, #[case] whole: bool) {
        assert_eq!(page(&sent(pages)[0]).tally().is_whole(), whole);
    }

    proptest! {
        #[test]
        fn reading_any_pages_ends_and_complete_means_all_rows(
            sent in prop::collection::vec((prop::collection::vec(0_u64..6, 0..4), prop::option::of(0_u64..9)), 0..8),
        ) {
            let (tally, ids, asked) = read(&sent);
            prop_assert!(tally.is_ended() && asked <= 7, "six ids, then nothing new");
            let heard: Vec<u64> = sent.iter().take(asked).flat_map(|(ids, _)| ids.iter().copied()).collect();
            let once = heard.iter().all(|&id| id > 0) && ids.len() == heard.len();
            let counts = sent.iter().take(asked).filter_map(|(_, total)| *total);
            let agreed = counts.into_iter().all(|total| total == heard.len() as u64);
            prop_assert!(!tally.is_whole() || once && agreed);
        }
    }
}
