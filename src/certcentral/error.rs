//! Classification of transport errors: the cause, and the details in short English words.
//!
//! The text of an error can contain what the other side sent (such as the names in its certificate) or the URL.
//! Therefore only texts of fixed words are used; other errors are reported by their kind alone. Whether anything can
//! have left this machine is decided in one place: [`classify_error`].

use super::network::{Network, accepts_basic_auth};
use crate::api_url::ApiUrl;
use crate::domain::{ApiError, TransportError, TransportErrorKind};
use crate::text;
use std::error::Error;
use std::io;
use std::iter::successors;

/// Longer than any chain of fixed words, so cutting loses nothing.
const MAX_COLUMNS: usize = 200;

/// The start of a TLS error's text, its cause, and the words to report. The rest of that text may come from the
/// server.
const TLS_ERRORS: &[(&str, TransportErrorKind, &str)] = &[
    (
        "invalid peer certificate: certificate not valid for name",
        TransportErrorKind::OtherName,
        "its certificate is for another name",
    ),
    ("invalid peer certificate: certificate expired", TransportErrorKind::NotInTime, "its certificate has expired"),
    (
        "invalid peer certificate: certificate not valid yet",
        TransportErrorKind::NotInTime,
        "its certificate is not valid yet",
    ),
    (
        "invalid peer certificate: UnknownIssuer",
        TransportErrorKind::Issuer,
        "its certificate has an issuer that is not trusted here",
    ),
    (
        "invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))",
        TransportErrorKind::IssuerShown,
        "its certificate is one for issuers",
    ),
    ("invalid peer certificate", TransportErrorKind::Tls, "its certificate cannot be accepted"),
    ("received corrupt message", TransportErrorKind::Tls, "it does not speak TLS"),
    ("received fatal alert", TransportErrorKind::Tls, "it refused to speak TLS with us"),
    ("peer is incompatible", TransportErrorKind::Tls, "no TLS version or method in common"),
    ("tls handshake eof", TransportErrorKind::Tls, "it hung up while TLS was set up"),
];

/// The start of an HTTP library error's text, and its cause.
const HTTP_ERRORS: &[(&str, TransportErrorKind)] = &[
    ("dns error", TransportErrorKind::Name),
    ("tunnel error: proxy authorization required", TransportErrorKind::ProxyAuth),
    ("tunnel error: failed to create underlying connection", TransportErrorKind::NoProxy),
    ("tunnel error", TransportErrorKind::Proxy),
    ("SOCKS error: failed to create underlying connection", TransportErrorKind::NoProxy),
    ("SOCKS error: credentials not accepted", TransportErrorKind::ProxyAuth),
    ("SOCKS error: server does not support user/pass authentication", TransportErrorKind::ProxyAuth),
    ("SOCKS error", TransportErrorKind::Proxy),
    ("error resolving for socks proxy", TransportErrorKind::Name),
    ("connection closed before message completed", TransportErrorKind::Broken),
    ("connection error", TransportErrorKind::Broken),
    ("invalid dns name", TransportErrorKind::Name),
    ("invalid ", TransportErrorKind::NotHttp),
];

/// Classifies the error that ended a request.
///
/// `is_connect` is set by the connector alone (name, TCP, TLS, proxy, and their common time limit), which finishes
/// before the first byte of a request is written. The time limit on the whole exchange does not set it, even if it
/// ends while connecting. Then the request counts as cut off, which is the safe side.
pub(super) fn classify_error(error: reqwest::Error, via: Option<&str>) -> ApiError {
    let connecting = error.is_connect();
    let reason = transport_error(error).with_proxy(via);
    if connecting { ApiError::NotConnected(reason) } else { ApiError::ResponseCut(reason) }
}

/// Refines a proxy authentication error: the proxy may require a scheme that is not supported here.
pub(super) async fn refine_proxy_error(mut failure: ApiError, network: &Network, host: &ApiUrl) -> ApiError {
    if let ApiError::NotConnected(reason) = &mut failure
        && reason.kind == TransportErrorKind::ProxyAuth
        && accepts_basic_auth(network, host).await == Some(false)
    {
        reason.kind = TransportErrorKind::ProxyWay;
    }
    failure
}

