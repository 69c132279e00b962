//! What went wrong on the way: its cause, and the details in short English words.
//!
//! The text of an error can hold what the other side sent (the names in its certificate) or the URL. So only texts
//! of fixed words are taken over; of all else just the kind is told. It judges in one place whether anything can
//! have left: see [`failure`].

use super::network::{Network, takes_basic};
use crate::facts::{Cause, Failure, Reason};
use crate::host::Host;
use crate::text;
use std::error::Error;
use std::io;
use std::iter::successors;

/// Longer than any chain of fixed words; what is cut off says nothing more.
const COLUMNS: usize = 200;

/// What the text of a TLS error begins with, the cause, and what is told of it. The rest of that text is the
/// server's.
const TLS: &[(&str, Cause, &str)] = &[
    (
        "invalid peer certificate: certificate not valid for name",
        Cause::OtherName,
        "its certificate is for another name",
    ),
    ("invalid peer certificate: certificate expired", Cause::NotInTime, "its certificate has expired"),
    ("invalid peer certificate: certificate not valid yet", Cause::NotInTime, "its certificate is not valid yet"),
    (
        "invalid peer certificate: UnknownIssuer",
        Cause::Issuer,
        "its certificate has an issuer that is not trusted here",
    ),
    (
        "invalid peer certificate: Other(OtherError(CaUsedAsEndEntity))",
        Cause::IssuerShown,
        "its certificate is one for issuers",
    ),
    ("invalid peer certificate", Cause::Tls, "its certificate cannot be accepted"),
    ("received corrupt message", Cause::Tls, "it does not speak TLS"),
    ("received fatal alert", Cause::Tls, "it refused to speak TLS with us"),
    ("peer is incompatible", Cause::Tls, "no TLS version or method in common"),
    ("tls handshake eof", Cause::Tls, "it hung up while TLS was set up"),
];

/// What the text of an error of the HTTP library begins with where it tells the cause.
const WORDS: &[(&str, Cause)] = &[
    ("dns error", Cause::Name),
    ("tunnel error: proxy authorization required", Cause::ProxyAuth),
    ("tunnel error: failed to create underlying connection", Cause::NoProxy),
    ("tunnel error", Cause::Proxy),
    ("SOCKS error: failed to create underlying connection", Cause::NoProxy),
    ("SOCKS error: credentials not accepted", Cause::ProxyAuth),
    ("SOCKS error: server does not support user/pass authentication", Cause::ProxyAuth),
    ("SOCKS error", Cause::Proxy),
    ("error resolving for socks proxy", Cause::Name),
    ("connection closed before message completed", Cause::Broken),
    ("connection error", Cause::Broken),
    ("invalid dns name", Cause::Name),
    ("invalid ", Cause::NotHttp),
];

/// What it means that sending a request ended with this error.
///
/// `is_connect` is set by the connector alone (name, TCP, TLS, proxy, and the time limit on these together), which is
/// done before the first byte of a request is written. The time limit on the whole exchange does not set it, even
/// if it strikes while connecting: then it counts as cut, which is the careful side.
pub(super) fn failure(error: reqwest::Error, via: Option<&str>) -> Failure {
    let connecting = error.is_connect();
    let reason = reason(error).by_way_of(via);
    if connecting { Failure::NotConnected(reason) } else { Failure::Cut(reason) }
}

/// The same, where more can be found out: a proxy that wants something may not want what it can be given.
pub(super) async fn looked_into(mut failure: Failure, network: &Network, host: &Host) -> Failure {
    if let Failure::NotConnected(reason) = &mut failure
        && reason.cause == Cause::ProxyAuth
        && takes_basic(network, host).await == Some(false)
    {
        reason.cause = Cause::ProxyWay;
    }
    failure
}

/// What kind of failure it is, for the log.
pub(super) fn kind_of(failure: &Failure) -> String {
    match failure {
        Failure::NotAllowed(why) | Failure::NotConnected(why) | Failure::Cut(why) => format!("{:?}", why.cause),
        Failure::Refused { .. } => "Refused".to_owned(),
        Failure::Unreadable(..) => "Unreadable".to_owned(),
    }
}

/// Why the HTTP library failed.
pub(super) fn reason(error: reqwest::Error) -> Reason {
    let error = error.without_url();
    let cause = if error.is_timeout() { Cause::Slow } else { cause(&error) };
    Reason::new(cause, chain(&error))
}

/// The first cause that says what one can do something about.
fn cause(error: &(dyn Error + 'static)) -> Cause {
    let causes = successors(Some(error), |&error| error.source());
    let mut told = causes.filter_map(|cause| match cause.downcast_ref::<io::Error>() {
        Some(io) => cause_of_io(io),
        None => WORDS.iter().find(|(start, _)| cause.to_string().starts_with(start)).map(|(_, cause)| *cause),
    });
    told.next().unwrap_or(Cause::Other)
}

fn cause_of_io(error: &io::Error) -> Option<Cause> {
    use io::ErrorKind as Kind;
    if let Some((_, cause, _)) = tls(error) {
        return Some(*cause);
    }
    match error.kind() {
        Kind::ConnectionRefused => Some(Cause::Refused),
        Kind::HostUnreachable | Kind::NetworkUnreachable | Kind::NetworkDown => Some(Cause::Unreachable),
        Kind::TimedOut => Some(Cause::Slow),
        Kind::ConnectionReset | Kind::ConnectionAborted | Kind::BrokenPipe | Kind::UnexpectedEof => Some(Cause::Broken),
        _ => None,
    }
}

fn tls(error: &io::Error) -> Option<&'static (&'static str, Cause, &'static str)> {
    let text = error.to_string();
    TLS.iter().find(|(start, ..)| error.raw_os_error().is_none() && text.starts_with(start))
}

