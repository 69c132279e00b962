//! The address of an account: scheme, host, port and base path, checked once and never guessed.
//!
//! A key belongs to one host, so an ambiguous address is refused. Nothing here resolves a name: `localhost` is a name
//! like any other, and only a literal address counts as loopback.

use crate::i18n::{TextId, texts};
use std::net::IpAddr;
use url::Url;

/// The address of an account, such as `https://certcentral.digicert.eu/services/v2` (certcentral-api.md 1.1).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ApiUrl {
    base: Url,
    host_and_port: String,
    is_loopback: bool,
}

/// The hosts of CertCentral in the United States, including its test server (certcentral-api.md 1.1).
const UNITED_STATES_HOSTS: [&str; 3] = ["www.digicert.com", "digicert.com", "beta.digicert.com"];

const DIGICERT_DOMAINS: [&str; 2] = ["digicert.eu", "digicert.com"];

/// Why an address is refused. No variant repeats the address, because it may contain a password.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{self:?}")]
pub enum ApiUrlError {
    /// The text is no URL with a host.
    Malformed,
    /// The scheme is neither https nor http.
    Scheme,
    /// The scheme is http to another machine; anyone on the route could read the key.
    PlaintextHttp,
    /// The address contains a user name or a password. The key is kept elsewhere.
    Credentials,
    /// The address contains a `?`.
    Query,
    /// The address contains a `#`.
    Fragment,
    /// CertCentral in the United States, which sells no `PKIoverheid` products (certcentral-api.md 1.1).
    UnitedStates,
}

impl ApiUrlError {
    /// Returns the error in words, as part of a sentence.
    pub(crate) fn text_id(self) -> TextId {
        match self {
            Self::Malformed => texts::address::MALFORMED,
            Self::Scheme => texts::address::SCHEME,
            Self::PlaintextHttp => texts::address::PLAIN,
            Self::Credentials => texts::address::CREDENTIALS,
            Self::Query => texts::address::QUERY,
            Self::Fragment => texts::address::FRAGMENT,
            Self::UnitedStates => texts::address::UNITED_STATES,
        }
    }
}

impl ApiUrl {
    /// Parses an address.
    ///
    /// # Errors
    /// zegel may not send a key to the address.
    pub fn parse(address: &str) -> Result<Self, ApiUrlError> {
        let base = Url::parse(address.trim()).map_err(|_| ApiUrlError::Malformed)?;
        if !matches!(base.scheme(), "https" | "http") {
            return Err(ApiUrlError::Scheme);
        }
        let host = base.host_str().ok_or(ApiUrlError::Malformed)?;
        let loopback = is_loopback_host(host);
        // The dot at the end of a full name does not change the host, and so not the account either.
        let named = host.trim_end_matches('.');
        let name = base.port().map_or_else(|| named.to_owned(), |port| format!("{named}:{port}"));
        check_url(&base, host, loopback)?;
        Ok(Self { base, host_and_port: name, is_loopback: loopback })
    }

    /// Host and port as people see them: `certcentral.digicert.eu`, `127.0.0.1:4711`. The scheme's default port and
    /// the dot at the end of a full name are left out. A name in another script is in its ASCII form.
    pub fn host_and_port(&self) -> &str {
        &self.host_and_port
    }

    /// Host and port as in the address, including a dot at the end. Keystores keep keys by this name, so it must not
    /// change.
    pub fn raw_host_and_port(&self) -> String {
        let host = self.base.host_str().unwrap_or_default();
        self.base.port().map_or_else(|| host.to_owned(), |port| format!("{host}:{port}"))
    }

    /// The host alone; an IPv6 address has no brackets.
    pub fn host(&self) -> &str {
        self.base.host_str().unwrap_or_default().trim_start_matches('[').trim_end_matches(']')
    }

    /// The port; the scheme's default if the address names none.
    pub fn port(&self) -> u16 {
        self.base.port_or_known_default().unwrap_or_default()
    }

    /// The whole address. It contains no secret.
    pub fn as_str(&self) -> &str {
        self.base.as_str()
    }

