//! Lenient reading of JSON members, in any form that has a clear meaning.
//!
//! The readers of single members never fail: a member that is missing, `null` or of another type counts as absent.
//! Endpoints and domain types do not belong here.

use super::surrogates::replace_half_surrogates;
use crate::domain::DecodeError;
use serde_json::Value;
use serde_json::value::RawValue;
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The largest id: ids are kept as signed 64-bit integers (certcentral-api.md 6 row 1).
const MAX_ID: u64 = i64::MAX as u64;

/// Returns the answer as text. Invalid UTF-8 and half surrogates affect only the text that contains them.
pub(super) fn decode_text(answer: &[u8]) -> Cow<'_, str> {
    replace_half_surrogates(String::from_utf8_lossy(answer))
}

/// Parses an answer, which is a JSON object at every endpoint.
pub(super) fn parse_object(answer: &[u8]) -> Result<Value, DecodeError> {
    let text = decode_text(answer);
    let text = text.trim_start_matches('\u{feff}').trim();
    match text.chars().next() {
        None => Err(DecodeError::Empty),
        Some('<') => Err(DecodeError::WebPage),
        Some(_) => match parse_json(text)? {
            value @ Value::Object(_) => Ok(value),
            _ => Err(DecodeError::NotAnObject),
        },
    }
}

/// Parses an answer as [`parse_object`] does, except that the rows of one list are passed to `read` one by one: all
/// rows at once take ten times the memory of their bytes. Returns the results for the rows, or `None` without such a
/// list, and all other members.
pub(super) fn parse_listing<T>(
    answer: &[u8],
    list: &str,
    mut read: impl FnMut(&Value) -> T,
) -> Result<(Option<Vec<T>>, Value), DecodeError> {
    let text = decode_text(answer);
    let text = text.trim_start_matches('\u{feff}').trim();
    let Ok(mut members) = serde_json::from_str::<BTreeMap<String, &RawValue>>(text) else {
        // The answer is not an object. The error says why.
        return parse_object(answer)
            .map(|value| (list_rows(&value[list]).map(|rows| rows.iter().map(read).collect()), value));
    };
    let found = members.remove(list).map_or("null", RawValue::get);
    let found = match serde_json::from_str::<Vec<&RawValue>>(found) {
        Ok(each) => Some(each.into_iter().map(|row| Ok(read(&parse_json(row.get())?))).collect::<Result<_, _>>()?),
        Err(_) => list_rows(&parse_json(found)?).map(|rows| rows.iter().map(read).collect()),
    };
    let others = members.into_iter().map(|(name, member)| Ok((name, parse_json(member.get())?)));
    Ok((found, others.collect::<Result<_, _>>()?))
}

fn parse_json(text: &str) -> Result<Value, DecodeError> {
    serde_json::from_str(text).map_err(|_| DecodeError::NotJson)
}

/// Reads a member as text, unchanged. A number becomes its digits. Blank for anything else.
pub(super) fn read_text(value: &Value, name: &str) -> String {
    match &value[name] {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => String::new(),
    }
}

/// Reads a text that identifies something, unchanged. Blank if a part of it cannot be read, because the rest may
/// identify something else.
pub(super) fn read_identifier(value: &Value, name: &str) -> String {
    Some(read_text(value, name)).filter(|text| !text.contains(char::REPLACEMENT_CHARACTER)).unwrap_or_default()
}

/// Reads a whole number of at least zero, also from its digits as a string.
pub(super) fn read_number(value: &Value) -> Option<u64> {
    match value {
        Value::Number(number) => number.as_u64(),
        Value::String(digits) if digits.bytes().all(|b| b.is_ascii_digit()) => digits.parse().ok(),
        _ => None,
    }
}

/// Reads a whole number, also from its digits as a string.
pub(super) fn read_signed(value: &Value) -> Option<i64> {
    match value {
        Value::Number(number) => number.as_i64(),
        Value::String(digits) => digits.parse().ok(),
        _ => None,
    }
}

/// Reads an id: a positive integer, also from its digits. `None` if it is negative, zero, fractional or too large.
pub(super) fn read_id(value: &Value) -> Option<u64> {
    read_number(value).filter(|id| (1..=MAX_ID).contains(id))
}

