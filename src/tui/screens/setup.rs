//! Setup of an account: what is needed, the account and its key, the key test, the presets, and saving.
//!
//! The questions are forms like that of an order, so the same step pages show them. Results arrive as messages. The
//! key is only in the form, and leaves it to be tested and to be stored.

mod save;
pub(in crate::tui) mod test_key;
mod welcome;

pub use test_key::KeyTest;

use crate::api_url::ApiUrl;
use crate::domain::{ApiKeyError, ApiKeyErrorKind, KeyLocation};
use crate::form::{FieldPlace, Form, RowKey};
use crate::messages;
use crate::product::{Product, StepId};
use crate::secret::Secret;
use crate::tone::Tone;
use crate::tui::app::{App, AppEnvironment, FormFeedback, Screen};
use crate::tui::message::{AccountSetup, Effect, SetupReply, SetupTask, Ticket};
use crate::tui::screens::setup::save::setup_save_lines;
use crate::tui::screens::setup::welcome::setup_welcome_lines;
use crate::tui::session::Session;
use crate::tui::session::undo::UndoHistory;
use crate::tui::widgets::{Line, ScrollPosition};
use std::path::PathBuf;

/// The forms of the setup.
#[derive(Debug, Clone, Copy)]
pub struct SetupForms {
    /// The account and its key.
    pub account: &'static Product,
    /// What new orders begin with.
    pub presets: &'static Product,
}

/// The screen in front during the setup, apart from the steps of its forms.
#[derive(Debug, Clone)]
pub enum SetupScreen {
    /// What will be needed.
    Welcome(ScrollPosition),
    /// The test that the key opens the account.
    TestKey(KeyTest),
    /// What will be saved.
    Save {
        reader: ScrollPosition,
        /// True while the account is being saved.
        writing: bool,
        /// Why saving failed.
        why: Option<String>,
    },
}

impl SetupScreen {
    pub(crate) fn scroll(&self) -> ScrollPosition {
        match self {
            Self::Welcome(reader) | Self::TestKey(KeyTest { scroll: reader, .. }) | Self::Save { reader, .. } => {
                *reader
            }
        }
    }

    pub(crate) fn scroll_mut(&mut self) -> &mut ScrollPosition {
        match self {
            Self::Welcome(reader) | Self::TestKey(KeyTest { scroll: reader, .. }) | Self::Save { reader, .. } => reader,
        }
    }
}

/// The progress of the setup.
#[derive(Debug, Clone)]
pub(crate) struct SetupState {
    forms: SetupForms,
    /// The form that is not in front: the presets while the account form is in front, and the other way round.
    pub(in crate::tui) other_form: Form,
    presets_in_front: bool,
    /// The name of the keyring, or why it cannot be used; None until that is known.
    keyring: Option<Result<String, ApiKeyError>>,
    /// The ticket of the reply that is awaited; replies with another ticket are ignored, except for the keyring.
    pending_ticket: Option<Ticket>,
    /// The path that was proposed for the key file.
    proposed_key_path: String,
}

impl App {
    pub(crate) fn begin_setup(&mut self, forms: SetupForms) {
        let mut form = Form::new(forms.account);
        let lang = self.session.lang.language.code();
        set_field_text(&mut form, "acc.lang", lang);
        set_field_text(&mut form, "acc.name", &self.session.environment.unused_account_name());
        self.session.form = form;
        self.session.undo_history = UndoHistory::default();
        self.session.setup = Some(Box::new(SetupState {
            other_form: Form::new(forms.presets),
            forms,
            presets_in_front: false,
            keyring: None,
            pending_ticket: None,
            proposed_key_path: String::new(),
        }));
        self.screen = Screen::Setup(SetupScreen::Welcome(ScrollPosition::default()));
        let ticket = self.session.new_setup_ticket();
        self.session.queued_effects.push(Effect::Setup(ticket, SetupTask::FindKeyring));
    }

