//! The schema of one value: its kind, whether it may be blank, and its checks.
//!
//! A pattern is written for ECMA 262, with constructs that other engines support too, and works with the flag `u` and
//! without flags. Other members of the payload do not belong here: the two checks that use another member are built
//! here, and the caller adds them to the object.

use super::node::SchemaNode;
use crate::form::payload_parse::MAX_POSTAL_CODE;
use crate::i18n::{Translations, country};
use crate::product::catalog::{CatalogEntry, ConstraintKind};
use crate::product::{AddressPart, Field, Requirement, Severity, ValueCheck, ValueKind};
use crate::text;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const TEXT_PATTERN: &str = r"^[^\x00-\x1f\x7f-\x9f]*$";

const DATE_PATTERN: &str = concat!(
    r"^[0-9]{4}-(?:(?:0[13578]|1[02])-(?:0[1-9]|[12][0-9]|3[01])",
    r"|(?:0[469]|11)-(?:0[1-9]|[12][0-9]|30)|02-(?:0[1-9]|[12][0-9]))$"
);

/// Any other way to write a day, as far as a pattern can check it: a year, and only characters that occur in a date.
const SPELLED_DATE_PATTERN: &str = "^ *[0-9A-Za-z][0-9A-Za-z:+., /-]*$";
const YEAR_WITHIN_PATTERN: &str = "[0-9]{4}";
const HYPHENED_DATE_PATTERN: &str = "^[0-9]{4}-[0-9]{2}-[0-9]{2}$";

const AT_SIGN_PATTERN: &str = r"[\s\S]@[\s\S]";

/// A local part, plain or in quotes, and a domain of at least two labels; letters of any script.
const EMAIL_PATTERN: &str = concat!(
    r#"^(?:"[^\x00-\x1f\x7f]+"|[^\x00- "(),.:;<>@\[\\\]\x7f]+(?:\.[^\x00- "(),.:;<>@\[\\\]\x7f]+)*)"#,
    r#"@[^\x00-/:-@\[-`{-\x7f](?:[^\x00- "(),.:;<>@\[\\\]\x7f]*[^\x00-/:-@\[-`{-\x7f])?"#,
    r#"(?:\.[^\x00-/:-@\[-`{-\x7f](?:[^\x00- "(),.:;<>@\[\\\]\x7f]*[^\x00-/:-@\[-`{-\x7f])?)+$"#
);

/// Eight digits or more with separators between them, and an optional extension.
const TELEPHONE_PATTERN: &str =
    r"^(?:[ +()./-]*[0-9]){8}[0-9 +()./-]*(?:(?:(?:[Ee][Xx][Tt])+[Xx#. ]*|[Xx#][Xx#. ]*)[0-9]{1,16})?$";

const MONTH_PATTERN: &str = "^(?:0[1-9]|1[0-2])$";
const YEAR_PATTERN: &str = "^[0-9]{4}$";
const LETTERS_PATTERN: &str = "[^0-9 +,./-]";
const TWO_WORDS_PATTERN: &str = r"\S\s+\S";

/// The schemas that are used in more than one place.
#[derive(Debug, Default)]
pub(super) struct SchemaDefinitions(BTreeMap<String, Value>);

impl SchemaDefinitions {
    /// Adds a named schema and returns a reference to it.
    fn add_reference(&mut self, name: &str, schema: Value) -> Value {
        self.0.entry(name.to_owned()).or_insert(schema);
        json!({"$ref": format!("#/$defs/{name}")})
    }

    fn add_pattern(&mut self, name: &str, pattern: &str) -> Value {
        self.add_reference(name, json!({"type": "string", "pattern": pattern}))
    }

    pub(super) fn into_value(self) -> Value {
        self.0.into_iter().collect()
    }
}

/// Describes a member for people and their editors.
pub(super) fn describe_member(node: &mut SchemaNode, entry: &CatalogEntry<'_>, lang: &Translations) {
    let field = entry.field;
    node.set_keyword("title", json!(field.label.in_language(lang.language)));
    node.set_keyword("description", json!(field.help.in_language(lang.language)));
    node.set_keyword("$comment", json!(field.cite.text_with_confirmation(lang)));
    if let Some(default) = &field.default {
        node.set_keyword("default", typed_value(field.kind, default));
    }
    let words = field.options.iter().map(|option| &option.id);
    let example = Some(&field.example).filter(|example| !example.is_empty() && field.options.is_empty());
    let examples: Vec<Value> = words.chain(example).map(|word| typed_value(field.kind, word)).collect();
    if !examples.is_empty() {
        node.set_keyword("examples", Value::from(examples));
    }
    if field.secret.is_some() {
        node.set_keyword("writeOnly", json!(true));
    }
}

