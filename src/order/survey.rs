//! What there is before an order: the orders and requests that are known, recent ones that look alike, and what the
//! journal says. Without it nothing is sent.
//!
//! It judges by what was listed, and by the times that came with it: it asks no clock. What looks alike is found beside.

use super::ToldOf;
use super::alike::{self, Alike, Found};
use super::clocks::{Clocks, Differ, Here};
use super::near::{sent, server_time};
use crate::facts::{
    Entry, Failure, Gap, Intent, KnownSet, ListName, Listing, Loss, Me, OrderRow, Organization, RequestRow, Row, Unkept,
};
use crate::wire;
use jiff::{SignedDuration, Timestamp};
use std::collections::BTreeSet;

/// So late an order may be listed that was placed from here.
pub(super) const LATE: SignedDuration = SignedDuration::from_mins(10);

/// So many milliseconds after its first question a survey is too old to order by.
const AGES: u64 = 2 * 60 * 1000;

/// Where a survey itself took longer, there is so much time to read what it brought: else an account with very long lists
/// could never order. No lists are read for longer than `LONGEST`; what took more was interrupted.
const READING: u64 = 60 * 1000;
const LONGEST: u64 = 5 * 60 * 1000;

/// What is about to be ordered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Plan {
    /// The intent as far as it is known by now: the rest comes from the survey and from who writes it down.
    pub intent: Intent,
    /// Which survey is for it.
    pub number: u64,
}

/// What was found before an order.
#[derive(Debug, Clone, PartialEq)]
pub struct Survey {
    /// Who the key belongs to.
    pub me: Result<Me, Failure>,
    /// The orders of the product, of the organization where it has an id.
    pub orders: Listing<OrderRow>,
    /// The requests.
    pub requests: Listing<RequestRow>,
    /// What the journal says.
    pub records: Result<Records, Unkept>,
    /// What was asked for beside that.
    pub beside: Beside,
}

/// What is known beside the lists; without it a survey protects all the same.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Beside {
    /// The details of orders that the journal knows as placed with the same digest.
    pub details: Vec<OrderRow>,
    /// Organizations that have orders, where the order is for a new one.
    pub organizations: Vec<Organization>,
    /// What time it was here.
    pub here: Option<Here>,
    /// When the first question was asked, in milliseconds.
    pub begun: Option<u64>,
}

/// What the journal says before an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Records {
    /// The open intent that stands in its way.
    pub blocked: Option<Entry>,
    /// What was ordered from here of this product, on this account.
    pub placed: Vec<Past>,
    /// What the journal has lost and nobody has acknowledged.
    pub lost: Vec<Loss>,
}

/// An order that the journal knows as placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Past {
    /// Its id.
    pub order: u64,
    /// The organization; none for one that was new.
    pub organization: Option<u64>,
    /// What it said of an organization that was new.
    pub described: Organization,
    /// About when it was sent, by the server's clock where that was told.
    pub sent: Option<Timestamp>,
    /// When it was sent, by the clock here.
    pub sent_here: Timestamp,
    /// Whether it had the same digest.
    pub same: bool,
}

impl Past {
    /// What an entry of the journal means for an order; nothing where it was not placed, or elsewhere.
    pub(super) fn of(entry: &Entry, intent: &Intent) -> Option<Self> {
        let past = &entry.intent;
        let here = past.may_be_of(&intent.host, &intent.account) && past.product == intent.product;
        let order = entry.order().filter(|_| here)?;
        Some(Self {
            order,
            organization: past.organization,
            described: wire::described_organization(past.body.as_bytes()),
            sent: sent(past),
            sent_here: Timestamp::from_millisecond(past.local_time).unwrap_or(Timestamp::UNIX_EPOCH),
            same: past.digest == intent.digest,
        })
    }
}

/// What a survey means for the plan.
#[derive(Debug, Clone, PartialEq)]
pub struct Ground {
    /// What was there.
    pub known: KnownSet,
    /// The user, where that was told.
    pub user: Option<u64>,
    /// The account's id in words; blank where that was not told.
    pub account: String,
    /// The server's time in its own words; blank where it gave none.
    pub date: String,
    /// What looks alike: duplicates first, and then what was the same; of each the newest first.
    pub alike: Vec<Alike>,
    /// How many recent orders of the product are for other organizations than the new one.
    pub others: usize,
    /// Both clocks, where they differ.
    pub clocks: Option<Differ>,
    /// Why there is no known set: the list that is not whole, and what it lacks.
    pub gap: Option<(ListName, Gap)>,
    /// What the journal says.
    pub records: Result<Records, Unkept>,
    /// When its oldest part was asked for, in milliseconds.
    pub since: u64,
    /// When it was there, in milliseconds.
    pub at: u64,
}

