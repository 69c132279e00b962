//! The rows of the table of keys: which keys do what, where.
//!
//! Of several rows that a key fits in one place the first one holds; a test sees to it that there are none. How a row is
//! found and when it has an effect is the matter of the module above.

use super::Action::{
    self, Back, Choose, Edit, Enter, Erase, Focus, FocusEnd, Help, Jump, Leave, Move as Go, Repaint, Suspend, Tick,
};
use super::Binding;
use super::Context::{
    self, Accounts, Agreement, Button, Check, Confirm, EditAgain, FileWait, Finder, HelpPage, Home, HostName, Keeping,
    LeaveAsked, LeaveNl, Line, OpenName, Pick, Picker, Preview, Radio, Ready, SaveChange, SaveName, Secret, Sending,
    Status, Summary, Trial, Unknown, Welcome,
};
use crate::layout::Move;
use tui_input::InputRequest as Request;

const FORM: &[Context] = &[Line, Secret, Radio, Check, Pick, Button];
/// What has no line of text with a cursor.
const CHOSEN: &[Context] = &[Radio, Check, Pick, Button];
const FIELDS: &[Context] = &[Line, Secret, Radio, Check, Pick];
const TEXT: &[Context] = &[Line, Picker, Finder, Confirm, Unknown, OpenName, SaveName, HostName];
const LISTS: &[Context] = &[Home, Picker, Finder, Summary, Preview, Accounts];
const TEXTS: &[Context] = &[
    HelpPage, Ready, Agreement, Confirm, Status, Unknown, OpenName, SaveName, SaveChange, EditAgain, Welcome, Trial,
    HostName, Keeping,
];
const PAGES: &[Context] = &[
    Home, Picker, Finder, Summary, Preview, HelpPage, Ready, Agreement, Confirm, Status, Unknown, OpenName, SaveName,
    SaveChange, EditAgain, Welcome, Trial, HostName, Keeping, Accounts,
];
const READING: &[Context] = &[
    Home, Summary, Preview, HelpPage, Ready, Agreement, Status, SaveChange, EditAgain, Welcome, Trial, Keeping,
    Accounts,
];
/// Where nothing is typed.
const UNTYPED: &[Context] = &[
    Home, Radio, Check, Button, HelpPage, Ready, Agreement, LeaveAsked, LeaveNl, Summary, Preview, Sending, Status,
    SaveChange, EditAgain, FileWait, Welcome, Trial, Keeping, Accounts,
];
pub(super) const EVERYWHERE: &[Context] = &[
    Home, Line, Secret, Radio, Check, Pick, Button, Picker, Finder, HelpPage, Ready, Agreement, LeaveAsked, LeaveNl,
    Summary, Preview, Confirm, Sending, Status, Unknown, OpenName, SaveName, SaveChange, EditAgain, FileWait, Welcome,
    Trial, HostName, Keeping, Accounts,
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
    row(&["esc", "enter", "n"], &[LeaveAsked, LeaveNl], Back, "key.stay", true),
    // The first letter of "yes". In the other language it may be pressed for something else, such as to scroll.
    row(&["y"], &[LeaveAsked], Action::LeaveNow, "key.leave_now", true),
    row(&["j"], &[LeaveNl], Action::LeaveNow, "key.leave_now", true),
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
    row(
        &["ctrl-g", "f3"],
        &[Line, Secret, Radio, Check, Pick, Button, Summary, Preview],
        Action::Find,
        "key.find",
        false,
    ),
    row(&["/"], &[Radio, Check, Summary, Preview], Action::Find, "key.find", false),
    row(&["enter"], &[Finder], Enter, "key.go", true),
    row(&["esc", "ctrl-g"], &[Finder], Back, "key.cancel", true),
    row(&["#"], &[Summary, Preview], Jump, "key.jump", false),
    row(&["r", "f5"], &[Ready, Status], Action::Refresh, "key.refresh", true),
    row(&["f5"], &[Unknown], Action::Refresh, "key.look_again", true),
    row(&["esc"], &[Status], Back, "key.home", true),
    row(&["esc"], &[Home], Back, "key.look", true),
    row(&["r", "f5"], &[Home], Action::Refresh, "key.refresh", false),
    row(&["f5"], &[Picker], Action::Refresh, "key.reload", true),
    row(&["n"], &[Status], Action::NewOrder, "key.new_order", true),
    row(&["esc"], &[Unknown], Back, "key.home", true),
    row(&["f2"], &[Unknown], Action::LookAtForm, "key.look", true),
    row(&["q"], &[Home, Status, Welcome], Leave, "key.leave", true),
    row(&["down"], TEXTS, Go(Move::Down), "key.down", true),
    row(&["up"], TEXTS, Go(Move::Up), "key.up", false),
    row(&["up"], LISTS, Go(Move::Up), "key.up", false),
    row(&["down"], LISTS, Go(Move::Down), "key.down", false),
    row(&["k"], READING, Go(Move::Up), "key.up", false),
    row(&["j"], READING, Go(Move::Down), "key.down", false),
    row(&["ctrl-n"], &[Picker, Finder], Go(Move::Down), "key.down", false),
    row(&["ctrl-p"], &[Picker, Finder], Go(Move::Up), "key.up", false),
    row(&["ctrl-home"], PAGES, Go(Move::First), "key.first", false),
    row(&["ctrl-end"], PAGES, Go(Move::Last), "key.last", false),
    row(&["ctrl-b"], READING, Go(Move::PageUp), "key.page_up", false),
    row(&["ctrl-f"], READING, Go(Move::PageDown), "key.page_down", false),
    row(&["ctrl-u"], READING, Go(Move::HalfUp), "key.half_up", false),
    row(&["ctrl-d"], READING, Go(Move::HalfDown), "key.half_down", false),
    row(&["space"], &[HelpPage, Ready, Agreement, Status, SaveChange], Go(Move::PageDown), "key.page_down", false),
    row(&["pageup"], PAGES, Go(Move::PageUp), "key.page_up", false),
    row(&["pagedown"], PAGES, Go(Move::PageDown), "key.page_down", false),
    row(&["home", "g"], READING, Go(Move::First), "key.first", false),
    row(&["end", "G"], READING, Go(Move::Last), "key.last", false),
    row(&["home"], CHOSEN, FocusEnd(false), "key.first", false),
    row(&["end"], CHOSEN, FocusEnd(true), "key.last", false),
    row(&["pageup", "ctrl-home"], FORM, FocusEnd(false), "key.first", false),
    row(&["pagedown", "ctrl-end"], FORM, FocusEnd(true), "key.last", false),
    row(&["left", "ctrl-b"], TEXT, Edit(Request::GoToPrevChar), "key.left", false),
    row(&["right", "ctrl-f"], TEXT, Edit(Request::GoToNextChar), "key.right", false),
    row(&["alt-b", "ctrl-left", "alt-left"], TEXT, Edit(Request::GoToPrevWord), "key.word_left", false),
    row(&["alt-f", "ctrl-right", "alt-right"], TEXT, Edit(Request::GoToNextWord), "key.word_right", false),
    row(&["home", "ctrl-a"], TEXT, Edit(Request::GoToStart), "key.line_start", false),
    row(&["end", "ctrl-e"], TEXT, Edit(Request::GoToEnd), "key.line_end", false),
    row(&["backspace", "ctrl-h"], TEXT, Edit(Request::DeletePrevChar), "key.delete_back", false),
    row(&["delete", "ctrl-d"], TEXT, Edit(Request::DeleteNextChar), "key.delete", false),
    row(&["ctrl-w", "alt-backspace"], TEXT, Edit(Request::DeletePrevWord), "key.delete_word", false),
    row(&["alt-d", "ctrl-delete"], TEXT, Edit(Request::DeleteNextWord), "key.delete_next_word", false),
    row(&["ctrl-u"], TEXT, Edit(Request::DeleteFromStart), "key.delete_to_start", false),
    row(&["ctrl-k"], TEXT, Edit(Request::DeleteTillEnd), "key.delete_to_end", false),
    row(&["ctrl-y"], TEXT, Edit(Request::Yank), "key.yank", false),
    row(&["ctrl-t"], &[Line], Action::Swap, "key.swap", false),
    row(&["ctrl-_", "ctrl-/", "alt-u"], FIELDS, Action::Undo, "key.undo", false),
    row(&["alt-r", "ctrl-alt-_"], FIELDS, Action::Redo, "key.redo", false),
    row(&["backspace", "ctrl-h"], &[Secret], Erase(false), "key.delete_back", false),
    row(&["ctrl-u", "ctrl-w"], &[Secret], Erase(true), "key.delete_all", false),
    row(&["backspace", "delete"], &[Pick], Enter, "key.choose", false),
    row(&["f1"], EVERYWHERE, Help, "key.help", true),
    row(&["?"], UNTYPED, Help, "key.help", false),
    row(&["ctrl-c", "ctrl-q"], EVERYWHERE, Leave, "key.leave", true),
    row(&["ctrl-z"], EVERYWHERE, Suspend, "key.suspend", false),
    row(&["ctrl-l"], EVERYWHERE, Repaint, "key.repaint", false),
];