    /// Goes from the last step of a form to the screen after it.
    pub(crate) fn finish_setup_form(&mut self) {
        // Steps can be skipped, and no Review follows that would show the errors.
        let wrong = self.session.feedback.errors().next().map(|problem| problem.target.clone());
        if let Some(target) = wrong {
            self.go_to_problem(&target);
            return self.session.show_flash("flash.wrong");
        }
        match &self.session.setup {
            Some(guide) if guide.presets_in_front => self.show_setup_save(),
            Some(_) if key_location_error(&self.session).is_some() => self.session.show_flash("flash.no_such_place"),
            Some(_) => self.open_key_test(),
            None => {}
        }
    }

    /// Goes back from the first step of a form, or from a setup screen.
    pub(crate) fn go_back_in_setup(&mut self) {
        let presets = self.session.setup.as_ref().is_some_and(|guide| guide.presets_in_front);
        match &self.screen {
            Screen::Step(StepId(0)) if presets => {
                self.swap_setup_forms();
                self.screen = Screen::Setup(SetupScreen::TestKey(KeyTest::passed()));
            }
            Screen::Step(StepId(0)) => self.screen = Screen::Setup(SetupScreen::Welcome(ScrollPosition::default())),
            Screen::Setup(SetupScreen::TestKey(_)) => self.go_to_step(StepId(1)),
            Screen::Setup(SetupScreen::Save { writing: true, .. }) => self.session.show_flash("flash.still_writing"),
            Screen::Setup(SetupScreen::Save { .. }) => self.go_to_step(StepId(self.session.product().steps.len() - 1)),
            _ => self.session.show_flash("flash.no_key"),
        }
    }

    /// Swaps the account form and the presets form.
    fn swap_setup_forms(&mut self) {
        self.leave_focused_field();
        let Some(guide) = &mut self.session.setup else { return };
        std::mem::swap(&mut self.session.form, &mut guide.other_form);
        guide.presets_in_front = !guide.presets_in_front;
        self.session.focus.clear();
        self.session.visited_steps.clear();
        (self.session.field_editor, self.session.group_undo, self.session.page_top) = (None, None, 0);
        self.session.undo_history = UndoHistory::default();
        self.session.feedback = FormFeedback::default();
        self.session.validate_form();
    }

    /// Takes the reply to a setup task.
    pub(crate) fn handle_setup_reply(&mut self, ticket: Ticket, guided: SetupReply) -> Vec<Effect> {
        let Some(guide) = &mut self.session.setup else { return Vec::new() };
        match guided {
            SetupReply::Keyring(found) => self.session.take_keyring_result(found),
            _ if guide.pending_ticket != Some(ticket) => {}
            SetupReply::KeyInUse(tried) => self.handle_key_in_use(tried),
            SetupReply::AccountSaved(kept) => return self.handle_account_saved(kept),
        }
        Vec::new()
    }

    pub(crate) fn setup_lines(&self, guiding: &SetupScreen, width: usize) -> Vec<Line> {
        match guiding {
            SetupScreen::Welcome(_) => setup_welcome_lines(&self.session, width),
            SetupScreen::TestKey(trial) => self.key_test_lines(trial, width),
            SetupScreen::Save { writing, why, .. } => setup_save_lines(&self.session, *writing, why.as_deref(), width),
        }
    }

    /// Goes on from the setup screen in front.
    pub(crate) fn enter_setup_screen(&mut self) -> Vec<Effect> {
        match &self.screen {
            Screen::Setup(SetupScreen::Welcome(_)) => self.go_to_step(StepId(0)),
            Screen::Setup(SetupScreen::TestKey(_)) => self.enter_key_test(),
            Screen::Setup(SetupScreen::Save { writing: false, .. }) => return self.save_account(),
            _ => {}
        }
        Vec::new()
    }

    /// Goes from the key test to the presets.
    fn open_presets_form(&mut self) {
        self.swap_setup_forms();
        self.go_to_step(StepId(0));
    }
}

