//! The output to the terminal, frame by frame: each in one piece between its marks, and nothing beyond the window.
//!
//! Between frames the program only switches modes, enters or leaves the alternate screen, and copies to the clipboard.

use crate::common::tty::{FRAME, Tty, frames};
use crate::terminal::stream::CLIPBOARD;
use unicode_segmentation::UnicodeSegmentation;
use unicode_width::UnicodeWidthStr;

/// What may come between two frames while the program has the screen: entering it (alternate screen, cleared, bracketed
/// paste, no cursor) and leaving it (styles reset, cleared, cursor, plain paste).
const BETWEEN: [&str; 8] =
    ["\x1b[?1049h", "\x1b[2J", "\x1b[?2004h", "\x1b[?25l", "\x1b[0m", "\x1b[1;1H", "\x1b[?25h", "\x1b[?2004l"];

/// The end of the program's screen: the output after it is for others.
const LEFT: &str = "\x1b[?1049l";

/// Splits the output at the marks. Returns what is between frames, and the frames. A frame without an end is a fault.
fn split(raw: &str) -> (Vec<&str>, Vec<&str>) {
    let [begin, end] = FRAME.map(|mark| str::from_utf8(mark).unwrap());
    let (mut between, mut inside, mut rest) = (Vec::new(), Vec::new(), raw);
    while let Some((before, after)) = rest.split_once(begin) {
        assert!(!before.contains(end), "a frame ends that has not begun: {before:?}");
        let (frame, after) = after.split_once(end).unwrap_or_else(|| panic!("a frame does not end: {after:?}"));
        assert!(!frame.contains(begin), "a frame begins within a frame: {frame:?}");
        between.push(before);
        inside.push(frame);
        rest = after;
    }
    assert!(!rest.contains(end), "a frame ends that has not begun: {rest:?}");
    between.push(rest);
    (between, inside)
}

/// Returns true if nothing is drawn here.
fn is_quiet(between: &str) -> bool {
    // After the screen is left another program writes, until it is entered again.
    let parts = between.split(LEFT).enumerate();
    parts.into_iter().all(|(number, part)| {
        let ours = if number == 0 { part } else { part.rfind(BETWEEN[0]).map_or("", |at| &part[at..]) };
        let ours = ours
            .strip_prefix(CLIPBOARD)
            .map_or(ours, |copy| copy.trim_start_matches(|c| c != '\x07').trim_start_matches('\x07'));
        BETWEEN.iter().fold(ours.to_owned(), |left, known| left.replace(known, "")).is_empty()
    })
}

/// Asserts that every frame came in one piece, and that nothing was drawn between frames.
#[track_caller]
pub(crate) fn assert_whole(tty: &Tty) {
    let raw = String::from_utf8(tty.raw()).unwrap();
    let (between, inside) = split(&raw);
    assert!(!inside.is_empty(), "nothing was painted");
    // Output before the screen is entered is not the program's.
    let first = between[0].find(BETWEEN[0]).unwrap();
    for part in std::iter::once(&between[0][first..]).chain(between[1..].iter().copied()) {
        assert!(is_quiet(part), "painted between frames: {part:?}");
    }
}

/// Asserts that nothing was drawn beyond a window that always had one size.
#[track_caller]
pub(crate) fn assert_inside(tty: &Tty) {
    let (columns, rows) = tty.look(crate::common::tty::View::size);
    for frame in frames(&tty.raw()) {
        let frame = str::from_utf8(frame).unwrap();
        let begin = frame.rfind(str::from_utf8(FRAME[0]).unwrap()).unwrap();
        for (column, row) in painted(&frame[begin..]) {
            assert!(column <= columns.into() && row <= rows.into(), "painted at {column}, {row}: {frame:?}");
        }
    }
}

/// Returns the positions of a frame that were drawn or got the cursor, counted from one: the last one of each run.
fn painted(frame: &str) -> Vec<(usize, usize)> {
    let (mut places, mut at) = (Vec::new(), (1, 1));
    for part in frame.split("\x1b[").skip(1) {
        let end = part.find(|c: char| c.is_ascii_alphabetic()).unwrap();
        let (sequence, text) = part.split_at(end + 1);
        if let Some(place) = sequence.strip_suffix('H') {
            let (row, column) = place.split_once(';').unwrap();
            at = (column.parse().unwrap(), row.parse().unwrap());
            places.push(at);
        }
        let columns: usize = text.graphemes(true).map(UnicodeWidthStr::width).sum();
        at.0 += columns;
        places.extend((columns > 0).then_some((at.0 - 1, at.1)));
    }
    places
}

#[test]
fn torn_frames_and_drawing_outside_are_found() {
    let [begin, end] = FRAME.map(|mark| String::from_utf8(mark.to_vec()).unwrap());
    let good = format!("sh\x1b[?1049h\x1b[2J{begin}\x1b[1;1Hx{end}\x1b[?1049lbye\x1b[?1049h{begin}{end}");
    let (between, inside) = split(&good);
    assert_eq!((inside.len(), between[1..].iter().all(|part| is_quiet(part))), (2, true));
    for bad in
        [format!("{begin}{begin}{end}{end}"), format!("x{end}"), format!("{begin}x"), format!("{begin}{end}{end}")]
    {
        assert!(std::panic::catch_unwind(|| split(&bad)).is_err(), "{bad:?}");
    }
    assert!(!is_quiet("\x1b[?25lx") && !is_quiet("\x1b[?1049lbye\x1b[?1049hx"));
    assert_eq!(painted("\x1b[2;3Hab\x1b[1m東\x1b[?25h\x1b[4;5H"), [(3, 2), (4, 2), (6, 2), (5, 4)]);
}
