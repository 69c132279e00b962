//! Fetching from the account: which lists were requested, how far they are, and how they ended.
//!
//! A list is requested when a screen first needs it: first its start, and the rest while the person searches it. The
//! rows go into the account data; this module keeps only the state of each fetch. A failed list can be requested
//! again, and continues where it was.

use super::paging::{FetchExtent, PagedFetch};
use crate::domain::{AccountAnswer, AccountData, AccountResource, ApiError, ListGap, Organization, PageRange, Person};
use crate::product::PickList;
use crate::search::SearchIndex;
use crate::text;
use crate::tui::message::{Effect, Ticket};
use std::collections::BTreeMap;

#[derive(Debug, Clone, PartialEq)]
pub enum FetchState {
    Loading {
        /// Rows received so far.
        received: u64,
        /// The total number of rows, if the server gave it.
        total: Option<u64>,
    },
    /// Fetched as far as wanted so far.
    Paused,
    Done,
    /// Ended, but rows may be missing.
    Incomplete(ListGap),
    Failed(ApiError),
}

/// The state of every fetch, and the search index of each list.
#[derive(Debug, Clone, Default)]
pub struct FetchTracker {
    states: BTreeMap<AccountResource, FetchState>,
    /// The awaited tickets, with the resource and, for a list, the offset of the page.
    pending: BTreeMap<Ticket, (AccountResource, u64)>,
    pages: BTreeMap<AccountResource, PagedFetch>,
    search_indexes: BTreeMap<PickList, SearchIndex>,
}

impl AccountResource {
    /// The resource that fills a pick list; `None` if the list needs no account.
    pub fn for_list(list: PickList) -> Option<Self> {
        match list {
            PickList::Organizations => Some(Self::Organizations),
            PickList::Approvers => Some(Self::Approvers),
            PickList::Users => Some(Self::Users),
            PickList::ValidityYears => Some(Self::Product),
            PickList::Countries => None,
        }
    }
}

impl FetchTracker {
    /// The state of a resource; `None` if it was never requested.
    pub fn state(&self, want: AccountResource) -> Option<&FetchState> {
        self.states.get(&want)
    }

    /// The search index of a list: the folded words of each row.
    pub fn search_index(&self, list: PickList) -> SearchIndex {
        self.search_indexes.get(&list).cloned().unwrap_or_default()
    }

    /// Requests the resources that were not requested before, and of each list the pages up to its wanted extent.
    /// Cancels pages that are no longer wanted.
    pub(crate) fn request(
        &mut self,
        wants: &[AccountResource],
        reach: impl Fn(AccountResource) -> FetchExtent,
        last_ticket: &mut u64,
    ) -> Vec<Effect> {
        let mut effects = Vec::new();
        for &want in wants {
            if self.states.contains_key(&want) {
                continue;
            }
            self.states.insert(want, FetchState::Loading { received: 0, total: None });
            if want.is_paged() {
                self.pages.entry(want).or_default().restart_if_incomplete();
            } else {
                start_fetch(&mut self.pending, last_ticket, &mut effects, (want, want.only_range()));
            }
        }
        for (&want, pages) in &mut self.pages {
            let state = self.states.get_mut(&want);
            let open = state.filter(|state| matches!(state, FetchState::Loading { .. } | FetchState::Paused));
            let extent = open.as_ref().map_or(FetchExtent::None, |_| reach(want));
            for ticket in pages.cancel_beyond(extent) {
                self.pending.remove(&ticket);
                effects.push(Effect::Cancel(ticket));
            }
            while let Some(range) = pages.next_range(extent) {
                pages.mark_requested(range, start_fetch(&mut self.pending, last_ticket, &mut effects, (want, range)));
            }
            if let Some(state) = open {
                *state = paging_state(pages);
            }
        }
        effects
    }

    /// Forgets a failure or an incomplete end, so that the resource is requested again.
    pub(crate) fn forget_failure(&mut self, want: AccountResource) {
        if matches!(self.states.get(&want), Some(FetchState::Failed(_) | FetchState::Incomplete(_))) {
            self.states.remove(&want);
        }
    }

    /// Forgets the state of the matching resources, so that they are requested again.
    pub(crate) fn forget_matching(&mut self, forgets: impl Fn(AccountResource) -> bool) {
        self.states.retain(|want, _| !forgets(*want));
        self.pending.retain(|_, (want, _)| !forgets(*want));
        self.pages.retain(|want, _| !forgets(*want));
    }

