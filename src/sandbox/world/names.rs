//! The account's facts, combined from the short lists of `assets/sandbox/names.toml`.
//!
//! The same lists always give the same account: ids and pairings go by counting, nothing is drawn by lot. It knows
//! no JSON and no order.

use super::{Contact, Moment, Organization, Person, User, Validation, World};

/// The first organization's id; the others follow it.
pub(super) const FIRST_ORGANIZATION: u64 = 900_001;
/// The first verified contact's id.
pub(super) const FIRST_CONTACT: u64 = 810_001;
const FIRST_USER: u64 = 800_001;
const USERS: usize = 36;
/// Contacts who are no users.
const OUTSIDERS: usize = 24;
/// Every so many organizations one is inactive.
const INACTIVE_EVERY: usize = 13;
/// The days for which a validation lasts.
const LASTS: usize = 825;

#[derive(serde::Deserialize)]
#[serde(deny_unknown_fields)]
struct Lists {
    kinds: Vec<Kind>,
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
struct Kind {
    name: String,
    assumed_name: Option<String>,
}

impl World {
    /// The account as it is when the sandbox starts, with at least so many organizations.
    pub(in crate::sandbox) fn build(organizations: usize) -> Self {
        let lists = lists();
        let users: Vec<User> = (FIRST_USER..).zip(0..USERS).map(|(id, n)| lists.user(id, n)).collect();
        let insiders = users.iter().map(|user| (Some(user.id), user.person.clone()));
        let outsiders = (USERS..USERS + OUTSIDERS).map(|n| (None, lists.person(n, "elders.example")));
        let contacts = (FIRST_CONTACT..)
            .zip(insiders.chain(outsiders))
            .map(|(id, (user, person))| Contact { id, user, person })
            .collect();
        let mut world = Self { organizations: Vec::new(), users, contacts };
        lists.organizations(&mut world);
        lists.practices(&mut world, organizations);
        world
    }
}

/// Reads the lists. They are part of the program, and the tests of this module read them.
fn lists() -> Lists {
    // The text is compiled in and every test of the sandbox reads it, so this cannot fail.
    toml::from_str(include_str!("../../../assets/sandbox/names.toml")).expect("the sandbox's names")
}

/// The row of this number, beginning anew at the end.
fn turn<T>(rows: &[T], n: usize) -> &T {
    &rows[n % rows.len()]
}

/// A number that looks as made up as it is.
fn telephone(n: usize) -> String {
    format!("+31 99 555 {n:04}")
}

impl Lists {
    fn user(&self, id: u64, n: usize) -> User {
        let mut person = self.person(n, "zilverdam.example");
        // The person behind the key has both; of the others many lack one.
        person.job_title = person.job_title.filter(|_| n % 3 != 2);
        person.telephone = person.telephone.filter(|_| n % 4 != 3);
        User { id, person }
    }

    fn person(&self, n: usize, host: &str) -> Person {
        let first_name = turn(&self.first_names, n).clone();
        let last_name = turn(&self.last_names, n * 5 + n / self.first_names.len()).clone();
        Person {
            email: format!("{}.{}@{host}", plain(&first_name), plain(&last_name)),
            job_title: Some(turn(&self.job_titles, n).clone()),
            telephone: Some(telephone(9_000 + n)),
            first_name,
            last_name,
        }
    }

    fn organizations(&self, world: &mut World) {
        for town in &self.towns {
            for kind in &self.kinds {
                let called = |template: &String| template.replace("{town}", &town[0]);
                self.found(world, town, called(&kind.name), kind.assumed_name.as_ref().map(called));
            }
        }
        for (n, supplier) in self.suppliers.iter().enumerate() {
            self.found(world, turn(&self.towns, n), supplier.clone(), None);
        }
    }

    /// Adds more of them until there are so many: the same name stands in every town before it comes again nowhere.
    fn practices(&self, world: &mut World, organizations: usize) {
        let mut n = 0;
        while world.organizations.len() < organizations {
            let (practices, towns) = (self.practices.len(), self.towns.len());
            let (town, person) = (n / practices, n / (practices * towns));
            let (first, last) =
                (turn(&self.first_names, person), turn(&self.last_names, person / self.first_names.len()));
            let name = format!("{} {first} {last}", turn(&self.practices, n));
            self.found(world, turn(&self.towns, town), name, None);
            n += 1;
        }
    }

