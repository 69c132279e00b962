//! Every reason why something cannot be read, stored or sent, in both languages: each has its own text, and no Dutch
//! text contains English.
//!
//! A reason that is missing in these tables is noticed because its text is then unused.

use crate::common::english::english;
use rstest::rstest;
use std::io::ErrorKind;
use zegel::domain::{
    ApiKeyError, ApiKeyErrorKind, CaFileError, DatabaseDamage, EditorError, EditorErrorKind, FileError, FileErrorKind,
    IntentId, KeyringErrorKind, NoKeyring, PersistenceError, PersistenceErrorKind, ProxyAddressError, ProxySource,
    SystemError, TransportError, TransportErrorKind,
};
use zegel::i18n::{Language, Translations};
use zegel::messages::{self, MessageWriter};

/// The sections with texts of reasons.
const SECTIONS: [&str; 8] = ["vault", "keyring", "system", "unkept", "unusable", "damage", "cause", "file"];

/// Texts of these sections that are no reasons but names of places.
const PLACES: &str = "place_";

/// A placeholder for the words of a library, which are English.
const RAW: &str = "…";

const SYSTEM: [ErrorKind; 13] = [
    ErrorKind::NotFound,
    ErrorKind::PermissionDenied,
    ErrorKind::NotADirectory,
    ErrorKind::IsADirectory,
    ErrorKind::ReadOnlyFilesystem,
    ErrorKind::StorageFull,
    ErrorKind::AlreadyExists,
    ErrorKind::ResourceBusy,
    ErrorKind::WouldBlock,
    ErrorKind::ConnectionRefused,
    ErrorKind::BrokenPipe,
    ErrorKind::TimedOut,
    ErrorKind::Other,
];

fn missing() -> SystemError {
    ErrorKind::NotFound.into()
}

fn key_error_kinds() -> Vec<ApiKeyErrorKind> {
    let none = [
        NoKeyring::NotFound,
        NoKeyring::BusClosed(missing()),
        NoKeyring::BusUnusable,
        NoKeyring::NoService,
        NoKeyring::NotStarted,
        NoKeyring::NoDefault,
        NoKeyring::Temporary,
        NoKeyring::NoKeychain,
    ];
    let failed = [
        KeyringErrorKind::NotKept,
        KeyringErrorKind::Several,
        KeyringErrorKind::Unsupported,
        KeyringErrorKind::NoThread(ErrorKind::WouldBlock.into()),
        KeyringErrorKind::Stopped,
        KeyringErrorKind::HungUp,
        KeyringErrorKind::Unreadable,
        KeyringErrorKind::Refused,
    ];
    let others = [
        ApiKeyErrorKind::Locked,
        ApiKeyErrorKind::Dismissed,
        ApiKeyErrorKind::KeyringSlow,
        ApiKeyErrorKind::Absent,
        ApiKeyErrorKind::NotSet,
        ApiKeyErrorKind::NotStarted(missing()),
        ApiKeyErrorKind::Failed(3),
        ApiKeyErrorKind::Killed(9),
        ApiKeyErrorKind::EndUnknown(ErrorKind::Other.into()),
        ApiKeyErrorKind::CommandSlow,
        ApiKeyErrorKind::Stopped,
        ApiKeyErrorKind::Exposed,
        ApiKeyErrorKind::NotOurs,
        ApiKeyErrorKind::File(ErrorKind::PermissionDenied.into()),
        ApiKeyErrorKind::NotAKey,
        ApiKeyErrorKind::OnlyRead,
    ];
    let keyrings = none.map(ApiKeyErrorKind::NoKeyring).into_iter().chain(failed.map(ApiKeyErrorKind::KeyringFailed));
    keyrings.chain(others).collect()
}

