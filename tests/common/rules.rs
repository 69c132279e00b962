//! Which messages may change the entered values: a key only the element in focus, anything else nothing.

use super::watch::Before;
use std::collections::{BTreeMap, BTreeSet};
use zegel::form::{FieldPlace, FieldValue, Form, RowKey};
use zegel::product::{GroupId, ValueKind};
use zegel::text;
use zegel::tui::app::{App, FocusTarget, Screen};
use zegel::tui::keymap::{Action, KeyContext};
use zegel::tui::message::{FileReply, Message, StoreReply};

/// The most characters of a line of text.
const LIMIT: usize = 2_000;

/// All values of a form.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Values {
    rows: BTreeMap<GroupId, Vec<RowKey>>,
    held: BTreeMap<FieldPlace, FieldValue>,
    pub(crate) secrets: BTreeMap<FieldPlace, String>,
}

impl Values {
    pub(crate) fn of(form: &Form) -> Self {
        let groups = || (0..form.product().groups.len()).map(GroupId);
        let places = || groups().flat_map(|group| form.group_places(group));
        let secret =
            |at: FieldPlace| Some((at, form.secret(at).filter(|secret| !secret.is_empty())?.expose().to_owned()));
        Self {
            rows: groups().map(|group| (group, form.rows(group).to_vec())).collect(),
            held: places().filter_map(|at| Some((at, form.field_value(at)?.clone()))).collect(),
            secrets: places().filter_map(secret).collect(),
        }
    }

    pub(crate) fn text(&self, at: FieldPlace) -> &str {
        match self.held.get(&at) {
            Some(FieldValue::Text(text)) => text,
            _ => "",
        }
    }

    /// Returns the places where the two differ.
    fn changed(&self, other: &Self) -> BTreeSet<FieldPlace> {
        let all = self.held.keys().chain(other.held.keys());
        all.copied().filter(|at| self.held.get(at) != other.held.get(at)).collect()
    }

    /// Returns the values of these places.
    fn only(&self, places: &BTreeSet<FieldPlace>) -> BTreeMap<FieldPlace, FieldValue> {
        self.held.iter().filter(|(at, _)| places.contains(at)).map(|(at, held)| (*at, held.clone())).collect()
    }
}

/// What the next undo must restore.
#[derive(Debug, Clone)]
pub(crate) enum Undo {
    /// These places: the value before, and the copied text. Later typing is kept.
    Copied(BTreeMap<FieldPlace, (Option<FieldValue>, String)>),
    /// This row, at its position.
    Removed(GroupId, Vec<RowKey>, RowKey, BTreeMap<FieldPlace, FieldValue>),
    /// It was present before the observation began.
    Somewhere,
}

/// Returns the field of the agreement.
pub(crate) fn consent(form: &Form) -> FieldPlace {
    let field = form.product().field_ids().find(|id| form.product()[*id].kind == ValueKind::Consent).unwrap();
    FieldPlace { field, row: RowKey::SINGLE }
}

/// Asserts that only permitted values changed. Returns what can be undone from now on.
pub(crate) fn values(before: &Before, msg: &Message, app: &App, undo: Option<Undo>) -> Option<Undo> {
    let now = Values::of(app.form());
    let was = &before.values;
    let key = matches!(msg, Message::Key(_) | Message::Paste(_));
    if matches!(msg, Message::Store(kept) if matches!(**kept, StoreReply::Opened(Ok(_)))) {
        return None;
    }
    let opened = matches!(msg, Message::File(_, filed) if matches!(**filed, FileReply::Read(Ok(_))));
    if opened && matches!((&before.screen, app.screen()), (Screen::Home(_), Screen::Review(_))) {
        assert!(!app.form().has_secrets() || before.context == KeyContext::FileBusy);
        return None;
    }
    if !key {
        assert_eq!((&was.rows, &was.held), (&now.rows, &now.held), "{msg:?} changed the form");
        return undo;
    }
    let again = before.action == Some(Action::OrderAgain) && before.context == KeyContext::Home;
    let followed = app.order_machine().placed_order().is_some() && before.machine != *app.order_machine();
    if before.context == KeyContext::Home && (again || followed) && !same(was, &now) {
        assert!(!app.form().has_secrets() && now.text(consent(app.form())).is_empty());
        return None;
    }
    // An unresolved order opens again: the form is then the order as it was sent.
    let fronted = before.context == KeyContext::Home && app.order_machine().unresolved_order().is_some();
    if fronted && before.action == Some(Action::Enter) {
        assert!(!app.form().has_secrets() && now.text(consent(app.form())).is_empty());
        return None;
    }
    let begins = before.context == KeyContext::Home && before.action == Some(Action::Enter) && !same(was, &now);
    let done = before.machine.placed_order().is_some() || before.machine.unresolved_order().is_some();
    let over = done && matches!(app.screen(), Screen::Home(_));
    if before.action == Some(Action::NewOrder) || begins || over && !same(was, &now) {
        assert_eq!(now, Values::of(&Form::new(app.form().product())), "a new order took something over");
        return None;
    }
    let pressed =
        before.context == KeyContext::Button && matches!(before.action, Some(Action::Enter | Action::ToggleCheckbox));
    if let Some(target) = before.target.filter(|_| pressed) {
        return button(before, &now, app, target, undo);
    }
    assert_eq!(was.rows, now.rows, "{msg:?} changed rows");
    let places = was.changed(&now);
    if copies_again_at_review(before, app) && !places.is_empty() {
        let form = app.form();
        let copied = |at: &FieldPlace| form.row_origin(form.product()[at.field].group, at.row).is_some();
        assert!(places.iter().all(copied), "Review changed {:?}", now.only(&places));
        return Some(Undo::Somewhere);
    }
    let allowed = |at: &FieldPlace| may_change(before, msg, &now, app, *at);
    assert!(places.iter().all(allowed), "{msg:?} changed {:?} into {:?}", was.only(&places), now.only(&places));
    undo
}

