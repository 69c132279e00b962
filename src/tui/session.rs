//! The session: what screens and dialogs share, such as fetched lists, drafts, feedback on fields, undo and text
//! input.
//!
//! Nothing here draws.

pub(crate) mod account_defaults;
pub(crate) mod background_orders;
pub(crate) mod division;
pub(crate) mod drafts;
pub(crate) mod exit;
pub(crate) mod feedback;
pub mod fetch;
pub(crate) mod field_text;
pub(crate) mod field_widgets;
pub(crate) mod new_form;
pub(crate) mod open_form;
pub(crate) mod order_file;
pub(crate) mod order_text;
pub(crate) mod outdated_copies;
pub(crate) mod page_items;
pub(crate) mod paging;
pub(crate) mod past_orders;
pub(crate) mod placed_orders;
pub(crate) mod problem_text;
pub(crate) mod readiness;
pub(crate) mod requests;
pub(crate) mod secret_wipe;
pub(crate) mod setup;
pub(crate) mod similar_organizations;
pub(crate) mod start;
pub(crate) mod stored_card;
pub(crate) mod text_editor;
pub(crate) mod undo;

use crate::domain::AccountData;
use crate::form::{Audience, Form, ValidationContext};
use crate::i18n::{TextId, Translations};
use crate::messages::MessageWriter;
use crate::order::OrderMachine;
use crate::product::{Product, StepId};
use crate::secret::SecretText;
use crate::tui::message::{Effect, Ticket};
use crate::tui::session::account_defaults::AccountDefaults;
use crate::tui::session::background_orders::BackgroundOrders;
use crate::tui::session::drafts::DraftsState;
use crate::tui::session::feedback::FormFeedback;
use crate::tui::session::fetch::FetchTracker;
use crate::tui::session::order_file::{OrderFile, PendingFileTask};
use crate::tui::session::page_items::{FocusTarget, GroupUndo};
use crate::tui::session::placed_orders::SessionOrders;
use crate::tui::session::readiness::ReadinessState;
use crate::tui::session::setup::SetupState;
use crate::tui::session::similar_organizations::SimilarOrganizations;
use crate::tui::session::start::{AppEnvironment, CurrentAccount, StartMode, StartOptions};
use crate::tui::session::text_editor::FieldEditor;
use crate::tui::session::undo::UndoHistory;
use crate::tui::widgets;
use crate::tui::widgets::{ScreenAreas, Size};
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

#[derive(Debug, Clone)]
pub struct Session {
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
    /// Orders with an unknown outcome that are not in front.
    pub(in crate::tui) background_orders: BackgroundOrders,
    pub(in crate::tui) focus: BTreeMap<StepId, FocusTarget>,
    pub(in crate::tui) visited_steps: BTreeSet<StepId>,
    pub(in crate::tui) field_editor: Option<FieldEditor>,
    pub(in crate::tui) feedback: FormFeedback,
    pub(in crate::tui) group_undo: Option<GroupUndo>,
    pub(in crate::tui) undo_history: UndoHistory,
    pub(in crate::tui) shows_expert_fields: bool,
    /// True if a step was opened from Review; the step then leads back to Review.
    pub(in crate::tui) returns_to_review: bool,
    /// When the last key was pressed, in milliseconds since the start.
    pub(in crate::tui) last_key_at: u64,
    last_ticket: u64,
    pub(in crate::tui) placed_orders: SessionOrders,
    pub(in crate::tui) environment: AppEnvironment,
    /// The values that the account put into the form.
    pub(in crate::tui) account_defaults: AccountDefaults,
    /// The progress of account setup; `None` if no account is being set up.
    pub(in crate::tui) setup: Option<Box<SetupState>>,
    pub(in crate::tui) drafts: DraftsState,
    /// The step at which a draft that is saved now opens again; `None` for Review.
    pub(in crate::tui) form_place: Option<StepId>,
    pub(in crate::tui) readiness: ReadinessState,
    pub(in crate::tui) similar_organizations: SimilarOrganizations,
    /// The file that the form was read from or written to.
    pub(in crate::tui) order_file: Option<OrderFile>,
    /// The unanswered task of a file or of the editor.
    pub(in crate::tui) pending_file_task: Option<PendingFileTask>,
    /// The text that the editor was given.
    pub(in crate::tui) editor_text: Option<SecretText>,
    /// Effects to execute after this message, in their order.
    queued_effects: Vec<Effect>,
}

impl Session {
    /// A session with this form, before anything was asked of the account.
    pub(in crate::tui) fn new(setup: StartOptions, form: Form) -> Self {
        Self {
            lang: setup.lang,
            account: setup.account,
            size: setup.size,
            now: 0,
            today: setup.today,
            form,
            account_data: AccountData::default(),
            fetches: FetchTracker::default(),
            order_machine: OrderMachine::Ready,
            background_orders: BackgroundOrders::default(),
            focus: BTreeMap::new(),
            visited_steps: BTreeSet::new(),
            field_editor: None,
            feedback: FormFeedback::default(),
            group_undo: None,
            undo_history: UndoHistory::default(),
            shows_expert_fields: false,
            returns_to_review: false,
            last_key_at: 0,
            last_ticket: 0,
            placed_orders: SessionOrders::default(),
            environment: setup.environment,
            account_defaults: AccountDefaults::new(),
            setup: None,
            drafts: DraftsState::new(matches!(setup.mode, StartMode::Home | StartMode::NewOrder)),
            form_place: Some(StepId(0)),
            readiness: ReadinessState::default(),
            similar_organizations: SimilarOrganizations::default(),
            order_file: None,
            pending_file_task: None,
            editor_text: None,
            queued_effects: Vec::new(),
        }
    }

    /// Asks for an effect after this message.
    pub(in crate::tui) fn queue_effect(&mut self, effect: Effect) {
        self.queued_effects.push(effect);
    }

    /// Asks for several effects after this message.
    pub(in crate::tui) fn queue_effects(&mut self, effects: impl IntoIterator<Item = Effect>) {
        self.queued_effects.extend(effects);
    }

    /// Takes what was asked for, in its order.
    pub(in crate::tui) fn take_effects(&mut self) -> Vec<Effect> {
        std::mem::take(&mut self.queued_effects)
    }

    /// Returns a ticket that no effect has yet.
    pub(in crate::tui) fn next_ticket(&mut self) -> Ticket {
        self.last_ticket += 1;
        Ticket(self.last_ticket)
    }

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

    pub(in crate::tui) fn text(&self, id: TextId) -> &str {
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
