//! Confirm: what will be ordered, for whom, where and how it is paid, and a word to type.
//!
//! It takes keys only after a pause, and only once the end of its text has been in view, so that no key that was
//! meant for something else can order. Pasted text never counts.

use crate::domain::Intent;
use crate::form::{FieldPlace, PayloadText, Problem, ProblemKind};
use crate::i18n::{texts, with};
use crate::order::{OrderEvent, OrderPlan, PreflightReport};
use crate::product::{Severity, StepId, ValueKind};
use crate::tone::Tone;
use crate::tui::component::{Component, ComponentEvent, ComponentReply, ScreenRoute, Transition};
use crate::tui::keymap::{Action, KeyContext};
use crate::tui::message::{Effect, Ticket};
use crate::tui::session::Session;
use crate::tui::session::field_text::{display_value, duration_text, field_label, product_text};
use crate::tui::session::order_text::{account_text, account_tone, order_organization_text};
use crate::tui::session::outdated_copies::{outdated_copies, outdated_copy_notes};
use crate::tui::session::problem_text::{is_in_summary, problem_label};
use crate::tui::session::similar_organizations::similar_organization_warning;
use crate::tui::session::stored_card::charged_card_note;
use crate::tui::widgets::word_input::WordInput;
use crate::tui::widgets::{Line, ScrollPosition, wrap_paragraph};

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
    scroll: ScrollPosition,
    typed_word: WordInput,
    arming: ArmingState,
    /// The message about a key that came too early.
    early_key_flash: Option<String>,
    /// The paragraphs at the last check for changes.
    shown_notes: Vec<(Tone, String)>,
}

impl Component for ConfirmScreen {
    fn key_context(&self, _session: &Session) -> KeyContext {
        KeyContext::Confirm
    }

    fn handle(&mut self, event: ComponentEvent<'_>, session: &mut Session) -> Transition {
        match event {
            ComponentEvent::Action(Action::Enter) => return self.submit_order(session),
            ComponentEvent::Action(Action::Back) => return Transition::Go(ScreenRoute::Review),
            ComponentEvent::Text(_) | ComponentEvent::Action(Action::Edit(_)) if !self.is_armed() => {
                self.flash_not_ready(session);
            }
            ComponentEvent::Text(text) => text.chars().for_each(|c| self.typed_word.push_char(c)),
            ComponentEvent::Action(Action::Edit(request)) => self.typed_word.apply_edit(request),
            ComponentEvent::Paste(_) => session.show_flash(texts::flash::NO_PASTE),
            ComponentEvent::Action(_) => {}
        }
        Transition::Stay
    }

    fn text_lines(&self, session: &Session, width: usize) -> Vec<Line> {
        let notes = confirm_notes(session, self);
        notes.into_iter().flat_map(|(tone, text)| wrap_paragraph(tone, &text, 1, width)).collect()
    }

    fn scroll(&self) -> Option<ScrollPosition> {
        Some(self.scroll)
    }

    fn scroll_mut(&mut self) -> Option<&mut ScrollPosition> {
        Some(&mut self.scroll)
    }

    /// The line in which the word is typed. Until keys are taken it has no cursor.
    fn input_line(&self, session: &Session, width: usize) -> Option<Line> {
        Some(self.typed_word.prompt_line(&confirm_prompt(session, self), self.is_armed(), width))
    }

    fn help_notes(&self, session: &Session) -> Vec<(Tone, String)> {
        vec![(Tone::Dim, session.text(texts::help::CONFIRM).to_owned())]
    }

    fn is_action_active(&self, action: Action, _session: &Session) -> bool {
        !matches!(action, Action::Enter | Action::Edit(_)) || self.is_armed()
    }

    fn takes_text(&self, _session: &Session) -> bool {
        true
    }

    fn take_reply(&mut self, reply: ComponentReply<'_>, session: &mut Session) -> Transition {
        if let ComponentReply::Armed(ticket) = reply
            && self.arming == ArmingState::Waiting(ticket)
        {
            self.arming = ArmingState::Armed;
            // The message about the early key is no longer true.
            session.feedback.flash.take_if(|flash| self.early_key_flash.as_ref() == Some(flash));
        }
        Transition::Stay
    }

