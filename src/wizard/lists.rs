//! What is being loaded from the account: which lists were asked for, how far they are, and how they ended.
//!
//! A list is asked for when a screen first needs it, page by page, the first one small so that its rows are there
//! early. Rows go into what is known; here is only how it stands. A failed list can be asked for again.

use super::msg::{Effect, Fetch, Reply, Ticket};
use crate::facts::{Failure, Known, Organization, Page, Person};
use crate::product::List;
use crate::text;
use std::collections::BTreeMap;

/// Rows of the first page, and of each after it (at most 1000, fact sheet 4.1).
const PAGES: [u64; 2] = [100, 1000];

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
        /// Whose answer is awaited.
        ticket: Ticket,
        /// Rows received so far.
        received: u64,
        /// Rows in all, where the server says so.
        total: Option<u64>,
    },
    /// All there.
    Done,
    /// It could not be had.
    Failed(Failure),
}

/// What was asked for, and the words of each row as a search compares them.
#[derive(Debug, Clone, Default)]
pub struct Lists {
    states: BTreeMap<Want, State>,
    folded: BTreeMap<List, Vec<String>>,
}

impl Want {
    fn fetch(self, offset: u64, name_id: &'static str) -> Fetch {
        let limit = if offset == 0 { PAGES[0] } else { PAGES[1] };
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
            Self::Orders(organization) => Fetch::Orders { product: name_id, organization, limit: PAGES[0] },
        }
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
    pub fn folded(&self, list: List) -> &[String] {
        self.folded.get(&list).map_or(&[], Vec::as_slice)
    }

    /// Asks for something unless it was asked for before.
    pub(super) fn want(&mut self, want: Want, ticket: Ticket, name_id: &'static str) -> Option<Effect> {
        if self.states.contains_key(&want) {
            return None;
        }
        self.states.insert(want, State::Loading { ticket, received: 0, total: None });
        Some(Effect::Fetch(ticket, want.fetch(0, name_id)))
    }

    /// Forgets a failure, so that it is asked for again.
    pub(super) fn retry(&mut self, want: Want) {
        if matches!(self.states.get(&want), Some(State::Failed(_))) {
            self.states.remove(&want);
        }
    }

    /// Forgets how these stand, so that they are asked for again.
    pub(super) fn forget(&mut self, forgets: impl Fn(Want) -> bool) {
        self.states.retain(|want, _| !forgets(*want));
    }

    /// Forgets the failures of all that has no list in which one could ask again.
    pub(super) fn retry_details(&mut self) {
        let listed = [Want::Organizations, Want::Approvers, Want::Users];
        self.states.retain(|want, state| listed.contains(want) || !matches!(state, State::Failed(_)));
    }

    /// Takes an answer in. What nobody waits for is dropped. Answers the question for the next page, if there is
    /// one.
    pub(super) fn take(
        &mut self,
        known: &mut Known,
        ticket: Ticket,
        reply: Reply,
        name_id: &'static str,
    ) -> Option<Effect> {
        let waits = |state: &State| matches!(state, State::Loading { ticket: awaited, .. } if *awaited == ticket);
        let want = self.states.iter().find(|(_, state)| waits(state)).map(|(want, _)| *want)?;
        let more = match reply {
            Reply::Organizations(answer) if want != Want::Few => {
                let page = answer.map(|page| self.organizations(known, page));
                return self.page(want, ticket, page, name_id);
            }
            Reply::Users(answer) => {
                let page = answer.map(|page| self.users(known, page));
                return self.page(want, ticket, page, name_id);
            }
            Reply::Organization(answer) => answer.map(|organization| known.details.add(organization)),
            Reply::Approvers(answer) => answer.map(|people| self.approvers(known, people)),
            Reply::User(answer) => answer.map(|person| self.user(known, person)),
            reply => learn(known, want, reply),
        };
        self.states.insert(want, more.map_or_else(State::Failed, |()| State::Done));
        None
    }

    /// After a page: on to the next, until all are there or an empty page comes.
    fn page(
        &mut self,
        want: Want,
        ticket: Ticket,
        page: Result<(u64, Option<u64>), Failure>,
        name_id: &'static str,
    ) -> Option<Effect> {
        let before = match self.states.get(&want) {
            Some(State::Loading { received, .. }) => *received,
            _ => 0,
        };
        let (state, more) = match page {
            Err(failure) => (State::Failed(failure), None),
            Ok((rows, total)) => {
                let received = before + rows;
                let limit = if before == 0 { PAGES[0] } else { PAGES[1] };
                let complete = rows == 0 || total.map_or(rows < limit, |total| received >= total);
                if complete {
                    (State::Done, None)
                } else {
                    let next = Effect::Fetch(ticket, want.fetch(received, name_id));
                    (State::Loading { ticket, received, total }, Some(next))
                }
            }
        };
        self.states.insert(want, state);
        more
    }

