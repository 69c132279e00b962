//! The terminal: taking it over and giving it back on every way out, reading keys, writing frames.
//!
//! Every mode that was switched on is switched off again in reverse order, each even if another fails: on leaving,
//! on an error, in a panic, and while suspended. Frames are written in one piece between the marks of synchronized
//! output, by a thread of their own: a terminal that does not read holds nobody up, and misses frames. It knows nothing
//! of what is on the screen.

mod input;
mod kind;
mod letters;
mod parse;
mod paste;
mod screen;
mod sequence;
mod size;
mod writer;

pub use input::{ESCAPE_WAIT, Ear, Input, listen};
pub use kind::has_colors;
pub use letters::{Letters, Locale};
pub use size::{reported_size, size};

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use crossterm::event::{DisableBracketedPaste, EnableBracketedPaste};
use crossterm::style::{Attribute, ResetColor, SetAttribute};
use crossterm::terminal::{Clear, ClearType, EnterAlternateScreen, LeaveAlternateScreen};
use crossterm::terminal::{disable_raw_mode, enable_raw_mode};
use crossterm::{cursor, queue};
use ratatui::Frame;
use rustix::termios::{LocalModes, OptionalActions, Termios, tcgetattr, tcsetattr};
use screen::{Painted, Screen};
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;
use std::sync::mpsc::channel;
use std::time::Duration;
use writer::Writer;

/// Begin and end of a synchronized update: a terminal that knows them shows the frame at once, others pass over them as
/// over every private mode that they do not know.
const SYNC: [&[u8]; 2] = [b"\x1b[?2026h", b"\x1b[?2026l"];

/// Why there is no terminal to work in.
#[derive(Debug, thiserror::Error)]
pub enum TermError {
    /// Input or output is no terminal: run it in one.
    #[error("standard input is not a terminal")]
    NotATerminal,
    /// The terminal does not say what it is: set `TERM`.
    #[error("TERM is not set")]
    Unnamed,
    /// The terminal says by this name that it can do nothing but lines: use another.
    #[error("TERM is {0:?}")]
    Lines(String),
    /// The terminal is gone, or does not take orders.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// So long a terminal has to take what gives it back. One that does not read keeps nobody from leaving.
pub const PARTING: Duration = Duration::from_millis(250);

/// A terminal that was taken over. It is given back when this is dropped.
pub struct Term {
    tty: File,
    writer: Writer,
    painted: Painted,
    terminal: ratatui::Terminal<Screen>,
    letters: Letters,
    /// The modes in which another program was given the terminal, while it has it.
    lent: Option<Termios>,
    /// Whether it was given back for good.
    left: bool,
}

/// Where to draw: standard output, or the terminal itself where that is redirected.
fn tty() -> io::Result<File> {
    if io::stdout().is_terminal() {
        return Ok(File::from(io::stdout().as_fd().try_clone_to_owned()?));
    }
    File::options().write(true).open("/dev/tty")
}

/// Whether there is a terminal to work in.
///
/// # Errors
/// Where there is none, by what can be done about it.
pub fn available() -> Result<(), TermError> {
    if !io::stdin().is_terminal() || tty().is_err() {
        return Err(TermError::NotATerminal);
    }
    kind::judge(std::env::var_os("TERM").map(|term| term.to_string_lossy().into_owned()).as_deref())
}

impl Term {
    /// Takes the terminal over, which shows these characters. A panic from now on gives it back first, and then says `words` with the place in
    /// the program, and nothing else: what was typed does not belong in a report. `wake` is called once a frame can be
    /// painted that could not be before, and when the terminal is gone.
    ///
    /// # Errors
    /// Where there is no terminal, or it does not take orders.
    pub fn enter(words: String, letters: Letters, wake: impl Fn() + Send + 'static) -> Result<Self, TermError> {
        available()?;
        let painted = Painted::default();
        let terminal = ratatui::Terminal::new(Screen::new(painted.clone()))?;
        let tty = tty()?;
        let writer = Writer::start(tty.try_clone()?, wake)?;
        let mut term = Self { tty, writer, painted, terminal, letters, lent: None, left: false };
        report_panics(words);
        term.take()?;
        Ok(term)
    }

    fn take(&mut self) -> io::Result<()> {
        enable_raw_mode()?;
        let mut bytes = Vec::new();
        // Not every terminal has another screen: those of the Linux console and of GNU screen's default do not.
        queue!(bytes, EnterAlternateScreen, Clear(ClearType::All), EnableBracketedPaste, cursor::Hide)?;
        self.writer.write(&bytes);
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
        let letters = self.letters;
        self.terminal.draw(|frame| {
            draw(frame);
            letters.fit_all(frame.buffer_mut());
        })?;
        let frame = self.painted.take();
        if !frame.is_empty() {
            self.writer.write(&[SYNC[0], &frame, SYNC[1]].concat());
        }
        Ok(true)
    }

