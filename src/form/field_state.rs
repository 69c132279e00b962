//! The state of one place, for undo: it restores the former value exactly, however the value came and went.
//!
//! A state never contains what may not be stored: no secret, no value beside a secret, and no agreement. The history
//! of changes is elsewhere.

use super::redact::is_private_field;
use super::{FieldPlace, FieldValue, Form};
use crate::product::ValueKind;

/// The value of a place, and what the form remembered about it.
#[derive(Debug, Clone, PartialEq)]
pub struct FieldState {
    value: Option<FieldValue>,
    conflict: bool,
    redacted: bool,
}

impl Form {
    /// Returns the state of a place; `None` if its value may not be stored.
    pub fn field_state(&self, at: FieldPlace) -> Option<FieldState> {
        let is_stored = self.product[at.field].kind != ValueKind::Consent && !is_private_field(self.product, at.field);
        is_stored.then(|| FieldState {
            value: self.values.get(&at).cloned(),
            conflict: self.mode_conflicts.contains(&at),
            redacted: self.redacted.contains(&at),
        })
    }

    pub fn restore_field_state(&mut self, at: FieldPlace, before: FieldState) {
        match before.value {
            Some(value) => self.values.insert(at, value),
            None => self.values.remove(&at),
        };
        for (there, known) in [(before.conflict, &mut self.mode_conflicts), (before.redacted, &mut self.redacted)] {
            if there {
                known.insert(at)
            } else {
                known.remove(&at)
            };
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{form_with, place};
    use crate::form::Form;
    use crate::json;
    use crate::product::PKIO;

    #[test]
    fn a_field_state_round_trip_restores_the_exact_value() {
        let mut form = form_with(&[("ship.name", "Anna")]);
        let (name, city) = (place(&form, "ship.name"), place(&form, "ship.city"));
        let before = [name, city].map(|at| form.field_state(at).unwrap());
        form.set_text(name, "Bram");
        form.set_text(city, "Zilverdam");
        for (at, stood) in [name, city].into_iter().zip(before) {
            form.restore_field_state(at, stood);
        }
        assert_eq!(form.text(name), "Anna");
        assert_eq!(form.field_value(city), None, "a blank is no text");
    }

    #[test]
    fn restored_duplicate_members_conflict_again() {
        let text = r#"{"organization": {"id": 900001, "name": "Gemeente Zilverdam"}}"#;
        let mut form = Form::parse_payload(PKIO, &json::parse(text).unwrap()).unwrap().form;
        let mode = place(&form, "org.how");
        let before = form.field_state(mode).unwrap();
        assert!(before.conflict);
        form.set_text(mode, "new");
        assert!(!form.field_state(mode).unwrap().conflict);
        form.restore_field_state(mode, before.clone());
        assert_eq!(form.field_state(mode), Some(before));
    }

    #[test]
    fn secrets_their_neighbors_and_the_agreement_are_not_saved() {
        let form = form_with(&[("card.number", "4111111111111111"), ("order.csa", "true")]);
        for id in ["card.number", "card.cvv", "card.month", "order.csa"] {
            assert_eq!(form.field_state(place(&form, id)), None, "{id}");
        }
    }
}
