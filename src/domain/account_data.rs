//! The account data that arrived so far, with lookup by id.
//!
//! Checks, lists and summaries read it. It does not record what is still loading: a missing row means only that it
//! has not arrived yet.

use super::{
    AccountAnswer, AccountInfo, AccountResource, Balance, CurrentUser, Division, HasId, ListGap, OrderRow,
    Organization, Page, PaymentProfile, Person, ProductInfo, Validation,
};
use std::collections::{BTreeMap, HashMap};

/// Rows in the order in which they arrived, each id once.
#[derive(Debug, Clone)]
pub struct IndexedRows<T> {
    rows: Vec<T>,
    by_id: HashMap<u64, usize>,
}

impl<T> Default for IndexedRows<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), by_id: HashMap::new() }
    }
}

impl<T: HasId> IndexedRows<T> {
    /// Adds a row. A row with a known id replaces the older row, in its place.
    pub fn add(&mut self, row: T) {
        let Some(id) = row.id() else { return self.rows.push(row) };
        if let Some(&at) = self.by_id.get(&id) {
            self.rows[at] = row;
        } else {
            self.by_id.insert(id, self.rows.len());
            self.rows.push(row);
        }
    }

    pub fn add_all(&mut self, rows: Vec<T>) {
        for row in rows {
            self.add(row);
        }
    }

    pub fn get(&self, id: u64) -> Option<&T> {
        self.position(id).map(|at| &self.rows[at])
    }

    /// Returns the index of the row with this id.
    pub fn position(&self, id: u64) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    pub fn rows(&self) -> &[T] {
        &self.rows
    }
}

#[derive(Debug, Clone, Default)]
pub struct AccountData {
    /// The organizations from the list.
    pub organizations: IndexedRows<Organization>,
    /// The organizations that were fetched by id, with details.
    pub organization_details: IndexedRows<Organization>,
    /// The id of the account's only organization. `None` if there are several or this is not known.
    pub sole_organization: Option<u64>,
    /// The people who can be a verified contact.
    pub approvers: IndexedRows<Person>,
    pub users: IndexedRows<Person>,
    /// What the account may order of the product.
    pub product: Option<ProductInfo>,
    /// The balance of each division that was fetched. The key `None` holds the answer to a query without a division.
    pub balances: BTreeMap<Option<u64>, Balance>,
    /// The user behind the key.
    pub current_user: Option<CurrentUser>,
    pub account: Option<AccountInfo>,
    pub divisions: Option<Vec<Division>>,
    /// The stored cards.
    pub payment_profiles: Option<Vec<PaymentProfile>>,
    /// The validations of the organizations for which they were fetched.
    pub validations: BTreeMap<u64, Vec<Validation>>,
    /// The newest orders of the product, by organization. The key `None` holds the orders of all organizations.
    pub orders: BTreeMap<Option<u64>, Page<OrderRow>>,
}

/// A person whom an order names.
#[derive(Debug, Clone, Copy, Default)]
pub struct PersonRef<'a> {
    /// The user id, if the person is a user.
    pub user_id: Option<u64>,
    /// Blank if it is not known.
    pub email: &'a str,
}

impl<'a> From<&'a Person> for PersonRef<'a> {
    fn from(person: &'a Person) -> Self {
        Self { user_id: person.user_id, email: &person.email }
    }
}

impl Person {
    /// Returns true if the other is the same person. Compares as [`AccountData::is_verified_contact`] does.
    pub fn is_same(&self, other: &Self) -> Option<bool> {
        is_same_person(self.into(), other.into())
    }
}

/// Returns true if two people are the same: by user id, or else by e-mail address. `None` if neither can be compared.
fn is_same_person(one: PersonRef<'_>, other: PersonRef<'_>) -> Option<bool> {
    if let (Some(one), Some(other)) = (one.user_id, other.user_id) {
        return Some(one == other);
    }
    let [one, other] = [one.email, other.email].map(|email| email.trim().to_lowercase());
    (!one.is_empty() && !other.is_empty()).then(|| one == other)
}