/// Returns a value of a field as a payload has it.
fn typed_value(kind: ValueKind, text: &str) -> Value {
    match kind {
        ValueKind::Integer => text.parse::<u64>().map_or_else(|_| json!(text), Value::from),
        ValueKind::Bool | ValueKind::Consent => json!(text == "true"),
        _ => json!(text),
    }
}

pub(super) fn one_of_schema(kind: ValueKind, words: &[&str]) -> Value {
    match words {
        [word] => json!({"const": typed_value(kind, word)}),
        words => json!({"enum": words.iter().map(|word| typed_value(kind, word)).collect::<Vec<_>>()}),
    }
}

pub(super) fn value_schema(entry: &CatalogEntry<'_>, definitions: &mut SchemaDefinitions) -> Value {
    let field = entry.field;
    match field.kind {
        ValueKind::Mode(_) | ValueKind::Opaque => json!({}),
        ValueKind::Bool => json!({"type": "boolean"}),
        ValueKind::Consent => json!({"const": true}),
        ValueKind::Integer => integer_schema(field, definitions),
        _ if field.secret.is_some() => secret_schema(entry),
        _ => text_schema(entry, definitions),
    }
}

/// Returns the checks whose violation is an error.
fn error_checks<'a>(entry: &'a CatalogEntry<'_>) -> impl Iterator<Item = &'a ValueCheck> {
    entry.constraints.iter().filter(|limit| limit.level == Severity::Error).filter_map(|limit| match limit.is {
        ConstraintKind::Check(check) => Some(check),
        ConstraintKind::Rule(_) => None,
    })
}

/// Returns the schema of a number, or of a string of its digits.
fn integer_schema(field: &Field, definitions: &mut SchemaDefinitions) -> Value {
    let ranges = field.checks.iter().filter_map(|ruling| match ruling.is {
        ValueCheck::Range(first, last) => Some((first, last)),
        ValueCheck::AtMost(most) => Some((0, most)),
        _ => None,
    });
    let (first, last) = ranges.fold((0, u64::MAX), |all, range| (range.0.max(all.0), range.1.min(all.1)));
    let digits = json!({"type": "string", "pattern": format!("^(?:{})$", digits_up_to_pattern(last, first == 0))});
    let number = json!({"type": "integer", "minimum": first, "maximum": last});
    definitions.add_reference(&format!("integer_{first}_{last}"), json!({"anyOf": [number, digits]}))
}

/// Returns a pattern for all numbers up to this one, without leading zeros: first the shorter ones, then those that
/// are smaller from some digit on, then the number itself.
fn digits_up_to_pattern(last: u64, zero: bool) -> String {
    let digits = last.to_string();
    let mut ways: Vec<String> = zero.then(|| "0".to_owned()).into_iter().collect();
    if digits.len() > 1 {
        ways.push(format!("[1-9][0-9]{{0,{}}}", digits.len() - 2));
    }
    for (at, digit) in digits.char_indices() {
        let lowest = if at == 0 { '1' } else { '0' };
        let below = (lowest..digit).next_back();
        let (same, rest) = (&digits[..at], any_digits_pattern(digits.len() - at - 1));
        ways.extend(below.map(|below| {
            if below == lowest { format!("{same}{lowest}{rest}") } else { format!("{same}[{lowest}-{below}]{rest}") }
        }));
    }
    ways.push(digits);
    ways.join("|")
}

fn any_digits_pattern(count: usize) -> String {
    match count {
        0 => String::new(),
        1 => "[0-9]".to_owned(),
        count => format!("[0-9]{{{count}}}"),
    }
}

/// Returns the schema of a secret. It may be a number too: parsing takes it over as spelled. Any other JSON type is
/// left out.
fn secret_schema(entry: &CatalogEntry<'_>) -> Value {
    let blank = entry.field.required != Requirement::Yes;
    let mut schema = json!({"pattern": TEXT_PATTERN});
    for check in error_checks(entry) {
        match check {
            ValueCheck::Luhn => schema = digits_schema(12, 19, blank),
            ValueCheck::Cvv(_) => schema = digits_schema(3, 4, blank),
            _ => {}
        }
    }
    if !blank {
        schema["type"] = json!(if schema["maximum"].is_null() { ["string", "number"] } else { ["string", "integer"] });
        schema["minLength"] = json!(1);
    }
    schema
}

