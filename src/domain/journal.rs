//! Drafts and journal entries as plain values: what is kept on disk of orders that were typed or sent.
//!
//! The store writes and reads them, and the order machine decides by them. They depend on neither, and never contain
//! a secret.

use std::fmt;
use std::path::Path;

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DraftId(pub i64);

impl fmt::Display for DraftId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// The stored part of an order that is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDraft {
    /// The account that the draft is for.
    pub account: String,
    /// The product's name id.
    pub product: String,
    /// The step at which the person stopped.
    pub step: String,
    /// The title in the list of drafts, such as the organization.
    pub title: String,
    /// The entered values, without secrets.
    pub payload: String,
    /// Milliseconds since 1970.
    pub saved_at: i64,
}

#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntentId(pub i64);

impl fmt::Display for IntentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An order that is about to be sent.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Intent {
    /// The draft of this order, if there is one.
    pub draft: Option<DraftId>,
    /// The host that receives the order.
    pub host: String,
    /// The account on that host. Blank if the server did not report it.
    pub account: String,
    /// The product's name id.
    pub product: String,
    /// `None` for a new organization that the order itself creates.
    pub organization: Option<u64>,
    /// The full digest, in hexadecimal digits.
    pub digest: String,
    /// The body, without its secret members.
    pub body: String,
    /// The user whose key sends the order, if known.
    pub user: Option<u64>,
    /// The orders and requests that existed before this order.
    pub known_set: KnownSet,
    /// The server's time, in its own words, if it sent one.
    pub server_time: Option<String>,
    /// The local time, in milliseconds since 1970.
    pub local_time: i64,
}

impl Intent {
    /// Returns true if the order may have been sent to this account. An account that is unknown on either side may be
    /// the same.
    pub fn can_be_of_account(&self, host: &str, account: &str) -> bool {
        let same = self.account == account || self.account.is_empty() || account.is_empty();
        same && is_same_host(&self.host, host)
    }

    /// Returns true if both orders were sent to the same account, as far as known. Only then is an order of one
    /// surely not the order of the other: ids cannot be compared between accounts.
    pub fn is_same_account(&self, other: &Self) -> bool {
        self.account == other.account && is_same_host(&self.host, &other.host)
    }
}

/// The orders and requests that existed before an order was sent. A member is `None` if its list could not be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownSet {
    pub orders: Option<Vec<u64>>,
    pub requests: Option<Vec<u64>>,
}

impl KnownSet {
    /// Returns true if both lists could be read.
    pub fn is_whole(&self) -> bool {
        self.orders.is_some() && self.requests.is_some()
    }
}

/// Returns true if both names, each with an optional port, mean the same host. A dot at the end of a full name makes
/// no difference. Stored names may have it.
pub fn is_same_host(one: &str, other: &str) -> bool {
    let parts = |name: &str| {
        let (host, port) = name.split_at(name.rfind(':').filter(|_| !name.ends_with(']')).unwrap_or(name.len()));
        (host.trim_end_matches('.').to_ascii_lowercase(), port.to_owned())
    };
    parts(one) == parts(other)
}

/// How the attempt to send an order ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RecordedOutcome {
    Placed {
        order: u64,
        /// The ids of its requests.
        requests: Vec<u64>,
    },
    /// The server refused the order.
    Refused {
        /// The HTTP status.
        status: u16,
    },
    /// Nothing of the order left this machine.
    NotSent,
    /// The outcome is unknown.
    Unknown {
        /// The reason, in fixed words.
        why: String,
    },
}

/// What the person decided about an unknown outcome.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// This order is the result of the intent.
    Adopted {
        /// The id of the order.
        order: u64,
    },
    /// The intent led to no order, so it may be sent again.
    NotPlaced,
}

/// An intent and what became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JournalEntry {
    pub id: IntentId,
    pub intent: Intent,
    /// `None` until the outcome is written down.
    pub outcome: Option<RecordedOutcome>,
    /// `None` until there is a decision. A statement takes precedence over an earlier decision.
    pub decision: Option<Decision>,
    /// What the person says to have checked, if the decision rests on that.
    pub statement: Option<Statement>,
    /// The lookups for the order, in their order.
    pub lookups: Vec<StoredLookup>,
    /// A cleaned excerpt of the server's own words, if there were any.
    pub server_excerpt: Option<String>,
}

/// What a person says to have checked in `CertCentral` before deciding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// The person's own words.
    pub sentence: String,
    /// The user name on this machine.
    pub user: String,
    /// Milliseconds since 1970.
    pub time: i64,
}

/// Returns true if the text has at least three words. A short sentence is required so that the decision is a
/// deliberate one.
pub fn is_sentence(text: &str) -> bool {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count() >= 3
}

/// A lookup for an order with an unknown outcome, as it is stored. The order machine interprets it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoredLookup {
    /// The series of lookups that it belongs to.
    pub series: u32,
    /// The number of the lookup within its series.
    pub number: u32,
    /// When the answer came, in milliseconds since 1970.
    pub time: i64,
    /// Why the lookup proves nothing, in one fixed word. `None` if it was complete.
    pub inconclusive: Option<String>,
    /// The possible orders, as JSON.
    pub candidates: String,
}

impl JournalLoss {
    /// Returns true if the loss is the file of one intent, and not the whole journal.
    pub fn is_intent_file(&self) -> bool {
        Path::new(&self.file).extension().is_some_and(|end| end == "json")
    }
}

/// A journal file that was found damaged, empty or gone. Its content no longer protects against a second order.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalLoss {
    pub id: i64,
    pub file: String,
    /// The length of the file and its last change in milliseconds since 1970. `None` if the file is gone.
    pub fingerprint: Option<(i64, i64)>,
    /// What is wrong with the file, in fixed words that are stored and never shown.
    pub damage: String,
    /// When the loss was found, in milliseconds since 1970.
    pub time: i64,
}

impl JournalEntry {
    /// Returns true if it is unknown whether the intent led to an order, and nobody has decided yet.
    pub fn is_open(&self) -> bool {
        self.decision.is_none() && matches!(self.outcome, None | Some(RecordedOutcome::Unknown { .. }))
    }

    /// Returns the id of the order that the intent led to. The server's answer takes precedence over a decision.
    pub fn placed_order_id(&self) -> Option<u64> {
        match (&self.outcome, &self.decision) {
            (Some(RecordedOutcome::Placed { order, .. }), _) | (_, Some(Decision::Adopted { order })) => Some(*order),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("certcentral.digicert.eu", "certcentral.digicert.eu.", true)]
    #[case("example.nl.:8443", "Example.nl:8443", true)]
    #[case("example.nl:8443", "example.nl:8444", false)]
    #[case("example.nl", "example.nl:8443", false)]
    #[case("[::1]", "[::1]", true)]
    #[case("[::1]:4711", "[::1]:4711", true)]
    #[case("[::1]:4711", "[::1]", false)]
    #[case("www.example.nl", "example.nl", false)]
    fn a_trailing_dot_does_not_make_another_host(#[case] one: &str, #[case] other: &str, #[case] same: bool) {
        assert_eq!((is_same_host(one, other), is_same_host(other, one)), (same, same));
    }
}
