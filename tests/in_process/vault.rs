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
    let told = |outcome: Result<String, ApiKeyError>| outcome.unwrap_or_else(|trouble| trouble.to_string());
    match step {
        "probe" => told(keystore::probe_keyring()),
        "read" => told(read(&KeyLocation::Keyring, &owner)),
        "command" => told(read(&KeyLocation::Command(["sh", "-c", GIVEN].map(str::to_owned).to_vec()), &owner)),
        "remove" => told(keystore::remove_key(&KeyLocation::Keyring, &owner).map(|()| "removed".to_owned())),
        key => {
            told(keystore::write_key(&KeyLocation::Keyring, &owner, &Secret::from(key)).map(|()| "written".to_owned()))
        }
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
fn asked(bus: &str, steps: &str) -> Vec<String> {
    let mut program = Command::new(std::env::current_exe().unwrap());
    program.args(["in_process::vault::steps", "--exact", "--ignored", "--nocapture"]).env(STEPS, steps);
    program.env("ZEGEL_API_KEY", "leaked").env("ZEGEL_", "leaked").env("OTHERS", "made-up");
    program.env("DBUS_SESSION_BUS_ADDRESS", bus).stdin(File::open("Cargo.toml").unwrap());
    let output = program.output().unwrap();
    assert!(output.status.success(), "{output:?}");
    let told = String::from_utf8(output.stdout).unwrap();
    told.lines().filter_map(|line| line.strip_prefix(STEPS)).map(str::to_owned).collect()
}

fn keyring(manner: Manner) -> (TempDir, MockSecrets) {
    let dir = tempfile::tempdir().unwrap();
    let secrets = MockSecrets::with(dir.path(), manner);
    (dir, secrets)
}

/// The input piped into zegel may be an order.
#[test]
fn a_command_is_given_no_variable_of_zegels_and_nothing_that_is_piped_in() {
    assert_eq!(asked("", "command"), ["made-up"]);
}

#[test]
fn a_key_is_kept_read_replaced_and_removed() {
    let (_dir, secrets) = keyring(Manner::Works);
    let absent = "Absent (main@127.0.0.1:4711)";
    let told = asked(&secrets.address, "probe read first read second read");
    assert_eq!(told, [LABEL, absent, "written", "first", "written", "second"]);
    let [item] = &secrets.items()[..] else { panic!("{:?}", secrets.items()) };
    assert_eq!((item.label.as_str(), item.secret.as_str()), ("zegel: main@127.0.0.1:4711", "second"));
    let named = |name: &str| item.attributes[name].as_str();
    assert_eq!((named("service"), named("username")), ("zegel", "main@127.0.0.1:4711"));
    assert_eq!(asked(&secrets.address, "remove read remove"), ["removed", absent, absent]);
    assert_eq!(secrets.items(), []);
}

#[test]
fn a_key_is_its_hosts_alone() {
    let (_dir, secrets) = keyring(Manner::Works);
    let told = asked(&secrets.address, "first read@evil.example second@evil.example read remove@evil.example read");
    assert_eq!(told, ["written", "Absent (main@evil.example)", "written", "first", "removed", "first"]);
}

#[test]
fn nothing_of_a_key_goes_over_the_bus_in_clear() {
    let (_dir, secrets) = keyring(Manner::Works);
    assert_eq!(asked(&secrets.address, "first read"), ["written", "first"]);
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
fn what_cannot_be_kept_says_why(#[case] manner: Manner, #[case] expected: [&str; 3]) {
    let (_dir, secrets) = keyring(manner);
    assert_eq!(asked(&secrets.address, "probe made-up read"), expected);
    assert_eq!(secrets.items(), []);
}

#[test]
fn only_who_reads_or_writes_has_its_owner_asked_to_unlock_it() {
    let (_dir, secrets) = keyring(Manner::Unlocks);
    assert_eq!(asked(&secrets.address, "probe"), ["Locked (Made-up login)"]);
    assert_eq!(secrets.prompts(), 0);
    assert_eq!(asked(&secrets.address, "made-up read probe"), ["written", "made-up", LABEL]);
    assert_eq!(secrets.prompts(), 1);
}

#[test]
fn what_is_locked_and_stays_so_is_not_said_to_be_absent() {
    let (_dir, secrets) = keyring(Manner::Locked);
    secrets.put(&[("service", "zegel"), ("username", "main@127.0.0.1:4711")], "made-up");
    assert_eq!(asked(&secrets.address, "read other remove"), ["Dismissed", "Dismissed", "Dismissed"]);
    assert_eq!(secrets.items()[0].secret, "made-up");
}

#[test]
fn what_was_put_there_by_hand_is_judged_like_a_file() {
    let (_dir, secrets) = keyring(Manner::Works);
    secrets.put(&[("service", "zegel"), ("username", "main@127.0.0.1:4711")], "made-up\n");
    secrets.put(&[("service", "zegel"), ("username", "main@other.example")], "two words");
    secrets.put(&[("service", "zegel"), ("username", "main@more.example"), ("of", "1")], "made-up");
    secrets.put(&[("service", "zegel"), ("username", "main@more.example"), ("of", "2")], "made-up");
    let told = asked(&secrets.address, "read read@other.example read@more.example");
    let several = "KeyringFailed(Several) (main@more.example)";
    assert_eq!(told, ["made-up", "NotAKey (main@other.example)", several]);
}

#[test]
fn a_keyring_that_never_answers_keeps_nobody_waiting_long() {
    let (_dir, secrets) = keyring(Manner::Silent);
    assert_eq!(asked(&secrets.address, "probe"), ["KeyringSlow"]);
}

#[rstest]
#[case::nothing_there("unix:path=/nowhere/bus")]
#[case::no_address("nonsense")]
#[case::no_bus("unix:path=/dev/null")]
#[case::blank("")]
fn without_a_bus_there_is_no_keyring(#[case] bus: &str) {
    for told in asked(bus, "probe read made-up remove") {
        assert!(told.starts_with("NoKeyring"), "{told}");
    }
}

/// Run it with `cargo test --test vault -- --ignored`. It stores a key for an impossible host.
#[test]
#[ignore = "needs a real Secret Service that is unlocked, on the bus of whoever starts it"]
fn a_real_secret_service_keeps_a_key() {
    let bus = std::env::var("DBUS_SESSION_BUS_ADDRESS").unwrap();
    let at = |step: &str| format!("{step}@zegel-test.invalid");
    let steps = ["read", "first", "read", "second", "read", "remove", "read"].map(at).join(" ");
    let told = asked(&bus, &format!("probe {steps}"));
    let absent = "Absent (main@zegel-test.invalid)";
    println!("{told:?}");
    assert_eq!(told[1..], [absent, "written", "first", "written", "second", "removed", absent]);
    assert!(!told[0].contains('('), "the probe said {}", told[0]);
}
