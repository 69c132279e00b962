//! Fetching from the account: which lists were requested, how far they are, and how they ended.
//!
//! A list is requested when a screen first needs it: first its start, and the rest while the person searches it. The
//! rows go into the account data; this module keeps only the state of each fetch. A failed list can be requested
//! again, and continues where it was.

use super::paging::{FetchExtent, PageRange, PagedFetch};
use crate::domain::{AccountData, ApiError, ListGap, Organization, Page, Person};
use crate::product::PickList;
use crate::search::SearchIndex;
use crate::text;
use crate::tui::message::{Effect, EffectReply, FetchRequest, Ticket};
use std::collections::BTreeMap;

/// The number of newest orders to fetch: enough to find out if a similar order was placed lately.
const RECENT_ORDERS_LIMIT: u64 = 100;

/// A resource of the account that can be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum AccountResource {
    Organizations,
    /// Enough organizations to know if there is only one.
    SoleOrganization,
    /// One organization with its details.
    Organization(u64),
    /// The people who can be verified contacts.
    Approvers,
    Users,
    User(u64),
    /// What the account may order.
    Product,
    /// The balance of the account, or of a division.
    Balance(Option<u64>),
    /// The user that the API key belongs to.
    Me,
    Account,
    Divisions,
    /// The stored cards.
    Profiles,
    /// The validations of an organization.
    Validations(u64),
    /// The newest orders of the product: of an organization, or of all organizations.
    Orders(Option<u64>),
}

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

/// Collects the requests to send.
pub(crate) struct FetchQueue<'a> {
    /// The last ticket that was given out.
    pub(crate) last_ticket: &'a mut u64,
    /// The `name_id` of the product that requests are about.
    pub(crate) name_id: &'static str,
    pub(crate) effects: Vec<Effect>,
}

impl FetchQueue<'_> {
    fn queue_fetch(&mut self, want: AccountResource, part: PageRange) -> Ticket {
        *self.last_ticket += 1;
        let ticket = Ticket(*self.last_ticket);
        self.effects.push(Effect::Fetch(ticket, want.fetch_request(part, self.name_id)));
        ticket
    }
}

impl AccountResource {
    fn fetch_request(self, PageRange { offset, limit }: PageRange, name_id: &'static str) -> FetchRequest {
        match self {
            Self::Organizations => FetchRequest::Organizations { limit, offset },
            Self::SoleOrganization => FetchRequest::Organizations { limit: 2, offset: 0 },
            Self::Organization(id) => FetchRequest::Organization(id),
            Self::Approvers => FetchRequest::Approvers,
            Self::Users => FetchRequest::Users { limit, offset },
            Self::User(id) => FetchRequest::User(id),
            Self::Product => FetchRequest::Product(name_id),
            Self::Balance(division) => FetchRequest::Balance(division),
            Self::Me => FetchRequest::Me,
            Self::Account => FetchRequest::Account,
            Self::Divisions => FetchRequest::Divisions,
            Self::Profiles => FetchRequest::Profiles,
            Self::Validations(organization) => FetchRequest::Validations(organization),
            Self::Orders(organization) => {
                FetchRequest::Orders { product: name_id, organization, limit: RECENT_ORDERS_LIMIT }
            }
        }
    }

    /// Returns true if the resource is fetched page by page.
    fn is_paged(self) -> bool {
        matches!(self, Self::Organizations | Self::Users)
    }

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

    /// Requests a resource, unless it was requested before.
    pub(crate) fn request_once(&mut self, want: AccountResource, asking: &mut FetchQueue<'_>) {
        if self.states.contains_key(&want) {
            return;
        }
        self.states.insert(want, FetchState::Loading { received: 0, total: None });
        if want.is_paged() {
            self.pages.entry(want).or_default().restart_if_incomplete();
            return;
        }
        let ticket = asking.queue_fetch(want, PageRange { offset: 0, limit: 0 });
        self.pending.insert(ticket, (want, 0));
    }