    /// Returns true for a literal address of this machine: 127.0.0.0/8 or `[::1]`.
    pub fn is_loopback(&self) -> bool {
        self.is_loopback
    }

    /// Returns true if the host's name is in a domain of DigiCert.
    pub fn is_digicert(&self) -> bool {
        let name = self.base.host_str().unwrap_or_default().trim_end_matches('.');
        DIGICERT_DOMAINS
            .iter()
            .any(|domain| name.strip_suffix(domain).is_some_and(|rest| rest.is_empty() || rest.ends_with('.')))
    }

    /// Returns true if the connection does not use TLS.
    pub fn is_plaintext(&self) -> bool {
        self.base.scheme() == "http"
    }

    /// Returns the URL of an endpoint. `None` if a segment of the path is empty or has characters other than ASCII
    /// letters, digits, `-` and `_`: every path of the API consists of these, and `..` or `/` would lead elsewhere.
    pub fn endpoint_url(&self, path: &[&str], query: &[(&str, String)]) -> Option<Url> {
        let plain = |b: u8| b.is_ascii_alphanumeric() || b == b'-' || b == b'_';
        if path.iter().any(|segment| segment.is_empty() || !segment.bytes().all(plain)) {
            return None;
        }
        let mut url = self.base.clone();
        url.path_segments_mut().ok()?.pop_if_empty().extend(path);
        if !query.is_empty() {
            url.query_pairs_mut().extend_pairs(query);
        }
        Some(url)
    }
}

fn check_url(base: &Url, host: &str, loopback: bool) -> Result<(), ApiUrlError> {
    if !base.username().is_empty() || base.password().is_some() {
        Err(ApiUrlError::Credentials)
    } else if base.query().is_some() {
        Err(ApiUrlError::Query)
    } else if base.fragment().is_some() {
        Err(ApiUrlError::Fragment)
    } else if base.scheme() == "http" && !loopback {
        Err(ApiUrlError::PlaintextHttp)
    } else if UNITED_STATES_HOSTS.contains(&host.trim_end_matches('.')) {
        Err(ApiUrlError::UnitedStates)
    } else {
        Ok(())
    }
}

