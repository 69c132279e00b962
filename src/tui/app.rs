//! The app: its state, the screen in front, the dialogs over it, and what they read from it.
//!
//! `update` is the only writer of the app. It uses no clock, file, network or terminal: input comes in as messages
//! and work goes out as effects. The text of a screen is made as lines with a tone; the theme decides how a tone
//! looks.

use crate::tui::component::Component;
pub use crate::tui::dialogs::accounts::AccountsDialog;
pub use crate::tui::dialogs::agreement::AgreementDialog;
pub use crate::tui::dialogs::compare::CompareDialog;
pub use crate::tui::dialogs::external_editor::ExternalEditorDialog;
use crate::tui::dialogs::external_editor::external_editor_lines;
pub use crate::tui::dialogs::field_search::FieldSearchDialog;
pub use crate::tui::dialogs::open_file::OpenFileDialog;
use crate::tui::dialogs::open_file::file_path_line;
use crate::tui::dialogs::open_file::open_file_lines;
pub use crate::tui::dialogs::picker::Picker;
use crate::tui::dialogs::quit::quit_dialog_lines;
pub use crate::tui::dialogs::quit::{Exit, NextSession};
pub use crate::tui::dialogs::readiness::ReadinessDialog;
pub use crate::tui::dialogs::save_file::SaveFileDialog;
use crate::tui::dialogs::save_file::view::save_dialog_lines;
use crate::tui::dialogs::save_file::view::save_name_line;
pub use crate::tui::screens::confirm::ConfirmScreen;
use crate::tui::screens::confirm::{confirm_lines, confirmation_word_line};
pub use crate::tui::screens::home::HomeScreen;
pub use crate::tui::screens::review::{ReviewPane, ReviewScreen};
use crate::tui::screens::sending::SessionOrders;
use crate::tui::screens::sending::sending_lines;
use crate::tui::screens::setup::test_key::host_name_line;
pub use crate::tui::screens::setup::{KeyTest, SetupForms, SetupScreen};
use crate::tui::screens::status::{seconds_since_answer, status_lines};
use crate::tui::screens::step::defaults::AccountDefaults;
use crate::tui::screens::step::similar_organization::has_organizations_to_compare;
pub use crate::tui::screens::unresolved::UnresolvedScreen;
use crate::tui::screens::unresolved::decision_line;
use crate::tui::screens::unresolved::unresolved_lines;
use crate::tui::session::Session;
pub use crate::tui::session::feedback::FormFeedback;
pub use crate::tui::session::page_items::{FocusTarget, PageItem};
pub use crate::tui::session::start::{AppEnvironment, ConfiguredAccount, CurrentAccount, StartMode, StartOptions};
pub use crate::tui::update::update;

use crate::domain::{AccountData, FileDigest};
use crate::form::{Audience, Form, ParsedPayload, ValidationContext};
use crate::i18n::Translations;
use crate::messages::MessageWriter;
use crate::order::OrderMachine;
use crate::product::{Product, StepId};
use crate::tui::dialogs::save_file::{FileOrderDigests, OrderFile};
use crate::tui::screens::home::readiness::ReadinessState;
use crate::tui::screens::step::similar_organization::SimilarOrganizations;
use crate::tui::session::drafts::DraftsState;
use crate::tui::session::fetch::FetchTracker;
use crate::tui::session::undo::UndoHistory;
use crate::tui::widgets;
use crate::tui::widgets::{Line, ScreenAreas, ScrollPosition, Size};
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

#[derive(Debug, Clone)]
pub enum Screen {
    /// The start screen: new orders, drafts and earlier orders.
    Home(HomeScreen),
    /// A step of the form.
    Step(StepId),
    /// The summary beside the exact JSON.
    Review(ReviewScreen),
    /// The last question before money is spent.
    Confirm(ConfirmScreen),
    /// The order is being sent.
    Sending,
    /// The order was placed.
    Status(ScrollPosition),
    /// The outcome of the order is unknown.
    Unresolved(UnresolvedScreen),
    /// The setup of an account.
    Setup(SetupScreen),
}