impl AccountData {
    /// Adds the answer to a resource. Returns the reason why rows of a list in one piece may be missing. An answer of
    /// another kind than that of the resource is ignored.
    pub fn add_answer(&mut self, resource: AccountResource, answer: AccountAnswer) -> Option<ListGap> {
        use AccountResource as Resource;
        match (resource, answer) {
            (Resource::Organizations, AccountAnswer::Organizations(page)) => self.organizations.add_all(page.rows),
            (Resource::SoleOrganization, AccountAnswer::Organizations(page)) => {
                self.sole_organization = sole_organization_id(&page);
            }
            (Resource::Organization(_), AccountAnswer::Organization(one)) => self.organization_details.add(one),
            (Resource::Approvers, AccountAnswer::People(page)) => {
                let gap = page.find_gap();
                self.approvers.add_all(page.rows);
                return gap;
            }
            (Resource::Users, AccountAnswer::People(page)) => self.users.add_all(page.rows),
            (Resource::User(_), AccountAnswer::Person(person)) => self.users.add(person),
            (Resource::Product, AccountAnswer::Product(product)) => self.product = Some(product),
            (Resource::Balance(division), AccountAnswer::Balance(balance)) => {
                self.balances.insert(division, balance);
            }
            (Resource::Me, AccountAnswer::Me(user)) => self.current_user = Some(user),
            (Resource::Account, AccountAnswer::Account(account)) => self.account = Some(account),
            (Resource::Divisions, AccountAnswer::Divisions(divisions)) => self.divisions = Some(divisions),
            (Resource::Profiles, AccountAnswer::Profiles(profiles)) => self.payment_profiles = Some(profiles),
            (Resource::Validations(organization), AccountAnswer::Validations(validations)) => {
                self.validations.insert(organization, validations);
            }
            (Resource::Orders(organization), AccountAnswer::Orders(page)) => {
                self.orders.insert(organization, page);
            }
            _ => {}
        }
        None
    }

    /// Returns an organization by its id, with details if they are known.
    pub fn organization(&self, id: u64) -> Option<&Organization> {
        self.organization_details.get(id).or_else(|| self.organizations.get(id))
    }

    pub fn person(&self, user_id: u64) -> Option<&Person> {
        self.users.get(user_id).or_else(|| self.approvers.get(user_id))
    }

    /// Returns a division by its id, without a name if that is not known.
    pub fn division(&self, id: u64) -> Division {
        let known = self.divisions.iter().flatten().find(|division| division.id == id);
        known.cloned().unwrap_or_else(|| Division { id, ..Division::default() })
    }

    /// Returns true if the id is that of a verified contact and, as far as known, not that of a user.
    pub fn is_verified_contact_id(&self, id: u64) -> bool {
        let is_user = |org: &Organization| org.verified_people.iter().flatten().any(|one| one.user_id == Some(id));
        let organizations = self.organization_details.rows();
        let is_contact = organizations.iter().any(|org| org.verified_contacts.contains(&id));
        is_contact && self.person(id).is_none() && !organizations.iter().any(is_user)
    }

    /// Returns the verified contacts of an organization. `None` if its details are missing or do not list them.
    pub fn verified_people(&self, organization: u64) -> Option<&[Person]> {
        self.organization_details.get(organization)?.verified_people.as_deref()
    }

    /// Returns true if the person is a verified contact of the organization. `None` if that is not known. The id of a
    /// verified contact is never compared: it is not a user id (certcentral-api.md 4.3).
    pub fn is_verified_contact(&self, organization: u64, named: PersonRef<'_>) -> Option<bool> {
        let of_user = named.user_id.and_then(|id| self.person(id)).map_or("", |person| &person.email);
        let named = PersonRef { email: if named.email.is_empty() { of_user } else { named.email }, ..named };
        let same: Vec<_> =
            self.verified_people(organization)?.iter().map(|one| is_same_person(one.into(), named)).collect();
        if same.contains(&Some(true)) {
            return Some(true);
        }
        (!same.contains(&None)).then_some(false)
    }
}

