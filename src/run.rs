//! The loop: draw, do what is asked for, wait for something to happen, update.
//!
//! It alone ties the wizard, its drawing, the course of an order, the API and the terminal together. It sleeps until
//! something happens, and draws once for a burst of it. Nothing that the first frame does not need is made before it.

mod editor;
mod files;
mod guide;
mod hands;
mod keeping;
mod trace;

use crate::account::Access;
use crate::certcentral::Network;
use crate::clock::Clock;
use crate::facts::Unedited;
use crate::layout::Size;
use crate::order::{self, Write};
use crate::secret::SecretText;
use crate::store::{Keeper, StoreError};
use crate::tell;
use crate::term::{Ear, Input, Letters, Term, TermError};
use crate::ui::{self, theme::Theme};
use crate::vault::Stop;
use crate::wizard::key::Code;
use crate::wizard::msg::{Effect, FileTask, Filed, GuideTask, Guided, Msg, NewAccount, Ticket};
use crate::wizard::{Exit, Model, update};
use editor::Editing;
use hands::Hands;
use jiff::civil::Date;
use rustix::process::Signal;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::signal::unix::{SignalKind, signal};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Why the loop ended without the person's wish.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// There is no terminal, or it is gone.
    #[error(transparent)]
    Terminal(#[from] TermError),
    /// The system gave no thread, signal or event queue.
    #[error(transparent)]
    System(#[from] std::io::Error),
}

/// Where drafts and the journal are, or why that is not known.
pub type StateDir = Result<PathBuf, StoreError>;

/// Today, in UTC.
pub fn today() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// The size that the terminal is taken for.
pub fn size() -> Size {
    let (width, height) = crate::term::size();
    Size { width, height }
}

/// How the loop is run.
#[derive(Debug, Clone, Copy, Default)]
pub struct Manner {
    /// Whether colors are used; attributes such as bold always are.
    pub color: bool,
    /// Which characters the terminal shows.
    pub letters: Letters,
    /// How long Esc waits for what may follow it.
    pub escape_wait: Duration,
    /// Whether F12 panics: only a panic of the real program shows that the terminal survives one.
    pub panics: bool,
}

/// What the loop works with.
#[derive(Debug)]
pub struct Backing {
    /// The account; without one nothing can be ordered.
    pub access: Option<Access>,
    /// Where drafts and the journal are.
    pub state: StateDir,
    /// How hosts are reached by an account that is being set up.
    pub network: Network,
    /// The configuration's file, where it is known.
    pub config: Option<PathBuf>,
}

/// How long a thread waits for more that may take its time, before it ends. That is seldom, and who waits longer wakes up
/// for nothing while nobody does anything.
const KEPT: Duration = Duration::from_millis(100);

/// Opens the wizard and stays in it until the person leaves, the program is told to end, or the terminal is gone.
///
/// # Errors
/// Where there is no terminal, or the system is out of resources.
pub fn run(model: Model, mut backing: Backing, manner: Manner) -> Result<Exit, RunError> {
    // Only the store has a use for it.
    let state = std::mem::replace(&mut backing.state, Ok(PathBuf::new()));
    let keeper = Arc::new(Keeper::start(state)?);
    let lang = model.lang().clone();
    let term = Term::enter(model.lang().say("exit.fault").to_owned(), manner.letters)?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).thread_keep_alive(KEPT).enable_all().build()?;
    let exit = runtime.block_on(Loop::new(model, term, manner).turn(backing, &keeper));
    // All that was to be written down is, before the program ends.
    let unsaved = keeper.close();
    // What still waits for an answer must not keep the program from ending.
    runtime.shutdown_background();
    let exit = exit?;
    // Only now it is known whether the last of it could be kept.
    let kept = match unsaved {
        Some(unkept) if exit.kept.is_some() => {
            Some(lang.tell("exit.unkept", &[("why", &tell::unkept_words(&lang, &unkept))]))
        }
        _ => exit.kept,
    };
    Ok(Exit { kept, ..exit })
}

struct Loop {
    model: Model,
    term: Term,
    manner: Manner,
    clock: Clock,
    send: UnboundedSender<Msg>,
    receive: UnboundedReceiver<Msg>,
    /// Who reads the terminal.
    ear: Option<Ear>,
    /// The editor that has the terminal, while one has.
    editing: Option<Editing>,
    /// The command that has the terminal to print a key, while one has.
    asking: Option<Stop>,
}

impl Loop {
    fn new(model: Model, term: Term, manner: Manner) -> Self {
        let (send, receive) = unbounded_channel();
        Self { model, term, manner, clock: Clock::start(), send, receive, ear: None, editing: None, asking: None }
    }

