//! The one table of keys: what each does, where it works, and what help calls it.
//!
//! The footer, the help page and the reaction to a key all walk this table, so that help cannot drift from what
//! happens. Keys that type characters are not in it.

mod table;

pub use table::TABLE;

use super::fields::Style;
use super::key::{Code, Key};
use super::{Guiding, Model, Overlay, Screen, Spot};
use crate::lang::Language;
use crate::layout::Move;
use Action::{Back, Choose, Edit, Enter, Erase, Move as Go, Tick};
use Context::{
    Accounts, Agreement, Button, Check, Confirm, EditAgain, FileWait, Finder, HelpPage, Home, HostName, Keeping,
    LeaveAsked, LeaveNl, Line, OpenName, Pick, Picker, Preview, Radio, Ready, SaveChange, SaveName, Secret, Sending,
    Status, Summary, Trial, Unknown, Welcome,
};
use tui_input::InputRequest as Request;

/// Where the keys go.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Context {
    Home,
    Line,
    Secret,
    Radio,
    Check,
    Pick,
    Button,
    Picker,
    Finder,
    HelpPage,
    Ready,
    Agreement,
    LeaveAsked,
    /// The same question in Dutch, which has another letter for yes.
    LeaveNl,
    Summary,
    Preview,
    Confirm,
    Sending,
    Status,
    Unknown,
    OpenName,
    SaveName,
    SaveChange,
    EditAgain,
    FileWait,
    Welcome,
    Trial,
    HostName,
    Keeping,
    Accounts,
}

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// To the next spot, or the one before.
    Focus(bool),
    /// To the last spot, or the first.
    FocusEnd(bool),
    /// Press, pick, go to the field, confirm: what goes on from here.
    Enter,
    /// Tick a box.
    Tick,
    /// The next option, or the one before.
    Choose(bool),
    /// On to the next step, with its problems in the way.
    Forward,
    /// Back to the step before, or out of what lies on top.
    Back,
    /// To the step of the digit in the key.
    Jump,
    /// Show all fields, to go to one.
    Find,
    /// In a line of text.
    Edit(Request),
    /// Undo what was done last in this field.
    Undo,
    /// Do again what was undone.
    Redo,
    /// Swap the characters beside the cursor.
    Swap,
    /// Takes back a character of a secret, or all of it.
    Erase(bool),
    /// Through a list or text.
    Move(Move),
    /// To the other half of Review.
    Pane,
    /// Ask again.
    Refresh,
    /// Show what is to be known before an order.
    Ready,
    /// A new order.
    NewOrder,
    /// Back to the form, to look at it.
    LookAtForm,
    /// Remove the draft that is chosen, or bring it back.
    RemoveDraft(bool),
    /// Open a file.
    OpenFile,
    /// Go on with what is typed of a path, as far as it is clear.
    Complete,
    /// A new order from what is chosen, such as an order of before or a file.
    Again,
    /// Save to a file, after showing what changes in it.
    Save,
    /// Save under another name.
    AnotherName,
    /// Copy the JSON as it is shown.
    Copy,
    /// Compare with the last order of this organization.
    Compare,
    /// Open the order's JSON in the person's editor.
    EditOutside,
    /// Show the other accounts.
    Accounts,
    /// Leave for the embedded sandbox.
    TrySandbox,
    /// Help.
    Help,
    /// Leave, asking where something would be lost.
    Leave,
    /// Leave, after the question.
    LeaveNow,
    /// Give the terminal back for a while.
    Suspend,
    /// Paint everything again.
    Repaint,
}

/// A row of the table.
#[derive(Debug)]
pub struct Binding {
    /// Names of keys that do it; `alt-#` stands for any digit. Help shows the first.
    pub keys: &'static [&'static str],
    /// Where.
    pub contexts: &'static [Context],
    /// What it does.
    pub action: Action,
    /// What help calls it.
    pub text: &'static str,
    /// Whether it is worth a place in the footer.
    pub footer: bool,
}

impl Action {
    /// Whether it changes the form, where it is used in one.
    pub(super) fn changes(self) -> bool {
        matches!(self, Enter | Tick | Choose(_) | Edit(_) | Erase(_) | Action::Swap | Action::Undo | Action::Redo)
    }
}

impl Binding {
    fn fits(&self, key: &Key, name: &str, context: Context) -> bool {
        let digit = matches!(key.code, Code::Char('1'..='9')) && !key.ctrl;
        let fits = |known: &str| match known {
            "alt-#" => digit && key.alt,
            "#" => digit && !key.alt,
            known => known == name,
        };
        self.contexts.contains(&context) && self.keys.iter().any(|known| fits(known))
    }
}

