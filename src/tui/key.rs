//! Keys by name, such as `ctrl-n`.
//!
//! Key tables, help and key scripts share these names. Terminal events are translated into keys elsewhere.

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct KeyPress {
    pub code: KeyCode,
    /// True if Ctrl was held.
    pub ctrl: bool,
    /// True if Alt was held.
    pub alt: bool,
    /// True if Shift was held. A character already includes its Shift.
    pub shift: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum KeyCode {
    Char(char),
    F(u8),
    Named(NamedKey),
}

/// Keys that have a name instead of a character.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NamedKey {
    Enter,
    Tab,
    Esc,
    Backspace,
    Delete,
    Left,
    Right,
    Up,
    Down,
    Home,
    End,
    PageUp,
    PageDown,
    Insert,
}

const KEY_NAMES: [(NamedKey, &str); 14] = [
    (NamedKey::Enter, "enter"),
    (NamedKey::Tab, "tab"),
    (NamedKey::Esc, "esc"),
    (NamedKey::Backspace, "backspace"),
    (NamedKey::Delete, "delete"),
    (NamedKey::Left, "left"),
    (NamedKey::Right, "right"),
    (NamedKey::Up, "up"),
    (NamedKey::Down, "down"),
    (NamedKey::Home, "home"),
    (NamedKey::End, "end"),
    (NamedKey::PageUp, "pageup"),
    (NamedKey::PageDown, "pagedown"),
    (NamedKey::Insert, "insert"),
];

impl KeyPress {
    pub fn plain(code: KeyCode) -> Self {
        Self { code, ctrl: false, alt: false, shift: false }
    }

    /// The key with a name such as `ctrl-n`, `shift-tab`, `alt-3`, `space`, `f1` or `x`.
    pub fn parse(name: &str) -> Option<Self> {
        let mut key = Self::plain(KeyCode::Char(' '));
        let mut rest = name;
        loop {
            rest = match rest.split_once('-') {
                Some(("ctrl", after)) => (key.ctrl = true, after).1,
                Some(("alt", after)) => (key.alt = true, after).1,
                Some(("shift", after)) => (key.shift = true, after).1,
                _ => break,
            };
        }
        key.code = parse_key_code(rest)?;
        Some(key)
    }

    pub fn name(&self) -> String {
        let mut name = String::new();
        for (held, prefix) in [(self.ctrl, "ctrl-"), (self.alt, "alt-")] {
            name.push_str(if held { prefix } else { "" });
        }
        match self.code {
            KeyCode::Char(' ') => name.push_str("space"),
            KeyCode::Char(c) => name.push(c),
            KeyCode::F(number) => name.extend(['f'.to_string(), number.to_string()]),
            KeyCode::Named(named) => {
                name.push_str(if self.shift { "shift-" } else { "" });
                name.push_str(KEY_NAMES.iter().find(|(known, _)| *known == named).map_or("", |(_, name)| name));
            }
        }
        name
    }

    /// The same letter in lower case; `None` if the key is not an upper-case ASCII letter.
    pub fn in_lower_case(&self) -> Option<Self> {
        match self.code {
            KeyCode::Char(c) if c.is_ascii_uppercase() => {
                Some(Self { code: KeyCode::Char(c.to_ascii_lowercase()), ..*self })
            }
            _ => None,
        }
    }

    /// The character that the key types if it is not bound. A sign with Alt types that sign, because some terminals
    /// send `AltGr` input this way. ASCII letters and digits with Alt type nothing, because they have bindings of
    /// their own.
    pub fn typed_char(&self) -> Option<char> {
        let KeyCode::Char(c) = self.code else { return None };
        let sign = !c.is_whitespace() && !c.is_ascii_alphanumeric();
        (!self.ctrl && !c.is_control() && (!self.alt || sign)).then_some(c)
    }
}

fn parse_key_code(name: &str) -> Option<KeyCode> {
    if let Some((named, _)) = KEY_NAMES.iter().find(|(_, known)| *known == name) {
        return Some(KeyCode::Named(*named));
    }
    if name == "space" {
        return Some(KeyCode::Char(' '));
    }
    let mut chars = name.chars();
    match (chars.next()?, chars.as_str()) {
        (c, "") => Some(KeyCode::Char(c)),
        ('f', number) => number.parse().ok().map(KeyCode::F),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("ctrl-n")]
    #[case("alt-3")]
    #[case("shift-tab")]
    #[case("pagedown")]
    #[case("space")]
    #[case("f12")]
    #[case("x")]
    #[case("é")]
    #[case("-")]
    fn key_names_round_trip(#[case] name: &str) {
        assert_eq!(KeyPress::parse(name).unwrap().name(), name);
    }

    #[rstest]
    #[case("")]
    #[case("nokey")]
    #[case("ctrl-")]
    #[case("fx")]
    fn an_invalid_key_name_is_refused(#[case] name: &str) {
        assert_eq!(KeyPress::parse(name), None);
    }

    #[test]
    fn only_printable_characters_are_typed() {
        assert_eq!(KeyPress::parse("x").unwrap().typed_char(), Some('x'));
        assert_eq!(KeyPress::parse("ctrl-x").unwrap().typed_char(), None);
        assert_eq!(KeyPress::plain(KeyCode::Char('\u{1b}')).typed_char(), None);
        assert_eq!(KeyPress::parse("enter").unwrap().typed_char(), None);
    }

    #[rstest]
    #[case("alt-@", Some('@'))]
    #[case("alt-[", Some('['))]
    #[case("alt-€", Some('€'))]
    #[case("alt-x", None)]
    #[case("alt-3", None)]
    #[case("alt-space", None)]
    #[case("ctrl-alt-@", None)]
    fn a_sign_with_alt_counts_as_altgr_input(#[case] name: &str, #[case] typed: Option<char>) {
        assert_eq!(KeyPress::parse(name).unwrap().typed_char(), typed);
    }
}
