//! The made-up account: its organizations, users and contacts, and what an order adds to them.
//!
//! It holds facts and finds them; how they are written as JSON is `show`'s, what an order may say is `rules`'.
//! Where the facts come from is [`names`]'.

mod names;

use jiff::SignedDuration;

/// The years that an order of the product may be valid for, as the product's answer says.
pub(super) const YEARS: [u64; 3] = [1, 2, 3];

/// Somebody's details.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct SandboxPerson {
    /// First name.
    pub(super) first_name: String,
    /// Last name.
    pub(super) last_name: String,
    /// E-mail address.
    pub(super) email: String,
    /// Job title; often missing (certcentral-api.md 4.6).
    pub(super) job_title: Option<String>,
    /// Telephone number; often missing (certcentral-api.md 4.6).
    pub(super) telephone: Option<String>,
}

/// A user of the account.
#[derive(Debug, Clone)]
pub(super) struct SandboxUser {
    /// The user id, which an order names.
    pub(super) id: u64,
    /// Who it is.
    pub(super) person: SandboxPerson,
}

/// A verified contact. Its id is not the id of the user behind it (certcentral-api.md 4.3).
#[derive(Debug, Clone)]
pub(super) struct SandboxContact {
    /// The contact's own id.
    pub(super) id: u64,
    /// The user behind it, where there is one.
    pub(super) user_id: Option<u64>,
    /// Who it is.
    pub(super) person: SandboxPerson,
}

/// How far an organization is validated for one type of product.
#[derive(Debug, Clone)]
pub(super) struct SandboxValidation {
    /// Its type. None is documented for this product (certcentral-api.md 3), so these are those of others.
    pub(super) kind: &'static str,
    /// Its name.
    pub(super) name: &'static str,
    /// Until when it holds; none while it is pending.
    pub(super) valid_until: Option<SandboxTime>,
}

/// A division, which the API calls a container.
#[derive(Debug)]
pub(super) struct SandboxDivision {
    /// Its id.
    pub(super) id: u64,
    /// Its name.
    pub(super) name: &'static str,
    /// What it can spend, as the API writes it.
    pub(super) funds: &'static str,
}

/// The divisions of the account: the first one, and the others where it has several.
pub(super) const DIVISIONS: [SandboxDivision; 3] = [
    SandboxDivision { id: 14, name: "Main", funds: "12500.00" },
    SandboxDivision { id: 15, name: "Facilitair Bedrijf", funds: "300.00" },
    SandboxDivision { id: 16, name: "Sociaal Domein", funds: "0.00" },
];

/// An organization of the account.
#[derive(Debug, Clone)]
pub(super) struct SandboxOrganization {
    /// Its id.
    pub(super) id: u64,
    /// Legal name.
    pub(super) name: String,
    /// Trade name.
    pub(super) assumed_name: Option<String>,
    /// Whether orders may be placed for it.
    pub(super) active: bool,
    /// First address line.
    pub(super) address: String,
    /// Second address line, may be blank.
    pub(super) address2: String,
    /// City.
    pub(super) city: String,
    /// Province, in full.
    pub(super) state: String,
    /// Postal code.
    pub(super) zip: String,
    /// Two letters.
    pub(super) country: String,
    /// Telephone number; missing for some (certcentral-api.md 4.2).
    pub(super) telephone: Option<String>,
    /// The person to turn to, with the id of that contact.
    pub(super) contact: SandboxContact,
    /// The ids of its verified contacts.
    pub(super) verified_contact_ids: Vec<u64>,
    /// How far it is validated.
    pub(super) validations: Vec<SandboxValidation>,
}

/// What makes two organizations the same one: name, country and city, whatever the case of the letters.
///
/// Which members DigiCert compares is not documented (certcentral-api.md 4.12 infers these and the postal code).
#[derive(Debug, PartialEq, Eq)]
pub(super) struct OrganizationIdentity([String; 3]);

impl OrganizationIdentity {
    /// The identity that these three make.
    pub(super) fn from_parts(name: &str, country: &str, city: &str) -> Self {
        Self([name, country, city].map(|part| part.trim().to_lowercase()))
    }
}

/// The account.
#[derive(Debug)]
pub(super) struct SandboxAccount {
    organizations: Vec<SandboxOrganization>,
    users: Vec<SandboxUser>,
    contacts: Vec<SandboxContact>,
}

impl SandboxAccount {
    /// All organizations, by id.
    pub(super) fn organizations(&self) -> &[SandboxOrganization] {
        &self.organizations
    }

    /// All users, by id.
    pub(super) fn users(&self) -> &[SandboxUser] {
        &self.users
    }

    /// All contacts, by id.
    pub(super) fn contacts(&self) -> &[SandboxContact] {
        &self.contacts
    }

    /// The user behind the key.
    pub(super) fn current_user(&self) -> &SandboxUser {
        &self.users[0]
    }

    /// The organization of this id.
    pub(super) fn find_organization(&self, id: u64) -> Option<&SandboxOrganization> {
        // They are never taken out, so that one's id tells where it stands.
        let at = usize::try_from(id.checked_sub(names::FIRST_ORGANIZATION)?).ok()?;
        self.organizations.get(at)
    }

    /// The user of this id.
    pub(super) fn find_user(&self, id: u64) -> Option<&SandboxUser> {
        self.users.iter().find(|user| user.id == id)
    }

    /// The contact of this id.
    pub(super) fn find_contact(&self, id: u64) -> Option<&SandboxContact> {
        self.contacts.iter().find(|contact| contact.id == id)
    }

    /// The contact that this user is.
    pub(super) fn find_contact_of_user(&self, user: u64) -> Option<&SandboxContact> {
        self.contacts.iter().find(|contact| contact.user_id == Some(user))
    }

    /// The active organization that a new one would repeat. Inactive ones are not matched (certcentral-api.md 3).
    pub(super) fn find_duplicate(&self, identity: &OrganizationIdentity) -> Option<&SandboxOrganization> {
        let same = |known: &&SandboxOrganization| {
            OrganizationIdentity::from_parts(&known.name, &known.country, &known.city) == *identity
        };
        self.organizations.iter().filter(|known| known.active).find(same)
    }

    /// Adds a contact who is no user, and returns its id.
    pub(super) fn add_contact(&mut self, person: SandboxPerson) -> u64 {
        let id = names::FIRST_CONTACT + count_rows(&self.contacts);
        self.contacts.push(SandboxContact { id, user_id: None, person });
        id
    }

    /// Adds an organization under the next id, which is returned.
    pub(super) fn add_organization(&mut self, organization: SandboxOrganization) -> u64 {
        let id = names::FIRST_ORGANIZATION + count_rows(&self.organizations);
        self.organizations.push(SandboxOrganization { id, ..organization });
        id
    }
}

/// How many there are.
pub(super) fn count_rows<T>(rows: &[T]) -> u64 {
    u64::try_from(rows.len()).unwrap_or(u64::MAX)
}

/// A moment by the sandbox's clock: the time since it began, which is negative for what was there before.
pub(super) type SandboxTime = SignedDuration;
