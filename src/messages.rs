//! Messages for the person about failures, persistence and orders: the same words on a screen and on the command line.
//!
//! This module makes texts with a tone out of facts, and decides nothing. Callers decide where and how wide to show
//! them. Words of a server appear as received: callers must make them visible.

mod advice;
mod api_key;
mod file;
mod persistence;
mod preflight;
mod readiness;
mod resolve;
mod status;
mod system;

pub use advice::failure_advice;
pub use api_key::{key_error_text, key_place_text};
pub use file::{editor_error_text, file_error_text, json_error_text};
pub use persistence::{persistence_error_text, quarantined_file_text};
pub use system::system_words;

use crate::domain::{
    ApiError, ApiKeyError, CaFileError, DecodeError, FileError, ListGap, ListName, PageFlaw, PersistenceError,
    ProxyAddressError, ProxySource, ServerError, TransportError, TransportErrorKind,
};
use crate::i18n::{TextId, Translations, ValuesFor, texts, with};
use crate::tone::Tone;

/// Lines of text, each with its tone.
pub type TonedLines = Vec<(Tone, String)>;

/// Writes messages about one account, in one language.
#[derive(Debug, Clone, Copy)]
pub struct MessageWriter<'a> {
    pub lang: &'a Translations,
    /// Host and port of the account.
    pub host: &'a str,
}

