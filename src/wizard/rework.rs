//! The order's JSON in the person's own editor, and what comes back from there.
//!
//! Secrets are not in it, so they stay in the form. What is no JSON object any more is not lost: it can be edited again.
//! It starts no program itself: it asks, and goes on with the answer.

use super::msg::{Effect, FileTask};
use super::{Model, Overlay, review};
use crate::facts::Unedited;
use crate::form::Reading;
use crate::json::{self, Doc};
use crate::layout::{Line, Reader, Tone, paragraph};
use crate::secret::SecretText;
use crate::tell;
use std::path::PathBuf;

/// The editor, where it lies over Review.
#[derive(Debug, Clone)]
pub struct Rework {
    /// What is handed to the editor next; it may hold what was typed there. Nothing while the editor has the terminal.
    text: Option<SecretText>,
    /// Why nothing was taken over from it.
    why: String,
    /// How far down it is scrolled.
    pub(super) reader: Reader,
}

impl Rework {
    /// Whether the editor has the terminal.
    pub(super) fn is_out(&self) -> bool {
        self.text.is_none()
    }
}

impl Model {
    /// Hands the JSON to the editor, unless nothing may be changed now.
    pub(super) fn edit_outside(&mut self) -> Vec<Effect> {
        if self.awaited.is_some() {
            self.flash("flash.file_busy");
            return Vec::new();
        }
        if let Some(why) = self.unchangeable() {
            self.flash(why);
            return Vec::new();
        }
        self.hand_out(SecretText::from(self.form.file_text()))
    }

    fn hand_out(&mut self, text: SecretText) -> Vec<Effect> {
        self.put_rework(None, String::new());
        let saved = self.save_now();
        let asked = self.ask_of_file(PathBuf::new(), false, FileTask::Edit(text.clone()));
        self.handed = Some(text);
        saved.into_iter().chain(asked).collect()
    }

    fn put_rework(&mut self, text: Option<SecretText>, why: String) {
        self.close_rework();
        self.overlays.push(Overlay::Rework(Box::new(Rework { text, why, reader: Reader::default() })));
    }

    fn close_rework(&mut self) {
        self.overlays.retain(|overlay| !matches!(overlay, Overlay::Rework(_)));
    }

    /// Hands out once more what came back, or what was handed out.
    pub(super) fn edit_again(&mut self) -> Vec<Effect> {
        let Some(Overlay::Rework(rework)) = self.overlays.last_mut() else { return Vec::new() };
        let text = rework.text.take();
        text.map(|text| self.hand_out(text)).unwrap_or_default()
    }

    /// The editor has ended.
    pub(super) fn edited(&mut self, edited: Result<SecretText, Unedited>) {
        let handed = self.handed.take();
        match edited {
            Ok(text) => self.take_over(text),
            Err(why) => self.put_rework(handed, tell::unedited_words(&self.lang, &why)),
        }
    }

    fn take_over(&mut self, text: SecretText) {
        let read = self.read_back(text.expose());
        match read {
            Ok(None) => {
                self.close_rework();
                self.flash("flash.unedited");
            }
            Ok(Some((reading, withdrawn))) => self.take_reading(reading, withdrawn),
            Err(why) => self.put_rework(Some(text), why),
        }
    }

    /// What the text makes of the form: nothing where it says what the form says. Or why it is no order.
    fn read_back(&self, text: &str) -> Result<Option<(Reading, bool)>, String> {
        let doc = json::parse(text).map_err(|flaw| {
            let (line, column) = json::place(text, flaw.at());
            let values = [("line", line.to_string()), ("column", column.to_string())];
            let why = tell::flaw_words(&self.lang, &flaw);
            self.lang.tell("editor.not_json", &[("line", &values[0].1), ("column", &values[1].1), ("why", &why)])
        })?;
        if self.says_the_same(&doc) {
            return Ok(None);
        }
        self.form.reworked(&doc).map(Some).map_err(|_| self.say("editor.not_an_object").to_owned())
    }

    fn says_the_same(&self, doc: &Doc) -> bool {
        json::parse(&self.form.file_text()).is_ok_and(|now| now == *doc)
    }

    /// The form is what the editor left.
    fn take_reading(&mut self, reading: Reading, withdrawn: bool) {
        self.form = reading.form;
        // Rows have other keys now, and what the server said was of what was there.
        (self.focus, self.undo, self.history, self.editor) = Default::default();
        (self.marks.remarks, self.marks.outcome) = Default::default();
        self.marks.notices = review::notices(self, withdrawn, &reading.notes);
        self.touch();
        self.show_review();
        self.flash("flash.edited");
    }

    /// What is said while the editor has the terminal, or why nothing came back.
    pub(super) fn rework_lines(&self, rework: &Rework, width: usize) -> Vec<Line> {
        let said = match &rework.text {
            None => vec![(Tone::Dim, self.say("editor.out").to_owned())],
            Some(_) => vec![
                (Tone::Heading, self.say("editor.title").to_owned()),
                (Tone::Error, format!("✗ {}", rework.why)),
                (Tone::Plain, self.say("editor.again").to_owned()),
            ],
        };
        said.into_iter().flat_map(|(tone, text)| paragraph(tone, &text, 1, width)).collect()
    }
}
