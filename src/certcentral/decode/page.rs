//! A page of a list: its rows, how many there are in all, and what leaves open whether it is whole.
//!
//! An answer without its list says nothing of the list, unless it counts no rows. It draws no conclusion about the list:
//! that takes all of its pages.

use super::lenient::{list_rows, parse_listing, parse_object, read_number};
use super::orders::read_errors;
use crate::domain::{DecodeError, ListName, Page, PageFlaw};
use serde_json::Value;

/// What `page.total` is of that is shown: a number that is spelled in another way. Eleven characters are no card number.
const MAX_SHOWN_CHARS: usize = 11;

/// No account has more rows than this in a list.
const MAX_TOTAL: u64 = 1_000_000_000;

/// Reads a page of a list, row by row. A row of which nothing can be read is counted.
///
/// # Errors
/// Where the answer is no JSON object, or lacks its list.
pub(super) fn parse_page<T>(
    answer: &[u8],
    list: ListName,
    read: impl FnMut(&Value) -> Option<T>,
) -> Result<Page<T>, DecodeError> {
    let (found, others) = parse_listing(answer, list_member_name(list), read)?;
    build_page(found, &others).ok_or(DecodeError::MissingList(list))
}

/// Reads a list that comes in two parts, one after another; either may be left out.
///
/// # Errors
/// Where the answer is no JSON object, or lacks both.
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

/// The page of these rows, with what stands beside them. None where the list was left out and may not be.
fn build_page<T>(found: Option<Vec<Option<T>>>, beside: &Value) -> Option<Page<T>> {
    let (total, odd) = match read_total(&beside["page"]) {
        Ok(total) => (total, None),
        Err(came) => (None, Some(PageFlaw::Total(came))),
    };
    let found = found.or_else(|| (total == Some(0)).then(Vec::new))?;
    let errors = list_rows(&beside["errors"]).filter(|rows| !rows.is_empty());
    let flaw = errors.map(|_| PageFlaw::Errors(read_errors(beside))).or(odd);
    let received = found.len() as u64;
    Some(Page { rows: found.into_iter().flatten().collect(), received, total, flaw })
}

/// How many rows there are in all, if that is told. What came, where it is told in no way that can be read.
fn read_total(page: &Value) -> Result<Option<u64>, String> {
    let came = match page {
        Value::Object(members) => members.get("total").unwrap_or(&Value::Null),
        Value::Array(rows) if rows.is_empty() => &Value::Null,
        other => other,
    };
    match came {
        Value::Null => Ok(None),
        // A number on its own counts nothing that is named.
        Value::Number(_) | Value::String(_) if page.is_object() => {
            read_number(came).filter(|total| *total <= MAX_TOTAL).map(Some).ok_or_else(|| describe_total(came))
        }
        _ => Err(describe_total(came)),
    }
}

/// What is shown of it: a short number, however it is spelled, else its kind alone. Nothing that is secret is one.
fn describe_total(came: &Value) -> String {
    let text = came.to_string();
    let spelled = text.chars().all(|c| c.is_ascii_digit() || "+-.,eE \"".contains(c));
    match came {
        Value::Number(_) | Value::String(_) if spelled && text.len() <= MAX_SHOWN_CHARS => text,
        Value::Bool(_) => text,
        Value::Number(_) => "0…".to_owned(),
        Value::String(_) => "\"…\"".to_owned(),
        Value::Array(_) => "[…]".to_owned(),
        Value::Object(_) | Value::Null => "{…}".to_owned(),
    }
}
