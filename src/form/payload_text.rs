//! The request body for review: text with masked secrets, the field of each line, and a digest.
//!
//! The body that is sent *is* this text with the secrets put in, so the reviewed text is what is sent. The digest is
//! SHA-256 of the text without its secret members, and of nothing else.

use super::payload_tree::{self, PayloadNode, PayloadScalar};
use super::{FieldPlace, Form};
use crate::json::{self, JsonNode, JsonValue, MemberName};
use crate::product::SecretDisplay;
use crate::secret::{Secret, SecretBytes};
use crate::text;
use sha2::{Digest, Sha256};
use std::ops::Range;
use zeroize::Zeroizing;

/// The number of digest digits that are shown.
pub const SHORT_DIGEST_LENGTH: usize = 16;

/// A body, frozen: it does not change when the form does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayloadText {
    text: String,
    lines: Vec<PayloadLine>,
    /// The spans of masked secrets, quotes included, in order.
    secret_spans: Vec<(Range<usize>, FieldPlace)>,
    without_secrets: String,
    digest: String,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PayloadLine {
    /// Its bytes in the text, without the line end.
    pub range: Range<usize>,
    /// The field whose value is on the line.
    pub place: Option<FieldPlace>,
    /// True if the line belongs to a member that the form does not know.
    pub foreign: bool,
}

impl Form {
    pub fn payload_text(&self) -> PayloadText {
        let tree = payload_tree::build_payload_tree(self);
        let mut shown = PayloadWriter::new(self, true);
        shown.write_node(&tree, 0);
        shown.end_line(LineTag::default());
        let mut bare = PayloadWriter::new(self, false);
        bare.write_node(&tree, 0);
        PayloadText {
            digest: text::to_hex(&Sha256::digest(bare.text.as_bytes())),
            without_secrets: bare.text,
            ..shown.into_payload_text()
        }
    }
}

impl PayloadText {
    pub fn masked_text(&self) -> &str {
        &self.text
    }

    pub fn lines(&self) -> &[PayloadLine] {
        &self.lines
    }

    pub fn line_text(&self, line: &PayloadLine) -> &str {
        &self.text[line.range.clone()]
    }

    /// Returns the index of the first line with this field's value.
    pub fn line_index(&self, place: FieldPlace) -> Option<usize> {
        self.lines.iter().position(|line| line.place == Some(place))
    }

    /// Returns the text without its secret members, as the journal stores it.
    pub fn text_without_secrets(&self) -> &str {
        &self.without_secrets
    }

    /// Returns SHA-256 of the text without its secret members, 64 hex digits.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// Returns the digits of the digest that are shown.
    pub fn short_digest(&self) -> &str {
        &self.digest[..SHORT_DIGEST_LENGTH]
    }

    /// Returns the bytes that are sent: the text with the secrets of this form put in.
    pub fn expose_request_body(&self, form: &Form) -> SecretBytes {
        let quoted: Vec<Zeroizing<String>> =
            self.secret_spans.iter().map(|(_, at)| quote_secret(form.secret(*at))).collect();
        let grown: usize = quoted.iter().map(|secret| secret.len()).sum();
        let mut bytes = SecretBytes::with_capacity(self.text.len() + grown);
        let mut from = 0;
        for ((range, _), secret) in self.secret_spans.iter().zip(&quoted) {
            bytes.push_str(&self.text[from..range.start]);
            bytes.push_str(secret);
            from = range.end;
        }
        bytes.push_str(&self.text[from..]);
        bytes
    }
}

/// Returns a secret as a JSON string, in a buffer that is wiped and never reallocated.
fn quote_secret(secret: Option<&Secret>) -> Zeroizing<String> {
    let text = secret.map(Secret::expose).unwrap_or_default();
    let mut out = Zeroizing::new(String::with_capacity(12 * text.len() + 2));
    json::write_quoted(&mut out, text);
    out
}

/// Returns the masked secret: stars, and the last four characters if its field allows it.
pub fn mask_secret(secret: &Secret, show: SecretDisplay) -> String {
    let text = secret.expose();
    match (show, text.char_indices().rev().nth(3)) {
        (SecretDisplay::Last4, Some((at, _))) if at > 0 => "*".repeat(text[..at].chars().count()) + &text[at..],
        (SecretDisplay::Last4, _) => "*".repeat(secret.char_count()),
        (SecretDisplay::All, _) => "***".to_owned(),
    }
}

/// Writes the tree, two spaces a level, and records the field of each line.
struct PayloadWriter<'a> {
    form: &'a Form,
    /// True writes the secrets, masked; false leaves out their members.
    with_secrets: bool,
    text: String,
    line_start: usize,
    foreign_depth: usize,
    lines: Vec<PayloadLine>,
    secret_spans: Vec<(Range<usize>, FieldPlace)>,
}

impl<'a> PayloadWriter<'a> {
    fn new(form: &'a Form, with_secrets: bool) -> Self {
        let (text, lines, secret_spans) = (String::with_capacity(1024), Vec::new(), Vec::new());
        Self { form, with_secrets, text, line_start: 0, foreign_depth: 0, lines, secret_spans }
    }

