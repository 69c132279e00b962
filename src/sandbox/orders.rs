//! The orders that the sandbox accepted, and the progress of each.
//!
//! Colleagues placed a few orders before the sandbox started; these do not progress. The progress of every other order
//! is computed on demand, from the time on the sandbox's clock since it was placed. This module trusts that the rules
//! accepted each order, and stores nothing of a payment card.

mod seed;

use super::account::{
    OrganizationIdentity, SandboxAccount, SandboxContact, SandboxOrganization, SandboxPerson, SandboxTime,
    SandboxValidation, count_rows,
};
use super::rules::parse_id;
use crate::sandbox::order_progress::OrderProgress;
use serde_json::{Value, json};

const FIRST_ORDER: u64 = 700_001;
const FIRST_REQUEST: u64 = 5_001;
const FIRST_CERTIFICATE: u64 = 600_001;
#[derive(Debug)]
pub(super) struct SandboxOrder {
    pub(super) id: u64,
    /// The id of the approval request.
    pub(super) request_id: u64,
    pub(super) placed_at: SandboxTime,
    pub(super) organization_id: u64,
    /// The contact ids of the verified contacts.
    pub(super) contact_ids: Vec<u64>,
    /// The one member of `order_validity` that counts.
    pub(super) validity: Value,
    pub(super) payment_method: String,
    /// The id of the user who placed the order.
    pub(super) user_id: u64,
    /// The `alternative_order_id`, if it was sent.
    pub(super) alternative: Option<String>,
    /// The number of the first list call that shows the order.
    shown_from_call: u64,
    /// The progress of an order that does not progress further. `None` if it follows from the time.
    fixed_progress: Option<OrderProgress>,
    certificate_id: u64,
}

impl SandboxOrder {
    pub(super) fn progress_at(&self, now: SandboxTime) -> OrderProgress {
        self.fixed_progress.unwrap_or_else(|| OrderProgress::after_time(now.saturating_sub(self.placed_at)))
    }

    /// Returns the certificate id, which exists once the request is approved (certcentral-api.md 2.4).
    pub(super) fn certificate_id_at(&self, now: SandboxTime) -> Option<u64> {
        (self.progress_at(now).request_status() == "approved").then_some(self.certificate_id)
    }
}

/// All orders, by id.
#[derive(Debug)]
pub(super) struct SandboxOrders {
    orders: Vec<SandboxOrder>,
    /// How many orders colleagues placed before the start.
    seed_count: usize,
    /// How many list calls there were.
    list_calls: u64,
}

impl SandboxOrders {
    pub(super) fn with_seed_orders(world: &SandboxAccount) -> Self {
        let orders = seed::seed_orders(world);
        Self { seed_count: orders.len(), orders, list_calls: 0 }
    }

    /// Counts a list call and returns its number, from 0.
    pub(super) fn count_list_call(&mut self) -> u64 {
        self.list_calls += 1;
        self.list_calls - 1
    }

    /// Returns the orders that list call number `call` shows, oldest first.
    pub(super) fn visible_orders(&self, call: u64) -> impl Iterator<Item = &SandboxOrder> {
        self.orders.iter().filter(move |order| order.shown_from_call <= call)
    }

    /// Returns all orders, oldest first.
    pub(super) fn all_orders(&self) -> &[SandboxOrder] {
        &self.orders
    }

    /// Places an order that the rules accepted, and returns the API's response. The response contains `organization`
    /// only if a new organization was made (certcentral-api.md 2.4). The next `late` list calls do not show the order.
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

/// Returns the contact ids of the payload's contacts. New contacts are added to the account.
fn contact_ids(payload: &Value, world: &mut SandboxAccount) -> Vec<u64> {
    let rows = payload["organization"]["contacts"].as_array().map(Vec::as_slice).unwrap_or_default();
    rows.iter().map(|row| find_or_add_contact(row, world)).collect()
}

fn find_or_add_contact(row: &Value, world: &mut SandboxAccount) -> u64 {
    let known = parse_id(&row["user_id"]).and_then(|user| world.find_contact_of_user(user)).map(|known| known.id);
    known.unwrap_or_else(|| world.add_contact(person_from_json(row)))
}

/// Returns true if a new organization is compared with those of the account: the order describes one and does not skip
/// the check.
pub(super) fn is_checked_for_duplicates(payload: &Value) -> bool {
    let described = &payload["organization"];
    parse_id(&described["id"]).is_none() && !skips_duplicate_check(described)
}

fn skips_duplicate_check(described: &Value) -> bool {
    described["skip_duplicate_org_check"] == true
}

/// Returns the id of the order's organization, and whether that organization was made for the order.
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

/// Returns the member that counts: a date goes before days, days before years (certcentral-api.md 2.2). One year if the
/// order has none.
fn effective_validity(sent: &Value) -> Value {
    let first = ["custom_expiration_date", "days", "years"].into_iter().find(|name| sent.get(name).is_some());
    first.map_or_else(|| json!({ "years": 1 }), |name| json!({ name: sent[name] }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use jiff::SignedDuration;
    use rstest::rstest;

    #[rstest]
    #[case(0, "submitted", "needs_approval")]
    #[case(4_999, "submitted", "needs_approval")]
    #[case(5_000, "pending", "needs_approval")]
    #[case(14_999, "pending", "needs_approval")]
    #[case(15_000, "approved", "pending")]
    #[case(i64::MAX, "approved", "pending")]
    fn the_status_of_an_order_advances_with_time(
        #[case] milliseconds: i64,
        #[case] request: &str,
        #[case] order: &str,
    ) {
        let progress = OrderProgress::after_time(SignedDuration::from_millis(milliseconds));
        assert_eq!((progress.request_status(), progress.order_status()), (request, order));
    }

    #[rstest]
    #[case(json!({ "years": 2 }), json!({ "years": 2 }))]
    #[case(json!({ "years": 2, "days": 9 }), json!({ "days": 9 }))]
    #[case(json!({ "years": 2, "days": 9, "custom_expiration_date": "2030-01-01" }), json!({ "custom_expiration_date": "2030-01-01" }))]
    #[case(json!({}), json!({ "years": 1 }))]
    #[case(Value::Null, json!({ "years": 1 }))]
    fn the_most_exact_validity_counts(#[case] sent: Value, #[case] counts: Value) {
        assert_eq!(effective_validity(&sent), counts);
    }
}
