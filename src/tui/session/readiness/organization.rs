//! What the answers on the organization and its verified contacts mean for an order.
//!
//! Which type of validation counts for this product is not documented (certcentral-api.md 3 and 4.4). Therefore all
//! types are shown as they come, and none is taken for the one that counts.

use super::finding::{FindingStatus, ReadinessFinding};
use super::{AnswerState, FetchState};
use crate::domain::{AccountResource, Organization, Person, Validation};
use crate::form::ProblemKind;
use crate::tui::session::Session;
use crate::tui::session::readiness::finding::unanswered_finding;
use crate::tui::session::readiness::{answer_state, readiness_form, readiness_organization};

/// A validation that ends within this number of days may end before the certificate is issued.
const EXPIRES_SOON_DAYS: i64 = 30;

impl Session {
    /// Returns the number of verified contacts, and the names of those that have one.
    fn verified_contacts_of(found: &Organization) -> (usize, Vec<String>) {
        let people = found.verified_people.as_deref().unwrap_or_default();
        let names = people.iter().map(Person::short_name).filter(|name| !name.is_empty()).collect();
        (found.verified_contacts.len().max(people.len()), names)
    }
}

/// Returns the finding for the case that no organization is known.
pub(super) fn no_organization_finding(session: &Session, title: &str, line: &str) -> ReadinessFinding {
    match session.fetches.state(AccountResource::SoleOrganization) {
        None | Some(FetchState::Loading { .. }) => {
            ReadinessFinding::new(title, FindingStatus::Loading, session.text("ready.asking"))
        }
        _ => ReadinessFinding::new(title, FindingStatus::Unknown, line).with_detail(session.text("ready.unchosen_do")),
    }
}

fn organization_answer_state(session: &Session, id: u64) -> AnswerState<'_, &Organization> {
    answer_state(session, AccountResource::Organization(id), session.account_data.organization_details.get(id))
}

pub(super) fn organization_finding(session: &Session) -> ReadinessFinding {
    let title = session.text("ready.organization");
    let Some(id) = readiness_organization(session) else {
        return no_organization_finding(session, title, session.text("ready.unchosen"));
    };
    let (name, known) = match organization_answer_state(session, id) {
        AnswerState::Known(found) if found.is_active() == Some(false) => {
            return inactive_organization_finding(session, title, found);
        }
        // An unknown status word says nothing for or against the organization.
        AnswerState::Known(found) if found.is_active().is_none() && !found.status.is_empty() => {
            let status = session.message_writer().status_word("state_word.", &found.status);
            let values = [("name", found.name.as_str()), ("status", &status)];
            (session.lang.format_text("ready.organization_status", &values), false)
        }
        AnswerState::Known(found) => (found.name.clone(), true),
        AnswerState::Loading => {
            return ReadinessFinding::new(title, FindingStatus::Loading, session.text("ready.asking"));
        }
        AnswerState::Failed(_) => (id.to_string(), true),
    };
    let heard = answer_state(session, AccountResource::Validations(id), session.account_data.validations.get(&id));
    match &heard {
        AnswerState::Known(validations) => {
            let mut found = validations_finding(session, title, &name, validations);
            if !known && found.status == FindingStatus::Good {
                found.status = FindingStatus::Unknown;
            }
            found
        }
        _ => unanswered_finding(session, title, &heard),
    }
}

fn inactive_organization_finding(session: &Session, title: &str, found: &Organization) -> ReadinessFinding {
    let line = match found.status.as_str() {
        "" | "inactive" => session.lang.format_text("ready.inactive", &[("name", &found.name)]),
        word => {
            let status = session.message_writer().status_word("state_word.", word);
            session.lang.format_text("ready.inactive_word", &[("name", &found.name), ("status", &status)])
        }
    };
    ReadinessFinding::new(title, FindingStatus::Warning, line).with_detail(session.text("ready.inactive_do"))
}

