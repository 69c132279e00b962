//! What the answers on the organization and its verified contacts mean for an order.
//!
//! Which type of validation counts for this product is not documented (certcentral-api.md 3 and 4.4), so all are told
//! as they come, and none is taken for the one.

use super::find::{Finding, Standing};
use super::{Heard, State};
use crate::facts::{Organization, Person, Validation};
use crate::form::Fault;
use crate::wizard::Model;
use crate::wizard::lists::Want;

/// A validation that ends within so many days may have ended before the certificate is issued.
const SOON: i64 = 30;

impl Model {
    /// That no organization is known to look at.
    pub(super) fn unchosen(&self, title: &str, line: &str) -> Finding {
        match self.lists.state(Want::Few) {
            None | Some(State::Loading { .. }) => Finding::new(title, Standing::Asking, self.say("ready.asking")),
            _ => Finding::new(title, Standing::Unknown, line).and(self.say("ready.unchosen_do")),
        }
    }

    fn details_heard(&self, id: u64) -> Heard<'_, &Organization> {
        self.heard(Want::Organization(id), self.known.details.get(id))
    }

    pub(super) fn organization_found(&self) -> Finding {
        let title = self.say("ready.organization");
        let Some(id) = self.ready_organization() else { return self.unchosen(title, self.say("ready.unchosen")) };
        let (name, known) = match self.details_heard(id) {
            Heard::Told(found) if found.is_active() == Some(false) => return self.inactive(title, found),
            // A word that is not known says nothing for or against it.
            Heard::Told(found) if found.is_active().is_none() && !found.status.is_empty() => {
                let status = self.teller().status_word("state_word.", &found.status);
                let values = [("name", found.name.as_str()), ("status", &status)];
                (self.lang.tell("ready.organization_status", &values), false)
            }
            Heard::Told(found) => (found.name.clone(), true),
            Heard::Asking => return Finding::new(title, Standing::Asking, self.say("ready.asking")),
            Heard::Failed(_) => (id.to_string(), true),
        };
        let heard = self.heard(Want::Validations(id), self.known.validations.get(&id));
        match &heard {
            Heard::Told(validations) => {
                let mut found = self.validated(title, &name, validations);
                if !known && found.standing == Standing::Good {
                    found.standing = Standing::Unknown;
                }
                found
            }
            _ => self.unheard(title, &heard),
        }
    }

    fn inactive(&self, title: &str, found: &Organization) -> Finding {
        let line = match found.status.as_str() {
            "" | "inactive" => self.lang.tell("ready.inactive", &[("name", &found.name)]),
            word => {
                let status = self.teller().status_word("state_word.", word);
                self.lang.tell("ready.inactive_word", &[("name", &found.name), ("status", &status)])
            }
        };
        Finding::new(title, Standing::Warning, line).and(self.say("ready.inactive_do"))
    }

    fn validated(&self, title: &str, name: &str, validations: &[Validation]) -> Finding {
        let told: Vec<String> = validations.iter().map(|one| self.validation_words(one)).collect();
        let line = match told.as_slice() {
            [] => self.lang.tell("ready.validation_none", &[("name", name)]),
            told => format!("{name} · {}", told.join(" · ")),
        };
        let active = validations.iter().filter(|one| one.holds() == Some(true));
        let (standing, means) = match active.map(|one| self.days_left(one)).max() {
            Some(SOON..) => (Standing::Good, None),
            Some(0..SOON) => (Standing::Warning, Some("ready.validation_ends")),
            _ if validations.iter().any(|one| one.holds().is_none()) => (Standing::Unknown, None),
            _ => (Standing::Warning, Some("ready.validation_lacks")),
        };
        let found = Finding::new(title, standing, line);
        let found = means.map(|id| self.say(id)).into_iter().fold(found, Finding::and);
        found.and(self.say("ready.validation_types"))
    }

    /// "OV active until 2 Jan 2028".
    fn validation_words(&self, one: &Validation) -> String {
        let kind = one.title();
        let status = self.teller().status_word("validation_word.", &one.status);
        let Some(day) = one.day().map(|day| self.lang.date(day)) else {
            return format!("{kind} {status}").trim_end().to_owned();
        };
        let id = match one.holds() {
            Some(_) if one.status == "expired" => "ready.validation_since",
            Some(_) => "ready.validation_until",
            None => return format!("{kind} {status} {day}"),
        };
        self.lang.tell(id, &[("kind", kind), ("status", &status), ("day", &day)])
    }

    /// How many days it still holds; more than any where no end is told.
    fn days_left(&self, one: &Validation) -> i64 {
        one.day().map_or(i64::MAX, |until| (until - self.today).get_days().into())
    }

    pub(super) fn contact_found(&self) -> Finding {
        let title = self.say("ready.contact");
        let Some(id) = self.ready_organization() else { return self.unchosen(title, self.say("ready.unchosen_org")) };
        let heard = self.details_heard(id);
        match &heard {
            Heard::Told(found) if Self::contacts_of(found).0 == 0 => {
                Finding::new(title, Standing::Warning, self.say("ready.contact_none"))
                    .and(self.say("ready.contact_none_do"))
            }
            Heard::Told(found) => {
                let line = self.contacts_line(found);
                match self.unverified_said(id) {
                    Some(said) => {
                        let more = format!("{} {said}", self.say("ready.contact_other"));
                        Finding::new(title, Standing::Warning, line).and(&more)
                    }
                    None => Finding::new(title, Standing::Good, line),
                }
            }
            _ => self.unheard(title, &heard),
        }
    }

    /// How many verified contacts it has, and the names of those that have one.
    fn contacts_of(found: &Organization) -> (usize, Vec<String>) {
        let people = found.verified_people.as_deref().unwrap_or_default();
        let names = people.iter().map(Person::short_name).filter(|name| !name.is_empty()).collect();
        (found.verified_contacts.len().max(people.len()), names)
    }

    fn contacts_line(&self, found: &Organization) -> String {
        let (count, names) = Self::contacts_of(found);
        let (count, names) = (self.lang.count(count), names.join(", "));
        let id = if names.is_empty() { "ready.contact_known" } else { "ready.contact_named" };
        self.lang.tell(id, &[("count", &count), ("names", &names)])
    }

    /// That an order for this organization, as far as one is begun, names somebody else.
    fn unverified_said(&self, organization: u64) -> Option<String> {
        let problems = self.ready_form(organization)?.problems(&self.context());
        let mut said = problems.iter().filter(|problem| matches!(problem.fault, Fault::NotVerified(_)));
        said.next().map(|problem| problem.say(&self.lang))
    }
}
