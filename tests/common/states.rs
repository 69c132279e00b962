//! Named states of the wizard, each reached by a key script: every step, dialog and screen.
//!
//! Property tests start from them, and tests of sizes draw them. Card data in them is [`CARD`] and [`CVV`]; no other
//! input or reply may resemble these.

mod guide;
mod kept;

use super::replies::{Ending, HOSTILE, Manner, answer, wide};
use super::walk::{ORDER, TO_REVIEW, Walk, product, setup};
use std::sync::LazyLock;
use zegel::form::Form;
use zegel::i18n::Language;
use zegel::json;
use zegel::tui::app::App;
use zegel::tui::message::Message;

/// A card number that passes every check.
pub(crate) const CARD: &str = "378282246310005";
/// The CVV of the card.
pub(crate) const CVV: &str = "9876";

/// A state that tests start from.
#[derive(Clone)]
pub(crate) struct State {
    pub(crate) name: String,
    pub(crate) walk: Walk,
}

/// Returns all states.
pub(crate) fn states() -> &'static [State] {
    static STATES: LazyLock<Vec<State>> = LazyLock::new(|| {
        let groups = [
            steps(),
            contacts(),
            pickers(),
            readers(),
            reviews(),
            payloads(),
            files(),
            confirms(),
            endings(),
            hostile(),
            kept::states(),
            guide::states(),
        ];
        groups.into_iter().flatten().collect()
    });
    &STATES
}

/// Returns the state of this name.
pub(crate) fn state(name: &str) -> &'static State {
    states().iter().find(|state| state.name == name).unwrap_or_else(|| panic!("no state {name}"))
}

const ORGANIZATION: &str = "wait type:zilver enter ctrl-n wait";
const PERSON: &str = "type:anna enter ctrl-n wait";
const AGREE: &str = "space ctrl-n";
const SHIP: &str = "shift-tab enter tab type:Anna<space>de<space>Vries tab tab type:2<space>hoog ctrl-n wait";
const NEW_ORGANIZATION: &str = "wait pageup right tab type:Gemeente<space>Zilverdam tab tab tab type:Raadhuisplein<space>1 \
    tab tab type:1234<space>AB tab type:Zilverdam tab type:Noord-Holland tab type:+31<space>88<space>555<space>0100 \
    tab tab type:Anna tab type:de<space>Vries tab type:anna@zilverdam.example";
const NEW_PERSON: &str = "pageup right right tab type:Bram tab type:Jansen tab type:b.jansen@zilverdam.example tab type:CISO \
    tab type:+31<space>88<space>555<space>0102";
const BY_CARD: &str = "right tab type:378282246310005 tab type:9 tab type:2030 tab type:9876 \
    tab type:Anna<space>de<space>Vries tab enter wait";

/// Continues a walk with a script.
fn after(walk: &Walk, script: &str) -> Walk {
    let mut walk = walk.clone();
    walk.keys(script);
    walk
}

fn from(name: &str, walk: &Walk, script: &str) -> State {
    State { name: name.to_owned(), walk: after(walk, script) }
}

/// The start, with all requests answered.
fn start() -> Walk {
    after(&Walk::new(), "wait")
}

/// At the first element of a step, counted from one, with all earlier steps filled in.
fn at_step(number: usize) -> Walk {
    static STEPS: LazyLock<Vec<Walk>> = LazyLock::new(|| {
        let mut steps = vec![start()];
        for script in [ORGANIZATION, PERSON, AGREE, SHIP, "ctrl-n wait"] {
            steps.push(after(&steps[steps.len() - 1], script));
        }
        steps
    });
    after(&STEPS[number - 1], "pageup")
}

/// At Review, paid by card.
fn by_card() -> Walk {
    static BY_CARD_AT_REVIEW: LazyLock<Walk> = LazyLock::new(|| after(&after(&at_step(6), BY_CARD), "ctrl-n wait"));
    BY_CARD_AT_REVIEW.clone()
}

