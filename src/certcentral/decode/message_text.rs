//! The text of an answer that cannot be decoded otherwise: its messages, the text of a web page, or the answer
//! itself.
//!
//! None of it is safe to show: it may repeat what was sent to the server.

use super::lenient::{decode_text, parse_object, read_text};
use super::orders::{read_error, read_errors};
use crate::domain::{DecodeError, ServerError};
use serde_json::Value;

/// Only this part of an answer is searched for text.
const MAX_SCANNED_BYTES: usize = 1 << 18;

/// Members that describe an error in words.
const MESSAGE_MEMBERS: [&str; 7] =
    ["error", "message", "error_description", "description", "detail", "title", "reason"];

/// Returns the text of an answer. Blank if it has none.
pub fn extract_text(answer: &[u8]) -> String {
    let whole = parse_object(answer);
    let text = decode_text(&answer[..answer.len().min(MAX_SCANNED_BYTES)]);
    let text = text.trim_start_matches('\u{feff}').trim();
    let words = match whole {
        Ok(value) => object_text(&value).unwrap_or_else(|| text.to_owned()),
        Err(DecodeError::WebPage) => web_page_text(text),
        Err(_) => text.to_owned(),
    };
    // Brackets alone say nothing.
    Some(words).filter(|words| words.contains(char::is_alphanumeric)).unwrap_or_default()
}

/// Returns the text of an object whose members are all errors or messages.
fn object_text(value: &Value) -> Option<String> {
    let members = value.as_object()?;
    if !members.keys().all(|name| name == "errors" || MESSAGE_MEMBERS.contains(&name.as_str())) {
        return None;
    }
    let errors = read_errors(value).into_iter();
    let words: Vec<String> = errors
        .chain(MESSAGE_MEMBERS.iter().filter_map(|name| member_error(value, name)))
        .map(|error| join_error(&error))
        .collect();
    (!words.is_empty()).then(|| words.join("; "))
}

/// Returns the message of a member, which is a text or an error object.
fn member_error(value: &Value, name: &str) -> Option<ServerError> {
    match &value[name] {
        Value::Object(_) => read_error(&value[name]),
        _ => Some(ServerError { code: String::new(), message: read_text(value, name) })
            .filter(|error| !error.message.trim().is_empty()),
    }
}

fn join_error(error: &ServerError) -> String {
    format!("{} {}", error.code, error.message).trim().to_owned()
}

/// Returns the text of a web page, without tags, scripts and styles.
fn web_page_text(page: &str) -> String {
    let (mut out, mut rest) = (String::new(), page);
    while let Some(at) = rest.find('<') {
        out.push_str(&rest[..at]);
        // A tag does not begin with white space.
        let is_tag = !rest[at + 1..].starts_with(char::is_whitespace);
        out.push(if is_tag { ' ' } else { '<' });
        rest = if is_tag { skip_tag(&rest[at..]) } else { &rest[at + 1..] };
    }
    out.push_str(rest);
    let entities = [("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&amp;", "&")];
    entities.iter().fold(out, |text, (entity, replacement)| text.replace(entity, replacement)).trim().to_owned()
}

/// Skips a tag, or a whole element whose content is not readable text.
fn skip_tag(rest: &str) -> &str {
    let begins = |name: &str| rest.get(..name.len()).is_some_and(|start| start.eq_ignore_ascii_case(name));
    let behind = |end: &str| {
        let at = rest.as_bytes().windows(end.len()).position(|bytes| bytes.eq_ignore_ascii_case(end.as_bytes()));
        at.map_or("", |at| &rest[at + end.len()..])
    };
    let elements = [("<!--", "-->"), ("<script", "</script>"), ("<style", "</style>")];
    let end = elements.iter().find(|(name, _)| begins(name)).map_or(">", |(_, end)| end);
    behind(end)
}

/// Replaces texts and numbers in an answer. An answer without replacements, or that is not an object, is returned
/// unchanged. An id, recognized by the name of its member and its digits, is kept: it is read as an id, and does not
/// come from the sender.
pub fn replace_texts(answer: Vec<u8>, replace: &dyn Fn(&str) -> Option<String>) -> Vec<u8> {
    let Ok(mut value) = parse_object(&answer) else { return answer };
    if !replace_in_value(&mut value, "", replace) {
        return answer;
    }
    serde_json::to_vec(&value).unwrap_or_default()
}

