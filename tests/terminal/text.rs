//! Text from people and servers: whatever it contains, it is text on the screen and no command to the terminal.
//!
//! The cursor stays in the field that is typed into, and colors and words follow the environment.

use crate::common::server::{Reply, Request, Server, in_turn};
use crate::common::steps::{
    address, begin, choose, confirm, focus, focus_back, forward, leave, name_field, order, pick, tick, to_confirm,
};
use crate::common::tty::{Launch, Tty};
use crate::terminal::stream::{assert_tame, has_color};
use rstest::rstest;
use serde_json::{Value, json};
use std::time::Duration;

/// Waits until the cursor is in the field, behind this text.
#[track_caller]
fn wait_behind(tty: &mut Tty, text: &str) {
    tty.wait_until(&format!("the cursor behind {text:?}"), |view| {
        let Some((x, y)) = view.cursor() else { return false };
        let here = view.rows()[usize::from(y)].starts_with(" › Legal name  ") && (28..80).contains(&x);
        here && view.cells(y, 28..x).ends_with(text)
    });
}

#[rstest]
#[case("Súdwest-Fryslân", "Súdwest-Fryslân")]
#[case("東京都", "東京都")]
#[case("e\u{301}n", "e\u{301}n")]
#[case("🏛 👩🚀", "🏛 👩🚀")]
#[case("👩\u{200d}🚀", "👩\\u{200d}🚀")]
#[case("a\u{202e}b", "a\\u{202e}b")]
fn the_cursor_is_behind_any_typed_text(#[case] typed: &str, #[case] shown: &str) {
    let mut tty = name_field(&Launch::new(&["demo"]));
    tty.type_text(typed);
    wait_behind(&mut tty, shown);
    tty.type_text("!");
    wait_behind(&mut tty, &format!("{shown}!"));
    tty.press("backspace ctrl-a").wait_until("the cursor in front", |view| view.cursor().is_some_and(|(x, _)| x == 28));
    assert_eq!(leave(&mut tty), 0);
    assert_tame(&tty);
}

#[test]
fn a_paste_is_text_on_one_line() {
    let mut tty = name_field(&Launch::new(&["demo"]));
    tty.paste("Gemeente\r\n\x1b[31mEVIL\x1b]0;title\x07\x1b[6n\u{9b}2J");
    wait_behind(&mut tty, "Gemeente [31mEVIL]0;title[6n2J");
    assert_eq!(tty.row("Legal name").trim_end(), " › Legal name               Gemeente [31mEVIL]0;title[6n2J");
    assert_eq!(leave(&mut tty), 0);
    assert_tame(&tty);
}

#[test]
fn an_overlong_paste_is_cut_and_reported() {
    let mut tty = name_field(&Launch::new(&["demo"]));
    let long = "\x1b[2J0123456789 東京\u{301}\r\n".repeat(150);
    assert!(long.chars().count() >= 3000);
    tty.paste(&long).wait_for("Too long: the rest was cut off.");
    let inside = tty.look(|view| view.cursor().is_some_and(|(x, _)| (28..80).contains(&x)));
    assert!(inside, "{}", tty.screen());
    tty.press("ctrl-u").wait_cursor("Legal name").type_text("Gemeente");
    wait_behind(&mut tty, "Gemeente");
    assert_eq!(tty.row("Legal name").trim_end(), " › Legal name               Gemeente");
    assert_eq!(leave(&mut tty), 0);
    assert_tame(&tty);
}

/// Text that a terminal would execute, or that reverses or hides other text.
const EVIL: &str =
    "\x1b[31mX\x1b]0;t\x07\x1b]52;c;ZXZpbA==\x1b\\\u{9b}5n\u{9d}0;u\u{9c}\u{202e}\u{200b}\t\x08\x7f\r\nSPOOFED";

