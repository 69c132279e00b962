//! The log of `--log FILE`: one line per event, for a stranger who diagnoses a problem.
//!
//! The log has only zegel's own lines, never those of libraries, which might write headers. A line names only kinds of
//! things and sizes: no name, address, id, key or card data, and no text that was typed or received from a server.

use super::CommandError;
use std::fs::{File, OpenOptions, Permissions};
use std::io;
use std::os::unix::fs::{OpenOptionsExt, PermissionsExt};
use std::path::Path;
use std::sync::Mutex;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::fmt::layer;
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::registry;

/// The only crate whose lines are written.
const OWN_TARGET: &str = env!("CARGO_CRATE_NAME");

/// The file is accessible only to its owner.
const FILE_MODE: u32 = 0o600;

/// Starts the log: from now on, events are appended to this file.
pub(super) fn start_logging(path: &Path) -> Result<(), CommandError> {
    let failed = |source| CommandError::Unwritable { path: path.to_owned(), source };
    // Opening a pipe would block, and opening a device may have side effects.
    if std::fs::metadata(path).is_ok_and(|about| !about.is_file()) {
        return Err(CommandError::LogNotAFile(path.to_owned()));
    }
    let file = open_log_file(path).map_err(failed)?;
    let about = file.metadata().map_err(failed)?;
    if !about.is_file() {
        return Err(CommandError::LogNotAFile(path.to_owned()));
    }
    file.set_permissions(Permissions::from_mode(FILE_MODE)).map_err(failed)?;
    let own = Targets::new().with_target(OWN_TARGET, LevelFilter::TRACE);
    let lines = layer().with_ansi(false).with_writer(Mutex::new(file)).with_filter(own);
    // Only a test sets another subscriber first, and that one stays.
    let _ = tracing::subscriber::set_global_default(registry().with(lines));
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    tracing::info!(version = env!("CARGO_PKG_VERSION"), os, arch, "zegel begins");
    Ok(())
}

fn open_log_file(path: &Path) -> io::Result<File> {
    let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    OpenOptions::new().create(true).append(true).mode(FILE_MODE).custom_flags(flags).open(path)
}
