//! Breaking text into lines, and the visible part of a long line; all by grapheme and column.

use crate::text;

/// Breaks a text into lines of at most `width` columns, between words if possible. Existing line ends stay. The text
/// must already be visible, except for its line ends.
pub fn wrap_text(text: &str, width: usize) -> Vec<&str> {
    text.lines().flat_map(|paragraph| wrap_line(paragraph, width.max(1))).collect()
}

fn wrap_line(text: &str, width: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    loop {
        let fits = prefix_length(rest, width);
        if fits == rest.len() {
            lines.push(rest);
            return lines;
        }
        // Breaks after the last space that fits, otherwise within the word.
        let space = rest[..fits].rfind(' ').filter(|at| !rest[..*at].trim().is_empty());
        let end = if rest[fits..].starts_with(' ') { fits } else { space.unwrap_or(fits) };
        lines.push(rest[..end].trim_end());
        rest = rest[end..].trim_start();
    }
}

/// Splits a text into lines filled up to `width` columns, also within words. Joined, the lines are the text.
pub fn split_by_width(text: &str, width: usize) -> Vec<&str> {
    let mut lines = Vec::new();
    let mut rest = text;
    loop {
        let fits = prefix_length(rest, width.max(1));
        if fits == rest.len() {
            lines.push(rest);
            return lines;
        }
        lines.push(&rest[..fits]);
        rest = &rest[fits..];
    }
}

/// Returns the number of bytes that fit into `width` columns; at least one grapheme, so that there is always
/// progress.
fn prefix_length(text: &str, width: usize) -> usize {
    let mut left = width;
    let mut end = 0;
    for (grapheme, columns) in text::graphemes(text) {
        if columns > left && end > 0 {
            return end;
        }
        left = left.saturating_sub(columns);
        end += grapheme.len();
    }
    end
}

/// Returns the visible part of a one-line text while the cursor is before its `cursor`th character, and the column of
/// the cursor in that part.
pub fn visible_part(raw: &str, cursor: usize, width: usize) -> (String, usize) {
    let at = raw.char_indices().nth(cursor).map_or(raw.len(), |(at, _)| at);
    let shown = text::visible(raw);
    let before = text::visible(&raw[..at]);
    let column = text::display_width(&before);
    // One column is for the cursor itself, after the last character.
    let hidden = (column + 1).saturating_sub(width);
    let mut skipped = 0;
    let mut start = 0;
    for (grapheme, columns) in text::graphemes(&shown) {
        if skipped >= hidden {
            break;
        }
        skipped += columns;
        start += grapheme.len();
    }
    let rest = &shown[start..];
    let end = if width == 0 { 0 } else { prefix_length(rest, width) };
    let visible = &rest[..end];
    // A grapheme wider than the whole view cannot be shown.
    let visible = if text::display_width(visible) > width { "" } else { visible };
    (visible.to_owned(), column.saturating_sub(skipped).min(width.saturating_sub(1)))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use rstest::rstest;

    #[rstest]
    #[case("one two three", 7, &["one two", "three"])]
    #[case("one two three", 8, &["one two", "three"])]
    #[case("one two", 3, &["one", "two"])]
    #[case("abcdefgh", 3, &["abc", "def", "gh"])]
    #[case("to abcdefgh", 4, &["to", "abcd", "efgh"])]
    #[case("東京都", 4, &["東京", "都"])]
    #[case("東京", 1, &["東", "京"])]
    #[case("a\n\nb", 5, &["a", "", "b"])]
    #[case("", 5, &[])]
    #[case("  indented text", 10, &["  indented", "text"])]
    fn words_are_not_split_if_they_fit(#[case] text: &str, #[case] width: usize, #[case] lines: &[&str]) {
        assert_eq!(wrap_text(text, width), lines);
    }

    #[rstest]
    #[case("abc", 3, 10, "abc", 3)]
    #[case("abcdef", 6, 4, "def", 3)]
    #[case("abcdef", 0, 4, "abcd", 0)]
    #[case("東京都", 3, 4, "都", 2)]
    #[case("a\u{1b}b", 2, 10, "a^[b", 3)]
    #[case("abc", 3, 0, "", 0)]
    #[case("東", 0, 1, "", 0)]
    fn the_cursor_is_always_visible(
        #[case] text: &str,
        #[case] cursor: usize,
        #[case] width: usize,
        #[case] shown: &str,
        #[case] column: usize,
    ) {
        assert_eq!(visible_part(text, cursor, width), (shown.to_owned(), column));
    }

    proptest! {
        #[test]
        fn joined_chunks_equal_the_text(text in "\\PC{0,40}", width in 0usize..12) {
            let text = text::visible(&text);
            let lines = split_by_width(&text, width);
            prop_assert_eq!(lines.concat(), text.as_ref());
            let one = |line: &str| text::graphemes(line).count() <= 1;
            prop_assert!(lines.iter().all(|line| text::display_width(line) <= width || one(line)));
        }

        #[test]
        fn wrapping_loses_nothing_but_space(text in "\\PC{0,40}", width in 0usize..12) {
            let text = text::visible(&text);
            let bare = |text: &str| text.chars().filter(|c| !c.is_whitespace()).collect::<String>();
            prop_assert_eq!(bare(&wrap_text(&text, width).concat()), bare(&text));
        }

        #[test]
        fn a_view_never_leaves_its_width(text in "\\PC{0,30}", cursor in 0usize..32, width in 0usize..12) {
            let (shown, column) = visible_part(&text, cursor, width);
            prop_assert!(text::display_width(&shown) <= width);
            prop_assert!(column < width.max(1));
        }
    }
}
