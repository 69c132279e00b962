//! Messages about drafts and a journal that could not be saved or read: what happened, to which file, and what to do.
//!
//! The words of `SQLite` follow as a detail, in English.

use super::system::{system_words, with_detail};
use crate::domain::{DatabaseDamage, PersistenceError, PersistenceErrorKind};
use crate::i18n::Translations;

pub fn persistence_error_text(lang: &Translations, unkept: &PersistenceError) -> String {
    let (id, why) = match &unkept.kind {
        PersistenceErrorKind::NoHome => ("unkept.no_home", String::new()),
        PersistenceErrorKind::NotUtf8 => ("unkept.no_text", String::new()),
        PersistenceErrorKind::RelativePath => ("unkept.relative", String::new()),
        PersistenceErrorKind::CannotCreate(error) => {
            let why = lang.format_text("unusable.not_made", &[("why", &system_words(lang, *error))]);
            ("unkept.not_usable", why)
        }
        PersistenceErrorKind::WrongKind => ("unkept.not_usable", lang.text("unusable.wrong_kind").to_owned()),
        PersistenceErrorKind::Symlink => ("unkept.not_usable", lang.text("unusable.symlink").to_owned()),
        PersistenceErrorKind::NotOurs => ("unkept.not_usable", lang.text("unusable.not_ours").to_owned()),
        PersistenceErrorKind::NotWritable => ("unkept.not_writable", String::new()),
        PersistenceErrorKind::Full => ("unkept.full", String::new()),
        PersistenceErrorKind::Newer { found, known } => {
            let (path, found, known) = (&unkept.path, found.to_string(), known.to_string());
            return lang.format_text("unkept.newer", &[("path", path), ("found", &found), ("known", &known)]);
        }
        PersistenceErrorKind::Busy | PersistenceErrorKind::InUse => ("unkept.busy", String::new()),
        PersistenceErrorKind::SendingElsewhere => ("unkept.sending", String::new()),
        PersistenceErrorKind::OpenElsewhere => ("unkept.open_elsewhere", String::new()),
        PersistenceErrorKind::PlacedMeanwhile(order) => return of_number(lang, "unkept.meanwhile", order),
        PersistenceErrorKind::Damaged(damage) => ("unkept.damaged", damage_text(lang, damage)),
        PersistenceErrorKind::MovedAway => ("unkept.moved", String::new()),
        // What is lost is another file than the one that should have been written.
        PersistenceErrorKind::JournalLost(file) => return lang.format_text("unkept.lost", &[("path", file)]),
        PersistenceErrorKind::Blocked(_) => ("unkept.blocked", String::new()),
        PersistenceErrorKind::NoIntent(id) => return of_number(lang, "unkept.no_intent", id),
        PersistenceErrorKind::Resolved(id) => return of_number(lang, "unkept.resolved", id),
        PersistenceErrorKind::Contradiction(id) => return of_number(lang, "unkept.contradiction", id),
        PersistenceErrorKind::Closed => ("unkept.closed", String::new()),
        PersistenceErrorKind::System(error) => ("unkept.system", system_words(lang, *error)),
        PersistenceErrorKind::Database(words) => {
            ("unkept.system", with_detail(lang, lang.text("unkept.database"), words))
        }
    };
    lang.format_text(id, &[("path", &unkept.path), ("why", &why)])
}

/// Returns the message about a damaged file that was moved to quarantine.
pub fn quarantined_file_text(lang: &Translations, path: &str, damage: &DatabaseDamage) -> String {
    lang.format_text("home.set_aside", &[("path", path), ("why", &damage_text(lang, damage))])
}

fn of_number(lang: &Translations, id: &str, number: &impl ToString) -> String {
    lang.format_text(id, &[("id", &number.to_string())])
}

/// Returns what is wrong with a damaged file, as part of a sentence.
fn damage_text(lang: &Translations, damage: &DatabaseDamage) -> String {
    let id = match damage {
        DatabaseDamage::Absent => "damage.absent",
        DatabaseDamage::ReadOnly => "damage.read_only",
        DatabaseDamage::Foreign(_) => "damage.foreign",
        DatabaseDamage::Version(version) => {
            return lang.format_text("damage.version", &[("version", &version.to_string())]);
        }
        DatabaseDamage::Pages(words) => return with_detail(lang, lang.text("damage.pages"), words),
        DatabaseDamage::Reference => "damage.reference",
        DatabaseDamage::Schema => "damage.schema",
        DatabaseDamage::Row(table) => return lang.format_text("damage.row", &[("table", table)]),
        DatabaseDamage::Unreadable(words) => return with_detail(lang, lang.text("damage.unreadable"), words),
    };
    lang.text(id).to_owned()
}
