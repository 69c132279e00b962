//! Damage to a journal between two runs of the program: changed bytes, removal, or an older copy put back.
//!
//! The intent files beside it stay: they are what protects then.

use super::dice::Dice;
use std::fs;
use std::path::{Path, PathBuf};
use zegel::store::DATABASE_FILE;

const PAGE: usize = 4096;

/// The damage to the file.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum JournalDamage {
    /// This page, modulo the number of pages, is zeroed.
    Page(u64),
    /// It is cut to nothing.
    Empty,
    /// It is removed.
    Removed,
    /// It is the one from before the first order.
    Older,
}

impl JournalDamage {
    /// Returns no damage, or one kind, each with the same chance.
    pub(crate) fn of(dice: &mut Dice) -> Option<Self> {
        match dice.below(6) {
            0 | 1 => None,
            2 => Some(Self::Page(dice.below(64))),
            3 => Some(Self::Empty),
            4 => Some(Self::Removed),
            _ => Some(Self::Older),
        }
    }

    /// Returns the name of the kind, for counting.
    pub(crate) fn kind(self) -> &'static str {
        match self {
            Self::Page(_) => "page",
            Self::Empty => "empty",
            Self::Removed => "removed",
            Self::Older => "older",
        }
    }

    /// Damages the journal in a directory, of which `older` is the first copy. Returns whether there was one.
    pub(crate) fn apply(self, dir: &Path, older: &[u8]) -> bool {
        let file = dir.join(DATABASE_FILE);
        let Ok(mut bytes) = fs::read(&file) else { return false };
        // A crash in the middle of a change leaves a rollback journal, which goes with the file.
        let companion = PathBuf::from(format!("{}-journal", file.display()));
        match self {
            Self::Page(number) if !bytes.is_empty() => {
                let pages = bytes.len().div_ceil(PAGE);
                let from = usize::try_from(number).unwrap() % pages * PAGE;
                let to = (from + PAGE).min(bytes.len());
                bytes[from..to].fill(0);
                fs::write(&file, bytes).unwrap();
            }
            Self::Page(_) | Self::Empty => fs::write(&file, b"").unwrap(),
            Self::Removed => {
                let _ = fs::remove_file(companion);
                fs::remove_file(&file).unwrap();
            }
            Self::Older => {
                let _ = fs::remove_file(companion);
                fs::write(&file, older).unwrap();
            }
        }
        true
    }
}
