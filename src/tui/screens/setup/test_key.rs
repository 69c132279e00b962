//! The key test: whom the key belongs to, whether the product can be ordered, and which lists the key opens.
//!
//! If the host belongs neither to DigiCert nor to this computer, the key is sent only after the person has typed the
//! name of the host. Server messages are shown as they came, with advice. Nothing is saved here.

use crate::domain::{AccountData, AccountResource, ApiError, CurrentUser, TransportError};
use crate::messages;
use crate::product::StepId;
use crate::tone::Tone;
use crate::tui::component::{Component, ComponentEvent, ComponentReply, ScreenRoute, Transition};
use crate::tui::keymap::{Action, KeyContext};
use crate::tui::message::{Effect, SetupReply, SetupTask};
use crate::tui::session::Session;
use crate::tui::session::fetch::{FetchState, FetchTracker};
use crate::tui::session::setup::{account_setup, setup_host};
use crate::tui::widgets::typed_word::TypedWord;
use crate::tui::widgets::{Line, ScrollPosition, wrap_paragraph};

/// The step that asks for the key.
const KEY_STEP: ScreenRoute = ScreenRoute::Step(StepId(1));

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
pub struct KeyTestScreen {
    scroll: ScrollPosition,
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

impl Component for KeyTestScreen {
    fn key_context(&self, _session: &Session) -> KeyContext {
        if self.is_typing_host() { KeyContext::SetupHostName } else { KeyContext::SetupKeyTest }
    }

    fn handle(&mut self, event: ComponentEvent<'_>, session: &mut Session) -> Transition {
        match event {
            ComponentEvent::Action(Action::Enter) => return self.continue_test(session),
            ComponentEvent::Action(Action::Refresh) if !self.is_typing_host() => return self.start(session),
            ComponentEvent::Action(Action::Refresh) => session.show_flash("flash.no_key"),
            ComponentEvent::Action(Action::Back) => return Transition::Go(KEY_STEP),
            ComponentEvent::Action(Action::Edit(request)) => self.typed_host.apply_edit(request),
            ComponentEvent::Action(_) => {}
            ComponentEvent::Text(text) => text.chars().for_each(|c| self.typed_host.push_char(c)),
            ComponentEvent::Paste(_) => session.show_flash("flash.no_paste"),
        }
        Transition::Stay
    }

    fn text_lines(&self, session: &Session, width: usize) -> Vec<Line> {
        let notes = self.notes(session);
        notes.into_iter().flat_map(|(tone, text)| wrap_paragraph(tone, &text, 1, width)).collect()
    }

    fn scroll(&self) -> Option<ScrollPosition> {
        Some(self.scroll)
    }

    fn scroll_mut(&mut self) -> Option<&mut ScrollPosition> {
        Some(&mut self.scroll)
    }

    fn input_line(&self, session: &Session, width: usize) -> Option<Line> {
        self.is_typing_host().then(|| self.typed_host.prompt_line(session.text("setup.host_prompt"), true, width))
    }

    fn help_notes(&self, session: &Session) -> Vec<(Tone, String)> {
        let id = if self.is_typing_host() { "help.setup_foreign" } else { "help.setup_trial" };
        vec![(Tone::Dim, session.text(id).to_owned())]
    }

    fn takes_text(&self, _session: &Session) -> bool {
        self.is_typing_host()
    }

    /// First the user of the key, and the rest once the server has accepted the key.
    fn needed_resources(&self, session: &Session, _is_covered: bool) -> Vec<AccountResource> {
        if self.stage != KeyTestStage::Probing {
            return Vec::new();
        }
        if !is_key_accepted(session) {
            return vec![AccountResource::Me];
        }
        let first = [AccountResource::Me, AccountResource::Account, AccountResource::Product];
        first.into_iter().chain(PROBED_RESOURCES.map(|(resource, _)| resource)).collect()
    }

    /// Takes the result of reading the key and making a client.
    fn take_reply(&mut self, reply: ComponentReply<'_>, _session: &mut Session) -> Transition {
        if let ComponentReply::Setup(SetupReply::KeyInUse(tried)) = reply {
            self.stage = tried.err().map_or(KeyTestStage::Probing, KeyTestStage::KeyUnusable);
        }
        Transition::Stay
    }
}

impl KeyTestScreen {
    /// Returns a test that was passed before.
    pub(in crate::tui) fn passed() -> Self {
        Self { stage: KeyTestStage::Probing, ..Self::default() }
    }

