//! Generation of the sandbox's account from the short lists of `assets/sandbox/names.toml`.
//!
//! The same lists always give the same account: ids and combinations follow from counting, nothing is random.

use super::{
    SandboxAccount, SandboxContact, SandboxOrganization, SandboxPerson, SandboxTime, SandboxUser, SandboxValidation,
};

/// The id of the first organization. The others count on from here.
pub(super) const FIRST_ORGANIZATION: u64 = 900_001;
/// The id of the first verified contact. The others count on from here.
pub(super) const FIRST_CONTACT: u64 = 810_001;
const FIRST_USER: u64 = 800_001;
const USER_COUNT: usize = 36;
/// The number of contacts who are not users.
const OUTSIDER_COUNT: usize = 24;
/// Every thirteenth organization is inactive.
const INACTIVE_EVERY: usize = 13;
/// The days for which a validation is valid.
const VALIDATION_DAYS: usize = 825;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct NameLists {
    kinds: Vec<OrganizationTemplate>,
    suppliers: Vec<String>,
    practices: Vec<String>,
    towns: Vec<[String; 3]>,
    streets: Vec<String>,
    first_names: Vec<String>,
    last_names: Vec<String>,
    job_titles: Vec<String>,
}

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct OrganizationTemplate {
    name: String,
    assumed_name: Option<String>,
}

impl SandboxAccount {
    /// Generates the account with which the sandbox starts. It has at least this many organizations.
    pub(in crate::sandbox) fn generate(organizations: usize) -> Self {
        let lists = load_name_lists();
        let users: Vec<SandboxUser> =
            (FIRST_USER..).zip(0..USER_COUNT).map(|(id, n)| lists.generate_user(id, n)).collect();
        let insiders = users.iter().map(|user| (Some(user.id), user.person.clone()));
        let outsiders =
            (USER_COUNT..USER_COUNT + OUTSIDER_COUNT).map(|n| (None, lists.generate_person(n, "elders.example")));
        let contacts = (FIRST_CONTACT..)
            .zip(insiders.chain(outsiders))
            .map(|(id, (user, person))| SandboxContact { id, user_id: user, person })
            .collect();
        let mut world = Self { organizations: Vec::new(), users, contacts };
        lists.generate_organizations(&mut world);
        lists.generate_practices(&mut world, organizations);
        world
    }
}

/// Reads the lists. They are compiled into the program, and the tests of this module read them.
fn load_name_lists() -> NameLists {
    // The text is compiled in and every test of the sandbox reads it, so this cannot fail.
    toml::from_str(include_str!("../../../assets/sandbox/names.toml")).expect("the sandbox's names")
}

/// Returns row `n`, and starts over after the last row.
fn pick_cyclic<T>(rows: &[T], n: usize) -> &T {
    &rows[n % rows.len()]
}

/// Makes a telephone number that is clearly made up.
fn telephone_number(n: usize) -> String {
    format!("+31 99 555 {n:04}")
}

impl NameLists {
    fn generate_user(&self, id: u64, n: usize) -> SandboxUser {
        let mut person = self.generate_person(n, "zilverdam.example");
        // The user of the API key has both; many of the others lack one.
        person.job_title = person.job_title.filter(|_| n % 3 != 2);
        person.telephone = person.telephone.filter(|_| n % 4 != 3);
        SandboxUser { id, person }
    }

    fn generate_person(&self, n: usize, host: &str) -> SandboxPerson {
        let first_name = pick_cyclic(&self.first_names, n).clone();
        let last_name = pick_cyclic(&self.last_names, n * 5 + n / self.first_names.len()).clone();
        SandboxPerson {
            email: format!("{}.{}@{host}", email_part(&first_name), email_part(&last_name)),
            job_title: Some(pick_cyclic(&self.job_titles, n).clone()),
            telephone: Some(telephone_number(9_000 + n)),
            first_name,
            last_name,
        }
    }

    fn generate_organizations(&self, world: &mut SandboxAccount) {
        for town in &self.towns {
            for kind in &self.kinds {
                let called = |template: &String| template.replace("{town}", &town[0]);
                self.generate_organization(world, town, called(&kind.name), kind.assumed_name.as_ref().map(called));
            }
        }
        for (n, supplier) in self.suppliers.iter().enumerate() {
            self.generate_organization(world, pick_cyclic(&self.towns, n), supplier.clone(), None);
        }
    }

    /// Adds practices until the account has this many organizations. All practice names of one owner occur in every
    /// town before the next owner's names, so no name occurs twice in a town.
    fn generate_practices(&self, world: &mut SandboxAccount, organizations: usize) {
        let mut n = 0;
        while world.organizations.len() < organizations {
            let (practices, towns) = (self.practices.len(), self.towns.len());
            let (town, person) = (n / practices, n / (practices * towns));
            let (first, last) = (
                pick_cyclic(&self.first_names, person),
                pick_cyclic(&self.last_names, person / self.first_names.len()),
            );
            let name = format!("{} {first} {last}", pick_cyclic(&self.practices, n));
            self.generate_organization(world, pick_cyclic(&self.towns, town), name, None);
            n += 1;
        }
    }

