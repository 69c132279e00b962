//! Messages about drafts and a journal that could not be saved or read: what happened, to which file, and what to do.
//!
//! The words of `SQLite` follow as a detail, in English.

use super::system::{system_words, with_detail};
use crate::domain::{DatabaseDamage, PersistenceError, PersistenceErrorKind};
use crate::i18n::{TextId, Translations, texts, with};

pub fn persistence_error_text(lang: &Translations, unkept: &PersistenceError) -> String {
    let of_path = |id: TextId<with::Path<'_>>| lang.format(id, with::Path(&unkept.path));
    let of_both = |id: TextId<(with::Path<'_>, with::Why<'_>)>, why: &str| {
        lang.format(id, (with::Path(&unkept.path), with::Why(&why)))
    };
    match &unkept.kind {
        PersistenceErrorKind::NoHome => lang.text(texts::unkept::NO_HOME).to_owned(),
        PersistenceErrorKind::NotUtf8 => lang.text(texts::unkept::NO_TEXT).to_owned(),
        PersistenceErrorKind::RelativePath => lang.text(texts::unkept::RELATIVE).to_owned(),
        PersistenceErrorKind::CannotCreate(error) => {
            let why = lang.format(texts::unusable::NOT_MADE, with::Why(&system_words(lang, *error)));
            of_both(texts::unkept::NOT_USABLE, &why)
        }
        PersistenceErrorKind::WrongKind => of_both(texts::unkept::NOT_USABLE, lang.text(texts::unusable::WRONG_KIND)),
        PersistenceErrorKind::Symlink => of_both(texts::unkept::NOT_USABLE, lang.text(texts::unusable::SYMLINK)),
        PersistenceErrorKind::NotOurs => of_both(texts::unkept::NOT_USABLE, lang.text(texts::unusable::NOT_OURS)),
        PersistenceErrorKind::NotWritable => of_path(texts::unkept::NOT_WRITABLE),
        PersistenceErrorKind::Full => of_path(texts::unkept::FULL),
        PersistenceErrorKind::Newer { found, known } => {
            let (path, found, known) = (&unkept.path, found.to_string(), known.to_string());
            lang.format(texts::unkept::NEWER, (with::Path(&path), with::Found(&found), with::Known(&known)))
        }
        PersistenceErrorKind::Busy | PersistenceErrorKind::InUse => of_path(texts::unkept::BUSY),
        PersistenceErrorKind::SendingElsewhere => lang.text(texts::unkept::SENDING).to_owned(),
        PersistenceErrorKind::OpenElsewhere => lang.text(texts::unkept::OPEN_ELSEWHERE).to_owned(),
        PersistenceErrorKind::PlacedMeanwhile(order) => of_number(lang, texts::unkept::MEANWHILE, order),
        PersistenceErrorKind::Damaged(damage) => of_both(texts::unkept::DAMAGED, &damage_text(lang, damage)),
        PersistenceErrorKind::MovedAway => of_path(texts::unkept::MOVED),
        // What is lost is another file than the one that should have been written.
        PersistenceErrorKind::JournalLost(file) => lang.format(texts::unkept::LOST, with::Path(&file)),
        PersistenceErrorKind::Blocked(_) => lang.text(texts::unkept::BLOCKED).to_owned(),
        PersistenceErrorKind::NoIntent(id) => of_number(lang, texts::unkept::NO_INTENT, id),
        PersistenceErrorKind::Resolved(id) => of_number(lang, texts::unkept::RESOLVED, id),
        PersistenceErrorKind::Contradiction(id) => of_number(lang, texts::unkept::CONTRADICTION, id),
        PersistenceErrorKind::Closed => lang.text(texts::unkept::CLOSED).to_owned(),
        PersistenceErrorKind::System(error) => of_both(texts::unkept::SYSTEM, &system_words(lang, *error)),
        PersistenceErrorKind::Database(words) => {
            of_both(texts::unkept::SYSTEM, &with_detail(lang, lang.text(texts::unkept::DATABASE), words))
        }
    }
}

/// Returns the message about a damaged file that was moved to quarantine.
pub fn quarantined_file_text(lang: &Translations, path: &str, damage: &DatabaseDamage) -> String {
    lang.format(texts::home::SET_ASIDE, (with::Path(&path), with::Why(&damage_text(lang, damage))))
}

fn of_number(lang: &Translations, id: TextId<with::Id<'_>>, number: &impl std::fmt::Display) -> String {
    lang.format(id, with::Id(&number))
}

/// Returns what is wrong with a damaged file, as part of a sentence.
fn damage_text(lang: &Translations, damage: &DatabaseDamage) -> String {
    let id = match damage {
        DatabaseDamage::Absent => texts::damage::ABSENT,
        DatabaseDamage::ReadOnly => texts::damage::READ_ONLY,
        DatabaseDamage::Foreign(_) => texts::damage::FOREIGN,
        DatabaseDamage::Version(version) => {
            return lang.format(texts::damage::VERSION, with::Version(&version));
        }
        DatabaseDamage::Pages(words) => return with_detail(lang, lang.text(texts::damage::PAGES), words),
        DatabaseDamage::Reference => texts::damage::REFERENCE,
        DatabaseDamage::Schema => texts::damage::SCHEMA,
        DatabaseDamage::Row(table) => return lang.format(texts::damage::ROW, with::Table(&table)),
        DatabaseDamage::Unreadable(words) => return with_detail(lang, lang.text(texts::damage::UNREADABLE), words),
    };
    lang.text(id).to_owned()
}
