//! The network settings of an account: the proxy, additional certificate issuers, and time limits.
//!
//! They come from the configuration, and from the standard variables for anything that it leaves out. No setting
//! turns the check of certificates off.

mod ca_file;
mod proxy_auth;

pub use crate::certcentral::proxy::{ChosenProxy, DirectReason, Proxy, Route};
pub(super) use ca_file::load_issuers;
pub(super) use proxy_auth::accepts_basic_auth;

use super::Limits;
use crate::api_url::ApiUrl;
use crate::domain::{ProxyAddressError, ProxySource};
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::time::Duration;

/// The allowed time limits for a connection or an answer, in seconds.
pub const TIMEOUT_SECONDS: RangeInclusive<u64> = 1..=600;

/// The allowed time limits for an order, in seconds. The minimum is higher, because giving up too early leaves the
/// outcome unknown.
pub const ORDER_TIMEOUT_SECONDS: RangeInclusive<u64> = 30..=600;

/// The network settings of an account. The default has none of them set.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Network {
    /// The proxy that replaces the one from the variables.
    pub proxy: Option<Proxy>,
    /// A file of certificates (PEM) whose issuers are trusted in addition to the system's.
    pub ca_file: Option<PathBuf>,
    /// The time to make a connection, within [`TIMEOUT_SECONDS`].
    pub connect: Option<Duration>,
    /// The time for a query, within [`TIMEOUT_SECONDS`].
    pub answer: Option<Duration>,
    /// The time for an order, within [`ORDER_TIMEOUT_SECONDS`].
    pub order: Option<Duration>,
}

impl Network {
    /// Returns the limits of a client, with its waits divided by `pace`.
    pub fn client_limits(&self, pace: u32) -> Limits {
        let usual = Limits { pace, ..Limits::default() };
        Limits {
            connect: self.connect.unwrap_or(usual.connect),
            get: self.answer.unwrap_or(usual.get),
            post: self.order.unwrap_or(usual.post),
            ..usual
        }
    }

    /// Returns the route to a host. The standard variables apply if no proxy is set: `HTTPS_PROXY` before
    /// `ALL_PROXY`, each in capitals before the same in small letters. `NO_PROXY` always applies, and a loopback
    /// address never uses a proxy.
    ///
    /// # Errors
    /// The address of the configured proxy is not valid. A direct connection would not be what was configured.
    pub fn route_to(&self, host: &ApiUrl) -> Result<Route, (ProxySource, ProxyAddressError)> {
        crate::certcentral::proxy::choose_route(
            self.proxy.as_ref(),
            host,
            |name| std::env::var_os(name),
            crate::certcentral::proxy::system_proxy,
        )
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn configured_limits_replace_the_defaults() {
        let seconds = Duration::from_secs;
        let set = Network { connect: Some(seconds(1)), order: Some(seconds(600)), ..Network::default() };
        let expected = Limits { connect: seconds(1), post: seconds(600), pace: 3, ..Limits::default() };
        assert_eq!((set.client_limits(3), Network::default().client_limits(1)), (expected, Limits::default()));
    }
}
