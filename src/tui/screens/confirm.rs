//! Confirm: what will be ordered, for whom, where and how it is paid, and a word to type.
//!
//! It takes keys only after a pause, and only once the end of its text has been in view, so that no key that was
//! meant for something else can order. Pasted text never counts.

use crate::domain::Intent;
use crate::form::{FieldPlace, PayloadText, Problem, ProblemKind};
use crate::order::{OrderEvent, OrderPlan, PreflightReport};
use crate::product::{Severity, StepId, ValueKind};
use crate::tone::Tone;
use crate::tui::app::{App, Screen};
use crate::tui::message::{Effect, Ticket};
use crate::tui::screens::review::summary::{is_in_summary, problem_label};
use crate::tui::screens::step::outdated_copies::{outdated_copies, outdated_copy_notes};
use crate::tui::screens::step::similar_organization::similar_organization_warning;
use crate::tui::screens::step::stored_card::charged_card_note;
use crate::tui::screens::step::values::{display_value, duration_text, field_label, product_text};
use crate::tui::session::Session;
use crate::tui::widgets::typed_word::TypedWord;
use crate::tui::widgets::{Line, Move, ScrollPosition, wrap_paragraph};
use tui_input::InputRequest;

/// The place of the order marker in the payload.
const MARKER_POINTER: &str = "/alternative_order_id";

/// How far Confirm is from taking keys.
#[derive(Debug, Clone, PartialEq, Eq)]
enum ArmingState {
    /// The end of the text has not been in view yet.
    Unread,
    /// The end is in view, and the pause is running.
    Waiting(Ticket),
    /// Keys are taken.
    Armed,
}

#[derive(Debug, Clone)]
pub struct ConfirmScreen {
    /// What will be sent: the payload that Review showed.
    pub body: PayloadText,
    pub scroll: ScrollPosition,
    typed_word: TypedWord,
    arming: ArmingState,
    /// The message about a key that came too early.
    early_key_flash: Option<String>,
    /// The paragraphs at the last check for changes.
    shown_notes: Vec<(Tone, String)>,
}

impl ConfirmScreen {
    /// Returns true if keys are taken.
    pub fn is_armed(&self) -> bool {
        self.arming == ArmingState::Armed
    }

    /// Returns the word typed so far, without blanks around it.
    pub fn typed_word(&self) -> &str {
        self.typed_word.typed_text()
    }
}

impl App {
    /// Goes from Review to Confirm, unless something is in the way.
    pub(crate) fn open_confirm_screen(&mut self) {
        let Screen::Review(review) = &self.screen else { return };
        if self.session.order_machine.is_outcome_open() {
            self.show_unresolved();
            return self.session.show_flash("flash.unresolved");
        }
        if self.session.account.is_none() {
            return self.session.show_flash("flash.no_account");
        }
        if self.session.feedback.errors().next().is_some() {
            return self.session.show_flash("flash.errors");
        }
        if self.session.drafts.is_read_only() {
            return self.session.show_flash("flash.reads_only");
        }
        if self.session.drafts.is_opening_draft() {
            return self.session.show_flash("confirm.wait");
        }
        let body = review.body.clone();
        let plan = self.session.plan_order(&body);
        self.screen = Screen::Confirm(ConfirmScreen {
            body,
            scroll: ScrollPosition::default(),
            typed_word: TypedWord::default(),
            arming: ArmingState::Unread,
            early_key_flash: None,
            shown_notes: Vec::new(),
        });
        let effects = self.handle_order_event(OrderEvent::Planned(Box::new(plan)));
        self.session.queued_effects.extend(effects);
    }

    /// Returns true if the end of the text is in view.
    pub(crate) fn is_confirm_text_at_end(&self) -> bool {
        let Screen::Confirm(confirm) = &self.screen else { return false };
        let total = confirm_lines(&self.session, confirm, self.session.text_columns()).len();
        confirm.scroll.is_at_end(confirm_text_rows(&self.session), total)
    }

