//! Decoding of organizations and people: who an order can be for, and who can be its contact.
//!
//! A row without its identifying members is left out but still counted, because the offset of the next page depends
//! on the number of rows that the server sent.

use super::account::read_validations;
use super::lenient::{parse_object, read_flag, read_id, read_text, rows_or_empty};
use super::page::{parse_page, parse_two_part_list};
use crate::domain::{DecodeError, ListName, Organization, Page, Person};
use serde_json::Value;

/// Parses a page of organizations (`GET /organization`, certcentral-api.md 4.2). Their verified contacts stay empty.
///
/// # Errors
/// The answer is not a JSON object, or has no list of organizations.
pub fn parse_organizations(answer: &[u8]) -> Result<Page<Organization>, DecodeError> {
    parse_page(answer, ListName::Organizations, read_organization)
}

/// Parses the details of an organization (`GET /organization/{id}`, certcentral-api.md 4.3), with the ids of its
/// `verified_contacts`, or of the `ev_approvers` in old data.
///
/// # Errors
/// The answer is not a JSON object, or has no id or name.
pub fn parse_organization(answer: &[u8]) -> Result<Organization, DecodeError> {
    let value = parse_object(answer)?;
    let organization = read_organization(&value).ok_or(DecodeError::MissingIdOrName)?;
    let verified_people = read_verified_people(&value);
    Ok(Organization { verified_contacts: read_verified_contact_ids(&value), verified_people, ..organization })
}

/// Parses the new organization in an order's body. Blank if the body has none.
pub fn parse_described_organization(body: &[u8]) -> Organization {
    let described = parse_object(body).map(|mut value| value["organization"].take()).unwrap_or_default();
    Organization {
        name: read_text(&described, "name"),
        assumed_name: read_text(&described, "assumed_name"),
        city: read_text(&described, "city"),
        zip: read_text(&described, "zip"),
        country: read_text(&described, "country"),
        ..Organization::default()
    }
}

/// Parses the people who can be a verified contact (`GET /organization/potential-approvers`, certcentral-api.md 4.5):
/// first the users, then the contacts, who are not users and have no user id.
///
/// # Errors
/// The answer is not a JSON object, or has neither list.
pub fn parse_approvers(answer: &[u8]) -> Result<Page<Person>, DecodeError> {
    // The `id` in this list is not the user id. Only `user_id` is, and an order needs that.
    parse_two_part_list(answer, ListName::Approvers, ["users", "contacts"], |row| {
        read_person(row, read_id(&row["user_id"]))
    })
}

/// Parses a page of the account's users (`GET /user`, certcentral-api.md 4.6).
///
/// # Errors
/// The answer is not a JSON object, or has no list of users.
pub fn parse_users(answer: &[u8]) -> Result<Page<Person>, DecodeError> {
    parse_page(answer, ListName::Users, read_user)
}

/// Parses one user (`GET /user/{id}`, certcentral-api.md 4.6).
///
/// # Errors
/// The answer is not a JSON object, has no id, or has neither a name nor an e-mail address.
pub fn parse_user(answer: &[u8]) -> Result<Person, DecodeError> {
    read_user(&parse_object(answer)?).ok_or(DecodeError::MissingIdOrName)
}

fn read_organization(value: &Value) -> Option<Organization> {
    let name = read_text(value, "name");
    Some(Organization {
        id: read_id(&value["id"]).filter(|_| !name.trim().is_empty())?,
        name,
        assumed_name: read_text(value, "assumed_name"),
        status: read_text(value, "status"),
        active: read_flag(&value["is_active"]),
        address: read_text(value, "address"),
        address2: read_text(value, "address2"),
        city: read_text(value, "city"),
        state: read_text(value, "state"),
        zip: read_text(value, "zip"),
        country: read_text(value, "country"),
        telephone: read_text(value, "telephone"),
        verified_contacts: Vec::new(),
        verified_people: None,
        validations: read_validations(value),
    })
}

fn read_verified_contact_ids(value: &Value) -> Vec<u64> {
    let ids = |list: &str| rows_or_empty(&value[list]).iter().filter_map(|row| read_id(&row["id"])).collect::<Vec<_>>();
    let verified = ids("verified_contacts");
    if verified.is_empty() { ids("ev_approvers") } else { verified }
}

