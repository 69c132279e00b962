//! `zegel status` and `zegel resolve` on the sandbox: their output, its stream, their exit code, and that they never
//! send an order.
//!
//! The store itself makes the journals, and plain calls to the sandbox make the orders. No test waits for a fixed time.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod bench;
mod resolve;
mod status;
mod summary;
mod watch;