/// Reads a boolean, also from 1 and 0 and from strings of either form.
pub(super) fn read_flag(value: &Value) -> Option<bool> {
    match value {
        Value::Bool(flag) => Some(*flag),
        Value::String(word) if word.eq_ignore_ascii_case("true") => Some(true),
        Value::String(word) if word.eq_ignore_ascii_case("false") => Some(false),
        _ => match read_number(value) {
            Some(1) => Some(true),
            Some(0) => Some(false),
            _ => None,
        },
    }
}

/// Returns the rows of a list. A single value is a list of one. A missing value, `null`, `{}` or `""` is no list, and
/// not a row either.
pub(super) fn list_rows(value: &Value) -> Option<&[Value]> {
    match value {
        Value::Array(rows) => Some(rows),
        Value::Null => None,
        Value::Object(members) if members.is_empty() => None,
        Value::String(text) if text.is_empty() => None,
        one => Some(std::slice::from_ref(one)),
    }
}

/// Returns the rows of a list, with an empty list for a missing one.
pub(super) fn rows_or_empty(value: &Value) -> &[Value] {
    list_rows(value).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use serde_json::json;

    #[rstest]
    #[case(b"", DecodeError::Empty)]
    #[case(b" \r\n", DecodeError::Empty)]
    #[case(b"\xef\xbb\xbf", DecodeError::Empty)]
    #[case(b"<!DOCTYPE html><html></html>", DecodeError::WebPage)]
    #[case(b"\n <html>", DecodeError::WebPage)]
    #[case(b"{\"id\": 1", DecodeError::NotJson)]
    #[case(b"{\"id\": 1} {}", DecodeError::NotJson)]
    #[case(b"502 Bad Gateway", DecodeError::NotJson)]
    #[case(b"\x1f\x8b\x08\x00", DecodeError::NotJson)]
    #[case(br#"{"a": \ud83d}"#, DecodeError::NotJson)]
    #[case(br#"{"a": "\ud83d", "b": "\ud83"}"#, DecodeError::NotJson)]
    #[case(br#"{"a": "\ud83d"#, DecodeError::NotJson)]
    #[case(b"[]", DecodeError::NotAnObject)]
    #[case(b"null", DecodeError::NotAnObject)]
    #[case(b"4711", DecodeError::NotAnObject)]
    #[case(b"\"<html>\"", DecodeError::NotAnObject)]
    fn a_body_that_is_no_object_is_an_error(#[case] answer: &[u8], #[case] why: DecodeError) {
        assert_eq!(parse_object(answer), Err(why));
    }

    #[rstest]
    #[case(b"{\"a\": 1}")]
    #[case(b"\xef\xbb\xbf{\"a\": 1}")]
    #[case(b" \n{\"a\": 1}\n")]
    #[case(b"{\"a\": 1, \"b\": \"\xff\"}")]
    #[case(br#"{"a": 1, "b": "Caf\ud83d"}"#)]
    #[case(br#"{"a": 1, "\ude00": ["\ud83d", "\ude00"]}"#)]
    fn an_object_is_decoded(#[case] answer: &[u8]) {
        assert_eq!(parse_object(answer).unwrap()["a"], 1);
    }

    #[rstest]
    #[case(br#"{"list": [{"id": 1}, {"id": "2"}, 3, null], "page": {"total": 4}}"#)]
    #[case(br#"{"list": {"id": 1}, "page": {}}"#)]
    #[case(br#"{"list": {}}"#)]
    #[case(br#"{"list": ""}"#)]
    #[case(br#"{"list": "15"}"#)]
    #[case(br#"{"list": null, "a": 1, "a": 2}"#)]
    #[case(br#"{"list": [1], "list": [2, 3]}"#)]
    #[case(b" \xef\xbb\xbf{\"list\": [\"\xff\"]} ")]
    #[case(br#"{"list": ["\ud800"]}"#)]
    #[case(br#"{"list": [{"\ud83d": "\ude00"}, "\ud83d\ude00"], "\udc00": {"a": "\ud800"}}"#)]
    #[case(br#"{"list": [\ud800], "a": 1}"#)]
    #[case(br#"{"list": [], "a": "\ud800"}"#)]
    #[case(br#"{"list": [1, 2"#)]
    #[case(br#"{"list": [1]} {}"#)]
    #[case(b"{}")]
    #[case(b"[]")]
    #[case(b"<html>")]
    #[case(b"")]
    fn decoding_row_by_row_equals_decoding_at_once(#[case] answer: &[u8]) {
        let at_once = parse_object(answer).map(|mut value| {
            let found = list_rows(&value["list"]).map(<[Value]>::to_vec);
            value.as_object_mut().unwrap().remove("list");
            (found, value)
        });
        assert_eq!(parse_listing(answer, "list", Value::clone), at_once);
    }

    #[test]
    fn endless_nesting_is_refused() {
        assert_eq!(parse_object("{\"a\":".repeat(100_000).as_bytes()), Err(DecodeError::NotJson));
    }

    #[rstest]
    #[case(json!(900_001), Some(900_001))]
    #[case(json!("900001"), Some(900_001))]
    #[case(json!("007"), Some(7))]
    #[case(json!(i64::MAX), Some(MAX_ID))]
    #[case(json!(MAX_ID + 1), None)]
    #[case(json!(u64::MAX), None)]
    #[case(json!("99999999999999999999"), None)]
    #[case(json!(1e30), None)]
    #[case(json!(0), None)]
    #[case(json!("0"), None)]
    #[case(json!(-5), None)]
    #[case(json!("-5"), None)]
    #[case(json!("+5"), None)]
    #[case(json!(1.5), None)]
    #[case(json!("1.5"), None)]
    #[case(json!(""), None)]
    #[case(json!(" 5"), None)]
    #[case(json!("٥"), None)]
    #[case(json!("7\u{fffd}"), None)]
    #[case(json!(true), None)]
    #[case(json!(null), None)]
    #[case(json!([5]), None)]
    #[case(json!({"id": 5}), None)]
    fn an_id_is_a_positive_integer_or_its_digits(#[case] value: Value, #[case] read: Option<u64>) {
        assert_eq!(read_id(&value), read);
    }

    #[rstest]
    #[case(json!({"a": "1015 AA"}), "1015 AA")]
    #[case(json!({"a": 1015}), "1015")]
    #[case(json!({"a": -1.5}), "-1.5")]
    #[case(json!({"a": " \u{1b}[2J"}), " \u{1b}[2J")]
    #[case(json!({"a": null}), "")]
    #[case(json!({"a": ["x"]}), "")]
    #[case(json!({"a": true}), "")]
    #[case(json!({}), "")]
    #[case(json!("a"), "")]
    fn text_is_decoded_from_a_string_or_a_number(#[case] value: Value, #[case] read: &str) {
        assert_eq!(read_text(&value, "a"), read);
    }

    #[rstest]
    #[case(json!(true), Some(true))]
    #[case(json!(false), Some(false))]
    #[case(json!(1), Some(true))]
    #[case(json!("0"), Some(false))]
    #[case(json!("TRUE"), Some(true))]
    #[case(json!("false"), Some(false))]
    #[case(json!(2), None)]
    #[case(json!("yes"), None)]
    #[case(json!(null), None)]
    fn a_flag_is_true_false_or_unknown(#[case] value: Value, #[case] read: Option<bool>) {
        assert_eq!(read_flag(&value), read);
    }

    #[rstest]
    #[case(json!([1, 2]), Some(2))]
    #[case(json!({"id": 1}), Some(1))]
    #[case(json!("15"), Some(1))]
    #[case(json!([{}]), Some(1))]
    #[case(json!(false), Some(1))]
    #[case(json!([]), Some(0))]
    #[case(json!({}), None)]
    #[case(json!(""), None)]
    #[case(json!(null), None)]
    fn a_single_value_counts_as_a_list_of_one(#[case] value: Value, #[case] count: Option<usize>) {
        assert_eq!(list_rows(&value).map(<[Value]>::len), count);
        assert_eq!(rows_or_empty(&value).len(), count.unwrap_or_default());
    }
}
