//! The checks of local files: the configuration, the file with drafts and the journal, and the free disk space.
//!
//! The checks only read: they create nothing, open nothing for writing, and repair nothing.

use super::finding::{DoctorCheck, DoctorFinding};
use crate::config::{self, Config, ConfigPathError};
use crate::domain::PersistenceError;
use crate::i18n::{Translations, texts};
use crate::messages;
use crate::product::Product;
use crate::store::{self, StoreInspection};
use crate::tui::event_loop::StateDir;
use std::path::{Path, PathBuf};

/// Less free space than this is a warning: the journal needs far less, but other programs use the disk too.
const LOW_SPACE: u64 = 64 * MEBIBYTE;

/// With less free space than this, the journal may not record the next order.
const MIN_SPACE: u64 = MEBIBYTE;

const MEBIBYTE: u64 = 1024 * 1024;

/// Checks the configuration.
pub(super) fn config_findings(
    lang: &Translations,
    path: &Result<PathBuf, ConfigPathError>,
    config: &Config,
    product: &'static Product,
) -> Vec<DoctorFinding> {
    let path = match path {
        Ok(path) => path,
        Err(ConfigPathError::Relative(path)) => {
            return vec![
                DoctorCheck::Configuration.failed(texts::doctor::CONFIG_RELATIVE).with_value("path", path.display()),
            ];
        }
        Err(ConfigPathError::NotUtf8) => return vec![DoctorCheck::Configuration.failed(texts::doctor::CONFIG_NO_TEXT)],
        Err(ConfigPathError::NoHome) => return vec![DoctorCheck::Configuration.warning(texts::doctor::CONFIG_NO_HOME)],
    };
    let mut config = config.clone();
    config.check_order_presets(product);
    let mut findings = match config.problems.as_slice() {
        [] if !config.exists => {
            vec![DoctorCheck::Configuration.ok(texts::doctor::CONFIG_NONE).with_value("path", path.display())]
        }
        [] => vec![DoctorCheck::Configuration.ok(texts::doctor::CONFIG_READ).with_value("path", path.display())],
        wrong => wrong.iter().map(|finding| config_problem_finding(lang, finding, path)).collect(),
    };
    if config.exists {
        let shared = config::group_writable_folders(path).into_iter();
        findings.extend(shared.map(|dir| {
            DoctorCheck::Configuration.warning(texts::doctor::CONFIG_SHARED).with_value("path", dir.display())
        }));
    }
    findings
}

fn config_problem_finding(lang: &Translations, finding: &config::ConfigProblem, path: &Path) -> DoctorFinding {
    DoctorCheck::Configuration.failed(texts::doctor::CONFIG_WRONG).with_value("why", finding.message(lang, path))
}

/// Checks the file with drafts and the journal, and the free space beside it.
pub(super) fn state_findings(lang: &Translations, dir: &StateDir) -> Vec<DoctorFinding> {
    let failed = |why: &PersistenceError| {
        DoctorCheck::State
            .failed(texts::doctor::STATE_FAILED)
            .with_value("why", messages::persistence_error_text(lang, why))
    };
    let dir = match dir {
        Ok(dir) => dir,
        Err(error) => return vec![failed(error)],
    };
    let finding = match store::inspect_store(dir) {
        Ok(StoreInspection::Absent) => {
            DoctorCheck::State.ok(texts::doctor::STATE_NONE).with_value("path", dir.display())
        }
        Ok(StoreInspection::Whole(file)) => {
            DoctorCheck::State.ok(texts::doctor::STATE_WHOLE).with_value("path", file.display())
        }
        Ok(StoreInspection::Unfinished(file)) => {
            DoctorCheck::State.ok(texts::doctor::STATE_UNFINISHED).with_value("path", file.display())
        }
        Ok(StoreInspection::Exposed(path, rights)) => DoctorCheck::State
            .warning(texts::doctor::STATE_EXPOSED)
            .with_value("path", path.display())
            .with_value("rights", format!("{rights:04o}")),
        Err(error) => failed(&error),
    };
    vec![finding, space_finding(free_bytes(dir))]
}

/// Returns the free bytes where the directory is, or where zegel would create it.
fn free_bytes(dir: &Path) -> Option<u64> {
    let there = dir.ancestors().find(|above| above.exists())?;
    let stat = rustix::fs::statvfs(there).ok()?;
    Some(stat.f_bavail.saturating_mul(stat.f_frsize))
}

fn space_finding(free: Option<u64>) -> DoctorFinding {
    let Some(free) = free else { return DoctorCheck::Space.unknown(texts::doctor::SPACE_UNKNOWN) };
    let finding = match free {
        0..MIN_SPACE => DoctorCheck::Space.failed(texts::doctor::SPACE_NONE),
        MIN_SPACE..LOW_SPACE => DoctorCheck::Space.warning(texts::doctor::SPACE_LITTLE),
        _ => DoctorCheck::Space.ok(texts::doctor::SPACE_IS),
    };
    finding.with_value("free", free / MEBIBYTE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(None, "space_unknown")]
    #[case(Some(0), "space_none")]
    #[case(Some(MIN_SPACE), "space_little")]
    #[case(Some(LOW_SPACE), "space_is")]
    fn free_space_is_reported(#[case] free: Option<u64>, #[case] code: &str) {
        assert_eq!(space_finding(free).code(), code);
    }

    #[test]
    fn free_space_is_found_for_a_missing_directory() {
        assert!(free_bytes(Path::new("/nowhere/at/all")).is_some());
    }
}