    /// Sends a text to the clipboard of the terminal, which may be on another machine. Nothing answers, so whether it
    /// took the text is not known. It passes through tmux where its `set-clipboard` is on.
    pub fn copy(&mut self, text: &str) {
        if !self.is_lent() {
            self.writer.write(&clipboard(text));
        }
    }

    /// Forgets what is on the screen, so that the next frame paints all of it.
    ///
    /// ratatui's own `clear` asks the terminal where its cursor is, and fails where the answer does not come; to be
    /// resized it clears as well, and asks nothing.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn repaint(&mut self) -> io::Result<()> {
        let size = self.terminal.size()?;
        self.terminal.resize(size.into())
    }

    /// Gives the terminal back until the process is continued.
    ///
    /// # Errors
    /// Where the terminal is gone when it comes back.
    pub fn suspend(&mut self) -> io::Result<()> {
        if self.is_lent() {
            return stop();
        }
        self.give_back();
        stop()?;
        self.take()?;
        self.repaint()
    }

    /// Gives the terminal to another program, as it was before it was taken over. Answers what that one writes to.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn lend(&mut self) -> io::Result<File> {
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
        self.take()?;
        let mut bytes = Vec::new();
        queue!(bytes, ResetColor)?;
        self.writer.write(&bytes);
        self.repaint()
    }

    /// Takes the terminal once more: somebody else may have had it while the process was stopped.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn retake(&mut self) -> io::Result<()> {
        if self.is_lent() {
            return Ok(());
        }
        // Where nobody has changed it, it stays as it is: between two modes Ctrl-C would be a signal.
        if !is_raw(&self.tty) {
            // Raw mode is only set anew where it was given back.
            let _ = disable_raw_mode();
            self.take()?;
        }
        self.repaint()
    }

    /// Switches everything off that was switched on. Answers whether the terminal has taken that.
    fn give_back(&mut self) -> bool {
        self.writer.write(&parting());
        let taken = self.writer.settle(PARTING);
        let _ = disable_raw_mode();
        taken
    }

    /// Gives the terminal back for good. Answers whether it has taken that: what is written to one that takes nothing
    /// would be waited for without end.
    pub fn leave(mut self) -> bool {
        self.end()
    }

    fn end(&mut self) -> bool {
        if std::mem::replace(&mut self.left, true) {
            return true;
        }
        match self.lent.take() {
            // Nothing is switched on. How the other program left the modes is not how they were.
            Some(modes) => {
                let _ = tcsetattr(&self.tty, OptionalActions::Now, &modes);
                self.writer.settle(PARTING)
            }
            None => self.give_back(),
        }
    }
}

impl Drop for Term {
    fn drop(&mut self) {
        self.end();
    }
}

/// The sequence that puts a text on the clipboard (xterm's control sequences: "Operating System Commands", 52).
fn clipboard(text: &str) -> Vec<u8> {
    format!("\x1b]52;c;{}\x07", STANDARD.encode(text)).into_bytes()
}

/// Stops the process until it is continued.
fn stop() -> io::Result<()> {
    // TSTP is heard by the program itself, and STOP would stop it even where no shell could continue it. TTIN is heard
    // by nobody, and the system passes over it there.
    Ok(rustix::process::kill_process(rustix::process::getpid(), rustix::process::Signal::TTIN)?)
}

/// Whether keys come one by one.
fn is_raw(tty: &File) -> bool {
    tcgetattr(tty).is_ok_and(|modes| !modes.local_modes.contains(LocalModes::ICANON))
}

/// What switches everything off that was switched on.
fn parting() -> Vec<u8> {
    let mut bytes = Vec::new();
    // Where there is no other screen to leave, nothing of an order stays behind. A vector takes every byte.
    let _ = queue!(bytes, SetAttribute(Attribute::Reset), Clear(ClearType::All), cursor::MoveTo(0, 0));
    let _ = queue!(bytes, cursor::Show, DisableBracketedPaste, LeaveAlternateScreen);
    bytes
}

/// Does something that may wait for a terminal, on a thread of its own, and waits for it at most so long.
pub fn within(most: Duration, work: impl FnOnce() + Send + 'static) {
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
fn report_panics(words: String) {
    std::panic::set_hook(Box::new(move |panic| {
        let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
        let said = format!("{words} [zegel {} {place}]\n", env!("CARGO_PKG_VERSION"));
        within(PARTING, move || {
            let _ = tty().and_then(|mut tty| tty.write_all(&parting()));
            let _ = disable_raw_mode();
            let _ = io::stderr().write_all(said.as_bytes());
        });
        let _ = disable_raw_mode();
        std::process::exit(101);
    }));
}
