//! Addresses, and copying one to another group, by the parts that the product file names.
//!
//! The product file decides which group may copy from which; the wizard offers it.

use super::{FieldPlace, FieldValue, Form, RowKey, ValueOrigin};
use crate::domain::Organization;
use crate::product::{AddressPart, GroupId};
use std::collections::BTreeMap;

/// An address by its parts; an unknown part has no entry.
pub type Address = BTreeMap<AddressPart, String>;

/// The values that a pasted address replaced. [`Form::restore_address`] restores them exactly.
#[derive(Debug, Clone)]
pub struct ReplacedAddress {
    fields: Vec<ReplacedField>,
    group: GroupId,
    /// The origin of the former values.
    origin: Option<ValueOrigin>,
}

/// One place of an address: its former value, and the inserted one.
#[derive(Debug, Clone)]
struct ReplacedField {
    place: FieldPlace,
    before: Option<FieldValue>,
    inserted: String,
}

impl From<&Organization> for Address {
    fn from(org: &Organization) -> Self {
        let parts = [
            (AddressPart::Line1, &org.address),
            (AddressPart::Line2, &org.address2),
            (AddressPart::City, &org.city),
            (AddressPart::State, &org.state),
            (AddressPart::Zip, &org.zip),
            (AddressPart::Country, &org.country),
        ];
        parts.into_iter().filter(|(_, text)| !text.is_empty()).map(|(part, text)| (part, text.clone())).collect()
    }
}

impl Form {
    /// Returns the address of a group: the parts that are asked and filled in.
    pub fn address(&self, group: GroupId) -> Address {
        let parts = self.address_places(group).filter(|(_, at)| self.is_visible(*at) && !self.text(*at).is_empty());
        parts.map(|(part, at)| (part, self.text(at).to_owned())).collect()
    }

    /// Replaces the whole address of a group: a part that the new address lacks becomes blank. Returns the former
    /// values, for [`Form::restore_address`]. Where a part still holds what the `earlier` paste inserted, the former
    /// value is the one from before that paste.
    pub fn paste_address(
        &mut self,
        group: GroupId,
        address: &Address,
        earlier: Option<&ReplacedAddress>,
    ) -> ReplacedAddress {
        let parts: Vec<(AddressPart, FieldPlace)> = self.address_places(group).collect();
        let now = self.origins.remove(&(group, RowKey::SINGLE));
        let origin = earlier.map_or(now, |earlier| earlier.origin.clone());
        let replaced = parts.into_iter().map(|(part, at)| {
            let put = address.get(&part).cloned().unwrap_or_default();
            let first = earlier
                .and_then(|earlier| earlier.fields.iter().find(|one| one.place == at && one.inserted == self.text(at)));
            let before = first.map_or_else(|| self.field_value(at).cloned(), |one| one.before.clone());
            self.set_text(at, &put);
            ReplacedField { place: at, before, inserted: put }
        });
        ReplacedAddress { fields: replaced.collect(), group, origin }
    }

    /// Restores the values that a pasted address replaced. A part that was typed over since stays.
    pub fn restore_address(&mut self, replaced: ReplacedAddress) {
        self.origins.remove(&(replaced.group, RowKey::SINGLE));
        self.origins.extend(replaced.origin.map(|origin| ((replaced.group, RowKey::SINGLE), origin)));
        for ReplacedField { place: at, before, inserted: put } in replaced.fields {
            if self.text(at) != put {
                continue;
            }
            match before {
                Some(value) => self.values.insert(at, value),
                None => self.values.remove(&at),
            };
        }
    }

    /// Returns the places of a group that make its address.
    pub(super) fn address_places(&self, group: GroupId) -> impl Iterator<Item = (AddressPart, FieldPlace)> + '_ {
        let fields = self.product.fields_of(group);
        fields.filter_map(|field| Some((self.product[field].part?, FieldPlace { field, row: RowKey::SINGLE })))
    }
}

#[cfg(test)]
mod tests {
    use super::super::tests::{form_with, place};
    use super::*;

    #[test]
    fn copying_an_address_fills_every_field_and_can_be_undone() {
        let mut form = form_with(&[("ship.addr1", "Oude Weg 2"), ("ship.addr2", "3 hoog")]);
        let ship = form.product()[place(&form, "ship.addr1").field].group;
        let org =
            Organization { address: "Raadhuisplein 1".into(), city: "Zilverdam".into(), ..Organization::default() };
        let before = form.paste_address(ship, &Address::from(&org), None);
        assert_eq!(form.text(place(&form, "ship.addr1")), "Raadhuisplein 1");
        assert_eq!(form.text(place(&form, "ship.addr2")), "", "no stray line of the old address");
        assert_eq!(form.text(place(&form, "ship.name")), "", "the recipient is nobody's address");
        form.restore_address(before);
        assert_eq!(form.text(place(&form, "ship.addr1")), "Oude Weg 2");
        assert_eq!(form.text(place(&form, "ship.addr2")), "3 hoog");
        assert_eq!(form.text(place(&form, "ship.country")), "nl");
    }

    #[test]
    fn undo_also_restores_invalid_and_absent_payload_values() {
        let doc = crate::json::parse(r#"{"ship_info": {"zip": 1234, "city": "Ede"}}"#).unwrap();
        let mut form = Form::parse_payload(crate::product::PKIO, &doc).unwrap().form;
        let was = form.payload_text();
        let ship = form.product()[place(&form, "ship.zip").field].group;
        let before = form.paste_address(ship, &Address::from([(AddressPart::Zip, "1234 AB".to_owned())]), None);
        assert_ne!(form.payload_text(), was);
        form.restore_address(before);
        assert_eq!(form.payload_text(), was);
    }

    #[test]
    fn undo_keeps_later_typing_and_a_second_copy_keeps_the_first_undo() {
        let mut form = form_with(&[("ship.addr1", "Oude Weg 2")]);
        let ship = form.product()[place(&form, "ship.addr1").field].group;
        let address =
            Address::from([(AddressPart::Line1, "Plein 1".to_owned()), (AddressPart::City, "Ede".to_owned())]);
        let first = form.paste_address(ship, &address, None);
        form.set_text(place(&form, "ship.addr2"), "3 hoog");
        let second = form.paste_address(ship, &address, Some(&first));
        form.set_text(place(&form, "ship.city"), "Ede-Zuid");
        form.restore_address(second);
        assert_eq!(form.text(place(&form, "ship.addr1")), "Oude Weg 2");
        assert_eq!(form.text(place(&form, "ship.addr2")), "3 hoog", "it was typed before the second copy");
        assert_eq!(form.text(place(&form, "ship.city")), "Ede-Zuid", "it was typed after it");
    }

    #[test]
    fn only_visible_fields_are_copied() {
        let form = form_with(&[("org.how", "existing"), ("org.address", "Raadhuisplein 1")]);
        let org = form.product()[place(&form, "org.address").field].group;
        assert!(form.address(org).is_empty());
    }
}