fn steps() -> Vec<State> {
    let (fresh, new) = (Walk::new(), after(&start(), NEW_ORGANIZATION));
    let (four, five, six) = (at_step(4), at_step(5), at_step(6));
    let card = after(&six, BY_CARD);
    vec![
        from("organization, nothing answered", &fresh, ""),
        from("organization, picked", &start(), "type:zilver enter"),
        from("organization, new", &new, ""),
        from(
            "organization, new, one that is alike",
            &start(),
            "pageup right tab type:Gemeente<space>Zilverdam tab shift-tab",
        ),
        from("organization, half a word", &start(), "pageup right tab type:Gemeente<space><space>x<space> left left"),
        from("certificate", &at_step(3), ""),
        from("certificate, agreed", &at_step(3), "tab tab space"),
        from("certificate, the agreement in focus", &at_step(3), "tab"),
        from("shipping", &four, ""),
        from("shipping, copied", &four, "enter"),
        from("shipping, all wrong", &four, "ctrl-n"),
        from("validity, years", &five, ""),
        from("validity, days", &five, "left tab type:3"),
        from("validity, a date", &five, "left left tab type:2027-0"),
        from("payment, balance", &six, ""),
        from("payment, card number", &card, "pageup tab"),
        from("payment, month", &six, "right tab tab type:1"),
        from("payment, CVV", &card, "pageup tab tab tab tab"),
        from("payment, the address copied", &card, ""),
        from("payment, a stored card", &six, "pagedown shift-tab enter pageup left wait"),
        from("payment, for experts", &card, "pagedown shift-tab enter"),
    ]
}

fn contacts() -> Vec<State> {
    let two = after(&at_step(2), NEW_PERSON);
    vec![
        from("contacts, a person", &at_step(2), "tab type:anna enter"),
        from("contacts, any user", &at_step(2), "right tab"),
        from("contacts, a new person", &two, ""),
        from("contacts, one with details", &at_step(2), "right right right tab type:anna enter"),
        from("contacts, four rows", &two, "pagedown shift-tab enter tab tab tab tab enter tab tab tab tab enter"),
        from("contacts, a row taken out", &two, "pagedown shift-tab enter tab tab tab enter"),
        from("contacts, Dutch", &after(&Walk::sized(Language::Nl, 60, 20), ORGANIZATION), ""),
    ]
}

fn pickers() -> Vec<State> {
    let organizations = after(&Walk::new(), "enter");
    let mut many = organizations.clone();
    for _ in 0..4 {
        many.reply(Manner::Many);
    }
    let mut failed = organizations.clone();
    failed.reply(Manner::Refused);
    let mut foreign = organizations.clone();
    foreign.reply(Manner::Hostile);
    let plain = |name, walk: Walk| State { name: String::from(name), walk };
    vec![
        plain("picker of organizations, loading", organizations),
        plain("picker of organizations, thousands", many),
        plain("picker of organizations, refused", failed),
        plain("picker of organizations, hostile", foreign),
        from("picker of organizations, narrowed", &start(), "type:9000"),
        from("picker of approvers", &at_step(2), "tab enter"),
        from("picker of users", &at_step(2), "right tab enter"),
        from("picker of roles", &at_step(2), "tab tab type:tech"),
        from("picker of countries", &after(&start(), NEW_ORGANIZATION), "pageup tab tab tab enter type:ned"),
        from("picker of years", &at_step(5), "tab enter"),
    ]
}

fn readers() -> Vec<State> {
    let review = after(&Walk::new(), TO_REVIEW);
    vec![
        from("finder over a step, narrowed", &after(&start(), NEW_ORGANIZATION), "ctrl-g type:address"),
        from("finder over review, paid by card", &by_card(), "f3 ctrl-end"),
        from("help over a step", &start(), "f1"),
        from("help over a secret", &after(&at_step(6), BY_CARD), "pageup tab f1"),
        from("help over a picker", &at_step(2), "tab enter f1"),
        from("help over review", &review, "f1 down"),
        from("help over confirm", &review, "enter wait f1"),
        from("help over status", &after(&review, ORDER), "f1"),
        from("agreement", &at_step(3), "tab enter down"),
        from("agreement, loading", &after(&Walk::new(), "alt-3"), "shift-tab enter"),
        from("leave, over a step", &after(&start(), NEW_ORGANIZATION), "ctrl-c"),
        from("leave, over review", &by_card(), "ctrl-q"),
        from("leave, over sending", &by_card(), "size:80x60 enter wait type:order enter size:80x24 ctrl-c"),
    ]
}

fn reviews() -> Vec<State> {
    let review = after(&Walk::new(), TO_REVIEW);
    let (new, card) = (all_new(), by_card());
    vec![
        from("review, summary", &review, ""),
        from("review, preview", &review, "tab down down"),
        from("review, paid by card", &card, "down down"),
        from("review, paid by card, preview", &card, "tab end"),
        from("review, all new", &new, ""),
        from("review, all wrong", &Walk::new(), "alt-7"),
        from("review, all wrong, Dutch", &Walk::sized(Language::Nl, 80, 24), "alt-7 down"),
    ]
}