/// Responds with hostile text wherever possible.
fn hostile(request: &Request) -> Reply {
    let path = request.path.split('?').next().unwrap().trim_start_matches("/services/v2");
    let evil = |word: &str| Value::from(format!("{word}{EVIL}"));
    let organization = json!({
        "id": 900_001, "status": evil("active"), "name": evil("Gemeente"), "assumed_name": evil("OD"),
        "address": evil("Straat"), "zip": evil("1234 AB"), "city": evil("Plaats"), "state": evil("Provincie"),
        "country": evil("nl"),
    });
    let person = json!({
        "user_id": "800001", "first_name": evil("Anna"), "last_name": evil("Vries"), "email": evil("a@b"),
        "job_title": evil("CISO"), "telephone": evil("+31"),
    });
    let output = match path {
        "/organization" => json!({ "organizations": [organization], "page": { "total": 1 } }),
        "/organization/900001" => organization,
        "/organization/potential-approvers" => json!({ "users": [person], "contacts": [] }),
        "/product/pkio_qualified_organisation_services" => {
            json!({ "license_agreement": format!("Agreement{}", EVIL.replace("SPOOFED", "")) })
        }
        "/finance/balance" => {
            json!({ "balance": evil("1"), "currency": evil("EUR"), "total_available_funds": evil("2") })
        }
        "/order/certificate" => {
            let named = json!({ "id": 900_001, "name": evil("Gemeente") });
            let row = json!({ "id": 1, "status": evil("issued"), "organization": named, "date_created": evil("2026") });
            json!({ "orders": [row], "page": { "total": 1 } })
        }
        "/request" => {
            let row = json!({ "id": 2, "status": evil("approved"), "order": { "id": 1 }, "requester": person });
            json!({ "requests": [row], "page": { "total": 1 } })
        }
        "/user/me" => json!({ "id": 800_001, "account_id": 7001, "first_name": evil("Anna") }),
        "/request/5001" => json!({ "id": 5001, "status": evil("pending") }),
        "/order/certificate/700001" => json!({ "id": 700_001, "status": evil("processing") }),
        _ => return Reply::refusal(403, &format!("denied{EVIL}"), &format!("No{EVIL}")),
    };
    Reply::Json(200, output.to_string())
}

/// Returns a refusal of an order, and the response to a placed one.
fn hostile_to_orders() -> [Reply; 2] {
    let errors = json!([
        { "code": format!("ship_zip{EVIL}"), "message": format!("Bad zip{EVIL}") },
        { "code": format!("strange{EVIL}"), "message": format!("Nobody knows{EVIL}") },
    ]);
    let requests = json!([{ "id": 5001, "status": format!("submitted{EVIL}") }]);
    let refused = Reply::Json(400, json!({ "errors": errors }).to_string());
    [refused, Reply::Json(201, json!({ "id": 700_001, "requests": requests }).to_string())]
}

#[test]
fn a_hostile_server_cannot_control_the_terminal() {
    let [refused, placed] = hostile_to_orders();
    let answer = in_turn(move || refused.clone(), move || placed.clone());
    let server = Server::start(move |request| if request.method == "POST" { answer() } else { hostile(request) });
    let mut tty = Launch::new(&[]).env("ZEGEL_API_URL", &server.url()).env("ZEGEL_API_KEY", "MADE-UP").start();
    begin(&mut tty);
    pick(&mut tty, "Name or id", "gemeente", "900001  Gemeente^[[31mX^[]0;t^G");
    tty.wait_for("Straat^[[31mX");
    forward(&mut tty, "Step 2 of 7: Contacts");
    choose(&mut tty, "Kind of contact", "other user");
    focus(&mut tty, "User");
    tty.press("enter").wait_for("✗ refused (HTTP 403)").wait_for("Press F5 to try");
    tty.press("esc").wait_cursor(" › User ");
    focus_back(&mut tty, "Kind of contact");
    choose(&mut tty, "Kind of contact", "possible verified contact");
    pick(&mut tty, "Person", "anna", "800001  Anna^[[31mX");
    forward(&mut tty, "Step 3 of 7: Certificate");
    focus(&mut tty, "Read the agreement");
    tty.press("enter").wait_for("Agreement^[[31mX").press("esc").wait_for("[ ] I agree");
    tick(&mut tty, "I agree");
    forward(&mut tty, "Step 4 of 7: Shipping");
    focus(&mut tty, "Copy address from: Organization");
    tty.press("enter").wait_for("Plaats^[[31mX");
    focus(&mut tty, "Undo copy");
    tty.press("enter").wait_gone("Plaats^[[31mX");
    focus_back(&mut tty, "Recipient");
    address(&mut tty);
    forward(&mut tty, "Step 5 of 7: Validity");
    forward(&mut tty, "Step 6 of 7: Payment");
    tty.wait_for("2^[[31mX");
    to_confirm(&mut tty);
    tty.press("pageup pageup").wait_for("issued^[[31mX").wait_for("approved^[[31mX").wait_for("Anna^[[31mX");
    order(&mut tty);
    tty.wait_for("✗ Shipping · Postal code: The").wait_for("zip^[[31mX").wait_for("knows^[[31mX");
    confirm(&mut tty);
    order(&mut tty);
    tty.wait_for("pending^[[31mX").wait_for("processing^[[31mX").press("q");
    assert_eq!(tty.wait_exit(), 0);
    tty.row("order 700001");
    tty.row("request 5001 pending^[[31mX");
    assert_tame(&tty);
    let spoofed = |row: &String| row.trim_start().starts_with("SPOOFED");
    tty.frames(|view| assert!(!view.rows().iter().any(spoofed), "{}", view.text()));
    server.finish();
}

