//! Drafts: what was typed and not yet ordered, by an id that never changes its meaning.
//!
//! The payload is text to it. That no secret is in one is for who saves it to see to.

use super::{Why, rows};
use crate::facts::{Draft, DraftId};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// Ids are by chance, of 53 bits, so that two windows need not agree on them and any JSON reader can hold them.
pub(super) fn new_id(connection: &Connection) -> Result<DraftId, Why> {
    Ok(DraftId(connection.query_row("SELECT 1 + (random() & ?1)", [(1_i64 << 53) - 2], |row| row.get(0))?))
}

pub(super) fn save(connection: &Connection, id: DraftId, draft: &Draft) -> Result<(), Why> {
    let removed = row(connection, id)?.is_some_and(|(_, removed)| removed);
    put(connection, id, draft, removed)
}

/// Marks a draft as removed or not, and answers whether there is one.
pub(super) fn mark(connection: &Connection, id: DraftId, removed: bool) -> Result<bool, Why> {
    let Some((draft, _)) = row(connection, id)? else { return Ok(false) };
    put(connection, id, &draft, removed)?;
    Ok(true)
}

pub(super) fn all(connection: &Connection) -> Result<Vec<(DraftId, Draft)>, Why> {
    let mut query = connection.prepare("SELECT * FROM draft WHERE removed = 0 ORDER BY saved_at DESC, id DESC")?;
    let rows = query.query_map([], |row| Ok((DraftId(row.get("id")?), read(row)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn one(connection: &Connection, id: DraftId) -> Result<Option<Draft>, Why> {
    Ok(row(connection, id)?.and_then(|(draft, removed)| (!removed).then_some(draft)))
}

/// Forgets what was removed.
pub(super) fn purge(connection: &rusqlite::Transaction<'_>) -> Result<(), Why> {
    connection.execute("DELETE FROM draft WHERE removed <> 0", [])?;
    Ok(())
}

/// Replaces the whole row, because its seal is over all of it.
fn put(connection: &Connection, id: DraftId, draft: &Draft, removed: bool) -> Result<(), Why> {
    connection.execute("DELETE FROM draft WHERE id = ?1", [id.0])?;
    let text = |text: &str| Value::from(text.to_owned());
    let values = vec![
        id.0.into(),
        text(&draft.account),
        text(&draft.product),
        text(&draft.step),
        text(&draft.title),
        text(&draft.payload),
        draft.saved_at.into(),
        removed.into(),
    ];
    Ok(rows::insert(connection, "draft", values)?)
}

fn row(connection: &Connection, id: DraftId) -> Result<Option<(Draft, bool)>, Why> {
    let found = connection
        .query_row("SELECT * FROM draft WHERE id = ?1", params![id.0], |row| Ok((read(row)?, row.get("removed")?)));
    Ok(found.optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Draft> {
    Ok(Draft {
        account: row.get("account")?,
        product: row.get("product")?,
        step: row.get("step")?,
        title: row.get("title")?,
        payload: row.get("payload")?,
        saved_at: row.get("saved_at")?,
    })
}
