//! The order's JSON in a scripted editor: who has the terminal meanwhile, and the result.
//!
//! The editors are lines for `sh`, which write what they received to a file. The tests wait for their output to the
//! terminal, never for a fixed time.

use crate::common::tty::{Launch, Tty, View};
use crate::terminal::frames::assert_whole;
use rustix::process::{Pid, Signal, kill_process};
use std::fs;
use std::path::PathBuf;
use tempfile::TempDir;

const PAYLOAD: &str = "{\n    \"comments\": \"東京 🙂\",\n    \"organization\": {\"id\": 900001}\n}\n";

/// A payload in a file, and an editor.
struct Desk {
    dir: TempDir,
}

impl Desk {
    /// With an editor of this script; its file is `$1`.
    fn new(script: &str) -> Self {
        let dir = tempfile::tempdir().unwrap();
        fs::write(dir.path().join("order.json"), PAYLOAD).unwrap();
        fs::write(dir.path().join("editor"), script).unwrap();
        Self { dir }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.dir.path().join(name)
    }

    fn read(&self, name: &str) -> String {
        fs::read_to_string(self.path(name)).unwrap_or_else(|error| panic!("{name}: {error}"))
    }

    fn launch(&self) -> Launch {
        let path = |name| self.path(name).to_str().unwrap().to_owned();
        let launch = Launch::new(&["review", &path("order.json")]).env("EDITOR", &format!("sh '{}'", path("editor")));
        launch.env("DESK", self.dir.path().to_str().unwrap()).env("TMPDIR", self.dir.path().to_str().unwrap())
    }

    fn start(&self) -> Tty {
        let mut tty = self.launch().start();
        tty.wait_for("JSON · no digest until");
        tty
    }

    /// Returns what is left in the directory for temporary files.
    fn left(&self) -> Vec<String> {
        let names =
            fs::read_dir(self.dir.path()).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
        names.filter(|name| name.starts_with("zegel-")).collect()
    }
}

#[track_caller]
fn leave(tty: &mut Tty) {
    tty.press("ctrl-c");
    assert_eq!(tty.wait_exit(), 0);
    assert!(tty.modes_are_back() && !tty.look(View::alternate));
    assert_whole(tty);
}

#[test]
fn the_edited_text_is_in_the_form_and_saved_to_the_file() {
    let desk = Desk::new(
        r#"ls -ld "$(dirname "$1")" "$1" > "$DESK/told"; env >> "$DESK/told"; echo "$1" >> "$DESK/told"
        sed -i s/900001/900002/ "$1""#,
    );
    let mut tty = desk.launch().env("ZEGEL_TEST_PACE", "2").env("LC_ALL", "C.UTF-8").start();
    tty.wait_for("\"id\": 900001")
        .press("e")
        .wait_for("Your changes from the editor were applied.")
        .wait_for("\"id\": 900002");
    let report = desk.read("told");
    assert!(report.starts_with("drwx------") && report.contains("\n-rw-------"), "{report}");
    assert!(report.contains("LC_ALL=C.UTF-8") && !report.contains("ZEGEL_"), "{report}");
    assert!(report.trim_end().ends_with("/order.json") && desk.left().is_empty(), "{report} {:?}", desk.left());
    tty.press("s").wait_for("~ /organization/id: 900001 → 900002").press("enter").wait_for("Saved to ");
    assert_eq!(desk.read("order.json"), PAYLOAD.replace("900001", "900002"));
    leave(&mut tty);
}

