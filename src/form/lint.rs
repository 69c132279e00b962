//! The linter of a payload text: everything that is wrong or worth a look, each once, at its most precise place.
//!
//! It reports the problems of the form, and the problems that only a text can have: invalid JSON, and members that
//! are duplicate, unknown, or hold card data. It reads bytes, not files, and never changes its input. `text` has the
//! messages of the findings; the caller decides where to show them.

mod secret_spans;
mod spans;
mod suggest_name;
mod text;
mod walk;

pub use text::{TextProblem, text_only_messages};

use super::{Form, Normalization, ParsedPayload, Problem, ProblemKind, ProblemTarget, ValidationContext};
use crate::json::{self, JsonNode, JsonValue};
use crate::product::{Citation, FieldId, Product, Severity};
use spans::ProblemLocator;
use std::ops::Range;
use text::FindingKind;
use walk::PayloadWalker;

/// The longest text that is read, in bytes. An order has about two thousand.
pub const MAX_TEXT_BYTES: usize = 1 << 20;

/// The most values that are checked, lists and objects included. An order has about sixty. The checks around each
/// value are affordable only while there are few.
const MAX_VALUES: usize = 1_000;

/// The longest member name that is checked, in bytes: each finding below it repeats the name in its pointer.
const MAX_NAME_BYTES: usize = 256;

#[derive(Debug, Clone, Default)]
pub struct LintReport {
    /// The findings, in the order of the text.
    pub findings: Vec<LintFinding>,
    /// The form that the text makes; `None` if it is not an order at all.
    pub payload: Option<ParsedPayload>,
    /// The spans of the text that contain, or may contain, secrets, in order. They must never be shown.
    pub secret_spans: Vec<Range<usize>>,
}

/// A problem of the text, or something worth a look.
#[derive(Debug, Clone, PartialEq)]
pub struct LintFinding {
    pub level: Severity,
    kind: FindingKind,
    /// The place in the payload, as a JSON pointer (RFC 6901); blank for the whole payload.
    pub pointer: String,
    /// The place in the text, in bytes.
    pub span: Range<usize>,
    /// The field of the finding, if any.
    pub field: Option<FieldId>,
    /// The citation of the violated check or rule, if it is one of the product file.
    source: Option<&'static Citation>,
}

impl LintReport {
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.level == Severity::Error)
    }

    fn unreadable_text(oddity: TextProblem, at: Range<usize>, secret_spans: Vec<Range<usize>>) -> Self {
        let finding = LintFinding::from_text_problem(Severity::Error, oddity, String::new(), at, None);
        Self { findings: vec![finding], payload: None, secret_spans }
    }
}

impl LintFinding {
    /// Returns true if only the text shows the finding, and the form that it makes does not.
    pub fn is_text_only(&self) -> bool {
        matches!(
            &self.kind,
            FindingKind::Text(TextProblem::Duplicate | TextProblem::CardData | TextProblem::Unknown(Some(_)))
        )
    }

    fn is_wrong_type(&self) -> bool {
        matches!(self.kind, FindingKind::Form(ProblemKind::Type(_)) | FindingKind::Text(TextProblem::Null))
    }

    fn from_text_problem(
        level: Severity,
        oddity: TextProblem,
        pointer: String,
        span: Range<usize>,
        field: Option<FieldId>,
    ) -> Self {
        Self { level, kind: FindingKind::Text(oddity), pointer, span, field, source: None }
    }
}

/// Lints the text of a payload. A text longer than [`MAX_TEXT_BYTES`] is not read.
pub fn lint_text(product: &'static Product, bytes: &[u8], context: &ValidationContext<'_>) -> LintReport {
    if bytes.len() > MAX_TEXT_BYTES {
        return LintReport::unreadable_text(TextProblem::TooLarge, 0..0, secret_spans::digit_spans(bytes));
    }
    let source = match std::str::from_utf8(bytes) {
        Ok(source) => source,
        Err(error) => {
            let at = error.valid_up_to();
            return LintReport::unreadable_text(
                TextProblem::InvalidUtf8(at),
                at..at + 1,
                secret_spans::digit_spans(bytes),
            );
        }
    };
    match json::parse(source) {
        Ok(mut doc) => {
            let found = lint_document(product, &doc, context);
            if !found.secret_spans.is_empty() {
                doc.wipe_spans(&found.secret_spans);
            }
            found
        }
        Err(flaw) => LintReport::unreadable_text(
            TextProblem::Syntax(flaw.kind),
            error_span(source, flaw.at),
            secret_spans::digit_spans(bytes),
        ),
    }
}

