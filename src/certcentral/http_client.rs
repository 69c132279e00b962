//! HTTP clients for one host, with the proxy, the trusted issuers and the time limits of the account's network.
//!
//! Every automatic action of the HTTP library that could send a key elsewhere, or an order twice, is disabled here.
//! The API key is added in `transport`.

use super::network::{ChosenProxy, Network, Route, load_issuers};
use super::{Limits, error};
use crate::api_url::ApiUrl;
use crate::domain::{CaFileError, ProxyAddressError, TransportError, TransportErrorKind};
use reqwest::{Certificate, Client, ClientBuilder};
use rustls::ClientConfig;
use rustls::pki_types::CertificateDer;
use std::path::Path;

const USER_AGENT: &str = concat!("zegel/", env!("CARGO_PKG_VERSION"));

/// The common settings of the clients for a host.
pub(super) struct HttpClientFactory<'a> {
    host: &'a ApiUrl,
    network: &'a Network,
    limits: Limits,
    proxy: Option<ChosenProxy>,
    /// The issuers that are trusted in addition to the platform's.
    pub(super) extra_issuers: Vec<CertificateDer<'static>>,
}

impl<'a> HttpClientFactory<'a> {
    pub(super) fn new(host: &'a ApiUrl, network: &'a Network, limits: Limits) -> Result<Self, TransportError> {
        let way = match network.route_to(host).map_err(|(source, flaw)| TransportErrorKind::BadProxy(source, flaw))? {
            Route::Through(way) => Some(way),
            Route::Direct(_) => None,
        };
        // Without TLS no issuers are needed.
        let issuers = match network.ca_file.as_ref().filter(|_| !host.is_plaintext()) {
            Some(path) => load_issuers(path).map_err(|flaw| ca_file_error(path, flaw))?,
            None => Vec::new(),
        };
        Ok(Self { host, network, limits, proxy: way, extra_issuers: issuers })
    }

    /// Returns the proxy in a form that may be shown.
    pub(super) fn proxy_for_display(&self) -> Option<String> {
        self.proxy.as_ref().map(|way| way.proxy.to_string())
    }

    /// Returns a client for queries.
    pub(super) fn query_client(&self) -> Result<Client, TransportError> {
        self.build_client(self.with_trusted_issuers(self.base_builder()?)?.timeout(self.limits.get))
    }

    /// Returns a client for orders.
    pub(super) fn order_client(&self) -> Result<Client, TransportError> {
        self.build_client(forbid_resending(self.with_trusted_issuers(self.base_builder()?)?).timeout(self.limits.post))
    }

    /// Returns a client for queries with this TLS configuration.
    pub(super) fn client_with_tls(&self, tls: ClientConfig) -> Result<Client, TransportError> {
        self.build_client(self.base_builder()?.tls_backend_preconfigured(tls).timeout(self.limits.get))
    }

    /// By default, reqwest would follow redirects with the key, repeat requests that a server says it has not begun,
    /// and look for a proxy by itself.
    fn base_builder(&self) -> Result<ClientBuilder, TransportError> {
        let builder = Client::builder()
            .redirect(reqwest::redirect::Policy::none())
            .retry(reqwest::retry::never())
            .referer(false)
            .no_proxy()
            .user_agent(USER_AGENT)
            .connect_timeout(self.limits.connect);
        let Some(ChosenProxy { proxy, source: named }) = &self.proxy else { return Ok(builder) };
        let error = TransportErrorKind::BadProxy(*named, ProxyAddressError::Malformed);
        Ok(builder.proxy(reqwest::Proxy::all(proxy.expose()).map_err(|_| error)?))
    }

    fn with_trusted_issuers(&self, builder: ClientBuilder) -> Result<ClientBuilder, TransportError> {
        // The platform's roots take long to load and may be missing.
        if self.host.is_plaintext() {
            return Ok(builder.tls_certs_only([]));
        }
        let issuers: Result<Vec<_>, _> =
            self.extra_issuers.iter().map(|issuer| Certificate::from_der(issuer)).collect();
        Ok(builder.tls_certs_merge(issuers.map_err(|error| self.build_error(error))?))
    }

    fn build_client(&self, builder: ClientBuilder) -> Result<Client, TransportError> {
        builder.build().map_err(|error| self.build_error(error))
    }

    /// Converts an error from creating a client. Of all inputs, only the certificates of the file were not checked
    /// before.
    fn build_error(&self, error: reqwest::Error) -> TransportError {
        match &self.network.ca_file {
            Some(path) if error::is_bad_certificate(&error) => ca_file_error(path, CaFileError::Damaged),
            _ => TransportError::new(TransportErrorKind::NoTls, error::error_text(error)),
        }
    }
}

fn ca_file_error(path: &Path, flaw: CaFileError) -> TransportError {
    TransportError::new(TransportErrorKind::CaFile(flaw), path.display().to_string())
}

/// Makes sure that an order is never sent twice. According to the source of reqwest 0.13.5 and hyper-util 0.1.21,
/// three places could do so. Two are reqwest's redirects and retries, both disabled above. The third is hyper-util's
/// client, which moves a request that was not begun to another connection (`retry_canceled_requests`), but only if
/// its connection was reused (`connection_reused` in `send_request`). Without idle connections the pool is off, every
/// connection is a fresh one, and the client gives up instead. HTTP/1 has no refusal of single streams that could be
/// taken for "not begun".
fn forbid_resending(builder: ClientBuilder) -> ClientBuilder {
    builder.http1_only().pool_max_idle_per_host(0)
}
