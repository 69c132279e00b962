//! The output of `zegel resolve`: intents and lookup results as lines and as JSON, and what the user can do next.
//!
//! This module decides nothing. Words of the server appear as received.

use super::RequestedDecision;
use super::select_intent::{IntentSelection, OpenIntentState, SelectedIntent};
use crate::commands::output::{LinePrinter, OutputError, json_line};
use crate::commands::status::snapshot::{non_blank, validity_json};
use crate::domain::{Decision, Intent, IntentId, JournalEntry, RecordedOutcome};
use crate::i18n::{TextId, ValuesFor, texts, with};
use crate::messages::MessageWriter;
use crate::order::UnresolvedOrder;
use crate::order::resolve::{Candidate, InconclusiveCause, Verdict};
use crate::product::Product;
use crate::tone::Tone;
use jiff::Timestamp;
use serde_json::{Value, json};

/// The number of shown digits of a digest, as on the Review screen.
const SHOWN_DIGEST_DIGITS: usize = 16;

/// Words the output about one account.
pub(super) struct ResolveReport<'a> {
    pub(super) messages: MessageWriter<'a>,
    pub(super) product: &'static Product,
}

impl ResolveReport<'_> {
    fn format<V>(&self, id: TextId<V>, values: impl ValuesFor<V>) -> String {
        self.messages.lang.format(id, values)
    }

    fn text(&self, id: TextId) -> String {
        self.messages.lang.text(id).to_owned()
    }

    /// Returns a line for each open intent, or only for the selected one.
    pub(super) fn intent_lines(&self, journal: &IntentSelection, all: bool) -> Vec<String> {
        let intents = journal.open.iter().filter(|(_, state)| all || *state == OpenIntentState::Selected);
        intents.map(|(entry, state)| self.intent_line(entry, *state)).collect()
    }

    fn intent_line(&self, entry: &JournalEntry, state: OpenIntentState) -> String {
        let JournalEntry { id, intent, .. } = entry;
        let state = match state {
            OpenIntentState::Selected => None,
            OpenIntentState::Open => Some(self.text(texts::resolve::OPEN)),
            OpenIntentState::Busy => Some(self.text(texts::resolve::BUSY)),
            OpenIntentState::OtherHost => Some(self.format(texts::resolve::ELSEWHERE, with::Host(&intent.host))),
        };
        let parts = [
            Some(self.format(texts::resolve::INTENT, with::Id(&id))),
            Some(self.messages.lang.format_day_of_millis(intent.local_time)),
            Some(self.product_name(intent)),
            Some(match intent.organization {
                Some(id) => self.format(texts::resolve::ORGANIZATION, with::Id(&id)),
                None => self.text(texts::resolve::NEW_ORGANIZATION),
            }),
            Some(self.format(
                texts::resolve::DIGEST,
                with::Digest(&intent.digest.get(..SHOWN_DIGEST_DIGITS).unwrap_or(&intent.digest)),
            )),
            state,
        ];
        parts.into_iter().flatten().collect::<Vec<_>>().join(" · ")
    }

    fn product_name(&self, intent: &Intent) -> String {
        let known = intent.product == self.product.name_id;
        let title = self.product.title.in_language(self.messages.lang.language);
        if known { title.to_owned() } else { intent.product.clone() }
    }

    /// Returns why no intent is being resolved.
    pub(super) fn unselected_lines(&self, journal: &IntentSelection) -> Vec<String> {
        let elsewhere = journal.open.iter().any(|(_, state)| *state == OpenIntentState::OtherHost);
        match &journal.selected {
            SelectedIntent::Open(_) => Vec::new(),
            SelectedIntent::Busy => vec![self.text(texts::resolve::ALL_BUSY)],
            SelectedIntent::OtherHost(entry) => {
                vec![self.format(texts::home::ELSEWHERE, with::Host(&entry.intent.host))]
            }
            SelectedIntent::Missing(id) => vec![self.format(texts::resolve::MISSING, with::Id(&id))],
            SelectedIntent::Resolved(entry) => {
                let wrong = matches!(entry.outcome, None | Some(RecordedOutcome::Unknown { .. }));
                let wrong = wrong.then(|| self.format(texts::resolve::TO_CORRECT, with::Id(&entry.id)));
                [self.resolved_line(entry)].into_iter().chain(wrong).collect()
            }
            SelectedIntent::NoneOpen if elsewhere => {
                vec![self.text(texts::resolve::NOTHING), self.text(texts::resolve::OTHERS)]
            }
            SelectedIntent::NoneOpen => vec![self.text(texts::resolve::NOTHING)],
        }
    }

    /// Returns how a resolved intent ended.
    fn resolved_line(&self, entry: &JournalEntry) -> String {
        let id = entry.id.to_string();
        match (entry.placed_order_id(), &entry.outcome) {
            (Some(order), _) => self.format(texts::resolve::WAS_PLACED, (with::Id(&id), with::Order(&order))),
            (None, Some(RecordedOutcome::Refused { status })) => {
                self.format(texts::resolve::WAS_REFUSED, (with::Id(&id), with::Status(&status)))
            }
            (None, Some(RecordedOutcome::NotSent)) => self.format(texts::resolve::WAS_NOT_SENT, with::Id(&id)),
            (None, _) => self.format(texts::resolve::WAS_DENIED, with::Id(&id)),
        }
    }

    /// Returns why a requested decision is not recorded.
    pub(super) fn refusal_line(
        &self,
        open: &UnresolvedOrder,
        decision: RequestedDecision,
        checked: bool,
    ) -> Option<String> {
        match (decision, open.verdict()) {
            (RequestedDecision::Look, _) => None,
            (RequestedDecision::Adopt(order), _) if checked => {
                Some(self.format(texts::resolve::WAS_THERE, with::Id(&order)))
            }
            (RequestedDecision::Adopt(order), _) => Some(self.format(texts::resolve::CANNOT_ADOPT, with::Id(&order))),
            (RequestedDecision::Deny, _) if open.next_lookup_number().is_some() => {
                Some(self.text(texts::resolve::TOO_EARLY))
            }
            (RequestedDecision::Deny, Verdict::Found { .. }) => Some(self.text(texts::resolve::FOUND_ONE)),
            (RequestedDecision::Deny, _) => Some(self.text(texts::resolve::CANNOT_DENY)),
        }
    }

    /// Returns what the user can do next.
    pub(super) fn next_step_lines(&self, open: &UnresolvedOrder) -> Vec<String> {
        let id = open.intent_id().to_string();
        let adopts = adoptable_orders(open).is_empty();
        let adopt = (!adopts).then(|| self.format(texts::resolve::TO_ADOPT, with::Id(&id)));
        let deny = open.can_deny().then(|| self.format(texts::resolve::TO_DENY, with::Id(&id)));
        let again = (adopt.is_none() && deny.is_none()).then(|| self.format(texts::resolve::TO_LOOK, with::Id(&id)));
        let checked = deny.is_none().then(|| self.format(texts::resolve::CHECKED, with::Id(&id)));
        let still = [self.text(texts::resolve::STILL), self.text(texts::unknown::MAY_BE)];
        still.into_iter().chain(adopt).chain(deny).chain(again).chain(checked).collect()
    }
}

