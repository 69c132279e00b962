//! Carries out random moves on a wizard, and checks everything after each message.

use super::look as looking;
use super::moves::Move;
use super::replies::{Ending, HOSTILE, Manner, answer, reply, wide};
use super::states::{CARD, State};
use super::walk::{Server, TODAY, draw, look, rows};
use super::watch::{Before, Watch, same_screen};
use proptest::sample::Index;
use std::panic::{AssertUnwindSafe, catch_unwind};
use zegel::domain::{AccountResource, OrderRow, PageRange};
use zegel::order::{self, OrderMachine};
use zegel::tui::app::update;
use zegel::tui::app::{App, Screen};
use zegel::tui::key::{KeyCode, KeyPress};
use zegel::tui::keymap::{Action, KEY_BINDINGS, KeyContext, resolve_key};
use zegel::tui::message::{Effect, EffectReply, Message, Ticket};
use zegel::tui::theme::Theme;
use zegel::tui::widgets::Size;

/// What happened in a run.
#[derive(Debug, Default, Clone, Copy)]
pub(crate) struct Tally {
    pub(crate) messages: usize,
    pub(crate) drawn: usize,
    pub(crate) previews: usize,
    pub(crate) sent: usize,
    pub(crate) placed: usize,
    pub(crate) rejected: usize,
    pub(crate) not_sent: usize,
    pub(crate) unknown: usize,
    pub(crate) left: usize,
}

pub(crate) struct Driver {
    app: App,
    server: Server,
    open: Vec<Effect>,
    asked: Vec<(Ticket, AccountResource, PageRange)>,
    now: u64,
    /// The number of long waits so far: card data must not be mistaken for a count of minutes.
    waits: usize,
    watch: Watch,
    tally: Tally,
    /// Every message so far, for the report of a failure.
    said: Vec<String>,
}

impl Driver {
    pub(crate) fn new(state: &State) -> Self {
        let walk = &state.walk;
        let watch = Watch::new(&walk.app, &walk.open, walk.now);
        let asked = walk.seen.iter().filter_map(fetch).collect();
        let (app, server, open) = (walk.app.clone(), walk.server.clone(), walk.open.clone());
        Self { app, server, open, asked, now: walk.now, waits: 0, watch, tally: Tally::default(), said: Vec::new() }
    }

    /// Carries out moves until the program ends.
    ///
    /// # Errors
    ///
    /// The problem that was found, with the messages that led to it.
    pub(crate) fn run(&mut self, moves: &[Move]) -> Result<Tally, String> {
        catch_unwind(AssertUnwindSafe(|| self.run_all(moves))).map_err(|panic| {
            let text = panic.downcast_ref::<String>().map(String::as_str).or(panic.downcast_ref::<&str>().copied());
            let rows = catch_unwind(AssertUnwindSafe(|| rows(&draw(&self.app, Theme { color: false }).0).join("\n")));
            format!("{}\nafter {:#?}\n{}", text.unwrap_or_default(), self.said, rows.unwrap_or_default())
        })
    }

    fn run_all(&mut self, moves: &[Move]) -> Tally {
        for step in moves {
            if self.app.exit().is_some() {
                self.tally.left = 1;
                break;
            }
            self.step(step);
        }
        looking::assert_no_secret_in_debug(&self.app, self.app.form());
        (self.tally.previews, self.tally.sent) = (self.watch.previews, self.watch.sent);
        self.tally
    }