    /// Starts the pause once the end is in view, and stops it if the end leaves the view before the pause is over. If
    /// a late answer has changed the text, the person must read it again.
    fn settle(&mut self, session: &mut Session, is_covered: bool) {
        self.reset_on_change(session);
        self.clamp_scroll(session);
        // Nothing can be confirmed before the preflight is done, or if it found an obstacle.
        let can_proceed = session.order_machine.preflight_report().is_some_and(PreflightReport::can_proceed);
        let is_readable = !is_covered && session.frame().body.width > 0 && can_proceed && self.is_text_at_end(session);
        match (&self.arming, is_readable) {
            (ArmingState::Unread, true) => {
                let ticket = session.next_ticket();
                self.arming = ArmingState::Waiting(ticket);
                session.queue_effect(Effect::ArmConfirm(ticket));
            }
            (ArmingState::Waiting(_), false) => self.arming = ArmingState::Unread,
            _ => {}
        }
    }
}

impl ConfirmScreen {
    /// Opens Confirm for the payload that Review shows. Returns `None`, and shows a flash, if something is in the way.
    pub(in crate::tui) fn open(body: &PayloadText, session: &mut Session) -> Option<Self> {
        let obstacle = if session.account.is_none() {
            Some(texts::flash::NO_ACCOUNT)
        } else if session.feedback.errors().next().is_some() {
            Some(texts::flash::ERRORS)
        } else if session.drafts.is_read_only() {
            Some(texts::flash::READS_ONLY)
        } else {
            session.drafts.is_opening_draft().then_some(texts::confirm::WAIT)
        };
        if let Some(obstacle) = obstacle {
            session.show_flash(obstacle);
            return None;
        }
        Some(Self {
            body: body.clone(),
            scroll: ScrollPosition::default(),
            typed_word: WordInput::default(),
            arming: ArmingState::Unread,
            early_key_flash: None,
            shown_notes: Vec::new(),
        })
    }

    /// Plans the order. The preflight adds its findings later.
    pub(in crate::tui) fn plan_order(&self, session: &mut Session) -> OrderPlan {
        let intent = Intent {
            draft: session.drafts.current_draft(),
            ..session.form.build_intent(&self.body, &session.account.host)
        };
        OrderPlan { intent, preflight_number: session.next_ticket().0 }
    }

    /// Returns true if keys are taken.
    pub fn is_armed(&self) -> bool {
        self.arming == ArmingState::Armed
    }

    /// Returns the word typed so far, without blanks around it.
    pub fn typed_word(&self) -> &str {
        self.typed_word.typed_text()
    }

    /// Starts the confirmation again, because the preflight is too old and runs again.
    pub(in crate::tui) fn restart(&mut self, session: &mut Session) {
        (self.arming, self.typed_word) = (ArmingState::Unread, WordInput::default());
        session.show_flash(texts::flash::AGED);
    }

    fn reset_on_change(&mut self, session: &mut Session) {
        // The person reads what the preflight adds for the first time.
        if session.order_machine.preflight_report().is_none() {
            return;
        }
        let notes = confirm_notes(session, self);
        if self.shown_notes == notes {
            return;
        }
        let is_first = std::mem::replace(&mut self.shown_notes, notes).is_empty();
        if !is_first {
            (self.arming, self.typed_word) = (ArmingState::Unread, WordInput::default());
            session.show_flash(texts::flash::CHANGED);
        }
    }

    /// Shows why no key is taken yet.
    fn flash_not_ready(&mut self, session: &mut Session) {
        let why = confirm_prompt(session, self);
        let is_blocked = session.order_machine.preflight_report().is_some_and(|report| !report.can_proceed());
        let flash = if is_blocked { why } else { session.lang.format(texts::flash::NOT_YET, with::Why(&why)) };
        session.feedback.flash = Some(flash.clone());
        self.early_key_flash = Some(flash);
    }

    /// Sends the order, if keys are taken and the word is right.
    fn submit_order(&mut self, session: &mut Session) -> Transition {
        if !self.is_armed() {
            self.flash_not_ready(session);
            return Transition::Stay;
        }
        let word = confirmation_word(session);
        if self.typed_word.typed_text() != word {
            session.feedback.flash = Some(session.lang.format(texts::flash::WORD, with::Word(&word)));
            return Transition::Stay;
        }
        // An account answer that arrived since may show that something is wrong.
        if session.feedback.errors().next().is_some() {
            session.show_flash(texts::flash::ERRORS);
            return Transition::Go(ScreenRoute::Review);
        }
        let body = self.body.expose_request_body(&session.form);
        session.save_draft();
        Transition::Order(Box::new(OrderEvent::Confirmed(body, session.now)))
    }
}

