//! Every screen and dialog at every size: nothing breaks, no input is lost, and what matters is visible.

use crate::common::look;
use crate::common::rules::Values;
use crate::common::states::{State, state, states};
use crate::common::walk::{Walk, rows};
use ratatui::Terminal;
use ratatui::backend::TestBackend;
use ratatui::buffer::Buffer;
use rstest::rstest;
use std::collections::BTreeSet;
use zegel::tui::app::update;
use zegel::tui::app::{App, Dialog, FocusTarget, ReviewPane, Screen};
use zegel::tui::draw;
use zegel::tui::message::{Effect, Message};
use zegel::tui::theme::Theme;
use zegel::tui::widgets::Size;

/// Every small size is tested, and these large ones.
const LARGE: [(u16, u16); 4] = [(80, 24), (59, 20), (200, 60), (300, 100)];

/// The sizes at which the focus must be visible.
const USUAL: [(u16, u16); 2] = [(40, 10), (80, 24)];

fn resize(app: &mut App, (width, height): (u16, u16)) -> Vec<Effect> {
    update(app, Message::Resize(Size { width, height }))
}

/// One in this many combinations of states and sizes is tested. The states take turns, so that together they cover all
/// sizes.
const FEW: usize = 61;
const MANY: usize = 3;

#[test]
fn each_state_matches_its_name() {
    let is = |state: &State| match (state.walk.app.top_dialog(), state.walk.app.screen()) {
        (Some(Dialog::Picker(_)), _) => "picker",
        (Some(Dialog::FieldSearch(_)), _) => "finder",
        (Some(Dialog::Help(_)), _) => "help",
        (Some(Dialog::Agreement(_)), _) => "agreement",
        (Some(Dialog::Readiness(_)), _) => "ready",
        (Some(Dialog::Quit(_)), _) => "leave",
        (Some(Dialog::OpenFile(_)), _) => "open",
        (Some(Dialog::SaveFile(_)), _) => "save",
        (Some(Dialog::Compare(_)), _) => "compare",
        (Some(Dialog::ExternalEditor(_)), _) => "rework",
        (Some(Dialog::Accounts(_)), _) => "accounts",
        (None, Screen::Home(_)) => "home",
        (None, Screen::Step(step)) => {
            ["organization", "contacts", "certificate", "shipping", "validity", "payment"][step.step().0]
        }
        (None, Screen::Review(_)) if !state.walk.app.feedback().remarks.is_empty() => "rejected",
        (None, Screen::Review(review)) if review.pane == ReviewPane::Preview => "preview",
        (None, Screen::Review(_)) => "review",
        (None, Screen::Confirm(_)) => "confirm",
        (None, Screen::Sending(_)) => "sending",
        (None, Screen::Status(_)) => "status",
        (None, Screen::Unresolved(_)) => "unknown",
        (None, Screen::SetupWelcome(_) | Screen::KeyTest(_) | Screen::SetupSave(_)) => "guide",
    };
    let met: BTreeSet<&str> = states().iter().map(is).collect();
    assert_eq!(met.len(), 26, "{met:?}");
    for state in states().iter().filter(|state| state.name.split(", ").next() == Some("picker")) {
        assert_eq!(is(state), "picker", "{}", state.name);
    }
    for state in states() {
        let words: Vec<&str> = state.name.split([',', ' ']).collect();
        let other = ["not", "payload", "hostile", "the", "at"];
        assert!(
            words.contains(&is(state)) || words.iter().any(|word| other.contains(word)),
            "{} is {}",
            state.name,
            is(state)
        );
    }
}

/// In parts that can run in parallel.
#[rstest]
#[case::short(FEW)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(MANY)]
fn nothing_breaks_at_any_size(#[case] step: usize, #[values(0, 1, 2, 3)] part: usize) {
    let small = (0..=16).flat_map(|height| (0..=40).map(move |width| (width, height)));
    let sizes: Vec<(u16, u16)> = small.chain(LARGE).collect();
    for (number, state) in states().iter().enumerate().skip(part).step_by(4) {
        let mut app = state.walk.app.clone();
        let typed = Values::of(app.form());
        for size in sizes.iter().skip(number % step).step_by(step) {
            resize(&mut app, *size);
            look::assert_focus(&app);
            look::assert_screen(&app);
        }
        assert!(Values::of(app.form()) == typed, "{} lost something", state.name);
    }
}

#[rstest]
#[case::short(FEW)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(MANY)]
fn a_terminal_of_another_size_than_reported_works(#[case] step: usize) {
    let sizes = [(0, 0), (1, 1), (7, 3), (80, 24), (300, 100)];
    let pairs: Vec<_> = sizes.iter().flat_map(|told| sizes.map(|real| (*told, real))).collect();
    for (number, state) in states().iter().enumerate() {
        for (told, (width, height)) in
            pairs.iter().cycle().skip(number % pairs.len()).step_by(step).take(pairs.len() / step + 1)
        {
            let mut app = state.walk.app.clone();
            resize(&mut app, *told);
            let mut terminal = Terminal::new(TestBackend::new(*width, *height)).unwrap();
            terminal.draw(|frame| draw::draw(&app, Theme { color: true }, frame)).unwrap();
        }
    }
}

#[rstest]
#[case::short(FEW)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(1)]
fn resizing_loses_no_input(#[case] step: usize) {
    let sizes = [(0, 0), (1, 1), (3, 2), (12, 4), (40, 10), (59, 19), (60, 20), (80, 24), (200, 60)];
    let pairs: Vec<_> = sizes.iter().flat_map(|one| sizes.map(|other| (*one, other))).collect();
    for (number, state) in states().iter().enumerate() {
        let typed = Values::of(state.walk.app.form());
        for (one, other) in pairs.iter().skip(number % step).step_by(step) {
            let mut app = state.walk.app.clone();
            resize(&mut app, *one);
            resize(&mut app, *other);
            assert!(Values::of(app.form()) == typed, "{} from {one:?} to {other:?}", state.name);
            look::assert_focus(&app);
        }
    }
}

