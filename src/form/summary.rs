//! The summary of an order for a person: value by value in the order of the steps, with labels instead of member
//! names.
//!
//! It lists only fields with a value. It never shows card data or the values in the same group. The caller passes in
//! the names that only the account knows.

use super::field_checks::has_card_number;
use super::redact::is_private_field;
use super::{FieldPlace, FieldValue, Form, RowKey};
use crate::i18n::{LocalizedText, Translations, country, texts};
use crate::json;
use crate::product::{GroupId, PickList, StepId, ValueKind};

#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SummaryLine {
    /// The title of a step.
    Step(String),
    /// The title of a group or row within a step.
    Part(String),
    /// A label and its value.
    Value(String, String),
    /// The pointer of a member that the form does not know.
    Foreign(String),
}

/// Looks up the name that an account has for an id of one of its lists.
pub type NameLookup<'a> = &'a dyn Fn(PickList, u64) -> Option<String>;

impl Form {
    /// Returns the lines of all fields with a value.
    pub fn summary_lines(&self, lang: &Translations, names: NameLookup<'_>) -> Vec<SummaryLine> {
        let mut lines = Vec::new();
        for step in (0..self.product.steps.len()).map(StepId) {
            let mut values = Vec::new();
            for group in self.product.groups_of(step) {
                for (index, row) in self.rows(group).iter().enumerate() {
                    add_row_summary(self, group, *row, index + 1, (lang, names), &mut values);
                }
            }
            if !values.is_empty() {
                lines.push(SummaryLine::Step(text_in_language(lang, &self.product[step].title)));
                lines.append(&mut values);
            }
        }
        lines.extend(
            self.foreign_members()
                .into_iter()
                .map(|(pointer, _)| SummaryLine::Foreign(hide_card_number(lang, pointer))),
        );
        lines
    }
}

/// Adds the values of a row. A mode is shown only if no other field is.
fn add_row_summary(
    form: &Form,
    group: GroupId,
    row: RowKey,
    number: usize,
    by: (&Translations, NameLookup<'_>),
    lines: &mut Vec<SummaryLine>,
) {
    let places = form.product.fields_of(group).map(|field| FieldPlace { field, row });
    let shown =
        places.filter(|at| form.is_visible(*at) && !form.is_blank(*at) && !is_private_field(form.product, at.field));
    let (modes, values): (Vec<FieldPlace>, Vec<FieldPlace>) = shown.partition(|at| form.product[at.field].is_mode());
    let (lang, declared) = (by.0, &form.product[group]);
    let several = declared.row.as_ref().filter(|_| form.rows(group).len() > 1);
    let title = declared.title.as_ref().map(|title| text_in_language(lang, title));
    let title = title.or_else(|| several.map(|row| format!("{} {number}", text_in_language(lang, row))));
    lines.extend(title.filter(|_| !values.is_empty()).map(SummaryLine::Part));
    for at in if values.is_empty() { modes } else { values } {
        lines.push(SummaryLine::Value(
            text_in_language(lang, &form.product[at.field].label),
            summary_value(form, at, by),
        ));
    }
}

fn summary_value(form: &Form, at: FieldPlace, (lang, names): (&Translations, NameLookup<'_>)) -> String {
    if let Some(FieldValue::RawJson(doc)) = form.field_value(at) {
        let mut text = String::new();
        json::write_one_line(&mut text, doc);
        return hide_card_number(lang, text);
    }
    let (field, text) = (&form.product[at.field], form.text(at));
    let listed = field.source.as_ref().map(|source| source.list);
    let found = match listed {
        Some(PickList::Countries) => {
            country::find_country(text).map(|known| format!("{} ({text})", known.name(lang.language)))
        }
        Some(list) => text.parse().ok().and_then(|id| names(list, id)).map(|name| format!("{text}  {name}")),
        None => None,
    };
    match (field.kind, field.find_option(text), found) {
        (ValueKind::Bool | ValueKind::Consent, ..) => {
            lang.text(if text == "true" { texts::value::YES } else { texts::value::NO }).into()
        }
        (_, Some(option), _) => text_in_language(lang, &option.label),
        (_, None, Some(found)) => found,
        (_, None, None) => hide_card_number(lang, text.to_owned()),
    }
}

fn text_in_language(lang: &Translations, words: &LocalizedText) -> String {
    words.in_language(lang.language).to_owned()
}

/// Returns the text, or a placeholder if it seems to contain a card number.
fn hide_card_number(lang: &Translations, text: String) -> String {
    if has_card_number(&text) { lang.text(texts::value::WITHHELD).to_owned() } else { text }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::form::tests::form_with;
    use crate::i18n::Language;

    fn told(values: &[(&str, &str)]) -> Vec<SummaryLine> {
        form_with(values)
            .summary_lines(&Translations::new(Language::En), &|_, id| (id == 900_001).then(|| "A".to_owned()))
    }

    fn value(label: &str, value: &str) -> SummaryLine {
        SummaryLine::Value(label.into(), value.into())
    }

    #[test]
    fn summary_values_are_grouped_by_step_with_known_names() {
        let lines = told(&[("org.id", "900001"), ("ship.country", "nl"), ("order.csa", "true")]);
        assert_eq!(lines[0], SummaryLine::Step("Organization".into()));
        assert_eq!(lines[1], value("Name or id", "900001  A"));
        assert!(lines.contains(&value("Country", "Netherlands (nl)")), "{lines:#?}");
        assert!(lines.iter().any(|line| matches!(line, SummaryLine::Value(_, yes) if yes == "yes")), "{lines:#?}");
    }

    #[test]
    fn the_summary_never_contains_card_data() {
        let card = [
            ("pay.method", "card"),
            ("card.number", "4111111111111111"),
            ("card.cvv", "123"),
            ("card.holder", "Holder of it"),
            ("card.month", "09"),
            ("ship.name", "4111 1111 1111 1111"),
        ];
        let text = format!("{:?}", told(&card));
        assert!(text.contains("credit card"), "{text}");
        for part in ["4111", "123\"", "Holder", "\"09\""] {
            assert!(!text.contains(part), "{part} in {text}");
        }
    }
}
