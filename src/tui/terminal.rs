//! The terminal: taking it over and giving it back on every way out, reading keys, writing frames.
//!
//! Every mode that was switched on is switched off again in reverse order, each even if another fails: on leaving,
//! on an error, in a panic, and while suspended. Frames are written in one piece between the marks of synchronized
//! output, by a thread of their own: a terminal that does not read holds nobody up, and misses frames. It knows nothing
//! of what is on the screen.

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

/// Begin and end of a synchronized update: a terminal that knows them shows the frame at once, others pass over them as
/// over every private mode that they do not know.
const SYNCHRONIZED_UPDATE: [&[u8]; 2] = [b"\x1b[?2026h", b"\x1b[?2026l"];

/// Why there is no terminal to work in.
#[derive(Debug, thiserror::Error)]
pub enum TerminalError {
    /// Input or output is no terminal: run it in one.
    #[error("standard input is not a terminal")]
    NotATerminal,
    /// The terminal does not say what it is: set `TERM`.
    #[error("TERM is not set")]
    TermNotSet,
    /// The terminal says by this name that it can do nothing but lines: use another.
    #[error("TERM is {0:?}")]
    DumbTerminal(String),
    /// The terminal is gone, or does not take orders.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// So long a terminal has to take what gives it back. One that does not read keeps nobody from leaving.
pub const RESTORE_TIMEOUT: Duration = Duration::from_millis(250);

/// A terminal that was taken over. It is given back when this is dropped.
pub struct Terminal {
    tty: File,
    writer: TerminalWriter,
    frame_bytes: FrameBytes,
    terminal: ratatui::Terminal<TerminalBackend>,
    charset: Charset,
    /// The modes in which another program was given the terminal, while it has it.
    lent: Option<Termios>,
    /// Whether it was given back for good.
    given_back: bool,
}

/// Where to draw: standard output, or the terminal itself where that is redirected.
fn open_tty() -> io::Result<File> {
    if io::stdout().is_terminal() {
        return Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?));
    }
    File::options().write(true).open("/dev/tty")
}

/// Whether there is a terminal to work in.
///
/// # Errors
/// Where there is none, by what can be done about it.
pub fn check_terminal() -> Result<(), TerminalError> {
    if !io::stdin().is_terminal() || open_tty().is_err() {
        return Err(TerminalError::NotATerminal);
    }
    term_name::check_term_name(std::env::var_os("TERM").map(|term| term.to_string_lossy().into_owned()).as_deref())
}

impl Terminal {
    /// Takes the terminal over, which shows these characters. A panic from now on gives it back first, and then says `words` with the place in
    /// the program, and nothing else: what was typed does not belong in a report. `wake` is called once a frame can be
    /// painted that could not be before, and when the terminal is gone.
    ///
    /// # Errors
    /// Where there is no terminal, or it does not take orders.
    pub fn enter(words: String, letters: Charset, wake: impl Fn() + Send + 'static) -> Result<Self, TerminalError> {
        check_terminal()?;
        let painted = FrameBytes::default();
        let terminal = ratatui::Terminal::new(TerminalBackend::new(painted.clone()))?;
        let tty = open_tty()?;
        let writer = TerminalWriter::start(tty.try_clone()?, wake)?;
        let mut term =
            Self { tty, writer, frame_bytes: painted, terminal, charset: letters, lent: None, given_back: false };
        install_panic_hook(words);
        term.switch_modes_on()?;
        Ok(term)
    }

    fn switch_modes_on(&mut self) -> io::Result<()> {
        enable_raw_mode()?;
        let mut bytes = Vec::new();
        // Not every terminal has another screen: those of the Linux console and of GNU screen's default do not.
        queue!(bytes, EnterAlternateScreen, Clear(ClearType::All), EnableBracketedPaste, cursor::Hide)?;
        self.writer.queue_bytes(&bytes);
        Ok(())
    }

