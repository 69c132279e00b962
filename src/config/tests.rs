//! Tests of reading the configuration: its values with their lines, and all its problems. `edit` has its own tests.

use super::*;
use crate::form::{DefaultRejection, ProblemKind};
use crate::i18n::Translations;
use crate::product::PKIO;
use proptest::prelude::*;
use rstest::rstest;

/// A key as a user might paste it.
const KEY: &str = "MADE-UP-KEY_0123456789ABCDEF";

fn judged(text: &str) -> Config {
    let mut config = parse::parse_config(text);
    config.check_order_presets(PKIO);
    config
}

/// Returns the line, key and kind of each problem.
fn found(text: &str) -> Vec<(usize, String, &'static str)> {
    let findings = judged(text).problems.into_iter();
    findings.map(|finding| (finding.line, finding.key, finding.kind.code())).collect()
}

const WHOLE: &str = r#"# by hand
account = "test"
lang = "nl"

[accounts.main]
key_store = "keyring"

[accounts.test]
url = "http://127.0.0.1:4711/services/v2"
key_command = ["pass", "show", "certcentral"]

[accounts.test.order]
"org.id" = 900001
ship.city = "Zilverdam"
"ship.zip" = "1234 AB"

[accounts.env]
key_variable = "ZEGEL_API_KEY"

[accounts.file]
key_file = "/home/anna/main.key"

[network]
proxy = "http://user:hunter2@proxy.intern:3128"
ca_file = "/etc/ssl/intern.pem"
connect_seconds = 5
answer_seconds = 60
order_seconds = 600

[terminal]
escape_milliseconds = 50
"#;

#[test]
fn a_full_file_is_parsed_with_line_numbers() {
    let config = judged(WHOLE);
    assert_eq!(config.problems, []);
    assert_eq!(config.default_account, Some(WithLine { value: "test".to_owned(), line: 2 }));
    assert_eq!(config.lang, Some(WithLine { value: Language::Nl, line: 3 }));
    assert_eq!(config.escape_milliseconds.map(|stated| stated.value), Some(50));
    assert_eq!(config.account_names().collect::<Vec<_>>(), ["main", "test", "env", "file"]);
    let test = config.find_account("test").unwrap();
    assert_eq!(
        (test.line, test.url.as_ref().map(|url| (url.value.host_and_port(), url.line))),
        (8, Some(("127.0.0.1:4711", 9)))
    );
    let pairs = [("org.id", "900001"), ("ship.city", "Zilverdam"), ("ship.zip", "1234 AB")];
    assert_eq!(test.preset_values(), pairs.map(|(id, text)| (id.to_owned(), text.to_owned())));
    assert_eq!(test.order_presets.iter().map(|stated| stated.line).collect::<Vec<_>>(), [13, 14, 15]);
    let places: Vec<_> = config.accounts.iter().map(|account| account.key.clone().unwrap().value).collect();
    let words = ["pass", "show", "certcentral"].map(str::to_owned).to_vec();
    let expected = [
        KeyLocation::Keyring,
        KeyLocation::Command(words),
        KeyLocation::Variable("ZEGEL_API_KEY".to_owned()),
        KeyLocation::File("/home/anna/main.key".into()),
    ];
    assert_eq!(places, expected);
    let network = config.network.to_network();
    assert_eq!(network.proxy.unwrap().to_string(), "http://***@proxy.intern:3128");
    assert_eq!(network.ca_file, Some("/etc/ssl/intern.pem".into()));
    assert_eq!([network.connect, network.answer, network.order], [5, 60, 600].map(|s| Some(Duration::from_secs(s))));
    assert!(!format!("{config:?}").contains("hunter2"));
}

#[rstest]
#[case("")]
#[case("# nothing but this\n")]
#[case("[network]\n")]
#[case("[terminal]\n")]
fn an_empty_file_is_valid(#[case] text: &str) {
    assert_eq!(judged(text), Config { exists: true, ..Config::default() });
}

