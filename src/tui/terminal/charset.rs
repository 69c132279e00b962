//! Charset: which characters the terminal shows according to the environment, and the substitutes for the others.
//!
//! A substitute has the width of the character that it replaces, so the layout does not move. Characters are replaced
//! only on display: what is sent, saved or copied keeps every character.

use crate::text;
use ratatui::buffer::Buffer;
use std::borrow::Cow;

/// The locale of the environment.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Locale {
    /// A locale with the charset UTF-8.
    Utf8(String),
    /// A locale with another charset, or with none in its name.
    Other(String),
    /// No locale is set.
    Unset,
}

impl Locale {
    /// Reads the variables that set the locale (POSIX, 8.2). The first one that is set and not empty decides.
    pub fn from_environment(get: impl Fn(&str) -> Option<String>) -> Self {
        let set = ["LC_ALL", "LC_CTYPE", "LANG"].into_iter().filter_map(get);
        match set.into_iter().find(|value| !value.is_empty()) {
            Some(locale) if is_utf8(&locale) => Self::Utf8(locale),
            Some(locale) => Self::Other(locale),
            None => Self::Unset,
        }
    }

    /// Returns the charset of the terminal. If no locale is set, it is `C` (POSIX, 8.2), which has ASCII only. On macOS
    /// terminals use UTF-8 even then, and ssh does not pass the locale on.
    pub fn charset(&self) -> Charset {
        match self {
            Self::Utf8(_) => Charset::Unicode,
            Self::Unset if cfg!(target_os = "macos") => Charset::Unicode,
            Self::Other(_) | Self::Unset => Charset::Ascii,
        }
    }
}

/// Returns true if a locale such as `nl_NL.UTF-8@euro` has the charset UTF-8. macOS has a locale that is just `UTF-8`.
fn is_utf8(locale: &str) -> bool {
    let known = locale.split('@').next().unwrap_or_default();
    let charset = known.rsplit('.').next().unwrap_or_default();
    charset.to_lowercase().replace('-', "") == "utf8"
}

/// The characters that a terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Charset {
    #[default]
    Unicode,
    Ascii,
}

impl Charset {
    /// Replaces the characters of a visible text that cannot be shown.
    pub fn fit_text(self, text: &str) -> Cow<'_, str> {
        if self == Self::Unicode || text.is_ascii() {
            return Cow::Borrowed(text);
        }
        let mut shown = String::with_capacity(text.len());
        for (grapheme, columns) in text::graphemes(text) {
            if grapheme.is_ascii() {
                shown.push_str(grapheme);
            } else {
                shown.extend(std::iter::repeat_n(substitute_char(grapheme), columns));
            }
        }
        Cow::Owned(shown)
    }

    /// Replaces the characters of a drawn buffer that cannot be shown.
    pub(super) fn fit_buffer(self, painted: &mut Buffer) {
        if self == Self::Unicode {
            return;
        }
        // The substitute of a wide character must fill all columns of that character.
        let (mut columns, mut cover) = (0, ' ');
        for cell in &mut painted.content {
            if columns > 0 {
                cell.set_char(cover);
            } else if !cell.symbol().is_ascii() {
                (columns, cover) = (text::display_width(cell.symbol()), substitute_char(cell.symbol()));
                cell.set_char(cover);
            }
            columns = columns.saturating_sub(1);
        }
    }
}

/// Returns the substitute of a character: for zegel's own marks the most similar sign, otherwise `?`. Letters have no
/// substitutes of their own, because a name with a replaced or missing letter would look like another name.
fn substitute_char(grapheme: &str) -> char {
    match grapheme {
        "─" | "–" | "·" => '-',
        "│" => '|',
        "┌" | "┐" | "└" | "┘" | "├" | "┤" | "┬" | "┴" | "┼" => '+',
        "›" | "→" => '>',
        "←" => '<',
        "↑" => '^',
        "↓" | "▾" | "✓" => 'v',
        "↳" => '\\',
        "✗" => 'x',
        "•" => '*',
        "…" => '~',
        "«" | "»" => '"',
        _ => '?',
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ratatui::layout::Rect;
    use ratatui::style::Style;
    use rstest::rstest;

    fn locale(set: &[(&str, &str)]) -> Locale {
        Locale::from_environment(|name| {
            set.iter().find(|(known, _)| *known == name).map(|(_, value)| (*value).to_owned())
        })
    }

    #[rstest]
    #[case(&[("LANG", "nl_NL.UTF-8")], Charset::Unicode)]
    #[case(&[("LANG", "nl_NL.utf8@euro")], Charset::Unicode)]
    #[case(&[("LC_CTYPE", "UTF-8")], Charset::Unicode)]
    #[case(&[("LC_ALL", ""), ("LC_CTYPE", "C.utf8"), ("LANG", "C")], Charset::Unicode)]
    #[case(&[("LC_ALL", "C"), ("LANG", "nl_NL.UTF-8")], Charset::Ascii)]
    #[case(&[("LC_ALL", "POSIX")], Charset::Ascii)]
    #[case(&[("LC_CTYPE", "nl_NL"), ("LANG", "nl_NL.UTF-8")], Charset::Ascii)]
    #[case(&[("LANG", "nl_NL.ISO8859-15@euro")], Charset::Ascii)]
    #[case(&[("LANG", "utf8_NL.ISO-8859-1")], Charset::Ascii)]
    fn the_first_variable_that_is_set_decides(#[case] set: &[(&str, &str)], #[case] letters: Charset) {
        assert_eq!(locale(set).charset(), letters);
    }

    #[test]
    fn without_variables_the_locale_is_posix_except_on_macos() {
        let expected = if cfg!(target_os = "macos") { Charset::Unicode } else { Charset::Ascii };
        assert_eq!((locale(&[]), locale(&[("LANG", "")]).charset()), (Locale::Unset, expected));
    }

    #[rstest]
    #[case("Gemeente Zilverdam", "Gemeente Zilverdam")]
    #[case(" › ✓ Naam · (•) één …", " > v Naam - (*) ??n ~")]
    #[case("Súdwest-Fryslân", "S?dwest-Frysl?n")]
    #[case("e\u{301}n", "?n")]
    #[case("東京", "????")]
    #[case("🇳🇱!", "??!")]
    fn non_ascii_characters_get_a_replacement_of_the_same_width(#[case] text: &str, #[case] shown: &str) {
        assert_eq!(Charset::Ascii.fit_text(text), shown);
        assert_eq!(Charset::Unicode.fit_text(text), text);
        assert_eq!(text::display_width(shown), text::display_width(text));
        for width in [1, 2, 3, 5, 8, 13, 24] {
            let mut painted = Buffer::empty(Rect::new(0, 0, width, 2));
            painted.set_stringn(0, 0, text, width.into(), Style::new());
            painted.set_stringn(0, 1, text, width.into(), Style::new());
            Charset::Ascii.fit_buffer(&mut painted);
            let symbols: String = painted.content.iter().map(ratatui::buffer::Cell::symbol).collect();
            // A wide character that has no room left is not drawn at all.
            let cut: String = shown.chars().take(width.into()).collect();
            let row = |row: usize| symbols[row * usize::from(width)..][..width.into()].trim_end();
            assert!(symbols.is_ascii() && cut.starts_with(row(0)) && row(0) == row(1), "{symbols:?} {cut:?}");
        }
    }
}
