//! Bringing the journal and the files beside it together: an intent that has a file and no row may have been sent, and
//! becomes an open one; a file whose row is resolved is removed; what was lost is written down.
//!
//! It goes on under the lock on writing, within which a file and its row are made, so that nothing half made is seen.

use super::intent_file::{self, IntentFile};
use super::{Entry, Intent, IntentId, Why, journal, loss, paths};
use crate::facts::same_host;
use rusqlite::Connection;
use std::path::Path;

/// Whether there is anything beside the database to be brought together with it.
pub(super) fn is_needed(file: &Path) -> Result<bool, Why> {
    Ok(intent_file::is_any(paths::dir_of(file))? || loss::is_any_aside(file)?)
}

/// What is to be done with files once the rows are on disk.
#[derive(Debug, Default)]
pub(super) struct After {
    /// Resolved: their files go.
    resolved: Vec<IntentId>,
    /// Files that stand under the number of another intent, and the number that theirs has.
    moved: Vec<(IntentId, IntentId, Intent)>,
}

impl After {
    /// Changes the files. What fails is done at a later start: the rows protect already.
    pub(super) fn do_all(&self, dir: &Path) {
        for (from, to, intent) in &self.moved {
            if intent_file::write(dir, *to, intent).is_ok() {
                intent_file::remove(dir, *from);
            }
        }
        self.resolved.iter().for_each(|id| intent_file::remove(dir, *id));
    }
}

/// Brings the rows up to what the files say.
pub(super) fn rows(connection: &Connection, file: &Path, now: i64) -> Result<After, Why> {
    intent_file::sweep(paths::dir_of(file));
    let files = intent_file::all(paths::dir_of(file))?;
    let mut after = After::default();
    let mut unread = Vec::new();
    for one in &files {
        let row = journal::entry(connection, one.id)?;
        match (&one.intent, row) {
            (Some(intent), row) => take(connection, one, intent, row, &mut after)?,
            (None, None) => unread.push(one),
            // Its row says all that it said.
            (None, Some(entry)) if !entry.is_open() => after.resolved.push(one.id),
            (None, Some(_)) => {}
        }
    }
    loss::find(connection, file, &unread, now)?;
    Ok(after)
}

fn take(
    connection: &Connection,
    file: &IntentFile,
    intent: &Intent,
    row: Option<Entry>,
    after: &mut After,
) -> Result<(), Why> {
    let under_its_number = row.as_ref().is_some_and(|entry| is_same(&entry.intent, intent));
    let known = match row {
        Some(entry) if under_its_number => Some(entry),
        // The journal of before was put back, and counts otherwise.
        Some(_) => journal::all(connection)?.into_iter().find(|entry| is_same(&entry.intent, intent)),
        None => {
            journal::insert(connection, file.id, intent)?;
            return Ok(());
        }
    };
    match known {
        Some(entry) if !entry.is_open() => after.resolved.push(file.id),
        Some(entry) if entry.id != file.id => after.moved.push((file.id, entry.id, intent.clone())),
        Some(_) => {}
        None => {
            let id = next_id(connection, paths::dir_of(&file.path))?;
            journal::insert(connection, id, intent)?;
            after.moved.push((file.id, id, intent.clone()));
        }
    }
    Ok(())
}

/// Whether both are of the same attempt to order.
fn is_same(one: &Intent, other: &Intent) -> bool {
    (&one.digest, one.local_time) == (&other.digest, other.local_time) && same_host(&one.host, &other.host)
}

/// A number that neither a row nor a file has.
pub(super) fn next_id(connection: &Connection, dir: &Path) -> Result<IntentId, Why> {
    let last = intent_file::all(dir)?.into_iter().map(|file| file.id.0).max().unwrap_or_default();
    Ok(IntentId(journal::last_id(connection)?.0.max(last) + 1))
}
