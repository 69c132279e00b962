//! Payloads by other programs, full of attacks: drawn at several sizes, they send only text to the terminal.
//!
//! Each attack is in every member of a payload, known and unknown, in names and in values. The drawn screen is
//! converted to the bytes for a terminal, and each sequence among them must be one of zegel's own.

use crate::common::attacks::{ATTACKS, RAW, parts, piles};
use crate::common::stream::foreign;
use crate::common::walk::{Walk, product, setup};
use ratatui::backend::CrosstermBackend;
use ratatui::layout::Rect;
use ratatui::{Terminal, TerminalOptions, Viewport};
use rstest::rstest;
use serde_json::{Value, json};
use zegel::form::Form;
use zegel::i18n::Language;
use zegel::json;
use zegel::text;
use zegel::tui::app::App;
use zegel::tui::draw;
use zegel::tui::theme::Theme;
use zegel::tui::widgets::Size;

const SIZES: [(u16, u16); 4] = [(80, 24), (40, 10), (12, 4), (160, 120)];

/// Returns the attacks in four texts, the piles, and special cases; each with a name.
fn attacks() -> Vec<(String, String)> {
    let texts = parts(4).into_iter().enumerate().map(|(part, text)| (format!("part {part} of 4"), text));
    let piles = piles(40).into_iter().map(|(name, pile)| (name.to_owned(), pile));
    let raw = String::from_utf8_lossy(&RAW.concat()).into_owned();
    texts.chain(piles).chain([("raw bytes".to_owned(), raw)]).collect()
}

/// Returns a payload with this text at every possible place.
fn payload(text: &str) -> Value {
    let contact = json!({ "user_id": text, "first_name": text, "last_name": text, "email": text, "job_title": text,
        "telephone": text, "contact_type": text, text: [text] });
    json!({
        text: { text: text }, "comments": text,
        "organization": { "id": text, "name": text, "assumed_name": text, "address": text, "city": text, "zip": text,
            "state": text, "country": text, "telephone": text, "contacts": [contact, text], "organization_contact": contact },
        "certificate": { "signature_hash": text, "profile_option": text, "csr": text },
        "provisioning_method": text, "csa_agreed_to": text,
        "ship_info": { "name": text, "addr1": text, "addr2": text, "zip": text, "city": text, "state": text,
            "country": text, "method": text },
        "order_validity": { "years": text, "days": text, "custom_expiration_date": text }, "payment_method": "card",
        "credit_card": { "number": text, "expiration_month": text, "expiration_year": text, "cvv": text,
            "cardholder_name": text, "set_as_default": text, text: text },
        "billing_address": { "address": text, "country": text, "zip": text, "city": text, "state": text },
    })
}

/// Returns the bytes that a terminal gets for the present screen.
fn painted(app: &App) -> Vec<u8> {
    let (Size { width, height }, mut bytes) = (app.size(), Vec::new());
    let viewport = Viewport::Fixed(Rect::new(0, 0, width, height));
    let backend = CrosstermBackend::new(&mut bytes);
    let mut terminal = Terminal::with_options(backend, TerminalOptions { viewport }).unwrap();
    terminal.draw(|frame| draw::draw(app, Theme { color: true }, frame)).unwrap();
    drop(terminal);
    bytes
}

/// Checks the screen, the ones after these keys, and the help of each.
fn look(walk: &Walk, script: &str, name: &str) {
    let mut walk = walk.clone();
    for key in script.split_whitespace() {
        walk.keys(key);
        assert_eq!(foreign(&painted(&walk.app)), Vec::<String>::new(), "{name}, {key} of {script}");
    }
}

/// Returns the attacks for one of the sizes: all of them, or every `step`th, so that the sizes together have all.
fn attacks_at(size: usize, step: usize) -> impl Iterator<Item = (String, String)> {
    attacks().into_iter().skip(size % step).step_by(step)
}

/// Every attack, and one in as many as there are sizes.
const EVERY: usize = 1;
const SOME: usize = SIZES.len();

#[rstest]
#[case::short(SOME)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(EVERY)]
fn a_payload_is_text_on_every_screen(#[case] step: usize, #[values(0, 1, 2, 3)] size: usize) {
    let (width, height) = SIZES[size];
    for (name, text) in attacks_at(size, step) {
        let doc = json::parse(&payload(&text).to_string()).unwrap();
        let reading = Form::parse_payload(product(), &doc).unwrap();
        let walk = Walk::with(App::with_payload(setup(Language::En, width, height), reading));
        look(&walk, "wait pagedown pagedown end tab pagedown end f1 pagedown esc", &name);
        look(&walk, "alt-1 pagedown f1 esc alt-2 pagedown alt-3 alt-4 f1 pagedown esc alt-5 alt-6 pagedown", &name);
        look(&walk, "alt-1 pageup tab enter alt-7 ctrl-n enter tab ctrl-n ctrl-c esc", &name);
    }
}

#[rstest]
#[case::short(SOME)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(EVERY)]
fn an_order_from_a_hostile_payload_is_text_on_every_screen(#[case] step: usize, #[values(0, 1, 2, 3)] size: usize) {
    let (width, height) = SIZES[size];
    for (name, text) in attacks_at(size, step) {
        let walk = Walk::with(App::with_payload(
            setup(Language::En, width, height),
            Form::parse_payload(product(), &right(&text)).unwrap(),
        ));
        look(&walk, "wait alt-3 pagedown shift-tab space alt-7 wait ctrl-n wait down pagedown pagedown f1 esc", &name);
    }
}

/// A payload without problems but with attacks wherever any text is allowed; Confirm therefore shows them.
fn right(text: &str) -> json::JsonNode {
    let shown: String = text.chars().filter(|c| !c.is_control()).take(60).collect();
    let payload = json!({
        text: { text: text }, "more": [text],
        "organization": { "id": 900_001, "contacts": [{ "user_id": 800_001, "contact_type": "verified_contact" }] },
        "certificate": { "signature_hash": "sha256", "profile_option": "nonrepudiation" },
        "provisioning_method": "qscd",
        "ship_info": { "name": shown, "addr1": shown, "addr2": shown, "zip": "1015 AA", "city": shown,
            "state": shown, "country": "nl", "method": "STANDARD" },
        "order_validity": { "years": 1 }, "payment_method": "balance",
    });
    json::parse(&payload.to_string()).unwrap()
}

/// The control: the check can fail. The sequences of zegel itself are no attack.
#[test]
fn an_attack_that_gets_through_is_found() {
    let walk = Walk::new();
    let hidden = |attack: &str| attack.chars().any(text::is_hidden);
    for (name, attack) in ATTACKS.iter().filter(|(name, attack)| hidden(attack) && *name != "synchronized output") {
        let mut bytes = painted(&walk.app);
        let middle = rfind_escape(&bytes);
        bytes.splice(middle..middle, attack.bytes());
        assert!(!foreign(&bytes).is_empty(), "{name} was not found");
    }
}

/// Returns the begin of the last sequence.
fn rfind_escape(bytes: &[u8]) -> usize {
    bytes.iter().rposition(|byte| *byte == 0x1b).unwrap()
}
