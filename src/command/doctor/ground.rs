//! What zegel stands on: the configuration, the file with drafts and journal, and the room beside it.
//!
//! All of it is looked at as it is: nothing is made, opened for writing, or mended.

use super::finding::{Check, Finding};
use crate::config::{self, Config, Lost};
use crate::facts::Unkept;
use crate::lang::Lang;
use crate::product::Product;
use crate::run::StateDir;
use crate::store::{self, Inspected};
use crate::tell;
use std::path::{Path, PathBuf};

/// Less room than this is told: the journal takes far less, but nobody is alone on a disk.
const LITTLE: u64 = 64 * MEBIBYTE;

/// With less room than this the next order may not be written down.
const NONE: u64 = MEBIBYTE;

const MEBIBYTE: u64 = 1024 * 1024;

/// What is to be said of the configuration.
pub(super) fn configuration(
    lang: &Lang,
    path: &Result<PathBuf, Lost>,
    config: &Config,
    product: &'static Product,
) -> Vec<Finding> {
    let path = match path {
        Ok(path) => path,
        Err(Lost::Relative(path)) => {
            return vec![Check::Configuration.failed("doctor.config_relative").with("path", path.display())];
        }
        Err(Lost::NoText) => return vec![Check::Configuration.failed("doctor.config_no_text")],
        Err(Lost::NoHome) => return vec![Check::Configuration.warning("doctor.config_no_home")],
    };
    let mut config = config.clone();
    config.judge_orders(product);
    let mut findings = match config.findings.as_slice() {
        [] if !config.found => vec![Check::Configuration.ok("doctor.config_none").with("path", path.display())],
        [] => vec![Check::Configuration.ok("doctor.config_read").with("path", path.display())],
        wrong => wrong.iter().map(|finding| wrong_in(lang, finding, path)).collect(),
    };
    if config.found {
        let shared = config::group_writable(path).into_iter();
        findings
            .extend(shared.map(|dir| Check::Configuration.warning("doctor.config_shared").with("path", dir.display())));
    }
    findings
}

fn wrong_in(lang: &Lang, finding: &config::Finding, path: &Path) -> Finding {
    Check::Configuration.failed("doctor.config_wrong").with("why", finding.say(lang, path))
}

/// The file with drafts and journal, and the room beside it.
pub(super) fn state(lang: &Lang, dir: &StateDir) -> Vec<Finding> {
    let failed = |why: &Unkept| Check::State.failed("doctor.state_failed").with("why", tell::unkept_words(lang, why));
    let dir = match dir {
        Ok(dir) => dir,
        Err(error) => return vec![failed(&Unkept::from(error))],
    };
    let finding = match store::inspect(dir) {
        Ok(Inspected::Absent) => Check::State.ok("doctor.state_none").with("path", dir.display()),
        Ok(Inspected::Whole(file)) => Check::State.ok("doctor.state_whole").with("path", file.display()),
        Ok(Inspected::Unfinished(file)) => Check::State.ok("doctor.state_unfinished").with("path", file.display()),
        Ok(Inspected::Exposed(path, rights)) => Check::State
            .warning("doctor.state_exposed")
            .with("path", path.display())
            .with("rights", format!("{rights:04o}")),
        Err(error) => failed(&Unkept::from(&error)),
    };
    vec![finding, room(free(dir))]
}

/// The bytes that are free where a directory is, or would be made.
fn free(dir: &Path) -> Option<u64> {
    let there = dir.ancestors().find(|above| above.exists())?;
    let told = rustix::fs::statvfs(there).ok()?;
    Some(told.f_bavail.saturating_mul(told.f_frsize))
}

fn room(free: Option<u64>) -> Finding {
    let Some(free) = free else { return Check::Space.unknown("doctor.space_unknown") };
    let finding = match free {
        0..NONE => Check::Space.failed("doctor.space_none"),
        NONE..LITTLE => Check::Space.warning("doctor.space_little"),
        _ => Check::Space.ok("doctor.space_is"),
    };
    finding.with("free", free / MEBIBYTE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(None, "space_unknown")]
    #[case(Some(0), "space_none")]
    #[case(Some(NONE), "space_little")]
    #[case(Some(LITTLE), "space_is")]
    fn room_is_told(#[case] free: Option<u64>, #[case] code: &str) {
        assert_eq!(room(free).code(), code);
    }

    #[test]
    fn there_is_room_where_nothing_is_yet() {
        assert!(free(Path::new("/nowhere/at/all")).is_some());
    }
}
