//! What a new order begins with: the values that its account keeps, and which of them still stand there.
//!
//! Where a value comes from is said as long as it is the one that was put in. A draft, a file or an order of before
//! begins with its own values, never with these.

use crate::form::{FieldPlace, Form};
use crate::tui::screens::setup::ordered_product;
use crate::tui::screens::step::values::field_label;
use crate::tui::session::Session;
use std::collections::BTreeMap;

/// The values that were put in, by their places.
pub(crate) type AccountDefaults = BTreeMap<FieldPlace, String>;

impl Session {
    /// A new order, with what the account keeps for it.
    pub(crate) fn reset_form_to_defaults(&mut self) {
        let mut form = Form::new(ordered_product(self));
        let done = form.apply_account_defaults(&self.environment.presets);
        let begun = done.places.into_iter().map(|at| (at, form.text(at).to_owned())).collect();
        self.reset_with_form(form);
        self.account_defaults = begun;
    }
}

/// Whether a field holds what the account keeps for new orders.
fn is_default_value(session: &Session, at: FieldPlace) -> bool {
    session.account_defaults.get(&at).is_some_and(|text| text == session.form.text(at))
}

/// Where the value of a field comes from, if the account keeps it.
pub(crate) fn default_value_note(session: &Session, at: FieldPlace) -> Option<String> {
    let values = [("account", session.account.name.as_str())];
    is_default_value(session, at).then(|| session.lang.format_text("page.begun_here", &values))
}

/// What is said above a step in which something comes from there.
pub(crate) fn step_defaults_note(session: &Session, step: crate::product::StepId) -> Option<String> {
    let labels: Vec<&str> = session
        .form
        .visible_places_in_step(step)
        .filter(|at| is_default_value(session, *at))
        .map(|at| field_label(session, at))
        .collect();
    let values = [("account", session.account.name.as_str()), ("fields", &labels.join(", "))];
    (!labels.is_empty()).then(|| session.lang.format_text("page.begun", &values))
}
