//! A list read page by page to its end, and whether every page was there.
//!
//! It asks for nothing itself: it says which page comes next and takes what came, so that every course can be tried
//! without a server. It would rather call a whole list incomplete than the other way round, because a row that is
//! not in a complete list may be ordered again. It always comes to an end: each page brings new rows or is the last.

use crate::facts::{Dated, Failure, Gap, Listing, Page, Row};
use std::collections::HashSet;

/// How a list is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// Rows in a page: at most 1000 (fact sheet 4.1).
    pub size: u64,
    /// How many pages are asked for at most.
    pub most: u32,
}

impl Default for Paging {
    fn default() -> Self {
        Self { size: 1000, most: 100 }
    }
}

/// A list that is being read.
#[derive(Debug)]
pub(super) struct Pages<T> {
    paging: Paging,
    /// The pages that were taken.
    taken: u32,
    /// Rows that the server sent, those included that could not be read: where the next page begins.
    received: u64,
    total: Option<u64>,
    seen: HashSet<u64>,
    ended: bool,
    listing: Listing<T>,
}

impl<T: Row> Pages<T> {
    pub(super) fn new(paging: Paging) -> Self {
        let listing = Listing { rows: Vec::new(), gap: None, date: String::new() };
        Self { paging, taken: 0, received: 0, total: None, seen: HashSet::new(), ended: false, listing }
    }

    /// Where the next page begins; none where nothing more is to be asked for.
    pub(super) fn next(&self) -> Option<u64> {
        (!self.ended && self.taken < self.paging.most).then_some(self.received)
    }

    /// Takes the page that was asked for.
    pub(super) fn take(&mut self, answer: Result<Dated<Page<T>>, Failure>) {
        self.taken += 1;
        match answer {
            Ok(Dated { told, date }) => {
                if self.listing.date.is_empty() {
                    self.listing.date = date;
                }
                self.page(told);
            }
            Err(failure) => {
                self.ended = true;
                self.lacks(Gap::Failed(failure));
            }
        }
    }

    /// The list as far as it was read.
    pub(super) fn finish(mut self) -> Listing<T> {
        if !self.ended {
            self.lacks(Gap::TooMany);
        }
        if self.total.is_some_and(|total| total != self.received) {
            self.lacks(Gap::Miscounted);
        }
        self.listing
    }

    /// The first reason counts: those after it may be its consequences.
    fn lacks(&mut self, gap: Gap) {
        self.listing.gap.get_or_insert(gap);
    }

    fn page(&mut self, page: Page<T>) {
        self.count(page.total);
        self.received = self.received.saturating_add(page.received);
        let readable = page.rows.len() as u64;
        let new = self.add(page.rows);
        if readable < page.received {
            self.lacks(Gap::Nameless);
        }
        if new < readable {
            self.lacks(Gap::Repeated);
        }
        // A page of known rows is not followed by another: a server that does not turn pages sends it for ever.
        self.ended = new == 0 || self.total.is_some_and(|total| self.received >= total);
    }

    fn count(&mut self, total: Option<u64>) {
        if self.total.is_some() && total.is_some() && self.total != total {
            self.lacks(Gap::Moved);
        }
        self.total = total.or(self.total);
    }

