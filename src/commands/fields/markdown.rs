//! The fields as Markdown: a heading and a table for each step.
//!
//! The text of a cell is escaped, because a vertical bar would end the cell.

use super::describe::FieldDescriber;
use crate::i18n::texts;
use crate::product::Step;
use crate::product::catalog::CatalogEntry;

/// Returns all fields, by step.
pub(super) fn fields_markdown(describer: &FieldDescriber<'_>) -> String {
    let (product, lang) = (describer.product, describer.lang);
    let title = product.title.in_language(lang.language);
    let head =
        format!("# {title}\n\n`POST {}`. {}\n", product.endpoint, escape_cell(lang.text(texts::fields::NOTATION)));
    std::iter::once(head).chain(product.steps.iter().map(|step| step_table(describer, step))).collect()
}

fn step_table(describer: &FieldDescriber<'_>, step: &Step) -> String {
    let lang = describer.lang;
    let [title, intro] = [&step.title, &step.intro].map(|words| escape_cell(words.in_language(lang.language)));
    let rows =
        describer.product.catalog().filter(|entry| entry.step.id == step.id).map(|entry| field_row(describer, &entry));
    let columns = lang.text(texts::fields::COLUMNS);
    format!("\n## {title}\n\n{intro}\n\n{columns}\n|---|---|---|---|---|---|\n{}", rows.collect::<String>())
}

fn field_row(describer: &FieldDescriber<'_>, entry: &CatalogEntry<'_>) -> String {
    let field = entry.field;
    let pointer = entry
        .pointer
        .as_ref()
        .map_or_else(|| describer.lang.text(texts::fields::NOT_SENT).to_owned(), |at| format!("`{at}`"));
    let name = format!("{}<br>`{}`", escape_cell(field.label.in_language(describer.lang.language)), field.id);
    let texts: Vec<String> = describer
        .value_texts(entry)
        .into_iter()
        .chain(describer.limit_texts(entry))
        .map(|text| escape_cell(&text))
        .collect();
    let [kind, required] = [describer.kind_text(field.kind), &describer.requirement_text(entry)].map(escape_cell);
    let source = escape_cell(&field.cite.text_with_confirmation(describer.lang));
    format!("| {pointer} | {name} | {kind} | {required} | {} | {source} |\n", texts.join("<br>"))
}

/// Escapes a text so that Markdown does not interpret it.
fn escape_cell(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if matches!(c, '|' | '*' | '_' | '<' | '`' | '\\') {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markdown_characters_are_escaped() {
        assert_eq!(escape_cell(r"a|b *c* <d> `e` f_g \"), r"a\|b \*c\* \<d> \`e\` f\_g \\");
    }
}
