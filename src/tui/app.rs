//! The app: what the screens share, the screen in front, and the dialogs over it.
//!
//! `update` is the only writer of the app. It uses no clock, file, network or terminal: input comes in as messages
//! and work goes out as effects. The text of a screen is made as lines with a tone; the theme decides how a tone
//! looks.

mod footer;
pub(in crate::tui) mod header;
mod navigation;
mod start;
mod update;

pub use crate::tui::dialogs::accounts::AccountsDialog;
pub use crate::tui::dialogs::agreement::AgreementDialog;
pub use crate::tui::dialogs::compare::CompareDialog;
pub use crate::tui::dialogs::external_editor::ExternalEditorDialog;
pub use crate::tui::dialogs::field_search::FieldSearchDialog;
pub use crate::tui::dialogs::help::HelpDialog;
pub use crate::tui::dialogs::open_file::OpenFileDialog;
pub use crate::tui::dialogs::picker::Picker;
pub use crate::tui::dialogs::quit::QuitDialog;
pub use crate::tui::dialogs::readiness::ReadinessDialog;
pub use crate::tui::dialogs::save_file::SaveFileDialog;
pub use crate::tui::screens::confirm::ConfirmScreen;
pub use crate::tui::screens::home::HomeScreen;
pub use crate::tui::screens::review::{ReviewPane, ReviewScreen};
pub use crate::tui::screens::sending::SendingScreen;
pub use crate::tui::screens::setup::save::SetupSaveScreen;
pub use crate::tui::screens::setup::test_key::KeyTestScreen;
pub use crate::tui::screens::setup::welcome::SetupWelcomeScreen;
pub use crate::tui::screens::status::StatusScreen;
pub use crate::tui::screens::step::StepScreen;
pub use crate::tui::screens::unresolved::UnresolvedScreen;
pub use crate::tui::session::exit::{Exit, NextSession};
pub use crate::tui::session::feedback::FormFeedback;
pub use crate::tui::session::page_items::{FocusTarget, PageItem};
pub use crate::tui::session::setup::SetupForms;
pub use crate::tui::session::start::{AppEnvironment, ConfiguredAccount, CurrentAccount, StartMode, StartOptions};
pub use update::update;

use crate::domain::AccountData;
use crate::form::{FieldPlace, Form};
use crate::i18n::Translations;
use crate::order::OrderMachine;
use crate::product::StepId;
use crate::tui::component::Component;
use crate::tui::keymap::KeyContext;
use crate::tui::session::Session;
use crate::tui::session::fetch::FetchTracker;
use crate::tui::session::secret_wipe::secrets_wiped_in;
use crate::tui::session::similar_organizations::has_organizations_to_compare;
use crate::tui::widgets::{Area, Line, ScreenAreas, ScrollPosition, Size};

#[derive(Debug, Clone)]
pub enum Screen {
    /// The start screen: new orders, drafts and earlier orders.
    Home(HomeScreen),
    /// A step of the form.
    Step(StepScreen),
    /// The summary beside the exact JSON.
    Review(ReviewScreen),
    /// The last question before money is spent.
    Confirm(ConfirmScreen),
    /// The order is being sent.
    Sending(SendingScreen),
    /// The order was placed.
    Status(StatusScreen),
    /// The outcome of the order is unknown.
    Unresolved(UnresolvedScreen),
    /// What the setup of an account needs.
    SetupWelcome(SetupWelcomeScreen),
    /// The test that the key opens the account.
    KeyTest(KeyTestScreen),
    /// What the setup will save.
    SetupSave(SetupSaveScreen),
}

/// A dialog over the screen.
#[derive(Debug, Clone)]
pub enum Dialog {
    /// A list to pick a value from.
    Picker(Picker),
    /// All fields of all steps, to go to one of them.
    FieldSearch(FieldSearchDialog),
    /// The keys, and help on what is under it.
    Help(HelpDialog),
    /// The text of the agreement.
    Agreement(AgreementDialog),
    /// The checks before an order.
    Readiness(ReadinessDialog),
    OpenFile(OpenFileDialog),
    SaveFile(SaveFileDialog),
    /// The differences from the last order of the same organization.
    Compare(CompareDialog),
    /// The order's JSON in the person's own editor.
    ExternalEditor(ExternalEditorDialog),
    /// The other accounts.
    Accounts(AccountsDialog),
    /// The question before the program ends.
    Quit(QuitDialog),
}

impl Screen {
    pub(in crate::tui) fn component(&self) -> &dyn Component {
        match self {
            Self::Home(component) => component,
            Self::Step(component) => component,
            Self::Review(component) => component,
            Self::Confirm(component) => component,
            Self::Sending(component) => component,
            Self::Status(component) => component,
            Self::Unresolved(component) => component,
            Self::SetupWelcome(component) => component,
            Self::KeyTest(component) => component,
            Self::SetupSave(component) => component,
        }
    }

    pub(in crate::tui) fn component_mut(&mut self) -> &mut dyn Component {
        match self {
            Self::Home(component) => component,
            Self::Step(component) => component,
            Self::Review(component) => component,
            Self::Confirm(component) => component,
            Self::Sending(component) => component,
            Self::Status(component) => component,
            Self::Unresolved(component) => component,
            Self::SetupWelcome(component) => component,
            Self::KeyTest(component) => component,
            Self::SetupSave(component) => component,
        }
    }
}

