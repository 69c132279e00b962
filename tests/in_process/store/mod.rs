//! The store from outside: what it guarantees, whatever happens to its file, its directory and its processes.
//!
//! Child processes run this test program again, with a variable that names their part.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod damage;
mod drafts;
mod lost;
mod model;
mod opening;
mod versions;

/// The entry point of the child processes.
#[test]
fn play_part() {
    crate::common::store_child::play();
}
