//! The wizard: its model, what happens to it, and what it asks for.
//!
//! `update` is the only writer of the model, and knows no clock, file, network or terminal: those come in as
//! messages and go out as effects. What a screen says is made here as lines of text with a meaning; how that
//! looks is the matter of `ui`. One file per screen.

pub use crate::tui::dialogs::accounts::AccountsDialog;
pub use crate::tui::dialogs::compare::CompareDialog;
pub use crate::tui::dialogs::external_editor::ExternalEditorDialog;
pub use crate::tui::dialogs::field_search::FieldSearchDialog;
pub use crate::tui::dialogs::open_file::OpenFileDialog;
pub use crate::tui::dialogs::picker::Picker;
pub use crate::tui::dialogs::quit::{Exit, NextSession};
pub use crate::tui::dialogs::save_file::SaveFileDialog;
pub use crate::tui::screens::confirm::ConfirmScreen;
pub use crate::tui::screens::home::HomeScreen;
pub use crate::tui::screens::review::{ReviewPane, ReviewScreen};
use crate::tui::screens::sending::SessionOrders;
use crate::tui::screens::setup::SetupState;
pub use crate::tui::screens::setup::{KeyTest, SetupForms, SetupScreen};
use crate::tui::screens::step::defaults::AccountDefaults;
pub use crate::tui::screens::unresolved::UnresolvedScreen;
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
use crate::secret::SecretText;
use crate::tui::dialogs::save_file::{FileOrderDigests, OrderFile, PendingFileTask};
use crate::tui::message::Effect;
use crate::tui::screens::home::readiness::ReadinessState;
use crate::tui::screens::step::similar_organization::SimilarOrganizations;
use crate::tui::session::drafts::DraftsState;
use crate::tui::session::fetch::FetchTracker;
use crate::tui::session::page_items::GroupUndo;
use crate::tui::session::text_editor::FieldEditor;
use crate::tui::session::undo::UndoHistory;
use crate::tui::widgets;
use crate::tui::widgets::{Line, ScreenAreas, ScrollPosition, Size};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

/// The screen in front.
#[derive(Debug, Clone)]
pub enum Screen {
    /// A new order, or a draft.
    Home(HomeScreen),
    /// A step of the form.
    Step(StepId),
    /// Everything at once, beside the exact JSON.
    Review(ReviewScreen),
    /// The last question before money is spent.
    Confirm(ConfirmScreen),
    /// The order is under way.
    Sending,
    /// It was placed.
    Status(ScrollPosition),
    /// Nobody knows whether it was placed.
    Unresolved(UnresolvedScreen),
    /// An account is being set up.
    Setup(SetupScreen),
}

/// What lies over the screen.
#[derive(Debug, Clone)]
pub enum Dialog {
    /// A list to pick from.
    Picker(Box<Picker>),
    /// The fields of all steps, to go to one.
    FieldSearch(Box<FieldSearchDialog>),
    /// Keys, and help on what is focused.
    Help(ScrollPosition),
    /// The agreement.
    Agreement(ScrollPosition),
    /// What is to be known before an order.
    Readiness(ScrollPosition),
    /// Opening a file.
    OpenFile(Box<OpenFileDialog>),
    /// Saving to a file.
    SaveFile(Box<SaveFileDialog>),
    /// How the order differs from the last one of its organization.
    Compare(Box<CompareDialog>),
    /// The order's JSON in the person's editor.
    ExternalEditor(Box<ExternalEditorDialog>),
    /// The other accounts.
    Accounts(AccountsDialog),
    /// Whether to leave.
    Quit,
}