/// Returns the text of the screen, one paragraph per entry.
fn confirm_notes(session: &Session, confirm: &ConfirmScreen) -> Vec<(Tone, String)> {
    let digest = confirm.body.short_digest();
    let mut notes = order_notes(session);
    notes.extend(order_warnings(session));
    notes.push((Tone::Dim, session.lang.format(texts::confirm::DIGEST, with::Digest(&digest))));
    notes.push((Tone::Plain, session.text(texts::confirm::ONCE).to_owned()));
    notes
}

/// Returns what is ordered, for whom, with which account, and what the preflight found.
fn order_notes(session: &Session) -> Vec<(Tone, String)> {
    let product = product_text(session, &session.product().title);
    let who = order_organization_text(session);
    let mut notes = vec![
        (Tone::Heading, session.lang.format(texts::confirm::WHAT, (with::Product(&product), with::Who(&who)))),
        (account_tone(session), account_text(session)),
    ];
    notes.extend(similar_organization_warning(session).map(|text| (Tone::Warning, format!("! {text}"))));
    let report = session.order_machine.preflight_report();
    notes.extend(report.map(|report| session.message_writer().preflight_lines(report)).unwrap_or_default());
    notes.push((Tone::Warning, session.text(texts::confirm::PRICE).to_owned()));
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
        let id = if is_marker { texts::confirm::MARKED } else { texts::confirm::FOREIGN };
        warning(&session.lang.format(id, with::Pointer(&pointer)))
    }));
    notes.extend(outdated_copy_notes(session));
    notes.extend(unverified_contact_problems(session).map(|problem| {
        warning(&format!("{}: {}", problem_label(session, &problem.target), problem.message(&session.lang)))
    }));
    let problems = session.feedback.problems.iter().filter(|problem| problem.level == Severity::Warning);
    let count = problems.count() + outdated_copies(session).len();
    if count > 0 {
        notes.push(warning(&session.lang.format(texts::confirm::WARNINGS, with::Count(&count))));
    }
    notes
}

/// Returns the word to type for the order.
fn confirmation_word(session: &Session) -> String {
    let report = session.order_machine.preflight_report();
    let lost = report.is_some_and(|report| !report.unacknowledged_losses().is_empty());
    session.message_writer().confirmation_word(
        report.and_then(PreflightReport::newest_duplicate),
        report.is_none_or(PreflightReport::has_known_set),
        lost,
    )
}

/// Returns what to do now: type the word, or wait for something.
fn confirm_prompt(session: &Session, confirm: &ConfirmScreen) -> String {
    let word = confirmation_word(session);
    let report = session.order_machine.preflight_report();
    match confirm.arming {
        ArmingState::Armed => session.lang.format(texts::confirm::TYPE, with::Word(&word)),
        ArmingState::Waiting(_) => session.text(texts::confirm::WAIT).to_owned(),
        ArmingState::Unread if report.is_none() => session.text(texts::confirm::SURVEY).to_owned(),
        ArmingState::Unread if report.is_some_and(|report| !report.can_proceed()) => {
            session.text(texts::confirm::BLOCKED).to_owned()
        }
        ArmingState::Unread => session.text(texts::confirm::READ).to_owned(),
    }
}

/// Returns the problems with a person who is named as a verified contact of the organization but is not one.
fn unverified_contact_problems(session: &Session) -> impl Iterator<Item = &Problem> {
    let is = |problem: &&Problem| matches!(problem.kind, ProblemKind::NotVerified(_) | ProblemKind::NoneVerified);
    session.feedback.problems.iter().filter(is)
}

/// Returns the values of a step on one line.
fn step_summary_text(session: &Session, step: StepId) -> String {
    let values_of = |mode: bool| {
        let places =
            session.form.visible_places_in_step(step).filter(move |at| session.product()[at.field].is_mode() == mode);
        places
            .filter(|at| is_in_summary(session, *at) && !session.form.is_blank(*at))
            .map(|at| step_summary_value(session, at))
            .collect::<Vec<_>>()
    };
    let values = values_of(false);
    let values = if values.is_empty() { values_of(true) } else { values };
    values.join(" · ")
}

fn step_summary_value(session: &Session, at: FieldPlace) -> String {
    let value = duration_text(session, at).unwrap_or_else(|| display_value(session, at));
    let field = &session.product()[at.field];
    let unclear = field.expert || !session.product()[field.group].keep;
    let named = unclear || matches!(field.kind, ValueKind::Bool | ValueKind::Consent);
    if named { format!("{}: {value}", field_label(session, at)) } else { value }
}
