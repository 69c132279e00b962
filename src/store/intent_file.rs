//! Intent files: a small file beside the database for each intent without a known outcome. If the database is lost,
//! these files still prevent a second order.
//!
//! A file is on disk before its row, and is removed once the row has an outcome or a decision. It does not contain
//! the order's body.

use super::{PersistenceErrorKind, paths, quarantine};
use crate::domain::{Intent, IntentId};
use crate::text;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::ffi::OsStr;
use std::fs::{self, OpenOptions};
use std::io::Write as _;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

const NAME_PREFIX: &str = "intent-";
const NAME_SUFFIX: &str = ".json";

/// The suffix of the name while the file is being written.
const UNFINISHED_SUFFIX: &str = ".new";

/// No intent file that zegel writes is longer.
const MAX_FILE_BYTES: u64 = 64 * 1024;

/// The content of an intent file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct IntentFileContent {
    number: i64,
    host: String,
    account: String,
    product: String,
    organization: Option<u64>,
    digest: String,
    /// Milliseconds since 1970.
    time: i64,
    /// A checksum of all other members. It shows that a byte changed on the disk.
    sum: String,
}

impl IntentFileContent {
    fn from_intent(id: IntentId, intent: &Intent) -> Self {
        let Intent { host, account, product, organization, digest, local_time, .. } = intent.clone();
        let content =
            Self { number: id.0, host, account, product, organization, digest, time: local_time, sum: String::new() };
        Self { sum: content.compute_checksum(), ..content }
    }

    fn compute_checksum(&self) -> String {
        let Self { number, host, account, product, organization, digest, time, .. } = self;
        let all = serde_json::json!([number, host, account, product, organization, digest, time]).to_string();
        text::to_hex(&Sha256::digest(all))
    }

    fn into_intent(self) -> Intent {
        let Self { host, account, product, organization, digest, time, .. } = self;
        Intent { host, account, product, organization, digest, local_time: time, ..Intent::default() }
    }
}

/// An existing intent file.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct IntentFile {
    /// The number in the file name.
    pub(super) id: IntentId,
    pub(super) path: PathBuf,
    /// `None` if the content cannot be read, or differs from what was written.
    pub(super) intent: Option<Intent>,
}

pub(super) fn intent_file_path(dir: &Path, id: IntentId) -> PathBuf {
    dir.join(format!("{NAME_PREFIX}{id}{NAME_SUFFIX}"))
}

/// Writes the file to disk. Once this returns, the complete file survives a crash of the machine.
pub(super) fn write_intent_file(dir: &Path, id: IntentId, intent: &Intent) -> Result<(), PersistenceErrorKind> {
    let path = intent_file_path(dir, id);
    let new = quarantine::path_with_suffix(&path, UNFINISHED_SUFFIX);
    quarantine::remove_if_present(&new)?;
    let content = serde_json::to_vec(&IntentFileContent::from_intent(id, intent)).map_err(std::io::Error::other)?;
    let mut file = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&new)?;
    let written = file.write_all(&content).and_then(|()| file.sync_all());
    if let Err(error) = written {
        let _ = fs::remove_file(&new);
        return Err(error.into());
    }
    quarantine::rename_to_free_name(&new, &path)?;
    paths::sync_parent_directory(&path);
    Ok(())
}

/// Removes the file of an intent, if there is one. A later start removes a file that stays behind.
pub(super) fn remove_intent_file(dir: &Path, id: IntentId) {
    let _ = fs::remove_file(intent_file_path(dir, id));
}

/// Removes incomplete files, for which nothing was sent. The caller must hold the lock for writing these files.
pub(super) fn remove_unfinished(dir: &Path) {
    for entry in fs::read_dir(dir).into_iter().flatten().flatten() {
        let name = entry.file_name();
        let rest = name.to_str().and_then(|name| name.strip_prefix(NAME_PREFIX)?.strip_suffix(UNFINISHED_SUFFIX));
        if rest.is_some_and(|rest| rest.ends_with(NAME_SUFFIX)) {
            let _ = fs::remove_file(entry.path());
        }
    }
}

/// Returns the number in the name of an intent file. `None` for other files.
fn parse_file_name(name: &OsStr) -> Option<IntentId> {
    name.to_str()?.strip_prefix(NAME_PREFIX)?.strip_suffix(NAME_SUFFIX)?.parse().ok().map(IntentId)
}

/// Returns true if the directory has an intent file. Only names are read.
pub(super) fn has_intent_files(dir: &Path) -> Result<bool, PersistenceErrorKind> {
    let names = fs::read_dir(dir)?.map(|entry| Ok(entry?.file_name()));
    Ok(names.collect::<Result<Vec<_>, PersistenceErrorKind>>()?.iter().any(|name| parse_file_name(name).is_some()))
}

