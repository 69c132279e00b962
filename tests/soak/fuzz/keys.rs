//! Keys, pastes, replies and sizes in any order, on a wizard in any of its named states.
//!
//! Each line of an input is an event, a word with its arguments; any other line is typed. The driver checks everything
//! after each message: no order without the word, none twice, no secret on the screen.

use super::grow::{LONG, SHORT, fuzz};
use crate::common::attacks;
use crate::common::driver::Driver;
use crate::common::moves::Move;
use crate::common::replies::{Ending, Manner};
use crate::common::states::{State, states};
use rstest::rstest;
use std::time::Duration;
use zegel::tui::key::KeyPress;
use zegel::tui::keymap::KEY_BINDINGS;

/// The most lines that count: each may be many messages.
const LINES: usize = 40;

/// A paste is cut to this many characters: beyond the size of a field, more length makes no difference.
const LONGEST: usize = 4_000;

const MANNERS: [(&str, Manner); 7] = [
    ("right", Manner::Right),
    ("hostile", Manner::Hostile),
    ("many", Manner::Many),
    ("empty", Manner::Empty),
    ("refused", Manner::Refused),
    ("cut", Manner::Cut),
    ("other", Manner::Other),
];

const ENDINGS: [(&str, Ending); 9] = [
    ("placed", Ending::Placed),
    ("placed-strangely", Ending::PlacedStrangely),
    ("refused", Ending::Refused),
    ("refused-strangely", Ending::RefusedStrangely),
    ("not-sent", Ending::NotSent),
    ("lost", Ending::Lost),
    ("broken", Ending::Broken),
    ("unreadable", Ending::Unreadable),
    ("moved", Ending::Moved),
];

/// Returns the state that the first line names, else one by its length.
fn start(line: &str) -> &'static State {
    let named = line.strip_prefix("from ").and_then(|name| states().iter().find(|state| state.name == name));
    named.unwrap_or_else(|| &states()[line.len() % states().len()])
}

fn by_name<T: Copy>(known: &[(&str, T)], name: &str) -> Option<T> {
    known.iter().find(|(word, _)| *word == name).map(|(_, one)| *one)
}

/// Returns the moves of a line, if it has any.
fn said(line: &str) -> Option<Vec<Move>> {
    let (word, rest) = line.split_once(' ').unwrap_or((line, ""));
    let number = || rest.split(' ').next().and_then(|number| number.parse::<u64>().ok());
    let one = match word {
        "key" => return rest.split(' ').map(press).collect(),
        "paste" => Move::Paste(unescaped(rest).chars().take(LONGEST).collect()),
        "size" => {
            let (width, height) = rest.split_once('x')?;
            Move::Size(width.parse::<u16>().ok()? % 200, height.parse::<u16>().ok()? % 60)
        }
        "pass" => Move::Seconds(number()? % 700),
        "answer" => Move::Reply(usize::try_from(number()?).ok()?, by_name(&MANNERS, rest.split(' ').nth(1)?)?),
        "answers" => Move::AnswerAll,
        "order" => Move::Order(by_name(&ENDINGS, rest)?),
        "onward" => Move::Onward(by_name(&ENDINGS, rest)?),
        "heard" => Move::Heard(u32::try_from(number()? % 4).ok()?, rest.ends_with("good")),
        "card" => Move::Card,
        "terminate" => Move::Terminate,
        _ => return None,
    };
    Some(vec![one])
}

fn press(name: &str) -> Option<Move> {
    KeyPress::parse(name).map(Move::Press)
}

fn unescaped(text: &str) -> String {
    text.replace("\\n", "\n").replace("\\r", "\r").replace("\\e", "\u{1b}")
}

fn moves(line: &str) -> Vec<Move> {
    said(line).unwrap_or_else(|| line.chars().take(200).map(Move::Char).collect())
}

fn target(input: &[u8]) -> bool {
    let text = String::from_utf8_lossy(input);
    let mut lines = text.split('\n').take(LINES);
    let state = start(lines.next().unwrap_or_default());
    let moves: Vec<Move> = lines.flat_map(moves).collect();
    let tally = Driver::new(state).run(&moves).unwrap_or_else(|wrong| panic!("{wrong}\nfrom {:?}", state.name));
    tally.messages > 2
}

/// Returns lines with a meaning.
fn pieces() -> Vec<Vec<u8>> {
    let keys =
        KEY_BINDINGS.iter().flat_map(|binding| binding.keys).map(|key| format!("\nkey {}", key.replace('#', "3")));
    let answers = MANNERS.iter().flat_map(|(name, _)| [0, 1].map(|which| format!("\nanswer {which} {name}")));
    let endings = ENDINGS.iter().flat_map(|(name, _)| ["order", "onward"].map(|word| format!("\n{word} {name}")));
    let pastes = attacks::ATTACKS.iter().map(|(_, attack)| format!("\npaste {attack}order"));
    let sizes = ["0x0", "1x1", "12x4", "40x10", "80x24", "199x59"].map(|size| format!("\nsize {size}"));
    let others = [
        "\norder",
        "order",
        "r",
        "not placed",
        "700002",
        "\nanswers",
        "\ncard",
        "\npass 1",
        "\npass 601",
        "\nheard 1 good",
    ];
    let names = states().iter().map(|state| format!("from {}\n", state.name));
    let all = keys.chain(answers).chain(endings).chain(pastes).chain(sizes).chain(names);
    all.chain(others.map(str::to_owned)).map(String::into_bytes).collect()
}

#[rstest]
#[case::short(SHORT)]
#[ignore = "long: cargo test --test soak -- --ignored"]
#[case::long(LONG)]
fn keys(#[case] time: Duration) {
    fuzz("keys", time, pieces(), target);
}
