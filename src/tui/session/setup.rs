//! Setup of an account: the account and its key, the presets, and what the forms describe.
//!
//! The questions are forms like that of an order, so the same step pages show them. Results arrive as messages. The
//! key is only in the form, and leaves it to be tested and to be stored.

use crate::api_url::ApiUrl;
use crate::domain::{ApiKeyError, ApiKeyErrorKind, KeyLocation};
use crate::form::{FieldPlace, Form, RowKey};
use crate::i18n::{texts, with};
use crate::messages;
use crate::product::Product;
use crate::secret::Secret;
use crate::tone::Tone;
use crate::tui::component::{ScreenRoute, Transition};
use crate::tui::message::{AccountSetup, Effect, SetupReply, SetupTask, Ticket};
use crate::tui::session::Session;
use crate::tui::session::feedback::FormFeedback;
use crate::tui::session::start::AppEnvironment;
use crate::tui::session::undo::UndoHistory;
use std::path::PathBuf;

/// The forms of the setup.
#[derive(Debug, Clone, Copy)]
pub struct SetupForms {
    /// The account and its key.
    pub account: &'static Product,
    /// What new orders begin with.
    pub presets: &'static Product,
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

impl Session {
    /// Begins the setup of an account, with its first form in front.
    pub(in crate::tui) fn begin_setup(&mut self, forms: SetupForms) {
        let mut form = Form::new(forms.account);
        set_field_text(&mut form, "acc.lang", self.lang.language.code());
        set_field_text(&mut form, "acc.name", &self.environment.unused_account_name());
        self.form = form;
        self.undo_history = UndoHistory::default();
        self.setup = Some(Box::new(SetupState {
            other_form: Form::new(forms.presets),
            forms,
            presets_in_front: false,
            keyring: None,
            pending_ticket: None,
            proposed_key_path: String::new(),
        }));
        self.request_setup_task(SetupTask::FindKeyring);
    }

    /// Returns where the last step of a setup form leads.
    pub(in crate::tui) fn finish_setup_form(&mut self) -> Transition {
        // Steps can be skipped, and no Review follows that would show the errors.
        let problem = self.feedback.errors().next().map(|problem| problem.target.clone());
        if let Some(target) = problem {
            self.show_flash(texts::flash::WRONG);
            return Transition::Go(ScreenRoute::Problem(target));
        }
        match &self.setup {
            Some(setup) if setup.presets_in_front => Transition::Go(ScreenRoute::SetupSave),
            Some(_) if key_location_error(self).is_some() => {
                self.show_flash(texts::flash::NO_SUCH_PLACE);
                Transition::Stay
            }
            Some(_) => Transition::Go(ScreenRoute::KeyTest(false)),
            None => Transition::Stay,
        }
    }

    /// Returns where the first step of a setup form leads back to.
    pub(in crate::tui) fn leave_setup_form(&mut self) -> Transition {
        if self.setup.as_ref().is_some_and(|setup| setup.presets_in_front) {
            self.swap_setup_forms();
            return Transition::Go(ScreenRoute::KeyTest(true));
        }
        Transition::Go(ScreenRoute::SetupWelcome)
    }

    /// Swaps the account form and the presets form.
    pub(in crate::tui) fn swap_setup_forms(&mut self) {
        let Some(setup) = &mut self.setup else { return };
        std::mem::swap(&mut self.form, &mut setup.other_form);
        setup.presets_in_front = !setup.presets_in_front;
        self.focus.clear();
        self.visited_steps.clear();
        (self.field_editor, self.group_undo) = (None, None);
        self.undo_history = UndoHistory::default();
        self.feedback = FormFeedback::default();
        self.validate_form();
    }

    /// Takes the part of a reply that no screen shows. Returns the reply if it is for the screen in front.
    pub(in crate::tui) fn take_setup_reply(&mut self, ticket: Ticket, reply: SetupReply) -> Option<SetupReply> {
        match reply {
            SetupReply::Keyring(found) => {
                self.take_keyring_result(found);
                None
            }
            _ if self.setup.as_ref().is_none_or(|setup| setup.pending_ticket != Some(ticket)) => None,
            SetupReply::KeyInUse(Ok(is_sandbox)) => {
                self.account.is_sandbox = is_sandbox;
                Some(reply)
            }
            reply => Some(reply),
        }
    }

    /// Requests a task. A reply to an earlier one is no longer awaited.
    pub(in crate::tui) fn request_setup_task(&mut self, task: SetupTask) {
        let ticket = self.next_ticket();
        if let Some(setup) = &mut self.setup {
            setup.pending_ticket = Some(ticket);
        }
        self.queue_effect(Effect::Setup(ticket, task));
    }

    /// Takes the result of the keyring search, and proposes a key location that fits it.
    fn take_keyring_result(&mut self, found: Result<String, ApiKeyError>) {
        let proposed = match (is_keyring_usable(&found), self.environment.has_environment_key) {
            (true, _) => "keyring",
            (false, true) => "environment",
            (false, false) => "command",
        };
        let Some(setup) = &mut self.setup else { return };
        setup.keyring = Some(found);
        let form = if setup.presets_in_front { &mut setup.other_form } else { &mut self.form };
        if field_text(form, "keep.place").is_empty() {
            set_field_text(form, "keep.place", proposed);
        }
        self.validate_form();
    }

