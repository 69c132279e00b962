//! Failures of the first run, and their messages on the screen.

use super::home::{SetupHome, assert_unseen};
use super::way::{by_command, in_variable, keep_in, to_key};
use crate::common::server::{Reply, Server};
use crate::common::steps::{choose, focus, forward, leave};
use crate::common::tty::Tty;
use std::net::TcpListener;

/// Made up, and unknown to every server.
const WRONG: &str = "MADE-UP-AND-KNOWN-TO-NOBODY";

/// Walks through a first run with the wrong key in a variable, up to the result of its test at this address.
#[track_caller]
fn try_wrong_key(home: &SetupHome, url: &str) -> Tty {
    let mut tty = home.start();
    to_key(&mut tty, url);
    in_variable(&mut tty, "MY_KEY");
    tty.press("ctrl-n");
    tty
}

/// Asserts that nothing was written, and that the key was never shown.
#[track_caller]
fn assert_nothing_left(home: &SetupHome, mut tty: Tty) {
    assert_eq!(leave(&mut tty), 0);
    assert!(!home.config_dir().exists());
    assert_unseen(&tty, WRONG);
}

#[test]
fn an_unknown_key_is_reported_and_can_be_replaced() {
    let home = SetupHome::with(&[("MY_KEY", WRONG), ("OTHER_KEY", zegel::sandbox::KEY)]);
    let mut tty = try_wrong_key(&home, &home.sandbox.api_url());
    tty.wait_for("recognize this key. Was it copied completely?").wait_for("Press R to try again");
    assert!(!tty.look(|view| view.shows("SANDBOX")), "no key of the sandbox's:\n{}", tty.screen());
    tty.press("enter").wait_for("Step 2 of 3: API key");
    in_variable(&mut tty, "OTHER_KEY");
    forward(&mut tty, "The key works.");
    assert_nothing_left(&home, tty);
}

#[test]
fn an_address_without_a_server_is_reported_and_can_be_changed() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let home = SetupHome::with(&[("MY_KEY", WRONG)]);
    let mut tty = try_wrong_key(&home, &format!("http://{address}/services/v2"));
    tty.wait_for(&format!("no connection to {address}")).wait_for("Is this computer online? If you use a proxy");
    let server = Server::start(|request| Reply::nothing(&request.path));
    tty.press("enter").wait_for("Step 2 of 3: API key").press("alt-1").wait_for("Step 1 of 3: Account");
    focus(&mut tty, "Other address");
    tty.press("ctrl-u").type_text(&server.url()).wait_cursor(&server.url()).press("ctrl-n").wait_for("Step 2 of 3");
    tty.press("ctrl-n")
        .wait_for("✓ The key belongs to 800001 (user 800001)")
        .wait_for("? Could not be checked: list of organizations");
    server.finish();
    assert_nothing_left(&home, tty);
}

#[test]
fn a_foreign_host_gets_nothing_before_its_name_is_typed() {
    let proxy = Server::start(|_| Reply::Json(502, String::new()));
    let way = proxy.url().trim_end_matches("/services/v2").to_owned();
    let home = SetupHome::with(&[("MY_KEY", WRONG), ("HTTPS_PROXY", &way)]);
    let mut tty = try_wrong_key(&home, "https://gateway.example.nl/services/v2");
    tty.wait_for("This host does not belong to DigiCert and is not this computer").wait_cursor("Host name:");
    tty.paste("gateway.example.nl").press("enter").wait_for("That is not the host name.");
    tty.type_text("gateway.example.com").wait_cursor("example.com").press("enter");
    tty.wait_for("That is not the host name.").press("ctrl-u").wait_gone("Host name: gateway");
    tty.type_text("gateway.example.nl").wait_cursor("Host name: gateway.example.nl").press("enter");
    tty.wait_for("no connection to gateway.example.nl").wait_for("Ask the administrator of the proxy.");
    assert_nothing_left(&home, tty);
    let asked = proxy.finish();
    assert!(asked.iter().all(|request| request.method == "CONNECT" && !request.head.contains(WRONG)), "{asked:?}");
    assert!(!asked.is_empty());
}

#[test]
fn united_states_hosts_are_refused_before_a_key_is_requested() {
    let home = SetupHome::new();
    let mut tty = home.start();
    tty.wait_for("Welcome. You set up an account").press("enter").wait_for("Step 1 of 3: Account");
    choose(&mut tty, "CertCentral address", "another address");
    focus(&mut tty, "Other address");
    tty.type_text("https://www.digicert.com/services/v2").press("ctrl-n");
    tty.wait_for("United States does not sell PKIoverheid").wait_for("Step 1 of 3: Account");
    assert_nothing_left(&home, tty);
}

#[test]
fn a_location_without_a_key_is_reported_with_the_reason() {
    let home = SetupHome::new();
    let mut tty = try_wrong_key(&home, &home.sandbox.api_url());
    tty.wait_for("✗ The key cannot be used:").wait_for("MY_KEY").press("enter").wait_for("Step 2 of 3: API key");
    let script = home.script("fails", "echo 'no such entry' >&2; exit 7");
    by_command(&mut tty, script.to_str().unwrap());
    tty.press("ctrl-n").wait_for("✗ The key cannot be used:").wait_until("how it failed", |view| {
        view.text()
            .split_whitespace()
            .collect::<Vec<_>>()
            .join(" ")
            .contains("fails exited with code 7. Run it yourself to see why.")
    });
    tty.press("enter");
    tty.wait_for("Step 2 of 3: API key").wait_for("fails");
    keep_in(&mut tty, "keyring");
    tty.wait_for("The keyring is not available.").press("ctrl-n");
    tty.wait_for("Step 2 of 3: API key");
    assert_nothing_left(&home, tty);
}
