//! Inputs that are grown from small files: no input causes a panic, and the guarantees of the program hold.
//!
//! Each target runs every file of `tests/corpus/<target>` first, and then inputs by `bolero` for a while. For a longer
//! run: `BOLERO_RANDOM_TEST_TIME_MS=300000 cargo test --test soak fuzz::answers -- --ignored --nocapture`. A failing
//! input is printed as the bytes of a string literal: add it to the corpus; until then `BOLERO_RANDOM_SEED` repeats it.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]
#![allow(clippy::print_stdout, reason = "how many inputs ran is what a long run is for")]

mod answers;
mod audit;
mod cleaner;
mod draft;
mod grow;
mod keys;
mod payload;
