//! Confirm: what will be ordered, for whom, where and how it is paid, and a word to type.
//!
//! It takes keys only after a pause, and only once the end of what it says has been in view, so that no key that
//! was meant for something else can order. Pastes never count.

use super::msg::{Effect, Ticket};
use super::word::Word;
use super::{Model, Screen};
use crate::facts::Intent;
use crate::form::{Body, Fault, Place, Problem};
use crate::layout::{Line, Move, Reader, Tone, paragraph};
use crate::order::{Event, Ground, Plan};
use crate::product::{Kind, Level, StepId};
use tui_input::InputRequest;

/// Where the mark of an order stands.
const MARK: &str = "/alternative_order_id";

/// Whether keys are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Arming {
    /// The end was not in view yet.
    Unread,
    /// The end is in view, and the pause runs.
    Waiting(Ticket),
    /// Keys are taken.
    Armed,
}

/// Confirm.
#[derive(Debug, Clone)]
pub struct Confirm {
    /// What will be sent: the body that Review showed.
    pub body: Body,
    /// How far down it is scrolled.
    pub reader: Reader,
    typed: Word,
    arming: Arming,
    /// What was said of a key that came too early.
    early: Option<String>,
    /// What it said when it was last looked at.
    said: Vec<(Tone, String)>,
}

impl Confirm {
    /// Whether keys are taken.
    pub fn is_armed(&self) -> bool {
        self.arming == Arming::Armed
    }
}

impl Model {
    /// From Review to Confirm, unless something is in the way.
    pub(super) fn ask_to_confirm(&mut self) {
        let Screen::Review(review) = &self.screen else { return };
        if self.course.is_open() {
            self.show_unknown();
            return self.flash("flash.unresolved");
        }
        if self.account.is_none() {
            return self.flash("flash.no_account");
        }
        if self.marks.errors().next().is_some() {
            return self.flash("flash.errors");
        }
        if self.drafts.reads_only() {
            return self.flash("flash.reads_only");
        }
        if self.drafts.is_awaited() {
            return self.flash("confirm.wait");
        }
        let body = review.body.clone();
        let plan = self.plan(&body);
        self.screen = Screen::Confirm(Confirm {
            body,
            reader: Reader::default(),
            typed: Word::default(),
            arming: Arming::Unread,
            early: None,
            said: Vec::new(),
        });
        let effects = self.happen(Event::Planned(Box::new(plan)));
        self.queue.extend(effects);
    }

    /// What is about to be ordered. What the survey tells is put in later.
    fn plan(&mut self, body: &Body) -> Plan {
        self.tickets += 1;
        let intent = Intent { draft: self.drafts.current(), ..self.form.intent(body, &self.account.host) };
        Plan { intent, number: self.tickets }
    }

    /// The word that orders.
    pub(super) fn order_word(&self) -> String {
        let ground = self.course.ground();
        let lost = ground.is_some_and(|ground| !ground.lost().is_empty());
        self.teller().order_word(ground.and_then(Ground::duplicate), ground.is_none_or(Ground::protects), lost)
    }

    /// The rows of the body in which the text stands: all but the one to type in.
    pub(super) fn confirm_rows(&self) -> usize {
        usize::from(self.frame().body.height).saturating_sub(1)
    }

    /// Whether the end of what it says is in view.
    pub(super) fn confirm_at_end(&self) -> bool {
        let total = self.confirm_lines(self.text_columns()).len();
        matches!(&self.screen, Screen::Confirm(confirm) if confirm.reader.at_end(self.confirm_rows(), total))
    }

    /// Starts the pause once the end is in view, and stops it where the end leaves the view before it is over.
    /// Where what it says has changed, by an answer that came late, it is to be read anew.
    pub(super) fn keep_arming(&mut self) -> Option<Effect> {
        self.keep_said();
        let body = self.frame().body;
        let rows = self.confirm_rows();
        let total = self.confirm_lines(self.text_columns()).len();
        let covered = !self.overlays.is_empty();
        // Before the survey is in, and where something stands in the way, nothing is confirmed.
        let goes = self.course.ground().is_some_and(Ground::goes);
        let ticket = Ticket(self.tickets + 1);
        let Screen::Confirm(confirm) = &mut self.screen else { return None };
        confirm.reader.clamp(rows, total);
        let readable = !covered && body.width > 0 && goes && confirm.reader.at_end(rows, total);
        match (&confirm.arming, readable) {
            (Arming::Unread, true) => {
                confirm.arming = Arming::Waiting(ticket);
                self.tickets += 1;
                Some(Effect::Arm(ticket))
            }
            (Arming::Waiting(_), false) => {
                confirm.arming = Arming::Unread;
                None
            }
            _ => None,
        }
    }

