//! The corpus of attacks in everything that a server or a paste can bring: the terminal executes none of them.
//!
//! A hostile server puts them into every text of every response, and into its errors; the user pastes them wherever
//! possible. The test then checks every byte that the terminal received, and everything left behind.

use crate::common::attacks::{ATTACKS, RAW, SPOOF, parts, piles};
use crate::common::server::{Reply, Request, Server, in_turn};
use crate::common::steps::{
    address, begin, choose, confirm, focus, focus_back, forward, leave, leave_kept, order, pick, tick, to_confirm,
    to_payment,
};
use crate::common::tty::{GIVEN_BACK, Launch, Tty};
use crate::terminal::stream::assert_tame;
use rstest::rstest;
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};

/// The placeholder for an attack, in the JSON of a response: escaped or as raw bytes.
const HERE: &str = "@@";

/// Attacks as they occur within a JSON string.
#[derive(Clone)]
struct Attack(Vec<u8>);

impl Attack {
    fn text(text: &str) -> Self {
        let quoted = Value::from(text).to_string();
        Self(quoted.as_bytes()[1..quoted.len() - 1].to_vec())
    }

    /// The attacks in four parts, followed by all piles, and by bytes that are no text.
    fn of(part: usize) -> Self {
        match part {
            0..4 => Self::text(&parts(4)[part]),
            4 => Self::text(&piles(12).into_iter().map(|(_, pile)| pile).collect::<String>()),
            _ => Self(RAW.concat()),
        }
    }

    /// Returns a response with the attack at each placeholder.
    fn said(&self, status: u16, body: &Value) -> Reply {
        let body = body.to_string();
        let parts: Vec<&[u8]> = body.split(HERE).map(str::as_bytes).collect();
        Reply::Bytes(status, parts.join(self.0.as_slice()))
    }
}

/// Returns the data of an account without problems, with a placeholder wherever text is possible.
fn account(path: &str) -> Option<Value> {
    let organization = json!({
        "id": 900_001, "status": "active@@", "name": "Gemeente@@", "assumed_name": "OD@@", "address": "Straat@@",
        "address2": "@@", "zip": "1234 AB@@", "city": "Plaats@@", "state": "Provincie@@", "country": "nl@@", "telephone": "@@",
    });
    let person = json!({
        "id": 800_001, "user_id": "800001", "name": "Anna@@", "first_name": "Anna@@", "last_name": "Vries@@",
        "email": "a@b@@", "job_title": "CISO@@", "telephone": "+31@@", "username": "@@",
    });
    let named = json!({ "id": 900_001, "name": "Gemeente@@" });
    let row = json!({ "id": 1, "status": "issued@@", "organization": named, "date_created": "2026@@", "user": person,
        "order_validity": { "custom_expiration_date": "@@" }, "alternative_order_id": "@@",
        "product": { "name_id": "pkio_qualified_organisation_services" } });
    let page = json!({ "total": 1 });
    Some(match path {
        "/organization" => json!({ "organizations": [organization], "page": page }),
        "/organization/900001" => organization,
        "/organization/potential-approvers" => json!({ "users": [person], "contacts": [person] }),
        "/user" => json!({ "users": [person], "page": page }),
        "/product/pkio_qualified_organisation_services" => {
            json!({ "name": "@@", "license_agreement": "Zegelterms@@", "allowed_order_validity_years": ["@@", 1] })
        }
        "/finance/balance" => json!({ "balance": "1@@", "currency": "EUR@@", "total_available_funds": "2@@" }),
        "/order/certificate" => json!({ "orders": [row], "page": page }),
        "/request" => {
            let row = json!({ "id": 2, "status": "approved@@", "type": "@@", "date": "2026@@", "order": row, "requester": person });
            json!({ "requests": [row], "page": page })
        }
        "/user/me" => {
            json!({ "id": 800_001, "account_id": 7001, "first_name": "Anna@@", "access_roles": [{ "name": "@@" }] })
        }
        "/request/5001" => json!({ "id": 5001, "status": "pending@@" }),
        "/order/certificate/700001" => json!({ "id": 700_001, "status": "processing@@", "organization": named,
            "order_validity": { "years": 1, "custom_expiration_date": "@@" } }),
        _ => return None,
    })
}

fn refusal() -> Value {
    json!({ "errors": [{ "code": "ship_zip@@", "message": "Bad zip@@" }, { "code": "@@", "message": "Nobody knows@@" }] })
}

fn placed() -> Value {
    json!({ "id": 700_001, "requests": [{ "id": 5001, "status": "submitted@@" }] })
}

fn path(request: &Request) -> &str {
    request.path.split('?').next().unwrap().trim_start_matches("/services/v2")
}

/// Starts a server with such an account, which answers orders like this.
fn server(attack: &Attack, orders: impl Fn() -> Reply + Send + Sync + 'static) -> Server {
    let attack = attack.clone();
    Server::start(move |request| match account(path(request)) {
        _ if request.method == "POST" => orders(),
        Some(output) => attack.said(200, &output),
        None => attack.said(404, &refusal()),
    })
}

