//! Unresolved: it is unknown if the order was placed. The screen shows what the lookup found, and takes a decision.
//!
//! The person types a word or an order id to decide. A candidate is only proposed, never assumed, and no decision is
//! possible before the lookup allows it.

use crate::domain::{Decision, is_sentence};
use crate::i18n::{TextId, texts, with};
use crate::order::OrderEvent;
use crate::order::resolve::Candidate;
use crate::tone::Tone;
use crate::tui::component::{Component, ComponentEvent, ScreenRoute, Transition};
use crate::tui::keymap::{Action, KeyContext};
use crate::tui::session::Session;
use crate::tui::session::drafts::unrecorded_outcome_note;
use crate::tui::session::order_text::order_lookup_text;
use crate::tui::widgets::word_input::WordInput;
use crate::tui::widgets::{Line, ScrollPosition, wrap_paragraph};

#[derive(Debug, Clone, Default)]
pub struct UnresolvedScreen {
    scroll: ScrollPosition,
    typed_decision: WordInput,
}

impl Component for UnresolvedScreen {
    fn key_context(&self, _session: &Session) -> KeyContext {
        KeyContext::Unresolved
    }

    fn text_lines(&self, session: &Session, width: usize) -> Vec<Line> {
        unresolved_lines(session, width)
    }

    fn scroll(&self) -> Option<ScrollPosition> {
        Some(self.scroll)
    }

    fn scroll_mut(&mut self) -> Option<&mut ScrollPosition> {
        Some(&mut self.scroll)
    }

    fn input_line(&self, session: &Session, width: usize) -> Option<Line> {
        Some(decision_line(session, &self.typed_decision, width))
    }

    fn handle(&mut self, event: ComponentEvent<'_>, session: &mut Session) -> Transition {
        match event {
            ComponentEvent::Text(_) if !can_decide(session) => session.show_flash(texts::flash::NO_KEY),
            ComponentEvent::Text(text) => text.chars().for_each(|c| self.typed_decision.push_char(c)),
            ComponentEvent::Paste(_) => session.show_flash(texts::flash::NO_PASTE),
            ComponentEvent::Action(Action::Edit(request)) => self.typed_decision.apply_edit(request),
            ComponentEvent::Action(Action::Enter) => return self.submit_decision(session),
            ComponentEvent::Action(Action::Refresh) => {
                return Transition::Order(Box::new(OrderEvent::Refresh(session.now)));
            }
            ComponentEvent::Action(Action::ShowForm) => return Transition::Go(ScreenRoute::Review),
            ComponentEvent::Action(Action::Back) => {
                if session.put_order_in_background() {
                    return Transition::Go(ScreenRoute::Home);
                }
            }
            ComponentEvent::Action(_) => {}
        }
        Transition::Stay
    }

    fn help_notes(&self, session: &Session) -> Vec<(Tone, String)> {
        vec![(Tone::Dim, session.text(texts::help::UNKNOWN).to_owned())]
    }

    fn is_action_active(&self, action: Action, session: &Session) -> bool {
        let order = session.order_machine.unresolved_order();
        match action {
            Action::Enter | Action::Edit(_) => can_decide(session),
            Action::Refresh => order.is_some_and(|order| order.next_lookup_number().is_none()),
            _ => true,
        }
    }

    fn takes_text(&self, _session: &Session) -> bool {
        true
    }

    fn redraw_in(&self, session: &Session) -> Option<u64> {
        session.order_machine.unresolved_order()?.next_lookup_due().map(|_| 1_000)
    }
}

impl UnresolvedScreen {
    /// Decides if the typed text is a possible order id, the words that deny the order, or a decision with a
    /// statement.
    fn submit_decision(&mut self, session: &mut Session) -> Transition {
        let Some(order) = session.order_machine.unresolved_order() else { return Transition::Stay };
        let typed = self.typed_decision.typed_text();
        let adopted = typed.parse().ok().filter(|id| order.can_adopt(*id));
        let event = match adopted {
            Some(id) => OrderEvent::Decided(Decision::Adopted { order: id }),
            None if typed == not_placed_word(session) && order.can_deny() => OrderEvent::Decided(Decision::NotPlaced),
            None => match parse_statement(session, typed).filter(|(decision, _)| order.can_state(decision)) {
                Some((decision, sentence)) if is_sentence(sentence) => {
                    OrderEvent::StatementGiven(decision, sentence.to_owned())
                }
                Some((decision, _)) => {
                    session.feedback.flash = Some(short_sentence_text(session, &decision));
                    return Transition::Stay;
                }
                None => {
                    session.show_flash(if can_decide(session) {
                        texts::flash::DECIDE
                    } else {
                        texts::flash::UNDECIDED
                    });
                    return Transition::Stay;
                }
            },
        };
        self.typed_decision.clear();
        Transition::Order(Box::new(event))
    }
}

