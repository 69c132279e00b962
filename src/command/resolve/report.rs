//! What is told of intents and of what was found: as lines, as JSON, and what can be done next.
//!
//! It decides nothing; the words of the server are in it as they came.

use super::Wish;
use super::take::{Journal, State, Taken};
use crate::command::lines::{Lines, Unwritten, json_line};
use crate::command::status::picture::{told, validity_json};
use crate::facts::{Decision, Ended, Entry, Intent, IntentId};
use crate::layout::Tone;
use crate::order::Open;
use crate::order::resolve::{Blind, Candidate, Verdict};
use crate::product::Product;
use crate::tell::Teller;
use jiff::Timestamp;
use serde_json::{Value, json};

/// So many digits of a digest are shown, as at Review.
const SHOWN: usize = 16;

/// Tells of one account.
pub(super) struct Report<'a> {
    pub(super) teller: Teller<'a>,
    pub(super) product: &'static Product,
}

impl Report<'_> {
    fn tell(&self, id: &str, values: &[(&str, &str)]) -> String {
        self.teller.lang.tell(id, values)
    }

    fn say(&self, id: &str) -> String {
        self.teller.lang.say(id).to_owned()
    }

    /// A line for each intent that is open, or for the one alone that was taken.
    pub(super) fn open_lines(&self, journal: &Journal, all: bool) -> Vec<String> {
        let told = journal.open.iter().filter(|(_, state)| all || *state == State::Taken);
        told.map(|(entry, state)| self.open_line(entry, *state)).collect()
    }

    fn open_line(&self, entry: &Entry, state: State) -> String {
        let Entry { id, intent, .. } = entry;
        let state = match state {
            State::Taken => None,
            State::Open => Some(self.say("resolve.open")),
            State::Busy => Some(self.say("resolve.busy")),
            State::Elsewhere => Some(self.tell("resolve.elsewhere", &[("host", &intent.host)])),
        };
        let parts = [
            Some(self.tell("resolve.intent", &[("id", &id.to_string())])),
            Some(self.teller.lang.day_of(intent.local_time)),
            Some(self.product_name(intent)),
            Some(match intent.organization {
                Some(id) => self.tell("resolve.organization", &[("id", &id.to_string())]),
                None => self.say("resolve.new_organization"),
            }),
            Some(self.tell("resolve.digest", &[("digest", intent.digest.get(..SHOWN).unwrap_or(&intent.digest))])),
            state,
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    fn product_name(&self, intent: &Intent) -> String {
        let known = intent.product == self.product.name_id;
        let title = self.product.title.in_language(self.teller.lang.language);
        if known { title.to_owned() } else { intent.product.clone() }
    }

    /// Why nothing is looked for.
    pub(super) fn untaken(&self, journal: &Journal) -> Vec<String> {
        let elsewhere = journal.open.iter().any(|(_, state)| *state == State::Elsewhere);
        match &journal.taken {
            Taken::Open(_) => Vec::new(),
            Taken::Busy => vec![self.say("resolve.all_busy")],
            Taken::Elsewhere(entry) => vec![self.tell("home.elsewhere", &[("host", &entry.intent.host)])],
            Taken::Missing(id) => vec![self.tell("resolve.missing", &[("id", &id.to_string())])],
            Taken::Resolved(entry) => {
                let wrong = matches!(entry.outcome, None | Some(Ended::Unknown { .. }));
                let wrong = wrong.then(|| self.tell("resolve.to_correct", &[("id", &entry.id.to_string())]));
                [self.resolved(entry)].into_iter().chain(wrong).collect()
            }
            Taken::Nothing if elsewhere => vec![self.say("resolve.nothing"), self.say("resolve.others")],
            Taken::Nothing => vec![self.say("resolve.nothing")],
        }
    }

    /// How an intent ended that is resolved already.
    fn resolved(&self, entry: &Entry) -> String {
        let id = entry.id.to_string();
        match (entry.order(), &entry.outcome) {
            (Some(order), _) => self.tell("resolve.was_placed", &[("id", &id), ("order", &order.to_string())]),
            (None, Some(Ended::Refused { status })) => {
                self.tell("resolve.was_refused", &[("id", &id), ("status", &status.to_string())])
            }
            (None, Some(Ended::NotSent)) => self.tell("resolve.was_not_sent", &[("id", &id)]),
            (None, _) => self.tell("resolve.was_denied", &[("id", &id)]),
        }
    }

    /// Why a decision that was asked for is not written down.
    pub(super) fn refusal(&self, open: &Open, wish: Wish, checked: bool) -> Option<String> {
        match (wish, open.verdict()) {
            (Wish::Look, _) => None,
            (Wish::Adopt(order), _) if checked => Some(self.tell("resolve.was_there", &[("id", &order.to_string())])),
            (Wish::Adopt(order), _) => Some(self.tell("resolve.cannot_adopt", &[("id", &order.to_string())])),
            (Wish::Deny, _) if open.next_look().is_some() => Some(self.say("resolve.too_early")),
            (Wish::Deny, Verdict::Found { .. }) => Some(self.say("resolve.found_one")),
            (Wish::Deny, _) => Some(self.say("resolve.cannot_deny")),
        }
    }

    /// What can be done next.
    pub(super) fn onward(&self, open: &Open) -> Vec<String> {
        let id = open.id().to_string();
        let adopts = may_adopt(open).is_empty();
        let adopt = (!adopts).then(|| self.tell("resolve.to_adopt", &[("id", &id)]));
        let deny = open.may_deny().then(|| self.tell("resolve.to_deny", &[("id", &id)]));
        let again = (adopt.is_none() && deny.is_none()).then(|| self.tell("resolve.to_look", &[("id", &id)]));
        let checked = deny.is_none().then(|| self.tell("resolve.checked", &[("id", &id)]));
        let still = [self.say("resolve.still"), self.say("unknown.may_be")];
        still.into_iter().chain(adopt).chain(deny).chain(again).chain(checked).collect()
    }
}

/// Prints all of it as JSON, as the help of the command describes it.
pub(super) fn print_json(open: Option<&Open>, journal: &Journal, decided: Option<&Decision>) -> Result<(), Unwritten> {
    let verdict = open.map(Open::verdict);
    let (word, why, proposed) = verdict.as_ref().map_or((None, None, None), words);
    let candidates = open.map(Open::candidates).unwrap_or_default();
    let others = journal.open.iter().filter(|(_, state)| *state != State::Taken);
    let value = json!({
        "intent": open.map(|open| intent_json(open.id(), open.intent(), open.words())),
        "verdict": word,
        "why": why,
        "candidates": candidates.iter().map(candidate_json).collect::<Vec<_>>(),
        "proposed": proposed,
        "may_adopt": open.map(may_adopt).unwrap_or_default(),
        "may_deny": open.is_some_and(Open::may_deny),
        "decided": decided.map(decision_json),
        "others": others.map(other_json).collect::<Vec<_>>(),
    });
    Lines::plain().print(Tone::Plain, &json_line(&value))
}

/// Prints that something was decided otherwise, in the same members.
pub(super) fn print_decided(entry: &Entry, decided: &Decision) -> Result<(), Unwritten> {
    let value = json!({
        "intent": intent_json(entry.id, &entry.intent, entry.words.as_deref().unwrap_or_default()),
        "verdict": null, "why": null, "candidates": [], "proposed": null, "may_adopt": [], "may_deny": false,
        "decided": decision_json(decided), "others": [],
    });
    Lines::plain().print(Tone::Plain, &json_line(&value))
}

/// The orders that the person may say are it.
fn may_adopt(open: &Open) -> Vec<u64> {
    let orders = open.candidates().iter().filter_map(|one| one.order);
    orders.filter(|order| open.may_adopt(*order)).collect()
}

/// The verdict in one word, what keeps it from being certain, and the order that is proposed.
fn words(verdict: &Verdict) -> (Option<&'static str>, Option<&'static str>, Option<u64>) {
    let why = Blind::word;
    match verdict {
        Verdict::Looking(_) => (Some("looking"), None, None),
        Verdict::Found { proposed, blind, .. } => (Some("found"), blind.map(why), *proposed),
        Verdict::NotThere => (Some("not_there"), None, None),
        Verdict::CannotTell(blind) => (Some("cannot_tell"), Some(why(*blind)), None),
    }
}

fn intent_json(id: IntentId, intent: &Intent, words: &str) -> Value {
    let time = Timestamp::from_millisecond(intent.local_time).map(|time| time.to_string()).ok();
    json!({
        "id": id.0, "time": time, "host": intent.host, "product": intent.product,
        "organization": intent.organization, "digest": intent.digest, "words": told(words),
    })
}

fn other_json((entry, state): &(Entry, State)) -> Value {
    let mut value = intent_json(entry.id, &entry.intent, entry.words.as_deref().unwrap_or_default());
    value["state"] = match state {
        State::Taken | State::Open => "open",
        State::Busy => "busy",
        State::Elsewhere => "elsewhere",
    }
    .into();
    value
}

fn decision_json(decision: &Decision) -> Value {
    match decision {
        Decision::Adopted { order } => json!({ "adopted": order }),
        Decision::NotPlaced => json!("not_placed"),
    }
}

fn candidate_json(one: &Candidate) -> Value {
    let row = one.row.clone().unwrap_or_default();
    let first = one.requests.first().cloned().unwrap_or_default();
    let requests = one.requests.iter().map(|row| json!({ "id": row.id, "status": told(&row.status) }));
    json!({
        "order": one.order,
        "status": told(&row.status),
        "organization_id": row.organization_id.or(first.organization_id),
        "organization": told(&row.organization_name).or(told(&first.organization_name)),
        "user_id": row.user_id.or(first.requester_id),
        "user": told(&row.user_name).or(told(&first.requester_name)),
        "created": told(&row.date_created).or(told(&first.date)),
        "validity": validity_json(&row.validity),
        "requests": requests.collect::<Vec<_>>(),
    })
}
