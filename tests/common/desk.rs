//! A sandbox for tests: its calls with the right key, and two literal orders that it accepts.
//!
//! Every order goes over a plain socket as unchanged text.

use super::http::{self, Answer};
use serde_json::{Value, json};
use zegel::sandbox::{KEY, Sandbox, SandboxOptions};

/// The path of orders within the API.
pub(crate) const ORDERS: &str = "/order/certificate/pkio_qualified_organisation_services";

/// An order for a stored organization, paid from the balance.
pub(crate) const STORED: &str = r#"{
  "certificate": { "signature_hash": "sha256", "profile_option": "nonrepudiation", "is_rsassa_pss": false },
  "csa_agreed_to": true,
  "provisioning_method": "qscd",
  "ship_info": { "name": "A. Tester", "addr1": "Keizersgracht 1", "addr2": "", "city": "Amsterdam",
                 "state": "Noord-Holland", "zip": "1015 AA", "country": "nl", "method": "STANDARD" },
  "organization": { "id": 900001,
    "contacts": [ { "user_id": 800001, "contact_type": "verified_contact" } ] },
  "order_validity": { "years": 1 },
  "payment_method": "balance"
}"#;

/// An order for a new organization with a new contact, paid by card.
pub(crate) const NEW: &str = r#"{
  "certificate": { "signature_hash": "sha256", "profile_option": "nonrepudiation" },
  "csa_agreed_to": true,
  "provisioning_method": "qscd",
  "ship_info": { "name": "A. Tester", "addr1": "Keizersgracht 1", "addr2": "2 hoog", "city": "Amsterdam",
                 "state": "Noord-Holland", "zip": "1015 AA", "country": "NL", "method": "EXPEDITED" },
  "organization": {
    "name": "Voorbeeld B.V.", "assumed_name": "Voorbeeld", "country": "nl", "address": "Straat 1", "address2": "",
    "city": "Amsterdam", "state": "Noord-Holland", "zip": "1015 AA", "telephone": "+31 20 5550100",
    "organization_contact": { "first_name": "A.", "last_name": "Tester", "email": "a@example.nl", "job_title": "CISO",
                              "telephone": "+31 20 5550100", "telephone_extension": "12" },
    "contacts": [ { "contact_type": "verified_contact", "first_name": "B.", "last_name": "Tester",
                    "email": "b@example.nl", "job_title": "CFO", "telephone": "+31 20 5550101" } ],
    "skip_duplicate_org_check": false },
  "payment_method": "card",
  "credit_card": { "number": "4111111111111111", "expiration_month": "12", "expiration_year": "2099", "cvv": "123",
                   "cardholder_name": "A. Tester", "save_credit_card": null, "set_as_default": "0" },
  "billing_address": { "address": "Straat 1", "address2": "", "city": "Amsterdam", "state": "Noord-Holland",
                       "country": "nl", "zip": "1015 AA" }
}"#;

pub(crate) struct Desk(pub(crate) Sandbox);

impl Desk {
    pub(crate) fn open() -> Self {
        Self(Sandbox::start(&SandboxOptions::default()).unwrap())
    }

    pub(crate) fn recording(path: &std::path::Path) -> Self {
        Self(Sandbox::start(&SandboxOptions { record: Some(path.to_owned()), ..SandboxOptions::default() }).unwrap())
    }

    pub(crate) fn api(&self, method: &str, path: &str, body: &[u8]) -> Answer {
        http::call(self.0.address(), method, &format!("/services/v2{path}"), &[("X-DC-DEVKEY", KEY)], body)
    }

    pub(crate) fn get(&self, path: &str) -> Value {
        let answer = self.api("GET", path, b"");
        assert_eq!(answer.status, 200, "{path}: {}", answer.text());
        assert!(answer.head.to_lowercase().contains("content-type: application/json"), "{}", answer.head);
        answer.json()
    }

    pub(crate) fn post(&self, body: &str) -> Answer {
        self.api("POST", ORDERS, body.as_bytes())
    }

    pub(crate) fn place(&self, body: &str) -> Value {
        let answer = self.post(body);
        assert_eq!(answer.status, 201, "{}", answer.text());
        answer.json()
    }

    pub(crate) fn advance(&self, seconds: u64) -> Value {
        let body = json!({ "advance_seconds": seconds }).to_string();
        http::call(self.0.address(), "POST", "/sandbox/clock", &[], body.as_bytes()).json()
    }

    pub(crate) fn counts(&self) -> (u64, u64) {
        let counts = http::call(self.0.address(), "GET", "/sandbox/orders", &[], b"").json();
        (counts["received"].as_u64().unwrap(), counts["placed"].as_u64().unwrap())
    }

    pub(crate) fn accepts(&self, body: &str) {
        let answer = self.post(body);
        assert_eq!(answer.status, 201, "{}\nfor {body}", answer.text());
        assert!(answer.json()["id"].is_u64());
    }

    /// Returns the codes and messages of a refusal.
    pub(crate) fn refusals(&self, body: &str) -> Vec<(String, String)> {
        let answer = self.post(body);
        assert_eq!(answer.status, 400, "{}\nfor {body}", answer.text());
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let errors = answer.json();
        let errors = errors["errors"].as_array().unwrap();
        errors.iter().map(|error| (text(&error["code"]), text(&error["message"]))).collect()
    }

    /// Asserts that the order is refused for one reason, with this code and with this member as the first.
    pub(crate) fn refuses(&self, body: &str, code: &str, member: &str) {
        let refusals = self.refusals(body);
        assert_eq!(refusals.len(), 1, "{refusals:?}");
        assert_eq!(refusals[0].0, code, "{refusals:?}");
        assert_eq!(refusals[0].1.split(' ').next(), Some(member), "{refusals:?}");
    }
}

/// Returns the first code of a refusal.
pub(crate) fn code(answer: &Answer) -> String {
    answer.json()["errors"][0]["code"].as_str().unwrap().to_owned()
}

/// Converts `organization.contacts[0].email` to a JSON pointer.
pub(crate) fn pointer(member: &str) -> String {
    format!("/{}", member.replace(['.', '['], "/").replace(']', ""))
}

pub(crate) fn set(base: &str, member: &str, value: Value) -> String {
    let mut order: Value = serde_json::from_str(base).unwrap();
    let pointer = pointer(member);
    if let Some(place) = order.pointer_mut(&pointer) {
        *place = value;
    } else {
        let (parent, name) = pointer.rsplit_once('/').unwrap();
        order.pointer_mut(parent).unwrap()[name] = value;
    }
    order.to_string()
}

pub(crate) fn without(base: &str, member: &str) -> String {
    let mut order: Value = serde_json::from_str(base).unwrap();
    let pointer = pointer(member);
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    let gone = order.pointer_mut(parent).unwrap().as_object_mut().unwrap().remove(name);
    assert!(gone.is_some(), "{member} was there");
    order.to_string()
}

/// Reads a list page by page as a careful client does, and checks the page data of each.
pub(crate) fn pages(desk: &Desk, path: &str, list: &str, limit: usize) -> Vec<Value> {
    let mut rows: Vec<Value> = Vec::new();
    loop {
        let mark = if path.contains('?') { '&' } else { '?' };
        let page = desk.get(&format!("{path}{mark}limit={limit}&offset={}", rows.len()));
        assert_eq!(page["page"]["limit"], limit);
        assert_eq!(page["page"]["offset"], rows.len());
        let received = page[list].as_array().unwrap();
        if received.is_empty() {
            assert_eq!(page["page"]["total"], rows.len());
            return rows;
        }
        assert!(received.len() <= limit);
        rows.extend(received.iter().cloned());
    }
}
