//! What is being loaded from the account: which lists were asked for, how far they are, and how they ended.
//!
//! A list is asked for when a screen first needs it: its start then, and the rest while somebody looks for a row in it.
//! Rows go into what is known; here is only how it stands. A failed list can be asked for again, and goes on where it
//! was.

use super::msg::{Effect, Fetch, Reply, Ticket};
use super::pages::{Pages, Part, Reach};
use crate::facts::{Failure, Gap, Known, Organization, Page, Person};
use crate::find::Words;
use crate::product::List;
use crate::text;
use std::collections::BTreeMap;

/// So many orders tell whether a similar one was placed lately.
const ORDERS: u64 = 100;

/// Something that can be loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Want {
    /// All organizations.
    Organizations,
    /// As many organizations as it takes to know whether there is only one.
    Few,
    /// One organization with its details.
    Organization(u64),
    /// Who can be a verified contact.
    Approvers,
    /// All users.
    Users,
    /// One user.
    User(u64),
    /// What the account may order.
    Product,
    /// The money of the account, or of a division.
    Balance(Option<u64>),
    /// The user behind the key.
    Me,
    /// The account.
    Account,
    /// Its divisions.
    Divisions,
    /// The stored cards.
    Profiles,
    /// How far an organization is validated.
    Validations(u64),
    /// The newest orders of the product: of an organization, or of all.
    Orders(Option<u64>),
}

/// How far something is.
#[derive(Debug, Clone, PartialEq)]
pub enum State {
    /// Under way.
    Loading {
        /// Rows received so far.
        received: u64,
        /// Rows in all, where the server says so.
        total: Option<u64>,
    },
    /// As far as it was wanted so far.
    Paused,
    /// All there.
    Done,
    /// It came to its end, and not all rows may be there.
    Incomplete(Gap),
    /// It could not be had.
    Failed(Failure),
}

/// What was asked for, and the words of each row as a search compares them.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    states: BTreeMap<Want, State>,
    /// Whose answers are awaited, and of a list from which row on.
    awaited: BTreeMap<Ticket, (Want, u64)>,
    pages: BTreeMap<Want, Pages>,
    words: BTreeMap<List, Words>,
}

/// Where questions are written down that are to be asked.
pub(super) struct Asking<'a> {
    /// The last ticket that was given out.
    pub(super) tickets: &'a mut u64,
    /// The product that is asked about.
    pub(super) name_id: &'static str,
    /// What is to be done.
    pub(super) effects: Vec<Effect>,
}

impl Asking<'_> {
    fn ask(&mut self, want: Want, part: Part) -> Ticket {
        *self.tickets += 1;
        let ticket = Ticket(*self.tickets);
        self.effects.push(Effect::Fetch(ticket, want.fetch(part, self.name_id)));
        ticket
    }
}

impl Want {
    fn fetch(self, Part { offset, limit }: Part, name_id: &'static str) -> Fetch {
        match self {
            Self::Organizations => Fetch::Organizations { limit, offset },
            Self::Few => Fetch::Organizations { limit: 2, offset: 0 },
            Self::Organization(id) => Fetch::Organization(id),
            Self::Approvers => Fetch::Approvers,
            Self::Users => Fetch::Users { limit, offset },
            Self::User(id) => Fetch::User(id),
            Self::Product => Fetch::Product(name_id),
            Self::Balance(division) => Fetch::Balance(division),
            Self::Me => Fetch::Me,
            Self::Account => Fetch::Account,
            Self::Divisions => Fetch::Divisions,
            Self::Profiles => Fetch::Profiles,
            Self::Validations(organization) => Fetch::Validations(organization),
            Self::Orders(organization) => Fetch::Orders { product: name_id, organization, limit: ORDERS },
        }
    }

    /// Whether it comes page by page.
    fn is_paged(self) -> bool {
        matches!(self, Self::Organizations | Self::Users)
    }

    /// What a list to pick from is loaded by.
    pub fn of(list: List) -> Option<Self> {
        match list {
            List::Organizations => Some(Self::Organizations),
            List::Approvers => Some(Self::Approvers),
            List::Users => Some(Self::Users),
            List::ValidityYears => Some(Self::Product),
            List::Countries => None,
        }
    }
}