/// At Review with a new organization and a new person, valid for some days.
fn all_new() -> Walk {
    static ALL_NEW: LazyLock<Walk> = LazyLock::new(|| {
        let scripts = [
            NEW_ORGANIZATION,
            "ctrl-n ctrl-n wait",
            NEW_PERSON,
            "ctrl-n wait",
            AGREE,
            SHIP,
            "left tab type:30 ctrl-n",
            BY_CARD,
        ];
        after(&scripts.iter().fold(start(), |walk, script| after(&walk, script)), "ctrl-n wait")
    });
    ALL_NEW.clone()
}

/// A wizard at Review with this payload.
fn loaded(source: &str) -> Walk {
    let doc = json::parse(source).unwrap();
    Walk::with(App::with_payload(setup(Language::En, 80, 24), Form::parse_payload(product(), &doc).unwrap()))
}

/// Returns a long text without a repeated part.
fn numbered() -> String {
    (0..600).map(|number| format!("{number:04}")).collect::<Vec<_>>().join(" ")
}

/// A payload in which only the agreement is missing, with many members that the form does not know.
fn foreign_payload() -> String {
    serde_json::json!({
        "zz": [HOSTILE.to_owned() + &wide()], "a": 1, "b": 2, "c": 3, "d": 4, "e": 5, "f": 6, "g": 7, "h": 8, "container": {"id": 5, "deep": [null, {"x": 1.50}], "": {}},
        "organization": {"id": "900001", "contacts": [
            {"user_id": 800_001, "contact_type": "verified_contact", "note": [] }]},
        "certificate": {"signature_hash": "sha256", "profile_option": "nonrepudiation", "csr": numbered()},
        "provisioning_method": "qscd", "csa_agreed_to": true,
        "ship_info": {"name": "Anna de Vries", "addr1": "Keizersgracht 1", "addr2": wide(), "zip": "1015 AA",
            "city": "Amsterdam", "state": "Noord-Holland", "country": "NL", "method": "STANDARD"},
        "order_validity": {"years": 1}, "payment_method": "card",
        "credit_card": {"number": CARD, "expiration_month": "09", "expiration_year": "2030", "cvv": CVV,
            "cardholder_name": "Anna de Vries", "set_as_default": "0"},
        "billing_address": {"address": "Keizersgracht 1", "country": "nl", "zip": "1015 AA", "city": "Amsterdam"},
    })
    .to_string()
}

/// A payload in which nearly every value has a wrong type or shape.
const ODD: &str = r#"{
    "organization": {"id": "x1", "name": "Gemeente", "address": 5, "city": "Zilverdam", "contacts": [
        {"user_id": "800001", "first_name": 5, "last_name": null, "contact_type": ["x"]}, 7,
        {"first_name": "Bram", "email": {"x": 1}}, {}, {"user_id": 1e3}]},
    "certificate": {"signature_hash": "sha1", "is_rsassa_pss": "maybe"}, "csa_agreed_to": "yes",
    "ship_info": {"name": ["x"], "addr1": 17, "addr2": null, "zip": 1234, "country": "ZZ", "city": "\u001b[2J"},
    "order_validity": {"years": 1.5, "days": 20, "custom_expiration_date": "2027-02-31"},
    "payment_method": "card", "credit_card": {"number": 378282246310005, "cvv": "9876", "expiration_month": 9},
    "billing_address": "none"}"#;

fn payloads() -> Vec<State> {
    let (right, odd) = (loaded(&foreign_payload()), loaded(ODD));
    vec![
        from("payload, review", &right, ""),
        from("payload, agreed", &right, "wait alt-3 pagedown shift-tab space alt-7 wait"),
        from("payload, bare", &loaded("{}"), ""),
        from("payload, odd, review", &odd, "wait"),
        from("payload, odd, contacts", &odd, "wait alt-2"),
        from("payload, odd, shipping", &odd, "alt-4"),
        from("payload, odd, shipping, an address at hand", &odd, "wait alt-1 right alt-4 pageup"),
        from("payload, odd, certificate", &odd, "alt-3"),
        from("payload, odd, payment", &odd, "alt-6 tab"),
    ]
}

