//! The content of the made-up account: organizations, people, product and money, page by page.

use crate::common::desk::{Desk, code, pages};
use rstest::rstest;
use serde_json::{Value, json};
use std::collections::HashSet;

fn ids(rows: &[Value]) -> HashSet<u64> {
    rows.iter().map(|row| row["id"].as_u64().unwrap()).collect()
}

#[test]
fn the_organizations_can_be_read_page_by_page_to_the_end() {
    let desk = Desk::open();
    let rows = pages(&desk, "/organization", "organizations", 100);
    assert!(rows.len() >= 300);
    assert_eq!(ids(&rows).len(), rows.len(), "each once");
    let whole = desk.get("/organization");
    assert_eq!(whole["page"], json!({ "total": rows.len(), "limit": 1000, "offset": 0 }));
    assert_eq!(whole["organizations"], json!(rows));
    assert_eq!(rows[0]["id"], 900_001);
    assert_eq!(rows[0]["name"], "Gemeente Zilverdam");
}

#[test]
fn an_organization_reads_as_documented() {
    let desk = Desk::open();
    let rows = pages(&desk, "/organization", "organizations", 1000);
    for row in &rows {
        for name in ["name", "status", "display_name", "address", "address2", "zip", "city", "state", "country"] {
            assert!(row[name].is_string(), "{name} of {row}");
        }
        assert_eq!(row["is_active"], row["status"] == "active");
        assert!(row["container"]["id"].is_u64());
        for name in ["assumed_name", "telephone"] {
            assert!(row.get(name).is_none_or(Value::is_string), "{name} of {row}");
        }
    }
    let some = |name: &str, there: bool| rows.iter().any(|row| row.get(name).is_some() == there);
    assert!(some("assumed_name", true) && some("assumed_name", false));
    assert!(some("telephone", true) && some("telephone", false));
}

#[test]
fn organizations_are_filtered_by_status_and_found_by_id_or_name() {
    let desk = Desk::open();
    let total = |query: &str| desk.get(&format!("/organization?{query}"))["page"]["total"].as_u64().unwrap();
    let (active, inactive) = (total("filters%5Bstatus%5D=active"), total("filters[status]=inactive"));
    assert!(inactive > 0);
    assert_eq!(active + inactive, total(""));
    assert_eq!(total("filters%5Bsearch%5D=900001"), 1);
    assert_eq!(total("filters%5Bsearch%5D=90000"), 0);
    assert!(total("filters%5Bsearch%5D=zilverdam") > 1);
    assert_eq!(total("filters%5Bsearch%5D=gemeente%20s%C3%BAdw%C3%A2ld"), 1);
    assert_eq!(total("filters%5Bsearch%5D=nowhere"), 0);
    let both = |status: &str| total(&format!("filters%5Bsearch%5D=zilverdam&filters%5Bstatus%5D={status}"));
    assert_eq!(both("active") + both("inactive"), total("filters%5Bsearch%5D=zilverdam"));
}

#[rstest]
#[case("limit=0")]
#[case("limit=all")]
#[case("offset=-1")]
fn an_invalid_page_is_refused(#[case] query: &str) {
    let answer = Desk::open().api("GET", &format!("/organization?{query}"), b"");
    assert_eq!(answer.status, 400);
    assert!(code(&answer).starts_with("sandbox|"));
}

#[test]
fn the_ids_of_verified_contacts_are_not_user_ids() {
    let desk = Desk::open();
    let users = ids(&pages(&desk, "/user", "users", 1000));
    let known = desk.get("/organization/900001");
    assert!(known["organization_contact"]["email"].is_string());
    let contacts = known["verified_contacts"].as_array().unwrap();
    assert!(ids(contacts).is_disjoint(&users));
    let backed: Vec<_> = contacts.iter().filter_map(|contact| contact["user_id"].as_u64()).collect();
    assert!(!backed.is_empty() && backed.len() < contacts.len(), "some are users, some are not: {contacts:?}");
    assert!(backed.iter().all(|user| users.contains(user)));
}

#[test]
fn potential_approvers_are_users_with_ids_as_text_and_contacts_without() {
    let desk = Desk::open();
    let users = ids(&pages(&desk, "/user", "users", 1000));
    let approvers = desk.get("/organization/potential-approvers");
    let (members, contacts) = (approvers["users"].as_array().unwrap(), approvers["contacts"].as_array().unwrap());
    assert_eq!(members.len(), users.len());
    for user in members {
        assert!(users.contains(&user["user_id"].as_str().unwrap().parse().unwrap()), "{user}");
    }
    assert!(!contacts.is_empty());
    for contact in contacts {
        assert!(contact.get("user_id").is_none() && contact.get("id").is_none(), "{contact}");
        for name in ["name", "first_name", "last_name", "email", "job_title", "telephone"] {
            assert!(contact[name].is_string(), "{name} of {contact}");
        }
    }
}

#[test]
fn users_can_be_paged_searched_and_read_one_by_one() {
    let desk = Desk::open();
    let rows = pages(&desk, "/user", "users", 7);
    assert!(rows.len() >= 20);
    assert!(rows.iter().any(|user| user.get("job_title").is_none()));
    assert!(rows.iter().any(|user| user.get("telephone").is_none()));
    for user in &rows {
        assert_eq!(&desk.get(&format!("/user/{}", user["id"])), user);
    }
    assert_eq!(desk.get("/user/me"), rows[0]);
    assert_eq!(rows[0]["id"], 800_001);
    let email = rows[3]["email"].as_str().unwrap();
    let found = desk.get(&format!("/user?filters%5Bsearch%5D={}", email.replace('@', "%40")));
    assert_eq!(found["users"], json!([rows[3]]));
}

#[test]
fn account_balance_and_product_read_as_documented() {
    let desk = Desk::open();
    assert!(desk.get("/account")["id"].is_u64());
    let balance = desk.get("/finance/balance");
    for name in ["balance", "currency", "unpaid_invoice_balance", "total_available_funds"] {
        assert!(balance[name].is_string(), "{name}");
    }
    let product = desk.get("/product/pkio_qualified_organisation_services");
    assert_eq!(product["allowed_order_validity_years"], json!([1, 2, 3]));
    assert_eq!(product["custom_expiration_date_allowed"], true);
    let listed = desk.get("/product");
    assert_eq!(listed["products"][0]["name_id"], product["name_id"]);
    assert_eq!(listed["products"][0]["name"], product["name"]);
}

#[test]
fn the_agreement_is_long_and_says_that_it_is_made_up() {
    let product = Desk::open().get("/product/pkio_qualified_organisation_services");
    let agreement = product["license_agreement"].as_str().unwrap();
    assert!(agreement.contains("made up for the sandbox"));
    let lines: usize = agreement.lines().map(|line| line.chars().count().div_ceil(70).max(1)).sum();
    assert!(lines >= 40, "{lines}");
}