    pub(crate) fn pending_tickets(&self) -> impl Iterator<Item = Ticket> {
        self.pending.keys().copied()
    }

    /// Forgets the failures of the resources without a pick list, because only a pick list offers a retry.
    pub(crate) fn forget_detail_failures(&mut self) {
        let listed = [AccountResource::Organizations, AccountResource::Approvers, AccountResource::Users];
        self.states.retain(|want, state| listed.contains(want) || !matches!(state, FetchState::Failed(_)));
    }

    /// Takes in an answer. An answer that is no longer awaited is dropped.
    pub(crate) fn take_answer(
        &mut self,
        known: &mut AccountData,
        ticket: Ticket,
        answer: Result<AccountAnswer, ApiError>,
    ) {
        let Some((want, offset)) = self.pending.remove(&ticket) else { return };
        if let Some(pages) = self.pages.get_mut(&want) {
            pages.add_answer(offset, answer);
            // The early pages that follow it are taken in as well.
            while let Some(page) = pages.take_next_page() {
                let state = match page {
                    Ok(page) => {
                        known.add_answer(want, page);
                        paging_state(pages)
                    }
                    Err(failure) => FetchState::Failed(failure),
                };
                let ended = !matches!(state, FetchState::Loading { .. } | FetchState::Paused);
                self.states.insert(want, state);
                if ended {
                    break;
                }
            }
        } else {
            let gap = answer.map(|answer| known.add_answer(want, answer));
            let state = gap.map(|gap| gap.map_or(FetchState::Done, FetchState::Incomplete));
            self.states.insert(want, state.unwrap_or_else(FetchState::Failed));
        }
        self.index_rows(PickList::Organizations, known.organizations.rows(), organization_search_text);
        self.index_rows(PickList::Approvers, known.approvers.rows(), person_search_text);
        self.index_rows(PickList::Users, known.users.rows(), person_search_text);
    }

    fn index_rows<T>(&mut self, list: PickList, rows: &[T], words: impl Fn(&T) -> String) {
        let known = self.search_indexes.entry(list).or_default();
        known.add_rows(rows[known.len()..].iter().map(words).collect());
    }
}

/// Gives out a ticket, and requests this range of a resource.
fn start_fetch(
    pending: &mut BTreeMap<Ticket, (AccountResource, u64)>,
    last_ticket: &mut u64,
    effects: &mut Vec<Effect>,
    (want, range): (AccountResource, PageRange),
) -> Ticket {
    *last_ticket += 1;
    let ticket = Ticket(*last_ticket);
    pending.insert(ticket, (want, range.offset));
    effects.push(Effect::Fetch(ticket, want, range));
    ticket
}

/// The state of a list, derived from its pages.
fn paging_state(pages: &PagedFetch) -> FetchState {
    match pages.incomplete_reason() {
        Some(gap) if pages.is_ended() => FetchState::Incomplete(gap.clone()),
        _ if pages.is_ended() => FetchState::Done,
        _ if pages.has_pending_pages() => {
            FetchState::Loading { received: pages.received_rows(), total: pages.total_rows() }
        }
        _ => FetchState::Paused,
    }
}

/// The words of an organization, as a search compares them.
fn organization_search_text(one: &Organization) -> String {
    text::fold(&format!("{}\n{}\n{} {}\n{}", one.name, one.assumed_name, one.city, one.zip, one.id))
}

