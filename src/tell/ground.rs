//! What there is before an order: orders that look alike, what stands in the way, and whether zegel can protect from
//! ordering twice.
//!
//! Names and words of the server are told as they are, never as marks.

use super::{Said, Teller};
use crate::facts::{Entry, Loss};
use crate::layout::Tone;
use crate::order::{Alike, Differ, Ground};

/// So many orders that look alike are named.
const NAMED: usize = 5;

impl Teller<'_> {
    /// What is said of what there is before an order.
    pub fn ground(&self, ground: &Ground) -> Said {
        let lost = self.losses(ground.lost());
        match &ground.records {
            Err(unkept) => {
                let why = self.unkept(unkept);
                return vec![(Tone::Error, format!("✗ {}", self.tell("confirm.no_journal", &[("why", &why)])))];
            }
            Ok(records) => {
                if let Some(entry) = &records.blocked {
                    return lost.into_iter().chain([(Tone::Error, self.blocked(entry))]).collect();
                }
            }
        }
        let unprotected = self.protection(ground);
        // Of a list that did not come nothing can be said.
        let silent = unprotected.is_some() && ground.alike.is_empty() && ground.others == 0;
        let alike = if silent { Vec::new() } else { self.all_alike(ground) };
        let nameless = (unprotected.is_none() && ground.user.is_none())
            .then(|| (Tone::Warning, format!("! {}", self.say("confirm.no_user"))));
        let clocks = ground.clocks.map(|clocks| (Tone::Warning, format!("! {}", self.clocks(clocks))));
        lost.into_iter().chain(unprotected).chain(nameless).chain(clocks).chain(alike).collect()
    }

    /// What the journal has lost: which file, and what is missing by that.
    pub fn losses(&self, losses: &[Loss]) -> Said {
        let one = |loss: &Loss| {
            let (id, day) = match loss.mark {
                None => ("confirm.lost_gone", String::new()),
                Some(_) if loss.is_of_intent() => ("confirm.lost_file", String::new()),
                Some((_, changed)) => ("confirm.lost_copy", self.lang.day_of(changed)),
            };
            (Tone::Error, format!("! {}", self.tell(id, &[("path", &loss.file), ("day", &day)])))
        };
        losses.iter().map(one).collect()
    }

    /// The word that orders: another one where exactly this was ordered before, where nothing protects from ordering
    /// twice, and where the journal has lost something; all of them, where all is so.
    pub fn order_word(&self, duplicate: Option<u64>, protects: bool, lost: bool) -> String {
        let again = duplicate.map(|id| self.tell("confirm.word_again", &[("id", &id.to_string())]));
        let unprotected = (!protects).then(|| self.say("confirm.word_unprotected").to_owned());
        let lost = lost.then(|| self.say("confirm.word_lost").to_owned());
        let words: Vec<String> = again.into_iter().chain(unprotected).chain(lost).collect();
        if words.is_empty() { self.say("confirm.word").to_owned() } else { words.join(" ") }
    }

    fn clocks(&self, clocks: Differ) -> String {
        // To the minute: clocks that differ by less are taken for the same.
        let (here, server) = (self.lang.minute(clocks.here), self.lang.minute(clocks.server));
        self.tell("confirm.clocks", &[("here", &here), ("server", &server)])
    }

    fn blocked(&self, entry: &Entry) -> String {
        let values = [("intent", entry.id.to_string()), ("day", self.lang.day_of(entry.intent.local_time))];
        format!("✗ {}", self.tell("confirm.in_the_way", &[("intent", &values[0].1), ("day", &values[1].1)]))
    }

    fn protection(&self, ground: &Ground) -> Option<(Tone, String)> {
        if ground.protects() {
            return None;
        }
        let why = ground.gap.as_ref().map(|(list, gap)| self.gap_sentence(*list, gap)).unwrap_or_default();
        Some((Tone::Error, format!("! {}", self.tell("confirm.unprotected", &[("why", &why)]))))
    }

    fn all_alike(&self, ground: &Ground) -> Said {
        let alike = &ground.alike;
        let mut said = Said::new();
        if let Some(id) = ground.duplicate() {
            said.push((Tone::Error, format!("! {}", self.tell("confirm.duplicate", &[("id", &id.to_string())]))));
        }
        if alike.iter().any(|one| !one.is_earlier()) {
            said.push((Tone::Warning, format!("! {}", self.say("confirm.alike"))));
        } else if !alike.is_empty() {
            said.push((Tone::Warning, format!("! {}", self.say("confirm.earlier"))));
        }
        said.extend(alike.iter().take(NAMED).map(|one| (Tone::Warning, format!("  - {}", self.alike(one)))));
        if alike.len() > NAMED {
            let count = self.lang.count(alike.len() - NAMED);
            said.push((Tone::Warning, format!("  - {}", self.tell("confirm.more_alike", &[("count", &count)]))));
        }
        if ground.others > 0 {
            said.push((Tone::Dim, self.tell("confirm.others", &[("count", &self.lang.count(ground.others))])));
        }
        let last = if alike.is_empty() { "confirm.none_alike" } else { "confirm.hidden" };
        said.push((Tone::Dim, self.say(last).to_owned()));
        said
    }

    /// "ordered 2 h ago: order 700001, waiting for approval, by A. Tester".
    pub fn alike(&self, alike: &Alike) -> String {
        let order = alike.order.map(|id| self.tell("alike.order", &[("id", &id.to_string())]));
        let status = Some(&alike.status).filter(|word| !word.is_empty());
        let status = status.map(|word| self.status_word("order_word.", word));
        let request = Some(&alike.request).filter(|word| !word.is_empty());
        let request =
            request.map(|word| self.tell("alike.request", &[("status", &self.status_word("request_word.", word))]));
        let user = Some(&alike.user).filter(|name| !name.is_empty());
        let user = user.map(|name| self.tell("alike.user", &[("name", name)]));
        let organization = Some(alike.organization.clone()).filter(|name| !name.is_empty());
        let ends = alike.ends.map(|day| self.tell("alike.ends", &[("day", &self.lang.date(day))]));
        let same = match alike {
            Alike { duplicate: true, .. } => Some("alike.same"),
            Alike { same: true, .. } => Some("alike.earlier"),
            Alike { unlisted: true, .. } => Some("alike.unlisted"),
            _ => None,
        };
        let same = same.map(|id| self.say(id).to_owned());
        let parts = [
            Some(self.tell("alike.ordered", &[("age", &self.lang.age(alike.minutes))])),
            order,
            status,
            request,
            organization,
            user,
            ends,
            same,
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }
}
