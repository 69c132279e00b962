//! Finding out what became of an order whose outcome is unknown: looking again at growing pauses, and telling apart
//! what was found, what is not there, and what cannot be told.
//!
//! "Not there" is a strong word: it takes a known set, the same user, and every look of ten minutes whole. Anything
//! less is "cannot tell". A candidate is proposed at most, never assumed. It knows no clock or network: times and
//! listings come in as events.

use super::matching::{can_match, is_about_new_order, time_sent};
use crate::certcentral::decode;
use crate::domain::{
    ApiError, CurrentUser, Intent, ListGap, ListName, Listing, OrderRow, PersistenceError, RequestRow, StoredLookup,
    Validity,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// When it is looked, in milliseconds after the resolving began. An order may be listed late (design, section 5).
pub const LOOKUP_SCHEDULE_MS: [u64; 6] = [0, 5_000, 15_000, 60_000, 300_000, 600_000];

/// By how much the server's clock may be behind at most, for what was created just then to count as new.
const SERVER_CLOCK_SLACK: SignedDuration = SignedDuration::from_mins(2);

/// What was known before the order was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OrderBaseline {
    /// The orders that there were; none where they could not be had.
    pub orders: Option<BTreeSet<u64>>,
    /// The requests that there were; none where they could not be had.
    pub requests: Option<BTreeSet<u64>>,
    /// Who the key belonged to; none where that was not told.
    pub user: Option<u64>,
    /// The account that it was sent to; blank where that was not told.
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

/// What was ordered, as far as a list can show it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SoughtOrder {
    /// The product's `name_id`.
    pub product: String,
    /// The organization; none for a new one, which may have been tied to any.
    pub organization: Option<u64>,
    /// The validity that was asked for.
    pub validity: Validity,
    /// About when it was sent.
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

/// What one look brought.
#[derive(Debug, Clone, PartialEq)]
pub struct LookupData {
    /// The orders of the product.
    pub orders: Listing<OrderRow>,
    /// The requests.
    pub requests: Listing<RequestRow>,
    /// Who the key belongs to.
    pub current_user: Result<CurrentUser, ApiError>,
    /// Why it is not in the journal, if it is not: then it counts as not made.
    pub write_error: Option<PersistenceError>,
}

impl LookupData {
    /// The list that is not whole, and what it lacks.
    pub fn first_gap(&self) -> Option<(ListName, &ListGap)> {
        let gaps = [(ListName::Orders, &self.orders.gap), (ListName::Requests, &self.requests.gap)];
        gaps.into_iter().find_map(|(list, gap)| Some((list, gap.as_ref()?)))
    }
}

/// Something new that may be the order.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
    fn is_same(&self, other: &Self) -> bool {
        match (self.order, other.order) {
            (None, None) => self.requests.first().map(|row| row.id) == other.requests.first().map(|row| row.id),
            (one, other) => one == other,
        }
    }
}

/// Why it cannot be told whether the order was placed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum InconclusiveCause {
    /// What there was before is not known.
    NoKnownSet,
    /// A list was refused or cut.
    IncompleteList,
    /// The key belongs to another user than the one who ordered, or one of them is not known.
    OtherUser,
}

impl InconclusiveCause {
    const ALL: [(Self, &'static str); 3] =
        [(Self::NoKnownSet, "no_known_set"), (Self::IncompleteList, "cut"), (Self::OtherUser, "other_user")];

    /// The fixed word for it.
    pub fn as_word(self) -> &'static str {
        Self::ALL.iter().find(|(one, _)| *one == self).map_or("", |(_, word)| word)
    }

    /// A word that no version has written reads as that a list was cut: a look that proves nothing.
    fn from_word(word: &str) -> Self {
        Self::ALL.iter().find(|(_, known)| *known == word).map_or(Self::IncompleteList, |(one, _)| *one)
    }
}

/// What a look means.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct LookupFindings {
    /// Why it proves nothing, if it does not.
    #[serde(skip)]
    blind: Option<InconclusiveCause>,
    /// What may be the order.
    candidates: Vec<Candidate>,
    /// Orders that are known to be of another organization or product.
    others: BTreeSet<u64>,
}

impl LookupFindings {
    fn from_stored(kept: &StoredLookup) -> Self {
        let blind = kept.inconclusive.as_deref().map(InconclusiveCause::from_word);
        match serde_json::from_str::<Self>(&kept.candidates) {
            Ok(seen) => Self { blind, ..seen },
            Err(_) => Self { blind: Some(blind.unwrap_or(InconclusiveCause::IncompleteList)), ..Self::default() },
        }
    }
}

/// What is known by now.
#[derive(Debug, Clone, PartialEq)]
pub enum Verdict {
    /// Nothing yet; the next look is due after so many milliseconds since the resolving began.
    Looking(u64),
    /// Something new is there.
    Found {
        /// What may be it.
        candidates: Vec<Candidate>,
        /// The one that matches in every visible respect, if it is the only one.
        proposed: Option<u64>,
        /// Why there may be more, or why it may be another's.
        inconclusive: Option<InconclusiveCause>,
    },
    /// It was looked for long enough, and it is not there.
    NotThere,
    /// It cannot be told.
    CannotTell(InconclusiveCause),
}

