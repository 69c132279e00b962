//! The real program in a real pseudo-terminal: keys go in, and a terminal emulator shows the output.
//!
//! Every wait is for a condition, never for a time: it checks again whenever bytes arrive, and fails after a minute
//! with the screen in its message. Like a terminal with synchronized output it shows only whole frames.

mod keys;
mod seen;
mod view;
pub(crate) use seen::{FRAME, frames, rfind};
pub(crate) use view::View;

use keys::key;
use portable_pty::{CommandBuilder, MasterPty, PtySize, native_pty_system};
use rustix::process::{Pid, Signal, kill_process};
use seen::{Seen, Shared, change, lock, read, some};
use std::io::Write;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::time::{Duration, Instant};
use tempfile::TempDir;

/// A wait that lasts this long has failed.
const PATIENCE: Duration = Duration::from_mins(1);

/// The end of every way out: the cursor is shown, bracketed paste is off, the alternate screen is left.
pub(crate) const GIVEN_BACK: &str = "\x1b[?25h\x1b[?2004l\x1b[?1049l";

/// How the program is started.
#[derive(Clone)]
pub(crate) struct Launch {
    args: Vec<String>,
    env: Vec<(String, String)>,
    size: (u16, u16),
    /// The size that the terminal reports, if it differs from the real one.
    told: Option<(u16, u16)>,
    /// How many bytes the terminal reads at once.
    chunk: usize,
    line: Option<String>,
    /// The directory of drafts, journal and configuration. All programs started from this share it; it is removed after
    /// the last of them.
    state: Arc<TempDir>,
}

impl Launch {
    /// The program with these arguments, in 80×24, with a minimal environment and the variables that a present-day
    /// terminal sets.
    pub(crate) fn new(args: &[&str]) -> Self {
        let path = std::env::var("PATH").unwrap_or_default();
        let env = [("PATH", path.as_str()), ("TERM", "xterm-256color"), ("LC_CTYPE", "C.UTF-8")];
        let env = env.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let state = Arc::new(tempfile::tempdir().unwrap());
        let dir = state.path().to_str().unwrap().to_owned();
        let args = args.iter().map(ToString::to_string).collect();
        let launch = Self { args, env: env.into(), size: (80, 24), told: None, chunk: 4096, line: None, state };
        launch.env("ZEGEL_STATE_DIR", &dir).env("ZEGEL_CONFIG_DIR", &format!("{dir}/config"))
    }

    /// Returns the directory of drafts and journal.
    pub(crate) fn state(&self) -> &Path {
        self.state.path()
    }

    /// Sets a variable of the environment.
    pub(crate) fn env(mut self, name: &str, value: &str) -> Self {
        self.env.retain(|(known, _)| known != name);
        self.env.push((name.to_owned(), value.to_owned()));
        self
    }

    /// Removes a variable of the environment.
    pub(crate) fn without(mut self, name: &str) -> Self {
        self.env.retain(|(known, _)| known != name);
        self
    }

    /// Sets the number of columns and rows.
    pub(crate) fn size(mut self, columns: u16, rows: u16) -> Self {
        self.size = (columns, rows);
        self
    }

    /// Sets the size that the terminal reports, whatever its real size.
    pub(crate) fn told(mut self, columns: u16, rows: u16) -> Self {
        self.told = Some((columns, rows));
        self
    }

    /// Makes the terminal read byte by byte.
    pub(crate) fn bytewise(mut self) -> Self {
        self.chunk = 1;
        self
    }

    /// Starts the program by a line for `sh`, in which `"$0" "$@"` is the program with its arguments.
    pub(crate) fn through(mut self, line: &str) -> Self {
        self.line = Some(line.to_owned());
        self
    }

    fn command(&self) -> CommandBuilder {
        let program = env!("CARGO_BIN_EXE_zegel");
        let mut command = CommandBuilder::new(if self.line.is_some() { "sh" } else { program });
        if let Some(line) = &self.line {
            command.args(["-c", line, program]);
        }
        command.args(&self.args);
        command.cwd(std::env::temp_dir());
        command.env_clear();
        for (name, value) in &self.env {
            command.env(name, value);
        }
        command
    }

