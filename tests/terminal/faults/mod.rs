//! The table of faults: the real program in a real pseudo-terminal, and for each thing that can go wrong what the
//! screen says, what the journal holds afterwards, how many orders were placed, and that nothing typed is lost.
//!
//! The server is a sandbox in this process, which counts orders and goes wrong when it is told to; waits are divided,
//! so that looking for a lost order takes a second. Nothing here leaves the machine.
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
