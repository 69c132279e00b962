//! A list read page by page to its end, and what came of it.
//!
//! It asks for nothing itself: it says which page comes next and takes what came. Whether the list is whole is judged
//! by the tally of its pages, and by nothing here.

use super::limiter::most_within;
use crate::facts::{Dated, Failure, Gap, Listing, Page, Row, Tally};
use std::time::Duration;

/// How a list is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// Rows in a page: at most 1000 (certcentral-api.md 4.1).
    pub size: u64,
    /// How many pages are asked for at most.
    pub most: u32,
}

/// No list is read for longer: what is found before an order would be too old.
pub(super) const LONGEST: Duration = Duration::from_mins(5);

impl Paging {
    /// As many pages as the limits give within the longest time.
    pub fn longest() -> Self {
        Self { most: most_within(LONGEST), ..Self::default() }
    }
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
    tally: Tally,
    rows: Vec<T>,
    date: String,
}

impl<T: Row> Pages<T> {
    pub(super) fn new(paging: Paging) -> Self {
        Self { paging, taken: 0, tally: Tally::default(), rows: Vec::new(), date: String::new() }
    }

    /// Where the next page begins; none where nothing more is to be asked for.
    pub(super) fn next(&self) -> Option<u64> {
        (!self.tally.is_ended() && self.taken < self.paging.most).then_some(self.tally.received())
    }

    /// Asks for no more, because it took too long.
    pub(super) fn stop(&mut self) {
        self.paging.most = self.taken;
    }

    /// Takes the page that was asked for.
    pub(super) fn take(&mut self, answer: Result<Dated<Page<T>>, Failure>) {
        self.taken += 1;
        match answer {
            Ok(Dated { told, date }) => {
                if self.date.is_empty() {
                    self.date = date;
                }
                self.rows.extend(self.tally.take(self.tally.received(), told));
            }
            Err(failure) => self.tally.break_off(Gap::Failed(failure)),
        }
    }

    /// The list as far as it was read.
    pub(super) fn finish(mut self) -> Listing<T> {
        if !self.tally.is_ended() {
            self.tally.break_off(Gap::TooMany);
        }
        Listing { rows: self.rows, gap: self.tally.gap().cloned(), date: self.date }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::OrderRow;
    use rstest::rstest;

    fn page(ids: &[u64], total: u64) -> Dated<Page<OrderRow>> {
        let rows = ids.iter().map(|&id| OrderRow { id, ..OrderRow::default() }).collect();
        Dated { told: Page { rows, received: ids.len() as u64, total: Some(total), flaw: None }, date: String::new() }
    }

    /// Reads these pages of a list of six; gives the listing and where each page was asked for.
    fn read(sent: &[&[u64]], most: u32) -> (Listing<OrderRow>, Vec<u64>) {
        let (mut pages, mut offsets) = (Pages::new(Paging { size: 2, most }), Vec::new());
        while let Some(offset) = pages.next() {
            pages.take(Ok(page(sent.get(offsets.len()).unwrap_or(&&[][..]), 6)));
            offsets.push(offset);
        }
        (pages.finish(), offsets)
    }

    #[rstest]
    #[case::whole(&[&[6, 5][..], &[4, 3], &[2, 1]], None, &[6, 5, 4, 3, 2, 1], &[0, 2, 4])]
    #[case::short_pages(&[&[6, 5][..], &[4], &[3, 2, 1]], None, &[6, 5, 4, 3, 2, 1], &[0, 2, 3])]
    #[case::an_early_end(&[&[6, 5][..], &[]], Some(Gap::Miscounted { sent: 2, total: 6 }), &[6, 5], &[0, 2])]
    #[case::the_same_again(&[&[6, 5][..], &[6, 5]], Some(Gap::Repeated), &[6, 5], &[0, 2])]
    fn a_list_is_read_to_its_end_from_where_each_page_ended(
        #[case] sent: &[&[u64]],
        #[case] gap: Option<Gap>,
        #[case] ids: &[u64],
        #[case] offsets: &[u64],
    ) {
        let (listing, asked) = read(sent, 10);
        assert_eq!(listing.rows.iter().map(|row| row.id).collect::<Vec<_>>(), ids);
        assert_eq!((listing.gap.clone(), listing.complete(), asked), (gap.clone(), gap.is_none(), offsets.to_vec()));
        assert_eq!(listing.ids(), ids.iter().copied().collect());
    }

    #[rstest]
    #[case(0, 0)]
    #[case(1, 2)]
    #[case(2, 4)]
    fn there_is_a_limit_to_pages(#[case] most: u32, #[case] rows: usize) {
        let (listing, offsets) = read(&[&[6, 5], &[4, 3], &[2, 1]], most);
        assert_eq!((listing.gap, listing.rows.len()), (Some(Gap::TooMany), rows));
        assert_eq!(offsets.len(), most as usize);
    }

    #[test]
    fn a_failed_page_keeps_what_was_read_before() {
        let failure = Failure::Refused { status: 403, errors: Vec::new(), words: String::new() };
        let mut pages = Pages::new(Paging::default());
        pages.take(Ok(Dated { date: "today".into(), ..page(&[3, 2], 3) }));
        assert_eq!(pages.next(), Some(2));
        pages.take(Err(failure.clone()));
        assert_eq!(pages.next(), None);
        let listing = pages.finish();
        assert_eq!((listing.gap, listing.rows.len()), (Some(Gap::Failed(failure)), 2));
        assert_eq!(listing.date, "today");
    }
}