/// Returns the program with the account of a server, in a window with room for long texts.
fn on(server: &Server) -> Launch {
    Launch::new(&[]).size(110, 400).env("ZEGEL_API_URL", &server.url()).env("ZEGEL_API_KEY", "MADE-UP")
}

/// Asserts that the terminal executed nothing, and that no line left behind was forged.
#[track_caller]
fn assert_unharmed(tty: &Tty) {
    assert_tame(tty);
    let raw = String::from_utf8(tty.raw()).unwrap();
    let left = raw.rsplit_once(GIVEN_BACK).unwrap().1;
    assert!(!left.lines().any(|line| line.starts_with(SPOOF)), "{left}");
}

#[track_caller]
fn help(tty: &mut Tty) {
    tty.press("f1").wait_for("Keys you can use here").press("esc").wait_gone("Keys you can use here");
}

/// Moves to Payment with every value chosen from lists, which are shown on the way.
fn to_review(tty: &mut Tty) {
    begin(tty);
    pick(tty, "Name or id", "900001", "900001  Gemeente");
    tty.wait_for("Straat");
    help(tty);
    forward(tty, "Step 2 of 7: Contacts");
    choose(tty, "Kind of contact", "other user");
    pick(tty, "User", "800001", "800001  Anna");
    focus_back(tty, "Kind of contact");
    choose(tty, "Kind of contact", "possible verified contact");
    pick(tty, "Person", "800001", "800001  Anna");
    forward(tty, "Step 3 of 7: Certificate");
    focus(tty, "Read the agreement");
    tty.press("enter").wait_for("Zegelterms").press("esc").wait_for("[ ] I agree");
    tick(tty, "I agree");
    forward(tty, "Step 4 of 7: Shipping");
    address(tty);
    forward(tty, "Step 5 of 7: Validity");
    forward(tty, "Step 6 of 7: Payment");
    tty.wait_for("Available:");
}

#[rstest]
fn attacks_in_every_response_before_an_order_are_not_executed(#[values(0, 1, 2, 3, 4, 5)] part: usize) {
    let attack = Attack::of(part);
    let replies = (attack.said(400, &refusal()), attack.said(201, &placed()));
    let server = server(&attack, in_turn(move || replies.0.clone(), move || replies.1.clone()));
    let mut tty = on(&server).start();
    to_review(&mut tty);
    to_confirm(&mut tty);
    order(&mut tty);
    tty.wait_for("✗ Shipping · Postal code: The");
    confirm(&mut tty);
    order(&mut tty);
    tty.wait_for("pending").wait_for("processing");
    help(&mut tty);
    tty.press("q");
    assert_eq!(tty.wait_exit(), 0);
    tty.row("order 700001");
    assert_unharmed(&tty);
    server.finish();
}

#[rstest]
fn attacks_in_candidates_and_draft_titles_are_not_executed(#[values(0, 1, 2, 3, 4, 5)] part: usize) {
    let attack = Attack::of(part);
    let sent = std::sync::Arc::new(AtomicBool::new(false));
    let (answers, seen) = (attack.clone(), std::sync::Arc::clone(&sent));
    let server = Server::start(move |request| match account(path(request)) {
        _ if request.method == "POST" => {
            seen.store(true, Ordering::SeqCst);
            answers.said(500, &refusal())
        }
        // Before it is placed, no list has the order.
        Some(_) if !seen.load(Ordering::SeqCst) && ["/order/certificate", "/request"].contains(&path(request)) => {
            Reply::nothing(&request.path)
        }
        Some(output) => answers.said(200, &output),
        None => answers.said(404, &refusal()),
    });
    let launch = on(&server);
    let mut tty = launch.start();
    to_review(&mut tty);
    assert_eq!(leave_kept(&mut tty), 0);
    assert_unharmed(&tty);
    let mut tty = launch.start();
    tty.wait_for("Gemeente").press("down").wait_cursor("900001").press("enter").wait_for("Step 6 of 7: Payment");
    tty.press("alt-3").wait_for("[ ] I agree");
    tick(&mut tty, "I agree");
    tty.press("alt-6").wait_for("Step 6 of 7: Payment");
    to_confirm(&mut tty);
    order(&mut tty);
    tty.wait_for("It is not known whether the order was placed");
    while !tty.look(|view| view.shows("New in the account since you ordered:")) {
        let before = tty.screen();
        tty.press("down").wait_until("more, or a look", |view| view.text() != before);
    }
    tty.press("ctrl-c").wait_for("It is not known whether your order was placed.").press("ctrl-c");
    assert_eq!(tty.wait_exit(), 3);
    assert_unharmed(&tty);
    assert!(sent.load(Ordering::SeqCst));
    server.finish();
}

