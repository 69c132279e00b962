//! The way to the host: by which proxy, whether names are found, whose certificate is shown, and what time it is there.
//!
//! No key goes this way. It takes the same way as an order would.

use super::finding::{Check, Finding};
use crate::certcentral::network::{Direct, Route, Way};
use crate::certcentral::{Network, Probe, probe};
use crate::facts::{Cause, Certificate, ProxySource, Reason};
use crate::host::Host;
use crate::lang::Lang;
use crate::tell::Teller;
use jiff::{Timestamp, fmt::rfc2822};
use std::net::IpAddr;
use std::time::Duration;

/// How long a name may take to be found.
const LOOKING_UP: Duration = Duration::from_secs(10);

/// Clocks that differ by more seconds than this are told.
const DIFFERENCE: u64 = 120;

/// Where it leads, and how.
#[derive(Clone)]
pub(super) struct There {
    pub(super) host: Host,
    pub(super) network: Network,
    pub(super) pace: u32,
}

/// The proxy. Without one it is told whether one seems to be meant.
pub(super) fn proxy(lang: &Lang, there: &There, get: impl Fn(&str) -> Option<String>) -> Finding {
    let http_alone = || ["HTTP_PROXY", "http_proxy"].iter().any(|name| get(name).is_some_and(|set| !set.is_empty()));
    match there.network.route(&there.host) {
        Ok(Route::Through(Way { proxy, named })) => match named {
            ProxySource::Configuration => Check::Proxy.ok("doctor.proxy_configured"),
            ProxySource::Variable(name) => Check::Proxy.ok("doctor.proxy_variable").with("variable", name),
            ProxySource::System => Check::Proxy.ok("doctor.proxy_system"),
        }
        .with("proxy", proxy),
        Ok(Route::Direct(Direct::Loopback)) => Check::Proxy.ok("doctor.proxy_loopback"),
        Ok(Route::Direct(Direct::NoneNamed)) if http_alone() => Check::Proxy.warning("doctor.proxy_http_alone"),
        Ok(Route::Direct(Direct::NoneNamed)) => Check::Proxy.ok("doctor.proxy_none"),
        Ok(Route::Direct(Direct::Except(name))) => Check::Proxy.ok("doctor.proxy_except").with("variable", name),
        Err((named, flaw)) => {
            let why = Reason::from(Cause::BadProxy(named, flaw));
            Check::Proxy.failed("doctor.proxy_failed").with("why", there.words(lang, &why))
        }
    }
}

/// Whether the first name on the way is found: that of the proxy, else the host's.
pub(super) async fn name(there: There) -> Finding {
    let (name, port) = match there.network.route(&there.host) {
        Ok(Route::Through(Way { proxy, .. })) => owned(proxy.place()),
        _ => owned((there.host.bare_name(), there.host.port())),
    };
    if name.parse::<IpAddr>().is_ok() {
        return Check::Name.ok("doctor.name_address").with("host", name);
    }
    let found = tokio::time::timeout(LOOKING_UP, tokio::net::lookup_host((name.clone(), port))).await;
    let (four, six): (Vec<_>, Vec<_>) = match found {
        Ok(Ok(found)) => found.partition(std::net::SocketAddr::is_ipv4),
        Ok(Err(_)) => return Check::Name.failed("doctor.name_missing").with("host", name),
        Err(_) => {
            return Check::Name.failed("doctor.name_late").with("host", name).with("seconds", LOOKING_UP.as_secs());
        }
    };
    Check::Name.ok("doctor.name_found").with("host", name).with("four", four.len()).with("six", six.len())
}

fn owned((host, port): (&str, u16)) -> (String, u16) {
    (host.to_owned(), port)
}

/// Whose certificate is shown, and what time it is there.
pub(super) async fn tls(lang: Lang, there: There) -> Vec<Finding> {
    let limits = there.network.limits(there.pace);
    match probe(&there.host, &there.network, limits).await {
        Ok(found) => told(&lang, &there, &found, Timestamp::now()),
        Err(error) => {
            let why = there.words(&lang, &error.into());
            vec![no_way(&why).with("host", there.host.name()), Check::Clock.unknown("doctor.clock_unknown")]
        }
    }
}

fn told(lang: &Lang, there: &There, found: &Probe, now: Timestamp) -> Vec<Finding> {
    let why = found.answer.as_ref().err().map(|why| there.words(lang, why));
    let tls = match (&found.certificate, why) {
        (_, None) if there.host.is_plain() => Check::Tls.ok("doctor.tls_plain"),
        (Some(shown), None) => issued(Check::Tls.ok("doctor.tls_is"), shown),
        (None, None) => Check::Tls.ok("doctor.tls_unread"),
        (Some(shown), Some(why)) => issued(Check::Tls.failed("doctor.tls_failed").with("why", why), shown),
        (None, Some(why)) => no_way(&why),
    };
    let date = found.answer.as_deref().unwrap_or_default();
    vec![tls.with("host", there.host.name()), clock(date, now)]
}

fn issued(finding: Finding, shown: &Certificate) -> Finding {
    finding.with("issuer", &shown.issuer).with("until", &shown.until)
}

fn no_way(why: &str) -> Finding {
    Check::Tls.failed("doctor.no_way").with("why", why)
}

/// How the clock here differs from a `Date` header.
fn clock(date: &str, now: Timestamp) -> Finding {
    let Ok(there) = rfc2822::parse(date) else { return Check::Clock.unknown("doctor.clock_unknown") };
    let seconds = there.timestamp().as_second().abs_diff(now.as_second());
    if seconds <= DIFFERENCE {
        return Check::Clock.ok("doctor.clock_is");
    }
    Check::Clock.warning("doctor.clock_off").with("minutes", seconds.div_ceil(60))
}

impl There {
    /// What is said of something that went wrong on the way.
    pub(super) fn words(&self, lang: &Lang, why: &Reason) -> String {
        Teller { lang, host: self.host.name() }.reason(why)
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
        assert_eq!(clock(date, "2026-11-22T20:00:00Z".parse().unwrap()).code(), code);
    }
}
