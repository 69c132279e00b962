//! The checks of the network: the proxy, the name lookup, the certificate, and the server's clock.
//!
//! They send no key, and use the same route as an order.

use super::finding::{DoctorCheck, DoctorFinding};
use crate::api_url::ApiUrl;
use crate::certcentral::network::{ChosenProxy, DirectReason, Route};
use crate::certcentral::{Network, Probe, probe_host};
use crate::domain::{Certificate, ProxySource, TransportError, TransportErrorKind};
use crate::i18n::{Translations, texts};
use crate::messages::MessageWriter;
use jiff::{Timestamp, fmt::rfc2822};
use std::net::IpAddr;
use std::time::Duration;

/// The time limit of a name lookup.
const LOOKUP_TIMEOUT: Duration = Duration::from_secs(10);

/// A larger difference between the clocks, in seconds, is a warning.
const MAX_CLOCK_DIFFERENCE: u64 = 120;

/// The host to check, and the route to it.
#[derive(Clone)]
pub(super) struct ProbeTarget {
    pub(super) host: ApiUrl,
    pub(super) network: Network,
    pub(super) pace: u32,
}

/// Checks the proxy. Without one, it warns if the environment seems to mean one.
pub(super) fn check_proxy(
    lang: &Translations,
    there: &ProbeTarget,
    get: impl Fn(&str) -> Option<String>,
) -> DoctorFinding {
    let http_alone = || ["HTTP_PROXY", "http_proxy"].iter().any(|name| get(name).is_some_and(|set| !set.is_empty()));
    match there.network.route_to(&there.host) {
        Ok(Route::Through(ChosenProxy { proxy, source: named })) => match named {
            ProxySource::Configuration => DoctorCheck::Proxy.ok(texts::doctor::PROXY_CONFIGURED),
            ProxySource::Variable(name) => {
                DoctorCheck::Proxy.ok(texts::doctor::PROXY_VARIABLE).with_value("variable", name)
            }
            ProxySource::System => DoctorCheck::Proxy.ok(texts::doctor::PROXY_SYSTEM),
        }
        .with_value("proxy", proxy),
        Ok(Route::Direct(DirectReason::Loopback)) => DoctorCheck::Proxy.ok(texts::doctor::PROXY_LOOPBACK),
        Ok(Route::Direct(DirectReason::NoneNamed)) if http_alone() => {
            DoctorCheck::Proxy.warning(texts::doctor::PROXY_HTTP_ALONE)
        }
        Ok(Route::Direct(DirectReason::NoneNamed)) => DoctorCheck::Proxy.ok(texts::doctor::PROXY_NONE),
        Ok(Route::Direct(DirectReason::Except(name))) => {
            DoctorCheck::Proxy.ok(texts::doctor::PROXY_EXCEPT).with_value("variable", name)
        }
        Err((named, flaw)) => {
            let why = TransportError::from(TransportErrorKind::BadProxy(named, flaw));
            DoctorCheck::Proxy.failed(texts::doctor::PROXY_FAILED).with_value("why", there.reason_text(lang, &why))
        }
    }
}

/// Checks the lookup of the first name on the route: the proxy's, or else the host's.
pub(super) async fn check_name_lookup(there: ProbeTarget) -> DoctorFinding {
    let (name, port) = match there.network.route_to(&there.host) {
        Ok(Route::Through(ChosenProxy { proxy, .. })) => owned_host_and_port(proxy.host_and_port()),
        _ => owned_host_and_port((there.host.host(), there.host.port())),
    };
    if name.parse::<IpAddr>().is_ok() {
        return DoctorCheck::Name.ok(texts::doctor::NAME_ADDRESS).with_value("host", name);
    }
    let found = tokio::time::timeout(LOOKUP_TIMEOUT, tokio::net::lookup_host((name.clone(), port))).await;
    let (four, six): (Vec<_>, Vec<_>) = match found {
        Ok(Ok(found)) => found.partition(std::net::SocketAddr::is_ipv4),
        Ok(Err(_)) => return DoctorCheck::Name.failed(texts::doctor::NAME_MISSING).with_value("host", name),
        Err(_) => {
            return DoctorCheck::Name
                .failed(texts::doctor::NAME_LATE)
                .with_value("host", name)
                .with_value("seconds", LOOKUP_TIMEOUT.as_secs());
        }
    };
    DoctorCheck::Name
        .ok(texts::doctor::NAME_FOUND)
        .with_value("host", name)
        .with_value("four", four.len())
        .with_value("six", six.len())
}

