//! Who the seal is for: a stored organization or a new one, and its contacts (certcentral-api.md 2.1, 2.2 and 3).
//!
//! It asks the account who is known, and changes nothing in it.

use super::node::Object;
use super::{Violation, World};
use serde_json::Value;
use std::collections::HashSet;

const NAME: usize = 64;
/// Three of the 64 are kept for punctuation.
const BOTH_NAMES: usize = 61;
const LINE: usize = 64;
const ZIP: usize = 40;
const TELEPHONE: usize = 32;
const EXTENSION: usize = 16;
const PERSON_NAME: usize = 128;
const EMAIL: usize = 255;
const JOB_TITLE: usize = 64;

/// The members that describe a new organization.
const DESCRIPTION: [&str; 10] = [
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

/// Checks the organization and its contacts.
pub(super) fn check(order: &Object<'_>, world: &World, found: &mut Vec<Violation>) {
    let Some(organization) = order.object("organization", found) else { return };
    let described = DESCRIPTION.into_iter().find(|name| organization.has(name));
    match (organization.has("id"), described) {
        (true, None) => stored(&organization, world, found),
        (false, Some(_)) => new(&organization, found),
        (true, Some(name)) => {
            stored(&organization, world, found);
            let words = format!("and {} exclude each other: send an id or a new organization", organization.path(name));
            organization.report("id", "sandbox|conflict", &words, found);
        }
        (false, None) => {
            organization.report("id", "sandbox|required", "or a new organization is required", found);
        }
    }
    organization.optional_boolean("skip_duplicate_org_check", found);
    contacts(&organization, world, found);
}

fn stored(organization: &Object<'_>, world: &World, found: &mut Vec<Violation>) {
    let Some(id) = organization.id("id", found) else { return };
    match world.organization(id) {
        None => organization.report("id", "sandbox|unknown_organization", &format!("{id} is not known"), found),
        Some(known) if !known.active => {
            organization.report("id", "sandbox|inactive_organization", &format!("{id} is inactive"), found);
        }
        Some(_) => {}
    }
}

fn new(organization: &Object<'_>, found: &mut Vec<Violation>) {
    names(organization, found);
    organization.country("country", found);
    for name in ["address", "city", "state"] {
        organization.text(name, LINE, found);
    }
    organization.optional_text("address2", LINE, found);
    organization.text("zip", ZIP, found);
    organization.text("telephone", TELEPHONE, found);
    if let Some(contact) = organization.object("organization_contact", found) {
        organization_contact(&contact, found);
    }
}

fn names(organization: &Object<'_>, found: &mut Vec<Violation>) {
    let name = organization.text("name", NAME, found).unwrap_or_default();
    let assumed = organization.optional_text("assumed_name", NAME, found).unwrap_or_default();
    let both = name.chars().count() + assumed.chars().count();
    if !assumed.is_empty() && both > BOTH_NAMES {
        let other = organization.path("name");
        let words = format!("and {other} together must be at most {BOTH_NAMES} characters long");
        organization.report("assumed_name", "sandbox|max_length", &words, found);
    }
}

fn organization_contact(contact: &Object<'_>, found: &mut Vec<Violation>) {
    contact.text("first_name", PERSON_NAME, found);
    contact.text("last_name", PERSON_NAME, found);
    contact.text("email", EMAIL, found);
    contact.optional_text("job_title", JOB_TITLE, found);
    contact.optional_text("telephone", TELEPHONE, found);
    contact.optional_text("telephone_extension", EXTENSION, found);
}

fn contacts(organization: &Object<'_>, world: &World, found: &mut Vec<Violation>) {
    let Some(rows) = organization.array("contacts", found) else { return };
    if rows.is_empty() {
        organization.report("contacts", "sandbox|required", "must hold at least one contact", found);
    }
    let mut types = HashSet::new();
    for (n, row) in rows.iter().enumerate() {
        contact(&organization.path(&format!("contacts[{n}]")), row, &mut types, world, found);
    }
}

fn contact<'a>(path: &str, row: &'a Value, types: &mut HashSet<&'a str>, world: &World, found: &mut Vec<Violation>) {
    let Some(contact) = Object::at(path.to_owned(), row) else {
        return found.push(Violation::new("sandbox|type", format!("{path} must be an object")));
    };
    if let Some(kind) = contact.text("contact_type", super::ANY, found)
        && !types.insert(kind)
    {
        contact.report("contact_type", "contact_type_duplicate", "is the type of another contact already", found);
    }
    if contact.has("user_id") { user(&contact, world, found) } else { person(&contact, found) }
}

/// Somebody of the account. Personal details beside the id are passed over (certcentral-api.md 2.2).
fn user(contact: &Object<'_>, world: &World, found: &mut Vec<Violation>) {
    let Some(id) = contact.id("user_id", found) else { return };
    if world.user(id).is_some() {
        return;
    }
    if world.contact(id).is_some() {
        let words = format!("{id} is the id of a verified contact, which is not a user id");
        contact.report("user_id", "sandbox|contact_id", &words, found);
    } else {
        contact.report("user_id", "sandbox|unknown_user", &format!("{id} is not known"), found);
    }
}

/// Somebody new: all five details are required.
fn person(contact: &Object<'_>, found: &mut Vec<Violation>) {
    contact.text("first_name", PERSON_NAME, found);
    contact.text("last_name", PERSON_NAME, found);
    contact.text("email", EMAIL, found);
    contact.text("job_title", JOB_TITLE, found);
    contact.text("telephone", TELEPHONE, found);
}
