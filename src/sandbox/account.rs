//! The sandbox's made-up account: its organizations, users and contacts, and what orders add to them.
//!
//! The account holds and finds facts. The module `render` writes them as JSON, `rules` decides what an order may
//! contain, and [`names`] generates the facts.

mod names;

use jiff::SignedDuration;

/// The years for which an order can be valid, as the details of the product list them.
pub(super) const YEARS: [u64; 3] = [1, 2, 3];

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SandboxPerson {
    pub(super) first_name: String,
    pub(super) last_name: String,
    pub(super) email: String,
    /// Often missing (certcentral-api.md 4.6).
    pub(super) job_title: Option<String>,
    /// Often missing (certcentral-api.md 4.6).
    pub(super) telephone: Option<String>,
}

#[derive(Debug, Clone)]
pub(super) struct SandboxUser {
    /// The user id, which an order refers to.
    pub(super) id: u64,
    pub(super) person: SandboxPerson,
}

/// A verified contact. Its id differs from the id of its user (certcentral-api.md 4.3).
#[derive(Debug, Clone)]
pub(super) struct SandboxContact {
    /// The id of the contact, not of the user.
    pub(super) id: u64,
    /// The user who is this contact. `None` for a contact who is not a user.
    pub(super) user_id: Option<u64>,
    pub(super) person: SandboxPerson,
}

/// How far an organization is validated for one type of product.
#[derive(Debug, Clone)]
pub(super) struct SandboxValidation {
    /// The type. No type is documented for this product (certcentral-api.md 3), so the sandbox uses those of other
    /// products.
    pub(super) kind: &'static str,
    pub(super) name: &'static str,
    /// The end of the validation. `None` while the validation is pending.
    pub(super) valid_until: Option<SandboxTime>,
}

/// A division, which the API calls a container.
#[derive(Debug)]
pub(super) struct SandboxDivision {
    pub(super) id: u64,
    pub(super) name: &'static str,
    /// The amount that the division can spend, in the API's notation.
    pub(super) funds: &'static str,
}

/// The divisions of the account. Without the fault [`super::Fault::Divisions`] the account has only the first.
pub(super) const DIVISIONS: [SandboxDivision; 3] = [
    SandboxDivision { id: 14, name: "Main", funds: "12500.00" },
    SandboxDivision { id: 15, name: "Facilitair Bedrijf", funds: "300.00" },
    SandboxDivision { id: 16, name: "Sociaal Domein", funds: "0.00" },
];

#[derive(Debug, Clone)]
pub(super) struct SandboxOrganization {
    pub(super) id: u64,
    /// The legal name.
    pub(super) name: String,
    /// The trade name.
    pub(super) assumed_name: Option<String>,
    /// Whether orders may be placed for this organization.
    pub(super) active: bool,
    /// The first address line.
    pub(super) address: String,
    /// The second address line; may be blank.
    pub(super) address2: String,
    pub(super) city: String,
    /// The full name of the province.
    pub(super) state: String,
    /// The postal code.
    pub(super) zip: String,
    /// The country code of two letters.
    pub(super) country: String,
    /// Missing for some organizations (certcentral-api.md 4.2).
    pub(super) telephone: Option<String>,
    /// The organization contact, with the id of that contact.
    pub(super) contact: SandboxContact,
    pub(super) verified_contact_ids: Vec<u64>,
    pub(super) validations: Vec<SandboxValidation>,
}

/// What identifies an organization: name, country and city. Case does not count.
///
/// Which members DigiCert compares is not documented (certcentral-api.md 4.12 infers these and the postal code).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OrganizationIdentity([String; 3]);

impl OrganizationIdentity {
    pub(super) fn from_parts(name: &str, country: &str, city: &str) -> Self {
        Self([name, country, city].map(|part| part.trim().to_lowercase()))
    }
}

#[derive(Debug)]
pub(super) struct SandboxAccount {
    organizations: Vec<SandboxOrganization>,
    users: Vec<SandboxUser>,
    contacts: Vec<SandboxContact>,
}

impl SandboxAccount {
    /// Returns all organizations, by id.
    pub(super) fn organizations(&self) -> &[SandboxOrganization] {
        &self.organizations
    }

    /// Returns all users, by id.
    pub(super) fn users(&self) -> &[SandboxUser] {
        &self.users
    }

    /// Returns all contacts, by id.
    pub(super) fn contacts(&self) -> &[SandboxContact] {
        &self.contacts
    }

    /// Returns the user of the API key.
    pub(super) fn current_user(&self) -> &SandboxUser {
        &self.users[0]
    }

    pub(super) fn find_organization(&self, id: u64) -> Option<&SandboxOrganization> {
        // Organizations are never removed, so the id determines the index.
        let at = usize::try_from(id.checked_sub(names::FIRST_ORGANIZATION)?).ok()?;
        self.organizations.get(at)
    }

    pub(super) fn find_user(&self, id: u64) -> Option<&SandboxUser> {
        self.users.iter().find(|user| user.id == id)
    }

    pub(super) fn find_contact(&self, id: u64) -> Option<&SandboxContact> {
        self.contacts.iter().find(|contact| contact.id == id)
    }

    pub(super) fn find_contact_of_user(&self, user: u64) -> Option<&SandboxContact> {
        self.contacts.iter().find(|contact| contact.user_id == Some(user))
    }

    /// Finds the active organization that a new one would duplicate. Inactive ones do not count (certcentral-api.md 3).
    pub(super) fn find_duplicate(&self, identity: &OrganizationIdentity) -> Option<&SandboxOrganization> {
        let same = |known: &&SandboxOrganization| {
            OrganizationIdentity::from_parts(&known.name, &known.country, &known.city) == *identity
        };
        self.organizations.iter().filter(|known| known.active).find(same)
    }

    /// Adds a contact who is not a user, and returns the id of the contact.
    pub(super) fn add_contact(&mut self, person: SandboxPerson) -> u64 {
        let id = names::FIRST_CONTACT + count_rows(&self.contacts);
        self.contacts.push(SandboxContact { id, user_id: None, person });
        id
    }

    /// Adds an organization under the next id, and returns that id. The `id` member of the argument does not count.
    pub(super) fn add_organization(&mut self, organization: SandboxOrganization) -> u64 {
        let id = names::FIRST_ORGANIZATION + count_rows(&self.organizations);
        self.organizations.push(SandboxOrganization { id, ..organization });
        id
    }
}

pub(super) fn count_rows<T>(rows: &[T]) -> u64 {
    u64::try_from(rows.len()).unwrap_or(u64::MAX)
}

/// A moment on the sandbox's clock: the time since the sandbox started. It is negative for what happened before the
/// start.
pub(super) type SandboxTime = SignedDuration;
