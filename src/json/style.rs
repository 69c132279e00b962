//! The layout of a JSON text: its line ends and indentation, and the position of each member and row.
//!
//! It reads a text that is valid JSON, and changes nothing.

use super::{JsonNode, JsonValue, MemberName};
use std::borrow::Cow;

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
        let parts = children(doc);
        let first = parts.first();
        let lead = first.map_or("", |part| &source[doc.span.start + 1..part.start()]);
        let line_end = match lead.contains('\n') {
            true if lead.contains("\r\n") => "\r\n",
            true => "\n",
            false => "",
        };
        let inner = lead.rsplit_once('\n').map_or("", |(_, inner)| inner);
        let indent = inner.strip_prefix(line_indentation(source, doc.span.start)).unwrap_or(inner);
        let tight = first.is_some_and(|part| source[part.start()..part.node.span.start].ends_with(':'));
        Self { line_end, indent, space: if tight { "" } else { " " } }
    }
}

/// Returns the white space at the beginning of the line with this byte.
pub(super) fn line_indentation(source: &str, at: usize) -> &str {
    let line = source[..at].rfind('\n').map_or(0, |end| end + 1);
    let begin = source[line..at].trim_start_matches('\u{feff}');
    &begin[..begin.len() - begin.trim_start_matches([' ', '\t']).len()]
}

/// A member or a row of a value.
pub(super) struct JsonChild<'a> {
    /// `None` for a row.
    pub(super) name: Option<&'a MemberName>,
    pub(super) node: &'a JsonNode,
}

impl JsonChild<'_> {
    /// Returns where it starts in its source: at its name, or its value if it has no name.
    pub(super) fn start(&self) -> usize {
        self.name.map_or(self.node.span.start, |name| name.span.start)
    }

    /// Returns its name, or its index.
    pub(super) fn pointer_step(&self, index: usize) -> Cow<'_, str> {
        self.name.map_or_else(|| index.to_string().into(), |name| name.text.as_str().into())
    }
}

/// Returns the members or rows of a value, in their order.
pub(super) fn children(doc: &JsonNode) -> Vec<JsonChild<'_>> {
    match &doc.value {
        JsonValue::Object(members) => members.iter().map(|(name, node)| JsonChild { name: Some(name), node }).collect(),
        JsonValue::List(rows) => rows.iter().map(|node| JsonChild { name: None, node }).collect(),
        _ => Vec::new(),
    }
}
