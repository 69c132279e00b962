//! Terminal: takes the terminal over, gives it back on every way out, reads keys and writes frames.
//!
//! Every mode that was switched on is switched off again in reverse order, even if another one fails: on leaving, on an
//! error, in a panic, and while suspended. A separate thread writes each frame in one piece, as a synchronized update.
//! So a terminal that does not read blocks nothing, and only misses frames. What a frame shows does not belong here.

mod backend;
mod charset;
mod input;
mod parse;
mod paste;
mod sequence;
mod size;
mod term_name;
mod writer;

pub use charset::{Charset, Locale};
pub use input::{ESCAPE_WAIT, InputReader, TerminalInput, start_reading};
pub use size::{reported_size, terminal_size};
pub use term_name::has_colors;

use backend::{FrameBytes, TerminalBackend};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::{Attribute, ResetColor, SetAttribute};
use crossterm::terminal::{Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, queue};
use ratatui::Frame;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::sync::mpsc::channel;
use std::time::Duration;
use writer::TerminalWriter;

/// Begin and end of a synchronized update. A terminal that supports it shows the frame at once; others ignore it like
/// every unknown private mode.
const SYNCHRONIZED_UPDATE: [&[u8]; 2] = [b"\x1b[?2026h", b"\x1b[?2026l"];

/// Why there is no usable terminal.
#[derive(Debug, thiserror::Error)]
#[error("{self:?}")]
pub enum TerminalError {
    /// Input or output is not a terminal. Running the program in a terminal helps.
    NotATerminal,
    /// The terminal does not say what it is. Setting `TERM` helps.
    TermNotSet,
    /// According to its name, the terminal can only show lines. Another terminal helps.
    DumbTerminal(String),
    /// The terminal is gone, or refuses a mode.
    Io(#[from] io::Error),
}

/// How long to wait for the terminal to take the sequence that restores it. A terminal that does not read must not
/// prevent the person from leaving.
pub const RESTORE_TIMEOUT: Duration = Duration::from_millis(250);

/// A terminal that is taken over. It is given back when this is dropped.
pub struct Terminal {
    tty: File,
    writer: TerminalWriter,
    frame_bytes: FrameBytes,
    painter: ratatui::Terminal<TerminalBackend>,
    charset: Charset,
    /// The modes with which another program got the terminal. `None` unless the terminal is lent.
    lent: Option<Termios>,
    /// Whether the terminal was given back for good.
    given_back: bool,
}

/// Opens the terminal to draw on: standard output, or `/dev/tty` if that is redirected.
fn open_tty() -> io::Result<File> {
    if io::stdout().is_terminal() {
        return Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?));
    }
    File::options().write(true).open("/dev/tty")
}

/// Checks that there is a usable terminal.
///
/// # Errors
/// There is none; the variants differ in what the person can do about it.
pub fn check_terminal() -> Result<(), TerminalError> {
    if !io::stdin().is_terminal() || open_tty().is_err() {
        return Err(TerminalError::NotATerminal);
    }
    term_name::check_term_name(std::env::var_os("TERM").map(|term| term.to_string_lossy().into_owned()).as_deref())
}

impl Terminal {
    /// Takes the terminal over. `letters` are the characters that it shows. From now on a panic first gives the
    /// terminal back and then prints only `words` with the place in the program: a report must not contain what the
    /// person typed. `wake` is called once the terminal can take a frame that it could not take before, and when the
    /// terminal is gone.
    ///
    /// # Errors
    /// There is no usable terminal, or it refuses a mode.
    pub fn enter(words: String, letters: Charset, wake: impl Fn() + Send + 'static) -> Result<Self, TerminalError> {
        check_terminal()?;
        let painted = FrameBytes::default();
        let terminal = ratatui::Terminal::new(TerminalBackend::new(painted.clone()))?;
        let tty = open_tty()?;
        let writer = TerminalWriter::start(tty.try_clone()?, wake)?;
        let mut term = Self {
            tty,
            writer,
            frame_bytes: painted,
            painter: terminal,
            charset: letters,
            lent: None,
            given_back: false,
        };
        install_panic_hook(words);
        term.switch_modes_on()?;
        Ok(term)
    }

    fn switch_modes_on(&mut self) -> io::Result<()> {
        enable_raw_mode()?;
        let mut bytes = Vec::new();
        // Not every terminal has an alternate screen: the Linux console and GNU screen by default have none.
        queue!(bytes, EnterAlternateScreen, Clear(ClearType::All), EnableBracketedPaste, cursor::Hide)?;
        self.writer.queue_bytes(&bytes);
        Ok(())
    }

