//! Paging of one list: which pages were requested, which arrived, and which comes next.
//!
//! The first page is small, so that its rows arrive early. Once it gives the total number of rows, a few pages are
//! requested in parallel. Pages are taken in by their order in the list, not by their order of arrival. A page that
//! is shorter than requested leaves a gap, which is requested again. The tally of the pages decides if the list is
//! complete.

use crate::domain::{AccountAnswer, ApiError, HasId, ListGap, Page, PageRange, PageTally};
use crate::tui::message::Ticket;
use std::collections::BTreeMap;

/// Rows of the first page, and of each page after it (at most 1000, certcentral-api.md 4.1).
const PAGE_SIZES: [u64; 2] = [100, 1000];

/// The highest number of pages that are requested at a time.
const MAX_PARALLEL_PAGES: usize = 3;

/// The number of rows to fetch before the person searches; most accounts have no more.
const START_ROWS: u64 = PAGE_SIZES[0] + PAGE_SIZES[1];

/// How much of a list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FetchExtent {
    None,
    /// The first `START_ROWS` rows, which is the whole list of most accounts.
    Start,
    All,
}

/// The state of the pages of a list.
#[derive(Debug, Clone, Default)]
pub(crate) struct PagedFetch {
    /// The pages taken in so far, from the first row on.
    tally: PageTally,
    /// The requested ranges that are not taken in, by their offset: the limit of each, and what came of it.
    requested: BTreeMap<u64, (u64, RequestedPage)>,
}

#[derive(Debug, Clone)]
enum RequestedPage {
    Awaited(Ticket),
    /// It arrived before the pages in front of it.
    Early(Box<Result<AccountAnswer, ApiError>>),
}

impl PagedFetch {
    /// The next range to request; `None` if nothing must be requested now.
    pub(crate) fn next_range(&self, reach: FetchExtent) -> Option<PageRange> {
        let most = if self.total_rows().is_some() && self.received_rows() > 0 { MAX_PARALLEL_PAGES } else { 1 };
        let goes_on = match reach {
            FetchExtent::None => false,
            FetchExtent::Start => self.requested_end() < START_ROWS,
            FetchExtent::All => true,
        };
        (goes_on && self.requested.len() < most && !self.is_ended()).then(|| self.first_missing_range()).flatten()
    }

    /// The number of rows taken in.
    pub(crate) fn received_rows(&self) -> u64 {
        self.tally.received()
    }

    /// The total number of rows, if the server gave it.
    pub(crate) fn total_rows(&self) -> Option<u64> {
        self.tally.total()
    }

    /// The end of the last requested range.
    fn requested_end(&self) -> u64 {
        self.requested.iter().map(|(offset, (limit, _))| offset + limit).max().unwrap_or(self.received_rows())
    }

    /// The first rows that are neither taken in nor requested; `None` if there are none.
    fn first_missing_range(&self) -> Option<PageRange> {
        let mut offset = self.received_rows();
        for (&begin, (limit, _)) in &self.requested {
            if begin > offset {
                return Some(PageRange { offset, limit: (begin - offset).min(PAGE_SIZES[1]) });
            }
            offset = offset.max(begin + limit);
        }
        let limit = PAGE_SIZES[usize::from(offset > 0)];
        self.total_rows().is_none_or(|total| offset < total || offset == 0).then_some(PageRange { offset, limit })
    }

    /// Records that a range was requested.
    pub(crate) fn mark_requested(&mut self, range: PageRange, ticket: Ticket) {
        self.requested.insert(range.offset, (range.limit, RequestedPage::Awaited(ticket)));
    }

    /// Records the answer for a range. An answer that was not requested is dropped.
    pub(crate) fn add_answer(&mut self, offset: u64, answer: Result<AccountAnswer, ApiError>) {
        if let Some((_, page)) = self.requested.get_mut(&offset) {
            *page = RequestedPage::Early(Box::new(answer));
        }
    }

    /// Takes in the next page that follows the earlier ones, and returns it with its new rows only; `None` if there is
    /// none.
    pub(crate) fn take_next_page(&mut self) -> Option<Result<AccountAnswer, ApiError>> {
        let mut early = self.requested.iter().filter(|(_, (_, page))| matches!(page, RequestedPage::Early(_)));
        let offset = *early.next()?.0;
        if offset > self.received_rows() || self.is_ended() {
            return None;
        }
        match self.requested.remove(&offset)?.1 {
            RequestedPage::Early(answer) => Some(answer.map(|answer| self.add_page(offset, answer))),
            RequestedPage::Awaited(_) => None,
        }
    }

