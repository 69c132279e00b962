//! The one table of keys: what each does, where it works, and what help calls it.
//!
//! The footer, the help page and the reaction to a key all walk this table, so that help cannot drift from what
//! happens. Keys that type characters are not in it.

use super::fields::Style;
use super::key::{Code, Key};
use super::{Guiding, Model, Overlay, Screen, Spot};
use crate::layout::Move;
use Action::{
    Back, Choose, Edit, Enter, Erase, Focus, FocusEnd, Help, Jump, Leave, Move as Go, Repaint, Suspend, Tick,
};
use Context::{
    Accounts, Agreement, Button, Check, Confirm, EditAgain, FileWait, HelpPage, Home, HostName, Keeping, LeaveAsked,
    Line, OpenName, Pick, Picker, Preview, Radio, Ready, SaveChange, SaveName, Secret, Sending, Status, Summary, Trial,
    Unknown, Welcome,
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
    HelpPage,
    Ready,
    Agreement,
    LeaveAsked,
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
    /// Tick or press.
    Tick,
    /// The next option, or the one before.
    Choose(bool),
    /// On to the next step, with its problems in the way.
    Forward,
    /// Back to the step before, or out of what lies on top.
    Back,
    /// To the step of the digit in the key.
    Jump,
    /// In a line of text.
    Edit(Request),
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

const FORM: &[Context] = &[Line, Secret, Radio, Check, Pick, Button];
const TEXT: &[Context] = &[Line, Picker, Confirm, Unknown, OpenName, SaveName, HostName];
const LISTS: &[Context] = &[Home, Picker, Summary, Preview, Accounts];
const TEXTS: &[Context] = &[
    HelpPage, Ready, Agreement, Confirm, Status, Unknown, OpenName, SaveName, SaveChange, EditAgain, Welcome, Trial,
    HostName, Keeping,
];
const PAGES: &[Context] = &[
    Home, Picker, Summary, Preview, HelpPage, Ready, Agreement, Confirm, Status, Unknown, OpenName, SaveName,
    SaveChange, EditAgain, Welcome, Trial, HostName, Keeping, Accounts,
];
const READING: &[Context] = &[
    Home, Summary, Preview, HelpPage, Ready, Agreement, Status, SaveChange, EditAgain, Welcome, Trial, Keeping,
    Accounts,
];
const EVERYWHERE: &[Context] = &[
    Home, Line, Secret, Radio, Check, Pick, Button, Picker, HelpPage, Ready, Agreement, LeaveAsked, Summary, Preview,
    Confirm, Sending, Status, Unknown, OpenName, SaveName, SaveChange, EditAgain, FileWait, Welcome, Trial, HostName,
    Keeping, Accounts,
];

const fn row(
    keys: &'static [&'static str],
    contexts: &'static [Context],
    action: Action,
    text: &'static str,
    footer: bool,
) -> Binding {
    Binding { keys, contexts, action, text, footer }
}

