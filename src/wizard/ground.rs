//! What Confirm says of what there is before the order: orders that look alike, what stands in the way, and whether
//! zegel can protect from ordering twice.
//!
//! Names and words of the server are shown as they are, never as marks; nothing is decided here.

use super::Model;
use crate::facts::{Entry, Unkept};
use crate::layout::Tone;
use crate::order::{Alike, Ground};

/// So many orders that look alike are named.
const NAMED: usize = 5;

impl Model {
    /// What is said of what there is before the order.
    pub(super) fn ground_said(&self) -> Vec<(Tone, String)> {
        let Some(ground) = self.course.ground() else { return Vec::new() };
        match &ground.records {
            Err(unkept) => return vec![(Tone::Error, self.warned("confirm.no_journal", &self.unkept_words(unkept)))],
            Ok(records) => {
                if let Some(entry) = &records.blocked {
                    return vec![(Tone::Error, self.blocked_words(entry))];
                }
            }
        }
        let unprotected = self.protection_said(ground);
        // Of a list that did not come nothing can be said.
        let alike =
            if unprotected.is_some() && ground.alike.is_empty() { Vec::new() } else { self.alike_said(&ground.alike) };
        let nameless = (unprotected.is_none() && ground.user.is_none())
            .then(|| (Tone::Warning, format!("! {}", self.say("confirm.no_user"))));
        unprotected.into_iter().chain(nameless).chain(alike).collect()
    }

    fn warned(&self, id: &'static str, why: &str) -> String {
        format!("✗ {}", self.lang.tell(id, &[("why", why)]))
    }

    fn blocked_words(&self, entry: &Entry) -> String {
        let values = [("intent", entry.id.to_string()), ("day", day_of(entry.intent.local_time))];
        format!("✗ {}", self.lang.tell("confirm.in_the_way", &[("intent", &values[0].1), ("day", &values[1].1)]))
    }

    fn protection_said(&self, ground: &Ground) -> Option<(Tone, String)> {
        if ground.protects() {
            return None;
        }
        let failure = ground.failure.as_ref().map(|failure| self.failure_words(failure));
        let why = failure.unwrap_or_else(|| self.say("confirm.not_whole").to_owned());
        Some((Tone::Error, format!("! {}", self.lang.tell("confirm.unprotected", &[("why", &why)]))))
    }

    fn alike_said(&self, alike: &[Alike]) -> Vec<(Tone, String)> {
        let mut said: Vec<(Tone, String)> = Vec::new();
        if !alike.is_empty() {
            said.push((Tone::Warning, format!("! {}", self.say("confirm.alike"))));
        }
        said.extend(alike.iter().take(NAMED).map(|one| (Tone::Warning, format!("  - {}", self.alike_words(one)))));
        if alike.len() > NAMED {
            let count = (alike.len() - NAMED).to_string();
            said.push((Tone::Warning, format!("  - {}", self.lang.tell("confirm.more_alike", &[("count", &count)]))));
        }
        said.push((
            Tone::Dim,
            self.say(if alike.is_empty() { "confirm.none_alike" } else { "confirm.hidden" }).to_owned(),
        ));
        said
    }

    /// "ordered 2 h ago: order 700001, waiting for approval, by A. Tester".
    fn alike_words(&self, alike: &Alike) -> String {
        let order = alike.order.map(|id| self.lang.tell("alike.order", &[("id", &id.to_string())]));
        let status = Some(&alike.status).filter(|word| !word.is_empty());
        let status = status.map(|word| self.status_word("order_word.", word));
        let request = Some(&alike.request).filter(|word| !word.is_empty());
        let request = request
            .map(|word| self.lang.tell("alike.request", &[("status", &self.status_word("request_word.", word))]));
        let user = Some(&alike.user).filter(|name| !name.is_empty());
        let user = user.map(|name| self.lang.tell("alike.user", &[("name", name)]));
        let organization = Some(alike.organization.clone()).filter(|name| !name.is_empty());
        let same = match alike {
            Alike { same: true, .. } => Some("alike.same"),
            Alike { unlisted: true, .. } => Some("alike.unlisted"),
            _ => None,
        };
        let same = same.map(|id| self.say(id).to_owned());
        let parts = [
            Some(self.lang.tell("alike.ordered", &[("age", &self.age_words(alike.minutes))])),
            order,
            status,
            request,
            organization,
            user,
            same,
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    pub(super) fn age_words(&self, minutes: Option<i64>) -> String {
        let Some(minutes) = minutes else { return self.say("age.some_time").to_owned() };
        let (id, count) = match minutes.max(0) {
            0 => return self.say("age.just_now").to_owned(),
            minutes @ 1..120 => ("age.minutes", minutes),
            minutes @ 120..2880 => ("age.hours", minutes / 60),
            minutes => ("age.days", minutes / 1440),
        };
        self.lang.tell(id, &[("count", &count.to_string())])
    }

    /// What is said of something that could not be kept.
    pub(super) fn unkept_words(&self, unkept: &Unkept) -> String {
        super::drafts::unkept_words(&self.lang, unkept)
    }
}

/// The day in UTC of a time in milliseconds since 1970.
pub(super) fn day_of(millis: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(millis);
    time.map(|time| time.to_zoned(jiff::tz::TimeZone::UTC).date().to_string()).unwrap_or_default()
}
