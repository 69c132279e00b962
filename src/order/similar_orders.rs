//! Similar orders: orders for the same organization as the planned order, or for one that may be the same.
//!
//! An order with the same digest in the journal is a duplicate, unless `CertCentral` reports that it has ended or
//! ends soon. A member that an answer leaves out counts neither for nor against similarity. Fetching does not belong
//! here.

use super::clock_skew::Clocks;
use super::matching::{NEW_REQUEST, can_match, is_about_new_order};
use super::preflight::{JournaledOrder, PreflightData};
use crate::certcentral::decode;
use crate::domain::{Intent, OrderRow, Organization, RequestRow};
use crate::similarity::EnteredOrganization;
use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

/// The age up to which an order counts as similar.
const RECENT_WITHIN: SignedDuration = SignedDuration::from_hours(30 * 24);

/// An order that ends within this many days may be renewed.
const ENDS_SOON_DAYS: i64 = 90;

/// Status words of an order without a result (certcentral-api.md 4.9).
const VOID_STATUSES: [&str; 3] = ["rejected", "canceled", "revoked"];

/// The status word of an order whose certificate has expired (certcentral-api.md 4.9).
const EXPIRED_STATUS: &str = "expired";

/// Status words of an order that has a certificate (certcentral-api.md 4.9). Only then do the remaining days mean
/// something.
const ISSUED_STATUSES: [&str; 3] = ["issued", "reissue_pending", EXPIRED_STATUS];

/// An existing order that is similar to the planned one.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct SimilarOrder {
    /// `None` for a listed request that names no order.
    pub order: Option<u64>,
    /// The status word of the server.
    pub status: String,
    /// The id of its request. `None` if no request is listed.
    pub request_id: Option<u64>,
    /// The status word of its request. Blank if no request is listed.
    pub request_status: String,
    /// The name of the organization, in the server's words.
    pub organization: String,
    /// The user who made the request. Blank if not known.
    pub user: String,
    /// The age in minutes, by the server's clock. `None` if either time is unknown.
    pub age_minutes: Option<i64>,
    /// The last day of the order, as far as it is reported.
    pub last_day: Option<Date>,
    /// True if the journal records it as placed with the same digest.
    pub same_digest: bool,
    /// True if it has the same digest and is valid: it was not rejected, canceled or revoked, has not expired, and
    /// does not end soon.
    pub duplicate: bool,
    /// True if only the journal has it: the account lists it late, or not for this key.
    pub unlisted: bool,
}

impl SimilarOrder {
    /// Returns true if the order has the same digest and has ended or ends soon. Ordering it again is expected.
    pub fn is_ended_duplicate(&self) -> bool {
        self.same_digest && !self.duplicate
    }

    /// Sorts duplicates first, then orders with the same digest, then the rest; the newest first in each group.
    fn sort_rank(&self) -> impl Ord + use<> {
        (
            !self.duplicate,
            !self.same_digest,
            self.age_minutes.unwrap_or(0),
            Reverse(self.order.filter(|_| self.same_digest)),
        )
    }
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct SimilarOrders {
    pub(super) similar: Vec<SimilarOrder>,
    /// The number of recent orders of the product that, as far as known, are not for the new organization.
    pub(super) other_organizations: usize,
}

/// Finds recent orders that match, or may match, the product and the organization of the intent.
pub(super) fn find_similar_orders(
    survey: &PreflightData,
    intent: &Intent,
    clocks: Clocks,
    placed: &[JournaledOrder],
) -> SimilarOrders {
    let organizations = survey.extras.organizations.iter().map(|one| (one.id, one)).collect();
    let entered = match intent.organization {
        Some(_) => None,
        None => EnteredOrganization::from_organization(&decode::parse_described_organization(intent.body.as_bytes())),
    };
    let mut search = SimilarOrderSearch {
        preflight: survey,
        intent,
        clocks,
        journaled: placed,
        new_organization: entered,
        organizations,
        found: SimilarOrders::default(),
    };
    let seen = search.add_listed_orders();
    let seen = search.add_requests(seen);
    search.add_journaled_orders(&seen);
    search.found.similar.sort_by_key(SimilarOrder::sort_rank);
    search.found
}

/// Returns the ids of the organizations whose data are needed to compare them with the new one. Empty for an existing
/// organization.
pub(super) fn organizations_to_fetch(orders: &[OrderRow], requests: &[RequestRow], intent: &Intent) -> BTreeSet<u64> {
    if intent.organization.is_some() {
        return BTreeSet::new();
    }
    let is_same_product = |product: &str| product.is_empty() || product == intent.product;
    let of_orders = orders.iter().filter(|row| is_same_product(&row.product)).filter_map(|row| row.organization_id);
    let of_requests = requests.iter().filter(|row| is_about_new_order(row) && is_same_product(&row.product));
    of_orders.chain(of_requests.filter_map(|row| row.organization_id)).collect()
}

struct SimilarOrderSearch<'a> {
    preflight: &'a PreflightData,
    intent: &'a Intent,
    clocks: Clocks,
    journaled: &'a [JournaledOrder],
    /// The new organization. `None` if the order is for an existing one, or does not describe the new one.
    new_organization: Option<EnteredOrganization>,
    organizations: HashMap<u64, &'a Organization>,
    found: SimilarOrders,
}

