//! The pages of one list: which were asked for, which came, and which comes next.
//!
//! The first one is small, so that its rows are there early; once it has said how many rows there are, a few pages are
//! under way at a time. They are taken in one after another, whichever comes first, and one that is shorter than asked
//! for leaves a gap that is asked for again. Whether the list is whole is judged by the tally of its pages.

use crate::domain::{HasId, ListGap, Page, PageTally};
use crate::tui::message::{EffectReply, Ticket};
use std::collections::BTreeMap;

/// Rows of the first page, and of each after it (at most 1000, certcentral-api.md 4.1).
const PAGE_SIZES: [u64; 2] = [100, 1000];

/// So many pages are under way at a time.
const MAX_PARALLEL_PAGES: usize = 3;

/// So many rows are there before anybody looks for one: most accounts have no more.
const START_ROWS: u64 = PAGE_SIZES[0] + PAGE_SIZES[1];

/// How much of a list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum FetchExtent {
    /// Nothing of it.
    None,
    /// As much as most accounts have.
    Start,
    /// All of it.
    All,
}

/// A part of a list that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct PageRange {
    pub(crate) offset: u64,
    pub(crate) limit: u64,
}

/// How far the pages of a list are.
#[derive(Debug, Clone, Default)]
pub(crate) struct PagedFetch {
    /// What came to be taken in, one after another from the first row on.
    tally: PageTally,
    /// What is under way, by where it begins.
    pending: BTreeMap<u64, (PageRange, Ticket)>,
    /// What came before something that goes before it.
    early_replies: BTreeMap<u64, (PageRange, EffectReply)>,
}

impl PagedFetch {
    /// What is to be asked for now, if anything is.
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

    /// Rows that were taken in.
    pub(crate) fn received_rows(&self) -> u64 {
        self.tally.received()
    }

    /// Rows in all, where the server says so.
    pub(crate) fn total_rows(&self) -> Option<u64> {
        self.tally.total()
    }

    /// Where nothing was asked for yet.
    fn requested_end(&self) -> u64 {
        self.requested_ranges().map(|part| part.offset + part.limit).max().unwrap_or(self.received_rows())
    }

    fn requested_ranges(&self) -> impl Iterator<Item = PageRange> {
        self.pending.values().map(|(part, _)| *part).chain(self.early_replies.values().map(|(part, _)| *part))
    }

    /// The first rows that are not there and not under way.
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

    /// It is under way.
    pub(crate) fn mark_requested(&mut self, part: PageRange, ticket: Ticket) {
        self.pending.insert(part.offset, (part, ticket));
    }

    /// It has come. What nobody asked for is dropped.
    pub(crate) fn add_reply(&mut self, offset: u64, reply: EffectReply) {
        if let Some((part, _)) = self.pending.remove(&offset) {
            self.early_replies.insert(offset, (part, reply));
        }
    }

    /// What can be taken in now, and where it begins.
    pub(crate) fn pop_next_reply(&mut self) -> Option<(u64, EffectReply)> {
        let received = self.received_rows();
        let first =
            self.early_replies.first_entry().filter(|first| *first.key() <= received && !self.tally.is_ended())?;
        let (offset, (_, reply)) = first.remove_entry();
        Some((offset, reply))
    }

    /// Takes in a page that begins at this row, and gives its rows that were not there before.
    pub(crate) fn take_page<T: HasId>(&mut self, offset: u64, page: Page<T>) -> Vec<T> {
        self.tally.add_page(offset, page)
    }

    /// Whether it has come to its end.
    pub(crate) fn is_ended(&self) -> bool {
        self.tally.is_ended()
    }

    /// Why not all rows may be there.
    pub(crate) fn incomplete_reason(&self) -> Option<&ListGap> {
        self.tally.gap()
    }

    /// Whether something is under way.
    pub(crate) fn has_pending_pages(&self) -> bool {
        !self.pending.is_empty()
    }

    /// Leaves what is under way and not wanted, and forgets what is too early for it. Answers what nobody waits for any
    /// more.
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

    /// Begins anew where the list was not whole. Where it was broken off, it goes on.
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

    /// A page of these rows.
    fn page(rows: Range<u64>, total: Option<u64>) -> EffectReply {
        let received = rows.end - rows.start;
        let rows = rows.map(|id| Person { user_id: Some(id), ..Person::default() }).collect();
        EffectReply::Users(Ok(Page { rows, received, total, flaw: None }))
    }

    /// Asks for all that it may.
    fn ask(pages: &mut PagedFetch, reach: FetchExtent) -> Vec<(u64, u64)> {
        let mut asked = Vec::new();
        while let Some(part) = pages.next_range(reach) {
            pages.mark_requested(part, Ticket(part.offset));
            asked.push((part.offset, part.limit));
        }
        asked
    }

    /// Takes in what has come, and all that can be taken in after it.
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
        /// Whatever sizes a server sends, in whatever order, every row is asked for, and it is whole at the end.
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
