//! The journal: each order that was about to be sent, how that ended, and what was decided where nobody knows.
//!
//! Nothing in it is ever changed or removed. While an intent is open, no other that could be the same order begins.
//! It knows no course of an order and no clock, and the bodies that it keeps have no secrets in them.

mod record;

use super::{DraftId, Why};
use rusqlite::{Connection, ToSql, params};
use std::fmt;

/// Which intent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct IntentId(pub i64);

impl fmt::Display for IntentId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// An order that is about to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Intent {
    /// The draft that it was typed in, if it was.
    pub draft: Option<DraftId>,
    /// The host that it goes to.
    pub host: String,
    /// The account there.
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
    pub known: KnownSet,
    /// The server's time, in its own words, where it gave one.
    pub server_time: Option<String>,
    /// The time here, in milliseconds since 1970.
    pub local_time: i64,
}

/// The orders and requests that were there before an order was sent. `None` where they could not be had.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct KnownSet {
    /// Ids of orders.
    pub orders: Option<Vec<u64>>,
    /// Ids of requests.
    pub requests: Option<Vec<u64>>,
}

/// How the attempt to send an order ended.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Outcome {
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
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Entry {
    /// Which.
    pub id: IntentId,
    /// What was about to be sent.
    pub intent: Intent,
    /// How that ended, if that was written down.
    pub outcome: Option<Outcome>,
    /// What was decided, if something was.
    pub decision: Option<Decision>,
}

impl Entry {
    /// Whether nobody knows if an order came of it, and nobody decided.
    pub fn is_open(&self) -> bool {
        self.decision.is_none() && matches!(self.outcome, None | Some(Outcome::Unknown { .. }))
    }

    /// The order that came of it. What the server said goes before what was decided.
    pub fn order(&self) -> Option<u64> {
        match (&self.outcome, &self.decision) {
            (Some(Outcome::Placed { order, .. }), _) | (_, Some(Decision::Adopted { order })) => Some(*order),
            _ => None,
        }
    }
}

/// The words of SQL for [`Entry::is_open`].
const OPEN: &str = "decision.kind IS NULL AND (outcome.kind IS NULL OR outcome.kind = 'unknown')";

/// The words of SQL for [`Entry::order`] having one.
const PLACED: &str = "outcome.kind = 'placed' OR decision.kind = 'adopted'";

/// Looks for what is in the way in the same transaction in which it writes, so that of two windows one is told.
pub(super) fn begin(connection: &Connection, intent: &Intent) -> Result<IntentId, Why> {
    let Intent { host, account, product, organization, .. } = intent;
    if let Some(entry) = blocks(connection, host, account, product, *organization)? {
        return Err(Why::Blocked(entry.id));
    }
    let id = connection.query_row("SELECT coalesce(max(id), 0) + 1 FROM intent", [], |row| row.get(0))?;
    record::intent(connection, IntentId(id), intent)?;
    Ok(IntentId(id))
}

pub(super) fn finish(connection: &Connection, id: IntentId, outcome: &Outcome) -> Result<(), Why> {
    match there(connection, id)?.outcome {
        None => Ok(record::outcome(connection, id, outcome)?),
        Some(written) if written == *outcome => Ok(()),
        Some(_) => Err(Why::Contradiction(id)),
    }
}

pub(super) fn decide(connection: &Connection, id: IntentId, decision: &Decision) -> Result<(), Why> {
    let entry = there(connection, id)?;
    match &entry.decision {
        Some(written) if written == decision => Ok(()),
        Some(_) => Err(Why::Contradiction(id)),
        None if entry.is_open() => Ok(record::decision(connection, id, decision)?),
        None => Err(Why::Settled(id)),
    }
}

fn there(connection: &Connection, id: IntentId) -> Result<Entry, Why> {
    entry(connection, id)?.ok_or(Why::NoIntent(id))
}

pub(super) fn entry(connection: &Connection, id: IntentId) -> Result<Option<Entry>, Why> {
    first(connection, "intent.id = ?1", params![id.0])
}

pub(super) fn open_intents(connection: &Connection) -> Result<Vec<Entry>, Why> {
    Ok(record::entries(connection, &format!("{OPEN} ORDER BY intent.id"), params![])?)
}

pub(super) fn placed(connection: &Connection) -> Result<Vec<Entry>, Why> {
    Ok(record::entries(connection, &format!("{PLACED} ORDER BY intent.id DESC"), params![])?)
}

/// A new organization may turn out to be one that there is, so it stands in the way of all of the product, and all
/// of the product in its way.
pub(super) fn blocks(
    connection: &Connection,
    host: &str,
    account: &str,
    product: &str,
    organization: Option<u64>,
) -> Result<Option<Entry>, Why> {
    let same =
        "host = ?1 AND account = ?2 AND product = ?3 AND (?4 IS NULL OR organization IS NULL OR organization = ?4)";
    let organization = organization.map(u64::cast_signed);
    first(connection, &format!("{OPEN} AND {same} ORDER BY intent.id"), params![host, account, product, organization])
}

fn first(connection: &Connection, which: &str, values: &[&dyn ToSql]) -> Result<Option<Entry>, Why> {
    Ok(record::entries(connection, &format!("{which} LIMIT 1"), values)?.into_iter().next())
}

#[cfg(test)]
mod tests;