    fn into_payload_text(self) -> PayloadText {
        PayloadText {
            text: self.text,
            lines: self.lines,
            secret_spans: self.secret_spans,
            without_secrets: String::new(),
            digest: String::new(),
        }
    }

    fn end_line(&mut self, tag: LineTag) {
        let range = self.line_start..self.text.len();
        self.lines.push(PayloadLine { range, place: tag.place, foreign: tag.foreign || self.foreign_depth > 0 });
    }

    fn break_line(&mut self, tag: LineTag, level: usize) {
        self.end_line(tag);
        self.text.push('\n');
        self.line_start = self.text.len();
        self.text.extend(std::iter::repeat_n("  ", level));
    }

    fn write_node(&mut self, node: &PayloadNode, level: usize) {
        match node {
            PayloadNode::Value(at, scalar) => self.write_scalar(*at, scalar, level),
            PayloadNode::Foreign(doc) => self.write_json(doc, level),
            PayloadNode::List(rows) => {
                self.write_bracketed(['[', ']'], rows, level, |writer, row| writer.write_node(row, level + 1));
            }
            PayloadNode::Object(members) => {
                let secrets = self.with_secrets;
                let written = |(_, node): &&(String, PayloadNode)| {
                    secrets || !matches!(node, PayloadNode::Value(_, PayloadScalar::Secret))
                };
                let members: Vec<_> = members.iter().filter(written).collect();
                self.write_bracketed(['{', '}'], &members, level, |writer, (name, node)| {
                    writer.write_member(name, node, level);
                });
            }
        }
    }

    fn write_member(&mut self, name: &str, node: &PayloadNode, level: usize) {
        let foreign = usize::from(matches!(node, PayloadNode::Foreign(_)));
        self.foreign_depth += foreign;
        json::write_quoted(&mut self.text, name);
        self.text.push_str(": ");
        self.write_node(node, level + 1);
        self.foreign_depth -= foreign;
    }

    /// Writes items between brackets, each on its own line; without items the brackets are empty.
    fn write_bracketed<T>(&mut self, [open, close]: [char; 2], items: &[T], level: usize, write: impl Fn(&mut Self, &T))
    where
        T: LineItem,
    {
        self.text.push(open);
        let mut tag = LineTag::default();
        for (index, item) in items.iter().enumerate() {
            if index > 0 {
                self.text.push(',');
            }
            self.break_line(tag, level + 1);
            write(self, item);
            tag = item.tag();
        }
        if !items.is_empty() {
            self.break_line(tag, level);
        }
        self.text.push(close);
    }

    fn write_scalar(&mut self, at: FieldPlace, scalar: &PayloadScalar, level: usize) {
        match scalar {
            PayloadScalar::Text(text) => json::write_quoted(&mut self.text, text),
            PayloadScalar::Literal(word) => self.text.push_str(word),
            PayloadScalar::RawJson(doc) => self.write_json(doc, level),
            PayloadScalar::Secret => self.write_secret(at),
        }
    }

    fn write_secret(&mut self, at: FieldPlace) {
        let start = self.text.len();
        let show = self.form.product[at.field].secret.unwrap_or(SecretDisplay::All);
        let mask = self.form.secret(at).map(|secret| mask_secret(secret, show)).unwrap_or_default();
        json::write_quoted(&mut self.text, &mask);
        self.secret_spans.push((start..self.text.len(), at));
    }

    fn write_json(&mut self, doc: &JsonNode, level: usize) {
        match &doc.value {
            JsonValue::Null => self.text.push_str("null"),
            JsonValue::Bool(true) => self.text.push_str("true"),
            JsonValue::Bool(false) => self.text.push_str("false"),
            JsonValue::Number(number) => self.text.push_str(number),
            JsonValue::Text(text) => json::write_quoted(&mut self.text, text),
            JsonValue::List(rows) => {
                self.write_bracketed(['[', ']'], rows, level, |writer, row| writer.write_json(row, level + 1));
            }
            JsonValue::Object(members) => self.write_bracketed(['{', '}'], members, level, |writer, (name, doc)| {
                json::write_quoted(&mut writer.text, name);
                writer.text.push_str(": ");
                writer.write_json(doc, level + 1);
            }),
        }
    }
}

/// The field at the end of a line.
#[derive(Default, Clone, Copy)]
struct LineTag {
    place: Option<FieldPlace>,
    foreign: bool,
}

/// An item between brackets, which can have its own line.
trait LineItem {
    fn tag(&self) -> LineTag;
}

impl LineItem for PayloadNode {
    fn tag(&self) -> LineTag {
        match self {
            Self::Value(at, _) => LineTag { place: Some(*at), foreign: false },
            Self::Foreign(_) => LineTag { place: None, foreign: true },
            Self::Object(_) | Self::List(_) => LineTag::default(),
        }
    }
}

impl LineItem for &(String, PayloadNode) {
    fn tag(&self) -> LineTag {
        self.1.tag()
    }
}

/// Inside a JSON value the writer itself knows whether it is foreign.
impl LineItem for JsonNode {
    fn tag(&self) -> LineTag {
        LineTag::default()
    }
}

impl LineItem for (MemberName, JsonNode) {
    fn tag(&self) -> LineTag {
        LineTag::default()
    }
}
