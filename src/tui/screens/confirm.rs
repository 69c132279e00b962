//! Confirm: what will be ordered, for whom, where and how it is paid, and a word to type.
//!
//! It takes keys only after a pause, and only once the end of what it says has been in view, so that no key that
//! was meant for something else can order. Pastes never count.

use crate::domain::Intent;
use crate::form::{FieldPlace, PayloadText, Problem, ProblemKind};
use crate::order::{OrderEvent, OrderPlan, PreflightReport};
use crate::product::{Severity, StepId, ValueKind};
use crate::tone::Tone;
use crate::tui::app::{App, Screen};
use crate::tui::message::{Effect, Ticket};
use crate::tui::widgets::typed_word::TypedWord;
use crate::tui::widgets::{Line, Move, ScrollPosition, wrap_paragraph};
use tui_input::InputRequest;

/// Where the mark of an order stands.
const MARKER_POINTER: &str = "/alternative_order_id";

/// Whether keys are taken.
#[derive(Debug, Clone, PartialEq, Eq)]
enum ArmingState {
    /// The end was not in view yet.
    Unread,
    /// The end is in view, and the pause runs.
    Waiting(Ticket),
    /// Keys are taken.
    Armed,
}

/// Confirm.
#[derive(Debug, Clone)]
pub struct ConfirmScreen {
    /// What will be sent: the body that Review showed.
    pub body: PayloadText,
    /// How far down it is scrolled.
    pub scroll: ScrollPosition,
    typed_word: TypedWord,
    arming: ArmingState,
    /// What was said of a key that came too early.
    early_key_flash: Option<String>,
    /// What it said when it was last looked at.
    shown_notes: Vec<(Tone, String)>,
}

impl ConfirmScreen {
    /// Whether keys are taken.
    pub fn is_armed(&self) -> bool {
        self.arming == ArmingState::Armed
    }
}

impl App {
    /// From Review to Confirm, unless something is in the way.
    pub(crate) fn open_confirm_screen(&mut self) {
        let Screen::Review(review) = &self.screen else { return };
        if self.order_machine.is_outcome_open() {
            self.show_unresolved();
            return self.show_flash("flash.unresolved");
        }
        if self.account.is_none() {
            return self.show_flash("flash.no_account");
        }
        if self.feedback.errors().next().is_some() {
            return self.show_flash("flash.errors");
        }
        if self.drafts.is_read_only() {
            return self.show_flash("flash.reads_only");
        }
        if self.drafts.is_opening_draft() {
            return self.show_flash("confirm.wait");
        }
        let body = review.body.clone();
        let plan = self.plan_order(&body);
        self.screen = Screen::Confirm(ConfirmScreen {
            body,
            scroll: ScrollPosition::default(),
            typed_word: TypedWord::default(),
            arming: ArmingState::Unread,
            early_key_flash: None,
            shown_notes: Vec::new(),
        });
        let effects = self.handle_order_event(OrderEvent::Planned(Box::new(plan)));
        self.queued_effects.extend(effects);
    }

    /// What is about to be ordered. What the survey tells is put in later.
    fn plan_order(&mut self, body: &PayloadText) -> OrderPlan {
        self.last_ticket += 1;
        let intent = Intent { draft: self.drafts.current_draft(), ..self.form.build_intent(body, &self.account.host) };
        OrderPlan { intent, preflight_number: self.last_ticket }
    }

    /// The word that orders.
    pub(crate) fn confirmation_word(&self) -> String {
        let ground = self.order_machine.preflight_report();
        let lost = ground.is_some_and(|ground| !ground.unacknowledged_losses().is_empty());
        self.message_writer().confirmation_word(
            ground.and_then(PreflightReport::newest_duplicate),
            ground.is_none_or(PreflightReport::has_known_set),
            lost,
        )
    }

    /// The rows of the body in which the text stands: all but the one to type in.
    pub(crate) fn confirm_text_rows(&self) -> usize {
        usize::from(self.frame().body.height).saturating_sub(1)
    }

    /// Whether the end of what it says is in view.
    pub(crate) fn is_confirm_text_at_end(&self) -> bool {
        let total = self.confirm_lines(self.text_columns()).len();
        matches!(&self.screen, Screen::Confirm(confirm) if confirm.scroll.is_at_end(self.confirm_text_rows(), total))
    }

    /// Starts the pause once the end is in view, and stops it where the end leaves the view before it is over.
    /// Where what it says has changed, by an answer that came late, it is to be read anew.
    pub(crate) fn update_confirm_arming(&mut self) -> Option<Effect> {
        self.reset_confirm_on_change();
        let body = self.frame().body;
        let rows = self.confirm_text_rows();
        let total = self.confirm_lines(self.text_columns()).len();
        let covered = !self.dialogs.is_empty();
        // Before the survey is in, and where something stands in the way, nothing is confirmed.
        let goes = self.order_machine.preflight_report().is_some_and(PreflightReport::can_proceed);
        let ticket = Ticket(self.last_ticket + 1);
        let Screen::Confirm(confirm) = &mut self.screen else { return None };
        confirm.scroll.clamp(rows, total);
        let readable = !covered && body.width > 0 && goes && confirm.scroll.is_at_end(rows, total);
        match (&confirm.arming, readable) {
            (ArmingState::Unread, true) => {
                confirm.arming = ArmingState::Waiting(ticket);
                self.last_ticket += 1;
                Some(Effect::ArmConfirm(ticket))
            }
            (ArmingState::Waiting(_), false) => {
                confirm.arming = ArmingState::Unread;
                None
            }
            _ => None,
        }
    }

