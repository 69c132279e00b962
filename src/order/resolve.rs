//! The resolver of an unknown outcome: evaluates lookups and decides between found, not there, and cannot tell.
//!
//! "Not there" requires a known set, the same user, and six complete lookups over ten minutes. Anything less is
//! "cannot tell". A candidate is at most proposed, never assumed. The resolver has no clock and no network: times and
//! lists arrive as arguments.

use super::matching::{can_match, is_about_new_order, time_sent};
use crate::certcentral::decode;
use crate::domain::{
    ApiError, CurrentUser, Intent, ListGap, ListName, Listing, OrderRow, PersistenceError, RequestRow, StoredLookup,
    Validity,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// The times of the lookups, in milliseconds after the start of resolving. They are spread because an order may be
/// listed late.
pub const LOOKUP_SCHEDULE_MS: [u64; 6] = [0, 5_000, 15_000, 60_000, 300_000, 600_000];

/// The largest delay of the server's clock. An order that seems this much older than the sending still counts as new.
const SERVER_CLOCK_SLACK: SignedDuration = SignedDuration::from_mins(2);

/// What was known before the order was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderBaseline {
    /// The existing orders. `None` if they could not be read.
    pub orders: Option<BTreeSet<u64>>,
    /// The existing requests. `None` if they could not be read.
    pub requests: Option<BTreeSet<u64>>,
    /// The user behind the key. `None` if not known.
    pub user: Option<u64>,
    /// The account that received the order. Blank if not known.
    pub account: String,
}

impl From<&Intent> for OrderBaseline {
    fn from(intent: &Intent) -> Self {
        let set = |ids: &Option<Vec<u64>>| ids.as_ref().map(|ids| ids.iter().copied().collect());
        Self {
            orders: set(&intent.known_set.orders),
            requests: set(&intent.known_set.requests),
            user: intent.user,
            account: intent.account.clone(),
        }
    }
}

/// The properties of the sent order that a list can show.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SoughtOrder {
    /// The product's `name_id`.
    pub product: String,
    /// `None` for a new organization, which the server may have tied to any existing one.
    pub organization: Option<u64>,
    /// The requested validity.
    pub validity: Validity,
    /// The approximate time of sending.
    pub sent: Option<Timestamp>,
}

impl From<&Intent> for SoughtOrder {
    fn from(intent: &Intent) -> Self {
        Self {
            product: intent.product.clone(),
            organization: intent.organization,
            validity: decode::parse_requested_validity(intent.body.as_bytes()),
            sent: time_sent(intent),
        }
    }
}

/// The data that one lookup fetched.
#[derive(Debug, Clone, PartialEq)]
pub struct LookupData {
    /// The orders of the product.
    pub orders: Listing<OrderRow>,
    /// The approval requests.
    pub requests: Listing<RequestRow>,
    /// The user behind the key.
    pub current_user: Result<CurrentUser, ApiError>,
    /// Why the lookup could not be written to the journal. A lookup with an error counts as not made.
    pub write_error: Option<PersistenceError>,
}

impl LookupData {
    /// Returns the first incomplete list and the reason.
    pub fn first_gap(&self) -> Option<(ListName, &ListGap)> {
        let gaps = [(ListName::Orders, &self.orders.gap), (ListName::Requests, &self.requests.gap)];
        gaps.into_iter().find_map(|(list, gap)| Some((list, gap.as_ref()?)))
    }
}

/// A new order or request that may be the sought order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Candidate {
    /// The order's id. `None` for a listed request that names no order.
    pub order: Option<u64>,
    /// The order in the list.
    pub row: Option<OrderRow>,
    /// Its requests in the list.
    pub requests: Vec<RequestRow>,
}

impl Candidate {
    /// Returns true if both concern the same order, or the same request if neither names an order.
    fn is_same(&self, other: &Self) -> bool {
        match (self.order, other.order) {
            (None, None) => self.requests.first().map(|row| row.id) == other.requests.first().map(|row| row.id),
            (one, other) => one == other,
        }
    }
}

/// Why it is unknown whether the order was placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::EnumString, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum InconclusiveCause {
    /// The existing orders and requests were not all known before the order was sent.
    NoKnownSet,
    /// A list was refused or cut off.
    #[strum(serialize = "cut")]
    IncompleteList,
    /// The key belongs to another user than the one who ordered, or one of the two is not known.
    OtherUser,
}

impl InconclusiveCause {
    /// Returns the fixed word for the journal.
    pub fn as_word(self) -> &'static str {
        self.into()
    }

    /// An unknown word counts as an incomplete list: such a lookup proves nothing.
    fn from_word(word: &str) -> Self {
        word.parse().unwrap_or(Self::IncompleteList)
    }
}