    pub(crate) fn start(&self) -> Tty {
        let pair = native_pty_system().openpty(pty_size(self.told.unwrap_or(self.size))).unwrap();
        let modes = modes(&*pair.master);
        let mut child = pair.slave.spawn_command(self.command()).unwrap();
        let pid = Pid::from_raw(i32::try_from(child.process_id().unwrap()).unwrap()).unwrap();
        let seen = Arc::new((Mutex::new(Seen::new(self.size)), Condvar::new()));
        let reader = pair.master.try_clone_reader().unwrap();
        let reading = std::thread::spawn({
            let (seen, chunk) = (Arc::clone(&seen), self.chunk);
            move || read(reader, &seen, chunk)
        });
        std::thread::spawn({
            let seen = Arc::clone(&seen);
            move || {
                let status = child.wait().unwrap();
                change(&seen, |seen| seen.exit = Some(status));
            }
        });
        let writer = pair.master.take_writer().unwrap();
        Tty {
            master: Some(pair.master),
            writer: Some(writer),
            reading: Some(reading),
            pid,
            seen,
            modes,
            escaped: false,
            _state: Arc::clone(&self.state),
        }
    }
}

fn pty_size((cols, rows): (u16, u16)) -> PtySize {
    PtySize { rows, cols, pixel_width: 0, pixel_height: 0 }
}

/// Returns the terminal's modes, as `stty -a` prints them.
fn modes(master: &dyn MasterPty) -> String {
    format!("{:?}", master.get_termios().unwrap())
}

/// The program in its terminal. It is killed if it has not ended on drop.
pub(crate) struct Tty {
    master: Option<Box<dyn MasterPty + Send>>,
    writer: Option<Box<dyn Write + Send>>,
    reading: Option<std::thread::JoinHandle<()>>,
    pid: Pid,
    seen: Arc<Shared>,
    /// The terminal's modes before the program was started.
    modes: String,
    /// Escape was pressed, and no wait followed yet.
    escaped: bool,
    _state: Arc<TempDir>,
}

impl Tty {
    /// Presses keys, by names as in key scripts: `tab ctrl-n alt-3 x f1`. All are sent in one piece. After `esc` the
    /// test must wait for something, as a terminal cannot tell Escape and a key from that key with Alt.
    #[track_caller]
    pub(crate) fn press(&mut self, names: &str) -> &mut Self {
        let names: Vec<&str> = names.split_whitespace().collect();
        let bytes: Vec<u8> = names.iter().flat_map(|name| key(name)).collect();
        self.send(&bytes);
        self.escaped = names.last() == Some(&"esc");
        assert!(!names.iter().rev().skip(1).any(|name| *name == "esc"), "wait for something behind esc");
        self
    }

    /// Types a text, key by key.
    #[track_caller]
    pub(crate) fn type_text(&mut self, text: &str) -> &mut Self {
        self.send(text.as_bytes());
        self
    }

    /// Pastes a text, as a terminal with bracketed paste does.
    #[track_caller]
    pub(crate) fn paste(&mut self, text: &str) -> &mut Self {
        self.paste_bytes(text.as_bytes())
    }

