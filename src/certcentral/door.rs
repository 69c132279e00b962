//! The one way out of this machine: every request to `CertCentral` is made by [`Door::exchange`].
//!
//! It puts the key on a request, keeps the limits, and tells what can have left from what cannot. It knows no
//! endpoint and reads no answer.

use super::network::{Network, Route, Way, issuers};
use super::{ClientError, Limits, pacing, trouble};
use crate::facts::{CaFlaw, Cause, Failure, ProxyFlaw, Reason, is_key};
use crate::host::Host;
use crate::secret::{Secret, SecretBytes};
use crate::text;
use bytes::Bytes;
use reqwest::header::{ACCEPT, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Method, Response};
use std::time::{Duration, Instant};

/// The header that carries the key (fact sheet 1.1).
const KEY: &str = "x-dc-devkey";
const JSON: HeaderValue = HeaderValue::from_static("application/json");
const AGENT: &str = concat!("zegel/", env!("CARGO_PKG_VERSION"));
/// More than any form of a date takes.
const DATE_COLUMNS: usize = 40;

/// A whole answer.
pub(super) struct Reply {
    pub(super) status: u16,
    /// What it asks to wait, in the seconds form.
    pub(super) retry_after: Option<Duration>,
    /// The server's time as it writes it, safe to show; blank where it told none.
    pub(super) date: String,
    pub(super) body: Vec<u8>,
}

/// One account's host and key, with a client for questions and one for orders.
pub(super) struct Door {
    pub(super) host: Host,
    pub(super) limits: Limits,
    key: HeaderValue,
    /// The proxy on the way, as it may be shown.
    via: Option<String>,
    questions: reqwest::Client,
    orders: reqwest::Client,
}

impl Door {
    pub(super) fn new(host: Host, key: &Secret, network: &Network, limits: Limits) -> Result<Self, ClientError> {
        let (key, way, trust) = (header(key)?, way(&host, network)?, trust(&host, network)?);
        let builder = || Ok(by_way_of(builder(limits), way.as_ref())?).map(|builder| trusting(builder, &host, &trust));
        let build = |builder: reqwest::ClientBuilder| builder.build().map_err(|error| unfit(error, network));
        let questions = build(builder()?.timeout(limits.get))?;
        let orders = build(for_orders(builder()?).timeout(limits.post))?;
        Ok(Self { host, limits, key, via: way.map(|way| way.proxy.to_string()), questions, orders })
    }

    /// Asks once.
    pub(super) async fn ask(&self, path: &[&str], query: &[(&str, String)]) -> Result<Reply, Failure> {
        self.exchange(&self.questions, path, query, None).await
    }

    /// Sends an order once, over a connection of its own.
    pub(super) async fn order(&self, path: &[&str], body: &SecretBytes) -> Result<Reply, Failure> {
        self.exchange(&self.orders, path, &[], Some(body)).await
    }

    /// Makes a request, a POST where there is a body, and reads the whole answer.
    async fn exchange(
        &self,
        http: &reqwest::Client,
        path: &[&str],
        query: &[(&str, String)],
        body: Option<&SecretBytes>,
    ) -> Result<Reply, Failure> {
        let request = self.request(http, path, query, body)?;
        let (begun, method, path) = (Instant::now(), request.method().clone(), shape(path));
        tracing::debug!(%method, path, loopback = self.host.is_loopback(), "asked");
        let answer = match http.execute(request).await {
            Ok(response) => self.read(response).await,
            Err(error) => Err(trouble::failure(error, self.via.as_deref())),
        };
        let millis = begun.elapsed().as_millis();
        match &answer {
            Ok(reply) => {
                tracing::debug!(%method, path, status = reply.status, bytes = reply.body.len(), millis, "answered");
            }
            Err(failure) => tracing::debug!(%method, path, cause = trouble::kind_of(failure), millis, "no answer"),
        }
        answer
    }

    fn request(
        &self,
        http: &reqwest::Client,
        path: &[&str],
        query: &[(&str, String)],
        body: Option<&SecretBytes>,
    ) -> Result<reqwest::Request, Failure> {
        let url = self.host.endpoint(path, query);
        let url = url.ok_or_else(|| Failure::NotAllowed(Reason::new(Cause::Unfit, "no path of an endpoint")))?;
        let request = http.request(if body.is_some() { Method::POST } else { Method::GET }, url);
        let mut request = request.header(KEY, self.key.clone()).header(ACCEPT, JSON);
        if let Some(body) = body {
            // A copy that wipes itself. What hyper takes into its write buffer is out of reach.
            request = request.header(CONTENT_TYPE, JSON).body(Bytes::from_owner(body.clone()));
        }
        request.build().map_err(|error| Failure::NotAllowed(Reason::new(Cause::Unfit, trouble::words(error))))
    }

