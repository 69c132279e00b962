//! The orders that the sandbox accepted, and how far each has come.
//!
//! A few were there before it began, placed by colleagues, and do not move on. Another order moves on by the sandbox's
//! clock alone: its state is computed when somebody asks, from the time since it was placed. It trusts that the rules
//! have passed what it is given, and keeps nothing of a payment card.

mod before;

use super::rules::id;
use super::world::{Contact, Identity, Moment, Organization, Person, Validation, World, count};
use jiff::SignedDuration;
use serde_json::{Value, json};

const FIRST_ORDER: u64 = 700_001;
const FIRST_REQUEST: u64 = 5_001;
const FIRST_CERTIFICATE: u64 = 600_001;
const PENDING_AFTER: SignedDuration = SignedDuration::from_secs(5);
/// A request is approved this long after the order was placed.
pub(super) const APPROVED_AFTER: SignedDuration = SignedDuration::from_secs(15);

/// How far an order has come. The words are documented (certcentral-api.md 4.9, 4.11), the pace is the sandbox's own.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Progress {
    /// Just placed.
    Submitted,
    /// Somebody is looking at the request.
    Pending,
    /// The request was approved: the order has a certificate id and is being validated.
    Approved,
    /// The certificate was issued.
    Issued,
    /// The request was rejected.
    Rejected,
    /// The order was canceled after its request had been approved.
    Canceled,
}

impl Progress {
    /// How far an order is this long after it was placed.
    pub(super) fn after(time: SignedDuration) -> Self {
        match time {
            _ if time < PENDING_AFTER => Self::Submitted,
            _ if time < APPROVED_AFTER => Self::Pending,
            _ => Self::Approved,
        }
    }

    /// The request's status.
    pub(super) fn request_status(self) -> &'static str {
        match self {
            Self::Submitted => "submitted",
            Self::Pending => "pending",
            Self::Approved | Self::Issued | Self::Canceled => "approved",
            Self::Rejected => "rejected",
        }
    }

    /// The order's status.
    pub(super) fn order_status(self) -> &'static str {
        match self {
            Self::Submitted | Self::Pending => "needs_approval",
            Self::Approved => "pending",
            Self::Issued => "issued",
            Self::Rejected => "rejected",
            Self::Canceled => "canceled",
        }
    }
}

/// An order that was accepted.
#[derive(Debug)]
pub(super) struct Order {
    /// Its id.
    pub(super) id: u64,
    /// The id of its approval request.
    pub(super) request: u64,
    /// When it was placed.
    pub(super) placed: Moment,
    /// The organization that it is for.
    pub(super) organization: u64,
    /// Its verified contacts, by contact id.
    pub(super) contacts: Vec<u64>,
    /// Its validity: the one member that counts.
    pub(super) validity: Value,
    /// How it is paid.
    pub(super) payment_method: String,
    /// The user who ordered.
    pub(super) user: u64,
    /// `alternative_order_id`, where it was sent.
    pub(super) alternative: Option<String>,
    /// The first call for a list that shows it.
    shown_from: u64,
    /// How far it has come once and for all.
    settled: Option<Progress>,
    certificate: u64,
}

impl Order {
    /// How far it is at this moment.
    pub(super) fn progress(&self, now: Moment) -> Progress {
        self.settled.unwrap_or_else(|| Progress::after(now.saturating_sub(self.placed)))
    }

    /// Its certificate's id, which it has once the request is approved (certcentral-api.md 2.4).
    pub(super) fn certificate(&self, now: Moment) -> Option<u64> {
        (self.progress(now).request_status() == "approved").then_some(self.certificate)
    }
}

/// All orders, by id.
#[derive(Debug)]
pub(super) struct Ledger {
    orders: Vec<Order>,
    /// How many of them were there before.
    before: usize,
    /// How many calls for a list there were.
    list_calls: u64,
}

impl Ledger {
    /// A ledger with what colleagues ordered before.
    pub(super) fn begin(world: &World) -> Self {
        let orders = before::orders(world);
        Self { before: orders.len(), orders, list_calls: 0 }
    }

    /// Counts a call for a list, and gives its number.
    pub(super) fn list_call(&mut self) -> u64 {
        self.list_calls += 1;
        self.list_calls - 1
    }

    /// The orders that the call of this number shows, the oldest first.
    pub(super) fn listed(&self, call: u64) -> impl Iterator<Item = &Order> {
        self.orders.iter().filter(move |order| order.shown_from <= call)
    }

    /// All orders, the oldest first.
    pub(super) fn orders(&self) -> &[Order] {
        &self.orders
    }

