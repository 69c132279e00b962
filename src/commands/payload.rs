//! A payload of which something is to be done: read, looked through, and refused where that is not safe.
//!
//! What is wrong with it is told as `zegel check` tells it, on standard error. What is done with it is the command's
//! matter.

use super::{CommandError, check, payload_source};
use crate::domain::AccountData;
use crate::form::lint::{LintFinding, lint_text};
use crate::form::{Audience, ParsedPayload, ValidationContext};
use crate::i18n::Translations;
use crate::product::{Product, Severity};
use std::path::Path;

/// A payload that makes an order, right or wrong.
pub(super) struct LoadedPayload {
    /// The form, and what is not as it was.
    pub(super) reading: ParsedPayload,
    /// What is wrong or worth a look.
    pub(super) findings: Vec<LintFinding>,
    /// The same as it is told, for standard error.
    report: String,
}

impl LoadedPayload {
    /// Whether there is an error.
    pub(super) fn has_errors(&self) -> bool {
        self.findings.iter().any(|finding| finding.level == Severity::Error)
    }

    /// Tells what is wrong or worth a look.
    pub(super) fn print_report(&self) {
        super::eprint_visible(&self.report);
    }
}

/// Reads a payload. None where it is no order, or card data stands in it where nobody can keep it secret: then that has
/// been told.
///
/// # Errors
/// Where the file cannot be read.
pub(super) fn load_payload(
    lang: &Translations,
    product: &'static Product,
    path: &Path,
) -> Result<Option<LoadedPayload>, CommandError> {
    let bytes = payload_source::read_payload(lang, path)
        .map_err(|source| CommandError::UnreadablePayload { path: path.to_owned(), source })?;
    Ok(payload_from_bytes(lang, product, path, &bytes))
}

/// The payload that these bytes of a file make; none as with [`load`].
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
    let told = check::report_text(lang, product, path, bytes, &found);
    let Some(reading) = found.payload else {
        super::eprint_visible(&told);
        return None;
    };
    let strays = reading.form.sensitive_members();
    if !strays.is_empty() {
        let pointers = strays.into_iter().collect::<Vec<_>>().join(", ");
        super::eprint_lines(
            &lang.format_text("payload.stray", &[("path", &path.display().to_string()), ("pointers", &pointers)]),
        );
        return None;
    }
    Some(LoadedPayload { reading, findings: found.findings, report: told })
}
