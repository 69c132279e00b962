//! The orders that the sandbox accepted, and how far each has come.
//!
//! A few were there before it began, placed by colleagues, and do not move on. Another order moves on by the sandbox's
//! clock alone: its state is computed when somebody asks, from the time since it was placed. It trusts that the rules
//! have passed what it is given, and keeps nothing of a payment card.

mod seed;

use super::account::{
    OrganizationIdentity, SandboxAccount, SandboxContact, SandboxOrganization, SandboxPerson, SandboxTime,
    SandboxValidation, count_rows,
};
use super::rules::parse_id;
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
pub(super) enum OrderProgress {
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

impl OrderProgress {
    /// How far an order is this long after it was placed.
    pub(super) fn after_time(time: SignedDuration) -> Self {
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
pub(super) struct SandboxOrder {
    /// Its id.
    pub(super) id: u64,
    /// The id of its approval request.
    pub(super) request_id: u64,
    /// When it was placed.
    pub(super) placed_at: SandboxTime,
    /// The organization that it is for.
    pub(super) organization_id: u64,
    /// Its verified contacts, by contact id.
    pub(super) contact_ids: Vec<u64>,
    /// Its validity: the one member that counts.
    pub(super) validity: Value,
    /// How it is paid.
    pub(super) payment_method: String,
    /// The user who ordered.
    pub(super) user_id: u64,
    /// `alternative_order_id`, where it was sent.
    pub(super) alternative: Option<String>,
    /// The first call for a list that shows it.
    shown_from_call: u64,
    /// How far it has come once and for all.
    fixed_progress: Option<OrderProgress>,
    certificate_id: u64,
}

impl SandboxOrder {
    /// How far it is at this moment.
    pub(super) fn progress_at(&self, now: SandboxTime) -> OrderProgress {
        self.fixed_progress.unwrap_or_else(|| OrderProgress::after_time(now.saturating_sub(self.placed_at)))
    }

    /// Its certificate's id, which it has once the request is approved (certcentral-api.md 2.4).
    pub(super) fn certificate_id_at(&self, now: SandboxTime) -> Option<u64> {
        (self.progress_at(now).request_status() == "approved").then_some(self.certificate_id)
    }
}

/// All orders, by id.
#[derive(Debug)]
pub(super) struct SandboxOrders {
    orders: Vec<SandboxOrder>,
    /// How many of them were there before.
    seed_count: usize,
    /// How many calls for a list there were.
    list_calls: u64,
}

impl SandboxOrders {
    /// A ledger with what colleagues ordered before.
    pub(super) fn with_seed_orders(world: &SandboxAccount) -> Self {
        let orders = seed::seed_orders(world);
        Self { seed_count: orders.len(), orders, list_calls: 0 }
    }

    /// Counts a call for a list, and gives its number.
    pub(super) fn count_list_call(&mut self) -> u64 {
        self.list_calls += 1;
        self.list_calls - 1
    }

    /// The orders that the call of this number shows, the oldest first.
    pub(super) fn visible_orders(&self, call: u64) -> impl Iterator<Item = &SandboxOrder> {
        self.orders.iter().filter(move |order| order.shown_from_call <= call)
    }

    /// All orders, the oldest first.
    pub(super) fn all_orders(&self) -> &[SandboxOrder] {
        &self.orders
    }

    /// Enters an order that the rules have passed. Returns the answer of the API: `organization` is in it only where
    /// a new organization was made (certcentral-api.md 2.4). The next `late` calls for a list do not
    /// show it.
    pub(super) fn place_order(
        &mut self,
        payload: &Value,
        world: &mut SandboxAccount,
        now: SandboxTime,
        late: u64,
    ) -> Value {
        let contacts = contact_ids(payload, world);
        let (organization, made) = find_or_add_organization(&payload["organization"], &contacts, world);
        let n = count_rows(&self.orders[self.seed_count..]);
        let order = SandboxOrder {
            id: FIRST_ORDER + n,
            request_id: FIRST_REQUEST + n,
            certificate_id: FIRST_CERTIFICATE + n,
            placed_at: now,
            organization_id: organization,
            contact_ids: contacts,
            validity: effective_validity(&payload["order_validity"]),
            payment_method: text_member(payload, "payment_method"),
            user_id: world.current_user().id,
            alternative: nonblank_text_member(payload, "alternative_order_id"),
            shown_from_call: self.list_calls + late,
            fixed_progress: None,
        };
        let status = order.progress_at(now).request_status();
        let mut answer = json!({ "id": order.id, "requests": [{ "id": order.request_id, "status": status }] });
        if made {
            answer["organization"] = json!({ "id": organization });
        }
        self.orders.push(order);
        answer
    }
}

fn text_member(object: &Value, name: &str) -> String {
    object[name].as_str().unwrap_or_default().to_owned()
}

fn nonblank_text_member(object: &Value, name: &str) -> Option<String> {
    object[name].as_str().filter(|text| !text.is_empty()).map(str::to_owned)
}

fn person_from_json(object: &Value) -> SandboxPerson {
    SandboxPerson {
        first_name: text_member(object, "first_name"),
        last_name: text_member(object, "last_name"),
        email: text_member(object, "email"),
        job_title: nonblank_text_member(object, "job_title"),
        telephone: nonblank_text_member(object, "telephone"),
    }
}

/// The contact ids of the payload's contacts. Those who are not known yet are added to the account.
fn contact_ids(payload: &Value, world: &mut SandboxAccount) -> Vec<u64> {
    let rows = payload["organization"]["contacts"].as_array().map(Vec::as_slice).unwrap_or_default();
    rows.iter().map(|row| find_or_add_contact(row, world)).collect()
}

fn find_or_add_contact(row: &Value, world: &mut SandboxAccount) -> u64 {
    let known = parse_id(&row["user_id"]).and_then(|user| world.find_contact_of_user(user)).map(|known| known.id);
    known.unwrap_or_else(|| world.add_contact(person_from_json(row)))
}

/// Whether the organization of an order is looked for among those of the account: a new one that is not forced.
pub(super) fn is_checked_for_duplicates(payload: &Value) -> bool {
    let described = &payload["organization"];
    parse_id(&described["id"]).is_none() && !skips_duplicate_check(described)
}

fn skips_duplicate_check(described: &Value) -> bool {
    described["skip_duplicate_org_check"] == true
}

/// The organization that an order is for, and whether it was made for it.
fn find_or_add_organization(described: &Value, contacts: &[u64], world: &mut SandboxAccount) -> (u64, bool) {
    if let Some(id) = parse_id(&described["id"]) {
        return (id, false);
    }
    let [name, country, city] = ["name", "country", "city"].map(|member| text_member(described, member));
    match world
        .find_duplicate(&OrganizationIdentity::from_parts(&name, &country, &city))
        .filter(|_| !skips_duplicate_check(described))
    {
        Some(known) => (known.id, false),
        None => (add_new_organization(described, contacts, world), true),
    }
}

fn add_new_organization(described: &Value, contacts: &[u64], world: &mut SandboxAccount) -> u64 {
    let person = person_from_json(&described["organization_contact"]);
    let contact = SandboxContact { id: world.add_contact(person.clone()), user_id: None, person };
    world.add_organization(SandboxOrganization {
        id: 0,
        name: text_member(described, "name"),
        assumed_name: nonblank_text_member(described, "assumed_name"),
        active: true,
        address: text_member(described, "address"),
        address2: text_member(described, "address2"),
        city: text_member(described, "city"),
        state: text_member(described, "state"),
        zip: text_member(described, "zip"),
        country: text_member(described, "country"),
        telephone: nonblank_text_member(described, "telephone"),
        contact,
        verified_contact_ids: contacts.to_vec(),
        // Validation begins with the order (certcentral-api.md 3).
        validations: vec![SandboxValidation { kind: "ov", name: "OV", valid_until: None }],
    })
}

/// The member that counts: a date goes before days, days before years (certcentral-api.md 2.2). One year where none is
/// given.
fn effective_validity(sent: &Value) -> Value {
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
        let progress = OrderProgress::after_time(SignedDuration::from_millis(milliseconds));
        assert_eq!((progress.request_status(), progress.order_status()), (request, order));
    }

    #[rstest]
    #[case(json!({ "years": 2 }), json!({ "years": 2 }))]
    #[case(json!({ "years": 2, "days": 9 }), json!({ "days": 9 }))]
    #[case(json!({ "years": 2, "days": 9, "custom_expiration_date": "2030-01-01" }), json!({ "custom_expiration_date": "2030-01-01" }))]
    #[case(json!({}), json!({ "years": 1 }))]
    #[case(Value::Null, json!({ "years": 1 }))]
    fn of_several_validities_the_most_exact_counts(#[case] sent: Value, #[case] counts: Value) {
        assert_eq!(effective_validity(&sent), counts);
    }
}