/// Everything that the wizard knows.
#[derive(Debug, Clone)]
pub struct App {
    pub(in crate::tui) lang: Translations,
    pub(in crate::tui) account: CurrentAccount,
    pub(in crate::tui) size: Size,
    /// Milliseconds since the start.
    pub(in crate::tui) now: u64,
    pub(in crate::tui) today: Date,
    pub(in crate::tui) form: Form,
    pub(in crate::tui) account_data: AccountData,
    pub(in crate::tui) fetches: FetchTracker,
    pub(in crate::tui) order_machine: OrderMachine,
    /// Orders of unknown outcome that are not in front.
    pub(in crate::tui) background_orders: Vec<OrderMachine>,
    pub(in crate::tui) screen: Screen,
    /// What lies over the screen, the last one on top.
    pub(in crate::tui) dialogs: Vec<Dialog>,
    pub(in crate::tui) focus: BTreeMap<StepId, FocusTarget>,
    pub(in crate::tui) visited_steps: BTreeSet<StepId>,
    /// The first line of the step's page that is in view.
    pub(in crate::tui) page_top: usize,
    pub(in crate::tui) field_editor: Option<FieldEditor>,
    pub(in crate::tui) feedback: FormFeedback,
    pub(in crate::tui) group_undo: Option<GroupUndo>,
    /// What can be undone in fields.
    pub(in crate::tui) undo_history: UndoHistory,
    pub(in crate::tui) shows_expert_fields: bool,
    /// Whether a step was opened from Review, to which it then leads back.
    pub(in crate::tui) returns_to_review: bool,
    /// Whether anything was typed that leaving would lose.
    pub(in crate::tui) is_dirty: bool,
    /// When the last key was pressed, in milliseconds.
    pub(in crate::tui) last_key_at: u64,
    pub(in crate::tui) last_ticket: u64,
    pub(in crate::tui) session_orders: SessionOrders,
    pub(in crate::tui) environment: AppEnvironment,
    /// What the account put into the form.
    pub(in crate::tui) account_defaults: AccountDefaults,
    /// How far setting up an account is, while one is set up.
    pub(in crate::tui) setup: Option<Box<SetupState>>,
    pub(in crate::tui) drafts: DraftsState,
    pub(in crate::tui) readiness: ReadinessState,
    pub(in crate::tui) similar_organizations: SimilarOrganizations,
    /// The file that the form was read from or written to.
    pub(in crate::tui) order_file: Option<OrderFile>,
    /// What was asked of a file or of the editor.
    pub(in crate::tui) pending_file_task: Option<PendingFileTask>,
    /// What the editor was given.
    pub(in crate::tui) editor_text: Option<SecretText>,
    /// What is to be done besides what an action itself asks for.
    pub(in crate::tui) queued_effects: Vec<Effect>,
    pub(in crate::tui) exit: Option<Exit>,
}

impl App {
    /// A wizard with a new form.
    pub fn new(setup: StartOptions) -> Self {
        let form = Form::new(setup.product);
        Self::with_form(setup, form)
    }

    /// A wizard at Review with a payload that was read. Its agreement is taken out: that must come from the
    /// person's own act. What is not as it was is said.
    pub fn with_payload(setup: StartOptions, reading: ParsedPayload) -> Self {
        let mut form = reading.form;
        let withdrawn = form.withdraw_consent();
        let mut model = Self::with_form(setup, form);
        model.feedback.notices =
            crate::tui::screens::review::payload_notices(&model, withdrawn, &reading.normalizations);
        model.schedule_draft_save();
        model.show_review();
        model
    }

    /// The same for a payload that stood in this file, which had these bytes and of which this is to be known; `faulty`
    /// where it cannot be ordered as it stands.
    pub fn with_file(
        setup: StartOptions,
        reading: ParsedPayload,
        (path, stamp, faulty): (PathBuf, FileDigest, bool),
        notices: Vec<String>,
    ) -> Self {
        let stands = FileOrderDigests::from_form(&reading.form, faulty);
        let mut model = Self::with_payload(setup, reading);
        model.order_file = Some(OrderFile::new(path, stamp, stands));
        model.feedback.notices.extend(notices.into_iter().map(crate::tui::session::feedback::ReviewNotice::Lasting));
        model
    }

    fn with_form(setup: StartOptions, form: Form) -> Self {
        let mut model = Self {
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
            screen: Screen::Step(StepId(0)),
            dialogs: Vec::new(),
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
            session_orders: SessionOrders::default(),
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
            exit: None,
        };
        model.validate_form();
        match setup.mode {
            StartMode::Home => model.screen = Screen::Home(HomeScreen::default()),
            StartMode::TemporaryOrder => model.go_to_step(StepId(0)),
            StartMode::NewOrder => model.start_new_order(),
            StartMode::AccountSetup(forms) => model.begin_setup(forms),
        }
        model
    }

    /// The texts.
    pub fn lang(&self) -> &Translations {
        &self.lang
    }

    /// The account.
    pub fn account(&self) -> &CurrentAccount {
        &self.account
    }

    /// The terminal's size.
    pub fn size(&self) -> Size {
        self.size
    }

    /// The parts of the screen.
    pub fn frame(&self) -> ScreenAreas {
        widgets::split_screen(self.size)
    }

    /// What has been typed.
    pub fn form(&self) -> &Form {
        &self.form
    }

    /// What is known of the account.
    pub fn account_data(&self) -> &AccountData {
        &self.account_data
    }

    /// What is being loaded.
    pub fn fetches(&self) -> &FetchTracker {
        &self.fetches
    }

