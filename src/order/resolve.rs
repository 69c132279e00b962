//! Finding out what became of an order whose outcome is unknown: looking again at growing pauses, and telling apart
//! what was found, what is not there, and what cannot be told.
//!
//! "Not there" is a strong word: it takes a known set, the same user, and every look of ten minutes whole. Anything
//! less is "cannot tell". A candidate is proposed at most, never assumed. It knows no clock or network: times and
//! listings come in as events.

use super::near::{about_new, could_be, sent};
use crate::facts::{Failure, Gap, Intent, KeptLook, ListName, Listing, Me, OrderRow, RequestRow, Unkept, Validity};
use crate::wire;
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// When it is looked, in milliseconds after the resolving began. An order may be listed late (design, section 5).
pub const LOOKS: [u64; 6] = [0, 5_000, 15_000, 60_000, 300_000, 600_000];

/// By how much the server's clock may be behind at most, for what was created just then to count as new.
const SLACK: SignedDuration = SignedDuration::from_mins(2);

/// What was known before the order was sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Before {
    /// The orders that there were; none where they could not be had.
    pub orders: Option<BTreeSet<u64>>,
    /// The requests that there were; none where they could not be had.
    pub requests: Option<BTreeSet<u64>>,
    /// Who the key belonged to; none where that was not told.
    pub user: Option<u64>,
    /// The account that it was sent to; blank where that was not told.
    pub account: String,
}