impl Dialog {
    pub(in crate::tui) fn component(&self) -> &dyn Component {
        match self {
            Self::Picker(component) => component,
            Self::FieldSearch(component) => component,
            Self::Help(component) => component,
            Self::Agreement(component) => component,
            Self::Readiness(component) => component,
            Self::OpenFile(component) => component,
            Self::SaveFile(component) => component,
            Self::Compare(component) => component,
            Self::ExternalEditor(component) => component,
            Self::Accounts(component) => component,
            Self::Quit(component) => component,
        }
    }

    pub(in crate::tui) fn component_mut(&mut self) -> &mut dyn Component {
        match self {
            Self::Picker(component) => component,
            Self::FieldSearch(component) => component,
            Self::Help(component) => component,
            Self::Agreement(component) => component,
            Self::Readiness(component) => component,
            Self::OpenFile(component) => component,
            Self::SaveFile(component) => component,
            Self::Compare(component) => component,
            Self::ExternalEditor(component) => component,
            Self::Accounts(component) => component,
            Self::Quit(component) => component,
        }
    }
}

/// The state of the terminal program: what the screens share, the screen in front, and the dialogs over it.
#[derive(Debug, Clone)]
pub struct App {
    pub(in crate::tui) session: Session,
    pub(in crate::tui) screen: Screen,
    /// The dialogs over the screen, the top one last.
    pub(in crate::tui) dialogs: Vec<Dialog>,
    pub(in crate::tui) exit: Option<Exit>,
}

impl App {
    pub fn lang(&self) -> &Translations {
        &self.session.lang
    }

    pub fn account(&self) -> &CurrentAccount {
        &self.session.account
    }

    pub fn size(&self) -> Size {
        self.session.size
    }

    /// The areas of the screen for the present terminal size.
    pub fn frame(&self) -> ScreenAreas {
        self.session.frame()
    }

    pub fn form(&self) -> &Form {
        &self.session.form
    }

    /// What is known of the account so far.
    pub fn account_data(&self) -> &AccountData {
        &self.session.account_data
    }

    pub fn fetches(&self) -> &FetchTracker {
        &self.session.fetches
    }

    pub fn order_machine(&self) -> &OrderMachine {
        &self.session.order_machine
    }

    pub fn feedback(&self) -> &FormFeedback {
        &self.session.feedback
    }

    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    pub fn top_dialog(&self) -> Option<&Dialog> {
        self.dialogs.last()
    }

    /// The component in front: the dialog on top, or else the screen.
    pub(in crate::tui) fn front(&self) -> &dyn Component {
        self.top_dialog().map_or_else(|| self.screen.component(), Dialog::component)
    }

    /// The step in front; `None` if another screen is in front.
    pub(in crate::tui) fn current_step(&self) -> Option<StepId> {
        match &self.screen {
            Screen::Step(screen) => Some(screen.step()),
            _ => None,
        }
    }

    /// The field of the screen that has the focus.
    pub(in crate::tui) fn focused_field(&self) -> Option<FieldPlace> {
        self.screen.component().focused_field(&self.session)
    }

    /// How the program ends; `None` while it runs.
    pub fn exit(&self) -> Option<&Exit> {
        self.exit.as_ref()
    }

    /// The context that key presses go to now.
    pub fn key_context(&self) -> KeyContext {
        self.front().key_context(&self.session)
    }

    /// The line in which a word, name or path is typed, below the text of the screen or dialog. `None` if nothing is
    /// typed there.
    pub fn input_line(&self, width: usize) -> Option<Line> {
        self.front().input_line(&self.session, width)
    }

    /// The lines of a screen or dialog that is only read.
    pub fn text_lines(&self) -> Vec<Line> {
        self.front().text_lines(&self.session, self.session.text_columns())
    }

    /// How far a read-only text is scrolled; `None` where the screen or dialog has no such text.
    pub fn text_scroll(&self) -> Option<ScrollPosition> {
        self.front().scroll()
    }

    /// The lines of the page of a step, with the focus target that each belongs to.
    pub fn page_lines(&self, width: usize) -> Vec<(Option<FocusTarget>, Line)> {
        match &self.screen {
            Screen::Step(screen) => screen.page_lines(&self.session, width),
            _ => Vec::new(),
        }
    }

    /// The areas of summary and preview at Review.
    pub fn review_areas(&self) -> (Option<Area>, Option<Area>) {
        match &self.screen {
            Screen::Review(review) => review.pane_areas(&self.session),
            _ => (None, None),
        }
    }

    /// In how many milliseconds the app needs the next tick; `None` if it needs none.
    pub fn next_wake_in(&self) -> Option<u64> {
        let saves = self.session.drafts.save_due_in(self.session.now);
        let compares = has_organizations_to_compare(&self.session).then_some(1);
        let clock = self.screen.component().redraw_in(&self.session);
        secrets_wiped_in(&self.session).into_iter().chain(clock).chain(saves).chain(compares).min()
    }
}
