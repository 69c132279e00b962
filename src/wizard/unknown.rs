//! Unknown: nobody knows whether the order was placed. What was found by looking, and a word or an id to type that
//! decides.
//!
//! A candidate is proposed at most, never assumed; and nothing is decided before the looks allow it.

use super::msg::Effect;
use super::word::Word;
use super::{Model, Screen};
use crate::facts::{Decision, OrderRow};
use crate::layout::{Line, Reader, Tone, paragraph};
use crate::order::settle::{Blind, Candidate, LOOKS, Verdict};
use crate::order::{Doubt, Event, Open};
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
        open.candidates().iter().any(adopts) || open.may_deny()
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
            None => {
                self.flash(if self.decides() { "flash.decide" } else { "flash.undecided" });
                return Vec::new();
            }
        };
        if let Screen::Unknown(unknown) = &mut self.screen {
            unknown.typed.clear();
        }
        self.happen(Event::Decided(decision))
    }

    /// The line in which it is typed; nothing while there is nothing to decide.
    pub fn decision_line(&self, unknown: &Unknown, width: usize) -> Line {
        let Some(open) = self.course.unknown() else { return Line::default() };
        let found = !open.candidates().is_empty();
        let id = match (self.decides(), found, open.may_deny()) {
            (false, ..) => "unknown.look_on",
            (true, true, true) => "unknown.type_both",
            (true, true, false) => "unknown.type_id",
            (true, false, _) => "unknown.type_word",
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
            (_, minutes) => self.lang.tell("unknown.minutes_ago", &[("minutes", &minutes.to_string())]),
        };
        let written = self.course.unknown().map(|open| super::ground::day_of(open.intent().local_time));
        let day = self.past.sent_on.map(|day| day.to_string()).or(written).unwrap_or_default();
        let product = self.words(&self.product().title);
        self.lang.tell("unknown.look", &[("product", product), ("who", &self.for_whom()), ("day", &day), ("ago", &ago)])
    }

    /// What is said when nobody knows whether the order was placed.
    pub(super) fn unknown_lines(&self, width: usize) -> Vec<Line> {
        let Some(open) = self.course.unknown() else { return Vec::new() };
        let mut said = vec![
            (Tone::Error, self.say("unknown.title").to_owned()),
            (Tone::Plain, self.doubt_words(open.doubt())),
            (Tone::Plain, self.say("unknown.may_be").to_owned()),
        ];
        said.extend(self.unkept_said());
        said.extend(self.found_said(open));
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

    fn doubt_words(&self, doubt: &Doubt) -> String {
        match doubt {
            Doubt::NoAnswer(why) => self.lang.tell("unknown.no_answer", &[("why", &self.reason_words(why))]),
            Doubt::Status(status) => self.lang.tell("unknown.status", &[("status", &status.to_string())]),
            Doubt::Earlier => self.say("unknown.earlier").to_owned(),
        }
    }

    /// What was found by looking so far.
    fn found_said(&self, open: &Open) -> Vec<(Tone, String)> {
        let mut said = Vec::new();
        match open.verdict() {
            Verdict::Found { candidates, proposed, blind } => {
                // Of what there was before nothing may be said where that is not known.
                let id = if open.intent().known.is_whole() { "unknown.found" } else { "unknown.found_all" };
                said.push((Tone::Warning, format!("! {}", self.say(id))));
                for one in &candidates {
                    let tone = if one.order.is_some() && one.order == proposed { Tone::Good } else { Tone::Plain };
                    said.push((tone, format!("  - {}", self.candidate_words(one))));
                }
                if let Some(order) = proposed {
                    let id = order.to_string();
                    said.push((Tone::Good, format!("✓ {}", self.lang.tell("unknown.proposed", &[("id", &id)]))));
                }
                said.extend(blind.map(|blind| (Tone::Error, format!("✗ {}", self.say(blind_id(blind))))));
            }
            Verdict::NotThere => said.push((Tone::Good, format!("✓ {}", self.say("unknown.not_there")))),
            Verdict::CannotTell(blind) => said.push((Tone::Error, format!("✗ {}", self.say(blind_id(blind))))),
            Verdict::Looking(_) => {}
        }
        said.extend(self.next_look(open));
        said
    }

    fn next_look(&self, open: &Open) -> Option<(Tone, String)> {
        let (number, due) = (open.next_look()?, open.due()?);
        let seconds = due.saturating_sub(self.now).div_ceil(1000);
        let values =
            [("number", number.to_string()), ("count", LOOKS.len().to_string()), ("seconds", seconds.to_string())];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        let id = if seconds == 0 { "unknown.looking" } else { "unknown.next_look" };
        Some((Tone::Heading, self.lang.tell(id, &values)))
    }

    /// An order that may be it: id, status, who, when, for how long, and its request.
    fn candidate_words(&self, one: &Candidate) -> String {
        let row = one.row.clone().unwrap_or_default();
        let order = match one.order {
            Some(id) => self.lang.tell("alike.order", &[("id", &id.to_string())]),
            None => self.say("unknown.no_order").to_owned(),
        };
        let requests = one.requests.iter().map(|row| {
            let status = self.status_word("request_word.", &row.status);
            self.lang.tell("status.request", &[("id", &row.id.to_string()), ("status", &status)])
        });
        let parts = self.row_words(&row, one).into_iter().chain(requests);
        std::iter::once(order).chain(parts.filter(|part| !part.is_empty())).collect::<Vec<_>>().join(" · ")
    }

    fn row_words(&self, row: &OrderRow, one: &Candidate) -> [String; 5] {
        let request = one.requests.first();
        let or =
            |told: &str, other: Option<&str>| if told.is_empty() { other.unwrap_or_default() } else { told }.to_owned();
        let user = or(&row.user_name, request.map(|row| row.requester_name.as_str()));
        let user = if user.is_empty() { user } else { self.lang.tell("alike.user", &[("name", &user)]) };
        let status = if row.status.is_empty() { String::new() } else { self.status_word("order_word.", &row.status) };
        [
            status,
            or(&row.organization_name, request.map(|row| row.organization_name.as_str())),
            user,
            or(&row.date_created, request.map(|row| row.date.as_str())),
            self.validity_words(&row.validity),
        ]
    }
}

fn blind_id(blind: Blind) -> &'static str {
    match blind {
        Blind::NoKnownSet => "unknown.no_known_set",
        Blind::Cut => "unknown.cut",
        Blind::OtherUser => "unknown.other_user",
    }
}
