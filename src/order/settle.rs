//! Finding out what became of an order whose outcome is unknown: looking again at growing pauses, and telling apart
//! what was found, what is not there, and what cannot be told.
//!
//! "Not there" is a strong word: it takes a known set, the same user, and every look of ten minutes whole. Anything
//! less is "cannot tell". A candidate is proposed at most, never assumed. It knows no clock or network: times and
//! listings come in as events.

use super::survey::sent;
use crate::facts::{Failure, Intent, Listing, Me, OrderRow, RequestRow, Validity};
use crate::wire;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// When it is looked, in milliseconds after the settling began. An order may be listed late (design, section 5).
pub const LOOKS: [u64; 6] = [0, 5_000, 15_000, 60_000, 300_000, 600_000];

/// By how much the server's clock may be behind at most, for what was created just then to count as new.
const SLACK: SignedDuration = SignedDuration::from_mins(2);

/// The type of a request that is about a new order (fact sheet 4.11).
const NEW: &str = "new_request";

/// What was known before the order was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Before {
    /// The orders that there were; none where they could not be had.
    pub orders: Option<BTreeSet<u64>>,
    /// The requests that there were; none where they could not be had.
    pub requests: Option<BTreeSet<u64>>,
    /// Who the key belonged to; none where that was not told.
    pub user: Option<u64>,
}

impl From<&Intent> for Before {
    fn from(intent: &Intent) -> Self {
        let set = |ids: &Option<Vec<u64>>| ids.as_ref().map(|ids| ids.iter().copied().collect());
        Self { orders: set(&intent.known.orders), requests: set(&intent.known.requests), user: intent.user }
    }
}

/// What was ordered, as far as a list can show it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Sought {
    /// The product's `name_id`.
    pub product: String,
    /// The organization; none for a new one, which may have been tied to any.
    pub organization: Option<u64>,
    /// The validity that was asked for.
    pub validity: Validity,
    /// About when it was sent.
    pub sent: Option<Timestamp>,
}

impl From<&Intent> for Sought {
    fn from(intent: &Intent) -> Self {
        Self {
            product: intent.product.clone(),
            organization: intent.organization,
            validity: wire::asked_validity(intent.body.as_bytes()),
            sent: sent(intent),
        }
    }
}

/// What one look brought.
#[derive(Debug, Clone, PartialEq)]
pub struct Look {
    /// The orders of the product.
    pub orders: Listing<OrderRow>,
    /// The requests.
    pub requests: Listing<RequestRow>,
    /// Who the key belongs to.
    pub me: Result<Me, Failure>,
}

/// Something new that may be the order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Candidate {
    /// The order's id; none where only a request is listed that names no order.
    pub order: Option<u64>,
    /// The order as the list has it.
    pub row: Option<OrderRow>,
    /// Its requests as the list has them.
    pub requests: Vec<RequestRow>,
}

impl Candidate {
    /// Whether both are about the same order, or the same request where no order is named.
    fn is(&self, other: &Self) -> bool {
        match (self.order, other.order) {
            (None, None) => self.requests.first().map(|row| row.id) == other.requests.first().map(|row| row.id),
            (one, other) => one == other,
        }
    }
}

/// Why it cannot be told whether the order was placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Blind {
    /// What there was before is not known.
    NoKnownSet,
    /// A list was refused or cut.
    Cut,
    /// The key belongs to another user than the one who ordered, or one of them is not known.
    OtherUser,
}

/// What is known by now.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Nothing yet; the next look is due after so many milliseconds since the settling began.
    Looking(u64),
    /// Something new is there.
    Found {
        /// What may be it.
        candidates: Vec<Candidate>,
        /// The one that matches in every visible respect, if it is the only one.
        proposed: Option<u64>,
    },
    /// It was looked for long enough, and it is not there.
    NotThere,
    /// It cannot be told.
    CannotTell(Blind),
}

/// Looking for one order.
#[derive(Debug, Clone, PartialEq)]
pub struct Settle {
    before: Before,
    sought: Sought,
    /// Looks that came back.
    looked: usize,
    /// The first reason why "not there" cannot be said.
    blind: Option<Blind>,
    candidates: Vec<Candidate>,
}

impl Settle {
    /// Begins to look for an order.
    pub fn new(before: Before, sought: Sought) -> Self {
        let known = before.orders.is_some() && before.requests.is_some();
        let blind = (!known).then_some(Blind::NoKnownSet);
        Self { before, sought, looked: 0, blind, candidates: Vec::new() }
    }

