//! Whom an order is for, and what is written down of it before it is sent.
//!
//! It makes plain values; where they are kept is not its matter.

use super::{FieldPlace, Form, PayloadText};
use crate::domain::{Intent, KnownSet};
use crate::product::PickList;

impl Form {
    /// The field that names whom the order is for.
    pub fn subject_place(&self) -> Option<FieldPlace> {
        self.visible_places().find(|at| self.product[at.field].subject)
    }

    /// Whether a field holds the id of an organization that there is.
    pub fn is_organization_field(&self, at: FieldPlace) -> bool {
        self.product[at.field].source.as_ref().is_some_and(|source| source.list == PickList::Organizations)
    }

    /// The organization that the order names by its id; none where it brings a new one.
    pub fn organization_id(&self) -> Option<u64> {
        let at = self.subject_place().filter(|at| self.is_organization_field(*at))?;
        self.text(at).parse().ok()
    }

    /// The order that is about to be sent to this host, as far as the form knows it: the rest is put in by who looks
    /// what there is before it, and by who writes it down.
    pub fn build_intent(&self, body: &PayloadText, host: &str) -> Intent {
        Intent {
            draft: None,
            host: host.to_owned(),
            account: String::new(),
            product: self.product.name_id.clone(),
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