#[rstest]
#[case::top("acount = \"main\"", "acount", "unknown")]
#[case::account("account = 1", "account", "type")]
#[case::lang("lang = \"de\"", "lang", "lang")]
#[case::no_account("account = \"main\"", "account", "no_account")]
#[case::accounts("accounts = 1", "accounts", "type")]
#[case::one("[accounts]\nmain = 1", "accounts.main", "type")]
#[case::name("[accounts.\"a b\"]", "accounts.…", "account_name")]
#[case::capitals("[accounts.Main]", "accounts.…", "account_name")]
#[case::long("[accounts.aaaaaaaaaabbbbbbbbbbccccccccccddd]", "accounts.…", "account_name")]
#[case::dash("[accounts.-a]", "accounts.-a", "account_name")]
#[case::no_key("[accounts.main]\nurl = \"https://example.nl\"", "accounts.main", "no_key")]
#[case::store("[accounts.main]\nkey_store = \"vault\"", "accounts.main.key_store", "key_store")]
#[case::plain("[accounts.main]\nkey_store = \"keyring\"\nurl = \"http://example.nl\"", "accounts.main.url", "url")]
#[case::command("[accounts.main]\nkey_command = \"pass show\"", "accounts.main.key_command", "key_command")]
#[case::no_command("[accounts.main]\nkey_command = []", "accounts.main.key_command", "key_command")]
#[case::variable("[accounts.main]\nkey_variable = \"a\"", "accounts.main.key_variable", "key_variable")]
#[case::digits("[accounts.main]\nkey_variable = \"1A\"", "accounts.main.key_variable", "key_variable")]
#[case::file("[accounts.main]\nkey_file = \"~/main.key\"", "accounts.main.key_file", "path")]
#[case::near("[accounts.main]\nkey_store = \"keyring\"\nkey_fil = 1", "accounts.main.key_fil", "unknown")]
#[case::key("[accounts.main]\nkey_store = \"keyring\"\nkey = \"x\"", "accounts.main.key", "key_written")]
#[case::api_key("api_key = \"x\"", "api_key", "key_written")]
#[case::network("network = true", "network", "type")]
#[case::proxy("[network]\nproxy = \"ftp://a\"", "network.proxy", "proxy")]
#[case::ca("[network]\nca_file = \"intern.pem\"", "network.ca_file", "path")]
#[case::seconds("[network]\nconnect_seconds = 0", "network.connect_seconds", "seconds")]
#[case::many("[network]\nanswer_seconds = 601", "network.answer_seconds", "seconds")]
#[case::few("[network]\norder_seconds = 29", "network.order_seconds", "seconds")]
#[case::text("[network]\norder_seconds = \"60\"", "network.order_seconds", "seconds")]
#[case::terminal("terminal = 1", "terminal", "type")]
#[case::short_escape("[terminal]\nescape_milliseconds = 9", "terminal.escape_milliseconds", "milliseconds")]
#[case::long_escape("[terminal]\nescape_milliseconds = 1001", "terminal.escape_milliseconds", "milliseconds")]
#[case::escape_as_text("[terminal]\nescape_milliseconds = \"80\"", "terminal.escape_milliseconds", "milliseconds")]
#[case::escape_by_another_name("[terminal]\nescape_seconds = 1", "terminal.escape_seconds", "unknown")]
#[case::verify("[network]\nverify = false", "network.verify", "unknown")]
fn a_problem_is_reported_at_its_key(#[case] text: &str, #[case] key: &str, #[case] code: &str) {
    let found: Vec<_> = found(text).into_iter().map(|(_, key, code)| (key, code)).collect();
    assert_eq!(found, [(key.to_owned(), code)]);
}

#[rstest]
#[case::unknown("\"ship.town\" = \"Ede\"", "ship.town", ConfigProblemKind::Unknown(None))]
#[case::near("\"ship.cty\" = \"Ede\"", "ship.cty", ConfigProblemKind::Unknown(Some("ship.city".to_owned())))]
#[case::text("\"org.id\" = \"900001\"", "org.id", ConfigProblemKind::WrongType("integer"))]
#[case::number("\"ship.zip\" = 1000", "ship.zip", ConfigProblemKind::WrongType("text"))]
#[case::bool("\"ship.city\" = true", "ship.city", ConfigProblemKind::WrongType("text"))]
#[case::float("\"org.id\" = 1.5", "org.id", ConfigProblemKind::WrongType("text"))]
#[case::id("\"org.id\" = 0", "org.id", ConfigProblemKind::Preset(DefaultRejection::Invalid(ProblemKind::Id)))]
#[case::anew("\"order.csa\" = true", "order.csa", ConfigProblemKind::Preset(DefaultRejection::AskedAnew))]
#[case::secret("\"card.cvv\" = 123", "card.cvv", ConfigProblemKind::Preset(DefaultRejection::AskedAnew))]
#[case::card(
    "\"ship.name\" = \"4111111111111111\"",
    "ship.name",
    ConfigProblemKind::Preset(DefaultRejection::CardNumber)
)]
#[case::country(
    "\"ship.country\" = \"xx\"",
    "ship.country",
    ConfigProblemKind::Preset(DefaultRejection::Invalid(ProblemKind::Country))
)]
fn invalid_order_defaults_are_reported(#[case] line: &str, #[case] id: &str, #[case] what: ConfigProblemKind) {
    let config = judged(&format!("[accounts.main]\nkey_store = \"keyring\"\n[accounts.main.order]\n{line}\n"));
    assert_eq!(config.problems, [ConfigProblem { line: 4, key: format!("accounts.main.order.{id}"), kind: what }]);
}

