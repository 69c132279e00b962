//! JSON as people and programs write it: order, number spelling, duplicates and places are kept.
//!
//! Reading a payload must give back what was in it, so nothing is rounded or sorted here. It knows nothing of
//! fields or products. Strings are written so that every byte of the text can be seen: what
//! [`text::visible`](crate::text::visible) would make visible becomes a `\u` escape, which means the same in JSON.

mod flaw;
mod patch;
mod spread;

pub use flaw::{Flaw, Slip};
pub use patch::{Change, Patched, What, patch};

use crate::text;
use jsonc_parser::{ast, common::Ranged};
use std::ops::{Deref, Range};
use zeroize::Zeroize;

/// A JSON value with the place where it stood.
#[derive(Debug, Clone)]
pub struct Doc {
    /// Byte range in the source.
    pub at: Range<usize>,
    /// What stood there.
    pub value: Value,
}

/// What a JSON text can hold.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    /// `null`.
    Null,
    /// `true` or `false`.
    Bool(bool),
    /// A number, as it was spelled.
    Number(String),
    /// A string, unescaped.
    Text(String),
    /// An array.
    List(Vec<Doc>),
    /// An object: names in their order, duplicates kept.
    Object(Vec<(Name, Doc)>),
}

/// The name of a member, unescaped, with the place where it stood. It is a text in all else.
#[derive(Debug, Clone)]
pub struct Name {
    /// Byte range in the source, quotes included.
    pub at: Range<usize>,
    /// The name.
    pub text: String,
}

