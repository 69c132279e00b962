//! The choice of the proxy for a host, and the form of a proxy that may be shown.
//!
//! The choice depends on the configuration, the standard variables and the system's settings. No name is looked up
//! and no connection is made here. The credentials of a proxy are never shown.

use crate::api_url::ApiUrl;
use crate::domain::{ProxyAddressError, ProxySource};
use crate::secret::SecretText;
use hyper_util::client::proxy::matcher::{Intercept, Matcher};
use std::ffi::OsString;
use std::fmt;
use url::Url;

/// The variables that name a proxy for https, in order of precedence; blank ones are skipped. They are those of curl.
/// `HTTP_PROXY` is not among them, because only loopback is reached over http.
const PROXY_VARIABLES: [&str; 4] = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];

/// The variables that name hosts without a proxy.
const NO_PROXY_VARIABLES: [&str; 2] = ["NO_PROXY", "no_proxy"];

const SCHEMES: [&str; 6] = ["http", "https", "socks4", "socks4a", "socks5", "socks5h"];

/// The port of SOCKS (RFC 1928, 3).
const SOCKS_PORT: u16 = 1080;

/// The address of a proxy. It prints without its credentials.
#[derive(Clone, PartialEq, Eq)]
pub struct Proxy {
    address: SecretText,
    display: String,
    host: String,
    port: u16,
}

/// A proxy, and the place where it is configured.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChosenProxy {
    pub proxy: Proxy,
    pub source: ProxySource,
}

/// The route to a host.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Route {
    /// Through a proxy.
    Through(ChosenProxy),
    /// Without a proxy.
    Direct(DirectReason),
}

/// Why no proxy is used.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DirectReason {
    /// The host is an address of this machine.
    Loopback,
    /// No proxy is configured.
    NoneNamed,
    /// A proxy is configured, but this variable excludes the host.
    Except(&'static str),
}

impl Proxy {
    /// Parses an address such as `http://user:password@proxy.example.nl:3128`. Without a scheme it is http.
    ///
    /// # Errors
    /// The text is not the address of a supported proxy.
    pub fn parse(address: &str) -> Result<Self, ProxyAddressError> {
        let address = address.trim();
        let address = if address.contains("://") { address.to_owned() } else { format!("http://{address}") };
        if has_unescaped_credentials(&address) {
            return Err(ProxyAddressError::Escape);
        }
        let url = Url::parse(&address).map_err(|_| ProxyAddressError::Malformed)?;
        if !SCHEMES.contains(&url.scheme()) {
            return Err(ProxyAddressError::Scheme);
        }
        let bare = matches!(url.path(), "" | "/") && url.query().is_none() && url.fragment().is_none();
        let shown = address_for_display(&url).filter(|_| bare).ok_or(ProxyAddressError::Malformed)?;
        let host = url.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']').to_owned();
        let port = url.port_or_known_default().unwrap_or(SOCKS_PORT);
        let proxy = Self { address: SecretText::from(String::from(url)), display: shown, host, port };
        // The HTTP library ignores an address that it cannot parse, and would connect without a proxy.
        if proxy.is_used_for("example.nl", "") { Ok(proxy) } else { Err(ProxyAddressError::Malformed) }
    }

    /// Returns the host, with an IPv6 address without brackets, and the port. Without a port in the address it is 80
    /// for http, 443 for https and 1080 for SOCKS.
    pub fn host_and_port(&self) -> (&str, u16) {
        (&self.host, self.port)
    }

    /// Returns true if the connection to the proxy is HTTP without TLS.
    pub(crate) fn is_http(&self) -> bool {
        self.display.starts_with("http://")
    }

    /// Returns the full address with its credentials, for the HTTP client alone. Never print it.
    pub(in crate::certcentral) fn expose(&self) -> &str {
        self.address.expose()
    }

    /// Returns true if the proxy is used for a host, with these hosts excluded.
    fn is_used_for(&self, host: &str, without: &str) -> bool {
        proxy_for_host(&Matcher::builder().all(self.expose()).no(without).build(), host).is_some()
    }
}

/// Returns true if the name or password has a character at which an address ends. Such a character must be written as
/// `%` and two digits.
fn has_unescaped_credentials(address: &str) -> bool {
    let behind = address.split_once("://").map_or(address, |(_, behind)| behind);
    behind.rsplit_once('@').is_some_and(|(credentials, _)| credentials.contains(['#', '/', '?', '\\']))
}

