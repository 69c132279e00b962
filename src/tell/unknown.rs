//! What is said of an order whose outcome is not known: why, and what was found by looking.
//!
//! A candidate is told as one that may be it, never as the order; what may be decided is not its matter.

use super::{Said, Teller};
use crate::facts::OrderRow;
use crate::layout::Tone;
use crate::order::resolve::{Blind, Candidate, LOOKS, Verdict};
use crate::order::{Doubt, Open};

impl Teller<'_> {
    /// Why nobody knows.
    pub fn doubt(&self, doubt: &Doubt) -> String {
        match doubt {
            Doubt::NoAnswer(why) => self.tell("unknown.no_answer", &[("why", &self.reason(why))]),
            Doubt::Status(status, _) => self.tell("unknown.status", &[("status", &status.to_string())]),
            Doubt::Earlier => self.say("unknown.earlier").to_owned(),
            Doubt::Unanswered => self.say("unknown.unanswered").to_owned(),
        }
    }

    /// What the server said of it, where it said something.
    pub fn answer_words(&self, open: &Open) -> Option<String> {
        let words = Some(open.words()).filter(|words| !words.is_empty());
        words.map(|words| self.tell("unknown.words", &[("words", words)]))
    }

    /// What was found by looking so far, and at `now`, in milliseconds, when it is looked again; on a screen, with the
    /// keys that go on.
    pub fn found(&self, open: &Open, now: u64) -> Said {
        let said = self.verdict_with(open, [self.say("unknown.type_number"), self.say("unknown.look_again")]);
        said.into_iter().chain(self.next_look(open, now)).collect()
    }

    /// What was found by looking so far.
    pub fn verdict(&self, open: &Open) -> Said {
        self.verdict_with(open, ["", ""])
    }

    /// The same, with what can be done about a proposal, and where a look may tell more.
    fn verdict_with(&self, open: &Open, [adopt, again]: [&str; 2]) -> Said {
        let mut said = Said::new();
        let proposal = |id: &str| format!("✓ {} {adopt}", self.tell("unknown.proposed", &[("id", id)]));
        let blindness = |blind: Blind| {
            let again = if blind == Blind::NoKnownSet { "" } else { again };
            (Tone::Error, format!("✗ {} {again}", self.blindness(open, blind)).trim_end().to_owned())
        };
        match open.verdict() {
            Verdict::Found { candidates, proposed, blind } => {
                // Of what there was before nothing may be said where that is not known.
                let id = if open.intent().known.is_whole() { "unknown.found" } else { "unknown.found_all" };
                said.push((Tone::Warning, format!("! {}", self.say(id))));
                for one in &candidates {
                    let tone = if one.order.is_some() && one.order == proposed { Tone::Good } else { Tone::Plain };
                    said.push((tone, format!("  - {}", self.candidate(one))));
                }
                if let Some(order) = proposed {
                    said.push((Tone::Good, proposal(&order.to_string()).trim_end().to_owned()));
                }
                said.extend(blind.map(blindness));
            }
            Verdict::NotThere => said.push((Tone::Good, format!("✓ {}", self.say("unknown.not_there")))),
            Verdict::CannotTell(blind) => said.push(blindness(blind)),
            Verdict::Looking(_) => {}
        }
        said
    }

    /// Why it cannot be told: where it is a list, which one and what came of it, as far as that is known.
    fn blindness(&self, open: &Open, blind: Blind) -> String {
        match (blind, open.gap()) {
            (Blind::NoKnownSet, _) => self.say("unknown.no_known_set").to_owned(),
            (Blind::OtherUser, _) => self.say("unknown.other_user").to_owned(),
            (Blind::Cut, None) => self.say("unknown.cut").to_owned(),
            (Blind::Cut, Some((list, gap))) => {
                self.tell("unknown.cut_list", &[("list", &self.gap_sentence(*list, gap))])
            }
        }
    }

    /// Which look is next, and at `now`, in milliseconds, in how many seconds; nothing once all came back.
    pub fn next_look(&self, open: &Open, now: u64) -> Option<(Tone, String)> {
        let (number, due) = (open.next_look()?, open.due()?);
        let seconds = due.saturating_sub(now).div_ceil(1000);
        let values =
            [("number", number.to_string()), ("count", LOOKS.len().to_string()), ("seconds", seconds.to_string())];
        let values = values.each_ref().map(|(name, value)| (*name, value.as_str()));
        let id = if seconds == 0 { "unknown.looking" } else { "unknown.next_look" };
        Some((Tone::Heading, self.tell(id, &values)))
    }

    /// An order that may be it: id, status, who, when, for how long, and its request.
    pub fn candidate(&self, one: &Candidate) -> String {
        let row = one.row.clone().unwrap_or_default();
        let order = match one.order {
            Some(id) => self.tell("alike.order", &[("id", &id.to_string())]),
            None => self.say("unknown.no_order").to_owned(),
        };
        let requests = one.requests.iter().map(|row| {
            let status = self.status_word("request_word.", &row.status);
            self.tell("status.request", &[("id", &row.id.to_string()), ("status", &status)])
        });
        let parts = self.row(&row, one).into_iter().chain(requests);
        std::iter::once(order).chain(parts.filter(|part| !part.is_empty())).collect::<Vec<_>>().join(" · ")
    }

    fn row(&self, row: &OrderRow, one: &Candidate) -> [String; 5] {
        let request = one.requests.first();
        let or =
            |told: &str, other: Option<&str>| if told.is_empty() { other.unwrap_or_default() } else { told }.to_owned();
        let user = or(&row.user_name, request.map(|row| row.requester_name.as_str()));
        let user = if user.is_empty() { user } else { self.tell("alike.user", &[("name", &user)]) };
        let status = if row.status.is_empty() { String::new() } else { self.status_word("order_word.", &row.status) };
        [
            status,
            or(&row.organization_name, request.map(|row| row.organization_name.as_str())),
            user,
            self.lang.reported(&or(&row.date_created, request.map(|row| row.date.as_str()))),
            self.validity(&row.validity),
        ]
    }
}
