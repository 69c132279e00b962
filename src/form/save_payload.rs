//! The form as the text of a payload file, and back: saved without secrets, edited, and read again.
//!
//! A file gets what the form makes, without its secrets and without the order marker. Reading the edited text back
//! keeps the values that are never in a file, and ignores an agreement that was written into it. Files and editors do
//! not belong here.

use super::field_checks::has_card_number;
use super::{FieldPlace, Form, NotAnObject, ParsedPayload};
use crate::json::{self, JsonChange, JsonChangeKind, JsonNode, PatchedText};
use crate::product::{FieldId, ValueKind};

/// The mask of a value that is not shown.
const MASK: &str = "***";

impl Form {
    pub fn file_text(&self) -> String {
        let mut form = self.clone();
        // The marker belongs to one order, and a file can become several orders.
        form.remove_own_order_marker();
        form.payload_text().text_without_secrets().to_owned() + "\n"
    }

    /// Changes the text of a file so that it has the values of this form. `doc` is the JSON that was parsed from
    /// `source`. Secrets are masked in the list of changes.
    pub fn patch_file_text(&self, source: &str, doc: &JsonNode) -> PatchedText {
        // The form always writes JSON. If it did not, nothing is changed and no change is reported.
        let Ok(target) = json::parse(&self.file_text()) else {
            return PatchedText { text: source.to_owned(), changes: Vec::new() };
        };
        let mut patched = json::patch_text(source, doc, &target);
        patched.changes.iter_mut().for_each(|change| mask_change(self, change));
        patched
    }

    /// Returns the values of a new file, as changes of an empty file.
    pub fn file_changes(&self) -> Vec<JsonChange> {
        let nothing = "{}";
        // An empty object is JSON, so the default is never used.
        json::parse(nothing).map(|doc| self.patch_file_text(nothing, &doc).changes).unwrap_or_default()
    }

    pub fn secret_fields(&self) -> impl Iterator<Item = FieldId> + '_ {
        self.product.field_ids().filter(|field| self.product[*field].secret.is_some())
    }

    /// Parses the text of this form after it was changed in an editor. The second value is true if an agreement was
    /// removed: one that this form did not have was not given by the person's own act.
    ///
    /// # Errors
    /// If the text is not an object any more.
    pub fn parse_edited_payload(&self, doc: &JsonNode) -> Result<(ParsedPayload, bool), NotAnObject> {
        let mut reading = Self::parse_payload(self.product, doc)?;
        let form = &mut reading.form;
        let mut withdrawn = false;
        for field in self.product.field_ids().filter(|field| self.product[*field].kind == ValueKind::Consent) {
            let at = FieldPlace { field, row: super::RowKey::SINGLE };
            if form.field_value(at).is_some() && form.field_value(at) != self.field_value(at) {
                form.values.remove(&at);
                withdrawn = true;
            }
        }
        // The text never contains secrets, so their absence means nothing.
        for (at, secret) in &self.secrets {
            form.secrets.entry(*at).or_insert_with(|| secret.clone());
        }
        form.redacted.extend(self.redacted.iter().filter(|at| !form.values.contains_key(at)));
        form.redacted_members.extend(self.redacted_members.iter().cloned());
        // The rows have new keys, but the same positions as long as none was added or removed.
        for ((group, row), origin) in &self.origins {
            let (before, after) = (self.rows(*group), form.rows(*group));
            let at = before.iter().position(|known| known == row).filter(|_| before.len() == after.len());
            if let Some(row) = at.map(|at| after[at]) {
                form.origins.insert((*group, row), origin.clone());
            }
        }
        Ok((reading, withdrawn))
    }
}

fn mask_change(form: &Form, change: &mut JsonChange) {
    let hidden = is_secret_pointer(form, &change.pointer);
    let mask = |text: &mut String| {
        if hidden || has_card_number(text) {
            MASK.clone_into(text);
        }
    };
    match &mut change.kind {
        JsonChangeKind::Added(text) | JsonChangeKind::Removed(text) | JsonChangeKind::DuplicateRemoved(text) => {
            mask(text);
        }
        JsonChangeKind::Changed(was, is) => [was, is].into_iter().for_each(mask),
        JsonChangeKind::Reordered => {}
    }
    if has_card_number(&change.pointer) {
        MASK.clone_into(&mut change.pointer);
    }
}