    fn reset_confirm_on_change(&mut self) {
        // What the survey adds is read for the first time.
        if self.order_machine.preflight_report().is_none() {
            return;
        }
        let said = self.confirm_notes();
        let Screen::Confirm(confirm) = &mut self.screen else { return };
        if confirm.shown_notes == said {
            return;
        }
        let first = std::mem::replace(&mut confirm.shown_notes, said).is_empty();
        if !first {
            (confirm.arming, confirm.typed_word) = (ArmingState::Unread, TypedWord::default());
            self.show_flash("flash.changed");
        }
    }

    /// The pause is over.
    pub(crate) fn arm_confirm(&mut self, ticket: Ticket) {
        if let Screen::Confirm(confirm) = &mut self.screen
            && confirm.arming == ArmingState::Waiting(ticket)
        {
            confirm.arming = ArmingState::Armed;
            // From now on keys are taken.
            self.feedback.flash.take_if(|flash| confirm.early_key_flash.as_ref() == Some(flash));
        }
    }

    /// Types a character of the word; until keys are taken that is said instead.
    pub(crate) fn type_confirm_char(&mut self, c: char) {
        match &mut self.screen {
            Screen::Confirm(confirm) if confirm.is_armed() => confirm.typed_word.push_char(c),
            _ => self.flash_confirm_not_ready(),
        }
    }

    /// Moves or deletes in the word.
    pub(crate) fn edit_confirmation_word(&mut self, request: InputRequest) {
        match &mut self.screen {
            Screen::Confirm(confirm) if confirm.is_armed() => confirm.typed_word.apply_edit(request),
            _ => self.flash_confirm_not_ready(),
        }
    }

    /// Says that no key is taken yet, and for what one waits.
    fn flash_confirm_not_ready(&mut self) {
        let Screen::Confirm(confirm) = &self.screen else { return };
        let why = self.confirm_prompt(confirm);
        let blocked = self.order_machine.preflight_report().is_some_and(|ground| !ground.can_proceed());
        let said = if blocked { why } else { self.lang.format_text("flash.not_yet", &[("why", &why)]) };
        self.feedback.flash = Some(said.clone());
        if let Screen::Confirm(confirm) = &mut self.screen {
            confirm.early_key_flash = Some(said);
        }
    }

    /// Scrolls the text.
    pub(crate) fn scroll_confirm_text(&mut self, step: Move) {
        let rows = self.confirm_text_rows();
        let total = self.confirm_lines(self.text_columns()).len();
        if let Screen::Confirm(confirm) = &mut self.screen {
            confirm.scroll.scroll(step, rows, total);
        }
    }

    /// Sends the order, if keys are taken and the word is right.
    pub(crate) fn submit_order(&mut self) -> Vec<Effect> {
        let Screen::Confirm(confirm) = &self.screen else { return Vec::new() };
        if !confirm.is_armed() {
            self.flash_confirm_not_ready();
            return Vec::new();
        }
        if confirm.typed_word.typed_text() != self.confirmation_word() {
            let word = self.confirmation_word();
            self.feedback.flash = Some(self.lang.format_text("flash.word", &[("word", &word)]));
            return Vec::new();
        }
        // An answer of the account that came meanwhile may show that something is wrong.
        if self.feedback.errors().next().is_some() {
            self.show_review();
            self.show_flash("flash.errors");
            return Vec::new();
        }
        let body = confirm.body.expose_request_body(&self.form);
        let saved = self.save_draft();
        let sent = self.handle_order_event(OrderEvent::Confirmed(body, self.now));
        saved.into_iter().chain(sent).collect()
    }

    /// What there is may have changed since it was looked at: it is looked at again, and the word typed anew.
    pub(crate) fn restart_confirm(&mut self) {
        if let Screen::Confirm(confirm) = &mut self.screen {
            (confirm.arming, confirm.typed_word) = (ArmingState::Unread, TypedWord::default());
            self.show_flash("flash.aged");
        }
    }

    /// The line in which the word is typed. Until keys are taken it has no cursor.
    pub fn confirmation_word_line(&self, confirm: &ConfirmScreen, width: usize) -> Line {
        confirm.typed_word.prompt_line(&self.confirm_prompt(confirm), confirm.is_armed(), width)
    }

    /// What is to be done now: type the word, or wait for something.
    fn confirm_prompt(&self, confirm: &ConfirmScreen) -> String {
        let word = self.confirmation_word();
        let ground = self.order_machine.preflight_report();
        match confirm.arming {
            ArmingState::Armed => self.lang.format_text("confirm.type", &[("word", &word)]),
            ArmingState::Waiting(_) => self.text("confirm.wait").to_owned(),
            ArmingState::Unread if ground.is_none() => self.text("confirm.survey").to_owned(),
            ArmingState::Unread if ground.is_some_and(|ground| !ground.can_proceed()) => {
                self.text("confirm.blocked").to_owned()
            }
            ArmingState::Unread => self.text("confirm.read").to_owned(),
        }
    }