/// Reads the verified contacts as people. An unreadable row is kept, because it may be anyone.
fn read_verified_people(value: &Value) -> Option<Vec<Person>> {
    let lists = ["verified_contacts", "ev_approvers"].map(|list| &value[list]);
    let chosen = lists.into_iter().find(|list| !rows_or_empty(list).is_empty());
    // An empty list means that there is no contact. A missing list means nothing.
    let chosen = chosen.or_else(|| lists.into_iter().find(|list| list.is_array()))?;
    Some(rows_or_empty(chosen).iter().map(|row| read_person_members(row, read_id(&row["user_id"]))).collect())
}

fn read_user(value: &Value) -> Option<Person> {
    read_person(value, Some(read_id(&value["id"])?))
}

/// Reads a person who can be identified by a name or an e-mail address.
fn read_person(value: &Value, user_id: Option<u64>) -> Option<Person> {
    let person = read_person_members(value, user_id);
    let known = !person.full_name().trim().is_empty() || !person.email.trim().is_empty();
    known.then_some(person)
}

fn read_person_members(value: &Value, user_id: Option<u64>) -> Person {
    Person {
        user_id,
        name: read_text(value, "name"),
        first_name: read_text(value, "first_name"),
        last_name: read_text(value, "last_name"),
        email: read_text(value, "email"),
        job_title: read_text(value, "job_title"),
        telephone: read_text(value, "telephone"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::Validation;
    use rstest::rstest;
    use serde_json::json;

    fn bytes(value: &Value) -> Vec<u8> {
        value.to_string().into_bytes()
    }

    /// The documented form: every member that zegel reads, and some that it ignores.
    fn documented() -> Value {
        json!({ "id": 900_001, "status": "active", "name": "Voorbeeld B.V.", "assumed_name": "Voorbeeld",
            "display_name": "Voorbeeld B.V. (Voorbeeld)", "is_active": true, "address": "Straat 1", "address2": "",
            "zip": "1015 AA", "city": "Amsterdam", "state": "Noord-Holland", "country": "nl",
            "telephone": "+31 20 5550100", "container": { "id": 14, "parent_id": 0, "name": "Main" },
            "container_id_assignments": ["15"], "ev_approvers": [{ "id": 800_001 }],
            "validations": [{ "type": "ov", "name": "OV", "date_created": "2026-01-02T10:00:00+00:00",
                "validated_until": "2028-01-02T10:00:00+00:00", "status": "active" }] })
    }

    fn read() -> Organization {
        Organization {
            id: 900_001,
            name: "Voorbeeld B.V.".into(),
            assumed_name: "Voorbeeld".into(),
            status: "active".into(),
            active: Some(true),
            address: "Straat 1".into(),
            address2: String::new(),
            city: "Amsterdam".into(),
            state: "Noord-Holland".into(),
            zip: "1015 AA".into(),
            country: "nl".into(),
            telephone: "+31 20 5550100".into(),
            verified_contacts: Vec::new(),
            verified_people: None,
            validations: vec![Validation {
                kind: "ov".into(),
                name: "OV".into(),
                status: "active".into(),
                until: "2028-01-02T10:00:00+00:00".into(),
            }],
        }
    }

    #[test]
    fn the_documented_page_is_decoded() {
        let answer = json!({ "organizations": [documented()], "page": { "total": 1, "limit": 1000, "offset": 0 } });
        let page = parse_organizations(&bytes(&answer)).unwrap();
        assert_eq!(page, Page { rows: vec![read()], received: 1, total: Some(1), flaw: None });
    }

    #[rstest]
    #[case("id", json!("900001"), read())]
    #[case("zip", json!(1015), Organization { zip: "1015".into(), ..read() })]
    #[case("telephone", json!(31_205_550_100_u64), Organization { telephone: "31205550100".into(), ..read() })]
    #[case("city", json!(null), Organization { city: String::new(), ..read() })]
    #[case("status", json!("approved"), Organization { status: "approved".into(), ..read() })]
    #[case("status", json!(null), Organization { status: String::new(), ..read() })]
    #[case("container", json!([]), read())]
    #[case("validations", json!(null), Organization { validations: Vec::new(), ..read() })]
    fn a_member_of_another_type_is_converted_if_its_meaning_is_clear(
        #[case] member: &str,
        #[case] value: Value,
        #[case] expected: Organization,
    ) {
        let mut answer = documented();
        answer[member] = value;
        let page = parse_organizations(&bytes(&json!({ "organizations": [answer] }))).unwrap();
        assert_eq!(page, Page { rows: vec![expected], received: 1, total: None, flaw: None });
    }

    #[rstest]
    #[case(json!({}), "", None)]
    #[case(json!({ "status": "active" }), "active", Some(true))]
    #[case(json!({ "status": "inactive" }), "inactive", Some(false))]
    #[case(json!({ "status": "approved" }), "approved", None)]
    #[case(json!({ "status": "Active" }), "Active", None)]
    #[case(json!({ "is_active": true }), "", Some(true))]
    #[case(json!({ "is_active": "0" }), "", Some(false))]
    #[case(json!({ "is_active": true, "status": "approved" }), "approved", Some(true))]
    #[case(json!({ "is_active": true, "status": "inactive" }), "inactive", Some(true))]
    #[case(json!({ "is_active": false, "status": "approved" }), "approved", Some(false))]
    #[case(json!({ "is_active": false, "status": "active" }), "active", Some(false))]
    #[case(json!({ "is_active": null, "status": "inactive" }), "inactive", Some(false))]
    #[case(json!({ "is_active": "perhaps", "status": "approved" }), "approved", None)]
    fn is_active_decides_and_otherwise_a_known_status_word(
        #[case] mut value: Value,
        #[case] word: &str,
        #[case] active: Option<bool>,
    ) {
        value["id"] = 5.into();
        value["name"] = "A".into();
        let read = read_organization(&value).unwrap();
        assert_eq!((read.status.as_str(), read.is_active()), (word, active));
    }

    #[rstest]
    #[case(json!({ "organizations": [], "page": { "total": 0 } }), 0, 0, Some(0))]
    #[case(json!({ "organizations": { "id": 1, "name": "A" } }), 1, 1, None)]
    #[case(json!({ "organizations": [{ "id": 1, "name": "A" }], "page": { "total": "37", "limit": "0" } }), 1, 1, Some(37))]
    #[case(json!({ "page": { "total": "0" } }), 0, 0, Some(0))]
    #[case(json!({ "organizations": [{ "id": 0, "name": "A" }, { "id": 2, "name": "B" }, { "id": 3 }, { "name": "D" },
                                    { "id": 5, "name": " " }, { "id": -6, "name": "F" }, null, "G", 8] }), 1, 9, None)]
    fn pages_count_the_rows_that_cannot_be_read(
        #[case] answer: Value,
        #[case] readable: usize,
        #[case] received: u64,
        #[case] total: Option<u64>,
    ) {
        let page = parse_organizations(&bytes(&answer)).unwrap();
        assert_eq!((page.rows.len(), page.received, page.total), (readable, received, total));
    }

    #[rstest]
    #[case(json!({ "verified_contacts": [{ "id": 810_001 }, { "id": "810002" }, { "name": "no id" }] }), vec![810_001, 810_002])]
    #[case(json!({ "verified_contacts": { "id": 810_001 } }), vec![810_001])]
    #[case(json!({ "ev_approvers": [{ "id": 800_001 }] }), vec![800_001])]
    #[case(json!({ "verified_contacts": [], "ev_approvers": [{ "id": 800_001 }] }), vec![800_001])]
    #[case(json!({ "verified_contacts": [{ "id": 1 }], "ev_approvers": [{ "id": 2 }] }), vec![1])]
    #[case(json!({}), vec![])]
    fn details_have_the_verified_contacts(#[case] extra: Value, #[case] ids: Vec<u64>) {
        let mut answer = json!({ "id": 900_001, "name": "Voorbeeld B.V." });
        answer.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        assert_eq!(parse_organization(&bytes(&answer)).unwrap().verified_contacts, ids);
    }

    #[rstest]
    #[case::users(json!({ "verified_contacts": [{ "id": 810_001, "user_id": "800001", "first_name": "A.", "email": "a@b.nl" }] }),
        Some(vec![(Some(800_001), "A.", "a@b.nl")]))]
    #[case::no_user(json!({ "verified_contacts": [{ "id": 810_001, "user_id": "0", "name": "B" }] }), Some(vec![(None, "B", "")]))]
    #[case::no_id_at_all(json!({ "verified_contacts": [{ "name": "C" }, { "id": 1 }] }), Some(vec![(None, "C", ""), (None, "", "")]))]
    #[case::old_data(json!({ "ev_approvers": [{ "id": 800_001, "first_name": "A." }] }), Some(vec![(None, "A.", "")]))]
    #[case::one_alone(json!({ "verified_contacts": { "user_id": 5 } }), Some(vec![(Some(5), "", "")]))]
    #[case::nobody(json!({ "verified_contacts": [] }), Some(vec![]))]
    #[case::not_told(json!({}), None)]
    #[case::nothing(json!({ "verified_contacts": null }), None)]
    fn details_name_the_verified_contacts(
        #[case] extra: Value,
        #[case] people: Option<Vec<(Option<u64>, &str, &str)>>,
    ) {
        let mut answer = json!({ "id": 900_001, "name": "Voorbeeld B.V." });
        answer.as_object_mut().unwrap().extend(extra.as_object().unwrap().clone());
        let read = parse_organization(&bytes(&answer)).unwrap().verified_people;
        let describe = |person: &Person| (person.user_id, person.full_name(), person.email.clone());
        let expected = people.map(|people| people.into_iter().map(|(id, name, mail)| (id, name.into(), mail.into())));
        assert_eq!(read.map(|people| people.iter().map(describe).collect::<Vec<_>>()), expected.map(Iterator::collect));
    }

    #[rstest]
    #[case(json!({ "id": 900_001 }))]
    #[case(json!({ "name": "Voorbeeld B.V." }))]
    #[case(json!({ "organizations": [] }))]
    fn details_without_id_or_name_are_unreadable(#[case] answer: Value) {
        assert_eq!(parse_organization(&bytes(&answer)), Err(DecodeError::MissingIdOrName));
    }

    #[test]
    fn approvers_are_the_users_then_the_contacts() {
        let answer = json!({
            "users": [{ "user_id": "800001", "name": "A. Tester", "first_name": "A.", "last_name": "Tester",
                        "job_title": "CISO", "telephone": "+31 20 5550100", "email": "a@example.nl" }],
            "contacts": [{ "id": 810_001, "name": "B. Tester", "email": "b@example.nl" },
                         { "first_name": "C.", "last_name": "Tester" }, { "user_id": 5 }, { "email": "d@example.nl" }] });
        let people = parse_approvers(&bytes(&answer)).unwrap().rows;
        let found: Vec<_> = people.iter().map(|p| (p.user_id, p.full_name(), p.email.as_str())).collect();
        assert_eq!(
            found,
            [
                (Some(800_001), "A. Tester".to_owned(), "a@example.nl"),
                (None, "B. Tester".to_owned(), "b@example.nl"),
                (None, "C. Tester".to_owned(), ""),
                (None, String::new(), "d@example.nl"),
            ],
            "the id of a contact is no user id"
        );
        assert_eq!((people[0].job_title.as_str(), people[0].telephone.as_str()), ("CISO", "+31 20 5550100"));
    }

    #[rstest]
    #[case(json!({ "users": null, "contacts": [] }), Ok(0))]
    #[case(json!({ "users": [] }), Ok(0))]
    #[case(json!({ "page": { "total": 0 } }), Ok(0))]
    #[case(json!({ "contacts": { "name": "B. Tester" } }), Ok(1))]
    #[case(json!({}), Err(DecodeError::MissingList(ListName::Approvers)))]
    #[case(json!({ "users": null, "contacts": "" }), Err(DecodeError::MissingList(ListName::Approvers)))]
    fn an_empty_list_of_people_is_not_an_error(#[case] answer: Value, #[case] read: Result<usize, DecodeError>) {
        assert_eq!(parse_approvers(&bytes(&answer)).map(|page| page.rows.len()), read);
    }

    #[test]
    fn users_need_an_id() {
        let answer = json!({ "users": [{ "id": "800001", "first_name": "A.", "last_name": "Tester" },
                                       { "user_id": 5, "name": "no id" }], "page": { "total": 2 } });
        let page = parse_users(&bytes(&answer)).unwrap();
        assert_eq!((page.rows.len(), page.received, page.total), (1, 2, Some(2)));
        assert_eq!((page.rows[0].user_id, page.rows[0].full_name()), (Some(800_001), "A. Tester".to_owned()));
    }

    #[rstest]
    #[case(json!({ "id": 5, "first_name": "A." }), Ok(Some(5)))]
    #[case(json!({ "id": 5 }), Err(DecodeError::MissingIdOrName))]
    #[case(json!({ "first_name": "A." }), Err(DecodeError::MissingIdOrName))]
    fn one_user_is_decoded(#[case] answer: Value, #[case] read: Result<Option<u64>, DecodeError>) {
        assert_eq!(parse_user(&bytes(&answer)).map(|person| person.user_id), read);
    }
}
