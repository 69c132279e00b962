//! Decoding of a list page: its rows, the stated total, and any flaw that casts doubt on whether it is complete.
//!
//! An answer without the list is an error, unless it states a total of zero. Whether the list is complete is not
//! decided here, because that depends on all of its pages.

use super::lenient::{list_rows, parse_listing, parse_object, read_number};
use super::orders::read_errors;
use crate::domain::{DecodeError, ListName, Page, PageFlaw};
use serde_json::Value;

/// The longest `page.total` that is shown, for a number in an unusual spelling. Eleven characters cannot be a card
/// number.
const MAX_SHOWN_CHARS: usize = 11;

/// A larger total is not accepted: no account has a list with more rows.
const MAX_TOTAL: u64 = 1_000_000_000;

/// Parses a page of a list, row by row. Unreadable rows are counted.
///
/// # Errors
/// The answer is not a JSON object, or has no such list.
pub(super) fn parse_page<T>(
    answer: &[u8],
    list: ListName,
    read: impl FnMut(&Value) -> Option<T>,
) -> Result<Page<T>, DecodeError> {
    let (found, others) = parse_listing(answer, list_member_name(list), read)?;
    build_page(found, &others).ok_or(DecodeError::MissingList(list))
}

/// Parses a list that comes in two parts, in order. One part may be missing.
///
/// # Errors
/// The answer is not a JSON object, or has neither part.
pub(super) fn parse_two_part_list<T>(
    answer: &[u8],
    list: ListName,
    parts: [&str; 2],
    read: impl Fn(&Value) -> Option<T>,
) -> Result<Page<T>, DecodeError> {
    let value = parse_object(answer)?;
    let found: Vec<&[Value]> = parts.iter().filter_map(|part| list_rows(&value[*part])).collect();
    let read = (!found.is_empty()).then(|| found.into_iter().flatten().map(read).collect());
    build_page(read, &value).ok_or(DecodeError::MissingList(list))
}

fn list_member_name(list: ListName) -> &'static str {
    match list {
        ListName::Orders => "orders",
        ListName::Requests => "requests",
        ListName::Organizations => "organizations",
        ListName::Users | ListName::Approvers => "users",
        ListName::Divisions => "containers",
        ListName::Profiles => "profiles",
        ListName::Validations => "validations",
    }
}

/// Builds the page from the rows and the other members. `None` if the list is missing and the total is not zero.
fn build_page<T>(found: Option<Vec<Option<T>>>, beside: &Value) -> Option<Page<T>> {
    let (total, odd) = match read_total(&beside["page"]) {
        Ok(total) => (total, None),
        Err(total) => (None, Some(PageFlaw::Total(total))),
    };
    let found = found.or_else(|| (total == Some(0)).then(Vec::new))?;
    let errors = list_rows(&beside["errors"]).filter(|rows| !rows.is_empty());
    let flaw = errors.map(|_| PageFlaw::Errors(read_errors(beside))).or(odd);
    let received = found.len() as u64;
    Some(Page { rows: found.into_iter().flatten().collect(), received, total, flaw })
}

/// Reads the stated total. The error describes a total that cannot be read.
fn read_total(page: &Value) -> Result<Option<u64>, String> {
    let total = match page {
        Value::Object(members) => members.get("total").unwrap_or(&Value::Null),
        Value::Array(rows) if rows.is_empty() => &Value::Null,
        other => other,
    };
    match total {
        Value::Null => Ok(None),
        // A total counts only as a member of `page`, not as the value of `page` itself.
        Value::Number(_) | Value::String(_) if page.is_object() => {
            read_number(total).filter(|total| *total <= MAX_TOTAL).map(Some).ok_or_else(|| describe_total(total))
        }
        _ => Err(describe_total(total)),
    }
}

/// Describes an unreadable total: a short number in its own spelling, or else only its kind. Neither can be a secret.
fn describe_total(total: &Value) -> String {
    let text = total.to_string();
    let spelled = text.chars().all(|c| c.is_ascii_digit() || "+-.,eE \"".contains(c));
    match total {
        Value::Number(_) | Value::String(_) if spelled && text.len() <= MAX_SHOWN_CHARS => text,
        Value::Bool(_) => text,
        Value::Number(_) => "0…".to_owned(),
        Value::String(_) => "\"…\"".to_owned(),
        Value::Array(_) => "[…]".to_owned(),
        Value::Object(_) | Value::Null => "{…}".to_owned(),
    }
}
