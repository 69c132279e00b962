//! Tests of edits: each change alters only what it is about.
//!
//! A new file has comments in both languages.

use super::*;
use crate::product::PKIO;
use rstest::rstest;
use std::fs;
use std::os::unix::fs::{PermissionsExt, symlink};

fn new_account() -> NewAccountConfig {
    let order = [("org.id", "900001"), ("ship.city", "Zilverdam"), ("ship.zip", "1234 AB")];
    NewAccountConfig {
        name: "main".to_owned(),
        url: "https://certcentral.digicert.eu/services/v2".to_owned(),
        place: KeyLocation::Keyring,
        order_presets: order.map(|(id, text)| (id.to_owned(), text.to_owned())).to_vec(),
        lang: Some(Language::Nl),
        make_default: true,
    }
}

fn lang(language: Language) -> Translations {
    Translations::new(language)
}

fn edited(text: &str, change: ConfigChange) -> Result<String, ConfigEditError> {
    edited_text(text, &[change], PKIO, &lang(Language::En))
}

fn key(place: KeyLocation) -> ConfigChange {
    ConfigChange::Key { account: "main".to_owned(), place }
}

fn order(presets: &[(&str, &str)]) -> ConfigChange {
    let presets = presets.iter().map(|(id, text)| ((*id).to_owned(), (*text).to_owned())).collect();
    ConfigChange::Order { account: "main".to_owned(), presets }
}

const IN_ENGLISH: &str = r#"# The configuration of zegel. Run "zegel config" to see the values in use and where they come from.
# This file says where the API key is stored. It never contains the key itself.
lang = "nl"

# The account that zegel uses if you do not choose one with --account.
account = "main"

[accounts.main]
# The address of the API.
url = "https://certcentral.digicert.eu/services/v2"
# Where the API key is stored. Use one of these:
# key_store = "keyring"
# key_command = ["pass", "show", "certcentral"]
# key_variable = "ZEGEL_API_KEY"
# key_file = "/absolute/path"
key_store = "keyring"

# Default values for new orders. Run "zegel fields" to see all fields.
[accounts.main.order]
"org.id" = 900001
"ship.city" = "Zilverdam"
"ship.zip" = "1234 AB"
"#;

const IN_DUTCH: &str = r#"# De configuratie van Zegel. Met "zegel config" ziet u welke waarden gelden en waar ze vandaan komen.
# In dit bestand staat waar de API-sleutel wordt bewaard, nooit de sleutel zelf.
lang = "nl"

# Het account dat Zegel gebruikt als u er geen kiest met --account.
account = "main"

[accounts.main]
# Het adres van de API.
url = "https://certcentral.digicert.eu/services/v2"
# Waar de API-sleutel wordt bewaard. Kies een van deze regels:
# key_store = "keyring"
# key_command = ["pass", "show", "certcentral"]
# key_variable = "ZEGEL_API_KEY"
# key_file = "/absoluut/pad"
key_store = "keyring"

# Standaardwaarden voor nieuwe bestellingen. Met "zegel fields" ziet u alle velden.
[accounts.main.order]
"org.id" = 900001
"ship.city" = "Zilverdam"
"ship.zip" = "1234 AB"
"#;

#[rstest]
#[case(Language::En, IN_ENGLISH)]
#[case(Language::Nl, IN_DUTCH)]
fn a_new_file_has_comments_and_private_permissions(#[case] language: Language, #[case] expected: &str) {
    let temp = tempfile::tempdir().unwrap();
    let path = temp.path().join("new/zegel/config.toml");
    save_account(&path, &new_account(), PKIO, &lang(language)).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), expected);
    let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!((mode(&path), mode(path.parent().unwrap())), (0o600, 0o700));
    save_account(&path, &new_account(), PKIO, &lang(language)).unwrap();
    assert_eq!(fs::read_to_string(&path).unwrap(), expected, "the same once more changes nothing");
}

const BY_HAND: &str = r#"# mine
account = "main"   # the only one

# production
[accounts.main]
url = "https://example.nl"  # until May
# ask Bram
key_file = "/home/anna/main.key"
  [accounts.main.order]
  # the town hall
  "org.id" = 900001   # Zilverdam
  ship.city = "Zilverdam"

[network]
connect_seconds = 5
# the end
"#;