    fn add_page(&mut self, offset: u64, answer: AccountAnswer) -> AccountAnswer {
        match answer {
            AccountAnswer::Organizations(page) => AccountAnswer::Organizations(self.keep_new_rows(offset, page)),
            AccountAnswer::People(page) => AccountAnswer::People(self.keep_new_rows(offset, page)),
            // An answer of another kind holds no rows, and asking again would bring no others.
            other => {
                self.tally.break_off(ListGap::UnreadableRow);
                other
            }
        }
    }

    fn keep_new_rows<T: HasId>(&mut self, offset: u64, page: Page<T>) -> Page<T> {
        Page { rows: self.tally.add_page(offset, page), ..Page::default() }
    }

    pub(crate) fn is_ended(&self) -> bool {
        self.tally.is_ended()
    }

    /// The reason why rows may be missing; `None` if the list is complete so far.
    pub(crate) fn incomplete_reason(&self) -> Option<&ListGap> {
        self.tally.gap()
    }

    pub(crate) fn has_pending_pages(&self) -> bool {
        self.requested.values().any(|(_, page)| matches!(page, RequestedPage::Awaited(_)))
    }

    /// Drops the requests and early pages beyond the wanted extent. Returns the tickets that are no longer awaited.
    pub(crate) fn cancel_beyond(&mut self, reach: FetchExtent) -> Vec<Ticket> {
        let from = match reach {
            FetchExtent::None => 0,
            FetchExtent::Start => START_ROWS,
            FetchExtent::All => return Vec::new(),
        };
        let left = self.requested.split_off(&from).into_values();
        left.filter_map(|(_, page)| if let RequestedPage::Awaited(ticket) = page { Some(ticket) } else { None })
            .collect()
    }

