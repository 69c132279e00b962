//! The new organization that an order brings, and one of the account taken in its place.
//!
//! How alike two organizations are is told elsewhere; here is only what was typed of one.

use super::{Form, Place, Row};
use crate::facts::Organization;
use crate::likeness::Entered;
use crate::product::{FieldId, List, Part, Product};

impl Form {
    /// The new organization that the order brings; none where it names one that there is, or nothing is typed yet.
    pub fn entered(&self) -> Option<Entered> {
        let at = self.subject().filter(|at| !self.is_organization(*at))?;
        let address = self.address(self.product[at.field].group);
        let part = |part| address.get(&part).cloned().unwrap_or_default();
        Entered::of(&Organization {
            name: self.text(at).to_owned(),
            city: part(Part::City),
            zip: part(Part::Zip),
            country: part(Part::Country),
            ..Organization::default()
        })
    }

    /// Orders for this organization in place of the one that is being entered, of which everything stays but is not
    /// asked any more. Answers the places that were set.
    pub fn order_for(&mut self, id: u64) -> Vec<Place> {
        let product = self.product;
        let Some(field) = product.ids().find(|field| product[*field].subject && names_one(product, *field)) else {
            return Vec::new();
        };
        let at = Place { field, row: Row::ONE };
        let modes = product[field].when.iter().filter_map(|when| Some((when.field, when.is.first()?)));
        let mut set: Vec<Place> = modes
            .map(|(field, option)| {
                let mode = Place { field, ..at };
                self.set(mode, option);
                mode
            })
            .collect();
        self.pick(at, &id.to_string());
        set.push(at);
        set
    }
}

/// Whether a field names an organization that there is.
fn names_one(product: &Product, field: FieldId) -> bool {
    product[field].source.as_ref().is_some_and(|source| source.list == List::Organizations)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{form_with, place};
    use super::*;

    #[test]
    fn the_form_tells_what_is_entered_and_takes_one_that_there_is() {
        let mut form = form_with(&[]);
        assert_eq!(form.entered(), None);
        form.set(place(&form, "org.how"), "new");
        assert_eq!(form.entered(), None, "nothing is typed");
        form.set(place(&form, "org.name"), "Gemeente Zilverdam");
        form.set(place(&form, "org.city"), "Zilverdam");
        let typed = ["gemeente zilverdam", "zilverdam", "nl"].map(str::to_owned);
        let [name, city, country] = typed;
        assert_eq!(form.entered(), Entered::of(&Organization { name, city, country, ..Organization::default() }));
        let set = form.order_for(900_001);
        assert_eq!(set, [place(&form, "org.how"), place(&form, "org.id")]);
        assert_eq!((form.organization_id(), form.entered()), (Some(900_001), None));
        form.set(place(&form, "org.how"), "new");
        assert_eq!(form.text(place(&form, "org.name")), "Gemeente Zilverdam", "what was typed stays");
    }
}
