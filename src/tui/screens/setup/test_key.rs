//! The key test: whom the key belongs to, whether the product can be ordered, and which lists the key opens.
//!
//! If the host belongs neither to DigiCert nor to this computer, the key is sent only after the person has typed the
//! name of the host. Server messages are shown as they came, with advice. Nothing is saved here.

use super::SetupScreen;
use crate::domain::{ApiError, CurrentUser, TransportError};
use crate::messages;
use crate::tone::Tone;
use crate::tui::app::{App, Screen};
use crate::tui::message::{Effect, SetupTask};
use crate::tui::screens::setup::{account_setup, setup_host};
use crate::tui::session::Session;
use crate::tui::session::fetch::{AccountResource, FetchState, FetchTracker};
use crate::tui::widgets::typed_word::TypedWord;
use crate::tui::widgets::{Line, ScrollPosition, wrap_paragraph};
use crate::{domain::AccountData, product::StepId};
use tui_input::InputRequest;

/// The resources that a key may open besides the account, with the text ids of their purpose.
const PROBED_RESOURCES: [(AccountResource, &str); 6] = [
    (AccountResource::Organizations, "setup.door_organizations"),
    (AccountResource::Approvers, "setup.door_approvers"),
    (AccountResource::Users, "setup.door_users"),
    (AccountResource::Orders(None), "setup.door_orders"),
    (AccountResource::Balance(None), "setup.door_balance"),
    (AccountResource::Profiles, "setup.door_profiles"),
];

#[derive(Debug, Clone, Default)]
pub struct KeyTest {
    pub scroll: ScrollPosition,
    typed_host: TypedWord,
    stage: KeyTestStage,
}

#[derive(Debug, Clone, Default, PartialEq, Eq)]
enum KeyTestStage {
    /// The person must type the name of the host first.
    #[default]
    HostName,
    /// The key is being read.
    ReadingKey,
    /// The key cannot be read, or no client can be made with it.
    KeyUnusable(TransportError),
    /// The account is being fetched, or has replied.
    Probing,
}

