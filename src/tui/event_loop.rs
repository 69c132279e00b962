//! Event loop: draw, perform effects, wait for messages, update.
//!
//! Only this module connects the app with drawing, orders, the API and the terminal. It sleeps until something happens,
//! and draws once for several messages that arrive together. What the first frame does not need is made after it.

mod effects;
mod external_editor;
mod files;
mod lend_terminal;
mod listen;
mod log_names;
mod setup;
mod store;

use crate::account::AccountAccess;
use crate::certcentral::Network;
use crate::clock::Clock;
use crate::domain::{KeyVariables, PersistenceError};
use crate::i18n::{texts, with};
use crate::keystore::KeyCommandGuard;
use crate::messages;
use crate::order::{self, JournalWrite};
use crate::store::StoreWorker;
use crate::tui::app::update;
use crate::tui::app::{App, Exit};
use crate::tui::draw;
use crate::tui::key::KeyCode;
use crate::tui::message::{Effect, EffectReply, FileTask, Message, SetupTask, Ticket};
use crate::tui::session::setup::ordered_product;
use crate::tui::terminal::{Charset, InputReader, Terminal, TerminalError};
use crate::tui::theme::Theme;
use crate::tui::widgets::Size;
use effects::EffectExecutor;
use external_editor::EditorProcess;
use jiff::civil::Date;
use lend_terminal::{gives_terminal_back, is_for_editor};
use listen::{HANG_UP_EXIT_CODE, listen_to_keys, listen_to_signals};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::sync::Notify;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};

