//! What a message may change of what was typed: a key what has the focus, everything else nothing.

use super::watch::Before;
use std::collections::{BTreeMap, BTreeSet};
use zegel::form::{Form, Held, Place, Row};
use zegel::product::{GroupId, Kind};
use zegel::text;
use zegel::wizard::keys::{Action, Context};
use zegel::wizard::msg::{Filed, Kept, Msg};
use zegel::wizard::{Model, Screen, Spot};

/// More than this no line of text takes by typing.
const LIMIT: usize = 2_000;

/// Everything that a form holds.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Values {
    rows: BTreeMap<GroupId, Vec<Row>>,
    held: BTreeMap<Place, Held>,
    pub(crate) secrets: BTreeMap<Place, String>,
}

impl Values {
    pub(crate) fn of(form: &Form) -> Self {
        let groups = || (0..form.product().groups.len()).map(GroupId);
        let places = || groups().flat_map(|group| form.places(group));
        let secret = |at: Place| Some((at, form.secret(at).filter(|secret| !secret.is_empty())?.expose().to_owned()));
        Self {
            rows: groups().map(|group| (group, form.rows(group).to_vec())).collect(),
            held: places().filter_map(|at| Some((at, form.held(at)?.clone()))).collect(),
            secrets: places().filter_map(secret).collect(),
        }
    }

    pub(crate) fn text(&self, at: Place) -> &str {
        match self.held.get(&at) {
            Some(Held::Text(text)) => text,
            _ => "",
        }
    }

    /// Where the two differ.
    fn changed(&self, other: &Self) -> BTreeSet<Place> {
        let all = self.held.keys().chain(other.held.keys());
        all.copied().filter(|at| self.held.get(at) != other.held.get(at)).collect()
    }

    /// What stands in these places.
    fn only(&self, places: &BTreeSet<Place>) -> BTreeMap<Place, Held> {
        self.held.iter().filter(|(at, _)| places.contains(at)).map(|(at, held)| (*at, held.clone())).collect()
    }
}

/// What the next taking back must bring back.
#[derive(Debug, Clone)]
pub(crate) enum Undo {
    /// These places: what stood there, and the text that was put there. What was typed since stays.
    Copied(BTreeMap<Place, (Option<Held>, String)>),
    /// This row, at its place.
    Removed(GroupId, Vec<Row>, Row, BTreeMap<Place, Held>),
    /// It was there before one looked.
    Somewhere,
}

/// The field that takes the agreement.
pub(crate) fn consent(form: &Form) -> Place {
    let field = form.product().ids().find(|id| form.product()[*id].kind == Kind::Consent).unwrap();
    Place { field, row: Row::ONE }
}