/// Returns true if Enter may have copied something again: Review offers that beside an outdated copy.
fn copies_again_at_review(before: &Before, app: &App) -> bool {
    let entered = before.context == KeyContext::Summary && before.action == Some(Action::Enter);
    entered && matches!(app.screen(), Screen::Review(_))
}

fn same(was: &Values, now: &Values) -> bool {
    (&was.rows, &was.held) == (&now.rows, &now.held)
}

/// Returns true if this key or paste may have made this change, on an element that is no button.
fn may_change(before: &Before, msg: &Message, now: &Values, app: &App, at: FieldPlace) -> bool {
    let (was, is) = (before.values.text(at), now.text(at));
    if before.context == KeyContext::Picker {
        return before.action == Some(Action::Enter) && may_fill(before, app, at);
    }
    if matches!(before.action, Some(Action::Undo | Action::Redo)) {
        return may_undo(before, app, at);
    }
    if before.target != Some(FocusTarget::Field(at)) {
        return false;
    }
    if before.context == KeyContext::FieldSearch {
        return before.action == Some(Action::Enter) && is_tidy(was, is);
    }
    match (before.context, before.action, msg) {
        (KeyContext::Line, None, Message::Key(key)) => {
            key.typed_char().is_some_and(|c| went_in(was, is, &c.to_string()))
        }
        (KeyContext::Line, None, Message::Paste(paste)) => went_in(was, is, &text::to_one_line(paste.expose())),
        (KeyContext::Line, Some(Action::Edit(tui_input::InputRequest::Yank)), _) => is_part(was, is),
        (KeyContext::Line, Some(Action::Edit(_)), _) => is_part(is, was),
        (KeyContext::Line, Some(Action::SwapCharacters), _) => is_mixed(was, is),
        (KeyContext::Line, Some(action), _) => {
            is_tidy(was, is) || action == Action::Enter && is_initial(app, at, was, is)
        }
        (KeyContext::Radio | KeyContext::Pick, Some(Action::Enter), _) => is_initial(app, at, was, is),
        (KeyContext::Check, Some(Action::ToggleCheckbox), _)
        | (KeyContext::Radio, Some(Action::ChooseOption(_)), _) => true,
        _ => false,
    }
}

/// Returns true if the open picker may fill this place.
fn may_fill(before: &Before, app: &App, at: FieldPlace) -> bool {
    let Some(FocusTarget::Field(of)) = before.target else { return false };
    let field = &app.form().product()[of.field];
    let Some(source) = &field.source else { return at == of };
    let without = source
        .without_id
        .iter()
        .flat_map(|without| without.fills.iter().map(|(field, _)| *field).chain([without.mode]));
    at.row == of.row && (at == of || source.fills.iter().map(|(field, _)| *field).chain(without).any(|f| f == at.field))
}

/// Returns true if undo in the field in focus may restore something here: in that field or beside it.
fn may_undo(before: &Before, app: &App, at: FieldPlace) -> bool {
    let Some(FocusTarget::Field(of)) = before.target else { return false };
    let (product, agreement) = (app.form().product(), consent(app.form()));
    let beside = at.row == of.row && product[at.field].group == product[of.field].group;
    beside && at != agreement && product.group_of(at.field).keep
}

