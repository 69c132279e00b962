//! The fields as plain text: by step, one paragraph per field, one fact per line.
//!
//! Lines are not wrapped, so that a search finds whole facts and a terminal of any width can wrap them.

use super::describe::FieldDescriber;
use crate::i18n::{texts, with};
use crate::product::catalog::CatalogEntry;
use crate::product::{Group, Step};

/// Returns all fields, by step.
pub(super) fn fields_text(describer: &FieldDescriber<'_>) -> String {
    let product = describer.product;
    let title = product.title.in_language(describer.lang.language);
    let mut lines = vec![
        describer.lang.format(texts::fields::TITLE, (with::Product(&title), with::Endpoint(&product.endpoint))),
        describer.lang.text(texts::fields::NOTATION).to_owned(),
    ];
    let (mut step, mut group): (Option<&Step>, Option<&Group>) = (None, None);
    for entry in product.catalog() {
        if step.is_none_or(|known| known.id != entry.step.id) {
            lines.extend(step_heading(describer, entry.step));
            step = Some(entry.step);
        }
        if group.is_none_or(|known| known.id != entry.group.id) {
            lines.extend(row_count_lines(describer, entry.group));
            group = Some(entry.group);
        }
        lines.extend(field_paragraph(describer, &entry));
    }
    lines.join("\n") + "\n"
}

fn step_heading(describer: &FieldDescriber<'_>, step: &Step) -> Vec<String> {
    let in_language = |words: &crate::i18n::LocalizedText| words.in_language(describer.lang.language).to_owned();
    vec![String::new(), in_language(&step.title).to_uppercase(), in_language(&step.intro)]
}

/// Returns the number of rows that a list may have.
fn row_count_lines(describer: &FieldDescriber<'_>, group: &Group) -> Vec<String> {
    let Some(many) = group.many else { return Vec::new() };
    let rows =
        describer.lang.format(texts::fields::ROWS, (with::List(&group.at), with::Min(&many.min), with::Max(&many.max)));
    vec![String::new(), format!("  {rows}")]
}

fn field_paragraph(describer: &FieldDescriber<'_>, entry: &CatalogEntry<'_>) -> Vec<String> {
    let pointer = entry.pointer.as_deref().unwrap_or(describer.lang.text(texts::fields::NOT_SENT));
    let mut facts = vec![
        describer.label_with_id(entry.field),
        entry.field.help.in_language(describer.lang.language).to_owned(),
        describer.kind_text(entry.field.kind).to_owned(),
        describer.requirement_text(entry),
    ];
    facts.extend(describer.value_texts(entry).into_iter().chain(describer.limit_texts(entry)));
    facts.push(entry.field.cite.text_with_confirmation(describer.lang));
    let facts = facts.into_iter().map(|fact| format!("    {fact}"));
    [String::new(), format!("  {pointer}")].into_iter().chain(facts).collect()
}
