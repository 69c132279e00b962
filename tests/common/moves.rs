//! Random events for a wizard: keys, pastes, sizes, times, and replies in any order.
//!
//! A move names a kind of event, and the driver chooses the event that fits the present state. A move therefore keeps
//! its meaning when earlier moves are left out, and a failing run can be shortened.

use super::replies::{Ending, HOSTILE, Manner, wide};
use proptest::prelude::*;
use proptest::sample::{Index, select};
use zegel::tui::key::KeyPress;

/// An event.
#[derive(Debug, Clone)]
pub(crate) enum Move {
    /// A key of the table, whether or not it works here.
    Key(Index),
    /// One of the keys that work now.
    Live(Index),
    /// This key, whether or not it works here.
    Press(KeyPress),
    /// A key script that leads to another place.
    Script(&'static str),
    /// A step that brings an order nearer. An order under way ends like this.
    Onward(Ending),
    Char(char),
    Paste(String),
    /// A whole card number, if a secret is being typed.
    Card,
    Size(u16, u16),
    /// This many seconds pass.
    Seconds(u64),
    /// One of the open requests is answered.
    Answer(Index, Manner),
    /// The open request of this number is answered.
    Reply(usize, Manner),
    /// All open requests are answered correctly.
    AnswerAll,
    /// A request is answered once more, or a reply comes that nobody requested.
    Stale(Index, u64, Manner),
    /// The order is answered.
    Order(Ending),
    /// The status of an order arrives, requested or not.
    Heard(u32, bool),
    Terminate,
}

/// Generates any move.
pub(crate) fn any_move() -> impl Strategy<Value = Move> {
    prop_oneof![
        20 => any::<Index>().prop_map(Move::Key),
        30 => any::<Index>().prop_map(Move::Live),
        10 => script().prop_map(Move::Script),
        30 => ending().prop_map(Move::Onward),
        12 => character().prop_map(Move::Char),
        6 => paste().prop_map(Move::Paste),
        1 => Just(Move::Card),
        6 => size().prop_map(|(width, height)| Move::Size(width, height)),
        4 => prop_oneof![6 => 0u64..20, 1 => 590u64..620].prop_map(Move::Seconds),
        14 => (any::<Index>(), manner()).prop_map(|(which, manner)| Move::Answer(which, manner)),
        4 => Just(Move::AnswerAll),
        2 => (any::<Index>(), 0u64..40, manner()).prop_map(|(which, ticket, manner)| Move::Stale(which, ticket, manner)),
        4 => ending().prop_map(Move::Order),
        2 => (0u32..4, any::<bool>()).prop_map(|(round, good)| Move::Heard(round, good)),
        1 => prop::bool::weighted(0.1).prop_map(|ends| if ends { Move::Terminate } else { Move::AnswerAll }),
    ]
}

fn script() -> impl Strategy<Value = &'static str> {
    let word = "backspace backspace backspace backspace backspace backspace";
    select(vec![
        "enter",
        "ctrl-n",
        "esc",
        "tab tab tab",
        "pagedown",
        "pagedown enter",
        "pagedown shift-tab enter",
        "alt-7",
        "alt-7 ctrl-n",
        "type:order enter",
        "type:r enter",
        "type:bestel enter",
        "type:<space>order<space> enter",
        word,
        "type:anna enter",
        "alt-6 pageup tab",
        "alt-3 pagedown shift-tab",
        "alt-4 pageup enter",
        "alt-4 pageup enter pagedown shift-tab enter",
        "alt-2 pagedown shift-tab shift-tab enter",
        "pagedown pagedown pagedown",
    ])
}

fn character() -> impl Strategy<Value = char> {
    prop_oneof![
        8 => proptest::char::range(' ', '~'),
        4 => proptest::char::range('0', '9'),
        4 => select(vec!['é', 'ß', 'ĳ', '省', '都', '👩', '🇳', '🇱', 'ﬁ', '\u{3000}']),
        4 => select(vec!['\u{301}', '\u{20e3}', '\u{200d}', '\u{fe0f}', '\u{e0041}', '\u{ad}', '\u{1160}']),
        3 => select(vec!['\u{202e}', '\u{2066}', '\u{200f}', '\u{2028}', '\u{feff}']),
        3 => select(vec!['\u{0}', '\u{7}', '\t', '\n', '\u{1b}', '\u{7f}', '\u{9b}']),
        1 => any::<char>(),
    ]
}

fn paste() -> impl Strategy<Value = String> {
    prop_oneof![
        4 => "\\PC{0,20}",
        4 => proptest::collection::vec(character(), 0..12).prop_map(|chars| chars.into_iter().collect()),
        2 => Just("order\n".to_owned()),
        2 => Just("\r\ny\n\u{1b}[201~order\r".to_owned()),
        2 => Just(HOSTILE.to_owned()),
        1 => Just(wide()),
        1 => (1_900usize..2_100).prop_map(|length| "x y".repeat(length / 3)),
        1 => Just("\u{202e}".repeat(2_000)),
        2 => Just("1234 1234\n12-34".to_owned()),
    ]
}

fn size() -> impl Strategy<Value = (u16, u16)> {
    prop_oneof![
        4 => (0u16..=90, 0u16..=26),
        1 => (0u16..=200, 0u16..=60),
        1 => (0u16..=8, 0u16..=5),
        3 => select(vec![(80, 24), (40, 10), (120, 40), (60, 20)]),
    ]
}

pub(crate) fn manner() -> impl Strategy<Value = Manner> {
    prop_oneof![
        20 => Just(Manner::Right),
        4 => Just(Manner::Hostile),
        1 => Just(Manner::Many),
        2 => Just(Manner::Empty),
        2 => Just(Manner::Refused),
        2 => Just(Manner::Cut),
        2 => Just(Manner::Other),
    ]
}

pub(crate) fn ending() -> impl Strategy<Value = Ending> {
    prop_oneof![
        3 => Just(Ending::Placed),
        1 => Just(Ending::PlacedStrangely),
        4 => Just(Ending::Refused),
        2 => Just(Ending::RefusedStrangely),
        1 => Just(Ending::NotSent),
        2 => Just(Ending::Lost),
        1 => Just(Ending::Broken),
        1 => Just(Ending::Unreadable),
        1 => Just(Ending::Moved),
    ]
}
