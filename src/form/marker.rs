//! The mark by which an order can be found again: a member that the form does not ask for, put in on demand.
//!
//! `alternative_order_id` is documented for sibling products (certcentral-api.md 2.1 and 2.5); that this one takes it
//! is not confirmed. What the mark says is for the caller; a payload that has such a member of its own keeps it.

use super::Form;
use super::payload::Slot;
use crate::json::{self, Value};

/// The member.
const NAME: &str = "alternative_order_id";

/// What a mark of ours begins with.
const OURS: &str = "zegel-";

impl Form {
    /// Whether there is such a member.
    pub fn is_marked(&self) -> bool {
        self.skeleton.iter().flatten().any(|(name, _)| name == NAME)
    }

    /// Puts the mark in, unless there is one.
    pub fn mark(&mut self, mark: &str) {
        let mut text = String::new();
        json::quote(&mut text, mark);
        if let Ok(doc) = json::parse(&text)
            && !self.is_marked()
        {
            self.skeleton.get_or_insert_default().push((NAME.to_owned(), Slot::Foreign(doc)));
        }
    }

    /// Takes it out, whosever it is: another order has another mark.
    pub(super) fn forget_mark(&mut self) {
        self.skeleton.iter_mut().for_each(|skeleton| skeleton.retain(|(name, _)| name != NAME));
    }

    /// Takes it out, unless it is one of the payload's own.
    pub fn unmark(&mut self) {
        let ours = |slot: &Slot| match slot {
            Slot::Foreign(doc) => matches!(&doc.value, Value::Text(text) if text.starts_with(OURS)),
            _ => false,
        };
        self.skeleton.iter_mut().for_each(|skeleton| skeleton.retain(|(name, slot)| name != NAME || !ours(slot)));
    }
}

#[cfg(test)]
mod tests {
    use crate::form::tests::form_with;

    #[test]
    fn the_mark_is_in_the_body_once_and_can_be_taken_out() {
        let mut form = form_with(&[("ship.name", "Anna")]);
        let before = form.body();
        form.mark("zegel-1f");
        form.mark("zegel-2f");
        let marked = form.body();
        assert!(marked.text().contains(r#""alternative_order_id": "zegel-1f""#) && !marked.text().contains("2f"));
        assert_ne!(marked.digest(), before.digest());
        assert_eq!(form.foreign().len(), 1);
        form.unmark();
        assert_eq!(form.body().text(), before.text());
        assert!(!form.is_marked());
        form.mark("own");
        form.unmark();
        assert!(form.is_marked(), "it is not ours to take out");
    }
}