    /// Which look is next, and when it is due; none once all came back.
    pub fn next(&self) -> Option<(usize, u64)> {
        LOOKS.get(self.looked).map(|due| (self.looked, *due))
    }

    /// Takes in what a look brought. One that was not asked for is dropped.
    pub fn look(&mut self, number: usize, look: Look) {
        if number != self.looked || number >= LOOKS.len() {
            return;
        }
        self.looked += 1;
        let blind = self.blindness(&look);
        self.blind = self.blind.or(blind);
        let found = self.new_ones(look);
        // What was there and is not any more: the lists do not tell the whole truth.
        self.candidates.retain(|old| !found.iter().any(|new| new.is(old)));
        if !self.candidates.is_empty() {
            self.blind = self.blind.or(Some(Blind::Cut));
        }
        self.candidates.extend(found);
    }

    fn blindness(&self, look: &Look) -> Option<Blind> {
        if !(look.orders.complete() && look.requests.complete()) {
            return Some(Blind::Cut);
        }
        let same = look.me.as_ref().is_ok_and(|me| self.before.user == Some(me.user_id));
        (!same).then_some(Blind::OtherUser)
    }

    /// What is there now and was not before.
    fn new_ones(&self, look: Look) -> Vec<Candidate> {
        let was = |known: &Option<BTreeSet<u64>>, id: u64| known.as_ref().is_some_and(|ids| ids.contains(&id));
        let mut found: Vec<Candidate> = Vec::new();
        let near = |product: &str, organization| {
            could_be(&self.sought.product, self.sought.organization, product, organization)
        };
        for row in look.orders.rows.into_iter().filter(|row| !was(&self.before.orders, row.id)) {
            if near(&row.product, row.organization_id) {
                found.push(Candidate { order: Some(row.id), row: Some(row), requests: Vec::new() });
            }
        }
        for row in look.requests.rows {
            let known =
                was(&self.before.requests, row.id) || row.order_id.is_some_and(|id| was(&self.before.orders, id));
            if !about_new(&row) || known || !near(&row.product, row.organization_id) {
                continue;
            }
            let same = found.iter_mut().find(|candidate| row.order_id.is_some() && candidate.order == row.order_id);
            match same {
                Some(candidate) => candidate.requests.push(row),
                None => found.push(Candidate { order: row.order_id, row: None, requests: vec![row] }),
            }
        }
        found
    }

    /// Whether everything that is told speaks for it: the user, the validity and the time as well.
    fn matches(&self, candidate: &Candidate) -> bool {
        let user = |id: Option<u64>| id.is_none() || id == self.before.user;
        let since = |text: &str| match (text.parse::<Timestamp>(), self.sought.sent) {
            (Ok(created), Some(sent)) => created + SLACK >= sent,
            _ => true,
        };
        let row = candidate.row.as_ref().is_none_or(|row| {
            let blank = row.validity == Validity::default();
            user(row.user_id) && since(&row.date_created) && (blank || row.validity == self.sought.validity)
        });
        row && candidate.requests.iter().all(|row| user(row.requester_id) && since(&row.date))
    }

    /// What is known by now.
    pub fn verdict(&self) -> Verdict {
        if !self.candidates.is_empty() {
            let matching: Vec<u64> =
                self.candidates.iter().filter(|one| self.matches(one)).filter_map(|one| one.order).collect();
            // Without a known set everything is new: nothing of it is more likely than the rest.
            let proposed = match matching[..] {
                [order] if self.blind != Some(Blind::NoKnownSet) => Some(order),
                _ => None,
            };
            return Verdict::Found { candidates: self.candidates.clone(), proposed };
        }
        match (self.next(), self.blind) {
            (Some((_, due)), _) => Verdict::Looking(due),
            (None, Some(blind)) => Verdict::CannotTell(blind),
            (None, None) => Verdict::NotThere,
        }
    }

    /// Whether the person may say that this order is it.
    pub fn may_adopt(&self, order: u64) -> bool {
        self.candidates.iter().any(|candidate| candidate.order == Some(order))
    }

