//! Similar organizations on the page of a step: using one, and stopping at them once before the step is left.

use crate::i18n::texts;
use crate::tui::screens::step::StepScreen;
use crate::tui::session::Session;
use crate::tui::session::page_items::FocusTarget;
use crate::tui::session::similar_organizations::{similar_organization_resource, similar_organization_targets};

impl StepScreen {
    /// Orders for an existing organization instead of a new one.
    pub(super) fn use_existing_organization(&mut self, session: &mut Session, id: u64) {
        let places = session.form.use_existing_organization(id);
        for at in &places {
            session.mark_field_changed(*at);
        }
        if let Some(at) = places.last() {
            self.set_focus(session, FocusTarget::Field(*at));
        }
        session.show_flash(texts::alike_org::TAKEN);
    }

    /// Moves the focus to the matches, once, before the step is left. Returns true if it did.
    pub(super) fn stop_at_similar_organizations(&mut self, session: &mut Session) -> bool {
        let has_matches = similar_organization_resource(session, self.step()).is_some()
            && !session.similar_organizations.matches.is_empty();
        if !has_matches || std::mem::replace(&mut session.similar_organizations.was_shown, true) {
            return false;
        }
        let first = similar_organization_targets(session).next();
        if let Some(target) = first {
            self.set_focus(session, target);
        }
        session.show_flash(texts::alike_org::FIRST);
        true
    }
}
