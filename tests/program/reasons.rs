//! Why something cannot be read or used, in Dutch: each reason is a text of the language, without English in it.
//!
//! Every run has its own home directory, and reaches nothing beyond this computer.

use crate::common::english::english;
use crate::common::secrets::{Manner, MockSecrets};
use assert_cmd::Command;
use rstest::rstest;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use tempfile::TempDir;
use zegel::sandbox::KEY;
use zegel::store::{DATABASE_FILE, Store};

/// Makes a home directory with one account, whose key is in this place; `{root}` is the directory. Nothing listens at
/// its address.
fn home(place: &str) -> TempDir {
    let home = tempfile::tempdir().unwrap();
    let place = place.replace("{root}", home.path().to_str().unwrap());
    let text = format!("[accounts.test]\nurl = \"http://127.0.0.1:9/services/v2\"\n{place}\n");
    fs::write(home.path().join("config.toml"), text).unwrap();
    for (name, rights) in [("test.key", 0o600), ("open.key", 0o644)] {
        fs::write(home.path().join(name), KEY).unwrap();
        fs::set_permissions(home.path().join(name), fs::Permissions::from_mode(rights)).unwrap();
    }
    home
}

/// Returns the Dutch output, standard output and standard error.
fn run_in_dutch(home: &Path, args: &[&str], bus: &str) -> (String, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zegel"));
    command.args(args).args(["--lang", "nl"]).env_clear().env("PATH", "/usr/bin:/bin").env("ZEGEL_TEST_PACE", "600");
    command.current_dir(home).env("ZEGEL_CONFIG_DIR", home).env("ZEGEL_STATE_DIR", home.join("state"));
    let output = command.env("DBUS_SESSION_BUS_ADDRESS", bus).output().unwrap();
    let text = |bytes: Vec<u8>| {
        let text = String::from_utf8(bytes).unwrap().replace(home.to_str().unwrap(), "/home");
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    };
    (text(output.stdout), text(output.stderr))
}

/// Asserts that a text has this in it, and nothing in English.
#[track_caller]
fn assert_dutch(shown: &str, expected: &str) {
    assert!(shown.contains(expected), "{expected}\n{shown}");
    assert_eq!(english(shown), None, "{shown}");
}

#[rstest]
#[case::open_to_others(
    "key_file = \"{root}/open.key\"",
    "Andere gebruikers hebben toegang tot het sleutelbestand: /home/open.key (0644)."
)]
#[case::below_a_file(
    "key_file = \"{root}/test.key/main.key\"",
    "Het sleutelbestand kan niet worden gebruikt: /home/test.key/main.key (een deel van het pad is geen map)."
)]
#[case::fails("key_command = [\"sh\", \"-c\", \"exit 3\"]", "is mislukt: sh is gestopt met code 3.")]
#[case::killed("key_command = [\"sh\", \"-c\", \"kill -9 $$\"]", "is mislukt: sh is gestopt door signaal 9.")]
#[case::no_program("key_command = [\"/nowhere/pass\"]", "kan niet worden gestart: /nowhere/pass (niet gevonden).")]
#[case::not_to_be_run("key_command = [\"{root}/test.key\"]", "kan niet worden gestart: /home/test.key (geen rechten).")]
#[case::no_bus("key_store = \"keyring\"", "de sessiebus (D-Bus) is niet bereikbaar (niet gevonden).")]
fn a_missing_key_is_explained_in_dutch(#[case] place: &str, #[case] expected: &str) {
    let home = home(place);
    assert_dutch(&run_in_dutch(home.path(), &["status", "1"], "unix:path=/nowhere/bus").1, expected);
}

