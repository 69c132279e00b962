//! Similar organizations: which organizations of the account may be the new one that the form describes.
//!
//! The comparison starts when a field is left, not while the person types, and it goes on as more organizations
//! arrive. The person decides whether to use one; nothing that was typed is lost by it.

use crate::domain::AccountResource;
use crate::form::FieldPlace;
use crate::i18n::{texts, with};
use crate::product::StepId;
use crate::similarity::{EnteredOrganization, Similarity};
use crate::tone::Tone;
use crate::tui::session::Session;
use crate::tui::session::fetch::FetchState;
use crate::tui::session::page_items::FocusTarget;

/// The most organizations that are shown; the most similar come first.
pub(in crate::tui) const MAX_SHOWN_ORGANIZATIONS: usize = 3;

/// The most organizations that are compared per update: this takes about as long as a key may take.
pub(in crate::tui) const COMPARED_PER_UPDATE: usize = 4_000;

#[derive(Debug, Clone, Default)]
pub(crate) struct SimilarOrganizations {
    /// What the organizations were compared with.
    compared_input: Option<EnteredOrganization>,
    /// The number of organizations that were compared.
    compared_count: usize,
    pub(in crate::tui) matches: Vec<(Similarity, u64)>,
    /// True if the focus was moved to the matches already.
    pub(in crate::tui) was_shown: bool,
}

impl Session {
    /// Compares the entered organization with the known ones, up to `COMPARED_PER_UPDATE` at a time.
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
        // DigiCert advises to mark as "inactive" what must not be matched (certcentral-api.md 3).
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

/// Returns true if there are organizations that are still to be compared.
pub(crate) fn has_organizations_to_compare(session: &Session) -> bool {
    let all = session.account_data.organizations.rows().len();
    session.field_editor.is_none()
        && session.similar_organizations.compared_input.is_some()
        && session.similar_organizations.compared_count < all
}

/// Returns true if this field names the new organization, and there are matches to show under it.
pub(crate) fn has_similar_organizations(session: &Session, at: FieldPlace) -> bool {
    session.form.subject_place() == Some(at)
        && !session.form.is_organization_field(at)
        && !session.similar_organizations.matches.is_empty()
}

/// Returns the matches that are shown, as focus targets.
pub(crate) fn similar_organization_targets(session: &Session) -> impl Iterator<Item = FocusTarget> {
    session
        .similar_organizations
        .matches
        .iter()
        .take(MAX_SHOWN_ORGANIZATIONS)
        .map(|(_, id)| FocusTarget::UseOrganization(*id))
}

/// Returns the resource to fetch for the comparison in this step.
pub(crate) fn similar_organization_resource(session: &Session, step: StepId) -> Option<AccountResource> {
    let at = session.form.subject_place()?;
    let here = session.product()[session.product()[at.field].group].step == step;
    (here && !session.form.is_organization_field(at)).then_some(AccountResource::Organizations)
}

/// Returns the note under the name of a new organization.
pub(crate) fn similar_organization_note(session: &Session, at: FieldPlace) -> Option<(Tone, String)> {
    if has_similar_organizations(session, at) {
        let more = session.similar_organizations.matches.len().saturating_sub(MAX_SHOWN_ORGANIZATIONS);
        let text = match more {
            0 => session.text(texts::alike_org::FOUND).to_owned(),
            more => session.lang.format(texts::alike_org::FOUND_MORE, with::Count(&session.lang.format_count(more))),
        };
        return Some((Tone::Warning, format!("! {text}")));
    }
    let typed = session.form.subject_place() == Some(at) && session.similar_organizations.compared_input.is_some();
    match session.fetches.state(AccountResource::Organizations) {
        Some(FetchState::Failed(failure)) if typed => {
            let why = session.message_writer().failure_text(failure);
            Some((Tone::Note, session.lang.format(texts::alike_org::UNTOLD, with::Why(&why))))
        }
        _ => None,
    }
}

/// Returns the label of the button that uses an existing organization.
pub(crate) fn use_organization_label(session: &Session, id: u64) -> String {
    session.lang.format(texts::alike_org::TAKE, with::Which(&organization_summary_text(session, id)))
}

/// Returns "900001  Gemeente Zilverdam, 1234 AB Zilverdam".
pub(in crate::tui) fn organization_summary_text(session: &Session, id: u64) -> String {
    let Some(found) = session.account_data.organization(id) else { return id.to_string() };
    let place = [found.zip.as_str(), &found.city].join(" ");
    format!("{id}  {}, {}", found.name, place.trim()).trim_end_matches([' ', ',']).to_owned()
}

/// Returns the warning for Confirm.
pub(crate) fn similar_organization_warning(session: &Session) -> Option<String> {
    let (_, id) = session.similar_organizations.matches.first()?;
    Some(session.lang.format(texts::alike_org::CONFIRM, with::Which(&organization_summary_text(session, *id))))
}