    /// Returns true if the terminal has taken all output. If not, `wake` is called once it has.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn is_idle(&self) -> io::Result<bool> {
        self.writer.is_idle()
    }

    /// Draws a frame if the terminal has taken the one before. Otherwise returns false and makes no frame: the caller
    /// draws the newest one after `wake` is called.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> io::Result<bool> {
        if !self.is_idle()? {
            return Ok(false);
        }
        let letters = self.charset;
        self.painter.draw(|frame| {
            draw(frame);
            letters.fit_buffer(frame.buffer_mut());
        })?;
        let frame = self.frame_bytes.take_bytes();
        if !frame.is_empty() {
            self.writer.queue_bytes(&[SYNCHRONIZED_UPDATE[0], &frame, SYNCHRONIZED_UPDATE[1]].concat());
        }
        Ok(true)
    }

    /// Copies a text to the clipboard of the terminal, which may be on another machine. The terminal does not confirm
    /// it, so it is not known whether the text was copied. tmux passes the text on if its option `set-clipboard` is on.
    pub fn copy_to_clipboard(&mut self, text: &str) {
        if !self.is_lent() {
            self.writer.queue_bytes(&clipboard_sequence(text));
        }
    }

    /// Makes the next frame draw the whole screen.
    ///
    /// This does not use ratatui's own `clear`, because that asks the backend for the cursor position, which this
    /// program never asks of a terminal. `resize` clears the screen too.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn force_repaint(&mut self) -> io::Result<()> {
        let size = self.painter.size()?;
        self.painter.resize(size.into())
    }

    /// Gives the terminal back until the process is continued.
    ///
    /// # Errors
    /// The terminal is gone when the process continues.
    pub fn suspend(&mut self) -> io::Result<()> {
        if self.is_lent() {
            return stop_process();
        }
        self.give_back();
        stop_process()?;
        self.switch_modes_on()?;
        self.force_repaint()
    }

    /// Lends the terminal to another program, in the modes from before it was taken over. Returns the file to which
    /// that program writes.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn lend_to_program(&mut self) -> io::Result<File> {
        self.give_back();
        self.lent = Some(tcgetattr(&self.tty)?);
        self.tty.try_clone()
    }

    /// Returns true if another program has the terminal.
    pub fn is_lent(&self) -> bool {
        self.lent.is_some()
    }

    /// Takes the terminal back, in whatever state the other program left it.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn take_back(&mut self) -> io::Result<()> {
        let Some(modes) = self.lent.take() else { return Ok(()) };
        tcsetattr(&self.tty, OptionalActions::Now, &modes)?;
        self.switch_modes_on()?;
        let mut bytes = Vec::new();
        queue!(bytes, ResetColor)?;
        self.writer.queue_bytes(&bytes);
        self.force_repaint()
    }

    /// Takes the terminal over again: another program may have had it while the process was stopped.
    ///
    /// # Errors
    /// The terminal is gone.
    pub fn retake_after_stop(&mut self) -> io::Result<()> {
        if self.is_lent() {
            return Ok(());
        }
        // A terminal that is still raw is left unchanged: if it were not raw for a moment, Ctrl-C would be a signal.
        if !is_raw(&self.tty) {
            // crossterm enables raw mode only if it was disabled before.
            let _ = disable_raw_mode();
            self.switch_modes_on()?;
        }
        self.force_repaint()
    }

    /// Switches off every mode that was switched on. Returns true if the terminal has taken that.
    fn give_back(&mut self) -> bool {
        self.writer.queue_bytes(&restore_sequence());
        let taken = self.writer.wait_until_written(RESTORE_TIMEOUT);
        let _ = disable_raw_mode();
        taken
    }

    /// Gives the terminal back for good. Returns true if the terminal has taken that. If not, nothing more may be
    /// written to it, because the write would never end.
    pub fn give_back_for_good(mut self) -> bool {
        self.give_back_once()
    }

    fn give_back_once(&mut self) -> bool {
        if std::mem::replace(&mut self.given_back, true) {
            return true;
        }
        match self.lent.take() {
            // A lent terminal has no mode switched on. The other program may have changed its modes, so they are
            // restored.
            Some(modes) => {
                let _ = tcsetattr(&self.tty, OptionalActions::Now, &modes);
                self.writer.wait_until_written(RESTORE_TIMEOUT)
            }
            None => self.give_back(),
        }
    }
}

impl Drop for Terminal {
    fn drop(&mut self) {
        self.give_back_once();
    }
}

/// Returns the sequence that sets the clipboard (xterm's control sequences: "Operating System Commands", 52).
fn clipboard_sequence(text: &str) -> Vec<u8> {
    format!("\x1b]52;c;{}\x07", STANDARD.encode(text)).into_bytes()
}

/// Stops the process until it is continued.
fn stop_process() -> io::Result<()> {
    // The program handles TSTP itself, and STOP would stop it even if no shell could continue it. The program does not
    // handle TTIN, and the system ignores TTIN if no shell could continue the program.
    Ok(rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TTIN)?)
}

/// Returns true if the terminal delivers keys one by one.
fn is_raw(tty: &File) -> bool {
    tcgetattr(tty).is_ok_and(|modes| !modes.local_modes.contains(LocalModes::ICANON))
}

/// Returns the sequence that switches off every mode that was switched on.
fn restore_sequence() -> Vec<u8> {
    let mut bytes = Vec::new();
    // The screen is cleared, so that a terminal without an alternate screen shows nothing of an order afterward.
    // Writing to a vector always succeeds.
    let _ = queue!(bytes, SetAttribute(Attribute::Reset), Clear(ClearType::All), cursor::MoveTo(0, 0));
    let _ = queue!(bytes, cursor::Show, DisableBracketedPaste, LeaveAlternateScreen);
    bytes
}

/// Does work that may block on a terminal, on a separate thread, and waits for it at most for `most`.
pub fn run_within(most: Duration, work: impl FnOnce() + Send + 'static) {
    let (send, done) = channel();
    let work = move || {
        work();
        let _ = send.send(());
    };
    // If the system gives no thread, the work is skipped: nothing may block the end of the program.
    if std::thread::Builder::new().spawn(work).is_ok() {
        let _ = done.recv_timeout(most);
    }
}

/// From now on a panic of any thread gives the terminal back, prints where it happened, and ends the program.
fn install_panic_hook(words: String) {
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
        let text = format!("{words} [zegel {} {place}]\n", env!("CARGO_PKG_VERSION"));
        run_within(RESTORE_TIMEOUT, move || {
            let _ = open_tty().and_then(|mut tty| tty.write_all(&restore_sequence()));
            let _ = disable_raw_mode();
            let _ = io::stderr().write_all(text.as_bytes());
        });
        let _ = disable_raw_mode();
        std::process::exit(101);
    }));
}