/// The table. Of several rows that a key fits, the first one holds.
pub static TABLE: &[Binding] = &[
    row(&["tab", "down"], FORM, Focus(true), "key.next", true),
    row(&["shift-tab", "up"], FORM, Focus(false), "key.previous", false),
    row(&["enter"], &[Line, Secret, Radio, Check], Enter, "key.onward", false),
    row(&["enter", "space"], &[Pick], Enter, "key.choose", true),
    row(&["enter"], &[Button], Enter, "key.press", true),
    row(&["space"], &[Check], Tick, "key.tick", true),
    row(&["space"], &[Button], Tick, "key.press", false),
    row(&["right", "space"], &[Radio], Choose(true), "key.option", true),
    row(&["left"], &[Radio], Choose(false), "key.option_back", false),
    row(&["enter"], &[Picker], Enter, "key.take", true),
    row(&["enter"], &[Summary, Preview], Enter, "key.go", true),
    row(&["enter"], &[Confirm], Enter, "key.order", true),
    row(&["enter"], &[Unknown], Enter, "key.decide", true),
    row(&["enter"], &[Home], Enter, "key.open", true),
    row(&["delete", "d"], &[Home], Action::RemoveDraft(true), "key.remove", true),
    row(&["u"], &[Home], Action::RemoveDraft(false), "key.restore", true),
    row(&["o"], &[Home], Action::OpenFile, "key.open_file", true),
    row(&["n"], &[Home], Action::Again, "key.again", true),
    row(&["a"], &[Home], Action::Accounts, "key.accounts", true),
    row(&["enter"], &[Accounts], Enter, "key.take", true),
    row(&["esc"], &[Accounts], Back, "key.cancel", true),
    row(&["c"], &[Home], Action::Ready, "key.ready", true),
    row(&["enter"], &[OpenName], Enter, "key.open", true),
    row(&["tab"], &[OpenName], Action::Complete, "key.complete", true),
    row(&["ctrl-n"], &[OpenName], Action::Again, "key.again", true),
    row(&["enter", "esc"], &[HelpPage, Ready, Agreement], Back, "key.close", true),
    row(&["esc", "enter", "n"], &[LeaveAsked], Back, "key.stay", true),
    row(&["y", "j"], &[LeaveAsked], Action::LeaveNow, "key.leave_now", true),
    row(&["tab", "shift-tab"], &[Summary, Preview], Action::Pane, "key.pane", true),
    row(&["ctrl-n"], FORM, Action::Forward, "key.forward", true),
    row(&["ctrl-n"], &[Summary, Preview], Action::Forward, "key.to_confirm", true),
    row(
        &["esc", "ctrl-p"],
        &[Line, Secret, Radio, Check, Pick, Button, Summary, Preview, Confirm],
        Back,
        "key.back",
        true,
    ),
    row(&["esc"], &[Picker], Back, "key.cancel", true),
    // Letters, because nothing is typed at Review; Ctrl-S would hold the output of many a terminal.
    row(&["s"], &[Summary, Preview], Action::Save, "key.save", true),
    row(&["e"], &[Summary, Preview], Action::EditOutside, "key.edit_outside", true),
    row(&["c"], &[Summary, Preview], Action::Copy, "key.copy", true),
    row(&["d"], &[Summary, Preview], Action::Compare, "key.compare", true),
    row(&["enter"], &[SaveName], Enter, "key.look_at_file", true),
    row(&["enter"], &[SaveChange], Enter, "key.write", true),
    row(&["n"], &[SaveChange], Action::AnotherName, "key.another_name", true),
    row(&["enter"], &[EditAgain], Enter, "key.edit_again", true),
    row(&["enter"], &[Welcome], Enter, "key.set_up", true),
    row(&["t"], &[Welcome], Action::TrySandbox, "key.try_sandbox", true),
    row(&["enter"], &[Trial, HostName], Enter, "key.go_on", true),
    row(&["r", "f5"], &[Trial], Action::Refresh, "key.try_again", true),
    row(&["enter"], &[Keeping], Enter, "key.write", true),
    row(&["esc", "ctrl-p"], &[Trial, HostName, Keeping], Back, "key.back", true),
    row(&["esc"], &[OpenName, SaveName, SaveChange, EditAgain], Back, "key.back", true),
    row(&["alt-#"], &[Line, Secret, Radio, Check, Pick, Button, Summary, Preview], Jump, "key.jump", false),
    row(&["#"], &[Summary, Preview], Jump, "key.jump", false),
    row(&["r", "f5"], &[Ready, Status], Action::Refresh, "key.refresh", true),
    row(&["f5"], &[Unknown], Action::Refresh, "key.look_again", true),
    row(&["esc"], &[Status], Back, "key.home", true),
    row(&["esc"], &[Home], Back, "key.look", true),
    row(&["r", "f5"], &[Home], Action::Refresh, "key.refresh", false),
    row(&["f5"], &[Picker], Action::Refresh, "key.reload", true),
    row(&["n"], &[Status], Action::NewOrder, "key.new_order", true),
    row(&["esc"], &[Unknown], Action::LookAtForm, "key.look", true),
    row(&["q"], &[Home, Status, Welcome], Leave, "key.leave", true),
    row(&["down"], TEXTS, Go(Move::Down), "key.down", true),
    row(&["up"], TEXTS, Go(Move::Up), "key.up", false),
    row(&["up"], LISTS, Go(Move::Up), "key.up", false),
    row(&["down"], LISTS, Go(Move::Down), "key.down", false),
    row(&["k"], READING, Go(Move::Up), "key.up", false),
    row(&["j"], READING, Go(Move::Down), "key.down", false),
    row(&["pageup"], PAGES, Go(Move::PageUp), "key.page_up", false),
    row(&["pagedown"], PAGES, Go(Move::PageDown), "key.page_down", false),
    row(&["home", "g"], READING, Go(Move::First), "key.first", false),
    row(&["end", "G"], READING, Go(Move::Last), "key.last", false),
    row(&["pageup"], FORM, FocusEnd(false), "key.first", false),
    row(&["pagedown"], FORM, FocusEnd(true), "key.last", false),
    row(&["left", "ctrl-b"], TEXT, Edit(Request::GoToPrevChar), "key.left", false),
    row(&["right", "ctrl-f"], TEXT, Edit(Request::GoToNextChar), "key.right", false),
    row(&["alt-b"], TEXT, Edit(Request::GoToPrevWord), "key.word_left", false),
    row(&["alt-f"], TEXT, Edit(Request::GoToNextWord), "key.word_right", false),
    row(&["home", "ctrl-a"], TEXT, Edit(Request::GoToStart), "key.line_start", false),
    row(&["end", "ctrl-e"], TEXT, Edit(Request::GoToEnd), "key.line_end", false),
    row(&["backspace", "ctrl-h"], TEXT, Edit(Request::DeletePrevChar), "key.delete_back", false),
    row(&["delete", "ctrl-d"], TEXT, Edit(Request::DeleteNextChar), "key.delete", false),
    row(&["ctrl-w"], TEXT, Edit(Request::DeletePrevWord), "key.delete_word", false),
    row(&["ctrl-u"], TEXT, Edit(Request::DeleteFromStart), "key.delete_to_start", false),
    row(&["ctrl-k"], TEXT, Edit(Request::DeleteTillEnd), "key.delete_to_end", false),
    row(&["ctrl-y"], TEXT, Edit(Request::Yank), "key.yank", false),
    row(&["backspace", "ctrl-h"], &[Secret], Erase(false), "key.delete_back", false),
    row(&["ctrl-u", "ctrl-w"], &[Secret], Erase(true), "key.delete_all", false),
    row(&["backspace", "delete"], &[Pick], Enter, "key.choose", false),
    row(&["f1"], EVERYWHERE, Help, "key.help", true),
    row(
        &["?"],
        &[Home, Radio, Check, Button, Summary, Preview, Status, Welcome, Trial, Keeping],
        Help,
        "key.help",
        false,
    ),
    row(&["ctrl-c", "ctrl-q"], EVERYWHERE, Leave, "key.leave", true),
    row(&["ctrl-z"], EVERYWHERE, Suspend, "key.suspend", false),
    row(&["ctrl-l"], EVERYWHERE, Repaint, "key.repaint", false),
];

impl Action {
    /// Whether it changes the form, where it is used in one.
    pub(super) fn changes(self) -> bool {
        matches!(self, Enter | Tick | Choose(_) | Edit(_) | Erase(_))
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

/// What a key does here.
pub fn resolve(key: &Key, context: Context) -> Option<Action> {
    let name = key.name();
    TABLE.iter().find(|binding| binding.fits(key, &name, context)).map(|binding| binding.action)
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
            (Some(Overlay::Help(_) | Overlay::Compare(_)), _) => HelpPage,
            (Some(Overlay::Agreement(_)), _) => Agreement,
            (Some(Overlay::Ready(_)), _) => Ready,
            (Some(Overlay::Leave), _) => LeaveAsked,
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
        for context in [Line, Secret, Picker, Confirm, Unknown, Pick, OpenName, SaveName, HostName] {
            for c in (' '..='~').filter(|c| context != Pick || *c != ' ') {
                assert_eq!(resolve(&Key::plain(Code::Char(c)), context), None, "{c} in {context:?}");
            }
        }
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