/// Returns true for a loopback address. The host of a URL is already normalized, so `127.1` has become `127.0.0.1`
/// here.
fn is_loopback_host(host: &str) -> bool {
    let literal = host.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    literal.is_ok_and(|address| address.is_loopback())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("https://certcentral.digicert.eu/services/v2", "certcentral.digicert.eu", false)]
    #[case("https://certcentral.digicert.eu:443/services/v2/", "certcentral.digicert.eu", false)]
    #[case("HTTPS://CertCentral.DigiCert.EU", "certcentral.digicert.eu", false)]
    #[case("https://example.nl:8443", "example.nl:8443", false)]
    #[case("https://certcentral.digicert.eu./services/v2", "certcentral.digicert.eu", false)]
    #[case("https://Example.nl.:8443/v2", "example.nl:8443", false)]
    #[case("https://localhost.:4711", "localhost:4711", false)]
    #[case("http://127.0.0.1:4711", "127.0.0.1:4711", true)]
    #[case(" http://127.0.0.1:4711/services/v2 ", "127.0.0.1:4711", true)]
    #[case("http://127.255.0.9", "127.255.0.9", true)]
    #[case("http://127.1:80", "127.0.0.1", true)]
    #[case("http://[::1]:4711", "[::1]:4711", true)]
    #[case("https://[::1]", "[::1]", true)]
    #[case("https://localhost:4711", "localhost:4711", false)]
    #[case("https://127.0.0.1.example.nl", "127.0.0.1.example.nl", false)]
    #[case("https://[::ffff:127.0.0.1]", "[::ffff:7f00:1]", false)]
    #[case("https://0.0.0.0", "0.0.0.0", false)]
    #[case("https://[::]", "[::]", false)]
    #[case("https://10.0.0.1", "10.0.0.1", false)]
    fn an_address_has_a_name(#[case] address: &str, #[case] name: &str, #[case] loopback: bool) {
        let host = ApiUrl::parse(address).unwrap();
        assert_eq!((host.host_and_port(), host.is_loopback()), (name, loopback));
    }

    #[rstest]
    #[case("", ApiUrlError::Malformed)]
    #[case("certcentral.digicert.eu", ApiUrlError::Malformed)]
    #[case("https://", ApiUrlError::Malformed)]
    #[case("https://exa mple.nl", ApiUrlError::Malformed)]
    #[case("https://example.nl:99999", ApiUrlError::Malformed)]
    #[case("ftp://127.0.0.1", ApiUrlError::Scheme)]
    #[case("file:///etc/passwd", ApiUrlError::Scheme)]
    #[case("certcentral.digicert.eu:443", ApiUrlError::Scheme)]
    #[case("http://certcentral.digicert.eu", ApiUrlError::PlaintextHttp)]
    #[case("http://localhost:4711", ApiUrlError::PlaintextHttp)]
    #[case("http://127.0.0.1.example.nl", ApiUrlError::PlaintextHttp)]
    #[case("http://[::ffff:127.0.0.1]", ApiUrlError::PlaintextHttp)]
    #[case("https://me@example.nl", ApiUrlError::Credentials)]
    #[case("https://:hunter2@example.nl", ApiUrlError::Credentials)]
    #[case("http://127.0.0.1:4711@example.nl", ApiUrlError::Credentials)]
    #[case("https://example.nl/?", ApiUrlError::Query)]
    #[case("https://example.nl/v2?a=b", ApiUrlError::Query)]
    #[case("https://example.nl/#", ApiUrlError::Fragment)]
    #[case("https://example.nl/#top", ApiUrlError::Fragment)]
    fn an_address_unfit_for_a_key_is_refused(#[case] address: &str, #[case] why: ApiUrlError) {
        assert_eq!(ApiUrl::parse(address), Err(why));
        assert!(!why.to_string().contains("hunter2"));
    }

    #[rstest]
    #[case("http://127.0.0.1:1")]
    #[case("http://127.0.0.1:1/")]
    fn an_endpoint_follows_the_base(#[case] base: &str) {
        let host = ApiUrl::parse(base).unwrap();
        assert_eq!(host.endpoint_url(&["user", "5"], &[]).unwrap().as_str(), "http://127.0.0.1:1/user/5");
    }

    #[rstest]
    #[case("http://127.0.0.1:1/services/v2")]
    #[case("http://127.0.0.1:1/services/v2/")]
    fn a_base_path_is_kept(#[case] base: &str) {
        let query = [("limit", "1000".to_owned()), ("filters[search]", "a&b=c %".to_owned())];
        let url = ApiUrl::parse(base).unwrap().endpoint_url(&["organization"], &query).unwrap();
        let expected = "http://127.0.0.1:1/services/v2/organization?limit=1000&filters%5Bsearch%5D=a%26b%3Dc+%25";
        assert_eq!(url.as_str(), expected);
    }

    #[rstest]
    #[case(&["order", ""])]
    #[case(&["..", "admin"])]
    #[case(&["."])]
    #[case(&["order/certificate"])]
    #[case(&["a?b"])]
    #[case(&["a%2e"])]
    #[case(&["é"])]
    fn a_path_outside_the_base_is_refused(#[case] path: &[&str]) {
        assert_eq!(ApiUrl::parse("http://127.0.0.1:1").unwrap().endpoint_url(path, &[]), None);
    }

    #[rstest]
    #[case("https://certcentral.digicert.eu/services/v2", true)]
    #[case("https://digicert.eu", true)]
    #[case("https://notdigicert.eu", false)]
    #[case("https://digicert.eu.example.nl", false)]
    #[case("http://127.0.0.1:1", false)]
    fn vendor_hosts_are_recognized_by_their_domain(#[case] address: &str, #[case] vendor: bool) {
        assert_eq!(ApiUrl::parse(address).unwrap().is_digicert(), vendor);
    }

    #[rstest]
    #[case("https://www.digicert.com/services/v2")]
    #[case("https://WWW.digicert.com.:443/services/v2")]
    #[case("https://beta.digicert.com")]
    fn united_states_hosts_are_refused(#[case] address: &str) {
        assert_eq!(ApiUrl::parse(address), Err(ApiUrlError::UnitedStates));
    }
}
