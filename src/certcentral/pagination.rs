//! Pagination: reading a list page by page, and its result.
//!
//! The paginator does not fetch: it returns the next offset and takes the page. The tally of the pages decides
//! whether the list is complete.

use super::rate_limit::max_calls_within;
use crate::domain::{ApiError, HasId, ListGap, Listing, Page, PageTally, ServerDated};
use std::time::Duration;

/// The limits for reading a list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Paging {
    /// Rows per page, at most 1000 (certcentral-api.md 4.1).
    pub size: u64,
    /// The largest number of pages to fetch.
    pub max_pages: u32,
}

/// The time limit for one list. Longer reading would make a preflight too old.
pub(super) const MAX_READING_TIME: Duration = Duration::from_mins(5);

impl Paging {
    /// Returns a paging with as many pages as the rate limit allows within the time limit.
    pub fn longest() -> Self {
        Self { max_pages: max_calls_within(MAX_READING_TIME), ..Self::default() }
    }
}

impl Default for Paging {
    fn default() -> Self {
        Self { size: 1000, max_pages: 100 }
    }
}

/// The state of a list that is being read.
#[derive(Debug)]
pub(super) struct Paginator<T> {
    paging: Paging,
    /// The number of pages so far.
    pages_taken: u32,
    tally: PageTally,
    rows: Vec<T>,
    date: String,
}

impl<T: HasId> Paginator<T> {
    pub(super) fn new(paging: Paging) -> Self {
        Self { paging, pages_taken: 0, tally: PageTally::default(), rows: Vec::new(), date: String::new() }
    }

    /// Returns the offset of the next page. `None` if no more pages are to be fetched.
    pub(super) fn next_offset(&self) -> Option<u64> {
        (!self.tally.is_ended() && self.pages_taken < self.paging.max_pages).then_some(self.tally.received())
    }

    /// Stops the list, because it took too long.
    pub(super) fn stop_early(&mut self) {
        self.paging.max_pages = self.pages_taken;
    }

    /// Adds the answer for the page at the last offset.
    pub(super) fn add_page(&mut self, answer: Result<ServerDated<Page<T>>, ApiError>) {
        self.pages_taken += 1;
        match answer {
            Ok(ServerDated { value: told, date }) => {
                if self.date.is_empty() {
                    self.date = date;
                }
                self.rows.extend(self.tally.add_page(self.tally.received(), told));
            }
            Err(failure) => self.tally.break_off(ListGap::Failed(failure)),
        }
    }

    /// Returns the list as far as it was read.
    pub(super) fn into_listing(mut self) -> Listing<T> {
        if !self.tally.is_ended() {
            self.tally.break_off(ListGap::TooMany);
        }
        Listing { rows: self.rows, gap: self.tally.gap().cloned(), date: self.date }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::OrderRow;
    use rstest::rstest;

    fn page(ids: &[u64], total: u64) -> ServerDated<Page<OrderRow>> {
        let rows = ids.iter().map(|&id| OrderRow { id, ..OrderRow::default() }).collect();
        ServerDated {
            value: Page { rows, received: ids.len() as u64, total: Some(total), flaw: None },
            date: String::new(),
        }
    }

    /// Reads these pages of a list of six. Returns the list and the offset of each fetched page.
    fn read(sent: &[&[u64]], most: u32) -> (Listing<OrderRow>, Vec<u64>) {
        let (mut pages, mut offsets) = (Paginator::new(Paging { size: 2, max_pages: most }), Vec::new());
        while let Some(offset) = pages.next_offset() {
            pages.add_page(Ok(page(sent.get(offsets.len()).unwrap_or(&&[][..]), 6)));
            offsets.push(offset);
        }
        (pages.into_listing(), offsets)
    }

    #[rstest]
    #[case::whole(&[&[6, 5][..], &[4, 3], &[2, 1]], None, &[6, 5, 4, 3, 2, 1], &[0, 2, 4])]
    #[case::short_pages(&[&[6, 5][..], &[4], &[3, 2, 1]], None, &[6, 5, 4, 3, 2, 1], &[0, 2, 3])]
    #[case::an_early_end(&[&[6, 5][..], &[]], Some(ListGap::Miscounted { sent: 2, total: 6 }), &[6, 5], &[0, 2])]
    #[case::the_same_again(&[&[6, 5][..], &[6, 5]], Some(ListGap::Repeated), &[6, 5], &[0, 2])]
    fn a_list_is_read_to_its_end_from_where_each_page_ended(
        #[case] sent: &[&[u64]],
        #[case] gap: Option<ListGap>,
        #[case] ids: &[u64],
        #[case] offsets: &[u64],
    ) {
        let (listing, asked) = read(sent, 10);
        assert_eq!(listing.rows.iter().map(|row| row.id).collect::<Vec<_>>(), ids);
        assert_eq!((listing.gap.clone(), listing.is_complete(), asked), (gap.clone(), gap.is_none(), offsets.to_vec()));
        assert_eq!(listing.ids(), ids.iter().copied().collect());
    }

    #[rstest]
    #[case(0, 0)]
    #[case(1, 2)]
    #[case(2, 4)]
    fn there_is_a_limit_to_pages(#[case] most: u32, #[case] rows: usize) {
        let (listing, offsets) = read(&[&[6, 5], &[4, 3], &[2, 1]], most);
        assert_eq!((listing.gap, listing.rows.len()), (Some(ListGap::TooMany), rows));
        assert_eq!(offsets.len(), most as usize);
    }

    #[test]
    fn a_failed_page_keeps_what_was_read_before() {
        let failure = ApiError::Refused { status: 403, errors: Vec::new(), excerpt: String::new() };
        let mut pages = Paginator::new(Paging::default());
        pages.add_page(Ok(ServerDated { date: "today".into(), ..page(&[3, 2], 3) }));
        assert_eq!(pages.next_offset(), Some(2));
        pages.add_page(Err(failure.clone()));
        assert_eq!(pages.next_offset(), None);
        let listing = pages.into_listing();
        assert_eq!((listing.gap, listing.rows.len()), (Some(ListGap::Failed(failure)), 2));
        assert_eq!(listing.date, "today");
    }
}
