//! The keymap: what each key does, where it works, and what help calls it.
//!
//! The footer, the help page and the reaction to a key all read this table, so help cannot differ from what happens.
//! Keys that type characters are not in it.

mod table;

pub use table::KEY_BINDINGS;

use super::key::{KeyCode, KeyPress};
use crate::i18n::Language;
use crate::tui::app::{App, Dialog, FocusTarget, Screen, SetupScreen};
use crate::tui::component::Component;
use crate::tui::dialogs::accounts::can_choose_account;
use crate::tui::screens::unresolved::can_decide;
use crate::tui::session::field_widgets::{FieldWidget, field_widget};
use crate::tui::widgets::Move;
use Action::{Back, ChooseOption, Edit, Enter, EraseSecret, Move as Go, ToggleCheckbox};
use KeyContext::{
    Button, Check, Confirm, ExternalEditor, FileBusy, HelpPage, Home, Line, OpenFileName, Pick, Preview, QuitPrompt,
    QuitPromptDutch, Radio, SaveFileChanges, SaveFileName, Secret, Sending, SetupHostName, SetupKeyTest, SetupSave,
    SetupWelcome, Status, Summary, Unresolved,
};
use tui_input::InputRequest as Request;

/// The place that a key press goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum KeyContext {
    Home,
    Line,
    Secret,
    Radio,
    Check,
    Pick,
    Button,
    Picker,
    FieldSearch,
    HelpPage,
    Readiness,
    Agreement,
    QuitPrompt,
    /// The quit question in Dutch, which has another letter for yes.
    QuitPromptDutch,
    Summary,
    Preview,
    Confirm,
    Sending,
    Status,
    Unresolved,
    OpenFileName,
    SaveFileName,
    SaveFileChanges,
    ExternalEditor,
    FileBusy,
    SetupWelcome,
    SetupKeyTest,
    SetupHostName,
    SetupSave,
    Accounts,
}

/// What a key does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Action {
    /// Moves to the next focus target, or the previous one.
    Focus(bool),
    /// Moves to the last focus target, or the first.
    FocusEnd(bool),
    /// Presses, picks, confirms, or goes to the field.
    Enter,
    ToggleCheckbox,
    /// Chooses the next option, or the previous one.
    ChooseOption(bool),
    /// Goes to the next step, unless problems of this step block it.
    NextStep,
    /// Goes to the previous step, or closes the top dialog.
    Back,
    /// Goes to the step of the digit in the key.
    GoToStep,
    /// Shows all fields, to go to one of them.
    SearchFields,
    /// Edits a line of text.
    Edit(Request),
    /// Undoes the last change in this field.
    Undo,
    /// Redoes the last undone change.
    Redo,
    /// Swaps the characters beside the cursor.
    SwapCharacters,
    /// Erases the last character of a secret, or all of it.
    EraseSecret(bool),
    /// Moves through a list or text.
    Move(Move),
    /// Switches to the other pane of Review.
    SwitchPane,
    /// Repeats a request or check.
    Refresh,
    /// Shows the checks before an order.
    ShowReadiness,
    NewOrder,
    /// Goes back to the form, to look at it.
    ShowForm,
    /// Removes the selected draft, or restores it.
    RemoveDraft(bool),
    OpenFile,
    /// Completes the typed path as far as it is unambiguous.
    CompletePath,
    /// Begins a new order from the selected earlier order or file.
    OrderAgain,
    /// Saves to a file, after showing the changes in it.
    SaveFile,
    /// Asks for another file name.
    OtherFileName,
    /// Copies the JSON as it is shown.
    Copy,
    /// Compares with the last order of this organization.
    Compare,
    /// Opens the order's JSON in the person's editor.
    EditExternally,
    /// Shows the other accounts.
    Accounts,
    /// Ends this session and opens the embedded sandbox.
    OpenSandbox,
    Help,
    /// Quits, after a question if something would be lost.
    Quit,
    /// Quits without a further question.
    QuitNow,
    /// Releases the terminal until the program is continued.
    Suspend,
    /// Repaints everything.
    Repaint,
}

/// A row of the keymap.
#[derive(Debug)]
pub struct KeyBinding {
    /// The names of the keys; `alt-#` means any digit. Help shows the first.
    pub keys: &'static [&'static str],
    pub contexts: &'static [KeyContext],
    pub action: Action,
    /// The text id of what help calls it.
    pub text_id: &'static str,
    pub in_footer: bool,
}

impl Action {
    /// Returns true if a dialog in front handles the action itself.
    pub(crate) fn is_for_dialog(self) -> bool {
        matches!(self, Enter | Edit(_) | Go(_) | Self::Refresh)
    }

    /// Returns true if the action can change the form.
    pub(crate) fn can_change_form(self) -> bool {
        matches!(
            self,
            Enter
                | ToggleCheckbox
                | ChooseOption(_)
                | Edit(_)
                | EraseSecret(_)
                | Action::SwapCharacters
                | Action::Undo
                | Action::Redo
        )
    }
}

