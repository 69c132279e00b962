//! What there is before an order: the orders and requests that are known, recent ones that look alike, and what the
//! journal says. Without it nothing is sent.
//!
//! It judges by what was listed, and by the times that came with it: it asks no clock. What looks alike is found beside.

use super::ShownRecords;
use super::clock_skew::{ClockSkew, Clocks, LocalTimes};
use super::matching::{parse_server_time, time_sent};
use super::similar_orders::{self, SimilarOrder, SimilarOrders};
use crate::certcentral::decode;
use crate::domain::{
    ApiError, CurrentUser, HasId, Intent, JournalEntry, JournalLoss, KnownSet, ListGap, ListName, Listing, OrderRow,
    Organization, PersistenceError, RequestRow,
};
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// So late an order may be listed that was placed from here.
pub(super) const LATE_LISTING: SignedDuration = SignedDuration::from_mins(10);

/// So many milliseconds after its first question a survey is too old to order by.
const MAX_AGE_MS: u64 = 2 * 60 * 1000;

/// Where a survey itself took longer, there is so much time to read what it brought: else an account with very long lists
/// could never order. No lists are read for longer than `LONGEST`; what took more was interrupted.
const READING_TIME_MS: u64 = 60 * 1000;
const MAX_LISTING_MS: u64 = 5 * 60 * 1000;

/// What is about to be ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderPlan {
    /// The intent as far as it is known by now: the rest comes from the survey and from who writes it down.
    pub intent: Intent,
    /// Which survey is for it.
    pub preflight_number: u64,
}

/// What was found before an order.
#[derive(Debug, Clone, PartialEq)]
pub struct PreflightData {
    /// Who the key belongs to.
    pub current_user: Result<CurrentUser, ApiError>,
    /// The orders of the product, of the organization where it has an id.
    pub orders: Listing<OrderRow>,
    /// The requests.
    pub requests: Listing<RequestRow>,
    /// What the journal says.
    pub records: Result<JournalRecords, PersistenceError>,
    /// What was asked for beside that.
    pub extras: PreflightExtras,
}

/// What is known beside the lists; without it a survey protects all the same.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PreflightExtras {
    /// The details of orders that the journal knows as placed with the same digest.
    pub details: Vec<OrderRow>,
    /// Organizations that have orders, where the order is for a new one.
    pub organizations: Vec<Organization>,
    /// What time it was here.
    pub local_times: Option<LocalTimes>,
    /// When the first question was asked, in milliseconds.
    pub started_at: Option<u64>,
}

/// What the journal says before an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JournalRecords {
    /// The open intent that stands in its way.
    pub blocking_intent: Option<JournalEntry>,
    /// What was ordered from here of this product, on this account.
    pub placed: Vec<JournaledOrder>,
    /// What the journal has lost and nobody has acknowledged.
    pub losses: Vec<JournalLoss>,
}

/// An order that the journal knows as placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournaledOrder {
    /// Its id.
    pub order: u64,
    /// The organization; none for one that was new.
    pub organization: Option<u64>,
    /// What it said of an organization that was new.
    pub described_organization: Organization,
    /// About when it was sent, by the server's clock where that was told.
    pub sent: Option<Timestamp>,
    /// When it was sent, by the clock here.
    pub sent_local: Timestamp,
    /// Whether it had the same digest.
    pub same_digest: bool,
}

impl JournaledOrder {
    /// What an entry of the journal means for an order; nothing where it was not placed, or elsewhere.
    pub(super) fn from_entry(entry: &JournalEntry, intent: &Intent) -> Option<Self> {
        let past = &entry.intent;
        let here = past.can_be_of_account(&intent.host, &intent.account) && past.product == intent.product;
        let order = entry.placed_order_id().filter(|_| here)?;
        Some(Self {
            order,
            organization: past.organization,
            described_organization: decode::parse_described_organization(past.body.as_bytes()),
            sent: time_sent(past),
            sent_local: Timestamp::from_millisecond(past.local_time).unwrap_or(Timestamp::UNIX_EPOCH),
            same_digest: past.digest == intent.digest,
        })
    }
}

/// What a survey means for the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PreflightReport {
    /// What was there.
    pub known: KnownSet,
    /// The user, where that was told.
    pub user: Option<u64>,
    /// The account's id in words; blank where that was not told.
    pub account: String,
    /// The server's time in its own words; blank where it gave none.
    pub server_date: String,
    /// What looks alike: duplicates first, and then what was the same; of each the newest first.
    pub similar_orders: Vec<SimilarOrder>,
    /// How many recent orders of the product are for other organizations than the new one.
    pub other_organizations: usize,
    /// Both clocks, where they differ.
    pub clock_skew: Option<ClockSkew>,
    /// Why there is no known set: the list that is not whole, and what it lacks.
    pub gap: Option<(ListName, ListGap)>,
    /// What the journal says.
    pub records: Result<JournalRecords, PersistenceError>,
    /// When its oldest part was asked for, in milliseconds.
    pub started_at: u64,
    /// When it was there, in milliseconds.
    pub received_at: u64,
}