fn validations_finding(session: &Session, title: &str, name: &str, validations: &[Validation]) -> ReadinessFinding {
    let told: Vec<String> = validations.iter().map(|one| validation_text(session, one)).collect();
    let line = match told.as_slice() {
        [] => session.lang.format_text("ready.validation_none", &[("name", name)]),
        told => format!("{name} · {}", told.join(" · ")),
    };
    let active = validations.iter().filter(|one| one.is_valid() == Some(true));
    let (standing, means) = match active.map(|one| validation_days_left(session, one)).max() {
        Some(EXPIRES_SOON_DAYS..) => (FindingStatus::Good, None),
        Some(0..EXPIRES_SOON_DAYS) => (FindingStatus::Warning, Some("ready.validation_ends")),
        _ if validations.iter().any(|one| one.is_valid().is_none()) => (FindingStatus::Unknown, None),
        _ => (FindingStatus::Warning, Some("ready.validation_lacks")),
    };
    let found = ReadinessFinding::new(title, standing, line);
    let found = means.map(|id| session.text(id)).into_iter().fold(found, ReadinessFinding::with_detail);
    found.with_detail(session.text("ready.validation_types"))
}

/// Returns "OV active until 2 Jan 2028".
fn validation_text(session: &Session, one: &Validation) -> String {
    let kind = one.title();
    let status = session.message_writer().status_word("validation_word.", &one.status);
    let Some(day) = one.end_date().map(|day| session.lang.format_date(day)) else {
        return format!("{kind} {status}").trim_end().to_owned();
    };
    let id = match one.is_valid() {
        Some(_) if one.status == "expired" => "ready.validation_since",
        Some(_) => "ready.validation_until",
        None => return format!("{kind} {status} {day}"),
    };
    session.lang.format_text(id, &[("kind", kind), ("status", &status), ("day", &day)])
}

/// Returns the days until the validation ends; `i64::MAX` if it has no end date.
fn validation_days_left(session: &Session, one: &Validation) -> i64 {
    one.end_date().map_or(i64::MAX, |until| (until - session.today).get_days().into())
}

pub(super) fn contact_finding(session: &Session) -> ReadinessFinding {
    let title = session.text("ready.contact");
    let Some(id) = readiness_organization(session) else {
        return no_organization_finding(session, title, session.text("ready.unchosen_org"));
    };
    let heard = organization_answer_state(session, id);
    match &heard {
        AnswerState::Known(found) if Session::verified_contacts_of(found).0 == 0 => {
            ReadinessFinding::new(title, FindingStatus::Warning, session.text("ready.contact_none"))
                .with_detail(session.text("ready.contact_none_do"))
        }
        AnswerState::Known(found) => {
            let line = verified_contacts_text(session, found);
            match unverified_contact_text(session, id) {
                Some(said) => {
                    let more = format!("{} {said}", session.text("ready.contact_other"));
                    ReadinessFinding::new(title, FindingStatus::Warning, line).with_detail(&more)
                }
                None => ReadinessFinding::new(title, FindingStatus::Good, line),
            }
        }
        _ => unanswered_finding(session, title, &heard),
    }
}

fn verified_contacts_text(session: &Session, found: &Organization) -> String {
    let (count, names) = Session::verified_contacts_of(found);
    let (count, names) = (session.lang.format_count(count), names.join(", "));
    let id = if names.is_empty() { "ready.contact_known" } else { "ready.contact_named" };
    session.lang.format_text(id, &[("count", &count), ("names", &names)])
}

/// Returns the problem with a contact that is not verified, if a form for this organization names one.
fn unverified_contact_text(session: &Session, organization: u64) -> Option<String> {
    let problems = readiness_form(session, organization)?.find_problems(&session.validation_context());
    let mut said = problems.iter().filter(|problem| matches!(problem.kind, ProblemKind::NotVerified(_)));
    said.next().map(|problem| problem.message(&session.lang))
}