fn proxy_for_host(matcher: &Matcher, host: &str) -> Option<Intercept> {
    matcher.intercept(&format!("https://{host}/").parse().ok()?)
}

/// Returns the address without its credentials.
fn address_for_display(url: &Url) -> Option<String> {
    let host = url.host_str().filter(|host| !host.is_empty())?;
    let known = !url.username().is_empty() || url.password().is_some();
    let credentials = if known { "***@" } else { "" };
    let port = url.port().map(|port| format!(":{port}")).unwrap_or_default();
    Some(format!("{}://{credentials}{host}{port}", url.scheme()))
}

impl fmt::Display for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.display)
    }
}

impl fmt::Debug for Proxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.display, f)
    }
}

/// Chooses the route to a host, with these variables and this lookup of the system's settings.
pub(crate) fn choose_route(
    set: Option<&Proxy>,
    host: &ApiUrl,
    get: impl Fn(&str) -> Option<OsString>,
    system: impl FnOnce(&str) -> Option<Proxy>,
) -> Result<Route, (ProxySource, ProxyAddressError)> {
    if host.is_loopback() {
        return Ok(Route::Direct(DirectReason::Loopback));
    }
    let of_system = || Some(ChosenProxy { proxy: system(host.host_and_port())?, source: ProxySource::System });
    let Some(way) = configured_proxy(set, &get).transpose()?.or_else(of_system) else {
        return Ok(Route::Direct(DirectReason::NoneNamed));
    };
    match first_set_variable(&NO_PROXY_VARIABLES, &get) {
        Some((name, without))
            if !way.proxy.is_used_for(host.host_and_port(), &entries_for_port(&without, host.port())) =>
        {
            Ok(Route::Direct(DirectReason::Except(name)))
        }
        // The HTTP library connects through the proxy to such an address, but then cannot match any certificate with
        // it.
        _ if host.host_and_port().starts_with('[') => Err((way.source, ProxyAddressError::Ipv6)),
        _ => Ok(Route::Through(way)),
    }
}

/// Returns the entries of a `NO_PROXY` variable for this port, in the form that the HTTP library accepts: it does not
/// support white space between entries, `*.` before a name, or ports.
fn entries_for_port(without: &str, port: u16) -> String {
    let entries = without.split(|c: char| c == ',' || c.is_whitespace());
    entries.filter_map(|entry| entry_without_port(entry, port)).collect::<Vec<_>>().join(",")
}

/// Returns an entry without its port. `None` if the entry is for another port.
fn entry_without_port(entry: &str, port: u16) -> Option<String> {
    let (host, named) = split_entry(entry);
    if named.is_some_and(|named| named != port) {
        return None;
    }
    let host = if host.starts_with("*.") { &host[1..] } else { host };
    Some(host.trim_end_matches('.').to_ascii_lowercase()).filter(|host| !host.is_empty())
}

/// Returns the host of an entry, with an IPv6 address without brackets, and the port if there is one.
fn split_entry(entry: &str) -> (&str, Option<u16>) {
    if let Some((host, rest)) = entry.strip_prefix('[').and_then(|entry| entry.split_once(']')) {
        return (host, rest.strip_prefix(':').and_then(|port| port.parse().ok()));
    }
    match entry.split_once(':') {
        // A text with more than one colon is an IPv6 address.
        Some((host, port)) => port.parse().map_or((entry, None), |port| (host, Some(port))),
        None => (entry, None),
    }
}

/// Returns the proxy of the configuration or of a variable.
fn configured_proxy(
    set: Option<&Proxy>,
    get: impl Fn(&str) -> Option<OsString>,
) -> Option<Result<ChosenProxy, (ProxySource, ProxyAddressError)>> {
    if let Some(proxy) = set {
        return Some(Ok(ChosenProxy { proxy: proxy.clone(), source: ProxySource::Configuration }));
    }
    let (name, address) = first_set_variable(&PROXY_VARIABLES, get)?;
    let named = ProxySource::Variable(name);
    Some(Proxy::parse(&address).map(|proxy| ChosenProxy { proxy, source: named }).map_err(|flaw| (named, flaw)))
}

