//! The last screen of setting up: what is written down where, and writing it.
//!
//! The key goes to its place, everything else into the configuration. What was written is then opened anew, so that it
//! is known to be there.

use super::Guiding;
use crate::facts::KeyPlace;
use crate::layout::{Line, Reader, Tone, paragraph};
use crate::product::StepId;
use crate::wizard::msg::{Effect, GuideTask, NewAccount};
use crate::wizard::{Model, Next, Screen};

impl Model {
    pub(super) fn show_keep(&mut self) {
        self.leave_spot();
        self.screen = Screen::Guide(Guiding::Keep { reader: Reader::default(), writing: false, why: None });
    }

    pub(super) fn keep_lines(&self, writing: bool, why: Option<&str>, width: usize) -> Vec<Line> {
        let Some(account) = self.new_account() else { return Vec::new() };
        let mut said: Vec<(Tone, String)> = why.map(|why| (Tone::Error, format!("✗ {why}"))).into_iter().collect();
        said.push((Tone::Heading, self.say("setup.keep_title").to_owned()));
        said.push((Tone::Plain, self.key_goes(&account)));
        let config = self.around.config.display().to_string();
        said.push((Tone::Plain, self.lang.tell("setup.config_goes", &[("path", &config)])));
        let mut lines: Vec<Line> = said.into_iter().flat_map(|(tone, text)| paragraph(tone, &text, 1, width)).collect();
        for (name, value) in self.kept_values(&account) {
            lines.extend(paragraph(Tone::Plain, &format!("{name}: {value}"), 4, width));
        }
        if self.around.accounts.iter().any(|known| known.name != account.name) {
            let words = self.lang.tell("setup.not_default", &[("name", &account.name)]);
            lines.extend(paragraph(Tone::Note, &words, 1, width));
        }
        let last = if writing { "setup.writing" } else { "setup.keep_keys" };
        lines.extend(paragraph(Tone::Dim, self.say(last), 1, width));
        lines
    }

    /// Where the key goes, or where it stays.
    fn key_goes(&self, account: &NewAccount) -> String {
        let (id, value) = match &account.place {
            KeyPlace::Keyring => ("setup.key_to_keyring", String::new()),
            KeyPlace::Command(words) => ("setup.key_from_command", words.join(" ")),
            KeyPlace::Variable(name) => ("setup.key_from_variable", name.clone()),
            KeyPlace::File(path) => ("setup.key_to_file", path.display().to_string()),
        };
        self.lang.tell(id, &[("value", &value)])
    }

    /// What goes into the configuration, by the labels under which it was asked for.
    fn kept_values(&self, account: &NewAccount) -> Vec<(String, String)> {
        let url = account.url.as_ref().unwrap_or(&self.around.europe);
        let mut values = vec![
            (self.say("setup.account_name").to_owned(), account.name.clone()),
            (self.say("setup.account_url").to_owned(), url.clone()),
            (self.say("setup.account_lang").to_owned(), account.lang.clone()),
        ];
        let form = self.presets_form();
        for (id, text) in &account.order {
            let Some(form) = form else { break };
            let Some(field) = form.product().find(id) else { continue };
            let (step, field) = (form.product().group_of(field).step, &form.product()[field]);
            let name = format!("{}, {}", self.words(&form.product()[step].title), self.words(&field.label));
            values.push((name, text.clone()));
        }
        values
    }

    /// Has everything written down.
    pub(super) fn keep_account(&mut self) -> Vec<Effect> {
        let Some(account) = self.new_account() else { return Vec::new() };
        if account.lacks_key() {
            // It was wiped because nobody typed for a while.
            self.swap_forms();
            self.go_to_step(StepId(1));
            self.flash("flash.key_again");
            return Vec::new();
        }
        self.screen = Screen::Guide(Guiding::Keep { reader: Reader::default(), writing: true, why: None });
        let ticket = self.guide_ticket();
        vec![Effect::Guide(ticket, GuideTask::Keep(Box::new(account)))]
    }

    /// It was written down, or why not.
    pub(super) fn kept_account(&mut self, kept: Result<(), String>) -> Vec<Effect> {
        match (kept, self.new_account()) {
            (Ok(()), Some(account)) => self.leave_for(Next::Account(account.name)),
            (Err(why), _) => {
                self.screen =
                    Screen::Guide(Guiding::Keep { reader: Reader::default(), writing: false, why: Some(why) });
                Vec::new()
            }
            (Ok(()), None) => Vec::new(),
        }
    }
}
