//! The loop: draw, do what is asked for, wait for something to happen, update.
//!
//! It alone ties the wizard, its drawing, the course of an order, the API and the terminal together. It sleeps until
//! something happens, and draws once for a burst of it. Nothing that the first frame does not need is made before it.

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
use crate::domain::KeyVariables;
use crate::keystore::KeyCommandGuard;
use crate::messages;
use crate::order::{self, JournalWrite};
use crate::store::{StoreError, StoreWorker};
use crate::tui::app::{App, Exit};
use crate::tui::draw;
use crate::tui::key::KeyCode;
use crate::tui::message::{Effect, EffectReply, FileTask, Message, SetupTask, Ticket};
use crate::tui::screens::setup::ordered_product;
use crate::tui::terminal::{Charset, InputReader, Terminal, TerminalError};
use crate::tui::theme::Theme;
use crate::tui::update::update;
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

/// Why the loop ended without the person's wish.
#[derive(Debug, thiserror::Error)]
pub enum RunError {
    /// There is no terminal, or it is gone.
    #[error(transparent)]
    Terminal(#[from] TerminalError),
    /// The system gave no thread, signal or event queue.
    #[error(transparent)]
    System(#[from] std::io::Error),
}

/// Where drafts and the journal are, or why that is not known.
pub type StateDir = Result<PathBuf, StoreError>;

/// Today, in UTC.
pub fn today_utc() -> Date {
    jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date()
}

/// The size that the terminal is taken for.
pub fn current_size() -> Size {
    let (width, height) = crate::tui::terminal::terminal_size();
    Size { width, height }
}

/// How the loop is run.
#[derive(Debug, Clone, Copy, Default)]
pub struct LoopOptions {
    /// Whether colors are used; attributes such as bold always are.
    pub color: bool,
    /// Which characters the terminal shows.
    pub charset: Charset,
    /// How long Esc waits for what may follow it.
    pub escape_wait: Duration,
    /// Whether F12 panics: only a panic of the real program shows that the terminal survives one.
    pub panics_on_f12: bool,
}

/// What the loop works with.
#[derive(Debug)]
pub struct LoopResources {
    /// The account; without one nothing can be ordered.
    pub access: Option<AccountAccess>,
    /// Where drafts and the journal are.
    pub state_dir: StateDir,
    /// How hosts are reached by an account that is being set up.
    pub network: Network,
    /// The configuration's file, where it is known.
    pub config: Option<PathBuf>,
    /// The variables in which keys are: neither an editor nor a command that prints a key gets them.
    pub withheld: KeyVariables,
}

/// How long a thread waits for more that may take its time, before it ends. That is seldom, and who waits longer wakes up
/// for nothing while nobody does anything.
const THREAD_KEEP_ALIVE: Duration = Duration::from_millis(100);

/// Whether the terminal took what it was given back with. Nothing more is to be written to one that did not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TerminalRestored(pub bool);

/// Opens the wizard and stays in it until the person leaves, the program is told to end, or the terminal is gone.
///
/// # Errors
/// Where there is no terminal, or the system is out of resources.
pub fn run_wizard(
    model: App,
    mut backing: LoopResources,
    manner: LoopOptions,
) -> Result<(Exit, TerminalRestored), RunError> {
    // Only the store has a use for it.
    let state = std::mem::replace(&mut backing.state_dir, Ok(PathBuf::new()));
    let keeper = Arc::new(StoreWorker::start(state)?);
    let lang = model.lang().clone();
    let written = Arc::new(Notify::new());
    let wake = Arc::clone(&written);
    let term = Terminal::enter(model.lang().text("exit.fault").to_owned(), manner.charset, move || wake.notify_one())?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .thread_keep_alive(THREAD_KEEP_ALIVE)
        .enable_all()
        .build()?;
    let exit = runtime.block_on(EventLoop::new(model, term, manner, written).run_until_exit(backing, &keeper));
    // All that was to be written down is, before the program ends.
    let unsaved = keeper.close();
    // What still waits for an answer must not keep the program from ending.
    runtime.shutdown_background();
    let (exit, listens) = exit?;
    // Only now it is known whether the last of it could be kept.
    let kept = match unsaved {
        Some(unkept) if exit.draft_notice.is_some() => {
            Some(lang.format_text("exit.unkept", &[("why", &messages::persistence_error_text(&lang, &unkept))]))
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
    /// What the system tells: it waits for nothing else.
    signals: UnboundedReceiver<Message>,
    /// What is typed: it may be more than can be taken at once.
    typed: UnboundedReceiver<Message>,
    /// The terminal has taken what it had not, and whoever waits for that goes on.
    written: Arc<Notify>,
    /// Confirm, as long as its end is not on the terminal or keys from before wait to be read.
    tickets_to_arm: Vec<Ticket>,
    /// When something that was typed was taken last.
    typed_at: Option<Instant>,
    /// Whether the newest frame was handed to the terminal.
    drawn: bool,
    /// Who reads the terminal.
    input_reader: Option<InputReader>,
    /// The editor that has the terminal, while one has.
    editing: Option<EditorProcess>,
    /// The command that has the terminal to print a key, while one has.
    key_command: Option<KeyCommandGuard>,
}

impl EventLoop {
    fn new(model: App, terminal: Terminal, manner: LoopOptions, written: Arc<Notify>) -> Self {
        let ((send, receive), clock) = (unbounded_channel(), Clock::start());
        // Both are put in once somebody listens.
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
        backing: LoopResources,
        keeper: &Arc<StoreWorker>,
    ) -> Result<(Exit, TerminalRestored), RunError> {
        self.draw_frame()?;
        self.start_listening()?;
        let (lang, product) = (self.model.lang(), ordered_product(&self.model.session));
        let hands = EffectExecutor::new(backing, lang, keeper, product, self.clock, self.send.clone());
        // The first message of every run: what the first screen needs is asked for.
        let mut effects = update(&mut self.model, Message::Resize(current_size()));
        loop {
            self.perform_effects(effects, &hands);
            if let Some(exit) = self.model.exit() {
                self.editing.iter().for_each(EditorProcess::terminate);
                // The terminal is read no more before it is given back: what is typed next is for whoever has it then.
                (self.key_command, self.input_reader) = (None, None);
                return Ok((exit.clone(), TerminalRestored(self.terminal.give_back_for_good())));
            }
            self.arm_confirm(&hands);
            effects = self.next_effects().await;
            if self.draw_frame().is_err() {
                effects = self.handle_lost_terminal(effects);
            }
        }
    }

    /// From now on signals, keys and pastes arrive.
    fn start_listening(&mut self) -> Result<(), RunError> {
        let (send, signals) = unbounded_channel();
        listen_to_signals(&send)?;
        let (send, typed) = unbounded_channel();
        self.input_reader = Some(listen_to_keys(send, self.manner.escape_wait)?);
        (self.signals, self.typed) = (signals, typed);
        Ok(())
    }

    /// The terminal is gone, and nobody sees anything any more. That is as good as being told to end: what was placed
    /// or is not known is still told on the way out. What was about to be done is left, but for what is to be kept.
    fn handle_lost_terminal(&mut self, effects: Vec<Effect>) -> Vec<Effect> {
        let kept = effects.into_iter().filter(outlives_terminal);
        kept.chain(update(&mut self.model, Message::Terminate(HANG_UP_EXIT_CODE))).collect()
    }

    fn perform_effects(&mut self, effects: Vec<Effect>, hands: &EffectExecutor) {
        let mut left = effects.into_iter();
        while let Some(effect) = left.next() {
            if self.perform_effect(effect, hands).is_err() {
                // None of these needs the terminal.
                left = self.handle_lost_terminal(left.collect()).into_iter();
            }
        }
    }

    /// Draws what there is, if the terminal takes it; else it is drawn once the terminal does.
    fn draw_frame(&mut self) -> Result<(), TerminalError> {
        if self.terminal.is_lent() {
            return Ok(());
        }
        let (model, theme) = (&self.model, Theme { color: self.manner.color });
        self.drawn = self.terminal.draw(|frame| draw::draw(model, theme, frame))?;
        Ok(())
    }

    /// Lets the pause before Confirm run, once its end is on the terminal and what was typed before is read.
    fn arm_confirm(&mut self, hands: &EffectExecutor) {
        // That the terminal is gone shows when something is drawn.
        if !self.tickets_to_arm.is_empty()
            && self.drawn
            && self.typed.is_empty()
            && self.terminal.is_idle().unwrap_or(false)
        {
            self.tickets_to_arm.drain(..).for_each(|ticket| hands.arm_confirm(ticket));
        }
    }

    /// Waits for something to happen, and takes in everything that has happened by then. Nothing that comes of it is done
    /// before: what somebody has typed without looking is not to meet a question that has only just been armed.
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

    /// Something that has happened already, if anything has. What is typed comes last.
    fn try_next_message(&mut self) -> Option<Message> {
        let told = self.signals.try_recv().or_else(|_| self.receive.try_recv()).ok();
        told.or_else(|| {
            let typed = self.typed.try_recv().ok();
            self.note_typed(typed)
        })
    }

    /// There is room for more of what is typed.
    fn note_typed(&mut self, typed: Option<Message>) -> Option<Message> {
        if typed.is_some() {
            self.input_reader.iter().for_each(InputReader::release_one);
            self.typed_at = Some(Instant::now());
        }
        typed
    }

    /// Whether keys wait to be read, or come one after the other.
    fn is_typing(&self) -> bool {
        !self.typed.is_empty() || self.typed_at.is_some_and(|at| at.elapsed() < TYPING_PAUSE)
    }

    /// Takes a message in. While an editor has the terminal, what is typed is for that one.
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
            // The pause begins anew: these keys were meant for something else.
            self.tickets_to_arm.push(*ticket);
            return Vec::new();
        }
        let mut effects = Vec::new();
        if self.terminal.is_lent() && gives_terminal_back(&msg) && self.take_back_terminal().is_err() {
            effects = self.handle_lost_terminal(effects);
        }
        // A window that was smaller in between has lost what did not fit, though its size is what it was.
        if matches!(msg, Message::Resize(_)) && !self.terminal.is_lent() && self.terminal.force_repaint().is_err() {
            effects = self.handle_lost_terminal(effects);
        }
        effects.extend(update(&mut self.model, msg));
        effects
    }

    fn update_clock(&mut self) -> Vec<Effect> {
        update(&mut self.model, Message::Tick(self.clock.now(), today_utc()))
    }

    fn perform_effect(&mut self, effect: Effect, hands: &EffectExecutor) -> Result<(), TerminalError> {
        tracing::debug!(effect = log_names::effect_name(&effect), "does");
        match effect {
            Effect::Fetch(ticket, fetch) => hands.start_fetch(ticket, fetch),
            Effect::Cancel(ticket) => hands.cancel_fetch(ticket),
            Effect::FindNearMatches(ticket, words, typed) => hands.find_near_rows(ticket, words, typed),
            Effect::ArmConfirm(ticket) => self.tickets_to_arm.push(ticket),
            Effect::Order(effect) => hands.run_order_effect(effect),
            Effect::Store(keep) => hands.start_store_task(keep),
            Effect::File(ticket, FileTask::Edit(text)) => {
                // Whatever becomes of the editor, what was typed is on disk.
                hands.drain_store();
                self.lend_to_editor(ticket, &text, hands)?;
            }
            Effect::File(ticket, task) => hands.start_file_task(ticket, task),
            Effect::Setup(ticket, SetupTask::UseKey(account)) if setup::key_command_of(&account).is_some() => {
                self.lend_to_command(ticket, *account, hands)?;
            }
            Effect::Setup(ticket, task) => setup::run_setup_task(hands, ticket, task),
            Effect::CopyToClipboard(text) => self.terminal.copy_to_clipboard(&text),
            Effect::Suspend => {
                hands.drain_store();
                self.terminal.suspend()?;
                // The window may have changed meanwhile, and nobody was there to hear of it.
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

/// Whether it is done even where the terminal is gone: what was typed and what became of an order are kept. An order
/// that was about to be written down is not, because it will not be sent.
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

/// How long it sleeps at a stretch where something is due later: timers stand still while the computer is suspended, and
/// what became due meanwhile is done so soon afterwards.
const MAX_SLEEP: Duration = Duration::from_secs(5);

/// How long nothing is painted, and nothing done of what is asked for, while more and more happens: a paste that comes as
/// keys may take seconds in all.
const MAX_BURST: Duration = Duration::from_millis(50);

/// How long no key has come where nobody is in the middle of typing.
const TYPING_PAUSE: Duration = Duration::from_millis(100);
