//! The store from outside: what it promises, whatever happens to its file, its directory and its processes.
//!
//! Children are this test program once more, told by a variable which part to play.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod damage;
mod drafts;
mod lost;
mod model;
mod opening;
mod versions;

/// What children run.
#[test]
fn play_part() {
    crate::common::store_child::play();
}
