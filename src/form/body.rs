//! The request body as it is reviewed: text with masked secrets, which line belongs to which field, and a digest.
//!
//! The body that is sent *is* this text with the secrets put in, so what was reviewed is what is sent. The digest
//! is SHA-256 of the text without its secret members, and of nothing else. It knows no screen and no request.

use super::payload::{self, Node, Scalar};
use super::{Form, Place};
use crate::json::{self, Doc, Name, Value};
use crate::product::Show;
use crate::secret::{Secret, SecretBytes};
use crate::text;
use sha2::{Digest, Sha256};
use std::ops::Range;
use zeroize::Zeroizing;

/// So many digits of a digest are shown.
pub const SHORT_DIGEST: usize = 16;

/// A body, frozen: it does not change when the form does.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    text: String,
    lines: Vec<Line>,
    /// Where a masked secret stands, quotes included, in order.
    secrets: Vec<(Range<usize>, Place)>,
    /// The text without its secret members.
    bare: String,
    digest: String,
}

/// One line of the body.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Its bytes in the text, without the line end.
    pub range: Range<usize>,
    /// The field whose value stands on it.
    pub place: Option<Place>,
    /// Whether it belongs to something that the form does not know.
    pub foreign: bool,
}

impl Form {
    /// The body that the form makes now.
    pub fn body(&self) -> Body {
        let tree = payload::tree(self);
        let mut shown = Writer::new(self, true);
        shown.node(&tree, 0);
        shown.end_line(Tag::default());
        let mut bare = Writer::new(self, false);
        bare.node(&tree, 0);
        Body { digest: text::hex(&Sha256::digest(bare.text.as_bytes())), bare: bare.text, ..shown.finish() }
    }
}

impl Body {
    /// The text, secrets masked.
    pub fn text(&self) -> &str {
        &self.text
    }

    /// Its lines.
    pub fn lines(&self) -> &[Line] {
        &self.lines
    }

    /// One line's text.
    pub fn line(&self, line: &Line) -> &str {
        &self.text[line.range.clone()]
    }

    /// The first line on which this field's value stands.
    pub fn line_of(&self, place: Place) -> Option<usize> {
        self.lines.iter().position(|line| line.place == Some(place))
    }

    /// The text without its secret members, as the journal keeps it.
    pub fn bare(&self) -> &str {
        &self.bare
    }

    /// SHA-256 of the text without its secret members, 64 hex digits.
    pub fn digest(&self) -> &str {
        &self.digest
    }

    /// The digits of the digest that are shown.
    pub fn short_digest(&self) -> &str {
        &self.digest[..SHORT_DIGEST]
    }

    /// The bytes that are sent: the text with the secrets of this form put in.
    pub fn expose(&self, form: &Form) -> SecretBytes {
        let quoted: Vec<Zeroizing<String>> = self.secrets.iter().map(|(_, at)| quoted(form.secret(*at))).collect();
        let grown: usize = quoted.iter().map(|secret| secret.len()).sum();
        let mut bytes = SecretBytes::with_capacity(self.text.len() + grown);
        let mut from = 0;
        for ((range, _), secret) in self.secrets.iter().zip(&quoted) {
            bytes.push_str(&self.text[from..range.start]);
            bytes.push_str(secret);
            from = range.end;
        }
        bytes.push_str(&self.text[from..]);
        bytes
    }
}

/// A secret as a JSON string, in a buffer that is wiped and never grows.
fn quoted(secret: Option<&Secret>) -> Zeroizing<String> {
    let text = secret.map(Secret::expose).unwrap_or_default();
    let mut out = Zeroizing::new(String::with_capacity(12 * text.len() + 2));
    json::quote(&mut out, text);
    out
}

/// The secret as it may be shown: stars, and where its field allows it the last four characters.
pub fn masked(secret: &Secret, show: Show) -> String {
    let text = secret.expose();
    match (show, text.char_indices().rev().nth(3)) {
        (Show::Last4, Some((at, _))) if at > 0 => "*".repeat(text[..at].chars().count()) + &text[at..],
        (Show::Last4, _) => "*".repeat(secret.chars()),
        (Show::All, _) => "***".to_owned(),
    }
}

/// Writes the tree, two spaces a level, and notes what stands on each line.
struct Writer<'a> {
    form: &'a Form,
    /// Whether secrets are written (masked), or left out with their names.
    secrets: bool,
    text: String,
    line_start: usize,
    foreign: usize,
    lines: Vec<Line>,
    places: Vec<(Range<usize>, Place)>,
}

