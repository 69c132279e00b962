//! The command line without a terminal: the output, its stream, and the exit code.
//!
//! Data goes to standard output and all else to standard error; neither has a key. No test waits for a fixed time.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

use crate::common::http;
use crate::common::server::{Reply, Server};
use crate::common::tty::Launch;
use assert_cmd::Command;
use rstest::rstest;
use rustix::process::{Pid, Signal, kill_process};
use std::io::{BufRead, BufReader};
use std::net::{Ipv4Addr, SocketAddr, TcpListener};
use std::process::{Child, Stdio};
use zegel::sandbox::{Fault, KEY as SANDBOX_KEY};

/// A made-up key.
const KEY: &str = "MADE-UP-KEY-0123456789";

/// Returns the program with only these variables in its environment.
fn zegel(args: &[&str], env: &[(&str, &str)]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zegel"));
    command
        .args(args)
        .env_clear()
        .env("ZEGEL_CONFIG_DIR", "/nonexistent")
        .env("TERM", "xterm-256color")
        .envs(env.iter().copied());
    command
}

/// Returns exit code, standard output and standard error.
fn run(args: &[&str], env: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let output = zegel(args, env).output().unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[rstest]
#[case(&["--help"], &["Usage: zegel", "demo", "sandbox", "ZEGEL_API_URL", "ZEGEL_API_KEY", "--lang <LANG>"])]
#[case(&["demo", "--help"], &["Usage: zegel demo", "--record <FILE>", "zegel demo --lang nl"])]
#[case(&["review", "--help"], &["Usage: zegel review", "<FILE>", "$VISUAL or $EDITOR", "zegel review order.json"])]
#[case(&["sandbox", "--help"], &["Usage: zegel sandbox", "--port <PORT>", "--record <FILE>", "zegel sandbox --port 4711"])]
#[case(&["--version"], &[concat!("zegel ", env!("CARGO_PKG_VERSION"), "\n")])]
fn help_is_on_standard_output(#[case] args: &[&str], #[case] parts: &[&str]) {
    let (code, out, err) = run(args, &[]);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    assert!(parts.iter().all(|part| out.contains(part)), "{out}");
    assert!(out.lines().all(|line| line.chars().count() <= 100 && !line.contains('`')), "{out}");
}

#[rstest]
#[case::flag(&["--lang", "nl", "submit", "--help"], &[("ZEGEL_LANG", "en")])]
#[case::flag_behind(&["submit", "-h", "--lang=nl"], &[])]
#[case::variable(&["submit", "--help"], &[("ZEGEL_LANG", "nl"), ("LANG", "en_US.UTF-8")])]
#[case::locale(&["help", "submit"], &[("LC_ALL", "nl_NL.UTF-8")])]
fn help_is_in_the_requested_language(#[case] args: &[&str], #[case] env: &[(&str, &str)]) {
    let (code, out, err) = run(args, env);
    assert_eq!((code, err.as_str()), (Some(0), ""));
    let parts =
        ["Gebruik: zegel submit [OPTIES] <BESTAND>", "Argumenten:\n", "Opties:\n", "[standaard: 30]", "Voorbeelden:\n"];
    assert!(parts.iter().all(|part| out.contains(part)), "{out}");
}

#[test]
fn the_configuration_selects_the_language_of_help_except_for_the_demo() {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("config.toml"), "lang = \"nl\"\n").unwrap();
    let env = [("ZEGEL_CONFIG_DIR", dir.path().to_str().unwrap())];
    assert!(run(&["--help"], &env).1.contains("Gebruik: zegel"));
    assert!(run(&["--nope"], &env).2.starts_with("fout: onbekende optie '--nope'\n"));
    assert!(run(&["demo", "--help"], &env).1.contains("Usage: zegel demo"), "it reads no configuration");
}

#[rstest]
#[case(&["demos"])]
#[case(&["--language", "nl"])]
#[case(&["--lang", "fr"])]
#[case(&["sandbox", "--port", "99999"])]
#[case(&["demo", "extra"])]
fn an_invalid_command_is_reported_with_exit_code_two(#[case] args: &[&str]) {
    let (code, out, err) = run(args, &[]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.starts_with("error: "), "{err}");
}