    /// Where the order is.
    pub fn order_machine(&self) -> &OrderMachine {
        &self.order_machine
    }

    /// The screen in front.
    pub fn screen(&self) -> &Screen {
        &self.screen
    }

    /// What lies on top of it.
    pub fn top_dialog(&self) -> Option<&Dialog> {
        self.dialogs.last()
    }

    /// What is marked as wrong, refused or worth a word.
    pub fn feedback(&self) -> &FormFeedback {
        &self.feedback
    }

    /// How the program ends, once it does.
    pub fn exit(&self) -> Option<&Exit> {
        self.exit.as_ref()
    }

    /// The first line of the step's page that is in view.
    pub fn page_top(&self) -> usize {
        self.page_top
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

    /// How many milliseconds from now the model wants to be told the time; `None` if it can sleep.
    pub fn next_wake_in(&self) -> Option<u64> {
        let clock = match &self.screen {
            Screen::Sending => Some(1_000),
            Screen::Status(_) => Some(if self.seconds_since_answer() < 60 { 1_000 } else { 60_000 }),
            Screen::Home(_) if self.has_home_countdown() => Some(1_000),
            Screen::Unresolved(_)
                if self.order_machine.unresolved_order().is_some_and(|open| open.next_lookup_due().is_some()) =>
            {
                Some(1_000)
            }
            _ => None,
        };
        let saves = self.drafts.save_due_in(self.now);
        let compares = self.has_organizations_to_compare().then_some(1);
        self.secrets_wiped_in().into_iter().chain(clock).chain(saves).chain(compares).min()
    }

    /// Columns for text that is only read. The last ones are kept free for the marks that say how much there is
    /// above and below.
    pub(in crate::tui) fn text_columns(&self) -> usize {
        usize::from(self.frame().body.width).saturating_sub(4)
    }

    /// How far down what is only read is scrolled, where it can be.
    pub fn text_scroll(&self) -> Option<ScrollPosition> {
        match (self.top_dialog(), &self.screen) {
            (Some(Dialog::Help(reader) | Dialog::Agreement(reader) | Dialog::Readiness(reader)), _)
            | (None, Screen::Status(reader) | Screen::Unresolved(UnresolvedScreen { scroll: reader, .. })) => {
                Some(*reader)
            }
            (None, Screen::Setup(guiding)) => Some(guiding.scroll()),
            (Some(Dialog::OpenFile(opening)), _) => Some(opening.scroll),
            (Some(Dialog::SaveFile(saving)), _) => Some(saving.scroll),
            (Some(Dialog::Compare(compared)), _) => Some(compared.scroll),
            (Some(Dialog::ExternalEditor(rework)), _) => Some(rework.scroll),
            _ => None,
        }
    }

    /// Whether the end of what is only read is in view.
    pub(in crate::tui) fn is_text_at_end(&self) -> bool {
        self.text_scroll().is_none_or(|reader| reader.is_at_end(self.visible_text_rows(), self.text_lines().len()))
    }

    /// The rows of the body in which it stands: at Unknown, and where a file gets its name, the last one is for typing.
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
        usize::from(self.frame().body.height).saturating_sub(typing.into())
    }

    /// The lines of a screen or overlay that is only read.
    pub fn text_lines(&self) -> Vec<Line> {
        let width = self.text_columns();
        match (self.top_dialog(), &self.screen) {
            (Some(Dialog::Help(_)), _) => self.help_lines(width),
            (Some(Dialog::Agreement(_)), _) => self.agreement_lines(width),
            (Some(Dialog::Readiness(_)), _) => self.readiness_lines(width),
            (Some(Dialog::OpenFile(opening)), _) => self.open_file_lines(opening, width),
            (Some(Dialog::SaveFile(saving)), _) => self.save_dialog_lines(saving, width),
            (Some(Dialog::Compare(compared)), _) => Self::compare_lines(compared, width),
            (Some(Dialog::ExternalEditor(rework)), _) => self.external_editor_lines(rework, width),
            (Some(Dialog::Accounts(accounts)), _) => self.accounts_dialog_lines(*accounts, width),
            (Some(Dialog::Quit), _) => self.quit_dialog_lines(width),
            (_, Screen::Home(_)) => self.home_lines(width),
            (_, Screen::Confirm(_)) => self.confirm_lines(width),
            (_, Screen::Sending) => self.sending_lines(width),
            (_, Screen::Status(_)) => self.status_lines(width),
            (_, Screen::Unresolved(_)) => self.unresolved_lines(width),
            (_, Screen::Setup(guiding)) => self.setup_lines(guiding, width),
            _ => Vec::new(),
        }
    }
}
