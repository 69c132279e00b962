//! A new organization beside those that the account has: which of them it may be, shown before one goes on.
//!
//! They are compared once a field was left, not while it is typed in, and those that arrive later as they come. To take
//! one is up to the person; nothing that was typed is lost by it.

use crate::form::FieldPlace;
use crate::product::StepId;
use crate::similarity::{EnteredOrganization, Similarity};
use crate::tone::Tone;
use crate::tui::app::{App, FocusTarget};
use crate::tui::session::Session;
use crate::tui::session::fetch::{AccountResource, FetchState};

/// So many are shown, those first that are most alike.
const MAX_SHOWN_ORGANIZATIONS: usize = 3;

/// So many are compared at a time: that takes about as long as a key may take.
const COMPARED_PER_UPDATE: usize = 4_000;

/// What was found so far.
#[derive(Debug, Clone, Default)]
pub(crate) struct SimilarOrganizations {
    /// What was compared.
    compared_input: Option<EnteredOrganization>,
    /// With how many organizations.
    compared_count: usize,
    matches: Vec<(Similarity, u64)>,
    /// Whether one was led to them already.
    was_shown: bool,
}

impl App {
    /// Orders for one that there is.
    pub(crate) fn use_existing_organization(&mut self, id: u64) {
        let set = self.session.form.use_existing_organization(id);
        for at in &set {
            self.session.mark_field_changed(*at);
        }
        if let Some(at) = set.last() {
            self.set_focus(FocusTarget::Field(*at));
        }
        self.session.show_flash("alike_org.taken");
    }

    /// Leads to those that it may be, once, before the step is left. Answers whether it did.
    pub(crate) fn stop_at_similar_organizations(&mut self, step: StepId) -> bool {
        let here = similar_organization_resource(&self.session, step).is_some()
            && !self.session.similar_organizations.matches.is_empty();
        if !here || std::mem::replace(&mut self.session.similar_organizations.was_shown, true) {
            return false;
        }
        let first = similar_organization_targets(&self.session).next();
        if let Some(spot) = first {
            self.set_focus(spot);
        }
        self.session.show_flash("alike_org.first");
        true
    }
}

impl Session {
    /// Compares what is entered with the organizations that are known by now.
    pub(crate) fn find_similar_organizations(&mut self) {
        if self.field_editor.is_some() {
            return;
        }
        let entered = self.form.entered_organization();
        if self.similar_organizations.compared_input != entered {
            let met = self.similar_organizations.was_shown;
            self.similar_organizations =
                SimilarOrganizations { compared_input: entered, was_shown: met, ..SimilarOrganizations::default() };
        }
        let Some(entered) = &self.similar_organizations.compared_input else { return };
        let rows = self.account_data.organizations.rows();
        let until = rows.len().min(self.similar_organizations.compared_count + COMPARED_PER_UPDATE);
        let new = rows.get(self.similar_organizations.compared_count..until).unwrap_or_default();
        // DigiCert advises to set aside by "inactive" what must not be matched (certcentral-api.md 3).
        let found = new.iter().filter(|known| known.is_active() != Some(false));
        let found: Vec<_> = found.filter_map(|known| Some((entered.similarity_to(known)?, known.id))).collect();
        self.similar_organizations.compared_count = until;
        if !found.is_empty() {
            self.similar_organizations.matches.extend(found);
            self.similar_organizations.matches.sort_unstable();
            self.similar_organizations.was_shown = false;
        }
    }
}

/// Whether there are organizations that are still to be compared with what is entered.
pub(crate) fn has_organizations_to_compare(session: &Session) -> bool {
    let all = session.account_data.organizations.rows().len();
    session.field_editor.is_none()
        && session.similar_organizations.compared_input.is_some()
        && session.similar_organizations.compared_count < all
}

/// Whether this field names the new organization, under which those are shown that it may be.
pub(crate) fn has_similar_organizations(session: &Session, at: FieldPlace) -> bool {
    session.form.subject_place() == Some(at)
        && !session.form.is_organization_field(at)
        && !session.similar_organizations.matches.is_empty()
}

/// Those that are shown, as spots.
pub(crate) fn similar_organization_targets(session: &Session) -> impl Iterator<Item = FocusTarget> {
    session
        .similar_organizations
        .matches
        .iter()
        .take(MAX_SHOWN_ORGANIZATIONS)
        .map(|(_, id)| FocusTarget::UseOrganization(*id))
}

/// What has to be there to compare with.
pub(crate) fn similar_organization_resource(session: &Session, step: StepId) -> Option<AccountResource> {
    let at = session.form.subject_place()?;
    let here = session.product()[session.product()[at.field].group].step == step;
    (here && !session.form.is_organization_field(at)).then_some(AccountResource::Organizations)
}

/// What is said under the name of a new organization.
pub(crate) fn similar_organization_note(session: &Session, at: FieldPlace) -> Option<(Tone, String)> {
    if has_similar_organizations(session, at) {
        let more = session.similar_organizations.matches.len().saturating_sub(MAX_SHOWN_ORGANIZATIONS);
        let said = match more {
            0 => session.text("alike_org.found").to_owned(),
            more => session.lang.format_text("alike_org.found_more", &[("count", &session.lang.format_count(more))]),
        };
        return Some((Tone::Warning, format!("! {said}")));
    }
    let typed = session.form.subject_place() == Some(at) && session.similar_organizations.compared_input.is_some();
    match session.fetches.state(AccountResource::Organizations) {
        Some(FetchState::Failed(failure)) if typed => {
            let why = session.message_writer().failure_text(failure);
            Some((Tone::Note, session.lang.format_text("alike_org.untold", &[("why", &why)])))
        }
        _ => None,
    }
}

/// What the button says that takes one.
pub(crate) fn use_organization_label(session: &Session, id: u64) -> String {
    session.lang.format_text("alike_org.take", &[("which", &organization_summary_text(session, id))])
}

/// "900001  Gemeente Zilverdam, 1234 AB Zilverdam".
fn organization_summary_text(session: &Session, id: u64) -> String {
    let Some(found) = session.account_data.organization(id) else { return id.to_string() };
    let place = [found.zip.as_str(), &found.city].join(" ");
    format!("{id}  {}, {}", found.name, place.trim()).trim_end_matches([' ', ',']).to_owned()
}

/// What Confirm says of them.
pub(crate) fn similar_organization_warning(session: &Session) -> Option<String> {
    let (_, id) = session.similar_organizations.matches.first()?;
    Some(session.lang.format_text("alike_org.confirm", &[("which", &organization_summary_text(session, *id))]))
}