fn persistence_error_kinds() -> Vec<PersistenceErrorKind> {
    let damages = [
        DatabaseDamage::Absent,
        DatabaseDamage::ReadOnly,
        DatabaseDamage::Foreign(1),
        DatabaseDamage::Version(-1),
        DatabaseDamage::Pages(RAW.to_owned()),
        DatabaseDamage::Reference,
        DatabaseDamage::Schema,
        DatabaseDamage::Row("draft".to_owned()),
        DatabaseDamage::Unreadable(RAW.to_owned()),
    ];
    let others = [
        PersistenceErrorKind::NoHome,
        PersistenceErrorKind::NotUtf8,
        PersistenceErrorKind::RelativePath,
        PersistenceErrorKind::CannotCreate(missing()),
        PersistenceErrorKind::WrongKind,
        PersistenceErrorKind::Symlink,
        PersistenceErrorKind::NotOurs,
        PersistenceErrorKind::NotWritable,
        PersistenceErrorKind::Full,
        PersistenceErrorKind::Newer { found: 9, known: 2 },
        PersistenceErrorKind::Busy,
        PersistenceErrorKind::InUse,
        PersistenceErrorKind::SendingElsewhere,
        PersistenceErrorKind::OpenElsewhere,
        PersistenceErrorKind::PlacedMeanwhile(7),
        PersistenceErrorKind::MovedAway,
        PersistenceErrorKind::JournalLost("/a/path".to_owned()),
        PersistenceErrorKind::Blocked(IntentId(3)),
        PersistenceErrorKind::NoIntent(IntentId(3)),
        PersistenceErrorKind::Resolved(IntentId(3)),
        PersistenceErrorKind::Contradiction(IntentId(3)),
        PersistenceErrorKind::Closed,
        PersistenceErrorKind::System(missing()),
        PersistenceErrorKind::Database(RAW.to_owned()),
    ];
    let damages = damages.map(PersistenceErrorKind::Damaged).into_iter();
    damages.chain(others).collect()
}

fn transport_error_kinds() -> Vec<TransportErrorKind> {
    let flaws =
        [ProxyAddressError::Malformed, ProxyAddressError::Scheme, ProxyAddressError::Escape, ProxyAddressError::Ipv6];
    let sources = [ProxySource::Configuration, ProxySource::Variable("HTTPS_PROXY"), ProxySource::System];
    let proxies = flaws.into_iter().flat_map(|flaw| sources.map(|source| TransportErrorKind::BadProxy(source, flaw)));
    let files = [CaFileError::Unreadable, CaFileError::TooLarge, CaFileError::NoCertificate, CaFileError::Damaged]
        .map(TransportErrorKind::CaFile);
    let others = [
        TransportErrorKind::Unfit,
        TransportErrorKind::BadKey,
        TransportErrorKind::NoTls,
        TransportErrorKind::System(missing()),
        TransportErrorKind::NoAccount,
        TransportErrorKind::Key(ApiKeyErrorKind::Locked),
        TransportErrorKind::Name,
        TransportErrorKind::Refused,
        TransportErrorKind::Unreachable,
        TransportErrorKind::OtherName,
        TransportErrorKind::NotInTime,
        TransportErrorKind::Issuer,
        TransportErrorKind::IssuerShown,
        TransportErrorKind::Tls,
        TransportErrorKind::Proxy,
        TransportErrorKind::ProxyAuth,
        TransportErrorKind::ProxyWay,
        TransportErrorKind::NoProxy,
        TransportErrorKind::Slow,
        TransportErrorKind::NotHttp,
        TransportErrorKind::Broken,
        TransportErrorKind::TooLarge,
        TransportErrorKind::Other,
    ];
    proxies.chain(files).chain(others).collect()
}

fn file_error_kinds() -> Vec<FileErrorKind> {
    vec![
        FileErrorKind::Missing,
        FileErrorKind::NoDirectory,
        FileErrorKind::Denied,
        FileErrorKind::ReadOnly,
        FileErrorKind::NoFile,
        FileErrorKind::TooLarge,
        FileErrorKind::NoText(4),
        FileErrorKind::Full,
        FileErrorKind::Changed,
        FileErrorKind::Exists,
        FileErrorKind::System(ErrorKind::ResourceBusy.into()),
    ]
}

