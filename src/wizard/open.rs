//! Opening a file at Home: a path that is typed and completed, and what becomes of the file.
//!
//! It is looked through as `zegel check` does it; what is no order opens nothing, and why is said in place. Opened to be
//! reviewed, it is the file that is saved to. A new order that begins from it has nothing to do with it any more. It
//! reads no file itself: it asks, and goes on with the answer.

use super::marks::Notice;
use super::msg::{Effect, FileTask, Keep};
use super::save::{Opened, Stands};
use super::{Model, Overlay, Screen, edit, review};
use crate::facts::{Fitting, Known, Loaded, Snagged, Stamp};
use crate::form::audit::{Audit, audit, of_text};
use crate::form::{Audience, Context, Form, Reading};
use crate::json;
use crate::layout::{Line, Reader, Tone, paragraph};
use std::path::{Path, PathBuf};
use tui_input::{Input, InputRequest};

/// Opening a file, where it lies over Home.
#[derive(Debug, Clone)]
pub struct Opening {
    /// The path that is typed.
    path: Input,
    /// What is being read, if something is: whether a new order is to begin from it.
    reading: Option<bool>,
    /// Why nothing was opened.
    why: Option<String>,
    /// What the path can become, where that was asked.
    fits: Option<Fitting>,
    /// How far down it is scrolled.
    pub(super) reader: Reader,
}

impl Opening {
    /// Whether a path is typed.
    pub(super) fn takes_name(&self) -> bool {
        self.reading.is_none()
    }

    /// Something was typed: what was said of the path before does not hold any more.
    fn changed(&mut self) {
        (self.why, self.fits, self.reader) = (None, None, Reader::default());
    }
}

impl Model {
    /// Asks which file to open.
    pub(super) fn ask_for_file(&mut self) {
        let (path, reader) = (Input::default(), Reader::default());
        self.overlays.push(Overlay::Open(Box::new(Opening { path, reading: None, why: None, fits: None, reader })));
    }

    /// Opening, wherever it lies.
    fn opening_mut(&mut self) -> Option<&mut Opening> {
        self.overlays.iter_mut().find_map(|overlay| match overlay {
            Overlay::Open(opening) => Some(&mut **opening),
            _ => None,
        })
    }

    /// Whether a file that is read is to be opened.
    pub(super) fn is_opening(&self) -> bool {
        self.overlays.iter().any(|overlay| matches!(overlay, Overlay::Open(opening) if !opening.takes_name()))
    }

    /// Types into the path.
    pub(super) fn type_path(&mut self, text: &str) {
        let Some(opening) = self.opening_mut() else { return };
        opening.changed();
        if !edit::insert(&mut opening.path, text) {
            self.flash("flash.too_long");
        }
    }

    /// Moves or deletes in the path.
    pub(super) fn edit_path(&mut self, request: InputRequest) {
        let Some(opening) = self.opening_mut() else { return };
        if opening.path.handle(request).is_some_and(|changed| changed.value) {
            opening.changed();
        }
    }

    /// Asks what the path can become.
    pub(super) fn complete(&mut self) -> Vec<Effect> {
        let Some(opening) = self.opening_mut() else { return Vec::new() };
        if opening.path.value() == "~" {
            edit::insert(&mut opening.path, "/");
        }
        let typed = opening.path.value().to_owned();
        self.ask_of_file(PathBuf::from(&typed), true, FileTask::Complete(typed))
    }

    /// What the path can become, unless it is another one by now.
    pub(super) fn completed(&mut self, asked: &Path, fitting: Result<Fitting, Snagged>) {
        let why = fitting.as_ref().err().map(|why| self.teller().snag(why));
        let Some(opening) = self.opening_mut().filter(|opening| Path::new(opening.path.value()) == asked) else {
            return;
        };
        opening.changed();
        opening.why = why;
        let Ok(fitting) = fitting else { return };
        let typed = opening.path.value();
        let dir = &typed[..typed.rfind('/').map_or(0, |at| at + 1)];
        opening.path = Input::new(format!("{dir}{}", fitting.common));
        opening.fits = (!fitting.only).then_some(fitting);
    }

    /// Reads the file, to review it or to begin a new order from it.
    pub(super) fn open_file(&mut self, again: bool) -> Vec<Effect> {
        let Some(opening) = self.opening_mut() else { return Vec::new() };
        // A name may end in a blank, but none of a file that somebody means does.
        let path = PathBuf::from(opening.path.value().trim());
        if path.as_os_str().is_empty() {
            self.flash("flash.no_name");
            return Vec::new();
        }
        opening.changed();
        opening.reading = Some(again);
        self.ask_of_file(path.clone(), true, FileTask::Read(path))
    }