/// Returns the intent files, sorted by number.
pub(super) fn list_intent_files(dir: &Path) -> Result<Vec<IntentFile>, PersistenceErrorKind> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if let Some(id) = parse_file_name(&entry.file_name()) {
            let path = entry.path();
            let intent = read_intent(id, &path);
            found.push(IntentFile { id, path, intent });
        }
    }
    found.sort_by_key(|file| file.id);
    Ok(found)
}

fn read_intent(id: IntentId, path: &Path) -> Option<Intent> {
    let there = paths::ensure_private_file(path).ok()? && fs::metadata(path).ok()?.len() <= MAX_FILE_BYTES;
    let content: IntentFileContent = serde_json::from_slice(&fs::read(path).ok().filter(|_| there)?).ok()?;
    (content.number == id.0 && content.sum == content.compute_checksum()).then(|| content.into_intent())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;
    use std::os::unix::fs::PermissionsExt;

    fn intent() -> Intent {
        Intent {
            host: "h".into(),
            account: "7".into(),
            product: "p".into(),
            organization: Some(u64::MAX),
            digest: "0f".into(),
            body: "a body".into(),
            local_time: -1,
            ..Intent::default()
        }
    }

    #[test]
    fn an_intent_file_is_read_back_without_the_body() {
        let temp = tempfile::tempdir().unwrap();
        write_intent_file(temp.path(), IntentId(7), &intent()).unwrap();
        write_intent_file(temp.path(), IntentId(12), &Intent { organization: None, ..intent() }).unwrap();
        fs::write(temp.path().join("intent-3.json.new"), "half").unwrap();
        fs::write(temp.path().join("intent-x.json"), "another's").unwrap();
        fs::write(temp.path().join("intents.new"), "another's").unwrap();
        remove_unfinished(temp.path());
        let found = list_intent_files(temp.path()).unwrap();
        let bare = Intent { body: String::new(), ..intent() };
        let intents = found.iter().map(|file| file.intent.clone().unwrap()).collect::<Vec<_>>();
        assert_eq!(intents, [bare.clone(), Intent { organization: None, ..bare }]);
        assert_eq!(found.iter().map(|file| file.id.0).collect::<Vec<_>>(), [7, 12]);
        let text = fs::read_to_string(&found[0].path).unwrap();
        assert!(!text.contains("body"), "{text}");
        assert_eq!(fs::metadata(&found[0].path).unwrap().permissions().mode() & 0o7777, 0o600);
        assert!(!temp.path().join("intent-3.json.new").exists(), "what was left half written is gone");
        assert!(temp.path().join("intents.new").exists());
        remove_intent_file(temp.path(), IntentId(7));
        assert_eq!(list_intent_files(temp.path()).unwrap().len(), 1);
    }

    #[test]
    fn an_existing_intent_file_is_never_overwritten() {
        let temp = tempfile::tempdir().unwrap();
        write_intent_file(temp.path(), IntentId(1), &intent()).unwrap();
        write_intent_file(temp.path(), IntentId(1), &Intent { host: "other".into(), ..intent() }).unwrap_err();
        assert_eq!(list_intent_files(temp.path()).unwrap()[0].intent.as_ref().unwrap().host, "h");
    }

    #[rstest]
    #[case::empty(|_: Vec<u8>| Vec::new())]
    #[case::cut(|text: Vec<u8>| text[..text.len() / 2].to_vec())]
    #[case::no_json(|_: Vec<u8>| b"nothing".to_vec())]
    #[case::another_host(|text: Vec<u8>| String::from_utf8(text).unwrap().replace("\"h\"", "\"i\"").into_bytes())]
    #[case::zeroes(|text: Vec<u8>| vec![0; text.len()])]
    fn a_changed_intent_file_is_not_trusted(#[case] spoil: fn(Vec<u8>) -> Vec<u8>) {
        let temp = tempfile::tempdir().unwrap();
        write_intent_file(temp.path(), IntentId(1), &intent()).unwrap();
        let path = intent_file_path(temp.path(), IntentId(1));
        fs::write(&path, spoil(fs::read(&path).unwrap())).unwrap();
        assert_eq!(list_intent_files(temp.path()).unwrap(), [IntentFile { id: IntentId(1), path, intent: None }]);
    }

    #[test]
    fn an_intent_file_under_another_number_is_not_trusted() {
        let temp = tempfile::tempdir().unwrap();
        write_intent_file(temp.path(), IntentId(1), &intent()).unwrap();
        fs::rename(intent_file_path(temp.path(), IntentId(1)), intent_file_path(temp.path(), IntentId(2))).unwrap();
        assert_eq!(list_intent_files(temp.path()).unwrap()[0].intent, None);
    }
}
