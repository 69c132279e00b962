//! Orders that look like the one that is about to be placed: of the same organization, or of one that may be it.
//!
//! One that is exactly the same, as the journal knows by its digest, is a duplicate, unless `CertCentral` reports that
//! it is over or ends soon. What an answer leaves out speaks neither for nor against: then it looks alike. It asks
//! nothing.

use super::clocks::Clocks;
use super::near::{NEW, about_new, could_be};
use super::survey::{Past, Survey};
use crate::facts::{Intent, OrderRow, Organization, RequestRow};
use crate::likeness::Entered;
use crate::wire;
use jiff::civil::Date;
use jiff::{SignedDuration, Span, Timestamp};
use std::cmp::Reverse;
use std::collections::{BTreeSet, HashMap};

/// How far back an order is a look-alike.
const RECENT: SignedDuration = SignedDuration::from_hours(30 * 24);

/// What ends within so many days may be ordered anew.
const SOON: i64 = 90;

/// Status words of an order that came to nothing (certcentral-api.md 4.9).
const GONE: [&str; 3] = ["rejected", "canceled", "revoked"];

/// The status word of an order whose certificate has ended (certcentral-api.md 4.9).
const EXPIRED: &str = "expired";

/// Status words of an order that has a certificate (certcentral-api.md 4.9): only then days remain of something.
const ISSUED: [&str; 3] = ["issued", "reissue_pending", EXPIRED];

/// An order that looks alike.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Alike {
    /// Its id; none where only a request is listed that names no order.
    pub order: Option<u64>,
    /// Its status word.
    pub status: String,
    /// The id of its request; none where none is listed.
    pub request_id: Option<u64>,
    /// The status word of its request; blank where none is listed.
    pub request: String,
    /// For whom, in the server's words.
    pub organization: String,
    /// Who asked for it; blank where that is not told.
    pub user: String,
    /// How old it is in minutes, by the server's clock; none where either time is not told.
    pub minutes: Option<i64>,
    /// Its last day, as far as that is reported.
    pub ends: Option<Date>,
    /// Whether this journal knows it as placed with the same digest.
    pub same: bool,
    /// Whether it is the same and holds: it did not come to nothing, and does not end soon.
    pub duplicate: bool,
    /// Whether this journal alone knows it: the account lists it late, or not for this key.
    pub unlisted: bool,
}

impl Alike {
    /// Whether it is the same and is over, or soon will be: ordering it again is what one would do.
    pub fn is_earlier(&self) -> bool {
        self.same && !self.duplicate
    }

    /// Duplicates first, then what was the same, then the rest; of each the newest first.
    fn rank(&self) -> impl Ord + use<> {
        (!self.duplicate, !self.same, self.minutes.unwrap_or(0), Reverse(self.order.filter(|_| self.same)))
    }
}

/// What was found.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Found {
    /// What looks alike.
    pub(super) alike: Vec<Alike>,
    /// How many recent orders of the product are for organizations that are not the new one, as far as can be told.
    pub(super) others: usize,
}

/// What is of the product and the organization, or may be, and not older than counts as recent.
pub(super) fn find(survey: &Survey, intent: &Intent, clocks: Clocks, placed: &[Past]) -> Found {
    let organizations = survey.beside.organizations.iter().map(|one| (one.id, one)).collect();
    let entered = match intent.organization {
        Some(_) => None,
        None => Entered::of(&wire::described_organization(intent.body.as_bytes())),
    };
    let mut search = Search { survey, intent, clocks, placed, entered, organizations, found: Found::default() };
    let seen = search.orders();
    let seen = search.requests(seen);
    search.journal(&seen);
    search.found.alike.sort_by_key(Alike::rank);
    search.found
}

/// The ids of organizations that have to be known to tell whether an order may be for the new one.
pub(super) fn organizations_of(orders: &[OrderRow], requests: &[RequestRow], intent: &Intent) -> BTreeSet<u64> {
    if intent.organization.is_some() {
        return BTreeSet::new();
    }
    let ours = |product: &str| product.is_empty() || product == intent.product;
    let of_orders = orders.iter().filter(|row| ours(&row.product)).filter_map(|row| row.organization_id);
    let of_requests = requests.iter().filter(|row| about_new(row) && ours(&row.product));
    of_orders.chain(of_requests.filter_map(|row| row.organization_id)).collect()
}

struct Search<'a> {
    survey: &'a Survey,
    intent: &'a Intent,
    clocks: Clocks,
    placed: &'a [Past],
    /// The new organization; none where the order is for one that there is, or says nothing of the new one.
    entered: Option<Entered>,
    organizations: HashMap<u64, &'a Organization>,
    found: Found,
}

