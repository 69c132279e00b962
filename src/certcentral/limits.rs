//! How long and how much the client puts up with.
//!
//! It knows no server: what they are for, and what happens at a limit, is the client's matter.

use std::time::Duration;

/// The limits of one client. A server that never ends or never answers runs into one of them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// For a connection to come about: name, TCP, TLS and proxy together.
    pub connect: Duration,
    /// For one question, from looking up the name to the last byte of the answer.
    pub get: Duration,
    /// The same for an order. Long, because an answer that comes too late leaves the outcome unknown.
    pub post: Duration,
    /// Bytes in the body of one answer.
    pub max_body_bytes: usize,
    /// What the waits between the attempts of a question are divided by: 1 for a real server. Zero counts as 1.
    pub pace: u32,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(10),
            get: Duration::from_secs(30),
            post: Duration::from_mins(3),
            max_body_bytes: 16 * 1024 * 1024,
            pace: 1,
        }
    }
}