impl Lists {
    /// How something stands; nothing if it was never asked for.
    pub fn state(&self, want: Want) -> Option<&State> {
        self.states.get(&want)
    }

    /// The words of each row of a list, as a search compares them.
    pub fn words(&self, list: List) -> Words {
        self.words.get(&list).cloned().unwrap_or_default()
    }

    /// Asks for something unless it was asked for before.
    pub(super) fn want(&mut self, want: Want, asking: &mut Asking<'_>) {
        if self.states.contains_key(&want) {
            return;
        }
        self.states.insert(want, State::Loading { received: 0, total: None });
        if want.is_paged() {
            self.pages.entry(want).or_default().again();
            return;
        }
        let ticket = asking.ask(want, Part { offset: 0, limit: 0 });
        self.awaited.insert(ticket, (want, 0));
    }

    /// Asks for as much more of the lists as is wanted of each, and leaves what nobody wants any more.
    pub(super) fn go_on(&mut self, reach: impl Fn(Want) -> Reach, asking: &mut Asking<'_>) {
        let open = self.states.iter().filter(|(_, state)| matches!(state, State::Loading { .. } | State::Paused));
        let open: Vec<Want> = open.map(|(want, _)| *want).filter(|want| want.is_paged()).collect();
        for want in open {
            let pages = self.pages.entry(want).or_default();
            for ticket in pages.stop(reach(want)) {
                self.awaited.remove(&ticket);
                asking.effects.push(Effect::Cancel(ticket));
            }
            while let Some(part) = pages.next(reach(want)) {
                let ticket = asking.ask(want, part);
                pages.ask(part, ticket);
                self.awaited.insert(ticket, (want, part.offset));
            }
            self.states.insert(want, standing(pages));
        }
    }

    /// Forgets a failure, so that it is asked for again.
    pub(super) fn retry(&mut self, want: Want) {
        if matches!(self.states.get(&want), Some(State::Failed(_) | State::Incomplete(_))) {
            self.states.remove(&want);
        }
    }

    /// Forgets how these stand, so that they are asked for again.
    pub(super) fn forget(&mut self, forgets: impl Fn(Want) -> bool) {
        self.states.retain(|want, _| !forgets(*want));
        self.awaited.retain(|_, (want, _)| !forgets(*want));
        self.pages.retain(|want, _| !forgets(*want));
    }

    /// Whose answers are awaited.
    pub(super) fn awaited(&self) -> impl Iterator<Item = Ticket> {
        self.awaited.keys().copied()
    }

    /// Forgets the failures of all that has no list in which one could ask again.
    pub(super) fn retry_details(&mut self) {
        let listed = [Want::Organizations, Want::Approvers, Want::Users];
        self.states.retain(|want, state| listed.contains(want) || !matches!(state, State::Failed(_)));
    }

    /// Takes an answer in. What nobody waits for is dropped.
    pub(super) fn take(&mut self, known: &mut Known, ticket: Ticket, reply: Reply, asking: &mut Asking<'_>) {
        let Some((want, offset)) = self.awaited.remove(&ticket) else { return };
        if matches!((want, &reply), (Want::Organizations, Reply::Organizations(_)) | (Want::Users, Reply::Users(_))) {
            return self.page(known, want, (offset, reply), asking);
        }
        let done = match reply {
            Reply::Organization(answer) => answer.map(|organization| known.details.add(organization)),
            Reply::Approvers(Ok(page)) => return self.approvers(known, want, page),
            Reply::User(answer) => answer.map(|person| self.user(known, person)),
            reply => learn(known, want, reply),
        };
        self.states.insert(want, done.map_or_else(State::Failed, |()| State::Done));
    }

    /// Takes in a page, and those after it that came before it.
    fn page(&mut self, known: &mut Known, want: Want, (offset, reply): (u64, Reply), asking: &mut Asking<'_>) {
        let Some(mut pages) = self.pages.remove(&want) else { return };
        pages.come(offset, reply);
        let mut ended = false;
        while let Some((offset, reply)) = pages.release() {
            let taken = match reply {
                Reply::Organizations(answer) => answer.map(|page| self.organizations(known, pages.take(offset, page))),
                Reply::Users(answer) => answer.map(|page| self.users(known, pages.take(offset, page))),
                // An answer to another question is none.
                _ => Ok(()),
            };
            ended = taken.is_err() || pages.is_ended();
            self.states.insert(want, taken.map_or_else(State::Failed, |()| standing(&pages)));
            if ended {
                break;
            }
        }
        self.pages.insert(want, pages);
        if ended {
            self.leave(want, asking);
        }
    }

