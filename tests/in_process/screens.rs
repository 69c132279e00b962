//! Every screen at 80×24, and those that differ in 120×40, in 40×10 and in Dutch.
//!
//! Under each row with styles follows a row of marks: `B` bold, `d` gray, `i` italic, `R` reversed, and for colors `e`
//! red, `w` yellow, `g` green, `c` blue, `m` violet. `▮` marks the cursor.

use crate::common::snapshots::bind_settings;
use crate::common::states::states;
use crate::common::walk::{
    Files, TODAY, Walk, around, division, guided, listing, look, of_two, product, refused, setup, validation,
};
use jiff::ToSpan;
use ratatui::buffer::{Buffer, Cell};
use ratatui::style::{Color, Modifier};
use rstest::rstest;
use zegel::domain::{
    AccountResource, ApiError, ListGap, OrderRow, Role, SendResult, ServerError, TransportErrorKind, Validity,
};
use zegel::form::{Form, ParsedPayload};
use zegel::i18n::Language;
use zegel::order::resolve::LOOKUP_SCHEDULE_MS;
use zegel::tui::app::{App, CurrentAccount, StartMode, StartOptions};
use zegel::tui::theme::Theme;

const TO_REVIEW: &str = crate::common::walk::TO_REVIEW;

/// A new organization with a new contact, paid by card, up to Review; `…` is a placeholder for the word that confirms
/// the order.
const NEW: &str = "wait pageup right tab type:Gemeente<space>Zilverdam tab tab tab type:Kade<space>3 tab tab type:1234AB tab \
    type:Zilverdam tab type:Utrecht tab type:+31<space>88<space>555<space>0100 tab tab type:Anna tab type:Smit tab \
    type:anna@zilverdam.example alt-2 wait pageup right right tab type:Bram tab type:Jansen tab type:bram@zilverdam.example tab \
    type:CISO tab type:0885550102 alt-3 wait space alt-4 pageup enter tab type:Anna<space>Smit alt-6 wait right tab \
    type:4111111111111111 tab type:12 tab type:2029 tab type:123 tab type:Anna<space>Smit tab enter alt-7 wait";

/// Each screen with the script that leads to it.
const SCREENS: &[(&str, &str)] = &[
    ("organization", "wait"),
    ("organization_picked", "wait type:rijnb enter wait"),
    ("organization_missing", "wait ctrl-n"),
    ("organization_new", "wait pageup right tab type:Gemeente<space>Zilverdam"),
    ("organization_alike", "wait pageup right tab type:Gemeente<space>Zilverdamm tab shift-tab"),
    ("picker", "wait enter"),
    ("picker_narrowed", "wait type:zilv"),
    ("picker_loading", "enter"),
    ("picker_failed", "FAILED"),
    ("finder", "wait type:zilver enter alt-4 tab type:Weg tab ctrl-g"),
    ("contacts", "wait alt-2 wait"),
    ("contacts_two", "wait alt-2 wait type:anna enter pagedown shift-tab enter tab type:jansen enter tab"),
    ("certificate", "wait alt-3 wait"),
    ("certificate_refused", "wait alt-3 wait ctrl-n"),
    ("agreement", "wait alt-3 wait shift-tab enter pagedown"),
    ("shipping", "wait type:zilver enter wait alt-4 pageup enter"),
    ("shipping_problems", "wait alt-4 type:Anna tab tab tab type:12 tab"),
    ("validity_years", "wait alt-5 wait"),
    ("validity_date", "wait alt-5 wait left left tab type:2026-11-22 tab"),
    ("payment_balance", "wait alt-6 wait"),
    ("payment_stored", "wait alt-6 wait pagedown shift-tab enter pageup left wait"),
    ("payment_card", "wait alt-6 wait right tab type:4111111111111111 tab type:13 tab tab type:123"),
    ("review", TO_REVIEW),
    ("review_card", NEW),
    ("review_errors", "wait alt-7"),
    ("review_json", "JSON"),
    ("review_loaded", "LOADED"),
    ("review_no_account", "NO_ACCOUNT"),
    ("save_name", "SAVE_NAME"),
    ("save_change", "SAVE_CHANGE"),
    ("edit_again", "EDIT_AGAIN"),
    ("confirm_unread", "WAIT"),
    ("confirm", "CONFIRM"),
    ("sending", "SENDING"),
    ("status", "STATUS"),
    ("rejected", "REJECTED"),
    ("not_sent", "NOT_SENT"),
    ("unknown", "UNKNOWN"),
    ("unknown_found", "FOUND"),
    ("unknown_not_there", "NOT_THERE"),
    ("confirm_alike", "ALIKE"),
    ("confirm_unprotected", "UNPROTECTED"),
    ("home", "HOME"),
    ("setup_welcome", "SETUP wait"),
    ("setup_account", "SETUP wait enter"),
    ("setup_key", "SETUP wait enter ctrl-n paste:MADE-UP-KEY"),
    ("setup_file", "SETUP wait enter ctrl-n pageup left tab tab type:perhaps tab"),
    ("setup_foreign", "SETUP wait enter tab space tab type:https://gateway.example.nl ctrl-n paste:MADE-UP-KEY ctrl-n"),
    ("setup_trial", "SETUP wait enter ctrl-n paste:MADE-UP-KEY ctrl-n wait"),
    ("setup_presets", "SETUP wait enter ctrl-n paste:MADE-UP-KEY ctrl-n wait enter wait"),
    (
        "setup_keep",
        "SETUP wait enter ctrl-n paste:MADE-UP-KEY ctrl-n wait enter wait type:zilver wait enter alt-4 ctrl-n wait",
    ),
    ("accounts", "TWO wait esc wait a"),
    ("shipping_begun", "TWO wait alt-4"),
    ("home_warned", "WARNED"),
    ("home_stopped", "STOPPED"),
    ("ready", "READY"),
    ("help", "wait alt-4 f1"),
    ("leave", "wait alt-4 type:Anna ctrl-c"),
];

