//! The walk through the tree of a text: it finds duplicate and unknown members, characters that do not belong in a
//! text, and the places of secrets.
//!
//! The values of fields are checked by the form, not here.

use super::{LintFinding, TextProblem, secret_spans, suggest_name};
use crate::form::ProblemKind;
use crate::form::field_checks::has_card_number;
use crate::form::redact::{has_private_descendant, has_private_member};
use crate::json::{self, JsonNode, JsonValue, MemberName};
use crate::product::payload_shape::{PayloadMember, PayloadShape};
use crate::product::{FieldId, Product, Severity};
use crate::text;
use std::ops::Range;

pub(super) struct PayloadWalker {
    product: &'static Product,
    /// The JSON pointer to the current node.
    pointer: String,
    pub(super) findings: Vec<LintFinding>,
    pub(super) secret_spans: Vec<Range<usize>>,
}

impl PayloadWalker {
    pub(super) fn new(product: &'static Product) -> Self {
        Self { product, pointer: String::new(), findings: Vec::new(), secret_spans: Vec::new() }
    }

    /// Runs `go` one step down in the tree.
    fn with_step(&mut self, step: &str, go: impl FnOnce(&mut Self)) {
        let length = self.pointer.len();
        json::push_pointer_step(&mut self.pointer, step);
        go(self);
        self.pointer.truncate(length);
    }

