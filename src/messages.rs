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
use crate::i18n::Translations;
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
    fn text(&self, id: &'a str) -> &'a str {
        self.lang.text(id)
    }

    fn format_text(&self, id: &str, values: &[(&str, &str)]) -> String {
        self.lang.format_text(id, values)
    }

    /// Returns the message about a request that failed.
    pub fn failure_text(&self, failure: &ApiError) -> String {
        match failure {
            ApiError::Refused { status, errors, excerpt: words } => self.refusal_text(*status, errors, words),
            ApiError::NotAllowed(why) => self.format_text("failure.not_allowed", &[("why", &self.reason_text(why))]),
            ApiError::NotConnected(why) => {
                self.format_text("failure.not_connected", &[("host", self.host), ("why", &self.reason_text(why))])
            }
            ApiError::ResponseCut(why) => self.format_text("failure.cut", &[("why", &self.reason_text(why))]),
            ApiError::Unreadable(why, words) => self.with_server_words(
                self.format_text("failure.unreadable", &[("why", &self.unreadable_text(why))]),
                words,
            ),
        }
    }

    /// Adds the server's own words, if there are any.
    pub(crate) fn with_server_words(&self, text: String, words: &str) -> String {
        if words.is_empty() { text } else { self.format_text("failure.words", &[("said", &text), ("words", words)]) }
    }

    fn refusal_text(&self, status: u16, errors: &[ServerError], other: &str) -> String {
        let text = errors.iter().map(server_error_text).collect::<Vec<_>>().join("; ");
        let id = match status {
            500.. => "failure.server",
            404 if errors.is_empty() => "failure.no_path",
            _ => "failure.refused",
        };
        let words = self.format_text(id, &[("status", &status.to_string()), ("said", &text)]);
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
            401 | 403 => self.text("failure.hint_key"),
            404 if no_such_path => self.text("failure.hint_path"),
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
            Some(proxy) if !of_proxy => self.format_text("cause.via", &[("why", &why), ("proxy", proxy)]),
            _ => why,
        }
    }

    fn cause_text(&self, reason: &TransportError) -> String {
        let with_detail = |id| system::with_detail(self.lang, self.lang.text(id), &reason.detail);
        let with_proxy =
            |id: &'static str| self.format_text(id, &[("proxy", reason.via.as_deref().unwrap_or_default())]);
        let id = match reason.kind {
            TransportErrorKind::Unfit => return with_detail("cause.unfit"),
            TransportErrorKind::BadKey => "cause.bad_key",
            TransportErrorKind::NoTls => return with_detail("cause.no_tls"),
            TransportErrorKind::System(error) => return system_words(self.lang, error),
            TransportErrorKind::NoAccount => "cause.no_account",
            TransportErrorKind::Name => "cause.name",
            TransportErrorKind::Refused => "cause.refused",
            TransportErrorKind::Unreachable => "cause.unreachable",
            TransportErrorKind::OtherName => "cause.other_name",
            TransportErrorKind::NotInTime => "cause.not_in_time",
            TransportErrorKind::Issuer => "cause.issuer",
            TransportErrorKind::IssuerShown => "cause.issuer_shown",
            TransportErrorKind::Tls => "cause.tls",
            TransportErrorKind::Proxy => return with_proxy("cause.proxy"),
            TransportErrorKind::ProxyAuth => return with_proxy("cause.proxy_auth"),
            TransportErrorKind::ProxyWay => return with_proxy("cause.proxy_way"),
            TransportErrorKind::NoProxy => return with_proxy("cause.no_proxy"),
            TransportErrorKind::BadProxy(source, flaw) => {
                return self.format_text(proxy_flaw_text_id(flaw), &[("source", self.proxy_source(source))]);
            }
            TransportErrorKind::CaFile(flaw) => {
                return self.format_text(ca_flaw_text_id(flaw), &[("detail", &reason.detail)]);
            }
            TransportErrorKind::Slow => "cause.slow",
            TransportErrorKind::NotHttp => "cause.not_http",
            TransportErrorKind::Broken => "cause.broken",
            TransportErrorKind::TooLarge => "cause.too_large",
            TransportErrorKind::Key(cause) => {
                return key_error_text(self.lang, &ApiKeyError::new(cause, &reason.detail));
            }
            TransportErrorKind::Other => return with_detail("cause.other"),
        };
        self.text(id).to_owned()
    }

    /// Returns the name of the setting that names the proxy.
    fn proxy_source(&self, source: ProxySource) -> &str {
        match source {
            ProxySource::Configuration => self.lang.text("cause.proxy_configured"),
            ProxySource::Variable(name) => name,
            ProxySource::System => self.lang.text("config.from_system"),
        }
    }

    fn unreadable_text(&self, why: &DecodeError) -> String {
        let id = match why {
            DecodeError::Empty => "unreadable.empty",
            DecodeError::WebPage => "unreadable.web_page",
            DecodeError::NotJson => "unreadable.not_json",
            DecodeError::NotAnObject => "unreadable.not_an_object",
            DecodeError::MissingIdOrName => "unreadable.nameless",
            DecodeError::MissingList(list) => {
                return self.format_text("unreadable.unlisted", &[("list", self.list_name(*list))]);
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

fn proxy_flaw_text_id(flaw: ProxyAddressError) -> &'static str {
    match flaw {
        ProxyAddressError::Malformed => "cause.bad_proxy",
        ProxyAddressError::Scheme => "cause.bad_proxy_scheme",
        ProxyAddressError::Escape => "cause.bad_proxy_escape",
        ProxyAddressError::Ipv6 => "cause.bad_proxy_ipv6",
    }
}

fn ca_flaw_text_id(flaw: CaFileError) -> &'static str {
    match flaw {
        CaFileError::Unreadable => "cause.ca_unreadable",
        CaFileError::TooLarge => "cause.ca_too_large",
        CaFileError::NoCertificate => "cause.ca_none",
        CaFileError::Damaged => "cause.ca_damaged",
    }
}

/// Returns the server's code and message for one error.
pub fn server_error_text(error: &ServerError) -> String {
    format!("{} {}", error.code, error.message).trim().to_owned()
}

impl MessageWriter<'_> {
    /// Returns for example "the list of orders: the server counts 7 rows and sent 5".
    pub fn list_gap_text(&self, list: ListName, gap: &ListGap) -> String {
        self.format_text("gap.of", &[("list", self.list_name(list)), ("why", &self.gap_text(gap))])
    }

    /// Returns the same facts as a sentence.
    pub fn list_gap_sentence(&self, list: ListName, gap: &ListGap) -> String {
        let why = self.gap_text(gap);
        self.format_text("gap.sentence", &[("list", self.list_name(list)), ("why", why.trim_end_matches('.'))])
    }

    pub(super) fn list_name(&self, list: ListName) -> &str {
        self.text(match list {
            ListName::Orders => "gap.orders",
            ListName::Requests => "gap.requests",
            ListName::Organizations => "gap.organizations",
            ListName::Users => "gap.users",
            ListName::Approvers => "gap.approvers",
            ListName::Divisions => "gap.divisions",
            ListName::Profiles => "gap.profiles",
            ListName::Validations => "gap.validations",
        })
    }

    fn gap_text(&self, gap: &ListGap) -> String {
        let id = match gap {
            ListGap::Failed(failure) => return self.failure_text(failure),
            ListGap::Flawed(flaw) => return self.page_flaw_text(flaw),
            ListGap::Miscounted { sent, total } => {
                let (sent, total) = (self.lang.format_count(sent), self.lang.format_count(total));
                return self.format_text("gap.miscounted", &[("sent", &sent), ("total", &total)]);
            }
            ListGap::UnreadableRow => "gap.nameless",
            ListGap::Repeated => "gap.repeated",
            ListGap::TotalChanged => "gap.moved",
            ListGap::TooMany => "gap.too_many",
        };
        self.text(id).to_owned()
    }

    fn page_flaw_text(&self, flaw: &PageFlaw) -> String {
        match flaw {
            PageFlaw::Status(status) => self.format_text("gap.status", &[("status", &status.to_string())]),
            PageFlaw::Errors(errors) if errors.is_empty() => self.text("gap.errors").to_owned(),
            PageFlaw::Errors(errors) => {
                let text = errors.iter().map(server_error_text).collect::<Vec<_>>().join("; ");
                self.format_text("gap.errors_said", &[("said", &text)])
            }
            PageFlaw::Total(came) => self.format_text("gap.total", &[("came", came)]),
        }
    }
}