impl KeyBinding {
    fn matches_key(&self, key: &KeyPress, name: &str, context: KeyContext) -> bool {
        let digit = matches!(key.code, KeyCode::Char('1'..='9')) && !key.ctrl;
        let fits = |known: &str| match known {
            "alt-#" => digit && key.alt,
            "#" => digit && !key.alt,
            known => known == name,
        };
        self.contexts.contains(&context) && self.keys.iter().any(|known| fits(known))
    }
}

/// The action of a key in a context. Upper and lower case do the same, unless each has a row of its own.
pub fn resolve_key(key: &KeyPress, context: KeyContext) -> Option<Action> {
    let bound = |key: &KeyPress| {
        let name = key.name();
        KEY_BINDINGS.iter().find(|binding| binding.matches_key(key, &name, context)).map(|binding| binding.action)
    };
    bound(key).or_else(|| bound(&key.in_lower_case()?))
}

impl App {
    /// The context that key presses go to now.
    pub fn key_context(&self) -> KeyContext {
        self.key_context_under(self.top_dialog())
    }

    /// The context of key presses while this dialog is on top.
    fn key_context_under(&self, overlay: Option<&Dialog>) -> KeyContext {
        if let Some(component) = overlay.and_then(Dialog::component) {
            return component.key_context(&self.session);
        }
        match (overlay, &self.screen) {
            (Some(Dialog::Help(_)), _) => HelpPage,
            (Some(Dialog::Quit), _) => match self.session.lang.language {
                Language::En => QuitPrompt,
                Language::Nl => QuitPromptDutch,
            },
            (Some(Dialog::OpenFile(opening)), _) if opening.is_typing_path() => OpenFileName,
            (Some(Dialog::SaveFile(saving)), _) if saving.is_typing_name() => SaveFileName,
            (Some(Dialog::SaveFile(saving)), _) if saving.is_showing_changes() => SaveFileChanges,
            (Some(Dialog::ExternalEditor(rework)), _) if !rework.is_editor_running() => ExternalEditor,
            (Some(_), _) => FileBusy,
            (None, Screen::Home(_)) => Home,
            (None, Screen::Step(_)) => self.focus_key_context(),
            (None, Screen::Review(review)) if review.pane == crate::tui::app::ReviewPane::Summary => Summary,
            (None, Screen::Review(_)) => Preview,
            (None, Screen::Confirm(_)) => Confirm,
            (None, Screen::Sending) => Sending,
            (None, Screen::Status(_)) => Status,
            (None, Screen::Unresolved(_)) => Unresolved,
            (None, Screen::Setup(SetupScreen::Welcome(_))) => SetupWelcome,
            (None, Screen::Setup(SetupScreen::TestKey(trial))) if trial.is_typing_host() => SetupHostName,
            (None, Screen::Setup(SetupScreen::TestKey(_))) => SetupKeyTest,
            (None, Screen::Setup(SetupScreen::Save { .. })) => SetupSave,
        }
    }

    fn focus_key_context(&self) -> KeyContext {
        let Some(FocusTarget::Field(at)) = self.focused_target() else { return Button };
        match field_widget(&self.session, at) {
            FieldWidget::Fixed => Button,
            FieldWidget::Line => Line,
            FieldWidget::Secret => Secret,
            FieldWidget::Check => Check,
            FieldWidget::Radio => Radio,
            FieldWidget::Pick => Pick,
        }
    }