/// Returns true if a text was inserted at one position of another, as far as there was room.
fn went_in(was: &str, is: &str, text: &str) -> bool {
    let (was, is): (Vec<char>, Vec<char>) = (was.chars().collect(), is.chars().collect());
    let Some(grown) = is.len().checked_sub(was.len()) else { return false };
    let text: Vec<char> = text.chars().collect();
    let whole = grown == text.len() || is.len() >= LIMIT && grown <= text.len();
    let at = |from: usize| {
        is[..from] == was[..from] && is[from + grown..] == was[from..] && is[from..from + grown] == text[..grown]
    };
    whole && (0..=was.len()).any(at)
}

/// Returns true if one text remains when some characters of another are removed.
fn is_part(part: &str, whole: &str) -> bool {
    let mut whole = whole.chars();
    part.chars().all(|c| whole.any(|other| other == c))
}

/// Returns true if both texts have the same characters, in any order.
fn is_mixed(one: &str, other: &str) -> bool {
    let sorted = |text: &str| {
        let mut chars: Vec<char> = text.chars().collect();
        chars.sort_unstable();
        chars
    };
    sorted(one) == sorted(other)
}

/// Returns true if a text equals another after leaving the field: without white space around it, a month with two
/// digits.
fn is_tidy(was: &str, is: &str) -> bool {
    let tidy = text::to_one_line(was);
    is == tidy || tidy.len() == 1 && is == format!("0{tidy}")
}

fn is_initial(app: &App, at: FieldPlace, was: &str, is: &str) -> bool {
    was.is_empty() && Some(is) == app.form().initial_value(at.field)
}

/// Returns true if the wizard says that the form cannot be changed now.
fn is_refused(app: &App) -> bool {
    let words =
        ["flash.reads_only", "flash.unresolved", "confirm.wait"].map(|word| app.lang().find_by_name(word).unwrap());
    app.feedback().flash.as_deref().is_some_and(|flash| words.contains(&flash))
}

/// Checks the effect of a button, or of accepting a fixed value.
fn button(before: &Before, now: &Values, app: &App, target: FocusTarget, undo: Option<Undo>) -> Option<Undo> {
    let was = &before.values;
    if is_refused(app) {
        assert!(same(was, now), "a button changed a form that cannot be changed");
        return undo;
    }
    let changed = was.changed(now);
    match target {
        FocusTarget::Field(at) => {
            assert!(changed.iter().all(|place| *place == at), "accepting changed {changed:?}");
            assert!(changed.is_empty() || Some(now.text(at)) == app.form().initial_value(at.field));
            undo
        }
        FocusTarget::AddRow(group) => {
            let (old, new) = (&was.rows[&group], &now.rows[&group]);
            assert_eq!((&new[..old.len()], new.len()), (&old[..], old.len() + 1), "a row was added");
            assert!(changed.iter().all(|at| at.row == new[old.len()]), "adding a row changed {changed:?}");
            undo
        }
        FocusTarget::RemoveRow(group, row) => {
            let kept: Vec<RowKey> = was.rows[&group].iter().copied().filter(|other| *other != row).collect();
            assert_eq!(now.rows[&group], kept);
            assert!(changed.iter().all(|at| at.row == row), "taking a row out changed {changed:?}");
            let lost = was.held.iter().filter(|(at, _)| at.row == row).map(|(at, held)| (*at, held.clone()));
            Some(Undo::Removed(group, was.rows[&group].clone(), row, lost.collect()))
        }
        FocusTarget::CopyAddress { to, .. } => {
            let parts = parts_of(app, to);
            assert!(changed.is_subset(&parts), "copying an address changed {changed:?}");
            let nothing = app.feedback().flash.as_deref() == app.lang().find_by_name("flash.no_address");
            match undo {
                // It may have been a copy, and the value before it was not observed.
                undo if nothing || matches!(undo, Some(Undo::Somewhere)) => undo,
                earlier => Some(copied(was, now, &parts, earlier.as_ref())),
            }
        }
        FocusTarget::CopyAgain(group, row) => {
            let here = |at: &FieldPlace| app.form().product()[at.field].group == group && at.row == row;
            assert!(changed.iter().all(here), "copying again changed {changed:?}");
            let parts = parts_of(app, group);
            match undo {
                undo if parts.is_empty() || matches!(undo, Some(Undo::Somewhere)) => undo,
                earlier => Some(copied(was, now, &parts, earlier.as_ref())),
            }
        }
        FocusTarget::UseOrganization(_) => {
            let steers =
                |at: &FieldPlace| app.form().product()[at.field].is_mode() || app.form().is_organization_field(*at);
            assert!(changed.iter().all(steers), "taking an organization changed {changed:?}");
            undo
        }
        FocusTarget::GroupUndo => {
            taken_back(before, now, &changed, undo);
            None
        }
        FocusTarget::Agreement | FocusTarget::ExpertFields | FocusTarget::NextStep | FocusTarget::KeepCopy(..) => {
            assert!(changed.is_empty() && was.rows == now.rows, "{target:?} changed {changed:?}");
            undo
        }
    }
}

