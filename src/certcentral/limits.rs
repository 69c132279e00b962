//! The limits of a client: times and sizes.
//!
//! What happens at a limit is decided in the client.

use std::time::Duration;

/// The limits of one client. They stop a server that never ends or never answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// The time to make a connection: name, TCP, TLS and proxy together.
    pub connect: Duration,
    /// The time for one query, from the name lookup to the last byte of the answer.
    pub get: Duration,
    /// The same for an order. It is long, because an answer that comes too late leaves the outcome unknown.
    pub post: Duration,
    /// The largest body of one answer, in bytes.
    pub max_body_bytes: usize,
    /// The divisor of the waits between queries: 1 for a real server. Zero counts as 1.
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
