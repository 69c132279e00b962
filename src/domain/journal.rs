//! What is kept on disk, as plain values: drafts, the orders that were about to be sent, and what became of them.
//!
//! The store writes and reads them, the course of an order decides by them. They know neither; no secret is ever
//! among them.

use std::fmt;
use std::path::Path;

/// Which draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct DraftId(pub i64);

impl fmt::Display for DraftId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What is kept of an order that is being typed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredDraft {
    /// For which account.
    pub account: String,
    /// The product's name id.
    pub product: String,
    /// The step at which one stopped.
    pub step: String,
    /// What a list shows, such as the organization.
    pub title: String,
    /// What was typed, without secrets.
    pub payload: String,
    /// When it was saved, in milliseconds since 1970.
    pub saved_at: i64,
}

/// Which intent.
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
    /// The draft that it was typed in, if it was.
    pub draft: Option<DraftId>,
    /// The host that it goes to.
    pub host: String,
    /// The account there; blank where the server did not tell.
    pub account: String,
    /// The product's name id.
    pub product: String,
    /// The organization; `None` for a new one that the order itself brings.
    pub organization: Option<u64>,
    /// The whole digest, in hexadecimal digits.
    pub digest: String,
    /// The body, without its secret members.
    pub body: String,
    /// The user whose key sends it, where that is known.
    pub user: Option<u64>,
    /// What was there before it.
    pub known_set: KnownSet,
    /// The server's time, in its own words, where it gave one.
    pub server_time: Option<String>,
    /// The time here, in milliseconds since 1970.
    pub local_time: i64,
}

impl Intent {
    /// Whether it may have been sent to this account: an account that is not told, here or there, may be the same.
    pub fn can_be_of_account(&self, host: &str, account: &str) -> bool {
        let same = self.account == account || self.account.is_empty() || account.is_empty();
        same && is_same_host(&self.host, host)
    }

    /// Whether both were sent to the same account, as far as that is told. Only then an order of the one is surely not
    /// that of the other: ids say nothing between accounts.
    pub fn is_same_account(&self, other: &Self) -> bool {
        self.account == other.account && is_same_host(&self.host, &other.host)
    }
}

/// The orders and requests that were there before an order was sent. `None` where they could not be had.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownSet {
    /// Ids of orders.
    pub orders: Option<Vec<u64>>,
    /// Ids of requests.
    pub requests: Option<Vec<u64>>,
}

impl KnownSet {
    /// Whether both could be had.
    pub fn is_whole(&self) -> bool {
        self.orders.is_some() && self.requests.is_some()
    }
}

/// Whether two names of hosts, each with its port where it has one, are of the same host: the dot at the end of a whole
/// name is no part of which host it is. Names that are kept may have it.
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
    /// It was placed.
    Placed {
        /// The order's id.
        order: u64,
        /// Its requests.
        requests: Vec<u64>,
    },
    /// The server refused it.
    Refused {
        /// HTTP status.
        status: u16,
    },
    /// Nothing of it left this machine.
    NotSent,
    /// Nobody knows.
    Unknown {
        /// Why, in fixed words.
        why: String,
    },
}

/// What was decided where nobody knows.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Decision {
    /// This order is the one.
    Adopted {
        /// The order's id.
        order: u64,
    },
    /// No order came of it, so it may be sent again.
    NotPlaced,
}

/// An intent with what became of it.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct JournalEntry {
    /// Which.
    pub id: IntentId,
    /// What was about to be sent.
    pub intent: Intent,
    /// How that ended, if that was written down.
    pub outcome: Option<RecordedOutcome>,
    /// What was decided, if something was. A statement counts before an earlier decision.
    pub decision: Option<Decision>,
    /// What a person says to have checked, where it was decided by that.
    pub statement: Option<Statement>,
    /// The looks for it, in their order.
    pub lookups: Vec<StoredLookup>,
    /// A cleaned excerpt of the server's own words, where there were any.
    pub server_excerpt: Option<String>,
}

/// What a person says to have checked in `CertCentral` before deciding.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Statement {
    /// In the person's own words.
    pub sentence: String,
    /// Who that is on this machine.
    pub user: String,
    /// When, in milliseconds since 1970.
    pub time: i64,
}

/// Whether a text says at least as much as a short sentence does: a decision by it is to be a deliberate one.
pub fn is_sentence(text: &str) -> bool {
    text.split_whitespace().filter(|word| word.chars().any(char::is_alphanumeric)).count() >= 3
}

/// A look for an order of unknown outcome, as it is kept. What it means is for the course of an order to know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoredLookup {
    /// Which series of looks it belongs to.
    pub series: u32,
    /// Which look of it.
    pub number: u32,
    /// When it came back, in milliseconds since 1970.
    pub time: i64,
    /// Why it proves nothing, in one fixed word; none where it was whole.
    pub inconclusive: Option<String>,
    /// What may be the order, as JSON.
    pub candidates: String,
}

impl JournalLoss {
    /// Whether it is the file of one intent, and not the whole journal.
    pub fn is_intent_file(&self) -> bool {
        Path::new(&self.file).extension().is_some_and(|end| end == "json")
    }
}

/// A file of the journal that was found damaged, empty or gone: what stood in it protects no more.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct JournalLoss {
    /// Which.
    pub id: i64,
    /// The file.
    pub file: String,
    /// Its length, and when it was last changed in milliseconds since 1970; none where it is gone.
    pub fingerprint: Option<(i64, i64)>,
    /// What is wrong with it, in fixed words of the file, which nobody is shown.
    pub damage: String,
    /// When it was found, in milliseconds since 1970.
    pub time: i64,
}

impl JournalEntry {
    /// Whether nobody knows if an order came of it, and nobody decided.
    pub fn is_open(&self) -> bool {
        self.decision.is_none() && matches!(self.outcome, None | Some(RecordedOutcome::Unknown { .. }))
    }

    /// The order that came of it. What the server said goes before what was decided.
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
    fn the_dot_at_the_end_makes_no_other_host(#[case] one: &str, #[case] other: &str, #[case] same: bool) {
        assert_eq!((is_same_host(one, other), is_same_host(other, one)), (same, same));
    }
}
