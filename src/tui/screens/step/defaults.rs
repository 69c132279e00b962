//! What a new order begins with: the values that its account keeps, and which of them still stand there.
//!
//! Where a value comes from is said as long as it is the one that was put in. A draft, a file or an order of before
//! begins with its own values, never with these.

use crate::form::{FieldPlace, Form};
use crate::tui::app::App;
use std::collections::BTreeMap;

/// The values that were put in, by their places.
pub(crate) type AccountDefaults = BTreeMap<FieldPlace, String>;

impl App {
    /// A new order, with what the account keeps for it.
    pub(crate) fn reset_form_to_defaults(&mut self) {
        let mut form = Form::new(self.ordered_product());
        let done = form.apply_account_defaults(&self.environment.presets);
        let begun = done.places.into_iter().map(|at| (at, form.text(at).to_owned())).collect();
        self.reset_with_form(form);
        self.account_defaults = begun;
    }

    /// Whether a field holds what the account keeps for new orders.
    fn is_default_value(&self, at: FieldPlace) -> bool {
        self.account_defaults.get(&at).is_some_and(|text| text == self.form.text(at))
    }

    /// Where the value of a field comes from, if the account keeps it.
    pub(crate) fn default_value_note(&self, at: FieldPlace) -> Option<String> {
        let values = [("account", self.account.name.as_str())];
        self.is_default_value(at).then(|| self.lang.format_text("page.begun_here", &values))
    }

    /// What is said above a step in which something comes from there.
    pub(crate) fn step_defaults_note(&self, step: crate::product::StepId) -> Option<String> {
        let labels: Vec<&str> = self
            .form
            .visible_places_in_step(step)
            .filter(|at| self.is_default_value(*at))
            .map(|at| self.field_label(at))
            .collect();
        let values = [("account", self.account.name.as_str()), ("fields", &labels.join(", "))];
        (!labels.is_empty()).then(|| self.lang.format_text("page.begun", &values))
    }
}
