//! What an answer to the order means: placed, refused, not sent, or unknown.
//!
//! Each of the first three needs proof; everything else is unknown, because the order may have been placed (and
//! charged) all the same. No idempotency is documented (certcentral-api.md 2.5).

use crate::facts::{Answer, Ended, Placed, Reason, ServerError};
use crate::wire;
use std::fmt;

/// So many characters of the server's words are kept.
const KEPT: usize = 500;

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
    /// The server answered this status, and not in a way that tells. With its words, short and without secrets.
    Status(u16, String),
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

impl Doubt {
    /// What the server said; blank where it said nothing.
    pub fn words(&self) -> &str {
        match self {
            Self::Status(_, words) => words,
            Self::NoAnswer(_) | Self::Earlier | Self::Unanswered => "",
        }
    }
}

impl Outcome {
    /// What the server said, as far as the journal keeps it; blank where it said nothing, or all is known.
    pub fn words(&self) -> String {
        match self {
            Self::Refused(_, errors) => {
                let said = errors.iter().map(|error| format!("{} {}", error.code, error.message).trim().to_owned());
                let said = said.collect::<Vec<_>>().join("; ");
                said.chars().filter(|c| !c.is_control()).take(KEPT).collect()
            }
            Self::Unknown(doubt) => doubt.words().to_owned(),
            Self::Placed(_) | Self::NotSent(_) => String::new(),
        }
    }
}

impl fmt::Display for Doubt {
    /// In fixed English words, for the journal: no byte of an answer is in them.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoAnswer(reason) => write!(f, "no whole answer: {:?}", reason.cause),
            Self::Status(status, _) => write!(f, "status {status}"),
            Self::Earlier => f.write_str("not known from before"),
            Self::Unanswered => f.write_str("no answer told"),
        }
    }
}

/// Classifies an answer.
pub fn classify(answer: Answer) -> Outcome {
    let (status, body, words) = match answer {
        Answer::NotSent(why) => return Outcome::NotSent(why),
        Answer::Lost(why) => return Outcome::Unknown(Doubt::NoAnswer(why)),
        Answer::Reply { status, body, words } => (status, body, words),
    };
    let unknown = Outcome::Unknown(Doubt::Status(status, words));
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
    fn only_proof_counts(#[case] status: u16, #[case] body: &str, #[case] expected: &str) {
        let outcome = match classify(Answer::reply(status, body)) {
            Outcome::Placed(_) => "placed",
            Outcome::Refused(..) => "refused",
            Outcome::NotSent(_) => "not sent",
            Outcome::Unknown(_) => "unknown",
        };
        assert_eq!(outcome, expected, "{status} {body}");
    }
}
