//! The output of `zegel config`, in both languages and for machines, and with everything broken.

use super::{Home, Ran};
use crate::common::snapshots::bind_settings;
use rstest::rstest;

/// A configuration with every setting.
const WHOLE: &str = r#"# by hand
account = "test"
lang = "nl"

[accounts.main]
key_command = ["pass", "show", "SECRET-ENTRY"]

[accounts.main.order]
"org.id" = 900001
"ship.city" = "Zilverdam"

[accounts.test]
url = "http://127.0.0.1:4711/services/v2"
key_file = "{root}/test.key"

[network]
proxy = "http://anna:hunter2@proxy.example.nl:3128"
ca_file = "/etc/ssl/example.pem"
order_seconds = 240
"#;

/// A configuration without a correct line.
const BROKEN: &str = r#"acount = "main"
account = "tset"
lang = "de"
api_key = "MADE-UP-KEY"

[accounts.main]
url = "http://example.nl"
key_store = "keyring"
key_file = "main.key"
key = "MADE-UP-KEY"

[accounts.test]
[accounts.test.order]
"org.id" = "900001"
"order.csa" = true
"ship.ctiy" = "Zilverdam"

[network]
proxy = "ftp://anna:hunter2@proxy.example.nl"
verify = false
order_seconds = 5
"#;

/// The width of columns depends on the length of a test's directories: reduces the space between them to a fixed width.
fn narrow(out: &str) -> String {
    let line =
        |line: &str| line.split("  ").filter(|part| !part.is_empty()).map(str::trim).collect::<Vec<_>>().join("  ");
    out.lines().map(|text| line(text) + "\n").collect()
}

fn assert_golden(name: &str, ran: &Ran) {
    assert!(!format!("{ran:?}").contains("hunter2") && !format!("{ran:?}").contains("MADE-UP"), "{ran:?}");
    let _settings = bind_settings();
    insta::assert_snapshot!(name, format!("{}---\n{}", narrow(&ran.out), ran.err));
}

#[rstest]
#[case("en", &["--lang", "en", "--account", "main"])]
#[case("nl", &[])]
fn each_value_is_shown_with_its_source(#[case] language: &str, #[case] args: &[&str]) {
    let ran = Home::with(WHOLE).run(&[&["config"], args].concat(), &[("NO_PROXY", "example.nl")]);
    assert_golden(&format!("whole.{language}"), &ran);
    assert_eq!(ran.code, Some(0));
}

#[test]
fn columns_are_aligned() {
    let out = Home::with(WHOLE).run(&["config", "--account", "main", "--lang", "en"], &[]).out;
    let starts: Vec<_> = out.lines().filter_map(|line| line.find("default").or(line.find("flag "))).collect();
    assert!(starts.len() > 3 && starts.iter().all(|start| *start == starts[0]), "{out}");
}

#[test]
fn the_json_output_has_the_same_values() {
    let home = Home::with(WHOLE);
    let ran = home.run(&["config", "--json", "--account", "main", "--lang", "en"], &[]);
    assert_eq!((ran.code, ran.out.lines().count()), (Some(0), 1));
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let people = home.run(&["config", "--account", "main", "--lang", "en"], &[]).out;
    let values = json["values"].as_array().unwrap();
    let keys: Vec<&str> = values.iter().map(|value| value["key"].as_str().unwrap()).collect();
    assert_eq!(keys, people.lines().map(|line| line.split(' ').next().unwrap()).collect::<Vec<_>>());
    assert_golden("whole.json", &Ran { out: format!("{json:#}\n").replace("  ", " "), ..ran });
}

#[rstest]
#[case("en")]
#[case("nl")]
fn all_problems_are_reported_and_the_rest_is_shown(#[case] language: &str) {
    let ran = Home::with(BROKEN).run(&["config", "--lang", language], &[]);
    assert_golden(&format!("broken.{language}"), &ran);
    assert_eq!(ran.code, Some(1));
}

#[test]
fn the_json_output_has_the_problems() {
    let ran = Home::with(BROKEN).run(&["config", "--json"], &[]);
    assert_eq!((ran.code, ran.err.as_str()), (Some(1), ""));
    let json: serde_json::Value = serde_json::from_str(&ran.out).unwrap();
    let problems = json["problems"].as_array().unwrap();
    let codes: Vec<_> =
        problems.iter().map(|one| (one["line"].as_u64().unwrap_or(0), one["code"].as_str().unwrap())).collect();
    let expected = [
        (1, "unknown"),
        (2, "no_account"),
        (3, "lang"),
        (4, "key_written"),
        (7, "url"),
        (9, "path"),
        (9, "two_keys"),
        (10, "key_written"),
        (12, "no_key"),
        (14, "type"),
        (15, "asked_anew"),
        (16, "unknown"),
        (19, "proxy"),
        (20, "unknown"),
        (21, "seconds"),
    ];
    assert_eq!(codes, expected);
}