/// Asserts that nothing changed that may not. Answers what can be taken back from now on.
pub(crate) fn values(before: &Before, msg: &Msg, model: &Model, undo: Option<Undo>) -> Option<Undo> {
    let now = Values::of(model.form());
    let was = &before.values;
    let key = matches!(msg, Msg::Key(_) | Msg::Paste(_));
    if matches!(msg, Msg::Kept(kept) if matches!(**kept, Kept::Taken(Ok(_)))) {
        return None;
    }
    let opened = matches!(msg, Msg::File(_, filed) if matches!(**filed, Filed::Read(Ok(_))));
    if opened && matches!((&before.screen, model.screen()), (Screen::Home(_), Screen::Review(_))) {
        assert!(!model.form().has_secrets() || before.context == Context::FileWait);
        return None;
    }
    if !key {
        assert_eq!((&was.rows, &was.held), (&now.rows, &now.held), "{msg:?} changed the form");
        return undo;
    }
    let again = before.action == Some(Action::Again) && before.context == Context::Home;
    let followed = model.course().placed().is_some() && before.course != *model.course();
    if before.context == Context::Home && (again || followed) && !same(was, &now) {
        assert!(!model.form().has_secrets() && now.text(consent(model.form())).is_empty());
        return None;
    }
    // An order of unknown outcome is put in front again: the form is what was sent.
    let fronted = before.context == Context::Home && model.course().unknown().is_some();
    if fronted && before.action == Some(Action::Enter) {
        assert!(!model.form().has_secrets() && now.text(consent(model.form())).is_empty());
        return None;
    }
    let begins = before.context == Context::Home && before.action == Some(Action::Enter) && !same(was, &now);
    let done = before.course.placed().is_some() || before.course.unknown().is_some();
    let over = done && matches!(model.screen(), Screen::Home(_));
    if before.action == Some(Action::NewOrder) || begins || over && !same(was, &now) {
        assert_eq!(now, Values::of(&Form::new(model.form().product())), "a new order took something over");
        return None;
    }
    let pressed = before.context == Context::Button && matches!(before.action, Some(Action::Enter | Action::Tick));
    if let Some(spot) = before.spot.filter(|_| pressed) {
        return button(before, &now, model, spot, undo);
    }
    assert_eq!(was.rows, now.rows, "{msg:?} changed rows");
    let places = was.changed(&now);
    if copies_again_at_review(before, model) && !places.is_empty() {
        let form = model.form();
        let copied = |at: &Place| form.origin(form.product()[at.field].group, at.row).is_some();
        assert!(places.iter().all(copied), "Review changed {:?}", now.only(&places));
        return Some(Undo::Somewhere);
    }
    let allowed = |at: &Place| may_change(before, msg, &now, model, *at);
    assert!(places.iter().all(allowed), "{msg:?} changed {:?} into {:?}", was.only(&places), now.only(&places));
    undo
}

/// Whether Enter may have copied something again: at Review that is offered beside what is outdated.
fn copies_again_at_review(before: &Before, model: &Model) -> bool {
    let entered = before.context == Context::Summary && before.action == Some(Action::Enter);
    entered && matches!(model.screen(), Screen::Review(_))
}

fn same(was: &Values, now: &Values) -> bool {
    (&was.rows, &was.held) == (&now.rows, &now.held)
}

/// Whether this key or paste may have made this change, on a spot that is no button.
fn may_change(before: &Before, msg: &Msg, now: &Values, model: &Model, at: Place) -> bool {
    let (was, is) = (before.values.text(at), now.text(at));
    if before.context == Context::Picker {
        return before.action == Some(Action::Enter) && may_fill(before, model, at);
    }
    if matches!(before.action, Some(Action::Undo | Action::Redo)) {
        return may_undo(before, model, at);
    }
    if before.spot != Some(Spot::Field(at)) {
        return false;
    }
    if before.context == Context::Finder {
        return before.action == Some(Action::Enter) && is_tidy(was, is);
    }
    match (before.context, before.action, msg) {
        (Context::Line, None, Msg::Key(key)) => key.typed().is_some_and(|c| went_in(was, is, &c.to_string())),
        (Context::Line, None, Msg::Paste(paste)) => went_in(was, is, &text::one_line(paste.expose())),
        (Context::Line, Some(Action::Edit(tui_input::InputRequest::Yank)), _) => is_part(was, is),
        (Context::Line, Some(Action::Edit(_)), _) => is_part(is, was),
        (Context::Line, Some(Action::Swap), _) => is_mixed(was, is),
        (Context::Line, Some(action), _) => {
            is_tidy(was, is) || action == Action::Enter && is_initial(model, at, was, is)
        }
        (Context::Radio | Context::Pick, Some(Action::Enter), _) => is_initial(model, at, was, is),
        (Context::Check, Some(Action::Tick), _) | (Context::Radio, Some(Action::Choose(_)), _) => true,
        _ => false,
    }
}

/// Whether the open list may fill this place in.
fn may_fill(before: &Before, model: &Model, at: Place) -> bool {
    let Some(Spot::Field(of)) = before.spot else { return false };
    let field = &model.form().product()[of.field];
    let Some(source) = &field.source else { return at == of };
    let without = source
        .without_id
        .iter()
        .flat_map(|without| without.fills.iter().map(|(field, _)| *field).chain([without.mode]));
    at.row == of.row && (at == of || source.fills.iter().map(|(field, _)| *field).chain(without).any(|f| f == at.field))
}

