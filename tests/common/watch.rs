//! What must hold after every message: the wizard observed from outside.
//!
//! This module reads the public state of the app and the drawn screen, and takes the effects of keys from the keymap. A
//! test takes a [`Before`], handles the message, and calls [`Watch::after`].

use super::look;
use super::preview;
use super::rules::{self, Values};
use zegel::order::{self, OrderMachine, UnresolvedOrder};
use zegel::tui::app::update;
use zegel::tui::app::{App, ConfirmScreen, Dialog, FocusTarget, Screen};
use zegel::tui::keymap::{Action, KeyContext, resolve_key};
use zegel::tui::message::{Effect, EffectReply, Message, Ticket};

/// Card data is wiped after this many milliseconds without a key.
const IDLE: u64 = 10 * 60 * 1000;

/// The state before a message.
pub(crate) struct Before {
    pub(crate) context: KeyContext,
    pub(crate) action: Option<Action>,
    pub(crate) target: Option<FocusTarget>,
    pub(crate) values: Values,
    pub(crate) screen: Screen,
    pub(crate) covered: bool,
    /// Whether the top dialog may lie on another one.
    stacked: bool,
    pub(crate) machine: OrderMachine,
    /// The whole app, if an order is near.
    app: Option<App>,
}

impl Before {
    pub(crate) fn new(app: &App, msg: &Message) -> Self {
        let context = app.key_context();
        let action = match msg {
            Message::Key(key) => resolve_key(key, context),
            _ => None,
        };
        let near = matches!(app.screen(), Screen::Review(_) | Screen::Confirm(_));
        Self {
            context,
            action,
            target: look::focused_target(app),
            values: Values::of(app.form()),
            screen: app.screen().clone(),
            covered: app.top_dialog().is_some(),
            stacked: matches!(app.top_dialog(), Some(Dialog::Help(_) | Dialog::Quit(_))),
            machine: app.order_machine().clone(),
            app: near.then(|| app.clone()),
        }
    }

    fn armed(&self) -> Option<&ConfirmScreen> {
        armed(&self.screen)
    }
}

fn armed(screen: &Screen) -> Option<&ConfirmScreen> {
    match screen {
        Screen::Confirm(confirm) if confirm.is_armed() => Some(confirm),
        _ => None,
    }
}

/// The state between messages.
#[derive(Default)]
pub(crate) struct Watch {
    /// The preview when Review was left for Confirm.
    shown: Option<String>,
    /// The last pause before Confirm takes keys, and whether an order may follow.
    pause: Option<Ticket>,
    fresh: bool,
    /// When the last key was pressed, at the earliest and at the latest, and the last reported time.
    used: (u64, u64),
    now: u64,
    undo: Option<rules::Undo>,
    /// The number of previews put together from cells.
    pub(crate) previews: usize,
    pub(crate) sent: usize,
}

impl Watch {
    /// Begins with an app in this state.
    pub(crate) fn new(app: &App, open: &[Effect], now: u64) -> Self {
        let mut watch = Self { now, used: (0, now), ..Self::default() };
        watch.undo = Some(rules::Undo::Somewhere);
        if let Screen::Confirm(confirm) = app.screen() {
            let mut review = app.clone();
            while !matches!(review.screen(), Screen::Review(_)) {
                update(&mut review, Message::Key(zegel::tui::key::KeyPress::parse("esc").unwrap()));
            }
            watch.shown = Some(preview::drawn(&review));
            watch.fresh = confirm.is_armed();
        }
        watch.pause = open.iter().rev().find_map(|effect| match effect {
            Effect::ArmConfirm(ticket) => Some(*ticket),
            _ => None,
        });
        watch
    }

    /// Checks everything after a message.
    pub(crate) fn after(&mut self, before: &Before, msg: &Message, effects: &[Effect], app: &App) {
        self.check_time(msg, app);
        self.undo = rules::values(before, msg, app, self.undo.take());
        self.check_secrets(before, msg, app);
        check_consent(before, msg, app);
        self.check_sending(before, msg, effects, app);
        self.check_arming(before, msg, effects, app);
        self.check_review(before, msg, app);
        check_back(before, app);
        if matches!(msg, Message::Paste(_)) {
            assert!(same_screen(&before.screen, app.screen()), "a paste led to another screen");
            assert!(!effects.iter().any(|effect| matches!(effect, Effect::Order(_) | Effect::Quit)));
        }
        look::assert_focus(app);
        look::assert_no_secret_in_debug(effects, app.form());
    }