impl Session {
    fn new_setup_ticket(&mut self) -> Ticket {
        self.last_ticket += 1;
        let ticket = Ticket(self.last_ticket);
        if let Some(guide) = &mut self.setup {
            guide.pending_ticket = Some(ticket);
        }
        ticket
    }

    /// Takes the result of the keyring search, and proposes a key location that fits it.
    fn take_keyring_result(&mut self, found: Result<String, ApiKeyError>) {
        let proposed = match (is_keyring_usable(&found), self.environment.has_environment_key) {
            (true, _) => "keyring",
            (false, true) => "environment",
            (false, false) => "command",
        };
        let Some(guide) = &mut self.setup else { return };
        guide.keyring = Some(found);
        let form = if guide.presets_in_front { &mut guide.other_form } else { &mut self.form };
        if field_text(form, "keep.place").is_empty() {
            set_field_text(form, "keep.place", proposed);
        }
        self.validate_form();
    }

    /// Proposes the path of the key file once the account has a name, and again if the name changes. It keeps a path
    /// that the person typed.
    pub(crate) fn propose_key_file(&mut self) {
        let Some(guide) = self.setup.as_mut().filter(|guide| !guide.presets_in_front) else { return };
        let file = field_text(&self.form, "keep.file");
        if file.is_empty() || file == guide.proposed_key_path {
            let path = self.environment.config_dir.join(format!("{}.key", field_text(&self.form, "acc.name")));
            guide.proposed_key_path = path.display().to_string();
            set_field_text(&mut self.form, "keep.file", &guide.proposed_key_path);
        }
    }
}

pub(crate) fn is_setting_up(session: &Session) -> bool {
    session.setup.is_some()
}

/// Returns why the chosen location cannot keep a key here, as far as that is known.
fn key_location_error(session: &Session) -> Option<&ApiKeyError> {
    let guide = session.setup.as_ref()?;
    let chosen = field_text(setup_account_form(session)?, "keep.place");
    let found = guide.keyring.as_ref().filter(|found| !is_keyring_usable(found))?;
    found.as_ref().err().filter(|_| chosen == "keyring")
}

fn setup_account_form(session: &Session) -> Option<&Form> {
    session.setup.as_ref().map(|guide| if guide.presets_in_front { &guide.other_form } else { &session.form })
}

fn setup_presets_form(session: &Session) -> Option<&Form> {
    session.setup.as_ref().map(|guide| if guide.presets_in_front { &session.form } else { &guide.other_form })
}

/// Returns the notes under a field of the account form: what cannot be used here, and what exists already.
pub(crate) fn setup_field_notes(session: &Session, at: FieldPlace) -> Vec<(Tone, String)> {
    let Some(guide) = session.setup.as_ref().filter(|guide| !guide.presets_in_front) else { return Vec::new() };
    let field = &session.product()[at.field];
    match field.id.as_str() {
        "acc.name" if session.environment.accounts.iter().any(|known| known.name == session.form.text(at)) => {
            vec![(Tone::Warning, format!("! {}", session.text("setup.replaces")))]
        }
        "keep.place" => match &guide.keyring {
            None => vec![(Tone::Dim, session.text("setup.looking_for_keyring").to_owned())],
            Some(Ok(name)) if session.form.text(at) == "keyring" => {
                vec![(Tone::Good, session.lang.format_text("setup.keyring_found", &[("name", name)]))]
            }
            Some(Err(why)) if is_locked(why) => {
                vec![(Tone::Note, session.text("setup.keyring_locked").to_owned())]
            }
            Some(Ok(_)) => Vec::new(),
            Some(Err(why)) => {
                let why = messages::key_error_text(&session.lang, why);
                let tone = if session.form.text(at) == "keyring" { Tone::Error } else { Tone::Dim };
                vec![(tone, session.lang.format_text("setup.no_keyring", &[("why", &why)]))]
            }
        },
        _ => Vec::new(),
    }
}

