//! Inputs that are grown from small files: whatever comes in, nothing panics, and what is promised of it is true.
//!
//! Each target runs every file of `tests/corpus/<target>` first, then what `bolero` makes of them for a while. For as long as
//! wanted: `BOLERO_RANDOM_TEST_TIME_MS=300000 cargo test --test soak fuzz::answers -- --ignored --nocapture`. What fails is printed
//! as the bytes of a string literal: they belong into the corpus, and `BOLERO_RANDOM_SEED` repeats them until then.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]
#![allow(clippy::print_stdout, reason = "how many inputs ran is what a long run is for")]

mod answers;
mod audit;
mod cleaner;
mod draft;
mod grow;
mod keys;
mod payload;