    /// Enters an order that the rules have passed. Returns the answer of the API: `organization` is in it only where
    /// a new organization was made (certcentral-api.md 2.4). The next `late` calls for a list do not
    /// show it.
    pub(super) fn place(&mut self, payload: &Value, world: &mut World, now: Moment, late: u64) -> Value {
        let contacts = contacts(payload, world);
        let (organization, made) = organization(&payload["organization"], &contacts, world);
        let n = count(&self.orders[self.before..]);
        let order = Order {
            id: FIRST_ORDER + n,
            request: FIRST_REQUEST + n,
            certificate: FIRST_CERTIFICATE + n,
            placed: now,
            organization,
            contacts,
            validity: validity(&payload["order_validity"]),
            payment_method: text(payload, "payment_method"),
            user: world.me().id,
            alternative: some_text(payload, "alternative_order_id"),
            shown_from: self.list_calls + late,
            settled: None,
        };
        let status = order.progress(now).request_status();
        let mut answer = json!({ "id": order.id, "requests": [{ "id": order.request, "status": status }] });
        if made {
            answer["organization"] = json!({ "id": organization });
        }
        self.orders.push(order);
        answer
    }
}

fn text(object: &Value, name: &str) -> String {
    object[name].as_str().unwrap_or_default().to_owned()
}

fn some_text(object: &Value, name: &str) -> Option<String> {
    object[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn person(object: &Value) -> Person {
    Person {
        first_name: text(object, "first_name"),
        last_name: text(object, "last_name"),
        email: text(object, "email"),
        job_title: some_text(object, "job_title"),
        telephone: some_text(object, "telephone"),
    }
}

/// The contact ids of the payload's contacts. Those who are not known yet are added to the account.
fn contacts(payload: &Value, world: &mut World) -> Vec<u64> {
    let rows = payload["organization"]["contacts"].as_array().map(Vec::as_slice).unwrap_or_default();
    rows.iter().map(|row| contact(row, world)).collect()
}

fn contact(row: &Value, world: &mut World) -> u64 {
    let known = id(&row["user_id"]).and_then(|user| world.contact_of_user(user)).map(|known| known.id);
    known.unwrap_or_else(|| world.add_contact(person(row)))
}

/// Whether the organization of an order is looked for among those of the account: a new one that is not forced.
pub(super) fn is_checked_for_duplicates(payload: &Value) -> bool {
    let described = &payload["organization"];
    id(&described["id"]).is_none() && !forced(described)
}

fn forced(described: &Value) -> bool {
    described["skip_duplicate_org_check"] == true
}

/// The organization that an order is for, and whether it was made for it.
fn organization(described: &Value, contacts: &[u64], world: &mut World) -> (u64, bool) {
    if let Some(id) = id(&described["id"]) {
        return (id, false);
    }
    let [name, country, city] = ["name", "country", "city"].map(|member| text(described, member));
    match world.duplicate_of(&Identity::of(&name, &country, &city)).filter(|_| !forced(described)) {
        Some(known) => (known.id, false),
        None => (new_organization(described, contacts, world), true),
    }
}

fn new_organization(described: &Value, contacts: &[u64], world: &mut World) -> u64 {
    let person = person(&described["organization_contact"]);
    let contact = Contact { id: world.add_contact(person.clone()), user: None, person };
    world.add_organization(Organization {
        id: 0,
        name: text(described, "name"),
        assumed_name: some_text(described, "assumed_name"),
        active: true,
        address: text(described, "address"),
        address2: text(described, "address2"),
        city: text(described, "city"),
        state: text(described, "state"),
        zip: text(described, "zip"),
        country: text(described, "country"),
        telephone: some_text(described, "telephone"),
        contact,
        verified: contacts.to_vec(),
        // Validation begins with the order (certcentral-api.md 3).
        validations: vec![Validation { kind: "ov", name: "OV", until: None }],
    })
}

/// The member that counts: a date goes before days, days before years (certcentral-api.md 2.2). One year where none is
/// given.
fn validity(sent: &Value) -> Value {
    let first = ["custom_expiration_date", "days", "years"].into_iter().find(|name| sent.get(name).is_some());
    first.map_or_else(|| json!({ "years": 1 }), |name| json!({ name: sent[name] }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(0, "submitted", "needs_approval")]
    #[case(4_999, "submitted", "needs_approval")]
    #[case(5_000, "pending", "needs_approval")]
    #[case(14_999, "pending", "needs_approval")]
    #[case(15_000, "approved", "pending")]
    #[case(i64::MAX, "approved", "pending")]
    fn an_order_moves_on_with_time(#[case] milliseconds: i64, #[case] request: &str, #[case] order: &str) {
        let progress = Progress::after(SignedDuration::from_millis(milliseconds));
        assert_eq!((progress.request_status(), progress.order_status()), (request, order));
    }

    #[rstest]
    #[case(json!({ "years": 2 }), json!({ "years": 2 }))]
    #[case(json!({ "years": 2, "days": 9 }), json!({ "days": 9 }))]
    #[case(json!({ "years": 2, "days": 9, "custom_expiration_date": "2030-01-01" }), json!({ "custom_expiration_date": "2030-01-01" }))]
    #[case(json!({}), json!({ "years": 1 }))]
    #[case(Value::Null, json!({ "years": 1 }))]
    fn of_several_validities_the_most_exact_counts(#[case] sent: Value, #[case] counts: Value) {
        assert_eq!(validity(&sent), counts);
    }
}
