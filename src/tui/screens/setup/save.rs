//! The last screen of the setup: what is saved where, and saving it.
//!
//! The key goes to its location, everything else to the configuration. Afterwards zegel opens the account from there,
//! so that it is certain that everything was saved.

use crate::domain::KeyLocation;
use crate::i18n::{TextId, texts, with};
use crate::product::StepId;
use crate::tone::Tone;
use crate::tui::component::{Component, ComponentEvent, ComponentReply, ScreenRoute, Transition};
use crate::tui::keymap::{Action, KeyContext};
use crate::tui::message::{AccountSetup, SetupReply, SetupTask};
use crate::tui::session::Session;
use crate::tui::session::exit::NextSession;
use crate::tui::session::field_text::product_text;
use crate::tui::session::setup::{account_setup, setup_presets_form};
use crate::tui::widgets::{Line, ScrollPosition, wrap_paragraph};

/// What will be saved.
#[derive(Debug, Clone, Default)]
pub struct SetupSaveScreen {
    scroll: ScrollPosition,
    /// True while the account is being saved.
    is_saving: bool,
    /// Why saving failed.
    error: Option<String>,
}

impl Component for SetupSaveScreen {
    fn key_context(&self, _session: &Session) -> KeyContext {
        KeyContext::SetupSave
    }

    fn handle(&mut self, event: ComponentEvent<'_>, session: &mut Session) -> Transition {
        match event {
            ComponentEvent::Action(Action::Enter) if !self.is_saving => return self.save_account(session),
            ComponentEvent::Action(Action::Back) if self.is_saving => session.show_flash(texts::flash::STILL_WRITING),
            ComponentEvent::Action(Action::Back) => {
                return Transition::Go(ScreenRoute::Step(StepId(session.product().steps.len() - 1)));
            }
            _ => {}
        }
        Transition::Stay
    }

    fn text_lines(&self, session: &Session, width: usize) -> Vec<Line> {
        setup_save_lines(session, self.is_saving, self.error.as_deref(), width)
    }

    fn scroll(&self) -> Option<ScrollPosition> {
        Some(self.scroll)
    }

    fn scroll_mut(&mut self) -> Option<&mut ScrollPosition> {
        Some(&mut self.scroll)
    }

    fn help_notes(&self, session: &Session) -> Vec<(Tone, String)> {
        vec![(Tone::Dim, session.text(texts::help::SETUP_KEEP).to_owned())]
    }

    /// Opens the account that was saved, or shows why saving failed.
    fn take_reply(&mut self, reply: ComponentReply<'_>, session: &mut Session) -> Transition {
        match reply {
            ComponentReply::Setup(SetupReply::AccountSaved(Ok(()))) => match account_setup(session) {
                Some(account) => Transition::QuitAndOpen(NextSession::NewOrder(account.name)),
                None => Transition::Stay,
            },
            ComponentReply::Setup(SetupReply::AccountSaved(Err(error))) => {
                *self = Self { error: Some(error), ..Self::default() };
                Transition::Stay
            }
            _ => Transition::Stay,
        }
    }
}

impl SetupSaveScreen {
    /// Saves the account. If the key was wiped, it goes back to the step that asks for it.
    fn save_account(&mut self, session: &mut Session) -> Transition {
        let Some(account) = account_setup(session) else { return Transition::Stay };
        if account.needs_key() {
            // The key was wiped because nobody typed for a while.
            session.swap_setup_forms();
            session.show_flash(texts::flash::KEY_AGAIN);
            return Transition::Go(ScreenRoute::Step(StepId(1)));
        }
        *self = Self { is_saving: true, ..Self::default() };
        session.request_setup_task(SetupTask::SaveAccount(Box::new(account)));
        Transition::Stay
    }
}

fn setup_save_lines(session: &Session, writing: bool, why: Option<&str>, width: usize) -> Vec<Line> {
    let Some(account) = account_setup(session) else { return Vec::new() };
    let mut notes: Vec<(Tone, String)> = why.map(|why| (Tone::Error, format!("✗ {why}"))).into_iter().collect();
    notes.push((Tone::Heading, session.text(texts::setup::KEEP_TITLE).to_owned()));
    notes.push((Tone::Plain, key_destination_text(session, &account)));
    let config = session.environment.config_path.display().to_string();
    notes.push((Tone::Plain, session.lang.format(texts::setup::CONFIG_GOES, with::Path(&config))));
    let mut lines: Vec<Line> =
        notes.into_iter().flat_map(|(tone, text)| wrap_paragraph(tone, &text, 1, width)).collect();
    for (name, value) in config_values(session, &account) {
        lines.extend(wrap_paragraph(Tone::Plain, &format!("{name}: {value}"), 4, width));
    }
    if session.environment.accounts.iter().any(|known| known.name != account.name) {
        let words = session.lang.format(texts::setup::NOT_DEFAULT, with::Name(&account.name));
        lines.extend(wrap_paragraph(Tone::Note, &words, 1, width));
    }
    let last = if writing { texts::setup::WRITING } else { texts::setup::KEEP_KEYS };
    lines.extend(wrap_paragraph(Tone::Dim, session.text(last), 1, width));
    lines
}

/// Returns where the key goes, or where it stays.
fn key_destination_text(session: &Session, account: &AccountSetup) -> String {
    let of_value = |id: TextId<with::Value<'_>>, value: &str| session.lang.format(id, with::Value(&value));
    match &account.key_location {
        KeyLocation::Keyring => session.text(texts::setup::KEY_TO_KEYRING).to_owned(),
        KeyLocation::Command(words) => of_value(texts::setup::KEY_FROM_COMMAND, &words.join(" ")),
        KeyLocation::Variable(name) => of_value(texts::setup::KEY_FROM_VARIABLE, name),
        KeyLocation::File(path) => of_value(texts::setup::KEY_TO_FILE, &path.display().to_string()),
    }
}

/// Returns the values for the configuration, with the labels of the fields that asked for them.
fn config_values(session: &Session, account: &AccountSetup) -> Vec<(String, String)> {
    let url = account.url.as_ref().unwrap_or(&session.environment.default_url);
    let mut values = vec![
        (session.text(texts::setup::ACCOUNT_NAME).to_owned(), account.name.clone()),
        (session.text(texts::setup::ACCOUNT_URL).to_owned(), url.clone()),
        (session.text(texts::setup::ACCOUNT_LANG).to_owned(), account.lang.clone()),
    ];
    let form = setup_presets_form(session);
    for (id, text) in &account.presets {
        let Some(form) = form else { break };
        let Some(field) = form.product().find_field(id) else { continue };
        let (step, field) = (form.product().group_of(field).step, &form.product()[field]);
        let name =
            format!("{}, {}", product_text(session, &form.product()[step].title), product_text(session, &field.label));
        values.push((name, text.clone()));
    }
    values
}
