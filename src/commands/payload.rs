//! The payload that a command works on: it is read and checked, and refused if that is not safe.
//!
//! Problems are printed as by `zegel check`, on standard error. The command decides what to do with the payload.

use super::{CommandError, check, payload_source};
use crate::domain::AccountData;
use crate::form::lint::{LintFinding, lint_text};
use crate::form::{Audience, ParsedPayload, ValidationContext};
use crate::i18n::{Translations, texts, with};
use crate::product::{Product, Severity};
use std::path::Path;

/// A payload that can be read as an order, with or without errors.
pub(super) struct LoadedPayload {
    /// The form, and what was normalized.
    pub(super) reading: ParsedPayload,
    /// The errors, warnings and notes.
    pub(super) findings: Vec<LintFinding>,
    /// The findings as text for standard error.
    report: String,
}

impl LoadedPayload {
    pub(super) fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.level == Severity::Error)
    }

    /// Prints the findings.
    pub(super) fn print_report(&self) {
        super::eprint_visible(&self.report);
    }
}

/// Reads a payload. `None` if it is not an order, or if it has card data where it cannot be kept secret: the reason
/// has then been printed.
///
/// # Errors
/// The file cannot be read.
pub(super) fn load_payload(
    lang: &Translations,
    product: &'static Product,
    path: &Path,
) -> Result<Option<LoadedPayload>, CommandError> {
    let bytes = payload_source::read_payload(lang, path)
        .map_err(|source| CommandError::UnreadablePayload { path: path.to_owned(), source })?;
    Ok(payload_from_bytes(lang, product, path, &bytes))
}

/// Parses the payload in the bytes of a file. `None` as in [`load_payload`].
pub(super) fn payload_from_bytes(
    lang: &Translations,
    product: &'static Product,
    path: &Path,
    bytes: &[u8],
) -> Option<LoadedPayload> {
    let known = AccountData::default();
    let context =
        ValidationContext { today: crate::tui::event_loop::today_utc(), known: &known, audience: Audience::Review };
    let found = lint_text(product, bytes, &context);
    let report = check::report_text(lang, product, path, bytes, &found);
    let Some(reading) = found.payload else {
        super::eprint_visible(&report);
        return None;
    };
    let strays = reading.form.sensitive_members();
    if !strays.is_empty() {
        let pointers = strays.into_iter().collect::<Vec<_>>().join(", ");
        super::eprint_lines(
            &lang.format(texts::payload::STRAY, (with::Path(&path.display()), with::Pointers(&pointers))),
        );
        return None;
    }
    Some(LoadedPayload { reading, findings: found.findings, report })
}
