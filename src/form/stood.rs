//! What stands at a place, to be put there again just as it was: for undoing, in whatever way a value came and went.
//!
//! Nothing that may not be kept is ever taken: no secret, nothing beside one, and no agreement. It knows no history.

use super::withhold::is_private;
use super::{Form, Held, Place};
use crate::product::Kind;

/// What stood at a place, with what the form knew of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Stood {
    held: Option<Held>,
    conflict: bool,
    withheld: bool,
}

impl Form {
    /// What stands at a place; nothing where it may not be kept.
    pub fn stood(&self, at: Place) -> Option<Stood> {
        let kept = self.product[at.field].kind != Kind::Consent && !is_private(self.product, at.field);
        kept.then(|| Stood {
            held: self.values.get(&at).cloned(),
            conflict: self.conflicts.contains(&at),
            withheld: self.withheld.contains(&at),
        })
    }

    /// Puts back what stood at a place.
    pub fn bring_back(&mut self, at: Place, stood: Stood) {
        match stood.held {
            Some(held) => self.values.insert(at, held),
            None => self.values.remove(&at),
        };
        for (there, known) in [(stood.conflict, &mut self.conflicts), (stood.withheld, &mut self.withheld)] {
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
    use crate::product::pkio;

    #[test]
    fn what_stood_comes_back_just_as_it_was() {
        let mut form = form_with(&[("ship.name", "Anna")]);
        let (name, city) = (place(&form, "ship.name"), place(&form, "ship.city"));
        let before = [name, city].map(|at| form.stood(at).unwrap());
        form.set(name, "Bram");
        form.set(city, "Zilverdam");
        for (at, stood) in [name, city].into_iter().zip(before) {
            form.bring_back(at, stood);
        }
        assert_eq!(form.text(name), "Anna");
        assert_eq!(form.held(city), None, "a blank is no text");
    }

    #[test]
    fn what_a_payload_has_twice_is_in_conflict_again() {
        let text = r#"{"organization": {"id": 900001, "name": "Gemeente Zilverdam"}}"#;
        let mut form = Form::read(pkio().unwrap(), &json::parse(text).unwrap()).unwrap().form;
        let mode = place(&form, "org.how");
        let stood = form.stood(mode).unwrap();
        assert!(stood.conflict);
        form.set(mode, "new");
        assert!(!form.stood(mode).unwrap().conflict);
        form.bring_back(mode, stood.clone());
        assert_eq!(form.stood(mode), Some(stood));
    }

    #[test]
    fn secrets_what_stands_beside_them_and_the_agreement_are_not_kept() {
        let form = form_with(&[("card.number", "4111111111111111"), ("order.csa", "true")]);
        for id in ["card.number", "card.cvv", "card.month", "order.csa"] {
            assert_eq!(form.stood(place(&form, id)), None, "{id}");
        }
    }
}
