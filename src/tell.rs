//! What a person is told of failures, of what is kept, and of orders: the same words on a screen and on a line.
//!
//! It makes texts with a meaning out of facts, and decides nothing; where they are shown, and how wide that is, is not
//! its matter. Words of a server are in them as they came: whoever shows them makes them visible.

mod advice;
mod file;
mod gap;
mod ground;
mod kept;
mod key;
mod status;
mod system;
mod unknown;

pub use advice::advice;
pub use file::{flaw_words, snag_words, unedited_words};
pub use kept::{set_aside_words, unkept_words};
pub use key::{key_words, place_words};
pub use system::system_words;

use crate::facts::{
    CaFlaw, Cause, Failure, KeyTrouble, ProxyFlaw, ProxySource, Reason, ServerError, Snagged, Unkept, Unreadable,
};
use crate::lang::Lang;
use crate::layout::Tone;

/// Lines of text, each with its meaning.
pub type Said = Vec<(Tone, String)>;

/// Tells of one account, in one language.
#[derive(Debug, Clone, Copy)]
pub struct Teller<'a> {
    /// The texts.
    pub lang: &'a Lang,
    /// Host and port of the account.
    pub host: &'a str,
}

impl<'a> Teller<'a> {
    fn say(&self, id: &'a str) -> &'a str {
        self.lang.say(id)
    }

    fn tell(&self, id: &str, values: &[(&str, &str)]) -> String {
        self.lang.tell(id, values)
    }

    /// What is said of a question that has no answer.
    pub fn failure(&self, failure: &Failure) -> String {
        match failure {
            Failure::Refused { status, errors, words } => self.refusal(*status, errors, words),
            Failure::NotAllowed(why) => self.tell("failure.not_allowed", &[("why", &self.reason(why))]),
            Failure::NotConnected(why) => {
                self.tell("failure.not_connected", &[("host", self.host), ("why", &self.reason(why))])
            }
            Failure::Cut(why) => self.tell("failure.cut", &[("why", &self.reason(why))]),
            Failure::Unreadable(why, words) => {
                self.with_words(self.tell("failure.unreadable", &[("why", &self.unreadable(why))]), words)
            }
        }
    }

    /// With what the server said, where that was something.
    pub(crate) fn with_words(&self, said: String, words: &str) -> String {
        if words.is_empty() { said } else { self.tell("failure.words", &[("said", &said), ("words", words)]) }
    }

    fn refusal(&self, status: u16, errors: &[ServerError], other: &str) -> String {
        let said = errors.iter().map(error).collect::<Vec<_>>().join("; ");
        let id = match status {
            500.. => "failure.server",
            404 if errors.is_empty() => "failure.no_path",
            _ => "failure.refused",
        };
        let words = self.tell(id, &[("status", &status.to_string()), ("said", &said)]);
        let words = self.with_words(words.trim_end().to_owned(), other);
        match self.hint(status, errors) {
            "" => words.trim_end().to_owned(),
            hint => format!("{}. {hint}", words.trim_end().trim_end_matches('.')),
        }
    }

    /// What can be done about a refused question.
    fn hint(&self, status: u16, errors: &[ServerError]) -> &str {
        let no_such_path = errors.iter().all(|error| matches!(error.code.as_str(), "not_found" | "not_found|route"));
        match status {
            401 | 403 => self.say("failure.hint_key"),
            404 if no_such_path => self.say("failure.hint_path"),
            _ => "",
        }
    }

    /// What is said of what went wrong on the way.
    pub fn reason(&self, reason: &Reason) -> String {
        let why = self.cause(reason);
        let of_proxy = matches!(reason.cause, Cause::Proxy | Cause::ProxyAuth | Cause::ProxyWay | Cause::NoProxy);
        match &reason.via {
            Some(proxy) if !of_proxy => self.tell("cause.via", &[("why", &why), ("proxy", proxy)]),
            _ => why,
        }
    }

    fn cause(&self, reason: &Reason) -> String {
        let with_detail = |id| system::with_detail(self.lang, self.lang.say(id), &reason.detail);
        let id = match reason.cause {
            Cause::Unfit => return with_detail("cause.unfit"),
            Cause::BadKey => "cause.bad_key",
            Cause::NoTls => return with_detail("cause.no_tls"),
            Cause::System(error) => return system_words(self.lang, error),
            Cause::NoAccount => "cause.no_account",
            Cause::Name => "cause.name",
            Cause::Refused => "cause.refused",
            Cause::Unreachable => "cause.unreachable",
            Cause::OtherName => "cause.other_name",
            Cause::NotInTime => "cause.not_in_time",
            Cause::Issuer => "cause.issuer",
            Cause::IssuerShown => "cause.issuer_shown",
            Cause::Tls => "cause.tls",
            Cause::Proxy => "cause.proxy",
            Cause::ProxyAuth => "cause.proxy_auth",
            Cause::ProxyWay => "cause.proxy_way",
            Cause::NoProxy => "cause.no_proxy",
            Cause::BadProxy(source, flaw) => {
                return self.tell(proxy_flaw(flaw), &[("source", self.proxy_source(source))]);
            }
            Cause::CaFile(flaw) => ca_flaw(flaw),
            Cause::Slow => "cause.slow",
            Cause::NotHttp => "cause.not_http",
            Cause::Broken => "cause.broken",
            Cause::TooLarge => "cause.too_large",
            Cause::Key(cause) => return key_words(self.lang, &KeyTrouble::new(cause, &reason.detail)),
            Cause::Other => return with_detail("cause.other"),
        };
        self.tell(id, &[("proxy", reason.via.as_deref().unwrap_or_default()), ("detail", &reason.detail)])
    }

    /// What names a proxy.
    fn proxy_source(&self, source: ProxySource) -> &str {
        match source {
            ProxySource::Configuration => self.lang.say("cause.proxy_configured"),
            ProxySource::Variable(name) => name,
            ProxySource::System => self.lang.say("config.from_system"),
        }
    }

    fn unreadable(&self, why: &Unreadable) -> String {
        let id = match why {
            Unreadable::Empty => "unreadable.empty",
            Unreadable::WebPage => "unreadable.web_page",
            Unreadable::NotJson => "unreadable.not_json",
            Unreadable::NotAnObject => "unreadable.not_an_object",
            Unreadable::Nameless => "unreadable.nameless",
            Unreadable::Unlisted(list) => return self.tell("unreadable.unlisted", &[("list", self.list(*list))]),
            Unreadable::Partial(list, gap) => return self.gap_of(*list, gap),
        };
        self.say(id).to_owned()
    }

    /// What is said of something that could not be kept.
    pub fn unkept(&self, unkept: &Unkept) -> String {
        unkept_words(self.lang, unkept)
    }

    /// What is said of a file that could not be read or written.
    pub fn snag(&self, snagged: &Snagged) -> String {
        snag_words(self.lang, snagged)
    }
}

fn proxy_flaw(flaw: ProxyFlaw) -> &'static str {
    match flaw {
        ProxyFlaw::Malformed => "cause.bad_proxy",
        ProxyFlaw::Scheme => "cause.bad_proxy_scheme",
        ProxyFlaw::Escape => "cause.bad_proxy_escape",
        ProxyFlaw::Ipv6 => "cause.bad_proxy_ipv6",
    }
}

fn ca_flaw(flaw: CaFlaw) -> &'static str {
    match flaw {
        CaFlaw::Unreadable => "cause.ca_unreadable",
        CaFlaw::TooLarge => "cause.ca_too_large",
        CaFlaw::NoCertificate => "cause.ca_none",
        CaFlaw::Damaged => "cause.ca_damaged",
    }
}

/// The server's words for one error.
pub fn error(error: &ServerError) -> String {
    format!("{} {}", error.code, error.message).trim().to_owned()
}
