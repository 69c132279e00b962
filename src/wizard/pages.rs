//! The pages of one list: which were asked for, which came, and which comes next.
//!
//! The first one is small, so that its rows are there early; once it has said how many rows there are, a few pages are
//! under way at a time. They are taken in one after another, whichever comes first, and one that is shorter than asked
//! for leaves a gap that is asked for again. It knows no rows and no server.

use super::msg::{Reply, Ticket};
use std::collections::BTreeMap;

/// Rows of the first page, and of each after it (at most 1000, fact sheet 4.1).
const SIZES: [u64; 2] = [100, 1000];

/// So many pages are under way at a time.
const AT_ONCE: usize = 3;

/// So many rows are there before anybody looks for one: most accounts have no more.
const START: u64 = SIZES[0] + SIZES[1];

/// How much of a list is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Reach {
    /// Nothing of it.
    None,
    /// As much as most accounts have.
    Start,
    /// All of it.
    All,
}

/// A part of a list that is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Part {
    pub(super) offset: u64,
    pub(super) limit: u64,
}

/// How a list has come to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum End {
    /// All rows are there.
    Whole,
    /// The server has said that there are more, and sends no more.
    Cut,
}

/// How far the pages of a list are.
#[derive(Debug, Clone, Default)]
pub(super) struct Pages {
    /// Rows that were taken in, one after another from the first on.
    pub(super) received: u64,
    /// Rows in all, where the server says so.
    pub(super) total: Option<u64>,
    /// What is under way, by where it begins.
    asked: BTreeMap<u64, (Part, Ticket)>,
    /// What came before something that goes before it.
    early: BTreeMap<u64, (Part, Reply)>,
    end: Option<End>,
}

impl Pages {
    /// What is to be asked for now, if anything is.
    pub(super) fn next(&self, reach: Reach) -> Option<Part> {
        let under_way = self.asked.len() + self.early.len();
        let most = if self.total.is_some() && self.received > 0 { AT_ONCE } else { 1 };
        let goes_on = match reach {
            Reach::None => false,
            Reach::Start => self.frontier() < START,
            Reach::All => true,
        };
        (goes_on && under_way < most && self.end.is_none()).then(|| self.gap()).flatten()
    }

    /// Where nothing was asked for yet.
    fn frontier(&self) -> u64 {
        self.parts().map(|part| part.offset + part.limit).max().unwrap_or(self.received)
    }

    fn parts(&self) -> impl Iterator<Item = Part> {
        self.asked.values().map(|(part, _)| *part).chain(self.early.values().map(|(part, _)| *part))
    }

    /// The first rows that are not there and not under way.
    fn gap(&self) -> Option<Part> {
        let mut parts: Vec<Part> = self.parts().collect();
        parts.sort_unstable_by_key(|part| part.offset);
        let mut offset = self.received;
        for part in parts {
            if part.offset > offset {
                let limit = (part.offset - offset).min(SIZES[1]);
                return Some(Part { offset, limit });
            }
            offset = offset.max(part.offset + part.limit);
        }
        let limit = SIZES[usize::from(offset > 0)];
        self.total.is_none_or(|total| offset < total || offset == 0).then_some(Part { offset, limit })
    }

    /// It is under way.
    pub(super) fn ask(&mut self, part: Part, ticket: Ticket) {
        self.asked.insert(part.offset, (part, ticket));
    }

    /// It has come. Answers what can be taken in now, one after another.
    pub(super) fn come(&mut self, offset: u64, reply: Reply) -> Option<Reply> {
        let (part, _) = self.asked.remove(&offset)?;
        self.early.insert(offset, (part, reply));
        self.release()
    }

    /// What came early and can be taken in by now.
    pub(super) fn release(&mut self) -> Option<Reply> {
        let first = self.early.first_entry().filter(|first| *first.key() <= self.received)?;
        let (part, reply) = first.remove();
        self.count(part, &reply);
        Some(reply)
    }

    fn count(&mut self, part: Part, reply: &Reply) {
        let Some((rows, total)) = told(reply) else { return };
        self.received = self.received.max(part.offset + rows);
        self.total = total.or(self.total);
        let whole = self.total.map_or(rows < part.limit, |total| self.received >= total);
        self.end = match (whole, rows) {
            (true, _) => Some(End::Whole),
            (false, 0) => Some(if self.total.is_none() { End::Whole } else { End::Cut }),
            (false, _) => None,
        };
    }

    /// How it has ended, once it has.
    pub(super) fn end(&self) -> Option<End> {
        self.end
    }

    /// Whether something is under way.
    pub(super) fn is_asked(&self) -> bool {
        !self.asked.is_empty()
    }

    /// Leaves what is under way and not wanted, and forgets what is too early for it. Answers what nobody waits for any
    /// more.
    pub(super) fn stop(&mut self, reach: Reach) -> Vec<Ticket> {
        let from = match reach {
            Reach::None => 0,
            Reach::Start => START,
            Reach::All => return Vec::new(),
        };
        self.early.retain(|offset, _| *offset < from);
        let left = self.asked.split_off(&from);
        left.into_values().map(|(_, ticket)| ticket).collect()
    }

    /// Goes on after an end that was none.
    pub(super) fn again(&mut self) {
        self.end = None;
    }
}