/// Whether undoing in the field in focus may bring something back here: there, and in what stands beside it.
fn may_undo(before: &Before, model: &Model, at: Place) -> bool {
    let Some(Spot::Field(of)) = before.spot else { return false };
    let (product, agreement) = (model.form().product(), consent(model.form()));
    let beside = at.row == of.row && product[at.field].group == product[of.field].group;
    beside && at != agreement && product.group_of(at.field).keep
}

/// Whether a text went in at one place of another, as far as there was room.
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

/// Whether one text is left of another when some of its characters are taken out.
fn is_part(part: &str, whole: &str) -> bool {
    let mut whole = whole.chars();
    part.chars().all(|c| whole.any(|other| other == c))
}

/// Whether one text has the characters of another, in whatever order.
fn is_mixed(one: &str, other: &str) -> bool {
    let sorted = |text: &str| {
        let mut chars: Vec<char> = text.chars().collect();
        chars.sort_unstable();
        chars
    };
    sorted(one) == sorted(other)
}

/// Whether a text is another as it is left: without white space around it, a month with its two digits.
fn is_tidy(was: &str, is: &str) -> bool {
    let tidy = text::one_line(was);
    is == tidy || tidy.len() == 1 && is == format!("0{tidy}")
}

fn is_initial(model: &Model, at: Place, was: &str, is: &str) -> bool {
    was.is_empty() && Some(is) == model.form().initial(at.field)
}

/// Whether the wizard says that nothing in the form can be changed now.
fn is_refused(model: &Model) -> bool {
    let words = ["flash.reads_only", "flash.unresolved", "confirm.wait"].map(|word| model.lang().say(word));
    model.marks().flash.as_deref().is_some_and(|flash| words.contains(&flash))
}

/// A button was pressed, or a fixed value accepted.
fn button(before: &Before, now: &Values, model: &Model, spot: Spot, undo: Option<Undo>) -> Option<Undo> {
    let was = &before.values;
    if is_refused(model) {
        assert!(same(was, now), "a button changed a form that cannot be changed");
        return undo;
    }
    let changed = was.changed(now);
    match spot {
        Spot::Field(at) => {
            assert!(changed.iter().all(|place| *place == at), "accepting changed {changed:?}");
            assert!(changed.is_empty() || Some(now.text(at)) == model.form().initial(at.field));
            undo
        }
        Spot::Add(group) => {
            let (old, new) = (&was.rows[&group], &now.rows[&group]);
            assert_eq!((&new[..old.len()], new.len()), (&old[..], old.len() + 1), "a row was added");
            assert!(changed.iter().all(|at| at.row == new[old.len()]), "adding a row changed {changed:?}");
            undo
        }
        Spot::Remove(group, row) => {
            let kept: Vec<Row> = was.rows[&group].iter().copied().filter(|other| *other != row).collect();
            assert_eq!(now.rows[&group], kept);
            assert!(changed.iter().all(|at| at.row == row), "taking a row out changed {changed:?}");
            let lost = was.held.iter().filter(|(at, _)| at.row == row).map(|(at, held)| (*at, held.clone()));
            Some(Undo::Removed(group, was.rows[&group].clone(), row, lost.collect()))
        }
        Spot::Copy { to, .. } => {
            let parts = parts_of(model, to);
            assert!(changed.is_subset(&parts), "copying an address changed {changed:?}");
            let nothing = model.marks().flash.as_deref() == Some(model.lang().say("flash.no_address"));
            match undo {
                // It may have been a copy, and what stood before that was not seen.
                undo if nothing || matches!(undo, Some(Undo::Somewhere)) => undo,
                earlier => Some(copied(was, now, &parts, earlier.as_ref())),
            }
        }
        Spot::CopyAgain(group, row) => {
            let here = |at: &Place| model.form().product()[at.field].group == group && at.row == row;
            assert!(changed.iter().all(here), "copying again changed {changed:?}");
            let parts = parts_of(model, group);
            match undo {
                undo if parts.is_empty() || matches!(undo, Some(Undo::Somewhere)) => undo,
                earlier => Some(copied(was, now, &parts, earlier.as_ref())),
            }
        }
        Spot::Take(_) => {
            let steers = |at: &Place| model.form().product()[at.field].is_mode() || model.form().is_organization(*at);
            assert!(changed.iter().all(steers), "taking an organization changed {changed:?}");
            undo
        }
        Spot::TakeBack => {
            taken_back(before, now, &changed, undo);
            None
        }
        Spot::Agreement | Spot::Experts | Spot::Forward | Spot::KeepCopy(..) => {
            assert!(changed.is_empty() && was.rows == now.rows, "{spot:?} changed {changed:?}");
            undo
        }
    }
}