    /// Whether the person may say that it was not placed, and order again: everything was looked through to the end,
    /// and nothing that is there could be it.
    pub fn may_deny(&self) -> bool {
        let matching = self.candidates.iter().any(|candidate| self.matches(candidate));
        self.next().is_none() && self.blind.is_none() && !matching
    }
}

/// Whether a request may be about a new order. One whose type is not told may be.
pub(super) fn about_new(row: &RequestRow) -> bool {
    row.kind.is_empty() || row.kind == NEW
}

/// Whether nothing that a row tells of its product and organization speaks against what is sought.
pub(super) fn could_be(sought: &str, organization: Option<u64>, product: &str, there: Option<u64>) -> bool {
    let of_product = product.is_empty() || product == sought;
    of_product && organization.is_none_or(|sought| there.is_none_or(|there| sought == there))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{Cause, Gap};
    use rstest::rstest;

    const PRODUCT: &str = "pkio_qualified_organisation_services";

    fn before() -> Before {
        Before { orders: Some(BTreeSet::from([1, 2])), requests: Some(BTreeSet::from([11, 12])), user: Some(8) }
    }

    fn sought() -> Sought {
        let sent = "2026-11-22T10:00:00+00:00".parse().ok();
        let validity = Validity { years: Some(1), ..Validity::default() };
        Sought { product: PRODUCT.into(), organization: Some(900), validity, sent }
    }

    fn order(id: u64) -> OrderRow {
        OrderRow { id, product: PRODUCT.into(), organization_id: Some(900), ..OrderRow::default() }
    }

    fn request(id: u64, order_id: Option<u64>) -> RequestRow {
        RequestRow { id, order_id, product: PRODUCT.into(), organization_id: Some(900), ..RequestRow::default() }
    }

    fn listing<T>(rows: Vec<T>) -> Listing<T> {
        Listing { rows, gap: None, date: String::new() }
    }

    fn look(orders: Vec<OrderRow>, requests: Vec<RequestRow>) -> Look {
        let me = Me { user_id: 8, ..Me::default() };
        Look { orders: listing(orders), requests: listing(requests), me: Ok(me) }
    }

    /// Nothing but what was there before.
    fn nothing() -> Look {
        look(vec![order(1), order(2)], vec![request(11, Some(1)), request(12, None)])
    }

    fn settle(looks: impl IntoIterator<Item = Look>) -> Settle {
        let mut settle = Settle::new(before(), sought());
        for (number, look) in looks.into_iter().enumerate() {
            settle.look(number, look);
        }
        settle
    }

    #[test]
    fn only_ten_minutes_of_whole_looks_say_that_it_is_not_there() {
        let mut settle = settle([]);
        for (number, due) in LOOKS.into_iter().enumerate() {
            assert_eq!((settle.next(), settle.verdict()), (Some((number, due)), Verdict::Looking(due)));
            assert!(!settle.may_deny());
            settle.look(number, nothing());
        }
        assert_eq!((settle.next(), settle.verdict()), (None, Verdict::NotThere));
        assert!(settle.may_deny());
    }

    #[rstest]
    #[case::forbidden(|look: &mut Look| look.orders.gap = Some(Gap::Failed(Failure::Refused { status: 403, errors: vec![] })), Blind::Cut)]
    #[case::cut(|look: &mut Look| look.requests.gap = Some(Gap::Repeated), Blind::Cut)]
    #[case::another_user(|look: &mut Look| look.me = Ok(Me { user_id: 9, ..Me::default() }), Blind::OtherUser)]
    #[case::no_user(|look: &mut Look| look.me = Err(Failure::Cut(Cause::Slow.into())), Blind::OtherUser)]
    fn one_look_that_is_not_whole_is_enough_to_say_nothing(#[case] spoil: fn(&mut Look), #[case] why: Blind) {
        for spoiled in 0..LOOKS.len() {
            let mut looks: Vec<Look> = LOOKS.iter().map(|_| nothing()).collect();
            spoil(&mut looks[spoiled]);
            let settle = settle(looks);
            assert_eq!(settle.verdict(), Verdict::CannotTell(why));
            assert!(!settle.may_deny());
        }
    }

    #[rstest]
    #[case(Before { orders: None, ..before() })]
    #[case(Before { requests: None, ..before() })]
    #[case(Before::default())]
    fn without_a_known_set_nothing_can_be_told_nor_proposed(#[case] before: Before) {
        let mut settle = Settle::new(before, sought());
        settle.look(0, look(vec![order(3)], vec![]));
        assert!(matches!(settle.verdict(), Verdict::Found { proposed: None, .. }), "{:?}", settle.verdict());
        let mut settle = Settle::new(Before::default(), sought());
        (0..LOOKS.len()).for_each(|number| settle.look(number, look(vec![], vec![])));
        assert_eq!(settle.verdict(), Verdict::CannotTell(Blind::NoKnownSet));
    }

    #[test]
    fn a_new_order_with_its_request_is_proposed_and_never_assumed() {
        let settle = settle([look(vec![order(1), order(2), order(3)], vec![request(13, Some(3))])]);
        let Verdict::Found { candidates, proposed } = settle.verdict() else { panic!("{:?}", settle.verdict()) };
        assert_eq!((candidates.len(), candidates[0].requests.len(), proposed), (1, 1, Some(3)));
        assert!(settle.may_adopt(3) && !settle.may_adopt(1) && !settle.may_deny());
    }

    #[test]
    fn a_request_alone_is_a_candidate() {
        let settle = settle([look(vec![], vec![request(13, None), request(14, Some(4))])]);
        let Verdict::Found { candidates, proposed } = settle.verdict() else { panic!("{:?}", settle.verdict()) };
        assert_eq!(candidates.iter().map(|one| one.order).collect::<Vec<_>>(), [None, Some(4)]);
        assert_eq!(proposed, Some(4));
    }

    #[rstest]
    #[case::product(|row: &mut OrderRow| row.product = "eu_eseal".into())]
    #[case::organization(|row: &mut OrderRow| row.organization_id = Some(901))]
    fn another_product_or_organization_is_no_candidate(#[case] change: fn(&mut OrderRow)) {
        let mut row = order(3);
        change(&mut row);
        assert_eq!(settle([look(vec![row], vec![])]).verdict(), Verdict::Looking(LOOKS[1]));
    }

    #[rstest]
    #[case::user(|row: &mut OrderRow| row.user_id = Some(9))]
    #[case::validity(|row: &mut OrderRow| row.validity.years = Some(2))]
    #[case::time(|row: &mut OrderRow| row.date_created = "2026-11-22T09:57:59+00:00".into())]
    fn what_does_not_match_is_shown_and_not_proposed(#[case] change: fn(&mut OrderRow)) {
        let mut row = order(3);
        change(&mut row);
        let looks = LOOKS.map(|_| look(vec![row.clone()], vec![]));
        let settle = settle(looks);
        assert!(matches!(settle.verdict(), Verdict::Found { proposed: None, .. }), "{:?}", settle.verdict());
        assert!(settle.may_deny(), "it is somebody else's, and everything was looked through");
    }

    #[test]
    fn of_two_that_match_none_is_proposed() {
        let settle = settle([look(vec![order(3), order(4)], vec![])]);
        assert!(matches!(settle.verdict(), Verdict::Found { proposed: None, .. }));
    }

    #[test]
    fn a_revocation_or_the_request_of_a_known_order_is_nothing_new() {
        let revoke = RequestRow { kind: "revoke".into(), ..request(13, Some(5)) };
        let settle = settle([look(vec![], vec![revoke, request(14, Some(1))])]);
        assert_eq!(settle.verdict(), Verdict::Looking(LOOKS[1]));
    }

    #[test]
    fn for_a_new_organization_every_organization_counts() {
        let row = OrderRow { organization_id: Some(77), ..order(3) };
        let mut settle = Settle::new(before(), Sought { organization: None, ..sought() });
        settle.look(0, look(vec![row], vec![]));
        assert!(matches!(settle.verdict(), Verdict::Found { proposed: Some(3), .. }));
    }

    #[test]
    fn a_candidate_that_vanishes_is_kept_and_makes_the_lists_doubtful() {
        let mut looks = vec![look(vec![order(3)], vec![])];
        looks.extend((1..LOOKS.len()).map(|_| nothing()));
        let settle = settle(looks);
        assert!(settle.may_adopt(3) && !settle.may_deny());
    }

    #[test]
    fn a_look_that_was_not_asked_for_is_dropped() {
        let mut settle = settle([nothing()]);
        settle.look(0, look(vec![order(3)], vec![]));
        settle.look(5, look(vec![order(3)], vec![]));
        assert_eq!(settle.verdict(), Verdict::Looking(LOOKS[1]));
    }
}
