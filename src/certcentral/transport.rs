//! The transport: every request with an API key leaves this machine through `Transport::send_request`.
//!
//! It adds the key, keeps the limits, and distinguishes errors after which something may have left from those after
//! which nothing has. Endpoints and the meaning of an answer do not belong here.

use super::http_client::HttpClientFactory;
use super::rate_limit::RateLimiter;
use super::{Limits, Network, error, retry};
use crate::api_url::ApiUrl;
use crate::domain::{ApiError, TransportError, TransportErrorKind, is_key};
use crate::redact::Redactor;
use crate::secret::{Secret, SecretBytes};
use crate::text;
use bytes::Bytes;
use memchr::memmem;
use reqwest::header::{ACCEPT, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, RETRY_AFTER};
use reqwest::{Method, Response};
use serde::Deserialize;
use std::time::{Duration, Instant};

/// The header that carries the key (certcentral-api.md 1.1).
const KEY_HEADER: &str = "x-dc-devkey";
const JSON_CONTENT_TYPE: HeaderValue = HeaderValue::from_static("application/json");
/// Longer than any form of a date.
const DATE_COLUMNS: usize = 40;

/// Shorter keys are not masked in answers. A real key is longer.
const MIN_MASKED_KEY_BYTES: usize = 8;

/// A complete answer.
pub(super) struct HttpReply {
    pub(super) status: u16,
    /// The requested wait before the next attempt, from the seconds form of `Retry-After`.
    pub(super) retry_after: Option<Duration>,
    /// The server's time in its own words, safe to show. Blank if the answer has none.
    pub(super) date: String,
    pub(super) body: Vec<u8>,
}

/// The host and key of one account, with an HTTP client for queries and one for orders.
pub(super) struct Transport {
    pub(super) host: ApiUrl,
    pub(super) limits: Limits,
    /// The rate limit of queries.
    pub(super) rate_limiter: RateLimiter,
    key: HeaderValue,
    /// The proxy, in a form that may be shown.
    via: Option<String>,
    network: Network,
    query_client: reqwest::Client,
    order_client: reqwest::Client,
}

impl Transport {
    pub(super) fn new(host: ApiUrl, key: &Secret, network: &Network, limits: Limits) -> Result<Self, TransportError> {
        let key = key_header(key)?;
        let maker = HttpClientFactory::new(&host, network, limits)?;
        let (questions, orders, via) = (maker.query_client()?, maker.order_client()?, maker.proxy_for_display());
        let limiter = RateLimiter::new(limits.pace);
        let network = network.clone();
        Ok(Self {
            host,
            limits,
            rate_limiter: limiter,
            key,
            via,
            network,
            query_client: questions,
            order_client: orders,
        })
    }

    /// Sends a query once, as soon as the rate limit allows.
    pub(super) async fn send_query(&self, path: &[&str], query: &[(&str, String)]) -> Result<HttpReply, ApiError> {
        let _passes = self.rate_limiter.acquire().await;
        self.send_request(&self.query_client, path, query, None).await
    }

    /// Sends an order once, over its own connection and without waiting: the person has just reviewed it.
    pub(super) async fn send_order(&self, path: &[&str], body: &SecretBytes) -> Result<HttpReply, ApiError> {
        let _passes = self.rate_limiter.begin_order_call();
        self.send_request(&self.order_client, path, &[], Some(body)).await
    }

    /// Sends a request, a POST if there is a body, and reads the complete answer.
    async fn send_request(
        &self,
        http: &reqwest::Client,
        path: &[&str],
        query: &[(&str, String)],
        body: Option<&SecretBytes>,
    ) -> Result<HttpReply, ApiError> {
        let request = self.build_request(http, path, query, body)?;
        let (begun, method, path) = (Instant::now(), request.method().clone(), path_for_log(path));
        tracing::debug!(%method, path, loopback = self.host.is_loopback(), "asked");
        let answer = match http.execute(request).await {
            Ok(response) => self.read_response(response).await,
            Err(error) => {
                let failure = error::classify_error(error, self.via.as_deref());
                Err(error::refine_proxy_error(failure, &self.network, &self.host).await)
            }
        };
        let millis = begun.elapsed().as_millis();
        match &answer {
            Ok(reply) => {
                tracing::debug!(%method, path, status = reply.status, bytes = reply.body.len(), millis, "answered");
            }
            Err(failure) => tracing::debug!(%method, path, cause = error::kind_for_log(failure), millis, "no answer"),
        }
        answer
    }

