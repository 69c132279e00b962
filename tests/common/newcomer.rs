//! The path of a new user through the wizard: from the first screen of the demo to a placed order.
//!
//! Only keys that the screens name are pressed. Every key counts except the characters of typed text.

/// Keys as in key scripts, and a text that the screen shows after them.
pub(crate) type Leg = (&'static str, &'static str);

/// A path and the number of keys that it takes.
pub(crate) struct Way {
    pub(crate) legs: &'static [Leg],
    pub(crate) keys: usize,
}

/// The most keys that any path may take.
const MOST: usize = 60;

/// The path with the fewest keys.
pub(crate) const SHORTEST: Way = Way {
    legs: &[
        ("", " › Name or id"),
        ("enter", " › 900001  Gemeente Zilverdam"),
        ("enter", " › [ Continue to: Contacts ]"),
        ("ctrl-n", " › Person"),
        ("enter", " › 800001  A"),
        ("enter", " › Role"),
        ("ctrl-n", " › [ ] I agree"),
        ("space", " › [x] I agree"),
        ("ctrl-n", " › Recipient"),
        (ADDRESS, "Noord-Holland"),
        ("ctrl-n", "Step 5 of 7: Validity"),
        ("ctrl-n", "Step 6 of 7: Payment"),
        ("ctrl-n", "Summary · errors: 0 · warnings: 0"),
        ("ctrl-n", " Enter order "),
        ("type:order enter", "Order 700001 was placed"),
    ],
    keys: 18,
};

/// Without Ctrl-N: every step is left by the button at its end.
pub(crate) const BY_BUTTONS: Way = Way {
    legs: &[
        ("", " › Name or id"),
        ("enter", " › 900001  Gemeente Zilverdam"),
        ("enter", " › [ Continue to: Contacts ]"),
        ("enter", " › Person"),
        ("enter", " › 800001  A"),
        ("enter", " › Role"),
        ("tab tab enter", " › [ ] I agree"),
        ("space", " › [x] I agree"),
        ("tab enter", " › Recipient"),
        (ADDRESS, "Noord-Holland"),
        ("tab tab tab", " › [ Continue to: Validity ]"),
        ("enter", "Step 5 of 7: Validity"),
        ("tab tab enter", "Step 6 of 7: Payment"),
        ("tab tab enter", "Summary · errors: 0 · warnings: 0"),
        ("enter", " Enter order "),
        ("type:order enter", "Order 700001 was placed"),
    ],
    keys: 28,
};

/// The delivery address of the token, typed from its first field on.
const ADDRESS: &str = "type:Anna<space>de<space>Vries tab type:Raadhuisplein<space>1 tab type:2<space>hoog tab \
    type:1234<space>AB tab type:Zilverdam tab type:Noord-Holland";

/// Returns the text that a word of a script types.
pub(crate) fn typed(word: &str) -> Option<String> {
    word.strip_prefix("type:").map(|text| text.replace("<space>", " "))
}

/// Asserts that the path takes exactly its number of keys, and no more than allowed.
#[track_caller]
pub(crate) fn count(way: &Way) {
    let words = way.legs.iter().flat_map(|(keys, _)| keys.split_whitespace());
    let pressed = words.filter(|word| typed(word).is_none()).count();
    assert!(
        pressed == way.keys && pressed <= MOST,
        "{pressed} keys were pressed, {} and at most {MOST} are meant",
        way.keys
    );
}
