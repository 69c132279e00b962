//! The keymap: what each key does, where it works, and what help calls it.
//!
//! The footer, the help page and the reaction to a key all read this table, so help cannot differ from what happens.
//! Keys that type characters are not in it.

pub(in crate::tui) mod labels;
mod table;

pub use table::KEY_BINDINGS;

use super::key::{KeyCode, KeyPress};
use crate::i18n::TextId;
use crate::tui::component::Component;
use crate::tui::session::Session;
use crate::tui::widgets::Move;
use Action::{ChooseOption, Edit, Enter, EraseSecret, Move as Go, ToggleCheckbox};
use tui_input::InputRequest as Request;

/// The place that a key press goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
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
    pub text_id: TextId,
    pub in_footer: bool,
}

impl Action {
    /// Returns true if the action does the same on every screen, so that the app handles it itself.
    pub(crate) fn is_for_app(self) -> bool {
        matches!(
            self,
            Self::GoToStep
                | Self::SearchFields
                | Self::ShowReadiness
                | Self::NewOrder
                | Self::OpenFile
                | Self::SaveFile
                | Self::Compare
                | Self::EditExternally
                | Self::Accounts
                | Self::Help
                | Self::Quit
                | Self::QuitNow
                | Self::Suspend
                | Self::Repaint
        )
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

/// The bindings that work while this component is in front, in the order of the table. `is_covered` is true if the help
/// page lies over it: then scrolling is listed, although the end of its text may be in view.
pub(in crate::tui) fn active_bindings(
    component: &dyn Component,
    session: &Session,
    is_covered: bool,
) -> Vec<&'static KeyBinding> {
    let context = component.key_context(session);
    let is_reached = |binding: &&KeyBinding| {
        let first = binding.keys[0];
        let mut earlier = KEY_BINDINGS.iter().take_while(|other| !std::ptr::eq(*other, *binding));
        let is_taken = |other: &KeyBinding| other.contexts.contains(&context) && other.keys.contains(&first);
        binding.contexts.contains(&context) && !earlier.any(is_taken)
    };
    let is_active = |binding: &&KeyBinding| match binding.action {
        Go(Move::Down) if component.scroll().is_some() => is_covered || !component.is_text_at_end(session),
        action => component.is_action_active(action, session),
    };
    KEY_BINDINGS.iter().filter(is_reached).filter(is_active).collect()
}

#[cfg(test)]
mod tests {
    use super::Action::{GoToStep, Help, Quit};
    use super::KeyContext::{
        Confirm, Line, OpenFileName, Pick, SaveFileName, Secret, SetupHostName, Summary, Unresolved,
    };
    use super::table::ALL_CONTEXTS;
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn every_key_name_in_the_table_can_be_parsed() {
        for name in KEY_BINDINGS.iter().flat_map(|binding| binding.keys) {
            assert!(name.ends_with('#') || KeyPress::parse(name).is_some_and(|key| key.name() == *name), "{name}");
        }
    }

    #[test]
    fn no_key_has_two_actions_in_one_context() {
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
    fn a_question_mark_opens_help_unless_text_is_typed() {
        for context in ALL_CONTEXTS {
            let help = (!TYPED.contains(context)).then_some(Help);
            assert_eq!(resolve_key(&KeyPress::parse("?").unwrap(), *context), help, "{context:?}");
        }
    }

    #[test]
    fn letter_keys_have_the_same_action_in_both_cases() {
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
    fn digits_jump_to_a_step_unless_text_is_typed() {
        assert_eq!(resolve_key(&KeyPress::parse("3").unwrap(), Summary), Some(GoToStep));
        assert_eq!(resolve_key(&KeyPress::parse("alt-3").unwrap(), Line), Some(GoToStep));
        assert_eq!(resolve_key(&KeyPress::parse("3").unwrap(), Line), None);
        assert_eq!(resolve_key(&KeyPress::parse("0").unwrap(), Summary), None);
    }
}
