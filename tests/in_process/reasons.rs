//! Every reason that something cannot be had, kept or sent, in both languages: each is a text of its own, and no Dutch one
//! has English in it.
//!
//! A reason that is missing in these tables is found by its text, which then nobody says.

use crate::common::english::english;
use rstest::rstest;
use std::io::ErrorKind;
use zegel::facts::{
    CaFlaw, Cause, Damage, Hitch, IntentId, KeyCause, KeyTrouble, KeyringFault, Mishap, NoKeyring, ProxyFlaw,
    ProxySource, Reason, Snag, Snagged, SystemError, Unedited, Unkept, Unusable,
};
use zegel::lang::{Lang, Language};
use zegel::tell::{self, Teller};

/// The sections of the texts that say reasons.
const SECTIONS: [&str; 8] = ["vault", "keyring", "system", "unkept", "unusable", "damage", "cause", "file"];

/// Texts of these sections that are no reasons: what places are called.
const PLACES: &str = "place_";

/// What stands for the words of a library, which are English.
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

fn keys() -> Vec<KeyCause> {
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
        KeyringFault::NotKept,
        KeyringFault::Several,
        KeyringFault::Unsupported,
        KeyringFault::NoThread(ErrorKind::WouldBlock.into()),
        KeyringFault::Stopped,
        KeyringFault::HungUp,
        KeyringFault::Unreadable,
        KeyringFault::Refused,
    ];
    let others = [
        KeyCause::Locked,
        KeyCause::Dismissed,
        KeyCause::KeyringSlow,
        KeyCause::Absent,
        KeyCause::NotSet,
        KeyCause::NotStarted(missing()),
        KeyCause::Failed(3),
        KeyCause::Killed(9),
        KeyCause::EndUnknown(ErrorKind::Other.into()),
        KeyCause::CommandSlow,
        KeyCause::Stopped,
        KeyCause::Exposed,
        KeyCause::NotOurs,
        KeyCause::File(ErrorKind::PermissionDenied.into()),
        KeyCause::NotAKey,
        KeyCause::OnlyRead,
    ];
    let keyrings = none.map(KeyCause::NoKeyring).into_iter().chain(failed.map(KeyCause::KeyringFailed));
    keyrings.chain(others).collect()
}

fn hitches() -> Vec<Hitch> {
    let damages = [
        Damage::Absent,
        Damage::ReadOnly,
        Damage::Foreign(1),
        Damage::Version(-1),
        Damage::Pages(RAW.to_owned()),
        Damage::Reference,
        Damage::Schema,
        Damage::Row("draft".to_owned()),
        Damage::Unreadable(RAW.to_owned()),
    ];
    let unusable = [Unusable::NotMade(missing()), Unusable::WrongKind, Unusable::Symlink, Unusable::NotOurs];
    let others = [
        Hitch::NoHome,
        Hitch::NoText,
        Hitch::Relative,
        Hitch::NotWritable,
        Hitch::Full,
        Hitch::Newer { found: 9, known: 2 },
        Hitch::Busy,
        Hitch::Sending,
        Hitch::OpenElsewhere,
        Hitch::Meanwhile(7),
        Hitch::Moved,
        Hitch::Lost,
        Hitch::Blocked(IntentId(3)),
        Hitch::NoIntent(IntentId(3)),
        Hitch::Resolved(IntentId(3)),
        Hitch::Contradiction(IntentId(3)),
        Hitch::Closed,
        Hitch::System(missing()),
        Hitch::Database(RAW.to_owned()),
    ];
    let damages = damages.map(Hitch::Damaged).into_iter();
    damages.chain(unusable.map(Hitch::NotUsable)).chain(others).collect()
}

fn causes() -> Vec<Cause> {
    let flaws = [ProxyFlaw::Malformed, ProxyFlaw::Scheme, ProxyFlaw::Escape, ProxyFlaw::Ipv6];
    let sources = [ProxySource::Configuration, ProxySource::Variable("HTTPS_PROXY"), ProxySource::System];
    let proxies = flaws.into_iter().flat_map(|flaw| sources.map(|source| Cause::BadProxy(source, flaw)));
    let files = [CaFlaw::Unreadable, CaFlaw::TooLarge, CaFlaw::NoCertificate, CaFlaw::Damaged].map(Cause::CaFile);
    let others = [
        Cause::Unfit,
        Cause::BadKey,
        Cause::NoTls,
        Cause::System(missing()),
        Cause::NoAccount,
        Cause::Key(KeyCause::Locked),
        Cause::Name,
        Cause::Refused,
        Cause::Unreachable,
        Cause::OtherName,
        Cause::NotInTime,
        Cause::Issuer,
        Cause::IssuerShown,
        Cause::Tls,
        Cause::Proxy,
        Cause::ProxyAuth,
        Cause::ProxyWay,
        Cause::NoProxy,
        Cause::Slow,
        Cause::NotHttp,
        Cause::Broken,
        Cause::TooLarge,
        Cause::Other,
    ];
    proxies.chain(files).chain(others).collect()
}

