//! The journal: each order that was about to be sent, how that ended, and what was decided where nobody knows.
//!
//! Nothing in it is ever changed or removed. While an intent is open, no other that could be the same order begins.
//! It knows no course of an order and no clock, and the bodies that it keeps have no secrets in them.

mod record;

use super::Why;
use crate::facts::{Decision, Ended, Entry, Intent, IntentId, KeptLook, Statement};
use rusqlite::{Connection, ToSql, params};

/// The words of SQL for [`Entry::is_open`].
const OPEN: &str =
    "statement.kind IS NULL AND decision.kind IS NULL AND (outcome.kind IS NULL OR outcome.kind = 'unknown')";

/// The words of SQL for [`Entry::order`] having one.
const PLACED: &str = "outcome.kind = 'placed' OR coalesce(statement.kind, decision.kind) = 'adopted'";

/// Where an open intent stands in the way, which. It is looked for in the same transaction in which is written, so that
/// of two windows one is told.
pub(super) fn stop_where_blocked(connection: &Connection, intent: &Intent) -> Result<(), Why> {
    let Intent { host, account, product, organization, .. } = intent;
    match blocks(connection, host, account, product, *organization)? {
        Some(entry) => Err(Why::Blocked(entry.id)),
        None => Ok(()),
    }
}

pub(super) fn insert(connection: &Connection, id: IntentId, intent: &Intent) -> Result<(), Why> {
    Ok(record::intent(connection, id, intent)?)
}

/// The highest number that an intent has; 0 where there is none.
pub(super) fn last_id(connection: &Connection) -> Result<IntentId, Why> {
    Ok(IntentId(connection.query_row("SELECT coalesce(max(id), 0) FROM intent", [], |row| row.get(0))?))
}

pub(super) fn all(connection: &Connection) -> Result<Vec<Entry>, Why> {
    Ok(record::entries(connection, "true ORDER BY intent.id", params![])?)
}

pub(super) fn finish(connection: &Connection, id: IntentId, outcome: &Ended) -> Result<(), Why> {
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
        None => Err(Why::Resolved(id)),
    }
}

/// A person decides by what was checked elsewhere. Only a known outcome weighs more: what was decided before, with or
/// without a statement, may have been wrong.
pub(super) fn state(
    connection: &Connection,
    id: IntentId,
    decision: &Decision,
    statement: &Statement,
) -> Result<(), Why> {
    match there(connection, id)?.outcome {
        None | Some(Ended::Unknown { .. }) => Ok(record::statement(connection, id, decision, statement)?),
        Some(_) => Err(Why::Resolved(id)),
    }
}

/// A look that is there already stays as it is.
pub(super) fn keep_look(connection: &Connection, id: IntentId, look: &KeptLook) -> Result<(), Why> {
    let kept = there(connection, id)?.looks;
    if kept.iter().any(|kept| (kept.series, kept.number) == (look.series, look.number)) {
        return Ok(());
    }
    Ok(record::look(connection, id, look)?)
}

pub(super) fn keep_words(connection: &Connection, id: IntentId, text: &str) -> Result<(), Why> {
    if there(connection, id)?.words.as_deref() == Some(text) {
        return Ok(());
    }
    Ok(record::words(connection, id, text)?)
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
/// of the product in its way. So does an account that is not known in the way of all of the host. The dot at the end of
/// a whole name of a host, before its port, makes no other host.
pub(super) fn blocks(
    connection: &Connection,
    host: &str,
    account: &str,
    product: &str,
    organization: Option<u64>,
) -> Result<Option<Entry>, Why> {
    let same = "replace(host || ':', '.:', ':') = replace(?1 || ':', '.:', ':') AND (account = ?2 OR account = '' OR ?2 = '') AND product = ?3 AND (?4 IS NULL OR organization IS NULL OR organization = ?4)";
    let organization = organization.map(u64::cast_signed);
    first(connection, &format!("{OPEN} AND {same} ORDER BY intent.id"), params![host, account, product, organization])
}

fn first(connection: &Connection, which: &str, values: &[&dyn ToSql]) -> Result<Option<Entry>, Why> {
    Ok(record::entries(connection, &format!("{which} LIMIT 1"), values)?.into_iter().next())
}

#[cfg(test)]
mod tests;