fn word(language: Language) -> &'static str {
    if language == Language::En { "order" } else { "bestel" }
}

/// A payload with a member that is not part of the form, and without most members.
fn loaded() -> ParsedPayload {
    let payload = r#"{"comments": "x", "csa_agreed_to": true, "organization": {"id": "900001", "contacts": []}}"#;
    Form::parse_payload(product(), &zegel::json::parse(payload).unwrap()).unwrap()
}

/// A file with many spellings that zegel would not write.
const FILE: &str = r#"{"comments": "東京 🙂", "csa_agreed_to": true, "payment_method": "profile", "organization": {"id": "900001"},
    "payment_method": "credit_card", "credit_card": {"number": "4111111111111111", "cvv": "123"}}"#;

/// Prepares the account and the store of a script.
fn prepare(walk: &mut Walk, script: &str) {
    match script {
        "FOUND" => walk.server.looks = vec![look(vec![row(700_002, "2026-11-22T11:58:00+00:00")])].into(),
        "NOT_THERE" => walk.server.looks = LOOKUP_SCHEDULE_MS.map(|_| look(vec![])).into(),
        "ALIKE" => {
            let rows = vec![row(600_021, "2026-11-22T10:00:00+00:00"), row(600_007, "2026-11-01T10:00:00+00:00")];
            walk.server.survey.orders = listing(rows);
        }
        "UNPROTECTED" => {
            let refused = ApiError::Refused { status: 403, errors: Vec::new(), excerpt: String::new() };
            walk.server.survey.orders.gap = Some(ListGap::Failed(refused));
        }
        "SAVE_CHANGE" => walk.server.files = Files::with("order.json", FILE),
        "EDIT_AGAIN" => walk.server.files.editor_results.push_back(|text| Ok(text.replace("900001,", "900001"))),
        "WARNED" | "READY" => warned(walk),
        "HOME" => {
            let mut typed = Walk::new();
            typed.keys("wait type:zilver enter ctrl-n tick:1000 wait");
            walk.server.stored = typed.server.stored;
            let now = 1_795_000_000_000;
            (walk.server.stored.read_at, walk.server.stored.drafts[0].1.saved_at) = (now, now - 7_200_000);
            walk.server.stored.other_hosts = vec!["certcentral.example".into()];
        }
        _ => {}
    }
}