    async fn turn(mut self, backing: Backing, keeper: &Arc<Keeper>) -> Result<Exit, RunError> {
        self.draw()?;
        self.ear = Some(listen(self.send.clone(), self.manner.escape_wait)?);
        let (lang, product) = (self.model.lang(), self.model.ordered());
        let hands = Hands::new(backing, lang, keeper, product, self.clock, self.send.clone());
        // The first message of every run: what the first screen needs is asked for.
        let mut effects = update(&mut self.model, Msg::Resize(size()));
        loop {
            self.perform_all(effects, &hands);
            if let Some(exit) = self.model.exit() {
                self.editing.iter().for_each(Editing::end);
                // The terminal is read no more before it is given back: what is typed next is for whoever has it then.
                (self.asking, self.ear) = (None, None);
                return Ok(exit.clone());
            }
            effects = self.next().await;
            if self.draw().is_err() {
                effects = self.lose(effects);
            }
        }
    }

    /// The terminal is gone, and nobody sees anything any more. That is as good as being told to end: what was placed
    /// or is not known is still told on the way out. What was about to be done is left, but for what is to be kept.
    fn lose(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        let kept = effects.into_iter().filter(outlives);
        kept.chain(update(&mut self.model, Msg::Terminate(GONE))).collect()
    }

    fn perform_all(&mut self, effects: Vec<Effect>, hands: &Hands) {
        let mut left = effects.into_iter();
        while let Some(effect) = left.next() {
            if self.perform(effect, hands).is_err() {
                // None of these needs the terminal.
                left = self.lose(left.collect()).into_iter();
            }
        }
    }

    fn draw(&mut self) -> Result<(), TermError> {
        if self.term.is_lent() {
            return Ok(());
        }
        let (model, theme) = (&self.model, Theme { color: self.manner.color });
        Ok(self.term.draw(|frame| ui::draw(model, theme, frame))?)
    }

    /// Waits for something to happen, and takes in everything that has happened by then. Nothing that comes of it is done
    /// before: what somebody has typed without looking is not to meet a question that has only just been armed.
    async fn next(&mut self) -> Vec<Effect> {
        let wakes = self.model.wakes_in();
        let pause = async {
            match wakes {
                Some(millis) => tokio::time::sleep(Duration::from_millis(millis.max(1)).min(NAP)).await,
                None => std::future::pending().await,
            }
        };
        let first = tokio::select! {
            msg = self.receive.recv() => msg,
            () = pause => None,
        };
        let mut effects = self.tick();
        let (mut painted, mut next) = (Instant::now(), first);
        while let Some(msg) = next {
            assert!(!(self.manner.panics && is_panic(&msg)), "a test asked for it");
            effects.extend(self.hear(msg));
            if painted.elapsed() > BURST {
                if self.draw().is_err() {
                    effects = self.lose(effects);
                }
                painted = Instant::now();
            }
            next = self.receive.try_recv().ok();
        }
        effects
    }

    /// Takes a message in. While an editor has the terminal, what is typed is for that one.
    fn hear(&mut self, msg: Msg) -> Vec<Effect> {
        if self.term.is_lent() && is_for_editor(&msg) {
            return Vec::new();
        }
        if let Some(what) = trace::message(&msg) {
            tracing::info!(what, "hears");
        }
        let mut effects = Vec::new();
        if self.term.is_lent() && gives_back(&msg) && self.take_back().is_err() {
            effects = self.lose(effects);
        }
        // A window that was smaller in between has lost what did not fit, though its size is what it was.
        if matches!(msg, Msg::Resize(_)) && !self.term.is_lent() && self.term.repaint().is_err() {
            effects = self.lose(effects);
        }
        effects.extend(update(&mut self.model, msg));
        effects
    }

    /// Hands a text to the person's editor, with the terminal.
    fn lend(&mut self, ticket: Ticket, text: &SecretText) -> Result<(), TermError> {
        self.ear.iter_mut().for_each(Ear::rest);
        let tty = self.term.lend()?;
        let send = self.send.clone();
        let tell = move |edited: Result<SecretText, Unedited>| {
            let _ = send.send(Msg::File(ticket, Box::new(Filed::Edited(edited))));
        };
        match editor::start(text, tty) {
            Ok((editing, waiting)) => {
                self.editing = Some(editing);
                // A thread of its own, because it waits for as long as somebody writes.
                let name = "editor".to_owned();
                std::thread::Builder::new().name(name).spawn(move || tell(waiting.wait())).map_err(TermError::Io)?;
            }
            Err(why) => tell(Err(why)),
        }
        Ok(())
    }

    /// Lends the terminal to the command that prints a key.
    fn lend_to_command(&mut self, ticket: Ticket, account: NewAccount, hands: &Hands) -> Result<(), TermError> {
        self.ear.iter_mut().for_each(Ear::rest);
        self.term.lend()?;
        self.asking = guide::run_command(hands, ticket, account);
        Ok(())
    }

    /// Whoever had the terminal has ended.
    fn take_back(&mut self) -> Result<(), TermError> {
        (self.editing, self.asking) = (None, None);
        self.term.take_back()?;
        self.ear.iter_mut().for_each(Ear::go_on);
        let _ = self.send.send(Msg::Resize(size()));
        Ok(())
    }

    fn tick(&mut self) -> Vec<Effect> {
        update(&mut self.model, Msg::Tick(self.clock.now(), today()))
    }