    /// Adds the rows that are not there yet, and tells how many these were.
    fn add(&mut self, rows: Vec<T>) -> u64 {
        let before = self.listing.rows.len();
        let seen = &mut self.seen;
        self.listing.rows.extend(rows.into_iter().filter(|row| seen.insert(row.id())));
        (self.listing.rows.len() - before) as u64
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::OrderRow;
    use proptest::prelude::*;
    use rstest::rstest;

    /// A page: the ids of its rows, 0 for one that cannot be read; and the server's count of all.
    type Sent = (Vec<u64>, Option<u64>);

    /// Pages written as `5 4/3; 2/3`: the ids of each, and after the stroke the count, if there is one.
    fn sent(text: &str) -> Vec<Sent> {
        let page = |page: &str| {
            let (ids, total) = page.split_once('/').map_or((page, None), |(ids, total)| (ids, Some(total)));
            (ids.split_whitespace().map(|id| id.parse().unwrap()).collect(), total.map(|total| total.parse().unwrap()))
        };
        text.split("; ").map(page).collect()
    }

    fn page((ids, total): &Sent) -> Dated<Page<OrderRow>> {
        let row = |&id: &u64| OrderRow { id, ..OrderRow::default() };
        let rows = ids.iter().filter(|&&id| id > 0).map(row).collect();
        Dated { told: Page { rows, received: ids.len() as u64, total: *total }, date: String::new() }
    }

    /// Reads these pages and then empty ones; gives the listing and where each page was asked for.
    fn read(sent: &[Sent], most: u32) -> (Listing<OrderRow>, Vec<u64>) {
        let (mut pages, mut offsets) = (Pages::new(Paging { size: 2, most }), Vec::new());
        while let Some(offset) = pages.next() {
            pages.take(Ok(page(sent.get(offsets.len()).unwrap_or(&(Vec::new(), None)))));
            offsets.push(offset);
        }
        (pages.finish(), offsets)
    }

    #[rstest]
    #[case::none("/0", &[], &[0])]
    #[case::none_and_no_count("", &[], &[0])]
    #[case::one_page("3 2/2", &[3, 2], &[0])]
    #[case::three_pages("5 4/5; 3 2/5; 1/5", &[5, 4, 3, 2, 1], &[0, 2, 4])]
    #[case::short_pages_in_between("3/3; 2/3; 1/3", &[3, 2, 1], &[0, 1, 2])]
    #[case::no_count("3 2; 1", &[3, 2, 1], &[0, 2, 3])]
    #[case::counted_later("3 2; 1/3", &[3, 2, 1], &[0, 2])]
    fn a_whole_list_is_complete(#[case] pages: &str, #[case] ids: &[u64], #[case] offsets: &[u64]) {
        let (listing, asked) = read(&sent(pages), 10);
        assert_eq!(listing.rows.iter().map(|row| row.id).collect::<Vec<_>>(), ids);
        assert_eq!((listing.gap.clone(), listing.complete(), asked), (None, true, offsets.to_vec()));
        assert_eq!(listing.ids(), ids.iter().copied().collect());
    }

    #[rstest]
    #[case::an_unreadable_row("3 0/2", Gap::Nameless, 1, 1)]
    #[case::nothing_readable("0 0/4; 2 1/4", Gap::Nameless, 0, 1)]
    #[case::the_same_page_for_ever("3 2/6; 3 2/6; 3 2/6", Gap::Repeated, 2, 2)]
    #[case::the_same_page_uncounted("3 2; 3 2; 3 2", Gap::Repeated, 2, 2)]
    #[case::a_row_that_slid_down("3 2/3; 2 1/4", Gap::Moved, 3, 2)]
    #[case::a_row_twice_in_one_page("3 3/2", Gap::Repeated, 1, 1)]
    #[case::a_row_that_is_gone("4 3/4; 1/3", Gap::Moved, 3, 2)]
    #[case::an_early_end("4 3/4; /4", Gap::Miscounted, 2, 2)]
    #[case::an_early_end_uncounted("4 3/4; ", Gap::Miscounted, 2, 2)]
    #[case::counted_but_not_sent("/7", Gap::Miscounted, 0, 1)]
    #[case::more_than_counted("4 3/1", Gap::Miscounted, 2, 1)]
    #[case::not_counted_but_sent("4 3/0", Gap::Miscounted, 2, 1)]
    fn a_list_with_a_flaw_is_not_complete(
        #[case] pages: &str,
        #[case] gap: Gap,
        #[case] rows: usize,
        #[case] asked: usize,
    ) {
        let (listing, offsets) = read(&sent(pages), 10);
        assert_eq!((listing.gap.as_ref(), listing.rows.len(), offsets.len()), (Some(&gap), rows, asked));
        assert!(!listing.complete());
    }

    #[rstest]
    #[case(0, 0)]
    #[case(1, 2)]
    #[case(2, 4)]
    fn there_is_a_limit_to_pages(#[case] most: u32, #[case] rows: usize) {
        let (listing, offsets) = read(&sent("6 5/6; 4 3/6; 2 1/6"), most);
        assert_eq!((listing.gap, listing.rows.len()), (Some(Gap::TooMany), rows));
        assert_eq!(offsets.len(), most as usize);
    }

    #[test]
    fn a_failed_page_keeps_what_was_read_before() {
        let failure = Failure::Refused { status: 403, errors: Vec::new() };
        let mut pages = Pages::new(Paging::default());
        pages.take(Ok(Dated { date: "today".into(), ..page(&(vec![3, 2], Some(3))) }));
        assert_eq!(pages.next(), Some(2));
        pages.take(Err(failure.clone()));
        assert_eq!(pages.next(), None);
        let listing = pages.finish();
        assert_eq!((listing.gap, listing.rows.len()), (Some(Gap::Failed(failure)), 2));
        assert_eq!(listing.date, "today");
    }

    proptest! {
        #[test]
        fn any_pages_come_to_an_end_and_complete_means_all(
            sent in prop::collection::vec((prop::collection::vec(0_u64..6, 0..4), prop::option::of(0_u64..9)), 0..8),
            most in 0_u32..12,
        ) {
            let (listing, offsets) = read(&sent, most);
            prop_assert!(offsets.len() <= most as usize && offsets.len() <= 7, "six ids, then nothing new");
            let heard: Vec<u64> = sent.iter().take(offsets.len()).flat_map(|(ids, _)| ids.iter().copied()).collect();
            let once = heard.iter().all(|&id| id > 0) && listing.rows.len() == heard.len();
            let counts = sent.iter().take(offsets.len()).filter_map(|(_, total)| *total);
            let agreed = counts.into_iter().all(|total| total == heard.len() as u64);
            prop_assert!(!listing.complete() || once && agreed);
        }
    }
}
