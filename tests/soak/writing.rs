//! Every line that takes text, with every kind of script: wide, combining, right to left, and hidden characters.
//!
//! The fields are those of the product file, found by a walk through the steps; a new field is tested without a change
//! here. Whatever is typed, the cursor stays in its place, no line is wider than the screen, and the frame stays
//! intact.

use crate::common::look;
use crate::common::states::{State, state, states};
use crate::common::walk::{Walk, product};
use rstest::rstest;
use std::collections::BTreeSet;
use unicode_width::UnicodeWidthStr;
use zegel::product::ValueKind;
use zegel::tui::app::{FocusTarget, Screen};
use zegel::tui::keymap::KeyContext;
use zegel::tui::message::Message;

/// Kinds of text, each longer than a line.
const WRITINGS: [&str; 9] = [
    "東京都千代田区霞が関一丁目三番一号合同庁舎第四号館三階情報システム課御中",
    "👩\u{200d}👩\u{200d}👧🇳🇱🇧🇪👍🏽❤\u{fe0f}🏴\u{e0067}\u{e0062}\u{e007f}👨\u{200d}🚀🇳🇱🇧🇪👍🏽❤\u{fe0f}👩\u{200d}👩\u{200d}👧🇳🇱🇧🇪👍🏽",
    "e\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}\u{301}a\u{30a}o\u{308}",
    "שלום עולם שלום עולם שלום עולם مرحبا بالعالم مرحبا بالعالم مرحبا بالعالم",
    "a\u{202e}b\u{2066}c\u{2069}d\u{202c}e\u{200f}f\u{61c}g\u{202a}h\u{2067}i\u{200e}",
    "\u{200b}\u{feff}\u{ad}\u{2060}\u{3164}\u{115f}\u{34f}\u{fe0f}\u{e0041}",
    "क्षत्रिय\u{94d}\u{94d} ที่นี่ 각\u{1100}\u{1161}\u{11a8}\u{1100}\u{1100}\u{1100}\u{1100}",
    "ｆｕｌｌｗｉｄｔｈ ﾊﾝｶｸ \u{fdfd}\u{12219}\u{a9c5}",
    "\u{300}\u{301}\u{302}\u{20dd}\u{20e3}1\u{20e3}\u{488}\u{489}",
];

/// The sizes in which each line is tested.
const SIZES: [(u16, u16); 3] = [(80, 24), (40, 10), (30, 7)];

/// Returns true if this context takes text.
fn takes_text(context: KeyContext) -> bool {
    use KeyContext::{Confirm, Line, OpenFileName, Picker, SaveFileName, Secret, SetupHostName, Unresolved};
    matches!(context, Line | Secret | Picker | Confirm | SetupHostName | OpenFileName | SaveFileName | Unresolved)
}

/// Asserts that nothing reaches beyond the screen, and that its frame is intact.
#[track_caller]
fn look_at(walk: &Walk, typed: &str) {
    look::assert_screen(&walk.app);
    let (painted, _) = walk.buffer();
    let (parts, width) = (walk.app.frame(), painted.area.width);
    if let Screen::Step(_) = walk.app.screen() {
        for (_, line) in walk.app.page_lines(parts.body.width.into()) {
            assert!(line.width() <= parts.body.width.into(), "{typed:?}: {:?}", line.text());
        }
    }
    for y in 0..painted.area.height {
        let mut x = 0;
        while x < width {
            x += u16::try_from(painted[(x, y)].symbol().width().max(1)).unwrap();
        }
        assert_eq!(x, width, "{typed:?} is wider than its row:\n{}", walk.screen());
    }
    let is_rule = |y: u16| (0..width).all(|x| painted[(x, y)].symbol() == "─");
    assert!(!parts.ruled || is_rule(parts.steps.y + 1) && is_rule(parts.help.y - 1), "{typed:?}:\n{}", walk.screen());
}

/// Types this many texts into the current line, moves about in it, and empties it again. Lines take turns.
fn write(walk: &mut Walk, line: usize, count: usize) {
    for writing in WRITINGS.iter().cycle().skip(line % WRITINGS.len()).take(count) {
        walk.keys("end ctrl-u");
        walk.handle_message(Message::Paste(writing.repeat(2).into()));
        look_at(walk, writing);
        for keys in ["left left backspace", "home right delete type:x"] {
            walk.keys(keys);
            look_at(walk, writing);
        }
    }
    walk.keys("end ctrl-u");
}

