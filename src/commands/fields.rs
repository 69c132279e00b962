//! `zegel fields`: the fields of the order, for people, wikis, programs and editors.
//!
//! All output is generated from the product's catalog. `describe` has the words about a field, for plain text and
//! Markdown alike.

mod describe;
mod json;
mod markdown;
mod plain_text;

use super::CommandError;
use super::output::{ignore_closed_pipe, write_stdout};
use crate::cli::FieldsArgs;
use crate::form::Form;
use crate::i18n::Translations;
use crate::product::{self, Product};
use crate::text::is_hidden;
use describe::FieldDescriber;
use serde_json::Value;

pub(super) fn run(lang: &Translations, args: &FieldsArgs) -> Result<u8, CommandError> {
    ignore_closed_pipe(write_stdout(render_fields(product::PKIO, lang, args).as_bytes()))?;
    Ok(0)
}

fn render_fields(product: &Product, lang: &Translations, args: &FieldsArgs) -> String {
    let describer = FieldDescriber { product, lang };
    match args {
        FieldsArgs { json: true, .. } => format_json(&json::fields_json(&describer)),
        FieldsArgs { schema: true, .. } => format_json(&Form::json_schema(product, lang)),
        FieldsArgs { markdown: true, .. } => markdown::fields_markdown(&describer),
        _ => plain_text::fields_text(&describer),
    }
}

/// The maximum number of columns in a line of JSON.
const MAX_JSON_WIDTH: usize = 120;

/// Formats JSON. A value that fits on one line stays on it.
fn format_json(value: &Value) -> String {
    let mut out = String::new();
    write_json_value(&mut out, value, 0, MAX_JSON_WIDTH);
    out + "\n"
}

/// Appends a value to a line that already has `taken` columns.
fn write_json_value(out: &mut String, value: &Value, depth: usize, taken: usize) {
    let line = escaped(&value.to_string());
    match value {
        _ if taken + line.chars().count() < MAX_JSON_WIDTH => out.push_str(&line),
        Value::Object(members) => {
            let items = members.iter().map(|(name, value)| (format!("{}: ", Value::from(name.as_str())), value));
            write_json_block(out, ['{', '}'], items, depth);
        }
        Value::Array(items) => write_json_block(out, ['[', ']'], items.iter().map(|item| (String::new(), item)), depth),
        _ => out.push_str(&line),
    }
}

/// Escapes characters that are hidden or missing in most fonts, such as those in a pattern.
fn escaped(json: &str) -> String {
    let mut out = String::with_capacity(json.len());
    for c in json.chars() {
        if c > '\u{ffff}' || is_hidden(c) {
            out.extend(c.encode_utf16(&mut [0; 2]).iter().map(|unit| format!(r"\u{unit:04x}")));
        } else {
            out.push(c);
        }
    }
    out
}

fn write_json_block<'a>(
    out: &mut String,
    [open, close]: [char; 2],
    items: impl Iterator<Item = (String, &'a Value)>,
    depth: usize,
) {
    let indent = "  ".repeat(depth + 1);
    out.push(open);
    for (index, (name, item)) in items.enumerate() {
        out.extend([if index > 0 { ",\n" } else { "\n" }, &indent, &name]);
        write_json_value(out, item, depth + 1, indent.len() + name.chars().count());
    }
    out.extend(["\n", &indent[2..]]);
    out.push(close);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn a_short_entry_fits_on_one_line() {
        let long = "x".repeat(MAX_JSON_WIDTH);
        let value = json!({"a": [1, {"b": null}], "c": [long], "d": {}});
        let text = format_json(&value);
        assert_eq!(
            text,
            format!("{{\n  \"a\": [1,{{\"b\":null}}],\n  \"c\": [\n    \"{long}\"\n  ],\n  \"d\": {{}}\n}}\n")
        );
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    #[test]
    fn hidden_characters_are_shown_by_code_point() {
        let value = json!({"a": "é\u{200b}\u{85}🙂\u{e0fff}"});
        let text = format_json(&value);
        assert_eq!(text, "{\n  \"a\": \"é\\u200b\\u0085\\ud83d\\ude42\\udb43\\udfff\"\n}\n");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