fn snags() -> Vec<Snag> {
    vec![
        Snag::Missing,
        Snag::NoDirectory,
        Snag::Denied,
        Snag::ReadOnly,
        Snag::NoFile,
        Snag::TooLarge,
        Snag::NoText(4),
        Snag::Full,
        Snag::Changed,
        Snag::Exists,
        Snag::System(ErrorKind::ResourceBusy.into()),
    ]
}

/// Every reason in a language, in one order.
fn told(language: Language) -> Vec<String> {
    let lang = Lang::load(language).unwrap();
    let teller = Teller { lang: &lang, host: "host" };
    let path = || "/a/path".to_owned();
    // The library's own word for it, which stands behind the reason.
    let system = SYSTEM.map(|kind| tell::system_words(&lang, kind.into()).replace(&ErrorKind::Other.to_string(), RAW));
    let keys = keys().into_iter().flat_map(|cause| {
        // A keyring may have no word of its own for what is wrong; everything else has a name.
        let of_keyring = matches!(cause, KeyCause::NoKeyring(_) | KeyCause::KeyringFailed(_));
        let nameless = of_keyring && cause != KeyCause::KeyringFailed(KeyringFault::Several);
        let details = if nameless { vec!["", "org.example.Error"] } else { vec!["pass"] };
        let words = |detail| tell::key_words(&lang, &KeyTrouble::new(cause, detail));
        details
            .into_iter()
            .map(words)
            .map(|words| words.replace(&ErrorKind::Other.to_string(), RAW))
            .collect::<Vec<_>>()
    });
    let unkept = hitches().into_iter().map(|cause| tell::unkept_words(&lang, &Unkept { path: path(), cause }));
    let reasons = causes().into_iter().flat_map(|cause| {
        let of_proxy = matches!(cause, Cause::Proxy | Cause::ProxyAuth | Cause::ProxyWay | Cause::NoProxy);
        let vias = [None, Some("http://127.0.0.1:9")].into_iter().skip(usize::from(of_proxy));
        vias.map(|via| teller.reason(&Reason::new(cause, RAW).by_way_of(via))).collect::<Vec<_>>()
    });
    let files = snags().into_iter().map(|snag| tell::snag_words(&lang, &Snagged { path: path(), snag }));
    let mishap = Mishap::System(ErrorKind::PermissionDenied.into());
    let edited = tell::unedited_words(&lang, &Unedited { program: "vim".to_owned(), mishap });
    let aside = tell::set_aside_words(&lang, "/a/path", &Damage::Schema);
    system.into_iter().chain(keys).chain(unkept).chain(reasons).chain(files).chain([edited, aside]).collect()
}

#[test]
fn no_dutch_reason_has_english_in_it() {
    let (en, nl) = (told(Language::En), told(Language::Nl));
    for (en, nl) in en.iter().zip(&nl) {
        assert_ne!(en, nl);
        assert_eq!(english(nl), None, "{nl}");
    }
    let plain = en.iter().filter(|text| english(text).is_some()).count();
    assert!(plain * 3 > en.len() * 2, "the words that English is known by are in {plain} of {} texts", en.len());
}

/// A reason is whole without a detail: nothing is left empty, and nothing is left to be filled in.
#[rstest]
#[case(Language::En)]
#[case(Language::Nl)]
fn every_reason_is_whole(#[case] language: Language) {
    for text in told(language) {
        let broken = ["()", "{", "}", ": .", " .", "  ", ": ("].iter().find(|broken| text.contains(**broken));
        assert!(!text.is_empty() && broken.is_none(), "{broken:?} in {text}");
    }
}

/// The longest piece of a text between what is filled in.
fn longest(text: &str) -> &str {
    text.split(['{', '}']).step_by(2).max_by_key(|piece| piece.len()).unwrap_or_default()
}

#[rstest]
#[case(Language::En)]
#[case(Language::Nl)]
fn every_text_of_a_reason_is_told(#[case] language: Language) {
    let (lang, told) = (Lang::load(language).unwrap(), told(language));
    for section in SECTIONS {
        for (name, text) in lang.texts()[section].iter().filter(|(name, _)| !name.starts_with(PLACES)) {
            let piece = longest(text);
            assert!(told.iter().any(|told| told.contains(piece)), "{section}.{name} is told by no reason");
        }
    }
}
