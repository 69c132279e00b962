//! An error of the operating system, as plain data: its kind and its number.
//!
//! The sentence for a person is made in another module, in their language. The system's own words are English and
//! serve as a detail.

use std::fmt;
use std::io::{self, ErrorKind};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct SystemError {
    pub kind: ErrorKind,
    /// The error number, if the system gave one.
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

/// Prints the words of the system.
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
    fn a_system_error_keeps_its_kind_and_its_message() {
        let full = io::Error::from_raw_os_error(28);
        let kept = SystemError::from(&full);
        assert_eq!((kept.kind, kept.to_string()), (ErrorKind::StorageFull, full.to_string()));
        let wrapped = SystemError::from(&io::Error::new(ErrorKind::TimedOut, "made-up"));
        assert_eq!(wrapped, ErrorKind::TimedOut.into());
        assert_eq!(wrapped.to_string(), "timed out");
    }
}
