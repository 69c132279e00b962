//! The key test: whom the key belongs to, whether the product can be ordered, and which lists the key opens.
//!
//! If the host belongs neither to DigiCert nor to this computer, the key is sent only after the person has typed the
//! name of the host. Server messages are shown as they came, with advice. Nothing is saved here.

use crate::account::readiness::{self, AccountAnswers, AnswerState, Fact, is_key_accepted};
use crate::domain::{AccountData, AccountResource, ApiError, TransportError};
use crate::i18n::{texts, with};
use crate::messages;
use crate::product::StepId;
use crate::tone::Tone;
use crate::tui::component::{Component, ComponentEvent, ComponentReply, ScreenRoute, Transition};
use crate::tui::keymap::{Action, KeyContext};
use crate::tui::message::{Effect, SetupReply, SetupTask};
use crate::tui::session::Session;
use crate::tui::session::fetch::FetchTracker;
use crate::tui::session::setup::{account_setup, setup_host};
use crate::tui::widgets::word_input::WordInput;
use crate::tui::widgets::{Line, ScrollPosition, wrap_paragraph};

/// The step that asks for the key.
const KEY_STEP: ScreenRoute = ScreenRoute::Step(StepId(1));

#[derive(Debug, Clone, Default)]
pub struct KeyTestScreen {
    scroll: ScrollPosition,
    typed_host: WordInput,
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

impl Component for KeyTestScreen {
    fn key_context(&self, _session: &Session) -> KeyContext {
        if self.is_typing_host() { KeyContext::SetupHostName } else { KeyContext::SetupKeyTest }
    }