#[test]
fn invalid_toml_is_reported_by_line() {
    let ran = Home::with("account = main\n[accounts.main\n").run(&["config", "--lang", "en"], &[]);
    assert_eq!(ran.code, Some(1));
    assert!(ran.err.starts_with("/home/config.toml:1: not valid TOML: "), "{}", ran.err);
    assert!(ran.err.lines().count() > 1 && ran.out.starts_with("config  "), "{ran:?}");
}

#[test]
fn without_a_file_its_path_is_shown() {
    let home = Home::without();
    let ran = home.run(&["config"], &[("ZEGEL_API_KEY", "MADE-UP-KEY"), ("HTTPS_PROXY", "http://u:hunter2@p:1")]);
    assert_golden("nothing", &ran);
    assert_eq!(ran.code, Some(0));
    for home in [home, Home::with(BROKEN)] {
        let ran = home.run(&["config", "--path"], &[]);
        assert_eq!((ran.code, ran.out.as_str(), ran.err.as_str()), (Some(0), "/home/config.toml\n", ""));
    }
}

#[rstest]
#[case::directory("ZEGEL_CONFIG_DIR", "some/where", "ZEGEL_CONFIG_DIR must be an absolute path")]
#[case::state("ZEGEL_STATE_DIR", "some/where", "ZEGEL_STATE_DIR must be an absolute")]
#[case::address("ZEGEL_API_URL", "http://127.0.0.1:1", "ZEGEL_API_KEY is not set")]
#[case::name("ZEGEL_ACCOUNT", "main", "there is no account \"main\" (ZEGEL_ACCOUNT)")]
#[case::no_name("ZEGEL_ACCOUNT", "MADE-UP-KEY", "the account name in ZEGEL_ACCOUNT is not valid")]
#[case::key("ZEGEL_API_KEY", "MADE UP", "ZEGEL_API_KEY is not a key")]
fn problems_of_the_environment_are_reported_too(#[case] name: &str, #[case] value: &str, #[case] words: &str) {
    let ran = Home::without().run(&["config", "--lang", "en"], &[(name, value)]);
    assert!(ran.err.contains(words) && !ran.err.contains("MADE"), "{ran:?}");
    assert!(ran.out.contains("network.order_seconds"), "the rest is shown: {ran:?}");
    assert_eq!(ran.code, Some(1));
}

#[test]
fn an_invalid_proxy_is_reported_without_its_password() {
    let env = [("ZEGEL_API_KEY", "MADE-UP-KEY"), ("https_proxy", "ftp://anna:hunter2@proxy")];
    let ran = Home::without().run(&["config", "--lang", "en"], &env);
    assert!(ran.err.contains("https_proxy") && !ran.err.contains("hunter2"), "{ran:?}");
    assert_eq!(ran.code, Some(1));
}

#[rstest]
#[case::hash("http://anna:hun#ter2@proxy:3128")]
#[case::slash("http://anna:hun/ter2@proxy:3128")]
#[case::backslash(r"http://anna:hun\ter2@proxy:3128")]
#[case::a_domain(r"corp\anna:hunter2@proxy:3128")]
fn invalid_characters_in_a_proxy_password_are_reported_without_it(#[case] proxy: &str) {
    let key = ("ZEGEL_API_KEY", "MADE-UP-KEY");
    let variable = Home::without().run(&["config", "--lang", "en"], &[key, ("HTTPS_PROXY", proxy)]);
    let file = Home::with(&format!("[network]\nproxy = '{proxy}'\n")).run(&["config", "--lang", "en"], &[key]);
    for ran in [variable, file] {
        assert!(ran.err.contains("write %23, %2F, %3F or %5C instead"), "{ran:?}");
        assert!(!format!("{ran:?}").contains("ter2") && ran.code == Some(1), "{ran:?}");
    }
}

#[rstest]
#[case::flag(&["--lang", "en"], "nl", "zegel: ")]
#[case::variable(&[], "nl", "zegel: account \"x\" (--account) staat niet")]
#[case::file(&[], "", "zegel: account \"x\" (--account) staat niet")]
fn the_language_has_layered_sources(#[case] args: &[&str], #[case] variable: &str, #[case] words: &str) {
    let home = Home::with("lang = \"nl\"\n");
    let ran =
        home.run(&[&["status", "1", "--account", "x"], args].concat(), &[("ZEGEL_LANG", variable), ("LANG", "C")]);
    assert!(ran.err.starts_with(words), "{}", ran.err);
}
