//! Why the way to the server or back failed: a cause that a person is told in their language, and its details.
//!
//! The cause is what one can do something about. The details are a name, or the words of a library: English, fixed, and
//! for who looks into it; no byte of an answer is in them. It does not know how a failure is found out.

use super::{ApiKeyError, ApiKeyErrorKind, ListGap, ListName, SystemError};
use std::fmt;

/// Why there was no connection, or no whole answer.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TransportError {
    /// What a person can be told.
    pub kind: TransportErrorKind,
    /// More about it; may be empty.
    pub detail: String,
    /// The proxy on the way, without its credentials, where there is one.
    pub via: Option<String>,
}

/// A cause of a failure on the way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportErrorKind {
    /// No request could be made here: nothing left this machine.
    Unfit,
    /// The key is blank, or has characters that no header can carry: nothing left this machine.
    BadKey,
    /// TLS could not be set up here, as where the system has no trusted certificates: nothing left this machine.
    NoTls,
    /// The system did not let it be asked: nothing left this machine.
    System(SystemError),
    /// No account is set up, so nobody could be asked.
    NoAccount,
    /// The account's key could not be had from where it is kept: nothing left this machine.
    Key(ApiKeyErrorKind),
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
    /// The certificate of the other side is one for issuers, as self-signed ones are, which no server may show.
    IssuerShown,
    /// The other side does not speak TLS, or no TLS that is spoken here.
    Tls,
    /// The proxy did not lead on, and does not tell why: it may not allow it, or find nobody there.
    Proxy,
    /// The proxy wants a name and a password, or others than it got.
    ProxyAuth,
    /// The proxy takes no name and password as they are, but something that is not spoken here, such as NTLM.
    ProxyWay,
    /// There is no connection to the proxy itself.
    NoProxy,
    /// What names the proxy cannot be used.
    BadProxy(ProxySource, ProxyAddressError),
    /// The file with further issuers of certificates cannot be used; the details are its path.
    CaFile(CaFileError),
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

/// What names a proxy.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxySource {
    /// The account's configuration.
    Configuration,
    /// This variable of the environment.
    Variable(&'static str),
    /// The settings of the system.
    System,
}

/// Why the address of a proxy is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum ProxyAddressError {
    /// No URL of a host: mend it.
    #[error("not an address such as http://proxy.example.nl:3128")]
    Malformed,
    /// No proxy that is spoken here: use another one.
    #[error("none of http, https, socks4, socks4a, socks5 and socks5h")]
    Scheme,
    /// The name or password has a character at which an address ends: write it as `%` and two digits.
    #[error("a # / ? or \\ in the name or password, which is written as %23 %2F %3F or %5C")]
    Escape,
    /// The host is an IPv6 address, to which no proxy leads here: use its name, or take it out of what is proxied.
    #[error("no IPv6 address is reached by way of a proxy")]
    Ipv6,
}

/// Why a file brings no issuers of certificates.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum CaFileError {
    /// It is not there, or cannot be read, or is no ordinary file.
    #[error("cannot be read")]
    Unreadable,
    /// It has far more bytes than certificates take.
    #[error("is too large")]
    TooLarge,
    /// No certificate in PEM is in it.
    #[error("has no certificate in PEM (BEGIN CERTIFICATE)")]
    NoCertificate,
    /// A certificate in it is damaged.
    #[error("has a certificate that is damaged")]
    Damaged,
}

/// What a server shows to prove whose it is. Its texts are the server's, and say only what its issuer vouches for:
/// whether that one is trusted is another matter.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Certificate {
    /// The organization that issued it, and the name of its issuer; blank where it tells neither.
    pub issuer: String,
    /// The day in UTC until which it is valid, such as `2027-03-01`; blank where it cannot be read.
    pub until: String,
}

/// Why an answer tells nothing: something else than `CertCentral` may have answered.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum DecodeError {
    /// No bytes, or white space alone.
    #[error("nothing in it")]
    Empty,
    /// A page for a browser, as a gateway in between sends when it blocks a call (certcentral-api.md 1.1).
    #[error("a web page in place of JSON")]
    WebPage,
    /// Not JSON.
    #[error("not JSON")]
    NotJson,
    /// JSON, but a list, a text or a number where an object belongs.
    #[error("not a JSON object")]
    NotAnObject,
    /// It lacks the members that tell one from another: the id, and of people and organizations the name.
    #[error("no id or name in it")]
    MissingIdOrName,
    /// It lacks the list that was asked for. Only where the server counts no rows it may leave it out.
    #[error("no list of {0:?} in it")]
    MissingList(ListName),
    /// It has the list, which comes in one piece, and leaves open whether it is whole.
    #[error("the list of {0:?} may not be whole: {1:?}")]
    PartialList(ListName, Box<ListGap>),
}

impl TransportError {
    /// A cause with its details.
    pub fn new(kind: TransportErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), via: None }
    }

    /// The same, met on the way through a proxy.
    #[must_use]
    pub fn with_proxy(self, proxy: Option<&str>) -> Self {
        Self { via: proxy.map(str::to_owned), ..self }
    }
}

impl From<TransportErrorKind> for TransportError {
    fn from(cause: TransportErrorKind) -> Self {
        Self::new(cause, "")
    }
}

impl From<ApiKeyError> for TransportError {
    fn from(trouble: ApiKeyError) -> Self {
        Self::new(TransportErrorKind::Key(trouble.kind), trouble.detail)
    }
}

impl fmt::Display for TransportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.detail.as_str() {
            "" => write!(f, "{:?}", self.kind),
            detail => write!(f, "{:?} ({detail})", self.kind),
        }
    }
}
