//! From nothing to a placed order, with the key in each of the four places; the files left behind; and the next start,
//! which asks nothing.

use super::home::{SetupHome, assert_unseen, mode};
use super::way::{
    begin_again, by_command, from_key_test_to_write, give_key, in_variable, keep_in, order_first, to_key,
};
use crate::common::secrets::MockSecrets;
use crate::common::steps::{focus, forward, leave_kept};
use crate::common::tty::Tty;
use std::fs;
use zegel::sandbox::KEY;

/// Walks through the first run to its end; `choose_place` chooses the place of the key.
#[track_caller]
fn first_run(home: &SetupHome, choose_place: impl FnOnce(&mut Tty), output: &str) -> Tty {
    let mut tty = home.start();
    to_key(&mut tty, &home.sandbox.api_url());
    choose_place(&mut tty);
    tty.press("ctrl-n");
    from_key_test_to_write(&mut tty, home);
    tty.wait_for(output);
    assert!(!home.config_dir().exists(), "nothing is written down before the end");
    tty.press("enter");
    order_first(&mut tty, home);
    tty
}

/// Asserts what holds for every place: one order, a configuration with this line and without the key, and a next start
/// that asks nothing. A command finds the key too.
#[track_caller]
fn assert_set_up(home: &SetupHome, tty: &Tty, line: &str) {
    assert_eq!(home.sandbox.order_counts().placed, 1);
    assert_unseen(tty, KEY);
    let config = home.config();
    let url = format!("url = \"{}\"", home.sandbox.api_url());
    for line in ["account = \"main\"", "[accounts.main]", &url, line, "[accounts.main.order]", "\"org.id\" = 900001"] {
        assert!(config.lines().any(|known| known == line), "no {line} in:\n{config}");
    }
    let mut again = home.start();
    begin_again(&mut again, home);
    assert_unseen(&again, KEY);
    assert_status(home);
    assert_eq!(home.sandbox.order_counts().received, 1, "to look at an order orders nothing");
}

/// Asserts that a command without a terminal uses the key from its place.
#[track_caller]
fn assert_status(home: &SetupHome) {
    let status = home.run(&["--account", "main", "status", "700001"]);
    let (out, err) = (String::from_utf8_lossy(&status.stdout), String::from_utf8_lossy(&status.stderr));
    assert_eq!(status.status.code(), Some(0), "{out}{err}");
    assert!(out.contains("Order 700001") && !out.contains(KEY) && !err.contains(KEY), "{out}{err}");
}

#[test]
fn the_keyring_stores_the_key() {
    let dir = tempfile::tempdir().unwrap();
    let secrets = MockSecrets::start(dir.path());
    let home = SetupHome::with(&[("DBUS_SESSION_BUS_ADDRESS", &secrets.address)]);
    let place = |tty: &mut Tty| {
        tty.wait_for("(•) keyring").wait_for("Found: Made-up login.");
        give_key(tty, KEY);
    };
    let tty = first_run(&home, place, "The key will be stored in the system's keyring.");
    let [item] = &secrets.items()[..] else { panic!("{:?}", secrets.items()) };
    assert_eq!((item.secret.as_str(), item.label.as_str()), (KEY, format!("zegel: main@{}", home.host()).as_str()));
    assert_set_up(&home, &tty, "key_store = \"keyring\"");
    assert_eq!((home.with_key(), secrets.items().len(), secrets.prompts()), (vec![], 1, 0));
}

#[test]
fn a_command_prints_the_key() {
    let home = SetupHome::new();
    let runs = home.apart.path().join("runs");
    let count = || fs::read_to_string(&runs).unwrap_or_default().lines().count();
    let script = home.script("show", &format!("echo run >> '{}'; echo '{KEY}'; echo 'user: anouk'", runs.display()));
    let command = format!("{} 'cert central'", script.display());
    let output = "The key stays where it is; zegel gets it with:";
    let tty = first_run(&home, |tty| by_command(tty, &command), output);
    let first = count();
    assert_set_up(&home, &tty, &format!("key_command = [\"{}\", \"cert central\"]", script.display()));
    assert_eq!(home.with_key(), Vec::<std::path::PathBuf>::new());
    assert_eq!(count(), first + 2, "each start runs it once");
}

