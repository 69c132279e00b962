//! Everything that is wrong or worth a look with the text of a payload, each once, at its most precise place.
//!
//! It knows what the form knows, and what only a text can have wrong besides: that it is no JSON, members that stand
//! twice, are not known, or hold card data. It reads bytes and no file, and never changes what it reads. How a finding
//! is said is the matter of `say`, and where it is shown that of the caller.

mod secret_spans;
mod spans;
mod suggest_name;
mod text;
mod walk;

pub use text::{TextProblem, text_only_messages};

use super::{Form, Normalization, ParsedPayload, Problem, ProblemKind, ProblemTarget, ValidationContext};
use crate::json::{self, JsonNode, JsonSyntaxError, JsonValue};
use crate::product::{Citation, FieldId, Product, Severity};
use spans::ProblemLocator;
use std::ops::Range;
use text::FindingKind;
use walk::PayloadWalker;

/// The longest text that is read, in bytes. An order has some two thousand.
pub const MAX_TEXT_BYTES: usize = 1 << 20;

/// The most values that are looked through, lists and objects among them. An order has some sixty. What is looked for
/// around each is worth its time and room while there are few.
const MAX_VALUES: usize = 1_000;

/// The longest name that is looked at, in bytes: each finding below has it in its pointer.
const MAX_NAME_BYTES: usize = 256;

/// What was found in a text.
#[derive(Debug, Clone, Default)]
pub struct LintReport {
    /// What is wrong or worth a look, in the order of the text.
    pub findings: Vec<LintFinding>,
    /// The form that it makes; nothing where it is no order at all.
    pub payload: Option<ParsedPayload>,
    /// Where in the text secrets stand, or may stand, in their order: nobody is to see them.
    pub secret_spans: Vec<Range<usize>>,
}

/// Something wrong or worth a look.
#[derive(Debug, Clone, PartialEq)]
pub struct LintFinding {
    /// How bad it is.
    pub level: Severity,
    /// What it is.
    kind: FindingKind,
    /// Where it is in the payload, as a JSON pointer (RFC 6901); blank for the whole.
    pub pointer: String,
    /// Where it is in the text, in bytes.
    pub span: Range<usize>,
    /// The field that it is about.
    pub field: Option<FieldId>,
    /// Where the check or rule that it breaks comes from, if it breaks one of the product file.
    source: Option<&'static Citation>,
}

impl LintReport {
    /// Whether there is an error.
    pub fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.level == Severity::Error)
    }

    fn unreadable_text(oddity: TextProblem, at: Range<usize>, secret_spans: Vec<Range<usize>>) -> Self {
        let finding = LintFinding::from_text_problem(Severity::Error, oddity, String::new(), at, None);
        Self { findings: vec![finding], payload: None, secret_spans }
    }
}

impl LintFinding {
    /// Whether it is of the text alone, and the form that it makes shows nothing of it.
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

/// Looks through the text of a payload. One that is longer than [`LONGEST`] is not read.
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
            TextProblem::from_syntax_error(&flaw),
            error_span(source, &flaw),
            secret_spans::digit_spans(bytes),
        ),
    }
}

/// The character at a flaw.
fn error_span(source: &str, flaw: &JsonSyntaxError) -> Range<usize> {
    let at = flaw.byte_offset();
    let long = source[at..].chars().next().map_or(0, char::len_utf8);
    at..at + long
}

/// The place from where on there is more in a document than in any order.
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

/// What the form finds, at the places where it stands.
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

/// Where something stands that is not what belongs there, nothing more is told of it and of what should be in it.
fn drop_nested_findings(mut findings: Vec<LintFinding>) -> Vec<LintFinding> {
    let misfits: Vec<(String, FindingKind)> = findings
        .iter()
        .filter(|finding| finding.field.is_none() && finding.is_wrong_type())
        .map(|finding| (finding.pointer.clone(), finding.kind.clone()))
        .collect();
    let wrong: Vec<String> =
        findings.iter().filter(|one| one.level == Severity::Error).map(|one| one.pointer.clone()).collect();
    // What is wrong is not told once more as left out.
    findings
        .retain(|finding| finding.kind != FindingKind::Text(TextProblem::LeftOut) || !wrong.contains(&finding.pointer));
    findings.retain(|finding| {
        misfits.iter().all(|(pointer, what)| *what == finding.kind || !spans::is_at_or_below(&finding.pointer, pointer))
    });
    findings
}

#[cfg(test)]
mod tests;
