//! The client of `CertCentral`'s API: questions that may be asked again, and the order that is sent once.
//!
//! It gives [`facts`](crate::facts) and knows no form, screen, file or clock. The shapes of the answers are read by
//! [`wire`]; what may leave this machine is decided behind one door.

mod account;
mod door;
mod limiter;
mod limits;
mod lists;
mod maker;
pub mod network;
pub mod pacing;
mod pages;
mod probe;
mod trouble;

pub use limits::Limits;
pub use lists::{OrderFilter, RequestFilter};
pub use network::Network;
pub use pages::Paging;
pub use probe::{Probe, probe};

pub use crate::facts::is_key;
use crate::facts::{
    Answer, CaFlaw, Cause, Dated, Failure, ListName, OrderState, Organization, Page, PageFlaw, Person, ProductInfo,
    ProxyFlaw, ProxySource, Reason, RequestState, ServerError, Unreadable,
};
use crate::host::Host;
use crate::secret::{Secret, SecretBytes};
use crate::wire;
use door::{Door, Reply};
use std::fmt;
use std::path::PathBuf;

/// Why there is no client.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ClientError {
    /// The key is empty or has white space or other characters that no key has and no header can carry.
    #[error("the API key is empty or has characters that no key has")]
    Key,
    /// TLS could not be set up; most often the system has no trusted certificates.
    #[error("TLS could not be set up: {0}")]
    Tls(String),
    /// What names the proxy to this host is no address of one.
    #[error("{named:?}: {flaw}")]
    Proxy {
        /// What names it.
        named: ProxySource,
        /// What is wrong with it.
        flaw: ProxyFlaw,
    },
    /// The file with further issuers of certificates brings none.
    #[error("{} {flaw}", path.display())]
    CaFile {
        /// The file.
        path: PathBuf,
        /// What is wrong with it.
        flaw: CaFlaw,
    },
}

impl From<ClientError> for Reason {
    fn from(error: ClientError) -> Self {
        match error {
            ClientError::Proxy { named, flaw } => Cause::BadProxy(named, flaw).into(),
            ClientError::CaFile { path, flaw } => Self::new(Cause::CaFile(flaw), path.display().to_string()),
            ClientError::Key => Cause::BadKey.into(),
            ClientError::Tls(words) => Self::new(Cause::NoTls, words),
        }
    }
}

/// One account: a host and a key.
pub struct Client {
    door: Door,
}

impl fmt::Debug for Client {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("host", &self.door.host.name()).finish_non_exhaustive()
    }
}

impl Client {
    /// Makes a client. It reads the system's trusted certificates, which takes milliseconds: not on the loop. The
    /// proxy is chosen here, once.
    ///
    /// # Errors
    /// Where the key cannot be sent, the network is not as it is said to be, or TLS cannot be set up.
    #[expect(clippy::needless_pass_by_value, reason = "the key is wiped when its last owner lets go of it")]
    pub fn new(host: Host, key: Secret, network: &Network, limits: Limits) -> Result<Self, ClientError> {
        Ok(Self { door: Door::new(host, &key, network, limits)? })
    }

    /// The host that it speaks to.
    pub fn host(&self) -> &Host {
        &self.door.host
    }

    /// A page of the account's organizations with their validations (`GET /organization`, certcentral-api.md 4.2). At
    /// most 1000 in one page.
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn organizations(&self, limit: u64, offset: u64) -> Result<Page<Organization>, Failure> {
        let query = [("include_validation", "true".to_owned())].into_iter().chain(page(limit, offset));
        self.ask_page(&["organization"], &query.collect::<Vec<_>>(), wire::organizations).await.map(|page| page.told)
    }

    /// The details of an organization (`GET /organization/{id}`, certcentral-api.md 4.3).
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn organization(&self, id: u64) -> Result<Organization, Failure> {
        self.ask(&["organization", &id.to_string()], &[], wire::organization).await
    }

    /// Who can be a verified contact (`GET /organization/potential-approvers`, certcentral-api.md 4.5).
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn approvers(&self) -> Result<Page<Person>, Failure> {
        self.ask_page(&["organization", "potential-approvers"], &[], wire::approvers).await.map(|page| page.told)
    }

    /// A page of the account's users (`GET /user`, certcentral-api.md 4.6).
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn users(&self, limit: u64, offset: u64) -> Result<Page<Person>, Failure> {
        self.ask_page(&["user"], &page(limit, offset), wire::users).await.map(|page| page.told)
    }

    /// A user (`GET /user/{id}`, certcentral-api.md 4.6).
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn user(&self, id: u64) -> Result<Person, Failure> {
        self.ask(&["user", &id.to_string()], &[], wire::user).await
    }

    /// What the account may order of a product (`GET /product/{name_id}`, certcentral-api.md 4.8).
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn product(&self, name_id: &str) -> Result<ProductInfo, Failure> {
        self.ask(&["product", name_id], &[], wire::product).await
    }

    /// An order (`GET /order/certificate/{id}`, certcentral-api.md 4.9).
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn order(&self, id: u64) -> Result<OrderState, Failure> {
        self.ask(&["order", "certificate", &id.to_string()], &[], wire::order).await
    }

