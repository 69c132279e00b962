//! Starting: the app for a new order, for a payload that was read, for a file, or for the setup of an account.

use crate::domain::{AccountData, FileDigest};
use crate::form::{Form, ParsedPayload};
use crate::order::OrderMachine;
use crate::product::StepId;
use crate::tui::app::{App, HomeScreen, Screen, StartMode, StartOptions};
use crate::tui::component::ScreenRoute;
use crate::tui::session::Session;
use crate::tui::session::account_defaults::AccountDefaults;
use crate::tui::session::background_orders::BackgroundOrders;
use crate::tui::session::drafts::DraftsState;
use crate::tui::session::feedback::{FormFeedback, ReviewNotice};
use crate::tui::session::fetch::FetchTracker;
use crate::tui::session::open_form::payload_notices;
use crate::tui::session::order_file::{FileOrderDigests, OrderFile};
use crate::tui::session::placed_orders::SessionOrders;
use crate::tui::session::readiness::ReadinessState;
use crate::tui::session::similar_organizations::SimilarOrganizations;
use crate::tui::session::undo::UndoHistory;
use std::collections::{BTreeMap, BTreeSet};
use std::path::PathBuf;

impl App {
    pub fn new(setup: StartOptions) -> Self {
        let form = Form::new(setup.product);
        Self::with_form(setup, form)
    }

    /// An app at Review with a payload that was read. The agreement is withdrawn, because it must come from the
    /// person's own act. Notices at Review say what changed in the payload.
    pub fn with_payload(setup: StartOptions, reading: ParsedPayload) -> Self {
        let mut form = reading.form;
        let was_withdrawn = form.withdraw_consent();
        let mut app = Self::with_form(setup, form);
        app.session.feedback.notices = payload_notices(&app.session, was_withdrawn, &reading.normalizations);
        app.session.drafts.schedule_save(app.session.now);
        app.go_to(ScreenRoute::Review);
        app
    }

    /// An app at Review with a payload from a file. `stamp` is the digest of the file's bytes, and `is_faulty` is true
    /// if the file's order cannot be placed as it is. The notices are shown at Review.
    pub fn with_file(
        setup: StartOptions,
        reading: ParsedPayload,
        (path, stamp, is_faulty): (PathBuf, FileDigest, bool),
        notices: Vec<String>,
    ) -> Self {
        let digests = FileOrderDigests::from_form(&reading.form, is_faulty);
        let mut app = Self::with_payload(setup, reading);
        app.session.order_file = Some(OrderFile::new(path, stamp, digests));
        app.session.feedback.notices.extend(notices.into_iter().map(ReviewNotice::Lasting));
        app
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
        };
        let mut app = Self { session, screen: Screen::Home(HomeScreen::default()), dialogs: Vec::new(), exit: None };
        app.session.validate_form();
        match setup.mode {
            StartMode::Home => {}
            StartMode::TemporaryOrder => app.go_to(ScreenRoute::Step(StepId(0))),
            StartMode::NewOrder => app.go_to(ScreenRoute::NewOrder),
            StartMode::AccountSetup(forms) => {
                app.session.begin_setup(forms);
                app.go_to(ScreenRoute::SetupWelcome);
            }
        }
        app
    }
}