    /// After a tick no deadline is overdue, least of all the wiping of card data after ten idle minutes.
    fn check_time(&mut self, msg: &Message, app: &App) {
        match msg {
            Message::Tick(now, _) => {
                self.now = *now;
                assert_ne!(
                    app.next_wake_in(),
                    Some(0),
                    "after it was told the time, it wants to be told at once again"
                );
                let due = self.now - self.used.1 >= IDLE && app.order_machine().sending_since().is_none();
                assert!(!due || !app.form().has_secrets(), "card data was kept");
            }
            Message::Key(_) | Message::Paste(_) => self.used = (self.now, self.now),
            _ => {}
        }
    }

    /// Secrets change only by typing in them, and are wiped only where nothing needs them any more.
    fn check_secrets(&self, before: &Before, msg: &Message, app: &App) {
        let now = Values::of(app.form());
        if now.secrets == before.values.secrets || rules::may_type_secret(before, msg, &now) {
            return;
        }
        let became = |is: fn(&OrderMachine) -> bool| is(app.order_machine()) && !is(&before.machine);
        let placed = became(|machine| machine.placed_order().is_some());
        let unknown = became(|machine| matches!(machine, OrderMachine::Unknown(_)));
        let idle = matches!(msg, Message::Tick(..)) && self.now - self.used.0 >= IDLE;
        let anew = before.action == Some(Action::NewOrder);
        let left = app.exit().is_some() || matches!(app.screen(), Screen::Home(_));
        let opened = matches!(msg, Message::Store(_));
        assert!(placed || unknown || idle || left || anew || opened, "secrets changed by {msg:?}");
        assert!(!app.form().has_secrets(), "secrets were wiped in part by {msg:?}");
    }

    fn check_sending(&mut self, before: &Before, msg: &Message, effects: &[Effect], app: &App) {
        self.check_submission(before, msg, effects);
        let intents = effects.iter().filter(|effect| {
            matches!(effect, Effect::Order(order::OrderEffect::Write(order::JournalWrite::Intent(..))))
        });
        let intents = intents.count();
        assert!(intents <= 1, "two orders at once");
        if intents == 0 {
            return;
        }
        let OrderMachine::Recording(body, _) = app.order_machine() else { panic!("an intent without a body") };
        assert!(matches!(msg, Message::Key(key) if key.name() == "enter"), "{msg:?} sent an order");
        assert_eq!(before.context, KeyContext::Confirm);
        let confirm = before.armed().expect("an order from a Confirm that takes no keys");
        assert_eq!(confirm.typed_word(), app.lang().find_by_name("confirm.word").unwrap());
        let report = before
            .machine
            .preflight_report()
            .expect("an order without a survey, or while another may have been placed");
        assert!(report.can_proceed() && matches!(app.screen(), Screen::Sending(_)));
        assert!(std::mem::take(&mut self.fresh), "two orders by one arming");
        let shown = self.shown.as_deref().expect("an order that no Review showed");
        assert_eq!(std::str::from_utf8(body.expose()).unwrap(), look::with_secrets(shown, app.form()));
    }

    /// The order that is sent is the confirmed one, after it is in the journal, and only once.
    fn check_submission(&mut self, before: &Before, msg: &Message, effects: &[Effect]) {
        for effect in effects {
            let Effect::Order(order::OrderEffect::SendOrder(body)) = effect else { continue };
            let recorded =
                matches!(msg, Message::Order(event) if matches!(**event, order::OrderEvent::IntentRecorded(Ok(_))));
            assert!(recorded, "{msg:?} sent an order");
            let OrderMachine::Recording(confirmed, _) = &before.machine else {
                panic!("an order that nobody confirmed")
            };
            assert_eq!(confirmed, body);
            self.sent += 1;
        }
    }