    /// Starts the test at once, unless the host is foreign and its name must be typed first.
    pub(in crate::tui) fn begin(&mut self, session: &mut Session) -> Transition {
        let is_known = setup_host(session).is_some_and(|host| host.is_digicert() || host.is_loopback());
        if is_known { self.start(session) } else { Transition::Stay }
    }

    /// Returns true while the person must type the name of the host.
    fn is_typing_host(&self) -> bool {
        self.stage == KeyTestStage::HostName
    }

    fn start(&mut self, session: &mut Session) -> Transition {
        let Some(account) = account_setup(session) else { return Transition::Stay };
        if account.needs_key() {
            // The key was wiped because nobody typed for a while. The key at the chosen location may be a different
            // one.
            session.show_flash("flash.key_again");
            return Transition::Go(KEY_STEP);
        }
        // Replies to another key or from another host are no longer true, and need not arrive.
        session.queued_effects.extend(session.fetches.pending_tickets().map(Effect::Cancel));
        (session.fetches, session.account_data) = (FetchTracker::default(), AccountData::default());
        session.account.host = setup_host(session).map(|host| host.host_and_port().to_owned()).unwrap_or_default();
        session.account.name.clone_from(&account.name);
        session.account.is_sandbox = false;
        (self.stage, self.scroll) = (KeyTestStage::ReadingKey, ScrollPosition::default());
        session.request_setup_task(SetupTask::UseKey(Box::new(account)));
        Transition::Stay
    }

    /// Returns true if no request is under way.
    fn is_done(&self, session: &Session) -> bool {
        let resources = self.needed_resources(session, false);
        let is_known = |resource| !matches!(probe_outcome(session, resource), ProbeOutcome::Pending);
        !resources.is_empty() && resources.into_iter().all(is_known)
    }

    /// Sends the key to the host whose name was typed, goes on, or goes back to correct the key.
    fn continue_test(&mut self, session: &mut Session) -> Transition {
        match self.stage {
            KeyTestStage::HostName if self.typed_host.typed_text() == setup_host_name(session) => {
                return self.start(session);
            }
            KeyTestStage::HostName => session.show_flash("flash.host_name"),
            KeyTestStage::Probing if is_key_accepted(session) && self.is_done(session) => {
                session.swap_setup_forms();
                return Transition::Go(ScreenRoute::Step(StepId(0)));
            }
            KeyTestStage::Probing if is_key_accepted(session) => session.show_flash("flash.still_asking"),
            KeyTestStage::ReadingKey => session.show_flash("flash.still_asking"),
            KeyTestStage::Probing | KeyTestStage::KeyUnusable(_) => return Transition::Go(KEY_STEP),
        }
        Transition::Stay
    }

    fn notes(&self, session: &Session) -> messages::TonedLines {
        let host = setup_host_name(session);
        match &self.stage {
            KeyTestStage::HostName => vec![
                (Tone::Heading, session.text("setup.foreign_title").to_owned()),
                (Tone::Warning, session.lang.format_text("setup.foreign", &[("host", &host)])),
            ],
            KeyTestStage::ReadingKey => vec![(Tone::Dim, session.text("setup.reading_key").to_owned())],
            KeyTestStage::KeyUnusable(error) => {
                let why = session.message_writer().reason_text(error);
                vec![
                    (Tone::Error, format!("✗ {}", session.lang.format_text("setup.unusable", &[("why", &why)]))),
                    (Tone::Dim, session.text("setup.back_to_key").to_owned()),
                ]
            }
            KeyTestStage::Probing => self.probe_notes(session, &host),
        }
    }

    fn probe_notes(&self, session: &Session, host: &str) -> messages::TonedLines {
        let mut notes = vec![(Tone::Heading, session.lang.format_text("setup.trial_title", &[("host", host)]))];
        if !is_key_accepted(session) {
            match probe_outcome(session, AccountResource::Me) {
                ProbeOutcome::Denied(failure) | ProbeOutcome::Failed(failure) => {
                    notes.extend(rejected_key_notes(session, failure, host));
                }
                ProbeOutcome::Pending | ProbeOutcome::Allowed => {
                    notes.push((Tone::Dim, session.text("setup.asking").to_owned()));
                }
            }
            return notes;
        }
        notes.push(key_user_note(session));
        notes.push(key_account_note(session));
        notes.push(key_product_note(session));
        notes.extend(PROBED_RESOURCES.map(|(resource, id)| list_access_note(session, resource, id)));
        let id = if self.is_done(session) { "setup.tried" } else { "setup.asking" };
        notes.push((Tone::Dim, session.text(id).to_owned()));
        notes
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