/// Prints everything as JSON, as the help of the command describes it.
pub(super) fn print_json(
    open: Option<&UnresolvedOrder>,
    journal: &IntentSelection,
    decided: Option<&Decision>,
) -> Result<(), OutputError> {
    let verdict = open.map(UnresolvedOrder::verdict);
    let (word, why, proposed) = verdict.as_ref().map_or((None, None, None), verdict_words);
    let candidates = open.map(UnresolvedOrder::candidates).unwrap_or_default();
    let others = journal.open.iter().filter(|(_, state)| *state != OpenIntentState::Selected);
    let value = json!({
        "intent": open.map(|open| intent_json(open.intent_id(), open.intent(), open.server_excerpt())),
        "verdict": word,
        "why": why,
        "candidates": candidates.iter().map(candidate_json).collect::<Vec<_>>(),
        "proposed": proposed,
        "may_adopt": open.map(adoptable_orders).unwrap_or_default(),
        "may_deny": open.is_some_and(UnresolvedOrder::can_deny),
        "decided": decided.map(decision_json),
        "others": others.map(open_intent_json).collect::<Vec<_>>(),
    });
    LinePrinter::without_color().print(Tone::Plain, &json_line(&value))
}

/// Prints a corrected decision as JSON with the same members.
pub(super) fn print_decision_json(entry: &JournalEntry, decided: &Decision) -> Result<(), OutputError> {
    let value = json!({
        "intent": intent_json(entry.id, &entry.intent, entry.server_excerpt.as_deref().unwrap_or_default()),
        "verdict": null, "why": null, "candidates": [], "proposed": null, "may_adopt": [], "may_deny": false,
        "decided": decision_json(decided), "others": [],
    });
    LinePrinter::without_color().print(Tone::Plain, &json_line(&value))
}

/// Returns the orders that the user may declare to be the one.
fn adoptable_orders(open: &UnresolvedOrder) -> Vec<u64> {
    let orders = open.candidates().iter().filter_map(|one| one.order);
    orders.filter(|order| open.can_adopt(*order)).collect()
}

/// Returns the verdict as a word, what makes it uncertain, and the proposed order.
fn verdict_words(verdict: &Verdict) -> (Option<&'static str>, Option<&'static str>, Option<u64>) {
    let why = InconclusiveCause::as_word;
    match verdict {
        Verdict::Looking(_) => (Some("looking"), None, None),
        Verdict::Found { proposed, inconclusive: blind, .. } => (Some("found"), blind.map(why), *proposed),
        Verdict::NotThere => (Some("not_there"), None, None),
        Verdict::CannotTell(blind) => (Some("cannot_tell"), Some(why(*blind)), None),
    }
}

fn intent_json(id: IntentId, intent: &Intent, words: &str) -> Value {
    let time = Timestamp::from_millisecond(intent.local_time).map(|time| time.to_string()).ok();
    json!({
        "id": id.0, "time": time, "host": intent.host, "product": intent.product,
        "organization": intent.organization, "digest": intent.digest, "words": non_blank(words),
    })
}

fn open_intent_json((entry, state): &(JournalEntry, OpenIntentState)) -> Value {
    let mut value = intent_json(entry.id, &entry.intent, entry.server_excerpt.as_deref().unwrap_or_default());
    value["state"] = match state {
        OpenIntentState::Selected | OpenIntentState::Open => "open",
        OpenIntentState::Busy => "busy",
        OpenIntentState::OtherHost => "elsewhere",
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
    let requests = one.requests.iter().map(|row| json!({ "id": row.id, "status": non_blank(&row.status) }));
    json!({
        "order": one.order,
        "status": non_blank(&row.status),
        "organization_id": row.organization_id.or(first.organization_id),
        "organization": non_blank(&row.organization_name).or(non_blank(&first.organization_name)),
        "user_id": row.user_id.or(first.requester_id),
        "user": non_blank(&row.user_name).or(non_blank(&first.requester_name)),
        "created": non_blank(&row.date_created).or(non_blank(&first.date)),
        "validity": validity_json(&row.validity),
        "requests": requests.collect::<Vec<_>>(),
    })
}
