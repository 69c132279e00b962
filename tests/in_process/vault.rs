//! Behavior that depends on the process that reads a key: which keyring it finds on its bus, over a real D-Bus socket,
//! and which environment a command receives.
//!
//! A process of its own performs each list of steps: this test program again. The other places of a key are tested
//! beside their code.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

use crate::common::secrets::{LABEL, Manner, MockSecrets};
use rstest::rstest;
use std::fs::File;
use std::process::Command;
use tempfile::TempDir;
use zegel::domain::{ApiKeyError, KeyLocation, KeyVariables};
use zegel::keystore::{self, KeyOwner};
use zegel::secret::Secret;

/// The host of the steps.
const HOST: &str = "127.0.0.1:4711";

/// The variable with the steps, and the prefix of each outcome.
const STEPS: &str = "STEPS";

/// A command that prints a key if it receives what it needs, and nothing that it must not have.
const GIVEN: &str = r#"env | grep -q ^ZEGEL_ && exit 3; test -z "$(cat)" || exit 4; echo "$OTHERS""#;

fn read(place: &KeyLocation, owner: &KeyOwner) -> Result<String, ApiKeyError> {
    keystore::read_key(place, owner, |_| None, &KeyVariables::default()).map(|key| key.expose().to_owned())
}

/// Carries out one step, and describes the result.
fn step(step: &str) -> String {
    let (step, host) = step.split_once('@').unwrap_or((step, HOST));
    let owner = KeyOwner { account: "main".to_owned(), host: host.to_owned() };
    let report = |outcome: Result<String, ApiKeyError>| match outcome {
        Err(ApiKeyError { kind, detail }) if detail.is_empty() => format!("{kind:?}"),
        Err(ApiKeyError { kind, detail }) => format!("{kind:?} ({detail})"),
        Ok(done) => done,
    };
    match step {
        "probe" => report(keystore::probe_keyring()),
        "read" => report(read(&KeyLocation::Keyring, &owner)),
        "command" => report(read(&KeyLocation::Command(["sh", "-c", GIVEN].map(str::to_owned).to_vec()), &owner)),
        "remove" => report(keystore::remove_key(&KeyLocation::Keyring, &owner).map(|()| "removed".to_owned())),
        key => report(
            keystore::write_key(&KeyLocation::Keyring, &owner, &Secret::from(key)).map(|()| "written".to_owned()),
        ),
    }
}

#[test]
#[ignore = "is carried out by the other tests, each on a bus of its own"]
fn steps() {
    let steps = std::env::var(STEPS).unwrap_or_default();
    for outcome in steps.split_terminator(' ').map(step) {
        println!("\n{STEPS}{outcome}");
    }
}

/// Returns the results of these steps on this bus.
fn run_steps(bus: &str, steps: &str) -> Vec<String> {
    let mut program = Command::new(std::env::current_exe().unwrap());
    program.args(["in_process::vault::steps", "--exact", "--ignored", "--nocapture"]).env(STEPS, steps);
    program.env("ZEGEL_API_KEY", "leaked").env("ZEGEL_", "leaked").env("OTHERS", "made-up");
    program.env("DBUS_SESSION_BUS_ADDRESS", bus).stdin(File::open("Cargo.toml").unwrap());
    let output = program.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let report = String::from_utf8(output.stdout).unwrap();
    report.lines().filter_map(|line| line.strip_prefix(STEPS)).map(str::to_owned).collect()
}

fn keyring(manner: Manner) -> (TempDir, MockSecrets) {
    let dir = tempfile::tempdir().unwrap();
    let secrets = MockSecrets::with(dir.path(), manner);
    (dir, secrets)
}

/// The input piped into zegel may be an order.
#[test]
fn a_command_gets_neither_zegel_variables_nor_piped_input() {
    assert_eq!(run_steps("", "command"), ["made-up"]);
}

#[test]
fn a_key_is_stored_read_replaced_and_removed() {
    let (_dir, secrets) = keyring(Manner::Works);
    let absent = "Absent (main@127.0.0.1:4711)";
    let report = run_steps(&secrets.address, "probe read first read second read");
    assert_eq!(report, [LABEL, absent, "written", "first", "written", "second"]);
    let [item] = &secrets.items()[..] else { panic!("{:?}", secrets.items()) };
    assert_eq!((item.label.as_str(), item.secret.as_str()), ("zegel: main@127.0.0.1:4711", "second"));
    let named = |name: &str| item.attributes[name].as_str();
    assert_eq!((named("service"), named("username")), ("zegel", "main@127.0.0.1:4711"));
    assert_eq!(run_steps(&secrets.address, "remove read remove"), ["removed", absent, absent]);
    assert_eq!(secrets.items(), []);
}

#[test]
fn a_key_belongs_to_its_host() {
    let (_dir, secrets) = keyring(Manner::Works);
    let report =
        run_steps(&secrets.address, "first read@evil.example second@evil.example read remove@evil.example read");
    assert_eq!(report, ["written", "Absent (main@evil.example)", "written", "first", "removed", "first"]);
}