impl SimilarOrderSearch<'_> {
    /// Adds the listed orders that match. Returns the ids of all listed orders, whether they match or not.
    fn add_listed_orders(&mut self) -> BTreeSet<u64> {
        let survey = self.preflight;
        for row in &survey.orders.rows {
            if !self.can_match_intent(&row.product, row.organization_id) {
                continue;
            }
            let of_order = |request: &&RequestRow| is_about_new_order(request) && request.order_id == Some(row.id);
            let requests: Vec<&RequestRow> = survey.requests.rows.iter().filter(of_order).collect();
            let request = requests.first();
            let created = row.date_created.parse().ok();
            let alike = SimilarOrder {
                order: Some(row.id),
                status: row.status.clone(),
                request_id: request.map(|request| request.id),
                request_status: request.map(|request| request.status.clone()).unwrap_or_default(),
                organization: row.organization_name.clone(),
                user: request.map_or_else(|| row.user_name.clone(), |request| request.requester_name.clone()),
                ..SimilarOrder::default()
            };
            self.add_if_similar(alike, row.organization_id, &requests, [created, created]);
        }
        survey.orders.rows.iter().map(|row| row.id).collect()
    }

    /// Adds the requests whose order is not listed. Returns the ids of all orders seen so far.
    fn add_requests(&mut self, mut seen: BTreeSet<u64>) -> BTreeSet<u64> {
        let survey = self.preflight;
        for row in survey.requests.rows.iter().filter(|row| is_about_new_order(row)) {
            let there = row.order_id.is_some_and(|id| seen.contains(&id));
            if there {
                continue;
            }
            seen.extend(row.order_id);
            if self.can_match_intent(&row.product, row.organization_id) {
                let requested_at = row.date.parse().ok();
                let alike = SimilarOrder {
                    order: row.order_id,
                    request_id: Some(row.id),
                    request_status: row.status.clone(),
                    organization: row.organization_name.clone(),
                    user: row.requester_name.clone(),
                    ..SimilarOrder::default()
                };
                // An order may have a second request after its first was rejected.
                let same = |other: &&RequestRow| {
                    is_about_new_order(other) && row.order_id.is_some() && other.order_id == row.order_id
                };
                let again: Vec<&RequestRow> = survey.requests.rows.iter().filter(same).collect();
                let requests = if again.is_empty() { vec![row] } else { again };
                self.add_if_similar(alike, row.organization_id, &requests, [requested_at, requested_at]);
            }
        }
        seen
    }

    /// Adds orders from the journal, because a placed order may be listed late. An order that is listed for another
    /// organization was handled with the list.
    fn add_journaled_orders(&mut self, seen: &BTreeSet<u64>) {
        for past in self.journaled {
            if self.found.similar.iter().any(|alike| alike.order == Some(past.order)) {
                continue;
            }
            let listed = seen.contains(&past.order);
            if (listed && !past.same_digest) || !self.can_match_intent("", past.organization) {
                continue;
            }
            let organization = past.described_organization.name.clone();
            let alike =
                SimilarOrder { order: Some(past.order), organization, unlisted: !listed, ..SimilarOrder::default() };
            self.add_if_similar(alike, past.organization, &[], [past.sent, Some(past.sent_local)]);
        }
    }

    /// Adds the order if it is recent or has the same digest. An order for another organization is only counted.
    fn add_if_similar(
        &mut self,
        mut alike: SimilarOrder,
        organization: Option<u64>,
        requests: &[&RequestRow],
        times: [Option<Timestamp>; 2],
    ) {
        let age = self.clocks.age_by_server(times[0]);
        let recent = age.is_none_or(|age| age <= RECENT_WITHIN);
        let recent = recent || self.clocks.age_by_local(times[1]).is_some_and(|age| age <= RECENT_WITHIN);
        alike.same_digest =
            alike.order.is_some_and(|id| self.journaled.iter().any(|past| past.same_digest && past.order == id));
        if !recent && !alike.same_digest {
            return;
        }
        if !alike.same_digest && !self.is_likely_organization(alike.order, organization, &alike.organization) {
            self.found.other_organizations += 1;
            return;
        }
        alike.age_minutes = age.map(|age| age.as_mins());
        let details = alike.order.and_then(|id| self.preflight.extras.details.iter().find(|row| row.id == id));
        if let Some(known) = details.map(|row| &row.status).filter(|word| !word.is_empty()) {
            alike.status.clone_from(known);
        }
        let listed = self.preflight.orders.rows.iter().find(|row| Some(row.id) == alike.order);
        let reported = listed.into_iter().chain(details);
        // If two answers report different ends, the later one blocks the order for longer.
        alike.last_day = reported.filter_map(|row| self.reported_last_day(row, &alike.status)).max();
        alike.duplicate = alike.same_digest && !self.is_over(&alike, requests);
        self.found.similar.push(alike);
    }

    fn can_match_intent(&self, product: &str, organization: Option<u64>) -> bool {
        can_match(&self.intent.product, self.intent.organization, product, organization)
    }

    /// Returns true if an order may be for the new organization, by the name in its row and by the organization's
    /// data. An order without any name may be.
    fn is_likely_organization(&self, order: Option<u64>, organization: Option<u64>, name: &str) -> bool {
        let Some(entered) = &self.new_organization else { return true };
        let of_journal =
            self.journaled.iter().find(|past| Some(past.order) == order).map(|past| &past.described_organization);
        let known = organization.and_then(|id| self.organizations.get(&id).copied()).or(of_journal);
        let named = Organization { name: name.to_owned(), ..known.cloned().unwrap_or_default() };
        let known: Vec<&Organization> =
            [Some(&named), known].into_iter().flatten().filter(|one| !one.name.trim().is_empty()).collect();
        known.is_empty() || known.iter().any(|one| entered.similarity_to(one).is_some())
    }

    /// Returns the last day that one answer reports.
    fn reported_last_day(&self, row: &OrderRow, status: &str) -> Option<Date> {
        let till = row.valid_till.get(..10).and_then(|day| day.parse().ok());
        let days = row.days_remaining.filter(|_| ISSUED_STATUSES.contains(&status));
        let counted =
            days.and_then(|days| self.clocks.current_dates().max()?.checked_add(Span::new().try_days(days).ok()?).ok());
        till.max(counted)
    }

    /// Returns true if the order was rejected, canceled or revoked, has expired, or ends soon, as far as reported.
    fn is_over(&self, alike: &SimilarOrder, requests: &[&RequestRow]) -> bool {
        let soon = alike.last_day.is_some_and(|end| {
            // Both clocks must agree if they differ, because one of them is wrong.
            let mut days = self.clocks.current_dates().peekable();
            days.peek().is_some() && days.all(|today| i64::from((end - today).get_days()) <= ENDS_SOON_DAYS)
        });
        // The order's own status takes precedence over the status of its requests.
        let by_request = alike.status.is_empty() && {
            let mut of_order = requests.iter().filter(|row| row.kind == NEW_REQUEST).peekable();
            of_order.peek().is_some() && of_order.all(|row| VOID_STATUSES.contains(&row.status.as_str()))
        };
        let word = alike.status.as_str();
        VOID_STATUSES.contains(&word) || word == EXPIRED_STATUS || soon || by_request
    }
}
