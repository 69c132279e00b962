//! The loop: draw, do what is asked for, wait for something to happen, update.
//!
//! It alone ties the wizard, its drawing, the course of an order, the API and the terminal together. It sleeps until
//! something happens, and draws once for a burst of it. Nothing that the first frame does not need is made before it.

mod editor;
mod files;
mod guide;
mod hands;
mod keeping;
mod lending;
mod listening;
mod trace;

use crate::account::Access;
use crate::certcentral::Network;
use crate::clock::Clock;
use crate::facts::KeyVariables;
use crate::layout::Size;
use crate::order::{self, Write};
use crate::store::{Keeper, StoreError};
use crate::tell;
use crate::term::{Ear, Letters, Term, TermError};
use crate::ui::{self, theme::Theme};
use crate::vault::Stop;
use crate::wizard::key::Code;
use crate::wizard::msg::{Effect, FileTask, GuideTask, Msg, Reply, Ticket};
use crate::wizard::{Exit, Model, update};
use editor::Editing;
use hands::Hands;
use jiff::civil::Date;
use lending::{gives_back, is_for_editor};
use listening::{GONE, listen_to_keys, listen_to_signals};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Notify;
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
    /// The variables in which keys are: neither an editor nor a command that prints a key gets them.
    pub withheld: KeyVariables,
}

/// How long a thread waits for more that may take its time, before it ends. That is seldom, and who waits longer wakes up
/// for nothing while nobody does anything.
const KEPT: Duration = Duration::from_millis(100);

/// Whether the terminal took what it was given back with. Nothing more is to be written to one that did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Listens(pub bool);

/// Opens the wizard and stays in it until the person leaves, the program is told to end, or the terminal is gone.
///
/// # Errors
/// Where there is no terminal, or the system is out of resources.
pub fn run(model: Model, mut backing: Backing, manner: Manner) -> Result<(Exit, Listens), RunError> {
    // Only the store has a use for it.
    let state = std::mem::replace(&mut backing.state, Ok(PathBuf::new()));
    let keeper = Arc::new(Keeper::start(state)?);
    let lang = model.lang().clone();
    let written = Arc::new(Notify::new());
    let wake = Arc::clone(&written);
    let term = Term::enter(model.lang().say("exit.fault").to_owned(), manner.letters, move || wake.notify_one())?;
    let runtime =
        tokio::runtime::Builder::new_multi_thread().worker_threads(1).thread_keep_alive(KEPT).enable_all().build()?;
    let exit = runtime.block_on(Loop::new(model, term, manner, written).turn(backing, &keeper));
    // All that was to be written down is, before the program ends.
    let unsaved = keeper.close();
    // What still waits for an answer must not keep the program from ending.
    runtime.shutdown_background();
    let (exit, listens) = exit?;
    // Only now it is known whether the last of it could be kept.
    let kept = match unsaved {
        Some(unkept) if exit.kept.is_some() => {
            Some(lang.tell("exit.unkept", &[("why", &tell::unkept_words(&lang, &unkept))]))
        }
        _ => exit.kept,
    };
    Ok((Exit { kept, ..exit }, listens))
}

struct Loop {
    model: Model,
    term: Term,
    manner: Manner,
    clock: Clock,
    send: UnboundedSender<Msg>,
    receive: UnboundedReceiver<Msg>,
    /// What the system tells: it waits for nothing else.
    signals: UnboundedReceiver<Msg>,
    /// What is typed: it may be more than can be taken at once.
    typed: UnboundedReceiver<Msg>,
    /// The terminal has taken what it had not, and whoever waits for that goes on.
    written: Arc<Notify>,
    /// Confirm, as long as its end is not on the terminal or keys from before wait to be read.
    arming: Vec<Ticket>,
    /// When something that was typed was taken last.
    typed_at: Option<Instant>,
    /// Whether the newest frame was handed to the terminal.
    drawn: bool,
    /// Who reads the terminal.
    ear: Option<Ear>,
    /// The editor that has the terminal, while one has.
    editing: Option<Editing>,
    /// The command that has the terminal to print a key, while one has.
    asking: Option<Stop>,
}

impl Loop {
    fn new(model: Model, term: Term, manner: Manner, written: Arc<Notify>) -> Self {
        let ((send, receive), clock) = (unbounded_channel(), Clock::start());
        // Both are put in once somebody listens.
        let (signals, typed) = (unbounded_channel().1, unbounded_channel().1);
        let arming = Vec::new();
        Self {
            model,
            term,
            manner,
            clock,
            send,
            receive,
            signals,
            typed,
            written,
            arming,
            typed_at: None,
            drawn: false,
            ear: None,
            editing: None,
            asking: None,
        }
    }

