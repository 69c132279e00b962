//! The screens: one file, or one folder, per screen.
//!
//! One screen is in front at a time. What screens share is in `session`.

pub(crate) mod confirm;
pub(crate) mod home;
pub(crate) mod review;
pub(crate) mod sending;
pub(crate) mod setup;
pub(crate) mod status;
pub(crate) mod step;
pub(crate) mod unresolved;