    /// Whether the terminal has taken everything. Where it has not, who waits for that is woken once it has.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn is_idle(&self) -> io::Result<bool> {
        self.writer.is_idle()
    }

    /// Draws a frame, if the terminal has taken the one before. Answers whether it did: else the newest is drawn once the
    /// terminal takes it, and those between are never made.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> io::Result<bool> {
        if !self.is_idle()? {
            return Ok(false);
        }
        let letters = self.charset;
        self.terminal.draw(|frame| {
            draw(frame);
            letters.fit_buffer(frame.buffer_mut());
        })?;
        let frame = self.frame_bytes.take_bytes();
        if !frame.is_empty() {
            self.writer.queue_bytes(&[SYNCHRONIZED_UPDATE[0], &frame, SYNCHRONIZED_UPDATE[1]].concat());
        }
        Ok(true)
    }

    /// Sends a text to the clipboard of the terminal, which may be on another machine. Nothing answers, so whether it
    /// took the text is not known. It passes through tmux where its `set-clipboard` is on.
    pub fn copy_to_clipboard(&mut self, text: &str) {
        if !self.is_lent() {
            self.writer.queue_bytes(&clipboard_sequence(text));
        }
    }

    /// Forgets what is on the screen, so that the next frame paints all of it.
    ///
    /// ratatui's own `clear` asks the terminal where its cursor is, and fails where the answer does not come; to be
    /// resized it clears as well, and asks nothing.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn force_repaint(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.terminal.resize(size.into())
    }

    /// Gives the terminal back until the process is continued.
    ///
    /// # Errors
    /// Where the terminal is gone when it comes back.
    pub fn suspend(&mut self) -> io::Result<()> {
        if self.is_lent() {
            return stop_process();
        }
        self.give_back();
        stop_process()?;
        self.switch_modes_on()?;
        self.force_repaint()
    }

    /// Gives the terminal to another program, as it was before it was taken over. Answers what that one writes to.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn lend_to_program(&mut self) -> io::Result<File> {
        self.give_back();
        self.lent = Some(tcgetattr(&self.tty)?);
        self.tty.try_clone()
    }

    /// Whether another program has it.
    pub fn is_lent(&self) -> bool {
        self.lent.is_some()
    }

    /// Takes it back, however that program left it.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn take_back(&mut self) -> io::Result<()> {
        let Some(modes) = self.lent.take() else { return Ok(()) };
        tcsetattr(&self.tty, OptionalActions::Now, &modes)?;
        self.switch_modes_on()?;
        let mut bytes = Vec::new();
        queue!(bytes, ResetColor)?;
        self.writer.queue_bytes(&bytes);
        self.force_repaint()
    }

    /// Takes the terminal once more: somebody else may have had it while the process was stopped.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn retake_after_stop(&mut self) -> io::Result<()> {
        if self.is_lent() {
            return Ok(());
        }
        // Where nobody has changed it, it stays as it is: between two modes Ctrl-C would be a signal.
        if !is_raw(&self.tty) {
            // Raw mode is only set anew where it was given back.
            let _ = disable_raw_mode();
            self.switch_modes_on()?;
        }
        self.force_repaint()
    }

    /// Switches everything off that was switched on. Answers whether the terminal has taken that.
    fn give_back(&mut self) -> bool {
        self.writer.queue_bytes(&restore_sequence());
        let taken = self.writer.wait_until_written(RESTORE_TIMEOUT);
        let _ = disable_raw_mode();
        taken
    }

    /// Gives the terminal back for good. Answers whether it has taken that: what is written to one that takes nothing
    /// would be waited for without end.
    pub fn give_back_for_good(mut self) -> bool {
        self.give_back_once()
    }

    fn give_back_once(&mut self) -> bool {
        if std::mem::replace(&mut self.given_back, true) {
            return true;
        }
        match self.lent.take() {
            // Nothing is switched on. How the other program left the modes is not how they were.
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

/// The sequence that puts a text on the clipboard (xterm's control sequences: "Operating System Commands", 52).
fn clipboard_sequence(text: &str) -> Vec<u8> {
    format!("\x1b]52;c;{}\x07", STANDARD.encode(text)).into_bytes()
}

/// Stops the process until it is continued.
fn stop_process() -> io::Result<()> {
    // TSTP is heard by the program itself, and STOP would stop it even where no shell could continue it. TTIN is heard
    // by nobody, and the system passes over it there.
    Ok(rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TTIN)?)
}

/// Whether keys come one by one.
fn is_raw(tty: &File) -> bool {
    tcgetattr(tty).is_ok_and(|modes| !modes.local_modes.contains(LocalModes::ICANON))
}

/// What switches everything off that was switched on.
fn restore_sequence() -> Vec<u8> {
    let mut bytes = Vec::new();
    // Where there is no other screen to leave, nothing of an order stays behind. A vector takes every byte.
    let _ = queue!(bytes, SetAttribute(Attribute::Reset), Clear(ClearType::All), cursor::MoveTo(0, 0));
    let _ = queue!(bytes, cursor::Show, DisableBracketedPaste, LeaveAlternateScreen);
    bytes
}

/// Does something that may wait for a terminal, on a thread of its own, and waits for it at most so long.
pub fn run_within(most: Duration, work: impl FnOnce() + Send + 'static) {
    let (send, done) = channel();
    let work = move || {
        work();
        let _ = send.send(());
    };
    // Where there is no thread it is left: nothing may hold up whoever ends.
    if std::thread::Builder::new().spawn(work).is_ok() {
        let _ = done.recv_timeout(most);
    }
}

/// From now on a panic, of whichever thread, gives the terminal back, says where it happened, and ends the program.
fn install_panic_hook(words: String) {
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
        let said = format!("{words} [zegel {} {place}]\n", env!("CARGO_PKG_VERSION"));
        run_within(RESTORE_TIMEOUT, move || {
            let _ = open_tty().and_then(|mut tty| tty.write_all(&restore_sequence()));
            let _ = disable_raw_mode();
            let _ = io::stderr().write_all(said.as_bytes());
        });
        let _ = disable_raw_mode();
        std::process::exit(101);
    }));
}
