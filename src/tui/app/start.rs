//! Starting: the app for a new order, for a payload that was read, for a file, or for the setup of an account.

use crate::domain::FileDigest;
use crate::form::{Form, ParsedPayload};
use crate::product::StepId;
use crate::tui::app::{App, HomeScreen, Screen, StartMode, StartOptions};
use crate::tui::component::ScreenRoute;
use crate::tui::session::Session;
use crate::tui::session::feedback::ReviewNotice;
use crate::tui::session::open_form::payload_notices;
use crate::tui::session::order_file::{FileOrderDigests, OrderFile};
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
        let mode = setup.mode;
        let session = Session::new(setup, form);
        let mut app = Self { session, screen: Screen::Home(HomeScreen::default()), dialogs: Vec::new(), exit: None };
        app.session.validate_form();
        match mode {
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