fn owned_host_and_port((host, port): (&str, u16)) -> (String, u16) {
    (host.to_owned(), port)
}

/// Checks the certificate and the clock of the server.
pub(super) async fn check_tls(lang: Translations, there: ProbeTarget) -> Vec<DoctorFinding> {
    let limits = there.network.client_limits(there.pace);
    match probe_host(&there.host, &there.network, limits).await {
        Ok(found) => probe_findings(&lang, &there, &found, Timestamp::now()),
        Err(error) => {
            let why = there.reason_text(&lang, &error);
            vec![
                unreachable_finding(&why).with_value("host", there.host.host_and_port()),
                DoctorCheck::Clock.unknown(texts::doctor::CLOCK_UNKNOWN),
            ]
        }
    }
}

fn probe_findings(lang: &Translations, there: &ProbeTarget, found: &Probe, now: Timestamp) -> Vec<DoctorFinding> {
    let why = found.answer.as_ref().err().map(|why| there.reason_text(lang, why));
    let tls = match (&found.certificate, why) {
        (_, None) if there.host.is_plaintext() => DoctorCheck::Tls.ok(texts::doctor::TLS_PLAIN),
        (Some(shown), None) => with_certificate(DoctorCheck::Tls.ok(texts::doctor::TLS_IS), shown),
        (None, None) => DoctorCheck::Tls.ok(texts::doctor::TLS_UNREAD),
        (Some(shown), Some(why)) => {
            with_certificate(DoctorCheck::Tls.failed(texts::doctor::TLS_FAILED).with_value("why", why), shown)
        }
        (None, Some(why)) => unreachable_finding(&why),
    };
    let date = found.answer.as_deref().unwrap_or_default();
    vec![tls.with_value("host", there.host.host_and_port()), clock_finding(date, now)]
}

fn with_certificate(finding: DoctorFinding, shown: &Certificate) -> DoctorFinding {
    finding.with_value("issuer", &shown.issuer).with_value("until", &shown.until)
}

fn unreachable_finding(why: &str) -> DoctorFinding {
    DoctorCheck::Tls.failed(texts::doctor::NO_WAY).with_value("why", why)
}

/// Compares the clock with a `Date` header.
fn clock_finding(date: &str, now: Timestamp) -> DoctorFinding {
    let Ok(there) = rfc2822::parse(date) else { return DoctorCheck::Clock.unknown(texts::doctor::CLOCK_UNKNOWN) };
    let seconds = there.timestamp().as_second().abs_diff(now.as_second());
    if seconds <= MAX_CLOCK_DIFFERENCE {
        return DoctorCheck::Clock.ok(texts::doctor::CLOCK_IS);
    }
    DoctorCheck::Clock.warning(texts::doctor::CLOCK_OFF).with_value("minutes", seconds.div_ceil(60))
}

impl ProbeTarget {
    /// Returns the message about a failure of the transport.
    pub(super) fn reason_text(&self, lang: &Translations, why: &TransportError) -> String {
        MessageWriter { lang, host: self.host.host_and_port() }.reason_text(why)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("Sun, 22 Nov 2026 20:00:00 GMT", "clock_is")]
    #[case("Sun, 22 Nov 2026 20:02:00 GMT", "clock_is")]
    #[case("Sun, 22 Nov 2026 20:02:01 GMT", "clock_off")]
    #[case("Sun, 22 Nov 2026 19:57:59 GMT", "clock_off")]
    #[case("Sun, 22 Nov 2099 20:00:00 GMT", "clock_off")]
    #[case("", "clock_unknown")]
    #[case("soon", "clock_unknown")]
    fn clocks_are_compared(#[case] date: &str, #[case] code: &str) {
        assert_eq!(clock_finding(date, "2026-11-22T20:00:00Z".parse().unwrap()).code(), code);
    }
}