/// A dialog over the screen.
#[derive(Debug, Clone)]
pub enum Dialog {
    /// A list to pick a value from.
    Picker(Box<Picker>),
    /// All fields of all steps, to go to one of them.
    FieldSearch(Box<FieldSearchDialog>),
    /// The keys, and help on the focused field.
    Help(ScrollPosition),
    /// The text of the agreement.
    Agreement(AgreementDialog),
    /// The checks before an order.
    Readiness(ReadinessDialog),
    OpenFile(Box<OpenFileDialog>),
    SaveFile(Box<SaveFileDialog>),
    /// The differences from the last order of the same organization.
    Compare(Box<CompareDialog>),
    /// The order's JSON in the person's own editor.
    ExternalEditor(Box<ExternalEditorDialog>),
    /// The other accounts.
    Accounts(AccountsDialog),
    /// The question before the program ends.
    Quit,
}

impl Dialog {
    /// The list, if this dialog is one.
    pub(in crate::tui) fn picker(&self) -> Option<&Picker> {
        match self {
            Self::Picker(picker) => Some(picker),
            _ => None,
        }
    }

    /// The same, to change it.
    pub(in crate::tui) fn picker_mut(&mut self) -> Option<&mut Picker> {
        match self {
            Self::Picker(picker) => Some(picker),
            _ => None,
        }
    }

    /// The dialog as a component; `None` for a dialog that the app itself handles.
    pub(in crate::tui) fn component(&self) -> Option<&dyn Component> {
        match self {
            Self::Picker(picker) => Some(&**picker),
            Self::FieldSearch(search) => Some(&**search),
            Self::Accounts(accounts) => Some(accounts),
            Self::Compare(compare) => Some(&**compare),
            Self::Agreement(agreement) => Some(agreement),
            Self::Readiness(readiness) => Some(readiness),
            _ => None,
        }
    }