/// Returns the drawn rows of the body.
fn body(app: &App, drawn: &Buffer) -> Vec<String> {
    let body = app.frame().body;
    rows(drawn)[body.y.into()..(body.y + body.height).into()].to_vec()
}

/// Presses a key until the screen has stayed the same for this many times, and checks it each time.
fn all_the_way(walk: &mut Walk, key: &str, patience: usize, mut look: impl FnMut(&Walk, &Buffer)) {
    let mut before = Buffer::default();
    let mut same = 0;
    while same < patience {
        let (now, _) = walk.buffer();
        same = if now == before { same + 1 } else { 0 };
        look(walk, &now);
        before = now;
        walk.keys(key);
    }
}

/// Visits every element of the current step that can have the focus. Returns them.
fn walk_through(walk: &mut Walk) -> Vec<FocusTarget> {
    let mut met = Vec::new();
    for key in ["tab", "shift-tab"] {
        all_the_way(walk, key, 1, |walk, drawn| {
            let rows = body(&walk.app, drawn);
            let marked = rows.iter().filter(|row| row.starts_with(" › ")).count();
            assert_eq!(marked, 1, "what has the focus is not in view:\n{}", rows.join("\n"));
            met.push(look::focused_target(&walk.app).unwrap());
        });
    }
    met
}

#[rstest]
#[case::short(8)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(1)]
fn the_focus_is_visible_with_its_label(#[case] step: usize) {
    let of_steps = states().iter().filter(|state| matches!(state.walk.app.screen(), Screen::Step(_)));
    for state in of_steps.step_by(step) {
        for (width, height) in USUAL {
            let mut walk = state.walk.clone();
            walk.keys(&format!("size:{width}x{height}"));
            while walk.app.top_dialog().is_some() {
                walk.keys("esc");
            }
            let met = walk_through(walk.keys("pageup"));
            assert!(met.len() > 4, "{}: {met:?}", state.name);
        }
    }
}

#[rstest]
#[case::short(9)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(1)]
fn confirm_takes_no_keys_before_its_end_is_visible(#[case] step: usize) {
    let ready = ["review, summary", "review, all new", "payload, agreed", "rejected", "not sent"];
    let all = ready.iter().flat_map(|name| ["0x24", "80x0", "80x1", "80x2", "1x2"].map(|size| (name, size)));
    for (name, size) in all.step_by(step) {
        let mut walk = state(name).walk.clone();
        walk.keys("ctrl-n");
        assert!(matches!(walk.app.screen(), Screen::Confirm(_)), "{name}");
        walk.keys(&format!("esc size:{size} ctrl-n wait"));
        for _ in 0..300 {
            walk.keys("down wait");
        }
        let armed = matches!(walk.app.screen(), Screen::Confirm(confirm) if confirm.is_armed());
        assert!(!armed, "{name} at {size}");
    }
}

#[rstest]
#[case("80x3")]
#[case("20x4")]
#[case("40x10")]
fn confirm_takes_keys_once_its_end_was_visible(#[case] size: &str) {
    for state in states().iter().filter(|state| state.name.starts_with("confirm") && state.name.contains("unread")) {
        let mut walk = state.walk.clone();
        walk.keys(&format!("survey size:{size}"));
        all_the_way(&mut walk, "down", SAME, |_, _| {});
        let asked: Vec<_> = walk.open.iter().filter(|effect| matches!(effect, Effect::ArmConfirm(_))).collect();
        assert_eq!(asked.len(), 1, "{}", state.name);
        walk.keys("wait");
        assert!(matches!(walk.app.screen(), Screen::Confirm(confirm) if confirm.is_armed()), "{}", state.name);
    }
}

/// The greatest number of equal rows in succession.
const SAME: usize = 40;

/// Returns the rows of the current half of Review, without its marks and blank rows.
fn half(app: &App, drawn: &Buffer) -> BTreeSet<String> {
    let (summary, preview) = app.review_areas();
    let Screen::Review(review) = app.screen() else { panic!("no Review") };
    let area = if review.pane == ReviewPane::Summary { summary } else { preview }.unwrap();
    let cell = |x: u16, y: u16| drawn[(x, y)].symbol().replace('›', " ");
    let row = |y: u16| (area.x..area.x + area.width).map(|x| cell(x, y)).collect::<String>();
    (area.y..area.y + area.height).map(row).filter(|row| !row.trim().is_empty()).collect()
}

#[rstest]
#[case::short("payload, agreed", "")]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long("payload, agreed", "tab")]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long("payload, odd, review", "")]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long("hostile, review", "")]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long("hostile, review", "tab")]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long("rejected, strangely", "")]
fn everything_at_review_is_readable(#[case] name: &str, #[case] pane: &str) {
    for (width, height) in USUAL {
        let mut walk = state(name).walk.clone();
        walk.keys(&format!("size:{width}x1000 {pane}"));
        let all = half(&walk.app, &walk.buffer().0);
        walk.keys(&format!("size:{width}x{height} home"));
        let mut seen = BTreeSet::new();
        all_the_way(&mut walk, "down", SAME, |walk, drawn| seen.extend(half(&walk.app, drawn)));
        let never: Vec<_> = all.difference(&seen).collect();
        assert!(never.is_empty(), "{name} at {width}x{height} never shows {never:#?}");
    }
}
