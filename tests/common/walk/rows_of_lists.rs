//! The rows of the lists of a walk's server: a few organizations, and a few people.
//!
//! They are made up. Each differs from the others in its display.

use super::about::validation;
use zegel::domain::{Organization, Person};

/// An organization in the Netherlands.
fn org(id: u64, name: &str, city: &str, status: &str) -> Organization {
    Organization {
        id,
        name: name.into(),
        status: status.into(),
        address: "Raadhuisplein 1".into(),
        zip: "1234 AB".into(),
        city: city.into(),
        state: "Noord-Holland".into(),
        country: "nl".into(),
        ..Organization::default()
    }
}

/// The organizations of the account.
pub(crate) fn organizations() -> Vec<Organization> {
    let [mut first, mut second, third] = [
        org(900_001, "Gemeente Zilverdam", "Zilverdam", "active"),
        org(900_002, "Waterschap Rijnbeemd", "Rijnbeemd", "active"),
        org(900_003, "Stichting Súdwâld", "Súdwâld", "inactive"),
    ];
    let expired = validation("ev", "expired", "2026-05-01T10:00:00+00:00");
    first.validations = vec![expired, validation("ov", "active", "2028-01-02T10:00:00+00:00")];
    second.validations = vec![validation("ov", "pending", "")];
    vec![first, second, third]
}

/// A person with a title or without details.
fn person(user_id: Option<u64>, first: &str, last: &str, title: &str) -> Person {
    Person {
        user_id,
        name: String::new(),
        first_name: first.into(),
        last_name: last.into(),
        email: format!("{}@zilverdam.example", first.to_lowercase()),
        job_title: title.into(),
        telephone: if title.is_empty() { String::new() } else { "+31 88 555 0101".into() },
    }
}

/// The people who can be contacts.
pub(crate) fn people() -> Vec<Person> {
    vec![
        person(Some(800_001), "Anna", "de Vries", "CISO"),
        person(Some(800_002), "Bram", "Jansen", ""),
        person(None, "Carla", "Smit", "CFO"),
    ]
}