/// Says that the statement behind a decision is missing or too short.
fn short_sentence_text(session: &Session, decision: &Decision) -> String {
    let decision = match decision {
        Decision::NotPlaced => not_placed_word(session).to_owned(),
        Decision::Adopted { order } => order.to_string(),
    };
    session.lang.format(texts::flash::SHORT_SENTENCE, with::Decision(&decision))
}

/// Returns the words that say that the order was not placed.
fn not_placed_word(session: &Session) -> &str {
    session.text(texts::unknown::WORD)
}

/// Returns true if a decision is possible, so that keys go into the input line.
fn can_decide(session: &Session) -> bool {
    let Some(open) = session.order_machine.unresolved_order() else { return false };
    let adopts = |one: &Candidate| one.order.is_some_and(|order| open.can_adopt(order));
    open.candidates().iter().any(adopts) || open.can_deny() || open.can_state(&Decision::NotPlaced)
}

/// Splits a decision from the statement of what the person checked, at the colon. The word alone is a decision with
/// an empty statement; a number alone is not a decision, because it may be a typing error.
fn parse_statement<'t>(session: &Session, typed: &'t str) -> Option<(Decision, &'t str)> {
    let (decision, sentence) = match typed.split_once(':') {
        Some((decision, sentence)) => (decision.trim(), sentence.trim()),
        None => (Some(typed).filter(|typed| *typed == not_placed_word(session))?, ""),
    };
    let decision = match decision {
        word if word == not_placed_word(session) => Decision::NotPlaced,
        id => Decision::Adopted { order: id.parse().ok().filter(|id| *id > 0)? },
    };
    Some((decision, sentence))
}

/// Returns the input line for the decision. While no decision is possible, it only shows a prompt.
fn decision_line(session: &Session, typed: &WordInput, width: usize) -> Line {
    let Some(open) = session.order_machine.unresolved_order() else { return Line::default() };
    let adopts = open.candidates().iter().filter_map(|one| one.order).any(|order| open.can_adopt(order));
    let with_word = |id: TextId<with::Word<'_>>| session.lang.format(id, with::Word(&not_placed_word(session)));
    let prompt = match (adopts, open.can_state(&Decision::NotPlaced)) {
        _ if !can_decide(session) => session.text(texts::unknown::LOOK_ON).to_owned(),
        _ if open.can_deny() => with_word(texts::unknown::TYPE_WORD),
        (true, false) => session.text(texts::unknown::TYPE_ID).to_owned(),
        (true, true) => with_word(texts::unknown::TYPE_BOTH),
        (false, _) => with_word(texts::unknown::TYPE_CHECKED),
    };
    typed.prompt_line(&prompt, can_decide(session), width)
}

fn unresolved_lines(session: &Session, width: usize) -> Vec<Line> {
    let Some(open) = session.order_machine.unresolved_order() else { return Vec::new() };
    let mut notes = vec![
        (Tone::Error, session.text(texts::unknown::TITLE).to_owned()),
        (Tone::Plain, session.message_writer().doubt_text(open.cause())),
        (Tone::Plain, session.text(texts::unknown::MAY_BE).to_owned()),
    ];
    notes.extend(session.message_writer().server_answer_text(open).map(|words| (Tone::Plain, words)));
    notes.extend(unrecorded_outcome_note(session));
    notes.extend(session.message_writer().found_lines(open, session.now));
    if !open.can_deny() && open.can_state(&Decision::NotPlaced) {
        notes.push((Tone::Plain, session.lang.format(texts::unknown::CHECKED, with::Word(&not_placed_word(session)))));
    }
    notes.push((Tone::Plain, order_lookup_text(session)));
    notes.push((Tone::Plain, session.text(texts::unknown::REQUEST).to_owned()));
    notes.push((Tone::Plain, session.text(texts::unknown::NEVER).to_owned()));
    notes.push((Tone::Dim, session.text(texts::unknown::KEPT).to_owned()));
    let gap = |text: &str| (!text.starts_with("  ")).then(Line::default);
    notes
        .iter()
        .flat_map(|(tone, text)| gap(text).into_iter().chain(wrap_paragraph(*tone, text, 1, width)))
        .skip(1)
        .collect()
}
