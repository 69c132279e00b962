//! Messages about a file that could not be read or written, about invalid JSON in it, and about an editor that failed.
//!
//! They say which file is affected, and what to do.

use super::system::system_words;
use crate::domain::{EditorError, EditorErrorKind, FileError, FileErrorKind};
use crate::i18n::Translations;
use crate::json::JsonSyntaxError;

pub fn file_error_text(lang: &Translations, snagged: &FileError) -> String {
    let id = match snagged.kind {
        FileErrorKind::Missing => "file.missing",
        FileErrorKind::NoDirectory => "file.no_directory",
        FileErrorKind::Denied => "file.denied",
        FileErrorKind::ReadOnly => "file.read_only",
        FileErrorKind::NoFile => "file.no_file",
        FileErrorKind::TooLarge => "file.too_large",
        FileErrorKind::NoText(at) => {
            return lang.format_text("file.no_text", &[("path", &snagged.path), ("byte", &at.to_string())]);
        }
        FileErrorKind::Full => "file.full",
        FileErrorKind::Changed => "file.changed",
        FileErrorKind::Exists => "file.exists",
        FileErrorKind::System(error) => {
            return lang.format_text("file.system", &[("path", &snagged.path), ("why", &system_words(lang, error))]);
        }
    };
    lang.format_text(id, &[("path", &snagged.path)])
}

pub fn json_error_text(lang: &Translations, flaw: &JsonSyntaxError) -> String {
    lang.text(flaw.kind.text_id()).to_owned()
}

pub fn editor_error_text(lang: &Translations, unedited: &EditorError) -> String {
    let of_program = |id: &'static str| lang.format_text(id, &[("program", &unedited.program)]);
    let of_both = |id: &'static str, why: &str| lang.format_text(id, &[("program", &unedited.program), ("why", why)]);
    match &unedited.kind {
        EditorErrorKind::NotFound => of_program("editor.not_found"),
        EditorErrorKind::UnmatchedQuotes => of_program("editor.quotes"),
        EditorErrorKind::Failed(code) => of_both("editor.failed", &code.to_string()),
        EditorErrorKind::Killed(signal) => of_both("editor.killed", &signal.to_string()),
        EditorErrorKind::File(snagged) => of_both("editor.file", &file_error_text(lang, snagged)),
        EditorErrorKind::System(error) => of_both("editor.system", &system_words(lang, *error)),
    }
}
