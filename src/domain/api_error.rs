//! Transport errors: why the connection to the server failed or brought no readable answer, as a cause and its
//! details.
//!
//! The cause is something that a person can act on, and is shown in their language. The details are a name or the
//! words of a library, in fixed English, for a closer look. They contain no byte of an answer. How a failure is
//! classified does not belong here.

use super::{ApiKeyError, ApiKeyErrorKind, ListGap, ListName, SystemError};

/// Why there was no connection, or no complete answer.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{kind:?} {detail}")]
pub struct TransportError {
    /// The cause that a person is shown.
    pub kind: TransportErrorKind,
    /// More about the cause. May be empty.
    pub detail: String,
    /// The proxy on the way, without its credentials. `None` if there is no proxy.
    pub via: Option<String>,
}

/// The cause of a transport error.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportErrorKind {
    /// The request could not be built. Nothing left this machine.
    Unfit,
    /// The key is blank, or has characters that no header can carry. Nothing left this machine.
    BadKey,
    /// TLS could not be set up, for example because the system has no trusted certificates. Nothing left this
    /// machine.
    NoTls,
    /// The operating system prevented the query. Nothing left this machine.
    System(SystemError),
    /// No account is set up, so there is no server to ask.
    NoAccount,
    /// The account's key could not be read from its place. Nothing left this machine.
    Key(ApiKeyErrorKind),
    /// The host name was not found.
    Name,
    /// No server accepts connections at this address.
    Refused,
    /// No network route leads to the host.
    Unreachable,
    /// The server certificate is for another name.
    OtherName,
    /// The server certificate has expired, or is not valid yet.
    NotInTime,
    /// The server certificate has an issuer that is not trusted here, for example where TLS is intercepted.
    Issuer,
    /// The server certificate is an issuer's certificate, as self-signed ones are. No server may present one.
    IssuerShown,
    /// The server does not speak TLS, or no TLS version that is supported here.
    Tls,
    /// The proxy did not forward the connection and gives no reason. It may not allow the host, or may not reach it.
    Proxy,
    /// The proxy requires a name and a password, or others than it received.
    ProxyAuth,
    /// The proxy requires an authentication scheme that is not supported here, such as NTLM.
    ProxyWay,
    /// There is no connection to the proxy itself.
    NoProxy,
    /// The configured proxy cannot be used.
    BadProxy(ProxySource, ProxyAddressError),
    /// The file with additional certificate issuers cannot be used. The details are its path.
    CaFile(CaFileError),
    /// The time limit was exceeded.
    Slow,
    /// The answer is not HTTP.
    NotHttp,
    /// The connection broke off.
    Broken,
    /// The answer is longer than any answer should be.
    TooLarge,
    /// None of the other causes.
    Other,
}

/// The place where a proxy is configured.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ProxySource {
    /// The account's configuration.
    Configuration,
    /// The environment variable with this name.
    Variable(&'static str),
    /// The settings of the operating system.
    System,
}

/// Why the address of a proxy is not accepted.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum ProxyAddressError {
    /// Not the URL of a host. Correct it.
    Malformed,
    /// A proxy scheme that is not supported here. Use another proxy.
    Scheme,
    /// The name or password has a character at which an address ends. Write it as `%` and two digits.
    Escape,
    /// The host is an IPv6 address, which cannot be reached through a proxy here. Use its name, or exclude it from
    /// the proxy.
    Ipv6,
}

/// Why a file provides no certificate issuers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum CaFileError {
    /// It does not exist, cannot be read, or is not a regular file.
    Unreadable,
    /// It has far more bytes than certificates take.
    TooLarge,
    /// It contains no certificate in PEM.
    NoCertificate,
    /// It contains a damaged certificate.
    Damaged,
}

/// The certificate that a server presents. Its texts are the server's and only as reliable as its issuer. Whether the
/// issuer is trusted is not decided here.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Certificate {
    /// The organization that issued the certificate, and the issuer's name. Blank if the certificate has neither.
    pub issuer: String,
    /// The last day of validity in UTC, such as `2027-03-01`. Blank if it cannot be read.
    pub until: String,
}

/// Why an answer cannot be decoded. Perhaps another server than `CertCentral` sent it.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum DecodeError {
    /// No bytes, or only white space.
    Empty,
    /// A web page, such as a gateway sends when it blocks a call (certcentral-api.md 1.1).
    WebPage,
    NotJson,
    /// JSON, but a list, a text or a number instead of an object.
    NotAnObject,
    /// A row or object without its identifying members: the id, and for people and organizations the name.
    MissingIdOrName,
    /// The requested list is missing. The server may leave it out only if it counts no rows.
    MissingList(ListName),
    /// The list, which comes in one piece, may be incomplete.
    PartialList(ListName, Box<ListGap>),
}

impl TransportError {
    pub fn new(kind: TransportErrorKind, detail: impl Into<String>) -> Self {
        Self { kind, detail: detail.into(), via: None }
    }

    /// Returns the error with the proxy through which it occurred.
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