    fn step(&mut self, step: &Move) {
        match step {
            Move::Key(which) => self.table_key(*which),
            Move::Live(which) => self.live_key(*which),
            Move::Press(key) => self.press(*key),
            Move::Script(script) => script.split_whitespace().for_each(|word| self.type_word(word)),
            Move::Onward(ending) => self.advance_order(*ending),
            Move::Char(c) => self.type_char(*c),
            Move::Paste(text) => self.handle(&Message::Paste(self.without_secret_digits(text).into())),
            Move::Card if self.app.key_context() == KeyContext::Secret => {
                self.handle(&Message::Paste(CARD.to_owned().into()));
            }
            Move::Card => {}
            Move::Size(width, height) => self.handle(&Message::Resize(Size { width: *width, height: *height })),
            Move::Seconds(seconds) => self.pass_seconds(*seconds),
            Move::Answer(which, manner) => self.answer_request(which.index(self.open.len().max(1)), *manner),
            Move::Reply(which, manner) => self.answer_request(which % self.open.len().max(1), *manner),
            Move::AnswerAll => (0..6).for_each(|_| self.answer_request(0, Manner::Right)),
            Move::Stale(which, ticket, manner) => self.send_stale_reply(*which, *ticket, *manner),
            Move::Order(ending) => self.answer_order(*ending),
            Move::Heard(round, good) => self.send_poll_reply(*round, *good),
            Move::Terminate => self.handle(&Message::Terminate(143)),
        }
    }

    /// Handles one message and checks everything after it.
    fn handle(&mut self, msg: &Message) {
        if self.app.exit().is_some() {
            return;
        }
        self.said.push(describe_message(msg));
        let before = Before::new(&self.app, msg);
        let effects = update(&mut self.app, msg.clone());
        self.watch.after(&before, msg, &effects, &self.app);
        self.tally.messages += 1;
        let moved =
            !same_screen(&before.screen, self.app.screen()) || before.covered != self.app.top_dialog().is_some();
        if moved || self.tally.messages.is_multiple_of(2) {
            looking::assert_screen(&self.app);
            self.tally.drawn += 1;
        }
        if self.tally.messages.is_multiple_of(16) && self.app.account_data().organizations.rows().len() < 200 {
            looking::assert_no_secret_in_debug(&self.app, self.app.form());
        }
        self.count(&before.machine);
        self.asked.extend(effects.iter().filter_map(fetch));
        self.open.extend(effects);
    }

    fn count(&mut self, before: &OrderMachine) {
        let became = |is: fn(&OrderMachine) -> bool| usize::from(is(self.app.order_machine()) && !is(before));
        self.tally.placed += became(|machine| machine.placed_order().is_some());
        self.tally.unknown += became(|machine| matches!(machine, OrderMachine::Unknown(_)));
        let back = matches!(before, OrderMachine::Sending(..)) && matches!(self.app.screen(), Screen::Review(_));
        let remarks = !self.app.feedback().remarks.is_empty();
        self.tally.rejected += usize::from(back && remarks);
        self.tally.not_sent += usize::from(back && !remarks);
    }

    /// Chooses a move that brings an order nearer.
    fn advance_order(&mut self, ending: Ending) {
        let script = match (self.app.top_dialog(), self.app.screen()) {
            (Some(_), _) => "esc",
            (None, Screen::Home(_) | Screen::SetupWelcome(_) | Screen::KeyTest(_) | Screen::SetupSave(_)) => "enter",
            (None, Screen::Step(_)) => "alt-7 ctrl-n",
            (None, Screen::Review(_)) => "ctrl-n",
            (None, Screen::Confirm(confirm)) if confirm.is_armed() => "end ctrl-u type:order enter",
            (None, Screen::Confirm(_)) => {
                let awaited = |effect: &Effect| {
                    matches!(effect, Effect::ArmConfirm(_) | Effect::Order(order::OrderEffect::RunPreflight(_)))
                };
                return match self.open.iter().position(awaited) {
                    Some(which) => self.answer_request(which, Manner::Right),
                    None => self.type_word("pagedown"),
                };
            }
            (None, Screen::Sending(_)) => return self.answer_order(ending),
            (None, Screen::Status(_)) => "n",
            (None, Screen::Unresolved(_)) => return self.resolve_order(),
        };
        script.split_whitespace().for_each(|word| self.type_word(word));
    }

    fn press(&mut self, key: KeyPress) {
        // Quitting ends a run, so it must happen only now and then.
        let leaves = matches!(resolve_key(&key, self.app.key_context()), Some(Action::Quit | Action::QuitNow));
        if !leaves || self.tally.messages.is_multiple_of(5) {
            self.handle(&Message::Key(key));
        }
    }

