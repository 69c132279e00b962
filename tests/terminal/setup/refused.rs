//! Failures of the first run, and their messages on the screen.

use super::ground::{Ground, assert_unseen};
use super::way::{by_command, in_variable, keep_in, to_key};
use crate::common::server::{Reply, Server};
use crate::common::steps::{choose, focus, forward, leave};
use crate::common::tty::Tty;
use std::net::TcpListener;

/// Made up, and unknown to every server.
const WRONG: &str = "MADE-UP-AND-KNOWN-TO-NOBODY";

/// Walks through a first run with the wrong key in a variable, up to the result of its test at this address.
#[track_caller]
fn tried(ground: &Ground, url: &str) -> Tty {
    let mut tty = ground.start();
    to_key(&mut tty, url);
    in_variable(&mut tty, "MY_KEY");
    tty.press("ctrl-n");
    tty
}

/// Asserts that nothing was written, and that the key was never shown.
#[track_caller]
fn assert_nothing_left(ground: &Ground, mut tty: Tty) {
    assert_eq!(leave(&mut tty), 0);
    assert!(!ground.config_dir().exists());
    assert_unseen(&tty, WRONG);
}

#[test]
fn a_key_that_the_server_does_not_know_says_so_and_can_be_given_anew() {
    let ground = Ground::with(&[("MY_KEY", WRONG), ("OTHER_KEY", zegel::sandbox::KEY)]);
    let mut tty = tried(&ground, &ground.sandbox.api_url());
    tty.wait_for("recognize this key. Was it copied completely?").wait_for("Press R to try again");
    assert!(!tty.look(|view| view.shows("SANDBOX")), "no key of the sandbox's:\n{}", tty.screen());
    tty.press("enter").wait_for("Step 2 of 3: API key");
    in_variable(&mut tty, "OTHER_KEY");
    forward(&mut tty, "The key works.");
    assert_nothing_left(&ground, tty);
}

#[test]
fn where_nobody_listens_it_is_said_and_another_address_can_be_given() {
    let free = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = free.local_addr().unwrap();
    drop(free);
    let ground = Ground::with(&[("MY_KEY", WRONG)]);
    let mut tty = tried(&ground, &format!("http://{address}/services/v2"));
    tty.wait_for(&format!("no connection to {address}")).wait_for("Is this computer online? If you use a proxy");
    let server = Server::start(|request| Reply::nothing(&request.path));
    tty.press("enter").wait_for("Step 2 of 3: API key").press("alt-1").wait_for("Step 1 of 3: Account");
    focus(&mut tty, "Other address");
    tty.press("ctrl-u").type_text(&server.url()).wait_cursor(&server.url()).press("ctrl-n").wait_for("Step 2 of 3");
    tty.press("ctrl-n")
        .wait_for("✓ The key belongs to 800001 (user 800001)")
        .wait_for("? Could not be checked: list of organizations");
    server.finish();
    assert_nothing_left(&ground, tty);
}

#[test]
fn a_foreign_host_gets_nothing_before_its_name_is_typed() {
    let proxy = Server::start(|_| Reply::Json(502, String::new()));
    let way = proxy.url().trim_end_matches("/services/v2").to_owned();
    let ground = Ground::with(&[("MY_KEY", WRONG), ("HTTPS_PROXY", &way)]);
    let mut tty = tried(&ground, "https://gateway.example.nl/services/v2");
    tty.wait_for("This host does not belong to DigiCert and is not this computer").wait_cursor("Host name:");
    tty.paste("gateway.example.nl").press("enter").wait_for("That is not the host name.");
    tty.type_text("gateway.example.com").wait_cursor("example.com").press("enter");
    tty.wait_for("That is not the host name.").press("ctrl-u").wait_gone("Host name: gateway");
    tty.type_text("gateway.example.nl").wait_cursor("Host name: gateway.example.nl").press("enter");
    tty.wait_for("no connection to gateway.example.nl").wait_for("Ask the administrator of the proxy.");
    assert_nothing_left(&ground, tty);
    let asked = proxy.finish();
    assert!(asked.iter().all(|request| request.method == "CONNECT" && !request.head.contains(WRONG)), "{asked:?}");
    assert!(!asked.is_empty());
}

#[test]
fn the_united_states_are_refused_before_a_key_is_asked_for() {
    let ground = Ground::new();
    let mut tty = ground.start();
    tty.wait_for("Welcome. You set up an account").press("enter").wait_for("Step 1 of 3: Account");
    choose(&mut tty, "CertCentral address", "another address");
    focus(&mut tty, "Other address");
    tty.type_text("https://www.digicert.com/services/v2").press("ctrl-n");
    tty.wait_for("United States does not sell PKIoverheid").wait_for("Step 1 of 3: Account");
    assert_nothing_left(&ground, tty);
}

#[test]
fn a_place_that_has_no_key_says_which_and_why() {
    let ground = Ground::new();
    let mut tty = tried(&ground, &ground.sandbox.api_url());
    tty.wait_for("✗ The key cannot be used:").wait_for("MY_KEY").press("enter").wait_for("Step 2 of 3: API key");
    let script = ground.script("fails", "echo 'no such entry' >&2; exit 7");
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
    assert_nothing_left(&ground, tty);
}
