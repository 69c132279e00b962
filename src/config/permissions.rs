//! The check that only this user and root can change the configuration.
//!
//! The configuration says where a key goes and which command runs to get it. So a user who can change or replace the
//! file controls both. The check looks only at owners and permissions, and changes none; it does not read the file.

use super::{CONFIG_DIR, ConfigProblem, ConfigProblemKind};
use rustix::process::geteuid;
use std::collections::BTreeSet;
use std::ffi::OsString;
use std::fs::{self, Metadata};
use std::io;
use std::os::unix::fs::MetadataExt;
use std::path::{Component, Path, PathBuf};

/// At most this many links are followed, as on Linux.
const MAX_LINKS: usize = 40;

const GROUP_WRITES: u32 = 0o020;
const OTHERS_WRITE: u32 = 0o002;

/// In a directory with this bit, no user can replace the files of another.
const STICKY_BIT: u32 = 0o1000;

/// What another user could do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, strum::IntoStaticStr)]
#[strum(serialize_all = "snake_case")]
pub enum Exposure {
    FileOwner,
    /// Others can write to the file.
    FileWritable,
    /// A directory on the path belongs to another user.
    FolderOwner,
    /// Others can replace files in a directory on the path.
    FolderWritable,
}

/// Checks whether the file at this path may be used. If there is no file, only the directories are checked.
///
/// # Errors
/// Everything that another user could do.
pub(super) fn check_permissions(path: &Path) -> Result<(), Vec<ConfigProblem>> {
    let Some(way) = PathMetadata::of_path(path) else { return Ok(()) };
    let folders = way.folders.iter().filter_map(|(path, about)| Some((path, folder_exposure(about)?)));
    let file = way.file.iter().filter_map(|(path, about)| Some((path, file_exposure(about)?)));
    let found = folders.chain(file).map(|(path, what)| ConfigProblemKind::Exposed(path.clone(), what));
    let found: Vec<_> = found.map(ConfigProblem::for_file).collect();
    if found.is_empty() { Ok(()) } else { Err(found) }
}

/// Returns the directories on the path to which a group may write.
pub fn group_writable_folders(path: &Path) -> Vec<PathBuf> {
    let folders = PathMetadata::of_path(path).map(|way| way.folders).unwrap_or_default();
    folders.into_iter().filter(|(_, about)| about.mode() & GROUP_WRITES != 0).map(|(path, _)| path).collect()
}

fn file_exposure(about: &Metadata) -> Option<Exposure> {
    match about {
        _ if !is_trusted_owner(about) => Some(Exposure::FileOwner),
        _ if about.mode() & (GROUP_WRITES | OTHERS_WRITE) != 0 => Some(Exposure::FileWritable),
        _ => None,
    }
}

fn folder_exposure(about: &Metadata) -> Option<Exposure> {
    match about {
        _ if !is_trusted_owner(about) => Some(Exposure::FolderOwner),
        _ if about.mode() & OTHERS_WRITE != 0 && about.mode() & STICKY_BIT == 0 => Some(Exposure::FolderWritable),
        _ => None,
    }
}

/// Returns true if the owner is this user, or root, who can do everything anyway.
fn is_trusted_owner(about: &Metadata) -> bool {
    [0, geteuid().as_raw()].contains(&about.uid())
}

/// The directories and the file that a path leads through.
struct PathMetadata {
    /// The directories in which a name on the path is looked up, with links followed, except those above the start
    /// folder.
    folders: Vec<(PathBuf, Metadata)>,
    /// The file, if there is one.
    file: Option<(PathBuf, Metadata)>,
}

impl PathMetadata {
    /// Collects the metadata along the path. `None` if the path cannot be followed: then the file cannot be read
    /// either.
    fn of_path(path: &Path) -> Option<Self> {
        let (folders, file) = walk_path(path).ok()?;
        let top = start_folder(path);
        // The user who starts the program chose the start folder, so the directories above it are not checked.
        let judged = |folder: &PathBuf| top.as_ref().is_none_or(|top| folder == top || !top.starts_with(folder));
        let about = |path: PathBuf| fs::metadata(&path).ok().map(|about| (path, about));
        let folders = folders.into_iter().filter(judged).filter_map(about).collect();
        Some(Self { folders, file: file.and_then(about) })
    }
}

/// Returns the start folder: the directory that the variable names, or else the home directory.
fn start_folder(path: &Path) -> Option<PathBuf> {
    let named = std::env::var_os(CONFIG_DIR).map(PathBuf::from).filter(|dir| Some(dir.as_path()) == path.parent());
    fs::canonicalize(named.or_else(|| etcetera::home_dir().ok())?).ok()
}

/// Returns every directory in which a name on the path is looked up, and the file at its end; no file if a name does
/// not exist.
fn walk_path(path: &Path) -> io::Result<(BTreeSet<PathBuf>, Option<PathBuf>)> {
    let (mut folders, mut here, mut links) = (BTreeSet::new(), PathBuf::from("/"), 0);
    let mut left = path_names(path);
    while let Some(name) = left.pop() {
        if name == ".." {
            // `here` contains no links: each link is resolved before the walk enters it.
            here.pop();
            continue;
        }
        folders.insert(here.clone());
        let next = here.join(&name);
        let about = match fs::symlink_metadata(&next) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok((folders, None)),
            about => about?,
        };
        if !about.is_symlink() {
            here = next;
            continue;
        }
        links += 1;
        if links > MAX_LINKS {
            return Err(rustix::io::Errno::LOOP.into());
        }
        let target = fs::read_link(&next)?;
        if target.is_absolute() {
            here = PathBuf::from("/");
        }
        left.extend(path_names(&target));
    }
    Ok((folders, Some(here)))
}

/// Returns the names in a path, the last one first.
fn path_names(path: &Path) -> Vec<OsString> {
    let named = |part: &Component<'_>| matches!(part, Component::Normal(_) | Component::ParentDir);
    path.components().rev().filter(named).map(|part| part.as_os_str().to_owned()).collect()
}