    /// Reads the body by chunks, because the length that an answer states need not be true. A body that ends where
    /// the connection does, without a stated length, cannot be told from a cut one: it counts as whole here, and as
    /// unreadable JSON where it was cut.
    async fn read(&self, mut response: Response) -> Result<Reply, Failure> {
        let status = response.status().as_u16();
        let retry_after = said(response.headers(), &RETRY_AFTER).and_then(pacing::seconds);
        let date = said(response.headers(), &DATE).map(|date| text::clip(date, DATE_COLUMNS).into_owned());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.cut(trouble::reason(error)))? {
            if chunk.len() > self.limits.answer - body.len() {
                let most = format!("more than {} bytes", self.limits.answer);
                return Err(self.cut(Reason::new(Cause::TooLarge, most)));
            }
            body.extend_from_slice(&chunk);
        }
        Ok(Reply { status, retry_after, date: date.unwrap_or_default(), body })
    }

    fn cut(&self, reason: Reason) -> Failure {
        Failure::Cut(reason.by_way_of(self.via.as_deref()))
    }
}

/// A path for the log, without the ids in it.
fn shape(path: &[&str]) -> String {
    let named = |part: &&str| if part.bytes().any(|b| b.is_ascii_digit()) { "{id}" } else { *part }.to_owned();
    path.iter().map(named).collect::<Vec<_>>().join("/")
}

/// What a header says, if it is text.
fn said<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// The key as a header that never prints. It is a copy that is freed without wiping, like every copy that is made
/// of it when a request is sent.
fn header(key: &Secret) -> Result<HeaderValue, ClientError> {
    let usable = is_key(key.expose());
    let mut header = HeaderValue::from_str(key.expose()).ok().filter(|_| usable).ok_or(ClientError::Key)?;
    header.set_sensitive(true);
    Ok(header)
}

/// The proxy that leads to the host, if one does.
fn way(host: &Host, network: &Network) -> Result<Option<Way>, ClientError> {
    match network.route(host).map_err(|(named, flaw)| ClientError::Proxy { named, flaw })? {
        Route::Through(way) => Ok(Some(way)),
        Route::Direct(_) => Ok(None),
    }
}

/// The issuers that are trusted besides the platform's. Without TLS nobody needs any.
fn trust(host: &Host, network: &Network) -> Result<Vec<reqwest::Certificate>, ClientError> {
    let Some(path) = network.ca_file.as_ref().filter(|_| !host.is_plain()) else { return Ok(Vec::new()) };
    issuers(path).map_err(|flaw| ClientError::CaFile { path: path.clone(), flaw })
}

/// Why the HTTP library makes no client: of all that goes into it only the file's certificates are not checked before.
fn unfit(error: reqwest::Error, network: &Network) -> ClientError {
    match &network.ca_file {
        Some(path) if trouble::is_bad_certificate(&error) => {
            ClientError::CaFile { path: path.clone(), flaw: CaFlaw::Damaged }
        }
        _ => ClientError::Tls(trouble::words(error)),
    }
}

/// What both clients have in common. reqwest by itself would follow redirects with the key on them, try again what a
/// server says it has not begun, and look for a proxy of its own.
fn builder(limits: Limits) -> reqwest::ClientBuilder {
    reqwest::Client::builder()
        .redirect(reqwest::redirect::Policy::none())
        .retry(reqwest::retry::never())
        .referer(false)
        .no_proxy()
        .user_agent(AGENT)
        .connect_timeout(limits.connect)
}

fn by_way_of(builder: reqwest::ClientBuilder, way: Option<&Way>) -> Result<reqwest::ClientBuilder, ClientError> {
    let Some(Way { proxy, named }) = way else { return Ok(builder) };
    let flaw = ClientError::Proxy { named: *named, flaw: ProxyFlaw::Malformed };
    Ok(builder.proxy(reqwest::Proxy::all(proxy.expose()).map_err(|_| flaw)?))
}

fn trusting(builder: reqwest::ClientBuilder, host: &Host, trust: &[reqwest::Certificate]) -> reqwest::ClientBuilder {
    // Without TLS nobody needs the platform's roots, which take long to load and may be missing.
    if host.is_plain() { builder.tls_certs_only([]) } else { builder.tls_certs_merge(trust.iter().cloned()) }
}

/// Nothing may ever send an order twice. Read in the source of reqwest 0.13.5 and hyper-util 0.1.21, three places
/// could: reqwest's redirects and its retries, both off above; and hyper-util's client, which takes a request that
/// was not begun to another connection (`retry_canceled_requests`), but only if its connection was a reused one
/// (`connection_reused` in `send_request`). With no idle connections kept the pool is off, every connection is a
/// fresh one, and it gives up instead. HTTP/1 has no refusal of single streams that could be taken for "not begun".
fn for_orders(builder: reqwest::ClientBuilder) -> reqwest::ClientBuilder {
    builder.http1_only().pool_max_idle_per_host(0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case("")]
    #[case("with space")]
    #[case("line\nbreak")]
    #[case("sleutel\u{e9}")]
    fn a_key_that_no_header_can_carry_is_refused(#[case] key: &str) {
        assert!(matches!(header(&Secret::from(key)), Err(ClientError::Key)));
    }

    #[test]
    fn the_header_with_the_key_never_prints() {
        let header = header(&Secret::from("MADE-UP-KEY")).unwrap();
        assert_eq!(header.as_bytes(), b"MADE-UP-KEY");
        assert!(!format!("{header:?}").contains("MADE"));
    }
}
