//! The fields as lines to read: by step, a paragraph each, every fact on a line of its own.
//!
//! No line is broken here, so that each can be searched for and a terminal of any width breaks them as it likes.

use super::words::Teller;
use crate::product::catalog::Entry;
use crate::product::{Group, Step};

/// Everything, by step.
pub(super) fn listing(teller: &Teller<'_>) -> String {
    let product = teller.product;
    let title = product.title.in_language(teller.lang.language);
    let mut lines = vec![
        teller.lang.tell("fields.title", &[("product", title), ("endpoint", &product.endpoint)]),
        teller.lang.say("fields.notation").to_owned(),
    ];
    let (mut step, mut group): (Option<&Step>, Option<&Group>) = (None, None);
    for entry in product.catalog() {
        if step.is_none_or(|known| known.id != entry.step.id) {
            lines.extend(heading(teller, entry.step));
            step = Some(entry.step);
        }
        if group.is_none_or(|known| known.id != entry.group.id) {
            lines.extend(rows(teller, entry.group));
            group = Some(entry.group);
        }
        lines.extend(paragraph(teller, &entry));
    }
    lines.join("\n") + "\n"
}

fn heading(teller: &Teller<'_>, step: &Step) -> Vec<String> {
    let in_language = |words: &crate::lang::Words| words.in_language(teller.lang.language).to_owned();
    vec![String::new(), in_language(&step.title).to_uppercase(), in_language(&step.intro)]
}

/// How many rows a list has.
fn rows(teller: &Teller<'_>, group: &Group) -> Vec<String> {
    let Some(many) = group.many else { return Vec::new() };
    let values = [("list", group.at.as_str()), ("min", &many.min.to_string()), ("max", &many.max.to_string())];
    vec![String::new(), format!("  {}", teller.lang.tell("fields.rows", &values))]
}

fn paragraph(teller: &Teller<'_>, entry: &Entry<'_>) -> Vec<String> {
    let pointer = entry.pointer.as_deref().unwrap_or(teller.lang.say("fields.not_sent"));
    let mut facts = vec![
        teller.name(entry.field),
        entry.field.help.in_language(teller.lang.language).to_owned(),
        teller.kind(entry.field.kind).to_owned(),
        teller.required(entry),
    ];
    facts.extend(teller.values(entry).into_iter().chain(teller.limits(entry)));
    facts.push(entry.field.cite.judged(teller.lang));
    let facts = facts.into_iter().map(|fact| format!("    {fact}"));
    [String::new(), format!("  {pointer}")].into_iter().chain(facts).collect()
}
