//! The new organization that an order brings, and its replacement by an existing organization of the account.
//!
//! The similarity of two organizations is computed in [`crate::similarity`]; this module only reads and sets the
//! form.

use super::{FieldPlace, Form, RowKey};
use crate::domain::Organization;
use crate::product::{AddressPart, FieldId, PickList, Product};
use crate::similarity::EnteredOrganization;

impl Form {
    /// Returns the new organization that the order brings; `None` if the order names an existing one, or nothing is
    /// typed yet.
    pub fn entered_organization(&self) -> Option<EnteredOrganization> {
        let at = self.subject_place().filter(|at| !self.is_organization_field(*at))?;
        let address = self.address(self.product[at.field].group);
        let part = |part| address.get(&part).cloned().unwrap_or_default();
        EnteredOrganization::from_organization(&Organization {
            name: self.text(at).to_owned(),
            city: part(AddressPart::City),
            zip: part(AddressPart::Zip),
            country: part(AddressPart::Country),
            ..Organization::default()
        })
    }

    /// Orders for this existing organization. The values of the new one stay but are not asked any more. Returns the
    /// places that were set.
    pub fn use_existing_organization(&mut self, id: u64) -> Vec<FieldPlace> {
        let product = self.product;
        let Some(field) =
            product.field_ids().find(|field| product[*field].subject && is_from_organization_list(product, *field))
        else {
            return Vec::new();
        };
        let at = FieldPlace { field, row: RowKey::SINGLE };
        let modes = product[field].when.iter().filter_map(|when| Some((when.field, when.is.first()?)));
        let mut set: Vec<FieldPlace> = modes
            .map(|(field, option)| {
                let mode = FieldPlace { field, ..at };
                self.set_text(mode, option);
                mode
            })
            .collect();
        self.pick_row(at, &id.to_string());
        set.push(at);
        set
    }
}

/// Returns true if a field takes the id of an existing organization.
fn is_from_organization_list(product: &Product, field: FieldId) -> bool {
    product[field].source.as_ref().is_some_and(|source| source.list == PickList::Organizations)
}

#[cfg(test)]
mod tests {
    use super::super::tests::{form_with, place};
    use super::*;

    #[test]
    fn the_form_returns_the_entered_organization_and_can_switch_to_an_existing_one() {
        let mut form = form_with(&[]);
        assert_eq!(form.entered_organization(), None);
        form.set_text(place(&form, "org.how"), "new");
        assert_eq!(form.entered_organization(), None, "nothing is typed");
        form.set_text(place(&form, "org.name"), "Gemeente Zilverdam");
        form.set_text(place(&form, "org.city"), "Zilverdam");
        let typed = ["gemeente zilverdam", "zilverdam", "nl"].map(str::to_owned);
        let [name, city, country] = typed;
        assert_eq!(
            form.entered_organization(),
            EnteredOrganization::from_organization(&Organization { name, city, country, ..Organization::default() })
        );
        let set = form.use_existing_organization(900_001);
        assert_eq!(set, [place(&form, "org.how"), place(&form, "org.id")]);
        assert_eq!((form.organization_id(), form.entered_organization()), (Some(900_001), None));
        form.set_text(place(&form, "org.how"), "new");
        assert_eq!(form.text(place(&form, "org.name")), "Gemeente Zilverdam", "what was typed stays");
    }
}