    fn perform(&mut self, effect: Effect, hands: &Hands) -> Result<(), TermError> {
        tracing::debug!(effect = trace::effect(&effect), "does");
        match effect {
            Effect::Fetch(ticket, fetch) => hands.fetch(ticket, fetch),
            Effect::Cancel(ticket) => hands.cancel(ticket),
            Effect::Near(ticket, words, typed) => hands.near(ticket, words, typed),
            Effect::Arm(ticket) => hands.arm(ticket),
            Effect::Order(effect) => hands.order(effect),
            Effect::Keep(keep) => hands.keep(keep),
            Effect::File(ticket, FileTask::Edit(text)) => {
                // Whatever becomes of the editor, what was typed is on disk.
                hands.drain();
                self.lend(ticket, &text)?;
            }
            Effect::File(ticket, task) => hands.file(ticket, task),
            Effect::Guide(ticket, GuideTask::Try(account)) if guide::command_of(&account).is_some() => {
                self.lend_to_command(ticket, *account, hands)?;
            }
            Effect::Guide(ticket, task) => guide::perform(hands, ticket, task),
            Effect::Copy(text) => self.term.copy(&text)?,
            Effect::Suspend => {
                hands.drain();
                self.term.suspend()?;
                // The window may have changed meanwhile, and nobody was there to hear of it.
                let _ = self.send.send(Msg::Resize(size()));
            }
            Effect::Retake => {
                self.term.retake()?;
                let _ = self.send.send(Msg::Resize(size()));
            }
            Effect::Repaint if self.term.is_lent() => {}
            Effect::Repaint => {
                self.term.repaint()?;
                self.draw()?;
            }
            Effect::Quit => {}
        }
        Ok(())
    }
}

/// Whether it is done even where the terminal is gone: what was typed and what became of an order are kept. An order
/// that was about to be written down is not, because it will not be sent.
fn outlives(effect: &Effect) -> bool {
    matches!(effect, Effect::Keep(_) | Effect::Order(order::Effect::Write(Write::Ended(..) | Write::Decision(..))))
}

/// Whether it is meant for the editor that has the terminal: what was typed just before it had it, and the two signals
/// that keys send to everybody at the terminal.
fn is_for_editor(msg: &Msg) -> bool {
    match msg {
        Msg::Key(_) | Msg::Paste(_) | Msg::Garbled => true,
        Msg::Terminate(code) => [SignalKind::interrupt(), SignalKind::quit()].map(code_of).contains(code),
        _ => false,
    }
}

/// Whether it says that the program which has the terminal has ended.
fn gives_back(msg: &Msg) -> bool {
    match msg {
        Msg::File(_, filed) => matches!(**filed, Filed::Edited(_)),
        Msg::Guided(_, guided) => matches!(**guided, Guided::Tried(_)),
        _ => false,
    }
}

fn is_panic(msg: &Msg) -> bool {
    matches!(msg, Msg::Key(key) if key.code == Code::F(12))
}

/// How long it sleeps at a stretch where something is due later: timers stand still while the computer is suspended, and
/// what became due meanwhile is done so soon afterwards.
const NAP: Duration = Duration::from_secs(5);

/// How long nothing is painted while more and more happens: a paste that comes as keys may take seconds in all.
const BURST: Duration = Duration::from_millis(50);

/// The exit code where the terminal is gone: that of a hang-up.
const GONE: u8 = 129;

/// From now on this signal arrives as a message.
fn on_signal(
    kind: SignalKind,
    send: &UnboundedSender<Msg>,
    msg: impl Fn() -> Msg + Send + 'static,
) -> std::io::Result<()> {
    let (mut signal, send) = (signal(kind)?, send.clone());
    tokio::spawn(async move {
        while signal.recv().await.is_some() {
            let _ = send.send(msg());
        }
    });
    Ok(())
}

/// The exit code of a program that this signal ends.
fn code_of(kind: SignalKind) -> u8 {
    u8::try_from(128 + kind.as_raw_value()).unwrap_or(GONE)
}

/// From now on keys, sizes and signals arrive as messages.
fn listen(send: UnboundedSender<Msg>, escape_wait: Duration) -> std::io::Result<Ear> {
    for kind in [SignalKind::terminate(), SignalKind::hangup(), SignalKind::interrupt(), SignalKind::quit()] {
        on_signal(kind, &send, move || Msg::Terminate(code_of(kind)))?;
    }
    on_signal(SignalKind::window_change(), &send, || Msg::Resize(size()))?;
    on_signal(SignalKind::from_raw(Signal::TSTP.as_raw()), &send, || Msg::Suspend)?;
    on_signal(SignalKind::from_raw(Signal::CONT.as_raw()), &send, || Msg::Continued)?;
    // Whoever hears it is not ended by it: what no longer fits fails, which is said, and the terminal is given back.
    drop(signal(SignalKind::from_raw(Signal::XFSZ.as_raw()))?);
    crate::term::listen(escape_wait, move |input| {
        let msg = match input {
            Input::Key(key) => Msg::Key(key),
            Input::Paste(text) => Msg::Paste(text),
            Input::Garbled => Msg::Garbled,
            Input::Gone => Msg::Terminate(GONE),
        };
        send.send(msg).is_ok()
    })
}
