//! The claims of a product file about the API: the source of each, its limits, and that none is missing.

use super::{EXAMPLES, products, today};
use std::collections::BTreeSet;
use zegel::domain::AccountData;
use zegel::form::{Audience, FieldPlace, Form, ValidationContext};
use zegel::product::{self, Evidence, Requirement, ValueCheck, ValueKind};

#[test]
fn defaults_and_examples_pass_their_own_checks() {
    for (_, product, _) in products() {
        for id in product.field_ids() {
            let field = &product[id];
            let values = [field.default, field.fixed, Some(field.example)];
            for text in values.into_iter().flatten().filter(|text| !text.is_empty()) {
                let mut form = Form::new(product);
                let row = form.rows(field.group)[0];
                let at = FieldPlace { field: id, row };
                // A rule of another field must not interfere, so the test looks only at the effect of this value.
                form.set_text(at, text);
                let known = AccountData::default();
                let context = ValidationContext { today: today(), known: &known, audience: Audience::Wizard };
                let faults = form.problem_kinds_at(at, &context);
                assert!(faults.is_empty(), "{} = {text}: {faults:?}", field.id);
                if matches!(field.kind, ValueKind::Mode(_) | ValueKind::Choice) {
                    assert!(field.find_option(text).is_some(), "{} = {text}", field.id);
                }
            }
        }
    }
}

#[test]
fn only_documented_facts_are_errors() {
    // Impossible values, and values that no order endpoint can mean: errors even without documentation.
    let certain = ["email", "luhn", "range", "knowncountry", "month", "cvv"];
    for (_, product, _) in products() {
        for field in product.fields {
            for ruling in field.checks {
                let name = format!("{:?}", ruling.is).to_lowercase();
                let known = matches!(ruling.cite.mark, Evidence::Doc | Evidence::Sib);
                assert!(known || certain.iter().any(|c| name.starts_with(c)), "{}: {name}", field.id);
            }
            for ruling in field.advice {
                assert!(!matches!(ruling.is, ValueCheck::Luhn | ValueCheck::Range(..)), "{}", field.id);
            }
            if matches!(field.cite.mark, Evidence::Code | Evidence::Inf) && !field.is_mode() {
                let dated = field.kind == ValueKind::Date;
                assert!(field.required != Requirement::Yes || dated, "{} is required by no page", field.id);
            }
        }
    }
}

#[test]
fn documented_and_sibling_facts_name_their_page() {
    for (_, product, _) in products() {
        let rulings = product.fields.iter().flat_map(|field| field.checks.iter().chain(field.advice));
        let cites = rulings.map(|ruling| &ruling.cite).chain(product.fields.iter().map(|field| &field.cite));
        for cite in cites.chain(product.rules.iter().map(|rule| &rule.cite)) {
            let named = matches!(cite.mark, Evidence::Doc | Evidence::Sib);
            for page in [&cite.page.en, &cite.page.nl] {
                assert_eq!(named, !page.is_empty(), "{cite:?}");
            }
        }
    }
}

/// The request parameters of the order page and of the inline organization, typed by hand from the reference.
const PARAMETERS: &str = "
/certificate/signature_hash
/certificate/profile_option
/certificate/is_rsassa_pss
/csa_agreed_to
/provisioning_method
/ship_info/name
/ship_info/addr1
/ship_info/addr2
/ship_info/city
/ship_info/state
/ship_info/zip
/ship_info/country
/ship_info/method
/organization/id
/organization/contacts/contact_type
/organization/contacts/user_id
/organization/contacts/first_name
/organization/contacts/last_name
/organization/contacts/email
/organization/contacts/job_title
/organization/contacts/telephone
/organization/skip_duplicate_org_check
/order_validity/years
/order_validity/days
/order_validity/custom_expiration_date
/payment_method
/credit_card/number
/credit_card/expiration_month
/credit_card/expiration_year
/credit_card/cvv
/credit_card/cardholder_name
/credit_card/save_credit_card
/credit_card/set_as_default
/billing_address/address
/billing_address/address2
/billing_address/city
/billing_address/state
/billing_address/country
/billing_address/zip
/organization/name
/organization/assumed_name
/organization/country
/organization/address
/organization/address2
/organization/city
/organization/state
/organization/zip
/organization/telephone
/organization/organization_contact/first_name
/organization/organization_contact/last_name
/organization/organization_contact/email
/organization/organization_contact/job_title
/organization/organization_contact/telephone
/organization/organization_contact/telephone_extension
";

/// The reference has these for old clients, or for creating an organization separately: omitted on purpose.
const LEFT_OUT: &[&str] =
    &["/organization/container/id", "/organization/validations/type", "/organization/validations/verified_users"];

#[test]
fn every_documented_parameter_is_declared_and_nothing_else() {
    let product = product::PKIO;
    let declared: BTreeSet<String> = product.field_ids().filter_map(|id| product.json_pointer(id, None)).collect();
    let documented: BTreeSet<String> = PARAMETERS.split_whitespace().map(str::to_owned).collect();
    assert_eq!(declared, documented);
    assert!(LEFT_OUT.iter().all(|pointer| !declared.contains(*pointer)));
    assert!(EXAMPLES.contains("[[example]]"));
}
