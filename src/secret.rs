//! Secrets: values that never print, such as the API key, a card number, a CVV, and a body that contains them.
//!
//! A secret is in a buffer of fixed capacity that is zeroed when it is cleared or dropped. So typing leaves no copies
//! behind in memory, as a growing string would. Nothing here can be serialized, and `Debug` and `Display` print
//! `***`. A copy that a caller makes of [`Secret::expose`] is not protected.

use std::fmt;
use zeroize::Zeroize;

/// The most bytes of one secret. A card number has at most 19, a key of `CertCentral` well under 200.
pub const SECRET_CAPACITY: usize = 256;

/// A short text that is never shown, stored or logged.
pub struct Secret {
    bytes: Box<[u8; SECRET_CAPACITY]>,
    len: usize,
}

impl Secret {
    pub fn new() -> Self {
        Self { bytes: Box::new([0; SECRET_CAPACITY]), len: 0 }
    }

    /// Appends a character. Returns false and changes nothing if there is no room.
    pub fn push(&mut self, c: char) -> bool {
        let end = self.len + c.len_utf8();
        if end > SECRET_CAPACITY {
            return false;
        }
        c.encode_utf8(&mut self.bytes[self.len..end]);
        self.len = end;
        true
    }

    /// Removes the last character, and zeroes its bytes.
    pub fn pop(&mut self) {
        let start = self.expose().char_indices().next_back().map_or(0, |(at, _)| at);
        self.bytes[start..self.len].zeroize();
        self.len = start;
    }

    /// Zeroes everything.
    pub fn clear(&mut self) {
        self.bytes.zeroize();
        self.len = 0;
    }

    /// Returns the text itself, for the one place that must have it. Never print it.
    pub fn expose(&self) -> &str {
        // Only whole characters are pushed and popped, so the bytes are always UTF-8.
        std::str::from_utf8(&self.bytes[..self.len]).unwrap_or_default()
    }

    pub fn is_empty(&self) -> bool {
        self.len == 0
    }

    pub fn char_count(&self) -> usize {
        self.expose().chars().count()
    }
}

impl From<&str> for Secret {
    /// Takes as many whole characters as there is room for.
    fn from(text: &str) -> Self {
        let mut secret = Self::new();
        let _ = text.chars().all(|c| secret.push(c));
        secret
    }
}

impl Clone for Secret {
    fn clone(&self) -> Self {
        Self { bytes: self.bytes.clone(), len: self.len }
    }
}

impl Default for Secret {
    fn default() -> Self {
        Self::new()
    }
}

impl Drop for Secret {
    fn drop(&mut self) {
        self.clear();
    }
}

impl PartialEq for Secret {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl Eq for Secret {}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl fmt::Display for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

impl AsRef<[u8]> for SecretBytes {
    fn as_ref(&self) -> &[u8] {
        self.expose()
    }
}

/// A text that may turn out to be a secret, such as a paste. Zeroed when dropped; prints `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretText(zeroize::Zeroizing<String>);

impl SecretText {
    /// Returns the text itself. Never print it.
    pub fn expose(&self) -> &str {
        &self.0
    }
}

impl From<String> for SecretText {
    /// Takes the text over, without a copy.
    fn from(text: String) -> Self {
        Self(zeroize::Zeroizing::new(text))
    }
}

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("***")
    }
}

/// A request body with its secrets put in. Zeroed when dropped; prints `***`.
#[derive(Clone, PartialEq, Eq)]
pub struct SecretBytes(zeroize::Zeroizing<Vec<u8>>);

impl SecretBytes {
    /// Creates an empty buffer with room for `capacity` bytes. Filling it beyond that would leave an unwiped copy
    /// behind.
    pub fn with_capacity(capacity: usize) -> Self {
        Self(zeroize::Zeroizing::new(Vec::with_capacity(capacity)))
    }

    pub fn push_str(&mut self, text: &str) {
        debug_assert!(self.0.len() + text.len() <= self.0.capacity(), "growing would leave a copy behind");
        self.0.extend_from_slice(text.as_bytes());
    }

    /// Returns the bytes themselves, only for the request.
    pub fn expose(&self) -> &[u8] {
        &self.0
    }
}

impl fmt::Debug for SecretBytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "*** ({} bytes)", self.0.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_never_prints() {
        let secret = Secret::from("4111111111111111");
        assert_eq!(format!("{secret} {secret:?} {:?}", Some(&secret)), "*** *** Some(***)");
        let mut body = SecretBytes::with_capacity(8);
        body.push_str("4111");
        assert_eq!(format!("{body:?}"), "*** (4 bytes)");
    }

    #[test]
    fn popping_takes_whole_characters_and_leaves_zeroes() {
        let mut secret = Secret::from("1é");
        secret.pop();
        assert_eq!(secret.expose(), "1");
        assert_eq!(secret.bytes[1..3], [0, 0]);
        secret.pop();
        secret.pop();
        assert!(secret.is_empty());
    }

    #[test]
    fn overlong_text_is_refused_as_a_whole() {
        let mut secret = Secret::from("x".repeat(SECRET_CAPACITY - 1).as_str());
        assert!(!secret.push('é'));
        assert!(secret.push('y'));
        assert!(!secret.push('z'));
        assert_eq!(secret.char_count(), SECRET_CAPACITY);
    }
}