/// The places of an address.
fn parts_of(model: &Model, group: GroupId) -> BTreeSet<Place> {
    let is_part = |at: &Place| model.form().product()[at.field].part.is_some();
    model.form().places(group).filter(is_part).collect()
}

/// What a copy over these places must be able to bring back: never what an earlier copy put there.
fn copied(was: &Values, now: &Values, parts: &BTreeSet<Place>, earlier: Option<&Undo>) -> Undo {
    let first = |at: &Place| match earlier {
        Some(Undo::Copied(swaps)) => {
            swaps.get(at).filter(|(_, put)| put == was.text(*at)).map(|(first, _)| first.clone())
        }
        _ => None,
    };
    let before = |at: &Place| first(at).unwrap_or_else(|| was.held.get(at).cloned());
    Undo::Copied(parts.iter().map(|at| (*at, (before(at), now.text(*at).to_owned()))).collect())
}

/// What was there before the last copy or removal must be there again.
fn taken_back(before: &Before, now: &Values, changed: &BTreeSet<Place>, undo: Option<Undo>) {
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
            let known: Vec<Row> = now.rows[&group].iter().copied().filter(|row| rows.contains(row)).collect();
            assert_eq!(now.rows[&group].len(), before.values.rows[&group].len() + 1, "{:?}", added.collect::<Vec<_>>());
            assert!(known.contains(&row));
            let back: BTreeMap<Place, Held> =
                now.held.iter().filter(|(at, _)| at.row == row).map(|(at, held)| (*at, held.clone())).collect();
            assert_eq!(back, held, "taking back a row brought something else");
        }
    }
}

/// Whether this change of secrets comes from typing in the one that has the focus.
pub(crate) fn may_type_secret(before: &Before, msg: &Msg, now: &Values) -> bool {
    let Some(Spot::Field(at)) = before.spot else { return false };
    let others = |values: &Values| {
        values.secrets.iter().filter(|(place, _)| **place != at).map(|(_, s)| s.clone()).collect::<Vec<_>>()
    };
    if before.context != Context::Secret || others(&before.values) != others(now) {
        return false;
    }
    let text = |values: &Values| values.secrets.get(&at).cloned().unwrap_or_default();
    let (was, is) = (text(&before.values), text(now));
    match (before.action, msg) {
        (None, Msg::Key(key)) => key.typed().is_some_and(|c| c.is_ascii_digit() && is == format!("{was}{c}")),
        (None, Msg::Paste(paste)) => {
            let digits: String = paste.expose().chars().filter(char::is_ascii_digit).collect();
            let grown = is.strip_prefix(&was).unwrap_or("x");
            grown == digits || digits.starts_with(grown) && is.len() == zegel::secret::CAPACITY
        }
        (Some(Action::Erase(false)), _) => was.strip_suffix(char::is_numeric) == Some(is.as_str()),
        (Some(Action::Erase(true)), _) => is.is_empty(),
        _ => false,
    }
}
