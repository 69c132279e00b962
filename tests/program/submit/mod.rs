//! `zegel submit`, end to end: the real program against a sandbox in this process, which counts orders and goes wrong
//! when it is told to. What is said, the exit code, the journal, and that nothing is ordered twice.
//!
//! Nothing here leaves the machine, and nothing is waited for by time.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod again;
mod answers;
mod faults;
mod flows;
mod four_eyes;
mod journal_lost;
mod typed;
