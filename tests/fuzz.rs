//! Inputs that are grown from small files: whatever comes in, nothing panics, and what is promised of it is true.
//!
//! Each target runs every file of `tests/corpus/<target>` first, then what `bolero` makes of them for a second or two.
//! For long: `BOLERO_RANDOM_TEST_TIME_MS=300000 cargo test --test fuzz answers -- --nocapture`. What fails is printed
//! as the bytes of a string literal: they belong into the corpus, and `BOLERO_RANDOM_SEED` repeats them until then.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]
#![allow(clippy::print_stdout, reason = "how many inputs ran is what a long run is for")]

mod common {
    pub(crate) mod attacks;
    pub(crate) mod driver;
    pub(crate) mod look;
    pub(crate) mod moves;
    pub(crate) mod preview;
    pub(crate) mod replies;
    pub(crate) mod rules;
    pub(crate) mod states;
    pub(crate) mod walk;
    pub(crate) mod watch;
}

#[path = "targets/answers.rs"]
mod answers;
#[path = "targets/audit.rs"]
mod audit;
#[path = "targets/cleaner.rs"]
mod cleaner;
#[path = "targets/draft.rs"]
mod draft;
#[path = "targets/grow.rs"]
mod grow;
#[path = "targets/keys.rs"]
mod keys;
#[path = "targets/payload.rs"]
mod payload;