/// Returns the places of an address.
fn parts_of(app: &App, group: GroupId) -> BTreeSet<FieldPlace> {
    let is_part = |at: &FieldPlace| app.form().product()[at.field].part.is_some();
    app.form().group_places(group).filter(is_part).collect()
}

/// Returns what undo must restore after a copy over these places: never the text of an earlier copy.
fn copied(was: &Values, now: &Values, parts: &BTreeSet<FieldPlace>, earlier: Option<&Undo>) -> Undo {
    let first = |at: &FieldPlace| match earlier {
        Some(Undo::Copied(swaps)) => {
            swaps.get(at).filter(|(_, put)| put == was.text(*at)).map(|(first, _)| first.clone())
        }
        _ => None,
    };
    let before = |at: &FieldPlace| first(at).unwrap_or_else(|| was.held.get(at).cloned());
    Undo::Copied(parts.iter().map(|at| (*at, (before(at), now.text(*at).to_owned()))).collect())
}

/// Asserts that undo restored the values before the last copy or removal.
fn taken_back(before: &Before, now: &Values, changed: &BTreeSet<FieldPlace>, undo: Option<Undo>) {
    match undo.expect("there was nothing to take back") {
        Undo::Somewhere => {}
        Undo::Copied(swaps) => {
            assert!(changed.iter().all(|at| swaps.contains_key(at)), "taking back changed {changed:?}");
            for (at, (held, put)) in swaps {
                let was = &before.values;
                let expected = if was.text(at) == put { held.as_ref() } else { was.held.get(&at) };
                assert_eq!(now.held.get(&at), expected, "taking back an address brought something else");
            }
        }
        Undo::Removed(group, rows, row, held) => {
            assert!(changed.iter().all(|at| at.row == row), "taking back changed {changed:?}");
            let added = before.values.rows[&group].iter().filter(|other| !rows.contains(other));
            let known: Vec<RowKey> = now.rows[&group].iter().copied().filter(|row| rows.contains(row)).collect();
            assert_eq!(now.rows[&group].len(), before.values.rows[&group].len() + 1, "{:?}", added.collect::<Vec<_>>());
            assert!(known.contains(&row));
            let back: BTreeMap<FieldPlace, FieldValue> =
                now.held.iter().filter(|(at, _)| at.row == row).map(|(at, held)| (*at, held.clone())).collect();
            assert_eq!(back, held, "taking back a row brought something else");
        }
    }
}

/// Returns true if this change of secrets comes from typing in the secret in focus.
pub(crate) fn may_type_secret(before: &Before, msg: &Message, now: &Values) -> bool {
    let Some(FocusTarget::Field(at)) = before.target else { return false };
    let others = |values: &Values| {
        values.secrets.iter().filter(|(place, _)| **place != at).map(|(_, s)| s.clone()).collect::<Vec<_>>()
    };
    if before.context != KeyContext::Secret || others(&before.values) != others(now) {
        return false;
    }
    let text = |values: &Values| values.secrets.get(&at).cloned().unwrap_or_default();
    let (was, is) = (text(&before.values), text(now));
    match (before.action, msg) {
        (None, Message::Key(key)) => key.typed_char().is_some_and(|c| c.is_ascii_digit() && is == format!("{was}{c}")),
        (None, Message::Paste(paste)) => {
            let digits: String = paste.expose().chars().filter(char::is_ascii_digit).collect();
            let grown = is.strip_prefix(&was).unwrap_or("x");
            grown == digits || digits.starts_with(grown) && is.len() == zegel::secret::SECRET_CAPACITY
        }
        (Some(Action::EraseSecret(false)), _) => was.strip_suffix(char::is_numeric) == Some(is.as_str()),
        (Some(Action::EraseSecret(true)), _) => is.is_empty(),
        _ => false,
    }
}
