//! Standard output that cannot be written to, or that is no longer read: no command ignores it.
//!
//! A sent order matters more than an output that failed: the order decides the exit code, and its ids are printed on
//! standard error.

use crate::common::submit_desk::{Desk, ORDER, bare};
use rstest::rstest;
use std::fs::File;
use std::path::Path;
use std::process::{Command, Stdio};
use tempfile::TempDir;

/// An output without disk space.
fn full_device() -> Stdio {
    File::options().write(true).open("/dev/full").unwrap().into()
}

/// An output that may only be read.
fn read_only_output() -> Stdio {
    File::open("/dev/null").unwrap().into()
}

/// A pipe whose reader has gone.
fn closed_pipe() -> Stdio {
    let (reader, writer) = std::io::pipe().unwrap();
    drop(reader);
    writer.into()
}

/// Returns the exit code and standard error.
fn run_with_output(command: &mut Command, out: Stdio) -> (Option<i32>, String) {
    let output = command.stdin(Stdio::null()).stdout(out).stderr(Stdio::piped()).output().unwrap();
    (output.status.code(), String::from_utf8(output.stderr).unwrap())
}

fn zegel(folder: &TempDir, args: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_zegel"));
    command.args(args).env_clear().env("ZEGEL_CONFIG_DIR", "/nonexistent").env("HOME", "/nonexistent");
    command.env("HTTPS_PROXY", "http://127.0.0.1:9").current_dir(folder.path());
    command
}

/// Makes a directory with a correct order, another one, one with an error, and this many correct ones.
fn folder(many: usize) -> TempDir {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| std::fs::write(folder.path().join(name), text).unwrap();
    write("right.json", ORDER);
    write("other.json", &ORDER.replace("\"years\": 1", "\"years\": 2"));
    write("wrong.json", "{}");
    std::fs::create_dir(folder.path().join("many")).unwrap();
    for number in 0..many {
        write(&format!("many/{number:04}.json"), ORDER);
    }
    folder
}

#[rstest]
#[case::check(&["check", "wrong.json"])]
#[case::check_unread(&["check", "--json", "none.json"])]
#[case::check_json(&["check", "--json", "right.json"])]
#[case::check_many(&["check", "--json", "many"])]
#[case::preview(&["preview", "right.json"])]
#[case::preview_digest(&["preview", "--digest", "right.json"])]
#[case::preview_diff(&["preview", "right.json", "--diff", "other.json"])]
#[case::fields(&["fields"])]
#[case::fields_json(&["fields", "--json"])]
#[case::fields_markdown(&["fields", "--markdown"])]
#[case::fields_schema(&["fields", "--schema"])]
#[case::config(&["config"])]
#[case::config_json(&["config", "--json"])]
#[case::config_path(&["config", "--path"])]
#[case::doctor(&["doctor"])]
#[case::doctor_json(&["doctor", "--json"])]
#[case::sandbox(&["sandbox"])]
#[case::completions(&["completions", "zsh"])]
#[case::man(&["man"])]
#[case::help(&["--help"])]
#[case::help_of_a_command(&["submit", "--help"])]
#[case::version(&["--version"])]
fn no_command_ignores_an_unwritable_output(#[case] args: &[&str]) {
    let folder = folder(200);
    for out in [full_device, read_only_output] {
        let (code, err) = run_with_output(&mut zegel(&folder, args), out());
        assert_eq!(code, Some(2), "{err}");
        assert!(err.contains("zegel: cannot write to standard output (") && err.contains("\nhint: "), "{err}");
    }
    let (_, err) = run_with_output(zegel(&folder, args).env("LANG", "nl_NL.UTF-8"), full_device());
    assert!(err.contains("zegel: kan niet naar de standaarduitvoer schrijven ("), "{err}");
}

#[test]
fn without_output_nothing_fails() {
    let folder = folder(3);
    let (code, err) = run_with_output(&mut zegel(&folder, &["check", "many"]), full_device());
    assert_eq!((code, err.as_str()), (Some(0), "3 files checked: 3 without problems\n"));
}

