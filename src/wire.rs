//! The bytes of an answer of `CertCentral` turned into [`facts`](crate::facts), as leniently as they are written.
//!
//! The same member comes as a number here and a string there, is missing, `null`, or an object where a list of one
//! belongs (certcentral-api.md 1.4, 4 and 6 row 25): none of that loses the rest of an answer. It knows no network and
//! no account. What cannot be read says why in fixed words: no byte of an answer is in an
//! [`Unreadable`](crate::facts::Unreadable), as it may hold anything.

mod account;
mod lenient;
mod lists;
mod orders;
mod page;
mod parties;
mod surrogates;
mod words;

pub use account::{account, balance, divisions, product, profiles, validations};
pub use lists::{alternates, me, order_row, orders, request_row, requests};
pub use orders::{asked_validity, errors, mark, order, placed, request};
pub use parties::{approvers, described_organization, organization, organizations, user, users};
pub use words::{with_texts, words};
