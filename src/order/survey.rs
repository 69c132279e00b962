//! What there is before an order: the orders and requests that are known, recent ones that look alike, and what the
//! journal says. Without it nothing is sent.
//!
//! It judges by what was listed and knows no clock: the server's own time says what is recent.

use crate::facts::{Entry, Failure, Intent, KnownSet, Listing, Me, OrderRow, RequestRow, Row, Unkept};
use jiff::{SignedDuration, Timestamp, fmt::rfc2822};
use std::collections::BTreeSet;

/// How far back an order is a look-alike.
const RECENT: SignedDuration = SignedDuration::from_hours(30 * 24);

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
}

/// What the journal says before an order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Records {
    /// The open intent that stands in its way.
    pub blocked: Option<Entry>,
    /// Orders that were placed with the same digest.
    pub same: Vec<u64>,
}

/// An order that looks alike.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alike {
    /// Its id; none where only a request is listed that names no order.
    pub order: Option<u64>,
    /// Its status word.
    pub status: String,
    /// The status word of its request; blank where none is listed.
    pub request: String,
    /// For whom, in the server's words.
    pub organization: String,
    /// Who asked for it; blank where that is not told.
    pub user: String,
    /// How old it is in minutes, by the server's clock; none where either time is not told.
    pub minutes: Option<i64>,
    /// Whether this journal knows it as placed with the same digest.
    pub same: bool,
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
    /// What looks alike, the newest first.
    pub alike: Vec<Alike>,
    /// Why there is no known set, where a list failed.
    pub failure: Option<Failure>,
    /// What the journal says.
    pub records: Result<Records, Unkept>,
}

impl Ground {
    /// Takes in what was found.
    pub(super) fn of(survey: Survey, intent: &Intent) -> Self {
        let date = [&survey.orders.date, &survey.requests.date].into_iter().find(|date| !date.is_empty());
        let date = date.cloned().unwrap_or_default();
        let same = survey.records.as_ref().map(|records| records.same.clone()).unwrap_or_default();
        let alike = alike(&survey, intent, server_time(&date), &same);
        let me = survey.me.ok();
        let failed = [failure(&survey.orders), failure(&survey.requests)];
        Self {
            known: KnownSet { orders: known(&survey.orders), requests: known(&survey.requests) },
            user: me.as_ref().map(|me| me.user_id),
            account: me.and_then(|me| me.account_id).map(|id| id.to_string()).unwrap_or_default(),
            date,
            alike,
            failure: failed.into_iter().flatten().next(),
            records: survey.records,
        }
    }

    /// Whether nothing stands in the way of the order.
    pub fn goes(&self) -> bool {
        self.records.as_ref().is_ok_and(|records| records.blocked.is_none())
    }

    /// Whether it is known what was there: only then can an order whose answer is lost be found again for certain.
    pub fn protects(&self) -> bool {
        self.known.orders.is_some() && self.known.requests.is_some()
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

/// The time in a `Date` header.
pub(super) fn server_time(date: &str) -> Option<Timestamp> {
    rfc2822::parse(date).ok().map(|zoned| zoned.timestamp())
}

fn known<T: Row>(listing: &Listing<T>) -> Option<Vec<u64>> {
    let ids: BTreeSet<u64> = listing.ids().into_iter().collect();
    listing.complete().then(|| ids.into_iter().collect())
}

fn failure<T>(listing: &Listing<T>) -> Option<Failure> {
    match &listing.gap {
        Some(crate::facts::Gap::Failed(failure)) => Some(failure.clone()),
        _ => None,
    }
}

/// What is of the product and the organization, or may be, and not older than counts as recent.
fn alike(survey: &Survey, intent: &Intent, now: Option<Timestamp>, same: &[u64]) -> Vec<Alike> {
    let mut found: Vec<Alike> = Vec::new();
    for row in survey.orders.rows.iter().filter(|row| near(intent, &row.product, row.organization_id)) {
        let request = survey.requests.rows.iter().find(|request| request.order_id == Some(row.id));
        found.push(Alike {
            order: Some(row.id),
            status: row.status.clone(),
            request: request.map(|request| request.status.clone()).unwrap_or_default(),
            organization: row.organization_name.clone(),
            user: request.map_or_else(|| row.user_name.clone(), |request| request.requester_name.clone()),
            minutes: minutes(now, &row.date_created),
            same: same.contains(&row.id),
        });
    }
    for row in survey.requests.rows.iter().filter(|row| super::settle::about_new(row)) {
        let there = row.order_id.is_some_and(|id| found.iter().any(|alike| alike.order == Some(id)));
        if !there && near(intent, &row.product, row.organization_id) {
            found.push(Alike {
                order: row.order_id,
                status: String::new(),
                request: row.status.clone(),
                organization: row.organization_name.clone(),
                user: row.requester_name.clone(),
                minutes: minutes(now, &row.date),
                same: row.order_id.is_some_and(|id| same.contains(&id)),
            });
        }
    }
    found.retain(|alike| alike.same || alike.minutes.is_none_or(|minutes| minutes <= RECENT.as_mins()));
    found.sort_by_key(|alike| alike.minutes.unwrap_or(0));
    found
}

fn near(intent: &Intent, product: &str, organization: Option<u64>) -> bool {
    super::settle::could_be(&intent.product, intent.organization, product, organization)
}

fn minutes(now: Option<Timestamp>, then: &str) -> Option<i64> {
    let then: Timestamp = then.parse().ok()?;
    Some((now? - then).get_minutes())
}
