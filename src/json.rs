//! JSON as people and programs write it: order, number spelling, duplicates and positions are kept.
//!
//! Parsing a payload must give back its exact contents, so nothing is rounded or sorted here. Fields and products do
//! not belong here. Strings are written so that every character of the text is visible: a character that
//! [`text::visible`](crate::text::visible) would make visible becomes a `\u` escape, which means the same in JSON.

mod patch;
mod style;
mod syntax_error;

pub use patch::{JsonChange, JsonChangeKind, PatchedText, patch_text};
pub use syntax_error::{JsonSyntaxError, SyntaxErrorKind};

use crate::text;
use jsonc_parser::{ast, common::Ranged};
use std::ops::{Deref, Range};
use zeroize::Zeroize;

/// A JSON value with its position in the source.
#[derive(Debug, Clone)]
pub struct JsonNode {
    /// Byte range in the source.
    pub span: Range<usize>,
    pub value: JsonValue,
}

/// The value of a JSON text.
#[derive(Debug, Clone, PartialEq)]
pub enum JsonValue {
    Null,
    Bool(bool),
    /// A number, as it was spelled.
    Number(String),
    /// A string, unescaped.
    Text(String),
    List(Vec<JsonNode>),
    /// An object: members in their order, duplicates kept.
    Object(Vec<(MemberName, JsonNode)>),
}

/// The name of a member, unescaped, with its position in the source. Otherwise it behaves like its text.
#[derive(Debug, Clone)]
pub struct MemberName {
    /// Byte range in the source, quotes included.
    pub span: Range<usize>,
    pub text: String,
}

impl Deref for MemberName {
    type Target = str;

    fn deref(&self) -> &str {
        &self.text
    }
}

impl PartialEq for MemberName {
    fn eq(&self, other: &Self) -> bool {
        self.text == other.text
    }
}