/// Reads a passphrase without showing it, and prints how often it has run.
const ASK: &str = r#"echo run >> 'DIR/runs'
stty -echo < /dev/tty
printf '\nPassphrase %s: ' $(wc -l < 'DIR/runs') > /dev/tty
read -r word < /dev/tty
stty echo < /dev/tty
test "$word" = sesam && echo 'KEY'"#;

#[test]
fn a_command_may_ask_for_a_passphrase_on_the_terminal() {
    let home = SetupHome::new();
    let script = home.script("ask", &ASK.replace("KEY", KEY).replace("DIR", home.apart.path().to_str().unwrap()));
    let mut asked = 0;
    let mut answer = |tty: &mut Tty, word: &str| {
        asked += 1;
        tty.wait_cursor(&format!("Passphrase {asked}:")).type_text(&format!("{word}\n"));
    };
    let mut tty = home.start();
    to_key(&mut tty, &home.sandbox.api_url());
    by_command(&mut tty, script.to_str().unwrap());
    tty.press("ctrl-n");
    answer(&mut tty, "wrong");
    tty.wait_for("✗ The key cannot be used:").press("r");
    answer(&mut tty, "sesam");
    from_key_test_to_write(&mut tty, &home);
    tty.press("enter");
    answer(&mut tty, "sesam");
    order_first(&mut tty, &home);
    assert_eq!(home.sandbox.order_counts().placed, 1);
    let mut again = home.start();
    answer(&mut again, "sesam");
    begin_again(&mut again, &home);
    for tty in [tty, again] {
        assert_unseen(&tty, KEY);
        assert!(!String::from_utf8_lossy(&tty.raw()).contains("sesam") && tty.modes_are_back());
    }
}

#[test]
fn a_variable_of_the_environment_has_the_key() {
    let home = SetupHome::with(&[("MY_KEY", KEY)]);
    let output = "The key stays in the variable MY_KEY; zegel does not store it.";
    let tty = first_run(&home, |tty| in_variable(tty, "MY_KEY"), output);
    assert_set_up(&home, &tty, "key_variable = \"MY_KEY\"");
    assert_eq!(home.with_key(), Vec::<std::path::PathBuf>::new());
}

#[test]
fn a_file_has_the_key_after_a_typed_yes() {
    let home = SetupHome::new();
    let file = home.config_dir().join("main.key");
    let place = |tty: &mut Tty| {
        keep_in(tty, "file");
        give_key(tty, KEY);
        tty.press("ctrl-n").wait_for("› Confirm with \"yes\"").wait_for("This field is required.");
        tty.type_text("yes").wait_cursor("  yes");
    };
    let tty = first_run(&home, place, "The key will be stored unencrypted in");
    assert_set_up(&home, &tty, &format!("key_file = \"{}\"", file.display()));
    assert_eq!((home.with_key(), mode(&file)), (vec![file.clone()], 0o600));
    assert_eq!(fs::read_to_string(&file).unwrap(), format!("{KEY}\n"));
}

#[test]
fn a_key_file_readable_by_others_is_refused_with_advice() {
    let home = SetupHome::new();
    let file = home.config_dir().join("main.key");
    let mut tty = home.start();
    to_key(&mut tty, &home.sandbox.api_url());
    keep_in(&mut tty, "file");
    focus(&mut tty, "Confirm with \"yes\"");
    tty.type_text("yes").wait_cursor("  yes");
    give_key(&mut tty, KEY);
    forward(&mut tty, "The key works.");
    tty.press("enter").wait_for("Step 1 of 5").press("alt-4").wait_for("Step 4 of 5");
    forward(&mut tty, "This will be saved");
    tty.press("enter").wait_for("Step 1 of 7");
    assert_eq!(leave_kept(&mut tty), 0);
    let open = |mode| fs::set_permissions(&file, std::os::unix::fs::PermissionsExt::from_mode(mode)).unwrap();
    open(0o644);
    let mut refused = home.start();
    assert_eq!(refused.wait_exit(), 2);
    let output = String::from_utf8(refused.raw()).unwrap();
    assert!(output.contains("Other users can access the key file:") && output.contains("chmod 600"), "{output}");
    assert_eq!(home.run(&["--account", "main", "status", "1"]).status.code(), Some(2));
    assert_eq!(mode(&file), 0o644, "whoever gave the rights should know of it");
    open(0o600);
    home.start().wait_for("› [ New order ]");
}
