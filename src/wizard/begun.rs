//! What a new order begins with: the values that its account keeps, and which of them still stand there.
//!
//! Where a value comes from is said as long as it is the one that was put in. A draft, a file or an order of before
//! begins with its own values, never with these.

use super::Model;
use crate::form::{Form, Place};
use std::collections::BTreeMap;

/// The values that were put in, by their places.
pub(super) type Begun = BTreeMap<Place, String>;

impl Model {
    /// A new order, with what the account keeps for it.
    pub(super) fn begin(&mut self) {
        let mut form = Form::new(self.ordered());
        let done = form.preset(&self.around.presets);
        let begun = done.places.into_iter().map(|at| (at, form.text(at).to_owned())).collect();
        self.start_over(form);
        self.begun = begun;
    }

    /// Whether a field holds what the account keeps for new orders.
    fn is_begun(&self, at: Place) -> bool {
        self.begun.get(&at).is_some_and(|text| text == self.form.text(at))
    }

    /// Where the value of a field comes from, if the account keeps it.
    pub(super) fn begun_words(&self, at: Place) -> Option<String> {
        let values = [("account", self.account.name.as_str())];
        self.is_begun(at).then(|| self.lang.tell("page.begun_here", &values))
    }

    /// What is said above a step in which something comes from there.
    pub(super) fn begun_above(&self, step: crate::product::StepId) -> Option<String> {
        let labels: Vec<&str> =
            self.form.asked(step).filter(|at| self.is_begun(*at)).map(|at| self.label(at)).collect();
        let values = [("account", self.account.name.as_str()), ("fields", &labels.join(", "))];
        (!labels.is_empty()).then(|| self.lang.tell("page.begun", &values))
    }
}
