//! Why the way to the server or back failed: a cause that a person is told in their language, and its details.
//!
//! The cause is what one can do something about. The details are English, of fixed words, and for who looks into it;
//! no byte of an answer is in them. It does not know how a failure is found out.

use std::fmt;

/// Why there was no connection, or no whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reason {
    /// What a person can be told.
    pub cause: Cause,
    /// More about it; may be empty.
    pub detail: String,
}

/// A cause of a failure on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cause {
    /// No request could be made here: nothing left this machine.
    Unfit,
    /// No account is set up, so nobody could be asked.
    NoAccount,
    /// The host's name was not found.
    Name,
    /// Nobody takes connections there.
    Refused,
    /// No network leads there.
    Unreachable,
    /// The certificate of the other side is for another name.
    OtherName,
    /// The certificate of the other side has expired, or is not valid yet.
    NotInTime,
    /// The certificate of the other side has an issuer that is not trusted here, as where TLS is intercepted.
    Issuer,
    /// The other side does not speak TLS, or no TLS that is spoken here.
    Tls,
    /// The proxy did not lead on.
    Proxy,
    /// It took too long.
    Slow,
    /// The answer is no HTTP.
    NotHttp,
    /// The connection broke off.
    Broken,
    /// The answer is longer than any answer should be.
    TooLarge,
    /// None of these.
    Other,
}

/// Why an answer tells nothing: something else than `CertCentral` may have answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// No bytes, or white space alone.
    #[error("nothing in it")]
    Empty,
    /// A page for a browser, as a gateway in between sends when it blocks a call (fact sheet 1.1).
    #[error("a web page in place of JSON")]
    WebPage,
    /// Not JSON.
    #[error("not JSON")]
    NotJson,
    /// JSON, but a list, a text or a number where an object belongs.
    #[error("not a JSON object")]
    NotAnObject,
    /// It lacks the members that tell one from another: the id, and of people and organizations the name. Of orders
    /// and requests, the list itself is missing.
    #[error("no id or name in it")]
    Nameless,
}

impl Reason {
    /// A cause with its details.
    pub fn new(cause: Cause, detail: impl Into<String>) -> Self {
        Self { cause, detail: detail.into() }
    }
}

impl From<Cause> for Reason {
    fn from(cause: Cause) -> Self {
        Self::new(cause, "")
    }
}

impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.detail.as_str() {
            "" => write!(f, "{:?}", self.cause),
            detail => write!(f, "{:?} ({detail})", self.cause),
        }
    }
}
