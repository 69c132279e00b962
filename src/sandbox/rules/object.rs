//! Payload objects: the members of a JSON object with their dotted paths, and the checks that all rules share.
//!
//! The checks are about JSON types, blanks and lengths; what a member means does not belong here. A wrong member is
//! reported once, with its path, and then treated as absent.

use super::Violation;
use serde_json::{Map, Value};

/// No limit to the length is documented.
pub(super) const UNLIMITED: usize = usize::MAX;

/// A JSON object and its dotted path in the order.
pub(super) struct PayloadObject<'a> {
    path: String,
    members: &'a Map<String, Value>,
}

impl<'a> PayloadObject<'a> {
    /// Returns the whole order. `None` if it is not an object.
    pub(super) fn root(payload: &'a Value) -> Option<Self> {
        Self::at_path(String::new(), payload)
    }

    /// Returns the value at this path. `None` if it is not an object.
    pub(super) fn at_path(path: String, value: &'a Value) -> Option<Self> {
        value.as_object().map(|members| Self { path, members })
    }

    pub(super) fn member_path(&self, name: &str) -> String {
        if self.path.is_empty() { name.to_owned() } else { format!("{}.{name}", self.path) }
    }

    /// Returns true if the member exists, whatever its value is.
    pub(super) fn has_member(&self, name: &str) -> bool {
        self.members.contains_key(name)
    }

    pub(super) fn member(&self, name: &str) -> Option<&'a Value> {
        self.members.get(name)
    }

    /// Reports a violation of a member. The message is the member's path followed by `words`.
    pub(super) fn report_violation(&self, name: &str, code: &'static str, words: &str, found: &mut Vec<Violation>) {
        found.push(Violation::new(code, format!("{} {words}", self.member_path(name))));
    }

    /// Returns the member, or reports that it is missing.
    pub(super) fn required_member(&self, name: &str, found: &mut Vec<Violation>) -> Option<&'a Value> {
        let value = self.member(name);
        if value.is_none() {
            self.report_violation(name, "sandbox|required", "is required", found);
        }
        value
    }

    fn check_type<T>(&self, name: &str, value: Option<T>, kind: &str, found: &mut Vec<Violation>) -> Option<T> {
        if value.is_none() {
            self.report_violation(name, "sandbox|type", &format!("must be {kind}"), found);
        }
        value
    }

    pub(super) fn required_object(&self, name: &str, found: &mut Vec<Violation>) -> Option<PayloadObject<'a>> {
        self.required_member(name, found).and_then(|_| self.optional_object(name, found))
    }

    pub(super) fn optional_object(&self, name: &str, found: &mut Vec<Violation>) -> Option<PayloadObject<'a>> {
        let value = self.member(name)?;
        self.check_type(name, PayloadObject::at_path(self.member_path(name), value), "an object", found)
    }

    pub(super) fn required_array(&self, name: &str, found: &mut Vec<Violation>) -> Option<&'a [Value]> {
        let value = self.required_member(name, found)?;
        self.check_type(name, value.as_array().map(Vec::as_slice), "an array", found)
    }

    pub(super) fn required_boolean(&self, name: &str, found: &mut Vec<Violation>) -> Option<bool> {
        self.required_member(name, found).and_then(|_| self.optional_boolean(name, found))
    }

    pub(super) fn optional_boolean(&self, name: &str, found: &mut Vec<Violation>) -> Option<bool> {
        let value = self.member(name)?;
        self.check_type(name, value.as_bool(), "true or false", found)
    }

    pub(super) fn optional_integer(&self, name: &str, found: &mut Vec<Violation>) -> Option<i64> {
        let value = self.member(name)?;
        self.check_type(name, value.as_i64(), "a whole number", found)
    }

    /// A required id; see [`super::parse_id`].
    pub(super) fn required_id(&self, name: &str, found: &mut Vec<Violation>) -> Option<u64> {
        let value = self.required_member(name, found)?;
        self.check_type(name, super::parse_id(value), "an id: a positive integer, or its digits", found)
    }

    /// A required text that is not blank and has at most `most` characters.
    pub(super) fn required_text(&self, name: &str, most: usize, found: &mut Vec<Violation>) -> Option<&'a str> {
        self.required_member(name, found)?;
        let text = self.optional_text(name, most, found)?;
        if text.trim().is_empty() {
            self.report_violation(name, "sandbox|required", "must not be blank", found);
            return None;
        }
        Some(text)
    }

    pub(super) fn required_blankable_text(&self, name: &str, found: &mut Vec<Violation>) -> Option<&'a str> {
        self.required_member(name, found).and_then(|_| self.optional_text(name, UNLIMITED, found))
    }

    /// A text that may be absent or blank and has at most `most` characters. A longer text is reported and still
    /// returned.
    pub(super) fn optional_text(&self, name: &str, most: usize, found: &mut Vec<Violation>) -> Option<&'a str> {
        let value = self.member(name)?;
        let text = self.check_type(name, value.as_str(), "a string", found)?;
        if text.chars().count() > most {
            self.report_violation(
                name,
                "sandbox|max_length",
                &format!("must be at most {most} characters long"),
                found,
            );
        }
        Some(text)
    }

    /// A required text that is one of these words.
    pub(super) fn required_choice(&self, name: &str, words: &[&str], found: &mut Vec<Violation>) -> Option<&'a str> {
        let text = self.required_text(name, UNLIMITED, found)?;
        if words.contains(&text) {
            return Some(text);
        }
        self.report_violation(name, "sandbox|not_allowed", &format!("must be {}", words.join(" or ")), found);
        None
    }

    /// A required country code: two letters, in either case (certcentral-api.md 6 row 6).
    pub(super) fn required_country(&self, name: &str, found: &mut Vec<Violation>) -> Option<&'a str> {
        let text = self.required_text(name, UNLIMITED, found)?;
        if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
            return Some(text);
        }
        self.report_violation(name, "sandbox|format", "must be a country code of two letters", found);
        None
    }

    /// A required text of digits only. `many` is the allowed number of digits.
    pub(super) fn required_digits(
        &self,
        name: &str,
        many: std::ops::RangeInclusive<usize>,
        found: &mut Vec<Violation>,
    ) -> Option<&'a str> {
        let text = self.required_text(name, UNLIMITED, found)?;
        if many.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Some(text);
        }
        let words = match (many.start(), many.end()) {
            (least, most) if least == most => format!("must be {least} digits"),
            (least, most) => format!("must be {least} to {most} digits"),
        };
        self.report_violation(name, "sandbox|format", &words, found);
        None
    }
}