/// Adds a draft, and an account with problems nearly everywhere.
fn warned(walk: &mut Walk) {
    let mut typed = Walk::new();
    typed.keys("wait type:zilver enter ctrl-n tick:1000 wait");
    walk.server.stored = typed.server.stored;
    let now = 1_795_000_000_000;
    (walk.server.stored.read_at, walk.server.stored.drafts[0].1.saved_at) = (now, now - 7_200_000);
    let about = &mut walk.server.about;
    about.me.roles = vec![Role { id: Some(5), name: "Standard user".into() }];
    about.divisions = vec![division(14, "Main"), division(15, "Facilitair Bedrijf")];
    about.me.division = Some(15);
    about.validations = vec![validation("ov", "active", "2026-12-01T10:00:00+00:00"), validation("ev", "pending", "")];
    about.orders = vec![row(600_021, "2026-11-20T10:00:00+00:00"), row(600_007, "2026-11-01T10:00:00+00:00")];
    let refused = ApiError::Refused {
        status: 403,
        errors: vec![ServerError { code: "access_denied|missing_permission".into(), message: "No.".into() }],
        excerpt: String::new(),
    };
    about.refused = vec![(AccountResource::Balance(Some(15)), refused)];
}

/// An order of the account.
fn row(id: u64, date: &str) -> OrderRow {
    OrderRow {
        id,
        status: "needs_approval".into(),
        organization_id: Some(900_001),
        organization_name: "Gemeente Zilverdam".into(),
        user_id: Some(800_001),
        user_name: "Anna de Vries".into(),
        date_created: date.into(),
        validity: Validity { years: Some(1), ..Validity::default() },
        ..OrderRow::default()
    }
}

/// Walks the scripts that are written as a word, because they need more than keys.
fn walk_to(script: &str, language: Language, width: u16, height: u16) -> Walk {
    let mut walk = match script {
        "LOADED" => Walk::with(App::with_payload(setup(language, width, height), loaded())),
        "NO_ACCOUNT" => {
            let account =
                CurrentAccount { name: String::new(), host: String::new(), is_sandbox: false, uses_markers: false };
            Walk::with(App::with_payload(StartOptions { account, ..setup(language, width, height) }, loaded()))
        }
        "SAVE_CHANGE" => {
            let stamp = crate::common::walk::stamp(FILE);
            let reading = Form::parse_payload(product(), &zegel::json::parse(FILE).unwrap()).unwrap();
            Walk::with(App::with_file(
                setup(language, width, height),
                reading,
                ("order.json".into(), stamp, false),
                Vec::new(),
            ))
        }
        script if script.starts_with("SETUP ") => guided(setup(language, width, height), around()),
        script if script.starts_with("TWO ") => of_two(language, width, height, StartMode::NewOrder),
        "HOME" | "WARNED" | "STOPPED" | "READY" => {
            Walk::with(App::new(StartOptions { mode: StartMode::Home, ..setup(language, width, height) }))
        }
        _ => Walk::sized(language, width, height),
    };
    let fails = ["FAILED", "STOPPED"].contains(&script);
    walk.server.failure = fails.then(|| ApiError::NotConnected(TransportErrorKind::Refused.into()));
    let ordered = format!("enter survey {} wait type:{} enter", "down ".repeat(40), word(language));
    let answer = match script {
        "REJECTED" => Some(refused(&[
            ("contact_type_duplicate", "two of a kind"),
            ("x|y", "ship_info.zip is wrong"),
            ("odd", "who knows"),
        ])),
        "NOT_SENT" => Some(SendResult::NotSent(TransportErrorKind::Refused.into())),
        "UNKNOWN" | "FOUND" | "NOT_THERE" => Some(SendResult::Lost(TransportErrorKind::Broken.into())),
        _ => None,
    };
    walk.server.orders.extend(answer);
    prepare(&mut walk, script);
    match script {
        "LOADED" | "NO_ACCOUNT" => &mut walk,
        "SAVE_NAME" => walk.keys(TO_REVIEW).keys("s"),
        "SAVE_CHANGE" => walk.keys("s wait"),
        "EDIT_AGAIN" => walk.keys(TO_REVIEW).keys("e wait"),
        "FAILED" => walk.keys("wait enter"),
        "JSON" => walk.keys(TO_REVIEW).keys("tab"),
        "WAIT" => walk.keys(NEW).keys("enter survey"),
        "CONFIRM" => walk.keys(TO_REVIEW).keys(ordered.trim_end_matches(" enter")),
        "SENDING" => walk.keys(TO_REVIEW).keys(&ordered).keys("tick:3000"),
        "ALIKE" | "UNPROTECTED" => walk.keys(TO_REVIEW).keys("enter survey"),
        "HOME" => walk.keys("wait down"),
        "WARNED" | "STOPPED" => walk.keys("wait"),
        "READY" => walk.keys("wait c"),
        "FOUND" | "NOT_THERE" => walk.keys(TO_REVIEW).keys(&ordered).keys("wait end"),
        "STATUS" | "REJECTED" | "NOT_SENT" | "UNKNOWN" => walk.keys(TO_REVIEW).keys(&ordered).keys("wait tick:5000"),
        script => walk.keys(script.trim_start_matches("SETUP ").trim_start_matches("TWO ")),
    };
    walk
}

