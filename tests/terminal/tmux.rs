//! The real program in a real tmux, if there is one: the terminal in which it is most often used over ssh.
//!
//! Each test has its own server on its own socket, without a user's configuration. The tests ask tmux for the screen
//! until it meets a condition. Without tmux they print that and test nothing.

use crate::common::quotes::quote;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A wait that lasts this long has failed.
const PATIENCE: Duration = Duration::from_mins(1);

/// A server with one window, in which a shell waits. It ends on drop.
struct Tmux {
    dir: TempDir,
}

impl Tmux {
    /// Starts one with a window of 80×24, or returns `None` without tmux.
    fn start() -> Option<Self> {
        let tmux = Self { dir: tempfile::tempdir().unwrap() };
        let asked = Command::new("tmux").arg("-V").output();
        if !asked.is_ok_and(|output| output.status.success()) {
            let _ = writeln!(std::io::stderr(), "there is no tmux here: nothing was tested in one");
            return None;
        }
        let shell = "env PS1='ready> ' sh";
        tmux.ask(&["new-session", "-d", "-x", "80", "-y", "24", "-s", "zegel", shell]);
        tmux.wait_for("ready>");
        Some(tmux)
    }

    fn command(&self) -> Command {
        let mut command = Command::new("tmux");
        // The name of a socket must be short, and the path of the directory for temporary files may be long.
        command.env_clear().env("PATH", std::env::var_os("PATH").unwrap_or_default());
        command.env("TMUX_TMPDIR", self.dir.path()).env("HOME", self.dir.path()).env("LC_ALL", "C.UTF-8");
        command.env("ZEGEL_STATE_DIR", self.state()).env("ZEGEL_CONFIG_DIR", self.dir.path().join("config"));
        command.args(["-u", "-L", "zegel", "-f", "/dev/null"]);
        command
    }

    fn state(&self) -> std::path::PathBuf {
        self.dir.path().join("state")
    }

    #[track_caller]
    fn ask(&self, args: &[&str]) -> String {
        let Output { status, stdout, stderr } = self.command().args(args).output().unwrap();
        assert!(status.success(), "{args:?}: {}", String::from_utf8_lossy(&stderr));
        String::from_utf8(stdout).unwrap()
    }

    /// Returns the screen.
    #[track_caller]
    fn screen(&self) -> String {
        self.ask(&["capture-pane", "-p", "-t", "zegel"])
    }

    /// Asks for the screen until it meets a condition.
    #[track_caller]
    fn wait_until(&self, what: &str, is: impl Fn(&str) -> bool) -> &Self {
        let deadline = Instant::now() + PATIENCE;
        loop {
            let screen = self.screen();
            if is(&screen) {
                return self;
            }
            assert!(Instant::now() < deadline, "waiting for {what}, a minute has passed:\n{screen}");
            std::thread::yield_now();
        }
    }

    #[track_caller]
    fn wait_for(&self, text: &str) -> &Self {
        self.wait_until(&format!("{text:?}"), |screen| screen.lines().any(|line| line.contains(text)))
    }

    /// Presses keys, by tmux's names.
    #[track_caller]
    fn press(&self, keys: &str) -> &Self {
        let keys: Vec<&str> = keys.split_whitespace().collect();
        self.ask(&[&["send-keys", "-t", "zegel"], &keys[..]].concat());
        self
    }

    /// Types a text.
    #[track_caller]
    fn type_text(&self, text: &str) -> &Self {
        self.ask(&["send-keys", "-t", "zegel", "-l", text]);
        self
    }

    /// Pastes a text, with brackets if the program asks for them.
    #[track_caller]
    fn paste(&self, text: &str) -> &Self {
        let file = self.dir.path().join("paste");
        std::fs::write(&file, text).unwrap();
        self.ask(&["load-buffer", file.to_str().unwrap()]);
        self.ask(&["paste-buffer", "-p", "-r", "-t", "zegel"]);
        self
    }

    /// Returns column and row of the cursor.
    #[track_caller]
    fn cursor(&self) -> String {
        self.ask(&["display-message", "-p", "-t", "zegel", "#{cursor_x},#{cursor_y}"]).trim().to_owned()
    }

    /// Starts the demo with this prefix to its command, and moves to the field of the legal name.
    fn name_field(&self, before: &str) -> &Self {
        let program = Path::new(env!("CARGO_BIN_EXE_zegel")).display();
        self.type_text(&format!("{before} '{program}' demo")).press("Enter").wait_for("Step 1 of 7: Organization");
        self.press("BTab")
            .wait_for(" › Existing or new")
            .press("Right")
            .wait_for("Legal name")
            .press("Tab")
            .wait_for(" › Legal name")
    }