/// Why the loop ended although the person did not leave.
#[derive(Debug, thiserror::Error)]
#[error("{self:?}")]
pub enum RunError {
    /// There is no terminal, or it is gone.
    Terminal(#[from] TerminalError),
    /// The system gives no thread, signal or event queue.
    System(#[from] std::io::Error),
}

/// The directory of the drafts and the journal, or why it is not known.
pub type StateDir = Result<PathBuf, PersistenceError>;

pub fn today_utc() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// The size that is used for the terminal; see [`crate::tui::terminal::terminal_size`].
pub fn current_size() -> Size {
    let (width, height) = crate::tui::terminal::terminal_size();
    Size { width, height }
}

#[derive(Debug, Clone, Copy, Default)]
pub struct LoopOptions {
    /// Whether colors are used. Attributes such as bold are always used.
    pub color: bool,
    /// The characters that the terminal shows.
    pub charset: Charset,
    /// How long Esc waits for more bytes.
    pub escape_wait: Duration,
    /// Whether F12 panics. Only a panic of the real program shows that the terminal survives one.
    pub panics_on_f12: bool,
}

#[derive(Debug)]
pub struct LoopResources {
    /// The account. Without one nothing can be ordered.
    pub access: Option<AccountAccess>,
    /// The directory of the drafts and the journal.
    pub state_dir: StateDir,
    /// How an account that is being set up reaches hosts.
    pub network: Network,
    /// The configuration file. `None` if its place is not known.
    pub config: Option<PathBuf>,
    /// The variables that contain keys. Neither an editor nor a command that prints a key gets them.
    pub withheld: KeyVariables,
}

/// How long an idle thread for blocking work stays alive. Such work is rare, and with a longer time the program would
/// wake up for nothing while the person does nothing.
const THREAD_KEEP_ALIVE: Duration = Duration::from_millis(100);

/// Whether the terminal took the sequence that restores it. If not, nothing more may be written to the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TerminalRestored(pub bool);

/// Runs the wizard until the person leaves, a signal ends the program, or the terminal is gone.
///
/// # Errors
/// There is no terminal, or the system is out of resources.
pub fn run_wizard(
    model: App,
    mut resources: LoopResources,
    manner: LoopOptions,
) -> Result<(Exit, TerminalRestored), RunError> {
    // Only the store uses the directory.
    let state = std::mem::replace(&mut resources.state_dir, Ok(PathBuf::new()));
    let store_worker = Arc::new(StoreWorker::start(state)?);
    let lang = model.lang().clone();
    let written = Arc::new(Notify::new());
    let wake = Arc::clone(&written);
    let term =
        Terminal::enter(model.lang().text(texts::exit::FAULT).to_owned(), manner.charset, move || wake.notify_one())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_keep_alive(THREAD_KEEP_ALIVE)
        .enable_all()
        .build()?;
    let exit = runtime.block_on(EventLoop::new(model, term, manner, written).run_until_exit(resources, &store_worker));
    // Closing the store writes everything that is queued, before the program ends.
    let unsaved = store_worker.close();
    // A fetch that is still waiting must not prevent the program from ending.
    runtime.shutdown_background();
    let (exit, listens) = exit?;
    // Only now it is known whether the last draft was saved.
    let kept = match unsaved {
        Some(unkept) if exit.draft_notice.is_some() => {
            Some(lang.format(texts::exit::UNKEPT, with::Why(&messages::persistence_error_text(&lang, &unkept))))
        }
        _ => exit.draft_notice,
    };
    Ok((Exit { draft_notice: kept, ..exit }, listens))
}

struct EventLoop {
    model: App,
    terminal: Terminal,
    manner: LoopOptions,
    clock: Clock,
    send: UnboundedSender<Message>,
    receive: UnboundedReceiver<Message>,
    /// Signals and sizes. They have their own channel, so that they never wait.
    signals: UnboundedReceiver<Message>,
    /// Keys and pastes. There may be more of them than the loop handles at once.
    typed: UnboundedReceiver<Message>,
    /// Notified when the terminal takes output that it had not taken before.
    written: Arc<Notify>,
    /// Tickets of Confirm that wait until its end is on the terminal and earlier keys are handled.
    tickets_to_arm: Vec<Ticket>,
    /// When a typed message was last handled.
    typed_at: Option<Instant>,
    /// Whether the newest frame was given to the terminal.
    drawn: bool,
    input_reader: Option<InputReader>,
    /// The editor, while it has the terminal.
    editing: Option<EditorProcess>,
    /// The command that prints a key, while it has the terminal.
    key_command: Option<KeyCommandGuard>,
}

impl EventLoop {
    fn new(model: App, terminal: Terminal, manner: LoopOptions, written: Arc<Notify>) -> Self {
        let ((send, receive), clock) = (unbounded_channel(), Clock::start());
        // Both are replaced once the loop listens.
        let (signals, typed) = (unbounded_channel().1, unbounded_channel().1);
        let tickets_to_arm = Vec::new();
        Self {
            model,
            terminal,
            manner,
            clock,
            send,
            receive,
            signals,
            typed,
            written,
            tickets_to_arm,
            typed_at: None,
            drawn: false,
            input_reader: None,
            editing: None,
            key_command: None,
        }
    }

    async fn run_until_exit(
        mut self,
        resources: LoopResources,
        store_worker: &Arc<StoreWorker>,
    ) -> Result<(Exit, TerminalRestored), RunError> {
        self.draw_frame()?;
        self.start_listening()?;
        let (lang, product) = (self.model.lang(), ordered_product(&self.model.session));
        let executor = EffectExecutor::new(resources, lang, store_worker, product, self.clock, self.send.clone());
        // The first message of every run makes the app request what its first screen needs.
        let mut effects = update(&mut self.model, Message::Resize(current_size()));
        loop {
            self.perform_effects(effects, &executor);
            if let Some(exit) = self.model.exit() {
                self.editing.iter().for_each(EditorProcess::terminate);
                // Reading ends before the terminal is given back: keys that are typed later are for the next program.
                (self.key_command, self.input_reader) = (None, None);
                return Ok((exit.clone(), TerminalRestored(self.terminal.give_back_for_good())));
            }
            self.arm_confirm(&executor);
            effects = self.next_effects().await;
            if self.draw_frame().is_err() {
                effects = self.handle_lost_terminal(effects);
            }
        }
    }

    /// Starts to receive signals, keys and pastes.
    fn start_listening(&mut self) -> Result<(), RunError> {
        let (send, signals) = unbounded_channel();
        listen_to_signals(&send)?;
        let (send, typed) = unbounded_channel();
        self.input_reader = Some(listen_to_keys(send, self.manner.escape_wait)?);
        (self.signals, self.typed) = (signals, typed);
        Ok(())
    }

    /// Handles a lost terminal like a signal to end, because nobody sees anything any more. Placed orders and unknown
    /// outcomes are still reported on the way out. The waiting effects are dropped, except those that save something.
    fn handle_lost_terminal(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        let kept = effects.into_iter().filter(outlives_terminal);
        kept.chain(update(&mut self.model, Message::Terminate(HANG_UP_EXIT_CODE))).collect()
    }

    fn perform_effects(&mut self, effects: Vec<Effect>, executor: &EffectExecutor) {
        let mut left = effects.into_iter();
        while let Some(effect) = left.next() {
            if self.perform_effect(effect, executor).is_err() {
                // No effect that is left needs the terminal.
                left = self.handle_lost_terminal(left.collect()).into_iter();
            }
        }
    }

    /// Draws the app if the terminal takes the frame. Otherwise the frame is drawn once the terminal can take it.
    fn draw_frame(&mut self) -> Result<(), TerminalError> {
        if self.terminal.is_lent() {
            return Ok(());
        }
        let (model, theme) = (&self.model, Theme { color: self.manner.color });
        self.drawn = self.terminal.draw(|frame| draw::draw(model, theme, frame))?;
        Ok(())
    }

    /// Starts the pause before Confirm accepts keys, once its end is on the terminal and earlier keys are handled.
    fn arm_confirm(&mut self, executor: &EffectExecutor) {
        // An error here is ignored: the next drawing finds that the terminal is gone.
        if !self.tickets_to_arm.is_empty()
            && self.drawn
            && self.typed.is_empty()
            && self.terminal.is_idle().unwrap_or(false)
        {
            self.tickets_to_arm.drain(..).for_each(|ticket| executor.arm_confirm(ticket));
        }
    }

    /// Waits for a message, then handles all messages that have arrived by then, and returns their effects. None of
    /// these effects is performed before that: keys that the person typed blindly must not reach a question that was
    /// armed a moment ago.
    async fn next_effects(&mut self) -> Vec<Effect> {
        let wakes = self.model.next_wake_in();
        let pause = async {
            match wakes {
                Some(millis) => tokio::time::sleep(Duration::from_millis(millis.max(1)).min(MAX_SLEEP)).await,
                None => std::future::pending().await,
            }
        };
        let first = tokio::select! {
            biased;
            Some(msg) = self.signals.recv() => Some(msg),
            Some(msg) = self.receive.recv() => Some(msg),
            Some(msg) = self.typed.recv() => self.note_typed(Some(msg)),
            () = self.written.notified() => None,
            () = pause => None,
        };
        let mut effects = self.update_clock();
        let (begun, mut next) = (Instant::now(), first);
        while let Some(msg) = next {
            assert!(!(self.manner.panics_on_f12 && is_panic_key(&msg)), "a test asked for it");
            effects.extend(self.handle_message(msg));
            next = if begun.elapsed() < MAX_BURST { self.try_next_message() } else { None };
        }
        effects
    }

    /// Returns a message that has already arrived, if any. Typed messages come last.
    fn try_next_message(&mut self) -> Option<Message> {
        let received = self.signals.try_recv().or_else(|_| self.receive.try_recv()).ok();
        received.or_else(|| {
            let typed = self.typed.try_recv().ok();
            self.note_typed(typed)
        })
    }

    /// Notes that a typed message is handled, which makes room for more input.
    fn note_typed(&mut self, typed: Option<Message>) -> Option<Message> {
        if typed.is_some() {
            self.input_reader.iter().for_each(InputReader::release_one);
            self.typed_at = Some(Instant::now());
        }
        typed
    }

    /// Returns true if keys are waiting, or the last one came a moment ago.
    fn is_typing(&self) -> bool {
        !self.typed.is_empty() || self.typed_at.is_some_and(|at| at.elapsed() < TYPING_PAUSE)
    }

    /// Handles a message. While another program has the terminal, typed messages are for that program and are dropped.
    fn handle_message(&mut self, msg: Message) -> Vec<Effect> {
        if self.terminal.is_lent() && is_for_editor(&msg) {
            return Vec::new();
        }
        if let Some(what) = log_names::message_name(&msg) {
            tracing::info!(what, "hears");
        }
        if let Message::Reply(ticket, reply) = &msg
            && matches!(**reply, EffectReply::Armed)
            && self.is_typing()
        {
            // The pause begins again, because these keys were meant for something else.
            self.tickets_to_arm.push(*ticket);
            return Vec::new();
        }
        let mut effects = Vec::new();
        if self.terminal.is_lent() && gives_terminal_back(&msg) && self.take_back_terminal().is_err() {
            effects = self.handle_lost_terminal(effects);
        }
        // A window that was smaller for a moment has lost what did not fit, even if its size is the same again.
        if matches!(msg, Message::Resize(_)) && !self.terminal.is_lent() && self.terminal.force_repaint().is_err() {
            effects = self.handle_lost_terminal(effects);
        }
        effects.extend(update(&mut self.model, msg));
        effects
    }

    fn update_clock(&mut self) -> Vec<Effect> {
        update(&mut self.model, Message::Tick(self.clock.now(), today_utc()))
    }

    fn perform_effect(&mut self, effect: Effect, executor: &EffectExecutor) -> Result<(), TerminalError> {
        tracing::debug!(effect = log_names::effect_name(&effect), "does");
        match effect {
            Effect::Fetch(ticket, resource, range) => executor.start_fetch(ticket, resource, range),
            Effect::Cancel(ticket) => executor.cancel_fetch(ticket),
            Effect::FindNearMatches(ticket, words, typed) => executor.find_near_rows(ticket, words, typed),
            Effect::ArmConfirm(ticket) => self.tickets_to_arm.push(ticket),
            Effect::Order(effect) => executor.run_order_effect(effect),
            Effect::Store(keep) => executor.start_store_task(keep),
            Effect::File(ticket, FileTask::Edit(text)) => {
                // The draft is on disk before the editor starts, whatever happens to the editor.
                executor.drain_store();
                self.lend_to_editor(ticket, &text, executor)?;
            }
            Effect::File(ticket, task) => executor.start_file_task(ticket, task),
            Effect::Setup(ticket, SetupTask::UseKey(account)) if setup::key_command_of(&account).is_some() => {
                self.lend_to_command(ticket, *account, executor)?;
            }
            Effect::Setup(ticket, task) => setup::run_setup_task(executor, ticket, task),
            Effect::CopyToClipboard(text) => self.terminal.copy_to_clipboard(&text),
            Effect::Suspend => {
                executor.drain_store();
                self.terminal.suspend()?;
                // The size may have changed meanwhile, and a stopped process received no signal.
                let _ = self.send.send(Message::Resize(current_size()));
            }
            Effect::RetakeTerminal => {
                self.terminal.retake_after_stop()?;
                let _ = self.send.send(Message::Resize(current_size()));
            }
            Effect::Repaint if self.terminal.is_lent() => {}
            Effect::Repaint => {
                self.terminal.force_repaint()?;
                self.draw_frame()?;
            }
            Effect::Quit => {}
        }
        Ok(())
    }
}

/// Returns true if the effect is performed even if the terminal is gone: it saves a draft, an outcome or a decision. An
/// intent is not written, because its order will not be sent.
fn outlives_terminal(effect: &Effect) -> bool {
    matches!(
        effect,
        Effect::Store(_)
            | Effect::Order(order::OrderEffect::Write(JournalWrite::Outcome(..) | JournalWrite::Decision(..)))
    )
}

fn is_panic_key(msg: &Message) -> bool {
    matches!(msg, Message::Key(key) if key.code == KeyCode::F(12))
}

/// The longest sleep. Timers do not advance while the computer is suspended, so what became due meanwhile is late by at
/// most this time.
const MAX_SLEEP: Duration = Duration::from_secs(5);

/// How long messages are handled without drawing or performing effects: a paste that arrives as keys may take seconds
/// in all.
const MAX_BURST: Duration = Duration::from_millis(50);

/// How long after the last key the person still counts as typing.
const TYPING_PAUSE: Duration = Duration::from_millis(100);
