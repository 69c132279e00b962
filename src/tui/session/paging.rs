//! Paging of one list: which pages were requested, which arrived, and which comes next.
//!
//! The first page is small, so that its rows arrive early. Once it gives the total number of rows, a few pages are
//! requested in parallel. Pages are taken in by their order in the list, not by their order of arrival. A page that
//! is shorter than requested leaves a gap, which is requested again. The tally of the pages decides if the list is
//! complete.

use crate::domain::{HasId, ListGap, Page, PageTally};
use crate::tui::message::{EffectReply, Ticket};
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

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PageRange {
    pub(crate) offset: u64,
    pub(crate) limit: u64,
}

/// The state of the pages of a list.
#[derive(Debug, Clone, Default)]
pub(crate) struct PagedFetch {
    /// The pages taken in so far, from the first row on.
    tally: PageTally,
    /// The requested pages, by their offset.
    pending: BTreeMap<u64, (PageRange, Ticket)>,
    /// Replies that arrived before the pages in front of them, by their offset.
    early_replies: BTreeMap<u64, (PageRange, EffectReply)>,
}

impl PagedFetch {
    /// The next range to request; `None` if nothing must be requested now.
    pub(crate) fn next_range(&self, reach: FetchExtent) -> Option<PageRange> {
        let under_way = self.pending.len() + self.early_replies.len();
        let most = if self.total_rows().is_some() && self.received_rows() > 0 { MAX_PARALLEL_PAGES } else { 1 };
        let goes_on = match reach {
            FetchExtent::None => false,
            FetchExtent::Start => self.requested_end() < START_ROWS,
            FetchExtent::All => true,
        };
        (goes_on && under_way < most && !self.tally.is_ended()).then(|| self.first_missing_range()).flatten()
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
        self.requested_ranges().map(|part| part.offset + part.limit).max().unwrap_or(self.received_rows())
    }

    fn requested_ranges(&self) -> impl Iterator<Item = PageRange> {
        self.pending.values().map(|(part, _)| *part).chain(self.early_replies.values().map(|(part, _)| *part))
    }

    /// The first rows that are neither taken in nor requested; `None` if there are none.
    fn first_missing_range(&self) -> Option<PageRange> {
        let mut parts: Vec<PageRange> = self.requested_ranges().collect();
        parts.sort_unstable_by_key(|part| part.offset);
        let mut offset = self.received_rows();
        for part in parts {
            if part.offset > offset {
                let limit = (part.offset - offset).min(PAGE_SIZES[1]);
                return Some(PageRange { offset, limit });
            }
            offset = offset.max(part.offset + part.limit);
        }
        let limit = PAGE_SIZES[usize::from(offset > 0)];
        self.total_rows().is_none_or(|total| offset < total || offset == 0).then_some(PageRange { offset, limit })
    }

    /// Records that a range was requested.
    pub(crate) fn mark_requested(&mut self, part: PageRange, ticket: Ticket) {
        self.pending.insert(part.offset, (part, ticket));
    }

    /// Records the reply for a range. A reply that was not requested is dropped.
    pub(crate) fn add_reply(&mut self, offset: u64, reply: EffectReply) {
        if let Some((part, _)) = self.pending.remove(&offset) {
            self.early_replies.insert(offset, (part, reply));
        }
    }

    /// The next reply that can be taken in, with its offset.
    pub(crate) fn pop_next_reply(&mut self) -> Option<(u64, EffectReply)> {
        let received = self.received_rows();
        let first =
            self.early_replies.first_entry().filter(|first| *first.key() <= received && !self.tally.is_ended())?;
        let (offset, (_, reply)) = first.remove_entry();
        Some((offset, reply))
    }

    /// Takes in a page at this offset, and returns its new rows.
    pub(crate) fn take_page<T: HasId>(&mut self, offset: u64, page: Page<T>) -> Vec<T> {
        self.tally.add_page(offset, page)
    }

    pub(crate) fn is_ended(&self) -> bool {
        self.tally.is_ended()
    }

    /// The reason why rows may be missing; `None` if the list is complete so far.
    pub(crate) fn incomplete_reason(&self) -> Option<&ListGap> {
        self.tally.gap()
    }

    pub(crate) fn has_pending_pages(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Drops the requests and early replies beyond the wanted extent. Returns the tickets that are no longer awaited.
    pub(crate) fn cancel_beyond(&mut self, reach: FetchExtent) -> Vec<Ticket> {
        let from = match reach {
            FetchExtent::None => 0,
            FetchExtent::Start => START_ROWS,
            FetchExtent::All => return Vec::new(),
        };
        self.early_replies.retain(|offset, _| *offset < from);
        let left = self.pending.split_off(&from);
        left.into_values().map(|(_, ticket)| ticket).collect()
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

    fn page(rows: Range<u64>, total: Option<u64>) -> EffectReply {
        let received = rows.end - rows.start;
        let rows = rows.map(|id| Person { user_id: Some(id), ..Person::default() }).collect();
        EffectReply::Users(Ok(Page { rows, received, total, flaw: None }))
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
    fn come(pages: &mut PagedFetch, offset: u64, reply: EffectReply) {
        pages.add_reply(offset, reply);
        while let Some((offset, EffectReply::Users(Ok(page)))) = pages.pop_next_reply() {
            pages.take_page(offset, page);
        }
    }

    #[test]
    fn after_the_first_a_few_are_under_way() {
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
    fn a_list_comes_to_its_end(
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
    fn a_list_that_was_not_whole_begins_anew() {
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
    fn a_shorter_page_leaves_a_gap_that_is_asked_for() {
        let mut pages = PagedFetch::default();
        ask(&mut pages, FetchExtent::All);
        come(&mut pages, 0, page(0..100, Some(3_000)));
        ask(&mut pages, FetchExtent::All);
        come(&mut pages, 100, page(100..500, Some(3_000)));
        assert_eq!(ask(&mut pages, FetchExtent::All), [(500, 600)]);
    }

    #[test]
    fn only_the_start_is_there_before_somebody_looks_for_a_row() {
        let mut pages = PagedFetch::default();
        ask(&mut pages, FetchExtent::Start);
        come(&mut pages, 0, page(0..100, Some(9_000)));
        assert_eq!(ask(&mut pages, FetchExtent::Start), [(100, 1000)]);
        come(&mut pages, 100, page(100..1100, Some(9_000)));
        assert_eq!(ask(&mut pages, FetchExtent::Start), []);
        assert_eq!(ask(&mut pages, FetchExtent::All).len(), MAX_PARALLEL_PAGES);
        assert_eq!(pages.cancel_beyond(FetchExtent::Start), [Ticket(1100), Ticket(2100), Ticket(3100)]);
        assert_eq!((pages.has_pending_pages(), pages.received_rows()), (false, 1100), "what came stays");
        pages.add_reply(2100, page(2100..3100, None));
        assert_eq!(pages.pop_next_reply(), None, "nobody waits for it");
    }

    proptest! {
        /// For any page sizes and any order of arrival, every row is requested and the list ends complete.
        #[test]
        fn every_row_is_asked_for(
            total in 0_u64..6_000, told in any::<bool>(), largest in 1_u64..1_500, order in prop::collection::vec(0_usize..3, 0..40),
        ) {
            let (mut pages, mut turn) = (PagedFetch::default(), order.into_iter().cycle());
            let mut calls = 0;
            while !pages.is_ended() && calls < 7_000 {
                ask(&mut pages, FetchExtent::All);
                let under_way: Vec<PageRange> = pages.pending.values().map(|(part, _)| *part).collect();
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