/// What is known of the access to one resource.
enum ProbeOutcome<'a> {
    Pending,
    Allowed,
    Denied(&'a ApiError),
    Failed(&'a ApiError),
}

impl KeyTest {
    /// Returns a test that was passed before.
    pub(super) fn passed() -> Self {
        Self { stage: KeyTestStage::Probing, ..Self::default() }
    }

    /// Returns true while the person must type the name of the host.
    pub(crate) fn is_typing_host(&self) -> bool {
        self.stage == KeyTestStage::HostName
    }
}

impl App {
    /// Opens the key test. It starts at once, unless the host is foreign and its name must be typed first.
    pub(super) fn open_key_test(&mut self) {
        let known = setup_host(&self.session).is_some_and(|host| host.is_digicert() || host.is_loopback());
        self.screen = Screen::Setup(SetupScreen::TestKey(KeyTest::default()));
        if known {
            self.start_key_test();
        }
    }

    fn key_test_mut(&mut self) -> Option<&mut KeyTest> {
        match &mut self.screen {
            Screen::Setup(SetupScreen::TestKey(trial)) => Some(trial),
            _ => None,
        }
    }

    fn start_key_test(&mut self) {
        let Some(account) = account_setup(&self.session) else { return };
        if account.needs_key() {
            // The key was wiped because nobody typed for a while. The key at the chosen location may be a different
            // one.
            self.go_to_step(StepId(1));
            return self.session.show_flash("flash.key_again");
        }
        // Replies to another key or from another host are no longer true, and need not arrive.
        self.session.queued_effects.extend(self.session.fetches.pending_tickets().map(Effect::Cancel));
        (self.session.fetches, self.session.account_data) = (FetchTracker::default(), AccountData::default());
        self.session.account.host =
            setup_host(&self.session).map(|host| host.host_and_port().to_owned()).unwrap_or_default();
        self.session.account.name.clone_from(&account.name);
        self.session.account.is_sandbox = false;
        if let Some(trial) = self.key_test_mut() {
            (trial.stage, trial.scroll) = (KeyTestStage::ReadingKey, ScrollPosition::default());
        }
        let ticket = self.session.new_setup_ticket();
        self.session.queued_effects.push(Effect::Setup(ticket, SetupTask::UseKey(Box::new(account))));
    }

    /// Takes the result of reading the key and making a client.
    pub(super) fn handle_key_in_use(&mut self, tried: Result<bool, TransportError>) {
        if let Ok(sandbox) = &tried {
            self.session.account.is_sandbox = *sandbox;
        }
        if let Some(trial) = self.key_test_mut() {
            trial.stage = tried.err().map_or(KeyTestStage::Probing, KeyTestStage::KeyUnusable);
        }
    }

    /// Returns what the test fetches: first the user of the key, and the rest once the server has accepted the key.
    pub(crate) fn key_test_resources(&self) -> Vec<AccountResource> {
        let Screen::Setup(SetupScreen::TestKey(KeyTest { stage: KeyTestStage::Probing, .. })) = &self.screen else {
            return Vec::new();
        };
        let first = [AccountResource::Me];
        if !is_key_accepted(&self.session) {
            return first.into();
        }
        let rest = [AccountResource::Account, AccountResource::Product]
            .into_iter()
            .chain(PROBED_RESOURCES.map(|(want, _)| want));
        first.into_iter().chain(rest).collect()
    }

    /// Returns true if no request is under way.
    fn is_key_test_done(&self) -> bool {
        let wants = self.key_test_resources();
        !wants.is_empty()
            && wants.into_iter().all(|want| !matches!(probe_outcome(&self.session, want), ProbeOutcome::Pending))
    }

    /// Handles Enter: sends the key to the host whose name was typed, goes on, or goes back to fix the key.
    pub(super) fn enter_key_test(&mut self) {
        let Screen::Setup(SetupScreen::TestKey(trial)) = &self.screen else { return };
        match trial.stage {
            KeyTestStage::HostName if trial.typed_host.typed_text() == setup_host_name(&self.session) => {
                self.start_key_test();
            }
            KeyTestStage::HostName => self.session.show_flash("flash.host_name"),
            KeyTestStage::Probing if is_key_accepted(&self.session) && self.is_key_test_done() => {
                self.open_presets_form();
            }
            KeyTestStage::Probing if is_key_accepted(&self.session) => self.session.show_flash("flash.still_asking"),
            KeyTestStage::ReadingKey => self.session.show_flash("flash.still_asking"),
            KeyTestStage::Probing | KeyTestStage::KeyUnusable(_) => self.go_to_step(StepId(1)),
        }
    }

    pub(crate) fn repeat_key_test(&mut self) {
        match &self.screen {
            Screen::Setup(SetupScreen::TestKey(trial)) if !trial.is_typing_host() => self.start_key_test(),
            _ => self.session.show_flash("flash.no_key"),
        }
    }

    pub(crate) fn type_host_name(&mut self, c: char) {
        match self.key_test_mut() {
            Some(trial) if trial.is_typing_host() => trial.typed_host.push_char(c),
            _ => self.session.show_flash("flash.no_key"),
        }
    }

    pub(crate) fn edit_host_name(&mut self, request: InputRequest) {
        if let Some(trial) = self.key_test_mut() {
            trial.typed_host.apply_edit(request);
        }
    }

    pub(super) fn key_test_lines(&self, trial: &KeyTest, width: usize) -> Vec<Line> {
        let host = setup_host_name(&self.session);
        let said = match &trial.stage {
            KeyTestStage::HostName => vec![
                (Tone::Heading, self.session.text("setup.foreign_title").to_owned()),
                (Tone::Warning, self.session.lang.format_text("setup.foreign", &[("host", &host)])),
            ],
            KeyTestStage::ReadingKey => vec![(Tone::Dim, self.session.text("setup.reading_key").to_owned())],
            KeyTestStage::KeyUnusable(why) => vec![
                (
                    Tone::Error,
                    format!(
                        "✗ {}",
                        self.session
                            .lang
                            .format_text("setup.unusable", &[("why", &self.session.message_writer().reason_text(why))])
                    ),
                ),
                (Tone::Dim, self.session.text("setup.back_to_key").to_owned()),
            ],
            KeyTestStage::Probing => self.key_test_notes(&host),
        };
        said.into_iter().flat_map(|(tone, text)| wrap_paragraph(tone, &text, 1, width)).collect()
    }

    fn key_test_notes(&self, host: &str) -> messages::TonedLines {
        let mut said = vec![(Tone::Heading, self.session.lang.format_text("setup.trial_title", &[("host", host)]))];
        if !is_key_accepted(&self.session) {
            match probe_outcome(&self.session, AccountResource::Me) {
                ProbeOutcome::Denied(failure) | ProbeOutcome::Failed(failure) => {
                    said.extend(rejected_key_notes(&self.session, failure, host));
                }
                ProbeOutcome::Pending | ProbeOutcome::Allowed => {
                    said.push((Tone::Dim, self.session.text("setup.asking").to_owned()));
                }
            }
            return said;
        }
        said.push(key_user_note(&self.session));
        said.push(key_account_note(&self.session));
        said.push(key_product_note(&self.session));
        said.extend(PROBED_RESOURCES.map(|(want, id)| list_access_note(&self.session, want, id)));
        let done = if self.is_key_test_done() { "setup.tried" } else { "setup.asking" };
        said.push((Tone::Dim, self.session.text(done).to_owned()));
        said
    }
}

/// Returns true if the server knows the key: it returned the user, or refused only that request.
fn is_key_accepted(session: &Session) -> bool {
    match probe_outcome(session, AccountResource::Me) {
        ProbeOutcome::Allowed => true,
        // A refusal without a reason may come from a firewall (certcentral-api.md 1.1).
        ProbeOutcome::Denied(ApiError::Refused { status: 403, errors, .. }) if errors.is_empty() => false,
        ProbeOutcome::Denied(failure) => {
            matches!(failure, ApiError::Refused { status: 403, .. }) && !failure.is_unknown_key()
        }
        ProbeOutcome::Pending | ProbeOutcome::Failed(_) => false,
    }
}

fn probe_outcome(session: &Session, want: AccountResource) -> ProbeOutcome<'_> {
    match session.fetches.state(want) {
        Some(
            FetchState::Done
            | FetchState::Paused
            | FetchState::Incomplete(_)
            | FetchState::Loading { received: 1.., .. },
        ) => ProbeOutcome::Allowed,
        Some(FetchState::Failed(failure @ ApiError::Refused { status: 401 | 403, .. })) => {
            ProbeOutcome::Denied(failure)
        }
        Some(FetchState::Failed(failure)) => ProbeOutcome::Failed(failure),
        Some(FetchState::Loading { .. }) | None => ProbeOutcome::Pending,
    }
}

