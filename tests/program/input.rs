//! Input from other than plain files, the messages while none arrives, and the allowed kinds of output files.
//!
//! A named pipe is another form of standard input; a device is neither.

use crate::common::http;
use crate::common::quotes::quote;
use crate::common::submit_desk::{Desk, ORDER, bare};
use crate::common::tty::Launch;
use rstest::rstest;
use rustix::fs::{CWD, FileType, Mode, mknodat};
use rustix::process::{Pid, Resource, Rlimit, prlimit};
use std::ffi::OsString;
use std::fs::File;
use std::io::Write;
use std::os::unix::ffi::{OsStrExt, OsStringExt};
use std::os::unix::fs::symlink;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use tempfile::TempDir;

fn zegel(args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zegel"));
    command.args(args).env_clear().env("ZEGEL_CONFIG_DIR", "/nonexistent").stdin(Stdio::null());
    command
}

/// Returns exit code, standard output and standard error.
fn ran(command: &mut Command) -> (Option<i32>, String, String) {
    let output = command.output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

/// Makes a named pipe.
fn pipe() -> (TempDir, PathBuf) {
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("pipe");
    mknodat(CWD, &path, FileType::Fifo, Mode::RWXU, 0).unwrap();
    (dir, path)
}

#[rstest]
#[case::check(&["check"], 1)]
#[case::check_json(&["check", "--json"], 1)]
#[case::preview(&["preview"], 1)]
#[case::digest(&["preview", "--digest"], 1)]
fn a_named_pipe_is_read_to_its_end(#[case] args: &[&str], #[case] broken: i32) {
    for (payload, code) in [(ORDER, 0), ("{", broken)] {
        let (_dir, path) = pipe();
        let child = zegel(args).arg(&path).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let mut end = File::options().write(true).open(&path).unwrap();
        for part in payload.as_bytes().chunks(100) {
            end.write_all(part).unwrap();
        }
        drop(end);
        assert_eq!(child.wait_with_output().unwrap().status.code(), Some(code), "{payload}");
    }
}

#[test]
fn an_order_may_come_from_a_pipe() {
    let desk = Desk::new();
    let (digest, (_dir, path)) = (desk.digest(), pipe());
    let mut command = bare(&desk.state(), &desk.sandbox.api_url());
    command.args(["submit", "--confirm", &digest]).arg(&path).stdin(Stdio::null()).stdout(Stdio::null());
    let mut child = command.stderr(Stdio::null()).spawn().unwrap();
    std::fs::write(&path, ORDER).unwrap();
    assert_eq!((child.wait().unwrap().code(), desk.orders()), (Some(0), (1, 1)));
}

#[rstest]
#[case::endless("/dev/zero")]
#[case::nothing("/dev/null")]
#[case::full("/dev/full")]
#[case::a_terminal("/dev/ptmx")]
#[case::by_a_link("link")]
fn a_device_is_refused(
    #[case] device: &str,
    #[values("check", "check --json", "preview", "preview --digest", "submit")] command: &str,
) {
    let dir = tempfile::tempdir().unwrap();
    symlink("/dev/zero", dir.path().join("link")).unwrap();
    let words: Vec<&str> = command.split(' ').collect();
    let account = [("ZEGEL_API_URL", "http://127.0.0.1:1/services/v2"), ("ZEGEL_API_KEY", "made-up")];
    let mut command = zegel(&[&words[..], &[device]].concat());
    let (code, out, err) = ran(command.envs(account).current_dir(dir.path()));
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains(&format!("{device} could not be read: this is a device; use a file, a pipe")), "{err}");
    assert_eq!(out.contains("this is a device;"), words.contains(&"--json"), "{out}");
}

#[test]
fn standard_input_may_be_a_device() {
    let (code, out, _) = ran(zegel(&["check", "-"]).stdin(File::open("/dev/zero").unwrap()));
    assert_eq!(code, Some(1));
    assert!(out.starts_with("-:1:1: error: This is too large to be an order"), "{out}");
}