    /// It was read, or could not be.
    pub(super) fn read(&mut self, path: &Path, read: Result<Loaded, Snagged>) {
        let Some(again) = self.opening_mut().and_then(|opening| opening.reading.take()) else { return };
        if let Err(why) = self.try_to_open(path, again, read)
            && let Some(opening) = self.opening_mut()
        {
            opening.why = Some(why);
        }
    }

    fn try_to_open(&mut self, path: &Path, again: bool, read: Result<Loaded, Snagged>) -> Result<(), String> {
        let loaded = read.map_err(|why| self.teller().snag(&why))?;
        let known = Known::default();
        let context = Context { today: self.today, known: &known, audience: Audience::Review };
        let mut found = audit(self.product(), loaded.text.expose().as_bytes(), &context);
        let Some(reading) = found.reading.take() else { return Err(self.no_order(path, &loaded, &found)) };
        let strays: Vec<String> = reading.form.strays().into_iter().collect();
        if !strays.is_empty() {
            let values = [("path", &*path.display().to_string()), ("pointers", &strays.join(", "))];
            return Err(self.lang.tell("payload.stray", &values));
        }
        // What is not on disk yet stays in front.
        if matches!(self.screen, Screen::Home(_)) && !self.would_lose() {
            if again {
                self.begin_from(reading.form);
            } else {
                self.review_file(reading, (path.to_owned(), loaded.stamp), &found);
            }
        }
        Ok(())
    }

    /// Why a text is no order, with its place.
    fn no_order(&self, path: &Path, loaded: &Loaded, found: &Audit) -> String {
        let at = found.findings.first().map_or(0, |finding| finding.at.start);
        let why = found.findings.first().map(|finding| finding.say(&self.lang)).unwrap_or_default();
        let (line, column) = json::place(loaded.text.expose(), at);
        let (path, line, column) = (path.display().to_string(), line.to_string(), column.to_string());
        self.lang.tell("open.no_order", &[("path", &path), ("line", &line), ("column", &column), ("why", &why)])
    }

    /// At Review, as `zegel review` opens it.
    fn review_file(&mut self, reading: Reading, (path, stamp): (PathBuf, Stamp), found: &Audit) {
        let mut form = reading.form;
        let stands = Stands::of(&form, found.has_errors());
        let withdrawn = form.withdraw_consent();
        self.take_the_place(form);
        self.file = Some(Opened::new(path, stamp, stands));
        self.marks.notices = review::notices(self, withdrawn, &reading.notes);
        self.marks.notices.extend(of_text(&self.lang, &found.findings).into_iter().map(Notice::Lasting));
        self.show_review();
    }

    /// A new order with the values of an old one. What is not taken over is said.
    pub(super) fn begin_from(&mut self, mut form: Form) {
        let asked = form.renew(self.today);
        self.take_the_place(form);
        self.marks.notices = vec![Notice::Asked(["notice.asked_anew_one", "notice.asked_anew"], asked)];
        self.show_review();
        self.marks.flash = self.notices_said().into_iter().next();
    }

    /// This form is what is worked on from now on, in a draft of its own.
    pub(super) fn take_the_place(&mut self, form: Form) {
        self.start_over(form);
        self.close_draft(Keep::Release);
        self.touch();
    }

    /// What is said above the path.
    pub(super) fn open_lines(&self, opening: &Opening, width: usize) -> Vec<Line> {
        let mut said = Vec::new();
        if opening.reading.is_some() {
            said.push((Tone::Dim, self.lang.tell("open.waiting", &[("path", opening.path.value())])));
        } else {
            let why = opening.why.iter().map(|why| (Tone::Error, format!("✗ {why} {}", self.say("open.stays"))));
            said.extend(why);
            said.push((Tone::Heading, self.say("open.title").to_owned()));
        }
        let mut lines: Vec<Line> = said.into_iter().flat_map(|(tone, text)| paragraph(tone, &text, 1, width)).collect();
        lines.extend(opening.fits.iter().flat_map(|fits| self.fits_lines(fits, width)));
        lines
    }

    fn fits_lines(&self, fits: &Fitting, width: usize) -> Vec<Line> {
        if fits.count == 0 {
            return paragraph(Tone::Warning, self.say("open.none"), 1, width);
        }
        let count = |id: &'static str, count: usize| self.lang.tell(id, &[("count", &self.lang.count(count))]);
        let mut lines = paragraph(Tone::Plain, &count("open.fits", fits.count), 1, width);
        for name in &fits.names {
            lines.push(Line::of(Tone::Plain, "   ").with(Tone::Plain, name.as_str()));
        }
        match fits.count - fits.names.len() {
            0 => {}
            more => lines.extend(paragraph(Tone::Dim, &count("open.more", more), 1, width)),
        }
        lines
    }

    /// The line in which the path is typed; none while a file is read.
    pub fn path_line(&self, opening: &Opening, width: usize) -> Option<Line> {
        opening.takes_name().then(|| self.named_line("open.prompt", &opening.path, width))
    }
}