#[rstest]
#[case(&[], &[], "zegel: no account is set up\n")]
#[case(&["--lang", "nl"], &[], "zegel: er is geen account ingesteld\n")]
#[case(&[], &[("ZEGEL_API_URL", "http://127.0.0.1:1/services/v2"), ("ZEGEL_API_KEY", " ")], "zegel: ZEGEL_API_KEY is not set\n")]
fn without_an_account_the_error_names_the_demo(
    #[case] args: &[&str],
    #[case] env: &[(&str, &str)],
    #[case] words: &str,
) {
    let (code, out, err) = run(args, env);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.starts_with(words) && err.contains("\"zegel demo\""), "{err}");
}

#[rstest]
#[case("http://example.nl", "over http, others could")]
#[case("http://localhost:4711", "over http, others could")]
#[case("http://u:MADE-UP-KEY-0123456789@127.0.0.1", "the address contains a user name or password")]
#[case("certcentral", "the host name is missing")]
fn http_to_another_machine_is_refused_without_printing_the_key(#[case] url: &str, #[case] words: &str) {
    let (code, out, err) = run(&[], &[("ZEGEL_API_URL", url), ("ZEGEL_API_KEY", KEY)]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.starts_with("zegel: ZEGEL_API_URL") && err.contains(words) && err.contains("\nhint: "), "{err}");
    assert!(!err.contains(KEY), "{err}");
}

#[test]
fn shortened_waits_apply_only_to_loopback_and_are_otherwise_reported_as_ignored() {
    let account = [("ZEGEL_API_URL", "https://localhost:1/services/v2"), ("ZEGEL_API_KEY", KEY)];
    for (name, value) in [account[0], ("ZEGEL_API_URL", "http://127.0.0.1:1/services/v2")] {
        let launch = Launch::new(&[]).env(name, value).env("ZEGEL_API_KEY", KEY).env("ZEGEL_TEST_PACE", "600");
        let mut tty = launch.start();
        tty.wait_for("New order").press("ctrl-c");
        assert_eq!(tty.wait_exit(), 0);
        let raw = String::from_utf8(tty.raw()).unwrap();
        let message = raw.contains("zegel: ZEGEL_TEST_PACE is ignored");
        assert_eq!(message, value.contains("localhost"), "{raw:?}");
    }
}

#[rstest]
#[case(&["demo"], "zegel: this command needs a terminal\n")]
#[case(&["demo", "--lang", "nl"], "zegel: dit commando heeft een terminal nodig\n")]
#[case(&[], "zegel: this command needs a terminal\n")]
fn the_wizard_does_not_start_without_a_terminal(#[case] args: &[&str], #[case] words: &str) {
    let account = [("ZEGEL_API_URL", "http://127.0.0.1:1/services/v2"), ("ZEGEL_API_KEY", KEY)];
    let (code, out, err) = run(args, &account);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.starts_with(words) && err.contains("\nhint: "), "{err}");
}

#[rstest]
#[case::missing("missing.json", "", "zegel: nothing to review: {path} does not exist. Check the name.")]
#[case::a_directory(".", "", "zegel: nothing to review: {path} is not a regular file.")]
#[case::empty("order.json", " \n", "{path}:1:1: error: The file is empty.")]
#[case::not_json(
    "order.json",
    "\u{feff}{\r\n \"é\": 1,\r\n}\r\n",
    "{path}:2:8: error: JSON does not allow a comma before a closing bracket"
)]
#[case::control(
    "order.json",
    "{\"a\":\n \"é\u{1b}\"}",
    "{path}:2:4: error: JSON does not allow control characters in a string"
)]
#[case::no_object("order.json", "\n [1]", "{path}:2:2: error: This is JSON, but not an object.")]
#[case::no_terminal("order.json", "{}", "zegel: this command needs a terminal\n")]
fn an_unreviewable_file_is_reported(#[case] name: &str, #[case] text: &str, #[case] words: &str) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("order.json"), text).unwrap();
    let path = dir.path().join(name).to_str().unwrap().to_owned();
    let (code, out, err) = run(&["review", &path], &[]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.starts_with(&words.replace("{path}", &path)), "{err:?}");
}