impl PartialEq for JsonNode {
    /// Two nodes are equal if their values are equal; the position does not count.
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl JsonNode {
    /// Returns the member of this name, if this is an object that has it. Of duplicates it is the last, as in other
    /// parsers.
    pub fn member(&self, name: &str) -> Option<&JsonNode> {
        match &self.value {
            JsonValue::Object(members) => members.iter().rev().find(|(known, _)| **known == *name).map(|(_, doc)| doc),
            _ => None,
        }
    }

    /// Wipes the texts and numbers within these spans, which are sorted and do not overlap.
    pub fn wipe_spans(&mut self, places: &[Range<usize>]) {
        match &mut self.value {
            JsonValue::Text(text) | JsonValue::Number(text) if is_within_spans(&self.span, places) => {
                text.zeroize();
            }
            JsonValue::List(rows) => rows.iter_mut().for_each(|row| row.wipe_spans(places)),
            JsonValue::Object(members) => members.iter_mut().for_each(|(_, doc)| doc.wipe_spans(places)),
            _ => {}
        }
    }

    /// Returns the value at a JSON pointer such as `/ship_info/zip`. Names with `~` or `/` do not occur here.
    pub fn pointer(&self, pointer: &str) -> Option<&JsonNode> {
        pointer.split('/').skip(1).try_fold(self, |doc, part| match &doc.value {
            JsonValue::List(rows) => rows.get(part.parse::<usize>().ok()?),
            _ => doc.member(part),
        })
    }
}

/// Returns true if a span lies within one of these, which are sorted and do not overlap. There may be very many of
/// them.
fn is_within_spans(inner: &Range<usize>, places: &[Range<usize>]) -> bool {
    let next = places.partition_point(|place| place.end < inner.end);
    places.get(next).is_some_and(|place| place.start <= inner.start)
}

/// Appends a name or index to a JSON pointer, escaped as in RFC 6901.
pub fn push_pointer_step(pointer: &mut String, step: &str) {
    pointer.push('/');
    for c in step.chars() {
        match c {
            '~' => pointer.push_str("~0"),
            '/' => pointer.push_str("~1"),
            _ => pointer.push(c),
        }
    }
}

/// Returns the pointer of a member of the value at `pointer`.
pub fn child_pointer(pointer: &str, name: &str) -> String {
    let mut inner = pointer.to_owned();
    push_pointer_step(&mut inner, name);
    inner
}

/// Returns the line and the column of a byte, both from 1. Columns count characters, without a byte-order mark.
pub fn line_and_column(source: &str, at: usize) -> (usize, usize) {
    let before = source.get(..at).unwrap_or(source).trim_start_matches('\u{feff}');
    let line = before.rsplit_once('\n').map_or(before, |(_, line)| line);
    (before.matches('\n').count() + 1, line.chars().count() + 1)
}

/// Parses strict JSON. A byte-order mark is skipped, but counts in the positions.
///
/// # Errors
/// If the text is not JSON; the error has the position.
pub fn parse(source: &str) -> Result<JsonNode, JsonSyntaxError> {
    let body = source.strip_prefix('\u{feff}').unwrap_or(source);
    let shift = source.len() - body.len();
    let parsed = jsonc_parser::parse_to_ast(body, &jsonc_parser::CollectOptions::default(), &strict_options())
        .map_err(|error| {
            let JsonSyntaxError { at, kind } = first_syntax_error(body, error.range().start, error.kind().into());
            kind.at_byte(at + shift)
        })?;
    convert_node(parsed.value.ok_or(SyntaxErrorKind::Empty.at_byte(0))?, body, shift)
}

/// Returns the actual error where the parser stopped. The parser lets strings span lines, so it stops at the quote
/// after the missing one; and it takes a number with a leading zero for two numbers.
fn first_syntax_error(body: &str, stopped: usize, slip: SyntaxErrorKind) -> JsonSyntaxError {
    let digit = |at: Option<usize>| at.and_then(|at| body.as_bytes().get(at)).is_some_and(u8::is_ascii_digit);
    find_raw_control(&body.as_bytes()[..stopped]).unwrap_or(match slip {
        SyntaxErrorKind::Comma if digit(Some(stopped)) && digit(stopped.checked_sub(1)) => {
            SyntaxErrorKind::Number.at_byte(stopped - 1)
        }
        slip => slip.at_byte(stopped),
    })
}

/// Returns the first control character in a string, in JSON that is valid up to its end. If the string contains a
/// line end, its closing quote is missing.
fn find_raw_control(bytes: &[u8]) -> Option<JsonSyntaxError> {
    let (mut open, mut escaped) = (None, false);
    for (at, byte) in bytes.iter().enumerate() {
        match (byte, open) {
            (b'\n' | b'\r', Some(start)) => return Some(SyntaxErrorKind::Unclosed.at_byte(start)),
            (0..0x20, Some(_)) => return Some(SyntaxErrorKind::RawControl.at_byte(at)),
            (b'"', None) => open = Some(at),
            (b'"', Some(_)) if !escaped => open = None,
            _ => {}
        }
        escaped = *byte == b'\\' && !escaped;
    }
    None
}

fn strict_options() -> jsonc_parser::ParseOptions {
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

fn convert_node(node: ast::Value<'_>, body: &str, shift: usize) -> Result<JsonNode, JsonSyntaxError> {
    let range = node.range();
    let value = match node {
        ast::Value::NullKeyword(_) => JsonValue::Null,
        ast::Value::BooleanLit(bool) => JsonValue::Bool(bool.value),
        ast::Value::NumberLit(number) => JsonValue::Number(number.value.to_owned()),
        ast::Value::StringLit(string) => JsonValue::Text(unquote_string(string, body, shift)?),
        ast::Value::Array(array) => JsonValue::List(
            array.elements.into_iter().map(|row| convert_node(row, body, shift)).collect::<Result<_, _>>()?,
        ),
        ast::Value::Object(object) => JsonValue::Object(
            object
                .properties
                .into_iter()
                .map(|member| convert_member(member, body, shift))
                .collect::<Result<_, _>>()?,
        ),
    };
    Ok(JsonNode { span: range.start + shift..range.end + shift, value })
}

fn convert_member(
    member: ast::ObjectProp<'_>,
    body: &str,
    shift: usize,
) -> Result<(MemberName, JsonNode), JsonSyntaxError> {
    let at = member.name.range();
    let text = match member.name {
        ast::ObjectPropName::String(string) => unquote_string(string, body, shift)?,
        ast::ObjectPropName::Word(word) => word.value.to_owned(),
    };
    let name = MemberName { span: at.start + shift..at.end + shift, text };
    Ok((name, convert_node(member.value, body, shift)?))
}

fn unquote_string(string: ast::StringLit<'_>, body: &str, shift: usize) -> Result<String, JsonSyntaxError> {
    let raw = &body[string.range.start..string.range.end];
    match raw.bytes().position(|b| b < 0x20) {
        Some(at) => Err(SyntaxErrorKind::RawControl.at_byte(string.range.start + at + shift)),
        None => Ok(string.value.into_owned()),
    }
}

/// Parses a JSON number that is whole, in any spelling: `7`, `7.0` and `70e-1` are the same.
pub fn parse_whole_number(number: &str) -> Option<u64> {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (before, after) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let (negative, before) = before.strip_prefix('-').map_or((false, before), |before| (true, before));
    let digits = [before, after].concat();
    let significant = digits.trim_start_matches('0');
    if significant.is_empty() {
        return Some(0);
    }
    // The number is whole if the point is after the last digit that is not zero.
    let leading = i64::try_from(digits.len() - significant.len()).ok()?;
    let point = i64::try_from(before.len()).ok()?.checked_add(exponent.parse().ok()?)?.checked_sub(leading)?;
    let significant = significant.trim_end_matches('0');
    let zeros = usize::try_from(point).ok()?.checked_sub(significant.len())?;
    let fits = !negative && zeros <= 20;
    fits.then(|| [significant, &"0".repeat(zeros)].concat().parse().ok()).flatten()
}

/// Appends a text as a JSON string; every invisible character becomes a `\u` escape.
pub fn write_quoted(out: &mut String, raw: &str) {
    out.push('"');
    for (c, shown) in text::chars_with_visibility(raw) {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\r' => out.push_str("\\r"),
            '\t' => out.push_str("\\t"),
            _ if shown => out.push(c),
            _ => write_escape(out, c),
        }
    }
    out.push('"');
}

/// Escapes every invisible character of a one-line JSON text as `\u`, which means the same there.
pub fn escape_hidden(line: String) -> String {
    if text::chars_with_visibility(&line).all(|(_, shown)| shown) {
        return line;
    }
    let mut out = String::with_capacity(line.len() + 16);
    for (c, shown) in text::chars_with_visibility(&line) {
        if shown { out.push(c) } else { write_escape(&mut out, c) }
    }
    out
}

/// Appends a node on one line, with its original spelling.
pub fn write_one_line(out: &mut String, doc: &JsonNode) {
    match &doc.value {
        JsonValue::Null => out.push_str("null"),
        JsonValue::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        JsonValue::Number(number) => out.push_str(number),
        JsonValue::Text(text) => write_quoted(out, text),
        JsonValue::List(rows) => write_separated(out, ['[', ']'], rows, write_one_line),
        JsonValue::Object(members) => write_separated(out, ['{', '}'], members, |out, (name, doc)| {
            write_quoted(out, name);
            out.push_str(": ");
            write_one_line(out, doc);
        }),
    }
}

fn write_separated<T>(out: &mut String, [open, close]: [char; 2], items: &[T], write: impl Fn(&mut String, &T)) {
    out.push(open);
    for (index, item) in items.iter().enumerate() {
        out.push_str(if index > 0 { ", " } else { "" });
        write(out, item);
    }
    out.push(close);
}

fn write_escape(out: &mut String, c: char) {
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
        write_quoted(&mut out, raw);
        out
    }