/// Whether no client could be made because of a certificate that is to be trusted.
pub(super) fn is_bad_certificate(error: &reqwest::Error) -> bool {
    successors(Some(error as &(dyn Error + 'static)), |&error| error.source())
        .any(|cause| cause.to_string().starts_with("invalid peer certificate"))
}

/// The words for an error of the HTTP library.
pub(super) fn words(error: reqwest::Error) -> String {
    chain(&error.without_url())
}

/// An error and its causes. The texts of reqwest's and hyper's own errors are fixed words (read in reqwest 0.13.5,
/// hyper 1.12 and hyper-util 0.1.21); what comes from elsewhere reaches them inside an [`io::Error`].
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut told: Vec<String> = Vec::new();
    for cause in successors(Some(error), |&error| error.source()) {
        let io = cause.downcast_ref::<io::Error>();
        let word = io.map_or_else(|| cause.to_string(), kind);
        if !told.contains(&word) {
            told.push(word);
        }
        // What an error of the system wraps is not ours to vouch for.
        if io.is_some() {
            break;
        }
    }
    text::clip(&told.join(": "), COLUMNS).into_owned()
}

/// The system's own text for its own errors; of wrapped ones what is known of TLS, else the kind.
fn kind(error: &io::Error) -> String {
    if error.raw_os_error().is_some() {
        return error.to_string();
    }
    tls(error).map_or_else(|| error.kind().to_string(), |(.., told)| (*told).to_owned())
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
    fn the_words_of_the_other_side_are_not_taken_over(#[case] text: &str, #[case] told: &str) {
        let error = Outer { text: "sending", source: io::Error::new(io::ErrorKind::InvalidData, text) };
        assert_eq!(chain(&error), format!("sending: {told}"));
    }

    #[rstest]
    #[case("dns error", io::Error::other("evil"), Cause::Name)]
    #[case("invalid dns name", io::Error::other("evil"), Cause::Name)]
    #[case("tunnel error: unsuccessful", io::Error::other("evil"), Cause::Proxy)]
    #[case("tunnel error: proxy authorization required", io::Error::other("evil"), Cause::ProxyAuth)]
    #[case("tunnel error: failed to create underlying connection", io::ErrorKind::ConnectionRefused.into(), Cause::NoProxy)]
    #[case("SOCKS error: host not reachable", io::Error::other("evil"), Cause::Proxy)]
    #[case("invalid content-length parsed", io::Error::other("evil"), Cause::NotHttp)]
    #[case("connecting", io::ErrorKind::ConnectionRefused.into(), Cause::Refused)]
    #[case("connecting", io::ErrorKind::NetworkUnreachable.into(), Cause::Unreachable)]
    #[case("connecting", io::ErrorKind::TimedOut.into(), Cause::Slow)]
    #[case("sending", io::ErrorKind::ConnectionReset.into(), Cause::Broken)]
    #[case("connecting", io::Error::other("invalid peer certificate: UnknownIssuer"), Cause::Issuer)]
    #[case("connecting", io::Error::other("invalid peer certificate: certificate expired"), Cause::NotInTime)]
    #[case("connecting", io::Error::other("received fatal alert: evil"), Cause::Tls)]
    #[case("connecting", io::Error::other("evil"), Cause::Other)]
    fn the_cause_is_told(#[case] text: &'static str, #[case] source: io::Error, #[case] expected: Cause) {
        assert_eq!(cause(&Outer { text, source }), expected);
    }

    #[test]
    fn the_causes_within_a_system_error_are_left_out() {
        let inner = Outer { text: "evil", source: io::Error::other("evil") };
        let error = Outer { text: "sending", source: io::Error::other(inner) };
        assert_eq!(chain(&error), "sending: other error");
    }

    #[test]
    fn an_error_of_the_system_keeps_its_text() {
        let error = Outer { text: "connecting", source: io::Error::from_raw_os_error(111) };
        assert!(chain(&error).starts_with("connecting: "));
        assert!(chain(&error).ends_with("(os error 111)"), "{}", chain(&error));
    }

    #[test]
    fn a_text_is_short_and_visible() {
        let long = Outer { text: "\u{1b}[2J", source: io::Error::other("evil") };
        assert_eq!(chain(&long), "^[[2J: other error");
        let long: &'static str = Box::leak("x".repeat(1000).into_boxed_str());
        let told = chain(&Outer { text: long, source: io::Error::other("evil") });
        assert_eq!(text::width(&told), COLUMNS);
    }
}
