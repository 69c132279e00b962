//! The last screen of the setup: what is saved where, and saving it.
//!
//! The key goes to its location, everything else to the configuration. Afterwards zegel opens the account from there,
//! so that it is certain that everything was saved.

use super::SetupScreen;
use crate::domain::KeyLocation;
use crate::product::StepId;
use crate::tone::Tone;
use crate::tui::app::{App, NextSession, Screen};
use crate::tui::message::{AccountSetup, Effect, SetupTask};
use crate::tui::screens::setup::{account_setup, setup_presets_form};
use crate::tui::screens::step::values::product_text;
use crate::tui::session::Session;
use crate::tui::widgets::{Line, ScrollPosition, wrap_paragraph};

impl App {
    pub(super) fn show_setup_save(&mut self) {
        self.leave_focused_field();
        self.screen = Screen::Setup(SetupScreen::Save { reader: ScrollPosition::default(), writing: false, why: None });
    }

    /// Saves the account. If the key was wiped, it goes back to the step that asks for it.
    pub(super) fn save_account(&mut self) -> Vec<Effect> {
        let Some(account) = account_setup(&self.session) else { return Vec::new() };
        if account.needs_key() {
            // The key was wiped because nobody typed for a while.
            self.swap_setup_forms();
            self.go_to_step(StepId(1));
            self.session.show_flash("flash.key_again");
            return Vec::new();
        }
        self.screen = Screen::Setup(SetupScreen::Save { reader: ScrollPosition::default(), writing: true, why: None });
        let ticket = self.session.new_setup_ticket();
        vec![Effect::Setup(ticket, SetupTask::SaveAccount(Box::new(account)))]
    }

    /// Opens the account that was saved, or shows why saving failed.
    pub(super) fn handle_account_saved(&mut self, kept: Result<(), String>) -> Vec<Effect> {
        match (kept, account_setup(&self.session)) {
            (Ok(()), Some(account)) => self.quit_and_open(NextSession::NewOrder(account.name)),
            (Err(why), _) => {
                self.screen = Screen::Setup(SetupScreen::Save {
                    reader: ScrollPosition::default(),
                    writing: false,
                    why: Some(why),
                });
                Vec::new()
            }
            (Ok(()), None) => Vec::new(),
        }
    }
}

pub(super) fn setup_save_lines(session: &Session, writing: bool, why: Option<&str>, width: usize) -> Vec<Line> {
    let Some(account) = account_setup(session) else { return Vec::new() };
    let mut said: Vec<(Tone, String)> = why.map(|why| (Tone::Error, format!("✗ {why}"))).into_iter().collect();
    said.push((Tone::Heading, session.text("setup.keep_title").to_owned()));
    said.push((Tone::Plain, key_destination_text(session, &account)));
    let config = session.environment.config_path.display().to_string();
    said.push((Tone::Plain, session.lang.format_text("setup.config_goes", &[("path", &config)])));
    let mut lines: Vec<Line> =
        said.into_iter().flat_map(|(tone, text)| wrap_paragraph(tone, &text, 1, width)).collect();
    for (name, value) in config_values(session, &account) {
        lines.extend(wrap_paragraph(Tone::Plain, &format!("{name}: {value}"), 4, width));
    }
    if session.environment.accounts.iter().any(|known| known.name != account.name) {
        let words = session.lang.format_text("setup.not_default", &[("name", &account.name)]);
        lines.extend(wrap_paragraph(Tone::Note, &words, 1, width));
    }
    let last = if writing { "setup.writing" } else { "setup.keep_keys" };
    lines.extend(wrap_paragraph(Tone::Dim, session.text(last), 1, width));
    lines
}

/// Returns where the key goes, or where it stays.
fn key_destination_text(session: &Session, account: &AccountSetup) -> String {
    let (id, value) = match &account.key_location {
        KeyLocation::Keyring => ("setup.key_to_keyring", String::new()),
        KeyLocation::Command(words) => ("setup.key_from_command", words.join(" ")),
        KeyLocation::Variable(name) => ("setup.key_from_variable", name.clone()),
        KeyLocation::File(path) => ("setup.key_to_file", path.display().to_string()),
    };
    session.lang.format_text(id, &[("value", &value)])
}

/// Returns the values for the configuration, with the labels of the fields that asked for them.
fn config_values(session: &Session, account: &AccountSetup) -> Vec<(String, String)> {
    let url = account.url.as_ref().unwrap_or(&session.environment.default_url);
    let mut values = vec![
        (session.text("setup.account_name").to_owned(), account.name.clone()),
        (session.text("setup.account_url").to_owned(), url.clone()),
        (session.text("setup.account_lang").to_owned(), account.lang.clone()),
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
