//! A key as the wizard knows it, by a name such as `ctrl-n`. The terminal's own events are translated elsewhere.
//!
//! Names are what key tables, help and key scripts share. It knows no terminal.

/// A key that was pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Key {
    /// Which.
    pub code: Code,
    /// Whether Ctrl was held.
    pub ctrl: bool,
    /// Whether Alt was held.
    pub alt: bool,
    /// Whether Shift was held. Characters carry it in themselves.
    pub shift: bool,
}

/// Which key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Code {
    /// A character.
    Char(char),
    /// A function key.
    F(u8),
    /// A key with a name.
    Named(Named),
}

/// Keys with a name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[allow(missing_docs)]
pub enum Named {
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

const NAMES: [(Named, &str); 14] = [
    (Named::Enter, "enter"),
    (Named::Tab, "tab"),
    (Named::Esc, "esc"),
    (Named::Backspace, "backspace"),
    (Named::Delete, "delete"),
    (Named::Left, "left"),
    (Named::Right, "right"),
    (Named::Up, "up"),
    (Named::Down, "down"),
    (Named::Home, "home"),
    (Named::End, "end"),
    (Named::PageUp, "pageup"),
    (Named::PageDown, "pagedown"),
    (Named::Insert, "insert"),
];

impl Key {
    /// A key without modifiers.
    pub fn plain(code: Code) -> Self {
        Self { code, ctrl: false, alt: false, shift: false }
    }

    /// The key of a name such as `ctrl-n`, `shift-tab`, `alt-3`, `space`, `f1` or `x`.
    pub fn parse(name: &str) -> Option<Self> {
        let mut key = Self::plain(Code::Char(' '));
        let mut rest = name;
        loop {
            rest = match rest.split_once('-') {
                Some(("ctrl", after)) => (key.ctrl = true, after).1,
                Some(("alt", after)) => (key.alt = true, after).1,
                Some(("shift", after)) => (key.shift = true, after).1,
                _ => break,
            };
        }
        key.code = code(rest)?;
        Some(key)
    }

    /// Its name.
    pub fn name(&self) -> String {
        let mut name = String::new();
        for (held, prefix) in [(self.ctrl, "ctrl-"), (self.alt, "alt-")] {
            name.push_str(if held { prefix } else { "" });
        }
        match self.code {
            Code::Char(' ') => name.push_str("space"),
            Code::Char(c) => name.push(c),
            Code::F(number) => name.extend(['f'.to_string(), number.to_string()]),
            Code::Named(named) => {
                name.push_str(if self.shift { "shift-" } else { "" });
                name.push_str(NAMES.iter().find(|(known, _)| *known == named).map_or("", |(_, name)| name));
            }
        }
        name
    }

    /// The same letter in lower case; nothing where it is none, or in lower case already.
    pub fn in_lower_case(&self) -> Option<Self> {
        match self.code {
            Code::Char(c) if c.is_ascii_uppercase() => Some(Self { code: Code::Char(c.to_ascii_lowercase()), ..*self }),
            _ => None,
        }
    }

    /// The character that it types where the key does nothing else. A sign with Alt types that sign: so some terminals
    /// send what `AltGr` gives. No letter or digit of ASCII comes so, because those have keys of their own.
    pub fn typed(&self) -> Option<char> {
        let Code::Char(c) = self.code else { return None };
        let sign = !c.is_whitespace() && !c.is_ascii_alphanumeric();
        (!self.ctrl && !c.is_control() && (!self.alt || sign)).then_some(c)
    }
}

fn code(name: &str) -> Option<Code> {
    if let Some((named, _)) = NAMES.iter().find(|(_, known)| *known == name) {
        return Some(Code::Named(*named));
    }
    if name == "space" {
        return Some(Code::Char(' '));
    }
    let mut chars = name.chars();
    match (chars.next()?, chars.as_str()) {
        (c, "") => Some(Code::Char(c)),
        ('f', number) => number.parse().ok().map(Code::F),
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
    fn names_are_read_as_they_are_written(#[case] name: &str) {
        assert_eq!(Key::parse(name).unwrap().name(), name);
    }

    #[rstest]
    #[case("")]
    #[case("nokey")]
    #[case("ctrl-")]
    #[case("fx")]
    fn what_is_no_key_is_refused(#[case] name: &str) {
        assert_eq!(Key::parse(name), None);
    }

    #[test]
    fn only_ordinary_characters_type() {
        assert_eq!(Key::parse("x").unwrap().typed(), Some('x'));
        assert_eq!(Key::parse("ctrl-x").unwrap().typed(), None);
        assert_eq!(Key::plain(Code::Char('\u{1b}')).typed(), None);
        assert_eq!(Key::parse("enter").unwrap().typed(), None);
    }

    #[rstest]
    #[case("alt-@", Some('@'))]
    #[case("alt-[", Some('['))]
    #[case("alt-€", Some('€'))]
    #[case("alt-x", None)]
    #[case("alt-3", None)]
    #[case("alt-space", None)]
    #[case("ctrl-alt-@", None)]
    fn a_sign_with_alt_is_what_altgr_gives(#[case] name: &str, #[case] typed: Option<char>) {
        assert_eq!(Key::parse(name).unwrap().typed(), typed);
    }
}
