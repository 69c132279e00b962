//! zegel: order a PKIo Qualified eSeal in the terminal.
#![allow(missing_docs)]
fn main() {}