/// Returns true if a secret belongs at this pointer, below it or above it: a value of the wrong type may still be
/// a secret.
fn is_secret_pointer(form: &Form, pointer: &str) -> bool {
    let below = |longer: &str, shorter: &str| {
        longer.strip_prefix(shorter).is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    };
    let mut secrets = form.secret_fields().filter_map(|field| form.product.json_pointer(field, None));
    !pointer.is_empty() && secrets.any(|secret| below(&secret, pointer) || below(pointer, &secret))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::tests::{form_with, place};
    use crate::json::parse;
    use crate::product::PKIO;
    use rstest::rstest;

    const CARD: &str = "4111111111111111";

    fn by_card() -> Form {
        form_with(&[
            ("org.how", "new"),
            ("org.name", "Gemeente Zilverdam"),
            ("order.csa", "true"),
            ("pay.method", "card"),
            ("card.number", CARD),
            ("card.cvv", "123"),
        ])
    }

    fn read(source: &str) -> Form {
        Form::parse_payload(PKIO, &parse(source).unwrap()).unwrap().form
    }

    fn rewritten(form: &Form, source: &str) -> PatchedText {
        form.patch_file_text(source, &parse(source).unwrap())
    }

    #[test]
    fn a_saved_file_has_no_secret_and_no_mark() {
        let mut form = by_card();
        form.add_order_marker("zegel-1f");
        let text = form.file_text();
        assert!(text.ends_with("}\n") && text.contains("Gemeente Zilverdam"), "{text}");
        assert!(!text.contains("1111") && !text.contains("\"123\"") && !text.contains("zegel-1f"), "{text}");
        assert!(form.file_changes().len() > 5);
        assert!(form.has_order_marker(), "the form keeps it");
    }

    #[test]
    fn an_unchanged_value_keeps_its_exact_bytes() {
        let source = "\u{feff}{\r\n\t\"comments\" :\"x\",\r\n\t\"organization\": { \"id\":900001 }\r\n}\r\n\r\n";
        let patched = rewritten(&read(source), source);
        assert_eq!((patched.text.as_str(), patched.changes), (source, vec![]));
    }

    #[test]
    fn a_card_is_removed_from_a_file_without_showing_it() {
        let source = format!(
            r#"{{"payment_method": "credit_card", "credit_card": {{"number": "{CARD}", "cvv": 123, "number": "{CARD}"}}}}"#
        );
        let patched = rewritten(&read(&source), &source);
        assert!(!patched.text.contains("1111") && !patched.text.contains("123"), "{}", patched.text);
        assert!(!format!("{:?}", patched.changes).contains("1111"), "{:?}", patched.changes);
        assert!(patched.changes.iter().all(|change| match &change.kind {
            JsonChangeKind::Removed(text) | JsonChangeKind::DuplicateRemoved(text) => text == MASK,
            _ => false,
        }));
    }

    #[rstest]
    #[case("/credit_card/number", true)]
    #[case("/credit_card/number/0", true)]
    #[case("/credit_card", true)]
    #[case("/credit_card/expiration_month", false)]
    #[case("/credit_cards", false)]
    #[case("/organization/name", false)]
    #[case("", false)]
    fn where_a_secret_may_be_is_known(#[case] pointer: &str, #[case] secret: bool) {
        assert_eq!(is_secret_pointer(&by_card(), pointer), secret);
    }

    #[test]
    fn secrets_and_the_agreement_survive_editing_of_the_text() {
        let form = by_card();
        let text = form.file_text().replace("Zilverdam", "Rijnbeemd");
        let (reading, withdrawn) = form.parse_edited_payload(&parse(&text).unwrap()).unwrap();
        let of = |id| place(&form, id);
        assert_eq!(reading.form.text(of("org.name")), "Gemeente Rijnbeemd");
        assert_eq!(reading.form.secret(of("card.number")).unwrap().expose(), CARD);
        assert_eq!((reading.form.text(of("order.csa")), withdrawn), ("true", false));
    }

    #[rstest]
    #[case::added("", "true", "", true)]
    #[case::taken_out("true", "", "", false)]
    #[case::kept("true", "true", "true", false)]
    #[case::turned("false", "true", "", true)]
    fn an_agreement_in_the_text_counts_only_if_it_was_given_before(
        #[case] before: &str,
        #[case] written: &str,
        #[case] after: &str,
        #[case] taken_out: bool,
    ) {
        let form = form_with(&[("order.csa", before)]);
        let member = if written.is_empty() { String::new() } else { format!(r#""csa_agreed_to": {written}"#) };
        let (reading, withdrawn) = form.parse_edited_payload(&parse(&format!("{{{member}}}")).unwrap()).unwrap();
        assert_eq!((reading.form.text(place(&form, "order.csa")), withdrawn), (after, taken_out));
    }

    #[test]
    fn a_secret_typed_into_the_text_is_applied() {
        let form = by_card();
        let text = r#"{"payment_method": "credit_card", "credit_card": {"number": "5555555555554444"}}"#;
        let (reading, _) = form.parse_edited_payload(&parse(text).unwrap()).unwrap();
        assert_eq!(reading.form.secret(place(&form, "card.number")).unwrap().expose(), "5555555555554444");
        assert_eq!(reading.form.secret(place(&form, "card.cvv")).unwrap().expose(), "123");
    }
}
