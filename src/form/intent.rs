//! The intent: the subject of an order, and the record that the journal gets before the order is sent.
//!
//! It only builds values; the journal stores them elsewhere.

use super::{FieldPlace, Form, PayloadText};
use crate::domain::{Intent, KnownSet};
use crate::product::PickList;

impl Form {
    /// Returns the field that names the subject of the order.
    pub fn subject_place(&self) -> Option<FieldPlace> {
        self.visible_places().find(|at| self.product[at.field].subject)
    }

    /// Returns true if the field holds the id of an existing organization.
    pub fn is_organization_field(&self, at: FieldPlace) -> bool {
        self.product[at.field].source.as_ref().is_some_and(|source| source.list == PickList::Organizations)
    }

    /// Returns the id of the organization that the order names; `None` if the order brings a new organization.
    pub fn organization_id(&self) -> Option<u64> {
        let at = self.subject_place().filter(|at| self.is_organization_field(*at))?;
        self.text(at).parse().ok()
    }

    /// Builds the intent of an order to this host, as far as the form knows it. The preflight and the journal fill in
    /// the other members.
    pub fn build_intent(&self, body: &PayloadText, host: &str) -> Intent {
        Intent {
            draft: None,
            host: host.to_owned(),
            account: String::new(),
            product: self.product.name_id.to_owned(),
            organization: self.organization_id(),
            digest: body.digest().to_owned(),
            body: body.text_without_secrets().to_owned(),
            user: None,
            known_set: KnownSet::default(),
            server_time: None,
            local_time: 0,
        }
    }
}