/// The evaluation of one lookup.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct LookupFindings {
    /// Why the lookup proves nothing. `None` if it was complete.
    #[serde(skip)]
    blind: Option<InconclusiveCause>,
    candidates: Vec<Candidate>,
    /// Orders that are known to be for another organization or product.
    others: BTreeSet<u64>,
}

impl LookupFindings {
    fn from_stored(stored: &StoredLookup) -> Self {
        let blind = stored.inconclusive.as_deref().map(InconclusiveCause::from_word);
        match serde_json::from_str::<Self>(&stored.candidates) {
            Ok(seen) => Self { blind, ..seen },
            Err(_) => Self { blind: Some(blind.unwrap_or(InconclusiveCause::IncompleteList)), ..Self::default() },
        }
    }
}

/// The result of the lookups so far.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// No candidate yet. The next lookup is due this many milliseconds after the start of resolving.
    Looking(u64),
    /// At least one candidate was found.
    Found {
        candidates: Vec<Candidate>,
        /// The candidate that matches in every visible respect, if there is only one.
        proposed: Option<u64>,
        /// Why there may be more candidates, or why they may belong to another order.
        inconclusive: Option<InconclusiveCause>,
    },
    /// All lookups were complete, and none found the order.
    NotThere,
    /// The lookups cannot show whether the order was placed.
    CannotTell(InconclusiveCause),
}

/// The search for one order.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolver {
    baseline: OrderBaseline,
    sought: SoughtOrder,
    /// The number of lookups that count.
    lookups_done: usize,
    /// The first reason that rules out "not there".
    inconclusive: Option<InconclusiveCause>,
    candidates: Vec<Candidate>,
}

impl Resolver {
    pub fn new(baseline: OrderBaseline, sought: SoughtOrder) -> Self {
        let known = baseline.orders.is_some() && baseline.requests.is_some();
        let inconclusive = (!known).then_some(InconclusiveCause::NoKnownSet);
        Self { baseline, sought, lookups_done: 0, inconclusive, candidates: Vec::new() }
    }

    /// Returns the number of the next lookup and when it is due. `None` after the last one.
    pub fn next_lookup(&self) -> Option<(usize, u64)> {
        LOOKUP_SCHEDULE_MS.get(self.lookups_done).map(|due| (self.lookups_done, *due))
    }

    /// Returns when the last counted lookup was due. `None` before the first one.
    pub fn last_lookup_due(&self) -> Option<u64> {
        self.lookups_done.checked_sub(1).and_then(|last| LOOKUP_SCHEDULE_MS.get(last)).copied()
    }

    /// Adds the result of a lookup. An unexpected number is ignored. A lookup that is not in the journal counts as
    /// not made, but its findings are kept.
    pub fn add_lookup(&mut self, number: usize, look: LookupData) {
        if number != self.lookups_done || number >= LOOKUP_SCHEDULE_MS.len() {
            return;
        }
        let stored = look.write_error.is_none();
        self.add_findings(self.evaluate_lookup(look));
        self.lookups_done += usize::from(stored);
    }

    /// Adds a lookup from the journal. If an earlier one is missing, it counts as not made, but its findings are
    /// kept.
    pub fn add_stored_lookup(&mut self, stored: &StoredLookup) {
        self.add_findings(LookupFindings::from_stored(stored));
        self.lookups_done += usize::from(
            usize::try_from(stored.number) == Ok(self.lookups_done) && self.lookups_done < LOOKUP_SCHEDULE_MS.len(),
        );
    }

    /// Returns the lookup as the journal stores it, with the time of its answer.
    pub fn to_stored_lookup(&self, look: LookupData, series: u32, number: usize, time: i64) -> StoredLookup {
        let seen = self.evaluate_lookup(look);
        StoredLookup {
            series,
            number: u32::try_from(number).unwrap_or(u32::MAX),
            time,
            inconclusive: seen.blind.map(|blind| blind.as_word().to_owned()),
            // Findings that cannot be serialized read back as a lookup that proves nothing.
            candidates: serde_json::to_string(&seen).unwrap_or_default(),
        }
    }

    /// Evaluates a lookup. The lists of another account are ignored, whatever ids they contain.
    fn evaluate_lookup(&self, look: LookupData) -> LookupFindings {
        let blind = self.inconclusive_cause(&look);
        if self.is_other_account(&look) {
            return LookupFindings { blind, ..LookupFindings::default() };
        }
        let others = self.unrelated_orders(&look);
        LookupFindings { blind, candidates: self.new_candidates(look), others }
    }

    fn add_findings(&mut self, seen: LookupFindings) {
        self.inconclusive = self.inconclusive.or(seen.blind);
        let found = seen.candidates;
        self.candidates.retain(|old| old.order.is_none_or(|id| !seen.others.contains(&id)));
        // A candidate that has disappeared shows that the lists are not reliable.
        self.candidates.retain(|old| !found.iter().any(|new| new.is_same(old)));
        if !self.candidates.is_empty() {
            self.inconclusive = self.inconclusive.or(Some(InconclusiveCause::IncompleteList));
        }
        self.candidates.extend(found);
    }