/// How many rows a page has brought, and how many it says that there are.
fn told(reply: &Reply) -> Option<(u64, Option<u64>)> {
    match reply {
        Reply::Organizations(Ok(page)) => Some((page.received, page.total)),
        Reply::Users(Ok(page)) => Some((page.received, page.total)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Page;
    use proptest::prelude::*;
    use rstest::rstest;

    fn page(rows: u64, total: Option<u64>) -> Reply {
        Reply::Users(Ok(Page { rows: Vec::new(), received: rows, total }))
    }

    /// Asks for all that it may.
    fn ask(pages: &mut Pages, reach: Reach) -> Vec<(u64, u64)> {
        let mut asked = Vec::new();
        while let Some(part) = pages.next(reach) {
            pages.ask(part, Ticket(part.offset));
            asked.push((part.offset, part.limit));
        }
        asked
    }

    /// Takes in what has come, and all that can be taken in after it.
    fn come(pages: &mut Pages, offset: u64, reply: Reply) {
        let mut next = pages.come(offset, reply);
        while next.is_some() {
            next = pages.release();
        }
    }

    #[test]
    fn after_the_first_a_few_are_under_way() {
        let mut pages = Pages::default();
        assert_eq!(ask(&mut pages, Reach::All), [(0, 100)]);
        come(&mut pages, 0, page(100, Some(9_000)));
        assert_eq!(ask(&mut pages, Reach::All), [(100, 1000), (1100, 1000), (2100, 1000)]);
        come(&mut pages, 1100, page(1000, Some(9_000)));
        assert_eq!((pages.received, ask(&mut pages, Reach::All)), (100, vec![]), "what is early waits, and counts");
        come(&mut pages, 100, page(1000, Some(9_000)));
        assert_eq!((pages.received, ask(&mut pages, Reach::All)), (2100, vec![(3100, 1000), (4100, 1000)]));
    }

    #[rstest]
    #[case::told(Some(150), 100, Some(End::Whole))]
    #[case::told_less(Some(100), 100, Some(End::Whole))]
    #[case::none(Some(0), 0, Some(End::Whole))]
    #[case::cut(Some(7), 0, Some(End::Cut))]
    #[case::untold(None, 99, Some(End::Whole))]
    #[case::untold_and_full(None, 100, None)]
    fn a_list_comes_to_its_end(#[case] total: Option<u64>, #[case] rows: u64, #[case] end: Option<End>) {
        let mut pages = Pages::default();
        ask(&mut pages, Reach::All);
        come(&mut pages, 0, page(rows, total));
        let more = ask(&mut pages, Reach::All);
        if total == Some(150) {
            assert_eq!(more, [(100, 1000)]);
            come(&mut pages, 100, page(50, total));
        }
        assert_eq!(pages.end(), end);
        assert!(end.is_none() || ask(&mut pages, Reach::All).is_empty());
    }

    #[test]
    fn without_a_total_pages_come_one_after_another() {
        let mut pages = Pages::default();
        ask(&mut pages, Reach::All);
        come(&mut pages, 0, page(100, None));
        assert_eq!(ask(&mut pages, Reach::All), [(100, 1000)]);
    }

    #[test]
    fn a_shorter_page_leaves_a_gap_that_is_asked_for() {
        let mut pages = Pages::default();
        ask(&mut pages, Reach::All);
        come(&mut pages, 0, page(100, Some(3_000)));
        ask(&mut pages, Reach::All);
        come(&mut pages, 100, page(400, Some(3_000)));
        assert_eq!(ask(&mut pages, Reach::All), [(500, 600)]);
    }

    #[test]
    fn only_the_start_is_there_before_somebody_looks_for_a_row() {
        let mut pages = Pages::default();
        ask(&mut pages, Reach::Start);
        come(&mut pages, 0, page(100, Some(9_000)));
        assert_eq!(ask(&mut pages, Reach::Start), [(100, 1000)]);
        come(&mut pages, 100, page(1000, Some(9_000)));
        assert_eq!(ask(&mut pages, Reach::Start), []);
        assert_eq!(ask(&mut pages, Reach::All).len(), AT_ONCE);
        assert_eq!(pages.stop(Reach::Start), [Ticket(1100), Ticket(2100), Ticket(3100)]);
        assert_eq!((pages.is_asked(), pages.received), (false, 1100), "what came stays");
        assert_eq!(pages.come(2100, page(1000, None)), None, "nobody waits for it");
    }

    proptest! {
        /// Whatever the server does, every row that it has is asked for, or its end was told, and it comes to an end.
        #[test]
        fn every_row_is_asked_for(
            total in 0_u64..6_000, told in any::<bool>(), largest in 1_u64..1_500, order in prop::collection::vec(0_usize..3, 0..40),
        ) {
            let (mut pages, mut came, mut turn) = (Pages::default(), Vec::new(), order.into_iter().cycle());
            let mut calls = 0;
            while pages.end().is_none() && calls < 7_000 {
                ask(&mut pages, Reach::All);
                let under_way: Vec<Part> = pages.asked.values().map(|(part, _)| *part).collect();
                prop_assert!(!under_way.is_empty() && under_way.len() <= AT_ONCE);
                let part = under_way[turn.next().unwrap_or_default() % under_way.len()];
                let rows = total.saturating_sub(part.offset).min(part.limit).min(largest);
                came.push(part.offset..part.offset + rows);
                come(&mut pages, part.offset, page(rows, told.then_some(total)));
                calls += 1;
            }
            prop_assert!(pages.end().is_some());
            came.sort_unstable_by_key(|rows| rows.start);
            let until = came.iter().fold(0, |until, rows| if rows.start <= until { until.max(rows.end) } else { until });
            // A server that does not tell how many there are, and sends shorter pages than asked for, cannot be told from
            // one that has no more.
            prop_assert!(until == total || !told && until >= total.min(largest.min(100)));
        }
    }
}