#[rstest]
#[case::placed(ORDER, None, 0, &["order 700001", "request "])]
#[case::refused(ORDER, Some("order-refused@orders*1"), 1, &["HTTP 4"])]
#[case::unknown(ORDER, Some("http-500-after@orders*1"), 3, &["order 700001", "zegel resolve 1"])]
#[case::problems("{}", None, 2, &["has errors."])]
fn a_sent_order_decides_the_exit_code(
    #[case] payload: &str,
    #[case] fault: Option<&str>,
    #[case] code: i32,
    #[case] message: &[&str],
    #[values(false, true)] json: bool,
) {
    let desk = Desk::with(payload);
    let (path, digest) = (desk.path(), if code == 2 { "0".repeat(16) } else { desk.digest() });
    desk.switch(fault.as_slice());
    let mut command = bare(&desk.state(), &desk.sandbox.api_url());
    // At the pace of tests the usual half minute is shorter than the response time of a busy machine.
    command.args(["submit", &path, "--confirm", &digest, "--resolve", "36000"]).args(json.then_some("--json"));
    let (ended, err) = run_with_output(&mut command, full_device());
    // Without --json only a placed order is reported on standard output.
    let fails = json || code == 0;
    assert_eq!(ended, Some(if fails || code != 2 { code } else { 1 }), "{err}");
    assert_eq!(err.contains("cannot write to standard output ("), fails, "{err}");
    assert!(message.iter().all(|words| err.contains(words)), "{err}");
}

#[rstest]
#[case::not_confirmed(&["--confirm", "0000000000000000"])]
#[case::blocked(&["--unprotected"])]
fn an_unsent_order_with_an_unwritable_output_could_not_run(#[case] more: &[&str]) {
    let desk = Desk::new();
    let (path, digest) = (desk.path(), desk.digest());
    desk.switch(&["http-500-before@orders*1"]);
    let confirm = ["submit", &path, "--json", "--confirm", &digest];
    desk.run(&confirm, "").expect_end(3, &[]);
    let mut command = bare(&desk.state(), &desk.sandbox.api_url());
    let args = if more[0] == "--confirm" { [&confirm[..3], more].concat() } else { [&confirm[..], more].concat() };
    let (code, err) = run_with_output(command.args(args), full_device());
    assert_eq!(code, Some(2), "{err}");
    assert!(err.contains("Nothing was ordered") && err.contains("cannot write to standard output ("), "{err}");
}

#[rstest]
#[case::ids(&[])]
#[case::json(&["--json"])]
fn unread_ids_are_printed_on_standard_error(#[case] more: &[&str]) {
    let desk = Desk::new();
    let (path, digest) = (desk.path(), desk.digest());
    let mut command = bare(&desk.state(), &desk.sandbox.api_url());
    let (code, err) = run_with_output(command.args(["submit", &path, "--confirm", &digest]).args(more), closed_pipe());
    assert_eq!((code, desk.journal()), (Some(0), vec!["placed 700001".to_owned()]));
    assert!(err.lines().any(|line| line == "order 700001") && err.lines().any(|line| line.starts_with("request ")));
    assert!(!err.contains("cannot write to standard output ("), "{err}");
}

/// The arguments put this many correct files, and perhaps a wrong one before or after them.
#[rstest]
#[case::nothing_found(&["--json", "many"], 200, 2)]
#[case::an_error_found(&["--json", "wrong.json", "many"], 200, 1)]
#[case::an_error_found_by_a_person(&["wrong.json", "many", "wrong.json"], 200, 1)]
#[case::an_error_that_was_not_reached(&["--json", "many", "wrong.json"], 200, 2)]
#[case::all_was_looked_at(&["--json", "many"], 10, 0)]
#[case::all_and_an_error(&["--json", "many", "wrong.json"], 10, 1)]
#[case::unread_before_the_rest(&["--json", "none.json", "many"], 200, 2)]
fn a_reader_that_goes_away_leaves_files_unchecked(#[case] args: &[&str], #[case] many: usize, #[case] code: i32) {
    let folder = folder(many);
    let (ended, err) = run_with_output(&mut zegel(&folder, &[&["check"], args].concat()), closed_pipe());
    assert_eq!(ended, Some(code), "{err}");
    assert_eq!(
        err.contains(&format!(
            " of {} files checked",
            200 + args.iter().filter(|arg| Path::new(arg).extension().is_some()).count()
        )),
        many == 200,
        "{err}"
    );
}

/// A problem is a problem even if its report is not read.
#[rstest]
#[case::preview(&["preview", "right.json"], 0)]
#[case::preview_digest(&["preview", "--digest", "right.json"], 0)]
#[case::preview_diff(&["preview", "right.json", "--diff", "other.json"], 1)]
#[case::config(&["config", "--account", "none"], 1)]
#[case::config_json(&["config", "--json", "--account", "none"], 1)]
#[case::help(&["--help"], 0)]
#[case::version(&["--version"], 0)]
fn a_reader_that_goes_away_hides_no_problem(#[case] args: &[&str], #[case] code: i32) {
    let folder = folder(0);
    let (ended, err) = run_with_output(&mut zegel(&folder, args), closed_pipe());
    assert_eq!(ended, Some(code), "{err}");
    assert!(!err.contains("cannot write to standard output ("), "{err}");
}
