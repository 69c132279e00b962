//! Recovery of the journal from the files beside it. An intent that has a file and no row may have been sent, and
//! becomes an open entry. The file of a resolved row is removed. Losses are recorded.
//!
//! It runs under the write lock. A file and its row are made under the same lock, so no half-made pair is visible
//! here.

use super::intent_file::{self, IntentFile};
use super::{Intent, IntentId, JournalEntry, PersistenceErrorKind, journal, loss, paths};
use crate::domain::is_same_host;
use rusqlite::Connection;
use std::path::Path;

/// Returns true if there are files beside the database to reconcile with it.
pub(super) fn is_recovery_needed(file: &Path) -> Result<bool, PersistenceErrorKind> {
    Ok(intent_file::has_intent_files(paths::parent_dir(file))? || loss::has_quarantined_files(file)?)
}

/// The changes to the files, to be made once the rows are on disk.
#[derive(Debug, Default)]
pub(super) struct IntentFileChanges {
    /// The intents whose files are no longer needed.
    resolved: Vec<IntentId>,
    /// The files that have the number of another intent: that number, the right number, and the intent.
    moved: Vec<(IntentId, IntentId, Intent)>,
}

impl IntentFileChanges {
    /// Changes the files. A failed change is repeated at a later start; the rows protect already.
    pub(super) fn apply_all(&self, dir: &Path) {
        for (from, to, intent) in &self.moved {
            if intent_file::write_intent_file(dir, *to, intent).is_ok() {
                intent_file::remove_intent_file(dir, *from);
            }
        }
        self.resolved.iter().for_each(|id| intent_file::remove_intent_file(dir, *id));
    }
}

/// Updates the rows from the files.
pub(super) fn recover_rows(
    connection: &Connection,
    file: &Path,
    now: i64,
) -> Result<IntentFileChanges, PersistenceErrorKind> {
    intent_file::remove_unfinished(paths::parent_dir(file));
    let files = intent_file::list_intent_files(paths::parent_dir(file))?;
    let mut after = IntentFileChanges::default();
    let mut unread = Vec::new();
    for one in &files {
        let row = journal::load_entry(connection, one.id)?;
        match (&one.intent, row) {
            (Some(intent), row) => recover_intent(connection, one, intent, row, &mut after)?,
            (None, None) => unread.push(one),
            // The row of a resolved intent has everything that its file had.
            (None, Some(entry)) if !entry.is_open() => after.resolved.push(one.id),
            (None, Some(_)) => {}
        }
    }
    loss::record_new_losses(connection, file, &unread, now)?;
    Ok(after)
}

fn recover_intent(
    connection: &Connection,
    file: &IntentFile,
    intent: &Intent,
    row: Option<JournalEntry>,
    after: &mut IntentFileChanges,
) -> Result<(), PersistenceErrorKind> {
    let under_its_number = row.as_ref().is_some_and(|entry| is_same_attempt(&entry.intent, intent));
    let known = match row {
        Some(entry) if under_its_number => Some(entry),
        // An older copy of the journal was restored, and its numbers differ.
        Some(_) => journal::list_entries(connection)?.into_iter().find(|entry| is_same_attempt(&entry.intent, intent)),
        None => {
            journal::insert_intent(connection, file.id, intent)?;
            return Ok(());
        }
    };
    match known {
        Some(entry) if !entry.is_open() => after.resolved.push(file.id),
        Some(entry) if entry.id != file.id => after.moved.push((file.id, entry.id, intent.clone())),
        Some(_) => {}
        None => {
            let id = next_intent_id(connection, paths::parent_dir(&file.path))?;
            journal::insert_intent(connection, id, intent)?;
            after.moved.push((file.id, id, intent.clone()));
        }
    }
    Ok(())
}

/// Returns true if both describe the same attempt to order.
fn is_same_attempt(one: &Intent, other: &Intent) -> bool {
    (&one.digest, one.local_time) == (&other.digest, other.local_time) && is_same_host(&one.host, &other.host)
}

/// Returns a number that neither a row nor a file has.
pub(super) fn next_intent_id(connection: &Connection, dir: &Path) -> Result<IntentId, PersistenceErrorKind> {
    let last = intent_file::list_intent_files(dir)?.into_iter().map(|file| file.id.0).max().unwrap_or_default();
    Ok(IntentId(journal::last_intent_id(connection)?.0.max(last) + 1))
}