    /// Leaves the program, back to the shell that started it.
    #[track_caller]
    fn leave(&self) {
        self.press("C-c").wait_for("Ctrl-C again").press("C-c");
        self.wait_until("the shell", |screen| {
            !screen.contains(quote("leave.title", "Quit zegel?")) && screen.contains("ready>")
        });
        self.type_text("echo \"ended $?\"").press("Enter").wait_for("ended 0");
        // The earlier screen is there again, and the terminal is restored.
        assert!(!self.screen().contains("Legal name"), "{}", self.screen());
        self.type_text("stty -a | tr ';' '\\n'").press("Enter").wait_for(" icanon");
    }
}

impl Drop for Tmux {
    fn drop(&mut self) {
        let _ = self.command().arg("kill-server").output();
    }
}

#[test]
fn a_step_works_in_tmux() {
    let Some(tmux) = Tmux::start() else { return };
    tmux.name_field("").type_text("Gemeente 東京 é").wait_for("› Legal name               Gemeente 東京 é");
    let row = tmux.screen().lines().position(|line| line.contains("Legal name")).unwrap();
    assert_eq!(tmux.cursor(), format!("{},{row}", 28 + 15));
    tmux.press("Home Delete End BSpace").wait_for("› Legal name               emeente 東京");
    tmux.press("F1").wait_for("Keys you can use here").press("Escape").wait_for(" › Legal name");
    tmux.press("M-2").wait_for("Step 2 of 7: Contacts").press("M-1").wait_for("Step 1 of 7");
    tmux.press("PPage").wait_for(" › Existing or new").press("C-n").wait_for("✗ This field is required.");
    tmux.leave();
}

#[test]
fn a_paste_in_tmux_is_text_and_no_command() {
    let Some(tmux) = Tmux::start() else { return };
    tmux.name_field("").paste("Gemeente\r\nZilverdam\x03\x11\x0e\ty\n");
    tmux.wait_for("› Legal name               Gemeente Zilverdam y");
    tmux.press("C-u").paste(&"0123456789".repeat(1_000)).wait_for("Too long: the rest was cut off.");
    tmux.press("C-u").type_text("Gemeente").wait_for("› Legal name               Gemeente");
    tmux.leave();
}

#[test]
fn a_tmux_window_can_be_resized() {
    let Some(tmux) = Tmux::start() else { return };
    tmux.name_field("").type_text("Gemeente").wait_for("Legal name               Gemeente");
    for (columns, rows) in [("40", "10"), ("120", "40"), ("10", "3"), ("80", "24")] {
        tmux.ask(&["resize-window", "-t", "zegel", "-x", columns, "-y", rows]);
        tmux.type_text("x");
    }
    tmux.wait_for("› Legal name               Gemeentexxxx").wait_for("SANDBOX 127.0.0.1:").wait_for("F1 help");
    // Splits of a window come and go faster than they are drawn.
    for _ in 0..10 {
        tmux.ask(&["split-window", "-h", "-t", "zegel", "cat"]);
        tmux.ask(&["kill-pane", "-t", "zegel:0.1"]);
    }
    // No split had this size, so a screen of it comes after all of them.
    tmux.ask(&["resize-window", "-t", "zegel", "-x", "100", "-y", "30"]);
    tmux.type_text("!").wait_until("the last size", |screen| {
        screen.contains("› Legal name               Gemeentexxxx!")
            && screen.lines().any(|line| line == "─".repeat(100))
    });
    let before = tmux.screen();
    let repainted = |screen: &str| screen.replace("!?", "! ") == before.replace("!\n", "! \n");
    tmux.press("C-l").type_text("?").wait_until("the same screen, repainted", repainted);
    tmux.leave();
}

#[test]
fn the_program_can_be_suspended_in_tmux() {
    let Some(tmux) = Tmux::start() else { return };
    tmux.type_text("set -m").press("Enter");
    tmux.name_field("").type_text("Gemeente").wait_for("Legal name               Gemeente");
    for name in ["Gemeente", "Gemeentex"] {
        tmux.press("C-z").wait_until("the shell", |screen| screen.contains("ready>") && !screen.contains("SANDBOX"));
        tmux.type_text("echo \"st\"opped").press("Enter").wait_for("stopped").type_text("fg").press("Enter");
        tmux.wait_for(&format!("› Legal name               {name}")).wait_for("SANDBOX 127.0.0.1:").type_text("x");
    }
    tmux.wait_for("› Legal name               Gemeentexx");
    tmux.leave();
}

#[test]
fn in_a_locale_without_utf_8_tmux_gets_ascii() {
    let Some(tmux) = Tmux::start() else { return };
    let program = Path::new(env!("CARGO_BIN_EXE_zegel")).display();
    tmux.type_text(&format!("LC_ALL=C '{program}' demo")).press("Enter").wait_for("Step 1 of 7: Organization");
    tmux.press("BTab")
        .wait_for(" > Existing or new")
        .press("Right")
        .wait_for("(*) new")
        .press("Tab")
        .wait_for(" > Legal name")
        .type_text("é東")
        .wait_for("  ???");
    assert!(tmux.screen().is_ascii(), "{}", tmux.screen());
    tmux.leave();
}