#[test]
fn invalid_utf_8_is_reported_with_its_byte_offset() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("order.json");
    std::fs::write(&path, b"{\"a\": \"\xe9\"}").unwrap();
    let (code, _, err) = run(&["--lang", "nl", "review", path.to_str().unwrap()], &[]);
    assert_eq!(code, Some(2));
    assert!(
        err.starts_with("zegel: er is niets om te controleren: ")
            && err.contains("geen geldige UTF-8-tekst (byte 7, geteld vanaf 0)"),
        "{err}"
    );
}

#[test]
fn an_address_without_a_key_is_an_error_at_a_review_too() {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("order.json");
    std::fs::write(&path, "{}").unwrap();
    let (code, _, err) = run(&["review", path.to_str().unwrap()], &[("ZEGEL_API_URL", "http://127.0.0.1:1")]);
    assert_eq!(code, Some(2));
    assert!(err.starts_with("zegel: ZEGEL_API_KEY is not set"), "{err}");
}

#[test]
fn the_log_has_kinds_and_sizes_but_no_content() {
    let dir = tempfile::tempdir().unwrap();
    let log = dir.path().join("log");
    let server = Server::start(|_| Reply::missing());
    let launch = Launch::new(&["--log", log.to_str().unwrap()]);
    let mut tty = launch.env("ZEGEL_API_URL", &server.url()).env("ZEGEL_API_KEY", KEY).start();
    tty.wait_for("New order").press("enter").wait_for("Step 1 of 7").type_text("7654321");
    tty.wait_for("Use id 7654321").press("enter").wait_for("name unknown").press("ctrl-c");
    assert_eq!(tty.wait_exit(), 0);
    server.finish();
    let message = std::fs::read_to_string(&log).unwrap();
    for words in
        ["zegel begins", "asked method=GET path=\"organization/{id}\"", "status=404", "save the draft", "code=0"]
    {
        assert!(message.contains(words), "no {words} in {message}");
    }
    assert!(!message.contains(KEY) && !message.contains("7654321"), "{message}");
    assert_eq!(std::os::unix::fs::PermissionsExt::mode(&log.metadata().unwrap().permissions()) & 0o777, 0o600);
}

#[test]
fn an_unwritable_log_is_reported() {
    let (code, out, err) = run(&["sandbox", "--log", "/nonexistent/x"], &[]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.starts_with("zegel: cannot write to /nonexistent/x (not found)"), "{err}");
}

#[test]
fn an_unwritable_record_is_reported() {
    let (code, out, err) = run(&["sandbox", "--record", "/nonexistent/x"], &[]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.starts_with("zegel: cannot write to /nonexistent/x (not found)"), "{err}");
    let mut tty = Launch::new(&["demo", "--record", "/nonexistent/x"]).start();
    assert_eq!(tty.wait_exit(), 2);
    let raw = String::from_utf8(tty.raw()).unwrap();
    assert!(raw.starts_with("zegel: cannot write to /nonexistent/x") && !raw.contains('\x1b'), "{raw:?}");
}

#[rstest]
#[case(&["demo", "--account", "main"], "zegel: zegel demo uses its own account")]
#[case(&["--account", "main", "demo"], "zegel: zegel demo uses its own account")]
#[case(&["sandbox", "--account", "main"], "zegel: zegel sandbox uses its own account")]
#[case(&["--account", "main", "--lang", "nl", "sandbox"], "zegel: zegel sandbox gebruikt een eigen account")]
fn a_command_with_its_own_account_refuses_another(#[case] args: &[&str], #[case] words: &str) {
    let (code, out, err) = run(args, &[]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.starts_with(words) && err.contains("\nhint: "), "{err}");
}