#[rstest]
fn attacks_in_the_errors_of_every_call_are_not_executed(#[values(0, 1, 2, 3, 4, 5)] part: usize) {
    let attack = Attack::of(part);
    let server = Server::start(move |_| attack.said(403, &refusal()));
    let mut tty = on(&server).start();
    begin(&mut tty);
    let list = "F5 reload the list";
    tty.press("enter").wait_for(list).wait_for("✗ The list could not be loaded.").press("esc").wait_gone(list);
    tty.press("alt-2").wait_for("Step 2 of 7: Contacts").press("enter").wait_for(list);
    tty.wait_for("✗ The list could not be loaded.").press("esc").wait_gone(list).press("alt-3").wait_for("[ ] I agree");
    focus(&mut tty, "Read the agreement");
    tty.press("enter").wait_for("HTTP 403").press("esc").wait_for("[ ] I agree").press("alt-1").wait_for("Step 1 of 7");
    tty.press("esc").wait_for("› [ New order ]");
    to_payment(&mut tty);
    forward(&mut tty, "JSON · digest ");
    // The preflight is refused as well, so another word is required.
    tty.press("ctrl-n").wait_cursor("Type unprotected and press Enter:").type_text("unprotected");
    tty.wait_cursor("Enter: unprotected").press("enter");
    tty.wait_for("The order was refused (HTTP 403).");
    assert_eq!(leave_kept(&mut tty), 1);
    assert_unharmed(&tty);
    server.finish();
}

/// The attacks that can be pasted: each alone, the piles, and bytes that are no text. A terminal removes the end mark
/// of a paste from the text that it brackets; with one that does not, the rest are keys.
fn pastes() -> Vec<Vec<u8>> {
    let texts = ATTACKS.iter().filter(|(name, _)| *name != "end of a paste").map(|(_, attack)| (*attack).to_owned());
    let piles = piles(400).into_iter().map(|(_, pile)| pile);
    let bytes = RAW.iter().map(|bytes| bytes.to_vec());
    texts.chain(piles).map(String::into_bytes).chain(bytes).map(|paste| [&paste, SPOOF.as_bytes()].concat()).collect()
}

/// Pastes every attack where it is taken as text, one after the other, and waits for a mark after each.
#[track_caller]
fn paste_all(tty: &mut Tty) {
    for paste in pastes() {
        tty.paste_bytes(&paste)
            .wait_cursor(SPOOF)
            .press("ctrl-u")
            .wait_until("an empty line", |view| view.cursor_row().is_some_and(|row| !row.contains(SPOOF)));
    }
}

#[test]
fn attacks_pasted_into_fields_and_lists_are_not_executed() {
    let mut tty = Launch::new(&["demo"]).start();
    tty.wait_for("Step 1 of 7: Organization");
    focus(&mut tty, "Name or id");
    tty.press("enter").wait_for("900001  Gemeente Zilverdam");
    paste_all(&mut tty);
    tty.press("esc").wait_cursor(" › Name or id");
    focus_back(&mut tty, "Existing or new");
    choose(&mut tty, "Existing or new", "new");
    focus(&mut tty, "Legal name");
    paste_all(&mut tty);
    tty.press("alt-6").wait_for("Step 6 of 7: Payment");
    choose(&mut tty, "Payment method", "credit card");
    focus(&mut tty, "CVV");
    for paste in pastes() {
        tty.paste_bytes(&paste);
    }
    tty.press("ctrl-u").paste(SPOOF).wait_for("You can only enter digits here.");
    assert_eq!(leave(&mut tty), 0);
    assert_unharmed(&tty);
}

#[test]
fn attacks_pasted_where_no_text_is_taken_are_not_executed() {
    let server = Server::for_orders(|_| Reply::Cut);
    let mut tty = on(&server).start();
    tty.wait_for("› [ New order ]");
    paste_in_vain(&mut tty);
    to_payment(&mut tty);
    forward(&mut tty, "JSON · digest ");
    paste_in_vain(&mut tty);
    confirm(&mut tty);
    paste_in_vain(&mut tty);
    assert_eq!(server.orders(), 0);
    help(&mut tty);
    order(&mut tty);
    tty.wait_for("It is not known whether the order was placed");
    paste_in_vain(&mut tty);
    tty.press("ctrl-c").wait_for("It is not known whether your order was placed.").press("ctrl-c");
    assert_eq!(tty.wait_exit(), 3);
    assert_unharmed(&tty);
    assert_eq!(server.finish_orders().len(), 1);
}

/// Pastes every attack where a paste has no effect, and draws the screen again.
#[track_caller]
fn paste_in_vain(tty: &mut Tty) {
    for paste in pastes() {
        tty.paste_bytes(&paste);
    }
    tty.resize(111, 400).resize(110, 400);
    assert!(!tty.look(|view| view.shows(SPOOF)), "{}", tty.screen());
}
