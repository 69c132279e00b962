//! For any payload and any typing: reading and writing changes nothing without reporting it.

use super::{new_org, place, product, put, read, sent};
use crate::common::payloads::any_payload;
use proptest::prelude::*;
use serde_json::Value;
use zegel::domain::AccountData;
use zegel::form::lint::{LintFinding, lint_text};
use zegel::form::{Audience, Normalization, ValidationContext};
use zegel::product::Severity;

/// Removes the value at this pointer.
fn without(value: &mut Value, pointer: &str) {
    let (parent, name) = pointer.rsplit_once('/').unwrap();
    if let Some(Value::Object(members)) = value.pointer_mut(parent) {
        members.shift_remove(name);
    }
}

/// Parses a text and removes the positions.
fn bare(text: &str) -> zegel::json::JsonNode {
    zegel::json::parse(text).unwrap()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn reading_and_writing_changes_only_what_is_reported(payload in any_payload()) {
        let reading = read(&payload.to_string());
        let mut expected = payload.clone();
        for note in &reading.normalizations {
            match note {
                Normalization::TextToInteger(pointer) => {
                    let target = expected.pointer_mut(pointer).unwrap();
                    *target = target.as_str().unwrap().parse::<u64>().unwrap().into();
                }
                Normalization::WholeNumber(pointer) => {
                    let target = expected.pointer_mut(pointer).unwrap();
                    *target = zegel::json::parse_whole_number(&target.to_string()).unwrap().into();
                }
                Normalization::NumberToText(pointer) => {
                    let target = expected.pointer_mut(pointer).unwrap();
                    *target = zegel::json::parse_whole_number(&target.to_string()).unwrap().to_string().into();
                }
                Normalization::LeftOut(pointer) => without(&mut expected, pointer),
            }
        }
        let written = sent(&reading.form);
        prop_assert_eq!(serde_json::from_str::<Value>(&written).unwrap().to_string(), expected.to_string());
        let line = written.replace('\n', "");
        prop_assert_eq!(zegel::text::visible(&line), line.as_str());
        let again = read(&written);
        prop_assert_eq!(again.normalizations, vec![]);
        prop_assert_eq!(sent(&again.form), written);
    }

    /// The check of the text refuses what the wizard would refuse at Review, and otherwise only what no form can
    /// contain: in these payloads, a control character in a member that the form does not know.
    #[test]
    fn the_text_check_and_the_form_review_refuse_the_same_payloads(payload in any_payload()) {
        let (text, known) = (payload.to_string(), AccountData::default());
        let context = ValidationContext { today: jiff::civil::date(2026, 11, 22), known: &known, audience: Audience::Review };
        let refused = read(&text).form.find_problems(&context).iter().any(|problem| problem.level == Severity::Error);
        let found = lint_text(product(), text.as_bytes(), &context);
        let errors: Vec<_> = found.findings.iter().filter(|finding| finding.level == Severity::Error).collect();
        let foreign = |finding: &&LintFinding| finding.code() == "control" && finding.field.is_none();
        prop_assert_eq!(refused, !errors.iter().all(foreign), "{:?} in {}", errors, text);
        prop_assert!(errors.is_empty() || refused || text.contains("\\u001b"), "{:?} in {}", errors, text);
    }

    #[test]
    fn a_saved_file_has_the_values_of_the_form_and_only_their_changes(
        payload in any_payload(),
        compact in any::<bool>(),
        city in "\\PC{0,8}",
    ) {
        let source = if compact { payload.to_string() } else { serde_json::to_string_pretty(&payload).unwrap() };
        let doc = zegel::json::parse(&source).unwrap();
        let reading = read(&source);
        let mut form = reading.form;
        let patched = form.patch_file_text(&source, &doc);
        if reading.normalizations.is_empty() && !form.has_secrets() {
            prop_assert_eq!((patched.text.as_str(), patched.changes.len()), (source.as_str(), 0));
        }
        prop_assert_eq!(bare(&patched.text), bare(&form.file_text()));
        put(&mut form, "ship.city", &city);
        let changed = form.patch_file_text(&patched.text, &zegel::json::parse(&patched.text).unwrap());
        prop_assert_eq!(bare(&changed.text), bare(&form.file_text()));
        // A value that is changed back gives the original text.
        let back = read(&patched.text).form.patch_file_text(&changed.text, &zegel::json::parse(&changed.text).unwrap());
        prop_assert_eq!(bare(&back.text), bare(&patched.text));
    }

    #[test]
    fn any_typed_text_is_read_back(texts in proptest::collection::vec("\\PC{0,12}", 8)) {
        let ids = ["ship.name", "ship.addr1", "ship.addr2", "ship.zip", "ship.city", "ship.state", "org.name", "contact.email"];
        let mut form = new_org(&[("contact.how", "new")]);
        for (id, text) in ids.iter().zip(&texts) {
            put(&mut form, id, text);
        }
        let again = read(&sent(&form)).form;
        for (id, text) in ids.iter().zip(&texts) {
            prop_assert_eq!(again.text(place(&again, id)), text.as_str());
        }
    }
}
