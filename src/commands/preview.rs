//! `zegel preview`: the payload as it would be sent, its digest, or its differences from another one.
//!
//! The text is the same as on the Review screen. The command sends nothing, and changes no file.

use super::output::{ignore_closed_pipe, print_line, print_visible};
use super::payload::{self, LoadedPayload};
use super::{CommandError, EXIT_REFUSED, eprint_line};
use crate::cli;
use crate::form::Normalization;
use crate::form::payload_diff::{PayloadChange, diff_payloads};
use crate::i18n::{Translations, texts, with};
use crate::product::{PKIO, Product};
use crate::text;
use anstyle::AnsiColor;
use std::io::IsTerminal;
use std::path::Path;

pub(super) fn run(lang: &Translations, args: &cli::PreviewArgs) -> Result<u8, CommandError> {
    let product = PKIO;
    let Some(loaded) = payload::load_payload(lang, product, &args.file)? else { return Ok(1) };
    if let Some(other) = &args.diff {
        let Some(other) = payload::load_payload(lang, product, other)? else { return Ok(1) };
        let differs = print_changes(lang, product, &loaded, &other)?;
        return Ok(report_errors(lang, &args.file, &loaded).max(u8::from(differs)));
    }
    let body = loaded.reading.form.payload_text();
    if args.digest {
        ignore_closed_pipe(print_line(body.digest()))?;
        return Ok(report_errors(lang, &args.file, &loaded));
    }
    // This text has only visible characters.
    ignore_closed_pipe(print_visible(&format!("{}\n", body.masked_text())))?;
    print_notes(lang, &loaded.reading.normalizations);
    let code = report_errors(lang, &args.file, &loaded);
    eprint_line(&lang.format(texts::preview::DIGEST, with::Digest(&body.short_digest())));
    Ok(code)
}

/// Returns the exit code. If there are errors, it prints that the order cannot be placed.
fn report_errors(lang: &Translations, path: &Path, loaded: &LoadedPayload) -> u8 {
    if !loaded.has_errors() {
        return 0;
    }
    eprint_line(&lang.format(texts::preview::ERRORS, with::Path(&path.display())));
    EXIT_REFUSED
}

/// Prints what was normalized.
pub(super) fn print_notes(lang: &Translations, notes: &[Normalization]) {
    for note in notes {
        eprint_line(&note.message(lang));
    }
}

/// Prints a line for each member that differs. Returns true if there is one.
fn print_changes(
    lang: &Translations,
    product: &'static Product,
    before: &LoadedPayload,
    after: &LoadedPayload,
) -> Result<bool, CommandError> {
    let changes = diff_payloads(&before.reading.form, &after.reading.form);
    let color = std::io::stdout().is_terminal() && super::has_color();
    ignore_closed_pipe(changes.iter().try_for_each(|change| {
        let line = change_line(lang, product, change);
        let style = change_color(change).on_default();
        let shown = text::visible(&line);
        print_visible(&if color { format!("{style}{shown}{style:#}\n") } else { format!("{shown}\n") })
    }))?;
    if changes.is_empty() {
        eprint_line(lang.text(texts::preview::SAME));
    }
    Ok(!changes.is_empty())
}

fn change_color(change: &PayloadChange) -> AnsiColor {
    match (&change.before, &change.after) {
        (None, _) => AnsiColor::Green,
        (_, None) => AnsiColor::Red,
        _ => AnsiColor::Yellow,
    }
}

/// Returns a change in words.
fn change_line(lang: &Translations, product: &'static Product, change: &PayloadChange) -> String {
    let label = change.field.map(|id| format!(" ({})", product[id].label.in_language(lang.language)));
    let place = format!("{}{}", change.pointer, label.unwrap_or_default());
    let place = place.as_str();
    match (&change.before, &change.after) {
        (Some(before), Some(after)) => {
            lang.format(texts::preview::CHANGED, (with::Place(&place), with::Before(&before), with::After(&after)))
        }
        (None, Some(after)) => lang.format(texts::preview::ADDED, (with::Place(&place), with::After(&after))),
        (before, None) => lang
            .format(texts::preview::GONE, (with::Place(&place), with::Before(&before.as_deref().unwrap_or_default()))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;
    use rstest::rstest;

    #[rstest]
    #[case(Some("1"), Some("2"), "changed: /a 1 → 2")]
    #[case(None, Some("2"), "added:   /a 2")]
    #[case(Some("1"), None, "removed: /a 1")]
    fn a_change_is_one_line(#[case] before: Option<&str>, #[case] after: Option<&str>, #[case] message: &str) {
        let lang = Translations::new(Language::En);
        let owned = |text: Option<&str>| text.map(str::to_owned);
        let change = PayloadChange { pointer: "/a".into(), field: None, before: owned(before), after: owned(after) };
        assert_eq!(change_line(&lang, PKIO, &change), message);
    }
}
