//! The path of a new user, key by key: the screen names each key at that moment.

use crate::common::newcomer::{BY_BUTTONS, SHORTEST, Way, count, typed};
use crate::common::walk::Walk;
use rstest::rstest;

/// Returns the name of a key on the screen.
fn shown(key: &str) -> &'static str {
    let names = [("tab", " Tab "), ("enter", " Enter "), ("space", " Space "), ("ctrl-n", " Ctrl-N ")];
    names.iter().find(|(name, _)| *name == key).unwrap_or_else(|| panic!("{key}: who would know it?")).1
}

#[rstest]
#[case::the_shortest(&SHORTEST)]
#[case::by_buttons_alone(&BY_BUTTONS)]
fn a_new_user_can_order_with_the_keys_on_the_screens(#[case] way: &Way) {
    let mut walk = Walk::new();
    for (keys, then) in way.legs {
        for word in keys.split_whitespace() {
            if typed(word).is_none() {
                let footer = walk.rows().pop().unwrap();
                assert!(footer.contains(shown(word)), "{word} is not in the last row:\n{}", walk.screen());
            }
            walk.keys(word);
        }
        walk.keys("wait").expect(then);
    }
    count(way);
    assert_eq!(walk.orders(), 1);
}
