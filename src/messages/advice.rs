//! What to do about a question that has no answer, beyond what its own words say: for whoever sets an account up, or looks
//! for what is wrong with it. It does not know what was asked.

use crate::domain::{ApiError, TransportErrorKind};
use crate::i18n::Translations;

/// What to do next, where there is something. `config` is the path of the configuration.
pub fn failure_advice(lang: &Translations, failure: &ApiError, config: &str) -> Option<String> {
    let (ApiError::NotAllowed(reason) | ApiError::NotConnected(reason) | ApiError::ResponseCut(reason)) = failure
    else {
        return matches!(failure, ApiError::Unreadable(..)).then(|| lang.text("advice.unreadable").to_owned());
    };
    let id = match reason.kind {
        TransportErrorKind::Name => "advice.name",
        TransportErrorKind::Refused | TransportErrorKind::Unreachable => "advice.unreachable",
        TransportErrorKind::OtherName | TransportErrorKind::Tls | TransportErrorKind::NotHttp => "advice.other_server",
        TransportErrorKind::NotInTime => "advice.not_in_time",
        TransportErrorKind::Issuer => "advice.issuer",
        TransportErrorKind::Proxy
        | TransportErrorKind::ProxyAuth
        | TransportErrorKind::ProxyWay
        | TransportErrorKind::NoProxy => "advice.proxy",
        TransportErrorKind::Slow | TransportErrorKind::Broken => "advice.slow",
        _ => return None,
    };
    Some(lang.format_text(id, &[("config", config)]))
}