    fn keep_said(&mut self) {
        // What the survey adds is read for the first time.
        if self.course.ground().is_none() {
            return;
        }
        let said = self.confirm_said();
        let Screen::Confirm(confirm) = &mut self.screen else { return };
        if confirm.said == said {
            return;
        }
        let first = std::mem::replace(&mut confirm.said, said).is_empty();
        if !first {
            (confirm.arming, confirm.typed) = (Arming::Unread, Word::default());
            self.flash("flash.changed");
        }
    }

    /// The pause is over.
    pub(super) fn armed(&mut self, ticket: Ticket) {
        if let Screen::Confirm(confirm) = &mut self.screen
            && confirm.arming == Arming::Waiting(ticket)
        {
            confirm.arming = Arming::Armed;
            // From now on keys are taken.
            self.marks.flash.take_if(|flash| confirm.early.as_ref() == Some(flash));
        }
    }

    /// Types a character of the word; until keys are taken that is said instead.
    pub(super) fn type_word(&mut self, c: char) {
        match &mut self.screen {
            Screen::Confirm(confirm) if confirm.is_armed() => confirm.typed.push(c),
            _ => self.say_not_yet(),
        }
    }

    /// Moves or deletes in the word.
    pub(super) fn edit_word(&mut self, request: InputRequest) {
        match &mut self.screen {
            Screen::Confirm(confirm) if confirm.is_armed() => confirm.typed.edit(request),
            _ => self.say_not_yet(),
        }
    }

    /// Says that no key is taken yet, and for what one waits.
    fn say_not_yet(&mut self) {
        let Screen::Confirm(confirm) = &self.screen else { return };
        let why = self.prompt(confirm);
        let blocked = self.course.ground().is_some_and(|ground| !ground.goes());
        let said = if blocked { why } else { self.lang.tell("flash.not_yet", &[("why", &why)]) };
        self.marks.flash = Some(said.clone());
        if let Screen::Confirm(confirm) = &mut self.screen {
            confirm.early = Some(said);
        }
    }

    /// Scrolls the text.
    pub(super) fn scroll_confirm(&mut self, step: Move) {
        let rows = self.confirm_rows();
        let total = self.confirm_lines(self.text_columns()).len();
        if let Screen::Confirm(confirm) = &mut self.screen {
            confirm.reader.scroll(step, rows, total);
        }
    }

    /// Sends the order, if keys are taken and the word is right.
    pub(super) fn order(&mut self) -> Vec<Effect> {
        let Screen::Confirm(confirm) = &self.screen else { return Vec::new() };
        if !confirm.is_armed() {
            self.say_not_yet();
            return Vec::new();
        }
        if confirm.typed.typed() != self.order_word() {
            let word = self.order_word();
            self.marks.flash = Some(self.lang.tell("flash.word", &[("word", &word)]));
            return Vec::new();
        }
        // An answer of the account that came meanwhile may show that something is wrong.
        if self.marks.errors().next().is_some() {
            self.show_review();
            self.flash("flash.errors");
            return Vec::new();
        }
        let body = confirm.body.expose(&self.form);
        let saved = self.save();
        let sent = self.happen(Event::Confirmed(body, self.now));
        saved.into_iter().chain(sent).collect()
    }

    /// What there is may have changed since it was looked at: it is looked at again, and the word typed anew.
    pub(super) fn confirm_anew(&mut self) {
        if let Screen::Confirm(confirm) = &mut self.screen {
            (confirm.arming, confirm.typed) = (Arming::Unread, Word::default());
            self.flash("flash.aged");
        }
    }

    /// The line in which the word is typed. Until keys are taken it has no cursor.
    pub fn word_line(&self, confirm: &Confirm, width: usize) -> Line {
        confirm.typed.line(&self.prompt(confirm), confirm.is_armed(), width)
    }

    /// What is to be done now: type the word, or wait for something.
    fn prompt(&self, confirm: &Confirm) -> String {
        let word = self.order_word();
        let ground = self.course.ground();
        match confirm.arming {
            Arming::Armed => self.lang.tell("confirm.type", &[("word", &word)]),
            Arming::Waiting(_) => self.say("confirm.wait").to_owned(),
            Arming::Unread if ground.is_none() => self.say("confirm.survey").to_owned(),
            Arming::Unread if ground.is_some_and(|ground| !ground.goes()) => self.say("confirm.blocked").to_owned(),
            Arming::Unread => self.say("confirm.read").to_owned(),
        }
    }