    /// Presses a key by its name; `#` in it stands for a digit.
    fn press_named(&mut self, name: &str) {
        let digit = self.tally.messages % 9 + 1;
        let name = name.replace('#', &digit.to_string());
        self.press(KeyPress::parse(&name).unwrap());
    }

    fn table_key(&mut self, which: Index) {
        let names: Vec<&str> = KEY_BINDINGS.iter().flat_map(|binding| binding.keys).copied().collect();
        self.press_named(names[which.index(names.len())]);
    }

    fn live_key(&mut self, which: Index) {
        let context = self.app.key_context();
        let live = KEY_BINDINGS.iter().filter(|binding| binding.contexts.contains(&context));
        let names: Vec<&str> = live.flat_map(|binding| binding.keys).copied().collect();
        self.press_named(names[which.index(names.len())]);
    }

    fn type_word(&mut self, word: &str) {
        match word.split_once(':') {
            Some((_, text)) => text.replace("<space>", " ").chars().for_each(|c| self.type_char(c)),
            None => self.press(KeyPress::parse(word).unwrap()),
        }
    }

    fn type_char(&mut self, c: char) {
        let c = self.without_secret_digits(&c.to_string()).chars().next().unwrap_or(c);
        self.press(KeyPress::plain(KeyCode::Char(c)));
    }

    /// Replaces the digits of secrets unless a secret has the focus, so that a find elsewhere is always a leak.
    fn without_secret_digits(&self, text: &str) -> String {
        let secret = self.app.key_context() == KeyContext::Secret;
        let fit = |c: char| match c.to_digit(10) {
            Some(digit) if secret => char::from_digit(6 + digit % 4, 10).unwrap(),
            Some(digit) => char::from_digit(digit % 6, 10).unwrap(),
            None => c,
        };
        text.chars().map(fit).collect()
    }

    fn pass_seconds(&mut self, seconds: u64) {
        self.waits += usize::from(seconds > 60);
        if seconds <= 60 || self.waits <= 5 {
            self.now += seconds * 1_000;
            self.handle(&Message::Tick(self.now, TODAY));
        }
    }

    fn answer_request(&mut self, which: usize, manner: Manner) {
        if self.open.is_empty() {
            return;
        }
        match self.open.remove(which) {
            Effect::Fetch(ticket, fetch, range) => {
                let reply = reply(&self.server, fetch, range, manner);
                self.handle(&Message::Reply(ticket, Box::new(reply)));
            }
            Effect::ArmConfirm(ticket) => self.handle(&Message::Reply(ticket, Box::new(EffectReply::Armed))),
            Effect::FindNearMatches(ticket, words, typed) => {
                let rows = zegel::search::find_near_matches(&words, &typed);
                self.handle(&Message::Reply(ticket, Box::new(EffectReply::NearMatches(rows))));
            }
            Effect::Order(order::OrderEffect::SendOrder(_)) => {
                let ending = if manner == Manner::Right { Ending::Placed } else { Ending::Lost };
                self.answer_order(ending);
            }
            Effect::Order(order::OrderEffect::RunLookup(lookup, _)) => {
                let found = if manner == Manner::Hostile { vec![candidate()] } else { Vec::new() };
                let mut brought = look(found);
                if manner == Manner::Cut {
                    brought.current_user =
                        Err(zegel::domain::ApiError::ResponseCut(zegel::domain::TransportErrorKind::Slow.into()));
                }
                let event = order::OrderEvent::LookupDone(lookup, Box::new(brought), self.now);
                self.handle(&Message::Order(Box::new(event)));
            }
            Effect::Setup(ticket, task) => {
                let done = self.server.guiding.work(task);
                self.handle(&Message::Setup(ticket, Box::new(done)));
            }
            Effect::Store(keep) => {
                if let Some(kept) = self.server.keep(keep) {
                    self.handle(&Message::Store(Box::new(kept)));
                }
            }
            Effect::Order(order::OrderEffect::WaitForRound(round, _)) => {
                self.handle(&Message::Order(Box::new(order::OrderEvent::PollPauseEnded(round))));
            }
            Effect::Order(effect) => {
                let event = self.server.order(effect, self.now);
                if let Some(event) = event {
                    self.handle(&Message::Order(Box::new(event)));
                }
            }
            Effect::File(ticket, task) => {
                let filed = self.server.files.work(task);
                self.handle(&Message::File(ticket, Box::new(filed)));
            }
            Effect::Cancel(_)
            | Effect::CopyToClipboard(_)
            | Effect::Suspend
            | Effect::RetakeTerminal
            | Effect::Repaint
            | Effect::Quit => {}
        }
    }

