//! Messages about drafts and a journal that could not be saved or read: what happened, to which file, and what to do.
//!
//! The words of `SQLite` follow as a detail, in English.

use super::system::{system_words, with_detail};
use crate::domain::{DatabaseDamage, PersistenceError, PersistenceErrorKind};
use crate::i18n::Translations;

pub fn persistence_error_text(lang: &Translations, unkept: &PersistenceError) -> String {
    let of_path = |id: &'static str| lang.format_text(id, &[("path", &unkept.path)]);
    let of_both = |id: &'static str, why: &str| lang.format_text(id, &[("path", &unkept.path), ("why", why)]);
    match &unkept.kind {
        PersistenceErrorKind::NoHome => lang.text("unkept.no_home").to_owned(),
        PersistenceErrorKind::NotUtf8 => lang.text("unkept.no_text").to_owned(),
        PersistenceErrorKind::RelativePath => lang.text("unkept.relative").to_owned(),
        PersistenceErrorKind::CannotCreate(error) => {
            let why = lang.format_text("unusable.not_made", &[("why", &system_words(lang, *error))]);
            of_both("unkept.not_usable", &why)
        }
        PersistenceErrorKind::WrongKind => of_both("unkept.not_usable", lang.text("unusable.wrong_kind")),
        PersistenceErrorKind::Symlink => of_both("unkept.not_usable", lang.text("unusable.symlink")),
        PersistenceErrorKind::NotOurs => of_both("unkept.not_usable", lang.text("unusable.not_ours")),
        PersistenceErrorKind::NotWritable => of_path("unkept.not_writable"),
        PersistenceErrorKind::Full => of_path("unkept.full"),
        PersistenceErrorKind::Newer { found, known } => {
            let (path, found, known) = (&unkept.path, found.to_string(), known.to_string());
            lang.format_text("unkept.newer", &[("path", path), ("found", &found), ("known", &known)])
        }
        PersistenceErrorKind::Busy | PersistenceErrorKind::InUse => of_path("unkept.busy"),
        PersistenceErrorKind::SendingElsewhere => lang.text("unkept.sending").to_owned(),
        PersistenceErrorKind::OpenElsewhere => lang.text("unkept.open_elsewhere").to_owned(),
        PersistenceErrorKind::PlacedMeanwhile(order) => of_number(lang, "unkept.meanwhile", order),
        PersistenceErrorKind::Damaged(damage) => of_both("unkept.damaged", &damage_text(lang, damage)),
        PersistenceErrorKind::MovedAway => of_path("unkept.moved"),
        // What is lost is another file than the one that should have been written.
        PersistenceErrorKind::JournalLost(file) => lang.format_text("unkept.lost", &[("path", file)]),
        PersistenceErrorKind::Blocked(_) => lang.text("unkept.blocked").to_owned(),
        PersistenceErrorKind::NoIntent(id) => of_number(lang, "unkept.no_intent", id),
        PersistenceErrorKind::Resolved(id) => of_number(lang, "unkept.resolved", id),
        PersistenceErrorKind::Contradiction(id) => of_number(lang, "unkept.contradiction", id),
        PersistenceErrorKind::Closed => lang.text("unkept.closed").to_owned(),
        PersistenceErrorKind::System(error) => of_both("unkept.system", &system_words(lang, *error)),
        PersistenceErrorKind::Database(words) => {
            of_both("unkept.system", &with_detail(lang, lang.text("unkept.database"), words))
        }
    }
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
