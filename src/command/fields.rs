//! `zegel fields`: what the order asks for, for people, wikis, programs and editors.
//!
//! All of it is made from the product's catalog; what is told of a field in words is in `words`, once for people and for
//! wikis.

mod document;
mod listing;
mod tables;
mod words;

use super::Trouble;
use super::lines::{write_out, written};
use crate::cli::Fields;
use crate::form::Form;
use crate::lang::Lang;
use crate::product::{self, Product};
use crate::text::is_hidden;
use serde_json::Value;
use words::Teller;

/// Lists the fields of the product.
pub(super) fn run(lang: &Lang, args: &Fields) -> Result<u8, Trouble> {
    written(write_out(listed(product::pkio()?, lang, args).as_bytes()))?;
    Ok(0)
}

fn listed(product: &Product, lang: &Lang, args: &Fields) -> String {
    let teller = Teller { product, lang };
    match args {
        Fields { json: true, .. } => laid_out(&document::document(&teller)),
        Fields { schema: true, .. } => laid_out(&Form::schema(product, lang)),
        Fields { markdown: true, .. } => tables::tables(&teller),
        _ => listing::listing(&teller),
    }
}

/// So many columns a line of JSON may have.
const WIDTH: usize = 120;

/// JSON with a line for whatever fits on one.
fn laid_out(value: &Value) -> String {
    let mut out = String::new();
    lay(&mut out, value, 0, WIDTH);
    out + "\n"
}

/// Appends a value to a line of which so many columns are taken.
fn lay(out: &mut String, value: &Value, depth: usize, taken: usize) {
    let line = escaped(&value.to_string());
    match value {
        _ if taken + line.chars().count() < WIDTH => out.push_str(&line),
        Value::Object(members) => {
            let items = members.iter().map(|(name, value)| (format!("{}: ", Value::from(name.as_str())), value));
            block(out, ['{', '}'], items, depth);
        }
        Value::Array(items) => block(out, ['[', ']'], items.iter().map(|item| (String::new(), item)), depth),
        _ => out.push_str(&line),
    }
}

/// JSON without characters that are hidden or that few fonts have: those of a pattern among them.
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

fn block<'a>(
    out: &mut String,
    [open, close]: [char; 2],
    items: impl Iterator<Item = (String, &'a Value)>,
    depth: usize,
) {
    let indent = "  ".repeat(depth + 1);
    out.push(open);
    for (index, (name, item)) in items.enumerate() {
        out.extend([if index > 0 { ",\n" } else { "\n" }, &indent, &name]);
        lay(out, item, depth + 1, indent.len() + name.chars().count());
    }
    out.extend(["\n", &indent[2..]]);
    out.push(close);
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn what_fits_on_a_line_stands_on_one() {
        let long = "x".repeat(WIDTH);
        let value = json!({"a": [1, {"b": null}], "c": [long], "d": {}});
        let text = laid_out(&value);
        assert_eq!(
            text,
            format!("{{\n  \"a\": [1,{{\"b\":null}}],\n  \"c\": [\n    \"{long}\"\n  ],\n  \"d\": {{}}\n}}\n")
        );
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }

    #[test]
    fn what_is_hidden_stands_there_by_its_number() {
        let value = json!({"a": "é\u{200b}\u{85}🙂\u{e0fff}"});
        let text = laid_out(&value);
        assert_eq!(text, "{\n  \"a\": \"é\\u200b\\u0085\\ud83d\\ude42\\udb43\\udfff\"\n}\n");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