    async fn turn(mut self, backing: Backing, keeper: &Arc<Keeper>) -> Result<(Exit, Listens), RunError> {
        self.draw()?;
        self.listen()?;
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
                return Ok((exit.clone(), Listens(self.term.leave())));
            }
            self.arm(&hands);
            effects = self.next().await;
            if self.draw().is_err() {
                effects = self.lose(effects);
            }
        }
    }

    /// From now on signals, keys and pastes arrive.
    fn listen(&mut self) -> Result<(), RunError> {
        let (send, signals) = unbounded_channel();
        listen_to_signals(&send)?;
        let (send, typed) = unbounded_channel();
        self.ear = Some(listen_to_keys(send, self.manner.escape_wait)?);
        (self.signals, self.typed) = (signals, typed);
        Ok(())
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

    /// Draws what there is, if the terminal takes it; else it is drawn once the terminal does.
    fn draw(&mut self) -> Result<(), TermError> {
        if self.term.is_lent() {
            return Ok(());
        }
        let (model, theme) = (&self.model, Theme { color: self.manner.color });
        self.drawn = self.term.draw(|frame| ui::draw(model, theme, frame))?;
        Ok(())
    }

    /// Lets the pause before Confirm run, once its end is on the terminal and what was typed before is read.
    fn arm(&mut self, hands: &Hands) {
        // That the terminal is gone shows when something is drawn.
        if !self.arming.is_empty() && self.drawn && self.typed.is_empty() && self.term.is_idle().unwrap_or(false) {
            self.arming.drain(..).for_each(|ticket| hands.arm(ticket));
        }
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
            biased;
            Some(msg) = self.signals.recv() => Some(msg),
            Some(msg) = self.receive.recv() => Some(msg),
            Some(msg) = self.typed.recv() => self.took(Some(msg)),
            () = self.written.notified() => None,
            () = pause => None,
        };
        let mut effects = self.tick();
        let (begun, mut next) = (Instant::now(), first);
        while let Some(msg) = next {
            assert!(!(self.manner.panics && is_panic(&msg)), "a test asked for it");
            effects.extend(self.hear(msg));
            next = if begun.elapsed() < BURST { self.try_next() } else { None };
        }
        effects
    }

    /// Something that has happened already, if anything has. What is typed comes last.
    fn try_next(&mut self) -> Option<Msg> {
        let told = self.signals.try_recv().or_else(|_| self.receive.try_recv()).ok();
        told.or_else(|| {
            let typed = self.typed.try_recv().ok();
            self.took(typed)
        })
    }

    /// There is room for more of what is typed.
    fn took(&mut self, typed: Option<Msg>) -> Option<Msg> {
        if typed.is_some() {
            self.ear.iter().for_each(Ear::took_one);
            self.typed_at = Some(Instant::now());
        }
        typed
    }

    /// Whether keys wait to be read, or come one after the other.
    fn is_typing(&self) -> bool {
        !self.typed.is_empty() || self.typed_at.is_some_and(|at| at.elapsed() < STILL)
    }

    /// Takes a message in. While an editor has the terminal, what is typed is for that one.
    fn hear(&mut self, msg: Msg) -> Vec<Effect> {
        if self.term.is_lent() && is_for_editor(&msg) {
            return Vec::new();
        }
        if let Some(what) = trace::message(&msg) {
            tracing::info!(what, "hears");
        }
        if let Msg::Reply(ticket, reply) = &msg
            && matches!(**reply, Reply::Armed)
            && self.is_typing()
        {
            // The pause begins anew: these keys were meant for something else.
            self.arming.push(*ticket);
            return Vec::new();
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

    fn tick(&mut self) -> Vec<Effect> {
        update(&mut self.model, Msg::Tick(self.clock.now(), today()))
    }

    fn perform(&mut self, effect: Effect, hands: &Hands) -> Result<(), TermError> {
        tracing::debug!(effect = trace::effect(&effect), "does");
        match effect {
            Effect::Fetch(ticket, fetch) => hands.fetch(ticket, fetch),
            Effect::Cancel(ticket) => hands.cancel(ticket),
            Effect::Near(ticket, words, typed) => hands.near(ticket, words, typed),
            Effect::Arm(ticket) => self.arming.push(ticket),
            Effect::Order(effect) => hands.order(effect),
            Effect::Keep(keep) => hands.keep(keep),
            Effect::File(ticket, FileTask::Edit(text)) => {
                // Whatever becomes of the editor, what was typed is on disk.
                hands.drain();
                self.lend(ticket, &text, hands)?;
            }
            Effect::File(ticket, task) => hands.file(ticket, task),
            Effect::Guide(ticket, GuideTask::Try(account)) if guide::command_of(&account).is_some() => {
                self.lend_to_command(ticket, *account, hands)?;
            }
            Effect::Guide(ticket, task) => guide::perform(hands, ticket, task),
            Effect::Copy(text) => self.term.copy(&text),
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

fn is_panic(msg: &Msg) -> bool {
    matches!(msg, Msg::Key(key) if key.code == Code::F(12))
}

/// How long it sleeps at a stretch where something is due later: timers stand still while the computer is suspended, and
/// what became due meanwhile is done so soon afterwards.
const NAP: Duration = Duration::from_secs(5);

/// How long nothing is painted, and nothing done of what is asked for, while more and more happens: a paste that comes as
/// keys may take seconds in all.
const BURST: Duration = Duration::from_millis(50);

/// How long no key has come where nobody is in the middle of typing.
const STILL: Duration = Duration::from_millis(100);