#[test]
fn order_defaults_are_validated_together() {
    let text = "[accounts.main]\nkey_store = \"keyring\"\n[accounts.main.order]\n\"contact.first\" = \"Anna\"\n";
    assert_eq!(found(text), [(4, "accounts.main.order.contact.first".to_owned(), "hidden")]);
    assert_eq!(found(&format!("{text}\"contact.how\" = \"new\"\n")), []);
}

#[test]
fn all_problems_are_reported_in_line_order() {
    let text = "lang = \"de\"\n[accounts.main]\nkey_store = \"keyring\"\nkey_file = \"/a\"\n\n[accounts.main.order]\n\
                \"ship.town\" = \"Ede\"\n[netwrk]\n";
    let lines: Vec<_> = found(text).into_iter().map(|(line, _, code)| (line, code)).collect();
    assert_eq!(lines, [(1, "lang"), (4, "two_keys"), (7, "unknown"), (8, "unknown")]);
}

#[test]
fn invalid_toml_is_the_only_problem_and_reported_once_per_line() {
    let found = found("lang = \"de\"\nurl = https://example.nl\n[accounts.main\nkey_store = keyring\n");
    assert!(found.len() > 1 && found.iter().all(|(_, _, code)| *code == "syntax"), "{found:?}");
    assert!(found.is_sorted_by(|a, b| a.0 < b.0), "{found:?}");
    assert!(judged(&"=\n".repeat(1_000)).problems.len() <= 20);
}

#[rstest]
#[case("[accounts.main]\nkey = \"{KEY}\"\nkey_store = \"keyring\"")]
#[case("[accounts.main]\nkey = {KEY}\nkey_store = \"keyring\"")]
#[case("{KEY}")]
#[case("{KEY} = 1")]
#[case("\"{KEY}\"")]
#[case("api_key = '{KEY}'")]
#[case("account = \"{KEY}\"")]
#[case("lang = \"{KEY}\"")]
#[case("[accounts.{KEY}]")]
#[case("[{KEY}]")]
#[case("[accounts.main]\nkey_store = \"{KEY}\"")]
#[case("[accounts.main]\nkey_command = \"{KEY}\"")]
#[case("[accounts.main]\nkey_variable = \"{KEY}\"")]
#[case("[accounts.main]\nkey_file = \"{KEY}\"")]
#[case("[accounts.main]\nkey_store = \"keyring\"\nurl = \"{KEY}\"")]
#[case("[accounts.main]\nkey_store = \"keyring\"\nurl = \"https://{KEY}@example.nl\"")]
#[case("[accounts.main]\nkey_store = \"keyring\"\n[accounts.main.order]\n\"org.id\" = \"{KEY}\"")]
#[case("[accounts.main]\nkey_store = \"keyring\"\n[accounts.main.order]\n\"pay.method\" = \"{KEY}\"")]
#[case("[accounts.main]\nkey_store = \"keyring\"\n[accounts.main.order]\n{KEY} = \"a\"")]
#[case("[network]\nproxy = \"ftp://{KEY}:a@b\"")]
#[case("[network]\nconnect_seconds = \"{KEY}\"")]
fn no_problem_repeats_a_possible_key(#[case] text: &str) {
    let config = judged(&text.replace("{KEY}", KEY));
    assert_ne!(config.problems, []);
    for language in [Language::En, Language::Nl] {
        let lang = Translations::new(language);
        for finding in &config.problems {
            let message = finding.message(&lang, Path::new("/config.toml"));
            assert!(!message.contains("MADE-UP") && !message.contains("0123456789"), "{message}");
        }
    }
    assert!(!format!("{:?}", config.problems).contains("MADE-UP"));
}