/// What a key does here. A letter does the same in both cases, but where each has a row of its own.
pub fn resolve(key: &Key, context: Context) -> Option<Action> {
    let bound = |key: &Key| {
        let name = key.name();
        TABLE.iter().find(|binding| binding.fits(key, &name, context)).map(|binding| binding.action)
    };
    bound(key).or_else(|| bound(&key.in_lower_case()?))
}

impl Model {
    /// Where keys go now.
    pub fn key_context(&self) -> Context {
        self.context_of(self.overlay())
    }

    /// Where keys go while this lies on top.
    fn context_of(&self, overlay: Option<&Overlay>) -> Context {
        match (overlay, &self.screen) {
            (Some(Overlay::Picker(_)), _) => Picker,
            (Some(Overlay::Finder(_)), _) => Finder,
            (Some(Overlay::Help(_) | Overlay::Compare(_)), _) => HelpPage,
            (Some(Overlay::Agreement(_)), _) => Agreement,
            (Some(Overlay::Ready(_)), _) => Ready,
            (Some(Overlay::Leave), _) => match self.lang.language {
                Language::En => LeaveAsked,
                Language::Nl => LeaveNl,
            },
            (Some(Overlay::Accounts(_)), _) => Accounts,
            (Some(Overlay::Open(opening)), _) if opening.takes_name() => OpenName,
            (Some(Overlay::Save(saving)), _) if saving.takes_name() => SaveName,
            (Some(Overlay::Save(saving)), _) if saving.shows_change() => SaveChange,
            (Some(Overlay::Rework(rework)), _) if !rework.is_out() => EditAgain,
            (Some(Overlay::Open(_) | Overlay::Save(_) | Overlay::Rework(_)), _) => FileWait,
            (None, Screen::Home(_)) => Home,
            (None, Screen::Step(_)) => self.spot_context(),
            (None, Screen::Review(review)) if review.pane == super::Pane::Summary => Summary,
            (None, Screen::Review(_)) => Preview,
            (None, Screen::Confirm(_)) => Confirm,
            (None, Screen::Sending) => Sending,
            (None, Screen::Status(_)) => Status,
            (None, Screen::Unknown(_)) => Unknown,
            (None, Screen::Guide(Guiding::Welcome(_))) => Welcome,
            (None, Screen::Guide(Guiding::Trial(trial))) if trial.takes_name() => HostName,
            (None, Screen::Guide(Guiding::Trial(_))) => Trial,
            (None, Screen::Guide(Guiding::Keep { .. })) => Keeping,
        }
    }

    fn spot_context(&self) -> Context {
        let Some(Spot::Field(at)) = self.spot() else { return Button };
        match self.style(at) {
            Style::Fixed => Button,
            Style::Line => Line,
            Style::Secret => Secret,
            Style::Check => Check,
            Style::Radio => Radio,
            Style::Pick => Pick,
        }
    }

