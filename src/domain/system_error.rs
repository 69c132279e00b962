//! An error of the operating system, as plain data: what kind it is, and its number.
//!
//! What a person reads of it is said elsewhere, in their language. The words that the system itself has for it are
//! English, and are a detail.

use std::fmt;
use std::io::{self, ErrorKind};

/// An error of the operating system.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SystemError {
    /// What kind of error it is.
    pub kind: ErrorKind,
    /// Its number, where the system gave one.
    pub code: Option<i32>,
}

impl From<&io::Error> for SystemError {
    fn from(error: &io::Error) -> Self {
        Self { kind: error.kind(), code: error.raw_os_error() }
    }
}

impl From<ErrorKind> for SystemError {
    fn from(kind: ErrorKind) -> Self {
        Self { kind, code: None }
    }
}

/// In the words of the system.
impl fmt::Display for SystemError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.code {
            Some(code) => io::Error::from_raw_os_error(code).fmt(f),
            None => self.kind.fmt(f),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_error_keeps_its_kind_and_the_words_of_the_system() {
        let full = io::Error::from_raw_os_error(28);
        let kept = SystemError::from(&full);
        assert_eq!((kept.kind, kept.to_string()), (ErrorKind::StorageFull, full.to_string()));
        let wrapped = SystemError::from(&io::Error::new(ErrorKind::TimedOut, "made-up"));
        assert_eq!(wrapped, ErrorKind::TimedOut.into());
        assert_eq!(wrapped.to_string(), "timed out");
    }
}
