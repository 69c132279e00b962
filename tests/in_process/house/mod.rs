//! The rules of the code base, as tests: who may use whom, what may not be named, how large things are.
//!
//! Each rule is a function over source text, with samples beside it that break the rule, so that it is known to
//! be able to fail. The files that it reads are those of the repository; nothing of zegel itself runs here.

mod arrows;
mod bans;
mod citations;
mod methods;
mod paths;
mod prose;
mod purity;
mod reading;