impl Deref for Name {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl PartialEq for Name {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl PartialEq for Doc {
    /// Two documents are the same where they say the same; the place does not count.
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Doc {
    /// The member of this name, if this is an object that has it. Of duplicates the last, as other parsers do.
    pub fn member(&self, name: &str) -> Option<&Doc> {
        match &self.value {
            Value::Object(members) => members.iter().rev().find(|(known, _)| **known == *name).map(|(_, doc)| doc),
            _ => None,
        }
    }

    /// Wipes the texts and numbers that stand in these places, which are in order and apart from each other.
    pub fn wipe(&mut self, places: &[Range<usize>]) {
        match &mut self.value {
            Value::Text(text) | Value::Number(text) if is_within(&self.at, places) => {
                text.zeroize();
            }
            Value::List(rows) => rows.iter_mut().for_each(|row| row.wipe(places)),
            Value::Object(members) => members.iter_mut().for_each(|(_, doc)| doc.wipe(places)),
            _ => {}
        }
    }

    /// What stands at a JSON pointer such as `/ship_info/zip`. Names with `~` or `/` do not occur here.
    pub fn pointer(&self, pointer: &str) -> Option<&Doc> {
        pointer.split('/').skip(1).try_fold(self, |doc, part| match &doc.value {
            Value::List(rows) => rows.get(part.parse::<usize>().ok()?),
            _ => doc.member(part),
        })
    }
}

/// Whether a place lies in one of these, which are in order and apart from each other: there may be very many.
fn is_within(inner: &Range<usize>, places: &[Range<usize>]) -> bool {
    let next = places.partition_point(|place| place.end < inner.end);
    places.get(next).is_some_and(|place| place.start <= inner.start)
}

/// Appends a name or number to a JSON pointer, written as RFC 6901 has it.
pub fn push_step(pointer: &mut String, step: &str) {
    pointer.push('/');
    for c in step.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            _ => pointer.push(c),
        }
    }
}

/// The pointer of a member of what is at a pointer.
pub fn step(pointer: &str, name: &str) -> String {
    let mut inner = pointer.to_owned();
    push_step(&mut inner, name);
    inner
}

/// The line and the column of a byte, both from 1. Columns are characters, and a byte-order mark is none.
pub fn place(source: &str, at: usize) -> (usize, usize) {
    let before = source.get(..at).unwrap_or(source).trim_start_matches('\u{feff}');
    let line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

/// Reads strict JSON. A byte-order mark is passed over, and counts in the places.
///
/// # Errors
/// Where the text is not JSON, with the place.
pub fn parse(source: &str) -> Result<Doc, Flaw> {
    let body = source.strip_prefix('\u{feff}').unwrap_or(source);
    let shift = source.len() - body.len();
    let parsed = jsonc_parser::parse_to_ast(body, &jsonc_parser::CollectOptions::default(), &strict())
        .map_err(|error| first_flaw(body, error.range().start, Slip::from(error.kind())).shifted(shift))?;
    convert(parsed.value.ok_or(Flaw::Empty)?, body, shift)
}

/// What is really wrong where a parser stopped: it lets texts go on over the ends of lines, and so stumbles at the quote
/// behind the one that is missing, and takes a number with a zero before it for two.
fn first_flaw(body: &str, stopped: usize, slip: Slip) -> Flaw {
    let digit = |at: Option<usize>| at.and_then(|at| body.as_bytes().get(at)).is_some_and(u8::is_ascii_digit);
    raw_control(&body.as_bytes()[..stopped]).unwrap_or(match slip {
        Slip::Comma if digit(Some(stopped)) && digit(stopped.checked_sub(1)) => Flaw::Syntax(stopped - 1, Slip::Number),
        slip => Flaw::Syntax(stopped, slip),
    })
}

/// The first control character in a text of JSON that is right up to its end. Where a line ends in it, the closing quote
/// is missing.
fn raw_control(bytes: &[u8]) -> Option<Flaw> {
    let (mut open, mut escaped) = (None, false);
    for (at, byte) in bytes.iter().enumerate() {
        match (byte, open) {
            (b'\n' | b'\r', Some(start)) => return Some(Flaw::Syntax(start, Slip::Unclosed)),
            (0..0x20, Some(_)) => return Some(Flaw::Control(at)),
            (b'"', None) => open = Some(at),
            (b'"', Some(_)) if !escaped => open = None,
            _ => {}
        }
        escaped = *byte == b'\\' && !escaped;
    }
    None
}

fn strict() -> jsonc_parser::ParseOptions {
    jsonc_parser::ParseOptions {
        allow_comments: false,
        allow_loose_object_property_names: false,
        allow_trailing_commas: false,
        allow_missing_commas: false,
        allow_single_quoted_strings: false,
        allow_hexadecimal_numbers: false,
        allow_unary_plus_numbers: false,
        allow_bare_decimal_point_numbers: false,
        allow_non_finite_numbers: false,
        allow_extended_string_escapes: false,
    }
}

fn convert(node: ast::Value<'_>, body: &str, shift: usize) -> Result<Doc, Flaw> {
    let range = node.range();
    let value = match node {
        ast::Value::NullKeyword(_) => Value::Null,
        ast::Value::BooleanLit(bool) => Value::Bool(bool.value),
        ast::Value::NumberLit(number) => Value::Number(number.value.to_owned()),
        ast::Value::StringLit(string) => Value::Text(unquoted(string, body, shift)?),
        ast::Value::Array(array) => {
            Value::List(array.elements.into_iter().map(|row| convert(row, body, shift)).collect::<Result<_, _>>()?)
        }
        ast::Value::Object(object) => Value::Object(
            object.properties.into_iter().map(|member| property(member, body, shift)).collect::<Result<_, _>>()?,
        ),
    };
    Ok(Doc { at: range.start + shift..range.end + shift, value })
}

fn property(member: ast::ObjectProp<'_>, body: &str, shift: usize) -> Result<(Name, Doc), Flaw> {
    let at = member.name.range();
    let text = match member.name {
        ast::ObjectPropName::String(string) => unquoted(string, body, shift)?,
        ast::ObjectPropName::Word(word) => word.value.to_owned(),
    };
    let name = Name { at: at.start + shift..at.end + shift, text };
    Ok((name, convert(member.value, body, shift)?))
}

fn unquoted(string: ast::StringLit<'_>, body: &str, shift: usize) -> Result<String, Flaw> {
    let raw = &body[string.range.start..string.range.end];
    match raw.bytes().position(|b| b < 0x20) {
        Some(at) => Err(Flaw::Control(string.range.start + at + shift)),
        None => Ok(string.value.into_owned()),
    }
}

/// The whole number that a number of JSON is, however it is spelled: `7`, `7.0` and `70e-1` are the same.
pub fn whole(number: &str) -> Option<u64> {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let (negative, before) = before.strip_prefix('-').map_or((false, before), |before| (true, before));
    let digits = [before, after].concat();
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return Some(0);
    }
    // Where the point stands behind the last digit that is no zero, it is whole.
    let leading = i64::try_from(digits.len() - significant.len()).ok()?;
    let point = i64::try_from(before.len()).ok()?.checked_add(exponent.parse().ok()?)?.checked_sub(leading)?;
    let significant = significant.trim_end_matches('0');
    let zeros = usize::try_from(point).ok()?.checked_sub(significant.len())?;
    let fits = !negative && zeros <= 20;
    fits.then(|| [significant, &"0".repeat(zeros)].concat().parse().ok()).flatten()
}

/// Appends a text as a JSON string, with everything that cannot be seen as a `\u` escape.
pub fn quote(out: &mut String, raw: &str) {
    out.push('"');
    for (c, shown) in text::judged(raw) {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if shown => out.push(c),
            _ => escape(out, c),
        }
    }
    out.push('"');
}

