//! Modules that the four test binaries share. Each binary uses some of them.
#![allow(dead_code, reason = "each test binary uses the part that it needs")]
#![allow(unused_imports, reason = "each test binary uses the part that it needs")]
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

pub(crate) mod attacks;
pub(crate) mod authority;
pub(crate) mod desk;
pub(crate) mod driver;
pub(crate) mod english;
pub(crate) mod http;
pub(crate) mod journal;
pub(crate) mod list_shapes;
pub(crate) mod look;
pub(crate) mod moves;
pub(crate) mod newcomer;
pub(crate) mod palette;
pub(crate) mod payloads;
pub(crate) mod pictures;
pub(crate) mod preview;
pub(crate) mod proxy;
pub(crate) mod quotes;
pub(crate) mod replies;
pub(crate) mod rules;
pub(crate) mod search;
pub(crate) mod secrets;
pub(crate) mod server;
pub(crate) mod snapshots;
pub(crate) mod states;
pub(crate) mod steps;
pub(crate) mod store_child;
pub(crate) mod store_samples;
pub(crate) mod stream;
pub(crate) mod submit_desk;
pub(crate) mod tty;
pub(crate) mod walk;
pub(crate) mod watch;