/// Returns the schema of a string or a number with this many digits.
fn digits_schema(least: u32, most: u32, blank: bool) -> Value {
    let or_blank = if blank { "^$|" } else { "" };
    let pattern = format!("{or_blank}^[0-9]{{{least},{most}}}$");
    json!({"pattern": pattern, "minimum": 10_u64.pow(least - 1), "maximum": 10_u64.pow(most) - 1})
}

/// Returns the schema of a string; a postal code may be a number too. If the value may be blank, its checks apply
/// only when it is not.
fn text_schema(entry: &CatalogEntry<'_>, definitions: &mut SchemaDefinitions) -> Value {
    let field = entry.field;
    let blank = (field.required != Requirement::Yes).then_some("");
    if let Some(fixed) = field.fixed {
        let word = one_of_schema(field.kind, &blank.into_iter().chain([fixed]).collect::<Vec<_>>());
        return json!({"anyOf": [word, {"type": "string", "pattern": any_case_pattern(fixed)}]});
    }
    let mut schema = definitions.add_pattern("text", TEXT_PATTERN);
    let mut also = Vec::new();
    if blank.is_none() {
        schema["minLength"] = json!(1);
        also.push(definitions.add_pattern("filled", &visible_character_pattern()));
    }
    also.extend((field.kind == ValueKind::Date).then(|| any_date_schema(definitions)));
    for check in error_checks(entry) {
        match check {
            ValueCheck::Max(max) => schema["maxLength"] = json!(max),
            ValueCheck::OneOf => {
                also.push(json!({"enum": field.options.iter().map(|option| &option.id).collect::<Vec<_>>()}));
            }
            check => also.extend(check_schema(check, definitions)),
        }
    }
    let also = also.into_iter().map(|one| if blank.is_some() { json!({"anyOf": [{"const": ""}, one]}) } else { one });
    let also: Vec<Value> = also.collect();
    if !also.is_empty() {
        schema["allOf"] = Value::from(also);
    }
    if field.part == Some(AddressPart::Zip) {
        let number = json!({"type": "integer", "minimum": 0, "maximum": MAX_POSTAL_CODE});
        return json!({"anyOf": [number, schema]});
    }
    schema
}

/// Returns the schema of a day in any format.
fn any_date_schema(definitions: &mut SchemaDefinitions) -> Value {
    let plain = definitions.add_pattern("date", DATE_PATTERN);
    let other = json!({"pattern": SPELLED_DATE_PATTERN, "allOf": [{"pattern": YEAR_WITHIN_PATTERN}], "not": {"pattern": HYPHENED_DATE_PATTERN}});
    json!({"anyOf": [plain, other]})
}

/// Returns a pattern for an ASCII word in any letter case.
fn any_case_pattern(word: &str) -> String {
    let either = |c: char| match c {
        c if c.is_ascii_alphabetic() => format!("[{}{}]", c.to_ascii_uppercase(), c.to_ascii_lowercase()),
        c if c.is_ascii_alphanumeric() || c == '_' => c.to_string(),
        c => format!(r"\{c}"),
    };
    format!("^{}$", word.chars().map(either).collect::<String>())
}

/// Returns a pattern for a character that can be seen.
///
/// A range beyond the basic plane is written as "the characters up to its last one, but not those before its first
/// one". So each range of the pattern begins with U+0000 and is also valid for an engine that takes such a character
/// for two. For such an engine, a range that begins with the second half of a character would make the whole schema
/// unusable. Such an engine accepts a text of only hidden characters beyond the plane, and rejects no text that can
/// be seen.
fn visible_character_pattern() -> String {
    let (basic, beyond): (Vec<_>, Vec<_>) = text::blank_ranges().partition(|(_, last)| *last <= '\u{ffff}');
    let basic = basic.into_iter().map(|(first, last)| format!(r"\u{:04x}-\u{:04x}", u32::from(first), u32::from(last)));
    let up_to = |last: char| format!(r"[\u0000-{last}]");
    let beyond = beyond.into_iter().map(|(first, last)| {
        let before = ('\0'..first).next_back().map(up_to).unwrap_or_default();
        format!("(?!{before}){}", up_to(last))
    });
    format!("(?!{})[^{}]", beyond.collect::<Vec<_>>().join("|"), basic.collect::<String>())
}

