//! The terminal: taking it over and giving it back on every way out, reading keys, writing frames.
//!
//! Every mode that was switched on is switched off again in reverse order, each even if another fails: on leaving,
//! on an error, in a panic, and while suspended. Frames are written in one piece between the marks of synchronized
//! output. It knows nothing of what is on the screen.

mod input;
mod kind;
mod letters;
mod parse;
mod paste;
mod screen;
mod sequence;
mod size;

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
use crossterm::{cursor, execute};
use ratatui::Frame;
use rustix::termios::{LocalModes, OptionalActions, QueueSelector, Termios, tcflush, tcgetattr, tcsetattr};
use screen::{Painted, Screen};
use std::fs::File;
use std::io::{self, IsTerminal, Write};
use std::os::fd::AsFd;

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

/// A terminal that was taken over. It is given back when this is dropped.
pub struct Term {
    tty: File,
    painted: Painted,
    terminal: ratatui::Terminal<Screen>,
    letters: Letters,
    /// The modes in which another program was given the terminal, while it has it.
    lent: Option<Termios>,
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
    /// the program, and nothing else: what was typed does not belong in a report.
    ///
    /// # Errors
    /// Where there is no terminal, or it does not take orders.
    pub fn enter(words: String, letters: Letters) -> Result<Self, TermError> {
        available()?;
        let painted = Painted::default();
        let terminal = ratatui::Terminal::new(Screen::new(painted.clone()))?;
        let mut term = Self { tty: tty()?, painted, terminal, letters, lent: None };
        report_panics(words);
        term.take()?;
        Ok(term)
    }

    fn take(&mut self) -> io::Result<()> {
        enable_raw_mode()?;
        // Not every terminal has another screen: those of the Linux console and of GNU screen's default do not.
        execute!(self.tty, EnterAlternateScreen, Clear(ClearType::All), EnableBracketedPaste, cursor::Hide)
    }

    /// Draws a frame, and returns once the terminal has it.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn draw(&mut self, draw: impl FnOnce(&mut Frame<'_>)) -> io::Result<()> {
        let letters = self.letters;
        self.terminal.draw(|frame| {
            draw(frame);
            letters.fit_all(frame.buffer_mut());
        })?;
        let frame = self.painted.take();
        if !frame.is_empty() {
            self.tty.write_all(&[SYNC[0], &frame, SYNC[1]].concat())?;
        }
        Ok(())
    }

    /// Sends a text to the clipboard of the terminal, which may be on another machine. Nothing answers, so whether it
    /// took the text is not known. It passes through tmux where its `set-clipboard` is on.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn copy(&mut self, text: &str) -> io::Result<()> {
        if self.is_lent() {
            return Ok(());
        }
        self.tty.write_all(&clipboard(text))
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
        give_back(&mut self.tty);
        stop()?;
        self.take()?;
        self.repaint()
    }

    /// Gives the terminal to another program, as it was before it was taken over. Answers what that one writes to.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn lend(&mut self) -> io::Result<File> {
        give_back(&mut self.tty);
        self.lent = Some(tcgetattr(&self.tty)?);
        self.tty.try_clone()
    }

    /// Whether another program has it.
    pub fn is_lent(&self) -> bool {
        self.lent.is_some()
    }

    /// Takes it back, however that program left it. What was typed for that one and not read is thrown away.
    ///
    /// # Errors
    /// Where the terminal is gone.
    pub fn take_back(&mut self) -> io::Result<()> {
        let Some(modes) = self.lent.take() else { return Ok(()) };
        tcsetattr(&self.tty, OptionalActions::Now, &modes)?;
        self.take()?;
        tcflush(&self.tty, QueueSelector::IFlush)?;
        execute!(self.tty, ResetColor)?;
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
}

impl Drop for Term {
    fn drop(&mut self) {
        match self.lent.take() {
            // Nothing is switched on. How the other program left the modes is not how they were.
            Some(modes) => drop(tcsetattr(&self.tty, OptionalActions::Now, &modes)),
            None => give_back(&mut self.tty),
        }
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

/// Switches everything off that was switched on; what fails does not keep the rest from being tried.
fn give_back(tty: &mut File) {
    // Where there is no other screen to leave, nothing of an order stays behind.
    let _ = execute!(tty, SetAttribute(Attribute::Reset), Clear(ClearType::All), cursor::MoveTo(0, 0));
    let _ = execute!(tty, cursor::Show);
    let _ = execute!(tty, DisableBracketedPaste);
    let _ = execute!(tty, LeaveAlternateScreen);
    let _ = disable_raw_mode();
}

/// From now on a panic, of whichever thread, gives the terminal back, says where it happened, and ends the program.
fn report_panics(words: String) {
    std::panic::set_hook(Box::new(move |panic| {
        if let Ok(mut tty) = tty() {
            give_back(&mut tty);
        }
        let place = panic.location().map(|at| format!("{}:{}", at.file(), at.line())).unwrap_or_default();
        let _ = writeln!(io::stderr(), "{words} [zegel {} {place}]", env!("CARGO_PKG_VERSION"));
        std::process::exit(101);
    }));
}