impl From<&Intent> for Before {
    fn from(intent: &Intent) -> Self {
        let set = |ids: &Option<Vec<u64>>| ids.as_ref().map(|ids| ids.iter().copied().collect());
        Self {
            orders: set(&intent.known.orders),
            requests: set(&intent.known.requests),
            user: intent.user,
            account: intent.account.clone(),
        }
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
    /// Why it is not in the journal, if it is not: then it counts as not made.
    pub unkept: Option<Unkept>,
}

impl Look {
    /// The list that is not whole, and what it lacks.
    pub fn gap(&self) -> Option<(ListName, &Gap)> {
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

impl Blind {
    const ALL: [(Self, &'static str); 3] =
        [(Self::NoKnownSet, "no_known_set"), (Self::Cut, "cut"), (Self::OtherUser, "other_user")];

    /// The fixed word for it.
    pub fn word(self) -> &'static str {
        Self::ALL.iter().find(|(one, _)| *one == self).map_or("", |(_, word)| word)
    }

    /// A word that no version has written reads as that a list was cut: a look that proves nothing.
    fn of_word(word: &str) -> Self {
        Self::ALL.iter().find(|(_, known)| *known == word).map_or(Self::Cut, |(one, _)| *one)
    }
}

/// What a look means.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Seen {
    /// Why it proves nothing, if it does not.
    #[serde(skip)]
    blind: Option<Blind>,
    /// What may be the order.
    candidates: Vec<Candidate>,
    /// Orders that are known to be of another organization or product.
    others: BTreeSet<u64>,
}

impl Seen {
    fn of_kept(kept: &KeptLook) -> Self {
        let blind = kept.blind.as_deref().map(Blind::of_word);
        match serde_json::from_str::<Self>(&kept.candidates) {
            Ok(seen) => Self { blind, ..seen },
            Err(_) => Self { blind: Some(blind.unwrap_or(Blind::Cut)), ..Self::default() },
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
        blind: Option<Blind>,
    },
    /// It was looked for long enough, and it is not there.
    NotThere,
    /// It cannot be told.
    CannotTell(Blind),
}

/// Looking for one order.
#[derive(Debug, Clone, PartialEq)]
pub struct Resolve {
    before: Before,
    sought: Sought,
    /// Looks that came back.
    looked: usize,
    /// The first reason why "not there" cannot be said.
    blind: Option<Blind>,
    candidates: Vec<Candidate>,
}

impl Resolve {
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

    /// When the last look that was made was due; none where none was.
    pub fn made(&self) -> Option<u64> {
        self.looked.checked_sub(1).and_then(|last| LOOKS.get(last)).copied()
    }

    /// Takes in what a look brought. One that was not asked for is dropped. One that is not in the journal counts as not
    /// made, but what it saw, or could not see, is not forgotten.
    pub fn look(&mut self, number: usize, look: Look) {
        if number != self.looked || number >= LOOKS.len() {
            return;
        }
        let kept = look.unkept.is_none();
        self.take(self.seen(look));
        self.looked += usize::from(kept);
    }

    /// Takes in a look that is in the journal. Where one before it is not, it counts as not made.
    pub fn restore(&mut self, kept: &KeptLook) {
        self.take(Seen::of_kept(kept));
        self.looked += usize::from(usize::try_from(kept.number) == Ok(self.looked) && self.looked < LOOKS.len());
    }

    /// What is to be kept of a look that came back at this time.
    pub fn to_keep(&self, look: Look, series: u32, number: usize, time: i64) -> KeptLook {
        let seen = self.seen(look);
        KeptLook {
            series,
            number: u32::try_from(number).unwrap_or(u32::MAX),
            time,
            blind: seen.blind.map(|blind| blind.word().to_owned()),
            // What cannot be written reads as a look that proves nothing.
            candidates: serde_json::to_string(&seen).unwrap_or_default(),
        }
    }

    /// What a look means. Lists of another account say nothing, whatever ids are in them.
    fn seen(&self, look: Look) -> Seen {
        let blind = self.blindness(&look);
        if self.is_elsewhere(&look) {
            return Seen { blind, ..Seen::default() };
        }
        let others = self.surely_others(&look);
        Seen { blind, candidates: self.new_ones(look), others }
    }

    fn take(&mut self, seen: Seen) {
        self.blind = self.blind.or(seen.blind);
        let found = seen.candidates;
        self.candidates.retain(|old| old.order.is_none_or(|id| !seen.others.contains(&id)));
        // What was there and is not any more: the lists do not tell the whole truth.
        self.candidates.retain(|old| !found.iter().any(|new| new.is(old)));
        if !self.candidates.is_empty() {
            self.blind = self.blind.or(Some(Blind::Cut));
        }
        self.candidates.extend(found);
    }

    /// Whether the key opens another account than the one that it was sent to.
    fn is_elsewhere(&self, look: &Look) -> bool {
        let account = look.me.as_ref().ok().and_then(|me| me.account_id);
        !self.before.account.is_empty() && account.is_some_and(|id| id.to_string() != self.before.account)
    }

    fn blindness(&self, look: &Look) -> Option<Blind> {
        if self.is_elsewhere(look) {
            return Some(Blind::OtherUser);
        }
        if !(look.orders.complete() && look.requests.complete()) {
            return Some(Blind::Cut);
        }
        let same = look.me.as_ref().is_ok_and(|me| self.before.user == Some(me.user_id));
        (!same).then_some(Blind::OtherUser)
    }

    /// The orders that are known by now to be of another organization or product.
    fn surely_others(&self, look: &Look) -> BTreeSet<u64> {
        let Sought { product, organization, .. } = &self.sought;
        let other = |row: &&OrderRow| !could_be(product, *organization, &row.product, row.organization_id);
        look.orders.rows.iter().filter(other).map(|row| row.id).collect()
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

    /// What may be it, as far as it was seen.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// What is known by now.
    pub fn verdict(&self) -> Verdict {
        if !self.candidates.is_empty() {
            let matching: Vec<u64> =
                self.candidates.iter().filter(|one| self.matches(one)).filter_map(|one| one.order).collect();
            // Without a known set everything is new, and with another key everything may be another's: nothing of it
            // is more likely than the rest.
            let proposed = match (&matching[..], self.blind) {
                ([order], None | Some(Blind::Cut)) => Some(*order),
                _ => None,
            };
            return Verdict::Found { candidates: self.candidates.clone(), proposed, blind: self.blind };
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
    /// and nothing that is there could be it. Who asked for an order, its validity, its time and what became of it prove
    /// nothing; only that it is known to be of another organization or product does, and then it is no candidate.
    pub fn may_deny(&self) -> bool {
        self.next().is_none() && self.blind.is_none() && self.candidates.is_empty()
    }

    /// The same from the first look on. What was seen is not forgotten.
    #[must_use]
    pub fn again(&self) -> Self {
        let fresh = Self::new(self.before.clone(), self.sought.clone());
        Self { candidates: self.candidates.clone(), ..fresh }
    }
}

#[cfg(test)]
mod tests;