/// Returns the span of the character at a syntax error.
fn error_span(source: &str, at: usize) -> Range<usize> {
    let long = source[at..].chars().next().map_or(0, char::len_utf8);
    at..at + long
}

/// Returns the place from which a document has more values, or a longer name, than any order.
fn find_excess(doc: &JsonNode, left: &mut usize) -> Option<Range<usize>> {
    let Some(less) = left.checked_sub(1) else { return Some(doc.span.clone()) };
    *left = less;
    match &doc.value {
        JsonValue::List(rows) => rows.iter().find_map(|row| find_excess(row, left)),
        JsonValue::Object(members) => members.iter().find_map(|(name, doc)| {
            let long = name.len() > MAX_NAME_BYTES;
            if long { Some(name.span.clone()) } else { find_excess(doc, left) }
        }),
        _ => None,
    }
}

fn not_an_object_report(doc: &JsonNode) -> LintReport {
    LintReport::unreadable_text(
        TextProblem::NotAnObject,
        doc.span.start..doc.span.start + 1,
        secret_spans::value_spans(doc),
    )
}

fn lint_document(product: &'static Product, doc: &JsonNode, context: &ValidationContext<'_>) -> LintReport {
    let JsonValue::Object(members) = &doc.value else { return not_an_object_report(doc) };
    if let Some(at) = find_excess(doc, &mut { MAX_VALUES }) {
        return LintReport::unreadable_text(TextProblem::TooMuch, at, secret_spans::value_spans(doc));
    }
    let Ok(reading) = Form::parse_payload(product, doc) else { return not_an_object_report(doc) };
    let mut walk = PayloadWalker::new(product);
    walk.walk_object(members, &product.shape);
    let PayloadWalker { mut findings, secret_spans: secrets, .. } = walk;
    let places = ProblemLocator { doc, form: &reading.form };
    findings.extend(form_findings(&places, &reading, context));
    findings.sort_by_key(|finding| finding.span.start);
    LintReport { findings, payload: Some(reading), secret_spans: secrets }
}

/// Returns the findings of the form, at their places in the text.
fn form_findings(
    places: &ProblemLocator<'_>,
    reading: &ParsedPayload,
    context: &ValidationContext<'_>,
) -> Vec<LintFinding> {
    let problems = reading.form.find_problems(context);
    let (absent, present): (Vec<_>, Vec<_>) = problems.into_iter().partition(|problem| places.is_absent(problem));
    let mut findings: Vec<LintFinding> = present.into_iter().map(|problem| places.locate_present(problem)).collect();
    findings.extend(places.locate_absent(absent));
    let left_out = reading.normalizations.iter().filter_map(|note| match note {
        Normalization::LeftOut(pointer) if !places.is_in_conflict(pointer) => Some(places.left_out_finding(pointer)),
        Normalization::LeftOut(_)
        | Normalization::TextToInteger(_)
        | Normalization::WholeNumber(_)
        | Normalization::NumberToText(_) => None,
    });
    findings.extend(left_out);
    drop_nested_findings(findings)
}

/// Drops the other findings at or below a value of the wrong type: they follow from it.
fn drop_nested_findings(mut findings: Vec<LintFinding>) -> Vec<LintFinding> {
    let misfits: Vec<(String, FindingKind)> = findings
        .iter()
        .filter(|finding| finding.field.is_none() && finding.is_wrong_type())
        .map(|finding| (finding.pointer.clone(), finding.kind.clone()))
        .collect();
    let wrong: Vec<String> =
        findings.iter().filter(|one| one.level == Severity::Error).map(|one| one.pointer.clone()).collect();
    // A member with an error is not also reported as left out.
    findings
        .retain(|finding| finding.kind != FindingKind::Text(TextProblem::LeftOut) || !wrong.contains(&finding.pointer));
    findings.retain(|finding| {
        misfits.iter().all(|(pointer, what)| *what == finding.kind || !spans::is_at_or_below(&finding.pointer, pointer))
    });
    findings
}

#[cfg(test)]
mod tests;