/// Returns the kind of the error, for the log.
pub(super) fn kind_for_log(failure: &ApiError) -> String {
    match failure {
        ApiError::NotAllowed(why) | ApiError::NotConnected(why) | ApiError::ResponseCut(why) => {
            format!("{:?}", why.kind)
        }
        ApiError::Refused { .. } => "Refused".to_owned(),
        ApiError::Unreadable(..) => "Unreadable".to_owned(),
    }
}

/// Converts an error of the HTTP library.
pub(super) fn transport_error(error: reqwest::Error) -> TransportError {
    let error = error.without_url();
    let cause = if error.is_timeout() { TransportErrorKind::Slow } else { error_kind(&error) };
    TransportError::new(cause, error_chain(&error))
}

/// Returns the first cause in the chain that a person can act on.
fn error_kind(error: &(dyn Error + 'static)) -> TransportErrorKind {
    let causes = successors(Some(error), |&error| error.source());
    let mut kinds = causes.filter_map(|cause| match cause.downcast_ref::<io::Error>() {
        Some(io) => io_error_kind(io),
        None => HTTP_ERRORS.iter().find(|(start, _)| cause.to_string().starts_with(start)).map(|(_, cause)| *cause),
    });
    kinds.next().unwrap_or(TransportErrorKind::Other)
}

fn io_error_kind(error: &io::Error) -> Option<TransportErrorKind> {
    use io::ErrorKind as Kind;
    if let Some((_, cause, _)) = known_tls_error(error) {
        return Some(*cause);
    }
    match error.kind() {
        Kind::ConnectionRefused => Some(TransportErrorKind::Refused),
        Kind::HostUnreachable | Kind::NetworkUnreachable | Kind::NetworkDown => Some(TransportErrorKind::Unreachable),
        Kind::TimedOut => Some(TransportErrorKind::Slow),
        Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe | Kind::UnexpectedEof => {
            Some(TransportErrorKind::Broken)
        }
        _ => None,
    }
}

fn known_tls_error(error: &io::Error) -> Option<&'static (&'static str, TransportErrorKind, &'static str)> {
    let text = error.to_string();
    TLS_ERRORS.iter().find(|(start, ..)| error.raw_os_error().is_none() && text.starts_with(start))
}