/// Walks through a step, and types wherever text is taken, in one size after the other.
fn write_in_step(name: &str, count: usize) {
    let (mut walk, mut seen) = (state(name).walk.clone(), Vec::new());
    walk.keys("wait pageup");
    while let Some(target) = look::focused_target(&walk.app).filter(|target| !seen.contains(target)) {
        seen.push(target);
        if let FocusTarget::Field(_) = target {
            let mut field = sized(&walk, seen.len());
            match field.app.key_context() {
                KeyContext::Line | KeyContext::Secret => write(&mut field, seen.len(), count),
                KeyContext::Pick => write(field.keys("enter wait"), seen.len(), count),
                _ => {}
            }
        }
        walk.keys("tab");
    }
}

/// The steps with all their optional fields, in parts that can run in parallel.
const STEPS: [&[&str]; 4] = [
    &["organization, new", "organization, picked", "certificate, agreed"],
    &["contacts, a new person", "contacts, one with details", "contacts, a person", "contacts, any user", "shipping"],
    &["validity, years", "validity, days", "validity, a date", "payment, a stored card"],
    &["payment, for experts", "payment, card number"],
];

/// Returns the same walk in one of the sizes.
fn sized(walk: &Walk, number: usize) -> Walk {
    let (mut walk, (width, height)) = (walk.clone(), SIZES[number % SIZES.len()]);
    walk.keys(&format!("size:{width}x{height}"));
    walk
}

/// How many texts are tested in a line.
const ONE: usize = 1;
const ALL: usize = WRITINGS.len();

#[rstest]
#[case::short(ONE)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(ALL)]
fn any_text_stays_in_every_field_of_a_step(#[case] count: usize) {
    std::thread::scope(|scope| {
        for part in STEPS {
            scope.spawn(move || part.iter().for_each(|name| write_in_step(name, count)));
        }
    });
}

#[rstest]
#[case::short(ALL / 2)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(ONE)]
fn a_typed_name_stays_in_its_field_at_every_key(#[case] step: usize) {
    for (number, writing) in WRITINGS.into_iter().enumerate().step_by(step) {
        let mut walk = sized(&state("organization, new").walk, number);
        walk.keys("pageup tab ctrl-u");
        assert_eq!(walk.app.key_context(), KeyContext::Line);
        for c in writing.chars() {
            walk.keys(&format!("type:{}", if c == ' ' { "<space>".to_owned() } else { c.to_string() }));
            look_at(&walk, writing);
        }
        assert_eq!(walk.text("org.name").trim(), writing.trim(), "nothing of it is lost");
    }
}

#[test]
fn every_text_field_is_tested() {
    let mut met = BTreeSet::new();
    for name in STEPS.into_iter().flatten() {
        let mut walk = state(name).walk.clone();
        walk.keys("wait pageup");
        let mut seen = Vec::new();
        while let Some(target) = look::focused_target(&walk.app).filter(|target| !seen.contains(target)) {
            seen.push(target);
            if let FocusTarget::Field(at) = target {
                met.insert(product()[at.field].id);
            }
            walk.keys("tab");
        }
    }
    let typed = product().field_ids().map(|id| &product()[id]).filter(|field| {
        let kind = matches!(field.kind, ValueKind::Text | ValueKind::Integer | ValueKind::Date | ValueKind::Country);
        (kind || field.open) && field.fixed.is_none()
    });
    let missing: Vec<&str> = typed.map(|field| field.id).filter(|id| !met.contains(*id)).collect();
    assert_eq!(missing, [""; 0]);
}

#[rstest]
#[case::short(ONE)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(ALL)]
fn any_text_stays_in_every_other_line(#[case] count: usize) {
    let elsewhere = |state: &&State| {
        let app = &state.walk.app;
        takes_text(app.key_context()) && (app.top_dialog().is_some() || !matches!(app.screen(), Screen::Step(_)))
    };
    let mut contexts = BTreeSet::new();
    for (number, state) in states().iter().filter(elsewhere).enumerate() {
        contexts.insert(format!("{:?}", state.walk.app.key_context()));
        write(&mut sized(&state.walk, number), number, count);
    }
    let all = ["Confirm", "OpenFileName", "Picker", "SaveFileName", "SetupHostName", "Unresolved"];
    assert_eq!(contexts.iter().map(String::as_str).collect::<Vec<_>>(), all);
}
