//! `zegel check` with special paths: unreadable files, endless files, and many files at once.

use super::{RIGHT, Ran, folder, lines, ran, run, zegel};
use assert_cmd::Command;
use rstest::rstest;
use rustix::fs::{CWD, FileType, Mode, mknodat};
use rustix::thread::{CpuSet, sched_getaffinity, sched_setaffinity};
use std::fs::{File, OpenOptions, Permissions};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::Stdio;
use tempfile::TempDir;

#[rstest]
#[case(
    "en",
    "is.json could not be read: ",
    "2 files checked: 1 with errors, 1 without problems, 1 could not be read\n"
)]
#[case(
    "nl",
    "is.json kan niet worden gelezen: ",
    "2 bestanden gecontroleerd: 1 met fouten, 1 zonder problemen, 1 niet gelezen\n"
)]
fn unreadable_files_are_reported_and_the_others_checked(
    #[case] language: &str,
    #[case] message: &str,
    #[case] end: &str,
) {
    let folder = folder(&[("a.json", b"{"), ("z.json", RIGHT.as_bytes())]);
    symlink("is.json", folder.path().join("is.json")).unwrap();
    let ran = run(folder.path(), &["check", "--lang", language, "a.json", "is.json", "z.json"]);
    assert_eq!(ran.code, Some(2));
    assert!(ran.out.starts_with("a.json:1:1: "), "{}", ran.out);
    assert!(ran.err.starts_with(message) && ran.err.ends_with(end), "{}", ran.err);
    let json = run(folder.path(), &["check", "--json", "."]);
    let (codes, files) = (json.code, lines(&json));
    assert_eq!((codes, files.len()), (Some(2), 3));
    assert_eq!((&files[1]["file"], &files[1]["ok"]), (&"./is.json".into(), &false.into()));
    assert!(files[1]["error"].as_str().unwrap().starts_with("./is.json could not be read: "), "{}", files[1]);
    assert!(files[1].get("problems").is_none());
}

#[test]
fn a_missing_path_is_reported() {
    let folder = folder(&[]);
    for args in [["check", "none.json"], ["check", "none/none.json"]] {
        let ran = run(folder.path(), &args);
        assert_eq!((ran.code, ran.out.as_str()), (Some(2), ""));
        assert!(ran.err.ends_with("0 files checked: 1 could not be read\n"), "{}", ran.err);
    }
}

/// Returns the program as a user to whom file permissions apply, unlike root.
fn zegel_as_user(folder: &Path, args: &[&str]) -> Command {
    if !rustix::process::getuid().is_root() {
        return zegel(folder, args);
    }
    let program = folder.join("zegel");
    std::fs::set_permissions(folder, Permissions::from_mode(0o755)).unwrap();
    std::fs::hard_link(env!("CARGO_BIN_EXE_zegel"), &program)
        .or_else(|_| std::fs::copy(env!("CARGO_BIN_EXE_zegel"), &program).map(drop))
        .unwrap();
    let mut command = std::process::Command::new(program);
    command.args(args).env_clear().env("ZEGEL_CONFIG_DIR", "/nonexistent").current_dir(folder).uid(65_534).gid(65_534);
    Command::from_std(command)
}

#[test]
fn a_directory_or_file_without_read_permission_is_reported() {
    let folder = folder(&[("a.json", b"{}"), ("b.json", RIGHT.as_bytes())]);
    std::fs::create_dir(folder.path().join("shut")).unwrap();
    for shut in ["shut", "a.json"] {
        std::fs::set_permissions(folder.path().join(shut), Permissions::from_mode(0o000)).unwrap();
    }
    let ran = ran(&mut zegel_as_user(folder.path(), &["check", "--json", "shut", "a.json", "b.json"]));
    let files = lines(&ran);
    assert_eq!((ran.code, files.len()), (Some(2), 3));
    assert!(files[..2].iter().all(|line| line["error"].is_string()) && files[2]["ok"] == true, "{files:?}");
    assert_eq!(ran.err.lines().count(), 2, "{}", ran.err);
    assert!(ran.err.starts_with("shut could not be read: permission denied"), "{}", ran.err);
}

