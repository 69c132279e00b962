//! The outcome of an order: placed, refused, not sent, or unknown.
//!
//! Each of the first three requires proof. Everything else is unknown, because the order may have been placed (and
//! charged) all the same. No idempotency is documented (certcentral-api.md 2.5).

use crate::certcentral::decode;
use crate::domain::{PlacedOrder, RecordedOutcome, SendResult, ServerError, TransportError};
use std::fmt;

/// The maximum length of the server's words in the journal.
const MAX_EXCERPT_CHARS: usize = 500;

/// How an order ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A 2xx status with an order id.
    Placed(PlacedOrder),
    /// A 4xx status with the server's reasons.
    Refused(u16, Vec<ServerError>),
    /// Nothing left this machine, for this reason.
    NotSent(TransportError),
    /// The order may have been placed.
    Unknown(UnknownCause),
}

/// Why it is unknown whether the order was placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum UnknownCause {
    /// No complete answer came back, for this reason.
    NoAnswer(TransportError),
    /// The server answered with this status, which proves nothing. The text is an excerpt of its words, short and
    /// without secrets.
    Status(u16, String),
    /// zegel ended while the order was about to be sent.
    Interrupted,
    /// An earlier run of zegel recorded the outcome as unknown.
    Unanswered,
}

impl Outcome {
    /// Returns the outcome as the journal stores it.
    pub fn to_recorded(&self) -> RecordedOutcome {
        match self {
            Self::Placed(placed) => RecordedOutcome::Placed {
                order: placed.id,
                requests: placed.requests.iter().map(|request| request.id).collect(),
            },
            Self::Refused(status, _) => RecordedOutcome::Refused { status: *status },
            Self::NotSent(_) => RecordedOutcome::NotSent,
            Self::Unknown(doubt) => RecordedOutcome::Unknown { why: doubt.to_string() },
        }
    }
}

impl UnknownCause {
    /// Returns an excerpt of the server's words. Blank if it said nothing.
    pub fn server_excerpt(&self) -> &str {
        match self {
            Self::Status(_, words) => words,
            Self::NoAnswer(_) | Self::Interrupted | Self::Unanswered => "",
        }
    }
}

impl Outcome {
    /// Returns the excerpt of the server's words for the journal. Blank if the server said nothing or the order was
    /// placed or not sent.
    pub fn server_excerpt(&self) -> String {
        match self {
            Self::Refused(_, errors) => {
                let text = errors.iter().map(|error| format!("{} {}", error.code, error.message).trim().to_owned());
                let text = text.collect::<Vec<_>>().join("; ");
                text.chars().filter(|c| !c.is_control()).take(MAX_EXCERPT_CHARS).collect()
            }
            Self::Unknown(doubt) => doubt.server_excerpt().to_owned(),
            Self::Placed(_) | Self::NotSent(_) => String::new(),
        }
    }
}

impl fmt::Display for UnknownCause {
    /// Fixed English words for the journal. They contain no byte of an answer.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAnswer(reason) => write!(f, "no whole answer: {:?}", reason.kind),
            Self::Status(status, _) => write!(f, "status {status}"),
            Self::Interrupted => f.write_str("not known from before"),
            Self::Unanswered => f.write_str("no answer told"),
        }
    }
}

/// Classifies the result of sending an order.
pub fn classify_result(answer: SendResult) -> Outcome {
    let (status, body, words) = match answer {
        SendResult::NotSent(why) => return Outcome::NotSent(why),
        SendResult::Lost(why) => return Outcome::Unknown(UnknownCause::NoAnswer(why)),
        SendResult::Reply { status, body, excerpt: words } => (status, body, words),
    };
    let unknown = Outcome::Unknown(UnknownCause::Status(status, words));
    match status {
        200..=299 => decode::parse_placed_order(&body).map_or(unknown, Outcome::Placed),
        // A 408 often comes from a gateway, which does not know what became of the order.
        408 => unknown,
        400..=499 => match decode::parse_errors(&body) {
            errors if errors.is_empty() => unknown,
            errors => Outcome::Refused(status, errors),
        },
        _ => unknown,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rstest::rstest;

    #[rstest]
    #[case(201, r#"{"id": 700001}"#, "placed")]
    #[case(200, r#"{"id": "700001", "extra": 1}"#, "placed")]
    #[case(201, r#"{"id": 0}"#, "unknown")]
    #[case(201, r#"{"id": -1}"#, "unknown")]
    #[case(201, r#"{"id": 1.5}"#, "unknown")]
    #[case(201, r#"[{"id": 1}]"#, "unknown")]
    #[case(201, "", "unknown")]
    #[case(204, "", "unknown")]
    #[case(201, "<html>", "unknown")]
    #[case(201, r#"{"errors": [{"code": "x"}]}"#, "unknown")]
    #[case(302, "", "unknown")]
    #[case(400, r#"{"errors": [{"code": "x", "message": "y"}]}"#, "refused")]
    #[case(400, r#"{"errors": {"code": "x"}}"#, "refused")]
    #[case(400, r#"{"errors": ["organization.contacts is required"]}"#, "refused")]
    #[case(422, r#"{"errors": {"zip": ["is invalid"]}}"#, "refused")]
    #[case(400, r#"{"errors": "is invalid"}"#, "unknown")]
    #[case(400, r#"{"errors": [" "]}"#, "unknown")]
    #[case(400, r#"{"message": "Try again."}"#, "unknown")]
    #[case(403, r#"{"error": {"code": "x", "message": "Blocked."}}"#, "unknown")]
    #[case(403, "<html>Blocked</html>", "unknown")]
    #[case(408, r#"{"errors": ["Try again."]}"#, "unknown")]
    #[case(408, r#"{"errors": {"zip": "is invalid"}}"#, "unknown")]
    #[case(403, r#"{"errors": [{"description": "y"}]}"#, "refused")]
    #[case(429, r#"{"errors": [{"code": "request_limit_exceeded"}]}"#, "refused")]
    #[case(400, r#"{"errors": []}"#, "unknown")]
    #[case(400, r#"{"errors": [{}]}"#, "unknown")]
    #[case(400, "", "unknown")]
    #[case(408, "<html>", "unknown")]
    #[case(408, r#"{"errors": [{"code": "x", "message": "y"}]}"#, "unknown")]
    #[case(500, r#"{"errors": [{"code": "x"}]}"#, "unknown")]
    #[case(503, "", "unknown")]
    #[case(100, r#"{"id": 1}"#, "unknown")]
    fn only_a_proven_response_is_placed_or_refused(#[case] status: u16, #[case] body: &str, #[case] expected: &str) {
        let outcome = match classify_result(SendResult::from_reply(status, body)) {
            Outcome::Placed(_) => "placed",
            Outcome::Refused(..) => "refused",
            Outcome::NotSent(_) => "not sent",
            Outcome::Unknown(_) => "unknown",
        };
        assert_eq!(outcome, expected, "{status} {body}");
    }
}