/// Returns the account that the forms describe; None if a form cannot be read.
fn account_setup(session: &Session) -> Option<AccountSetup> {
    let form = setup_account_form(session)?;
    let place = match field_text(form, "keep.place") {
        "keyring" => KeyLocation::Keyring,
        "command" => KeyLocation::Command(shell_words::split(field_text(form, "keep.command")).ok()?),
        "environment" => KeyLocation::Variable(field_text(form, "keep.variable").to_owned()),
        _ => KeyLocation::File(PathBuf::from(field_text(form, "keep.file"))),
    };
    let key = field_place(form, "keep.key").filter(|at| form.is_visible(*at)).and_then(|at| form.secret(at)).cloned();
    let url = (field_text(form, "acc.where") == "other").then(|| field_text(form, "acc.url").to_owned());
    Some(AccountSetup {
        name: field_text(form, "acc.name").to_owned(),
        url,
        key_location: place,
        key: key.filter(|key: &Secret| !key.is_empty()),
        presets: setup_presets_form(session).map(changed_presets).unwrap_or_default(),
        lang: field_text(form, "acc.lang").to_owned(),
    })
}

/// Returns the URL of the account, once the form has one.
fn setup_host(session: &Session) -> Option<ApiUrl> {
    let form = setup_account_form(session)?;
    let url = if field_text(form, "acc.where") == "other" {
        field_text(form, "acc.url")
    } else {
        &session.environment.default_url
    };
    ApiUrl::parse(url).ok()
}

/// Returns the product that is ordered, whichever form is in front.
pub(crate) fn ordered_product(session: &Session) -> &'static Product {
    session.setup.as_ref().map_or(session.product(), |guide| guide.forms.presets)
}

/// Returns the label of the button that leads on from the last step; None outside the setup.
pub(crate) fn setup_next_label(session: &Session) -> Option<&str> {
    let guide = session.setup.as_ref()?;
    Some(session.text(if guide.presets_in_front { "setup.to_keep" } else { "setup.to_trial" }))
}

/// Returns the title of the form in front; None outside the setup.
pub(crate) fn setup_title(session: &Session) -> Option<&str> {
    session
        .setup
        .as_ref()
        .map(|guide| session.text(if guide.presets_in_front { "setup.presets_title" } else { "setup.title" }))
}

impl AppEnvironment {
    /// Returns a name that no account has.
    fn unused_account_name(&self) -> String {
        let taken = |name: &str| self.accounts.iter().any(|known| known.name == name);
        let numbered = (2_u32..).map(|number| format!("main-{number}"));
        std::iter::once("main".to_owned()).chain(numbered).find(|name| !taken(name)).unwrap_or_default()
    }
}

/// Returns true if a keyring can keep a key. A locked one counts: it asks to be unlocked when a key is saved.
fn is_keyring_usable(found: &Result<String, ApiKeyError>) -> bool {
    found.as_ref().map_or_else(is_locked, |_| true)
}

fn is_locked(why: &ApiKeyError) -> bool {
    matches!(why.kind, ApiKeyErrorKind::Locked | ApiKeyErrorKind::Dismissed)
}

/// Returns the presets that differ from what new orders begin with anyway.
fn changed_presets(form: &Form) -> Vec<(String, String)> {
    let differs = |(id, text): &(String, String)| {
        let initial = form.product().find_field(id).and_then(|field| form.initial_value(field));
        initial != Some(text.as_str())
    };
    form.account_defaults().into_iter().filter(differs).collect()
}

fn field_place(form: &Form, id: &str) -> Option<FieldPlace> {
    form.product().find_field(id).map(|field| FieldPlace { field, row: RowKey::SINGLE })
}

fn field_text<'a>(form: &'a Form, id: &str) -> &'a str {
    field_place(form, id).map_or("", |at| form.text(at))
}

fn set_field_text(form: &mut Form, id: &str, text: &str) {
    if let Some(at) = field_place(form, id) {
        form.set_text(at, text);
    }
}