    fn send_stale_reply(&mut self, which: Index, ticket: u64, manner: Manner) {
        if ticket.is_multiple_of(5) {
            return self.handle(&Message::Reply(Ticket(ticket), Box::new(EffectReply::Armed)));
        }
        if !self.asked.is_empty() {
            let (asked, fetch, range) = self.asked[which.index(self.asked.len())];
            let ticket = if ticket < 20 { Ticket(ticket) } else { asked };
            let reply = reply(&self.server, fetch, range, manner);
            self.handle(&Message::Reply(ticket, Box::new(reply)));
        }
    }

    /// Leads out of an unknown outcome: by the next look, else by a decision.
    fn resolve_order(&mut self) {
        let awaited = |effect: &Effect| {
            matches!(effect, Effect::Order(order::OrderEffect::RunLookup(..) | order::OrderEffect::Write(_)))
        };
        match self.open.iter().position(awaited) {
            Some(which) => self.answer_request(which, Manner::Right),
            None => "type:700002 enter ctrl-u type:not<space>placed enter"
                .split_whitespace()
                .for_each(|word| self.type_word(word)),
        }
    }

    /// Writes the confirmed intent to the journal, if there is one.
    fn record_intent(&mut self) {
        let intent = |effect: &Effect| {
            matches!(effect, Effect::Order(order::OrderEffect::Write(order::JournalWrite::Intent(..))))
        };
        if let Some(which) = self.open.iter().position(intent) {
            self.answer_request(which, Manner::Right);
        }
    }

    /// Answers the order, whether or not one was sent.
    fn answer_order(&mut self, ending: Ending) {
        self.record_intent();
        self.open.retain(|effect| !matches!(effect, Effect::Order(order::OrderEffect::SendOrder(_))));
        let event = order::OrderEvent::SendFinished(answer(ending), self.now);
        self.handle(&Message::Order(Box::new(event)));
    }

    fn send_poll_reply(&mut self, number: u32, good: bool) {
        let (order, request) = (self.server.order, self.server.request);
        (self.server.order, self.server.request) = if good { ("issued", "approved") } else { ("\u{1b}", "rejected") };
        let event = match number {
            0 => Some(order::OrderEvent::Refresh(self.now)),
            number if good => self.server.order(order::OrderEffect::FetchOrder(round(number), 700_001), self.now),
            number => self.server.order(order::OrderEffect::FetchRequest(round(number), 5_001), self.now),
        };
        (self.server.order, self.server.request) = (order, request);
        if let Some(event) = event {
            self.handle(&Message::Order(Box::new(event)));
        }
    }
}

/// An order that may be the unresolved one.
fn candidate() -> OrderRow {
    OrderRow { id: 700_002, user_name: HOSTILE.into(), status: wide(), ..OrderRow::default() }
}

fn round(number: u32) -> order::PollRound {
    order::PollRound { order: 700_001, number }
}

/// Describes a message in a few words.
fn describe_message(msg: &Message) -> String {
    match msg {
        Message::Key(key) => format!("Key({})", key.name().escape_debug()),
        Message::Paste(text) => format!("Paste({:?})", text.expose()).chars().take(120).collect(),
        other => format!("{other:?}").chars().take(120).collect(),
    }
}

fn fetch(effect: &Effect) -> Option<(Ticket, AccountResource, PageRange)> {
    match effect {
        Effect::Fetch(ticket, fetch, range) => Some((*ticket, *fetch, *range)),
        _ => None,
    }
}