    /// What it says, in lines.
    pub(crate) fn confirm_lines(&self, width: usize) -> Vec<Line> {
        self.confirm_notes().into_iter().flat_map(|(tone, text)| wrap_paragraph(tone, &text, 1, width)).collect()
    }

    /// What it says.
    fn confirm_notes(&self) -> Vec<(Tone, String)> {
        let Screen::Confirm(confirm) = &self.screen else { return Vec::new() };
        let mut said: Vec<(Tone, String)> = vec![
            (
                Tone::Heading,
                self.lang.format_text(
                    "confirm.what",
                    &[("product", self.product_text(&self.product().title)), ("who", &self.order_organization_text())],
                ),
            ),
            (self.account_tone(), self.account_text()),
        ];
        said.extend(self.similar_organization_warning().map(|text| (Tone::Warning, format!("! {text}"))));
        said.extend(
            self.order_machine
                .preflight_report()
                .map(|ground| self.message_writer().preflight_lines(ground))
                .unwrap_or_default(),
        );
        said.push((Tone::Warning, self.text("confirm.price").to_owned()));
        for step in (0..self.product().steps.len()).map(StepId) {
            said.push((
                Tone::Plain,
                format!("{}: {}", self.product_text(&self.product()[step].title), self.step_summary_text(step)),
            ));
        }
        said.extend(self.charged_card_note());
        said.extend(
            self.form
                .guessed_defaults()
                .filter_map(|at| self.product()[at.field].guess.as_ref())
                .map(|guess| (Tone::Warning, format!("! {}", self.product_text(guess)))),
        );
        said.extend(self.form.foreign_members().into_iter().map(|(pointer, _)| {
            let id = if self.account.uses_markers && pointer == MARKER_POINTER {
                "confirm.marked"
            } else {
                "confirm.foreign"
            };
            (Tone::Warning, format!("! {}", self.lang.format_text(id, &[("pointer", &pointer)])))
        }));
        said.extend(self.outdated_copy_notes());
        said.extend(self.unverified_contact_problems().map(|problem| {
            (Tone::Warning, format!("! {}: {}", self.problem_label(&problem.target), problem.message(&self.lang)))
        }));
        let warnings = self.feedback.problems.iter().filter(|problem| problem.level == Severity::Warning).count();
        let warnings = warnings + self.outdated_copies().len();
        if warnings > 0 {
            said.push((
                Tone::Warning,
                format!("! {}", self.lang.format_text("confirm.warnings", &[("count", &warnings.to_string())])),
            ));
        }
        said.push((Tone::Dim, self.lang.format_text("confirm.digest", &[("digest", confirm.body.short_digest())])));
        said.push((Tone::Plain, self.text("confirm.once").to_owned()));
        said
    }

    /// That somebody who is named as a verified contact of the organization is none.
    fn unverified_contact_problems(&self) -> impl Iterator<Item = &Problem> {
        let is = |problem: &&Problem| matches!(problem.kind, ProblemKind::NotVerified(_) | ProblemKind::NoneVerified);
        self.feedback.problems.iter().filter(is)
    }

    /// The organization that the order is for.
    pub(crate) fn order_organization_text(&self) -> String {
        match self.form.subject_place() {
            Some(at) if self.form.is_organization_field(at) => self.display_value(at),
            Some(at) => self.lang.format_text("confirm.new_organization", &[("name", self.form.text(at))]),
            None => String::new(),
        }
    }

    /// Which account it is, and whether it costs money.
    pub(crate) fn account_text(&self) -> String {
        let id = if self.account.is_sandbox { "confirm.sandbox" } else { "confirm.host" };
        self.lang.format_text(id, &[("host", &self.account.label())])
    }

    /// How the account is to look.
    pub fn account_tone(&self) -> Tone {
        if self.account.is_sandbox { Tone::Sandbox } else { Tone::Production }
    }

    /// The values of a step in one line.
    fn step_summary_text(&self, step: StepId) -> String {
        let told = |mode: bool| {
            let places =
                self.form.visible_places_in_step(step).filter(move |at| self.product()[at.field].is_mode() == mode);
            places
                .filter(|at| self.is_in_summary(*at) && !self.form.is_blank(*at))
                .map(|at| self.step_summary_value(at))
                .collect::<Vec<_>>()
        };
        let values = told(false);
        let values = if values.is_empty() { told(true) } else { values };
        values.join(" · ")
    }

    fn step_summary_value(&self, at: FieldPlace) -> String {
        let value = self.duration_text(at).unwrap_or_else(|| self.display_value(at));
        let field = &self.product()[at.field];
        let unclear = field.expert || !self.product()[field.group].keep;
        let named = unclear || matches!(field.kind, ValueKind::Bool | ValueKind::Consent);
        if named { format!("{}: {value}", self.field_label(at)) } else { value }
    }
}
