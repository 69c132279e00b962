//! The journal: every order that was about to be sent, how it ended, and the decision about an unknown outcome.
//!
//! Entries are never changed or removed. While an intent is open, no other order that could be the same can start.
//! The stored bodies contain no secrets. The order machine and the clock do not belong here.

pub(super) mod blocking_orders;
mod rows;

use super::PersistenceErrorKind;
use crate::domain::{Decision, Intent, IntentId, JournalEntry, RecordedOutcome, Statement, StoredLookup};
use rusqlite::{Connection, ToSql, params};

/// The SQL condition for [`JournalEntry::is_open`].
const OPEN_CONDITION: &str =
    "statement.kind IS NULL AND decision.kind IS NULL AND (outcome.kind IS NULL OR outcome.kind = 'unknown')";

/// The SQL condition for an entry with a [`JournalEntry::placed_order_id`].
const PLACED_CONDITION: &str = "outcome.kind = 'placed' OR coalesce(statement.kind, decision.kind) = 'adopted'";

pub(super) fn insert_intent(
    connection: &Connection,
    id: IntentId,
    intent: &Intent,
) -> Result<(), PersistenceErrorKind> {
    Ok(rows::insert_intent(connection, id, intent)?)
}

/// Returns the highest number of an intent; 0 if there is none.
pub(super) fn last_intent_id(connection: &Connection) -> Result<IntentId, PersistenceErrorKind> {
    Ok(IntentId(connection.query_row("SELECT coalesce(max(id), 0) FROM intent", [], |row| row.get(0))?))
}

pub(super) fn list_entries(connection: &Connection) -> Result<Vec<JournalEntry>, PersistenceErrorKind> {
    Ok(rows::load_entries(connection, "true ORDER BY intent.id", params![])?)
}

pub(super) fn record_outcome(
    connection: &Connection,
    id: IntentId,
    outcome: &RecordedOutcome,
) -> Result<(), PersistenceErrorKind> {
    match require_entry(connection, id)?.outcome {
        None => Ok(rows::insert_outcome(connection, id, outcome)?),
        Some(written) if written == *outcome => Ok(()),
        Some(_) => Err(PersistenceErrorKind::Contradiction(id)),
    }
}

pub(super) fn record_decision(
    connection: &Connection,
    id: IntentId,
    decision: &Decision,
) -> Result<(), PersistenceErrorKind> {
    let entry = require_entry(connection, id)?;
    match &entry.decision {
        Some(written) if written == decision => Ok(()),
        Some(_) => Err(PersistenceErrorKind::Contradiction(id)),
        None if entry.is_open() => Ok(rows::insert_decision(connection, id, decision)?),
        None => Err(PersistenceErrorKind::Resolved(id)),
    }
}

/// Records a decision that rests on a check elsewhere. Only a known outcome takes precedence: an earlier decision,
/// with or without a statement, may have been wrong.
pub(super) fn record_statement(
    connection: &Connection,
    id: IntentId,
    decision: &Decision,
    statement: &Statement,
) -> Result<(), PersistenceErrorKind> {
    match require_entry(connection, id)?.outcome {
        None | Some(RecordedOutcome::Unknown { .. }) => {
            Ok(rows::insert_statement(connection, id, decision, statement)?)
        }
        Some(_) => Err(PersistenceErrorKind::Resolved(id)),
    }
}

/// Records a lookup. A lookup that is already recorded stays unchanged.
pub(super) fn record_lookup(
    connection: &Connection,
    id: IntentId,
    look: &StoredLookup,
) -> Result<(), PersistenceErrorKind> {
    let kept = require_entry(connection, id)?.lookups;
    if kept.iter().any(|kept| (kept.series, kept.number) == (look.series, look.number)) {
        return Ok(());
    }
    Ok(rows::insert_lookup(connection, id, look)?)
}

pub(super) fn record_server_excerpt(
    connection: &Connection,
    id: IntentId,
    text: &str,
) -> Result<(), PersistenceErrorKind> {
    if require_entry(connection, id)?.server_excerpt.as_deref() == Some(text) {
        return Ok(());
    }
    Ok(rows::insert_server_excerpt(connection, id, text)?)
}

fn require_entry(connection: &Connection, id: IntentId) -> Result<JournalEntry, PersistenceErrorKind> {
    load_entry(connection, id)?.ok_or(PersistenceErrorKind::NoIntent(id))
}

pub(super) fn load_entry(connection: &Connection, id: IntentId) -> Result<Option<JournalEntry>, PersistenceErrorKind> {
    find_first_entry(connection, "intent.id = ?1", params![id.0])
}

pub(super) fn list_open_intents(connection: &Connection) -> Result<Vec<JournalEntry>, PersistenceErrorKind> {
    Ok(rows::load_entries(connection, &format!("{OPEN_CONDITION} ORDER BY intent.id"), params![])?)
}

pub(super) fn list_placed(connection: &Connection) -> Result<Vec<JournalEntry>, PersistenceErrorKind> {
    Ok(rows::load_entries(connection, &format!("{PLACED_CONDITION} ORDER BY intent.id DESC"), params![])?)
}

fn find_first_entry(
    connection: &Connection,
    which: &str,
    values: &[&dyn ToSql],
) -> Result<Option<JournalEntry>, PersistenceErrorKind> {
    Ok(rows::load_entries(connection, &format!("{which} LIMIT 1"), values)?.into_iter().next())
}

#[cfg(test)]
mod tests;