    /// Waits no more for what is under way of a list.
    fn leave(&mut self, want: Want, asking: &mut Asking<'_>) {
        let left = self.pages.get_mut(&want).map(|pages| pages.stop(Reach::None)).unwrap_or_default();
        self.awaited.retain(|ticket, _| !left.contains(ticket));
        asking.effects.extend(left.into_iter().map(Effect::Cancel));
    }

    fn organizations(&mut self, known: &mut Known, rows: Vec<Organization>) {
        for organization in rows {
            known.organizations.add(organization);
        }
        let words =
            |o: &Organization| text::fold(&format!("{}\n{}\n{} {}\n{}", o.name, o.assumed_name, o.city, o.zip, o.id));
        self.fold(List::Organizations, known.organizations.rows(), words);
    }

    fn users(&mut self, known: &mut Known, rows: Vec<Person>) {
        for person in rows {
            known.users.add(person);
        }
        self.fold(List::Users, known.users.rows(), words_of);
    }

    fn approvers(&mut self, known: &mut Known, want: Want, page: Page<Person>) {
        self.states.insert(want, page.lack().map_or(State::Done, State::Incomplete));
        for person in page.rows {
            known.approvers.add(person);
        }
        self.fold(List::Approvers, known.approvers.rows(), words_of);
    }

    fn user(&mut self, known: &mut Known, person: Person) {
        known.users.add(person);
        self.fold(List::Users, known.users.rows(), words_of);
    }

    fn fold<T>(&mut self, list: List, rows: &[T], words: impl Fn(&T) -> String) {
        let known = self.words.entry(list).or_default();
        known.extend(rows[known.len()..].iter().map(words).collect());
    }
}

/// How a list stands by its pages.
fn standing(pages: &Pages) -> State {
    match pages.lack() {
        Some(gap) if pages.is_ended() => State::Incomplete(gap.clone()),
        _ if pages.is_ended() => State::Done,
        _ if pages.is_asked() => State::Loading { received: pages.received(), total: pages.total() },
        _ => State::Paused,
    }
}

/// Takes in what is no list to search. What answers another question tells nothing.
fn learn(known: &mut Known, want: Want, reply: Reply) -> Result<(), Failure> {
    match (reply, want) {
        (Reply::Approvers(answer), _) => drop(answer?),
        (Reply::Product(answer), _) => known.product = Some(answer?),
        (Reply::Organizations(answer), Want::Few) => known.sole = sole(&answer?),
        (Reply::Me(answer), _) => known.me = Some(answer?),
        (Reply::Account(answer), _) => known.account = Some(answer?),
        (Reply::Divisions(answer), _) => known.divisions = Some(answer?),
        (Reply::Profiles(answer), _) => known.profiles = Some(answer?),
        (Reply::Balance(answer), Want::Balance(division)) => drop(known.balances.insert(division, answer?)),
        (Reply::Validations(answer), Want::Validations(id)) => drop(known.validations.insert(id, answer?)),
        (Reply::Orders(answer), Want::Orders(id)) => drop(known.orders.insert(id, answer?)),
        _ => {}
    }
    Ok(())
}

/// The organization that is the only one.
fn sole(page: &Page<Organization>) -> Option<u64> {
    match page.rows.as_slice() {
        [one] if page.tally().is_whole() => Some(one.id),
        _ => None,
    }
}