fn mark(cell: &Cell) -> char {
    let color = match cell.fg {
        Color::Indexed(196 | 231) => Some('e'),
        Color::Indexed(136 | 16) => Some('w'),
        Color::Indexed(29) => Some('g'),
        Color::Indexed(31) => Some('c'),
        Color::Indexed(133) => Some('m'),
        Color::Indexed(243) => Some('d'),
        _ => None,
    };
    let attribute = [(Modifier::REVERSED, 'R'), (Modifier::BOLD, 'B'), (Modifier::ITALIC, 'i')];
    let attribute = attribute.into_iter().find(|(modifier, _)| cell.modifier.contains(*modifier)).map(|(_, c)| c);
    color.or(attribute).unwrap_or(' ')
}

/// Returns the screen with its marks.
fn painted(buffer: &Buffer, cursor: Option<(u16, u16)>) -> String {
    let mut lines = Vec::new();
    for (y, row) in (0..buffer.area.height).zip(crate::common::walk::rows(buffer)) {
        let mut marks: String = (0..buffer.area.width).map(|x| mark(&buffer[(x, y)])).collect();
        if let Some((x, _)) = cursor.filter(|(_, at)| *at == y) {
            let mut chars: Vec<char> = marks.chars().collect();
            if let Some(place) = chars.get_mut(usize::from(x)) {
                *place = '▮';
            }
            marks = chars.into_iter().collect();
        }
        lines.push(format!("│{row}"));
        if !marks.trim().is_empty() {
            lines.push(format!("~{}", marks.trim_end()));
        }
    }
    lines.join("\n")
}

/// The screens whose layout changes in 40×10: lists with two lines a row, one pane instead of two, more scrolling.
const NARROW: &[&str] = &[
    "organization_picked",
    "picker",
    "finder",
    "contacts_two",
    "payment_card",
    "review",
    "review_json",
    "confirm_unread",
    "unknown_found",
    "home",
    "ready",
    "help",
];

/// The screens whose layout changes in 120×40: panes side by side, dialogs with a margin, no scrolling.
const WIDE: &[&str] = &["organization_new", "picker", "review_card", "confirm", "home_warned", "ready", "help"];

/// The screens with long words in Dutch.
const DUTCH: &[&str] = &[
    "organization_new",
    "certificate_refused",
    "shipping_problems",
    "payment_card",
    "review_errors",
    "confirm_unprotected",
    "unknown_not_there",
    "home_warned",
    "setup_presets",
    "ready",
];

/// Compares some screens with their snapshots.
fn compare(screens: &[&(&str, &str)], language: Language, (width, height): (u16, u16)) {
    let tag = tag(language);
    let _settings = bind_settings();
    for (name, script) in screens {
        let (buffer, cursor) = walk_to(script, language, width, height).buffer();
        insta::assert_snapshot!(format!("{name}.{tag}.{width}x{height}"), painted(&buffer, cursor));
    }
}

fn tag(language: Language) -> &'static str {
    if language == Language::En { "en" } else { "nl" }
}

/// Returns the screens with these names, all of which must exist.
fn named(names: &[&str]) -> Vec<&'static (&'static str, &'static str)> {
    let find = |name: &&str| SCREENS.iter().find(|(known, _)| known == name).unwrap_or_else(|| panic!("no {name}"));
    names.iter().map(find).collect()
}

#[test]
fn every_screen_at_its_usual_size() {
    compare(&SCREENS.iter().collect::<Vec<_>>(), Language::En, (80, 24));
}

#[rstest]
#[case::narrow(NARROW, Language::En, (40, 10))]
#[case::wide(WIDE, Language::En, (120, 40))]
#[case::dutch(DUTCH, Language::Nl, (80, 24))]
fn screens_at_other_sizes_and_in_dutch(#[case] names: &[&str], #[case] language: Language, #[case] size: (u16, u16)) {
    compare(&named(names), language, size);
}