/// Returns the id of the only organization. `None` if there is not exactly one, or if the page may not be the whole list.
fn sole_organization_id(page: &Page<Organization>) -> Option<u64> {
    match page.rows.as_slice() {
        [one] if page.tally().is_whole() => Some(one.id),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn somebody(user_id: Option<u64>, email: &str) -> Person {
        Person { user_id, email: email.into(), ..Person::default() }
    }

    #[rstest]
    #[case::by_user(vec![somebody(Some(5), "a@b.nl"), somebody(Some(6), "")], (Some(6), ""), Some(true))]
    #[case::another_user(vec![somebody(Some(5), "a@b.nl")], (Some(6), "a@b.nl"), Some(false))]
    #[case::by_email(vec![somebody(None, "A@b.nl ")], (None, "a@B.nl"), Some(true))]
    #[case::a_user_by_email(vec![somebody(None, "a@b.nl")], (Some(7), ""), Some(true))]
    #[case::another_user_by_email(vec![somebody(None, "c@b.nl")], (Some(7), ""), Some(false))]
    #[case::a_new_person_by_email(vec![somebody(Some(5), "a@b.nl")], (None, "a@b.nl"), Some(true))]
    #[case::another_new_person(vec![somebody(Some(5), "a@b.nl")], (None, "c@b.nl"), Some(false))]
    #[case::neither_is_given(vec![somebody(None, "")], (Some(5), "a@b.nl"), None)]
    #[case::of_one_neither_is_given(vec![somebody(None, ""), somebody(Some(6), "")], (Some(5), ""), None)]
    #[case::but_another_is_the_one(vec![somebody(None, ""), somebody(Some(5), "")], (Some(5), ""), Some(true))]
    #[case::the_email_is_not_known(vec![somebody(None, "a@b.nl")], (Some(5), ""), None)]
    #[case::nobody(vec![], (Some(5), "a@b.nl"), Some(false))]
    fn a_verified_contact_is_recognized_by_user_id_else_by_email(
        #[case] people: Vec<Person>,
        #[case] named: (Option<u64>, &str),
        #[case] expected: Option<bool>,
    ) {
        let (user_id, email) = named;
        let mut known = AccountData::default();
        known.users.add(somebody(Some(7), "a@b.nl"));
        let ids = vec![user_id.unwrap_or(9)];
        let details =
            Organization { id: 9, verified_contacts: ids, verified_people: Some(people), ..Organization::default() };
        known.organization_details.add(details);
        assert_eq!(known.is_verified_contact(9, PersonRef { user_id, email }), expected);
        assert_eq!(known.is_verified_contact(8, PersonRef { user_id, email }), None, "nothing is known of it");
    }

    #[test]
    fn an_id_is_inserted_once_and_keeps_its_position() {
        let mut people = IndexedRows::default();
        for (user_id, name) in [(Some(1), "A"), (Some(2), "B"), (None, "C"), (Some(1), "A2"), (None, "C")] {
            people.add(Person { user_id, name: name.into(), ..Person::default() });
        }
        let names: Vec<_> = people.rows().iter().map(|person| person.name.as_str()).collect();
        assert_eq!(names, ["A2", "B", "C", "C"]);
        assert_eq!(people.get(1).map(Person::full_name), Some("A2".into()));
    }

    #[test]
    fn a_user_id_never_matches_a_contact_id() {
        let mut known = AccountData::default();
        known.organization_details.add(Organization {
            id: 9,
            verified_contacts: vec![810_001, 5],
            ..Organization::default()
        });
        known.users.add(Person { user_id: Some(5), ..Person::default() });
        assert!(known.is_verified_contact_id(810_001));
        assert!(!known.is_verified_contact_id(5));
        assert!(!known.is_verified_contact_id(7));
    }
}
