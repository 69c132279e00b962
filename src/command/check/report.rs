//! What is written of one payload: lines for a person, or one line of JSON.
//!
//! Whatever comes from the file is made visible, and its secrets are masked. What is wrong is not decided here.

use super::Desk;
use super::excerpt::{Excerpt, Spot, Spots};
use crate::form::audit::{Audit, Finding};
use crate::product::Level;
use crate::{json, text};
use serde::Serialize;
use std::fmt::Write;
use std::path::Path;

/// One payload with what was found in it.
pub(super) struct Report<'a> {
    pub(super) desk: Desk<'a>,
    pub(super) file: &'a Path,
    pub(super) source: &'a [u8],
    pub(super) audit: &'a Audit,
}

#[derive(Serialize)]
struct Line<'a> {
    file: &'a str,
    ok: bool,
    problems: Vec<Problem<'a>>,
}

#[derive(Serialize)]
struct Unread<'a> {
    file: &'a str,
    ok: bool,
    error: &'a str,
}

#[derive(Serialize)]
struct Problem<'a> {
    severity: &'static str,
    pointer: &'a str,
    line: usize,
    column: usize,
    code: &'static str,
    field: Option<&'static str>,
    label: Option<&'static str>,
    message: String,
}

/// The line for a file that could not be read.
pub(super) fn unread(file: &Path, error: &str) -> String {
    line(&Unread { file: &file.to_string_lossy(), ok: false, error })
}

fn line(line: &impl Serialize) -> String {
    // Texts and numbers alone: nothing of it can fail.
    json::visible(serde_json::to_string(line).unwrap_or_default()) + "\n"
}

impl Report<'_> {
    /// One line of JSON.
    pub(super) fn json(&self) -> String {
        let mut spots = Spots::new(self.source);
        let findings = self.audit.findings.iter();
        let problems = findings.map(|finding| self.problem(finding, &spots.of(finding.at.start))).collect();
        line(&Line { file: &self.file.to_string_lossy(), ok: self.desk.passes(self.audit), problems })
    }

    fn problem<'a>(&self, finding: &'a Finding, spot: &Spot) -> Problem<'a> {
        Problem {
            severity: severity(finding.level),
            pointer: &finding.pointer,
            line: spot.line,
            column: spot.column,
            code: finding.code(),
            field: finding.field.map(|id| self.desk.product[id].id.as_str()),
            label: self.label(finding),
            message: finding.say(self.desk.lang),
        }
    }

    fn label(&self, finding: &Finding) -> Option<&'static str> {
        let field = &self.desk.product[finding.field?];
        Some(field.label.in_language(self.desk.lang.language))
    }

    /// Each problem with the line on which it stands.
    pub(super) fn human(&self) -> String {
        let mut out = String::new();
        let mut spots = Spots::new(self.source);
        for finding in &self.audit.findings {
            let spot = spots.of(finding.at.start);
            self.headline(&mut out, finding, &spot);
            let excerpt = Excerpt { source: self.source, secrets: &self.audit.secrets, at: finding.at.clone() };
            excerpt.write(&mut out, &spot, |mark| self.painted(finding.level, mark));
        }
        out
    }

    fn headline(&self, out: &mut String, finding: &Finding, spot: &Spot) {
        let lang = self.desk.lang;
        let place = format!("{}:{}:{}", self.file.display(), spot.line, spot.column);
        let level = lang.say(if finding.level == Level::Error { "check.error" } else { "check.warning" });
        let label = self.label(finding).map(|label| format!(" ({label})")).unwrap_or_default();
        let pointer = if finding.pointer.is_empty() { String::new() } else { format!(" {}{label}:", finding.pointer) };
        let words = format!("{pointer} {}{}", finding.say(lang), self.example(finding));
        let _ = writeln!(
            out,
            "{}: {}:{}",
            text::visible(&place),
            self.painted(finding.level, level),
            text::visible(&words)
        );
    }

    /// What could stand there, where nothing does.
    fn example(&self, finding: &Finding) -> String {
        let field = finding.field.map(|id| &self.desk.product[id]);
        let example = field.map_or("", |field| field.example.as_str());
        match finding.code() {
            "required" | "advised" if !example.is_empty() => {
                format!(" {}", self.desk.lang.tell("check.example", &[("example", example)]))
            }
            _ => String::new(),
        }
    }

    fn painted(&self, level: Level, words: &str) -> String {
        let color = if level == Level::Error { anstyle::AnsiColor::Red } else { anstyle::AnsiColor::Yellow };
        let style = color.on_default().bold();
        if self.desk.color { format!("{style}{words}{style:#}") } else { words.to_owned() }
    }
}

fn severity(level: Level) -> &'static str {
    match level {
        Level::Error => "error",
        Level::Warning => "warning",
    }
}