fn setup_host_name(session: &Session) -> String {
    setup_host(session).map(|host| host.host_and_port().to_owned()).unwrap_or_default()
}

/// Returns the line in which the name of the host is typed; None if it is not needed.
pub(crate) fn host_name_line(session: &Session, trial: &KeyTest, width: usize) -> Option<Line> {
    trial.is_typing_host().then(|| trial.typed_host.prompt_line(session.text("setup.host_prompt"), true, width))
}

/// Returns why the key does not open the account, and what to do.
fn rejected_key_notes(session: &Session, failure: &ApiError, host: &str) -> messages::TonedLines {
    let mut said = vec![(Tone::Error, format!("✗ {}", session.message_writer().failure_text(failure)))];
    if failure.is_unknown_key() {
        said.push((Tone::Plain, session.lang.format_text("setup.unknown_key", &[("host", host)])));
    }
    let config = session.environment.config_path.display().to_string();
    said.extend(messages::failure_advice(&session.lang, failure, &config).map(|text| (Tone::Plain, text)));
    said.push((Tone::Dim, session.text("setup.again_or_back").to_owned()));
    said
}

fn key_user_note(session: &Session) -> (Tone, String) {
    match (probe_outcome(session, AccountResource::Me), &session.account_data.current_user) {
        (ProbeOutcome::Allowed, Some(me)) => (Tone::Good, format!("✓ {}", key_user_text(session, me))),
        (ProbeOutcome::Denied(failure), _) => (
            Tone::Warning,
            format!(
                "? {}",
                session.lang.format_text("setup.no_me", &[("why", &session.message_writer().failure_text(failure))])
            ),
        ),
        _ => (Tone::Dim, format!("· {}", session.text("setup.asking"))),
    }
}