/// Returns the shape that a check asks for, if a pattern can express it.
fn check_schema(check: &ValueCheck, definitions: &mut SchemaDefinitions) -> Option<Value> {
    Some(match check {
        ValueCheck::Email => json!({"pattern": AT_SIGN_PATTERN}),
        ValueCheck::EmailShape => definitions.add_pattern("email", EMAIL_PATTERN),
        ValueCheck::YearMonthDay => definitions.add_pattern("date", DATE_PATTERN),
        ValueCheck::Telephone => json!({"minLength": 8, "maxLength": 32, "pattern": TELEPHONE_PATTERN}),
        ValueCheck::Luhn => digits_schema(12, 19, false),
        ValueCheck::Cvv(_) => digits_schema(3, 4, false),
        ValueCheck::Month => json!({"pattern": MONTH_PATTERN}),
        ValueCheck::Year4 => json!({"pattern": YEAR_PATTERN}),
        ValueCheck::Letters => json!({"pattern": LETTERS_PATTERN}),
        ValueCheck::Person | ValueCheck::TwoWords => json!({"pattern": TWO_WORDS_PATTERN}),
        ValueCheck::KnownCountry => definitions.add_pattern("country", &country_code_pattern()),
        ValueCheck::Max(_)
        | ValueCheck::Range(..)
        | ValueCheck::AtMost(_)
        | ValueCheck::OneOf
        | ValueCheck::PostalCode(_)
        | ValueCheck::NoPoBox
        | ValueCheck::HouseNumber(_)
        | ValueCheck::DaysAhead(..)
        | ValueCheck::Own(_) => return None,
    })
}

/// Returns a pattern for all codes of ISO 3166-1 in any letter case, grouped by their first letter.
fn country_code_pattern() -> String {
    let mut by_first: BTreeMap<&str, String> = BTreeMap::new();
    for country in country::all_countries() {
        let (first, second) = country.code.split_at(1);
        by_first.entry(first).or_default().extend([&second.to_uppercase(), second]);
    }
    let ways = by_first.iter().map(|(first, second)| format!("[{}{first}][{second}]", first.to_uppercase()));
    format!("^(?:{})$", ways.collect::<Vec<_>>().join("|"))
}

/// The number of digits of a CVV follows from the first digits of the card number. A card number without quotes is
/// not checked.
pub(super) fn cvv_schema(cvv: &str, card: &str) -> Value {
    let of = |count| json!({"properties": {cvv: digits_schema(count, count, true)}});
    let known = json!({"properties": {card: {"type": "string", "minLength": 2}}, "required": [card]});
    let four = json!({"properties": {card: {"pattern": "^3[47]"}}});
    json!({"if": known, "then": {"if": four, "then": of(4), "else": of(3)}})
}

/// Returns the rules for two texts that together have at most `max` characters, once the first is not blank: for each
/// length of the second text, the length that is left for the first.
pub(super) fn total_length_schemas(first: &str, second: &str, max: usize) -> Vec<Value> {
    let room = |left: usize| json!({"properties": {first: {"maxLength": left}}});
    let taken =
        |length: usize| json!({"properties": {second: {"type": "string", "minLength": length}}, "required": [second]});
    let pairs = (1..=max).map(|length| json!({"if": taken(length), "then": room(max - length)}));
    std::iter::once(room(max)).chain(pairs).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(1, false, "1")]
    #[case(9, true, "0|[1-8]|9")]
    #[case(397, false, "[1-9][0-9]{0,1}|[1-2][0-9]{2}|3[0-8][0-9]|39[0-6]|397")]
    fn number_patterns_accept_valid_spellings(#[case] last: u64, #[case] zero: bool, #[case] pattern: &str) {
        assert_eq!(digits_up_to_pattern(last, zero), pattern);
    }

    #[test]
    fn the_country_pattern_groups_codes_by_their_first_letter() {
        let pattern = country_code_pattern();
        assert!(pattern.contains("|[Nn][AaCcEeFfGgIiLlOoPpRrUuZz]|"), "{pattern}");
    }

    #[test]
    fn two_texts_share_a_combined_length_limit() {
        let rules = total_length_schemas("b", "a", 2);
        assert_eq!(rules.len(), 3);
        assert_eq!(rules[2]["then"], json!({"properties": {"b": {"maxLength": 0}}}));
    }
}
