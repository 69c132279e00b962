//! Key, card number and CVV go through every flow, and are nowhere afterwards: in no file, no output, and no byte for
//! the terminal. Only the request to the server has them, and the screen the card's last four digits.
//!
//! All of them are made up and occur nowhere else. Everything that the program may write to is a directory of the test.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod commands;
mod echoes;
mod flows;
mod place;