    /// Confirm takes keys only after its end was visible and the pause that began then is over.
    fn check_arming(&mut self, before: &Before, msg: &Message, effects: &[Effect], app: &App) {
        for effect in effects {
            let Effect::ArmConfirm(ticket) = effect else { continue };
            let Screen::Confirm(confirm) = app.screen() else { panic!("a pause without Confirm") };
            let (body, total) = (app.frame().body, app.text_lines().len());
            let rows = usize::from(body.height).saturating_sub(1);
            let top = app.text_scroll().unwrap_or_default().top;
            assert!(body.width > 0 && rows > 0 && top + rows >= total, "the end is not in view");
            assert!(app.top_dialog().is_none() && !confirm.is_armed());
            self.pause = Some(*ticket);
        }
        if armed(app.screen()).is_some() && before.armed().is_none() {
            let over = matches!(msg, Message::Reply(ticket, reply) if **reply == EffectReply::Armed && Some(*ticket) == self.pause);
            assert!(over, "armed by {msg:?}");
            self.fresh = true;
        }
    }

    /// Review shows the payload of the form. Only Review leads to Confirm, and with this payload.
    fn check_review(&mut self, before: &Before, msg: &Message, app: &App) {
        match app.screen() {
            // On the way out secrets are wiped and the screen is no longer shown.
            Screen::Review(review) if app.exit().is_none() => {
                let (shown, made) = (&review.body, app.form().payload_text());
                assert!(
                    *shown == made,
                    "Review has another body than the form:\n{}\n{}",
                    shown.masked_text(),
                    made.masked_text()
                );
            }
            Screen::Confirm(confirm) if !matches!(before.screen, Screen::Confirm(_)) => {
                assert!(
                    matches!(before.context, KeyContext::Summary | KeyContext::Preview)
                        && matches!(msg, Message::Key(_))
                );
                assert!(!confirm.is_armed(), "Confirm took keys at once");
                let shown = preview::drawn(before.app.as_ref().expect("Confirm from nowhere"));
                assert_eq!(shown, app.form().payload_text().masked_text(), "Review showed something else");
                assert_eq!(shown, confirm.body.masked_text());
                (self.shown, self.previews) = (Some(shown), self.previews + 1);
            }
            Screen::Confirm(confirm) => assert_eq!(Some(confirm.body.masked_text()), self.shown.as_deref()),
            _ => {}
        }
    }
}

/// The agreement is accepted by Space on it, and by nothing else.
fn check_consent(before: &Before, msg: &Message, app: &App) {
    let at = rules::consent(app.form());
    if app.form().text(at) == "true" && before.values.text(at) != "true" {
        let space = matches!(msg, Message::Key(key) if key.name() == "space");
        assert!(
            space && before.context == KeyContext::Check && before.target == Some(FocusTarget::Field(at)),
            "{msg:?} agreed"
        );
    }
}

/// Back works whatever problems there are.
fn check_back(before: &Before, app: &App) {
    if before.action != Some(Action::Back) {
        return;
    }
    assert!(app.top_dialog().is_none() || before.stacked, "Back left something on top");
    let steps = app.form().product().steps.len();
    let led = match (before.covered, &before.screen, app.screen()) {
        (true, was, is) => same_screen(was, is),
        (false, Screen::Step(was), Screen::Step(is)) => is.step().0 + 1 == was.step().0,
        (false, Screen::Step(was), Screen::Home(_)) => was.step().0 == 0,
        (false, Screen::Step(was), Screen::Unresolved(_)) => was.step().0 == 0 && app.order_machine().is_outcome_open(),
        (false, Screen::Home(_), Screen::Step(is)) => is.step().0 == 0,
        (false, Screen::Review(_), Screen::Step(is)) => is.step().0 == steps - 1,
        (false, Screen::Confirm(_), Screen::Review(_))
        | (false, Screen::Home(_) | Screen::Status(_) | Screen::Unresolved(_), Screen::Home(_)) => true,
        // A decision is being written to the journal.
        (false, Screen::Unresolved(_), Screen::Unresolved(_)) => {
            app.order_machine().unresolved_order().is_some_and(UnresolvedOrder::is_deciding)
        }
        (false, Screen::Review(_), Screen::Unresolved(_)) => matches!(app.order_machine(), OrderMachine::Unknown(_)),
        _ => false,
    };
    assert!(led, "Back was refused");
}

/// Returns true if two screens are of the same kind.
pub(crate) fn same_screen(one: &Screen, other: &Screen) -> bool {
    match (one, other) {
        (Screen::Step(one), Screen::Step(other)) => one.step() == other.step(),
        _ => std::mem::discriminant(one) == std::mem::discriminant(other),
    }
}