    fn build_request(
        &self,
        http: &reqwest::Client,
        path: &[&str],
        query: &[(&str, String)],
        body: Option<&SecretBytes>,
    ) -> Result<reqwest::Request, ApiError> {
        let url = self.host.endpoint_url(path, query);
        let url = url.ok_or_else(|| ApiError::NotAllowed(TransportErrorKind::Unfit.into()))?;
        let request = http.request(if body.is_some() { Method::POST } else { Method::GET }, url);
        let mut request = request.header(KEY_HEADER, self.key.clone()).header(ACCEPT, JSON_CONTENT_TYPE);
        if let Some(body) = body {
            // This copy is wiped when it is dropped. The copy in hyper's write buffer is out of reach.
            request = request.header(CONTENT_TYPE, JSON_CONTENT_TYPE).body(Bytes::from_owner(body.clone()));
        }
        request.build().map_err(|error| {
            ApiError::NotAllowed(TransportError::new(TransportErrorKind::Unfit, error::error_text(error)))
        })
    }

    /// Reads the body in chunks, because the stated length of an answer may be false. A body without a stated length
    /// ends with the connection, so a cut one cannot be recognized: it counts as complete here, and fails later as
    /// unreadable JSON.
    async fn read_response(&self, mut response: Response) -> Result<HttpReply, ApiError> {
        let status = response.status().as_u16();
        let retry_after = header_text(response.headers(), &RETRY_AFTER).and_then(retry::parse_retry_after);
        let date = header_text(response.headers(), &DATE).map(|date| text::clip(date, DATE_COLUMNS).into_owned());
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| self.cut_error(error::transport_error(error)))? {
            if chunk.len() > self.limits.max_body_bytes - body.len() {
                return Err(self.cut_error(TransportErrorKind::TooLarge.into()));
            }
            body.extend_from_slice(&chunk);
        }
        mask_key(&mut body, self.key.as_bytes());
        Ok(HttpReply { status, retry_after, date: date.unwrap_or_default(), body })
    }

    /// Returns the redactor of the key, and of the card in an order, for answers that may repeat them.
    pub(super) fn redactor(&self, order: Option<&SecretBytes>) -> Redactor {
        let paid = order.and_then(|order| serde_json::from_slice::<PaymentPart<'_>>(order.as_ref()).ok());
        let card = paid.and_then(|paid| paid.credit_card);
        let card = card.as_ref().map(|card| (card.number.unwrap_or_default(), card.cvv.unwrap_or_default()));
        Redactor::new(self.key.to_str().unwrap_or_default(), card)
    }

    fn cut_error(&self, reason: TransportError) -> ApiError {
        ApiError::ResponseCut(reason.with_proxy(self.via.as_deref()))
    }
}

/// The payment part of an order, borrowed so that no copy is made.
#[derive(Deserialize)]
struct PaymentPart<'a> {
    #[serde(borrow, default)]
    credit_card: Option<CardPart<'a>>,
}

#[derive(Deserialize)]
struct CardPart<'a> {
    #[serde(borrow, default)]
    number: Option<&'a str>,
    #[serde(borrow, default)]
    cvv: Option<&'a str>,
}

/// Returns the path for the log, with ids replaced.
fn path_for_log(path: &[&str]) -> String {
    let named = |part: &&str| if part.bytes().any(|b| b.is_ascii_digit()) { "{id}" } else { *part }.to_owned();
    path.iter().map(named).collect::<Vec<_>>().join("/")
}

/// Overwrites each occurrence of the key with the same number of `*`, so that it is never shown. A very short key, or
/// one of digits alone, is not replaced, because the match may be something else.
fn mask_key(body: &mut [u8], key: &[u8]) {
    if key.len() < MIN_MASKED_KEY_BYTES || key.iter().all(u8::is_ascii_digit) {
        return;
    }
    let places: Vec<usize> = memmem::find_iter(body, key).collect();
    for at in places {
        body[at..at + key.len()].fill(b'*');
    }
}

/// Returns the value of a header, if it is text.
fn header_text<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    headers.get(name).and_then(|value| value.to_str().ok())
}

/// Returns the key as a header that never prints. It is a copy that is freed without wiping, like every copy that is
/// made when a request is sent.
fn key_header(key: &Secret) -> Result<HeaderValue, TransportError> {
    let usable = is_key(key.expose());
    let mut header = HeaderValue::from_str(key.expose()).ok().filter(|_| usable).ok_or(TransportErrorKind::BadKey)?;
    header.set_sensitive(true);
    Ok(header)
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
        assert_eq!(key_header(&Secret::from(key)), Err(TransportErrorKind::BadKey.into()));
    }

    #[test]
    fn the_header_with_the_key_never_prints() {
        let header = key_header(&Secret::from("MADE-UP-KEY")).unwrap();
        assert_eq!(header.as_bytes(), b"MADE-UP-KEY");
        assert!(!format!("{header:?}").contains("MADE"));
    }
}
