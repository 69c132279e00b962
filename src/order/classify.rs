//! What an answer to the order means: placed, refused, not sent, or unknown.
//!
//! Each of the first three needs proof; everything else is unknown, because the order may have been placed (and
//! charged) all the same. No idempotency is documented (fact sheet 2.5).

use crate::facts::{Answer, Ended, Placed, Reason, ServerError};
use crate::wire;
use std::fmt;

/// How an order ended.
#[derive(Debug, Clone, PartialEq)]
pub enum Outcome {
    /// A 2xx with an order id.
    Placed(Placed),
    /// A 4xx with the server's reasons.
    Refused(u16, Vec<ServerError>),
    /// No connection came about; why.
    NotSent(Reason),
    /// It may have been placed.
    Unknown(Doubt),
}

/// Why nobody knows whether the order was placed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Doubt {
    /// No whole answer came back; why.
    NoAnswer(Reason),
    /// The server answered this status, and not in a way that tells.
    Status(u16),
    /// It was about to be sent when zegel ended.
    Earlier,
    /// An earlier run of zegel got no answer that told, and ended by itself.
    Unanswered,
}

impl Outcome {
    /// What the journal keeps of it.
    pub fn ended(&self) -> Ended {
        match self {
            Self::Placed(placed) => {
                Ended::Placed { order: placed.id, requests: placed.requests.iter().map(|request| request.id).collect() }
            }
            Self::Refused(status, _) => Ended::Refused { status: *status },
            Self::NotSent(_) => Ended::NotSent,
            Self::Unknown(doubt) => Ended::Unknown { why: doubt.to_string() },
        }
    }
}

impl fmt::Display for Doubt {
    /// In fixed English words, for the journal: no byte of an answer is in them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAnswer(reason) => write!(f, "no whole answer: {:?}", reason.cause),
            Self::Status(status) => write!(f, "status {status}"),
            Self::Earlier => f.write_str("not known from before"),
            Self::Unanswered => f.write_str("no answer told"),
        }
    }
}

/// Classifies an answer.
pub fn classify(answer: Answer) -> Outcome {
    let (status, body) = match answer {
        Answer::NotSent(why) => return Outcome::NotSent(why),
        Answer::Lost(why) => return Outcome::Unknown(Doubt::NoAnswer(why)),
        Answer::Reply { status, body } => (status, body),
    };
    let unknown = Outcome::Unknown(Doubt::Status(status));
    match status {
        200..=299 => wire::placed(&body).map_or(unknown, Outcome::Placed),
        // A timeout is as often told by what stands in between, which does not know what became of the order.
        408 => unknown,
        400..=499 => match wire::errors(&body) {
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
    fn only_proof_counts(#[case] status: u16, #[case] body: &str, #[case] expected: &str) {
        let outcome = match classify(Answer::Reply { status, body: body.into() }) {
            Outcome::Placed(_) => "placed",
            Outcome::Refused(..) => "refused",
            Outcome::NotSent(_) => "not sent",
            Outcome::Unknown(_) => "unknown",
        };
        assert_eq!(outcome, expected, "{status} {body}");
    }
}
