//! The bytes that a terminal sends for a key, by the names of key scripts.
//!
//! They are those of xterm, without any mode that a program may turn on.

pub(super) fn key(name: &str) -> Vec<u8> {
    let known = [
        ("tab", "\t"),
        ("shift-tab", "\x1b[Z"),
        ("enter", "\r"),
        ("esc", "\x1b"),
        ("space", " "),
        ("backspace", "\x7f"),
        ("delete", "\x1b[3~"),
        ("up", "\x1b[A"),
        ("down", "\x1b[B"),
        ("right", "\x1b[C"),
        ("left", "\x1b[D"),
        ("home", "\x1b[H"),
        ("end", "\x1b[F"),
        ("pageup", "\x1b[5~"),
        ("pagedown", "\x1b[6~"),
        ("insert", "\x1b[2~"),
        ("ctrl-left", "\x1b[1;5D"),
        ("ctrl-alt-_", "\x1b\x1f"),
        ("alt-backspace", "\x1b\x7f"),
        ("f1", "\x1bOP"),
        ("f2", "\x1bOQ"),
        ("f3", "\x1bOR"),
        ("f5", "\x1b[15~"),
        ("f12", "\x1b[24~"),
    ];
    if let Some((_, bytes)) = known.iter().find(|(known, _)| *known == name) {
        return bytes.as_bytes().to_vec();
    }
    if let Some(letter) = name.strip_prefix("ctrl-") {
        return vec![letter.as_bytes()[0] & 0x1f];
    }
    if let Some(rest) = name.strip_prefix("alt-") {
        return [b"\x1b", rest.as_bytes()].concat();
    }
    assert_eq!(name.chars().count(), 1, "no key {name}");
    name.as_bytes().to_vec()
}