    #[test]
    fn parsing_keeps_order_spelling_duplicates_and_positions() {
        let doc = parse(r#"{"b": 1.10, "a": [1e2], "b": null}"#).unwrap();
        let JsonValue::Object(members) = &doc.value else { panic!("{doc:?}") };
        let names: Vec<_> = members.iter().map(|(name, _)| &**name).collect();
        assert_eq!(names, ["b", "a", "b"]);
        assert_eq!(doc.pointer("/a/0").map(|d| &d.value), Some(&JsonValue::Number("1e2".into())));
        assert_eq!(doc.pointer("/b").map(|d| &d.value), Some(&JsonValue::Null), "the last of two wins");
        assert_eq!((members[0].0.span.clone(), members[0].1.span.clone()), (1..4, 6..10));
        assert_eq!(doc.pointer("/a/1"), None);
        assert_eq!(doc.pointer("/a/x/y"), None);
    }

    #[test]
    fn compact_output_has_the_same_value() {
        let source = r#"{"b": 1.10, "a": [1e999, {}, []], "b": null, "\u001b": [true, false, "\u202e\""]}"#;
        let mut out = String::new();
        write_one_line(&mut out, &parse(source).unwrap());
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
    fn a_whole_number_is_recognized_in_every_spelling(#[case] number: &str, #[case] whole_is: Option<u64>) {
        assert_eq!(parse_whole_number(number), whole_is, "{number}");
    }

    #[rstest]
    #[case("", SyntaxErrorKind::Empty.at_byte(0))]
    #[case(" \n", SyntaxErrorKind::Empty.at_byte(0))]
    #[case("{\"a\": \"x\u{1}\"}", SyntaxErrorKind::RawControl.at_byte(8))]
    #[case("\u{feff}{\"a\": \"x\u{1}\"}", SyntaxErrorKind::RawControl.at_byte(11))]
    #[case("\u{feff}{\"a\": \"x\u{1}\"]}", SyntaxErrorKind::RawControl.at_byte(11))]
    fn what_is_not_json_says_where(#[case] source: &str, #[case] flaw: JsonSyntaxError) {
        assert_eq!(parse(source), Err(flaw));
    }

    #[rstest]
    #[case("{\"a\": 1,}", 7, SyntaxErrorKind::TrailingComma)]
    #[case("[1,\n]", 2, SyntaxErrorKind::TrailingComma)]
    #[case("[1 2]", 2, SyntaxErrorKind::Comma)]
    #[case("{\"a\" 1}", 5, SyntaxErrorKind::Colon)]
    #[case("{\"a\": }", 6, SyntaxErrorKind::Value)]
    #[case("{a: 1}", 1, SyntaxErrorKind::Quotes)]
    #[case("{'a': 1}", 1, SyntaxErrorKind::Quotes)]
    #[case("// x\n1", 0, SyntaxErrorKind::Comment)]
    #[case("'x'", 0, SyntaxErrorKind::Quotes)]
    #[case("0x1f", 0, SyntaxErrorKind::Number)]
    #[case("+1", 0, SyntaxErrorKind::Number)]
    #[case("NaN", 0, SyntaxErrorKind::Value)]
    #[case("1 2", 2, SyntaxErrorKind::TrailingContent)]
    #[case("[\"\\q\"]", 2, SyntaxErrorKind::Escape)]
    #[case("[\"\\u12\"]", 2, SyntaxErrorKind::Escape)]
    #[case("[\"\\ud800\"]", 2, SyntaxErrorKind::LoneSurrogate)]
    #[case("[\"Caf\\ud83d\"]", 5, SyntaxErrorKind::LoneSurrogate)]
    #[case("[\"\\uDE00x\"]", 2, SyntaxErrorKind::LoneSurrogate)]
    #[case("[\"\\ud83d\\u0041\"]", 2, SyntaxErrorKind::LoneSurrogate)]
    #[case("[\"\\ud83d\\ud83d\"]", 2, SyntaxErrorKind::LoneSurrogate)]
    #[case("{\"\\udc00\": 1}", 2, SyntaxErrorKind::LoneSurrogate)]
    #[case("[\"a]", 1, SyntaxErrorKind::Unclosed)]
    #[case("{\"a\": 1", 0, SyntaxErrorKind::Unclosed)]
    #[case("{\"a\": \"x,\n \"b\": 1}", 6, SyntaxErrorKind::Unclosed)]
    #[case("[\"\\\"x\\\\\", \"y\r\n\"]]", 10, SyntaxErrorKind::Unclosed)]
    #[case("[01]", 1, SyntaxErrorKind::Number)]
    #[case("\u{feff}[1 2]", 5, SyntaxErrorKind::Comma)]
    fn leniencies_are_off(#[case] source: &str, #[case] at: usize, #[case] slip: SyntaxErrorKind) {
        assert_eq!(parse(source), Err(slip.at_byte(at)), "{source}");
    }

    #[test]
    fn too_deep_nesting_is_refused_without_recursion() {
        let source = "[".repeat(1 << 20);
        assert_eq!(parse(&source), Err(SyntaxErrorKind::TooDeep.at_byte(512)));
    }

    #[test]
    fn unescaped_invisible_characters_are_escaped() {
        let line = serde_json::to_string("\u{9b}31m\u{202e}\u{7f} é\n").unwrap();
        let seen = escape_hidden(line.clone());
        assert_eq!(seen, "\"\\u009b31m\\u202e\\u007f é\\n\"");
        assert_eq!(parse(&seen), parse(&line));
        assert_eq!(escape_hidden("{\"a\": 1}".to_owned()), "{\"a\": 1}");
    }

    #[rstest]
    #[case("a", 0, (1, 1))]
    #[case("\u{feff}ab", 4, (1, 2))]
    #[case("a\r\n é🙂x", 10, (2, 4))]
    #[case("a\n\n", 3, (3, 1))]
    #[case("a", 9, (1, 2))]
    fn a_position_is_given_as_line_and_column(
        #[case] source: &str,
        #[case] at: usize,
        #[case] expected: (usize, usize),
    ) {
        assert_eq!(line_and_column(source, at), expected);
    }

    #[rstest]
    #[case("Straat 1", "\"Straat 1\"")]
    #[case("a\"b\\c\n", "\"a\\\"b\\\\c\\n\"")]
    #[case("\u{1b}[2J", "\"\\u001b[2J\"")]
    #[case("x\u{202e}y", "\"x\\u202ey\"")]
    #[case("\u{e0041}", "\"\\udb40\\udc41\"")]
    #[case("\u{301}", "\"\\u0301\"")]
    #[case("東é🙂", "\"東é🙂\"")]
    fn invisible_characters_are_escaped(#[case] raw: &str, #[case] written: &str) {
        assert_eq!(quoted(raw), written);
        assert_eq!(crate::text::visible(written), written, "what is written can be seen");
        assert_eq!(parse(written).unwrap().value, JsonValue::Text(raw.into()), "and means the same");
    }
}