    /// What it says, in lines.
    pub(super) fn confirm_lines(&self, width: usize) -> Vec<Line> {
        self.confirm_said().into_iter().flat_map(|(tone, text)| paragraph(tone, &text, 1, width)).collect()
    }

    /// What it says.
    fn confirm_said(&self) -> Vec<(Tone, String)> {
        let Screen::Confirm(confirm) = &self.screen else { return Vec::new() };
        let mut said: Vec<(Tone, String)> = vec![
            (
                Tone::Heading,
                self.lang
                    .tell("confirm.what", &[("product", self.words(&self.product().title)), ("who", &self.for_whom())]),
            ),
            (self.account_tone(), self.account_words()),
        ];
        said.extend(self.alike_warning().map(|text| (Tone::Warning, format!("! {text}"))));
        said.extend(self.course.ground().map(|ground| self.teller().ground(ground)).unwrap_or_default());
        said.push((Tone::Warning, self.say("confirm.price").to_owned()));
        for step in (0..self.product().steps.len()).map(StepId) {
            said.push((Tone::Plain, format!("{}: {}", self.words(&self.product()[step].title), self.step_words(step))));
        }
        said.extend(self.card_said());
        said.extend(
            self.form
                .guesses()
                .filter_map(|at| self.product()[at.field].guess.as_ref())
                .map(|guess| (Tone::Warning, format!("! {}", self.words(guess)))),
        );
        said.extend(self.form.foreign().into_iter().map(|(pointer, _)| {
            let id = if self.account.marks && pointer == MARK { "confirm.marked" } else { "confirm.foreign" };
            (Tone::Warning, format!("! {}", self.lang.tell(id, &[("pointer", &pointer)])))
        }));
        said.extend(self.outdated_said());
        said.extend(self.unverified_problems().map(|problem| {
            (Tone::Warning, format!("! {}: {}", self.target_label(&problem.target), problem.say(&self.lang)))
        }));
        let warnings = self.marks.problems.iter().filter(|problem| problem.level == Level::Warning).count();
        let warnings = warnings + self.outdated().len();
        if warnings > 0 {
            said.push((
                Tone::Warning,
                format!("! {}", self.lang.tell("confirm.warnings", &[("count", &warnings.to_string())])),
            ));
        }
        said.push((Tone::Dim, self.lang.tell("confirm.digest", &[("digest", confirm.body.short_digest())])));
        said.push((Tone::Plain, self.say("confirm.once").to_owned()));
        said
    }

    /// That somebody who is named as a verified contact of the organization is none.
    fn unverified_problems(&self) -> impl Iterator<Item = &Problem> {
        let is = |problem: &&Problem| matches!(problem.fault, Fault::NotVerified(_) | Fault::NoneVerified);
        self.marks.problems.iter().filter(is)
    }

    /// The organization that the order is for.
    pub(super) fn for_whom(&self) -> String {
        match self.form.subject() {
            Some(at) if self.form.is_organization(at) => self.value(at),
            Some(at) => self.lang.tell("confirm.new_organization", &[("name", self.form.text(at))]),
            None => String::new(),
        }
    }

    /// Which account it is, and whether it costs money.
    pub(super) fn account_words(&self) -> String {
        let id = if self.account.sandbox { "confirm.sandbox" } else { "confirm.host" };
        self.lang.tell(id, &[("host", &self.account.label())])
    }

    /// How the account is to look.
    pub fn account_tone(&self) -> Tone {
        if self.account.sandbox { Tone::Sandbox } else { Tone::Host }
    }

    /// The values of a step in one line.
    fn step_words(&self, step: StepId) -> String {
        let told = |mode: bool| {
            let places = self.form.asked(step).filter(move |at| self.product()[at.field].is_mode() == mode);
            places
                .filter(|at| self.is_told(*at) && !self.form.is_blank(*at))
                .map(|at| self.told_value(at))
                .collect::<Vec<_>>()
        };
        let values = told(false);
        let values = if values.is_empty() { told(true) } else { values };
        values.join(" · ")
    }

    fn told_value(&self, at: Place) -> String {
        let value = self.since_issue(at).unwrap_or_else(|| self.value(at));
        let field = &self.product()[at.field];
        let unclear = field.expert || !self.product()[field.group].keep;
        let named = unclear || matches!(field.kind, Kind::Bool | Kind::Consent);
        if named { format!("{}: {value}", self.label(at)) } else { value }
    }
}
