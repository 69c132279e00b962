//! The bytes that a terminal received: which sequences the program writes, and that there are no others.
//!
//! The list of sequences is short on purpose. No paste, file or server may add to it. Rows are drawn at positions, so
//! line ends occur only outside the program's screen, and there with a carriage return.

/// Enters and leaves the alternate screen.
const SCREEN: [&str; 2] = ["\x1b[?1049h", "\x1b[?1049l"];

/// The colors of the theme, by number.
const COLORS: [&str; 10] = ["16", "29", "31", "133", "136", "160", "196", "220", "231", "243"];

/// Returns each control sequence without its beginning, such as `?25h`, and anything that is not allowed.
pub(crate) fn sequences(raw: &str) -> Vec<String> {
    raw.split('\x1b').skip(1).map(sequence).collect()
}

fn sequence(part: &str) -> String {
    let Some(rest) = part.strip_prefix('[') else { return format!("ESC {:?}", part.chars().next()) };
    let end = rest.find(|c: char| !matches!(c, '0'..='9' | ';' | '?')).unwrap_or(rest.len());
    rest.chars().take(end + 1).collect()
}

/// Returns true if the program writes this sequence: modes, positions, clearing, styles. Colors are those of the theme.
fn is_ours(sequence: &str) -> bool {
    let Some((at, last)) = sequence.char_indices().next_back() else { return false };
    let numbers = &sequence[..at];
    match last {
        'h' | 'l' => ["?25", "?1049", "?2004", "?2026"].contains(&numbers),
        'J' => numbers == "2",
        'H' => numbers.bytes().all(|b| b.is_ascii_digit() || b == b';'),
        'm' => is_look(numbers),
        _ => false,
    }
}

fn is_look(numbers: &str) -> bool {
    let mut numbers = numbers.split(';');
    while let Some(number) = numbers.next() {
        let known = match number {
            "38" | "48" => numbers.next() == Some("5") && numbers.next().is_some_and(|color| COLORS.contains(&color)),
            other => ["", "0", "1", "2", "3", "7", "22", "23", "27", "39", "49", "59"].contains(&other),
        };
        if !known {
            return false;
        }
    }
    true
}

/// Returns true for a character that a terminal executes, or that hides or reverses its neighbors.
fn is_wild(c: char) -> bool {
    let obeyed = c.is_control() && !matches!(c, '\x1b' | '\r' | '\n');
    let turns = matches!(c, '\u{61c}' | '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}');
    let hides = matches!(c, '\u{ad}' | '\u{34f}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{3164}')
        || matches!(c, '\u{180b}'..='\u{180f}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}')
        || matches!(
            c,
            '\u{600}'
                ..='\u{605}' | '\u{6dd}' | '\u{70f}' | '\u{890}' | '\u{891}' | '\u{8e2}' | '\u{110bd}' | '\u{110cd}'
        )
        || matches!(c, '\u{13430}'..='\u{1343f}' | '\u{1bca0}'..='\u{1bca3}')
        || matches!(c, '\u{fff0}'..='\u{fffb}' | '\u{1d173}'..='\u{1d17a}' | '\u{e0000}'..='\u{e0fff}');
    obeyed || turns || hides
}

/// Returns line ends at wrong places: on the program's screen, and elsewhere a carriage return that ends no line.
fn line_ends(raw: &str) -> Vec<String> {
    let (mut wrong, mut rest) = (Vec::new(), raw);
    for inside in [false, true].into_iter().cycle() {
        let (part, after) = rest.split_once(SCREEN[usize::from(inside)]).unwrap_or((rest, ""));
        let part = if inside { part.to_owned() } else { part.replace("\r\n", "") };
        wrong.extend(part.matches(['\r', '\n']).map(|end| format!("{end:?}, on the screen: {inside}")));
        if after.is_empty() {
            break;
        }
        rest = after;
    }
    wrong
}

/// Returns everything except text and the sequences that the program writes.
pub(crate) fn foreign(raw: &[u8]) -> Vec<String> {
    let Ok(raw) = str::from_utf8(raw) else { return vec![format!("no UTF-8: {}", raw.escape_ascii())] };
    let mut found: Vec<String> = sequences(raw).into_iter().filter(|sequence| !is_ours(sequence)).collect();
    found.extend(raw.chars().filter(|c| is_wild(*c)).map(|c| c.escape_unicode().to_string()));
    found.extend(line_ends(raw));
    found
}

#[test]
fn foreign_sequences_are_found() {
    let evil =
        "\x1b[1mfine\x1b[31mEVIL\x1b]0;title\x07\x1b[6n\x1bM\x1b[38;5;200m\x1b[38;5;29;49m\x1b[?1000h\x1b[2J\x1b[\x1b";
    let found = ["31m", "ESC Some(']')", "6n", "ESC Some('M')", "38;5;200m", "?1000h", "", "ESC None", "\\u{7}"];
    assert_eq!(foreign(evil.as_bytes()), found);
    assert_eq!(foreign("\u{9b}é\u{202e}東\u{e0041}".as_bytes()), ["\\u{9b}", "\\u{202e}", "\\u{e0041}"]);
    assert_eq!(foreign(b"\x9b31m").len(), 1);
    let ends = "a\r\n\rb\x1b[?1049hc\r\nd\x1b[?1049le\r\n\n";
    assert_eq!(foreign(ends.as_bytes()).len(), 4, "{:?}", foreign(ends.as_bytes()));
    assert_eq!(foreign("\x1b[?1049h\x1b[2;3H\x1b[1;7mfine é東👩\x1b[0m\x1b[?1049lorder 1\r\n".as_bytes()), [""; 0]);
}
