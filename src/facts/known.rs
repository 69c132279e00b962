//! What is known so far of the account: the rows that arrived, found again by their id.
//!
//! Checks, pickers and summaries read it. It says nothing of what is still loading; nothing here is an absence
//! of facts in the account, only of what has been heard.

use super::{
    AccountInfo, Balance, Division, Me, OrderRow, Organization, Page, PaymentProfile, Person, ProductInfo, Validation,
};
use std::collections::{BTreeMap, HashMap};

/// A row with an id of its own. A contact who is no user has none.
pub trait Keyed {
    /// The id.
    fn id(&self) -> Option<u64>;
}

impl Keyed for Organization {
    fn id(&self) -> Option<u64> {
        Some(self.id)
    }
}

impl Keyed for Person {
    fn id(&self) -> Option<u64> {
        self.user_id
    }
}

/// Rows in the order in which they arrived, each id once.
#[derive(Debug, Clone)]
pub struct Directory<T> {
    rows: Vec<T>,
    by_id: HashMap<u64, usize>,
}

impl<T> Default for Directory<T> {
    fn default() -> Self {
        Self { rows: Vec::new(), by_id: HashMap::new() }
    }
}

impl<T: Keyed> Directory<T> {
    /// Takes a row in. One whose id is known replaces the older, in its place.
    pub fn add(&mut self, row: T) {
        let Some(id) = row.id() else { return self.rows.push(row) };
        if let Some(&at) = self.by_id.get(&id) {
            self.rows[at] = row;
        } else {
            self.by_id.insert(id, self.rows.len());
            self.rows.push(row);
        }
    }

    /// The row of this id.
    pub fn get(&self, id: u64) -> Option<&T> {
        self.position(id).map(|at| &self.rows[at])
    }

    /// Where the row of this id stands.
    pub fn position(&self, id: u64) -> Option<usize> {
        self.by_id.get(&id).copied()
    }

    /// All rows.
    pub fn rows(&self) -> &[T] {
        &self.rows
    }
}

/// What is known of the account.
#[derive(Debug, Clone, Default)]
pub struct Known {
    /// Organizations that the list has brought.
    pub organizations: Directory<Organization>,
    /// Organizations that were asked for by id: these have the details.
    pub details: Directory<Organization>,
    /// The organization that is the account's only one, where it is.
    pub sole: Option<u64>,
    /// Who can be a verified contact.
    pub approvers: Directory<Person>,
    /// Users of the account.
    pub users: Directory<Person>,
    /// What the account may order of the product.
    pub product: Option<ProductInfo>,
    /// The money of each division that was asked for; under none what the account answers where no division is named.
    pub balances: BTreeMap<Option<u64>, Balance>,
    /// The user behind the key.
    pub me: Option<Me>,
    /// The account.
    pub account: Option<AccountInfo>,
    /// Its divisions.
    pub divisions: Option<Vec<Division>>,
    /// The stored cards.
    pub profiles: Option<Vec<PaymentProfile>>,
    /// How far organizations are validated, of those that were asked for.
    pub validations: BTreeMap<u64, Vec<Validation>>,
    /// The newest orders of the product: of an organization, and under none of all.
    pub orders: BTreeMap<Option<u64>, Page<OrderRow>>,
}

impl Known {
    /// An organization by its id, with details where they are known.
    pub fn organization(&self, id: u64) -> Option<&Organization> {
        self.details.get(id).or_else(|| self.organizations.get(id))
    }

    /// A person by the user id.
    pub fn person(&self, user_id: u64) -> Option<&Person> {
        self.users.get(user_id).or_else(|| self.approvers.get(user_id))
    }

    /// Whether the id is that of a verified contact, and as far as known of no user.
    pub fn is_verified_contact_id(&self, id: u64) -> bool {
        self.person(id).is_none() && self.details.rows().iter().any(|org| org.verified_contacts.contains(&id))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_stands_once_and_keeps_its_place() {
        let mut people = Directory::default();
        for (user_id, name) in [(Some(1), "A"), (Some(2), "B"), (None, "C"), (Some(1), "A2"), (None, "C")] {
            people.add(Person { user_id, name: name.into(), ..Person::default() });
        }
        let names: Vec<_> = people.rows().iter().map(|person| person.name.as_str()).collect();
        assert_eq!(names, ["A2", "B", "C", "C"]);
        assert_eq!(people.get(1).map(Person::full_name), Some("A2".into()));
    }

    #[test]
    fn a_users_id_is_never_taken_for_a_contacts() {
        let mut known = Known::default();
        known.details.add(Organization { id: 9, verified_contacts: vec![810_001, 5], ..Organization::default() });
        known.users.add(Person { user_id: Some(5), ..Person::default() });
        assert!(known.is_verified_contact_id(810_001));
        assert!(!known.is_verified_contact_id(5));
        assert!(!known.is_verified_contact_id(7));
    }
}