impl Search<'_> {
    /// The orders of the list. Answers those that it told of, whether they look alike or not.
    fn orders(&mut self) -> BTreeSet<u64> {
        let survey = self.survey;
        for row in &survey.orders.rows {
            if !self.near(&row.product, row.organization_id) {
                continue;
            }
            let of_order = |request: &&RequestRow| about_new(request) && request.order_id == Some(row.id);
            let requests: Vec<&RequestRow> = survey.requests.rows.iter().filter(of_order).collect();
            let request = requests.first();
            let created = row.date_created.parse().ok();
            let alike = Alike {
                order: Some(row.id),
                status: row.status.clone(),
                request_id: request.map(|request| request.id),
                request: request.map(|request| request.status.clone()).unwrap_or_default(),
                organization: row.organization_name.clone(),
                user: request.map_or_else(|| row.user_name.clone(), |request| request.requester_name.clone()),
                ..Alike::default()
            };
            self.take(alike, row.organization_id, &requests, [created, created]);
        }
        survey.orders.rows.iter().map(|row| row.id).collect()
    }

    /// The requests whose order is not listed.
    fn requests(&mut self, mut seen: BTreeSet<u64>) -> BTreeSet<u64> {
        let survey = self.survey;
        for row in survey.requests.rows.iter().filter(|row| about_new(row)) {
            let there = row.order_id.is_some_and(|id| seen.contains(&id));
            if there {
                continue;
            }
            seen.extend(row.order_id);
            if self.near(&row.product, row.organization_id) {
                let asked = row.date.parse().ok();
                let alike = Alike {
                    order: row.order_id,
                    request_id: Some(row.id),
                    request: row.status.clone(),
                    organization: row.organization_name.clone(),
                    user: row.requester_name.clone(),
                    ..Alike::default()
                };
                // It may have been asked for again after it was rejected.
                let same =
                    |other: &&RequestRow| about_new(other) && row.order_id.is_some() && other.order_id == row.order_id;
                let again: Vec<&RequestRow> = survey.requests.rows.iter().filter(same).collect();
                let requests = if again.is_empty() { vec![row] } else { again };
                self.take(alike, row.organization_id, &requests, [asked, asked]);
            }
        }
        seen
    }

    /// An order may be listed late; what was placed from here is known at once. Of what is listed for another
    /// organization, the list has told already.
    fn journal(&mut self, seen: &BTreeSet<u64>) {
        for past in self.placed {
            if self.found.alike.iter().any(|alike| alike.order == Some(past.order)) {
                continue;
            }
            let listed = seen.contains(&past.order);
            if (listed && !past.same) || !self.near("", past.organization) {
                continue;
            }
            let organization = past.described.name.clone();
            let alike = Alike { order: Some(past.order), organization, unlisted: !listed, ..Alike::default() };
            self.take(alike, past.organization, &[], [past.sent, Some(past.sent_here)]);
        }
    }

    /// Takes one in, if it is recent or the same: among what looks alike, or among the others.
    fn take(
        &mut self,
        mut alike: Alike,
        organization: Option<u64>,
        requests: &[&RequestRow],
        times: [Option<Timestamp>; 2],
    ) {
        let age = self.clocks.age(times[0]);
        let recent = age.is_none_or(|age| age <= RECENT);
        let recent = recent || self.clocks.age_here(times[1]).is_some_and(|age| age <= RECENT);
        alike.same = alike.order.is_some_and(|id| self.placed.iter().any(|past| past.same && past.order == id));
        if !recent && !alike.same {
            return;
        }
        if !alike.same && !self.is_likely(alike.order, organization, &alike.organization) {
            self.found.others += 1;
            return;
        }
        alike.minutes = age.map(|age| age.as_mins());
        let details = alike.order.and_then(|id| self.survey.beside.details.iter().find(|row| row.id == id));
        if let Some(told) = details.map(|row| &row.status).filter(|word| !word.is_empty()) {
            alike.status.clone_from(told);
        }
        let listed = self.survey.orders.rows.iter().find(|row| Some(row.id) == alike.order);
        let reported = listed.into_iter().chain(details);
        // Where two answers tell different ends, the later one holds the order back.
        alike.ends = reported.filter_map(|row| self.ends(row, &alike.status)).max();
        alike.duplicate = alike.same && !self.is_over(&alike, requests);
        self.found.alike.push(alike);
    }

    fn near(&self, product: &str, organization: Option<u64>) -> bool {
        could_be(&self.intent.product, self.intent.organization, product, organization)
    }

    /// Whether an order may be for the new organization, by the name that its row has, and by what the list of
    /// organizations says of that one. Of what tells no name nothing can be said.
    fn is_likely(&self, order: Option<u64>, organization: Option<u64>, name: &str) -> bool {
        let Some(entered) = &self.entered else { return true };
        let of_journal = self.placed.iter().find(|past| Some(past.order) == order).map(|past| &past.described);
        let known = organization.and_then(|id| self.organizations.get(&id).copied()).or(of_journal);
        let named = Organization { name: name.to_owned(), ..known.cloned().unwrap_or_default() };
        let told: Vec<&Organization> =
            [Some(&named), known].into_iter().flatten().filter(|one| !one.name.trim().is_empty()).collect();
        told.is_empty() || told.iter().any(|one| entered.likeness(one).is_some())
    }

    /// Its last day, by what one answer reports of it.
    fn ends(&self, row: &OrderRow, status: &str) -> Option<Date> {
        let till = row.valid_till.get(..10).and_then(|day| day.parse().ok());
        let days = row.days_remaining.filter(|_| ISSUED.contains(&status));
        let counted =
            days.and_then(|days| self.clocks.days().max()?.checked_add(Span::new().try_days(days).ok()?).ok());
        till.max(counted)
    }

    /// Whether it came to nothing, has ended, or ends soon, as far as that is reported.
    fn is_over(&self, alike: &Alike, requests: &[&RequestRow]) -> bool {
        let soon = alike.ends.is_some_and(|end| {
            // By both clocks, where they differ: one of them is wrong.
            let mut days = self.clocks.days().peekable();
            days.peek().is_some() && days.all(|today| i64::from((end - today).get_days()) <= SOON)
        });
        // The order's own word goes before that of its request.
        let by_request = alike.status.is_empty() && {
            let mut of_order = requests.iter().filter(|row| row.kind == NEW).peekable();
            of_order.peek().is_some() && of_order.all(|row| GONE.contains(&row.status.as_str()))
        };
        let word = alike.status.as_str();
        GONE.contains(&word) || word == EXPIRED || soon || by_request
    }
}