impl PreflightReport {
    /// Takes in what was found, at this time.
    pub(super) fn from_data(survey: PreflightData, intent: &Intent, now: u64) -> Self {
        let date = [&survey.orders.date, &survey.requests.date].into_iter().find(|date| !date.is_empty());
        let server_date = date.cloned().unwrap_or_default();
        let placed = survey.records.as_ref().map(|records| records.placed.clone()).unwrap_or_default();
        let clocks = Clocks::new(parse_server_time(&server_date), survey.extras.local_times);
        let SimilarOrders { similar: similar_orders, other_organizations } =
            similar_orders::find_similar_orders(&survey, intent, clocks, &placed);
        let started_at = survey.extras.started_at.unwrap_or(now);
        let me = survey.current_user.ok();
        let gaps = [(ListName::Orders, survey.orders.gap.clone()), (ListName::Requests, survey.requests.gap.clone())];
        let mut known = KnownSet { orders: known_ids(&survey.orders), requests: known_ids(&survey.requests) };
        let late = unlisted_recent_orders(&survey.orders, &placed, clocks);
        known.orders.iter_mut().for_each(|ids| ids.extend(&late));
        Self {
            known,
            user: me.as_ref().map(|me| me.user_id),
            account: me.and_then(|me| me.account_id).map(|id| id.to_string()).unwrap_or_default(),
            server_date,
            similar_orders,
            other_organizations,
            clock_skew: clocks.skew(),
            gap: gaps.into_iter().find_map(|(list, gap)| Some((list, gap?))),
            records: survey.records,
            started_at,
            received_at: now,
        }
    }

    /// Whether it may have changed since: it is as old as its oldest part.
    pub fn is_expired(&self, now: u64) -> bool {
        let took = self.received_at.saturating_sub(self.started_at).min(MAX_LISTING_MS);
        now.saturating_sub(self.started_at) > MAX_AGE_MS.max(took + READING_TIME_MS)
    }

    /// The newest order that is exactly this one and holds.
    pub fn newest_duplicate(&self) -> Option<u64> {
        self.similar_orders.iter().filter(|one| one.duplicate).find_map(|one| one.order)
    }

    /// Whether nothing stands in the way of the order.
    pub fn can_proceed(&self) -> bool {
        self.records.as_ref().is_ok_and(|records| records.blocking_intent.is_none())
    }

    /// Whether it is known what was there: only then can an order whose answer is lost be found again for certain.
    pub fn has_known_set(&self) -> bool {
        self.known.is_whole()
    }

    /// What the person was told of, out of the journal.
    pub(super) fn shown_records(&self) -> ShownRecords {
        let records = || self.records.iter();
        ShownRecords {
            orders: records().flat_map(|records| &records.placed).map(|past| past.order).collect(),
            losses: records().flat_map(|records| &records.losses).map(|loss| loss.id).collect(),
        }
    }

    /// What the journal has lost and nobody has acknowledged.
    pub fn unacknowledged_losses(&self) -> &[JournalLoss] {
        self.records.as_ref().map_or(&[], |records| &records.losses)
    }

    /// The plan's intent with what was found.
    pub(super) fn complete_intent(&self, intent: &Intent) -> Intent {
        Intent {
            account: self.account.clone(),
            user: self.user,
            known_set: self.known.clone(),
            server_time: Some(self.server_date.clone()).filter(|date| !date.is_empty()),
            ..intent.clone()
        }
    }
}

/// The orders that were placed from here just now and are not listed yet: they were there all the same.
fn unlisted_recent_orders(orders: &Listing<OrderRow>, placed: &[JournaledOrder], clocks: Clocks) -> Vec<u64> {
    let listed = orders.ids();
    let just_now = |past: &&JournaledOrder| {
        let ages = [clocks.age_by_server(past.sent), clocks.age_by_local(Some(past.sent_local))];
        ages.into_iter().flatten().any(|age| age <= LATE_LISTING)
    };
    placed.iter().filter(|past| !listed.contains(&past.order)).filter(just_now).map(|past| past.order).collect()
}

fn known_ids<T: HasId>(listing: &Listing<T>) -> Option<Vec<u64>> {
    let ids: BTreeSet<u64> = listing.ids().into_iter().collect();
    listing.is_complete().then(|| ids.into_iter().collect())
}

#[cfg(test)]
mod tests;
