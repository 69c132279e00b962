//! `zegel status` and `zegel resolve` over the sandbox: what is told, where, with which exit code, and that nothing is
//! ever ordered by them.
//!
//! Journals are made by the store itself, orders by plain calls to the sandbox. Nothing is waited for by time.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod bench;
mod resolve;
mod status;
mod summary;
mod watch;
