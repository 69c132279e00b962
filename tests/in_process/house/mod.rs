//! The rules of the code base, as tests: allowed dependencies, forbidden names, sizes.
//!
//! Each rule is a function over source text. Samples that break the rule prove that it can fail. The tests read the
//! files of the repository; no code of zegel runs here.

mod arrows;
mod bans;
mod citations;
mod methods;
mod paths;
mod prose;
mod purity;
mod reading;