/// Looking for one order.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolver {
    baseline: OrderBaseline,
    sought: SoughtOrder,
    /// Looks that came back.
    lookups_done: usize,
    /// The first reason why "not there" cannot be said.
    inconclusive: Option<InconclusiveCause>,
    candidates: Vec<Candidate>,
}

impl Resolver {
    /// Begins to look for an order.
    pub fn new(baseline: OrderBaseline, sought: SoughtOrder) -> Self {
        let known = baseline.orders.is_some() && baseline.requests.is_some();
        let inconclusive = (!known).then_some(InconclusiveCause::NoKnownSet);
        Self { baseline, sought, lookups_done: 0, inconclusive, candidates: Vec::new() }
    }

    /// Which look is next, and when it is due; none once all came back.
    pub fn next_lookup(&self) -> Option<(usize, u64)> {
        LOOKUP_SCHEDULE_MS.get(self.lookups_done).map(|due| (self.lookups_done, *due))
    }

    /// When the last look that was made was due; none where none was.
    pub fn last_lookup_due(&self) -> Option<u64> {
        self.lookups_done.checked_sub(1).and_then(|last| LOOKUP_SCHEDULE_MS.get(last)).copied()
    }

    /// Takes in what a look brought. One that was not asked for is dropped. One that is not in the journal counts as not
    /// made, but what it saw, or could not see, is not forgotten.
    pub fn add_lookup(&mut self, number: usize, look: LookupData) {
        if number != self.lookups_done || number >= LOOKUP_SCHEDULE_MS.len() {
            return;
        }
        let kept = look.write_error.is_none();
        self.add_findings(self.evaluate_lookup(look));
        self.lookups_done += usize::from(kept);
    }

    /// Takes in a look that is in the journal. Where one before it is not, it counts as not made.
    pub fn add_stored_lookup(&mut self, kept: &StoredLookup) {
        self.add_findings(LookupFindings::from_stored(kept));
        self.lookups_done += usize::from(
            usize::try_from(kept.number) == Ok(self.lookups_done) && self.lookups_done < LOOKUP_SCHEDULE_MS.len(),
        );
    }

    /// What is to be kept of a look that came back at this time.
    pub fn to_stored_lookup(&self, look: LookupData, series: u32, number: usize, time: i64) -> StoredLookup {
        let seen = self.evaluate_lookup(look);
        StoredLookup {
            series,
            number: u32::try_from(number).unwrap_or(u32::MAX),
            time,
            inconclusive: seen.blind.map(|blind| blind.as_word().to_owned()),
            // What cannot be written reads as a look that proves nothing.
            candidates: serde_json::to_string(&seen).unwrap_or_default(),
        }
    }

    /// What a look means. Lists of another account say nothing, whatever ids are in them.
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
        // What was there and is not any more: the lists do not tell the whole truth.
        self.candidates.retain(|old| !found.iter().any(|new| new.is_same(old)));
        if !self.candidates.is_empty() {
            self.inconclusive = self.inconclusive.or(Some(InconclusiveCause::IncompleteList));
        }
        self.candidates.extend(found);
    }

    /// Whether the key opens another account than the one that it was sent to.
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

    /// The orders that are known by now to be of another organization or product.
    fn unrelated_orders(&self, look: &LookupData) -> BTreeSet<u64> {
        let SoughtOrder { product, organization, .. } = &self.sought;
        let other = |row: &&OrderRow| !can_match(product, *organization, &row.product, row.organization_id);
        look.orders.rows.iter().filter(other).map(|row| row.id).collect()
    }

    /// What is there now and was not before.
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

    /// Whether everything that is told speaks for it: the user, the validity and the time as well.
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

    /// What may be it, as far as it was seen.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// What is known by now.
    pub fn verdict(&self) -> Verdict {
        if !self.candidates.is_empty() {
            let matching: Vec<u64> =
                self.candidates.iter().filter(|one| self.is_full_match(one)).filter_map(|one| one.order).collect();
            // Without a known set everything is new, and with another key everything may be another's: nothing of it
            // is more likely than the rest.
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

    /// Whether the person may say that this order is it.
    pub fn can_adopt(&self, order: u64) -> bool {
        self.candidates.iter().any(|candidate| candidate.order == Some(order))
    }

    /// Whether the person may say that it was not placed, and order again: everything was looked through to the end,
    /// and nothing that is there could be it. Who asked for an order, its validity, its time and what became of it prove
    /// nothing; only that it is known to be of another organization or product does, and then it is no candidate.
    pub fn can_deny(&self) -> bool {
        self.next_lookup().is_none() && self.inconclusive.is_none() && self.candidates.is_empty()
    }

    /// The same from the first look on. What was seen is not forgotten.
    #[must_use]
    pub fn restarted(&self) -> Self {
        let fresh = Self::new(self.baseline.clone(), self.sought.clone());
        Self { candidates: self.candidates.clone(), ..fresh }
    }
}

#[cfg(test)]
mod tests;
