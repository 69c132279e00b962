//! Journal losses: a damaged database that was set aside, a database that is gone while orders were open, or an
//! intent file that cannot be read.
//!
//! The content of a lost file no longer protects. No process starts an order until a person acknowledges the loss.

use super::intent_file::IntentFile;
use super::quarantine::COMPANION_SUFFIXES;
use super::{JournalLoss, PersistenceErrorKind, paths, sealed_rows};
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// The part of a file name between the name of the database and the number of a damaged one.
pub(super) const DAMAGED_INFIX: &str = ".damaged-";

/// The acknowledgment of losses, by whom and with which words.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Acknowledgment {
    /// The ids of the losses that the person was shown.
    pub losses: Vec<i64>,
    /// The words of the acknowledgment.
    pub words: String,
    /// The user name on this machine.
    pub user: String,
}

/// Returns true if a file beside the database was set aside.
pub(super) fn has_quarantined_files(file: &Path) -> Result<bool, PersistenceErrorKind> {
    Ok(!quarantined_names(file)?.is_empty())
}

/// Returns the names of the files that were set aside, without their companions.
fn quarantined_names(file: &Path) -> Result<Vec<String>, PersistenceErrorKind> {
    let (Some(dir), Some(name)) = (file.parent(), file.file_name().and_then(|name| name.to_str())) else {
        return Ok(Vec::new());
    };
    let start = format!("{name}{DAMAGED_INFIX}");
    let names = fs::read_dir(dir)?.map(|entry| Ok(entry?.file_name().into_string().unwrap_or_default()));
    let mut names = names.collect::<Result<Vec<String>, PersistenceErrorKind>>()?;
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

/// Records the losses that are not in the journal yet: files that were set aside, and intent files without a row that
/// cannot be read.
pub(super) fn record_new_losses(
    connection: &Connection,
    file: &Path,
    unread: &[&IntentFile],
    now: i64,
) -> Result<(), PersistenceErrorKind> {
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

/// Returns the name, the length and the time of the last change of an existing file that is not among these losses.
fn unrecorded_loss(path: &Path, known: &[JournalLoss]) -> Option<(String, (i64, i64))> {
    let found = fs::symlink_metadata(path).ok()?;
    let mark = (found.len().cast_signed(), found.mtime() * 1000 + found.mtime_nsec() / 1_000_000);
    let path = path.display().to_string();
    let is_told = known.iter().any(|loss| loss.file == path && loss.fingerprint == Some(mark));
    (!is_told).then_some((path, mark))
}

/// Returns a file that was set aside and is not among these losses. Version 0.1.0 left such files, because it
/// recorded no losses.
pub(super) fn first_unrecorded_loss(
    file: &Path,
    known: &[JournalLoss],
) -> Result<Option<String>, PersistenceErrorKind> {
    let names = quarantined_names(file)?;
    let mut paths = names.iter().map(|name| paths::parent_dir(file).join(name));
    Ok(paths.find_map(|path| unrecorded_loss(&path, known)).map(|(path, _)| path))
}

pub(super) fn insert_loss(
    connection: &Connection,
    file: &str,
    mark: Option<(i64, i64)>,
    damage: &str,
    now: i64,
) -> Result<(), PersistenceErrorKind> {
    let (length, changed) = mark.unzip();
    let values =
        vec![Value::Null, file.to_owned().into(), length.into(), changed.into(), damage.to_owned().into(), now.into()];
    Ok(sealed_rows::append_sealed(connection, "loss", values)?)
}

/// Returns all recorded losses, oldest first.
pub(super) fn list_losses(connection: &Connection) -> Result<Vec<JournalLoss>, PersistenceErrorKind> {
    query_losses(connection, "SELECT * FROM loss ORDER BY id")
}

/// Returns the losses that nobody has acknowledged, oldest first.
pub(super) fn list_unacknowledged(connection: &Connection) -> Result<Vec<JournalLoss>, PersistenceErrorKind> {
    query_losses(connection, "SELECT * FROM loss WHERE id NOT IN (SELECT loss FROM acknowledgment) ORDER BY id")
}

fn query_losses(connection: &Connection, sql: &str) -> Result<Vec<JournalLoss>, PersistenceErrorKind> {
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

/// Records that a person acknowledged these losses. Losses that were acknowledged earlier are skipped.
pub(super) fn acknowledge_losses(
    connection: &Connection,
    by: &Acknowledgment,
    now: i64,
) -> Result<(), PersistenceErrorKind> {
    let open = list_unacknowledged(connection)?;
    for loss in open.iter().filter(|loss| by.losses.contains(&loss.id)) {
        let values = vec![loss.id.into(), by.words.clone().into(), by.user.clone().into(), now.into()];
        sealed_rows::insert_sealed(connection, "acknowledgment", values)?;
    }
    Ok(())
}
