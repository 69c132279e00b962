//! What screens and dialogs share: fetched lists, drafts, feedback on fields, undo, text input.
//!
//! Nothing here draws, and no screen is named here.

pub(crate) mod background_orders;
pub(crate) mod drafts;
pub(crate) mod feedback;
pub mod fetch;
pub(crate) mod field_widgets;
pub(crate) mod page_items;
pub(crate) mod paging;
pub(crate) mod start;
pub(crate) mod text_editor;
pub(crate) mod undo;

use crate::domain::AccountData;
use crate::form::Form;
use crate::i18n::Translations;
use crate::order::OrderMachine;
use crate::product::StepId;
use crate::secret::SecretText;
use crate::tui::dialogs::save_file::{OrderFile, PendingFileTask};
use crate::tui::message::Effect;
use crate::tui::screens::home::readiness::ReadinessState;
use crate::tui::screens::sending::SessionOrders;
use crate::tui::screens::setup::SetupState;
use crate::tui::screens::step::defaults::AccountDefaults;
use crate::tui::screens::step::similar_organization::SimilarOrganizations;
use crate::tui::session::drafts::DraftsState;
use crate::tui::session::fetch::FetchTracker;
use crate::tui::session::page_items::GroupUndo;
use crate::tui::session::text_editor::FieldEditor;
use crate::tui::session::undo::UndoHistory;
use crate::tui::widgets::Size;
use jiff::civil::Date;
use std::collections::{BTreeMap, BTreeSet};

use crate::tui::session::feedback::FormFeedback;
use crate::tui::session::page_items::FocusTarget;
use crate::tui::session::start::{AppEnvironment, CurrentAccount};

/// What the screens and dialogs share.
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
    /// Orders of unknown outcome that are not in front.
    pub(in crate::tui) background_orders: Vec<OrderMachine>,
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
    pub(in crate::tui) placed_orders: SessionOrders,
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
}
