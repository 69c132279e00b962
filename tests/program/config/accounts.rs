//! The account that the program uses, with its key in each place, and that no key goes to another host.

use super::Home;
use rstest::rstest;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use zegel::sandbox::{KEY, Sandbox, SandboxOptions};

/// Starts a sandbox, and makes a configuration with it as the account `test`, besides `main` in Europe.
fn sandbox(place: &str) -> (Sandbox, Home) {
    let sandbox = Sandbox::start(&SandboxOptions::default()).unwrap();
    let text = format!(
        "[accounts.main]\nkey_store = \"keyring\"\n[accounts.test]\nurl = \"{}\"\n{place}\n",
        sandbox.api_url()
    );
    let home = Home::with(&text);
    let key = home.path().join("test.key");
    fs::write(&key, KEY).unwrap();
    fs::set_permissions(&key, fs::Permissions::from_mode(0o600)).unwrap();
    (sandbox, home)
}

/// A request for an order that does not exist; only a client with the key gets that answer.
const ASKED: [&str; 4] = ["status", "1", "--account", "test"];

#[rstest]
#[case::file("key_file = \"{root}/test.key\"", &[])]
#[case::command("key_command = [\"/bin/cat\", \"{root}/test.key\"]", &[])]
#[case::variable("key_variable = \"MY_KEY\"", &[("MY_KEY", KEY)])]
#[case::own("key_variable = \"ZEGEL_API_KEY\"", &[("ZEGEL_API_KEY", KEY)])]
fn the_key_is_read_from_its_location(#[case] place: &str, #[case] env: &[(&str, &str)]) {
    let (_sandbox, home) = sandbox(place);
    let ran = home.run(&ASKED, env);
    assert!(ran.err.contains("404") || ran.err.contains("not_found"), "{ran:?}");
    let chosen = home.run(&["status", "1"], &[env, &[("ZEGEL_ACCOUNT", "test")]].concat());
    assert_eq!((chosen.code, chosen.err), (ran.code, ran.err));
}

/// Each account may have its key in its own variable. No key command of another account may see it.
#[rstest]
#[case::by_a_command(&["status", "1"])]
#[case::by_the_doctor(&["doctor"])]
#[case::by_an_order(&["submit", "{root}/test.key", "--confirm", "0000000000000000"])]
fn no_key_command_gets_a_variable_with_a_key(#[case] args: &[&str]) {
    let sandbox = Sandbox::start(&SandboxOptions::default()).unwrap();
    let home = Home::with(&format!(
        "[accounts.main]\nkey_variable = \"MAIN_KEY\"\n[accounts.old]\nkey_variable = \"OLD_KEY\"\n[accounts.test]\n\
         url = \"{}\"\nkey_command = [\"/bin/sh\", \"-c\", \"env > {{root}}/told; cat {{root}}/test.key\"]\n",
        sandbox.api_url()
    ));
    fs::write(home.path().join("test.key"), KEY).unwrap();
    let root = home.path().to_str().unwrap();
    let args: Vec<String> = args.iter().map(|arg| arg.replace("{root}", root)).collect();
    let args = [&args.iter().map(String::as_str).collect::<Vec<_>>()[..], &["--account", "test"]].concat();
    let env = [("MAIN_KEY", "MADE-UP-1"), ("OLD_KEY", "MADE-UP-2"), ("OTHER", "x"), ("PATH", "/usr/bin:/bin")];
    home.run(&args, &env);
    let report = fs::read_to_string(home.path().join("told")).unwrap();
    assert!(report.contains("OTHER=x") && !report.contains("_KEY") && !report.contains("MADE-UP"), "{report}");
}

#[rstest]
#[case::file("key_file = \"{root}/none.key\"", "none.key")]
#[case::command("key_command = [\"/bin/false\"]", "false")]
#[case::variable("key_variable = \"MY_KEY\"", "MY_KEY")]
fn a_missing_key_is_reported(#[case] place: &str, #[case] named: &str) {
    let (_sandbox, home) = sandbox(place);
    let ran = home.run(&ASKED, &[]);
    assert!(ran.code == Some(2) && ran.err.contains(named), "{ran:?}");
}

#[rstest]
#[case::other(&["status", "1", "--account", "main"], &[], "not the address of account \"main\"")]
#[case::several(&["status", "1"], &[], "there are several accounts")]
#[case::unknown(&["status", "1", "--account", "tst"], &[], "did you mean \"test\"? The accounts are main, test")]
#[case::whose(&["status", "1"], &[("ZEGEL_API_KEY", KEY), ("ZEGEL_API_URL", "")], "the key of account \"test\"")]
fn a_key_goes_to_no_other_host(#[case] args: &[&str], #[case] env: &[(&str, &str)], #[case] words: &str) {
    let (sandbox, home) = sandbox("key_variable = \"ZEGEL_API_KEY\"");
    let url = sandbox.api_url();
    let url = if words.contains("address") { url.as_str() } else { "" };
    let ran = home.run(&[args, &["--lang", "en"]].concat(), &[&[("ZEGEL_API_URL", url)], env].concat());
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    assert!(ran.err.contains(words) && !ran.err.contains(KEY), "{}", ran.err);
}

#[rstest]
#[case(&["status", "1"])]
#[case(&["resolve"])]
#[case(&["submit", "order.json"])]
#[case(&[])]
fn an_invalid_configuration_prevents_every_action(#[case] args: &[&str]) {
    let (sandbox, home) = sandbox("key_variable = \"ZEGEL_API_KEY\"\nkye_file = \"/a\"");
    let (url, args) = (sandbox.api_url(), [args, &["--lang", "en"]].concat());
    let ran = home.run(&args, &[("ZEGEL_API_URL", &url), ("ZEGEL_API_KEY", KEY)]);
    assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
    let expected = "/home/config.toml:6: accounts.test.kye_file: unknown setting; did you mean \"key_file\"?";
    assert!(ran.err.lines().any(|line| line == expected), "{}", ran.err);
    assert!(ran.err.contains("zegel config"), "{}", ran.err);
}

#[test]
fn the_environment_defines_its_own_account() {
    let (sandbox, home) = sandbox("key_store = \"keyring\"");
    let url = sandbox.api_url();
    let env = [("ZEGEL_API_URL", url.as_str()), ("ZEGEL_API_KEY", KEY)];
    let ran = home.run(&["status", "1"], &env);
    assert!(ran.err.contains("404") || ran.err.contains("not_found"), "{ran:?}");
}