    /// Returns true if the key belongs to another account than the one that received the order.
    fn is_other_account(&self, look: &LookupData) -> bool {
        let account = look.current_user.as_ref().ok().and_then(|me| me.account_id);
        !self.baseline.account.is_empty() && account.is_some_and(|id| id.to_string() != self.baseline.account)
    }

    fn inconclusive_cause(&self, look: &LookupData) -> Option<InconclusiveCause> {
        if self.is_other_account(look) {
            return Some(InconclusiveCause::OtherUser);
        }
        if !(look.orders.is_complete() && look.requests.is_complete()) {
            return Some(InconclusiveCause::IncompleteList);
        }
        let same = look.current_user.as_ref().is_ok_and(|me| self.baseline.user == Some(me.user_id));
        (!same).then_some(InconclusiveCause::OtherUser)
    }

    /// Returns the listed orders that are known to be for another organization or product.
    fn unrelated_orders(&self, look: &LookupData) -> BTreeSet<u64> {
        let SoughtOrder { product, organization, .. } = &self.sought;
        let other = |row: &&OrderRow| !can_match(product, *organization, &row.product, row.organization_id);
        look.orders.rows.iter().filter(other).map(|row| row.id).collect()
    }

    /// Returns the orders and requests that were not there before the order was sent.
    fn new_candidates(&self, look: LookupData) -> Vec<Candidate> {
        let was = |known: &Option<BTreeSet<u64>>, id: u64| known.as_ref().is_some_and(|ids| ids.contains(&id));
        let mut found: Vec<Candidate> = Vec::new();
        let near = |product: &str, organization| {
            can_match(&self.sought.product, self.sought.organization, product, organization)
        };
        for row in look.orders.rows.into_iter().filter(|row| !was(&self.baseline.orders, row.id)) {
            if near(&row.product, row.organization_id) {
                found.push(Candidate { order: Some(row.id), row: Some(row), requests: Vec::new() });
            }
        }
        for row in look.requests.rows {
            let known =
                was(&self.baseline.requests, row.id) || row.order_id.is_some_and(|id| was(&self.baseline.orders, id));
            if !is_about_new_order(&row) || known || !near(&row.product, row.organization_id) {
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

    /// Returns true if nothing known contradicts the candidate: not the user, the validity or the time either.
    fn is_full_match(&self, candidate: &Candidate) -> bool {
        let user = |id: Option<u64>| id.is_none() || id == self.baseline.user;
        let since = |text: &str| match (text.parse::<Timestamp>(), self.sought.sent) {
            (Ok(created), Some(sent)) => created + SERVER_CLOCK_SLACK >= sent,
            _ => true,
        };
        let row = candidate.row.as_ref().is_none_or(|row| {
            let blank = row.validity == Validity::default();
            user(row.user_id) && since(&row.date_created) && (blank || row.validity == self.sought.validity)
        });
        row && candidate.requests.iter().all(|row| user(row.requester_id) && since(&row.date))
    }

    /// Returns the candidates found so far.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// Returns the result of the lookups so far.
    pub fn verdict(&self) -> Verdict {
        if !self.candidates.is_empty() {
            let matching: Vec<u64> =
                self.candidates.iter().filter(|one| self.is_full_match(one)).filter_map(|one| one.order).collect();
            // Without a known set every order is new, and with another key every order may belong to someone else.
            // Then no candidate is more likely than the others.
            let proposed = match (&matching[..], self.inconclusive) {
                ([order], None | Some(InconclusiveCause::IncompleteList)) => Some(*order),
                _ => None,
            };
            return Verdict::Found { candidates: self.candidates.clone(), proposed, inconclusive: self.inconclusive };
        }
        match (self.next_lookup(), self.inconclusive) {
            (Some((_, due)), _) => Verdict::Looking(due),
            (None, Some(blind)) => Verdict::CannotTell(blind),
            (None, None) => Verdict::NotThere,
        }
    }

    /// Returns true if the person may decide that this order is the result.
    pub fn can_adopt(&self, order: u64) -> bool {
        self.candidates.iter().any(|candidate| candidate.order == Some(order))
    }

    /// Returns true if the person may decide that the order was not placed, and order again. All lookups must be
    /// complete and without candidates. User, validity, time and status do not rule out a candidate; only a known
    /// other organization or product does.
    pub fn can_deny(&self) -> bool {
        self.next_lookup().is_none() && self.inconclusive.is_none() && self.candidates.is_empty()
    }

    /// Starts again at the first lookup. The candidates are kept.
    #[must_use]
    pub fn restarted(&self) -> Self {
        let fresh = Self::new(self.baseline.clone(), self.sought.clone());
        Self { candidates: self.candidates.clone(), ..fresh }
    }
}

#[cfg(test)]
mod tests;
