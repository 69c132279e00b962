//! The bytes of an answer of `CertCentral` turned into [`facts`](crate::facts), as leniently as they are written.
//!
//! The same member comes as a number here and a string there, is missing, `null`, or an object where a list of one
//! belongs (fact sheet 1.4, 4 and 6 #25): none of that loses the rest of an answer. It knows no network and no
//! account. What cannot be read says why in fixed words: no byte of an answer is in an [`Unreadable`], as it may
//! hold anything.

mod account;
mod lenient;
mod orders;
mod parties;

pub use account::{balance, product};
pub use orders::{errors, order, placed, request};
pub use parties::{approvers, organization, organizations, user, users};

/// Why an answer tells nothing: something else than `CertCentral` may have answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// No bytes, or white space alone.
    #[error("nothing in it")]
    Empty,
    /// A page for a browser, as a gateway in between sends when it blocks a call (fact sheet 1.1).
    #[error("a web page in place of JSON")]
    WebPage,
    /// Not JSON.
    #[error("not JSON")]
    NotJson,
    /// JSON, but a list, a text or a number where an object belongs.
    #[error("not a JSON object")]
    NotAnObject,
    /// It lacks the members that tell one from another: the id, and of people and organizations the name.
    #[error("no id or name in it")]
    Nameless,
}
