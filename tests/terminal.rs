//! The real program in a real pseudo-terminal, from its first key to its last trace.
//!
//! A terminal emulator reads the screen; the tests ask nothing of the library. Servers are the sandbox inside the
//! program, or one in the memory of a test.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod common;
mod terminal {
    mod attacks;
    mod canary;
    mod editor;
    mod faults;
    mod frames;
    mod given_back;
    mod hands;
    mod input;
    mod matrix;
    mod mute;
    mod newcomer;
    mod opening;
    mod orders;
    mod pickers;
    mod preview;
    mod ready;
    mod sending;
    mod setup;
    mod sizes;
    mod strain;
    mod stream;
    mod text;
    mod tmux;
}