fn key_user_text(session: &Session, me: &CurrentUser) -> String {
    let name = |role: &crate::domain::Role| match (&role.name, role.id) {
        (name, Some(id)) if name.is_empty() => id.to_string(),
        (name, _) => name.clone(),
    };
    let roles: Vec<String> = me.roles.iter().map(name).collect();
    let user = me.user_id.to_string();
    let who = if me.name.is_empty() { user.clone() } else { me.name.clone() };
    if roles.is_empty() {
        return session.lang.format_text("setup.me", &[("name", &who), ("id", &user)]);
    }
    let values = [("name", &*who), ("id", &*user), ("roles", &*roles.join(", "))];
    session.lang.format_text("setup.me_with_roles", &values)
}

fn key_account_note(session: &Session) -> (Tone, String) {
    match (probe_outcome(session, AccountResource::Account), &session.account_data.account) {
        (ProbeOutcome::Allowed, Some(account)) => {
            let id = account.id.to_string();
            let words =
                session.lang.format_text("setup.account", &[("id", &id), ("organization", &account.organization)]);
            (Tone::Good, format!("✓ {}", words.trim_end().trim_end_matches(':')))
        }
        (ProbeOutcome::Denied(failure) | ProbeOutcome::Failed(failure), _) => {
            let words = session
                .lang
                .format_text("setup.no_account", &[("why", &session.message_writer().failure_text(failure))]);
            (Tone::Warning, format!("? {words}"))
        }
        _ => (Tone::Dim, format!("· {}", session.text("setup.asking"))),
    }
}

fn key_product_note(session: &Session) -> (Tone, String) {
    match (probe_outcome(session, AccountResource::Product), &session.account_data.product) {
        (ProbeOutcome::Allowed, Some(product)) => {
            let years = product.years.as_ref().map(|years| years.iter().map(u32::to_string).collect::<Vec<_>>());
            let words = match years {
                Some(years) => session.lang.format_text("setup.product_years", &[("years", &years.join(", "))]),
                None => session.text("setup.product").to_owned(),
            };
            (Tone::Good, format!("✓ {words}"))
        }
        (ProbeOutcome::Failed(failure), _) if is_product_missing(failure) => {
            let words = session
                .lang
                .format_text("setup.no_product", &[("why", &session.message_writer().failure_text(failure))]);
            (Tone::Error, format!("✗ {words}"))
        }
        (ProbeOutcome::Denied(failure) | ProbeOutcome::Failed(failure), _) => {
            let words = session
                .lang
                .format_text("setup.unknown_product", &[("why", &session.message_writer().failure_text(failure))]);
            (Tone::Warning, format!("? {words}"))
        }
        _ => (Tone::Dim, format!("· {}", session.text("setup.asking"))),
    }
}

/// Returns the note on the access to a list, and on what a missing access means.
fn list_access_note(session: &Session, want: AccountResource, id: &'static str) -> (Tone, String) {
    let what = session.text(id);
    match probe_outcome(session, want) {
        ProbeOutcome::Pending => (Tone::Dim, format!("· {what}")),
        ProbeOutcome::Allowed => (Tone::Good, format!("✓ {what}")),
        ProbeOutcome::Denied(_) => {
            (Tone::Warning, format!("! {}", session.lang.format_text(no_access_text_id(want), &[("what", what)])))
        }
        ProbeOutcome::Failed(failure) => {
            let why = session.message_writer().failure_text(failure);
            (
                Tone::Warning,
                format!("? {}", session.lang.format_text("setup.not_told", &[("what", what), ("why", &why)])),
            )
        }
    }
}

/// Returns true if the server does not know the product, or not for this account (certcentral-api.md 1.5). That it
/// means the latter is inferred; the text shows it as the words of DigiCert.
fn is_product_missing(failure: &ApiError) -> bool {
    matches!(failure, ApiError::Refused { errors, .. } if errors.iter().any(|error| error.code == "not_found|product"))
}

/// Returns the text id for what it means that a key does not open a list.
fn no_access_text_id(want: AccountResource) -> &'static str {
    match want {
        AccountResource::Orders(_) => "setup.closed_orders",
        AccountResource::Balance(_) | AccountResource::Profiles => "setup.closed_money",
        _ => "setup.closed",
    }
}
