//! How long a key takes within the process: update and drawing on each screen, and typing into a list of 100 000
//! organizations.
//!
//! `cargo bench --bench keys` prints a table. The states are those of the tests, so each screen is measured as the user
//! sees it. The bench `terminal` measures from outside what the terminal and the event loop add.
#![allow(clippy::unwrap_used, reason = "a bench that cannot run has nothing to say")]

mod common;

use crate::common::states::state;
use crate::common::walk::Walk;
use divan::Bencher;
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use zegel::domain::{AccountAnswer, AccountResource, Organization, Page, PageRange};
use zegel::tui::app::App;
use zegel::tui::app::update;
use zegel::tui::draw;
use zegel::tui::key::KeyPress;
use zegel::tui::message::{Effect, EffectReply, Message};
use zegel::tui::theme::Theme;
use zegel::tui::widgets::Size;

/// A state for each screen and dialog, and a key that has an effect there.
const KEYS: &[(&str, &str)] = &[
    ("guide, tried", "down"),
    ("home, drafts", "down"),
    ("ready, all there is", "up"),
    ("organization, new", "x"),
    ("contacts, four rows", "tab"),
    ("shipping, all wrong", "tab"),
    ("payment, card number", "backspace"),
    ("picker of countries", "e"),
    ("agreement", "down"),
    ("help over a step", "down"),
    ("leave, over a step", "esc"),
    ("review, all wrong", "down"),
    ("review, paid by card, preview", "up"),
    ("compare, the last one", "down"),
    ("open, half a path", "x"),
    ("confirm, armed, half a word", "r"),
    ("unknown, found, half a number", "0"),
    ("status, strange", "up"),
];

/// The number of organizations in a large account.
const ORGANIZATIONS: u64 = 100_000;

fn main() {
    divan::main();
}

/// From the key to the frame.
#[divan::bench(args = KEYS.iter().map(|(name, _)| *name))]
fn update_and_draw(bencher: Bencher<'_, '_>, name: &str) {
    let key = KEYS.iter().find(|(known, _)| *known == name).map(|(_, key)| *key).unwrap();
    let app = &state(name).walk.app;
    measure(bencher, app, key);
}

/// From each key of a word to the frame, with all rows present.
#[divan::bench(args = 1..=6, sample_count = 20, sample_size = 1)]
fn narrow_100_000(bencher: Bencher<'_, '_>, nth: usize) {
    let (before, key) = ("zilver".split_at(nth - 1).0, "zilver".split_at(nth - 1).1.split_at(1).0);
    let mut walk = crowd();
    walk.keys(&format!("type:{before}"));
    measure(bencher, &walk.app, key);
}

/// Measures a key, each time in a new copy of the same state and with that state on the screen.
fn measure(bencher: Bencher<'_, '_>, app: &App, key: &str) {
    let key = KeyPress::parse(key).unwrap();
    let before = || {
        let (app, Size { width, height }) = (app.clone(), app.size());
        let mut terminal = Terminal::new(TestBackend::new(width, height)).unwrap();
        draw(&app, &mut terminal);
        (app, terminal)
    };
    bencher.with_inputs(before).bench_local_values(|(mut app, mut terminal)| {
        let effects = update(&mut app, Message::Key(key));
        draw(&app, &mut terminal);
        (app, terminal, effects)
    });
}

fn draw(app: &App, terminal: &mut Terminal<TestBackend>) {
    terminal.draw(|frame| draw::draw(app, Theme { color: true }, frame)).unwrap();
}

/// Returns a wizard with the open and complete list of all organizations of a large account.
fn crowd() -> Walk {
    let mut walk = Walk::new();
    walk.keys("enter");
    while !walk.open.is_empty() {
        for effect in std::mem::take(&mut walk.open) {
            if let Effect::Fetch(ticket, AccountResource::Organizations, PageRange { offset, limit }) = effect {
                let reply = EffectReply::Fetched(Ok(AccountAnswer::Organizations(page(offset, limit))));
                walk.handle_message(Message::Reply(ticket, Box::new(reply)));
            }
        }
    }
    walk
}

fn page(offset: u64, limit: u64) -> Page<Organization> {
    let rows: Vec<Organization> = (offset..ORGANIZATIONS.min(offset + limit)).map(organization).collect();
    Page { received: rows.len() as u64, rows, total: Some(ORGANIZATIONS), flaw: None }
}

/// Returns an organization. Some names resemble each other, as those of municipalities, water boards and schools do.
fn organization(number: u64) -> Organization {
    let pick = |words: &[&'static str], of: u64| words[usize::try_from(of).unwrap() % words.len()];
    let kind = pick(&["Gemeente", "Waterschap", "Stichting", "Veiligheidsregio", "Omgevingsdienst"], number);
    let first = pick(&["Zilver", "Rijn", "Ooster", "Súd", "Hoog", "Nieuw", "IJssel"], number / 5);
    let last = pick(&["dam", "beemd", "wâld", "horst", "veen", "mond", "drecht", "lo", "oord"], number / 35);
    let city = format!("{first}{last}");
    Organization {
        id: 900_000 + number,
        name: format!("{kind} {city} {number}"),
        status: "active".into(),
        city,
        state: "Noord-Holland".into(),
        country: "nl".into(),
        ..Organization::default()
    }
}