impl<'a> MessageWriter<'a> {
    fn text(&self, id: TextId) -> &'a str {
        self.lang.text(id)
    }

    fn format<V>(&self, id: TextId<V>, values: impl ValuesFor<V>) -> String {
        self.lang.format(id, values)
    }

    /// Returns the message about a request that failed.
    pub fn failure_text(&self, failure: &ApiError) -> String {
        match failure {
            ApiError::Refused { status, errors, excerpt: words } => self.refusal_text(*status, errors, words),
            ApiError::NotAllowed(why) => self.format(texts::failure::NOT_ALLOWED, with::Why(&self.reason_text(why))),
            ApiError::NotConnected(why) => {
                self.format(texts::failure::NOT_CONNECTED, (with::Host(&self.host), with::Why(&self.reason_text(why))))
            }
            ApiError::ResponseCut(why) => self.format(texts::failure::CUT, with::Why(&self.reason_text(why))),
            ApiError::Unreadable(why, words) => self.with_server_words(
                self.format(texts::failure::UNREADABLE, with::Why(&self.unreadable_text(why))),
                words,
            ),
        }
    }

    /// Adds the server's own words, if there are any.
    pub(crate) fn with_server_words(&self, text: String, words: &str) -> String {
        if words.is_empty() {
            text
        } else {
            self.format(texts::failure::WORDS, (with::Said(&text), with::Words(&words)))
        }
    }

    fn refusal_text(&self, status: u16, errors: &[ServerError], other: &str) -> String {
        let text = errors.iter().map(server_error_text).collect::<Vec<_>>().join("; ");
        let id = match status {
            500.. => texts::failure::SERVER,
            404 if errors.is_empty() => texts::failure::NO_PATH,
            _ => texts::failure::REFUSED,
        };
        let words = self.format(id, (with::Status(&status), with::Said(&text)));
        let words = self.with_server_words(words.trim_end().to_owned(), other);
        match self.refusal_hint(status, errors) {
            "" => words.trim_end().to_owned(),
            hint => format!("{}. {hint}", words.trim_end().trim_end_matches('.')),
        }
    }

    /// Returns what the user can do about a refused request; blank if nothing is known.
    fn refusal_hint(&self, status: u16, errors: &[ServerError]) -> &str {
        let no_such_path = errors.iter().all(|error| matches!(error.code.as_str(), "not_found" | "not_found|route"));
        match status {
            401 | 403 => self.text(texts::failure::HINT_KEY),
            404 if no_such_path => self.text(texts::failure::HINT_PATH),
            _ => "",
        }
    }

    /// Returns the message about a failure of the transport.
    pub fn reason_text(&self, reason: &TransportError) -> String {
        let why = self.cause_text(reason);
        let of_proxy = matches!(
            reason.kind,
            TransportErrorKind::Proxy
                | TransportErrorKind::ProxyAuth
                | TransportErrorKind::ProxyWay
                | TransportErrorKind::NoProxy
        );
        match &reason.via {
            Some(proxy) if !of_proxy => self.format(texts::cause::VIA, (with::Why(&why), with::Proxy(&proxy))),
            _ => why,
        }
    }

    fn cause_text(&self, reason: &TransportError) -> String {
        let with_detail = |id| system::with_detail(self.lang, self.lang.text(id), &reason.detail);
        let with_proxy =
            |id: TextId<with::Proxy<'_>>| self.format(id, with::Proxy(&reason.via.as_deref().unwrap_or_default()));
        let id = match reason.kind {
            TransportErrorKind::Unfit => return with_detail(texts::cause::UNFIT),
            TransportErrorKind::BadKey => texts::cause::BAD_KEY,
            TransportErrorKind::NoTls => return with_detail(texts::cause::NO_TLS),
            TransportErrorKind::System(error) => return system_words(self.lang, error),
            TransportErrorKind::NoAccount => texts::cause::NO_ACCOUNT,
            TransportErrorKind::Name => texts::cause::NAME,
            TransportErrorKind::Refused => texts::cause::REFUSED,
            TransportErrorKind::Unreachable => texts::cause::UNREACHABLE,
            TransportErrorKind::OtherName => texts::cause::OTHER_NAME,
            TransportErrorKind::NotInTime => texts::cause::NOT_IN_TIME,
            TransportErrorKind::Issuer => texts::cause::ISSUER,
            TransportErrorKind::IssuerShown => texts::cause::ISSUER_SHOWN,
            TransportErrorKind::Tls => texts::cause::TLS,
            TransportErrorKind::Proxy => return with_proxy(texts::cause::PROXY),
            TransportErrorKind::ProxyAuth => return with_proxy(texts::cause::PROXY_AUTH),
            TransportErrorKind::ProxyWay => return with_proxy(texts::cause::PROXY_WAY),
            TransportErrorKind::NoProxy => return with_proxy(texts::cause::NO_PROXY),
            TransportErrorKind::BadProxy(source, flaw) => {
                return self.format(proxy_flaw_text_id(flaw), with::Source(&self.proxy_source(source)));
            }
            TransportErrorKind::CaFile(flaw) => {
                return self.format(ca_flaw_text_id(flaw), with::Detail(&reason.detail));
            }
            TransportErrorKind::Slow => texts::cause::SLOW,
            TransportErrorKind::NotHttp => texts::cause::NOT_HTTP,
            TransportErrorKind::Broken => texts::cause::BROKEN,
            TransportErrorKind::TooLarge => texts::cause::TOO_LARGE,
            TransportErrorKind::Key(cause) => {
                return key_error_text(self.lang, &ApiKeyError::new(cause, &reason.detail));
            }
            TransportErrorKind::Other => return with_detail(texts::cause::OTHER),
        };
        self.text(id).to_owned()
    }

    /// Returns the name of the setting that names the proxy.
    fn proxy_source(&self, source: ProxySource) -> &str {
        match source {
            ProxySource::Configuration => self.lang.text(texts::cause::PROXY_CONFIGURED),
            ProxySource::Variable(name) => name,
            ProxySource::System => self.lang.text(texts::config::FROM_SYSTEM),
        }
    }

    fn unreadable_text(&self, why: &DecodeError) -> String {
        let id = match why {
            DecodeError::Empty => texts::unreadable::EMPTY,
            DecodeError::WebPage => texts::unreadable::WEB_PAGE,
            DecodeError::NotJson => texts::unreadable::NOT_JSON,
            DecodeError::NotAnObject => texts::unreadable::NOT_AN_OBJECT,
            DecodeError::MissingIdOrName => texts::unreadable::NAMELESS,
            DecodeError::MissingList(list) => {
                return self.format(texts::unreadable::UNLISTED, with::List(&self.list_name(*list)));
            }
            DecodeError::PartialList(list, gap) => return self.list_gap_text(*list, gap),
        };
        self.text(id).to_owned()
    }

    pub fn store_failure_text(&self, unkept: &PersistenceError) -> String {
        persistence_error_text(self.lang, unkept)
    }

    pub fn file_error_text(&self, snagged: &FileError) -> String {
        file_error_text(self.lang, snagged)
    }
}