    pub(in crate::tui) fn component_mut(&mut self) -> Option<&mut dyn Component> {
        match self {
            Self::Picker(picker) => Some(&mut **picker),
            Self::FieldSearch(search) => Some(&mut **search),
            Self::Accounts(accounts) => Some(accounts),
            Self::Compare(compare) => Some(&mut **compare),
            Self::Agreement(agreement) => Some(agreement),
            Self::Readiness(readiness) => Some(readiness),
            _ => None,
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
    pub fn new(setup: StartOptions) -> Self {
        let form = Form::new(setup.product);
        Self::with_form(setup, form)
    }

    /// An app at Review with a payload that was read. The agreement is withdrawn, because it must come from the
    /// person's own act. Notices at Review say what changed in the payload.
    pub fn with_payload(setup: StartOptions, reading: ParsedPayload) -> Self {
        let mut form = reading.form;
        let withdrawn = form.withdraw_consent();
        let mut model = Self::with_form(setup, form);
        model.session.feedback.notices =
            crate::tui::screens::review::payload_notices(&model.session, withdrawn, &reading.normalizations);
        model.session.schedule_draft_save();
        model.show_review();
        model
    }

    /// An app at Review with a payload from a file. `stamp` is the digest of the file's bytes, and `faulty` is true
    /// if the file's order cannot be placed as it is. The notices are shown at Review.
    pub fn with_file(
        setup: StartOptions,
        reading: ParsedPayload,
        (path, stamp, faulty): (PathBuf, FileDigest, bool),
        notices: Vec<String>,
    ) -> Self {
        let stands = FileOrderDigests::from_form(&reading.form, faulty);
        let mut model = Self::with_payload(setup, reading);
        model.session.order_file = Some(OrderFile::new(path, stamp, stands));
        model
            .session
            .feedback
            .notices
            .extend(notices.into_iter().map(crate::tui::session::feedback::ReviewNotice::Lasting));
        model
    }

    fn with_form(setup: StartOptions, form: Form) -> Self {
        let session = Session {
            lang: setup.lang,
            account: setup.account,
            size: setup.size,
            now: 0,
            today: setup.today,
            form,
            account_data: AccountData::default(),
            fetches: FetchTracker::default(),
            order_machine: OrderMachine::Ready,
            background_orders: Vec::new(),
            focus: BTreeMap::new(),
            visited_steps: BTreeSet::new(),
            page_top: 0,
            field_editor: None,
            feedback: FormFeedback::default(),
            group_undo: None,
            undo_history: UndoHistory::default(),
            shows_expert_fields: false,
            returns_to_review: false,
            is_dirty: false,
            last_key_at: 0,
            last_ticket: 0,
            placed_orders: SessionOrders::default(),
            environment: setup.environment,
            account_defaults: AccountDefaults::new(),
            setup: None,
            drafts: DraftsState::new(matches!(setup.mode, StartMode::Home | StartMode::NewOrder)),
            readiness: ReadinessState::default(),
            similar_organizations: SimilarOrganizations::default(),
            order_file: None,
            pending_file_task: None,
            editor_text: None,
            queued_effects: Vec::new(),
        };
        let mut model = Self { session, screen: Screen::Step(StepId(0)), dialogs: Vec::new(), exit: None };
        model.session.validate_form();
        match setup.mode {
            StartMode::Home => model.screen = Screen::Home(HomeScreen::default()),
            StartMode::TemporaryOrder => model.go_to_step(StepId(0)),
            StartMode::NewOrder => model.start_new_order(),
            StartMode::AccountSetup(forms) => model.begin_setup(forms),
        }
        model
    }

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

    /// The line in which a word, name or path is typed, below the text of the screen or dialog. `None` if nothing is
    /// typed there.
    pub fn input_line(&self, width: usize) -> Option<Line> {
        match (self.top_dialog(), &self.screen) {
            (Some(Dialog::OpenFile(dialog)), _) => file_path_line(&self.session, dialog, width),
            (Some(Dialog::SaveFile(dialog)), _) => save_name_line(&self.session, dialog, width),
            (None, Screen::Setup(SetupScreen::TestKey(test))) => host_name_line(&self.session, test, width),
            (None, Screen::Confirm(confirm)) => Some(confirmation_word_line(&self.session, confirm, width)),
            (None, Screen::Unresolved(unresolved)) => Some(decision_line(&self.session, unresolved, width)),
            _ => None,
        }
    }

    /// The first visible line of a text that is only read.
    pub fn text_top(&self) -> usize {
        match &self.screen {
            Screen::Confirm(confirm) if self.dialogs.is_empty() => confirm.scroll.top,
            _ => self.text_scroll().unwrap_or_default().top,
        }
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

    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    pub fn top_dialog(&self) -> Option<&Dialog> {
        self.dialogs.last()
    }

    pub fn feedback(&self) -> &FormFeedback {
        &self.session.feedback
    }

    /// The dialog on top, if it is a component.
    pub(in crate::tui) fn top_component(&self) -> Option<&dyn Component> {
        self.top_dialog().and_then(Dialog::component)
    }

    /// How the program ends; `None` while it runs.
    pub fn exit(&self) -> Option<&Exit> {
        self.exit.as_ref()
    }

    /// The first visible line of the step's page.
    pub fn page_top(&self) -> usize {
        self.session.page_top
    }

    /// In how many milliseconds the app needs the next tick; `None` if it needs none.
    pub fn next_wake_in(&self) -> Option<u64> {
        let clock = match &self.screen {
            Screen::Sending => Some(1_000),
            Screen::Status(_) => Some(if seconds_since_answer(&self.session) < 60 { 1_000 } else { 60_000 }),
            Screen::Home(_) if self.has_home_countdown() => Some(1_000),
            Screen::Unresolved(_)
                if self
                    .session
                    .order_machine
                    .unresolved_order()
                    .is_some_and(|open| open.next_lookup_due().is_some()) =>
            {
                Some(1_000)
            }
            _ => None,
        };
        let saves = self.session.drafts.save_due_in(self.session.now);
        let compares = has_organizations_to_compare(&self.session).then_some(1);
        self.session.secrets_wiped_in().into_iter().chain(clock).chain(saves).chain(compares).min()
    }

    /// How far a read-only text is scrolled; `None` where the screen or dialog has no such text.
    pub fn text_scroll(&self) -> Option<ScrollPosition> {
        match (self.top_dialog(), &self.screen) {
            (Some(Dialog::Help(reader)), _)
            | (None, Screen::Status(reader) | Screen::Unresolved(UnresolvedScreen { scroll: reader, .. })) => {
                Some(*reader)
            }
            (None, Screen::Setup(guiding)) => Some(guiding.scroll()),
            (Some(Dialog::OpenFile(opening)), _) => Some(opening.scroll),
            (Some(Dialog::SaveFile(saving)), _) => Some(saving.scroll),
            (Some(Dialog::ExternalEditor(rework)), _) => Some(rework.scroll),
            _ => None,
        }
    }

    /// Returns true if the end of the read-only text is visible.
    pub(in crate::tui) fn is_text_at_end(&self) -> bool {
        self.text_scroll().is_none_or(|reader| reader.is_at_end(self.visible_text_rows(), self.text_lines().len()))
    }

    /// The rows of the body for read-only text. Where a word, name or path is typed, the last row is for typing.
    pub(in crate::tui) fn visible_text_rows(&self) -> usize {
        let typing = match self.top_dialog() {
            Some(Dialog::OpenFile(opening)) => opening.is_typing_path(),
            Some(Dialog::SaveFile(saving)) => saving.is_typing_name(),
            overlay => {
                let takes = match &self.screen {
                    Screen::Setup(SetupScreen::TestKey(trial)) => trial.is_typing_host(),
                    screen => matches!(screen, Screen::Unresolved(_)),
                };
                overlay.is_none() && takes
            }
        };
        usize::from(self.session.frame().body.height).saturating_sub(typing.into())
    }

    /// The lines of a screen or dialog that is only read.
    pub fn text_lines(&self) -> Vec<Line> {
        let width = self.session.text_columns();
        match (self.top_dialog(), &self.screen) {
            (Some(Dialog::Help(_)), _) => self.help_lines(width),
            (Some(Dialog::OpenFile(opening)), _) => open_file_lines(&self.session, opening, width),
            (Some(Dialog::SaveFile(saving)), _) => save_dialog_lines(&self.session, saving, width),
            (Some(Dialog::ExternalEditor(rework)), _) => external_editor_lines(&self.session, rework, width),
            (Some(Dialog::Quit), _) => quit_dialog_lines(&self.session, width),
            (_, Screen::Home(_)) => self.home_lines(width),
            (_, Screen::Confirm(confirm)) => confirm_lines(&self.session, confirm, width),
            (_, Screen::Sending) => sending_lines(&self.session, width),
            (_, Screen::Status(_)) => status_lines(&self.session, width),
            (_, Screen::Unresolved(_)) => unresolved_lines(&self.session, width),
            (_, Screen::Setup(guiding)) => self.setup_lines(guiding, width),
            _ => Vec::new(),
        }
    }
}

impl Session {
    /// The areas of the screen for the present terminal size.
    pub fn frame(&self) -> ScreenAreas {
        widgets::split_screen(self.size)
    }

    pub(in crate::tui) fn product(&self) -> &'static Product {
        self.form.product()
    }

    pub(in crate::tui) fn validation_context(&self) -> ValidationContext<'_> {
        ValidationContext { today: self.today, known: &self.account_data, audience: Audience::Wizard }
    }

    pub(in crate::tui) fn text(&self, id: &'static str) -> &str {
        self.lang.text(id)
    }

    pub(in crate::tui) fn message_writer(&self) -> MessageWriter<'_> {
        MessageWriter { lang: &self.lang, host: &self.account.host }
    }

    /// Columns for read-only text. The last columns stay free for the marks that show how much text is above and
    /// below.
    pub(in crate::tui) fn text_columns(&self) -> usize {
        usize::from(self.frame().body.width).saturating_sub(4)
    }
}
