//! The real program in a real pseudo-terminal, from its first key to what it leaves behind.
//!
//! What is on the screen is read by a terminal emulator; the library is asked nothing. Servers are the sandbox inside
//! the program, or one in the memory of a test.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod common {
    pub(crate) mod attacks;
    pub(crate) mod http;
    pub(crate) mod newcomer;
    pub(crate) mod server;
    pub(crate) mod stream;
    pub(crate) mod tty;
}

#[path = "terminal/attacks.rs"]
mod attacks;
#[path = "terminal/editor.rs"]
mod editor;
#[path = "terminal/frames.rs"]
mod frames;
#[path = "terminal/given_back.rs"]
mod given_back;
#[path = "terminal/hands.rs"]
mod hands;
#[path = "terminal/matrix.rs"]
mod matrix;
#[path = "terminal/newcomer.rs"]
mod newcomer;
#[path = "terminal/opening.rs"]
mod opening;
#[path = "terminal/orders.rs"]
mod orders;
#[path = "terminal/pickers.rs"]
mod pickers;
#[path = "terminal/preview.rs"]
mod preview;
#[path = "terminal/ready.rs"]
mod ready;
#[path = "terminal/sending.rs"]
mod sending;
#[path = "terminal/steps.rs"]
mod steps;
#[path = "terminal/strain.rs"]
mod strain;
#[path = "terminal/stream.rs"]
mod stream;
#[path = "terminal/text.rs"]
mod text;
#[path = "terminal/tmux.rs"]
mod tmux;