fn files() -> Vec<State> {
    let (card, payload) = (by_card(), loaded(&foreign_payload()));
    let mut broken = card.clone();
    broken.server.files.editor_results.push_back(|text| Ok(text.replacen('{', "", 1)));
    vec![
        from("save, a name", &card, "s"),
        from("save, what is new", &card, "s enter wait"),
        from("save, a moment", &payload, "s enter"),
        from("rework", &payload, "e"),
        from("rework, again", &broken, "e wait"),
    ]
}

fn confirms() -> Vec<State> {
    let review = after(&Walk::new(), TO_REVIEW);
    let (card, new) = (by_card(), all_new());
    let payload = after(&loaded(&foreign_payload()), "wait alt-3 pagedown shift-tab space alt-7 wait");
    vec![
        from("confirm, unread", &review, "size:40x10 enter"),
        from("confirm, waiting", &review, "enter"),
        from("confirm, armed", &review, "enter wait"),
        from("confirm, armed, half a word", &review, "enter wait type:orde"),
        from("confirm, armed, the whole word", &card, "size:80x60 enter wait type:order size:80x24"),
        from("confirm, paid by card", &card, "enter"),
        from("confirm, paid by card, armed, half a word", &card, "size:80x60 enter wait type:orde size:80x24"),
        from("confirm, all new, armed, half a word", &new, "size:100x50 enter wait type:orde"),
        from("confirm, payload, unread", &payload, "ctrl-n"),
    ]
}

/// Sends an order from here, with this ending.
fn ending(walk: &Walk, ending: Ending) -> Walk {
    let mut walk = walk.clone();
    walk.server.orders.push_back(answer(ending));
    // Tall enough to show the end of Confirm at once.
    walk.keys("size:80x60 ctrl-n wait type:order enter wait size:80x24");
    walk.server.orders.clear();
    walk
}

fn endings() -> Vec<State> {
    let (review, card, new) = (after(&Walk::new(), TO_REVIEW), by_card(), all_new());
    let mut issued = review.clone();
    (issued.server.order, issued.server.request) = ("issued", "approved");
    vec![
        from("sending", &review, "enter wait type:order enter"),
        from("sending, paid by card", &card, "size:80x60 enter wait type:order enter size:80x24"),
        from("sending, a minute", &card, "size:80x60 enter wait type:order enter size:80x24 tick:61000"),
        from("rejected", &ending(&card, Ending::Refused), ""),
        from("rejected, strangely", &ending(&card, Ending::RefusedStrangely), "size:60x20"),
        from("rejected, at a field", &ending(&card, Ending::Refused), "enter"),
        from("not sent", &ending(&review, Ending::NotSent), ""),
        from("status", &ending(&review, Ending::Placed), ""),
        from("status, issued", &ending(&issued, Ending::Placed), "tick:5000"),
        from("status, strange", &ending(&new, Ending::PlacedStrangely), "down"),
        from("unknown", &ending(&card, Ending::Lost), ""),
        from("unknown, HTTP 503", &ending(&new, Ending::Broken), "tick:61000 down"),
        from("unknown, the form", &ending(&card, Ending::Unreadable), "f2"),
        from("unknown, leave", &ending(&card, Ending::Lost), "ctrl-c"),
    ]
}

/// States with values and replies that are far too long, and that would control a terminal.
fn hostile() -> Vec<State> {
    let mut new = after(&start(), "pageup right");
    for _ in 0..17 {
        new.keys("tab");
        new.handle_message(Message::Paste(format!("{HOSTILE}{}", wide()).into()));
        if new.app.top_dialog().is_some() {
            new.keys("esc");
        }
    }
    let mut answered = after(&Walk::new(), "alt-6");
    for number in ["alt-1", "alt-2", "alt-3", "alt-4", "alt-6"] {
        answered.keys(number).reply(Manner::Hostile);
    }
    vec![
        from("hostile, organization", &new, "pageup tab"),
        from("hostile, organization, help", &new, "pageup tab f1"),
        from("hostile, review", &new, "alt-7"),
        from("hostile, preview", &new, "alt-7 tab end"),
        from("hostile, answers, payment", &answered, ""),
        from("hostile, answers, agreement", &answered, "alt-3 shift-tab enter"),
        from("hostile, answers, picker of approvers", &answered, "alt-2 enter"),
        from("hostile, answers, picked", &answered, "alt-1 enter enter"),
    ]
}
