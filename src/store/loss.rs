//! What the journal has lost: a damaged database that was put out of the way, one that is gone while orders were open, or
//! a file of an intent that cannot be read.
//!
//! What stood in a lost file protects no more. Until a person acknowledges that, no process begins an order.

use super::aside::COMPANIONS;
use super::intent_file::IntentFile;
use super::{Loss, Why, paths, rows};
use rusqlite::types::Value;
use rusqlite::{Connection, Row, params};
use std::fs;
use std::os::unix::fs::MetadataExt;
use std::path::Path;

/// What is between the name of the database and the number of a damaged one.
pub(super) const DAMAGED: &str = ".damaged-";

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
pub(super) fn is_any_aside(file: &Path) -> Result<bool, Why> {
    Ok(!names_aside(file)?.is_empty())
}

/// The names of what was put out of the way. Of a file and what belongs to it only the file counts.
fn names_aside(file: &Path) -> Result<Vec<String>, Why> {
    let (Some(dir), Some(name)) = (file.parent(), file.file_name().and_then(|name| name.to_str())) else {
        return Ok(Vec::new());
    };
    let start = format!("{name}{DAMAGED}");
    let names = fs::read_dir(dir)?.map(|entry| Ok(entry?.file_name().into_string().unwrap_or_default()));
    let mut names = names.collect::<Result<Vec<String>, Why>>()?;
    names.retain(|name| name.starts_with(&start));
    names.sort();
    let all = names.clone();
    let belongs = |name: &String| {
        COMPANIONS.iter().any(|end| name.strip_suffix(end).is_some_and(|base| all.iter().any(|other| other == base)))
    };
    names.retain(|name| !belongs(name));
    Ok(names)
}

/// Writes down the losses that are not in the journal yet: files that were put out of the way, and files of intents that
/// have no row and cannot be read.
pub(super) fn find(connection: &Connection, file: &Path, unread: &[&IntentFile], now: i64) -> Result<(), Why> {
    let known = all(connection)?;
    let dir = paths::dir_of(file);
    let aside = names_aside(file)?;
    let aside = aside.iter().map(|name| (dir.join(name), "set aside as damaged"));
    let unread = unread.iter().map(|one| (one.path.clone(), "the file of an intent cannot be read"));
    for (path, damage) in aside.chain(unread) {
        if let Some((path, mark)) = untold(&path, &known) {
            add(connection, &path, Some(mark), damage, now)?;
        }
    }
    Ok(())
}

/// A file that is there and is not among these losses: its name, and its length and the time of its last change.
fn untold(path: &Path, known: &[Loss]) -> Option<(String, (i64, i64))> {
    let found = fs::symlink_metadata(path).ok()?;
    let mark = (found.len().cast_signed(), found.mtime() * 1000 + found.mtime_nsec() / 1_000_000);
    let path = path.display().to_string();
    let is_told = known.iter().any(|loss| loss.file == path && loss.mark == Some(mark));
    (!is_told).then_some((path, mark))
}

/// A file that was put out of the way and is not among these losses, as version 0.1.0 left it: that wrote no loss down.
pub(super) fn first_untold(file: &Path, known: &[Loss]) -> Result<Option<String>, Why> {
    let names = names_aside(file)?;
    let mut paths = names.iter().map(|name| paths::dir_of(file).join(name));
    Ok(paths.find_map(|path| untold(&path, known)).map(|(path, _)| path))
}

/// Writes down a loss.
pub(super) fn add(
    connection: &Connection,
    file: &str,
    mark: Option<(i64, i64)>,
    damage: &str,
    now: i64,
) -> Result<(), Why> {
    let (length, changed) = mark.unzip();
    let values =
        vec![Value::Null, file.to_owned().into(), length.into(), changed.into(), damage.to_owned().into(), now.into()];
    Ok(rows::append(connection, "loss", values)?)
}

/// All losses that are written down, the oldest first.
pub(super) fn all(connection: &Connection) -> Result<Vec<Loss>, Why> {
    query(connection, "SELECT * FROM loss ORDER BY id")
}

/// The losses that nobody has acknowledged, the oldest first.
pub(super) fn unacknowledged(connection: &Connection) -> Result<Vec<Loss>, Why> {
    query(connection, "SELECT * FROM loss WHERE id NOT IN (SELECT loss FROM acknowledgment) ORDER BY id")
}

fn query(connection: &Connection, sql: &str) -> Result<Vec<Loss>, Why> {
    let mut query = connection.prepare(sql)?;
    let losses = query.query_map(params![], read)?.collect::<rusqlite::Result<_>>()?;
    Ok(losses)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Loss> {
    let mark: (Option<i64>, Option<i64>) = (row.get("length")?, row.get("changed")?);
    Ok(Loss {
        id: row.get("id")?,
        file: row.get("file")?,
        mark: mark.0.zip(mark.1),
        damage: row.get("damage")?,
        time: row.get("time")?,
    })
}

/// Writes down that a person was told of these losses.
pub(super) fn acknowledge(connection: &Connection, by: &Acknowledgment, now: i64) -> Result<(), Why> {
    let open = unacknowledged(connection)?;
    for loss in open.iter().filter(|loss| by.losses.contains(&loss.id)) {
        let values = vec![loss.id.into(), by.words.clone().into(), by.user.clone().into(), now.into()];
        rows::insert(connection, "acknowledgment", values)?;
    }
    Ok(())
}
