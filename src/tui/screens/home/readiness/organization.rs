//! What the answers on the organization and its verified contacts mean for an order.
//!
//! Which type of validation counts for this product is not documented (certcentral-api.md 3 and 4.4), so all are told
//! as they come, and none is taken for the one.

use super::finding::{FindingStatus, ReadinessFinding};
use super::{AnswerState, FetchState};
use crate::domain::{Organization, Person, Validation};
use crate::form::ProblemKind;
use crate::tui::app::App;
use crate::tui::session::fetch::AccountResource;

/// A validation that ends within so many days may have ended before the certificate is issued.
const EXPIRES_SOON_DAYS: i64 = 30;

impl App {
    /// That no organization is known to look at.
    pub(super) fn no_organization_finding(&self, title: &str, line: &str) -> ReadinessFinding {
        match self.fetches.state(AccountResource::SoleOrganization) {
            None | Some(FetchState::Loading { .. }) => {
                ReadinessFinding::new(title, FindingStatus::Loading, self.text("ready.asking"))
            }
            _ => ReadinessFinding::new(title, FindingStatus::Unknown, line).with_detail(self.text("ready.unchosen_do")),
        }
    }

    fn organization_answer_state(&self, id: u64) -> AnswerState<'_, &Organization> {
        self.answer_state(AccountResource::Organization(id), self.account_data.organization_details.get(id))
    }

    pub(super) fn organization_finding(&self) -> ReadinessFinding {
        let title = self.text("ready.organization");
        let Some(id) = self.readiness_organization() else {
            return self.no_organization_finding(title, self.text("ready.unchosen"));
        };
        let (name, known) = match self.organization_answer_state(id) {
            AnswerState::Known(found) if found.is_active() == Some(false) => {
                return self.inactive_organization_finding(title, found);
            }
            // A word that is not known says nothing for or against it.
            AnswerState::Known(found) if found.is_active().is_none() && !found.status.is_empty() => {
                let status = self.message_writer().status_word("state_word.", &found.status);
                let values = [("name", found.name.as_str()), ("status", &status)];
                (self.lang.format_text("ready.organization_status", &values), false)
            }
            AnswerState::Known(found) => (found.name.clone(), true),
            AnswerState::Loading => {
                return ReadinessFinding::new(title, FindingStatus::Loading, self.text("ready.asking"));
            }
            AnswerState::Failed(_) => (id.to_string(), true),
        };
        let heard = self.answer_state(AccountResource::Validations(id), self.account_data.validations.get(&id));
        match &heard {
            AnswerState::Known(validations) => {
                let mut found = self.validations_finding(title, &name, validations);
                if !known && found.status == FindingStatus::Good {
                    found.status = FindingStatus::Unknown;
                }
                found
            }
            _ => self.unanswered_finding(title, &heard),
        }
    }

    fn inactive_organization_finding(&self, title: &str, found: &Organization) -> ReadinessFinding {
        let line = match found.status.as_str() {
            "" | "inactive" => self.lang.format_text("ready.inactive", &[("name", &found.name)]),
            word => {
                let status = self.message_writer().status_word("state_word.", word);
                self.lang.format_text("ready.inactive_word", &[("name", &found.name), ("status", &status)])
            }
        };
        ReadinessFinding::new(title, FindingStatus::Warning, line).with_detail(self.text("ready.inactive_do"))
    }

    fn validations_finding(&self, title: &str, name: &str, validations: &[Validation]) -> ReadinessFinding {
        let told: Vec<String> = validations.iter().map(|one| self.validation_text(one)).collect();
        let line = match told.as_slice() {
            [] => self.lang.format_text("ready.validation_none", &[("name", name)]),
            told => format!("{name} · {}", told.join(" · ")),
        };
        let active = validations.iter().filter(|one| one.is_valid() == Some(true));
        let (standing, means) = match active.map(|one| self.validation_days_left(one)).max() {
            Some(EXPIRES_SOON_DAYS..) => (FindingStatus::Good, None),
            Some(0..EXPIRES_SOON_DAYS) => (FindingStatus::Warning, Some("ready.validation_ends")),
            _ if validations.iter().any(|one| one.is_valid().is_none()) => (FindingStatus::Unknown, None),
            _ => (FindingStatus::Warning, Some("ready.validation_lacks")),
        };
        let found = ReadinessFinding::new(title, standing, line);
        let found = means.map(|id| self.text(id)).into_iter().fold(found, ReadinessFinding::with_detail);
        found.with_detail(self.text("ready.validation_types"))
    }

    /// "OV active until 2 Jan 2028".
    fn validation_text(&self, one: &Validation) -> String {
        let kind = one.title();
        let status = self.message_writer().status_word("validation_word.", &one.status);
        let Some(day) = one.end_date().map(|day| self.lang.format_date(day)) else {
            return format!("{kind} {status}").trim_end().to_owned();
        };
        let id = match one.is_valid() {
            Some(_) if one.status == "expired" => "ready.validation_since",
            Some(_) => "ready.validation_until",
            None => return format!("{kind} {status} {day}"),
        };
        self.lang.format_text(id, &[("kind", kind), ("status", &status), ("day", &day)])
    }

    /// How many days it still holds; more than any where no end is told.
    fn validation_days_left(&self, one: &Validation) -> i64 {
        one.end_date().map_or(i64::MAX, |until| (until - self.today).get_days().into())
    }

    pub(super) fn contact_finding(&self) -> ReadinessFinding {
        let title = self.text("ready.contact");
        let Some(id) = self.readiness_organization() else {
            return self.no_organization_finding(title, self.text("ready.unchosen_org"));
        };
        let heard = self.organization_answer_state(id);
        match &heard {
            AnswerState::Known(found) if Self::verified_contacts_of(found).0 == 0 => {
                ReadinessFinding::new(title, FindingStatus::Warning, self.text("ready.contact_none"))
                    .with_detail(self.text("ready.contact_none_do"))
            }
            AnswerState::Known(found) => {
                let line = self.verified_contacts_text(found);
                match self.unverified_contact_text(id) {
                    Some(said) => {
                        let more = format!("{} {said}", self.text("ready.contact_other"));
                        ReadinessFinding::new(title, FindingStatus::Warning, line).with_detail(&more)
                    }
                    None => ReadinessFinding::new(title, FindingStatus::Good, line),
                }
            }
            _ => self.unanswered_finding(title, &heard),
        }
    }

    /// How many verified contacts it has, and the names of those that have one.
    fn verified_contacts_of(found: &Organization) -> (usize, Vec<String>) {
        let people = found.verified_people.as_deref().unwrap_or_default();
        let names = people.iter().map(Person::short_name).filter(|name| !name.is_empty()).collect();
        (found.verified_contacts.len().max(people.len()), names)
    }

    fn verified_contacts_text(&self, found: &Organization) -> String {
        let (count, names) = Self::verified_contacts_of(found);
        let (count, names) = (self.lang.format_count(count), names.join(", "));
        let id = if names.is_empty() { "ready.contact_known" } else { "ready.contact_named" };
        self.lang.format_text(id, &[("count", &count), ("names", &names)])
    }

    /// That an order for this organization, as far as one is begun, names somebody else.
    fn unverified_contact_text(&self, organization: u64) -> Option<String> {
        let problems = self.readiness_form(organization)?.find_problems(&self.validation_context());
        let mut said = problems.iter().filter(|problem| matches!(problem.kind, ProblemKind::NotVerified(_)));
        said.next().map(|problem| problem.message(&self.lang))
    }
}