    /// Starts again from the first row if the list was incomplete. A list that was interrupted continues where it
    /// was.
    pub(crate) fn restart_if_incomplete(&mut self) {
        if self.incomplete_reason().is_some() {
            *self = Self::default();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Person;
    use proptest::prelude::*;
    use rstest::rstest;
    use std::ops::Range;

    fn page(rows: Range<u64>, total: Option<u64>) -> AccountAnswer {
        let received = rows.end - rows.start;
        let rows = rows.map(|id| Person { user_id: Some(id), ..Person::default() }).collect();
        AccountAnswer::People(Page { rows, received, total, flaw: None })
    }

    /// Requests all ranges that are allowed now.
    fn ask(pages: &mut PagedFetch, reach: FetchExtent) -> Vec<(u64, u64)> {
        let mut asked = Vec::new();
        while let Some(part) = pages.next_range(reach) {
            pages.mark_requested(part, Ticket(part.offset));
            asked.push((part.offset, part.limit));
        }
        asked
    }

    /// Adds a reply, and takes in every page that can follow.
    fn come(pages: &mut PagedFetch, offset: u64, answer: AccountAnswer) {
        pages.add_answer(offset, Ok(answer));
        while pages.take_next_page().is_some() {}
    }

    #[test]
    fn after_the_first_page_several_are_requested_at_once() {
        let mut pages = PagedFetch::default();
        assert_eq!(ask(&mut pages, FetchExtent::All), [(0, 100)]);
        come(&mut pages, 0, page(0..100, Some(9_000)));
        assert_eq!(ask(&mut pages, FetchExtent::All), [(100, 1000), (1100, 1000), (2100, 1000)]);
        come(&mut pages, 1100, page(1100..2100, Some(9_000)));
        assert_eq!(
            (pages.received_rows(), ask(&mut pages, FetchExtent::All)),
            (100, vec![]),
            "what is early waits, and counts"
        );
        come(&mut pages, 100, page(100..1100, Some(9_000)));
        assert_eq!(
            (pages.received_rows(), ask(&mut pages, FetchExtent::All)),
            (2100, vec![(3100, 1000), (4100, 1000)])
        );
    }

    #[rstest]
    #[case::told(Some(150), 100, false, None)]
    #[case::told_less(Some(100), 100, true, None)]
    #[case::none(Some(0), 0, true, None)]
    #[case::cut(Some(7), 0, true, Some(ListGap::Miscounted { sent: 0, total: 7 }))]
    #[case::untold_and_nothing(None, 0, true, None)]
    #[case::untold(None, 99, false, None)]
    #[case::untold_and_full(None, 100, false, None)]
    fn a_paged_list_reaches_its_end(
        #[case] total: Option<u64>,
        #[case] rows: u64,
        #[case] ended: bool,
        #[case] lack: Option<ListGap>,
    ) {
        let mut pages = PagedFetch::default();
        ask(&mut pages, FetchExtent::All);
        come(&mut pages, 0, page(0..rows, total));
        assert_eq!((pages.is_ended(), pages.incomplete_reason()), (ended, lack.as_ref()));
        let more = ask(&mut pages, FetchExtent::All);
        assert_eq!(
            more,
            if ended { vec![] } else { vec![(rows, 1000)] },
            "pages without a total come one after another"
        );
    }

    #[test]
    fn an_incomplete_list_restarts() {
        let mut pages = PagedFetch::default();
        ask(&mut pages, FetchExtent::All);
        come(&mut pages, 0, page(0..50, Some(50)));
        pages.restart_if_incomplete();
        assert_eq!((pages.is_ended(), pages.received_rows()), (true, 50), "a whole one stays");
        let mut pages = PagedFetch::default();
        ask(&mut pages, FetchExtent::All);
        come(&mut pages, 0, page(0..50, Some(49)));
        pages.restart_if_incomplete();
        assert_eq!(ask(&mut pages, FetchExtent::All), [(0, 100)]);
    }

    #[test]
    fn the_gap_after_a_short_page_is_requested() {
        let mut pages = PagedFetch::default();
        ask(&mut pages, FetchExtent::All);
        come(&mut pages, 0, page(0..100, Some(3_000)));
        ask(&mut pages, FetchExtent::All);
        come(&mut pages, 100, page(100..500, Some(3_000)));
        assert_eq!(ask(&mut pages, FetchExtent::All), [(500, 600)]);
    }

    #[test]
    fn only_the_first_pages_are_fetched_until_all_are_wanted() {
        let mut pages = PagedFetch::default();
        ask(&mut pages, FetchExtent::Start);
        come(&mut pages, 0, page(0..100, Some(9_000)));
        assert_eq!(ask(&mut pages, FetchExtent::Start), [(100, 1000)]);
        come(&mut pages, 100, page(100..1100, Some(9_000)));
        assert_eq!(ask(&mut pages, FetchExtent::Start), []);
        assert_eq!(ask(&mut pages, FetchExtent::All).len(), MAX_PARALLEL_PAGES);
        assert_eq!(pages.cancel_beyond(FetchExtent::Start), [Ticket(1100), Ticket(2100), Ticket(3100)]);
        assert_eq!((pages.has_pending_pages(), pages.received_rows()), (false, 1100), "what came stays");
        pages.add_answer(2100, Ok(page(2100..3100, None)));
        assert_eq!(pages.take_next_page(), None, "nobody waits for it");
    }

    proptest! {
        /// For any page sizes and any order of arrival, every row is requested and the list ends complete.
        #[test]
        fn every_row_is_requested(
            total in 0_u64..6_000, told in any::<bool>(), largest in 1_u64..1_500, order in prop::collection::vec(0_usize..3, 0..40),
        ) {
            let (mut pages, mut turn) = (PagedFetch::default(), order.into_iter().cycle());
            let mut calls = 0;
            while !pages.is_ended() && calls < 7_000 {
                ask(&mut pages, FetchExtent::All);
                let awaited = pages.requested.iter().filter(|(_, (_, page))| matches!(page, RequestedPage::Awaited(_)));
                let under_way: Vec<PageRange> =
                    awaited.map(|(&offset, (limit, _))| PageRange { offset, limit: *limit }).collect();
                prop_assert!(!under_way.is_empty() && under_way.len() <= MAX_PARALLEL_PAGES);
                let part = under_way[turn.next().unwrap_or_default() % under_way.len()];
                let rows = total.saturating_sub(part.offset).min(part.limit).min(largest);
                come(&mut pages, part.offset, page(part.offset..part.offset + rows, told.then_some(total)));
                calls += 1;
            }
            prop_assert_eq!((pages.is_ended(), pages.incomplete_reason(), pages.received_rows()), (true, None, total));
        }
    }
}