#[rstest]
#[case(Some("1"), false)]
#[case(Some(""), true)]
#[case(None, true)]
fn color_is_omitted_if_unwanted(#[case] no_color: Option<&str>, #[case] color: bool) {
    let launch = Launch::new(&["demo"]);
    let mut tty = no_color.map_or(Launch::new(&["demo"]), |value| launch.env("NO_COLOR", value)).start();
    tty.wait_for("Step 1 of 7: Organization");
    tty.press("ctrl-n")
        .wait_for("✗ This field is required.")
        .press("alt-7")
        .wait_for("JSON · no digest until")
        .press("ctrl-c");
    assert_eq!(tty.wait_exit(), 0);
    assert_eq!(has_color(&tty), color);
    assert_tame(&tty);
}

#[rstest]
#[case("en", "Country", "nederland", "nl  Netherlands")]
#[case("nl", "Land", "nederland", "nl  Nederland")]
#[case("nl", "Land", "neth", "nl  Nederland")]
#[case("nl", "Land", "guinee", "gn  Guinee")]
#[case("en", "Country", "bq", "bq  Caribbean Netherlands")]
fn the_country_with_the_typed_prefix_is_chosen(
    #[case] lang: &str,
    #[case] label: &str,
    #[case] typed: &str,
    #[case] row: &str,
) {
    let mut tty = Launch::new(&["demo", "--lang", lang]).start();
    tty.wait_for(" 1 ");
    let (how, new) = if lang == "nl" { ("Bestaand of nieuw", "nieuw") } else { ("Existing or new", "new") };
    choose(&mut tty, how, new);
    pick(&mut tty, label, typed, row);
    tty.press("ctrl-c ctrl-c");
    assert_eq!(tty.wait_exit(), 0);
}

#[rstest]
#[case(&[], &[], "Step 1 of 7: Organization")]
#[case(&["--lang", "nl"], &[], "Stap 1 van 7: Organisatie")]
#[case(&[], &[("LANG", "nl_NL.UTF-8")], "Stap 1 van 7: Organisatie")]
#[case(&[], &[("LANG", "nl_NL.UTF-8"), ("LC_ALL", "C")], "Step 1 of 7: Organization")]
#[case(&[], &[("LANG", "C"), ("LC_ALL", "nl_BE")], "Stap 1 van 7: Organisatie")]
#[case(&["--lang", "en"], &[("LC_ALL", "nl_NL.UTF-8")], "Step 1 of 7: Organization")]
fn the_language_is_that_of_the_user(#[case] args: &[&str], #[case] env: &[(&str, &str)], #[case] first: &str) {
    let launch = Launch::new(&[&["demo"], args].concat());
    let mut tty = env.iter().fold(launch, |launch, (name, value)| launch.env(name, value)).start();
    tty.wait_for(first).press("ctrl-c");
    assert_eq!(tty.wait_exit(), 0);
}

/// Under load crossterm gave up on keys that it had already read, and they arrived only with the next one.
#[test]
fn a_paused_program_handles_every_key_without_another_one() {
    let mut tty = Launch::new(&["demo"]).start();
    tty.wait_for("Step 1 of 7: Organization");
    choose(&mut tty, "Existing or new", "new");
    focus(&mut tty, "Legal name");
    for round in 0..40 {
        let text = format!("{}<{round}>", "x".repeat(200));
        tty.press("ctrl-u").type_text(&text);
        for _ in 0..4 {
            tty.hold_up(Duration::from_millis(3));
        }
        tty.wait_cursor(&format!("<{round}>"));
    }
    assert_eq!(leave(&mut tty), 0);
}