/// A person at a terminal learns what the program waits for, and can end it.
#[rstest]
#[case::check(&["check", "-"], "en", "zegel is waiting for an order (JSON): type or paste")]
#[case::preview(&["preview", "--digest", "-"], "nl", "Zegel wacht op een bestelling (JSON): typ of")]
#[case::json(&["check", "--json", "-"], "en", "zegel is waiting for an order (JSON)")]
#[case::pipe(&["check", "PIPE"], "en", "zegel is waiting for another program to write to the pipe")]
fn after_two_seconds_a_terminal_shows_what_zegel_waits_for(
    #[case] args: &[&str],
    #[case] lang: &str,
    #[case] shown: &str,
) {
    let (_dir, path) = pipe();
    let path = path.to_str().unwrap();
    let args: Vec<&str> = args.iter().map(|arg| if *arg == "PIPE" { path } else { arg }).collect();
    let mut tty = Launch::new(&[&args[..], &["--lang", lang]].concat()).start();
    tty.wait_for(shown);
    if args.contains(&path) {
        std::fs::write(path, ORDER).unwrap();
    } else {
        tty.press("ctrl-d");
    }
    assert_eq!(tty.wait_exit(), u32::from(!args.contains(&path)));
}

/// Without that byte, the program that started first would have printed the message before the other one.
#[test]
fn no_message_appears_after_the_first_byte() {
    let mut fed = Launch::new(&["check", "-"]).start();
    fed.type_text("{\n");
    let mut hungry = Launch::new(&["check", "-"]).start();
    hungry.wait_for("zegel is waiting for an order (JSON)");
    assert!(!fed.screen().contains("zegel is waiting"), "{}", fed.screen());
    for tty in [&mut fed, &mut hungry] {
        tty.press("ctrl-d");
        assert_eq!(tty.wait_exit(), 1);
    }
}

#[rstest]
#[case::pipe("pipe")]
#[case::device("/dev/null")]
#[case::full("/dev/full")]
#[case::directory(".")]
#[case::by_a_link("link")]
fn only_a_plain_file_is_a_log(#[case] name: &str) {
    let (dir, _) = pipe();
    symlink("pipe", dir.path().join("link")).unwrap();
    let (code, out, err) = ran(zegel(&["--log", name, "check", "-"]).current_dir(dir.path()));
    assert_eq!((code, out.as_str()), (Some(2), ""));
    assert!(err.starts_with(&format!("zegel: {name} is not a regular file, so it cannot be the log file\nhint: ")));
}

#[rstest]
#[case::new("log")]
#[case::by_a_link("link")]
fn a_plain_file_is_a_log(#[case] name: &str) {
    let dir = tempfile::tempdir().unwrap();
    symlink("linked", dir.path().join("link")).unwrap();
    std::fs::write(dir.path().join("order.json"), ORDER).unwrap();
    let (code, _, err) = ran(zegel(&["--log", name, "check", "order.json"]).current_dir(dir.path()));
    assert_eq!(code, Some(0), "{err}");
    assert!(std::fs::read_to_string(dir.path().join(name)).unwrap().contains("zegel begins"));
}

/// Returns a shell that lets no file grow and then runs the program.
fn without_growth(command: &Command) -> Command {
    let mut shell = Command::new("sh");
    shell.args(["-c", "ulimit -f 0; exec \"$0\" \"$@\""]).arg(command.get_program()).args(command.get_args());
    shell.env_clear().envs(command.get_envs().filter_map(|(name, value)| Some((name, value?))));
    shell
}

#[rstest]
#[case::check(&["check", "--json", "order.json"])]
#[case::preview(&["preview", "order.json"])]
#[case::fields(&["fields"])]
fn a_file_size_limit_is_a_write_error(#[case] args: &[&str]) {
    let dir = tempfile::tempdir().unwrap();
    std::fs::write(dir.path().join("order.json"), ORDER).unwrap();
    let out = File::create(dir.path().join("out")).unwrap();
    let mut command = without_growth(&zegel(args));
    let output = command.current_dir(dir.path()).stdout(out).stderr(Stdio::piped()).output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2), "{err}");
    assert!(err.contains("cannot write to standard output ("), "{err}");
}