    /// The bindings that work while this dialog is on top, in the order of the keymap.
    pub(crate) fn active_bindings(&self, overlay: Option<&Dialog>) -> Vec<&'static KeyBinding> {
        let context = self.key_context_under(overlay);
        let reached = |binding: &&KeyBinding| {
            let first = binding.keys[0];
            let earlier = KEY_BINDINGS.iter().take_while(|other| !std::ptr::eq(*other, *binding));
            let taken = |other: &KeyBinding| other.contexts.contains(&context) && other.keys.contains(&first);
            binding.contexts.contains(&context) && !earlier.into_iter().any(taken)
        };
        // The text under the help page is not measured, because the measured text would be the help page itself,
        // without end.
        let help = |overlay: Option<&Dialog>| matches!(overlay, Some(Dialog::Help(_)));
        let covered = context == HelpPage && help(self.top_dialog()) && !help(overlay);
        let live = |binding: &&KeyBinding| covered || self.is_action_active(context, binding.action);
        KEY_BINDINGS.iter().filter(reached).filter(live).collect()
    }

    /// The dialog that has this key context, even if the help page covers it.
    fn dialog_component(&self, context: KeyContext) -> Option<&dyn Component> {
        let is_help_on_top = matches!(self.top_dialog(), Some(Dialog::Help(_)));
        let component = self.dialogs.iter().rev().find_map(Dialog::component);
        component.filter(|component| {
            component.key_context(&self.session) == context && !(is_help_on_top && context == HelpPage)
        })
    }

    /// Returns true if an action has an effect now.
    fn is_action_active(&self, context: KeyContext, action: Action) -> bool {
        if let Some(component) = self.dialog_component(context) {
            return component.is_action_active(action, &self.session);
        }
        match (&self.screen, context, action) {
            (Screen::Confirm(confirm), Confirm, Enter | Edit(_)) => confirm.is_armed(),
            (Screen::Confirm(_), Confirm, Go(Move::Down)) => !self.is_confirm_text_at_end(),
            // The text under the help page is not measured.
            (
                _,
                HelpPage | Status | Unresolved | OpenFileName | SaveFileName | SaveFileChanges | ExternalEditor
                | SetupWelcome | SetupKeyTest | SetupHostName | SetupSave,
                Go(Move::Down),
            ) => context != self.key_context() || !self.is_text_at_end(),
            (Screen::Review(_), Summary | Preview, Action::NextStep) => {
                !self.session.order_machine.is_outcome_open() && !self.session.account.is_none()
            }
            (Screen::Review(_), Summary | Preview, Action::EditExternally) => self.session.read_only_reason().is_none(),
            // These keys still show a message that secrets have no undo history.
            (_, Secret, Action::Undo | Action::Redo) => false,
            (_, Unresolved, Enter | Edit(_)) => can_decide(&self.session),
            (_, Unresolved, Action::Refresh) => {
                self.session.order_machine.unresolved_order().is_some_and(|open| open.next_lookup_number().is_none())
            }
            (_, Home, Action::RemoveDraft(removes)) => self.can_remove_or_restore_draft(removes),
            (_, Home, Action::OrderAgain) => self.can_repeat_selected_order(),
            (_, Home, Action::Accounts) => can_choose_account(&self.session),
            (_, Home, Action::ShowReadiness | Action::Refresh) => self.can_show_readiness(),
            (_, Home, Back) => self.session.is_dirty,
            _ => true,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Action::{GoToStep, Help, Quit};
    use super::table::ALL_CONTEXTS;
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_key_in_the_table_has_a_name_that_can_be_read() {
        for name in KEY_BINDINGS.iter().flat_map(|binding| binding.keys) {
            assert!(name.ends_with('#') || KeyPress::parse(name).is_some_and(|key| key.name() == *name), "{name}");
        }
    }

    #[test]
    fn no_key_does_two_things_in_one_place() {
        let mut met = BTreeSet::new();
        for binding in KEY_BINDINGS {
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
                assert_eq!(resolve_key(&KeyPress::plain(KeyCode::Char(c)), *context), None, "{c} in {context:?}");
            }
        }
    }

    const TYPED: &[KeyContext] = &[
        Line,
        Secret,
        KeyContext::Picker,
        KeyContext::FieldSearch,
        Confirm,
        Unresolved,
        Pick,
        OpenFileName,
        SaveFileName,
        SetupHostName,
    ];

    #[test]
    fn a_question_mark_asks_for_help_wherever_it_is_not_typed() {
        for context in ALL_CONTEXTS {
            let help = (!TYPED.contains(context)).then_some(Help);
            assert_eq!(resolve_key(&KeyPress::parse("?").unwrap(), *context), help, "{context:?}");
        }
    }

    #[test]
    fn letters_do_the_same_in_both_cases_wherever_they_do_something() {
        let mut met = 0;
        for binding in KEY_BINDINGS {
            let letters = binding.keys.iter().filter_map(|name| KeyPress::parse(name));
            for key in letters.filter(|key| matches!(key.code, KeyCode::Char(c) if c.is_ascii_lowercase())) {
                let KeyCode::Char(c) = key.code else { continue };
                let upper = KeyPress { code: KeyCode::Char(c.to_ascii_uppercase()), ..key };
                // g and G each go to a different end.
                for context in binding.contexts.iter().filter(|_| c != 'g') {
                    assert_eq!(resolve_key(&upper, *context), Some(binding.action), "{} in {context:?}", upper.name());
                    met += 1;
                }
            }
        }
        assert!(met > 100, "{met}");
        assert_ne!(
            resolve_key(&KeyPress::parse("g").unwrap(), Summary),
            resolve_key(&KeyPress::parse("G").unwrap(), Summary)
        );
    }

    #[test]
    fn help_and_leaving_work_everywhere() {
        for context in ALL_CONTEXTS {
            assert_eq!(resolve_key(&KeyPress::parse("f1").unwrap(), *context), Some(Help));
            assert_eq!(resolve_key(&KeyPress::parse("ctrl-c").unwrap(), *context), Some(Quit));
        }
    }

    #[test]
    fn digits_jump_where_none_is_typed() {
        assert_eq!(resolve_key(&KeyPress::parse("3").unwrap(), Summary), Some(GoToStep));
        assert_eq!(resolve_key(&KeyPress::parse("alt-3").unwrap(), Line), Some(GoToStep));
        assert_eq!(resolve_key(&KeyPress::parse("3").unwrap(), Line), None);
        assert_eq!(resolve_key(&KeyPress::parse("0").unwrap(), Summary), None);
    }
}