    /// Proposes the path of the key file once the account has a name, and again if the name changes. It keeps a path
    /// that the person typed.
    pub(crate) fn propose_key_file(&mut self) {
        let Some(setup) = self.setup.as_mut().filter(|setup| !setup.presets_in_front) else { return };
        let file = field_text(&self.form, "keep.file");
        if file.is_empty() || file == setup.proposed_key_path {
            let path = self.environment.config_dir.join(format!("{}.key", field_text(&self.form, "acc.name")));
            setup.proposed_key_path = path.display().to_string();
            set_field_text(&mut self.form, "keep.file", &setup.proposed_key_path);
        }
    }
}

pub(crate) fn is_setting_up(session: &Session) -> bool {
    session.setup.is_some()
}

/// Returns why the chosen location cannot keep a key here, as far as that is known.
pub(in crate::tui) fn key_location_error(session: &Session) -> Option<&ApiKeyError> {
    let setup = session.setup.as_ref()?;
    let chosen = field_text(setup_account_form(session)?, "keep.place");
    let found = setup.keyring.as_ref().filter(|found| !is_keyring_usable(found))?;
    found.as_ref().err().filter(|_| chosen == "keyring")
}

pub(in crate::tui) fn setup_account_form(session: &Session) -> Option<&Form> {
    session.setup.as_ref().map(|setup| if setup.presets_in_front { &setup.other_form } else { &session.form })
}

pub(in crate::tui) fn setup_presets_form(session: &Session) -> Option<&Form> {
    session.setup.as_ref().map(|setup| if setup.presets_in_front { &session.form } else { &setup.other_form })
}

/// Returns the notes under a field of the account form: what cannot be used here, and what exists already.
pub(crate) fn setup_field_notes(session: &Session, at: FieldPlace) -> Vec<(Tone, String)> {
    let Some(setup) = session.setup.as_ref().filter(|setup| !setup.presets_in_front) else { return Vec::new() };
    let field = &session.product()[at.field];
    match field.id {
        "acc.name" if session.environment.accounts.iter().any(|known| known.name == session.form.text(at)) => {
            vec![(Tone::Warning, format!("! {}", session.text(texts::setup::REPLACES)))]
        }
        "keep.place" => match &setup.keyring {
            None => vec![(Tone::Dim, session.text(texts::setup::LOOKING_FOR_KEYRING).to_owned())],
            Some(Ok(name)) if session.form.text(at) == "keyring" => {
                vec![(Tone::Good, session.lang.format(texts::setup::KEYRING_FOUND, with::Name(&name)))]
            }
            Some(Err(why)) if is_locked(why) => {
                vec![(Tone::Note, session.text(texts::setup::KEYRING_LOCKED).to_owned())]
            }
            Some(Ok(_)) => Vec::new(),
            Some(Err(why)) => {
                let why = messages::key_error_text(&session.lang, why);
                let tone = if session.form.text(at) == "keyring" { Tone::Error } else { Tone::Dim };
                vec![(tone, session.lang.format(texts::setup::NO_KEYRING, with::Why(&why)))]
            }
        },
        _ => Vec::new(),
    }
}

/// Returns the account that the forms describe; None if a form cannot be read.
pub(in crate::tui) fn account_setup(session: &Session) -> Option<AccountSetup> {
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
pub(in crate::tui) fn setup_host(session: &Session) -> Option<ApiUrl> {
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
    session.setup.as_ref().map_or(session.product(), |setup| setup.forms.presets)
}

/// Returns the label of the button that leads on from the last step; None outside the setup.
pub(crate) fn setup_next_label(session: &Session) -> Option<&str> {
    let setup = session.setup.as_ref()?;
    Some(session.text(if setup.presets_in_front { texts::setup::TO_KEEP } else { texts::setup::TO_TRIAL }))
}

/// Returns the title of the form in front; None outside the setup.
pub(crate) fn setup_title(session: &Session) -> Option<&str> {
    session.setup.as_ref().map(|setup| {
        session.text(if setup.presets_in_front { texts::setup::PRESETS_TITLE } else { texts::setup::TITLE })
    })
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
pub(in crate::tui) fn is_keyring_usable(found: &Result<String, ApiKeyError>) -> bool {
    found.as_ref().map_or_else(is_locked, |_| true)
}

pub(in crate::tui) fn is_locked(why: &ApiKeyError) -> bool {
    matches!(why.kind, ApiKeyErrorKind::Locked | ApiKeyErrorKind::Dismissed)
}

/// Returns the presets that differ from what new orders begin with anyway.
pub(in crate::tui) fn changed_presets(form: &Form) -> Vec<(String, String)> {
    let differs = |(id, text): &(String, String)| {
        let initial = form.product().find_field(id).and_then(|field| form.initial_value(field));
        initial != Some(text.as_str())
    };
    form.account_defaults().into_iter().filter(differs).collect()
}

pub(in crate::tui) fn field_place(form: &Form, id: &str) -> Option<FieldPlace> {
    form.product().find_field(id).map(|field| FieldPlace { field, row: RowKey::SINGLE })
}

pub(in crate::tui) fn field_text<'a>(form: &'a Form, id: &str) -> &'a str {
    field_place(form, id).map_or("", |at| form.text(at))
}

pub(in crate::tui) fn set_field_text(form: &mut Form, id: &str, text: &str) {
    if let Some(at) = field_place(form, id) {
        form.set_text(at, text);
    }
}