    fn found(&self, world: &mut World, town: &[String; 3], name: String, assumed_name: Option<String>) {
        let n = world.organizations.len();
        let [city, state, digits] = town;
        let (insider, outsider) = (n % USERS, USERS + n % OUTSIDERS);
        world.add_organization(Organization {
            id: 0,
            name,
            assumed_name,
            active: n % INACTIVE_EVERY != INACTIVE_EVERY - 1,
            address: format!("{} {}", turn(&self.streets, n), n + 1),
            address2: if n % 5 == 4 { "Postkamer 1".into() } else { String::new() },
            city: city.clone(),
            state: state.clone(),
            zip: format!("{digits} {}", letters(n)),
            country: "nl".into(),
            telephone: (n % 17 != 16).then(|| telephone(n + 1)),
            contact: world.contacts[outsider].clone(),
            verified: vec![world.contacts[insider].id, world.contacts[outsider].id],
            validations: validations(n),
        });
    }
}

/// Most are validated, for at most as long as it lasts (certcentral-api.md 3); some wait for it, some no longer are,
/// and some never were.
fn validations(n: usize) -> Vec<Validation> {
    let one = |kind, name, until| Validation { kind, name, until };
    let days = |days: usize| Some(Moment::from_hours(24 * i64::try_from(days).unwrap_or_default()));
    let left = days(LASTS - (n * 37 + 200) % (LASTS - 25));
    match n % 7 {
        3 => vec![one("ov", "OV", None)],
        4 => vec![one("ov", "OV", left), one("ev", "EV", left)],
        5 => vec![one("ov", "OV", days(40).map(|ago| -ago))],
        6 => Vec::new(),
        _ => vec![one("ov", "OV", left)],
    }
}

/// The two letters of a postal code.
fn letters(n: usize) -> String {
    const USED: &[u8] = b"ABCDEGHJKLMNPRTVWXZ";
    [n / USED.len(), n].iter().map(|&n| char::from(*turn(USED, n))).collect()
}

/// A name as it can stand before the `@` of an e-mail address.
fn plain(name: &str) -> String {
    name.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_lowercase()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::HashSet;

    #[test]
    fn the_account_is_large_enough_to_page_and_search() {
        let world = World::build(0);
        assert!(world.organizations().len() >= 300, "{}", world.organizations().len());
        assert!(world.users().len() >= 20);
        assert!(world.contacts().iter().any(|contact| contact.user.is_none()));
        assert!(world.organizations().iter().any(|known| !known.active));
        assert!(world.organizations().iter().any(|known| known.assumed_name.is_some()));
        assert!(world.organizations().iter().any(|known| known.name.contains("Súdwâld")));
        assert!(world.organization(900_001).is_some_and(|first| first.active && first.telephone.is_some()));
        assert!(world.me().person.job_title.is_some() && world.me().person.telephone.is_some());
    }

    #[test]
    fn organizations_are_validated_pending_expired_or_none_of_it() {
        let world = World::build(0);
        let some = |is: fn(&Organization) -> bool| world.organizations().iter().any(is);
        assert!(some(|known| known.validations.is_empty()));
        assert!(some(|known| known.validations.iter().any(|one| one.until.is_none())));
        assert!(some(|known| known.validations.iter().any(|one| one.until.is_some_and(|until| until.is_negative()))));
        assert!(some(|known| known.validations.len() > 1));
        let longest =
            world.organizations().iter().flat_map(|known| &known.validations).filter_map(|one| one.until).max();
        assert!(longest.is_some_and(|longest| longest.as_hours() <= 24 * 825));
        let first = world.organizations()[0].validations[0].until;
        assert!(first.is_some_and(|until| until.is_positive()), "the one that everybody tries first");
    }

    #[test]
    fn there_are_as_many_as_are_asked_for_and_none_twice() {
        let world = World::build(100_000);
        let identity = |known: &Organization| format!("{}/{}", known.name, known.city);
        let different: HashSet<_> = world.organizations().iter().map(identity).collect();
        assert_eq!((world.organizations().len(), different.len()), (100_000, 100_000));
        assert_eq!(world.organization(1_000_000).map(|last| last.id), Some(1_000_000));
        assert!(world.organizations().iter().all(|known| known.name.chars().count() <= 64));
    }

    #[test]
    fn nobody_and_no_organization_is_there_twice() {
        let world = World::build(0);
        let emails: HashSet<_> = world.contacts().iter().map(|contact| &contact.person.email).collect();
        assert_eq!(emails.len(), world.contacts().len());
        let names: HashSet<_> = world.organizations().iter().map(|known| &known.name).collect();
        assert_eq!(names.len(), world.organizations().len());
    }

    #[test]
    fn ids_of_users_contacts_and_organizations_never_meet() {
        let world = World::build(0);
        let ids = world.users().iter().map(|user| user.id).chain(world.contacts().iter().map(|contact| contact.id));
        let ids: HashSet<_> = ids.chain(world.organizations().iter().map(|known| known.id)).collect();
        let total = world.users().len() + world.contacts().len() + world.organizations().len();
        assert_eq!(ids.len(), total);
    }

    #[test]
    fn names_keep_to_the_documented_limits() {
        for known in World::build(0).organizations() {
            let both = known.name.chars().count() + known.assumed_name.as_ref().map_or(0, |name| name.chars().count());
            assert!(both <= if known.assumed_name.is_some() { 61 } else { 64 }, "{}", known.name);
        }
    }
}
