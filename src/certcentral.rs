//! The client of the `CertCentral` API: queries that may be repeated, and the order that is sent only once.
//!
//! It returns [`domain`](crate::domain) types. [`decode`] parses the answers, and `transport` alone sends requests
//! with a key. Forms, screens and the meaning of an answer for an order do not belong here.

mod account_endpoints;
pub mod decode;
mod endpoints;
mod error;
mod http_client;
mod limits;
pub mod network;
mod pagination;
mod probe;
pub(crate) mod proxy;
mod rate_limit;
pub mod retry;
mod transport;

pub use endpoints::{OrderFilter, RequestFilter};
pub use limits::Limits;
pub use network::Network;
pub use pagination::Paging;
pub use probe::{Probe, probe_host};

use crate::api_url::ApiUrl;
pub use crate::domain::is_key;
use crate::domain::{
    ApiError, DecodeError, ListName, Organization, Page, PageFlaw, Person, ProductInfo, SendResult, ServerDated,
    ServerError, TransportError, TransportErrorKind,
};
use crate::secret::{Secret, SecretBytes};
use std::fmt;
use transport::{HttpReply, Transport};

/// The client for one account: a host and a key.
pub struct Client {
    transport: Transport,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("host", &self.transport.host.host_and_port()).finish_non_exhaustive()
    }
}

impl Client {
    /// Creates a client. It loads the system's trusted certificates, which takes milliseconds, so it must not run in
    /// the event loop. The proxy is chosen here, once.
    ///
    /// # Errors
    /// The key cannot be sent, the network settings cannot be used, or TLS cannot be set up.
    #[expect(clippy::needless_pass_by_value, reason = "the key is wiped when its last owner lets go of it")]
    pub fn new(host: ApiUrl, key: Secret, network: &Network, limits: Limits) -> Result<Self, TransportError> {
        Ok(Self { transport: Transport::new(host, &key, network, limits)? })
    }

    pub fn host(&self) -> &ApiUrl {
        &self.transport.host
    }

    /// Fetches a page of the account's organizations with their validations (`GET /organization`, certcentral-api.md
    /// 4.2). A page has at most 1000 rows.
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn fetch_organizations(&self, limit: u64, offset: u64) -> Result<Page<Organization>, ApiError> {
        let query = [("include_validation", "true".to_owned())].into_iter().chain(page_query(limit, offset));
        self.fetch_page(&["organization"], &query.collect::<Vec<_>>(), decode::parse_organizations)
            .await
            .map(|page| page.value)
    }

    /// Fetches the details of an organization (`GET /organization/{id}`, certcentral-api.md 4.3).
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn fetch_organization(&self, id: u64) -> Result<Organization, ApiError> {
        self.fetch_value(&["organization", &id.to_string()], &[], decode::parse_organization).await
    }

    /// Fetches the people who can be a verified contact (`GET /organization/potential-approvers`, certcentral-api.md
    /// 4.5).
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn fetch_approvers(&self) -> Result<Page<Person>, ApiError> {
        self.fetch_page(&["organization", "potential-approvers"], &[], decode::parse_approvers)
            .await
            .map(|page| page.value)
    }

    /// Fetches a page of the account's users (`GET /user`, certcentral-api.md 4.6).
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn fetch_users(&self, limit: u64, offset: u64) -> Result<Page<Person>, ApiError> {
        self.fetch_page(&["user"], &page_query(limit, offset), decode::parse_users).await.map(|page| page.value)
    }

    /// Fetches a user (`GET /user/{id}`, certcentral-api.md 4.6).
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn fetch_user(&self, id: u64) -> Result<Person, ApiError> {
        self.fetch_value(&["user", &id.to_string()], &[], decode::parse_user).await
    }

    /// Fetches what the account may order of a product (`GET /product/{name_id}`, certcentral-api.md 4.8).
    ///
    /// # Errors
    /// See [`ApiError`].
    pub async fn fetch_product(&self, name_id: &str) -> Result<ProductInfo, ApiError> {
        self.fetch_value(&["product", name_id], &[], decode::parse_product).await
    }

    /// Sends an order to an endpoint such as `order/certificate/pkio_qualified_organisation_services`
    /// (certcentral-api.md 2): once, whatever the result. Dropping the future does not undo what has left this
    /// machine.
    pub async fn submit_order(&self, endpoint: &str, body: SecretBytes) -> SendResult {
        let path: Vec<&str> = endpoint.strip_prefix('/').unwrap_or(endpoint).split('/').collect();
        match self.transport.send_order(&path, &body).await {
            Ok(HttpReply { status, body: answer, .. }) => {
                let redactor = self.transport.redactor(Some(&body));
                let words = redactor.redact_excerpt(&decode::extract_text(&answer));
                // The answer is masked because its status words and errors are shown, and may repeat what was sent.
                SendResult::Reply {
                    status,
                    body: decode::replace_texts(answer, &|text| redactor.mask_secrets(text)),
                    excerpt: words,
                }
            }
            Err(ApiError::NotAllowed(reason) | ApiError::NotConnected(reason)) => SendResult::NotSent(reason),
            Err(ApiError::ResponseCut(reason)) => SendResult::Lost(reason),
            // Sending does not parse the answer, so these errors do not occur. If they did, the order would have left
            // this machine.
            Err(ApiError::Refused { .. } | ApiError::Unreadable(..)) => {
                SendResult::Lost(TransportErrorKind::Other.into())
            }
        }
    }

