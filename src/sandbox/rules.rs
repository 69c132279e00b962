//! Order rules: what an order may contain (certcentral-api.md 2 and 3). All violations are reported at once.
//!
//! The rules are written by hand from that page alone, separately from everything else in this crate that describes the
//! order, so that both check each other. The real codes for a refused order are not known: codes that begin with
//! `sandbox|` are the sandbox's own, the others are documented (certcentral-api.md 1.5).

mod object;
mod organization;
mod payment;
mod validity;

use super::account::SandboxAccount;
use jiff::civil::Date;
use object::{PayloadObject, UNLIMITED};
use serde_json::Value;

/// One violation of the rules, as a row of the API's `errors`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Violation {
    pub(super) code: &'static str,
    /// Plain English that names the member by its dotted path.
    pub(super) message: String,
}

impl Violation {
    pub(super) fn new(code: &'static str, message: impl Into<String>) -> Self {
        Self { code, message: message.into() }
    }
}

/// Parses an id: a positive integer, or its digits as a string (certcentral-api.md 6 row 1).
pub(super) fn parse_id(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) if text.bytes().all(|byte| byte.is_ascii_digit()) => text.parse().ok(),
        other => other.as_u64(),
    }
    .filter(|&id| id > 0)
}

/// Returns all violations of an order on this day. The list is empty if the order can be placed.
pub(super) fn find_violations(payload: &Value, world: &SandboxAccount, today: Date) -> Vec<Violation> {
    let mut found = Vec::new();
    match PayloadObject::root(payload) {
        Some(order) => {
            check_certificate(&order, &mut found);
            check_shipping(&order, &mut found);
            organization::check_organization(&order, world, &mut found);
            validity::check_validity(&order, today, &mut found);
            payment::check_payment(&order, today, &mut found);
        }
        None => found.push(Violation::new("sandbox|type", "the order must be a JSON object")),
    }
    found
}

/// Checks the profile of the seal, the agreement and the token. Each has one value that can be ordered
/// (certcentral-api.md 2.2).
fn check_certificate(order: &PayloadObject<'_>, found: &mut Vec<Violation>) {
    if let Some(certificate) = order.required_object("certificate", found) {
        certificate.required_choice("signature_hash", &["sha256"], found);
        certificate.required_choice("profile_option", &["nonrepudiation"], found);
        certificate.optional_boolean("is_rsassa_pss", found);
    }
    if order.required_boolean("csa_agreed_to", found) == Some(false) {
        found.push(Violation::new("sandbox|not_allowed", "csa_agreed_to must be true"));
    }
    order.required_choice("provisioning_method", &["qscd"], found);
}

/// Checks where the token goes. Every member is documented as required; `addr2` may be blank (certcentral-api.md 2.1
/// and 6 row 5).
fn check_shipping(order: &PayloadObject<'_>, found: &mut Vec<Violation>) {
    let Some(ship_info) = order.required_object("ship_info", found) else { return };
    for name in ["name", "addr1", "city", "state", "zip", "method"] {
        ship_info.required_text(name, UNLIMITED, found);
    }
    ship_info.required_blankable_text("addr2", found);
    ship_info.required_country("country", found);
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case(json!(7), Some(7))]
    #[case(json!("7"), Some(7))]
    #[case(json!(0), None)]
    #[case(json!("0"), None)]
    #[case(json!(-7), None)]
    #[case(json!(7.5), None)]
    #[case(json!("+7"), None)]
    #[case(json!(""), None)]
    #[case(json!("99999999999999999999"), None)]
    #[case(json!(null), None)]
    #[case(json!([7]), None)]
    fn an_id_is_a_positive_integer_or_its_digits(#[case] value: Value, #[case] expected: Option<u64>) {
        assert_eq!(parse_id(&value), expected);
    }

    #[rstest]
    #[case(json!(null))]
    #[case(json!([]))]
    #[case(json!("order"))]
    #[case(json!(1e300))]
    fn a_payload_that_is_no_object_is_refused(#[case] payload: Value) {
        let found = find_violations(&payload, &SandboxAccount::generate(0), Date::constant(2026, 3, 1));
        assert_eq!(found.len(), 1, "{found:?}");
        assert_eq!(found[0].code, "sandbox|type");
    }

    #[test]
    fn an_empty_order_lacks_every_required_member() {
        let found = find_violations(&json!({}), &SandboxAccount::generate(0), Date::constant(2026, 3, 1));
        let messages: Vec<_> = found.iter().map(|violation| violation.message.as_str()).collect();
        let required = [
            "certificate is required",
            "csa_agreed_to is required",
            "provisioning_method is required",
            "ship_info is required",
            "organization is required",
            "payment_method is required",
        ];
        assert_eq!(messages, required);
    }
}
