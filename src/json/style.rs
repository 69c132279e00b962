//! The layout of a JSON text: its line ends and indentation, and the position of each member and row.
//!
//! It reads a text that is valid JSON, and changes nothing.

use super::{JsonNode, JsonValue};
use std::ops::Range;

/// The layout of a text.
pub(super) struct JsonStyle<'a> {
    /// The end of a line; "" if the text is on one line.
    pub(super) line_end: &'a str,
    /// The indentation of one level.
    pub(super) indent: &'a str,
    /// The white space after a colon, and after a comma on the same line.
    pub(super) space: &'a str,
}

impl<'a> JsonStyle<'a> {
    pub(super) fn detect_style(source: &'a str, doc: &JsonNode) -> Self {
        let parts = source_parts(source, doc);
        let first = parts.first();
        let lead = first.map_or("", |part| &source[doc.span.start + 1..part.span.start]);
        let line_end = match lead.contains('\n') {
            true if lead.contains("\r\n") => "\r\n",
            true => "\n",
            false => "",
        };
        let inner = lead.rsplit_once('\n').map_or("", |(_, inner)| inner);
        let indent = inner.strip_prefix(line_indentation(source, doc.span.start)).unwrap_or(inner);
        let tight = first.is_some_and(|part| source[part.span.start..part.node.span.start].ends_with(':'));
        Self { line_end, indent, space: if tight { "" } else { " " } }
    }
}

/// Returns the white space at the beginning of the line with this byte.
pub(super) fn line_indentation(source: &str, at: usize) -> &str {
    let line = source[..at].rfind('\n').map_or(0, |end| end + 1);
    let begin = source[line..at].trim_start_matches('\u{feff}');
    &begin[..begin.len() - begin.trim_start_matches([' ', '\t']).len()]
}

/// A member or a row in the source.
pub(super) struct SourcePart<'a> {
    /// From its name, or its value if it has no name, to the end of its value.
    pub(super) span: Range<usize>,
    pub(super) node: &'a JsonNode,
}

/// Returns the members or rows of a value, in their order.
pub(super) fn source_parts<'a>(source: &str, doc: &'a JsonNode) -> Vec<SourcePart<'a>> {
    let mut from = doc.span.start + 1;
    let mut part = |doc: &'a JsonNode| {
        // Between two items there is only white space and a comma.
        let gap = &source[from..doc.span.start];
        let start = from + gap.len() - gap.trim_start_matches([' ', '\t', '\r', '\n', ',']).len();
        from = doc.span.end;
        SourcePart { span: start..doc.span.end, node: doc }
    };
    match &doc.value {
        JsonValue::Object(members) => members.iter().map(|(_, doc)| part(doc)).collect(),
        JsonValue::List(rows) => rows.iter().map(part).collect(),
        _ => Vec::new(),
    }
}
