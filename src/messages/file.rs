//! Messages about a file that could not be read or written, about invalid JSON in it, and about an editor that failed.
//!
//! They say which file is affected, and what to do.

use super::system::system_words;
use crate::domain::{EditorError, EditorErrorKind, FileError, FileErrorKind};
use crate::i18n::{TextId, Translations, texts, with};
use crate::json::JsonSyntaxError;

pub fn file_error_text(lang: &Translations, snagged: &FileError) -> String {
    let id = match snagged.kind {
        FileErrorKind::Missing => texts::file::MISSING,
        FileErrorKind::NoDirectory => texts::file::NO_DIRECTORY,
        FileErrorKind::Denied => texts::file::DENIED,
        FileErrorKind::ReadOnly => texts::file::READ_ONLY,
        FileErrorKind::NoFile => texts::file::NO_FILE,
        FileErrorKind::TooLarge => texts::file::TOO_LARGE,
        FileErrorKind::NoText(at) => {
            return lang.format(texts::file::NO_TEXT, (with::Path(&snagged.path), with::Byte(&at)));
        }
        FileErrorKind::Full => texts::file::FULL,
        FileErrorKind::Changed => texts::file::CHANGED,
        FileErrorKind::Exists => texts::file::EXISTS,
        FileErrorKind::System(error) => {
            return lang
                .format(texts::file::SYSTEM, (with::Path(&snagged.path), with::Why(&system_words(lang, error))));
        }
    };
    lang.format(id, with::Path(&snagged.path))
}

pub fn json_error_text(lang: &Translations, flaw: &JsonSyntaxError) -> String {
    lang.text(flaw.kind.text_id()).to_owned()
}

pub fn editor_error_text(lang: &Translations, unedited: &EditorError) -> String {
    let of_program = |id: TextId<with::Program<'_>>| lang.format(id, with::Program(&unedited.program));
    let of_both = |id: TextId<(with::Program<'_>, with::Why<'_>)>, why: &str| {
        lang.format(id, (with::Program(&unedited.program), with::Why(&why)))
    };
    match &unedited.kind {
        EditorErrorKind::NotFound => of_program(texts::editor::NOT_FOUND),
        EditorErrorKind::UnmatchedQuotes => of_program(texts::editor::QUOTES),
        EditorErrorKind::Failed(code) => of_both(texts::editor::FAILED, &code.to_string()),
        EditorErrorKind::Killed(signal) => of_both(texts::editor::KILLED, &signal.to_string()),
        EditorErrorKind::File(snagged) => of_both(texts::editor::FILE, &file_error_text(lang, snagged)),
        EditorErrorKind::System(error) => of_both(texts::editor::SYSTEM, &system_words(lang, *error)),
    }
}