    /// Requests more pages of each list up to its wanted extent, and cancels pages that are no longer wanted.
    pub(crate) fn request_pages(
        &mut self,
        reach: impl Fn(AccountResource) -> FetchExtent,
        asking: &mut FetchQueue<'_>,
    ) {
        let open =
            self.states.iter().filter(|(_, state)| matches!(state, FetchState::Loading { .. } | FetchState::Paused));
        let open: Vec<AccountResource> = open.map(|(want, _)| *want).filter(|want| want.is_paged()).collect();
        for want in open {
            let pages = self.pages.entry(want).or_default();
            for ticket in pages.cancel_beyond(reach(want)) {
                self.pending.remove(&ticket);
                asking.effects.push(Effect::Cancel(ticket));
            }
            while let Some(part) = pages.next_range(reach(want)) {
                let ticket = asking.queue_fetch(want, part);
                pages.mark_requested(part, ticket);
                self.pending.insert(ticket, (want, part.offset));
            }
            self.states.insert(want, paging_state(pages));
        }
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

    /// Takes in a reply. A reply that is no longer awaited is dropped.
    pub(crate) fn take_reply(
        &mut self,
        known: &mut AccountData,
        ticket: Ticket,
        reply: EffectReply,
        asking: &mut FetchQueue<'_>,
    ) {
        let Some((want, offset)) = self.pending.remove(&ticket) else { return };
        if matches!(
            (want, &reply),
            (AccountResource::Organizations, EffectReply::Organizations(_))
                | (AccountResource::Users, EffectReply::Users(_))
        ) {
            return self.take_page(known, want, (offset, reply), asking);
        }
        let done = match reply {
            EffectReply::Organization(answer) => {
                answer.map(|organization| known.organization_details.add(organization))
            }
            EffectReply::Approvers(Ok(page)) => return self.add_approvers(known, want, page),
            EffectReply::User(answer) => answer.map(|person| self.add_user(known, person)),
            reply => store_answer(known, want, reply),
        };
        self.states.insert(want, done.map_or_else(FetchState::Failed, |()| FetchState::Done));
    }

    /// Takes in a page, and the early pages that follow it.
    fn take_page(
        &mut self,
        known: &mut AccountData,
        want: AccountResource,
        (offset, reply): (u64, EffectReply),
        asking: &mut FetchQueue<'_>,
    ) {
        let Some(mut pages) = self.pages.remove(&want) else { return };
        pages.add_reply(offset, reply);
        let mut ended = false;
        while let Some((offset, reply)) = pages.pop_next_reply() {
            let taken = match reply {
                EffectReply::Organizations(answer) => {
                    answer.map(|page| self.add_organizations(known, pages.take_page(offset, page)))
                }
                EffectReply::Users(answer) => answer.map(|page| self.add_users(known, pages.take_page(offset, page))),
                // A reply of another kind holds no rows.
                _ => Ok(()),
            };
            ended = taken.is_err() || pages.is_ended();
            self.states.insert(want, taken.map_or_else(FetchState::Failed, |()| paging_state(&pages)));
            if ended {
                break;
            }
        }
        self.pages.insert(want, pages);
        if ended {
            self.cancel_pages(want, asking);
        }
    }

    /// Cancels the pages of a list that are still awaited.
    fn cancel_pages(&mut self, want: AccountResource, asking: &mut FetchQueue<'_>) {
        let left = self.pages.get_mut(&want).map(|pages| pages.cancel_beyond(FetchExtent::None)).unwrap_or_default();
        self.pending.retain(|ticket, _| !left.contains(ticket));
        asking.effects.extend(left.into_iter().map(Effect::Cancel));
    }

    fn add_organizations(&mut self, known: &mut AccountData, rows: Vec<Organization>) {
        for organization in rows {
            known.organizations.add(organization);
        }
        let words =
            |o: &Organization| text::fold(&format!("{}\n{}\n{} {}\n{}", o.name, o.assumed_name, o.city, o.zip, o.id));
        self.index_rows(PickList::Organizations, known.organizations.rows(), words);
    }

    fn add_users(&mut self, known: &mut AccountData, rows: Vec<Person>) {
        for person in rows {
            known.users.add(person);
        }
        self.index_rows(PickList::Users, known.users.rows(), person_search_text);
    }

    fn add_approvers(&mut self, known: &mut AccountData, want: AccountResource, page: Page<Person>) {
        self.states.insert(want, page.find_gap().map_or(FetchState::Done, FetchState::Incomplete));
        for person in page.rows {
            known.approvers.add(person);
        }
        self.index_rows(PickList::Approvers, known.approvers.rows(), person_search_text);
    }

    fn add_user(&mut self, known: &mut AccountData, person: Person) {
        known.users.add(person);
        self.index_rows(PickList::Users, known.users.rows(), person_search_text);
    }

    fn index_rows<T>(&mut self, list: PickList, rows: &[T], words: impl Fn(&T) -> String) {
        let known = self.search_indexes.entry(list).or_default();
        known.add_rows(rows[known.len()..].iter().map(words).collect());
    }
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

/// Stores a reply that is not a list to search. A reply of another kind is ignored.
fn store_answer(known: &mut AccountData, want: AccountResource, reply: EffectReply) -> Result<(), ApiError> {
    match (reply, want) {
        (EffectReply::Approvers(answer), _) => drop(answer?),
        (EffectReply::Product(answer), _) => known.product = Some(answer?),
        (EffectReply::Organizations(answer), AccountResource::SoleOrganization) => {
            known.sole_organization = sole_organization_id(&answer?);
        }
        (EffectReply::Me(answer), _) => known.current_user = Some(answer?),
        (EffectReply::Account(answer), _) => known.account = Some(answer?),
        (EffectReply::Divisions(answer), _) => known.divisions = Some(answer?),
        (EffectReply::Profiles(answer), _) => known.payment_profiles = Some(answer?),
        (EffectReply::Balance(answer), AccountResource::Balance(division)) => {
            drop(known.balances.insert(division, answer?));
        }
        (EffectReply::Validations(answer), AccountResource::Validations(id)) => {
            drop(known.validations.insert(id, answer?));
        }
        (EffectReply::Orders(answer), AccountResource::Orders(id)) => drop(known.orders.insert(id, answer?)),
        _ => {}
    }
    Ok(())
}

/// The id of the only organization; `None` if there is not exactly one, or if the page may not be the whole list.
fn sole_organization_id(page: &Page<Organization>) -> Option<u64> {
    match page.rows.as_slice() {
        [one] if page.tally().is_whole() => Some(one.id),
        _ => None,
    }
}

/// The words of a person, as a search compares them.
pub(crate) fn person_search_text(person: &Person) -> String {
    let id = person.user_id.map(|id| id.to_string()).unwrap_or_default();
    text::fold(&format!("{}\n{}\n{}\n{id}", person.full_name(), person.email, person.job_title))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::TransportErrorKind;

    fn page(ids: std::ops::Range<u64>, total: Option<u64>) -> EffectReply {
        let received = ids.end - ids.start;
        let rows = ids.map(|id| Organization { id, name: format!("Org {id}"), ..Organization::default() }).collect();
        EffectReply::Organizations(Ok(Page { rows, received, total, flaw: None }))
    }

    /// A tracker with its account data and tickets.
    #[derive(Default)]
    struct Desk {
        lists: FetchTracker,
        known: AccountData,
        tickets: u64,
    }

    impl Desk {
        /// Requests all organizations.
        fn want(&mut self) -> Vec<Effect> {
            let mut asking = FetchQueue { last_ticket: &mut self.tickets, name_id: "x", effects: Vec::new() };
            self.lists.request_once(AccountResource::Organizations, &mut asking);
            self.lists.request_pages(|_| FetchExtent::All, &mut asking);
            asking.effects
        }

        fn leave(&mut self) -> Vec<Effect> {
            let mut asking = FetchQueue { last_ticket: &mut self.tickets, name_id: "x", effects: Vec::new() };
            self.lists.request_pages(|_| FetchExtent::None, &mut asking);
            asking.effects
        }

        fn take(&mut self, ticket: u64, reply: EffectReply) -> Vec<Effect> {
            let mut asking = FetchQueue { last_ticket: &mut self.tickets, name_id: "x", effects: Vec::new() };
            self.lists.take_reply(&mut self.known, Ticket(ticket), reply, &mut asking);
            self.lists.request_pages(|_| FetchExtent::All, &mut asking);
            asking.effects
        }

        fn state(&self) -> Option<&FetchState> {
            self.lists.state(AccountResource::Organizations)
        }

        fn ids(&self) -> Vec<u64> {
            self.known.organizations.rows().iter().map(|row| row.id).collect()
        }
    }

    fn fetch(ticket: u64, offset: u64, limit: u64) -> Effect {
        Effect::Fetch(Ticket(ticket), FetchRequest::Organizations { limit, offset })
    }

    #[test]
    fn nothing_is_asked_for_twice() {
        let mut desk = Desk::default();
        assert_eq!(desk.want(), [fetch(1, 0, 100)]);
        assert_eq!(desk.want(), []);
        assert_eq!(desk.take(9, page(0..5, None)), [], "a stale answer is dropped");
        assert!(desk.ids().is_empty());
    }

    #[test]
    fn rows_stand_in_the_order_of_the_server_whichever_page_came_first() {
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
    fn whoever_leaves_is_not_waited_for_and_goes_on_where_it_was() {
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
    fn a_failure_can_be_tried_again_and_keeps_what_came() {
        let mut desk = Desk::default();
        desk.want();
        desk.take(1, page(0..100, Some(9_000)));
        let failure = ApiError::ResponseCut(TransportErrorKind::Slow.into());
        let left = desk.take(2, EffectReply::Organizations(Err(failure.clone())));
        assert_eq!(left, [3, 4].map(|ticket| Effect::Cancel(Ticket(ticket))));
        assert_eq!((desk.state(), desk.ids().len()), (Some(&FetchState::Failed(failure)), 100));
        assert_eq!(desk.want(), [], "it is for the person to ask again");
        desk.lists.forget_failure(AccountResource::Organizations);
        assert_eq!(desk.want(), [fetch(5, 100, 1000), fetch(6, 1100, 1000), fetch(7, 2100, 1000)]);
    }

    #[test]
    fn a_list_that_is_not_whole_says_so_and_begins_anew() {
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
