//! Reordering: a new order from an old one, with its values but without what belongs to that one order alone.
//!
//! Card data, the agreement, the order marker and an end date in the past are not taken over. The caller provides the
//! old order.

use super::{FieldPlace, Form, RedactedItem, RowKey};
use crate::product::ValueKind;
use jiff::civil::Date;

impl Form {
    /// Removes what is never taken over. Returns the items that must be asked again.
    pub fn prepare_reorder(&mut self, today: Date) -> Vec<RedactedItem> {
        self.remove_order_marker();
        self.redact_for_storage();
        let past: Vec<FieldPlace> = self.visible_places().filter(|at| is_past_date(self, *at, today)).collect();
        for at in &past {
            self.values.remove(at);
        }
        // The journal stores no secrets, so redaction found none to record.
        let secret = |at: &FieldPlace| self.product[at.field].secret.is_some() && self.is_blank(*at);
        let consent = |at: &FieldPlace| self.product[at.field].kind == ValueKind::Consent;
        let places: Vec<FieldPlace> = self.visible_places().filter(|at| secret(at) || consent(at)).collect();
        self.redacted.extend(places);
        let dates = past.into_iter().map(RedactedItem::Private);
        let visible = |one: &RedactedItem| match one {
            RedactedItem::Secret(at) | RedactedItem::Agreement(at) | RedactedItem::Private(at) => self.is_visible(*at),
            RedactedItem::Member(_) => true,
        };
        self.redacted_items().into_iter().filter(visible).chain(dates).collect()
    }
}

fn is_past_date(form: &Form, at: FieldPlace, today: Date) -> bool {
    at.row == RowKey::SINGLE
        && form.product[at.field].kind == ValueKind::Date
        && form.entered_date(at).is_some_and(|date| date <= today)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::tests::{form_with, place};
    use jiff::civil::date;

    const TODAY: Date = date(2026, 11, 22);

    fn ids(form: &Form, asked: &[RedactedItem]) -> Vec<String> {
        let id = |one: &RedactedItem| match one {
            RedactedItem::Secret(at) | RedactedItem::Agreement(at) | RedactedItem::Private(at) => {
                form.product()[at.field].id.to_owned()
            }
            RedactedItem::Member(pointer) => pointer.clone(),
        };
        asked.iter().map(id).collect()
    }

    #[test]
    fn a_reorder_has_no_card_agreement_or_mark() {
        let mut form = form_with(&[
            ("ship.name", "Anna"),
            ("order.csa", "true"),
            ("pay.method", "card"),
            ("card.number", "4111111111111111"),
            ("card.holder", "Anna de Vries"),
        ]);
        form.add_order_marker("own-7");
        let asked = form.prepare_reorder(TODAY);
        let text = form.payload_text().masked_text().to_owned() + &form.to_draft();
        for part in ["4111", "de Vries", "own-7", "csa_agreed_to\": true"] {
            assert!(!text.contains(part), "{part} in {text}");
        }
        let found = ids(&form, &asked);
        for id in ["order.csa", "card.number", "card.cvv", "card.holder"] {
            assert_eq!(found.iter().filter(|known| *known == id).count(), 1, "{id} in {found:?}");
        }
        assert_eq!(form.text(place(&form, "ship.name")), "Anna");
    }

    #[test]
    fn a_reorder_keeps_an_end_date_unless_it_is_past() {
        for (end, kept) in [("2026-11-21", ""), ("2026-11-22", ""), ("2027-11-22", "2027-11-22")] {
            let mut form = form_with(&[("valid.how", "date"), ("valid.date", end)]);
            let asked = form.prepare_reorder(TODAY);
            assert_eq!(form.text(place(&form, "valid.date")), kept);
            assert_eq!(ids(&form, &asked).contains(&"valid.date".to_owned()), kept.is_empty());
        }
    }

    #[test]
    fn a_reorder_without_a_card_asks_for_none() {
        let mut form = form_with(&[("pay.method", "balance")]);
        let asked = form.prepare_reorder(TODAY);
        assert_eq!(ids(&form, &asked), ["order.csa"]);
    }
}
