//! What the journal has lost: a damaged database that was put out of the way, one that is gone while orders were open, or
//! a file of an intent that cannot be read.
//!
//! What stood in a lost file protects no more. Until a person acknowledges that, no process begins an order.

use super::intent_file::IntentFile;
use super::quarantine::COMPANION_SUFFIXES;
use super::{JournalLoss, StoreErrorKind, paths, sealed_rows};
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// What is between the name of the database and the number of a damaged one.
pub(super) const DAMAGED_INFIX: &str = ".damaged-";

/// Who acknowledges, when, and with which words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acknowledgment {
    /// The losses that the person was told of.
    pub losses: Vec<i64>,
    /// What was said to acknowledge them.
    pub words: String,
    /// Who that is on this machine.
    pub user: String,
}

/// Whether any file beside the database was put out of the way.
pub(super) fn has_quarantined_files(file: &Path) -> Result<bool, StoreErrorKind> {
    Ok(!quarantined_names(file)?.is_empty())
}

/// The names of what was put out of the way. Of a file and what belongs to it only the file counts.
fn quarantined_names(file: &Path) -> Result<Vec<String>, StoreErrorKind> {
    let (Some(dir), Some(name)) = (file.parent(), file.file_name().and_then(|name| name.to_str())) else {
        return Ok(Vec::new());
    };
    let start = format!("{name}{DAMAGED_INFIX}");
    let names = fs::read_dir(dir)?.map(|entry| Ok(entry?.file_name().into_string().unwrap_or_default()));
    let mut names = names.collect::<Result<Vec<String>, StoreErrorKind>>()?;
    names.retain(|name| name.starts_with(&start));
    names.sort();
    let all = names.clone();
    let belongs = |name: &String| {
        COMPANION_SUFFIXES
            .iter()
            .any(|end| name.strip_suffix(end).is_some_and(|base| all.iter().any(|other| other == base)))
    };
    names.retain(|name| !belongs(name));
    Ok(names)
}

/// Writes down the losses that are not in the journal yet: files that were put out of the way, and files of intents that
/// have no row and cannot be read.
pub(super) fn record_new_losses(
    connection: &Connection,
    file: &Path,
    unread: &[&IntentFile],
    now: i64,
) -> Result<(), StoreErrorKind> {
    let known = list_losses(connection)?;
    let dir = paths::parent_dir(file);
    let aside = quarantined_names(file)?;
    let aside = aside.iter().map(|name| (dir.join(name), "set aside as damaged"));
    let unread = unread.iter().map(|one| (one.path.clone(), "the file of an intent cannot be read"));
    for (path, damage) in aside.chain(unread) {
        if let Some((path, mark)) = unrecorded_loss(&path, &known) {
            insert_loss(connection, &path, Some(mark), damage, now)?;
        }
    }
    Ok(())
}

/// A file that is there and is not among these losses: its name, and its length and the time of its last change.
fn unrecorded_loss(path: &Path, known: &[JournalLoss]) -> Option<(String, (i64, i64))> {
    let found = fs::symlink_metadata(path).ok()?;
    let mark = (found.len().cast_signed(), found.mtime() * 1000 + found.mtime_nsec() / 1_000_000);
    let path = path.display().to_string();
    let is_told = known.iter().any(|loss| loss.file == path && loss.fingerprint == Some(mark));
    (!is_told).then_some((path, mark))
}

/// A file that was put out of the way and is not among these losses, as version 0.1.0 left it: that wrote no loss down.
pub(super) fn first_unrecorded_loss(file: &Path, known: &[JournalLoss]) -> Result<Option<String>, StoreErrorKind> {
    let names = quarantined_names(file)?;
    let mut paths = names.iter().map(|name| paths::parent_dir(file).join(name));
    Ok(paths.find_map(|path| unrecorded_loss(&path, known)).map(|(path, _)| path))
}

/// Writes down a loss.
pub(super) fn insert_loss(
    connection: &Connection,
    file: &str,
    mark: Option<(i64, i64)>,
    damage: &str,
    now: i64,
) -> Result<(), StoreErrorKind> {
    let (length, changed) = mark.unzip();
    let values =
        vec![Value::Null, file.to_owned().into(), length.into(), changed.into(), damage.to_owned().into(), now.into()];
    Ok(sealed_rows::append_sealed(connection, "loss", values)?)
}

/// All losses that are written down, the oldest first.
pub(super) fn list_losses(connection: &Connection) -> Result<Vec<JournalLoss>, StoreErrorKind> {
    query_losses(connection, "SELECT * FROM loss ORDER BY id")
}

/// The losses that nobody has acknowledged, the oldest first.
pub(super) fn list_unacknowledged(connection: &Connection) -> Result<Vec<JournalLoss>, StoreErrorKind> {
    query_losses(connection, "SELECT * FROM loss WHERE id NOT IN (SELECT loss FROM acknowledgment) ORDER BY id")
}

fn query_losses(connection: &Connection, sql: &str) -> Result<Vec<JournalLoss>, StoreErrorKind> {
    let mut query = connection.prepare(sql)?;
    let losses = query.query_map(params![], read_loss)?.collect::<rusqlite::Result<_>>()?;
    Ok(losses)
}

fn read_loss(row: &Row<'_>) -> rusqlite::Result<JournalLoss> {
    let mark: (Option<i64>, Option<i64>) = (row.get("length")?, row.get("changed")?);
    Ok(JournalLoss {
        id: row.get("id")?,
        file: row.get("file")?,
        fingerprint: mark.0.zip(mark.1),
        damage: row.get("damage")?,
        time: row.get("time")?,
    })
}

/// Writes down that a person was told of these losses.
pub(super) fn acknowledge_losses(connection: &Connection, by: &Acknowledgment, now: i64) -> Result<(), StoreErrorKind> {
    let open = list_unacknowledged(connection)?;
    for loss in open.iter().filter(|loss| by.losses.contains(&loss.id)) {
        let values = vec![loss.id.into(), by.words.clone().into(), by.user.clone().into(), now.into()];
        sealed_rows::insert_sealed(connection, "acknowledgment", values)?;
    }
    Ok(())
}