#[rstest]
#[case::url(
    ConfigChange::Account { name: "main".to_owned(), url: "https://example.com".to_owned() },
    "https://example.nl", "https://example.com"
)]
#[case::place(key(KeyLocation::Keyring), "key_file = \"/home/anna/main.key\"", "key_store = \"keyring\"")]
#[case::file(key(KeyLocation::File("/a".into())), "/home/anna/main.key", "/a")]
#[case::command(
    key(KeyLocation::Command(vec!["pass".to_owned(), "a b".to_owned()])),
    "key_file = \"/home/anna/main.key\"", "key_command = [\"pass\", \"a b\"]"
)]
#[case::lang(ConfigChange::Lang(Language::En), "# the only one\n", "# the only one\nlang = \"en\"\n")]
#[case::order(
    order(&[("org.id", "900002"), ("ship.city", "Ede")]),
    "900001   # Zilverdam\n  ship.city = \"Zilverdam\"", "900002   # Zilverdam\n\"ship.city\" = \"Ede\""
)]
#[case::less(order(&[("org.id", "900001")]), "  ship.city = \"Zilverdam\"\n", "")]
fn an_edit_leaves_the_rest_of_the_file_unchanged(
    #[case] change: ConfigChange,
    #[case] before: &str,
    #[case] after: &str,
) {
    assert_eq!(edited(BY_HAND, change).unwrap(), BY_HAND.replacen(before, after, 1));
}

#[test]
fn another_account_comes_after_the_first() {
    let account = NewAccountConfig { name: "test".to_owned(), make_default: false, lang: None, ..new_account() };
    let temp = tempfile::tempdir().unwrap();
    let (real, link) = (temp.path().join("real.toml"), temp.path().join("config.toml"));
    fs::write(&real, BY_HAND).unwrap();
    symlink("real.toml", &link).unwrap();
    save_account(&link, &account, PKIO, &lang(Language::En)).unwrap();
    assert!(link.is_symlink());
    let text = fs::read_to_string(&real).unwrap();
    let lines = |text: &'static str| text.lines().filter(|line| !line.is_empty()).collect::<Vec<_>>();
    let left: Vec<&str> = text.lines().filter(|line| lines(BY_HAND).contains(line)).collect();
    assert_eq!(left, lines(BY_HAND), "{text}");
    let config = parse_and_check(&text, PKIO);
    assert_eq!((config.problems.len(), config.account_names().collect::<Vec<_>>()), (0, vec!["main", "test"]));
}

#[test]
fn inline_tables_are_edited_in_place() {
    let text = "accounts = { main = { key_store = \"keyring\" } } # short\n";
    let changed = edited(text, order(&[("org.id", "900001")])).unwrap();
    assert_eq!(parse_and_check(&changed, PKIO).find_account("main").unwrap().preset_values().len(), 1);
    assert!(changed.ends_with("# short\n") && changed.lines().count() == 1, "{changed}");
}

#[rstest]
#[case::no_toml("[accounts.main\n", key(KeyLocation::Keyring), "syntax")]
#[case::in_the_way("accounts = 1\n", key(KeyLocation::Keyring), "type")]
#[case::name("", ConfigChange::Account { name: "Main".to_owned(), url: "https://example.nl".to_owned() }, "account_name")]
#[case::url(BY_HAND, ConfigChange::Account { name: "main".to_owned(), url: "http://example.nl".to_owned() }, "url")]
#[case::relative(BY_HAND, key(KeyLocation::File("main.key".into())), "path")]
#[case::variable(BY_HAND, key(KeyLocation::Variable("a b".to_owned())), "key_variable")]
#[case::default(BY_HAND, ConfigChange::Default("other".to_owned()), "no_account")]
#[case::order(BY_HAND, order(&[("org.id", "Zilverdam")]), "type")]
#[case::never(BY_HAND, order(&[("order.csa", "true")]), "asked_anew")]
fn an_edit_with_an_invalid_result_is_refused(#[case] text: &str, #[case] change: ConfigChange, #[case] code: &str) {
    let ConfigEditError::Invalid(findings) = edited(text, change).unwrap_err() else { panic!("no file is touched") };
    assert_eq!(findings[0].kind.code(), code, "{findings:?}");
}

#[test]
fn earlier_problems_do_not_block_an_edit() {
    let text = format!("acount = 1\n{BY_HAND}");
    assert!(edited(&text, ConfigChange::Lang(Language::En)).unwrap().starts_with("acount = 1\n# mine"));
}