#[rstest]
#[case::several(Manner::Works, 2, "de sleutelbos bevat meerdere sleutels voor test@127.0.0.1:9.")]
#[case::locked(Manner::Locked, 1, "De vraag om het wachtwoord van de sleutelbos is afgebroken")]
fn a_keyring_failure_is_explained_in_dutch(#[case] manner: Manner, #[case] keys: usize, #[case] expected: &str) {
    let home = home("key_store = \"keyring\"");
    let secrets = MockSecrets::with(home.path(), manner);
    for number in ["1", "2"].iter().take(keys) {
        secrets.put(&[("service", "zegel"), ("username", "test@127.0.0.1:9"), ("of", number)], KEY);
    }
    assert_dutch(&run_in_dutch(home.path(), &["status", "1"], &secrets.address).1, expected);
}

/// The name of the proxy's source is not a fixed word of the program.
#[test]
fn the_source_of_an_unusable_proxy_is_named_in_dutch() {
    let home = home("key_file = \"{root}/test.key\"\n[network]\nproxy = \"http://127.0.0.1:9\"");
    let config = home.path().join("config.toml");
    let text = fs::read_to_string(&config).unwrap().replace("http://127.0.0.1:9/", "https://[2001:db8::1]/");
    fs::write(&config, text).unwrap();
    let expected = "Zegel kan een IPv6-adres niet via een proxy bereiken (de instelling network.proxy)";
    assert_dutch(&run_in_dutch(home.path(), &["status", "1"], "").1, expected);
}

/// The system's message about a file is translated as well.
#[rstest]
#[case::missing(&["check", "none.json"], "none.json kan niet worden gelezen: niet gevonden")]
#[case::below_a_file(&["check", "test.key/x"], "test.key/x kan niet worden gelezen: een deel van het pad is geen map")]
#[case::no_log(&["sandbox", "--log", "/nowhere/x"], "kan niet naar /nowhere/x schrijven (niet gevonden)")]
#[case::no_record(&["sandbox", "--record", "/home"], "kan niet naar /home schrijven (dit is een map)")]
fn system_errors_are_translated_to_dutch(#[case] args: &[&str], #[case] expected: &str) {
    let home = home("key_file = \"{root}/test.key\"");
    let root = home.path().to_str().unwrap();
    let args: Vec<_> = args.iter().map(|arg| if *arg == "/home" { root } else { arg }).collect();
    assert_dutch(&run_in_dutch(home.path(), &args, "").1, expected);
}

/// Makes a store that was damaged in this way.
fn damage(home: &Path, how: &str) {
    drop(Store::open(&home.join("state")).unwrap());
    let file = home.join("state").join(DATABASE_FILE);
    match how {
        "" => fs::write(file, "not a database, though it has some length").unwrap(),
        how => rusqlite::Connection::open(file).unwrap().execute_batch(how).unwrap(),
    }
}

#[rstest]
#[case::no_database("", "SQLite kan het niet lezen")]
#[case::a_row(
    "INSERT INTO draft VALUES (1, 'a', 'p', 's', 't', '{}', 1, 0, x'00')",
    "een rij in de tabel draft komt niet overeen met het controlegetal"
)]
#[case::a_table("CREATE TABLE more (x)", "de tabellen passen niet bij de bestandsversie")]
#[case::a_version("PRAGMA user_version = -1", "versienummer -1 bestaat niet")]
#[case::another_program("PRAGMA application_id = 1", "het is geen bestand van Zegel")]
fn damage_is_explained_in_dutch(#[case] how: &str, #[case] expected: &str) {
    let home = home("key_file = \"{root}/test.key\"");
    damage(home.path(), how);
    let (report, _) = run_in_dutch(home.path(), &["doctor"], "");
    assert!(report.contains(&format!("/home/state/{DATABASE_FILE} is beschadigd ({expected}")), "{expected}\n{report}");
    // The command that opens it sets it aside and reports that on standard error.
    let (_, report) = run_in_dutch(home.path(), &["status", "1"], "");
    // The message of SQLite is a detail after the reason.
    let report = report.replace("(file is not a database)", "");
    assert_dutch(&report, &format!("Het bestand met concepten en logboek was beschadigd ({expected}"));
}