/// A JSON text of one line with everything that cannot be seen as a `\u` escape, which means the same there.
pub fn visible(line: String) -> String {
    if text::judged(&line).all(|(_, shown)| shown) {
        return line;
    }
    let mut out = String::with_capacity(line.len() + 16);
    for (c, shown) in text::judged(&line) {
        if shown { out.push(c) } else { escape(&mut out, c) }
    }
    out
}

/// Appends a document on one line, spelled as it was.
pub fn write(out: &mut String, doc: &Doc) {
    match &doc.value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Number(number) => out.push_str(number),
        Value::Text(text) => quote(out, text),
        Value::List(rows) => separated(out, ['[', ']'], rows, write),
        Value::Object(members) => separated(out, ['{', '}'], members, |out, (name, doc)| {
            quote(out, name);
            out.push_str(": ");
            write(out, doc);
        }),
    }
}

fn separated<T>(out: &mut String, [open, close]: [char; 2], items: &[T], write: impl Fn(&mut String, &T)) {
    out.push(open);
    for (index, item) in items.iter().enumerate() {
        out.push_str(if index > 0 { ", " } else { "" });
        write(out, item);
    }
    out.push(close);
}

fn escape(out: &mut String, c: char) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        out.push_str("\\u");
        for shift in [12, 8, 4, 0] {
            out.extend(char::from_digit(u32::from(*unit >> shift & 0xf), 16));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    fn quoted(raw: &str) -> String {
        let mut out = String::new();
        quote(&mut out, raw);
        out
    }

    #[test]
    fn order_spelling_duplicates_and_places_are_kept() {
        let doc = parse(r#"{"b": 1.10, "a": [1e2], "b": null}"#).unwrap();
        let Value::Object(members) = &doc.value else { panic!("{doc:?}") };
        let names: Vec<_> = members.iter().map(|(name, _)| &**name).collect();
        assert_eq!(names, ["b", "a", "b"]);
        assert_eq!(doc.pointer("/a/0").map(|d| &d.value), Some(&Value::Number("1e2".into())));
        assert_eq!(doc.pointer("/b").map(|d| &d.value), Some(&Value::Null), "the last of two wins");
        assert_eq!((members[0].0.at.clone(), members[0].1.at.clone()), (1..4, 6..10));
        assert_eq!(doc.pointer("/a/1"), None);
        assert_eq!(doc.pointer("/a/x/y"), None);
    }

    #[test]
    fn what_is_written_on_one_line_says_the_same() {
        let source = r#"{"b": 1.10, "a": [1e999, {}, []], "b": null, "\u001b": [true, false, "\u202e\""]}"#;
        let mut out = String::new();
        write(&mut out, &parse(source).unwrap());
        assert_eq!(out, source);
    }

    #[rstest]
    #[case("7", Some(7))]
    #[case("900001.0", Some(900_001))]
    #[case("9.00001e5", Some(900_001))]
    #[case("9000010E-1", Some(900_001))]
    #[case("1e3", Some(1_000))]
    #[case("0.10e+1", Some(1))]
    #[case("0", Some(0))]
    #[case("-0.0", Some(0))]
    #[case("0e999999999999999999999", Some(0))]
    #[case("18446744073709551615", Some(u64::MAX))]
    #[case("18446744073709551615.000", Some(u64::MAX))]
    #[case("18446744073709551616", None)]
    #[case("1.5", None)]
    #[case("900001.00000000000000000001", None)]
    #[case("15e-1", None)]
    #[case("0.1", None)]
    #[case("1e-1", None)]
    #[case("-1", None)]
    #[case("1e400", None)]
    #[case("1e9223372036854775807", None)]
    #[case("1e-9223372036854775808", None)]
    #[case("1e99999999999999999999", None)]
    fn a_whole_number_is_told_however_it_is_spelled(#[case] number: &str, #[case] whole_is: Option<u64>) {
        assert_eq!(whole(number), whole_is, "{number}");
    }

    #[rstest]
    #[case("", Flaw::Empty)]
    #[case(" \n", Flaw::Empty)]
    #[case("{\"a\": \"x\u{1}\"}", Flaw::Control(8))]
    #[case("\u{feff}{\"a\": \"x\u{1}\"}", Flaw::Control(11))]
    #[case("\u{feff}{\"a\": \"x\u{1}\"]}", Flaw::Control(11))]
    fn what_is_not_json_says_where(#[case] source: &str, #[case] flaw: Flaw) {
        assert_eq!(parse(source), Err(flaw));
    }

    #[rstest]
    #[case("{\"a\": 1,}", 7, Slip::TrailingComma)]
    #[case("[1,\n]", 2, Slip::TrailingComma)]
    #[case("[1 2]", 2, Slip::Comma)]
    #[case("{\"a\" 1}", 5, Slip::Colon)]
    #[case("{\"a\": }", 6, Slip::Value)]
    #[case("{a: 1}", 1, Slip::Quotes)]
    #[case("{'a': 1}", 1, Slip::Quotes)]
    #[case("// x\n1", 0, Slip::Comment)]
    #[case("'x'", 0, Slip::Quotes)]
    #[case("0x1f", 0, Slip::Number)]
    #[case("+1", 0, Slip::Number)]
    #[case("NaN", 0, Slip::Value)]
    #[case("1 2", 2, Slip::Several)]
    #[case("[\"\\q\"]", 2, Slip::Escape)]
    #[case("[\"\\u12\"]", 2, Slip::Escape)]
    #[case("[\"\\ud800\"]", 2, Slip::Surrogate)]
    #[case("[\"Caf\\ud83d\"]", 5, Slip::Surrogate)]
    #[case("[\"\\uDE00x\"]", 2, Slip::Surrogate)]
    #[case("[\"\\ud83d\\u0041\"]", 2, Slip::Surrogate)]
    #[case("[\"\\ud83d\\ud83d\"]", 2, Slip::Surrogate)]
    #[case("{\"\\udc00\": 1}", 2, Slip::Surrogate)]
    #[case("[\"a]", 1, Slip::Unclosed)]
    #[case("{\"a\": 1", 0, Slip::Unclosed)]
    #[case("{\"a\": \"x,\n \"b\": 1}", 6, Slip::Unclosed)]
    #[case("[\"\\\"x\\\\\", \"y\r\n\"]]", 10, Slip::Unclosed)]
    #[case("[01]", 1, Slip::Number)]
    #[case("\u{feff}[1 2]", 5, Slip::Comma)]
    fn leniencies_are_off(#[case] source: &str, #[case] at: usize, #[case] slip: Slip) {
        assert_eq!(parse(source), Err(Flaw::Syntax(at, slip)), "{source}");
    }

    #[test]
    fn what_is_nested_too_deeply_is_refused_and_not_followed() {
        let source = "[".repeat(1 << 20);
        assert_eq!(parse(&source), Err(Flaw::Syntax(512, Slip::Deep)));
    }

    #[test]
    fn what_another_writer_left_invisible_is_escaped() {
        let line = serde_json::to_string("\u{9b}31m\u{202e}\u{7f} é\n").unwrap();
        let seen = visible(line.clone());
        assert_eq!(seen, "\"\\u009b31m\\u202e\\u007f é\\n\"");
        assert_eq!(parse(&seen), parse(&line));
        assert_eq!(visible("{\"a\": 1}".to_owned()), "{\"a\": 1}");
    }

    #[rstest]
    #[case("a", 0, (1, 1))]
    #[case("\u{feff}ab", 4, (1, 2))]
    #[case("a\r\n é🙂x", 10, (2, 4))]
    #[case("a\n\n", 3, (3, 1))]
    #[case("a", 9, (1, 2))]
    fn a_place_is_told_as_an_editor_does(#[case] source: &str, #[case] at: usize, #[case] expected: (usize, usize)) {
        assert_eq!(place(source, at), expected);
    }

    #[rstest]
    #[case("Straat 1", "\"Straat 1\"")]
    #[case("a\"b\\c\n", "\"a\\\"b\\\\c\\n\"")]
    #[case("\u{1b}[2J", "\"\\u001b[2J\"")]
    #[case("x\u{202e}y", "\"x\\u202ey\"")]
    #[case("\u{e0041}", "\"\\udb40\\udc41\"")]
    #[case("\u{301}", "\"\\u0301\"")]
    #[case("東é🙂", "\"東é🙂\"")]
    fn what_cannot_be_seen_is_escaped(#[case] raw: &str, #[case] written: &str) {
        assert_eq!(quoted(raw), written);
        assert_eq!(crate::text::visible(written), written, "what is written can be seen");
        assert_eq!(parse(written).unwrap().value, Value::Text(raw.into()), "and means the same");
    }
}