    /// The keys that work while this lies on top, in the order of the table.
    pub(super) fn live_keys(&self, overlay: Option<&Overlay>) -> Vec<&'static Binding> {
        let context = self.context_of(overlay);
        let reached = |binding: &&Binding| {
            let first = binding.keys[0];
            let earlier = TABLE.iter().take_while(|other| !std::ptr::eq(*other, *binding));
            let taken = |other: &Binding| other.contexts.contains(&context) && other.keys.contains(&first);
            binding.contexts.contains(&context) && !earlier.into_iter().any(taken)
        };
        // Of a text under the help page nothing is measured: that would be the help page itself, for ever.
        let help = |overlay: Option<&Overlay>| matches!(overlay, Some(Overlay::Help(_)));
        let covered = context == HelpPage && help(self.overlay()) && !help(overlay);
        let live = |binding: &&Binding| covered || self.is_live(context, binding.action);
        TABLE.iter().filter(reached).filter(live).collect()
    }

    /// Whether an action has an effect just now.
    fn is_live(&self, context: Context, action: Action) -> bool {
        match (&self.screen, context, action) {
            (Screen::Confirm(confirm), Confirm, Enter | Edit(_)) => confirm.is_armed(),
            (Screen::Confirm(_), Confirm, Go(Move::Down)) => !self.confirm_at_end(),
            // Of what lies under the help page nothing is measured.
            (
                _,
                HelpPage | Ready | Agreement | Status | Unknown | OpenName | SaveName | SaveChange | EditAgain
                | Welcome | Trial | HostName | Keeping,
                Go(Move::Down),
            ) => context != self.key_context() || !self.read_to_end(),
            (Screen::Review(_), Summary | Preview, Action::Forward) => {
                !self.course.is_open() && !self.account.is_none()
            }
            (Screen::Review(_), Summary | Preview, Action::EditOutside) => self.unchangeable().is_none(),
            (_, Finder, Enter) => self.finds(),
            // Who tries is told that nothing is kept.
            (_, Secret, Action::Undo | Action::Redo) => false,
            (_, Picker, Enter | Action::Refresh) => self.picker_takes(action),
            (_, Unknown, Enter | Edit(_)) => self.decides(),
            (_, Unknown, Action::Refresh) => self.course.unknown().is_some_and(|open| open.next_look().is_none()),
            (_, Home, Action::RemoveDraft(removes)) => self.removes(removes),
            (_, Home, Action::Again) => self.begins_again(),
            (_, Home, Action::Accounts) => self.has_accounts(),
            (_, Home, Action::Ready | Action::Refresh) => self.shows_ready(),
            (_, Home, Back) => self.dirty,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Action::{Help, Jump, Leave};
    use super::table::EVERYWHERE;
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_key_in_the_table_has_a_name_that_can_be_read() {
        for name in TABLE.iter().flat_map(|binding| binding.keys) {
            assert!(name.ends_with('#') || Key::parse(name).is_some_and(|key| key.name() == *name), "{name}");
        }
    }

    #[test]
    fn no_key_does_two_things_in_one_place() {
        let mut met = BTreeSet::new();
        for binding in TABLE {
            for context in binding.contexts {
                for key in binding.keys {
                    assert!(met.insert((format!("{context:?}"), *key)), "{key} in {context:?}");
                }
            }
        }
    }

    #[test]
    fn characters_can_be_typed_where_text_is_typed() {
        for context in TYPED {
            for c in (' '..='~').chain('À'..='Þ').filter(|c| *context != Pick || *c != ' ') {
                assert_eq!(resolve(&Key::plain(Code::Char(c)), *context), None, "{c} in {context:?}");
            }
        }
    }

    const TYPED: &[Context] = &[Line, Secret, Picker, Finder, Confirm, Unknown, Pick, OpenName, SaveName, HostName];

    #[test]
    fn a_question_mark_asks_for_help_wherever_it_is_not_typed() {
        for context in EVERYWHERE {
            let help = (!TYPED.contains(context)).then_some(Help);
            assert_eq!(resolve(&Key::parse("?").unwrap(), *context), help, "{context:?}");
        }
    }

    #[test]
    fn letters_do_the_same_in_both_cases_wherever_they_do_something() {
        let mut met = 0;
        for binding in TABLE {
            let letters = binding.keys.iter().filter_map(|name| Key::parse(name));
            for key in letters.filter(|key| matches!(key.code, Code::Char(c) if c.is_ascii_lowercase())) {
                let Code::Char(c) = key.code else { continue };
                let upper = Key { code: Code::Char(c.to_ascii_uppercase()), ..key };
                // Of g and G each leads to an end of its own.
                for context in binding.contexts.iter().filter(|_| c != 'g') {
                    assert_eq!(resolve(&upper, *context), Some(binding.action), "{} in {context:?}", upper.name());
                    met += 1;
                }
            }
        }
        assert!(met > 100, "{met}");
        assert_ne!(resolve(&Key::parse("g").unwrap(), Summary), resolve(&Key::parse("G").unwrap(), Summary));
    }

    #[test]
    fn help_and_leaving_work_everywhere() {
        for context in EVERYWHERE {
            assert_eq!(resolve(&Key::parse("f1").unwrap(), *context), Some(Help));
            assert_eq!(resolve(&Key::parse("ctrl-c").unwrap(), *context), Some(Leave));
        }
    }

    #[test]
    fn digits_jump_where_none_is_typed() {
        assert_eq!(resolve(&Key::parse("3").unwrap(), Summary), Some(Jump));
        assert_eq!(resolve(&Key::parse("alt-3").unwrap(), Line), Some(Jump));
        assert_eq!(resolve(&Key::parse("3").unwrap(), Line), None);
        assert_eq!(resolve(&Key::parse("0").unwrap(), Summary), None);
    }
}