#[test]
fn a_journal_at_its_size_limit_prevents_an_order() {
    let desk = Desk::new();
    let mut command = bare(&desk.state(), &desk.sandbox.api_url());
    command.args(["submit", &desk.path(), "--confirm", &desk.digest(), "--json"]);
    let (code, out, err) = ran(&mut without_growth(&command));
    assert_eq!(code, Some(2), "{err}");
    assert!(out.contains("not_journaled") && err.contains("Nothing was ordered"), "{out}{err}");
    assert_eq!(desk.orders(), (0, 0));
}

/// The order is being sent when files can no longer grow.
#[rstest]
#[case::told_in_a_pipe(false)]
#[case::told_in_a_file(true)]
fn an_order_placed_at_the_size_limit_is_reported(#[case] file: bool) {
    let desk = Desk::new();
    let (path, digest, out) = (desk.path(), desk.digest(), desk.dir.path().join("out"));
    desk.switch(&["hold-reply@orders*1"]);
    let mut command = bare(&desk.state(), &desk.sandbox.api_url());
    command.args(["submit", &path, "--confirm", &digest]).stdin(Stdio::null()).stderr(Stdio::piped());
    let command = if file { command.stdout(File::create(&out).unwrap()) } else { command.stdout(Stdio::piped()) };
    let child = command.spawn().unwrap();
    let address = desk.sandbox.address();
    http::call(address, "GET", "/sandbox/held?after=0", &[], b"");
    let none = Rlimit { current: Some(0), maximum: Some(0) };
    prlimit(Some(Pid::from_child(&child)), Resource::Fsize, none).unwrap();
    http::call(address, "POST", "/sandbox/release", &[], b"");
    let output = child.wait_with_output().unwrap();
    let err = String::from_utf8(output.stderr).unwrap();
    assert_eq!((output.status.code(), desk.orders()), (Some(0), (1, 1)), "{err}");
    assert!(err.contains("Order 700001 was placed"), "{err}");
    assert_eq!(err.contains("cannot write to standard output ("), file, "{err}");
    assert!(!is_written(&out) && (file || String::from_utf8(output.stdout).unwrap().contains("order 700001")));
}

fn is_written(path: &Path) -> bool {
    path.metadata().is_ok_and(|about| about.len() > 0)
}

/// A directory whose name is invalid text.
#[rstest]
#[case::state("ZEGEL_STATE_DIR", &["submit", "ORDER", "--confirm", "DIGEST"], "the path in ZEGEL_STATE_DIR")]
#[case::state_of_the_doctor("ZEGEL_STATE_DIR", &["doctor"], "the path in ZEGEL_STATE_DIR")]
#[case::state_settled("ZEGEL_STATE_DIR", &["resolve"], "the path in ZEGEL_STATE_DIR")]
#[case::state_shown("ZEGEL_STATE_DIR", &["config"], "the path in ZEGEL_STATE_DIR")]
#[case::config("ZEGEL_CONFIG_DIR", &["config", "--path"], "ZEGEL_CONFIG_DIR is not valid")]
#[case::config_used("ZEGEL_CONFIG_DIR", &["status", "1"], "ZEGEL_CONFIG_DIR is not valid")]
#[case::config_of_the_doctor("ZEGEL_CONFIG_DIR", &["doctor"], "ZEGEL_CONFIG_DIR is not valid")]
fn a_directory_name_of_invalid_text_is_an_error(#[case] variable: &str, #[case] args: &[&str], #[case] shown: &str) {
    let desk = Desk::new();
    let (path, digest) = (desk.path(), desk.digest());
    let args = args.iter().map(|arg| arg.replace("ORDER", &path).replace("DIGEST", &digest));
    let name = [desk.dir.path().as_os_str().as_bytes(), b"/\xff\xfe"].concat();
    let mut command = bare(&desk.state(), &desk.sandbox.api_url());
    command.args(args).env("HOME", desk.dir.path()).env(variable, OsString::from_vec(name)).stdin(Stdio::null());
    let (code, out, err) = ran(&mut command);
    let report = format!("{out}{err}").split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(code != Some(0) && report.contains(shown), "{code:?} {report}");
    for relative in ["unkept.relative", "trouble.config_relative", "doctor.config_relative"] {
        assert!(!report.contains(quote(relative, "absolute path")), "{report}");
    }
}
