//! The defaults of a new order: the values that its account keeps, and which of them the form still holds.
//!
//! The page names the source of a value as long as the value is the one that was put in. A draft, a file or a past
//! order begins with its own values, never with these.

use crate::form::FieldPlace;
use crate::i18n::{texts, with};
use crate::tui::session::Session;
use crate::tui::session::field_text::field_label;
use std::collections::BTreeMap;

/// The values that were put in, by place.
pub(crate) type AccountDefaults = BTreeMap<FieldPlace, String>;

/// Returns true if a field still holds the default of the account.
fn is_default_value(session: &Session, at: FieldPlace) -> bool {
    session.account_defaults.get(&at).is_some_and(|text| text == session.form.text(at))
}

/// Returns where the value of a field comes from; None if it is not a default of the account.
pub(crate) fn default_value_note(session: &Session, at: FieldPlace) -> Option<String> {
    is_default_value(session, at)
        .then(|| session.lang.format(texts::page::BEGUN_HERE, with::Account(&session.account.name)))
}

/// Returns the note above a step in which a field holds a default; None if no field does.
pub(crate) fn step_defaults_note(session: &Session, step: crate::product::StepId) -> Option<String> {
    let labels: Vec<&str> = session
        .form
        .visible_places_in_step(step)
        .filter(|at| is_default_value(session, *at))
        .map(|at| field_label(session, at))
        .collect();
    (!labels.is_empty()).then(|| {
        session
            .lang
            .format(texts::page::BEGUN, (with::Account(&session.account.name), with::Fields(&labels.join(", "))))
    })
}