/// Returns true if the client could not be created because an additional trusted certificate is invalid.
pub(super) fn is_bad_certificate(error: &reqwest::Error) -> bool {
    successors(Some(error as &(dyn Error + 'static)), |&error| error.source())
        .any(|cause| cause.to_string().starts_with("invalid peer certificate"))
}

/// Returns the words for an error of the HTTP library.
pub(super) fn error_text(error: reqwest::Error) -> String {
    error_chain(&error.without_url())
}

/// Returns the words of an error and its causes. The texts of reqwest's and hyper's own errors are fixed words (read
/// in reqwest 0.13.5, hyper 1.12 and hyper-util 0.1.21); texts from elsewhere arrive inside an [`io::Error`].
fn error_chain(error: &(dyn Error + 'static)) -> String {
    let mut words: Vec<String> = Vec::new();
    for cause in successors(Some(error), |&error| error.source()) {
        let io = cause.downcast_ref::<io::Error>();
        let word = io.map_or_else(|| cause.to_string(), io_error_text);
        if !words.contains(&word) {
            words.push(word);
        }
        // The text of an error inside an [`io::Error`] is not known to be fixed words.
        if io.is_some() {
            break;
        }
    }
    text::clip(&words.join(": "), MAX_COLUMNS).into_owned()
}

/// Returns the system's text for its own errors. For wrapped errors, returns the known TLS words, or else the kind.
fn io_error_text(error: &io::Error) -> String {
    if error.raw_os_error().is_some() {
        return error.to_string();
    }
    known_tls_error(error).map_or_else(|| error.kind().to_string(), |(.., words)| (*words).to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[derive(Debug, thiserror::Error)]
    #[error("{text}")]
    struct Outer {
        text: &'static str,
        source: io::Error,
    }

    #[rstest]
    #[case(
        "invalid peer certificate: certificate not valid for name \"a\"; certificate is only valid for evil",
        "its certificate is for another name"
    )]
    #[case("invalid peer certificate: certificate expired: verification time 1", "its certificate has expired")]
    #[case("invalid peer certificate: UnknownIssuer", "its certificate has an issuer that is not trusted here")]
    #[case("invalid peer certificate: Other(evil)", "its certificate cannot be accepted")]
    #[case("received corrupt message of type InvalidContentType", "it does not speak TLS")]
    #[case("evil UnknownIssuer", "invalid data")]
    fn the_peers_error_text_is_not_repeated(#[case] text: &str, #[case] shown: &str) {
        let error = Outer { text: "sending", source: io::Error::new(io::ErrorKind::InvalidData, text) };
        assert_eq!(error_chain(&error), format!("sending: {shown}"));
    }

    #[rstest]
    #[case("dns error", io::Error::other("evil"), TransportErrorKind::Name)]
    #[case("invalid dns name", io::Error::other("evil"), TransportErrorKind::Name)]
    #[case("tunnel error: unsuccessful", io::Error::other("evil"), TransportErrorKind::Proxy)]
    #[case("tunnel error: proxy authorization required", io::Error::other("evil"), TransportErrorKind::ProxyAuth)]
    #[case("tunnel error: failed to create underlying connection", io::ErrorKind::ConnectionRefused.into(), TransportErrorKind::NoProxy)]
    #[case("SOCKS error: host not reachable", io::Error::other("evil"), TransportErrorKind::Proxy)]
    #[case("invalid content-length parsed", io::Error::other("evil"), TransportErrorKind::NotHttp)]
    #[case("connecting", io::ErrorKind::ConnectionRefused.into(), TransportErrorKind::Refused)]
    #[case("connecting", io::ErrorKind::NetworkUnreachable.into(), TransportErrorKind::Unreachable)]
    #[case("connecting", io::ErrorKind::TimedOut.into(), TransportErrorKind::Slow)]
    #[case("sending", io::ErrorKind::ConnectionReset.into(), TransportErrorKind::Broken)]
    #[case("connecting", io::Error::other("invalid peer certificate: UnknownIssuer"), TransportErrorKind::Issuer)]
    #[case(
        "connecting",
        io::Error::other("invalid peer certificate: certificate expired"),
        TransportErrorKind::NotInTime
    )]
    #[case("connecting", io::Error::other("received fatal alert: evil"), TransportErrorKind::Tls)]
    #[case("connecting", io::Error::other("evil"), TransportErrorKind::Other)]
    fn the_cause_of_a_transport_error_is_recognized(
        #[case] text: &'static str,
        #[case] source: io::Error,
        #[case] expected: TransportErrorKind,
    ) {
        assert_eq!(error_kind(&Outer { text, source }), expected);
    }

    #[test]
    fn the_nested_causes_of_a_system_error_are_omitted() {
        let inner = Outer { text: "evil", source: io::Error::other("evil") };
        let error = Outer { text: "sending", source: io::Error::other(inner) };
        assert_eq!(error_chain(&error), "sending: other error");
    }

    #[test]
    fn a_system_error_keeps_its_text() {
        let error = Outer { text: "connecting", source: io::Error::from_raw_os_error(111) };
        assert!(error_chain(&error).starts_with("connecting: "));
        assert!(error_chain(&error).ends_with("(os error 111)"), "{}", error_chain(&error));
    }

    #[test]
    fn a_text_is_short_and_visible() {
        let long = Outer { text: "\u{1b}[2J", source: io::Error::other("evil") };
        assert_eq!(error_chain(&long), "^[[2J: other error");
        let long: &'static str = Box::leak("x".repeat(1000).into_boxed_str());
        let shown = error_chain(&Outer { text: long, source: io::Error::other("evil") });
        assert_eq!(text::display_width(&shown), MAX_COLUMNS);
    }
}