    /// An approval request (`GET /request/{id}`, certcentral-api.md 4.11).
    ///
    /// # Errors
    /// See [`Failure`].
    pub async fn request(&self, id: u64) -> Result<RequestState, Failure> {
        self.ask(&["request", &id.to_string()], &[], wire::request).await
    }

    /// Sends an order to an endpoint such as `order/certificate/pkio_qualified_organisation_services`
    /// (certcentral-api.md 2): once, whatever comes of it. Dropping the future does not take back what has left.
    pub async fn submit(&self, endpoint: &str, body: SecretBytes) -> Answer {
        let path: Vec<&str> = endpoint.strip_prefix('/').unwrap_or(endpoint).split('/').collect();
        match self.door.order(&path, &body).await {
            Ok(Reply { status, body: answer, .. }) => {
                let redactor = self.door.redactor(Some(&body));
                let words = redactor.excerpt(&wire::words(&answer));
                // Status words and errors are shown as well, and may repeat what was sent.
                Answer::Reply { status, body: wire::with_texts(answer, &|text| redactor.mask(text)), words }
            }
            Err(Failure::NotAllowed(reason) | Failure::NotConnected(reason)) => Answer::NotSent(reason),
            Err(Failure::Cut(reason)) => Answer::Lost(reason),
            // Nothing is read of an answer here, so that these do not come; if they did, something has left.
            Err(Failure::Refused { .. } | Failure::Unreadable(..)) => Answer::Lost(Cause::Other.into()),
        }
    }

    async fn ask<T>(
        &self,
        path: &[&str],
        query: &[(&str, String)],
        read: fn(&[u8]) -> Result<T, Unreadable>,
    ) -> Result<T, Failure> {
        self.ask_dated(path, query, read).await.map(|answer| answer.told)
    }

    async fn ask_dated<T>(
        &self,
        path: &[&str],
        query: &[(&str, String)],
        read: fn(&[u8]) -> Result<T, Unreadable>,
    ) -> Result<Dated<T>, Failure> {
        self.ask_status(path, query, read).await.map(|(_, answer)| answer)
    }

    /// Asks for a page of a list. That it is whole is said by HTTP 200 alone: others may bring a part of it.
    async fn ask_page<T>(
        &self,
        path: &[&str],
        query: &[(&str, String)],
        read: fn(&[u8]) -> Result<Page<T>, Unreadable>,
    ) -> Result<Dated<Page<T>>, Failure> {
        let (status, mut answer) = self.ask_status(path, query, read).await?;
        if status != 200 {
            answer.told.flaw.get_or_insert(PageFlaw::Status(status));
        }
        if let Some(PageFlaw::Errors(errors)) = &mut answer.told.flaw {
            *errors = self.safe(std::mem::take(errors));
        }
        Ok(answer)
    }

    /// Asks for a list that comes in one piece, and must be whole.
    async fn ask_whole<T>(
        &self,
        list: ListName,
        path: &[&str],
        read: fn(&[u8]) -> Result<Page<T>, Unreadable>,
    ) -> Result<Vec<T>, Failure> {
        let page = self.ask_page(path, &[], read).await?.told;
        match page.lack() {
            None => Ok(page.rows),
            Some(gap) => Err(Unreadable::Partial(list, Box::new(gap)).into()),
        }
    }

    async fn ask_status<T>(
        &self,
        path: &[&str],
        query: &[(&str, String)],
        read: fn(&[u8]) -> Result<T, Unreadable>,
    ) -> Result<(u16, Dated<T>), Failure> {
        let Reply { status, date, body, .. } = self.patiently(path, query).await?;
        if !(200..300).contains(&status) {
            return Err(self.refusal(status, &body));
        }
        match read(&body) {
            Ok(told) => Ok((status, Dated { told, date })),
            Err(why) => Err(Failure::Unreadable(why, self.excerpt(&body))),
        }
    }

    /// Why a question was refused, in the server's words without secrets.
    fn refusal(&self, status: u16, body: &[u8]) -> Failure {
        let errors = self.safe(wire::errors(body));
        let words = if errors.is_empty() { self.excerpt(body) } else { String::new() };
        Failure::Refused { status, errors, words }
    }

    /// Errors without secrets in them.
    fn safe(&self, errors: Vec<ServerError>) -> Vec<ServerError> {
        let redactor = self.door.redactor(None);
        let safe = |text: String| redactor.mask(&text).unwrap_or(text);
        errors.into_iter().map(|error| error.with_texts(safe)).collect()
    }

    /// What an answer to a question says in words, cleaned, short, and without secrets.
    fn excerpt(&self, body: &[u8]) -> String {
        self.door.redactor(None).excerpt(&wire::words(body))
    }

    /// Asks again after a pause as long as the answer is that we ask too often. Nothing else is asked again.
    async fn patiently(&self, path: &[&str], query: &[(&str, String)]) -> Result<Reply, Failure> {
        let mut attempt = 1;
        loop {
            let reply = self.door.ask(path, query).await?;
            let pause = pacing::pause(attempt, reply.retry_after, pacing::jitter()).filter(|_| reply.status == 429);
            let Some(pause) = pause else { return Ok(reply) };
            self.door.limiter.hold(pause);
            attempt += 1;
        }
    }
}

fn page(limit: u64, offset: u64) -> [(&'static str, String); 2] {
    [("limit", limit.to_string()), ("offset", offset.to_string())]
}