    fn organizations(&mut self, known: &mut Known, page: Page<Organization>) -> (u64, Option<u64>) {
        for organization in page.rows {
            known.organizations.add(organization);
        }
        let words = |o: &Organization| text::fold(&format!("{} {} {} {}", o.name, o.assumed_name, o.city, o.id));
        self.fold(List::Organizations, known.organizations.rows(), words);
        (page.received, page.total)
    }

    fn users(&mut self, known: &mut Known, page: Page<Person>) -> (u64, Option<u64>) {
        for person in page.rows {
            known.users.add(person);
        }
        self.fold(List::Users, known.users.rows(), words_of);
        (page.received, page.total)
    }

    fn approvers(&mut self, known: &mut Known, people: Vec<Person>) {
        for person in people {
            known.approvers.add(person);
        }
        self.fold(List::Approvers, known.approvers.rows(), words_of);
    }

    fn user(&mut self, known: &mut Known, person: Person) {
        known.users.add(person);
        self.fold(List::Users, known.users.rows(), words_of);
    }

    fn fold<T>(&mut self, list: List, rows: &[T], words: impl Fn(&T) -> String) {
        let folded = self.folded.entry(list).or_default();
        folded.extend(rows[folded.len()..].iter().map(words));
    }
}

/// Takes in what is no list to search. What answers another question tells nothing.
fn learn(known: &mut Known, want: Want, reply: Reply) -> Result<(), Failure> {
    match (reply, want) {
        (Reply::Product(answer), _) => known.product = Some(answer?),
        (Reply::Organizations(answer), _) => known.sole = sole(&answer?),
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
        [one] if page.received == 1 && page.total.is_none_or(|total| total == 1) => Some(one.id),
        _ => None,
    }
}

fn words_of(person: &Person) -> String {
    let id = person.user_id.map(|id| id.to_string()).unwrap_or_default();
    text::fold(&format!("{} {} {} {id}", person.full_name(), person.email, person.job_title))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::Cause;

    fn page(ids: std::ops::Range<u64>, total: Option<u64>) -> Reply {
        let received = ids.end - ids.start;
        let rows = ids.map(|id| Organization { id, name: format!("Org {id}"), ..Organization::default() }).collect();
        Reply::Organizations(Ok(Page { rows, received, total }))
    }

    fn start() -> (Lists, Known) {
        let mut lists = Lists::default();
        let effect = lists.want(Want::Organizations, Ticket(1), "x");
        assert_eq!(effect, Some(Effect::Fetch(Ticket(1), Fetch::Organizations { limit: 100, offset: 0 })));
        assert_eq!(lists.want(Want::Organizations, Ticket(2), "x"), None, "nothing is asked for twice");
        (lists, Known::default())
    }

    #[test]
    fn pages_follow_each_other_until_all_are_there() {
        let (mut lists, mut known) = start();
        let next = lists.take(&mut known, Ticket(1), page(0..100, Some(150)), "x");
        assert_eq!(next, Some(Effect::Fetch(Ticket(1), Fetch::Organizations { limit: 1000, offset: 100 })));
        assert_eq!(lists.take(&mut known, Ticket(1), page(100..150, Some(150)), "x"), None);
        assert_eq!(lists.state(Want::Organizations), Some(&State::Done));
        assert_eq!(lists.folded(List::Organizations).len(), 150);
    }

    #[test]
    fn without_a_total_a_short_or_empty_page_ends_it() {
        let (mut lists, mut known) = start();
        assert!(lists.take(&mut known, Ticket(1), page(0..100, None), "x").is_some());
        assert!(lists.take(&mut known, Ticket(1), page(100..100, None), "x").is_none());
        let (mut lists, mut known) = start();
        assert!(lists.take(&mut known, Ticket(1), page(0..99, None), "x").is_none());
        let (mut lists, mut known) = start();
        assert!(lists.take(&mut known, Ticket(1), page(0..0, Some(7)), "x").is_none(), "nothing more will come");
    }

    #[test]
    fn a_stale_answer_is_dropped() {
        let (mut lists, mut known) = start();
        assert_eq!(lists.take(&mut known, Ticket(9), page(0..5, None), "x"), None);
        assert_eq!(known.organizations.rows().len(), 0);
    }

    #[test]
    fn a_failure_can_be_tried_again_and_keeps_what_came() {
        let (mut lists, mut known) = start();
        lists.take(&mut known, Ticket(1), page(0..100, Some(150)), "x");
        let failure = Failure::Cut(Cause::Slow.into());
        lists.take(&mut known, Ticket(1), Reply::Organizations(Err(failure.clone())), "x");
        assert_eq!(lists.state(Want::Organizations), Some(&State::Failed(failure)));
        assert_eq!(known.organizations.rows().len(), 100);
        lists.retry(Want::Organizations);
        assert!(lists.want(Want::Organizations, Ticket(3), "x").is_some());
        lists.take(&mut known, Ticket(3), page(0..100, Some(100)), "x");
        assert_eq!(lists.folded(List::Organizations).len(), 100, "no row stands twice");
    }
}
