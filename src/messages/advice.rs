//! Advice about a failed request, beyond its own message: for users who set up an account, or diagnose a problem.

use crate::domain::{ApiError, TransportErrorKind};
use crate::i18n::{TextId, Translations, texts, with};

/// Returns what to do next, if there is advice. `config` is the path of the configuration.
pub fn failure_advice(lang: &Translations, failure: &ApiError, config: &str) -> Option<String> {
    let (ApiError::NotAllowed(reason) | ApiError::NotConnected(reason) | ApiError::ResponseCut(reason)) = failure
    else {
        return matches!(failure, ApiError::Unreadable(..)).then(|| lang.text(texts::advice::UNREADABLE).to_owned());
    };
    let with_config = |id: TextId<with::Config<'_>>| Some(lang.format(id, with::Config(&config)));
    let id = match reason.kind {
        TransportErrorKind::Name => return with_config(texts::advice::NAME),
        TransportErrorKind::Refused | TransportErrorKind::Unreachable => {
            return with_config(texts::advice::UNREACHABLE);
        }
        TransportErrorKind::OtherName | TransportErrorKind::Tls | TransportErrorKind::NotHttp => {
            texts::advice::OTHER_SERVER
        }
        TransportErrorKind::NotInTime => texts::advice::NOT_IN_TIME,
        TransportErrorKind::Issuer => return with_config(texts::advice::ISSUER),
        TransportErrorKind::Proxy
        | TransportErrorKind::ProxyAuth
        | TransportErrorKind::ProxyWay
        | TransportErrorKind::NoProxy => return with_config(texts::advice::PROXY),
        TransportErrorKind::Slow | TransportErrorKind::Broken => texts::advice::SLOW,
        _ => return None,
    };
    Some(lang.text(id).to_owned())
}
