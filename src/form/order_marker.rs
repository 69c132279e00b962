//! The order marker: a member that the form does not ask for, added on demand, by which an order can be found again.
//!
//! `alternative_order_id` is documented for sibling products (certcentral-api.md 2.1 and 2.5); that this one takes it
//! is not confirmed. The caller chooses the text of the marker. A payload that already has this member keeps its own.

use super::Form;
use super::payload_tree::SkeletonSlot;
use crate::json::{self, JsonValue};

const MEMBER_NAME: &str = "alternative_order_id";

/// The prefix of markers that zegel writes.
const MARKER_PREFIX: &str = "zegel-";

impl Form {
    pub fn has_order_marker(&self) -> bool {
        self.skeleton.iter().flatten().any(|(name, _)| name == MEMBER_NAME)
    }

    /// Adds the marker, unless the payload already has one.
    pub fn add_order_marker(&mut self, mark: &str) {
        let mut text = String::new();
        json::write_quoted(&mut text, mark);
        if let Ok(doc) = json::parse(&text)
            && !self.has_order_marker()
        {
            self.skeleton.get_or_insert_default().push((MEMBER_NAME.to_owned(), SkeletonSlot::Foreign(doc)));
        }
    }

    /// Removes the marker of any program or person: another order has another marker.
    pub(super) fn remove_order_marker(&mut self) {
        self.skeleton.iter_mut().for_each(|skeleton| skeleton.retain(|(name, _)| name != MEMBER_NAME));
    }

    /// Removes the marker, unless it is the payload's own.
    pub fn remove_own_order_marker(&mut self) {
        let is_marker = |slot: &SkeletonSlot| match slot {
            SkeletonSlot::Foreign(doc) => {
                matches!(&doc.value, JsonValue::Text(text) if text.starts_with(MARKER_PREFIX))
            }
            _ => false,
        };
        self.skeleton
            .iter_mut()
            .for_each(|skeleton| skeleton.retain(|(name, slot)| name != MEMBER_NAME || !is_marker(slot)));
    }
}

#[cfg(test)]
mod tests {
    use crate::form::tests::form_with;

    #[test]
    fn the_order_mark_is_in_the_body_once_and_can_be_removed() {
        let mut form = form_with(&[("ship.name", "Anna")]);
        let before = form.payload_text();
        form.add_order_marker("zegel-1f");
        form.add_order_marker("zegel-2f");
        let marked = form.payload_text();
        assert!(
            marked.masked_text().contains(r#""alternative_order_id": "zegel-1f""#)
                && !marked.masked_text().contains("2f")
        );
        assert_ne!(marked.digest(), before.digest());
        assert_eq!(form.foreign_members().len(), 1);
        form.remove_own_order_marker();
        assert_eq!(form.payload_text().masked_text(), before.masked_text());
        assert!(!form.has_order_marker());
        form.add_order_marker("own");
        form.remove_own_order_marker();
        assert!(form.has_order_marker(), "it is not ours to take out");
    }
}