#[test]
fn other_entries_of_a_directory_are_skipped_but_broken_links_are_not() {
    let folder = folder(&[("a.json", RIGHT.as_bytes())]);
    mknodat(CWD, folder.path().join("fifo.json"), FileType::Fifo, Mode::RWXU, 0).unwrap();
    std::fs::create_dir(folder.path().join("folder.json")).unwrap();
    symlink("a.json", folder.path().join("link.json")).unwrap();
    symlink("none.json", folder.path().join("nowhere.json")).unwrap();
    let ran = run(folder.path(), &["check", "--json", "."]);
    let files: Vec<_> = lines(&ran).iter().map(|line| (line["file"].clone(), line["ok"] == true)).collect();
    assert_eq!(files, [("./a.json".into(), true), ("./link.json".into(), true), ("./nowhere.json".into(), false)]);
}

/// Returns the highest memory use of a process, in KiB.
fn peak(pid: u32) -> u64 {
    let status = std::fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).unwrap();
    line.trim().trim_end_matches(" kB").parse().unwrap()
}

/// Runs a check. Returns its highest memory use once everything is read except a pipe as the last path.
fn peak_of(folder: &TempDir, paths: &[&str]) -> (u64, String) {
    check_and_inspect(folder, paths, peak)
}

/// Runs a check, and examines its process once everything is read except a pipe as the last path.
fn check_and_inspect<T>(folder: &TempDir, paths: &[&str], look: impl Fn(u32) -> T) -> (T, String) {
    let pipe = folder.path().join("pipe");
    mknodat(CWD, &pipe, FileType::Fifo, Mode::RWXU, 0).unwrap();
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_zegel"));
    command
        .arg("check")
        .args(paths)
        .arg("pipe")
        .env_clear()
        .env("ZEGEL_CONFIG_DIR", "/nonexistent")
        .stdin(File::open("/dev/zero").unwrap())
        .current_dir(folder.path());
    let child = command.stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    // This returns when the other end is opened.
    let end = OpenOptions::new().write(true).open(&pipe).unwrap();
    let seen = look(child.id());
    drop(end);
    std::fs::remove_file(&pipe).unwrap();
    let output = child.wait_with_output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    (seen, String::from_utf8(output.stdout).unwrap())
}

#[test]
fn a_few_files_use_one_thread_and_leave_no_memory() {
    let folder = folder(&[("right.json", RIGHT.as_bytes())]);
    let threads = |pid: u32| std::fs::read_dir(format!("/proc/{pid}/task")).unwrap().count();
    assert_eq!(check_and_inspect(&folder, &["right.json"], threads).0, 1);
    let home = tempfile::tempdir().unwrap();
    let mut command = zegel(folder.path(), &["check", "right.json"]);
    for name in ["HOME", "XDG_STATE_HOME", "XDG_CONFIG_HOME", "TMPDIR", "ZEGEL_STATE_DIR"] {
        command.env(name, home.path());
    }
    assert_eq!(ran(&mut command).code, Some(0));
    assert_eq!(std::fs::read_dir(home.path()).unwrap().count(), 0);
}

/// Returns a mebibyte of these pieces between a beginning and an end.
fn mebibyte(begin: &str, piece: &str, end: &str) -> Vec<u8> {
    let times = ((1 << 20) - begin.len() - end.len()) / piece.len();
    [begin, &piece.repeat(times), end].concat().into_bytes()
}