    fn generate_organization(
        &self,
        world: &mut SandboxAccount,
        town: &[String; 3],
        name: String,
        assumed_name: Option<String>,
    ) {
        let n = world.organizations.len();
        let [city, state, digits] = town;
        let (insider, outsider) = (n % USER_COUNT, USER_COUNT + n % OUTSIDER_COUNT);
        world.add_organization(SandboxOrganization {
            id: 0,
            name,
            assumed_name,
            active: n % INACTIVE_EVERY != INACTIVE_EVERY - 1,
            address: format!("{} {}", pick_cyclic(&self.streets, n), n + 1),
            address2: if n % 5 == 4 { "Postkamer 1".into() } else { String::new() },
            city: city.clone(),
            state: state.clone(),
            zip: format!("{digits} {}", postal_letters(n)),
            country: "nl".into(),
            telephone: (n % 17 != 16).then(|| telephone_number(n + 1)),
            contact: world.contacts[outsider].clone(),
            verified_contact_ids: vec![world.contacts[insider].id, world.contacts[outsider].id],
            validations: generate_validations(n),
        });
    }
}

/// Generates the validations of organization `n`. Most organizations are validated, for no longer than a validation is
/// valid (certcentral-api.md 3). For some the validation is pending or expired, and some were never validated.
fn generate_validations(n: usize) -> Vec<SandboxValidation> {
    let one = |kind, name, until| SandboxValidation { kind, name, valid_until: until };
    let days = |days: usize| Some(SandboxTime::from_hours(24 * i64::try_from(days).unwrap_or_default()));
    let left = days(VALIDATION_DAYS - (n * 37 + 200) % (VALIDATION_DAYS - 25));
    match n % 7 {
        3 => vec![one("ov", "OV", None)],
        4 => vec![one("ov", "OV", left), one("ev", "EV", left)],
        5 => vec![one("ov", "OV", days(40).map(|ago| -ago))],
        6 => Vec::new(),
        _ => vec![one("ov", "OV", left)],
    }
}

/// Makes the two letters of a Dutch postal code.
fn postal_letters(n: usize) -> String {
    const POSTAL_LETTERS: &[u8] = b"ABCDEGHJKLMNPRTVWXZ";
    [n / POSTAL_LETTERS.len(), n].iter().map(|&n| char::from(*pick_cyclic(POSTAL_LETTERS, n))).collect()
}

/// Keeps the characters of a name that can be used before the `@` of an e-mail address.
fn email_part(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_account_is_large_enough_to_page_and_search() {
        let world = SandboxAccount::generate(0);
        assert!(world.organizations().len() >= 300, "{}", world.organizations().len());
        assert!(world.users().len() >= 20);
        assert!(world.contacts().iter().any(|contact| contact.user_id.is_none()));
        assert!(world.organizations().iter().any(|known| !known.active));
        assert!(world.organizations().iter().any(|known| known.assumed_name.is_some()));
        assert!(world.organizations().iter().any(|known| known.name.contains("Súdwâld")));
        assert!(world.find_organization(900_001).is_some_and(|first| first.active && first.telephone.is_some()));
        assert!(world.current_user().person.job_title.is_some() && world.current_user().person.telephone.is_some());
    }

    #[test]
    fn organizations_have_each_validation_state() {
        let world = SandboxAccount::generate(0);
        let some = |is: fn(&SandboxOrganization) -> bool| world.organizations().iter().any(is);
        assert!(some(|known| known.validations.is_empty()));
        assert!(some(|known| known.validations.iter().any(|one| one.valid_until.is_none())));
        assert!(some(|known| known
            .validations
            .iter()
            .any(|one| one.valid_until.is_some_and(|until| until.is_negative()))));
        assert!(some(|known| known.validations.len() > 1));
        let longest =
            world.organizations().iter().flat_map(|known| &known.validations).filter_map(|one| one.valid_until).max();
        assert!(longest.is_some_and(|longest| longest.as_hours() <= 24 * 825));
        let first = world.organizations()[0].validations[0].valid_until;
        assert!(first.is_some_and(|until| until.is_positive()), "the one that everybody tries first");
    }

    #[test]
    fn the_requested_number_of_unique_organizations_is_generated() {
        let world = SandboxAccount::generate(100_000);
        let identity = |known: &SandboxOrganization| format!("{}/{}", known.name, known.city);
        let different: HashSet<_> = world.organizations().iter().map(identity).collect();
        assert_eq!((world.organizations().len(), different.len()), (100_000, 100_000));
        assert_eq!(world.find_organization(1_000_000).map(|last| last.id), Some(1_000_000));
        assert!(world.organizations().iter().all(|known| known.name.chars().count() <= 64));
    }

    #[test]
    fn people_and_organizations_are_unique() {
        let world = SandboxAccount::generate(0);
        let emails: HashSet<_> = world.contacts().iter().map(|contact| &contact.person.email).collect();
        assert_eq!(emails.len(), world.contacts().len());
        let names: HashSet<_> = world.organizations().iter().map(|known| &known.name).collect();
        assert_eq!(names.len(), world.organizations().len());
    }

    #[test]
    fn ids_of_users_contacts_and_organizations_are_disjoint() {
        let world = SandboxAccount::generate(0);
        let ids = world.users().iter().map(|user| user.id).chain(world.contacts().iter().map(|contact| contact.id));
        let ids: HashSet<_> = ids.chain(world.organizations().iter().map(|known| known.id)).collect();
        let total = world.users().len() + world.contacts().len() + world.organizations().len();
        assert_eq!(ids.len(), total);
    }

    #[test]
    fn names_keep_to_the_documented_limits() {
        for known in SandboxAccount::generate(0).organizations() {
            let both = known.name.chars().count() + known.assumed_name.as_ref().map_or(0, |name| name.chars().count());
            assert!(both <= if known.assumed_name.is_some() { 61 } else { 64 }, "{}", known.name);
        }
    }
}
