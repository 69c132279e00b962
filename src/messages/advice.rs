//! Advice about a failed request, beyond its own message: for users who set up an account, or diagnose a problem.

use crate::domain::{ApiError, TransportErrorKind};
use crate::i18n::Translations;

/// Returns what to do next, if there is advice. `config` is the path of the configuration.
pub fn failure_advice(lang: &Translations, failure: &ApiError, config: &str) -> Option<String> {
    let (ApiError::NotAllowed(reason) | ApiError::NotConnected(reason) | ApiError::ResponseCut(reason)) = failure
    else {
        return matches!(failure, ApiError::Unreadable(..)).then(|| lang.text("advice.unreadable").to_owned());
    };
    let with_config = |id: &'static str| Some(lang.format_text(id, &[("config", config)]));
    let id = match reason.kind {
        TransportErrorKind::Name => return with_config("advice.name"),
        TransportErrorKind::Refused | TransportErrorKind::Unreachable => return with_config("advice.unreachable"),
        TransportErrorKind::OtherName | TransportErrorKind::Tls | TransportErrorKind::NotHttp => "advice.other_server",
        TransportErrorKind::NotInTime => "advice.not_in_time",
        TransportErrorKind::Issuer => return with_config("advice.issuer"),
        TransportErrorKind::Proxy
        | TransportErrorKind::ProxyAuth
        | TransportErrorKind::ProxyWay
        | TransportErrorKind::NoProxy => return with_config("advice.proxy"),
        TransportErrorKind::Slow | TransportErrorKind::Broken => "advice.slow",
        _ => return None,
    };
    Some(lang.text(id).to_owned())
}