impl<'a> Writer<'a> {
    fn new(form: &'a Form, secrets: bool) -> Self {
        let (text, lines, places) = (String::with_capacity(1024), Vec::new(), Vec::new());
        Self { form, secrets, text, line_start: 0, foreign: 0, lines, places }
    }

    fn finish(self) -> Body {
        Body { text: self.text, lines: self.lines, secrets: self.places, bare: String::new(), digest: String::new() }
    }

    fn end_line(&mut self, tag: Tag) {
        let range = self.line_start..self.text.len();
        self.lines.push(Line { range, place: tag.place, foreign: tag.foreign || self.foreign > 0 });
    }

    fn break_line(&mut self, tag: Tag, level: usize) {
        self.end_line(tag);
        self.text.push('\n');
        self.line_start = self.text.len();
        self.text.extend(std::iter::repeat_n("  ", level));
    }

    fn node(&mut self, node: &Node, level: usize) {
        match node {
            Node::Value(at, scalar) => self.scalar(*at, scalar, level),
            Node::Foreign(doc) => self.doc(doc, level),
            Node::List(rows) => self.bracketed(['[', ']'], rows, level, |writer, row| writer.node(row, level + 1)),
            Node::Object(members) => {
                let secrets = self.secrets;
                let written = |(_, node): &&(String, Node)| secrets || !matches!(node, Node::Value(_, Scalar::Secret));
                let members: Vec<_> = members.iter().filter(written).collect();
                self.bracketed(['{', '}'], &members, level, |writer, (name, node)| {
                    writer.member(name, node, level);
                });
            }
        }
    }

    fn member(&mut self, name: &str, node: &Node, level: usize) {
        let foreign = usize::from(matches!(node, Node::Foreign(_)));
        self.foreign += foreign;
        json::quote(&mut self.text, name);
        self.text.push_str(": ");
        self.node(node, level + 1);
        self.foreign -= foreign;
    }

    /// Items between brackets, each on lines of its own; nothing between them if there are none.
    fn bracketed<T>(&mut self, [open, close]: [char; 2], items: &[T], level: usize, write: impl Fn(&mut Self, &T))
    where
        T: Standing,
    {
        self.text.push(open);
        let mut tag = Tag::default();
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

    fn scalar(&mut self, at: Place, scalar: &Scalar, level: usize) {
        match scalar {
            Scalar::Text(text) => json::quote(&mut self.text, text),
            Scalar::Word(word) => self.text.push_str(word),
            Scalar::Odd(doc) => self.doc(doc, level),
            Scalar::Secret => self.secret(at),
        }
    }

    fn secret(&mut self, at: Place) {
        let start = self.text.len();
        let show = self.form.product[at.field].secret.unwrap_or(Show::All);
        let mask = self.form.secret(at).map(|secret| masked(secret, show)).unwrap_or_default();
        json::quote(&mut self.text, &mask);
        self.places.push((start..self.text.len(), at));
    }

    fn doc(&mut self, doc: &Doc, level: usize) {
        match &doc.value {
            Value::Null => self.text.push_str("null"),
            Value::Bool(true) => self.text.push_str("true"),
            Value::Bool(false) => self.text.push_str("false"),
            Value::Number(number) => self.text.push_str(number),
            Value::Text(text) => json::quote(&mut self.text, text),
            Value::List(rows) => self.bracketed(['[', ']'], rows, level, |writer, row| writer.doc(row, level + 1)),
            Value::Object(members) => self.bracketed(['{', '}'], members, level, |writer, (name, doc)| {
                json::quote(&mut writer.text, name);
                writer.text.push_str(": ");
                writer.doc(doc, level + 1);
            }),
        }
    }
}

/// What stands at the end of a line.
#[derive(Default, Clone, Copy)]
struct Tag {
    place: Option<Place>,
    foreign: bool,
}

/// An item between brackets, which may have a line of its own.
trait Standing {
    fn tag(&self) -> Tag;
}

impl Standing for Node {
    fn tag(&self) -> Tag {
        match self {
            Self::Value(at, _) => Tag { place: Some(*at), foreign: false },
            Self::Foreign(_) => Tag { place: None, foreign: true },
            Self::Object(_) | Self::List(_) => Tag::default(),
        }
    }
}

impl Standing for &(String, Node) {
    fn tag(&self) -> Tag {
        self.1.tag()
    }
}

/// Inside something that was read: whether it is foreign, the writer knows.
impl Standing for Doc {
    fn tag(&self) -> Tag {
        Tag::default()
    }
}

impl Standing for (Name, Doc) {
    fn tag(&self) -> Tag {
        Tag::default()
    }
}
