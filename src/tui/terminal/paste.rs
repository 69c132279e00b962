//! A paste while it arrives: its text, up to a bound, and its end. How long its end may take is told here, and waited for
//! elsewhere.

use crate::secret::SecretText;
use memchr::memchr;
use std::time::Duration;
use zeroize::Zeroizing;

/// What ends a paste.
const PASTE_END: &[u8] = b"\x1b[201~";

/// The byte of Ctrl-C.
const CTRL_C: u8 = 0x03;

/// No field takes as much. What is pasted beyond it is left out, and never taken for keys.
const MAX_PASTE_BYTES: usize = 1024 * 1024;

/// So long a paste may pause.
const PAUSE_TIMEOUT: Duration = Duration::from_secs(2);

/// So long nothing follows a Ctrl-C that somebody pressed. One that was pasted has more after it.
const CTRL_C_TIMEOUT: Duration = Duration::from_millis(300);

/// A paste that is under way.
#[derive(Default)]
pub(super) struct Paste {
    text: Zeroizing<Vec<u8>>,
    /// How much of its end is there.
    matched: usize,
    /// Whether the last byte was that of Ctrl-C.
    interrupted: bool,
}

impl Paste {
    /// How long more of it is waited for.
    pub(super) fn wait_limit(&self) -> Duration {
        if self.interrupted { CTRL_C_TIMEOUT } else { PAUSE_TIMEOUT }
    }

    /// Takes in bytes as far as they belong to it. Answers how many these are, and whether it has ended.
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
                // It was no end, and the byte is looked at anew: it may begin one.
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

    /// The text as far as it came, and whether Ctrl-C ended it. What is no UTF-8 in it shows as U+FFFD.
    pub(super) fn finish_text(mut self) -> (SecretText, bool) {
        if self.interrupted {
            self.text.pop_if(|last| *last == CTRL_C);
        }
        (SecretText::from(String::from_utf8_lossy(&self.text).into_owned()), self.interrupted)
    }
}