#[test]
fn no_key_goes_over_the_bus_unencrypted() {
    let (_dir, secrets) = keyring(Manner::Works);
    assert_eq!(run_steps(&secrets.address, "first read"), ["written", "first"]);
    let ciphers = secrets.ciphers();
    assert!(!ciphers.is_empty());
    assert!(ciphers.iter().all(|cipher| cipher == "dh-ietf1024-sha256-aes128-cbc-pkcs7"), "{ciphers:?}");
}

#[rstest]
#[case::locked(Manner::Locked, ["Locked (Made-up login)", "Dismissed", "Absent (main@127.0.0.1:4711)"])]
#[case::nobody(Manner::Nobody, ["NoKeyring(NoService) (org.freedesktop.DBus.Error.ServiceUnknown)"; 3])]
#[case::refuses(Manner::Refuses, ["KeyringFailed(Refused) (org.freedesktop.DBus.Error.AccessDenied)"; 3])]
#[case::empty(Manner::Empty, [
    "NoKeyring(NoDefault)",
    "NoKeyring(NoDefault)",
    "Absent (main@127.0.0.1:4711)",
])]
#[case::passing(Manner::Passing, [
    "NoKeyring(Temporary)",
    "NoKeyring(Temporary)",
    "Absent (main@127.0.0.1:4711)",
])]
#[case::forgets(Manner::Forgets, [
    LABEL,
    "KeyringFailed(NotKept)",
    "Absent (main@127.0.0.1:4711)",
])]
fn a_key_that_cannot_be_stored_is_an_error_with_its_cause(#[case] manner: Manner, #[case] expected: [&str; 3]) {
    let (_dir, secrets) = keyring(manner);
    assert_eq!(run_steps(&secrets.address, "probe made-up read"), expected);
    assert_eq!(secrets.items(), []);
}

#[test]
fn only_reading_and_writing_prompt_to_unlock_the_keyring() {
    let (_dir, secrets) = keyring(Manner::Unlocks);
    assert_eq!(run_steps(&secrets.address, "probe"), ["Locked (Made-up login)"]);
    assert_eq!(secrets.prompts(), 0);
    assert_eq!(run_steps(&secrets.address, "made-up read probe"), ["written", "made-up", LABEL]);
    assert_eq!(secrets.prompts(), 1);
}

#[test]
fn a_locked_keyring_is_not_reported_as_absent() {
    let (_dir, secrets) = keyring(Manner::Locked);
    secrets.put(&[("service", "zegel"), ("username", "main@127.0.0.1:4711")], "made-up");
    assert_eq!(run_steps(&secrets.address, "read other remove"), ["Dismissed", "Dismissed", "Dismissed"]);
    assert_eq!(secrets.items()[0].secret, "made-up");
}

#[test]
fn a_manually_stored_entry_is_checked_like_a_file() {
    let (_dir, secrets) = keyring(Manner::Works);
    secrets.put(&[("service", "zegel"), ("username", "main@127.0.0.1:4711")], "made-up\n");
    secrets.put(&[("service", "zegel"), ("username", "main@other.example")], "two words");
    secrets.put(&[("service", "zegel"), ("username", "main@more.example"), ("of", "1")], "made-up");
    secrets.put(&[("service", "zegel"), ("username", "main@more.example"), ("of", "2")], "made-up");
    let report = run_steps(&secrets.address, "read read@other.example read@more.example");
    let several = "KeyringFailed(Several) (main@more.example)";
    assert_eq!(report, ["made-up", "NotAKey (main@other.example)", several]);
}

#[test]
fn a_silent_keyring_times_out() {
    let (_dir, secrets) = keyring(Manner::Silent);
    assert_eq!(run_steps(&secrets.address, "probe"), ["KeyringSlow"]);
}

#[rstest]
#[case::nothing_there("unix:path=/nowhere/bus")]
#[case::no_address("nonsense")]
#[case::no_bus("unix:path=/dev/null")]
#[case::blank("")]
fn without_a_bus_there_is_no_keyring(#[case] bus: &str) {
    for report in run_steps(bus, "probe read made-up remove") {
        assert!(report.starts_with("NoKeyring"), "{report}");
    }
}

/// Run it with `cargo test --test vault -- --ignored`. It stores a key for an impossible host.
#[test]
#[ignore = "needs a real Secret Service that is unlocked, on the bus of whoever starts it"]
fn a_real_secret_service_stores_a_key() {
    let bus = std::env::var("DBUS_SESSION_BUS_ADDRESS").unwrap();
    let at = |step: &str| format!("{step}@zegel-test.invalid");
    let steps = ["read", "first", "read", "second", "read", "remove", "read"].map(at).join(" ");
    let report = run_steps(&bus, &format!("probe {steps}"));
    let absent = "Absent (main@zegel-test.invalid)";
    println!("{report:?}");
    assert_eq!(report[1..], [absent, "written", "first", "written", "second", "removed", absent]);
    assert!(!report[0].contains('('), "the probe said {}", report[0]);
}
