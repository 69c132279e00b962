//! How a host is reached: by way of which proxy, who may have issued its certificate, how long is waited for it.
//!
//! It is what a configuration says of the network, with the standard variables where it says nothing. There is no
//! value that turns the check of a certificate off. It sends nothing.

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

/// How many seconds may be set for a connection or an answer.
pub const TIMEOUT_SECONDS: RangeInclusive<u64> = 1..=600;

/// The same for an order: an answer that is given up on too early leaves the outcome unknown.
pub const ORDER_TIMEOUT_SECONDS: RangeInclusive<u64> = 30..=600;

/// What is set for the network of an account. The default is what applies where nothing is.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Network {
    /// The proxy to use in place of one that the variables name.
    pub proxy: Option<Proxy>,
    /// A file of certificates (PEM) whose issuers are trusted besides those that the system trusts.
    pub ca_file: Option<PathBuf>,
    /// How long a connection may take to come about, of [`SECONDS`].
    pub connect: Option<Duration>,
    /// How long a question may take, of [`SECONDS`].
    pub answer: Option<Duration>,
    /// How long an order may take, of [`ORDER_SECONDS`].
    pub order: Option<Duration>,
}

impl Network {
    /// The limits of a client, with its waits divided by `pace`.
    pub fn client_limits(&self, pace: u32) -> Limits {
        let usual = Limits { pace, ..Limits::default() };
        Limits {
            connect: self.connect.unwrap_or(usual.connect),
            get: self.answer.unwrap_or(usual.get),
            post: self.order.unwrap_or(usual.post),
            ..usual
        }
    }

    /// How a host is reached. The standard variables count where no proxy is set: `HTTPS_PROXY` before `ALL_PROXY`,
    /// each in capitals before the same in small letters. `NO_PROXY` counts always, and a loopback address is never
    /// looked for behind a proxy.
    ///
    /// # Errors
    /// Where the proxy that would be used has no address of one: going without it would be another way than was set.
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
    fn what_is_set_takes_the_place_of_the_usual() {
        let seconds = Duration::from_secs;
        let set = Network { connect: Some(seconds(1)), order: Some(seconds(600)), ..Network::default() };
        let expected = Limits { connect: seconds(1), post: seconds(600), pace: 3, ..Limits::default() };
        assert_eq!((set.client_limits(3), Network::default().client_limits(1)), (expected, Limits::default()));
    }
}
