//! Unknown: nobody knows whether the order was placed. What was found by looking, and a word or an id to type that
//! decides.
//!
//! A candidate is proposed at most, never assumed; and nothing is decided before the looks allow it.

use super::msg::Effect;
use super::word::Word;
use super::{Model, Screen};
use crate::facts::{Decision, is_sentence};
use crate::layout::{Line, Reader, Tone, paragraph};
use crate::order::Event;
use crate::order::resolve::Candidate;
use tui_input::InputRequest;

/// Unknown.
#[derive(Debug, Clone, Default)]
pub struct Unknown {
    /// How far down it is scrolled.
    pub reader: Reader,
    typed: Word,
}

impl Model {
    /// Says that nobody knows whether the order was placed, and what to do.
    pub(super) fn show_unknown(&mut self) {
        self.leave_editor();
        self.overlays.clear();
        self.screen = Screen::Unknown(Unknown::default());
    }

    /// The words that say that it was not placed.
    fn deny_word(&self) -> &str {
        self.say("unknown.word")
    }

    /// Whether something can be decided, so that keys go into the line.
    pub(super) fn decides(&self) -> bool {
        let Some(open) = self.course.unknown() else { return false };
        let adopts = |one: &Candidate| one.order.is_some_and(|order| open.may_adopt(order));
        open.candidates().iter().any(adopts) || open.may_deny() || open.may_state(&Decision::NotPlaced)
    }

    /// Types a character of what decides.
    pub(super) fn type_decision(&mut self, c: char) {
        if !self.decides() {
            return self.flash("flash.no_key");
        }
        if let Screen::Unknown(unknown) = &mut self.screen {
            unknown.typed.push(c);
        }
    }

    /// Moves or deletes in it.
    pub(super) fn edit_decision(&mut self, request: InputRequest) {
        if let Screen::Unknown(unknown) = &mut self.screen {
            unknown.typed.edit(request);
        }
    }

    /// Decides, if what was typed is an order that may be it, or the words that say that there is none.
    pub(super) fn decide(&mut self) -> Vec<Effect> {
        let (Some(open), Screen::Unknown(unknown)) = (self.course.unknown(), &self.screen) else { return Vec::new() };
        let typed = unknown.typed.typed();
        let order = typed.parse().ok().filter(|order| open.may_adopt(*order));
        let decision = match order {
            Some(order) => Decision::Adopted { order },
            None if typed == self.deny_word() && open.may_deny() => Decision::NotPlaced,
            None => match self.stated(typed).filter(|(decision, _)| open.may_state(decision)) {
                Some((decision, sentence)) if is_sentence(sentence) => {
                    let sentence = sentence.to_owned();
                    return self.decide_by(Event::Stated(decision, sentence));
                }
                Some((decision, _)) => {
                    self.flash_short_sentence(&decision);
                    return Vec::new();
                }
                None => {
                    self.flash(if self.decides() { "flash.decide" } else { "flash.undecided" });
                    return Vec::new();
                }
            },
        };
        self.decide_by(Event::Decided(decision))
    }

    fn decide_by(&mut self, event: Event) -> Vec<Effect> {
        if let Screen::Unknown(unknown) = &mut self.screen {
            unknown.typed.clear();
        }
        self.happen(event)
    }

    /// A decision and what the person says to have checked, with a colon between them. The word alone is a decision
    /// without a sentence; a number alone may be a typing error.
    fn stated<'t>(&self, typed: &'t str) -> Option<(Decision, &'t str)> {
        let (decision, sentence) = match typed.split_once(':') {
            Some((decision, sentence)) => (decision.trim(), sentence.trim()),
            None => (Some(typed).filter(|typed| *typed == self.deny_word())?, ""),
        };
        let decision = match decision {
            word if word == self.deny_word() => Decision::NotPlaced,
            id => Decision::Adopted { order: id.parse().ok().filter(|id| *id > 0)? },
        };
        Some((decision, sentence))
    }

    /// Says what is missing behind a decision.
    fn flash_short_sentence(&mut self, decision: &Decision) {
        let decision = match decision {
            Decision::NotPlaced => self.deny_word().to_owned(),
            Decision::Adopted { order } => order.to_string(),
        };
        self.marks.flash = Some(self.lang.tell("flash.short_sentence", &[("decision", &decision)]));
    }

    /// The line in which it is typed; nothing while there is nothing to decide.
    pub fn decision_line(&self, unknown: &Unknown, width: usize) -> Line {
        let Some(open) = self.course.unknown() else { return Line::default() };
        let adopts = open.candidates().iter().filter_map(|one| one.order).any(|order| open.may_adopt(order));
        let id = match (adopts, open.may_state(&Decision::NotPlaced)) {
            _ if !self.decides() => "unknown.look_on",
            _ if open.may_deny() => "unknown.type_word",
            (true, false) => "unknown.type_id",
            (true, true) => "unknown.type_both",
            (false, _) => "unknown.type_checked",
        };
        let prompt = self.lang.tell(id, &[("word", self.deny_word())]);
        unknown.typed.line(&prompt, self.decides(), width)
    }

    /// Which order to look for in `CertCentral`.
    pub(super) fn look_words(&self) -> String {
        let since = self.course.sending_since().or(self.past.sent_at).unwrap_or(self.now);
        let minutes = self.now.saturating_sub(since) / 60_000;
        let ago = match (self.past.sent_on, minutes) {
            (None, _) => self.say("unknown.before").to_owned(),
            (_, 0) => self.say("unknown.just_now").to_owned(),
            (_, minutes) => {
                let age = self.lang.age(i64::try_from(minutes).ok());
                self.lang.tell("unknown.minutes_ago", &[("age", &age)])
            }
        };
        let written = self.course.unknown().map(|open| self.lang.day_of(open.intent().local_time));
        let day = self.past.sent_on.map(|day| self.lang.date(day)).or(written).unwrap_or_default();
        let product = self.words(&self.product().title);
        self.lang.tell("unknown.look", &[("product", product), ("who", &self.for_whom()), ("day", &day), ("ago", &ago)])
    }

    /// What is said when nobody knows whether the order was placed.
    pub(super) fn unknown_lines(&self, width: usize) -> Vec<Line> {
        let Some(open) = self.course.unknown() else { return Vec::new() };
        let mut said = vec![
            (Tone::Error, self.say("unknown.title").to_owned()),
            (Tone::Plain, self.teller().doubt(open.doubt())),
            (Tone::Plain, self.say("unknown.may_be").to_owned()),
        ];
        said.extend(self.teller().answer_words(open).map(|words| (Tone::Plain, words)));
        said.extend(self.unkept_said());
        said.extend(self.teller().found(open, self.now));
        if !open.may_deny() && open.may_state(&Decision::NotPlaced) {
            said.push((Tone::Plain, self.lang.tell("unknown.checked", &[("word", self.deny_word())])));
        }
        said.push((Tone::Plain, self.look_words()));
        said.push((Tone::Plain, self.say("unknown.request").to_owned()));
        said.push((Tone::Plain, self.say("unknown.never").to_owned()));
        said.push((Tone::Dim, self.say("unknown.kept").to_owned()));
        let gap = |text: &str| (!text.starts_with("  ")).then(Line::default);
        said.iter()
            .flat_map(|(tone, text)| gap(text).into_iter().chain(paragraph(*tone, text, 1, width)))
            .skip(1)
            .collect()
    }
}