impl Ground {
    /// Takes in what was found, at this time.
    pub(super) fn of(survey: Survey, intent: &Intent, now: u64) -> Self {
        let date = [&survey.orders.date, &survey.requests.date].into_iter().find(|date| !date.is_empty());
        let date = date.cloned().unwrap_or_default();
        let placed = survey.records.as_ref().map(|records| records.placed.clone()).unwrap_or_default();
        let clocks = Clocks::new(server_time(&date), survey.beside.here);
        let Found { alike, others } = alike::find(&survey, intent, clocks, &placed);
        let since = survey.beside.begun.unwrap_or(now);
        let me = survey.me.ok();
        let gaps = [(ListName::Orders, survey.orders.gap.clone()), (ListName::Requests, survey.requests.gap.clone())];
        let mut known = KnownSet { orders: known(&survey.orders), requests: known(&survey.requests) };
        let late = late(&survey.orders, &placed, clocks);
        known.orders.iter_mut().for_each(|ids| ids.extend(&late));
        Self {
            known,
            user: me.as_ref().map(|me| me.user_id),
            account: me.and_then(|me| me.account_id).map(|id| id.to_string()).unwrap_or_default(),
            date,
            alike,
            others,
            clocks: clocks.differing(),
            gap: gaps.into_iter().find_map(|(list, gap)| Some((list, gap?))),
            records: survey.records,
            since,
            at: now,
        }
    }

    /// Whether it may have changed since: it is as old as its oldest part.
    pub fn is_aged(&self, now: u64) -> bool {
        let took = self.at.saturating_sub(self.since).min(LONGEST);
        now.saturating_sub(self.since) > AGES.max(took + READING)
    }

    /// The newest order that is exactly this one and holds.
    pub fn duplicate(&self) -> Option<u64> {
        self.alike.iter().filter(|one| one.duplicate).find_map(|one| one.order)
    }

    /// Whether nothing stands in the way of the order.
    pub fn goes(&self) -> bool {
        self.records.as_ref().is_ok_and(|records| records.blocked.is_none())
    }

    /// Whether it is known what was there: only then can an order whose answer is lost be found again for certain.
    pub fn protects(&self) -> bool {
        self.known.is_whole()
    }

    /// What the person was told of, out of the journal.
    pub(super) fn told_of(&self) -> ToldOf {
        let records = || self.records.iter();
        ToldOf {
            orders: records().flat_map(|records| &records.placed).map(|past| past.order).collect(),
            losses: records().flat_map(|records| &records.lost).map(|loss| loss.id).collect(),
        }
    }

    /// What the journal has lost and nobody has acknowledged.
    pub fn lost(&self) -> &[Loss] {
        self.records.as_ref().map_or(&[], |records| &records.lost)
    }

    /// The plan's intent with what was found.
    pub(super) fn complete(&self, intent: &Intent) -> Intent {
        Intent {
            account: self.account.clone(),
            user: self.user,
            known: self.known.clone(),
            server_time: Some(self.date.clone()).filter(|date| !date.is_empty()),
            ..intent.clone()
        }
    }
}

/// The orders that were placed from here just now and are not listed yet: they were there all the same.
fn late(orders: &Listing<OrderRow>, placed: &[Past], clocks: Clocks) -> Vec<u64> {
    let listed = orders.ids();
    let just_now = |past: &&Past| {
        let ages = [clocks.age(past.sent), clocks.age_here(Some(past.sent_here))];
        ages.into_iter().flatten().any(|age| age <= LATE)
    };
    placed.iter().filter(|past| !listed.contains(&past.order)).filter(just_now).map(|past| past.order).collect()
}

fn known<T: Row>(listing: &Listing<T>) -> Option<Vec<u64>> {
    let ids: BTreeSet<u64> = listing.ids().into_iter().collect();
    listing.complete().then(|| ids.into_iter().collect())
}

#[cfg(test)]
mod tests;
