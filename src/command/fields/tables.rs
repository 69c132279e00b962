//! The fields as Markdown: a heading and a table for each step.
//!
//! What stands in a cell is made harmless for tables: a bar would end it.

use super::words::Teller;
use crate::product::Step;
use crate::product::catalog::Entry;

/// Everything, by step.
pub(super) fn tables(teller: &Teller<'_>) -> String {
    let (product, lang) = (teller.product, teller.lang);
    let title = product.title.in_language(lang.language);
    let head = format!("# {title}\n\n`POST {}`. {}\n", product.endpoint, cell(lang.say("fields.notation")));
    std::iter::once(head).chain(product.steps.iter().map(|step| table(teller, step))).collect()
}

fn table(teller: &Teller<'_>, step: &Step) -> String {
    let lang = teller.lang;
    let [title, intro] = [&step.title, &step.intro].map(|words| cell(words.in_language(lang.language)));
    let rows = teller.product.catalog().filter(|entry| entry.step.id == step.id).map(|entry| row(teller, &entry));
    let columns = lang.say("fields.columns");
    format!("\n## {title}\n\n{intro}\n\n{columns}\n|---|---|---|---|---|---|\n{}", rows.collect::<String>())
}

fn row(teller: &Teller<'_>, entry: &Entry<'_>) -> String {
    let field = entry.field;
    let pointer =
        entry.pointer.as_ref().map_or_else(|| teller.lang.say("fields.not_sent").to_owned(), |at| format!("`{at}`"));
    let name = format!("{}<br>`{}`", cell(field.label.in_language(teller.lang.language)), field.id);
    let said: Vec<String> =
        teller.values(entry).into_iter().chain(teller.limits(entry)).map(|text| cell(&text)).collect();
    let [kind, required] = [teller.kind(field.kind), &teller.required(entry)].map(cell);
    let source = cell(&field.cite.judged(teller.lang));
    format!("| {pointer} | {name} | {kind} | {required} | {} | {source} |\n", said.join("<br>"))
}

/// A text that cannot be taken for a mark of Markdown.
fn cell(text: &str) -> String {
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
    fn marks_lose_their_meaning() {
        assert_eq!(cell(r"a|b *c* <d> `e` f_g \"), r"a\|b \*c\* \<d> \`e\` f\_g \\");
    }
}