    /// Returns a member name for use in a pointer. A name that may be a secret is hidden.
    fn pointer_step<'a>(&mut self, name: &'a MemberName, private: bool) -> &'a str {
        if has_card_number(name) || private && secret_spans::has_secret_digits(name) {
            self.secret_spans.push(name.span.clone());
            return "***";
        }
        name
    }

    fn add_finding(&mut self, level: Severity, oddity: TextProblem, at: &Range<usize>, field: Option<FieldId>) {
        self.findings.push(LintFinding::from_text_problem(level, oddity, self.pointer.clone(), at.clone(), field));
    }

    pub(super) fn walk_object(&mut self, members: &[(MemberName, JsonNode)], shape: &PayloadShape) {
        let private = has_private_member(self.product, shape);
        for (index, (name, doc)) in members.iter().enumerate() {
            let step = self.pointer_step(name, private && shape.member(name).is_none());
            self.with_step(step, |walk| {
                if members[..index].iter().any(|(earlier, _)| earlier == name) {
                    walk.add_finding(Severity::Error, TextProblem::Duplicate, &name.span, None);
                }
                // Of duplicates the last counts.
                if members[index + 1..].iter().all(|(later, _)| later != name) {
                    walk.walk_member(name, doc, (members, shape));
                } else if walk.is_private_member(name, shape) {
                    walk.hide_value(doc);
                } else {
                    walk.walk_foreign(doc);
                }
            });
        }
    }

    /// Checks one member of an object of this shape, next to its siblings.
    fn walk_member(
        &mut self,
        name: &MemberName,
        doc: &JsonNode,
        (members, shape): (&[(MemberName, JsonNode)], &PayloadShape),
    ) {
        match (shape.member(name).map(|(_, member)| member), &doc.value) {
            (Some(PayloadMember::Leaf(fields)), _) => self.walk_leaf(fields[0], doc),
            (Some(PayloadMember::Object(shape)), JsonValue::Object(members)) => self.walk_object(members, shape),
            (Some(PayloadMember::List(_, shape)), JsonValue::List(rows)) => self.walk_rows(rows, shape),
            (Some(_), _) if self.is_private_member(name, shape) => self.hide_value(doc),
            (Some(_), _) => self.walk_foreign(doc),
            (None, _) => self.report_unknown_member(name, doc, (members, shape)),
        }
    }

    fn walk_rows(&mut self, rows: &[JsonNode], shape: &PayloadShape) {
        for (index, row) in rows.iter().enumerate() {
            self.with_step(&index.to_string(), |walk| match &row.value {
                JsonValue::Object(members) => walk.walk_object(members, shape),
                _ => walk.walk_foreign(row),
            });
        }
    }

    fn walk_leaf(&mut self, field: FieldId, doc: &JsonNode) {
        if self.product[field].secret.is_some() {
            self.secret_spans.push(doc.span.clone());
            self.add_finding(Severity::Warning, TextProblem::CardData, &doc.span, Some(field));
        } else if matches!(doc.value, JsonValue::List(_) | JsonValue::Object(_)) {
            self.walk_foreign(doc);
        } else if !self.report_card_number(doc, Some(field))
            && !self.product.group_of(field).keep
            && secret_spans::can_be_secret(doc)
        {
            // The values of card members get mixed up, so this one may be a secret too.
            self.secret_spans.push(doc.span.clone());
        }
    }

    /// Reports a card number where none belongs. Returns true if there is one.
    fn report_card_number(&mut self, doc: &JsonNode, field: Option<FieldId>) -> bool {
        let shown = matches!(&doc.value, JsonValue::Text(text) | JsonValue::Number(text) if has_card_number(text));
        if shown {
            self.secret_spans.push(doc.span.clone());
            self.add_finding(Severity::Warning, TextProblem::CardData, &doc.span, field);
        }
        shown
    }

    fn report_unknown_member(
        &mut self,
        name: &MemberName,
        doc: &JsonNode,
        (members, shape): (&[(MemberName, JsonNode)], &PayloadShape),
    ) {
        let here: String = self
            .pointer
            .split('/')
            .filter(|step| step.parse::<usize>().is_err())
            .skip(1)
            .fold(String::new(), |path, step| path + "/" + step);
        let is_there = |known: &str| members.iter().any(|(name, _)| **name == *known);
        let oddity = if self.product.elsewhere.contains(&here.as_str()) {
            TextProblem::Elsewhere
        } else {
            TextProblem::Unknown(suggest_name::suggest_name(name, shape, is_there).map(str::to_owned))
        };
        self.add_finding(Severity::Warning, oddity, &name.span, None);
        if has_private_member(self.product, shape) { self.hide_value(doc) } else { self.walk_foreign_member(name, doc) }
    }

    /// Walks through a value that the form does not know.
    fn walk_foreign(&mut self, doc: &JsonNode) {
        self.check_characters(doc);
        self.report_card_number(doc, None);
        match &doc.value {
            JsonValue::List(rows) => {
                for (index, row) in rows.iter().enumerate() {
                    self.with_step(&index.to_string(), |walk| walk.walk_foreign(row));
                }
            }
            JsonValue::Object(members) => {
                for (name, doc) in members {
                    let step = self.pointer_step(name, false);
                    self.with_step(step, |walk| walk.walk_foreign_member(name, doc));
                }
            }
            _ => {}
        }
    }

    /// Checks a member that the form does not know. It may still hold a secret under its usual name.
    fn walk_foreign_member(&mut self, name: &MemberName, doc: &JsonNode) {
        if secret_spans::is_secret_name(self.product, name) {
            self.hide_value(doc);
        } else {
            self.walk_foreign(doc);
        }
    }

    /// Returns true if a secret belongs at this member, or below it.
    fn is_private_member(&self, name: &str, shape: &PayloadShape) -> bool {
        match shape.member(name).map(|(_, member)| member) {
            Some(PayloadMember::Leaf(fields)) => self.product[fields[0]].secret.is_some(),
            Some(PayloadMember::Object(shape) | PayloadMember::List(_, shape)) => {
                has_private_descendant(self.product, shape)
            }
            None => has_private_member(self.product, shape),
        }
    }

    fn check_characters(&mut self, doc: &JsonNode) {
        let JsonValue::Text(value) = &doc.value else { return };
        let fault = if value.chars().any(char::is_control) {
            (Severity::Error, ProblemKind::ControlCharacter)
        } else if value.chars().any(text::is_hidden) {
            (Severity::Warning, ProblemKind::HiddenCharacter)
        } else {
            return;
        };
        let (pointer, at) = (self.pointer.clone(), doc.span.clone());
        self.findings.push(LintFinding {
            level: fault.0,
            kind: fault.1.into(),
            pointer,
            span: at,
            field: None,
            source: None,
        });
    }

    /// Marks the whole value as secret.
    fn hide_value(&mut self, doc: &JsonNode) {
        self.secret_spans.push(doc.span.clone());
    }
}
