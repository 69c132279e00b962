//! Tests that run `zegel` itself, without the full screen: its commands, their output, and their exit codes.
#![allow(clippy::unwrap_used, clippy::expect_used, reason = "a test says what went wrong by failing")]

mod common;
mod program {
    mod cli;
    mod commands;
    mod config;
    mod doctor;
    mod follow_up;
    mod input;
    mod network;
    mod output;
    mod papers;
    mod readme;
    mod reasons;
    mod submit;
}
