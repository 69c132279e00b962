//! `zegel submit`, end to end: the real program against a sandbox in this process, which counts orders and fails on
//! request. The tests check the messages, the exit code, the journal, and that nothing is ordered twice.
//!
//! No request leaves the machine, and no test waits for a fixed time.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod again;
mod answers;
mod faults;
mod flows;
mod four_eyes;
mod journal_lost;
mod typed;
