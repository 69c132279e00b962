//! Decoding of `CertCentral` answers into [`domain`](crate::domain) types, leniently.
//!
//! The same member comes as a number here and a string there, is missing, `null`, or an object where a list of one
//! belongs (certcentral-api.md 1.4, 4 and 6 row 25). None of that loses the rest of an answer. Fetching does not
//! belong here. An answer that cannot be decoded gives an error in fixed words: a
//! [`DecodeError`](crate::domain::DecodeError) contains no byte of the answer, which may contain anything.

mod account;
mod lenient;
mod lists;
mod message_text;
mod orders;
mod organizations;
mod page;
mod surrogates;

pub use account::{
    parse_account, parse_balance, parse_divisions, parse_payment_profiles, parse_product, parse_validations,
};
pub use lists::{
    parse_alternative_orders, parse_current_user, parse_order, parse_orders, parse_request, parse_requests,
};
pub use message_text::{extract_text, replace_texts};
pub use orders::{parse_alternative_order_id, parse_errors, parse_placed_order, parse_requested_validity};
pub use organizations::{
    parse_approvers, parse_described_organization, parse_organization, parse_organizations, parse_user, parse_users,
};
