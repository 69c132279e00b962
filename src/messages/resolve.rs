//! Messages about an order with an unknown outcome: why it is unknown, and what lookups found.
//!
//! They present a candidate as a possible match, never as the order. The order machine decides what the user may
//! choose.

use super::{MessageWriter, TonedLines};
use crate::domain::OrderRow;
use crate::i18n::{texts, with};
use crate::order::resolve::{Candidate, InconclusiveCause, LOOKUP_SCHEDULE_MS, Verdict};
use crate::order::{UnknownCause, UnresolvedOrder};
use crate::tone::Tone;

impl MessageWriter<'_> {
    /// Returns why the outcome is unknown.
    pub fn doubt_text(&self, cause: &UnknownCause) -> String {
        match cause {
            UnknownCause::NoAnswer(why) => self.format(texts::unknown::NO_ANSWER, with::Why(&self.reason_text(why))),
            UnknownCause::Status(status, _) => self.format(texts::unknown::STATUS, with::Status(&status)),
            UnknownCause::Interrupted => self.text(texts::unknown::EARLIER).to_owned(),
            UnknownCause::Unanswered => self.text(texts::unknown::UNANSWERED).to_owned(),
        }
    }

    /// Returns what the server said about the order, if it said anything.
    pub fn server_answer_text(&self, open: &UnresolvedOrder) -> Option<String> {
        let words = Some(open.server_excerpt()).filter(|words| !words.is_empty());
        words.map(|words| self.format(texts::unknown::WORDS, with::Words(&words)))
    }

    /// Returns what the lookups found so far and when the next lookup is due, for a screen: the lines name the keys
    /// for the next step. `now` is in milliseconds.
    pub fn found_lines(&self, open: &UnresolvedOrder, now: u64) -> TonedLines {
        let lines = self.verdict_lines_with_hints(
            open,
            [self.text(texts::unknown::TYPE_NUMBER), self.text(texts::unknown::LOOK_AGAIN)],
        );
        lines.into_iter().chain(self.next_look_line(open, now)).collect()
    }

    /// Returns what the lookups found so far.
    pub fn verdict_lines(&self, open: &UnresolvedOrder) -> TonedLines {
        self.verdict_lines_with_hints(open, ["", ""])
    }

    /// Returns the same lines with hints: what the user can do about a proposal, and where another lookup may help.
    fn verdict_lines_with_hints(&self, open: &UnresolvedOrder, [adopt, again]: [&str; 2]) -> TonedLines {
        let mut lines = TonedLines::new();
        let proposal = |id: &str| format!("✓ {} {adopt}", self.format(texts::unknown::PROPOSED, with::Id(&id)));
        let blindness = |blind: InconclusiveCause| {
            let again = if blind == InconclusiveCause::NoKnownSet { "" } else { again };
            (Tone::Error, format!("✗ {} {again}", self.uncertainty_text(open, blind)).trim_end().to_owned())
        };
        match open.verdict() {
            Verdict::Found { candidates, proposed, inconclusive: blind } => {
                // If the known set is incomplete, some of what was found may have existed before.
                let id =
                    if open.intent().known_set.is_whole() { texts::unknown::FOUND } else { texts::unknown::FOUND_ALL };
                lines.push((Tone::Warning, format!("! {}", self.text(id))));
                for one in &candidates {
                    let tone = if one.order.is_some() && one.order == proposed { Tone::Good } else { Tone::Plain };
                    lines.push((tone, format!("  - {}", self.candidate_text(one))));
                }
                if let Some(order) = proposed {
                    lines.push((Tone::Good, proposal(&order.to_string()).trim_end().to_owned()));
                }
                lines.extend(blind.map(blindness));
            }
            Verdict::NotThere => lines.push((Tone::Good, format!("✓ {}", self.text(texts::unknown::NOT_THERE)))),
            Verdict::CannotTell(blind) => lines.push(blindness(blind)),
            Verdict::Looking(_) => {}
        }
        lines
    }

    /// Returns why the lookups cannot tell. For a list, it names the list and what went wrong, as far as that is
    /// known.
    fn uncertainty_text(&self, open: &UnresolvedOrder, blind: InconclusiveCause) -> String {
        match (blind, open.list_gap()) {
            (InconclusiveCause::NoKnownSet, _) => self.text(texts::unknown::NO_KNOWN_SET).to_owned(),
            (InconclusiveCause::OtherUser, _) => self.text(texts::unknown::OTHER_USER).to_owned(),
            (InconclusiveCause::IncompleteList, None) => self.text(texts::unknown::CUT).to_owned(),
            (InconclusiveCause::IncompleteList, Some((list, gap))) => {
                self.format(texts::unknown::CUT_LIST, with::List(&self.list_gap_sentence(*list, gap)))
            }
        }
    }

    /// Returns which lookup is next, and in how many seconds. `now` is in milliseconds. `None` after the last lookup.
    pub fn next_look_line(&self, open: &UnresolvedOrder, now: u64) -> Option<(Tone, String)> {
        let (number, due) = (open.next_lookup_number()?, open.next_lookup_due()?);
        let seconds = due.saturating_sub(now).div_ceil(1000);
        let (number, count) = (number.to_string(), LOOKUP_SCHEDULE_MS.len().to_string());
        let text = match seconds {
            0 => self.format(texts::unknown::LOOKING, (with::Number(&number), with::Count(&count))),
            _ => self.format(
                texts::unknown::NEXT_LOOK,
                (with::Number(&number), with::Count(&count), with::Seconds(&seconds)),
            ),
        };
        Some((Tone::Heading, text))
    }

    /// Returns a possible match in one line: id, status, organization, user, time, validity, and its requests.
    pub fn candidate_text(&self, one: &Candidate) -> String {
        let row = one.row.clone().unwrap_or_default();
        let order = match one.order {
            Some(id) => self.format(texts::alike::ORDER, with::Id(&id)),
            None => self.text(texts::unknown::NO_ORDER).to_owned(),
        };
        let requests = one.requests.iter().map(|row| {
            let status = self.status_word(texts::request_word::find, &row.status);
            self.format(texts::status::REQUEST, (with::Id(&row.id), with::Status(&status)))
        });
        let parts = self.order_row_parts(&row, one).into_iter().chain(requests);
        std::iter::once(order).chain(parts.filter(|part| !part.is_empty())).collect::<Vec<_>>().join(" · ")
    }

    fn order_row_parts(&self, row: &OrderRow, one: &Candidate) -> [String; 5] {
        let request = one.requests.first();
        let or = |stated: &str, other: Option<&str>| {
            if stated.is_empty() { other.unwrap_or_default() } else { stated }.to_owned()
        };
        let user = or(&row.user_name, request.map(|row| row.requester_name.as_str()));
        let user = if user.is_empty() { user } else { self.format(texts::alike::USER, with::Name(&user)) };
        let status =
            if row.status.is_empty() { String::new() } else { self.status_word(texts::order_word::find, &row.status) };
        [
            status,
            or(&row.organization_name, request.map(|row| row.organization_name.as_str())),
            user,
            self.lang.format_reported_time(&or(&row.date_created, request.map(|row| row.date.as_str()))),
            self.validity_text(&row.validity),
        ]
    }
}