    /// Starts the pause once the end is in view, and stops it if the end leaves the view before the pause is over. If
    /// a late answer has changed the text, the person must read it again.
    pub(crate) fn update_confirm_arming(&mut self) -> Option<Effect> {
        self.reset_confirm_on_change();
        let body = self.session.frame().body;
        let rows = confirm_text_rows(&self.session);
        let Screen::Confirm(confirm) = &mut self.screen else { return None };
        let total = confirm_lines(&self.session, confirm, self.session.text_columns()).len();
        let covered = !self.dialogs.is_empty();
        // Nothing can be confirmed before the preflight is done, or if it found an obstacle.
        let goes = self.session.order_machine.preflight_report().is_some_and(PreflightReport::can_proceed);
        let ticket = Ticket(self.session.last_ticket + 1);
        confirm.scroll.clamp(rows, total);
        let readable = !covered && body.width > 0 && goes && confirm.scroll.is_at_end(rows, total);
        match (&confirm.arming, readable) {
            (ArmingState::Unread, true) => {
                confirm.arming = ArmingState::Waiting(ticket);
                self.session.last_ticket += 1;
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
        // The person reads what the preflight adds for the first time.
        if self.session.order_machine.preflight_report().is_none() {
            return;
        }
        let Screen::Confirm(confirm) = &mut self.screen else { return };
        let said = confirm_notes(&self.session, confirm);
        if confirm.shown_notes == said {
            return;
        }
        let first = std::mem::replace(&mut confirm.shown_notes, said).is_empty();
        if !first {
            (confirm.arming, confirm.typed_word) = (ArmingState::Unread, TypedWord::default());
            self.session.show_flash("flash.changed");
        }
    }

    /// Ends the pause: from now on keys are taken.
    pub(crate) fn arm_confirm(&mut self, ticket: Ticket) {
        if let Screen::Confirm(confirm) = &mut self.screen
            && confirm.arming == ArmingState::Waiting(ticket)
        {
            confirm.arming = ArmingState::Armed;
            // The message about the early key is no longer true.
            self.session.feedback.flash.take_if(|flash| confirm.early_key_flash.as_ref() == Some(flash));
        }
    }

    /// Types a character of the word, or shows a message if keys are not taken yet.
    pub(crate) fn type_confirm_char(&mut self, c: char) {
        match &mut self.screen {
            Screen::Confirm(confirm) if confirm.is_armed() => confirm.typed_word.push_char(c),
            _ => self.flash_confirm_not_ready(),
        }
    }

    /// Edits the word, or shows a message if keys are not taken yet.
    pub(crate) fn edit_confirmation_word(&mut self, request: InputRequest) {
        match &mut self.screen {
            Screen::Confirm(confirm) if confirm.is_armed() => confirm.typed_word.apply_edit(request),
            _ => self.flash_confirm_not_ready(),
        }
    }

    /// Shows why no key is taken yet.
    fn flash_confirm_not_ready(&mut self) {
        let Screen::Confirm(confirm) = &self.screen else { return };
        let why = confirm_prompt(&self.session, confirm);
        let blocked = self.session.order_machine.preflight_report().is_some_and(|ground| !ground.can_proceed());
        let said = if blocked { why } else { self.session.lang.format_text("flash.not_yet", &[("why", &why)]) };
        self.session.feedback.flash = Some(said.clone());
        if let Screen::Confirm(confirm) = &mut self.screen {
            confirm.early_key_flash = Some(said);
        }
    }

    pub(crate) fn scroll_confirm_text(&mut self, step: Move) {
        let rows = confirm_text_rows(&self.session);
        if let Screen::Confirm(confirm) = &mut self.screen {
            let total = confirm_lines(&self.session, confirm, self.session.text_columns()).len();
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
        if confirm.typed_word.typed_text() != confirmation_word(&self.session) {
            let word = confirmation_word(&self.session);
            self.session.feedback.flash = Some(self.session.lang.format_text("flash.word", &[("word", &word)]));
            return Vec::new();
        }
        // An account answer that arrived since may show that something is wrong.
        if self.session.feedback.errors().next().is_some() {
            self.show_review();
            self.session.show_flash("flash.errors");
            return Vec::new();
        }
        let body = confirm.body.expose_request_body(&self.session.form);
        let saved = self.save_draft();
        let sent = self.handle_order_event(OrderEvent::Confirmed(body, self.session.now));
        saved.into_iter().chain(sent).collect()
    }

    /// Starts the confirmation again, because the preflight is too old and runs again.
    pub(crate) fn restart_confirm(&mut self) {
        if let Screen::Confirm(confirm) = &mut self.screen {
            (confirm.arming, confirm.typed_word) = (ArmingState::Unread, TypedWord::default());
            self.session.show_flash("flash.aged");
        }
    }
}

/// Returns the text of the screen in lines.
pub(in crate::tui) fn confirm_lines(session: &Session, confirm: &ConfirmScreen, width: usize) -> Vec<Line> {
    let notes = confirm_notes(session, confirm);
    notes.into_iter().flat_map(|(tone, text)| wrap_paragraph(tone, &text, 1, width)).collect()
}

/// Returns the text of the screen, one paragraph per entry.
fn confirm_notes(session: &Session, confirm: &ConfirmScreen) -> Vec<(Tone, String)> {
    let digest = ("digest", confirm.body.short_digest());
    let mut notes = order_notes(session);
    notes.extend(order_warnings(session));
    notes.push((Tone::Dim, session.lang.format_text("confirm.digest", &[digest])));
    notes.push((Tone::Plain, session.text("confirm.once").to_owned()));
    notes
}

/// Returns what is ordered, for whom, with which account, and what the preflight found.
fn order_notes(session: &Session) -> Vec<(Tone, String)> {
    let product = product_text(session, &session.product().title);
    let values = [("product", product), ("who", &*order_organization_text(session))];
    let mut notes = vec![
        (Tone::Heading, session.lang.format_text("confirm.what", &values)),
        (account_tone(session), account_text(session)),
    ];
    notes.extend(similar_organization_warning(session).map(|text| (Tone::Warning, format!("! {text}"))));
    let report = session.order_machine.preflight_report();
    notes.extend(report.map(|report| session.message_writer().preflight_lines(report)).unwrap_or_default());
    notes.push((Tone::Warning, session.text("confirm.price").to_owned()));
    notes.extend((0..session.product().steps.len()).map(StepId).map(|step| {
        let title = product_text(session, &session.product()[step].title);
        (Tone::Plain, format!("{title}: {}", step_summary_text(session, step)))
    }));
    notes.extend(charged_card_note(session));
    notes
}

/// Returns what the person should know before the order is sent.
fn order_warnings(session: &Session) -> Vec<(Tone, String)> {
    let warning = |text: &str| (Tone::Warning, format!("! {text}"));
    let guesses = session.form.guessed_defaults().filter_map(|at| session.product()[at.field].guess.as_ref());
    let mut notes: Vec<(Tone, String)> = guesses.map(|guess| warning(product_text(session, guess))).collect();
    notes.extend(session.form.foreign_members().into_iter().map(|(pointer, _)| {
        let is_marker = session.account.uses_markers && pointer == MARKER_POINTER;
        let id = if is_marker { "confirm.marked" } else { "confirm.foreign" };
        warning(&session.lang.format_text(id, &[("pointer", &pointer)]))
    }));
    notes.extend(outdated_copy_notes(session));
    notes.extend(unverified_contact_problems(session).map(|problem| {
        warning(&format!("{}: {}", problem_label(session, &problem.target), problem.message(&session.lang)))
    }));
    let problems = session.feedback.problems.iter().filter(|problem| problem.level == Severity::Warning);
    let count = problems.count() + outdated_copies(session).len();
    if count > 0 {
        notes.push(warning(&session.lang.format_text("confirm.warnings", &[("count", &count.to_string())])));
    }
    notes
}

impl Session {
    /// Plans the order. The preflight adds its findings later.
    fn plan_order(&mut self, body: &PayloadText) -> OrderPlan {
        self.last_ticket += 1;
        let intent = Intent { draft: self.drafts.current_draft(), ..self.form.build_intent(body, &self.account.host) };
        OrderPlan { intent, preflight_number: self.last_ticket }
    }
}

/// Returns the word to type for the order.
pub(crate) fn confirmation_word(session: &Session) -> String {
    let ground = session.order_machine.preflight_report();
    let lost = ground.is_some_and(|ground| !ground.unacknowledged_losses().is_empty());
    session.message_writer().confirmation_word(
        ground.and_then(PreflightReport::newest_duplicate),
        ground.is_none_or(PreflightReport::has_known_set),
        lost,
    )
}

/// Returns the number of rows for the text: all but the input line.
pub(crate) fn confirm_text_rows(session: &Session) -> usize {
    usize::from(session.frame().body.height).saturating_sub(1)
}

/// Returns the line in which the word is typed. Until keys are taken it has no cursor.
pub(crate) fn confirmation_word_line(session: &Session, confirm: &ConfirmScreen, width: usize) -> Line {
    confirm.typed_word.prompt_line(&confirm_prompt(session, confirm), confirm.is_armed(), width)
}

/// Returns what to do now: type the word, or wait for something.
fn confirm_prompt(session: &Session, confirm: &ConfirmScreen) -> String {
    let word = confirmation_word(session);
    let ground = session.order_machine.preflight_report();
    match confirm.arming {
        ArmingState::Armed => session.lang.format_text("confirm.type", &[("word", &word)]),
        ArmingState::Waiting(_) => session.text("confirm.wait").to_owned(),
        ArmingState::Unread if ground.is_none() => session.text("confirm.survey").to_owned(),
        ArmingState::Unread if ground.is_some_and(|ground| !ground.can_proceed()) => {
            session.text("confirm.blocked").to_owned()
        }
        ArmingState::Unread => session.text("confirm.read").to_owned(),
    }
}

/// Returns the problems with a person who is named as a verified contact of the organization but is not one.
fn unverified_contact_problems(session: &Session) -> impl Iterator<Item = &Problem> {
    let is = |problem: &&Problem| matches!(problem.kind, ProblemKind::NotVerified(_) | ProblemKind::NoneVerified);
    session.feedback.problems.iter().filter(is)
}

pub(crate) fn order_organization_text(session: &Session) -> String {
    match session.form.subject_place() {
        Some(at) if session.form.is_organization_field(at) => display_value(session, at),
        Some(at) => session.lang.format_text("confirm.new_organization", &[("name", session.form.text(at))]),
        None => String::new(),
    }
}

/// Returns which account it is, and whether an order costs money.
pub(crate) fn account_text(session: &Session) -> String {
    let id = if session.account.is_sandbox { "confirm.sandbox" } else { "confirm.host" };
    session.lang.format_text(id, &[("host", &session.account.label())])
}

pub(crate) fn account_tone(session: &Session) -> Tone {
    if session.account.is_sandbox { Tone::Sandbox } else { Tone::Production }
}

/// Returns the values of a step on one line.
fn step_summary_text(session: &Session, step: StepId) -> String {
    let told = |mode: bool| {
        let places =
            session.form.visible_places_in_step(step).filter(move |at| session.product()[at.field].is_mode() == mode);
        places
            .filter(|at| is_in_summary(session, *at) && !session.form.is_blank(*at))
            .map(|at| step_summary_value(session, at))
            .collect::<Vec<_>>()
    };
    let values = told(false);
    let values = if values.is_empty() { told(true) } else { values };
    values.join(" · ")
}

fn step_summary_value(session: &Session, at: FieldPlace) -> String {
    let value = duration_text(session, at).unwrap_or_else(|| display_value(session, at));
    let field = &session.product()[at.field];
    let unclear = field.expert || !session.product()[field.group].keep;
    let named = unclear || matches!(field.kind, ValueKind::Bool | ValueKind::Consent);
    if named { format!("{}: {value}", field_label(session, at)) } else { value }
}
