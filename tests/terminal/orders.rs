//! Whole orders by keys alone, and what the server received: exactly what the screen showed.
//!
//! The preview is read from the screen, and the received order from the record of the sandbox or from the server in
//! memory.

use crate::common::http;
use crate::common::server::{Reply, Server};
use crate::common::steps::{
    CARD, choose, confirm, fill, focus, forward, order, pay_by_card, pick, tick, to_payment, type_card,
};
use crate::common::tty::{GIVEN_BACK, Launch, Tty};
use crate::terminal::preview;
use sha2::{Digest, Sha256};
use std::net::SocketAddr;
use std::path::Path;
use zegel::sandbox::{KEY as SANDBOX_KEY, Sandbox, SandboxOptions};

/// A made-up key.
const KEY: &str = "MADE-UP-KEY-0123456789";

/// Returns the address in the title.
fn address(tty: &Tty) -> SocketAddr {
    let title = tty.row("SANDBOX ");
    title.rsplit(' ').next().unwrap().parse().unwrap_or_else(|flaw| panic!("{flaw}: {title}"))
}

fn advance(address: SocketAddr) {
    let answer = http::call(address, "POST", "/sandbox/clock", &[], br#"{"advance_seconds": 20}"#);
    assert_eq!(answer.status, 200, "{}", answer.text());
}

/// Returns the only body in a record.
fn recorded(record: &Path) -> String {
    let text = std::fs::read_to_string(record).unwrap();
    assert_eq!(text.lines().count(), 1, "{text}");
    let line: serde_json::Value = serde_json::from_str(&text).unwrap();
    assert_eq!(line["path"], "/services/v2/order/certificate/pkio_qualified_organisation_services");
    line["body"].as_str().unwrap().to_owned()
}

/// Walks to Review with an order without a card for an organization of the account.
fn existing(tty: &mut Tty) {
    tty.wait_for("Step 1 of 7: Organization");
    pick(tty, "Name or id", "gemeente zilver", "900001  Gemeente Zilverdam");
    forward(tty, "Step 2 of 7: Contacts");
    pick(tty, "Person", "anouk", "800001  Anouk van Zilverdam");
    forward(tty, "Step 3 of 7: Certificate");
    focus(tty, "Read the agreement");
    tty.press("enter").wait_for("MADE-UP AGREEMENT").press("esc").wait_for("[ ] I agree");
    tick(tty, "I agree");
    forward(tty, "Step 4 of 7: Shipping");
    focus(tty, "Copy address from: Organization");
    tty.press("enter").wait_for("Griffelstraat 1").wait_for("Address copied. You can undo this below.");
    fill(tty, "Recipient", "Anouk van Zilverdam");
    fill(tty, "Address, line 2", "Kamer 1.02, de deur naast de lift");
    forward(tty, "Step 5 of 7: Validity");
    choose(tty, "Validity period", "in years");
    tty.wait_for("1 year from the date of issue;");
    forward(tty, "Step 6 of 7: Payment");
    tty.wait_for("(•) account balance").wait_for("Available: €12,500.00");
    forward(tty, "JSON · digest ");
}

#[test]
fn a_sent_order_equals_the_screen_byte_for_byte() {
    let dir = tempfile::tempdir().unwrap();
    let (record, out) = (dir.path().join("record"), dir.path().join("out"));
    let mut tty = Launch::new(&["demo", "--record", record.to_str().unwrap()])
        .env("OUT", out.to_str().unwrap())
        .through(r#"exec "$0" "$@" > "$OUT""#)
        .start();
    existing(&mut tty);
    let (shown, digest, address) = (preview::read(&mut tty), preview::digest(&tty), address(&tty));
    confirm(&mut tty);
    tty.wait_for(&format!("(digest {digest})."))
        .press("pageup pageup")
        .wait_for("this is not a real order and costs nothing.");
    assert_eq!(std::fs::read_to_string(&record).unwrap(), "", "nothing was sent yet");
    order(&mut tty);
    tty.wait_for("Order 700001 was placed").wait_for("request 5001: submitted");
    advance(address);
    tty.press("r").wait_for("request 5001: approved").wait_for("certificate 600001");
    tty.press("q");
    assert_eq!(tty.wait_exit(), 0);
    assert_eq!(recorded(&record), shown);
    let sum = u64::from_be_bytes(Sha256::digest(&shown)[..8].try_into().unwrap());
    assert_eq!(format!("{sum:016x}"), digest);
    let ids = std::fs::read_to_string(&out).unwrap();
    assert_eq!(ids, "order 700001\nrequest 5001 approved\ncertificate 600001\n");
    assert!(tty.raw().ends_with(GIVEN_BACK.as_bytes()) && tty.modes_are_back());
    let title = format!("SANDBOX {address}");
    let frames = tty.frames(|view| assert!(view.rows()[0].ends_with(&title), "{}", view.text()));
    assert!(frames > 40, "{frames} frames were looked at");
}

/// The values of a new organization and its contact, by labels.
const NEW: [(&str, &str); 13] = [
    ("Statutaire naam", "Gemeente Nieuw-Zilverdam"),
    ("Adres", "Raadhuisplein 1"),
    ("Postcode", "1000"),
    ("Plaats", "Brussel"),
    ("Provincie", "Brussels Hoofdstedelijk Gewest"),
    ("Telefoon", "+32 2 555 01 00"),
    ("Voornaam", "Anouk"),
    ("Achternaam", "de Vries"),
    ("E-mail", "a.devries@zilverdam.example"),
    ("Functie", "Gemeentesecretaris"),
    ("Telefoon", "+32 2 555 01 01"),
    ("Toestelnummer", "12"),
    ("Verder naar: Contactpersonen", ""),
];

/// The values of a new contact.
const PERSON: [(&str, &str); 5] = [
    ("Voornaam", "Ümit"),
    ("Achternaam", "Núñez de Veer"),
    ("E-mail", "u.nunez@zilverdam.example"),
    ("Functie", "CISO"),
    ("Telefoon", "+32 2 555 01 02"),
];

/// Walks to Payment with an order for a new organization with a new contact, in Dutch.
fn new_organization(tty: &mut Tty) {
    tty.wait_for("Stap 1 van 7: Organisatie");
    choose(tty, "Bestaand of nieuw", "nieuw");
    let (name, rest) = NEW.split_first().unwrap();
    fill(tty, name.0, name.1);
    pick(tty, "Land", "belg", "be  België");
    for (label, text) in rest.iter().filter(|(_, text)| !text.is_empty()) {
        fill(tty, label, text);
    }
    forward(tty, "Stap 2 van 7: Contactpersonen");
    choose(tty, "Soort contactpersoon", "nieuwe persoon");
    for (label, text) in PERSON {
        fill(tty, label, text);
    }
    forward(tty, "Stap 3 van 7: Certificaat");
    tick(tty, "Ik ga akkoord");
    forward(tty, "Stap 4 van 7: Verzending");
    focus(tty, "Adres overnemen van: Organisatie");
    tty.press("enter").wait_for("Raadhuisplein 1");
    fill(tty, "Ontvanger", "Anouk de Vries");
    forward(tty, "Stap 5 van 7: Geldigheid");
    forward(tty, "Stap 6 van 7: Betaling");
}

fn by_card_in_dutch(tty: &mut Tty) {
    choose(tty, "Betaalmethode", "creditcard");
    type_card(tty, ["Kaartnummer", "Vervalmaand", "Vervaljaar", "Kaarthouder"], ["9", "Anouk de Vries"]);
    focus(tty, "Adres overnemen van: Organisatie");
    tty.press("enter").wait_for("Het adres is overgenomen.");
    forward(tty, "JSON · controlegetal ");
}

/// Asserts that no output had the card number, and that the screen showed at most its last four digits.
fn assert_no_card(tty: &Tty) {
    assert!(!String::from_utf8_lossy(&tty.raw()).contains(CARD));
    tty.frames(|view| assert!(!view.text().contains(&CARD[..5]), "{}", view.text()));
}

#[test]
fn a_sent_order_for_a_new_organization_by_card_equals_the_screen() {
    let dir = tempfile::tempdir().unwrap();
    let record = dir.path().join("record");
    let mut tty = Launch::new(&["demo", "--lang", "nl", "--record", record.to_str().unwrap()]).start();
    new_organization(&mut tty);
    by_card_in_dutch(&mut tty);
    let shown = preview::read(&mut tty);
    tty.press("ctrl-n").wait_for("Scrol naar het einde");
    tty.press("pagedown pagedown pagedown pagedown").wait_cursor("Typ bestel en druk op Enter:");
    tty.type_text("bestel").wait_cursor("Enter: bestel").press("enter");
    tty.wait_for("Bestelling 700001 is geplaatst").wait_for("Er is een nieuwe organisatie aangemaakt: ");
    tty.press("q");
    assert_eq!(tty.wait_exit(), 0);
    let body = recorded(&record);
    let masked = |shown: &str| {
        assert_eq!(shown.matches(r#""number": "************1111""#).count(), 1, "{shown}");
        assert_eq!(shown.matches(r#""cvv": "***""#).count(), 1, "{shown}");
        shown.replace(r#""number": "************1111""#, r#""number": 16"#).replace(r#""cvv": "***""#, r#""cvv": 3"#)
    };
    assert_eq!(body, masked(&shown));
    let json: serde_json::Value = serde_json::from_str(&body).unwrap();
    assert_eq!(json["organization"]["country"], "be");
    assert_eq!(json["organization"]["contacts"][0]["last_name"], "Núñez de Veer");
    assert_eq!(json["credit_card"]["expiration_month"], "09");
    assert_eq!(json["billing_address"]["city"], "Brussel");
    assert_no_card(&tty);
    assert!(!std::fs::read_to_string(&record).unwrap().contains(CARD));
}

#[test]
fn only_the_order_request_has_the_full_card() {
    let server = Server::for_orders(|_| Reply::placed());
    let mut tty = Launch::new(&[]).env("ZEGEL_API_URL", &server.url()).env("ZEGEL_API_KEY", KEY).start();
    to_payment(&mut tty);
    pay_by_card(&mut tty);
    forward(&mut tty, "JSON · digest ");
    let shown = preview::read(&mut tty);
    confirm(&mut tty);
    order(&mut tty);
    tty.wait_for("Order 700001 was placed").press("q");
    assert_eq!(tty.wait_exit(), 0);
    let orders = server.finish_orders();
    assert_eq!(orders.len(), 1);
    assert_eq!(orders[0].path, "/services/v2/order/certificate/pkio_qualified_organisation_services");
    assert_eq!(orders[0].header("x-dc-devkey"), Some(KEY));
    assert_eq!(orders[0].header("content-type"), Some("application/json"));
    assert_eq!(orders[0].header("user-agent"), Some(concat!("zegel/", env!("CARGO_PKG_VERSION"))));
    assert_eq!(orders[0].body, shown.replace("************1111", CARD).replace(r#""***""#, r#""123""#));
    assert_no_card(&tty);
    assert!(!String::from_utf8_lossy(&tty.raw()).contains(KEY));
    tty.frames(|view| assert!(!view.text().contains(&KEY[..6]), "{}", view.text()));
}

#[test]
fn an_external_sandbox_is_recognized_by_its_key() {
    let sandbox = Sandbox::start(&SandboxOptions::default()).unwrap();
    let launch = Launch::new(&[]).env("ZEGEL_API_URL", &sandbox.api_url());
    let mut tty = launch.env("ZEGEL_API_KEY", SANDBOX_KEY).start();
    tty.wait_for("SANDBOX 127.0.0.1:").wait_for("› [ New order ]").press("ctrl-c");
    assert_eq!(tty.wait_exit(), 0);
}