    /// Pastes bytes that may be invalid text.
    #[track_caller]
    pub(crate) fn paste_bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.send(&[b"\x1b[200~", bytes, b"\x1b[201~"].concat());
        self
    }

    /// Sends these bytes unchanged.
    #[track_caller]
    pub(crate) fn send_bytes(&mut self, bytes: &[u8]) -> &mut Self {
        self.send(bytes);
        self
    }

    #[track_caller]
    fn send(&mut self, bytes: &[u8]) {
        assert!(!self.escaped, "wait for something behind esc");
        self.writer.as_mut().unwrap().write_all(bytes).unwrap();
    }

    /// Waits for a condition on the output.
    #[track_caller]
    fn wait<T>(&mut self, what: &str, find: impl Fn(&Seen) -> Option<T>) -> T {
        self.escaped = false;
        let deadline = Instant::now() + PATIENCE;
        let mut seen = lock(&self.seen);
        loop {
            if let Some(found) = find(&seen) {
                return found;
            }
            let left = deadline.saturating_duration_since(Instant::now());
            let why = if seen.is_over() { "the program has ended" } else { "a minute has passed" };
            let text = View::of(&seen.parser).text();
            assert!(!left.is_zero() && !seen.is_over(), "waiting for {what}, {why}:\n{text}");
            seen = self.seen.1.wait_timeout(seen, left).unwrap_or_else(PoisonError::into_inner).0;
        }
    }

    /// Waits for a condition on the screen.
    #[track_caller]
    pub(crate) fn wait_until(&mut self, what: &str, is: impl Fn(&View) -> bool) -> &mut Self {
        self.wait(what, |seen| is(&View::of(&seen.parser)).then_some(()));
        self
    }

    /// Waits until a row of the screen has this text.
    #[track_caller]
    pub(crate) fn wait_for(&mut self, text: &str) -> &mut Self {
        self.wait_until(&format!("{text:?}"), |view| view.shows(text))
    }

    /// Waits until this text has left the screen.
    #[track_caller]
    pub(crate) fn wait_gone(&mut self, text: &str) -> &mut Self {
        self.wait_until(&format!("the end of {text:?}"), |view| !view.shows(text))
    }

    /// Waits until the row with the cursor has this text.
    #[track_caller]
    pub(crate) fn wait_cursor(&mut self, text: &str) -> &mut Self {
        self.wait_until(&format!("{text:?} at the cursor"), |view| {
            view.cursor_row().is_some_and(|row| row.contains(text))
        })
    }

    /// Waits until the output from this position on contains these bytes.
    #[track_caller]
    pub(crate) fn wait_raw(&mut self, from: usize, part: &[u8]) -> &mut Self {
        let found = |seen: &Seen| seen.raw[from..].windows(part.len()).any(|window| window == part).then_some(());
        self.wait(&format!("{:?} in the stream", String::from_utf8_lossy(part)), found);
        self
    }

    /// Reads the present screen.
    pub(crate) fn look<T>(&self, see: impl FnOnce(&View) -> T) -> T {
        see(&View::of(&lock(&self.seen).parser))
    }

    /// Returns the rows as one text.
    pub(crate) fn screen(&self) -> String {
        self.look(View::text)
    }

    /// Returns the only row with this text.
    #[track_caller]
    pub(crate) fn row(&self, text: &str) -> String {
        let rows: Vec<String> = self.look(View::rows).into_iter().filter(|row| row.contains(text)).collect();
        assert_eq!(rows.len(), 1, "rows with {text:?}:\n{}", self.screen());
        rows[0].clone()
    }

    /// Returns all output so far.
    pub(crate) fn raw(&self) -> Vec<u8> {
        lock(&self.seen).raw.clone()
    }

    /// Shows every frame so far again, one after the other. Returns their number. The window must always have had one
    /// size.
    pub(crate) fn frames(&self, mut see: impl FnMut(&View)) -> usize {
        let (raw, (columns, rows)) = (self.raw(), self.look(View::size));
        let mut parser = vt100::Parser::new(some(rows), some(columns), 0);
        let frames = frames(&raw);
        for frame in &frames {
            parser.process(frame);
            see(&View::of(&parser));
        }
        frames.len()
    }

    /// Sets the size of the window, and waits until it was drawn again.
    #[track_caller]
    pub(crate) fn resize(&mut self, columns: u16, rows: u16) -> &mut Self {
        let from = lock(&self.seen).raw.len();
        self.resize_unseen(columns, rows).wait_raw(from, b"\x1b[2J")
    }

    /// Sets the size of the window.
    #[track_caller]
    pub(crate) fn resize_unseen(&mut self, columns: u16, rows: u16) -> &mut Self {
        lock(&self.seen).parser.screen_mut().set_size(some(rows), some(columns));
        self.master.as_ref().unwrap().resize(pty_size((columns, rows))).unwrap();
        self
    }

    /// Reports this size while the real one stays the same.
    #[track_caller]
    pub(crate) fn tell_size(&mut self, columns: u16, rows: u16) -> &mut Self {
        self.master.as_ref().unwrap().resize(pty_size((columns, rows))).unwrap();
        self
    }

    /// Returns the process: the program, or the shell that started it.
    pub(crate) fn pid(&self) -> Pid {
        self.pid
    }

    /// Stops or resumes reading the output, as a hanging connection does.
    pub(crate) fn hold(&mut self, held: bool) -> &mut Self {
        change(&self.seen, |seen| seen.held = held);
        self
    }

    /// Stops the process and continues it after this time, as a busy machine does.
    pub(crate) fn hold_up(&self, time: Duration) -> &Self {
        self.signal(Signal::STOP);
        std::thread::sleep(time);
        self.signal(Signal::CONT)
    }

    /// Stops reading, and makes the program write until the line is full.
    #[track_caller]
    pub(crate) fn stop_reading(&mut self) -> &mut Self {
        self.hold(true);
        // The line holds some thousand bytes, and each of these keys draws the whole screen if the previous one was
        // sent.
        for _ in 0..40 {
            self.press("ctrl-l");
            std::thread::sleep(Duration::from_millis(10));
        }
        self
    }

    /// Types this without end, on a thread of its own, as long as it is accepted. Nothing else can be typed afterwards.
    pub(crate) fn type_without_end(&mut self, text: &str) -> &mut Self {
        let (mut writer, text) = (self.writer.take().unwrap(), text.to_owned());
        std::thread::spawn(move || while writer.write_all(text.as_bytes()).is_ok() {});
        self
    }

    /// Sends a signal to the process.
    pub(crate) fn signal(&self, signal: Signal) -> &Self {
        kill_process(self.pid, signal).unwrap();
        self
    }

    /// Kills the process and waits for its end: its connections are then closed and its locks free.
    pub(crate) fn kill(&mut self) {
        self.signal(Signal::KILL);
        self.wait("the end of what was killed", |seen| seen.exit.clone().filter(|_| seen.ended));
    }

    /// Closes the terminal as a closed window does. The reader has it open too and lets go only when bytes arrive: this
    /// key causes them.
    pub(crate) fn hang_up(&mut self, by: &str) -> &mut Self {
        lock(&self.seen).stop = true;
        self.press(by);
        self.reading.take().unwrap().join().unwrap();
        (self.writer, self.master) = (None, None);
        change(&self.seen, |seen| seen.ended = true);
        self
    }

    /// Waits until the program has ended by itself and all its output was read. Returns its exit code.
    #[track_caller]
    pub(crate) fn wait_exit(&mut self) -> u32 {
        let exit = self.wait("the end of the program", |seen| seen.exit.clone().filter(|_| seen.ended));
        assert_eq!(exit.signal(), None, "it ended by itself");
        exit.exit_code()
    }

    /// Waits until the program has ended by itself while its output is not read. Returns its exit code.
    #[track_caller]
    pub(crate) fn wait_exit_unread(&mut self) -> u32 {
        let exit = self.wait("the end of the program", |seen| seen.exit.clone());
        assert_eq!(exit.signal(), None, "it ended by itself");
        exit.exit_code()
    }

    /// Waits until a signal that cannot be handled has ended the program and all its output was read.
    #[track_caller]
    pub(crate) fn wait_killed(&mut self) {
        let exit = self.wait("the end of the program", |seen| seen.exit.clone().filter(|_| seen.ended));
        assert!(exit.signal().is_some(), "it ended by itself: {exit:?}");
    }

    /// Returns true if the terminal's modes are those from before the program.
    pub(crate) fn modes_are_back(&self) -> bool {
        modes(&**self.master.as_ref().unwrap()) == self.modes
    }
}

impl Drop for Tty {
    fn drop(&mut self) {
        if lock(&self.seen).exit.is_none() {
            let _ = kill_process(self.pid, Signal::KILL);
        }
    }
}