/// Returns the ISO 8601 dates in a text.
fn iso_dates(text: &str) -> Vec<&str> {
    let is_date = |text: &&str| {
        text.bytes().zip("0000-00-00".bytes()).all(|(byte, wanted)| match wanted {
            b'0' => byte.is_ascii_digit(),
            _ => byte == wanted,
        })
    };
    (0..text.len()).filter_map(|at| text.get(at..at + 10)).filter(is_date).collect()
}

/// Returns the ISO 8601 dates on a screen, except those of a field: its value, its example, and its range.
fn stray_dates(walk: &Walk) -> Vec<String> {
    let form = walk.app.form();
    let values = form.visible_places().map(|at| form.text(at).to_owned());
    let examples = product().field_ids().map(|id| product()[id].example.to_owned());
    let bounds = [1, 397].map(|days| TODAY.checked_add(days.days()).unwrap().to_string());
    let of_fields: Vec<String> = values.chain(examples).chain(bounds).collect();
    let screen = walk.screen();
    let found = iso_dates(&screen).into_iter().filter(|date| !of_fields.iter().any(|known| known.contains(date)));
    found.map(str::to_owned).collect()
}

#[rstest]
#[case("", &[])]
#[case("é 24 Oct 2027 2027-1-24 +31 88 555-0100-11", &[])]
#[case("é2027-10-24T10:00:00, 2027-10-25", &["2027-10-24", "2027-10-25"])]
fn iso_dates_are_found(#[case] text: &str, #[case] found: &[&str]) {
    assert_eq!(iso_dates(text), found);
}

#[rstest]
fn dates_are_in_the_format_of_the_language(#[values(Language::En, Language::Nl)] language: Language) {
    for (name, script) in SCREENS {
        let walk = walk_to(script, language, 120, 60);
        assert_eq!(stray_dates(&walk), Vec::<String>::new(), "{name}\n{}", walk.screen());
    }
}

#[test]
fn dates_of_other_states_are_in_the_format_of_the_language() {
    for state in states() {
        let mut walk = state.walk.clone();
        walk.keys("size:120x60");
        assert_eq!(stray_dates(&walk), Vec::<String>::new(), "{}\n{}", state.name, walk.screen());
    }
}

#[test]
fn every_snapshot_belongs_to_a_screen() {
    let listed = |names: &[&str], tag: &str| names.iter().map(|name| format!("{name}.{tag}.snap")).collect::<Vec<_>>();
    let all: Vec<&str> = SCREENS.iter().map(|(name, _)| *name).collect();
    let rest = [listed(NARROW, "en.40x10"), listed(WIDE, "en.120x40"), listed(DUTCH, "nl.80x24")].concat();
    let mut wanted = [listed(&all, "en.80x24"), rest].concat();
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/in_process/snapshots");
    let files = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().file_name().into_string().unwrap());
    let mut files: Vec<String> = files.collect();
    files.sort();
    wanted.sort();
    assert_eq!(files, wanted);
}

#[test]
fn every_screen_is_the_same_without_color_and_differs_in_dutch() {
    for (name, script) in SCREENS {
        let walk = walk_to(script, Language::En, 80, 24);
        let colored = crate::common::walk::draw(&walk.app, Theme { color: true }).0;
        let plain = crate::common::walk::draw(&walk.app, Theme { color: false }).0;
        let dutch = walk_to(script, Language::Nl, 80, 24).buffer().0;
        assert_eq!(crate::common::walk::rows(&colored), crate::common::walk::rows(&plain), "{name}");
        assert_ne!(crate::common::walk::rows(&colored), crate::common::walk::rows(&dutch), "{name} in Dutch");
        for cell in &plain.content {
            assert_eq!((cell.fg, cell.bg), (Color::Reset, Color::Reset), "{name}");
        }
        for cell in &colored.content {
            let ours = |color| matches!(color, Color::Indexed(_));
            assert!(ours(cell.fg) || cell.fg == Color::Reset, "{name}: {}", cell.fg);
            assert!(ours(cell.bg) && ours(cell.fg) || cell.bg == Color::Reset, "{name}: {} on {}", cell.fg, cell.bg);
        }
    }
}
