//! Messages about an error of the operating system, in the user's language.
//!
//! If zegel has no words for an error, the system's own words follow as a detail, in English.

use crate::domain::SystemError;
use crate::i18n::{Translations, texts, with};
use std::io::ErrorKind;

/// Returns what an error of the system means, as part of a sentence.
pub fn system_words(lang: &Translations, error: SystemError) -> String {
    let id = match error.kind {
        ErrorKind::NotFound => texts::system::NOT_FOUND,
        ErrorKind::PermissionDenied => texts::system::DENIED,
        ErrorKind::NotADirectory => texts::system::NOT_A_DIRECTORY,
        ErrorKind::IsADirectory => texts::system::DIRECTORY,
        ErrorKind::ReadOnlyFilesystem => texts::system::READ_ONLY,
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded | ErrorKind::FileTooLarge => texts::system::FULL,
        ErrorKind::AlreadyExists => texts::system::EXISTS,
        ErrorKind::ResourceBusy | ErrorKind::ExecutableFileBusy => texts::system::BUSY,
        ErrorKind::WouldBlock | ErrorKind::OutOfMemory => texts::system::RESOURCES,
        ErrorKind::ConnectionRefused => texts::system::REFUSED,
        ErrorKind::BrokenPipe | ErrorKind::ConnectionReset | ErrorKind::UnexpectedEof => texts::system::CLOSED,
        ErrorKind::TimedOut => texts::system::SLOW,
        _ => return with_detail(lang, lang.text(texts::system::OTHER), &error.to_string()),
    };
    lang.text(id).to_owned()
}

/// Returns a reason, with a detail after it if there is one: the words of another program, on one line.
pub(super) fn with_detail(lang: &Translations, why: &str, detail: &str) -> String {
    let detail = detail.split_whitespace().collect::<Vec<_>>().join(" ");
    if detail.is_empty() {
        why.to_owned()
    } else {
        lang.format(texts::system::DETAIL, (with::Why(&why), with::Detail(&detail)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::Language;
    use rstest::rstest;
    use std::io;

    #[rstest]
    #[case(ErrorKind::NotFound.into(), "not found", "niet gevonden")]
    #[case(io::Error::from_raw_os_error(13), "permission denied", "geen rechten")]
    #[case(
        io::Error::other("made-up"),
        "the system reports an error (other error)",
        "het systeem meldt een fout (other error)"
    )]
    fn a_system_error_is_described_by_its_kind(#[case] error: io::Error, #[case] en: &str, #[case] nl: &str) {
        let error = SystemError::from(&error);
        for (language, words) in [(Language::En, en), (Language::Nl, nl)] {
            assert_eq!(system_words(&Translations::new(language), error), words);
        }
    }

    #[test]
    fn the_system_message_is_shown_as_a_detail() {
        let unknown = io::Error::from_raw_os_error(5);
        let lang = Translations::new(Language::Nl);
        assert_eq!(system_words(&lang, (&unknown).into()), format!("het systeem meldt een fout ({unknown})"));
        assert_eq!(
            with_detail(&lang, "why", "*** in database main ***\nPage 2"),
            "why (*** in database main *** Page 2)"
        );
        assert_eq!(with_detail(&lang, "why", "\n"), "why");
    }
}
