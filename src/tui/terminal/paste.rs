//! A paste that is arriving: its text up to a limit, and its end.
//!
//! This module says how long to wait for more of the paste; the reader does the waiting.

use crate::secret::SecretText;
use memchr::memchr;
use std::time::Duration;
use zeroize::Zeroizing;

/// The sequence that ends a paste.
const PASTE_END: &[u8] = b"\x1b[201~";

/// The byte of Ctrl-C.
const CTRL_C: u8 = 0x03;

/// No field accepts as much. Text beyond the limit is dropped and never treated as keys.
const MAX_PASTE_BYTES: usize = 1024 * 1024;

/// The longest pause within a paste.
const PAUSE_TIMEOUT: Duration = Duration::from_secs(2);

/// The silence after which a Ctrl-C counts as pressed by the person. A pasted Ctrl-C has more text after it.
const CTRL_C_TIMEOUT: Duration = Duration::from_millis(300);

/// A paste that is arriving.
#[derive(Default)]
pub(super) struct Paste {
    text: Zeroizing<Vec<u8>>,
    /// How many bytes of the end sequence have arrived.
    matched: usize,
    /// Whether the last byte was that of Ctrl-C.
    interrupted: bool,
}

impl Paste {
    /// How long to wait for more of the paste.
    pub(super) fn wait_limit(&self) -> Duration {
        if self.interrupted { CTRL_C_TIMEOUT } else { PAUSE_TIMEOUT }
    }

    /// Takes the bytes that belong to the paste. Returns their number, and whether the paste has ended.
    pub(super) fn take_bytes(&mut self, bytes: &[u8]) -> (usize, bool) {
        let mut at = 0;
        while at < bytes.len() {
            if self.matched == 0 {
                let plain = memchr(PASTE_END[0], &bytes[at..]).unwrap_or(bytes.len() - at);
                self.push_bytes(&bytes[at..at + plain]);
                at += plain;
            }
            let Some(byte) = bytes.get(at) else { break };
            if *byte == PASTE_END[self.matched] {
                (self.matched, at, self.interrupted) = (self.matched + 1, at + 1, false);
                if self.matched == PASTE_END.len() {
                    return (at, true);
                }
            } else {
                // This was not the end sequence. The byte is checked again, because it may begin the end sequence.
                self.push_bytes(&PASTE_END[..self.matched]);
                self.matched = 0;
            }
        }
        (at, false)
    }

    fn push_bytes(&mut self, bytes: &[u8]) {
        let room = MAX_PASTE_BYTES.saturating_sub(self.text.len()).min(bytes.len());
        self.text.extend_from_slice(&bytes[..room]);
        self.interrupted = bytes.last().map_or(self.interrupted, |last| *last == CTRL_C);
    }

    /// Returns the text that has arrived, and whether Ctrl-C ended it. Bytes that are not UTF-8 become U+FFFD.
    pub(super) fn finish_text(mut self) -> (SecretText, bool) {
        if self.interrupted {
            self.text.pop_if(|last| *last == CTRL_C);
        }
        (SecretText::from(String::from_utf8_lossy(&self.text).into_owned()), self.interrupted)
    }
}
