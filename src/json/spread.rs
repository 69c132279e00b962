//! How a JSON text is spread out: its line ends and indents, and where each member and row of it stands.
//!
//! It reads a text that was found to be JSON, and changes nothing.

use super::{Doc, Value};
use std::ops::Range;

/// How a text is laid out.
pub(super) struct Style<'a> {
    /// What ends a line, or nothing where it is all on one.
    pub(super) line_end: &'a str,
    /// What a level is indented by.
    pub(super) level: &'a str,
    /// Behind a colon, and behind a comma on the same line.
    pub(super) blank: &'a str,
}

impl<'a> Style<'a> {
    pub(super) fn of(source: &'a str, doc: &Doc) -> Self {
        let parts = parts(source, doc);
        let first = parts.first();
        let lead = first.map_or("", |part| &source[doc.at.start + 1..part.at.start]);
        let line_end = match lead.contains('\n') {
            true if lead.contains("\r\n") => "\r\n",
            true => "\n",
            false => "",
        };
        let inner = lead.rsplit_once('\n').map_or("", |(_, inner)| inner);
        let level = inner.strip_prefix(indentation(source, doc.at.start)).unwrap_or(inner);
        let tight = first.is_some_and(|part| source[part.at.start..part.doc.at.start].ends_with(':'));
        Self { line_end, level, blank: if tight { "" } else { " " } }
    }
}

/// The white space with which the line begins on which this byte stands.
pub(super) fn indentation(source: &str, at: usize) -> &str {
    let line = source[..at].rfind('\n').map_or(0, |end| end + 1);
    let begin = source[line..at].trim_start_matches('\u{feff}');
    &begin[..begin.len() - begin.trim_start_matches([' ', '\t']).len()]
}

/// A member or a row as it stands in the source.
pub(super) struct Part<'a> {
    /// From its name, or its value where it has none, to the end of its value.
    pub(super) at: Range<usize>,
    pub(super) doc: &'a Doc,
}

/// The members or rows of a value, in their order.
pub(super) fn parts<'a>(source: &str, doc: &'a Doc) -> Vec<Part<'a>> {
    let mut from = doc.at.start + 1;
    let mut part = |doc: &'a Doc| {
        // Between two of them stand white space and a comma alone.
        let gap = &source[from..doc.at.start];
        let start = from + gap.len() - gap.trim_start_matches([' ', '\t', '\r', '\n', ',']).len();
        from = doc.at.end;
        Part { at: start..doc.at.end, doc }
    };
    match &doc.value {
        Value::Object(members) => members.iter().map(|(_, doc)| part(doc)).collect(),
        Value::List(rows) => rows.iter().map(part).collect(),
        _ => Vec::new(),
    }
}