#[test]
fn endless_and_huge_files_need_little_memory() {
    let folder = folder(&[("right.json", RIGHT.as_bytes())]);
    let (least, _) = peak_of(&folder, &["right.json"]);
    let (endless, report) = peak_of(&folder, &["-"]);
    assert!(report.starts_with("-:1:1: error: This is too large to be an order"), "{report}");
    assert!(endless < least + 4 * 1024, "{endless} KiB for what never ends, {least} KiB for an order");
    let contact = r#"{"user_id": 0},"#;
    let bombs = [
        ("deep.json", mebibyte("", "[", ""), "nested too deeply"),
        ("deep-objects.json", mebibyte("", "{\"a\":", ""), "nested too deeply"),
        ("values.json", mebibyte("{\"x\": [", "1,", "1]}"), "too much for one order: more than"),
        ("members.json", mebibyte("{", "\"a\":1,", "\"b\":1}"), "too much for one order: more than"),
        (
            "rows.json",
            mebibyte("{\"organization\": {\"contacts\": [", contact, "{}]}}"),
            "too much for one order: more than",
        ),
        ("name.json", mebibyte("{\"", "a", "\": [\"\\u0007\"]}"), "too much for one order: more than"),
        ("digits.json", mebibyte("{\"comments\": \"", "4 ", "\"}"), "Other products accept this"),
        ("text.json", mebibyte("{\"payment_method\": \"x", "\u{202e}", "\"}"), "contains an invisible character"),
        ("spaces.json", mebibyte("", " ", "{\"a\": \"\u{7}\"}"), "does not allow control"),
        ("quotes.json", mebibyte("{\"a\": ", "\"\\\"", ""), "error: "),
    ];
    for (name, bytes, words) in bombs {
        std::fs::write(folder.path().join(name), bytes).unwrap();
        let (peak, report) = peak_of(&folder, &[name]);
        assert!(report.contains(words), "{name}: {report}");
        assert!(report.len() < 64 * 1024, "{name}: {} bytes are told", report.len());
        assert!(peak < least + 160 * 1024, "{peak} KiB for {name}, {least} KiB for an order");
    }
}

#[test]
fn a_thousand_findings_in_one_long_line_are_reported() {
    let pad = " ".repeat(1 << 10);
    let members: Vec<String> = (0..900).map(|number| format!("{pad}\"a{number}\": 1")).collect();
    let folder = folder(&[("order.json", format!("{{{}}}", members.join(",")).as_bytes())]);
    let ran = run(folder.path(), &["check", "order.json"]);
    assert_eq!(ran.out.matches("Unknown field. zegel will send it unchanged").count(), 900);
    assert!(ran.out.lines().all(|line| line.chars().count() < 250), "no line is long");
}

/// A directory with many payloads, among which are wrong and missing ones.
fn many() -> TempDir {
    let folder = folder(&[]);
    for number in 0..400 {
        let path = folder.path().join(format!("{number:03}.json"));
        match number % 10 {
            3 => std::fs::write(path, RIGHT.replace("1015", &number.to_string())).unwrap(),
            5 => symlink("none", path).unwrap(),
            7 => std::fs::write(path, "{".repeat(number)).unwrap(),
            9 => std::fs::write(path, "{}").unwrap(),
            _ => std::fs::write(path, RIGHT).unwrap(),
        }
    }
    folder
}

/// Returns the result of a run on one core.
fn on_one_core(folder: &Path, args: &[&str]) -> Ran {
    std::thread::scope(|scope| {
        let pinned = scope.spawn(|| {
            let allowed = sched_getaffinity(None).unwrap();
            let mut one = CpuSet::new();
            one.set((0..CpuSet::MAX_CPU).find(|core| allowed.is_set(*core)).unwrap());
            sched_setaffinity(None, &one).unwrap();
            run(folder, args)
        });
        pinned.join().unwrap()
    })
}

#[rstest]
#[case(&["check", "."])]
#[case(&["check", "--json", "."])]
fn many_files_are_reported_in_order_with_any_number_of_threads(#[case] args: &[&str]) {
    let folder = many();
    let one = on_one_core(folder.path(), args);
    assert_eq!(one.code, Some(2));
    let named: Vec<&str> = one.err.lines().filter_map(|line| line.strip_prefix("./")?.get(..3)).collect();
    assert_eq!(named.len(), 40);
    assert!(named.is_sorted(), "{named:?}");
    for _ in 0..5 {
        let more = run(folder.path(), args);
        assert_eq!((more.code, &more.out, &more.err), (one.code, &one.out, &one.err));
    }
}

#[rstest]
#[case::few(40)]
#[case::many(4_000)]
fn a_reader_that_stops_is_not_a_failure(#[case] count: usize) {
    let folder = folder(&[]);
    for number in 0..count {
        std::fs::write(folder.path().join(format!("{number:04}.json")), "{}").unwrap();
    }
    let mut command = std::process::Command::new(env!("CARGO_BIN_EXE_zegel"));
    command.args(["check", "."]).env_clear().env("ZEGEL_CONFIG_DIR", "/nonexistent").current_dir(folder.path());
    let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    let message = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(1), "{message}");
    assert!(message.ends_with(" with errors\n") && message.lines().count() == 1, "{message}");
}
