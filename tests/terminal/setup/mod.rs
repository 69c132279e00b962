//! The first minutes with zegel: from no configuration to a placed order, by keys alone, over a real pseudo-terminal
//! and with a sandbox outside the program; then the next start, which asks nothing.
//!
//! The key is the sandbox's made-up one. A keyring is one in the memory of the test; everything that the program may
//! write goes into directories of the test.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod accounts;
mod home;
mod left;
mod places;
mod refused;
mod way;
