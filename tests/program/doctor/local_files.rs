//! The basis of zegel: configuration, state file, disk space.

use super::{Patient, on, sandbox};
use rstest::rstest;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use zegel::store::{DATABASE_FILE, Store};

/// The state directory of these tests.
const STATE: &str = "state";

fn patient() -> Patient {
    let patient = Patient::new();
    let state = patient.path(STATE).to_str().unwrap().to_owned();
    patient.with("ZEGEL_STATE_DIR", &state)
}

#[test]
fn configuration_problems_are_reported_line_by_line() {
    let sandbox = sandbox(&[]);
    let patient = on(&sandbox);
    patient.write(".config/zegel/config.toml", "acount = \"main\"\n[network]\nanswer_seconds = 0\n");
    let ran = patient.run(&["--lang", "en", "doctor"]).expect_code(1);
    for line in ["config.toml:1:", "config.toml:3:"] {
        assert!(ran.out.contains(line), "{ran:?}");
    }
    patient.json().expect_findings(&["configuration failed config_wrong"]);
}

#[rstest]
#[case("# nothing yet\n", "configuration ok config_read")]
#[case("lang = \"nl\"\n", "configuration ok config_read")]
#[case("lang = \"xx\"\n", "configuration failed config_wrong")]
fn a_configuration_is_read(#[case] text: &str, #[case] found: &str) {
    let patient = Patient::new();
    patient.write(".config/zegel/config.toml", text);
    patient.json().expect_findings(&[found]);
}

#[test]
fn relative_directories_are_reported() {
    let patient = Patient::new().with("ZEGEL_CONFIG_DIR", "here").with("ZEGEL_STATE_DIR", "here");
    patient.json().expect_code(1).expect_findings(&[
        "configuration failed config_relative",
        "state failed state_failed",
        "account failed account_later",
    ]);
}

#[test]
fn a_missing_state_is_valid_and_not_created() {
    patient().json().expect_findings(&["state ok state_none", "space ok space_is"]);
}

#[rstest]
#[case(0o600, "state ok state_whole")]
#[case(0o644, "state warning state_exposed")]
fn a_state_is_inspected_without_changes(#[case] rights: u32, #[case] found: &str) {
    let patient = patient();
    drop(Store::open(&patient.path(STATE)).unwrap());
    let file = patient.path(STATE).join(DATABASE_FILE);
    std::fs::set_permissions(&file, Permissions::from_mode(rights)).unwrap();
    patient.json().expect_findings(&[found]);
    assert_eq!(std::fs::metadata(&file).unwrap().permissions().mode() & 0o777, rights);
}

#[test]
fn a_damaged_state_is_reported() {
    let patient = patient();
    drop(Store::open(&patient.path(STATE)).unwrap());
    patient.write(&format!("{STATE}/{DATABASE_FILE}"), "not a database, though it has some length");
    patient.json().expect_code(1).expect_findings(&["state failed state_failed"]);
}
