//! Tests that repeat: crash loops, long properties, inputs grown from a corpus, every screen at every size.
//!
//! `cargo test` runs a short form of each. The long forms are ignored there; `cargo test --test soak -- --ignored` runs them.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod common;
mod soak {
    mod damage;
    mod dice;
    mod foreign;
    mod found;
    mod fuzz;
    mod rounds;
    mod schema;
    mod sizes;
    mod store;
    mod submit_crash;
    mod wizard_crash;
    mod wizard_properties;
    mod writing;
}