#[rstest]
#[case(&["sandbox", "--fault", "slow=1", "--fault", "slower"], "zegel: the sandbox has no fault \"slower\"\n")]
#[case(&["demo", "--fault", "slow=-1"], "zegel: the sandbox has no fault \"slow=-1\"\n")]
#[case(&["demo", "--fault", "", "--lang", "nl"], "zegel: de sandbox kent de storing \"\" niet\n")]
fn an_unknown_fault_is_reported_with_all_names(#[case] args: &[&str], #[case] words: &str) {
    let (code, out, err) = run(args, &[]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.starts_with(words) && err.contains("\nhint: "), "{err}");
    assert!(Fault::ALL.iter().all(|fault| err.contains(fault.name())), "{err}");
}

#[rstest]
#[case("demo")]
#[case("sandbox")]
fn help_names_every_fault(#[case] command: &str) {
    let (_, out, _) = run(&[command, "--help"], &[]);
    let words: Vec<&str> = out.split([' ', '\n', ',', '.', '=']).collect();
    let missing: Vec<_> = Fault::ALL.iter().filter(|fault| !words.contains(&fault.name())).collect();
    assert!(out.contains("--fault <NAME>") && missing.is_empty(), "{missing:?}");
}

#[test]
fn an_occupied_port_is_reported() {
    let holder = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let taken = holder.local_addr().unwrap().port().to_string();
    let (code, out, err) = run(&["sandbox", "--port", &taken], &[]);
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.starts_with(&format!("zegel: port {taken} of 127.0.0.1 is not available\nhint: ")), "{err}");
    drop(holder);
}

/// A sandbox in its own process, which is killed if a test fails.
struct Serving(Child);

impl Drop for Serving {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn the_sandbox_prints_its_usage_and_serves_until_it_is_ended() {
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_zegel"));
    command
        .args(["sandbox", "--port", "0", "--fault", "slow=1@lists", "--fault", "order-refused*1"])
        .env_clear()
        .env("ZEGEL_CONFIG_DIR", "/nonexistent")
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut serving = Serving(command.spawn().unwrap());
    let mut lines = BufReader::new(serving.0.stdout.take().unwrap()).lines().map(Result::unwrap);
    let (url, key) = (lines.next().unwrap(), lines.next().unwrap());
    let message = BufReader::new(serving.0.stderr.take().unwrap()).lines().next().unwrap().unwrap();
    assert!(message.starts_with("The sandbox is running."), "{message}");
    let origin = url.strip_prefix("ZEGEL_API_URL=http://").and_then(|rest| rest.strip_suffix("/services/v2"));
    assert_eq!(key, format!("ZEGEL_API_KEY={SANDBOX_KEY}"));
    let address: SocketAddr = origin.unwrap_or_else(|| panic!("{url}")).parse().unwrap();
    let key = key.strip_prefix("ZEGEL_API_KEY=").unwrap();
    let answer = http::call(address, "GET", "/services/v2/organization/900001", &[("X-DC-DEVKEY", key)], b"");
    assert_eq!((answer.status, answer.json()["name"].as_str()), (200, Some("Gemeente Zilverdam")));
    assert_eq!(http::call(address, "GET", "/services/v2/account", &[], b"").status, 403);
    let faults = http::call(address, "GET", "/sandbox/faults", &[], b"").json();
    assert_eq!(faults["faults"], serde_json::json!(["slow=1@lists", "order-refused@orders*1"]));
    kill_process(Pid::from_child(&serving.0), Signal::TERM).unwrap();
    let status = serving.0.wait().unwrap();
    assert_eq!(std::os::unix::process::ExitStatusExt::signal(&status), Some(Signal::TERM.as_raw()));
    assert_eq!(lines.next(), None, "nothing else is on standard output");
}

#[test]
fn the_demo_uses_no_account_of_the_environment() {
    let server = Server::start(|_| Reply::missing());
    let launch = Launch::new(&["demo"]).env("ZEGEL_API_URL", &server.url()).env("ZEGEL_API_KEY", KEY);
    let mut tty = launch.start();
    tty.wait_for("Step 1 of 7: Organization").press("enter").wait_for("332 of 332");
    assert!(!tty.screen().contains(&server.name()) && tty.screen().contains("SANDBOX "));
    tty.press("ctrl-c");
    assert_eq!(tty.wait_exit(), 0);
    assert_eq!(server.finish().len(), 0);
    assert!(!String::from_utf8(tty.raw()).unwrap().contains(KEY));
}