/// Replaces texts and numbers in the value. Returns true if anything was replaced.
fn replace_in_value(value: &mut Value, name: &str, replace: &dyn Fn(&str) -> Option<String>) -> bool {
    let is_id = name == "id" || name.ends_with("_id");
    match value {
        Value::Array(rows) => rows.iter_mut().fold(false, |any, row| replace_in_value(row, name, replace) | any),
        Value::Object(members) => {
            let mut any = false;
            for (name, mut member) in std::mem::take(members) {
                let other = replace(&name);
                any |= replace_in_value(&mut member, &name, replace) | other.is_some();
                members.insert(other.unwrap_or(name), member);
            }
            any
        }
        Value::String(text) if !(is_id && text.bytes().all(|b| b.is_ascii_digit())) => {
            let other = replace(text);
            let any = other.is_some();
            *text = other.unwrap_or_else(|| std::mem::take(text));
            any
        }
        Value::Number(number) if !is_id => {
            let other = replace(&number.to_string());
            let any = other.is_some();
            *value = other.map_or_else(|| value.take(), Value::String);
            any
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(r#"{"errors": ["organization.contacts is required"]}"#, "organization.contacts is required")]
    #[case(r#"{"message": "Try again later."}"#, "Try again later.")]
    #[case(r#"{"error": "invalid_token", "error_description": "Gone."}"#, "invalid_token; Gone.")]
    #[case(r#"{"error": {"code": "x", "message": "Blocked."}}"#, "x Blocked.")]
    #[case(r#"{"errors": [{"code": "a", "message": "b"}], "message": "c"}"#, "a b; c")]
    #[case(r#"{"message": "Blocked.", "incident": 7}"#, r#"{"message": "Blocked.", "incident": 7}"#)]
    #[case(r#"{"message": ""}"#, r#"{"message": ""}"#)]
    #[case(r#"["no"]"#, r#"["no"]"#)]
    #[case("{\"message\": \"Caf\\ud83d\"}", "Caf\u{fffd}")]
    #[case(" 502 Bad Gateway\n", "502 Bad Gateway")]
    #[case("", "")]
    fn the_message_is_the_error_texts_or_the_body_itself(#[case] answer: &str, #[case] text: &str) {
        assert_eq!(extract_text(answer.as_bytes()), text);
    }

    #[rstest]
    #[case(
        "<html><head><title>Request blocked</title><style>p { color: red }</style></head><body><p>Incident&nbsp;ID: 18-4711</p><script>if (1 < 2) {}</script></body></html>",
        "Request blocked Incident ID: 18-4711"
    )]
    #[case("<!DOCTYPE html><!-- <p>not this</p> --><P>A &amp; B &lt;ok&gt;</P>", "A & B <ok>")]
    #[case("<p>1 < 2</p>", "1 < 2")]
    #[case("<p>never closed <b", "never closed")]
    #[case("<script>never closed", "")]
    fn a_web_page_is_reduced_to_its_text(#[case] page: &str, #[case] text: &str) {
        assert_eq!(extract_text(page.as_bytes()).split_whitespace().collect::<Vec<_>>().join(" "), text);
    }

    #[rstest]
    #[case(r#"{"a": "x secret", "id": 7}"#, r#"{"a":"***","id":7}"#)]
    #[case(
        r#"{"id": "1234", "organization_id": 1234, "n": 1234, "s": "1234"}"#,
        r#"{"id":"1234","organization_id":1234,"n":"***","s":"***"}"#
    )]
    #[case(r#"{"requests": [{"id": 1234, "status": "secret"}]}"#, r#"{"requests":[{"id":1234,"status":"***"}]}"#)]
    #[case(r#"{"errors": {"the secret": "x"}}"#, r#"{"errors":{"***":"x"}}"#)]
    #[case(r#"{"a":  1.50}"#, r#"{"a":  1.50}"#)]
    #[case("<p>secret", "<p>secret")]
    fn texts_are_cleaned_and_ids_are_unchanged(#[case] answer: &str, #[case] expected: &str) {
        let replace = |text: &str| (text.contains("secret") || text.contains("1234")).then(|| "***".to_owned());
        let replaced = replace_texts(answer.as_bytes().to_vec(), &replace);
        assert_eq!(String::from_utf8(replaced).unwrap(), expected);
    }
}