/// Each account may have its key in its own variable. The editor may see none of them.
#[test]
fn no_variable_with_a_key_reaches_the_editor() {
    let desk = Desk::new(r#"env > "$DESK/told"; sed -i s/900001/900002/ "$1""#);
    let launch = desk.launch().env("MAIN_KEY", "MADE-UP-1").env("TEST_KEY", "MADE-UP-2").env("LC_ALL", "C.UTF-8");
    let config = launch.state().join("config");
    fs::create_dir(&config).unwrap();
    let account = |name: &str, key: &str| {
        format!("[accounts.{name}]\nurl = \"http://127.0.0.1:1/services/v2\"\nkey_variable = \"{key}\"\n")
    };
    let text = format!("account = \"main\"\n{}{}", account("main", "MAIN_KEY"), account("test", "TEST_KEY"));
    fs::write(config.join("config.toml"), text).unwrap();
    let mut tty = launch.start();
    tty.wait_for("\"id\": 900001").press("e").wait_for("Your changes from the editor were applied.");
    let report = desk.read("told");
    assert!(report.contains("LC_ALL=") && !report.contains("_KEY") && !report.contains("MADE-UP"), "{report}");
    leave(&mut tty);
}

#[test]
fn keys_typed_in_the_editor_do_not_reach_zegel() {
    // The editor reads the first line; nothing reads what comes after it.
    let desk = Desk::new(
        r#"stty -a > "$DESK/modes"; echo READY; read -r line; echo "$line" > "$DESK/line"
        mkfifo "$DESK/go"; echo AGAIN; read -r go < "$DESK/go""#,
    );
    let mut tty = desk.start();
    let from = tty.raw().len();
    tty.press("e").wait_raw(from, b"READY");
    assert!(tty.modes_are_back() && !tty.look(View::alternate), "it has the terminal as it was");
    tty.type_text("ssq1\r").wait_raw(from, b"AGAIN").type_text("sn?q1\x1b[A\x1b[200~x\x1b[201~");
    // Everything was echoed, so the terminal has it, and no program has read it.
    tty.wait_raw(from, b"[201~");
    fs::write(desk.path("go"), "\n").unwrap();
    tty.wait_for("You made no changes in the editor.").wait_for("JSON · no digest until").wait_for("Summary");
    assert!(tty.look(View::alternate), "the terminal was taken back");
    assert_eq!(desk.read("line"), "ssq1\n");
    assert!(desk.read("modes").contains(" icanon") && desk.read("modes").contains(" echo "));
    // Keys belong to zegel again, and it receives the first one.
    tty.press("tab")
        .wait_for("›JSON · no digest until")
        .press("s")
        .wait_for("No changes: the file already contains this order.");
    tty.press("esc").wait_for("JSON · no digest until");
    leave(&mut tty);
}

#[test]
fn a_failed_editor_changes_nothing_and_the_screen_returns() {
    let desk = Desk::new(r#"printf '\033[?1049h\033[7mGARBAGE'; stty raw -echo; sed -i s/900001/900002/ "$1"; exit 3"#);
    let mut tty = desk.start();
    tty.press("e").wait_for("sh exited with code 3").wait_for("The form is unchanged.");
    assert!(!tty.screen().contains("GARBAGE"));
    tty.press("esc").wait_for("\"id\": 900001");
    leave(&mut tty);
}

#[test]
fn a_missing_or_killed_editor_changes_nothing() {
    let desk = Desk::new("kill -9 $$");
    let mut tty = desk.start();
    tty.press("e").wait_for("sh was stopped by signal 9").press("esc").wait_for("JSON · no digest until");
    leave(&mut tty);
    let mut tty = desk.launch().env("VISUAL", "/nowhere/ed -x").start();
    tty.wait_for("JSON · no digest until").press("e").wait_for("The program /nowhere/ed was not found.").press("esc");
    tty.wait_for("JSON · no digest until");
    leave(&mut tty);
    assert_eq!(desk.left(), Vec::<String>::new());
}

#[test]
fn invalid_json_can_be_edited_again() {
    let desk = Desk::new(r#"if grep -q BAD "$1"; then sed -i '/BAD/d' "$1"; else echo 'BAD' >> "$1"; fi"#);
    let mut tty = desk.start();
    tty.press("e").wait_for("Your text is not valid JSON (line 7, column 1)").press("enter");
    tty.wait_for("You made no changes in the editor.").wait_for("JSON · no digest until");
    leave(&mut tty);
}

#[test]
fn ctrl_c_in_the_editor_is_for_the_editor() {
    let desk =
        Desk::new(r#"trap 'sed -i s/900001/900003/ "$1"; exit 0' INT; echo READY; while :; do sleep 0.05; done"#);
    let mut tty = desk.start();
    let from = tty.raw().len();
    tty.press("e").wait_raw(from, b"READY").press("ctrl-c").wait_for("\"id\": 900003");
    leave(&mut tty);
}

#[test]
fn a_signal_to_end_ends_the_editor_too() {
    let desk = Desk::new(r#"echo $$ > "$DESK/pid"; echo READY; exec sleep 1000"#);
    let mut tty = desk.start();
    let from = tty.raw().len();
    tty.press("e").wait_raw(from, b"READY");
    let editor = Pid::from_raw(desk.read("pid").trim().parse().unwrap()).unwrap();
    tty.signal(Signal::TERM);
    assert_eq!(tty.wait_exit(), 143);
    assert!(tty.modes_are_back() && !tty.look(View::alternate));
    // The output ended, so no process has the terminal open any more: the editor has ended as well.
    assert!(kill_process(editor, Signal::CONT).is_err() || is_zombie(editor));
    assert_eq!(desk.left(), Vec::<String>::new());
}

fn is_zombie(pid: Pid) -> bool {
    let stat = fs::read_to_string(format!("/proc/{}/stat", pid.as_raw_nonzero())).unwrap_or_default();
    stat.rsplit_once(") ").is_none_or(|(_, rest)| rest.starts_with('Z'))
}

#[test]
fn suspending_in_the_editor_stops_and_continues_both() {
    let desk = Desk::new(r#"echo READY; read -r line; echo "$line" > "$DESK/line""#);
    let line = r#"set -m; "$0" "$@"; echo "halted $?"; read -r go; fg; echo "ended $?""#;
    let mut tty = desk.launch().through(line).start();
    tty.wait_for("JSON · no digest until");
    let from = tty.raw().len();
    tty.press("e").wait_raw(from, b"READY").press("ctrl-z").wait_raw(from, b"halted 149");
    assert!(tty.modes_are_back() && !tty.look(View::alternate));
    tty.type_text("\n").wait_raw(from, b"\"${0}\" \"${@}\"").type_text("typed\r");
    tty.wait_for("You made no changes in the editor.").wait_for("JSON · no digest until");
    assert_eq!(desk.read("line"), "typed\n");
    tty.press("ctrl-c").wait_for("ended 0");
    assert_eq!(tty.wait_exit(), 0);
}

#[test]
fn a_window_resized_meanwhile_is_drawn_in_its_new_size() {
    let desk = Desk::new("echo READY; read -r line");
    let mut tty = desk.start();
    let from = tty.raw().len();
    tty.press("e").wait_raw(from, b"READY").resize_unseen(60, 16).type_text("\r");
    tty.wait_for("You made no changes in the editor.").wait_for("Summary");
    assert!(tty.look(|view| view.size() == (60, 16) && view.rows()[15].contains("F1")), "{}", tty.screen());
    leave(&mut tty);
}

/// The terminal may answer a request of the editor after the editor has ended, and in pieces over a slow line.
#[test]
fn a_report_half_read_by_the_editor_is_ignored_completely() {
    let desk = Desk::new(r#"printf ready; while [ ! -e "$DESK/go" ]; do sleep 0.02; done"#);
    let mut tty = desk.start();
    let from = tty.raw().len();
    tty.press("e").wait_raw(from, b"ready").send_bytes(b"q\x1b]11;rgb:0000/00");
    let from = tty.raw().len();
    fs::write(desk.path("go"), "").unwrap();
    // A digit leads to a step at Review. Keys that are typed before the screen is back may be dropped.
    tty.wait_raw(from, b"\x1b[?1049h").send_bytes(b"00/0003\x1b\\").wait_for("You made no changes in the editor.");
    tty.press("insert").wait_for("Ins does nothing here.");
    assert!(tty.look(|view| view.shows("JSON · no digest until")), "{}", tty.screen());
    leave(&mut tty);
}