/// The words of a person, as a search compares them.
pub(crate) fn person_search_text(person: &Person) -> String {
    let id = person.user_id.map(|id| id.to_string()).unwrap_or_default();
    text::fold(&format!("{}\n{}\n{}\n{id}", person.full_name(), person.email, person.job_title))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::{Page, TransportErrorKind};

    fn page(ids: std::ops::Range<u64>, total: Option<u64>) -> AccountAnswer {
        let received = ids.end - ids.start;
        let rows = ids.map(|id| Organization { id, name: format!("Org {id}"), ..Organization::default() }).collect();
        AccountAnswer::Organizations(Page { rows, received, total, flaw: None })
    }

    /// A tracker with its account data and tickets.
    #[derive(Default)]
    struct Desk {
        lists: FetchTracker,
        known: AccountData,
        tickets: u64,
    }

    impl Desk {
        fn want(&mut self) -> Vec<Effect> {
            self.lists.request(&[AccountResource::Organizations], |_| FetchExtent::All, &mut self.tickets)
        }

        fn leave(&mut self) -> Vec<Effect> {
            self.lists.request(&[], |_| FetchExtent::None, &mut self.tickets)
        }

        fn take(&mut self, ticket: u64, answer: AccountAnswer) -> Vec<Effect> {
            self.take_result(ticket, Ok(answer))
        }

        fn take_result(&mut self, ticket: u64, answer: Result<AccountAnswer, ApiError>) -> Vec<Effect> {
            self.lists.take_answer(&mut self.known, Ticket(ticket), answer);
            self.lists.request(&[], |_| FetchExtent::All, &mut self.tickets)
        }

        fn state(&self) -> Option<&FetchState> {
            self.lists.state(AccountResource::Organizations)
        }

        fn ids(&self) -> Vec<u64> {
            self.known.organizations.rows().iter().map(|row| row.id).collect()
        }
    }

    fn fetch(ticket: u64, offset: u64, limit: u64) -> Effect {
        Effect::Fetch(Ticket(ticket), AccountResource::Organizations, PageRange { offset, limit })
    }

    #[test]
    fn nothing_is_requested_twice() {
        let mut desk = Desk::default();
        assert_eq!(desk.want(), [fetch(1, 0, 100)]);
        assert_eq!(desk.want(), []);
        assert_eq!(desk.take(9, page(0..5, None)), [], "a stale answer is dropped");
        assert!(desk.ids().is_empty());
    }

    #[test]
    fn rows_keep_server_order_in_any_order_of_arrival() {
        let mut desk = Desk::default();
        desk.want();
        let asked = [fetch(2, 100, 1000), fetch(3, 1100, 1000)];
        assert_eq!(desk.take(1, page(0..100, Some(1_500))), asked);
        assert_eq!(desk.take(3, page(1100..1500, Some(1_500))), []);
        assert_eq!(desk.state(), Some(&FetchState::Loading { received: 100, total: Some(1_500) }));
        assert_eq!(desk.take(2, page(100..1100, Some(1_500))), []);
        assert_eq!((desk.state(), desk.ids()), (Some(&FetchState::Done), (0..1500).collect()));
        assert_eq!(desk.lists.search_index(PickList::Organizations).len(), 1500);
    }

    #[test]
    fn leaving_cancels_requests_and_returning_continues() {
        let mut desk = Desk::default();
        desk.want();
        desk.take(1, page(0..100, Some(9_000)));
        assert_eq!(desk.leave(), [2, 3, 4].map(|ticket| Effect::Cancel(Ticket(ticket))));
        assert_eq!(desk.state(), Some(&FetchState::Paused));
        assert_eq!(desk.take(2, page(100..1100, None)).len(), 3);
        assert_eq!(desk.ids().len(), 100, "what was left came too late");
        assert_eq!(desk.state(), Some(&FetchState::Loading { received: 100, total: Some(9_000) }));
    }

    #[test]
    fn a_failed_fetch_keeps_its_rows_and_can_be_retried() {
        let mut desk = Desk::default();
        desk.want();
        desk.take(1, page(0..100, Some(9_000)));
        let failure = ApiError::ResponseCut(TransportErrorKind::Slow.into());
        let left = desk.take_result(2, Err(failure.clone()));
        assert_eq!(left, [3, 4].map(|ticket| Effect::Cancel(Ticket(ticket))));
        assert_eq!((desk.state(), desk.ids().len()), (Some(&FetchState::Failed(failure)), 100));
        assert_eq!(desk.want(), [], "it is for the person to ask again");
        desk.lists.forget_failure(AccountResource::Organizations);
        assert_eq!(desk.want(), [fetch(5, 100, 1000), fetch(6, 1100, 1000), fetch(7, 2100, 1000)]);
    }

    #[test]
    fn an_incomplete_list_is_reported_and_restarts() {
        let mut desk = Desk::default();
        desk.want();
        desk.take(1, page(0..100, Some(150)));
        desk.take(2, page(100..100, Some(150)));
        let gap = ListGap::Miscounted { sent: 100, total: 150 };
        assert_eq!((desk.state(), desk.ids().len()), (Some(&FetchState::Incomplete(gap)), 100));
        assert_eq!(desk.want(), [], "it is for the person to ask again");
        desk.lists.forget_failure(AccountResource::Organizations);
        assert_eq!(desk.want(), [fetch(3, 0, 100)]);
        desk.take(3, page(0..100, Some(100)));
        assert_eq!((desk.state(), desk.ids().len()), (Some(&FetchState::Done), 100), "no row stands there twice");
    }
}
