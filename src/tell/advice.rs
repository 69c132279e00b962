//! What to do about a question that has no answer, beyond what its own words say: for whoever sets an account up, or looks
//! for what is wrong with it. It does not know what was asked.

use crate::facts::{Cause, Failure};
use crate::lang::Lang;

/// What to do next, where there is something. `config` is the path of the configuration.
pub fn advice(lang: &Lang, failure: &Failure, config: &str) -> Option<String> {
    let (Failure::NotAllowed(reason) | Failure::NotConnected(reason) | Failure::Cut(reason)) = failure else {
        return matches!(failure, Failure::Unreadable(..)).then(|| lang.say("advice.unreadable").to_owned());
    };
    let id = match reason.cause {
        Cause::Name => "advice.name",
        Cause::Refused | Cause::Unreachable => "advice.unreachable",
        Cause::OtherName | Cause::Tls | Cause::NotHttp => "advice.other_server",
        Cause::NotInTime => "advice.not_in_time",
        Cause::Issuer => "advice.issuer",
        Cause::Proxy | Cause::ProxyAuth | Cause::ProxyWay | Cause::NoProxy => "advice.proxy",
        Cause::Slow | Cause::Broken => "advice.slow",
        _ => return None,
    };
    Some(lang.tell(id, &[("config", config)]))
}
