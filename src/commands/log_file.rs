//! `--log FILE`: what happens, a line each, for a stranger to read who is to find a fault.
//!
//! Only zegel's own lines go in, never those of the libraries, which might write headers. A line names kinds of things
//! and sizes: no name, address, id, key or card data, and no text that was typed or that a server sent.

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

/// The one crate whose lines are written.
const OWN_TARGET: &str = env!("CARGO_CRATE_NAME");

/// The owner's alone.
const FILE_MODE: u32 = 0o600;

/// From now on what happens is appended to this file, which is the owner's alone.
pub(super) fn start_logging(path: &Path) -> Result<(), CommandError> {
    let failed = |source| CommandError::Log { path: path.to_owned(), source };
    // A pipe would keep whoever opens it waiting, and a device may do something by it.
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
    // Somebody else may have set one: then it is a test, and that one holds.
    let _ = tracing::subscriber::set_global_default(registry().with(lines));
    let (os, arch) = (std::env::consts::OS, std::env::consts::ARCH);
    tracing::info!(version = env!("CARGO_PKG_VERSION"), os, arch, "zegel begins");
    Ok(())
}

fn open_log_file(path: &Path) -> io::Result<File> {
    let flags = rustix::fs::OFlags::NONBLOCK.bits().cast_signed();
    OpenOptions::new().create(true).append(true).mode(FILE_MODE).custom_flags(flags).open(path)
}