fn proxy_flaw_text_id(flaw: ProxyAddressError) -> TextId<with::Source<'static>> {
    match flaw {
        ProxyAddressError::Malformed => texts::cause::BAD_PROXY,
        ProxyAddressError::Scheme => texts::cause::BAD_PROXY_SCHEME,
        ProxyAddressError::Escape => texts::cause::BAD_PROXY_ESCAPE,
        ProxyAddressError::Ipv6 => texts::cause::BAD_PROXY_IPV6,
    }
}

fn ca_flaw_text_id(flaw: CaFileError) -> TextId<with::Detail<'static>> {
    match flaw {
        CaFileError::Unreadable => texts::cause::CA_UNREADABLE,
        CaFileError::TooLarge => texts::cause::CA_TOO_LARGE,
        CaFileError::NoCertificate => texts::cause::CA_NONE,
        CaFileError::Damaged => texts::cause::CA_DAMAGED,
    }
}

/// Returns the server's code and message for one error.
pub fn server_error_text(error: &ServerError) -> String {
    format!("{} {}", error.code, error.message).trim().to_owned()
}

impl MessageWriter<'_> {
    /// Returns for example "the list of orders: the server counts 7 rows and sent 5".
    pub fn list_gap_text(&self, list: ListName, gap: &ListGap) -> String {
        self.format(texts::gap::OF, (with::List(&self.list_name(list)), with::Why(&self.gap_text(gap))))
    }

    /// Returns the same facts as a sentence.
    pub fn list_gap_sentence(&self, list: ListName, gap: &ListGap) -> String {
        let why = self.gap_text(gap);
        self.format(texts::gap::SENTENCE, (with::List(&self.list_name(list)), with::Why(&why.trim_end_matches('.'))))
    }

    pub(super) fn list_name(&self, list: ListName) -> &str {
        self.text(match list {
            ListName::Orders => texts::gap::ORDERS,
            ListName::Requests => texts::gap::REQUESTS,
            ListName::Organizations => texts::gap::ORGANIZATIONS,
            ListName::Users => texts::gap::USERS,
            ListName::Approvers => texts::gap::APPROVERS,
            ListName::Divisions => texts::gap::DIVISIONS,
            ListName::Profiles => texts::gap::PROFILES,
            ListName::Validations => texts::gap::VALIDATIONS,
        })
    }

    fn gap_text(&self, gap: &ListGap) -> String {
        let id = match gap {
            ListGap::Failed(failure) => return self.failure_text(failure),
            ListGap::Flawed(flaw) => return self.page_flaw_text(flaw),
            ListGap::Miscounted { sent, total } => {
                let (sent, total) = (self.lang.format_count(sent), self.lang.format_count(total));
                return self.format(texts::gap::MISCOUNTED, (with::Sent(&sent), with::Total(&total)));
            }
            ListGap::UnreadableRow => texts::gap::NAMELESS,
            ListGap::Repeated => texts::gap::REPEATED,
            ListGap::TotalChanged => texts::gap::MOVED,
            ListGap::TooMany => texts::gap::TOO_MANY,
        };
        self.text(id).to_owned()
    }

    fn page_flaw_text(&self, flaw: &PageFlaw) -> String {
        match flaw {
            PageFlaw::Status(status) => self.format(texts::gap::STATUS, with::Status(&status)),
            PageFlaw::Errors(errors) if errors.is_empty() => self.text(texts::gap::ERRORS).to_owned(),
            PageFlaw::Errors(errors) => {
                let text = errors.iter().map(server_error_text).collect::<Vec<_>>().join("; ");
                self.format(texts::gap::ERRORS_SAID, with::Said(&text))
            }
            PageFlaw::Total(came) => self.format(texts::gap::TOTAL, with::Came(&came)),
        }
    }
}
