//! Rules for the organization: a stored or a new one, and its contacts (certcentral-api.md 2.1, 2.2 and 3).
//!
//! The rules read the account and change nothing in it.

use super::object::PayloadObject;
use super::{SandboxAccount, Violation};
use serde_json::Value;
use std::collections::HashSet;

const MAX_NAME: usize = 64;
/// Three of the 64 characters are reserved for punctuation.
const MAX_BOTH_NAMES: usize = 61;
const MAX_ADDRESS_LINE: usize = 64;
const MAX_ZIP: usize = 40;
const MAX_TELEPHONE: usize = 32;
const MAX_EXTENSION: usize = 16;
const MAX_PERSON_NAME: usize = 128;
const MAX_EMAIL: usize = 255;
const MAX_JOB_TITLE: usize = 64;

/// The members that describe a new organization.
const DESCRIPTION_MEMBERS: [&str; 10] = [
    "name",
    "assumed_name",
    "country",
    "address",
    "address2",
    "city",
    "state",
    "zip",
    "telephone",
    "organization_contact",
];

pub(super) fn check_organization(order: &PayloadObject<'_>, world: &SandboxAccount, found: &mut Vec<Violation>) {
    let Some(organization) = order.required_object("organization", found) else { return };
    let described = DESCRIPTION_MEMBERS.into_iter().find(|name| organization.has_member(name));
    match (organization.has_member("id"), described) {
        (true, None) => check_stored_organization(&organization, world, found),
        (false, Some(_)) => check_new_organization(&organization, found),
        (true, Some(name)) => {
            check_stored_organization(&organization, world, found);
            let words =
                format!("and {} exclude each other: send an id or a new organization", organization.member_path(name));
            organization.report_violation("id", "sandbox|conflict", &words, found);
        }
        (false, None) => {
            organization.report_violation("id", "sandbox|required", "or a new organization is required", found);
        }
    }
    organization.optional_boolean("skip_duplicate_org_check", found);
    check_contacts(&organization, world, found);
}

fn check_stored_organization(organization: &PayloadObject<'_>, world: &SandboxAccount, found: &mut Vec<Violation>) {
    let Some(id) = organization.required_id("id", found) else { return };
    match world.find_organization(id) {
        None => {
            organization.report_violation("id", "sandbox|unknown_organization", &format!("{id} is not known"), found);
        }
        Some(known) if !known.active => {
            organization.report_violation("id", "sandbox|inactive_organization", &format!("{id} is inactive"), found);
        }
        Some(_) => {}
    }
}

fn check_new_organization(organization: &PayloadObject<'_>, found: &mut Vec<Violation>) {
    check_names(organization, found);
    organization.required_country("country", found);
    for name in ["address", "city", "state"] {
        organization.required_text(name, MAX_ADDRESS_LINE, found);
    }
    organization.optional_text("address2", MAX_ADDRESS_LINE, found);
    organization.required_text("zip", MAX_ZIP, found);
    organization.required_text("telephone", MAX_TELEPHONE, found);
    if let Some(contact) = organization.required_object("organization_contact", found) {
        check_organization_contact(&contact, found);
    }
}

fn check_names(organization: &PayloadObject<'_>, found: &mut Vec<Violation>) {
    let name = organization.required_text("name", MAX_NAME, found).unwrap_or_default();
    let assumed = organization.optional_text("assumed_name", MAX_NAME, found).unwrap_or_default();
    let both = name.chars().count() + assumed.chars().count();
    if !assumed.is_empty() && both > MAX_BOTH_NAMES {
        let other = organization.member_path("name");
        let words = format!("and {other} together must be at most {MAX_BOTH_NAMES} characters long");
        organization.report_violation("assumed_name", "sandbox|max_length", &words, found);
    }
}

fn check_organization_contact(contact: &PayloadObject<'_>, found: &mut Vec<Violation>) {
    contact.required_text("first_name", MAX_PERSON_NAME, found);
    contact.required_text("last_name", MAX_PERSON_NAME, found);
    contact.required_text("email", MAX_EMAIL, found);
    contact.optional_text("job_title", MAX_JOB_TITLE, found);
    contact.optional_text("telephone", MAX_TELEPHONE, found);
    contact.optional_text("telephone_extension", MAX_EXTENSION, found);
}

fn check_contacts(organization: &PayloadObject<'_>, world: &SandboxAccount, found: &mut Vec<Violation>) {
    let Some(rows) = organization.required_array("contacts", found) else { return };
    if rows.is_empty() {
        organization.report_violation("contacts", "sandbox|required", "must hold at least one contact", found);
    }
    let mut types = HashSet::new();
    for (n, row) in rows.iter().enumerate() {
        check_contact(&organization.member_path(&format!("contacts[{n}]")), row, &mut types, world, found);
    }
}

fn check_contact<'a>(
    path: &str,
    row: &'a Value,
    types: &mut HashSet<&'a str>,
    world: &SandboxAccount,
    found: &mut Vec<Violation>,
) {
    let Some(contact) = PayloadObject::at_path(path.to_owned(), row) else {
        return found.push(Violation::new("sandbox|type", format!("{path} must be an object")));
    };
    if let Some(kind) = contact.required_text("contact_type", super::UNLIMITED, found)
        && !types.insert(kind)
    {
        contact.report_violation(
            "contact_type",
            "contact_type_duplicate",
            "is the type of another contact already",
            found,
        );
    }
    if contact.has_member("user_id") {
        check_user_contact(&contact, world, found);
    } else {
        check_new_contact(&contact, found);
    }
}

/// Checks a contact who is a user of the account. Personal details beside the id are ignored (certcentral-api.md 2.2).
fn check_user_contact(contact: &PayloadObject<'_>, world: &SandboxAccount, found: &mut Vec<Violation>) {
    let Some(id) = contact.required_id("user_id", found) else { return };
    if world.find_user(id).is_some() {
        return;
    }
    if world.find_contact(id).is_some() {
        let words = format!("{id} is the id of a verified contact, which is not a user id");
        contact.report_violation("user_id", "sandbox|contact_id", &words, found);
    } else {
        contact.report_violation("user_id", "sandbox|unknown_user", &format!("{id} is not known"), found);
    }
}

/// Checks a new contact: all five details are required.
fn check_new_contact(contact: &PayloadObject<'_>, found: &mut Vec<Violation>) {
    contact.required_text("first_name", MAX_PERSON_NAME, found);
    contact.required_text("last_name", MAX_PERSON_NAME, found);
    contact.required_text("email", MAX_EMAIL, found);
    contact.required_text("job_title", MAX_JOB_TITLE, found);
    contact.required_text("telephone", MAX_TELEPHONE, found);
}
