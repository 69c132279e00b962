//! The report about one payload: lines for a person, or one line of JSON.
//!
//! Everything from the file is made visible, and its secrets are masked. `form::lint` decides what is wrong.

use super::FileChecker;
use super::excerpt::{Excerpt, PositionTracker, TextPosition};
use crate::form::lint::{LintFinding, LintReport};
use crate::i18n::{texts, with};
use crate::product::Severity;
use crate::{json, text};
use serde::Serialize;
use std::fmt::Write;
use std::path::Path;

/// One payload with its problems.
pub(super) struct FileReport<'a> {
    pub(super) checker: FileChecker<'a>,
    pub(super) file: &'a Path,
    pub(super) source: &'a [u8],
    pub(super) audit: &'a LintReport,
}

#[derive(Serialize)]
struct FileReportJson<'a> {
    file: &'a str,
    ok: bool,
    problems: Vec<ProblemJson<'a>>,
}

#[derive(Serialize)]
struct UnreadableFileJson<'a> {
    file: &'a str,
    ok: bool,
    error: &'a str,
}

#[derive(Serialize)]
struct ProblemJson<'a> {
    severity: &'static str,
    pointer: &'a str,
    line: usize,
    column: usize,
    code: &'static str,
    field: Option<&'static str>,
    label: Option<&'static str>,
    message: String,
}

/// Returns the line of JSON for a file that could not be read.
pub(super) fn unreadable_json_line(file: &Path, error: &str) -> String {
    serialize_line(&UnreadableFileJson { file: &file.to_string_lossy(), ok: false, error })
}

fn serialize_line(line: &impl Serialize) -> String {
    // The line has only texts and numbers, so this cannot fail.
    json::escape_hidden(serde_json::to_string(line).unwrap_or_default()) + "\n"
}

impl FileReport<'_> {
    pub(super) fn to_json_line(&self) -> String {
        let mut spots = PositionTracker::new(self.source);
        let findings = self.audit.findings.iter();
        let problems =
            findings.map(|finding| self.problem_json(finding, &spots.position_at(finding.span.start))).collect();
        serialize_line(&FileReportJson {
            file: &self.file.to_string_lossy(),
            ok: self.checker.is_passing(self.audit),
            problems,
        })
    }

    fn problem_json<'a>(&self, finding: &'a LintFinding, position: &TextPosition) -> ProblemJson<'a> {
        ProblemJson {
            severity: severity_word(finding.level),
            pointer: &finding.pointer,
            line: position.line,
            column: position.column,
            code: finding.code(),
            field: finding.field.map(|id| self.checker.product[id].id),
            label: self.field_label(finding),
            message: finding.message(self.checker.lang),
        }
    }

    fn field_label(&self, finding: &LintFinding) -> Option<&'static str> {
        let field = &self.checker.product[finding.field?];
        Some(field.label.in_language(self.checker.lang.language))
    }

    /// Returns each problem with the line of the file that has it.
    pub(super) fn to_text(&self) -> String {
        let mut out = String::new();
        let mut spots = PositionTracker::new(self.source);
        for finding in &self.audit.findings {
            let position = spots.position_at(finding.span.start);
            self.write_headline(&mut out, finding, &position);
            let excerpt = Excerpt { source: self.source, secrets: &self.audit.secret_spans, at: finding.span.clone() };
            excerpt.write_to(&mut out, &position, |mark| self.with_color(finding.level, mark));
        }
        out
    }

    fn write_headline(&self, out: &mut String, finding: &LintFinding, position: &TextPosition) {
        let lang = self.checker.lang;
        let place = format!("{}:{}:{}", self.file.display(), position.line, position.column);
        let level =
            lang.text(if finding.level == Severity::Error { texts::check::ERROR } else { texts::check::WARNING });
        let label = self.field_label(finding).map(|label| format!(" ({label})")).unwrap_or_default();
        let pointer = if finding.pointer.is_empty() { String::new() } else { format!(" {}{label}:", finding.pointer) };
        let words = format!("{pointer} {}{}", finding.message(lang), self.example_hint(finding));
        let _ = writeln!(
            out,
            "{}: {}:{}",
            text::visible(&place),
            self.with_color(finding.level, level),
            text::visible(&words)
        );
    }

    /// Returns an example value for a field without a value.
    fn example_hint(&self, finding: &LintFinding) -> String {
        let field = finding.field.map(|id| &self.checker.product[id]);
        let example = field.map_or("", |field| field.example);
        match finding.code() {
            "required" | "advised" if !example.is_empty() => {
                format!(" {}", self.checker.lang.format(texts::check::EXAMPLE, with::Example(&example)))
            }
            _ => String::new(),
        }
    }

    fn with_color(&self, level: Severity, words: &str) -> String {
        let color = if level == Severity::Error { anstyle::AnsiColor::Red } else { anstyle::AnsiColor::Yellow };
        let style = color.on_default().bold();
        if self.checker.color { format!("{style}{words}{style:#}") } else { words.to_owned() }
    }
}

fn severity_word(level: Severity) -> &'static str {
    match level {
        Severity::Error => "error",
        Severity::Warning => "warning",
    }
}
