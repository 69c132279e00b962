//! The key, and the rights that the account has with it.

use super::{Patient, on, sandbox};
use crate::common::server::{Reply, Server};
use rstest::rstest;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use zegel::sandbox::KEY;

#[rstest]
#[case::whole(&[], 0, &["role ok role_approves", "product ok product_years", "balance ok funds_are"])]
#[case::key(&["invalid-key"], 1, &["api failed api_key", "role unknown not_asked", "product unknown not_asked", "balance unknown not_asked"])]
#[case::narrow(&["key-orders-only"], 0, &["api warning api_narrow", "role unknown role_unknown", "balance unknown not_allowed"])]
#[case::role(&["role-standard"], 0, &["api ok api_is", "role warning role_waits"])]
#[case::product(&["no-product"], 1, &["product failed product_missing", "balance ok funds_are"])]
#[case::divisions(&["divisions"], 0, &["balance ok funds_are"])]
#[case::down(&["http-503-before@every"], 1, &["api failed api_failed", "product unknown not_asked"])]
#[case::other(&["json-wrong-types"], 1, &["api failed api_failed"])]
fn the_account_data_is_reported(#[case] faults: &[&str], #[case] code: i32, #[case] found: &[&str]) {
    on(&sandbox(faults)).json().expect_code(code).expect_findings(found);
}

/// Text that a server repeats is not printed.
#[test]
fn server_text_is_not_printed() {
    let server = Server::start(|request| {
        let sent = request.header("x-dc-devkey").unwrap_or_default();
        Reply::refusal(418, sent, &format!("{sent} of Anna de Vries"))
    });
    for args in [&["doctor"][..], &["doctor", "--json"]] {
        let ran = Patient::on(&server.url(), KEY).run(args).expect_code(1);
        assert!(!ran.out.contains("Anna"), "{ran:?}");
    }
    server.finish();
}

#[rstest]
#[case("http://127.0.0.1:1/services/v2", "two words", "account failed account_failed")]
#[case("http://example.nl", "made-up", "account failed account_failed")]
fn an_unusable_account_is_reported(#[case] url: &str, #[case] key: &str, #[case] found: &str) {
    let ran = Patient::on(url, key).json().expect_code(1).expect_findings(&[found, "api unknown not_asked"]);
    assert!(!ran.out.contains("hint") && !ran.out.contains("zegel: "), "{ran:?}");
}

/// The place of the key of a configured account, its permissions, and the result.
#[rstest]
#[case::file("key_file = \"HOME/main.key\"", 0o600, "key ok key_read", "api ok api_is")]
#[case::exposed("key_file = \"HOME/main.key\"", 0o644, "key failed key_failed", "api unknown not_asked")]
#[case::command("key_command = [\"cat\", \"HOME/main.key\"]", 0o600, "key ok key_read", "api ok api_is")]
#[case::no_command(
    "key_command = [\"zegel-nothing\", \"secret\"]",
    0o600,
    "key failed key_failed",
    "api unknown not_asked"
)]
#[case::unset("key_variable = \"NOTHING\"", 0o600, "key failed key_failed", "api unknown not_asked")]
fn the_key_of_a_configured_account_is_read(
    #[case] place: &str,
    #[case] rights: u32,
    #[case] key: &str,
    #[case] api: &str,
) {
    let sandbox = sandbox(&[]);
    let patient = Patient::new().with("PATH", &std::env::var("PATH").unwrap());
    let place = place.replace("HOME", patient.home.path().to_str().unwrap());
    let account = format!("[accounts.main]\nurl = \"http://{}/services/v2\"\n{place}\n", sandbox.address());
    patient.write(".config/zegel/config.toml", account);
    patient.write("main.key", KEY);
    std::fs::set_permissions(patient.path("main.key"), Permissions::from_mode(rights)).unwrap();
    let ran = patient.json().expect_findings(&["configuration ok config_read", "account ok account_named", key, api]);
    assert!(!ran.out.contains("secret"), "{ran:?}");
    patient
        .run(&["doctor", "--json", "--account", "other"])
        .expect_code(1)
        .expect_findings(&["account failed account_failed"]);
}
