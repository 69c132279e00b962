//! The preflight: the existing orders and requests, similar recent orders, and the journal records before an order.
//! Nothing is sent without it.
//!
//! It evaluates the fetched lists and the times that came with them, and reads no clock. The search for similar
//! orders is in `similar_orders`.

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

/// The longest delay before an order from this computer appears in the lists.
pub(super) const LATE_LISTING: SignedDuration = SignedDuration::from_mins(10);

/// The largest age of a preflight in milliseconds, counted from its first query.
const MAX_AGE_MS: u64 = 2 * 60 * 1000;

/// The time to read the results of a slow preflight. Without it, an account with very long lists could never order.
/// No lists are read for longer than [`MAX_LISTING_MS`]; a preflight that took longer was interrupted.
const READING_TIME_MS: u64 = 60 * 1000;
const MAX_LISTING_MS: u64 = 5 * 60 * 1000;

/// The order that is about to be placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OrderPlan {
    /// The known part of the intent. The preflight and the writer of the journal add the rest.
    pub intent: Intent,
    /// The number of the preflight for this plan.
    pub preflight_number: u64,
}

/// The data that the preflight fetched.
#[derive(Debug, Clone, PartialEq)]
pub struct PreflightData {
    /// The user behind the key.
    pub current_user: Result<CurrentUser, ApiError>,
    /// The orders of the product, limited to the organization if it has an id.
    pub orders: Listing<OrderRow>,
    /// The approval requests.
    pub requests: Listing<RequestRow>,
    pub records: Result<JournalRecords, PersistenceError>,
    /// Additional data that was fetched.
    pub extras: PreflightExtras,
}

/// Additional data of a preflight. The preflight protects without it, too.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct PreflightExtras {
    /// The details of orders that the journal records as placed with the same digest.
    pub details: Vec<OrderRow>,
    /// Organizations that have orders. Filled only for an order with a new organization.
    pub organizations: Vec<Organization>,
    pub local_times: Option<LocalTimes>,
    /// The time of the first query, in milliseconds.
    pub started_at: Option<u64>,
}

/// The journal records that matter before an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JournalRecords {
    /// The open intent that blocks the order.
    pub blocking_intent: Option<JournalEntry>,
    /// Orders of this product, placed from this computer on this account.
    pub placed: Vec<JournaledOrder>,
    /// The losses that nobody has acknowledged.
    pub losses: Vec<JournalLoss>,
}

/// An order that the journal records as placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournaledOrder {
    pub order: u64,
    /// `None` for an organization that was new.
    pub organization: Option<u64>,
    /// The description of a new organization in the order's body.
    pub described_organization: Organization,
    /// The approximate time of sending, by the server's clock if known, or else by the local clock.
    pub sent: Option<Timestamp>,
    /// The time of sending by the local clock.
    pub sent_local: Timestamp,
    /// True if the order had the same digest.
    pub same_digest: bool,
}

impl JournaledOrder {
    /// Returns the placed order of a journal entry. `None` if the entry led to no order, or is for another account or
    /// product.
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

/// The result of a preflight for a plan.
#[derive(Debug, Clone, PartialEq)]
pub struct PreflightReport {
    /// The orders and requests that exist already.
    pub known: KnownSet,
    /// The user behind the key, if known.
    pub user: Option<u64>,
    /// The account's id. Blank if it is not known.
    pub account: String,
    /// The server's time in its own words. Blank if it sent none.
    pub server_date: String,
    /// Similar orders: duplicates first, then orders with the same digest, then the rest; the newest first in each
    /// group.
    pub similar_orders: Vec<SimilarOrder>,
    /// The number of recent orders of the product for other organizations than the new one.
    pub other_organizations: usize,
    /// Both clocks, if they differ.
    pub clock_skew: Option<ClockSkew>,
    /// The first incomplete list and the reason. `None` if the known set is complete.
    pub gap: Option<(ListName, ListGap)>,
    pub records: Result<JournalRecords, PersistenceError>,
    /// The time of its first query, in milliseconds.
    pub started_at: u64,
    /// The time at which it was complete, in milliseconds.
    pub received_at: u64,
}

impl PreflightReport {
    /// Evaluates the data of a preflight that ended at this time, in milliseconds.
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

    /// Returns true if the preflight is too old to order by. It is as old as its oldest part.
    pub fn is_expired(&self, now: u64) -> bool {
        let took = self.received_at.saturating_sub(self.started_at).min(MAX_LISTING_MS);
        now.saturating_sub(self.started_at) > MAX_AGE_MS.max(took + READING_TIME_MS)
    }

    /// Returns the newest valid order with the same digest.
    pub fn newest_duplicate(&self) -> Option<u64> {
        self.similar_orders.iter().filter(|one| one.duplicate).find_map(|one| one.order)
    }

    /// Returns true if the journal could be read and no open intent blocks the order.
    pub fn can_proceed(&self) -> bool {
        self.records.as_ref().is_ok_and(|records| records.blocking_intent.is_none())
    }

    /// Returns true if the existing orders and requests are all known. Only then can an order whose answer is lost be
    /// found with certainty.
    pub fn has_known_set(&self) -> bool {
        self.known.is_whole()
    }

    /// Returns the journal records that the person saw.
    pub(super) fn shown_records(&self) -> ShownRecords {
        let records = || self.records.iter();
        ShownRecords {
            orders: records().flat_map(|records| &records.placed).map(|past| past.order).collect(),
            losses: records().flat_map(|records| &records.losses).map(|loss| loss.id).collect(),
        }
    }

    /// Returns the journal losses that nobody has acknowledged.
    pub fn unacknowledged_losses(&self) -> &[JournalLoss] {
        self.records.as_ref().map_or(&[], |records| &records.losses)
    }

    /// Returns the plan's intent, completed with the results of the preflight.
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

/// Returns recent orders from this computer that are not listed yet. They count as known all the same.
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