/// Returns every reason in a language, always in the same order.
fn all_reasons(language: Language) -> Vec<String> {
    let lang = Translations::new(language);
    let teller = MessageWriter { lang: &lang, host: "host" };
    let path = || "/a/path".to_owned();
    // The library's own word, which follows the reason.
    let system =
        SYSTEM.map(|kind| messages::system_words(&lang, kind.into()).replace(&ErrorKind::Other.to_string(), RAW));
    let keys = key_error_kinds().into_iter().flat_map(|cause| {
        // A keyring may give no word of its own for a failure. Every other failure has a name.
        let of_keyring = matches!(cause, ApiKeyErrorKind::NoKeyring(_) | ApiKeyErrorKind::KeyringFailed(_));
        let nameless = of_keyring && cause != ApiKeyErrorKind::KeyringFailed(KeyringErrorKind::Several);
        let details = if nameless { vec!["", "org.example.Error"] } else { vec!["pass"] };
        let words = |detail| messages::key_error_text(&lang, &ApiKeyError::new(cause, detail));
        details
            .into_iter()
            .map(words)
            .map(|words| words.replace(&ErrorKind::Other.to_string(), RAW))
            .collect::<Vec<_>>()
    });
    let unkept = persistence_error_kinds()
        .into_iter()
        .map(|cause| messages::persistence_error_text(&lang, &PersistenceError { path: path(), kind: cause }));
    let reasons = transport_error_kinds().into_iter().flat_map(|cause| {
        let of_proxy = matches!(
            cause,
            TransportErrorKind::Proxy
                | TransportErrorKind::ProxyAuth
                | TransportErrorKind::ProxyWay
                | TransportErrorKind::NoProxy
        );
        let vias = [None, Some("http://127.0.0.1:9")].into_iter().skip(usize::from(of_proxy));
        vias.map(|via| teller.reason_text(&TransportError::new(cause, RAW).with_proxy(via))).collect::<Vec<_>>()
    });
    let files = file_error_kinds()
        .into_iter()
        .map(|write_error| messages::file_error_text(&lang, &FileError { path: path(), kind: write_error }));
    let mishap = EditorErrorKind::System(ErrorKind::PermissionDenied.into());
    let edited = messages::editor_error_text(&lang, &EditorError { program: "vim".to_owned(), kind: mishap });
    let aside = messages::quarantined_file_text(&lang, "/a/path", &DatabaseDamage::Schema);
    system.into_iter().chain(keys).chain(unkept).chain(reasons).chain(files).chain([edited, aside]).collect()
}

#[test]
fn no_dutch_reason_contains_english() {
    let (en, nl) = (all_reasons(Language::En), all_reasons(Language::Nl));
    for (en, nl) in en.iter().zip(&nl) {
        assert_ne!(en, nl);
        assert_eq!(english(nl), None, "{nl}");
    }
    let plain = en.iter().filter(|text| english(text).is_some()).count();
    assert!(plain * 3 > en.len() * 2, "the words that English is known by are in {plain} of {} texts", en.len());
}

/// A reason is complete without a detail: no part is empty, and no placeholder is left.
#[rstest]
#[case(Language::En)]
#[case(Language::Nl)]
fn every_reason_is_complete(#[case] language: Language) {
    for text in all_reasons(language) {
        let broken = ["()", "{", "}", ": .", " .", "  ", ": ("].iter().find(|broken| text.contains(**broken));
        assert!(!text.is_empty() && broken.is_none(), "{broken:?} in {text}");
    }
}

/// Returns the longest part of a text between its placeholders.
fn longest_piece(text: &str) -> &str {
    text.split(['{', '}']).step_by(2).max_by_key(|piece| piece.len()).unwrap_or_default()
}

#[rstest]
#[case(Language::En)]
#[case(Language::Nl)]
fn every_text_of_a_reason_is_used(#[case] language: Language) {
    let (lang, report) = (Translations::new(language), all_reasons(language));
    let is_reason = |id: &str| {
        let (section, name) = id.split_once('.').unwrap();
        SECTIONS.contains(&section) && !name.starts_with(PLACES)
    };
    for (id, text) in lang.named_texts().filter(|(id, _)| is_reason(id)) {
        let piece = longest_piece(text);
        assert!(report.iter().any(|report| report.contains(piece)), "{id} is told by no reason");
    }
}