    async fn fetch_value<T>(
        &self,
        path: &[&str],
        query: &[(&str, String)],
        read: fn(&[u8]) -> Result<T, DecodeError>,
    ) -> Result<T, ApiError> {
        self.fetch_dated(path, query, read).await.map(|answer| answer.value)
    }

    async fn fetch_dated<T>(
        &self,
        path: &[&str],
        query: &[(&str, String)],
        read: fn(&[u8]) -> Result<T, DecodeError>,
    ) -> Result<ServerDated<T>, ApiError> {
        self.fetch_with_status(path, query, read).await.map(|(_, answer)| answer)
    }

    /// Fetches a page of a list. Only HTTP 200 means that the page is complete; another status may come with a part
    /// of it.
    async fn fetch_page<T>(
        &self,
        path: &[&str],
        query: &[(&str, String)],
        read: fn(&[u8]) -> Result<Page<T>, DecodeError>,
    ) -> Result<ServerDated<Page<T>>, ApiError> {
        let (status, mut answer) = self.fetch_with_status(path, query, read).await?;
        if status != 200 {
            answer.value.flaw.get_or_insert(PageFlaw::Status(status));
        }
        if let Some(PageFlaw::Errors(errors)) = &mut answer.value.flaw {
            *errors = self.redact_errors(std::mem::take(errors));
        }
        Ok(answer)
    }

    /// Fetches a list that comes in one piece and must be complete.
    async fn fetch_whole_list<T>(
        &self,
        list: ListName,
        path: &[&str],
        read: fn(&[u8]) -> Result<Page<T>, DecodeError>,
    ) -> Result<Vec<T>, ApiError> {
        let page = self.fetch_page(path, &[], read).await?.value;
        match page.find_gap() {
            None => Ok(page.rows),
            Some(gap) => Err(DecodeError::PartialList(list, Box::new(gap)).into()),
        }
    }

    async fn fetch_with_status<T>(
        &self,
        path: &[&str],
        query: &[(&str, String)],
        read: fn(&[u8]) -> Result<T, DecodeError>,
    ) -> Result<(u16, ServerDated<T>), ApiError> {
        let HttpReply { status, date, body, .. } = self.get_with_retry(path, query).await?;
        if !(200..300).contains(&status) {
            return Err(self.refusal_error(status, &body));
        }
        match read(&body) {
            Ok(parsed) => Ok((status, ServerDated { value: parsed, date })),
            Err(why) => Err(ApiError::Unreadable(why, self.redacted_excerpt(&body))),
        }
    }

    /// Returns the error for a refused query, with the server's words but without secrets.
    fn refusal_error(&self, status: u16, body: &[u8]) -> ApiError {
        let errors = self.redact_errors(decode::parse_errors(body));
        let words = if errors.is_empty() { self.redacted_excerpt(body) } else { String::new() };
        ApiError::Refused { status, errors, excerpt: words }
    }

    /// Returns the errors with secrets masked.
    fn redact_errors(&self, errors: Vec<ServerError>) -> Vec<ServerError> {
        let redactor = self.transport.redactor(None);
        let safe = |text: String| redactor.mask_secrets(&text).unwrap_or(text);
        errors.into_iter().map(|error| error.with_replaced_texts(safe)).collect()
    }

    /// Returns an excerpt of the answer's words: cleaned, short, and without secrets.
    fn redacted_excerpt(&self, body: &[u8]) -> String {
        self.transport.redactor(None).redact_excerpt(&decode::extract_text(body))
    }

    /// Repeats the query after a pause while the server answers 429, "too many requests". Nothing else is repeated.
    async fn get_with_retry(&self, path: &[&str], query: &[(&str, String)]) -> Result<HttpReply, ApiError> {
        let mut attempt = 1;
        loop {
            let reply = self.transport.send_query(path, query).await?;
            let pause =
                retry::retry_pause(attempt, reply.retry_after, retry::random_jitter()).filter(|_| reply.status == 429);
            let Some(pause) = pause else { return Ok(reply) };
            self.transport.rate_limiter.pause_for(pause);
            attempt += 1;
        }
    }
}

fn page_query(limit: u64, offset: u64) -> [(&'static str, String); 2] {
    [("limit", limit.to_string()), ("offset", offset.to_string())]
}
