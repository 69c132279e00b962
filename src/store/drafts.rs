//! Drafts: orders that were typed and not yet sent, under ids that never change their meaning.
//!
//! The payload is opaque text here. The caller makes sure that it contains no secret.

use super::{PersistenceErrorKind, sealed_rows};
use crate::domain::{DraftId, StoredDraft};
use rusqlite::types::Value;
use rusqlite::{Connection, OptionalExtension, Row, params};

/// Ids are random numbers of 53 bits: two windows need not coordinate, and any JSON parser can represent them.
pub(super) fn new_draft_id(connection: &Connection) -> Result<DraftId, PersistenceErrorKind> {
    Ok(DraftId(connection.query_row("SELECT 1 + (random() & ?1)", [(1_i64 << 53) - 2], |row| row.get(0))?))
}

pub(super) fn save_draft(
    connection: &Connection,
    id: DraftId,
    draft: &StoredDraft,
) -> Result<(), PersistenceErrorKind> {
    let removed = find_row(connection, id)?.is_some_and(|(_, removed)| removed);
    replace_row(connection, id, draft, removed)
}

/// Marks a draft as removed or not removed. Returns true if the draft exists.
pub(super) fn mark_removed(connection: &Connection, id: DraftId, removed: bool) -> Result<bool, PersistenceErrorKind> {
    let Some((draft, _)) = find_row(connection, id)? else { return Ok(false) };
    replace_row(connection, id, &draft, removed)?;
    Ok(true)
}

pub(super) fn list_drafts(connection: &Connection) -> Result<Vec<(DraftId, StoredDraft)>, PersistenceErrorKind> {
    let mut query = connection.prepare("SELECT * FROM draft WHERE removed = 0 ORDER BY saved_at DESC, id DESC")?;
    let rows = query.query_map([], |row| Ok((DraftId(row.get("id")?), read_draft(row)?)))?;
    Ok(rows.collect::<Result<_, _>>()?)
}

pub(super) fn load_draft(connection: &Connection, id: DraftId) -> Result<Option<StoredDraft>, PersistenceErrorKind> {
    Ok(find_row(connection, id)?.and_then(|(draft, removed)| (!removed).then_some(draft)))
}

/// Deletes the drafts that are marked as removed.
pub(super) fn purge_removed(connection: &rusqlite::Transaction<'_>) -> Result<(), PersistenceErrorKind> {
    connection.execute("DELETE FROM draft WHERE removed <> 0", [])?;
    Ok(())
}

/// Replaces the whole row, because its seal covers all of it.
fn replace_row(
    connection: &Connection,
    id: DraftId,
    draft: &StoredDraft,
    removed: bool,
) -> Result<(), PersistenceErrorKind> {
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
    Ok(sealed_rows::insert_sealed(connection, "draft", values)?)
}

fn find_row(connection: &Connection, id: DraftId) -> Result<Option<(StoredDraft, bool)>, PersistenceErrorKind> {
    let found = connection.query_row("SELECT * FROM draft WHERE id = ?1", params![id.0], |row| {
        Ok((read_draft(row)?, row.get("removed")?))
    });
    Ok(found.optional()?)
}

fn read_draft(row: &Row<'_>) -> rusqlite::Result<StoredDraft> {
    Ok(StoredDraft {
        account: row.get("account")?,
        product: row.get("product")?,
        step: row.get("step")?,
        title: row.get("title")?,
        payload: row.get("payload")?,
        saved_at: row.get("saved_at")?,
    })
}
