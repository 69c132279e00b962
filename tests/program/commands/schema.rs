//! The schema that the program prints, compared with the result of `zegel check` for the same payload.

use super::RIGHT;
use super::reported::{of_payload, problems, schema};
use serde_json::Value;

/// Texts without a visible character: empty ones, white space, hidden characters, in the basic plane and beyond.
const BLANK: &[&str] = &[
    "",
    " ",
    "\u{a0}\u{1680}\u{2003}\u{202f}\u{205f}\u{3000}",
    "\u{2028}\u{2029}\u{180e}\u{ad}",
    "\u{200b}\u{2060}\u{feff}",
    "\u{2800}\u{3164}\u{fe0f}",
    "\u{110bd}",
    "\u{110cd}",
    "\u{13430}\u{1343f}",
    "\u{1bca0}\u{1bca3}",
    "\u{1d173}",
    "\u{1d173}\u{1d176}\u{1d17a}",
    "\u{e0000}",
    "\u{e0020}",
    "\u{e0001}\u{e0800} \u{e0fff}",
];

/// Texts with a visible or unknown character, including the neighbors of the hidden ones beyond the basic plane.
const FILLED: &[&str] = &[
    "x",
    "\u{fffd}",
    "é🙂",
    "\u{10000}",
    "\u{110bc}",
    "\u{110be}",
    "\u{110cc}",
    "\u{110ce}",
    "\u{1342f}",
    "\u{13440}",
    "\u{1bc9f}",
    "\u{1bca4}",
    "\u{1d172}",
    "\u{1d17b}",
    // Its second half in UTF-16 is that of a hidden character.
    "\u{1f57a}",
    "\u{dffff}",
    "\u{e1000}",
    "\u{10ffff}",
    "\u{e0020}x\u{e0020}",
];

/// Returns whether the check and the schema accept a payload with this text for the city.
fn is_right(schema: &jsonschema::Validator, city: &str) -> (bool, bool) {
    let mut payload: Value = serde_json::from_str(RIGHT).unwrap();
    payload["ship_info"]["city"] = city.into();
    let checked = of_payload(&["check", "--json"], &payload.to_string());
    let missing = problems(&checked).contains(&"error required /ship_info/city".to_owned());
    (!missing, schema.is_valid(&payload))
}

#[test]
fn an_invisible_text_is_blank_for_the_schema_too() {
    let schema = schema();
    for text in BLANK {
        assert_eq!(is_right(&schema, text), (false, false), "{}", text.escape_unicode());
    }
    for text in FILLED {
        assert_eq!(is_right(&schema, text), (true, true), "{}", text.escape_unicode());
    }
}
