//! The table of faults: the real program in a real pseudo-terminal, and for each fault the message on the screen, the
//! journal afterwards, the number of placed orders, and that no input is lost.
//!
//! The server is a sandbox in this process, which counts orders and fails on request; waits are shortened, so that the
//! looks for an order take a second. No request leaves the machine.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod bench;
mod ended;
mod kept;
mod lost;
mod network;
mod peer;
mod questions;
mod refused;
mod tls;