/// Returns the first of these variables that is not blank. A value that is not UTF-8 counts as set, and is not a
/// valid address.
fn first_set_variable(
    names: &[&'static str],
    get: impl Fn(&str) -> Option<OsString>,
) -> Option<(&'static str, String)> {
    let set = names.iter().filter_map(|name| Some((*name, get(name)?.to_string_lossy().trim().to_owned())));
    set.into_iter().find(|(_, value)| !value.is_empty())
}

/// Returns the proxy of the system's settings, which exist on macOS. On other systems the library reads only the
/// variables, which are blank when this is called.
pub(crate) fn system_proxy(host: &str) -> Option<Proxy> {
    let found = proxy_for_host(&Matcher::from_system(), host)?;
    Proxy::parse(&found.uri().to_string()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("http://proxy.example.nl:3128", "http://proxy.example.nl:3128")]
    #[case(" proxy.example.nl:3128 ", "http://proxy.example.nl:3128")]
    #[case("10.0.0.1", "http://10.0.0.1")]
    #[case("https://proxy.example.nl/", "https://proxy.example.nl")]
    #[case("http://[2001:db8::1]:3128", "http://[2001:db8::1]:3128")]
    #[case("http://anna:hunter2@proxy.example.nl:3128", "http://***@proxy.example.nl:3128")]
    #[case("anna:hunter2@proxy.example.nl:3128", "http://***@proxy.example.nl:3128")]
    #[case("http://hunter2@proxy.example.nl", "http://***@proxy.example.nl")]
    #[case("http://:hunter2@proxy.example.nl", "http://***@proxy.example.nl")]
    #[case("http://an{na:hunter2 ^|%@proxy.example.nl", "http://***@proxy.example.nl")]
    #[case("http://anna:hun%23%2F%3F%5Cter2@proxy.example.nl", "http://***@proxy.example.nl")]
    #[case("http://anna:hun@ter2@proxy.example.nl", "http://***@proxy.example.nl")]
    #[case("socks5h://anna:hunter2@proxy.example.nl:1080", "socks5h://***@proxy.example.nl:1080")]
    fn an_address_is_shown_without_its_credentials(#[case] address: &str, #[case] shown: &str) {
        let proxy = Proxy::parse(address).unwrap();
        assert_eq!((proxy.to_string(), format!("{proxy:?}")), (shown.to_owned(), format!("{shown:?}")));
    }

    #[rstest]
    #[case("http://anna:hunter2@proxy.example.nl", ("proxy.example.nl", 80))]
    #[case("https://proxy.example.nl", ("proxy.example.nl", 443))]
    #[case("socks5h://proxy.example.nl", ("proxy.example.nl", 1080))]
    #[case("http://[2001:db8::1]:3128", ("2001:db8::1", 3128))]
    fn a_proxy_has_a_host_and_a_port(#[case] address: &str, #[case] place: (&str, u16)) {
        assert_eq!(Proxy::parse(address).unwrap().host_and_port(), place);
    }

    #[rstest]
    #[case("", ProxyAddressError::Malformed)]
    #[case("http://", ProxyAddressError::Malformed)]
    #[case("http://anna:hunter2@", ProxyAddressError::Malformed)]
    #[case("proxy example", ProxyAddressError::Malformed)]
    #[case("http://proxy.example.nl:99999", ProxyAddressError::Malformed)]
    #[case("http://proxy.example.nl/proxy.pac", ProxyAddressError::Malformed)]
    #[case("http://proxy.example.nl?hunter2", ProxyAddressError::Malformed)]
    #[case("http://proxy.example.nl#hunter2", ProxyAddressError::Malformed)]
    #[case("socks5://", ProxyAddressError::Malformed)]
    #[case("socks5://a b:1080", ProxyAddressError::Malformed)]
    #[case("\u{fffd}", ProxyAddressError::Malformed)]
    #[case::a_hash("http://anna:hun#ter2@proxy.example.nl:3128", ProxyAddressError::Escape)]
    #[case::a_slash("http://anna:hun/ter2@proxy.example.nl:3128", ProxyAddressError::Escape)]
    #[case::a_backslash("http://anna:hun\\ter2@proxy.example.nl", ProxyAddressError::Escape)]
    #[case::a_question_mark("http://anna:hun?ter2@proxy.example.nl", ProxyAddressError::Escape)]
    #[case::a_domain_before_a_name("corp\\anna:hunter2@proxy.example.nl:3128", ProxyAddressError::Escape)]
    #[case::digits_like_a_port("http://anna:80/2@proxy.example.nl:3128", ProxyAddressError::Escape)]
    #[case::at_the_end("socks5h://anna:hunter2#@proxy.example.nl", ProxyAddressError::Escape)]
    #[case("ftp://proxy.example.nl", ProxyAddressError::Scheme)]
    #[case("file:///etc/proxy.pac", ProxyAddressError::Scheme)]
    fn an_invalid_proxy_address_is_refused(#[case] address: &str, #[case] flaw: ProxyAddressError) {
        assert_eq!(Proxy::parse(address), Err(flaw));
    }

    const CONFIGURED: &str = "http://configured:1";

    fn source(source: ProxySource) -> &'static str {
        match source {
            ProxySource::Configuration => "configuration",
            ProxySource::Variable(name) => name,
            ProxySource::System => "system",
        }
    }

    /// The route to `host`, in the words of the table below.
    fn by(host: &str, set: Option<&str>, variables: &[(&str, &str)]) -> String {
        let get =
            |name: &str| variables.iter().find(|(known, _)| *known == name).map(|(_, value)| OsString::from(value));
        let set = set.map(|address| Proxy::parse(address).unwrap());
        match choose_route(set.as_ref(), &ApiUrl::parse(host).unwrap(), get, |_| None) {
            Ok(Route::Through(way)) => format!("{} {}", source(way.source), way.proxy),
            Ok(Route::Direct(why)) => format!("{why:?}"),
            Err((named, flaw)) => format!("{} {flaw:?}", source(named)),
        }
    }

    #[rstest]
    #[case(None, &[], "NoneNamed")]
    #[case(None, &[("HTTPS_PROXY", "a:1")], "HTTPS_PROXY http://a:1")]
    #[case(None, &[("https_proxy", "a:1")], "https_proxy http://a:1")]
    #[case(None, &[("HTTPS_PROXY", "a:1"), ("https_proxy", "b:1"), ("ALL_PROXY", "c:1")], "HTTPS_PROXY http://a:1")]
    #[case(None, &[("HTTPS_PROXY", " "), ("https_proxy", "b:1")], "https_proxy http://b:1")]
    #[case(None, &[("ALL_PROXY", "socks5h://c:1"), ("all_proxy", "d:1")], "ALL_PROXY socks5h://c:1")]
    #[case(None, &[("HTTP_PROXY", "a:1"), ("http_proxy", "a:1")], "NoneNamed")]
    #[case(None, &[("HTTPS_PROXY", "ftp://a"), ("ALL_PROXY", "c:1")], "HTTPS_PROXY Scheme")]
    #[case(None, &[("all_proxy", "a b")], "all_proxy Malformed")]
    #[case(Some(CONFIGURED), &[("HTTPS_PROXY", "a:1")], "configuration http://configured:1")]
    #[case(Some(CONFIGURED), &[("HTTPS_PROXY", "a b")], "configuration http://configured:1")]
    #[case(Some(CONFIGURED), &[("NO_PROXY", "other.nl, api.example.nl")], "Except(\"NO_PROXY\")")]
    #[case(None, &[("HTTPS_PROXY", "a:1"), ("no_proxy", ".example.nl")], "Except(\"no_proxy\")")]
    #[case(None, &[("HTTPS_PROXY", "a:1"), ("NO_PROXY", "*")], "Except(\"NO_PROXY\")")]
    #[case(None, &[("HTTPS_PROXY", "a:1"), ("NO_PROXY", "i.example.nl,10.0.0.0/8")], "HTTPS_PROXY http://a:1")]
    #[case(None, &[("HTTPS_PROXY", "a:1"), ("NO_PROXY", ""), ("no_proxy", "*")], "Except(\"no_proxy\")")]
    #[case(None, &[("NO_PROXY", "*")], "NoneNamed")]
    fn the_proxy_is_chosen_from_settings_and_variables(
        #[case] set: Option<&str>,
        #[case] variables: &[(&str, &str)],
        #[case] expected: &str,
    ) {
        assert_eq!(by("https://api.example.nl:8443/services/v2", set, variables), expected);
    }

    #[rstest]
    #[case("https://10.1.2.3", "10.0.0.0/8", "Except(\"NO_PROXY\")")]
    #[case("https://[2001:db8::7]", "2001:db8::/32", "Except(\"NO_PROXY\")")]
    #[case("https://[2001:db8::7]:8443", "2001:db8::7", "Except(\"NO_PROXY\")")]
    #[case("https://[2001:db9::7]", "2001:db8::/32", "HTTPS_PROXY Ipv6")]
    #[case("https://[::1]", "", "Loopback")]
    #[case("http://127.0.0.2:4711", "", "Loopback")]
    #[case("https://localhost:4711", "", "HTTPS_PROXY http://a:1")]
    fn no_proxy_excludes_matching_addresses_only(#[case] host: &str, #[case] without: &str, #[case] expected: &str) {
        assert_eq!(by(host, None, &[("HTTPS_PROXY", "a:1"), ("NO_PROXY", without)]), expected);
    }

    /// The arguments: the hosts without a proxy, and the expected route to `api.example.nl` on port 8443.
    #[rstest]
    #[case::the_host("api.example.nl", true)]
    #[case::a_domain("example.nl", true)]
    #[case::a_dot_before(".example.nl", true)]
    #[case::a_star_and_a_dot("*.example.nl", true)]
    #[case::of_the_host_itself("*.api.example.nl", true)]
    #[case::capitals("*.EXAMPLE.nl", true)]
    #[case::a_dot_behind("api.example.nl.", true)]
    #[case::everything("*", true)]
    #[case::its_port("api.example.nl:8443", true)]
    #[case::its_port_of_a_domain("*.example.nl:8443", true)]
    #[case::its_port_of_everything("*:8443", true)]
    #[case::spaces("localhost 127.0.0.1 api.example.nl", true)]
    #[case::tabs_and_lines("localhost\tother.nl\n*.example.nl", true)]
    #[case::all_mixed("localhost, other.nl:443 ,, .example.nl:8443", true)]
    #[case::another_port("api.example.nl:443", false)]
    #[case::another_port_of_everything("*:443", false)]
    #[case::no_port("api.example.nl:https", false)]
    #[case::a_port_that_is_none("api.example.nl:84430", false)]
    #[case::another_host("*.example.com i.example.nl", false)]
    #[case::part_of_a_name("*.ample.nl ample.nl", false)]
    #[case::nothing(" , ,", false)]
    fn no_proxy_accepts_many_spellings_of_a_host(#[case] without: &str, #[case] taken_out: bool) {
        for (name, set) in [("NO_PROXY", None), ("no_proxy", Some(CONFIGURED))] {
            let by = by("https://api.example.nl:8443/services/v2", set, &[("HTTPS_PROXY", "a:1"), (name, without)]);
            assert_eq!(by == format!("Except({name:?})"), taken_out, "{by}");
        }
    }

    #[rstest]
    #[case("https://10.1.2.3", "10.1.2.3:443", true)]
    #[case("https://10.1.2.3", "10.1.2.3:8443 10.0.0.0/9:443", true)]
    #[case("https://10.1.2.3:8443", "10.1.2.3:443", false)]
    #[case("https://[2001:db8::7]", "[2001:db8::7]:443", true)]
    #[case("https://[2001:db8::7]", "[2001:db8::7]", true)]
    #[case("https://[2001:db8::7]", "127.0.0.1 2001:db8::/32", true)]
    #[case("https://[2001:db8::7]:8443", "[2001:db8::7]:443", false)]
    #[case("https://api.example.nl", "api.example.nl:443", true)]
    fn no_proxy_entries_may_have_a_port(#[case] host: &str, #[case] without: &str, #[case] taken_out: bool) {
        let by = by(host, None, &[("HTTPS_PROXY", "a:1"), ("NO_PROXY", without)]);
        assert_eq!(by == "Except(\"NO_PROXY\")", taken_out, "{by}");
    }

    #[test]
    fn system_proxy_settings_come_last() {
        let host = ApiUrl::parse("https://example.nl").unwrap();
        let system = |name: &str| Proxy::parse(&format!("system-for.{name}")).ok();
        let Ok(Route::Through(way)) = choose_route(None, &host, |_| None, system) else { panic!("a proxy") };
        assert_eq!(
            (way.source, way.proxy.to_string()),
            (ProxySource::System, "http://system-for.example.nl".to_owned())
        );
    }
}