    fn handle(&mut self, event: ComponentEvent<'_>, session: &mut Session) -> Transition {
        match event {
            ComponentEvent::Action(Action::Enter) => return self.continue_test(session),
            ComponentEvent::Action(Action::Refresh) if !self.is_typing_host() => return self.start(session),
            ComponentEvent::Action(Action::Refresh) => session.show_flash(texts::flash::NO_KEY),
            ComponentEvent::Action(Action::Back) => return Transition::Go(KEY_STEP),
            ComponentEvent::Action(Action::Edit(request)) => self.typed_host.apply_edit(request),
            ComponentEvent::Action(_) => {}
            ComponentEvent::Text(text) => text.chars().for_each(|c| self.typed_host.push_char(c)),
            ComponentEvent::Paste(_) => session.show_flash(texts::flash::NO_PASTE),
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
        self.is_typing_host().then(|| self.typed_host.prompt_line(session.text(texts::setup::HOST_PROMPT), true, width))
    }

    fn help_notes(&self, session: &Session) -> Vec<(Tone, String)> {
        let id = if self.is_typing_host() { texts::help::SETUP_FOREIGN } else { texts::help::SETUP_TRIAL };
        vec![(Tone::Dim, session.text(id).to_owned())]
    }

    fn takes_text(&self, _session: &Session) -> bool {
        self.is_typing_host()
    }

    fn needed_resources(&self, session: &Session, _is_covered: bool) -> Vec<AccountResource> {
        if self.stage == KeyTestStage::Probing { readiness::key_test_resources(session) } else { Vec::new() }
    }

    /// Takes the result of reading the key and making a client.
    fn take_reply(&mut self, reply: ComponentReply<'_>, _session: &mut Session) -> Transition {
        // A reply to a test that was left belongs to another key or host.
        if let ComponentReply::Setup(SetupReply::KeyInUse(tried)) = reply
            && self.stage == KeyTestStage::ReadingKey
        {
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
            session.show_flash(texts::flash::KEY_AGAIN);
            return Transition::Go(KEY_STEP);
        }
        // Replies to another key or from another host are no longer true, and need not arrive.
        let pending: Vec<Effect> = session.fetches.pending_tickets().map(Effect::Cancel).collect();
        session.queue_effects(pending);
        (session.fetches, session.account_data) = (FetchTracker::default(), AccountData::default());
        session.account.host = setup_host(session).map(|host| host.host_and_port().to_owned()).unwrap_or_default();
        session.account.name.clone_from(&account.name);
        session.account.is_sandbox = false;
        (self.stage, self.scroll) = (KeyTestStage::ReadingKey, ScrollPosition::default());
        session.request_setup_task(SetupTask::UseKey(Box::new(account)));
        Transition::Stay
    }

    /// Sends the key to the host whose name was typed, goes on, or goes back to correct the key.
    fn continue_test(&mut self, session: &mut Session) -> Transition {
        match self.stage {
            KeyTestStage::HostName if self.typed_host.typed_text() == setup_host_name(session) => {
                return self.start(session);
            }
            KeyTestStage::HostName => session.show_flash(texts::flash::HOST_NAME),
            KeyTestStage::Probing if is_key_accepted(session) && is_key_test_done(session) => {
                session.swap_setup_forms();
                return Transition::Go(ScreenRoute::Step(StepId(0)));
            }
            KeyTestStage::Probing if is_key_accepted(session) => session.show_flash(texts::flash::STILL_ASKING),
            KeyTestStage::ReadingKey => session.show_flash(texts::flash::STILL_ASKING),
            KeyTestStage::Probing | KeyTestStage::KeyUnusable(_) => return Transition::Go(KEY_STEP),
        }
        Transition::Stay
    }

    fn notes(&self, session: &Session) -> messages::TonedLines {
        let host = setup_host_name(session);
        match &self.stage {
            KeyTestStage::HostName => vec![
                (Tone::Heading, session.text(texts::setup::FOREIGN_TITLE).to_owned()),
                (Tone::Warning, session.lang.format(texts::setup::FOREIGN, with::Host(&host))),
            ],
            KeyTestStage::ReadingKey => vec![(Tone::Dim, session.text(texts::setup::READING_KEY).to_owned())],
            KeyTestStage::KeyUnusable(error) => {
                let why = session.message_writer().reason_text(error);
                vec![
                    (Tone::Error, format!("✗ {}", session.lang.format(texts::setup::UNUSABLE, with::Why(&why)))),
                    (Tone::Dim, session.text(texts::setup::BACK_TO_KEY).to_owned()),
                ]
            }
            KeyTestStage::Probing => key_test_notes(session, &host),
        }
    }
}

/// Returns true if every answer is there.
fn is_key_test_done(session: &Session) -> bool {
    let wants = readiness::key_test_resources(session);
    wants.into_iter().all(|want| matches!(session.answer_state(want), AnswerState::Answered | AnswerState::Failed(_)))
}

fn key_test_notes(session: &Session, host: &str) -> messages::TonedLines {
    let mut notes = vec![(Tone::Heading, session.lang.format(texts::setup::TRIAL_TITLE, with::Host(&host)))];
    match readiness::find_key(session).1 {
        Fact::Failed(failure) => notes.extend(rejected_key_notes(session, failure, host)),
        Fact::Loading => notes.push((Tone::Dim, session.text(texts::setup::ASKING).to_owned())),
        _ => {
            let writer = session.message_writer();
            let wants = readiness::key_test_resources(session).into_iter();
            notes.extend(wants.map(|want| writer.key_test_line(want, &readiness::find_key_access(session, want))));
            let id = if is_key_test_done(session) { texts::setup::TRIED } else { texts::setup::ASKING };
            notes.push((Tone::Dim, session.text(id).to_owned()));
        }
    }
    notes
}

fn setup_host_name(session: &Session) -> String {
    setup_host(session).map(|host| host.host_and_port().to_owned()).unwrap_or_default()
}

/// Returns why the key does not open the account, and what to do.
fn rejected_key_notes(session: &Session, failure: &ApiError, host: &str) -> messages::TonedLines {
    let mut notes = vec![(Tone::Error, format!("✗ {}", session.message_writer().failure_text(failure)))];
    if failure.is_unknown_key() {
        notes.push((Tone::Plain, session.lang.format(texts::setup::UNKNOWN_KEY, with::Host(&host))));
    }
    let config = session.environment.config_path.display().to_string();
    notes.extend(messages::failure_advice(&session.lang, failure, &config).map(|text| (Tone::Plain, text)));
    notes.push((Tone::Dim, session.text(texts::setup::AGAIN_OR_BACK).to_owned()));
    notes
}
