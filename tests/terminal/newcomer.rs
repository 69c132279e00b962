//! The path of a new user through the demo, over a real terminal of 80×24, with the embedded sandbox.

use crate::common::newcomer::{BY_BUTTONS, SHORTEST, Way, count, typed};
use crate::common::tty::Launch;
use rstest::rstest;

#[rstest]
#[case::the_shortest(&SHORTEST)]
#[case::by_buttons_alone(&BY_BUTTONS)]
fn a_new_user_places_an_order(#[case] way: &Way) {
    let mut tty = Launch::new(&["demo"]).size(80, 24).start();
    for (keys, then) in way.legs {
        for word in keys.split_whitespace() {
            match typed(word) {
                Some(text) => tty.type_text(&text),
                None => tty.press(word),
            };
        }
        tty.wait_for(then);
    }
    count(way);
    tty.press("q");
    assert_eq!(tty.wait_exit(), 0);
}
