//! What a person is told of drafts and a journal that could not be kept or read: what happened, to which file, and what
//! to do.
//!
//! What `SQLite` says stands behind it as a detail; that is English.

use super::system::{system_words, with_detail};
use crate::facts::{Damage, Hitch, Unkept, Unusable};
use crate::lang::Lang;

/// What a person reads of something that could not be kept.
pub fn unkept_words(lang: &Lang, unkept: &Unkept) -> String {
    let (id, why) = match &unkept.cause {
        Hitch::NoHome => ("unkept.no_home", String::new()),
        Hitch::NoText => ("unkept.no_text", String::new()),
        Hitch::Relative => ("unkept.relative", String::new()),
        Hitch::NotUsable(unusable) => ("unkept.not_usable", unusable_words(lang, *unusable)),
        Hitch::NotWritable => ("unkept.not_writable", String::new()),
        Hitch::Full => ("unkept.full", String::new()),
        Hitch::Newer { found, known } => {
            let (path, found, known) = (&unkept.path, found.to_string(), known.to_string());
            return lang.tell("unkept.newer", &[("path", path), ("found", &found), ("known", &known)]);
        }
        Hitch::Busy => ("unkept.busy", String::new()),
        Hitch::Sending => ("unkept.sending", String::new()),
        Hitch::OpenElsewhere => ("unkept.open_elsewhere", String::new()),
        Hitch::Meanwhile(order) => return of_number(lang, "unkept.meanwhile", order),
        Hitch::Damaged(damage) => ("unkept.damaged", damage_words(lang, damage)),
        Hitch::Moved => ("unkept.moved", String::new()),
        Hitch::Lost => ("unkept.lost", String::new()),
        Hitch::Blocked(_) => ("unkept.blocked", String::new()),
        Hitch::NoIntent(id) => return of_number(lang, "unkept.no_intent", id),
        Hitch::Resolved(id) => return of_number(lang, "unkept.resolved", id),
        Hitch::Contradiction(id) => return of_number(lang, "unkept.contradiction", id),
        Hitch::Closed => ("unkept.closed", String::new()),
        Hitch::System(error) => ("unkept.system", system_words(lang, *error)),
        Hitch::Database(words) => ("unkept.system", with_detail(lang, lang.say("unkept.database"), words)),
    };
    lang.tell(id, &[("path", &unkept.path), ("why", &why)])
}

/// What a person reads of a damaged file that was put out of the way.
pub fn set_aside_words(lang: &Lang, path: &str, damage: &Damage) -> String {
    lang.tell("home.set_aside", &[("path", path), ("why", &damage_words(lang, damage))])
}

fn of_number(lang: &Lang, id: &str, number: &impl ToString) -> String {
    lang.tell(id, &[("id", &number.to_string())])
}

/// Why a directory cannot be used; part of a sentence.
fn unusable_words(lang: &Lang, unusable: Unusable) -> String {
    let id = match unusable {
        Unusable::NotMade(error) => return lang.tell("unusable.not_made", &[("why", &system_words(lang, error))]),
        Unusable::WrongKind => "unusable.wrong_kind",
        Unusable::Symlink => "unusable.symlink",
        Unusable::NotOurs => "unusable.not_ours",
    };
    lang.say(id).to_owned()
}

/// What is wrong with a damaged file; part of a sentence.
fn damage_words(lang: &Lang, damage: &Damage) -> String {
    let id = match damage {
        Damage::Absent => "damage.absent",
        Damage::ReadOnly => "damage.read_only",
        Damage::Foreign(_) => "damage.foreign",
        Damage::Version(version) => return lang.tell("damage.version", &[("version", &version.to_string())]),
        Damage::Pages(words) => return with_detail(lang, lang.say("damage.pages"), words),
        Damage::Reference => "damage.reference",
        Damage::Schema => "damage.schema",
        Damage::Row(table) => return lang.tell("damage.row", &[("table", table)]),
        Damage::Unreadable(words) => return with_detail(lang, lang.say("damage.unreadable"), words),
    };
    lang.say(id).to_owned()
}