#[test]
fn problem_messages_name_the_place() {
    let lang = Translations::new(Language::En);
    let text = "acount = \"main\"\n[accounts.main]\nkey_store = \"keyring\"\nurl = \"http://example.nl\"\n[network]\nconnect_seconds = 0\n";
    let problems: Vec<_> =
        judged(text).problems.iter().map(|finding| finding.message(&lang, Path::new("/etc/config.toml"))).collect();
    let expected = [
        "/etc/config.toml:1: acount: unknown setting; did you mean \"account\"?",
        "/etc/config.toml:4: accounts.main.url: not a usable address: over http, others could read the key \
         in transit; use https or, for this computer, http://127.0.0.1",
        "/etc/config.toml:6: network.connect_seconds: this must be a whole number of seconds from 1 to 600",
    ];
    assert_eq!(problems, expected);
}

#[test]
fn the_environment_names_the_directory() {
    let file = |value: &'static str| config_path(move |name| (name == CONFIG_DIR).then(|| value.to_owned()));
    assert_eq!(file("/some/where").unwrap(), Path::new("/some/where/config.toml"));
    assert_eq!(file("some/where"), Err(ConfigPathError::Relative("some/where".into())));
    for unset in ["", " "] {
        assert_eq!(file(unset), config_path(|_| None));
    }
    assert!(config_path(|_| None).unwrap().ends_with("zegel/config.toml"));
}

#[test]
fn a_missing_file_is_empty_and_an_unreadable_one_is_an_error() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(Config::read(&dir.path().join("config.toml")), Config::default());
    std::fs::write(dir.path().join("latin"), b"lang = \"\xe9\"").unwrap();
    for name in [".", "latin"] {
        let config = Config::read(&dir.path().join(name));
        assert!(config.exists && matches!(config.problems[0].kind, ConfigProblemKind::Unreadable(_)), "{config:?}");
    }
}

/// Pieces of a file, right and wrong ones.
#[rustfmt::skip]
const PIECES: &[&str] = &[
    "account = \"main\"", "lang = \"en\"", "[accounts.main]", "[accounts]", "accounts.test.key_store = \"keyring\"",
    "key_store = \"keyring\"", "key_file = \"/a\"", "[accounts.main.order]", "order = { org.id = 1 }", "main",
    "\"ship.city\" = \"Ede\"", "ship.zip = '1234 AB'", "[network]", "connect_seconds = 5", "# MADE-UP-KEY",
    "key = \"MADE-UP-KEY\"", "MADE-UP-KEY", "=", "[[", "\"\"\"", "\u{27}\u{27}\u{27}", "{", "}", "\u{0}", "\u{feff}",
    "\t", " ", "\n", "\r\n",
];

proptest! {
    #[test]
    fn any_file_is_parsed_and_edited_safely(
        pieces in prop::collection::vec(prop::sample::select(PIECES), 0..24),
        ends in prop::sample::select(&["\n", " ", ""][..]),
    ) {
        let text = pieces.join(ends);
        let before = judged(&text);
        let told = format!("{:?}", before.problems);
        prop_assert!(!told.contains("MADE-UP"), "{}", told);
        let words = Translations::new(Language::Nl);
        if let Ok(new) = edit::edited_text(&text, &[ConfigChange::Lang(Language::Nl)], PKIO, &words) {
            let after = judged(&new);
            prop_assert_eq!(after.lang.map(|stated| stated.value), Some(Language::Nl));
            prop_assert_eq!(values(&before), values(&after));
            prop_assert!(text.lines().filter(|line| line.starts_with('#')).all(|line| new.contains(line)));
        }
    }
}

/// Returns everything in a configuration except the language, without line numbers.
fn values(config: &Config) -> impl PartialEq + std::fmt::Debug + use<> {
    let of = |account: &AccountConfig| {
        (account.name.clone(), account.key.clone().map(|key| key.value), account.preset_values())
    };
    let accounts: Vec<_> = config.accounts.iter().map(of).collect();
    (accounts, config.default_account.clone().map(|name| name.value), config.network.to_network())
}
