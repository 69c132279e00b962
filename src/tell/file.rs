//! What a person is told of a file that could not be read or written, of what is not JSON in it, and of an editor
//! from which nothing came back.
//!
//! The words say to which file it happened and what to do.

use super::system::system_words;
use crate::facts::{Mishap, Snag, Snagged, Unedited};
use crate::json::Flaw;
use crate::lang::Lang;

/// What is said of a file that could not be read or written.
pub fn snag_words(lang: &Lang, snagged: &Snagged) -> String {
    let id = match snagged.snag {
        Snag::Missing => "file.missing",
        Snag::NoDirectory => "file.no_directory",
        Snag::Denied => "file.denied",
        Snag::ReadOnly => "file.read_only",
        Snag::NoFile => "file.no_file",
        Snag::TooLarge => "file.too_large",
        Snag::NoText(at) => return lang.tell("file.no_text", &[("path", &snagged.path), ("byte", &at.to_string())]),
        Snag::Full => "file.full",
        Snag::Changed => "file.changed",
        Snag::Exists => "file.exists",
        Snag::System(error) => {
            return lang.tell("file.system", &[("path", &snagged.path), ("why", &system_words(lang, error))]);
        }
    };
    lang.tell(id, &[("path", &snagged.path)])
}

/// What is said of a text that is not JSON.
pub fn flaw_words(lang: &Lang, flaw: &Flaw) -> String {
    lang.say(&format!("in_file.{}", flaw.code())).to_owned()
}

/// What is said of an editor from which nothing came back.
pub fn unedited_words(lang: &Lang, unedited: &Unedited) -> String {
    let tell = |id: &str, what: &str| lang.tell(id, &[("program", &unedited.program), ("why", what)]);
    match &unedited.mishap {
        Mishap::NotFound => tell("editor.not_found", ""),
        Mishap::Quotes => tell("editor.quotes", ""),
        Mishap::Failed(code) => tell("editor.failed", &code.to_string()),
        Mishap::Killed(signal) => tell("editor.killed", &signal.to_string()),
        Mishap::File(snagged) => tell("editor.file", &snag_words(lang, snagged)),
        Mishap::System(error) => tell("editor.system", &system_words(lang, *error)),
    }
}