/// The words of a person, as a search compares them.
pub(super) fn words_of(person: &Person) -> String {
    let id = person.user_id.map(|id| id.to_string()).unwrap_or_default();
    text::fold(&format!("{}\n{}\n{}\n{id}", person.full_name(), person.email, person.job_title))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Cause;

    fn page(ids: std::ops::Range<u64>, total: Option<u64>) -> Reply {
        let received = ids.end - ids.start;
        let rows = ids.map(|id| Organization { id, name: format!("Org {id}"), ..Organization::default() }).collect();
        Reply::Organizations(Ok(Page { rows, received, total, flaw: None }))
    }

    /// Lists with all that is around them.
    #[derive(Default)]
    struct Desk {
        lists: Lists,
        known: Known,
        tickets: u64,
    }

    impl Desk {
        /// All organizations are wanted.
        fn want(&mut self) -> Vec<Effect> {
            let mut asking = Asking { tickets: &mut self.tickets, name_id: "x", effects: Vec::new() };
            self.lists.want(Want::Organizations, &mut asking);
            self.lists.go_on(|_| Reach::All, &mut asking);
            asking.effects
        }

        fn leave(&mut self) -> Vec<Effect> {
            let mut asking = Asking { tickets: &mut self.tickets, name_id: "x", effects: Vec::new() };
            self.lists.go_on(|_| Reach::None, &mut asking);
            asking.effects
        }

        fn take(&mut self, ticket: u64, reply: Reply) -> Vec<Effect> {
            let mut asking = Asking { tickets: &mut self.tickets, name_id: "x", effects: Vec::new() };
            self.lists.take(&mut self.known, Ticket(ticket), reply, &mut asking);
            self.lists.go_on(|_| Reach::All, &mut asking);
            asking.effects
        }

        fn state(&self) -> Option<&State> {
            self.lists.state(Want::Organizations)
        }

        fn ids(&self) -> Vec<u64> {
            self.known.organizations.rows().iter().map(|row| row.id).collect()
        }
    }

    fn fetch(ticket: u64, offset: u64, limit: u64) -> Effect {
        Effect::Fetch(Ticket(ticket), Fetch::Organizations { limit, offset })
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
        assert_eq!(desk.state(), Some(&State::Loading { received: 100, total: Some(1_500) }));
        assert_eq!(desk.take(2, page(100..1100, Some(1_500))), []);
        assert_eq!((desk.state(), desk.ids()), (Some(&State::Done), (0..1500).collect()));
        assert_eq!(desk.lists.words(List::Organizations).len(), 1500);
    }

    #[test]
    fn whoever_leaves_is_not_waited_for_and_goes_on_where_it_was() {
        let mut desk = Desk::default();
        desk.want();
        desk.take(1, page(0..100, Some(9_000)));
        assert_eq!(desk.leave(), [2, 3, 4].map(|ticket| Effect::Cancel(Ticket(ticket))));
        assert_eq!(desk.state(), Some(&State::Paused));
        assert_eq!(desk.take(2, page(100..1100, None)).len(), 3);
        assert_eq!(desk.ids().len(), 100, "what was left came too late");
        assert_eq!(desk.state(), Some(&State::Loading { received: 100, total: Some(9_000) }));
    }

    #[test]
    fn a_failure_can_be_tried_again_and_keeps_what_came() {
        let mut desk = Desk::default();
        desk.want();
        desk.take(1, page(0..100, Some(9_000)));
        let failure = Failure::Cut(Cause::Slow.into());
        let left = desk.take(2, Reply::Organizations(Err(failure.clone())));
        assert_eq!(left, [3, 4].map(|ticket| Effect::Cancel(Ticket(ticket))));
        assert_eq!((desk.state(), desk.ids().len()), (Some(&State::Failed(failure)), 100));
        assert_eq!(desk.want(), [], "it is for the person to ask again");
        desk.lists.retry(Want::Organizations);
        assert_eq!(desk.want(), [fetch(5, 100, 1000), fetch(6, 1100, 1000), fetch(7, 2100, 1000)]);
    }

    #[test]
    fn a_list_that_is_not_whole_says_so_and_begins_anew() {
        let mut desk = Desk::default();
        desk.want();
        desk.take(1, page(0..100, Some(150)));
        desk.take(2, page(100..100, Some(150)));
        let gap = Gap::Miscounted { sent: 100, total: 150 };
        assert_eq!((desk.state(), desk.ids().len()), (Some(&State::Incomplete(gap)), 100));
        assert_eq!(desk.want(), [], "it is for the person to ask again");
        desk.lists.retry(Want::Organizations);
        assert_eq!(desk.want(), [fetch(3, 0, 100)]);
        desk.take(3, page(0..100, Some(100)));
        assert_eq!((desk.state(), desk.ids().len()), (Some(&State::Done), 100), "no row stands there twice");
    }
}
